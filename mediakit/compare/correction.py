"""Correction: group means and shares mended by a hand-coded sample.

A tool that is right in nine of ten texts still gives wrong differences between outlets when its errors differ between
them. A sample coded by hand, drawn with known chances, shows the error; the estimate is then the tool's mean plus the
mean error, and its interval knows of both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.compare.influence import Estimate, combine, covariance_of
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
        "design": design-based supervised learning (Egami, Hinck, Stewart & Wei 2023, arXiv 2306.04746): unbiased with
        known chances, whatever the tool's errors. "ppi": prediction-powered inference (Angelopoulos et al. 2023, doi
        10.1126/science.adi6000), for coded units drawn at random within each group. "confusion": for shares, the
        confusion matrix of each group: the share of yes among coded units that the tool calls yes, and among those
        that it calls no, each weighed by how often the tool says so (Tenenbein 1970, doi
        10.1080/01621459.1970.10481170).
    calibrate : bool, default True
        For "design": fit the truth on the value in the coded units first (across folds), which narrows the interval
        where the tool is off by a constant or a scale, and never makes it wrong. For "ppi": give the tool the weight,
        0 to 1, that makes the variance smallest (PPI++: Angelopoulos, Duchi & Zrnic 2023, arXiv 2311.01453) instead
        of 1.
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
    With fewer than 10 coded units a group is not corrected; with fewer than about 30 read intervals as rough. They are
    over units or clusters, with Student's t for as many as were coded. For shares (codes 0 and 1, values from 0 to 1)
    they are Wilson's with the number of units that the error is worth (Franco et al. 2019, doi 10.1093/jssam/smy019),
    for differences of shares those of Zou & Donner (2008, doi 10.1002/sim.3095): they keep the range 0 to 1 (-1 to 1),
    to which an estimate is brought as well. For scores they are Wald intervals.

    Turning round sensitivity and specificity (Rogan & Gladen 1978) is another reading of the confusion matrix, for
    codings of other texts than those measured. It is the hand-coded share plus a multiple of how far the tool's share
    in all units is from that in the coded ones; Tenenbein's has the multiple with the smallest variance. Its intervals
    were 1.2 to 1.3 times as wide as those from the hand codes alone, Tenenbein's are narrower than these.

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
    parts = {name: _Group(used[used["group"] == name], name, *_are_shares(used)) for name in groups}
    fitted = _calibrated(used, generator) if method == "design" and calibrate else None
    rows: list[dict[str, Any]] = []
    estimates: dict[str, dict[str, Estimate]] = {}
    for name, part in parts.items():
        estimates[name] = {
            "raw": part.raw(), "hand": part.hand(),
            "corrected": part.ppi(calibrate) if method == "ppi" else part.confusion() if method == "confusion"
            else part.design(None if fitted is None else fitted[part.rows]),
        }  # fmt: skip
    spreads = {
        which: covariance_of([estimates[name][which] for name in groups]) for which in ("raw", "corrected", "hand")
    }
    for name, part in parts.items():
        rows.append(_row("mean", name, "", [(1.0, part)], estimates, spreads, groups, confidence))
    for name in groups if len(groups) > 1 else []:
        others = [other for other in groups if other != name] if reference is None else [str(reference)]
        if name == reference:
            continue
        weights = [(1.0, parts[name]), *((-1.0 / len(others), parts[other]) for other in others)]
        rows.append(
            _row("difference", name, str(reference or "the others"), weights, estimates, spreads, groups, confidence)
        )
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


def _are_shares(used: pd.DataFrame) -> tuple[bool, bool]:
    """Return whether the tool's means are shares, and whether the corrected ones are."""
    yes_or_no = bool(used["truth"].dropna().isin((0.0, 1.0)).all())
    return bool(used["value"].isin((0.0, 1.0)).all()), yes_or_no and bool(used["value"].between(0, 1).all())


