"""Which reader reads a file: every reader scores the content, the highest score wins, ties go to the earlier one.

A reader is a name, a sniffing function and a reading function. Users add their own with `register_reader`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.errors import FormatError
from mediakit.load.ledger import Reading
from mediakit.load.source import Source

Sniffed = tuple[float, str]  # how sure (0 to 1), and why


@dataclass(frozen=True)
class Options:
    """What the caller of `load_articles` asked for that a reader may need."""

    columns: dict[str, str] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True)
class Reader:
    """One input format.

    Parameters
    ----------
    name : the value of `format=` and of the column `format`
    sniff : function of a `Source`, returning how sure it is (0 to 1) and why
    read : function of a `Source` and `Options`, returning a `Reading`
    about : one line for the list of formats
    """

    name: str
    sniff: Callable[[Source], Sniffed]
    read: Callable[[Source, Options], Reading]
    about: str = ""


# Modules that hold a `READER` (or several in `READERS`), in the order in which ties are broken.
_BUILT_IN = ("page", "jsonl", "table", "parquet", "workbook", "capture", "textfile")
_added: dict[str, Reader] = {}


def readers() -> dict[str, Reader]:
    """Return all readers by name: those that users registered first, then the built-in ones."""
    found = dict(_added)
    for name in _BUILT_IN:
        module = import_module(f"mediakit.load.{name}")
        for reader in getattr(module, "READERS", None) or (module.READER,):
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

    Examples
    --------
    >>> import mediakit as mk
    >>> mk.detect_format(mk.sample_path() / "northgate-ledger.jsonl")["format"].iloc[0]
    'jsonl'
    """
    return sniff_all(Source(Path(path), Path(path).name))


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
        if format not in known:
            raise FormatError(f"format={format!r} is not known; there is {', '.join(known)}.")
        return known[format], "as asked"
    scores = sniff_all(source)
    best = scores.iloc[0]
    if best["score"] <= 0:
        return None, "; ".join(f"{row.format}: {row.why}" for row in scores.itertuples() if row.why)
    return known[str(best["format"])], f"{best['why']} ({best['score']:.2f})"
