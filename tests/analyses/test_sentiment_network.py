"""The network for the sentiment of news: whole sentences, names unseen, beside VADER and never instead of it."""

import io
import json
import zipfile

import numpy as np
import pytest

from mediakit import make_articles, score_sentiment, show_evidence
from mediakit.analyses.sentiment_network import LONGEST, load_sentiment_model, read_sentiment_model
from mediakit.errors import ArticleTableError, ModelError

SENTENCES = [
    "The accord ended eleven years of war.",
    "The accord collapsed after a week of shelling.",
    "Officials met in Geneva on Monday.",
    "The minister's plan was praised as fair and generous.",
    "The minister's plan was dismissed as a cruel farce.",
    "“A disgrace,” she said.",
    "A word " * 70 + "and a catastrophe.",
]


def articles(*texts):
    return make_articles([{"text": text, "language": "en", "position": n} for n, text in enumerate(texts)])


def scores(*texts):
    return load_sentiment_model().rate(texts).tolist()


def test_it_reads_what_single_words_do_not_say():
    low, high = scores("The accord collapsed after a week of shelling.", "The accord ended eleven years of war.")

    assert -1 <= low < -0.05
    assert low < high <= 1


def test_praise_is_above_blame():
    middle, praise, blame = scores(*SENTENCES[2:5])

    assert blame < middle < praise


def test_a_sentence_has_the_same_digits_alone_and_in_any_company():
    model = load_sentiment_model()
    many = [f"{one} {number} more." for number in range(20) for one in SENTENCES] + SENTENCES
    order = np.random.default_rng(0).permutation(len(many))

    together = model.rate(many)

    assert np.array_equal(model.rate([many[at] for at in order]), together[order])
    assert [model.rate([one])[0] for one in SENTENCES] == together[-len(SENTENCES) :].tolist()


def test_names_change_nothing():
    names = ("Berg", "Ivo Petrov", "Kofi Mensah", "Helen Bell")

    assert len(set(scores(*(f"Critics accused {name} of a failed deal." for name in names)))) == 1


def test_curly_marks_change_nothing():
    assert scores("“It wasn’t a ‘good’ day,” she said.") == scores("\"It wasn't a 'good' day,\" she said.")


def test_a_long_sentence_is_read_in_parts():
    model = load_sentiment_model()
    parts = model.parts_of(SENTENCES[-1])

    assert [place for _, place in parts] == [72, 72]
    assert all(place <= LONGEST for _, place in parts)
    assert np.isfinite(model.rate([SENTENCES[-1]])).all()


def test_without_a_word_there_is_no_rating():
    assert np.isnan(load_sentiment_model().rate(["", "  "])).all()
    assert load_sentiment_model().rate([]).shape == (0,)


def test_the_measure_has_a_name_and_stands_beside_the_others():
    table = articles("The accord was praised. The riot was terrible.", "The accord collapsed after a week of shelling.")

    named = score_sentiment(table, method="news")
    beside = score_sentiment(table, method=["vader", "news"])
    listed = score_sentiment(table, lexicon="news")

    assert named["lexicon"].unique().tolist() == ["news_network"]
    assert named.equals(score_sentiment(table, lexicon="news_network"))
    assert beside["lexicon"].tolist() == ["vader", "news_network"] * 2
    assert beside["sentiment"][::2].tolist() == score_sentiment(table)["sentiment"].tolist()
    assert named["sentiment"].round(4).tolist() != listed["sentiment"].round(4).tolist()
    assert named[["n_positive", "n_negative"]].equals(listed[["n_positive", "n_negative"]])


def test_an_article_is_the_mean_of_its_sentences():
    text = "The accord was praised. The riot was terrible. Officials met in Geneva."

    found = score_sentiment(articles(text), method="news")
    sentences = score_sentiment(articles(text), method="news", unit="sentence")

    assert sentences["sentiment"].tolist() == scores(*text.replace(". ", ".|").split("|"))
    assert found["sentiment"][0] == pytest.approx(sentences["sentiment"].mean())


def test_quoted_words_are_told_from_the_outlets():
    table = articles("Officials met in Geneva on Monday. “This deal is a cruel and shameful betrayal,” she said.")

    outlet, quoted = (
        score_sentiment(table, method="news", voice=voice)["sentiment"][0] for voice in ("outlet", "quoted")
    )

    assert quoted < outlet
    assert quoted < -0.05


def test_a_headline_is_rated_too():
    table = make_articles([{"text": "A day.", "headline": "Talks collapse in disgrace", "language": "en"}])

    assert score_sentiment(table, method="news")["headline_sentiment"][0] == scores("Talks collapse in disgrace")[0]


def test_another_language_and_a_table_have_no_score():
    table = make_articles(
        [
            {"text": "La grève continue.", "language": "fr", "position": 0},
            {"text": "a " * 600, "language": "en", "position": 1},
        ]
    )

    with pytest.warns(match="no sentiment"):
        found = score_sentiment(table, method="news")

    assert found["sentiment"].isna().all()


def test_the_words_that_moved_it_are_shown():
    table = articles("Officials met in Geneva. The minister's plan was dismissed as a “cruel” farce.")

    shown = show_evidence(score_sentiment(table, method="news"), table["article_id"][0]).set_index("sentence")

    printed = [word.rpartition(" ") for word in shown.loc[1, "words"].split(", ")]
    assert all(word in table["text"][0] and " " not in word for word, _, _ in printed)
    assert {"dismissed", "farce", "cruel"} & {word for word, _, weight in printed if float(weight) < 0}


def test_unknown_methods_are_refused():
    table = articles("A day.")

    with pytest.raises(ArticleTableError, match="method='magic' is not known"):
        score_sentiment(table, method="magic")
    with pytest.raises(ArticleTableError, match="names no method"):
        score_sentiment(table, method=[])
    with pytest.raises(ArticleTableError, match="not both"):
        score_sentiment(table, method="news", lexicon={"good": 1})


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "model.npz"
    packed = io.BytesIO()
    np.savez(packed, out=np.zeros(3))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.json", json.dumps({"mediakit": "sentiment model", "version": 1, "words": []}))
        archive.writestr("arrays.npz", packed.getvalue())

    with pytest.raises(ModelError, match="damaged"):
        read_sentiment_model(path)
    path.write_bytes(b"no model")
    with pytest.raises(ModelError, match="is no sentiment model"):
        read_sentiment_model(path)
