"""ninjs, news in JSON of the IPTC, versions 1 to 3: an item, a list of items, an answer of a service, an item a line.

In version 1 a headline and the bodies are fields of their own, from version 2 on they are lists with a role each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mediakit.articles import COLUMNS
from mediakit.load.fragment import Fragment, line_of, read_fragment
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.terms import Term, join_terms
from mediakit.load.wire import bare_code, clock_of, finish, versions_note

_KEY = re.compile(r'"([A-Za-z_]{3,30})"\s*:')
_DATES = {"versioncreated", "firstcreated", "contentcreated", "versionCreated", "firstCreated", "contentCreated"}
_MARKS = {
    "body_text", "body_html", "body_xhtml", "bodies", "headlines", "representationtype", "usageterms", "pubstatus",
    "copyrightholder", "copyrightnotice", "located", "urgency", "renditions", "description_text", "slugline", "ednote",
    "embargoed", "associations", "byline", "infosources", "descriptions", "evolvedfrom", "profile", "pubStatus",
    "usageTerms", "copyrightHolder", "bylines", "mimetype", "standard", "body_richhtml", "body_text_stripped",
}  # fmt: skip
_LISTS = ("items", "item", "_items", "newsItems", "results", "data", "articles", "ninjs", "hits")
_BODIES = ("body_xhtml", "body_html", "body_richhtml", "body_nitf", "body_text")
_NO_TEXT = (
    "picture",
    "photo",
    "image",
    "video",
    "audio",
    "graphic",
    "animation",
    "composite",
    "package",
    "event",
    "planning",
)
_SCHEMES = {
    "subject": "subject", "person": "person", "people": "person", "organisation": "organization",
    "organisations": "organization", "place": "place", "places": "place", "event": "event", "events": "event",
    "object": "object", "objects": "object", "service": "service", "genre": "genre", "subjects": "subject",
    "infosources": "source", "keywords": "keyword",
}  # fmt: skip
_KEPT = {
    "version": "version", "urgency": "urgency", "priority": "priority", "slugline": "slug", "profile": "profile",
    "ednote": "ed_note", "usageterms": "usage_terms", "copyrightholder": "copyright_holder", "charcount": "charcount",
    "copyrightnotice": "copyright", "firstcreated": "first_created", "contentcreated": "content_created",
    "contentmodified": "modified", "embargoed": "embargo", "expires": "expires", "evolvedfrom": "evolved_from",
}  # fmt: skip


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
        and keys & _DATES
    ):
        return 1.0, "names the standard ninjs"
    if keys & _DATES and len(marks) >= 2 and named:
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
        record, why = _make_record(item) if isinstance(item, Mapping) else (None, "not an object")
        if record is None:
            shown = str(_headline(item) or "") if isinstance(item, Mapping) else str(item)
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
    return bool(_DATES & set(found)) or bool(
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


def _make_record(item: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """Return the record of an item, or the reason why there is none."""
    rights = item.get("rightsinfo")
    low = {**(rights if isinstance(rights, Mapping) else {}), **item}
    low = {str(name).lower(): value for name, value in low.items()}  # some write versionCreated
    body = _body(low)
    kind = (line_of(low.get("type")) or "").lower()
    if body.text is None and any(name in kind for name in _NO_TEXT):
        count = len(low["associations"]) if isinstance(low.get("associations"), Mapping | list) else 0
        more = f" of {count} items" if count and kind in ("composite", "package") else ""
        return None, f"a {kind}{more}, not a text"
    headline = _headline(low)
    if not (headline or body.text):
        return None, "neither headline nor text"
    raw = line_of(low.get("versioncreated")) or line_of(low.get("firstcreated")) or line_of(low.get("contentcreated"))
    provider = _named(low.get("provider")) or line_of(low.get("source")) or line_of(low.get("copyrightholder"))
    sources = [_named(one) for one in low["infosources"]] if isinstance(low.get("infosources"), list) else []
    record: dict[str, Any] = {
        "headline": headline,
        "standfirst": _standfirst(low),
        "byline": _byline(low),
        "outlet": provider or next(filter(None, sources), None),
        "agency": line_of(low.get("source")) or provider,
        "date_raw": raw,
        "time": clock_of(raw),
        "language": line_of(low.get("language")),
        "place": line_of(low.get("located")) or _named(low.get("located")),
        "url": _address(low),
        "vendor_id": line_of(low.get("uri")) or line_of(low.get("guid")) or line_of(low.get("id")),
        "status": bare_code(line_of(low.get("pubstatus"))),
        "kind": kind or None,
        "genre": _named(low.get("genre")) or _named(low.get("genres")),
        "terms": join_terms(_terms(low)),
        "declared_words": _number(low.get("wordcount")),
    }
    record.update({ours: line_of(low.get(theirs)) for theirs, ours in _KEPT.items()})
    used = {
        *_KEPT,
        *_SCHEMES,
        "type",
        "uri",
        "guid",
        "id",
        "pubstatus",
        "language",
        "source",
        "headline",
        "byline",
        "located",
        "wordcount",
    }
    for name, value in low.items():  # what an agency adds of its own
        if (
            name not in used
            and name not in _DATES
            and isinstance(value, str | int | float)
            and not name.startswith(("body_", "description_"))
        ):
            record.setdefault(name if name not in COLUMNS else f"{name}_raw", line_of(value))
    return finish(record, body), ""


def _body(item: Mapping[str, Any]) -> Fragment:
    """Return the body: the marked-up one, which shows paragraphs, unless the plain one is far longer."""
    found = [read_fragment(item.get(name), plain=name == "body_text") for name in _BODIES if item.get(name)]
    for one in item["bodies"] if isinstance(item.get("bodies"), list) else []:
        if isinstance(one, Mapping):
            plain = "plain" in str(one.get("contenttype") or one.get("contentType") or "")
            if not any(
                role in str(one.get("role") or "").lower() for role in ("caption", "summary", "teaser", "abstract")
            ):
                found.append(read_fragment(one.get("value"), plain=plain))
    longest = max((len(one.text or "") for one in found), default=0)
    marked = [one for one in found if len(one.text or "") >= 0.8 * longest]
    return max(marked, key=lambda one: len(one.paragraphs), default=Fragment())


def _headline(item: Mapping[str, Any]) -> str | None:
    """Return the headline: a text, or the main one of several."""
    single = line_of(item.get("headline"))
    if single:
        return single
    several = item.get("headlines")
    found = [one for one in several if isinstance(one, Mapping)] if isinstance(several, list) else []
    main = [one for one in found if str(one.get("role") or "main").lower().rsplit(":", 1)[-1] in ("main", "headline")]
    texts = (line_of(one.get("value") or one.get("headline")) for one in [*main, *found])
    plain = (line_of(one) for one in several if isinstance(one, str)) if isinstance(several, list) else ()
    return next((text for text in (*texts, *plain, line_of(item.get("title"))) if text), None)


def _standfirst(item: Mapping[str, Any]) -> str | None:
    several = item.get("descriptions")
    for one in several if isinstance(several, list) else []:
        if (
            isinstance(one, Mapping)
            and "caption" not in str(one.get("role") or "").lower()
            and (text := line_of(one.get("value")))
        ):
            return text
    for one in item["headlines"] if isinstance(item.get("headlines"), list) else []:
        if (
            isinstance(one, Mapping)
            and "sub" in str(one.get("role") or "").lower()
            and (text := line_of(one.get("value")))
        ):
            return text
    return (
        line_of(item.get("description_text"))
        or line_of(item.get("description_html"))
        or line_of(item.get("description"))
    )


def _byline(item: Mapping[str, Any]) -> str | None:
    """Return the authors: the printed line, else the names of persons who wrote."""
    if printed := line_of(item.get("byline")) or line_of(item.get("by")):
        return printed
    names = []
    for key in ("bylines", "authors", "creators", "by"):
        for one in item[key] if isinstance(item.get(key), list) else []:
            role = str(one.get("role") or "writer").lower() if isinstance(one, Mapping) else "writer"
            if any(word in role for word in ("writer", "author", "report", "by")):
                names.append(_named(one))
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _named(found: Any) -> str | None:
    """Return the name of a thing: a text, an object with a name, or the first of a list."""
    if isinstance(found, list):
        return next((name for name in map(_named, found) if name), None)
    if isinstance(found, Mapping):
        return next(
            (name for key in ("name", "byline", "value", "literal", "code") if (name := line_of(found.get(key)))), None
        )
    return line_of(found)


def _address(item: Mapping[str, Any]) -> str | None:
    """Return where the item can be read: the canonical link, an address of its own, a name that is an address."""
    for name in ("canonicalurl", "url", "link", "weburl", "webcanonical", "uri"):
        text = line_of(item.get(name)) if isinstance(item.get(name), str) else None
        if text and re.match(r"https?://\S+$", text):
            return text
    renditions = item.get("renditions")
    for one in renditions if isinstance(renditions, list) else []:
        if (
            isinstance(one, Mapping)
            and "html" in str(one.get("contenttype") or "")
            and (text := line_of(one.get("href")))
        ):
            return text
    return None


def _terms(item: Mapping[str, Any]) -> Iterator[Term]:
    for key, scheme in _SCHEMES.items():
        found = item.get(key)
        for one in found if isinstance(found, list) else []:
            if isinstance(one, str) and line_of(one):
                yield scheme, one, None, None
            elif isinstance(one, Mapping) and (name := _named(one)):
                relevance = one.get("relevance")
                share = relevance if isinstance(relevance, int | float) and not isinstance(relevance, bool) else None
                yield scheme, name, line_of(one.get("code")) or line_of(one.get("uri")), share
    words = item.get("keywords")
    if isinstance(words, str):
        for word in re.split(r"\s*[,;]\s*", words):
            if word.strip():
                yield "keyword", word.strip(), None, None


def _number(value: Any) -> int | None:
    text = line_of(value)
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 8 else None


READER = Reader("ninjs", sniff, read, "ninjs, news in JSON of the IPTC")
