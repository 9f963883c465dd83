"""VADER over a vocabulary is VADER in a loop: every score is compared with vaderSentiment's own."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment import vaderSentiment as vader

from mediakit import find_sentences, make_articles, score_sentences
from mediakit.analyses.vader import weigh_words
from mediakit.text.pieces import read_pieces

SHARED = Path(__file__).parents[3] / "shared" / "data"
ANALYZER = vader.SentimentIntensityAnalyzer()
LEXICON = sorted(ANALYZER.lexicon)
CARRIERS = [
    "good",
    "bad",
    "GREAT",
    "horrible",
    "kind",
    "no",
    "shit",
    "bomb",
    "ass",
    "die",
    "death",
    "right",
    "heart",
    "like",
]
HINGES = [
    "but", "BUT", "least", "at", "very", "never", "so", "this", "without", "doubt", "kind", "sort", "of", "just", "enough",
    "or", "nor", "the", "to", "for", "yeah", "kiss", "beating", "bus", "stop", "bad", "mayn't", "ISN'T", "it's", "K\u212aind",
]  # fmt: skip
MARKS = ["!", "?", "!!!", "????", ".", ",", "...", "“", "”", "'", '"', "(", ")", ":)", ":D", "<3", "-"]
EMOJI = ["💘", "😁", "😢", "👍🏽", "☺", "🇺🇸"]
SPACES = [" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u2009", ""]


def differences(texts):
    """The texts whose scores differ from vaderSentiment's in any decimal, with both."""
    ours = score_sentences(texts).to_dict("records")
    theirs = [ANALYZER.polarity_scores(text) for text in texts]
    return [(text, mine, other) for text, mine, other in zip(texts, ours, theirs, strict=True) if mine != other]


words = st.one_of(
    st.sampled_from(LEXICON),
    st.sampled_from(CARRIERS),
    st.sampled_from(HINGES),
    st.sampled_from(sorted(vader.BOOSTER_DICT)),
    st.sampled_from(vader.NEGATE),
    st.sampled_from(sorted(vader.SPECIAL_CASES)),
    st.sampled_from(EMOJI + MARKS),
    st.text(max_size=4),
)
shaped = st.builds(lambda word, shape: shape(word), words, st.sampled_from([str, str, str, str.upper, str.title]))
tokens = st.builds(
    lambda word, mark, space: word + mark + space,
    shaped,
    st.sampled_from(["", "", "", *MARKS]),
    st.sampled_from(SPACES),
)
sentences = st.lists(tokens, max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(sentences, min_size=1, max_size=8))
def test_random_sentences_of_its_own_words_get_vaders_scores(texts):
    assert differences(texts) == []


def test_thousands_of_drawn_sentences_get_vaders_scores():
    draw = random.Random(4)
    texts = []
    for _ in range(3000):
        parts = []
        for _ in range(draw.randint(1, 12)):
            pool = draw.choice([LEXICON, CARRIERS, HINGES, sorted(vader.BOOSTER_DICT), vader.NEGATE, EMOJI])
            word = draw.choice(pool)
            word = draw.choice([word, word, word, word.upper(), word.title()])
            parts.append(word + draw.choice(["", "", "", *MARKS]))
        texts.append(draw.choice([" ", " ", "  "]).join(parts))

    assert differences(texts) == []


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n", "!", "?!?!?", "but", "no", "No good, but no bad!!", "kind of good", "kind of", "at least good", "least good",
        "It was the bomb but never so good", "without doubt good", "not kind of the shit", "GOOD BAD", "GOOD bad", "good",
        "sort of good but the beating heart of death", "bad ass to die for", "nor or no bad", "no bad or good", "very LEAST good",
        "good good good but good good bad", "1.9 good but 0.95 good", "😁", "good😁bad", "💘💘 😢!", "\ud800 good", "a\x00good",
        "good\u00a0bad", "good\u2028BAD", "İsn't good", "\u212aind of good", "😁" * 300, "good " * 300 + "but " + "bad " * 300,
    ],
)  # fmt: skip
def test_an_odd_text_gets_vaders_scores(text):
    assert differences([text]) == []


def test_scores_do_not_depend_on_the_company():
    texts = ["A good day, but no!", "Never so BAD.", "😁 ok", "", "The bus stop was bad"]

    together = score_sentences(texts)
    alone = [score_sentences([text]).iloc[0].tolist() for text in texts]

    assert together.to_numpy().tolist() == alone


def test_what_is_no_string_has_no_score():
    scored = score_sentences(["A good day.", None, float("nan")])

    assert scored["compound"].notna().tolist() == [True, False, False]
    assert score_sentences([]).shape == (0, 4)


def test_the_weights_of_words_add_up_to_the_compound():
    pieces = read_pieces(["It is not good, but the talks were VERY peaceful."])

    place, _, valence = weigh_words(pieces.distinct, pieces.code, pieces.first)

    assert [pieces.vocabulary[pieces.code[n]] for n in place] == ["good,", "peaceful."]
    total = valence.sum()
    expected = ANALYZER.polarity_scores("It is not good, but the talks were VERY peaceful.")["compound"]
    assert round(total / np.sqrt(total**2 + 15), 4) == expected


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_real_sentences_get_vaders_scores():
    rated = [
        line.split("\t")[-1]
        for path in sorted((SHARED / "vader_gold").glob("*.txt"))
        for line in path.read_text("utf-8", errors="replace").splitlines()[::10]
    ]
    news = make_articles([{"text": path.read_text("utf-8")} for path in sorted(SHARED.glob("polnear/dev/text/*.txt"))])
    printed = find_sentences(news)["text"].tolist()[::2]

    assert len(rated) > 2000
    assert len(printed) > 1000
    assert differences(rated + printed) == []


def test_every_booster_negation_and_special_phrase_of_the_package_is_known():
    assert differences([f"{word} good" for word in [*vader.BOOSTER_DICT, *vader.NEGATE]]) == []
    assert differences([f"so it is {phrase} here" for phrase in vader.SPECIAL_CASES]) == []
