"""Factiva as text and RTF: pages copied or saved as text, in the layout for reading or with field codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.docx import docx_paragraphs, is_docx
from mediakit.load.factiva import (
    codes,
    find_identifier,
    has_word_count,
    is_word_count,
    kind_of,
    marks,
    name_heading,
    read_codes,
)
from mediakit.load.ledger import Reading
from mediakit.load.lines import join_wrapped
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.rtf import is_rtf, rtf_paragraphs
from mediakit.load.source import Source, UnreadableFile

# "HD<tab>…", "*HD* <tab>…" as browsers save bold type, or the code alone on its line.
_CODED = re.compile(r"^[ \t\xa0]*(\*?)([A-Z]{2,3})\1(?:[ \xa0]*\t[ \t\xa0]*(.*)|[ \xa0]{2,}(\S.*)|[ \t\xa0]*)$", re.S)
_SNIFFED = re.compile(
    r"^[ \t\xa0]*\*?(HD|WC|PD|SN|SC|LA|CY|LP|TD|AN|SE|BY)\*?(?:[ \xa0]*\t|[ \t\xa0]*\r?$|[ \xa0]{2,}\S)", re.M
)
_RIGHTS = re.compile(r"(?:\(c\)|©|copyright)", re.I)
_HIT = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]{0,80}\S)?)\*(?![\w*])")
_LINK = re.compile(r"\s?<(?:https?://|#|javascript:|mailto:)[^<>\s]*>")
# "Page 12 of 175 © 2026 Factiva, Inc. All rights reserved.", also without any blank.
_PAGE = re.compile(r"^\W*(?:[^\W\d_]+\s*\d+\s*[^\W\d_]+\s*\d+\s*)?(?:©|\(c\))\s*(?:19|20)\d{2}\s*Factiva\b", re.I)
_SENTENCE = re.compile(r"""[.!?…]["”’»)]*$""")
_LISTED = re.compile(r"^(?P<title>.*?\S)[\s.…]+\d{1,5}$")
_WRAPPED_AT = 90  # characters; where no line is longer, lines were wrapped
_OPENING = ("SE", "HD", "CLM")
_ONCE = frozenset(("HD", "WC", "PD", "SN", "AN", "LA"))


def sniff(source: Source) -> Sniffed:
    """Recognise text from Factiva by its field codes, or by number of words and identifier."""
    sample = source.sample
    if sample.lstrip("\ufeff \r\n\t")[:1] in ("<", "{"):
        return 0.0, ""
    found = set(_SNIFFED.findall(sample[:200_000]))
    if len(found) >= 4 and found & {"HD", "AN", "LP", "TD"}:
        return 0.99, f"field codes {', '.join(sorted(found))}"
    return _sniff_display([line.strip() for line in sample.splitlines()])


def sniff_rtf(source: Source) -> Sniffed:
    """Recognise RTF from Factiva by the same signs as text."""
    if not is_rtf(source.head[:200]):
        return 0.0, ""
    known = source.__dict__.get("paragraphs")
    if known is None:
        known = source.__dict__["paragraphs"] = rtf_paragraphs(source.data)
    return _sniff_paragraphs(known)


def sniff_docx(source: Source) -> Sniffed:
    """Recognise a Word document that was made from RTF of Factiva."""
    if not is_docx(source):
        return 0.0, ""
    try:
        return _sniff_paragraphs(docx_paragraphs(source))
    except UnreadableFile:
        return 0.0, ""


