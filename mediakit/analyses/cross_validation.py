"""Classifiers from codes, and their cross-validated figures: each text is judged by a model that has not seen it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.errors import need_extra

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)  # of the coded texts, for the learning curve


def fit_classes(features: Any, y: Codes, classes: int, strength: float, purpose: str) -> tuple[Floats, Floats]:
    """Fit logistic regression (L2); return weights and bias of every class, also of those that are not in `y`.

    `strength` is the inverse of the penalty; `purpose` names, in the error, what scikit-learn is needed for.
    """
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise need_extra("scikit-learn", "topics", purpose) from None
    weights, bias = np.zeros((classes, features.shape[1])), np.full(classes, -30.0)
    there = np.unique(y)
    if len(there) == 1:
        bias[there] = 0.0
        return weights, bias
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)  # of few codes: figures tell it
        model = LogisticRegression(C=strength, max_iter=500, tol=1e-6).fit(features, y)
    if len(there) == 2:
        weights[there[1]], bias[there] = model.coef_[0], (0.0, model.intercept_[0])
    else:
        weights[there], bias[there] = model.coef_, model.intercept_
    return weights, bias


def chances_of(features: Any, weights: Floats, bias: Floats) -> Floats:
    """Return the probability of every class, one row per text."""
    raw = np.asarray(features @ weights.T) + bias
    raw -= raw.max(axis=1, keepdims=True, initial=-np.inf) if len(raw) else 0.0
    chance = np.exp(raw)
    return np.asarray(chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300), dtype=np.float64)


def deal_folds(y: Codes, n_folds: int, generator: np.random.Generator) -> Codes:
    """Return the fold of each text: every class is shared out evenly."""
    fold = np.empty(len(y), dtype=np.int64)
    at = 0
    for label in np.unique(y):
        rows = generator.permutation(np.flatnonzero(y == label))
        fold[rows] = (at + np.arange(len(rows))) % n_folds
        at += len(rows)
    return fold


def tabulate_figures(y: Codes, found: Codes, classes: NDArray[Any], n_resamples: int, seed: int) -> pd.DataFrame:
    """Return precision, recall and F1 by class, weighted by class size ("all") and each class alike ("macro")."""
    precision, recall, _, given = _score_classes(y, found, len(classes))
    means = _averages(y, found, len(classes))
    low, high = _interval(y, found, len(classes), n_resamples, seed)
    weighted = [float((part * given).sum() / given.sum()) for part in (precision, recall)]
    table = pd.DataFrame({
        "class": [*map(str, classes), "all", "macro"], "n": [*given.astype(int), len(y), len(y)],
        "precision": [*precision, weighted[0], precision.mean()], "recall": [*recall, weighted[1], recall.mean()],
        "f1": means, "f1_low": low, "f1_high": high,
    })  # fmt: skip
    return table.astype({"class": "str"})


def draw_curve(
    y: Codes, whole: Codes, classes: int, n_folds: int, find: Callable[[float, np.random.Generator], Codes],
    n_resamples: int, seed: int, *, average: str = "all",
) -> pd.DataFrame:  # fmt: skip
    """Return the F1 for growing numbers of coded texts.

    Parameters
    ----------
    y, whole : arrays of int
        Codes, and what cross-validation with all the codes took each text for.
    classes, n_folds : int
    find : function of a share of the codes and a generator
        Cross-validates with that share.
    average : {"all", "macro"}, default "all"
        Weighted by class size, or each class alike.

    Returns
    -------
    DataFrame, one row per number of coded texts
        n; f1; low, high : 95% interval over texts
    """
    rows = []
    learned = len(y) - len(y) // n_folds
    at = -2 if average == "all" else -1
    for share in SHARES:
        found = whole if share == 1 else find(share, np.random.default_rng([seed, round(100 * share)]))
        low, high = _interval(y, found, classes, n_resamples, seed)
        rows.append((max(2, round(share * learned)), _averages(y, found, classes)[at], low[at], high[at]))
    return pd.DataFrame(rows, columns=["n", "f1", "low", "high"])


def _score_classes(y: Codes, found: Codes, classes: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return precision, recall, F1 and number of every class."""
    right = np.bincount(y[y == found], minlength=classes).astype(np.float64)
    given, taken = np.bincount(y, minlength=classes), np.bincount(found, minlength=classes)
    precision, recall = right / np.maximum(taken, 1), right / np.maximum(given, 1)
    return precision, recall, 2 * right / np.maximum(given + taken, 1), given.astype(np.float64)


def _averages(y: Codes, found: Codes, classes: int) -> Floats:
    """Return F1 of every class, weighted by size, and over the classes that are there."""
    _, _, f1, given = _score_classes(y, found, classes)
    there = given > 0
    return np.array([*f1, float((f1 * given).sum() / given.sum()), float(f1[there].mean())])


def _interval(y: Codes, found: Codes, classes: int, n_resamples: int, seed: int) -> tuple[Floats, Floats]:
    if not n_resamples:
        return np.full(classes + 2, np.nan), np.full(classes + 2, np.nan)
    generator = np.random.default_rng([seed, 1])
    drawn = generator.integers(0, len(y), (n_resamples, len(y)))
    values = np.array([_averages(y[rows], found[rows], classes) for rows in drawn])
    low, high = np.quantile(values, (0.025, 0.975), axis=0)
    return low, high
