"""Who speaks: the share of voice by type of source, a small panel for each outlet."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.style import GREY, PALETTE, figure_style, framed, plain, title_lines

_MOST_KINDS = 10


def plot_voices(
    voices: pd.DataFrame,
    *,
    by: str = "outlet",
    of: str = "source_type",
    columns: int = 3,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Show whose words each outlet quotes: a dot with its interval for each type of source.

    Parameters
    ----------
    voices : DataFrame, as `count_voices` returns it
    by, of : its columns of groups and of types
    columns : int, default 3
        Panels in a row.
    ax : Axes, optional
        For one group only.
    title : str, optional

    Returns
    -------
    Axes
        The first panel; `ax.figure` is the whole.

    Raises
    ------
    ArticleTableError
        When there is nothing to show, or several groups for one Axes.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "A", "source_type": ["police", "expert"], "n": 6, "total": 10.0,
    ...                       "number": [6.0, 4.0], "share": [0.6, 0.4], "low": [0.3, 0.2], "high": [0.8, 0.7]})
    >>> [label.get_text() for label in plot_voices(table).get_yticklabels()]
    ['expert', 'police']
    """
    require_columns(voices, [by, of, "n", "total", "share", "low", "high"], "the table of voices")
    shown = voices.dropna(subset=["share"])
    if shown.empty:
        raise ArticleTableError("nobody is quoted: nothing to show.")
    groups = sorted(shown[by].unique())
    if ax is not None and len(groups) > 1:
        raise ArticleTableError(f"{len(groups)} groups need a figure of their own; ax= takes one group.")
    overall = shown.groupby(of)["number"].sum() / shown.groupby(by)["total"].first().sum()
    kinds = list(overall.sort_values(ascending=False, kind="stable").index[:_MOST_KINDS])[::-1]
    total = float(shown.groupby(by)["total"].first().sum())
    right = float(shown[["share", "high"]].max().max())
    head = title or _finding(shown, by, of)
    below = f"Share of {total:,.0f} quotations by type of source; 95% interval over articles;"
    below += f" grey line: all {by}s together; filled dot: the line is outside the interval."
    with figure_style():
        lines, side = math.ceil(len(groups) / columns), min(columns, len(groups))
        if ax is None:
            figure_width = 8.4 if side > 1 else 6.4
            size = lines * (0.75 + 0.25 * len(kinds))
            _, grid = framed(
                figure_width, size, head, below, rows=lines, columns=side, sharex=True, sharey=True, squeeze=False
            )
            panels = list(grid.ravel())
        else:
            title_lines(ax, head, below)
            panels = [ax]
        for spare in panels[len(groups) :]:
            spare.set_axis_off()
        for axes, group in zip(panels, groups, strict=False):
            mine = shown[shown[by] == group].set_index(of)
            _panel(axes, mine, kinds, overall, right)
            if len(groups) > 1:
                axes.set_title(f"{plain(group, 26)}", fontsize=10.5, pad=4)
            axes.annotate(
                f"n = {int(mine['n'].iloc[0])} articles", (1, 0), xycoords="axes fraction", xytext=(0, 3), ha="right",
                va="bottom", textcoords="offset points", fontsize=9, color=GREY,
            )  # fmt: skip
    return panels[0]


def _panel(axes: Axes, mine: pd.DataFrame, kinds: list[str], overall: pd.Series, right: float) -> None:
    for at, kind in enumerate(kinds):
        axes.plot([overall[kind]] * 2, [at - 0.32, at + 0.32], color=GREY, linewidth=1.4, alpha=0.7, zorder=1)
        if kind not in mine.index:
            axes.plot([0], [at], marker="o", markersize=6, color=PALETTE[0], markerfacecolor="white", zorder=3)
            continue
        row = mine.loc[kind]
        if np.isfinite(row["low"]):
            axes.plot(
                [row["low"], row["high"]], [at, at], color=PALETTE[0], linewidth=2, solid_capstyle="butt", zorder=2
            )
        apart = np.isfinite(row["low"]) and not row["low"] <= overall[kind] <= row["high"]
        axes.plot(
            [row["share"]], [at], marker="o", markersize=6.5, color=PALETTE[0],
            markerfacecolor=PALETTE[0] if apart else "white", markeredgewidth=1.5, zorder=3,
        )  # fmt: skip
    axes.set_yticks(range(len(kinds)), [plain(str(kind).replace("_", " "), 18) for kind in kinds])
    axes.set_ylim(-0.8, len(kinds) - 0.4)
    axes.set_xlim(-0.02 * right, 1.06 * right)
    axes.xaxis.set_major_formatter(plt.FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.xaxis.set_major_locator(plt.MaxNLocator(4))
    axes.tick_params(labelbottom=True)
    axes.grid(axis="x")
    axes.set_axisbelow(True)


def _finding(shown: pd.DataFrame, by: str, of: str) -> str:
    """Say where an interval keeps farthest away from the share over all, or what is quoted most."""
    overall = shown.groupby(of)["number"].sum() / shown.groupby(by)["total"].first().sum()
    rows = shown[np.isfinite(shown["low"])]
    if len(rows) and len(set(shown[by])) > 1:
        usual = rows[of].map(overall).astype("float64")
        gap = (rows["low"] - usual).combine(usual - rows["high"], max)
        row = rows.loc[gap.idxmax()]
        if gap.max() > 0:
            word = "more" if row["share"] > overall[row[of]] else "less"
            return f"{row[by]} quotes {_plural(str(row[of]))} {word} than the others do"
    return f"Of all sources, {_plural(str(overall.idxmax()))} are quoted most"


def _plural(kind: str) -> str:
    return {
        "government": "the government", "police": "police and military", "diplomat": "diplomats",
        "opposition": "the opposition", "protester": "protesters", "citizen": "citizens", "expert": "experts",
        "society": "civil society", "company": "companies", "media": "other media", "celebrity": "celebrities",
        "international": "international bodies", "other": "other sources", "unknown": "sources of unknown type",
    }.get(kind, kind)  # fmt: skip
