"""Copied page text: what a researcher gets by selecting a whole page and pasting it, several pages into one file.

The texts are found by `bodies`, what stands above them by `header`; what the other lines are is told by cues, which
are data (`cues.toml`). What no rule claims stays in the ledger as "unparsed".
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from mediakit.load.blob import split_blobs
from mediakit.load.bodies import SMALL_PRINT, Body, find_bodies, find_repeated
from mediakit.load.dates import find_date_line, read_date
from mediakit.load.filename import read_filename
from mediakit.load.ledger import Part, Reading
from mediakit.load.lines import Line, split_lines
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

_STRONG = ("paywall", "promotion", "cookies", "share", "more", "comments", "navigation")  # not in plain articles


def sniff(source: Source) -> Sniffed:
    """Score a file as copied page text: cues of several kinds, or a headline printed twice."""
    sample = source.sample
    if not sample.strip() or sample.lstrip()[:1] in "<{[":
        return 0.0, ""
    lines, _ = split_blobs(split_lines(sample))
    cued = Counter(line.cue.group for line in lines if line.cue is not None)
    twice = sum(one.text == other.text and 3 <= one.words <= 25 for one, other in pairwise(lines))
    strong = sum(cued[group] for group in _STRONG) + sum(line.menu for line in lines)
    if strong >= 2 or (strong and twice) or cued["paywall"]:
        shown = ", ".join(f"{count} {group}" for group, count in cued.most_common(3))
        return 0.7, f"lines of a copied page ({shown})"
    headers = _count_headers(lines)
    if headers > 1:
        return 0.6, f"{headers} headlines with a byline or a date below them"
    return 0.2, "text without lines of a page around it"


def _count_headers(lines: list[Line]) -> int:
    """Count the titles that stand between texts with a byline or a date below them."""
    found = 0
    for index, line in enumerate(lines[:-2]):
        title = line.short and not line.prose and line.words >= 3 and not line.text.endswith((".", ",", ":"))
        fresh = index == 0 or lines[index - 1].ends_sentence or lines[index - 1].cue is not None
        if title and fresh and any(other.prose for other in lines[index + 2 : index + 6]):
            below = lines[index + 1 : index + 4]
            found += any(other.signed or find_date_line(other.text) is not None for other in below)
    return found


def read(source: Source, options: Options) -> Reading:
    """Read a file of copied page text."""
    text = source.text
    longest = max((len(line) for line in text.splitlines()), default=0)
    if longest > LONGEST_LINE:
        reason = f"a single line of {longest:,} characters; no article is that long (limit {LONGEST_LINE:,})"
        raise UnreadableFile(reason)
    lines, joined = split_blobs(split_lines(text))
    repeated = find_repeated(lines)
    bodies = find_bodies(lines, repeated)
    articles = [_article(lines, body, joined, source) for body in bodies]
    for index, body in enumerate(bodies):
        limit = bodies[index + 1].first if index + 1 < len(bodies) else len(lines)
        below = lines[body.last + 1 : min(limit, body.last + 9)]
        notice = next((line for line in below if line.cue and line.cue.truncates), None)
        if notice is not None:
            articles[index]["truncated"] = True
            articles[index]["truncated_why"] = f'notice after the text: "{notice.text[:90]}"'
    return Reading(articles, _parts(lines, bodies, text, repeated), "character", len(text))


def _article(lines: list[Line], body: Body, joined: set[int], source: Source) -> dict[str, Any]:
    paragraphs: list[str] = []
    previous = None
    for index in range(body.first, body.last + 1):
        if index in body.kinds:
            continue
        if previous is not None and index in joined:
            paragraphs[-1] += " " + lines[index].text
        else:
            paragraphs.append(lines[index].text)
        previous = index
    text = "\n\n".join(paragraphs)
    named = read_filename(source.name)
    header = body.header
    date = read_date(header.date_raw) if header.date_raw else None
    return {
        "headline": header.headline, "standfirst": header.standfirst, "text": text, "byline": header.byline,
        "outlet": named.outlet, "section": header.section,
        "date": date if date is not None else named.date, "date_raw": header.date_raw or named.date_raw,
    }  # fmt: skip


def _parts(lines: list[Line], bodies: list[Body], text: str, repeated: set[str]) -> list[Part]:
    """Give every line its kind, then join neighbours of one kind; each part runs to the start of the next."""
    labels: list[tuple[str, int | None, str]] = []
    owner: dict[int, int] = {}
    for position, body in enumerate(bodies):
        owner.update(dict.fromkeys(range(body.first, body.last + 1), position))
        owner.update(dict.fromkeys(body.header.kinds, position))
    section_of_teasers = False
    for index, line in enumerate(lines):
        number = owner.get(index)
        if number is not None:
            section_of_teasers = False
            body = bodies[number]
            if index < body.first:
                labels.append((body.header.kinds[index], number, ""))
            elif index in body.kinds:
                labels.append((body.kinds[index], number, body.notes.get(index, "")))
            else:
                labels.append(("text", number, ""))
        elif line.cue is not None:
            section_of_teasers = line.cue.group == "more" or (section_of_teasers and line.cue.group == "teaser")
            labels.append((line.cue.kind, None, f'cue "{line.cue.phrase}"'))
        elif section_of_teasers and not line.prose:
            labels.append(("teaser", None, "below a heading over links"))
        elif line.prose and labels and labels[-1][0] in ("paywall", "promotion") and line.words <= SMALL_PRINT:
            labels.append(("promotion", None, "short sentence below an offer"))
        elif line.prose:
            labels.append(("unparsed", None, "running text that belongs to no article found"))
        else:
            long = line.words > 25 and not line.menu
            kind, note = ("unparsed", "long line") if long else ("boilerplate", "short line")
            labels.append((kind, None, f"{note} outside the articles"))
    parts: list[Part] = []
    starts = [0] + [line.start for line in lines[1:]]
    for index, (kind, number, note) in enumerate(labels):
        end = starts[index + 1] if index + 1 < len(lines) else len(text)
        if parts and (parts[-1].kind, parts[-1].position) == (kind, number):
            last = parts[-1]
            parts[-1] = Part(kind, last.start, end, number, last.note or note, last.excerpt)
        else:
            parts.append(Part(kind, starts[index], end, number, note, lines[index].text))
    return parts


READER = Reader("capture", sniff, read, "page text copied from a browser, one or several articles")
