"""Codings read back: filled sheets, as spreadsheet programs return them, checked against the sample."""

from __future__ import annotations

import csv
import datetime
import difflib
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.compare.coding_sheets import HIDDEN, coders_of, shown
from mediakit.errors import ArticleTableError, LoadError, MeasureWarning, need_extra, require_columns

SAMPLE = "sample"  # name of the file of the sample, where it lies beside the sheets
_OURS = ("unit", "code", "comment", "coder", "text", "headline", "context", *HIDDEN)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LOST = "?_\ufffd"  # what stands in for a character that an encoding cannot hold


def read_codings(
    paths: str | Path | Iterable[str | Path], sample: pd.DataFrame, *, codes: Sequence[Any] | None = None
) -> pd.DataFrame:
    """Read filled coding sheets, and check them against the sample.

    Parameters
    ----------
    paths : file, folder, or several
        XLSX or CSV, as `write_coding_sheets` or `code_units` wrote them and coders saved them: with semicolons or tabs,
        in the encoding of an old spreadsheet program, in another order, with further columns. Of a coder's workbook and
        CSV file, one that was left empty is passed over.
    sample : DataFrame
        From `sample_for_coding`: the units, their texts, and who was to code them.
    codes : list, optional
        What may have been chosen. Default: the codebook in the workbook, or `codebook.csv` beside the sheets; without
        one, every code is taken.

    Returns
    -------
    DataFrame, one row per unit and coder, in the order of the sample
        unit, coder : str
        code : str, missing where there is none that can be relied on
        comment : str
        further columns that coders added
        file, row : where it stands; row as spreadsheet programs count
        note : what is not as it should be: no code, an unknown one (and the nearest that is known), a changed text, a
            row that is there twice, is missing, or is not of the sample

    Raises
    ------
    LoadError
        When there is no sheet, or a file cannot be read.
    ArticleTableError
        When a file has no columns unit and code, or a coder who is not in the sample.

    Notes
    -----
    A code that a spreadsheet program made a day ("1-2") or a number ("1.0") is read as the code it was. Where a text
    stands beside the name of another unit, as after sorting one column alone, the code is left out. One warning counts
    what was found.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> sample = pd.DataFrame({"unit": ["u1", "u2"], "text": ["One.", "Two."], "coders": "A"})
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "coding_A.csv"
    >>> _ = file.write_text("unit;text;code\\nu2;Two.;Yes\\nu1;One.;no\\n")
    >>> read_codings(file, sample, codes=["yes", "no"])[["unit", "coder", "code"]].values.tolist()
    [['u1', 'A', 'no'], ['u2', 'A', 'yes']]
    """
    require_columns(sample, ["unit", "coders"], "the sample")
    sheets = [_open(path) for path in _files(paths)]
    names = coders_of(sample)
    answers = [answer for sheet in sheets for answer in _answers(sheet, sample, names, codes)]
    coded = {(answer.file, answer.coder) for answer in answers if answer.cell}
    with_codes = {coder for _, coder in coded}
    answers = [answer for answer in answers if (answer.file, answer.coder) in coded or answer.coder not in with_codes]
    if {answer.coder for answer in answers} - with_codes:
        answers = _first_file(answers, with_codes)
    rows = _settle(answers)
    rows += _missing(rows, sample)
    extras = list(dict.fromkeys(name for answer in rows for name in answer.extras))
    place = {unit: at for at, unit in enumerate(sample["unit"])}
    rows.sort(key=lambda answer: (place.get(answer.unit or "", len(place)), answer.coder, answer.row))
    table = pd.DataFrame({
        "unit": pd.Series([answer.unit for answer in rows], dtype="str"),
        "coder": pd.Series([answer.coder for answer in rows], dtype="str"),
        "code": pd.Series([answer.code for answer in rows], dtype="str"),
        "comment": pd.Series([answer.comment for answer in rows], dtype="str"),
        **{name: [answer.extras.get(name) for answer in rows] for name in extras},
        "file": pd.Series([answer.file for answer in rows], dtype="str"),
        "row": pd.Series([answer.row or None for answer in rows], dtype="Int64"),
        "note": pd.Series(["; ".join(answer.notes) for answer in rows], dtype="str"),
    })  # fmt: skip
    _warn(rows)
    return table


