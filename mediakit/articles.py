"""The article table: one row per published item, a plain pandas DataFrame that every other module reads.

| column | what it holds |
| --- | --- |
| `article_id` | 16 hexadecimal digits: a hash of content and origin, the same on every run |
| `headline`, `standfirst` | the title as printed; the summary paragraph between title and text |
| `text` | the body, paragraphs separated by a blank line |
| `byline`, `outlet`, `section`, `place`, `url` | author; newspaper, agency or broadcaster; rubric; dateline; address |
| `date`, `date_raw` | day as printed by the outlet (`NaT` when unknown or ambiguous); the words it was read from |
| `language` | ISO 639-1 code |
| `words` | whitespace-separated words of `text` |
| `truncated`, `truncated_why` | whether the text is known to be cut, and the evidence |
| `format`, `file`, `position` | reader that found it; file it came from; 0-based order within the file |

Further columns that a file brings are kept after these. The readers of databases and wires name theirs alike:

| column | what it holds |
| --- | --- |
| `vendor_id` | the database's own identifier, whole |
| `time` | clock time of publication as HH:MM with the zone as printed |
| `load_date`, `modified` | when the database took the article in; when it was changed, as printed |
| `edition`, `page` | edition line; page, split from the section |
| `agency` | news agency credited in byline or dateline |
| `declared_words` | number of words that the file declares |
| `correction` | correction that was added later |
| `terms` | the vendor's subject terms, one a line; `read_terms` makes a table of them |

Missing is missing (`NA`, `NaT`), never an empty string.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from mediakit.errors import ArticleTableError, require_columns

COLUMNS = (
    "article_id", "headline", "standfirst", "text", "byline", "outlet", "date", "date_raw", "language", "section",
    "place", "url", "words", "truncated", "truncated_why", "format", "file", "position",
)  # fmt: skip

_PIECE = 500  # rows; some megabytes of text
_TYPES = {"words": "int64", "truncated": "bool", "position": "int64", "date": "datetime64[us]"}

# What a measure's table repeats of the article, so that it can be compared by these columns without a join.
CONTEXT = ("outlet", "date", "language", "section", "story", "words", "truncated", "duplicate_of")


def context_of(articles: pd.DataFrame) -> pd.DataFrame:
    """Return `article_id` and those of the columns `CONTEXT` that the table has, one row per article."""
    return articles[["article_id", *(column for column in CONTEXT if column in articles.columns)]].reset_index(
        drop=True
    )


def check_articles(articles: pd.DataFrame, *, need: Iterable[str] = ("article_id", "text")) -> pd.DataFrame:
    """Return the article table, or raise an error that says what to fix.

    Parameters
    ----------
    articles : DataFrame, one row per article
    need : column names, default `article_id` and `text`
        Columns that the caller is going to use.

    Returns
    -------
    DataFrame
        The same object, unchanged.

    Raises
    ------
    ColumnError
        When a needed column is missing.
    ArticleTableError
        When `articles` is not a DataFrame, identifiers are missing or repeated, or `date` does not hold dates.

    Examples
    --------
    >>> check_articles(make_articles([{"headline": "A", "text": "One two."}]))["words"].tolist()
    [2]
    """
    if not isinstance(articles, pd.DataFrame):
        raise ArticleTableError(
            f"an article table is a pandas DataFrame; found {type(articles).__name__}.\n"
            "    Load files with mediakit.load_articles(), or build a table with mediakit.make_articles()."
        )
    try:
        require_columns(articles, need, "the article table")
    except ArticleTableError as error:
        hint = "\n    Rename the columns, or load the file with mediakit.load_articles()."
        raise type(error)(f"{error}{hint}") from None
    if "article_id" in articles.columns:
        identifiers = articles["article_id"]
        if identifiers.isna().any():
            raise ArticleTableError(
                f"{int(identifiers.isna().sum())} rows have no article_id; build it with make_articles()."
            )
        repeated = identifiers[identifiers.duplicated()]
        if len(repeated):
            raise ArticleTableError(
                f"article_id must name one row each; {repeated.nunique()} are repeated, the first is "
                f"{repeated.iloc[0]!r}.\n"
                "    Tables were probably joined twice: drop the repeated rows, or rebuild them with make_articles()."
            )
    if "date" in articles.columns and not pd.api.types.is_datetime64_any_dtype(articles["date"]):
        raise ArticleTableError(
            f"the column date must hold dates; found {articles['date'].dtype}.\n"
            "    Convert it with pandas.to_datetime(table['date'], errors='coerce')."
        )
    return articles


def make_articles(records: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Build an article table from records (dictionaries), filling what can be derived: identifier, words, types.

    Parameters
    ----------
    records : iterable of mappings, or DataFrame with one row per article
        Keys are column names; unknown keys become further columns. Empty strings count as missing.

    Returns
    -------
    DataFrame, one row per record, in their order
        With every column of the article table and its type.

    Raises
    ------
    ArticleTableError
        When `records` are no records (a single dictionary, text, a path), or a table has two columns of one name.

    Examples
    --------
    >>> table = make_articles([{"outlet": "Ledger", "text": "Talks resume.", "date": "2025-03-01"}])
    >>> table[["outlet", "words", "truncated"]].to_dict("records")
    [{'outlet': 'Ledger', 'words': 2, 'truncated': False}]
    """
    if isinstance(records, pd.DataFrame):
        table = records.rename(columns=str)
        if not table.columns.is_unique:
            twice = table.columns[table.columns.duplicated()][0]
            raise ArticleTableError(f"the table has two columns {twice!r}; rename one of them.")
        return build_articles(table.to_dict("records"))
    if isinstance(records, Mapping):
        raise ArticleTableError(
            "records must be several dictionaries, one per article; found one dictionary.\n"
            "    Put it into a list, make_articles([{…}]); a dictionary of columns into pandas.DataFrame({…})."
        )
    if isinstance(records, str) or not isinstance(records, Iterable):
        raise ArticleTableError(
            f"records must be dictionaries, one per article; found {type(records).__name__}.\n"
            '    Write make_articles([{"text": "…"}]), or load files with mediakit.load_articles().'
        )
    return build_articles([_record(number, record) for number, record in enumerate(records)])


