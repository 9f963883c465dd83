"""Sentiment: the mean of VADER over sentences, checked by hand and against a plain loop."""

import time

import numpy as np
import pandas as pd
import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from mediakit import make_articles, score_sentences, score_sentiment
from mediakit.errors import ArticleTableError, ColumnError, MeasureWarning

GOOD, BAD, FLAT = 0.4404, -0.5423, 0.0  # VADER on "A good day." and "A bad day.", and on a sentence without its words
NEWS = (
    "The mayor praised the students. Police attacked the crowd with tear gas!\n\n"
    "Nobody was hurt. “This is a DISASTER for us,” said Mr. Lee. Talks go on."
)


def articles_with(*texts, language="en", **more):
    return make_articles([{"text": text, "language": language, "position": n, **more} for n, text in enumerate(texts)])


def test_a_plain_loop_over_sentences_gives_the_same_score():
    analyzer = SentimentIntensityAnalyzer()
    sentences = [piece.strip() for paragraph in NEWS.split("\n\n") for piece in sentencex.segment("en", paragraph)]
    scores = [analyzer.polarity_scores(sentence)["compound"] for sentence in sentences]

    row = score_sentiment(articles_with(NEWS)).iloc[0]

    assert row["n_sentences"] == len(scores) == 5
    assert row["sentiment"] == pytest.approx(np.mean(scores))
    assert row["se"] == pytest.approx(np.std(scores, ddof=1) / np.sqrt(5))
    assert row["share_positive"] == np.mean([score >= 0.05 for score in scores])
    assert row["share_negative"] == np.mean([score <= -0.05 for score in scores])
    assert row["share_neutral"] == np.mean([abs(score) < 0.05 for score in scores])


def test_four_sentences_counted_by_hand():
    row = score_sentiment(articles_with("A good day. A bad day. A long day. A good day.")).iloc[0]

    assert row["sentiment"] == pytest.approx((GOOD + BAD + FLAT + GOOD) / 4)
    assert row[["share_positive", "share_neutral", "share_negative"]].tolist() == [0.5, 0.25, 0.25]
    assert row["n_sentences"] == 4
    assert row["note"] == ""


def test_one_sentence_has_a_score_but_no_standard_error():
    row = score_sentiment(articles_with("A good day.")).iloc[0]

    assert row["sentiment"] == GOOD
    assert np.isnan(row["se"])


def test_negation_turns_a_positive_word():
    scored = score_sentiment(articles_with("It is good.", "It is not good."))

    assert scored["sentiment"].iloc[0] > 0 > scored["sentiment"].iloc[1]


def test_a_sentence_said_ten_times_keeps_its_score_while_the_whole_text_saturates():
    once, often = "A good day.", " ".join(["A good day."] * 10)
    whole = SentimentIntensityAnalyzer().polarity_scores(often)["compound"]

    scored = score_sentiment(articles_with(once, often))

    assert scored["sentiment"].tolist() == pytest.approx([GOOD, GOOD])
    assert whole > 0.95


def test_articles_that_cannot_be_scored_get_nan_with_a_note_and_one_warning():
    table = make_articles(
        [
            {"text": "A good day.", "language": "en"},
            {"text": "Une bonne journée.", "language": "fr", "headline": "Good"},
            {"text": "Otra jornada.", "language": "es"},
            {"text": None, "language": "en", "headline": "A good day."},
            {"text": "Une journée.", "language": "fr"},
        ]
    )

    with pytest.warns(MeasureWarning, match=r"4 of 5 articles .*: language fr: the lexicon is English \(2\)") as caught:
        scored = score_sentiment(table)

    assert len(caught) == 1
    assert scored["note"].tolist() == [
        "",
        "language fr: the lexicon is English",
        "language es: the lexicon is English",
        "no text",
        "language fr: the lexicon is English",
    ]
    assert scored["sentiment"].notna().tolist() == [True, False, False, False, False]
    assert scored["n_sentences"].tolist() == [1, 0, 0, 0, 0]
    assert scored.loc[[1, 3], "headline_sentiment"].tolist() == pytest.approx([np.nan, GOOD], nan_ok=True)


def test_the_sentences_of_articles_that_cannot_be_scored_are_missed_aloud():
    with pytest.warns(MeasureWarning, match="1 of 2 articles have no sentiment"):
        sentences = score_sentiment(
            pd.concat([articles_with("A good day."), articles_with("Oui.", language="fr")]), unit="sentence"
        )

    assert sentences["sentiment"].tolist() == [GOOD]


def test_an_article_of_unknown_language_is_read_as_english():
    assert score_sentiment(articles_with("A good day.", language=None))["sentiment"].tolist() == [GOOD]
    assert score_sentiment(articles_with("A good day.").drop(columns="language"))["sentiment"].tolist() == [GOOD]


def test_the_headline_is_scored_apart_from_the_text():
    table = make_articles(
        [{"headline": "A good day", "text": "A bad day.", "language": "en"}, {"text": "A long day.", "language": "en"}]
    )

    scored = score_sentiment(table)

    assert scored["sentiment"].tolist() == [BAD, FLAT]
    assert scored["headline_sentiment"].tolist() == pytest.approx([GOOD, np.nan], nan_ok=True)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "good " * 200_000, "good\t" * 4_000, "bad, " * 501, "😀" * 19_000])
