"""What stands between quotation marks, so that the voices quoted and the outlet's own words can be measured apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediakit.text.pieces import Pieces

# Opening mark -> what may close it. Single marks are left out: they are apostrophes far more often.
_CLOSED_BY = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", '"': '"', "''": "''", "``": "''"}
_MARK = re.compile(r"''|``|[“”„«»「」『』\"\n]")
# After a word and before a space, a mark that can be either closes, as in 6" or where the opening mark is missing.
_ONLY_CLOSES = re.compile(r"(?<=[\w.,!?…%)])(?:''|[\"“»])(?=[\s.,;:!?)]|\Z)")
SCARE = 3  # words; what is quoted with fewer is a term or a scare quote, and the outlet's own choice of words
# Signs that stand alone, as the marks of « oui » do, are no words.
_ENOUGH = re.compile(rf"(?:[\W_]*+[^\W_]\S*+){{{SCARE}}}")


def find_quotations(text: str) -> list[tuple[int, int]]:
    """Return start and end of every stretch between quotation marks, marks included.

    A mark that is not closed in its paragraph quotes to the end of it, as in a quotation over several paragraphs. A
    mark that can only close, and closes nothing, is passed over.

    Examples
    --------
    >>> text = 'She said: “We object.” He left.'
    >>> [text[start:end] for start, end in find_quotations(text)]
    ['“We object.”']
    """
    found = []
    opened: tuple[int, str] | None = None
    for mark in _MARK.finditer(text):
        sign = mark[0]
        if sign == "\n":
            if opened:
                found.append((opened[0], mark.start()))
            opened = None
        elif opened:
            if sign in (opened[1], *opened[1]) and sign not in ("'",):
                found.append((opened[0], mark.end()))
                opened = None
        elif sign in _CLOSED_BY and not _ONLY_CLOSES.match(text, mark.start()):
            opened = (mark.start(), _CLOSED_BY[sign])
    if opened:
        found.append((opened[0], len(text)))
    return found


def mark_quoted_places(texts: Sequence[str], article: NDArray[np.int32], start: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Mark places (characters, article by article in order) that are inside a quotation of at least three words."""
    quoted = np.zeros(len(start), dtype=np.bool_)
    bounds = np.searchsorted(article, np.arange(len(texts) + 1))
    for number, text in enumerate(texts):
        first, last = int(bounds[number]), int(bounds[number + 1])
        if first == last:
            continue
        spans = [span for span in find_quotations(text) if _ENOUGH.match(text, *span)]
        if spans:
            begin, end = np.array(spans, dtype=start.dtype).T
            here = start[first:last]
            # Quotations of one text do not overlap: a place is in one when more begin before it than end.
            quoted[first:last] = np.searchsorted(begin, here, side="right") > np.searchsorted(end, here, side="right")
    return quoted


def mark_quoted(texts: Sequence[str], pieces: Pieces) -> NDArray[np.bool_]:
    """Mark the pieces that stand inside a quotation of at least three words."""
    quoted = np.zeros(len(pieces), dtype=np.bool_)
    for number, text in enumerate(texts):
        first, last = int(pieces.first[number]), int(pieces.first[number + 1])
        if first == last:  # not read, such as an article in another language
            continue
        spans = [span for span in find_quotations(text) if _ENOUGH.match(text, *span)]
        if spans:
            starts = pieces.start[first:last]
            begin, end = np.array(spans, dtype=starts.dtype).T
            # A piece such as `(“We` begins just before the mark.
            left = np.searchsorted(starts, begin, side="right") - 1
            left += (left < 0) | (starts[np.maximum(left, 0)] < begin - 1)
            # Up at each beginning and down at each end: what is above zero in between is quoted.
            change = np.zeros(len(starts) + 1, dtype=np.int32)
            np.add.at(change, left, 1)
            np.add.at(change, np.maximum(np.searchsorted(starts, end), left), -1)
            quoted[first:last] = np.cumsum(change)[:-1] > 0
    return quoted
