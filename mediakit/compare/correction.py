"""Correction: group means and shares mended by a hand-coded sample.

A tool that is right in nine of ten texts still gives wrong differences between outlets when its errors differ between
them. A sample coded by hand, drawn with known chances, shows the error; the estimate is then the tool's mean plus the
mean error, and its interval knows of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from mediakit.errors import ArticleTableError, require_columns

Floats = NDArray[np.float64]
METHODS = ("design", "ppi", "confusion")
LEAST_CODED = 10  # units of a group below which nothing is corrected
_FOLDS = 5


def correct_groups(
    table: pd.DataFrame,
    value: str,
    *,
    truth: str,
    by: str = "outlet",
    probability: str | None = None,
    cluster: str | None = None,
    reference: str | None = None,
    method: str = "design",
    calibrate: bool = True,
    n_resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Correct group means, shares and differences with a hand-coded sample.

    Parameters
    ----------
    table : DataFrame, one row per unit (article, sentence, …)
        All units that the tool measured; those coded by hand have `truth` as well.
    value : column, what the tool says: a score, or 0 and 1 for a share
    truth : column, what people say, on the same scale; missing where nobody coded
    by : column of groups, default "outlet"
    probability : column, optional
        The chance with which each unit was drawn for coding, above 0 and at most 1, known for all units
        (`sample_for_coding` records it). Default: the coded share of the unit's group.
    cluster : column, optional
        Units that belong together, as the articles of a story or the sentences of an article; the interval then comes
        from clusters.
    reference : str, optional
        Contrast groups with this one. Default: with the mean of the others.
    method : {"design", "ppi", "confusion"}, default "design"
        "design": design-based supervised learning (Egami, Hinck, Stewart & Wei 2023): unbiased with known chances,
        whatever the tool's errors. "ppi": prediction-powered inference (Angelopoulos et al. 2023), for coded units
        drawn at random within each group. "confusion": for shares, the tool's rates of error turned round (Rogan &
        Gladen 1978), with a bootstrap interval.
    calibrate : bool, default True
        For "design": fit the truth on the value in the coded units first (across folds), which narrows the interval
        where the tool is off by a constant or a scale, and never makes it wrong.
    n_resamples : int, default 2000
        For "confusion".
    confidence : float, default 0.95
    seed : int, default 0

    Returns
    -------
    DataFrame, first one row per group (kind "mean"), then one per contrast (kind "difference")
        kind, group, versus : as in `compare_groups`
        n, coded : int, units measured and coded
        raw, raw_low, raw_high : the tool's mean, with an interval that does not know of its errors
        estimate, low, high : corrected, with the interval that does
        hand, hand_low, hand_high : from the coded units alone
        note : why something is missing

    Raises
    ------
    ArticleTableError
        When columns are not numeric, chances are missing or not between 0 and 1, a coded unit has none, or `method` is
        unknown.

    Notes
    -----
    With fewer than 10 coded units a group is not corrected. Intervals are Wald intervals with Student's t over units or
    clusters; with fewer than about 30 coded units a group read them as rough.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(0, 2, 400).astype(float)
    >>> tool = np.where(rng.random(400) < 0.2, 1.0, truth)  # it says yes too often
    >>> code = np.where(rng.random(400) < 0.3, truth, np.nan)  # three in ten are coded
    >>> table = pd.DataFrame({"outlet": ["A", "B"] * 200, "yes": tool, "code": code})
    >>> found = correct_groups(table, "yes", truth="code")
    >>> bool((found["raw"] > found["estimate"]).iloc[0])
    True
    """
    if method not in METHODS:
        raise ArticleTableError(f"method={method!r} is not known; there is {', '.join(METHODS)}.")
    used, left_out = _read(table, value, truth, by, probability, cluster)
    groups = sorted(used["group"].unique())
    if reference is not None and str(reference) not in groups:
        raise ArticleTableError(f"reference={reference!r} is not a group; there is {', '.join(groups)}.")
    if method == "confusion" and not set(np.unique(used["value"])) | set(np.unique(used["truth"].dropna())) <= {
        0.0,
        1.0,
    }:
        raise ArticleTableError('method="confusion" is for shares: value and truth must be 0 or 1.')
    generator = np.random.default_rng(seed)
    parts = {name: _Group(used[used["group"] == name], name) for name in groups}
    fitted = _calibrated(used, generator) if method == "design" and calibrate else None
    rows: list[dict[str, Any]] = []
    estimates: dict[str, dict[str, _Estimate]] = {}
    for name, part in parts.items():
        estimates[name] = {
            "raw": part.raw(), "hand": part.hand(),
            "corrected": part.ppi() if method == "ppi" else part.turned(n_resamples, seed) if method == "confusion"
            else part.design(None if fitted is None else fitted[part.rows]),
        }  # fmt: skip
        rows.append(_row("mean", name, "", [(1.0, part)], estimates, confidence))
    for name in groups if len(groups) > 1 else []:
        others = [other for other in groups if other != name] if reference is None else [str(reference)]
        if name == reference:
            continue
        weights = [(1.0, parts[name]), *((-1.0 / len(others), parts[other]) for other in others)]
        rows.append(_row("difference", name, str(reference or "the others"), weights, estimates, confidence))
    result = pd.DataFrame(rows)
    if left_out:
        result["note"] = [f"{note}; {left_out} rows left out".removeprefix("; ") for note in result["note"]]
    result.attrs["correct"] = {"value": value, "truth": truth, "by": by, "method": method, "confidence": confidence}
    return result.astype(dict.fromkeys(("kind", "group", "versus", "note"), "str"))


