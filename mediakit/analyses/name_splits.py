"""Where a run of capitals holds more than a name: credits, origins and offices in front of it, a body before it."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.analyses.word_classes import load_common_words, load_word_lists

RANKS = frozenset((
    "senior", "junior", "former", "veteran", "leading", "local", "top", "embattled", "outgoing", "incoming",
))  # fmt: skip
DETERMINERS = frozenset(("the", "a", "an", "this", "that", "his", "her", "its", "their", "our"))
OVER = frozenset(("for", "of", "on"))
PORTFOLIOS = frozenset((  # what ministers and commissioners are for
    "finance", "health", "education", "justice", "defence", "defense", "trade", "labour", "labor", "energy",
    "environment", "environmental", "transport", "housing", "agriculture", "tourism", "culture", "interior",
    "communications", "climate", "change", "protection", "affairs", "foreign", "home", "social", "children",
    "youth", "sport", "sports", "industry", "commerce", "development", "planning", "security", "immigration",
    "employment", "enterprise", "innovation", "science", "technology", "research", "veterans", "state", "war",
    "treasury", "natural", "resources", "water", "fisheries", "human", "rights", "economy", "budget", "women",
    "equality", "family", "forest", "forests", "food", "works", "railways", "power", "petroleum", "information",
    "broadcasting", "school", "schools", "higher", "primary", "refugees", "humanitarian",
    "disarmament", "welfare", "religious", "prevention", "safety",
))  # fmt: skip
_CREDITS = frozenset(("epa", "afp", "getty", "reuters", "alamy", "shutterstock", "xinhua", "ap", "pa", "dpa", "ansa"))
# Offices in capitals behind a firm's name: "Lissmar Foods CFO Ana Ruiz".
_CAPITAL_OFFICES = frozenset(("ceo", "cfo", "coo", "cto", "cio", "md", "mp", "mep", "td"))
# Offices of which one person often holds two: "president and chief executive Ana Ruiz".
_DUAL = frozenset((
    "president", "chairman", "chairwoman", "chair", "founder", "cofounder", "owner", "publisher", "director",
    "executive", "ceo", "editor", "manager", "secretary", "treasurer", "partner", "chief", "cto", "cfo", "coo",
))  # fmt: skip
# Bodies whose names go on behind "and": "the Ministry of Health and Welfare".
_TWOFOLD = frozenset((
    "ministry", "department", "institute", "centre", "center", "centers", "centres", "office", "bureau", "agency",
    "committee", "commission", "directorate", "secretariat", "school", "faculty", "college", "council",
))  # fmt: skip
_MOST = 3  # words of a person's name behind a body


def before_name(written: bytes, words: Sequence[str]) -> int:
    """Return how many words in front are none of the name: photo credits, ranks, where a person is from.

    Parameters
    ----------
    written : bytes
        Class of each word, as in `MENTION`.
    words : sequence of str
        In lower case.

    Examples
    --------
    >>> before_name(b"ANN", ["afp", "ana", "ruiz"]), before_name(b"JNN", ["latvian", "ernests", "gulbis"])
    (1, 1)
    >>> before_name(b"NN", ["former", "ruiz"]), before_name(b"JNN", ["chinese", "new", "year"])
    (1, 0)
    """
    skipped, size = 0, len(words)
    if size != len(written):
        return 0
    while size - skipped > 1 and written[skipped + 1] != _B and (
        words[skipped] in RANKS
        or (words[skipped] in _CREDITS and (written[skipped] == _A or words[skipped] == "getty"))
    ):  # fmt: skip
        skipped += 1
    if written[skipped:] == b"JNN" and words[skipped] not in _COMPASS:
        skipped += load_common_words().isdisjoint(words[-2:]) and _NO_PERSONS.isdisjoint(words[-2:])
    return skipped


def body_before_person(written: bytes, words: Sequence[str], *, office: bool) -> int:
    """Return how many words in front are a body that somebody belongs to; 0 where there is none.

    Parameters
    ----------
    written, words : as for `before_name`
    office : bool
        Whether the run stands behind an office with "of" or "for", and speaks: "director of the … said".

    Examples
    --------
    >>> body_before_person(b"NNBNN", ["dhaka", "shishu", "hospital", "ruhul", "amin"], office=True)
    3
    >>> body_before_person(b"NBNN", ["lissmar", "council", "bluffs", "range"], office=False)
    0
    """
    size = len(words)
    if size != len(written) or size < 3:
        return 0
    at = written.rfind(b"B") + 1
    tail = words[at:]
    if not at or not 1 < len(tail) <= _MOST or set(written[at:]) - _PERSONAL:
        return 0
    lists, common = load_word_lists(), load_common_words()
    if tail[0] in lists.given:
        return at
    return at if office and not common.intersection(tail) else 0


def office_inside(written: bytes, words: Sequence[str]) -> int:
    """Return where an office in capitals stands in a run of names, as in "Lissmar Foods CFO Ana Ruiz"; 0 for none.

    Examples
    --------
    >>> office_inside(b"NNANN", ["lissmar", "foods", "cfo", "ana", "ruiz"]), office_inside(b"NN", ["ana", "ruiz"])
    (2, 0)
    """
    if len(words) != len(written):
        return 0
    for at in range(1, len(words) - 1):
        if written[at] == _A and words[at] in _CAPITAL_OFFICES and not set(written[at + 1 :]) - _PERSONAL:
            return at
    return 0


def are_one_office(first: str, second: str) -> bool:
    """Whether one person may hold both: "president and chief executive", but not "the president and Mayor"."""
    return first in _DUAL and second in _DUAL and first != second


def goes_on(body: Sequence[str], following: Sequence[str]) -> bool:
    """Whether the name of a body goes on behind "and": "Ministry of Health and Welfare", not "… and Russia".

    Examples
    --------
    >>> goes_on(["ministry", "of", "health"], ["welfare"]), goes_on(["ministry", "of", "defence"], ["lissmar"])
    (True, False)
    """
    if len(following) > 2 or not _TWOFOLD.intersection(body) or not OVER.intersection(body):
        return False
    common, bodies = load_common_words(), load_word_lists().bodies
    return len(body) > 2 and all(word in PORTFOLIOS or word in common or word in bodies for word in following)


_A, _B, _J = b"ABJ"
_PERSONAL = frozenset(b"NId-.")
_NO_PERSONS = frozenset((  # "Chinese New Year", "American Red Cross"
    "new", "year", "red", "cross", "great", "first", "royal", "central", "national", "open", "grand", "airlines",
    "airways",
))  # fmt: skip
_COMPASS = frozenset(("western", "eastern", "northern", "southern"))
