"""References: what RIS, BibTeX and JSON of reference managers share, from their fields to an article record.

They describe articles and seldom hold them: `text` is missing, and an abstract is kept as `description`. Only an
"abstract" of a news item that is as long as an article is taken for the full text, which some databases put there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from mediakit.load.dates import has_year, read_date
from mediakit.load.fields import read_time
from mediakit.load.terms import Term, join_terms

# Types of items that are news, as Zotero, CSL, RIS and BibLaTeX name them.
NEWS = frozenset((
    "newspaperarticle", "magazinearticle", "webpage", "blogpost", "forumpost", "tvbroadcast", "radiobroadcast",
    "podcast",
    "article-newspaper", "article-magazine", "post", "post-weblog", "broadcast",
    "news", "mgzn", "elec", "blog", "icomm", "web", "gen",
    "article/newspaper", "article/magazine", "article/nonacademic", "online", "electronic", "www", "misc", "news",
))  # fmt: skip
_LEAST_TEXT = 250  # words; abstracts are shorter
_SUFFIX = re.compile(r"(?:Jr|Sr|I{2,3}|IV|PhD|MD)\.?", re.I)
_EDTF = re.compile(r"[~?%]+$|[~?%](?=[-/])")


def natural_name(name: str) -> str:
    """Turn "Ruiz, Ana" into "Ana Ruiz"; names in another form stay as printed.

    Examples
    --------
    >>> natural_name("Ruiz, Ana"), natural_name("The Example Press"), natural_name("King, Martin Luther, Jr.")
    ('Ana Ruiz', 'The Example Press', 'Martin Luther King, Jr.')
    """
    name = " ".join(name.split())
    parts = [part.strip() for part in name.rstrip(",;").split(",")]
    if not all(parts) or any(len(part.split()) > 5 for part in parts) or re.search(r"\d", name):
        return name
    if len(parts) == 2 and not _SUFFIX.fullmatch(parts[1]):
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        return f"{parts[1]} {parts[0]}, {parts[2]}"
    return name


def make_reference(
    *,
    item_type: str | None,
    title: str | None,
    dates: Sequence[str | None] = (),
    names: Iterable[str] = (),
    abstract: str | None = None,
    keywords: Iterable[Term] = (),
    day_first: bool | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """Return the article record of a reference.

    Parameters
    ----------
    item_type : the type as the file names it, kept as the column `item_type`
    title, abstract : as printed
    dates : what the file says of the date, the best first
    names : authors, each in its natural form
    keywords : subject terms
    day_first : how to read "4/7/2014"
    fields : further columns
    """
    raw, date = choose_date(dates, day_first=day_first)
    abstract = _paragraphs(abstract)
    whole = bool(abstract) and len((abstract or "").split()) > _LEAST_TEXT and is_news(item_type)
    record = {
        "headline": _line(title), "text": abstract if whole else None,
        "byline": ", ".join(dict.fromkeys(filter(None, names))) or None,
        "date_raw": raw, "date": date, "time": read_time(raw) if raw and ":" in raw else None,
        "description": None if whole or not abstract else " ".join(abstract.split()), "terms": join_terms(keywords),
        "item_type": _line(item_type),
    }  # fmt: skip
    record.update({name: _line(value) for name, value in fields.items()})
    kept = ("headline", "text", "item_type")
    return {name: value for name, value in record.items() if value is not None or name in kept}


def choose_date(dates: Sequence[str | None], *, day_first: bool | None = None) -> tuple[str | None, Any]:
    """Return the first date that can be read, as printed and read; else the first that is printed.

    A date without a year ("July 4") is completed from one that has nothing else.

    Examples
    --------
    >>> choose_date(["July 4", "2014"])
    ('July 4 2014', Timestamp('2014-07-04 00:00:00'))
    >>> choose_date(["2014-07-04~"]), choose_date(["2014///", "2014"])
    (('2014-07-04~', Timestamp('2014-07-04 00:00:00')), ('2014', None))
    """
    printed = [" ".join(str(date).split()) for date in dates if date is not None and str(date).strip()]
    for raw in printed:
        date = read_date(_EDTF.sub("", raw), day_first=day_first)
        if date is not None:
            return raw, date
    years = [raw.strip("/ ") for raw in printed if re.fullmatch(r"\d{4}/*", raw)]
    for raw in printed:
        if years and not has_year(raw) and re.search(r"\d", raw):
            date = read_date(f"{raw} {years[0]}", day_first=day_first)
            if date is not None:
                return f"{raw} {years[0]}", date
    return (
        years[0] if years and len(years) == len(printed) else printed[0].rstrip("/ ") or None
    ) if printed else None, None


def is_news(item_type: str | None) -> bool:
    """Whether a type is one of news, as opposed to books and journals."""
    return (item_type or "").strip().casefold() in NEWS


def describe(records: Sequence[dict[str, Any]]) -> list[str]:
    """Say how many records have no text, and what types there are."""
    without = sum(record.get("text") is None for record in records)
    types = Counter(str(record.get("item_type") or "without type") for record in records)
    notes = [f"references: {without} of {len(records)} without text"] if without else []
    return (
        [*notes, f"types: {', '.join(f'{name} {count}' for name, count in types.most_common(8))}"] if records else notes
    )


def _line(value: Any) -> Any:
    """Return a text on one line; None where it is empty. Numbers become text, so that a column has one type."""
    if value is None or isinstance(value, dict | list | tuple):
        return None
    return " ".join(str(value).split()) or None


def _paragraphs(text: str | None) -> str | None:
    """Return a text with a blank line between paragraphs; lines of verse and wrapped lines stay together."""
    if not text or not text.strip():
        return None
    parts = re.split(r"\n\s*\n", text.strip())
    if (
        len(parts) == 1
        and text.count("\n")
        and all(len(line) > 150 or line.rstrip()[-1:] in '.!?"”»' for line in text.split("\n"))
    ):
        parts = text.split("\n")
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())
