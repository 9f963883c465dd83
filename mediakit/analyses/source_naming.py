"""Named or anonymous: whether an article tells who a source is, or withholds it (docs/source_types.md)."""

from __future__ import annotations

import re

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.word_classes import load_word_lists


def is_named(evidence: Evidence, people: frozenset[str], granted: re.Pattern[str]) -> bool:
    """Whether a reader of the article could say who a source is.

    Parameters
    ----------
    evidence : as `gather_evidence` returns it
    people : words for people of whom no name follows: "official", "critics"
    granted : pattern of words that grant anonymity

    Examples
    --------
    >>> people, granted = frozenset(["official", "critics"]), re.compile("on condition of anonymity")
    >>> heads = ("Ana Ruiz", "the Port Union", "an official", "Critics", "one in three")
    >>> [is_named(Evidence(head, (head,), head if head[0] == "A" else None), people, granted) for head in heads]
    [True, True, False, False, False]
    """
    if granted.search(" ".join(evidence.roles)) or _UNCOUNTED.match(evidence.head) or is_somebody(evidence.head):
        return False
    if re.match(r"(?:all (?:two|three|four|five)|both|neither)\b", evidence.head, re.I):
        return True  # the article has listed them
    last = evidence.head.split()[-1].casefold() if evidence.head.split() else ""
    group = last in people and (evidence.body or "").casefold().endswith(f" {last}")  # "the Committee Republicans"
    if evidence.body and evidence.body not in evidence.head and evidence.body[:1].isupper() and not group:
        return True  # a pronoun or a role whose name the article prints elsewhere
    if is_person(evidence.body) and (evidence.body or "").split()[-1].casefold() not in people:
        return True
    head = _COUNTED.sub("", evidence.head)
    words = re.findall(r"[\w’'-]+", head)
    if not words:
        return False
    if re.search(r"\bspokes\w+$", head):
        return True  # stands for whom he speaks for
    if re.search(r"(?:’|')s\s+[a-z]+$", head) and not _OWNED_BODY.search(head):
        return False  # "Lee's doctor": a person whom only another one's name tells
    if _DOCUMENT.fullmatch(head) and head.endswith("s") and evidence.head == head:
        return False  # "Reports"
    if evidence.body:
        return not _is_vague(head, people)
    document = _DOCUMENT.search(head)
    if document and re.match(r"(?:the|this|that)\s", evidence.head, re.I) and not document[0].endswith("s"):
        return True  # the article has told whose it is
    if document:
        return re.search(r"[A-Z]|\b(?:police|court|government|campaign)\b", _DOCUMENT.sub("", head)) is not None
    if re.match(r"(?:one|two|three|four|five)\s+[a-z]", evidence.head, re.I):
        return False
    told = evidence.head.casefold().startswith("the ") and bool(evidence.roles[1:])  # "the authors of this project"
    plural = (
        not told and head[1:] == head[1:].casefold() and head.endswith("s") and not head.endswith(("ss", "us", "is"))
    )
    return not _is_vague(head, people) and not plural


def is_somebody(head: str) -> bool:
    """Whether a phrase brings in a person without a name: "a student from Harlow"."""
    found = _SOMEBODY.match(head)
    noun = found["noun"].casefold() if found else ""
    return noun in load_word_lists().roles and not noun.startswith("spokes")


