"""Types of sources that an office, a party, a former office or the name of a body decides."""

from __future__ import annotations

import datetime
import re
from functools import cache

from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.source_roles import TypeRules, read_description
from mediakit.lexicons.actors import load_actors

Verdict = tuple[str, str]  # type, and the words that decided


def by_party(evidence: Evidence, rules: TypeRules, date: datetime.date | None) -> Verdict | None:
    """Law-makers and "Democrats": by whether their party holds the presidency."""
    if any(FORMER.search(role) for role in evidence.roles):
        return None
    for role in evidence.roles:
        group = _PARTISANS.search(role) or _one_partisan(role)
        if group and (evidence.body is None or role == evidence.head):
            governs = rules.party_governs(_party_of(group[0]), date)
            return ("government" if governs else "opposition"), group[0]
    seat = next((role for role in evidence.roles if _is_lawmaker(role)), None)
    if seat is None:
        return None
    if GOVERNS.search(seat):
        return "government", seat[:60]
    party = next((_party_of(found[1]) for role in evidence.roles if (found := _PARTY.search(role))), "")
    if party not in ("R", "D"):
        told = " ".join(evidence.roles)
        party = _only_party(told) or _only_party(evidence.near)
    if not party:
        return None
    governs = rules.party_governs(party, date)
    return ("government" if governs else "opposition"), f'party "{party}" of "{seat[:60]}"'


def _one_partisan(role: str) -> re.Match[str] | None:
    """Return the party in "the Ohio Democrat": somebody in office, called by state and party."""
    found = re.fullmatch(r"[Tt]he (?P<where>(?:[A-Z]\w+ ){1,2})(?P<party>Democrat|Republican)", role)
    lands = load_role_lists().lands
    if found is None or not all(word.casefold() in lands for word in found["where"].split()):
        return None
    return re.search(r"Democrat|Republican", role)


def _is_lawmaker(role: str) -> bool:
    if role.startswith("who ") or re.search(r"\b(?:former|ex-)\b", role, re.I):
        return False
    if _SEAT.search(role):
        return True
    found = _LAWMAKER.search(re.split(r"\s(?:of|for|to|from|with|who)\s", FORMER.sub(" ", role))[0])
    return found is not None and not re.match(r"\w*\s*(?:’|')s?\s", role[found.end() :])


def _party_of(word: str) -> str:
    return "D" if word[:1].casefold() == "d" else "R" if word[:1].casefold() in ("r", "g") else "I"


def _only_party(text: str) -> str:
    """Return the party that a text speaks of more than of the other; an empty string where neither leads."""
    right = len(re.findall(r"\b(?:Republicans?|GOP|R-[A-Z]\w+)\b", text))
    left = len(re.findall(r"\b(?:Democrat(?:ic|s)?|D-[A-Z]\w+)\b", text))
    return "R" if right > left else "D" if left > right else ""


def by_former_office(evidence: Evidence) -> Verdict | None:
    """Who was in office and is told nothing newer of."""
    former = next((found[0] for role in evidence.roles if (found := FORMER.search(role))), None)
    now = " ".join(evidence.roles)
    return ("opposition", former) if former and not NOW.search(now) else None


def by_named_body(evidence: Evidence, rules: TypeRules) -> Verdict | None:
    """Who presides over a body of which no more is told than its name: "president of Harbour Watch"."""
    for role in evidence.roles:
        branch = re.search(
            r"\bpresident (?:of|for) (?!the\b)[a-z][\w-]*(?: [a-z]+)*(?: (?:at|for|of) (?P<body>.+))?", role
        )
        if branch:  # "president of entertainment at Harbour Films"
            read = read_description(branch["body"], rules.rules, rules.belongs, "body") if branch["body"] else None
            return read or ("company", branch[0][:60])
        found = _PRESIDES.search(role)
        name = (found["behind"] or found["before"]) if found else ""
        told = read_description(role, rules.rules, rules.belongs)
        if told is not None and "president" not in told[1].casefold():
            continue
        if name and name.split()[0].casefold() not in _COMMON and not _of_a_state(name):
            read = read_description(name, rules.rules, rules.belongs, "body")
            return read or ("society", f"presides over {name[:50]}")
    return None


