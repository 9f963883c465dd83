"""How does a measure move over time? Lines with bands, outlet by outlet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from mediakit.errors import require_columns
from mediakit.report.intervals import draw_interval
from mediakit.report.style import (
    DASHES,
    GREY,
    INK,
    RULE,
    colours_of,
    figure_style,
    framed,
    framed_axes,
    markers_of,
    plain,
)
from mediakit.report.wording import name_measure, say_period, sentence_case


def plot_trend(
    periods: pd.DataFrame,
    *,
    changes: pd.DataFrame | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    columns: int = 3,
) -> Axes:
    """Show a value over time, outlet by outlet, with the band of its interval and the events in it.

    Up to four groups share one panel, with the names at the lines; more are drawn as small multiples, each over the
    other groups in grey. A line stops where a period has no articles. A single period has no line: the groups stand
    one below the other, and its events are named above.

    Parameters
    ----------
    periods : DataFrame
        From `compare_periods`. With its `events`, each is a vertical line with its label; in small multiples the line
        has a number, and the labels stand above.
    changes : DataFrame, optional
        From `find_change_points`, of the same groups: a dotted line in the colour of the group, over the time in which
        the change may lie.
    ax : Axes, optional
        Draw all groups in this one panel.
    title : str, optional
    columns : int, default 3
        Small multiples side by side.

    Returns
    -------
    Axes
        The (first) panel; `ax.figure` is the whole.

    Examples
    --------
    >>> import mediakit as mk, pandas as pd
    >>> days = pd.to_datetime(["2025-02-01", "2025-03-01"])
    >>> table = pd.DataFrame({"outlet": ["A", "A"], "date": days, "sentiment": [0.1, 0.3]})
    >>> mk.plot_trend(mk.compare_periods(table, "sentiment")).get_xlabel()
    ''
    """
    require_columns(periods, ["group", "start", "period", "n", "estimate", "low", "high"], "the table of periods")
    settings = periods.attrs.get("compare", {})
    events, means = _events_of(periods)
    name, _, _, unit = name_measure(str(settings.get("value", "value")))
    time = _Time(means, str(settings.get("period", "M")), list(events.values()))
    groups = sorted(means["group"].unique())
    colours, markers = colours_of(groups), markers_of(groups)
    when = f" and {say_period(time.unit)}"
    if len(time) == 1:
        when = f", {say_period(time.unit)} {'of ' if time.unit == 'W' else ''}{time.ticks(1)[1][0]}"
    head = title or f"{name} by {settings.get('by', 'group')}{when}"
    undated = int(settings.get("undated", 0))
    confidence = f"{100 * float(settings.get('confidence', 0.95)):.0f}% intervals from 3 articles on"
    if changes is not None:
        require_columns(changes, ["group", "date", "date_low", "date_high"], "the table of changes")
    if len(time) == 1:
        subtitle = f"{sentence_case(unit)}; {confidence}; n = articles."
        subtitle += f" {undated} undated left out." if undated else ""
        subtitle += _name_dates("Events", events.items())
        if changes is not None:
            subtitle += _name_dates("Changes", zip(changes["group"], changes["date"], strict=True))
        return _draw_period(means, colours, markers, head, subtitle, unit, ax)
    single = ax is not None or len(groups) <= 4
    subtitle = f"{sentence_case(unit)}; {confidence}"
    subtitle += "." if single else "; numbers below: articles; the other groups in grey."
    subtitle += f" {undated} undated left out." if undated else ""
    if changes is not None:
        subtitle += " Dotted: change points, and where they may lie."
    if events and not single:
        subtitle += " " + "; ".join(f"{number}: {label}" for number, label in enumerate(events, 1)) + "."
    with figure_style():
        if single:
            panels = [framed_axes(ax, 8.0, 3.6, head, subtitle)]
        else:
            lines = math.ceil(len(groups) / columns)
            _, grid = framed(
                8.0, 0.35 + 2.05 * lines, head, subtitle,
                rows=lines, columns=columns, sharex=True, sharey=True, squeeze=False,
            )  # fmt: skip
            panels = list(grid.ravel())
            for spare in panels[len(groups) :]:
                spare.set_axis_off()
        for number_, group in enumerate(groups):
            axes = panels[0] if single else panels[number_]
            if not single:
                for other in groups:
                    around = means[means["group"] == other]
                    axes.plot(*time.line(around, "estimate"), color=RULE, linewidth=1, zorder=1)
                axes.set_title(plain(group, 26), fontsize=10.5, color=colours[group], pad=4)
            rows = means[means["group"] == group]
            dash = DASHES[number_ % len(DASHES)] if single else "-"
            shift = time.shift * (number_ - (len(groups) - 1) / 2) if single else 0.0
            _draw_group(axes, rows, time, colours[group], markers[group], dash, shift)
            if changes is not None:
                _draw_changes(axes, changes[changes["group"] == group], time, colours[group])
            if not single:
                _write_numbers(axes, rows, time)
        for axes in panels[: 1 if single else len(groups)]:
            axes.axhline(0, color=GREY, linewidth=0.8)
            axes.grid(axis="y")
            axes.set_axisbelow(True)
            axes.set_xticks(*time.ticks(12 if single else 3 if time.unit in "WD" else 6))
            edge = max(0.35, 0.025 * len(time))
            axes.set_xlim(-edge, len(time) - 1 + edge)
            axes.tick_params(axis="x", labelrotation=0 if len(time) <= 5 and time.unit not in "WD" else 60)
        if not single:
            for axes in panels[max(0, len(groups) - columns) : len(groups)]:
                axes.tick_params(axis="x", labelbottom=True)  # also where the panel below is spare
            bottom, top = panels[0].get_ylim()
            panels[0].set_ylim(bottom - 0.14 * (top - bottom), top + (0.13 * (top - bottom) if events else 0))
        for axes in panels[: 1 if single else len(groups)] if events else []:
            low, high = axes.get_xlim()
            places = {label: time.at(date) for label, date in events.items()}
            axes.set_xlim(min(low, *places.values()) - 0.02, max(high, *places.values()) + 0.02)
            if single:
                _write_events(axes, places)
            else:
                _write_events(axes, {str(number): place for number, place in enumerate(places.values(), 1)})
        if single:
            _label_lines(panels[0], means, groups, colours, time)
    return panels[0]


def _events_of(periods: pd.DataFrame) -> tuple[dict[str, pd.Timestamp], pd.DataFrame]:
    """Return the events of a table of periods, in time order, and its means."""
    if "event" not in periods or "kind" not in periods:
        return {}, periods
    listed = periods[periods["kind"] != "mean"].drop_duplicates(["event", "start"]).sort_values("start")
    return dict(zip(listed["event"], listed["start"], strict=True)), periods[periods["kind"] == "mean"]


class _Time:
    """Places of dates on the axis: 0, 1, … for the calendar periods from the first to the last, also empty ones."""

    def __init__(self, means: pd.DataFrame, unit: str, dates: Sequence[pd.Timestamp]) -> None:
        self.unit = unit
        self.periods = pd.period_range(means["start"].min(), means["start"].max(), freq=unit)
        self.dates = dates

    def __len__(self) -> int:
        return len(self.periods)

    @property
    def shift(self) -> float:
        """By how much groups in one panel stand apart, where few periods leave room: their intervals would hide."""
        return min(0.012 * len(self), 0.06) if len(self) <= 6 else 0.0

    def of(self, starts: pd.Series) -> list[int]:
        """Return the places of periods."""
        return [int(place) for place in self.periods.get_indexer(pd.PeriodIndex(starts, freq=self.unit))]

    def at(self, date: pd.Timestamp) -> float:
        """Return the place of a day: periods begin half a step before their mark."""
        period = pd.Timestamp(date).to_period(self.unit)
        passed = (pd.Timestamp(date) - period.start_time) / (period.end_time - period.start_time)
        first = self.periods[0]
        return float((period.ordinal - first.ordinal) / first.freq.n) - 0.5 + float(passed)

    def line(self, rows: pd.DataFrame, column: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return places and values with NaN where a period has no articles, so that the line stops there."""
        values = np.full(len(self), np.nan)
        values[self.of(rows["start"])] = rows[column].astype(float)
        return np.arange(len(self), dtype=np.float64), values

    def ticks(self, most: int) -> tuple[list[int], list[str]]:
        """Return places and names of at most so many periods; a week is named by its first day."""
        step = math.ceil(len(self) / most)
        places = list(range(0, len(self), step))
        weeks = self.unit == "W"
        return places, [str(self.periods[k].start_time.date() if weeks else self.periods[k]) for k in places]


