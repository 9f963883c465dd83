"""Which kind of source speaks: government, police, protester, expert, citizen …, by rules that give their reason.

The evidence is what the article itself prints about a source: title before the name, apposition behind it, the role
phrase, the name of the body. The rules are data (`source_types.toml`); the types are defined in docs/source_types.md.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from mediakit.analyses.source_evidence import Evidence, gather_evidence
from mediakit.analyses.source_known import by_known
from mediakit.analyses.source_names import NAME, is_person
from mediakit.analyses.source_naming import is_named
from mediakit.analyses.source_offices import (
    ONCE_FOR,
    Verdict,
    by_former_office,
    by_name,
    by_named_body,
    by_party,
)
from mediakit.analyses.source_roles import Rule, TypeRules
from mediakit.analyses.source_signs import by_election, by_roles, by_what_it_owns
from mediakit.errors import LexiconError

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
    found = (
        _by_author(evidence, rules, date, _depth)
        or by_party(evidence, rules, date)
        or _by_principal(evidence, rules, date, _depth)
        or by_former_office(evidence)
        or by_known(evidence)
        or by_named_body(evidence, rules)
        or by_name(evidence, rules)
        or by_roles(evidence, rules)
        or by_what_it_owns(evidence, rules)
        or by_election(evidence, rules)
    )
    kind, reason = found or ("unknown", "nothing tells")
    return SourceType(kind, named, reason)


_DEEPEST = 2  # sources that speak for a source


def _by_author(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> Verdict | None:
    """Documents by who made them: "a letter to the bank from the mayor", "data from Harbour Research"."""
    found = _BY_WHOM.match(evidence.head) if depth < _DEEPEST else None
    if found is None:
        return None
    who = found["who"]
    name = next((one[0] for one in NAME.finditer(who)), None)
    inner = type_source(Evidence(who, (who,), name), rules, date=date, _depth=depth + 1)
    return (inner.type, f'by "{who[:50]}": {inner.reason}') if inner.type != "unknown" else None


def _by_principal(evidence: Evidence, rules: TypeRules, date: datetime.date | None, depth: int) -> Verdict | None:
    """Spokespeople, aides and lawyers: by whom they speak for."""
    for role in evidence.roles if depth < _DEEPEST else ():
        behalf = None if ONCE_FOR.match(role) or _SINCE.search(role) else rules.speaks_for.search(role)
        whom = (behalf["for"] or behalf["of"] or "").strip(" ,.") if behalf else _spoken_for(role, evidence)
        whom = re.split(r"\sand\s(?=[a-z])", whom)[0]
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


def _spoken_for(role: str, evidence: Evidence) -> str:
    """Return for a bare "spokesman" the first name of his sentence: "The Port Union hired ten, said spokesman Venn"."""
    if not _BARE.fullmatch(role):
        return ""
    for found in NAME.finditer(evidence.context):
        name = found[0].strip(" .’'")
        mine = (evidence.body or "").endswith(name) or name in (evidence.body or "")
        if not mine and (" " in name or evidence.context.count(name) > 1 or found.start() > 0) and len(name) > 3:
            return name
    return ""


_BY_WHOM = re.compile(
    r"(?:(?:an?|the|this|that|new|recent|latest)\s+){0,2}(?:[\w-]+\s+){0,3}?"
    r"(?:letters?|memos?|e-?mails?|reports?|statements?|research|data|polls?|stud(?:y|ies)|surveys?|analysis|figures|paper|article"
    r"|post|ad|tweet|memoir|book)\b(?:(?!\b(?:by|from)\b).)*\b(?:by|from)\s+(?P<who>.+)$"
)
_BARE = re.compile(r"(?:(?:a|the|his|her|its)\s+)?spokes\w+", re.I)
_SINCE = re.compile(r"\band (?:is )?now\b")
_NO_PRINCIPAL = frozenset(
    ("republican", "democratic", "former", "the", "senior", "top", "a", "an", "his", "her", "their")
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
