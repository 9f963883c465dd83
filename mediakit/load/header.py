"""What stands above a text: headline, standfirst, byline, date, rubric, captions, told apart by form and order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mediakit.load.dates import find_date_line, read_date
from mediakit.load.lines import Line

_PARTICLES = r"de|del|della|di|da|dos|du|van|von|der|den|ten|ter|al|el|bin|ibn|le|la|y|e|et|und|and|&"
_NAME_WORD = r"[^\W\d_a-zß-öø-ÿ](?:[\w.'’-]*\w|\.)?"
_NAMES = re.compile(rf"^{_NAME_WORD}(?:,? (?:(?:{_PARTICLES}) )*{_NAME_WORD}){{1,7}}$")
_BY = re.compile(
    r"^(?:by|par|von|por|text|texte|texto|autor|autorin|author|written by|story by|text by|posted by|publié par)"
    r"\s*:?\s+",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:staff writer|staff reporter|reporter|correspondent|editor|correspondant|envoyé|korrespondent|redakteur"
    r"|redacción|in \w+$)\b.*",
    re.I,
)
_PIECES = re.compile(r"\s+[|•·–—]\s+|\s{2,}|\t")
_FAREST = 40  # lines above a text that are looked at


@dataclass
class Header:
    """Fields found above a text, and the ledger's word for each line: index of the line -> kind."""

    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    section: str | None = None
    date_raw: str | None = None
    kinds: dict[int, str] = field(default_factory=dict)


def is_byline(line: Line) -> bool:
    """Whether a line names an author: "By …" in four languages, or nothing but capitalised names."""
    if line.cue is not None:
        return line.cue.kind == "byline"
    return line.words <= 8 and bool(_NAMES.match(line.text)) and not line.text.isupper()


def clean_byline(text: str) -> str:
    """Take "By" and the like off an author line.

    Examples
    --------
    >>> clean_byline("By Ana Ruiz and Tom Lee")
    'Ana Ruiz and Tom Lee'
    """
    found = _BY.match(text)
    return text[found.end() if found else 0 :].strip(" ,;|–-") or text


def read_header(lines: list[Line], first: int, body: int, repeated: set[str]) -> Header:
    """Assign the lines from `first` up to (not including) `body`, the first line of the text.

    Parameters
    ----------
    lines : all lines of the file
    first, body : the stretch above the text
    repeated : line texts that occur more than once in the file
    """
    header = Header()
    zone = range(max(first, body - _FAREST), body)
    for index in zone:
        line = lines[index]
        raw = find_date_line(line.text)
        if raw is not None and (line.cue is None or line.cue.group in ("disclaimer", "section")):
            header.kinds[index] = "date"
            header.date_raw = raw if header.date_raw is None or read_date(header.date_raw) is None else header.date_raw
        elif line.cue is not None and line.cue.kind in ("caption", "section", "byline"):
            header.kinds[index] = line.cue.kind
    headline = _choose_headline(lines, zone, header, repeated)
    if headline is not None:
        header.headline = lines[headline].text.lstrip("# ").strip()
        for index in zone:
            if index != headline and _same(lines[index].text, header.headline):
                header.kinds[index] = "repeated headline"
        header.kinds[headline] = "headline"
    after = range(headline + 1 if headline is not None else zone.start, body)
    bylines = [index for index in after if lines[index].signed]
    if not bylines and headline is not None:
        bylines = [index for index in after if index not in header.kinds and is_byline(lines[index])][-1:]
    if not bylines and headline is not None and headline > zone.start:  # some pages print the author above the title
        above = headline - 1
        if above not in header.kinds and is_byline(lines[above]) and lines[above].text not in repeated:
            bylines = [above]
    if bylines:
        header.kinds[bylines[0]] = "byline"
        header.byline, printed = _split_byline(lines[bylines[0]].text)
        header.date_raw = header.date_raw or printed
    sections = [index for index in zone if header.kinds.get(index) == "section"]
    if headline is not None and sections and sections[-1] > headline - 6:
        header.section = lines[sections[-1]].text
    summary = [
        index for index in after
        if index not in header.kinds and lines[index].cue is None
        and lines[index].words >= 8 and not lines[index].bullet
    ]  # fmt: skip
    if headline is not None and summary:
        for index in summary[:2]:
            header.kinds[index] = "standfirst"
        header.standfirst = " ".join(lines[index].text for index in summary[:2])
    return header


def _split_byline(text: str) -> tuple[str, str | None]:
    """Split "By Ana Ruiz | 26 April 2025" into the names and the date; leave roles ("Staff Writer") out."""
    pieces = [piece.strip() for piece in _PIECES.split(text) if piece.strip()]
    dates = [raw for raw in map(find_date_line, pieces) if raw is not None]
    names = " ".join(piece for piece in pieces[:1] if find_date_line(piece) is None) or text
    return clean_byline(_ROLE.sub("", names).strip()) or clean_byline(names), dates[0] if dates else None


def _choose_headline(lines: list[Line], zone: range, header: Header, repeated: set[str]) -> int | None:
    """Pick the line that looks most like a title: 3 to 25 words, no full stop, near the text, printed twice."""
    best, best_score = None, 0.0
    for index in zone:
        line = lines[index]
        if index in header.kinds or line.cue is not None or not line.short or line.bullet or line.words > 30:
            continue
        nearness = zone.stop - index
        score = 3.0 + min(line.words, 9) * 0.5 - 0.12 * nearness
        score -= 1.5 if line.text.endswith((".", ":", ";", ",")) else 0
        score -= 2.0 if line.words < 3 and not line.blank_before else 0
        score -= 1.5 if line.words <= 2 else 0
        score -= 1.0 if line.words > 20 else 0
        if line.text in repeated and line.words >= 3:
            # Printed twice here it is a title; printed here and elsewhere it is a link to another article.
            score += 2.0 if sum(lines[other].text == line.text for other in zone) > 1 else -2.0
        score -= 2.0 if is_byline(line) and _title_above(lines, zone, index, header) else 0
        score += 1.5 if _has_byline_below(lines, index, zone) and line.words >= 3 else 0
        if score > best_score:
            best, best_score = index, score
    return best


def _title_above(lines: list[Line], zone: range, index: int, header: Header) -> bool:
    above = (other for other in zone if other < index and other not in header.kinds)
    return any(lines[other].short and lines[other].words >= 3 for other in above)


def _has_byline_below(lines: list[Line], index: int, zone: range) -> bool:
    return any(is_byline(lines[other]) for other in range(index + 1, min(index + 5, zone.stop)))


def _same(one: str, other: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"\W+", " ", text).strip().casefold()

    return bare(one) == bare(other) and bool(bare(one))
