"""Speech without quotation marks where the print leaves no doubt: transcripts, and posts read aloud. English."""

from __future__ import annotations

import re
from collections import Counter

from mediakit.analyses.quote_marks import Stretch, find_stretches

LABEL, POST = "label:", "post:"  # marks of such stretches
# "Helen Bell:", "MR. REED:", "Q:" at the start of a paragraph, which may be in quotation marks as a whole.
_LABEL = re.compile(
    r"^[ \t\xa0]*(?P<mark>[“\"]?)"
    r"(?P<who>(?:[A-Z][\w.’'-]*)(?:[ \xa0](?:[A-Z][\w.’'-]*|\([A-Z][^()\n]{0,40}\))){0,4})[ \xa0]?:"
    r"[ \t\xa0]+(?P<said>\S[^\n]*?)[ \t\xa0]*$",
    re.MULTILINE,
)
_LEAST_LABELS, _LEAST_TIMES = 2, 2  # two who speak twice: a conversation
_HEADINGS = frozenset((  # labels that repeat, as of a list of links or of facts
    "updated", "update", "related", "photo", "photos", "image", "video", "watch", "read", "note", "source", "sources",
    "correction", "by", "where", "when", "who", "what", "why", "how", "date", "time", "place", "more", "also", "cost",
    "address", "phone", "email", "tickets", "credit", "caption", "pro", "con", "pros", "cons", "fact", "claim",
    "verdict", "rating", "total", "wins", "losses",
))  # fmt: skip
_POST = re.compile(
    r"\b(?:(?:re)?tweeted|tweets|(?:wrote|posted|posts|writes|said)[ \xa0](?:on|in|via)[ \xa0]"
    r"(?:(?:a|his|her|their)[ \xa0])?(?:Twitter|Facebook|Instagram|Telegram|tweet))"
    r"(?:[ \xa0](?:on[ \xa0][A-Z]\w+|earlier|later|again|back|today|yesterday|this[ \xa0]\w+"
    r"|at[ \xa0][\w.:]+(?:[ \xa0][ap]\.?m\.?)?))?"
    r":[ \t\xa0]+(?P<said>[A-Z@#][^\n]*?)[ \t\xa0]*$",
    re.MULTILINE,
)
_POSTED = ("tweet", "Twitter", "Facebook", "Instagram", "Telegram")
_LONGEST = 120  # characters of a label
_ANY_MARK = re.compile(r"[“”„«»\"]|''|``|(?<!\w)['‘]")
_WORDS = re.compile(r"[^\W\d_]")


def find_unmarked(text: str) -> list[Stretch]:
    """Find the lines of a transcript and the posts that are printed without quotation marks of their own, in order.

    A transcript has at least two labels ("Bell:") that open at least two paragraphs each. A post runs from the colon
    behind "tweeted" to the end of its paragraph, when no quotation mark stands in it.

    Examples
    --------
    >>> text = "BELL: We go now.\\n\\nREED: Where to?\\n\\nBELL: To the bridge.\\n\\nREED: Fine.\\n\\nNote: they left."
    >>> [text[found.start : found.end] for found in find_unmarked(text)]
    ['We go now.', 'Where to?', 'To the bridge.', 'Fine.']
    >>> [found.start for found in find_unmarked("On Monday Reed tweeted: The bridge is open.")]
    [24]
    """
    if ":" not in text:
        return []
    found = []
    if any(word in text for word in _POSTED):
        found = [
            Stretch(match.start("said"), match.end("said"), POST, True, False)
            for match in _POST.finditer(text)
            if not _ANY_MARK.search(match["said"])
        ]
    if sum(":" in line[:_LONGEST] for line in text.split("\n")) < _LEAST_LABELS * _LEAST_TIMES:
        return found
    # Q and A name nobody.
    lines = [
        match for match in _LABEL.finditer(text) if len(match["who"]) > 1 and match["who"].casefold() not in _HEADINGS
    ]
    times = Counter(match["who"] for match in lines)
    speakers = {who for who, number in times.items() if number >= _LEAST_TIMES}
    if len(speakers) >= _LEAST_LABELS:
        taken = {stretch.start for stretch in found}
        found += [
            Stretch(match.start("said"), _end(match), LABEL, True, False)
            for match in lines
            if match["who"] in speakers
            and not _ANY_MARK.match(match["said"])
            and _WORDS.search(match["said"])
            and match.start("said") not in taken
        ]
    return sorted(found)


def _end(line: re.Match[str]) -> int:
    """Return where what is said ends; the mark that closes a whole paragraph is no part of it."""
    return line.end("said") - (bool(line["mark"]) and line["said"][-1] in '”"')


def find_all(text: str) -> list[Stretch]:
    """Find the stretches between marks and those without; marks inside an unmarked one are a part of it."""
    marked = find_stretches(text)
    unmarked = find_unmarked(text)
    if not unmarked:
        return marked
    merged: list[Stretch] = []
    for stretch in sorted([*marked, *unmarked]):
        if merged and stretch.start < merged[-1].end:
            if stretch.mark not in (LABEL, POST):
                continue
            merged.pop()
        merged.append(stretch)
    return merged
