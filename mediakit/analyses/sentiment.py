"""Sentiment: how positive or negative the wording is. It is not stance: a sad report need not oppose anybody.

VADER (Hutto & Gilbert 2014, doi 10.1609/icwsm.v8i1.14550) was made for short texts: its score of a whole article runs
to ±1 as the article gets longer. So sentences are scored, and an article's score is their mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.evidence import EvidenceTag
from mediakit.analyses.lexicon_scores import score_with_lexicon
from mediakit.analyses.sentiment_evidence import LISTS, NETWORK, OneLexicon, explain_sentiment, kept_pieces
from mediakit.analyses.sentiment_network import load_sentiment_model, rate_segments
from mediakit.analyses.vader import count_emojis, score_pieces, score_sentences, straighten
from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.lexicons.sentiment_lexicons import Lexicon, load_lexicon
from mediakit.load.languages import UNKNOWN
from mediakit.text.quotations import mark_quoted
from mediakit.text.sentences import Segments, languages_of, segment_texts, texts_of
from mediakit.text.tokens import Tokens, check_tokens, tokenize

__all__ = ["score_sentences", "score_sentiment"]

THRESHOLD = 0.05  # VADER's authors call a compound from -0.05 to +0.05 neutral
LANGUAGES = ("en",)  # of VADER's lexicon
LONGEST_SENTENCE = 500  # words; what is longer is a table or a list, not a sentence
LONGEST_TEXT = 20_000  # characters of a sentence
METHODS = {"vader": "vader", "news": NETWORK}
UNITS = ("article", "paragraph", "sentence")
VOICES = ("all", "outlet", "quoted")


def score_sentiment(
    articles: pd.DataFrame,
    *,
    unit: str = "article",
    lexicon: OneLexicon | Sequence[OneLexicon] = "vader",
    method: str | Sequence[str] | None = None,
    voice: str = "all",
    negation: int = 3,
    straight: bool = True,
    tokens: Tokens | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Score the sentiment of articles, of their paragraphs or of their sentences.

    Parameters
    ----------
    articles : DataFrame, one row per article
    unit : {"article", "paragraph", "sentence"}, default "article"
    lexicon : "vader", "news", Lexicon or path, or several of these, default "vader"
        See `load_lexicon`. "vader" follows all of VADER's rules; "news" does so with valences learned from rated
        tweets, reviews and news sentences (docs/models/news_lexicon.md). "news_network" is a small network that reads
        each sentence as a whole and agrees better with people on news (docs/models/news_sentiment.md); it counts
        positive and negative words by the list "news". With another lexicon, the score of a sentence is the mean
        weight of its words in the lexicon, 0 where it has none. Give several to have them side by side, and
        `compare_lexicons` for how far they agree.
    method : {"vader", "news"}, or several of these, optional
        Instead of `lexicon`, a measure by what it is fit for: "vader", made for short texts of social media, or
        "news", which is the lexicon "news_network".
    voice : {"all", "outlet", "quoted"}, default "all"
        Whose words: all, those outside quotation marks, or those inside, double or single ones. Quotations of fewer
        than three words and titles in single marks count as the outlet's own. Paraphrase ("the minister said that …")
        stays with the outlet.
    negation : int, default 3
        Words before a lexicon word in which a negation of the sentence turns its weight; 0 for none. For lexicons
        other than "vader", which has its own rules.
    straight : bool, default True
        Read curly quotation marks and apostrophes as straight ones. vaderSentiment knows no others; of sentences with
        curly marks it misreads one in six, so that outlets would differ by their typography. False scores the text as
        printed. Other lexicons do not depend on it.
    tokens : Tokens, optional
        Of these articles, from `tokenize`, to split them only once.
    progress : bool, optional
        Show a progress bar. Default: for more than 30 million characters.

    Returns
    -------
    DataFrame, one row per article and lexicon, in the order of `articles`
        article_id, and the columns outlet, date, story, … that the table has
        lexicon : str
        sentiment : float, mean score of the sentences; from -1 to +1 with VADER, else in the unit of the weights
        se : float, standard error of that mean over sentences (NaN below two sentences)
        share_positive, share_neutral, share_negative : float from 0 to 1, of sentences; with VADER positive from 0.05
        on and negative from -0.05 on, else above and below 0
        n_sentences : int, sentences scored; tables and lists of more than 500 words are no sentences
        n_positive, n_negative : int, words that count as positive and as negative
        log_ratio : float, log((n_positive + 0.5) / (n_negative + 0.5)), which needs no sentences and knows no weights
        (Lowe, Benoit, Mikhaylov & Laver 2011, doi 10.1111/j.1939-9162.2010.00006.x); NaN without such words
        headline_sentiment : float, the headline alone; it is no part of the text
        note : why a score is missing
    with ``unit="paragraph"``, one row per paragraph and lexicon
        article_id, lexicon, paragraph, start, end, sentiment, se, n_sentences
    with ``unit="sentence"``, one row per sentence and lexicon
        article_id, lexicon, paragraph, sentence, start, end, text, sentiment, n_positive, n_negative

    Raises
    ------
    ArticleTableError
        When `unit` or `voice` is not known, or `tokens` are of other articles.
    LexiconError
        When a lexicon cannot be read; the message names file and line.

    Warns
    -----
    MeasureWarning
        Once, with the number of articles that could not be scored.

    Notes
    -----
    VADER's compound of a whole article is not offered: it grows with the number of words. The same sentence ten times
    is not ten times as positive:

    >>> score_sentences(["A good day.", " ".join(["A good day."] * 10)])["compound"].tolist()
    [0.4404, 0.9799]

    The mean over sentences is 0.4404 for both; `check_length` tests whether scores still depend on length.
    Articles in another language than the lexicon's get NaN and a note, never a number. Where an article's language is
    not known, its text decides; too short a text passes for English, unless its letters or words speak against it.
    Validate against hand codes
    before you draw conclusions: off-the-shelf lexicons seldom agree well with coders on news
    (van Atteveldt, van der Velden & Boukes 2021, doi 10.1080/19312458.2020.1869198).

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "A good day. A bad day.", "language": "en"}])
    >>> score_sentiment(table)[["sentiment", "n_sentences"]].round(3).values.tolist()
    [[-0.051, 2.0]]
    """
    for value, known, what in ((unit, UNITS, "unit"), (voice, VOICES, "voice")):
        if value not in known:
            raise ArticleTableError(f"{what}={value!r} is not known; there is {_quoted(known)}.")
    if method is not None:
        lexicon = _measures_of(method, lexicon)
    check_articles(articles, need=("article_id", "text"))
    if tokens is not None:
        check_tokens(tokens, articles)
    several: list[OneLexicon] = [lexicon] if isinstance(lexicon, str | Path | Lexicon) else list(lexicon)
    texts = tokens.texts if tokens is not None else texts_of(articles)
    told = languages_of(articles)
    frames, missing = [], []
    for one in several:
        book = None if is_ruled(one) else load_lexicon(one)
        name, language = (str(one), "en") if book is None else (book.name, book.language)
        readable = _are(told, language)
        if book is None and tokens is None:
            wanted = [text if mine else "" for text, mine in zip(texts, readable.tolist(), strict=True)]
            segments = segment_texts(wanted, told, progress=progress)
        else:
            tokens = tokenize(articles, progress=progress) if tokens is None else tokens
            segments = tokens.segments
        keep = None if voice == "all" else mark_quoted(texts, segments.pieces) == (voice == "quoted")
        if book is None:
            scores = _score_with_vader(segments, texts, keep, straight, LISTS[name])
            if name == NETWORK:
                rate_segments(segments, scores, keep, progress)
        else:
            assert tokens is not None
            scores = score_with_lexicon(tokens, book.weighted(), language, negation, keep)
        scores[~readable[segments.article]] = np.nan
        table = _TABLES[unit](articles, segments, scores, texts, THRESHOLD if book is None else np.nextafter(0, 1))
        if unit == "article":
            table["headline_sentiment"] = _score_headlines(articles, told, book, negation, straight, name, progress)
            table["note"] = _notes(articles, told, language, table["n_sentences"].to_numpy())
            missing.append(table)
        else:
            missing.append(_notes_only(articles, told, segments, scores, language))
            table = table[table["article_id"].isin(articles["article_id"][readable])].reset_index(drop=True)
        table.insert(list(table.columns).index(_BEFORE[unit]), "lexicon", pd.Series([name] * len(table), dtype="str"))
        frames.append(table)
    _warn_of_missing(missing)
    result = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if len(frames) > 1 and unit == "article":
        order = np.argsort(np.tile(np.arange(len(articles)), len(frames)), kind="stable")
        result = result.iloc[order].reset_index(drop=True)
    result.attrs["evidence"] = EvidenceTag(
        "sentiment",
        partial(
            explain_sentiment,
            score=score_sentiment,
            articles=articles,
            lexicons=several,
            voice=voice,
            negation=negation,
            straight=straight,
        ),
    )
    return result


