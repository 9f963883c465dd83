"""Feeds: RSS 0.9x, 1.0 and 2.0 and Atom by feedparser (extra `feeds`), JSON Feed.

A feed gives the whole text of its entries or, more often, a summary; the latter is kept as the text and marked as cut.
The date is the one printed, which feedparser would move to UTC and in most languages cannot read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import lxml.etree

from mediakit.load.elements import Items, find_root, local, parse_items
from mediakit.load.fields import read_time
from mediakit.load.fragment import Fragment, line_of, read_fragment
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.terms import Term, join_terms

_ROOTS = ("rss", "RDF", "feed")
_ITEMS = ("item", "entry")
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org')
_NO_NAME = re.compile(
    r"^(?:no-?reply|do-?not-?reply|admin|administrator|webmaster|editor|root)?(?:@.*)?$|^\S+@\S+$|^https?:", re.I
)
_IN_BRACKETS = re.compile(r"^\s*\S+@\S+\s*\((?P<name>[^()]{2,80})\)\s*$")
_SHORT_YEAR = re.compile(r"^(\s*(?:[^\W\d_]{2,9}\.?,\s*)?\d{1,2}[\s-][^\W\d_]{3,9}\.?[\s-])(\d{2})(?=\s)")
_WHOLE_WORDS, _WHOLE_PARAGRAPHS = 300, 4  # a description of this length is an article
_FULL_TEXTS = ("yandex_full-text", "full-text", "fulltext", "full_text", "content_full", "body")
_BROKEN = (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError, lxml.etree.LxmlError)
_LONGEST_URL = 4_000


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
        record = None if element is None else _make_record(next(waiting, {}), feed)
        if record is not None and items.broken_off and number == len(items.elements) - 1:
            record["truncated"], record["truncated_why"] = True, "the file breaks off within this entry"
        _add(reading, number, record, "lost in broken XML" if element is None else _nothing(element))
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
    whole = _plain(parsed)
    return _plain(whole.get("feed")), [_plain(entry) for entry in whole.get("entries") or []]


def _plain(found: object) -> dict[str, Any]:
    """Return a plain dictionary: the lookup of feedparser's own answers for keys that are not there."""
    return dict(found) if isinstance(found, Mapping) else {}


def _make_record(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any] | None:
    got = _plain(entry)
    contents = [one for one in got.get("content") or [] if isinstance(one, Mapping) and one.get("value")]
    body, summary = _bodies(got, contents)
    source = _plain(got.get("source"))
    title = line_of(feed.get("title"))
    named = (source.get("title"), got.get("prism_publicationname"), feed.get("prism_publicationname"))
    outlet = next((name for name in (*map(line_of, named), title, line_of(feed.get("publisher"))) if name), None)
    headline = _without_outlet(line_of(got.get("title")), line_of(source.get("title")))
    raw, modified, kind = _dates(got)
    detail = _plain(got.get("title_detail"))
    languages = [one.get("language") for one in (*contents, detail)] + [got.get("language"), feed.get("language")]
    record = {
        "headline": headline,
        **_texts(body, summary, bool(contents)),
        "byline": _authors(got),
        "outlet": outlet,
        "feed": title if title != outlet else None,
        "date_raw": raw,
        "date_kind": kind,
        "time": read_time(raw),
        "modified": modified if modified != raw else None,
        "language": next((str(one) for one in languages if one), None),
        "url": _address(got),
        "vendor_id": line_of(got.get("id")),
        "terms": join_terms(_terms(got.get("tags"))),
        "caption": body.caption,
    }
    if not any(record.get(name) for name in ("headline", "text", "url", "vendor_id")):
        return None
    return {name: value for name, value in record.items() if value is not None}


def _bodies(got: Mapping[str, Any], contents: list[Mapping[str, Any]]) -> tuple[Fragment, Fragment]:
    """Return the longest text of an entry, and its summary."""
    found = [read_fragment(one["value"], plain=_is_plain(one)) for one in contents]
    found += [read_fragment(got.get(name)) for name in _FULL_TEXTS if got.get(name)]
    body = max(found, key=lambda one: len(one.text or ""), default=Fragment())
    detail = _plain(got.get("summary_detail"))
    summary = read_fragment(got.get("summary"), plain=_is_plain(detail))
    return body, summary


def _is_plain(detail: Mapping[str, Any]) -> bool:
    """Whether a text is declared to be plain, and shows no mark-up either, as many a mislabelled one does."""
    value = str(detail.get("value") or "")
    return detail.get("type") == "text/plain" and not re.search(
        r"</?(?:p|br|div|a|img|b|i|em|strong)\b[^<>]*>|&\w{2,8};", value, re.I
    )


