"""Where sentences end: decided on pairs of pieces, from what each distinct piece looks like.

A piece such as `Sen.`, `U.S.`, `votes.”` may end a sentence; the next, such as `The`, `Smith` or `he`, may begin one.
Both are classified once per distinct piece, by the word lists of `sentence_ends.toml`; what is left is a table of which
class may follow which. Compared with people's sentences in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mediakit.text.pieces import LINE, Pieces, cut_pieces

POINTS = ".!?…‥。！？．؟۔।॥։።"
CLOSERS = "”’\"'»›“‘„)]}）」』】》*_"  # „ and “ close in some languages
OPENERS = "“‘\"'’”«‹„‚([{¿¡（「『【《*_`"
DASHES = "-–—―"
_OPEN_ONLY = "([{¿¡“‘«‹„‚（「『【《"
_NO_QUOTE = "([{)]}*_" + DASHES

# How a piece may end a sentence; QUOTED is added when a closing quotation mark follows the point.
NO, STRONG, DOTS, PLAIN, NEVER, MAYBE, NUMBERED, INITIAL, ORDINAL, TIME = range(10)
# How a piece may begin one; QUOTED is added when an opening quotation mark comes first.
OTHER, LOWER, UPPER, DIGIT, STARTER, WIDE, DOTTED, OPENING, CLOSING, ADDRESS, DASH, AFTER_TIME = range(12)
QUOTED = 16

_LETTERED = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]")  # u.s, j.-p
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_LIST_MARK = re.compile(r"[*(]?(?:\d{1,2}|[A-Za-z])\.")
_WIDE_POINTS = "。！？．।።"
# A sentence may end inside a piece: where a script has no white space (but “…？”他问 goes on), …
# The lookbehind and the possessive ++ keep a wall of marks from being read again from each of them.
_WIDE_END = re.compile(
    r"(?<![。！？．।።])(?:[。！？．।።]++(?![”’」』】》）\"'])|[。．।።]++[”’」』】》）\"']++|[！？]++[”’」』】》）]++(?=[“‘「『]))(?=.)"
)
# … and where a copied page has lost it: "ended.The minister".
_LOST_SPACE = re.compile(r"[a-zà-ÿ)][.?!]+[”\"’)]*(?=[“\"‘(]?[A-ZÀ-Þ][a-zà-ÿ])")
_NO_SPACE = re.compile(r"[.?!][”\"’)]*[“\"‘(]?[A-ZÀ-Þ][a-zà-ÿ]")
_ADDRESS = re.compile(r"\nhttps?://")


@dataclass(frozen=True)
class Rules:
    """The words of one language around which points are no ends: what a word before, and a word after, means."""

    before: dict[str, int]
    after: dict[str, int]
    tags: frozenset[str]
    ordinals: bool


@cache
def load_rules() -> dict[str, Rules]:
    """Return the rules of every language that has some, by ISO 639-1 code."""
    data = tomllib.loads(files("mediakit.text").joinpath("sentence_ends.toml").read_text("utf-8"))
    ends = {"ends": MAYBE, "names": MAYBE, "times": TIME, "numbered": NUMBERED, "inside": NEVER, "titles": NEVER}
    begins = {"after_times": AFTER_TIME, "starters": STARTER}
    rules = {}
    for language, entry in data.items():
        lists = {name: words.split() for name, words in entry.items() if isinstance(words, str)}
        before = {word: kind for name, kind in ends.items() for word in lists.get(name, ())}
        before |= {word + "!": MAYBE for word in lists.get("marked", ())}
        after = {word: kind for name, kind in begins.items() for word in lists.get(name, ())}
        tags = frozenset(lists.get("tags", ()))
        rules[language] = Rules(before, after, tags, bool(entry.get("ordinals", False)))
    return rules


def find_starts(pieces: Pieces, languages: Sequence[str]) -> tuple[Pieces, NDArray[np.bool_]]:
    """Mark the pieces that begin a sentence.

    Parameters
    ----------
    pieces : Pieces
    languages : one code per text
        In texts whose language has no rules, only the first piece of each line is marked.

    Returns
    -------
    Pieces, array of bool
        The pieces, cut where a sentence ends inside one; and for each whether a sentence begins with it.
    """
    rules = load_rules()
    if not len(pieces):
        return pieces, np.zeros(0, dtype=np.bool_)
    together = "\n".join(pieces.vocabulary)
    links = [match.end() for match in _ADDRESS.finditer(together)]
    address = _mark(pieces, links) if links else None
    pieces = cut_pieces(pieces, _find_cuts(pieces, languages, together))
    begins = pieces.gap >= LINE
    right = np.flatnonzero(_may_end(pieces.vocabulary)[pieces.code[:-1]] & ~begins[1:]) + 1
    present = sorted(set(languages))
    owners = np.searchsorted(pieces.first, right, side="right") - 1 if len(present) > 1 else right
    spoken = np.array([present.index(language) for language in languages])
    for number, language in enumerate(present):
        if language in rules:
            mine = right if len(present) == 1 else right[spoken[owners] == number]
            found = _decide(pieces, mine, rules[language])
            begins[found] = True
            # "1." and "Q." belong to the sentence that they begin.
            after_mark = found[begins[found - 1] & _ask(pieces, found - 1, _is_list_mark).astype(np.bool_)]
            begins[after_mark] = False
    if address is not None:
        # In a list of links each stands for itself.
        here = np.append(address, np.zeros(len(pieces.vocabulary) - len(address), dtype=np.bool_))[pieces.code]
        begins[1:] |= here[1:] & here[:-1]
    return pieces, begins


def _may_end(vocabulary: list[str]) -> NDArray[np.bool_]:
    """Mark the distinct pieces whose last character is a point, or may follow one."""
    last = "".join([piece[-1] for piece in vocabulary]).encode("utf-32-le", "surrogatepass")
    return np.isin(np.frombuffer(last, dtype=np.uint32), [ord(char) for char in POINTS + CLOSERS])


def _decide(pieces: Pieces, right: NDArray[np.int64], rules: Rules) -> NDArray[np.int64]:
    """Return those pieces, at or just after the given ones, with which a sentence begins."""
    ending = _ask(pieces, right - 1, lambda piece: classify_end(piece, rules))
    right, ending = right[ending % QUOTED != NO], ending[ending % QUOTED != NO]
    end, quoted = ending % QUOTED, ending >= QUOTED
    beyond = np.minimum(right + 1, len(pieces) - 1)
    here, there = np.split(_ask(pieces, np.concatenate([right, beyond]), lambda piece: classify_begin(piece, rules)), 2)
    begin, opened = here % QUOTED, here >= QUOTED
    # A mark that stands alone says nothing itself: look beyond it. One that closes belongs to the sentence before.
    dash = begin == DASH
    alone = (dash | (begin == OPENING) | (begin == CLOSING)) & (pieces.gap[beyond] < LINE) & (beyond > right)
    first = np.where(alone & (begin == CLOSING), beyond, right)
    begin = np.where(alone, there % QUOTED, begin)
    ends = (end == TIME) & np.isin(begin, (UPPER, STARTER, WIDE))
    begin = np.where(begin == AFTER_TIME, UPPER, begin)
    upper = np.isin(begin, (UPPER, STARTER, WIDE, ADDRESS))
    starter = (begin == STARTER) | (opened & upper)
    ends |= ((end == PLAIN) | (end == STRONG)) & (upper | (begin == DIGIT) | (begin == DOTTED))
    ends |= (end == DOTS) & (upper | (begin == DIGIT))
    ends |= ((end == MAYBE) | (end == NUMBERED) | (end == ORDINAL)) & starter
    ends |= (end == MAYBE) & quoted & upper
    ends |= (end == INITIAL) & (begin == STARTER)
    ends &= ~dash | (~quoted & ((end == PLAIN) | (end == STRONG)))
    tags = np.flatnonzero(ends & quoted & (end == STRONG) & (begin == UPPER) & ~opened)
    ends[[place for place in tags.tolist() if _is_tag(pieces, int(right[place]), rules)]] = False
    return first[ends]


def _is_tag(pieces: Pieces, at: int, rules: Rules) -> bool:
    """Whether the words from here on name who asked: “Why?” Lindqvist asked."""
    for piece in pieces.code[at + 1 : at + 5].tolist():
        word = pieces.vocabulary[piece]
        if word.strip(".,:;") in rules.tags:
            return True
        if word[-1] in ".,;!?”":
            return False
    return False


def _is_list_mark(piece: str) -> int:
    return int(_LIST_MARK.fullmatch(piece) is not None)


def _ask(pieces: Pieces, places: NDArray[np.int64], question: Callable[[str], int]) -> NDArray[np.int8]:
    """Ask the vocabulary, not the text: one answer per distinct piece, spread over the places."""
    codes = pieces.code[places]
    answers = np.zeros(len(pieces.vocabulary), dtype=np.int8)
    seen = np.zeros(len(pieces.vocabulary), dtype=np.bool_)
    seen[codes] = True
    distinct = np.flatnonzero(seen)
    answers[distinct] = [question(pieces.vocabulary[number]) for number in distinct.tolist()]
    return answers[codes]


def classify_end(piece: str, rules: Rules) -> int:
    """Say how a piece may end a sentence.

    Examples
    --------
    >>> english = load_rules()["en"]
    >>> [classify_end(piece, english) for piece in ("and", "ended.", "Sen.", "U.S.")] == [NO, PLAIN, NEVER, MAYBE]
    True
    """
    body = piece[:-1]
    if piece[-1] == "." and len(body) > 1 and body.isalpha():
        return rules.before.get(body.lower(), PLAIN)
    core = piece.rstrip(CLOSERS)
    body = core.rstrip(POINTS)
    closers = piece[len(core) :]
    point = core[len(body) :]
    if not point:
        return NO
    quoted = QUOTED if closers.strip(_NO_QUOTE) else 0
    if not body.strip(OPENERS):
        return quoted + DOTS if quoted else NO
    if point != ".":
        strong = rules.before.get((body + point[0]).lower(), STRONG)
        return quoted + (DOTS if not point.strip(".…‥") else strong)
    bare = body.lstrip(OPENERS)
    word = bare.lower()
    if len(word) == 1 and word.isalpha():
        return quoted + (INITIAL if bare.isupper() else rules.before.get(word, MAYBE))
    kind = rules.before.get(word, MAYBE if "." in word and _LETTERED.fullmatch(word) else PLAIN)
    if kind == PLAIN and "(" in piece and ")" in closers:  # (D-Va.), (Calif.)
        last = re.split(r"[-/–]", word)[-1]
        return NO if last in rules.before or _LETTERED.fullmatch(last) else quoted + PLAIN
    if kind == PLAIN and rules.ordinals and word.isdigit() and len(word) <= 2:
        return quoted + ORDINAL
    return NO if kind == MAYBE and "(" in piece and ")" in closers else quoted + kind


def classify_begin(piece: str, rules: Rules) -> int:
    """Say how a piece may begin a sentence.

    Examples
    --------
    >>> english = load_rules()["en"]
    >>> [classify_begin(piece, english) for piece in ("and", "The", "Oslo", "2019")] == [LOWER, STARTER, UPPER, DIGIT]
    True
    """
    core = piece if piece[0].isalpha() else piece.lstrip(OPENERS + DASHES)
    if not core:
        if not piece.strip(DASHES):
            return DASH
        return CLOSING if piece.strip(_OPEN_ONLY + DASHES) else OPENING
    opened = QUOTED if len(core) < len(piece) and piece[: len(piece) - len(core)].strip(_NO_QUOTE) else 0
    first = core[0]
    if first.islower():
        if core.startswith(("http://", "https://", "www.")):
            return opened + ADDRESS
        # iPhone, eBay and al-Shabaab begin a sentence as a capital does.
        return opened + (LOWER if core.lower() == core else UPPER)
    if first.isalpha():
        return opened + (_classify_capital(core, rules) if first.isupper() or first.istitle() else WIDE)
    if first.isdigit():
        return opened + DIGIT
    if not core.strip(POINTS):
        return opened + (CLOSING if core.strip(".…‥") else DOTTED)
    if not any(char.isalnum() for char in core):
        return opened + CLOSING
    return opened + (UPPER if first in "$€£@#" else OTHER)


def _classify_capital(piece: str, rules: Rules) -> int:
    word = piece.rstrip(".,:;").lower()
    kind = rules.after.get(word)
    if kind is None and not word.isalpha():
        match = _WORD.match(word)
        kind = rules.after.get(match[0].replace("’", "'").partition("'")[0]) if match and "." not in word else None
    return UPPER if kind is None else kind


def _find_cuts(pieces: Pieces, languages: Sequence[str], together: str) -> dict[int, list[int]]:
    """Find the ends inside pieces: the places, by piece."""
    rules = load_rules()
    found = [match.start() for match in _NO_SPACE.finditer(together)]
    if any(mark in together for mark in _WIDE_POINTS):
        found += [match.start() for match in _WIDE_END.finditer(together)]
    if not found:
        return {}
    places = np.flatnonzero(_mark(pieces, found)[pieces.code])
    owners = np.searchsorted(pieces.first, places, side="right") - 1
    cuts = {}
    for piece, owner in zip(places.tolist(), owners.tolist(), strict=True):
        if languages[owner] in rules:
            inside = _cuts_of(pieces.vocabulary[pieces.code[piece]], rules[languages[owner]])
            if inside:
                cuts[piece] = inside
    return cuts


def _mark(pieces: Pieces, found: list[int]) -> NDArray[np.bool_]:
    """Mark the distinct pieces that hold these characters of the vocabulary, which is joined by line breaks."""
    marked = np.zeros(len(pieces.vocabulary), dtype=np.bool_)
    marked[np.searchsorted(np.cumsum(pieces.length + 1), found, side="right")] = True
    return marked


def _cuts_of(piece: str, rules: Rules) -> list[int]:
    ends = {match.end() for match in _WIDE_END.finditer(piece)}
    for match in _LOST_SPACE.finditer(piece):
        follows = _WORD.match(piece[match.end() : match.end() + 40].lstrip(OPENERS))
        # Only an unmistakable first word: "ended.The minister", not "Change.Org".
        if follows and rules.after.get(follows[0].lower()) == STARTER:
            ends.add(match.end())
    return sorted(ends)
