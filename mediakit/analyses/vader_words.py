"""What VADER sees in each distinct word: its valence, and whether it negates, boosts, shouts or is an emoji.

Lexicon, word lists and constants are read from the installed package vaderSentiment.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mediakit.lexicons.sentiment_lexicons import load_lexicon

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Valences: TypeAlias = str | Mapping[str, float]

_KELVIN = "\u212a"  # the one character beyond ASCII whose small letter is in ASCII
# The words that the rules name, beside those of the lexicon, the boosters and the negations.
_NAMED = ("no", "or", "nor", "but", "least", "at", "very", "never", "so", "this", "without", "doubt", "kind", "of")


@dataclass(frozen=True)
class Rules:
    """vaderSentiment's lists, as arrays over the words that mean something to it; word 0 stands for all others."""

    words: pa.Array
    number: dict[str, int]
    valence: Floats
    in_lexicon: Bools
    booster: Floats
    is_booster: Bools
    negates: Bools
    named: dict[str, int]
    opens: Bools
    closes: Bools
    emojis: dict[str, str]
    wide: frozenset[str]  # characters beyond ASCII that a word of the lists may have, or become one of them as small


@cache
def analyzer() -> Any:
    """Return vaderSentiment's analyzer, for its lexicon and its emojis."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def rules_of(lexicon: Valences) -> Rules:
    """Return the lists with the valences of a lexicon."""
    return _named_rules(lexicon) if isinstance(lexicon, str) else _make_rules(lexicon)


@cache
def _named_rules(name: str) -> Rules:
    return _make_rules(analyzer().lexicon if name == "vader" else load_lexicon(name).weighted())


def _make_rules(lexicon: Mapping[str, float]) -> Rules:
    from vaderSentiment import vaderSentiment as vader

    pairs = [phrase.split() for phrase in (*vader.SPECIAL_CASES, *vader.BOOSTER_DICT) if " " in phrase]
    spoken = [word for pair in pairs for word in pair]
    words = dict.fromkeys(["", *_NAMED, *lexicon, *vader.BOOSTER_DICT, *vader.NEGATE, *spoken])
    number = {word: place for place, word in enumerate(words)}
    size = len(number)
    opens, closes = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    for pair in pairs:
        opens[[number[word] for word in pair[:-1]]] = True
        closes[[number[word] for word in pair[1:]]] = True
    return Rules(
        pa.array(list(words), type=pa.large_string()),
        number,
        valence=np.array([lexicon.get(word, 0.0) for word in words]),
        in_lexicon=np.array([word in lexicon for word in words]),
        booster=np.array([vader.BOOSTER_DICT.get(word, 0.0) for word in words]),
        is_booster=np.array([word in vader.BOOSTER_DICT for word in words]),
        negates=np.array([vader.negated([word]) for word in words]),
        named={word: number[word] for word in _NAMED},
        opens=opens,
        closes=closes,
        emojis=analyzer().emojis,
        wide=frozenset(char for word in words for char in word + word.upper() if not char.isascii()) | {_KELVIN},
    )


@dataclass(frozen=True)
class Facts:
    """What VADER sees in each distinct piece."""

    pieces: pa.Array
    word: NDArray[np.int32]
    upper: Bools
    negates: Bools
    exclamations: NDArray[np.int64]
    questions: NDArray[np.int64]
    emoji: Bools
    rules: Rules

    def spoken(self, code: NDArray[np.int32]) -> list[str]:
        """Return some pieces as strings; half characters, which mean nothing to VADER, are replaced."""
        return self.pieces.take(pa.array(code)).to_pylist()


def bare_word(piece: str) -> str:
    """Return a piece without the punctuation around it; with two characters or fewer left, it was an emoticon."""
    bare = piece.strip(string.punctuation)
    return bare if len(bare) > 2 else piece


def look_up(distinct: pa.Array, lexicon: Valences) -> Facts:
    """Ask the vocabulary: the number of each piece's word, its capitals, its marks."""
    rules = rules_of(lexicon)
    pieces = distinct
    if not pa.types.is_large_string(distinct.type):
        known = [piece.decode("utf-8", "replace") for piece in distinct.to_pylist()]
        pieces = pa.array(known, type=pa.large_string())
    bare = pc.ascii_trim(pieces, characters=string.punctuation)
    words = pc.if_else(pc.greater(pc.utf8_length(bare), 2), bare, pieces)
    lower = pc.ascii_lower(words)
    number = pc.index_in(lower, value_set=rules.words).fill_null(0).to_numpy().astype(np.int32)
    upper = as_bools(pc.ascii_is_upper(words))
    emoji = np.zeros(len(pieces), dtype=np.bool_)
    others = np.flatnonzero(~as_bools(pc.string_is_ascii(pieces)))
    if len(others):  # case beyond ASCII is what Python says
        beyond = pieces.take(pa.array(others))
        wide = beyond.to_pylist()
        upper[others] = np.fromiter(map(str.isupper, wide), dtype=np.bool_, count=len(wide))
        printed = set("".join(wide))
        emoji[others] = _hold(beyond, printed & rules.emojis.keys())
        for piece in np.flatnonzero(_hold(beyond, printed & rules.wide)).tolist():
            number[others[piece]] = rules.number.get(bare_word(wide[piece]).lower(), 0)
    negates = rules.negates[number] | as_bools(pc.match_substring(lower, "n't"))
    calls, asks = (pc.count_substring(pieces, mark).to_numpy().astype(np.int64) for mark in "!?")
    return Facts(pieces, number, upper, negates, calls, asks, emoji, rules)


def _hold(pieces: pa.Array, characters: set[str]) -> Bools:
    """Tell which pieces hold one of the characters."""
    if not characters:
        return np.zeros(len(pieces), dtype=np.bool_)
    return as_bools(pc.match_substring_regex(pieces, f"[{''.join(map(re.escape, sorted(characters)))}]"))


def as_bools(array: pa.BooleanArray) -> Bools:
    """Return an Arrow array of truth values as a NumPy array."""
    return array.to_numpy(zero_copy_only=False).astype(np.bool_)
