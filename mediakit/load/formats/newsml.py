"""NewsML, the envelope of news agencies: NewsML-G2 (messages, items, packages) and NewsML 1.

Items of text become articles, cancelled and withheld ones too: their state, version and embargo are columns. Pictures,
films and packages are named in the ledger; they hold no text of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mediakit.load.elements import (
    LANG,
    attribute,
    bare_tags,
    element_string,
    find,
    find_all,
    find_root,
    local,
    parse_items,
    string,
)
from mediakit.load.fragment import Fragment
from mediakit.load.ledger import Part, Reading
from mediakit.load.newsml1 import NO_TEXT, Made, fields_of_nitf
from mediakit.load.newsml1 import read_item as read_newsml1
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source
from mediakit.load.terms import Term, join_terms
from mediakit.load.wire import agency_of, bare_code, clock_of, finish, place_of, read_body, versions_note

_G2 = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_ROOTS = (*_G2, "newsMessage", "NewsML", "NewsItem")
_OTHERS = {
    "conceptItem": "a concept", "knowledgeItem": "a list of concepts", "planningItem": "a plan of coverage",
    "catalogItem": "a catalogue",
}  # fmt: skip

_SCHEMES = {"abstract": "subject", "geoArea": "place", "organisation": "organization"}

_AUTHOR = re.compile(r"(?:Autor(?:/in|in)?|Author|Reporting by)\s*:\s*(?P<name>[^,(<:;\d]{3,60})")
_ACCOUNT = re.compile(r"^[a-z0-9._-]+$")  # "quint.mara"


def sniff(source: Source) -> Sniffed:
    """Recognise NewsML by its root element."""
    sample = source.sample
    if "<" not in sample[:400]:
        return 0.0, ""
    root, _ = find_root(sample)
    if root in _ROOTS:
        return 1.0, f"the root of {'NewsML 1' if root in ('NewsML', 'NewsItem') else 'NewsML-G2'}"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read NewsML, one article an item; an item of NewsML 1 may hold several."""
    items = parse_items(source.text, (*_G2, "NewsItem"))
    envelope = _envelope(items.tree)
    reading = Reading(unit="record")
    for number, element in enumerate(items.elements):
        if element is None:
            made: list[Made] = [(None, "lost in broken XML", "")]
        elif local(element) == "NewsItem":
            made = read_newsml1(bare_tags(element), envelope)
        else:
            made = [_read_g2(bare_tags(element), envelope)]
        for record, why, shown in made:
            at = len(reading.parts)
            if record is None:
                reading.parts.append(Part("skipped", at, at + 1, None, f"item {number}: {why}", shown))
                continue
            note = "" if record["text"] else "without text"
            reading.parts.append(Part("article", at, at + 1, len(reading.articles), note, shown))
            reading.articles.append(record)
    if items.broken_off and reading.articles and items.elements and items.elements[-1] is not None:
        reading.articles[-1]["truncated"] = True
        reading.articles[-1]["truncated_why"] = "the file breaks off within this item"
    if not items.sound:
        reading.notes.append("the XML is broken; its items were read one by one")
    reading.length = len(reading.parts)
    reading.notes += versions_note(reading.articles)
    return reading


def _envelope(tree: Any) -> dict[str, str | None]:
    """Return what the message says of all its items."""
    sender = string(tree, "header/sender")
    service = attribute(tree, "NewsEnvelope/NewsService", "FormalName")
    return {"sender": sender or attribute(tree, "NewsEnvelope/SentFrom/Party", "FormalName"), "service": service}


def _read_g2(item: Any, envelope: dict[str, str | None]) -> Made:
    """Return the record of an item of NewsML-G2."""
    headlines = [
        (one.get("role") or "", text) for one in find_all(item, "contentMeta/headline") if (text := element_string(one))
    ]
    main = [text for role, text in headlines if not role or role.lower().endswith((":main", ":headline", "headline1"))]
    main = [text for text in main if text] or [text for role, text in headlines if "sub" not in role.lower()]
    title = string(item, "itemMeta/title")
    shown = (main or [title or ""])[0]
    kind = local(item)
    if kind == "packageItem":
        count = sum(1 for _ in item.iter("itemRef"))
        return None, f"a package that points to {count} items and holds no text of its own", shown
    if kind != "newsItem":
        return None, f"{_OTHERS.get(kind, kind)}, not an article", shown
    inner, body = _content(item)
    sort = (
        bare_code(attribute(item, "itemMeta/itemClass", "qcode") or attribute(item, "itemMeta/itemClass", "uri")) or ""
    )
    sort = sort.rsplit("/", 1)[-1].lower()
    if body.text is None and any(name in sort for name in NO_TEXT):
        return None, f"a {sort}, not a text", shown or string(item, "contentMeta/description") or ""
    headline = next(iter(main), None) or inner.get("headline") or title
    remote = item.find(".//remoteContent")
    if not (headline or body.text):
        return None, "neither headline nor text", shown
    record = {**inner, **_g2_fields(item, envelope), "headline": headline}
    for name, value in inner.items():  # what the envelope lacks, the body may say
        if record.get(name) is None:
            record[name] = value
    subtitles = [text for role, text in headlines if "sub" in role.lower() and text != headline]
    summaries = [
        text for one in find_all(item, "contentMeta/description")
        if "caption" not in (one.get("role") or "") and (text := element_string(one))
    ]  # fmt: skip
    record["standfirst"] = next(iter([*subtitles, *summaries]), None) or record.get("standfirst")
    if body.text is None and remote is not None:
        record["truncated"], record["truncated_why"] = (
            True,
            "the text is in a file of its own, which the item points to",
        )
    return finish(record, body), "", str(headline or body.text)[:80]


