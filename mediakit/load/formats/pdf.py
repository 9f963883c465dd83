"""PDF documents with a text layer: press clippings, exports from Factiva, Nexis Uni and LexisNexis, single articles.

The layout gives lines in reading order (`mediakit.load.pdf`). What ends or begins an article decides how they are read:
the marks of a vendor, lines that name outlet, date and page (their forms are data, `pdf.toml`), or nothing of the kind,
and then the document is one article.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from mediakit.load import factiva, nexis
from mediakit.load.blocks import Blocks
from mediakit.load.dates import find_date_line, read_date
from mediakit.load.ledger import Reading
from mediakit.load.pdf import read_pages
from mediakit.load.pdf_layout import Line, join_lines, usual_lead, vocabulary_of
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source

_NUMBERED = re.compile(
    r"^\d+\s+(?:of|von|de|van)\s+\d+\s+(?:documents?|dokumente?n?)$|^(?:dokument|document)\s+\d+\s+(?:von|de|van)\s+\d+$",
    re.I,
)
_RIGHTS = re.compile(r"(?:\(c\)|©|copyright)", re.I)
_LEADERS = re.compile(r"^(?P<title>.*?)\s*(?:\.[ ]?){4,}\s*(?P<page>\d{1,4})$")
_LARGER = 1.08  # times the size of the text, for a headline
_LONGEST_HEADLINE = 5  # lines
_DATE = (
    r"(?P<date>\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?"
    r"\s+(?:de\s+)?\d{4}|[^\W\d_]{3,12}\.?\s+\d{1,2},?\s+\d{4})"
)


def sniff(source: Source) -> Sniffed:
    """Recognise a PDF document by its first bytes."""
    return (1.0, "a PDF document") if b"%PDF-" in source.head[:1024] else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read a PDF document: an article a clipping, or one for the whole document."""
    pages = read_pages(source)
    kept = [line for line in pages.lines if not line.running]
    reading = _read_export(kept, options)
    if reading is None or not reading.articles:
        reading = _read_clippings(pages.lines)
    elif len(kept) < len(pages.lines):
        reading.notes.append(f"{len(pages.lines) - len(kept)} running heads and page numbers left out")
    reading.notes += [f"{pages.count} page{'' if pages.count == 1 else 's'}", *pages.notes]
    return reading


def _read_export(lines: Sequence[Line], options: Options) -> Reading | None:
    """Read the lines as the vendor's reader does whose marks are among them; None without marks."""
    texts = [line.text.strip() for line in lines]
    ends = nexis.marks("end")
    if any(len(text) < 40 and text.casefold() in ends for text in texts):
        from mediakit.load.formats.nexis import read_paragraphs

        return read_paragraphs(_paragraphs(lines, _opens_nexis_text, lambda text: text.casefold() in ends))
    if any(map(_NUMBERED.match, texts)):
        from mediakit.load.formats import nexis_old

        return nexis_old.read(Source.of_bytes("lines.txt", _spaced(lines).encode("utf-8", "replace")), options)
    if any(factiva.find_identifier(text) for text in texts) and any(map(factiva.is_word_count, texts)):
        from mediakit.load.formats.factiva_text import read_lines

        closes: Callable[[str], bool] = lambda text: factiva.find_identifier(text) is not None  # noqa: E731
        return read_lines(Blocks(_paragraphs(lines, lambda text: _RIGHTS.match(text) is not None, closes)))
    return None


def _opens_nexis_text(text: str) -> bool:
    found = nexis.find_label(text if text.endswith(":") else f"{text}:") if len(text) < 20 else None
    return found is not None and found[0] == "text" and not found[2]


def _paragraphs(lines: Sequence[Line], opens: Callable[[str], bool], closes: Callable[[str], bool]) -> list[str]:
    """Join the lines of the texts to paragraphs; above a text, lines stay as they are, but for a wrapped headline."""
    known = vocabulary_of(lines)
    body = _body_size(lines)
    found: list[str] = []
    group: list[Line] = []
    inside = False

    def flush() -> None:
        found.extend(join_lines(group, known))
        group.clear()

    for line in lines:
        text = line.text.strip()
        if closes(text):
            flush()
            found.append(text)
            inside = False
        elif nexis.find_label(text) is None if inside else _goes_on(group, line, body) and not opens(text):
            group.append(line)
        else:
            if group and not inside:
                found.append(" ".join(other.text for other in group))
                group.clear()
            flush()
            found.append(text)
            inside = inside or opens(text)
    flush()
    return found


def _goes_on(title: Sequence[Line], line: Line, body: float) -> bool:
    """Whether a line above a text begins or continues a headline in larger type."""
    return (line.size > 1.2 * body or line.bold) and (not title or abs(title[-1].size - line.size) < 0.3)


