"""Which language a text is in: by its alphabet, then by its commonest function words, then by letters of its own.

Enough to tell the languages of a news corpus apart; a text that shows too little evidence has no language rather than
a guessed one. The lists of words and letters are in `languages.toml`.
"""

from __future__ import annotations

import re
import struct
import tomllib
from functools import cache
from importlib.resources import files
from itertools import filterfalse
from typing import Any

import numpy as np

from mediakit.errors import FormatError

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 3_000  # characters are plenty to tell a language
_QUICK, _GLANCE = 420, 250  # where they leave no doubt; where English does
_LEAST_HITS = 8
_LEAST_SHARE = 0.12
_LEAST_LEAD = 1.25  # times the second language's hits
_SURE_LEAD = 2.5  # where the look is short
_PLAIN_LEAD = 1.6  # among words between blanks, which no code has got in; Spanish shares half of them with Portuguese
# (first, last code point, language); Han without kana is read as Chinese
_SCRIPTS = (
    (0x3040, 0x30FF, "ja"), (0xAC00, 0xD7AF, "ko"), (0x4E00, 0x9FFF, "zh"), (0x0590, 0x05FF, "he"),
    (0x0900, 0x097F, "hi"), (0x0E00, 0x0E7F, "th"), (0x0370, 0x03FF, "el"), (0x10A0, 0x10FF, "ka"),
    (0x0530, 0x058F, "hy"),
)  # fmt: skip

# Scripts of several languages, which letters of their own tell apart.
_SHARED = {"cyrillic": re.compile("[\u0400-\u052f]"), "arabic": re.compile("[\u0620-\u06ef\u0750-\u077f]")}
_LATIN = re.compile("[a-zA-Zªº\u00c0-\u024f\u1e00-\u1eff]")
_LEAST_LETTERS = 20
_OWN_LETTERS, _OWN_SHARE = 2, 0.004  # of letters; Cyrillic і of Ukrainian is one in twenty, Bulgarian ъ one in sixty
_LATIN_LETTERS, _LATIN_SHARE = 4, 0.01  # where names of another language bring such letters, too
_PLAIN_ENGLISH = 0.25  # of words; of running English a third are among its function words, of no other language a tenth
_ENOUGH_WORDS, _SOME_WORDS = 20, 12  # for English to show in them as usual, or at all
UNKNOWN = "und"  # as ISO 639-2 calls a language that is not determined

_OTHER_SCRIPT = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last, _ in _SCRIPTS)}]")


