"""Raw and corrected side by side: what the tool says of each group, and what is left of it after hand codes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mediakit.errors import require_columns
from mediakit.report.style import GREY, RULE, colours_of, figure_style, framed_axes, markers_of, plain
from mediakit.report.wording import interval, number, sentence_case

_APART = 0.17  # of a row: raw above, corrected below


def plot_corrected(
    table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None, unit: str | None = None
) -> Axes:
    """Show raw and corrected means of groups with their intervals and, below, the differences.

    Parameters
    ----------
    table : DataFrame
        From `correct_groups`.
    ax : Axes, optional
        Draw here instead of in a new figure.
    title : str, optional
        Default: the group whose mean moves most, as a sentence.
    unit : str, optional
        What the axis shows, as "Share of negative sentences". Default: the column `measure` of a study's table, or the
        name of the measured column.

    Returns
    -------
    Axes
        Raw values are hollow, corrected ones filled; a group that could not be corrected has no filled mark.

    Examples
    --------
    >>> import mediakit as mk, numpy as np, pandas as pd
    >>> truth = np.tile([0.0, 1.0], 100)
    >>> table = pd.DataFrame({"outlet": ["A"] * 100 + ["B"] * 100, "yes": np.maximum(truth, np.arange(200) < 100)})
    >>> table["code"] = np.where(np.arange(200) % 3 == 0, truth, np.nan)
    >>> ax = mk.plot_corrected(mk.correct_groups(table, "yes", truth="code"))
    >>> ax.figure.texts[0].get_text()
    'Corrected by hand codes, yes at A falls from 1.00 to 0.50'
    """
    columns = ["kind", "group", "versus", "n", "coded", "raw", "raw_low", "raw_high", "estimate", "low", "high"]
    require_columns(table, columns, "the table of corrections")
    settings = table.attrs.get("correct", {})
    name = str(settings.get("value", "value")).replace("_", " ")
    if unit is None and "measure" in table and len(table):
        unit = sentence_case(str(table["measure"].iloc[0]))
    confidence = f"{100 * float(settings.get('confidence', 0.95)):.0f}%"
    means, differences = table[table["kind"] == "mean"], table[table["kind"] == "difference"]
    colours, markers = colours_of(means["group"]), markers_of(means["group"])
    rows = len(means) + (len(differences) + 1.2 if len(differences) else 0)
    subtitle = f"Hollow: as measured. Filled: corrected by {int(means['coded'].sum()):,} hand-coded units. "
    subtitle += f"{confidence} intervals; that of the measured value does not know of the tool's errors."
    title = title or _say(means, unit[:1].lower() + unit[1:] if unit else name)
    with figure_style():
        axes = framed_axes(ax, 8.0, 0.8 + 0.5 * rows, title, subtitle)
        ticks, labels, at = [], [], 0.0
        for part in (means, differences):
            signed = part is differences
            if signed and len(part):
                at -= 0.1
                versus = plain(f"difference from {part['versus'].iloc[0]}", 34)
                axes.annotate(
                    versus, (0, at), xycoords=("axes fraction", "data"), xytext=(-6, 0), textcoords="offset points",
                    ha="right", va="center", fontsize=9.5, color=GREY, style="italic",
                )  # fmt: skip
                axes.axhline(at + 0.5, color=RULE, linewidth=0.8)
                at -= 0.9
            for row in part.itertuples():
                colour, marker = colours.get(row.group, GREY), markers.get(row.group, "o")
                _mark(axes, at + _APART, (row.raw, row.raw_low, row.raw_high), colour, marker, False, signed)
                _mark(axes, at - _APART, (row.estimate, row.low, row.high), colour, marker, True, signed)
                ticks.append(at)
                counts = "" if signed else f"\n{int(row.coded):,} of {int(row.n):,} coded"
                labels.append(f"{plain(row.group, 26)}{counts}")
                at -= 1
        axes.set_yticks(ticks, labels)
        axes.set_ylim(at + 0.4, 0.65)
        axes.axvline(0, color=GREY, linewidth=0.9)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.margins(x=0.12)
        axes.set_xlabel(unit or sentence_case(name))
    return axes


def _mark(
    axes: Axes, y: float, values: tuple[float, float, float], colour: str, marker: str, filled: bool, signed: bool
) -> None:
    """Draw one estimate with its interval, and print both at its right."""
    estimate, low, high = map(float, values)
    if np.isfinite(low):
        axes.plot([low, high], [y, y], color=colour, linewidth=2 if filled else 1.2, solid_capstyle="butt", zorder=2)
    if np.isfinite(estimate):
        axes.plot(
            [estimate], [y], marker=marker, markersize=7, color=colour, markeredgewidth=1.5, zorder=3,
            markerfacecolor=colour if filled else "white",
        )  # fmt: skip
        digits = 2 if abs(estimate) < 10 else 1
        text = f"{number(estimate, digits, signed=signed)}  {interval(low, high, digits, signed=signed)}"
    else:
        text = "too few codes" if filled else "–"
    axes.annotate(
        text, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points", va="center",
        fontsize=8.5, color="black" if filled else GREY,
    )  # fmt: skip


def _say(means: pd.DataFrame, name: str) -> str:
    moved = (means["estimate"] - means["raw"]).dropna()
    if moved.empty:
        return f"{sentence_case(name)}: too few hand codes to correct any group"
    row = means.loc[moved.abs().idxmax()]
    way = "rises" if row["estimate"] > row["raw"] else "falls"
    digits = 2 if abs(row["raw"]) < 10 else 1
    told = f"from {number(row['raw'], digits)} to {number(row['estimate'], digits)}"
    return f"Corrected by hand codes, {name} at {row['group']} {way} {told}"
