"""Alceste and IRaMuTeQ: one text file for a corpus, a line of starred variables above each text."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from mediakit.articles import COLUMNS
from mediakit.load.blocks import Blocks
from mediakit.load.dates import read_date
from mediakit.load.fragment import plain_paragraphs
from mediakit.load.ledger import Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

# "**** *outlet_ledger *year_2019", or the number of the text in the place of the four stars
_START = re.compile(r"^[\ufeff\s]*(?:\*{4}|\d{4,9})(?=\s+\*|\s*$)(?P<variables>(?:[ \t]+\*[^\s*]\S*)*)[ \t]*$")
_VARIABLE = re.compile(r"\*([^\s*]\S*)")
_THEME = re.compile(r"^\s*-\*(?P<theme>\S{1,100})\s*$")


def sniff(source: Source) -> Sniffed:
    """Recognise a corpus by the line of stars it begins with."""
    lines = [line for line in source.sample[:20_000].split("\n", 200)[:200] if line.strip()]
    if not lines or "*" not in lines[0]:
        return 0.0, ""
    first = _START.match(lines[0].rstrip("\r"))
    if first and (first["variables"] or lines[0].strip() == "****"):
        return 0.99, "a line of starred variables"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a corpus, one article a line of stars."""
    text = source.text
    lines = [line for line in re.split(r"(?<=\n)", text) if line]
    if max(map(len, lines), default=0) > LONGEST_LINE:
        raise UnreadableFile(f"a single line of more than {LONGEST_LINE:,} characters; no article is that long")
    starts = [index for index, line in enumerate(lines) if _is_start(line)]
    if not starts:
        raise UnreadableFile("no line of stars (**** *variable_value) in it")
    blocks = Blocks(lines, unit="character", joint=0)
    if starts[0]:
        blocks.mark(range(starts[0]), "header", None, "above the first text")
    records: list[dict[str, Any]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        pieces: list[list[str]] = [[]]
        themes: list[str] = []
        for line in lines[start + 1 : end]:
            theme = _THEME.match(line)
            if theme:
                themes.append(theme["theme"])
                pieces.append([])
            else:
                pieces[-1].append(line)
        paragraphs = [paragraph for piece in pieces for paragraph in plain_paragraphs("".join(piece))]
        if not paragraphs:
            blocks.mark(range(start, end), "skipped", None, "a line of stars without a text")
            continue
        position = len(records)
        for index in range(start, end):
            if lines[index].strip():
                starred = index == start or _THEME.match(lines[index])
                blocks.mark(index, "metadata" if starred else "text", position)
        record = _make_record(lines[start])
        record["text"] = "\n\n".join(paragraphs)
        if themes:
            record["themes"] = ", ".join(dict.fromkeys(themes))
        records.append(record)
    return blocks.reading(records)


def _is_start(line: str) -> bool:
    found = _START.match(line.rstrip("\r\n")) if "*" in line else None
    return found is not None and (bool(found["variables"]) or line.strip() == "****")


def _make_record(line: str) -> dict[str, Any]:
    """Return the variables of a line of stars under the names of the article table, or their own.

    Examples
    --------
    >>> _make_record("**** *journal_ledger *date_2019-05-01 *strike")
    {'outlet': 'ledger', 'date_raw': '2019-05-01', 'date': Timestamp('2019-05-01 00:00:00'), 'strike': 'yes'}
    """
    record: dict[str, Any] = {}
    known = _known()
    for variable in _VARIABLE.findall(line):
        name, mark, value = variable.partition("_")
        if not mark:
            value = "yes"
        column = known.get(_plain(name)) if mark else None
        value = value.replace("_", "-") if column == "date" else value
        if column == "date" and "date_raw" not in record:
            date = read_date(value)
            record["date_raw"] = value
            if date is not None:
                record["date"] = date
        elif column and column not in record and column != "date":
            record[column] = value
        elif value:
            name = f"{name}_raw" if name in COLUMNS or name in ("date_raw", "themes") else name
            record[name] = f"{record[name]}, {value}" if name in record else value
    return record


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in bare if char.isalnum())


@cache
def _known() -> dict[str, str]:
    data = tomllib.loads(files("mediakit.load.formats").joinpath("alceste.toml").read_text("utf-8"))
    return {_plain(name): column for column, names in data.items() for name in names.split()}


READER = Reader("alceste", sniff, read, "Alceste and IRaMuTeQ corpora")
