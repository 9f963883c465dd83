"""Sentences keep their place in the printed text."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit import find_sentences, make_articles
from mediakit.errors import ColumnError
from mediakit.text.sentences import split_sentences


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