def _spaced(lines: Sequence[Line]) -> str:
    """Return the lines as text, with a blank line where the page has a larger lead."""
    usual = usual_lead(lines)
    found: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else None
        if before is not None and (
            _NUMBERED.match(line.text) or (before.page == line.page and line.top - before.top > 1.35 * usual)
        ):
            found.append("")
        found.append(line.text)
    return "\n".join(found) + "\n"


def _read_clippings(lines: Sequence[Line]) -> Reading:
    """Read clippings, each with a line that names outlet, date and page; without any, the document is one article."""
    blocks = Blocks([line.text for line in lines])
    blocks.mark((n for n, line in enumerate(lines) if line.running), "boilerplate", None, "running head or page number")
    titles = _mark_index(blocks, lines)
    free = [number for number in range(len(lines)) if blocks.marks[number] is None]
    body = _body_size([lines[number] for number in free])
    known = vocabulary_of(lines)
    heads = _find_heads(lines, free, body)
    if not heads:
        article = _read_single(blocks, lines, free, body, known)
        return blocks.reading([article], declared=None)
    above = _stands_above(lines, free, heads, body)
    extents = [_headline(lines, free, at, above, body, titles) for at, _ in heads]
    begins = [min(at, *title) if title else at for (at, _), title in zip(heads, extents, strict=True)]
    articles: list[dict[str, Any]] = []
    for number, ((at, fields), title) in enumerate(zip(heads, extents, strict=True)):
        end = begins[number + 1] if number + 1 < len(begins) else len(free)
        rest = [free[index] for index in range(begins[number], end) if index != at and index not in title]
        blocks.mark(free[at], "date", number, "outlet, date and page")
        blocks.mark((free[index] for index in title), "headline", number)
        article = {**fields, "headline": " ".join(join_lines([lines[free[index]] for index in title], known)) or None}
        articles.append({**article, **_read_body(blocks, lines, rest, number, known)})
    blocks.mark((free[index] for index in range(begins[0])), "header", None, "above the first clipping")
    return blocks.reading(articles, declared=len(titles) if _lists(titles, articles) else None)


def _lists(titles: Sequence[str], articles: Sequence[dict[str, Any]]) -> bool:
    """Whether an index lists the clippings, as most of its titles are among their headlines."""
    headlines = {_bare(article["headline"] or "") for article in articles} - {""}
    known = sum(_bare(title) in headlines or any(line in _bare(title) for line in headlines) for title in titles[:500])
    return known > 0.5 * min(len(titles), 500)


def _mark_index(blocks: Blocks, lines: Sequence[Line]) -> list[str]:
    """Mark the lines of an index, whose leaders run to page numbers; return the titles in it."""
    found = [(number, match) for number, line in enumerate(lines) if (match := _LEADERS.match(line.text)) is not None]
    if len(found) < 2:
        return []
    titles: list[str] = []
    last = found[0][0] - 1
    for number, match in found:
        wrapped = [n for n in range(max(last + 1, number - 3), number) if blocks.marks[n] is None]
        if number == found[0][0]:
            wrapped = []
        near = [
            n for n in wrapped if lines[n].page == lines[number].page and abs(lines[n].size - lines[number].size) < 0.5
        ]
        titles.append(" ".join([*(lines[n].text for n in near), match["title"]]).strip())
        blocks.mark([*near, number], "boilerplate", None, "index")
        last = number
    heading = found[0][0] - 1
    if heading >= 0 and lines[heading].text.strip(" :").casefold() in _words()["index"]:
        blocks.mark(heading, "boilerplate", None, "index")
    return titles


def _find_heads(lines: Sequence[Line], free: Sequence[int], body: float) -> list[tuple[int, dict[str, Any]]]:
    """Return the lines that name outlet, date and page, by their place among the free lines, with their fields."""
    found = []
    certain = False
    for at, number in enumerate(free):
        line = lines[number]
        if len(line.text) > 160 or not re.search(r"\d{4}", line.text):
            continue
        beside = [lines[free[other]] for other in (at - 1, at + 1) if 0 <= other < len(free)]
        large = any(other.size > body * _LARGER and other.page == line.page for other in beside)
        for sure, pattern in _patterns():
            match = pattern.fullmatch(line.text.strip()) if sure or large else None
            date = read_date(match["date"], day_first=True) if match else None
            if match is None or date is None:
                continue
            page = match.groupdict().get("page") or ""
            page = page.lstrip("0") if page.isdigit() else page.strip(" .,")
            fields = {
                "outlet": match["outlet"].strip(" ,;|"),
                "date": date,
                "date_raw": match["date"],
                "page": page or None,
            }
            found.append((at, fields))
            certain |= sure
            break
    above = sum(len(lines[number].text) for number in free[: found[0][0]]) if found else 0
    if not certain and above > 0.1 * sum(len(lines[number].text) for number in free):
        return []  # dates in the midst of a text
    return found


