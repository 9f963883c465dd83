"""LexisNexis Academic and nexis.com, until about 2019: plain text, RTF (often named .DOC) and HTML.

Articles follow on a line such as "3 of 100 DOCUMENTS". Two orders exist: outlet, date, headline and labels with the
copyright at the end (nexis.com), or the copyright first and the headline behind a label (Academic). Labels are printed
in capitals, in the language of the interface.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.ledger import Reading
from mediakit.load.lines import join_wrapped
from mediakit.load.markup import cut_html, html_blocks, one_line, parse_html
from mediakit.load.nexis import (
    COPYRIGHT,
    marks,
    name_language,
    read_length,
    split_terms,
)
from mediakit.load.nexis_heading import (
    TAILS,
    Line,
    find_heading,
    is_labelled,
    is_name,
    is_rights,
    label_of,
    read_heading,
    spoken_label,
)
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.rtf import is_rtf, rtf_paragraphs
from mediakit.load.source import Source
from mediakit.load.terms import Term, join_terms

_NUMBERED = (
    r"(?:(\d{1,6}) of (\d{1,6}) DOCUMENTS?"
    r"|(?:Dokument|Document|Documento|Doc\.?) (\d{1,6}) (?:von|de|di|van|of) (\d{1,6}))"
)
_DELIMITER = re.compile(rf"^\s*{_NUMBERED}\s*$", re.I)
_DELIMITERS = re.compile(rf"^[^\S\n]*{_NUMBERED}[^\S\n]*\r?$", re.I | re.M)
_LENGTH = re.compile(
    r"^\s*(?:LENGTH|LÄNGE|LONGUEUR|LONGITUD|EXTENSIÓN|LUNGHEZZA|LENGTE|COMPRIMENTO): *\d[\d.,]* +\S+", re.M
)
_LABELS = re.compile(
    r"^\s*(?:LOAD-DATE|UPDATE|SECTION|RUBRIK|BYLINE|BODY|TEKST|RUBRIQUE|LANGUAGE|SPRACHE|LANGUE):", re.M
)
_HTML_MARK = re.compile(r"<DOCFULL>|<a name=\"?DOC_ID_\d|<!-- LXNComment|<DOC NUMBER=", re.I)
_DOCUMENT = re.compile(r"<a name=\"?DOC_ID_\d", re.I)
_DECLARED = re.compile(r"<meta[^>]*\bdocuments\s*=\s*\"(\d+)\"", re.I)
_REQUEST = re.compile(r"(?:Download Request|Printopdracht|Druckauftrag|Demande)[^:]*:[^:\n]*:?\s*(\d+)-(\d+)", re.I)
_ISSUE = re.compile(r"[;,]?\s*\b(?:Ausg|Ausgabe)\.?:?\s*(?:Nr\.?\s*)?(\d[\w/-]*)\s*$")


def sniff(source: Source) -> Sniffed:
    """Recognise plain text from LexisNexis by its numbered delimiters, or by its labels."""
    sample = source.sample
    start = sample.lstrip()[:1]
    if start == "<":
        return 0.0, ""
    if found := _DELIMITERS.search(sample):
        return 0.99, f'the delimiter "{found[0].strip()}"'
    if start != "{" and _LENGTH.search(sample) and len(set(_LABELS.findall(sample))) >= 2:
        return 0.95, "the labels of one LexisNexis article"
    return 0.0, ""


def sniff_html(source: Source) -> Sniffed:
    """Recognise HTML from LexisNexis by the marks around its documents."""
    return (0.99, "LexisNexis marks its documents") if _HTML_MARK.search(source.sample) else (0.0, "")


def sniff_rtf(source: Source) -> Sniffed:
    """Recognise RTF from LexisNexis by its numbered delimiters."""
    if not is_rtf(source.head[:200]):
        return 0.0, ""
    known = source.__dict__.get("paragraphs")
    if known is None:
        known = source.__dict__["paragraphs"] = rtf_paragraphs(source.data)
    count = sum(bool(_DELIMITER.match(text)) for text in known if len(text) < 80)
    return (0.99, f"{count} numbered delimiters") if count else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read plain text from LexisNexis."""
    text = source.take_text()
    request = _REQUEST.search(text[:3000])
    lines = text.splitlines(keepends=True)
    del text
    declared = int(request[2]) - int(request[1]) + 1 if request and int(request[2]) >= int(request[1]) else None
    return _read_lines(Blocks(lines, unit="character", joint=0), wrapped=True, declared=declared)


def read_rtf(source: Source, options: Options) -> Reading:
    """Read RTF from LexisNexis."""
    paragraphs = source.__dict__.get("paragraphs") or rtf_paragraphs(source.data)
    lines = [line for paragraph in paragraphs for line in (paragraph.split("\n") or [""])]
    return _read_lines(Blocks(lines), wrapped=False)


