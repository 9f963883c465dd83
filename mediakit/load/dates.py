"""Dates as outlets print them, read without any locale: month names of fifteen languages are data (`dates.toml`).

A date is the calendar day as printed; clock time and zone do not move it. What can be read in two ways is not guessed.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import pandas as pd

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(
    r"(?<!\d)((?:1[7-9]|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=(?:\d{4}(?:\d{2})?)?(?:\D|$))"
)
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_SLASHED = re.compile(r"(?<![\d.])(\d{4})(?:/|\.\s?)(\d{1,2})(?:/|\.\s?)(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_DIGIT = re.compile(r"\d")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?(?:\.\d+)?$")
_TIME = re.compile(
    r"T?\d{1,2}\s*[:.h]\s*\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?(?:Z\b)?|\b\d{1,2}\s*(?:[ap]\.?m\.?\b|uhr\b|h\b)|[+-]\d{2}:?\d{2}\b"
    r"|\b\d{1,2}[\s-]min(?:ute)?s?(?:[\s-]read)?\b",
    re.I,
)
# "Updated 3 May 2019 · Published 2 May 2019": what stands before the second word is the date of a change.
_CHANGED = re.compile(
    r"\b(?:updated|modified|mise? à jour|aktualisiert|actualizado|aggiornato|bijgewerkt)\b.*?\d{4}.*?"
    r"(?=\b(?:(?:first |originally )?published|publié|veröffentlicht|publicado|pubblicato|gepubliceerd)\b)",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:1[789]|20)\d\d(?!\d)")
_FIRST, _LAST = 1700, 2100


def read_date(text: object, *, day_first: bool | None = None) -> pd.Timestamp | None:
    """Read a date, or return None where there is none or it can be read in two ways.

    Parameters
    ----------
    text : str, number or date
        ISO and other forms with or without clock time and zone; month names in fifteen languages; Chinese, Japanese
        and Korean dates; seconds or milliseconds since 1970.
    day_first : bool, optional
        How to read "03/04/2025". Default: only dates that can be read in one way.

    Returns
    -------
    Timestamp or None
        Midnight of the printed day, without zone.

    Examples
    --------
    >>> read_date("Updated: 1er mars 2025 à 09h14")
    Timestamp('2025-03-01 00:00:00')
    >>> read_date("03/04/2025") is None, read_date("03/04/2025", day_first=True)
    (True, Timestamp('2025-04-03 00:00:00'))
    """
    if text is None or text is pd.NaT or (isinstance(text, float) and text != text):
        return None
    if isinstance(text, datetime.date):  # datetimes and pandas timestamps are dates as well; a time of day is not
        return _make(text.year, text.month, text.day)
    found = _find(str(text).strip(), day_first)
    return None if found is None else found[0]


def find_date_line(line: str) -> str | None:
    """Return the printed date of a line that is nothing but a date, else None.

    Examples
    --------
    >>> find_date_line("Published: 12 Feb 2025, 09:14 GMT")
    '12 Feb 2025'
    >>> find_date_line("The talks of 12 February 2025 failed") is None
    True
    """
    if len(line) > 90 or not any(char.isdigit() for char in line):
        return None
    found = _find(line, None) or _find(line, True)
    if found is None:
        return None
    _, start, end = found
    rest = _TIME.sub(" ", f"{_CHANGED.sub(' ', line[:start])} {line[end:]}")
    if _NUMERIC.search(rest) or _named().search(rest):  # "published …, updated …"
        other = _find(rest, True)
        rest = rest if other is None else f"{rest[: other[1]]} {rest[other[2] :]}"
    left = [word for word in re.findall(r"[^\W\d_]+(?:\.[^\W\d_]\.?)*|\d+", rest.casefold()) if word not in _beside()]
    return line[start:end] if not left else None


def find_date_span(line: str) -> tuple[int, int] | None:
    """Return where in a line its first date begins and ends, or None.

    Examples
    --------
    >>> find_date_span("Tuesday, 12 February 2025, Final Edition")
    (9, 25)
    """
    found = _find(line, None) or _find(line, True)
    return None if found is None else (found[1], found[2])


def has_year(line: str) -> bool:
    """Whether a line holds a number that can be a year."""
    return bool(_YEAR.search(line))


def guess_day_first(values: Iterable[object]) -> bool | None:
    """Tell from a whole column whether dates such as 03/04/2025 put the day first; None where nothing shows it.

    Examples
    --------
    >>> guess_day_first(["03/04/2025", "25/04/2025"]), guess_day_first(["03/04/2025"])
    (True, None)
    """
    day = month = False
    for value in values:
        found = _NUMERIC.search(value) if isinstance(value, str) else None
        if found:
            day |= int(found[1]) > 12
            month |= int(found[3]) > 12
    return None if day == month else day


@lru_cache(maxsize=4096)
def _find(text: str, day_first: bool | None) -> tuple[pd.Timestamp, int, int] | None:
    """Find the first date in a text that is not marked as that of a change: the day, and where it is printed."""
    if not _DIGIT.search(text):
        return None
    text = _CHANGED.sub(lambda changed: " " * len(changed[0]), text)
    if _EPOCH.match(text):
        seconds = float(text) / (1000 if len(text.split(".")[0]) == 13 else 1)
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        date = _make(moment.year, moment.month, moment.day)
        return None if date is None else (date, 0, len(text))
    for pattern in (_ISO, _EAST_ASIAN, _SLASHED, _COMPACT):
        found = pattern.search(text)
        if found:
            date = _make(int(found[1]), int(found[2]), int(found[3]))
            if date is not None:
                return date, found.start(), found.end()
    found = _named().search(text)
    if found:
        day, name, year = (next(found[f"{key}{n}"] for n in "123" if found[f"{key}{n}"]) for key in "dmy")
        date = _make(int(year), _months()[name.casefold()], int(day))
        if date is not None:
            return date, found.start(), found.end()
    found = _NUMERIC.search(text)
    if found:
        one, two, year = int(found[1]), int(found[3]), int(found[4])
        first = True if one > 12 or found[2] == "." else False if two > 12 else True if one == two else day_first
        if first is not None:
            date = _make(year, two, one) if first else _make(year, one, two)
            return None if date is None else (date, found.start(), found.end())
    return None


def _make(year: int, month: int, day: int) -> pd.Timestamp | None:
    if not _FIRST <= year <= _LAST:
        return None
    try:
        return pd.Timestamp(year, month, day)
    except ValueError:
        return None


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("mediakit.load").joinpath("dates.toml").read_text("utf-8"))


@cache
def _months() -> dict[str, int]:
    return {name: int(number) for number, names in _data()["months"].items() for name in names.split()}


@cache
def _beside() -> frozenset[str]:
    return frozenset(" ".join(_data()["beside"].values()).split()) | frozenset(_months())


@cache
def _named() -> re.Pattern[str]:
    """Return the pattern of a date with a month name: day month year, month day year, or year month day."""
    name = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day = r"[0-3]?\d"
    ordinal = r"(?:st|nd|rd|th|er|\.?º|\.?ª|°)?"
    clock = r"(?:\d{2}:\d{2}(?::\d{2})?\s+(?:[A-Z]{2,4}\s+|[+-]\d{4}\s+)?)?"  # Fri Feb 14 09:14:00 +0000 2025
    # "14-15 February" is a span of days: neither is the date.
    day_month = (
        rf"(?<![\d:.])(?<!\d[-–])(?P<d1>{day}){ordinal}\.?[\s-]*(?:(?:of|de|do)\s+)?(?P<m1>{name})(?!\w)\.?,?[\s-]*"
        r"(?:(?:de|del|of)\s+)?(?P<y1>\d{4})(?!\d)"
    )
    month_day = (
        rf"(?<!\w)(?P<m2>{name})(?!\w)\.?\s*(?P<d2>{day}){ordinal}(?!\d),?\s*,?\s*"
        rf"{clock}(?:del?\s+)?(?P<y2>\d{{4}})(?!\d)"
    )
    year_first = rf"(?<!\d)(?P<y3>\d{{4}})[\s.-]+(?P<m3>{name})(?!\w)[\s.-]+(?P<d3>{day})(?!\d)"
    return re.compile(f"{day_month}|{month_day}|{year_first}", re.IGNORECASE)