def test_what_is_too_long_for_a_sentence_is_missing_and_does_not_hang(text):
    started = time.process_time()

    with pytest.warns(MeasureWarning, match="no sentence"):
        scored = score_sentiment(articles_with(text))

    assert time.process_time() - started < 3
    assert scored["sentiment"].isna().all()
    assert scored["note"].tolist() == ["no sentence"]


def test_a_text_of_points_alone_is_neutral():
    scored = score_sentiment(articles_with("… — !"))

    assert scored["sentiment"].tolist() == [0.0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=60).filter(str.strip), min_size=1, max_size=3))
def test_any_text_gets_a_score_in_range_with_shares_that_add_up(texts):
    scored = score_sentiment(articles_with(*texts))

    assert scored["sentiment"].between(-1, 1).all()
    shares = scored[["share_positive", "share_neutral", "share_negative"]].sum(axis=1)
    assert np.allclose(shares, 1)


def test_sentences_average_to_the_score_of_their_article():
    table = articles_with(NEWS, "A good day. A bad day.")

    sentences = score_sentiment(table, unit="sentence")

    assert list(sentences.columns) == [
        "article_id", "lexicon", "paragraph", "sentence", "start", "end", "text", "sentiment", "n_positive", "n_negative",
    ]  # fmt: skip
    texts = dict(zip(table["article_id"], table["text"], strict=True))
    assert all(texts[row.article_id][row.start : row.end] == row.text for row in sentences.itertuples())
    means = sentences.groupby("article_id", sort=False)["sentiment"].mean()
    assert means.tolist() == pytest.approx(score_sentiment(table)["sentiment"].tolist())


def test_the_table_given_is_unchanged():
    table = articles_with(NEWS, "A good day.", headline="A bad day")
    before = table.copy(deep=True)

    score_sentiment(table)

    pd.testing.assert_frame_equal(table, before)


def test_the_order_of_the_articles_and_their_index_are_irrelevant():
    table = articles_with(NEWS, "A good day.", "A bad day. A long day.", outlet="A", headline="Good")
    scored = score_sentiment(table)

    shuffled = score_sentiment(table.iloc[[2, 0, 1]])
    repeated = score_sentiment(table.set_index(pd.Index([7, 7, 7])))

    pd.testing.assert_frame_equal(shuffled, scored.iloc[[2, 0, 1]].reset_index(drop=True))
    pd.testing.assert_frame_equal(repeated, scored)


def test_an_empty_table_gives_an_empty_table_with_the_same_columns():
    empty, full = score_sentiment(articles_with()), score_sentiment(articles_with("A good day."))

    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)


def test_score_sentences_agrees_with_vader_on_every_part():
    texts = ["A good day.", "Not good at all!!", ""]
    analyzer = SentimentIntensityAnalyzer()

    scored = score_sentences(texts)

    assert scored.to_dict("records") == [analyzer.polarity_scores(text) for text in texts]


def test_what_is_wrong_is_said():
    with pytest.raises(
        ArticleTableError, match=r"unit='word' is not known; there is \"article\", \"paragraph\" and \"sentence\""
    ):
        score_sentiment(articles_with("a"), unit="word")
    with pytest.raises(ColumnError, match=r"(?s)no column 'text'.*load_articles"):
        score_sentiment(articles_with("a").drop(columns="text"))


@pytest.mark.parametrize(
    "text",
    [
        "خرج آلاف المتظاهرين إلى الشوارع أمس. قالت الوزيرة إن الحوار مستمر. رفضت النقابة العرض.",
        "Binlerce gösterici dün sokağa çıktı. Bakan görüşmelerin sürdüğünü söyledi. Sendika öneriyi reddetti.",
        "Тисячі людей вийшли вчора на вулиці. Поліція закрила міст.",
        "Добрий день.",
        "Bu çok kötü bir gün.",
        "Több ezer tüntető vonult utcára tegnap. A miniszter szerint a tárgyalások folytatódnak a parlamentben.",
    ],
)
@pytest.mark.parametrize("method", ["vader", "news"])
def test_another_language_that_nobody_has_named_is_never_given_a_number(text, method):
    table = make_articles([{"text": text, "headline": text}, {"headline": text}, {"text": "A good day."}])

    with pytest.warns(MeasureWarning, match="2 of 3 articles have no sentiment: language"):
        scored = score_sentiment(table, method=method)
    with pytest.warns(MeasureWarning):
        by_sentence = score_sentiment(table.drop(columns="language"), method=method, unit="sentence")

    assert scored["sentiment"].isna().tolist() == [True, True, False]
    assert scored["headline_sentiment"].isna().all()
    assert scored["note"].iloc[0].startswith("language ")
    assert scored["note"].tolist()[1:] == ["no text", ""]
    assert by_sentence["text"].tolist() == ["A good day."]


def test_a_tag_or_a_name_of_english_is_english():
    table = make_articles([{"text": "A good day.", "language": name} for name in ("en-GB", "English", "EN", None)])

    assert score_sentiment(table)["sentiment"].tolist() == [GOOD] * 4
