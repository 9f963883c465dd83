"""Blocks: the paragraphs, lines or elements of a file in reading order, each of which gets a place in the ledger.

A reader of an export file splits it into blocks, marks each with what it is, and hands the blocks over: what it did
not mark is "unparsed", so that nothing can be lost in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from mediakit.load.ledger import KINDS, Part, Reading

Mark = tuple[str, int | None, str]  # kind, position of the article, note


class Blocks:
    """Blocks of text with a kind (see `mediakit.load.ledger.KINDS`), an article and a note for each.

    Parameters
    ----------
    texts : the blocks in reading order
    unit : what the ledger counts, "character" where the blocks are the file's own lines with their ends, "visible
        character" where mark-up was taken off
    joint : characters that stand between two blocks; 0 for lines with their ends, 1 for the rest

    Examples
    --------
    >>> blocks = Blocks(["1 of 1 DOCUMENT\\n", "\\n", "Talks resume\\n", "They met."], unit="character", joint=0)
    >>> blocks.mark(0, "header")
    >>> blocks.mark(2, "headline", 0)
    >>> blocks.mark(3, "text", 0)
    >>> [(part.kind, part.start, part.end) for part in blocks.reading([{"headline": "Talks resume"}]).parts]
    [('header', 0, 17), ('headline', 17, 30), ('text', 30, 39)]
    """

    def __init__(self, texts: Sequence[str], *, unit: str = "visible character", joint: int = 1) -> None:
        self.texts = list(texts)
        self.unit = unit
        self.joint = joint
        self.marks: list[Mark | None] = [None] * len(self.texts)

    def add(self, texts: Sequence[str]) -> None:
        """Add blocks behind the others."""
        self.texts += texts
        self.marks += [None] * len(texts)

    def __len__(self) -> int:
        return len(self.texts)

    def mark(self, which: int | Iterable[int], kind: str, position: int | None = None, note: str = "") -> None:
        """Say what a block or several blocks are, and which article (its 0-based position) they belong to."""
        if kind not in KINDS:
            raise KeyError(kind)
        mark = (kind, position, note)
        if isinstance(which, int):
            self.marks[which] = mark
        else:
            for index in which:
                self.marks[index] = mark

    def unmarked(self, start: int, end: int) -> list[int]:
        """Return those blocks from `start` to `end` that hold something and have no kind yet."""
        return [index for index in range(start, end) if self.marks[index] is None and self.texts[index].strip()]

    def parts(self) -> list[Part]:
        """Return the parts of the file: neighbours of one kind together, blank blocks with the part before them."""
        parts: list[Part] = []
        held: Mark | None = None  # of the part that is being put together
        begin, excerpt = 0, ""
        lengths = [0, *accumulate(map(len, self.texts))]  # of all blocks before each, without what joins them
        last = len(self.texts) - 1
        for index, (text, mark) in enumerate(zip(self.texts, self.marks, strict=True)):
            if mark is None and (not text or text.isspace()):
                if held is None:
                    held = ("boilerplate", None, "blank")
            elif mark is None or mark is not held:  # most blocks are the next of several that were marked together
                own = mark or ("unparsed", None, "")
                if own != held and (text or (self.joint and index < last)):
                    at = lengths[index] + index * self.joint
                    if held is not None:
                        parts.append(Part(held[0], begin, at, held[1], held[2], excerpt))
                    held, begin, excerpt = own, at, text[:1000].strip()[:400]
        if held is not None:
            end = lengths[-1] + last * self.joint
            parts.append(Part(held[0], begin, end, held[1], held[2], excerpt))
        return parts

    def reading(
        self, articles: list[dict[str, Any]], *, declared: int | None = None, notes: Iterable[str] = ()
    ) -> Reading:
        """Return the reading of the file: the articles, and the parts as marked."""
        parts = self.parts()
        return Reading(articles, parts, self.unit, parts[-1].end if parts else 0, declared=declared, notes=list(notes))
