"""Merging spellings of one person's name, with a reason for each and the way back."""

import pandas as pd
import pytest

from mediakit.analyses.names import apply_merges, merge_names
from mediakit.errors import ArticleTableError


def merged(*names, articles=None, **options):
    table = pd.DataFrame({"article_id": articles or ["a"] * len(names), "name": names})
    found = merge_names(table, **options)
    return {
        (row.article_id, row.name_): (row.canonical, row.reason)
        for row in found.rename(columns={"name": "name_"}).itertuples()
    }


@pytest.mark.parametrize(
    ("short", "full", "reason"),
    [
        ("Ruiz", "Ana Ruiz", "surname"), ("Ms. Ruiz", "Ana Ruiz", "title"), ("A. Ruiz", "Ana Ruiz", "initials"),
        ("Ana M. Ruiz", "Ana Maria Ruiz", "initials"), ("ANA RUÍZ", "Ana Ruiz", "spelling"), ("Kosylin", "Vadim Kosyulin", "one letter"),
        ("Vadim Koslyulin", "Vadim Kosyulin", "one letter"), ("President Quill", "Ada Quill", "title"),
    ],
)  # fmt: skip
def test_reasons(short, full, reason):
    assert merged(short, full, full)["a", short] == (full, reason)


def test_two_persons_of_one_surname_stay_apart():
    assert merged("Clinton", "Hillary Clinton", "Bill Clinton") == {}
    assert merged("Ana Ruiz", "Tom Ruiz") == {}


def test_short_surnames_may_not_differ():
    assert merged("Lee", "Tom Lie") == {}
    assert merged("Tom Ruiz", "Ana Ruis") == {}


def test_a_surname_means_the_only_full_name_of_the_corpus():
    names, articles = ("Ana Ruiz", "Ruiz", "Tom Lee"), ["a", "b", "b"]

    assert merged(*names, articles=articles) == {("b", "Ruiz"): ("Ana Ruiz", "surname")}
    assert merged(*names, articles=articles, across=False) == {}
    assert merged("Ana Ruiz", "Tom Ruiz", "Ruiz", articles=["a", "b", "c"]) == {}


def test_without_letters_nothing_misspelt_is_merged():
    assert merged("Koslyulin", "Vadim Kosyulin", letters=0) == {}
    with pytest.raises(ArticleTableError, match="letters=5"):
        merged("x", letters=5)


def test_merges_can_be_taken_back():
    table = pd.DataFrame({"article_id": "a", "name": ["Vadim Kosyulin", "Koslyulin", None]})
    merges = merge_names(table)

    assert apply_merges(table, merges)["canonical"].tolist()[:2] == ["Vadim Kosyulin", "Vadim Kosyulin"]
    assert apply_merges(table, merges.head(0))["canonical"].tolist()[:2] == ["Vadim Kosyulin", "Koslyulin"]
    assert table.columns.tolist() == ["article_id", "name"]


def test_odd_names_are_borne():
    assert merged("", "...", "123", "李", "O'Neill", "al-Assad") == {}
    with pytest.raises(ArticleTableError, match="no column 'name'"):
        merge_names(pd.DataFrame({"article_id": []}))


def test_the_order_of_rows_changes_nothing():
    names = ["Ruiz", "Ana Ruiz", "A. Ruiz", "Koslyulin", "Vadim Kosyulin", "Kosyulin"]
    assert merged(*names) == merged(*reversed(names))