def _content(item: Any) -> tuple[dict[str, Any], Fragment]:
    """Return the longest of the bodies, and the fields that it has of its own where it is NITF."""
    best: Fragment = Fragment()
    fields: dict[str, Any] = {}
    for one in find_all(item, "contentSet/*"):
        if one.tag not in ("inlineXML", "inlineData"):
            continue
        kind = (one.get("contenttype") or "").lower()
        if kind.startswith(("image/", "video/", "audio/")) or (one.get("encoding") and one.tag == "inlineData"):
            continue
        inner = next(one.iter("nitf"), None)
        if inner is not None:
            found = find(inner, "body/body.content")
            body = read_body(found if found is not None else find(inner, "body"))
        else:
            page = next(one.iter("body"), None)
            body = read_body(one if page is None else page)
        if len(body.text or "") > len(best.text or ""):
            best, fields = body, fields_of_nitf(inner)
    return fields, best


def _g2_fields(item: Any, envelope: dict[str, str | None]) -> dict[str, Any]:
    provider = string(item, "itemMeta/provider/name") or _code(item, "itemMeta/provider")
    holder = string(item, "rightsInfo/copyrightHolder/name") or _code(item, "rightsInfo/copyrightHolder")
    info = string(item, "contentMeta/infoSource/name") or _code(item, "contentMeta/infoSource")
    sources = [one.get("literal") for one in find_all(item, "contentMeta/infoSource")]
    raw = string(item, "itemMeta/versionCreated") or string(item, "contentMeta/contentModified")
    first = string(item, "itemMeta/firstCreated") or string(item, "contentMeta/contentCreated")
    dateline = string(item, "contentMeta/dateline")
    credit = (string(item, "contentMeta/creditline") or "").strip(" -–—") or None
    counts = (one.get("wordcount") or "" for one in find_all(item, "contentSet/inlineXML"))
    words = next((int(count) for count in counts if count.isascii() and count.isdigit() and 0 < len(count) < 8), None)
    notes = [(one.get("role") or "", element_string(one)) for one in find_all(item, "itemMeta/edNote")]
    authors = [found["name"].strip() for _, note in notes if note and (found := _AUTHOR.search(note))]
    public = [note for role, note in notes if note and not role.endswith(("notepad", "contacts", "closingline"))]
    language = attribute(item, "contentMeta/language", "tag") or item.get(LANG)
    return {
        "byline": string(item, "contentMeta/by") or _people(item) or next(iter(authors), None),
        "outlet": provider or holder or envelope["sender"] or info,
        "agency": agency_of(credit, info, *sources, provider, _code(item, "itemMeta/provider")),
        "date_raw": raw or first,
        "time": clock_of(raw or first),
        "first_created": first,
        "modified": string(item, "contentMeta/contentModified"),
        "embargo": string(item, "itemMeta/embargoed"),
        "language": language,
        "service": string(item, "itemMeta/service/name"),
        "place": place_of(dateline) or string(item, "contentMeta/located/name"),
        "dateline": dateline,
        "vendor_id": item.get("guid"),
        "version": item.get("version"),
        "status": bare_code(
            attribute(item, "itemMeta/pubStatus", "qcode") or attribute(item, "itemMeta/pubStatus", "uri")
        ),
        "urgency": string(item, "contentMeta/urgency"),
        "slug": string(item, "contentMeta/slugline"),
        "genre": string(item, "contentMeta/genre/name") or _code(item, "contentMeta/genre"),
        "ed_note": " ".join(dict.fromkeys(public)) or None,
        "credit": credit,
        "declared_words": words,
        "copyright": string(item, "rightsInfo/copyrightNotice") or holder,
        "usage_terms": string(item, "rightsInfo/usageTerms"),
        "terms": join_terms(_g2_terms(item, language)),
    }


def _people(item: Any) -> str | None:
    """Return the names of those who made an item; codes of the desk are none."""
    names = []
    for one in (*find_all(item, "contentMeta/creator"), *find_all(item, "contentMeta/contributor")):
        if local(one) == "creator" or "writer" in (one.get("role") or "") or "author" in (one.get("role") or ""):
            names.append(string(one, "name"))
    return ", ".join(dict.fromkeys(name for name in names if name and not _ACCOUNT.match(name))) or None


def _code(item: Any, path: str) -> str | None:
    """Return who is named by a code or a plain word, not by an address."""
    return bare_code(attribute(item, path, "qcode") or attribute(item, path, "literal"))


def _g2_terms(item: Any, language: str | None) -> Iterator[Term]:
    asserted = {one.get("qcode"): one for one in find_all(item, "assert") if one.get("qcode")}
    for one in find_all(item, "contentMeta/subject"):
        code = one.get("qcode") or one.get("uri") or one.get("literal")
        known = asserted.get(code)
        name = _named(one, language) or (None if known is None else _named(known, language))
        relevance = one.get("relevance")
        share = (
            int(relevance) if relevance and relevance.isascii() and relevance.isdigit() and len(relevance) < 4 else None
        )
        if name or code:
            kind = bare_code(one.get("type")) or "subject"
            yield _SCHEMES.get(kind, kind), str(name or code), code, share
    for one in find_all(item, "contentMeta/keyword"):
        if text := element_string(one):
            yield "keyword", text, None, None


def _named(node: Any, language: str | None) -> str | None:
    """Return the name of a term in the language of the item, else the first."""
    names = [(one.get(LANG) or "", text) for one in find_all(node, "name") if (text := element_string(one))]
    wanted = (language or "").split("-")[0]
    return next((text for code, text in names if code.split("-")[0] == wanted), names[0][1] if names else None)


READER = Reader("newsml", sniff, read, "NewsML-G2 and NewsML 1 of news agencies")
