"""Concordance: every match of patterns with the words around it, one under the other (keyword in context).

A count says how often; only the printed lines say what for. So every number of a codebook can be opened here and read.
The same table can be sorted by what stands before or after the matches, which shows their usual company.
"""

from __future__ import annotations

import html
import re
from operator import index
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.errors import ArticleTableError
from mediakit.lexicons.codebooks import Codebook
from mediakit.text.matches import Matches
from mediakit.text.tokens import Patterns, Tokens, tokenize

Numbers = NDArray[np.int64]

UNITS = ("words", "characters")
SORTS = ("position", "left", "right", "match")
ROWS_SHOWN = 200  # of a table in a notebook
_CONTEXT = ("outlet", "date", "story")
_DEEPEST = 50  # words that a sorting looks at; further out, hardly two places in print agree
_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_BROKEN = re.compile(rf"(?<!\s)[^\S{_BREAKS}]*[{_BREAKS}]\s*")  # white space with a line break in it


def find_in_context(
    tokens: Tokens | pd.DataFrame,
    patterns: Patterns | Codebook,
    *,
    window: int = 8,
    unit: str = "words",
    sort: str = "position",
    nested: bool = True,
    limit: int | None = None,
) -> ContextTable:
    """Find every match of patterns and show what stands before and after it.

    Parameters
    ----------
    tokens : Tokens, or DataFrame with one row per article
        From `tokenize`; an article table is tokenized first.
    patterns : one pattern, sequence of patterns, mapping of label to patterns, or Codebook
        As in `Tokens.find`; see `mediakit.text.patterns` for what a pattern means.
    window : int, default 8
        How much is shown on either side, in `unit`; less where the text begins or ends. 0 shows the match alone.
    unit : {"words", "characters"}, default "words"
        A window in words ends with a whole word and the marks that hang on it.
    sort : {"position", "left", "right", "match"}, default "position"
        By article and place; by the words of the window before the match, read from the match outwards; by those after
        it; or by the match. Case is ignored, words stand in the order of Unicode, equal rows by article and place.
    nested : bool, default True
        Whether a match inside a longer match of the same label has a row as well.
    limit : int, optional
        The first rows only, after sorting.

    Returns
    -------
    ContextTable, one row per match: a DataFrame that a notebook shows as a concordance
        article_id; outlet, date, story : those that the articles have
        label, pattern : str
        left, match, right : str, as printed, with a line break and the white space around it as one space
        start, end : int, characters of the match in the article's text
        position : float from 0 to 1, start of the match as a share of the text's characters

    Raises
    ------
    LexiconError
        When a pattern is empty, holds no word, or has more than five stars in a word.
    ArticleTableError
        When `unit` or `sort` is not known, or `window` or `limit` is not a whole number from 0 on.

    Notes
    -----
    The form is that of Luhn (1960, doi 10.1002/asi.5090110403).

    Examples
    --------
    >>> from mediakit import make_articles
    >>> articles = make_articles([{"text": "The police waited. Riot police, in black, met no riot."}])
    >>> find_in_context(articles, "police", window=2)[["left", "match", "right"]].values.tolist()
    [['The ', 'police', ' waited. Riot'], ['waited. Riot ', 'police', ', in black,']]
    """
    window, limit = _check_options(window, unit, sort, limit)
    if not isinstance(tokens, Tokens):
        tokens = tokenize(tokens)
    if isinstance(patterns, Codebook):
        patterns = patterns.patterns()
    found = tokens.matches(patterns, nested=nested)
    shown = _windows_of(tokens, found, window, unit)
    rows = np.lexsort((found.last, found.first))
    if sort != "position":
        rows = rows[_order_by_words(tokens, found, shown, rows, sort)]
    table = _build_table(tokens, found, shown, rows[:limit])
    table._search = _Search(tuple(dict.fromkeys(found.patterns)), len(tokens.texts), len(found))
    return table


def _check_options(window: int, unit: str, sort: str, limit: int | None) -> tuple[int, int | None]:
    if unit not in UNITS:
        raise ArticleTableError(f'unit={unit!r} is not known; there is "words" and "characters".')
    if sort not in SORTS:
        raise ArticleTableError(f'sort={sort!r} is not known; there is "position", "left", "right" and "match".')
    width = _whole_number("window", window, f"{unit} on either side")
    # No text is longer than 2**31 characters: their places are int32.
    return min(width, 1 << 31), None if limit is None else _whole_number("limit", limit, "rows")


def _whole_number(name: str, value: object, what: str) -> int:
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < 0 or isinstance(value, bool):
        raise ArticleTableError(f"{name}={value!r} must be a whole number from 0 on: {what}.")
    return number


class _Search(NamedTuple):
    """What was searched, for the caption of the table."""

    patterns: tuple[str, ...]
    articles: int
    matches: int


class _Windows(NamedTuple):
    """What is shown of each match: first character and one past the last; first token and one past the last."""

    begin: Numbers
    stop: Numbers
    low: Numbers
    high: Numbers


