"""Attributions behind which nobody stands: pronouns that mean nobody, "it seems", whom others call something."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

_NOBODY = frozenset((
    "which", "that", "this", "it", "you", "whoever", "what", "all", "one", "none", "these", "those", "i", "we",
))  # fmt: skip
_COMPOUND = re.compile(r"-[a-z]+\s[a-z]+")  # "the media-shy wife"
_INFINITIVE = re.compile(
    r"\b(?:allow|help|want|let|enable|permit|forc|urg|ask|invit)\w*\s(?:[\w’'-]+\s){0,3}to\s[a-z]+$"
)
_OF_TIME = re.compile(r"\s(?:weeks|years|days|months|hours|minutes|decades|centuries|times)\b")
_NUMBERS = frozenset(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "few"))
_IMPERSONAL = re.compile(
    r"\s*(?:(?:also|now|then|still|just|only|already)\s)?(?:"
    r"(?:seems?|seemed|appears?|appeared|emerge[sd]?|turns? out|turned out|happens?|happened|transpire[sd])\b"
    r"|(?:[’']s|is|was|has been|had been|will be|would be|could be|may be|might be)\s"
    r"(?:(?:also|now|still|pretty|very|quite|so|not|even|most|highly|too|becoming|widely|generally|perhaps|only"
    r"|already)\s)*"
    r"(?:clear|unclear|likely|unlikely|possible|impossible|obvious|true|important|necessary|hard|difficult|easy|time"
    r"|found|known|said|believed|thought|understood|reported|estimated|expected|hoped|feared|claimed|alleged|evident"
    r"|ironic|ominous|worth|essential|vital|crucial|natural|interesting|sad|unfortunate|needed|rumou?red|assumed"
    r"|revealed|seen|shown|learnt|learned|a (?:pity|shame|fact|matter|sign|twist))\b)",
    re.I,
)
# What is done to the subject: it is told, called or praised, and says nothing.
_PASSIVE = re.compile(
    r"(?:been|was|were|is|are|being|gets?|got|be)\s(?:\w+\s){0,2}?(?:called|named|dubbed|nicknamed|labell?ed|termed"
    r"|praised|blamed|accused|criticised|criticized|hailed|lauded|condemned|described|known|portrayed|branded|denounced"
    r"|ridiculed|mocked|attacked|expected|asked|told|thanked|urged|advised|warned|informed|ordered|invited)$",
    re.I,
)
_TITLED = re.compile(r"(?:titled|entitled|dubbed|nicknamed|named|christened)$", re.I)
_CALLED = re.compile(r"(?:called|termed)$", re.I)
_INDEFINITE = re.compile(r"(?:an?|some|another|one|two|three|several|many|\d[\d,.]*)\s", re.I)
_OPENS = re.compile(r"\s?[“\"‘'«]")
_PLANNED = re.compile(r"\b(?:set|due|scheduled|slated|poised)\s+to\s+(?:\w+ly\s+)?$")
_ASKS_FOR = re.compile(
    r"\s(?:[\w’'.-]+\s){1,4}for\s(?:(?:more|further|any|an?|his|her|their|its)\s)?(?:details?|comments?|help|information"
    r"|response|interview|explanation|permission|advice|support|money|access|reaction|statement)\b"
)


def tells_source(quotes: pd.DataFrame, texts: Mapping[str, str]) -> pd.Series:
    """Return which rows tell of a source: a speaker who is somebody and says something.

    Parameters
    ----------
    quotes : DataFrame, as `find_quotes` returns it
    texts : mapping of article_id to the article's text

    Examples
    --------
    >>> quotes = pd.DataFrame({"article_id": "a", "speaker_start": [0], "speaker_end": [2], "speaker": ["It"],
    ...                        "speaker_name": ["Lissmar"], "cue_start": [3], "cue_end": [8], "kind": "indirect"})
    >>> tells_source(quotes, {"a": "It seems that nobody was there."}).tolist()
    [False]
    >>> tells_source(quotes, {"a": "It added that nobody was there."}).tolist()
    [True]
    """
    found = quotes["speaker_start"].notna().to_numpy()
    if not {"speaker", "speaker_name"} <= set(quotes.columns):
        return pd.Series(found, index=quotes.index)
    nothing = pd.Series(-1, index=quotes.index)
    columns = [quotes.get(column, nothing).fillna(-1).astype("int64") for column in ("cue_start", "cue_end")]
    rows = zip(
        quotes["article_id"], quotes["speaker"], quotes["speaker_name"], quotes["kind"],
        quotes["speaker_start"].fillna(-1).astype("int64"), quotes["speaker_end"].fillna(-1).astype("int64"),
        *columns, strict=True,
    )  # fmt: skip
    somebody = [
        start >= 0 and not _is_nobody(texts.get(identifier, ""), speaker, name, kind, end, (cue, behind))
        for identifier, speaker, name, kind, start, end, cue, behind in rows
    ]
    return pd.Series(found & np.array(somebody, dtype=np.bool_), index=quotes.index)


def _is_nobody(text: str, speaker: object, name: object, kind: str, end: int, cue: tuple[int, int]) -> bool:
    """Whether a speaker is nobody, or does not say what stands there."""
    printed = str(speaker).casefold() if isinstance(speaker, str) else ""
    unresolved = not isinstance(name, str) or name.casefold() == printed
    if unresolved and speaker != "WHO" and (printed in _NOBODY or (printed == "who" and kind == "indirect")):
        return True
    if printed in _NUMBERS and _OF_TIME.match(text, end):
        return True
    if _COMPOUND.match(text, end) or (printed.isalpha() and _INFINITIVE.search(text, max(0, end - 30), end)):
        return True
    if printed == "it" and _IMPERSONAL.match(text, end):
        return True
    return 0 <= end <= cue[0] and _is_done_to(text, printed, end, *cue)


def _is_done_to(text: str, printed: str, end: int, cue: int, behind: int) -> bool:
    """Whether the verb behind a speaker tells what others say to or of it, or what is still to be said."""
    verb = text[cue:behind]
    if _PASSIVE.search(text, max(end, cue - 25), behind) or _PLANNED.search(text, max(0, cue - 22), cue):
        return True
    if _TITLED.search(verb) or (_CALLED.search(verb) and _INDEFINITE.match(printed)):
        return text[behind : behind + 1] == " " and (
            _OPENS.match(text, behind) is not None or (_TITLED.search(verb) is not None and text[behind + 1].isupper())
        )
    return verb.casefold().endswith("asked") and _ASKS_FOR.match(text, behind) is not None
