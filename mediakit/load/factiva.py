"""What all exports of Factiva share: field codes, the unlabelled lines above an article, words of the interface."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from mediakit.load.dates import find_date_span
from mediakit.load.fields import read_time
from mediakit.load.markup import one_line
from mediakit.load.nexis import read_length
from mediakit.load.terms import Term, join_terms

# Source code (padded with zeros), day and nine signs: TAGON00020170401ed4100001.
IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z0-9]{3,12}(?:1[89]|20)\d{2}[01]\d[0-3]\d[A-Za-z0-9]{8,11})(?![A-Za-z0-9])"
)
_NUMBERED = re.compile(r"^\s*\d{1,4}\)\s+(?=\S)")
_CODE = re.compile(r"[A-Z0-9]{2,10}")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?(?:[APap]\.?[Mm]\.?|Uhr|h))?(?:\s?[A-Z]{3,4})?")
_COPYRIGHT = re.compile(r"^\s*(?:\(c\)|©|copyright|all rights|alle rechte|tous droits|derechos|版权|著作権)", re.I)
_PAGE = re.compile(r"[A-Z]{0,3}\s?-?\d{1,4}[A-Z]?(?:\s?[,;/&-]\s?[A-Z]{0,3}\d{1,4}[A-Z]?)*", re.I)
_TERM = re.compile(r"\s*\|\s*")
_FIELDS = re.compile(r"[,，、]\s+|，|、")
_BY = re.compile(r"(?i:by|par|von|por|di|door|av|af)\s+[^\W\d_a-zß-öø-ÿ]")
_NAMES = re.compile(
    r"(?!the\b|special\b|from\b|le\b|la\b)(?-i:[^\W\d_a-zß-öø-ÿ])[\w.'’-]+"
    r"(?:,? (?:(?:and|und|et|y|e|en|&|de|van|von|der|del|da) )*(?-i:[^\W\d_a-zß-öø-ÿ])[\w.'’-]*){1,7}",
    re.I,
)
_BODY = ("LP", "TD")  # first paragraphs, and the rest
_NO_NAME = re.compile(r"(?:\s*[;,/|]\s*\d+)+\s*$")  # "Ana Ruiz; 0"


def read_codes(fields: Mapping[str, Sequence[str]], *, collapsed: bool = False) -> dict[str, Any]:
    """Turn the fields of an article, by Factiva's code, into a record.

    Parameters
    ----------
    fields : code -> paragraphs
        As in the layout with indexing: HD headline, SN outlet, PD date, LP and TD text, AN identifier, and so on.
    collapsed : bool, default False
        Whether the paragraphs have no white space left but single blanks and line ends, as `html_blocks` returns them.

    Returns
    -------
    dict, a record of the article table

    Examples
    --------
    >>> record = read_codes({"HD": ["2) Talks resume"], "PD": ["9 Januar 2025"], "ET": ["17:04"], "LP": ["They met."]})
    >>> record["headline"], record["date_raw"], record["time"], record["text"]
    ('Talks resume', '9 Januar 2025', '17:04', 'They met.')
    """
    lines = ((code, " ".join(" ".join(texts).split())) for code, texts in fields.items() if code not in _BODY)
    found = {code: text for code, text in lines if text}
    body = [text for code in _BODY for text in fields.get(code, ()) if text and not text.isspace()]
    body = [text if collapsed and "\n" not in text else one_line(text) for text in body]
    number = IDENTIFIER.search(found.get("AN", ""))
    terms: list[Term] = []
    for code, scheme in data()["terms"].items():
        terms += _split_terms(str(scheme), found.get(code, ""))
    record: dict[str, Any] = {
        "headline": _NUMBERED.sub("", found.get("HD", "")) or None,
        "text": "\n\n".join(body) or None,
        "outlet": found.get("SN"),
        "byline": _NO_NAME.sub("", found.get("BY", "")) or None,
        "credit": found.get("CR"),
        "date_raw": found.get("PD"),
        "time": read_time(found.get("ET")) or found.get("ET"),
        "section": found.get("SE") or found.get("CLM"),
        "edition": found.get("ED"),
        "page": found.get("PG"),
        "volume": found.get("VOL"),
        "language": language_code(found.get("LA")),
        "declared_words": read_length(found["WC"]) if "WC" in found else None,
        "vendor_id": number[1] if number else (found.get("AN") or None),
        "source_code": found.get("SC"),
        "publisher": found.get("PUB"),
        "terms": join_terms(terms),
    }
    for code, name in (("ART", "graphic"), ("CX", "correction")):
        if code in found:
            record[name] = found[code]
    return record


def name_heading(lines: Sequence[str], headline: int | None = None, byline: int | None = None) -> list[str | None]:
    """Say what each of the unlabelled lines above an article is, by its place: the line with the number of words.

    Parameters
    ----------
    lines : the lines above the text, from section or headline to the copyright
    headline, byline : where these are, when the mark-up tells
        Default: the headline is the last line above the number of words but one that is an author's.

    Returns
    -------
    list, Factiva's code for each line, or None

    Examples
    --------
    >>> name_heading(["Ausland", "Talks resume", "358 words", "2 June 2006", "The Ledger", "LEDG", "1; National", "17",
    ...               "English", "(c) 2006 Ledger Ltd"], headline=1)
    ['SE', 'HD', 'WC', 'PD', 'SN', 'SC', 'ED', 'PG', 'LA', 'CY']
    """
    codes: list[str | None] = [None] * len(lines)
    count = next((index for index, line in enumerate(lines) if is_word_count(line)), None)
    below = 0 if count is None else count + 1
    dated = next((index for index in range(below, len(lines)) if _is_date(lines[index])), None)
    top = count if count is not None else dated
    if top is None:
        if headline is not None:
            codes[headline] = "HD"
        return codes
    if count is not None:
        codes[count] = "WC"
    guessed = headline is None
    if headline is None:
        headline = _guess_headline(lines, top)
    if byline is None and headline is not None:
        signed = (index for index in range(headline + 1, top) if _signed(lines[index]))
        byline = next(signed, None)
        if byline is None and guessed and headline == top - 2 and _NAMES.fullmatch(lines[top - 1].strip()):
            byline = top - 1
    for index in range(top):
        codes[index] = "SE" if headline is not None and index < headline else "CR"
    for place, code in ((headline, "HD"), (byline, "BY")):
        if place is not None and place < top:
            codes[place] = code
    _name_below(lines, top if count is None else top + 1, codes)
    return codes


def is_word_count(line: str) -> bool:
    """Whether a line is "1,285 words" in a language of the interface.

    Examples
    --------
    >>> is_word_count("1.285 Wörter"), is_word_count("877 字"), is_word_count("12 words were exchanged")
    (True, True, False)
    """
    return len(line) < 40 and bool(_word_count().fullmatch(line.strip()))


def has_word_count(line: str) -> bool:
    """Whether a line of several fields holds the number of words, as in a list of articles.

    Examples
    --------
    >>> has_word_count("The Ledger, 2 June 2006, 358 words, By Ana Ruiz, (English)"), has_word_count("358 words")
    (True, False)
    """
    return "," in line and any(is_word_count(piece) for piece in _FIELDS.split(line)[1:])


def is_rights(line: str) -> bool:
    """Whether a line says whose the rights are."""
    return bool(_COPYRIGHT.match(line))


def find_identifier(line: str) -> str | None:
    """Return the identifier of a line such as "Document TAGON00020170401ed4100001", else None."""
    if len(line) > 80:
        return None
    found = IDENTIFIER.search(line)
    if not found or len(line[: found.start()].split()) > 2 or line[found.end() :].strip(" .)"):
        return None
    return found[1]


def language_code(printed: str | None) -> str | None:
    """Return the ISO 639-1 code of a language as an interface names it; a code stays itself."""
    if not printed:
        return None
    code = _languages().get(printed.strip().casefold())
    return code or (printed.strip().lower()[:2] if re.fullmatch(r"[A-Za-z]{2}(?:[-_]\w+)?", printed.strip()) else None)


def kind_of(code: str | None) -> str:
    """Return the ledger's kind for a field code."""
    return _kinds().get(code or "", "metadata")


