"""Reported sentences that name their source at the end or within: "The road was closed, police said Tuesday."

The labels of `quote_reports` look from the cue and seldom reach over a whole sentence before it. What is meant is plain
from the form: a comma, a source, a verb of speech, and behind it another comma or next to nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.cue_verbs import load_cue_verbs
from mediakit.analyses.mention_kinds import BODY, INDEFINITE, NAME, ROLE
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.word_classes import CLOSE, COLON, COMMA, DASH, HYPHEN, OTHER, SPACE

CHANCE = 0.75  # that such a report is right to the word, as found in news that people marked
_CUE = 0.6  # chance of being a cue
_FAINT = 0.25  # chance from which a known verb of speech is one, behind a comma and who speaks
_PHRASES = 3  # "officials of the ministry of health"
_BEHIND = 8  # words behind the cue: "said in a statement on Monday"
_LEAST = 3  # words that are reported
_OF_SOURCE = 4  # words of "according to the latest Lissmar survey" before the mention
_OF_LONG_SOURCE = 20  # words of one that opens the sentence: "According to a study of the bank released in March,"
_DATELINE = 8  # words before the dash of "HARLOW, March 3 - "
_BETWEEN = frozenset(("also", "has", "have", "had", "later", "then", "himself", "herself", "themselves"))
_WHEN = frozenset((  # what may follow a verb of speech at the end of a sentence
    "in", "on", "at", "during", "after", "before", "by", "via", "over", "through", "from", "here", "late",
    "early", "earlier", "later", "last", "this", "yesterday", "today", "recently", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "afterwards", "afterward", "separately", "reporters", "journalists",
))  # fmt: skip


class Tail(NamedTuple):
    """A report: its parts, its source and its cue, as tokens, and the mention that speaks."""

    parts: tuple[tuple[int, int], ...]
    source_first: int
    source_last: int
    anchor: int
    mention: int


def find_tails(ground: Ground, cue: NDArray[np.float64]) -> list[Tail]:
    """Find the sentences that end in their source or hold it between commas, in order.

    Parameters
    ----------
    ground : Ground
    cue : array of float, one per token
        Chance of being a cue.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> from mediakit.analyses.quote_ground import read_ground
    >>> ground = read_ground(make_articles([{"text": "The road was closed, police said.", "language": "en"}]))
    >>> find_tails(ground, np.array([0, 0, 0, 0, 0, 0.9]))
    [Tail(parts=((0, 3),), source_first=4, source_last=4, anchor=5, mention=0)]
    """
    reading, mentions = ground.reading, ground.mentions
    sentence, gap = reading.tokens.sentence, reading.gap
    lower, term = reading.lower, reading.tokens.term
    verbs = load_cue_verbs()
    flag = np.array([_FLAGS.get(word, 0) for word in lower], dtype=np.int8)[term] if len(term) else np.zeros(0, np.int8)
    before = np.append(0, flag[:-1])[: len(flag)]
    shown = (flag == _SHOW) & (before == _DOCUMENT) & (gap == _SPACE)
    pair = np.append((before * _PAIR + flag)[1:], 0)[: len(flag)]
    according = np.isin(pair, _PAIRS)
    cited = np.array([word == "reports" for word in lower], dtype=np.bool_)[term] & (gap == _COMMA)
    verbal = (cue > _FAINT) & np.isin(reading.kind, _VERBS)
    loud = np.flatnonzero((verbal | according | shown | cited) & ~ground.quoted)
    begins = np.searchsorted(sentence, sentence[loud]).tolist()
    ends = np.searchsorted(sentence, sentence[loud], side="right").tolist()
    quoted = np.append(0, np.cumsum(ground.quoted))
    spoken = np.flatnonzero(mentions.kind != INDEFINITE)
    to_mention, from_mention = (np.full(len(gap) + 1, -1, dtype=np.int64) for _ in range(2))
    to_mention[mentions.last[spoken]] = spoken
    from_mention[mentions.first[spoken[::-1]]] = spoken[::-1]  # of those that begin at a word, the first
    found = []
    for anchor, begin, end in zip(loud.tolist(), begins, ends, strict=True):
        if quoted[end] > quoted[begin]:
            continue
        if according[anchor]:
            if one := _by_whom(ground, anchor, begin, end, from_mention):
                found.append(one)
            continue
        at = anchor - 1
        while at > begin and gap[at + 1] == _SPACE and _is_between(ground, at):
            at -= 1
        stop = at + 1
        mention = -1
        if gap[at + 1] == _SPACE and at >= begin:
            mention, stop = _before(ground, at, begin, to_mention)
        if stop > at or not comma_before(ground, stop):
            mention, stop = _apposed(ground, anchor, begin, to_mention, mention, stop)
        source, on = stop, anchor + 1
        if begin < stop - 1 and gap[stop] == _SPACE and lower[term[stop - 1]] == "as":
            stop -= 1  # "as the mayor pointed out"
            if cue[anchor] <= _CUE or end - on > _BEHIND or any(comma_before(ground, one) for one in range(on, end)):
                continue
        if on < end and gap[on] == _SPACE and lower[term[on]] in _PARTICLES:
            on += 1
        if source > at or stop < begin or not comma_before(ground, stop):
            on = anchor + 1
            mention = -1 if _is_followed_by_hearer(ground, anchor) else _named_at(ground, on, from_mention)
            if mention < 0 or not comma_before(ground, anchor) or mentions.last[mention] >= end:
                continue  # who begins the next sentence, or the next article, is no source
            if cue[anchor] <= _CUE and not (
                cited[anchor] and mentions.last[mention] + 1 == end and _is_named(ground, mention)
            ):
                continue
            stop, source, on = anchor, anchor + 1, int(mentions.last[mention]) + 1
            at = int(mentions.last[mention])
        elif _describes_name(ground, stop, source, mention, to_mention) or (
            cue[anchor] <= _CUE
            and (
                (lower[term[anchor]] not in verbs and not shown[anchor])
                or lower[term[source]] in _WRITER
                or not (on == end or comma_before(ground, on) or (end - on <= 2 and lower[term[on]] in _WHEN))
                or (lower[term[begin]] in _FRONTED and _COMMA not in gap[begin + 1 : stop])
            )
        ):
            continue
        first = behind_dateline(ground, begin, stop)
        if stop - first < _LEAST or _is_name(ground, first, stop - 1, to_mention):
            continue
        parts, last = [(first, stop - 1)], at
        if on < end and comma_before(ground, on) and source > anchor:
            last = end - 1  # "said Ana Ruiz, a spokeswoman for the union": who that is
        elif on < end and comma_before(ground, on):
            if not lower[term[on]].endswith("ing"):
                parts.append((on, end - 1))
            elif lower[term[on]] not in verbs:  # "police said, adding that"
                continue
        elif on == end:
            if _is_introduced(ground, anchor):
                continue
        elif gap[on] == _DASHED and cue[anchor] > _CUE:
            pass
        elif gap[on] != _SPACE or not (
            lower[term[on]] in _WHEN
            or (_is_told(ground, anchor, end, from_mention) and lower[term[begin]] not in _FRONTED)
        ) or not (
            end - on <= _BEHIND
            or any(gap[one] == _DASHED or comma_before(ground, one) for one in range(on + 1, on + _BEHIND))
        ):  # fmt: skip
            continue
        found.append(Tail(tuple(parts), source, last, anchor, mention))
    return found


def _is_name(ground: Ground, first: int, last: int, to_mention: NDArray[np.int64]) -> bool:
    """Whether no more than a name stands there, whom the source describes: "Ana Ruiz, head of the union said"."""
    mention = int(to_mention[last])
    return mention >= 0 and int(ground.mentions.first[mention]) - first <= 1 and ground.mentions.kind[mention] == NAME


def _is_followed_by_hearer(ground: Ground, anchor: int) -> bool:
    """Whether a name behind a cue is not who speaks: "told reporters", "telling the Observer"."""
    word = ground.reading.lower[ground.reading.tokens.term[anchor]]
    return word in _TELLS or word.endswith("ing")


def _is_named(ground: Ground, mention: int) -> bool:
    """Whether a mention is a person or a body by name: "…, reports Lissmar News."."""
    first = int(ground.mentions.first[mention])
    return bool(ground.mentions.kind[mention] in (NAME, BODY) and ground.reading.kind[first] in _PLACES)


def _apposed(
    ground: Ground, anchor: int, begin: int, to_mention: NDArray[np.int64], mention: int, stop: int
) -> tuple[int, int]:
    """Return a name and where its role begins, if both stand between commas: "…, the mayor, Ana Ruiz, said Monday."."""
    named = int(to_mention[anchor - 1]) if anchor > begin else -1
    if named < 0 or ground.mentions.kind[named] not in (NAME, BODY) or not comma_before(ground, anchor):
        return mention, stop
    first = int(ground.mentions.first[named])
    if first - 1 <= begin or not comma_before(ground, first):
        return mention, stop
    role, start = _before(ground, first - 1, begin, to_mention)
    if role < 0 or ground.mentions.kind[role] == NAME or start <= begin or not comma_before(ground, start):
        return mention, stop
    return (named, start) if ground.reading.kind[start] in _DETERMINERS else (mention, stop)


def _describes_name(ground: Ground, stop: int, source: int, mention: int, to_mention: NDArray[np.int64]) -> bool:
    """Whether a source is a bare role that tells who was named before it: "Ana Ruiz, ⟦mayor of Harlow⟧ said"."""
    before = int(to_mention[stop - 1])
    return bool(
        ground.reading.kind[source] in _BARE_ROLES
        and mention >= 0
        and ground.mentions.kind[mention] == ROLE
        and before >= 0
        and ground.mentions.kind[before] == NAME
    )


def _named_at(ground: Ground, on: int, from_mention: NDArray[np.int64]) -> int:
    """Return who is named from a word on, behind an article or not: "said ⟦the Green League⟧"; -1 for nobody."""
    mention = int(from_mention[on])
    if mention < 0 and on + 1 < len(ground.reading.gap) and ground.reading.kind[on] == _DETERMINER:
        mention = int(from_mention[on + 1]) if ground.reading.gap[on + 1] == _SPACE else -1
    return mention


def _is_told(ground: Ground, anchor: int, end: int, from_mention: NDArray[np.int64]) -> bool:
    """Whether somebody is told behind a cue, and no more: "told a committee", "explained to the council last week"."""
    reading = ground.reading
    lower, term = reading.lower, reading.tokens.term
    on = anchor + 1
    if lower[term[on]] == "to":
        on += 1
    elif lower[term[anchor]] not in _TELLS:
        return False
    told = _named_at(ground, on, from_mention) if on < end and reading.gap[on] == _SPACE else -1
    if told < 0 or (after := int(ground.mentions.last[told]) + 1) > end:
        return False
    return after == end or comma_before(ground, after) or lower[term[after]] in _WHEN


def _before(ground: Ground, at: int, begin: int, to_mention: NDArray[np.int64]) -> tuple[int, int]:
    """Return who is named up to a word, and where that phrase begins: "analysts at Bell Capital", "official figures".

    The mention is -1 where it is a document that says something; the place behind the word where nobody is named.
    """
    reading, mentions = ground.reading, ground.mentions
    gap, kind, lower, term = reading.gap, reading.kind, reading.lower, reading.tokens.term
    mention, stop = int(to_mention[at]), at + 1
    if mention >= 0:
        stop = int(mentions.first[mention])
    elif lower[term[at]] in DOCUMENTS:
        stop = at
        while stop > begin and gap[stop] == _SPACE and (kind[stop - 1] in _NOMINAL or lower[term[stop - 1]] == "of"):
            stop -= 1
        return -1, stop
    else:
        return -1, stop
    for _ in range(_PHRASES):
        while stop > begin and gap[stop] == _SPACE and kind[stop - 1] == _DETERMINER:
            stop -= 1
        inner = stop - 1
        if inner <= begin or gap[stop] != _SPACE or gap[inner] != _SPACE or lower[term[inner]] not in _INNER:
            break
        outer = int(to_mention[inner - 1])
        if outer < 0 and inner - 1 > begin and gap[inner - 1] == _SPACE and kind[inner - 1] in _QUALITIES:
            outer = int(to_mention[inner - 2])  # "officials familiar with the plan"
            outer = outer if outer >= 0 and mentions.kind[outer] == ROLE else -1
        if outer < 0:
            break
        mention, stop = outer, int(mentions.first[outer])
    whole = stop  # "political analysts", "the harbour's rescue service", "teachers and union officials"
    while whole > max(begin, stop - _OF_PHRASE) and gap[whole] in _IN_PHRASE and kind[whole - 1] in _IN_NAME:
        whole -= 1
    if (
        whole == stop
        or kind[whole] == _AND
        or not comma_before(ground, whole)
        or _are_two(ground, whole, stop, mention)
    ):
        return mention, stop
    return mention, whole


def _is_between(ground: Ground, at: int) -> bool:
    """Whether a word may stand between who speaks and the verb: "has", "recently"."""
    word = ground.reading.lower[ground.reading.tokens.term[at]]
    return word in _BETWEEN or (word.endswith("ly") and ground.reading.kind[at] in _ADVERBS)


def _are_two(ground: Ground, first: int, stop: int, mention: int) -> bool:
    """Whether a phrase that ends in a mention holds another before it: "a step ⟦the council⟧ took", "a word ⟦Bell⟧"."""
    kind = ground.reading.kind
    if any(kind[at] in _DETERMINERS for at in range(first + 1, stop + 1)):
        return True
    named, marked = ground.mentions.kind[mention] == NAME, kind[first] in _DETERMINERS
    if not named and not marked and kind[int(ground.mentions.last[mention])] == _ROLE:
        return True  # "an economy, ⟦trade and industry ministry official⟧"
    return bool(named and marked and (kind[stop - 1] in _QUALITIES or kind[stop - 1] == _AND))


def _by_whom(ground: Ground, anchor: int, begin: int, end: int, from_mention: NDArray[np.int64]) -> Tail | None:
    """Return what is said according to somebody, whose phrase ends the sentence or opens it up to a comma."""
    gap, mentions = ground.reading.gap, ground.mentions
    first = anchor + 2
    if first >= end:
        return None
    mention = int(from_mention[first])
    for at in range(first + 1, min(first + _OF_SOURCE, end)):  # "according to the latest Lissmar survey"
        if mention >= 0 or gap[at] != _SPACE:
            break
        mention = int(from_mention[at])
    if mention < 0 or mentions.last[mention] >= end:
        return None
    while mentions.owner[mention] and mention + 1 < len(mentions) and _follows(ground, mention, end):
        mention += 1  # "according to our bank"
    if anchor == begin:
        comma = next((at for at in range(int(mentions.last[mention]) + 1, end) if comma_before(ground, at)), end)
        on = comma if end - comma >= _LEAST and comma - first <= _OF_LONG_SOURCE else -1
        words = ground.reading.lower, ground.reading.tokens.term[first:on].tolist()
        if on < 0 or any(words[0][code] in _FINITE for code in words[1]):
            return None
        return Tail(((on, end - 1),), first, on - 1, anchor, mention)
    begin = behind_dateline(ground, begin, anchor)
    if ground.reading.lower[ground.reading.tokens.term[anchor]] == "as" and mentions.last[mention] + 1 < end:
        return None
    if gap[anchor] not in (_COMMA, _SPACE) or anchor - begin < _LEAST or end - first > _BEHIND + _OF_SOURCE:
        return None
    return Tail(((begin, anchor - 1),), first, end - 1, anchor, mention)


def _follows(ground: Ground, mention: int, end: int) -> bool:
    """Whether another mention follows at once in the sentence."""
    mentions, on = ground.mentions, int(ground.mentions.last[mention]) + 1
    return on < end and ground.reading.gap[on] == _SPACE and mentions.first[mention + 1] == on


def _is_introduced(ground: Ground, anchor: int) -> bool:
    """Whether a colon behind the cue brings in what is said: "In a speech, she declared:"."""
    tokens = ground.reading.tokens
    text, end = ground.texts[int(tokens.article[anchor])], int(tokens.end[anchor])
    return text[end : end + 2].strip() == ":"


def comma_before(ground: Ground, at: int) -> bool:
    """Whether a comma stands before a word: also "4%, he said" and "(OIS), he said", but not the one in "37,000"."""
    gap, tokens = ground.reading.gap[at], ground.reading.tokens
    if gap != _COMMA and gap not in _MAY_HOLD_COMMA:
        return False
    between = ground.texts[int(tokens.article[at])][int(tokens.end[at - 1]) : int(tokens.start[at])]
    return between.rstrip()[-1:] == "," and (between[-1:] != "," or ground.reading.kind[at] != _NUMBER)


def behind_dateline(ground: Ground, begin: int, stop: int) -> int:
    """Return where a sentence begins behind "HARLOW, March 3 (Reuters) - "; its own beginning where there is none."""
    reading = ground.reading
    tokens, gap = reading.tokens, reading.gap
    if begin + 1 < stop and gap[begin + 1] == _COLON and reading.kind[begin] == _CAPITALS:
        return begin + 1  # "LISSMAR: The council met."
    for at in range(begin + 1, min(stop, begin + _DATELINE)):
        if gap[at] in _DASHES and reading.kind[begin] in _PLACES:
            between = ground.texts[int(tokens.article[at])][int(tokens.end[at - 1]) : int(tokens.start[at])]
            if between.strip(" )\xa0") in ("-", "–", "—", "--", "―"):
                return at
    return begin


_PLACES = frozenset(b"NABJ")
_DASHES = frozenset(map(ord, (DASH, OTHER, CLOSE)))
_VERBS = np.frombuffer(b"ve", dtype=np.uint8)
_FRONTED = frozenset((
    "in", "on", "at", "after", "before", "since", "when", "while", "if", "as", "despite", "during", "with", "by",
    "for", "from", "to", "under", "because", "although", "though", "even",
))  # fmt: skip
_WRITER = frozenset(("i", "we", "you"))
_FINITE = frozenset(("is", "are", "was", "were", "has", "have", "had", "will", "would"))
ACCORDING = (("according", "to"), ("as", "per"))
_SHOWS = frozenset(
    ("show", "shows", "showed", "suggest", "suggests", "suggested", "find", "finds", "found", "indicate")
)
DOCUMENTS = frozenset((  # what shows, finds or says something without being a person or a body
    "data", "figures", "numbers", "results", "statistics", "estimates", "records", "documents", "studies", "study",
    "research", "reports", "report", "poll", "polls", "survey", "surveys", "findings", "minutes", "emails", "letter",
    "letters", "analysis", "statement", "forecasts", "evidence", "documentation", "accounts", "media", "law",
    "guidelines", "indicators", "projections", "papers", "filings", "facts", "fact",
))  # fmt: skip
_PAIR = 8
_SHOW, _DOCUMENT = 5, 6
_FLAGS = {word: code for code, word in enumerate(("according", "to", "as", "per"), start=1)} | (
    dict.fromkeys(DOCUMENTS, _DOCUMENT) | dict.fromkeys(_SHOWS, _SHOW)
)
_PAIRS = np.array([_FLAGS[first] * _PAIR + _FLAGS[second] for first, second in ACCORDING])
_INNER = frozenset(("of", "at", "from", "for", "with", "in", "to", "by", "on"))
_QUALITIES = frozenset(b"ae")
_OF_PHRASE = 6  # words before the mention
_IN_PHRASE = frozenset(map(ord, (SPACE, HYPHEN)))
_IN_NAME = frozenset(b"DhaeJNABnbRSYIT&")
_BARE_ROLES = frozenset(b"RT")
_DETERMINERS = frozenset(b"Dh")
_TELLS = frozenset(("told", "tells", "tell"))
_PARTICLES = frozenset(("out",))
_ADVERBS = frozenset(b"fa")
_AND, _ROLE = ord("&"), ord("R")
_NOMINAL = frozenset(b"DhaeNJABnbRSYIT")
_DASHED = ord(DASH)
_MAY_HOLD_COMMA = frozenset(map(ord, (CLOSE, OTHER)))
_DETERMINER, _CAPITALS, _COLON, _NUMBER = ord("D"), ord("A"), ord(COLON), ord("n")
_COMMA, _SPACE = ord(COMMA), ord(SPACE)
