"""Codebooks: categories with patterns, kept as TOML files that can be read, cited and extended."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_patterns


@dataclass(frozen=True)
class Category:
    """One category: its patterns, what it means, and where the definition comes from."""

    name: str
    patterns: tuple[str, ...]
    definition: str = ""
    citation: str = ""


@dataclass(frozen=True)
class Codebook:
    """A codebook: name, version, language, citation and categories, in order."""

    name: str
    version: str
    language: str
    citation: str
    validation: str
    categories: tuple[Category, ...]

    def patterns(self) -> dict[str, list[str]]:
        """Return category -> patterns."""
        return {category.name: list(category.patterns) for category in self.categories}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per category: category, definition, patterns, citation."""
        rows = [(c.name, c.definition, ", ".join(c.patterns), c.citation) for c in self.categories]
        return pd.DataFrame(rows, columns=["category", "definition", "patterns", "citation"])


def list_codebooks() -> pd.DataFrame:
    """List the codebooks that come with mediakit.

    Returns
    -------
    DataFrame, one row per codebook
        codebook, version, language, categories (number), citation, validation (what is known of its accuracy)

    Examples
    --------
    >>> list_codebooks()["codebook"].tolist()
    ['diplomacy', 'protest']
    """
    rows = []
    for name in _shipped():
        book = load_codebook(name)
        rows.append((name, book.version, book.language, len(book.categories), book.citation, book.validation))
    return pd.DataFrame(rows, columns=["codebook", "version", "language", "categories", "citation", "validation"])


def load_codebook(name: str | Path) -> Codebook:
    """Load a codebook by its name, or from a TOML file of the same form.

    Parameters
    ----------
    name : str or path
        "protest", "diplomacy", or the path of a file::

            name = "strikes"
            version = "1"
            language = "en"
            citation = "…"
            [categories.picket]
            definition = "…"
            patterns = ["picket*", "picket line"]

    Returns
    -------
    Codebook

    Raises
    ------
    LexiconError
        Naming the file, the category and the pattern that is broken.

    Examples
    --------
    >>> load_codebook("protest").language
    'en'
    """
    shipped = str(name) in _shipped()
    path = files("mediakit.lexicons").joinpath("codebooks_data", f"{name}.toml") if shipped else Path(name)
    where = f"{name}.toml" if shipped else Path(name).name
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LexiconError(
            f"no codebook {str(name)!r}: there is {', '.join(_shipped())}, or give the path of a TOML file."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LexiconError(f"{where}: {error}") from None
    return _build(data, where)


def _shipped() -> list[str]:
    folder = files("mediakit.lexicons").joinpath("codebooks_data")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def _build(data: Mapping[str, Any], where: str) -> Codebook:
    _check_keys(data, ("name", "version", "language", "citation", "validation", "categories"), f"{where}: the codebook")
    categories = data.get("categories")
    if not isinstance(categories, Mapping) or not categories:
        raise LexiconError(f"{where}: no table [categories.NAME] with patterns.")
    built = []
    for name, entry in categories.items():
        if not isinstance(entry, Mapping):
            raise LexiconError(f'{where}: category {name!r} must be a table [categories.{name}] with patterns = ["…"].')
        _check_keys(entry, ("patterns", "definition", "citation"), f"{where}: category {name!r}")
        patterns = entry.get("patterns")
        # A string would pass for a list of letters.
        if not isinstance(patterns, list) or not patterns or not all(isinstance(one, str) for one in patterns):
            raise LexiconError(f'{where}: category {name!r} needs a list of patterns, as patterns = ["picket*"].')
        try:
            compile_patterns(patterns)
        except LexiconError as error:
            raise LexiconError(f"{where}: category {name!r}: {error}") from None
        built.append(Category(name, tuple(patterns), entry.get("definition", ""), entry.get("citation", "")))
    return Codebook(
        name=str(data.get("name", where.removesuffix(".toml"))),
        version=str(data.get("version", "")),
        language=str(data.get("language", "en")),
        citation=str(data.get("citation", "")),
        validation=str(data.get("validation", "not validated")),
        categories=tuple(built),
    )


def _check_keys(entry: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise LexiconError(f"{what} has an unknown key {key!r}; there is {', '.join(known)}.{hint}")
