"""Which kind of source speaks: government, police, protester, expert, citizen …, by rules that give their reason.

The evidence is what the article itself prints about a source: title before the name, apposition behind it, the role
phrase, the name of the body. The rules are data (`source_types.toml`); the types are defined in docs/source_types.md.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from mediakit.analyses.source_evidence import Evidence, gather_evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.source_naming import is_named
from mediakit.analyses.source_roles import Rule, read_description
from mediakit.errors import LexiconError
from mediakit.lexicons.actors import load_actors

TYPES = (
    "government", "police", "diplomat", "international", "opposition", "protester", "citizen", "expert", "society",
    "company", "media", "celebrity", "other", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class SourceType:
    """The verdict: type, whether named, and the words that decided."""

    type: str
    named: bool
    reason: str


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


def load_source_types(path: str | Path | None = None) -> TypeRules:
    """Load the rules that type sources.

    Parameters
    ----------
    path : path of a TOML file, optional
        Rules in the form of `source_types.toml`; its `[[rule]]` tables are tried before the built-in ones, and its
        other tables replace the built-in ones of the same name. Default: the built-in rules.

    Returns
    -------
    TypeRules

    Raises
    ------
    LexiconError
        Naming the file, and the rule: an unknown type, a rule without patterns, broken TOML.

    Examples
    --------
    >>> len(load_source_types().rules) > 10
    True
    """
    if path is None:
        return _built_in()
    file = Path(path)
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"{file.name}: no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LexiconError(f"{file.name}: {error}") from None
    base = _data()
    merged = {**base, **given, "rule": [*given.get("rule", []), *base["rule"]]}
    return _compile(merged, file.name, len(given.get("rule", [])))


def type_source(
    evidence: Evidence, rules: TypeRules, *, date: datetime.date | None = None, _depth: int = 0
) -> SourceType:
    """Type a source by the first rule that its evidence meets.

    Parameters
    ----------
    evidence : as `gather_evidence` returns it
    rules : as `load_source_types` returns them
    date : day of the article, optional
        To know which party governs.

    Examples
    --------
    >>> rules = load_source_types()
    >>> type_source(Evidence("Ana Ruiz", ("a spokeswoman for the harbour union",), "Ana Ruiz"), rules)
    SourceType(type='society', named=True, reason='speaks for "the harbour union": union')
    >>> type_source(Evidence("a senior official", ("a senior official",)), rules)
    SourceType(type='government', named=False, reason='official')
    """
    named = is_named(evidence, rules.people, rules.granted)
    for decide in (_by_party, _by_principal, _by_former_office, _by_name, _by_roles, _by_what_it_owns, _by_election):
        found = decide(evidence, rules, date, _depth)
        if found is not None:
            return SourceType(found[0], named, found[1])
    return SourceType("unknown", named, "nothing tells")


_Verdict = tuple[str, str]


def _by_party(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    """Law-makers and "Democrats": by whether their party holds the presidency."""
    for role in evidence.roles:
        group = _PARTISANS.search(role)
        if group and (evidence.body is None or role == evidence.head):
            governs = rules.party_governs(_party_of(group[0]), date)
            return ("government" if governs else "opposition"), group[0]
    seat = next((role for role in evidence.roles if _is_lawmaker(role)), None)
    if seat is None:
        return None
    if _GOVERNS.search(seat):
        return "government", seat[:60]
    party = next((_party_of(found[1]) for role in evidence.roles if (found := _PARTY.search(role))), "")
    if party not in ("R", "D"):
        told = " ".join(evidence.roles)
        party = _only_party(told) or _only_party(evidence.near)
    if not party:
        return None
    governs = rules.party_governs(party, date)
    return ("government" if governs else "opposition"), f'party "{party}" of "{seat[:60]}"'


def _is_lawmaker(role: str) -> bool:
    if role.startswith("who ") or re.search(r"\b(?:former|ex-)\b", role, re.I):
        return False
    if _SEAT.search(role):
        return True
    found = _LAWMAKER.search(re.split(r"\s(?:of|for|to|from|with|who)\s", _FORMER.sub(" ", role))[0])
    return found is not None and not re.match(r"\w*\s*(?:’|')s?\s", role[found.end() :])


def _party_of(word: str) -> str:
    return "D" if word[:1].casefold() == "d" else "R" if word[:1].casefold() in ("r", "g") else "I"


def _only_party(text: str) -> str:
    """Return the party that a text speaks of more than of the other; an empty string where neither leads."""
    right = len(re.findall(r"\b(?:Republicans?|GOP|R-[A-Z]\w+)\b", text))
    left = len(re.findall(r"\b(?:Democrat(?:ic|s)?|D-[A-Z]\w+)\b", text))
    return "R" if right > left else "D" if left > right else ""


def _by_principal(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    """Spokespeople, aides and lawyers: by whom they speak for."""
    for role in evidence.roles if depth < _DEEPEST else ():
        behalf = None if _ONCE_FOR.match(role) else rules.speaks_for.search(role)
        whom = (behalf["for"] or behalf["of"] or "").strip(" ,.") if behalf else ""
        if not whom or whom.casefold() in _NO_PRINCIPAL:
            continue
        inner = type_source(Evidence(whom, (whom,), whom), rules, date=date, _depth=depth + 1)
        if inner.type == "unknown" or is_person(re.sub(r"^the\s", "", whom)) or " " not in whom:
            name = re.search(r"[A-ZÀ-ÖØ-Þ][\w’'.-]*(?:\s+[A-ZÀ-ÖØ-Þ][\w’'-]*)*$", re.split(r"(?:’|')s$", whom)[0])
            at = evidence.text.find(name[0]) if name else -1
            if name and at >= 0:
                about = gather_evidence(evidence.text, at, at + len(name[0]))
                known = type_source(about, rules, date=date, _depth=depth + 1)
                inner = known if known.type != "unknown" else inner
        if inner.type != "unknown":
            return inner.type, f'speaks for "{whom[:50]}": {inner.reason}'
    return None


_DEEPEST = 2
_ONCE_FOR = re.compile(r"(?:an?\s+|the\s+)?(?:former|ex-)", re.I)
_NO_PRINCIPAL = frozenset(
    ("republican", "democratic", "former", "the", "senior", "top", "a", "an", "his", "her", "their")
)


def _by_former_office(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    former = next((found[0] for role in evidence.roles if (found := _FORMER.search(role))), None)
    now = " ".join(evidence.roles)
    return ("opposition", former) if former and not _NOW.search(now) else None


def _by_name(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    """Bodies and documents: by the words of their names; countries and places that speak are governments."""
    own = evidence.body or evidence.head
    if own.removeprefix("the ") in _countries():
        return "government", "a country that speaks"
    # A person's name tells nothing; with an article in front it is none.
    if is_person(evidence.body) and not evidence.head.casefold().startswith("the "):
        return None
    for part in (evidence.body, evidence.head if evidence.body else None):
        found = read_description(part, rules.rules, rules.belongs, "body") if part else None
        if found is not None:
            return found
    return None


def _by_roles(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    """Persons: by titles and appositions; who holds an office speaks from it also as a candidate."""
    now = _NOW.search(" ".join(evidence.roles)) is not None
    told: list[tuple[_Verdict, str]] = []
    for role in evidence.roles:
        if role.startswith("whose ") or (role.startswith("who ") and not _DOES.match(role)):
            continue
        if re.match(r"who (?:teach|stud|research)", role):
            told.append((("expert", " ".join(role.split()[:2])), role))
            continue
        # "a former official who directs the Port Institute": what somebody is now counts.
        used = _ONCE.sub("", role) if now else role
        verdict = read_description(used, rules.rules, rules.belongs)
        if verdict is not None:
            told.append((verdict, role))
    if not told:
        return None
    (kind, words), role = told[0]
    if kind == "opposition":
        held = [(verdict, _FORMER.sub(" ", other)) for verdict, other in told if verdict[0] == "government"]
        office = next((verdict for verdict, other in held if _GOVERNS.search(other)), None)
        return office or (kind, words)
    if kind == "company" and evidence.election and evidence.mentions > 1 and _ONCE_FOR.match(role):
        return "opposition", f"{words} once, in an article on an election"
    if kind == "citizen" and evidence.election and _is_close(role, evidence.text):
        return "opposition", f"close to a candidate: {role[:50]}"
    if kind == "citizen" and _PROTESTING.search(f"{role} {evidence.context}"):
        return "protester", f"at a protest: {role[:50]}"
    if kind == "police" and now and re.search(r"\b(?:retired|former)\b", role):
        return "expert", f"{words}, now asked for knowledge"
    return kind, words


def _is_close(role: str, text: str) -> bool:
    """Whether somebody is a relative or friend of one who is named again and again, or of a candidate."""
    found = _RELATIVE.search(role)
    return found is not None and (found["whose"] is None or text.count(found["whose"]) >= _OFTEN)


def _by_what_it_owns(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    for words in evidence.around:
        found = read_description(words, rules.rules, rules.belongs) if _OWNS.match(words) else None
        if found is not None:
            return found
    return None


def _by_election(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> _Verdict | None:
    """The last resorts: who is named again and again in an article on an election, and words of the sentence around."""
    person = is_person(evidence.body)
    told = next((role for role in evidence.roles if person and _PRIVATE.match(role)), None)
    if not person and _PROTESTING.search(evidence.head):
        return "protester", f"at a protest: {evidence.head[:50]}"
    if person and (told or evidence.age or evidence.mentions < _OFTEN) and _PROTESTING.search(evidence.context):
        return "protester", "named where a protest is told of"
    if evidence.age and evidence.mentions < _OFTEN:
        return "citizen", "a name with an age and nothing else"
    if told and evidence.mentions < _OFTEN:
        return "citizen", f"described, of no body: {told[:50]}"
    if evidence.election and (
        (evidence.mentions >= 3 and (person or " " not in (evidence.body or "")))
        or any(_CAMPAIGNING.search(words) for words in (evidence.head, *evidence.roles))
    ):
        return "opposition", "in an article on an election"
    if person and evidence.mentions >= 3 and _ELECTED.search(evidence.text):
        return "opposition", "named again and again, and an election is spoken of"
    if evidence.place:
        return "government", "a place that speaks"
    if _NUMBER.fullmatch(evidence.head):
        return "citizen", "a number of people"
    rest = evidence.context.replace(evidence.body or evidence.head, " ")
    for rule in rules.rules:
        if rule.type in _WEAK and rule.looks != "body" and not rule.spare:
            found = next(rule.find(rest), None)
            if found:
                return rule.type, f"around: {found[0]}"
    return None


_ELECTED = re.compile(r"\b(?:nominee|presidential (?:candidate|campaign|race|election)|GOP|ballot)\b")
_NUMBER = re.compile(
    r"(?:(?:at least|only|about|nearly|almost|some|more than|over)\s+)?[\d,.]+(?:\s*(?:%|percent))?", re.I
)
_OFTEN = 6  # mentions; who is named as often is no passer-by
_WEAK = ("protester", "celebrity", "expert")
_DOES = re.compile(
    r"who\s+(?:\w+ly\s+)?(?:is|was|works?|worked|leads?|led|runs?|ran|heads?|headed|directs?|directed|teach(?:es)?|taught|serves?"
    r"|served|chairs?|chaired|represents?|represented|founded|studies|studied|covers|writes|owns?|helps|helped|edits|manages"
    r"|managed|advises|advised|ha[sd] (?:been|worked|served))\b"
)
_ONCE = re.compile(r"^(?:an?\s+|the\s+)?(?:former|retired|ex-)\b.*?(?:\s(?:who|and now|now)\s|$)")
_PROTESTING = re.compile(
    r"\bto protest\b|\bprotest(?:ed|ing)\b|\bdemonstrat(?:ed|ing)\b|\bmarch(?:ed|ing)\b|\bchant(?:ed|ing|s)?\b|\bpicket"
    r"|\b(?:at|joined|joining) the (?:protest|march|demonstration|rally)\b"
    r"|\b(?:holding|carrying|waving) (?:a )?(?:signs?|banners?|placards?|flags?)\b"
)
_PARTY = re.compile(r"[(,]\s*(R|D|I)(?:[-–.)]|epublican|emocrat|ndependent)")
_SEAT = re.compile(r"\((?:R|D|I)[-–.][A-Z][\w. ]{1,9}\)")
_PARTISANS = re.compile(
    r"\b(?:[Dd]emocrats|[Rr]epublicans|GOP)(?=$|\s+(?:in|on|from|of|who)\b|\s+members of [Cc]ongress)"
)
_LAWMAKER = re.compile(
    r"(?:\b(?:Sens?|Reps?)\.|\b(?i:senators?|congress(?:man|woman|men|women)|lawmakers?|legislators?|representatives?"
    r"|(?:majority|minority) (?:leader|whip)|house speaker|speaker of the house|members of congress))(?=\W|$)"
)
_GOVERNS = re.compile(r"\bGovs?\b|\b(?i:governor|mayor|attorney general|(?<!vice )president|vice president|minister)\b")
_NOW = re.compile(
    r"\bnow\b|institut|university|professor|fellow|\bcent(?:er|re)\b|think tank|\bCEO\b|chief executive"
    r"|analyst|columnist|who (?:works? on|directs|teaches|studies)|\bFoundation\b",
    re.I,
)
_KIN = "son|daughter|wife|husband|father|mother|brother|sister|friend"
_RELATIVE = re.compile(
    rf"(?:his|her|(?:the\s+)?(?P<whose>[A-Z][\w-]+)(?:’|')s)\s+(?:\S+\s+){{0,2}}?(?:{_KIN})s?\b"
    rf"|(?:{_KIN}) of .*(?:candidate|nominee|front-?runner)|^longtime friend\b"
)
_CAMPAIGNING = re.compile(
    r"\b(?:ads?|e-?mails?|campaign|plan|website|mailers?|tweets?|rivals?|opponents?)$"
    r"|^(?:the |a |his |her )?spokes\w+$",
    re.I,
)
_PRIVATE = re.compile(
    r"an?\s|who\s+(?:lives?|lived|voted|plans?|works?|worked|saw|watched|attended|lost|survived|moved|joined|grew|came|drove"
    r"|has \w+ children)\b"
)
_OWNS = re.compile(
    r"(?:campaign|team|aides?|supporters|administration|government|voters|rally|surrogates|allies|advisers)\b"
)


@cache
def _countries() -> frozenset[str]:
    known = load_actors()
    return frozenset(known.loc[(known["type"] == "country") & known["kind"].isin(["name", "alias"]), "pattern"].str[1:])


_FORMER = re.compile(
    r"\b(?:former|ex-|ancien|ancienne|frühere|früherer)[\s-]*(?:[\w.’'-]+\s+){0,3}?(?:gov|governor|sen|senator|rep"
    r"|congress\w+|mayor|president|secretary|(?:prime )?minister|chancellor|attorney general|speaker|candidate|nominee"
    r"|ministre|président|Minister\w*|first lady|adviser|advisor|aide|administration official|official in)\b",
    re.I,
)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    plain: list[str] = []
    exact: list[str] = []
    for word in sorted(words, key=len, reverse=True):  # the longest of several that begin alike
        body = re.escape(word.removeprefix("=")).replace(r"\*", r"[\w’'-]*").replace(r"\ ", r"[\s-]+")
        (exact if word.startswith("=") else plain).append(body)
    parts = []
    if plain:
        parts.append(rf"(?i:{'|'.join(plain)})")
    if exact:
        parts.append(f"(?:{'|'.join(exact)})")
    return re.compile(rf"(?<![\w])(?:{'|'.join(parts)})(?![\w])")


def _compile(data: Mapping[str, Any], name: str, own: int = 0) -> TypeRules:
    """Compile the tables of a file; the first `own` rules are the user's."""
    rules = []
    for number, rule in enumerate(data["rule"], start=1):
        kind = rule.get("type")
        if kind not in TYPES:
            raise LexiconError(f"{name}: rule {number}: type={kind!r} is not one of {', '.join(TYPES)}.")
        if not rule.get("any"):
            raise LexiconError(f'{name}: rule {number} ({kind}) has no patterns: any = ["…"] is missing.')
        unless = _pattern(rule["unless"]) if rule.get("unless") else None
        where = str(rule.get("looks", "both"))
        rules.append(Rule(str(kind), where, _pattern(rule["any"]), unless, first=number <= own))
    rules += [Rule(str(kind), "both", _pattern(words), spare=True) for kind, words in data["bodies"].items()]
    roles = "|".join(rf"{re.escape(role)}(?! general)" for role in data["speaks_for"]["roles"])
    speaks = re.compile(
        rf"\b(?:{roles})\b\s+(?:for|to|of|de|du|der|von)\s+(?P<for>(?:the\s+)?[^,.;()]+)"
        rf"|(?P<of>[A-Z][^,;()]*?)(?:’s|'s)?\s+(?:[a-z]\w*\s+){{0,3}}?(?:{roles})\b"
    )
    return TypeRules(
        tuple(rules),
        re.compile(rf"(?:{_pattern(data['belongs']['words']).pattern})$"),
        speaks,
        frozenset(word.casefold() for word in data["anonymous"]["people"]),
        _pattern(data["anonymous"]["granted"]),
        tuple((entry["since"], entry["party"]) for entry in data.get("governing", [])),
    )


@cache
def _built_in() -> TypeRules:
    return _compile(_data(), "source_types.toml")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("mediakit.analyses").joinpath("source_types.toml").read_text("utf-8"))
