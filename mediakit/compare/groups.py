"""Do groups differ? Means and differences with intervals, effect sizes and chance: over articles, clusters, stories."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.compare.mixed import add_mixed_model
from mediakit.compare.resampling import (
    LEAST,
    ClusterDesign,
    Interval,
    UnitDesign,
    adjust,
    cliffs_delta,
    hedges_g,
    is_nothing,
    named_generator,
    permute_labels,
)
from mediakit.errors import ArticleTableError, require_columns

CONTRASTS = ("rest", "pairs")
CORRECTIONS = ("holm", "bonferroni", "fdr_bh", "none")
_NOTHING = (np.nan, np.nan, np.nan)
_MOST_PAIRED = 40  # groups; all pairs of more are no table to read
Samples = Mapping[str, NDArray[np.float64]]


def compare_groups(
    table: pd.DataFrame,
    value: str,
    *,
    by: str = "outlet",
    within: str | None = None,
    cluster: str | None = None,
    weights: str | None = None,
    reference: str | None = None,
    contrasts: str = "rest",
    n_resamples: int = 2000,
    confidence: float = 0.95,
    correction: str = "holm",
    model: str | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the mean of a value between groups: intervals, effect sizes, and the chance of such a difference.

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
    cluster : str, optional
        Units that belong together, such as the articles of a story or a day: they are resampled whole. Without it,
        articles of one story pass for independent, and intervals are too narrow. Not with `within`.
    weights : str, optional
        A column of weights: means are weighted, as of rates by the number of words (`value="per_1000",
        weights="tokens"` is hits by words).
    reference : str, optional
        Contrast each group with this one.
    contrasts : {"rest", "pairs"}, default "rest"
        Without `reference`: each group with the mean of the others (each group weighs the same), or all pairs.
    n_resamples : int, default 2000
    confidence : float, default 0.95
    correction : {"holm", "bonferroni", "fdr_bh", "none"}, default "holm"
        Of p for the number of contrasts.
    model : {"mixed"}, optional
        Fit a mixed model with a random effect of `cluster` as well (extra `models`): columns model_estimate, model_low,
        model_high; where it disagrees, the note says so.
    seed : int, default 0

    Returns
    -------
    DataFrame, first one row per group (kind "mean"), then one row per contrast (kind "difference"), highest first
        kind : "mean" or "difference"
        group : level of `by`; versus : what it is contrasted with ("" for a mean)
        n : int, articles of the group; n_versus : int, articles of the others
        estimate, low, high : in the unit of `value` (with `within`: relative to the average group in a story)
        effect, effect_low, effect_high : Hedges' g of a difference, NaN for a mean
        cliff, cliff_low, cliff_high : Cliff's delta, -1 to 1: how much oftener a value of the group is above one of
            the others than below
        p : float, of so large a studentised difference when labels are exchanged; p_adjusted : for all contrasts
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
    Intervals are studentised bootstrap intervals (Efron & Tibshirani 1993, chapter 12) over articles or, with
    `cluster`, over whole clusters; for values of 0 and 1 without clusters Wilson's and Newcombe's (1998); with
    `within`, percentile intervals over whole stories; Student's with fewer than 6 articles in a group. Below 3
    articles (or stories) no interval is given. How often they hold the truth is measured in benchmarks/RESULTS.md.
    Chance is a permutation test with a studentised statistic (Chung & Romano 2013), which allows for unequal
    variances; effect sizes take articles as independent.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"outlet": list("AAAABBBB"), "tone": [1, 2, 3, 4, 5, 6, 7, 8]})
    >>> compare_groups(table, "tone").query("kind == 'difference'")[["group", "versus", "estimate"]].values.tolist()
    [['B', 'the others', 4.0], ['A', 'the others', -4.0]]
    """
    _check(contrasts, correction, within, cluster, weights)
    if model is not None and (model != "mixed" or cluster is None):
        raise ArticleTableError(f'model={model!r}: there is "mixed", and it needs cluster=.')
    extra = [name for name in (within, cluster, weights) if name]
    used = usable_rows(table, value, [by, *extra], n_resamples, confidence)
    if weights is not None:
        used = _weighted(used, weights)
    if used.empty:
        raise ArticleTableError(f"no row has both {value!r} and {by!r}: nothing to compare.")
    used[by] = used[by].astype("str")
    left_out = len(table) - len(used)
    names = sorted(used[by].unique())
    if reference is not None:
        reference = str(reference)
        if reference not in names:
            raise ArticleTableError(f"reference={reference!r} is not a group; there is {', '.join(names)}.")
    if contrasts == "pairs" and reference is None and len(names) > _MOST_PAIRED:
        raise ArticleTableError(
            f"{len(names)} groups have too many pairs to read; give a reference, or compare with the rest."
        )
    if within is None:
        wanted = _contrasts(names, reference, contrasts)
        rows = _between(used, value, by, wanted, cluster, weights, n_resamples, confidence, seed)
    else:
        rows, dropped = _inside(used, value, by, within, reference, contrasts, n_resamples, confidence, seed)
        left_out += dropped
    result = pd.DataFrame(rows)
    result["p_adjusted"] = adjust(result["p"].to_numpy(np.float64), correction)
    if left_out:
        ending = f"{_count(left_out, 'row')} left out"
        result["note"] = [f"{note}; {ending}" if note else ending for note in result["note"]]
    result["order"] = result["kind"].map({"mean": 0, "difference": 1})
    ordering = ["order", "estimate", "group", "versus"]
    result = result.sort_values(ordering, ascending=[True, False, True, True], kind="stable", ignore_index=True)
    result = result[list(_COLUMNS)].astype(dict.fromkeys(("kind", "group", "versus", "note"), "str"))
    if model is not None:
        result = add_mixed_model(result, used, value, by, str(cluster), confidence)
    result.attrs["compare"] = {
        "value": value, "by": by, "within": within, "confidence": confidence, "n_resamples": n_resamples, "seed": seed,
    }  # fmt: skip
    return result


