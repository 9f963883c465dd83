"""Names inside what is printed for a source: titles in front, groups that are no names, persons and bodies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from mediakit.analyses.word_classes import load_word_lists

NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w’'.-]*(?:\s+(?:(?:de|del|della|di|da|van|von|der|bin|al|el|la|le)\s+)?[A-ZÀ-ÖØ-Þ][\w’'.-]*)*"
)
_OFFICE = re.compile(
    r"(.*\b(?:Secretary of State|Secretary of Defense|Secretary of the \w+|Speaker of the House|Secretary of \w+))\s+"
    r"((?:[A-Z][\w’'.-]*\s+)*[A-Z][\w’'-]+)$"
)


def split_head(head: str) -> tuple[str | None, list[str]]:
    """Split a source as printed into its name and what else it says.

    Examples
    --------
    >>> split_head("White House spokesman Josh Earnest")
    ('Josh Earnest', ['White House spokesman'])
    >>> split_head("Ana Ruiz, 25, a lawyer for the Port Union")
    ('Ana Ruiz', ['a lawyer for the Port Union'])
    >>> split_head("Police officials"), split_head("the Port Union"), split_head("aides at the Port Union")
    ((None, ['Police officials']), ('Port Union', ['the Port Union']), (None, ['aides at the Port Union']))
    """
    first, _, rest = head.partition(",")
    rest = re.sub(r"^\s*\d{1,2}\s*(?:,|$)\s*", "", rest).strip(" ,")
    behind = re.search(r"\s*(\((?:[RDI]-)?[A-Z][\w. ]{1,12}\))$", first)
    if behind:  # "Sen. Ana Ruiz (D-Ohio)"
        name, roles = split_head(first[: behind.start()])
        return (name, [*roles, behind[1], *([rest] if rest else [])]) if name else (None, [head])
    owned = re.match(r"((?:[A-Z][\w-]*\s)*[A-Z][\w-]*(?:’|')s)\s+((?:[A-Z][\w’'.-]+\s?){2,3})$", first)
    if owned:  # "The Harbour Tribune’s Ana Ruiz"
        return owned[2].strip(), [owned[1], *([rest] if rest else [])]
    office = _OFFICE.match(first)
    if office:
        return office[2], [office[1], *([rest] if rest else [])]
    names = list(NAME.finditer(first))
    if names and names[0][0].split()[0].casefold() in words_of("quantifiers"):
        return None, [head]
    belongs = re.match(r"(.*[A-Z][\w’'-]+\s+[A-Z][\w’'-]+)\s+((?:of|from|with|at|in)\s+.+)$", first)
    if belongs and is_person(split_head(belongs[1])[0]):
        name, roles = split_head(belongs[1])
        return name, [*roles, belongs[2], *([rest] if rest else [])]
    # The last capitalised words of the first part, unless a plain word follows them: "Police officials".
    if names and names[-1].end() == len(first.rstrip()):
        words = names[-1][0].split()
        titled = [number for number, word in enumerate(words[:-1]) if is_title(word, number, len(words))]
        name = " ".join(words[titled[-1] + 1 :]) if titled else names[-1][0]
        before = first[: names[-1].end() - len(name)].strip()
        lone = before.casefold() in ("", "the", "a", "an")
        inside = re.search(r"(?:^|\s)(?:at|with|for|in|from|of|by|on|to)(?:\s+the)?$", before)
        if inside and not re.match(
            r"(?:[Tt]he\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*\s+(?:of|for|on)(?:\s+the)?$", before
        ):
            return None, [head]  # "officials with the Port Union" are not the union
        if inside:
            name, before = re.sub(r"^[Tt]he\s+", "", first).strip(), "the" if first[:4].casefold() == "the " else ""
            lone = True
        if name and name.casefold() not in words_of("no_names") and not is_group(name):
            said = [before if not lone else "", rest]
            if before.casefold() == "the":
                said.append(first)
            return name, [part for part in said if part]
    elif rest:  # "Lee's running mate, Gov. Ana Ruiz"
        name, roles = split_head(rest)
        if is_person(name):
            return name, [first, *roles]
    return None, [head]


def places_of(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands as words of its own, not behind a hyphen, with the end of its genitive.

    Plain search: to compile a pattern for each name takes longer than to look for it.

    Examples
    --------
    >>> text = "Ruiz left. Ruiz’s plan, by Ruizman and non-Ruiz"
    >>> [text[start:end] for start, end in places_of(text, "Ruiz")]
    ['Ruiz', 'Ruiz’s']
    """
    at, size = text.find(name), len(name)
    while at >= 0 and size:
        end = at + size
        if not at or not (_in_word(text[at - 1]) or text[at - 1] in "’'-"):
            own = end + 2 if text[end : end + 2] in ("’s", "'s") else end
            if own > end and (_in_word(text[own : own + 1]) or text[own : own + 1] == "-"):
                own = end
            if own > end or not (_in_word(text[end : end + 1]) or text[end : end + 1] == "-"):
                yield at, own
                at = text.find(name, own)
                continue
        at = text.find(name, at + 1)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def is_title(word: str, number: int, length: int) -> bool:
    """Whether a capitalised word in front of a name is no part of it: "Comedian Ana Ruiz", but not "Marine Le Pen"."""
    plain = word.strip(".").casefold()
    if plain in words_of("titles"):
        return True
    lists = load_word_lists()
    return number + 3 <= length and plain in lists.roles and plain not in lists.given


def is_group(name: str) -> bool:
    """Whether capitalised words are no name but people: "Cuban Americans", "Experts"."""
    first, last = name.split()[0].casefold(), name.split()[-1].casefold()
    lists = load_word_lists()
    classes = lists.classes
    if first.rstrip(".") in _HONORIFICS:
        return False
    if last in lists.roles and first not in lists.given:  # "Hollywood Actor", "Pastor"
        return True
    if last in lists.days:
        return True
    return last in words_of("no_names") or classes.get(last) == "S" or (" " not in name and classes.get(last) == "q")


_HONORIFICS = frozenset(("mr", "mrs", "ms", "miss", "dr"))


def is_person(name: str | None) -> bool:
    """Whether a name looks like that of a person: two to four capitalised words without a word of organisations."""
    words = (name or "").split()
    organised = any(word.strip(".,’'") in words_of("organised") or (word.isupper() and len(word) > 2) for word in words)
    return 2 <= len(words) <= 4 and not organised


@cache
def words_of(name: str) -> frozenset[str]:
    """Return one of the lists of words of `source_types.toml`."""
    data = tomllib.loads(files("mediakit.analyses").joinpath("source_types.toml").read_text("utf-8"))
    return frozenset(data["words"][name])
