"""A transformer that reads word pieces, computed with NumPy: as BERT (Devlin et al. 2019, arXiv 1810.04805).

Weights are whole numbers of eight bits with a step for each column, and what is multiplied with them lies on a grid of
its own for each piece. So the products with weights add up to whole numbers, exact in whatever order a processor adds
them. What is left, the looks from piece to piece, is computed for one text at a time, which is never filled up: a text
has the same digits alone and among ten thousand, and (as measured with one core and with two) on several cores.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ModelError

Floats = NDArray[np.float32]
BEGIN, END, MASK, UNKNOWN = "[CLS]", "[SEP]", "[MASK]", "[UNK]"
_FINEST = np.float32(1023)  # steps of the grid on each side of zero
_TINY = np.float32(1e-12)
_GELU = np.float32(np.sqrt(2 / np.pi))
_LONGEST_WORD = 100  # letters
_REMEMBERED = 100_000  # words whose pieces are kept
_NO_SIGNS = frozenset(("Mn", "Cc", "Cf"))  # accents, and what is not printed


@dataclass(frozen=True)
class WordPieces:
    """Parts of words and their numbers (WordPiece, Wu et al. 2016, arXiv 1609.08144)."""

    pieces: tuple[str, ...]
    at_most: int = 6  # pieces of a word
    _known: dict[str, list[int]] = field(default_factory=dict, repr=False)

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of every piece."""
        return {piece: number for number, piece in enumerate(self.pieces)}

    def split(self, word: str) -> list[int]:
        """Return the numbers of the pieces of a word in lower case: from the left, the longest piece that is known.

        Examples
        --------
        >>> WordPieces(("[UNK]", "un", "##rest", "'")).split("unrest"), WordPieces(("[UNK]", "un")).split("unrest")
        ([1, 2], [0])
        """
        if word not in self._known:
            kept = (one for one in unicodedata.normalize("NFD", word) if unicodedata.category(one) not in _NO_SIGNS)
            plain = "".join(kept)
            found = [number for part in _parts(plain) for number in self._pieces_of(part)]
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = found[: self.at_most]
        return self._known[word]

    def _pieces_of(self, part: str) -> list[int]:
        found: list[int] = []
        at = 0
        while at < len(part):
            behind = min(len(part), at + _LONGEST_WORD)
            mark = "##" if at else ""
            while behind > at and mark + part[at:behind] not in self.number:
                behind -= 1
            if behind == at:
                return [self.number[UNKNOWN]]
            found.append(self.number[mark + part[at:behind]])
            at = behind
        return found


def _parts(word: str) -> list[str]:
    """Split at every sign that is no letter and no digit, and keep the sign."""
    if word.isalnum():
        return [word]
    found = [""]
    for one in word:
        if one.isalnum():
            found[-1] += one
        elif not one.isspace():
            found += [one, ""]
        else:
            found.append("")
    return [part for part in found if part]


class Dense:
    """A layer of weights: whole numbers of eight bits, a step for each column, and a bias."""

    def __init__(self, weights: NDArray[np.int8], step: Floats, bias: Floats) -> None:
        if weights.ndim != 2 or weights.shape[1] != len(step) or len(step) != len(bias):
            raise ModelError("weights, steps and bias do not fit.")
        self.weights = np.ascontiguousarray(weights, dtype=np.float32)
        self.step, self.bias = step.astype(np.float32), bias.astype(np.float32)

    def __call__(self, x: Floats) -> Floats:
        """Return one row per row of `x`."""
        scale = np.maximum(np.abs(x).max(axis=1, keepdims=True), _TINY) / _FINEST
        sums = np.rint(x / scale) @ self.weights
        sums *= scale
        sums *= self.step
        sums += self.bias
        return np.asarray(sums, dtype=np.float32)


