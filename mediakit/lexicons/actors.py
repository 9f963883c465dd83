"""Actors: countries, international organisations and the persons and bodies of a study, with the names they go by."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_patterns

COLUMNS = ("actor", "type", "country", "pattern", "kind")
_KEYS = frozenset(("name", "aliases", "type", "country", "patterns"))


def load_actors(path: str | Path | None = None, *, built_in: bool = True) -> pd.DataFrame:
    """Load the names that actors go by: those of a study file, and the countries and organisations that come along.

    Parameters
    ----------
    path : path of a TOML file, optional
        One table an actor; names are matched with their capitals as written, `patterns` as codebooks write them::

            [[actor]]
            name = "Harbour Union"
            aliases = ["Port Union", "HU"]
            patterns = ["dock workers' union*"]
            type = "society"
            country = "GB"

    built_in : bool, default True
        Also the countries (names, words for their people, capitals) and international organisations. An actor of the
        file takes a name away from a built-in one.

    Returns
    -------
    DataFrame, one row per name of an actor
        actor : str; type : str (country, international, society, or as the file says), missing where it says none
        country : ISO 3166 code, missing where there is none
        pattern : str, as `Tokens.find` takes it; kind : name, alias, demonym, capital or pattern

    Raises
    ------
    LexiconError
        Naming the file and the actor: no name, an unknown key, a name twice, broken TOML.

    Examples
    --------
    >>> actors = load_actors()
    >>> actors.query("pattern == '=Kazakh'")[["actor", "country", "kind"]].values.tolist()
    [['Kazakhstan', 'KZ', 'demonym']]
    """
    rows = list(_read_actors(Path(path))) if path is not None else []
    taken = {row[3] for row in rows}
    if built_in:
        rows += [row for row in _built_in() if row[3] not in taken]
    if not rows:
        raise LexiconError("no actors: give a file, or built_in=True.")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def _read_actors(path: Path) -> Iterator[tuple[str, str | None, str | None, str, str]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"{path.name}: no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LexiconError(f"{path.name}: {error}") from None
    actors = data.get("actor")
    if not isinstance(actors, list) or not actors:
        raise LexiconError(f'{path.name}: no actors. Write tables such as [[actor]] with name = "…".')
    owner: dict[str, str] = {}
    for number, actor in enumerate(actors, start=1):
        name = actor.get("name") if isinstance(actor, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise LexiconError(f"{path.name}: actor {number} has no name.")
        unknown = sorted(set(actor) - _KEYS)
        if unknown:
            raise LexiconError(
                f"{path.name}: {name}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}."
            )
        written = [("name", f"={name}"), *(("alias", f"={alias}") for alias in _texts(actor, "aliases", name, path))]
        written += [("pattern", pattern) for pattern in _texts(actor, "patterns", name, path)]
        for kind, pattern in written:
            if owner.setdefault(pattern, name) != name:
                raise LexiconError(
                    f"{path.name}: {pattern.removeprefix('=')!r} is a name of {owner[pattern]} and of {name}."
                )
            try:
                compile_patterns([pattern])
            except LexiconError as error:
                raise LexiconError(f"{path.name}: {name}: {error}") from None
            yield name, actor.get("type"), actor.get("country"), pattern, kind


def _texts(actor: dict[str, Any], key: str, name: str, path: Path) -> list[str]:
    found = actor.get(key, [])
    if not isinstance(found, list) or not all(isinstance(text, str) and text.strip() for text in found):
        raise LexiconError(f'{path.name}: {name}: {key} must be a list of texts, as ["…"].')
    return found


@cache
def _built_in() -> tuple[tuple[str, str | None, str | None, str, str], ...]:
    rows: list[tuple[str, str | None, str | None, str, str]] = []
    folder = files("mediakit.lexicons").joinpath("actors_data")
    lines = [line for line in folder.joinpath("countries.csv").read_text("utf-8").splitlines() if line[:1] != "#"]
    for country in csv.DictReader(lines, delimiter=";"):
        name, code = country["name"], country["code"]
        for kind, column in (("name", "name"), ("alias", "aliases"), ("demonym", "demonyms"), ("capital", "capitals")):
            rows += [(name, "country", code, f"={one}", kind) for one in country[column].split("|") if one]
    groups = tomllib.loads(folder.joinpath("organisations.toml").read_text("utf-8"))
    for kind, bodies in groups.items():
        for name, aliases in bodies.items():
            rows.append((name, kind, None, f"={name}", "name"))
            rows += [(name, kind, None, f"={alias}", "alias") for alias in aliases]
    return tuple(rows)
