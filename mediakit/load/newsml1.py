"""NewsML 1: the articles of an item, one for each headline that has a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediakit.load.elements import LANG, attribute, element_string, find, find_all, string
from mediakit.load.fragment import Fragment
from mediakit.load.nitf import make_record
from mediakit.load.terms import Term, join_terms
from mediakit.load.wire import agency_of, bare_code, clock_of, finish, place_of, read_body

NO_TEXT = ("picture", "photo", "video", "audio", "graphic", "animation", "composite", "image", "complexdata")

Made = tuple[dict[str, Any] | None, str, str]  # a record or None, why there is none, what to show


def read_item(item: Any, envelope: dict[str, str | None]) -> list[Made]:
    """Return the records of an item of NewsML 1: one for each headline that has a text."""
    shown = next((text for one in item.iter("HeadLine") if (text := element_string(one))), "")
    leaves = [(one, body) for one in item.iter("ContentItem") if (body := _data(one)).text]
    groups: dict[Any, list[Fragment]] = {}
    for one, body in leaves:
        above = [node for node in one.iterancestors("NewsComponent") if string(node, "NewsLines/HeadLine")]
        groups.setdefault(above[0] if above else item, []).append(body)
    if not groups:
        kinds = {node.get("FormalName") or "" for node in item.iter("MediaType")}
        pictures = sorted(kind for kind in kinds if any(name in kind.lower() for name in NO_TEXT))
        if pictures or not shown:
            why = f"no text but {', '.join(pictures)}" if pictures else "neither headline nor text"
            return [(None, why, shown)]
        groups = {next(item.iter("NewsComponent"), item): [Fragment()]}
    made: list[Made] = []
    for component, bodies in groups.items():
        body = max(bodies, key=lambda one: len(one.text or ""))
        record = finish(_newsml1_fields(item, component, envelope), body)
        made.append((record, "", str(record.get("headline") or record["text"])[:80]))
    return made


def _data(content: Any) -> Fragment:
    """Return the text of a ContentItem; nothing of pictures and of what is encoded."""
    kind = (attribute(content, "MediaType", "FormalName") or "").lower()
    mime = (attribute(content, "MimeType", "FormalName") or "").lower()
    if any(name in f"{kind} {mime}" for name in (*NO_TEXT, "css")) or find(content, "Encoding") is not None:
        return Fragment()
    data = find(content, "DataContent")
    if data is None:
        return Fragment()
    inner = next(data.iter("nitf"), None)
    found = None if inner is None else find(inner, "body/body.content")
    return read_body(found if found is not None else data)


def _newsml1_fields(item: Any, component: Any, envelope: dict[str, str | None]) -> dict[str, Any]:
    where = [component, *component.iterancestors("NewsComponent")]

    def line(name: str) -> str | None:
        return next((text for node in where if (text := string(node, f"NewsLines/{name}"))), None)

    def formal(path: str) -> str | None:
        found = (attribute(node, path, "FormalName") for node in (*where, *component.iter("NewsComponent")))
        return next((value for value in found if value), None)

    identity, management = "Identification/NewsIdentifier/", "NewsManagement/"
    inner = next(component.iter("nitf"), None)
    body = fields_of_nitf(inner)
    first, revised = string(item, f"{management}FirstCreated"), string(item, f"{management}ThisRevisionCreated")
    raw = revised or first or string(item, f"{identity}DateId")
    provider, source = (formal(f"AdministrativeMetadata/{name}/Party") for name in ("Provider", "Source"))
    outlet = provider or envelope["sender"] or source or line("CreditLine") or string(item, f"{identity}ProviderId")
    dateline = line("DateLine")
    language = formal("DescriptiveMetadata/Language") or item.get(LANG) or component.get(LANG)
    properties = [one for node in where for one in find_all(node, "DescriptiveMetadata/Property")]
    cities = [one.get("Value") for node in where for one in node.iter("Property") if one.get("FormalName") == "City"]
    counts = [
        one.get("Value") or "" for one in component.iter("Property") if one.get("FormalName") in ("Words", "WordCount")
    ]
    words = next((int(count) for count in counts if count.isascii() and count.isdigit() and 0 < len(count) < 8), None)
    status = bare_code(attribute(item, f"{management}Status", "FormalName"))
    release = string(item, f"{management}StatusWillChange/DateAndTime")
    record = {
        **body,
        "headline": line("HeadLine") or body.get("headline"),
        "standfirst": line("SubHeadLine") or body.get("standfirst"),
        "byline": line("ByLine") or body.get("byline"),
        "outlet": outlet,
        "agency": agency_of(line("CreditLine"), provider, source),
        "date_raw": raw,
        "time": clock_of(raw),
        "first_created": first,
        "embargo": release,
        "language": language.lower() if language else body.get("language"),
        "service": envelope["service"],
        "place": place_of(dateline) or next(filter(None, cities), None) or body.get("place"),
        "dateline": dateline,
        "vendor_id": string(item, f"{identity}PublicIdentifier") or string(item, f"{identity}NewsItemId"),
        "version": string(item, f"{identity}RevisionId"),
        "status": status or body.get("status"),
        "urgency": attribute(item, f"{management}Urgency", "FormalName"),
        "slug": line("SlugLine") or string(item, "Identification/NameLabel"),
        "genre": formal("DescriptiveMetadata/Genre"),
        "copyright": line("CopyrightLine") or body.get("copyright"),
        "declared_words": words,
        "terms": join_terms(_newsml1_terms(item, component, properties)) or body.get("terms"),
    }
    return record


def _newsml1_terms(item: Any, component: Any, properties: list[Any]) -> Iterator[Term]:
    names: dict[str, str] = {}
    for topic in item.iter("Topic"):
        code = string(topic, "FormalName")
        called = [one for one in find_all(topic, "Description") if one.get("Variant") in (None, "Name")]
        english = next((one for one in called if (one.get(LANG) or "").startswith("en")), called[0] if called else None)
        if code and (text := element_string(english)):
            names[code] = text
    scope = list(component.iterancestors("NewsComponent"))[-1:] or [component]
    for one in scope[0].iter("Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier"):
        code = one.get("FormalName")
        if code:
            yield "subject", names.get(code, code), code, None
    for one in properties:
        if one.get("FormalName") == "Keyword" and one.get("Value"):
            yield "keyword", one.get("Value"), None, None


def fields_of_nitf(inner: Any) -> dict[str, Any]:
    """Return what NITF within the envelope says of itself, without its text."""
    made = (make_record(inner) if inner is not None else None) or {}
    return {
        name: value for name, value in made.items() if name not in ("text", "signoff", "truncated", "truncated_why")
    }
