"""Speech without quotation marks where the print leaves no doubt: transcripts, and posts read aloud. English."""

from __future__ import annotations

import re
from collections import Counter

from mediakit.analyses.quote_marks import Stretch, find_stretches

LABEL, POST = "label:", "post:"  # marks of such stretches
# "Helen Bell:", "MR. REED:", "OMAR REED [Harbour Minister]:", "Q:" at the start of a paragraph, which may be in
# quotation marks as a whole.
_LABEL = re.compile(
    r"^[ \t\xa0]*(?P<mark>[“\"]?)"
    r"(?P<who>(?:[A-Z][\w.’'-]*)(?:[ \xa0](?:[A-Z][\w.’'-]*)){0,4})"
    r"(?P<role>[ \xa0](?:\[[^\[\]\n]{1,80}\]|\([^()\n]{1,80}\)))?[ \xa0]?:"
    r"[ \t\xa0]+(?P<said>\S(?:[^\n]*[^ \t\xa0\n])?)[ \t\xa0]*$",
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
_SPOKEN = re.compile(r"\?|\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|me|us)\b")  # as people talk to each other
_LEAST_SPOKEN = 4  # of so many turns one is worded like that, which a list of facts seldom is
_PARAGRAPHS = 12  # of one turn
_LINE = re.compile(r"\S[^\n]*")
_WHOLE = re.compile(r"[.?!…:—–-][\"”’'»)\]]*\s*$")  # a paragraph that ends as a sentence does
_OUTSIDE = re.compile(  # no part of a turn: in brackets, without a letter, an address, a bare label, in marks
    r"(?:\[[^\[\]]*\]|\([^()]*\)|[\W\d_]*|https?:.*|[A-Z][^:]{0,60}:)$|[©*“\"„«‘|]"
)
_LONG_WORD, _OF_TITLE = re.compile(r"[^\W\d_]{4,}"), 3  # words of a headline begin with capitals
_HEADING = 40  # characters of a line without a stop that is a heading, not the broken line of a turn
_ANY_MARK = re.compile(r"[“”„«»\"]|''|``|(?<!\w)['‘]")
_WORDS = re.compile(r"[^\W\d_]")


def find_unmarked(text: str) -> list[Stretch]:
    """Find the lines of a transcript and the posts that are printed without quotation marks of their own, in order.

    A transcript has at least two labels ("Bell:") that open at least two paragraphs each, and is worded as people
    talk. A turn runs over empty lines to the next label or to a line that is none of it. A post runs from the colon
    behind "tweeted" to the end of its paragraph, when no quotation mark stands in it.

    Examples
    --------
    >>> text = "BELL: We go now.\\n\\nREED: Where to?\\n\\nBELL: To the bridge.\\n\\nREED: Fine.\\n\\nNote: they left."
    >>> [text[found.start : found.end] for found in find_unmarked(text)]
    ['We go now.', 'Where to?', 'To the bridge.', 'Fine.']
    >>> talk = "HELEN BELL [Pilot]: We go\\n\\nHome.\\n\\nREED: Why?\\n\\nBELL: We may.\\n\\nREED: No.\\n\\nBELL: Yes."
    >>> [talk[found.start : found.end] for found in find_unmarked(talk)]
    ['We go\\n\\nHome.', 'Why?', 'We may.', 'No.', 'Yes.']
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
    taken = {stretch.start for stretch in found}
    return sorted([*found, *(turn for turn in _find_turns(text) if turn.start not in taken)])


def _find_turns(text: str) -> list[Stretch]:
    """Find what is said behind the labels of a transcript, up to the next label; nothing where the text is none."""
    labels = list(_LABEL.finditer(text))
    # Q and A name nobody; behind some labels stands a link or a headline.
    known = [
        label
        for label in labels
        if len(label["who"]) > 1
        and label["who"].casefold() not in _HEADINGS
        and not label["said"].startswith("http")
        and not _is_title(label["said"])
    ]
    times = Counter(label["who"] for label in known)
    speakers = {who for who, number in times.items() if number >= _LEAST_TIMES}
    turns = [label["said"] for label in known if label["who"] in speakers]
    spoken = sum(_SPOKEN.search(said) is not None for said in turns)
    if len(speakers) < _LEAST_LABELS or spoken * _LEAST_SPOKEN < len(turns):
        return []
    surnames = Counter(_surname(label["who"]) for label in known)
    speaks = {
        label.start()
        for label in known
        if surnames[_surname(label["who"])] >= _LEAST_TIMES
        or surnames[_initials(label["who"])] >= _LEAST_TIMES
        or (label["role"] and label["role"].endswith("]"))
    }
    all_talk = labels[0].start() in speaks and not text[: labels[0].start()].strip()  # no article around the talk
    found = []
    for number, label in enumerate(labels):
        said = label["said"]
        if label.start() not in speaks or _ANY_MARK.match(said) or not _WORDS.search(said):
            continue
        after = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        answered = after in speaks or (after == len(text) and all_talk)
        end = _end(label) if label["mark"] else _goes_on(text, label.end("said"), after, answered)
        found.append(Stretch(label.start("said"), end, LABEL, True, False))
    return found


def _is_title(said: str) -> bool:
    """Whether words are a headline behind a name: "HELEN BELL: How Lissmar Lost Its Harbour"."""
    words = _LONG_WORD.findall(said)
    return len(words) >= _OF_TITLE and not _WHOLE.search(said[-5:]) and all(word[0].isupper() for word in words)


def _surname(who: str) -> str:
    return re.split(r"[ \xa0]", who)[-1].casefold()


def _initials(who: str) -> str:
    """Return "hb" for "Helen Bell", who is "HB" further on; nothing for a name of one word."""
    words = re.split(r"[ \xa0]", who)
    return "".join(word[0] for word in words).casefold() if len(words) > 1 else ""


def _goes_on(text: str, end: int, after: int, answered: bool) -> int:
    """Return where a turn ends that may run over empty lines.

    Between two who speak all belongs to the first, up to a line that is none of it. Behind the last who speaks, where
    an article may go on, only the rest of a broken line does.
    """
    last, whole = end, bool(_WHOLE.search(text, max(end - 5, 0), end))
    for number, line in enumerate(_LINE.finditer(text, end, after), start=1):
        if number > _PARAGRAPHS:
            return end
        said = line[0].rstrip()
        stops = bool(_WHOLE.search(said[-5:]))
        heading = not stops and (said.isupper() or (whole and len(said) < _HEADING))
        if heading or (whole and not answered) or _OUTSIDE.match(said):
            break
        last, whole = line.start() + len(said), stops
    return last


def _end(label: re.Match[str]) -> int:
    """Return where what is said ends; the mark that closes a whole paragraph is no part of it."""
    return label.end("said") - (label["said"][-1] in '”"')


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
