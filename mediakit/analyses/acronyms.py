"""Acronyms that a text defines itself: "Organization of Important States (OIS)", and their use further down."""

from __future__ import annotations

import re

import pandas as pd

from mediakit.articles import check_articles
from mediakit.text.sentences import texts_of

_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,110})[)\]]")
_SHORT = re.compile(r"[“\"']?((?:[A-Za-zÀ-ÖØ-öø-ÿ]\.){2,7}|[A-Za-zÀ-ÖØ-öø-ÿ0-9][\w&/.-]{1,11})s?(?:’s|'s)?[”\"']?")
_WORD = re.compile(r"[\w’'&]+(?:\.(?=\w))?")
# Brackets behind a person or a place that are no definitions: party and state, agencies in datelines.
_NOT = re.compile(
    r"^(?:[RDI]-|\d|[A-Z]\.?$|Reuters|AFP|AP|UPI|dpa|ANSA|EFE|PTI|ANI|IANS|Xinhua|Bloomberg|FOX|CNN|HT\b)"
)
_SMALL = frozenset((
    "of", "the", "and", "for", "on", "in", "to", "a", "an", "at", "by", "with", "from", "de", "la", "le", "les", "des",
    "du", "et", "pour", "der", "die", "das", "und", "für", "von", "del", "los", "las", "el", "y", "para", "&", "d", "l",
    "au", "aux", "en", "e", "i", "im", "zur", "zum",
))  # fmt: skip
_MOST_WORDS = 14


def find_acronyms(articles: pd.DataFrame) -> pd.DataFrame:
    """Find the acronyms that articles define in brackets, with their long forms.

    Parameters
    ----------
    articles : DataFrame, one row per article

    Returns
    -------
    DataFrame, one row per definition, in order
        article_id
        acronym : str, as printed; long : str, what it stands for
        acronym_start, acronym_end, start, end : int, characters of the acronym and of its long form in the text

    Notes
    -----
    After Schwartz & Hearst (2003, "A simple algorithm for identifying abbreviation definitions in biomedical text"):
    the letters of the short form must occur in the words before the bracket in the same order, its first letter at the
    beginning of a word. Stricter than theirs: capitals must begin words, or stand inside one that begins with the
    letter before. The other order, "OIS (Organization of Important States)", is read as well.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "The Union of Harbour Towns (UHT) met. UHT said nothing."}])
    >>> find_acronyms(table)[["acronym", "long"]].values.tolist()
    [['UHT', 'Union of Harbour Towns']]
    """
    check_articles(articles)
    rows = []
    for identifier, text in zip(articles["article_id"].tolist(), texts_of(articles), strict=True):
        for short, long in define_acronyms(text):
            rows.append((identifier, text[slice(*short)], text[slice(*long)], *short, *long))
    columns = ["article_id", "acronym", "long", "acronym_start", "acronym_end", "start", "end"]
    return pd.DataFrame(rows, columns=columns).astype({"article_id": "str", "acronym": "str", "long": "str"})


