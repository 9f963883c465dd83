"""The visual language of every figure: colours that stay with an outlet, type sizes, one direction of grid."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, GREY, RULE = "#1f2328", "#59636e", "#d1d9e0"
# Okabe & Ito's colour-blind safe set, without the yellow that is too light on white, and with markers for grey print.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#7B5EA7")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (6, 2, 1, 2)))

_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 10,
    "text.color": INK,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": INK,
    "axes.edgecolor": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "ytick.left": False,
    "svg.hashsalt": "mediakit",
    "svg.fonttype": "path",
    "axes.unicode_minus": True,
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Set the style for a while, so that the user's own settings stay as they are."""
    # Not rc_context: that would also undo "interactive", which a notebook's backend sets when the first figure is made.
    settings: dict[str, Any] = mpl.rcParams  # type: ignore[assignment]
    before = {name: settings[name] for name in _STYLE}
    settings.update(_STYLE)
    try:
        yield
    finally:
        settings.update(before)


def colours_of(groups: Iterable[str]) -> dict[str, str]:
    """Give each group its colour: by sorted name, so that an outlet keeps it in every figure.

    Examples
    --------
    >>> colours_of(["B", "A"])["A"]
    '#0072B2'
    """
    return {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(sorted(set(groups)))}


def markers_of(groups: Iterable[str]) -> dict[str, str]:
    """Give each group its marker, by sorted name."""
    return {name: MARKERS[number % len(MARKERS)] for number, name in enumerate(sorted(set(groups)))}


def plain(text: object, width: int | None = None) -> str:
    """Return text that matplotlib prints as it is (no mathematics between dollar signs), wrapped and shortened.

    Examples
    --------
    >>> plain("costs $5 and $6")
    'costs \\\\$5 and \\\\$6'
    """
    words = " ".join("".join(char if char.isprintable() else " " for char in str(text)).split())
    lines = textwrap.wrap(words, width) if width else [words]
    if width and len(lines) > 3:
        lines = [*lines[:2], textwrap.shorten(" ".join(lines[2:]), width, placeholder=" …")]
    return "\n".join(lines).replace("$", r"\$")


def framed(
    width: float, height: float, title: str, subtitle: str = "", *, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """Make a figure with the finding on top and, in grey below it, the measure, unit, n and interval.

    The head has its own space above `height`, so that figures of one width print their text at one size.

    Returns
    -------
    figure, axes
        As `matplotlib.pyplot.subplots` returns them.
    """
    head, below = plain(title, int(width * 9.8)), plain(subtitle, int(width * 13.2))
    lines = 0.21 * (head.count("\n") + 1), 0.175 * (below.count("\n") + 1 if below else 0)
    total = height + 0.26 + sum(lines)
    figure, axes = plt.subplots(rows, columns, figsize=(width, total), **options)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0.0, 0.0, 1.0, height / total), h_pad=0.06, w_pad=0.06)
    figure.text(0.012, 1 - 0.08 / total, head, va="top", ha="left", fontsize=12, fontweight="bold", color=INK)
    figure.text(0.012, 1 - (0.1 + lines[0]) / total, below, va="top", ha="left", fontsize=9.5, color=GREY)
    return figure, axes


def title_lines(ax: Axes, title: str, subtitle: str) -> None:
    """Put the finding and the grey line above axes that the user made."""
    below = plain(subtitle, 100)
    ax.set_title(plain(title, 80), loc="left", pad=8 + 13 * (below.count("\n") + 1))
    ax.annotate(
        below,
        (0, 1),
        xytext=(0, 8),
        xycoords="axes fraction",
        textcoords="offset points",
        color=GREY,
        fontsize=9.5,
        va="bottom",
        ha="left",
    )


def framed_axes(ax: Axes | None, width: float, height: float, title: str, subtitle: str) -> Axes:
    """Return the axes to draw in, with their title: the user's, or those of a new figure."""
    if ax is not None:
        title_lines(ax, title, subtitle)
        return ax
    return framed(width, height, title, subtitle)[1]
