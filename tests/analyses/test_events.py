"""Types of events: one per text, by weights; with invented texts for the rules, and coded ones where they are there."""

import csv
from pathlib import Path

import numpy as np
import pytest

from mediakit import classify_events, load_codebook, make_articles
from mediakit.errors import ArticleTableError, LexiconError
from mediakit.lexicons.codebooks import Category, Codebook, Rule

CODED = Path(__file__).parents[3] / "shared" / "data" / "case2021" / "task2_odd.tsv"
INVENTED = [
    ("Riot police used water cannon to disperse a march of nurses in the capital.", "PROTEST_WITH_INTER"),
    ("Thousands marched through the harbour town to demand higher wages.", "PEACE_PROTEST"),
    ("Protesters hurled stones and set fire to a bus as they clashed with police.", "VIOL_DEMONSTR"),
    ("Soldiers opened fire on protesters, killing four people, medics said.", "FORCE_AGAINST_PROTEST"),
    ("The two governments signed a ceasefire agreement after talks in Geneva.", "AGREEMENT"),
    ("The foreign ministry expelled three diplomats and recalled its ambassador.", "DIPLO"),
    ("A suicide bomber blew himself up at the gate of the barracks.", "SUIC_BOMB"),
    ("Warplanes bombed the airport on Monday.", "AIR_STRIKE"),
    ("Mortar shells landed near the market, wounding seven.", "ART_MISS_ATTACK"),
    ("A strong earthquake struck the island overnight.", "NATURAL_DISASTER"),
    ("Twelve people died when a ferry capsized off the coast.", "MAN_MADE_DISASTER"),
    ("Police seized rifles and ammunition in a raid on a farm.", "DISR_WEAP"),
    ("Rebels captured the town from government forces.", "NON_STATE_ACTOR_OVERTAKES_TER"),
    ("The army recaptured two villages from the rebels.", "GOV_REGAINS_TERIT"),
    ("Gunmen kidnapped a priest and asked for a ransom.", "ABDUCT_DISSAP"),
    ("The army set up a new military base near the border.", "HQ_ESTABLISHED"),
]


@pytest.mark.parametrize(("text", "event"), INVENTED)
def test_plain_sentences_get_their_type(text, event):
    assert classify_events([text])["event"].tolist() == [event]


def test_the_row_says_what_decided_and_what_came_next():
    row = classify_events(["Warplanes bombed the airport. Police arrested two men."]).iloc[0]
    alone = classify_events(["Police arrested two men."]).iloc[0]

    assert row["event"] == "AIR_STRIKE"
    assert row["words"] == "Warplanes"
    assert row["second"] == "ARREST"
    assert alone["event"] == "ARREST"
    assert row["margin"] == pytest.approx(row["score"] - 0.7 * alone["score"])


def test_the_first_sentence_weighs_more_and_each_pattern_counts_once():
    book = Codebook(
        "own", "1", "en", "", "", (Category("a", ("alpha",)), Category("b", (), rules=(Rule("beta", weight=1.2),)))
    )
    found = classify_events(
        ["Alpha came. Beta left.", "Beta came. Alpha left.", "Nothing. Alpha, alpha and beta."], book
    )

    assert found["event"].tolist() == ["a", "b", "b"]
    assert found["score"].tolist() == pytest.approx([1.0, 1.2, 0.84])


def test_of_equal_scores_the_type_named_first_wins():
    book = Codebook("own", "1", "en", "", "", (Category("late", ("z",)), Category("early", ("a",))))

    assert classify_events(["a z"], book)["event"].tolist() == ["late"]


def test_only_the_first_sentences_are_read():
    texts = ["Talks were held. A strong earthquake struck."]

    assert classify_events(texts)["event"].tolist() == ["NATURAL_DISASTER"]
    assert classify_events(texts, sentences=1)["event"].tolist() == ["OTHER"]
    with pytest.raises(ArticleTableError, match="sentences=0"):
        classify_events(texts, sentences=0)


def test_empty_missing_and_foreign_texts():
    found = classify_events(["", None, float("nan"), "…", "xyz"], none="none")

    assert found["event"].tolist() == ["none"] * 5
    assert found["note"].tolist() == ["no text"] * 4 + ["no pattern found"]
    assert len(classify_events([])) == 0
    with pytest.raises(ArticleTableError, match="one string"):
        classify_events("Warplanes bombed the airport.")
    with pytest.raises(LexiconError, match="no codebook"):
        classify_events(["x"], "events")


def test_articles_keep_their_identifiers_and_order():
    articles = make_articles([{"text": text, "position": n} for n, (text, _) in enumerate(INVENTED)])
    found = classify_events(articles)

    assert found["article_id"].tolist() == articles["article_id"].tolist()
    assert found["event"].tolist() == [event for _, event in INVENTED]


def weighted_f1(gold, found):
    total = 0.0
    for name in set(gold):
        both = sum(g == f == name for g, f in zip(gold, found, strict=True))
        precision, recall = both / max(1, found.count(name)), both / gold.count(name)
        total += gold.count(name) * (2 * precision * recall / (precision + recall) if both else 0.0)
    return total / len(gold)


@pytest.mark.skipif(not CODED.is_file(), reason="the coded snippets are not beside the project")
def test_figures_on_coded_snippets_do_not_fall():
    with CODED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))[1:]
    gold = [row[2] for row in rows]
    found = classify_events([row[1] for row in rows])["event"].tolist()

    assert {category.name for category in load_codebook("event_types").categories} == set(gold)
    assert weighted_f1(gold, found) > 0.87  # the rules were written while these were read
    assert np.mean([g == f for g, f in zip(gold, found, strict=True)]) > 0.86
