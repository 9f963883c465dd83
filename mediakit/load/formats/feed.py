"""Feeds: RSS 0.9x, 1.0 and 2.0 and Atom by feedparser (extra `feeds`), JSON Feed.

A feed gives the whole text of its entries or, more often, a summary; the latter is kept as the text and marked as cut.
The date is the one printed, which feedparser would move to UTC and in most languages cannot read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import lxml.etree

from mediakit.load.elements import Items, find_root, local, parse_items
from mediakit.load.feed_entry import make_record, plain_dict
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile

_ITEMS = ("item", "entry")
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org')
_WORDPRESS_OTHERS = (
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "wp_navigation",
    "wp_block",
    "wp_template",
)
_SUMMARIES = ("description", "summary", "abstract", "subtitle", "excerpt")
_BROKEN = (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError, lxml.etree.LxmlError)


def sniff(source: Source) -> Sniffed:
    """Recognise a feed by its root element, or by the version that a JSON Feed names."""
    sample = source.sample
    start = sample[:200].lstrip("\ufeff \r\n\t")
    if start[:1] == "{":
        return (1.0, "a JSON Feed") if _JSON_FEED.search(sample[:4_000]) else (0.0, "")
    if start[:1] != "<":
        return 0.0, ""
    root, tag = find_root(sample)
    if root == "rss" or (root == "feed" and ("Atom" in tag or "atom" in tag or "<entry" in sample)):
        return 1.0, "the root of a feed"
    if root == "RDF" and ("purl.org/rss/1.0" in sample or "netscape.com/rdf/simple" in sample):
        return 1.0, "the root of an RSS 1.0 feed"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a feed, one article an entry."""
    text = source.text
    if text.lstrip("\ufeff \r\n\t")[:1] == "{":
        return _read_json_feed(text)
    if "<!ENTITY" in text[:65_536] and re.search(r"<!ENTITY\s+(?!%)", text[:65_536]):
        raise UnreadableFile("the feed defines entities of its own; such files are not read (they can be hostile)")
    items = parse_items(
        re.sub(r"<!DOCTYPE[^<>\[]{0,2000}(?:\[[^\]]{0,20000}\])?\s*>", "", text[:65_536], flags=re.I) + text[65_536:],
        _ITEMS,
    )
    found = [element for element in items.elements if element is not None]
    feed, entries = _parse(_document(items, text))
    if len(entries) != len(found):  # feedparser took two for one, or left one out
        entries = [(_parse(_document(Items(items.tree, [one]), text))[1] or [{}])[0] for one in found]
    reading = Reading(unit="record", length=len(items.elements))
    waiting = iter(entries)
    for number, element in enumerate(items.elements):
        entry = {} if element is None else dict(next(waiting, {}))
        if entry.get("content") and not any(local(child) in _SUMMARIES for child in element):
            entry["summary"] = None  # feedparser repeats the content there
        kind = str(entry.get("wp_post_type") or "post")
        record = make_record(entry, feed) if element is not None and kind not in _WORDPRESS_OTHERS else None
        if record is not None and items.broken_off and number == len(items.elements) - 1:
            record["truncated"], record["truncated_why"] = True, "the file breaks off within this entry"
        if element is None:
            why = "lost in broken XML"
        else:
            why = f"WordPress calls it {kind}" if kind in _WORDPRESS_OTHERS else _nothing(element)
        _add(reading, number, record, why)
    _count(reading)
    if not items.sound:
        reading.notes.append("the XML is broken; its entries were read one by one")
    return reading


def _nothing(element: Any) -> str:
    inside = ", ".join(dict.fromkeys(filter(None, map(local, element))))
    return f"neither title nor text nor address, only {inside[:80]}" if inside else "an empty entry"


def _add(reading: Reading, number: int, record: dict[str, Any] | None, why: str) -> None:
    if record is None:
        reading.parts.append(Part("skipped", number, number + 1, None, f"entry {number}: {why}"))
        return
    shown = str(record.get("headline") or record.get("text") or record.get("url"))[:80]
    note = "" if record.get("text") else "without text"
    reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, shown))
    reading.articles.append(record)


def _count(reading: Reading) -> None:
    cut = sum(bool(record.get("truncated")) for record in reading.articles)
    if not reading.length:
        reading.notes.append("the feed holds no entry")
    elif cut:
        reading.notes.append(f"the feed gives no full text for {cut} of {len(reading.articles)} entries")


def _document(items: Items, text: str) -> bytes:
    """Return the feed in well-formed XML without comments, as feedparser reads it best."""
    if (
        items.sound
        and items.elements
        and items.elements[0].getroottree().getroot() is items.tree
        and len(items.elements) != 1
    ):
        return bytes(lxml.etree.tostring(items.tree, encoding="utf-8"))
    tree = deepcopy(items.tree)
    for node in [one for one in tree.iter() if local(one) in _ITEMS]:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    channel = next((node for node in tree.iter() if local(node) == "channel"), tree) if local(tree) == "rss" else tree
    for element in items.elements:
        if element is not None:
            copied = deepcopy(element)
            copied.tail = "\n"
            channel.append(copied)
    return bytes(lxml.etree.tostring(tree, encoding="utf-8"))


def _parse(document: bytes) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """Let feedparser read a document; nothing is fetched."""
    try:
        import feedparser
    except ImportError:
        from mediakit.errors import need_extra

        raise need_extra("feedparser", "feeds", "Reading RSS and Atom feeds") from None
    try:
        parsed = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    except _BROKEN as error:
        raise UnreadableFile(f"feedparser cannot read the feed: {type(error).__name__}: {error}") from None
    whole = plain_dict(parsed)
    return plain_dict(whole.get("feed")), [plain_dict(entry) for entry in whole.get("entries") or []]


def _read_json_feed(text: str) -> Reading:
    """Read a JSON Feed (1.0 and 1.1)."""
    items, damages, whole = load_items(text, ("items",))
    feed = whole if isinstance(whole, Mapping) else {}
    broken = {part.start: part for part in damages}
    reading = Reading(unit="record", length=len(items))
    for number, item in enumerate(items):
        if number in broken:
            reading.parts.append(broken[number])
        elif isinstance(item, Mapping):
            _add(reading, number, make_record(_as_entry(item), _as_feed(feed)), "neither title nor text nor address")
        else:
            _add(reading, number, None, "not an object")
    _count(reading)
    return reading


def _as_feed(feed: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": feed.get("title"), "language": feed.get("language")}


def _as_entry(item: Mapping[str, Any]) -> dict[str, Any]:
    """Name the fields of an item of a JSON Feed as feedparser names those of the others."""
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    bodies = [("text/html", item.get("content_html")), ("text/plain", item.get("content_text"))]
    return {
        "title": item.get("title"),
        "content": [
            {"value": value, "type": kind} for kind, value in bodies if isinstance(value, str) and value.strip()
        ],
        "summary": item.get("summary"),
        "authors": [one if isinstance(one, Mapping) else {"name": one} for one in people or [] if one],
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "link": item.get("url") or item.get("external_url"),
        "id": item.get("id"),
        "tags": item.get("tags"),
        "language": item.get("language"),
    }


READER = Reader("feed", sniff, read, "feeds: RSS, Atom, JSON Feed")