def _record(number: int, record: object) -> dict[str, Any]:
    # What dict() takes as a mapping: rows of pandas and of sqlite3 as well.
    if not hasattr(record, "keys") or isinstance(record, pd.DataFrame):
        raise ArticleTableError(
            f"record {number} must be a dictionary of columns; found {type(record).__name__}.\n"
            '    Write {"text": "…", "outlet": "…"} for each article.'
        )
    return dict(record)  # type: ignore[call-overload]


def build_articles(records: list[dict[str, Any]], *, counted: bool = False) -> pd.DataFrame:
    """Build an article table as `make_articles` does; with `counted`, a number of words that is there is right."""
    size = len(records)
    cells: dict[str, list[Any]] = {name: [None] * size for name in COLUMNS}
    for at, record in enumerate(records):
        for key, value in record.items():
            column = cells.get(key)
            if column is None:
                column = cells[key] = [None] * size
            if value is not None:
                column[at] = _cell(value)
    cells["article_id"] = _identifiers(cells)
    known = cells["words"] if counted else [None] * len(records)
    typed: dict[str, Any] = {
        "words": [
            (0 if text is None else count_separated(str(text))) if count is None else count
            for text, count in zip(cells["text"], known, strict=True)
        ],
        "truncated": [bool(cell) for cell in cells["truncated"]],
        "position": [0 if cell is None else int(cell) for cell in cells["position"]],
        "date": pd.to_datetime(pd.Series(cells["date"], dtype="object"), errors="coerce").astype("datetime64[us]"),
    }
    columns: dict[str, Any] = {}
    for name in cells:
        if name in typed:
            columns[name] = pd.Series(typed[name], dtype=_TYPES[name])
        elif name == "text":
            columns[name] = _texts(cells[name])
        elif name in COLUMNS:
            columns[name] = pd.Series(cells[name], dtype="str")
        else:
            columns[name] = pd.Series(cells[name], dtype=None if len(records) else "object")
    return pd.DataFrame(columns)


def _texts(cells: list[Any]) -> pd.Series:
    """Return a column of long strings, made piece by piece: one array that grows would be moved again and again."""
    if len(cells) <= _PIECE or not all(cell is None or isinstance(cell, str) for cell in cells):
        return pd.Series(cells, dtype="str")
    pieces = [_piece(cells[at : at + _PIECE]) for at in range(0, len(cells), _PIECE)]
    return pd.Series(pa.chunked_array(pieces), dtype="str")


def _piece(cells: list[str | None]) -> pa.Array:
    """Return strings as an array; encoded here, since Arrow would leave the bytes with each string as well."""
    encoded = [b"" if cell is None else cell.encode() for cell in cells]
    there = pa.array([cell is not None for cell in cells]).buffers()[1]
    bounds = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    parts = [there, pa.py_buffer(bounds), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.large_string(), len(cells), parts)


def count_separated(text: str) -> int:
    """Return the number of words between white space, as `len(text.split())` does, without making any.

    Examples
    --------
    >>> count_separated("Talks\u2003resume \\n"), count_separated("")
    (2, 0)
    """
    if not text:
        return 0
    blanks = _blanks()
    try:
        blank = np.frombuffer(text.encode("latin-1").translate(blanks[:256].tobytes()), dtype=np.bool_)
    except UnicodeEncodeError:  # no white space takes two codes of UTF-16
        blank = blanks[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")]
    return int(np.count_nonzero(blank[:-1] > blank[1:])) + int(not blank[0])


@cache
def _blanks() -> NDArray[np.bool_]:
    """Return for each code of UTF-16 whether it is white space."""
    return np.array([chr(code).isspace() for code in range(0x10000)])


def _cell(value: Any) -> Any:
    """Return a value as the table keeps it: missing where it is blank, no half characters, which cannot be stored."""
    if isinstance(value, str):
        if value.isascii():
            return value if value and not value.isspace() else None
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return None if value.isspace() else value
    if isinstance(value, float) and value != value:
        return None
    return None if value is pd.NaT or value is pd.NA else value


def _identifiers(cells: Mapping[str, list[Any]]) -> list[str]:
    """Hash content and origin; two rows that agree in everything are told apart by their order."""
    seen: dict[str, int] = {}
    found = []
    names = ("article_id", "headline", "text", "outlet", "url", "file", "position")
    for given, headline, text, outlet, url, file, position in zip(*(cells[name] for name in names), strict=True):
        if given is not None:
            found.append(str(given))
            continue
        # The file's own name, not its folder: moving a corpus must not rename its articles.
        origin = str(file or "").rsplit("/", 1)[-1]
        parts = (headline, text, outlet, url, origin, position)
        content = "\x1f".join(["" if part is None else str(part) for part in parts])
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] = seen.get(digest, 0) + 1
        found.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return found
