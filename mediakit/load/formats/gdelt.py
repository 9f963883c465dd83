"""GDELT's tables: Events 1.0 and 2.0, Mentions, and the Knowledge Graph (GKG) 1.0 and 2.1.

The files have tabs, no header and no quoting; exports from BigQuery have a header and commas. They hold no text: a
record has an address and what GDELT found in the article. `date` is the day of publication where GDELT knows it, else
the day on which GDELT saw the article; the column `date_kind` says which of the two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mediakit.load.gdelt import column_name, columns, make_records
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

_KINDS = {57: "events1", 58: "events1", 61: "events2", 16: "mentions", 11: "gkg1", 27: "gkg2"}
_NAMES = {
    "events1": "GDELT Events 1.0", "events2": "GDELT Events 2.0", "mentions": "GDELT Mentions", "gkg1": "GDELT GKG 1.0",
    "gkg2": "GDELT GKG 2.1",
}  # fmt: skip
# What the first cells look like.
_SHAPES = {
    "events1": (r"\d{1,12}", r"\d{8}", r"\d{6}", r"\d{4}", r"\d{4}(?:\.\d+)?"),
    "events2": (r"\d{1,12}", r"\d{8}", r"\d{6}", r"\d{4}", r"\d{4}(?:\.\d+)?"),
    "mentions": (r"\d{1,12}", r"\d{8}(?:\d{6})?", r"\d{14}", r"[1-6]"),
    "gkg1": (r"\d{8}", r"\d+"),
    "gkg2": (r"\d{14}-T?\d+", r"\d{14}", r"[1-6]?"),
}
# Columns of which a header must have three to be that of a table; the surest tables first.
_TELLING = {
    "mentions": ("MentionIdentifier", "MentionTimeDate", "MentionSourceName", "MentionType", "MentionDocTone"),
    "gkg2": ("GKGRECORDID", "DocumentIdentifier", "SourceCommonName", "V2Themes", "V2Tone", "V2Persons", "GCAM"),
    "gkg1": ("NUMARTS", "CAMEOEVENTIDS", "SOURCEURLS", "SOURCES"),
    "events1": ("GLOBALEVENTID", "SQLDATE", "EventCode", "SOURCEURL", "DATEADDED", "GoldsteinScale", "Actor1Code"),
}
_CELL = re.compile(r'(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))')


def sniff(source: Source) -> Sniffed:
    """Recognise a table of GDELT by the number and the look of its cells, or by the names in its header."""
    sample = source.sample[:60_000]
    if not sample.strip() or sample.lstrip("\ufeff \r\n")[:1] in "<{[":
        return 0.0, ""
    lines = [line.rstrip("\r") for line in sample.lstrip("\ufeff").split("\n")[:6] if line.strip()]
    if not lines:
        return 0.0, ""
    layout = _header(lines[0])
    if layout is not None:
        return 0.99, f"{_NAMES[layout.kind]} with a header"
    kinds = Counter(kind for kind in map(_kind_of, lines) if kind)
    if kinds:
        kind, count = kinds.most_common(1)[0]
        whole = len(lines) if len(sample) < 60_000 else len(lines) - 1
        if 2 * count >= whole:
            return 1.0, f"{_NAMES[kind]}: {count} of the first {len(lines)} lines"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a table of GDELT: an article a document in the GKG, a mention, or an event."""
    reading = Reading(unit="line")
    header: _Header | None = None
    found: Counter[str] = Counter()
    for number, (line, trouble) in enumerate(_lines(source)):
        reading.length = number + 1
        new = _header(line) if header is None and not reading.articles and not trouble else None
        header = new or header
        if new is not None or (header is not None and line == header.line):
            note = f"{_NAMES[header.kind]}: names of columns" if header else ""
            reading.parts.append(Part("header", number, number + 1, None, note, line[:400]))
            continue
        if not line.strip():
            reading.parts.append(Part("boilerplate", number, number + 1, None, "blank line"))
            continue
        kind, row, reason = ("", {}, trouble) if trouble else _read_row(line, header)
        records = list(make_records(kind, row)) if kind else []
        if not records:
            reason = f"line {number + 1}: {reason or 'no address of an article'}"
            reading.parts.append(Part("skipped", number, number + 1, None, reason, line[:400]))
            continue
        found[kind] += 1
        note = "without text" if len(records) == 1 else f"without text; {len(records)} documents"
        title = records[0].get("headline") or records[0].get("url") or records[0].get("citation") or line[:400]
        reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, str(title)))
        reading.articles += records
    if not found:
        raise UnreadableFile("no line of it is a record of GDELT")
    addresses = {record["url"] for record in reading.articles if record.get("url")}
    reading.notes += [f"{_NAMES[kind]}: {count} records" for kind, count in found.items()]
    reading.notes.append(f"metadata only: GDELT gives no text; {len(addresses)} different addresses")
    return reading


