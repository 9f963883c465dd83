"""What a pattern of a codebook or target list means, in one place for every analysis.

| pattern | finds |
| --- | --- |
| `strike` | the word, in any case; also as "strike's" |
| `protest*` | every word that begins so; `*` stands for any letters, at any place |
| `security council` | the words next to each other: with spaces, a hyphen or a line break between |
| `zero-COVID` | the same as `zero covid` |
| `=US` | exactly these letters: not "us" |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from mediakit.errors import LexiconError

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "＇": "'"})
# Accents that stand as characters of their own ("e" + U+0301) belong to the letter before them.
_ACCENTS = "\u0300-\u036f"
_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|\w[\w{_ACCENTS}]*(?:['’ʼ‘＇]\w[\w{_ACCENTS}]*)*")
_PATTERN_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|[\w*][\w*{_ACCENTS}]*(?:['’ʼ‘＇][\w*][\w*{_ACCENTS}]*)*")


def find_words(text: str) -> list[tuple[int, int]]:
    """Return start and end of every word; an apostrophe inside, and the points of "U.S.", belong to the word.

    Examples
    --------
    >>> [("The U.S. didn't")[a:b] for a, b in find_words("The U.S. didn't")]
    ['The', 'U.S.', "didn't"]
    """
    return [match.span() for match in _WORD.finditer(text)]


def normal_form(word: str) -> str:
    """Return the form under which a word is looked up: composed Unicode, no case, straight apostrophes.

    Examples
    --------
    >>> normal_form("Didn’t")
    "didn't"
    """
    return unicodedata.normalize("NFC", word).casefold().translate(_APOSTROPHES)


@dataclass(frozen=True)
class Pattern:
    """One pattern, compiled: as written, and for each of its words a rule that a distinct word is tested against."""

    written: str
    words: tuple[str, ...]
    exact: bool

    def matches(self, index: int, term: str, normal: str) -> bool:
        """Whether the word at `index` of the pattern is this term."""
        wanted = self.words[index]
        given = unicodedata.normalize("NFC", term).translate(_APOSTROPHES) if self.exact else normal
        forms = (given, given.removesuffix("'s"))
        return wanted in forms if "*" not in wanted else any(_wild(wanted, form) for form in forms)


def compile_pattern(written: str) -> Pattern:
    """Compile a pattern, or say what is wrong with it.

    Raises
    ------
    LexiconError
        When the pattern is empty, holds no letter or digit, or has more than five stars in a word.
    """
    exact = written.startswith("=")
    body = written[1:] if exact else written
    words = tuple(_PATTERN_WORD.findall(body))
    if not words or not any(char.isalnum() for char in body):
        raise LexiconError(f"the pattern {written!r} holds no word.")
    if any(not word.strip("*") for word in words):
        raise LexiconError(f"the pattern {written!r} has a word that matches everything.")
    if any(word.count("*") > 5 for word in words):
        raise LexiconError(f"the pattern {written!r} has more than five stars in a word.")
    normal = tuple(
        unicodedata.normalize("NFC", word).translate(_APOSTROPHES) if exact else normal_form(word) for word in words
    )
    return Pattern(written, normal, exact)


def compile_patterns(patterns: Iterable[str]) -> list[Pattern]:
    """Compile several patterns, in order, without repeats."""
    return [compile_pattern(written) for written in dict.fromkeys(patterns)]


def _wild(wanted: str, given: str) -> bool:
    """Match stars without backtracking: the pieces between them must follow one another."""
    pieces = wanted.split("*")
    if not given.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        at = given.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return len(given) - at >= len(pieces[-1]) and given.endswith(pieces[-1])
