"""Figures of topic models: how good models with other numbers of topics are, and the shares of topics by group."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.style import GREY, INK, PALETTE, RULE, figure_style, framed, plain, title_lines

_MEASURES = {
    "npmi": "Coherence (NPMI)", "exclusivity": "Exclusivity", "stability": "Stability of words",
    "kept": "Articles that keep their topic",
}  # fmt: skip
_WIDTH = 24  # signs of a topic's name in a line


def plot_topic_choice(table: pd.DataFrame, *, chosen: int | None = None, title: str | None = None) -> Axes:
    """Show coherence, exclusivity and stability of models against their number of topics.

    Parameters
    ----------
    table : DataFrame
        From `choose_topics`.
    chosen : int, optional
        A number of topics to mark.
    title : str, optional
        Default: how many articles keep their topic, with the number chosen or where it is most, as a sentence.

    Returns
    -------
    Axes
        The first panel; `ax.figure` is the whole. What was not measured has no panel.

    Raises
    ------
    ArticleTableError
        When there is nothing to show.

    Examples
    --------
    >>> table = pd.DataFrame({"k": [2, 3, 4], "npmi": [0.1, 0.4, 0.3], "exclusivity": [0.9, 0.8, 0.7],
    ...                       "stability": [0.6, 0.9, 0.8], "kept": [0.7, 0.9, 0.8]})
    >>> plot_topic_choice(table).get_title(loc="left")
    'Coherence (NPMI)'
    """
    require_columns(table, ["k", *_MEASURES], "the table of models")
    shown = table.sort_values("k", kind="stable")
    measures = [name for name in _MEASURES if shown[name].notna().any()]
    if shown.empty or not measures:
        raise ArticleTableError("no model was measured: nothing to show.")
    below = (
        "Means over the topics of each model. Coherence: how often the ten words of a topic share an article, −1 to 1."
    )
    below += " Exclusivity: how much they belong to one topic. Stability: how many come back from other seeds."
    below += " Filled dot: the largest value."
    below += f" Vertical line: {chosen} topics, the number chosen." if chosen is not None else ""
    with figure_style():
        lines, side = math.ceil(len(measures) / 2), min(2, len(measures))
        head = title or _finding_of_choice(shown, chosen)
        _, grid = framed(8.4 if side > 1 else 6.4, 1.9 * lines, head, below, rows=lines, columns=side, squeeze=False)
        panels = list(grid.ravel())
        for panel, name in zip(panels, measures, strict=False):
            values = shown[name].to_numpy(np.float64)
            if chosen is not None:
                panel.axvline(chosen, color=GREY, linewidth=1, linestyle="--", zorder=1)
            panel.plot(shown["k"], values, color=PALETTE[0], linewidth=1.6, marker="o", markersize=5.5,
                       markerfacecolor="white", zorder=2)  # fmt: skip
            best = int(np.nanargmax(values))
            panel.plot(shown["k"].iloc[best], values[best], marker="o", markersize=7, color=PALETTE[0], zorder=3)
            panel.set_title(_MEASURES[name], loc="left", fontsize=10.5, color=INK)
            _room(panel, values)
            panel.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=9))
            panel.yaxis.set_major_locator(MaxNLocator(4))
            if name == "kept":
                panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
            panel.tick_params(axis="y", labelsize=9)
            panel.grid(axis="y")
            panel.set_axisbelow(True)
        for panel in panels[len(measures) :]:
            panel.set_visible(False)
        for panel in panels[max(0, len(measures) - side) : len(measures)]:
            panel.set_xlabel("number of topics")
    return panels[0]


def _room(panel: Axes, values: np.ndarray) -> None:
    """Leave room above and below, so that a difference of hundredths does not look like one of tenths."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    missing = max(0.0, 0.2 - (high - low)) / 2
    panel.set_ylim(low - missing - 0.03, high + missing + 0.03)


def _finding_of_choice(shown: pd.DataFrame, chosen: int | None) -> str:
    told = shown[shown["k"] == chosen] if chosen is not None else shown
    told = told if len(told) else shown
    if told["kept"].notna().any():
        row = told.loc[told["kept"].idxmax()]
        return (
            f"With {int(row['k'])} topics, {100 * row['kept']:.0f}% of the articles keep their topic from other seeds"
        )
    row = shown.loc[shown["npmi"].idxmax()]
    return f"With {int(row['k'])} topics, the words of a topic share articles most often"


