"""Figures: each answers one question, says the answer in its title, and works from the table alone."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.style import DASHES, GREY, INK, RULE, colours_of, figure_style, framed, markers_of, plain, title_lines
from mediakit.report.wording import interval, name_measure, number, say_contrast


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
    >>> table = pd.DataFrame({"outlet": list("AAAABBBB"), "sentiment": [1.0, 2, 3, 4, 5, 6, 7, 8]})
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
    subtitle = f"Mean and {confidence} bootstrap interval by {settings.get('by', 'group')}; n = articles. Filled differences exclude zero."
    with figure_style():
        axes = _axes(ax, 8.0, 0.8 + 0.36 * rows, title or say_contrast(contrast), subtitle)
        ticks, labels = [], []
        at = 0.0
        for row in means.itertuples():
            _interval(axes, at, row, colours[row.group], markers[row.group], filled=True)
            ticks.append(at)
            labels.append(f"{plain(row.group, 26)} (n = {row.n})")
            at -= 1
        if len(differences):
            versus = str(differences["versus"].iloc[0])
            at -= 0.4
            axes.annotate(f"difference from {plain(versus, 30)}", (0, at), xycoords=("axes fraction", "data"), xytext=(-6, 0),
                          textcoords="offset points", ha="right", va="center", fontsize=9.5, color=GREY, style="italic")  # fmt: skip
            axes.axhline(at + 0.55, color=RULE, linewidth=0.8)
            at -= 1
            for row in differences.itertuples():
                _interval(axes, at, row, colours.get(row.group, INK), markers.get(row.group, "o"), filled=bool(row.low > 0 or row.high < 0), signed=True)
                ticks.append(at)
                labels.append(plain(row.group, 26))
                at -= 1
        axes.set_yticks(ticks, labels)
        axes.set_ylim(at + 0.4, 0.7)
        axes.axvline(0, color=GREY, linewidth=0.9)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.margins(x=0.16)
        axes.set_xlabel(f"{unit}{', relative to the story’s mean' if settings.get('within') else ''}")
    return axes


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
    head = title or f"{name} by {settings.get('by', 'group')} and {_unit_word(str(settings.get('period', 'M')))}"
    undated = int(settings.get("undated", 0))
    single = ax is not None or len(groups) <= 4
    subtitle = f"{unit[:1].upper()}{unit[1:]}; {100 * float(settings.get('confidence', 0.95)):.0f}% intervals from 3 articles on"
    subtitle += "." if single else "; numbers below: articles; the other groups in grey."
    subtitle += f" {undated} undated left out." if undated else ""
    with figure_style():
        if single:
            panels = [_axes(ax, 8.0, 3.6, head, subtitle)]
        else:
            lines = math.ceil(len(groups) / columns)
            _, grid = framed(8.0, 0.35 + 2.05 * lines, head, subtitle, rows=lines, columns=columns, sharex=True, sharey=True, squeeze=False)
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
                    axes.plot([place[s] for s in around["start"]], around["estimate"], color=RULE, linewidth=1, zorder=1)
                axes.set_title(plain(group, 26), fontsize=10.5, color=colours[group], pad=4)
            low, high = rows["low"].astype(float), rows["high"].astype(float)
            axes.fill_between(x, low, high, color=colours[group], alpha=0.14, linewidth=0)
            axes.vlines(x, low, high, color=colours[group], alpha=0.55, linewidth=1.2)
            axes.plot(x, rows["estimate"], color=colours[group], marker=markers[group], markersize=5, linestyle=DASHES[number_ % len(DASHES)] if single else "-", linewidth=1.8, zorder=3)
            if not single:
                for k, row in zip(x, rows.itertuples(), strict=True):
                    axes.annotate(str(row.n), (k, 0), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8, color=GREY)
        for axes in panels[: 1 if single else len(groups)]:
            axes.axhline(0, color=GREY, linewidth=0.8)
            axes.grid(axis="y")
            axes.set_axisbelow(True)
            axes.set_xticks(range(len(starts)), names)
            axes.set_xlim(-0.35, len(starts) - 0.65 if single else len(starts) - 0.65)
            axes.tick_params(axis="x", labelrotation=0 if len(starts) <= 5 else 60)
        if single:
            _label_lines(panels[0], periods, groups, colours, place)
        else:
            bottom, top = panels[0].get_ylim()
            panels[0].set_ylim(bottom - 0.14 * (top - bottom), top)
    return panels[0]


def plot_stories(scores: pd.DataFrame, value: str = "sentiment", *, by: str = "outlet", ax: Axes | None = None, title: str | None = None) -> Axes:
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
    cells = scores.dropna(subset=["story", by]).groupby(["story", by], as_index=False).agg(n=(value, "size"), mean=(value, "mean"))
    if cells.empty:
        raise ArticleTableError(f"no row has both a story and {by!r}: nothing to show.")
    per_story = cells.groupby("story")["n"].sum().sort_values(ascending=False, kind="stable")
    stories = list(per_story.index[:20])
    groups = sorted(cells[by].unique())
    name, _, _, unit = name_measure(value)
    limit = max(0.05, float(cells["mean"].abs().max())) if cells["mean"].notna().any() else 1.0
    covered = len(per_story)
    shown = f"{len(stories)} of {covered} stories" if covered > len(stories) else f"{covered} stories"
    below = f"{unit[:1].upper()}{unit[1:]}. {shown}; number in a dot: articles, if more than one; blue positive, red negative; no dot: no coverage."
    head = title or f"{name} story by story: who covered what, and in which tone"
    with figure_style():
        axes = _axes(ax, max(8.0, 2.2 + 1.0 * len(groups)), 0.9 + 0.42 * len(stories), head, below)
        for cell in cells[cells["story"].isin(stories)].itertuples():
            x, y = groups.index(getattr(cell, by)), stories.index(cell.story)
            colour = plt.get_cmap("RdBu")(0.5 + 0.42 * cell.mean / limit) if np.isfinite(cell.mean) else "white"
            axes.scatter(x - 0.16, y, s=90 + 70 * min(cell.n, 12), color=[colour], edgecolor=GREY, linewidth=0.6, zorder=3)
            axes.annotate(number(cell.mean, 2, signed=True) if np.isfinite(cell.mean) else "n/a", (x + 0.13, y), va="center", fontsize=9, color=INK)
            if cell.n > 1:
                ink = "white" if abs(cell.mean) > 0.6 * limit else INK
                axes.annotate(str(cell.n), (x - 0.16, y), ha="center", va="center", fontsize=9, color=ink, zorder=4)
        axes.set_xticks(range(len(groups)), [plain(group, 13) for group in groups])
        axes.set_yticks(range(len(stories)), [plain(story.replace("_", " "), 26) for story in stories])
        axes.set_xlim(-0.5, len(groups) - 0.35)
        axes.set_ylim(len(stories) - 0.5, -0.6)
        axes.tick_params(axis="x", labelsize=9, bottom=False, labeltop=True, labelbottom=False)
        axes.spines["bottom"].set_visible(False)
        axes.grid(axis="y")
        axes.set_axisbelow(True)
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
        subtitle = f"{unit[:1].upper()}{unit[1:]}; mean with 95% bootstrap interval, from 3 articles on"
        side = min(columns, len(panels))
        names = [plain(group, 24) for group in groups]
        height = 0.36 if any("\n" in name for name in names) else 0.26
        _, grid = framed(8.0, lines * (0.72 + height * len(groups)), title, subtitle, rows=lines, columns=side, sharey=True, sharex=True, squeeze=False)
        flat = list(grid.ravel())
        for spare in flat[len(panels) :]:
            spare.set_axis_off()
        for axes, level in zip(flat, panels, strict=False):
            for row in means[means[panel] == level].itertuples():
                y = groups.index(row.group)
                if np.isfinite(row.low):
                    axes.plot([row.low, row.high], [y, y], color=colours[row.group], linewidth=1.8, solid_capstyle="butt")
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
    counts = named.assign(when=named["when"].astype("str").where(named["when"].notna(), "undated")).groupby(["group", "when"]).size()
    most = max(1, int(counts.max())) if len(counts) else 1
    empty = sum(counts.get((group, str(when)), 0) == 0 for group in groups for when in periods)
    head = f"{empty} of {len(groups) * len(periods)} cells are empty" if empty else f"Every {by} has articles in every {_unit_word(period)}"
    with figure_style():
        axes = _axes(ax, max(8.0, 2.6 + 0.8 * len(columns)), 0.55 + 0.4 * len(groups), head, f"Articles per {by} and {_unit_word(period)}, copies included.")
        for y, group in enumerate(groups):
            for x, when in enumerate(columns):
                count = int(counts.get((group, when), 0))
                shade = plt.get_cmap("Blues")(0.08 + 0.5 * count / most) if count else "white"
                axes.add_patch(plt.Rectangle((x - 0.46, y - 0.42), 0.92, 0.84, facecolor=shade, edgecolor=RULE, linewidth=0.8))
                axes.annotate(str(count) if count else "–", (x, y), ha="center", va="center", fontsize=9.5, color=INK if count else GREY)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(groups)), [plain(group, 26) for group in groups])
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(groups) - 0.5, -0.5)
        axes.tick_params(axis="x", bottom=False, labelrotation=0 if len(columns) <= 8 else 60)
        axes.spines["bottom"].set_visible(False)
    return axes


def save_figure(ax: Axes | Figure, path: str | Path, *, alt: str = "") -> tuple[Path, Path]:
    """Write a figure as SVG and as PNG at double resolution, the same bytes on every run.

    Parameters
    ----------
    ax : Axes or Figure
    path : path without extension
    alt : str
        What the figure shows, for readers who do not see it; stored in the SVG as its description.

    Returns
    -------
    svg, png : Path
    """
    figure = ax if isinstance(ax, Figure) else ax.figure
    stem = Path(path)
    stem.parent.mkdir(parents=True, exist_ok=True)
    svg, png = stem.with_name(f"{stem.name}.svg"), stem.with_name(f"{stem.name}.png")
    with figure_style(), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; the tables hold the name.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support .* natively")
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Description": alt or None})
        svg.write_bytes(buffer.getvalue().replace(b"\r\n", b"\n"))
        figure.savefig(png, format="png", dpi=200, metadata={"Software": None, "Description": alt})
    return svg, png


def _axes(ax: Axes | None, width: float, height: float, title: str, subtitle: str) -> Axes:
    """Return the axes to draw in, with their title: the user's, or those of a new figure."""
    if ax is not None:
        title_lines(ax, title, subtitle)
        return ax
    return framed(width, height, title, subtitle)[1]


