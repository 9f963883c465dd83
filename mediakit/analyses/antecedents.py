"""Whom a pronoun means: the persons and bodies before it, weighed by gender, distance and how prominent they are.

The weights (`antecedents.toml`) were learned from pronouns of news articles whose meaning a person wrote down
(`training/antecedents.py`): a sum of weights per candidate, the highest sum wins. Most of the sum belongs to a mention
and not to a pair, so that it is worked out once for all mentions of a batch.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.entities import FEMALE, MALE, THING, Entity
from mediakit.analyses.mention_kinds import BODY, NAME, PRONOUN, ROLE
from mediakit.analyses.mentions import Mentions
from mediakit.analyses.word_classes import LINE, SPACE
from mediakit.errors import ModelError

ANYBODY = -1  # a person, man or woman: whom a role means
REACH = 12  # sentences that a pronoun looks back
_FAR = 6  # sentences; beyond, distance costs no more
_SEXES = (MALE, FEMALE)
_LOGS = np.log2(np.arange(1, 65)).tolist()
PROMINENCE = (
    "speaks",
    "cue",
    "verb",
    "first",
    "object",
    "owner",
    "titled",
    "pronoun",
    "role",
    "body",
    "lone",
    "opens",
    "told_by",
    "apposed",
    "reported",
)
PAIR = (
    "same_sentence", "same_sentence_owner", "same_first", "next_sentence", "sentences", "other_paragraph", "crossed",
    "quoted", "both_quoted", "told_of", "both_told_of", "named_after", "named_quoted", "spoke", "spoke_silent",
    "spoke_here", "opens_here",
    "spoke_role", "owners", "chain", "chain_here", "frequency",
    "frequency_role", "sex", "person", "open",
    "sex_role", "many", "many_body", "many_person", "thing", "thing_open", "anybody",
)  # fmt: skip
_AUXILIARIES = frozenset((
    "is", "was", "are", "were", "has", "had", "have", "will", "would", "could", "can", "may", "might", "did", "does",
    "should", "also", "never", "often", "later", "then", "went", "took", "made", "gave", "got", "came", "won", "lost",
    "ran", "led", "held", "spoke", "met", "saw", "left", "sent", "kept", "began", "wants", "plans", "seeks", "won't",
    "didn't", "hasn't", "isn't", "wasn't", "hadn't", "doesn't",
))  # fmt: skip
_PREPOSITIONS = frozenset((
    "of", "to", "with", "by", "for", "about", "at", "against", "on", "from", "in", "over", "than", "like", "between",
    "among", "behind", "after", "under", "versus",
))  # fmt: skip


@dataclass(slots=True)
class Recent:
    """When an entity was mentioned last, and its most prominent mention in that sentence."""

    turn: int
    sentence: int
    paragraph: int
    weight: float
    place: int  # of the prominent mention
    quoted: bool
    reported: bool  # whether it stands in what somebody says, with or without marks
    first: bool  # whether that mention is the first of its sentence
    opens: bool  # whether it is the first of its paragraph
    owner: bool  # whether it stands in the genitive
    entity: Entity


@dataclass(slots=True)
class Asked:
    """A pronoun, or a role without a bearer, whose meaning is wanted."""

    gender: int  # MALE, FEMALE, THING, ANYBODY, or 0 for "they"
    turn: int
    sentence: int
    paragraph: int
    quoted: bool
    reported: bool
    owner: bool
    talks: bool
    spoke: int  # number of the entity that spoke last
    chained: int  # number of the entity that the last pronoun of this gender meant
    here: bool  # whether that pronoun stands in the same paragraph
    after: Set[int]  # numbers of the entities named later in the sentence: "He said Lee left" is not said by Lee
    said: Set[int]  # numbers of the entities named in the quotations of its paragraph, for a speaker


def weigh_prominence(
    mentions: Mentions, quoted: NDArray[np.bool_], speaking: NDArray[np.bool_], reported: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return how prominent each mention is, by kind of sign: one row per mention, one column per name in PROMINENCE.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> from mediakit.analyses.mentions import read_mentions
    >>> from mediakit.analyses.word_classes import Reading
    >>> mentions = read_mentions(Reading(tokenize(make_articles([{"text": "Helen Lee met Omar.", "language": "en"}]))))
    >>> none = np.zeros(len(mentions), dtype=bool)
    >>> weigh_prominence(mentions, none, none, none)[:, PROMINENCE.index("first")].tolist()
    [1.0, 0.0]
    """
    reading, n = mentions.reading, len(mentions)
    found = np.zeros((n, len(PROMINENCE)))
    if not n:
        return found
    tokens, lower = reading.tokens, reading.lower
    after, before = mentions.last + 1, mentions.first - 1
    kind, gap = np.append(reading.kind, 0), np.append(reading.gap, ord(LINE))
    term = np.append(tokens.term, 0)
    auxiliary = np.fromiter((word in _AUXILIARIES for word in lower), dtype=np.bool_, count=len(lower))
    preposition = np.fromiter((word in _PREPOSITIONS for word in lower), dtype=np.bool_, count=len(lower))
    joined = gap[after] == ord(SPACE)
    cue = (kind[after] == ord("v")) & joined
    outside = ~quoted
    sentence = tokens.sentence[mentions.first]
    first = np.zeros(n, dtype=np.bool_)
    plain = np.flatnonzero(outside)
    first[plain] = np.append(True, sentence[plain][1:] != sentence[plain][:-1])[: len(plain)]
    paragraph = np.cumsum(reading.gap == ord(LINE))[mentions.first]
    opens = np.zeros(n, dtype=np.bool_)
    opens[plain] = np.append(True, paragraph[plain][1:] != paragraph[plain][:-1])[: len(plain)]
    for column, values in (
        ("opens", opens), ("told_by", (kind[before] == ord("v")) & (gap[mentions.first] == ord(SPACE))),
        ("apposed", (gap[after] == ord(",")) & (mentions.kind <= BODY)), ("speaks", speaking), ("cue", cue),
        ("verb", (cue | (kind[after] == ord("e")) | auxiliary[term[after]]) & joined),
        ("first", first), ("object", preposition[term[before]] & (gap[mentions.first] == ord(SPACE))),
        ("owner", mentions.owner), ("titled", mentions.title >= 0), ("pronoun", mentions.kind == PRONOUN),
        ("role", mentions.kind == ROLE), ("body", mentions.kind == BODY),
        ("reported", reported & outside), ("lone", (mentions.kind == NAME) & (mentions.head == mentions.last)),
    ):  # fmt: skip
        found[:, PROMINENCE.index(column)] = values
    return found


