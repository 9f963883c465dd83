"""The lexicon for news: a list that can be read, with VADER's rules, beside VADER and never instead of it."""

from importlib.resources import files

import pandas as pd
import pytest

from mediakit import load_lexicon, make_articles, score_sentences, score_sentiment, show_evidence
from mediakit.errors import LexiconError


def articles(*texts):
    return make_articles([{"text": text, "language": "en", "position": n} for n, text in enumerate(texts)])


def test_the_file_has_each_word_once_with_its_valence_and_vaders():
    table = pd.read_csv(files("mediakit.lexicons").joinpath("lexicons_data", "news.csv"), keep_default_na=False)

    assert list(table.columns) == ["pattern", "weight", "vader"]
    assert table["pattern"].is_unique
    assert table["weight"].between(-4, 4).all()
    assert not table["pattern"].str.contains("[A-Z*]").any()
    assert not {"obama", "trump", "merkel", "putin", "zuma"} & set(table["pattern"])
    known = load_lexicon("vader").weighted()
    beside = table[table["vader"] != ""].set_index("pattern")["vader"].astype(float)
    assert beside.to_dict() == {word: known[word] for word in beside.index}


def test_vader_stays_the_default_and_both_stand_side_by_side():
    table = articles("The accord was praised. The riot was terrible.")

    both = score_sentiment(table, lexicon=["vader", "news"])

    assert both["lexicon"].tolist() == ["vader", "news"]
    assert both["sentiment"][0] == score_sentiment(table)["sentiment"][0]
    assert both["sentiment"][1] == score_sentiment(table, lexicon="news")["sentiment"][0]


def test_the_rules_are_vaders():
    plain, negated, stronger = score_sentences(
        ["It was terrible.", "It was not terrible.", "It was very terrible."], lexicon="news"
    )["compound"]

    assert plain < 0
    assert negated > plain
    assert stronger < plain


def test_a_mapping_has_the_same_rules():
    scores = score_sentences(["A zorb day.", "Not a zorb day."], lexicon={"zorb": 2.0})["compound"]

    assert scores.tolist() == [0.4588, -0.3570]


def test_the_words_that_count_are_shown():
    table = articles("The riot was terrible.")

    shown = show_evidence(score_sentiment(table, lexicon="news"), table["article_id"][0])

    assert "terrible" in shown["words"][0]


def test_it_is_english():
    with pytest.raises(LexiconError, match="is English"):
        load_lexicon("news", language="fr")
    assert load_lexicon("news").language == "en"
