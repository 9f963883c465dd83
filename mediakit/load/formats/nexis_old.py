"""LexisNexis Academic and nexis.com, until about 2019: plain text, RTF (often named .DOC) and HTML.

Articles follow on a line such as "3 of 100 DOCUMENTS". Two orders exist: outlet, date, headline and labels with the
copyright at the end (nexis.com), or the copyright first and the headline behind a label (Academic). Labels are printed
in capitals, in the language of the interface.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.dates import find_date_line, find_date_span
from mediakit.load.ledger import Reading
from mediakit.load.lines import join_wrapped
from mediakit.load.markup import html_blocks, parse_html
from mediakit.load.nexis import (
    COPYRIGHT,
    find_label,
    is_date_line,
    marks,
    read_length,
    split_date_line,
    split_terms,
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
_DECLARED = re.compile(r"<meta[^>]*\bdocuments\s*=\s*\"(\d+)\"", re.I)
_REQUEST = re.compile(r"(?:Download Request|Printopdracht|Druckauftrag|Demande)[^:]*:[^:\n]*:?\s*(\d+)-(\d+)", re.I)
_EDITION = re.compile(r"\b(?:edition|edición|edizione|editie|édition|edição|ausgabe|uitgave|final|late)\b", re.I)
_LABEL = re.compile(r"^\s*[A-ZÄÖÜÉÈÀÂÊÎÔÛÇÑÓÍÁÚ][A-ZÄÖÜÉÈÀÂÊÎÔÛÇÑÓÍÁÚ \-/.]{1,30}:")
_TAILS = frozenset((
    "load_date", "language", "publication_type", "journal_code", "graphic", "notes", "correction", "type",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    index: int  # in the file's blocks
    text: str
    run: int  # lines without a blank line between them


def sniff(source: Source) -> Sniffed:
    """Recognise plain text from LexisNexis by its numbered delimiters, or by its labels."""
    sample = source.sample
    found = _DELIMITERS.search(sample)
    if found and not sample.lstrip().startswith("<"):
        return 0.99, f'the delimiter "{found[0].strip()}"'
    if _LENGTH.search(sample) and len(set(_LABELS.findall(sample))) >= 2 and not sample.lstrip().startswith(("<", "{")):
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
    text = source.text
    lines = text.splitlines(keepends=True)
    request = _REQUEST.search(text[:3000])
    declared = int(request[2]) - int(request[1]) + 1 if request and int(request[2]) >= int(request[1]) else None
    return _read_lines(Blocks(lines, unit="character", joint=0), wrapped=True, declared=declared)


def read_rtf(source: Source, options: Options) -> Reading:
    """Read RTF from LexisNexis."""
    paragraphs = source.__dict__.get("paragraphs") or rtf_paragraphs(source.data)
    lines = [line for paragraph in paragraphs for line in (paragraph.split("\n") or [""])]
    return _read_lines(Blocks(lines), wrapped=False)


def read_html(source: Source, options: Options) -> Reading:
    """Read HTML from LexisNexis."""
    text = source.text
    tree = parse_html(text)
    body = tree.find(".//body")
    divisions = {} if body is None else {node: number for number, node in enumerate(body.iter("div"), start=1)}
    found = html_blocks(tree, divisions)
    declared = _DECLARED.search(text[:20_000])
    runs = [block.label or 0 for block in found]
    blocks = Blocks([block.text for block in found])
    return _read_lines(blocks, wrapped=False, declared=int(declared[1]) if declared else None, runs=runs)


def _read_lines(
    blocks: Blocks, *, wrapped: bool, declared: int | None = None, runs: list[int] | None = None
) -> Reading:
    lines = _number_runs(blocks.texts, runs)
    starts = [number for number, line in enumerate(lines) if len(line.text) < 80 and _DELIMITER.match(line.text)]
    articles: list[dict[str, Any]] = []
    if not starts:
        segments = [(0, len(lines))]
    else:
        blocks.mark((line.index for line in lines[: starts[0]]), "header", None, "cover")
        segments = list(zip(starts, [*starts[1:], len(lines)], strict=True))
    for first, end in segments:
        begin = first
        if starts:
            blocks.mark(lines[first].index, "header")
            begin += 1
        segment = lines[begin:end]
        if any(line.text.casefold().startswith(tuple(marks("error"))) for line in segment[:6]):
            blocks.mark((line.index for line in segment), "skipped", None, "LexisNexis put an error message here")
            continue
        article = _read_article(blocks, segment, len(articles), wrapped) if segment else None
        if article is None:
            note = "no date and no label: not readable as an article" if segment else ""
            blocks.mark((line.index for line in segment), "unparsed", None, note)
        else:
            articles.append(article)
    return blocks.reading(articles, declared=declared, notes=_gaps(lines, starts))


def _number_runs(texts: list[str], runs: list[int] | None) -> list[_Line]:
    lines, run = [], 0
    for index, text in enumerate(texts):
        if not text.strip():
            run += 1
        else:
            lines.append(_Line(index, text.strip().replace("\xa0", " "), runs[index] if runs else run))
    return lines


def _gaps(lines: list[_Line], starts: list[int]) -> list[str]:
    """Say which numbers are missing between the first and the last delimiter."""
    numbers = []
    for start in starts:
        found = _DELIMITER.match(lines[start].text)
        if found:
            numbers.append(int(found[1] or found[3]))
    missing = [
        number for before, after in pairwise(numbers)
        for number in range(before + 1, min(after, before + 50))
    ]  # fmt: skip
    shown = ", ".join(map(str, missing[:10])) + (", …" if len(missing) > 10 else "")
    return [f"the numbering leaves out {shown}"] if missing else []


def _read_article(blocks: Blocks, lines: list[_Line], position: int, wrapped: bool) -> dict[str, Any] | None:
    labelled = next((number for number, line in enumerate(lines) if _label(line.text) is not None), len(lines))
    article: dict[str, Any] = {}
    held: dict[str, list[str]] = {}
    body = _read_labels(blocks, lines, labelled, position, held, wrapped)
    dated = _read_heading(blocks, lines[:labelled], position, article, has_headline="headline" in held)
    if not dated and labelled == len(lines):
        return None
    tail = _find_tail(lines, body)
    article["text"] = _join(blocks, lines[body:tail], position, wrapped)
    _read_tail(blocks, lines[tail:], position, held)
    return _fill(article, held)


def _label(text: str) -> tuple[str, str, str] | None:
    """Return the label at the beginning of a line; old LexisNexis prints labels in capitals."""
    return find_label(text) if _LABEL.match(text) else None


def _read_heading(
    blocks: Blocks, lines: list[_Line], position: int, article: dict[str, Any], *, has_headline: bool
) -> bool:
    """Read the lines above the labels: copyright, outlet, date, edition, headline. False where there is no date."""
    rest: list[_Line] = []
    rights = -1
    for line in lines:
        if COPYRIGHT.match(line.text) or line.run == rights:
            rights = line.run
            blocks.mark(line.index, "copyright", position)
        else:
            rest.append(line)
    dated = [
        number for number, line in enumerate(rest)
        if is_date_line(line.text) and (find_date_span(line.text) is not None or len(line.text) < 30)
    ]  # fmt: skip
    # The date stands right below the outlet; digits further down belong to the headline.
    date = next((number for number in dated if number > 0), dated[0] if dated else None)
    if date is None:
        if rest:
            article["outlet"] = " ".join(rest[0].text.split())
            blocks.mark(rest[0].index, "outlet", position)
            _title(blocks, rest[1:], position, article)
        return bool(rest)
    above = rest[:date]
    article["date_raw"], article["time"], article["edition"] = split_date_line(rest[date].text)
    blocks.mark(rest[date].index, "date", position)
    below = rest[date + 1 :]
    while below:
        line = below[0]
        printed_again = find_date_line(line.text) is not None
        same_run = line.run == rest[date].run
        if printed_again:
            blocks.mark(line.index, "date", position)
        elif same_run or (_EDITION.search(line.text) and len(line.text) < 60 and len(below) > 1):
            known = article.get("edition")
            article["edition"] = f"{known}; {line.text}" if known else line.text
            blocks.mark(line.index, "metadata", position)
        else:
            break
        below = below[1:]
    outlets = [line for line in above if line.run == above[0].run] if above else []
    between = above[len(outlets) :]
    if outlets:
        article["outlet"] = " ".join(" ".join(line.text for line in outlets).split())
        blocks.mark((line.index for line in outlets), "outlet", position)
    if below or has_headline:
        blocks.mark((line.index for line in between), "metadata", position)
        _title(blocks, below, position, article)
    else:  # some files print the headline above the date
        _title(blocks, between, position, article)
    return True


def _title(blocks: Blocks, lines: list[_Line], position: int, article: dict[str, Any]) -> None:
    if lines:
        article["headline"] = " ".join(" ".join(line.text for line in lines).split()) or None
        blocks.mark((line.index for line in lines), "headline", position)


def _read_labels(
    blocks: Blocks, lines: list[_Line], first: int, position: int, held: dict[str, list[str]], wrapped: bool
) -> int:
    """Read the labelled lines above the text; return the number of the first line of the text."""
    number, field, run = first, "", -1
    while number < len(lines):
        line = lines[number]
        found = _label(line.text)
        if found is not None and found[0] == "text":
            blocks.mark(line.index, "header", position)
            if not found[2]:
                return number + 1
            held.setdefault("lead", []).append(found[2])
            return number + 1
        if found is not None and (found[0] in _TAILS or found[0].startswith("terms:")) and "length" in held:
            break  # an article without a text
        if found is not None:
            field, run = found[0], line.run
            held.setdefault(field, []).append(found[2])
        elif line.run == run:
            held[field].append(line.text)
        else:
            break
        blocks.mark(line.index, _KINDS.get(field, "metadata"), position)
        number += 1
    return number


_KINDS = {
    "section": "section", "byline": "byline", "place": "place", "standfirst": "standfirst", "headline": "headline",
    "graphic": "caption", "correction": "correction", "notes": "correction",
}  # fmt: skip


def _find_tail(lines: list[_Line], body: int) -> int:
    for number in range(body, len(lines)):
        line = lines[number]
        found = _label(line.text)
        if found is not None and (found[0] in _TAILS or found[0].startswith("terms:")):
            return number
        last = number == body or lines[number - 1].run != line.run
        if last and COPYRIGHT.match(line.text) and len(line.text) < 200 and len(lines) - number <= 6:
            return number
    return len(lines)


def _read_tail(blocks: Blocks, lines: list[_Line], position: int, held: dict[str, list[str]]) -> None:
    field, run = "", -1
    for line in lines:
        found = _label(line.text)
        if found is not None and found[0] not in ("text", "headline"):
            field, run = found[0], line.run
            held.setdefault(field, []).append(found[2])
        elif COPYRIGHT.match(line.text) or (field == "copyright" and line.run == run):
            field, run = "copyright", line.run
        elif line.run == run or field in ("graphic", "correction", "notes"):
            held.setdefault(field, []).append(line.text)
        else:
            if _LABEL.match(line.text):  # a field that no list knows: kept in the ledger under its own name
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
        elif field != "copyright" and joined and not article.get(field):
            article[field] = joined
    article["terms"] = join_terms(terms)
    return article


def _join(blocks: Blocks, lines: list[_Line], position: int, wrapped: bool) -> str | None:
    paragraphs: list[list[str]] = []
    run = None
    for line in lines:
        blocks.mark(line.index, "text", position)
        if wrapped and line.run == run:
            paragraphs[-1].append(line.text)
        else:
            paragraphs.append([line.text])
        run = line.run
    return "\n\n".join(map(join_wrapped, paragraphs)) or None


READERS = (
    Reader("nexis-txt", sniff, read, "LexisNexis Academic or nexis.com, plain text"),
    Reader("nexis-html", sniff_html, read_html, "LexisNexis Academic or nexis.com, HTML"),
    Reader("nexis-old-rtf", sniff_rtf, read_rtf, "LexisNexis Academic or nexis.com, RTF (.RTF or .DOC)"),
)