@dataclass(frozen=True)
class _Header:
    """The line with the names of the columns: which table it is, what separates them, the codebook's names."""

    line: str
    kind: str
    delimiter: str
    names: tuple[str, ...]


def _read_row(line: str, header: _Header | None) -> tuple[str, dict[str, str], str]:
    """Return the table that a line is of and its cells by column; or no table, and what is wrong with the line."""
    if len(line) > LONGEST_LINE:
        return "", {}, f"{len(line):,} characters; no record is that long"
    if header is not None:
        cells = _split(line, header.delimiter)
        if len(cells) != len(header.names):
            return "", {}, f"{len(cells)} fields, the header has {len(header.names)}"
        return header.kind, dict(zip(header.names, cells, strict=True)), ""
    cells = _split(line, None)
    kind = _KINDS.get(len(cells))
    if kind is None:
        return "", {}, f"{len(cells)} fields; the tables of GDELT have 11, 16, 27, 57, 58 or 61"
    if not _looks_like(kind, cells):
        return "", {}, f"{len(cells)} fields as in {_NAMES[kind]}, but of another look"
    return kind, dict(zip(columns(kind), cells, strict=False)), ""


def _lines(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the lines, each with what is wrong with its bytes."""
    if source.encoding or source.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        lines = source.text.split("\n")
        yield from ((line.rstrip("\r"), "") for line in (lines[:-1] if not lines[-1] else lines))
        return
    data = source.data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for line in data[:-1] if not data[-1] else data:
        try:
            yield line.decode("utf-8").rstrip("\r"), ""
        except UnicodeDecodeError as error:
            yield line.decode("utf-8", "replace").rstrip("\r"), f"byte {error.start} is no UTF-8"


def _split(line: str, delimiter: str | None) -> list[str]:
    if delimiter == "," or (delimiter is None and "\t" not in line and "," in line):
        return [quoted.replace('""', '"') if quoted else bare for quoted, bare in _CELL.findall(line)]
    return line.split(delimiter or "\t")


def _kind_of(line: str) -> str | None:
    cells = _split(line, None)
    kind = _KINDS.get(len(cells))
    return kind if kind and _looks_like(kind, cells) else None


def _looks_like(kind: str, cells: Sequence[str]) -> bool:
    shapes = zip(_SHAPES[kind], cells, strict=False)
    fits = all(re.fullmatch(shape, cell.strip()) for shape, cell in shapes)
    return fits and (kind != "gkg1" or "http" in cells[-1] or "<UDIV>" in cells[-1] or "." in cells[9])


def _header(line: str) -> _Header | None:
    """Return what a line says of the columns, when it holds their names."""
    if len(line) > 5_000 or not re.search(r"[A-Za-z]{4}", line):
        return None
    for delimiter in ("\t", ",", ";", "|"):
        cells = [cell.strip().strip('"') for cell in line.split(delimiter)]
        names = tuple(map(column_name, cells))
        kind = next((kind for kind, telling in _TELLING.items() if len({*names} & {*telling}) >= 3), None)
        if kind and len(cells) > 2:
            return _Header(line, kind, delimiter, names)
    return None


READER = Reader("gdelt", sniff, read, "GDELT: Events, Mentions or Knowledge Graph, without text")
