"""When did the coverage change, if nobody says at which event? Change points of a score over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.compare.periods import PERIODS, dated_rows
from mediakit.compare.resampling import count_of, named_generator
from mediakit.errors import ArticleTableError, need_extra

Floats = NDArray[np.float64]
LEAST_PERIODS = 10  # with articles, below which no change is looked for
_SHORTEST = 3  # periods between two changes
_COLUMNS = (
    "group", "date", "date_low", "date_high", "n_before", "before", "n_after", "after",
    "estimate", "low", "high", "note",
)  # fmt: skip


def find_change_points(
    table: pd.DataFrame,
    value: str,
    *,
    by: str = "outlet",
    period: str = "W",
    penalty: float | None = None,
    n_resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Find the periods in which the mean of a value changes, for each group (extra `changepoints`).

    Parameters
    ----------
    table : DataFrame, one row per article
        With the columns `date`, `by` and `value`.
    value : str
        A numeric column.
    by : str, default "outlet"
    period : {"D", "W", "M", "Q", "Y"}, default "W"
        The articles of a period are averaged; periods without any are left out.
    penalty : float, optional
        Above 0: how much a change must explain, in variances of a period's mean. Default: 3 log T for T periods,
        times (1 + r) / (1 - r)² where neighbouring periods hang together with r above 0. The larger, the fewer
        changes.
    n_resamples : int, default 2000
    confidence : float, default 0.95
    seed : int, default 0

    Returns
    -------
    DataFrame, one row per group and change, in the order of groups and time; a group without any has one row
        group; date : first day of the first period after the change, NaT without one
        date_low, date_high : between which the change lies, of resampled series
        n_before, n_after : int, articles since the change before, and up to the change after
        before, after : their means, in the unit of `value`
        estimate, low, high : mean after less mean before
        note : why there is no change point

    Raises
    ------
    MissingExtraError
        When ruptures is not installed.
    ColumnError
        When a column is missing.
    ArticleTableError
        When `value` is not numeric, `date` does not hold dates, `period` is unknown, or `penalty` is not above 0.

    Notes
    -----
    PELT (Killick, Fearnhead & Eckley 2012, doi 10.1080/01621459.2012.737745) as in ruptures (Truong, Oudre & Vayatis
    2020, doi 10.1016/j.sigpro.2019.107299), with squared distances from the mean weighed by the number of articles: no
    chance is in it. The penalty is the main part of the information criterion of Zhang & Siegmund (2007, doi
    10.1111/j.1541-0420.2006.00662.x), set against what periods differ from their neighbours; where these hang together
    it is raised, so that a slow drift does not pass for a change. How often it finds one where there is none, and how
    often the intervals hold the truth, is measured in benchmarks/COVERAGE.md.

    Dates and differences have intervals of a bootstrap: what lies between the series and its means is resampled in
    blocks of periods, and each change sought anew between its neighbours. Number and order of changes are taken as
    found, so that intervals are too narrow where a change is doubtful. A change point tells when, not why; for a known
    event see `compare_periods`.

    Examples
    --------
    >>> import mediakit as mk, pandas as pd
    >>> dates = pd.date_range("2025-01-06", periods=140, freq="D")
    >>> table = pd.DataFrame({"date": dates, "outlet": "A", "tone": [n % 7 + 5 * (n >= 70) for n in range(140)]})
    >>> found = mk.find_change_points(table, "tone")  # doctest: +SKIP
    >>> found[["date", "before", "after"]].astype(str).values.tolist()  # doctest: +SKIP
    [['2025-03-17', '3.0', '8.0']]
    """
    if period not in PERIODS:
        there = ", ".join(f"{code} ({name})" for code, name in PERIODS.items())
        raise ArticleTableError(f"period={period!r} is not known; there is {there}.")
    if penalty is not None and not penalty > 0:
        raise ArticleTableError(f"penalty={penalty} must be above 0.")
    used = dated_rows(table, value, by, n_resamples, confidence)
    segment = _segmenter()
    rows: list[dict[str, Any]] = []
    used = used.assign(_start=used["date"].dt.tz_localize(None).dt.to_period(period).dt.start_time)
    for name, mine in used.groupby(used[by].astype("str"), sort=True):
        series = mine.groupby("_start")[value].agg(["mean", "count"]).sort_index()
        means, counts = series["mean"].to_numpy(np.float64), series["count"].to_numpy(np.float64)
        starts = pd.DatetimeIndex(series.index)
        if len(means) < LEAST_PERIODS:
            note = f"{count_of(len(means), PERIODS[period])} with articles: too few to look for a change"
            rows.append({"group": str(name), "note": note})
            continue
        cuts = _cuts(means, counts, penalty, segment)
        if not cuts:
            rows.append({"group": str(name), "note": "no change point"})
            continue
        generator = named_generator(seed, f"changes {name}")
        for found in _changes(means, counts, cuts, n_resamples, confidence, generator):
            low, high = found.pop("at_low"), found.pop("at_high")
            when = {"date": starts[found.pop("at")], "date_low": starts[low], "date_high": starts[high]}
            rows.append({"group": str(name), **when, **found, "note": ""})
    result = pd.DataFrame(rows).reindex(columns=list(_COLUMNS))
    dates, whole = ("date", "date_low", "date_high"), ("n_before", "n_after")
    result = result.astype(
        dict.fromkeys(dates, "datetime64[us]") | dict.fromkeys(("group", "note"), "str")
        | dict.fromkeys(("before", "after", "estimate", "low", "high"), "float64")
    )  # fmt: skip
    result = result.fillna(dict.fromkeys(whole, 0)).astype(dict.fromkeys(whole, "int64"))
    result.attrs["compare"] = {"value": value, "by": by, "period": period, "confidence": confidence}
    return result