def find_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of a text, or None where it shows too little.

    Examples
    --------
    >>> find_language("The ministers said that they would meet again in the spring, but not before the vote in May.")
    'en'
    >>> find_language("Les ministres ont dit qu'ils se reverront au printemps, mais pas avant le vote de mai.")
    'fr'
    >>> find_language("OK") is None
    True
    """
    head = text[:_QUICK]
    # Function words hardly ever touch a mark, so that cutting at blanks is enough where it leaves no doubt.
    plain = head.isascii() or not _OTHER_SCRIPT.search(head)
    words = head.lower().split() if plain else []
    quick = _most_hits(words, len(words), sure=_PLAIN_LEAD)
    sample = text[:_SAMPLE]
    return quick or _find_language(head, sure=_SURE_LEAD) or _find_language(sample) or _find_by_letters(sample)


def tell_language(text: str) -> str:
    """Return the language of a text of which nothing is known, for measures that need one.

    Where the text shows too little it passes for English, unless something speaks against that: other letters than
    Latin ones, more function words of another language, or a length at which those of English would show. Then it is
    "und".

    Examples
    --------
    >>> tell_language("A good day."), tell_language("Bu çok kötü bir gün."), tell_language("Добрий день.")
    ('en', 'und', 'und')
    """
    words = text[:_GLANCE].lower().split()
    hits = len(list(filter(_function_words()["en"].__contains__, words)))
    if hits >= _LEAST_HITS and hits >= _PLAIN_ENGLISH * len(words):
        return "en"
    found = find_language(text)
    if found:
        return found
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if 2 * len(_LATIN.findall(sample)) < letters:
        return UNKNOWN
    words = _WORD.findall(sample.casefold())
    counts = {code: sum(map(known.__contains__, words)) for code, known in _function_words().items()}
    own = counts.pop("en")
    other = max(counts.values())
    seen = sum(len(word) > 1 and word in _function_words()["en"] for word in words)  # "a" is one of many languages
    hidden = len(words) >= (_ENOUGH_WORDS if seen else _SOME_WORDS) and seen < _LEAST_SHARE * len(words)
    return UNKNOWN if other >= own + 2 or hidden else "en"


def _find_by_letters(sample: str) -> str | None:
    """Return the language whose own letters a text has, among those of its script."""
    if sample.isascii():
        return None
    letters = sum(map(str.isalpha, sample))
    if letters < _LEAST_LETTERS:
        return None
    plain = sample.casefold()
    for script, pattern in _SHARED.items():
        if 2 * len(pattern.findall(plain)) > letters:
            return _own_letters(plain, script, max(_OWN_LETTERS, _OWN_SHARE * letters))
    words = _WORD.findall(plain)
    if sum(map(_function_words()["en"].__contains__, words)) >= _LEAST_SHARE * len(words):
        return None
    return _own_letters(plain, "latin", max(_LATIN_LETTERS, _LATIN_SHARE * letters))


def _own_letters(plain: str, script: str, least: float) -> str | None:
    for language, own in _data()["letters"][script].items():
        if sum(map(plain.count, own)) >= least:
            return None if language == UNKNOWN else language
    return None


def _find_language(sample: str, *, sure: float | None = None) -> str | None:
    if len(sample) < 200 and sum(map(str.isalpha, sample)) < 20:
        return None
    if not sample.isascii() and _OTHER_SCRIPT.search(sample):
        letters = sum(map(str.isalpha, sample))
        codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        for first, last, language in _SCRIPTS:
            share = 0.05 if language == "ja" else 0.3
            if np.count_nonzero((codes >= first) & (codes <= last)) > share * letters:
                return language
    # Most words stand between blanks, and cutting there is quicker than a pattern. What touches a mark is no function
    # word, so it does no harm among the words.
    pieces = sample.casefold().split()
    marked = list(filterfalse(str.isalpha, pieces))
    inside = _WORD.findall(" ".join(marked))
    return _most_hits(pieces + inside, len(pieces) - len(marked) + len(inside), sure=sure)


def _most_hits(words: list[str], count: int, *, sure: float | None) -> str | None:
    """Return the language that most of the words are function words of.

    `count`: how many words they are; `sure`: times the second language's hits that leave no doubt, with twice the hits
    that are enough in a long look.
    """
    weights, codes = _weights()
    total = sum(filter(None, map(weights.get, words)))
    hits = list(struct.unpack(f"<{len(codes)}H", total.to_bytes(2 * len(codes), "little")))
    most = max(hits)
    language = codes[hits.index(most)]
    hits.remove(most)
    second = max(hits)
    if sure and (most < 2 * _LEAST_HITS or most < 2 * _LEAST_SHARE * count or most < sure * second):
        return None  # a longer look is worth while
    if most >= _LEAST_HITS and most >= _LEAST_SHARE * count and most >= _LEAST_LEAD * second:
        return language
    return None


def settle_language(declared: str | None, text: str, *, default: str | None = None) -> str | None:
    """Choose between the language a file declares and the one its text shows.

    A page template often declares the site's language for every article, so clear evidence in the text wins.

    Examples
    --------
    >>> settle_language("en-GB", "Short.")
    'en'
    """
    found = find_language(text)
    if found:
        return found
    return (read_code(declared) if declared else None) or default


def read_code(declared: str) -> str | None:
    """Return the ISO 639-1 code that a name or tag of a language stands for, or None.

    Examples
    --------
    >>> read_code("en-GB"), read_code("English"), read_code("fre"), read_code("Klingon")
    ('en', 'en', 'fr', None)
    """
    code = re.split(r"[-_]", str(declared).strip().lower())[0]
    code = _names().get(code, code)
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def check_language(language: str | None) -> str | None:
    """Return the code of a language, or say which is meant.

    Raises
    ------
    FormatError
        When it is no ISO 639-1 code.
    """
    if language is None or (isinstance(language, str) and re.fullmatch(r"[a-z]{2}", language)):
        return language
    meant = read_code(language) if isinstance(language, str) else None
    advice = f'use "{meant}".' if meant else 'use one such as "en", "de" or "ar".'
    raise FormatError(f"language={language!r} is not an ISO 639-1 code of two letters: {advice}")


def is_function_word(word: str) -> bool:
    """Whether a word carries grammar rather than meaning, in any of the languages.

    Examples
    --------
    >>> is_function_word("The"), is_function_word("blockade")
    (True, False)
    """
    return word.casefold() in _any_function_word()


@cache
def _any_function_word() -> frozenset[str]:
    return frozenset().union(*_function_words().values())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("mediakit.load").joinpath("languages.toml").read_text("utf-8"))


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in _data()["function_words"].items()}


@cache
def _weights() -> tuple[dict[str, int], list[str]]:
    """Return what each function word adds to the counts of all languages, and their codes in the order of the counts.

    The counts are one number that has 16 bits for each language, so that a word is counted for all of its languages by
    one addition; a sample has far fewer words than 16 bits can count.
    """
    codes = sorted(_function_words(), reverse=True)
    weights: dict[str, int] = {}
    for place, code in enumerate(codes):
        for word in _function_words()[code]:
            weights[word] = weights.get(word, 0) + (1 << 16 * place)
    return weights, codes


@cache
def _names() -> dict[str, str]:
    return dict(_data()["names"])
