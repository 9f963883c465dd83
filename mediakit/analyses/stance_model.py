"""The trained model of stance: a small recurrent network over the words around a mention, computed with NumPy.

It reads the words in both directions (gated recurrent units, Cho et al. 2014), looks back from the target at the words
that matter (attention), and gives the chances of against, neutral and favour. It has learned from sentences coded by
people and from the answers of a larger network to more news text; see docs/models/stance.md and training/stance.py.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.stance_words import REACH, SPECIAL, masked_words
from mediakit.errors import ModelError

Floats = NDArray[np.float32]
CODES = ("against", "neutral", "favour")
KIND, VERSION = "stance model", 1
# Mentions are computed in batches of one shape each, filled up where need be. The order in which a product of matrices
# adds up depends on its shape, so that only then a mention has the same digits alone and among ten thousand.
_ROWS = 64
_LENGTHS = (10, 14, 18, 22, 26, 30, 34, 40, 48, 60, 2 * REACH + 1)
_STEPS = (0, 1, 2, 3, 5, 8, 13, 21)  # distances from the target, in words, that are told apart
_MARKS = frozenset(("“", "”", "„", "«", "»", '"'))
_WINDOW = 1500  # characters on each side of the target that are looked at; a sentence is far shorter
_FAR = np.float32(-1e4)  # of a place that is not there


@dataclass(frozen=True)
class Read:
    """What the model makes of mentions; one row per mention.

    Attributes
    ----------
    chances : array of float32, n × 3
        Probabilities of against, neutral and favour.
    state : array of float32, n × width
        What the network has read around the target: the features from which `fit_stance` learns.
    weights : array of float32, n × words; only where asked for
        What each word adds to the log-odds of favour over against; zero beyond the last word.
    """

    chances: Floats
    state: Floats
    weights: Floats | None = None


@dataclass(frozen=True)
class StanceModel:
    """The weights of the network, and the words that it knows."""

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
        """How many values describe a mention."""
        return int(self.arrays["mid"].shape[0])

    def words_of(self, text: str, start: int, end: int) -> tuple[list[str], int]:
        """Return the masked words around a mention and the place of the target among them."""
        left = max(0, start - _WINDOW)
        return masked_words(text[left : end + _WINDOW], start - left, end - left, self.ordinary)

    def read(self, mentions: Sequence[tuple[list[str], int]], *, weigh: bool = False) -> Read:
        """Read mentions, each as the words around it and the place of the target.

        Parameters
        ----------
        mentions : sequence of (list of str, int)
            From `words_of`.
        weigh : bool, default False
            Whether to say what each word contributes.
        """
        n = len(mentions)
        sizes = np.array([len(words) for words, _ in mentions], dtype=np.int64)
        chances = np.zeros((n, len(CODES)), dtype=np.float32)
        state = np.zeros((n, self.width), dtype=np.float32)
        weights = np.zeros((n, _LENGTHS[-1]), dtype=np.float32) if weigh else None
        slot = np.searchsorted(_LENGTHS, sizes)
        for number, length in enumerate(_LENGTHS):
            rows = np.flatnonzero(slot == number)
            for at in range(0, len(rows), _ROWS):
                some = rows[at : at + _ROWS]
                found = self._read_batch([mentions[row] for row in some.tolist()], length, weigh)
                chances[some], state[some] = found.chances[: len(some)], found.state[: len(some)]
                if weights is not None and found.weights is not None:
                    weights[some, :length] = found.weights[: len(some)]
        return Read(chances, state, weights)

    def _read_batch(self, mentions: list[tuple[list[str], int]], length: int, weigh: bool) -> Read:
        code = np.zeros((length, _ROWS), dtype=np.int64)
        there = np.zeros((length, _ROWS), dtype=np.float32)
        target = np.zeros(_ROWS, dtype=np.int64)
        quoted = np.zeros((length, _ROWS), dtype=np.int64)
        number = self.number
        for row, (words, place) in enumerate(mentions):
            size = len(words)
            code[:size, row] = [number.get(word, 0) for word in words]
            there[:size, row] = 1.0
            target[row] = place
            if not _MARKS.isdisjoint(words):
                quoted[:size, row] = inside_marks(words)
        distance = number_distances(np.arange(length)[:, None] - target)
        a = self.arrays
        inputs = a["embedding"][code] + a["distance"][distance] + a["quoted"][quoted]
        flat: Floats = inputs.reshape(length * _ROWS, -1).astype(np.float32, copy=False)
        ways = {"forth": range(length), "back": range(length - 1, -1, -1)}
        forth, back = (
            _recur(flat, a[f"in_{way}"], a[f"bias_{way}"], a[f"hidden_{way}"], a[f"new_{way}"], there, order)
            for way, order in ways.items()
        )
        read = np.concatenate([forth, back], axis=2)  # words × mentions × width
        own = read[target, np.arange(_ROWS)]
        by_row = np.ascontiguousarray(read.transpose(1, 0, 2))
        heads = a["look"].shape[1] // own.shape[1]
        query = (own @ a["look"]).reshape(_ROWS, heads, -1)
        score = np.matmul(by_row, query.transpose(0, 2, 1)) * np.float32(1 / np.sqrt(own.shape[1]))
        score += a["look_distance"][distance.T] + (1 - there.T)[:, :, None] * _FAR
        score = np.exp(score - score.max(axis=1, keepdims=True))
        looked = score / score.sum(axis=1, keepdims=True)  # mentions × words × heads
        seen = np.matmul(looked.transpose(0, 2, 1), by_row).reshape(_ROWS, -1)
        state = np.concatenate([own, seen], axis=1)
        inner = state @ a["mid"] + a["mid_bias"]
        raw = np.maximum(inner, 0) @ a["out"] + a["out_bias"]
        chances = np.exp(raw - raw.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        weights = self._weigh(inner, looked, by_row) if weigh else None
        return Read(chances, state, weights)

    def _weigh(self, inner: Floats, looked: Floats, by_row: Floats) -> Floats:
        """Return what each word adds: its share of what was looked at, times the slope of the answer there."""
        a = self.arrays
        slope = ((inner > 0) * (a["out"][:, 2] - a["out"][:, 0])) @ a["mid"].T  # mentions × width
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
        state = (new + update * (state - new)) * there[step][:, None]
        out[step] = state
    return out


@cache
def load_stance_model() -> StanceModel:
    """Load the model that comes with mediakit.

    Examples
    --------
    >>> model = load_stance_model()
    >>> model.words_of("Police praised Anna Berg.", 15, 24)
    (['police', 'praised', '<target>', '.'], 2)
    """
    with as_file(files("mediakit").joinpath("models", "stance.npz")) as shipped:
        return read_stance_model(shipped)


def read_stance_model(path: str | Path) -> StanceModel:
    """Read the network from a file.

    Raises
    ------
    ModelError
        When the file is no stance model, damaged, or of another version.
    """
    with read_model(path, KIND, VERSION) as (about, held):
        arrays = {name: values.astype(np.float32) for name, values in held.items()}
        arrays["embedding"] *= arrays.pop("embedding_scale")
        words = tuple(map(str, about.pop("words")))
        model = StanceModel(words, frozenset(map(str, about.pop("ordinary"))), arrays, about)
        _check(model, Path(path).name)
    return model


def _check(model: StanceModel, name: str) -> None:
    """Refuse weights that do not fit together or are no numbers."""
    a = model.arrays
    wide, deep = a["hidden_forth"].shape[0], a["embedding"].shape[1]
    places, heads = 2 * len(_STEPS) - 1, a["look_distance"].shape[1]
    shapes = {
        "embedding": (len(model.words), deep), "distance": (places, deep), "quoted": (2, deep),
        "look": (2 * wide, heads * 2 * wide), "look_distance": (places, heads),
        "mid": (2 * wide * (heads + 1), len(a["mid_bias"])), "out": (len(a["mid_bias"]), 3), "out_bias": (3,),
    }  # fmt: skip
    for way in ("forth", "back"):
        shapes |= {f"in_{way}": (deep, 3 * wide), f"bias_{way}": (3 * wide,), f"hidden_{way}": (wide, 3 * wide)}
        shapes |= {f"new_{way}": (wide,)}
    wrong = [part for part, shape in shapes.items() if a[part].shape != shape or not np.isfinite(a[part]).all()]
    if wrong or model.words[: len(SPECIAL)] != SPECIAL:
        raise ModelError(f"{name}: the model file is damaged ({', '.join(wrong) or 'words'}). Install mediakit anew.")


def write_stance_model(model: StanceModel, path: str | Path) -> Path:
    """Write the network: the word vectors in steps of one byte, all else in half precision."""
    vectors = model.arrays["embedding"]
    scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-6) / 127
    arrays = {name: values.astype(np.float16) for name, values in model.arrays.items() if name != "embedding"}
    stored = {"embedding": np.round(vectors / scale).astype(np.int8), "embedding_scale": scale.astype(np.float32)}
    about = {**model.about, "words": list(model.words), "ordinary": sorted(model.ordinary)}
    return write_model(path, KIND, VERSION, about, arrays | stored)
