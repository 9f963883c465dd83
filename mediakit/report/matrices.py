"""Who covered what, and when? Matrices of stories by outlet and of months by outlet."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.style import GREY, INK, RULE, figure_style, framed_axes, plain
from mediakit.report.wording import SIGNED, count_of, name_measure, number, say_period, sentence_case


def plot_stories(
    scores: pd.DataFrame,
    value: str = "sentiment",
    *,
    by: str = "outlet",
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Show which group covered which story, how much and how: a matrix of dots.

    The size of a dot is the number of articles, its colour and the number beside it their mean; no dot, no coverage.

    Parameters
    ----------
    scores : DataFrame, one row per article
        With the columns `story`, `by` and `value`.
    value, by : str
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes

    Raises
    ------
    ColumnError
        When a column is missing; `label_stories` adds `story`.

    Examples
    --------
    >>> import mediakit as mk, pandas as pd
    >>> table = pd.DataFrame({"outlet": ["A", "B"], "story": ["strike", "strike"], "sentiment": [0.1, -0.2]})
    >>> [label.get_text() for label in mk.plot_stories(table).get_xticklabels()]
    ['A', 'B']
    """
    require_columns(scores, ["story", by, value], "the table of scores")
    cells = (
        scores.dropna(subset=["story", by])
        .groupby(["story", by], as_index=False)
        .agg(n=(value, "size"), mean=(value, "mean"))
    )
    if cells.empty:
        raise ArticleTableError(f"no row has both a story and {by!r}: nothing to show.")
    per_story = cells.groupby("story")["n"].sum().sort_values(ascending=False, kind="stable")
    stories = list(per_story.index[:20])
    groups = sorted(cells[by].unique())
    name, _, _, unit = name_measure(value)
    known = cells["mean"].dropna()
    limit = max(0.05, float(known.abs().max())) if len(known) else 1.0
    # What is never negative, as words, is no tone: darker is more.
    counted = value not in SIGNED and len(known) > 0 and float(scores[value].min()) >= 0
    digits = 2 if limit < 10 else 1 if limit < 100 else 0
    covered = len(per_story)
    shown = f"{len(stories)} of {covered} stories" if covered > len(stories) else count_of(covered, "story")
    below = f"{sentence_case(unit)}. {shown}; number in a dot: articles, if more than one;"
    below += " the darker, the more;" if counted else " blue positive, red negative;"
    below += " no dot: no coverage."
    head = title or f"{name} story by story: who covered what, and {'how much' if counted else 'in which tone'}"
    with figure_style():
        axes = framed_axes(ax, max(8.0, 2.2 + 1.0 * len(groups)), 0.9 + 0.42 * len(stories), head, below)
        for cell in cells[cells["story"].isin(stories)].itertuples():
            x, y = groups.index(getattr(cell, by)), stories.index(cell.story)
            share = cell.mean / limit if np.isfinite(cell.mean) else 0.0
            tint = plt.get_cmap("Blues")(0.1 + 0.8 * share) if counted else plt.get_cmap("RdBu")(0.5 + 0.42 * share)
            colour = tint if np.isfinite(cell.mean) else "white"
            axes.scatter(
                x - 0.16, y, s=90 + 70 * min(cell.n, 12), color=[colour], edgecolor=GREY, linewidth=0.6, zorder=3
            )
            axes.annotate(
                number(cell.mean, digits, signed=not counted) if np.isfinite(cell.mean) else "n/a",
                (x + 0.13, y),
                va="center",
                fontsize=9,
                color=INK,
            )
            if cell.n > 1:
                ink = "white" if abs(cell.mean) > 0.6 * limit else INK
                axes.annotate(str(cell.n), (x - 0.16, y), ha="center", va="center", fontsize=9, color=ink, zorder=4)
        axes.set_xticks(range(len(groups)), [plain(group, 13) for group in groups])
        axes.set_yticks(range(len(stories)), [plain(story.replace("_", " "), 26) for story in stories])
        axes.set_xlim(-0.5, len(groups) - 0.35)
        axes.set_ylim(len(stories) - 0.5, -0.6)
        top = ax is None  # in axes of the user's own the title stands where the names would
        axes.tick_params(axis="x", labelsize=9, bottom=False, labeltop=top, labelbottom=not top)
        axes.spines["bottom"].set_visible(False)
        # Rules between the rows: grid lines on them would run through the numbers.
        axes.hlines(np.arange(len(stories) - 1) + 0.5, *axes.get_xlim(), color=RULE, linewidth=0.6, zorder=1)
    return axes


def plot_coverage(articles: pd.DataFrame, *, by: str = "outlet", period: str = "M", ax: Axes | None = None) -> Axes:
    """Show how many articles each outlet has per calendar period: gaps are seen at a glance.

    Parameters
    ----------
    articles : DataFrame, one row per article
        With the columns `date` and `by`.
    by : str, default "outlet"
    period : {"D", "W", "M", "Q", "Y"}, default "M"
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    require_columns(articles, ["date", by], "the article table")
    named = articles.assign(group=articles[by].fillna("(not known)"), when=articles["date"].dt.to_period(period))
    dated = named.dropna(subset=["when"])
    groups = sorted(named["group"].unique())
    first, last = (dated["when"].min(), dated["when"].max()) if len(dated) else (None, None)
    periods = [] if first is None else list(pd.period_range(first, last, freq=period))[-24:]
    columns = [*map(str, periods), "undated"] if named["when"].isna().any() else [*map(str, periods)]
    counts = (
        named.assign(when=named["when"].astype("str").where(named["when"].notna(), "undated"))
        .groupby(["group", "when"])
        .size()
    )
    most = max(1, int(counts.max())) if len(counts) else 1
    empty = sum(counts.get((group, str(when)), 0) == 0 for group in groups for when in periods)
    head = f"Every {by} has articles in every {say_period(period)}"
    if empty or not periods:
        head = f"{empty} of {len(groups) * len(periods)} cells are empty" if empty else "No article is dated"
    with figure_style():
        axes = framed_axes(
            ax,
            max(8.0, 2.6 + 0.8 * len(columns)),
            0.55 + 0.4 * len(groups),
            head,
            f"Articles per {by} and {say_period(period)}, copies included.",
        )
        for y, group in enumerate(groups):
            for x, when in enumerate(columns):
                count = int(counts.get((group, when), 0))
                shade = plt.get_cmap("Blues")(0.08 + 0.5 * count / most) if count else "white"
                axes.add_patch(
                    plt.Rectangle((x - 0.46, y - 0.42), 0.92, 0.84, facecolor=shade, edgecolor=RULE, linewidth=0.8)
                )
                axes.annotate(
                    str(count) if count else "–",
                    (x, y),
                    ha="center",
                    va="center",
                    fontsize=9.5,
                    color=INK if count else GREY,
                )
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(groups)), [plain(group, 26) for group in groups])
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(groups) - 0.5, -0.5)
        axes.tick_params(axis="x", bottom=False, labelrotation=0 if len(columns) <= 8 else 60)
        axes.spines["bottom"].set_visible(False)
    return axes