_COLUMNS = (
    "kind", "group", "versus", "n", "n_versus", "estimate", "low", "high", "effect", "effect_low", "effect_high",
    "cliff", "cliff_low", "cliff_high", "p", "p_adjusted", "note",
)  # fmt: skip


def _check(contrasts: str, correction: str, within: str | None, cluster: str | None, weights: str | None) -> None:
    if contrasts not in CONTRASTS:
        raise ArticleTableError(f"contrasts={contrasts!r} is not known; there is {', '.join(CONTRASTS)}.")
    if correction not in CORRECTIONS:
        raise ArticleTableError(f"correction={correction!r} is not known; there is {', '.join(CORRECTIONS)}.")
    if within is not None and (cluster is not None or weights is not None):
        raise ArticleTableError("within= resamples whole levels and weighs them alike: no cluster= or weights=.")


def _weighted(used: pd.DataFrame, weights: str) -> pd.DataFrame:
    """Return the rows with a weight above 0."""
    if not pd.api.types.is_numeric_dtype(used[weights]):
        raise ArticleTableError(f"the column {weights!r} must be numeric; found {used[weights].dtype}.")
    if (used[weights] < 0).any():
        raise ArticleTableError(f"the column {weights!r} holds negative weights.")
    return used[used[weights] > 0].copy()


def _contrasts(names: list[str], reference: str | None, contrasts: str) -> list[tuple[str, str, dict[str, float]]]:
    """Return group, what it is contrasted with, and the weights of the groups."""
    if len(names) < 2:
        return []
    if reference is not None:
        return [(name, reference, {name: 1.0, reference: -1.0}) for name in names if name != reference]
    if contrasts == "pairs":
        return [(one, other, {one: 1.0, other: -1.0}) for one, other in combinations(names, 2)]
    share = -1.0 / (len(names) - 1)
    return [(name, "the others", {name: 1.0, **{other: share for other in names if other != name}}) for name in names]


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
    return _between(used, value, by, [], None, None, n_resamples, confidence, seed)


def _between(
    used: pd.DataFrame, value: str, by: str, wanted: list[tuple[str, str, dict[str, float]]], cluster: str | None,
    weights: str | None, n_resamples: int, confidence: float, seed: int,
) -> list[dict[str, object]]:  # fmt: skip
    """Compare groups by resampling articles within each group, or clusters over all of them."""
    used = used.sort_values([by, value], kind="stable")  # the order of the rows must not matter
    samples = {str(name): rows[value].to_numpy() for name, rows in used.groupby(by, sort=True)}
    names = list(samples)
    design: UnitDesign | ClusterDesign
    group = pd.Index(names).get_indexer(used[by].astype("str")).astype(np.int64)
    if cluster is None and weights is None:
        design = UnitDesign(samples, n_resamples, confidence, seed)
    else:
        own = np.arange(len(used)) if cluster is None else pd.factorize(used[cluster], sort=True)[0]
        weight = None if weights is None else used[weights].to_numpy(np.float64)
        design = ClusterDesign(
            group, own.astype(np.int64), used[value].to_numpy(), names, n_resamples, confidence, seed, weight
        )
    rows = [_row("mean", name, "", len(samples[name]), 0, design.interval({name: 1.0})) for name in names]
    if not wanted:
        return rows
    matrix = np.array([[weights_.get(name, 0.0) for name in names] for _, _, weights_ in wanted])
    units = None if cluster is None else pd.factorize(used[cluster], sort=True)[0].astype(np.int64)
    chance = (
        np.full(len(wanted), np.nan) if weights is not None
        else permute_labels(used[value].to_numpy(), group, matrix, units, n_resamples, seed)
    )  # fmt: skip
    for (name, versus, mix), p in zip(wanted, chance.tolist(), strict=True):
        found = design.interval(mix)
        rest = np.concatenate([samples[other] for other in mix if other != name])
        rows.append(_difference(name, versus, found, p, samples[name], rest, confidence))
    return rows


