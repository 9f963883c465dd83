"""The ledger: it travels with the table, is saved beside it, and shows what does not add up."""

import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError, LoadError, LoadWarning
from mediakit.load import registry
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Reader


@pytest.fixture
def articles(tmp_path):
    (tmp_path / "one.txt").write_text(
        "Headline here\n\nOne sentence of text stands here, and it is long enough.", encoding="utf-8"
    )
    return mk.load_articles(tmp_path)


def test_the_ledger_survives_selecting_and_copying(articles):
    assert len(mk.read_ledger(articles.copy().query("words > 0").assign(x=1))) == 3


def test_the_table_and_its_ledger_go_to_another_process(articles):
    import pickle

    again = pickle.loads(pickle.dumps(articles))
    pd.testing.assert_frame_equal(mk.read_ledger(again), mk.read_ledger(articles))


def test_the_table_can_still_be_concatenated_and_saved(articles, tmp_path):
    assert len(pd.concat([articles, articles])) == 2
    articles.to_parquet(tmp_path / "plain.parquet")
    articles.to_csv(tmp_path / "plain.csv")


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.jsonl"])
def test_a_saved_table_has_its_ledger_beside_it(articles, tmp_path, name):
    path = mk.write_articles(articles, tmp_path / "saved" / name)
    pd.testing.assert_frame_equal(mk.read_ledger(path), mk.read_ledger(articles))


def test_a_saved_table_loads_again_with_the_same_texts(articles, tmp_path):
    path = mk.write_articles(articles, tmp_path / "saved" / "a.parquet")
    again = mk.load_articles(path)
    assert again["text"].tolist() == articles["text"].tolist()
    assert again["headline"].tolist() == articles["headline"].tolist()


def test_a_table_without_a_ledger_says_why():
    with pytest.raises(ArticleTableError, match="carries no ledger"):
        mk.read_ledger(mk.make_articles([{"text": "x"}]))


def test_a_path_without_a_ledger_names_what_it_expected(tmp_path):
    with pytest.raises(LoadError, match=r"expected a.ledger.csv"):
        mk.read_ledger(tmp_path / "a.parquet")


def test_a_gap_is_found(articles):
    ledger = mk.read_ledger(articles)
    with pytest.raises(ArticleTableError, match=r"one.txt: the parts leave a gap or overlap at character 0"):
        mk.check_ledger(ledger[ledger["part"] != 1])


def test_a_declared_number_that_differs_is_a_row_and_a_warning(tmp_path):
    def read(source, options):
        length = len(source.text)
        return Reading(
            [{"text": "One article only is read here."}], [Part("text", 0, length, 0)], "character", length, declared=3
        )

    registry.register_reader(
        Reader("declaring", lambda source: (1.0 if source.sample.startswith("DECLARED") else 0.0, ""), read)
    )
    try:
        (tmp_path / "d.txt").write_text("DECLARED 3", encoding="utf-8")
        with pytest.warns(LoadWarning, match="declare another number"):
            articles = mk.load_articles(tmp_path)
    finally:
        del registry._added["declaring"]
    ledger = mk.read_ledger(articles)
    assert ledger.loc[ledger["kind"] == "count", "note"].tolist() == [
        "declared 3, read 1: DIFFERENT: +2 articles not read"
    ]


def test_a_reader_can_be_added_and_is_chosen_by_content(tmp_path):
    def read(source, options):
        return Reading(
            [{"text": source.text[4:]}], [Part("text", 0, len(source.text), 0)], "character", len(source.text)
        )

    registry.register_reader(
        Reader("wire", lambda source: (0.99 if source.sample.startswith("ZCZC") else 0.0, "starts with ZCZC"), read)
    )
    try:
        (tmp_path / "w.txt").write_text("ZCZC The envoy left the hall.", encoding="utf-8")
        articles = mk.load_articles(tmp_path)
        assert mk.detect_format(tmp_path / "w.txt")["format"].iloc[0] == "wire"
    finally:
        del registry._added["wire"]
    assert articles["format"].tolist() == ["wire"]


def test_outlet_names_come_from_the_argument_the_file_name_or_the_settings(tmp_path):
    text = "A headline of some words\n\nOne sentence of text stands here, and it is long enough."
    for name in ("daily-echo_2025-02-03_a.txt", "plain.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert mk.load_articles(tmp_path, outlet="The Echo")["outlet"].tolist() == ["daily-echo", "The Echo"]
    named = mk.load_articles(tmp_path, outlet={"daily-echo": "Daily Echo", "pla*": "Plain Dealer"})
    assert named["outlet"].tolist() == ["Daily Echo", "Plain Dealer"]
    (tmp_path / "corpus.toml").write_text('[outlets]\n"daily-echo" = "From Settings"\n', encoding="utf-8")
    assert mk.load_articles(tmp_path)["outlet"].iloc[0] == "From Settings"
    assert f"{named['date'].iloc[0]:%Y-%m-%d}" == "2025-02-03"
