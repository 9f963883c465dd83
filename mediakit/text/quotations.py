"""What stands between quotation marks, so that the voices quoted and the outlet's own words can be measured apart.

Words count as quoted where three or more of them stand between marks, double or single ones. Fewer are a term or a
scare quote: the outlet's own choice of words. So is a title in single marks, in which every word that weighs has a
capital and no comma or stop stands: ‘The Long Road to Freedom’, but not ‘We Want Freedom!’.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediakit.text.pieces import Pieces
from mediakit.text.single_marks import OPENING, find_end, is_title, may_open

# Opening mark -> what may close it. Single marks have rules of their own: most are apostrophes.
_CLOSED_BY = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", '"': '"', "''": "''", "``": "''"}
# Opening mark -> what closes it where two kinds are mixed up, as in “We object," he said.
_MIXED = {"“": '"“', "„": '"', '"': "”“"}
# One set in front lets the search skip all other letters: twice as fast as the same marks as alternatives.
_MARK = re.compile(r"[“”„«»「」『』\"\n'`](?:(?<=[^'`])|(?<=')'|(?<=`)`)")
_MARK_OR_SINGLE = re.compile(r"[“”„«»「」『』\"\n'‘’‚`](?:(?<=')'|(?<=`)`|(?<!`))")
# After a word and before a space, a mark that can be either closes, as in 6" or where the opening mark is missing.
_ONLY_CLOSES = re.compile(r"(?<=[\w.,!?…%)])(?:''|[\"“”»])(?=[\s.,;:!?)]|\Z)")
SCARE = 3  # words; what is quoted with fewer is a term or a scare quote, and the outlet's own choice of words
# Signs that stand alone, as the marks of « oui » do, are no words.
_ENOUGH = re.compile(rf"(?:[\W_]*+[^\W_]\S*+){{{SCARE}}}")


def find_quotations(text: str) -> list[tuple[int, int]]:
    """Return start and end of every stretch between quotation marks, marks included.

    A mark that is not closed in its paragraph quotes to the end of it, as in a quotation over several paragraphs. A
    mark that can only close, and closes nothing, is passed over. Of two kinds of marks mixed up, as in “We object,"
    the second closes where its own kind does not follow.

    A single mark (‘ or ' or ‚) opens a quotation where no letter stands before it, a word behind it, and something
    closes it in the same paragraph, or the next paragraph opens with the same mark again. Words without their
    beginning (’90s, 'tis, rock ’n’ roll) open none; an apostrophe at the end of a word (the workers’ union) closes one
    only where nothing else does. Marks within other marks are a part of what is quoted.

    Examples
    --------
    >>> text = 'She said: “We object.” He left: ‘It’s the workers’ day,’ he said.'
    >>> [text[start:end] for start, end in find_quotations(text)]
    ['“We object.”', '‘It’s the workers’ day,’']
    """
    found = []
    opened = ""
    begin = done = 0  # of the stretch that is open; behind the last one in single marks
    within = False  # marks of another kind
    singles = may_open(text)
    marks = list((_MARK_OR_SINGLE if singles else _MARK).finditer(text))
    for number, mark in enumerate(marks):
        sign = mark[0]
        if sign == "\n":
            if opened:
                found.append((begin, mark.start()))
            opened = ""
        elif opened:
            closers = _CLOSED_BY[opened]
            closes = sign in (closers, *closers) and sign != "'"
            if not closes and sign in _MIXED.get(opened, ""):
                closes = not within and _closes_another(text, marks, number, closers)
                within = not within
            if closes:
                found.append((begin, mark.end()))
                opened = ""
        elif mark.start() < done:
            continue
        elif sign in _CLOSED_BY:
            if not _ONLY_CLOSES.match(text, mark.start()):
                opened, begin, within = sign, mark.start(), False
        elif singles and sign in OPENING:
            end = find_end(text, marks, number)
            if end:
                found.append((mark.start(), end))
                done = end
    if opened:
        found.append((begin, len(text)))
    return found


def _closes_another(text: str, marks: list[re.Match[str]], number: int, closers: str) -> bool:
    """Whether a mark of another kind closes: it can do nothing else, and none of the right kind follows."""
    if not _ONLY_CLOSES.match(text, marks[number].start()):
        return False
    for mark in marks[number + 1 : number + 40]:
        sign = mark[0]
        if sign in closers:
            return sign == '"' and not _ONLY_CLOSES.match(text, mark.start())
        if sign in "\n“„":
            break
    return True


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether a stretch between marks counts as quoted: three words or more, and no title in single marks."""
    if not _ENOUGH.match(text, start, end):
        return False
    return text[start] not in OPENING or text.startswith("''", start) or not is_title(text[start:end])


def mark_quoted_places(texts: Sequence[str], article: NDArray[np.int32], start: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Mark places (characters, article by article in order) that are inside a quotation of at least three words."""
    quoted = np.zeros(len(start), dtype=np.bool_)
    bounds = np.searchsorted(article, np.arange(len(texts) + 1))
    for number, text in enumerate(texts):
        first, last = int(bounds[number]), int(bounds[number + 1])
        if first == last:
            continue
        spans = [span for span in find_quotations(text) if _is_quoted(text, *span)]
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
        spans = [span for span in find_quotations(text) if _is_quoted(text, *span)]
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
