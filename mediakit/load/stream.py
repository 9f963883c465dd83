"""`load_in_parts`: folders of any size into partitioned Parquet, in bounded memory, in parallel, resumable.

The files, in the order of their names, are cut into parts of some megabytes. Each part is read on its own and written
as a whole; what has to be known of all articles (identifiers that occur twice, endings that an outlet's articles share,
columns that only some files bring) is settled at the end from small tables. The result is the same whatever the number
of workers and whether or not the work was interrupted.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from mediakit.articles import build_articles
from mediakit.errors import LoadError
from mediakit.load.languages import check_language
from mediakit.load.ledger import Reading, Row, make_ledger, type_ledger
from mediakit.load.loader import Paths, check_columns, check_path, find_files, outlet_names, report_trouble
from mediakit.load.reading import finish_record, read_source, reading_rows
from mediakit.load.registry import Options
from mediakit.load.settle import ENDING, settle_parts, write_table, write_text
from mediakit.load.source import Source
from mediakit.load.truncation import describe_ending
from mediakit.load.workers import run_as_done, worker_count
from mediakit.progress import progress_bar

PART_BYTES = 32_000_000  # of input a part; a worker holds about ten times that
_PART_FILES = 500
_FLUSH_CHARACTERS = 40_000_000  # of text, where a file unpacks to more than a part
_LAYOUT = 2  # of the folder; another number reads everything anew


@dataclass(frozen=True)
class _Job:
    """One part: its files, and what the caller asked for."""

    number: int
    files: tuple[tuple[str, str, int, int], ...]  # name, path, bytes, time of the last change
    out: str
    format: str | None
    columns: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    outlet: str | None
    language: str | None
    encoding: str | None
    mend: bool
    several: bool

    @property
    def fingerprint(self) -> str:
        from mediakit import __version__

        told = [_LAYOUT, __version__, self.number, [(name, size, time) for name, _, size, time in self.files]]
        asked = [
            self.format, self.columns, self.names, self.outlet, self.language, self.encoding, self.mend, self.several,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([told, asked], ensure_ascii=False).encode()).hexdigest()


def load_in_parts(
    path: Paths,
    out: str | Path,
    *,
    workers: int | None = 1,
    resume: bool = True,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    outlet: str | Mapping[str, str] | None = None,
    language: str | None = None,
    encoding: str | None = None,
    mend: bool = False,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Load articles as `load_articles` does, but into a folder of Parquet files, for corpora larger than memory.

    Interrupted work goes on where it stopped: parts that are finished, and whose files and settings are unchanged, are
    kept. Read the articles with ``pandas.read_parquet(out / "articles")`` (all, or chosen columns), the ledger with
    ``read_ledger(out)``. A single file is read whole, except web archives (WARC), which are read record by record.

    Parameters
    ----------
    path : path, glob pattern, or iterable of these
    out : path of a folder
        Made if it is not there; nothing outside it is written.
    workers : int, default 1
        Processes that read parts side by side; None takes one for each core. In a script, more than one needs
        ``if __name__ == "__main__":`` around the call. Readers added with `register_reader` are known to one worker
        only.
    resume : bool, default True
        False reads everything anew.
    format, columns, outlet, language, encoding, mend
        As for `load_articles`.
    progress : bool, optional
        Show a bar over the parts. Default: when there are more than two.

    Returns
    -------
    DataFrame, one row per part
        part : file names begin with this number
        files, bytes : input
        articles : int
        unreadable : int, files that could not be read
        kept : bool, whether the part was finished before

    Raises
    ------
    LoadError
        When the path does not exist, `out` holds something else, nothing could be read, or a worker died.

    Examples
    --------
    >>> import tempfile, mediakit as mk
    >>> out = tempfile.mkdtemp()
    >>> parts = mk.load_in_parts(mk.sample_path(), out)
    >>> parts["articles"].sum(), len(pd.read_parquet(f"{out}/articles"))
    (np.int64(52), 52)
    """
    folder = Path(out)
    _check_folder(folder)
    path = check_path(path)
    asked, found = outlet_names(path, outlet), find_files(path)
    jobs = [
        _Job(
            number, files, str(folder), format, tuple(sorted(check_columns(columns))), tuple(asked.items()),
            outlet if isinstance(outlet, str) else None, check_language(language), encoding, mend, len(found) > 1,
        )
        for number, files in enumerate(_cut(found))
    ]  # fmt: skip
    for name in ("articles", "ledger", "parts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "corpus.json").unlink(missing_ok=True)
    done = {job.number: record for job in jobs if resume and (record := _finished(job)) is not None}
    fresh = [job for job in jobs if job.number not in done]
    done_now = run_as_done(_read_part, fresh, worker_count(workers))
    bar = progress_bar(done_now, "Loading", show=progress, unit="part", least=2, total=len(fresh))
    for record in bar:
        done[record["part"]] = record
    records = [done[job.number] for job in jobs]
    _sweep(folder, records)
    settle_parts(folder, _outputs(records))
    total = sum(record["articles"] for record in records)
    report_trouble(_telling_rows(folder, records), total, path)
    _write_manifest(folder, jobs, records)
    kept = {job.number for job in jobs} - {job.number for job in fresh}
    table = pd.DataFrame.from_records(records)[["part", "files", "bytes", "articles", "unreadable"]]
    return table.assign(kept=[number in kept for number in table["part"]])


def read_parts_ledger(folder: Path) -> pd.DataFrame:
    """Return the ledger of a folder that `load_in_parts` wrote, in the order of `load_articles`."""
    manifest = json.loads((folder / "corpus.json").read_text("utf-8"))
    ledger = pd.concat([pd.read_parquet(folder / "ledger" / name) for name in manifest["ledger"]], ignore_index=True)
    order = pd.factorize(ledger["file"])[0]
    ledger = ledger.assign(_order=order).sort_values(["_order", "part"], kind="stable", ignore_index=True)
    return type_ledger(ledger.drop(columns="_order"))


def _check_folder(folder: Path) -> None:
    if folder.is_file():
        raise LoadError(f"{folder.name} is a file; load_in_parts() needs a folder.")
    if folder.is_dir():
        ours = {"articles", "ledger", "parts", "corpus.json"}
        strangers = sorted(item.name for item in folder.iterdir() if item.name not in ours)
        if strangers:
            raise LoadError(f"the folder {folder.name} holds other files ({strangers[0]}, …); choose an empty one.")


def _cut(files: Sequence[tuple[str, Path]]) -> Iterator[tuple[tuple[str, str, int, int], ...]]:
    """Cut the files, in their order, into parts; the cuts depend on names and sizes alone."""
    held: list[tuple[str, str, int, int]] = []
    size = 0
    for name, path in files:
        try:
            stat = path.stat()
            entry = (name, str(path), stat.st_size, stat.st_mtime_ns)
        except OSError:
            entry = (name, str(path), 0, 0)
        if held and (size + entry[2] > PART_BYTES or len(held) >= _PART_FILES):
            yield tuple(held)
            held, size = [], 0
        held.append(entry)
        size += entry[2]
    if held:
        yield tuple(held)


def _read_part(job: _Job) -> dict[str, Any]:
    """Read the files of one part and write it; the record, written last, says that the part is finished."""
    options = Options(columns=dict(job.columns), language=job.language, several=job.several)
    writer = _Writer(job)
    for name, path, _, _ in job.files:
        source = Source(Path(path), name, encoding=job.encoding, mend=job.mend)
        strict = bool(job.columns)
        for inner, reading, note in read_source(source, job.format, options, strict=strict, batched=True):
            writer.add(inner, reading, note)
    return writer.close()


class _Writer:
    """Collects the articles of a part and writes them whenever they come to many characters."""

    def __init__(self, job: _Job) -> None:
        self.job = job
        self.names = dict(job.names)
        self.records: list[dict[str, Any]] = []
        self.rows: list[Row] = []
        self.characters = 0
        self.outputs: list[str] = []
        self.ledgers: list[str] = []
        self.articles = 0
        self.unreadable = 0
        self.open: dict[str, tuple[int, int]] = {}  # file read in batches: articles and parts so far

    def add(self, name: str, reading: Reading | None, note: str) -> None:
        """Take what was read of a file, or of a batch of one."""
        first = len(self.records)
        before = reading.before if reading is not None else 0
        for position, article in enumerate(reading.articles if reading is not None else ()):
            finished = finish_record(article, name, before + position, self.names, self.job.outlet, self.job.language)
            self.characters += len(finished.get("text") or "")
            self.records.append(finished)
        self.rows += reading_rows(name, reading, note, range(first, len(self.records)))
        if self.characters > _FLUSH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        folder = Path(self.job.out)
        stem = f"part-{self.job.number:05d}-{len(self.outputs):03d}.parquet"
        articles = build_articles(self.records, counted=True)
        identifiers = articles["article_id"].tolist()
        ledger = make_ledger(self.rows, identifiers)
        self.unreadable += int((ledger["kind"] == "unreadable").sum())
        endings = pd.DataFrame([describe_ending(record) for record in self.records], columns=list(ENDING))
        endings.insert(0, "article_id", identifiers)
        write_table(pa.Table.from_pandas(_plain(articles), preserve_index=False), folder / "articles" / stem)
        write_table(pa.Table.from_pandas(ledger, preserve_index=False), folder / "ledger" / stem)
        write_table(pa.Table.from_pandas(endings, preserve_index=False), folder / "parts" / stem)
        self.outputs.append(stem)
        self.articles += len(articles)
        self.records, self.rows, self.characters = [], [], 0

    def close(self) -> dict[str, Any]:
        """Write the rest and the record."""
        if self.rows or not self.outputs:
            self.flush()
        record = {
            "part": self.job.number, "fingerprint": self.job.fingerprint, "outputs": self.outputs,
            "files": len(self.job.files), "bytes": sum(size for _, _, size, _ in self.job.files),
            "articles": self.articles, "unreadable": self.unreadable,
        }  # fmt: skip
        write_text(_record_path(self.job), json.dumps(record))
        return record


def _plain(articles: pd.DataFrame) -> pd.DataFrame:
    """Make columns that mix types all text, as Parquet has one type a column."""
    table = articles.copy()
    table.attrs = {}
    for column in table.columns:
        if table[column].dtype == object:
            kinds = {type(cell) for cell in table[column] if cell is not None and cell == cell}
            if len(kinds) > 1:
                table[column] = [None if cell is None or cell != cell else str(cell) for cell in table[column]]
    return table


def _record_path(job: _Job) -> Path:
    return Path(job.out) / "parts" / f"part-{job.number:05d}.json"


def _finished(job: _Job) -> dict[str, Any] | None:
    """Return the record of a part that was written before from the same files with the same settings."""
    try:
        record: dict[str, Any] = json.loads(_record_path(job).read_text("utf-8"))
        folder = Path(job.out)
        kinds = ("articles", "ledger", "parts")
        there = all((folder / kind / name).is_file() for kind in kinds for name in record["outputs"])
        return record if record["fingerprint"] == job.fingerprint and there else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sweep(folder: Path, records: Sequence[dict[str, Any]]) -> None:
    """Remove what earlier, other or interrupted work left in the folders that are ours."""
    wanted = {name for record in records for name in record["outputs"]}
    wanted |= {f"part-{record['part']:05d}.json" for record in records}
    for kind in ("articles", "ledger", "parts"):
        for item in (folder / kind).iterdir():
            if item.name not in wanted:
                shutil.rmtree(item) if item.is_dir() else item.unlink()


def _telling_rows(folder: Path, records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows of the ledger that tell of trouble, and those of files."""
    wanted = [("kind", "in", ["file", "unreadable", "skipped", "count"])]
    return pd.concat(
        [pd.read_parquet(folder / "ledger" / name, filters=wanted) for name in _outputs(records)], ignore_index=True
    )


def _outputs(records: Sequence[dict[str, Any]]) -> list[str]:
    return [name for record in records for name in record["outputs"]]


def _write_manifest(folder: Path, jobs: Sequence[_Job], records: Sequence[dict[str, Any]]) -> None:
    """Write what the folder holds: the files with their sizes, the numbers of articles, the version."""
    from mediakit import __version__

    manifest = {
        "mediakit": __version__,
        "articles": sum(record["articles"] for record in records),
        "ledger": _outputs(records),
        "files": [{"file": name, "bytes": size} for job in jobs for name, _, size, _ in job.files],
    }
    write_text(folder / "corpus.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
