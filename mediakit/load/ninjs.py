"""ninjs: an item of version 1, 2 or 3 as a record of the article table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mediakit.articles import COLUMNS
from mediakit.load.elements import find, parse_document
from mediakit.load.fragment import Fragment, line_of, read_fragment, read_tree
from mediakit.load.markup import parse_html
from mediakit.load.source import UnreadableFile
from mediakit.load.terms import Term, join_terms
from mediakit.load.wire import bare_code, clock_of, finish, read_body

DATES = {"versioncreated", "firstcreated", "contentcreated", "versionCreated", "firstCreated", "contentCreated"}
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


def make_record(item: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
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
    headline = headline_of(low)
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
            and name not in DATES
            and isinstance(value, str | int | float)
            and not name.startswith(("body_", "description_"))
        ):
            record.setdefault(name if name not in COLUMNS else f"{name}_raw", line_of(value))
    return finish(record, body), ""


def _body(item: Mapping[str, Any]) -> Fragment:
    """Return the body: the marked-up one, which shows paragraphs, unless the plain one is far longer."""
    found = [(name != "body_text", read_fragment(item.get(name), plain=name == "body_text")) for name in _BODIES]
    several = item.get("bodies") or item.get("body")
    for one in several if isinstance(several, list) else []:
        if isinstance(one, Mapping):
            role = str(one.get("role") or one.get("name") or "").lower()
            kind = str(one.get("contenttype") or one.get("contentType") or "").lower()
            if not any(word in role for word in ("caption", "summary", "teaser", "abstract")):
                marked = "plain" not in kind and role not in ("text", "plain")
                found.append((marked, _read_body(one.get("value"), kind)))
    longest = max((len(one.text or "") for _, one in found), default=0)
    enough = [(marked, len(one.paragraphs), one) for marked, one in found if len(one.text or "") >= 0.4 * longest]
    return max(enough, key=lambda one: one[:2], default=(False, 0, Fragment()))[2]


def _read_body(value: Any, kind: str) -> Fragment:
    """Read a body of the kind that it says it is; of XML only NITF."""
    if not isinstance(value, str):
        return Fragment()
    if "nitf" in kind or ("xml" in kind and "html" not in kind):
        try:
            tree, _ = parse_document(value)
        except UnreadableFile:
            return Fragment()
        return read_body(find(tree, "body/body.content"))
    if 'class="bodytext"' in value:  # above it stand title and rubric
        try:
            inner = parse_html(value).find(".//*[@class='bodytext']")
        except UnreadableFile:
            inner = None
        if inner is not None:
            return read_tree(inner)
    return read_fragment(value, plain="plain" in kind)


def headline_of(item: Mapping[str, Any]) -> str | None:
    """Return the headline: a text, or the main one of several."""
    single = line_of(item.get("headline"))
    if single:
        return single
    several = item.get("headlines") or item.get("headline")
    found = [one for one in several if isinstance(one, Mapping)] if isinstance(several, list) else []
    main = [
        one
        for one in found
        if str(one.get("role") or one.get("name") or "main").lower().rsplit(":", 1)[-1] in ("main", "headline")
    ]
    texts = (line_of(one.get("value") or one.get("text")) for one in [*main, *found])
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
