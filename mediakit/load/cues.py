"""Cues: what marks a line of a copied page as paywall notice, promotion, caption, teaser or navigation.

The phrases are data (`cues.toml`), in English, French, German and Spanish; a page may mix languages, so all are tried.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FLAT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "})
LONGEST = 1000  # characters; what is longer is a text, and no notice
_QUOTED = re.compile(r"^[\"«„].*[\"»“].*[.!?,]")  # speech: "Subscribe to our cause," the union's leader said.
_CREDIT = re.compile(r"^[(\[][^()\[\]]{3,70}[)\]]$")
_BETWEEN = re.compile(r"\s{2,}|\s*[|·•]\s*|\t")


@dataclass(frozen=True)
class Cue:
    """A line was recognised: the group of phrases, the ledger's word for it, and the phrase that matched."""

    group: str
    kind: str
    phrase: str
    truncates: bool = False
    ends: bool = False


@dataclass(frozen=True)
class _Group:
    name: str
    kind: str
    most_words: int
    truncates: bool
    ends: bool
    pattern: re.Pattern[str]


def find_cue(line: str) -> Cue | None:
    """Return the cue that a line matches, or None; groups are tried in the order of the data file.

    Examples
    --------
    >>> find_cue("You’ve reached your limit of free articles.").kind
    'paywall'
    >>> find_cue("The union reached its limit of patience on Monday, its leader said after the talks.") is None
    True
    """
    flat = re.sub(r"^[\s*+•·▪►>|–-]+|\s+$", "", line.translate(_FLAT))
    if len(line) > LONGEST or _QUOTED.match(flat):
        return None
    pieces = [piece for piece in _BETWEEN.split(flat) if piece]
    if len(pieces) > 1 and len(flat) < 200:  # "Facebook  Mail  Copy link": a row of buttons
        cues = [_match(piece) for piece in pieces]
        if all(cue is not None and cue.kind == "boilerplate" for cue in cues):
            return cues[0]
    if _CREDIT.match(flat):
        return Cue("caption", "caption", "a credit in brackets")
    return _match(flat)


def _match(flat: str) -> Cue | None:
    words = flat.count(" ") + 1
    for group in _groups():
        if words <= group.most_words:
            found = group.pattern.search(flat)
            if found:
                return Cue(group.name, group.kind, found.group().strip(), group.truncates, group.ends)
    return None


@cache
def _groups() -> tuple[_Group, ...]:
    data = tomllib.loads(files("mediakit.load").joinpath("cues.toml").read_text("utf-8"))
    found = []
    for name, group in data.items():
        phrases = [phrase for value in group.values() if isinstance(value, list) for phrase in value]
        pattern = re.compile("|".join(_phrase_pattern(phrase) for phrase in phrases), re.IGNORECASE)
        found.append(
            _Group(name, group["kind"], group["most_words"], group.get("truncates", False), group.get("ends", False), pattern)
        )
    return tuple(found)


def _phrase_pattern(phrase: str) -> str:
    """Turn a phrase into a pattern: bounded wildcards only, so that no line can make it slow."""
    start, end = phrase.startswith("^"), phrase.endswith("$") and len(phrase) > 1
    body = phrase[start : len(phrase) - end]
    parts = ".{0,40}?".join(re.escape(part) for part in body.split("*"))
    left = "^" if start else (r"(?<!\w)" if body[:1].isalnum() else "")
    right = r"\W*$" if end else (r"(?!\w)" if body[-1:].isalnum() else "")
    return left + parts + right
