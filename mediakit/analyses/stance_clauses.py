"""The clause around a target, scored by VADER's lexicon: the measure that the stance model is compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.sentiment import is_too_long
from mediakit.analyses.vader import score_sentences, straighten

# A clause ends at punctuation, and before words that turn or subordinate the thought.
_CLAUSE_END = re.compile(
    r"[;:—–()\[\]]|,(?=\s)|\s-\s"
    r"|\s(?=(?:but|while|although|though|whereas|however|because|which|who|unless|yet)\b)",
    re.IGNORECASE,
)
_LEAST_WORDS = 3  # besides the target; a shorter clause is read with its sentence
_STAND_IN = "it"  # the target's own words ("Peace Forum") must not score
Span = tuple[int, int]


def find_clause(sentence: str, start: int, end: int) -> Span:
    """Return start and end of the clause around a stretch of a sentence; the sentence itself where the clause is tiny.

    Examples
    --------
    >>> text = "The students cheered, but the strike failed badly."
    >>> left, right = find_clause(text, 30, 36)
    >>> text[left:right].strip()
    'but the strike failed badly.'
    """
    left, right = 0, len(sentence)
    for cut in _CLAUSE_END.finditer(sentence):
        if cut.end() <= start:
            left = cut.end()
        elif cut.start() >= end:
            right = cut.start()
            break
    outside = len(sentence[left:start].split()) + len(sentence[end:right].split())
    return (left, right) if outside >= _LEAST_WORDS else (0, len(sentence))


def score_clauses(
    texts: Sequence[str], spans: Sequence[Span], others: Sequence[Sequence[Span]] | None = None
) -> tuple[NDArray[np.float64], list[Span]]:
    """Return the VADER score of the clause around each mention, and the clause; NaN for one of more than 500 words.

    Parameters
    ----------
    texts : sequence of str
    spans : sequence of (start, end)
        The mention in each text.
    others : sequence of lists of (start, end), optional
        All mentions of the same target in each text, which do not score either.

    Examples
    --------
    >>> score_clauses(["The mayor praised the students, but he lied."], [(22, 30)])[0].round(2).tolist()
    [0.49]
    """
    masked, clauses = [], []
    for number, (text, span) in enumerate(zip(texts, spans, strict=True)):
        left, right = find_clause(text, *span)
        masked.append(_mask(text, left, right, [span] if others is None else others[number]))
        clauses.append((left, right))
    scores = score_sentences(map(straighten, masked))["compound"].to_numpy(dtype=np.float64, copy=True)
    scores[[is_too_long(text) for text in masked]] = np.nan
    return scores, clauses


def _mask(text: str, left: int, right: int, mentions: Sequence[Span]) -> str:
    """Return the clause with every mention of the target replaced, as none of its words must score."""
    pieces, at = [], left
    for start, end in sorted(mentions):
        if at < end <= right:
            # Of two mentions that overlap, the second only lengthens the first.
            pieces += [text[at:start], _STAND_IN] if start >= at else []
            at = end
    return "".join([*pieces, text[at:right]])
