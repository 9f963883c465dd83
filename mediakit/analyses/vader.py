"""VADER, exactly as vaderSentiment scores it, over a vocabulary instead of a loop over strings.

Lexicon, word lists and constants are read from the installed package vaderSentiment (Hutto & Gilbert 2014, doi
10.1609/icwsm.v8i1.14550); the rules of its `polarity_scores` are followed in its order, quirks included, on all
sentiment words of all sentences at once. Every score is equal to vaderSentiment's (3.3.2) in its last decimal:
tests and benchmarks compare them on real sentences and on random ones.

A word, here as there, is a white-space piece without the punctuation around it.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mediakit.lexicons.sentiment_lexicons import load_lexicon
from mediakit.text.pieces import read_pieces

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Valences: TypeAlias = str | Mapping[str, float]

_STRAIGHT = str.maketrans("‘’‚‛ʼ＇“”„‟«»＂", '\'\'\'\'\'\'"""""""')
_KELVIN = "\u212a"  # the one character beyond ASCII whose small letter is in ASCII
# The words that the rules name, beside those of the lexicon, the boosters and the negations.
_NAMED = ("no", "or", "nor", "but", "least", "at", "very", "never", "so", "this", "without", "doubt", "kind", "of")


def score_sentences(texts: Iterable[str | None], *, lexicon: Valences = "vader") -> pd.DataFrame:
    """Score texts with VADER, each as one sentence, exactly as vaderSentiment's `polarity_scores` does.

    Parameters
    ----------
    texts : iterable of str
    lexicon : "vader", "news" or mapping of word to valence, default "vader"
        The valences: VADER's own, those of the list for news, or yours; the rules are the same.

    Returns
    -------
    DataFrame, one row per text
        compound : float from -1 to +1, with four decimals
        pos, neu, neg : float from 0 to 1, shares of the words' weight, with three decimals
        NaN for what is no string.

    Notes
    -----
    The compound of a text grows with its length toward ±1: score sentences, not articles (see `score_sentiment`).

    Examples
    --------
    >>> score_sentences(["The talks were not good."])["compound"].tolist()
    [-0.3412]
    """
    given = list(texts)
    missing: list[int] = []
    if not {str}.issuperset(map(type, given)):
        missing = [number for number, text in enumerate(given) if not isinstance(text, str)]
        given = [text if isinstance(text, str) else "" for text in given]
    pieces = read_pieces(cast("list[str]", given))
    scores = score_pieces(pieces.distinct, pieces.code, pieces.first, lexicon)[:, :4]
    scores[missing] = np.nan
    return pd.DataFrame(scores, columns=["compound", "pos", "neu", "neg"])


def straighten(text: str) -> str:
    """Return a text with straight quotation marks and apostrophes, one character for one.

    vaderSentiment knows no others: in “wasn’t good” it misses the negation, and in “good” the word.

    Examples
    --------
    >>> straighten("A “good” day")
    'A "good" day'
    """
    return text if text.isascii() else text.translate(_STRAIGHT)


def score_pieces(
    distinct: pa.Array, code: NDArray[np.int32], first: NDArray[np.int64], lexicon: Valences = "vader"
) -> Floats:
    """Score sentences that are given as pieces.

    Parameters
    ----------
    distinct : Arrow array of strings, the distinct pieces
    code : array, one value per piece
    first : array, one value per sentence and one more
        Sentence `n` has the pieces ``first[n]:first[n + 1]``.
    lexicon : "vader", "news" or mapping of word to valence, default "vader"
        The valences; the rules are VADER's.

    Returns
    -------
    array of shape (sentences, 6)
        compound, pos, neu, neg; number of words with positive, and with negative valence.
    """
    facts = _look_up(distinct, lexicon)
    scores = _score(facts, code, first)
    if facts.emoji.any():
        # An emoji stands for its description, which changes the number of words: these sentences are read again.
        emojis = _vader().emojis
        again = np.unique(np.searchsorted(first, np.flatnonzero(facts.emoji[code]), side="right") - 1)
        texts = [" ".join(facts.spoken(code[first[k] : first[k + 1]])) for k in again.tolist()]
        pieces = read_pieces([_describe_emojis(text, emojis) for text in texts])
        scores[again] = _score(_look_up(pieces.distinct, lexicon), pieces.code, pieces.first)
    return scores


def count_emojis(text: str) -> int:
    """Count the characters that VADER reads as the words of their description."""
    emojis = _vader().emojis
    return sum(char in emojis for char in text)


def _describe_emojis(text: str, emojis: dict[str, str]) -> str:
    parts = []
    after_space = True
    for char in text:
        if char in emojis:
            parts.append(emojis[char] if after_space else " " + emojis[char])
            after_space = False
        else:
            parts.append(char)
            after_space = char == " "
    return "".join(parts)


@dataclass(frozen=True)
class _Rules:
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
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def _rules(lexicon: Valences) -> _Rules:
    return _named_rules(lexicon) if isinstance(lexicon, str) else _make_rules(lexicon)


@cache
def _named_rules(name: str) -> _Rules:
    return _make_rules(_vader().lexicon if name == "vader" else load_lexicon(name).weighted())


def _make_rules(lexicon: Mapping[str, float]) -> _Rules:
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
    return _Rules(
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
        emojis=_vader().emojis,
        wide=frozenset(char for word in words for char in word + word.upper() if not char.isascii()) | {_KELVIN},
    )


@dataclass(frozen=True)
class _Facts:
    """What VADER sees in each distinct piece."""

    pieces: pa.Array
    word: NDArray[np.int32]
    upper: Bools
    negates: Bools
    exclamations: NDArray[np.int64]
    questions: NDArray[np.int64]
    emoji: Bools
    rules: _Rules

    def spoken(self, code: NDArray[np.int32]) -> list[str]:
        """Return some pieces as strings; half characters, which mean nothing to VADER, are replaced."""
        return self.pieces.take(pa.array(code)).to_pylist()


def bare_word(piece: str) -> str:
    """Return a piece without the punctuation around it; with two characters or fewer left, it was an emoticon."""
    bare = piece.strip(string.punctuation)
    return bare if len(bare) > 2 else piece


def _look_up(distinct: pa.Array, lexicon: Valences) -> _Facts:
    """Ask the vocabulary: the number of each piece's word, its capitals, its marks."""
    rules = _rules(lexicon)
    pieces = distinct
    if not pa.types.is_large_string(distinct.type):
        known = [piece.decode("utf-8", "replace") for piece in distinct.to_pylist()]
        pieces = pa.array(known, type=pa.large_string())
    bare = pc.ascii_trim(pieces, characters=string.punctuation)
    words = pc.if_else(pc.greater(pc.utf8_length(bare), 2), bare, pieces)
    lower = pc.ascii_lower(words)
    number = pc.index_in(lower, value_set=rules.words).fill_null(0).to_numpy().astype(np.int32)
    upper = _bools(pc.ascii_is_upper(words))
    emoji = np.zeros(len(pieces), dtype=np.bool_)
    others = np.flatnonzero(~_bools(pc.string_is_ascii(pieces)))
    if len(others):  # case beyond ASCII is what Python says
        beyond = pieces.take(pa.array(others))
        wide = beyond.to_pylist()
        upper[others] = np.fromiter(map(str.isupper, wide), dtype=np.bool_, count=len(wide))
        printed = set("".join(wide))
        emoji[others] = _hold(beyond, printed & rules.emojis.keys())
        for piece in np.flatnonzero(_hold(beyond, printed & rules.wide)).tolist():
            number[others[piece]] = rules.number.get(bare_word(wide[piece]).lower(), 0)
    negates = rules.negates[number] | _bools(pc.match_substring(lower, "n't"))
    calls, asks = (pc.count_substring(pieces, mark).to_numpy().astype(np.int64) for mark in "!?")
    return _Facts(pieces, number, upper, negates, calls, asks, emoji, rules)


