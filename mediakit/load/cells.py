"""Cells: a foreign row as a record of the article table.

What is printed in a cell is kept: only paragraphs, mark-up, author lists and dates are brought into the form that the
article table has.
"""

from __future__ import annotations

import ast
import datetime
import html
import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from mediakit.articles import COLUMNS
from mediakit.load.columns import flatten
from mediakit.load.dates import read_date
from mediakit.load.header import clean_byline

EXCEL_LIMIT = 32_767  # characters in a cell; spreadsheet programs drop the rest

_DEEPEST = 10  # lists inside lists
_NESTED = re.compile(r"[\[(]{11}")
_MISSING = frozenset({"", "nan", "NaN", "null", "None"})
_OWN_ID = re.compile(r"[0-9a-f]{16}(?:-\d+)?")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe"})
_BLOCKS = frozenset((
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "article", "section", "header",
    "footer", "aside", "table", "tr", "figure", "figcaption",
))  # fmt: skip
_TAG = re.compile(r"<!--|-->|</?(?P<name>[A-Za-z][\w:-]{0,30})(?:[\s/][^<>]*)?>|<[!?][^<>]*>")
_BLOCK = re.compile(rf"<(?:/?(?:{'|'.join(sorted(_BLOCKS))}|td)(?:\s[^<>]{{0,500}})?|br\s*/?)>", re.I)
_INLINE = re.compile(r"<(em|strong|a|i|b|u|span|sup|sub)(?:\s[^<>]{0,500})?>[^<]{0,500}</\1>", re.I)
_ESCAPED = re.compile(r"&lt;/?(?:p|div|br|h[1-6]|li)\b[^<>]{0,200}?&gt;", re.I)


def to_record(row: Mapping[str, Any], mapping: Mapping[str, str], *, day_first: bool | None = None) -> dict[str, Any]:
    """Turn a row of a foreign table into a record for `make_articles`.

    Parameters
    ----------
    row : mapping of column names to cells
    mapping : column of the article table -> column of the row, as `match_columns` returns it
    day_first : bool, optional
        How the table's column of dates reads "03/04/2025"; without it such dates stay missing.

    Returns
    -------
    dict
        The recognised columns under our names; all others under their own, with `_raw` added where that name is ours.

    Examples
    --------
    >>> from mediakit.load.columns import match_columns
    >>> row = {"Heading": "Peace &amp; quiet", "Authors": "['Ana Ruiz', 'Tom Lee']", "Text": "One.\\nTwo.", "page": "4"}
    >>> to_record(row, match_columns(row))
    {'text': 'One.\\n\\nTwo.', 'headline': 'Peace & quiet', 'byline': 'Ana Ruiz, Tom Lee', 'page': '4'}
    """
    flat = {name: _native(cell) for name, cell in flatten(row).items()}
    record: dict[str, Any] = {}
    for ours, theirs in mapping.items():
        cell = flat.get(theirs)
        if ours == "text":
            record["text"] = _body(cell)
            if isinstance(cell, str) and len(cell) == EXCEL_LIMIT:
                record["truncated"] = True
                record["truncated_why"] = f"the cell is full: spreadsheets hold {EXCEL_LIMIT:,} characters"
        elif ours == "byline":
            record["byline"] = _names_of(cell)
        elif ours == "date":
            record["date"], raw = _day(cell, day_first)
            record.setdefault("date_raw", raw)
        elif ours == "date_raw":
            record["date_raw"] = _line(cell) or record.get("date_raw")
        elif ours == "truncated":
            record["truncated"] = record.get("truncated") or str(cell).strip().casefold() in ("true", "1", "1.0", "yes")
        elif ours == "truncated_why":
            record["truncated_why"] = record.get("truncated_why") or _line(cell)
        elif ours in ("headline", "outlet", "standfirst"):
            record[ours] = _line(cell, keep_words=ours != "standfirst")
        else:
            record[ours] = _line(cell)
    if record.get("date") is None and record.get("date_raw"):
        record["date"] = read_date(record["date_raw"], day_first=day_first)
    used = set(mapping.values())
    extras = {name: _plain(cell) for name, cell in flat.items() if name not in used}
    if _repeats(record.get("standfirst"), record.get("text")):
        # A search snippet that repeats the first lines is not what the outlet printed above the text.
        extras[mapping["standfirst"]] = record.pop("standfirst")
    if not _OWN_ID.fullmatch(str(record.get("article_id", ""))):
        given = record.pop("article_id", None)
        if given is not None:
            extras["article_id"] = given
    for name, cell in extras.items():
        record[_free(name, record)] = cell
    return record


