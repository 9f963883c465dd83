"""Acronyms that articles define themselves."""

import pytest

import mediakit as mk
from mediakit.analyses.acronyms import define_acronyms, find_acronyms


def pairs(text):
    return [(text[a:b], text[c:d]) for (a, b), (c, d) in define_acronyms(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the Union of Harbour Towns (UHT) met", "UHT", "Union of Harbour Towns"),
        ("the Port Bell's Harbour Workers Union (HWU)", "HWU", "Harbour Workers Union"),
        ("the UHT (Union of Harbour Towns) met", "UHT", "Union of Harbour Towns"),
        ("the Agency for Fish and Boats (A.F.B.) said", "A.F.B.", "Agency for Fish and Boats"),
        ("a Rapid Response Team (RRT), then", "RRT", "Rapid Response Team"),
        ("la Fédération des marins du port (FMP)", "FMP", "Fédération des marins du port"),
        ("der Verband der Hafenarbeiter (VdH)", "VdH", "Verband der Hafenarbeiter"),
        ("several Community Boat Groups (CBGs) said", "CBGs", "Community Boat Groups"),
        ("the Forum on Trust and Common Measures for Harbours in Asia (FTCHA)", "FTCHA", "Forum on Trust and Common Measures for Harbours in Asia"),
    ],
)  # fmt: skip
def test_definitions(text, short, long):
    found = pairs(text)
    assert [(a.rstrip("s"), b) for a, b in found] == [(short.rstrip("s"), long)]


@pytest.mark.parametrize(
    "text",
    [
        "Rep. Orla Venn (D-Ohio) said", "PORT BELL (Reuters) - Ferries", "the ferry (see Annex B) left", "prices rose (USD)", "he (Ruiz) left",
        "in Lissmar (LSM) on Monday", "the ferry (IMO 9074729)", "a boat (MS Harbour)", "()", "((((", "it cost 20 (EUR) then",
    ],
)  # fmt: skip
def test_brackets_that_define_nothing(text):
    assert pairs(text) == []


def test_the_table_and_its_offsets():
    articles = mk.make_articles([{"text": "The Union of Harbour Towns (UHT) met."}, {"text": None, "headline": "x"}])
    found = find_acronyms(articles)
    row = found.iloc[0]
    text = articles["text"][0]

    assert len(found) == 1
    assert text[row["start"] : row["end"]] == row["long"] == "Union of Harbour Towns"
    assert text[row["acronym_start"] : row["acronym_end"]] == "UHT"


def test_many_brackets_take_no_long_time():
    assert len(define_acronyms("The Union of Harbour Towns (UHT) met. " * 3000)) == 3000
    assert define_acronyms("(" * 50_000) == []


def test_precision_and_recall_on_the_hand_coded_articles(real_files):
    from benchmarks.sources import find_definitions

    wanted, found = find_definitions(real_files)

    assert len(found & wanted) / len(found) >= 0.97
    assert len(found & wanted) / len(wanted) >= 0.88
