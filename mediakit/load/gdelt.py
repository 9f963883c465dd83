"""Records of GDELT: what a row of its tables says of an article, under the names of the article table."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from mediakit.load.terms import Term, join_terms

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})Z?)?")
_EXTRA = re.compile(r"<(PAGE_[A-Z_]{3,40})>(.*?)</\1>", re.S)
_EVENT_COLUMNS = {
    "actor1_code": "Actor1Code",
    "actor1_name": "Actor1Name",
    "actor1_country": "Actor1CountryCode",
    "actor1_type": "Actor1Type1Code",
    "actor2_code": "Actor2Code",
    "actor2_name": "Actor2Name",
    "actor2_country": "Actor2CountryCode",
    "actor2_type": "Actor2Type1Code",
    "event_code": "EventCode",
    "event_base_code": "EventBaseCode",
    "event_root_code": "EventRootCode",
    "action_place": "ActionGeo_FullName",
    "action_country": "ActionGeo_CountryCode",
    "action_adm1": "ActionGeo_ADM1Code",
}
_EVENT_NUMBERS = {
    "quad_class": "QuadClass",
    "is_root_event": "IsRootEvent",
    "goldstein": "GoldsteinScale",
    "num_mentions": "NumMentions",
    "num_sources": "NumSources",
    "num_articles": "NumArticles",
    "tone": "AvgTone",
    "action_lat": "ActionGeo_Lat",
    "action_long": "ActionGeo_Long",
}


def make_records(kind: str, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the records of a row: one, or none where it names no article; several in the old Knowledge Graph."""
    cells = {name: cell.strip() for name, cell in row.items()}
    if kind == "gkg1":
        yield from _of_gkg1(cells)
        return
    made = _of_gkg2(cells) if kind == "gkg2" else _of_mention(cells) if kind == "mentions" else _of_event(cells)
    if made.get("url") or made.get("citation") or made.get("vendor_id"):
        yield _tidy(made)


def _of_gkg2(cells: Mapping[str, str]) -> dict[str, Any]:
    extras = {
        name: html.unescape(_without_cdata(text)).strip() for name, text in _EXTRA.findall(cells.get("Extras", ""))
    }
    published, time = stamp(extras.get("PAGE_PRECISEPUBTIMESTAMP"))
    tone = cells.get("V2Tone", "").split(",")
    counted = re.search(r"(?:^|,)wc:(\d{1,7})", cells.get("GCAM", ""))
    words = counted[1] if counted else tone[6] if len(tone) == 7 and tone[6].isdigit() else None
    quoted = (part.split("|", 3)[3] for part in cells.get("Quotations", "").split("#") if part.count("|") >= 3)
    return {
        "headline": " ".join(extras.get("PAGE_TITLE", "").split()),
        "byline": _authors(extras.get("PAGE_AUTHORS", "")),
        **_identified(
            cells.get("DocumentIdentifier"), cells.get("SourceCommonName"), cells.get("SourceCollectionIdentifier")
        ),
        **_dated(
            extras["PAGE_PRECISEPUBTIMESTAMP"] if published else cells.get("DATE"), "published" if published else "seen"
        ),
        "time": time,
        "load_date": cells.get("DATE"),
        "language": _source_language(cells.get("TranslationInfo", ""), cells.get("GKGRECORDID", "")),
        "vendor_id": cells.get("GKGRECORDID"),
        "declared_words": int(words) if words else None,
        "terms": join_terms(_terms(cells)),
        "tone": _number(tone[0]),
        "image": cells.get("SharingImage"),
        "quotations": "\n".join(" ".join(quote.split()) for quote in quoted if quote.strip()),
    }


def _of_mention(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_identified(cells.get("MentionIdentifier"), cells.get("MentionSourceName"), cells.get("MentionType")),
        **_dated(cells.get("MentionTimeDate"), "seen"),
        "load_date": cells.get("MentionTimeDate"),
        "language": _source_language(cells.get("MentionDocTranslationInfo", ""), ""),
        "event_id": cells.get("GLOBALEVENTID"),
        "event_date": stamp(cells.get("EventTimeDate"))[0],
        "sentence_number": _number(cells.get("SentenceID")),
        "confidence": _number(cells.get("Confidence")),
        "in_raw_text": _number(cells.get("InRawText")),
        "document_length": _number(cells.get("MentionDocLen")),
        "tone": _number(cells.get("MentionDocTone")),
    }


def _of_event(cells: Mapping[str, str]) -> dict[str, Any]:
    made = {
        **_identified(cells.get("SOURCEURL"), None, None),
        **_dated(cells.get("DATEADDED"), "seen"),
        "load_date": cells.get("DATEADDED"),
        "vendor_id": cells.get("GLOBALEVENTID"),
        "event_date": stamp(cells.get("SQLDATE"))[0],
    }
    made.update({ours: cells.get(theirs) for ours, theirs in _EVENT_COLUMNS.items()})
    made.update({ours: _number(cells.get(theirs)) for ours, theirs in _EVENT_NUMBERS.items()})
    return made