@dataclass
class _Sheet:
    """A file's rows under its header."""

    path: Path
    rows: list[tuple[int, dict[str, Any]]]
    codes: list[Any] | None = None


@dataclass
class _Answer:
    """One row of a sheet."""

    unit: str | None
    coder: str
    file: str
    row: int
    code: str | None = None
    cell: str = ""
    comment: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    given = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in (".xlsx", ".csv"))
            # "~$" begins the lock of a workbook that is open.
            beside = ("codebook", SAMPLE)
            found += [file for file in inside if file.stem not in beside and not file.name.startswith(("~$", "."))]
        elif path.is_file():
            found.append(path)
        else:
            raise LoadError(f"{path} does not exist.")
    if not found:
        raise LoadError(f"no coding sheet (.xlsx, .csv) in {', '.join(map(str, given)) or 'an empty list'}.")
    return list(dict.fromkeys(found))


def _open(path: Path) -> _Sheet:
    with path.open("rb") as file:
        is_workbook = file.read(2) == b"PK"
    tables = _workbook(path) if is_workbook else {"": _csv(path.read_bytes(), path)}
    for table in tables.values():
        for at, cells in enumerate(table[:10]):
            header = [str(cell).strip() if cell is not None else "" for cell in cells]
            plain = [name.casefold() for name in header]
            if "unit" in plain and "code" in plain:
                names = [low if low in _OURS else name for name, low in zip(header, plain, strict=True)]
                if len(set(filter(None, names))) < len(list(filter(None, names))):
                    raise ArticleTableError(f"{path.name} has two columns of the same name: {', '.join(names)}.")
                rows = [
                    (number, dict(zip(names, row, strict=False)))
                    for number, row in enumerate(table[at + 1 :], at + 2)
                    if any(cell not in (None, "") for cell in row)
                ]
                for _, row in rows:
                    row.pop("", None)
                return _Sheet(path, rows, _codes_of(tables.get("codebook"), path))
    first = next((row for table in tables.values() for row in table), [])
    raise ArticleTableError(
        f"{path.name} has no columns unit and code; its first row is {', '.join(map(repr, first[:8])) or 'empty'}."
    )


def _workbook(path: Path) -> dict[str, list[list[Any]]]:
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError:
        raise need_extra("openpyxl", "xlsx", "Reading .xlsx files") from None
    try:
        with warnings.catch_warnings():  # of styles and validation rules, which carry no text
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise LoadError(f"{path.name} cannot be read as a workbook: {error}") from error
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook.worksheets}