def _measures_of(method: str | Sequence[str], lexicon: OneLexicon | Sequence[OneLexicon]) -> list[OneLexicon]:
    """Return the lexicons of methods."""
    several = [method] if isinstance(method, str) else list(method)
    for one in several:
        if one not in METHODS:
            raise ArticleTableError(f"method={one!r} is not known; there is {_quoted(list(METHODS))}.")
    if not several:
        raise ArticleTableError("method= names no method.")
    names: list[OneLexicon] = [METHODS[one] for one in several]
    if not (isinstance(lexicon, str) and lexicon in ("vader", *names)):
        raise ArticleTableError("give method= or lexicon=, not both.")
    return names


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names[:-1]) + f' and "{names[-1]}"'


def _score_with_vader(
    segments: Segments, texts: Sequence[str], keep: NDArray[np.bool_] | None, straight: bool, lexicon: str
) -> NDArray[np.float64]:
    """Return score, positive words and negative words of every sentence; NaN where there is no sentence."""
    code, first, distinct = kept_pieces(segments, keep, straight)
    scores = score_pieces(distinct, code, first, lexicon)[:, [0, 4, 5]]
    too_long = (np.diff(first) > LONGEST_SENTENCE) | (segments.end - segments.start > LONGEST_TEXT)
    for number in np.flatnonzero((segments.end - segments.start > LONGEST_SENTENCE) & ~too_long).tolist():
        text = texts[segments.article[number]][segments.start[number] : segments.end[number]]
        too_long[number] = _count_words(text) > LONGEST_SENTENCE
    scores[too_long | (np.diff(first) == 0)] = np.nan
    return scores


