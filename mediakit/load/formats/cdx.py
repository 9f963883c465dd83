"""Lists of captures of web archives: CDX with 7, 9 or 11 columns, CDXJ, and the answers of the Wayback server in JSON.

A list says which address was captured when, and where the capture lies; it holds neither title nor text. The day of the
capture is kept apart (`crawl_date`), as it is not the day of publication.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mediakit.load.gdelt import host_of
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

# Letters of the CDX header -> columns (Internet Archive, "CDX file format", 2015).
_LETTERS = {
    "N": "urlkey", "A": "urlkey", "b": "timestamp", "a": "url", "m": "mime", "s": "status", "k": "digest",
    "c": "digest",
    "r": "redirect", "M": "robots", "S": "length", "n": "length", "V": "offset", "v": "offset", "g": "archive",
}  # fmt: skip
_HEADS = {7: "N b a m s k S", 9: "N b a m s k r V g", 10: "N b a m s k r M V g", 11: "N b a m s k r M S V g"}
_NAMES = {
    "urlkey": "urlkey", "timestamp": "timestamp", "original": "url", "url": "url", "mimetype": "mime", "mime": "mime",
    "statuscode": "status", "status": "status", "digest": "digest", "length": "length", "offset": "offset",
    "filename": "archive", "redirect": "redirect", "robotflags": "robots", "languages": "language",
}  # fmt: skip
_HEADER = re.compile(r"^\ufeff?(?P<delimiter>[^\w\r\n])CDX(?P=delimiter)(?P<letters>\w(?:(?P=delimiter)\w){2,40})\s*$")
_LINE = re.compile(r"^\S{1,4000} (?P<stamp>\d{4,17}) (?:\S{1,4000}|\{)(?: |$)")
_JSON_LINE = re.compile(r"^(?P<key>\S{1,4000}) (?P<stamp>\d{4,17}) (?P<rest>\{.*\})\s*$")
_TABLE = re.compile(r'^\s*\[\s*\[\s*"(?:urlkey|timestamp|original|mimetype|statuscode|digest|length)"', re.I)
_ABOUT = re.compile(r"^[!@#]|^\s*$")


def sniff(source: Source) -> Sniffed:
    """Recognise a list of captures by its header, or by lines of an address, a time of 14 digits and more."""
    sample = source.sample[:60_000]
    if _TABLE.match(sample) and "timestamp" in sample[:400]:
        return 1.0, "rows of the Wayback server"
    lines = [line for line in sample.split("\n")[:9] if not _ABOUT.match(line)][:6]
    if not lines:
        return 0.0, ""
    if _HEADER.match(lines[0].rstrip("\r")):
        return 1.0, "the header of a CDX file"
    if all('"urlkey"' in line and '"timestamp"' in line and line.startswith("{") for line in lines[:3]):
        return 1.0, "captures of an index, an object a line"
    whole = lines[:-1] if len(lines) > 1 and len(sample) == 60_000 else lines
    if all(_JSON_LINE.match(line) for line in whole):
        return 0.99, "captures with a key, a time and an object a line (CDXJ)"
    if all(_plain(line) for line in whole):
        return 0.97, "captures with an address and a time of 14 digits a line"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a list of captures, a row without text each."""
    text = source.text
    reading = _read_rows(list(_json_rows(text))) if _TABLE.match(text) else _read_lines(text)
    if not reading.articles:
        raise UnreadableFile("a list of captures without any capture")
    pages = sum(
        "html" in str(row.get("mime", "html")) and row.get("status", "200") == "200" for row in reading.articles
    )
    reading.notes.append(f"metadata only: a list of captures has no text; {pages} of {len(reading.articles)} are pages")
    return reading


def _read_lines(text: str) -> Reading:
    lines = text.removesuffix("\n").split("\n")
    reading = Reading(unit="line", length=len(lines))
    delimiter, head = " ", None
    for number, line in enumerate(lines):
        line = line.rstrip("\r")
        if (header := _HEADER.match(line)) is not None:
            delimiter = header["delimiter"]
            head = header["letters"].split(delimiter)
            reading.parts.append(Part("header", number, number + 1, None, "columns", line))
        elif _ABOUT.match(line):
            kind = "header" if line.strip() else "boilerplate"
            reading.parts.append(
                Part(kind, number, number + 1, None, "about the list" if line.strip() else "blank", line)
            )
        else:
            cells, why = _cells(line, delimiter, head)
            _add(reading, number, cells, why or "no address of a capture", line)
    return reading


