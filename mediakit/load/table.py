"""Tables: CSV and its relatives, Parquet and Excel sheets with one article a row.

Rows are counted from the header, which is row 0, so that the ledger names rows as a spreadsheet does. A row that
cannot be read is left out with the reason; it never takes its neighbours along.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from mediakit.articles import COLUMNS
from mediakit.errors import FormatError, need_extra
from mediakit.load.columns import flatten, match_columns, recognise_columns, to_record
from mediakit.load.dates import guess_day_first
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, SNIFFED_BYTES, Source, UnreadableFile

_DELIMITERS = (",", ";", "\t", "|")
_NAMED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEP_LINE = re.compile(r'^"?sep=(.)"?$', re.I)  # Excel's own line that names the delimiter
_NAMELESS = re.compile(r"^(?:Unnamed: ?\d+(?:_level_\d+)?|__index_level_\d+__|)$")
_EXCEL_CODE = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_SNIFFED_ROWS = 60
_HEADER_WITHIN = 20  # rows above a header: titles and notes that export programs add
_UNPACKED_LIMIT = 4_000_000_000  # bytes; a zip bomb, not a table of articles

_EMPTY = Part("boilerplate", 0, 0, None, "empty row")

# What zip and XML libraries raise for broken files: XML errors are SyntaxErrors, unknown zip features RuntimeErrors.
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError, RuntimeError)
_BROKEN_BOOK = (*_BROKEN_ZIP, TypeError, AttributeError, SyntaxError)

Entry = Part | dict[str, Any]  # a row that was left out or is none (start and end are set later), or its cells


@dataclass(frozen=True)
class _Row:
    """A row of a delimited file: the line it begins on, its cells, and why it cannot be read."""

    line: int
    cells: list[str]
    trouble: str = ""


@dataclass(frozen=True)
class _Layout:
    """How a delimited file seems to be built."""

    delimiter: str
    spaced: bool
    header: list[str]
    known: dict[str, str]
    rows: int
    same: float


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
    clear = len(layout.header) > 2 or layout.delimiter != ","
    if layout.rows >= 5 and layout.same >= 0.95 and clear:
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
    top = _find_header([row.cells for row in rows], options)
    if top is None:
        raise UnreadableFile("a table without a header")
    names, notes = _name_columns(rows[top].cells)
    entries: list[Entry] = [_above(row.cells) for row in rows[:top]]
    entries.append(Part("header", 0, 0, None, f"{len(names)} columns separated by {_NAMED.get(delimiter, delimiter)}"))
    for number, row in enumerate(rows[top + 1 :], start=top + 1):
        entries.append(_entry(number, row, names, rows[top].cells))
    quoting = sum(bool(row.trouble) for row in rows)
    if quoting:
        first = next(row.line for row in rows if row.trouble)
        notes.append(f"rows with broken quotation marks: {quoting}, the first on line {first}")
    return gather(source, entries, options, unit="row", names=names, notes=notes)


def gather(
    source: Source,
    entries: Sequence[Entry],
    options: Options,
    *,
    unit: str,
    names: Sequence[str] | None = None,
    notes: Iterable[str] = (),
) -> Reading:
    """Turn rows into articles, and every row into a part of the ledger.

    Parameters
    ----------
    source : the file, for messages
    entries : one item a row or line, in order: its cells by column, or a `Part` that says why it is no article
    options : the columns that the caller named
    unit : "row" or "line"
    names : column names, optional
        Default: the keys of all rows, in the order in which they turn up.
    notes : what is to be said of the file as a whole

    Returns
    -------
    Reading
        Its parts run from 0 to the number of entries.

    Raises
    ------
    FormatError
        When the columns cannot be recognised; the message names the file and lists the columns.
    """
    rows = [flatten(entry) for entry in entries if isinstance(entry, dict)]
    reading = Reading(unit=unit, length=len(entries), notes=list(notes))
    known = list(dict.fromkeys([*(names or ()), *(name for row in rows for name in row)]))
    mapping: dict[str, str] = {}
    if known:
        try:
            mapping = match_columns(known, columns=options.columns)
        except FormatError as error:
            raise FormatError(f"{source.name}: {error}") from None
    day_first = guess_day_first(row.get(mapping["date"]) for row in rows) if "date" in mapping else None
    idle = {name for name in known if name not in mapping.values() and _is_index(name, rows)}
    for start, entry in enumerate(entries):
        if isinstance(entry, Part):
            reading.parts.append(Part(entry.kind, start, start + 1, None, entry.note, entry.excerpt))
            continue
        row = {name: cell for name, cell in flatten(entry).items() if name not in idle}
        try:
            record = to_record(row, mapping, day_first=day_first)
        except RecursionError:
            reading.parts.append(Part("skipped", start, start + 1, None, f"{unit} {start}: nested too deeply"))
            continue
        headline, text = record.get("headline"), record.get("text")
        if headline or text:
            note, shown = "" if text else "without text", str(headline or text)[:80]
            reading.parts.append(Part("article", start, start + 1, len(reading.articles), note, shown))
            reading.articles.append(record)
        elif any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row.values()):
            shown = " ".join(str(cell) for cell in row.values() if isinstance(cell, str | int | float))[:80]
            reading.parts.append(Part("skipped", start, start + 1, None, "neither text nor headline", shown))
        else:
            reading.parts.append(Part("boilerplate", start, start + 1, None, "empty row"))
    _even_types(reading.articles)
    return reading


def _even_types(records: list[dict[str, Any]]) -> None:
    """Make further columns that mix numbers and text all text, so that the article table can be saved."""
    kinds: dict[str, set[type]] = {}
    for record in records:
        for name, cell in record.items():
            if cell is not None and name not in COLUMNS:
                kinds.setdefault(name, set()).add(float if type(cell) is int else type(cell))
    for name in [name for name, found in kinds.items() if len(found) > 1]:
        for record in records:
            if record.get(name) is not None:
                record[name] = str(record[name])


def _is_index(name: str, rows: list[dict[str, Any]]) -> bool:
    """Whether a nameless column only counts the rows, as pandas and R write it."""
    if not _NAMELESS.match(name) and not re.fullmatch(r"column_\d+", name):
        return False
    cells = (row.get(name) for row in rows)
    return all(cell is None or re.fullmatch(r"\s*(?:\d+(?:\.0)?)?\s*", str(cell)) for cell in cells)


def _name_columns(cells: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Return one name a column, all different, and what had to be changed."""
    names: list[str] = []
    twice: list[str] = []
    for number, cell in enumerate(cells, start=1):
        bare = " ".join(str("" if cell is None else cell).replace("\ufeff", "").split())
        name, count = bare or f"column_{number}", 2
        if name in names:
            twice.append(name)
        while name in names:
            name, count = f"{bare}_{count}", count + 1
        names.append(name)
    if not twice:
        return names, []
    return names, [f"column names that occur twice: {', '.join(dict.fromkeys(twice))}; later ones are numbered"]


