"""From the words on a page of a PDF document to lines in reading order, and from lines to paragraphs.

A PDF says where each word stands and nothing of lines, columns or paragraphs. Columns are found by the places at which
many lines begin (a histogram); where a line crosses them, or white space runs across the page, the columns end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, multimode
from typing import Any

_LEAST_COLUMN = 4  # lines that begin at one place, for a column
_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_CONJUNCTIONS = frozenset(("en", "of", "und", "oder", "et", "ou", "and", "or", "y", "e", "o", "og", "och", "eller"))


@dataclass
class Line:
    """A line of a column: its text, the size of its type, its page (from 1), where it begins and ends, the lead above.

    `top` is the distance from the top of the page, `left` and `right` are the edges of its column, `first` says that
    nothing stands above it in its column.
    """

    text: str
    size: float
    page: int
    x0: float
    x1: float
    top: float
    left: float = 0.0
    right: float = 0.0
    first: bool = False
    bold: bool = False
    word: float = 0.0  # width of the first word
    running: bool = False  # a running head, a page number


def page_lines(words: Sequence[dict[str, Any]], page: int, usual: Sequence[float] = ()) -> list[Line]:
    """Put the words of a page into lines, column by column.

    Parameters
    ----------
    words : mappings with text, x0, x1, top, bottom and size, as pdfplumber gives them
    page : number of the page
    usual : where the columns of the pages before begin, which fewer lines suffice to find again

    Examples
    --------
    >>> words = [
    ...     {"text": f"{column}{row}", "x0": x, "x1": x + 90, "top": 20 * row, "bottom": 20 * row + 10, "size": 10}
    ...     for row in range(5) for column, x in (("a", 50), ("b", 200))
    ... ]
    >>> [line.text for line in page_lines(words, 1)]
    ['a0', 'a1', 'a2', 'a3', 'a4', 'b0', 'b1', 'b2', 'b3', 'b4']
    """
    rows = _rows(words)
    starts = _column_starts(rows, usual)
    body = _body_size(words)
    lines: list[Line] = []
    for band in _bands(rows, starts, body):
        edges = (
            [-1.0, *(start - 2 for start in starts), float("inf")] if _splits(band, starts) else [-1.0, float("inf")]
        )
        for left, right in pairwise(edges):
            column: list[Line] = []
            for row in band:
                inside = [word for word in row if left <= word["x0"] < right]
                if inside:
                    column.append(_line(inside, page))
            if column:
                column[0].first = True
                near, far = min(line.x0 for line in column), max(line.x1 for line in column)
                for line in column:
                    line.left, line.right = near, far
                lines += column
    return lines


def join_lines(lines: Sequence[Line], vocabulary: frozenset[str] = frozenset()) -> list[str]:
    """Join lines to paragraphs: a larger lead, an indent, or a short last line ends one; hyphens of the setting go.

    Examples
    --------
    >>> def line(text, top):
    ...     return Line(text, 10, 1, 50, 50 + 5 * len(text), top, 50, 150)
    >>> join_lines([line("The harbour re-", 0), line("opened on Friday.", 12), line("Ferries run.", 36)])
    ['The harbour reopened on Friday.', 'Ferries run.']
    """
    usual = usual_lead(lines)
    paragraphs: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is None or _begins_paragraph(before, line, usual):
            paragraphs.append(line.text)
        else:
            paragraphs[-1] = _joined(paragraphs[-1], line.text, vocabulary)
        before = line
    return paragraphs


def usual_lead(lines: Sequence[Line]) -> float:
    """Return the distance from one line to the next that most lines have; 0 where there is none."""
    leads = [
        (other.top - one.top, one.size) for one, other in pairwise(lines)
        if one.page == other.page and 0 < other.top - one.top < 4 * one.size
    ]  # fmt: skip
    close = [lead for lead, size in leads if lead < 1.9 * size] or [lead for lead, _ in leads]
    return min(multimode(round(2 * lead) / 2 for lead in close), default=0.0)


def vocabulary_of(lines: Sequence[Line]) -> frozenset[str]:
    """Return the words of the lines in lower case, for telling hyphens of the setting from those of a word."""
    return frozenset(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text.casefold()))


def _rows(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Put words that stand on one line across the page together, from left to right."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (round(word["bottom"], 1), word["x0"])):
        if rows and abs(rows[-1][0]["bottom"] - word["bottom"]) <= 0.35 * max(word["size"], 4):
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word["x0"])
    return rows


def _body_size(words: Sequence[dict[str, Any]]) -> float:
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[round(word["size"], 1)] += len(word["text"])
    return sizes.most_common(1)[0][0]


def column_starts(words: Sequence[dict[str, Any]]) -> list[float]:
    """Return where the second and further columns of a page begin."""
    return _column_starts(_rows(words), ())


def _column_starts(rows: Sequence[Sequence[dict[str, Any]]], usual: Sequence[float]) -> list[float]:
    """Return where the second and further columns begin: places to the right of a gap at which many lines begin."""
    begins: Counter[int] = Counter()
    segments: list[tuple[float, int, float]] = []  # start, number of words, width
    for row in rows:
        start = 0
        for index in range(1, len(row) + 1):
            gap = row[index]["x0"] - row[index - 1]["x1"] if index < len(row) else 0.0
            if index == len(row) or gap > max(6.0, 0.9 * row[index]["size"]):
                if start:
                    begins[round(row[start]["x0"])] += 1
                segments.append((row[start]["x0"], index - start, row[index - 1]["x1"] - row[start]["x0"]))
                start = index
    edge = max((row[-1]["x1"] for row in rows), default=0.0) - min((row[0]["x0"] for row in rows), default=0.0)
    found: list[float] = []
    for place, _ in begins.most_common():
        near = sum(begins[place + step] for step in (-2, -1, 0, 1, 2))
        least = 2 if any(abs(place - start) <= 3 for start in usual) else _LEAST_COLUMN
        if near < least or any(abs(place - other) <= 20 for other in found):
            continue
        # Columns of figures, and the numbers of an index, are no columns of text.
        beside = [segment for segment in segments if abs(segment[0] - place) <= 2.5]
        width = median(segment[2] for segment in beside)
        count = median(segment[1] for segment in beside)
        if width > 0.1 * edge and (count >= 2 or width > 0.2 * edge):
            found.append(float(place))
    return sorted(found)


def _crosses(row: Sequence[dict[str, Any]], starts: Sequence[float]) -> bool:
    """Whether a word, or no more than a space, stands where a column begins."""
    for start in starts:
        left = [word for word in row if word["x0"] < start - 2]
        right = [word for word in row if word["x0"] >= start - 2]
        if left and left[-1]["x1"] > start + 1:
            return True
        if left and right and right[0]["x0"] - left[-1]["x1"] < max(3.5, 0.4 * right[0]["size"]):
            return True
    return False


def _bands(
    rows: Sequence[list[dict[str, Any]]], starts: Sequence[float], body: float
) -> Iterator[list[list[dict[str, Any]]]]:
    """Yield rows that belong together: whole lines one way, lines of columns another, with white space between."""
    if not starts:
        yield list(rows)
        return
    band: list[list[dict[str, Any]]] = []
    whole = False
    bottom = 0.0
    for row in rows:
        crossing = _crosses(row, starts)
        gap = min(word["top"] for word in row) - bottom
        single = row[-1]["x0"] < starts[0] - 2
        heading = single and row[0]["size"] > 1.15 * body and (not band or band[-1][0]["size"] <= 1.15 * body)
        if band and (crossing != whole or (not whole and gap > 1.2 * body) or heading):
            yield band
            band = []
        band.append(row)
        whole = crossing
        bottom = max(word["bottom"] for word in row)
    if band:
        yield band


def _splits(band: Sequence[Sequence[dict[str, Any]]], starts: Sequence[float]) -> bool:
    return bool(starts) and not _crosses(band[0], starts)


def _line(words: Sequence[dict[str, Any]], page: int) -> Line:
    text = " ".join(" ".join(word["text"] for word in words).split())
    size = max(words, key=lambda word: len(word["text"]))["size"]
    bold = all(re.search(r"bold|black|heavy|demi", str(word.get("fontname", "")), re.I) for word in words)
    top = min(word["bottom"] - word["size"] for word in words)
    first = float(words[0]["x1"] - words[0]["x0"])
    place = (float(words[0]["x0"]), float(words[-1]["x1"]), float(top))
    return Line(text, float(size), page, *place, bold=bold, word=first)


def _begins_paragraph(before: Line, line: Line, usual: float) -> bool:
    if abs(line.size - before.size) > 0.15 * before.size:
        return len(before.text) > 2  # a drop capital belongs to what follows
    ended = before.text.rstrip("\"'”’»)]").endswith((".", "!", "?", ":", "…"))
    if line.page == before.page and not line.first and usual and line.top - before.top > 1.35 * usual:
        return True
    # Where the next word had room at the end of the line above, the break is meant.
    room = before.right - before.x1 > line.word + 0.6 * line.size
    fresh = not line.text[:1].islower()
    indented = line.x0 - line.left > 0.6 * line.size and before.x0 - before.left < 0.3 * before.size
    return (indented and (ended or room)) or (room and fresh and ended)


def _joined(text: str, more: str, vocabulary: frozenset[str]) -> str:
    found = _HYPHEN.search(text)
    if found is None or not more:
        return f"{text} {more}"
    word = re.match(r"\w+", more)
    if word is None or (word[0].casefold() in _CONJUNCTIONS and text[-1] != "\u00ad"):
        return f"{text} {more}"
    one, other = found[1].casefold(), word[0].casefold()
    compound = f"{one}-{other}" in vocabulary and one + other not in vocabulary
    if more[0].islower() and not compound:
        return text[:-1] + more
    return (text[:-1] if text[-1] == "\u00ad" else text) + more