def is_ruled(lexicon: OneLexicon) -> bool:
    """Whether a lexicon is scored with VADER's rules, or by the network: its own, or those for news."""
    return isinstance(lexicon, str) and lexicon in LISTS


def is_too_long(text: str) -> bool:
    """Whether a text has more than 500 words and emoji, or 20,000 characters: a table or a list, not a sentence."""
    return len(text) > LONGEST_SENTENCE and (len(text) > LONGEST_TEXT or _count_words(text) > LONGEST_SENTENCE)


def _count_words(text: str) -> int:
    """Count as VADER reads, which puts several words for each emoji."""
    return len(text.split()) + (0 if text.isascii() else count_emojis(text))


def in_language_of_lexicon(articles: pd.DataFrame) -> NDArray[np.bool_]:
    """Which articles are in the language of VADER's lexicon; one without a known language is in that of its text."""
    return _are(languages_of(articles), LANGUAGES[0])


def _are(told: Sequence[str], language: str) -> NDArray[np.bool_]:
    return np.array([code == language for code in told], dtype=np.bool_)


def _score_headlines(
    articles: pd.DataFrame,
    told: Sequence[str],
    book: Lexicon | None,
    negation: int,
    straight: bool,
    name: str,
    progress: bool | None,
) -> NDArray[np.float64]:
    scores = np.full(len(articles), np.nan)
    if "headline" not in articles.columns:
        return scores
    printed = _are(told, "en" if book is None else book.language)
    printed &= articles["headline"].notna().to_numpy(dtype=np.bool_)
    if book is None:
        headlines = articles["headline"][printed].tolist()
        spoken = map(straighten, headlines) if straight else headlines
        if name == NETWORK:
            scores[printed] = load_sentiment_model().rate(headlines, progress=progress)
        else:
            scores[printed] = score_sentences(spoken, lexicon=name)["compound"].to_numpy()
    elif printed.any():
        tokens = tokenize(articles[printed], column="headline")
        found = score_with_lexicon(tokens, book.weighted(), book.language, negation, None)[:, 0]
        owner, size = tokens.segments.article, int(printed.sum())
        total, count = np.bincount(owner, found, size), np.bincount(owner, minlength=size)
        scores[printed] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return scores


def _articles_table(
    articles: pd.DataFrame, segments: Segments, scores: NDArray[np.float64], texts: Sequence[str], edge: float
) -> pd.DataFrame:
    table = context_of(articles)
    return pd.concat([table, _summarise(scores, segments.article, len(articles), edge)], axis=1)


def _paragraphs_table(
    articles: pd.DataFrame, segments: Segments, scores: NDArray[np.float64], texts: Sequence[str], edge: float
) -> pd.DataFrame:
    begins = np.append(True, np.diff(segments.paragraph) != 0) | np.append(True, np.diff(segments.article) != 0)
    begins = begins[: len(segments)]
    owner = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(segments))[: len(first)] - 1
    summary = _summarise(scores, owner, len(first), edge)
    place = pd.DataFrame(
        {
            "article_id": articles["article_id"].take(segments.article[first]).reset_index(drop=True),
            "paragraph": segments.paragraph[first],
            "start": segments.start[first].astype(np.int64),
            "end": segments.end[last].astype(np.int64),
        }
    )
    return pd.concat([place, summary[["sentiment", "se", "n_sentences"]]], axis=1)