def _draw_period(
    means: pd.DataFrame, colours: dict[str, str], markers: dict[str, str], head: str, subtitle: str, unit: str,
    ax: Axes | None,
) -> Axes:  # fmt: skip
    """Draw the groups of a single period one below the other: on a line of time they would lie on each other."""
    rows = means.sort_values("group", kind="stable")
    labels = [f"{plain(row.group, 26)} (n = {row.n})" for row in rows.itertuples()]
    height = max(0.36, 0.06 + 0.165 * (1 + max(label.count("\n") for label in labels)))
    with figure_style():
        axes = framed_axes(ax, 8.0, 0.8 + height * len(rows), head, subtitle)
        for at, row in enumerate(rows.itertuples()):
            draw_interval(axes, -at, row, colours[row.group], markers[row.group], filled=True)
        axes.set_yticks(range(0, -len(rows), -1), labels)
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.axvline(0, color=GREY, linewidth=0.9)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.margins(x=0.16)
        axes.set_xlabel(unit)
    return axes


def _name_dates(what: str, dates: Iterable[tuple[str, pd.Timestamp]]) -> str:
    told = [f"{label} ({date:%Y-%m-%d})" for label, date in dates if not pd.isna(date)]
    return f" {what}: {', '.join(told)}." if told else ""


