"""Do groups differ? Means and differences with bootstrap intervals, over articles or inside stories."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from mediakit.errors import ArticleTableError, require_columns

LEAST = 3  # articles (or stories) below which no interval is given
_CHUNK = 4_000_000  # resampled values held at once


def compare_groups(
    table: pd.DataFrame,
    value: str,
    *,
    by: str = "outlet",
    within: str | None = None,
    reference: str | None = None,
    n_resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the mean of a value between groups, with bootstrap intervals.

    Parameters
    ----------
    table : DataFrame, one row per article (or other unit)
        With the columns `value`, `by` and `within`, as the score_ and count_ functions return.
    value : str
        A numeric column. Rows where it is missing are left out and counted in the note.
    by : str, default "outlet"
    within : str, optional
        Compare inside the levels of this column, such as "story": every value is taken relative to the mean of its
        story's outlets, and stories are resampled whole. Outlets that chose other stories are then no longer compared
        by their choice. Stories covered by a single group drop out.
    reference : str, optional
        Contrast each group with this one. Default: with the mean of the other groups (each group weighs the same).
    n_resamples : int, default 2000
    confidence : float, default 0.95
    seed : int, default 0

    Returns
    -------
    DataFrame, first one row per group (kind "mean"), then one row per contrast (kind "difference"), highest first
        kind : "mean" or "difference"
        group : level of `by`; versus : what it is contrasted with ("" for a mean)
        n : int, articles of the group; n_versus : int, articles of the others
        estimate, low, high : in the unit of `value` (with `within`: relative to the story's mean)
        effect : Hedges' g of a difference, NaN for a mean
        note : why an interval is missing, and how many rows were left out

    Raises
    ------
    ColumnError
        When a column is missing.
    ArticleTableError
        When `value` is not numeric, nothing is left to compare, or `reference` is not a group.

    Notes
    -----
    Intervals are BCa bootstrap intervals (Efron 1987, doi 10.1080/01621459.1987.10478410), resampled within groups, as
    scipy.stats.bootstrap computes them; with `within`, percentile intervals over whole stories. Below 3 articles no
    interval is given. With fewer than about 20 articles a group, intervals tend to be too narrow: read them as a lower
    bound of the uncertainty.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"outlet": list("AAAABBBB"), "tone": [1, 2, 3, 4, 5, 6, 7, 8]})
    >>> compare_groups(table, "tone").query("kind == 'difference'")[["group", "versus", "estimate"]].values.tolist()
    [['B', 'the others', 4.0], ['A', 'the others', -4.0]]
    """
    require_columns(table, [value, by, *([within] if within else [])])
    if not pd.api.types.is_numeric_dtype(table[value]):
        raise ArticleTableError(f"the column {value!r} must be numeric; found {table[value].dtype}.")
    if not 0 < confidence < 1:
        raise ArticleTableError(f"confidence={confidence} must lie between 0 and 1, as 0.95.")
    if n_resamples < 100:
        raise ArticleTableError(f"n_resamples={n_resamples} is too few for an interval; use at least 100, usually 2000.")
    used = table[[value, by, *([within] if within else [])]].copy()
    used[value] = used[value].astype("float64").replace([np.inf, -np.inf], np.nan)
    used = used.dropna()
    if used.empty:
        raise ArticleTableError(f"no row has both {value!r} and {by!r}: nothing to compare.")
    left_out = len(table) - len(used)
    if reference is not None and reference not in set(used[by]):
        raise ArticleTableError(f"reference={reference!r} is not a group; there is {', '.join(sorted(map(str, used[by].unique())))}.")
    if within is None:
        rows = _between(used, value, by, reference, n_resamples, confidence, seed)
    else:
        rows, dropped = _inside(used, value, by, within, reference, n_resamples, confidence, seed)
        left_out += dropped
    result = pd.DataFrame(rows)
    if left_out:
        result["note"] = [f"{note}; {left_out} rows left out" if note else f"{left_out} rows left out" for note in result["note"]]
    order = result["kind"].map({"mean": 0, "difference": 1})
    result = result.assign(order=order).sort_values(["order", "estimate", "group"], ascending=[True, False, True], kind="stable", ignore_index=True)
    columns = ["kind", "group", "versus", "n", "n_versus", "estimate", "low", "high", "effect", "note"]
    result = result[columns].astype(dict.fromkeys(("kind", "group", "versus", "note"), "str"))
    result.attrs["compare"] = {"value": value, "by": by, "within": within, "confidence": confidence, "n_resamples": n_resamples, "seed": seed}
    return result


