"""From what the model finds to rows: which stretches are speech, what is reported without marks, and by which cue."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.mention_kinds import BODY, NAME, ROLE
from mediakit.analyses.mentions import Mentions
from mediakit.analyses.quote_bounds import content_span, source_span, trim_reports, with_marks
from mediakit.analyses.quote_doubts import Doubts, is_no_report
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_lines import LABEL, POST
from mediakit.analyses.quote_reports import Reports
from mediakit.analyses.quote_rules import Said
from mediakit.analyses.quote_subjects import Subjects, before_apposition, find_agent, is_passive
from mediakit.analyses.quote_support import Support
from mediakit.analyses.quote_tails import ACCORDING, CHANCE, Tail, find_tails
from mediakit.analyses.speaker_model import Ranked

THRESHOLD = 0.5  # chance of being speech from which a stretch is returned: recall 98 in cross-validation
SINGLE_THRESHOLD = 0.75  # between single marks, which may be apostrophes and more often hold a term
REPORT_THRESHOLD = 0.2  # chance of being right to the word from which a report makes a quotation a mixed one
LEAST = 0.3  # from which words reported without marks are returned
_SAME = 0.5  # share of two reports' words that they have in common from which they are one
_CUE = 0.15  # chance from which a word is taken for the cue
_SURE = 0.3  # chance from which a report tells the cue of a quotation

_VERBAL = np.frombuffer(b"vefa", dtype=np.uint8)  # classes that may belong to a cue of several words


def answer(ground: Ground, ranked: Ranked, *, english: Sequence[bool], least: float = LEAST) -> list[Said]:
    """Decide on every stretch, and on what is reported without marks.

    Parameters
    ----------
    ground : Ground
    ranked : Ranked
        What the model finds in it.
    english : sequence of bool, one value per article
        Which articles may have words reported without marks.
    least : float, default 0.3
        Such words that are less probable are left out.
    """
    decided = _Decided(ground, ranked)
    found = [decided.stretch(q) for q in range(len(ground.stretches))]
    found += [one for one in decided.indirect(least) if english[one.article]]
    return sorted(found, key=lambda one: (one.article, one.start, one.end))


class _Decided:
    """What is decided for all stretches and reports of a batch together."""

    def __init__(self, ground: Ground, ranked: Ranked) -> None:
        self.ground, self.ranked, self.reports = ground, ranked, trim_reports(ground, ranked.reports)
        self.cues = _Cues(ground, ranked)
        support = Support(ground, self.reports)
        marks, n = ground.stretches.mark, len(ground.stretches)
        least = np.array([SINGLE_THRESHOLD if mark in "‘'" else THRESHOLD for mark in marks])
        unmarked = np.array([mark in (LABEL, POST) for mark in marks], dtype=np.bool_)
        self.speech = (ranked.speech_chance > least) | unmarked
        self.kept = keep_reports(ground, self.reports)
        self.subjects = Subjects(ground, self.reports, self.kept)
        # The report that covers a stretch together with words of the outlet; the one that introduces it by itself.
        self.mixed = _best(support, self.kept[support.report], n)
        sure = self.reports.chance[support.report] > _SURE
        self.alone = _best(support, (support.outside == 0) & sure, n)
        self.beside = _beside(ground, ranked)
        self.sources = _sources_of_mentions(support, len(ground.mentions))
        self.mentioned = np.zeros(len(self.reports), dtype=np.bool_)  # whose source holds a mention
        self.mentioned[support.speaks] = True

    def stretch(self, q: int) -> Said:
        """Return the row of a stretch."""
        ground, ranked, speech = self.ground, self.ranked, bool(self.speech[q])
        mixed, alone = int(self.mixed[q]), int(self.alone[q])
        stretches, reports, mentions = ground.stretches, self.reports, ground.mentions
        start, end = int(stretches.start[q]), int(stretches.end[q])
        found = int(ranked.mention[q])
        mention = before_apposition(ground, found) if found >= 0 else -1
        chance = float(ranked.speech_chance[q])
        one = Said(
            article=int(stretches.article[q]), start=start, end=end, stretch=q, mention=mention,
            kind=("mixed" if mixed >= 0 or self.beside[q] else "direct") if speech else "scare",
            confidence=chance * float(ranked.speaker_chance[q]) if speech else 1 - chance,
            continues=bool(stretches.continues[q]),
        )  # fmt: skip
        one.content = with_marks(ground, q, q, start, end)
        if not speech:
            return one
        if stretches.mark[q] == LABEL:
            return _labelled(ground, one)
        signed = _signature(ground, q)
        if signed >= 0:
            one.mention, one.kind = signed, "direct"
            one.source = source_span(ground, int(mentions.first[signed]), int(mentions.last[signed]))
            return one
        one.report = mixed
        if mixed >= 0:
            parts = slice(reports.bounds[mixed], reports.bounds[mixed + 1])
            for first, last in zip(reports.part_first[parts].tolist(), reports.part_last[parts].tolist(), strict=True):
                if first <= stretches.first[q] <= last:
                    one.content = content_span(ground, first, last)
        introduced = mixed if mixed >= 0 else alone
        one.anchor = int(reports.anchor[introduced]) if introduced >= 0 else -1
        if introduced >= 0 and reports.source_first[introduced] >= 0 and not self.mentioned[introduced]:
            # The cue has a source that was not recognised as a mention.
            one.mention = -1
            one.source = source_span(
                ground, int(reports.source_first[introduced]), int(reports.source_last[introduced])
            )
            one.cue = self.cues.around(one.anchor)
        elif mention >= 0:
            first, last = int(mentions.first[mention]), int(mentions.last[found])
            for report in (introduced, int(self.sources[mention])):
                if report >= 0 and reports.source_first[report] <= last and first <= reports.source_last[report]:
                    first, last = int(reports.source_first[report]), int(reports.source_last[report])
                    one.cue = self.cues.around(one.anchor) if report == introduced else None
                    break
            one.source = source_span(ground, first, last)
            one.cue = one.cue or self.cues.near(q, mention)
            self._by_agent(one, first)
        return one

    def _by_agent(self, one: Said, first: int) -> None:
        """Give a row whose cue is passive to who acts, or to nobody: its subject is who is told or accused."""
        ground = self.ground
        anchor = one.anchor if one.anchor >= 0 or one.cue is None else one.cue[1]
        sentence, stretch = ground.reading.tokens.sentence, int(ground.stretches.first[one.stretch])
        if not (first < anchor < stretch and sentence[first] == sentence[stretch] and is_passive(ground, anchor)):
            return
        agent, one.mention, one.source = find_agent(ground, anchor), -1, None
        if agent:
            at = int(np.searchsorted(ground.mentions.first, agent[0]))
            one.mention = head_mention(ground.mentions, at, agent[1])
            one.source = source_span(ground, *agent)

    def indirect(self, least: float) -> list[Said]:
        """Return the parts of reports that hold no quoted speech; of reports without any, the likely ones."""
        ground, reports = self.ground, self.reports
        stretches, mentions, article = ground.stretches, ground.mentions, ground.reading.tokens.article
        spoken = np.append(0, np.cumsum(self.speech))
        low = np.searchsorted(stretches.last, reports.part_first)
        high = np.searchsorted(stretches.first, reports.part_last, side="right")
        plain = spoken[np.maximum(high, low)] == spoken[low]
        found = []
        reach = np.maximum.accumulate(mentions.last)
        tails, subjects = self._tails(least), self.subjects
        doubts = Doubts(ground, reports, least)
        mixed = np.zeros(len(reports), dtype=np.bool_)
        np.logical_or.at(mixed, reports.of_part, ~plain)
        unlikely = is_no_report(ground, reports, least) & ~mixed
        kept = self.kept & ~self._mistaken(tails) & ~unlikely
        for number in np.flatnonzero(kept).tolist():
            source_first, source_last = subjects.settle(number)
            begin = int(np.searchsorted(reach, source_first))
            mention = head_mention(ground.mentions, begin, source_last) if source_first >= 0 else -1
            if doubts.is_impersonal(mention, int(reports.anchor[number])):
                mention = source_first = -1
            if not mixed[number] and (
                doubts.none_makes(number, mention, source_first)
                or doubts.is_name_alone(number)
                or doubts.is_no_saying(number, source_last)
            ):
                continue
            source = source_span(ground, source_first, source_last) if source_first >= 0 else None
            anchor = int(reports.anchor[number])
            for part in range(int(reports.bounds[number]), int(reports.bounds[number + 1])):
                if plain[part]:
                    content = content_span(ground, int(reports.part_first[part]), int(reports.part_last[part]))
                    found.append(
                        Said(
                            article=int(article[anchor]), start=content[0], end=content[1], kind="indirect",
                            first=int(reports.part_first[part]), mention=mention,
                            confidence=float(reports.chance[number]), report=number, anchor=anchor,
                            content=content, source=source, cue=self.cues.around(anchor),
                        )
                    )  # fmt: skip
        for number, tail in enumerate(tails if least <= CHANCE else (), start=len(reports)):
            source = source_span(ground, tail.source_first, tail.source_last)
            for first, last in tail.parts:
                content = content_span(ground, first, last)
                found.append(
                    Said(
                        article=int(article[tail.anchor]), start=content[0], end=content[1], kind="indirect",
                        first=first, mention=tail.mention, confidence=CHANCE, report=number, anchor=tail.anchor,
                        content=content, source=source, cue=self.cues.phrase(tail.anchor),
                    )
                )  # fmt: skip
        return found

    def _tails(self, least: float) -> list[Tail]:
        """Return the sentences that end in their source or hold it, where their cue found none or a part of it.

        A report too unlikely to be returned stands in the way of none.
        """
        reports = self.reports
        likely = self.kept & (reports.chance >= min(least, CHANCE))
        known = {int(reports.anchor[number]): number for number in np.flatnonzero(likely).tolist()}
        found = []
        for one in find_tails(self.ground, self.ranked.words[:, 1]):
            number = known.get(one.anchor, -1)
            parts = range(int(reports.bounds[number]), int(reports.bounds[number + 1])) if number >= 0 else range(0)
            mine = {(int(reports.part_first[part]), int(reports.part_last[part])) for part in parts}
            source = range(one.source_first, one.source_last + 1)
            if mine < set(one.parts) or all(first in source and last in source for first, last in mine):
                found.append(one)
        return found

    def _mistaken(self, tails: Sequence[Tail]) -> NDArray[np.bool_]:
        """Return which reports are part of a tail, or hold its cue and are less likely: "… Harper, Martin noted"."""
        reports = self.reports
        anchors = np.array([one.anchor for one in tails], dtype=np.int64)
        holds = np.searchsorted(anchors, reports.part_first) < np.searchsorted(anchors, reports.part_last, side="right")
        found = np.zeros(len(reports), dtype=np.bool_)
        np.logical_or.at(found, reports.of_part, holds)
        return (found & (reports.chance < CHANCE)) | np.isin(reports.anchor, anchors) | self._same(tails)

    def _same(self, tails: Sequence[Tail]) -> NDArray[np.bool_]:
        """Return which reports have the words of a tail that begins a word before their cue: "according ⟦to …"."""
        reports, found = self.reports, np.zeros(len(self.reports), dtype=np.bool_)
        parts = {one.anchor + 1: one.parts for one in tails}
        for number in np.flatnonzero(np.isin(reports.anchor, np.array(list(parts), dtype=np.int64))).tolist():
            bounds = slice(int(reports.bounds[number]), int(reports.bounds[number + 1]))
            mine = zip(reports.part_first[bounds].tolist(), reports.part_last[bounds].tolist(), strict=True)
            found[number] = tuple(mine) == parts[int(reports.anchor[number])]
        return found


def keep_reports(ground: Ground, reports: Reports) -> NDArray[np.bool_]:
    """Return which reports are returned: likely ones with words outside quotations, of similar ones the likeliest.

    A report is compared with the two before it that were kept: cues that share what they report are neighbours.
    """
    keep = (reports.chance > REPORT_THRESHOLD) & (_outside(ground, reports) > 0)
    bounds, chance = reports.bounds.tolist(), reports.chance.tolist()
    parts = list(zip(reports.part_first.tolist(), reports.part_last.tolist(), strict=True))
    before: list[int] = []
    for number in np.flatnonzero(keep).tolist():
        mine = parts[bounds[number] : bounds[number + 1]]
        for other in before:
            theirs = parts[bounds[other] : bounds[other + 1]]
            if theirs[-1][1] < mine[0][0] or mine[-1][1] < theirs[0][0]:
                continue
            shared = sum(max(0, min(b, d) - max(a, c) + 1) for a, b in mine for c, d in theirs)
            size = sum(b - a + 1 for a, b in (*mine, *theirs))
            if shared > _SAME * (size - shared):
                worse = number if chance[number] <= chance[other] else other
                keep[worse] = False
                if worse == number:
                    break
        before = [one for one in (*before, number) if keep[one]][-2:]
    return keep


def _outside(ground: Ground, reports: Reports) -> NDArray[np.int64]:
    """Count the words of each report that stand outside quotations."""
    if not len(reports):
        return np.zeros(0, dtype=np.int64)
    quoted = np.append(0, np.cumsum(~ground.quoted))
    return np.add.reduceat(quoted[reports.part_last + 1] - quoted[reports.part_first], reports.bounds[:-1])


def _best(support: Support, allowed: NDArray[np.bool_], n: int) -> NDArray[np.int64]:
    """Return the likeliest of the allowed reports that cover each stretch; -1 where none does."""
    found = np.full(n, -1, dtype=np.int64)
    stretch, report = support.stretch[allowed], support.report[allowed]
    order = np.lexsort((-report, support.reports.chance[report]))
    found[stretch[order]] = report[order]  # the likeliest is written last
    return found


def _beside(ground: Ground, ranked: Ranked) -> NDArray[np.bool_]:
    """Return for each stretch whether the word before or behind it looks reported, with no stop between the two."""
    content = np.where(ground.quoted, 0.0, ranked.words[:, 2])
    stretches, paragraph, tokens = ground.stretches, ground.paragraph, ground.reading.tokens
    before, behind = np.maximum(stretches.first - 1, 0), np.minimum(stretches.last + 1, len(paragraph) - 1)
    found = np.zeros(len(stretches), dtype=np.bool_)
    for beside, sides in ((before, (before, stretches.first)), (behind, (stretches.last, behind))):
        for q in np.flatnonzero((paragraph[beside] == stretches.paragraph) & (content[beside] > 0.5)).tolist():
            text = ground.texts[int(stretches.article[q])]
            found[q] |= not _STOP.search(text, int(tokens.end[sides[0][q]]), int(tokens.start[sides[1][q]]))
    return found


_STOP = re.compile(r"[.,:;!?…]")


def _sources_of_mentions(support: Support, n: int) -> NDArray[np.int64]:
    """Return the likeliest report whose source each mention is in; -1 for none."""
    found = np.full(n, -1, dtype=np.int64)
    order = np.lexsort((-support.speaks, support.reports.chance[support.speaks]))
    found[support.mention[order]] = support.speaks[order]
    return found


def _labelled(ground: Ground, one: Said) -> Said:
    """Give a line of a transcript the speaker of its label."""
    first = int(ground.stretches.first[one.stretch])
    start = int(np.searchsorted(ground.paragraph, ground.paragraph[first]))
    one.kind, one.content, one.continues = "direct", (one.start, one.end), False
    at = int(np.searchsorted(ground.mentions.first, start))
    named = at < len(ground.mentions) and ground.mentions.last[at] < first
    one.mention = at if named else -1
    if start < first:
        one.source = (int(ground.reading.tokens.start[start]), int(ground.reading.end[first - 1]))
    return one


def _signature(ground: Ground, q: int) -> int:
    """Return the name that signs a quotation: "“No more.” — Ana Ruiz, Harlow", in its line or the next; -1 for none."""
    tokens, mentions = ground.reading.tokens, ground.mentions
    last = int(ground.stretches.last[q])
    if last + 1 >= len(tokens) or tokens.article[last] != tokens.article[last + 1]:
        return -1
    text, begin = ground.texts[int(tokens.article[last])], int(tokens.start[last + 1])
    if not _SIGNS.fullmatch(text[int(tokens.end[last]) : begin]):
        return -1
    at = int(np.searchsorted(mentions.first, last + 1))
    if at == len(mentions) or mentions.first[at] != last + 1 or mentions.kind[at] > BODY:
        return -1
    return at if _SIGNED.match(text, int(mentions.end[at])) else -1


_SIGNS = re.compile(r"[.,!?…\s]{0,4}(?:[”\"»]|'')\s*[-–—―]{1,2}\s*")
_SIGNED = re.compile(r"\s?(?:[,(][^\n]{0,80}|[.;]?)[ \t\xa0]*(?:\n|$)")


def head_mention(mentions: Mentions, at: int, source_last: int) -> int:
    """Return the mention that a source is about: the first, or the name that stands beside a role; -1 for none.

    Parameters
    ----------
    mentions : Mentions
    at : int
        The first mention that may stand in the source.
    source_last : int
        The last word of the source.
    """
    best = -1
    while at < len(mentions) and mentions.first[at] <= source_last:
        if best < 0 and not (mentions.owner[at] and mentions.last[at] < source_last):
            best = at
        elif best >= 0 and mentions.kind[best] == ROLE and mentions.kind[at] == NAME:
            return at if mentions.first[at] == mentions.last[best] + 1 else best
        elif best >= 0:
            # "director of the League Ana Ruiz": the League is a part of her title.
            holds = mentions.first[at] <= mentions.first[best] and mentions.last[at] > mentions.last[best]
            return at if holds and mentions.kind[best] == BODY and mentions.kind[at] == NAME else best
        at += 1
    return best


class _Cues:
    """Where the cue of a report or of a quotation begins and ends."""

    def __init__(self, ground: Ground, ranked: Ranked) -> None:
        self.ground = ground
        self.cue = np.where(ground.quoted, 0.0, ranked.words[:, 1])
        sentence = ground.reading.tokens.sentence
        plain = np.isin(ground.reading.kind, _VERBAL) & (self.cue > 0.5)
        joined = np.append(False, plain[1:] & plain[:-1] & (sentence[1:] == sentence[:-1]))
        self.run = np.cumsum(~joined)
        self.bounds = np.append(np.flatnonzero(~joined), len(plain))

    def around(self, token: int) -> tuple[int, int]:
        """Return the first and last word of the cue that has this head."""
        run = int(self.run[token])
        return int(self.bounds[run - 1]), int(self.bounds[run]) - 1

    def phrase(self, token: int) -> tuple[int, int]:
        """Return the first and last word of a cue that may be no verb: "as per"."""
        reading = self.ground.reading
        words = tuple(reading.lower[code] for code in reading.tokens.term[token : token + 2].tolist())
        return (token, token + 1) if words in ACCORDING else self.around(token)

    def near(self, q: int, mention: int) -> tuple[int, int] | None:
        """Return the likeliest words between speaker and quotation, or on the far side of either."""
        stretches, mentions = self.ground.stretches, self.ground.mentions
        left = min(int(mentions.first[mention]), int(stretches.first[q]))
        right = max(int(mentions.last[mention]), int(stretches.last[q]))
        begin, end = max(left - 4, 0), min(right + 5, len(self.cue))
        window = self.cue[begin:end].copy()
        sentence = self.ground.reading.tokens.sentence
        window[sentence[begin:end] != sentence[int(mentions.first[mention])]] = 0
        window[max(int(mentions.first[mention]) - begin, 0) : int(mentions.last[mention]) - begin + 1] = 0
        if not len(window):
            return None
        away = np.abs(np.arange(begin, end) - int(mentions.last[mention]))
        best = int(np.argmax(window / (1 + 0.03 * away)))
        return self.around(begin + best) if window[best] >= _CUE else None