def choose_antecedent(asked: Asked, candidates: Iterable[Recent], weights: Mapping[str, float]) -> Entity | None:
    """Return whom a pronoun most probably means, or nothing.

    Parameters
    ----------
    asked : Asked
    candidates : iterable of Recent
        From the last mentioned to the first.
    weights : mapping of float, as `load_weights` returns it
    """
    best, most = None, -1e9
    for row, fit, pair in weigh_candidates(asked, candidates, weights):
        value = fit + row.weight + pair
        if value > most:
            best, most = row.entity, value
    return best


def weigh_candidates(
    asked: Asked, candidates: Iterable[Recent], weights: Mapping[str, float]
) -> Iterator[tuple[Recent, float, float]]:
    """Yield each candidate that may be meant, how well it fits, and what distance and the course of the text say.

    Parameters
    ----------
    asked, candidates, weights : as for `choose_antecedent`
    """
    sexed = asked.gender in _SEXES
    crossed = 0  # candidates that fit as well and stand between
    gender, sentence, turn, paragraph, quoted = asked.gender, asked.sentence, asked.turn, asked.paragraph, asked.quoted
    owner, spoke, chained, after, said = asked.owner, asked.spoke, asked.chained, asked.after, asked.said
    often = weights["frequency_role" if gender == ANYBODY else "frequency"]
    same_sentence = weights["same_sentence_owner" if owner else "same_sentence"]
    for row in candidates:
        behind = sentence - row.sentence
        if behind > REACH:
            break
        one = row.entity
        if sexed and (one.gender == THING or one.many):
            continue  # most; `fit_gender` says the same
        fit = fit_gender(one, gender, weights)
        if fit is None:
            continue
        number, count = one.number, one.count
        value = often * _LOGS[count if count < 63 else 63] + weights["crossed"] * (crossed if crossed < 4 else 4)
        if not behind and quoted == row.quoted:
            value += same_sentence
            if row.first:
                value += weights["same_first"]
        else:
            distance = behind if quoted else turn - row.turn
            value += weights["sentences"] * (distance if distance < _FAR else _FAR)
            if distance <= 1:
                value += weights["next_sentence"]
        here = paragraph == row.paragraph
        if not here:
            value += weights["other_paragraph"]
        if row.quoted:
            value += weights["both_quoted" if quoted else "quoted"]
        if row.reported:
            value += weights["both_told_of" if asked.reported and not behind else "told_of"]
        if number in after:
            value += weights["named_after"]
        if number in said:
            value += weights["named_quoted"]
        if number == spoke:
            value += weights["spoke" if asked.talks else "spoke_silent"] + weights["spoke_role"] * (one.kind == ROLE)
            if here:
                value += weights["spoke_here"]
        if here and row.opens:
            value += weights["opens_here"]
        if owner and row.owner:
            value += weights["owners"]
        if number == chained:
            value += weights["chain"] + weights["chain_here"] * asked.here
        yield row, fit, value
        crossed += 1