def _hold(pieces: pa.Array, characters: set[str]) -> Bools:
    """Tell which pieces hold one of the characters."""
    if not characters:
        return np.zeros(len(pieces), dtype=np.bool_)
    return _bools(pc.match_substring_regex(pieces, f"[{''.join(map(re.escape, sorted(characters)))}]"))


def _bools(array: pa.BooleanArray) -> Bools:
    return array.to_numpy(zero_copy_only=False).astype(np.bool_)


def _score(facts: _Facts, code: NDArray[np.int32], first: NDArray[np.int64]) -> Floats:
    _, sentence, valence = _find_valences(facts, code, first)
    return _sum_up(sentence, valence, np.diff(first), _emphasis(facts, code, first))


def weigh_words(
    distinct: pa.Array, code: NDArray[np.int32], first: NDArray[np.int64], lexicon: Valences = "vader"
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return piece, sentence and valence of every word that carries sentiment, as VADER adds them up.

    Parameters as in `score_pieces`. In a sentence with an emoji, the emoji itself is left out.
    """
    return _find_valences(_look_up(distinct, lexicon), code, first)


def _find_valences(
    facts: _Facts, code: NDArray[np.int32], first: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    sizes = np.diff(first)
    capitals = np.diff(np.searchsorted(np.flatnonzero(facts.upper[code]), first))
    place, sentence, valence = _weigh_words(facts, code, first, (capitals > 0) & (capitals < sizes))
    return place, sentence, _turn_at_but(facts, code, first, place, sentence, valence)


def _weigh_words(
    facts: _Facts, code: NDArray[np.int32], first: NDArray[np.int64], some_capitals: Bools
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return place, sentence and valence of every word that carries sentiment, in order (`sentiment_valence`)."""
    from vaderSentiment.vaderSentiment import C_INCR, N_SCALAR

    rules = facts.rules
    named = rules.named
    place = np.flatnonzero((rules.in_lexicon & ~rules.is_booster)[facts.word][code])
    sentence = np.searchsorted(first, place, side="right") - 1
    index = place - first[sentence]
    left = first[sentence + 1] - 1 - place  # words that follow in the sentence
    follows = np.where(left > 0, facts.word[code[np.minimum(place + 1, len(code) - 1)]], 0)
    here = facts.word[code[place]]
    keep = ~((here == named["kind"]) & (follows == named["of"]))
    place, sentence, index = place[keep], sentence[keep], index[keep]
    left, follows, here = left[keep], follows[keep], here[keep]
    back = [np.where(index > step, place - step - 1, 0) for step in range(3)]
    before = [np.where(index > step, facts.word[code[at]], 0) for step, at in enumerate(back)]
    one, two, three = before
    mixed = some_capitals[sentence]

    valence = rules.valence[here]
    no = named["no"]
    valence[(here == no) & (left > 0) & rules.in_lexicon[follows]] = 0.0
    denied = (one == no) | (two == no) | ((three == no) & ((one == named["or"]) | (one == named["nor"])))
    valence = np.where(denied, rules.valence[here] * N_SCALAR, valence)
    loud = facts.upper[code[place]] & mixed
    valence = np.where(loud, np.where(valence > 0, valence + C_INCR, valence - C_INCR), valence)

    so_or_this = (one == named["so"]) | (one == named["this"])
    never_so = (two == named["so"]) | (two == named["this"])
    doubt_one, doubt_two = one == named["doubt"], two == named["doubt"]
    never, without = named["never"], named["without"]
    stronger = [np.zeros(len(place), dtype=np.bool_)] * 3
    unmoved = list(stronger)
    stronger[1] = (two == never) & so_or_this
    unmoved[1] = (two == without) & doubt_one
    stronger[2] = ((three == never) & never_so) | so_or_this
    unmoved[2] = (three == without) & (doubt_two | doubt_one)
    for step, (at, other) in enumerate(zip(back, before, strict=True)):
        reached = (index > step) & ~rules.in_lexicon[other]
        boosted = reached & rules.is_booster[other]
        scalar = rules.booster[other] * np.where(valence < 0, -1, 1)
        shouted = facts.upper[code[at]] & mixed
        scalar = np.where(shouted, np.where(valence > 0, scalar + C_INCR, scalar - C_INCR), scalar)
        if step:
            scalar = scalar * (0.95 if step == 1 else 0.9)
        valence = np.where(boosted, valence + scalar, valence)
        negated = facts.negates[code[at]] & ~unmoved[step] & ~stronger[step]
        valence = np.where(reached & stronger[step], valence * 1.25, valence)
        valence = np.where(reached & negated, valence * N_SCALAR, valence)
        if step == 2:
            near = (rules.opens[three] & rules.closes[two]) | (rules.opens[two] & rules.closes[one])
            near |= (rules.opens[one] & rules.closes[here]) | (rules.opens[here] & rules.closes[follows])
            found = np.flatnonzero(reached & near)
            window = np.minimum(place[found, None] + np.arange(-3, 3), len(code) - 1)
            spoken = [bare_word(piece).lower() for piece in facts.spoken(code[window.ravel()])]
            for row, number in enumerate(found.tolist()):
                words = spoken[6 * row : 6 * row + 4 + min(int(left[number]), 2)]
                valence[number] = _check_idioms(float(valence[number]), words)
    at_or_very = (two == named["at"]) | (two == named["very"])
    least = (one == named["least"]) & ~rules.in_lexicon[one] & ~((index > 1) & at_or_very)
    return place, sentence, np.where(least, valence * N_SCALAR, valence)


def _check_idioms(valence: float, spoken: list[str]) -> float:
    """Return the valence of the fourth word, given the three before and up to two after (`_special_idioms_check`)."""
    from vaderSentiment.vaderSentiment import BOOSTER_DICT, SPECIAL_CASES

    three, two, one, zero, *after = spoken
    twoone, threetwo, threetwoone = f"{two} {one}", f"{three} {two}", f"{three} {two} {one}"
    for phrase in (f"{one} {zero}", f"{two} {one} {zero}", twoone, threetwoone, threetwo):
        if phrase in SPECIAL_CASES:
            valence = SPECIAL_CASES[phrase]
            break
    for number in range(1, len(after) + 1):
        valence = SPECIAL_CASES.get(" ".join([zero, *after[:number]]), valence)
    for phrase in (threetwoone, threetwo, twoone):
        valence += BOOSTER_DICT.get(phrase, 0)
    return valence


def _turn_at_but(
    facts: _Facts,
    code: NDArray[np.int32],
    first: NDArray[np.int64],
    place: NDArray[np.int64],
    sentence: NDArray[np.int64],
    valence: Floats,
) -> Floats:
    """Weaken what stands before the first "but" of a sentence and strengthen what follows (`_but_check`).

    vaderSentiment looks each value up by its first equal in the list, so that of equal values one may be changed twice
    and another not at all. This is followed, with heaps in place of its search from the start.
    """
    buts = np.flatnonzero((facts.word == facts.rules.named["but"])[code])
    if not len(buts) or not len(place):
        return valence
    owners, firsts = np.unique(np.searchsorted(first, buts, side="right") - 1, return_index=True)
    turn = np.full(len(first) - 1, -1, dtype=np.int64)
    turn[owners] = buts[firsts]
    turned = turn[sentence] >= 0
    at, owner, values = place[turned], sentence[turned], valence[turned]
    factor = np.where(at < turn[owner], 0.5, 1.5)
    changed = values * factor
    # Where no value, old or new, occurs twice in the sentence, each is found at its own place.
    both, owners = np.concatenate([values, changed]), np.concatenate([owner, owner])
    order = np.lexsort((both, owners))
    twice = (both[order][1:] == both[order][:-1]) & (owners[order][1:] == owners[order][:-1]) & (both[order][1:] != 0)
    for number in np.unique(owners[order][1:][twice]).tolist():
        low, high = np.searchsorted(owner, (number, number + 1)).tolist()
        changed[low:high] = _turn_one(values[low:high].tolist(), factor[low:high].tolist())
    valence = valence.copy()
    valence[turned] = changed
    return valence


def _turn_one(values: list[float], factor: list[float]) -> list[float]:
    """Change each value of a sentence, found by its first equal; heaps find it without a search from the start."""
    waiting: dict[float, list[int]] = {}
    for number, value in enumerate(values):
        waiting.setdefault(value, []).append(number)
    for number in range(len(values)):
        value = values[number]
        if value:
            found = heappop(waiting[value])
            values[found] = value * factor[found]
            heappush(waiting.setdefault(values[found], []), found)
    return values


def _emphasis(facts: _Facts, code: NDArray[np.int32], first: NDArray[np.int64]) -> Floats:
    """Return what exclamation and question marks add to each sentence (`_punctuation_emphasis`)."""
    marked = np.flatnonzero(((facts.exclamations > 0) | (facts.questions > 0))[code])
    owner = np.searchsorted(first, marked, side="right") - 1
    size = len(first) - 1
    calls = np.bincount(owner, weights=facts.exclamations[code[marked]], minlength=size)[:size]
    asks = np.bincount(owner, weights=facts.questions[code[marked]], minlength=size)[:size]
    return np.minimum(calls, 4) * 0.292 + np.where(asks > 3, 0.96, np.where(asks > 1, asks * 0.18, 0))


def _sum_up(sentence: NDArray[np.int64], valence: Floats, sizes: NDArray[np.int64], emphasis: Floats) -> Floats:
    """Return the scores of each sentence (`score_valence`), and how many of its words are positive and negative."""
    total = len(sizes)

    def add(weights: Floats | Bools) -> Floats:
        # In order of the words, as a loop adds: the last bit decides where a rounded score falls.
        return np.bincount(sentence, weights=weights, minlength=total)[:total].astype(np.float64)

    summed = add(valence)
    if sys.version_info >= (3, 12):  # from then on sum() keeps the lost low bits of floats
        bounds = np.searchsorted(sentence, np.arange(total + 1))
        for number in np.flatnonzero(np.diff(bounds) > 2).tolist():
            summed[number] = sum(valence[bounds[number] : bounds[number + 1]].tolist())
    summed = np.where(summed > 0, summed + emphasis, np.where(summed < 0, summed - emphasis, summed))
    positive = add(np.where(valence > 0, valence + 1, 0))
    negative = add(np.where(valence < 0, valence - 1, 0))
    n_positive, n_negative = add(valence > 0), add(valence < 0)
    neutral = sizes - n_positive - n_negative
    more = positive > np.abs(negative)
    less = positive < np.abs(negative)
    positive = np.where(more, positive + emphasis, positive)
    negative = np.where(less, negative - emphasis, negative)
    weight = positive + np.abs(negative) + neutral
    weight = np.where(sizes > 0, weight, 1.0)
    return np.column_stack(
        [
            _round(summed / np.sqrt(summed * summed + 15), 4),
            _round(np.abs(positive / weight), 3),
            _round(np.abs(neutral / weight), 3),
            _round(np.abs(negative / weight), 3),
            n_positive,
            n_negative,
        ]
    )


def _round(values: Floats, decimals: int) -> Floats:
    """Round as Python does, to the nearest decimal of the exact value; numpy's own rounding differs at ties."""
    scaled = values * 10.0**decimals
    rounded = np.rint(scaled) / 10.0**decimals
    for number in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6).tolist():
        rounded[number] = round(float(values[number]), decimals)
    return rounded


def valence_of(word: str) -> float:
    """Return the valence of one word in VADER's lexicon, -4 to 4; 0 for a word that is not there.

    Examples
    --------
    >>> valence_of("good"), valence_of("ferry")
    (1.9, 0.0)
    """
    return float(_vader().lexicon.get(word, 0.0))
