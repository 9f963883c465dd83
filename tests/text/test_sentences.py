"""Sentences keep their place in the printed text."""

import json
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit import find_sentences, make_articles
from mediakit.errors import ColumnError
from mediakit.text.sentences import split_sentences

SHARED = Path(__file__).parents[3] / "shared" / "data" / "sentences"
HARD = [json.loads(line) for line in Path(__file__).with_name("hard_sentences.jsonl").read_text("utf-8").splitlines()]
# What is known to be read otherwise than an editor would: most need to know that a name begins a sentence.
MISSED = {
    "Thousands marched on Saturday in Washington, D.C.",
    "The minister was educated in the U.S.",
    "Polls closed at 8 in Albany, N.Y.",
    "At 6 p.m. Gov. Whitlocke spoke to the marchers.",
    "By 10 a.m. The Hague was without power.",
    "Exports fell between Apr. and Sept.",
    "Marchers left St. Mark's Church and turned up Grafton St.",
    "Her pamphlet, “Enough! A Call to Strike,” sold out in a day.",
    "The ambassador was recalled on Friday.",
    "The front is divided.",
    "Ghana leads Group D.",
    "Полиция изъяла плакаты, флаги и т. д.",
}


def articles_with(*texts, language="en", **more):
    return make_articles([{"text": text, "language": language, "position": n, **more} for n, text in enumerate(texts)])


def test_three_sentences_in_two_paragraphs_have_their_numbers_and_places():
    sentences = find_sentences(articles_with("One came. Two left.\n\nThree stayed."))

    assert sentences["text"].tolist() == ["One came.", "Two left.", "Three stayed."]
    assert sentences["paragraph"].tolist() == [0, 0, 1]
    assert sentences["sentence"].tolist() == [0, 1, 2]
    assert sentences[["start", "end"]].values.tolist() == [[0, 9], [10, 19], [21, 34]]


def test_titles_initials_and_figures_do_not_end_a_sentence():
    text = "Mr. Lee paid $2.5 million to J. Smith. The U.S. envoy left."

    assert find_sentences(articles_with(text))["text"].tolist() == [
        "Mr. Lee paid $2.5 million to J. Smith.",
        "The U.S. envoy left.",
    ]


def test_a_line_without_a_point_is_a_sentence_of_its_own():
    assert find_sentences(articles_with("A cross-heading\nThe text goes on."))["text"].tolist() == [
        "A cross-heading",
        "The text goes on.",
    ]


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=80),
    st.sampled_from(["en", "fr", "es", "de", "zh", "ar", "xx"]),
)
def test_every_sentence_of_random_text_is_what_stands_at_its_place(text, language):
    spans = list(split_sentences(text, language))

    pieces = [text[start:end] for _, start, end in spans]
    assert all(piece and piece == piece.strip() and "\n" not in piece for piece in pieces)
    assert "".join("".join(piece.split()) for piece in pieces) == "".join(text.split())
    assert all(before[2] <= after[1] for before, after in pairwise(spans))


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2028", "\u3000"])
def test_an_initial_before_a_wide_space_and_a_point_does_not_stop_the_run(space):
    text = f"They spoke of plan A{space}. Nobody listened."

    assert "".join(find_sentences(articles_with(text))["text"]).endswith("Nobody listened.")


def test_missing_texts_and_an_empty_table_give_no_rows():
    assert find_sentences(articles_with(None, "One. Two."))["text"].tolist() == ["One.", "Two."]
    for nothing in (articles_with(None), articles_with(), articles_with("   \n \n")):
        empty = find_sentences(nothing)
        assert len(empty) == 0
        assert empty.dtypes.astype(str).to_dict() == {
            "article_id": "str", "paragraph": "int64", "sentence": "int64", "start": "int64", "end": "int64", "text": "str",
        }  # fmt: skip


def test_headlines_can_be_split_as_well():
    table = make_articles([{"headline": "Who won? Nobody.", "text": "Body.", "language": "en"}])

    assert find_sentences(table, column="headline")["text"].tolist() == ["Who won?", "Nobody."]


