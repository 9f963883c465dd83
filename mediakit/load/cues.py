"""Cues: what marks a line of a copied page as paywall notice, promotion, caption, teaser or navigation.

The phrases are data (`cues.toml`), in English, French, German and Spanish; a page may mix languages, so all are tried.
A line is compared only with the phrases that share a telling word with it, which are few or none.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_FLAT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "})
LONGEST = 1000  # characters; what is longer is a text, and no notice
_SAME_LETTER = str.maketrans("İıſ", "iis")  # re.IGNORECASE takes them for i and s, str.lower() does not
_WORD = re.compile(r"\w+")
_WHOLE = re.compile(r"(?<![\w*])\w+(?![\w*])")  # words of a phrase that no wildcard can lengthen
_TIED = re.compile(r"\^[^\w*]*\w+(?![\w*])")  # phrases whose first word is the first of the line
_MARKS = re.compile(r"[\s*+•·▪►>|–-]+")
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


class _Phrase(NamedTuple):
    place: int  # in the data file: earlier groups win
    group: str
    kind: str
    most_words: int
    truncates: bool
    ends: bool
    pattern: re.Pattern[str]


@dataclass
class _Index:
    """The phrases by the word that a line must hold for them to match; by its first word where they are tied to it."""

    first: dict[str, list[_Phrase]] = field(default_factory=dict)
    inside: dict[str, list[_Phrase]] = field(default_factory=dict)
    wordless: list[_Phrase] = field(default_factory=list)
    most_words: int = 0


def find_cue(line: str) -> Cue | None:
    """Return the cue that a line matches, or None; groups are tried in the order of the data file.

    Examples
    --------
    >>> find_cue("You’ve reached your limit of free articles.").kind
    'paywall'
    >>> find_cue("The union reached its limit of patience on Monday, its leader said after the talks.") is None
    True
    """
    if len(line) > LONGEST:
        return None
    flat = line.translate(_FLAT).rstrip()
    marks = _MARKS.match(flat)
    flat = flat[marks.end() :] if marks else flat
    if _QUOTED.match(flat):
        return None
    pieces = [piece for piece in _BETWEEN.split(flat) if piece] if len(flat) < 200 else []
    if len(pieces) > 1:  # "Facebook  Mail  Copy link": a row of buttons
        cues = [_match(piece) for piece in pieces]
        if all(cue is not None and cue.kind == "boilerplate" for cue in cues):
            return cues[0]
    if _CREDIT.match(flat):
        return Cue("caption", "caption", "a credit in brackets")
    return _match(flat)


def _match(flat: str) -> Cue | None:
    """Return the cue of the first group that matches; within a group the leftmost phrase, then the earlier one."""
    index = _index()
    count = flat.count(" ") + 1
    if count > index.most_words:
        return None
    words = _WORD.findall(_folded(flat))
    near = [*index.first.get(words[0], ())] if words else []
    near += index.wordless
    for word in set(words) & index.inside.keys():
        near += index.inside[word]
    group, best = "", None
    for phrase in sorted(near):
        if best is not None and phrase.group != group:
            break
        found = phrase.pattern.search(flat) if count <= phrase.most_words else None
        if found and (best is None or found.start() < best[1].start()):
            group, best = phrase.group, (phrase, found)
    if best is None:
        return None
    phrase, found = best
    return Cue(phrase.group, phrase.kind, found.group().strip(), phrase.truncates, phrase.ends)


def _folded(text: str) -> str:
    return text.translate(_SAME_LETTER).lower()


@cache
def _index() -> _Index:
    data = tomllib.loads(files("mediakit.load").joinpath("cues.toml").read_text("utf-8"))
    index = _Index(most_words=max(group["most_words"] for group in data.values()))
    place = 0
    for name, group in data.items():
        facts = (name, group["kind"], group["most_words"], group.get("truncates", False), group.get("ends", False))
        for text in (text for value in group.values() if isinstance(value, list) for text in value):
            place += 1
            phrase = _Phrase(place, *facts, re.compile(_phrase_pattern(text), re.IGNORECASE))
            words = _WHOLE.findall(_folded(text))
            if not words:
                index.wordless.append(phrase)
            elif _TIED.match(text):
                index.first.setdefault(words[0], []).append(phrase)
            else:
                index.inside.setdefault(max(words, key=len), []).append(phrase)  # the longest is mostly the rarest
    return index


def _phrase_pattern(phrase: str) -> str:
    """Turn a phrase into a pattern: bounded wildcards only, so that no line can make it slow."""
    start, end = phrase.startswith("^"), phrase.endswith("$") and len(phrase) > 1
    body = phrase[start : len(phrase) - end]
    parts = ".{0,40}?".join(re.escape(part) for part in body.split("*"))
    left = "^" if start else (r"(?<!\w)" if body[:1].isalnum() else "")
    right = r"\W*$" if end else (r"(?!\w)" if body[-1:].isalnum() else "")
    return left + parts + right
