"""Alceste and IRaMuTeQ corpora: look-alikes with invented text."""

from pathlib import Path

import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadWarning

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "exports" / "alceste"
CORPUS = """**** *journal_BellCourier *date_2019-05-01 *strike *year_2019
The ferries ran again.

They were full.
**** *journal_ValleyNews *date_2019_06_02 *year_2019
-*harbour
The mayor spoke * and sang.
-*town
Nobody complained.
00003 *journal_BellCourier *year_2020
A last text.
"""


def load(folder, text, name="corpus.txt"):
    path = folder / name
    path.write_text(text)
    articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def test_each_line_of_stars_begins_an_article(tmp_path):
    articles = load(tmp_path, CORPUS)

    assert articles["format"].unique().tolist() == ["alceste"]
    assert articles["text"].tolist() == [
        "The ferries ran again.\n\nThey were full.",
        "The mayor spoke * and sang.\n\nNobody complained.",
        "A last text.",
    ]


def test_variables_are_columns_and_the_known_ones_those_of_the_article_table(tmp_path):
    articles = load(tmp_path, CORPUS)

    assert articles["outlet"].tolist() == ["BellCourier", "ValleyNews", "BellCourier"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2019-05-01", "2019-06-02"]
    assert articles["year"].tolist() == ["2019", "2019", "2020"]
    assert articles["strike"].tolist()[0] == "yes"


def test_themes_within_a_text_are_a_column_and_no_text(tmp_path):
    assert load(tmp_path, CORPUS)["themes"].tolist()[1] == "harbour, town"


def test_variables_that_occur_twice_keep_both_values(tmp_path):
    assert load(tmp_path, "**** *tag_a *tag_b\nText.")["tag"].item() == "a, b"


def test_stars_without_a_text_are_named(tmp_path):
    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, "**** *n_1\n\n**** *n_2\nText.\n")

    assert articles["n"].tolist() == ["2"]
    assert "a line of stars without a text" in mk.read_ledger(articles)["note"].tolist()


def test_text_above_the_first_line_of_stars_is_in_the_ledger(tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_text("My corpus\n" + CORPUS)

    articles = mk.load_articles(path, format="alceste")

    assert len(articles) == 3
    assert mk.read_ledger(articles)["kind"].iloc[1] == "header"


def test_other_texts_with_stars_are_not_taken_for_a_corpus(tmp_path):
    text = "* * * *\nThe ferries ran again on Friday, the company said.\n\n2019 *was* a year.\n"

    assert load(tmp_path, text)["format"].item() != "alceste"


def test_lines_may_end_in_many_ways(tmp_path):
    assert load(tmp_path, "\ufeff" + CORPUS.replace("\n", "\r\n"))["year"].tolist() == ["2019", "2019", "2020"]


def test_damaged_corpora_never_raise_anything_else(tmp_path):
    check_mutants(tmp_path, "corpus.txt", CORPUS.encode())


@pytest.mark.skipif(not REAL.is_dir(), reason="the real export files are not here")
def test_a_real_corpus_gives_its_texts():
    articles = mk.load_articles(REAL / "alceste_test.txt")

    mk.check_ledger(mk.read_ledger(articles))
    assert articles["var1"].tolist() == ["1", "2"]
