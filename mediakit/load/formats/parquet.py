"""Parquet: the columnar files that pandas, R and scraping services write, one article a row."""

from __future__ import annotations

from mediakit.load.ledger import Part, Reading
from mediakit.load.records import Entry, gather, name_columns
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile


def sniff(source: Source) -> Sniffed:
    """Recognise Parquet by its first four bytes."""
    return (1.0, "Parquet") if source.head.startswith(b"PAR1") else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read a Parquet file, one article a row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(pa.BufferReader(source.data)).read()
        names, notes = name_columns(table.column_names)
        rows = table.rename_columns(names).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(f"a broken Parquet file: {str(error).splitlines()[0]}") from None
    entries: list[Entry] = [Part("header", 0, 0, None, f"{len(names)} columns"), *rows]
    return gather(source, entries, options, unit="row", names=None if rows else names, notes=notes)


READER = Reader("parquet", sniff, read, "Parquet, one article a row")
