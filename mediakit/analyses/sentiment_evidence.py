"""The sentences and words from which a sentiment score was made."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from mediakit.analyses.evidence import Marks
from mediakit.analyses.lexicon_scores import weigh_with_lexicon
from mediakit.analyses.sentiment_network import load_sentiment_model
from mediakit.analyses.vader import straighten, weigh_words
from mediakit.errors import MeasureWarning
from mediakit.lexicons.sentiment_lexicons import Lexicon, load_lexicon
from mediakit.text.pieces import as_strings
from mediakit.text.quotations import mark_quoted
from mediakit.text.sentences import Segments
from mediakit.text.tokens import Tokens, tokenize

# Measures that need no lexicon of the user's, each with the list that VADER's rules are applied to.
NETWORK = "news_network"
LISTS = {"vader": "vader", "news": "news", NETWORK: "news"}
_TOLD = 3  # words that are marked as having moved the network

OneLexicon = str | Path | Lexicon


def kept_pieces(
    segments: Segments, keep: NDArray[np.bool_] | None, straight: bool
) -> tuple[NDArray[np.int32], NDArray[np.int64], pa.Array]:
    """Return the kept pieces, where each sentence begins among them, and the distinct pieces."""
    pieces = segments.pieces
    distinct = as_strings(list(map(straighten, pieces.vocabulary))) if straight else pieces.distinct
    if keep is None:
        return pieces.code, segments.first, distinct
    return pieces.code[keep], np.concatenate([[0], np.cumsum(keep)])[segments.first], distinct


def explain_sentiment(
    article_id: str,
    *,
    score: Callable[..., pd.DataFrame],
    articles: pd.DataFrame,
    lexicons: Sequence[OneLexicon],
    voice: str,
    negation: int,
    straight: bool,
) -> pd.DataFrame:
    """Return the sentences of one article with their scores and the words that made them; see `show_evidence`."""
    row = articles[articles["article_id"] == article_id].reset_index(drop=True)
    tokens = tokenize(row)
    frames, marks = [], {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MeasureWarning)
        for one in lexicons:
            table = score(
                row, unit="sentence", lexicon=one, voice=voice, negation=negation, straight=straight, tokens=tokens
            ).dropna(subset=["sentiment"])
            weights = _weigh(tokens, one, voice, negation, straight)
            words = []
            for start, end in zip(table["start"], table["end"], strict=True):
                mine = [(left, right, weight) for left, right, weight in weights if start <= left < end]
                marks[int(start)] = [(left - start, right - start, weight) for left, right, weight in mine]
                words.append(", ".join(f"{tokens.texts[0][a:b]} {weight:+.3g}" for a, b, weight in mine))
            frames.append(table.assign(words=pd.Series(words, dtype="str", index=table.index)))
    found = pd.concat(frames, ignore_index=True).rename(columns={"sentiment": "weight"})
    found = found[["article_id", "lexicon", "sentence", "start", "end", "weight", "text", "words"]]
    found.attrs = {"marks": Marks(marks)}
    return found if len(lexicons) > 1 else found.drop(columns="lexicon")


def _weigh(
    tokens: Tokens, lexicon: OneLexicon, voice: str, negation: int, straight: bool
) -> list[tuple[int, int, float]]:
    """Return start, end and weight of every word that counts, in order."""
    keep = None if voice == "all" else mark_quoted(tokens.texts, tokens.segments.pieces) == (voice == "quoted")
    pieces = tokens.segments.pieces
    where = np.arange(len(pieces)) if keep is None else np.flatnonzero(keep)
    if lexicon == NETWORK:
        return _weigh_with_network(tokens, where)
    if not (isinstance(lexicon, str) and lexicon in LISTS):
        book = load_lexicon(lexicon)
        return weigh_with_lexicon(tokens, book.weighted(), book.language, negation, keep)
    code, first, distinct = kept_pieces(tokens.segments, keep, straight)
    place, _, valence = weigh_words(distinct, code, first, LISTS[lexicon])
    found = []
    for piece, weight in zip(where[place].tolist(), valence.tolist(), strict=True):
        if weight:
            printed = pieces.vocabulary[pieces.code[piece]]
            left = int(pieces.start[piece]) + len(printed) - len(printed.lstrip("“”‘’\"'([.,"))
            right = int(pieces.start[piece]) + len(printed.rstrip("“”‘’\"')].,;:!?"))
            found.append((left, max(right, left + 1), weight))
    return found


def _weigh_with_network(tokens: Tokens, where: NDArray[np.intp]) -> list[tuple[int, int, float]]:
    """Return start, end and weight of the words that move the network most, three in a sentence."""
    segments, model, found = tokens.segments, load_sentiment_model(), []
    starts, printed = segments.pieces.start, [segments.pieces.vocabulary[code] for code in segments.pieces.code]
    for first, last in zip(segments.first[:-1].tolist(), segments.first[1:].tolist(), strict=True):
        kept = where[(where >= first) & (where < last)].tolist()
        text = " ".join(printed[piece] for piece in kept)
        # From characters of the joined pieces to those of the article.
        begins = np.cumsum([0, *(len(printed[piece]) + 1 for piece in kept)])
        weighed = sorted(model.weigh(text), key=lambda one: -abs(one[2]))[:_TOLD]
        for left, right, weight in sorted(weighed):
            piece = int(np.searchsorted(begins, left, side="right")) - 1
            offset = int(starts[kept[piece]]) - int(begins[piece])
            found.append((left + offset, right + offset, weight))
    return found
