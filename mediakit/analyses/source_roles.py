"""What a description says a source is: the noun at its head decides, not every word in it.

"A professor of government" is a professor, "Military analysts" are analysts, "the Republican governor" is a governor.
Words that only say that somebody belongs to something ("director of", "officials at") give way to what they belong to.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Looks = Literal["role", "body"]
_PLACE = re.compile(r"\s\([A-Z][\w.]{1,12}\)")  # "Maricopa County (Ariz.) Sheriff"
_SHARE = re.compile(  # "the majority of lawmakers" are lawmakers
    r"^(?:(?:the|a|an)\s+)?(?:[a-z]+\s+)?(?:majority|number|group|handful|coalition|series|chorus|roster|crop|class|wave)\s+of\s+",
    re.I,
)
# Where the head of a description ends: "a professor | of government | at Lissmar".
_BREAK = re.compile(
    r"\s*[,;()–—]\s*|\s+(?:of|at|for|in|from|with|within|inside|who|that|to|on|by|about|against|whose|which|where|since"
    r"|during|after|before|as|near|and|et|und|y|de|du|des|der|von|del|di|bei)\s+"
    r"(?:(?:the|la|le|les|l’|die|der|das|el|los)\s+)?",
    re.I,
)


@dataclass(frozen=True)
class Rule:
    """A type, where it looks ("role", "body", "both"), its patterns, and what must not be mistaken for them."""

    type: str
    looks: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    first: bool = False  # a rule of the user, stronger than the others
    spare: bool = False  # only where no other rule speaks: words inside names of organisations

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Find the pattern where nothing speaks against it."""
        if self.unless is not None:
            text = self.unless.sub(lambda found: "\x00" * len(found[0]), text)
        return self.pattern.finditer(text)


@dataclass(frozen=True)
class TypeRules:
    """The rules of a file, compiled."""

    rules: tuple[Rule, ...]
    belongs: re.Pattern[str]
    speaks_for: re.Pattern[str]
    people: frozenset[str]
    granted: re.Pattern[str]
    governing: tuple[tuple[datetime.date, str], ...] = field(default=())

    def party_governs(self, party: str, date: datetime.date | None) -> bool | None:
        """Whether a party holds the presidency on a day; None where that is not known."""
        if date is None or not self.governing or party not in ("R", "D"):
            return None
        held = [name for since, name in self.governing if since <= date]
        return held[-1] == party if held else None


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    type: str
    words: str
    order: int
    first: bool
    spare: bool

    @property
    def rank(self) -> tuple[bool, bool, int, int, int]:
        return not self.spare, self.first, self.end, self.end - self.start, -self.order


def read_description(
    text: str, rules: Sequence[Rule], belongs: re.Pattern[str], looks: Looks = "role"
) -> tuple[str, str] | None:
    """Return the type that a description gives, and the words that decide; None where no rule speaks.

    Parameters
    ----------
    text : the description
    rules : tried in order where two match the same words
    belongs : pattern of words that say no more than that somebody belongs to something
    looks : "role" for what describes a person, "body" for the name of an organisation

    Examples
    --------
    >>> rules = [Rule("expert", "role", re.compile("professor")), Rule("government", "role", re.compile("government"))]
    >>> read_description("a professor of government", rules, re.compile("director$"))
    ('expert', 'professor')
    >>> read_description("a director of government archives", rules, re.compile("director$"))
    ('government', 'government')
    """
    wanted = (looks, "both")
    text = _PLACE.sub(lambda place: " " * len(place[0]), text)
    text = _SHARE.sub("", text)
    if not text.startswith("who "):
        text = re.split(r"\s(?:who|which)\s", text)[0]
    found = [
        _Found(*match.span(), rule.type, match[0], order, rule.first, rule.spare)
        for order, rule in enumerate(rules)
        if rule.looks in wanted
        for match in rule.find(text)
    ]
    if not found:
        return None
    best = _read(text, 0, found, belongs)
    return (best.type, best.words) if best is not None else None


def _read(text: str, begin: int, found: Sequence[_Found], belongs: re.Pattern[str]) -> _Found | None:
    """Return the match that decides from a place on: the last one in the first part that has any."""
    while begin < len(text):
        stop = _BREAK.search(text, begin)
        while stop is not None and not text[begin : stop.start()].strip():
            stop = _BREAK.search(text, stop.end())
        end, after = (stop.start(), stop.end()) if stop else (len(text), len(text))
        inside = [one for one in found if begin <= one.start < end]
        if inside:
            best = max(inside, key=lambda one: one.rank)
            if best.spare and text[end : end + 4] in (
                " at ",
                " of ",
            ):  # "director of the Port Project at Lissmar University"
                behind = _read(text.split(",")[0], after, found, belongs)
                if behind is not None and not behind.spare:
                    return behind
            loose = belongs.search(text[begin:end].rstrip(" ."))
            if loose is None or best.end > end or best.start < begin + loose.start():
                return best
            # "director of X", "X director": the part behind, else the words in front.
            behind = _read(text, after, found, belongs)
            if behind is not None and behind.type == "citizen" and text[behind.start].isupper():
                return replace(behind, type="society")  # "president of Students for Peace"
            ahead = [one for one in inside if one.end <= begin + loose.start()]
            return behind or max(ahead, key=lambda one: one.rank, default=best)
        begin = after
    return None
