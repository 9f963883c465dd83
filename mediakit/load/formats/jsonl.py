"""JSON: one object a line, as scrapers write it, or one document with a list of objects, as services answer.

A broken line is left out with the reason and the column of the error; the lines around it load.
"""

from __future__ import annotations

import json
import re
from typing import Any

from mediakit.load.columns import flatten, recognise_columns
from mediakit.load.ledger import Part, Reading
from mediakit.load.records import Entry, gather
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, SNIFFED_BYTES, Source, UnreadableFile

# Where services put their list of articles: NewsAPI and GDELT, Guardian, New York Times, and common habits.
_LISTS = ("articles", "results", "docs", "items", "data", "response.results", "response.docs", "stories", "records")
_LISTED = re.compile(rf"""^\s*\{{.{{0,2000}}?"(?:{"|".join(name.split(".")[-1] for name in _LISTS)})"\s*:\s*\[""", re.S)
_OBJECT = re.compile(r'^\s*\{\s*(?:"|\}|$)')
_ARRAY = re.compile(r"^\s*\[\s*(?:\{|\]|$)")
_KIND = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "a truth value", type(None): "null"}
_TELLING = {"text", "headline"}
_SNIFFED_LINES = 20


def sniff(source: Source) -> Sniffed:
    """Score a file as JSON lines: most of the first lines are objects of their own."""
    lines = [line for line in _lines(source.sample) if line.strip()]
    if not lines or not any(_OBJECT.match(line) for line in lines[:_SNIFFED_LINES]):
        return 0.0, ""
    looked_at = lines[:_SNIFFED_LINES]
    parsed = [_parse(line) for line in looked_at]
    objects = [found for found, _ in parsed if isinstance(found, dict)]
    fitting = sum(not parsed[index][1] or bool(_OBJECT.match(line)) for index, line in enumerate(looked_at))
    if len(lines) == 1 and not objects and source.size > SNIFFED_BYTES:  # a line longer than what is looked at
        return (0.0, "") if _LISTED.match(lines[0]) else (0.8, "begins like a JSON object")
    if len(lines) == 1 and objects and _find_list(objects[0]) != objects:
        return 0.0, ""
    if not objects or fitting < 0.5 * len(looked_at):
        return 0.0, ""
    return 0.97, f"{len(objects)} of the first {len(looked_at)} lines are JSON objects"


def read(source: Source, options: Options) -> Reading:
    """Read JSON lines, one article a line."""
    entries: list[Entry] = []
    for number, line in enumerate(_lines(source.text), start=1):
        if not line.strip():
            entries.append(Part("boilerplate", 0, 0, None, "blank line"))
        elif len(line) > LONGEST_LINE:
            reason = f"line {number}: {len(line):,} characters; no article is that long"
            entries.append(Part("skipped", 0, 0, None, reason, line[:400]))
        else:
            found, trouble = _parse(line)
            if not trouble and not isinstance(found, dict):
                trouble = f"{_KIND[type(found)]}, not an object"
            reason = f"line {number}: {trouble}"
            entries.append(Part("skipped", 0, 0, None, reason, line[:400]) if trouble else found)
    return gather(source, entries, options, unit="line")


def sniff_json(source: Source) -> Sniffed:
    """Score a file as one JSON document."""
    sample = source.sample
    if _ARRAY.match(sample):
        return 0.9, "a JSON list of objects"
    if not _OBJECT.match(sample):
        return 0.0, ""
    if _LISTED.match(sample):
        return 0.95, "a JSON object with a list of objects"
    return 0.3, "begins like a JSON object"


def read_json(source: Source, options: Options) -> Reading:
    """Read a JSON document: a list of objects, an object with such a list, or one object that is an article."""
    found, trouble = _parse(source.text)
    if trouble:
        raise UnreadableFile(f"broken JSON: {trouble}")
    items = _find_list(found)
    if items is None and isinstance(found, dict) and options.columns:
        items = [found]
    if items is None:
        raise UnreadableFile(f"JSON without a list of articles: {_described(found)}")
    entries: list[Entry] = []
    for number, item in enumerate(items):
        if isinstance(item, dict):
            entries.append(item)
        else:
            reason = f"item {number}: {_KIND[type(item)]}, not an object"
            entries.append(Part("skipped", 0, 0, None, reason, item if isinstance(item, str) else ""))
    return gather(source, entries, options, unit="row")


def _lines(text: str) -> list[str]:
    """Split at line feeds only: other line separators are allowed within JSON strings."""
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else lines


def _parse(text: str) -> tuple[Any, str]:
    """Return the value, or what is wrong with the text."""
    try:
        return json.loads(text.lstrip("\ufeff"), strict=False), ""
    except json.JSONDecodeError as error:
        line = f"line {error.lineno} " if "\n" in text else ""
        return None, f"{error.msg} at {line}column {error.colno}"
    except RecursionError:
        return None, "nested too deeply"
    except ValueError as error:  # a number of more than 4,300 digits
        return None, str(error).split(":")[0].split(";")[0]


def _find_list(found: Any) -> list[Any] | None:
    """Return the articles of a document; None where nothing in it looks like any."""
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return None
    flat = {**found, **flatten(found)}
    lists = [flat[name] for name in _LISTS if isinstance(flat.get(name), list)]
    for items in lists:
        first = next((item for item in items if isinstance(item, dict)), {})
        if _TELLING & set(recognise_columns(flatten(first))):
            return items
    inner = [value for value in found.values() if isinstance(value, dict)]
    if inner and len(inner) == len(found) and _TELLING & set(recognise_columns(found)):  # pandas' own way: by column
        keys = dict.fromkeys(key for column in inner for key in column)
        return [{name: column.get(key) for name, column in found.items()} for key in keys]
    known = recognise_columns(flatten(found))
    if ("text" in known and len(known) > 1) or ("headline" in known and len(known) > 2):
        return [found]
    return next((items for items in lists if not items or isinstance(items[0], dict)), None)


def _described(found: Any) -> str:
    if isinstance(found, dict):
        return f"an object with {', '.join(list(found)[:12])}" if found else "an empty object"
    return _KIND[type(found)]


READERS = (
    Reader("jsonl", sniff, read, "JSON lines, one article a line"),
    Reader("json", sniff_json, read_json, "JSON with a list of articles, or one article"),
)
