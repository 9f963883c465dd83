"""Sentiment: how positive or negative the wording is. It is not stance: a sad report need not oppose anybody.

VADER (Hutto & Gilbert 2014, doi 10.1609/icwsm.v8i1.14550) was made for short texts: its score of a whole article runs to
±1 as the article gets longer. So sentences are scored, and an article's score is their mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.progress import progress_bar
from mediakit.text.sentences import find_sentences

THRESHOLD = 0.05  # VADER's authors call a compound from -0.05 to +0.05 neutral
LANGUAGES = ("en",)  # of the lexicon
LONGEST_SENTENCE = 500  # words; what is longer is a table or a list, not a sentence


def score_sentiment(articles: pd.DataFrame, *, unit: str = "article", progress: bool | None = None) -> pd.DataFrame:
    """Score the sentiment of articles or of their sentences with VADER.

    Parameters
    ----------
    articles : DataFrame, one row per article
    unit : {"article", "sentence"}, default "article"
    progress : bool, optional
        Show a progress bar. Default: for more than 5,000 sentences.

    Returns
    -------
    DataFrame, one row per article, in the order of `articles`
        article_id, and the columns outlet, date, story, … that the table has
        sentiment : float from -1 to +1, mean compound score of the sentences
        se : float, standard error of that mean over sentences (NaN below two sentences)
        share_positive, share_neutral, share_negative : float from 0 to 1, of sentences beyond ±0.05
        n_sentences : int, sentences scored
        headline_sentiment : float from -1 to +1
        note : why a score is missing
    or, with ``unit="sentence"``, one row per sentence
        article_id, sentence, start, end, text, sentiment

    Warns
    -----
    MeasureWarning
        Once, with the number of articles that could not be scored.

    Notes
    -----
    VADER's lexicon is English. Articles in another language get NaN and a note, never a number. Validate against
    hand codes before you draw conclusions: off-the-shelf lexicons seldom agree well with coders on news
    (van Atteveldt, van der Velden & Boukes 2021, doi 10.1080/19312458.2020.1869198).

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "A good day. A bad day.", "language": "en"}])
    >>> score_sentiment(table)[["sentiment", "n_sentences"]].round(3).values.tolist()
    [[-0.051, 2.0]]
    """
    if unit not in ("article", "sentence"):
        raise ArticleTableError(f'unit={unit!r} is not known; there is "article" and "sentence".')
    check_articles(articles, need=("article_id", "text"))
    scorable = _scorable(articles)
    sentences = find_sentences(articles[scorable])
    scores = score_sentences(sentences["text"], progress=progress)
    sentences = sentences.assign(sentiment=scores["compound"].to_numpy())
    if unit == "sentence":
        return sentences.drop(columns="paragraph")
    table = _per_article(articles, sentences)
    headlines = pd.Series(np.nan, index=articles.index)
    if "headline" in articles.columns:
        printed = articles.loc[scorable, "headline"].dropna()
        headlines[printed.index] = score_sentences(printed)["compound"].to_numpy()
    table["headline_sentiment"] = headlines.to_numpy()
    table["note"] = _notes(articles, table["n_sentences"].to_numpy())
    missing = int(table["sentiment"].isna().sum())
    if missing:
        reasons = table.loc[table["sentiment"].isna(), "note"].value_counts()
        warnings.warn(
            f"{missing} of {len(table)} articles have no sentiment: {reasons.index[0]} ({reasons.iloc[0]}). See the column note.",
            MeasureWarning, stacklevel=2,
        )  # fmt: skip
    return table


def score_sentences(texts: Iterable[str], *, progress: bool | None = None) -> pd.DataFrame:
    """Score texts with VADER, each as one sentence.

    Returns
    -------
    DataFrame, one row per text
        compound : float from -1 to +1; pos, neu, neg : float from 0 to 1, shares of the words' weight.
        NaN for texts of more than 500 words, which are not sentences.

    Examples
    --------
    >>> score_sentences(["The talks were not good."])["compound"].tolist()
    [-0.3412]
    """
    analyzer = _analyzer()
    rows: list[dict[str, float]] = []
    for text in progress_bar(list(texts), "Scoring sentences", show=progress, unit="sentence", least=5000):
        if len(text) > 20_000 or text.count(" ") >= LONGEST_SENTENCE:
            rows.append(dict.fromkeys(("compound", "pos", "neu", "neg"), np.nan))
        else:
            rows.append(analyzer.polarity_scores(text))
    return pd.DataFrame(rows, columns=["compound", "pos", "neu", "neg"], dtype="float64")


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def _scorable(articles: pd.DataFrame) -> pd.Series:
    """Which articles are in a language of the lexicon; one without a known language is taken to be English."""
    if "language" not in articles.columns:
        return articles["text"].notna()
    return articles["text"].notna() & (articles["language"].isin(LANGUAGES) | articles["language"].isna())


def _per_article(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    scored = sentences.dropna(subset=["sentiment"])
    signed = scored.assign(
        positive=scored["sentiment"] >= THRESHOLD,
        negative=scored["sentiment"] <= -THRESHOLD,
        neutral=scored["sentiment"].abs() < THRESHOLD,
    )
    grouped = signed.groupby("article_id", sort=False).agg(
        sentiment=("sentiment", "mean"), se=("sentiment", "sem"), share_positive=("positive", "mean"),
        share_neutral=("neutral", "mean"), share_negative=("negative", "mean"), n_sentences=("sentiment", "size"),
    )  # fmt: skip
    table = context_of(articles).merge(grouped, left_on="article_id", right_index=True, how="left")
    table["n_sentences"] = table["n_sentences"].fillna(0).astype("int64")
    return table


def _notes(articles: pd.DataFrame, counts: np.ndarray) -> pd.Series:
    notes = []
    languages = articles["language"] if "language" in articles.columns else pd.Series([None] * len(articles))
    for text, language, count in zip(articles["text"], languages, counts, strict=True):
        if not isinstance(text, str):
            notes.append("no text")
        elif isinstance(language, str) and language not in LANGUAGES:
            notes.append(f"language {language}: the lexicon is English")
        else:
            notes.append("" if count else "no sentence")
    return pd.Series(notes, dtype="str")
