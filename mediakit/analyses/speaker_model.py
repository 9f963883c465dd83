"""The trained model for quotes: which stretches are speech, who speaks them, and what is reported without marks.

Four parts: a linear model of words (`quote_words`), a linear chain that finds what each cue reports (`quote_reports`),
boosted trees that rank the mentions around a stretch, and boosted trees that tell speech from titles and scare quotes.
Made by `training/speakers.py`; see docs/models/speakers.md.
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
from mediakit.analyses.mention_kinds import NAME, ROLE
from mediakit.analyses.mentions import Mentions
from mediakit.analyses.quote_chain import LABELS
from mediakit.analyses.quote_features import Columns, Facts, Pairs, find_pairs, stack
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import ReportModel, Reports
from mediakit.analyses.quote_support import Support
from mediakit.analyses.quote_words import TARGETS, WordModel, active_features
from mediakit.errors import ModelError

VERSION = 3
_FAR = 20.0  # below all scores


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
    reports : Reports
        What each cue reports.
    """

    mention: NDArray[np.int64]
    speaker_chance: NDArray[np.float64]
    speech_chance: NDArray[np.float64]
    words: NDArray[np.float64]
    reports: Reports


@dataclass(frozen=True)
class SpeakerModel:
    """The parts of the model, and the names of the features that its trees compare."""

    words: WordModel
    reports: ReportModel
    speaker: Forest
    speaker_features: tuple[str, ...]
    speech: Forest
    speech_features: tuple[str, ...]

    def rank(self, ground: Ground) -> Ranked:
        """Find the speaker of every stretch, and whether it is speech."""
        active = active_features(ground, self.words.vocabulary)
        words = self.words.score(*active)
        reports = self.reports.find(ground, words, active, self.words.vocabulary)
        if not len(ground.stretches):
            empty = np.zeros(0)
            return Ranked(np.zeros(0, dtype=np.int64), empty, empty, words, reports)
        facts = Facts(ground, words)
        support = Support(ground, reports)
        pairs = find_pairs(ground)
        of_stretch = facts.stretches()
        of_pair = speaker_columns(facts, support, pairs, of_stretch)
        self._check(of_pair, self.speaker_features)
        score = self.speaker.raw(stack(of_pair))
        chance = pairs.shares(score)
        best = pairs.best(score)
        speech = speech_columns(facts, support, pairs, of_stretch, score)
        self._check(speech, self.speech_features)
        mention = np.where(best >= 0, np.append(outermost(ground.mentions)[pairs.mention], -1)[best], -1)
        return Ranked(
            mention,
            np.where(best >= 0, np.append(chance, 0.0)[best], 0.0),
            self.speech.chance(stack(speech)),
            words,
            reports,
        )

    def _check(self, columns: Columns, names: tuple[str, ...]) -> None:
        if tuple(columns) != names:
            raise ModelError(
                "the model for speakers was trained on other features than this version of mediakit computes.\n"
                "    Install mediakit anew, or train it with training/speakers.py."
            )


def outermost(mentions: Mentions) -> NDArray[np.int64]:
    """Return for each mention the one that it begins, else itself.

    "the League" in "the League’s chairman", and "the League" in "director of the League Ana Ruiz".
    """
    found = np.arange(len(mentions))
    begins = np.flatnonzero(
        ((mentions.kind[1:] == ROLE) | (mentions.kind[1:] == NAME))
        & (mentions.first[1:] <= mentions.first[:-1])
        & (mentions.last[1:] > mentions.last[:-1])
    )
    found[begins] = begins + 1
    return found


def speaker_columns(facts: Facts, support: Support, pairs: Pairs, of_stretch: Columns) -> Columns:
    """Return the features that tell which mention speaks."""
    return {**facts.pairs(pairs, of_stretch), **support.pairs(pairs)}


def speech_columns(
    facts: Facts, support: Support, pairs: Pairs, of_stretch: Columns, score: NDArray[np.float64]
) -> Columns:
    """Return the features that tell speech from titles and scare quotes."""
    return {
        **of_stretch,
        **facts.filter_columns(),
        **support.stretches(),
        "best speaker": pairs.per_stretch(pairs.shares(score)),
        "score of best speaker": pairs.per_stretch(score, empty=-_FAR),
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
        words = WordModel(_names(arrays["words"]), arrays["weights"], arrays["bias"])
        names = {part: _names(arrays[f"{part}_features"]) for part in _PARTS}
        forests = {part: Forest.from_arrays(_part_of(arrays, part), len(names[part])) for part in _PARTS}
        reports = ReportModel(
            _names(arrays["endings"]), arrays["shared"].astype(np.float32), arrays["window"].astype(np.float32),
            arrays["moves"].astype(np.float32), forests["judge"], names["judge"],
        )  # fmt: skip
    except (KeyError, UnicodeDecodeError, ValueError, ModelError) as error:
        raise ModelError(f"{path.name}: the model file is damaged ({error}). Install mediakit anew.") from None
    for name, values, *shape in (
        ("words", words.weights, len(words.weights), len(TARGETS)), ("bias", words.bias, len(TARGETS)),
        ("reports", reports.shared, len(reports.shared), 2 * len(LABELS)),
        ("windows", reports.window, len(reports.window), len(LABELS)),
        ("moves", reports.moves, len(LABELS), len(LABELS)),
    ):  # fmt: skip
        if values.shape != tuple(shape) or not np.isfinite(values).all():
            raise ModelError(f"{path.name}: the model file is damaged (weights of {name}). Install mediakit anew.")
    return SpeakerModel(words, reports, forests["speaker"], names["speaker"], forests["speech"], names["speech"])


def _names(stored: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(bytes(stored).decode("utf-8").split("\n"))


def _bytes(names: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8)


def write_model(model: SpeakerModel, path: Path) -> None:
    """Write a model to a file of arrays, without pickled objects."""
    reports = model.reports
    arrays: dict[str, NDArray] = {
        "version": np.array([VERSION]), "words": _bytes(model.words.words), "weights": model.words.weights,
        "bias": model.words.bias, "endings": _bytes(reports.endings), "shared": reports.shared.astype(np.float16),
        "window": reports.window.astype(np.float16), "moves": reports.moves,
    }  # fmt: skip
    for part, trees, names in (
        ("speaker", model.speaker, model.speaker_features), ("speech", model.speech, model.speech_features),
        ("judge", reports.judge, reports.judge_features),
    ):  # fmt: skip
        arrays[f"{part}_features"] = _bytes(names)
        arrays.update({f"{part}_{name}": values for name, values in trees.arrays().items()})
    cast(Any, np.savez_compressed)(path, **arrays)  # its types take every name for an option


_PARTS = ("speaker", "speech", "judge")


def _part_of(arrays: Mapping[str, NDArray], part: str) -> dict[str, NDArray]:
    return {name.removeprefix(f"{part}_"): values for name, values in arrays.items() if name.startswith(f"{part}_")}
