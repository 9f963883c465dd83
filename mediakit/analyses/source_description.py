"""What an article says of a source: descriptions, and the one that tells most."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import words_of
from mediakit.analyses.source_phrases import (
    head_word,
    is_body,
    is_description,
    is_document,
    is_linked,
    is_listed,
    is_personal,
    trim_description,
)
from mediakit.analyses.word_classes import load_word_lists

_LONGEST = 160  # characters of a description


def best_description(evidence: Evidence, described: Sequence[str]) -> str:
    """Return of what describes a source what tells most; "" where there is nothing.

    Examples
    --------
    >>> best_description(Evidence("Ana Ruiz", body="Ana Ruiz"), ["Finance Minister", "who spoke on Monday"])
    'Finance Minister'
    """
    telling = [role for role in described if not role.endswith(("’s", "'s"))]  # "The Harbour Tribune’s"
    return max(telling, key=lambda role: _telling(role, evidence), default="")


def _telling(role: str, evidence: Evidence) -> tuple[int, bool, int]:
    """How much a description tells: an office or trade first, where somebody is from or what somebody did last."""
    if role.startswith(("who ", "whose ")) or role.rstrip(".").casefold() in _LITTLE:
        kind = 0
    elif is_personal(head_word(role)) or is_listed(role.split()[0]) or is_document(role):
        kind = 5 if role != evidence.head or is_document(role) else 2
    elif role == evidence.head:
        kind = 2
    elif is_linked(role):
        kind = 3
    else:
        kind = 4 if evidence.body else 1
    bare = _ARTICLE.sub("", role)
    whole = (bare != role and " " in bare) or re.search(r"\b(?:of|for|at)\b|[’']s\s", role) is not None
    return kind, whole, len(bare)


_LITTLE = frozenset(("prof", "professor", "former", "ex", "acting", "then"))  # alone
_ARTICLE = re.compile(r"^(?:[Aa]n?|[Tt]he)\s")


def describe(evidence: Evidence) -> list[str]:
    """Return what an article says of a source, without forms of address and what follows a name on and on."""
    found = []
    for role in evidence.roles:
        if behind := _BEHIND_NAME.match(role):  # "of the Bloc complained" behind "Ana Ruiz"
            role = behind[0] if behind["body"] else ""
        role = trim_description(role, evidence.text)
        pronoun = role.casefold() in load_word_lists().pronouns
        bare = _ARTICLE.sub("", role)
        own = bare == evidence.body and (is_body(role) or bare.partition(" of ")[0] in words_of("organised"))
        if role and not own and len(role) <= _LONGEST and not pronoun and is_description(role, evidence):
            found.append(role)
    return found


_BEHIND_NAME = re.compile(
    r"(?:of|from)\s(?:the\s)?(?P<body>[A-ZÀ-ÖØ-Þ][\w’'&.-]*(?:\s(?:(?:of|for|and)\s(?:the\s)?)?[A-ZÀ-ÖØ-Þ][\w’'&.-]*)*"
    r"(?:(?<=[’']s)(?:\s[a-z-]+){0,2}\s(?:department|office|team|division|unit|committee|board|group|branch|bureau))?)?"
)