def _segmenter() -> Any:
    """Return a function of means, weights and penalty that gives the places of changes; or say what is missing."""
    try:
        import ruptures
    except ImportError:
        raise need_extra("ruptures", "changepoints", "find_change_points") from None

    class WeightedMean(ruptures.base.BaseCost):
        """Squared distances from the weighted mean."""

        model, min_size = "weighted mean", _SHORTEST

        def fit(self, signal: Floats) -> WeightedMean:
            value, weight = signal.T
            self.signal = signal
            self.sums = np.cumsum(np.vstack([np.zeros(3), np.stack([weight, weight * value, weight * value**2], 1)]), 0)
            return self

        def error(self, start: int, end: int) -> float:
            weight, total, squares = self.sums[end] - self.sums[start]
            return float(squares - total**2 / weight)

    def segment(means: Floats, weights: Floats, penalty: float) -> list[int]:
        search = ruptures.Pelt(custom_cost=WeightedMean(), min_size=_SHORTEST, jump=1)
        return [int(cut) for cut in search.fit(np.stack([means, weights], axis=1)).predict(pen=penalty)[:-1]]

    return segment


def _cuts(means: Floats, counts: Floats, penalty: float | None, segment: Any) -> list[int]:
    """Return the places of changes, with a penalty in variances of a mean of one article."""
    means = means - means.mean()  # the sums of squares stay small
    # Neighbours differ by two errors wherever no change lies between them; a median does not see the few that do.
    steps = np.diff(means) / np.sqrt(1 / counts[1:] + 1 / counts[:-1])
    variance = (float(np.median(np.abs(steps))) / 0.6745) ** 2
    if variance <= 1e-18 * (1 + float(np.abs(means).max())) ** 2:
        variance = float((steps**2).mean()) / 4  # most neighbours are equal
    if variance == 0:
        return []
    if penalty is not None:
        return list(segment(means, counts, penalty * variance))
    joint = _joint(np.diff(means))
    return list(segment(means, counts, 3 * np.log(len(means)) * variance * (1 + joint) / (1 - joint) ** 2))


def _residuals(means: Floats, counts: Floats, cuts: list[int]) -> Floats:
    left = means.copy()
    for first, last in zip([0, *cuts], [*cuts, len(means)], strict=True):
        left[first:last] -= np.average(means[first:last], weights=counts[first:last])
    return left


def _joint(steps: Floats) -> float:
    """Return how neighbouring periods hang together, 0 to 0.7, from steps between them, which no change hides.

    Steps of a first-order autoregression r correlate with the next by (r - 1) / 2.
    """
    spread = float((steps**2).sum())
    return min(max(1 + 2 * float((steps[1:] * steps[:-1]).sum()) / spread, 0.0), 0.7) if spread > 0 else 0.0


def _changes(
    means: Floats, counts: Floats, cuts: list[int], n_resamples: int, confidence: float, generator: np.random.Generator
) -> list[dict[str, Any]]:
    """Return for each change its place, the means on both sides, and intervals of a bootstrap of blocks of periods."""
    length = len(means)
    left = _residuals(means, counts, cuts)
    fitted, scaled = means - left, left * np.sqrt(counts)  # of one variance
    block = max(1, round(length ** (1 / 3)))
    begins = generator.integers(0, length, (n_resamples, -(-length // block)))
    picked = ((begins[:, :, None] + np.arange(block)) % length).reshape(n_resamples, -1)[:, :length]
    segments = np.diff([0, *cuts, length])
    lost = np.repeat(np.sqrt(segments / (segments - 1)), segments)  # residuals are smaller than errors
    drawn = fitted + (scaled * lost)[picked] / np.sqrt(counts)
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    found = []
    for first, at, last in zip([0, *cuts[:-1]], cuts, [*cuts[1:], length], strict=True):
        before, after = (np.average(means[one:two], weights=counts[one:two]) for one, two in ((first, at), (at, last)))
        places, differences = _best_split(drawn[:, first:last], counts[first:last])
        ends = np.quantile(places + first, tails, method="inverted_cdf").astype(int)
        low, high = np.quantile(differences, tails)
        found.append({
            "at": at, "at_low": int(min(ends[0], at)), "at_high": int(max(ends[1], at)),
            "n_before": int(counts[first:at].sum()), "before": float(before),
            "n_after": int(counts[at:last].sum()), "after": float(after),
            "estimate": float(after - before), "low": float(low), "high": float(high),
        })  # fmt: skip
    return found


def _best_split(series: Floats, counts: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return for each row where two means explain it best, and by how much they differ."""
    weight = np.cumsum(counts)[:-1]
    sums = np.cumsum(series * counts, axis=1)
    total, rest = sums[:, -1:], counts.sum() - weight
    differences = (total - sums[:, :-1]) / rest - sums[:, :-1] / weight
    gain = differences**2 * weight * rest
    edge = _SHORTEST - 1
    places = np.argmax(gain[:, edge : gain.shape[1] - edge], axis=1) + edge
    return places + 1, differences[np.arange(len(series)), places]
