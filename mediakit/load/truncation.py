"""Evidence that a text was cut: marks at its end, fewer words than declared, one ending under many articles."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mediakit.articles import count_separated
from mediakit.load.cues import find_cue

_CUT_MARK = re.compile(r"(?:…|\.\.\.)?\s*\[\s*\+\s*\d+\s*(?:chars|characters|words)\s*\]\s*$")
_ELLIPSIS = re.compile(r"\w\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
# A sentence may end inside a quotation or a bracket, and with the marks of several scripts.
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।:;][\s"'”’»›)\]*_]*[a-z■●]?$""")  # the letter: an end sign in a layout font
# Also where the blank between two sentences is missing.
_WITHIN_END = re.compile(r"""[.!?…。！？؟।][\s"'”’»›)\]]*(?:\s|$)|[.!?](?=[A-ZÄÖÜÉ])""")
# What closes articles without a full stop: addresses, handles, bracketed credits, rules and dashes.
_OTHER_END = re.compile(r"(?:[)\]]|https?://\S*|www\.\S*|[\w.+-]+@[\w.-]+|[@#]\w+|[-–—_=*~•■●]+)\s*$")
_LEAST_FRAGMENT = 5  # words; shorter ends without a full stop are signatures, places and names of agencies
_MID_SENTENCE = "the text ends in mid-sentence"
_LONG_ENDING = 320  # characters
LEAST_ENDINGS = 5  # articles of an outlet with the same last line
_LAST_PARAGRAPH = 60  # characters; shorter last lines are signatures, places or dates


def strip_cut_mark(text: str) -> str:
    """Return the text without the mark that an interface put at its end.

    Examples
    --------
    >>> strip_cut_mark("The minister left… [+1487 chars]")
    'The minister left'
    """
    return _CUT_MARK.sub("", text) if _find_mark(text, 120) else text


def _find_mark(text: str, length: int) -> re.Match[str] | None:
    """Find the mark within so many characters at the end of a text; nearly all texts end without its bracket."""
    return _CUT_MARK.search(text[-length:]) if text.rstrip().endswith("]") else None


def find_cut(text: str | None) -> str | None:
    """Return the evidence that a text is cut, or None.

    Examples
    --------
    >>> find_cut("The minister left the hall… [+1487 chars]")
    'interface cut mark "[+1487 chars]"'
    >>> find_cut("The minister left the hall.") is None
    True
    """
    if not text or not text.strip():
        return None
    text = text.rstrip()
    if mark := _find_mark(text, 80):
        return f'interface cut mark "{mark.group().strip().lstrip("…. ")}"'
    if text.endswith(("…", ".", "]")) and _ELLIPSIS.search(text[-20:]):
        return "the text ends in an ellipsis"
    return _MID_SENTENCE if _stops_in_mid_sentence(text[text.rfind("\n") + 1 :]) else None


def _stops_in_mid_sentence(line: str) -> bool:
    if len(line) < _LAST_PARAGRAPH or _SENTENCE_END.search(line[-12:]) or _OTHER_END.search(line[-200:]):
        return False
    fragment = line[-600:]
    begin = max((found.end() for found in _WITHIN_END.finditer(fragment)), default=0)
    words = fragment[begin:].split()
    small = sum(word[:1].islower() for word in words)
    cased = sum(word[:1].islower() or word[:1].isupper() for word in words)
    # Scripts without cases and without blanks between words have no other sign than the missing mark.
    return not cased or (len(words) >= _LEAST_FRAGMENT and small >= 0.4 * cased)


def has_all_words(text: str | None, declared: object, read: int | None = None) -> bool:
    """Whether a text is about as long as its file declares: however it ends, it is not cut. `read`: its words.

    Examples
    --------
    >>> has_all_words("Talks resume in the harbour town", 6), has_all_words("Talks resume", None)
    (True, False)
    """
    try:
        words = int(str(declared))
    except ValueError:
        return False
    read = count_separated(text or "") if read is None else read
    return 0 < 0.97 * words <= read and not _find_mark(text or "", 80)


