"""What can be known of a corpus in parts only when all parts are there: identifiers that occur twice, endings that an
outlet's articles share, columns that only some files bring.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mediakit.load.truncation import LEAST_ENDINGS, judge_endings

ENDING = ("outlet", "ending", "above", "truncated", "why")
_HASHED = re.compile(r"^([0-9a-f]{16})(?:-\d+)?$")


def settle_parts(folder: Path, outputs: Sequence[str]) -> None:
    """Settle identifiers, shared endings and columns over all parts of a folder that `load_in_parts` writes.

    The small tables are read part after part, three times; what is held of each article are two numbers.
    """
    keys: list[NDArray[np.uint64]] = []
    identifiers: list[NDArray[np.uint64]] = []
    count: Counter[str] = Counter()
    for name in outputs:
        table = _endings(folder, name)
        known = table[table["ending"].notna()]
        count.update(known["outlet"].tolist())
        keys.append(_keys(known))
        identifiers.append(_hashed(table["article_id"].tolist()))
    shared = _often(keys, LEAST_ENDINGS)
    twice = set(_often(identifiers, 2).tolist())
    same: Counter[tuple[str, str]] = Counter()
    for name in outputs if len(shared) else ():
        known = _endings(folder, name)
        known = known[known["ending"].notna()]
        known = known[np.isin(_keys(known), shared)]
        same.update(zip(known["outlet"].tolist(), known["ending"].tolist(), strict=True))
    schema = _one_schema([pq.read_schema(folder / "articles" / name) for name in outputs])
    seen: Counter[str] = Counter()
    for name in outputs:
        _settle_part(folder, name, count, same, twice, seen, schema)


def _settle_part(
    folder: Path,
    name: str,
    count: Mapping[str, int],
    same: Mapping[tuple[str, str], int],
    twice: set[int],
    seen: Counter[str],
    schema: pa.Schema,
) -> None:
    endings = _endings(folder, name)
    endings = endings.astype({"ending": "object", "why": "object"})
    endings = endings.where(endings.notna(), None)
    rows = list(endings[list(ENDING)].itertuples(index=False, name=None))
    verdicts = list(judge_endings(rows, count, same))
    new = _numbered(endings["article_id"].tolist(), twice, seen)
    path = folder / "articles" / name
    old = pd.read_parquet(path, columns=["article_id", "truncated"])
    renamed = old["article_id"].tolist() != new
    changed = renamed or old["truncated"].tolist() != [truncated for _, truncated, _ in verdicts]
    if not changed and pq.read_schema(path).equals(schema):
        return
    record = folder / "parts" / f"{name[:10]}.json"
    finished = record.read_text("utf-8")
    if renamed:  # two files change: without its record, an interrupted part is read anew
        record.unlink()
        _rename(folder / "ledger" / name, old["article_id"].tolist(), new)
    articles = pd.read_parquet(path)
    articles["article_id"] = pd.Series(new, dtype="str")
    articles["truncated"] = [truncated for _, truncated, _ in verdicts]
    articles["truncated_why"] = pd.Series([why for _, _, why in verdicts], dtype="str")
    write_table(_cast(articles, schema), path)
    if renamed:
        write_text(record, finished)


def _endings(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / "parts" / name)


def _keys(known: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a number for each outlet and ending; two that meet by chance cost a look, no wrong verdict."""
    joined = (known["outlet"].astype("object") + "\x1f" + known["ending"].astype("object")).astype("object")
    return np.asarray(pd.util.hash_array(joined.to_numpy(), categorize=False), dtype=np.uint64)


def _hashed(identifiers: Sequence[str]) -> NDArray[np.uint64]:
    found = (_HASHED.match(identifier) for identifier in identifiers)
    return np.array([int(match[1], 16) for match in found if match], dtype=np.uint64)


def _often(parts: Sequence[NDArray[np.uint64]], least: int) -> NDArray[np.uint64]:
    """Return the numbers that occur at least so many times."""
    if not parts:
        return np.array([], dtype=np.uint64)
    values, counts = np.unique(np.concatenate(parts), return_counts=True)
    return values[counts >= least]


def _numbered(identifiers: Sequence[str], twice: set[int], seen: Counter[str]) -> list[str]:
    """Number the occurrences of an identifier over all parts, as `make_articles` does within one table."""
    found = []
    for identifier in identifiers:
        match = _HASHED.match(identifier)
        if match is None or int(match[1], 16) not in twice:
            found.append(identifier)
            continue
        seen[match[1]] += 1
        found.append(match[1] if seen[match[1]] == 1 else f"{match[1]}-{seen[match[1]]}")
    return found


def _rename(path: Path, old: Sequence[str], new: Sequence[str]) -> None:
    ledger = pd.read_parquet(path)
    ledger["article_id"] = ledger["article_id"].map(dict(zip(old, new, strict=True))).astype("str")
    write_table(pa.Table.from_pandas(ledger, preserve_index=False), path)


def _one_schema(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """Return one schema for all parts: every column that any part has; text where the types differ."""
    types: dict[str, set[pa.DataType]] = {}
    for schema in schemas:
        for field in schema:
            types.setdefault(field.name, set())
            if not pa.types.is_null(field.type):
                types[field.name].add(field.type)
    fields = []
    for name, found in types.items():
        numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in found)
        texts = all(pa.types.is_string(kind) or pa.types.is_large_string(kind) for kind in found)
        if len(found) == 1 and not texts:
            fields.append(pa.field(name, next(iter(found))))
        else:
            fields.append(pa.field(name, pa.float64() if found and numbers else pa.large_string()))
    return pa.schema(fields)


def _cast(articles: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    columns = []
    for field in schema:
        if field.name not in articles.columns:
            columns.append(pa.nulls(len(articles), field.type))
            continue
        column = articles[field.name]
        if pa.types.is_large_string(field.type) and not pd.api.types.is_string_dtype(column):
            column = pd.Series([None if cell is None or cell != cell else str(cell) for cell in column], dtype="str")
        columns.append(pa.Array.from_pandas(column, type=field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table so that a file of this name is always whole."""
    half = path.with_name(f".{path.name}.half")
    pq.write_table(table, half, compression="zstd")
    os.replace(half, path)


def write_text(path: Path, text: str) -> None:
    """Write a text so that a file of this name is always whole."""
    half = path.with_name(f".{path.name}.half")
    half.write_text(text, "utf-8")
    os.replace(half, path)
