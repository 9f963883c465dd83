"""Records: what readers of rows share, from the row with the column names to articles and a ledger of every row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mediakit.articles import COLUMNS
from mediakit.errors import FormatError
from mediakit.load.cells import to_record
from mediakit.load.columns import fit_columns, flatten, match_columns, recognise_columns
from mediakit.load.dates import guess_day_first
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options
from mediakit.load.source import Source

_SEP_LINE = re.compile(r'^"?sep=(.)"?$', re.I)  # Excel's own line that names the delimiter
_NAMELESS = re.compile(r"^(?:Unnamed: ?\d+(?:_level_\d+)?|__index_level_\d+__|)$")
NO_TEXT, LACKING = "NO TEXT", "read by the names of its own columns, as it lacks"  # how notes of trouble begin
_LONG, _LONG_WORDS = 200, 25  # characters and blanks of a cell that is more than a name, a title or a list of terms
_HEADER_WITHIN = 20  # rows above a header: titles and notes that export programs add

Entry = Part | dict[str, Any]  # a row that was left out or is none (start and end are set later), or its cells
EMPTY = Part("boilerplate", 0, 0, None, "empty row")


def find_header(rows: Sequence[Sequence[Any]], options: Options) -> int | None:
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


def above_header(cells: Sequence[Any]) -> Part:
    """Return what the ledger says of a row above the column names."""
    shown = " ".join(str(cell) for cell in cells if cell is not None).strip()
    return Part("header", 0, 0, None, "above the column names", shown) if shown else EMPTY


def name_columns(cells: Sequence[Any]) -> tuple[list[str], list[str]]:
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
        asked = fit_columns(known, options.columns) if options.several else options.columns
        lacking = [f"{theirs!r} (for {ours!r})" for ours, theirs in options.columns.items() if ours not in asked]
        if lacking:
            reading.notes.append(f"{LACKING} {', '.join(lacking)}")
        try:
            mapping = match_columns(known, columns=asked)
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
    long = [] if not known or "text" in mapping else [name for name in known if _is_long(name, mapping, rows)]
    if long:
        shown = ", ".join(name[:40] for name in known[:12]) + (", …" if len(known) > 12 else "")
        say = f'columns={{"text": "{long[0]}"}}'
        reading.notes.append(f"{NO_TEXT}: of its columns {shown} none is known to hold the text; {say} names one")
    return reading


def _is_long(name: str, mapping: Mapping[str, str], rows: list[dict[str, Any]]) -> bool:
    """Whether a column that was not recognised may hold the texts: half of its cells run to some sentences."""
    if name in mapping.values():
        return False
    cells = [cell for row in rows if isinstance(cell := row.get(name), str) and cell.strip()]
    return bool(cells) and 2 * sum(len(cell) >= _LONG and cell.count(" ") >= _LONG_WORDS for cell in cells) >= len(rows)


def _is_index(name: str, rows: list[dict[str, Any]]) -> bool:
    """Whether a nameless column only counts the rows, as pandas and R write it."""
    if not _NAMELESS.match(name) and not re.fullmatch(r"column_\d+", name):
        return False
    cells = (row.get(name) for row in rows)
    return all(cell is None or re.fullmatch(r"\s*(?:\d+(?:\.0)?)?\s*", str(cell)) for cell in cells)


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
