"""What old LexisNexis prints above an article: copyright, outlet, date, edition, headline, in several orders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.dates import find_date_line, find_date_span
from mediakit.load.nexis import COPYRIGHT, find_label, is_date_line, marks, split_date_line

_SPOKEN = frozenset(("programme", "cast"))  # labels of transcripts, which their text uses as well ("ANCHOR: …")
_RESERVED = re.compile(
    r"\b(?:rights?\s+reserved|rechte\s+vorbehalten|droits\s+réservés|derechos\s+reservados|diritti\s+riservati"
    r"|rechten\s+voorbehouden|direitos\s+reservados)\b\W*$",
    re.I,
)
_NOTICE = re.compile(
    r"\b(?:may not|may|cannot|must not) be (?:re)?(?:published|produced|printed|distributed|broadcast|copied)\b"
    r"|\bwritten\s+permission\b|\btakes\s+sole\s+responsibility\b|\baccuracy\s+of\s+transcription\b"
    r"|\breproduction\s+(?:is\s+)?prohibited\b",
    re.I,
)
_EDITION = re.compile(r"\b(?:edition|edición|edizione|editie|édition|edição|ausgabe|uitgave|final|late)\b", re.I)
_LABEL = re.compile(r"^\s*[A-ZÄÖÜÉÈÀÂÊÎÔÛÇÑÓÍÁÚ][A-ZÄÖÜÉÈÀÂÊÎÔÛÇÑÓÍÁÚ \-/.]{1,30}:")
TAILS = frozenset((
    "load_date", "language", "publication_type", "journal_code", "graphic", "notes", "correction", "type",
))  # fmt: skip
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}")
_LONGEST_TITLE = 60  # words


@dataclass(slots=True)
class Line:
    """A line of a file that is not blank."""

    index: int  # in the file's blocks
    text: str
    run: int  # lines without a blank line between them


def find_heading(blocks: Blocks, lines: list[Line], labelled: int, wrapped: bool) -> int | None:
    """Return where the heading ends in files that print their labels below the text, or none; else None.

    The headline stands above the date there (agencies), or is the first paragraph below it.
    """
    found = label_of(lines[labelled].text) if labelled < len(lines) else None
    date = _find_date(lines[:labelled])
    if date is None or (found is not None and found[0] == "text"):
        return None
    end = date + 1
    while end < labelled and lines[end].run == lines[date].run:
        end += 1
    if date > 1 and wrapped and _is_left(blocks, lines[date - 1]) and not _is_left(blocks, lines[date]):
        return end
    late = found is None or found[0] in TAILS or found[0].startswith("terms:")
    words = sum(len(line.text.split()) for line in lines[end:labelled])
    runs = len({line.run for line in lines[end:labelled]})
    if not (late and runs > 1) and (words <= _LONGEST_TITLE or runs < 4):
        return None
    if any(line.run != lines[0].run and not is_rights(line.text) for line in lines[1:date]):
        return end if wrapped and _is_left(blocks, lines[date - 1]) else None
    first = end
    while first < labelled and (_EDITION.search(lines[first].text) and len(lines[first].text) < 60):
        first += 1
    title = first
    while title < labelled and lines[title].run == lines[first].run:
        title += 1
    return title


def _is_left(blocks: Blocks, line: Line) -> bool:
    """Whether a line of plain text begins at the margin, where titles and text do; the rest of a heading is centred."""
    return not blocks.texts[line.index][:1].isspace()


def is_name(lines: list[Line], number: int) -> bool:
    """Whether a line below the date is nothing but an author's name."""
    line = lines[number]
    alone = lines[number + 1].run != line.run
    return alone and bool(_NAME.fullmatch(line.text)) and line.text.istitle()


def is_rights(text: str) -> bool:
    """Whether a line belongs to those that say whose the rights are."""
    return bool(COPYRIGHT.match(text) or _RESERVED.search(text))


def is_labelled(text: str) -> bool:
    """Whether a line begins with capitals and a colon, as the labels do that no list knows."""
    return bool(_LABEL.match(text))


def label_of(text: str) -> tuple[str, str, str] | None:
    """Return the label at the beginning of a line; old LexisNexis prints labels in capitals."""
    found = find_label(text) if is_labelled(text) else None
    return None if found is None or found[0] in _SPOKEN else found


