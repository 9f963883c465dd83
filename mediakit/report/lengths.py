"""Does a score depend on the length of the article? Dots by outlet, with the line through them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from mediakit.analyses.sentiment_checks import check_length
from mediakit.errors import require_columns
from mediakit.report.style import GREY, RULE, colours_of, figure_style, framed, framed_axes, markers_of, plain
from mediakit.report.wording import name_measure, number, sentence_case

TITLES = {
    "depends on length: longer articles score higher": "Longer articles score higher",
    "depends on length: longer articles score lower": "Longer articles score lower",
    "depends slightly: longer articles score higher": "Longer articles score slightly higher",
    "depends slightly: longer articles score lower": "Longer articles score slightly lower",
}


def plot_length(
    scores: pd.DataFrame,
    value: str = "sentiment",
    *,
    by: str = "outlet",
    ax: Axes | None = None,
    title: str | None = None,
    columns: int = 3,
) -> Axes:
    """Show a score against the length of the article, outlet by outlet.

    Parameters
    ----------
    scores : DataFrame, one row per article
        With the columns `value`, `words` and `by`, as `score_sentiment` returns them.
    value : str, default "sentiment"
    by : str, default "outlet"
    ax : Axes, optional
        Draw all outlets in this one panel.
    title : str, optional
        Default: what `check_length` finds.
    columns : int, default 3
        Panels side by side.

    Returns
    -------
    Axes
        The (first) panel; `ax.figure` is the whole.

    Examples
    --------
    >>> import mediakit as mk
    >>> scores = pd.DataFrame({"outlet": "A", "words": [90, 300, 900], "sentiment": [0.1, 0.0, 0.2]})
    >>> mk.plot_length(scores).get_xscale()
    'log'
    """
    require_columns(scores, [value, "words", by], "the table of scores")
    checked = check_length(scores, value=value, by=by)
    usable = scores[scores[value].notna() & (scores["words"] > 0) & scores[by].notna()]
    name, _, _, unit = name_measure(value)
    groups = sorted(usable[by].astype(str).unique())
    colours, markers = colours_of(groups), markers_of(groups)
    whole = checked.iloc[0]
    head = title or f"{TITLES.get(whole['verdict'], f'{name} and length: no clear link')} within {by}s"
    interval = "" if np.isnan(whole["low"]) else f" [{_signed(whole['low'])}, {_signed(whole['high'])}]"
    found = (
        ""
        if np.isnan(whole["correlation"])
        else f" Correlation within {by}s {_signed(whole['correlation'])}{interval}."
    )
    subtitle = f"{sentence_case(unit)} against words (logarithmic); {len(usable)} articles.{found}"
    with figure_style():
        if ax is not None or len(groups) < 2:
            panels = [framed_axes(ax, 8.0, 3.6, head, subtitle)] * max(1, len(groups))
        else:
            lines = math.ceil(len(groups) / columns)
            size = {"rows": lines, "columns": columns}
            shared = {"sharex": True, "sharey": True, "squeeze": False}
            _, grid = framed(8.0, 0.5 + 2.0 * lines, head, subtitle, **size, **shared)
            panels = list(grid.ravel())
            for spare in panels[len(groups) :]:
                spare.set_axis_off()
        for axes, group in zip(panels, groups, strict=False):
            rows = usable[usable[by].astype(str) == group]
            if ax is None and len(groups) > 1:
                axes.scatter(usable["words"], usable[value], s=8, color=RULE, linewidth=0, zorder=1)
                correlation = float(checked.loc[checked["group"] == group, "correlation"].iloc[0])
                said = "" if np.isnan(correlation) else f"   r {_signed(correlation)}"
                axes.set_title(f"{plain(group, 24)}{said}", fontsize=10, color=colours[group], pad=4)
            _draw_group(axes, rows["words"], rows[value], colours[group], markers[group])
        for axes in panels:
            _finish(axes)
        panels[0].figure.supxlabel("words", fontsize=9.5, color=GREY) if ax is None else panels[0].set_xlabel("words")
    return panels[0]


def _signed(value: float) -> str:
    return number(float(value), 2, signed=True)


def _draw_group(axes: Axes, words: pd.Series, values: pd.Series, colour: str, marker: str) -> None:
    axes.scatter(words, values, s=22, color=colour, marker=marker, alpha=0.8, linewidth=0, zorder=3)
    length = np.log(words.to_numpy(dtype=np.float64))
    if len(words) >= 5 and np.ptp(length) > 0:
        slope, start = np.polyfit(length, values.to_numpy(dtype=np.float64), 1)
        ends = np.array([length.min(), length.max()])
        axes.plot(np.exp(ends), start + slope * ends, color=colour, linewidth=1.6, zorder=2)


def _finish(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.axhline(0, color=RULE, linewidth=1, zorder=0)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda words, _: f"{words:,.0f}"))
