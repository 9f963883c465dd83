"""Single quotation marks, told from the apostrophes that are the same signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

OPENING = frozenset("‘'‚")
_DEPTH = {"“": 1, "„": 1, "«": 1, "「": 1, "『": 1, "``": 1, "”": -1, "»": -1, "」": -1, "』": -1, "''": -1}
# Cheap to ask, so that texts whose only such signs are apostrophes are read no slower.
_MAY_OPEN = re.compile(r"'(?<![^\W_]')(?=[^\s,;:!?)\]])")
_NO_BEGINNING = re.compile(r"\s|(?!\.\.)[.,;:!?)\]}]|\Z")
_IN_WORD = re.compile(r"(?<=[^\W_]).|(?<=[^\W\d_]-).")  # Hawai‘i, al-‘Abadi
# Words that lose their beginning, as ’em and ’90s, and names that begin with the letter ayn.
_CLIPPED = re.compile(
    r".(?:\d\d(?:er)?s|(?:abd|abdul|bout|cause|cos|d|em|ll|m|n|neath|re|round|s|t|til|tis|twas|twere|twill|ve))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<=\w ).\d\d(?!\w)(?!\s+(?:per|people)\b)")
# After these an apostrophe may end a word: the workers’ union, Marx’ books, goin’ home, top o’ the hill.
_MAY_LOSE_END = re.compile(r"(?:[sxz]|\w\win|\b(?:an|o|ol|th|wi))\Z", re.IGNORECASE)
_NOT_YET_CLOSED = re.compile(r"[^\n]*\s*\n\s*(['‘])(?=\S)")
_SENTENCE_SIGN = re.compile(r"[.,;!?…]")
_SMALL = re.compile(
    r"(?:a|an|and|as|at|but|by|d[eu]r?|des|di[ea]|et|for|from|in|into|l[ae]|les|nor|o[fnr]|off|onto|over|the|to|und|upon"
    r"|vs|with)\Z"
)


def may_open(text: str) -> bool:
    """Whether a text holds a single mark in a place where a quotation can begin."""
    return "‘" in text or "‚" in text or _MAY_OPEN.search(text) is not None


def find_end(text: str, marks: Sequence[re.Match[str]], number: int) -> int | None:
    """Return where the quotation ends that a single mark opens, or None where it opens none.

    Parameters
    ----------
    text : str
    marks : the marks of the text in order, single and double ones, and its line breaks
    number : int, which of them may open

    Examples
    --------
    >>> text = "The workers’ union: ‘It’s the workers’ day,’ in the ’90s."
    >>> marks = list(re.finditer("[‘’]", text))
    >>> [text[mark.start() : find_end(text, marks, n)] for n, mark in enumerate(marks) if find_end(text, marks, n)]
    ['‘It’s the workers’ day,’']
    """
    start = marks[number].start()
    if not _opens(text, start):
        return None
    depth, inside, straight = 1, 0, False  # of single marks; of double marks within
    perhaps = None  # an apostrophe at the end of a word, which closes when nothing else does
    for other in range(number + 1, len(marks)):
        sign, at = marks[other][0], marks[other].start()
        if sign == "\n":
            break
        if sign == '"':
            straight = not straight
        elif sign in _DEPTH:
            inside += _DEPTH[sign]
            if inside < 0:
                break
        elif inside or straight:
            continue
        elif _closes(text, at, sign):
            if depth == 1 and _is_perhaps_apostrophe(text, at):
                perhaps = perhaps or at + 1
                continue
            depth -= 1
            if not depth:
                return at + 1
        elif _opens(text, at):
            if perhaps:
                break
            depth += 1
            if depth > 2:
                break
    if (perhaps or depth == 1) and _continues(text, start):
        return text.find("\n", start)
    return perhaps


def is_title(quotation: str) -> bool:
    """Whether every word that weighs begins with a capital, and no sign of a sentence stands between the marks.

    Examples
    --------
    >>> is_title("‘The Long Road to Freedom’"), is_title("‘We Want Freedom!’"), is_title("‘We want freedom’")
    (True, False, False)
    """
    if _SENTENCE_SIGN.search(quotation):
        return False
    words = [word for word in re.split(r"[\W_]+", re.sub(r"(?<=\w)[’'](?=\w)", "", quotation)) if word]
    return bool(words) and words[0][0].isupper() and all(not word[0].islower() or _SMALL.match(word) for word in words)


def _opens(text: str, at: int) -> bool:
    """Whether a quotation may begin here: no letter before, a word behind, and not a word without its beginning."""
    if text[at] not in OPENING or _IN_WORD.match(text, at):
        return False
    return not (_NO_BEGINNING.match(text, at + 1) or _CLIPPED.match(text, at) or _YEAR.match(text, at))


def _closes(text: str, at: int, sign: str) -> bool:
    """Whether a quotation may end here: no space before, no letter behind, and not the ’n’ of rock ’n’ roll."""
    if sign == "‚" or not at or text[at - 1].isspace() or text[at + 1 : at + 2].isalnum():
        return False
    return text[max(at - 2, 0) : at].lower() not in ("’n", "'n", "‘n")


def _is_perhaps_apostrophe(text: str, at: int) -> bool:
    return text[at + 1 : at + 2] == " " and _MAY_LOSE_END.search(text, max(at - 6, 0), at) is not None


def _continues(text: str, start: int) -> bool:
    """Whether a paragraph begins here that is quoted as a whole, since the next one opens with the same mark."""
    if text[text.rfind("\n", 0, start) + 1 : start].strip():
        return False
    following = _NOT_YET_CLOSED.match(text, start)
    return following is not None and following[1] == text[start]
