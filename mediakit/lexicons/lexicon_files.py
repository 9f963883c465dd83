"""The files that sentiment lexicons come in: tables, LIWC dictionaries, VADER's list; each entry knows its line."""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Iterable, Iterator
from numbers import Real
from pathlib import Path
from typing import NamedTuple

from mediakit.errors import LexiconError

FORMATS = ("csv", "tsv", "liwc", "yaml", "vader")
LARGEST_FILE = 50_000_000  # bytes; the largest published lexicons have about five million

PATTERN_COLUMNS = ("pattern", "word", "term", "token")
WEIGHT_COLUMNS = ("weight", "score", "valence", "value")


class Entry(NamedTuple):
    """One entry as the source has it; `weight` is None where its category decides."""

    place: str  # "line 7", "row 3"
    pattern: str
    weight: float | None
    category: str | None


class Found(NamedTuple):
    """What a source holds; `note` says what is left out, `warn` whether that needs a warning."""

    entries: list[Entry]
    note: str = ""
    warn: bool = False


def read_text(path: Path, where: str) -> str:
    """Return the text of a lexicon file, or say why it cannot be one."""
    try:
        if path.is_dir():
            raise LexiconError(f"{path} is a folder; a lexicon is a file.")
        if not path.is_file():
            hint = suggest(str(path), ["vader"])
            raise LexiconError(
                f'{path}: no such file. Give the path of a lexicon, a table, a mapping, or "vader".{hint}'
            )
        if path.stat().st_size > LARGEST_FILE:
            raise LexiconError(f"{where} has more than {LARGEST_FILE // 1_000_000} MB; that is no lexicon.")
        data = path.read_bytes()
    except OSError as error:
        raise LexiconError(f"{where}: {error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise LexiconError(
            f"{where}, line {line}: the byte 0x{error.object[error.start]:02x} is not UTF-8. Save the file as UTF-8."
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise LexiconError(f"{where}, line {line}: a zero byte; this is not a text in UTF-8. Save the file as UTF-8.")
    if not text.strip():
        raise LexiconError(f"{where} is empty.")
    return text


def recognise_format(text: str, suffix: str, where: str) -> str:
    """Tell the format by suffix and first line."""
    if suffix in (".yml", ".yaml"):
        return "yaml"
    first = next(line for _, line in _lines(text))
    cells = first.split("\t")
    if suffix == ".dic" or first.strip() == "%":
        return "liwc"
    if len(cells) == 4 and cells[3].lstrip().startswith("["):
        return "vader"
    if suffix in (".tsv", ".tab"):
        return "tsv"
    if suffix in (".csv", ".txt", ""):
        return "csv"
    raise LexiconError(f"{where}: the format of {suffix!r} is not known. Give format=, one of {', '.join(FORMATS)}.")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give number and content of every line that is not blank; other signs that Unicode breaks lines at stay."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip():
            yield number, line


def read_table(text: str, where: str, *, tabs: bool) -> Found:
    """Read pattern, weight and perhaps category, separated by comma, semicolon or tab; a header may name them."""
    lines = [(number, line) for number, line in _lines(text) if not line.startswith("#")]
    if not lines:
        return Found([])
    separator = "\t" if tabs else _separator(lines[0][1])
    first = _cells(lines[0], separator, where)
    header = _is_header(first, separator)
    pattern, weight, category = find_columns(first, f"{where}, line {lines[0][0]}") if header else (0, 1, 2)
    rows: list[Entry] = []
    for number, line in lines[header:]:
        place = f"line {number}"
        cells = _cells((number, line), separator, where)
        if separator not in line:
            raise broken(where, place, line, "one cell; pattern and weight are separated by a comma, semicolon or tab")
        wanted = len(first) if header else 3
        if len(cells) > wanted or (not header and separator == "," and _looks_decimal(cells)):
            hint = "" if separator != "," else "; a decimal comma needs another separator"
            raise broken(where, place, line, f"{len(cells)} cells where {wanted if header else 2} are expected{hint}")
        cells += [""] * (max(wanted, 3) - len(cells))
        try:
            value = read_number(cells[weight], decimal_comma=separator != ",")
        except ValueError as error:
            hint = "" if rows or header else f"; a header names the columns {PATTERN_COLUMNS[0]}, {WEIGHT_COLUMNS[0]}"
            raise broken(where, place, line, f"{error}{hint}") from None
        rows.append(Entry(place, cells[pattern], value, None if category is None else cells[category] or None))
    return Found(rows)


def _separator(line: str) -> str:
    bare = re.sub('"[^"]*"', "", line)
    return next((sign for sign in "\t;" if sign in bare), ",")


def _cells(line: tuple[int, str], separator: str, where: str) -> list[str]:
    """Split one line; each by itself, so that a forgotten quotation mark cannot swallow the lines after it."""
    try:
        cells = next(csv.reader([line[1]], delimiter=separator, skipinitialspace=separator != "\t", strict=True))
    except csv.Error as error:
        raise broken(where, f"line {line[0]}", line[1], str(error)) from None
    cells = [cell.strip() for cell in cells]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _is_header(cells: list[str], separator: str) -> bool:
    named = any(cell.casefold() in PATTERN_COLUMNS + WEIGHT_COLUMNS for cell in cells)
    return named and not any(_is_number(cell, decimal_comma=separator != ",") for cell in cells)


def _is_number(cell: str, *, decimal_comma: bool = False) -> bool:
    try:
        read_number(cell, decimal_comma=decimal_comma)
    except ValueError:
        return False
    return True


def _looks_decimal(cells: list[str]) -> bool:
    """Whether `good,1,5` may be 1.5."""
    return len(cells) == 3 and cells[2].isdigit() and _is_number(cells[1])


def find_columns(header: list[str], where: str) -> tuple[int, int, int | None]:
    """Find the columns for pattern, weight and category by their names."""
    named = [cell.strip().casefold() for cell in header]
    places = []
    for known in (PATTERN_COLUMNS, WEIGHT_COLUMNS):
        there = [one for one in named if one in known]
        if not there:
            raise LexiconError(
                f"{where}: no column {known[0]!r} (or {', '.join(known[1:])}); it has {', '.join(header) or 'none'}."
            )
        if len(there) > 1 and there.count(known[0]) != 1:
            raise LexiconError(
                f"{where}: the columns {', '.join(there)} could each be the {known[0]}. Rename one to {known[0]!r}."
            )
        places.append(named.index(known[0] if known[0] in there else there[0]))
    return places[0], places[1], named.index("category") if "category" in named else None


def read_number(given: object, *, decimal_comma: bool = False) -> float:
    """Return a weight as a number, or raise ValueError with what is wrong with it."""
    if isinstance(given, Real) and not isinstance(given, bool):
        try:
            number = float(given)
        except OverflowError:
            number = math.inf
    else:
        text = str(given).strip().replace("−", "-")
        if decimal_comma:
            text = text.replace(",", ".")
        if not text:
            raise ValueError("the weight is missing")
        if len(text) > 40 or not _NUMBER.fullmatch(text):
            raise ValueError(f"the weight {shorten(str(given).strip())} is not a number")
        number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the weight {shorten(str(given).strip())} is not a finite number")
    return number


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def read_vader(text: str, where: str) -> Found:
    """Read lines as in vader_lexicon.txt; a word that stands twice has the later weight."""
    entries: dict[str, Entry] = {}
    emoticons = 0
    for number, line in _lines(text):
        place = f"line {number}"
        cells = line.strip().split("\t")
        if len(cells) < 2:
            raise broken(where, place, line, "the word and its mean are separated by a tab")
        try:
            weight = read_number(cells[1])
        except ValueError as error:
            raise broken(where, place, line, str(error)) from None
        if _is_emoticon(cells[0]):
            emoticons += 1
        else:
            entries[cells[0]] = Entry(place, cells[0], weight, None)
    return Found(list(entries.values()), f"{emoticons} emoticons are not among the entries." if emoticons else "")


def _is_emoticon(written: str) -> bool:
    """Whether there are signs and no two letters together: as a pattern, `:3` would find every 3."""
    if not re.search(r"[^\w\s'’*]|_", written) or re.search(r"[^\W\d_]{2}", written):
        return False
    return not re.fullmatch(r"(?:[^\W\d_]\.)+", written)  # U.S.


def read_liwc(text: str, where: str) -> Found:
    """Read a .dic file: numbered categories between two lines %, then patterns with their numbers."""
    lines = list(_lines(text))
    marks = [index for index, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2 or marks[0] != 0:
        raise LexiconError(
            f"{where}, line {lines[0][0]}: a LIWC dictionary begins with numbered categories between two lines %."
        )
    categories = _liwc_categories(lines[1 : marks[1]], where)
    entries, left_out = [], []
    for number, line in lines[marks[1] + 1 :]:
        place = f"line {number}"
        pattern, numbers = _liwc_entry(line)
        # LIWC's conditions, as in like (02 134)125/464, look at the categories of the words around.
        if "(" in line or "<" in line or _is_emoticon(pattern):
            left_out.append(f"{place}, {shorten(line.strip())}")
            continue
        if not numbers:
            raise broken(where, place, line, "no number of a category")
        for one in numbers:
            if one.lstrip("0") not in categories:
                raise broken(where, place, line, f"there is no category {shorten(one)}")
            entries.append(Entry(place, pattern, None, categories[one.lstrip("0")]))
    if not left_out:
        return Found(entries)
    note = f"{len(left_out)} conditional entries or emoticons are left out; the first is {left_out[0]}."
    return Found(entries, note, warn=True)


def _liwc_categories(lines: list[tuple[int, str]], where: str) -> dict[str, str]:
    categories: dict[str, str] = {}
    for number, line in lines:
        written, _, named = line.strip().replace("\t", " ").partition(" ")
        # 31 posemo (Positive Emotions) in LIWC 2015, 13 Posemo@PositiveEmotions in LIWC 2001
        name = re.split("[(@]", named, maxsplit=1)[0].strip()
        key = written.lstrip("0")
        if not written.isdecimal() or not name:
            raise broken(where, f"line {number}", line, "a category needs a number, a tab and a name")
        if categories.setdefault(key, name) != name:
            raise broken(where, f"line {number}", line, f"the number is {categories[key]!r} already")
    return categories


def _liwc_entry(line: str) -> tuple[str, list[str]]:
    """Split an entry into pattern and numbers; some files have spaces instead of tabs."""
    if "\t" in line.rstrip():
        pattern, _, rest = line.partition("\t")
        return pattern.strip(), rest.split()
    words = line.split()
    end = len(words)
    while end > 1 and words[end - 1].isdecimal():
        end -= 1
    return " ".join(words[:end]), words[end:]


def broken(where: str, place: str, line: str, problem: str) -> LexiconError:
    """Return the error for a line that cannot be read."""
    return LexiconError(f"{where}, {place}: {shorten(line)} – {problem}.")


def shorten(text: str) -> str:
    """Quote what stands in a file, not more than a message can hold."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def suggest(given: str, known: Iterable[str]) -> str:
    """Ask whether the nearest of the known names was meant; "" where none is near."""
    near = difflib.get_close_matches(given[:100], list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
