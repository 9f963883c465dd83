"""`load_articles`: find the files, let each be read by the reader that knows its format, put the articles together."""

from __future__ import annotations

import fnmatch
import glob
import os
import tomllib
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.articles import build_articles
from mediakit.errors import FormatError, LoadError, LoadWarning, MissingExtraError, NoArticlesError
from mediakit.load.containers import is_archive, open_archive
from mediakit.load.dateline import split_dateline
from mediakit.load.dates import read_date
from mediakit.load.fields import split_byline, split_section
from mediakit.load.languages import settle_language
from mediakit.load.ledger import (
    LedgerTag,
    Reading,
    Row,
    file_rows,
    ledger_path,
    ledger_row,
    make_ledger,
    read_ledger,
)
from mediakit.load.registry import Options, choose_reader
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.truncation import find_cut, find_missing_words, has_all_words, mark_repeated_endings, strip_cut_mark
from mediakit.progress import progress_bar

SETTINGS_FILE = "corpus.toml"
# What a reader may meet in a broken file. Anything else is a bug of ours and must show.
_BROKEN_FILE = (OSError, ValueError, LookupError, RecursionError, EOFError)

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
        Read every file with this reader instead of recognising the format; see `detect_format`.
    columns : mapping, optional
        For tables: column of the article table -> column of the file, as in ``{"text": "Volltext"}``.
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
    progress : bool, optional
        Show a progress bar. Default: when there are more than 50 files.

    Returns
    -------
    DataFrame, one row per article, in the order of file names and of position within the file
        The article table (see `mediakit.articles`). Further columns of the files are kept.

    Raises
    ------
    LoadError
        When the path does not exist, or no file could be read.
    NoArticlesError
        When the files were read but hold no article.
    FormatError
        When `format` is unknown, or `columns` names a column that a table lacks.

    Examples
    --------
    >>> import mediakit as mk
    >>> articles = mk.load_articles(mk.sample_path() / "northgate-ledger.jsonl")
    >>> len(articles), articles["format"].unique().tolist()
    (9, ['jsonl'])
    """
    files, root = _find_files(path)
    names = outlet_names(path, outlet)
    options = Options(columns=dict(columns or {}), language=language)
    records: list[dict[str, Any]] = []
    readings: list[tuple[str, Reading | None, str, int]] = []
    named = outlet if isinstance(outlet, str) else None
    for file in progress_bar(files, "Loading", show=progress, unit="file", least=50):
        # A table that nobody can read stops the load only where the user means this very table.
        strict = len(files) == 1 or bool(columns)
        source = Source(file, _relative(file, root), encoding=encoding, mend=mend)
        for name, reading, note in read_source(source, format, options, strict=strict):
            readings.append((name, reading, note, len(records)))
            for position, article in enumerate(reading.articles if reading is not None else ()):
                records.append(finish_record(article, name, position, names, named, language))
        source.__dict__.clear()  # its text is in the articles now
    mark_repeated_endings(records)
    articles = build_articles(records, counted=True)
    ledger = make_ledger(ledger_rows(readings, articles["article_id"].tolist()))
    report_trouble(ledger, len(articles), path)
    articles.attrs["ledger"] = LedgerTag(ledger)
    return articles


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
    settings = _read_settings(_find_files(path)[1])
    return {**settings, **outlet} if isinstance(outlet, Mapping) else settings


def _find_files(path: Paths) -> tuple[list[Path], Path]:
    """Return the files in a fixed order, and the folder that names are relative to."""
    given = [path] if isinstance(path, str | os.PathLike) else list(path)
    if not given:
        raise LoadError("no path was given: the list is empty.")
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


def read_source(
    source: Source, format: str | None, options: Options, *, strict: bool = False, batched: bool = False
) -> Iterator[tuple[str, Reading | None, str]]:
    """Read one file, or every file of an archive: its name, what was read (None for nothing), and a note.

    With `batched`, a file of a format that can be read in batches comes as several readings of the same name.
    """
    if (why := _passed_over(source.path.name)) is not None:
        yield source.name, None, f"skipped: {why}"
        return
    try:
        archive = source.size > 0 and is_archive(source)
    except OSError as error:
        yield source.name, None, f"{type(error).__name__}: {error}"
        return
    if not archive:
        for reading, note in _read_file(source, format, options, strict=strict, batched=batched):
            yield source.name, reading, note
        return
    count = 0
    try:
        for member in open_archive(source):
            count += 1
            if not isinstance(member, Source):
                yield member[0], None, member[1]
            elif (why := _passed_over(member.path.name)) is not None or "__MACOSX/" in member.name:
                yield member.name, None, f"skipped: {why or 'resource fork of macOS'}"
            else:
                for reading, note in _read_file(member, format, options, strict=False, batched=batched):
                    yield member.name, reading, note
        if count != 1:
            yield source.name, None, f"archive: {count} files in it, each with rows of its own"
    except UnreadableFile as error:
        yield source.name, None, str(error)


def _passed_over(base: str) -> str | None:
    """Return why a file of this name is none of the researcher's, or None."""
    if base == SETTINGS_FILE:
        return "names of outlets, used for this load"
    if base.startswith((".", "~$")) or base.endswith(".ledger.csv") or base in ("Thumbs.db", "desktop.ini"):
        return "hidden, lock or ledger file"
    return None


