"""The network that reads around a source what type it is: a small recurrent one (see `mediakit.analyses.recurrent`).

It has learned from sources typed by hand and from a large network's answers to many more mentions of persons and
bodies; `source_model` weighs what it says against the signs. See docs/models/source_types.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.recurrent import Floats, Sentence, WordNetwork, read_network, write_network
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_types import TYPES
from mediakit.analyses.source_words import source_words

KIND, VERSION = "network of source types", 1


@dataclass(frozen=True)
class SourceNetwork:
    """The network, and how a source is put before it."""

    network: WordNetwork

    def words_of(self, evidence: Evidence, start: int, end: int) -> Sentence:
        """Return a source as words and the place among them where it stands."""
        return source_words(evidence, start, end, self.network.ordinary)

    def read(self, sources: Sequence[Sentence]) -> NDArray[np.float64]:
        """Return the logs of the probabilities of `TYPES`, and the log-odds of being named: 15 columns.

        Parameters
        ----------
        sources : sequence of (list of str, int), from `words_of`; one row each
        """
        return self.network.answer(sources, _logs).values.astype(np.float64)


def _logs(odds: Floats) -> Floats:
    """Turn log-odds of types into logs of probabilities; the last column stays as it is."""
    types = odds[:, :-1] - odds[:, :-1].max(axis=1, keepdims=True)
    types -= np.log(np.exp(types).sum(axis=1, keepdims=True))
    return np.hstack([types, odds[:, -1:]]).astype(np.float32)


@cache
def load_source_network() -> SourceNetwork:
    """Load the network that comes with mediakit.

    Examples
    --------
    >>> network = load_source_network()
    >>> text = "“No,” said Ana Ruiz, a professor of law."
    >>> evidence = Evidence("Ana Ruiz", ("a professor of law",), "Ana Ruiz", text=text)
    >>> TYPES[network.read([network.words_of(evidence, 11, 19)])[0, :-1].argmax()]
    'expert'
    """
    with as_file(files("mediakit").joinpath("models", "source_network.npz")) as shipped:
        return read_source_network(shipped)


def read_source_network(path: str | Path) -> SourceNetwork:
    """Read the network from a file.

    Raises
    ------
    ModelError
        When the file is no such network, damaged, or of another version.
    """
    return SourceNetwork(read_network(path, KIND, VERSION, len(TYPES) + 1))


def write_source_network(network: SourceNetwork, path: str | Path) -> Path:
    """Write the network to a file."""
    return write_network(network.network, path, KIND, VERSION)