def read_html(source: Source, options: Options) -> Reading:
    """Read HTML from LexisNexis."""
    text = source.take_text()
    declared = _DECLARED.search(text[:20_000])
    texts: list[str] = []
    runs: list[int] = []
    for piece in cut_html(text, _DOCUMENT):
        tree = parse_html(piece, plain=True)
        body = tree.find(".//body")
        above = runs[-1] if runs else 0
        divisions = {} if body is None else {node: above + at for at, node in enumerate(body.iter("div"), start=1)}
        for block in html_blocks(tree, divisions):
            texts.append(block.text)
            runs.append(block.label or above)
    del text
    blocks = Blocks(texts)
    return _read_lines(blocks, wrapped=False, declared=int(declared[1]) if declared else None, runs=runs)


def _read_lines(
    blocks: Blocks, *, wrapped: bool, declared: int | None = None, runs: list[int] | None = None
) -> Reading:
    texts = blocks.texts
    starts = {index: found for index, text in enumerate(texts) if (found := _delimiter(text)) is not None}
    articles: list[dict[str, Any]] = []
    errors = tuple(marks("error"))
    longest = max(map(len, errors))
    segments = list(pairwise([*starts, len(texts)])) if starts else [(0, len(texts))]
    if starts:
        blocks.mark((line.index for line in _lines(texts, runs, 0, segments[0][0])), "header", None, "cover")
    for first, end in segments:
        if starts:
            blocks.mark(first, "header")
        segment = _lines(texts, runs, first + bool(starts), end)
        error = next((at for at, line in enumerate(segment) if line.text[:longest].casefold().startswith(errors)), None)
        if error is not None and (error < 6 or error + 1 == len(segment)):
            cut = error if error >= 6 else 0  # a document without a number of its own stands below the last article
            blocks.mark((line.index for line in segment[cut:]), "skipped", None, "LexisNexis put an error message here")
            segment = segment[:cut]
            if not segment:
                continue
        article = _read_article(blocks, segment, len(articles), wrapped) if segment else None
        if article is None and segment and all(is_rights(line.text) for line in segment):
            why = f"{texts[first].strip()}: nothing but the copyright, the article is not in the file"
            blocks.mark((line.index for line in segment), "skipped", None, why)
        elif article is None:
            note = "no date and no label: not readable as an article" if segment else ""
            blocks.mark((line.index for line in segment), "unparsed", None, note)
        else:
            articles.append(article)
    return blocks.reading(articles, declared=declared, notes=_gaps(list(starts.values())))


def _delimiter(text: str) -> int | None:
    """Return the number in a line such as "3 of 100 DOCUMENTS"."""
    line = text.strip()
    numbered = 0 < len(line) < 80 and (line[0].isdigit() or line[0] in "dD")
    found = _DELIMITER.match(line.replace("\xa0", " ")) if numbered else None
    return int(found[1] or found[3]) if found else None


def _lines(texts: list[str], runs: list[int] | None, first: int, end: int) -> list[Line]:
    """Return the lines of an article that are not blank, with the run that each is in."""
    lines, run = [], 0
    for index in range(first, end):
        text = texts[index].strip()
        if text:
            lines.append(Line(index, text.replace("\xa0", " "), runs[index] if runs else run))
        else:
            run += 1
    return lines


def _gaps(numbers: list[int]) -> list[str]:
    """Say which numbers are missing between the first and the last delimiter."""
    missing = [
        number for before, after in pairwise(numbers)
        for number in range(before + 1, min(after, before + 50))
    ]  # fmt: skip
    shown = ", ".join(map(str, missing[:10])) + (", …" if len(missing) > 10 else "")
    return [f"the numbering leaves out {shown}"] if missing else []


def _read_article(blocks: Blocks, lines: list[Line], position: int, wrapped: bool) -> dict[str, Any] | None:
    labelled = next((number for number, line in enumerate(lines) if label_of(line.text) is not None), len(lines))
    article: dict[str, Any] = {}
    held: dict[str, list[str]] = {}
    heading = find_heading(blocks, lines, labelled, wrapped)
    if heading is None:
        body = _read_labels(blocks, lines, labelled, position, held)
        dated = read_heading(blocks, lines[:labelled], position, article, has_headline="headline" in held)
        if not dated and labelled == len(lines):
            return None
        tail = _find_tail(lines, body)
    else:
        read_heading(blocks, lines[:heading], position, article, has_headline=False)
        if heading + 1 < len(lines) and is_name(lines, heading):
            held["byline"] = [lines[heading].text]
            blocks.mark(lines[heading].index, "byline", position)
            heading += 1
        body = _read_labels(blocks, lines, heading, position, held)
        tail = _find_tail(lines, body, every=True)
    article["text"] = _join(blocks, lines[body:tail], position, wrapped)
    _read_tail(blocks, lines[tail:], position, held)
    return _fill(article, held)


