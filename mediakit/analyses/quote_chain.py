"""A linear chain: the likeliest labels of many short runs of words at once, given what speaks for each label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Labels of a word, seen from a cue: nothing, source (first word, further ones), content (first, inner, last).
LABELS = ("none", "source", "source+", "content", "content+", "content.")
NONE, SOURCE, SOURCE_ON, CONTENT, CONTENT_ON, CONTENT_END = range(len(LABELS))
BEGINS = np.array([True, True, False, True, False, False])  # labels that a run may begin with
ALLOWED = np.ones((len(LABELS), len(LABELS)), dtype=np.bool_)
ALLOWED[:, SOURCE_ON] = False
ALLOWED[[SOURCE, SOURCE_ON], SOURCE_ON] = True
ALLOWED[:, [CONTENT_ON, CONTENT_END]] = False
ALLOWED[CONTENT, [CONTENT_ON, CONTENT_END]] = True
# Only a content of one word ends without a last word.
ALLOWED[CONTENT_ON, :] = False
ALLOWED[CONTENT_ON, [CONTENT_ON, CONTENT_END]] = True
_NEVER = np.float32(-1e6)


@dataclass(frozen=True)
class Runs:
    """Runs of words of different lengths, laid out place by place.

    The runs are sorted from long to short; the first word of each comes first, then the second word of those that have
    one, and so on: what is done for one place is done for all runs together.

    Attributes
    ----------
    order : array of int64, one value per run
        Which run stands where.
    cell : array of int64, one value per word of the runs as given
        Where the word stands in the layout.
    bounds : array of int64
        Where each place begins; one more than there are places.
    """

    order: NDArray[np.int64]
    cell: NDArray[np.int64]
    bounds: NDArray[np.int64]


def lay_runs(length: NDArray[np.int64]) -> Runs:
    """Lay out runs of the given lengths (each at least 1).

    Examples
    --------
    >>> runs = lay_runs(np.array([1, 3, 2]))
    >>> runs.order.tolist(), runs.bounds.tolist(), runs.cell.tolist()
    ([1, 2, 0], [0, 3, 5, 6], [2, 0, 3, 5, 1, 4])
    """
    order = np.argsort(-length, kind="stable")
    most = int(length.max(initial=0))
    active = np.searchsorted(-length[order], -np.arange(1, most + 1), side="right")
    bounds = np.append(0, np.cumsum(active)).astype(np.int64)
    rank = np.empty(len(length), dtype=np.int64)
    rank[order] = np.arange(len(length))
    begin = np.cumsum(length) - length
    place = np.arange(int(length.sum())) - np.repeat(begin, length)
    return Runs(order, bounds[place] + np.repeat(rank, length), bounds)


def find_paths(
    weight: NDArray[np.float32], runs: Runs, moves: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the likeliest label of each word, and the probability of the labels of each run.

    Parameters
    ----------
    weight : array of float32, one row per word in the order of the layout, one column per label
    runs : Runs
    moves : array of float32, from label to label

    Returns
    -------
    labels : array of int64, one value per word as given to `lay_runs`
    chance : array of float64, one value per run as given

    Notes
    -----
    The algorithms of Viterbi (1967) and Rabiner (1989, doi:10.1109/5.18626).

    Examples
    --------
    >>> runs = lay_runs(np.array([2]))
    >>> weight = np.zeros((2, len(LABELS)), dtype=np.float32)
    >>> weight[0, SOURCE] = weight[1, CONTENT] = 9
    >>> labels, chance = find_paths(weight, runs, np.zeros((len(LABELS), len(LABELS)), dtype=np.float32))
    >>> [LABELS[label] for label in labels], bool(chance[0] > 0.99)
    (['source', 'content'], True)
    """
    size = len(runs.order)
    if not size:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    moves = moves.astype(np.float32)
    spread = np.exp(moves)
    top = weight.max(axis=1)
    weight = np.ascontiguousarray(weight.T)  # label by label
    likely = np.exp(weight - top)
    came = np.zeros(weight.shape, dtype=np.int8)
    total = np.zeros(size)
    final = np.empty((len(weight), size), dtype=np.float32)
    places = list(pairwise(runs.bounds.tolist()))
    for place, (begin, end) in enumerate(places):
        if place == 0:
            best = weight[:, begin:end] + np.where(BEGINS, 0, _NEVER).astype(np.float32)[:, None]
            inner = likely[:, begin:end] * BEGINS[:, None].astype(np.float32)
        else:
            best, inner = _step(best[:, : end - begin], inner[:, : end - begin], moves, spread, came[:, begin:end])
            best += weight[:, begin:end]
            inner *= likely[:, begin:end]
        going = places[place + 1][1] - end if place + 1 < len(places) else 0
        inner[CONTENT_ON, going:] = 0
        best[CONTENT_ON, going:] = _NEVER
        final[:, going : end - begin] = best[:, going:]
        scale = inner.sum(axis=0)
        inner /= scale
        total[: end - begin] += np.log(scale) + top[begin:end]
    labels = np.empty(weight.shape[1], dtype=np.int64)
    last = final.argmax(axis=0)
    behind = 0  # runs that go on behind the place
    current = last
    for begin, end in reversed(places):
        # Those that end here come in with their own last label.
        current = np.append(current[:behind], last[behind : end - begin])
        labels[begin:end] = current
        behind = end - begin
        current = came[current, np.arange(begin, end)] if begin else current
    chance = np.empty(size)
    chance[runs.order] = np.exp(np.minimum(final.max(axis=0) - total, 0.0))
    return labels[runs.cell], chance


def _step(
    best: NDArray[np.float32],
    inner: NDArray[np.float32],
    moves: NDArray[np.float32],
    spread: NDArray[np.float32],
    came: NDArray[np.int8],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Go one place on: the best way to each label, and the sum of all ways; `came` gets where the best came from."""
    reach, ways = np.empty_like(best), np.empty_like(inner)
    for label, before in enumerate(_BEFORE):
        reach[label] = best[before[0]] + moves[before[0], label]
        ways[label] = inner[before[0]] * spread[before[0], label]
        came[label] = before[0]
        for other in before[1:]:
            score = best[other] + moves[other, label]
            better = score > reach[label]
            came[label][better] = other
            np.maximum(reach[label], score, out=reach[label])
            ways[label] += inner[other] * spread[other, label]
    return reach, ways


_BEFORE = [np.flatnonzero(column).tolist() for column in ALLOWED.T]
