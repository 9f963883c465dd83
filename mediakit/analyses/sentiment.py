"""Sentiment: how positive or negative the wording is. It is not stance: a sad report need not oppose anybody.

VADER (Hutto & Gilbert 2014, doi 10.1609/icwsm.v8i1.14550) was made for short texts: its score of a whole article runs
to ±1 as the article gets longer. So sentences are scored, and an article's score is their mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
        share_positive, share_neutral, share_negative : float from 0 to 1, of sentences; positive from 0.05 on,
        negative from -0.05 on
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
    sentences = find_sentences(articles[in_language_of_lexicon(articles)])
    scores = score_sentences(sentences["text"], progress=progress)
    sentences = sentences.assign(sentiment=scores["compound"].to_numpy())
    table = _per_article(articles, sentences)
    table["headline_sentiment"] = _score_headlines(articles)
    table["note"] = _notes(articles, table["n_sentences"].to_numpy())
    missing = table["sentiment"].isna()
    if missing.any():
        reasons = table.loc[missing, "note"].value_counts()
        warnings.warn(
            f"{int(missing.sum())} of {len(table)} articles have no sentiment: {reasons.index[0]} ({reasons.iloc[0]}). "
            "See the column note.",
            MeasureWarning,
            stacklevel=2,
        )
    return table if unit == "article" else sentences.drop(columns="paragraph")


def score_sentences(texts: Iterable[str], *, progress: bool | None = None) -> pd.DataFrame:
    """Score texts with VADER, each as one sentence.

    Returns
    -------
    DataFrame, one row per text
        compound : float from -1 to +1; pos, neu, neg : float from 0 to 1, shares of the words' weight.
        NaN for texts of more than 500 words and emoji, which are not sentences.

    Examples
    --------
    >>> score_sentences(["The talks were not good."])["compound"].tolist()
    [-0.3412]
    """
    analyzer = _analyzer()
    rows: list[dict[str, float]] = []
    for text in progress_bar(list(texts), "Scoring sentences", show=progress, unit="sentence", least=5000):
        if len(text) > 20_000 or _count_words(text, analyzer) > LONGEST_SENTENCE:
            rows.append(dict.fromkeys(("compound", "pos", "neu", "neg"), np.nan))
        else:
            rows.append(analyzer.polarity_scores(text))
    return pd.DataFrame(rows, columns=["compound", "pos", "neu", "neg"], dtype="float64")


def _count_words(text: str, analyzer: Any) -> int:
    """Count as VADER reads, which puts several words for each emoji and needs minutes for a wall of them."""
    return len(text.split()) + (0 if text.isascii() else sum(char in analyzer.emojis for char in text))


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def in_language_of_lexicon(articles: pd.DataFrame) -> NDArray[np.bool_]:
    """Which articles are in a language of the lexicon; one without a known language is taken to be English."""
    if "language" not in articles.columns:
        return np.ones(len(articles), dtype=np.bool_)
    return (articles["language"].isin(LANGUAGES) | articles["language"].isna()).to_numpy(dtype=np.bool_)


def _score_headlines(articles: pd.DataFrame) -> NDArray[np.float64]:
    scores = np.full(len(articles), np.nan)
    if "headline" in articles.columns:
        printed = in_language_of_lexicon(articles) & articles["headline"].notna().to_numpy(dtype=np.bool_)
        scores[printed] = score_sentences(articles["headline"][printed])["compound"].to_numpy()
    return scores


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


def _notes(articles: pd.DataFrame, counts: NDArray[np.int64]) -> pd.Series:
    notes = []
    for reason, count in zip(why_not(articles), counts, strict=True):
        notes.append(reason or ("" if count else "no sentence"))
    return pd.Series(notes, dtype="str")


def why_not(articles: pd.DataFrame) -> list[str]:
    """Say for each article why it cannot be scored: no text, or another language; "" where it can."""
    languages = articles["language"] if "language" in articles.columns else [None] * len(articles)
    reasons = []
    for text, language in zip(articles["text"], languages, strict=True):
        if not isinstance(text, str):
            reasons.append("no text")
        elif isinstance(language, str) and language not in LANGUAGES:
            reasons.append(f"language {language}: the lexicon is English")
        else:
            reasons.append("")
    return reasons