def _of_gkg1(cells: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a record for each address: a row of the old graph stands for all documents that name the same things."""
    addresses = [one.strip() for one in re.split(r"<UDIV>", cells.get("SOURCEURLS", "")) if one.strip()]
    sources = [one.strip() for one in cells.get("SOURCES", "").split(";") if one.strip()]
    for number, address in enumerate(addresses):
        source = sources[number] if len(sources) == len(addresses) else sources[0] if len(sources) == 1 else None
        yield _tidy(
            {
                **_identified(address, source, None),
                **_dated(cells.get("DATE"), "seen"),
                "load_date": cells.get("DATE"),
                "terms": join_terms(_terms(cells)),
                "tone": _number(cells.get("TONE", "").split(",")[0]),
                "event_ids": cells.get("CAMEOEVENTIDS"),
                "num_articles": _number(cells.get("NUMARTS")),
            }
        )


def language_code(name: str | None) -> str | None:
    """Return the ISO 639-1 code of a language as GDELT names it.

    Examples
    --------
    >>> language_code("ces"), language_code("Malayalam"), language_code("")
    ('cs', 'ml', None)
    """
    bare = (name or "").strip().casefold()
    return _languages().get(bare, bare or None)


def host_of(url: str | None) -> str | None:
    """Return the domain of an address.

    Examples
    --------
    >>> host_of("https://www.valley.example/a"), host_of("BBC Monitoring")
    ('valley.example', None)
    """
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return (host.removeprefix("www.") or None) if host else None


def stamp(text: str | None) -> tuple[str | None, str | None]:
    """Return day and clock time (UTC) of "20150218230000".

    Examples
    --------
    >>> stamp("20150218230000"), stamp("20150218"), stamp("0")
    (('2015-02-18', '23:00Z'), ('2015-02-18', None), (None, None))
    """
    found = _STAMP.fullmatch((text or "").strip())
    if not found or not ("01" <= found[2] <= "12" and "01" <= found[3] <= "31"):
        return None, None
    return f"{found[1]}-{found[2]}-{found[3]}", f"{found[4]}:{found[5]}Z" if found[4] else None


def column_name(name: str) -> str:
    """Return the name that the codebook gives a column; unknown names come back as they are."""
    return _known_names().get(_bare(name), name)


@cache
def columns(kind: str) -> tuple[str, ...]:
    """Return the columns of a table in their order."""
    return tuple(_data()["columns"][kind])


def service_messages() -> tuple[str, ...]:
    """Return how the messages of GDELT's services begin."""
    return tuple(_data()["errors"]["messages"])


def _dated(raw: str | None, kind: str) -> dict[str, Any]:
    """Return a time stamp as date, with the word for what it is the date of."""
    return {"date_raw": raw, "date_kind": kind} if stamp(raw)[0] else {}


def _authors(text: str) -> str:
    """Return the authors without addresses: "Ana Ruiz aruiz@valley.example;aruiz" has one."""
    names = (" ".join(re.sub(r"\S{0,60}@\S+", " ", part).split()) for part in text[:2000].split(";"))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _identified(identifier: str | None, source: str | None, collection: str | None) -> dict[str, Any]:
    """Return address and outlet; a citation such as "/BBC Monitoring/(c) BBC" is no address."""
    address = identifier if identifier and re.match(r"https?://|www\.", identifier, re.I) else None
    if collection and collection != "1" and address is None:
        return {"url": None, "citation": identifier, "outlet": source}
    return {"url": address, "citation": None if address else identifier, "outlet": source or host_of(address)}


def _source_language(info: str, identifier: str) -> str | None:
    """Return the language of the document; the codebooks say that none is named for documents in English."""
    found = re.search(r"srclc:([A-Za-z]{2,3})", info)
    if found:
        return language_code(found[1])
    return None if "-T" in identifier else "en"


def _terms(cells: Mapping[str, str]) -> Iterator[Term]:
    for scheme, name in (("theme", "Themes"), ("person", "Persons"), ("organization", "Organizations")):
        text = cells.get(f"V2{name}", "")
        plain = cells.get(name) or cells.get(name.upper()) or ""
        # The enhanced fields have proper case, and an offset behind each name.
        found = [part.rsplit(",", 1)[0] for part in text.split(";")] if text else plain.split(";")
        for term in found:
            if term.strip():
                yield scheme, term, None, None
    for part in (cells.get("V2Locations") or cells.get("Locations") or cells.get("LOCATIONS") or "").split(";"):
        pieces = part.split("#")
        if len(pieces) >= 4 and pieces[1].strip():
            yield "place", pieces[1], pieces[3].strip() or pieces[2].strip() or None, None


def _without_cdata(text: str) -> str:
    return re.sub(r"<!\[CDATA\[(.*?)\]\]>", r"\1", text, flags=re.S)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def _tidy(record: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in record.items() if value not in (None, "")}
    return {"headline": None, "text": None, **kept}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


@cache
def _known_names() -> dict[str, str]:
    data = _data()
    named = {_bare(other): name for name, names in data["other_names"].items() for other in names}
    for kind in ("gkg1", "events1", "events2", "mentions", "gkg2"):  # the two graphs share names; the later ones win
        named.update({_bare(name): name for name in data["columns"][kind]})
    return named


@cache
def _languages() -> dict[str, str]:
    return {name: code for code, names in _data()["languages"].items() for name in (code, *names)}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("mediakit.load.formats").joinpath("gdelt.toml").read_text("utf-8"))
