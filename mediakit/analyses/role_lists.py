"""Lists on roles: other words for them, whom they may mean, and what a document is also called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mediakit.lexicons.actors import load_actors

_SMALL = frozenset(("of", "the", "for", "and"))
_NO_LAND = frozenset(("democratic", "republic", "people's", "kingdom", "federal", "islamic", "and", "city", "central"))


@dataclass(frozen=True)
class RoleLists:
    """Lists of `people_words.toml` on roles: other words for a role, roles of people without a name, and for kinds of
    bodies the words that speak against them."""

    same: dict[str, tuple[str, ...]]
    documents: dict[str, tuple[str, ...]]
    vague: frozenset[str]
    unlike: dict[str, frozenset[str]]
    places: frozenset[tuple[str, ...]]
    states: dict[str, tuple[str, ...]]
    lands: frozenset[str]
    offices: frozenset[str]
    runs: frozenset[str]
    serves: frozenset[str]
    parties: dict[str, str]
    lands_of: dict[str, frozenset[frozenset[str]]]
    family_first: frozenset[str]


@cache
def load_role_lists() -> RoleLists:
    """Read the lists on roles.

    Examples
    --------
    >>> "lawmaker" in load_role_lists().same["senator"], "official" in load_role_lists().vague
    (True, True)
    """
    data = tomllib.loads(files("mediakit.analyses").joinpath("people_words.toml").read_text("utf-8"))
    unlike = {kind: frozenset(words.split()) for kind, words in data["unlike"].items()}
    for kind, others in {
        "group": ("organization", "organisation", "foundation", "charity", "watchdog"),
        "company": (
            "firm",
            "corporation",
            "bank",
            "giant",
            "airline",
            "retailer",
            "carmaker",
            "automaker",
            "drugmaker",
            "manufacturer",
            "insurer",
            "lender",
        ),
    }.items():
        unlike.update(dict.fromkeys(others, unlike[kind]))
    return RoleLists(
        {word: tuple(others.split()) for word, others in data["same_role"].items()},
        _swapped(data["same_document"]),
        frozenset(data["vague"]["plain"].split()),
        unlike,
        frozenset((word,) for words in data["places"].values() for word in words.split()) | _countries(),
        {short: tuple(name.split()) for short, name in data["states"].items()},
        frozenset(word for name in data["states"].values() for word in name.split())
        | frozenset(word for names in (_countries(), _demonyms()) for words in names for word in words)
        - _SMALL
        - _NO_LAND,
        frozenset(data["offices"]["plain"].split()),
        frozenset(data["elections"]["runs"].split()),
        frozenset(data["elections"]["serves"].split()),
        {word: party for party, words in data["parties"].items() for word in words.split()},
        {
            "state": frozenset(frozenset(name.split()) for name in data["states"].values()),
            **dict.fromkeys(("country", "nation"), frozenset(map(frozenset, _countries()))),
            "city": frozenset(frozenset((word,)) for word in data["places"]["cities"].split()),
        },
        frozenset(data["family_first"]["plain"].split()),
    )


def _swapped(groups: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each word those that are also called by it."""
    found: dict[str, list[str]] = {}
    for word, others in groups.items():
        for other in others.split():
            found.setdefault(other, []).append(word)
    return {word: tuple(of) for word, of in found.items()}


def _countries() -> frozenset[tuple[str, ...]]:
    return _actors("name", "alias")


def _demonyms() -> frozenset[tuple[str, ...]]:
    return _actors("demonym")


def _actors(*kinds: str) -> frozenset[tuple[str, ...]]:
    known = load_actors()
    mine = known[(known["type"] == "country") & known["kind"].isin(kinds)]
    return frozenset(tuple(name.strip("=").lower().split()) for name in mine["pattern"])