def group_means(
    used: pd.DataFrame, value: str, by: str, n_resamples: int, confidence: float, seed: int
) -> list[dict[str, object]]:
    """Return one row per group with mean and interval, as `compare_groups` begins with."""
    return [row for row in _between(used, value, by, None, n_resamples, confidence, seed) if row["kind"] == "mean"]


def _between(
    used: pd.DataFrame, value: str, by: str, reference: str | None, n_resamples: int, confidence: float, seed: int
) -> list[dict[str, object]]:
    """Compare groups by resampling articles within each group."""
    samples = {str(name): np.sort(rows[value].to_numpy()) for name, rows in used.groupby(by, sort=True)}
    # One stream of random numbers per group, so that a group's interval does not depend on which others are there.
    draws = {name: _resample(sample, n_resamples, _generator(seed, name)) for name, sample in samples.items()}
    rows: list[dict[str, object]] = []
    for name, sample in samples.items():
        low, high, note = _bca({name: sample}, {name: draws[name]}, {name: 1.0}, confidence)
        rows.append(_row("mean", name, "", len(sample), 0, sample.mean(), low, high, np.nan, note))
    for name, sample in samples.items():
        others = [other for other in samples if other != name] if reference is None else [reference]
        if not others or name == reference:
            continue
        weights = {name: 1.0, **{other: -1.0 / len(others) for other in others}}
        parts = {key: samples[key] for key in weights}
        estimate = sum(weight * samples[key].mean() for key, weight in weights.items())
        low, high, note = _bca(parts, {key: draws[key] for key in weights}, weights, confidence)
        rest = np.concatenate([samples[other] for other in others])
        versus = reference or "the others"
        rows.append(_row("difference", name, versus, len(sample), len(rest), estimate, low, high, _hedges_g(estimate, sample, rest), note))
    return rows


def _inside(
    used: pd.DataFrame, value: str, by: str, within: str, reference: str | None, n_resamples: int, confidence: float, seed: int
) -> tuple[list[dict[str, object]], int]:
    """Compare groups inside stories: cells relative to the story's mean, stories resampled whole."""
    covered = used.groupby(within)[by].transform("nunique")
    kept = used[covered > 1]
    if kept.empty:
        raise ArticleTableError(f"no level of {within!r} is shared by two groups of {by!r}: nothing to compare within.")
    cells = kept.pivot_table(index=within, columns=by, values=value, aggfunc="mean", sort=True)
    relative = cells.sub(cells.mean(axis=1), axis=0)
    counts = kept.groupby(by).size()
    names = [str(name) for name in relative.columns]
    matrix = relative.to_numpy()
    generator = _generator(seed, f"within {within}")
    picks = generator.integers(0, len(matrix), size=(n_resamples, len(matrix)))
    with np.errstate(invalid="ignore"):
        means = np.stack([_nanmean(matrix[:, k][picks]) for k in range(matrix.shape[1])], axis=1)
    point = _nanmean(matrix.T)
    rows: list[dict[str, object]] = []
    for k, name in enumerate(names):
        stories = int(np.isfinite(matrix[:, k]).sum())
        low, high, note = _percentile(means[:, k], stories, confidence, within)
        rows.append(_row("mean", name, "", int(counts.iloc[k]), 0, point[k], low, high, np.nan, note))
    for k, name in enumerate(names):
        others = [j for j, other in enumerate(names) if other != name] if reference is None else [names.index(reference)]
        if not others or name == reference:
            continue
        difference, resampled = point[k] - point[others].mean(), means[:, k] - means[:, others].mean(axis=1)
        stories = int(min(np.isfinite(matrix[:, j]).sum() for j in (k, *others)))
        low, high, note = _percentile(resampled, stories, confidence, within)
        own, rest = matrix[:, k], matrix[:, others].ravel()
        effect = _hedges_g(difference, own[np.isfinite(own)], rest[np.isfinite(rest)])
        total = int(sum(counts.iloc[j] for j in others))
        rows.append(_row("difference", name, reference or "the others", int(counts.iloc[k]), total, difference, low, high, effect, note))
    return rows, len(used) - len(kept)


