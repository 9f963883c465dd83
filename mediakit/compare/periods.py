"""How a score moves over time: means by group and calendar period, and what changed at events."""

from __future__ import annotations

import pandas as pd

from mediakit.compare.events import Events, event_rows, read_events
from mediakit.compare.groups import group_means, is_floored, usable_rows
from mediakit.errors import ArticleTableError

PERIODS = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}


def compare_periods(
    table: pd.DataFrame,
    value: str,
    *,
    by: str = "outlet",
    period: str = "M",
    events: Events | None = None,
    days: int = 30,
    n_placebo: int = 200,
    n_resamples: int = 2000,
    confidence: float = 0.95,
    positive: bool | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Average a value per group and calendar period, and compare it before and after events.

    Parameters
    ----------
    table : DataFrame, one row per article
        With the columns `date`, `by` and `value`, as the score_ and count_ functions return.
    value : str
        A numeric column.
    by : str, default "outlet"
    period : {"D", "W", "M", "Q", "Y"}, default "M"
        Calendar unit as pandas names it.
    events : DataFrame, path of a CSV file, or mapping, optional
        With the columns `date` (as 2025-03-01) and `label`; a mapping is of labels to dates.
    days : int, default 30
        Length of the windows before and after an event; the day of the event is the first after.
    n_placebo : int, default 200
        Dates without an event at which the same difference is taken: how often is it as large there?
    n_resamples, confidence, positive, seed
        As in `compare_groups`.

    Returns
    -------
    DataFrame, one row per group and period that has articles, in the order of groups and time
        kind : "mean"
        group : str; period : str, as "2025-03"; start : first day
        n : int; estimate, low, high : in the unit of `value` (interval missing below 3 articles)
        note : why an interval is missing
        With `events`, below them one row per event, group and kind of contrast, in time order, and the columns event,
        n_versus, p and placebo_dates after n:
        kind : "difference", mean after less mean before, days resampled whole; "level", the jump at the event, and
        "slope", the change of the trend per day, both of an interrupted time series of daily means
        event : label; period : ""; start : date of the event
        n, n_versus : int, articles in the windows after and before
        p : of a difference, the share of dates without an event that have so large a one; of level and slope, Student's
        placebo_dates : int, how many such dates there were

    Raises
    ------
    ColumnError
        When a column is missing.
    ArticleTableError
        When `value` is not numeric, `date` does not hold dates, no row has a date and a value, `period` is unknown,
        an event has no date or label, or `days` is less than 2.
    LoadError
        When the file of events cannot be read.

    Notes
    -----
    The interrupted time series (Wagner et al. 2002, doi 10.1046/j.1365-2710.2002.00430.x) weighs days by their
    articles; its errors are robust to autocorrelation (Newey & West 1987, doi 10.2307/1913610; checked against
    statsmodels) and corrected for short series (Imbens & Kolesár 2016, doi 10.1162/REST_a_00552). The interval of the
    difference takes days for independent; its p does not. Dates without an event lie more than `days` from every
    event, so that no window holds one. A difference is not an effect: whatever else changed at that time is in it. For
    changes whose date is not known see `find_change_points`; `plot_trend` draws this table.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"outlet": "A", "date": pd.to_datetime(["2025-03-01", "2025-03-09"]), "tone": [1.0, 3.0]})
    >>> compare_periods(table, "tone")[["period", "n", "estimate"]].values.tolist()
    [['2025-03', 2, 2.0]]
    >>> dates = pd.date_range("2025-01-01", periods=80, freq="D")
    >>> table = pd.DataFrame({"date": dates, "outlet": "A", "tone": [0.1 * (n % 5) + (n >= 40) for n in range(80)]})
    >>> found = compare_periods(table, "tone", events={"strike": "2025-02-10"}).query("kind == 'difference'")
    >>> found[["event", "n_versus", "n", "estimate"]].round(2).values.tolist()
    [['strike', 30, 30, 1.0]]
    """
    if period not in PERIODS:
        there = ", ".join(f"{code} ({name})" for code, name in PERIODS.items())
        raise ArticleTableError(f"period={period!r} is not known; there is {there}.")
    if days < 2:
        raise ArticleTableError(f"days={days}: a window has at least two days.")
    listed = None if events is None else read_events(events)
    used = dated_rows(table, value, by, n_resamples, confidence)
    periods = used["date"].dt.tz_localize(None).dt.to_period(period)
    floored = is_floored(used[value], value, positive)
    frames = []
    for when in sorted(periods.unique()):
        rows = pd.DataFrame(group_means(used[periods == when], value, by, n_resamples, confidence, seed, floored))
        frames.append(rows.assign(period=str(when), start=when.start_time))
    result = pd.concat(frames, ignore_index=True).sort_values(["group", "start"], kind="stable", ignore_index=True)
    texts = ["kind", "group", "period", "note"]
    columns = ["kind", "group", "period", "start", "n", "estimate", "low", "high", "note"]
    if listed is not None:
        found = pd.DataFrame(event_rows(used, value, by, listed, days, n_placebo, n_resamples, confidence, seed))
        found = found.sort_values(["start", "event"], kind="stable").assign(period="")
        result = pd.concat([result.assign(event="", p=float("nan"), placebo_dates=0), found], ignore_index=True)
        texts.append("event")
        columns = ["kind", "group", "period", "event", "start", "n", "n_versus", "estimate", "low", "high", "p",
                   "placebo_dates", "note"]  # fmt: skip
    result = result[columns].astype(dict.fromkeys(texts, "str"))
    result.attrs["compare"] = {
        "value": value, "by": by, "period": period, "confidence": confidence, "days": days,
        "undated": int(table["date"].isna().sum()),
    }  # fmt: skip
    return result


def dated_rows(table: pd.DataFrame, value: str, by: str, n_resamples: int, confidence: float) -> pd.DataFrame:
    """Return the columns `value` (float), `by` and date, rows where all are there; or say what is wrong with them."""
    used = usable_rows(table, value, [by, "date"], n_resamples, confidence)
    if not pd.api.types.is_datetime64_any_dtype(table["date"]):
        raise ArticleTableError(
            f"the column date must hold dates; found {table['date'].dtype}.\n"
            "    Convert it with pandas.to_datetime(table['date'], errors='coerce')."
        )
    if used.empty:
        raise ArticleTableError(f"no row has a date, {value!r} and {by!r}: no trend to show.")
    return used
