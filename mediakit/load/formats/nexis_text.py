"""Text that was made from Word documents of Nexis Uni and Lexis Advance, by a converter or with the clipboard."""

from __future__ import annotations

from itertools import groupby

from mediakit.load.blocks import Blocks
from mediakit.load.formats.nexis import read_blocks, sniff_paragraphs
from mediakit.load.ledger import Reading
from mediakit.load.nexis import bare_line, body_marks, find_label
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source

_SNIFFED = frozenset(("length", "section", "byline", "load_date"))
_WRAPPED_AT = 100  # characters; where no line is longer, lines were wrapped


def sniff(source: Source) -> Sniffed:
    """Recognise text that a program made from a document of Nexis, by the same lines."""
    sample = source.sample
    if sample.lstrip("\ufeff \r\n\t")[:1] in ("<", "{", "["):
        return 0.0, ""
    lines = sample.splitlines()
    score, why = sniff_paragraphs(lines)
    for line in lines[:5000] if score else ():
        found = find_label(line) if len(line) < 400 else None
        if (
            found is not None and found[0] in _SNIFFED and line.lstrip()[1:2].islower()
        ):  # old LexisNexis prints capitals
            return score, why
        if bare_line(line) in body_marks():
            return score, why
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read text that was made from a document of Nexis."""
    return read_blocks(Blocks(_paragraphs(source.text), unit="character", joint=0))


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text with the ends of their lines.

    Some programs put an empty line below every paragraph, and some wrap the lines as well.
    """
    lines = text.splitlines(keepends=True)
    filled = [index for index, line in enumerate(lines) if line.strip()]
    followed = sum(index + 1 >= len(lines) or not lines[index + 1].strip() for index in filled)
    runs = [list(run) for _, run in groupby(lines, key=lambda line: bool(line.strip()))]
    longest = max(map(len, lines), default=0)
    broken = [len(line) for run in runs if run[0].strip() for line in run[:-1]]
    wrapped = longest <= _WRAPPED_AT and sum(length > 0.6 * longest for length in broken) > 0.9 * len(broken)
    if followed < 0.9 * len(filled) and not wrapped:
        return lines
    paragraphs: list[str] = []
    for run in runs:
        if run[0].strip():
            paragraphs += ["".join(run)] if wrapped else run
            continue
        if paragraphs:
            paragraphs[-1] += run.pop(0)
        # Of what is left, two lines stand for one empty paragraph.
        paragraphs += ["".join(run[at : at + 2]) for at in range(0, len(run), 2)]
    return paragraphs


READER = Reader("nexis-text", sniff, read, "Nexis Uni or Lexis Advance, text made from a Word document")
