"""Tokens keep their exact place, and patterns are found where a plain regular expression finds them."""

import re
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit import find_sentences, make_articles, score_sentiment, tokenize
from mediakit.errors import ArticleTableError, ColumnError, LexiconError


def articles_with(*texts, language="en", **more):
    return make_articles([{"text": text, "language": language, "position": n, **more} for n, text in enumerate(texts)])


def found_in(text, patterns, **options):
    """What the patterns find in one text, as printed."""
    found = tokenize(articles_with(text)).find(patterns, **options)
    return [text[start:end] for start, end in zip(found["start"], found["end"], strict=True)]


@given(st.lists(st.one_of(st.none(), st.text(alphabet=st.characters(codec="utf-8"), max_size=60)), max_size=5))
def test_every_token_of_random_text_is_what_stands_at_its_place(texts):
    table = articles_with(*texts)
    tokens = tokenize(table)

    for article, term, start, end in zip(tokens.article, tokens.term, tokens.start, tokens.end, strict=True):
        assert tokens.texts[article][start:end] == tokens.terms[term]
    assert tokens.per_article().sum() == len(tokens)
    assert len(set(tokens.terms)) == len(tokens.terms)
    printed = tokens.to_frame()
    assert printed["article_id"].tolist() == [table["article_id"][number] for number in tokens.article]
    letters = sum(len(re.findall(r"\w", text)) for text in tokens.texts)
    assert sum(len(re.findall(r"\w", token)) for token in printed["token"]) == letters


def test_tokens_are_numbers_into_a_vocabulary():
    tokens = tokenize(articles_with("the cat the dog", None, "The cat"))

    assert tokens.terms == ("the", "cat", "dog", "The")
    assert tokens.term.tolist() == [0, 1, 0, 2, 3, 1]
    assert tokens.article.tolist() == [0, 0, 0, 0, 2, 2]
    assert tokens.per_article().tolist() == [4, 0, 2]
    assert tokens.per_token(np.array([10, 20, 30, 40])).tolist() == [10, 20, 10, 30, 40, 20]
    assert tokens.per_article(tokens.per_token(np.array([1, 0, 0, 1]))).tolist() == [2, 0, 1]
    assert repr(tokens) == "Tokens: 6 tokens of 4 terms in 3 articles"


def test_the_arrays_cannot_be_written_to():
    tokens = tokenize(articles_with("one two"))

    for array in (tokens.article, tokens.sentence, tokens.term, tokens.start, tokens.end, tokens.joined):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("table", [articles_with(), articles_with(None), articles_with("… — !")])
def test_a_corpus_without_words_finds_nothing_in_the_same_columns(table):
    tokens = tokenize(table)

    for found in (tokens.find({"a": ["strike*", "security council"]}), tokens.find([]), tokens.find({"a": []})):
        assert len(found) == 0
        assert found.dtypes.astype(str).to_dict() == {
            "label": "str", "pattern": "str", "article_id": "str", "article": "int64", "start": "int64", "end": "int64",
        }  # fmt: skip
    assert len(tokens) == 0
    assert len(tokens.to_frame()) == 0


def test_words_wild_cards_phrases_and_exact_letters_are_found_in_order():
    text = "The US told us: the Security Council met protesters and a protest."

    assert found_in(text, ["=US"]) == ["US"]
    assert found_in(text, ["us"]) == ["US", "us"]
    assert found_in(text, ["protest*"]) == ["protesters", "protest"]
    assert found_in(text, ["security council"]) == ["Security Council"]
    assert found_in(text, {"who": ["protest*", "security council", "=US"]}) == [
        "US",
        "Security Council",
        "protesters",
        "protest",
    ]


@pytest.mark.parametrize("pattern", ["zero-COVID", "zero covid", "=zero-Covid", "zer* cov*"])
@pytest.mark.parametrize("between", [" ", "-", "‑", "–", "\n", "\u00a0", "  ", " \n ", "\r\n", "\u2009"])
def test_a_phrase_is_found_with_a_space_a_hyphen_or_a_line_break_inside(pattern, between):
    text = f"the zero{between}Covid rules"

    assert found_in(text, [pattern]) == [f"zero{between}Covid"]


@pytest.mark.parametrize("between", ["\n\n", ", ", ". ", " - ", "/", "", " of "])
def test_a_phrase_is_not_found_across_a_paragraph_or_punctuation(between):
    assert found_in(f"the zero{between}covid rules", ["zero covid"]) == []


def test_a_phrase_does_not_reach_from_one_article_into_the_next():
    found = tokenize(articles_with("they met the Security", "Council of elders")).find(["security council"])

    assert len(found) == 0


