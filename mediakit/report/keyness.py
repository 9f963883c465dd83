"""Which words set outlets apart: dots with intervals for each group, or a map of two groups."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.labels import label_points
from mediakit.report.style import GREY, INK, RULE, colours_of, figure_style, framed, framed_axes, plain

ALPHA = 0.05  # adjusted p below which a word is called key


def plot_keyness(
    table: pd.DataFrame,
    *,
    kind: str = "bars",
    target: str | None = None,
    most: int = 10,
    columns: int = 2,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Show the key words of groups.

    Parameters
    ----------
    table : DataFrame
        From `score_keyness`.
    kind : {"bars", "scatter"}, default "bars"
        "bars": the surest words of each group (smallest q, then largest z), how many times as often it uses them, with
        intervals.
        "scatter": all words of one target by their rates in target and reference; key words are named.
    target : str, optional
        Show this group only. A scatter needs one, or a table of one.
    most : int, default 10
        Words of a group in bars; of each side in a scatter.
    columns : int, default 2
        Panels in a row.
    ax : Axes, optional
        For one group.
    title : str, optional
        Default: the finding, as a sentence.

    Returns
    -------
    Axes
        The first panel; `ax.figure` is the whole.

    Raises
    ------
    ArticleTableError
        When nothing can be shown, or several groups are given where one is needed.

    Examples
    --------
    >>> table = pd.DataFrame({"target": "A", "reference": "B", "word": ["chaos", "talks"], "hits": [9, 1],
    ...                       "hits_reference": [1, 9], "per_1000": [9.0, 1], "per_1000_reference": [1.0, 9],
    ...                       "log_ratio": [2.7, -2.7], "low": [1.0, -4], "high": [4.0, -1], "z": [3.0, -3],
    ...                       "q": [0.01, 0.01]})
    >>> plot_keyness(table).get_title(loc="left")
    'A'
    """
    rates = ["per_1000", "per_1000_reference", "log_ratio", "low", "high", "z", "q"]
    need = ["target", "reference", "word", "hits", *rates]
    require_columns(table, need, "the table of key words")
    if kind not in ("bars", "scatter"):
        raise ArticleTableError(f'kind={kind!r} is not known; there is "bars" and "scatter".')
    shown = table if target is None else table[table["target"] == target]
    groups = sorted(shown["target"].unique())
    if not groups:
        raise ArticleTableError("no word was scored: nothing to show." if target is None else f"no target {target!r}.")
    if len(groups) > 1 and (kind == "scatter" or ax is not None):
        raise ArticleTableError(f"{len(groups)} targets need target=, one of {', '.join(groups[:10])}.")
    about = table.attrs.get("keyness", {})
    if kind == "scatter":
        return _scatter(shown, groups[0], most, ax, title, about)
    return _bars(shown, groups, most, columns, ax, title, about)


def _bars(
    shown: pd.DataFrame,
    groups: list[str],
    most: int,
    columns: int,
    ax: Axes | None,
    title: str | None,
    about: dict[str, str],
) -> Axes:
    colours = colours_of(groups)
    tops = {group: _top(shown[shown["target"] == group], most) for group in groups}
    head = title or _finding(tops)
    below = "Words that a group uses more than the reference, the surest first; how many times as often, with the"
    below += f" 95% interval over articles. Filled: adjusted p below {ALPHA:g}.{_voice(about)}"
    lines, side = math.ceil(len(groups) / columns), min(columns, len(groups))
    rows = max(max(map(len, tops.values())), 1)
    with figure_style():
        if ax is None:
            size = lines * (0.75 + 0.24 * rows)
            grid = framed(8.4 if side > 1 else 6.4, size, head, below, rows=lines, columns=side, squeeze=False)[1]
            panels = list(grid.ravel())
        else:
            panels = [framed_axes(ax, 6.4, 4.0, head, below)]
        finite = pd.concat(list(tops.values()))[["log_ratio", "low", "high"]].to_numpy(np.float64)
        finite = finite[np.isfinite(finite)]
        left, right = (min(0.0, float(finite.min())), float(finite.max())) if len(finite) else (0.0, 1.0)
        for panel, group in zip(panels, groups, strict=False):
            _panel(panel, tops[group], colours[group])
            panel.set_xlim(left - 0.3, right + 0.3)
            panel.set_ylim(rows - 0.4, -0.6)
            panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _times(value)))
            panel.xaxis.set_major_locator(_powers(left, right))
            if ax is None:
                panel.set_title(plain(group, 40), loc="left", fontsize=10.5, color=INK)
        for panel in panels[len(groups) :]:
            panel.set_visible(False)
    return panels[0]


