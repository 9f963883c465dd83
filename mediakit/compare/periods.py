"""How a score moves over time: means by group and calendar period, each with its interval and number of articles."""

from __future__ import annotations

import pandas as pd

from mediakit.compare.groups import group_means, usable_rows
from mediakit.errors import ArticleTableError

PERIODS = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}


def compare_periods(
    table: pd.DataFrame,
    value: str,
    *,
    by: str = "outlet",
    period: str = "M",
    n_resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Average a value per group and calendar period.

    Parameters
    ----------
    table : DataFrame, one row per article
        With the columns `date`, `by` and `value`, as the score_ and count_ functions return.
    value : str
        A numeric column.
    by : str, default "outlet"
    period : {"D", "W", "M", "Q", "Y"}, default "M"
        Calendar unit as pandas names it.
    n_resamples, confidence, seed
        As in `compare_groups`.

    Returns
    -------
    DataFrame, one row per group and period that has articles, in the order of groups and time
        group : str; period : str, as "2025-03"; start : first day
        n : int; estimate, low, high : in the unit of `value` (interval missing below 3 articles)
        note : why an interval is missing

    Raises
    ------
    ColumnError
        When a column is missing.
    ArticleTableError
        When `value` is not numeric, `date` does not hold dates, no row has a date and a value, or `period` is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"outlet": "A", "date": pd.to_datetime(["2025-03-01", "2025-03-09"]), "tone": [1.0, 3.0]})
    >>> compare_periods(table, "tone")[["period", "n", "estimate"]].values.tolist()
    [['2025-03', 2, 2.0]]
    """
    if period not in PERIODS:
        there = ", ".join(f"{code} ({name})" for code, name in PERIODS.items())
        raise ArticleTableError(f"period={period!r} is not known; there is {there}.")
    used = usable_rows(table, value, [by, "date"], n_resamples, confidence)
    if not pd.api.types.is_datetime64_any_dtype(table["date"]):
        raise ArticleTableError(
            f"the column date must hold dates; found {table['date'].dtype}.\n"
            "    Convert it with pandas.to_datetime(table['date'], errors='coerce')."
        )
    if used.empty:
        raise ArticleTableError(f"no row has a date, {value!r} and {by!r}: no trend to show.")
    periods = used["date"].dt.to_period(period)
    frames = []
    for when in sorted(periods.unique()):
        rows = pd.DataFrame(group_means(used[periods == when], value, by, n_resamples, confidence, seed))
        frames.append(rows.assign(period=str(when), start=when.start_time))
    result = pd.concat(frames, ignore_index=True).sort_values(["group", "start"], kind="stable", ignore_index=True)
    columns = ["group", "period", "start", "n", "estimate", "low", "high", "note"]
    result = result[columns].astype(dict.fromkeys(("group", "period", "note"), "str"))
    undated = int(table["date"].isna().sum())
    result.attrs["compare"] = {"value": value, "by": by, "period": period, "confidence": confidence, "undated": undated}
    return result