def _windows_of(tokens: Tokens, found: Matches, window: int, unit: str) -> _Windows:
    first, last = found.first, found.last
    sizes = np.fromiter(map(len, tokens.texts), dtype=np.int64, count=len(tokens.texts))
    offsets = np.cumsum(sizes + 1) - sizes - 1  # of each text, if all stood one after the other
    owner = tokens.article[first]
    if unit == "characters":
        begin = np.maximum(tokens.start[first].astype(np.int64) - window, 0)
        stop = np.minimum(tokens.end[last].astype(np.int64) + window, sizes[owner])
        of_token = offsets[tokens.article]
        low = np.searchsorted(tokens.start + of_token, begin + offsets[owner])
        high = np.searchsorted(tokens.end + of_token, stop + offsets[owner], side="right")
        return _Windows(begin, stop, low, high)
    bounds = np.searchsorted(tokens.article, np.arange(len(sizes) + 1, dtype=np.int32))
    lowest, highest = bounds[owner], bounds[owner + 1]
    low, high = np.maximum(first - window, lowest), np.minimum(last + 1 + window, highest)
    begin, stop = tokens.start[low].astype(np.int64), tokens.end[high - 1].astype(np.int64)
    if window and len(first):
        # The marks that hang on the outermost words are shown as well, up to white space or the next word.
        pieces = tokens.segments.pieces
        edges = pieces.start + np.repeat(offsets, np.diff(pieces.first))
        left = np.searchsorted(edges, begin + offsets[owner], side="right") - 1
        right = np.searchsorted(edges, stop - 1 + offsets[owner], side="right") - 1
        edge = pieces.start[left]
        begin = np.where((low > lowest) & (tokens.end[low - 1] > edge), begin, edge)
        edge = pieces.start[right] + pieces.length[pieces.code[right]]
        stop = np.where((high < highest) & (tokens.start[np.minimum(high, len(tokens) - 1)] < edge), stop, edge)
    return _Windows(begin, stop, low, high)


def _order_by_words(tokens: Tokens, found: Matches, shown: _Windows, rows: Numbers, sort: str) -> Numbers:
    """Return the order of the rows by some of their words; as bytes, numbers compare one after the other."""
    rank = {form: number for number, form in enumerate(tokens.alphabet)}
    of_term = np.array([rank[form] for form in tokens.normal], dtype=">u4")
    words = of_term[tokens.term]
    if sort == "left":  # read backwards
        words = words[::-1]
        low = len(words) - found.first
        high = len(words) - shown.low
    elif sort == "right":
        low, high = found.last + 1, shown.high
    else:
        low, high = found.first, found.last + 1
    data = words.tobytes()
    high = np.minimum(high, low + _DEEPEST)
    keys = [data[a:b] for a, b in zip((4 * low[rows]).tolist(), (4 * high[rows]).tolist(), strict=True)]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _build_table(tokens: Tokens, found: Matches, shown: _Windows, rows: Numbers) -> ContextTable:
    first, last = found.first[rows], found.last[rows]
    owner = tokens.article[first]
    start, end = tokens.start[first].astype(np.int64), tokens.end[last].astype(np.int64)
    texts = [tokens.texts[number] for number in owner.tolist()]
    begins, starts, ends, stops = (array.tolist() for array in (shown.begin[rows], start, end, shown.stop[rows]))
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return ContextTable(
        {
            "article_id": _spread(tokens.articles["article_id"], owner),
            **{name: _spread(tokens.articles[name], owner) for name in _CONTEXT if name in tokens.articles},
            "label": _spread(found.labels, found.label[rows]),
            "pattern": _spread(found.patterns, found.pattern[rows]),
            "left": _cut(texts, begins, starts),
            "match": _cut(texts, starts, ends),
            "right": _cut(texts, ends, stops),
            "start": start,
            "end": end,
            "position": start / sizes,
        }
    )


def _spread(values: pd.Series | list[str], codes: NDArray[Any]) -> Any:
    """Spread values over rows, without making a string for each."""
    series = values if isinstance(values, pd.Series) else pd.Series(values, dtype="str")
    if series.dtype == object or isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype("str")
    return series.array.take(codes)


def _cut(texts: list[str], begins: list[int], stops: list[int]) -> Any:
    """Cut a stretch out of each text, on one line."""
    cut = [text[begin:stop] for text, begin, stop in zip(texts, begins, stops, strict=True)]
    return pd.Series([one if one.isprintable() else _one_line(one) for one in cut], dtype="str").array


