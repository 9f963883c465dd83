"""Codebooks: categories with patterns, kept as TOML files that can be read, cited and extended."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_patterns

FOREIGN = (".dic", ".yaml", ".yml", ".lc3", ".cat")  # of other programs
WITHIN = 8  # words between a pattern and what must stand near it, where the codebook gives no number


@dataclass(frozen=True)
class Rule:
    """A pattern that counts under conditions, or with another weight than 1.

    `near`: one of these patterns stands at most `within` words away, in the same sentence where `within` is 0; on the
    `side` "before" the pattern, "behind" it, or "both". `unless`: none of these does, on either side.
    """

    pattern: str
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: int = WITHIN
    weight: float = 1.0
    side: str = "both"

    def __str__(self) -> str:
        """Return the rule as it is shown in tables."""
        place = f" within {self.within} words" if self.within else " in the sentence"
        side = {"before": "behind", "behind": "before"}.get(self.side, "near")
        near = f" [{side} {' | '.join(self.near)}{place}]" if self.near else ""
        unless = f" [unless {' | '.join(self.unless)}{place}]" if self.unless else ""
        weight = f" [weight {self.weight:g}]" if self.weight != 1 else ""
        return f"{self.pattern}{near}{unless}{weight}"


@dataclass(frozen=True)
class Category:
    """One category: its patterns, what it means, and where the definition comes from.

    `rules` are patterns with conditions; a match inside one of `exclude` does not count.
    """

    name: str
    patterns: tuple[str, ...]
    definition: str = ""
    citation: str = ""
    example: str = ""
    exclude: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def every_rule(self) -> tuple[Rule, ...]:
        """Return the plain patterns and the conditional ones as rules, in this order."""
        return (*(Rule(pattern) for pattern in self.patterns), *self.rules)


@dataclass(frozen=True)
class Codebook:
    """A codebook: name, version, language, citation and categories, in order."""

    name: str
    version: str
    language: str
    citation: str
    validation: str
    categories: tuple[Category, ...]
    misses: str = ""  # what it is known not to see

    def patterns(self) -> dict[str, list[str]]:
        """Return category -> patterns, without their conditions."""
        return {
            category.name: list(dict.fromkeys(rule.pattern for rule in category.every_rule()))
            for category in self.categories
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per category: category, definition, patterns, citation."""
        rows = [(c.name, c.definition, ", ".join(map(str, c.every_rule())), c.citation) for c in self.categories]
        return pd.DataFrame(rows, columns=["category", "definition", "patterns", "citation"])


def list_codebooks() -> pd.DataFrame:
    """List the codebooks that come with mediakit.

    Returns
    -------
    DataFrame, one row per codebook
        codebook, version, language, categories (number), citation, validation (what is known of its accuracy)

    Examples
    --------
    >>> list_codebooks()["codebook"].tolist()[:4]
    ['diplomacy', 'diplomacy_es', 'diplomacy_fr', 'event_types']
    """
    rows = []
    for name in _shipped():
        book = load_codebook(name)
        rows.append((name, book.version, book.language, len(book.categories), book.citation, book.validation))
    return pd.DataFrame(rows, columns=["codebook", "version", "language", "categories", "citation", "validation"])


