"""Who wrote a saved page: what its tags say, what is printed below the headline, and signatures at either end.

Many sites name themselves, an account or the editor in the tags and print the author on the page only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from mediakit.load.dates import find_date_span
from mediakit.load.fields import split_byline

_MARKED = re.compile(
    r"byline|\bauthors?\b|\bauthor[-_]?(?:name|link|\d)|article-?author|\bperson-(?:link|name)\b|\bjournalist(?:-name)?\b"
    r"|\bcontributor-name\b|\breporter(?:-name)?\b|\bwriter-name\b|\bautor(?:es)?\b|\bauteur\b|\bredakteur\b",
    re.I,
)
_NOT_ITS = re.compile(r"comment|avatar|bio\b|related|promo|image|photo|caption|credit|disclaimer", re.I)
_BY = re.compile(
    r"^(?:by|par|von|por|di|de|door|av|af|text|texte|texto|autorin|autor|author|written by|story by)\s*[:：]?\s+", re.I
)
_EDITOR = re.compile(r"^(?:editor|redaktion|redaktur|penyunting|bearbeitung|edited by)\s*[:：]\s*", re.I)
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ](?:[\w.'’-]*\w|\.)?")
_PARTICLES = frozenset((
    "de", "del", "della", "di", "da", "dos", "du", "van", "von", "der", "den", "ten", "ter", "al", "el", "bin", "ibn",
    "le", "la", "y", "e", "et", "und", "and", "og", "och",
))  # fmt: skip
# Accounts and desks that stand for nobody; everyday words of content management systems.
_ACCOUNTS = frozenset((
    "admin", "administrator", "editor", "redaktion", "redaction", "redacción", "redacao", "redazione", "nachrichten",
    "news", "staff", "webmaster", "developer", "online", "newsroom", "user", "root", "team", "agencies", "agenturen",
))  # fmt: skip
_LONGEST = 90  # characters
_MOST_WORDS = 7
_MOST_AUTHORS = 8
_PARAGRAPH = 120  # characters; shorter ones are notices and captions
_LOOKED_AT = 3  # paragraphs of the text, above which the author stands


def find_page_byline(tree: Any, tagged: str | None, *, outlet: str | None, url: str | None, body: str) -> str | None:
    """Return who wrote a page, or None where it is not said.

    Parameters
    ----------
    tree : lxml element of the page
    tagged : the author as the page's tags say
    outlet, url : of the page, to know when the author is the outlet itself
    body : its text, paragraphs separated by a blank line

    Examples
    --------
    >>> import lxml.html
    >>> page = lxml.html.fromstring('<h1>Talks resume</h1><div class="author">By Ana Ruiz | 3 May 2025</div>')
    >>> find_page_byline(page, "The Ledger", outlet="The Ledger", url=None, body="They met.")
    'Ana Ruiz'
    >>> find_page_byline(page, "Tom Lee", outlet="The Ledger", url=None, body="They met.")
    'Tom Lee'
    """
    tagged = _trim(tagged) if tagged else None
    names_nobody = tagged is None or split_byline(tagged)[0] is None or _is_outlet(tagged, outlet, url)
    if tagged and not names_nobody and not _is_editor(tree, tagged):
        return tagged
    printed = [name for name in _printed(tree) if not _is_outlet(name, outlet, url) and name != tagged]
    if printed:
        return ", ".join(dict.fromkeys(printed[:_MOST_AUTHORS]))
    if names_nobody:
        paragraphs = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]
        for paragraph in (*paragraphs[:1], *paragraphs[-1:]):
            if is_signature(paragraph) and not _is_outlet(paragraph, outlet, url):
                return _BY.sub("", paragraph.strip())
    return tagged


def is_signature(paragraph: str) -> bool:
    """Whether a paragraph is nothing but the names of one or two people.

    Examples
    --------
    >>> is_signature("Lê Phương"), is_signature("ANA RUIZ"), is_signature("Ruiz left."), is_signature("In the Harbour")
    (True, True, False, False)
    """
    text = _BY.sub("", paragraph.strip())
    words = re.split(r"[\s,]+", text)
    if not 2 <= len(words) <= _MOST_WORDS or len(text) > 60 or re.search(r"[.!?:;…\d]$|[!?:;…\"“”«»()]", text):
        return False
    named = [word for word in words if word.casefold() not in _PARTICLES]
    return len(named) >= 2 and all(_NAME.fullmatch(word) for word in named) and words[0].casefold() not in _FUNCTION


def printed_byline(paragraph: str) -> str | None:
    """Return the names of a paragraph that says "By" and nothing but who wrote it, else None.

    Examples
    --------
    >>> printed_byline("By Ana Ruiz and Tom Lee"), printed_byline("By Friday they had left.")
    ('Ana Ruiz and Tom Lee', None)
    """
    if not _BY.match(paragraph.lstrip()):
        return None
    text = " ".join(paragraph.split())
    bare = _BY.sub("", text)
    return bare if bare != text and is_signature(bare) else None


# First words of headings, which are written like names in title case.
_FUNCTION = frozenset((
    "the", "a", "an", "in", "on", "at", "for", "from", "with", "why", "how", "what", "who", "when", "where", "no",
    "read", "der", "die", "das", "ein", "eine", "im", "am", "mit", "le", "les", "un", "une", "en", "los", "las", "una",
    "il", "see", "more", "also", "photo", "foto", "source", "quelle", "video",
))  # fmt: skip


def _printed(tree: Any) -> Iterable[str]:
    """Yield the authors that elements around headline and first paragraphs name by their class, in reading order."""
    found = paragraphs = 0
    below = tree.find(".//h1") is None
    for node in tree.iter("h1", "p", "span", "div", "a", "address", "li", "em", "strong"):
        below = below or node.tag == "h1"
        if node.tag == "p" and below and len(node.text_content()) > _PARAGRAPH:
            paragraphs += 1
            if paragraphs > _LOOKED_AT:
                return
        name = f"{node.get('class') or ''} {node.get('rel') or ''} {node.get('itemprop') or ''}"
        if not _MARKED.search(name) or _NOT_ITS.search(name) or found >= 40:
            continue
        if any(_NOT_ITS.search(above.get("class") or "") for above in _near(node)):
            continue
        text = " ".join(node.text_content().split())
        if not 3 < len(text) < _LONGEST or _EDITOR.match(text):
            continue
        found += 1
        trimmed = _trim(text)
        if trimmed and not _EDITOR.match(trimmed) and _looks_like_names(trimmed):
            yield trimmed


def _looks_like_names(text: str) -> bool:
    """Whether a marked line can be names: capitalised words, or a few signs of a script without capitals."""
    words = [word for word in re.split(r"[\s,/&]+", text) if word and word.casefold() not in _PARTICLES]
    if not 1 <= len(words) <= 14 or any(sign.isdigit() for sign in text):
        return False
    if not any(sign.islower() or sign.isupper() for sign in text):
        return all(2 <= len(word) <= 12 for word in words)
    return len(words) >= 2 and all(_NAME.fullmatch(word) for word in words) and words[0].casefold() not in _FUNCTION


def _near(node: Any) -> list[Any]:
    above = []
    for parent in node.iterancestors():
        above.append(parent)
        if len(above) == 3:
            break
    return above


def _trim(text: str) -> str | None:
    """Take "By", clock times and dates off a printed line of authors."""
    text = re.split(r"\s+[|•·]\s+|\s{2,}|@", " ".join(text.split()))[0]
    for _ in range(2):
        span = find_date_span(text)
        if span is None:
            break
        # What follows a date is the time of the change; what stands before it alone can be the name.
        text = text[: span[0]] if span[0] > 3 else re.sub(r"^\s*(?:um|at|à|a las)?\s*\d[\d:.h ]*", "", text[span[1] :])
    text = re.sub(r"\s+\d{1,2}[:.]\d{2}\b.*$", "", text)
    text = _BY.sub("", text.strip(" ,;|–-·•")).strip(" ,;|–-·•")
    return text if re.search(r"[^\W\d_]{2}", text) else None


def _is_outlet(name: str, outlet: str | None, url: str | None) -> bool:
    """Whether an author is the outlet itself, or an account of its."""
    form = _letters(name)
    words = re.findall(r"\w+", name.casefold())
    if not form or all(word in _ACCOUNTS for word in words):
        return True
    host = _letters(urlsplit(url).netloc.removeprefix("www.").rsplit(".", 1)[0]) if url else ""
    own = [known for known in (_letters(outlet or ""), host) if len(known) >= 4]
    if any(form == known or (len(form) >= 5 and (form in known or known in form)) for known in own):
        return True
    # "Ilanga D" at ilanganews: the first word is the outlet's, and no name follows.
    return len(words) == 2 and len(words[1]) == 1 and len(words[0]) >= 5 and any(words[0] in known for known in own)


def _is_editor(tree: Any, name: str) -> bool:
    """Whether the page prints a person of the tags as the editor."""
    wanted = _letters(name)
    for node in tree.iter("div", "span", "p", "li"):
        if len(node) > 4:
            continue
        text = " ".join(node.text_content().split()) if len(node) or node.text else ""
        if len(text) < _LONGEST and _EDITOR.match(text) and _letters(_EDITOR.sub("", text)) == wanted:
            return True
    return False


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
