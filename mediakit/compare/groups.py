"""Do groups differ? Means and differences with bootstrap intervals, over articles or inside stories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from mediakit.errors import ArticleTableError, require_columns

LEAST = 3  # articles (or stories) below which no interval is given
_CHUNK = 4_000_000  # resampled values held at once
Arrays = dict[str, NDArray[np.float64]]


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
        Compare inside the levels of this column, such as "story": group and story effects are fitted together by
        least squares, and stories are resampled whole. Outlets that chose other stories are then no longer compared
        by their choice. Where every group covers every story, a group's estimate is its mean distance from the mean
        of the story. Stories covered by a single group drop out.
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
        estimate, low, high : in the unit of `value` (with `within`: relative to the average group in a story)
        effect : Hedges' g of a difference, NaN for a mean
        note : why an interval is missing, and how many rows were left out

    Raises
    ------
    ColumnError
        When a column is missing.
    ArticleTableError
        When `value` is not numeric, nothing is left to compare, `reference` is not a group, or two arguments name
        one column.

    Notes
    -----
    Intervals are BCa bootstrap intervals (Efron 1987, doi 10.1080/01621459.1987.10478410), resampled within groups, as
    scipy.stats.bootstrap computes them; with `within`, percentile intervals over whole stories. Below 3 articles (or
    stories) no interval is given. With fewer than about 20 articles a group, intervals tend to be too narrow: read them
    as a lower bound of the uncertainty.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"outlet": list("AAAABBBB"), "tone": [1, 2, 3, 4, 5, 6, 7, 8]})
    >>> compare_groups(table, "tone").query("kind == 'difference'")[["group", "versus", "estimate"]].values.tolist()
    [['B', 'the others', 4.0], ['A', 'the others', -4.0]]
    """
    used = usable_rows(table, value, [by, *([within] if within else [])], n_resamples, confidence)
    if used.empty:
        raise ArticleTableError(f"no row has both {value!r} and {by!r}: nothing to compare.")
    used[by] = used[by].astype("str")
    left_out = len(table) - len(used)
    if reference is not None:
        reference = str(reference)
        if reference not in set(used[by]):
            there = ", ".join(sorted(used[by].unique()))
            raise ArticleTableError(f"reference={reference!r} is not a group; there is {there}.")
    if within is None:
        rows = _between(used, value, by, reference, n_resamples, confidence, seed)
    else:
        rows, dropped = _inside(used, value, by, within, reference, n_resamples, confidence, seed)
        left_out += dropped
    result = pd.DataFrame(rows)
    if left_out:
        ending = f"{_count(left_out, 'row')} left out"
        result["note"] = [f"{note}; {ending}" if note else ending for note in result["note"]]
    result["order"] = result["kind"].map({"mean": 0, "difference": 1})
    ordering = ["order", "estimate", "group"]
    result = result.sort_values(ordering, ascending=[True, False, True], kind="stable", ignore_index=True)
    columns = ["kind", "group", "versus", "n", "n_versus", "estimate", "low", "high", "effect", "note"]
    result = result[columns].astype(dict.fromkeys(("kind", "group", "versus", "note"), "str"))
    result.attrs["compare"] = {
        "value": value, "by": by, "within": within, "confidence": confidence, "n_resamples": n_resamples, "seed": seed,
    }  # fmt: skip
    return result


def usable_rows(table: pd.DataFrame, value: str, keys: list[str], n_resamples: int, confidence: float) -> pd.DataFrame:
    """Return the columns `value` (float) and `keys`, rows where all are there; or say what is wrong with them."""
    columns = [value, *keys]
    require_columns(table, columns)
    if len(set(columns)) < len(columns):
        raise ArticleTableError(f"each argument must name another column; found {', '.join(map(repr, columns))}.")
    if not pd.api.types.is_numeric_dtype(table[value]):
        raise ArticleTableError(f"the column {value!r} must be numeric; found {table[value].dtype}.")
    if not 0 < confidence < 1:
        raise ArticleTableError(f"confidence={confidence} must lie between 0 and 1, as 0.95.")
    if n_resamples < 100:
        raise ArticleTableError(
            f"n_resamples={n_resamples} is too few for an interval; use at least 100, usually 2000."
        )
    used = table[columns].copy()
    used[value] = used[value].astype("float64").replace([np.inf, -np.inf], np.nan)
    return used.dropna()


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
        low, high, note = _bca({name: sample}, draws, {name: 1.0}, confidence)
        rows.append(_row("mean", name, "", len(sample), 0, sample.mean(), low, high, np.nan, note))
    for name, sample in samples.items():
        others = [other for other in samples if other != name] if reference is None else [reference]
        if not others or name == reference:
            continue
        weights = {name: 1.0, **{other: -1.0 / len(others) for other in others}}
        parts = {key: samples[key] for key in weights}
        estimate = sum(weight * samples[key].mean() for key, weight in weights.items())
        low, high, note = _bca(parts, draws, weights, confidence)
        rest = np.concatenate([samples[other] for other in others])
        versus = reference or "the others"
        effect = _hedges_g(estimate, sample, rest)
        rows.append(_row("difference", name, versus, len(sample), len(rest), estimate, low, high, effect, note))
    return rows


