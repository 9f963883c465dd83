"""The transformer that reads around a source what type it is (see `mediakit.analyses.encoder`).

It is all-MiniLM-L6-v2 (Wang et al. 2020, arXiv 2002.10957; Apache 2.0), which knows English, and has learned from
sources typed by hand; `source_model` weighs what it says against the signs where it is asked for.
See docs/models/source_types.md.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.encoder import BEGIN, END, MASK, UNKNOWN, Encoder, Floats, WordPieces, build_encoder, gelu
from mediakit.analyses.model_files import read_model
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_types import TYPES
from mediakit.analyses.source_words import BREAK, PERSON, WIDE, source_words
from mediakit.analyses.stance_words import NAME, NUMBER, SAME, TARGET
from mediakit.analyses.stance_words import UNKNOWN as NO_WORD
from mediakit.errors import ModelError

KIND, VERSION = "reader of source types", 1
# What stands for masked words among the pieces.
PLACEHOLDERS = {
    TARGET: MASK, NAME: "[unused1]", SAME: "[unused2]", PERSON: "[unused3]", BREAK: END, NUMBER: "5", NO_WORD: UNKNOWN,
}  # fmt: skip
LONGEST = 177  # pieces that are read


@dataclass(frozen=True)
class SourceReader:
    """The transformer, what is made of its last layer, and the words that are read as they are."""

    encoder: Encoder
    ordinary: Set[str]
    middle: tuple[Floats, Floats]
    out: tuple[Floats, Floats]

    def pieces_of(self, evidence: Evidence, start: int, end: int) -> list[int]:
        """Return a source as the numbers of word pieces: at most as many as the transformer reads."""
        return to_pieces(evidence, start, end, self.ordinary, self.encoder.pieces)

    def read(self, numbers: Sequence[int]) -> NDArray[np.float64]:
        """Return the logs of the probabilities of `TYPES`, and the log-odds of being named: 15 values.

        Parameters
        ----------
        numbers : list of int, from `pieces_of`
        """
        hidden = self.encoder.read(numbers)
        mask = self.encoder.pieces.number[MASK]
        place = numbers.index(mask) if mask in numbers else 0
        seen = np.concatenate([hidden[place], hidden.mean(axis=0)])
        middle = gelu(np.asarray(seen @ self.middle[0] + self.middle[1], dtype=np.float32))
        odds = (middle @ self.out[0] + self.out[1]).astype(np.float64)
        types = odds[:-1] - odds[:-1].max()
        odds[:-1] = types - np.log(np.exp(types).sum())
        return odds


def to_pieces(evidence: Evidence, start: int, end: int, ordinary: Set[str], pieces: WordPieces) -> list[int]:
    """Return a source as the numbers of at most `LONGEST` pieces of its words, as `source_words` gives them.

    Examples
    --------
    >>> text = "“No,” said Ana Ruiz, a professor of law."
    >>> evidence, pieces = Evidence("Ana Ruiz", body="Ana Ruiz", text=text), load_source_reader().encoder.pieces
    >>> found = to_pieces(evidence, 11, 19, {"no"}, pieces)
    >>> " ".join(pieces.pieces[number] for number in found[:13])
    '[CLS] [unused3] [SEP] “ no , ” said [MASK] , a professor of'
    """
    words, _ = source_words(evidence, start, end, ordinary, WIDE)
    found = [pieces.number[BEGIN]]
    for word in words:
        held = PLACEHOLDERS.get(word)
        found += [pieces.number[held]] if held else pieces.split(word.removeprefix(":") or word)
    return [*found[: LONGEST - 1], pieces.number[END]]


@cache
def load_source_reader() -> SourceReader:
    """Load the reader that comes with mediakit.

    Examples
    --------
    >>> reader = load_source_reader()
    >>> text = "“No,” said Ana Ruiz, a professor of law."
    >>> evidence = Evidence("Ana Ruiz", ("a professor of law",), "Ana Ruiz", text=text)
    >>> TYPES[reader.read(reader.pieces_of(evidence, 11, 19))[:-1].argmax()]
    'expert'
    """
    with as_file(files("mediakit").joinpath("models", "source_reader.npz")) as shipped:
        return read_source_reader(shipped)


def read_source_reader(path: str | Path) -> SourceReader:
    """Read the reader from a file.

    Raises
    ------
    ModelError
        When the file is no such reader, damaged, or of another version.
    """
    with read_model(path, KIND, VERSION, as_stored=True) as (about, arrays):
        if tuple(about["types"]) != TYPES:
            raise ModelError(f"{Path(path).name} knows other types.")
        encoder = build_encoder(about["pieces"], int(about["heads"]), arrays)
        missing = {*PLACEHOLDERS.values(), BEGIN, END} - set(encoder.pieces.number)
        middle, out = (
            (arrays[name].astype(np.float32), arrays[f"{name}_bias"].astype(np.float32)) for name in ("middle", "out")
        )
        finite = all(np.isfinite(held).all() for held in arrays.values())
        fits = len(middle[0]) == 2 * encoder.places.shape[1] and out[0].shape == (len(middle[1]), len(TYPES) + 1)
        if missing or not (fits and finite and encoder.longest >= LONGEST):
            raise ModelError(f"{Path(path).name} is damaged: its arrays do not fit.")
        return SourceReader(encoder, frozenset(about["ordinary"]), middle, out)