def plot_topic_shares(
    table: pd.DataFrame, *, by: str = "outlet", columns: int = 3, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Show what each group writes about: a dot with its interval for every topic.

    Parameters
    ----------
    table : DataFrame
        From `count_topic_shares`.
    by : its column of groups
    columns : int, default 3
        Panels in a row.
    ax : Axes, optional
        For one group only.
    title : str, optional
        Default: the finding, as a sentence.

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
    >>> table = pd.DataFrame({"outlet": "A", "topic": [0, 1], "name": ["ferry, port", "summit"], "n": 6,
    ...                       "share": [0.6, 0.4], "low": [0.3, 0.2], "high": [0.8, 0.7]})
    >>> [label.get_text() for label in plot_topic_shares(table).get_yticklabels()]
    ['ferry, port', 'summit']
    """
    require_columns(table, [by, "topic", "name", "n", "share", "low", "high"], "the table of topic shares")
    shown = table.dropna(subset=["share"])
    if shown.empty:
        raise ArticleTableError("no article has a topic: nothing to show.")
    groups = sorted(shown[by].unique())
    if ax is not None and len(groups) > 1:
        raise ArticleTableError(f"{len(groups)} groups need a figure of their own; ax= takes one group.")
    topics = shown.drop_duplicates("topic").set_index("topic")["name"].sort_index()
    overall = _overall(shown)
    articles = int(shown.drop_duplicates(by)["n"].sum())
    right = float(shown[["share", "high"]].max().max())
    names = [plain(name, _WIDTH) for name in topics]
    tallest = max(name.count("\n") + 1 for name in names)
    head = title or _finding(shown, by, topics, overall)
    below = f"Mean share of a topic in an article, {articles:,} articles; 95% interval over articles and seeds;"
    below += f" grey line: all {by}s together; filled dot: the line is outside the interval."
    with figure_style():
        lines, side = math.ceil(len(groups) / columns), min(columns, len(groups))
        if ax is None:
            size = lines * (0.75 + (0.1 + 0.16 * tallest) * len(names))
            _, grid = framed(
                8.4 if side > 1 else 6.4, size, head, below, rows=lines, columns=side, sharex=True, sharey=True,
                squeeze=False,
            )  # fmt: skip
            panels = list(grid.ravel())
        else:
            title_lines(ax, head, below)
            panels = [ax]
        for spare in panels[len(groups) :]:
            spare.set_axis_off()
        for panel, group in zip(panels, groups, strict=False):
            mine = shown[shown[by] == group].set_index("topic")
            _panel(panel, mine, list(topics.index), overall, right)
            panel.set_yticks(range(len(names)), names, fontsize=9)
            panel.set_ylim(len(names) - 0.4, -0.6)
            if ax is None:
                panel.set_title(f"{plain(group, 26)} ({int(mine['n'].iloc[0])})", loc="left", fontsize=10.5, pad=4)
    return panels[0]


def _overall(shown: pd.DataFrame) -> pd.Series:
    """Return the mean share of each topic over all articles."""
    weighted = (shown["share"] * shown["n"]).groupby(shown["topic"]).sum()
    overall: pd.Series = weighted / shown.groupby("topic")["n"].sum()
    return overall


def _panel(panel: Axes, mine: pd.DataFrame, topics: list[int], overall: pd.Series, right: float) -> None:
    for at, topic in enumerate(topics):
        usual = float(overall[topic])
        panel.plot([usual] * 2, [at - 0.32, at + 0.32], color=GREY, linewidth=1.4, alpha=0.7, zorder=1)
        if topic not in mine.index:
            continue
        row = mine.loc[topic]
        known = bool(np.isfinite(row["low"]))
        if known:
            panel.plot(
                [row["low"], row["high"]], [at, at], color=PALETTE[0], linewidth=2, solid_capstyle="butt", zorder=2
            )
        apart = known and not row["low"] <= usual <= row["high"]
        panel.plot(
            [row["share"]], [at], marker="o", markersize=6.5, color=PALETTE[0],
            markerfacecolor=PALETTE[0] if apart else "white", markeredgewidth=1.5, zorder=3,
        )  # fmt: skip
    panel.axvline(0, color=RULE, linewidth=0.8, zorder=0)
    panel.set_xlim(-0.03 * right, 1.06 * right)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    panel.xaxis.set_major_locator(MaxNLocator(4))
    panel.tick_params(labelbottom=True)
    panel.grid(axis="x")
    panel.set_axisbelow(True)


def _finding(shown: pd.DataFrame, by: str, topics: pd.Series, overall: pd.Series) -> str:
    """Say where an interval keeps farthest away from the share over all, or which topic is largest."""
    rows = shown[np.isfinite(shown["low"])]
    if len(rows) and len(set(shown[by])) > 1:
        usual = rows["topic"].map(overall).astype("float64")
        gap = (rows["low"] - usual).combine(usual - rows["high"], max)
        row = rows.loc[gap.idxmax()]
        if gap.max() > 0:
            word = "more" if row["share"] > overall[row["topic"]] else "less"
            return f"{row[by]} writes {word} about “{row['name']}” than all {by}s together"
    return f"The largest topic is “{topics[overall.idxmax()]}”, {100 * overall.max():.0f}% of what is written"
