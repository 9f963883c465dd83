"""Did an event change the coverage? Before against after, an interrupted time series, and dates without an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from mediakit.compare.groups import usable_rows
from mediakit.compare.resampling import ClusterDesign, named_generator
from mediakit.errors import ArticleTableError, require_columns

Floats = NDArray[np.float64]
_LEAST_DAYS = 8  # with articles, for a regression with four coefficients
_MEASURES = (
    "difference", "low", "high", "level", "level_low", "level_high", "slope", "slope_low", "slope_high", "p_placebo",
)  # fmt: skip
_LEAST_PLACEBO = 19  # dates: with fewer, no p below .05 is possible


def compare_events(
    table: pd.DataFrame,
    value: str,
    events: pd.DataFrame | Mapping[str, str],
    *,
    by: str = "outlet",
    days: int = 30,
    n_resamples: int = 2000,
    n_placebo: int = 200,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare a value before and after events, for each group.

    Parameters
    ----------
    table : DataFrame, one row per article
        With the columns `date`, `by` and `value`.
    value : numeric column
    events : DataFrame with the columns date and label, or mapping of labels to dates
    by : column of groups, default "outlet"
    days : int, default 30
        Length of the windows before and after; the day of the event is the first after.
    n_resamples : int, default 2000
    n_placebo : int, default 200
        Dates without an event at which the same difference is taken: how often is it as large there?
    confidence : float, default 0.95
    seed : int, default 0

    Returns
    -------
    DataFrame, one row per event and group, by date
        event, date, group
        before, after : int, articles in the windows
        difference, low, high : mean after minus mean before; days are resampled whole
        level, level_low, level_high, slope, slope_low, slope_high : an interrupted time series of daily means (weighed
            by articles): the jump at the event and the change of the daily trend, with errors robust to
            autocorrelation (Newey & West 1987)
        p_placebo : share of dates without an event with so large a difference; placebo_dates : how many there were
        note : why something is missing

    Raises
    ------
    ArticleTableError
        When no event has a date, `days` is less than 2, or `date` holds no dates.

    Notes
    -----
    A difference is not an effect: whatever else changed at that time is in it. Dates without an event lie at least
    `days` from every event, so that no window holds one.

    Examples
    --------
    >>> dates = pd.date_range("2025-01-01", periods=80, freq="D")
    >>> tone = [0.1 * (n % 5) + (n >= 40) for n in range(80)]
    >>> table = pd.DataFrame({"date": dates, "outlet": "A", "tone": tone})
    >>> found = compare_events(table, "tone", {"strike": "2025-02-10"})
    >>> found[["event", "before", "after", "difference"]].round(2).values.tolist()
    [['strike', 30, 30, 1.0]]
    """
    if days < 2:
        raise ArticleTableError(f"days={days}: a window has at least two days.")
    listed = _read_events(events)
    used = usable_rows(table, value, [by, "date"], n_resamples, confidence)
    if not pd.api.types.is_datetime64_any_dtype(table["date"]):
        raise ArticleTableError(f"the column date must hold dates; found {table['date'].dtype}.")
    if used.empty:
        raise ArticleTableError(f"no row has a date, {value!r} and {by!r}: nothing to compare.")
    used = used.assign(_day=(used["date"].dt.normalize() - pd.Timestamp("1970-01-01")).dt.days)
    at = [int((date.normalize() - pd.Timestamp("1970-01-01")).days) for date in listed["date"]]
    rows = []
    for name, mine in used.groupby(used[by].astype("str"), sort=True):
        day, score = mine["_day"].to_numpy(np.int64), mine[value].to_numpy(np.float64)
        placebo = _placebo(day, score, at, days, n_placebo, named_generator(seed, f"placebo {name}"))
        for label, date, when in zip(listed["label"], listed["date"], at, strict=True):
            rows.append(
                {"event": label, "date": date, "group": str(name)}
                | _one(day, score, when, days, placebo, n_resamples, confidence, seed)
            )
    found = pd.DataFrame(rows).sort_values(["date", "event", "group"], kind="stable", ignore_index=True)
    found.attrs["compare"] = {"value": value, "by": by, "days": days, "confidence": confidence}
    return found.astype(dict.fromkeys(("event", "group", "note"), "str"))


def _read_events(events: pd.DataFrame | Mapping[str, str]) -> pd.DataFrame:
    if isinstance(events, Mapping):
        events = pd.DataFrame({"label": list(events), "date": list(events.values())})
    require_columns(events, ["date", "label"], "the table of events")
    dates = pd.to_datetime(events["date"], errors="coerce")
    if dates.isna().any():
        wrong = events.loc[dates.isna(), "label"].iloc[0]
        raise ArticleTableError(f"the event {str(wrong)!r} has no date that can be read; write it as 2025-03-01.")
    if not len(events):
        raise ArticleTableError("there are no events.")
    return pd.DataFrame(
        {"date": dates.dt.tz_localize(None).to_numpy(), "label": events["label"].astype("str").to_numpy()}
    )


