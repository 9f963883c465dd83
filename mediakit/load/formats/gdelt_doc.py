"""GDELT's search (DOC 2.0 API and Context 2.0): lists of articles in JSON or CSV, and its messages of errors.

The service answers with the status 200 and a line of text when it refuses a query, so that what was saved as a list of
articles may be no list. `seendate` is when GDELT saw the article, not when it was published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mediakit.load.formats import table
from mediakit.load.gdelt import host_of, language_code, service_messages
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile

_KEYS = re.compile(r'"(url|url_mobile|seendate|socialimage|domain|language|sourcecountry|sentence|isquote)"\s*:')
_SEEN = re.compile(r'"seendate"\s*:\s*"\d{8}T\d{6}Z"')
_CSV = re.compile(r'^\ufeff?"?URL"?,"?MobileURL"?,"?Date"?,"?Title"?', re.I)
_SPACED = re.compile(r"\s+(?=[,.](?:\s|$))")  # the service puts spaces around punctuation
_LONGEST_MESSAGE = 3_000


def sniff(source: Source) -> Sniffed:
    """Recognise an answer of GDELT's search by its fields, or by a message that it sends instead."""
    sample = source.sample.lstrip("\ufeff \r\n\t")
    if sample[:1] in "[{":
        fields = set(_KEYS.findall(sample[:20_000]))
        if _SEEN.search(sample[:20_000]) and len(fields) >= 3:
            return 1.0, "an answer of GDELT's search"
        return 0.0, ""
    if source.size <= _LONGEST_MESSAGE and sample.startswith(service_messages()):
        return 1.0, "a message of GDELT's service"
    if _CSV.match(sample):
        return 0.99, "an answer of GDELT's search as CSV"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read an answer of GDELT's search, one article an item."""
    text = source.text.lstrip("\ufeff \r\n\t")
    if text.startswith(service_messages()) and source.size <= _LONGEST_MESSAGE:
        raise UnreadableFile(f"no articles but a message of GDELT's service: {' '.join(text.split())[:300]}")
    if _CSV.match(text):
        return _read_csv(source, options)
    items, damages, _ = load_items(text, ("articles",))
    broken = {part.start: part for part in damages}
    reading = Reading(unit="row", length=len(items))
    for number, item in enumerate(items):
        record = _make_record(item) if isinstance(item, Mapping) else None
        if number in broken:
            reading.parts.append(broken[number])
        elif record is None:
            why = "neither title nor address" if isinstance(item, Mapping) else "not an object"
            reading.parts.append(Part("skipped", number, number + 1, None, f"item {number}: {why}", str(item)[:80]))
        else:
            shown = str(record["headline"] or record["url"])
            reading.parts.append(Part("article", number, number + 1, len(reading.articles), "without text", shown))
            reading.articles.append(record)
    if reading.articles:
        reading.notes.append("metadata only: GDELT gives no text; dates are those on which it saw the articles")
    return reading


def _make_record(item: Mapping[str, Any]) -> dict[str, Any] | None:
    cells = {name: " ".join(value.split()) for name, value in item.items() if isinstance(value, str) and value.strip()}
    if not (cells.get("title") or cells.get("url")):
        return None
    seen = cells.get("seendate")
    record = {
        "headline": _SPACED.sub("", cells["title"]) if "title" in cells else None,
        "text": None,
        "url": cells.get("url"),
        "outlet": cells.get("domain") or host_of(cells.get("url")),
        "date_raw": seen,
        "date_kind": "seen" if seen else None,
        "load_date": seen,
        "language": language_code(cells.get("language")),
        "country": cells.get("sourcecountry"),
        "image": cells.get("socialimage"),
        "url_mobile": cells.get("url_mobile"),
        "sentence": cells.get("sentence"),
        "context": cells.get("context"),
    }
    return {name: value for name, value in record.items() if value is not None or name in ("headline", "text")}


def _read_csv(source: Source, options: Options) -> Reading:
    """Read the CSV that the service gives as well: address, mobile address, date, title."""
    reading = table.read(source, options)
    for record in reading.articles:
        record["outlet"] = record.get("outlet") or host_of(record.get("url"))
        record["date_kind"], record["load_date"] = "seen", record.get("date_raw")
        if isinstance(record.get("headline"), str):
            record["headline"] = _SPACED.sub("", record["headline"])
        mobile = record.pop("MobileURL", None)
        if mobile:
            record["url_mobile"] = mobile
    reading.notes.append("metadata only: GDELT gives no text; dates are those on which it saw the articles")
    return reading


READER = Reader("gdelt-doc", sniff, read, "GDELT's search (DOC 2.0), without text")