def html_to_text(markup: str) -> str:
    """Turn the mark-up of a text cell into text: one line a block, scripts and styles left out.

    Examples
    --------
    >>> html_to_text("<p>One <b>two</b>.</p><script>x()</script><p>Three&nbsp;four.")
    'One two.\\n\\nThree four.'
    """
    collapse = bool(re.search(r"<(?:p|div|li)[\s>]", markup, re.I))
    pieces: list[str] = []
    at, silent, since = 0, "", 0
    for found in _TAG.finditer(markup):
        said = markup[at : found.start()]
        pieces.append(re.sub(r"\s+", " ", said) if collapse else said)
        at = found.end()
        tag = (found["name"] or found[0][:4]).lower()
        if silent:
            if tag == silent and (found[0].startswith("</") or tag == "-->"):
                del pieces[since:]
                silent = ""
        elif tag == "<!--" or (tag in _SILENT and not found[0].startswith("</")):
            # Left out when its end is met; one that never ends would take the rest of the article along.
            silent, since = "-->" if tag == "<!--" else tag, len(pieces)
        elif tag == "-->":
            pieces.append("-->")
        else:
            pieces.append("\n" if tag == "br" else " " if tag in ("td", "th") else "\n\n" if tag in _BLOCKS else "")
    pieces.append(markup[at:])
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def unescape(text: str) -> str:
    """Turn HTML entities into characters; only complete ones, so that addresses with "&copy=1" stay whole.

    Examples
    --------
    >>> unescape("Peace &amp; quiet: ?a=1&copy=1")
    'Peace & quiet: ?a=1&copy=1'
    """
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _body(cell: Any) -> str | None:
    """Return the text of an article, one blank line between paragraphs."""
    text = _string(cell, joint="\n\n")
    if text is None:
        return None
    if _ESCAPED.search(text) and not _BLOCK.search(text):
        text = unescape(text)
    text = html_to_text(text) if _BLOCK.search(text) or _INLINE.search(text) else unescape(text)
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.strip())]
    if len(paragraphs) == 1:
        paragraphs = [line.strip() for line in paragraphs[0].split("\n")]
    return "\n\n".join(part for part in paragraphs if part) or None


def _line(cell: Any, *, keep_words: bool = False) -> str | None:
    """Return a cell of one line; in headlines and names of outlets "NA" or "None" may well be meant."""
    text = _string(cell, joint=", ")
    if text is None or (not keep_words and text.strip() in _MISSING):
        return None
    return " ".join(unescape(text).split()) or None


def _names_of(cell: Any) -> str | None:
    """Return the authors as printed, several joined by commas."""
    if isinstance(cell, str) and cell.strip().startswith(("[", "(")) and cell.strip().endswith(("]", ")")):
        cell = _listed_in(cell.strip())
    people = cell if isinstance(cell, list | tuple) else [cell]
    names = []
    for person in people:
        if isinstance(person, Mapping):
            parts = [str(person[key]) for key in ("firstName", "firstname", "lastName", "lastname") if person.get(key)]
            person = person.get("name") or " ".join(parts) or None
        name = _line(person)
        if name:
            names.append(clean_byline(name))
    return ", ".join(dict.fromkeys(names)) or None


def _listed_in(text: str) -> Any:
    """Read a list that was saved as text, by JSON or by Python; anything else stays text."""
    if _NESTED.search(text):
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = ast.literal_eval(text) if len(text) < 10_000 else text
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return text
    return found if isinstance(found, list | tuple) else text


def _day(cell: Any, day_first: bool | None) -> tuple[Any, str | None]:
    """Return the calendar day, and the words it was read from."""
    if isinstance(cell, datetime.datetime) and cell.time() != datetime.time():
        return read_date(cell), cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date):
        return read_date(cell), cell.isoformat()[:10]
    raw = _line(cell)
    return (None, None) if raw is None else (read_date(raw, day_first=day_first), raw)


def _string(cell: Any, *, joint: str, depth: int = 0) -> str | None:
    """Return a cell as text; None where it is missing, or nested deeper than any list of words."""
    if cell is None or depth > _DEEPEST:
        return None
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", "replace")
    if isinstance(cell, list | tuple):
        cell = joint.join(part for part in (_string(item, joint=joint, depth=depth + 1) for item in cell) if part)
    elif isinstance(cell, float) and cell.is_integer():
        cell = f"{cell:.0f}"
    return _valid(cell if isinstance(cell, str) else str(cell))


def _plain(cell: Any) -> Any:
    """Return a further cell as a plain value: what is nested becomes JSON, so that the table can be saved."""
    if isinstance(cell, str):
        return None if cell.strip() in _MISSING else _valid(cell)
    if isinstance(cell, bool) or (isinstance(cell, int) and abs(cell) < 2**63) or isinstance(cell, float):
        return cell
    if isinstance(cell, Mapping | list | tuple):
        try:
            return _valid(json.dumps(cell, ensure_ascii=False, default=str)) if cell else None
        except RecursionError:
            return "(nested too deeply to be kept)"
    return _string(cell, joint=", ")


def _native(cell: Any) -> Any:
    """Return a cell as a plain Python value, whatever table it comes from; None where it is missing."""
    if hasattr(cell, "tolist"):  # numpy
        cell = cell.tolist()
    return None if cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell) else cell


def _valid(text: str) -> str:
    """Join split surrogates and replace lone ones, which no file can hold."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _repeats(standfirst: str | None, text: str | None) -> bool:
    if not standfirst or not text:
        return False
    start = " ".join(standfirst.rstrip(".… ").split())
    return start in " ".join(text[: 2 * len(standfirst) + 200].split())


def _free(name: str, record: Mapping[str, Any]) -> str:
    while name in COLUMNS or name in record:
        name += "_raw"
    return name
