"""What a source is known by, as signs for `source_model`: the words of its roles, beside its name and around it.

A sign is a string such as "role:ambassador" (a word of a title or apposition), "behind:spokeswoman" (between commas
behind a mention) or "rule:police" (what the rules say). The words of a person's name are never signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.source_types import SourceType
from mediakit.analyses.word_classes import load_word_lists

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|\d+|%")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|\d+|[,.;:()“”\"]")
_STOPS = frozenset(',.;:()“”"')
_SUBJECTS = {
    subject: re.compile(rf"\b(?:{stems})\w*", re.I)
    for subject, stems in (
        ("protest", "protest|demonstrat|rally|rallies|march|strike|picket|activis|movement"),
        ("diplomacy", "diplomat|embassy|ambassador|summit|treaty|negotiat|foreign minist|talks|sanction"),
        ("politics", "nominee|candida|campaign|primary|gop|republican|democrat|election|ballot|voters?"),
    )
}
_MENTIONS = 10  # that are looked at
_ROLES, _ROLE_WORDS, _NAME_WORDS = 8, 14, 10
_BEFORE, _BEHIND = 70, 110  # characters on the sides of a mention
_TITLES = frozenset(("mr", "mrs", "ms", "dr", "sen", "rep", "gov", "gen", "president", "judge"))
_HEAD = re.compile(r"\s*,|\s(?:of|at|for|in|from|with|who|that|to|on|by)\s")


def read_signs(evidence: Evidence, verdict: SourceType) -> dict[str, float]:
    """Return the signs of a source, each with its weight.

    Examples
    --------
    >>> evidence = Evidence("Ana Ruiz", ("a spokeswoman for the harbour union",), "Ana Ruiz")
    >>> signs = read_signs(evidence, SourceType("society", True, "union"))
    >>> signs["role:spokeswoman"], "name:ruiz" in signs
    (1.0, False)
    """
    signs = dict.fromkeys(_firm_signs(evidence, verdict), 1.0)
    signs.update((f"sentence:{word}", 0.3) for word in _small(evidence.context))
    signs.update((f"near:{word}", 0.15) for word in _small(evidence.near))
    return signs


def _firm_signs(evidence: Evidence, verdict: SourceType) -> Iterator[str]:
    person = is_person(evidence.body)
    kind = "person" if person else "body" if evidence.body else "phrase"
    why = re.sub(r"[\"“].*|:.*|\d+", "", verdict.reason)[:30]
    yield from (
        f"rule:{verdict.type}", f"rule:{verdict.type}:{kind}", f"why:{verdict.type}:{why}", f"named:{verdict.named}",
        f"kind:{kind}", f"mentions:{kind}:{min(evidence.mentions, 8)}", f"election:{kind}:{evidence.election}",
        f"age:{evidence.age}", f"place:{evidence.place}", f"roles:{kind}:{min(len(evidence.roles), 4)}",
    )  # fmt: skip
    for subject, count in _subjects(evidence.text):
        yield f"{subject}:{kind}:{count}"
    for role in evidence.roles[:_ROLES]:
        yield from _of_role(role)
    yield from _of_person(evidence) if person else _of_name(evidence)
    for words in evidence.around:
        yield from (f"owns:{word}" for word in _small(words)[:1])
    yield from _beside(evidence, person)


def _of_role(role: str) -> Iterator[str]:
    """The words of a role, pairs of them, their endings, and the noun that they lead to."""
    words = _words(role)[:_ROLE_WORDS]
    yield from (f"role:{word}" for word in words if word not in functional())
    yield from (f"role:{one} {two}" for one, two in pairwise(words))
    yield from (f"ending:{word[-4:]}" for word in words if len(word) > 5)
    head = _HEAD.split(role.strip())[0].split()
    if head:
        yield f"noun:{head[-1].lower().strip('.,()’')}"
    if words[:1] == ["who"]:
        yield f"who:{' '.join(words[1:3])}"


def _of_person(evidence: Evidence) -> Iterator[str]:
    title = _words(evidence.head)[:1]
    if title and title[0] in _TITLES:
        yield f"title:{title[0]}"


def _of_name(evidence: Evidence) -> Iterator[str]:
    """The words of a body's or a document's name, or of a phrase."""
    words = _words(evidence.body or evidence.head)[:_NAME_WORDS]
    yield from (f"name:{word}" for word in words)
    yield from (f"name:{one} {two}" for one, two in pairwise(words))
    if words:
        yield from (f"first:{words[0]}", f"last:{words[-1]}", f"ending of name:{words[-1][-4:]}")
        yield f"plural:{words[-1].endswith('s')}"
    if evidence.body and evidence.body.isupper():
        yield "capitals"
    printed = _words(evidence.head)[:_NAME_WORDS]
    yield from (f"head:{word}" for word in printed)
    if printed:
        yield from (f"first of head:{printed[0]}", f"last of head:{printed[-1]}")
    if any(character.isdigit() for character in evidence.head):
        yield "a number"


def _beside(evidence: Evidence, person: bool) -> Iterator[str]:
    """The words right before and behind each mention."""
    name = evidence.body or evidence.head
    key = name.split()[-1] if person else name
    own, text = set(name.split()) if person else set(), evidence.text
    for number, start in enumerate(_places(text, key)):
        if number == _MENTIONS:
            return
        end = start + len(key)
        left = _TOKEN.findall(text[max(0, start - _BEFORE) : start])[-5:]
        left = [word for word in left if word not in own][-4:] if person else left
        for place, word in enumerate(reversed(left)):
            if word in _STOPS:
                break
            if word.lower() not in functional():
                yield f"before:{word.lower()}"
            if not place:
                yield f"right before:{word.lower()}"
        yield from _behind(_TOKEN.findall(text[end : end + _BEHIND])[:13])


def _places(text: str, key: str) -> Iterator[int]:
    """Yield where a name stands, not inside a word; hyphens and apostrophes may be beside it."""
    at, size = text.find(key), len(key)
    while at >= 0 and size:
        sides = text[max(0, at - 1) : at] + text[at + size : at + size + 1]
        if any(side.isalnum() or side == "_" for side in sides):
            at = text.find(key, at + 1)
        else:
            yield at
            at = text.find(key, at + size)


def _behind(right: list[str]) -> Iterator[str]:
    if right[:1] == [","]:
        for word in right[1:]:
            if word in _STOPS:
                break
            if word.lower() not in functional():
                yield f"behind:{word.lower()}"
    elif right[:1] == ["("]:
        yield from (f"bracket:{word.lower()}" for word in right[1:3])
    elif right:
        yield f"next:{right[0].lower()}"
        if len(right) > 1:
            yield f"next:{right[0].lower()} {right[1].lower()}"


@lru_cache(maxsize=64)
def _subjects(text: str) -> tuple[tuple[str, int], ...]:
    """Return how much an article speaks of protest, diplomacy and party politics, in steps."""
    counts = {subject: len(pattern.findall(text)) for subject, pattern in _SUBJECTS.items()}
    return tuple(
        (subject, min(count.bit_length(), 6) if subject == "politics" else min(count, 4))
        for subject, count in counts.items()
    )


@cache
def functional() -> frozenset[str]:
    """Return the words that are no signs by themselves: "said", "the", "of"."""
    return load_word_lists().function | {"of", "s", "t"}


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _small(text: str) -> list[str]:
    """Return the words that are printed small: no names; function words left out."""
    found = [word.replace("’", "'") for word in _WORD.findall(text) if word[0].islower()]
    return [word for word in found if word not in functional()]
