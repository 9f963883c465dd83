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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A spokesman", "a foreign ministry spokesman"), ("a spokesman", "a union spokesman"),
        ("an officer", "a police officer"), ("Two officers", "Three officers"), ("63 percent", "73 percent"),
        ("The president", "the former president"), ("Police", "Riot police"), ("residents", "Local residents"),
        ("Clinton’s campaign", "Clinton’s other campaign"), ("HE", "He"), ("Spokesman", "the union’s Spokesman"),
    ],
)  # fmt: skip
def test_phrases_without_a_name_are_merged_with_nothing(one, other):
    assert merged(one, other) == {}
    assert merged(one, other, other, articles=["a", "b", "c"]) == {}


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("de Gaulle", "Charles de Gaulle"), ("al-Assad", "Bashar al-Assad"), ("d’Estaing", "Valéry Giscard d’Estaing"),
        ("president Quill", "Ada Quill"), ("von der Leyen", "Ursula von der Leyen"), ("A. Ruiz", "Ana Ruiz"),
    ],
)  # fmt: skip
def test_small_letters_of_particles_and_titles_are_part_of_names(short, full):
    assert merged(short, full)["a", short][0] == full


def test_a_body_or_a_group_is_not_looked_for_in_other_articles():
    articles = ["a", "b"]

    assert merged("Republicans", "Oversight Committee Republicans", articles=articles) == {}
    assert merged("Ministry", "Foreign Ministry", articles=articles) == {}


def test_one_person_has_one_name_in_all_articles():
    table = pd.DataFrame(
        {
            "article_id": ["a", "b", "b", "c", "d", "e"],
            "name": ["Vadim Kosyulin", "Vadim Kosiulin", "Vadim Kosiulin", "Kosyulin", "V. Kosyulin", "Mr Kosiulin"],
        }
    )

    named = apply_merges(table, merge_names(table))
    within = apply_merges(table, merge_names(table, across=False))

    assert named["canonical"].tolist() == ["Vadim Kosiulin"] * 6
    assert within["canonical"].tolist() == table["name"].tolist()
    assert merge_names(table)["reason"].tolist() == ["one letter", "one letter", "one letter", "title"]


def test_a_name_that_stands_for_others_is_merged_into_none():
    given, surnames = ["Ana", "A.", "Anna", "Ana M.", "", "Tom"], ["Kosyulin", "Kosiulin", "Kosyulina", "Ruiz", "Ruis"]
    names = [f"{first} {last}".strip() for first in given for last in surnames]
    table = pd.DataFrame({"article_id": [f"{n % 7}" for n in range(len(names))], "name": names})
    merges = merge_names(table)

    again = apply_merges(table.assign(name=apply_merges(table, merges)["canonical"]), merges)

    assert again["canonical"].tolist() == again["name"].tolist()


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