def _generator(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode("utf-8", "surrogatepass")])


def _resample(sample: NDArray[np.float64], n_resamples: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return the means of resamples, drawn in chunks so that memory stays flat."""
    means = np.empty(n_resamples)
    step = max(1, _CHUNK // len(sample))
    for first in range(0, n_resamples, step):
        count = min(step, n_resamples - first)
        means[first : first + count] = sample[generator.integers(0, len(sample), size=(count, len(sample)))].mean(axis=1)
    return means


def _bca(
    samples: dict[str, NDArray[np.float64]], draws: dict[str, NDArray[np.float64]], weights: dict[str, float], confidence: float
) -> tuple[float, float, str]:
    """Return the BCa interval of a weighted sum of group means (Efron & Tibshirani 1993, chapter 14)."""
    smallest = min(samples, key=lambda name: len(samples[name]))
    if len(samples[smallest]) < LEAST:
        return np.nan, np.nan, f"no interval: {len(samples[smallest])} articles in {smallest}"
    estimate = sum(weight * samples[name].mean() for name, weight in weights.items())
    resampled = sum(weight * draws[name] for name, weight in weights.items())
    assert isinstance(resampled, np.ndarray)
    if np.ptp(resampled) == 0:
        return float(estimate), float(estimate), "all values are equal"
    # Infinitesimal jackknife over all groups: one influence value per article.
    cubes = squares = 0.0
    for name, weight in weights.items():
        sample = samples[name]
        pull = weight * (sample - sample.mean()) / (len(sample) - 1)
        cubes, squares = cubes + float((pull**3).sum()), squares + float((pull**2).sum())
    acceleration = cubes / (6 * squares**1.5) if squares > 0 else 0.0
    below = ((resampled < estimate).sum() + (resampled <= estimate).sum()) / (2 * len(resampled))
    below = min(max(below, 0.5 / len(resampled)), 1 - 0.5 / len(resampled))
    bias = stats.norm.ppf(below)
    edges = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        shifted = bias + stats.norm.ppf(tail)
        edges.append(stats.norm.cdf(bias + shifted / (1 - acceleration * shifted)))
    low, high = np.quantile(resampled, edges)
    return float(low), float(high), ""


def _percentile(resampled: NDArray[np.float64], levels: int, confidence: float, within: str) -> tuple[float, float, str]:
    if levels < LEAST:
        return np.nan, np.nan, f"no interval: {levels} {within} shared"
    finite = resampled[np.isfinite(resampled)]
    low, high = np.quantile(finite, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high), ""


def _nanmean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the last axis of what is there; NaN where nothing is."""
    there = np.isfinite(values)
    count = there.sum(axis=-1)
    total = np.where(there, values, 0.0).sum(axis=-1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _hedges_g(difference: float, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the difference in pooled standard deviations, corrected for small samples (Hedges 1981)."""
    freedom = len(one) + len(other) - 2
    if len(one) < 2 or len(other) < 2:
        return float("nan")
    pooled = np.sqrt(((len(one) - 1) * one.var(ddof=1) + (len(other) - 1) * other.var(ddof=1)) / freedom)
    return float(difference / pooled * (1 - 3 / (4 * freedom - 1))) if pooled > 0 else float("nan")


def _row(
    kind: str, group: str, versus: str, n: int, n_versus: int, estimate: float, low: float, high: float, effect: float, note: str
) -> dict[str, object]:
    return {
        "kind": kind, "group": group, "versus": versus, "n": n, "n_versus": n_versus, "estimate": float(estimate),
        "low": low, "high": high, "effect": effect, "note": note,
    }  # fmt: skip
