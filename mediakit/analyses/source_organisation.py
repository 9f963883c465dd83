"""The body that a source belongs to, or that made a document, by what the article prints of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from mediakit.analyses.name_splits import PORTFOLIOS
from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person, places_of, words_of
from mediakit.analyses.source_phrases import is_listed
from mediakit.analyses.word_classes import MEMBERS, load_common_words, load_word_lists

_NAME = (
    r"[A-ZÀ-ÖØ-Þ][\w’'&.-]*(?:\s+(?:of|for|and|on|the|de|des|du|&)\s+(?:the\s+)?[A-ZÀ-ÖØ-Þ][\w’'.-]*"
    r"|\s+[A-ZÀ-ÖØ-Þ][\w’'.-]*)*"
)
# The same within bounds, for what is looked for in a whole article.
_SHORT_NAME = (
    r"[A-ZÀ-ÖØ-Þ][\w’'&.-]{0,30}(?:\s(?:(?:of|for|and|on|the|de|des|du|&)\s(?:the\s)?)?[A-ZÀ-ÖØ-Þ][\w’'.-]{0,30}){0,8}"
)
_BELONGS = re.compile(
    r"\b(?:of|at|for|from|with|in|to|de|du|von|der|bei|del)\s+(?:the\s+|la\s+|le\s+|l’|die\s+|der\s+)?"
    rf"(?P<body>{_NAME})"
)
# "director of emissions broker Harbour Markets": the name at the end, behind what it is in small letters.
_CALLED = re.compile(
    r"\b(?:of|at|for|from|with)\s+(?:(?:the|an?)\s+)?(?:[^\s,;“”\"]+\s+){0,6}(?P<kind>[a-z][\w-]+)\s+"
    rf"(?P<body>{_NAME})$"
)
_MONTHS = frozenset((  # "the minister of March"; English only: Mars, for one, is a body
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
))  # fmt: skip
_PORTFOLIO = re.compile(r"\b(?:secretary|minister) (?:of|for) (?:the )?$", re.I)  # "secretary of state" is no body
WORK = re.compile(r"\b(?:co-)?[Aa]uthor of\s(?=[A-Z“\"‘])")  # "author of Ports in Space"
DID = re.compile(
    r"who\s(?!(?:now\s|also\s|once\s|has\s)*(?:works?|worked|leads?|led|heads?|headed|runs?|ran|chairs?|chaired|teaches"
    r"|taught|directs?|directed|represents?|founded|owns?|manages?|serves?|served|edits?|covers?|lives?|is|was)\b(?!\s\w+ed\b))"
)


def find_organisation(evidence: Evidence, described: Sequence[str]) -> str | None:
    """Return the body in "a spokeswoman for the Port Union", "Port Union spokeswoman"; the first that is described.

    Parameters
    ----------
    evidence : as `gather_evidence` returns it
    described : what of it describes the source

    Examples
    --------
    >>> ana = Evidence("Ana Ruiz", body="Ana Ruiz")
    >>> find_organisation(ana, ["a spokeswoman for the Port Union"]), find_organisation(ana, ["Ofgem's economist"])
    ('Port Union', 'Ofgem')
    >>> find_organisation(ana, ["director of emissions broker Harbour Markets"]), find_organisation(ana, ["the mayor"])
    ('Harbour Markets', None)
    """
    for role in described:
        if DID.match(role):
            continue
        role = WORK.split(role, maxsplit=1)[0]
        found = [(one, body) for one in _BELONGS.finditer(role) if (body := _body_behind(role, one)) is not None]
        if found:
            # "Director of Free Speech at Young Voices": the body is where she works.
            return next((body for one, body in found if one[0].startswith(("at ", "for "))), found[0][1])
        owner = _OWNS.search(role) or (_OWNER.fullmatch(role) if is_person(evidence.body) else None)
        whole = _OF_MEMBERS.search(role)
        if owner and whole and whole["members"].casefold() in MEMBERS:  # "Farmers' League chief"
            return whole["body"]
        if owner:  # "Ofgem's director for strategy"
            body = _without_owner(owner["body"])
            if body is not None and not _is_place(body) and (owner.re is _OWNS or _is_outlet(body)):
                return body
        if (called := _CALLED.search(role)) and called["kind"] not in load_word_lists().function:
            body = _without_owner(called["body"])
            titled = called["kind"] in load_word_lists().titles or (is_listed(called["kind"]) and is_person(body))
            if body is not None and not _is_place(body) and not titled:
                return body
        if body := _body_before(role):
            return body
    return find_author(evidence) or _apposed(evidence)


def _apposed(evidence: Evidence) -> str | None:
    """Return the body in "Ana Ruiz, Harbour University, Lissmar, said", "Ana Ruiz wrote in the Harbour Tribune"."""
    if not is_person(evidence.body):
        return None
    for _start, end in islice(places_of(evidence.text, evidence.body or ""), _MOST):
        if found := _APPOSED.match(evidence.text, end):
            return found["body"]
        found = _WROTE.match(evidence.text, end)
        words = found["body"].split() if found else []
        if found and words[-1].casefold() in load_word_lists().kinds["newspaper"] | {"magazine"}:
            return found["body"]
    return None


_MOST = 4  # mentions that are looked at
_INSTITUTION = (
    r"(?:University|Institute|College|Hospital|School|Academy|Centre|Center|Foundation|Association|Union|Council)"
)
_APPOSED = re.compile(
    r",\s(?:[A-Z][^,;.\n“”\"]{2,50},\s){0,2}?"
    rf"(?P<body>(?:[A-Z][\w’'-]*\s){{0,4}}{_INSTITUTION}(?:\s(?:of|for)\s(?:[A-Z][\w-]*\s?){{1,4}}(?<!\s))?)"
    r"(?:,\s[A-Z][\w\s-]{2,30}?)?(?:,|\s(?:said|says|told|added|explained)\b)"
)
_WROTE = re.compile(
    r"\s(?:also\s|recently\s)?(?:wrote|writes|argued|argues)(?:\s(?:this|last)\s\w+)?\s(?:in|for)\s(?:the\s)?"
    r"(?P<body>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*){0,3})"
)


def _body_behind(role: str, found: re.Match[str]) -> str | None:
    """Return the body behind "of" or "at", whole: "the Bank of England economist"; a place and a month are none."""
    body = found["body"].rstrip(".")
    owned = role[found.end() : found.end() + 1] == " " and _GENITIVE.search(body) is not None
    if owned and (_is_place(_GENITIVE.sub("", body)) or _is_people(_GENITIVE.sub("", body))):
        further = _BEYOND.match(role, found.end())  # "spokesman for Lissmar's governing Port Party"
        return _without_owner(further["body"]) if further else None
    body = body.rstrip("’'")
    if body in _MONTHS or _PORTFOLIO.search(role[: found.start("body")]) or _SITS.search(role[: found.start()]):
        return None
    lists = load_word_lists()
    bodily = " " in body or not lists.bodies.isdisjoint(body.casefold().split())
    if not bodily and not body.isupper() and (found[0].startswith(("in ", "to ")) or role.startswith("from ")):
        return None  # "Omar Reed, from Plymouth"
    ahead = _AHEAD.search(role[: found.start()])
    if ahead and found[0].startswith(("of ", "for ")):
        last = ahead[0].split()[-1].casefold()
        if last not in lists.titles and last not in lists.roles and last not in words_of("quantifiers"):
            return _without_owner(role[ahead.start() : found.end()].rstrip(".’'"))
    whole = _without_owner(body)
    return None if whole is None or _is_place(whole) or whole.casefold() in lists.titles else whole


_GENITIVE = re.compile(r"(?:’|')s?$")
# Whose constituency stands behind "for": "Labour MP for Lissmar Central".
_SITS = re.compile(
    r"\b(?:MPs?|MEPs?|MLA|MPP|MNA|TD|MSP|MHA|senator|congress(?:wo)?man|representative|councill?or"
    r"|member of parliament)\s$",
    re.I,
)
_BEYOND = re.compile(rf"\s(?:[a-z][\w-]*\s){{0,3}}(?P<body>{_NAME}(?:\s(?:party|coalition|alliance|group|bloc))?)")
_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Judge|Justice|Prof|Professor)\.?\s")


def _without_owner(body: str) -> str | None:
    """Return a body's name without whose it is, or without a genitive; a person is none.

    "Mr Ruiz's Port Party" is the Port Party.
    """
    if owner := re.match(r"(?:Mrs?|Ms|Dr)\.?\s[A-Z][\w-]+(?:’|')s\s+(?=[A-Z])", body):
        body = body[owner.end() :]
    body = _GENITIVE.sub("", body)
    if _HONORIFIC.match(body):
        return None
    words = body.split()
    while len(words) > 1 and words[-1].casefold() in load_word_lists().titles and words[-1].casefold() in _HEADS:
        words.pop()
    return " ".join(words)


_HEADS = frozenset(("chief", "president", "chairman", "chairwoman", "director", "minister", "mayor", "governor", "ceo"))


def _body_before(role: str) -> str | None:
    """Return the body whose name stands before what somebody is in it: "UNICEF spokesman", "Port Union Director"."""
    words = re.sub(r"^(?:[Tt]he|[Aa]n?|[Ff]ormer|[Ff]ormer the)\s", "", role).split()
    lists = load_word_lists()
    capital = next(
        (at for at, word in enumerate(words) if not (word[:1].isupper() or (at and word == "&"))), len(words)
    )
    office = next((at for at, word in enumerate(words[: capital + 3]) if word.casefold() in lists.roles
                   or word.casefold() in lists.titles), 0)  # fmt: skip
    name = words[: min(capital, office)]
    while name and name[-1].casefold() in _GRADES:
        name.pop()
    known = {word.casefold() for word in name}
    organised = len(name) > 1 and name[-1] in words_of("organised")  # "European Commission president"
    people = not organised and not known.isdisjoint(lists.peoples)
    if (
        not name
        or people
        or not known.isdisjoint(_no_bodies())
        or _is_place(" ".join(name))
        or name[-1].endswith(("’s", "'s"))
    ):
        return None
    if words[min(office, len(words) - 1)].casefold() in _OF_COURTS and name[-1] in ("District", "Circuit", "County"):
        return None
    ranked = words[min(office, len(words) - 1)].casefold() in _RANKS  # "Confederate General"
    if ranked and len(name) == 1 and not name[0].isupper() and name[0] not in words_of("organised"):
        return None
    if len(name) == 1 and (name[0].casefold() in load_common_words() or not name[0].isalpha()):
        return None
    return " ".join(name)


@cache
def _no_bodies() -> frozenset[str]:
    """Return the words that are in no name of a body in front of an office."""
    lists = load_word_lists()
    return _NO_BODY | _GRADES | lists.function | lists.pronouns.keys() | lists.titles.keys() | PORTFOLIOS


def _is_outlet(name: str) -> bool:
    """Whether a name whose genitive stands before a person's is that of a body: "The Harbour Tribune's Ana Ruiz"."""
    words = name.split()
    known = words[-1].casefold() in load_word_lists().kinds["newspaper"] or words[-1] in words_of("organised")
    return (words[0] == "The" and len(words) > 1) or known or (name.isupper() and len(name) > 1)