def _panel(panel: Axes, rows: pd.DataFrame, colour: str) -> None:
    panel.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    for at, row in enumerate(rows.itertuples()):
        key = bool(row.q < ALPHA)
        if np.isfinite(row.low):
            panel.plot([row.low, row.high], [at, at], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
        panel.plot(row.log_ratio, at, marker="o", markersize=6, color=colour, zorder=3,
                   markerfacecolor=colour if key else "white", linestyle="none")  # fmt: skip
    panel.set_yticks(range(len(rows)), [f"{plain(row.word, 24)} ({row.hits})" for row in rows.itertuples()])
    panel.grid(axis="x")
    panel.set_axisbelow(True)
    if not len(rows):
        panel.text(0.5, 0.5, "no word is used more", transform=panel.transAxes, ha="center", color=GREY, fontsize=9)


def _powers(left: float, right: float) -> FixedLocator:
    step = max(1, math.ceil((right - left) / 6))
    first = math.floor(left / step) * step
    return FixedLocator([float(value) for value in range(first, math.ceil(right) + step, step)])


def _times(value: float) -> str:
    """Write a binary logarithm as a ratio: 4×, ¼×."""
    known = {-1: "½×", -2: "¼×", -3: "⅛×"}
    if value < 0:
        return known.get(round(value), f"1/{2 ** round(-value):,}×")
    return f"{2 ** round(value):,}×"


def _scatter(
    shown: pd.DataFrame, group: str, most: int, ax: Axes | None, title: str | None, about: dict[str, str]
) -> Axes:
    key = shown[shown["q"] < ALPHA] if shown["q"].notna().any() else shown
    ours = _top(key, most)
    theirs = key[key["z"] < 0].sort_values(["q", "z", "word"], kind="stable").head(most)
    reference = str(shown["reference"].iloc[0])
    colours = colours_of([group, reference])
    head = title or _finding({group: ours})
    named = "key words (adjusted p below 0.05)" if shown["q"].notna().any() else "words with the largest |z|"
    below = f"Uses per 1,000 words, both axes logarithmic; {len(shown):,} words, named are {named}.{_voice(about)}"
    rates = shown[["per_1000", "per_1000_reference"]].to_numpy()
    floor = 0.5 * float(rates[rates > 0].min())
    with figure_style():
        panel = framed_axes(ax, 7.2, 6.2, head, below)
        x, y = shown["per_1000_reference"].clip(lower=floor), shown["per_1000"].clip(lower=floor)
        panel.set_xscale("log")
        panel.set_yscale("log")
        both = (floor * 0.8, float(max(x.max(), y.max())) * 1.6)
        panel.plot(both, both, color=GREY, linewidth=0.8, zorder=1)
        panel.scatter(x, y, s=9, color=RULE, edgecolor="none", zorder=2)
        points, inks = [], []
        for rows, colour in ((ours, colours[group]), (theirs, colours[reference])):
            at_x, at_y = rows["per_1000_reference"].clip(lower=floor), rows["per_1000"].clip(lower=floor)
            panel.scatter(at_x, at_y, s=22, color=colour, edgecolor="white", linewidth=0.5, zorder=3)
            points.append(list(zip(at_x, at_y, rows["word"], strict=True)))
            inks.append([colour] * len(rows))
        panel.set_xlim(*both)
        panel.set_ylim(*both)
        panel.set_xlabel(f"per 1,000 words: {plain(reference, 40)}")
        panel.set_ylabel(f"per 1,000 words: {plain(group, 40)}")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_locator(LogLocator(base=10))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axis.set_minor_formatter(NullFormatter())
        panel.spines["left"].set_visible(True)
        panel.grid(color=RULE, linewidth=0.5)
        panel.set_axisbelow(True)
        for place, offset, side in (((floor, both[0]), (0, -11), "center"), ((both[0], floor), (-6, 0), "right")):
            panel.annotate(
                "0", place, xytext=offset, textcoords="offset points", ha=side, va="center", fontsize=9, color=GREY,
                annotation_clip=False,
            )  # fmt: skip
        # In turn, so that neither side takes all the room.
        turns = [(a, b) for pair in zip(*map(_padded, points, inks, [most, most]), strict=True) for a, b in pair if a]
        label_points(panel, [point for point, _ in turns], colours=[ink for _, ink in turns])
    return panel


def _padded(points: list[Any], inks: list[str], most: int) -> list[tuple[Any, str]]:
    pairs = list(zip(points, inks, strict=True))
    return [*pairs, *[(None, "")] * (most - len(pairs))]


def _top(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the surest words: z alone puts those low that the reference never has."""
    order = {"q": True, "z": False, "word": True}
    return rows[rows["z"] > 0].sort_values(list(order), ascending=list(order.values()), kind="stable").head(most)


def _finding(tops: dict[str, pd.DataFrame]) -> str:
    """Say which group has the surest key word."""
    best: tuple[float, str, str, float] | None = None
    count = 0
    for group, rows in tops.items():
        known = rows[rows["q"] < ALPHA]
        count += len(known)
        if len(known) and (best is None or float(known["q"].iloc[0]) < best[0]):
            best = (float(known["q"].iloc[0]), group, str(known["word"].iloc[0]), float(known["log_ratio"].iloc[0]))
    if best is None:
        return "No word is surely more frequent in a group than in its reference"
    _, group, word, ratio = best
    if ratio > 6:
        return f"“{word}” is {group}’s surest key word; the reference hardly has it"
    return f"“{word}” is {group}’s surest key word, {2**ratio:.1f} times as frequent as in the reference"


def _voice(about: dict[str, str]) -> str:
    voice = about.get("voice", "all")
    return {"outlet": " The outlet's own words only.", "quoted": " Quoted words only."}.get(voice, "")
