"""What an article says of a source: a description, the body that it belongs to, its country."""

from __future__ import annotations

import re
from functools import cache

from mediakit.analyses.mentions import PORTFOLIOS
from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.word_classes import load_common_words, load_word_lists
from mediakit.lexicons.actors import load_actors

_BELONGS = re.compile(
    r"\b(?:of|at|for|from|with|in|to|de|du|von|der|bei|del)\s+(?:the\s+|la\s+|le\s+|l’|die\s+|der\s+)?"
    r"(?P<body>[A-ZÀ-ÖØ-Þ][\w’'&.-]*(?:\s+(?:of|for|and|on|the|de|des|du|&)\s+(?:the\s+)?[A-ZÀ-ÖØ-Þ][\w’'.-]*|\s+[A-ZÀ-ÖØ-Þ][\w’'.-]*)*)"
)
_LONGEST = 160  # characters of a description
_MONTHS = frozenset((  # "the minister of March"; English only: Mars, for one, is a body
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
))  # fmt: skip


def _telling(role: str) -> tuple[bool, bool, int]:
    """How much a description tells; what somebody does or did tells less than what she is."""
    return not role.startswith(("who ", "whose ")), re.search(r"\b(?:an?|the|of|for|at)\b", role) is not None, len(role)


def best_description(evidence: Evidence) -> str:
    """Return the description that tells most; "" where there is none."""
    return max(describe(evidence), key=_telling, default="")


def describe(evidence: Evidence) -> list[str]:
    """Return what an article says of a source, without forms of address and what follows a name on and on."""
    found = []
    for role in evidence.roles:
        if behind := _BEHIND_NAME.match(role):  # "of the Bloc complained" behind "Ana Ruiz"
            role = behind[0] if behind["body"] else ""
        pronoun = role.casefold() in load_word_lists().pronouns
        if role and len(role) <= _LONGEST and not pronoun and not _ADDRESS.search(role):
            found.append(role)
    return found


_BEHIND_NAME = re.compile(
    r"(?:of|from)\s(?:the\s)?(?P<body>[A-ZÀ-ÖØ-Þ][\w’'&.-]*(?:\s(?:(?:of|for|and)\s(?:the\s)?)?[A-ZÀ-ÖØ-Þ][\w’'&.-]*)*)?"
)
_ADDRESS = re.compile(r"(?:^|\s)(?:Mrs?|Ms|Miss|Mx|Sir|Dame)\.?$")
_PORTFOLIO = re.compile(r"\b(?:secretary|minister) (?:of|for) (?:the )?$", re.I)  # "secretary of state" is no body


def find_organisation(evidence: Evidence) -> str | None:
    """Return the body in "a spokeswoman for the Port Union", "Port Union spokeswoman"; the first that is described."""
    for role in describe(evidence):
        found = [(one, body) for one in _BELONGS.finditer(role) if (body := _body_behind(role, one)) is not None]
        if found:
            # "Director of Free Speech at Young Voices": the body is where she works.
            return next((body for one, body in found if one[0].startswith(("at ", "for "))), found[0][1])
        if owner := _OWNS.search(role):  # "Ofgem's director for strategy"
            return owner["body"]
        if body := _body_before(role):
            return body
    return None


def _body_behind(role: str, found: re.Match[str]) -> str | None:
    """Return the body behind "of" or "at", whole: "the Bank of England economist"; a place and a month are none."""
    body = found["body"].rstrip(".’'")
    if body in _MONTHS or _PORTFOLIO.search(role[: found.start("body")]):
        return None
    lists = load_word_lists()
    ahead = _AHEAD.search(role[: found.start()])
    if ahead and found[0].startswith(("of ", "for ")):
        last = ahead[0].split()[-1].casefold()
        if last not in lists.titles and last not in lists.roles:
            return role[ahead.start() : found.end()].rstrip(".’'")
    return None if _is_place(body) or body.casefold() in lists.titles else body


def _body_before(role: str) -> str | None:
    """Return the body whose name stands before what somebody is in it: "UNICEF spokesman", "Port Union Director"."""
    words = re.sub(r"^(?:[Tt]he|[Aa]n?|[Ff]ormer|[Ff]ormer the)\s", "", role).split()
    lists = load_word_lists()
    capital = next((at for at, word in enumerate(words) if not word[:1].isupper()), len(words))
    office = next((at for at, word in enumerate(words[: capital + 3]) if word.casefold() in lists.roles
                   or word.casefold() in lists.titles), 0)  # fmt: skip
    name = words[: min(capital, office)]
    while name and name[-1].casefold() in _GRADES:
        name.pop()
    known = {word.casefold() for word in name}
    none = lists.peoples | _GRADES | lists.function | lists.pronouns.keys() | lists.titles.keys() | PORTFOLIOS
    if not name or known & (none | _NO_BODY) or _is_place(" ".join(name)) or name[-1].endswith(("’s", "'s")):
        return None
    if len(name) == 1 and (name[0].casefold() in load_common_words() or not name[0].isalpha()):
        return None
    return " ".join(name)


def _is_place(name: str) -> bool:
    words = tuple(name.casefold().rstrip(".’'").split())
    return words in load_role_lists().places or frozenset(words) in load_role_lists().lands_of["country"]


_GRADES = frozenset((
    "general", "deputy", "vice", "senior", "chief", "executive", "managing", "acting", "assistant", "associate",
    "former", "co", "joint", "prime", "shadow", "political", "civil", "high-profile", "veteran", "leading",
))  # fmt: skip
_NO_BODY = frozenset(("one", "another", "different", "u.s", "u.k", "us", "uk", "section", "some", "many", "new"))
_AHEAD = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][\w’'&.-]*\s+)+$")
_OWNS = re.compile(
    r"\b(?P<body>[A-ZÀ-ÖØ-Þ][\w&.-]*(?:\s[A-ZÀ-ÖØ-Þ][\w&.-]*)*)[’']s\s+(?:[\w-]+\s+){0,3}"
    r"(?:director|chief|head|chair\w*|manager|economist|analyst|editor|officer|ceo|founder)\b"
)


def find_country(evidence: Evidence) -> str | None:
    """Return the ISO code of a country in what is said of a source; a name and "British Columbia" tell none."""
    pattern, codes = _country_names()
    name = evidence.body if is_person(evidence.body) else None
    for told in (*evidence.roles, evidence.head):
        told = _NO_COUNTRY.sub(" ", told)
        found = pattern.search(told.replace(name, " ") if name else told)  # "France Gelinas" is nobody's country
        if found:
            return codes[found[0]]
    return None


# Names that hold that of a country, or of its people, and are something else.
_NO_COUNTRY = re.compile(
    r"\b(?:British Columbia\w*|New Mexico|New England|Indian Ocean|Indian affairs|American Samoa|Gulf of Mexico"
    r"|French Polynesia|Chinese [Mm]edicine|Traditional Chinese Medicine|British Virgin Islands|Lake Niger|New Jersey"
    r"|Georgia Tech|Jordan Valley)\b"
)


@cache
def _country_names() -> tuple[re.Pattern[str], dict[str, str]]:
    known = load_actors()
    known = known[known["type"] == "country"]
    codes = dict(zip(known["pattern"].str[1:], known["country"], strict=True))
    names = sorted(codes, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"), codes