def spoken_label(text: str) -> tuple[str, str, str] | None:
    """Return the label of a transcript's heading ("GUESTS: …")."""
    found = find_label(text) if is_labelled(text) else None
    return found if found is not None and found[0] in _SPOKEN else None


def _find_date(lines: list[Line]) -> int | None:
    """Return the line with the date. It stands right below the outlet; digits further down belong to the headline."""
    dated = [
        number for number, line in enumerate(lines)
        if not is_rights(line.text)
        and is_date_line(line.text) and (find_date_span(line.text) is not None or len(line.text) < 30)
    ]  # fmt: skip
    return next((number for number in dated if number > 0), dated[0] if dated else None)


def _without_rights(blocks: Blocks, lines: list[Line], position: int) -> list[Line]:
    """Mark the copyright and other notices; the name of the outlet may follow them without a blank line."""
    rest: list[Line] = []
    runs = [list(group) for _, group in groupby(lines, key=lambda line: line.run)]
    for number, run in enumerate(runs):
        first = next((at for at, line in enumerate(run) if COPYRIGHT.match(line.text)), None)
        if first is None:
            notice = _NOTICE.search(" ".join(line.text for line in run))
            blocks.mark((line.index for line in run if notice), "copyright", position)
            rest += [] if notice else run
            continue
        last = max(
            (at for at in range(first, len(run)) if COPYRIGHT.match(run[at].text) or _ends_rights(run, at)),
            default=first,
        )
        ended = _ends_rights(run, last)
        end = last + 1 if ended else len(run)
        following = runs[number + 1] if number + 1 < len(runs) else []
        dated = next((at for at in range(first + 1, len(run)) if is_date_line(run[at].text)), None)
        if end == len(run) > first + 1 and not ended and not rest:
            # No phrase ends the rights: the line above the date is the outlet's name.
            if dated is not None and dated > first + 1 and not COPYRIGHT.match(run[dated].text):
                end = dated - 1
            elif following and is_date_line(following[0].text) and not first:
                end = len(run) - 1
        blocks.mark((line.index for line in run[first:end]), "copyright", position)
        rest += [*run[:first], *run[end:]]
    return rest


def _ends_rights(run: list[Line], at: int) -> bool:
    """Whether "All Rights Reserved" ends with a line; "…, All" may stand at the end of the line above."""
    return bool(_RESERVED.search(" ".join(line.text for line in run[max(0, at - 1) : at + 1])))


def read_heading(
    blocks: Blocks, lines: list[Line], position: int, article: dict[str, Any], *, has_headline: bool
) -> bool:
    """Read the lines above the labels: copyright, outlet, date, edition, headline. False where there is no date."""
    rest: list[Line] = []
    for line in _without_rights(blocks, lines, position):
        spoken = spoken_label(line.text)
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
    printed, corrected = _without_correction(rest[date].text)
    article["date_raw"], article["time"], article["edition"] = split_date_line(printed)
    if corrected:
        article["corrected"] = True
    blocks.mark(rest[date].index, "date", position)
    editions = [article["edition"]]
    number = date + 1
    while number < len(rest):
        line = rest[number]
        same_run = line.run == rest[date].run
        _, time, left = split_date_line(f"{article['date_raw']} {line.text}") if same_run else ("", None, line.text)
        if find_date_line(line.text) is not None or (same_run and not left):
            blocks.mark(line.index, "date", position)
            article["time"] = article["time"] or time
        elif same_run or (_EDITION.search(line.text) and len(line.text) < 60 and number + 1 < len(rest)):
            editions.append(line.text)
            blocks.mark(line.index, "metadata", position)
        else:
            break
        number += 1
    below = rest[number:]
    article["edition"] = "; ".join(filter(None, editions)) or None
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


def _without_correction(line: str) -> tuple[str, bool]:
    """Cut "Correction Appended" from the end of the line with date and edition."""
    mark = next((mark for mark in marks("correction_appended") if line.casefold().endswith(mark)), "")
    return (line[: -len(mark)].rstrip(" ,;"), True) if mark else (line, False)


def _title(blocks: Blocks, lines: list[Line], position: int, article: dict[str, Any]) -> None:
    if lines:
        article["headline"] = " ".join(" ".join(line.text for line in lines).split()) or None
        blocks.mark((line.index for line in lines), "headline", position)
