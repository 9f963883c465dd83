"""Train boosted trees with scikit-learn and turn them into arrays."""

from __future__ import annotations

from collections.abc import Iterable
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
    base = float(np.ravel(model._baseline_prediction)[0])
    return _gather((tree.nodes for (tree,) in model._predictors), base)


def train_ranking(
    rows: np.ndarray,
    right: np.ndarray,
    group: np.ndarray,
    fold: np.ndarray,
    usable: np.ndarray,
    settings: dict[str, Any],
) -> tuple[Forest, np.ndarray]:
    """Train boosted trees that choose one row of each group; return them, and the sums of trees that did not see it.

    Parameters
    ----------
    rows : array, one row per candidate; those of a group follow each other
    right : array of 0 and 1; a group may have several that are right
    group, fold, usable : array, one value per row
    settings : of `rank_trees`
    """
    raw = np.zeros(len(rows))
    for number in range(int(fold.max()) + 1):
        mine = (fold != number) & usable
        raw[fold == number] = rank_trees(rows[mine], right[mine], group[mine], **settings).raw(rows[fold == number])
    return rank_trees(rows[usable], right[usable], group[usable], **settings), raw


def rank_trees(
    rows: np.ndarray,
    right: np.ndarray,
    group: np.ndarray,
    *,
    rounds: int,
    rate: float,
    leaves: int,
    least: int,
    ridge: float,
    share: float,
    seed: int,
) -> Forest:
    """Boost trees on the log of the share that the right rows have of their group (ListNet, Cao et al. 2007).

    scikit-learn has no such loss; its trees are grown here by its own histograms, an inner part of scikit-learn that
    may move between versions.

    Parameters
    ----------
    rounds, rate, leaves : trees, how much each counts, and its most leaves
    least, ridge : rows of a leaf at least, and how much its value is drawn to 0
    share : of the features that a split may choose from
    """
    from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
    from sklearn.ensemble._hist_gradient_boosting.grower import TreeGrower

    number = np.unique(group, return_inverse=True)[1]
    size = int(number.max()) + 1
    bins = _BinMapper(n_bins=256, random_state=seed).fit(rows)
    binned = np.asfortranarray(bins.transform(rows))
    known = bins.make_known_categories_bitsets()
    generator = np.random.default_rng(seed)
    raw, nodes = np.zeros(len(rows)), []
    for _ in range(rounds):
        most = np.full(size, -np.inf)
        np.maximum.at(most, number, raw)
        weight = np.exp(raw - most[number])
        chance = weight / np.bincount(number, weights=weight, minlength=size)[number]
        good = np.bincount(number, weights=chance * right, minlength=size)[number]
        slope = (chance - chance * right / np.maximum(good, 1e-12)).astype(np.float32)
        bend = np.maximum(chance * (1 - chance), 1e-6).astype(np.float32)
        grower = TreeGrower(
            binned, slope, bend, max_leaf_nodes=leaves, min_samples_leaf=least, min_hessian_to_split=0.5, n_bins=256,
            n_bins_non_missing=bins.n_bins_non_missing_, has_missing_values=False, l2_regularization=ridge,
            shrinkage=rate, feature_fraction_per_split=share, rng=generator, n_threads=1,
        )  # fmt: skip
        grower.grow()
        tree = grower.make_predictor(bins.bin_thresholds_)
        raw += tree.predict(rows, *known, n_threads=1)
        nodes.append(tree.nodes)
    return _gather(nodes, 0.0)


def _gather(trees: Iterable[Any], base: float) -> Forest:
    """Return trees, as scikit-learn keeps them, as parallel arrays."""
    parts: list[list[np.ndarray]] = [[] for _ in range(5)]
    root = []
    size = 0
    for nodes in trees:
        leaf = nodes["is_leaf"].astype(bool)
        root.append(size)
        parts[0].append(np.where(leaf, -1, nodes["feature_idx"]).astype(np.int16))
        parts[1].append(np.where(leaf, 0.0, nodes["num_threshold"]))
        parts[2].append(np.where(leaf, 0, nodes["left"].astype(np.int64) + size))
        parts[3].append(np.where(leaf, 0, nodes["right"].astype(np.int64) + size))
        parts[4].append(np.where(leaf, nodes["value"], 0.0))
        size += len(nodes)
    return Forest(*(np.concatenate(part) for part in parts), np.array(root), base)
