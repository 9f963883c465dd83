"""How good topics are: coherence and exclusivity of their words, and whether they come back from other seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOP = 10  # words that stand for a topic


def top_words(weights: Floats, most: int = TOP) -> list[NDArray[np.int64]]:
    """Return for each topic the columns of its words with the largest weights above 0."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :most]
    return [row[weights[topic, row] > 0] for topic, row in enumerate(order)]


def match_topics(one: Floats, other: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Pair the topics of two fits by the cosine of their words.

    Returns
    -------
    for each topic of `one` the number of its match, and the overlap (Jaccard) of their top words
    """
    from scipy.optimize import linear_sum_assignment

    def unit(rows: Floats) -> Floats:
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)

    _, match = linear_sum_assignment(-(unit(one) @ unit(other).T))
    ours, theirs = top_words(one), top_words(other)
    overlap = [
        len(set(ours[topic]) & set(theirs[partner])) / max(1, len(set(ours[topic]) | set(theirs[partner])))
        for topic, partner in enumerate(match.tolist())
    ]
    return match.astype(np.int64), np.array(overlap, dtype=np.float64)


def measure_coherence(counts: Any, tops: Sequence[NDArray[np.int64]]) -> Floats:
    """Return for each topic the mean normalised pointwise mutual information of its top words, by article.

    Pairs that no article has together count as -1 (Bouma 2009; Lau, Newman & Baldwin 2014).
    """
    there = counts.tocsc().astype(np.bool_)
    n = there.shape[0]
    found = []
    for columns in tops:
        if len(columns) < 2:
            found.append(np.nan)
            continue
        held = there[:, columns].astype(np.float64)
        together = np.asarray((held.T @ held).todense()) / n
        alone = np.diag(together)
        with np.errstate(divide="ignore", invalid="ignore"):
            npmi = np.log(together / np.outer(alone, alone)) / -np.log(together)
        npmi = np.where(together == 0, -1.0, np.where(together == 1, 1.0, npmi))
        found.append(float(npmi[np.triu_indices(len(columns), 1)].mean()))
    return np.array(found, dtype=np.float64)


def measure_exclusivity(weights: Floats, tops: Sequence[NDArray[np.int64]]) -> Floats:
    """Return for each topic how much of its top words' weight over all topics is its own, 0 to 1."""
    total = np.maximum(weights.sum(axis=0), 1e-300)
    return np.array([
        float((weights[topic, columns] / total[columns]).mean()) if len(columns) else np.nan
        for topic, columns in enumerate(tops)
    ])  # fmt: skip


def same_topic_share(shares: Floats, runs: Sequence[Floats]) -> float:
    """Return the share of articles whose largest topic is the same in other fits (topics in the same order)."""
    known = ~np.isnan(shares[:, 0])
    if not runs or not known.any():
        return float("nan")
    largest = shares[known].argmax(axis=1)
    return float(np.mean([(run[known].argmax(axis=1) == largest).mean() for run in runs]))
