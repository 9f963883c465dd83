"""Texts cut at white space, once: the ground on which sentences, words and sentiment stand.

A piece is a run of characters without white space: `“Riot` or `police,”`. Ten million running pieces are a few hundred
thousand distinct ones, so whatever can be said of a piece alone is worked out once per distinct piece, and the text
itself is only read to find its white space.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mediakit.progress import progress_bar

# What str.isspace() calls white space: in ASCII, and as UTF-8 in the rest of Unicode.
_ASCII_SPACES = bytes([9, 10, 11, 12, 13, 28, 29, 30, 31, 32])
WIDE_SPACES = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_WIDE_CODES = np.array([ord(char) for char in WIDE_SPACES if ord(char) > 0xFF], dtype=np.int32)
_MARK_SPACES = bytes(1 if code in _ASCII_SPACES else 0 for code in range(256))
_BATCH = 1 << 20  # characters of text that are looked at together; bounds the memory, changes no result

GLUED, SPACE, LINE, PARAGRAPH = 0, 1, 2, 3  # what stands before a piece: nothing, space, a line break, a blank line


@dataclass(frozen=True)
class Pieces:
    """The pieces of a list of texts, as parallel arrays.

    Attributes
    ----------
    code : array of int32, one value per piece
        Index into `vocabulary`, the distinct pieces.
    start : array of int32, one value per piece
        First character in its text.
    gap : array of uint8, one value per piece
        What stands before it: GLUED, SPACE, LINE or PARAGRAPH; the first piece of a text has PARAGRAPH.
    first : array of int64, one value per text and one more
        Where the pieces of each text begin: text `n` has the pieces ``first[n]:first[n + 1]``.
    distinct : Arrow array of strings
        The distinct pieces, in order of their first occurrence; then the parts of pieces that were cut. As bytes when
        the texts hold half characters (lone surrogates), which UTF-8 has not.
    """

    code: NDArray[np.int32]
    start: NDArray[np.int32]
    gap: NDArray[np.uint8]
    first: NDArray[np.int64]
    distinct: pa.Array

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def vocabulary(self) -> list[str]:
        """The distinct pieces as Python strings."""
        return to_strings(self.distinct)

    @cached_property
    def length(self) -> NDArray[np.int32]:
        """Characters of each distinct piece."""
        if pa.types.is_large_string(self.distinct.type):
            return pc.utf8_length(self.distinct).to_numpy().astype(np.int32)
        return np.fromiter(map(len, self.vocabulary), dtype=np.int32, count=len(self.vocabulary))

    @property
    def end(self) -> NDArray[np.int32]:
        """One past the last character of each piece."""
        return self.start + self.length[self.code]

    def text_of(self) -> NDArray[np.int32]:
        """Index of the text that each piece belongs to."""
        return np.repeat(np.arange(len(self.first) - 1, dtype=np.int32), np.diff(self.first))


def read_pieces(texts: Sequence[str], *, progress: bool | None = None) -> Pieces:
    """Cut texts at white space.

    Parameters
    ----------
    texts : sequence of str
    progress : bool, optional
        Show a progress bar. Default: for more than 30 million characters.

    Examples
    --------
    >>> pieces = read_pieces(["Riot police, riot!", "No riot police,"])
    >>> pieces.vocabulary
    ['Riot', 'police,', 'riot!', 'No', 'riot']
    >>> pieces.code.tolist(), pieces.start.tolist()
    ([0, 1, 2, 3, 4, 1], [0, 5, 13, 0, 3, 8])
    """
    codes, starts, gaps, counts = [], [], [], []
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    batches = list(_batches(sizes))
    for begin, end in progress_bar(batches, "Reading words", show=progress, unit="MB", least=30):
        code, start, gap, count = _read_batch(texts[begin:end], sizes[begin:end])
        codes.append(code)
        starts.append(start)
        gaps.append(gap)
        counts.append(count)
    first = np.zeros(len(texts) + 1, dtype=np.int64)
    if not codes:
        nothing = np.zeros(0, dtype=np.int32)
        return Pieces(nothing, nothing, np.zeros(0, dtype=np.uint8), first, as_strings([]))
    np.cumsum(np.concatenate(counts), out=first[1:])
    chunks = codes if len(codes) == 1 else pa.chunked_array(codes).unify_dictionaries().chunks
    code = np.concatenate([chunk.indices.to_numpy() for chunk in chunks])
    del codes
    return Pieces(code, np.concatenate(starts), np.concatenate(gaps), first, _validated(chunks[0].dictionary))


def _validated(distinct: pa.Array) -> pa.Array:
    try:
        return distinct.cast(pa.large_string())
    except pa.ArrowInvalid:
        return distinct


def as_strings(words: list[str]) -> pa.Array:
    """Return strings as an Arrow array; as bytes when there are half characters among them."""
    try:
        return pa.array(words, type=pa.large_string())
    except UnicodeEncodeError:
        return pa.array([word.encode("utf-8", "surrogatepass") for word in words], type=pa.large_binary())


def as_column(texts: Sequence[str]) -> pd.Series:
    """Return texts as a pandas column; half characters, which it cannot hold, become U+FFFD."""
    try:
        return pd.Series(texts, dtype="str")
    except UnicodeEncodeError:
        return pd.Series(
            [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts], dtype="str"
        )


def to_strings(distinct: pa.Array) -> list[str]:
    """Return an Arrow array of strings, or of the bytes of `as_strings`, as a list."""
    if pa.types.is_large_string(distinct.type):
        return cast("list[str]", distinct.to_pylist())
    return [one.decode("utf-8", "surrogatepass") for one in distinct.to_pylist()]


def _batches(sizes: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield begin and end of neighbouring texts that are small enough together, or of one that is large."""
    total = np.cumsum(sizes)
    at = done = 0
    while at < len(sizes):
        stop = max(at + 1, int(np.searchsorted(total, done + _BATCH, side="right")))
        yield at, stop
        at, done = stop, int(total[stop - 1])