def _stands_above(lines: Sequence[Line], free: Sequence[int], heads: Sequence[tuple[int, Any]], body: float) -> bool:
    """Whether headlines stand above the lines with outlet and date, as most often; else below."""
    above = sum(lines[free[at - 1]].size > body * _LARGER for at, _ in heads if at > 0)
    below = sum(lines[free[at + 1]].size > body * _LARGER for at, _ in heads if at + 1 < len(free))
    return above >= below


def _headline(
    lines: Sequence[Line], free: Sequence[int], at: int, above: bool, body: float, titles: Sequence[str]
) -> list[int]:
    """Return the places of the lines that are the headline of a clipping: in larger type, as in the index, or near."""
    step = -1 if above else 1
    near: list[int] = []
    for index in range(at + step, at + step * (_LONGEST_HEADLINE + 1), step):
        if not 0 <= index < len(free) or lines[free[index]].page != lines[free[at]].page:
            break
        near.append(index)
    known = {_bare(title) for title in titles}
    for count in range(len(near), 0, -1):
        if _bare(" ".join(lines[free[index]].text for index in sorted(near[:count]))) in known:
            return sorted(near[:count])
    if not near:
        return []
    first = lines[free[near[0]]]
    marked = first.size > body * _LARGER or first.bold
    found = [near[0]]
    for one, other in pairwise(near):
        line, before = lines[free[other]], lines[free[one]]
        same = abs(line.size - first.size) < 0.5 and line.bold == first.bold
        close = abs(line.top - before.top) < 1.7 * max(line.size, before.size)
        if not same or not close or (not marked and not line.text[-1:].isalnum()):
            break
        found.append(other)
    return sorted(found if marked or len(found) <= 3 else found[:1])


def _read_single(
    blocks: Blocks, lines: Sequence[Line], free: Sequence[int], body: float, known: frozenset[str]
) -> dict[str, Any]:
    """Read a document without any mark as one article: the headline is what is largest on its first page."""
    first = [number for number in free if lines[number].page == lines[free[0]].page] if free else []
    largest = max((lines[number].size for number in first), default=0.0)
    title: list[int] = []
    if largest > body * _LARGER:
        for number in first:
            if lines[number].size > 0.97 * largest and (not title or number - title[-1] == 1):
                title.append(number)
        if len(title) > 2 * _LONGEST_HEADLINE:
            title = []
    article: dict[str, Any] = {
        "headline": " ".join(" ".join(join_lines([lines[n] for n in title], known)).split()) or None
    }
    blocks.mark(title, "headline", 0)
    for number in first[:15]:
        text = lines[number].text
        if blocks.marks[number] is None and "date_raw" not in article and (printed := find_date_line(text)):
            article["date_raw"] = printed
            blocks.mark(number, "date", 0)
        elif blocks.marks[number] is None and "byline" not in article and _by().match(text) and len(text) < 80:
            article["byline"] = text
            blocks.mark(number, "byline", 0)
    rest = [number for number in free if blocks.marks[number] is None]
    return {**article, **_read_body(blocks, lines, rest, 0, known)}


def _read_body(
    blocks: Blocks, lines: Sequence[Line], rest: Sequence[int], position: int, known: frozenset[str]
) -> dict[str, Any]:
    """Return the text of an article, and its author where the first line names one."""
    article: dict[str, Any] = {}
    first = lines[rest[0]].text if rest else ""
    if len(first) < 60 and _by().match(first) and not first.endswith((".", ",")):
        article["byline"] = first
        blocks.mark(rest[0], "byline", position)
        rest = rest[1:]
    blocks.mark(rest, "text", position)
    article["text"] = "\n\n".join(join_lines([lines[number] for number in rest], known)) or None
    return article


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("mediakit.load.formats").joinpath("pdf.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in _data()["words"].items()}


@cache
def _by() -> re.Pattern[str]:
    return re.compile(rf"^(?i:{'|'.join(sorted(_words()['by']))})\s+(?=[^\W\d_a-zß-öø-ÿ])")


@cache
def _patterns() -> list[tuple[bool, re.Pattern[str]]]:
    """Return the forms of a line with outlet, date and page, and whether a line in such a form needs no other sign."""
    data = _data()
    page = "|".join(data["words"]["page"])
    found = []
    for name in ("sure", "rest"):
        for form in data["headers"][name]:
            form = form.replace("{date}", _DATE).replace("{page_word}", page).replace("{weekday}", r"[^\W\d_]{5,12}")
            found.append((name == "sure", re.compile(form, re.I)))
    return found


READER = Reader("pdf", sniff, read, "PDF document with a text layer")
