"""The header of a TEI file: what it says of the newspaper, the issue, and of a single article."""

from __future__ import annotations

import re
from typing import Any

from mediakit.load.elements import LANG, attribute, element_string, find, find_all, string
from mediakit.load.terms import Term

_TITLES = ("sourceDesc/biblStruct/monogr/title", "sourceDesc/biblFull/titleStmt/title", "sourceDesc/bibl/title")
_WEB = re.compile(r"^https?://\S+$")
_OURS = ("greg", "jul")


def read_header(document: Any) -> dict[str, Any]:
    """Return what the header of a TEI element says, under the names of the article table; what it lacks is missing.

    Examples
    --------
    >>> from mediakit.load.markup import parse_xml
    >>> header = "<teiHeader><fileDesc><sourceDesc><bibl><title level='j'>Bell</title><date when='1901-05-02'/></bibl>"
    >>> read_header(parse_xml(f"<TEI>{header}"))
    {'outlet': 'Bell', 'date_raw': '1901-05-02'}
    """
    header = find(document, "teiHeader")
    file = find(header, "fileDesc")
    source = find(file, "sourceDesc")
    titles = [one for path in _TITLES for one in find_all(file, path)]
    titles += [] if titles or source is None else list(source.iter("title"))
    journals = [one for one in titles if one.get("level") in ("j", "s")] or [
        one for one in find_all(file, "titleStmt/title") if one.get("level") in ("j", "s")
    ]
    journals = [one for one in journals if one.get("type") not in ("sub", "alt", "desc", "short")] or journals
    own = [one for one in find_all(file, "titleStmt/title") if one.get("type") in (None, "main")]
    articles = [one for one in (*titles, *own) if one.get("level") == "a"]
    publisher = string(file, "sourceDesc/biblFull/publicationStmt/publisher") or string(
        file, "publicationStmt/publisher"
    )
    authors = [string(one, "persName") or element_string(one) for one in find_all(file, "titleStmt/author")]
    languages = [one.get("ident") for one in find_all(header, "profileDesc/langUsage/language")]
    made = {
        "title": next((text for one in (*articles, *own) if (text := element_string(one))), None),
        "author": ", ".join(dict.fromkeys(name for name in authors if name)) or None,
        "abstract": string(header, "profileDesc/abstract"),
        "outlet": next((text for one in journals if (text := element_string(one))), None) or _not_web(publisher),
        "date_raw": _date(source) or _date(find(file, "publicationStmt")) if source is not None else None,
        "language": next((code for code in languages if code), None) or _inherited(document),
        "url": next((one for one in _addresses(file) if _WEB.match(one)), None),
        "issue": _scope(source, "issue"),
        "volume": _scope(source, "volume") or _scope(source, "vol"),
        "publication_place": string(source, "//pubPlace/placeName") or string(source, "//pubPlace"),
        "terms": list(_terms(header)) or None,
    }
    return {name: value for name, value in made.items() if value is not None}


def day_of(node: Any) -> str | None:
    """Return the day that the first date of an element gives, in our calendar where it gives several."""
    if node is None:
        return None
    dates = [one for one in node.iter("date", "docDate") if one.get("when") or one.get("when-iso") or one.get("from")]
    ours = [
        one for one in dates
        if any(mark in (one.get("calendar") or one.get("datingMethod") or "").lower() for mark in _OURS)
        or not (one.get("calendar") or one.get("datingMethod"))
    ]  # fmt: skip
    values = (one.get("when") or one.get("when-iso") or one.get("from") for one in (*ours, *dates))
    found = [value.strip() for value in values if value and value.strip()]
    return next((value for value in found if re.match(r"\d{4}-\d{2}-\d{2}", value)), found[0] if found else None)


def _date(node: Any) -> str | None:
    if node is None:
        return None
    printed = next(
        (text for one in node.iter("date") if (text := element_string(one)) and re.search(r"\d{4}", text)), None
    )
    return day_of(node) or printed


def _scope(source: Any, unit: str) -> str | None:
    for one in find_all(source, "//biblScope"):
        if (one.get("unit") or one.get("type")) == unit:
            return one.get("from") or one.get("n") or element_string(one)
    return None


def _addresses(file: Any) -> list[str]:
    found = [one.get("target") or "" for one in find_all(file, "//ptr")]
    for one in find_all(file, "//idno"):
        if (one.get("type") or "").lower() in ("url", "uri"):
            found.append(element_string(one) or "")
    return found


def _terms(header: Any) -> list[Term]:
    found = (element_string(one) for one in find_all(header, "profileDesc/textClass/keywords/term"))
    listed = (element_string(one) for one in find_all(header, "profileDesc/textClass/keywords/list/item"))
    return [("keyword", text, None, None) for text in (*found, *listed) if text]


def _not_web(name: str | None) -> str | None:
    return None if name is None or _WEB.match(name) else name


def _inherited(document: Any) -> str | None:
    return attribute(document, "text", LANG) or document.get(LANG)
