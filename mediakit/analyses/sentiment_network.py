"""A small network that rates the sentiment of whole news sentences (see `mediakit.analyses.recurrent`).

A list of words has one valence for a word wherever it stands; "a landmark deal collapsed" is beyond it. The network
reads the sentence in order, names masked. It has learned from tweets, reviews and news sentences that people rated and
from a larger network's answers to more news text; see docs/models/news_sentiment.md and training/sentiment.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.recurrent import Floats, Sentence, WordNetwork, read_network, write_network
from mediakit.analyses.stance_words import REACH, TARGET, mask_words
from mediakit.analyses.vader import straighten
from mediakit.progress import progress_bar
from mediakit.text.sentences import Segments

KIND, VERSION = "sentiment model", 1
LONGEST = 2 * REACH  # words that are read at once; a longer sentence is read in parts
_BATCH = 4096  # sentences between two steps of the progress bar
_LEAST = 0.05  # a word that adds less is not named
_UP = np.ones(1, dtype=np.float32)


@dataclass(frozen=True)
class SentimentModel:
    """The network, and how a sentence is put before it."""

    network: WordNetwork

    def parts_of(self, text: str) -> list[Sentence]:
        """Return the masked words of a sentence, in parts of like length when there are more than 96."""
        words = mask_words(straighten(text), len(text), len(text), self.network.ordinary)[0][:-1]
        if not words:
            return []
        number = -(-len(words) // LONGEST)
        edges = [len(words) * k // number for k in range(number + 1)]
        return [([*words[left:right], TARGET], right - left) for left, right in pairwise(edges)]

    def rate(self, texts: Sequence[str], *, progress: bool | None = False) -> NDArray[np.float64]:
        """Rate sentences from -1 to 1, with four decimals; NaN where there is no word.

        Parameters
        ----------
        texts : sequence of str
            One sentence each. What is printed several times is read once.
        progress : bool, optional
            Show a progress bar. Default: for more than 20,000 sentences.
        """
        distinct = list(dict.fromkeys(texts))
        found: dict[str, float] = {}
        starts = range(0, len(distinct), _BATCH)
        for at in progress_bar(starts, "sentiment", show=progress, unit="batch", least=5):
            some = distinct[at : at + _BATCH]
            found |= dict(zip(some, self._rate(some).tolist(), strict=True))
        return np.array([found[text] for text in texts], dtype=np.float64)

    def _rate(self, texts: list[str]) -> NDArray[np.float64]:
        parts = [self.parts_of(text) for text in texts]
        owner = np.repeat(np.arange(len(texts)), [len(some) for some in parts])
        sentences = [part for some in parts for part in some]
        ratings = self.network.answer(sentences, _between).values[:, 0].astype(np.float64)
        words = np.array([place for _, place in sentences], dtype=np.float64)
        total, size = (np.bincount(owner, each, len(texts)) for each in (ratings * words, words))
        return np.where(size > 0, total / np.maximum(size, 1), np.nan).round(4)

    def weigh(self, text: str) -> list[tuple[int, int, float]]:
        """Return start and end of each word of a sentence, and what it adds to the rating before it is bounded."""
        words, spans, _ = mask_words(straighten(text), len(text), len(text), self.network.ordinary)
        parts = self.parts_of(text)
        weights = self.network.answer(parts, _between, _UP).weights
        assert weights is not None
        told = [
            weight for (part, _), row in zip(parts, weights.tolist(), strict=True) for weight in row[: len(part) - 1]
        ]
        return [
            (*span, weight)
            for word, span, weight in zip(words, spans, told, strict=False)
            if word[0].isalpha() and abs(weight) >= _LEAST
        ]


def rate_segments(
    segments: Segments, scores: NDArray[np.float64], keep: NDArray[np.bool_] | None, progress: bool | None
) -> None:
    """Put the network's ratings in the first column of the scores of sentences, where they have one."""
    rows = np.flatnonzero(~np.isnan(scores[:, 0]))
    pieces = segments.pieces
    printed = np.array([*pieces.vocabulary, ""], dtype=object)[pieces.code]
    texts = []
    for first, last in zip(segments.first[rows].tolist(), segments.first[rows + 1].tolist(), strict=True):
        texts.append(" ".join(printed[first:last] if keep is None else printed[first:last][keep[first:last]]))
    scores[rows, 0] = load_sentiment_model().rate(texts, progress=progress)


def _between(raw: Floats) -> Floats:
    """Bring ratings between -1 and 1."""
    return np.tanh(raw)


@cache
def load_sentiment_model() -> SentimentModel:
    """Load the model that comes with mediakit.

    Examples
    --------
    >>> model = load_sentiment_model()
    >>> model.parts_of("Police praised Anna Berg.")
    [(['police', 'praised', '<name>', '.', '<target>'], 4)]
    >>> low, high = model.rate(["The landmark deal collapsed.", "The landmark deal held."])
    >>> bool(low < 0 < high)
    True
    """
    with as_file(files("mediakit").joinpath("models", "news_sentiment.npz")) as shipped:
        return read_sentiment_model(shipped)


def read_sentiment_model(path: str | Path) -> SentimentModel:
    """Read the model from a file.

    Raises
    ------
    ModelError
        When the file is no sentiment model, damaged, or of another version.
    """
    return SentimentModel(read_network(path, KIND, VERSION, 1))


def write_sentiment_model(model: SentimentModel, path: str | Path) -> Path:
    """Write the model to a file."""
    return write_network(model.network, path, KIND, VERSION)
