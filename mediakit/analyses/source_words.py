"""A source as words: what `source_network` and `source_reader` read, with the names of persons masked.

First the source itself: a body's or a document's name, the title of a person, or the phrase; then the words around it,
around two other places where its name stands, and the beginning of the article.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from mediakit.analyses.recurrent import LONGEST, Sentence
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person, places_of
from mediakit.analyses.stance_words import SAME, TARGET, masked_words

PERSON, BREAK = "<person>", "|"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_OWN = 8  # words of the source itself
_OTHERS, _FAR = 2, 120  # other places, at least so many characters away


class Reach(NamedTuple):
    """How much is read: words on each side of the source and of other places, in so many characters; the beginning."""

    words: int
    words_other: int
    window: int
    window_other: int
    beginning: int
    longest: int  # words in all


NARROW = Reach(22, 10, 260, 140, 90, LONGEST)
WIDE = Reach(34, 14, 400, 190, 120, 160)


def source_words(
    evidence: Evidence, start: int, end: int, ordinary: AbstractSet[str], reach: Reach = NARROW
) -> Sentence:
    """Return a source as words, and the place among them where it stands.

    Parameters
    ----------
    evidence : Evidence
        What its article prints about it.
    start, end : int
        Characters of the source in the article.
    ordinary : set of str
        Words in lower case that are no persons' names though they are printed with a capital.
    reach : Reach, default NARROW
        How much is read.

    Examples
    --------
    >>> text = "Talks failed. Envoy Ana Ruiz left."
    >>> source_words(Evidence("Envoy Ana Ruiz", body="Ana Ruiz", text=text), 14, 28, {"talks", "envoy"})[0][:8]
    ['<person>', ':envoy', '|', 'talks', 'failed', '.', '<target>', 'left']
    """
    text = evidence.text
    found = [*_own_words(evidence, text[start:end]), BREAK]
    words, place = _around(text, start, end, ordinary, reach.window, reach.words)
    place += len(found)
    found += words
    others = 0
    for begin, behind in places_of(text, key_of(evidence)) if evidence.body else ():
        if abs(begin - start) >= _FAR and others < _OTHERS:
            words, _ = _around(text, begin, behind, ordinary, reach.window_other, reach.words_other)
            found += [BREAK, *(SAME if word == TARGET else word for word in words)]
            others += 1
    beginning, _ = masked_words(text[: reach.beginning], 0, 0, ordinary)
    return [*found, BREAK, *(word for word in beginning if word != TARGET)][: reach.longest], place


def _own_words(evidence: Evidence, printed: str) -> list[str]:
    """The words of the source, marked as such: a person's name is left out, titles are not."""
    if not is_person(evidence.body):
        return [f":{word.lower()}" for word in _WORD.findall(evidence.body or printed)][:_OWN]
    name = {word.lower() for word in _WORD.findall(evidence.body or "")}
    return [PERSON, *(f":{word.lower()}" for word in _WORD.findall(printed) if word.lower() not in name)][:_OWN]


def key_of(evidence: Evidence) -> str:
    """Return the word or words by which a source is found again: of a person the surname, else the name."""
    body = evidence.body or ""
    return body.split()[-1] if is_person(body) else body


def _around(
    text: str, start: int, end: int, ordinary: AbstractSet[str], window: int, reach: int
) -> tuple[list[str], int]:
    left = max(0, start - window)
    return masked_words(text[left : end + window], start - left, end - left, ordinary, reach=reach)
