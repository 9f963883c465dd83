"""Small recurrent networks over the words of a sentence, computed with NumPy.

They read the words in both directions (gated recurrent units, Cho et al. 2014, arXiv 1406.1078), look from one place
among them at the words that matter (attention), and give one or more numbers. Stance toward a target and sentiment of
news are such networks; PyTorch trains them (training/), and is not needed to run them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.stance_words import REACH, SPECIAL
from mediakit.errors import ModelError

Floats = NDArray[np.float32]
Sentence = tuple[list[str], int]  # words as the network knows them, and the place from which it looks
# The order in which a product of matrices adds up depends on its shape, on the row and on the processor. So that a
# sentence has the same digits alone, among ten thousand and on any machine, sums are exact in whatever order: what is
# multiplied lies on grids so coarse that no sum needs more digits than there are. What is left is computed in batches
# of one shape each, filled up where need be.
_ROWS = 64
LONGEST = 2 * REACH + 1  # words
_LENGTHS = (10, 14, 18, 22, 26, 30, 34, 40, 48, 60, 72, 84, LONGEST)
_STEPS = (0, 1, 2, 3, 5, 8, 13, 21)  # distances from the target, in words, that are told apart
_MARKS = frozenset(("“", "”", "„", "«", "»", '"'))
_FAR = np.float32(-1e4)  # of a place that is not there
_EXACT = 2.0**24  # up to here every whole number is a float32
_STATE, _INPUT, _DOUBLE = 2.0**-10, 2.0**-8, 2.0**-14  # grids of states (-1 to 1), of inputs, and where sums are double
_LARGEST = 8.0  # of an input


@dataclass(frozen=True)
class Answers:
    """What a network makes of sentences; one row per sentence.

    Attributes
    ----------
    values : array of float32, n × answers
    state : array of float32, n × width
        What the network has read, from its place and around it.
    weights : array of float32, n × words; only where asked for
        What each word adds to a mix of the answers; zero beyond the last word.
    """

    values: Floats
    state: Floats
    weights: Floats | None = None


@dataclass(frozen=True)
class WordNetwork:
    """The weights of a network, and the words that it knows."""

    words: tuple[str, ...]
    ordinary: Set[str]
    arrays: dict[str, Floats]
    about: dict[str, object]

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of every known word."""
        return {word: number for number, word in enumerate(self.words)}

    @property
    def width(self) -> int:
        """How many values describe a sentence."""
        return int(self.arrays["mid"].shape[0])

    def answer(
        self, sentences: Sequence[Sentence], finish: Callable[[Floats], Floats], mix: Floats | None = None
    ) -> Answers:
        """Read sentences.

        Parameters
        ----------
        sentences : sequence of (list of str, int)
            Words, and the place from which the network looks.
        finish : function
            What is made of the last layer, a row per sentence. It is called on one batch at a time: there, too, the
            digits depend on the shape.
        mix : array, optional
            Of weights of the answers: say what each word adds to this mix.
        """
        n, kinds = len(sentences), len(self.arrays["out_bias"])
        sizes = np.array([len(words) for words, _ in sentences], dtype=np.int64)
        values = np.zeros((n, kinds), dtype=np.float32)
        state = np.zeros((n, self.width), dtype=np.float32)
        weights = None if mix is None else np.zeros((n, _LENGTHS[-1]), dtype=np.float32)
        slot = np.searchsorted(_LENGTHS, sizes)
        for number, length in enumerate(_LENGTHS):
            rows = np.flatnonzero(slot == number)
            for at in range(0, len(rows), _ROWS):
                some = rows[at : at + _ROWS]
                found = self._answer_batch([sentences[row] for row in some.tolist()], length, finish, mix)
                values[some], state[some] = found.values[: len(some)], found.state[: len(some)]
                if weights is not None and found.weights is not None:
                    weights[some, :length] = found.weights[: len(some)]
        return Answers(values, state, weights)

    def _answer_batch(
        self, sentences: list[Sentence], length: int, finish: Callable[[Floats], Floats], mix: Floats | None
    ) -> Answers:
        code = np.zeros((length, _ROWS), dtype=np.int64)
        there = np.zeros((length, _ROWS), dtype=np.float32)
        target = np.zeros(_ROWS, dtype=np.int64)
        quoted = np.zeros((length, _ROWS), dtype=np.int64)
        number = self.number
        for row, (words, place) in enumerate(sentences):
            size = len(words)
            code[:size, row] = [number.get(word, 0) for word in words]
            there[:size, row] = 1.0
            target[row] = place
            if not _MARKS.isdisjoint(words):
                quoted[:size, row] = inside_marks(words)
        distance = number_distances(np.arange(length)[:, None] - target)
        a = self.arrays
        inputs = a["embedding"][code] + a["distance"][distance] + a["quoted"][quoted]
        flat = _round(np.clip(inputs, -_LARGEST, _LARGEST), _INPUT).reshape(length * _ROWS, -1)
        ways = {"forth": range(length), "back": range(length - 1, -1, -1)}
        forth, back = (
            _recur(flat, a[f"in_{way}"], a[f"bias_{way}"], a[f"hidden_{way}"], a[f"new_{way}"], there, order)
            for way, order in ways.items()
        )
        read = np.concatenate([forth, back], axis=2)  # words × sentences × width
        own = read[target, np.arange(_ROWS)]
        by_row = np.ascontiguousarray(read.transpose(1, 0, 2))
        heads = a["look"].shape[1] // own.shape[1]
        query = _product(own, a["look"]).reshape(_ROWS, heads, -1)
        score = np.matmul(by_row, query.transpose(0, 2, 1)) * np.float32(1 / np.sqrt(own.shape[1]))
        score += a["look_distance"][distance.T] + (1 - there.T)[:, :, None] * _FAR
        score = np.exp(score - score.max(axis=1, keepdims=True))
        looked = score / score.sum(axis=1, keepdims=True)  # sentences × words × heads
        seen = np.matmul(looked.transpose(0, 2, 1), by_row).reshape(_ROWS, -1)
        state = np.concatenate([own, seen], axis=1)
        inner = _product(state, a["mid"]) + a["mid_bias"]
        values = finish(_product(np.maximum(inner, 0), a["out"]) + a["out_bias"])
        return Answers(values, state, None if mix is None else self._weigh(inner, looked, by_row, mix))

    def _weigh(self, inner: Floats, looked: Floats, by_row: Floats, mix: Floats) -> Floats:
        """Return what each word adds: its share of what was looked at, times the slope of the answer there."""
        a = self.arrays
        slope = _product((inner > 0) * _product(mix, a["out"].T), a["mid"].T)  # sentences × width
        wide = by_row.shape[2]
        per_head = slope[:, wide:].reshape(len(slope), -1, wide)
        return np.asarray((np.matmul(by_row, per_head.transpose(0, 2, 1)) * looked).sum(axis=2), dtype=np.float32)