def fit_gender(one: Entity, gender: int, weights: Mapping[str, float]) -> float | None:
    """Return how well an entity fits the gender of a pronoun; nothing where it cannot be meant."""
    if one.pair is not None and gender != 0:
        return None  # two persons are "they"
    if gender == ANYBODY:
        return weights["anybody"] if one.kind == NAME and one.gender != THING else None
    if gender in _SEXES:
        if one.gender == THING or one.many or (one.gender in _SEXES and one.gender != gender):
            return None
        known = one.person or one.kind == ROLE  # "a reporter" is a person, man or woman
        fit = weights["sex"] if one.gender == gender else weights["person"] if known else weights["open"]
        return fit + weights["sex_role"] * (one.kind == ROLE)
    if gender == THING:
        if one.gender == THING and one.kind in (BODY, ROLE) and not one.many:
            return weights["thing"] * (one.kind == BODY)
        # A name of no known kind: "WikiLeaks", "Monsanto".
        return weights["thing_open"] if one.kind == NAME and not one.gender and not one.person else None
    fit = weights["many"] if one.many else weights["many_body"] if one.kind in (BODY, ROLE) else 0.0
    return fit + weights["many_person"] * (one.gender in _SEXES)


@cache
def load_weights() -> dict[str, float]:
    """Read the learned weights.

    Raises
    ------
    ModelError
        When the file lacks a weight.

    Examples
    --------
    >>> load_weights()["sex"] > load_weights()["open"]
    True
    """
    data = tomllib.loads(files("mediakit.analyses").joinpath("antecedents.toml").read_text("utf-8"))
    return check_weights(data["weights"])


def check_weights(given: Mapping[str, float]) -> dict[str, float]:
    """Return the weights, or raise `ModelError` naming those that are missing or unknown.

    Examples
    --------
    >>> check_weights({"speaks": 1.0})
    Traceback (most recent call last):
    ...
    mediakit.errors.ModelError: antecedents.toml: weights lack cue, verb, first, ...
    """
    missing = [name for name in (*PROMINENCE, *PAIR) if name not in given]
    if missing:
        shown = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise ModelError(f"antecedents.toml: weights lack {shown}")
    return {name: float(given[name]) for name in (*PROMINENCE, *PAIR)}
