"""What the formats of news agencies share: agencies, states of an item, dates, sign-offs, the body in mark-up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mediakit.load.cells import html_to_text, unescape
from mediakit.load.elements import bare_tags
from mediakit.load.fields import read_time, split_byline
from mediakit.load.fragment import Fragment, read_fragment, read_tree
from mediakit.load.markup import INLINE

# Elements of NITF that stand within a sentence.
NITF_INLINE = INLINE | frozenset((
    "person", "org", "location", "chron", "money", "num", "event", "function", "object.title", "virtloc", "lang",
    "pronounce", "copyrite", "copyrite.holder", "copyrite.year", "city", "state", "region", "country", "sublocation",
    "alt-code", "name.given", "name.family", "frac", "frac-num", "frac-den", "frac-sep", "classifier", "postaddr",
    "keyword", "name", "inlineref",
))  # fmt: skip
_COMPACT_TIME = re.compile(r"\d{8}T(\d{2})(\d{2})(?:\d{2})?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?")
_SIGN_OFF = re.compile(
    r"^(?:ends|end|\(?ends?\)?\.?|-?\s?0-?|[a-z]{2,4}(?:[/-][a-z]{1,5}){1,6}"
    r"|(?:AFP|AAP|AP|PA|dpa|EFE|ANSA|APA|NTB|Reuters|RTR|TT|STT|AFP/AAP)(?:\s[A-Za-z]{2,4}){1,4}|\(?(?:ANSA|EFE|APA|AGI|SDA|ATS)\)\.?)$"
)
_INITIALS = re.compile(r"^[a-z]{1,4}(?:[/-][a-z]{1,5}){0,6}$")
_RULE = re.compile(r"^[\W_]{3,}$")
_RAW_TAG = re.compile(r"^<(?:div|script|iframe|blockquote|section|p)\b[^<]*>", re.I)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright\b|all rights reserved\b)", re.I)
_CODES = re.compile(r"^[^a-zß-öø-ÿ]*$")
# "PORT BELL, Nov 6 AFP - ", "Madrid, 12 mar (EFE).- ", "(ANSA) - ROMA, 3 FEB - "
_DATED_LINE = re.compile(
    r"^(?:\([^\W\d_]{2,12}\)\s*[-–—]\s*)?(?P<place>[^\W\d_a-z][^\d\n()–—.;:!?\"]{1,40}?),?\s+"
    r"(?:[^\W\d_]{3,10}\.?\s\d{1,2}|\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}\.?)(?:,?\s\d{4})?,?\s*"
    r"(?:\(?(?P<agency>[A-Z][A-Za-z/]{1,11})\)?\s*)?\.?[-–—]{1,2}\s+(?=\S)"
)
_DATELINE_DATE = re.compile(r"\b\d{1,4}\b")


def agency_of(*names: str | None) -> str | None:
    """Return the short name of the first that is a known news agency.

    Examples
    --------
    >>> agency_of(None, "Valley News", "Agence France Presse")
    'AFP'
    """
    return next((agency for name in names if name and (agency := split_byline(name)[1])), None)


def bare_code(code: str | None) -> str | None:
    """Return a code without its scheme, and a well-known state in small letters.

    Examples
    --------
    >>> bare_code("stat:canceled"), bare_code("nprov:REUTERS"), bare_code("Usable")
    ('canceled', 'REUTERS', 'usable')
    """
    if not code or not code.strip():
        return None
    bare = " ".join(code.split()).rsplit(":", 1)[-1]
    known = ("usable", "canceled", "cancelled", "withheld", "embargoed", "killed", "withdrawn")
    return bare.lower() if bare.lower() in known else bare


def clock_of(raw: str | None) -> str | None:
    """Return the clock time of a stamp, also of one without punctuation.

    Examples
    --------
    >>> clock_of("20220311T135006+0000"), clock_of("2022-03-11T16:40:08"), clock_of("20220311")
    ('13:50+0000', '16:40', None)
    """
    if not raw:
        return None
    found = _COMPACT_TIME.search(raw)
    if found:
        return f"{found[1]}:{found[2]}{found[3] or ''}" if int(found[1]) < 24 and int(found[2]) < 60 else None
    return read_time(raw) if "T" in raw else None


def place_of(dateline: str | None) -> str | None:
    """Return the place of a dateline.

    Examples
    --------
    >>> place_of("PORT BELL, Mar 11, 2022 (AFP) -"), place_of("ANSA - ROMA, 03 FEB -"), place_of("4/4/2018")
    ('PORT BELL', 'ROMA', None)
    """
    if not dateline:
        return None
    line = re.sub(r"\([^()]{1,40}\)", " ", dateline)
    pieces = [piece.strip(" .,;:") for piece in re.split(r"\s[-–—]+(?:\s|$)|[-–—]+$", line) if piece.strip(" .,;:-–—")]
    for piece in reversed(pieces):
        place = piece.split(",")[0].strip()
        place = _DATELINE_DATE.split(place)[0].strip(" ,.")
        if len(place) > 1 and not any(char.isdigit() for char in place) and place.lower() not in ("ansa", "efe"):
            return place
    return None


def read_body(node: Any) -> Fragment:
    """Return the paragraphs of a body: elements of NITF or XHTML, mark-up written as text, or plain text.

    Examples
    --------
    >>> from mediakit.load.markup import parse_xml
    >>> read_body(parse_xml("<body.content><p>In <location>Bell</location>.</p></body.content>")).paragraphs
    ('In Bell.',)
    >>> read_body(parse_xml("<DataContent>&lt;P&gt;One.&lt;/P&gt;&lt;P&gt;Two.&lt;/P&gt;</DataContent>")).paragraphs
    ('One.', 'Two.')
    """
    if node is None:
        return Fragment()
    if len(node) == 0:
        return read_fragment(node.text)
    bare_tags(node)
    whole = [one for one in node.iter("block") if one.get("class") == "full_text"]
    if whole:  # some archives print the first paragraphs twice
        parts = [read_tree(one, inline=NITF_INLINE) for one in whole]
        return Fragment(tuple(text for part in parts for text in part.paragraphs), parts[0].captions, parts[-1].cut)
    main = next((one for one in node.iter("section") if "main" in (one.get("class") or "").split()), None)
    if main is not None:
        return read_tree(main, inline=NITF_INLINE)
    for frame in list(node.iter("header", "footer", "nav")):  # keywords and contacts around the text
        parent = frame.getparent()
        if parent is not None and frame is not node:
            frame.clear(keep_tail=True)
    codes = []
    for loose in node.iter("body", "div"):  # codes of the desk behind the last paragraph
        for child in loose:
            if child.tag == "p" and child.tail and child.tail.strip() and _CODES.match(child.tail):
                codes.append(" ".join(child.tail.split()))
                child.tail = None
    made = read_tree(node, inline=NITF_INLINE)
    return replace(made, left_out=(*made.left_out, *codes))


def finish(record: dict[str, Any], body: Fragment) -> dict[str, Any]:
    """Put the body into a record: without the headline once more, sign-off and copyright line apart.

    Examples
    --------
    >>> finish({"headline": "Ferries return", "byline": None}, Fragment(("Ferries return", "They did.", "ends")))
    {'headline': 'Ferries return', 'signoff': 'ends', 'text': 'They did.'}
    """
    paragraphs = [mended for paragraph in body.paragraphs if (mended := _mended(paragraph))]
    same = _letters(record.get("headline") or "")
    if len(paragraphs) > 1 and same and _letters(paragraphs[0]) == same:
        del paragraphs[0]
    made = dict(record)
    if made.get("byline") and _INITIALS.match(made["byline"]):  # of the desk
        made["signoff"] = made.pop("byline")
    while len(paragraphs) > 1:
        last = paragraphs[-1]
        if "signoff" not in made and len(last) < 40 and _SIGN_OFF.match(last):
            made["signoff"] = last
        elif len(last) < 300 and _COPYRIGHT.match(last):
            made["copyright"] = made.get("copyright") or last
        else:
            break
        del paragraphs[-1]
    text = "\n\n".join(paragraphs) or None
    dated = _DATED_LINE.match(text[:140]) if text else None
    if text and dated:
        made["dateline"] = made.get("dateline") or dated[0].strip()
        made["place"] = made.get("place") or dated["place"]
        made["agency"] = made.get("agency") or agency_of(dated["agency"])
        text = text[dated.end() :]
    made["text"] = text
    standfirst = made.get("standfirst") or ""
    if standfirst and (
        _letters(standfirst) == same or " ".join((text or "").split()).startswith(standfirst.rstrip(".… "))
    ):
        del made["standfirst"]
    if body.caption and not made.get("caption"):
        made["caption"] = body.caption
    if body.left_out:
        made["left_out"] = "\n".join(body.left_out)
    if body.cut:
        made["truncated"], made["truncated_why"] = True, body.cut
    made["agency"] = agency_of(made.get("agency"), made.get("outlet"))
    return {name: value for name, value in made.items() if value is not None or name == "text"}


def _mended(paragraph: str) -> str:
    """Return a paragraph whose characters were escaped twice; empty for a rule and for the code of an embedded box."""
    if _RAW_TAG.match(paragraph):
        paragraph = html_to_text(paragraph)
    return "" if _RULE.match(paragraph) and len(set(paragraph)) == 1 else unescape(paragraph)


def versions_note(records: list[dict[str, Any]]) -> list[str]:
    """Return a note where several records are versions of one item."""
    named = [record["vendor_id"] for record in records if record.get("vendor_id")]
    more = len(named) - len(set(named))
    return [f"{more} items are further versions of others (same vendor_id)"] if more else []


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
