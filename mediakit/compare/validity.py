"""Validity: how far a tool's word agrees with hand codes, over all and by outlet, language or length.

An error that is the same everywhere shifts all outlets alike; one that differs between outlets makes differences where
there are none. So every figure comes by group, with its interval, and with whether the groups differ.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.compare.resampling import named_generator
from mediakit.errors import ArticleTableError, require_columns

Floats = NDArray[np.float64]
LEAST = 10  # coded units of a group below which no interval is given
_BINS = 5  # of a chance, for the calibration error
_MOST_CLASSES = 30


def score_validity(
    table: pd.DataFrame,
    value: str,
    *,
    truth: str,
    by: str | None = None,
    probability: str | None = None,
    chance: bool = False,
    n_resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Score a tool against hand codes.

    Parameters
    ----------
    table : DataFrame, one row per unit
        Rows without a code in `truth` are left out.
    value : column, what the tool says: a category, 0 and 1, or a number
    truth : column, what people say, in the same terms
    by : column, optional
        Groups, such as outlet or language; every measure is given for all, for each group, and as the difference of the
        group from all others.
    probability : column, optional
        Chance with which each unit was drawn for coding; units are weighed by 1 over it.
    chance : bool, default False
        `value` is the chance (0 to 1) that `truth` is 1: the measures are then those of calibration.
    n_resamples : int, default 1000
    confidence : float, default 0.95
    seed : int, default 0

    Returns
    -------
    DataFrame, one row per group and measure
        group : "all", or a level of `by`
        measure : for categories "accuracy", "precision", "recall", "f1" (of each class: see `of`; and "f1_macro"); for
            numbers "pearson", "spearman", "bias" (mean of tool minus people), "mae", "rmse"; for chances "brier",
            "calibration_error" (mean distance of chance and share in five bins, weighed), "auc"
        of : the class, or ""
        n : coded units; value, low, high : with the interval over units
        difference, difference_low, difference_high : from all other groups; where 0 is outside, the tool errs otherwise
            in this group, and comparisons of raw values are biased (`correct_groups` mends them)
        note : why something is missing

    Raises
    ------
    ArticleTableError
        When no row is coded, columns do not fit together, or there are more than 30 classes.

    Examples
    --------
    >>> table = pd.DataFrame({"says": ["yes", "no", "no", "yes"] * 5, "code": ["yes", "no", "yes", "yes"] * 5})
    >>> found = score_validity(table, "says", truth="code", n_resamples=100)
    >>> found[found["of"] == "yes"].set_index("measure")["value"].round(2).to_dict()
    {'precision': 1.0, 'recall': 0.67, 'f1': 0.8}
    """
    columns = [value, truth, *(name for name in (by, probability) if name)]
    require_columns(table, columns)
    if len(set(columns)) < len(columns):
        raise ArticleTableError(f"each argument must name another column; found {', '.join(map(repr, columns))}.")
    used = table[columns].dropna(subset=[value, truth]).reset_index(drop=True)
    if used.empty:
        raise ArticleTableError(f"no row has both {value!r} and a code in {truth!r}: nothing to validate.")
    weight = _weights(used, probability)
    numbers = all(pd.api.types.is_numeric_dtype(used[name]) and used[name].dtype != bool for name in (value, truth))
    says, codes = used[value], used[truth]
    if chance:
        measures = _of_chances(*_numeric(says, codes, value, truth, between=True))
    elif numbers and not (set(says.unique()) | set(codes.unique()) <= {0, 1}):
        measures = _of_numbers(*_numeric(says, codes, value, truth))
    else:
        measures = _of_classes(_names(says), _names(codes))
    group = None if by is None else used[by].astype("str").to_numpy(dtype=object)
    generator = named_generator(seed, f"validity {value}")
    drawn = weight * generator.multinomial(len(used), np.full(len(used), 1 / len(used)), size=n_resamples)
    rows = []
    for name in ["all", *([] if group is None else sorted(set(group)))]:
        inside = np.ones(len(used)) if name == "all" else (group == name).astype(np.float64)
        for (measure, of), score in measures.items():
            rows.append((name, measure, of, *_row(score, weight, drawn, inside, name != "all", confidence)))
    columns = [
        "group",
        "measure",
        "of",
        "n",
        "value",
        "low",
        "high",
        "difference",
        "difference_low",
        "difference_high",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("group", "measure", "of", "note"), "str"))


def _row(
    score: Callable[[Floats], Floats], weight: Floats, drawn: Floats, inside: Floats, versus: bool, confidence: float
) -> tuple[Any, ...]:
    n = int(inside.sum())
    value = float(score((weight * inside)[None])[0])
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    note = "" if n >= LEAST else f"{n} coded units: too few for an interval"
    low = high = difference = below = above = np.nan
    mine = score(drawn * inside) if n >= LEAST else np.full(1, np.nan)
    if np.isfinite(mine).any():
        low, high = np.nanquantile(mine, tails)
    rest = 1 - inside
    if versus and rest.sum() >= LEAST:
        difference = value - float(score((weight * rest)[None])[0])
        if n >= LEAST:
            apart = mine - score(drawn * rest)
            if np.isfinite(apart).any():
                below, above = np.nanquantile(apart, tails)
    if np.isnan(value):
        note = note or "not defined: nothing of it was said or coded"
    return n, value, float(low), float(high), difference, float(below), float(above), note


