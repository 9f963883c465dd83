"""Which reader reads a file: every reader scores the content, the highest score wins, ties go to the earlier one.

A reader is a name, a sniffing function and a reading function. The built-in ones are the modules of
`mediakit.load.formats`; users add their own with `register_reader`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pandas as pd

from mediakit.errors import FormatError, LoadError
from mediakit.load.ledger import Reading
from mediakit.load.source import Source

Sniffed = tuple[float, str]  # how sure (0 to 1), and why


@dataclass(frozen=True)
class Options:
    """What the caller of `load_articles` asked for that a reader may need."""

    columns: dict[str, str] = field(default_factory=dict)
    language: str | None = None
    several: bool = False  # of other files it was asked as well, whose columns may be called otherwise


@dataclass(frozen=True)
class Reader:
    """One input format.

    Parameters
    ----------
    name : the value of `format=` and of the column `format`
    sniff : function of a `Source`, returning how sure it is (0 to 1) and why
    read : function of a `Source` and `Options`, returning a `Reading`
    about : one line for the list of formats
    batches : function of a `Source` and `Options`, optional
        For formats whose files grow without bound: yields one `Reading` after the other, each with the parts that
        follow on those before, so that memory stays flat.
    """

    name: str
    sniff: Callable[[Source], Sniffed]
    read: Callable[[Source, Options], Reading]
    about: str = ""
    batches: Callable[[Source, Options], Iterator[Reading]] | None = None


_added: dict[str, Reader] = {}
_ALSO = {"csv": "table", "tsv": "table", "txt": "text"}  # endings of files that are taken as names of readers


def readers() -> dict[str, Reader]:
    """Return all readers by name: those that users registered first, then the built-in ones."""
    return {**_added, **{name: reader for name, reader in _built_in().items() if name not in _added}}


def has_added() -> bool:
    """Whether readers were added with `register_reader`."""
    return bool(_added)


@cache
def _built_in() -> dict[str, Reader]:
    """Return the `READER` (or several `READERS`) of every module of `formats`, by the modules' names."""
    from mediakit.load import formats

    found: dict[str, Reader] = {}
    for module in sorted(module.name for module in iter_modules(formats.__path__)):
        loaded = import_module(f"{formats.__name__}.{module}")
        for reader in getattr(loaded, "READERS", None) or (loaded.READER,):
            found.setdefault(reader.name, reader)
    return found


def register_reader(reader: Reader) -> None:
    """Add a reader for a further format, or replace a built-in one of the same name.

    Examples
    --------
    >>> from mediakit.load.ledger import Part, Reading
    >>> def read(source, options):
    ...     text = source.text
    ...     return Reading([{"text": text}], [Part("text", 0, len(text), 0)], "character", len(text))
    >>> register_reader(Reader("wire", lambda source: (source.sample.startswith("ZCZC"), "starts with ZCZC"), read))
    >>> "wire" in readers()
    True
    >>> del _added["wire"]
    """
    _added[reader.name] = reader


def detect_format(path: str | Path) -> pd.DataFrame:
    """Show which readers claim a file, how sure each is, and why.

    Parameters
    ----------
    path : path of one file

    Returns
    -------
    DataFrame, one row per reader, the surest first
        format : name of the reader; score : 0 to 1; why : the evidence

    Raises
    ------
    LoadError
        When there is no such file.

    Examples
    --------
    >>> import mediakit as mk
    >>> mk.detect_format(mk.sample_path() / "northgate-ledger.jsonl")["format"].iloc[0]
    'jsonl'
    """
    if not isinstance(path, str | os.PathLike):
        raise LoadError(f"path must be the path of one file; found {type(path).__name__}.")
    file = Path(path).expanduser()
    if file.is_dir():
        raise LoadError(f"{path}: a folder; give the path of one file in it.")
    if not file.is_file():
        raise LoadError(f"{path}: no such file.")
    return sniff_all(Source(file, file.name))


def sniff_all(source: Source) -> pd.DataFrame:
    """Return the scores of all readers for a source, as `detect_format` does for a path."""
    rows: list[dict[str, Any]] = []
    for reader in readers().values():
        score, why = reader.sniff(source)
        rows.append({"format": reader.name, "score": float(score), "why": why})
    return pd.DataFrame(rows).sort_values("score", ascending=False, kind="stable", ignore_index=True)


def choose_reader(source: Source, format: str | None) -> tuple[Reader | None, str]:
    """Return the reader for a source and the reason; no reader when none claims it."""
    known = readers()
    if format is not None:
        return _named(known, format), "as asked"
    best, best_score, best_why, reasons = None, 0.0, "", []
    for reader in known.values():
        score, why = reader.sniff(source)
        if why:
            reasons.append(f"{reader.name}: {why}")
        if score > best_score:
            best, best_score, best_why = reader, score, why
    return (best, f"{best_why} ({best_score:.2f})") if best else (None, "; ".join(reasons))


def _named(known: dict[str, Reader], format: str) -> Reader:
    """Return the reader of a name, in small or capital letters, or of an ending that stands for one."""
    wanted = str(format).casefold().removeprefix(".")
    for name in (format, wanted, _ALSO.get(wanted)):
        if name in known:
            return known[name]
    near = [name for name, reader in known.items() if wanted and wanted in f"{name} {reader.about}".casefold()]
    hint = f"\n    Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise FormatError(f"format={format!r} is not known; there is {', '.join(known)}.{hint}")