def _windows(day: NDArray[np.int64], when: int, days: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return (day >= when - days) & (day < when), (day >= when) & (day < when + days)


def _one(
    day: NDArray[np.int64], score: Floats, when: int, days: int, placebo: Floats, n_resamples: int, confidence: float,
    seed: int,
) -> dict[str, Any]:  # fmt: skip
    """Return what can be said of one event in one group."""
    before, after = _windows(day, when, days)
    row: dict[str, Any] = {"before": int(before.sum()), "after": int(after.sum())}
    nothing = dict.fromkeys(
        (
            "difference",
            "low",
            "high",
            "level",
            "level_low",
            "level_high",
            "slope",
            "slope_low",
            "slope_high",
            "p_placebo",
        ),
        np.nan,
    )
    if not before.any() or not after.any():
        side = "before" if not before.any() else "after"
        return {**row, **nothing, "placebo_dates": len(placebo), "note": f"no article in the window {side} the event"}
    near = before | after
    side_of = after[near].astype(np.int64)
    design = ClusterDesign(side_of, day[near], score[near], ["before", "after"], n_resamples, confidence, seed)
    found = design.interval({"before": -1.0, "after": 1.0})
    notes = [found.note]
    row |= nothing | {"difference": found.value, "low": found.low, "high": found.high}
    if len(placebo) >= _LEAST_PLACEBO:
        above = int((np.abs(placebo) >= abs(found.value) * (1 - 1e-9)).sum())
        row["p_placebo"] = (1 + above) / (1 + len(placebo))
    else:
        notes.append(f"{len(placebo)} dates without an event: too few to compare with")
    series = _interrupted(day[near], score[near], when, confidence)
    if series is None:
        notes.append("too few days with articles for a time series")
    else:
        row |= series
    return {**row, "placebo_dates": len(placebo), "note": "; ".join(note for note in notes if note)}


def _placebo(
    day: NDArray[np.int64], score: Floats, at: list[int], days: int, n_placebo: int, generator: np.random.Generator
) -> Floats:
    """Return the differences at dates whose windows hold no event and lie inside the time of the articles."""
    possible = np.arange(day.min() + days, day.max() - days + 1)
    for when in at:
        possible = possible[np.abs(possible - when) > days]
    if not len(possible) or not n_placebo:
        return np.zeros(0)
    if len(possible) > n_placebo:
        possible = np.sort(generator.choice(possible, n_placebo, replace=False))
    found = []
    for when in possible.tolist():
        before, after = _windows(day, when, days)
        if before.any() and after.any():
            found.append(float(score[after].mean() - score[before].mean()))
    return np.array(found, dtype=np.float64)


def _interrupted(day: NDArray[np.int64], score: Floats, when: int, confidence: float) -> dict[str, float] | None:
    """Return jump and change of slope at a day, by weighted least squares of daily means."""
    days, number, counts = np.unique(day, return_inverse=True, return_counts=True)
    if len(days) < _LEAST_DAYS or (days < when).sum() < 3 or (days >= when).sum() < 3:
        return None
    means = np.bincount(number, score) / counts
    time = (days - when).astype(np.float64)
    after = (days >= when).astype(np.float64)
    design = np.stack([np.ones(len(days)), time, after, time * after], axis=1)
    beta, spread = newey_west(design, means, counts.astype(np.float64))
    half = float(stats.t.ppf((1 + confidence) / 2, len(days) - 4)) * np.sqrt(np.diag(spread))
    return {
        "level": float(beta[2]), "level_low": float(beta[2] - half[2]), "level_high": float(beta[2] + half[2]),
        "slope": float(beta[3]), "slope_low": float(beta[3] - half[3]), "slope_high": float(beta[3] + half[3]),
    }  # fmt: skip


def newey_west(design: Floats, outcome: Floats, weights: Floats, lags: int | None = None) -> tuple[Floats, Floats]:
    """Return weighted least squares and a covariance robust to heteroscedasticity and autocorrelation.

    Bartlett weights (Newey & West 1987); default lags: the whole part of 4 (n / 100) ** (2 / 9), at least 1.
    """
    n = len(outcome)
    lags = max(1, int(4 * (n / 100) ** (2 / 9))) if lags is None else lags
    root = np.sqrt(weights)
    x, y = design * root[:, None], outcome * root
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ (x.T @ y)
    scores = x * (y - x @ beta)[:, None]
    middle = scores.T @ scores
    for lag in range(1, min(lags, n - 1) + 1):
        joint = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (joint + joint.T)
    return np.asarray(beta), np.asarray(inverse @ middle @ inverse)
