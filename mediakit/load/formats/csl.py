"""References in JSON: Zotero's export and its API, Better BibTeX with `items`, and CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mediakit.load.cells import html_to_text
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.references import describe, make_reference
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source

_ZOTERO = re.compile(r'"itemType"\s*:\s*"[a-zA-Z]{3,30}"')
_ZOTERO_FIELD = re.compile(
    r'"(?:creators|publicationTitle|abstractNote|accessDate|websiteTitle|citationKey|dateAdded|linkMode)"\s*:'
)
_CSL_TYPE = re.compile(
    r'"type"\s*:\s*"(?:article(?:-(?:newspaper|magazine|journal))?|webpage|post(?:-weblog)?|book|chapter|paper-conference|report'
    r'|thesis|broadcast|interview|entry(?:-[a-z]+)?|document|speech|legislation|motion_picture|manuscript|software|dataset)"'
)
_CSL_FIELD = re.compile(r'"(?:container-title|issued|date-parts|accessed|publisher-place|title-short|event-place)"\s*:')
_LISTS = ("items", "references", "data", "citationItems")
_NO_ARTICLES = ("attachment", "note", "annotation")
# Where Zotero keeps the name of what an item appeared in, by type.
_OUTLETS = (
    "publicationTitle", "websiteTitle", "blogTitle", "forumTitle", "programTitle", "network", "bookTitle",
    "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "repository",
)  # fmt: skip


def sniff(source: Source) -> Sniffed:
    """Recognise items of Zotero or of CSL by their types and fields."""
    sample = source.sample.lstrip("\ufeff \r\n\t")
    if sample[:1] not in "[{":
        return 0.0, ""
    if _ZOTERO.search(sample) and len(set(_ZOTERO_FIELD.findall(sample))) >= 1:
        return 0.99, "items of Zotero"
    fields = set(_CSL_FIELD.findall(sample))
    if _CSL_TYPE.search(sample) and len(fields) >= 2:
        return 0.99, "items of CSL-JSON"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read references in JSON, one article an item."""
    text = source.text
    lone = re.match(r'\s*\{\s*"(?:itemType|key|version|id|type|title|item|data)"\s*:', text.lstrip("\ufeff"))
    if lone and not re.search(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[', text):
        text = f"[{text.lstrip(chr(0xFEFF))}]"
    items, damages, whole = load_items(text, _LISTS)
    config = whole.get("config") if isinstance(whole, Mapping) else None
    order = str(config.get("localeDateOrder")) if isinstance(config, Mapping) else ""
    day_first = {"d": True, "m": False}.get(order[:1])
    reading = Reading(unit="row", length=len(items))
    broken = {part.start: part for part in damages}
    for number, item in enumerate(items):
        part, record = _read_item(item, day_first)
        if number in broken:
            reading.parts.append(broken[number])
        elif record is None:
            reading.parts.append(Part(part.kind, number, number + 1, None, part.note, part.excerpt))
        else:
            note = "" if record["text"] else "without text"
            reading.parts.append(
                Part("article", number, number + 1, len(reading.articles), note, str(record["headline"]))
            )
            reading.articles.append(record)
    reading.notes = describe(reading.articles)
    return reading


def _read_item(item: Any, day_first: bool | None) -> tuple[Part, dict[str, Any] | None]:
    """Return the record of an item, or what it is instead."""
    outer = item if isinstance(item, Mapping) else {}
    for inner in ("data", "item"):  # the API puts an item into an envelope
        if isinstance(outer.get(inner), Mapping):
            item = {**{name: outer[name] for name in ("key",) if name in outer}, **outer[inner]}
            break
    if not isinstance(item, Mapping):
        return Part("skipped", 0, 0, None, "not an object", str(item)[:80]), None
    kind = _text(item.get("itemType")) or ""
    if kind.casefold() in _NO_ARTICLES:
        note = f"{kind} of an item, no article"
        return Part("metadata", 0, 0, None, note, _text(item.get("title") or item.get("note")) or ""), None
    record = _zotero(item, day_first) if kind else _csl(item, day_first)
    if not (record["headline"] or record["text"]):
        return Part(
            "skipped", 0, 0, None, "neither title nor text", _text(item.get("key") or item.get("id")) or ""
        ), None
    return Part("article", 0, 0), record


def _zotero(item: Mapping[str, Any], day_first: bool | None) -> dict[str, Any]:
    creators = (
        [one for one in item.get("creators") or [] if isinstance(one, Mapping)]
        if isinstance(item.get("creators"), list)
        else []
    )
    authors = [one for one in creators if one.get("creatorType") in ("author", None, "")] or [
        one for one in creators if one.get("creatorType") in ("contributor", "director", "podcaster", "interviewee")
    ]
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    words = [_text(tag.get("tag") if isinstance(tag, Mapping) else tag) for tag in tags or []]
    return make_reference(
        item_type=_text(item.get("itemType")),
        title=_text(item.get("title") or item.get("caseName") or item.get("subject")),
        names=[_zotero_name(one) for one in authors],
        dates=[_text(item.get("date"))],
        day_first=day_first,
        abstract=_text(item.get("abstractNote")),
        keywords=[("tag", word, None, None) for word in words if word],
        outlet=next((_text(item.get(name)) for name in _OUTLETS if _text(item.get(name))), None),
        section=_text(item.get("section")),
        page=_text(item.get("pages")),
        edition=_text(item.get("edition")),
        publication_place=_text(item.get("place")),
        publisher=_text(item.get("publisher")),
        url=_text(item.get("url")),
        language=_text(item.get("language")),
        vendor_id=_text(item.get("key") or item.get("citationKey") or item.get("itemKey")),
        accessed=_real(item.get("accessDate")),
        load_date=_real(item.get("dateAdded")),
        database=_text(item.get("libraryCatalog")),
        copyright=_text(item.get("rights")),
        issn=_text(item.get("ISSN")),
        doi=_text(item.get("DOI")),
        issue=", ".join(filter(None, (_text(item.get("volume")), _text(item.get("issue"))))) or None,
        extra=_text(item.get("extra")),
    )


def _csl(item: Mapping[str, Any], day_first: bool | None) -> dict[str, Any]:
    authors = item.get("author")
    people = [one for one in authors if isinstance(one, Mapping)] if isinstance(authors, list) else []
    keywords = item.get("keyword")
    words = re.split(r"[;,]", keywords) if isinstance(keywords, str) else keywords if isinstance(keywords, list) else []
    return make_reference(
        item_type=_text(item.get("type")),
        title=_plain(item.get("title")),
        names=[_csl_name(one) for one in people],
        dates=_csl_dates(item.get("issued")),
        day_first=day_first,
        abstract=_plain(item.get("abstract")),
        keywords=[("keyword", str(word).strip(), None, None) for word in words if str(word).strip()],
        outlet=_plain(item.get("container-title")) or _plain(item.get("collection-title")),
        section=_text(item.get("section")),
        page=_text(item.get("page")),
        edition=_text(item.get("edition")),
        publication_place=_text(item.get("publisher-place")),
        publisher=_text(item.get("publisher")),
        url=_text(item.get("URL")),
        language=_text(item.get("language")),
        vendor_id=_text(item.get("id")),
        database=_text(item.get("source")),
        accessed=next(iter(_csl_dates(item.get("accessed"))), None),
        issn=_text(item.get("ISSN")),
        doi=_text(item.get("DOI")),
        issue=", ".join(filter(None, (_text(item.get("volume")), _text(item.get("issue"))))) or None,
        notes=_text(item.get("note")),
    )


def _zotero_name(one: Mapping[str, Any]) -> str:
    parts = [_text(one.get("firstName")), _text(one.get("lastName"))]
    return " ".join(part for part in parts if part) or _text(one.get("name")) or ""


def _csl_name(one: Mapping[str, Any]) -> str:
    names = ("given", "dropping-particle", "non-dropping-particle", "family")
    whole = " ".join(part for part in (_text(one.get(name)) for name in names) if part)
    suffix = _text(one.get("suffix"))
    return (f"{whole}, {suffix}" if whole and suffix else whole) or _text(one.get("literal") or one.get("name")) or ""


def _csl_dates(issued: Any) -> list[str]:
    """Return the dates of "issued": parts, or text as somebody typed it."""
    if isinstance(issued, str | int):
        return [str(issued)]
    if not isinstance(issued, Mapping):
        return []
    found = []
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first and all(re.fullmatch(r"\s*\d{1,4}\s*", str(part)) for part in first):
        found.append("-".join(f"{int(part):02}" for part in first[:3]))
    return [
        *found,
        *(str(issued[name]) for name in ("raw", "literal", "string") if isinstance(issued.get(name), str | int)),
    ]


def _plain(value: Any) -> str | None:
    """Return a text without the mark-up that CSL allows in titles and abstracts."""
    text = _text(value)
    return html_to_text(text) if text and re.search(r"</?(?:i|b|sub|sup|span|p|br|jats:\w+)\b", text) else text


def _real(value: Any) -> str | None:
    return None if value == "CURRENT_TIMESTAMP" else _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    if value is None or isinstance(value, bool | dict):
        return None
    return str(value).strip() or None


READER = Reader("csl", sniff, read, "references in JSON: Zotero, Better BibTeX, CSL")
