"""VADER, exactly as vaderSentiment scores it, over a vocabulary instead of a loop over strings.

Lexicon, word lists and constants are read from the installed package vaderSentiment (Hutto & Gilbert 2014, doi
10.1609/icwsm.v8i1.14550); the rules of its `polarity_scores` are followed in its order, quirks included, on all
sentiment words of all sentences at once. Every score is equal to vaderSentiment's (3.3.2) in its last decimal:
tests and benchmarks compare them on real sentences and on random ones.

A word, here as there, is a white-space piece without the punctuation around it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from mediakit.analyses.vader_words import Bools, Facts, Floats, Valences, analyzer, bare_word, look_up
from mediakit.text.pieces import read_pieces

_STRAIGHT = str.maketrans("‘’‚‛ʼ＇“”„‟«»＂", '\'\'\'\'\'\'"""""""')


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
    facts = look_up(distinct, lexicon)
    scores = _score(facts, code, first)
    if facts.emoji.any():
        # An emoji stands for its description, which changes the number of words: these sentences are read again.
        emojis = analyzer().emojis
        again = np.unique(np.searchsorted(first, np.flatnonzero(facts.emoji[code]), side="right") - 1)
        texts = [" ".join(facts.spoken(code[first[k] : first[k + 1]])) for k in again.tolist()]
        pieces = read_pieces([_describe_emojis(text, emojis) for text in texts])
        scores[again] = _score(look_up(pieces.distinct, lexicon), pieces.code, pieces.first)
    return scores


def count_emojis(text: str) -> int:
    """Count the characters that VADER reads as the words of their description."""
    emojis = analyzer().emojis
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


def _score(facts: Facts, code: NDArray[np.int32], first: NDArray[np.int64]) -> Floats:
    _, sentence, valence = _find_valences(facts, code, first)
    return _sum_up(sentence, valence, np.diff(first), _emphasis(facts, code, first))


def weigh_words(
    distinct: pa.Array, code: NDArray[np.int32], first: NDArray[np.int64], lexicon: Valences = "vader"
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return piece, sentence and valence of every word that carries sentiment, as VADER adds them up.

    Parameters as in `score_pieces`. In a sentence with an emoji, the emoji itself is left out.
    """
    return _find_valences(look_up(distinct, lexicon), code, first)


def _find_valences(
    facts: Facts, code: NDArray[np.int32], first: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    sizes = np.diff(first)
    capitals = np.diff(np.searchsorted(np.flatnonzero(facts.upper[code]), first))
    place, sentence, valence = _weigh_words(facts, code, first, (capitals > 0) & (capitals < sizes))
    return place, sentence, _turn_at_but(facts, code, first, place, sentence, valence)


def _weigh_words(
    facts: Facts, code: NDArray[np.int32], first: NDArray[np.int64], some_capitals: Bools
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
    facts: Facts,
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


def _emphasis(facts: Facts, code: NDArray[np.int32], first: NDArray[np.int64]) -> Floats:
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
    return float(analyzer().lexicon.get(word, 0.0))
