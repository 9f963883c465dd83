"""Coding sheets: one workbook and one CSV file per coder, blind, shuffled, with a codebook and drop-down lists."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mediakit.errors import ArticleTableError, MeasureWarning, need_extra, require_columns
from mediakit.load.cells import EXCEL_LIMIT

_COMMAND = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would calculate
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # what a workbook cannot hold
_WIDTHS = {"unit": 15, "headline": 32, "text": 80, "context": 60, "code": 16, "comment": 32, "coder": 9}
_SETTLED = ("unit", "text", "code", "comment", "coder", "file", "row", "note")
HIDDEN = ("probability", "stratum", "coders")


def write_coding_sheets(
    sample: pd.DataFrame,
    folder: str | Path,
    *,
    codes: Sequence[Any] | None = None,
    codebook: Mapping[Any, str] | pd.DataFrame | None = None,
    show: Sequence[str] = (),
    seed: int = 0,
    overwrite: bool = False,
) -> pd.DataFrame:
    """Write the sheets that coders fill in: `coding_NAME.xlsx` and, for other programs, the same as `coding_NAME.csv`.

    Parameters
    ----------
    sample : DataFrame
        From `sample_for_coding`. Save it as well (`sample.to_parquet("sample.parquet")`): reading the codes back needs
        it, and so does the report.
    folder : path
        Made if need be. Give coders the sheets alone, not the sample.
    codes : list, optional
        What may be chosen. Default: the codes of the codebook.
    codebook : mapping of code to definition, or DataFrame with the columns code, definition and, optionally, example
        Goes onto a sheet of its own.
    show : columns, optional
        Further columns for coders to see. Default: none; who does not know outlet and score cannot code by them.
    seed : int, default 0
        For the order, which differs from coder to coder.
    overwrite : bool, default False
        Whether sheets that are there may be replaced.

    Returns
    -------
    DataFrame, one row per coder: coder, units, file

    Raises
    ------
    ArticleTableError
        When there are no codes, codes that cannot be told apart, or sheets are there already.
    MissingExtraError
        When openpyxl is not installed (extra xlsx).

    Notes
    -----
    Cells that begin with =, +, -, @ or a control character stay text: in the workbook by their type, in the CSV file by
    an apostrophe in front. A text beyond the 32,767 characters of a cell is cut, with a warning.

    Examples
    --------
    >>> import tempfile
    >>> table = pd.DataFrame({"article_id": list("abcd"), "text": ["One.", "Two.", "=3", "Four."]})
    >>> from mediakit import sample_for_coding
    >>> book = {"good": "The news is good.", "bad": "The news is bad."}
    >>> written = write_coding_sheets(sample_for_coding(table, 4), tempfile.mkdtemp(), codebook=book)
    >>> written[["coder", "units"]].values.tolist()
    [['A', 4], ['B', 4]]
    """
    require_columns(sample, ["unit", "text", "coders", *show], "the sample")
    unfit = [name for name in show if name in _SETTLED]
    if unfit:
        raise ArticleTableError(f"show={unfit[0]!r} is a column that every sheet has.")
    book = _book(codes, codebook)
    try:
        import openpyxl  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        raise need_extra("openpyxl", "xlsx", "Writing coding sheets") from None
    folder = Path(folder)
    names = coders_of(sample)
    files = [folder / f"coding_{name}{end}" for name in names for end in (".xlsx", ".csv")]
    there = [file.name for file in files if file.exists()]
    if there and not overwrite:
        raise ArticleTableError(
            f"{there[0]} is there already and may hold codes; choose another folder, or say overwrite=True."
        )
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(book, folder / "codebook.csv")
    rows = []
    for name in names:
        sheet = order_for(sample, name, seed=seed)
        columns = [column for column in ("unit", "headline", "text", "context", *show) if column in sheet]
        sheet = sheet[list(dict.fromkeys(columns))].copy()
        for column in sheet:
            sheet[column] = [shown(cell) for cell in sheet[column]]
        sheet["code"], sheet["comment"], sheet["coder"] = "", "", name
        _write_workbook(sheet, book, folder / f"coding_{name}.xlsx")
        _write_csv(sheet, folder / f"coding_{name}.csv")
        rows.append((name, len(sheet), str(folder / f"coding_{name}.xlsx")))
    long = int((sample["text"].astype("str").str.len() > EXCEL_LIMIT).sum())
    if long:
        warnings.warn(
            f"texts longer than a cell: {long}; they end with […]. Code smaller units, or use code_units.",
            MeasureWarning,
            stacklevel=2,
        )
    return pd.DataFrame(rows, columns=["coder", "units", "file"])


def coders_of(sample: pd.DataFrame) -> list[str]:
    """Return the coders of a sample, sorted.

    Examples
    --------
    >>> coders_of(pd.DataFrame({"coders": ["B", "A, B"]}))
    ['A', 'B']
    """
    return sorted({name for cell in sample["coders"].dropna() for name in str(cell).split(", ")})


def order_for(sample: pd.DataFrame, coder: str, *, seed: int = 0) -> pd.DataFrame:
    """Return a coder's units in the order in which he or she is to code them.

    Examples
    --------
    >>> order_for(pd.DataFrame({"unit": ["u1", "u2"], "coders": ["B", "A, B"]}), "A")["unit"].tolist()
    ['u2']
    """
    mine = sample[[coder in str(cell).split(", ") for cell in sample["coders"]]]
    if mine.empty:
        there = ", ".join(coders_of(sample))
        raise ArticleTableError(f"coder {coder!r} has no unit in the sample; its coders are {there or 'not named'}.")
    mine = mine.sort_values("unit", kind="stable")
    order = np.random.default_rng([seed, *coder.encode()]).permutation(len(mine))
    return mine.iloc[order].reset_index(drop=True)


def shown(cell: Any) -> Any:
    """Return a cell as a sheet shows it: text without control characters and no longer than a cell may be.

    Examples
    --------
    >>> shown("a\\x00b")
    'ab'
    """
    if not isinstance(cell, str):
        return "" if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell else cell
    text = _CONTROL.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= EXCEL_LIMIT else text[: EXCEL_LIMIT - 4] + " […]"


def _book(codes: Sequence[Any] | None, codebook: Mapping[Any, str] | pd.DataFrame | None) -> pd.DataFrame:
    """Return the codebook as a table: code, definition, example."""
    if isinstance(codebook, pd.DataFrame):
        require_columns(codebook, ["code", "definition"], "the codebook")
        columns = ["code", "definition", *(["example"] if "example" in codebook.columns else [])]
        book = codebook[columns].copy()
    else:
        entries = dict(codebook or {})
        book = pd.DataFrame({"code": list(entries), "definition": list(entries.values())}, dtype="object")
    if isinstance(codes, str):
        raise ArticleTableError(f"codes must be a list; found the text {codes!r}.")
    if codes is not None:
        lacking = [code for code in book["code"] if code not in list(codes)]
        if lacking:
            raise ArticleTableError(f"the codebook defines {lacking[0]!r}, which is not among codes=.")
        book = pd.DataFrame({"code": pd.Series(list(codes), dtype="object")}).merge(book, on="code", how="left")
    book = book.fillna("").reset_index(drop=True)
    plain = [" ".join(str(code).split()).casefold() for code in book["code"]]
    if len(plain) < 2 or "" in plain or len(set(plain)) < len(plain):
        raise ArticleTableError(
            f"there must be two or more different codes; found {', '.join(map(repr, book['code'])) or 'none'}."
        )
    return book


def _write_csv(sheet: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(sheet.columns)
        for row in sheet.itertuples(index=False):
            writer.writerow(
                [f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMMAND) else cell for cell in row]
            )


def _write_workbook(sheet: pd.DataFrame, book: pd.DataFrame, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    workbook = Workbook()
    units = workbook.active
    units.title = "units"
    _fill(units, sheet)
    _fill(workbook.create_sheet("codebook"), book)
    letter = units.cell(1, list(sheet.columns).index("code") + 1).column_letter
    # A list of cells, as a list in words may hold no comma and no more than 255 characters.
    choice = DataValidation(type="list", formula1=f"codebook!$A$2:$A${len(book) + 1}", allow_blank=True)
    choice.errorTitle, choice.error = "Unknown code", "Please choose a code from the list (sheet codebook)."
    choice.showErrorMessage = True
    units.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{len(sheet) + 1}")
    if all(isinstance(code, str) for code in book["code"]):
        for cell in units[letter][1:]:
            cell.number_format = "@"  # text, so that "1-2" does not become a day
    workbook.save(path)


def _fill(worksheet: Any, table: pd.DataFrame) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]

    for number, name in enumerate(table.columns, 1):
        head = worksheet.cell(1, number, str(name))
        head.font, head.fill = Font(bold=True), PatternFill("solid", start_color="E6E6E6")
        worksheet.column_dimensions[head.column_letter].width = _WIDTHS.get(str(name), 50)
    for at, row in enumerate(table.itertuples(index=False), 2):
        for number, value in enumerate(row, 1):
            cell = worksheet.cell(at, number)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            value = value.item() if hasattr(value, "item") else value
            if isinstance(value, str):
                text = _CONTROL.sub("", value)[:EXCEL_LIMIT]
                cell.value = text or None
                if text.startswith(_COMMAND):
                    cell.data_type, cell.quotePrefix = "s", True
            else:
                cell.value = value
    worksheet.freeze_panes = "A2"
