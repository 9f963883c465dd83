"""Tables: CSV and its relatives, one article a row.

Rows are counted from the header, which is row 0, so that the ledger names rows as a spreadsheet does. A row that
cannot be read is left out with the reason; it never takes its neighbours along.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mediakit.load.columns import recognise_columns
from mediakit.load.ledger import Part, Reading
from mediakit.load.records import EMPTY, Entry, above_header, find_header, gather, name_columns
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, SNIFFED_BYTES, Source, UnreadableFile

_DELIMITERS = (",", ";", "\t", "|")
_NAMED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SUFFIXES = (".csv", ".tsv", ".tab")
_SNIFFED_ROWS = 60


def sniff(source: Source) -> Sniffed:
    """Score a file as delimited text: a header of names, and rows with as many cells."""
    sample = source.sample
    if not sample.strip() or sample.lstrip()[:1] in "<{" or re.match(r"\s*\[\s*[\[{\"\d]", sample):
        return 0.0, ""
    layout = _find_layout(sample, cut=source.size > SNIFFED_BYTES)
    if layout is None or not _plausible(layout.header):
        return 0.0, ""
    about = f"{len(layout.header)} columns separated by {_NAMED[layout.delimiter]}"
    telling = "text" in layout.known or "headline" in layout.known
    even = layout.same >= 0.5 if layout.rows else telling and len(layout.known) > 1
    if layout.known and even:
        # Cells may hold whole pages, so a telling header counts for more than the tags in them.
        return 0.97 if telling and len(layout.known) > 2 else 0.9, f"{about}, as {', '.join(layout.known.values())}"
    clear = layout.rows >= 5 and (len(layout.header) > 2 or layout.delimiter != ",")
    promised = source.suffix in _SUFFIXES and layout.rows > 0 and _unlike_prose(layout)
    if layout.same >= 0.95 and (clear or promised):
        return 0.5, f"{about}, none with a known name"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a delimited file, one article a row."""
    if source.head.startswith((b"PAR1", b"PK\x03\x04")):
        raise UnreadableFile("not delimited text: a Parquet or zip file")
    text = source.text
    layout = _find_layout(text[: 4 * SNIFFED_BYTES], cut=len(text) > 4 * SNIFFED_BYTES)
    delimiter = layout.delimiter if layout else "\t" if source.suffix in (".tsv", ".tab") else ","
    with _long_cells():
        rows = list(_split_rows(text, delimiter, spaced=layout.spaced if layout else False))
    top = find_header([row.cells for row in rows], options)
    if top is None:
        raise UnreadableFile("a table without a header")
    names, notes = name_columns(rows[top].cells)
    entries: list[Entry] = [above_header(row.cells) for row in rows[:top]]
    entries.append(Part("header", 0, 0, None, f"{len(names)} columns separated by {_NAMED.get(delimiter, delimiter)}"))
    for number, row in enumerate(rows[top + 1 :], start=top + 1):
        entries.append(_entry(number, row, names, rows[top].cells))
    quoting = sum(bool(row.trouble) for row in rows)
    if quoting:
        first = next(row.line for row in rows if row.trouble)
        notes.append(f"rows with broken quotation marks: {quoting}, the first on line {first}")
    return gather(source, entries, options, unit="row", names=names, notes=notes)


def _plausible(header: list[str]) -> bool:
    """Whether these can be names of columns: short, different, no sentences."""
    named = [cell for cell in header if cell]
    short = sum(len(cell) <= 40 and len(cell.split()) <= 5 and not cell.endswith((".", "!", "?")) for cell in named)
    return len(named) > 1 and short >= 0.9 * len(named) and 2 * len(set(named)) > len(named)


def _unlike_prose(layout: _Layout) -> bool:
    """Whether a header can be nothing else: every column has a name; after "comma, space" it is a single word."""
    return all(layout.header) and not (layout.airy and any(len(cell.split()) > 1 for cell in layout.header))


@dataclass(frozen=True)
class _Layout:
    """How a delimited file seems to be built."""

    delimiter: str
    spaced: bool
    header: list[str]
    airy: bool  # a space follows a delimiter in the header, as after the commas of prose
    known: dict[str, str]
    rows: int
    same: float


def _find_layout(sample: str, *, cut: bool) -> _Layout | None:
    """Try each delimiter; the one that gives most known names, then the evenest rows, then most cells."""
    best, best_key = None, (-1, -1.0, -1)
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        layout = _try_layout(sample, delimiter, spaced=False, cut=cut)
        key = (len(layout.known), round(layout.same, 2), len(layout.header)) if layout else best_key
        if layout and key > best_key:
            best, best_key = layout, key
    return best


