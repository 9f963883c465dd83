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
SCARE = 3  # words; what is quoted with fewer is a term or a scare quote, and the outlet's own choice of words


def find_quotations(text: str) -> list[tuple[int, int]]:
    """Return start and end of every stretch between quotation marks, marks included.

    A mark that is not closed in its paragraph quotes to the end of it, as in a quotation over several paragraphs.

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
        elif sign in _CLOSED_BY:
            opened = (mark.start(), _CLOSED_BY[sign])
    if opened:
        found.append((opened[0], len(text)))
    return found


def mark_quoted(texts: Sequence[str], pieces: Pieces) -> NDArray[np.bool_]:
    """Mark the pieces that stand inside a quotation of at least three words."""
    quoted = np.zeros(len(pieces), dtype=np.bool_)
    for number, text in enumerate(texts):
        first, last = int(pieces.first[number]), int(pieces.first[number + 1])
        starts = pieces.start[first:last]
        for start, end in find_quotations(text):
            if len(text[start:end].split()) >= SCARE:
                # A piece such as `“We` begins at or before the mark; one such as `(“We` before it.
                left = int(np.searchsorted(starts, start, side="right")) - 1
                left = left if left >= 0 and starts[left] >= start - 1 else left + 1
                quoted[first + left : first + int(np.searchsorted(starts, end))] = True
    return quoted