def test_a_match_inside_a_longer_match_of_the_same_label_counts_once():
    text = "Riot police met riot squads."

    assert found_in(text, {"force": ["riot", "police", "riot police"]}) == ["Riot police", "riot"]
    assert found_in(text, {"force": ["riot", "police", "riot police"]}, nested=True) == [
        "Riot",
        "Riot police",
        "police",
        "riot",
    ]
    assert found_in(text, {"riot": ["riot"], "force": ["riot police"]}) == ["Riot", "riot", "Riot police"]


def test_two_patterns_for_one_place_count_once():
    assert found_in("They protested.", {"a": ["protest*", "protested", "pro*"]}) == ["protested"]


def test_overlapping_phrases_are_both_found():
    assert found_in("peace talks deadline", {"a": ["peace talks", "talks deadline"]}) == [
        "peace talks",
        "talks deadline",
    ]


def test_one_pattern_may_be_given_as_a_string():
    tokens = tokenize(articles_with("a strike"))

    assert tokens.find("strike*")["label"].tolist() == ["strike*"]
    assert tokens.find({"stop": "strike*"})["label"].tolist() == ["stop"]


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.sampled_from(["riot", "Riot's", "police", "policy", "a", ".", "\n\n", "-", "met"]), max_size=12),
        max_size=4,
    )
)
def test_a_plain_regular_expression_finds_the_same_places(corpus):
    texts = [" ".join(words).replace(" - ", "-") for words in corpus]
    tokens = tokenize(articles_with(*texts))
    second_way = {
        "riot": r"\briot\b(?:'s)?",
        "polic*": r"\bpolic\w*",
        "riot police": r"\briot(?:'s)?(?: +|-)police\b",
    }

    for pattern, regex in second_way.items():
        found = tokens.find([pattern])
        expected = [
            (n, *match.span()) for n, text in enumerate(texts) for match in re.finditer(regex, text, re.IGNORECASE)
        ]
        assert list(zip(found["article"], found["start"], found["end"], strict=True)) == expected


def test_articles_that_come_together_are_read_as_each_one_alone():
    table = articles_with("Riot police came.", None, "No riot.", "")
    whole = tokenize(table).find(["riot*", "riot police"])
    alone = [tokenize(table.iloc[[n]]).find(["riot*", "riot police"]) for n in range(len(table))]

    columns = ["label", "article_id", "start", "end"]
    together = pd.concat(alone).sort_values(columns, ignore_index=True)[columns]
    pd.testing.assert_frame_equal(whole.sort_values(columns, ignore_index=True)[columns], together)


def test_a_table_with_a_repeated_index_is_read_row_by_row():
    one, other = articles_with("First riot."), articles_with("Second riot, riot.", outlet="B")
    found = tokenize(pd.concat([one, other])).find(["riot"])

    assert found["article_id"].tolist() == [*one["article_id"], *other["article_id"], *other["article_id"]]


def test_headlines_can_be_tokenized_as_well():
    table = make_articles([{"headline": "Riot in port", "text": "Nothing."}, {"headline": None, "text": "Riot."}])

    assert tokenize(table, column="headline").find(["riot"])["article"].tolist() == [0]


def test_what_is_wrong_is_said():
    with pytest.raises(ColumnError, match=r"Did you mean 'headline'\?"):
        tokenize(articles_with("a"), column="headlines")
    with pytest.raises(ArticleTableError, match="found list"):
        tokenize(["a text"])
    with pytest.raises(LexiconError, match="found int"):
        tokenize(articles_with("a")).find(3)
    with pytest.raises(LexiconError, match=r"pattern '\.\.\.' holds no word"):
        tokenize(articles_with("a")).find(["..."])


def test_every_token_knows_its_sentence():
    table = articles_with("One came. Two left.\n\nThree stayed.", None, "Four. “Five.”")
    tokens = tokenize(table)
    sentences = tokens.sentences()

    assert tokens.sentence.tolist() == [0, 0, 1, 1, 2, 2, 3, 4]
    assert sentences["text"].tolist() == ["One came.", "Two left.", "Three stayed.", "Four.", "“Five.”"]
    assert tokens.to_frame()["sentence"].tolist() == [0, 0, 1, 1, 2, 2, 0, 1]
    pd.testing.assert_frame_equal(sentences, find_sentences(table))


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), max_size=4),
    st.sampled_from(["en", "zh", "sv"]),
)
def test_tokens_of_random_text_stand_inside_their_sentence(texts, language):
    tokens = tokenize(articles_with(*texts, language=language))
    segments = tokens.segments

    assert (segments.start[tokens.sentence] <= tokens.start).all()
    assert (segments.end[tokens.sentence] >= tokens.end).all()
    assert (segments.article[tokens.sentence] == tokens.article).all()


HARD_TEXT = "e\u0301 \u00e9 \u200b\u200d\ufeff\u00ad 中文。字 שלום مرحبا 👩‍👩‍👧 🇺🇸 \u2028\u00a0\u3000\x85 ’s don’t U.S. a.b -–— “x” \ud800"


