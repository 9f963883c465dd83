"""How much each word looks like a speaker, a cue or reported content, from the words around it: a linear model.

The model knows frequent words and classes of words, and no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.word_classes import CLASSES, LINE, Reading
from mediakit.errors import ModelError

TARGETS = ("source", "cue", "content")
LETTERS = "".join(CLASSES) + "C"
_CODE = np.zeros(256, dtype=np.int64)
_CODE[np.frombuffer(LETTERS.encode(), dtype=np.uint8)] = np.arange(len(LETTERS))
GAPS = ' ,.-"()=_|;!'
_GAP_CODE = np.zeros(256, dtype=np.int64)
_GAP_CODE[np.frombuffer(GAPS.encode(), dtype=np.uint8)] = np.arange(len(GAPS))
_CAPITAL = np.zeros(256, dtype=np.bool_)
_CAPITAL[np.frombuffer(b"NIAJBYC", dtype=np.uint8)] = True
_NO_LETTER = len(LETTERS)
_REACH = 3  # words on each side
_NEAR = 8  # words to a quotation that are told apart


def word_codes(ground: Ground, vocabulary: Mapping[str, int]) -> NDArray[np.int64]:
    """Return the code of each token: a frequent word, or else its class, counted from the end of the vocabulary."""
    reading = ground.reading
    size = len(vocabulary)
    known = np.fromiter((vocabulary.get(word, -1) for word in reading.lower), dtype=np.int64, count=len(reading.lower))
    word = known[reading.tokens.term]
    letter = _CODE[reading.kind] + size
    return np.where((word < 0) | _CAPITAL[reading.kind], letter, word)


def letter_codes(reading: Reading) -> NDArray[np.int64]:
    """Return the place of the class of each token in `LETTERS`."""
    return _CODE[reading.kind]


def gap_codes(reading: Reading) -> NDArray[np.int64]:
    """Return the place in `GAPS` of what stands before each token; the end of a sentence counts as a mark."""
    gap = reading.gap.copy()
    gap[reading.new_sentence & (gap != ord(LINE))] = ord("!")
    return _GAP_CODE[gap]


def is_capital(reading: Reading) -> NDArray[np.bool_]:
    """Return whether each token is a name or another capitalised word, which is known by its class alone."""
    return _CAPITAL[reading.kind]


def shift(values: NDArray[np.int64], by: int, missing: int, line: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the values of the word `by` places on, in the same paragraph.

    Examples
    --------
    >>> shift(np.array([5, 6, 7]), 1, -1, np.array([0, 0, 1])).tolist()
    [6, -1, -1]
    """
    n = len(values)
    moved = np.full(n, missing, dtype=np.int64)
    if by == 0:
        return values
    if by > 0:
        moved[:-by] = np.where(line[by:] == line[:-by], values[by:], missing)
    else:
        moved[-by:] = np.where(line[:by] == line[-by:], values[:by], missing)
    return moved


def active_features(ground: Ground, vocabulary: Mapping[str, int]) -> tuple[NDArray[np.int64], int]:
    """Return which features each token has, one column per group, and how many features there are.

    Each group (the word itself, the word before, the gap before …) has one active feature per token.
    """
    reading = ground.reading
    size = len(vocabulary) + len(LETTERS) + 1  # the last is "no word there"
    code = word_codes(ground, vocabulary)
    letter = letter_codes(reading)
    gaps = gap_codes(reading)
    break_before = reading.gap == ord(LINE)
    number = np.cumsum(break_before)
    columns: list[NDArray[np.int64]] = []
    total = 0

    def add(values: NDArray[np.int64], width: int) -> None:
        nonlocal total
        columns.append(values + total)
        total += width

    def shifted(values: NDArray[np.int64], by: int, missing: int) -> NDArray[np.int64]:
        return shift(values, by, missing, number)

    letters = {by: shifted(letter, by, _NO_LETTER) for by in range(-_REACH, _REACH + 1)}
    for by in range(-_REACH, _REACH + 1):
        add(shifted(code, by, size - 1), size)
    gap_of = {by: shifted(gaps, by, 9) for by in (-1, 0, 1, 2)}
    for values in gap_of.values():
        add(values, len(GAPS))
    width = _NO_LETTER + 1
    for left, right in ((-1, 0), (0, 1), (1, 2), (-2, -1), (-1, 1)):
        add(letters[left] * width + letters[right], width * width)
    add(gap_of[0] * len(GAPS) + gap_of[1], len(GAPS) ** 2)
    add((letters[-1] * len(GAPS) + gap_of[0]) * width + letters[0], width * width * len(GAPS))
    add((letters[0] * len(GAPS) + gap_of[1]) * width + letters[1], width * width * len(GAPS))
    quoted = ground.quoted.astype(np.int64)
    back, ahead = _distance(quoted, number)
    add(quoted * 2 + (ahead < _NEAR), 4)
    add((back * (_NEAR + 1) + ahead) * 2 + quoted, 2 * (_NEAR + 1) ** 2)
    add(back * width + letters[0], width * (_NEAR + 1))
    add(ahead * width + letters[0], width * (_NEAR + 1))
    return np.stack(columns).T, total  # group by group in memory


def _distance(quoted: NDArray[np.int64], number: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words to the nearest quoted word before and after in the paragraph, at most `_NEAR`."""
    n = len(quoted)
    index = np.arange(n)
    last = np.maximum.accumulate(np.where(quoted > 0, index, -1)) if n else index
    following = np.where(quoted > 0, index, n)
    following = np.minimum.accumulate(following[::-1])[::-1] if n else following
    begin = np.searchsorted(number, number, side="left")
    end = np.searchsorted(number, number, side="right")
    back = np.where(last >= begin, index - last, _NEAR)
    ahead = np.where(following < end, following - index, _NEAR)
    return np.minimum(back, _NEAR), np.minimum(ahead, _NEAR)


@dataclass(frozen=True)
class WordModel:
    """Weights of the linear model.

    Attributes
    ----------
    words : tuple of str
        The frequent words.
    weights : array of float32, one row per feature, one column per target
    bias : array of float64, one value per target
    """

    words: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Word -> code."""
        return {word: code for code, word in enumerate(self.words)}

    def score(self, active: NDArray[np.int64], size: int) -> NDArray[np.float64]:
        """Return the probability that each token belongs to a source, a cue, reported content; one column each.

        Parameters
        ----------
        active, size : as `active_features` returns them
        """
        if size != len(self.weights):
            raise ModelError(f"the model has {len(self.weights)} weights for words; this mediakit needs {size}.")
        total = np.tile(self.bias, (len(active), 1))
        add_rows(total, self.weights, active)
        return 1 / (1 + np.exp(-total))


_BLOCK = 4096  # words at a time, so that the sums stay near the processor


def add_rows(total: NDArray, weights: NDArray[np.float32], active: NDArray[np.int64]) -> None:
    """Add to each word the weights of its active features.

    Examples
    --------
    >>> total = np.zeros((1, 2))
    >>> add_rows(total, np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32), np.array([[0, 2]]))
    >>> total.tolist()
    [[6.0, 8.0]]
    """
    buffer = np.empty((min(_BLOCK, len(active)), weights.shape[1]), dtype=np.float32)
    for begin in range(0, len(active), _BLOCK):
        block = active[begin : begin + _BLOCK]
        part, rows = total[begin : begin + _BLOCK], buffer[: len(block)]
        for column in block.T:
            part += np.take(weights, column, axis=0, out=rows, mode="clip")
