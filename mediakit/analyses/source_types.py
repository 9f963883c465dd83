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

from mediakit.analyses.source_evidence import Evidence, is_person
from mediakit.errors import LexiconError
from mediakit.lexicons.actors import load_actors

TYPES = (
    "government", "police", "diplomat", "international", "opposition", "protester", "citizen", "expert", "society",
    "company", "media", "celebrity", "other", "unknown",
)  # fmt: skip
_PARTY = re.compile(r"[(,]\s*(R|D|I)(?:[-–.]|epublican|emocrat|ndependent)")


@dataclass(frozen=True)
class SourceType:
    """The verdict: type, whether named, and the words that decided."""

    type: str
    named: bool
    reason: str


@dataclass(frozen=True)
class TypeRules:
    """The rules of a file, compiled."""

    rules: tuple[tuple[str, str, re.Pattern[str], re.Pattern[str] | None], ...]
    bodies: tuple[tuple[str, re.Pattern[str]], ...]
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
    return _compile(merged, file.name)


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
    named = _is_named(evidence, rules)
    for role in evidence.roles:
        party = _PARTY.search(role)
        governs = rules.party_governs(party[1], date) if party else None
        if party and (
            _SEAT.search(role) or re.search(r"\b(?:Sen|Rep|Gov|senator|governor|congress\w+|lawmaker)", role)
        ):
            in_office = re.search(r"\bGov\b|governor|mayor", role) is not None
            kind = "government" if governs or in_office else "opposition"
            return SourceType(kind, named, f'party "{party[1]}" in "{role[:60]}"')
    for role in evidence.roles:
        behalf = rules.speaks_for.search(role)
        if behalf and _depth < 2:
            whom = (behalf["for"] or behalf["of"] or "").strip(" ,.")
            if whom and whom.casefold() not in ("republican", "democratic", "former", "the", "senior", "top"):
                inner = type_source(Evidence(whom, (whom,), whom), rules, date=date, _depth=_depth + 1)
                if inner.type != "unknown":
                    return SourceType(inner.type, named, f'speaks for "{whom[:50]}": {inner.reason}')
    former = next((found[0] for role in evidence.roles if (found := _FORMER.search(role))), None)
    if former and not re.search(r"\bnow\b|institute|university|professor|fellow", " ".join(evidence.roles), re.I):
        return SourceType("opposition", named, former)
    if (evidence.body or evidence.head).removeprefix("the ") in _countries():
        return SourceType("government", named, "a country that speaks")
    own = tuple(part for part in (evidence.head, evidence.body) if part)
    person = is_person(evidence.body) and not evidence.head.casefold().startswith("the ")  # people have no article
    best = _match_rules(own, "body", rules) if own and not person else None
    if best is None:
        best = _match_rules(evidence.roles, "role", rules)
    if best is None and not person:
        best = _match_bodies(own, rules)
    if best is None:
        best = _match_bodies(evidence.roles, rules)
    if best is None:
        best = _match_rules([word for word in evidence.around if _OWNS.match(word)], "role", rules)
    if best is None and is_person(evidence.body):
        told = next((role for role in evidence.roles if re.match(r"(?:an?|who)\s", role)), None)
        best = ("citizen", f"described, of no body: {told[:50]}") if told else None
    if best is None and evidence.age:
        best = ("citizen", "a name with an age and nothing else")
    if best is None and (evidence.context or evidence.mentions):
        best = _look_around(evidence, rules)
    if best is None:
        return SourceType("unknown", named, "nothing tells")
    return SourceType(best[0], named, best[1])


_SEAT = re.compile(r"\((?:R|D)[-–.][A-Z][\w. ]{1,9}\)")
_WEAK = ("protester", "celebrity", "police", "media", "expert")


def _look_around(evidence: Evidence, rules: TypeRules) -> tuple[str, str] | None:
    """The last resort: words of the sentence in which a source is first named, for the types that it tells best."""
    rest = evidence.context.replace(evidence.body or evidence.head, " ")
    if evidence.election and evidence.mentions >= 3:
        return "opposition", "named again and again in an article on an election"
    for kind, where, pattern, unless in rules.rules:
        if kind in _WEAK and where != "body":
            found = pattern.search(unless.sub(" ", rest) if unless is not None else rest)
            if found:
                return kind, f"around: {found[0]}"
    return None


_DOCUMENT = re.compile(
    r"\b(?:polls?|analys[ie]s|stud(?:y|ies)|reports?|surveys?|statements?|ads?|rulings?|documents?)\b", re.I
)
_OWNS = re.compile(
    r"(?:campaign|team|aides?|supporters|administration|government|voters|rally|surrogates|allies|advisers)\b"
)