@cache
def codes() -> frozenset[str]:
    """Return all known field codes."""
    return frozenset(_kinds())


@cache
def data() -> dict[str, dict[str, Any]]:
    """Return the facts of `factiva.toml`."""
    return tomllib.loads(files("mediakit.load.formats").joinpath("factiva.toml").read_text("utf-8"))


@cache
def marks(name: str) -> frozenset[str]:
    """Return the fixed lines of one kind, in lower case."""
    return frozenset(mark.casefold() for mark in data()["marks"][name])


def _guess_headline(lines: Sequence[str], top: int) -> int | None:
    """Where the mark-up is silent: the last line above the words is the headline, or the author's below it."""
    if top <= 0:
        return None
    last = top - 1
    if top >= 2 and _signed(lines[last]):
        return last - 1
    shortest = min(range(top), key=lambda index: len(lines[index]))
    if top >= 2 and last == shortest and len(lines[last].split()) <= 6 and not lines[last].endswith(("?", "!", ".")):
        return last - 1
    return last


def _signed(line: str) -> bool:
    """Whether a line is an author's: "By Ana Ruiz"."""
    return len(line) < 120 and bool(_BY.match(line))


def _is_date(line: str) -> bool:
    span = find_date_span(line) if len(line) < 60 else None
    return span is not None and len(line.strip()) - (span[1] - span[0]) <= 20


