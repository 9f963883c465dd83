"""Where reported words begin and end: without who is told them and when, and whole behind a phrase in front of them.

"told reporters on Monday ⟦that …", "urged guardians ⟦to …", "said ⟦that in the first quarter, wages rose".
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import numpy as np

from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_lines import LABEL, POST
from mediakit.analyses.quote_reports import Reports
from mediakit.analyses.quote_subjects import find_agent, is_passive
from mediakit.analyses.quote_tails import behind_dateline, comma_before
from mediakit.analyses.word_classes import COMMA, SPACE


def trim_reports(ground: Ground, reports: Reports) -> Reports:
    """Return reports without what stands before them: a dateline, a day ("said Tuesday"), who is told something.

    Of a clause that opens with a phrase and a comma ("that in May, prices rose"), more than the phrase is reported.
    """
    reading = ground.reading
    sentence = reading.tokens.sentence
    part_first, anchors, bounds = reports.part_first.copy(), reports.anchor.tolist(), reports.bounds.tolist()
    part_last = reports.part_last.copy()
    begins = np.searchsorted(sentence, sentence[reports.anchor]).tolist()
    ends = np.searchsorted(sentence, sentence[reports.anchor], side="right").tolist()
    reader = _Starts(ground)
    seconds = [stop for anchor in anchors if (stop := reader.second(anchor))]
    for number, (anchor, begin, end) in enumerate(zip(anchors, begins, ends, strict=True)):
        part = bounds[number]
        first, last = int(part_first[part]), int(part_last[part])
        if first == begin:
            part_first[part] = min(behind_dateline(ground, begin, last), last)
        elif first == anchor + 1 and (agent := reader.behind_agent(anchor, last)):
            part_first[part] = agent
        elif first == anchor + 1:
            part_first[part] = first = reader.behind_hearer(anchor, first, last)
            if bounds[number + 1] == part + 1 and last + 1 < end and reader.is_fronted(first, last):
                part_last[part] = end - 1
        at = bisect_right(seconds, anchor + _LEAST)
        alone = first == anchor + 1 and bounds[number + 1] == part + 1 and reader.word(anchor) in _PAST
        if alone and at < len(seconds) and first + _LEAST <= seconds[at] <= last:
            part_last[part] = min(int(part_last[part]), seconds[at] - 1)
    return replace(reports, part_first=part_first, part_last=part_last)


def with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen characters by a sign of money before the first word, by a percent sign or a bracket behind the last.

    Examples
    --------
    >>> text = "The fund spent $5 on fees (or 2%), he said."
    >>> [text[slice(*with_signs(text, *span))] for span in ((16, 17), (0, 32))]
    ['$5', 'The fund spent $5 on fees (or 2%)']
    """
    while start > 0 and text[start - 1] in "$£€¥":
        start -= 1
    while end < len(text) and text[end] in "%+°":
        end += 1
    if text[end : end + 1] in _CLOSED_BY:
        opening = _CLOSED_BY[text[end]]
        if text.count(opening, start, end) > text.count(text[end], start, end):
            end += 1
    return start, end


_CLOSED_BY = {")": "(", "]": "["}


def source_span(ground: Ground, first: int, last: int) -> tuple[int, int]:
    """Return the characters of a source, with the bracket or the comma that closes what it opens."""
    tokens = ground.reading.tokens
    start, end = int(tokens.start[first]), int(ground.reading.end[last])
    text = ground.texts[int(tokens.article[first])]
    inner = text[start:end]
    if inner.count("(") > inner.count(")"):
        closing = text.find(")", end, end + 2)
        end = closing + 1 if closing >= 0 else end
    if "," in inner and text.startswith(",", end):  # "Ana Ruiz, a spokeswoman for the union,"
        end += 1
    return start, end


