"""Who speaks: the share of voice by type of source, a small panel for each outlet."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mediakit.errors import ArticleTableError, require_columns
from mediakit.report.style import GREY, PALETTE, figure_style, framed, plain, title_lines
from mediakit.report.wording import count_of, plural_of, sentence_case

_MOST_ROWS = 10  # of sources and countries, which are many; types of source are all shown


class _Wording(NamedTuple):
    """What `count_voices` counted: one and several of it, what an outlet does, what is done to sources, how often."""

    one: str
    several: str
    does: str
    done: str
    note: str = ""


_COUNTED = {
    "quotes": _Wording("quotation", "quotations", "quotes", "quoted"),
    "quoted_words": _Wording("quoted word", "quoted words", "quotes", "quoted"),
    "indirect": _Wording("indirect attribution", "indirect attributions", "paraphrases", "paraphrased"),
    "attributions": _Wording("attribution", "attributions", "cites", "cited"),
    "sources": _Wording("source", "sources", "cites", "cited", ", each once an article,"),
}
_NOT_KNOWN = _Wording("", "voice", "cites", "cited")
_SPLIT = {  # column -> (what the shares are by, several of it)
    "source_type": ("type of source", "types of source"),
    "named": ("whether the source is named", "kinds of source"),
    "country": ("country of the source", "countries"),
}


def plot_voices(
    voices: pd.DataFrame,
    *,
    by: str = "outlet",
    of: str = "source_type",
    count: str | None = None,
    most: int | None = None,
    columns: int = 3,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Show whose words each outlet quotes: a dot with its interval for each type of source.

    Parameters
    ----------
    voices : DataFrame, as `count_voices` returns it
    by, of : its columns of groups and of types
    count : str, optional
        What was counted, as in `count_voices`, for the words of the figure. Default: what the table says in
        `attrs["voices"]`; where it says nothing, the figure speaks of voice alone.
    most : int, optional
        Rows of a panel, those with the largest shares over all; the figure says how many there are. Default: all types
        of source, ten of anything else.
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
        When there is nothing to show, several groups are given for one Axes, or `count` or `most` is not known.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "A", "source_type": ["police", "expert"], "n": 6, "total": 10.0,
    ...                       "number": [6.0, 4.0], "share": [0.6, 0.4], "low": [0.3, 0.2], "high": [0.8, 0.7]})
    >>> [label.get_text() for label in plot_voices(table).get_yticklabels()]
    ['expert', 'police']
    """
    require_columns(voices, [by, of, "n", "total", "number", "share", "low", "high"], "the table of voices")
    words = _wording_of(voices, count)
    if most is not None and most < 1:
        raise ArticleTableError(f"most={most}: at least one row must be shown.")
    shown = voices.dropna(subset=["share"])
    if shown.empty:
        raise ArticleTableError("nobody is quoted: nothing to show.")
    groups = sorted(shown[by].unique())
    if ax is not None and len(groups) > 1:
        raise ArticleTableError(f"{len(groups)} groups need a figure of their own; ax= takes one group.")
    total = float(shown.groupby(by)["total"].first().sum())
    overall = (shown.groupby(of)["number"].sum() / total).sort_values(ascending=False, kind="stable")
    limit = most or (len(overall) if of in ("source_type", "named") else _MOST_ROWS)
    kinds = list(overall.index[:limit])[::-1]
    right = float(shown.loc[shown[of].isin(kinds), ["share", "high"]].max().max())
    head = title or _finding(shown[shown[of].isin(kinds)], overall, by, of, words)
    below = _measure(shown, overall, limit, total, by, of, words)
    labels = [_label(kind, of) for kind in kinds]
    row = 0.25 if not any("\n" in label for label in labels) else 0.08 + 0.16 * (1 + max(map(_breaks, labels)))
    with figure_style():
        lines, side = math.ceil(len(groups) / columns), min(columns, len(groups))
        if ax is None:
            figure_width = 8.4 if side > 1 else 6.4
            size = lines * (0.8 + row * len(kinds))
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
            _panel(axes, mine, kinds, overall if len(groups) > 1 else None, right)
            axes.set_yticks(range(len(kinds)), labels)
            if len(groups) > 1:
                axes.set_title(plain(_group_name(group, by), 58 // side), fontsize=10.5, pad=4)
            axes.annotate(
                f"n = {count_of(int(mine['n'].iloc[0]), 'article')}", (1, 0), xycoords="axes fraction", xytext=(-3, 3),
                ha="right", va="bottom", textcoords="offset points", fontsize=9, color=GREY,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip
    return panels[0]


def _wording_of(voices: pd.DataFrame, count: str | None) -> _Wording:
    told = voices.attrs.get("voices", {}).get("count") if count is None else count
    if told is None:
        return _NOT_KNOWN
    if told not in _COUNTED:
        raise ArticleTableError(f"count={told!r} is not known; there is {', '.join(_COUNTED)}.")
    return _COUNTED[told]


def _measure(
    shown: pd.DataFrame, overall: pd.Series, limit: int, total: float, by: str, of: str, words: _Wording
) -> str:
    """Say what the shares are of, which rows are shown, and what the marks mean."""
    split, several = _split(of)
    what = f"{total:,.0f} {words.one if total == 1 else words.several}" if words.one else f"voice, {total:,.0f} in all,"
    parts = [f"Share of {what}{words.note} by {split}"]
    if limit < len(overall):
        part = 100 * overall.iloc[:limit].sum()
        shares = f"with {part:.0f}% of all" if limit == 1 else f"with {part:.0f}% together"
        parts.append(f"the {limit} most {words.done} of {len(overall):,} {several}, {shares}")
    lacking = shown["low"].isna()
    if not lacking.all():
        parts.append("95% interval over articles" + (", none below 5 articles" if lacking.any() else ""))
    if len(set(shown[by])) > 1:
        parts.append(f"grey line: all {plural_of(by.replace('_', ' '))} together")
        if not lacking.all():
            parts.append("filled dot: the line is outside the interval")
    return "; ".join(parts) + "."


def _split(of: str) -> tuple[str, str]:
    name = of.replace("_", " ")
    return _SPLIT.get(of, (name, plural_of(name)))


def _label(kind: Hashable, of: str) -> str:
    """Return the label of a row, wrapped."""
    if of == "named":
        return "named" if kind else "not named"
    return plain(str(kind).replace("_", " ") if of == "source_type" else kind, 18 if of == "source_type" else 26)


def _breaks(label: str) -> int:
    return label.count("\n")


def _panel(axes: Axes, mine: pd.DataFrame, kinds: list[Any], overall: pd.Series | None, right: float) -> None:
    for at, kind in enumerate(kinds):
        usual = np.nan if overall is None else overall[kind]
        if overall is not None:
            axes.plot([usual] * 2, [at - 0.32, at + 0.32], color=GREY, linewidth=1.4, alpha=0.7, zorder=1)
        row = mine.loc[kind] if kind in mine.index else pd.Series({"share": 0.0, "low": np.nan, "high": np.nan})
        if np.isfinite(row["low"]):
            axes.plot(
                [row["low"], row["high"]], [at, at], color=PALETTE[0], linewidth=2, solid_capstyle="butt", zorder=2
            )
        apart = bool(np.isfinite(row["low"]) and (usual < row["low"] or usual > row["high"]))
        axes.plot(
            [row["share"]], [at], marker="o", markersize=6.5, color=PALETTE[0], clip_on=False,
            markerfacecolor=PALETTE[0] if apart else "white", markeredgewidth=1.5, zorder=3,
        )  # fmt: skip
    axes.set_ylim(-1.1, len(kinds) - 0.4)
    axes.set_xlim(-0.05 * right, 1.06 * right)
    axes.xaxis.set_major_formatter(plt.FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.xaxis.set_major_locator(plt.MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(labelbottom=True)
    axes.grid(axis="x")
    axes.set_axisbelow(True)


def _finding(shown: pd.DataFrame, overall: pd.Series, by: str, of: str, words: _Wording) -> str:
    """Say where an interval keeps farthest away from the share over all, or what has the largest share."""
    rows = shown[np.isfinite(shown["low"])]
    if len(rows) and len(set(shown[by])) > 1:
        usual = rows[of].map(overall).astype("float64")
        gap = (rows["low"] - usual).combine(usual - rows["high"], max)
        row = rows.loc[gap.idxmax()]
        if gap.max() > 0:
            group, name = _group_name(row[by], by), _name(row[of], of)
            more = "more" if row["share"] > overall[row[of]] else "less"
            if by == "outlet":
                return f"{group} {words.does} {name} {more} than the others do"
            others = plural_of(by.replace("_", " "))
            return f"{sentence_case(name)}: {words.done} {more} in {group} than in the other {others}"
    largest = list(overall.index[overall == overall.max()])
    if len(largest) == len(overall) > 2:
        return f"All {len(overall):,} {_split(of)[1]} are {words.done} alike"
    if len(largest) > 2:
        return f"{len(largest):,} of {len(overall):,} {_split(of)[1]} are {words.done} more than the others, and alike"
    return f"Nobody is {words.done} more than {' and '.join(_name(kind, of) for kind in largest)}"


def _group_name(group: Hashable, by: str) -> str:
    return str(group).replace("_", " ") if by == "story" else str(group)


def _name(kind: Hashable, of: str) -> str:
    """Return how a row is named in a sentence."""
    if of == "named":
        return "named sources" if kind else "sources without a name"
    if of == "country":
        return f"sources from {kind}"
    return _PLURAL.get(str(kind), str(kind)) if of == "source_type" else str(kind)


_PLURAL = {
    "government": "the government", "police": "police and military", "diplomat": "diplomats",
    "opposition": "the opposition", "protester": "protesters", "citizen": "citizens", "expert": "experts",
    "society": "civil society", "company": "companies", "media": "other media", "celebrity": "celebrities",
    "international": "international bodies", "other": "other sources", "unknown": "sources of unknown type",
}  # fmt: skip