def _sniff_paragraphs(known: Sequence[str]) -> Sniffed:
    found: set[str] = set()
    counts: list[str] = []
    starts = [line[:2] for line in known]
    kept = {start for start in set(starts) if start and (start.isupper() or not start[0].isalpha())}
    for line in [line for line, start in zip(known, starts, strict=True) if start in kept]:  # few, found in a fifth
        bare = line.lstrip(" \t\xa0*")
        if bare[:2].isupper() and len(line) < 5000 and (match := _CODED.match(line)) and match[2] in codes():
            found.add(match[2])
        elif bare[:1].isdigit() and len(bare) < 60:
            counts.append(bare.strip())
    if len(found) >= 4 and found & {"HD", "AN", "LP", "TD"}:
        return 0.99, f"field codes {', '.join(sorted(found))}"
    return _sniff_display([line.strip() for line in known]) if any(map(is_word_count, counts)) else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read text from Factiva."""
    return read_lines(Blocks(source.text.splitlines(keepends=True), unit="character", joint=0))


def read_rtf(source: Source, options: Options) -> Reading:
    """Read RTF from Factiva."""
    return _read_paragraphs(source.__dict__.get("paragraphs") or rtf_paragraphs(source.data))


def read_docx(source: Source, options: Options) -> Reading:
    """Read a Word document that was made from RTF of Factiva."""
    return _read_paragraphs(docx_paragraphs(source))


def _read_paragraphs(paragraphs: Sequence[str]) -> Reading:
    lines = [line for paragraph in paragraphs for line in (paragraph.split("\n") or [""])]
    return read_lines(Blocks(lines))


def read_lines(blocks: Blocks) -> Reading:
    """Read the lines of an export, in either layout.

    Returns
    -------
    Reading
        Every line marked in its ledger.
    """
    coded = _coded_lines(blocks.texts)
    return _read_coded(blocks, coded) if coded else _read_display(blocks)


def _sniff_display(lines: Sequence[str]) -> Sniffed:
    counts = sum(is_word_count(line) for line in lines if line[:1].isdigit())
    ids = sum(find_identifier(line) is not None for line in lines if line) if counts else 0
    if counts and ids:
        return 0.97, f"{ids} identifiers of Factiva and numbers of words"
    return 0.0, ""


def _coded_lines(texts: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Return line -> code and what follows it; empty when the file has too few codes to be in that layout."""
    found: dict[int, tuple[str, str]] = {}
    for index, text in enumerate(texts):
        match = _CODED.match(text.rstrip("\r\n")) if text[:1] in " \t\xa0*" or text[:1].isupper() else None
        if match and match[2] in codes():
            found[index] = (match[2], match[3] or match[4] or "")
    return found if len({code for code, _ in found.values()} & {"HD", "WC", "PD", "SN", "AN", "LP", "TD"}) >= 3 else {}


def _read_coded(blocks: Blocks, coded: dict[int, tuple[str, str]]) -> Reading:
    texts = blocks.texts
    order = sorted(coded)
    wrapped = max((len(text) for text in texts), default=0) <= _WRAPPED_AT
    articles: list[dict[str, Any]] = []
    blocks.mark(range(order[0]), "header", None, "page above the articles")
    fields: dict[str, list[str]] = {}
    for number, index in enumerate(order):
        code, first = coded[index]
        again = code in _ONCE and code in fields
        if fields and (again or (code in _OPENING and ("AN" in fields or "HD" in fields))):
            articles.append(read_codes(fields))
            fields = {}
        end = order[number + 1] if number + 1 < len(order) else len(texts)
        position = len(articles)
        if code == "AN":  # nothing of an article follows its identifier
            end = min(end, index + 1 + (0 if first.strip() else _first_filled(texts, index + 1, end)))
        blocks.mark(range(index, end), kind_of(code), position, "" if kind_of(code) != "metadata" else code)
        fields.setdefault(code, []).extend(_paragraphs([first, *texts[index + 1 : end]], wrapped))
        if code == "AN":
            following = order[number + 1] if number + 1 < len(order) else len(texts)
            _mark_between(blocks, end, following)
    articles.append(read_codes(fields))
    return blocks.reading(articles)


def _first_filled(texts: Sequence[str], start: int, end: int) -> int:
    return next((index - start + 1 for index in range(start, end) if texts[index].strip()), 0)


def _mark_pages(blocks: Blocks) -> None:
    """Mark the line that Factiva prints on each page of a document."""
    for index, text in enumerate(blocks.texts):
        if len(text) < 120 and _PAGE.match(text):
            blocks.mark(index, "header", None, "top or bottom of a page")


def _mark_between(blocks: Blocks, start: int, end: int) -> None:
    """Mark what stands between two articles: rules, and the search summary at the end."""
    summary = False
    for index in blocks.unmarked(start, end):
        line = blocks.texts[index].strip(" \r\n\t*")
        summary = summary or line.casefold() in marks("summary")
        rule = not re.search(r"\w", line)
        if summary or rule or "Factiva, Inc" in line:
            blocks.mark(index, "header", None, "search summary" if summary else "")


def _paragraphs(lines: Sequence[str], wrapped: bool) -> list[str]:
    """Join wrapped lines to paragraphs, which blank lines part; take off the marks around hits and links' targets."""
    found: list[list[str]] = [[]]
    for line in lines:
        bare = line.strip(" \r\n\t\xa0")
        if not bare:
            found.append([])
        elif wrapped and found[-1]:
            found[-1].append(bare)
        else:
            found.append([bare])
    joined = (join_wrapped(piece) for piece in found if piece)
    return [text for text in (_LINK.sub("", _HIT.sub(r"\1", text)).strip() for text in joined) if text]


