"""Speakers as printed, mended before they are told apart: the name behind a body and an office, words that are no part.

"Director of the Port Fund Ana Ruiz said": the speaker that was found is "director"; who speaks is Ana Ruiz.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mediakit.analyses.name_splits import PORTFOLIOS
from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.source_forms import CREDIT
from mediakit.analyses.source_names import is_person, words_of
from mediakit.analyses.source_phrases import is_listed, is_personal
from mediakit.analyses.word_classes import load_word_lists

_CAPITAL = r"(?:[A-ZÀ-ÖØ-Þ]\.|(?:Md|St|Ma|Mt)\.|[A-ZÀ-ÖØ-Þ][\w’'-]*)"
_PERSON = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?\s)?{_CAPITAL}"
    rf"(?:\s(?:[“\"'‘]\w+[”\"'’]|(?:de|van|von|bin|al|el|der|la)\s{_CAPITAL}|{_CAPITAL})){{1,3}}"
)
_NEAR = 30  # characters between a name and the verb that it goes with
_FAR = 160  # characters behind a speaker that are looked at


class Speaker(NamedTuple):
    """Where a speaker stands, and the name if it is known."""

    start: int
    end: int
    name: str | None


def mend_speaker(text: str, speaker: Speaker, cue: tuple[int, int] | None) -> Speaker:
    """Return the whole of a speaker and the name in it, where only a piece was found or too much.

    Parameters
    ----------
    text : the article's text
    speaker : as found
    cue : place of the verb of speech, if it is known

    Examples
    --------
    >>> text = "“No,” said Port Fund director Ana Ruiz. Director of the Port Union Omar Reed said no."
    >>> mend_speaker(text, Speaker(11, 20, "Port Fund"), (6, 10))
    Speaker(start=11, end=38, name='Ana Ruiz')
    >>> mend_speaker(text, Speaker(40, 48, "Director"), (77, 81))
    Speaker(start=40, end=76, name='Omar Reed')
    """
    for mend in (_without_number, _without_clause, _without_verb, _person_behind, _whole_body, _with_beginning):
        mended = mend(text, speaker, cue)
        if mended is not None:
            return mended
    return speaker


def _without_clause(text: str, speaker: Speaker, cue: tuple[int, int] | None) -> Speaker | None:
    """Cut the end of the clause before: "in spite of | their efforts, | health experts said"."""
    printed = text[speaker.start : speaker.end]
    before, comma, own = printed.rpartition(", ")
    if not comma or not own or before[:1].isupper() or "," in before or cue is None or cue[0] < speaker.end:
        return None
    left = text[max(0, speaker.start - 14) : speaker.start].split()
    if not left or left[-1].casefold() not in _PREPOSITIONS or not _DETERMINED.match(before):
        return None
    if _DETERMINED.match(own) and not own.startswith("the "):  # "with his wife, a lawyer"
        return None
    return Speaker(speaker.end - len(own), speaker.end, own)


_PREPOSITIONS = frozenset(("of", "at", "in", "on", "for", "with", "during", "after", "before", "despite", "under"))
_DETERMINED = re.compile(r"(?:the|an?|its|his|her|their|this|that|these|those|our)\s", re.I)


def _without_number(text: str, speaker: Speaker, _: tuple[int, int] | None) -> Speaker | None:
    """Cut the number of comments that a page prints between the credit of a picture and the text."""
    number = _NUMBER.match(text, speaker.start, speaker.end)
    if number is None or not _PICTURE.search(text, max(0, speaker.start - 20), speaker.start):
        return None
    return Speaker(number.end(), speaker.end, text[number.end() : speaker.end])


_NUMBER = re.compile(r"\d{1,3}\s(?=[A-Z])")
_PICTURE = re.compile(rf"{CREDIT}\s$")


def _without_verb(text: str, speaker: Speaker, _: tuple[int, int] | None) -> Speaker | None:
    """Cut the verb before a colon: "Ruiz reports: “No.”"""
    if text[speaker.end : speaker.end + 1] != ":":
        return None
    who, _space, verb = text[speaker.start : speaker.end].rpartition(" ")
    if not who or verb not in _VERBS:
        return None
    return Speaker(speaker.start, speaker.start + len(who), who)


_VERBS = frozenset((
    "says", "reports", "writes", "states", "adds", "notes", "explains", "argues", "claims", "asks", "warns",
    "concludes", "continues", "recalls", "tweets", "reads", "said", "reported", "wrote", "stated", "added", "noted",
    "explained", "argued", "asked", "warned", "concluded", "continued", "recalled", "tweeted",
))  # fmt: skip


def _person_behind(text: str, speaker: Speaker, cue: tuple[int, int] | None) -> Speaker | None:
    """Find the person whose body or office was taken for the speaker."""
    if cue is None:
        return None
    printed = text[speaker.start : speaker.end]
    inverted = cue[1] <= speaker.start and not text[cue[1] : speaker.start].strip(" ,") and cue[1] > speaker.start - 8
    limit = min(len(text), speaker.end + _FAR) if inverted else cue[0]
    if not inverted and not speaker.end < cue[0] <= speaker.end + _FAR:
        return None
    tail = _NICKNAME.sub(_kept, text[speaker.end : limit])  # so that its quotation marks end nothing
    tail = text[speaker.end : speaker.end + len(_ENDS.split(tail, maxsplit=1)[0])]
    role = is_listed(printed.split()[-1]) and printed.split()[-1].islower() and not printed.endswith("s")
    for pattern in (_OFFICE_BEHIND, _OWNED_BEHIND, *([_NAME_BEHIND] if role else [])):
        found = pattern.match(tail)
        if found and _is_office(tail[: found.start("name")]):
            name = _bare(found["name"])
            end = speaker.end + found.end("name")
            if _is_name(name) and (inverted or cue[0] - end <= _NEAR):
                return Speaker(speaker.start, end, name)
    if not is_listed(printed.split()[-1]) or printed.split()[-1].endswith("s"):
        return None
    found = _OF_BODY.match(tail)
    person = _person_at_end(found["run"]) if found else None
    if found is None or person is None:
        return None
    end = speaker.end + found.end("run")
    return Speaker(speaker.start, end, person) if inverted or cue[0] - end <= _NEAR else None