def load_codebook(name: str | Path, *, language: str | None = None) -> Codebook:
    """Load a codebook by its name, from a TOML file of the same form, or from a file of another program.

    Parameters
    ----------
    name : str or path
        A name that `list_codebooks` gives, or the path of a file::

            name = "strikes"
            version = "1"
            language = "en"
            citation = "…"
            misses = "strikes that are called by another word"
            [categories.picket]
            definition = "…"
            example = "Pickets stood at the gate."
            patterns = ["picket*", "picket line"]
            exclude = ["picket fence*"]
            [categories.clash]
            patterns = [{ match = "clash*", near = ["police"], within = 8, weight = 2 }]

        Files of other programs are known by their ending: LIWC (`.dic`), quanteda (`.yaml`, `.yml`), Lexicoder
        (`.lc3`) and WordStat (`.cat`). There, a category within a category is called "parent/child".
    language : str, optional
        ISO 639-1 code for a file that does not say its language; "en" where none is given.

    Returns
    -------
    Codebook

    Raises
    ------
    LexiconError
        Naming the file, the category and the pattern, or the line, that is broken.

    Warns
    -----
    MeasureWarning
        Entries of another program's file that no pattern can say, such as emoticons and LIWC's conditions; they are
        left out.

    Examples
    --------
    >>> load_codebook("protest").language
    'en'
    """
    shipped = str(name) in _shipped()
    path = files("mediakit.lexicons").joinpath("codebooks_data", f"{name}.toml") if shipped else Path(name)
    where = f"{name}.toml" if shipped else Path(name).name
    if not shipped and Path(name).suffix.lower() in FOREIGN and Path(name).exists():
        from mediakit.lexicons.codebook_files import read_codebook_file  # it builds on this module

        return read_codebook_file(Path(name), language or "en")
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LexiconError(
            f"no codebook {str(name)!r}: there is {', '.join(_shipped())}, or give the path of a file."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LexiconError(f"{where}: {error}") from None
    return _build({"language": language, **data} if language else data, where)


def _shipped() -> list[str]:
    folder = files("mediakit.lexicons").joinpath("codebooks_data")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def _build(data: Mapping[str, Any], where: str) -> Codebook:
    known = ("name", "version", "language", "citation", "validation", "misses", "categories")
    _check_keys(data, known, f"{where}: the codebook")
    categories = data.get("categories")
    if not isinstance(categories, Mapping) or not categories:
        raise LexiconError(f"{where}: no table [categories.NAME] with patterns.")
    built = []
    for name, entry in categories.items():
        if not isinstance(entry, Mapping):
            raise LexiconError(f'{where}: category {name!r} must be a table [categories.{name}] with patterns = ["…"].')
        built.append(_build_category(name, entry, f"{where}: category {name!r}"))
    return Codebook(
        name=str(data.get("name", where.removesuffix(".toml"))),
        version=str(data.get("version", "")),
        language=str(data.get("language", "en")),
        citation=str(data.get("citation", "")),
        validation=str(data.get("validation", "not validated")),
        categories=tuple(built),
        misses=str(data.get("misses", "")),
    )


def _build_category(name: str, entry: Mapping[str, Any], what: str) -> Category:
    _check_keys(entry, ("patterns", "definition", "citation", "example", "exclude"), what)
    given = entry.get("patterns")
    # A string would pass for a list of letters.
    if not isinstance(given, list) or not given or not all(isinstance(one, str | Mapping) for one in given):
        raise LexiconError(f'{what} needs a list of patterns, as patterns = ["picket*"].')
    rules = tuple(rule for one in given if isinstance(one, Mapping) for rule in _build_rules(one, what))
    plain = tuple(one for one in given if isinstance(one, str))
    exclude = _strings(entry.get("exclude", []), f"{what}: exclude")
    try:
        compile_patterns([*plain, *exclude, *(rule.pattern for rule in rules)])
        compile_patterns([pattern for rule in rules for pattern in (*rule.near, *rule.unless)])
    except LexiconError as error:
        raise LexiconError(f"{what}: {error}") from None
    definition, citation, example = (str(entry.get(key, "")) for key in ("definition", "citation", "example"))
    return Category(name, plain, definition, citation, example, exclude, rules)


def _build_rules(given: Mapping[str, Any], what: str) -> list[Rule]:
    """Read { match = "clash*", near = ["police"], within = 8, weight = 2 }; several matches share the conditions."""
    what = f"{what}: the pattern {given.get('match', '?')!r}"
    _check_keys(given, ("match", "near", "unless", "within", "weight", "side"), what)
    matches = _strings(given.get("match"), f'{what} needs match = "…", or several; match')
    within, weight = given.get("within", WITHIN), given.get("weight", 1.0)
    if isinstance(within, bool) or not isinstance(within, int) or within < 0:
        raise LexiconError(f"{what}: within must be a number of words, or 0 for the sentence; found {within!r}.")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight):
        raise LexiconError(f"{what}: weight must be a number; found {weight!r}.")
    side = given.get("side", "both")
    if side not in ("both", "before", "behind"):
        raise LexiconError(f'{what}: side must be "before", "behind" or "both"; found {side!r}.')
    near = _strings(given.get("near", []), f"{what}: near")
    unless = _strings(given.get("unless", []), f"{what}: unless")
    return [Rule(pattern, near, unless, within, float(weight), side) for pattern in matches]


def _strings(given: object, what: str) -> tuple[str, ...]:
    several = [given] if isinstance(given, str) else given
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise LexiconError(f'{what} must be a list of patterns, as ["police", "soldier*"].')
    return tuple(several)


def book_to_json(book: Codebook) -> dict[str, Any]:
    """Return a codebook as its TOML file has it, to be kept in other files."""
    categories = {
        category.name: {
            "definition": category.definition, "citation": category.citation, "example": category.example,
            "exclude": list(category.exclude),
            "patterns": [*category.patterns, *(
                {"match": rule.pattern, "near": list(rule.near), "unless": list(rule.unless), "within": rule.within,
                 "weight": rule.weight, "side": rule.side}
                for rule in category.rules
            )],
        }
        for category in book.categories
    }  # fmt: skip
    told = ("name", "version", "language", "citation", "validation", "misses")
    return {**{key: getattr(book, key) for key in told}, "categories": categories}


def book_of_json(data: Mapping[str, Any], where: str) -> Codebook:
    """Return the codebook that `book_to_json` wrote."""
    return _build(data, where)


def _check_keys(entry: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise LexiconError(f"{what} has an unknown key {key!r}; there is {', '.join(known)}.{hint}")