def _weights(used: pd.DataFrame, probability: str | None) -> Floats:
    if probability is None:
        return np.ones(len(used))
    chance = used[probability].astype("float64").to_numpy()
    if not ((chance > 0) & (chance <= 1)).all():
        raise ArticleTableError(f"{probability!r} must be above 0 and at most 1 in every coded row.")
    return np.asarray(1 / chance, dtype=np.float64)


def _numeric(
    says: pd.Series, codes: pd.Series, value: str, truth: str, *, between: bool = False
) -> tuple[Floats, Floats]:
    for column, name in ((says, value), (codes, truth)):
        if not pd.api.types.is_numeric_dtype(column):
            raise ArticleTableError(f"the column {name!r} must be numeric; found {column.dtype}.")
    one, other = says.to_numpy(np.float64), codes.to_numpy(np.float64)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ArticleTableError(f"{value!r} and {truth!r} must be finite where there is a code.")
    if between and not (((one >= 0) & (one <= 1)).all() and np.isin(other, (0, 1)).all()):
        raise ArticleTableError(f"with chance=True {value!r} must lie between 0 and 1, and {truth!r} be 0 or 1.")
    return one, other


def _names(column: pd.Series) -> NDArray[Any]:
    """Return codes as text; 1, 1.0 and True are the same code."""
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
        return np.array([f"{float(code):g}" for code in column], dtype=object)
    return column.astype("str").str.strip().to_numpy(dtype=object)


def _of_classes(says: NDArray[Any], codes: NDArray[Any]) -> dict[tuple[str, str], Callable[[Floats], Floats]]:
    classes = sorted(set(says) | set(codes))
    if len(classes) > _MOST_CLASSES:
        raise ArticleTableError(f"{len(classes)} classes are no categories to score; are these numbers stored as text?")
    right = (says == codes).astype(np.float64)
    parts = {name: ((says == name).astype(np.float64), (codes == name).astype(np.float64)) for name in classes}

    measures: dict[tuple[str, str], Callable[[Floats], Floats]] = {
        ("accuracy", ""): lambda weights: _mean(weights, right),
        ("f1_macro", ""): lambda weights: np.mean(
            [np.nan_to_num(_f1(*part, weights)) for part in parts.values()], axis=0
        ),
    }
    for name in classes:
        said, coded = parts[name]
        measures["precision", name] = partial(_ratio_of, said * coded, said)
        measures["recall", name] = partial(_ratio_of, said * coded, coded)
        measures["f1", name] = partial(_f1, said, coded)
    return measures


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _ratio_of(above: Floats, below: Floats, weights: Floats) -> Floats:
    return _ratio(weights @ above, weights @ below)


def _f1(said: Floats, coded: Floats, weights: Floats) -> Floats:
    return _ratio(2 * (weights @ (said * coded)), weights @ said + weights @ coded)


def _of_numbers(says: Floats, codes: Floats) -> dict[tuple[str, str], Callable[[Floats], Floats]]:
    error = says - codes
    ranks = [pd.Series(part).rank().to_numpy() for part in (says, codes)]
    return {
        ("pearson", ""): lambda weights: _correlation(weights, says, codes),
        ("spearman", ""): lambda weights: _correlation(weights, ranks[0], ranks[1]),
        ("bias", ""): lambda weights: _mean(weights, error),
        ("mae", ""): lambda weights: _mean(weights, np.abs(error)),
        ("rmse", ""): lambda weights: np.sqrt(_mean(weights, error**2)),
    }


def _of_chances(says: Floats, codes: Floats) -> dict[tuple[str, str], Callable[[Floats], Floats]]:
    place = np.minimum((says * _BINS).astype(int), _BINS - 1)

    def calibration(weights: Floats) -> Floats:
        total = np.zeros(len(weights))
        for number in range(_BINS):
            here = (place == number).astype(np.float64)
            total += np.abs((weights * here) @ (says - codes))
        return total / np.maximum(weights.sum(axis=1), 1e-300)

    order = np.argsort(says, kind="stable")
    _, tied = np.unique(says[order], return_inverse=True)

    def auc(weights: Floats) -> Floats:
        yes, no = weights[:, order] * codes[order], weights[:, order] * (1 - codes[order])
        sums = np.zeros((2, len(weights), int(tied.max()) + 1))
        for row, part in enumerate((yes, no)):
            for number in range(part.shape[1]):
                sums[row][:, tied[number]] += part[:, number]
        below = np.cumsum(sums[1], axis=1) - sums[1] / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((sums[0] * below).sum(axis=1) / (yes.sum(axis=1) * no.sum(axis=1)))

    return {
        ("brier", ""): lambda weights: _mean(weights, (says - codes) ** 2),
        ("calibration_error", ""): calibration, ("auc", ""): auc,
    }  # fmt: skip


def _mean(weights: Floats, values: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weights @ values / weights.sum(axis=1))


def _correlation(weights: Floats, one: Floats, other: Floats) -> Floats:
    first, second = _mean(weights, one), _mean(weights, other)
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = _mean(weights, one * other) - first * second
        spread = (_mean(weights, one**2) - first**2) * (_mean(weights, other**2) - second**2)
        return np.where(spread > 1e-18, joint / np.sqrt(np.maximum(spread, 0)), np.nan)
