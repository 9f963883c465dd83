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
from functools import cache

from mediakit.errors import LexiconError

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "＇": "'", "\u00ad": None})
_LETTERED = r"(?:[^\W\d_]\.){2,}"


@cache
def word_rule(stars: bool = False) -> re.Pattern[str]:
    """Return the rule of what a word is; with stars, of what a word of a pattern is.

    Accents and vowel signs that stand as characters of their own ("e" + U+0301), joiners and soft hyphens belong to the
    letter before them.
    """
    star = "*" if stars else ""
    rest = rf"[\w{star}{_marks()}\u00ad\u200c\u200d]*"
    return re.compile(rf"{_LETTERED}|[\w{star}]{rest}(?:['’ʼ‘＇][\w{star}]{rest})*")


def _marks() -> str:
    """Return the combining marks of Unicode's first plane as ranges of a character class."""
    codes = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    previous = -2
    for code in codes:
        if code == previous + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
        previous = code
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


def find_words(text: str) -> list[tuple[int, int]]:
    """Return start and end of every word; an apostrophe inside, and the points of "U.S.", belong to the word.

    Examples
    --------
    >>> [("The U.S. didn't")[a:b] for a, b in find_words("The U.S. didn't")]
    ['The', 'U.S.', "didn't"]
    """
    return [match.span() for match in word_rule().finditer(text)]


def normal_form(word: str) -> str:
    """Return the form under which a word is looked up: composed Unicode, no case, straight apostrophes.

    Examples
    --------
    >>> normal_form("Didn’t")
    "didn't"
    """
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold()).translate(_APOSTROPHES)


def exact_form(word: str) -> str:
    """Return the form under which `=US` is compared: as `normal_form`, but with its case."""
    return unicodedata.normalize("NFC", word).translate(_APOSTROPHES)


@dataclass(frozen=True)
class Pattern:
    """One pattern, compiled: as written, and the normal form of each of its words, in which stars may stand."""

    written: str
    words: tuple[str, ...]
    exact: bool

    def matches(self, index: int, term: str, normal: str) -> bool:
        """Whether the word at `index` of the pattern is this term, whose normal form is given."""
        wanted = self.words[index]
        given = exact_form(term) if self.exact else normal
        return any(wild_match(wanted, form) for form in (given, given.removesuffix("'s")))


def compile_pattern(written: str) -> Pattern:
    """Compile a pattern, or say what is wrong with it.

    Raises
    ------
    LexiconError
        When the pattern is empty, holds no letter or digit, or has more than five stars in a word.
    """
    exact = written.startswith("=")
    body = written[1:] if exact else written
    words = tuple(word_rule(stars=True).findall(body))
    if not words or not any(char.isalnum() for char in body):
        raise LexiconError(f"the pattern {written!r} holds no word.")
    if any(not word.strip("*") for word in words):
        raise LexiconError(f"the pattern {written!r} has a word that matches everything.")
    if any(word.count("*") > 5 for word in words):
        raise LexiconError(f"the pattern {written!r} has more than five stars in a word.")
    return Pattern(written, tuple(exact_form(word) if exact else normal_form(word) for word in words), exact)


def compile_patterns(patterns: Iterable[str]) -> list[Pattern]:
    """Compile several patterns, in order, without repeats."""
    return [compile_pattern(written) for written in dict.fromkeys(patterns)]


def wild_match(wanted: str, given: str) -> bool:
    """Match stars without backtracking: the pieces between them must follow one another."""
    if "*" not in wanted:
        return wanted == given
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
