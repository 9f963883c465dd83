"""ninjs, news in JSON of the IPTC, versions 1 to 3: an item, a list of items, an answer of a service, an item a line.

In version 1 a headline and the bodies are fields of their own, from version 2 on they are lists with a role each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.ninjs import DATES, headline_of, make_record
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.wire import versions_note

_KEY = re.compile(r'"([A-Za-z_]{3,30})"\s*:')
_MARKS = {
    "body_text", "body_html", "body_xhtml", "bodies", "headlines", "representationtype", "usageterms", "pubstatus",
    "copyrightholder", "copyrightnotice", "located", "urgency", "renditions", "description_text", "slugline", "ednote",
    "embargoed", "associations", "byline", "infosources", "descriptions", "evolvedfrom", "profile", "pubStatus",
    "usageTerms", "copyrightHolder", "bylines", "mimetype", "standard", "body_richhtml", "body_text_stripped",
}  # fmt: skip
_LISTS = ("items", "item", "_items", "newsItems", "results", "data", "articles", "ninjs", "hits")


def sniff(source: Source) -> Sniffed:
    """Recognise ninjs by the names of its fields."""
    sample = source.sample[:60_000].lstrip("\ufeff \r\n\t\x1e")
    if sample[:1] not in ("{", "["):
        return 0.0, ""
    keys = set(_KEY.findall(sample))
    marks = keys & _MARKS
    named = bool(keys & {"uri", "guid", "altids", "type"})
    if (
        re.search(r'"(?:uri|name|\$schema)"\s*:\s*"https?:[\\/]{2,4}www\.iptc\.org[^"]{0,60}ninjs', sample)
        and keys & DATES
    ):
        return 1.0, "names the standard ninjs"
    if keys & DATES and len(marks) >= 2 and named:
        return 0.99, f"fields of ninjs ({', '.join(sorted(marks)[:3])})"
    if (
        named
        and "headline" in keys
        and len(marks & {"body_text", "body_html", "body_xhtml", "pubstatus", "located", "usageterms"}) >= 2
    ):
        return 0.98, f"fields of ninjs ({', '.join(sorted(marks)[:3])})"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read ninjs, one article an item of text."""
    items, damages = _find_items(source.text.lstrip("\ufeff \r\n\t\x1e"))
    broken = {part.start: part for part in damages}
    reading = Reading(unit="record", length=len(items))
    for number, item in enumerate(items):
        if number in broken:
            reading.parts.append(broken[number])
            continue
        record, why = make_record(item) if isinstance(item, Mapping) else (None, "not an object")
        if record is None:
            shown = str(headline_of(item) or "") if isinstance(item, Mapping) else str(item)
            reading.parts.append(Part("skipped", number, number + 1, None, f"item {number}: {why}", shown[:80]))
            continue
        note = "" if record["text"] else "without text"
        shown = str(record.get("headline") or record["text"])[:80]
        reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, shown))
        reading.articles.append(record)
    reading.notes += versions_note(reading.articles)
    return reading


def _find_items(text: str) -> tuple[list[Any], list[Part]]:
    """Return the items of a file, and for each that is broken a part, with None in its place."""
    try:
        whole = json.loads(text, strict=False)
    except RecursionError:
        raise UnreadableFile("broken JSON: nested too deeply") from None
    except ValueError:
        return _salvage(text)
    if isinstance(whole, list):
        return whole, []
    if isinstance(whole, Mapping):
        if not _is_item(whole):
            for name in _LISTS:
                found = whole.get(name)
                if isinstance(found, Mapping):  # a further box around the list
                    found = next((found[inner] for inner in _LISTS if isinstance(found.get(inner), list)), None)
                if isinstance(found, list):
                    return [_unpacked(one) for one in found], []
        return [whole], []
    raise UnreadableFile("JSON without an item of ninjs")


def _unpacked(item: Any) -> Any:
    """Return the item inside a box with its score or the like, as search services put it."""
    if isinstance(item, Mapping) and not _is_item(item):
        for name in ("item", "_source", "newsItem", "ninjs"):
            if isinstance(item.get(name), Mapping):
                return item[name]
    return item


def _is_item(found: Mapping[str, Any]) -> bool:
    return bool(DATES & set(found)) or bool(
        {"headline", "headlines", "body_text", "body_html", "body_xhtml", "bodies"} & set(found)
    )


def _salvage(text: str) -> tuple[list[Any], list[Part]]:
    """Read an item a line or one after the other, else what of a broken list can be read."""
    decoder = json.JSONDecoder(strict=False)
    lines = [line for line in text.replace("\x1e", "\n").split("\n") if line.strip()]
    opened = sum(line.lstrip().startswith("{") and line.rstrip().rstrip(",").endswith("}") for line in lines)
    if len(lines) > 1 and opened >= 0.5 * len(lines) and '"' in lines[0]:
        items: list[Any] = []
        damages: list[Part] = []
        for line in lines:
            try:
                items.append(decoder.decode(line.strip().rstrip(",")))
            except (ValueError, RecursionError) as error:
                damages.append(
                    Part(
                        "skipped", len(items), len(items) + 1, None, f"item {len(items)}: {str(error)[:80]}", line[:200]
                    )
                )
                items.append(None)
        return items, damages
    found: list[Any] = []
    at = 0
    while at < len(text):  # objects one after the other, over several lines each
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,\x1e":
            at += 1
    if len(found) > 1 or (found and at >= len(text)):
        if at < len(text):
            damages = [
                Part(
                    "skipped", len(found), len(found) + 1, None, f"item {len(found)}: broken JSON", text[at : at + 200]
                )
            ]
            return [*found, None], damages
        return found, []
    items, damages, _ = load_items(text, () if text.startswith("[") else _LISTS)
    return [_unpacked(one) for one in items], damages


READER = Reader("ninjs", sniff, read, "ninjs, news in JSON of the IPTC")
