"""Labels of points that do not lie on each other: each tries the places around its point, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from mediakit.report.style import INK, RULE, plain

# Places to try, in points to the right and up: beside the point, then farther off with a line to it.
_STEPS = (
    (7, 4), (7, -4), (-7, 4), (-7, -4), (0, 9), (0, -9), (14, 12), (14, -12), (-14, 12), (-14, -12), (0, 20), (0, -20),
    (26, 0), (-26, 0), (24, 22), (24, -22), (-24, 22), (-24, -22), (44, 8), (-44, 8), (44, -8), (-44, -8),
)  # fmt: skip


def label_points(
    ax: Axes,
    points: Sequence[tuple[float, float, str]],
    *,
    size: float = 9,
    colours: Sequence[str] | None = None,
    avoid: Sequence[tuple[float, float]] = (),
) -> int:
    """Write the labels of points (x, y, text), in order; those for which there is no room are left out.

    Returns
    -------
    int, how many were written
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()  # the axes have their final size from here on
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    frame = ax.get_window_extent(renderer)
    scale = figure.dpi / 72
    dots = [ax.transData.transform((x, y)) for x, y, _ in points] + [ax.transData.transform(place) for place in avoid]
    taken = [Bbox.from_extents(x - 3 * scale, y - 3 * scale, x + 3 * scale, y + 3 * scale) for x, y in dots]
    written = 0
    for number, (x, y, text) in enumerate(points):
        mark = ax.annotate(
            plain(text, 30), (x, y), xytext=(0, 0), textcoords="offset points", fontsize=size, zorder=5,
            color=INK if colours is None else colours[number],
        )  # fmt: skip
        for right, up in _STEPS:
            mark.set_position((right, up))
            mark.set_horizontalalignment("left" if right > 0 else "right" if right < 0 else "center")
            mark.set_verticalalignment("bottom" if up > 0 else "top" if up < 0 else "center")
            box = mark.get_window_extent(renderer)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                written += 1
                if abs(right) + abs(up) > 14:
                    ax.annotate(
                        "", (x, y), xytext=(right, up), textcoords="offset points", zorder=1,
                        arrowprops={"arrowstyle": "-", "color": RULE, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 2},
                    )  # fmt: skip
                break
        else:
            mark.remove()
    return written
