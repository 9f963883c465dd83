"""Figures as files: SVG and PNG, the same bytes on every run."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mediakit.report.style import figure_style


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
    figure = ax if isinstance(ax, Figure) else ax.get_figure(root=True)
    assert figure is not None
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