def _try_layout(sample: str, delimiter: str, *, spaced: bool, cut: bool) -> _Layout | None:
    rows: list[list[str]] = []
    with _long_cells():
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=spaced):
                rows.append(cells)
                if len(rows) > _SNIFFED_ROWS:
                    break
            else:
                if cut:
                    rows = rows[:-1]
        except csv.Error:
            return None
    top = find_header(rows, Options())
    if top is None or len(rows[top]) < 2:
        return None
    if not spaced and all(cell.startswith(" ") for cell in rows[top][1:]):
        return _try_layout(sample, delimiter, spaced=True, cut=cut)
    header = [cell.strip() for cell in rows[top]]
    body = [_trim(row, len(header)) for row in rows[top + 1 :] if any(cell.strip() for cell in row)]
    same = sum(count == len(header) for count in body) / len(body) if body else 0.0
    known = recognise_columns([cell for cell in header if len(cell) <= 40])
    airy = spaced or any(cell.startswith(" ") for cell in rows[top][1:])
    return _Layout(delimiter, spaced, header, airy, known, len(body), same)


def _trim(row: list[str], width: int) -> int:
    """Count the cells of a row, leaving empty ones beyond the header out."""
    return width if len(row) > width and not any(cell.strip() for cell in row[width:]) else len(row)


@dataclass(frozen=True)
class _Row:
    """A row of a delimited file: the line it begins on, its cells, and why it cannot be read."""

    line: int
    cells: list[str]
    trouble: str = ""


def _split_rows(text: str, delimiter: str, *, spaced: bool) -> Iterator[_Row]:
    """Split a delimited text into rows; after a quotation mark that went wrong, read on from the next line."""
    lines = list(io.StringIO(text, newline=""))
    at = width = 0

    def feed() -> Iterator[str]:
        nonlocal at
        while at < len(lines):
            at += 1
            yield lines[at - 1]

    while at < len(lines):
        start = at
        try:
            cells = next(csv.reader(feed(), delimiter=delimiter, skipinitialspace=spaced), None)
        except csv.Error as error:
            at = start + 1
            yield _Row(start + 1, [lines[start].strip()], f"{error}")
            continue
        if cells is None:
            return
        width = width or len(cells) if any(cells) else width
        trouble = _quoting(lines[start:at], delimiter, spaced) if at > start + 1 else ""
        if trouble:
            ends_open = at == len(lines) and "never" in trouble
            if ends_open and not _has_rows(lines[start + 1 :], delimiter, width):
                yield _Row(start + 1, [lines[start].strip()], f"{trouble}; the file seems to be cut here")
                return
            at = start + 1
            yield _Row(start + 1, [lines[start].strip()], f"{trouble}; read on from line {start + 2}")
            continue
        yield _Row(start + 1, cells)


def _quoting(lines: list[str], delimiter: str, spaced: bool) -> str:
    """Say what is wrong with the quotation marks of a row of several lines; nothing when they are sound."""
    try:
        list(csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            return "a quotation mark is opened and never closed"
        return f"a quotation mark is opened and not closed before line {len(lines)} of the row"
    return ""


def _has_rows(lines: list[str], delimiter: str, width: int) -> bool:
    return any(len(cells) == width for cells in csv.reader(lines, delimiter=delimiter))


def _entry(number: int, row: _Row, names: list[str], header: list[str]) -> Entry:
    """Return the cells of a row by column, or why there are none."""
    place = f"row {number} (line {row.line})"
    shown = " ".join(row.cells)[:400]
    if row.trouble:
        return Part("skipped", 0, 0, None, f"{place}: {row.trouble}", shown)
    if not any(cell.strip() for cell in row.cells):
        return EMPTY
    if row.cells == header:
        return Part("header", 0, 0, None, "the column names once more")
    surplus = row.cells[len(names) :]
    if len(row.cells) < len(names) or any(cell.strip() for cell in surplus):
        return Part("skipped", 0, 0, None, f"{place} has {len(row.cells)} cells, the header has {len(names)}", shown)
    longest = max(len(cell) for cell in row.cells)
    if longest > LONGEST_LINE:
        return Part("skipped", 0, 0, None, f"{place} has a cell of {longest:,} characters: no article", shown)
    return dict(zip(names, row.cells, strict=False))


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module read cells of any length, for this once."""
    limit = csv.field_size_limit()
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(limit)


READER = Reader("table", sniff, read, "CSV, TSV and other delimited text, one article a row")
