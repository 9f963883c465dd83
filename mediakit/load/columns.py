"""Columns: which column of a foreign table is which column of ours, by its name.

The names are data (`columns.toml`).
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from mediakit.errors import FormatError

_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")


def match_columns(names: Iterable[str], *, columns: Mapping[str, str] | None = None) -> dict[str, str]:
    """Tell which column of a foreign table is which column of the article table.

    Parameters
    ----------
    names : column names of the table; the keys of an inner object are joined with a dot ("source.name")
    columns : mapping, optional
        Column of the article table -> column of the foreign table. Wins over what the names suggest.

    Returns
    -------
    dict
        Column of the article table -> column of the foreign table, for those that were recognised.

    Raises
    ------
    FormatError
        When `columns` names a column that is not there, or neither text nor headline is recognised.

    Examples
    --------
    >>> match_columns(["Heading", "Zeitung", "Full text", "scraped_at"])
    {'text': 'Full text', 'headline': 'Heading', 'outlet': 'Zeitung'}
    >>> match_columns(["a", "b"], columns={"text": "b"})
    {'text': 'b'}
    """
    names = list(names)
    found = _asked(names, columns or {})
    for ours, theirs in recognise_columns(names).items():
        if ours not in found and theirs not in found.values():
            found[ours] = theirs
    if "text" not in found and "headline" not in found:
        raise FormatError(
            f"no column was recognised as text or headline; the table has {_listed(names)}.\n"
            '    Say which one holds the text: columns={"text": "..."}, or the title: columns={"headline": "..."}.'
        )
    return {ours: found[ours] for ours in (*_data()["names"], *found) if ours in found}


def recognise_columns(names: Iterable[str]) -> dict[str, str]:
    """Recognise columns by their names alone; empty where no name is known.

    Examples
    --------
    >>> recognise_columns(["Datum", "date_download", "inserted_at"])
    {'date': 'Datum'}
    """
    names = list(names)
    keys: dict[str, str] = {}
    for name in names:
        keys.setdefault(_key(name), name)
    for name in names:
        keys.setdefault(_key(_belonging().sub("", _plain(name).replace("_", " "))), name)
    found: dict[str, str] = {}
    for ours, known in _known().items():
        theirs = next((keys[key] for key in known if key in keys and keys[key] not in found.values()), None)
        if theirs is not None:
            found[ours] = theirs
    for ours, words in _data()["words"].items():
        if ours not in found:
            theirs = next((name for name in names if name not in found.values() and _promises(name, ours, words)), None)
            if theirs is not None:
                found[ours] = theirs
    return found


def fit_columns(names: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return of the columns that were asked of several tables those that this one has, or has no name of its own for.

    Examples
    --------
    >>> fit_columns(["Titel", "text"], {"headline": "Titel", "text": "Abdruck"})
    {'headline': 'Titel'}
    """
    names = list(names)
    keys, own = set(map(_key, names)), recognise_columns(names)
    return {ours: theirs for ours, theirs in columns.items() if _key(str(theirs)) in keys or ours not in own}


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the inner objects of a row up one level, joining the names with a dot.

    Examples
    --------
    >>> flatten({"source": {"id": 1, "name": "Ledger"}, "title": "Talks"})
    {'source.id': 1, 'source.name': 'Ledger', 'title': 'Talks'}
    """
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            flat.update({f"{key}.{inner}": item for inner, item in value.items()})
        else:
            flat[str(key)] = value
    return flat


def _asked(names: list[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Check what the caller asked for; the exact name wins over one that differs in case or punctuation."""
    known = list(_data()["names"])
    found: dict[str, str] = {}
    for ours, theirs in columns.items():
        if ours not in known:
            near = difflib.get_close_matches(str(ours), known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise FormatError(f"columns: {ours!r} is not a column that can be set; there is {', '.join(known)}.{hint}")
        match = theirs if theirs in names else next((name for name in names if _key(name) == _key(str(theirs))), None)
        if match is None or not _key(str(theirs)):
            near = difflib.get_close_matches(str(theirs), names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            there = f"it has {_listed(names)}.{hint}"
            raise FormatError(f"columns: the table has no column {theirs!r} (for {ours!r}); {there}")
        found[ours] = match
    return found


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"{name[:40]}" for name in names[:30])
    return f"{shown}, … ({len(names)} in all)" if len(names) > 30 else shown or "no columns"


def _promises(name: str, ours: str, words: list[str]) -> bool:
    tokens = [_key(token) for token in _TOKEN.findall(unicodedata.normalize("NFKC", str(name)))]
    if not tokens or set(tokens) & set(map(_key, _data()["never"][ours])):
        return False
    wanted = set(map(_key, words))
    return bool(wanted & set(tokens)) if ours == "date" else tokens[-1] in wanted


@cache
def _key(name: str) -> str:
    """Reduce a name to its letters and digits, without case and accents."""
    return "".join(filter(str.isalnum, _plain(name)))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", str(name).casefold())
    return "".join(char for char in letters if not unicodedata.combining(char))


@cache
def _belonging() -> re.Pattern[str]:
    """Match "of the article" at the end of a name, in several languages."""
    joined, to = ("|".join(sorted(map(_plain, _data()["belonging"][part]), reverse=True)) for part in ("joined", "to"))
    return re.compile(rf"(?<=\w)\s+(?:(?:{joined})\s+|(?:de )?(?:l|d|dell)['’ ])(?:{to})$")


@cache
def _known() -> dict[str, list[str]]:
    return {ours: [_key(name) for name in names] for ours, names in _data()["names"].items()}


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("mediakit.load").joinpath("columns.toml").read_text("utf-8"))
