"""The measures of a study: every table of the report, computed in order from the articles."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mediakit.analyses.keyness import score_keyness
from mediakit.analyses.quotes import find_quotes
from mediakit.analyses.sentiment import score_sentiment
from mediakit.analyses.sentiment_checks import check_length
from mediakit.analyses.sources import count_voices, find_sources
from mediakit.analyses.stance import score_stance
from mediakit.analyses.topic_choice import LEAST_ARTICLES, MANY, numbers_to_try, pick_number
from mediakit.analyses.topic_models import choose_topics, count_topic_shares, find_typical, fit_topics
from mediakit.analyses.topics import count_topics
from mediakit.compare.groups import compare_groups
from mediakit.compare.periods import compare_periods
from mediakit.compare.validated import read_coded_sample, validate_with_codings
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.lexicons.codebooks import load_codebook
from mediakit.load.ledger import read_ledger
from mediakit.text.tokens import Tokens, tokenize

CODEBOOKS = ("protest", "diplomacy")
_KEY_ARTICLES = 5  # articles that a group needs for key words of its own
_TOPIC_SEEDS = 10
_TEXT_FREE = (
    "article_id",
    "outlet",
    "date",
    "headline",
    "byline",
    "language",
    "section",
    "story",
    "words",
    "truncated",
    "truncated_why",
    "duplicate_of",
    "duplicate_kind",
    "format",
    "file",
    "position",
)


def measure_study(
    articles: pd.DataFrame,
    duplicates: pd.DataFrame,
    by: str,
    targets: Any,
    codings: str | Path | None,
    n_resamples: int,
    seed: int,
    progress: bool | None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables by name, in the order of the report."""
    options: dict[str, Any] = {"by": by, "n_resamples": n_resamples, "seed": seed}
    ledger = read_ledger(articles)
    yield "articles", articles[[name for name in _TEXT_FREE if name in articles.columns]]
    yield "ledger", ledger.drop(columns="excerpt")
    yield "duplicates", duplicates
    tokens = tokenize(articles, progress=progress)
    sentences = score_sentiment(articles, unit="sentence", tokens=tokens)
    sentiment = _with(score_sentiment(articles, tokens=tokens), articles, by)
    yield "sentiment", sentiment
    if sentiment["sentiment"].notna().any() and sentiment[by].notna().any():
        yield "sentiment_by_outlet", compare_groups(sentiment, "sentiment", **options)
        with contextlib.suppress(ArticleTableError):  # no story is shared; the page says so
            yield "sentiment_within_story", compare_groups(sentiment, "sentiment", within="story", **options)
        yield "length_check", check_length(sentiment, by=by)
        yield "robustness", _robustness(sentiment, _for_news(articles, tokens, by, progress), options)
        if (sentiment["date"].notna() & sentiment["sentiment"].notna()).any():
            yield "sentiment_by_month", compare_periods(sentiment, "sentiment", **options)
        yield "extreme_sentences", _extremes(sentences, articles, by)
    if codings is not None:
        drawn = sentences if "start" in read_coded_sample(codings) else sentiment
        units = _coded_units(drawn, articles, by)
        yield from validate_with_codings(units, codings, by=by, n_resamples=min(n_resamples, 1000), seed=seed)
    yield from _measure_stance(articles, tokens, targets, options)
    topics = pd.concat([count_topics(tokens, load_codebook(name)) for name in CODEBOOKS], ignore_index=True)
    topics = _with(topics, articles, by)
    yield "topics", topics
    named = topics.assign(topic=topics["codebook"] + ": " + topics["category"])
    yield "topics_by_outlet", _per_level(named, "topic", "per_1000", options)
    yield from _measure_voices(articles, tokens, options, progress)
    mine = tokens.select(_main_language(articles))
    yield from _measure_words(mine, by, seed, progress)
    if find_spec("sklearn") is not None:  # the extra topics
        yield from _measure_topic_model(articles, mine, by, seed, progress)


