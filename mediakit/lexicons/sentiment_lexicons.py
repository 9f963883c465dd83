"""Sentiment lexicons: patterns with weights, from VADER, from a table, or from the files that others publish."""

from __future__ import annotations

import csv
import difflib
import math
import re
import warnings
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from numbers import Real
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mediakit.errors import LexiconError, MeasureWarning, need_extra
from mediakit.text.patterns import compile_patterns

VADER = "Hutto & Gilbert 2014, doi 10.1609/icwsm.v8i1.14550"
FORMATS = ("csv", "tsv", "liwc", "yaml", "vader")
LARGEST_FILE = 50_000_000  # bytes; the largest published lexicons have about five million
LONGEST_PATTERN = 200  # characters
DEEPEST = 20  # levels of a YAML file

PATTERN_COLUMNS = ("pattern", "word", "term", "token")
WEIGHT_COLUMNS = ("weight", "score", "valence", "value")

# Names of categories in LIWC 2007 to 22, the General Inquirer and the Lexicoder Sentiment Dictionary
# (Young & Soroka 2012, doi 10.1080/10584609.2012.671234), whose neg_negative holds negated negative phrases.
POSITIVE = frozenset({"positive", "pos", "posemo", "emo_pos", "tone_pos", "positiv", "neg_negative"})
NEGATIVE = frozenset({"negative", "neg", "negemo", "emo_neg", "tone_neg", "negativ", "neg_positive"})


