"""The text layer of a PDF document, page by page: lines in reading order, running heads and page numbers marked."""

from __future__ import annotations

import io
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mediakit.errors import need_extra
from mediakit.load.pdf_layout import Line, column_starts, page_lines
from mediakit.load.source import Source, UnreadableFile

_MOST_WORDS = 30_000  # on a page; no page of a newspaper has a third of it


@dataclass
class Pages:
    """The lines of a document, the number of its pages, and what was wrong with some of them."""

    lines: list[Line]
    count: int
    notes: list[str]


def read_pages(source: Source) -> Pages:
    """Read the text layer of a PDF document page by page.

    Raises
    ------
    UnreadableFile
        When the file is encrypted, broken, or holds scanned pages without a text layer.
    """
    try:
        import pdfplumber
        import pypdf
    except ImportError:
        raise need_extra("pdfplumber", "pdf", "Reading PDF documents") from None
    lines: list[Line] = []
    empty: list[int] = []
    broken: list[int] = []
    count = pictures = 0
    usual: list[float] = []  # where the columns of the pages before begin
    with _quiet("pdfminer", "pypdf", "pdfplumber"):
        _refuse_encrypted(source, pypdf)
        try:
            document = pdfplumber.open(io.BytesIO(source.data))
            pages = document.pages
        except Exception as error:  # noqa: BLE001  (the library lets any error through that a broken file can cause)
            raise UnreadableFile(f"a PDF document, but broken: {_short(error)}") from None
        try:
            for count, page in enumerate(pages, start=1):
                try:
                    words = _words(page)
                    if words:
                        lines += page_lines(words, count, usual)
                        usual = column_starts(words) or usual
                    else:
                        empty.append(count)
                        pictures += len(page.images)
                except Exception:  # noqa: BLE001  (as above; a broken page costs itself)
                    broken.append(count)
                finally:
                    page.close()
        finally:
            document.close()
    cut = b"%%EOF" not in source.data[-2048:]
    if not lines:
        if broken or not count:
            reason = "a PDF document, but broken: none of its pages can be read"
            raise UnreadableFile(f"{reason}; the end of the file is missing" if cut else reason)
        about = f"{count} pages without a text layer{' (scanned pictures)' if pictures else ''}"
        raise UnreadableFile(f"{about}; let a program recognise the text (OCR) and save the document anew")
    mark_running(lines)
    notes = [f"pages without a text layer: {_list(empty)}"] if empty else []
    notes += [f"pages that cannot be read: {_list(broken)}"] if broken else []
    notes += ["the end of the file is missing"] if cut else []
    return Pages(lines, count, notes)


def mark_running(lines: Sequence[Line]) -> None:
    """Mark running heads and page numbers: the outermost lines of pages that recur on others, apart from numbers."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    edges: list[list[Line]] = []
    seen: dict[str, dict[int, Line]] = defaultdict(dict)
    for number, on_page in pages.items():
        ordered = sorted(on_page, key=lambda line: line.top)
        for edge in (ordered[:3], ordered[:-4:-1]):
            edges.append(edge)
            for line in edge:
                seen[_key(line)][number] = line
    lowest = max((line.top for line in lines), default=0.0)
    lowest = max(lowest, _SHORTEST_PAGE)
    for edge in edges:
        before: Line | None = None
        for line in edge:
            outside = not 0.15 * lowest < line.top < 0.85 * lowest
            near = outside if before is None else abs(line.top - before.top) < 3 * line.size
            if not near or not _is_running(line, seen[_key(line)], len(pages)):
                break  # what stands further inside is no head
            line.running = True
            before = line


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text.casefold()))


def _is_running(line: Line, found: dict[int, Line], pages: int) -> bool:
    if _PAGE_NUMBER.fullmatch(line.text.strip()):
        return pages > 1 or "page" in line.text.casefold()
    if len(line.text) > 200 or _DELIMITER.search(line.text):
        return False
    if line.size > 1.15 * min(other.size for other in found.values()):
        return False  # the title that the heads repeat
    beside = [found[page] for page in (line.page - 1, line.page + 1) if page in found]
    return len(found) > 2 or any(other.text == line.text or "©" in line.text for other in beside)


_SHORTEST_PAGE = 600.0  # points; pages with few lines end higher than they are long
_UNKNOWN = re.compile(r"\(cid:\d+\)")  # a glyph of which the document does not say what letter it is
# Lines that end or begin an article, which must not be taken for running heads.
_DELIMITER = re.compile(
    r"^\s*(?:end of document|\d+ (?:of|von|de|van) \d+ (?:document|dokument)"
    r"|(?:document|dokument|documento) (?:\d+ (?:of|de|von)|\w{12,})|body$)"
    r"|\(p\.? ?[\w.,-]*\)\s*$|\b\d{1,2}[-./]\d{1,2}[-./]\d{4}\b",
    re.I,
)
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:page|pagina|seite|página|p\.|s\.)\s*)?\d{1,4}(?:\s*(?:of|von|de|van|sur|di|/)\s*\d{1,4})?[-–—\s]*",
    re.I,
)


def _refuse_encrypted(source: Source, pypdf: Any) -> None:
    try:
        reader = pypdf.PdfReader(io.BytesIO(source.data))
        locked = reader.is_encrypted and not reader.decrypt("")
    except Exception:  # noqa: BLE001  (what is wrong with the file, the other library will say)
        return
    if locked:
        raise UnreadableFile("encrypted: the PDF document needs a password; save it without one")


def _words(page: Any) -> list[dict[str, Any]]:
    """Return the upright words of a page; a space is as wide as the type is large, not a fixed number of points."""
    words = page.extract_words(x_tolerance_ratio=0.15, y_tolerance=3, extra_attrs=["size", "fontname"])
    words = [word for word in words if word.get("upright", True) and word["text"].strip()][:_MOST_WORDS]
    letters = unknown = 0
    for word in words:
        word["text"] = _UNKNOWN.sub("\ufffd", word["text"].replace("\u0000", ""))
        letters += len(word["text"])
        unknown += word["text"].count("\ufffd")
    return words if unknown <= 0.3 * letters else []


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:120]}".rstrip(": ")


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Keep the libraries' log messages from the user for a moment; what matters is in the ledger."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