def test_a_table_without_a_language_column_is_read_as_english():
    table = articles_with("Mr. Lee spoke. Nobody listened.").drop(columns="language")

    assert len(find_sentences(table)) == 2


def test_the_table_given_is_unchanged():
    table = articles_with("One. Two.", None)
    before = table.copy(deep=True)

    find_sentences(table)

    pd.testing.assert_frame_equal(table, before)


def test_a_misspelt_column_is_named_with_its_nearest_spelling():
    with pytest.raises(ColumnError, match=r"no column 'headlin'.*Did you mean 'headline'\?"):
        find_sentences(articles_with("One."), column="headlin")


def printed(case):
    return case.get("joined") or " ".join(case["sentences"])


@pytest.mark.parametrize("kind", sorted({case["kind"] for case in HARD}))
def test_hard_cases_from_the_news_are_split_as_an_editor_would(kind):
    cases = [case for case in HARD if case["kind"] == kind]
    table = make_articles(
        [{"text": printed(case), "language": case["language"], "position": n} for n, case in enumerate(cases)]
    )
    found = find_sentences(table).groupby("article_id", sort=False)["text"].agg(list)

    for case, sentences in zip(cases, table["article_id"].map(found), strict=True):
        assert (sentences == case["sentences"]) != (case["sentences"][0] in MISSED), (sentences, case["sentences"])


def test_there_are_at_least_150_hard_cases_and_few_are_missed():
    assert len(HARD) >= 150
    assert len(MISSED) <= 0.04 * len(HARD)


def boundary_f1(name):
    """F1 of the sentence ends inside paragraphs; a paragraph is its sentences joined by spaces."""
    paragraphs = [json.loads(line) for line in (SHARED / name).read_text("utf-8").splitlines()]
    right = found_all = gold_all = 0
    for sentences in paragraphs:
        text = " ".join(sentences)
        found = {end for _, _, end in list(split_sentences(text))[:-1]}
        ends, at = set(), 0
        for sentence in sentences[:-1]:
            at += len(sentence)
            ends.add(at)
            at += 1
        right, found_all, gold_all = right + len(found & ends), found_all + len(found), gold_all + len(ends)
    return 200 * right / (found_all + gold_all)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
@pytest.mark.parametrize(
    ("name", "floor"),
    [("ewt_weblog.jsonl", 96.9), ("ewt_newsgroup.jsonl", 89.6), ("polnear_dev_corenlp_silver.jsonl", 97.5)],
)
def test_sentence_ends_agree_with_those_of_people_and_of_corenlp(name, floor):
    assert boundary_f1(name) >= floor


def test_a_sentence_is_the_same_alone_and_in_company():
    texts = [printed(case) for case in HARD if case["language"] == "en"]
    together = find_sentences(articles_with(*texts))["text"].tolist()

    assert together == [text[start:end] for text in texts for _, start, end in split_sentences(text)]


def test_languages_are_told_apart_in_one_table():
    table = make_articles(
        [
            {"text": "Am 3. Oktober kam Dr. Weiß. Er ging.", "language": "de"},
            {"text": "我来了。你呢？他说：“好。”我们走了。", "language": "zh"},
            {"text": "Mr. Lee came. He left.", "language": "en"},
            {"text": "Herr A. kom. Han gick.", "language": "sv"},
            {"text": "Det er f.eks. fint. Det er godt.", "language": "da"},
        ]
    )
    found = find_sentences(table).groupby("article_id", sort=False)["text"].agg(list)

    assert table["article_id"].map(found).tolist()[:3] == [
        ["Am 3. Oktober kam Dr. Weiß.", "Er ging."],
        ["我来了。", "你呢？", "他说：“好。”", "我们走了。"],
        ["Mr. Lee came.", "He left."],
    ]
    assert found.map(len).tolist() == [2, 4, 2, 2, 2]