def _csv(data: bytes, path: Path) -> list[list[Any]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")  # what spreadsheet programs on Windows save
    said = re.match(r"sep=(.)\r?\n", text)
    text = text[said.end() :] if said else text
    head = "\n".join(text.splitlines()[:10])
    mark = said[1] if said else max(",;\t", key=head.count) if head else ","
    read: list[list[list[Any]]] = []
    for sign in (mark, ",", ";", "\t"):
        try:
            read.append(list(csv.reader(io.StringIO(text, newline=""), delimiter=sign)))
        except csv.Error as error:
            raise LoadError(f"{path.name} cannot be read as CSV: {error}") from error
        if any({"unit", "code"} <= {cell.strip().casefold() for cell in row} for row in read[-1][:10]):
            return read[-1]
    return read[0]


def _codes_of(table: list[list[Any]] | None, path: Path) -> list[Any] | None:
    beside = path.parent / "codebook.csv"
    if table is None and beside.is_file():
        table = _csv(beside.read_bytes(), beside)
    if not table or str(table[0][0]).strip().casefold() != "code":
        return None
    return [row[0] for row in table[1:] if row and row[0] not in (None, "")] or None


def _answers(sheet: _Sheet, sample: pd.DataFrame, names: list[str], codes: Sequence[Any] | None) -> list[_Answer]:
    known = list(codes) if codes is not None else sheet.codes
    texts = dict(zip(sample["unit"], sample["text"], strict=True)) if "text" in sample else {}
    owners = {_plain(shown(text)): unit for unit, text in texts.items()}
    whose = {unit: str(cell).split(", ") for unit, cell in zip(sample["unit"], sample["coders"], strict=True)}
    called = sheet.path.stem.removeprefix("coding_")
    result = []
    for number, row in sheet.rows:
        coder = _coder(str(row.get("coder") or called).strip(), names, sheet.path.name)
        unit = str(row.get("unit") or "").strip() or None
        answer = _Answer(unit, coder, sheet.path.name, number)
        comment = row.get("comment")
        answer.comment = re.sub(r"^'(?=[=+\-@])", "", str(comment)) if comment not in (None, "") else None
        answer.extras = {
            f"{name}_raw" if name in ("file", "row", "note") else name: cell
            for name, cell in row.items()
            if name not in _OURS and name not in sample
        }
        cell = row.get("code")
        answer.cell = "" if cell is None else str(cell).strip()
        if unit is None or unit not in whose:
            answer.notes.append("row without a unit" if unit is None else f"unknown unit {unit!r}")
            result.append(answer)
            continue
        answer.code, note = read_code(cell, known)
        answer.notes += [note] if note else []
        if coder not in whose[unit]:
            answer.notes.append("not given to this coder")
        printed = row.get("text")
        if printed not in (None, "") and unit in texts:
            note = _compare(str(printed), str(shown(texts[unit])), unit, owners)
            if note.startswith("text of another unit"):
                answer.code = None
            answer.notes += [note] if note else []
        result.append(answer)
    return result


def _coder(name: str, names: list[str], file: str) -> str:
    if name in names:
        return name
    alike = [one for one in names if one.casefold() == name.casefold()]
    # "coding_A (2).xlsx", "coding_A final.xlsx": what is added to a name when a file is saved once more
    alike = alike or [one for one in names if re.match(rf"{re.escape(one)}(?![^\W_])", name)]
    if len(alike) == 1:
        return alike[0]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ArticleTableError(f"{file}: the coder {name!r} is not in the sample; there is {', '.join(names)}.{hint}")


def read_code(cell: Any, known: Sequence[Any] | None) -> tuple[str | None, str]:
    """Return the code that a cell means, and what is wrong with it.

    Examples
    --------
    >>> read_code("Neutral ", ["negative", "neutral"]), read_code(1.0, ["0", "1"])
    (('neutral', ''), ('1', ''))
    >>> read_code("negatve", ["negative", "neutral"])
    (None, "unknown code 'negatve'; did you mean 'negative'?")
    """
    written = "" if cell is None else " ".join(str(cell).split()).removeprefix("'")
    if not written:
        return None, "no code"
    if known is None:
        return written, ""
    codes = [" ".join(str(code).split()) for code in known]
    for code in codes:
        if written.casefold() == code.removeprefix("'").casefold():
            return code.removeprefix("'"), ""
    value = _number(written)
    same = [code for code in codes if value is not None and _number(code) == value]
    if same:
        return same[0], ""
    pairs = _pairs(cell, written)
    meant = [code for code in codes if (found := re.fullmatch(r"(\d+)\s*[-/.–]\s*(\d+)", code))
             and (int(found[1]), int(found[2])) in pairs]  # fmt: skip
    if len(meant) == 1:
        return meant[0], f"read from the day {written!r}"
    if meant:
        return None, f"the day {written!r} may be {' or '.join(map(repr, meant))}"
    near = difflib.get_close_matches(written.casefold(), [code.casefold() for code in codes], n=1, cutoff=0.6)
    hint = f"did you mean {next(code for code in codes if code.casefold() == near[0])!r}?" if near else ""
    return None, f"unknown code {written[:60]!r}; {hint or 'there is ' + ', '.join(codes[:12])}"


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return None


def _pairs(cell: Any, written: str) -> set[tuple[int, int]]:
    """Return which pairs of numbers a spreadsheet program may have taken for this day."""
    day = cell if isinstance(cell, datetime.date) else None
    parts: list[int] = []
    if day is not None:
        parts = [day.day, day.month, day.year]
    elif found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[ T][\d:.]+)?", written):
        parts = [int(found[3]), int(found[2]), int(found[1])]
    elif found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})", written):
        parts = [int(found[1]), int(found[2]), int(found[3])]
    elif found := re.fullmatch(r"(?:(\d{1,2})[-. ]+)?([A-Za-z]{3})[a-z]*\.?(?:[-. ]+(\d{2,4}))?", written):
        if found[2].lower() not in _MONTHS:
            return set()
        month = _MONTHS.index(found[2].lower()) + 1
        number = int(found[1] or found[3] or 0)
        return {(number % 100, month), (month, number % 100)}
    if not parts:
        return set()
    first, second, year = parts
    return {(first, second), (second, first), *([(second, year % 100)] if first == 1 else [])}