@dataclass(frozen=True, eq=False, repr=False)
class Lexicon:
    """A lexicon: patterns with weights, its language and where it comes from.

    Attributes
    ----------
    name : str
    language : str, ISO 639-1
    citation : str
    entries : DataFrame, one row per pattern and category, in the order of the source
        pattern : str, as mediakit.text.patterns explains
        weight : float, above 0 for positive wording
        category : str, NA where the source has none
    note : str, what the source holds and `entries` does not; "" when nothing is left out
    """

    name: str
    language: str
    citation: str
    entries: pd.DataFrame
    note: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the entries: pattern, weight, category."""
        return self.entries.copy()

    def weighted(self) -> dict[str, float]:
        """Return pattern -> weight, without the entries of weight 0.

        A pattern that stands in several categories has the sum of their weights, so that the score of a text is the
        sum over categories of weight times count. Where that sum is 0, the pattern is left out.
        """
        totals = self.entries.groupby("pattern", sort=False)["weight"].sum()
        return {str(pattern): float(weight) for pattern, weight in totals.items() if weight}

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        weights = self.entries["weight"]
        span = f"{weights.min():g} to {weights.max():g}"
        return f"Lexicon {self.name}: {len(self):,} entries, {self.language}, weights {span}"


class _Entry(NamedTuple):
    """One entry as the source has it; `weight` is None where its category decides."""

    place: str  # "line 7", "row 3"
    pattern: str
    weight: float | None
    category: str | None


class _Found(NamedTuple):
    entries: list[_Entry]
    note: str = ""
    warn: bool = False


def load_lexicon(
    source: Lexicon | pd.DataFrame | Mapping[str, object] | str | Path = "vader",
    *,
    name: str | None = None,
    language: str = "en",
    weights: Mapping[str, float] | None = None,
    citation: str = "",
    format: str | None = None,
) -> Lexicon:
    """Load a sentiment lexicon: VADER's, one of your own, or a file in a format that lexicons are published in.

    Parameters
    ----------
    source : "vader", path, DataFrame, mapping or Lexicon, default "vader"
        "vader" is the list in the installed package vaderSentiment. A mapping has pattern -> weight, or
        category -> list of patterns. A DataFrame has the columns pattern (or word, term, token), weight (or score,
        valence, value) and perhaps category. A Lexicon is returned as it is. A path leads to one of

        csv, tsv
            A header with those names; or no header and pattern, weight and perhaps category in this order. Separated
            by comma, semicolon or tab; a decimal comma is understood where the separator is another. Lines that begin
            with # are comments: put a pattern such as ``"#together"`` in quotes.
        liwc
            A .dic file: numbered categories between two lines ``%``, then patterns, each with its numbers.
        yaml
            Category -> list of patterns, nested up to 20 levels deep (care.virtue is then the name of a category), or
            pattern -> weight. As quanteda and Lexicoder write it. Needs the extra ``yaml``.
        vader
            As vader_lexicon.txt: pattern, mean, standard deviation and ratings, separated by tabs.
    name : str, optional
        Default: the name of the file without suffix.
    language : str, default "en"
        ISO 639-1. Articles in another language are not scored with it.
    weights : mapping of category to weight, optional
        For lexicons of categories without weights (liwc, yaml, mapping of lists); categories that are not named get 0.
        A nested category may be named in full or by its last part. Default: +1 for categories called positive, pos,
        posemo, emo_pos, tone_pos, positiv or neg_negative, -1 for negative, neg, negemo, emo_neg, tone_neg, negativ
        or neg_positive, 0 for all others. Where there is a tone_pos or tone_neg, which hold the words of emo_pos and
        emo_neg, those two get 0.
    citation : str, optional
        Author, year and doi of the lexicon. Known for "vader".
    format : {"csv", "tsv", "liwc", "yaml", "vader"}, optional
        Default: by suffix and content of the file.

    Returns
    -------
    Lexicon

    Raises
    ------
    LexiconError
        Naming the file and the line that is broken.
    MissingExtraError
        When a YAML file is to be read and PyYAML is not installed.

    Warns
    -----
    MeasureWarning
        Once, when a .dic file holds emoticons or entries that depend on the words around them: they are left out.

    Notes
    -----
    VADER (Hutto & Gilbert 2014, doi 10.1609/icwsm.v8i1.14550) counts emoticons too. A pattern finds words only, and
    ":3" as a pattern would find every 3; so emoticons are not among the entries, and `note` says how many there are.
    The entries are there to be read and for a plain count of words. VADER's own scores, with its emoticons, negations
    and boosters, come from vaderSentiment and do not pass through them. Numbers that are chat slang (143, "I love
    you") are entries, as in VADER. A word that VADER lists twice has the later weight, as in vaderSentiment.

    In the Lexicoder Sentiment Dictionary (Young & Soroka 2012, doi 10.1080/10584609.2012.671234) "not good*" is a
    negative phrase of its own; whether the "good" inside it counts as well is decided where patterns are counted.

    Examples
    --------
    >>> load_lexicon({"peace*": 1, "riot": -2}).weighted()
    {'peace*': 1.0, 'riot': -2.0}
    >>> load_lexicon({"positive": ["peace*", "calm"], "negative": ["riot"], "body": ["hand*"]}, name="tiny")
    Lexicon tiny: 4 entries, en, weights -1 to 1
    """
    if format is not None and format not in FORMATS:
        raise LexiconError(f"format={format!r} is not known; there is {', '.join(FORMATS)}.{_near(format, FORMATS)}")
    if not re.fullmatch("[a-z]{2}", language):
        raise LexiconError(f'language={language!r} is not a code of two letters (ISO 639-1), as "en" or "es".')
    if isinstance(source, Lexicon):
        if weights is not None:
            raise LexiconError(f"{source!r} has its weights already; weights= is for lexicons of categories.")
        return source
    where = name or "lexicon"
    if isinstance(source, pd.DataFrame):
        found = _read_frame(source, where)
    elif isinstance(source, Mapping):
        found = _read_mapping(source, where)
    elif isinstance(source, str) and source == "vader":
        if language != "en":
            raise LexiconError(f'the lexicon "vader" is English; language={language!r} does not fit.')
        where, name, citation = "vader_lexicon.txt", name or "vader", citation or VADER
        found = _read_vader(files("vaderSentiment").joinpath(where).read_text("utf-8"), where)
    elif isinstance(source, str | Path):
        where, name = Path(source).name, name or Path(source).stem
        found = _read_file(Path(source), where, format)
    else:
        raise LexiconError(
            f"a lexicon cannot be made from {type(source).__name__}: give a path, a table, a mapping of pattern to "
            'weight, or "vader".'
        )
    entries = _check_entries(_weigh(found.entries, weights, where), where)
    if found.warn:
        warnings.warn(f"{where}: {found.note}", MeasureWarning, stacklevel=2)
    return Lexicon(name or "lexicon", language, citation, entries, found.note)


def _read_frame(table: pd.DataFrame, where: str) -> _Found:
    columns = _columns([str(column) for column in table.columns], where)
    patterns, weights = (["" if _is_missing(cell) else cell for cell in table.iloc[:, at]] for at in columns[:2])
    categories = [None] * len(table) if columns[2] is None else table.iloc[:, columns[2]]
    rows: list[_Entry] = []
    for label, pattern, weight, category in zip(table.index, patterns, weights, categories, strict=True):
        place = f"row {label}"
        try:
            named = None if _is_missing(category) else str(category).strip() or None
            rows.append(_Entry(place, str(pattern), _number(weight), named))
        except ValueError as error:
            raise _broken(where, place, f"{pattern}, {weight}", str(error)) from None
    return _Found(rows)


def _is_missing(cell: object) -> bool:
    return pd.api.types.is_scalar(cell) and bool(pd.isna(cell))


def _columns(header: list[str], where: str) -> tuple[int, int, int | None]:
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


def _read_mapping(mapping: Mapping[str, object], where: str) -> _Found:
    rows: list[_Entry] = []
    for position, (key, value) in enumerate(mapping.items(), start=1):
        place = f"entry {position}"
        if not isinstance(key, str):
            raise LexiconError(f"{where}, {place}: {key!r} is not a text; a pattern or category is.")
        if isinstance(value, list | tuple | set | frozenset):
            if not value or not all(isinstance(one, str) for one in value):
                raise LexiconError(f'{where}, {place}: the category {key!r} needs a list of patterns, as ["calm"].')
            patterns = sorted(value) if isinstance(value, set | frozenset) else value
            rows += [_Entry(place, pattern, None, key) for pattern in patterns]
            continue
        try:
            rows.append(_Entry(place, key, _number(value), None))
        except ValueError as error:
            hint = "; the patterns of a category are a list" if isinstance(value, str) else ""
            raise _broken(where, place, f"{key}: {value}", f"{error}{hint}") from None
    return _Found(rows)


def _number(given: object, *, decimal_comma: bool = False) -> float:
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
            raise ValueError(f"the weight {_short(str(given).strip())} is not a number")
        number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the weight {_short(str(given).strip())} is not a finite number")
    return number


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def _read_file(path: Path, where: str, format: str | None) -> _Found:
    text = _read_text(path, where)
    format = format or _recognise(text, path.suffix.casefold(), where)
    if format == "yaml":
        return _read_yaml(text, where)
    if format == "liwc":
        return _read_liwc(text, where)
    if format == "vader":
        return _read_vader(text, where)
    return _read_table(text, where, tabs=format == "tsv")


def _read_text(path: Path, where: str) -> str:
    try:
        if path.is_dir():
            raise LexiconError(f"{path} is a folder; a lexicon is a file.")
        if not path.is_file():
            hint = _near(str(path), ["vader"])
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


def _recognise(text: str, suffix: str, where: str) -> str:
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


def _read_table(text: str, where: str, *, tabs: bool) -> _Found:
    lines = [(number, line) for number, line in _lines(text) if not line.startswith("#")]
    if not lines:
        return _Found([])
    separator = "\t" if tabs else _separator(lines[0][1])
    first = _cells(lines[0], separator, where)
    header = _is_header(first, separator)
    pattern, weight, category = _columns(first, f"{where}, line {lines[0][0]}") if header else (0, 1, 2)
    rows: list[_Entry] = []
    for number, line in lines[header:]:
        place = f"line {number}"
        cells = _cells((number, line), separator, where)
        if separator not in line:
            raise _broken(where, place, line, "one cell; pattern and weight are separated by a comma, semicolon or tab")
        wanted = len(first) if header else 3
        if len(cells) > wanted or (not header and separator == "," and _looks_decimal(cells)):
            hint = "" if separator != "," else "; a decimal comma needs another separator"
            raise _broken(where, place, line, f"{len(cells)} cells where {wanted if header else 2} are expected{hint}")
        cells += [""] * (max(wanted, 3) - len(cells))
        try:
            value = _number(cells[weight], decimal_comma=separator != ",")
        except ValueError as error:
            hint = "" if rows or header else f"; a header names the columns {PATTERN_COLUMNS[0]}, {WEIGHT_COLUMNS[0]}"
            raise _broken(where, place, line, f"{error}{hint}") from None
        rows.append(_Entry(place, cells[pattern], value, None if category is None else cells[category] or None))
    return _Found(rows)


def _separator(line: str) -> str:
    bare = re.sub('"[^"]*"', "", line)
    return next((sign for sign in "\t;" if sign in bare), ",")


def _cells(line: tuple[int, str], separator: str, where: str) -> list[str]:
    """Split one line; each by itself, so that a forgotten quotation mark cannot swallow the lines after it."""
    try:
        cells = next(csv.reader([line[1]], delimiter=separator, skipinitialspace=separator != "\t", strict=True))
    except csv.Error as error:
        raise _broken(where, f"line {line[0]}", line[1], str(error)) from None
    cells = [cell.strip() for cell in cells]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _is_header(cells: list[str], separator: str) -> bool:
    named = any(cell.casefold() in PATTERN_COLUMNS + WEIGHT_COLUMNS for cell in cells)
    return named and not any(_is_number(cell, decimal_comma=separator != ",") for cell in cells)


def _is_number(cell: str, *, decimal_comma: bool = False) -> bool:
    try:
        _number(cell, decimal_comma=decimal_comma)
    except ValueError:
        return False
    return True


def _looks_decimal(cells: list[str]) -> bool:
    """Whether `good,1,5` may be 1.5."""
    return len(cells) == 3 and cells[2].isdigit() and _is_number(cells[1])


def _read_vader(text: str, where: str) -> _Found:
    entries: dict[str, _Entry] = {}
    emoticons = 0
    for number, line in _lines(text):
        place = f"line {number}"
        cells = line.strip().split("\t")
        if len(cells) < 2:
            raise _broken(where, place, line, "the word and its mean are separated by a tab")
        try:
            weight = _number(cells[1])
        except ValueError as error:
            raise _broken(where, place, line, str(error)) from None
        if _is_emoticon(cells[0]):
            emoticons += 1
        else:
            entries[cells[0]] = _Entry(place, cells[0], weight, None)
    return _Found(list(entries.values()), f"{emoticons} emoticons are not among the entries." if emoticons else "")


def _is_emoticon(written: str) -> bool:
    """Whether there are signs and no two letters together: as a pattern, `:3` would find every 3."""
    if not re.search(r"[^\w\s'’*]|_", written) or re.search(r"[^\W\d_]{2}", written):
        return False
    return not re.fullmatch(r"(?:[^\W\d_]\.)+", written)  # U.S.


def _read_liwc(text: str, where: str) -> _Found:
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
            left_out.append(f"{place}, {_short(line.strip())}")
            continue
        if not numbers:
            raise _broken(where, place, line, "no number of a category")
        for one in numbers:
            if one.lstrip("0") not in categories:
                raise _broken(where, place, line, f"there is no category {_short(one)}")
            entries.append(_Entry(place, pattern, None, categories[one.lstrip("0")]))
    if not left_out:
        return _Found(entries)
    note = f"{len(left_out)} conditional entries or emoticons are left out; the first is {left_out[0]}."
    return _Found(entries, note, warn=True)


def _liwc_categories(lines: list[tuple[int, str]], where: str) -> dict[str, str]:
    categories: dict[str, str] = {}
    for number, line in lines:
        written, _, named = line.strip().replace("\t", " ").partition(" ")
        # 31 posemo (Positive Emotions) in LIWC 2015, 13 Posemo@PositiveEmotions in LIWC 2001
        name = re.split("[(@]", named, maxsplit=1)[0].strip()
        key = written.lstrip("0")
        if not written.isdecimal() or not name:
            raise _broken(where, f"line {number}", line, "a category needs a number, a tab and a name")
        if categories.setdefault(key, name) != name:
            raise _broken(where, f"line {number}", line, f"the number is {categories[key]!r} already")
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


def _read_yaml(text: str, where: str) -> _Found:
    """Read a YAML file event by event.

    No object is made, aliases are not followed, and "no" and "on" stay words; each event knows its line.
    """
    try:
        import yaml
    except ImportError:
        raise need_extra("PyYAML", "yaml", "Reading .yaml lexicons") from None
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise LexiconError(f"{where}, line {line}: YAML does not allow the sign {bad[0]!r}.")
    entries: list[_Entry] = []
    levels: list[_Level] = []
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            place = f"line {event.start_mark.line + 1 if event.start_mark else 1}"
            if isinstance(event, yaml.AliasEvent):
                raise _broken(where, place, f"*{event.anchor}", "YAML needs quotes around what begins with a star")
            if isinstance(event, yaml.ScalarEvent):
                _take_scalar(event.value.strip(), levels, entries, f"{where}, {place}")
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                _open_level(isinstance(event, yaml.MappingStartEvent), levels, entries, f"{where}, {place}")
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                if len(entries) == levels.pop().since:
                    raise LexiconError(f"{where}, {place}: {_path(levels) or 'the file'!r} has no patterns.")
                if levels:
                    levels[-1].key = None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise LexiconError(
            f"{where}{place}: {getattr(error, 'problem', None) or error}. "
            "YAML needs quotes around what begins with a star or another sign."
        ) from None
    return _Found(entries)


@dataclass
class _Level:
    """A mapping or list that is open: the number of entries before it, and the key whose value comes next."""

    mapping: bool
    since: int
    key: str | None = None


def _open_level(mapping: bool, levels: list[_Level], entries: list[_Entry], at: str) -> None:
    within = levels[-1] if levels else None
    if len(levels) >= DEEPEST:
        raise LexiconError(f"{at}: more than {DEEPEST} levels of categories.")
    if (within is None and not mapping) or (within is not None and (not within.mapping or within.key is None)):
        raise LexiconError(f"{at}: a lexicon has categories with lists of patterns, or patterns with weights.")
    levels.append(_Level(mapping, len(entries)))


def _take_scalar(value: str, levels: list[_Level], entries: list[_Entry], at: str) -> None:
    """A scalar is a key, the weight of the key before it, or a pattern in a list."""
    if not levels:
        raise LexiconError(f"{at}: {_short(value)} – there are no categories and no weights.")
    place = at.rpartition(", ")[2]
    level = levels[-1]
    if not level.mapping:
        entries.append(_Entry(place, value, None, _path(levels)))
    elif level.key is None:
        level.key = value
    else:
        try:
            weight = _number(value)
        except ValueError as error:
            raise LexiconError(
                f"{at}: {_short(f'{level.key}: {value}')} – {error}; "
                "the patterns of a category are a list, as [calm, peace*]."
            ) from None
        entries.append(_Entry(place, level.key, weight, _path(levels[:-1]) or None))
        level.key = None


def _path(levels: list[_Level]) -> str:
    return ".".join(level.key for level in levels if level.key is not None)


def _weigh(entries: list[_Entry], weights: Mapping[str, float] | None, where: str) -> list[_Entry]:
    """Give every entry its weight, from its category where the source has none."""
    if not entries:
        raise LexiconError(f"{where} has no entries.")
    bare = next((entry for entry in entries if entry.weight is None), None)
    own = next((entry for entry in entries if entry.weight is not None), None)
    if bare and own:
        raise LexiconError(
            f"{where}: the pattern {_short(own.pattern)} ({own.place}) has a weight, {_short(bare.pattern)} "
            f"({bare.place}) has none. Give every pattern a weight, or none."
        )
    if own:
        if weights is not None:
            raise LexiconError(
                f"{where} has weights of its own; weights= is for lexicons of categories without weights."
            )
        return entries
    categories = list(dict.fromkeys(str(entry.category) for entry in entries))
    known = _named_weights(categories, where) if weights is None else _given_weights(weights, categories, where)
    return [entry._replace(weight=known.get(str(entry.category), 0.0)) for entry in entries]


def _given_weights(weights: Mapping[str, float], categories: list[str], where: str) -> dict[str, float]:
    if not weights:
        raise LexiconError(f"weights= names no category; {where} has {_listed(categories)}.")
    given: dict[str, float] = {}
    # A name in full is read last, so that it has the last word over the last part of a name.
    for key in sorted(weights, key=lambda key: key in categories):
        meant = [one for one in categories if one == key] or [one for one in categories if _last_part(one) == key]
        if not meant:
            near = _near(str(key), [*categories, *map(_last_part, categories)])
            raise LexiconError(
                f"weights= names {key!r}, which is no category; {where} has {_listed(categories)}.{near}"
            )
        try:
            given |= dict.fromkeys(meant, _number(weights[key]))
        except ValueError as error:
            raise LexiconError(f"weights=, category {key!r}: {error}.") from None
    return given


def _named_weights(categories: list[str], where: str) -> dict[str, float]:
    names = {category: _last_part(category).casefold() for category in categories}
    # In LIWC-22 the tone categories hold the words of the emotion categories: both would count a word twice.
    twice = {"emo_pos", "emo_neg"} if {"tone_pos", "tone_neg"} & set(names.values()) else set()
    found = {category: 1.0 for category, name in names.items() if name in POSITIVE - twice}
    found |= {category: -1.0 for category, name in names.items() if name in NEGATIVE - twice}
    if not found:
        raise LexiconError(
            f"{where}: no category says whether it is positive or negative. Give weights=, such as "
            f"weights={{{categories[0]!r}: 1}}; the categories are {_listed(categories)}."
        )
    return found


def _last_part(category: str) -> str:
    return category.rpartition(".")[2]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")


def _check_entries(entries: list[_Entry], where: str) -> pd.DataFrame:
    """Check every pattern, keep one of those that say the same, and make the table."""
    kept: dict[tuple[Hashable, str | None], _Entry] = {}
    spelling: dict[Hashable, str] = {}
    for entry in entries:
        at = f"{where}, {entry.place}"
        written = entry.pattern.strip()
        if not written:
            raise LexiconError(f"{at}: the pattern is empty.")
        if len(written) > LONGEST_PATTERN:
            raise LexiconError(f"{at}: the pattern {_short(written)} has more than {LONGEST_PATTERN} characters.")
        try:
            (pattern,) = compile_patterns([written])
        except LexiconError as error:
            raise LexiconError(f"{at}: {error}") from None
        finds = (pattern.words, pattern.exact)
        first = kept.setdefault((finds, entry.category), entry)
        if first.weight != entry.weight:
            raise LexiconError(
                f"{at}: the pattern {written!r} has the weight {entry.weight:g}, but {first.weight:g} in "
                f"{first.place}. Keep one of the two."
            )
        spelling.setdefault(finds, written)
    return pd.DataFrame(
        {
            "pattern": pd.Series([spelling[finds] for finds, _ in kept], dtype="str"),
            "weight": pd.Series([entry.weight for entry in kept.values()], dtype="float64"),
            "category": pd.Series([entry.category for entry in kept.values()], dtype="str"),
        }
    )


def _broken(where: str, place: str, line: str, problem: str) -> LexiconError:
    return LexiconError(f"{where}, {place}: {_short(line)} – {problem}.")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _near(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given[:100], list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
