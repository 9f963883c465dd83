"""Short forms of names lifted to the form that the article prints in full: "Goldman" to "Goldman Sachs", "HC" to
"High Court"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from mediakit.analyses.name_splits import PORTFOLIOS
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
        full = _among(name, names, text) or _with_rest(name, text)
        if full is None and _INITIALS.fullmatch(name):
            full = _spelt_out(name, text)
        elif full is None and " " not in name and name[:1].isupper():
            full = _longer(name, text)
        if full is not None:
            found[name] = full
    return found


def _among(name: str, names: Sequence[str], text: str) -> str | None:
    """Return the one other name of which a name is a part, or that is a part of it behind a body or a caption."""
    if re.match(r"\d{1,3}\s[A-Z]", name) and re.search(rf"{CREDIT}\s{re.escape(name)}(?!\w)", text):
        return name.partition(" ")[2]  # the number of comments beside a picture
    words = name.split()
    if not name[:1].isupper():
        return None
    if len(words) == 1:
        longer = {other for other in names if name in other.split()[:-1] and _is_whole_person(other)}
        forms = set(re.findall(rf"(?<![\w-]){re.escape(name)}\s[A-ZÀ-ÖØ-Þ][\w-]+", text)) if longer else set()
        return longer.pop() if len(longer) == 1 and len(forms) < 2 and not _is_no_short_form(name) else None
    for at in range(1, len(words) - 1):
        rest = " ".join(words[at:])
        ahead = words[at - 1].casefold()
        if (
            rest in names
            and is_person(rest)
            and (ahead in PORTFOLIOS or (words[at - 1].istitle() and words[at - 1] in words_of("organised")))
        ):
            return rest  # "Climate Change Ana Ruiz"
    return None


def _is_whole_person(name: str) -> bool:
    """Whether a name is a person's, with a nickname or without: "Emil “Jun” Reed"."""
    plain = _NICKNAME.sub("", name)
    return is_person(plain) and all(word[:1].isupper() or len(word) < 4 for word in plain.split())


CREDIT = r"(?:Images?|PA|AFP|AP|Reuters|Getty|EPA|Alamy|Shutterstock|Press Association)"
_NICKNAME = re.compile(r"[“\"'‘]\w+[”\"'’]\s")


def _with_rest(name: str, text: str) -> str | None:
    """Return a name with what a small word links to it, a document with who made it where it is brought in."""
    if name[:1].isupper():
        at = text.find(f"{name} ng ")  # Filipino "of": other small words may lead out of the name
        found = _NEXT.match(text, at + len(name)) if at >= 0 else None
        return text[at : found.end()] if found else None
    if not _DOCUMENT.fullmatch(name):
        return None
    for _start, end in places_of(text, name):
        if found := _MADE_BY.match(text, end):
            return f"{name} {_CLAUSE.split(' '.join(found[0].split()))[0]}"
    return None


_MADE_BY = re.compile(
    r"\s(?:(?:released|published|issued|conducted|commissioned|carried out)\s)?(?:by|from)\s(?:the\s)?"
    r"[A-Z][^.,;:!?“”\"\n]{2,70}"
)
_DOCUMENT = re.compile(r"an?\s(?:(?:new|recent|joint|annual|latest)\s)?(?:report|study|survey|poll|analysis)")
_CLAUSE = re.compile(
    r"\s(?:who|which|that|when|as|and(?=\s[a-z])|in|on|is|are|was|were|has|have|had|will|would|could|found|says?|said|shows?"
    r"|showed|suggests?|warns?|warned|claims?|reveal\w*|estimat\w*|conclud\w*)(?:\s|$)"
)


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
    if plain in lists.given and low in ("may", "april", "june", "august"):
        low = ""  # "Theresa May"
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
    middle = r"\s(?:(?:of|for|and|the|on|ng|&)\s){0,2}"
    pattern = re.compile(rf"(?<![\w’-]){middle.join(rf'{letter}[a-zà-ÿ]+' for letter in short)}(?!\w)")
    forms = {" ".join(found.split()) for found in pattern.findall(text)}
    defined = {form for form in forms if re.search(rf"{form}(?:’|')?s?\s[(\[]{short}[)\]]", text)}
    if len(defined) == 1:
        return defined.pop()
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
