"""Scores by a lexicon of patterns with weights: which words of a sentence count, and which are turned by a negation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mediakit.lexicons.negations import load_negations
from mediakit.text.tokens import Tokens


def score_with_lexicon(
    tokens: Tokens, weights: Mapping[str, float], language: str, negation: int, keep: NDArray[np.bool_] | None
) -> NDArray[np.float64]:
    """Score every sentence.

    Parameters
    ----------
    tokens : Tokens
    weights : mapping of pattern to weight
        Of patterns that match the same words the longest counts: "not good" instead of "good".
    language : str
        Of the negating words.
    negation : int
        Words before a match in which a negation of the same sentence turns its weight.
    keep : array of bool, one value per piece, optional
        The pieces that count, of one voice.

    Returns
    -------
    array of shape (sentences, 3)
        Mean weight of the matches, 0 without any; number of positive and of negative matches. NaN for a sentence
        without words, or of more than 500.
    """
    size = len(tokens.segments)
    sentence, weight, _ = _find(tokens, weights, language, negation, keep)
    heard = _heard(tokens, keep)
    words = np.bincount(tokens.sentence[heard], minlength=size)
    count = np.bincount(sentence, minlength=size)
    total = np.bincount(sentence, weights=weight, minlength=size)
    scores = np.column_stack(
        [
            total / np.maximum(count, 1),
            np.bincount(sentence, weights=weight > 0, minlength=size),
            np.bincount(sentence, weights=weight < 0, minlength=size),
        ]
    )
    scores[(words == 0) | (words > 500)] = np.nan
    return scores


def weigh_with_lexicon(
    tokens: Tokens, weights: Mapping[str, float], language: str, negation: int, keep: NDArray[np.bool_] | None
) -> list[tuple[int, int, float]]:
    """Return first and last character and weight of every match, in order."""
    _, weight, (first, last) = _find(tokens, weights, language, negation, keep)
    order = np.argsort(first, kind="stable")
    places = (tokens.start[first][order], tokens.end[last][order], weight[order])
    return list(zip(*(values.tolist() for values in places), strict=True))


def _heard(tokens: Tokens, keep: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Mark the tokens whose piece counts."""
    if keep is None:
        return np.ones(len(tokens), dtype=np.bool_)
    pieces = tokens.segments.pieces
    # Both lists run through the texts in order: a token belongs to the last piece that begins at or before it.
    long = int(pieces.start.max(initial=0)) + int(tokens.end.max(initial=0)) + 1
    where = np.searchsorted(
        pieces.text_of() * np.int64(long) + pieces.start, tokens.article * np.int64(long) + tokens.start, side="right"
    )
    return keep[where - 1] if len(tokens) else np.zeros(0, dtype=np.bool_)


def _find(
    tokens: Tokens, weights: Mapping[str, float], language: str, negation: int, keep: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int32], NDArray[np.float64], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return sentence, weight and place of every match that counts."""
    found = tokens.matches({"": list(weights)})
    weight = np.array([weights[pattern] for pattern in found.patterns] or [0.0])[found.pattern]
    heard = _heard(tokens, keep)
    counts = heard[found.first] & heard[found.last]
    first, last, weight = found.first[counts], found.last[counts], weight[counts]
    sentence = tokens.sentence[first]
    words = load_negations(language)
    if negation > 0 and words and len(first):
        english = language == "en"
        turning = [form in words or (english and form.endswith("n't")) for form in tokens.normal]
        turns = np.array(turning, dtype=np.bool_)
        flips = np.zeros(len(first), dtype=np.bool_)
        for step in range(1, negation + 1):
            before = np.maximum(first - step, 0)
            flips |= (first >= step) & turns[tokens.term[before]] & (tokens.sentence[before] == sentence)
        # A pattern that holds the negation itself ("not good") has its weight already.
        weight = np.where(flips, -weight, weight)
    return sentence, weight, (first, last)
