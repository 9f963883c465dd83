"""Findings: a difference is claimed where its own adjusted p carries it, and said to be missing where it does not."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mediakit import compare_groups
from mediakit.report.findings import find_findings

COLUMNS = ["group", "estimate", "low", "high", "effect", "p", "p_adjusted"]
FAR = ("A", 3.0, 2.0, 4.0, 1.5, 0.0005, 0.0015)
NEAR = ("B", 1.0, 0.1, 1.9, 0.4, 0.067, 0.201)  # the interval excludes zero, the test does not carry it
NONE = ("C", 0.1, -1.0, 1.2, 0.1, 0.8, 1.0)


def contrasts(*rows, **columns):
    """The differences of a table, each with an article or two behind it."""
    table = pd.DataFrame(list(rows), columns=COLUMNS).assign(kind="difference", versus="the others", n=9, n_versus=18)
    return table.assign(**columns)


def study_of(sentiment=None, stance=(NONE,), topics=(NONE,), inside=None, by="outlet"):
    tables = {
        "stance_by_outlet": contrasts(*stance, target=[f"t{n}" for n in range(len(stance))]),
        "topics_by_outlet": contrasts(*topics, topic=[f"book: topic_{n}" for n in range(len(topics))]),
    }
    if sentiment:
        tables["sentiment_by_outlet"] = contrasts(*sentiment)
    if inside:
        tables["sentiment_within_story"] = contrasts(*inside)
    return SimpleNamespace(tables=tables, settings={"by": by})


def test_a_difference_that_its_adjusted_p_carries_is_claimed():
    found = find_findings(study_of(sentiment=[NEAR, FAR, NONE], stance=[FAR, NONE], topics=[NONE, NEAR, FAR]))

    assert [one.sentence for one in found] == [
        "Sentiment is more positive at A than at the others",
        "Stance toward t0 is more favourable at A than at the others",
        "Use of topic 2 words is higher at A than at the others",
    ]
    assert found[2].numbers == (
        "Difference +3.00, 95% interval [+2.00, +4.00], Hedges' g +1.50, p adjusted .002; A: 9 articles, the others: 18. "
        "The strongest of 3 contrasts: the intervals of 2 exclude zero, 1 stands when p is adjusted for their number."
    )


def test_an_interval_that_excludes_zero_is_not_enough():
    found = find_findings(study_of(sentiment=[NEAR, NONE], stance=[NEAR, NONE], topics=[NONE, NEAR], by="desk"))

    assert [one.sentence for one in found] == [
        "No desk differs clearly from the others in sentiment",
        "No desk differs clearly from the others in stance toward any target",
        "No desk differs clearly from the others in the use of words of any topic",
    ]
    assert found[2].numbers == (
        "2 contrasts: the interval of 1 excludes zero, none stand when p is adjusted for their number. "
        "The strongest, use of topic 1 words: difference +1.00, 95% interval [+0.10, +1.90], Hedges' g +0.40, "
        "p adjusted .20; B: 9 articles, the others: 18."
    )


def test_a_p_that_is_small_only_among_its_own_topic_is_not_enough():
    alone = ("A", 3.0, 2.0, 4.0, 1.5, 0.01, 0.03)

    claimed = find_findings(study_of(topics=[alone, NONE, NONE]))[2]
    picked = find_findings(study_of(topics=[alone, *[NONE] * 56]))[2]

    assert claimed.sentence == "Use of topic 0 words is higher at A than at the others"
    assert picked.sentence == "No outlet differs clearly from the others in the use of words of any topic"
    assert picked.numbers.startswith("57 contrasts: the interval of 1 excludes zero, none stand")


def test_inside_stories_the_same_outlet_is_told():
    inside = [("C", 9.0, 8.0, 10.0, 3.0, 0.0005, 0.0015), ("A", 2.5, -0.5, 5.5, 1.1, 0.1, 0.2)]

    numbers = find_findings(study_of(sentiment=[FAR, NONE], inside=inside))[0].numbers

    assert numbers.endswith("Inside the same stories: difference +2.50, 95% interval [−0.50, +5.50], Hedges' g +1.10.")


@pytest.mark.parametrize("missing", [NONE, ("C", 0.1, np.nan, np.nan, np.nan, np.nan, np.nan)])
def test_without_anything_clear_the_findings_say_so(missing):
    found = find_findings(study_of(sentiment=[missing], topics=[missing]))

    assert found[0].sentence == "No outlet differs clearly from the others in sentiment"
    assert "the intervals of none exclude zero, none stand" in found[2].numbers


def test_outlets_that_differ_by_chance_alone_are_seldom_told_apart():
    claims = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        topics = []
        for name in range(8):
            drawn = pd.DataFrame({"outlet": np.repeat(list("ABC"), 12), "per_1000": random.exponential(1, 36)})
            topics.append(compare_groups(drawn, "per_1000", n_resamples=400, seed=seed).assign(topic=str(name)))
        study = study_of()
        study.tables["topics_by_outlet"] = pd.concat(topics, ignore_index=True)
        claims += not find_findings(study)[2].sentence.startswith("No outlet")

    assert claims <= 4  # of 40; an interval of one of the 24 contrasts excludes zero in more than half of them


def test_the_sample_corpus_has_no_topic_that_sets_an_outlet_apart(sample_study):
    table = sample_study["topics_by_outlet"]
    table = table[table["kind"] == "difference"]

    finding = find_findings(sample_study)[2]

    assert ((table["low"] > 0) | (table["high"] < 0)).any()
    assert finding.sentence == "No outlet differs clearly from the others in the use of words of any topic"