def _join_pages(lines: Sequence[str]) -> list[str]:
    """Join the lines of pages, which end anywhere; a line that is short and ends a sentence ends a paragraph."""
    longest = max((len(line.strip()) for line in lines), default=0)
    found: list[list[str]] = [[]]
    for line in lines:
        bare = line.strip(" \r\n\t\xa0\f")
        if bare:
            found[-1].append(bare)
        if found[-1] and _SENTENCE.search(found[-1][-1]) and len(bare) < 0.85 * longest:
            found.append([])
    return [join_wrapped(piece) for piece in found if piece]


def _read_display(blocks: Blocks) -> Reading:
    """Read the layout for reading: heading, number of words, and so on down to the identifier, for each article."""
    _mark_pages(blocks)
    filled = [index for index, text in enumerate(blocks.texts) if text.strip() and blocks.marks[index] is None]
    lines = {index: " ".join(blocks.texts[index].split()) for index in filled}
    counts = [number for number, index in enumerate(filled) if is_word_count(lines[index])]
    articles: list[dict[str, Any]] = []
    start = _end_of_list(blocks, filled[: counts[0]], lines) if counts else 0
    for turn, count in enumerate(counts):
        limit = counts[turn + 1] if turn + 1 < len(counts) else len(filled)
        end = next((at for at in range(count + 1, limit) if find_identifier(lines[filled[at]]) is not None), None)
        stop = (end + 1) if end is not None else max(count + 1, limit - (3 if limit < len(filled) else 0))
        _read_one(blocks, filled[start:stop], lines, len(articles), count - start, articles, closed=end is not None)
        start = stop
    _mark_between(blocks, filled[start] if start < len(filled) else len(blocks), len(blocks))
    return blocks.reading(articles)


def _end_of_list(blocks: Blocks, above: list[int], lines: dict[int, str]) -> int:
    """Mark the list of the articles on the first pages; return the number of the line where the first heading begins.

    It names every article once more, with the number of its page, and its outlet, date and number of words in one line.
    """
    known = set(lines.values())
    end = 0
    for number, index in enumerate(above):
        listed = _LISTED.match(lines[index])
        if (listed and listed["title"] in known) or has_word_count(lines[index]):
            end = number + 1
    blocks.mark(above[:end], "header", None, "list of the articles")
    return end


def _read_one(
    blocks: Blocks,
    mine: list[int],
    lines: dict[int, str],
    position: int,
    count: int,
    articles: list[dict[str, Any]],
    *,
    closed: bool,
) -> None:
    fields: dict[str, list[str]] = {}
    above = mine[: count + 1]
    rights = next(
        (at for at in range(count + 1, min(count + 14, len(mine))) if _RIGHTS.match(lines[mine[at]])),
        None,
    )
    heading_end = rights + 1 if rights is not None else min(len(mine), count + 6)
    skipped = max(0, len(above) - 6, _gap(above))  # a heading has few lines; what is above belongs to no article
    heading = mine[skipped:heading_end]
    for index, code in zip(heading, name_heading([lines[index] for index in heading]), strict=True):
        if code is not None:
            fields.setdefault(code, []).append(lines[index])
            blocks.mark(index, kind_of(code), position, "" if kind_of(code) != "metadata" else code)
    body = mine[heading_end:]
    if closed and body:
        number = find_identifier(lines[body[-1]])
        fields["AN"] = [number or ""]
        blocks.mark(body[-1], "metadata", position, "AN")
        body = body[:-1]
        if len(body) > 1 and len(lines[body[-1]]) <= 90 and not _SENTENCE.search(lines[body[-1]]):
            fields["PUB"] = [lines[body[-1]]]
            blocks.mark(body[-1], "metadata", position, "PUB")
            body = body[:-1]
    wrapped = max((len(blocks.texts[index]) for index in body), default=0) <= _WRAPPED_AT and blocks.unit == "character"
    inside = range(body[0], body[-1] + 1) if body else ()
    between = [blocks.texts[index] for index in inside if blocks.marks[index] is None]
    paged = len(between) < len(inside) and blocks.unit == "character"
    fields["TD"] = _join_pages(between) if paged else _paragraphs(between, wrapped)
    blocks.mark(body, "text", position)
    articles.append(read_codes(fields))


def _gap(above: list[int]) -> int:
    """Return how many lines stand above the last empty line above a number of words and its headline."""
    for number in range(len(above) - 2, 0, -1):
        if above[number] - above[number - 1] > 1:
            # A headline may stand alone, with only the author's name down here.
            return number if len(above) - number > 2 else 0
    return 0


READERS = (
    Reader("factiva-txt", sniff, read, "Factiva, text with field codes or as read"),
    Reader("factiva-rtf", sniff_rtf, read_rtf, "Factiva, RTF"),
    Reader("factiva-docx", sniff_docx, read_docx, "Factiva, Word document made from RTF"),
)
