"""Reports that nobody makes: cues of plans, of the writer's own thoughts, of nobody in particular ("it seems that").

The trees judge whether a report is right to the word; what is left out here would be wrong whatever its words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.mention_kinds import INDEFINITE, NAME, PRONOUN
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import Reports
from mediakit.analyses.quote_subjects import is_passive
from mediakit.analyses.word_classes import SPACE


def is_no_report(ground: Ground, reports: Reports, least: float) -> NDArray[np.bool_]:
    """Return which cues tell of plans ("is expected to announce"), or are less likely than a cue must be.

    One that is no verb ("his praise for") must be likelier than `least`.
    """
    lower, term = ground.reading.lower, ground.reading.tokens.term
    if not len(reports):
        return np.zeros(0, dtype=np.bool_)
    planned, being, according = (
        np.array([word in words for word in lower], dtype=np.bool_) for words in (_PLANNED, _BEING, _ACCORDING)
    )
    before = [being[term[np.maximum(reports.anchor - by, 0)]] for by in (1, 2)]
    behind = term[np.minimum(reports.anchor + 1, len(term) - 1)]
    of_plans = (planned[term[reports.anchor]] & (before[0] | before[1])) | (
        being[term[reports.anchor]] & planned[behind]
    )
    plain = np.isin(ground.reading.kind[reports.anchor], _NO_VERBS) & ~according[term[reports.anchor]]
    return of_plans | (reports.chance < np.where(plain, least / _OF_NO_VERB, least))


class Doubts:
    """Tells which reports without quoted words nobody makes, once their sources are known.

    Parameters
    ----------
    ground : Ground
    reports : Reports
    least : float
        Chance from which reports are returned; one without a source must be likelier.
    """

    def __init__(self, ground: Ground, reports: Reports, least: float) -> None:
        self.ground, self.reports, self.least = ground, reports, least
        self.term = ground.reading.tokens.term

    def word(self, at: int) -> str:
        """Return a word in small letters."""
        return self.ground.reading.lower[self.term[at]] if 0 <= at < len(self.term) else ""

    def none_makes(self, number: int, mention: int, source_first: int) -> bool:
        """Whether nobody makes a report: its source is the writer, the reader, or nobody.

        Parameters
        ----------
        number : int
            Of the report.
        mention : int
            The mention that is its source; -1 for none.
        source_first : int
            First word of its source; -1 for none.
        """
        anchor = int(self.reports.anchor[number])
        if source_first < 0:
            told = self.word(anchor) in _TOLD and is_passive(self.ground, anchor)
            least = self.least / (_OF_TOLD if told else _OF_NO_SOURCE)
            return bool(self.reports.chance[number] < least) and self.word(anchor) not in _ACCORDING
        if mention >= 0 and self.ground.mentions.kind[mention] in (PRONOUN, INDEFINITE):
            who = self.word(int(self.ground.mentions.last[mention]))
            return who in _WRITER or (who in _THING and self.is_expletive(mention, anchor))
        return mention < 0 and self.word(source_first) in _WRITER

    def is_expletive(self, mention: int, anchor: int) -> bool:
        """Whether "it" stands for nothing: "it seems", "it should be recognized", "it is wrong to believe"."""
        first = int(self.ground.mentions.last[mention]) + 1
        if first > anchor:
            return False
        words = [self.word(at) for at in range(first, anchor + 1)]
        before = words[:-1]
        return words[-1] in _SEEMS or (
            bool(_BEING.intersection(before)) and (words[0] in _SHOULD or "to" in before)
        )  # fmt: skip

    def is_impersonal(self, mention: int, anchor: int) -> bool:
        """Whether nobody is named: "it has been suggested", where "it" is what is suggested."""
        mentions = self.ground.mentions
        if mention < 0 or mentions.kind[mention] != PRONOUN or self.word(int(mentions.last[mention])) not in _THING:
            return False
        between = [self.word(at) for at in range(int(mentions.last[mention]) + 1, anchor)]
        return bool(_BEING.intersection(between[-2:])) and not self.word(anchor).endswith("ing")

    def is_name_alone(self, number: int) -> bool:
        """Whether all that is taken for reported is the name of who speaks or of who is told: "writes Ruiz"."""
        part = int(self.reports.bounds[number])
        if self.reports.bounds[number + 1] != part + 1:
            return False
        mentions, first = self.ground.mentions, int(self.reports.part_first[part])
        if self.reports.part_last[part] - first > _OF_NAME:
            return False
        if self.ground.reading.gap[first] != ord(SPACE) or first != int(self.reports.anchor[number]) + 1:
            return False
        at = int(np.searchsorted(mentions.first, first))
        while at < len(mentions) and mentions.first[at] <= first + 1:
            if mentions.kind[at] == NAME and mentions.last[at] == self.reports.part_last[part]:
                return self.word(int(self.reports.anchor[number])) in _OF_SPEECH
            at += 1
        return False


_OF_NAME = 6  # words
_OF_NO_SOURCE = 0.65  # what the chance of a report counts that has no source
_OF_TOLD = 0.8  # of one whose verb tells that somebody spoke: "was told that"
_TOLD = frozenset((
    "told", "asked", "warned", "informed", "notified", "reminded", "urged", "advised", "accused", "criticised",
    "criticized", "blamed", "questioned",
))  # fmt: skip
_WRITER = frozenset(("i", "we", "you", "me", "us", "my", "this", "myself", "ourselves"))
_THING = frozenset(("it",))
_SEEMS = frozenset(("seems", "seem", "seemed", "appears", "appear", "appeared", "turns", "turned", "follows", "means"))
_SHOULD = frozenset(("should", "must", "can", "could", "may", "might", "cannot", "needs"))
_OF_SPEECH = frozenset((
    "said", "says", "say", "writes", "wrote", "write", "commented", "comments", "told", "tells", "tell", "adds",
    "added",
    "explains", "explained", "replied", "argues", "argued", "noted", "notes", "continued", "continues", "concluded",
    "concludes", "asked", "asks", "stated", "states", "remarked", "observed", "spoke", "talked", "talks",
))  # fmt: skip
_ACCORDING = frozenset(("according", "to"))
_NO_VERBS = np.frombuffer(b"fro", dtype=np.uint8)
_OF_NO_VERB = 0.6  # what the chance of a cue counts that is no verb
_PLANNED = frozenset(("expected", "scheduled", "supposed", "due", "slated", "poised"))
_BEING = frozenset(("is", "are", "was", "were", "be", "been"))
