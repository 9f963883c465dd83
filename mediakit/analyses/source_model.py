"""The trained model of source types: a weight for each sign of a source and type, added up (multinomial logit).

It has learned from sources typed by hand in news of the United States and of many other countries, and from the answers
of a large network to ten times as many; what the rules of `source_types` say is one of its signs. See
docs/models/source_types.md and training/source_types.py.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_known import KNOWN
from mediakit.analyses.source_naming import is_somebody
from mediakit.analyses.source_network import load_source_network
from mediakit.analyses.source_reader import load_source_reader
from mediakit.analyses.source_reading import functional, read_signs
from mediakit.analyses.source_types import TYPES, SourceType, load_source_types
from mediakit.errors import ModelError
from mediakit.progress import progress_bar

KIND, VERSION = "model of source types", 1
LEAST = 0.35  # probability of a type, below which it is given as unknown
_SURE = 0.5  # of the model, against the rules
_OF_KNOWN = 0.95  # of the names of known_bodies.toml; 97 percent of 1,004 hand codes agreed with the first list
_OF_NETWORK, _OF_READER = 0.4, 0.65  # shares in what is said with the signs
# Probabilities by the signs from which on the network is not asked, of a type; the reader, of a type and of being named
# or not.
_ENOUGH, _ENOUGH_TO_READ, _ENOUGH_NAMED = 0.9, 0.95, 0.88
_TINY = 1e-9
_AT_ONCE = 4096  # sources whose words are held in memory
_LONG, _LONG_TO_READ = 5000, 200  # from how many sources on a bar is shown
_WITHHELD = re.compile(r"\bsources?\b", re.I)  # of whom the rules say that they are not named
_TOLD = 3  # signs that are given as the reason
# Signs that mean something to a reader: words at the source, not what the rules say or how often it is mentioned.
_READABLE = frozenset((
    "role", "noun", "who", "title", "name", "first", "last", "head", "last of head", "before", "behind", "bracket",
    "sentence", "near", "owns",
))  # fmt: skip


@dataclass(frozen=True)
class SourceModel:
    """The weights.

    Attributes
    ----------
    number : mapping of str to int
        Sign -> row.
    weights : array of float, signs × 15
        For each type, and for being named.
    bias : array of float, 15
    """

    number: Mapping[str, int]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def chances(self, evidence: Evidence, verdict: SourceType) -> tuple[NDArray[np.float64], float]:
        """Return the probability of each of `TYPES`, and that of being named."""
        return self.weigh(read_signs(evidence, verdict))

    def weigh(self, signs: Mapping[str, float]) -> tuple[NDArray[np.float64], float]:
        """Return the probability of each of `TYPES`, and that of being named, from the signs of a source."""
        known = [(self.number[sign], value) for sign, value in signs.items() if sign in self.number]
        rows = np.array([row for row, _ in known], dtype=np.int64)
        odds = self.bias + np.array([value for _, value in known]) @ self.weights[rows]
        chances = np.exp(odds[:-1] - odds[:-1].max())
        return chances / chances.sum(), float(1 / (1 + np.exp(-odds[-1])))

    def type(self, evidence: Evidence, verdict: SourceType, least: float = LEAST) -> tuple[SourceType, float]:
        """Return by signs alone the type with whether the source is named and why, and how probable the type is.

        Where rules and model agree, the reason of the rules stands, else the words that decided. The rules stand
        against a model that is less than half sure, where they type "a source" without a name, and for international
        bodies by name; a type less probable than `least` is unknown.

        Examples
        --------
        >>> evidence = Evidence("Ana Ruiz", ("professor of law at Lissmar University",), "Ana Ruiz")
        >>> found, chance = load_source_model().type(evidence, SourceType("unknown", True, "nothing tells"))
        >>> found.type, chance > 0.5
        ('expert', True)
        """
        signs = read_signs(evidence, verdict)
        return self.decide(evidence, verdict, signs, self.weigh(signs), least)

    def decide(
        self,
        evidence: Evidence,
        verdict: SourceType,
        signs: Mapping[str, float],
        weighed: tuple[NDArray[np.float64], float],
        least: float,
    ) -> tuple[SourceType, float]:
        """Return what `type` does, from the signs and the probabilities of the types and of being named."""
        chances, chance_named = weighed
        granted = load_source_types().granted.search(" ".join(evidence.roles))  # "who asked not to be named"
        unnamed = _WITHHELD.search(evidence.head) or is_somebody(evidence.head)
        withheld = granted or (not verdict.named and unnamed)
        named = chance_named > 0.5 and not withheld
        best, said = int(chances.argmax()), TYPES.index(verdict.type)
        # "A Russian diplomatic source" tells its type, most other "sources" tell none; "OSCE" is on the list of bodies.
        listed = verdict.type == "international" and verdict.reason == evidence.body
        listed |= verdict.reason.casefold().startswith("shadow")  # "shadow chancellor": no minister, whoever governs
        known = verdict.reason.startswith(KNOWN)
        told = listed or known or chances[best] < _SURE or _WITHHELD.search(evidence.head)
        ruled = verdict.type != "unknown" and told
        if best == said or ruled:
            sure = max(float(chances[said]), _OF_KNOWN if known else 0.0)
            return SourceType(verdict.type, named, verdict.reason), sure
        reasons = [
            (self.weights[self.number[sign], best] * value, sign.partition(":")[2])
            for sign, value in signs.items()
            if sign in self.number and _is_readable(sign)
        ]
        words = list(
            dict.fromkeys(word for weight, word in sorted(reasons, key=lambda one: (-one[0], one[1])) if weight > 0)
        )
        reason = f"learned: {', '.join(words[:_TOLD])}" if words else "learned: what stands around"
        if chances[best] < least and TYPES[best] != "unknown":
            return SourceType("unknown", named, f"not sure of {TYPES[best]}: {', '.join(words[:_TOLD])}"), float(
                chances[TYPES.index("unknown")]
            )
        return SourceType(TYPES[best], named, reason), float(chances[best])


def mix(
    chances: NDArray[np.float64], named: float, read: NDArray[np.float64], share: float = _OF_NETWORK
) -> tuple[NDArray[np.float64], float]:
    """Return probabilities of types and of being named: signs and what was read weighed on the scale of log-odds."""
    logs = share * read[:-1] + (1 - share) * np.log(np.maximum(chances, _TINY))
    mixed = np.exp(logs - logs.max())
    certain = min(max(named, _TINY), 1 - _TINY)
    odds = share * read[-1] + (1 - share) * np.log(certain / (1 - certain))
    return np.asarray(mixed / mixed.sum()), float(1 / (1 + np.exp(-odds)))


def type_sources(
    sources: Sequence[Told], least: float = LEAST, *, reader: bool = False, progress: bool | None = None
) -> list[tuple[SourceType, float]]:
    """Return the type of each source and how probable it is: by signs and the small network, or by signs and `reader`.

    Examples
    --------
    >>> text = "“No,” said Ana Ruiz, a professor of law."
    >>> evidence = Evidence("Ana Ruiz", ("a professor of law",), "Ana Ruiz", text=text)
    >>> found, _ = type_sources([Told(evidence, SourceType("unknown", True, "nothing tells"), 11, 19)])[0]
    >>> found.type
    'expert'
    """
    if not sources:
        return []
    model, found = load_source_model(), []
    least_shown = _LONG_TO_READ if reader else _LONG
    steps = progress_bar(range(len(sources)), "types", show=progress, unit="source", least=least_shown)
    for at in range(0, len(sources), _AT_ONCE):
        some = sources[at : at + _AT_ONCE]
        signs = [read_signs(one.evidence, one.verdict) for one in some]
        seen = [model.weigh(mine) for mine in signs]
        rows = [row for row, weighed in enumerate(seen) if _is_open(*weighed, reader=reader)]
        asked = [some[row] for row in rows]
        deque(islice(steps, len(some) - len(asked)), maxlen=0)  # done without being read
        read = _read(asked) if reader else _skim(asked)
        for _, row, said in zip(islice(steps, len(asked)), rows, read, strict=True):
            seen[row] = mix(*seen[row], said, _OF_READER if reader else _OF_NETWORK)
        found += [
            model.decide(one.evidence, one.verdict, mine, weighed, least)
            for one, mine, weighed in zip(some, signs, seen, strict=True)
        ]
    deque(steps, maxlen=0)  # closes the bar
    return found


def _is_open(chances: NDArray[np.float64], named: float, *, reader: bool) -> bool:
    """Whether signs are so little sure that network or reader is asked."""
    if reader:
        return bool(chances.max() < _ENOUGH_TO_READ or max(named, 1 - named) < _ENOUGH_NAMED)
    return bool(chances.max() < _ENOUGH)


def _skim(sources: Sequence[Told]) -> Iterable[NDArray[np.float64]]:
    """Return what the network says of sources."""
    network = load_source_network()
    return network.read([network.words_of(one.evidence, one.start, one.end) for one in sources])


def _read(sources: Sequence[Told]) -> Iterable[NDArray[np.float64]]:
    """Yield what the reader says of sources; each is read alone."""
    reader = load_source_reader()
    for one in sources:
        yield reader.read(reader.pieces_of(one.evidence, one.start, one.end))


class Told(NamedTuple):
    """A source: what its article prints about it, what the rules say, and the characters where it stands."""

    evidence: Evidence
    verdict: SourceType
    start: int
    end: int


def _is_readable(sign: str) -> bool:
    kind, _, words = sign.partition(":")
    return kind in _READABLE and not set(words.split()) <= functional()


@cache
def load_source_model() -> SourceModel:
    """Load the model that comes with mediakit.

    Examples
    --------
    >>> load_source_model().weights.shape[1]
    15
    """
    with as_file(files("mediakit").joinpath("models", "source_types.npz")) as shipped:
        return read_source_model(shipped)


def read_source_model(path: str | Path) -> SourceModel:
    """Read the model from a file.

    Raises
    ------
    ModelError
        When the file is no model of source types, damaged, or of another version.
    """
    with read_model(path, KIND, VERSION) as (about, arrays):
        signs, weights, bias = about["signs"], arrays["weights"], arrays["bias"]
        if tuple(about["types"]) != TYPES or weights.shape != (len(signs), len(TYPES) + 1):
            raise ModelError(f"{Path(path).name} is damaged: its weights do not fit its signs.")
        if bias.shape != (len(TYPES) + 1,) or not (np.isfinite(weights).all() and np.isfinite(bias).all()):
            raise ModelError(f"{Path(path).name} is damaged: its weights do not fit its signs.")
        return SourceModel({str(sign): row for row, sign in enumerate(signs)}, weights, bias)


def write_source_model(model: SourceModel, path: str | Path, about: Mapping[str, Any] | None = None) -> Path:
    """Write the model to a file; weights keep three digits behind the point."""
    arrays = {"weights": model.weights.astype(np.float16), "bias": model.bias.astype(np.float16)}
    told = {"types": list(TYPES), "signs": list(model.number), **(about or {})}
    return write_model(path, KIND, VERSION, told, arrays)
