"""Fields that many formats print in one line: who wrote and which agency, section and page, clock time.

What vendors print stays readable: nothing is guessed, and what does not look like the expected form is left as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from mediakit.load.header import clean_byline

_PAGE = re.compile(
    r"(?:^|[;,.\s(]\s*)(?:pg|pgs|page|pages|blz|bladzijde|pag|pág|página|pagina|seite|s|p|pp|str|sida|side)"
    r"(?:\.\s*|\s+|:\s*)(?P<page>[A-Z]{0,3}\s?\d{1,4}[A-Z]?(?:\s?[-,/]\s?[A-Z]{0,3}\d{1,4}[A-Z]?){0,8})\)?\s*$",
    re.I,
)
_BARE_PAGE = re.compile(r"[A-Z]?\d{1,3}[A-Z]?")
_COLUMN = re.compile(r"(?<=\d),\s*(?=column\b)", re.I)
_ISSUE = re.compile(r"\s*(?:vol|no|nr|issue|ausgabe nr|issn|version|nº|n°)[.:\s]*[\d-]", re.I)
_ROLES = re.compile(
    r"(?:,|;|\s[-–—|]|\()\s*(?:[\w'’ &.-]{0,40}\b)?"
    r"(?:staff writers?|staff reporters?|reporters?|correspondents?|editors?|columnists?|writers?|bureau chief|analyst"
    r"|contributors?|special to .+|envoyée? spéciale?|correspondante?|korrespondent(?:in)?|redakteur(?:in)?"
    r"|corresponsal|enviad[oa] especial|redactor(?:a)?)\b.*$",
    re.I,
)
_BETWEEN = re.compile(r"\s*(?:;|/|\||,)\s*|\s+(?:and|und|et|y|en)\s+|\s*\((?=\w)|\)\s*", re.I)
_LOOSE = re.compile(
    r"(?:\s*(?:[;/|,]|\b(?:and|und|et|y|en)\b))+\s*$|^\s*(?:[;/|,]\s*|(?:and|und|et|y|en)\s+)+|\(\s*\)", re.I
)
_CLOCK = re.compile(
    r"(?<![\d:.-])(?P<h>2[0-4]|[01]?\d)(?:[:h.](?P<m>[0-5]\d)(?:[:.](?P<s>[0-5]\d))?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"(?:[.,]\d+)?\s*(?P<zone>Z\b|UTC\b|GMT(?:[+-]\d{1,2})?|[ECMP][SD]T\b|CES?T\b|MESZ\b|MEZ\b|BST\b|IST\b|[+-]\d{2}:?\d{2}\b)?",
    re.I,
)


def split_byline(text: str | None) -> tuple[str | None, str | None]:
    """Split a printed author line into names and agency.

    Returns
    -------
    byline, agency : str or None

    Examples
    --------
    >>> split_byline("By Ana Ruiz, Diplomatic Correspondent")
    ('Ana Ruiz', None)
    >>> split_byline("TOM LEE; Agence France-Presse")
    ('TOM LEE', 'AFP')
    >>> split_byline("Reuters")
    (None, 'Reuters')
    """
    if not text or not text.strip():
        return None, None
    line = clean_byline(" ".join(text.split()))
    agencies = _agencies()
    pieces = [piece.strip(" .") for piece in _BETWEEN.split(line) if piece.strip(" .")]
    found = list(dict.fromkeys(agencies[piece.casefold()] for piece in pieces if piece.casefold() in agencies))
    if found and all(piece.casefold() in agencies for piece in pieces):
        return None, ", ".join(found)
    if found:
        line = _LOOSE.sub("", _agency_names().sub("", line)).strip()
    bare = _ROLES.sub("", line).strip(" ,;|–-")
    return (bare or line or None), (", ".join(found) or None)


def split_section(text: str | None) -> tuple[str | None, str | None, str | None]:
    """Split a printed section line into section, page, and volume or issue.

    Examples
    --------
    >>> split_section("BUITENLAND; Blz.6")
    ('BUITENLAND', '6', None)
    >>> split_section("News; Briefs; Pg. A10; Column")
    ('News; Briefs; Column', 'A10', None)
    >>> split_section("Politik; S. 3"), split_section("Vol. 75; No. 57")
    (('Politik', '3', None), (None, None, 'Vol. 75; No. 57'))
    >>> split_section("Section B; Page 22, Column 2; National Desk")
    ('Section B; Column 2; National Desk', '22', None)
    >>> split_section("Pg. A17"), split_section("World")
    ((None, 'A17', None), ('World', None, None))
    """
    if not text or not text.strip():
        return None, None, None
    page, issue, kept = None, [], []
    text = _COLUMN.sub("; ", " ".join(text.split()))
    for piece in text.split(";"):
        found = _PAGE.search(piece)
        if found and page is None:
            page = " ".join(found["page"].split())
            piece = piece[: found.start()]
        if _ISSUE.match(piece):
            issue.append(piece.strip())
        elif piece.strip(" ,.-("):
            kept.append(piece.strip())
    if page is None and len(kept) > 1 and _BARE_PAGE.fullmatch(kept[-1]):
        page = kept.pop()
    return "; ".join(kept) or None, page, "; ".join(issue) or None


def read_time(text: str | None) -> str | None:
    """Return the clock time printed in a line, as HH:MM with the zone as printed.

    Examples
    --------
    >>> read_time("May 1, 2021 Saturday 12:06 AM EST"), read_time("2018 年 10 月 7 日 17:04"), read_time("5 May 2021")
    ('00:06 EST', '17:04', None)
    >>> read_time("2025-03-01T09:14:33Z")
    '09:14Z'
    """
    if not text:
        return None
    for found in _CLOCK.finditer(str(text)):
        if found["m"] is None and not found["half"]:
            continue
        hour, minute = int(found["h"]), int(found["m"] or 0)
        if found["half"]:
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if found["half"][0].lower() == "p" else 0)
        if hour > 23:
            continue
        zone = found["zone"] or ""
        joint = " " if zone[:1].isalpha() and zone.upper() != "Z" else ""
        return f"{hour:02d}:{minute:02d}{joint}{zone}"
    return None


@cache
def _agencies() -> dict[str, str]:
    data = tomllib.loads(files("mediakit.load").joinpath("agencies.toml").read_text("utf-8"))["agencies"]
    return {printed.strip(" .").casefold(): name for name, forms in data.items() for printed in forms}


@cache
def _agency_names() -> re.Pattern[str]:
    forms = sorted(_agencies(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.I)