def is_unnamed(phrase: str, behind: str = "") -> bool:
    """Whether a phrase is about people of whom no name is told: "a transit chief", "These Liberals", "40 children".

    Parameters
    ----------
    phrase : what the source is called
    behind : the text behind it, optional; a name may follow there, or a list of names

    Examples
    --------
    >>> [is_unnamed(phrase) for phrase in ("a Harbour transit chief", "2,000 monks", "Local residents")]
    [True, True, True]
    >>> [is_unnamed(phrase) for phrase in ("a Harbour spokesman", "a study", "the mayor", "Ana Ruiz", "the Port Union")]
    [False, False, False, False, False]
    """
    core = re.split(r"\s(?:of|in|at|from|with|for|who|to|on|by|near|briefed|familiar|close)\s|,\s", phrase)[0]
    words = core.split()
    if not words or _NAMED_BEHIND.match(behind):
        return False
    lists = load_word_lists()
    last = re.sub(r"(?:’|')s?$", "", words[-1])
    plain = last.casefold()
    several = lists.classes.get(plain) == "S"
    if plain.startswith("spokes") or plain == "police" or not (several or (plain in lists.roles and last.islower())):
        return False
    if _INDEFINITE.match(phrase) and len(words) > 1:
        return True
    return several and not _DETERMINED.match(phrase) and not any(map(_is_proper, words[:-1]))


def _is_proper(word: str) -> bool:
    """Whether a word is capitalised and none that a phrase may begin with."""
    return word[:1].isupper() and word.casefold() not in _OPENS


_NAMED_BEHIND = re.compile(r"\s[A-Z]|,\s(?:including|such as|among them)\s")
_OPENS = frozenset(("local", "some", "many", "most", "other", "several", "young", "senior", "former", "few", "all"))
_INDEFINITE = re.compile(
    r"(?:an?|one|another|two|three|four|five|six|seven|eight|nine|ten|several|some|many|few|most|other|these|those"
    r"|\d[\d,.]*|dozens|hundreds|thousands)\s",
    re.I,
)
_DETERMINED = re.compile(r"(?:the|this|that|both|all|his|her|its|their|our|my|your|[A-Z]\w+(?:’|')s)\s", re.I)
_SOMEBODY = re.compile(
    r"(?:an?|one|another)\s+(?:[\w’'-]+\s+)*?(?P<noun>[a-z-]+)\s+(?:for|of|at|from|with|in|near)\s[^,]*$", re.I
)
_COUNTED = re.compile(r"^(?:the|a|an|one|other|two|three|four|five|all)\s+", re.I)
_UNCOUNTED = re.compile(
    r"(?:none|most|half|another|some|many|several|few|dozens|hundreds|thousands|scores|others|anyone|someone|everyone"
    r"|nobody|(?:all|only|any|each|those) (?:of|an?|the|who)"
    r"|lots of|plenty of|(?:the )?(?:next|new) (?:class|generation|wave|crop) of"
    r"|an? (?:\w+ )?(?:few|lot|number|majority|dozen|handful|quarter|third|group|crowd|couple|mix|coalition)"
    r"|(?:(?:about|some|nearly|almost|roughly|only) )?"
    r"(?:a|an|one|two|three|four|five|six|seven|eight|nine) in|(?:more|less|fewer) than|at least|only"
    r"|(?:about|some|nearly|almost|roughly)?\s*\d+"
    r"|(?:the )?(?:vast |overwhelming )?majority|two-thirds|(?:a )?quarter|(?:a )?third)\b(?! \w+ (?:Times|Post|News))",
    re.I,
)
_OWNED_BODY = re.compile(
    r"(?:campaign|team|office|government|company|party|group|board|ministry|administration|camp|press|bank)$"
)


def _is_vague(head: str, people: frozenset[str]) -> bool:
    """Whether the head of a phrase is a word for people of whom no name follows."""
    core = re.split(r"\s+(?:of|in|at|from|with|for|who|close|on|to|familiar|briefed)\b|,", head)[0].split()
    if not core:
        return False
    last = re.sub(r"(?:’|')s?$", "", core[-1]).casefold()
    proper = [word for word in core if word[:1].isupper()]
    return last in people and (last == "americans" or len(proper) < 2 or core[-1][:1].islower() or len(core) == 1)


_DOCUMENT = re.compile(
    r"\b(?:polls?|analys[ie]s|stud(?:y|ies)|reports?|surveys?|statements?|ads?|rulings?|documents?)\b", re.I
)
