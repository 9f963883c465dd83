"""Copied page text: what a researcher gets by selecting a whole page and pasting it, several pages into one file.

How the text is found: every line has a weight (running text counts its words; cues, lists and short lines count
against), and the stretches of greatest total weight are bodies (maximum subsequence segmentation: Pasternack & Roth
2009, doi 10.1145/1526709.1526840; all maximal stretches in linear time: Ruzzo & Tompa 1999). A further stretch is a
new article when a headline of its own stands above it, else it goes on with the article before. Cues are data
(`cues.toml`); what no rule claims stays in the ledger as "unparsed".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from mediakit.load.blob import split_blobs
from mediakit.load.dates import find_date_line, read_date
from mediakit.load.filename import read_filename
from mediakit.load.header import Header, is_byline, read_header
from mediakit.load.ledger import Part, Reading
from mediakit.load.lines import Line, split_lines
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

LEAST_WORDS = 40  # of running text, for a stretch to be an article where the file holds several
GOES_ON_WORDS = 80  # of running text, for a text to go on after a notice that usually ends it
LONGEST_GAP = 14  # lines of boxes and links inside one text
NEVER = -1e9  # the weight of a line that no stretch may hold
_STRONG = ("paywall", "promotion", "cookies", "share", "more", "comments", "navigation")  # not in plain articles


@dataclass
class Body:
    """A text found in the lines: indexes from `first` to `last`, and the lines between that are not text."""

    first: int
    last: int
    kinds: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    header: Header = field(default_factory=Header)


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
    return 0.2, "text without lines of a page around it"


def read(source: Source, options: Options) -> Reading:
    """Read a file of copied page text."""
    text = source.text
    longest = max((len(line) for line in text.splitlines()), default=0)
    if longest > LONGEST_LINE:
        reason = f"a single line of {longest:,} characters; no article is that long (limit {LONGEST_LINE:,})"
        raise UnreadableFile(reason)
    lines, joined = split_blobs(split_lines(text))
    repeated = _repeated(lines)
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


def _repeated(lines: list[Line]) -> set[str]:
    """Return the lines that occur more than once; not the sentences, where whole pages were pasted twice."""
    counts = Counter(line.text for line in lines)
    prose = sum(line.words for line in lines if line.prose)
    twice = sum(line.words for line in lines if line.prose and counts[line.text] > 1)
    pasted_twice = twice > 0.3 * prose
    return {line.text for line in lines if counts[line.text] > 1 and not (pasted_twice and line.prose)}


def find_bodies(lines: list[Line], repeated: set[str]) -> list[Body]:
    """Find the texts in the lines of a page, in order, each with what stands above it."""
    weights = _weights(lines, repeated)
    stretches = [(first, last) for first, last, score in maximal_stretches(weights) if score >= 15]
    stretches = [piece for stretch in stretches for piece in _split_at_headers(lines, *stretch)]
    places = _find_places(lines)
    bodies: list[Body] = []
    for first, last in stretches:
        gap_first = bodies[-1].last + 1 if bodies else 0
        words = sum(line.words for line in lines[first : last + 1] if line.prose)
        gap = range(gap_first, _text_start(lines, first, last, gap_first))
        ended = _count(places.ends, gap) > 0
        if bodies:
            fresh = _starts_article(lines, gap, ended, places)
            if fresh and words < LEAST_WORDS:
                continue
            if not fresh:
                loose = len(gap) - _count(places.cues, gap)
                if words >= 10 * loose and (words >= GOES_ON_WORDS or (len(gap) <= LONGEST_GAP and not ended)):
                    bodies[-1].last = last
                    if gap_first - bodies[-1].first <= 2:  # so far only a standfirst
                        above = bodies[-2].last + 1 if len(bodies) > 1 else 0
                        bodies[-1].first = _text_start(lines, bodies[-1].first, last, above)
                continue
        bodies.append(Body(_text_start(lines, first, last, gap_first), last))
    kept = [body for body in bodies if _prose_words(lines, body) >= LEAST_WORDS] or bodies[:1]
    largest = max((_prose_words(lines, body) for body in kept), default=0)
    # A teaser with two sentences is not an article beside one of two thousand words.
    kept = [body for body in kept if _prose_words(lines, body) >= 0.06 * largest and _running(lines, body)] or kept[:1]
    for number, body in enumerate(kept):
        body.last = _text_end(lines, body.last, kept[number + 1].first if number + 1 < len(kept) else len(lines))
        start = kept[number - 1].last + 1 if number else 0
        signed = any(line.signed for line in lines[max(0, body.first - 25) : body.first])
        above = start if number == 0 and signed else _header_start(lines, start, body.first)
        body.header = read_header(lines, above, body.first, repeated)
        _mark_inside(lines, body, repeated)
    return kept


def maximal_stretches(weights: list[float]) -> list[tuple[int, int, float]]:
    """Return all maximal scoring stretches (first, last, score), in order (Ruzzo & Tompa 1999).

    Examples
    --------
    >>> maximal_stretches([4, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5])
    [(0, 0, 4.0), (2, 2, 3.0), (4, 10, 7.0)]
    """
    stack: list[_Stretch] = []
    total = 0.0
    for index, weight in enumerate(weights):
        before, total = total, total + weight
        if weight <= 0:
            continue
        first, left, at = index, before, len(stack) - 1
        while True:
            while at >= 0 and stack[at].left >= left:
                at = stack[at].lower  # what lies between starts higher still: that keeps the search linear
            if at < 0 or stack[at].right >= total:
                break
            first, left, lower = stack[at].first, stack[at].left, stack[at].lower
            del stack[at:]
            at = lower
        stack.append(_Stretch(first, index, left, total, at))
    return [(stretch.first, stretch.last, float(stretch.right - stretch.left)) for stretch in stack]


class _Stretch(NamedTuple):
    first: int
    last: int
    left: float  # total of all weights before it
    right: float  # total up to its end
    lower: int  # the nearest stretch before it whose `left` is smaller; -1 where there is none


def _weights(lines: list[Line], repeated: set[str]) -> list[float]:
    weights = []
    after_paywall = False
    for index, line in enumerate(lines):
        cue = line.cue
        near_cue = any(other.cue is not None for other in lines[max(0, index - 3) : index + 4])
        if cue is not None:
            after_paywall = cue.truncates or (after_paywall and cue.group in ("promotion", "paywall"))
            weight = NEVER if cue.ends else -8.0
        elif after_paywall and line.ends_sentence and line.words <= 25:
            weight = -10.0  # an offer's small print: short sentences right below a paywall notice
        elif line.prose and line.text in repeated and near_cue and line.words <= 40:
            weight = -15.0  # a text does not repeat its sentences, a site does
        elif line.prose:
            weight = min(line.words, 60)
            after_paywall = False
        elif line.ends_sentence and line.words >= 3 and not line.bullet and not line.menu:
            weight = 1.0
            after_paywall = False
        else:
            weight = -max(12.0 if line.bullet else 8.0, 0.7 * line.words)
            after_paywall = after_paywall and not line.short
        weights.append(weight)
    return weights


def _split_at_headers(lines: list[Line], first: int, last: int) -> list[tuple[int, int]]:
    """Split a stretch where a headline printed twice, or one with "By …" or a date below it, stands inside."""
    pieces, start = [], first
    index = first + 1
    while index < last:
        line = lines[index]
        if line.short and not line.prose and line.words >= 3 and not line.ends_sentence and not is_byline(line):
            below = lines[index + 1 : index + 4]
            twice = bool(below) and below[0].text == line.text
            signed = any(other.signed for other in below[:3])
            dated = any(find_date_line(other.text) for other in below[:2])
            if (twice or signed or dated) and any(other.prose for other in lines[start:index]):
                end = index - 1
                while end > start and not lines[end].prose:
                    end -= 1
                pieces.append((start, end))
                start = next((i for i in range(index, last + 1) if lines[i].prose), last)
                index = start
        index += 1
    pieces.append((start, last))
    return pieces


def _text_start(lines: list[Line], first: int, last: int, least: int) -> int:
    """Move the start of a stretch below a byline or date that follows the standfirst."""
    prose = 0
    start = first
    for index in range(first, min(first + 9, last)):
        line = lines[index]
        if prose <= 2 and (line.signed or find_date_line(line.text)):
            start = index + 1
        elif is_byline(line) and prose == 1 and start == first and lines[first].words <= 60:
            above = lines[max(least, first - 3) : first]
            if not any(is_byline(other) for other in above) and any(other.short for other in above):
                start = index + 1
        prose += line.prose
        if prose > 2:
            break
    while start < last and not (lines[start].cue is None and (lines[start].prose or lines[start].ends_sentence)):
        start += 1
    return start


@dataclass(frozen=True)
class _Places:
    """Where in a file the lines stand that tell one article from the next: their indexes, in order."""

    cues: list[int]
    ends: list[int]  # cues after which nothing belongs to the article before
    titles: list[int]
    twins: list[tuple[int, int]]  # titles printed again within three lines, and where


def _find_places(lines: list[Line]) -> _Places:
    """Collect the places once, as the stretches between two texts may overlap."""
    cues = [index for index, line in enumerate(lines) if line.cue is not None]
    ends = [index for index, line in enumerate(lines) if line.cue is not None and line.cue.ends]
    titles = [
        index for index, line in enumerate(lines)
        if line.short and line.words >= 3 and not line.text.endswith((".", ":", ",")) and not is_byline(line)
        and find_date_line(line.text) is None
    ]  # fmt: skip
    twins = [
        (one, other)
        for at, one in enumerate(titles)
        for other in titles[at + 1 : at + 4]
        if other <= one + 3 and lines[one].text == lines[other].text
    ]
    return _Places(cues, ends, titles, twins)


def _count(places: list[int], gap: range) -> int:
    """Count the places within a gap."""
    return max(0, bisect_left(places, gap.stop) - bisect_left(places, gap.start))


def _starts_article(lines: list[Line], gap: range, ended: bool, places: _Places) -> bool:
    """Decide whether the lines between two texts hold the headline of a new article."""
    if not _count(places.titles, gap):
        return False
    title = places.titles[bisect_left(places.titles, gap.start)]
    near = range(max(gap.start, gap.stop - 13), gap.stop)
    signed = any(lines[i].signed for i in near)
    named = any(is_byline(lines[i]) and lines[i].cue is None and i > title for i in near)
    dated = any(find_date_line(lines[i].text) for i in near)
    first, last = bisect_left(places.twins, (gap.start, 0)), bisect_left(places.twins, (gap.stop, 0))
    twice = any(other < gap.stop for _, other in places.twins[first:last])
    evidence = 2 * twice + signed + named + dated
    return evidence >= (1 if ended else 2)


def _text_end(lines: list[Line], last: int, limit: int) -> int:
    """Take short closing sentences along, as long as no cue or title comes between."""
    while last + 1 < limit:
        line = lines[last + 1]
        follower = lines[last + 2].cue if last + 2 < len(lines) else None
        if follower is not None and follower.truncates and line.cue is None and line.words >= 5 and not line.bullet:
            return last + 1  # the notice cuts a sentence
        if line.cue is not None or not line.ends_sentence or line.words < 3 or line.bullet or find_date_line(line.text):
            break
        last += 1
    return last


def _header_start(lines: list[Line], start: int, body: int) -> int:
    """Skip what belongs to the tail of the page before: all up to the last notice that ends an article."""
    for index in range(body - 1, start - 1, -1):
        cue = lines[index].cue
        if cue is None or not (cue.ends or cue.group == "promotion"):
            continue
        if any(_title_like(line) for line in lines[index + 1 : body]):
            after = index + 1
            # The small print of an offer, and the teasers under "Most read", end where a title stands over its header.
            offer = cue.group in ("paywall", "promotion")
            while offer and after < body and lines[after].ends_sentence and lines[after].words <= 25:
                after += 1
            return after if any(_title_like(line) for line in lines[after:body]) else index + 1
    return start


def _title_like(line: Line) -> bool:
    return line.short and line.words >= 3 and not line.text.endswith((".", ",")) and not is_byline(line)


def _mark_inside(lines: list[Line], body: Body, repeated: set[str]) -> None:
    """Say which lines inside a body are not its text: cues, boxes of links, captions without a sentence."""
    index = body.first
    while index <= body.last:
        line = lines[index]
        if line.cue is not None:
            sentence = line.ends_sentence and line.words > 22
            if line.signed or (sentence and line.cue.group not in ("paywall", "cookies", "caption")):
                index += 1  # a sentence of the text that happens to hold a phrase
                continue
            body.kinds[index], body.notes[index] = line.cue.kind, f'cue "{line.cue.phrase}"'
        elif line.menu:
            body.kinds[index], body.notes[index] = "boilerplate", "a row of titles or links"
        elif not line.prose and not line.ends_sentence and index < body.last:
            run = index
            while run <= body.last and lines[run].cue is None and not lines[run].prose and not lines[run].ends_sentence:
                run += 1
            subheading = run - index == 1 and line.words <= 12 and not line.bullet and line.text not in repeated
            if not subheading:
                for other in range(index, run):
                    long = lines[other].words > 12 and not lines[other].bullet
                    body.kinds[other] = "caption" if long and run - index <= 2 else "boilerplate"
                    body.notes[other] = f"{'no sentence,' if long else 'short lines or links'} inside the text"
            index = run
            continue
        elif index > body.first and _is_repeated_box(lines, index, body, repeated):
            body.kinds[index], body.notes[index] = "boilerplate", "printed more than once in the file"
        index += 1


def _is_repeated_box(lines: list[Line], index: int, body: Body, repeated: set[str]) -> bool:
    """Whether a sentence occurs again in the file and stands beside what is not text."""
    if not lines[index].prose or lines[index].text not in repeated or lines[index].words > 40:
        return False
    return any(i in body.kinds for i in (index - 1, index + 1)) or any(
        lines[i].cue is not None for i in (index - 1, index + 1) if 0 <= i < len(lines)
    )


def _prose_words(lines: list[Line], body: Body) -> int:
    return sum(line.words for line in lines[body.first : body.last + 1] if line.prose)


def _running(lines: list[Line], body: Body) -> bool:
    """Whether paragraphs follow one another somewhere; in a list of teasers every blurb stands alone."""
    inside = lines[body.first : body.last + 1]
    return any(line.prose and line.words >= 80 for line in inside) or any(
        one.prose and (other.prose or other.ends_sentence) and other.cue is None for one, other in pairwise(inside)
    )


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
        elif line.prose and labels and labels[-1][0] in ("paywall", "promotion") and line.words <= 25:
            labels.append(("promotion", None, "short sentence below an offer"))
        elif line.prose:
            labels.append(("unparsed", None, "running text that belongs to no article found"))
        else:
            labels.append(("boilerplate", None, "short line outside the articles"))
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