def inside_marks(words: Sequence[str]) -> list[int]:
    """Say of each word whether it stands between quotation marks, the marks included."""
    found, inside = [], 0
    for word in words:
        if word in _MARKS:
            inside = 1 - inside
            found.append(1)
        else:
            found.append(inside)
    return found


def number_distances(offset: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the distances: 0 the target, 1 to 7 after it, 8 to 14 before it."""
    step = np.minimum(np.searchsorted(_STEPS, np.abs(offset), side="right") - 1, len(_STEPS) - 1)
    return np.where(offset < 0, step + len(_STEPS) - 1, step)


def _recur(
    flat: Floats, into: Floats, bias: Floats, hidden: Floats, new_bias: Floats, there: Floats, order: Sequence[int]
) -> Floats:
    """Run gated recurrent units over the words in an order; the weights hold reset, update and new side by side."""
    wide = hidden.shape[0]
    length, rows = there.shape
    steps = (flat @ into + bias).reshape(length, rows, 3 * wide)
    out = np.empty((length, rows, wide), dtype=np.float32)
    state = np.zeros((rows, wide), dtype=np.float32)
    for step in order:
        given, kept = steps[step], state @ hidden
        gates = np.tanh(0.5 * (given[:, : 2 * wide] + kept[:, : 2 * wide])) * 0.5 + 0.5
        reset, update = gates[:, :wide], gates[:, wide:]
        new = np.tanh(given[:, 2 * wide :] + reset * (kept[:, 2 * wide :] + new_bias))
        state = _round((new + update * (state - new)) * there[step][:, None], _STATE)
        out[step] = state
    return out


def _round(values: Floats, grid: float) -> Floats:
    """Return multiples of `grid`, a power of two: adding a number so large that nothing finer is kept."""
    large = np.float32(1.5 * 2**23 * grid)
    return (values + large) - large


def _product(values: Floats, weights: Floats) -> Floats:
    """Return a product whose sums are exact: double precision, weights of half precision, values on a grid."""
    rounded = np.rint(values.astype(np.float64) / _DOUBLE) * _DOUBLE
    return (rounded @ weights.astype(np.float64)).astype(np.float32)


def _on_grid(weights: Floats, largest: float) -> Floats:
    """Round each column so coarsely that sums over whole numbers up to `largest` times its weights are exact."""
    total = np.abs(weights).sum(axis=0, dtype=np.float64) * largest / _EXACT
    grid = 2.0 ** np.ceil(np.log2(np.maximum(total, 2.0**-24)))
    rounded = np.rint(weights / grid) * grid
    over = np.abs(rounded).sum(axis=0) * largest > grid * _EXACT  # by rounding up
    return np.where(over, np.rint(weights / (2 * grid)) * (2 * grid), rounded).astype(np.float32)


def read_network(path: str | Path, kind: str, version: int, answers: int) -> WordNetwork:
    """Read a network from a file.

    Raises
    ------
    ModelError
        When the file is no such network, damaged, or of another version.
    """
    with read_model(path, kind, version) as (about, held):
        arrays = {name: values.astype(np.float32) for name, values in held.items()}
        arrays["embedding"] *= arrays.pop("embedding_scale")
        words = tuple(map(str, about.pop("words")))
        network = WordNetwork(words, frozenset(map(str, about.pop("ordinary"))), arrays, about)
        _check(network, answers, Path(path).name)
        for way in ("forth", "back"):
            arrays[f"hidden_{way}"] = _on_grid(arrays[f"hidden_{way}"], 1 / _STATE)
            arrays[f"in_{way}"] = _on_grid(arrays[f"in_{way}"], _LARGEST / _INPUT)
    return network


def _check(network: WordNetwork, answers: int, name: str) -> None:
    """Refuse weights that do not fit together or are no numbers."""
    a = network.arrays
    wide, deep = a["hidden_forth"].shape[0], a["embedding"].shape[1]
    places, heads = 2 * len(_STEPS) - 1, a["look_distance"].shape[1]
    shapes = {
        "embedding": (len(network.words), deep), "distance": (places, deep), "quoted": (2, deep),
        "look": (2 * wide, heads * 2 * wide), "look_distance": (places, heads),
        "mid": (2 * wide * (heads + 1), len(a["mid_bias"])), "out": (len(a["mid_bias"]), answers),
        "out_bias": (answers,),
    }  # fmt: skip
    for way in ("forth", "back"):
        shapes |= {f"in_{way}": (deep, 3 * wide), f"bias_{way}": (3 * wide,), f"hidden_{way}": (wide, 3 * wide)}
        shapes |= {f"new_{way}": (wide,)}
    wrong = [part for part, shape in shapes.items() if a[part].shape != shape or not np.isfinite(a[part]).all()]
    if wrong or network.words[: len(SPECIAL)] != SPECIAL:
        raise ModelError(f"{name}: the model file is damaged ({', '.join(wrong) or 'words'}). Install mediakit anew.")


def write_network(network: WordNetwork, path: str | Path, kind: str, version: int) -> Path:
    """Write a network: the word vectors in steps of one byte, all else in half precision."""
    vectors = network.arrays["embedding"]
    scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-6) / 127
    arrays = {name: values.astype(np.float16) for name, values in network.arrays.items() if name != "embedding"}
    stored = {"embedding": np.round(vectors / scale).astype(np.int8), "embedding_scale": scale.astype(np.float32)}
    about = {**network.about, "words": list(network.words), "ordinary": sorted(network.ordinary)}
    return write_model(path, kind, version, about, arrays | stored)