def _cells(line: str, delimiter: str, head: Sequence[str] | None) -> tuple[dict[str, Any], str]:
    """Return the cells of a line by column, or what is wrong with it."""
    if len(line) > LONGEST_LINE:
        return {}, f"{len(line):,} characters"
    found = _JSON_LINE.match(line)
    if found or line.startswith("{"):
        try:
            data = json.loads(found["rest"] if found else line)
        except (ValueError, RecursionError) as error:
            return {}, f"broken JSON: {error}"
        if not isinstance(data, Mapping):
            return {}, "no object"
        about = {"urlkey": found["key"], "timestamp": found["stamp"]} if found else {}
        return {**about, **{_NAMES[name]: value for name, value in data.items() if name in _NAMES}}, ""
    cells = line.split(delimiter)
    letters = head or _HEADS.get(len(cells), "").split()
    if len(cells) != len(letters):
        return {}, f"{len(cells)} columns{f', the header has {len(head)}' if head else ''}"
    return {_LETTERS[letter]: cell for letter, cell in zip(letters, cells, strict=True) if letter in _LETTERS}, ""


def _plain(line: str) -> bool:
    """Whether a line without a header looks like a capture."""
    cells = line.rstrip("\r").split(" ")
    return (
        len(cells) in _HEADS and re.fullmatch(r"\d{14}", cells[1]) is not None and bool(re.search(r"[/:.)]", cells[2]))
    )


def _json_rows(text: str) -> Iterator[list[Any] | str]:
    """Yield the rows of the server's answer; where a cell breaks the JSON, line by line."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, list):
        yield from (row if isinstance(row, list) else str(row) for row in data)
        return
    width = 0
    for line in text.splitlines():
        bare = re.sub(r"^\s*\[?\s*\[|\][\s,]*\]?\s*,?\s*$", "", line)
        if not bare.strip(" ,]["):
            continue
        try:
            cells = json.loads(f"[{bare}]")
        except (ValueError, RecursionError):
            cells = re.split(r'"\s*,\s*"', bare.strip().removeprefix('"').removesuffix('"'))  # a quotation mark inside
        width = width or len(cells)
        yield cells if len(cells) == width else line


def _read_rows(rows: Sequence[list[Any] | str]) -> Reading:
    reading = Reading(unit="row", length=len(rows))
    names = [_NAMES.get(str(name).casefold(), "") for name in rows[0]] if rows and isinstance(rows[0], list) else []
    for number, row in enumerate(rows):
        if number == 0:
            reading.parts.append(Part("header", 0, 1, None, "columns", str(row)[:400]))
        elif not row or (isinstance(row, list) and len(row) == 1 < len(names)):
            note = "key for the next page of the answer" if row else "blank"
            reading.parts.append(Part("boilerplate", number, number + 1, None, note, str(row)[:400]))
        else:
            right = isinstance(row, list) and len(row) == len(names)
            cells = {name: cell for name, cell in zip(names, row, strict=True) if name} if right else {}
            _add(reading, number, cells, "not as many cells as the header has" if not right else "no address", str(row))
    return reading


def _add(reading: Reading, number: int, cells: Mapping[str, Any], why: str, line: str) -> None:
    """Add a capture, or say why the line is none."""
    known = {name: str(cell).strip() for name, cell in cells.items() if isinstance(cell, str | int)}
    known = {name: cell for name, cell in known.items() if cell and cell != "-"}
    if not (known.get("url") or known.get("urlkey")) or not re.fullmatch(r"\d{4,17}", known.get("timestamp", "")):
        reading.parts.append(Part("skipped", number, number + 1, None, f"line {number + 1}: {why}", line[:400]))
        return
    stamp = known.pop("timestamp")
    record: dict[str, Any] = {
        "headline": None,
        "text": None,
        "url": known.pop("url", None) or _address(known["urlkey"]),
    }
    record["outlet"] = host_of(record["url"])
    record["crawl_date"] = _moment(stamp)
    if "language" in known:
        record["language"] = known.pop("language").split(",")[0]
    reading.parts.append(
        Part("article", number, number + 1, len(reading.articles), "without text", str(record["url"] or line)[:400])
    )
    reading.articles.append({**record, **known})


def _moment(stamp: str) -> str:
    """Write a time of 4 to 17 digits as ISO 8601.

    Examples
    --------
    >>> _moment("20140103030321"), _moment("201401")
    ('2014-01-03T03:03:21Z', '2014-01')
    """
    day = "-".join(filter(None, (stamp[:4], stamp[4:6], stamp[6:8])))
    return f"{day}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z" if len(stamp) >= 14 else day


def _address(key: str) -> str | None:
    """Return the address that a key such as `com,example)/news` stands for, where it shows one.

    Examples
    --------
    >>> _address("org,example,news)/a?b=1")
    'http://news.example.org/a?b=1'
    """
    host, bracket, path = key.partition(")")
    return f"http://{'.'.join(reversed(host.split(',')))}{path}" if bracket and "," in host else None


READER = Reader("cdx", sniff, read, "list of captures of a web archive (CDX, CDXJ), without text")
