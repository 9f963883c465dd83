"""Workbooks: Excel files (.xlsx), of which the first sheet with a table of articles is read, one article a row.

Formulas are not computed: a cell has the result that was saved with it, or else what was written in it.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from itertools import zip_longest
from typing import Any

from mediakit.errors import need_extra
from mediakit.load.columns import recognise_columns
from mediakit.load.ledger import Part, Reading
from mediakit.load.records import EMPTY, Entry, above_header, find_header, gather, name_columns
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.zipped import BROKEN_ZIP

_EXCEL_CODE = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_UNPACKED_LIMIT = 4_000_000_000  # bytes; a zip bomb, not a table of articles

# What openpyxl raises for broken files; XML errors are SyntaxErrors.
_BROKEN_BOOK = (*BROKEN_ZIP, TypeError, AttributeError, SyntaxError)


def sniff(source: Source) -> Sniffed:
    """Recognise an Excel workbook by the files in its zip archive."""
    if not source.head.startswith(b"PK\x03\x04"):
        return 0.0, ""
    if "xl/workbook.xml" in source.entries:
        return 1.0, "Excel workbook"
    if not source.entries and (b"xl/" in source.head or source.suffix in (".xlsx", ".xlsm")):
        return 0.6, "a broken zip archive that seems to be an Excel workbook"
    return 0.0, "" if source.entries else "a broken zip archive"


def read(source: Source, options: Options) -> Reading:
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
    top = find_header(rows, options) or 0
    names, notes = name_columns(rows[top])
    entries: list[Entry] = [above_header(row) for row in rows[:top]]
    entries.append(Part("header", 0, 0, None, f"{len(names)} columns of the sheet {title!r}"))
    for row in rows[top + 1 :]:
        cells = dict(zip(names, row, strict=True))
        entries.append(cells if any(cell is not None for cell in row) else EMPTY)
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


def _unescaped(cell: Any) -> Any:
    """Turn `_x000D_` and the like, as Excel writes control characters, into line ends and spaces."""
    if not isinstance(cell, str):
        return cell
    text = _EXCEL_CODE.sub(lambda found: "\n" if found[1].upper() in ("000A", "000D") else " ", cell)
    return text if text.strip() else None


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


def _recognised(rows: list[list[Any]], options: Options) -> bool:
    top = find_header(rows, options)
    header = [] if top is None else [str(cell) for cell in rows[top] if cell is not None]
    known = recognise_columns(header)
    asked = bool(options.columns) and set(options.columns.values()) <= set(header)
    return asked or "text" in known or "headline" in known


READER = Reader("xlsx", sniff, read, "Excel workbook (.xlsx), one article a row")
