"""Sentiment lexicons: patterns with weights, from VADER, from a table, or from the files that others publish."""

from __future__ import annotations

import re
import warnings
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

from mediakit.errors import LexiconError, MeasureWarning
from mediakit.lexicons.lexicon_files import (
    FORMATS,
    Entry,
    Found,
    broken,
    find_columns,
    read_liwc,
    read_number,
    read_table,
    read_text,
    read_vader,
    recognise_format,
    shorten,
    suggest,
)
from mediakit.lexicons.lexicon_yaml import read_yaml
from mediakit.text.patterns import compile_patterns

NEWS = "learned for mediakit from VADER and rated texts; docs/models/news_lexicon.md"
VADER = "Hutto & Gilbert 2014, doi 10.1609/icwsm.v8i1.14550"
LONGEST_PATTERN = 200  # characters

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
    source : "vader", "news", path, DataFrame, mapping or Lexicon, default "vader"
        "vader" is the list in the installed package vaderSentiment; "news" is the list that comes with
        mediakit (docs/models/news_lexicon.md). A mapping has pattern -> weight, or
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
        raise LexiconError(f"format={format!r} is not known; there is {', '.join(FORMATS)}.{suggest(format, FORMATS)}")
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
        found = read_vader(files("vaderSentiment").joinpath(where).read_text("utf-8"), where)
    elif isinstance(source, str) and source == "news":
        if language != "en":
            raise LexiconError(f'the lexicon "news" is English; language={language!r} does not fit.')
        where, name, citation = "news.csv", name or "news", citation or NEWS
        with as_file(files("mediakit.lexicons").joinpath("lexicons_data", where)) as shipped:
            found = _read_file(shipped, where, "csv")
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


def _read_frame(table: pd.DataFrame, where: str) -> Found:
    columns = find_columns([str(column) for column in table.columns], where)
    patterns, weights = (["" if _is_missing(cell) else cell for cell in table.iloc[:, at]] for at in columns[:2])
    categories = [None] * len(table) if columns[2] is None else table.iloc[:, columns[2]]
    rows: list[Entry] = []
    for label, pattern, weight, category in zip(table.index, patterns, weights, categories, strict=True):
        place = f"row {label}"
        try:
            named = None if _is_missing(category) else str(category).strip() or None
            rows.append(Entry(place, str(pattern), read_number(weight), named))
        except ValueError as error:
            raise broken(where, place, f"{pattern}, {weight}", str(error)) from None
    return Found(rows)


def _is_missing(cell: object) -> bool:
    return pd.api.types.is_scalar(cell) and bool(pd.isna(cell))


def _read_mapping(mapping: Mapping[str, object], where: str) -> Found:
    rows: list[Entry] = []
    for position, (key, value) in enumerate(mapping.items(), start=1):
        place = f"entry {position}"
        if not isinstance(key, str):
            raise LexiconError(f"{where}, {place}: {key!r} is not a text; a pattern or category is.")
        if isinstance(value, list | tuple | set | frozenset):
            if not value or not all(isinstance(one, str) for one in value):
                raise LexiconError(f'{where}, {place}: the category {key!r} needs a list of patterns, as ["calm"].')
            patterns = sorted(value) if isinstance(value, set | frozenset) else value
            rows += [Entry(place, pattern, None, key) for pattern in patterns]
            continue
        try:
            rows.append(Entry(place, key, read_number(value), None))
        except ValueError as error:
            hint = "; the patterns of a category are a list" if isinstance(value, str) else ""
            raise broken(where, place, f"{key}: {value}", f"{error}{hint}") from None
    return Found(rows)


def _read_file(path: Path, where: str, format: str | None) -> Found:
    text = read_text(path, where)
    format = format or recognise_format(text, path.suffix.casefold(), where)
    if format == "yaml":
        return read_yaml(text, where)
    if format == "liwc":
        return read_liwc(text, where)
    if format == "vader":
        return read_vader(text, where)
    return read_table(text, where, tabs=format == "tsv")


def _weigh(entries: list[Entry], weights: Mapping[str, float] | None, where: str) -> list[Entry]:
    """Give every entry its weight, from its category where the source has none."""
    if not entries:
        raise LexiconError(f"{where} has no entries.")
    bare = next((entry for entry in entries if entry.weight is None), None)
    own = next((entry for entry in entries if entry.weight is not None), None)
    if bare and own:
        raise LexiconError(
            f"{where}: the pattern {shorten(own.pattern)} ({own.place}) has a weight, {shorten(bare.pattern)} "
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
            near = suggest(str(key), [*categories, *map(_last_part, categories)])
            raise LexiconError(
                f"weights= names {key!r}, which is no category; {where} has {_listed(categories)}.{near}"
            )
        try:
            given |= dict.fromkeys(meant, read_number(weights[key]))
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


def _check_entries(entries: list[Entry], where: str) -> pd.DataFrame:
    """Check every pattern, keep one of those that say the same, and make the table."""
    kept: dict[tuple[Hashable, str | None], Entry] = {}
    spelling: dict[Hashable, str] = {}
    for entry in entries:
        at = f"{where}, {entry.place}"
        written = entry.pattern.strip()
        if not written:
            raise LexiconError(f"{at}: the pattern is empty.")
        if len(written) > LONGEST_PATTERN:
            raise LexiconError(f"{at}: the pattern {shorten(written)} has more than {LONGEST_PATTERN} characters.")
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