def _texts(body: Fragment, summary: Fragment, given: bool) -> dict[str, Any]:
    """Choose the text, and say whether it is known to be cut."""
    made: dict[str, Any] = {"text": body.text or summary.text}
    if body.text is None:
        made["truncated"] = True
        made["truncated_why"] = "the feed gives only a summary" if summary.text else "the feed gives no text"
        whole = len((summary.text or "").split()) >= _WHOLE_WORDS and len(summary.paragraphs) >= _WHOLE_PARAGRAPHS
        if whole:
            made["truncated"], made["truncated_why"] = summary.cut is not None, summary.cut
        elif summary.cut is not None:
            made["truncated_why"] += f"; it {summary.cut}" if summary.cut.startswith("ends") else f"; {summary.cut}"
        return made
    if body.cut is not None:
        made["truncated"], made["truncated_why"] = True, body.cut
    elif summary.text and len(body.paragraphs) == 1 and _letters(body.text) == _letters(summary.text):
        made["truncated"], made["truncated_why"] = True, "the feed gives only a summary, twice"
    if summary.text and not _letters(body.text).startswith(_letters(summary.text).rstrip(".")[:200]):
        made["standfirst"] = " ".join(summary.text.split())
    return made


def _letters(text: str) -> str:
    return " ".join(re.sub(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$", "", text).split()).casefold()


def _without_outlet(headline: str | None, outlet: str | None) -> str | None:
    """Take the outlet off the end of a title, where collections of news put it."""
    if headline and outlet:
        for mark in (" - ", " – ", " — ", " | "):
            if headline.casefold().endswith((mark + outlet).casefold()) and len(headline) > len(mark + outlet):
                return headline[: -len(mark + outlet)].strip()
    return headline


def _dates(got: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return the printed date (a year of two digits in full), the date of the last change, and which the first is."""
    names = ("published", "prism_publicationdate", "prism_coverdate", "created", "updated", "date")
    printed = {name: line_of(got.get(name)) for name in names}
    name = next((one for one in names if printed[one]), None)
    if name is None:
        return None, None, None
    raw = _SHORT_YEAR.sub(lambda found: f"{found[1]}{'19' if found[2] > '69' else '20'}{found[2]}", printed[name] or "")
    return raw, printed["updated"], "updated" if name == "updated" else None


def _authors(got: Mapping[str, Any]) -> str | None:
    """Return the names of the authors; addresses and the names of accounts are none."""
    people = [one.get("name") or one.get("email") for one in got.get("authors") or [] if isinstance(one, Mapping)]
    people = people if any(people) else [got.get("author")]
    if not any(people):
        credits = [one for one in got.get("media_credit") or [] if isinstance(one, Mapping)]
        people = [one.get("content") for one in credits if str(one.get("role") or "").lower() in ("author", "writer")]
    names = []
    for person in people:
        name = line_of(person)
        if name and (inner := _IN_BRACKETS.match(name)):
            name = inner["name"].strip()
        if name and not _NO_NAME.match(name):
            names.append(name)
    return ", ".join(dict.fromkeys(names)) or None


def _address(got: Mapping[str, Any]) -> str | None:
    """Return the address of the article itself: the one behind a redirection, else the link."""
    links = [one for one in got.get("links") or [] if isinstance(one, Mapping) and one.get("href")]
    ranked = sorted(
        links, key=lambda one: ("alternate", "self").index(one["rel"]) if one.get("rel") in ("alternate", "self") else 2
    )
    listed = [one["href"] for one in ranked if one.get("rel") in ("alternate", "self", None)]
    for address in (
        got.get("feedburner_origlink"),
        got.get("pheedo_origlink"),
        got.get("link"),
        *listed,
        got.get("id"),
    ):
        text = line_of(address)
        if text and re.match(r"https?://\S+$", text, re.I) and len(text) < _LONGEST_URL:
            return text
    relative = line_of(got.get("link"))
    return None if relative and re.match(r"[\w.+-]+:(?!//)", relative) else relative


def _terms(tags: object) -> Iterator[Term]:
    for tag in tags if isinstance(tags, list) else []:
        label = line_of(tag.get("label")) if isinstance(tag, Mapping) else None
        term = line_of(tag.get("term")) if isinstance(tag, Mapping) else line_of(tag)
        if label or term:
            yield "category", str(label or term), term if label and label != term else None, None


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
            _add(reading, number, _make_record(_as_entry(item), _as_feed(feed)), "neither title nor text nor address")
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
