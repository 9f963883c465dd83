"""Evidence that a text was cut: the marks that sites, interfaces and paywalls leave at its end."""

from __future__ import annotations

import re

_CUT_MARK = re.compile(r"(?:…|\.\.\.)?\s*\[\s*\+\s*\d+\s*(?:chars|characters|words)\s*\]\s*$")
_ELLIPSIS = re.compile(r"\w\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
# A sentence may end inside a quotation or a bracket, and with the marks of several scripts.
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।:;][\s"'”’»›)\]*_]*$""")
_LAST_PARAGRAPH = 60  # characters; shorter last lines are signatures, places or dates


def strip_cut_mark(text: str) -> str:
    """Return the text without the mark that an interface put at its end.

    Examples
    --------
    >>> strip_cut_mark("The minister left… [+1487 chars]")
    'The minister left'
    """
    return _CUT_MARK.sub("", text)


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
    mark = _CUT_MARK.search(text[-80:])
    if mark:
        return f'interface cut mark "{mark.group().strip().lstrip("…. ")}"'
    if _ELLIPSIS.search(text[-20:]):
        return "the text ends in an ellipsis"
    last = text.rsplit("\n", 1)[-1]
    if len(last) >= _LAST_PARAGRAPH and not _SENTENCE_END.search(last[-12:]):
        return "the text ends in mid-sentence"
    return None