def _find_header(rows: Sequence[Sequence[Any]], options: Options) -> int | None:
    """Return the index of the row with the column names: the first with known names, else the first not empty."""
    first = None
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = [" ".join(str("" if cell is None else cell).split()) for cell in row]
        if not any(cells) or (len(cells) == 1 and _SEP_LINE.match(cells[0])) or _SEP_LINE.match("".join(cells)):
            continue
        first = index if first is None else first
        if options.columns and set(options.columns.values()) <= set(cells):
            return index
        known = recognise_columns([cell for cell in cells if 0 < len(cell) <= 40])
        if len(known) > 1 and ("text" in known or "headline" in known):
            return index
    return first


def _above(cells: Sequence[Any]) -> Part:
    shown = " ".join(str(cell) for cell in cells if cell is not None).strip()
    return Part("header", 0, 0, None, "above the column names", shown) if shown else _EMPTY


def _entry(number: int, row: _Row, names: list[str], header: list[str]) -> Entry:
    """Return the cells of a row by column, or why there are none."""
    place = f"row {number} (line {row.line})"
    shown = " ".join(row.cells)[:400]
    if row.trouble:
        return Part("skipped", 0, 0, None, f"{place}: {row.trouble}", shown)
    if not any(cell.strip() for cell in row.cells):
        return _EMPTY
    if row.cells == header:
        return Part("header", 0, 0, None, "the column names once more")
    surplus = row.cells[len(names) :]
    if len(row.cells) < len(names) or any(cell.strip() for cell in surplus):
        return Part("skipped", 0, 0, None, f"{place} has {len(row.cells)} cells, the header has {len(names)}", shown)
    longest = max(len(cell) for cell in row.cells)
    if longest > LONGEST_LINE:
        return Part("skipped", 0, 0, None, f"{place} has a cell of {longest:,} characters: no article", shown)
    return dict(zip(names, row.cells, strict=False))


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
    top = _find_header(rows, Options())
    if top is None or len(rows[top]) < 2:
        return None
    if not spaced and all(cell.startswith(" ") for cell in rows[top][1:]):
        return _try_layout(sample, delimiter, spaced=True, cut=cut)
    header = [cell.strip() for cell in rows[top]]
    body = [_trim(row, len(header)) for row in rows[top + 1 :] if any(cell.strip() for cell in row)]
    same = sum(count == len(header) for count in body) / len(body) if body else 0.0
    known = recognise_columns([cell for cell in header if len(cell) <= 40])
    return _Layout(delimiter, spaced, header, known, len(body), same)


