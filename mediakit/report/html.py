"""HTML that is safe by default: every string is escaped, unless it was built here."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from mediakit.report.wording import number


class Markup(str):
    """HTML that was built by this module and is not escaped again."""


def escape(value: object) -> Markup:
    """Escape a value; mark-up passes unchanged.

    Examples
    --------
    >>> str(escape("<script>"))
    '&lt;script&gt;'
    """
    if isinstance(value, Markup):
        return value
    text = str(value)
    # Other control characters are not allowed in HTML, and some turn the direction of what follows.
    clean = "".join(
        " "
        if (ord(char) < 32 and char not in "\n\t") or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        else char
        for char in text
    )
    return Markup(html.escape(clean.encode("utf-8", "replace").decode("utf-8"), quote=True))


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """Build an element; `cls` stands for class, underscores in names for hyphens, None leaves an attribute out.

    Examples
    --------
    >>> str(tag("p", "a < b", cls="note"))
    '<p class="note">a &lt; b</p>'
    """
    named = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in ("meta", "img", "br", "hr", "col"):
        return Markup(f"<{name}{named}>")
    return Markup(f"<{name}{named}>{join(children)}</{name}>")


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Join parts, escaping those that are plain text."""
    return Markup(between.join(escape(part) for part in parts))


def image(svg: Path, alt: str) -> Markup:
    """Embed an SVG file as an image: in an image, nothing inside it can run."""
    data = base64.b64encode(svg.read_bytes()).decode("ascii")
    return tag("img", src=f"data:image/svg+xml;base64,{data}", alt=alt)


def table(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    caption: str,
    digits: Mapping[str, int] | None = None,
    signed: Iterable[str] = (),
    wide: Iterable[str] = (),
    most: int = 60,
) -> Markup:
    """Build a table: columns in the order given, numbers right-aligned with fixed decimals, in a box that scrolls.

    Parameters
    ----------
    rows : DataFrame
    columns : column -> heading; at most seven are readable
    caption : str
    digits : column -> decimals, default 2 for floating-point numbers
    signed : columns whose numbers carry a sign
    wide : text columns that get the room
    most : rows shown; the rest is in the CSV file
    """
    if rows.empty:
        return Markup("")
    decimals, plus, roomy = dict(digits or {}), set(signed), set(wide)
    numeric = {
        name
        for name in columns
        if pd.api.types.is_numeric_dtype(rows[name]) and not pd.api.types.is_bool_dtype(rows[name])
    }
    head = join(
        tag("th", heading, scope="col", cls="n" if name in numeric else None) for name, heading in columns.items()
    )
    body = []
    for _, row in rows.head(most).iterrows():
        cells = []
        for position, name in enumerate(columns):
            content = _cell(row[name], decimals.get(name, 2), name in plus, pd.api.types.is_float_dtype(rows[name]))
            kind = "n" if name in numeric else "w" if name in roomy else None
            cells.append(
                tag("th", content, scope="row")
                if position == 0 and name not in numeric
                else tag("td", content, cls=kind)
            )
        body.append(tag("tr", *cells))
    more = f" First {most} of {len(rows):,} rows; all are in the CSV file." if len(rows) > most else ""
    inner = tag("table", tag("caption", caption + more), tag("thead", tag("tr", head)), tag("tbody", *body))
    return tag("div", inner, cls="scroll", tabindex="0", role="region", aria_label=caption)


def _cell(value: object, digits: int, signed: bool, is_float: bool) -> object:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return "–"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if is_float and isinstance(value, float):
        return number(value, digits, signed=signed)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) or hasattr(value, "bit_count") else value