def find_missing_words(text: str | None, declared: object, read: int | None = None) -> str | None:
    """Return the evidence that a text is far shorter than the number of words its file declares, or None.

    Databases count figures, captions and notes too, so a fifth may be missing before it is evidence.

    Examples
    --------
    >>> find_missing_words("Talks resume.", 800)
    '2 words read, 800 declared'
    >>> find_missing_words("Talks resume.", None) is None
    True
    """
    try:
        words = int(str(declared))
    except ValueError:
        return None
    read = count_separated(text or "") if read is None else read
    read = max(read, len(text or "") // 6)  # Nexis divides the number of characters by six
    return f"{read} words read, {words:,} declared" if words >= 40 and read < 0.8 * words - 10 and text else None


def mark_repeated_endings(records: Sequence[dict[str, Any]]) -> None:
    """Mark the articles of an outlet whose last lines are all the same offer or begin in mid-sentence.

    A line that ends most of an outlet's articles is the site's and not the article's. It is evidence of a cut where it
    asks to pay or to read on, or where the paragraph above it stops in mid-sentence; a signature is neither. That such
    a line has no full stop says nothing of the articles.
    """
    endings = [describe_ending(record) for record in records]
    judged = judge_endings(endings, *count_endings(endings))
    for record, (_, truncated, why) in zip(records, judged, strict=True):
        record["truncated"], record["truncated_why"] = truncated, why


Ending = tuple[str, str | None, str, bool, str | None]


def describe_ending(record: Mapping[str, Any]) -> Ending:
    """Return what `judge_endings` must know of an article, without its text.

    Returns
    -------
    outlet, last line (of a long one its beginning and a hash), end of the text above it, truncated, truncated_why
    """
    text = record.get("text") or ""
    outlet = str(record.get("outlet") or "")
    truncated, why = bool(record.get("truncated")), record.get("truncated_why")
    if not text:
        return outlet, None, "", truncated, why
    at = text.rfind("\n") + 1
    ending = text[at:].strip()
    if len(ending) > _LONG_ENDING:  # a table of a million articles holds no million paragraphs
        ending = f"{ending[:300]}\x1f{hashlib.sha256(ending.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return outlet, ending, text[max(0, at - 700) : at].rstrip()[-640:], truncated, why


def count_endings(endings: Sequence[Ending]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Count the articles with a text by outlet, and by outlet and ending; both add up over parts of a corpus."""
    told = [(outlet, ending) for outlet, ending, *_ in endings if ending is not None]
    return Counter(outlet for outlet, _ in told), Counter(told)


def judge_endings(
    endings: Iterable[Ending], count: Mapping[str, int], same: Mapping[tuple[str, str], int]
) -> Iterator[tuple[bool, bool, str | None]]:
    """Yield for each article whether the verdict changes, and `truncated` and `truncated_why` as they are then.

    `count` and `same` are those of `count_endings`; endings that fewer articles share than matter may be left out.
    """
    offers: dict[str, bool] = {}  # by ending, as many articles share those that matter
    for outlet, ending, above, truncated, why in endings:
        shared = 0 if ending is None else same.get((outlet, ending), 0)
        own = truncated and why != _MID_SENTENCE
        if ending is None or own or shared < LEAST_ENDINGS or shared < 0.2 * count[outlet]:
            yield False, truncated, why
            continue
        if ending not in offers:
            offers[ending] = _offers(ending)
        if above and (offers[ending] or find_cut(above) is not None):
            yield True, True, f'ends like {shared} articles of this outlet: "{ending.partition(chr(31))[0][:80]}"'
        else:
            yield truncated, False, None


def _offers(ending: str) -> bool:
    """Whether a last line asks to pay or to read on."""
    cue = find_cue(ending.partition("\x1f")[0])
    return cue is not None and (cue.truncates or cue.group == "paywall")
