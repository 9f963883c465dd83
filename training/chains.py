"""Fit a linear chain (a conditional random field: Lafferty, McCallum and Pereira 2001) to labelled runs of words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from mediakit.analyses.quote_chain import ALLOWED, BEGINS, CONTENT_ON, LABELS, lay_runs

N = len(LABELS)


def fit_chain(
    rows: Any, length: np.ndarray, labels: np.ndarray, *, ridge: float, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights (one row per feature, one column per label) and the moves from label to label.

    Parameters
    ----------
    rows : sparse matrix, one row per word, run after run
    length : words of each run
    labels : of each word
    ridge : weight of the squares of the weights
    rounds : of L-BFGS
    """
    from scipy.optimize import minimize

    runs = lay_runs(length)
    given = np.empty(len(labels), dtype=np.int64)
    given[runs.cell] = np.arange(len(labels))
    rows, labels = rows[given].tocsr(), labels[given]
    turned = rows.T.tocsr()
    size = rows.shape[1]
    right = np.zeros((len(labels), N), dtype=np.float32)
    right[np.arange(len(labels)), labels] = 1
    counted = turned @ right
    moved = np.zeros((N, N))
    places = list(pairwise(runs.bounds.tolist()))
    for (before, _), (begin, end) in pairwise(places):
        np.add.at(moved, (labels[before : before + end - begin], labels[begin:end]), 1)
    ends = np.ones(N)
    ends[CONTENT_ON] = 0

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        weights, moves = values[: size * N].reshape(size, N).astype(np.float32), values[size * N :].reshape(N, N)
        spread = np.where(ALLOWED, np.exp(moves), 0)
        raw = (rows @ weights).astype(np.float64)
        top = raw.max(axis=1, keepdims=True)
        likely = np.exp(raw - top)
        ahead, scale, back = np.empty_like(likely), np.empty(len(likely)), np.empty_like(likely)
        going = [end - begin for begin, end in places[1:]] + [0]
        for place, (begin, end) in enumerate(places):
            if place:
                before = places[place - 1][0]
                inner = (ahead[before : before + end - begin] @ spread) * likely[begin:end]
            else:
                inner = likely[begin:end] * BEGINS
            inner[going[place] :] *= ends
            scale[begin:end] = inner.sum(axis=1)
            ahead[begin:end] = inner / scale[begin:end, None]
        expected = np.zeros((N, N))
        for place in range(len(places) - 1, -1, -1):
            begin, end = places[place]
            back[begin:end] = ends
            if going[place]:
                after = slice(*places[place + 1])
                inner = back[after] * likely[after] / scale[after, None]
                back[begin : begin + going[place]] = inner @ spread.T
                expected += (ahead[begin : begin + going[place]].T @ inner) * spread
        chance = ahead * back
        chance /= chance.sum(axis=1, keepdims=True)
        reached = float((weights * counted).sum(dtype=np.float64)) + float((np.where(ALLOWED, moves, 0) * moved).sum())
        value = float(top.sum() + np.log(scale).sum()) - reached + 0.5 * ridge * float(values @ values)
        slope = turned @ chance.astype(np.float32) - counted
        return value, np.concatenate(
            [slope.ravel().astype(np.float64), np.where(ALLOWED, expected - moved, 0).ravel()]
        ) + ridge * values

    found = minimize(
        loss, np.zeros(size * N + N * N), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8}
    )
    return found.x[: size * N].reshape(size, N).astype(np.float32), found.x[size * N :].reshape(N, N).astype(np.float32)
