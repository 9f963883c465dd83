"""LexisNexis Academic and nexis.com, until about 2019: plain text, RTF (often named .DOC) and HTML.

Articles follow on a line such as "3 of 100 DOCUMENTS". Two orders exist: outlet, date, headline and labels with the
copyright at the end (nexis.com), or the copyright first and the headline behind a label (Academic). Labels are printed
in capitals, in the language of the interface.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
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
_SPOKEN = frozenset(("programme", "cast"))  # labels of transcripts, which their text uses as well ("ANCHOR: …")
_RESERVED = re.compile(
    r"\b(?:rights?\s+reserved|rechte\s+vorbehalten|droits\s+réservés|derechos\s+reservados|diritti\s+riservati"
    r"|rechten\s+voorbehouden|direitos\s+reservados)\b\W*$",
    re.I,
)
_NOTICE = re.compile(
    r"\b(?:may not be|may be|cannot be|must not be) (?:re)?(?:published|produced|printed|distributed|broadcast|copied)\b"
    r"|\bwritten\s+permission\b|\btakes\s+sole\s+responsibility\b|\baccuracy\s+of\s+transcription\b"
    r"|\breproduction\s+(?:is\s+)?prohibited\b",
    re.I,
)
_ISSUE = re.compile(r"[;,]?\s*\b(?:Ausg|Ausgabe)\.?:?\s*(?:Nr\.?\s*)?(\d[\w/-]*)\s*$")
_LONGEST_TITLE = 60  # words


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
    heading = _find_heading(blocks, lines, labelled, wrapped)
    if heading is None:
        body = _read_labels(blocks, lines, labelled, position, held)
        dated = _read_heading(blocks, lines[:labelled], position, article, has_headline="headline" in held)
        if not dated and labelled == len(lines):
            return None
        tail = _find_tail(lines, body)
    else:
        _read_heading(blocks, lines[:heading], position, article, has_headline=False)
        if heading + 1 < len(lines) and _is_name(lines, heading):
            held["byline"] = [lines[heading].text]
            blocks.mark(lines[heading].index, "byline", position)
            heading += 1
        body = _read_labels(blocks, lines, heading, position, held)
        tail = _find_tail(lines, body, every=True)
    article["text"] = _join(blocks, lines[body:tail], position, wrapped)
    _read_tail(blocks, lines[tail:], position, held)
    return _fill(article, held)


def _find_heading(blocks: Blocks, lines: list[_Line], labelled: int, wrapped: bool) -> int | None:
    """Return where the heading ends in files that print their labels below the text, or none; else None.

    The headline stands above the date there (agencies), or is the first paragraph below it.
    """
    found = _label(lines[labelled].text) if labelled < len(lines) else None
    date = _find_date([line for line in lines[:labelled]])
    if date is None or (found is not None and found[0] == "text"):
        return None
    end = date + 1
    while end < labelled and lines[end].run == lines[date].run:
        end += 1
    if date > 1 and wrapped and _is_left(blocks, lines[date - 1]) and not _is_left(blocks, lines[date]):
        return end
    late = found is None or found[0] in _TAILS or found[0].startswith("terms:")
    words = sum(len(line.text.split()) for line in lines[end:labelled])
    runs = len({line.run for line in lines[end:labelled]})
    if not (late and runs > 1) and (words <= _LONGEST_TITLE or runs < 4):
        return None
    if any(line.run != lines[0].run and not _is_rights(line.text) for line in lines[1:date]):
        return end if wrapped and _is_left(blocks, lines[date - 1]) else None
    first = end
    while first < labelled and (_EDITION.search(lines[first].text) and len(lines[first].text) < 60):
        first += 1
    title = first
    while title < labelled and lines[title].run == lines[first].run:
        title += 1
    return title


def _is_left(blocks: Blocks, line: _Line) -> bool:
    """Whether a line of plain text begins at the margin, where titles and text do; the rest of a heading is centred."""
    return not blocks.texts[line.index][:1].isspace()


def _is_name(lines: list[_Line], number: int) -> bool:
    """Whether a line below the date is nothing but an author's name."""
    line = lines[number]
    alone = lines[number + 1].run != line.run
    return alone and bool(re.fullmatch(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}", line.text)) and line.text.istitle()


def _is_rights(text: str) -> bool:
    return bool(COPYRIGHT.match(text) or _RESERVED.search(text))


def _label(text: str) -> tuple[str, str, str] | None:
    """Return the label at the beginning of a line; old LexisNexis prints labels in capitals."""
    found = find_label(text) if _LABEL.match(text) else None
    return None if found is None or found[0] in _SPOKEN else found


def _spoken(text: str) -> tuple[str, str, str] | None:
    found = find_label(text) if _LABEL.match(text) else None
    return found if found is not None and found[0] in _SPOKEN else None


def _find_date(lines: list[_Line]) -> int | None:
    """Return the line with the date. It stands right below the outlet; digits further down belong to the headline."""
    dated = [
        number for number, line in enumerate(lines)
        if not _is_rights(line.text)
        and is_date_line(line.text) and (find_date_span(line.text) is not None or len(line.text) < 30)
    ]  # fmt: skip
    return next((number for number in dated if number > 0), dated[0] if dated else None)


def _without_rights(blocks: Blocks, lines: list[_Line], position: int) -> list[_Line]:
    """Mark the copyright and other notices; the name of the outlet may follow them without a blank line."""
    rest: list[_Line] = []
    for _, group in groupby(lines, key=lambda line: line.run):
        run = list(group)
        first = next((number for number, line in enumerate(run) if COPYRIGHT.match(line.text)), None)
        if first is None:
            notice = _NOTICE.search(" ".join(line.text for line in run))
            blocks.mark((line.index for line in run if notice), "copyright", position)
            rest += [] if notice else run
            continue
        # "…, All" may stand at the end of a line, and "Rights Reserved" on the next.
        last = max(
            (
                number for number in range(first, len(run))
                if COPYRIGHT.match(run[number].text) or _RESERVED.search(" ".join(line.text for line in run[: number + 1]))
            ),
            default=first,
        )
        ended = bool(_RESERVED.search(" ".join(line.text for line in run[: last + 1])))
        names = len(run) - 1 if ended else first
        end = last + 1 if ended or names < last else len(run)
        if not ended and len(run) > 1 and is_date_line(run[-1].text) and not COPYRIGHT.match(run[-1].text):
            end = max(first + 1, len(run) - 2)
        blocks.mark((line.index for line in run[first:end]), "copyright", position)
        rest += [*run[:first], *run[end:]]
    return rest


def _read_heading(
    blocks: Blocks, lines: list[_Line], position: int, article: dict[str, Any], *, has_headline: bool
) -> bool:
    """Read the lines above the labels: copyright, outlet, date, edition, headline. False where there is no date."""
    rest: list[_Line] = []
    for line in _without_rights(blocks, lines, position):
        spoken = _spoken(line.text)
        if spoken is not None:
            known = article.get(spoken[0])
            article[spoken[0]] = f"{known}; {spoken[2]}" if known else spoken[2] or None
            blocks.mark(line.index, "metadata", position, spoken[1])
        elif line.text.casefold() in marks("correction_appended"):
            article["corrected"] = True
            blocks.mark(line.index, "correction", position)
        else:
            rest.append(line)
    date = _find_date(rest)
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
        _, time, left = split_date_line(f"{article['date_raw']} {line.text}")
        if printed_again or (same_run and time and not left):
            blocks.mark(line.index, "date", position)
            article["time"] = article["time"] or time
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
    blocks: Blocks, lines: list[_Line], first: int, position: int, held: dict[str, list[str]]
) -> int:
    """Read the labelled lines above the text; return the number of the first line of the text."""
    number, field, run = first, "", -1
    while number < len(lines):
        line = lines[number]
        found = _label(line.text)
        if found is None and "length" not in held:
            found = _spoken(line.text)
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


def _find_tail(lines: list[_Line], body: int, *, every: bool = False) -> int:
    """Return where the fields below the text begin; `every` label may be the first where none stand above it."""
    for number in range(body, len(lines)):
        line = lines[number]
        found = _label(line.text)
        if found is not None and (every or found[0] in _TAILS or found[0].startswith("terms:")):
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
        elif line.run == run or field in ("graphic", "correction", "notes", "standfirst"):
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
    issue = _ISSUE.search(article.get("section") or "")
    if issue is not None:
        article["section"], article["issue"] = article["section"][: issue.start()].strip() or None, issue[1]
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

