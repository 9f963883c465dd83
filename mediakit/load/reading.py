"""From files to finished records and rows of the ledger: what one process does with the files it is given."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mediakit.articles import count_separated
from mediakit.errors import FormatError, MissingExtraError
from mediakit.load.containers import is_archive, open_archive
from mediakit.load.dateline import split_dateline
from mediakit.load.dates import read_date
from mediakit.load.fields import split_byline, split_section
from mediakit.load.languages import settle_language
from mediakit.load.ledger import Reading, Row, file_rows, ledger_row
from mediakit.load.registry import Options, choose_reader
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.truncation import find_cut, find_missing_words, has_all_words, strip_cut_mark

SETTINGS_FILE = "corpus.toml"
# What a reader may meet in a broken file. Anything else is a bug of ours and must show.
_BROKEN_FILE = (OSError, ValueError, LookupError, RecursionError, EOFError)


@dataclass(frozen=True)
class Order:
    """Files to read one after the other, and what the caller asked for."""

    files: tuple[tuple[str, str], ...]  # name, path
    format: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # of outlets or files
    outlet: str | None = None
    language: str | None = None
    encoding: str | None = None
    mend: bool = False
    strict: bool = False  # a table that nobody can read stops the load
    several: bool = False  # whether there are other files, in this order or in another


def read_files(order: Order) -> tuple[list[dict[str, Any]], list[Row]]:
    """Return the records of the articles, and the rows of the ledger with an article's place among them for its id."""
    options = Options(columns=dict(order.columns), language=order.language, several=order.several)
    names = dict(order.names)
    records: list[dict[str, Any]] = []
    rows: list[Row] = []
    for name, path in order.files:
        source = Source(Path(path), name, encoding=order.encoding, mend=order.mend)
        for inner, reading, note in read_source(source, order.format, options, strict=order.strict):
            first = len(records)
            for position, article in enumerate(reading.articles if reading is not None else ()):
                records.append(finish_record(article, inner, position, names, order.outlet, order.language))
            rows += reading_rows(inner, reading, note, range(first, len(records)))
    return records, rows


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
    read = count_separated(text) if declared is not None else None
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


def reading_rows(name: str, reading: Reading | None, note: str, articles: Sequence[Any]) -> list[Row]:
    """Return the rows of the ledger for what was read of a file; `articles` stands for its articles."""
    if reading is not None:
        return file_rows(name, reading, note=note, article_ids=articles)
    kind = next((kind for kind in ("skipped", "archive") if note.startswith(f"{kind}: ")), "unreadable")
    return [ledger_row(name, kind, note=note.removeprefix(f"{kind}: "))]
