"""Did an event change the coverage? Before against after, an interrupted time series, and dates without an event.

What `compare_periods` says of events. A difference is not an effect: whatever else changed at that time is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.compare.interrupted import fit_interrupted
from mediakit.compare.resampling import ClusterDesign, named_generator
from mediakit.errors import ArticleTableError, LoadError, require_columns

Floats = NDArray[np.float64]
Events: TypeAlias = pd.DataFrame | Mapping[str, str] | str | Path
KINDS = ("difference", "level", "slope")
_LEAST_PLACEBO = 19  # dates: with fewer, no p below .05 is possible
_NOTHING = {"estimate": np.nan, "low": np.nan, "high": np.nan, "p": np.nan}


def read_events(events: Events) -> pd.DataFrame:
    """Return the columns date and label of a table, a mapping of labels to dates, or a CSV file, in time order."""
    what = "the table of events"
    if isinstance(events, str | Path):
        what = f"the file of events {Path(events).name}"
        try:
            text = Path(events).read_text(encoding="utf-8-sig")
            heading = text.partition("\n")[0]
            # Spreadsheet programs write semicolons or tabs in some countries.
            events = pd.read_csv(StringIO(text), sep=max(",;\t", key=heading.count), dtype="str")
        except (OSError, ValueError) as error:
            raise LoadError(
                f"{what} cannot be read: {error}\n    It is a CSV file in UTF-8 with two columns, date and label."
            ) from error
    elif isinstance(events, Mapping):
        events = pd.DataFrame({"label": list(events), "date": list(events.values())})
    require_columns(events, ["date", "label"], what)
    if not len(events):
        raise ArticleTableError(f"{what} is empty; give at least one date and label.")
    dates, labels = events["date"], events["label"].fillna("").astype("str").str.strip()
    if not pd.api.types.is_datetime64_any_dtype(dates):
        # 03/04/2025 is two dates: only the order of ISO 8601 says which.
        dates = pd.to_datetime(dates.astype("str"), errors="coerce", format="ISO8601")
    if dates.isna().any():
        row = int(np.flatnonzero(dates.isna())[0])
        raise ArticleTableError(
            f"the event {labels.iloc[row]!r} has no date that can be read; found {str(events['date'].iloc[row])!r} in "
            f"row {row + 1} of {what}.\n    Write it as 2025-03-01."
        )
    if (labels == "").any():
        row = int(np.flatnonzero(labels == "")[0])
        raise ArticleTableError(f"the event in row {row + 1} of {what} has no label.")
    listed = pd.DataFrame({"date": dates.dt.tz_localize(None).dt.normalize().to_numpy(), "label": labels.to_numpy()})
    if listed.duplicated().any():
        raise ArticleTableError(f"the event {listed.loc[listed.duplicated(), 'label'].iloc[0]!r} is listed twice.")
    return listed.sort_values(["date", "label"], kind="stable", ignore_index=True)


def event_rows(
    used: pd.DataFrame, value: str, by: str, listed: pd.DataFrame, days: int, n_placebo: int, n_resamples: int,
    confidence: float, seed: int,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield a row for every group, event and kind of contrast."""
    day = _day(used["date"])
    at = _day(listed["date"])
    for name, rows in used.groupby(used[by].astype("str"), sort=True).indices.items():
        mine, score = day[rows], used[value].to_numpy(np.float64)[rows]
        order = np.lexsort((score, mine))  # the order of the rows must not matter
        mine, score = mine[order], score[order]
        placebo = _placebo(mine, score, at.tolist(), days, n_placebo, named_generator(seed, f"placebo {name}"))
        for label, date, when in zip(listed["label"], listed["date"], at.tolist(), strict=True):
            for row in _contrasts(mine, score, when, days, placebo, n_resamples, confidence, seed):
                yield {"group": str(name), "event": label, "start": date, **row}


def _day(dates: pd.Series) -> NDArray[np.int64]:
    return np.asarray((dates.dt.tz_localize(None).dt.normalize() - pd.Timestamp("1970-01-01")).dt.days, dtype=np.int64)


def _windows(day: NDArray[np.int64], when: int, days: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return (day >= when - days) & (day < when), (day >= when) & (day < when + days)


def _contrasts(
    day: NDArray[np.int64], score: Floats, when: int, days: int, placebo: Floats, n_resamples: int, confidence: float,
    seed: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the difference, the jump and the change of trend at one event in one group."""
    before, after = _windows(day, when, days)
    sizes = {"n": int(after.sum()), "n_versus": int(before.sum())}
    if not before.any() or not after.any():
        note = f"no article in the window {'after' if before.any() else 'before'} the event"
        return [{"kind": kind, **sizes, **_NOTHING, "placebo_dates": 0, "note": note} for kind in KINDS]
    near = before | after
    side_of = after[near].astype(np.int64)
    design = ClusterDesign(side_of, day[near], score[near], ["before", "after"], n_resamples, confidence, seed)
    found = design.interval({"before": -1.0, "after": 1.0})
    notes, p = [found.note.replace("clusters in", "days").replace("cluster in", "day")], np.nan
    if len(placebo) >= _LEAST_PLACEBO:
        above = int((np.abs(placebo) >= abs(found.value) * (1 - 1e-9)).sum())
        p = (1 + above) / (1 + len(placebo))
    else:
        notes.append(f"{len(placebo)} dates without an event: too few to compare with")
    row = {"kind": "difference", **sizes, "estimate": found.value, "low": found.low, "high": found.high, "p": p}
    rows = [
        {
            **row,
            "placebo_dates": len(placebo),
            "note": "; ".join(note for note in notes if note),
        }
    ]
    series = fit_interrupted(day[near], score[near], when, confidence)
    note = "" if series else "too few days with articles for a time series"
    for kind in KINDS[1:]:
        rows.append({"kind": kind, **sizes, **(series[kind] if series else _NOTHING), "placebo_dates": 0, "note": note})
    return rows


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
