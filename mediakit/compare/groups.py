"""Do groups differ? Means and differences with intervals, effect sizes and chance: over articles, clusters, stories."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.compare.inside import StoryDesign
from mediakit.compare.mixed import add_mixed_model
from mediakit.compare.resampling import (
    ClusterDesign,
    Interval,
    UnitDesign,
    adjust,
    cliffs_delta,
    hedges_g,
    permute_labels,
)
from mediakit.errors import ArticleTableError, require_columns

CONTRASTS = ("rest", "pairs")
CORRECTIONS = ("holm", "bonferroni", "fdr_bh", "none")
_NOTHING = (np.nan, np.nan, np.nan)
# Parts of names of columns that hold rates, counts, lengths or shares.
_POSITIVE = frozenset(
    ("per", "hits", "count", "counts", "words", "tokens", "length", "rate", "share", "shares", "number")
)
_MOST_PAIRED = 40  # groups; all pairs of more are no table to read, and their joint resamples fill the memory
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
    positive: bool | None = None,
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
    positive : bool, optional
        Whether a value cannot be below zero, as a rate, a count or a length: the interval of a mean then is not,
        either. Default: by the name of the column (`per_1000`, `words`, `hits`, `n_quotes`, `share_negative`, …).
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
        When `value` is not numeric, nothing is left to compare, `reference` is not a group, two arguments name one
        column, or there are more than 40 groups for all pairs, clusters or weights.

    Notes
    -----
    Intervals are studentised bootstrap intervals (Efron & Tibshirani 1993, chapter 12; Hall 1988, doi
    10.1111/j.2517-6161.1988.tb01707.x) over articles or, with `cluster` or `within`, over whole clusters or stories;
    each end is the middle between that of equal tails and that of a symmetric interval, which covers skewed scores
    of few articles better than either. For values of 0 and 1 without clusters they are Wilson's and Newcombe's (1998,
    doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I); with fewer than 6 articles (stories) in a
    group Student's; below 3 none is given. Means of what cannot be negative have their intervals on the scale of
    logarithms, with fewer than 6 articles on that of square roots (Efron & Tibshirani 1993, section 12.6; Bartlett
    1936, doi 10.2307/2983678). How often they hold the truth is measured in benchmarks/COVERAGE.md: with twenty
    articles those of scores as skewed as log-normal ones do so too seldom.
    Chance is a permutation test with a studentised statistic (Chung & Romano 2013, doi 10.1214/13-AOS1090), which
    allows for unequal variances; with `within`, values are exchanged inside stories. With more than 100 million
    exchanges (articles by resamples) the bootstrap's p serves. Effect sizes take articles as independent.

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
    if (cluster or weights) and len(names) > _MOST_PAIRED:
        raise ArticleTableError(
            f"{len(names)} groups are too many to resample together with cluster= or weights=; at most {_MOST_PAIRED}. "
            "Leave out small groups, or compare without them."
        )
    if within is None:
        wanted = _contrasts(names, reference, contrasts)
        floored = is_floored(used[value], value, positive)
        rows = _between(used, value, by, wanted, cluster, weights, n_resamples, confidence, seed, floored)
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


def is_floored(values: pd.Series, name: str, positive: bool | None) -> bool:
    """Whether values cannot be below zero: by what the caller says, else by the name of the column.

    Raises
    ------
    ArticleTableError
        When the caller says so, and there are values below zero.

    Examples
    --------
    >>> import pandas as pd
    >>> is_floored(pd.Series([0.5]), "per_1000", None), is_floored(pd.Series([0.5]), "sentiment", None)
    (True, False)
    """
    below = int((values < 0).sum())
    if positive and below:
        raise ArticleTableError(f"positive=True: {below} values of {name!r} are below zero.")
    parts = name.casefold().split("_")
    known = parts[0] == "n" or not _POSITIVE.isdisjoint(parts)
    return not below and (known if positive is None else positive)


def group_means(
    used: pd.DataFrame, value: str, by: str, n_resamples: int, confidence: float, seed: int, floored: bool
) -> list[dict[str, object]]:
    """Return one row per group with mean and interval, as `compare_groups` begins with.

    `floored`: whether values cannot be below zero.
    """
    return _between(used, value, by, [], None, None, n_resamples, confidence, seed, floored)


def _between(
    used: pd.DataFrame, value: str, by: str, wanted: list[tuple[str, str, dict[str, float]]], cluster: str | None,
    weights: str | None, n_resamples: int, confidence: float, seed: int, floored: bool,
) -> list[dict[str, object]]:  # fmt: skip
    """Compare groups by resampling articles within each group, or clusters over all of them."""
    used = used.sort_values([by, value], kind="stable")  # the order of the rows must not matter
    samples = {str(name): rows[value].to_numpy() for name, rows in used.groupby(by, sort=True)}
    names = list(samples)
    design: UnitDesign | ClusterDesign
    group = pd.Index(names).get_indexer(used[by].astype("str")).astype(np.int64)
    if cluster is None and weights is None:
        design = UnitDesign(samples, n_resamples, confidence, seed, floored=floored)
    else:
        own = np.arange(len(used)) if cluster is None else pd.factorize(used[cluster], sort=True)[0]
        weight = None if weights is None else used[weights].to_numpy(np.float64)
        design = ClusterDesign(
            group, own.astype(np.int64), used[value].to_numpy(), names, n_resamples, confidence, seed, weight,
            floored=floored,
        )  # fmt: skip
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
    counts = {str(name): int(number) for name, number in kept.groupby(by).size().items()}
    names = [str(name) for name in table.columns]
    wanted = _contrasts(names, reference, contrasts)
    mixes = [{name: 1.0} for name in names] + [mix for _, _, mix in wanted]
    matrix = np.array([[mix.get(name, 0.0) for name in names] for mix in mixes])
    cells = table.to_numpy(dtype=np.float64)
    design = StoryDesign(cells, names, matrix, within, n_resamples, confidence, seed)
    rows = [_row("mean", name, "", counts[name], 0, design.interval(k)) for k, name in enumerate(names)]
    beside_story = {name: design.beside_story(name) for name in names}
    for k, (name, versus, mix) in enumerate(wanted, len(names)):
        others = [other for other in mix if other != name]
        rest = np.concatenate([beside_story[other] for other in others])
        sizes = counts[name], sum(counts[other] for other in others)
        parts = design.interval(k), design.chance(k), beside_story[name], rest
        rows.append(_difference(name, versus, *parts, confidence, *sizes))
    return rows, len(used) - len(kept)


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
