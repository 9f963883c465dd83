"""NITF: what a document says of itself and its text, as a record of the article table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediakit.load.elements import LANG, attribute, bare_tags, find, find_all, string
from mediakit.load.terms import Term, join_terms
from mediakit.load.wire import bare_code, clock_of, finish, place_of, read_body

_DOC = "head/docdata/"


def make_record(nitf: Any) -> dict[str, Any] | None:
    """Return the record of a `nitf` element, None where it has neither headline nor text.

    Examples
    --------
    >>> from mediakit.load.markup import parse_xml
    >>> make_record(parse_xml("<nitf><body><body.content><p>They met.</p></body.content></body></nitf>"))
    {'text': 'They met.'}
    """
    bare_tags(nitf)
    head = "body/body.head/"
    headline = (
        string(nitf, f"{head}hedline/hl1")
        or string(nitf, f"{head}headline/hl1")
        or string(nitf, f"{head}headline")
        or string(nitf, "head/title")
    )
    body = read_body(
        find(nitf, "body/body.content") if find(nitf, "body/body.content") is not None else find(nitf, "body")
    )
    if not (headline or body.text):
        return None
    slugs = {(one.get("key") or "").casefold() for one in find_all(nitf, f"{_DOC}key-list/keyword")}
    seconds = [string(one) or "" for one in find_all(nitf, f"{head}hedline/hl2")]
    second = next((text for text in seconds if text and text != headline and text.casefold() not in slugs), None)
    abstract = string(nitf, f"{head}abstract")
    issued, released = attribute(nitf, f"{_DOC}date.issue", "norm"), attribute(nitf, f"{_DOC}date.release", "norm")
    printed = attribute(nitf, "head/pubdata", "date.publication")
    story = attribute(nitf, f"{head}dateline/story.date", "norm") or string(nitf, f"{head}dateline/story.date")
    raw = printed or issued or released or story
    status = bare_code(attribute(nitf, "head/docdata", "management-status"))
    dateline = string(nitf, f"{head}dateline")
    if dateline and not any(char.isalpha() for char in dateline.replace("T", "")):
        dateline = None  # a date only
    tobject = attribute(nitf, "head/tobject", "tobject.type")
    byline, title = _byline(nitf)
    holder = attribute(nitf, f"{_DOC}doc.copyright", "holder")
    outlets = (
        attribute(nitf, "head/pubdata", "name"), string(nitf, f"{head}distributor"), holder,
        attribute(nitf, f"{_DOC}doc-id", "regsrc"), attribute(nitf, f"{_DOC}doc.rights", "owner"),
        attribute(nitf, f"{_DOC}del-list/from-src", "src-name"),
    )  # fmt: skip
    unit = attribute(nitf, "head/pubdata", "unit-of-measure") or ""
    length = (attribute(nitf, "head/pubdata", "item-length") if unit.startswith("word") else None) or _meta(
        nitf, "anpa-wordcount"
    )
    record = {
        "headline": headline,
        "standfirst": second or abstract,
        "abstract": abstract if second else None,
        "byline": byline,
        "byline_title": title,
        "outlet": next((name for name in outlets if name), None),
        "agency": string(nitf, f"{head}distributor") or holder,
        "date_raw": raw,
        "time": None if printed else clock_of(raw),
        "modified": attribute(nitf, "head/revision-history", "norm"),
        "embargo": released
        if released and released != issued and (status == "embargoed" or released > (issued or ""))
        else None,
        "expires": attribute(nitf, f"{_DOC}date.expire", "norm"),
        "language": nitf.get(LANG) or nitf.get("baselang") or attribute(nitf, "body", LANG),
        "section": attribute(nitf, "head/pubdata", "position.section")
        or _meta(nitf, "online_sections")
        or (tobject if tobject and tobject.lower() != "news" else None),
        "page": attribute(nitf, "head/pubdata", "position.page") or _meta(nitf, "print_page_number"),
        "edition": attribute(nitf, "head/pubdata", "edition.name"),
        "place": string(nitf, f"{head}dateline/location") or place_of(dateline),
        "dateline": dateline,
        "url": _web(attribute(nitf, "head/pubdata", "ex-ref")),
        "vendor_id": attribute(nitf, f"{_DOC}doc-id", "id-string"),
        "version": attribute(nitf, f"{_DOC}du-key", "version"),
        "status": status,
        "urgency": attribute(nitf, f"{_DOC}urgency", "ed-urg"),
        "slug": attribute(nitf, f"{_DOC}du-key", "key") or _meta(nitf, "slug") or _meta(nitf, "subject"),
        "category": _meta(nitf, "category") or _meta(nitf, "anpa-category"),
        "ed_note": attribute(nitf, f"{_DOC}ed-msg", "info"),
        "copyright": holder,
        "tagline": string(nitf, "body/body.end/tagline"),
        "declared_words": int(length)
        if length and length.isascii() and length.isdigit() and int(length[:9]) > 0
        else None,
        "terms": join_terms(_terms(nitf)),
    }
    return finish(record, body)


def _byline(nitf: Any) -> tuple[str | None, str | None]:
    """Return the authors, without their titles, and the titles."""
    bylines = list(find_all(nitf, "body/body.head/byline"))
    normal = [one for one in bylines if one.get("class") == "print_byline"] or bylines
    names, titles = [], []
    for one in normal:
        titles += [title for node in one.iter("byttl") if (title := string(node))]
        pieces = [one.text or ""]
        for node in one:
            pieces += ["" if node.tag == "byttl" else "".join(node.itertext()), node.tail or ""]
        name = " ".join(" ".join(pieces).split()).strip(" ,;")
        if name:
            names.append(name)
    return ", ".join(dict.fromkeys(names)) or None, ", ".join(dict.fromkeys(titles)) or None


def _web(address: str | None) -> str | None:
    return address if address and address.startswith("http") else None


def _meta(nitf: Any, name: str) -> str | None:
    found = next((one for one in find_all(nitf, "head/meta") if (one.get("name") or "").lower() == name), None)
    return attribute(found, "", "content") if found is not None else None


def _terms(nitf: Any) -> Iterator[Term]:
    for one in find_all(nitf, "head/tobject/tobject.subject"):
        names = (one.get(f"tobject.subject.{kind}") for kind in ("detail", "matter", "type"))
        code = one.get("tobject.subject.refnum") or one.get("tobject.subject.code")
        term = next((name for name in names if name), code)
        if term:
            yield "subject", term, code, None
    for one in find_all(nitf, f"{_DOC}key-list/keyword"):
        if one.get("key"):
            yield "keyword", one.get("key"), None, None
    for one in find_all(nitf, f"{_DOC}identified-content/*"):
        text = string(one) or one.get("value")
        if text:
            yield one.get("type") or one.tag, text, one.get("location-code") or one.get("idsrc"), None
