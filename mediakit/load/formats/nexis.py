"""Nexis Uni and Lexis Advance: Word documents and RTF, one to five hundred articles a file.

The documents have no styles, only an order: a cover (not always), then for each article title, outlet, date, copyright,
labelled lines, "Body", text, a block of subject terms, "Load-Date" and "End of Document". The copyright line is the
anchor: the date stands above it and the outlet above the date, however many lines the title takes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.dates import find_date_span
from mediakit.load.docx import docx_paragraphs, is_docx
from mediakit.load.ledger import Reading
from mediakit.load.nexis import (
    bare_line,
    body_marks,
    find_label,
    is_date_line,
    marks,
    read_length,
    split_date_line,
    starts_rights,
)
from mediakit.load.nexis_body import find_tail, join_blocks, read_tail, read_text
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.rtf import is_rtf, rtf_paragraphs
from mediakit.load.source import Source, UnreadableFile

_DECLARED = re.compile(r"^\s*(?:Documents?|Dokumente?|Documentos?|Documenti|Documenten)\s*\((\d+)\)\s*$", re.I)
_LENGTH = re.compile(
    r"^\s*[^\W\d_]{4,12}:\s*\xa0?\s*\d[\d.,]* (?:words|Wörter|Worte|mots|palabras|parole|woorden|palavras)"
)
_HEADER = frozenset((
    "section", "length", "byline", "place", "headline", "standfirst", "series", "distribution", "journal_code", "type",
))  # fmt: skip
_ANCHORS = _HEADER | {"text"}
_HEADER_TOO = frozenset(("language", "publication_type", "programme", "cast"))  # no anchors
_FARTHEST = 6  # lines between copyright and date: editions, notices, blanks


def sniff(source: Source) -> Sniffed:
    """Recognise a Word document from Nexis by the lines around its articles."""
    if not is_docx(source):
        return 0.0, ""
    try:
        return sniff_paragraphs(docx_paragraphs(source))
    except UnreadableFile:
        return 0.0, ""


def sniff_rtf(source: Source) -> Sniffed:
    """Recognise RTF from Nexis by the lines around its articles."""
    if not is_rtf(source.head[:200]):
        return 0.0, ""
    known = source.__dict__.get("paragraphs")
    if known is None:
        known = source.__dict__["paragraphs"] = rtf_paragraphs(source.data)
    return sniff_paragraphs(known)


def read(source: Source, options: Options) -> Reading:
    """Read a Word document from Nexis."""
    return read_paragraphs(docx_paragraphs(source))


def read_rtf(source: Source, options: Options) -> Reading:
    """Read RTF from Nexis."""
    return read_paragraphs(source.__dict__.get("paragraphs") or rtf_paragraphs(source.data))


def read_paragraphs(paragraphs: list[str]) -> Reading:
    """Read the paragraphs of a document from Nexis, article by article."""
    return read_blocks(Blocks(paragraphs))


def read_blocks(blocks: Blocks) -> Reading:
    """Read the paragraphs of a document from Nexis, article by article.

    Returns
    -------
    Reading
        Every paragraph marked in its ledger.
    """
    paragraphs = blocks.texts
    ends = _ends(paragraphs)
    articles: list[dict[str, Any]] = []
    notes: list[str] = []
    first, declared = 0, None
    for number, end in enumerate([*ends, len(paragraphs)]):
        cut = end == len(paragraphs)
        if number == 0:
            first, declared = _cover(blocks, end)
        if any(text.strip() for text in paragraphs[first:end]):
            article = _read_article(blocks, first, end, len(articles))
            if article is None:
                left = blocks.unmarked(first, end)
                # After the last article there is nothing but blank paragraphs, and at times the number of a style.
                trifle = cut and sum(len(paragraphs[index]) for index in left) < 40
                blocks.mark(left, "boilerplate" if trifle else "unparsed", None, "" if trifle else "no article found")
            else:
                if cut:
                    article["truncated"] = True
                    article["truncated_why"] = "the file ends before the article does"
                articles.append(article)
        if not cut:
            blocks.mark(end, "header")
        first = end + 1
    return blocks.reading(articles, declared=declared, notes=notes)


def sniff_paragraphs(paragraphs: list[str]) -> Sniffed:
    """Recognise paragraphs of a document from Nexis by the lines around its articles."""
    ends = len(_ends(paragraphs))
    if ends:
        return 1.0, f"{ends} times the mark at the end of a Nexis document"
    # RTF of other databases counts words too, but not with Nexis' labels.
    counted = any(_LENGTH.match(text) for text in paragraphs if 0 < len(text) < 40)
    return (0.9, "lines with Nexis' label for the length") if counted else (0.0, "")


def _ends(paragraphs: Sequence[str]) -> list[int]:
    """Return the indexes of the marks at the ends of documents."""
    known, first = marks("end"), _first_signs()
    return [
        index for index, text in enumerate(paragraphs)
        if 0 < len(text) < 40 and text[0] in first and bare_line(text) in known
    ]  # fmt: skip


@cache
def _first_signs() -> frozenset[str]:
    """Return with what a line can begin that is such a mark: most lines are told apart by this alone."""
    starts = {mark[0] for mark in marks("end")}
    return frozenset(sign for sign in map(chr, range(0x3000)) if sign.casefold()[:1] in starts or sign in " \r\n\xa0:")


def _cover(blocks: Blocks, end: int) -> tuple[int, int | None]:
    """Mark the cover, which lists the hits before the first article; return where it ends and the declared number."""
    declared, last = None, -1
    known = marks("cover")
    for index in range(end):
        text = blocks.texts[index]
        if not text:
            continue
        if starts_rights(text) or _field(text) in ("length", "text"):
            break
        found = _DECLARED.match(text) if len(text) < 40 and text.rstrip().endswith(")") else None
        if found:
            declared, last = int(found[1]), index
        elif len(text) < 400 and text.split(":", 1)[0].strip().casefold() in known:
            last = index
    if last < 0:
        return 0, None
    # The last hit ends with a table: a few rows up to a blank paragraph.
    index = last + 1
    while index < end and blocks.texts[index].strip():
        index += 1
    while index > 0 and index < end and not blocks.texts[index].strip():
        index += 1
    anchor = _find_anchor(blocks.texts, index, end)
    if anchor is None:
        index = _after_table(blocks.texts, last, end)
    blocks.mark(range(min(index, end)), "header", None, "cover")
    return min(index, end), declared


def _after_table(texts: list[str], last: int, end: int) -> int:
    index = last + 1
    while index < end and texts[index].strip():
        index += 1
    return index


def _read_article(blocks: Blocks, first: int, end: int, position: int) -> dict[str, Any] | None:
    texts = blocks.texts
    anchor = _find_anchor(texts, first, end)
    if anchor is None:
        return None
    date, below = anchor
    outlet = _before(texts, date, first)
    brand = None
    while outlet is not None and re.fullmatch(r"\s*\(.*\)\s*", texts[outlet], re.S):
        brand = texts[outlet].strip(" ()\n")
        blocks.mark(outlet, "metadata", position)
        outlet = _before(texts, outlet, first)
    if outlet is None:
        return None
    title = [index for index in range(first, outlet) if texts[index].strip()]
    while len(title) > 1 and bare_line(texts[title[-1]]) in marks("aggregator"):  # printed above the outlet's own name
        blocks.mark(title.pop(), "metadata", position, "who passed the article on")
    article: dict[str, Any] = {
        "outlet": re.sub(r"(?<=\w)\((?=\w)", " (", " ".join(texts[outlet].split())),
        "headline": join_blocks(blocks, title) or None,
    }
    if brand:
        article["brand"] = brand
    if title:
        blocks.mark(title, "headline", position)
    blocks.mark(outlet, "outlet", position)
    article["date_raw"], article["time"], article["edition"] = split_date_line(texts[date])
    blocks.mark(date, "date", position)
    for index in range(date + 1, below):
        line = " ".join(texts[index].split())
        label = find_label(line)
        if line.casefold() in marks("correction_appended"):
            article["corrected"] = True
            blocks.mark(index, "correction", position)
        elif label is not None and label[0] == "programme":
            article["programme"] = label[2] or None
            blocks.mark(index, "metadata", position)
        elif line:
            article["edition"] = f"{article['edition']}; {line}" if article["edition"] else line
            blocks.mark(index, "metadata", position)
    body = _read_header(blocks, below, end, position, article)
    tail = find_tail(texts, body, end)
    article["text"] = read_text(blocks, body, tail, position, article)
    read_tail(blocks, tail, end, position, article)
    if article["headline"] and "Correction Appended" in article["headline"]:
        bare = re.sub(r"\s*[-–—;]?\s*(?:Correction Appended)$", "", article["headline"])
        if bare != article["headline"]:
            article["headline"], article["corrected"] = bare or None, True
    return article


def _find_anchor(texts: list[str], first: int, end: int) -> tuple[int, int] | None:
    """Return the index of the date line and of the first line below the edition: copyright, or the first label."""
    for below in range(first, end):
        text = texts[below]
        if not text or not (starts_rights(text) or _field(text) in _ANCHORS or _is_law(text)):
            continue
        years = []
        for index in range(below - 1, max(first - 1, below - 1 - _FARTHEST), -1):
            if texts[index].strip() and is_date_line(texts[index].strip()):
                years.append(index)
                if find_date_span(texts[index]) is not None:
                    break
        dated = [index for index in years if find_date_span(texts[index]) is not None and below - index <= _FARTHEST]
        # "September 2021" is a date as well, and nearer than a title with a whole date in it.
        chosen = next((index for index in years if _is_month(texts[index]) or index in dated), None)
        if chosen is None and years:
            chosen = years[0]
        if chosen is not None and _before(texts, chosen, first) is not None:
            return chosen, below
        if _field(text) in ("text", "length"):
            return None
    return None


def _read_header(blocks: Blocks, below: int, end: int, position: int, article: dict[str, Any]) -> int:
    """Read copyright and labelled lines; return the index of the first paragraph of the text."""
    texts = blocks.texts
    field: str | None = "copyright" if starts_rights(texts[below]) else None
    fields: dict[str, list[str]] = {}
    labelled = False
    index = below
    while index < end:
        text = texts[index]
        index += 1
        if not text.strip():
            continue
        found = find_label(text)
        if found is not None and found[0] == "text" and not found[2]:
            blocks.mark(index - 1, "header", position)
            break
        if found is None and bare_line(text) in body_marks():
            blocks.mark(index - 1, "header", position)
            break
        if found is not None and (found[0] in _HEADER or found[0] in _HEADER_TOO):
            field, labelled = found[0], True
            fields.setdefault(field, []).append(found[2])
        elif not labelled and starts_rights(text):
            field = "copyright"
        elif field == "copyright" and not labelled:
            pass  # licences run over several paragraphs
        elif (field is not None and text.startswith("\n")) or (field == "standfirst" and _has_body(texts, index, end)):
            fields[field].append(text.strip())
        elif _has_body(texts, index, end):
            blocks.mark(index - 1, "metadata", position)
            continue
        else:
            index -= 1  # "Body" is missing: the text begins here
            break
        blocks.mark(index - 1, _KINDS.get(field or "", "metadata"), position)
    for name, lines in fields.items():
        joined = " ".join(" ".join(lines).split())
        if name == "length":
            article["declared_words"] = read_length(joined)
        elif name == "headline" and article.get("headline"):
            continue
        elif name == "standfirst":
            article["standfirst"] = "\n\n".join(" ".join(line.split()) for line in lines if line.strip()) or None
        else:
            article[name] = joined or None
    return index


_KINDS = {
    "copyright": "copyright", "section": "section", "byline": "byline", "place": "place", "standfirst": "standfirst",
    "headline": "headline",
}  # fmt: skip


def _before(texts: list[str], index: int, first: int) -> int | None:
    return next((above for above in range(index - 1, first - 1, -1) if texts[above].strip()), None)


def _has_body(texts: list[str], index: int, end: int) -> bool:
    """Whether the mark of the text is still to come, within the lines a header has."""
    return any(len(text) < 40 and bare_line(text) in body_marks() for text in texts[index : min(end, index + 40)])


def _is_law(text: str) -> bool:
    return len(text) < 40 and bare_line(text) in ("reporter", "judges", "counsel")


def _is_month(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    return 1 <= len(words) <= 2 and find_date_span(f"1 {text.strip()}") is not None


def _field(text: str) -> str | None:
    found = find_label(text) if len(text) < 2000 else None
    return found[0] if found else ("text" if len(text) < 40 and bare_line(text) in body_marks() else None)


READERS = (
    Reader("nexis-docx", sniff, read, "Nexis Uni or Lexis Advance, Word document"),
    Reader("nexis-rtf", sniff_rtf, read_rtf, "Nexis Uni or Lexis Advance, RTF"),
)
