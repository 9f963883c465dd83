"""Where the texts are in a copied page: the stretches of lines that weigh most, told apart by the headlines above them.

Every line has a weight (running text counts its words; cues, lists and short lines count against), and the stretches
of greatest total weight are bodies (maximum subsequence segmentation: Pasternack & Roth 2009, doi
10.1145/1526709.1526840; all maximal stretches in linear time: Ruzzo & Tompa 1999). A further stretch is a new article
when a headline of its own stands above it, else it goes on with the article before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from mediakit.load.dates import find_date_line
from mediakit.load.header import Header, is_byline, read_header
from mediakit.load.lines import Line

LEAST_WORDS = 40  # of running text, for a stretch to be an article where the file holds several
GOES_ON_WORDS = 60  # of running text, for a text to go on after a notice that usually ends it
LONGEST_GAP = 14  # lines of boxes and links inside one text
_CLOSING = ("paywall", "comments", "legal")  # cues below which a text never goes on
SMALL_PRINT = 18  # words of a sentence below an offer that still belongs to the offer
NEVER = -1e9  # the weight of a line that no stretch may hold


@dataclass
class Body:
    """A text found in the lines: indexes from `first` to `last`, and the lines between that are not text."""

    first: int
    last: int
    kinds: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    header: Header = field(default_factory=Header)


def find_repeated(lines: list[Line]) -> set[str]:
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
    pieces = [
        (first, last, number > 0)
        for stretch in stretches
        for number, (first, last) in enumerate(_split_at_headers(lines, *stretch))
    ]
    places = _find_places(lines)
    bodies: list[Body] = []
    for first, last, headed in pieces:
        gap_first = bodies[-1].last + 1 if bodies else 0
        words = sum(line.words for line in lines[first : last + 1] if line.prose)
        gap = range(gap_first, _text_start(lines, first, last, gap_first))
        ended = _count(places.ends, gap) > 0
        if bodies:
            fresh = headed or _starts_article(lines, gap, ended, places)
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
        elif after_paywall and line.ends_sentence and line.words <= SMALL_PRINT:
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
    # Below a paywall, the comments or the imprint nothing goes on: a title right above the next text is its headline.
    closed = any(lines[i].cue is not None and lines[i].cue.group in _CLOSING for i in near)  # type: ignore[union-attr]
    headed = closed and title <= gap.stop - 1 and _title_like(lines[gap.stop - 1])
    evidence = 2 * twice + signed + named + dated + headed
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
            while offer and after < body and lines[after].text.endswith(".") and lines[after].words <= SMALL_PRINT:
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