def _read_file(
    source: Source, format: str | None, options: Options, *, strict: bool, batched: bool
) -> Iterator[tuple[Reading | None, str]]:
    """Read one file, whole or in batches, or say why it cannot be read."""
    held: Reading | None = None
    try:
        if source.size == 0:
            raise UnreadableFile("the file is empty (0 bytes)")
        reader, why = choose_reader(source, format)
        if reader is None:
            if source.binary:
                raise UnreadableFile(f"not text: {source.binary}")
            if not source.sample.strip() and not source.data.strip():
                raise UnreadableFile("the file holds only white space")
            raise UnreadableFile(f"no reader knows this content ({why})" if why else "no reader knows this content")
        readings = reader.batches(source, options) if batched and reader.batches else (reader.read(source, options),)
        for reading in readings:
            if held is not None:
                held.last = False
                yield held, ""
                reading.before = held.before + len(held.articles)
                reading.parts_before = held.parts_before + len(held.parts)
            for article in reading.articles:
                article.setdefault("format", reader.name)
            held = reading
    except (MissingExtraError, FormatError) as error:
        if strict or format is not None:
            raise
        yield None, " ".join(str(error).split())
        return
    except _BROKEN_FILE as error:
        why = f"{type(error).__name__}: {error}" if not isinstance(error, UnreadableFile) else str(error)
        if held is None:
            yield None, why
            return
        held.notes.append(f"BROKEN OFF: {why}")
    if held is not None:
        decoded = source.decoding
        encoded = [f"{decoded.encoding}", *decoded.notes] if decoded else []
        yield held, "; ".join([f"read as {reader.name if reader else format}: {why}", *encoded])


def finish_record(
    article: dict[str, Any],
    file: str,
    position: int,
    names: Mapping[str, str],
    outlet: str | None,
    language: str | None,
) -> dict[str, Any]:
    """Add what is the same for all formats: file, outlet, byline, page, date, language, evidence of truncation."""
    article["file"], article["position"] = file, position
    found = article.get("outlet")
    named = names.get(str(found)) if found else None
    if named is None:
        named = next((name for pattern, name in names.items() if fnmatch.fnmatchcase(file, pattern)), None)
    article["outlet"] = named or found or outlet
    _split_fields(article)
    text = article.get("text") or ""
    if text:
        place, agency, skipped = split_dateline(text)
        text = article["text"] = text[skipped:]
        article["place"] = article.get("place") or place
        if agency and not article.get("agency"):
            article["agency"] = agency
    whole = f"{article.get('headline') or ''}\n{text}"
    article["language"] = settle_language(article.get("language"), whole, default=language)
    declared = article.get("declared_words")
    read = len(text.split()) if declared is not None else None
    if not article.get("truncated"):
        why = None if has_all_words(text, declared, read) else find_cut(text)
        why = why or find_missing_words(text, declared, read)
        article["truncated"], article["truncated_why"] = bool(why), why
    bare = article["text"] = strip_cut_mark(text)
    article["words"] = read if bare == text else None
    return article


def _split_fields(article: dict[str, Any]) -> None:
    """Split what formats print in one line: names and agency, section and page, day and time."""
    if isinstance(article.get("byline"), str):
        article["byline"], agency = split_byline(article["byline"])
        if agency and not article.get("agency"):
            article["agency"] = agency
    if isinstance(article.get("section"), str) and not article.get("page"):
        section, page, issue = split_section(article["section"])
        if page or issue:
            article["section"], article["page"] = section, page
            article["issue"] = article.get("issue") or issue
    if article.get("date") is None and article.get("date_raw"):
        article["date"] = read_date(article["date_raw"])


def ledger_rows(readings: list[tuple[str, Reading | None, str, int]], identifiers: list[str]) -> list[Row]:
    """Return the rows of the ledger for what was read: name, reading, note, and the number of its first article."""
    rows: list[Row] = []
    for name, reading, note, first in readings:
        if reading is None:
            kind = next((kind for kind in ("skipped", "archive") if note.startswith(f"{kind}: ")), "unreadable")
            rows.append(ledger_row(name, kind, note=note.removeprefix(f"{kind}: ")))
        else:
            rows += file_rows(name, reading, note=note, article_ids=identifiers[first : first + len(reading.articles)])
    return rows


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
    if messages:
        told = f"{'; '.join(messages)}. All of them are listed in read_ledger(articles)."
        warnings.warn(told, LoadWarning, stacklevel=3)
