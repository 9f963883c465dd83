"""Windows around cues: what tells, seen from one cue, which words are its source and which are reported.

Each cue looks at its own sentence. What is true of a word from wherever it is seen (`shared_features`) is worked out
once; what depends on the cue (`window_features`) once per window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.mention_kinds import KINDS
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_words import GAPS, LETTERS, gap_codes, is_capital, letter_codes, shift
from mediakit.analyses.word_classes import COMMA, DASH, LINE

ANCHOR = 0.25  # chance of being a cue from which a word is looked at as one
_BACK, _ON = 40, 50  # words of a window on each side of its cue
_NEAR = 10
_ENDING = 3  # letters
_LOUD = 0.3  # chance from which another cue between a word and the cue counts


@dataclass(frozen=True)
class Windows:
    """The words around each anchor, one run per anchor.

    Attributes
    ----------
    anchor : array of int64, one value per window
        The token that is taken for the cue.
    first, length : array of int64, one value per window
    token : array of int64, one value per word of the windows
    window : array of int64, one value per word
        Which window it is in.
    """

    anchor: NDArray[np.int64]
    first: NDArray[np.int64]
    length: NDArray[np.int64]
    token: NDArray[np.int64]
    window: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.anchor)


def find_anchors(ground: Ground, cue: NDArray[np.float64], least: float = ANCHOR) -> NDArray[np.int64]:
    """Return the tokens that may be the head of a cue: outside quotations, likelier than their neighbours."""
    sentence = ground.reading.tokens.sentence
    apart = np.append(True, sentence[1:] != sentence[:-1])
    higher = np.append(True, cue[1:] >= cue[:-1]) | apart
    lower = np.append(cue[:-1] > cue[1:], True) | np.append(apart[1:], True)
    return np.flatnonzero((cue > least) & higher & lower & ~ground.quoted) if len(cue) else np.zeros(0, dtype=np.int64)


def open_windows(ground: Ground, anchor: NDArray[np.int64]) -> Windows:
    """Open a window on the sentence of each anchor, at most `_BACK` words before it and `_ON` behind."""
    sentence = ground.reading.tokens.sentence
    own = sentence[anchor]
    first = np.maximum(np.searchsorted(sentence, own), anchor - _BACK)
    last = np.minimum(np.searchsorted(sentence, own, side="right") - 1, anchor + _ON)
    length = last - first + 1
    window = np.repeat(np.arange(len(anchor), dtype=np.int64), length)
    token = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length) + first[window]
    return Windows(anchor, first, length, token, window)


def shared_features(ground: Ground, endings: Mapping[str, int]) -> tuple[NDArray[np.int64], int]:
    """Return features of each token besides those of `quote_words`: endings, its place in a mention and a quotation."""
    mentions = ground.mentions
    n = len(ground.quoted)
    role = np.zeros(n + 1, dtype=np.int64)  # 0: no mention; else 3 * kind + (1 inner, 2 first, 3 last)
    kind = mentions.kind.astype(np.int64)
    width = mentions.last - mentions.first + 1
    member = np.repeat(mentions.first, width) + np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
    role[member] = np.repeat(3 * kind + 1, width)
    role[mentions.first] = 3 * kind + 2
    role[mentions.last] = 3 * kind + 3
    role = role[:n]
    wide = 3 * len(KINDS) + 1
    line = np.cumsum(ground.reading.gap == ord(LINE))
    following = shift(role, 1, 0, line)
    quoted = ground.quoted.astype(np.int64)
    around = shift(quoted, -1, 0, line) * 4 + quoted * 2 + shift(quoted, 1, 0, line)
    columns: list[NDArray[np.int64]] = []
    total = 0
    for values, size in ((role, wide), (role * wide + following, wide * wide), (around, 8)):
        columns.append(values + total)
        total += size
    ending, size = _ending_codes(ground, endings)
    for by in (-2, -1, 0, 1, 2):
        columns.append(shift(ending, by, size - 1, line) + total)
        total += size
    return np.stack(columns).T, total


def ending_of(word: str) -> str:
    """Return what tells the kind of a word: its last three letters; nothing for a short one.

    Examples
    --------
    >>> ending_of("spending"), ending_of("to")
    ('ing', '')
    """
    return word[-_ENDING:] if len(word) > _ENDING + 1 else ""


def _ending_codes(ground: Ground, endings: Mapping[str, int]) -> tuple[NDArray[np.int64], int]:
    """Return the code of the ending of each token, and how many codes there are; names have none."""
    reading = ground.reading
    size = len(endings)
    codes = [endings.get(ending, size) if (ending := ending_of(word)) else size + 1 for word in reading.lower]
    code = np.array(codes, dtype=np.int64)[reading.tokens.term]
    return np.where(is_capital(reading), size + 2, code), size + 4


def window_features(
    ground: Ground, windows: Windows, cue: NDArray[np.float64], code: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], int]:
    """Return which features each word of the windows has, one column per group, and how many there are.

    Parameters
    ----------
    cue : array of float, one value per token
        Chance of being a cue.
    code : array of int64, one value per token
        As `word_codes` returns it; `size` : how many codes there are.
    """
    token = windows.token
    anchor = windows.anchor[windows.window]
    away = token - anchor
    side = (away > 0).astype(np.int64)
    gap = gap_codes(ground.reading)
    letter = letter_codes(ground.reading)
    distance = np.where(np.abs(away) <= _NEAR, away, np.sign(away) * (_NEAR + 1 + (np.abs(away) - _NEAR) // 8))
    distance = np.clip(distance, -_NEAR - 5, _NEAR + 6) + _NEAR + 5
    far = 2 * _NEAR + 12
    commas = _between(_sums(ground.reading.gap == ord(COMMA)), token, anchor, 3)
    dashes = _between(_sums(np.isin(ground.reading.gap, _DASHES)), token, anchor, 2)
    line = np.cumsum(ground.reading.gap == ord(LINE))
    loud = (cue > _LOUD) & (np.where(np.append(False, line[1:] == line[:-1]), np.append(0, cue)[:-1], 0) <= cue)
    others = np.clip(_between(_sums(loud), token, anchor, 3) - ((side == 1) & loud[anchor]), 0, 2)
    quoted = _between(_sums(ground.quoted), token, anchor, 1)
    following = np.append(gap, _LINE)[token + 1]
    near = np.clip(away, -3, 3) + 3
    begins = np.minimum(token - windows.first[windows.window], 3)
    ends = np.minimum(windows.first[windows.window] + windows.length[windows.window] - 1 - token, 3)
    edge = begins * 4 + ends
    letters = len(LETTERS)
    gaps = len(GAPS)
    columns: list[NDArray[np.int64]] = []
    total = 0

    def add(values: NDArray[np.int64], width: int) -> None:
        nonlocal total
        columns.append(values + total)
        total += width

    add(distance, far)
    add(near * size + code[anchor], 7 * size)
    add((near * letters + letter[anchor]) * letters + letter[token], 7 * letters * letters)
    add(((commas * 3 + dashes) * 2 + side) * gaps + gap[token], 24 * gaps)
    add(((commas * 3 + dashes) * 2 + side) * gaps + following, 24 * gaps)
    add(((others * 2 + side) * 4 + commas) * 16 + edge, 6 * 4 * 16)
    add((others * 2 + side) * letters + letter[token], 6 * letters)
    add((quoted * 2 + side) * gaps + gap[token], 4 * gaps)
    add((others * 2 + side) * gaps + following, 6 * gaps)
    add(distance * letters + letter[token], far * letters)
    add((side * 16 + edge) * letters + letter[anchor], 32 * letters)
    return np.stack(columns).T, total


_LINE = GAPS.index(LINE)
_DASHES = np.frombuffer((DASH + "()").encode(), dtype=np.uint8)


def _sums(values: NDArray) -> NDArray[np.int64]:
    return np.append(0, np.cumsum(values, dtype=np.int64))


def _between(sums: NDArray[np.int64], token: NDArray[np.int64], anchor: NDArray[np.int64], most: int) -> NDArray:
    """Count what stands behind the nearer of a word and its cue, up to the farther one."""
    return np.minimum(np.abs(sums[token + 1] - sums[anchor + 1]), most)
