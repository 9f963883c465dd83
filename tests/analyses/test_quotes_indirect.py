"""Reported words without quotation marks: what is reported, by whom, and what stays as it was."""

import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from mediakit import find_quotes, make_articles
from mediakit.analyses.quote_chain import ALLOWED, BEGINS, CONTENT_ON, LABELS, find_paths, lay_runs

REED = "Omar Reed, a driver, said the road had been closed for a week. The road leads to the harbour."
BELL = "“We object to the plan,” said Mayor Helen Bell. Ms. Bell added that the plan would cost the city too much."


def articles_with(*texts, language="en"):
    return make_articles([{"text": text, "language": language, "position": n} for n, text in enumerate(texts)])


def quotes_of(text, language="en", **more):
    return find_quotes(articles_with(text, language=language), **more)


def test_what_is_reported_without_marks_has_a_speaker_and_a_cue():
    quotes = quotes_of(REED)

    assert quotes[["kind", "speaker", "cue", "quote"]].values.tolist() == [
        ["indirect", "Omar Reed", "said", "the road had been closed for a week"]
    ]
    assert quotes["posture"].tolist() == ["neutral"]


def test_quoted_and_reported_words_are_two_attributions_of_one_speaker():
    quotes = quotes_of(BELL)

    assert quotes["kind"].tolist() == ["direct", "indirect"]
    assert quotes["attribution"].tolist() == [0, 1]
    assert quotes["speaker_name"].tolist() == ["Helen Bell"] * 2
    assert quotes["quote"].iloc[1] == "that the plan would cost the city too much"


def test_the_source_is_the_whole_phrase():
    row = quotes_of(BELL).iloc[0]

    assert BELL[row.source_start : row.source_end] == "Mayor Helen Bell"
    assert BELL[row.speaker_start : row.speaker_end] == "Helen Bell"


def test_a_mixed_attribution_has_the_words_of_the_outlet_too():
    text = "Omar Reed said the closure of the road was “a very bad idea” for the whole town."

    quotes = quotes_of(text)

    assert quotes["kind"].tolist() == ["mixed"]
    row = quotes.iloc[0]
    assert row.quote == "a very bad idea"
    assert (
        text[row.content_start : row.content_end] == "the closure of the road was “a very bad idea” for the whole town"
    )


def test_the_content_of_a_quotation_has_its_marks():
    for text in (BELL, BELL.replace("“", '"').replace("”", '"'), BELL.replace("“", "``").replace("”", "''")):
        row = quotes_of(text).iloc[0]

        assert text[row.content_start : row.content_end] == text[: text.index(" said")]


@pytest.mark.parametrize(
    "text", [REED, BELL, "He said it was “no plan at all.” She denied it.", "“We go.", "“", "a" * 9]
)
def test_rows_of_quoted_words_are_the_same_with_and_without_reported_ones(text):
    both, quoted = quotes_of(text), quotes_of(text, indirect=False)

    assert "indirect" not in quoted["kind"].tolist()
    columns = [name for name in both.columns if name != "attribution"]
    mine = both.loc[both["kind"] != "indirect", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, quoted[columns])


def test_offsets_are_exact_and_rows_are_in_order():
    text = f"{BELL}\n\n{REED}\n\nAccording to the port, the bridge will open in May. “Good,” said Omar Reed."

    quotes = quotes_of(text)

    assert quotes["start"].is_monotonic_increasing
    for row in quotes.itertuples():
        assert text[row.start : row.end] == row.quote
        assert row.content_start <= row.start < row.end <= row.content_end
        assert text[row.cue_start : row.cue_end] == row.cue
        assert row.source_start <= row.speaker_start < row.speaker_end <= row.source_end


def test_rules_and_other_languages_have_no_reported_words():
    assert "indirect" not in quotes_of(REED, method="rules")["kind"].tolist()
    assert len(quotes_of("Anne Roux a déclaré que la route était fermée.", "fr")) == 0
    assert len(quotes_of("Omar Reed said the road was closed.", "de")) == 0


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "said", "Said said said.", "He said.", "...", "He said that", "\ufeff“said"]
)
def test_odd_texts_are_no_error(text):
    assert list(quotes_of(text).columns) == list(quotes_of(REED).columns)


@pytest.mark.parametrize(
    "unit", ["He said she said ", "Lee said that ", "“a,” he said, ", "said ", "Lee said it was “bad.” "]
)
def test_the_work_grows_with_the_length_and_no_faster(unit):
    def seconds(times):
        begun = time.process_time()
        find_quotes(articles_with(unit * times))
        return time.process_time() - begun

    seconds(10)
    short, long = seconds(600), seconds(4_800)

    assert long < 25 * short + 0.5


def test_five_thousand_marks():
    assert len(quotes_of("“No,” he said. " * 2_500)) == 2_500


def test_articles_do_not_see_each_other():
    texts = [BELL, REED, "said", "He said", "“No,” Lee said", REED + "\n\n" + BELL]
    whole = find_quotes(articles_with(*texts))

    table = articles_with(*texts)
    single = pd.concat([find_quotes(table.iloc[[n]]) for n in range(len(table))], ignore_index=True)

    pd.testing.assert_frame_equal(single, whole)


def test_the_likeliest_path_is_found_as_by_trying_all():
    random = np.random.default_rng(0)
    lengths = np.array([4, 1, 3, 2])
    weight = random.normal(size=(int(lengths.sum()), len(LABELS))).astype(np.float32)
    moves = random.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)
    runs = lay_runs(lengths)
    laid = np.empty_like(weight)
    laid[runs.cell] = weight

    labels, chance = find_paths(laid, runs, moves)

    at = 0
    for number, length in enumerate(lengths):
        scores = {}
        for path in np.ndindex(*[len(LABELS)] * length):
            fine = BEGINS[path[0]] and path[-1] != CONTENT_ON
            if fine and all(ALLOWED[a, b] for a, b in pairwise(path)):
                score = sum(weight[at + i, label] for i, label in enumerate(path))
                scores[path] = float(score + sum(moves[a, b] for a, b in pairwise(path)))
        best = max(scores, key=scores.get)
        assert labels[at : at + length].tolist() == list(best)
        assert chance[number] == pytest.approx(np.exp(scores[best]) / sum(map(np.exp, scores.values())), rel=1e-4)
        at += length