def define_acronyms(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the places of short and long form of every definition in a text.

    Examples
    --------
    >>> text = "CICA (Conference on Interaction and Confidence Building Measures in Asia) and Mr. Lee (R-Ohio)"
    >>> [(text[a:b], text[c:d][:10]) for (a, b), (c, d) in define_acronyms(text)]
    [('CICA', 'Conference')]
    """
    found = []
    for bracket in _BRACKET.finditer(text):
        inner = bracket[1]
        short = _SHORT.fullmatch(inner.split(",")[0].split(";")[0].strip())
        if short and _looks_short(short[1]) and not _NOT.match(inner):
            begin = bracket.start(1) + inner.index(short[1])
            place = (begin, begin + len(short[1]))
            long = _long_before(text, bracket.start(), short[1])
            if long:
                found.append((place, long))
                continue
        before = re.search(
            r"(?<![\w.-])([A-ZÀ-ÖØ-Þ][\w&-]{1,9})\s$", text[max(0, bracket.start() - 14) : bracket.start()]
        )
        if before and _looks_short(before[1]) and len(inner.split()) >= 2:
            long = _long_inside(text, bracket.start(1), bracket.end(1), before[1])
            if long:
                start = bracket.start() - 1 - len(before[1])
                found.append(((start, start + len(before[1])), long))
    return found


def _looks_short(short: str) -> bool:
    letters = [sign for sign in short if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    # "Sepa" is written like a name by some papers.
    return 2 <= len(letters) <= 10 and (capitals >= 2 or (capitals == 1 and short[0].isupper() and len(letters) >= 4))


def _long_before(text: str, end: int, short: str) -> tuple[int, int] | None:
    """Return the words before a bracket that a short form stands for."""
    letters = [sign.casefold() for sign in short if sign.isalpha()]
    left = text[max(0, end - 160) : end].rstrip()
    stop = max(left.rfind("\n"), left.rfind("; "), left.rfind(". "), left.rfind(")"))
    left = left[stop + 1 :]
    offset = max(0, end - 160) + stop + 1
    words = [(found.start(), found[0]) for found in _WORD.finditer(left)]
    words = words[-min(_MOST_WORDS, 2 * len(letters) + 4) :]
    place = _match(words, letters)
    if place is None:
        return None
    first = words[place]
    last = len(re.sub(r"(?:’|')s$", "", left.rstrip(" ,“”\"'’")))
    long = left[first[0] : last]
    return (offset + first[0], offset + last) if _is_long(long, short) else None


def _long_inside(text: str, start: int, end: int, short: str) -> tuple[int, int] | None:
    """Return the part of a bracket that stands for the word before it."""
    letters = [sign.casefold() for sign in short if sign.isalpha()]
    inner = text[start:end]
    words = [(found.start(), found[0]) for found in _WORD.finditer(inner)]
    while words and words[0][1].casefold() in _SMALL | {"or"}:
        words.pop(0)
    if not words or _match(words, letters) != 0 or not _is_long(inner, short):
        return None
    return start + words[0][0], end


def _is_long(long: str, short: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", long) if word.casefold() not in _SMALL]
    return len(words) >= 2 and short.casefold() not in long.casefold().split() and len(long) > len(short) + 3


def _match(words: list[tuple[int, str]], letters: list[str]) -> int | None:
    """Return the index of the first word of the shortest run, up to the last word, that holds the letters in order.

    Letters begin words, small words may be passed over, and so may one other word; inside a word further letters may be
    taken in order (NATO's "Treaty", "Confidence-Building").
    """
    best: tuple[int, int] | None = None
    for first in range(len(words) - 1, -1, -1):
        initial = words[first][1][0].casefold()
        if initial != letters[0] or words[first][1].casefold() in _SMALL:
            continue
        missed = _cost(words[first:], letters)
        if missed is not None and (best is None or missed < best[1]):
            best = (first, missed)
        if best is not None and best[1] == 0:
            break
    return None if best is None else best[0]


def _cost(words: list[tuple[int, str]], letters: list[str]) -> int | None:
    """Return how many words that are not small had to be passed over, or None where the letters do not fit."""
    # states: letters used so far -> words passed over; what takes the fewest wins
    states = {0: 0}
    limit = 2  # "Conference on Interaction and Confidence Building Measures in Asia (CICA)"
    for _, word in words:
        form = word.casefold()
        following: dict[int, int] = {}
        for used, missed in states.items():
            if form in _SMALL:
                following[used] = min(following.get(used, 99), missed)
            elif used and missed < limit:
                following[used] = min(following.get(used, 99), missed + 1)
            at = 0
            taken = used
            # The first letter taken begins the word; those after it follow inside the word.
            while taken < len(letters):
                at = form.find(letters[taken], at) if taken > used else (0 if form[:1] == letters[taken] else -1)
                if at < 0:
                    break
                taken += 1
                at += 1
                inside = taken - used - 1
                following[taken] = min(following.get(taken, 99), missed + (0 if inside <= 1 or len(words) == 1 else 1))
        states = following
        if not states:
            return None
    return states.get(len(letters))
