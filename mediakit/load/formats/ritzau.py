"""Ritzau's own XML (RBNews): one item, or the list that the agency's service answers with."""

from __future__ import annotations

from typing import Any

from mediakit.load.elements import bare_tags, find, find_all, find_root, parse_items, string
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source
from mediakit.load.terms import join_terms
from mediakit.load.wire import clock_of, finish, read_body, versions_note


def sniff(source: Source) -> Sniffed:
    """Recognise the items by their name."""
    sample = source.sample
    if "<RBNews" not in sample or "<" not in sample[:200]:
        return 0.0, ""
    root, _ = find_root(sample)
    return (1.0, "items of Ritzau") if root in ("RBNews", "ListOfRBNews") or root.startswith("XMLNews") else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read items of Ritzau, one article each."""
    items = parse_items(source.text, ("RBNews",))
    reading = Reading(unit="record", length=len(items.elements))
    for number, element in enumerate(items.elements):
        record = None if element is None else _make_record(bare_tags(element))
        if record is None:
            why = "lost in broken XML" if element is None else "neither headline nor text"
            reading.parts.append(Part("skipped", number, number + 1, None, f"item {number}: {why}"))
            continue
        if items.broken_off and number == len(items.elements) - 1:
            record["truncated"], record["truncated_why"] = True, "the file breaks off within this item"
        shown = str(record.get("headline") or record["text"])[:80]
        note = "" if record["text"] else "without text"
        reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, shown))
        reading.articles.append(record)
    if not items.sound:
        reading.notes.append("the XML is broken; its items were read one by one")
    reading.notes += versions_note(reading.articles)
    return reading


def _make_record(item: Any) -> dict[str, Any] | None:
    body = read_body(find(item, "content"))
    headline = string(item, "headline")
    if not (headline or body.text):
        return None
    raw = string(item, "PublishDate")
    canceled, corrected = string(item, "Annuleret") == "true", string(item, "Korrektion") == "true"
    codes = [code for one in find_all(item, "IPTCList/int") if (code := string(one))]
    words = [word for one in find_all(item, "SubjectKeyword/string") if (word := string(one))]
    record = {
        "headline": headline,
        "standfirst": string(item, "subtitle"),
        "byline": string(item, "byLine"),
        "outlet": "Ritzau",
        "agency": "Ritzau",
        "origin": string(item, "origin"),
        "date_raw": raw,
        "time": clock_of(raw),
        "language": "da",
        "section": string(item, "section"),
        "place": string(item, "town"),
        "vendor_id": string(item, "NewsID"),
        "version": string(item, "version"),
        "status": "canceled" if canceled else "corrected" if corrected else "usable",
        "priority": string(item, "Priority"),
        "slug": string(item, "strapline"),
        "kind": string(item, "format"),
        "ed_note": string(item, "TilRedaktionen"),
        "terms": join_terms(
            [*(("subject", code, code, None) for code in codes), *(("keyword", word, None, None) for word in words)]
        ),
    }  # fmt: skip
    made = finish(record, body)
    if made["text"] and made["text"].endswith("/ritzau/"):
        made["text"], made["signoff"] = made["text"].removesuffix("/ritzau/").rstrip() or None, "/ritzau/"
    return made


READER = Reader("ritzau", sniff, read, "Ritzau, XML of the agency")
