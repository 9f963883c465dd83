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
from mediakit.analyses.word_classes import COMMA, SPACE


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
    of_plans = planned[term[reports.anchor]] & (before[0] | before[1])
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

    def is_no_saying(self, number: int, source_last: int) -> bool:
        """Whether the words of a report tell that nothing is said: an act, a set phrase, a relative clause.

        Parameters
        ----------
        number : int
            Of the report.
        source_last : int
            Last word of its source; -1 for none.
        """
        anchor, part = int(self.reports.anchor[number]), int(self.reports.bounds[number])
        first, last = int(self.reports.part_first[part]), int(self.reports.part_last[part])
        return bool(
            self.is_phrase(anchor, first)
            or (first == anchor + 1 and self.is_act(anchor, first, last) and (
                self.reports.chance[number] < _OF_ACT or self.word(anchor) in _DENIED
            ))
            or self.is_relative(anchor, first, source_last)
            or self.is_time_alone(first, last)
        )  # fmt: skip

    def is_act(self, anchor: int, first: int, last: int) -> bool:
        """Whether something is done: "wrote a book", "refused to leave", "denied the application", "known for"."""
        cue, opens = self.word(anchor), self.word(first)
        if cue in _REFUSED and opens == "to":
            verb = first + 1
            while verb < last and (self.word(verb) in _BEING or self.word(verb).endswith("ly")):
                verb += 1
            return self.word(verb) not in _TO_SAY
        if cue in _DENIED:
            return self.is_thing_asked_for(first, last)
        if cue == "known":
            return opens == "for"
        if cue not in _ACTS or opens in _OPENS_CLAUSE or self.ground.quoted[first]:
            return False
        if cue in _ADDRESSED and not _HEARERS.intersection(
            self.word(at) for at in range(first, min(first + 4, last + 1))
        ):
            return False  # "addressed the rumours"
        kind, gap = self.ground.reading.kind, self.ground.reading.gap
        for at in range(first, min(first + _OF_OBJECT, last + 1)):
            if self.word(at) in _UTTERED or (self.word(at) == "that" and gap[at] == ord(COMMA)):
                return False
            if at > first and gap[at] == ord(COMMA):
                continue
            if self.word(at) in _OPENS_CLAUSE:
                return self.word(at) not in _HEARD
            if at > first and (self.word(at) in _FINITE or (kind[at] == ord("v") and kind[at - 1] != ord("D"))):
                return False
        return True

    def is_thing_asked_for(self, first: int, last: int) -> bool:
        """Whether what is denied is asked for, not alleged: "the application", "her entry", "women the same rights"."""
        at = first
        while at < min(first + _OF_OBJECT, last + 1) and self.word(at) not in ("of", "that", "to", "for", "by", "and"):
            if self.word(at) in _ASKED_FOR:
                return True
            at += 1
        return False

    def is_phrase(self, anchor: int, first: int) -> bool:
        """Whether a cue is a part of a set phrase: "in order that", "there is no question that", "which is to say"."""
        cue, before = self.word(anchor), [self.word(anchor - by) for by in range(1, _OF_PHRASE)]
        if cue in ("meaning", "seems", "put") and self.word(anchor + 1) in ("it", "basically", "that"):
            return cue != "put" or self.word(anchor + 1) == "it"
        if self.word(first) not in ("that", "what", "how"):
            return False
        if cue in ("say", "saying") and before[:2] == ["to", "is"] and before[2] in ("which", "that"):
            return True
        if cue == "order" and before[0] == "in":
            return True
        return first == anchor + 1 and before[0] in ("no", "little", "any") and "there" in before

    def is_relative(self, anchor: int, first: int, source_last: int) -> bool:
        """Whether a cue is a noun and "that" stands for it: "with challenges that threaten"."""
        if first != anchor + 1 or self.word(first) != "that" or source_last == anchor - 1:
            return False
        kind, before = self.ground.reading.kind, self.word(anchor - 1)
        described = kind[anchor - 1] in _BEFORE_NOUN or before in _MANY or before.endswith(_OF_ADJECTIVES)
        noun = self.word(anchor).endswith("s") and described and before not in _HEARD
        return noun and (kind[first + 1] == ord("v") or self.word(first + 1) in _FINITE)

    def is_time_alone(self, first: int, last: int) -> bool:
        """Whether no more is taken for reported than how long it was told: "for years"."""
        return (
            last - first < _OF_TIME
            and self.word(first) in ("for", "since", "until", "over")
            and self.word(last) in _TIMES
        )

    def is_expletive(self, mention: int, anchor: int) -> bool:
        """Whether "it" stands for nothing: "it seems", "it should be recognized", "it is wrong to believe"."""
        first = int(self.ground.mentions.last[mention]) + 1
        if first > anchor:
            return False
        while self.word(anchor) in _BEING and anchor < first + _OF_PHRASE:
            anchor += 1
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


