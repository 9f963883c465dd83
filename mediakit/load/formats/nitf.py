"""NITF, the XML of newspapers and agencies: one article a file, or several one after the other."""

from __future__ import annotations

from typing import Any

from mediakit.load.elements import find_root, parse_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.nitf import make_record
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source
from mediakit.load.wire import versions_note

_ROOTS = ("nitf", "nitfs", "documents", "articles")


def sniff(source: Source) -> Sniffed:
    """Recognise NITF by its root element."""
    sample = source.sample
    if "<nitf" not in sample[:20_000]:
        return 0.0, ""
    root, _ = find_root(sample)
    return (1.0, "the root of NITF") if root in _ROOTS else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read NITF, one article a document."""
    items = parse_items(source.text, ("nitf",))
    reading = Reading(unit="record", length=len(items.elements))
    for number, element in enumerate(items.elements):
        record = None if element is None else make_record(element)
        if record is None:
            why = "lost in broken XML" if element is None else _nothing(element)
            reading.parts.append(Part("skipped", number, number + 1, None, f"document {number}: {why}"))
            continue
        if items.broken_off and number == len(items.elements) - 1:
            record["truncated"], record["truncated_why"] = True, "the file breaks off within this article"
        shown = str(record.get("headline") or record["text"])[:80]
        note = "" if record["text"] else "without text"
        reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, shown))
        reading.articles.append(record)
    if not items.sound and len(items.elements) == 1:
        reading.notes.append("the XML is broken; what could be read of it was read")
    reading.notes += versions_note(reading.articles)
    return reading


def _nothing(element: Any) -> str:
    kinds = [medium.get("media-type") or "medium" for medium in element.iter("media")]
    return f"no article but {len(kinds)} pictures or other media ({kinds[0]})" if kinds else "neither headline nor text"


READER = Reader("nitf", sniff, read, "NITF, XML of newspapers and agencies")