def _draw_group(axes: Axes, rows: pd.DataFrame, time: _Time, colour: str, marker: str, dash: Any, shift: float) -> None:
    x, estimate = time.line(rows, "estimate")
    x += shift
    low, high = time.line(rows, "low")[1], time.line(rows, "high")[1]
    axes.fill_between(x, low, high, color=colour, alpha=0.14, linewidth=0)
    axes.vlines(x, low, high, color=colour, alpha=0.55, linewidth=1.2)
    size = 5 if len(time) <= 30 else 3
    axes.plot(
        x, estimate, color=colour, marker=marker, markersize=size, linestyle=dash, linewidth=1.8, zorder=3
    )  # fmt: skip


def _draw_changes(axes: Axes, changes: pd.DataFrame, time: _Time, colour: str) -> None:
    for row in changes.dropna(subset=["date"]).itertuples():
        low, high = time.at(row.date_low), time.at(row.date_high)
        axes.axvspan(low - 0.04, high + 0.04, color=colour, alpha=0.1, linewidth=0, zorder=0, ymax=0.82)
        axes.axvline(time.at(row.date), color=colour, linestyle=":", linewidth=1.5, zorder=1.5, ymax=0.82)


def _write_numbers(axes: Axes, rows: pd.DataFrame, time: _Time) -> None:
    """Write the number of articles below each period, or where there are many, of some."""
    step = math.ceil(len(time) / 8)
    for k, n in zip(time.of(rows["start"]), rows["n"], strict=True):
        if k % step == 0:
            axes.annotate(
                str(n), (k, 0), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
                ha="center", fontsize=8, color=GREY, zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.4},
            )  # fmt: skip


def _write_events(axes: Axes, places: dict[str, float]) -> None:
    """Draw a line for each event, and its label beside the top of it, in as many rows as keep labels apart."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()  # the axes have their final size from here on
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    frame = axes.get_window_extent(renderer)
    free: list[float] = []  # from where on each row is free, in pixels
    written, tall = [], 0.0
    for label, x in places.items():
        mark = axes.annotate(
            plain(label, 26), (x, 1), xycoords=("data", "axes fraction"), xytext=(3, 0), textcoords="offset points",
            va="top", fontsize=9, color=INK, zorder=6, annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )  # fmt: skip
        box = mark.get_window_extent(renderer)
        left = box.x0
        if box.x1 > frame.x1:  # no room on the right
            mark.set_horizontalalignment("right")
            mark.set_position((-3, 0))
            left = box.x0 - box.width - 6 * figure.dpi / 72
        # Below every label that reaches so far, so that its line, which ends at the label, crosses none.
        row = 1 + max((k for k, end in enumerate(free) if end + 4 > left), default=-1)
        free[row : row + 1] = [left + box.width]
        written.append((mark, x, row))
        tall = max(tall, box.height + 3)
    bottom, top = axes.get_ylim()
    share = min(len(free) * tall / frame.height, 0.5)  # of the panel that the labels need
    if not all(label.isdigit() for label in places):  # for single numbers there is room
        axes.set_ylim(bottom, bottom + (top - bottom) / (1 - share))
    for mark, x, row in written:
        mark.set_position((mark.get_position()[0], -row * tall * 72 / figure.dpi))
        axes.axvline(x, ymax=1 - row * tall / frame.height, color=INK, linewidth=0.9, alpha=0.75, zorder=2)


def _label_lines(axes: Axes, means: pd.DataFrame, groups: Sequence[str], colours: dict[str, str], time: _Time) -> None:
    """Write each group's name at the end of its line, moved apart where they would overlap."""
    ends: list[tuple[float, int, str]] = []
    for group in groups:
        rows = means[(means["group"] == group) & means["estimate"].notna()]
        if len(rows):
            ends.append((float(rows["estimate"].iloc[-1]), time.of(rows["start"])[-1], group))
    low, high = axes.get_ylim()
    gap = 0.065 * (high - low)
    ends.sort(key=lambda end: end[0])
    previous, tall = -np.inf, 1
    for estimate, x, group in ends:
        name = plain(group, 24)
        lines = name.count("\n") + 1
        y = max(estimate, previous + gap * (tall + lines) / 2)
        previous, tall = y, lines
        axes.annotate(
            name,
            (x, estimate),
            xytext=(axes.get_xlim()[1] + 0.012 * len(time), y),
            textcoords="data",
            va="center",
            fontsize=9.5,
            color=colours[group],
            annotation_clip=False,
        )
