"""`load_articles`: find the files, let each be read by the reader that knows its format, put the articles together."""

from __future__ import annotations

import glob
import os
import tomllib
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.articles import build_articles
from mediakit.errors import FormatError, LoadError, LoadWarning, NoArticlesError
from mediakit.load.languages import check_language
from mediakit.load.ledger import LedgerTag, Row, ledger_path, make_ledger, read_ledger
from mediakit.load.reading import SETTINGS_FILE, Order, read_files
from mediakit.load.records import LACKING, NO_TEXT
from mediakit.load.truncation import mark_repeated_endings
from mediakit.load.workers import run_in_order, worker_count, young_garbage_only
from mediakit.progress import progress_bar

_SHARES = 8  # for each worker, so that all end at about the same time
_LEAST_SHARE = 4_000_000  # bytes, half a second of reading; starting a process takes a second

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def load_articles(
    path: Paths,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    outlet: str | Mapping[str, str] | None = None,
    language: str | None = None,
    encoding: str | None = None,
    mend: bool = False,
    workers: int | None = 1,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Load articles from a file, a folder with all below it, a glob pattern, or a list of these.

    The format of each file is recognised by its content. Nothing is lost in silence: `read_ledger(articles)` tells
    what became of every part of every file, and files that cannot be read are counted in one warning at the end.

    Parameters
    ----------
    path : path, glob pattern, or iterable of these
        Folders are searched recursively; hidden files and lock files are listed in the ledger as skipped.
    format : name of a reader, optional
        Read every file with this reader instead of recognising the format; see `detect_format`. "csv" and "tsv" are
        read by "table", "txt" by "text".
    columns : mapping, optional
        For tables: column of the article table -> column of the file, as in ``{"text": "Volltext"}``. Among several
        files, one that lacks such a column is read by the names of its own columns, if these are known.
    outlet : str or mapping, optional
        A name for all articles whose file names no outlet, or a mapping whose keys are file patterns
        (``"captures/lantern_*"``) or outlet names as found (``"lantern.example"``). A file `corpus.toml` in the
        loaded folder with a table ``[outlets]`` does the same.
    language : ISO 639-1 code, optional
        The language of articles whose language neither the file nor the text shows.
    encoding : str, optional
        Decode all text files with this encoding. Default: recognised file by file.
    mend : bool, default False
        Mend text that was decoded wrongly before it was saved ("â€œ"), with ftfy (extra `mojibake`); the ledger
        counts the lines.
    workers : int, default 1
        Processes that read files side by side, for folders of hundreds of files; None takes one for each core. The
        result is the same. In a script, more than one needs ``if __name__ == "__main__":`` around the call. Readers
        added with `register_reader` are known to one worker only.
    progress : bool, optional
        Show a progress bar. Default: when there are more than 50 files.

    Returns
    -------
    DataFrame, one row per article, in the order of file names and of position within the file
        The article table (see `mediakit.articles`). Further columns of the files are kept.

    Raises
    ------
    LoadError
        When the path does not exist or is none, or no file could be read.
    NoArticlesError
        When the files were read but hold no article.
    FormatError
        When `format` is unknown, `columns` names a column that a table lacks, `columns` or `outlet` maps no names,
        or `language` is no code.

    Examples
    --------
    >>> import mediakit as mk
    >>> articles = mk.load_articles(mk.sample_path() / "northgate-ledger.jsonl")
    >>> len(articles), articles["format"].unique().tolist()
    (9, ['jsonl'])
    """
    path = check_path(path)
    files = find_files(path)
    order = Order(
        (), format, check_columns(columns), tuple(outlet_names(path, outlet).items()),
        outlet if isinstance(outlet, str) else None, check_language(language), encoding, mend,
        # A table that nobody can read stops the load only where the user means this very table.
        strict=len(files) == 1 or bool(columns), several=len(files) > 1,
    )  # fmt: skip
    count = worker_count(workers)
    orders = [replace(order, files=share) for share in _share_out(files, count)]
    done = run_in_order(read_files, orders, count)
    unit = "file" if count == 1 else "share of the files"
    least = 50 if count == 1 or len(files) <= 50 else 0
    records: list[dict[str, Any]] = []
    rows: list[Row] = []
    firsts: list[int] = []  # for each row, the article of this table that its own count begins at
    with young_garbage_only() as clear:
        for found, told in progress_bar(done, "Loading", show=progress, unit=unit, least=least, total=len(orders)):
            firsts += [len(records)] * len(told)
            rows += told
            records += found
            clear()
        mark_repeated_endings(records)
        articles = build_articles(records, counted=True)
        ledger = make_ledger(rows, articles["article_id"].tolist(), firsts=firsts)
    report_trouble(ledger, len(articles), path)
    articles.attrs["ledger"] = LedgerTag(ledger)
    return articles


def _share_out(files: list[tuple[str, Path]], workers: int) -> list[tuple[tuple[str, str], ...]]:
    """Cut the files, in their order, into shares: one a file for one worker, else shares of about equal length."""
    if workers == 1:
        return [((name, str(path)),) for name, path in files]
    sizes = [_size(path) for _, path in files]
    wanted = max(sum(sizes) / (workers * _SHARES), _LEAST_SHARE)
    shares: list[list[tuple[str, str]]] = [[]]
    held = 0
    for (name, path), size in zip(files, sizes, strict=True):
        if held and held + size > wanted:
            shares.append([])
            held = 0
        shares[-1].append((name, str(path)))
        held += size
    return [tuple(share) for share in shares]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def write_articles(articles: pd.DataFrame, path: str | Path) -> Path:
    """Save an article table, with its ledger beside it where it has one.

    Parameters
    ----------
    articles : DataFrame, one row per article
    path : path
        The extension decides: `.parquet`, `.csv` or `.jsonl`. The ledger of `corpus.parquet` is `corpus.ledger.csv`.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    FormatError
        When the extension is another one.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        articles.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        articles.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    elif path.suffix == ".jsonl":
        articles.to_json(path, orient="records", lines=True, date_format="iso", force_ascii=False)
    else:
        raise FormatError(f"cannot write {path.name}: the extension must be .parquet, .csv or .jsonl.")
    if isinstance(articles.attrs.get("ledger"), LedgerTag):
        read_ledger(articles).to_csv(ledger_path(path), index=False, lineterminator="\n")
    return path


def find_files(path: Paths) -> list[tuple[str, Path]]:
    """Return the files that a path stands for, each with the name it has in tables, in the order of loading."""
    files, root = _find_files(path)
    return [(_relative(file, root), file) for file in files]


def outlet_names(path: Paths, outlet: str | Mapping[str, str] | None) -> dict[str, str]:
    """Return the names that `corpus.toml` beside the files and the caller give to outlets or to files."""
    mapped = isinstance(outlet, Mapping) and _are_names(outlet)
    if outlet is not None and not isinstance(outlet, str) and not mapped:
        raise FormatError(
            f"outlet must be one name for all articles, or a mapping of names or file patterns to names; "
            f"found {_shown(outlet)}."
        )
    settings = _read_settings(_find_files(path)[1])
    return {**settings, **outlet} if isinstance(outlet, Mapping) else settings


def check_columns(columns: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Return the pairs of column of the article table and column of the file.

    Raises
    ------
    FormatError
        When it is no mapping of names to names.
    """
    if columns is None:
        return ()
    if not isinstance(columns, Mapping) or not _are_names(columns):
        raise FormatError(
            f'columns must say which column of the file is which of the article table, as {{"text": "Volltext"}}; '
            f"found {_shown(columns)}."
        )
    return tuple(columns.items())


def _are_names(pairs: Mapping[Any, Any]) -> bool:
    return all(isinstance(name, str) for pair in pairs.items() for name in pair)


def _shown(argument: object) -> str:
    return repr(argument) if isinstance(argument, str | list | tuple | dict) else type(argument).__name__


def check_path(path: Paths) -> list[str | os.PathLike[str]]:
    """Return the paths that were given as a list, which can be gone through twice.

    Raises
    ------
    LoadError
        When it is something else.
    """
    if isinstance(path, pd.DataFrame):
        raise LoadError("path must be a path; found a DataFrame. Build articles of it with mediakit.make_articles().")
    given: list[Any] = [path]
    if isinstance(path, Iterable) and not isinstance(path, str | os.PathLike | bytes | Mapping):
        given = list(path)
    if not given:
        raise LoadError("no path was given: the list is empty.")
    for item in given:
        if not isinstance(item, str | os.PathLike):
            raise LoadError(f"path must be a path, a pattern or a list of these; found {type(item).__name__}.")
        if not os.fspath(item):  # to pathlib, the folder we are in
            raise LoadError('the path is empty; write "." for the folder you are in.')
    return given


def _find_files(path: Paths) -> tuple[list[Path], Path]:
    """Return the files in a fixed order, and the folder that names are relative to."""
    given = check_path(path)
    files: list[Path] = []
    folders: list[Path] = []
    for item in given:
        one = Path(item).expanduser()
        if one.is_dir():
            folders.append(one)
            found = [file for file in one.rglob("*") if file.is_file()]
            if not found:
                raise LoadError(f"{item}: the folder is empty.")
            files += found
        elif one.exists():
            folders.append(one.parent)
            files.append(one)
        else:
            matches = [Path(match) for match in glob.glob(os.fspath(one), recursive=True)]
            if not matches:
                raise LoadError(f"{item}: no such file or folder, and no file matches it as a pattern.")
            folders.append(Path(os.path.dirname(os.fspath(one).split("*", 1)[0]) or "."))
            for match in matches:
                files += [file for file in (match.rglob("*") if match.is_dir() else [match]) if file.is_file()]
    single = len(folders) == 1
    root = folders[0] if single else Path(os.path.commonpath([os.path.abspath(folder) for folder in folders]))
    unique = {os.path.abspath(file): file for file in files}
    return sorted(unique.values(), key=lambda file: _relative(file, root)), root


def _relative(file: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(file, root)).as_posix()
    except ValueError:  # another drive on Windows
        return file.name


def _read_settings(root: Path) -> dict[str, str]:
    """Read the outlet names from `corpus.toml` beside the files, if it is there."""
    file = root / SETTINGS_FILE
    if not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text("utf-8")).get("outlets", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"{SETTINGS_FILE}: {error}. Mend the file, or move it out of the folder.") from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise LoadError(f'{SETTINGS_FILE}: [outlets] must hold lines such as "file pattern" = "Outlet name".')
    return found


def report_trouble(ledger: pd.DataFrame, found: int, path: Paths) -> None:
    """Warn once, or raise where nothing was loaded."""
    unreadable = ledger[ledger["kind"] == "unreadable"]
    lost_rows = ledger[(ledger["kind"] == "skipped") & (ledger["part"] > 0)]
    differing = ledger[(ledger["kind"] == "count") & ledger["note"].str.contains("DIFFERENT")]
    if found == 0:
        reasons = [f"{row.file}: {row.note}" for row in unreadable.itertuples()]
        for name in ledger.loc[ledger["kind"] == "file", "file"]:
            told = ledger[(ledger["file"] == name) & (ledger["part"] > 0) & (ledger["note"] != "")]
            why = f" ({told['note'].iloc[0]})" if len(told) else ""
            reasons.append(f"{name}: no article in it{why}")
        shown = "\n    ".join(reasons[:10]) + (f"\n    … and {len(reasons) - 10} more" if len(reasons) > 10 else "")
        kind = LoadError if len(unreadable) and not (ledger["kind"] == "file").any() else NoArticlesError
        raise kind(f"no article could be loaded.\n    {shown}")
    messages = []
    if len(unreadable):
        first = unreadable.iloc[0]
        count = f"{len(unreadable)} of {ledger['file'].nunique()} files"
        messages.append(f"{count} could not be read (first: {first['file']}: {first['note']})")
    if len(lost_rows):
        first = lost_rows.iloc[0]
        messages.append(f"{len(lost_rows)} rows were left out (first: {first['file']}, {first['note']})")
    if len(differing):
        example = Counter(differing["file"]).most_common(1)[0][0]
        messages.append(f"{len(differing)} files declare another number of articles than were read ({example})")
    tables = ledger[(ledger["kind"] == "file") & ledger["unit"].isin(["row", "line"])]
    if len(tables) and tables["note"].str.contains(LACKING, regex=False).all():
        note = tables["note"].iloc[0].split(LACKING)[1].split(";")[0]
        messages.append(f"no table has the column{note} that columns= names")
    untold = ledger[(ledger["kind"] == "file") & ledger["note"].str.contains(f"{NO_TEXT}:", regex=False)]
    if len(untold):
        first = untold.iloc[0]
        note = first["note"][first["note"].index(NO_TEXT) :].split(": ", 1)[1]
        count = "a table was" if len(untold) == 1 else f"{len(untold)} tables were"
        messages.append(f"{count} read without any text ({first['file']}: {note}, --columns in the command)")
    if messages:
        told = f"{'; '.join(messages)}. All of them are listed in read_ledger(articles)."
        warnings.warn(told, LoadWarning, stacklevel=3)
