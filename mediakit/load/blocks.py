"""Blocks: the paragraphs, lines or elements of a file in reading order, each of which gets a place in the ledger.

A reader of an export file splits it into blocks, marks each with what it is, and hands the blocks over: what it did
not mark is "unparsed", so that nothing can be lost in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mediakit.load.ledger import KINDS, Part, Reading


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
        self.kinds: list[str | None] = [None] * len(self.texts)
        self.positions: list[int | None] = [None] * len(self.texts)
        self.notes: list[str] = [""] * len(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def mark(self, which: int | Iterable[int], kind: str, position: int | None = None, note: str = "") -> None:
        """Say what a block or several blocks are, and which article (its 0-based position) they belong to."""
        if kind not in KINDS:
            raise KeyError(kind)
        for index in (which,) if isinstance(which, int) else which:
            self.kinds[index], self.positions[index], self.notes[index] = kind, position, note

    def unmarked(self, start: int, end: int) -> list[int]:
        """Return those blocks from `start` to `end` that hold something and have no kind yet."""
        return [index for index in range(start, end) if self.kinds[index] is None and self.texts[index].strip()]

    def parts(self) -> list[Part]:
        """Return the parts of the file: neighbours of one kind together, blank blocks with the part before them."""
        parts: list[Part] = []
        at = 0
        last = len(self.texts) - 1
        for index, text in enumerate(self.texts):
            end = at + len(text) + (self.joint if index < last else 0)
            kind, position, note = self.kinds[index], self.positions[index], self.notes[index]
            if kind is None and not text.strip() and parts:
                before = parts[-1]
                parts[-1] = Part(before.kind, before.start, end, before.position, before.note, before.excerpt)
            elif kind is None and not text.strip():
                parts.append(Part("boilerplate", at, end, None, "blank", ""))
            else:
                kind = kind or "unparsed"
                last_part = parts[-1] if parts else None
                if last_part is not None and (
                    (last_part.kind, last_part.position, last_part.note) == (kind, position, note)
                ):
                    parts[-1] = Part(kind, last_part.start, end, position, note, last_part.excerpt)
                elif end > at:
                    parts.append(Part(kind, at, end, position, note, text.strip()[:400]))
            at = end
        return parts

    def reading(
        self, articles: list[dict[str, Any]], *, declared: int | None = None, notes: Iterable[str] = ()
    ) -> Reading:
        """Return the reading of the file: the articles, and the parts as marked."""
        parts = self.parts()
        return Reading(articles, parts, self.unit, parts[-1].end if parts else 0, declared=declared, notes=list(notes))