def _sentences_table(
    articles: pd.DataFrame, segments: Segments, scores: NDArray[np.float64], texts: Sequence[str], edge: float
) -> pd.DataFrame:
    table = segments.to_frame(articles["article_id"].tolist(), texts)
    table["sentiment"] = scores[:, 0]
    counts = np.nan_to_num(scores[:, 1:]).astype(np.int64)
    table["n_positive"], table["n_negative"] = counts[:, 0], counts[:, 1]
    return table


_TABLES: dict[str, Callable[..., pd.DataFrame]] = {
    "article": _articles_table,
    "paragraph": _paragraphs_table,
    "sentence": _sentences_table,
}
_BEFORE = {"article": "sentiment", "paragraph": "paragraph", "sentence": "paragraph"}


def _summarise(scores: NDArray[np.float64], owner: NDArray[np.integer], size: int, edge: float) -> pd.DataFrame:
    """Return mean, standard error, shares and counts per owner, over the sentences that have a score."""
    scored = ~np.isnan(scores[:, 0])
    owner, scores = owner[scored], scores[scored]
    value = scores[:, 0]
    n = np.bincount(owner, minlength=size)
    some = np.where(n > 0, n, np.nan)

    def mean(values: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.bincount(owner, weights=values, minlength=size) / some

    average = mean(value)
    spread = np.bincount(owner, weights=(value - average[owner]) ** 2, minlength=size)
    counts = [np.bincount(owner, weights=scores[:, column], minlength=size) for column in (1, 2)]
    with np.errstate(invalid="ignore"):
        error = np.sqrt(spread / np.where(n > 1, n - 1, np.nan) / some)
    ratio = np.log((counts[0] + 0.5) / (counts[1] + 0.5))
    return pd.DataFrame(
        {
            "sentiment": average, "se": error, "share_positive": mean(value >= edge),
            "share_neutral": mean(np.abs(value) < edge), "share_negative": mean(value <= -edge), "n_sentences": n,
            "n_positive": counts[0].astype(np.int64), "n_negative": counts[1].astype(np.int64),
            "log_ratio": np.where(counts[0] + counts[1] > 0, ratio, np.nan),
        }
    )  # fmt: skip


def _notes(articles: pd.DataFrame, told: Sequence[str], language: str, counts: NDArray[np.int64]) -> pd.Series:
    found = zip(why_not(articles, language, told), counts, strict=True)
    return pd.Series([reason or ("" if count else "no sentence") for reason, count in found], dtype="str")


def _notes_only(
    articles: pd.DataFrame, told: Sequence[str], segments: Segments, scores: NDArray[np.float64], language: str
) -> pd.DataFrame:
    scored = ~np.isnan(scores[:, 0])
    counts = np.bincount(segments.article[scored], minlength=len(articles))
    note = _notes(articles, told, language, counts)
    return pd.DataFrame({"sentiment": np.where(counts > 0, 0.0, np.nan), "note": note})


def why_not(articles: pd.DataFrame, language: str = "en", told: Sequence[str] | None = None) -> list[str]:
    """Say for each article why it cannot be scored: no text, or another language than `told` says; "" where it can."""
    known = {"en": "English"}.get(language, language)
    reasons = []
    for text, code in zip(articles["text"].tolist(), told or languages_of(articles), strict=True):
        if not isinstance(text, str):
            reasons.append("no text")
        elif code == UNKNOWN and language != UNKNOWN:
            reasons.append(f"language not known, and the text does not read as English: the lexicon is {known}")
        elif code != language:
            reasons.append(f"language {code}: the lexicon is {known}")
        else:
            reasons.append("")
    return reasons


def _warn_of_missing(tables: Sequence[pd.DataFrame]) -> None:
    whole = pd.concat([table[["sentiment", "note"]] for table in tables], ignore_index=True)
    lost = whole["sentiment"].isna()
    if lost.any():
        reasons = whole.loc[lost, "note"].value_counts()
        warnings.warn(
            f"{int(lost.sum())} of {len(whole)} articles have no sentiment: {reasons.index[0]} ({reasons.iloc[0]}). "
            "See the column note.",
            MeasureWarning,
            stacklevel=3,
        )
