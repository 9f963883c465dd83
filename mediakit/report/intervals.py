"""Do groups differ? Dots with their intervals: one measure, or one small panel per target or category."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mediakit.errors import require_columns
from mediakit.report.style import GREY, INK, RULE, colours_of, figure_style, framed, framed_axes, markers_of, plain
from mediakit.report.wording import interval, name_measure, number, range_of, say_contrast, sentence_case


def plot_groups(contrast: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Show group means with their intervals and, below, the differences with theirs.

    Parameters
    ----------
    contrast : DataFrame
        From `compare_groups`.
    ax : Axes, optional
        Draw here instead of in a new figure.
    title : str, optional
        Default: the finding, as a sentence.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import mediakit as mk, pandas as pd
    >>> table = pd.DataFrame({"outlet": list("AAAAABBBBB"), "sentiment": [1.0, 2, 3, 4, 5, 8, 9, 10, 11, 12]})
    >>> ax = mk.plot_groups(mk.compare_groups(table, "sentiment"))
    >>> ax.figure.texts[0].get_text()
    'Sentiment is more positive at B than at the others'
    """
    require_columns(contrast, ["kind", "group", "versus", "n", "estimate", "low", "high"], "the table of contrasts")
    settings = contrast.attrs.get("compare", {})
    _, _, _, unit = name_measure(str(settings.get("value", "value")))
    means, differences = contrast[contrast["kind"] == "mean"], contrast[contrast["kind"] == "difference"]
    colours, markers = colours_of(means["group"]), markers_of(means["group"])
    rows = len(means) + (len(differences) + 1.4 if len(differences) else 0)
    confidence = f"{100 * float(settings.get('confidence', 0.95)):.0f}%"
    subtitle = f"Mean and {confidence} bootstrap interval by {settings.get('by', 'group')}; n = articles."
    subtitle += " Filled differences exclude zero."
    with figure_style():
        axes = framed_axes(ax, 8.0, 0.8 + 0.36 * rows, title or say_contrast(contrast), subtitle)
        ticks, labels = [], []
        at = 0.0
        for row in means.itertuples():
            draw_interval(axes, at, row, colours[row.group], markers[row.group], filled=True)
            ticks.append(at)
            labels.append(f"{plain(row.group, 26)} (n = {row.n})")
            at -= 1
        if len(differences):
            versus = str(differences["versus"].iloc[0])
            at -= 0.4
            axes.annotate(
                f"difference from {plain(versus, 30)}",
                (0, at),
                xycoords=("axes fraction", "data"),
                xytext=(-6, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=9.5,
                color=GREY,
                style="italic",
            )
            axes.axhline(at + 0.55, color=RULE, linewidth=0.8)
            at -= 1
            for row in differences.itertuples():
                draw_interval(
                    axes,
                    at,
                    row,
                    colours.get(row.group, INK),
                    markers.get(row.group, "o"),
                    filled=bool(row.low > 0 or row.high < 0),
                    signed=True,
                )
                ticks.append(at)
                labels.append(plain(row.group, 26))
                at -= 1
        axes.set_yticks(ticks, labels)
        axes.set_ylim(at + 0.4, 0.7)
        axes.axvline(0, color=GREY, linewidth=0.9)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.margins(x=0.16)
        axes.set_xlabel(f"{unit}{', relative to the average in a story' if settings.get('within') else ''}")
    return axes


def plot_profiles(contrasts: pd.DataFrame, *, panel: str, value: str, title: str, columns: int = 3) -> Axes:
    """Show group means with intervals in one small panel per target, category or other level.

    Parameters
    ----------
    contrasts : DataFrame
        Rows of `compare_groups`, with a further column that names the panel.
    panel : str
        That column.
    value : str
        The column that was compared, for the unit.
    title : str
    columns : int, default 3

    Returns
    -------
    Axes
        The first panel; `ax.figure` is the whole.
    """
    require_columns(contrasts, [panel, "kind", "group", "estimate", "low", "high", "n"], "the table of contrasts")
    means = contrasts[contrasts["kind"] == "mean"]
    panels = list(dict.fromkeys(means[panel]))
    groups = sorted(means["group"].unique(), reverse=True)
    colours, markers = colours_of(groups), markers_of(groups)
    lines = math.ceil(len(panels) / columns)
    _, _, _, unit = name_measure(value)
    with figure_style():
        subtitle = f"{sentence_case(unit)}; mean with 95% bootstrap interval, from 3 articles on"
        side = min(columns, len(panels))
        names = [plain(group, 24) for group in groups]
        height = 0.36 if any("\n" in name for name in names) else 0.26
        _, grid = framed(
            8.0,
            lines * (0.72 + height * len(groups)),
            title,
            subtitle,
            rows=lines,
            columns=side,
            sharey=True,
            sharex=True,
            squeeze=False,
        )
        flat = list(grid.ravel())
        for spare in flat[len(panels) :]:
            spare.set_axis_off()
        for axes, level in zip(flat, panels, strict=False):
            for row in means[means[panel] == level].itertuples():
                y = groups.index(row.group)
                if np.isfinite(row.low):
                    ends = np.clip([row.low, row.high], *range_of(value))  # of few articles it may leave the scale
                    axes.plot(ends, [y, y], color=colours[row.group], linewidth=1.8, solid_capstyle="butt")
                axes.plot([row.estimate], [y], marker=markers[row.group], color=colours[row.group], markersize=6)
            axes.set_title(plain(str(level).replace("_", " "), 28), fontsize=10.5, pad=4)
            axes.axvline(0, color=GREY, linewidth=0.9)
            axes.grid(axis="x")
            axes.set_axisbelow(True)
            axes.set_yticks(range(len(groups)), names)
            axes.set_ylim(-0.6, len(groups) - 0.4)
            axes.xaxis.set_major_locator(MaxNLocator(5 if side < 3 else 3))
            axes.tick_params(labelbottom=True)
    return flat[0]


def draw_interval(
    axes: Axes, y: float, row: object, colour: str, marker: str, *, filled: bool, signed: bool = False
) -> None:
    """Draw one dot with its interval, and print both at its right."""
    estimate, low, high = float(row.estimate), float(row.low), float(row.high)  # type: ignore[attr-defined]
    if np.isfinite(low):
        axes.plot([low, high], [y, y], color=colour, linewidth=2, solid_capstyle="butt", zorder=2)
    axes.plot(
        [estimate],
        [y],
        marker=marker,
        markersize=7.5,
        color=colour,
        markerfacecolor=colour if filled else "white",
        markeredgewidth=1.6,
        zorder=3,
    )
    digits = 2 if abs(estimate) < 10 else 1
    text = f"{number(estimate, digits, signed=signed)}  {interval(low, high, digits, signed=signed)}"
    axes.annotate(
        text,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=GREY,
    )
