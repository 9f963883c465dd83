"""The country of a source: of a country's name in what is said of it, of an office or a parliament of one country."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person, places_of
from mediakit.analyses.source_organisation import DID, WORK
from mediakit.lexicons.actors import load_actors

_MOST = 6  # mentions of a body before which an owner is looked for


def find_country(
    evidence: Evidence, described: Sequence[str], organisation: str | None = None, *, governs: bool = False
) -> str | None:
    """Return the ISO code of a country in what is said of a source; a name and "British Columbia" tell none.

    An office or body of a state of which no country is said is of the country that the article is about.

    Parameters
    ----------
    evidence : as `gather_evidence` returns it
    described : what of it describes the source
    organisation : the body that the source belongs to, if it is known
    governs : whether the source is of a government

    Examples
    --------
    >>> ana = Evidence("Ana Ruiz", body="Ana Ruiz", text="Taiwan’s Harbour Chips closed, Ana Ruiz said.")
    >>> [find_country(ana, [role]) for role in ("Canadian minister", "a China scholar", "Taoiseach", "Ohio-based")]
    ['CA', None, 'IE', 'US']
    >>> find_country(ana, ["head of Harbour Chips"], "Harbour Chips")
    'TW'
    """
    name = evidence.body if is_person(evidence.body) else None
    parts = [*(role for role in evidence.roles if role.startswith("of ")), evidence.body or ""] if not name else []
    for told in (*described, evidence.head, *parts):
        if DID.match(told):
            continue
        told = WORK.split(told, maxsplit=1)[0]
        told = told.replace(name, " ") if name else told  # "France Gelinas" is nobody's country
        if (code := _based(told) or _named(told)) is not None:
            return code
    if evidence.body and not name and (code := _based(evidence.head)) is not None:
        return code
    for body in (organisation, evidence.body if not name else None):
        if body and (code := _owner(evidence.text, body)) is not None:
            return code
    if governs and any(map(_is_of_state, (*described, evidence.head))):
        return _of_story(evidence.text)
    return None


def _is_of_state(told: str) -> bool:
    """Whether words are about an office or body of a state: "the government", but not "the Ontario government"."""
    places = load_role_lists().places
    region = any((word.casefold(),) in places for word in told.split() if word[:1].isupper())
    return _OF_STATE.search(told) is not None and not _OF_LESS.search(told) and not region


_OF_STATE = re.compile(
    r"\b(?:president|prime minister|minister|premier|parliament|supreme court|high court|government|central bank"
    r"|ministry|cabinet|foreign secretary|chancellor)\b",
    re.I,
)
_OF_LESS = re.compile(
    r"\b(?:city|local|state|regional|provincial|municipal|county|district|council|company|vice|university)\b"
    r"|\bpresident (?:of|for)\b|\bgovernments\b",
    re.I,
)
_LEAST, _SHARE = 3, 0.6  # names of one country, and their share of all names of countries


@lru_cache(maxsize=64)
def _of_story(text: str) -> str | None:
    """Return the country that most names of countries and peoples in an article are of."""
    _, codes = _country_names()
    counts: Counter[str] = Counter()
    words = _CAPITALISED.findall(_NO_COUNTRY.sub(" ", text))
    for word, following in pairwise([*words, ""]):
        code = codes.get(f"{word} {following}") or codes.get(word)
        if code is not None:
            counts[code] += 1
    [(code, number)] = counts.most_common(1) or [("", 0)]
    return code if number >= _LEAST and number >= _SHARE * counts.total() else None


_CAPITALISED = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ](?:[\w-]+|(?:\.[A-Z])+)")


_BASED = re.compile(r"\b([A-Z][\w.]+(?:\s[A-Z][\w.]+)?)-based\b")


def _based(told: str) -> str | None:
    """Return the country of "a Massachusetts-based group"."""
    found = _BASED.search(told)
    if found is None:
        return None
    pattern, codes = _country_names()
    if known := pattern.search(found[1]):
        return codes[known[0]]
    return "US" if frozenset(found[1].casefold().split()) in load_role_lists().lands_of["state"] else None


def _named(told: str) -> str | None:
    """Return the country that a description names, or whose office it is."""
    pattern, codes = _country_names()
    found = pattern.search(_NO_COUNTRY.sub(" ", told))
    return codes[found[0]] if found else None


def _owner(text: str, body: str) -> str | None:
    """Return the country in "Taiwan's Harbour Chips", where the body is brought in so."""
    _, codes = _country_names()
    for number, (start, _end) in enumerate(places_of(text, body)):
        if number == _MOST:
            break
        found = _OWNED_BY.search(text[max(0, start - 30) : start])
        if found and found[1] in codes:
            return codes[found[1]]
    return None


_OWNED_BY = re.compile(r"\b([A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?:’|')s\s$")
_FIELDS = (
    r"scholar|expert|analyst|watcher|specialist|hand|correspondent|desk|hawk|dove|researcher|historian|studies|policy"
    r"|programme|program|project|editor|bureau chief|director|strategist|economist|coordinator"
)
# Names that hold that of a country, or of its people, and are something else; the country that somebody knows about.
_NO_COUNTRY = re.compile(
    r"\b(?:British Columbia\w*|New Mexico|New England|Indian Ocean|Indian affairs|American Samoa|Gulf of Mexico"
    r"|French Polynesia|Chinese [Mm]edicine|Traditional Chinese Medicine|British Virgin Islands|Lake Niger|New Jersey"
    r"|Georgia Tech|Jordan Valley|Native American|African American|[A-Z][a-z]+ (?:immigrant|emigrant|descent)"
    rf"|(?:China|Russia|Iran|Japan|India|Korea|Syria|Turkey|Israel|Europe|Ukraine|Iraq|Egypt|Cuba) (?:{_FIELDS})s?)\b"
)


@cache
def _country_names() -> tuple[re.Pattern[str], dict[str, str]]:
    known = load_actors()
    known = known[known["type"] == "country"]
    codes = dict(zip(known["pattern"].str[1:], known["country"], strict=True))
    data = tomllib.loads(files("mediakit.analyses").joinpath("source_types.toml").read_text("utf-8"))
    codes |= {name: code for code, names in data["peculiar"].items() for name in names}
    names = sorted(codes, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"), codes