def _of_a_state(name: str) -> bool:
    """Whether a name is a country's, a people's or a state's: "French president", "president of Ohio"."""
    lands = load_role_lists().lands
    return all(word.strip(".,’'").casefold() in lands for word in name.split())


def by_name(evidence: Evidence, rules: TypeRules) -> Verdict | None:
    """Bodies and documents: by the words of their names; countries and places that speak are governments."""
    own = evidence.body or evidence.head
    if own.removeprefix("the ") in _countries() or f"{own.removeprefix('the ')}." in _countries():
        return "government", "a country that speaks"
    # A person's name tells nothing; with an article in front it is none.
    leads = re.fullmatch(r"(?:[Tt]he )?(?P<land>[A-Z]\w+) leader", evidence.head)
    if leads and leads["land"].casefold() in load_role_lists().lands:
        return "government", evidence.head
    if is_person(evidence.body) and not evidence.head.casefold().startswith("the "):
        outlaws = [rule for rule in rules.rules if rule.type == "other"]
        return read_description(evidence.body or "", outlaws, rules.belongs, "body")
    for part in (evidence.body, evidence.head if evidence.body else None):
        found = read_description(part, rules.rules, rules.belongs, "body") if part else None
        if found is not None:
            return found
    return None


@cache
def _countries() -> frozenset[str]:
    known = load_actors()
    return frozenset(known.loc[(known["type"] == "country") & known["kind"].isin(["name", "alias"]), "pattern"].str[1:])


_PARTY = re.compile(r"[(,]\s*(R|D|I)(?:[-–.)]|epublican|emocrat|ndependent)")
_SEAT = re.compile(r"\((?:R|D|I)[-–.][A-Z][\w. ]{1,9}\)")
_PARTISANS = re.compile(
    r"\b(?:[Dd]emocrats|[Rr]epublicans|GOP)(?=$|\s+(?:in|on|from|of|who)\b|\s+members of [Cc]ongress)"
)
_LAWMAKER = re.compile(
    r"(?:\b(?:Sens?|Reps?)\.|\b(?i:senators?|congress(?:man|woman|men|women)|lawmakers?|legislators?|representatives?"
    r"|(?:majority|minority) (?:leader|whip)|house speaker|speaker of the house|members of congress))(?=\W|$)"
)
GOVERNS = re.compile(r"\bGovs?\b|\b(?i:governor|mayor|attorney general|(?<!vice )president|vice president|minister)\b")
NOW = re.compile(
    r"\bnow\b|institut|university|professor|fellow|\bcent(?:er|re)\b|think tank|\bCEO\b|chief executive"
    r"|analyst|columnist|who (?:works? on|directs|teaches|studies)|\bFoundation\b",
    re.I,
)
FORMER = re.compile(
    r"\b(?:former|ex-|ancien|ancienne|frühere|früherer)[\s-]*(?:(?!(?:of|to|for)\s)[\w.’'-]+\s+){0,3}?(?:gov|governor|sen|senator|rep"
    r"|congress\w+|mayor|president|secretary|(?:prime )?minister|chancellor|attorney general|speaker|candidate|nominee"
    r"|ministre|président|Minister\w*|first lady|adviser|advisor|aide|administration official|official in)\b",
    re.I,
)
ONCE_FOR = re.compile(r"(?:an?\s+|the\s+)?(?:former|ex-)", re.I)
_PRESIDES = re.compile(
    r"\bpresident of (?:the )?(?P<behind>[A-Z][\w&’'-]+(?: [A-Z][\w&’'-]+)*)"
    r"|^(?:the )?(?P<before>[A-Z][\w&’'-]+(?: [A-Z][\w&’'-]+)+) president\b"
)
_COMMON = frozenset(("the", "former", "vice", "u.s", "us", "then", "senate", "city", "council", "united", "supreme"))
