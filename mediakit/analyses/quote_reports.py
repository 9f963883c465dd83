"""Reported words: for every cue its source and what it reports, in or outside quotation marks.

Each word that may be a cue opens a window on its sentence; a linear chain labels the words in it (`quote_chain`), and
boosted trees tell how likely the outcome is right. A cue within what another cue reports is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.forests import Forest
from mediakit.analyses.quote_chain import (
    CONTENT,
    CONTENT_END,
    CONTENT_ON,
    LABELS,
    SOURCE,
    SOURCE_ON,
    find_paths,
    lay_runs,
)
from mediakit.analyses.quote_features import Columns, stack
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_windows import Windows, find_anchors, open_windows, shared_features, window_features
from mediakit.analyses.quote_words import LETTERS, add_rows, gap_codes, letter_codes, word_codes
from mediakit.analyses.word_classes import LINE
from mediakit.errors import ModelError

_STEPS = 1 << 20
_FAR = 60


@dataclass(frozen=True)
class Reports:
    """What each cue reports; arrays with one value per report, by the place of the cue.

    Attributes
    ----------
    anchor : array of int64
        Token that is the head of the cue.
    source_first, source_last : array of int64
        Tokens of the source; -1 where there is none.
    bounds : array of int64, one more than there are reports
        Where the parts of each report begin.
    part_first, part_last : array of int64, one value per part
        Tokens of what is reported, in one part or several.
    path : array of float
        Probability of the labels, given that it is a cue.
    chance : array of float
        Probability that the parts are right, to the word.
    """

    anchor: NDArray[np.int64]
    source_first: NDArray[np.int64]
    source_last: NDArray[np.int64]
    bounds: NDArray[np.int64]
    part_first: NDArray[np.int64]
    part_last: NDArray[np.int64]
    path: NDArray[np.float64]
    chance: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.anchor)

    @property
    def of_part(self) -> NDArray[np.int64]:
        """The report of each part."""
        return np.repeat(np.arange(len(self)), np.diff(self.bounds))


def read_labels(ground: Ground, windows: Windows, labels: NDArray[np.int64], path: NDArray[np.float64]) -> Reports:
    """Turn the labels of windows into reports; what begins or ends inside a quotation is widened to all of it."""
    following = np.append(labels[1:], 0)
    apart = np.append(windows.window[1:] != windows.window[:-1], True)
    goes_on = np.isin(following, (SOURCE_ON, CONTENT_ON, CONTENT_END)) & ~apart

    def runs(first: int, members: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        begin = np.flatnonzero(labels == first)
        end = np.flatnonzero(np.isin(labels, members) & ~goes_on)
        return windows.window[begin], windows.token[begin], windows.token[end]

    of_source, source_first, source_last = runs(SOURCE, (SOURCE, SOURCE_ON))
    of_part, first, last = runs(CONTENT, (CONTENT, CONTENT_ON, CONTENT_END))
    stretches = ground.stretches
    within = np.full(len(ground.quoted) + 1, -1, dtype=np.int64)
    width = stretches.last - stretches.first + 1
    within[
        np.repeat(stretches.first, width) + np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
    ] = np.repeat(np.arange(len(stretches)), width)
    if len(stretches):
        first = np.where(within[first] >= 0, np.minimum(stretches.first[within[first]], first), first)
        last = np.where(within[last] >= 0, np.maximum(stretches.last[within[last]], last), last)
    some = np.unique(of_part)  # a window without content is no report
    number = np.full(len(windows), -1, dtype=np.int64)
    number[some] = np.arange(len(some))
    sources = np.full((2, len(some)), -1, dtype=np.int64)
    kept = number[of_source] >= 0
    # The first source of a window is written last, and stays.
    sources[0, number[of_source[kept]][::-1]] = source_first[kept][::-1]
    sources[1, number[of_source[kept]][::-1]] = source_last[kept][::-1]
    return Reports(
        windows.anchor[some], sources[0], sources[1], np.searchsorted(of_part, np.append(some, len(windows))), first,
        last, path[some], np.ones(len(some)),
    )  # fmt: skip


def report_columns(ground: Ground, words: NDArray[np.float64], reports: Reports) -> Columns:
    """Return what tells whether a report is right."""
    words = np.round(words * _STEPS) / _STEPS
    source, cue, content = (np.append(0.0, np.cumsum(words[:, column])) for column in range(3))
    quoted = np.append(0, np.cumsum(ground.quoted))
    anchor = reports.anchor
    sentence = ground.reading.tokens.sentence
    own = sentence[anchor]
    begin, end = np.searchsorted(sentence, own), np.searchsorted(sentence, own, side="right")
    head, tail = reports.bounds[:-1], reports.bounds[1:] - 1
    first, last = reports.part_first[head], reports.part_last[tail]
    size = reports.part_last - reports.part_first + 1

    def total(values: NDArray) -> NDArray[np.float64]:
        return np.add.reduceat(values, head).astype(np.float64) if len(head) else np.zeros(0)

    width = total(size)
    has = reports.source_first >= 0
    s_first, s_last = np.maximum(reports.source_first, 0), np.maximum(reports.source_last, 0)
    loud = words[anchor, 1]
    inner = np.append(0, np.cumsum(np.bincount(anchor, minlength=len(ground.quoted) + 1) > 0))
    letter = letter_codes(ground.reading)
    gap = gap_codes(ground.reading)
    line = np.cumsum(ground.reading.gap == ord(LINE))

    def near(values: NDArray, place: NDArray[np.int64], by: int, missing: float = 0.0) -> NDArray[np.float64]:
        """Values `by` words on from some places, in the same paragraph."""
        to = np.clip(place + by, 0, len(line) - 1)
        return np.where((to == place + by) & (line[to] == line[place]), values[to], missing)

    mention = np.full(len(ground.quoted) + 1, -1, dtype=np.int64)
    mention[ground.mentions.first] = ground.mentions.kind
    n = len(reports)
    index = np.arange(n)
    stop = np.append(last, 0)[: n + 1]
    best_so_far = np.maximum.accumulate(np.append(-1, stop[:n]))
    prior, following = np.maximum(index - 1, 0), np.minimum(index + 1, n - 1)
    article = ground.reading.tokens.article[anchor]
    follows = (index > 0) & (article[prior] == article)
    leads = (index < n - 1) & (article[following] == article)
    return {
        "cue": loud, "cue before": near(words[:, 1], anchor, -1), "cue behind": near(words[:, 1], anchor, 1),
        "content at cue": words[anchor, 2], "source at cue": words[anchor, 0],
        "cues in sentence": cue[end] - cue[begin],
        "path": reports.path,
        "parts": tail - head + 1.0, "has source": has.astype(np.float64),
        "words": np.minimum(width, _FAR),
        "words of source": np.where(has, np.minimum(s_last - s_first + 1, 20), 0),
        "words of sentence": np.minimum(end - begin, _FAR),
        "quoted": total(quoted[reports.part_last + 1] - quoted[reports.part_first]) / np.maximum(width, 1),
        "quotations in sentence": quoted[end] - quoted[begin],
        "content": total(content[reports.part_last + 1] - content[reports.part_first]) / np.maximum(width, 1),
        "content of sentence": (content[end] - content[begin]) / (end - begin),
        "content first": words[first, 2], "content last": words[last, 2],
        "content before": near(words[:, 2], first, -1), "content behind": near(words[:, 2], last, 1),
        "source": np.where(has, (source[s_last + 1] - source[s_first]) / (s_last - s_first + 1), -1),
        "source first": np.where(has, words[s_first, 0], -1), "source last": np.where(has, words[s_last, 0], -1),
        "source mention": np.where(has, mention[s_first], -2),
        "to content": np.clip(first - anchor, -_FAR, 30),
        "to source": np.where(has, np.clip(s_first - anchor, -30, 30), 40),
        "from start": np.minimum(anchor - begin, _FAR), "rest": np.clip(end - 1 - last, -20, 20),
        "lead": np.clip(first - begin, -20, 30),
        "cues inside": np.minimum(inner[last + 1] - inner[first], 6),
        "class": letter[anchor], "class before": near(letter, anchor, -1, -1),
        "class behind": near(letter, anchor, 1, -1),
        "class first": letter[first], "class last": letter[last], "class after": near(letter, last, 1, -1),
        "gap before": gap[first], "gap after": near(gap, last, 1, -1), "gap at cue": gap[anchor],
        "gap behind cue": near(gap, anchor, 1, -1),
        "within the one before": (best_so_far[:n] >= anchor).astype(np.float64),
        "words since cue": np.where(follows, np.minimum(anchor - anchor[prior], 30), 30),
        "words to cue": np.where(leads, np.minimum(anchor[following] - anchor, 30), 30),
        "cue since": np.where(follows, loud[prior], 0), "cue to": np.where(leads, loud[following], 0),
    }  # fmt: skip


@dataclass(frozen=True)
class ReportModel:
    """Weights of the chain, and the trees that judge its outcome.

    Attributes
    ----------
    endings : tuple of str
        Frequent endings of words.
    shared : array of float32, one row per feature of a word, one column per label, before and behind the cue
    window : array of float32, one row per feature of a word as seen from a cue, one column per label
    moves : array of float32, from label to label
    judge : Forest
    judge_features : tuple of str
    """

    endings: tuple[str, ...]
    shared: NDArray[np.float32]
    window: NDArray[np.float32]
    moves: NDArray[np.float32]
    judge: Forest
    judge_features: tuple[str, ...]

    @cached_property
    def ending_codes(self) -> dict[str, int]:
        """Ending -> code."""
        return {ending: code for code, ending in enumerate(self.endings)}

    def find(
        self,
        ground: Ground,
        words: NDArray[np.float64],
        active: tuple[NDArray[np.int64], int],
        vocabulary: Mapping[str, int],
    ) -> Reports:
        """Find what each cue reports.

        Parameters
        ----------
        ground : Ground
        words : array of float, as `WordModel.score` returns it
        active : as `active_features` returns it
        vocabulary : word -> code
        """
        windows = open_windows(ground, find_anchors(ground, words[:, 1]))
        labels, path = self.label(ground, windows, words[:, 1], active, vocabulary)
        reports = read_labels(ground, windows, labels, path)
        if not len(reports):
            return reports
        columns = report_columns(ground, words, reports)
        if tuple(columns) != self.judge_features:
            raise ModelError(
                "the model for reported words was trained on other features than this version of mediakit computes.\n"
                "    Install mediakit anew, or train it with training/speakers.py."
            )
        chance = self.judge.chance(stack(columns))
        return Reports(
            reports.anchor, reports.source_first, reports.source_last, reports.bounds, reports.part_first,
            reports.part_last, reports.path, chance,
        )  # fmt: skip

    def label(
        self,
        ground: Ground,
        windows: Windows,
        cue: NDArray[np.float64],
        active: tuple[NDArray[np.int64], int],
        vocabulary: Mapping[str, int],
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Label the words of windows; see `find_paths`."""
        n_labels = len(LABELS)
        more, size = shared_features(ground, self.ending_codes)
        seen, n_seen = window_features(ground, windows, cue, word_codes(ground, vocabulary), len(vocabulary) + _OTHER)
        if active[1] + size != len(self.shared) or n_seen != len(self.window):
            raise ModelError(
                f"the model has {len(self.shared)} and {len(self.window)} weights for reported words; "
                f"this mediakit needs {active[1] + size} and {n_seen}."
            )
        needed = np.zeros(len(ground.quoted), dtype=np.bool_)
        needed[windows.token] = True
        place = np.cumsum(needed) - 1
        of_word = np.zeros((int(needed.sum()), 2 * n_labels), dtype=np.float32)
        add_rows(of_word, self.shared, active[0].T[:, needed].T)
        add_rows(of_word, self.shared[active[1] :], more.T[:, needed].T)
        side = (windows.token > windows.anchor[windows.window]).astype(np.int64)
        weight = of_word.reshape(-1, n_labels)[2 * place[windows.token] + side]
        add_rows(weight, self.window, seen)
        runs = lay_runs(windows.length)
        laid = np.empty_like(weight)
        laid[runs.cell] = weight
        return find_paths(laid, runs, self.moves)


_OTHER = len(LETTERS) + 1  # codes of words that are not in the vocabulary