def _read_labels(blocks: Blocks, lines: list[Line], first: int, position: int, held: dict[str, list[str]]) -> int:
    """Read the labelled lines above the text; return the number of the first line of the text."""
    number, field, run = first, "", -1
    while number < len(lines):
        line = lines[number]
        found = label_of(line.text)
        if found is None and "length" not in held:
            found = spoken_label(line.text)
        if found is not None and found[0] == "text":
            blocks.mark(line.index, "header", position)
            if not found[2]:
                return number + 1
            held.setdefault("lead", []).append(found[2])
            return number + 1
        if found is not None and (found[0] in TAILS or found[0].startswith("terms:")) and "length" in held:
            break  # an article without a text
        if found is not None:
            field, run = found[0], line.run
            held.setdefault(field, []).append(found[2])
        elif line.run == run or (field == "standfirst" and not held[field][0] and _text_follows(lines, number)):
            held[field].append(line.text)
        else:
            break
        blocks.mark(line.index, _KINDS.get(field, "metadata"), position)
        number += 1
    return number


def _text_follows(lines: list[Line], number: int) -> bool:
    """Whether the next label is that of the text, so that what stands above it is a summary."""
    labels_below = (found for line in lines[number : number + 60] if (found := label_of(line.text)) is not None)
    return next((found[0] for found in labels_below), None) == "text"


_KINDS = {
    "section": "section", "byline": "byline", "place": "place", "standfirst": "standfirst", "headline": "headline",
    "graphic": "caption", "correction": "correction", "notes": "correction",
}  # fmt: skip


def _find_tail(lines: list[Line], body: int, *, every: bool = False) -> int:
    """Return where the fields below the text begin; `every` label may be the first where none stand above it."""
    for number in range(body, len(lines)):
        line = lines[number]
        found = label_of(line.text)
        begins = number == body or lines[number - 1].run != line.run
        if found is not None and ((every and begins) or found[0] in TAILS or found[0].startswith("terms:")):
            return number
        last = number == body or lines[number - 1].run != line.run
        if last and COPYRIGHT.match(line.text) and len(line.text) < 200 and len(lines) - number <= 6:
            return number
    return len(lines)


def _read_tail(blocks: Blocks, lines: list[Line], position: int, held: dict[str, list[str]]) -> None:
    field, run = "", -1
    for line in lines:
        found = label_of(line.text)
        if found is not None and found[0] not in ("text", "headline"):
            field, run = found[0], line.run
            held.setdefault(field, []).append(found[2])
        elif COPYRIGHT.match(line.text) or (field == "copyright" and line.run == run):
            field, run = "copyright", line.run
        elif line.run == run or field in ("graphic", "correction", "notes", "standfirst"):
            held.setdefault(field, []).append(line.text)
        else:
            if is_labelled(line.text):  # a field that no list knows: kept in the ledger under its own name
                field, run = "other", line.run
                blocks.mark(line.index, "metadata", position, line.text.split(":")[0].strip())
            continue  # the rest stays unmarked and shows as unparsed
        blocks.mark(line.index, "copyright" if field == "copyright" else _KINDS.get(field, "metadata"), position)


def _fill(article: dict[str, Any], held: dict[str, list[str]]) -> dict[str, Any]:
    terms: list[Term] = []
    for field, lines in held.items():
        joined = " ".join(" ".join(lines).split())
        if field.startswith("terms:"):
            terms += split_terms(field.removeprefix("terms:"), joined)
        elif field == "length":
            article["declared_words"] = read_length(joined)
        elif field == "lead":
            article["text"] = "\n\n".join(part for part in (joined, article.get("text")) if part)
        elif field == "language":
            article[field] = name_language(joined)
        elif field != "copyright" and joined and not article.get(field):
            article[field] = joined
    issue = _ISSUE.search(article.get("section") or "")
    if issue is not None:
        article["section"], article["issue"] = article["section"][: issue.start()].strip() or None, issue[1]
    article["terms"] = join_terms(terms)
    return article


def _join(blocks: Blocks, lines: list[Line], position: int, wrapped: bool) -> str | None:
    blocks.mark((line.index for line in lines), "text", position)
    if not wrapped:
        return "\n\n".join(one_line(line.text) for line in lines) or None
    runs = groupby(lines, key=lambda line: line.run)
    return "\n\n".join(join_wrapped(line.text for line in run) for _, run in runs) or None


READERS = (
    Reader("nexis-txt", sniff, read, "LexisNexis Academic or nexis.com, plain text"),
    Reader("nexis-html", sniff_html, read_html, "LexisNexis Academic or nexis.com, HTML"),
    Reader("nexis-old-rtf", sniff_rtf, read_rtf, "LexisNexis Academic or nexis.com, RTF (.RTF or .DOC)"),
)