def _interval(axes: Axes, y: float, row: object, colour: str, marker: str, *, filled: bool, signed: bool = False) -> None:
    """Draw one dot with its interval, and print both at its right."""
    estimate, low, high = float(row.estimate), float(row.low), float(row.high)  # type: ignore[attr-defined]
    if np.isfinite(low):
        axes.plot([low, high], [y, y], color=colour, linewidth=2, solid_capstyle="butt", zorder=2)
    axes.plot([estimate], [y], marker=marker, markersize=7.5, color=colour, markerfacecolor=colour if filled else "white", markeredgewidth=1.6, zorder=3)
    digits = 2 if abs(estimate) < 10 else 1
    text = f"{number(estimate, digits, signed=signed)}  {interval(low, high, digits, signed=signed)}"
    axes.annotate(text, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9, color=GREY)


def _label_lines(axes: Axes, periods: pd.DataFrame, groups: Sequence[str], colours: dict[str, str], place: dict[object, int]) -> None:
    """Write each group's name at the end of its line, moved apart where they would overlap."""
    ends = []
    for group in groups:
        rows = periods[(periods["group"] == group) & periods["estimate"].notna()]
        if len(rows):
            ends.append([float(rows["estimate"].iloc[-1]), place[rows["start"].iloc[-1]], group])
    low, high = axes.get_ylim()
    gap = 0.065 * (high - low)
    ends.sort(key=lambda end: end[0])
    previous, tall = -np.inf, 1
    for estimate, x, group in ends:
        name = plain(group, 24)
        lines = name.count("\n") + 1
        y = max(estimate, previous + gap * (tall + lines) / 2)
        previous, tall = y, lines
        axes.annotate(name, (x, estimate), xytext=(max(place.values()) + 0.12, y), textcoords="data", va="center", fontsize=9.5, color=colours[group], annotation_clip=False)


def _unit_word(period: str) -> str:
    return {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}.get(period, "period")