def _trim(row: list[str], width: int) -> int:
    """Count the cells of a row, leaving empty ones beyond the header out."""
    return width if len(row) > width and not any(cell.strip() for cell in row[width:]) else len(row)


def _plausible(header: list[str]) -> bool:
    """Whether these can be names of columns: short, different, no sentences."""
    named = [cell for cell in header if cell]
    short = sum(len(cell) <= 40 and len(cell.split()) <= 5 and not cell.endswith((".", "!", "?")) for cell in named)
    return len(named) > 1 and short >= 0.9 * len(named) and 2 * len(set(named)) > len(named)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module read cells of any length, for this once."""
    limit = csv.field_size_limit()
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def sniff_parquet(source: Source) -> Sniffed:
    """Recognise Parquet by its first four bytes."""
    return (1.0, "Parquet") if source.head.startswith(b"PAR1") else (0.0, "")


def read_parquet(source: Source, options: Options) -> Reading:
    """Read a Parquet file, one article a row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(pa.BufferReader(source.data)).read()
        names, notes = _name_columns(table.column_names)
        rows = table.rename_columns(names).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(f"a broken Parquet file: {str(error).splitlines()[0]}") from None
    entries: list[Entry] = [Part("header", 0, 0, None, f"{len(names)} columns"), *rows]
    return gather(source, entries, options, unit="row", names=None if rows else names, notes=notes)


def sniff_xlsx(source: Source) -> Sniffed:
    """Recognise an Excel workbook by the files in its zip archive."""
    if not source.head.startswith(b"PK\x03\x04"):
        return 0.0, ""
    try:
        with zipfile.ZipFile(source.path) as archive:
            inside = archive.namelist()
    except _BROKEN_ZIP:
        if b"xl/" in source.head or source.suffix in (".xlsx", ".xlsm"):
            return 0.6, "a broken zip archive that seems to be an Excel workbook"
        return 0.0, "a broken zip archive"
    if "xl/workbook.xml" in inside:
        return 1.0, "Excel workbook"
    kind = "a Word document" if "word/document.xml" in inside else "a zip archive; unpack it and load the folder"
    return 0.0, kind


