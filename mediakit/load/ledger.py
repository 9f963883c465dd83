"""The ledger: what became of every part of every input file.

Every reader returns the parts of a file beside its articles. The parts of a text file run from its first character to
its last without gap or overlap (blank lines belong to the part before them), so their lengths add up to the file's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from mediakit.errors import ArticleTableError, LoadError

# kind -> what it means; the first two groups are about files, the rest about parts of a file
KINDS = {
    "file": "the file as a whole: length, encoding, reader, number of articles",
    "unreadable": "a file that could not be read, with the reason",
    "skipped": "a file or row that was left out, with the reason",
    "archive": "a zip, gzip or tar archive; the files in it have rows of their own",
    "unread date": "a printed date that can be read in two ways, or not at all",
    "count": "a number of articles that the file declares, against the number read",
    "article": "a row, line or element that became one article",
    "text": "body text of an article",
    "headline": "headline",
    "repeated headline": "the headline once more",
    "standfirst": "summary between headline and text",
    "byline": "author line",
    "date": "date line",
    "place": "dateline",
    "section": "rubric line",
    "outlet": "name of the outlet",
    "caption": "caption or credit of a picture or film",
    "correction": "correction or editor's note that was added later",
    "copyright": "copyright, licence and licence-holder lines",
    "metadata": "fields of the database: identifier, subject terms, length, load date, page, edition",
    "duplicate": "the same article once more, as some export programs write it",
    "teaser": "headline or blurb of another article",
    "paywall": "notice that the text is cut for readers who do not pay",
    "promotion": "newsletter, subscription or app offer",
    "boilerplate": "navigation, sharing, cookies, comments, legal lines",
    "header": "field names, preamble or separator of the file format",
    "unparsed": "could not be assigned; kept here so that it is not lost in silence",
}
COLUMNS = ("file", "part", "kind", "unit", "start", "end", "article_id", "position", "note", "excerpt")


class Part(NamedTuple):
    """A stretch of a file: `kind` (see `KINDS`), start and end in the file's unit, the article it belongs to."""

    kind: str
    start: int
    end: int
    position: int | None = None
    note: str = ""
    excerpt: str = ""