def _is_place(name: str) -> bool:
    words = tuple(name.casefold().rstrip(".’'").split())
    return words in load_role_lists().places or frozenset(words) in load_role_lists().lands_of["country"]


def _is_people(name: str) -> bool:
    return name.casefold() in load_word_lists().peoples or name.casefold() in load_role_lists().lands


_GRADES = frozenset((
    "general", "deputy", "vice", "senior", "chief", "executive", "managing", "acting", "assistant", "associate",
    "former", "co", "joint", "prime", "shadow", "political", "civil", "high-profile", "veteran", "leading", "lead",
))  # fmt: skip
_NO_BODY = frozenset((
    "one", "another", "different", "u.s", "u.k", "us", "uk", "section", "some", "many", "new", "union",
))  # fmt: skip
_OF_COURTS = frozenset(("judge", "attorney", "justice", "prosecutor", "clerk"))
_RANKS = frozenset(("general", "colonel", "major", "lieutenant", "sergeant", "admiral", "sgt"))
_AHEAD = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][\w’'&.-]*\s+)+$")
_OWNS = re.compile(
    r"\b(?P<body>[A-ZÀ-ÖØ-Þ][\w&.-]*(?:\s[A-ZÀ-ÖØ-Þ][\w&.-]*)*)(?:[’']s|(?<=s)[’'])\s+(?:[\w-]+\s+){0,3}"
    r"(?:director|chief|head|chair\w*|manager|economist|analyst|editor|officer|ceo|founder|spokes\w+)s?\b"
)
_OF_MEMBERS = re.compile(
    r"\b(?P<body>(?:[A-ZÀ-ÖØ-Þ][\w&.-]*\s)*(?P<members>[A-Z]\w+)(?:[’']s|(?<=s)[’'])(?:\s[A-ZÀ-ÖØ-Þ][\w-]*)+)"
)
_OWNER = re.compile(r"(?:the\s)?(?P<body>[A-ZÀ-ÖØ-Þ][\w&.-]*(?:\s[A-ZÀ-ÖØ-Þ][\w&.-]*)*)[’']s")


def find_author(evidence: Evidence) -> str | None:
    """Return the body that made a document: "a study by the Harbour Institute", "the Port Union said in a statement".

    Examples
    --------
    >>> text = "A study by the Harbour Institute found rust. The study said more."
    >>> find_author(Evidence("The study", text=text)), find_author(Evidence("Ana Ruiz", body="Ana Ruiz", text=text))
    ('Harbour Institute', None)
    """
    found = _DOCUMENT.search(evidence.head)
    if found is None or is_person(evidence.body):
        return None
    for pattern in _made_by(found[0].casefold().removesuffix("s")):
        if known := pattern.search(evidence.text):
            body = _without_owner(re.split(r"(?<=[a-z]{2})\.(?:\s|$)", known["body"])[0].rstrip(".’'"))
            if body and _is_maker(body := re.sub(r"^The\s", "", body)):
                return body
    return None


def _is_maker(body: str) -> bool:
    """Whether a name is a body's: no place, no person, alone or with another one or behind a title."""
    words = body.split()
    lists = load_word_lists()
    persons = any(is_person(part) for part in body.split(" and ")[:2]) or words[0].casefold() in lists.given
    titled = any(word.casefold() in lists.titles or word.casefold() in lists.days for word in words)
    single = len(words) == 1 and not (body.isupper() and len(body) > 1)
    return not (single or persons or titled or _is_place(body) or _is_people(body))


_DOCUMENT = re.compile(
    r"\b(?:stud(?:y|ies)|reports?|surveys?|polls?|statement|release|note|analysis|letter)"
    r"(?=$|\s(?:by|from|of|released|published|conducted|issued|carried|commissioned)\s)",
    re.I,
)


@cache
def _made_by(word: str) -> tuple[re.Pattern[str], ...]:
    document = rf"\b(?i:{re.escape(word.removesuffix('ie').removesuffix('y'))}(?:y|ies|s)?)\b"
    return (
        re.compile(rf"{document}\s(?:\w+\s){{0,3}}(?:by|from)\s(?:the\s)?(?P<body>{_SHORT_NAME})"),
        re.compile(
            rf"\b[Ii]n\san?\s(?:[a-z]+\s){{0,2}}{document}(?:\s[^.,\n“”\"]{{0,40}})?,\s(?:the\s)?(?P<body>{_SHORT_NAME})"
        ),
        re.compile(
            rf"(?<![\w’'&.-])(?P<body>{_SHORT_NAME})\s(?:\([^()]{{2,12}}\)\s)?(?:later\s|also\s)?(?:issued|released|published|said\sin|announced\sin)"
            rf"\san?\s(?:[a-z]+\s){{0,3}}{document}"
        ),
    )