def _read(
    table: pd.DataFrame, value: str, truth: str, by: str, probability: str | None, cluster: str | None
) -> tuple[pd.DataFrame, int]:
    columns = [value, truth, by, *(name for name in (probability, cluster) if name)]
    require_columns(table, columns)
    if len(set(columns)) < len(columns):
        raise ArticleTableError(f"each argument must name another column; found {', '.join(map(repr, columns))}.")
    for name in (value, truth, *([probability] if probability else [])):
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise ArticleTableError(f"the column {name!r} must be numeric; found {table[name].dtype}.")
    used = pd.DataFrame({
        "value": table[value].astype("float64").replace([np.inf, -np.inf], np.nan).to_numpy(),
        "truth": table[truth].astype("float64").replace([np.inf, -np.inf], np.nan).to_numpy(),
        "group": table[by].astype("str").to_numpy(),
        "cluster": np.arange(len(table)) if cluster is None else pd.factorize(table[cluster])[0],
    })  # fmt: skip
    if cluster is not None:  # a unit without a cluster is one of its own
        alone = used["cluster"] < 0
        used.loc[alone, "cluster"] = used["cluster"].max() + 1 + np.arange(int(alone.sum()))
    if probability is not None:
        chance = table[probability].astype("float64").to_numpy()
        wrong = ~((chance > 0) & (chance <= 1))
        if wrong.any():
            first = chance[wrong][0]
            raise ArticleTableError(f"{probability!r} must be above 0 and at most 1 in every row; found {first}.")
        used["chance"] = chance
    keep = used["value"].notna() & table[by].notna().to_numpy()
    used = used[keep].reset_index(drop=True)
    if used.empty:
        raise ArticleTableError(f"no row has both {value!r} and {by!r}: nothing to correct.")
    if not used["truth"].notna().any():
        raise ArticleTableError(f"no row has a code in {truth!r}: nothing to correct with.")
    if probability is None:
        used["chance"] = used.groupby("group")["truth"].transform(lambda codes: codes.notna().mean())
    return used, int((~keep).sum())


@dataclass(frozen=True)
class _Estimate:
    """A mean with the influence of every unit on it, or resampled means; NaN where it cannot be given."""

    value: float
    influence: Floats
    drawn: Floats | None = None
    note: str = ""