def _name_below(lines: Sequence[str], first: int, codes: list[str | None]) -> None:
    """Name the lines from the date on: time, outlet, source code, edition, page, volume, language, copyright."""
    index, end = first, len(lines)
    if index < end and _is_date(lines[index]):
        codes[index] = "PD"
        index += 1
    if index < end and _CLOCK.fullmatch(lines[index].strip()):
        codes[index] = "ET"
        index += 1
    if index < end:
        codes[index] = "SN"
        index += 1
    if index < end and _CODE.fullmatch(lines[index].strip()):
        codes[index] = "SC"
        index += 1
    named = next((at for at in range(index, end) if lines[at].strip().casefold() in _languages()), None)
    if named is None:
        named = next((at for at in range(index, end) if _COPYRIGHT.match(lines[at])), end) - 1
        if named < index or not re.fullmatch(r"[^\W\d_]{3,}(?:[ -][^\W\d_]+)*", lines[named].strip()):
            named += 1
    middle = list(range(index, min(named, end)))
    for at in [at for at in middle if _CLOCK.fullmatch(lines[at].strip())][: "ET" not in codes]:
        codes[at] = "ET"  # some sites give the time where newspapers give the page
        middle.remove(at)
    for code, at in zip(_order([lines[at].strip() for at in middle]), middle, strict=True):
        codes[at] = code
    for at in range(named, end):
        codes[at] = "LA" if at == named and lines[at].strip().casefold() in _languages() else "CY"


def _order(middle: Sequence[str]) -> list[str | None]:
    """Edition, page and volume come in this order, any of them may be absent."""
    if len(middle) == 1:
        return ["PG" if _PAGE.fullmatch(middle[0]) else "ED"]
    if len(middle) == 2 and middle[1] == "0":
        return ["ED", "VOL"]
    if len(middle) == 2:
        return ["ED", "PG"] if not _PAGE.fullmatch(middle[0]) or ";" in middle[0] else ["PG", "VOL"]
    return ["ED", "PG", "VOL", *([None] * (len(middle) - 3))][: len(middle)]


def _split_terms(scheme: str, text: str) -> Iterable[Term]:
    for piece in _TERM.split(text):
        code, colon, name = piece.partition(" : ")
        if piece.strip():
            yield scheme, (name if colon else piece).strip(), code.strip() if colon else None, None


@cache
def _kinds() -> dict[str, str]:
    return {code: kind for kind, line in data()["codes"].items() for code in line.split()}


@cache
def _languages() -> dict[str, str]:
    return {name.casefold(): code for code, names in data()["languages"].items() for name in names}


@cache
def _word_count() -> re.Pattern[str]:
    units = {unit for line in data()["words"].values() for unit in line.split()}
    either = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(rf"\d[\d.,'’\s\xa0\u202f]*\s?(?:{either})", re.I)
