"""The trained model of stance: a small network over the words around a mention (see `mediakit.analyses.recurrent`).

It looks back from the target at the words that matter, and gives the chances of against, neutral and favour. It has
learned from sentences coded by people and from the answers of a larger network to more news text; see
docs/models/stance.md and training/stance.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from mediakit.analyses.recurrent import Floats, Sentence, WordNetwork, read_network, write_network
from mediakit.analyses.stance_words import masked_words

CODES = ("against", "neutral", "favour")
KIND, VERSION = "stance model", 1
_WINDOW = 1500  # characters on each side of the target that are looked at; a sentence is far shorter
_FAVOUR = np.array([-1, 0, 1], dtype=np.float32)


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
    """The network, and how a mention is put before it."""

    network: WordNetwork

    def words_of(self, text: str, start: int, end: int) -> Sentence:
        """Return the masked words around a mention and the place of the target among them."""
        left = max(0, start - _WINDOW)
        ordinary = self.network.ordinary
        return masked_words(text[left : end + _WINDOW], start - left, end - left, ordinary)

    def read(self, mentions: Sequence[Sentence], *, weigh: bool = False) -> Read:
        """Read mentions, each as the words around it and the place of the target.

        Parameters
        ----------
        mentions : sequence of (list of str, int)
            From `words_of`.
        weigh : bool, default False
            Whether to say what each word contributes.
        """
        found = self.network.answer(mentions, _chances, _FAVOUR if weigh else None)
        return Read(found.values, found.state, found.weights)


def _chances(raw: Floats) -> Floats:
    """Turn log-odds into probabilities."""
    chances = np.exp(raw - raw.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True), dtype=np.float32)


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
    """Read the model from a file.

    Raises
    ------
    ModelError
        When the file is no stance model, damaged, or of another version.
    """
    return StanceModel(read_network(path, KIND, VERSION, len(CODES)))


def write_stance_model(model: StanceModel, path: str | Path) -> Path:
    """Write the model to a file."""
    return write_network(model.network, path, KIND, VERSION)
