"""What an article prints about a source: what stands beside its name, and the role phrase itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from mediakit.analyses.source_beside import STOP, apposition_behind, title_before, words_behind
from mediakit.analyses.source_names import NAME, is_person, is_title, places_of, split_head, words_of
from mediakit.analyses.word_classes import load_word_lists

_MOST_MENTIONS = 12  # of a name that are looked at; the first ones describe it
_NEAR = 160  # characters on both sides that may tell a party
_SHORT = 3  # letters of an acronym
_ELECTORAL = 3  # words of elections that an article on one has at least
_HONORIFIC = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|M|Mme|Herr|Frau|Señor|Señora)\.?\s+", re.I)
_MADE = re.compile(
    r"(?:[\w-]+\s){0,4}(?:stud(?:y|ies)|reports?|surveys?|polls?|statements?|releases?|analysis|notes?|letters?)\s"
    r"(?:by|from|released|published|conducted|issued|carried out|commissioned)\s",
    re.I,
)
_TITLED = re.compile(r"\s(?:of|for|and)\s")
_TITLES = re.compile(
    r"^(?:(?:Former|Ex-|Then-|Interim|Acting|Retired|Deputy|Chief|Vice|Assistant|Lt|Sens?|Reps?|Govs?|Gen|Col|Capt|Sgt|Rev|Prof|Judge"
    r"|Justice|President|Senator|Governor|Mayor|Secretary|Minister|Chancellor|Commissioner|Sheriff|Pastor|Professor|Director"
    r"|Attorney|General|King|Queen|Prince|Princess|Pope|Congressman|Congresswoman|Speaker|Chairman|Chairwoman|Spokesman"
    r"|Spokeswoman|Ambassador|CEO|Officer)\.?\s+)+"
)
_ELECTION = re.compile(
    r"\b(?:nominee|candidates?|campaigns?|presidential|primary|election|ballot|voters|Wahlkampf|campagne électorale)\b",
    re.I,
)


@dataclass(frozen=True)
class Evidence:
    """What an article prints about a source.

    `head` is the source as printed; `roles` describe it; `body` names the person, organisation or document; `around`
    are looser neighbours, such as what a possessive belongs to; `near` are the words around the first mentions; `place`
    tells that the name is a place; `text` is the article, where those are looked up for whom somebody speaks.
    """

    head: str
    roles: tuple[str, ...] = ()
    body: str | None = None
    around: tuple[str, ...] = ()
    age: bool = False
    context: str = ""
    mentions: int = 0
    election: bool = False
    near: str = ""
    place: bool = False
    text: str = field(default="", repr=False)


def gather_evidence(text: str, start: int, end: int, *, name: str | None = None) -> Evidence:
    """Collect what an article prints about the source at a place.

    Parameters
    ----------
    text : the article's text
    start, end : of the source as printed
    name : the fullest name of the source in the article, optional
        Default: the name within the span.

    Returns
    -------
    Evidence

    Examples
    --------
    >>> text = "“No,” said Ana Ruiz, a spokeswoman for the harbour union. Ruiz left."
    >>> gather_evidence(text, 58, 62).roles
    ('a spokeswoman for the harbour union',)
    """
    head = " ".join(text[start:end].split()).strip(" ,.;:“”\"'’")
    head = re.sub(r"(?:’|')s$", "", head)
    if head != "WHO" and head.casefold() in ("who", "which", "that", "whom"):
        head = antecedent_of(text, start) or head
    election = _is_electoral(text)
    name = None if name and _MADE.match(name) else name  # "a report from the Port Fund": no name
    printed, inside = split_head(head)
    if name and printed != name and is_person(name) and head.endswith(f" {name}") and _TITLED.search(head):
        printed, inside = name, [head.removesuffix(name).strip()]  # "director of the Port Fund Ana Ruiz"
    if _MADE.match(head):  # "a study by the Port Fund" is not the fund
        printed, inside, name = None, [head], None
    full = printed
    if name and name.split()[-1][:1].isupper() and (not printed or f" {name}".endswith(f" {printed}")):
        full = name
    roles = [role for role in inside if role]
    if full and (_HEADING.fullmatch(full) or (full == head and _is_common(full, text))):
        full, roles = None, [*roles, head]  # "Poll: …" in a headline is no name
    if full and full.isupper() and len(full) > _SHORT and full.title() in text:
        full = full.title()  # "REED:" in a transcript
    if not full:
        roles += apposition_behind(text, end, named=False)
        roles += _author(text, head, start)
        return Evidence(
            head, tuple(dict.fromkeys(roles)), None, (), context=_context(text, start, end), election=election,
            near=text[max(0, start - _NEAR) : end + _NEAR], text=text,
        )  # fmt: skip
    bare = _TITLES.sub("", _HONORIFIC.sub("", full)).strip() or full
    around: list[str] = []
    near: list[str] = []
    words = bare.split()
    key = bare if len(words) > 3 or bare.isupper() else words[-1]
    key = re.sub(r"(?:’|')s$", "", key)
    first = start
    age, mentions = False, 0
    if len(key) > 1:
        for start_of, end_of in places_of(text, key):
            begin, longer = _whole_name(text, start_of, key)
            if (
                " " in bare
                and longer.endswith(f" {bare}")
                and longer.split()[0].casefold() not in load_word_lists().given
            ):
                begin, longer = begin + len(longer) - len(bare), bare  # "Secretary of State Ana Ruiz"
            given = longer.split()[0]
            if longer != key and " " in bare and not _same_given(given, bare):
                continue  # somebody else of that surname
            mentions += 1
            first = start_of if mentions == 1 else first
            if mentions > _MOST_MENTIONS:
                continue
            age = age or re.match(r",\s*\d{1,2}\s*[,.]", text[end_of : end_of + 8]) is not None
            headline = text.find("\n") > start_of  # where every word has a capital
            if len(longer.split()) > len(bare.split()) and longer.endswith(key) and not headline:
                bare = longer
            roles += title_before(text, begin)
            roles += apposition_behind(text, end_of)
            around.append(words_behind(text, end_of))
            near.append(text[max(0, begin - _NEAR) : end_of + _NEAR])
    told = tuple(dict.fromkeys(role for role in roles if role))
    context = _context(text, first, first + len(key))
    age = age or re.search(r",\s*\d{2}\b", head) is not None
    # "in Lissmar": a name that is twice a place is one.
    lies = (
        not is_person(bare)
        and sum(1 for at, _ in places_of(text, bare) if _WHERE.search(text, max(0, at - 6), at)) >= 2
    )
    return Evidence(head, told, bare, tuple(around), age, context, mentions, election, "\n".join(near), lies, text)


_WHERE = re.compile(r"\b(?:[Ii]n|[Ff]rom|[Nn]ear|to) $")


@lru_cache(maxsize=64)
def _is_electoral(text: str) -> bool:
    """Whether an article is on an election, or speaks of one more than in passing."""
    return len(_ELECTION.findall(text)) >= _ELECTORAL


def _author(text: str, head: str, start: int) -> list[str]:
    """Return by whom a document is, where it was brought in: "the poll" after "a Lissmar University poll"."""
    found = _DOCUMENT.search(head) or _HEADING.fullmatch(head)
    if found is None or re.search(r"[A-Z]", head[1:]):
        return []
    start = len(text) if found[0] == head and found.re is _HEADING else start
    word = re.escape(found[1].rstrip("s"))
    known = re.search(
        rf"(?P<before>(?:[A-Z][\w’'/-]+\s+(?:of\s+|for\s+)?)+)(?:[a-z]+\s){{0,2}}{word}s?\b"
        rf"|\b{word}s?\s(?:[^.,;“”\"]{{0,60}}?\s)?(?:by|from)\s(?:the\s)?(?P<behind>[A-Z][^.,;“”\"]{{2,60}})",
        text[:start],
    )
    return [(known["before"] or known["behind"]).strip()] if known else []


_DOCUMENT = re.compile(
    r"^(?:the|this|that)\s(?:[a-z-]+\s)?(polls?|surveys?|stud(?:y|ies)|reports?|analysis|letter|statement|document|lawsuit"
    r"|survey|findings|article|editorial|e-?mails?|memo|book)$",
    re.I,
)


_HEADING = re.compile(r"(Poll|Survey|Study|Report)")


def _is_common(word: str, text: str) -> bool:
    """Whether a lone capitalised word is none of a name: people, or a word that the article also prints small."""
    if " " in word or not word[1:].islower():
        return False
    small = word.casefold()
    if load_word_lists().classes.get(small) == "S":
        return True
    size = len(small)
    return any(end == start + size and text[end : end + 1] not in ("’", "'") for start, end in places_of(text, small))


def _same_given(given: str, full: str) -> bool:
    """Whether a given name may belong to a person of the same surname: the same, an initial, or one with a title."""
    first = full.split()[0]
    return given in full.split() or given[0] == first[0] or not first[:1].isupper()


def antecedent_of(text: str, start: int) -> str | None:
    """Return the phrase that a relative pronoun stands for: what is between the last verb or mark and it.

    Examples
    --------
    >>> text = "The law was opposed by young politicians, who said no."
    >>> antecedent_of(text, text.index("who"))
    'young politicians'
    """
    left = re.split(rf"{STOP}|[;:“”\"\n]", text[max(0, start - 110) : start])[-1].rstrip(" ,")
    names = list(NAME.finditer(left))
    if names and names[-1].end() == len(left):
        return names[-1][0]
    found = re.search(r"(?:\b(?:the|a|an|two|three|some|many)\s+)?(?:[\w’'-]+\s+){0,3}[\w’'-]+$", left)
    phrase = re.sub(r"^(?:and|or)\s", "", _BY.split(found[0])[-1]) if found else ""
    return phrase if phrase[:1].isalpha() else None


_BY = re.compile(r"(?:^|\s)(?:by|with|from|to|at|in|on|for|but|as|than|among)\s")


def _context(text: str, start: int, end: int) -> str:
    """Return the sentence or so around a mention."""
    begin = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start), start - 160) + 1
    stops = [stop for stop in (text.find("\n", end), text.find(". ", end)) if stop >= 0]
    return text[begin : min([*stops, end + 160])]


def _whole_name(text: str, place: int, key: str) -> tuple[int, str]:
    """Return where the name around a mention begins, with its first names, and the name."""
    left = text[max(0, place - 45) : place]
    # "J. Ruiz" and "Gov. Ruiz", but not the end of the sentence before: "in Lissmar. Ruiz".
    found = _GIVEN.search(left)
    if not found:
        return place, key
    words = found[0].split()
    cut = [
        number
        for number, word in enumerate(words)
        if word.strip(".").casefold() in words_of("titles")
        or word.casefold() in words_of("function")
        or word.endswith(("’s", "'s", "’", "'"))
        or is_title(word, number, len(words) + 1)
    ]
    given = found[0]
    for word in words[: cut[-1] + 1] if cut else ():
        given = given[given.index(word) + len(word) :].lstrip()
    given = _HONORIFIC.sub("", _TITLES.sub("", given))
    return place - len(given), f"{given}{key}"


_GIVEN = re.compile(
    r"(?:(?:[A-ZÀ-ÖØ-Þ][\w’'-]*|(?:[A-Z]|Mrs?|Ms|Dr|Sens?|Reps?|Gov|Gen|Lt|Col|Capt|Sgt|Rev|Prof|Jr|St)\.|[A-Z]\.[A-Z]\.)"
    r"[ \t]+){1,3}(?:(?:de|da|di|del|della|van|von|der|la|le|al|bin|dos|du)[ \t]+)*$"
)


def widen_anonymous(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the whole phrase of a source without a name: "the source at NATO" for "the source", or for "NATO".

    Examples
    --------
    >>> text = "The source at NATO added that nobody knew."
    >>> [text[slice(*widen_anonymous(text, *span))] for span in ((0, 10), (14, 18))]
    ['The source at NATO', 'The source at NATO']
    """
    left = _WITHHELD_LEFT.search(text[max(0, start - 60) : start])
    if left:
        start -= len(left[0])
    if _WITHHELD.search(text[start:end]):
        right = _WITHHELD_RIGHT.match(text[end : end + 90])
        if right:
            end += len(right[0])
    return start, end


_WITHHELD = re.compile(r"\b(?:sources?|officials?|persons?|people|aides?|insiders?|diplomats?)$", re.I)
_WITHHELD_LEFT = re.compile(
    r"(?<![\w-])(?:(?:an?|the|one|two|several|some)\s+)?(?:(?!(?:and|but|or|while|that|as)\s)[\w-]+\s+){0,2}"
    r"\b(?:sources?|officials?|person|people|aides?|insiders?)\s+"
    r"(?:close to|at|in|inside|within|near|from|familiar with)\s+$",
    re.I,
)
_WITHHELD_RIGHT = re.compile(
    r"\s+(?:close to|at|in|inside|within|near|from|familiar with)\s+(?:the\s+)?"
    r"(?:[A-Z][\w’'-]*|government|ministry|talks|matter|delegation|negotiations|police|president|party|company|court)"
    r"(?:\s+(?:[A-Z][\w’'-]*|government|ministry|administration))*"
)
