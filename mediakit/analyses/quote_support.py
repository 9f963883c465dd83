"""What the reports of cues say for a mention as the speaker of a stretch, and for a stretch as speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.quote_features import Columns, Pairs
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import Reports

_FAR = 60


def overlapping(
    first: NDArray[np.int64], last: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which spans touch which of a list of spans in order: two arrays, one value per touch.

    Examples
    --------
    >>> spans = np.array([0, 9]), np.array([4, 12])
    >>> [found.tolist() for found in overlapping(*spans, np.array([1, 4, 6]), np.array([2, 5, 7]))]
    [[0, 0], [0, 1]]
    """
    low = np.searchsorted(ends, first)
    high = np.searchsorted(starts, last, side="right")
    width = np.maximum(high - low, 0)
    one = np.repeat(np.arange(len(first), dtype=np.int64), width)
    return one, np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width) + low[one]


class Support:
    """Which reports cover which stretches, and which mentions are their sources."""

    def __init__(self, ground: Ground, reports: Reports) -> None:
        self.ground, self.reports = ground, reports
        stretches, mentions = ground.stretches, ground.mentions
        quoted = np.append(0, np.cumsum(ground.quoted))
        outside = (
            reports.part_last - reports.part_first + 1 - (quoted[reports.part_last + 1] - quoted[reports.part_first])
        )
        part, self.stretch = overlapping(reports.part_first, reports.part_last, stretches.first, stretches.last)
        self.report = reports.of_part[part]
        self.outside = outside[part]
        has = np.flatnonzero(reports.source_first >= 0)
        one, self.mention = overlapping(
            reports.source_first[has], reports.source_last[has], mentions.first, np.maximum.accumulate(mentions.last)
        )
        self.speaks = has[one]  # the report whose source the mention is in
        self.place = np.arange(len(one)) - np.searchsorted(self.speaks, self.speaks)

    def stretches(self) -> Columns:
        """Return the features of each stretch."""
        n = len(self.ground.stretches)
        chance = self.reports.chance[self.report]
        plain, mixed = np.zeros(n), np.zeros(n)
        wide = np.zeros(n)
        np.maximum.at(plain, self.stretch, chance * (self.outside == 0))
        np.maximum.at(mixed, self.stretch, chance * (self.outside > 0))
        np.maximum.at(wide, self.stretch, np.minimum(self.outside, _FAR) * (chance > 0.25))
        has = self.reports.source_first[self.report] >= 0
        source = np.zeros(n)
        np.maximum.at(source, self.stretch, chance * has)
        return {
            "report, quoted": plain, "report, mixed": mixed, "report, words outside": wide, "report with source": source
        }  # fmt: skip

    def pairs(self, pairs: Pairs) -> Columns:
        """Return the features of each pair of stretch and mention."""
        chance = self.reports.chance
        n = len(self.ground.mentions)
        anywhere = np.zeros(n)
        np.maximum.at(anywhere, self.mention, chance[self.speaks])
        first = np.full(n, 9.0)
        np.minimum.at(first, self.mention, np.minimum(self.place, 8))
        # Each stretch of a report with each mention of its source.
        low = np.searchsorted(self.speaks, self.report)
        width = np.searchsorted(self.speaks, self.report, side="right") - low
        edge = np.repeat(np.arange(len(self.report)), width)
        which = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width) + low[edge]
        key = self.stretch[edge] * max(n, 1) + self.mention[which]
        value = chance[self.report[edge]]
        order = np.lexsort((value, key))
        key, value = key[order], value[order]
        asked = pairs.stretch * max(n, 1) + pairs.mention
        at = np.searchsorted(key, asked, side="right") - 1
        known = (at >= 0) & (np.append(key, -1)[at] == asked)
        return {
            "source of its report": np.where(known, np.append(value, 0.0)[at], 0.0),
            "source of a report": anywhere[pairs.mention], "place in source": first[pairs.mention],
        }  # fmt: skip