def content_span(ground: Ground, first: int, last: int) -> tuple[int, int]:
    """Return the characters of some words, with the quotation marks that open before the first or close the last."""
    tokens, stretches = ground.reading.tokens, ground.stretches
    start, end = int(tokens.start[first]), int(tokens.end[last])
    if not len(stretches) or not (ground.quoted[first] or ground.quoted[last]):
        return with_signs(ground.texts[int(tokens.article[first])], start, end)
    opened = min(int(np.searchsorted(stretches.first, first)), len(stretches) - 1)
    closed = min(int(np.searchsorted(stretches.last, last)), len(stretches) - 1)
    left = opened if stretches.first[opened] == first else -1
    right = closed if stretches.last[closed] == last else -1
    return with_marks(
        ground, left, right, int(stretches.start[left]) if left >= 0 else start,
        int(stretches.end[right]) if right >= 0 else end,
    )  # fmt: skip


def with_marks(ground: Ground, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    """Widen characters by the mark that opens one stretch and the mark that closes another; -1 for neither."""
    stretches = ground.stretches
    if left >= 0:
        text, mark = ground.texts[int(stretches.article[left])], stretches.mark[left]
        before = -1 if mark in (LABEL, POST) else text.rfind(mark, max(start - len(mark) - 3, 0), start)
        start = before if before >= 0 else start
    if right >= 0 and stretches.closed[right] and stretches.mark[right] not in (LABEL, POST):
        text = ground.texts[int(stretches.article[right])]
        while text[end].isspace():
            end += 1
        end += 2 if text.startswith("''", end) else 1
    return start, end


class _Starts:
    """Looks for the first reported word behind a cue."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.reading = ground, ground.reading
        self.term = self.reading.tokens.term
        mentions = ground.mentions
        self.ends = dict(zip(mentions.first.tolist(), mentions.last.tolist(), strict=True))

    def word(self, at: int) -> str:
        return self.reading.lower[self.term[at]]

    def behind_hearer(self, anchor: int, first: int, last: int) -> int:
        """Return where what is told begins behind a day and who is told it."""
        kind = self.reading.kind
        if kind[first] == _DAY and first < last and self.word(first + 1) not in _OF_DAY:
            first += 1
        elif self.word(first) == "last" and first + 1 < last and self.word(first + 1) in _TIMES:
            first += 2
        cue = self.word(anchor)
        if cue in _TELLING and self.word(first) not in _CLAUSE:
            told = self.told(first)
            if told is not None and told < last:
                behind = range(told + 1, min(told + 1 + _TIME, last))
                return next((at for at in behind if self.word(at) in _CLAUSE), told + 1)
        if cue in _ASKING and self.word(first) not in _CLAUSE:
            told = self.told(first)
            following = (told if told is not None else first) + 1
            if following < last and self.opens(following):
                return following
        return self.behind_place(cue, first, last)

    def second(self, anchor: int) -> int:
        """Return where "and noted that" or ", warning that" begins with a cue, a report of its own; 0 for none."""
        gap, at = self.reading.gap, anchor - 1
        if anchor + 1 >= len(gap) or self.word(anchor + 1) != "that" or at < 0 or self.ground.quoted[anchor]:
            return 0
        if self.word(anchor) in _ADDING:
            return anchor if gap[anchor] == _COMMA else 0
        if self.word(anchor) not in _PAST:
            return 0
        while at > 0 and (self.word(at).endswith("ly") or self.word(at) in ("also", "then")):
            at -= 1
        return at if self.word(at) in ("and", "but") else 0

    def behind_agent(self, anchor: int, last: int) -> int:
        """Return where what is told begins behind who tells it: "was asked by Lee last week ⟦whether"; 0 for nobody."""
        agent = find_agent(self.ground, anchor) if self.word(anchor + 1) == "by" else None
        if not agent or agent[1] >= last or not is_passive(self.ground, anchor):
            return 0
        behind = range(agent[1] + 1, min(agent[1] + _PLACE, last))
        return next((at for at in behind if self.word(at) in _ASKED and self.word(at) != "for"), agent[1] + 1)

    def told(self, first: int) -> int | None:
        """Return the last word of who is told something."""
        return self.ends.get(first, self.ends.get(first + 1) if self.reading.kind[first] == _DETERMINER else None)

    def opens(self, at: int) -> bool:
        """Whether "to do", "not to do", "whether", "for" or the like begins here."""
        gap, kind = self.reading.gap, self.reading.kind
        if gap[at] != _SPACE:
            return False
        word = self.word(at)
        if word == "not" and at + 1 < len(kind):
            at, word = at + 1, self.word(at + 1)
        return (word == "to" and at + 1 < len(kind) and kind[at + 1] in _VERBAL) or word in _ASKED

    def behind_place(self, cue: str, first: int, last: int) -> int:
        """Return where "that" stands behind a place or a time: "said this week that"; else the word given."""
        if self.word(first) not in _LEADS and cue not in _TELLING:
            return first
        gap, kind = self.reading.gap, self.reading.kind
        for at in range(first + 1, min(first + _PLACE, last)):
            if self.word(at) == "that":
                return at if kind[at + 1] not in _PREDICATE else first
            if kind[at] == _VERB or gap[at] not in (_SPACE, _COMMA) or self.word(at) in _FINITE:
                return first
        return first

    def is_fronted(self, first: int, last: int) -> bool:
        """Whether no more is taken than a phrase in front of what is reported: "that in the first quarter"."""
        at = first + 1
        if self.word(first) != "that" or at > last or not comma_before(self.ground, last + 1):
            return False
        if self.word(at) in _SUBORDINATE:
            return _COMMA not in self.reading.gap[at : last + 1]
        inner = range(at, last + 1)
        return self.word(at) in _FRONTED and not any(
            self.reading.kind[one] == _VERB or self.word(one) in _FINITE for one in inner
        )


_PAST = frozenset((
    "said", "added", "noted", "argued", "claimed", "stated", "admitted", "acknowledged", "suggested", "recommended",
    "insisted", "explained", "stressed", "warned", "declared", "concluded", "alleged", "conceded", "asserted",
    "emphasised", "emphasized", "announced", "reported", "confirmed", "denied", "rejected",
))  # fmt: skip
_ADDING = frozenset((
    "saying", "adding", "arguing", "noting", "claiming", "insisting", "warning", "stressing", "explaining", "stating",
))  # fmt: skip
_LEAST = 3  # words that are reported before a second verb
_DAY, _VERB = ord("Y"), ord("v")
_OF_DAY = frozenset(("and", "to", "through", "or", "is", "was", "will"))  # behind a day that is what is reported
_TIMES = frozenset(("night", "week", "month", "year", "summer", "spring", "winter", "autumn", "fall"))
_TELLING = frozenset((
    "told", "tell", "tells", "telling", "inform", "informs", "informed", "informing", "assure", "assures", "assured",
    "assuring", "remind", "reminds", "reminded", "reminding", "notified", "advised",
))  # fmt: skip
_ASKING = frozenset((
    "asked", "ask", "asks", "asking", "urged", "urge", "urges", "urging", "beg", "begs", "begged", "begging",
    "encouraged", "encourage", "encourages", "encouraging", "advise", "advises", "advising", "requested", "implored",
    "implore", "instructed", "instructs", "exhorted", "warned", "warns", "warn", "warning", "taught", "teaches",
    "teach", "show", "shows", "showed", "called",
))  # fmt: skip
_CLAUSE = frozenset(("that", "how", "why", "whether"))  # begin what is told
_ASKED = frozenset(("whether", "if", "that", "how", "why", "who", "what", "when", "where", "which", "for"))
_LEADS = frozenset((  # begin a place or a time between a cue and "that"
    "in", "on", "at", "during", "after", "before", "by", "this", "last", "late", "early", "earlier", "yesterday",
    "today", "recently", "again", "to",
))  # fmt: skip
_FINITE = frozenset((  # with one of them before it, "that" belongs to a sentence that has begun
    "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "might", "should", "and",
    "must", "do", "does", "did", "be", "been", "but",
))  # fmt: skip
_SUBORDINATE = frozenset(("if", "when", "while", "although", "though", "because", "unless", "once"))
_FRONTED = frozenset((
    "in", "on", "at", "during", "after", "before", "by", "due", "despite", "since", "under", "over", "from",
    "within", "until", "with", "without", "based", "given", "among", "for",
))  # fmt: skip
_TIME = 5  # words between who is told and "that": "told reporters on Monday that"
_PLACE = 16
_VERBAL = frozenset(b"aefv")
_PREDICATE = frozenset(b"fve")
_DETERMINER, _COMMA, _SPACE = ord("D"), ord(COMMA), ord(SPACE)