def _inside(
    used: pd.DataFrame,
    value: str,
    by: str,
    within: str,
    reference: str | None,
    n_resamples: int,
    confidence: float,
    seed: int,
) -> tuple[list[dict[str, object]], int]:
    """Compare groups inside stories: effects fitted beside those of the stories, stories resampled whole."""
    covered = used.groupby(within)[by].transform("nunique")
    kept = used[covered > 1]
    if kept.empty:
        raise ArticleTableError(f"no level of {within!r} is shared by two groups of {by!r}: nothing to compare within.")
    if reference is not None and reference not in set(kept[by]):
        raise ArticleTableError(f"reference={reference!r} shares no level of {within!r} with another group.")
    table = kept.pivot_table(index=within, columns=by, values=value, aggfunc="mean", sort=True)
    counts = kept.groupby(by).size()
    names = [str(name) for name in table.columns]
    cells = table.to_numpy(dtype=np.float64)
    point = _fit_effects(cells, np.ones(len(cells)))
    picks = _generator(seed, f"within {within}").integers(0, len(cells), size=(n_resamples, len(cells)))
    resampled = np.stack([_fit_effects(cells, np.bincount(pick, minlength=len(cells))) for pick in picks])
    linked = bool(np.isfinite(point).all())
    unlinked = "" if linked else f"no estimate: some groups are not linked by any shared {within}"
    beside_story = cells - np.nanmean(cells - (point if linked else 0.0), axis=1, keepdims=True)
    stories = np.isfinite(cells).sum(axis=0)
    rows: list[dict[str, object]] = []
    for k, name in enumerate(names):
        low, high, note = _percentile(resampled[:, k], int(stories[k]), confidence, within)
        rows.append(_row("mean", name, "", int(counts.iloc[k]), 0, point[k], low, high, np.nan, unlinked or note))
    for k, name in enumerate(names):
        others = [j for j in range(len(names)) if j != k and reference in (None, names[j])]
        if not others or name == reference:
            continue
        difference = point[k] - point[others].mean()
        shifted = resampled[:, k] - resampled[:, others].mean(axis=1)
        low, high, note = _percentile(shifted, int(stories[[k, *others]].min()), confidence, within)
        own, rest = beside_story[:, k], beside_story[:, others].ravel()
        effect = _hedges_g(difference, own[np.isfinite(own)], rest[np.isfinite(rest)])
        n, versus = int(counts.iloc[k]), reference or "the others"
        total = int(counts.iloc[others].sum())
        rows.append(_row("difference", name, versus, n, total, difference, low, high, effect, unlinked or note))
    return rows, len(used) - len(kept)


def _fit_effects(cells: NDArray[np.float64], weights: NDArray[Any]) -> NDArray[np.float64]:
    """Return the group effects, summing to zero, of the model cell = story + group, by least squares.

    `cells` has one row per story and one column per group, NaN where a group did not cover a story; `weights` says how
    often each story counts. NaN for a group that is not there, and for all where shared stories do not link them.
    """
    effects = np.full(cells.shape[1], np.nan)
    present = (weights @ np.isfinite(cells)) > 0
    there = np.isfinite(cells[:, present])
    size = np.maximum(there.sum(axis=1), 1)
    filled = np.where(there, cells[:, present], 0.0)
    distance = np.where(there, filled - (filled.sum(axis=1) / size)[:, None], 0.0)
    # Normal equations with the stories eliminated: a weighted graph Laplacian of groups that meet in stories.
    laplacian = np.diag(weights @ there) - (there.T * (weights / size)) @ there
    roots, vectors = np.linalg.eigh(laplacian)
    solid = roots > 1e-9 * max(roots[-1], 1.0)
    if solid.sum() == len(roots) - 1:  # one zero root: the graph is in one piece
        effects[present] = vectors[:, solid] @ ((vectors[:, solid].T @ (weights @ distance)) / roots[solid])
    return effects