def _one_line(text: str) -> str:
    """Show a line break and the white space around it as one space, and half characters, which no table holds, as �."""
    line = text.replace("\n\n", " ").replace("\n", " ")
    if line.isprintable() and "  " not in line:
        return line  # nearly always; the rest takes ten times as long
    return _BROKEN.sub(" ", text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class ContextTable(pd.DataFrame):
    """The table of `find_in_context`: a DataFrame that a notebook shows as a concordance.

    Selecting, sorting and copying keep the form; without the columns left, match and right it is shown as any other
    DataFrame. ``pd.DataFrame(table)`` shows all columns.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> found = find_in_context(make_articles([{"text": "A strike, another <b>strike</b>."}]), "strike")
    >>> type(found[found["position"] > 0.5]).__name__
    'ContextTable'
    """

    _metadata = ["_search"]  # noqa: RUF012 -- pandas looks for it under this name
    _search: _Search | None = None

    @property
    def _constructor(self) -> type[ContextTable]:
        return ContextTable

    def _repr_html_(self) -> str | None:
        if not pd.get_option("display.notebook_repr_html"):
            return None
        try:
            if all(pd.api.types.is_string_dtype(self[name]) for name in ("left", "match", "right")):
                return _write_html(self)
        except Exception:  # noqa: BLE001 -- whatever became of the columns, a notebook shows a table
            pass
        return super()._repr_html_()


_STYLE = """
.mediakit-kwic { width: 100%; overflow-x: auto; color: var(--jp-ui-font-color1, inherit); }
.mediakit-kwic p { margin: .5em 0; text-align: left; }
.mediakit-kwic .kwic-lines { width: 100%; min-width: 42em; margin: 0; table-layout: auto; border-collapse: collapse;
  font-size: var(--jp-ui-font-size1, 13px); color: inherit; font-variant-numeric: tabular-nums; }
.mediakit-kwic .kwic-lines td, .mediakit-kwic .kwic-lines th { padding: .25em .9em .25em 0; line-height: 1.35;
  text-align: left; vertical-align: baseline; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  max-width: 11em; }
.mediakit-kwic .kwic-lines th { font-weight: normal; opacity: .75; }
.mediakit-kwic .kwic-lines .kwic-side { opacity: .75; }
.mediakit-kwic .kwic-lines .kwic-left { width: 50%; max-width: 0; padding-right: 0; direction: rtl;
  text-align: right; }
.mediakit-kwic .kwic-lines .kwic-match { max-width: 20em; padding: .25em .4em; text-align: center; }
.mediakit-kwic .kwic-lines .kwic-right { width: 50%; max-width: 0; padding-right: 0; }
.mediakit-kwic mark { padding: .1em .25em; border-radius: 3px; font-weight: 600; color: inherit;
  background: rgba(255, 190, 0, .32); }
"""
_LONGEST = 400  # characters of a context in the page; no line of a screen holds more
# Control characters, and those that turn the direction of what follows.
_UNSEEN = dict.fromkeys([*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")


def _write_html(table: ContextTable) -> str:
    """Write the table as lines of a concordance; the texts are not ours, so all of it is escaped."""
    side = [name for name in ("outlet", "date") if name in table and table[name].notna().any()]
    if "label" in table and len(table["label"].unique()) > 1:
        side.append("label")
    shown = table.head(ROWS_SHOWN)
    lines = []
    for *beside, left, match, right in zip(*(shown[name] for name in (*side, "left", "match", "right")), strict=True):
        before, after = _text(left), _text(right)
        if len(before) > _LONGEST:
            before = "…" + before[-_LONGEST:]
        if len(after) > _LONGEST:
            after = after[:_LONGEST] + "…"
        cells = [f'<td class="kwic-side">{_isolate(_text(value))}</td>' for value in beside]
        lines.append(
            f'<tr>{"".join(cells)}<td class="kwic-left">{_isolate(before)}</td>'
            f'<td class="kwic-match"><mark>{_isolate(_text(match))}</mark></td>'
            f'<td class="kwic-right">{_isolate(after)}</td></tr>'
        )
    heads = [f'<th scope="col">{name}</th>' for name in side]
    heads += [f'<th scope="col" class="kwic-{name}">{name}</th>' for name in ("left", "match", "right")]
    parts = [f'<div class="mediakit-kwic"><style>{_STYLE}</style>', f"<p>{_caption(table)}</p>"]
    if lines:
        parts += ['<table class="kwic-lines">', f"<thead><tr>{''.join(heads)}</tr></thead>", "<tbody>"]
        parts += [*lines, "</tbody></table>"]
    if len(table) > len(shown):
        parts.append(f"<p>… and {len(table) - len(shown):,} more</p>")
    return "\n".join([*parts, "</div>"])


def _caption(table: ContextTable) -> str:
    """Say what was searched and found, and how much of it this table holds."""
    rows, search = len(table), table._search
    if search is None:
        return f"{_count(rows, 'match', 'matches')}."
    names = ", ".join(f"<b>{_isolate(_text(pattern))}</b>" for pattern in search.patterns[:5])
    if len(search.patterns) > 5:
        names += f" and {len(search.patterns) - 5:,} more"
    found = _count(search.matches, "match", "matches") if search.matches else "nothing was found"
    here = "" if rows == search.matches else f"; this table holds {rows:,}" if rows else "; this table holds none"
    return f"Searched {_count(search.articles, 'article', 'articles')} for {names or 'no pattern'}: {found}{here}."


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    text = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
    return text.translate(_UNSEEN).encode("utf-8", "replace").decode("utf-8")


def _isolate(text: str) -> str:
    """Escape a text; its direction stays inside the element."""
    return f"<bdi>{html.escape(text)}</bdi>"