def _plain(text: str) -> str:
    """Return what a text keeps when spreadsheet programs change white space, Unicode form and the first apostrophe."""
    return "".join(unicodedata.normalize("NFC", text).removeprefix("'").split())


def _compare(printed: str, text: str, unit: str, owners: dict[str, str]) -> str:
    found, wanted = _plain(printed), _plain(text)
    if found == wanted:
        return ""
    owner = owners.get(found)
    if owner is not None and owner != unit:
        return f"text of another unit ({owner}): was one column sorted alone?"
    if len(found) == len(wanted) and all(
        one == other or (one in _LOST and not other.isascii()) for one, other in zip(found, wanted, strict=True)
    ):
        return ""  # characters were lost in saving
    return "the text was changed"


def _first_file(answers: list[_Answer], with_codes: set[str]) -> list[_Answer]:
    """Keep, of a coder without any code, one file."""
    first: dict[str, str] = {}
    for answer in answers:
        first.setdefault(answer.coder, answer.file)
    return [answer for answer in answers if answer.coder in with_codes or first[answer.coder] == answer.file]


def _settle(answers: list[_Answer]) -> list[_Answer]:
    """Return one answer per unit and coder; where two differ, none can be relied on."""
    rows: dict[tuple[str | None, str], _Answer] = {}
    result = []
    for answer in answers:
        key = (answer.unit, answer.coder)
        first = rows.get(key) if answer.unit is not None else None
        if first is None:
            rows[key] = answer
            result.append(answer)
        elif answer.code == first.code or not answer.cell:
            if answer.file == first.file:
                first.notes.append(f"again in row {answer.row}")
        elif not first.cell:
            result[result.index(first)] = rows[key] = answer
        else:
            told = f"{answer.cell!r} in {answer.file}, row {answer.row}"
            first.notes.append(f"coded twice: {first.cell!r} here, {told}")
            first.code = None
    return result


def _missing(rows: list[_Answer], sample: pd.DataFrame) -> list[_Answer]:
    there = {(answer.unit, answer.coder) for answer in rows}
    files = {answer.coder: answer.file for answer in rows}
    return [
        _Answer(unit, coder, files.get(coder, ""), 0, notes=["no row" if coder in files else "no sheet of this coder"])
        for unit, cell in zip(sample["unit"], sample["coders"], strict=True)
        for coder in str(cell).split(", ")
        if (unit, coder) not in there
    ]


def _warn(rows: list[_Answer]) -> None:
    places: dict[str, list[str]] = {}
    for answer in rows:
        for note in answer.notes:
            kind = re.split(r" '| \(|:| in row| \"", note)[0]
            places.setdefault(kind, []).append(
                f"{answer.file or answer.coder}{f' row {answer.row}' if answer.row else ''}"
            )
    if places:
        odd = sum(bool(answer.notes) for answer in rows)
        told = "; ".join(
            f"{kind} ({len(where)}: {', '.join(list(dict.fromkeys(where))[:3])}{', …' if len(set(where)) > 3 else ''})"
            for kind, where in places.items()
        )
        warnings.warn(
            f"{odd} of {len(rows)} codings are not as they should be: {told}. The column note says it of each.",
            MeasureWarning,
            stacklevel=3,
        )
