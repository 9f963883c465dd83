"""Who says what a cue reports, where the labels of `quote_reports` found no source: the subject, by its place.

"But Lee, 49, said", "experts, however, say", "The union refused, saying", "Lee met them and said".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.mentions import INDEFINITE, NAME, PRONOUN
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import Reports
from mediakit.analyses.quote_tails import behind_dateline
from mediakit.analyses.word_classes import COMMA, SPACE

_LEAD = 2  # words before the subject: "But the"
_INSERTED = 14  # words between commas: "Lee, a driver from Harlow, said"
_AUXILIARY = frozenset((
    "also", "has", "have", "had", "later", "then", "himself", "herself", "is", "was", "are", "were", "been", "do",
    "did", "does", "not", "n't",
))  # fmt: skip
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
        mentions, reading = ground.mentions, ground.reading
        lower, term = reading.lower, reading.tokens.term[mentions.first]
        vague = np.array([lower[one] in _NO_SUBJECT for one in term.tolist()], dtype=np.bool_)
        self.may = ~(
            mentions.owner | ground.inside | (mentions.kind == INDEFINITE) | ((mentions.kind == PRONOUN) & vague)
        )

    def find(self, number: int) -> tuple[int, int] | None:
        """Return the first and last word of the source of a report; None where none is plain."""
        found = self._find(number)
        if found == _NONE:
            return None
        if found < 0:
            other = _OF_OTHER - found
            return int(self.reports.source_first[other]), int(self.reports.source_last[other])
        first = int(self.ground.mentions.first[found])
        if self.ground.reading.gap[first] == _SPACE and self.ground.reading.kind[first - 1] == _DETERMINER:
            first -= 1
        return first, int(self.ground.mentions.last[found])

    def _find(self, number: int) -> int:
        """Return the mention that is the subject; `_NONE`; or `_OF_OTHER` less the report that has the same source."""
        ground, reports = self.ground, self.reports
        mentions, reading = ground.mentions, ground.reading
        sentence, gap, lower, term = reading.tokens.sentence, reading.gap, reading.lower, reading.tokens.term
        anchor = int(reports.anchor[number])
        begin = int(np.searchsorted(sentence, sentence[anchor]))
        parts = range(int(reports.bounds[number]), int(reports.bounds[number + 1]))
        low = int(np.searchsorted(mentions.first, begin))
        high = int(np.searchsorted(mentions.first, anchor))
        mine = [
            one for one in range(low, high)
            if self.may[one] and mentions.last[one] < anchor
            and not any(reports.part_first[part] <= mentions.first[one] <= reports.part_last[part] for part in parts)
        ]  # fmt: skip
        ends = {int(mentions.last[one]): one for one in mine}

        def lead(one: int, start: int) -> list[str]:
            """The words before a mention, its determiner left out."""
            first = int(mentions.first[one])
            while first > start and reading.kind[first - 1] == _DETERMINER:
                first -= 1
            return [lower[term[at]] for at in range(start, first)]

        at = anchor - 1
        while at > begin and gap[at + 1] == _SPACE and (
            lower[term[at]] in _AUXILIARY or lower[term[at]].endswith("ly")
        ):  # fmt: skip
            at -= 1
        if gap[at + 1] == _SPACE and at in ends:
            before = lead(ends[at], begin)
            return _NONE if before and before[-1] in _OBLIQUE else ends[at]
        if gap[at + 1] == _COMMA:
            for comma in range(at, max(begin, at - _INSERTED), -1):
                if gap[comma] == _COMMA and comma - 1 in ends:
                    before = lead(ends[comma - 1], begin)
                    if len(before) <= _LEAD and not _OBLIQUE & set(before):
                        return ends[comma - 1]
        participle = lower[term[anchor]].endswith("ing") and gap[at + 1] == _COMMA
        if not participle and lower[term[at]] not in ("and", "but"):
            return _NONE
        # "Lee said it was over, adding": who said so adds.
        for other in range(number - 1, max(-1, number - 4), -1):
            if sentence[reports.anchor[other]] != sentence[anchor]:
                break
            if participle and self.kept[other] and reports.source_first[other] >= 0:
                return _OF_OTHER - other
        start = behind_dateline(ground, begin, anchor)
        for one in mine:
            before = lead(one, start)
            if mentions.first[one] >= start:
                plain = len(before) <= _LEAD and not _OBLIQUE & set(before)
                return one if plain else _NONE
        return _NONE


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


_WHO = frozenset(("who", "which", "whose", "where", "and", "but", "or"))  # open no description
_NONE, _OF_OTHER = -1, -2
_DETERMINER, _COMMA, _SPACE = ord("D"), ord(COMMA), ord(SPACE)
