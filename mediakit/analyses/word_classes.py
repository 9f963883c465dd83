"""The words of articles as one string of classes, so that names and roles are found by patterns over classes.

Every distinct word and every distinct gap between words is looked up once; an article of a thousand words is then a
string of a thousand letters, in which `T?N+` is a name with its title.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.cue_verbs import load_cue_verbs
from mediakit.text.tokens import Tokens

# Classes of words. Upper-case letters are capitalised words or heads of phrases.
CLASSES = {
    "N": "capitalised word", "I": "initial", "T": "title", "J": "people or creed, capitalised", "A": "capitals",
    "B": "capitalised body word", "Y": "day or month", "R": "role", "S": "roles, plural", "b": "body", "p": "pronoun",
    "q": "indefinite pronoun", "D": "determiner", "h": "possessive pronoun", "o": "of", "r": "for",
    "d": "particle in names", "&": "and", "n": "number", "f": "function word", "v": "cue verb",
    "e": "other word in -ed or -ing", "a": "other word",
}  # fmt: skip
SPACE, COMMA, POINT, HYPHEN, QUOTE, OPEN, CLOSE, COLON, DASH, LINE, OTHER = ' ,.-"()=_|;'
_ENDING = re.compile(r"['’](?:s|re|m|ve|ll|d)?$", re.IGNORECASE)
_ENDING_INSIDE = re.compile(r"'s?(?=\s|$)")
_NO_GENITIVE = frozenset((
    "i", "you", "he", "she", "it", "we", "they", "that", "this", "there", "here", "who", "what", "where", "how",
    "let",
))  # fmt: skip
_INITIAL = re.compile(r"[A-Z](?:\.[A-Z])*\.?$")
_CAPITALS = re.compile(r"[A-Z][A-Z.&-]*[A-Z]\.?$")
_DIGITS = re.compile(r"[\d,.]+(?:st|nd|rd|th|s)?$")
_CAPITALISED = re.compile(r"(?:[A-ZÀ-ÞŁŚŻČŠŽĐ]|(?:al|el|de|d|la)['’-][A-Z])")


@dataclass(frozen=True)
class WordLists:
    """The lists of `people_words.toml`, each word -> its class or gender."""

    classes: dict[str, str]
    bodies: frozenset[str]
    several: frozenset[str]
    titles: dict[str, str]
    roles: dict[str, str]
    pronouns: dict[str, str]
    given: dict[str, str]
    peoples: frozenset[str]
    function: frozenset[str]
    days: frozenset[str]
    names: dict[str, tuple[tuple[str, ...], ...]]
    joined: frozenset[tuple[str, ...]]
    nicknames: dict[str, frozenset[str]]
    kinds: dict[str, frozenset[str]]


@cache
def load_word_lists() -> WordLists:
    """Read the lists of words that tell who is spoken of.

    Examples
    --------
    >>> lists = load_word_lists()
    >>> lists.titles["mrs"], lists.roles["spokesman"], lists.given["helen"], lists.pronouns["it"]
    ('f', 'm', 'f', 'thing')
    """
    data = tomllib.loads(files("mediakit.analyses").joinpath("people_words.toml").read_text("utf-8"))
    groups = {name: {kind: words.split() for kind, words in table.items()} for name, table in data.items()}
    # First word -> names, the longest first; what a hyphen joins is two words of a text.
    names: dict[str, list[tuple[str, ...]]] = {}
    for line in sorted({*data["names"]["plain"].split("\n"), *_known_bodies()}, key=lambda line: (-len(line), line)):
        name = tuple(line.replace("-", " ").split())
        if len(name) > 1:
            names.setdefault(name[0], []).append(name)

    def genders(name: str) -> dict[str, str]:
        return {word: kind if kind != "plain" else "" for kind, words in groups[name].items() for word in words}

    given = genders("given")
    classes: dict[str, str] = {}
    for letter, words in (
        ("f", groups["function"]["plain"]), ("b", groups["bodies"]["plain"]), ("R", genders("roles")),
        ("S", groups["roles"]["plural"]), ("q", groups["indefinite"]["plain"]), ("D", groups["determiners"]["plain"]),
        ("p", genders("pronouns")), ("h", ("his", "her", "their", "its", "our", "my", "your")), ("o", ["of"]),
        ("r", ["for"]), ("d", groups["links"]["small"]), ("&", ["and", "&"]),
    ):  # fmt: skip
        classes.update(dict.fromkeys(words, letter))
    return WordLists(
        classes, frozenset(groups["bodies"]["plain"]), frozenset(groups["bodies"]["several"]), genders("titles"),
        {word: kind for word, kind in genders("roles").items() if kind != "plural"}, genders("pronouns"), given,
        frozenset(groups["peoples"]["plain"]), frozenset(groups["function"]["plain"]),
        frozenset(groups["function"]["days"]),
        {first: tuple(several) for first, several in names.items()},
        frozenset(tuple(line.replace("-", " ").split()) for line in data["names"]["plain"].split("\n")),
        {short: frozenset(full.split()) for short, full in data["nicknames"].items()},
        {kind: frozenset(words.split()) for kind, words in data["kinds"].items()},
    )  # fmt: skip


def _known_bodies() -> set[str]:
    """Return the well-known bodies whose names have several words, as words of a text in lower case."""
    data = tomllib.loads(files("mediakit.analyses").joinpath("known_bodies.toml").read_text("utf-8"))
    listed = [name for kind, names in data.items() if kind != "celebrity" for name in names.split(";")]
    plain = (_ENDING_INSIDE.sub("", name.replace("’", "'")).replace("&", " ").replace(".", " ") for name in listed)
    return {" ".join(name.lower().split()) for name in plain if not name.strip().startswith("The ")}


@cache
def load_common_words() -> frozenset[str]:
    """Read the words that begin a sentence without being a name: printed small in news, hardly ever with a capital.

    Examples
    --------
    >>> "riding" in load_common_words(), "bush" in load_common_words()
    (True, False)
    """
    lines = files("mediakit.analyses").joinpath("common_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


# Forms that are hardly ever names, though printed with a capital.
_SPEECH = frozenset(
    verb for verb in load_cue_verbs() if verb.endswith(("ed", "ing")) or verb in ("said", "says", "wrote")
)


def classify_word(word: str) -> str:
    """Return the class of a word as printed, without regard to its place.

    Examples
    --------
    >>> [classify_word(word) for word in ("Trump’s", "Mr", "spokesman", "she", "J", "FBI", "Iraqi", "said", "2016")]
    ['N', 'T', 'R', 'p', 'I', 'A', 'J', 'v', 'n']
    """
    lists = load_word_lists()
    plain = _ENDING.sub("", word)
    lower = plain.lower().rstrip(".").replace("’", "'")
    if _CAPITALISED.match(plain):
        if len(plain) == 1 and plain not in ("A", "I"):
            return "I"
        if lower in lists.titles:
            return "T"
        if lower in lists.peoples:
            return "J"
        if lower in lists.days:
            return "Y"
        if lower in lists.classes and lower not in lists.given:
            found = lists.classes[lower]
            if found == "b" and plain != lower:
                return "B"
            if len(plain) > 1 and plain.isupper() and found not in "RSb" and lower in ("us", "it", "who"):
                return "A" if lower == "us" else found
            return found
        if lower in _SPEECH and lower not in lists.given:
            return "v"
        if _CAPITALS.match(plain):
            return "A"
        if lower.endswith(("ly", "ing")) and len(lower) > 6 and lower not in lists.given:
            return "C"  # a name only beside other names
        return "N"
    if _DIGITS.match(plain):
        return "n"
    found = lists.classes.get(lower, "a")
    if found in "af" and lower in load_cue_verbs():
        return "v"
    if found == "a" and lower in lists.titles:
        return "R" if lists.roles.get(lower) is not None else "a"
    if found == "a" and lower.endswith(("woman", "man", "person")) and len(lower) > 6:
        return "R"
    if found == "a" and lower.endswith(("women", "people")):
        return "S"
    if found == "a" and len(lower) > 7 and lower.endswith(("ologist", "arian", "ician", "onist", "alist")):
        return "R"
    if found == "a" and len(lower) > 4 and lower.endswith(("ed", "ing")):
        return "e"
    return found


# What is known of a word as printed, as bits.
_OWNER, _COMMON, _GIVEN, _UPPER, _IS_WIDE, _ARTICLE, _IS_ORDER, _IS_WHO, _JOINS, _IS_MEMBERS = (
    1 << bit for bit in range(10)
)
# Of whom an association's name may speak in the genitive: "the Irish Countrywomen's Association".
MEMBERS = frozenset((
    "women", "men", "children", "workers", "teachers", "farmers", "nurses", "managers", "lawyers", "people",
    "peoples", "students", "veterans", "citizens", "employers", "journalists", "writers", "doctors", "players",
    "residents", "owners", "countrywomen", "patients", "consumers", "taxpayers", "tenants", "miners", "seamen",
    "policemen", "firefighters", "bankers", "builders", "manufacturers", "traders", "scientists", "engineers",
    "parents", "mothers", "victims", "prisoners", "actors", "musicians", "publishers", "lecturers", "physicians",
    "surgeons", "psychologists", "girls", "boys", "youth", "servants", "officers", "directors", "ministers",
    "governors", "mayors", "refugees",
))  # fmt: skip
_WIDE = 4  # letters of a word that a headline prints with a capital
_ORDERS = frozenset(
    ("first", "second", "third", "last", "next", "old", "great", "big", "long", "little", "high", "low")
)
_REMEMBERED = 1 << 17  # words; most words of the next texts were in the last ones


@lru_cache(maxsize=_REMEMBERED)
def _read_word(term: str) -> tuple[str, int, int, int]:
    """Return a word in lower case, the length of its genitive ending, its class, and the bits that hold for it."""
    cut = _ENDING.sub("", term) if "'" in term or "’" in term else term
    lower = cut.lower().replace("’", "'").rstrip(".")
    lists, upper = load_word_lists(), term[:1].isupper()
    owner = len(cut) < len(term) and term[-1] in "'’sS" and cut.lower() not in _NO_GENITIVE
    flags = (
        _OWNER * owner | _COMMON * (lower in load_common_words()) | _GIVEN * (lower in lists.given) | _UPPER * upper
        | _IS_WIDE * (len(term) >= _WIDE) | _ARTICLE * (term in ("A", "I")) | _IS_ORDER * (term in _ORDERS)
        | _IS_MEMBERS * (lower in MEMBERS) | _IS_WHO * (term == "WHO") | _JOINS * (upper and lower in lists.names)
    )  # fmt: skip
    return lower, len(term) - len(cut), ord(classify_word(term)), flags


@cache
def classify_gap(gap: str) -> str:
    """Return the class of what stands between two words of a paragraph.

    Examples
    --------
    >>> [classify_gap(gap) for gap in (" ", ", ", ". ", ", “", "-", " — ")]
    [' ', ',', '.', '"', '-', '_']
    """
    if "\n" in gap:
        return LINE
    marks = "".join(gap.split())
    if not marks:
        return SPACE if gap else HYPHEN
    if any(mark in '“”"«»„‘`' for mark in marks) or "''" in marks or (marks[-1] in "'’" and len(marks) > 1):
        return QUOTE
    if "(" in marks or "[" in marks:
        return OPEN
    if ")" in marks or "]" in marks:
        return CLOSE
    if marks == ",":
        return COMMA
    if marks[0] == ".":
        return POINT
    if marks in ("-", "‐", "‑") or (marks == "/" and gap == marks):
        return HYPHEN if gap == marks else DASH
    if marks == ":":
        return COLON
    if marks in ("—", "–", "--"):
        return DASH
    if marks in ("'", "’") or marks == "&":
        return SPACE
    return OTHER


_CONTENT = np.frombuffer(b"aevRSb", dtype=np.uint8)
_OF_NAMES = np.frombuffer(b"NJABo&", dtype=np.uint8)  # classes that make one name as they are
_CAPITALISED_KINDS = np.frombuffer(b"NJAB", dtype=np.uint8)
_BEFORE_NAMES = np.frombuffer(b"vdT", dtype=np.uint8)


class Reading:
    """Tokens with the class of each word and of the gap before it.

    Attributes
    ----------
    tokens : Tokens
    lower : tuple of str, one per term
        The term in lower case with a straight apostrophe, without the ending of a genitive.
    kind : array of uint8, one per token
        Class of the word in its place, as the code of a letter of `CLASSES`.
    gap : array of uint8, one per token
        Class of what stands before it; LINE before the first of a paragraph.
    owner : array of bool, one per token
        Whether it ends in the genitive.
    begins : array of bool, one per token
        Whether it begins a sentence or what is quoted.
    """

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        terms = tokens.terms
        lower, cut, kinds, flags = zip(*map(_read_word, terms), strict=True) if terms else ((), (), (), ())
        self.lower: tuple[str, ...] = lower
        self._cut = np.array(cut, dtype=np.int32)
        self._flags = np.array(flags, dtype=np.int64)
        n = len(tokens)
        self.owner = self._has(_OWNER)
        self.gap = self._gaps()
        sentence = tokens.sentence
        new = np.ones(n, dtype=np.bool_)
        new[1:] = sentence[1:] != sentence[:-1]
        self.new_sentence = new
        self.begins = new | (self.gap == ord(QUOTE)) | (self.gap == ord(COLON)) | (self.gap == ord(LINE))
        self.kind = self._settle(np.array(kinds, dtype=np.uint8)[tokens.term])
        for array in (self.owner, self.gap, self.begins, self.kind):
            array.flags.writeable = False

    def _has(self, flag: int) -> NDArray[np.bool_]:
        """Return which tokens have a bit."""
        found: NDArray[np.bool_] = (self._flags & flag).astype(np.bool_)[self.tokens.term]
        return found

    @cached_property
    def end(self) -> NDArray[np.int32]:
        """One past the last character of each word, the ending of a genitive left out."""
        return self.tokens.end - self._cut[self.tokens.term]

    def _gaps(self) -> NDArray[np.uint8]:
        tokens = self.tokens
        n = len(tokens)
        gap = np.full(n, ord(SPACE), dtype=np.uint8)
        if not n:
            return gap
        same = np.append(False, tokens.article[1:] == tokens.article[:-1])
        width = np.append(0, tokens.start[1:] - tokens.end[:-1])
        gap[~same] = ord(LINE)
        wide = np.flatnonzero(same & (width != 1))
        single = np.flatnonzero(same & (width == 1))
        # Most gaps are one space; a single character is looked up by its code.
        texts = tokens.texts
        before = tokens.end
        owner, left, right = tokens.article[wide].tolist(), before[wide - 1].tolist(), tokens.start[wide].tolist()
        gap[wide] = [ord(classify_gap(texts[a][s:e])) for a, s, e in zip(owner, left, right, strict=True)]
        owner, left = tokens.article[single].tolist(), before[single - 1].tolist()
        gap[single] = [_CODES[texts[a][s]] for a, s in zip(owner, left, strict=True)]
        return gap

    def _settle(self, kind: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Decide for capitals at the start of a sentence: a word that is also printed small is no name."""
        tokens = self.tokens
        kind = kind.copy()
        if not len(kind):
            return kind
        name = np.isin(kind, np.frombuffer(b"NC", dtype=np.uint8))
        codes = {word: code for code, word in enumerate(dict.fromkeys(self.lower))}
        group = np.fromiter((codes[word] for word in self.lower), dtype=np.int64, count=len(self.lower))[tokens.term]
        key = tokens.article.astype(np.int64) * len(codes) + group
        small = np.unique(key[(kind == ord("a")) | (kind == ord("v"))])
        speaks = np.append((kind[1:] == ord("v")) & (self.gap[1:] == ord(SPACE)), False)
        proper = np.unique(key[name & ~self.begins])
        unsure = np.flatnonzero(name & self.begins)
        following = np.append(name[1:] & ~self.begins[1:], False)
        is_small = _isin_sorted(key[unsure], small) | (self._has(_COMMON)[unsure] & ~speaks[unsure])
        is_small &= ~_isin_sorted(key[unsure], proper) & ~following[unsure]
        kind[unsure[is_small]] = ord("a")
        # In a line that is capitalised throughout, only words that are names elsewhere, or given names, are names.
        line = np.cumsum(self.gap == ord(LINE)) - 1
        capital = np.isin(kind, np.frombuffer(b"NCIAJBYT", dtype=np.uint8)) & ~self.begins
        inner = np.bincount(line, weights=~self.begins)
        upper, is_given = self._has(_UPPER), self._has(_GIVEN)
        # "Sinn Féin TD Eoin Ó Broin said": names, but a sentence; in a headline longer words have capitals as well.
        sentence = np.isin(kind, _CONTENT) & self._has(_IS_WIDE) & ~upper
        shouted = (np.bincount(line, weights=capital) > 0.6 * inner) & (inner >= 4) & (np.bincount(line, sentence) == 0)
        elsewhere = np.unique(key[name & ~self.begins & ~shouted[line]])
        here = np.flatnonzero(name & shouted[line])
        here = here[~_isin_sorted(key[here], elsewhere) & ~is_given[here]]
        # … unless the word before is a given name, as in a list of persons.
        after_given = np.append(False, is_given[:-1] & name[:-1])[here] & (self.gap[here] == ord(SPACE))
        kind[here[~after_given]] = ord("a")
        # "said From", "Al From": a common word with a capital inside a sentence is a name.
        common = (kind == ord("f")) & upper
        beside = np.append(False, np.isin(kind[:-1], _BEFORE_NAMES) | is_given[:-1]) & (self.gap == ord(SPACE))
        inside = common & ~self.begins & ~shouted[line] & beside
        kind[inside] = ord("N")
        kind[common & self.begins & speaks & _isin_sorted(key, np.unique(key[inside]))] = ord("N")
        # "Ana A. Ruiz": the letter is an initial.
        letter = np.flatnonzero(self._has(_ARTICLE) & ~self.begins)
        letter = letter[(letter > 0) & (letter + 1 < len(kind))]
        middle = (kind[letter - 1] == ord("N")) & (kind[letter + 1] == ord("N")) & (self.gap[letter + 1] == ord(POINT))
        kind[letter[middle]] = ord("I")
        # A people's name behind a given name is a surname: "Mark Cuban", and then "Cuban".
        people = kind == ord("J")
        surname = np.append(False, is_given[:-1] & name[:-1]) & people & (self.gap == ord(SPACE))
        kind[people & _isin_sorted(key, np.unique(key[surname]))] = ord("N")
        # "the first mayor": part of a phrase.
        kind[self._has(_IS_ORDER) & ~self.begins] = ord("a")
        # "Jan Brewer": a given name, not the month.
        month = np.flatnonzero((kind == ord("Y")) & is_given)
        month = month[(month > 0) & (month + 1 < len(kind))]
        person = (kind[month + 1] == ord("N")) & (self.gap[month + 1] == ord(SPACE)) & ~self.owner[month]
        kind[month[person & ((kind[month - 1] != ord("f")) | (self.gap[month] != ord(SPACE)))]] = ord("N")
        # So is a month that speaks ("June said"), but not behind a preposition.
        kind[(kind == ord("Y")) & self.begins & speaks] = ord("N")
        kind[self._who()] = ord("A")
        # "Phoenix Police Department", "Nurses' Association": one name.
        before_body = np.append((kind[1:] == ord("B")) & (self.gap[1:] == ord(SPACE)), False) & upper
        of_nobody = ~self.owner & np.append(True, ~self.owner[:-1])[: len(kind)]  # not "Lissmar's Police Department"
        kind[before_body & (kind == ord("S")) & of_nobody] = ord("N")
        # "Association of University Professors"
        spaced = self.gap == ord(SPACE)
        behind = np.zeros(len(kind), dtype=np.bool_)
        behind[3:] = (kind[:-3] == ord("B")) & (kind[1:-2] == ord("o")) & np.isin(kind[2:-1], _CAPITALISED_KINDS)
        behind[3:] &= spaced[3:] & spaced[2:-1] & spaced[1:-2]
        kind[behind & upper & (kind == ord("S"))] = ord("N")
        members = before_body & self._has(_IS_MEMBERS) & self.owner
        kind[members], self.owner[members] = ord("N"), False
        # A month's name behind a given name is a surname: "Theresa May also said".
        may = np.flatnonzero((kind == ord("Y")) & np.append(False, is_given[:-1] & name[:-1]))
        may = may[self.gap[may] == ord(SPACE)]
        kind[may[np.append(kind, 0)[may + 1] != ord("n")]] = ord("N")
        # An adverb or participle is a name where it speaks, or also stands inside a sentence with a capital.
        adverb = kind == ord("C")
        known = speaks | _isin_sorted(key, proper) | ~self.begins
        kind[adverb] = np.where(known[adverb], ord("N"), ord("a"))
        self._join_names(kind)
        return kind

    def _who(self) -> NDArray[np.int64]:
        """Return where "WHO" is the organisation: in capitals among words that are not."""
        terms, code, article = self.tokens.terms, self.tokens.term, self.tokens.article
        small = []
        for at in np.flatnonzero(self._has(_IS_WHO)).tolist():
            near = [one for one in (at - 1, at + 1) if 0 <= one < len(code) and article[one] == article[at]]
            if any(terms[code[one]] != terms[code[one]].upper() for one in near):
                small.append(at)
        return np.array(small, dtype=np.int64)

    def _join_names(self, kind: NDArray[np.uint8]) -> None:
        """Make one name of those that hold other words, such as "Doctors Without Borders"."""
        lists, tokens, lower = load_word_lists(), self.tokens, self.lower
        term, sentence, capital = tokens.term, tokens.sentence, (self._flags & _UPPER).tolist()
        for at in np.flatnonzero(self._has(_JOINS)).tolist():
            for words in lists.names[lower[term[at]]]:
                stop = at + len(words)
                if stop > len(term) or sentence[stop - 1] != sentence[at] or not capital[term[stop - 1]]:
                    continue
                if all(lower[code] == word for code, word in zip(term[at:stop].tolist(), words, strict=True)):
                    if words in lists.joined or not np.isin(kind[at:stop], _OF_NAMES).all():
                        kind[at:stop] = ord("B")
                    self.owner[at : stop - 1] = False  # "Moody's Investors Service"
                    break


def _isin_sorted(values: NDArray[np.int64], sorted_values: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(sorted_values):
        return np.zeros(len(values), dtype=np.bool_)
    at = np.minimum(np.searchsorted(sorted_values, values), len(sorted_values) - 1)
    return sorted_values[at] == values


class _Codes(dict[str, int]):
    def __missing__(self, gap: str) -> int:
        code = self[gap] = ord(classify_gap(gap))
        return code


_CODES = _Codes()