def _read_batch(
    texts: Sequence[str], sizes: NDArray[np.int64]
) -> tuple[pa.DictionaryArray, NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]]:
    """Return codes with their dictionary, starts, gaps, and the number of pieces of each text."""
    data = "\n".join(texts).encode("utf-8", "surrogatepass")
    array = np.frombuffer(data, dtype=np.uint8)
    edges = _find_edges(data, array)
    begins = np.ascontiguousarray(edges[0::2])
    slices = pa.Array.from_buffers(
        pa.large_binary(), max(0, len(edges) - 1), [None, pa.py_buffer(edges), pa.py_buffer(data)]
    )
    code = slices.take(pa.array(np.arange(0, len(edges), 2))).dictionary_encode()
    gap = np.full(len(begins), SPACE, dtype=np.uint8)
    lines = np.searchsorted(begins, np.flatnonzero(array == 10))
    breaks = np.bincount(lines, minlength=len(begins) + 1)[: len(begins)]
    gap += np.minimum(breaks, 2).astype(np.uint8)
    start = begins
    if not data.isascii():
        # UTF-8 follows a character's first byte with bytes 10xxxxxx, below -64 as signed numbers: their number is what
        # bytes exceed characters by.
        following = np.flatnonzero(array.view(np.int8) < -64)
        start = begins - np.cumsum(np.bincount(np.searchsorted(begins, following), minlength=len(begins) + 1))[:-1]
    origins = np.cumsum(sizes + 1) - sizes - 1
    bounds = np.append(np.searchsorted(start, origins), len(start))
    counts = np.diff(bounds)
    gap[bounds[:-1][counts > 0]] = PARAGRAPH
    return code, (start - np.repeat(origins, counts)).astype(np.int32), gap, counts


def _find_edges(data: bytes, array: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return start, end, start, end, … of the runs without white space, in bytes."""
    if not len(array):
        return np.zeros(0, dtype=np.int64)
    # One mark before and one after the text, so that its first and last piece have an edge, too.
    space = np.frombuffer(b"\1" + data.translate(_MARK_SPACES) + b"\1", dtype=np.bool_)
    high = np.flatnonzero(array >= 0xC2)
    wide = _find_wide_spaces(array, high) if len(high) else high
    if len(wide):
        space = space.copy()
        space[wide + 1] = True
    return np.flatnonzero(space[1:] != space[:-1])


def _find_wide_spaces(array: NDArray[np.uint8], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return every byte of the white space beyond ASCII; `high` is where characters of several bytes begin."""
    lead = array[high]
    pairs = high[lead == 0xC2]
    pairs = pairs[np.isin(array[pairs + 1], (0x85, 0xA0))]
    triples = high[(lead >= 0xE1) & (lead <= 0xE3)]
    one, two, three = (array[triples + step].astype(np.int32) for step in range(3))
    triples = triples[np.isin((one & 0x0F) << 12 | (two & 0x3F) << 6 | (three & 0x3F), _WIDE_CODES)]
    return np.concatenate([pairs, pairs + 1, triples, triples + 1, triples + 2])


def cut_pieces(pieces: Pieces, cuts: Mapping[int, Sequence[int]]) -> Pieces:
    """Cut some pieces into several, where a sentence ends without white space.

    Parameters
    ----------
    pieces : Pieces
    cuts : mapping of piece to places
        Characters counted from the start of the piece, ascending, each inside it.
    """
    if not cuts:
        return pieces
    vocabulary = list(pieces.vocabulary)
    numbers: dict[str, int] = {}
    at = np.fromiter(sorted(cuts), dtype=np.int64, count=len(cuts))
    extra = np.fromiter((len(cuts[int(piece)]) for piece in at), dtype=np.int64, count=len(at))
    repeats = np.ones(len(pieces), dtype=np.int64)
    repeats[at] += extra
    code, start = np.repeat(pieces.code, repeats), np.repeat(pieces.start, repeats)
    gap = np.repeat(pieces.gap, repeats)
    where = np.cumsum(repeats) - repeats
    for piece in at.tolist():
        whole, places = pieces.vocabulary[pieces.code[piece]], cuts[piece]
        new = int(where[piece])
        edges = [0, *places, len(whole)]
        for step, (left, right) in enumerate(pairwise(edges)):
            part = whole[left:right]
            if part not in numbers:
                numbers[part] = len(vocabulary)
                vocabulary.append(part)
            code[new + step] = numbers[part]
            start[new + step] += left
            if step:
                gap[new + step] = GLUED
    added = np.concatenate([[0], np.cumsum(repeats)])
    return replace(pieces, code=code, start=start, gap=gap, first=added[pieces.first], distinct=as_strings(vocabulary))