_REFUSED = frozenset(("refuse", "refuses", "refused", "refusing", "decline", "declines", "declined", "declining"))
_TO_SAY = frozenset((
    "comment", "say", "speak", "talk", "answer", "discuss", "confirm", "deny", "respond", "reply", "elaborate", "name",
    "identify", "disclose", "reveal", "explain", "apologise", "apologize", "acknowledge", "admit", "rule", "endorse",
    "state", "specify", "concede", "condemn", "interviewed", "affirm", "call", "provide", "give", "tell", "offer",
    "describe", "define", "weigh", "criticise", "criticize", "denounce", "recognise", "recognize", "accept", "clarify",
    "address", "share", "detail", "predict", "commit", "promise", "pledge", "believe", "drawn", "take", "make",
    "divulge", "release", "quoted", "named", "identified",
))  # fmt: skip
_DENIED = frozenset(("denied", "denies", "deny", "denying"))
_ASKED_FOR = frozenset((
    "application", "applications", "request", "requests", "motion", "petition", "permission", "permit", "permits",
    "access", "bail", "entry", "visa", "visas", "rights", "services", "coverage", "care", "opportunity",
    "opportunities",
    "chance", "leave", "asylum", "parole", "right", "benefits", "appeal", "bid", "victory", "loan", "loans",
))  # fmt: skip
_ACTS = frozenset((
    "publish", "publishes", "published", "publishing", "post", "posts", "posted", "posting", "sing", "sings", "sang",
    "singing", "address", "addresses", "addressed", "addressing", "continue", "continues", "continued", "continuing",
    "survive", "survives", "survived", "write", "writes", "wrote", "writing", "print", "prints", "printed", "printing",
    "recite", "recites", "recited", "reciting",
))  # fmt: skip
_ADDRESSED = frozenset(("address", "addresses", "addressed", "addressing"))
_HEARERS = frozenset((
    "crowd", "crowds", "audience", "meeting", "function", "conference", "rally", "gathering", "students", "delegates",
    "supporters", "members", "workers", "assembly", "parliament", "nation", "convention", "forum", "seminar", "event",
    "reporters", "journalists", "people", "party", "council", "group", "session", "protesters", "ceremony", "voters",
))  # fmt: skip
_OPENS_CLAUSE = frozenset((
    "that", "how", "why", "whether", "what", "who", "when", "where", "which", "if", "i", "he", "she", "it", "they",
    "we", "you", "there", "this", "to", "of", "about", "on", "in", "as",
))  # fmt: skip
_HEARD = frozenset(("that", "how", "why", "whether", "what"))  # behind who is told or where: "wrote the mayor that"
_FINITE = frozenset((
    "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "might", "should",
    "must", "do", "does", "did",
))  # fmt: skip
_OF_ACT = 0.6  # chance from which an act counts as told: "posted their reading of the law"
_TIMES = frozenset(("years", "months", "weeks", "days", "hours", "decades", "centuries", "long", "now", "then"))
_OF_TIME, _OF_OBJECT, _OF_PHRASE = 4, 10, 6  # words
_BEFORE_NOUN = frozenset(b"hDJn")
_MANY = frozenset(("many", "few", "several", "other", "such", "some", "new", "unique", "big", "great", "these"))
_OF_ADJECTIVES = ("ed", "ive", "al", "ous", "ic", "ful", "less", "able", "ible", "ary")
_UTTERED = frozenset((
    "thoughts", "views", "view", "opinion", "opinions", "statement", "message", "messages", "apology", "question",
    "questions", "criticism", "reminder", "reminders", "comment", "comments", "claim", "claims", "words", "reply",
    "response", "warning", "accusation", "accusations", "allegations",
))  # fmt: skip
_OF_NAME = 6  # words
_OF_NO_SOURCE = 0.65  # what the chance of a report counts that has no source
_OF_TOLD = 1.0  # of one whose verb tells that somebody spoke: "was told that"
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
