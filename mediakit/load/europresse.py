"""What Europresse prints around an article: outlet and edition, the line with section and date, number of the document.

The words of its interface and the names of its classes are data (`formats/europresse.toml`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from mediakit.load.dates import find_date_span, read_date

NUMBER = re.compile(r"\b[a-z_]{2,15}\s?·\s?(\d{8})\s?·\s?[\w-]{1,15}\s?·\s?[^\s<>\"]{1,80}")
_ISSUE = re.compile(r",\s*((?:no|n°|nº|n\.º|núm|nr)[.\s]\s*\d.*|vol\.\s*\d.*)$", re.I)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:\s*(?P<name>UTC|GMT|[A-Z]{3,4}\b|Z\b))?"
    r"(?:\s*(?P<offset>[+-]\d{2}:?\d{2})(?!\d))?"
)


def read_fields(texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the fields that stand around the text.

    Parameters
    ----------
    texts : mapping of the parts of an article to their blocks of text

    Examples
    --------
    >>> fields = read_fields({"outlet": ["La Vigie, no. 412\\nÉdition du Nord"], "number": ["news·20220301·LV·0123"]})
    >>> fields["outlet"], fields["issue"], fields["edition"], str(fields["date"].date()), fields["vendor_id"]
    ('La Vigie', 'no. 412', 'Édition du Nord', '2022-03-01', 'news·20220301·LV·0123')
    """
    outlet, *editions = (texts.get("outlet") or [""])[0].split("\n")
    issue = _ISSUE.search(outlet)
    vendor_id, day = _number(texts)
    fields = {
        "headline": " ".join(" ".join(texts.get("headline") or texts.get("title") or ()).split()),
        "standfirst": "\n".join(texts.get("standfirst", ())),
        "outlet": outlet[: issue.start()] if issue else outlet,
        "issue": issue[1] if issue else None,
        "edition": " ".join(" ".join(editions).split()),
        "kicker": " ".join(texts.get("kicker", ())),
        "rubric": " ".join(texts.get("rubric", ())),
        "byline": "; ".join(texts.get("byline", ())),
        "also_in": "; ".join(texts.get("also_outlet", ())),
        "caption": _lines(texts.get("picture", ())),
        "notes": _lines(texts.get("note", ())),
        "copyright": next((text for text in texts.get("legal", ()) if text.startswith("©")), None),
        "vendor_id": vendor_id,
        **read_header(" ".join(texts.get("header") or texts.get("label") or ()), day),
    }
    fields["section"] = fields.get("section") or fields["rubric"]
    return {name: value for name, value in fields.items() if value or name in ("headline", "date")}


def _lines(texts: Sequence[str]) -> str:
    """Return captions or notes a line each, without the words that stand above them."""
    return "\n".join(text for text in texts if len(text) > 1 and not text.endswith(":"))


def _number(texts: Mapping[str, Sequence[str]]) -> tuple[str | None, Any]:
    """Return the number of the document and the day in it: the last one printed, which is that of the certificate."""
    printed = " ".join(text for part in ("legal", "number", "certificate") for text in texts.get(part, ()))
    found = max(NUMBER.finditer(printed), key=re.Match.start, default=None)
    if found is None:
        return next(iter(texts.get("number", ())), None), None
    return re.sub(r"\s", "", found[0]), read_date(f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:]}")


def read_header(header: str, day: Any) -> dict[str, Any]:
    """Split the line above a headline: section, weekday, date, time, number of words, page.

    Examples
    --------
    >>> fields = read_header("Sport, mardi 1er mars 2022 - 17:00 UTC +0100 1455 mots, p. 7", None)
    >>> [fields[name] for name in ("section", "date_raw", "time", "declared_words", "page")]
    ['Sport', '1er mars 2022', '17:00+0100', 1455, '7']
    """
    header = " ".join(header.split())
    fields: dict[str, Any] = {"date": day}
    start = end = 0
    for _ in range(4):  # a section may name a day as well
        span = find_date_span(header[end:])
        if span is None:
            break
        start, end = end + span[0], end + span[1]
        fields["date_raw"] = header[start:end]
        if day is None or read_date(header[start:end]) == day:
            break
    if not end:
        return fields
    fields["section"] = _patterns()["weekday"].sub("", header[:start]).strip(" ,;")
    rest = header[end:]
    if (time := _TIME.search(rest)) is not None:
        zone = time["offset"] or (f" {time['name']}" if time["name"] and time["name"] != "Z" else time["name"] or "")
        fields["time"] = f"{int(time['hour']):02d}:{time['minute']}{zone}"
        rest = f"{rest[: time.start()]} {rest[time.end() :]}"
    if (words := _patterns()["count"].search(rest)) is not None:
        fields["declared_words"] = int(re.sub(r"\D", "", words[1]))
        rest = f"{rest[: words.start()]} {rest[words.end() :]}"
    if (page := _patterns()["page"].search(rest)) is not None:
        fields["page"] = page[1].strip(" ,")
    return fields


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("mediakit.load.formats").joinpath("europresse.toml").read_text("utf-8"))


@cache
def classes() -> dict[str, str]:
    """Return the part of an article that each class or id names, by the name in lower case."""
    return {name.casefold(): part for part, names in _data()["classes"].items() for name in names}


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return the words of the interface in lower case, by what they mean."""
    return {name: tuple(word.casefold() for word in forms) for name, forms in _data()["words"].items()}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    forms = {name: "|".join(map(re.escape, words)) for name, words in words().items()}
    return {
        "weekday": re.compile(rf"(?:^|[\s,;])(?:{forms['weekdays']})[\s,]*$", re.I),
        "count": re.compile(
            rf"(?<!\d)([1-9]\d{{0,2}}(?:[\u00a0\u202f\s.,]\d{{3}}(?!\d))+|\d{{1,7}})\s*(?:{forms['count']})\b", re.I
        ),
        "page": re.compile(rf"(?:^|[,\s])(?:{forms['page']})\.\s*(.+)$", re.I),
    }