def _match_rules(texts: Sequence[str], looks: str, rules: TypeRules) -> tuple[str, str] | None:
    """Return type and words of the first rule that a text meets; what stands first describes best."""
    for text in texts:
        for kind, where, pattern, unless in rules.rules:
            if where not in (looks, "both"):
                continue
            rest = unless.sub(" ", text) if unless is not None else text
            found = pattern.search(rest)
            if found:
                return kind, found[0]
    return None


def _match_bodies(texts: Sequence[str], rules: TypeRules) -> tuple[str, str] | None:
    for text in texts:
        if len(text.split()) < 2 and not text.isupper():
            continue
        for kind, pattern in rules.bodies:
            found = pattern.search(text)
            if found:
                return kind, found[0]
    return None


@cache
def _countries() -> frozenset[str]:
    known = load_actors()
    return frozenset(known.loc[(known["type"] == "country") & known["kind"].isin(["name", "alias"]), "pattern"].str[1:])


def _is_named(evidence: Evidence, rules: TypeRules) -> bool:
    if rules.granted.search(" ".join(evidence.roles)):
        return False
    head = re.sub(
        r"^(?:the|a|an|one|some|many|most|several|other|few|two|three|four|five|all)\s+", "", evidence.head, flags=re.I
    )
    words = re.findall(r"[\w’'-]+", head)
    if not words:
        return False
    if re.search(r"(?:’|')s\s+[a-z]+$", head):  # "Lee's doctor": a person whom only another one's name tells
        return False
    if evidence.body:
        return not _is_vague(head, rules)
    document = _DOCUMENT.search(head)
    if document:
        return re.search(r"[A-Z]", head) is not None
    plural = head == head.casefold() and head.endswith("s") and not head.endswith(("ss", "us", "is"))
    return not _is_vague(head, rules) and not plural


def _is_vague(head: str, rules: TypeRules) -> bool:
    """Whether the head of a phrase is a word for people of whom no name follows."""
    core = re.split(r"\s+(?:of|in|at|from|with|for|who|close|on|to|familiar|briefed)\b|,", head)[0].split()
    if not core:
        return False
    last = re.sub(r"(?:’|')s?$", "", core[-1]).casefold()
    proper = [word for word in core if word[:1].isupper()]
    return last in rules.people and (len(proper) < 2 or core[-1][:1].islower() or len(core) == 1)


_FORMER = re.compile(
    r"\b(?:former|ex-|ancien|ancienne|frühere|früherer)[\s-]*(?:[\w.’'-]+\s+){0,3}?(?:gov|governor|sen|senator|rep"
    r"|congress\w+|mayor|president|secretary|(?:prime )?minister|chancellor|attorney general|speaker|candidate|nominee"
    r"|ministre|président|Minister\w*)\b",
    re.I,
)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    plain: list[str] = []
    exact: list[str] = []
    for word in words:
        body = re.escape(word.removeprefix("=")).replace(r"\*", r"[\w’'-]*").replace(r"\ ", r"[\s-]+")
        (exact if word.startswith("=") else plain).append(body)
    parts = []
    if plain:
        parts.append(rf"(?i:{'|'.join(plain)})")
    if exact:
        parts.append(f"(?:{'|'.join(exact)})")
    return re.compile(rf"(?<![\w])(?:{'|'.join(parts)})(?![\w])")


def _compile(data: Mapping[str, Any], name: str) -> TypeRules:
    rules = []
    for number, rule in enumerate(data["rule"], start=1):
        kind = rule.get("type")
        if kind not in TYPES:
            raise LexiconError(f"{name}: rule {number}: type={kind!r} is not one of {', '.join(TYPES)}.")
        if not rule.get("any"):
            raise LexiconError(f'{name}: rule {number} ({kind}) has no patterns: any = ["…"] is missing.')
        where = rule.get("looks", "both")
        unless = _pattern(rule["unless"]) if rule.get("unless") else None
        rules.append((str(kind), str(where), _pattern(rule["any"]), unless))
    roles = "|".join(rf"{re.escape(role)}(?! general)" for role in data["speaks_for"]["roles"])
    speaks = re.compile(
        rf"\b(?:{roles})\b\s+(?:for|to|of|de|du|der|von)\s+(?P<for>(?:the\s+)?[^,.;()]+)|(?P<of>[A-Z][^,;()]*?)(?:’s|'s)?\s+(?:\w+\s+)?(?:{roles})\b"
    )
    return TypeRules(
        tuple(rules),
        tuple((kind, _pattern(words)) for kind, words in data["bodies"].items()),
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