class _Group:
    """The units of one group."""

    def __init__(self, rows: pd.DataFrame, name: str) -> None:
        self.name = name
        self.rows = rows.index.to_numpy()
        self.value = rows["value"].to_numpy()
        self.truth = rows["truth"].to_numpy()
        self.chance = rows["chance"].to_numpy()
        self.cluster = rows["cluster"].to_numpy()
        self.coded = ~np.isnan(self.truth)
        self.n, self.n_coded = len(rows), int(self.coded.sum())

    @property
    def lacking(self) -> str:
        """Why there is no correction, or nothing."""
        return (
            ""
            if self.n_coded >= LEAST_CODED
            else f"{self.name}: {self.n_coded} coded units are too few to correct with"
        )

    def nothing(self) -> _Estimate:
        return _Estimate(np.nan, np.full(self.n, np.nan), note=self.lacking)

    def raw(self) -> _Estimate:
        """The tool's mean."""
        mean = float(self.value.mean())
        return _Estimate(mean, (self.value - mean) / self.n)

    def hand(self) -> _Estimate:
        """The mean of the coded units, each weighed by 1 over its chance (Hájek)."""
        if self.n_coded < 2:
            return _Estimate(np.nan, np.full(self.n, np.nan))
        weight = np.where(self.coded, 1 / self.chance, 0.0)
        code = np.where(self.coded, self.truth, 0.0)
        mean = float((weight * code).sum() / weight.sum())
        return _Estimate(mean, weight * (code - mean) / weight.sum())

    def design(self, fitted: Floats | None) -> _Estimate:
        """Egami et al. 2023: the tool's word, plus where there is a code its error over the chance of coding."""
        if self.lacking:
            return self.nothing()
        guess = self.value if fitted is None else fitted
        error = np.where(self.coded, np.where(self.coded, self.truth, 0.0) - guess, 0.0)
        outcome = guess + error / self.chance
        mean = float(outcome.mean())
        return _Estimate(mean, (outcome - mean) / self.n)

    def ppi(self) -> _Estimate:
        """Angelopoulos et al. 2023: the tool's mean over units without a code, plus its mean error in the others."""
        if self.lacking:
            return self.nothing()
        free = ~self.coded
        if not free.any():
            return self.hand()
        rectifier = np.where(self.coded, np.where(self.coded, self.truth, 0.0) - self.value, 0.0)
        bias, mean = float(rectifier[self.coded].mean()), float(self.value[free].mean())
        influence = np.where(
            self.coded, (rectifier - bias) / self.n_coded, (self.value - mean) / max(1, int(free.sum()))
        )
        note = "" if np.ptp(self.chance) < 1e-9 else "chances differ: ppi takes coded units as drawn at random"
        return _Estimate(mean + bias, influence, note=note)

    def turned(self, n_resamples: int, seed: int) -> _Estimate:
        """Rogan & Gladen 1978: (share + specificity - 1) / (sensitivity + specificity - 1)."""
        if self.lacking:
            return self.nothing()
        # Units that are alike in all that matters are one cell, so that a resample is a draw of counts.
        told = np.where(self.coded, self.truth, -1.0)
        cells, number = np.unique(np.stack([self.value, told, self.chance], axis=1), axis=0, return_inverse=True)
        counts = np.bincount(number.ravel(), minlength=len(cells)).astype(np.float64)
        share = _turn(cells, counts[None])
        if np.isnan(share[0]):
            note = f"{self.name}: the tool does no better than chance in the coded units, or one code is missing"
            return _Estimate(np.nan, np.full(self.n, np.nan), note=note)
        generator = np.random.default_rng([seed, *self.name.encode()])
        drawn = _turn(cells, generator.multinomial(self.n, counts / self.n, size=n_resamples).astype(np.float64))
        return _Estimate(float(share[0]), np.full(self.n, np.nan), drawn)


def _turn(cells: Floats, counts: Floats) -> Floats:
    """Return the share of each row of counts of cells (value, truth or -1, chance)."""
    value, truth, chance = cells.T
    said = counts @ value / counts.sum(axis=1)
    weight = counts / chance
    with np.errstate(divide="ignore", invalid="ignore"):
        yes, no = weight @ (truth == 1), weight @ (truth == 0)
        sensitivity = weight @ ((truth == 1) & (value == 1)) / yes
        specificity = weight @ ((truth == 0) & (value == 0)) / no
        gain = sensitivity + specificity - 1
        share = (said + specificity - 1) / gain
    return np.where(gain > 0.05, np.clip(share, 0.0, 1.0), np.nan)


