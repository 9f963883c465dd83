"""How does a measure move over time? Lines with bands, outlet by outlet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mediakit.errors import require_columns
from mediakit.report.style import DASHES, GREY, RULE, colours_of, figure_style, framed, framed_axes, markers_of, plain
from mediakit.report.wording import name_measure, say_period, sentence_case


def plot_trend(periods: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None, columns: int = 3) -> Axes:
    """Show a value over time, outlet by outlet, with the band of its interval.

    Up to four groups share one panel, with the names at the lines; more are drawn as small multiples, each over the
    other groups in grey.

    Parameters
    ----------
    periods : DataFrame
        From `compare_periods`.
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
    name, _, _, unit = name_measure(str(settings.get("value", "value")))
    groups = sorted(periods["group"].unique())
    colours, markers = colours_of(groups), markers_of(groups)
    starts = sorted(periods["start"].unique())
    place = {start: k for k, start in enumerate(starts)}
    names = [str(periods.loc[periods["start"] == start, "period"].iloc[0]) for start in starts]
    head = title or f"{name} by {settings.get('by', 'group')} and {say_period(str(settings.get('period', 'M')))}"
    undated = int(settings.get("undated", 0))
    single = ax is not None or len(groups) <= 4
    subtitle = (
        f"{sentence_case(unit)}; {100 * float(settings.get('confidence', 0.95)):.0f}% intervals from 3 articles on"
    )
    subtitle += "." if single else "; numbers below: articles; the other groups in grey."
    subtitle += f" {undated} undated left out." if undated else ""
    with figure_style():
        if single:
            panels = [framed_axes(ax, 8.0, 3.6, head, subtitle)]
        else:
            lines = math.ceil(len(groups) / columns)
            _, grid = framed(
                8.0,
                0.35 + 2.05 * lines,
                head,
                subtitle,
                rows=lines,
                columns=columns,
                sharex=True,
                sharey=True,
                squeeze=False,
            )
            panels = list(grid.ravel())
            for spare in panels[len(groups) :]:
                spare.set_axis_off()
        for number_, group in enumerate(groups):
            axes = panels[0] if single else panels[number_]
            rows = periods[periods["group"] == group]
            x = [place[start] for start in rows["start"]]
            if not single:
                for other in groups:
                    around = periods[periods["group"] == other]
                    axes.plot(
                        [place[s] for s in around["start"]], around["estimate"], color=RULE, linewidth=1, zorder=1
                    )
                axes.set_title(plain(group, 26), fontsize=10.5, color=colours[group], pad=4)
            low, high = rows["low"].astype(float), rows["high"].astype(float)
            axes.fill_between(x, low, high, color=colours[group], alpha=0.14, linewidth=0)
            axes.vlines(x, low, high, color=colours[group], alpha=0.55, linewidth=1.2)
            axes.plot(
                x,
                rows["estimate"],
                color=colours[group],
                marker=markers[group],
                markersize=5,
                linestyle=DASHES[number_ % len(DASHES)] if single else "-",
                linewidth=1.8,
                zorder=3,
            )
            if not single:
                for k, row in zip(x, rows.itertuples(), strict=True):
                    axes.annotate(
                        str(row.n),
                        (k, 0),
                        xycoords=("data", "axes fraction"),
                        xytext=(0, 3),
                        textcoords="offset points",
                        ha="center",
                        fontsize=8,
                        color=GREY,
                    )
        for axes in panels[: 1 if single else len(groups)]:
            axes.axhline(0, color=GREY, linewidth=0.8)
            axes.grid(axis="y")
            axes.set_axisbelow(True)
            axes.set_xticks(range(len(starts)), names)
            axes.set_xlim(-0.35, len(starts) - 0.65)
            axes.tick_params(axis="x", labelrotation=0 if len(starts) <= 5 else 60)
        if single:
            _label_lines(panels[0], periods, groups, colours, place)
        else:
            bottom, top = panels[0].get_ylim()
            panels[0].set_ylim(bottom - 0.14 * (top - bottom), top)
    return panels[0]


def _label_lines(
    axes: Axes, periods: pd.DataFrame, groups: Sequence[str], colours: dict[str, str], place: dict[object, int]
) -> None:
    """Write each group's name at the end of its line, moved apart where they would overlap."""
    ends: list[tuple[float, int, str]] = []
    for group in groups:
        rows = periods[(periods["group"] == group) & periods["estimate"].notna()]
        if len(rows):
            ends.append((float(rows["estimate"].iloc[-1]), place[rows["start"].iloc[-1]], group))
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
            xytext=(max(place.values()) + 0.12, y),
            textcoords="data",
            va="center",
            fontsize=9.5,
            color=colours[group],
            annotation_clip=False,
        )