def _is_office(words: str) -> bool:
    """Whether words between a body and a person say what the person is; a genitive does."""
    parts = words.strip(" .").split()
    if parts in ([], ["’s"], ["'s"]):
        return True
    function = load_word_lists().function - {"and", "chief", "first", "last"}
    return is_personal(parts[-1]) and not any(part in function for part in parts)


def _kept(found: re.Match[str]) -> str:
    return "_" * len(found[0])


_NICKNAME = re.compile(r"(?<=\s)[“\"'‘]\w+[”\"'’](?=\s[A-Z])")
_ENDS = re.compile(r"[\n;:!?“”\"]")
_OFFICE_BEHIND = re.compile(
    rf"\.?\s(?:(?:[a-z]+(?:-[a-z]+)*|CEO|CFO|President|Director|Chairman)\s(?:and\s)?){{0,4}}?"
    rf"(?P<office>[a-z]+(?:-[a-z]+)*)\s(?P<name>{_PERSON})(?=[\s,.]|$)"
)
_NAME_BEHIND = re.compile(rf"\s(?P<name>{_PERSON})(?=[\s,.]|$)")
_OWNED_BEHIND = re.compile(rf"(?:’|')s\s(?P<name>{_PERSON})(?=[\s,.]|$)")
_OF_BODY = re.compile(
    rf"\s(?:of|for)\s(?:the\s)?(?P<run>{_CAPITAL}(?:,?\s(?:(?:of|for|and|the|&)\s){{0,2}}(?:(?:Dr|Prof)\.|{_CAPITAL})){{1,11}})(?=[\s,.]|$)"
)
_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s")


def _bare(name: str) -> str:
    return _HONORIFIC.sub("", name).rstrip(".,")


def _is_name(name: str) -> bool:
    """Whether capitalised words may be a person's name."""
    lists = load_word_lists()
    words = [word.casefold().strip(".") for word in name.split()]
    plain = re.sub(r"[“\"'‘]\w+[”\"'’]\s", "", name)
    return (
        is_person(plain)
        and not any(word in lists.days or word in lists.function or word in lists.titles for word in words)
        and words[-1] not in lists.roles
        and tuple(words) not in load_role_lists().places
    )


def _person_at_end(run: str) -> str | None:
    """Return the person's name at the end of "National Port Council Ana Ruiz"; None where no body ends before it."""
    words = run.split()
    lists = load_word_lists()
    for at in range(len(words) - 1, 0, -1):
        before, plain = words[at - 1].rstrip(",."), words[at].casefold()
        ends = before in words_of("organised") or before.casefold() in PORTFOLIOS or before.casefold() in lists.bodies
        ends |= before in ("Dr", "Prof", "Mr", "Mrs", "Ms") or (plain in lists.given and len(words) - at < 4)
        if ends and before.casefold() not in ("and", "of", "for", "the", "&"):
            name = " ".join(words[at:]).rstrip(".,")
            return name if _is_name(name) and "," not in name else None
    return None


def _whole_body(text: str, speaker: Speaker, cue: tuple[int, int] | None) -> Speaker | None:
    """Add what a body's name goes on with: "Department | of Justice", "Catalan | regional government"."""
    printed = text[speaker.start : speaker.end]
    if not printed or printed != speaker.name:
        return None
    words = printed.split()
    if words[-1] in words_of("organised") and (found := _OF_WHAT.match(text, speaker.end)):
        run = found[0].split()
        title = next((at for at, word in enumerate(run) if word.casefold() in load_word_lists().titles and at > 1), 0)
        name = " ".join(run[title + 1 :])
        if title and _is_name(name):  # "Port Union | of Lissmar President Ana Ruiz"
            return Speaker(speaker.start, found.end(), name)
        return Speaker(speaker.start, found.end(), " ".join(text[speaker.start : found.end()].split()))
    people = len(words) == 1 and (printed.casefold() in load_word_lists().peoples)
    if people and (found := _RULED.match(text, speaker.end)) and (cue is None or cue[0] >= found.end()):
        return Speaker(speaker.start, found.end(), " ".join(text[speaker.start : found.end()].split()))
    return None


def _with_beginning(text: str, speaker: Speaker, _: tuple[int, int] | None) -> Speaker | None:
    """Add the article and an adjective with a hyphen: "One Boston-based | trade expert"."""
    printed = text[speaker.start : speaker.end]
    if not printed[:1].islower() or printed != speaker.name:
        return None
    found = _BEGINNING.search(text, max(0, speaker.start - 40), speaker.start)
    if found is None or not is_personal(printed.split()[-1]):
        return None
    return Speaker(found.start(), speaker.end, " ".join(text[found.start() : speaker.end].split()))


_BEGINNING = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother)\s[\w]+-[a-z]+\s$")
_OF_WHAT = re.compile(rf"\sof\s(?:the\s)?{_CAPITAL}(?:\s(?:(?:and|of)\s)?{_CAPITAL}){{0,4}}(?<![.’'])(?=[\s,.(]|$)")
_RULED = re.compile(
    r"\s(?:[a-z]+\s){0,2}(?:government|administration|parliament|police|army|embassy|ministry|authorities|media|military)\b"
)