def _calibrated(used: pd.DataFrame, generator: np.random.Generator) -> Floats:
    """Return for each unit the truth to be expected from its value, fitted by group in folds that leave its own out."""
    fitted = used["value"].to_numpy().copy()
    fold = generator.permutation(np.arange(len(used)) % _FOLDS)
    # Clusters stay together, so that no unit is fitted with its neighbours.
    first = pd.Series(fold).groupby(used["cluster"].to_numpy()).transform("first").to_numpy()
    coded, value, truth = used["truth"].notna().to_numpy(), used["value"].to_numpy(), used["truth"].to_numpy()
    weight = 1 / np.maximum(used["chance"].to_numpy(), 1e-12)  # a group without codes has no chance
    for rows in used.groupby("group").indices.values():
        inside = np.zeros(len(used), dtype=np.bool_)
        inside[rows] = True
        for number in range(_FOLDS):
            learned = np.flatnonzero(inside & coded & (first != number))
            if len(learned) < 2 * LEAST_CODED:
                continue
            x, y, w = value[learned], truth[learned], weight[learned]
            middle_x, middle_y = np.average(x, weights=w), np.average(y, weights=w)
            spread = float((w * (x - middle_x) ** 2).sum())
            slope = float((w * (x - middle_x) * (y - middle_y)).sum()) / spread if spread > 0 else 0.0
            left = inside & (first == number)
            fitted[left] = middle_y + slope * (value[left] - middle_x)
    return np.asarray(fitted, dtype=np.float64)


def _row(
    kind: str, name: str, versus: str, weights: list[tuple[float, _Group]], estimates: dict[str, dict[str, _Estimate]],
    confidence: float,
) -> dict[str, Any]:  # fmt: skip
    own = weights[0][1]
    rest = [part for _, part in weights[1:]]
    row: dict[str, Any] = {
        "kind": kind, "group": name, "versus": versus, "n": own.n, "n_versus": sum(part.n for part in rest),
        "coded": own.n_coded, "coded_versus": sum(part.n_coded for part in rest),
    }  # fmt: skip
    notes = []
    for column, which in (("raw", "raw"), ("estimate", "corrected"), ("hand", "hand")):
        value, low, high = _interval(weights, estimates, which, confidence)
        edges = ("low", "high") if column == "estimate" else (f"{column}_low", f"{column}_high")
        row |= {column: value, edges[0]: low, edges[1]: high}
        notes += [estimates[part.name][which].note for _, part in weights]
    row["note"] = "; ".join(dict.fromkeys(note for note in notes if note))
    return row


def _interval(
    weights: list[tuple[float, _Group]], estimates: dict[str, dict[str, _Estimate]], which: str, confidence: float
) -> tuple[float, float, float]:
    """Return a weighted sum of group means with its interval; units or clusters are drawn, over all groups at once."""
    found = [(weight, part, estimates[part.name][which]) for weight, part in weights]
    value = float(sum(weight * estimate.value for weight, _, estimate in found))
    if np.isnan(value):
        return value, np.nan, np.nan
    if found[0][2].drawn is not None:
        drawn = sum(weight * estimate.drawn for weight, _, estimate in found if estimate.drawn is not None)
        finite = np.asarray(drawn)[np.isfinite(drawn)]
        low, high = np.quantile(finite, [(1 - confidence) / 2, (1 + confidence) / 2])
        return value, float(low), float(high)
    cluster = np.concatenate([part.cluster for _, part, _ in found])
    influence = np.concatenate([weight * estimate.influence for weight, _, estimate in found])
    _, number = np.unique(cluster, return_inverse=True)
    sums = np.bincount(number, influence)
    clusters = len(sums)
    if clusters < 3:
        return value, np.nan, np.nan
    error = float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum()))
    half = float(stats.t.ppf((1 + confidence) / 2, clusters - len(found))) * error
    return value, value - half, value + half