def read_xlsx(source: Source, options: Options) -> Reading:
    """Read the first sheet of an Excel workbook that has a table of articles, one a row."""
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError:
        raise need_extra("openpyxl", "xlsx", "Reading .xlsx files") from None
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _UNPACKED_LIMIT:
                raise UnreadableFile("an Excel workbook of more than 4 GB when unpacked")
            inside = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            computed = any(re.search(rb"<f[\s>/]", archive.read(name)) for name in inside)
        with warnings.catch_warnings():  # openpyxl warns of styles and validation rules, which carry no text
            warnings.simplefilter("ignore")
            sheets = _sheets(openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True))
            if computed:  # a headline that begins with "=" was taken for a formula and has no result
                written = _sheets(openpyxl.load_workbook(io.BytesIO(source.data), read_only=True))
                sheets = {title: _filled_up(rows, written[title]) for title, rows in sheets.items()}
    except UnreadableFile:
        raise
    except _BROKEN_BOOK as error:
        raise UnreadableFile(f"a broken Excel workbook: {type(error).__name__}: {error}") from None
    filled = {title: rows for title, rows in ((title, _trimmed(rows)) for title, rows in sheets.items()) if rows}
    if not filled:
        raise UnreadableFile("an Excel workbook without any filled cell")
    title = next((title for title, rows in filled.items() if _recognised(rows, options)), next(iter(filled)))
    rows = filled[title]
    top = _find_header(rows, options) or 0
    names, notes = _name_columns(rows[top])
    entries: list[Entry] = [_above(row) for row in rows[:top]]
    entries.append(Part("header", 0, 0, None, f"{len(names)} columns of the sheet {title!r}"))
    for row in rows[top + 1 :]:
        cells = dict(zip(names, row, strict=True))
        entries.append(cells if any(cell is not None for cell in row) else _EMPTY)
    counts = {other: len(cells) for other, cells in filled.items() if other != title}
    others = [f"{other!r} ({count} row{'' if count == 1 else 's'})" for other, count in counts.items()]
    if others:
        notes.append(f"only the sheet {title!r} was read, not {', '.join(others)}")
    return gather(source, entries, options, unit="row", names=names, notes=notes)


def _sheets(book: Any) -> dict[str, list[list[Any]]]:
    """Return the cells of every sheet."""
    found = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs write wrong ones
        found[sheet.title] = [[_unescaped(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    book.close()
    return found


def _filled_up(rows: list[list[Any]], written: list[list[Any]]) -> list[list[Any]]:
    """Put in, where a formula has no result, what was written in the cell."""
    filled = []
    for number, row in enumerate(rows):
        others = written[number] if number < len(written) else []
        filled.append([other if cell is None else cell for cell, other in zip_longest(row, others)])
    return filled


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Return all rows at one length, without empty rows and columns at the end."""
    last = max((index + 1 for index, row in enumerate(rows) if any(cell is not None for cell in row)), default=0)
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell is not None), default=0)
    return [[*row[:width], *[None] * (width - len(row))] for row in rows[:last]]


def _unescaped(cell: Any) -> Any:
    """Turn `_x000D_` and the like, as Excel writes control characters, into line ends and spaces."""
    if not isinstance(cell, str):
        return cell
    text = _EXCEL_CODE.sub(lambda found: "\n" if found[1].upper() in ("000A", "000D") else " ", cell)
    return text if text.strip() else None


def _recognised(rows: list[list[Any]], options: Options) -> bool:
    top = _find_header(rows, options)
    header = [] if top is None else [str(cell) for cell in rows[top] if cell is not None]
    known = recognise_columns(header)
    asked = bool(options.columns) and set(options.columns.values()) <= set(header)
    return asked or "text" in known or "headline" in known


READERS = (
    Reader("table", sniff, read, "CSV, TSV and other delimited text, one article a row"),
    Reader("parquet", sniff_parquet, read_parquet, "Parquet, one article a row"),
    Reader("xlsx", sniff_xlsx, read_xlsx, "Excel workbook (.xlsx), one article a row"),
)
