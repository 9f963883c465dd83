"""The lines of a text with what can be said of each alone: where it stands, how long it is, whether it is prose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mediakit.load.cues import Cue, find_cue
from mediakit.load.languages import is_function_word
from mediakit.load.markup import one_line

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(r"^\s*(?:[*+•·▪►‣–-]\s+|\d{1,2}[.)]\s+)")
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।][\s"'”’»›)\]*_]*$""")
_LOWER_WORD = re.compile(r"(?<!\w)[^\W\d_A-ZÀ-ÖØ-Þ]")
_ENDS_IN_HYPHEN = re.compile(r"\w-$")
_AND = re.compile(r"(?:and|or|to|und|oder|bis|et|ou|à|y|o|e|en|of|i|og|och)\b", re.I)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts without spaces, or with few


@dataclass(frozen=True)
class Line:
    """A line that is not blank: `start` to `end` without the white space around it, within the file's text."""

    start: int
    end: int
    text: str
    words: int
    cue: Cue | None
    bullet: bool
    ends_sentence: bool
    blank_before: bool
    piece: bool = False  # of a page that came in one line, where menus run into sentences

    @property
    def prose(self) -> bool:
        """Whether the line looks like running text: long enough, and mostly lower-case words or a whole sentence."""
        if self.cue is not None:
            return False
        least = 14 if self.bullet else 9
        return self.words >= least and (self.ends_sentence or self.words >= 25) and _lower_share(self.text) >= 0.45

    @property
    def menu(self) -> bool:
        """Whether the line is a row of titles or links: long, and mostly capitalised words."""
        if self.words < 12 or _lower_share(self.text) >= 0.45:
            return False
        if self.piece or not self.ends_sentence:
            return True
        words = self.text.split()  # a sentence may be full of names, but it has its grammar
        return sum(map(is_function_word, words)) < 0.15 * len(words)

    @property
    def signed(self) -> bool:
        """Whether the line begins as a byline does ("By …")."""
        return self.cue is not None and self.cue.kind == "byline"

    @property
    def short(self) -> bool:
        """Whether the line could be a headline, a byline or a subheading."""
        return self.cue is None and not self.bullet and self.words <= 32


def split_lines(text: str) -> list[Line]:
    """Return the lines of a text that are not blank.

    Examples
    --------
    >>> [(line.start, line.words) for line in split_lines("One two.\\n\\nThree.")]
    [(0, 2), (10, 1)]
    """
    found: list[Line] = []
    last_end = 0
    for match in _LINE.finditer(text):
        body = match.group().strip()
        if not body:
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        between = text[last_end:start]
        found.append(
            Line(
                start, start + len(body), body, count_words(body), find_cue(body),
                bool(_BULLET.match(body)), bool(_SENTENCE_END.search(body[-12:])), between.count("\n") > 1 or not found,
            )
        )  # fmt: skip
        last_end = start + len(body)
    return found


def count_words(text: str) -> int:
    """Count words; two characters of a script without spaces count as one word.

    Examples
    --------
    >>> count_words("Talks resume"), count_words("抗议活动")
    (2, 2)
    """
    wide = len(_WIDE.findall(text))
    return max(len(text.split()), wide // 2)


def _lower_share(text: str) -> float:
    words = len(text.split())
    if len(_WIDE.findall(text)) > words:
        return 1.0
    return len(_LOWER_WORD.findall(text)) / words if words else 0.0


def join_wrapped(lines: Iterable[str]) -> str:
    """Join lines that a program wrapped: with a blank between them, but none behind a hyphen inside a word.

    Programs break lines after a hyphen that the word has anyway, so it stays. "Vor- und Nachteile" keeps its blank.

    Examples
    --------
    >>> join_wrapped(["the vice-", "president and the pro-", "and anti-war camps"])
    'the vice-president and the pro- and anti-war camps'
    """
    joined = ""
    for line in lines:
        text = one_line(line)
        if text and joined:
            hyphen = _ENDS_IN_HYPHEN.search(joined) and text[0].isalnum() and not _AND.match(text)
            joined += text if hyphen else f" {text}"
        else:
            joined = joined or text
    return joined
