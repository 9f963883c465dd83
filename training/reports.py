"""Train what finds reported words: the labels of the words around a cue, and the trees that judge the outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from mediakit.analyses.forests import Forest
from mediakit.analyses.quote_chain import ALLOWED, BEGINS, CONTENT, CONTENT_END, CONTENT_ON, LABELS, SOURCE, SOURCE_ON
from mediakit.analyses.quote_features import stack
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import ReportModel, Reports, read_labels, report_columns
from mediakit.analyses.quote_windows import (
    Windows,
    ending_of,
    find_anchors,
    open_windows,
    shared_features,
    window_features,
)
from mediakit.analyses.quote_words import LETTERS, is_capital, word_codes
from training.chains import fit_chain
from training.trees import train_trees

LEAST_ENDING = 60  # occurrences of an ending that is known
RIDGE, ROUNDS = 1.0, 50
_LOUD = 0.1  # every word of a gold cue with this chance opens a window, besides the likeliest
JUDGE = {
    "max_iter": 120, "learning_rate": 0.07, "max_leaf_nodes": 16, "min_samples_leaf": 40, "l2_regularization": 3.0,
    "early_stopping": False, "random_state": 0, "max_features": 0.4,
}  # fmt: skip
_WIDE = 1 << 34
Span = tuple[int, int]


class Gold:
    """The attributions as tokens: each span from its first token to one past its last."""

    def __init__(self, ground: Ground, docs: dict[str, Any]) -> None:
        tokens = ground.reading.tokens
        wide = tokens.article.astype(np.int64) * _WIDE
        starts, ends = wide + tokens.start, wide + tokens.end

        def spans(article: int, found: list[Span]) -> tuple[Span, ...]:
            at = [
                (int(np.searchsorted(ends, article * _WIDE + start, side="right")),
                 int(np.searchsorted(starts, article * _WIDE + end)))
                for start, end in found
            ]  # fmt: skip
            return tuple(sorted({(first, stop) for first, stop in at if stop > first}))

        self.article: list[int] = []
        self.cue: list[tuple[Span, ...]] = []
        self.source: list[tuple[Span, ...]] = []
        self.content: list[tuple[Span, ...]] = []
        self.of_cue: dict[int, int] = {}  # token of a cue -> its attribution
        for number, (_, attributions) in enumerate(docs.values()):
            for one in attributions:
                content = spans(number, one["Content"])
                if not content:
                    continue
                cue = spans(number, one["Cue"])
                for first, stop in cue:
                    for token in range(first, stop):
                        self.of_cue.setdefault(token, len(self.article))
                self.article.append(number)
                self.cue.append(cue)
                self.source.append(spans(number, one["Source"]))
                self.content.append(content)


def frequent_endings(ground: Ground) -> tuple[str, ...]:
    """Return the endings of words printed small, of those that occur often."""
    small = np.bincount(
        ground.reading.tokens.term[~is_capital(ground.reading)], minlength=len(ground.reading.lower)
    ).tolist()
    counts = Counter[str]()
    for word, number in zip(ground.reading.lower, small, strict=True):
        counts[ending_of(word)] += number
    return tuple(sorted(ending for ending, number in counts.items() if ending and number >= LEAST_ENDING))


def gold_anchors(ground: Ground, gold: Gold, cue: np.ndarray) -> np.ndarray:
    """Return the tokens of gold cues that open a window in training."""
    found = set()
    for number, spans in enumerate(gold.cue):
        tokens = [token for first, stop in spans for token in range(first, stop)]
        likeliest = max(tokens, key=lambda token: cue[token], default=-1)
        found.update(
            token
            for token in tokens
            if (token == likeliest or cue[token] > _LOUD) and gold.of_cue[token] == number and not ground.quoted[token]
        )
    return np.array(sorted(found), dtype=np.int64)


def label_windows(windows: Windows, gold: Gold) -> tuple[np.ndarray, np.ndarray]:
    """Return the label of each word, and which windows have labels that may follow each other."""
    labels = np.zeros(len(windows.token), dtype=np.int64)
    begins = np.cumsum(windows.length) - windows.length
    for window, anchor in enumerate(windows.anchor.tolist()):
        number = gold.of_cue[anchor]
        left, right, at = (
            int(windows.first[window]),
            int(windows.first[window] + windows.length[window]),
            begins[window],
        )
        for spans, first_label, further in ((gold.source, SOURCE, SOURCE_ON), (gold.content, CONTENT, CONTENT_ON)):
            for first, stop in spans[number]:
                first, stop = max(first, left) - left + at, min(stop, right) - left + at
                if stop > first:
                    labels[first + 1 : stop] = further
                    labels[first] = first_label
                    if further == CONTENT_ON and stop - first > 1:
                        labels[stop - 1] = CONTENT_END
    fine = np.ones(len(windows), dtype=np.bool_)
    fine[~BEGINS[labels[begins]]] = False
    inner = np.ones(len(labels), dtype=np.bool_)
    inner[begins] = False
    fine[windows.window[1:][~ALLOWED[labels[:-1], labels[1:]] & inner[1:]]] = False
    fine[labels[begins + windows.length - 1] == CONTENT_ON] = False
    return labels, fine


def train_reports(
    ground: Ground,
    docs: dict[str, Any],
    words: np.ndarray,
    active: tuple[np.ndarray, int],
    vocabulary: dict[str, int],
    fold: np.ndarray,
) -> tuple[ReportModel, Reports]:
    """Train the model; return it, and the reports by models that have not seen their article."""
    from scipy.sparse import csr_matrix

    gold = Gold(ground, docs)
    endings = frequent_endings(ground)
    cue = words[:, 1]
    codes = {ending: code for code, ending in enumerate(endings)}
    more, n_more = shared_features(ground, codes)
    total = active[1] + n_more
    code, size = word_codes(ground, vocabulary), len(vocabulary) + len(LETTERS) + 1
    article = ground.reading.tokens.article

    def fit(anchors: np.ndarray) -> ReportModel:
        windows = open_windows(ground, anchors)
        labels, fine = label_windows(windows, gold)
        windows = open_windows(ground, anchors[fine])
        labels, _ = label_windows(windows, gold)
        seen, n_seen = window_features(ground, windows, cue, code, size)
        behind = (windows.token > windows.anchor[windows.window])[:, None]
        index = np.hstack(
            [
                2 * active[0][windows.token] + behind, 2 * (more[windows.token] + active[1]) + behind,
                seen + 2 * total,
            ]
        )  # fmt: skip
        rows = csr_matrix(
            (np.ones(index.size, dtype=np.float32), index.ravel(), np.arange(0, index.size + 1, index.shape[1])),
            shape=(len(index), 2 * total + n_seen),
        )
        weights, moves = fit_chain(rows, windows.length, labels, ridge=RIDGE, rounds=ROUNDS)
        # A feature and a side make a row; in the model both sides of a feature stand in one.
        shared = weights[: 2 * total].reshape(total, 2 * len(LABELS)).astype(np.float16).astype(np.float32)
        window = weights[2 * total :].astype(np.float16).astype(np.float32)
        return ReportModel(endings, shared, window, moves, _nothing(), ())

    anchors = gold_anchors(ground, gold, cue)
    candidates = find_anchors(ground, cue)
    labels: list[np.ndarray] = []
    windows_of: list[np.ndarray] = []
    paths: list[np.ndarray] = []
    for number in range(int(fold.max()) + 1):
        model = fit(anchors[fold[article[anchors]] != number])
        mine = candidates[fold[article[candidates]] == number]
        windows = open_windows(ground, mine)
        found, path = model.label(ground, windows, cue, active, vocabulary)
        labels.append(found)
        windows_of.append(mine)
        paths.append(path)
        print("reports: fold", number, flush=True)
    # Back to the order of the text.
    order = np.argsort(np.concatenate(windows_of))
    pieces = [
        piece
        for found, mine in zip(labels, windows_of, strict=True)
        for piece in np.split(found, np.cumsum(open_windows(ground, mine).length)[:-1])
    ]
    windows = open_windows(ground, candidates)
    reports = read_labels(ground, windows, np.concatenate([pieces[at] for at in order]), np.concatenate(paths)[order])
    columns = report_columns(ground, words, reports)
    right = is_right(ground, reports, gold)
    judge, chance = train_trees(
        stack(columns), right, fold[article[reports.anchor]], np.ones(len(right), dtype=np.bool_), JUDGE
    )
    model = replace(fit(anchors), judge=judge, judge_features=tuple(columns))
    return model, replace(reports, chance=chance)


def _nothing() -> Forest:
    none = np.zeros(1)
    return Forest(
        none.astype(np.int16) - 1, none, none.astype(np.int32), none.astype(np.int32), none, np.zeros(1, np.int32), 0.0
    )


def is_right(ground: Ground, reports: Reports, gold: Gold) -> np.ndarray:
    """Return which reports are right: the parts to the word, or a cue of what is quoted where all is quoted."""
    contents = {(number, spans) for number, spans in zip(gold.article, gold.content, strict=True)}
    article = ground.reading.tokens.article
    right = np.zeros(len(reports))
    for number, anchor in enumerate(reports.anchor.tolist()):
        parts = slice(reports.bounds[number], reports.bounds[number + 1])
        spans = tuple(zip(reports.part_first[parts].tolist(), (reports.part_last[parts] + 1).tolist(), strict=True))
        if all(ground.quoted[first:stop].all() for first, stop in spans):
            of = gold.of_cue.get(anchor)
            right[number] = of is not None and any(
                first < gold_stop and gold_first < stop
                for first, stop in spans
                for gold_first, gold_stop in gold.content[of]
            )
        else:
            right[number] = (int(article[anchor]), spans) in contents
    return right
