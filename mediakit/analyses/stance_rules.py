"""Stance by rules that can be read: who does what to the target, what it does, and what is said of it.

The words are in stance_rules.toml, by the part that the target plays. "The police attacked the marchers" is against
neither for the police nor the marchers by its tone alone; the rules ask who attacks whom.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mediakit.analyses.stance_words import NAME, SAME
from mediakit.analyses.vader import valence_of

RULES_THRESHOLD = 0.1  # beyond it a score is for or against
_REACH = 8  # words between the target and what is said of it
_NEAR = 5  # words between the target and an adjective or noun
_TURNS = 3  # words before a word that may turn it
_NEGATED, _MODAL = -0.8, 0.5
_TONE = 0.1  # of a word that plays no known part: a tenth of its valence in VADER's lexicon, -4 to 4
_STOPS = frozenset((";", ":", "—", "–", ".", "?", "!", "(", ")", "but", "although", "though", "while", "whereas"))


@dataclass(frozen=True)
class Rules:
    """The word lists: word -> value, for whole words and for beginnings of words; and the words around."""

    to_target: dict[str, float]
    by_target: dict[str, float]
    about_target: dict[str, float]
    around: dict[str, frozenset[str]]
    name_heads: frozenset[str]


@cache
def load_rules() -> Rules:
    """Read the rules that come with mediakit.

    Examples
    --------
    >>> rules = load_rules()
    >>> rules.to_target["prais*"], rules.by_target["lied"], "never" in rules.around["negators"]
    (1.0, -1.0, True)
    """
    data = tomllib.loads(files("mediakit.analyses").joinpath("stance_rules.toml").read_text("utf-8"))
    around = {name: frozenset(words.split()) for name, words in data.pop("around").items()}
    heads = frozenset(data.pop("names")["heads"].split())
    lists = {
        part: {word: sign for side, sign in (("favour", 1.0), ("against", -1.0)) for word in sides[side].split()}
        for part, sides in data.items()
    }
    return Rules(lists["to_target"], lists["by_target"], lists["about_target"], around, heads)


@cache
def _value(part: str, word: str) -> float:
    """Return what a word is worth in a list: as it stands, or by its beginning, the longest first."""
    listed: dict[str, float] = getattr(load_rules(), part)
    if word in listed:
        return listed[word]
    for size in range(len(word), 2, -1):
        found = listed.get(f"{word[:size]}*")
        if found is not None:
            return found
    return 0.0


def judge(words: Sequence[str], place: int) -> tuple[float, list[tuple[str, float]]]:
    """Return the stance toward the target, -1 to 1, and the words that made it, each with its value.

    Parameters
    ----------
    words : sequence of str
        In lower case, names masked; see `masked_words`.
    place : int
        Where the target stands.

    Examples
    --------
    >>> judge(["police", "attacked", "<target>", "."], 2)[1]
    [('attacked', -1.0)]
    >>> judge(["<target>", "was", "not", "welcomed", "by", "<name>"], 0)[1]
    [('not welcomed', -0.8)]
    """
    around = load_rules().around
    left, right = _clause(words, place)
    found: list[tuple[str, float]] = []
    for at in range(left, right):
        if at == place:
            continue
        value = _role(words, at, place, around)
        if not value:
            continue
        before = words[max(left, at - _TURNS) : at]
        turned = [word for word in before if word in around["negators"] or word.endswith("n't")]
        told = words[at]
        if turned:
            value, told = value * _NEGATED, f"{turned[-1]} {told}"
        elif not around["modals"].isdisjoint(before):
            value *= _MODAL
        found.append((told, round(value, 3)))
    total = sum(value for _, value in found)
    return max(-1.0, min(1.0, 1.5 * total / (1 + abs(total)))), found


def _clause(words: Sequence[str], place: int) -> tuple[int, int]:
    left = place
    while left > 0 and words[left - 1] not in _STOPS:
        left -= 1
    right = place + 1
    while right < len(words) and words[right] not in _STOPS:
        right += 1
    return left, right


def _role(words: Sequence[str], at: int, place: int, around: dict[str, frozenset[str]]) -> float:
    """Return the value of a word for the target by the part that the target plays in it; 0 where it plays none."""
    word = words[at]
    between = words[at + 1 : place] if at < place else words[place + 1 : at]
    if len(between) > _REACH:
        return valence_of(word) * _TONE
    other = NAME in between or SAME in between
    passive = not around["passives"].isdisjoint(words[max(0, at - 2) : at])
    if at < place:
        doer = bool(between) and between[-1] in around["doers"]
        if doer and passive:
            return _value("by_target", word)
        value = _value("to_target", word)
        if value and not passive and not other:
            return value
    else:
        if passive and not other:
            value = _value("to_target", word)
            if value:
                return value
        value = _value("by_target", word)
        if value and not passive and not other:
            return value
    if len(between) <= _NEAR and not other:
        value = _value("about_target", word)
        if value:
            return value
    return valence_of(word) * _TONE