def _generator(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode("utf-8", "surrogatepass")])


def _resample(sample: NDArray[np.float64], n_resamples: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return the means of resamples, drawn in chunks so that memory stays flat."""
    means = np.empty(n_resamples)
    step = max(1, _CHUNK // len(sample))
    for first in range(0, n_resamples, step):
        count = min(step, n_resamples - first)
        picks = generator.integers(0, len(sample), size=(count, len(sample)))
        means[first : first + count] = sample[picks].mean(axis=1)
    return means


def _bca(samples: Arrays, draws: Arrays, weights: dict[str, float], confidence: float) -> tuple[float, float, str]:
    """Return the BCa interval of a weighted sum of group means (Efron & Tibshirani 1993, chapter 14)."""
    smallest = min(samples, key=lambda name: len(samples[name]))
    if len(samples[smallest]) < LEAST:
        return np.nan, np.nan, f"no interval: {_count(len(samples[smallest]), 'article')} in {smallest}"
    estimate = sum(weight * samples[name].mean() for name, weight in weights.items())
    resampled = sum(weight * draws[name] for name, weight in weights.items())
    assert isinstance(resampled, np.ndarray)
    if all(_is_nothing(np.ptp(samples[name]), samples[name]) for name in weights):
        return float(estimate), float(estimate), "all values are equal"
    # Infinitesimal jackknife over all groups: one influence value per article.
    cubes = squares = 0.0
    for name, weight in weights.items():
        sample = samples[name]
        pull = weight * (sample - sample.mean()) / (len(sample) - 1)
        cubes, squares = cubes + float((pull**3).sum()), squares + float((pull**2).sum())
    acceleration = cubes / (6 * squares**1.5) if squares > 0 else 0.0
    # Values that repeat, such as 0 and 1, give many resamples equal to the estimate but for the last binary digit.
    near = 1e-9 * np.ptp(resampled)
    ranks = int((resampled < estimate - near).sum()) + int((resampled <= estimate + near).sum())
    below = min(max(ranks / (2 * len(resampled)), 0.5 / len(resampled)), 1 - 0.5 / len(resampled))
    bias = stats.norm.ppf(below)
    edges = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        shifted = bias + stats.norm.ppf(tail)
        edges.append(stats.norm.cdf(bias + shifted / (1 - acceleration * shifted)))
    low, high = np.quantile(resampled, edges)
    return float(low), float(high), ""


def _percentile(values: NDArray[np.float64], levels: int, confidence: float, within: str) -> tuple[float, float, str]:
    finite = values[np.isfinite(values)]
    if levels < LEAST or not len(finite):
        return np.nan, np.nan, f"no interval: {levels} {within} shared"
    if _is_nothing(np.ptp(finite), finite):
        return float(finite[0]), float(finite[0]), "all values are equal"
    low, high = np.quantile(finite, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high), ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _hedges_g(difference: float, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the difference in pooled standard deviations, corrected for small samples (Hedges 1981)."""
    freedom = len(one) + len(other) - 2
    if len(one) < 2 or len(other) < 2:
        return float("nan")
    pooled = np.sqrt(((len(one) - 1) * one.var(ddof=1) + (len(other) - 1) * other.var(ddof=1)) / freedom)
    if _is_nothing(pooled, np.concatenate([one, other])):
        return float("nan")
    return float(difference / pooled * (1 - 3 / (4 * freedom - 1)))


def _is_nothing(spread: float, values: NDArray[np.float64]) -> bool:
    """Whether a spread of values is but the rounding of their last binary digits."""
    return bool(spread <= 1e-12 * (1 + np.abs(values).max()))


def _row(
    kind: str,
    group: str,
    versus: str,
    n: int,
    n_versus: int,
    estimate: float,
    low: float,
    high: float,
    effect: float,
    note: str,
) -> dict[str, object]:
    return {
        "kind": kind, "group": group, "versus": versus, "n": n, "n_versus": n_versus, "estimate": float(estimate),
        "low": low, "high": high, "effect": effect, "note": note,
    }  # fmt: skip
