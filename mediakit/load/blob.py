"""Whole pages in one line: cut into sentences, and the menus that stick to the first sentence cut off."""

from __future__ import annotations

import re
from dataclasses import replace

from mediakit.load.cues import find_cue
from mediakit.load.lines import Line, count_words

BLOB_WORDS = 250  # few paragraphs are longer
_BREAK = re.compile(r"""(?<=[.!?…。！？])["'”’»)\]]*(?:\s+|(?<=[。！？]))(?=["'“‘«(\[]?[^\sa-zà-öø-ÿ])""")
_WORD = re.compile(r"\S+")


def split_blobs(lines: list[Line]) -> tuple[list[Line], set[int]]:
    """Cut lines that are longer than any paragraph into sentences.

    Returns
    -------
    lines : list of Line
        As given, with the pieces of long lines in their place.
    joined : set of int
        Indexes of pieces that go on in the paragraph of the line before them.
    """
    found: list[Line] = []
    joined: set[int] = set()
    for line in lines:
        if line.words <= BLOB_WORDS:
            found.append(line)
            continue
        start = 0
        for stop in [*(match.end() for match in _BREAK.finditer(line.text)), len(line.text)]:
            for a, b in _cut_menu(line.text, start, stop):
                piece = line.text[a:b].strip()
                if piece:
                    offset = line.start + a + len(line.text[a:b]) - len(line.text[a:b].lstrip())
                    if found and found[-1].start >= line.start:
                        joined.add(len(found))
                    found.append(
                        replace(
                            line, start=offset, end=offset + len(piece), text=piece, words=count_words(piece),
                            cue=find_cue(piece),
                            ends_sentence=bool(re.search(r"[.!?…。！？][\"'”’»)\]]*$", piece)),
                            blank_before=False, piece=True,
                        )
                    )  # fmt: skip
            start = stop
    return found, joined


def _cut_menu(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Cut the words of a menu (capitals, no grammar) off the front of a sentence."""
    words = list(_WORD.finditer(text, start, stop))
    if len(words) < 25:
        return [(start, stop)]
    total, best, at = 0.0, 0.0, len(words)
    for index in range(len(words) - 1, -1, -1):
        total += 1.0 if words[index].group()[0].islower() else -1.1
        if total > best:
            best, at = total, index
    if at == len(words):
        return [(start, stop)]
    while at > 0 and words[at].group()[0].islower():
        at -= 1
    if not words[at].group()[0].islower() and at >= 8 and len(words) - at >= 6:
        return [(start, words[at].start()), (words[at].start(), stop)]
    return [(start, stop)]
