"""The trained model for quotes: which stretches are speech, and who speaks them.

Three parts: a linear model of words (`quote_words`), boosted trees that rank the mentions around a stretch, and boosted
trees that tell speech from titles and scare quotes. Made by `training/speakers.py`; see docs/models/speakers.md.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.forests import Forest
from mediakit.analyses.quote_features import Columns, Facts, Pairs, find_pairs, stack
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_words import TARGETS, WordModel
from mediakit.errors import ModelError

VERSION = 1


@dataclass(frozen=True)
class Ranked:
    """What the model finds for a batch of articles; one value per stretch.

    Attributes
    ----------
    mention : array of int64
        The mention that most probably speaks; -1 where there is none.
    speaker_chance, speech_chance : array of float
        Probability that it is the speaker; that the stretch is speech.
    words : array of float, one row per token
        Probabilities of `quote_words`.
    """

    mention: NDArray[np.int64]
    speaker_chance: NDArray[np.float64]
    speech_chance: NDArray[np.float64]
    words: NDArray[np.float64]


@dataclass(frozen=True)
class SpeakerModel:
    """The parts of the model, and the names of the features that its trees compare."""

    words: WordModel
    speaker: Forest
    speaker_features: tuple[str, ...]
    speech: Forest
    speech_features: tuple[str, ...]

    def rank(self, ground: Ground) -> Ranked:
        """Find the speaker of every stretch, and whether it is speech."""
        words = self.words.score(ground)
        if not len(ground.stretches):
            empty = np.zeros(0)
            return Ranked(np.zeros(0, dtype=np.int64), empty, empty, words)
        facts = Facts(ground, words)
        pairs = find_pairs(ground)
        of_stretch = facts.stretches()
        of_pair = facts.pairs(pairs, of_stretch)
        self._check(of_pair, self.speaker_features)
        chance = self.speaker.chance(stack(of_pair))
        best = pairs.best(chance)
        speech = speech_columns(facts, pairs, of_stretch, chance)
        self._check(speech, self.speech_features)
        mention = np.where(best >= 0, np.append(pairs.mention, -1)[best], -1)
        return Ranked(
            mention, np.where(best >= 0, np.append(chance, 0.0)[best], 0.0), self.speech.chance(stack(speech)), words
        )

    def _check(self, columns: Columns, names: tuple[str, ...]) -> None:
        if tuple(columns) != names:
            raise ModelError(
                "the model for speakers was trained on other features than this version of mediakit computes.\n"
                "    Install mediakit anew, or train it with training/speakers.py."
            )


def speech_columns(facts: Facts, pairs: Pairs, of_stretch: Columns, chance: NDArray[np.float64]) -> Columns:
    """Return the features that tell speech from titles and scare quotes."""
    return {
        **of_stretch,
        **facts.filter_columns(),
        "best speaker": pairs.per_stretch(chance),
        "all speakers": pairs.per_stretch(chance, np.add),
    }


@cache
def load_speaker_model(path: str | Path | None = None) -> SpeakerModel:
    """Load the model that comes with mediakit, or one from a file.

    Raises
    ------
    ModelError
        When the file is missing, damaged or of another version.

    Examples
    --------
    >>> model = load_speaker_model()
    >>> "said" in model.words.vocabulary
    True
    """
    if path is None:
        with as_file(files("mediakit").joinpath("models", "speakers.npz")) as shipped:
            return read_model(shipped)
    return read_model(Path(path))


def read_model(path: Path) -> SpeakerModel:
    """Read a model file; see `load_speaker_model`."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        raise ModelError(f"{path.name}: no such model file. Install mediakit anew.") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, KeyError, NotImplementedError, zlib.error) as error:
        raise ModelError(f"{path.name}: the model file is damaged ({error}). Install mediakit anew.") from None
    version = int(arrays["version"][0]) if "version" in arrays and arrays["version"].size else None
    if version != VERSION:
        raise ModelError(f"{path.name}: a model of version {version}; this mediakit reads version {VERSION}.")
    try:
        words = WordModel(tuple(bytes(arrays["words"]).decode("utf-8").split("\n")), arrays["weights"], arrays["bias"])
        names = {part: tuple(bytes(arrays[f"{part}_features"]).decode("utf-8").split("\n")) for part in _PARTS}
        forests = {part: Forest.from_arrays(_part_of(arrays, part), len(names[part])) for part in _PARTS}
    except (KeyError, UnicodeDecodeError, ValueError, ModelError) as error:
        raise ModelError(f"{path.name}: the model file is damaged ({error}). Install mediakit anew.") from None
    if words.weights.ndim != 2 or words.weights.shape[1] != len(TARGETS) or words.bias.shape != (len(TARGETS),):
        raise ModelError(f"{path.name}: the model file is damaged (weights of words). Install mediakit anew.")
    return SpeakerModel(words, forests["speaker"], names["speaker"], forests["speech"], names["speech"])


def write_model(model: SpeakerModel, path: Path) -> None:
    """Write a model to a file of arrays, without pickled objects."""
    arrays: dict[str, NDArray] = {
        "version": np.array([VERSION]),
        "words": np.frombuffer("\n".join(model.words.words).encode("utf-8"), dtype=np.uint8),
        "weights": model.words.weights,
        "bias": model.words.bias,
    }
    for part in _PARTS:
        names = getattr(model, f"{part}_features")
        arrays[f"{part}_features"] = np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8)
        arrays.update({f"{part}_{name}": values for name, values in getattr(model, part).arrays().items()})
    cast(Any, np.savez_compressed)(path, **arrays)  # its types take every name for an option


_PARTS = ("speaker", "speech")


def _part_of(arrays: Mapping[str, NDArray], part: str) -> dict[str, NDArray]:
    return {name.removeprefix(f"{part}_"): values for name, values in arrays.items() if name.startswith(f"{part}_")}