@dataclass
class Reading:
    """What a reader returns: article records, the parts of the file, and what the file says of itself.

    `unit` is what starts and ends count: "character" (of the decoded text), "visible character" (of a web page or a
    document, without its mark-up), "row" (of a table or list), "line" or "record". `length` is the file's length in
    that unit.
    """

    articles: list[dict[str, Any]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    unit: str = "character"
    length: int = 0
    declared: int | None = None
    notes: list[str] = field(default_factory=list)
    before: int = 0  # articles in earlier batches of the same file
    parts_before: int = 0
    last: bool = True  # False for a batch that is followed by others


def read_ledger(articles: pd.DataFrame | str | Path) -> pd.DataFrame:
    """Return what became of every part of every file that an article table was loaded from.

    Parameters
    ----------
    articles : DataFrame or path
        The table as `load_articles` returned it, the path of a table saved with `write_articles`, or the folder that
        `load_in_parts` wrote.

    Returns
    -------
    DataFrame, one row per part of a file, in file order
        file : path relative to the loaded folder
        part : 0 for the file as a whole, then 1, 2, …
        kind : one of `mediakit.load.ledger.KINDS`
        unit, start, end : what is counted (character, visible character, row, line), and from where to where
        article_id, position : the article a part belongs to, missing for the rest
        note : the rule or reason; excerpt : the first 80 characters

    Raises
    ------
    ArticleTableError
        When the table carries no ledger: it was built by hand, or joined from several loads.

    Examples
    --------
    >>> import mediakit as mk
    >>> articles = mk.load_articles(mk.sample_path() / "captures")
    >>> mk.read_ledger(articles).query("kind == 'paywall'")[["file", "excerpt"]].values.tolist()[0][0]
    'peoples-lantern_diplomacy.txt'
    """
    if isinstance(articles, str | Path):
        if (Path(articles) / "corpus.json").is_file():
            from mediakit.load.stream import read_parts_ledger

            return read_parts_ledger(Path(articles))
        path = ledger_path(Path(articles))
        if not path.is_file():
            raise LoadError(f"no ledger beside {Path(articles).name}: expected {path.name} in the same folder.")
        missing = {name: [""] for name in ("start", "end", "position", "article_id")}
        return type_ledger(pd.read_csv(path, keep_default_na=False, na_values=missing))
    tag = articles.attrs.get("ledger")
    if not isinstance(tag, LedgerTag):
        raise ArticleTableError(
            "this table carries no ledger: it was built by hand, joined from several loads, or saved and read again.\n"
            "    Load all files in one call of load_articles(), or read the ledger saved beside the table by its path."
        )
    return tag.table.copy()


def check_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger, or raise when the parts of a file leave a gap, overlap, or do not add up to its length.

    Raises
    ------
    ArticleTableError
        Naming the file and the place.
    """
    lengths = ledger[ledger["kind"] == "file"].set_index("file")["end"].to_dict()
    parts = ledger[(ledger["part"] > 0) & ledger["start"].notna() & (ledger["kind"] != "count")]
    for name, rows in parts.groupby("file", sort=False):
        at = 0
        for start, end in zip(rows["start"], rows["end"], strict=True):
            if start != at:
                place = f"{rows['unit'].iloc[0]} {at} (next part starts at {start})"
                raise ArticleTableError(f"{name}: the parts leave a gap or overlap at {place}.")
            at = end
        length = lengths[name]
        if at != length:
            raise ArticleTableError(f"{name}: the parts end at {at}, the file at {length}.")
    return ledger


_NUMBER, _STRING = pa.int64(), pa.large_string()
_TYPES = {name: _NUMBER if name in ("part", "start", "end", "position") else _STRING for name in COLUMNS}
_PANDAS = {_NUMBER: pd.Int64Dtype(), _STRING: pd.StringDtype(na_value=np.nan)}
# A row of the ledger: its cells in the order of COLUMNS.
Row = tuple[Any, ...]


def ledger_row(file: str, kind: str, *, note: str, **cells: Any) -> Row:
    """Return a row about a file as a whole, or about an article of it; cells that are not given are missing."""
    return tuple({"file": file, "part": 0, "kind": kind, "note": note, **cells}.get(column) for column in COLUMNS)


def make_ledger(rows: Sequence[Row], articles: Sequence[str], *, firsts: Sequence[int] | None = None) -> pd.DataFrame:
    """Build the ledger table from rows in which an article is its number among `articles`, the identifiers.

    `firsts`: for each row, the number of the article that it counts from.
    """
    cells: dict[str, Sequence[Any]] = dict.fromkeys(COLUMNS, ())
    cells.update(zip(COLUMNS, zip(*rows, strict=True), strict=False))
    owners = cells["article_id"]
    if firsts is None:
        cells["article_id"] = [None if number is None else articles[number] for number in owners]
    else:
        cells["article_id"] = [
            None if number is None else articles[first + number] for first, number in zip(firsts, owners, strict=True)
        ]
    table = pa.table({name: pa.array(cells[name], type=kind) for name, kind in _TYPES.items()})
    return type_ledger(table.to_pandas(types_mapper=_PANDAS.get, use_threads=False))


def file_rows(name: str, reading: Reading, *, note: str, article_ids: Sequence[Any]) -> list[Row]:
    """Turn one reading into ledger rows: the file, its declared count, its parts. Of batches, the last has the file."""
    found = reading.before + len(reading.articles)
    about = "; ".join([f"{found} article{'' if found == 1 else 's'}", note, *reading.notes])
    length = {"unit": reading.unit, "start": 0, "end": reading.length}
    rows = [ledger_row(name, "file", note=about, **length)] if reading.last else []
    if reading.declared is not None and reading.last:
        verdict = "equal"
        if reading.declared != found:
            verdict = f"DIFFERENT: {reading.declared - found:+d} articles not read"
        rows.append(ledger_row(name, "count", note=f"declared {reading.declared}, read {found}: {verdict}"))
    for position, article in enumerate(reading.articles):
        if article.get("date") is None and article.get("date_raw"):
            note = f"{str(article['date_raw'])[:80]!r} cannot be read, or in two ways"
            owned = {"article_id": article_ids[position], "position": reading.before + position}
            rows.append(ledger_row(name, "unread date", note=note, **owned))
    unit = reading.unit
    owners, places = list(article_ids), list(range(reading.before, found))  # numbers that the rows of an article share
    for number, (kind, start, end, of, note, printed) in enumerate(reading.parts, 1 + reading.parts_before):
        owner, place = (None, None) if of is None else (owners[of], places[of])
        excerpt = printed[:80]
        if not excerpt.isprintable() or "  " in excerpt or excerpt[:1] == " " or excerpt[-1:] == " ":
            excerpt = " ".join(printed[:400].split())[:80]
        rows.append((name, number, kind, unit, start, end, owner, place, note, excerpt))
    return rows


def ledger_path(table: Path) -> Path:
    """Where the ledger of a saved table lies: `corpus.parquet` has `corpus.ledger.csv` beside it."""
    return table.with_name(f"{table.stem}.ledger.csv")


class LedgerTag(str):
    """A short text that carries the ledger in `DataFrame.attrs`.

    `attrs` must stay cheap to copy, comparable and writable as JSON (to_parquet does that), which a DataFrame is not.
    """

    table: pd.DataFrame

    def __new__(cls, table: pd.DataFrame) -> LedgerTag:
        """Describe the ledger in a line and keep the table."""
        tag = super().__new__(cls, f"ledger of {table['file'].nunique()} files, {len(table)} rows")
        tag.table = table
        return tag

    def __reduce__(self) -> tuple[type[LedgerTag], tuple[pd.DataFrame]]:
        """Pickle by the table that it carries, so that articles can go to other processes."""
        return LedgerTag, (self.table,)

    def __deepcopy__(self, memo: dict[int, Any]) -> LedgerTag:
        return self


def type_ledger(table: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of a ledger their types."""
    for column in ("start", "end", "position"):
        table[column] = table[column].astype("Int64")
    table["part"] = table["part"].astype("int64")
    for column in ("file", "kind", "unit", "article_id", "note", "excerpt"):
        table[column] = table[column].astype("str")
        if column != "article_id":
            table[column] = table[column].fillna("")
    return table