@settings(max_examples=150)
@given(st.lists(st.text(alphabet=HARD_TEXT + "\n .aB", max_size=40), max_size=5))
def test_the_words_of_hostile_text_are_those_of_the_rule_read_one_by_one(texts):
    from mediakit.text.patterns import find_words

    table = pd.DataFrame({"article_id": [str(n) for n in range(len(texts))], "text": pd.Series(texts, dtype=object)})
    tokens = tokenize(table)

    expected = [(n, *span) for n, text in enumerate(texts) for span in find_words(text)]
    assert list(zip(tokens.article.tolist(), tokens.start.tolist(), tokens.end.tolist(), strict=True)) == expected
    assert all(
        texts[n][a:b] == tokens.terms[k]
        for n, a, b, k in zip(tokens.article, tokens.start, tokens.end, tokens.term, strict=True)
    )


def test_selected_articles_keep_their_words_and_term_numbers():
    table = articles_with("Riot police came. They left.", "No riot.", "A riot’s end.")
    tokens = tokenize(table)

    one = tokens.select(table["article_id"] != table["article_id"][0])
    other = tokens.select(table["article_id"].tolist()[1:])

    assert one.terms is tokens.terms
    assert one.to_frame()["token"].tolist() == ["No", "riot", "A", "riot’s", "end"]
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())
    assert one.find("riot")["article_id"].tolist() == table["article_id"].tolist()[1:]
    assert one.sentences()["text"].tolist() == ["No riot.", "A riot’s end."]
    assert len(tokens.select([])) == 0
    with pytest.raises(ArticleTableError, match="no article has the article_id 'x'"):
        tokens.select(["x"])
    with pytest.raises(ArticleTableError, match=r"one bool per article \(3\); found 1"):
        tokens.select(np.array([True]))


def test_the_size_of_the_batches_changes_nothing(monkeypatch):
    table = articles_with(
        "Riot “police” café came.\n\nThey 中文 left.", None, "x" * 50, "No riot. U.S. riot\u00a0police", "é" * 30
    )
    whole = tokenize(table)

    for size in (1, 7, 30):
        monkeypatch.setattr("mediakit.text.pieces._BATCH", size)
        small = tokenize(table)
        assert small.terms == whole.terms
        for name in ("article", "sentence", "term", "start", "end", "joined"):
            assert getattr(small, name).tolist() == getattr(whole, name).tolist()


def test_marks_of_other_scripts_and_soft_hyphens_belong_to_their_word():
    text = "हिन्दी में pro\u00adtest می\u200cخواهم"
    tokens = tokenize(articles_with(text))

    assert [text[a:b] for a, b in zip(tokens.start, tokens.end, strict=True)] == text.split()
    assert found_in(text, ["protest*"]) == ["pro\u00adtest"]


def test_a_hard_pattern_is_quick():
    started = time.process_time()
    tokens = tokenize(articles_with("a" * 200_000 + " b", "ab " * 20_000))

    assert len(tokens.find(["a*a*a*a*a*b"])) == 0
    assert len(tokens.find(["*a*b*"])) == 20_000
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text",
    ["." * 10**6, "。" * 500_000, "a.The" * 50_000, "“" * 500_000, '"a b c d" ' * 30_000, "你好。" * 60_000, "1. " * 60_000, "a\n" * 100_000, "\0" * 10**6],
)  # fmt: skip
def test_a_wall_of_anything_is_read_in_moments(text):
    started = time.process_time()

    table = articles_with(text)
    tokenize(table)
    find_sentences(table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score_sentiment(table, voice="quoted")

    assert time.process_time() - started < 5


def test_half_characters_are_read_and_shown_as_replaced():
    table = pd.DataFrame({"article_id": ["x"], "text": pd.Series(["A \ud800 good\udfff day. Two."], dtype=object)})
    tokens = tokenize(table)

    assert tokens.texts[0][tokens.start[-1] : tokens.end[-1]] == "Two"
    assert find_sentences(table)["text"].tolist() == ["A \ufffd good\ufffd day.", "Two."]
    assert len(tokens.to_frame()) == len(tokens) == 4
    assert score_sentiment(table)["n_sentences"].tolist() == [2]


@pytest.mark.parametrize("marks", ["“”", "‘’", "''"])
def test_words_are_quoted_between_double_and_single_marks(marks):
    text = "In the ’90s the workers’ union said: ‘It’s our workers’ day.’ A ‘riot’ began, wrote ‘The Daily Drum’."
    opening, closing = marks
    text = text.replace("‘It", f"{opening}It").replace("day.’", f"day.{closing}")
    tokens = tokenize(articles_with(text))

    found = [token for token, inside in zip(tokens.to_frame()["token"], tokens.quoted, strict=True) if inside]
    assert found == ["It’s", "our", "workers", "day"]