def _difference(
    name: str, versus: str, found: Interval, p: float, own: NDArray[np.float64], rest: NDArray[np.float64],
    confidence: float, n: int | None = None, n_versus: int | None = None,
) -> dict[str, object]:  # fmt: skip
    g = hedges_g(found.value, own, rest, confidence)
    cliff = cliffs_delta(own, rest, confidence)
    chance = found.p if np.isnan(p) else p
    if np.isnan(found.low):
        chance = np.nan
    sizes = (len(own) if n is None else n, len(rest) if n_versus is None else n_versus)
    return _row("difference", name, versus, *sizes, found, g, cliff, chance)


def _inside(
    used: pd.DataFrame, value: str, by: str, within: str, reference: str | None, contrasts: str, n_resamples: int,
    confidence: float, seed: int,
) -> tuple[list[dict[str, object]], int]:  # fmt: skip
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
    picks = named_generator(seed, f"within {within}").integers(0, len(cells), size=(n_resamples, len(cells)))
    resampled = np.stack([_fit_effects(cells, np.bincount(pick, minlength=len(cells))) for pick in picks])
    linked = bool(np.isfinite(point).all())
    unlinked = "" if linked else f"no estimate: some groups are not linked by any shared {within}"
    beside_story = cells - np.nanmean(cells - (point if linked else 0.0), axis=1, keepdims=True)
    stories = np.isfinite(cells).sum(axis=0)
    exchanged = _exchange_inside(cells, n_resamples, named_generator(seed, f"exchange {within}")) if linked else None
    rows: list[dict[str, object]] = []
    for k, name in enumerate(names):
        low, high, note = _percentile(resampled[:, k], int(stories[k]), confidence, within)
        rows.append(
            _row("mean", name, "", int(counts.iloc[k]), 0, Interval(point[k], low, high, note=unlinked or note))
        )
    for name, versus, mix in _contrasts(names, reference, contrasts):
        weights = np.array([mix.get(other, 0.0) for other in names])
        on = weights != 0
        difference = float(point[on] @ weights[on])
        low, high, note = _percentile(resampled[:, on] @ weights[on], int(stories[on].min()), confidence, within)
        p = np.nan
        if exchanged is not None:
            drawn = np.abs(exchanged[:, on] @ weights[on])
            drawn = drawn[np.isfinite(drawn)]
            p = float((1 + (drawn >= abs(difference) * (1 - 1e-9) - 1e-12).sum()) / (1 + len(drawn)))
        k, others = names.index(name), [names.index(other) for other in mix if other != name]
        own, rest = beside_story[:, k], beside_story[:, others].ravel()
        found = Interval(difference, low, high, note=unlinked or note)
        sizes = (int(counts.iloc[k]), int(counts.iloc[others].sum()))
        parts = (own[np.isfinite(own)], rest[np.isfinite(rest)])
        rows.append(_difference(name, versus, found, p, *parts, confidence, *sizes))
    return rows, len(used) - len(kept)


def _exchange_inside(cells: NDArray[np.float64], times: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return the effects of groups after their values were exchanged inside each story."""
    found = np.empty((times, cells.shape[1]))
    there = np.isfinite(cells)
    order = np.argsort(~there, axis=1, kind="stable")
    ones = np.ones(len(cells))
    for number in range(times):
        keys = np.where(there, generator.random(cells.shape), 2.0)
        mixed = np.full(cells.shape, np.nan)
        np.put_along_axis(mixed, order, np.take_along_axis(cells, np.argsort(keys, axis=1), axis=1), axis=1)
        found[number] = _fit_effects(mixed, ones)
    return found


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


def _percentile(values: NDArray[np.float64], levels: int, confidence: float, within: str) -> tuple[float, float, str]:
    finite = values[np.isfinite(values)]
    if levels < LEAST or not len(finite):
        return np.nan, np.nan, f"no interval: {levels} {within} shared"
    if is_nothing(float(np.ptp(finite)), finite):
        return float(finite[0]), float(finite[0]), "all values are equal"
    low, high = np.quantile(finite, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high), ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _row(
    kind: str, group: str, versus: str, n: int, n_versus: int, found: Interval,
    effect: tuple[float, float, float] = _NOTHING, cliff: tuple[float, float, float] = _NOTHING, p: float = np.nan,
) -> dict[str, object]:  # fmt: skip
    return {
        "kind": kind, "group": group, "versus": versus, "n": n, "n_versus": n_versus, "estimate": float(found.value),
        "low": found.low, "high": found.high, "effect": effect[0], "effect_low": effect[1], "effect_high": effect[2],
        "cliff": cliff[0], "cliff_low": cliff[1], "cliff_high": cliff[2], "p": p, "note": found.note,
    }  # fmt: skip
