"""Tables as files: CSV that is the same on every run and that no spreadsheet takes for a command."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

_COMMAND = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would calculate


def write_table(table: pd.DataFrame, path: str | Path, *, digits: int = 6) -> Path:
    """Write a table as CSV: UTF-8 with a mark for spreadsheets, fixed decimals, text that stays text.

    Text cells that begin with =, +, -, @ or a control character get an apostrophe in front, so that a spreadsheet shows
    them instead of calculating them (CSV injection).

    Parameters
    ----------
    table : DataFrame
    path : path; folders above it are made
    digits : int, default 6
        Decimals of floating-point numbers.

    Returns
    -------
    Path
        The path written.

    Examples
    --------
    >>> import pandas as pd, tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_table(pd.DataFrame({"headline": ["=cmd()"]}), folder / "t.csv").read_text("utf-8-sig").split()
    ['headline', "'=cmd()"]
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(safe[column]):
            safe[column] = [_as_text(cell) for cell in safe[column]]
    safe.columns = [_as_text(str(name)) for name in safe.columns]
    safe.to_csv(
        path,
        index=False,
        encoding="utf-8-sig",
        lineterminator="\n",
        float_format=f"%.{digits}f",
        date_format="%Y-%m-%d",
        errors="replace",
    )
    return path


def hash_file(path: str | Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_text(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    # A lone carriage return would end the row in a spreadsheet and begin a new cell.
    text = cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
    return f"'{text}" if cell.startswith(_COMMAND) else text
