"""Specification curve: the estimates of every setting in order, and below which option each of them had."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.style import GREY, INK, PALETTE, RULE, figure_style, framed, plain


def plot_settings(table: pd.DataFrame, *, group: str | None = None, title: str | None = None) -> Axes:
    """Draw the estimates of one group's contrast under every setting, in order, with their options below.

    Parameters
    ----------
    table : DataFrame
        From `compare_settings`.
    group : str, optional
        Needed where the table has several.
    title : str, optional
        Default: the finding, as a sentence.

    Returns
    -------
    Axes
        The upper panel; `ax.figure` is the whole.

    Raises
    ------
    ArticleTableError
        When nothing can be shown, or several groups need `group`.

    Examples
    --------
    >>> import mediakit as mk
    >>> rows = pd.DataFrame({"outlet": list("AB") * 10, "tone": [1.0, 2.0, 1.5, 2.5] * 5, "cut": [True, False] * 10})
    >>> found = mk.compare_settings(rows, {"cut": {"in": None, "first": rows.index < 16}}, value="tone", group="B")
    >>> plot_settings(found).figure.texts[0].get_text()
    'B lies above the others under all 2 settings'
    """
    choices = table.attrs.get("settings", {}).get("choices")
    if not choices:
        raise ArticleTableError("the table does not say which columns are choices; give it as compare_settings() did.")
    require_columns(table, [*choices, "group", "estimate", "low", "high", "failed"], "the table of settings")
    mine = table if group is None else table[table["group"] == group]
    shown = mine[~mine["failed"]]
    groups = sorted(shown["group"].unique())
    if len(groups) > 1:
        raise ArticleTableError(f"{len(groups)} groups need group=, one of {', '.join(groups[:10])}.")
    if not groups:
        raise ArticleTableError("no setting gave an estimate: nothing to show.")
    shown = shown.sort_values(["estimate", "setting"], kind="stable").reset_index(drop=True)
    failed = int(mine["failed"].sum())
    options = [(name, option) for name, several in choices.items() for option in several]
    names = list(choices)
    with figure_style():
        below = f"One dot a setting, {len(shown)} in all, with its interval; filled where the interval excludes zero."
        below += f" {failed} settings gave no estimate." if failed else ""
        height = 2.2 + 0.2 * len(options) + 0.12 * len(names)
        ratios = {"height_ratios": [2.2, 0.2 * len(options) + 0.12 * len(names)]}
        head = title or _finding(shown, groups[0])
        _, panels = framed(7.6, height, head, below, rows=2, sharex=True, gridspec_kw=ratios)
        upper, lower = panels
        places = np.arange(len(shown))
        sure = (shown["low"] > 0) | (shown["high"] < 0)
        upper.axhline(0, color=GREY, linewidth=0.8, zorder=1)
        upper.vlines(places, shown["low"], shown["high"], color=RULE, linewidth=1.4, zorder=2)
        inside = np.where(sure, PALETTE[0], "white")
        upper.scatter(places, shown["estimate"], s=18, zorder=3, edgecolor=PALETTE[0], facecolor=inside)
        upper.set_ylabel("difference")
        upper.grid(axis="y")
        upper.set_axisbelow(True)
        ticks, labels, at, before = [], [], 0.0, names[0]
        for name, option in options:
            at += 0.6 if name != before else 0.0
            here = np.flatnonzero((shown[name] == option).to_numpy())
            lower.scatter(here, np.full(len(here), at), s=14, marker="|", color=INK)
            ticks.append(at)
            labels.append(f"{plain(name, 24)}: {plain(option, 20)}")
            before, at = name, at + 1
        lower.set_yticks(ticks, labels)
        lower.tick_params(axis="y", labelsize=8.5)
        lower.set_ylim(at - 0.4, -0.6)
        lower.set_xticks([])
        lower.spines["bottom"].set_visible(False)
    return upper


def _finding(shown: pd.DataFrame, group: str) -> str:
    above, total = int((shown["estimate"] > 0).sum()), len(shown)
    versus = str(shown["versus"].iloc[0])
    for count, side in ((above, "above"), (total - above, "below")):
        if count == total:
            return f"{group} lies {side} {versus} under all {total} settings"
    most, side = (above, "above") if above >= total - above else (total - above, "below")
    return f"{group} lies {side} {versus} under {most} of {total} settings"
