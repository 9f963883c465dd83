"""The words around a mention, with every name masked, as the stance model reads them.

A model that sees names learns that one politician is bad and another good. So the target becomes `<target>`, other
names `<name>`, another naming of the target `<same>`, and numbers `<num>`: exchanging two names changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

TARGET, SAME, NAME, NUMBER, UNKNOWN = "<target>", "<same>", "<name>", "<num>", "<unknown>"
SPECIAL = (UNKNOWN, TARGET, SAME, NAME, NUMBER)
REACH = 48  # words kept on each side of the target

# A word with what is joined to it by an apostrophe, but for the genitive; the genitive; a number; any other sign.
_WORD = re.compile(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|['’]s\b|\d[\d.,]*|[^\s\w]|\w")
_GENITIVE = "'s"
_POSSESSIVE = frozenset(("his", "their", "my", "your", "our", "its", "whose"))
_NEVER_NAMES = frozenset(("i", "i'm", "i've", "i'll", "i'd"))
_LINKS = frozenset(("of", "the", "de", "la", "al", "bin", "van", "von", "&", "-", "."))


def masked_words(
    text: str, start: int, end: int, ordinary: AbstractSet[str], *, reach: int = REACH
) -> tuple[list[str], int]:
    """Return the words around a mention in lower case, names masked, and the place of the target among them.

    Parameters
    ----------
    text : str
        A sentence, or a little more.
    start, end : int
        Characters of the mention.
    ordinary : set of str
        Words in lower case that are no names though they are printed with a capital.
    reach : int, default 48
        Words that are kept on each side of the target.

    Examples
    --------
    >>> masked_words("Angela Merkel praised Mr. Macron's 20 ideas.", 22, 32, {"praised", "mr", "ideas"})
    (['<name>', 'praised', '<target>', "'s", '<num>', 'ideas', '.'], 2)
    """
    words, _, place = mask_words(text, start, end, ordinary)
    left = max(0, place - reach)
    return words[left : place + reach + 1], place - left


def mask_words(
    text: str, start: int, end: int, ordinary: AbstractSet[str]
) -> tuple[list[str], list[tuple[int, int]], int]:
    """Return all words as `masked_words` does, start and end of each in the text, and the place of the target."""
    own = {word.lower() for word in _WORD.findall(text[start:end]) if word[0].isupper() and len(word) > 2}
    own -= ordinary
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    place = -1
    in_name = False
    for found in _WORD.finditer(text):
        if found.start() < end and found.end() > start:
            if place < 0:
                place = len(words)
                words.append(TARGET)
                spans.append((start, end))
                if text[start:end].lower() in _POSSESSIVE:
                    words.append(_GENITIVE)
                    spans.append((start, end))
            in_name = False
            continue
        printed = found[0]
        word = printed.lower().replace("’", "'") if not printed.isascii() else printed.lower()
        first = printed[0]
        if first.isupper() and word not in _NEVER_NAMES and (in_name or word not in ordinary):
            mask = SAME if word in own else NAME
            if not in_name:
                words.append(mask)
                spans.append(found.span())
            elif mask is SAME:
                words[-1] = SAME
            in_name = True
            continue
        if first.isdecimal():
            word = NUMBER
        in_name = False
        words.append(word)
        spans.append(found.span())
    if place < 0:  # an empty span, or one without a letter
        place = len(words)
        words.append(TARGET)
        spans.append((start, end))
    return words, spans, place