@dataclass(frozen=True)
class Layer:
    """One layer: attention, and two dense layers, each with its input added and evened out."""

    ask: Dense  # queries, keys and values side by side
    told: Dense
    evened: tuple[Floats, Floats]
    wide: Dense
    narrow: Dense
    evened_again: tuple[Floats, Floats]
    heads: int

    def read(self, x: Floats) -> Floats:
        """Return how the layer reads the pieces: one row each."""
        n, deep = x.shape
        each = deep // self.heads
        asked = self.ask(x).reshape(n, 3, self.heads, each)
        query, key, value = (np.ascontiguousarray(asked[:, part].transpose(1, 0, 2)) for part in range(3))
        look = query @ key.transpose(0, 2, 1)
        look *= np.float32(1 / np.sqrt(each))
        look -= look.max(axis=2, keepdims=True)
        np.exp(look, out=look)
        look /= look.sum(axis=2, keepdims=True)
        seen: Floats = (look @ value).transpose(1, 0, 2).reshape(n, deep).astype(np.float32, copy=False)
        x = even_out(np.add(x, self.told(seen)), *self.evened)
        return even_out(x + self.narrow(gelu(self.wide(x))), *self.evened_again)


@dataclass(frozen=True)
class Encoder:
    """Vectors of word pieces and places, and the layers that read them."""

    pieces: WordPieces
    vectors: NDArray[np.int8]
    steps: Floats
    places: Floats
    evened: tuple[Floats, Floats]
    layers: tuple[Layer, ...]

    @property
    def longest(self) -> int:
        """How many pieces are read at most."""
        return len(self.places)

    def read(self, numbers: Sequence[int]) -> Floats:
        """Return how the pieces of one text are read: one row each.

        Raises
        ------
        ValueError
            When there are more than `longest`.
        """
        if len(numbers) > self.longest:
            raise ValueError(f"{len(numbers)} pieces are more than {self.longest}.")
        rows = np.asarray(numbers, dtype=np.int64)
        x = self.vectors[rows].astype(np.float32) * self.steps[rows, None] + self.places[: len(rows)]
        x = even_out(x, *self.evened)
        for layer in self.layers:
            x = layer.read(x)
        return x


def even_out(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Return rows of mean 0 and variance 1, weighed (layer normalisation)."""
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((x * x).mean(axis=1, keepdims=True) + _TINY)
    return np.asarray(x / spread * weight + bias, dtype=np.float32)


def gelu(x: Floats) -> Floats:
    """Return x where it is large, 0 where it is small (GELU, Hendrycks and Gimpel 2016, by the tangent)."""
    found = x * x
    found *= np.float32(0.044715)
    found += 1
    found *= x
    found *= _GELU
    np.tanh(found, out=found)
    found += 1
    found *= x
    found *= np.float32(0.5)
    return found


def build_encoder(pieces: Sequence[str], heads: int, arrays: Mapping[str, NDArray[np.generic]]) -> Encoder:
    """Put an encoder together from its arrays, as `encoder_arrays` of the training scripts names them.

    Raises
    ------
    ModelError
        When arrays do not fit.
    """

    def dense(name: str) -> Dense:
        return Dense(arrays[name], arrays[f"{name}_step"], arrays[f"{name}_bias"])  # type: ignore[arg-type]

    def pair(name: str) -> tuple[Floats, Floats]:
        weight, bias = arrays[f"{name}_weight"], arrays[f"{name}_bias"]
        return weight.astype(np.float32), bias.astype(np.float32)

    layers: list[Layer] = []
    while f"ask{len(layers)}" in arrays:
        at = len(layers)
        parts = (f"{name}{at}" for name in ("ask", "told", "evened", "wide", "narrow", "again"))
        ask, told, evened, wide, narrow, again = parts
        layers.append(Layer(dense(ask), dense(told), pair(evened), dense(wide), dense(narrow), pair(again), heads))
    vectors, steps = arrays["vectors"].astype(np.int8), arrays["vectors_step"].astype(np.float32)
    places = arrays["places"].astype(np.float32)
    if len(vectors) != len(pieces) or len(steps) != len(pieces) or vectors.shape[1] != places.shape[1] or not layers:
        raise ModelError("vectors do not fit the pieces.")
    return Encoder(WordPieces(tuple(pieces)), vectors, steps, places, pair("evened"), tuple(layers))