def _measure_stance(
    articles: pd.DataFrame, tokens: Tokens, targets: Any, options: dict[str, Any]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the stance of the outlets' own words by the model, then by the rules, and that of the words they quote."""
    by = options["by"]
    stance = _with(score_stance(articles, targets, voice="outlet", tokens=tokens), articles, by)
    yield "stance", stance.drop(columns="evidence")
    yield "stance_by_outlet", _per_level(stance, "target", "stance", options)
    with warnings.catch_warnings():  # what is missing has been said
        warnings.simplefilter("ignore", MeasureWarning)
        rules = score_stance(articles, targets, voice="outlet", method="rules", tokens=tokens)
        quoted = score_stance(articles, targets, voice="quoted", tokens=tokens)
    yield "stance_by_rules", _per_level(_with(rules, articles, by), "target", "stance", options)
    yield "stance_quoted", _per_level(_with(quoted, articles, by), "target", "stance", options)
    yield "stance_evidence", _stance_evidence(stance, by)


def _measure_voices(
    articles: pd.DataFrame, tokens: Tokens, options: dict[str, Any], progress: bool | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield who is quoted, the share of voice, and the sentiment of the outlet's own words and of the quoted ones."""
    by = options["by"]
    quotes = find_quotes(articles, progress=progress)
    # Shares of voice count what is quoted; what is only reported stays in the table of quotes.
    sources = find_sources(articles, quotes, progress=progress)
    yield "quotes", quotes.drop(columns="quote")
    yield "sources", sources
    yield "voices_by_outlet", count_voices(sources, articles, by=by)
    originals = articles[articles["duplicate_of"].isna()]
    if len(originals) < len(articles):
        yield "voices_without_copies", count_voices(sources, originals, by=by)
    voices = {"the outlet’s own words": "outlet", "quoted words": "quoted"}
    frames = [
        _with(score_sentiment(articles, tokens=tokens, voice=voice), articles, by).assign(voice=name)
        for name, voice in voices.items()
    ]
    yield "sentiment_by_voice", _per_level(pd.concat(frames, ignore_index=True), "voice", "sentiment", options)


def _main_language(articles: pd.DataFrame) -> pd.Series:
    """Which articles are in the commonest language, or in one that is not known: words of others are no finding."""
    languages = articles["language"]
    return languages.isna() | (languages == languages.mode().get(0))


def _measure_words(tokens: Tokens, by: str, seed: int, progress: bool | None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the words and phrases that set groups apart, for groups with enough articles."""
    sizes = tokens.articles.loc[tokens.per_article() > 0, by].astype("str").value_counts()
    large = sizes.index[sizes >= _KEY_ARTICLES]
    if len(large) < 2:
        return
    for name, unit in (("keyness", "word"), ("keyness_phrases", "phrase")):
        scored = score_keyness(tokens, by=by, unit=unit, function_words=False, seed=seed, progress=progress)
        shown = scored["target"].isin(large) & (scored["word"].str.contains(" ") | (unit == "word"))
        yield name, scored[shown].reset_index(drop=True)


def _measure_topic_model(
    articles: pd.DataFrame, tokens: Tokens, by: str, seed: int, progress: bool | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield a topic model of the articles: the numbers of topics tried, the topics, examples, and shares by group."""
    used = tokens.select(tokens.per_article() > 0)
    if len(used.texts) < LEAST_ARTICLES:
        return
    tried = used
    if len(used.texts) > MANY:
        drawn = np.random.default_rng(seed).permutation(len(used.texts)) < MANY
        tried = used.select(drawn)
    options: dict[str, Any] = {"n_seeds": _TOPIC_SEEDS, "seed": seed, "progress": progress}
    try:
        choice = choose_topics(tried, numbers_to_try(len(used.texts)), **options)
        model = fit_topics(used, pick_number(choice), **options)
    except ArticleTableError:  # too few words that articles share
        return
    yield "topic_choice", choice.assign(chosen=choice["k"] == model.k)
    yield "topic_model", model.table
    originals = articles[articles["duplicate_of"].isna()]
    yield "topic_examples", _with(find_typical(model, originals, most=2), articles, by)
    if used.articles[by].notna().any():
        yield "topic_shares_by_outlet", count_topic_shares(used, model, by=by)


def _with(table: pd.DataFrame, articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add the column `by` where it is not among those that every measure repeats."""
    return table if by in table.columns else table.merge(articles[["article_id", by]], on="article_id", how="left")


def _per_level(table: pd.DataFrame, level: str, value: str, options: dict[str, Any]) -> pd.DataFrame:
    """Compare groups once per target or category."""
    frames = []
    for name, rows in table.groupby(level, sort=False):
        usable = rows[value].notna() & rows[options["by"]].notna()
        if usable.any():
            contrast = compare_groups(rows, value, **options)
            contrast.insert(0, level, str(name))
            frames.append(contrast)
    columns = [level, "kind", "group", "versus", "n", "n_versus", "estimate", "low", "high", "effect", "note"]
    result = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    result.attrs["compare"] = {"value": value, **options, "confidence": 0.95, "within": None}
    return result


def _for_news(articles: pd.DataFrame, tokens: Tokens, by: str, progress: bool | None) -> pd.DataFrame:
    """Return the sentiment of articles by the measure that was made for news."""
    with warnings.catch_warnings():  # what is missing has been said
        warnings.simplefilter("ignore", MeasureWarning)
        return _with(score_sentiment(articles, method="news", tokens=tokens, progress=progress), articles, by)


def _robustness(sentiment: pd.DataFrame, for_news: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    """Compare groups under other defensible choices of articles, and by another measure."""
    copies = sentiment["duplicate_of"].notna()
    choices = {
        "all articles": sentiment,
        "without copies": sentiment[~copies],
        "without truncated": sentiment[~sentiment["truncated"]],
        "without copies and truncated": sentiment[~copies & ~sentiment["truncated"]],
        "by the network for news": for_news,
    }
    frames = []
    for choice, rows in choices.items():
        if (rows["sentiment"].notna() & rows[options["by"]].notna()).any():
            contrast = compare_groups(rows, "sentiment", **options)
            frames.append(contrast[contrast["kind"] == "difference"].assign(choice=choice))
    table = pd.concat(frames, ignore_index=True)
    return table[["choice", *(name for name in table.columns if name not in ("choice", "kind"))]]


def _extremes(sentences: pd.DataFrame, articles: pd.DataFrame, by: str, each: int = 2) -> pd.DataFrame:
    """The most negative and most positive sentences of every group, copies left out."""
    originals = articles.loc[articles["duplicate_of"].isna(), ["article_id", by, "headline", "date"]]
    named = sentences.dropna(subset=["sentiment"]).merge(originals, on="article_id").dropna(subset=[by])
    ordered = named.sort_values([by, "sentiment", "article_id", "start"], kind="stable")
    low = ordered.groupby(by, sort=True).head(each).assign(end_of_scale="most negative")
    high = ordered.groupby(by, sort=True).tail(each).assign(end_of_scale="most positive")
    table = pd.concat([low, high]).sort_values(
        [by, "sentiment", "article_id", "start"], kind="stable", ignore_index=True
    )
    return table[[by, "end_of_scale", "sentiment", "text", "headline", "date", "article_id"]]


def _coded_units(units: pd.DataFrame, articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the units that codes are set against: of articles in a language of the lexicon, copies left out."""
    counted = articles.loc[articles["duplicate_of"].isna(), "article_id"]
    used = units[units["article_id"].isin(counted) & units["sentiment"].notna()]
    return _with(used, articles, by).reset_index(drop=True)


def _stance_evidence(stance: pd.DataFrame, by: str, each: int = 1) -> pd.DataFrame:
    """The least and most favourable article toward each target, with the sentence that shows it."""
    named = stance.dropna(subset=["stance", by]).sort_values(["target", "stance", "article_id"], kind="stable")
    low = named.groupby("target", sort=False).head(each)
    high = named.groupby("target", sort=False).tail(each)
    table = (
        pd.concat([low, high])
        .drop_duplicates(["target", "article_id"])
        .sort_values(["target", "stance"], kind="stable", ignore_index=True)
    )
    return table[["target", by, "stance", "n_mentions", "evidence", "article_id"]]
