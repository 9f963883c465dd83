"""Who says what a cue reports, where the labels of `quote_reports` found no source: the subject, by its place.

"But Lee, 49, said", "experts, however, say", "The union refused, saying", "Lee met them and said".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.cue_verbs import load_cue_verbs
from mediakit.analyses.mention_kinds import INDEFINITE, NAME, PRONOUN
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import Reports
from mediakit.analyses.quote_tails import DOCUMENTS, behind_dateline
from mediakit.analyses.word_classes import COMMA, HYPHEN, QUOTE, SPACE

_LONGEST = 250  # words before a cue that are looked at; keeps the work in proportion where a text has no sentence ends
_LEAD = 2  # words before the subject: "But the"
_INSERTED = 14  # words between commas: "Lee, a driver from Harlow, said"
_AUXILIARY = frozenset((
    "also", "has", "have", "had", "later", "long", "now", "still", "already", "once", "yesterday", "today", "then",
    "himself", "herself", "is", "was", "are", "were", "been", "do", "did", "does", "not", "n't",
))  # fmt: skip
_BEING = frozenset(("is", "are", "was", "were", "be", "been", "being"))
_OBLIQUE = frozenset((  # what follows one of them is no subject
    "in", "on", "at", "to", "for", "with", "by", "from", "of", "as", "if", "when", "while", "after", "before", "since",
    "during", "under", "like", "among", "about", "than", "and",
))  # fmt: skip
_NO_SUBJECT = frozenset(("this", "that", "these", "those", "it", "me", "him", "them", "us"))


class Subjects:
    """Looks for the subject of cues; nothing quoted is one.

    Parameters
    ----------
    ground : Ground
    reports : Reports
    kept : array of bool, one per report
        Which are returned.
    """

    def __init__(self, ground: Ground, reports: Reports, kept: NDArray[np.bool_]) -> None:
        self.ground, self.reports, self.kept = ground, reports, kept
        self.term = ground.reading.tokens.term
        mentions, reading = ground.mentions, ground.reading
        lower, term = reading.lower, reading.tokens.term[mentions.first]
        vague = np.array([lower[one] in _NO_SUBJECT for one in term.tolist()], dtype=np.bool_)
        self.may = ~(
            mentions.owner | ground.inside | (mentions.kind == INDEFINITE) | ((mentions.kind == PRONOUN) & vague)
        )

    def settle(self, number: int) -> tuple[int, int]:
        """Return the first and last word of the source of a report, as labelled, or else as found; -1 for none."""
        labelled = int(self.reports.source_first[number]), int(self.reports.source_last[number])
        agent = self.of_passive(number)
        if agent is not None:
            return agent
        return labelled if labelled[0] >= 0 else self.find(number) or labelled

    def of_passive(self, number: int) -> tuple[int, int] | None:
        """Return the words behind "by" where a cue is passive ("was told by Lee that"), -1 where it has none.

        None where the cue is active, or its source stands behind it. The subject of a passive cue is who is told or
        accused.
        """
        anchor = int(self.reports.anchor[number])
        if self.reports.source_first[number] > anchor or not is_passive(self.ground, anchor):
            return None
        return find_agent(self.ground, anchor) or _NOBODY

    def find(self, number: int) -> tuple[int, int] | None:
        """Return the first and last word of the source of a report; None where none is plain."""
        found = self._find(number)
        if isinstance(found, tuple):
            return found
        if found == _NONE:
            return None
        if found < 0:
            other = _OF_OTHER - found
            return int(self.reports.source_first[other]), int(self.reports.source_last[other])
        first = int(self.ground.mentions.first[found])
        if self.ground.reading.gap[first] == _SPACE and self.ground.reading.kind[first - 1] == _DETERMINER:
            first -= 1
        return first, int(self.ground.mentions.last[found])

    def word(self, at: int) -> str:
        """Return a word in small letters; "" behind the last."""
        return self.ground.reading.lower[self.term[at]] if at < len(self.term) else ""

    def lead(self, one: int, start: int) -> list[str]:
        """Return the words between a place and a mention, its determiner left out."""
        first = int(self.ground.mentions.first[one])
        while first > start and self.ground.reading.kind[first - 1] == _DETERMINER:
            first -= 1
        return [self.word(at) for at in range(start, first)]

    def _find(self, number: int) -> int | tuple[int, int]:
        """Return the mention or the words that are the subject.

        `_NONE` where none is plain; `_OF_OTHER` less a report where that has the same source.
        """
        ground, reports = self.ground, self.reports
        mentions, reading = ground.mentions, ground.reading
        sentence, gap = reading.tokens.sentence, reading.gap
        anchor = int(reports.anchor[number])
        begin = max(int(np.searchsorted(sentence, sentence[anchor])), anchor - _LONGEST)
        parts = range(int(reports.bounds[number]), int(reports.bounds[number + 1]))
        low = int(np.searchsorted(mentions.first, begin))
        high = int(np.searchsorted(mentions.first, anchor))
        mine = [
            one for one in range(low, high)
            if self.may[one] and mentions.last[one] < anchor
            and not any(reports.part_first[part] <= mentions.first[one] <= reports.part_last[part] for part in parts)
        ]  # fmt: skip
        ends = {int(mentions.last[one]): one for one in mine}
        ing = self.word(anchor).endswith("ing")
        at = self._before_auxiliaries(anchor, begin)
        if not ing and any(self.word(one) in _BEING for one in range(at + 1, anchor)):
            return _NONE  # "was told": who is told
        if at < begin:
            return self._behind(anchor, int(reports.part_last[parts[-1]])) if ing else _NONE
        if gap[at + 1] == _SPACE and at in ends:
            before = self.lead(ends[at], begin)
            if not (before and before[-1] in _OBLIQUE):
                return ends[at]
        if gap[at + 1] == _SPACE and not ing and self.word(at) not in ("and", "but"):
            sure = reports.chance[number] > _SURE or self.word(anchor + 1) == "that"
            return self._over_phrases(at, begin, ends, bool(sure))
        if gap[at + 1] == _COMMA:
            for comma in range(at, max(begin, at - _INSERTED_CLAUSE), -1):
                if gap[comma] != _COMMA or (at - comma >= _INSERTED and self.word(comma) not in _WHO):
                    continue
                last = self._before_auxiliaries(comma, begin)
                if last in ends:
                    before = self.lead(ends[last], begin)
                    if len(before) <= _LEAD and not _OBLIQUE & set(before):
                        return ends[last]
                elif last < comma - 1 and (found := self._over_phrases(last, begin, ends, True)) != _NONE:
                    return found
        participle = ing and gap[at + 1] in (_COMMA, _QUOTE)
        if not participle and self.word(at) not in ("and", "but"):
            return _NONE
        # "Lee said it was over, adding": who said so adds.
        for other in range(number - 1, max(-1, number - 4), -1):
            if sentence[reports.anchor[other]] != sentence[anchor]:
                break
            likely = self.kept[other] or (gap[at + 1] == _QUOTE and reports.chance[other] > _LIKELY)
            if participle and likely and reports.source_first[other] >= 0:
                return _OF_OTHER - other
        return self._of_sentence(mine, begin, anchor)

    def _before_auxiliaries(self, at: int, begin: int) -> int:
        """Return the last word before a place that is no auxiliary and no adverb."""
        gap, near = self.ground.reading.gap, at - 1
        at = near
        while at >= begin and (at == near or gap[at + 1] == _SPACE) and (
            self.word(at) in _AUXILIARY or self.word(at).endswith("ly")
        ):  # fmt: skip
            at -= 1
        return at

    def _over_phrases(self, at: int, begin: int, ends: dict[int, int], sure: bool) -> int | tuple[int, int]:
        """Return who stands before phrases that end at a word: "agents who spoke to us", "figures of the ministry".

        Where the report is sure, several of whatever kind may have made it: "recent governments".
        """
        reading, place = self.ground.reading, at
        for _ in range(_PHRASES):
            head = place
            while (
                place >= begin and reading.kind[place] in _NOMINAL and (place == begin or reading.gap[place] in _JOINED)
            ):
                place -= 1
            speaks = self.word(head) in DOCUMENTS or (sure and self.word(head).endswith("s"))
            if place < head and speaks and self._opens(place + 1, begin):
                return place + 1, at
            if place < begin or self.word(place) not in _INNER or reading.gap[place] != _SPACE:
                break
            place -= 1
            if place in ends and self._opens(int(self.ground.mentions.first[ends[place]]), begin):
                return int(self.ground.mentions.first[ends[place]]), at
        for who in range(at, max(begin, at - _INSERTED), -1):
            if self.word(who) in _WHO[:2] and reading.gap[who] == _SPACE:
                return ends.get(who - 1, _NONE)
            if reading.gap[who] != _SPACE:
                break
        return _NONE

    def _opens(self, first: int, begin: int) -> bool:
        """Whether a clause begins with a word: at the head of its sentence, behind a comma or a conjunction."""
        while first > begin and self.ground.reading.kind[first - 1] == _DETERMINER:
            first -= 1
        return first == begin or self.ground.reading.gap[first] == _COMMA or self.word(first - 1) in _CONJUNCTIONS

    def _behind(self, anchor: int, last: int) -> int:
        """Return who is named behind what opens the sentence: "Warning that it was late, Lee left"."""
        reading, mentions = self.ground.reading, self.ground.mentions
        sentence, behind = reading.tokens.sentence, last + 1
        if behind >= len(sentence) or sentence[behind] != sentence[anchor] or reading.gap[behind] != _COMMA:
            return _NONE
        at = int(np.searchsorted(mentions.first, behind))
        near = at < len(mentions) and mentions.first[at] - behind <= (reading.kind[behind] == _DETERMINER)
        return at if near and self.may[at] else _NONE

    def _of_sentence(self, mine: list[int], begin: int, anchor: int) -> int:
        """Return the subject of the sentence, which stands near its beginning or behind a phrase and a comma."""
        ground, mentions = self.ground, self.ground.mentions
        gap, kind = ground.reading.gap, ground.reading.kind
        start = behind_dateline(ground, begin, anchor)
        for one in mine:
            if mentions.first[one] >= start:
                before = self.lead(one, start)
                if len(before) <= _LEAD and not _OBLIQUE & set(before):
                    return one
                break
        # "On Monday, Lee met them and said"
        if self.word(start) in _OBLIQUE:
            for one in mine:
                first, behind = int(mentions.first[one]), int(mentions.last[one]) + 1
                while first > start and kind[first - 1] == _DETERMINER:
                    first -= 1
                if gap[first] == _COMMA and gap[behind] == _SPACE and kind[behind] in _VERBAL:
                    return one
        return _NONE


def is_passive(ground: Ground, anchor: int) -> bool:
    """Whether a cue tells what is done to its subject: "was warned", "has been widely criticised", "faced questions".

    Examples
    --------
    >>> from mediakit import make_articles
    >>> from mediakit.analyses.quote_ground import read_ground
    >>> texts = "Lee was also told that it is late.", "Lee was quoted as saying so.", "Lee faced criticism over it."
    >>> grounds = [read_ground(make_articles([{"text": text, "language": "en"}])) for text in texts]
    >>> [is_passive(ground, at) for ground, at in zip(grounds, (3, 2, 2), strict=True)]
    [True, False, True]
    """
    reading = ground.reading
    lower, term, sentence = reading.lower, reading.tokens.term, reading.tokens.sentence

    def word(at: int) -> str:
        return lower[term[at]] if 0 <= at < len(term) and sentence[at] == sentence[anchor] else ""

    while word(anchor) in _AUXILIARY:
        anchor += 1
    cue, at = word(anchor), anchor - 1
    if cue in _BLAME:
        while at > max(anchor - _OF_BLAME, 0) and word(at) not in _SUFFERS and reading.kind[at] in _NOMINAL:
            at -= 1
        return word(at) in _SUFFERS
    if cue not in _PARTICIPLES or (word(anchor + 1) == "as" and word(anchor + 2).endswith("ing")):
        return False
    while word(at) and (word(at).endswith("ly") or word(at) in _ADVERBS):
        at -= 1
    return word(at) in _BEING


def find_agent(ground: Ground, anchor: int) -> tuple[int, int] | None:
    """Return the first and last word of who acts by a passive cue, behind "by": "was told on Monday by the port"."""
    reading, mentions = ground.reading, ground.mentions
    lower, term, sentence = reading.lower, reading.tokens.term, reading.tokens.sentence
    for by in range(anchor + 1, min(anchor + _TO_AGENT, len(term) - 1)):
        if sentence[by + 1] != sentence[anchor] or reading.gap[by] != _SPACE or lower[term[by]] in _NO_AGENT:
            return None
        if lower[term[by]] != "by":
            continue
        first = by + 2 if reading.kind[by + 1] == _DETERMINER else by + 1
        at = int(np.searchsorted(mentions.first, first))
        if at < len(mentions) and mentions.first[at] == first:
            return by + 1, int(mentions.last[at])
        last = by
        while last + 1 < len(term) and sentence[last + 1] == sentence[anchor] and (
            reading.kind[last + 1] in _NOMINAL and reading.gap[last + 1] in _JOINED
        ) and lower[term[last + 1]] not in _NO_AGENT:  # fmt: skip
            last += 1
        several = lower[term[last]].endswith("s") or lower[term[last]] in DOCUMENTS
        whole = several or (last > first and reading.kind[by + 1] == _DETERMINER) or reading.kind[last] in _HEADS
        return (by + 1, last) if whole else None
    return None


def before_apposition(ground: Ground, mention: int) -> int:
    """Return who is described where a mention ends the description: "Lee, the member for Harlow, said"; else itself."""
    reading, mentions = ground.reading, ground.mentions
    gap, sentence = reading.gap, reading.tokens.sentence
    first, behind = int(mentions.first[mention]), int(mentions.last[mention]) + 1
    if behind >= len(gap) or gap[behind] != _COMMA or gap[first] == _COMMA or sentence[behind] != sentence[first]:
        return mention
    begin = int(np.searchsorted(sentence, sentence[first]))
    for other in range(mention - 1, max(-1, mention - 6), -1):
        last = int(mentions.last[other])
        if last < begin or first - last > _INSERTED:
            break
        comma = gap[last + 1] == _COMMA and last + 1 < first  # something stands between the comma and the mention
        if comma and mentions.kind[other] == NAME and not (mentions.owner[other] or ground.inside[other]):
            lead = [reading.lower[code] for code in reading.tokens.term[begin : int(mentions.first[other])].tolist()]
            opens = reading.lower[reading.tokens.term[last + 1]] not in _WHO
            return other if opens and not (lead and lead[-1] in _OBLIQUE) else mention
    return mention


# Past participles of what is said to somebody or of something; of the others the subject feels or speaks.
_OF_SUBJECT = frozenset((
    "determined", "worried", "decided", "committed", "agreed", "learned", "frustrated", "closed", "loved", "quoted",
    "cited", "published", "printed", "posted", "issued", "delivered", "opened", "explained",
))  # fmt: skip
_PARTICIPLES = frozenset(
    {verb for verb in load_cue_verbs() if verb.endswith("ed")} - _OF_SUBJECT
    | {"told", "said", "thought", "known", "notified", "urged", "criticised", "considered", "rumoured"}
)  # fmt: skip
_ADVERBS = frozenset(("also", "not", "never", "once", "now", "long", "often", "since", "then", "being", "n't"))
_BLAME = frozenset((
    "criticism", "criticisms", "accusations", "allegations", "complaints", "questions", "calls", "charges", "claims",
    "demands",
))  # fmt: skip
_SUFFERS = frozenset((
    "face", "faces", "faced", "facing", "drew", "drawn", "draws", "draw", "attracted", "received", "under",
))  # fmt: skip
_HEADS = frozenset(b"bBNAR")
_OF_BLAME = 4
_TO_AGENT = 6  # words to "by"
_NO_AGENT = frozenset(("that", "whether", "how", "why", "what", "if", "to", "as", "and", "but", "or", "who", "which"))
_WHO = ("who", "which", "whose", "where", "and", "but", "or")  # open no description
_INNER = frozenset(("of", "in", "at", "from", "for", "with", "by", "on"))  # join phrases of a subject
_CONJUNCTIONS = frozenset((
    "that", "as", "if", "when", "while", "after", "before", "since", "because", "although", "though", "and", "but",
    "whether", "until",
))  # fmt: skip
_NONE, _OF_OTHER = -1, -2
_NOBODY = (-1, -1)
_LIKELY = 0.2  # chance of a report from which its source goes on: "“It is over,” Lee said, adding"
_SURE = 0.5
_INSERTED_CLAUSE = 24  # words between commas where they begin with "who" or "which"
_PHRASES = 4
_NOMINAL = frozenset(b"DhaeNJABnbRSYITr&")
_VERBAL = frozenset(b"vef")
_JOINED = frozenset(map(ord, (SPACE, HYPHEN)))
_DETERMINER, _COMMA, _SPACE, _QUOTE = ord("D"), ord(COMMA), ord(SPACE), ord(QUOTE)
