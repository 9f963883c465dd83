"""Short forms of names lifted to the form that the article prints in full: "Goldman" to "Goldman Sachs", "HC" to
"High Court"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from mediakit.analyses.mentions import PORTFOLIOS
from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.source_names import is_person, places_of, words_of
from mediakit.analyses.word_classes import load_common_words, load_word_lists

_NEXT = re.compile(r"\s(?:ng\s)?([A-ZÀ-ÖØ-Þ][\w’-]*[a-z]\w*|[A-Z]{2,})(?![\w’])")
_BEFORE = re.compile(r"(?:^|[\s(“\"])([A-ZÀ-ÖØ-Þ][\w’.-]*)\s$")
_TRADES = frozenset((
    "Ratings", "Analytics", "Networks", "Foods", "Printing", "Brands", "Stores", "Records", "Studios", "Pictures",
    "Entertainment", "Software", "Electronics", "Brothers", "Games", "Air", "Express", "Lines",
))  # fmt: skip
_MOST = 40  # mentions that are looked at
_INITIALS = re.compile(r"[A-Z]{2,6}")


def full_forms(names: Iterable[str], text: str) -> Mapping[str, str]:
    """Return for short forms among names the full form that the text prints.

    Parameters
    ----------
    names : of the sources of an article
    text : the article's text

    Examples
    --------
    >>> text = "Harmon Sachs sold. Ana Ruiz met the High Court. Harmon said no. The HC said yes. Ana said no."
    >>> full_forms(["Harmon", "HC", "Ana", "the court"], text)
    {'Harmon': 'Harmon Sachs', 'HC': 'High Court', 'Ana': 'Ana Ruiz'}
    """
    names = list(dict.fromkeys(names))
    found = {}
    for name in names:
        if _INITIALS.fullmatch(name):
            full = _spelt_out(name, text)
        elif " " not in name and name[:1].isupper():
            full = _longer(name, text)
        else:
            full = None
        if full is not None and full not in found:
            found[name] = full
    return found


def _longer(name: str, text: str) -> str | None:
    """Return the longer name that begins with a name, where the article prints only one and no name ends with it."""
    lists = load_word_lists()
    plain = name.casefold()
    if _is_no_short_form(name) or plain in lists.function or plain in lists.titles or plain in lists.roles:
        return None
    longer: dict[str, int] = {}
    first = None
    for number, (start, end) in enumerate(places_of(text, name)):
        if number == _MOST:
            break
        before = _BEFORE.search(text[max(0, start - 20) : start])
        again = before is None or text[max(0, start - 2) : start - 1] in (".", "”", '"')
        if not again and before is not None and before[1].casefold().rstrip(".") not in _before_names():
            return None  # "Ana Harmon"
        behind = _NEXT.match(text, end) if text[end - 2 : end] not in ("’s", "'s") else None
        if behind:
            longer.setdefault(behind[1], number)
        if first is None:
            first = number if behind else -1
    if len(longer) != 1:
        return None
    [(word, _)] = longer.items()
    low = word.casefold()
    if low in lists.function or low in lists.days or low in lists.titles or low in lists.roles or len(word) < 3:
        return None
    if (
        lists.classes.get(low) == "S"
        or plain in PORTFOLIOS
        or re.search(rf"\b(?:in|near|to) {re.escape(name)}\b", text)
    ):
        return None  # "Lissmar Indians"; a place
    person = plain in lists.given
    if not person and (first == -1 or (low in load_common_words() and word not in words_of("organised") | _TRADES)):
        return None
    if person and (word in words_of("organised") or low in load_common_words()):
        return None
    full = f"{name} {word}"
    return full if text.find(full) >= 0 else None


@cache
def _before_names() -> frozenset[str]:
    lists = load_word_lists()
    return lists.function | lists.titles.keys() | lists.roles.keys()


def _is_no_short_form(name: str) -> bool:
    """Whether a name is that of a place, a people or an ordinary word."""
    plain = name.casefold()
    lists = load_role_lists()
    return (
        (plain,) in lists.places
        or plain in lists.lands
        or plain in load_word_lists().peoples
        or plain in load_common_words()
    )


def _spelt_out(short: str, text: str) -> str | None:
    """Return the body of which a word in capitals has the initials, where the article prints one such."""
    if (short.casefold(),) in load_role_lists().places:
        return None
    middle = r"\s(?:(?:of|for|and|the|on|&)\s){0,2}"
    pattern = re.compile(rf"(?<![\w’-]){middle.join(rf'{letter}[a-zà-ÿ]+' for letter in short)}(?![\w’])")
    forms = {" ".join(found.split()) for found in pattern.findall(text)}
    forms = {
        form
        for form in forms
        if _is_body_name(form) and (len(short) > 2 or re.search(rf"\b(?:[Tt]he|an?) {form}", text))
    }
    return forms.pop() if len(forms) == 1 else None


def _is_body_name(form: str) -> bool:
    words = form.split()
    lists = load_word_lists()
    titled = any(word.casefold() in lists.titles or word.casefold() in lists.roles for word in words)
    organised = [words[0], words[-1]]
    return not titled and not is_person(form) and any(word in words_of("organised") for word in organised)
