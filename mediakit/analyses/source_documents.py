"""Statements and notes as the words of those who gave them out: "the statement" of the Port Union is the union's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mediakit.analyses.source_names import places_of

_GIVEN_OUT = r"(?:statement|press release|news release|release|communiqué|communique|note|press statement)"
_STATEMENT = re.compile(rf"(?:an?|the|this|that)\s(?:[\w-]+\s){{0,3}}?(?P<what>{_GIVEN_OUT})\b", re.I)
_OWN = re.compile(
    r"(?:its|their)\s(?:[\w-]+\s){0,2}(?:statement|projections?|forecasts?|research|findings|analysis|figures|estimates?"
    r"|release|calculations?|data|study|report|survey|website)$",
    re.I,
)


def document_authors(
    names: Sequence[str | None], shown: Sequence[str], ends: Sequence[int], text: str
) -> list[str | None]:
    """Return the names of the speakers of an article, those of statements and of "its figures" by whose they are.

    Parameters
    ----------
    names : of the speakers in order, None where there is none
    shown : the speakers as printed
    ends : places where they end
    text : the article's text

    Examples
    --------
    >>> text = "The Port Union said no. A statement from the Port Union said more. Its figures show it."
    >>> document_authors(["Port Union", None, "Its figures"], ["The Port Union", "A statement", "Its figures"],
    ...                  [14, 35, 78], text)
    ['Port Union', 'Port Union', 'Port Union']
    """
    proper = sorted({name for name in names if name and name[:1].isupper() and not _is_document(name)}, key=len)
    found: list[str | None] = []
    last: str | None = None
    for name, printed, end in zip(names, shown, ends, strict=True):
        called = name or printed
        author: str | None = None
        if _OWN.match(called):
            author = last
        elif statement := _STATEMENT.match(called):
            author = _author(called, end, statement["what"].casefold(), proper, text)
        found.append(author or name)
        if name and name in proper:
            last = name
    return found


def _is_document(name: str) -> bool:
    return _OWN.match(name) is not None or _STATEMENT.match(name) is not None


def _author(called: str, end: int, what: str, proper: Sequence[str], text: str) -> str | None:
    """Return who of the speakers gave out a statement; None where the article says none or several."""
    word = what.rsplit(" ", 1)[-1]
    told = _FROM.search(called) or _FROM_BEHIND.match(text, end)
    places = [told] if told else [found for pattern in _patterns(word) for found in pattern.finditer(text)]
    authors = set()
    for found in places:
        known = [name for name in proper if next(places_of(found["who"], name), None)]
        authors |= set(known[-1:])
    return authors.pop() if len(authors) == 1 else None


_FROM = re.compile(r"\s(?:by|from)\s(?P<who>.+)$")
_FROM_BEHIND = re.compile(r"\s(?:by|from)\s(?P<who>[^.;\n“”\"]{3,120})")


@cache
def _patterns(word: str) -> tuple[re.Pattern[str], ...]:
    """Return how articles say who gave out a statement, or another word for it."""
    return (
        re.compile(rf"\b{word}\s(?:by|from)\s(?P<who>[^.;\n“”\"]{{3,120}})"),
        re.compile(
            rf"\b[Ii]n\san?\s(?:[\w-]+\s){{0,2}}{word}(?:\s[^.,\n“”\"]{{0,40}})?,\s(?P<who>[^.;\n“”\"]{{3,80}})"
        ),
        re.compile(
            rf"(?P<who>[^.;,\n“”\"]{{3,80}})\s(?:said|announced|wrote|added)\sin\san?\s(?:[\w-]+\s){{0,2}}{word}\b"
        ),
    )