class _Group:
    """The units of one group."""

    def __init__(self, rows: pd.DataFrame, name: str, raw_share: bool, share: bool) -> None:
        self.name, self.raw_share, self.share = name, raw_share, share
        self.rows = rows.index.to_numpy()
        self.value = rows["value"].to_numpy()
        self.chance = rows["chance"].to_numpy()
        self.cluster = rows["cluster"].to_numpy()
        self.coded = rows["truth"].notna().to_numpy()
        self.truth = np.where(self.coded, rows["truth"].to_numpy(), 0.0)
        self.n, self.n_coded = len(rows), int(self.coded.sum())

    @property
    def lacking(self) -> str:
        """Why there is no correction, or nothing."""
        few = f"{self.name}: {self.n_coded} coded units are too few to correct with"
        return "" if self.n_coded >= LEAST_CODED else few

    def estimate(self, value: float, pull: Floats, note: str = "") -> Estimate:
        if self.share and not 0 <= value <= 1:
            note = f"{note}; {self.name}: estimate {value:.3f} brought to the range of shares".removeprefix("; ")
        return Estimate(value, pull, self.cluster, self.coded, self.share, note)

    def nothing(self, note: str) -> Estimate:
        return Estimate(np.nan, np.full(self.n, np.nan), self.cluster, self.coded, self.share, note)

    def raw(self) -> Estimate:
        """The tool's mean."""
        mean = float(self.value.mean())
        every = np.ones(self.n, dtype=np.bool_)
        return Estimate(mean, (self.value - mean) / self.n, self.cluster, every, self.raw_share)

    def hand(self) -> Estimate:
        """The mean of the coded units, each weighed by 1 over its chance (Hájek)."""
        if self.n_coded < 2:
            return self.nothing("")
        weight = np.where(self.coded, 1 / self.chance, 0.0)
        mean = float((weight * self.truth).sum() / weight.sum())
        return self.estimate(mean, weight * (self.truth - mean) / weight.sum())

    def design(self, fitted: Floats | None) -> Estimate:
        """Egami et al. 2023: the tool's word, plus where there is a code its error over the chance of coding."""
        if self.lacking:
            return self.nothing(self.lacking)
        guess = self.value if fitted is None else fitted
        outcome = guess + np.where(self.coded, self.truth - guess, 0.0) / self.chance
        mean = float(outcome.mean())
        return self.estimate(mean, (outcome - mean) / self.n)

    def ppi(self, tune: bool) -> Estimate:
        """Angelopoulos et al. 2023: the tool's mean over units without a code, plus its mean error in the others."""
        if self.lacking:
            return self.nothing(self.lacking)
        free = ~self.coded
        if not free.any():
            return self.hand()
        coded, rest = self.value[self.coded], self.value[free]
        weight = 1.0
        if tune:
            spread = (1 + len(coded) / len(rest)) * float(self.value.var(ddof=1))
            joint = float(((self.truth[self.coded] - self.truth[self.coded].mean()) * (coded - coded.mean())).mean())
            weight = min(max(joint / spread, 0.0), 1.0) if spread > 0 else 0.0
        error = self.truth - weight * self.value
        bias, mean = float(error[self.coded].mean()), weight * float(rest.mean())
        pull = np.where(self.coded, (error - bias) / len(coded), (weight * self.value - mean) / len(rest))
        note = "" if np.ptp(self.chance) < 1e-9 else "chances differ: ppi takes coded units as drawn at random"
        return self.estimate(mean + bias, pull, note)

    def confusion(self) -> Estimate:
        """Tenenbein 1970: of what the tool calls yes, and of what it calls no, the share that is."""
        if self.lacking:
            return self.nothing(self.lacking)
        weight = np.where(self.coded, 1 / self.chance, 0.0)
        expected, pull = np.zeros(self.n), np.zeros(self.n)
        for said in (0.0, 1.0):
            here = self.value == said
            if not here.any():
                continue
            total = float(weight[here].sum())
            if not total:
                word = "yes" if said else "no"
                return self.nothing(f"{self.name}: no unit is coded of those that the tool calls {word}")
            right = float((weight * self.truth)[here].sum()) / total
            expected[here] = right
            pull += np.where(here, weight * (self.truth - right) / total * here.mean(), 0.0)
        share = float(expected.mean())
        return self.estimate(share, pull + (expected - share) / self.n)


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
    kind: str, name: str, versus: str, weights: list[tuple[float, _Group]], estimates: dict[str, dict[str, Estimate]],
    spreads: dict[str, Floats], groups: list[str], confidence: float,
) -> dict[str, Any]:  # fmt: skip
    own = weights[0][1]
    rest = [part for _, part in weights[1:]]
    number = {name: k for k, name in enumerate(groups)}
    at = [number[part.name] for _, part in weights]
    row: dict[str, Any] = {
        "kind": kind, "group": name, "versus": versus, "n": own.n, "n_versus": sum(part.n for part in rest),
        "coded": own.n_coded, "coded_versus": sum(part.n_coded for part in rest),
    }  # fmt: skip
    notes = []
    for column, which in (("raw", "raw"), ("estimate", "corrected"), ("hand", "hand")):
        found = [(weight, estimates[part.name][which]) for weight, part in weights]
        value, low, high = combine(found, spreads[which][np.ix_(at, at)], confidence)
        edges = ("low", "high") if column == "estimate" else (f"{column}_low", f"{column}_high")
        row |= {column: value, edges[0]: low, edges[1]: high}
        notes += [estimates[part.name][which].note for _, part in weights]
    row["note"] = "; ".join(dict.fromkeys(note for note in notes if note))
    return row
