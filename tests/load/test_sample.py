"""The sample corpus against its gold table: every article of every format, and the ledger of every file."""

import pandas as pd
import pytest

import mediakit as mk


@pytest.fixture(scope="module")
def gold(project):
    return pd.read_csv(project / "tests" / "gold" / "sample_articles.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def pairs(sample_articles, gold):
    found = {(row.file, row.position): row for row in sample_articles.itertuples()}
    return [(row, found.get((row.file, row.position))) for row in gold.itertuples()]


def missing(value):
    return "" if pd.isna(value) else value


def test_every_article_is_found_once(sample_articles, gold, pairs):
    assert len(sample_articles) == len(gold) == 52
    assert all(found is not None for _, found in pairs)


@pytest.mark.parametrize("field", ["headline", "byline", "outlet", "language", "standfirst", "place"])
def test_every_field_is_right(pairs, field):
    wrong = [
        (row.file, row.position, getattr(row, field), missing(getattr(found, field)))
        for row, found in pairs
        if getattr(row, field) != missing(getattr(found, field))
    ]
    assert not wrong


def test_every_date_is_right(pairs):
    wrong = [
        (row.file, row.date, found.date)
        for row, found in pairs
        if row.date != ("" if pd.isna(found.date) else f"{found.date:%Y-%m-%d}")
    ]
    assert not wrong


def test_every_text_begins_and_ends_where_it_should(pairs):
    for row, found in pairs:
        assert " ".join(found.text.split()).startswith(row.first_words), (row.file, row.position)
        last = " ".join(found.text.split()).rstrip(" …")
        assert last.endswith(row.last_words.rstrip(" …")), (row.file, row.position)


def test_every_text_has_its_number_of_words(pairs):
    wrong = [
        (row.file, row.position, row.words, found.words)
        for row, found in pairs
        if abs(row.words - found.words) > (3 if row.truncated == "True" else 0)
    ]
    assert not wrong


def test_truncation_is_found_where_it_is_and_nowhere_else(pairs):
    assert [(row.file, row.position) for row, found in pairs if found.truncated != (str(row.truncated) == "True")] == []


def test_the_ledger_of_every_file_adds_up(sample_articles):
    ledger = mk.check_ledger(mk.read_ledger(sample_articles))
    assert not (ledger["kind"] == "unreadable").any()


def test_the_parts_of_every_text_file_add_up_to_its_length(sample_articles):
    ledger = mk.read_ledger(sample_articles)
    texts = [name for name in ledger["file"].unique() if name.endswith(".txt")]
    assert len(texts) == 16
    for name in texts:
        data = (mk.sample_path() / name).read_bytes()
        try:
            length = len(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            length = len(data.decode("cp1252"))
        parts = ledger[(ledger["file"] == name) & (ledger["part"] > 0)]
        assert int((parts["end"] - parts["start"]).sum()) == length, name


def test_every_kind_of_part_is_explained(sample_articles):
    from mediakit.load.ledger import KINDS

    assert set(mk.read_ledger(sample_articles)["kind"]) <= set(KINDS)


def test_copies_and_wire_stories_are_labelled(sample_articles, gold):
    found = mk.find_duplicates(sample_articles)
    assert sorted(found["kind"]) == ["exact", "shared", "shared"]
    wire = gold[gold["wire"].astype(str) == "True"]
    assert len(wire) == 3


def test_loading_twice_gives_the_same_table(sample_articles):
    again = mk.load_articles(mk.sample_path())
    pd.testing.assert_frame_equal(sample_articles, again)
    pd.testing.assert_frame_equal(mk.read_ledger(sample_articles), mk.read_ledger(again))
