"""Train boosted trees with scikit-learn and turn them into arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from mediakit.analyses.forests import Forest


def train_trees(
    rows: np.ndarray, right: np.ndarray, fold: np.ndarray, usable: np.ndarray, settings: dict[str, Any]
) -> tuple[Forest, np.ndarray]:
    """Train boosted trees on the usable rows; return them, and the chance of each row by trees that did not see it."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    chance = np.zeros(len(rows))
    for number in range(int(fold.max()) + 1):
        mine = (fold != number) & usable
        model = HistGradientBoostingClassifier(**settings).fit(rows[mine], right[mine])
        chance[fold == number] = model.predict_proba(rows[fold == number])[:, 1]
    return from_sklearn(HistGradientBoostingClassifier(**settings).fit(rows[usable], right[usable])), chance


def from_sklearn(model: Any) -> Forest:
    """Return the trees of a binary HistGradientBoostingClassifier."""
    parts: list[list[np.ndarray]] = [[] for _ in range(5)]
    root = []
    size = 0
    for (tree,) in model._predictors:
        nodes = tree.nodes
        leaf = nodes["is_leaf"].astype(bool)
        root.append(size)
        parts[0].append(np.where(leaf, -1, nodes["feature_idx"]).astype(np.int16))
        parts[1].append(np.where(leaf, 0.0, nodes["num_threshold"]))
        parts[2].append(np.where(leaf, 0, nodes["left"].astype(np.int64) + size))
        parts[3].append(np.where(leaf, 0, nodes["right"].astype(np.int64) + size))
        parts[4].append(np.where(leaf, nodes["value"], 0.0))
        size += len(nodes)
    return Forest(
        *(np.concatenate(part) for part in parts), np.array(root), float(np.ravel(model._baseline_prediction)[0])
    )
