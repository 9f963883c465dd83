"""Networks: who is named together, who speaks about whom; as a figure and as GraphML for Gephi, visone and others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from mediakit.errors import ArticleTableError, need_extra, require_columns
from mediakit.report.style import GREY, INK, PALETTE, figure_style, framed_axes, plain

_MOST = 40  # actors in a figure; more cannot be read
_INVALID = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))  # signs that XML cannot hold
_SIGNS = {"o": "●", "s": "■", "^": "▲", "D": "◆"}  # shapes of dots, and how the legend prints them
_Look = tuple[str, str]


def write_graphml(
    edges: pd.DataFrame, path: str | Path, *, nodes: pd.DataFrame | None = None, directed: bool = False
) -> Path:
    """Write a network as GraphML.

    Parameters
    ----------
    edges : DataFrame, one row per edge
        `source` and `target`; all other columns become attributes of the edge.
    path : path of the file to write
    nodes : DataFrame, one row per actor, optional
        One column holds the names as in the edges, the others become attributes; `count_actors(…, by=None)` fits.
    directed : bool, default False

    Returns
    -------
    Path

    Raises
    ------
    ArticleTableError
        When `edges` lacks a column, or `nodes` names no actor of the edges or one twice.
    MissingExtraError
        When networkx is not installed (extra `networks`).

    Examples
    --------
    >>> import tempfile
    >>> edges = pd.DataFrame({"source": ["KZ", "KZ"], "target": ["RU", "CN"], "weight": [5, 2]})
    >>> write_graphml(edges, Path(tempfile.mkdtemp()) / "states.graphml").name
    'states.graphml'
    """
    networkx = _networkx("write_graphml")
    require_columns(edges, ["source", "target"], "the table of edges")
    graph = networkx.DiGraph() if directed else networkx.Graph()
    if nodes is not None:
        column = _name_column(nodes, edges)
        for row in nodes.dropna(subset=[column]).to_dict("records"):
            told = {str(key): _plain(value) for key, value in row.items() if key != column}
            graph.add_node(_clean(row[column]), **told)
    for row in edges.to_dict("records"):
        attributes = {str(key): _plain(value) for key, value in row.items() if key not in ("source", "target")}
        graph.add_edge(_clean(row["source"]), _clean(row["target"]), **attributes)
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    networkx.write_graphml(graph, file, encoding="utf-8")
    return file


def plot_network(
    edges: pd.DataFrame,
    *,
    nodes: pd.DataFrame | None = None,
    colour: str | None = None,
    signed: str | None = None,
    what: str = "actors",
    seed: int = 0,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Draw a network: the heavier an actor's edges, the larger it is; the layout is the same for a seed.

    Parameters
    ----------
    edges : DataFrame, one row per edge
        `source`, `target`, and `weight` (default 1). Only the forty actors with the most weight are drawn.
    nodes : DataFrame, one row per actor, optional
        One column holds the names as in the edges; `colour` names another.
    colour : column of `nodes` that colours the actors, optional
    signed : column of `edges` whose sign colours the edges (blue above, orange below zero), optional
    what : str, default "actors"
        What the dots are, for the line below the title.
    seed : int
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes

    Raises
    ------
    ArticleTableError
        When there is no edge, a column is missing, `colour` is given without `nodes`, or `nodes` names no actor of
        the edges or one twice.
    MissingExtraError
        When networkx is not installed (extra `networks`).

    Examples
    --------
    >>> edges = pd.DataFrame({"source": ["KZ", "KZ"], "target": ["RU", "CN"], "weight": [5, 2]})
    >>> sorted(label.get_text() for label in plot_network(edges).texts)[:3]
    ['CN', 'KZ', 'RU']
    """
    networkx = _networkx("plot_network")
    require_columns(edges, ["source", "target", *([signed] if signed else [])], "the table of edges")
    if edges.empty:
        raise ArticleTableError("the network has no edge: nothing to draw.")
    kinds = _kinds(edges, nodes, colour)
    drawn = edges.assign(weight=edges["weight"] if "weight" in edges.columns else 1.0)
    total = pd.concat([drawn.set_index(end)["weight"] for end in ("source", "target")]).groupby(level=0).sum()
    kept = total.sort_values(ascending=False, kind="stable").index[:_MOST]
    drawn = drawn[drawn["source"].isin(kept) & drawn["target"].isin(kept)]
    graph = networkx.Graph()
    graph.add_nodes_from(sorted(map(str, kept)))
    for row in drawn.sort_values(["source", "target"], kind="stable").itertuples():
        if row.source != row.target:
            graph.add_edge(str(row.source), str(row.target), weight=float(row.weight))
    places = _lay_out(graph, seed)
    head = title or f"{_say(total.index[0] if len(total) == 1 else kept[0])} is at the centre of the network"
    shown = f"{len(graph)} of {len(total)} {what}" if len(total) > len(graph) else f"{len(graph)} {what}"
    below = f"{shown}, {graph.number_of_edges()} pairs; size of a dot: how often named with others;"
    below += " width of a line: how often together."
    if signed:
        below += " Blue: agreeing, orange: opposed."
    with figure_style():
        axes = framed_axes(ax, 8.4, 6.2, head, below)
        heaviest = float(drawn["weight"].max())
        for row in drawn.itertuples():
            if row.source == row.target:
                continue
            (x1, y1), (x2, y2) = places[str(row.source)], places[str(row.target)]
            value = float(getattr(row, signed)) if signed else 0.0
            tint = GREY if not signed or value == 0 else PALETTE[0] if value > 0 else PALETTE[1]
            axes.plot([x1, x2], [y1, y2], color=tint, linewidth=0.6 + 3.4 * row.weight / heaviest, alpha=0.6, zorder=1)
        looks, legend = _looks(graph, kinds)
        sizes = {name: 60 + 540 * float(total.loc[name]) / float(total.max()) for name in graph}
        for name in graph:
            x, y = places[name]
            tint, sign = looks[name]
            axes.scatter(x, y, s=sizes[name], color=tint, marker=sign, edgecolor="white", linewidth=1.0, zorder=2)
        axes.set_axis_off()
        axes.margins(0.12)
        for number, (kind, (tint, sign)) in enumerate(legend.items()):
            spot = (0.0, 0.02 + 0.035 * number)
            axes.annotate(f"{_SIGNS[sign]} {plain(kind, 30)}", spot, xycoords="axes fraction", color=tint, fontsize=9)
        order = sorted(graph, key=lambda name: -sizes[name])
        _label(axes, {name: places[name] for name in order}, sizes, list(graph.edges))
    return axes


def _lay_out(graph: Any, seed: int) -> dict[str, Any]:
    """Place the actors: each connected part by itself, the parts side by side in rows, the largest first."""
    networkx = _networkx("plot_network")
    parts = sorted((sorted(part) for part in networkx.connected_components(graph)), key=lambda part: (-len(part), part))
    sides = [2 * np.sqrt(len(part)) for part in parts]
    wide = max(sides[0], 1.35 * np.sqrt(sum(side**2 for side in sides)))
    places: dict[str, Any] = {}
    left = top = 0.0
    height = sides[0]
    for part, side in zip(parts, sides, strict=True):
        if left and left + side > wide:
            left, top, height = 0.0, top + height, side
        # A subgraph lists its actors in an order that changes from run to run.
        inside = networkx.Graph()
        inside.add_nodes_from(part)
        inside.add_weighted_edges_from(
            sorted((*sorted((a, b)), weight) for a, b, weight in graph.edges(part, "weight"))
        )
        middle = np.array([left + side / 2, -(top + side / 2)])
        if len(part) < 4:
            inner = networkx.circular_layout(inside, scale=0.3 * side)
        else:
            inner = networkx.spring_layout(
                inside, seed=seed, weight="weight", k=2.2 / np.sqrt(len(part)), iterations=200,
                scale=0.42 * side,
            )  # fmt: skip
        places |= {str(name): np.asarray(inner[name]) + middle for name in part}
        left += side
    return places


def _label(axes: Axes, places: dict[str, Any], sizes: dict[str, float], edges: list[tuple[str, str]]) -> None:
    """Write the names beside the dots, each at the first of eight places where it covers least, lines included."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    scale = figure.dpi / 72
    taken = []
    for name, place in places.items():
        x, y = axes.transData.transform(place)
        radius = np.sqrt(sizes[name] / np.pi) * scale
        taken.append((x - radius, y - radius, x + radius, y + radius))
    for one, two in edges:
        begin, stop = (axes.transData.transform(places[name]) for name in (one, two))
        for share in np.linspace(0.05, 0.95, 25):
            x, y = begin + share * (stop - begin)
            taken.append((x - 2, y - 2, x + 2, y + 2))
    for number, (name, place) in enumerate(places.items()):
        gap = np.sqrt(sizes[name] / np.pi) + 3
        best: tuple[float, Text] | None = None
        for across, up, horizontal, vertical in _AROUND:
            text = axes.annotate(
                plain(name, 22), place, xytext=(across * gap, up * gap), textcoords="offset points", fontsize=9,
                color=INK, ha=horizontal, va=vertical, zorder=3,
            )  # fmt: skip
            box = text.get_window_extent(renderer)
            frame = (box.x0, box.y0, box.x1, box.y1)
            covered = sum(_overlap(frame, other) for index, other in enumerate(taken) if index != number)
            if best is None or covered < best[0] - 1e-9:
                if best is not None:
                    best[1].remove()
                best = (covered, text)
            else:
                text.remove()
            if best[0] == 0:
                break
        if best is not None:
            box = best[1].get_window_extent(renderer)
            taken.append((box.x0, box.y0, box.x1, box.y1))


_AROUND = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top"),
    (0.8, 0.8, "left", "bottom"), (-0.8, 0.8, "right", "bottom"), (0.8, -0.8, "left", "top"),
    (-0.8, -0.8, "right", "top"),
)  # fmt: skip


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across * up if across > 0 and up > 0 else 0.0


def _kinds(edges: pd.DataFrame, nodes: pd.DataFrame | None, colour: str | None) -> dict[str, str]:
    """Return what colours each actor; nothing where no colours are asked for."""
    if colour is None:
        return {}
    if nodes is None:
        raise ArticleTableError(
            f"colour={colour!r} is a column of nodes=, which is missing: give a table with one row per actor.\n"
            f'    Of what find_actors returns: nodes=mentions[["actor", "{colour}"]].drop_duplicates("actor").'
        )
    require_columns(nodes, [colour], "the table of nodes")
    names, kinds = nodes[_name_column(nodes, edges)], nodes[colour]
    return {str(name): str(kind) for name, kind in zip(names, kinds, strict=True) if not pd.isna(kind)}


def _name_column(nodes: pd.DataFrame, edges: pd.DataFrame) -> Any:
    """Return the column of the nodes that holds the names of the edges: most of them, and each once."""
    names = set(edges["source"].astype("str")) | set(edges["target"].astype("str"))
    known = {column: len(names & set(nodes[column].astype("str"))) for column in nodes.columns}
    found = max(known, key=lambda column: known[column], default=None)
    if found is None or (names and not known[found]):
        told = ", ".join(map(str, nodes.columns)) or "no columns"
        raise ArticleTableError(
            f"the table of nodes has no column with names of the edges, such as {min(names)!r}; it has {told}."
        )
    twice = nodes[found][nodes[found].duplicated() & nodes[found].notna()]
    if len(twice):
        raise ArticleTableError(
            f"the table of nodes must have one row per actor; {twice.nunique()} have more, the first is "
            f"{twice.iloc[0]!r}.\n    count_actors(…, by=None) counts over all articles."
        )
    return found


def _looks(graph: Any, kinds: dict[str, str]) -> tuple[dict[str, _Look], dict[str, _Look]]:
    """Return colour and shape of every actor, and what they mean; a ninth kind has the first colour again, as squares.

    Kinds have the same look in every network of the same table, whichever of them are drawn.
    """
    if not kinds:
        return dict.fromkeys(graph, (PALETTE[0], "o")), {}
    signs = list(_SIGNS)
    order = {
        kind: (PALETTE[number % len(PALETTE)], signs[number // len(PALETTE) % len(signs)])
        for number, kind in enumerate(sorted(set(kinds.values())))
    }
    used = {kinds[name] for name in graph if name in kinds}
    legend = {} if all(name in kinds for name in graph) else {"not known": (GREY, "o")}
    legend |= {kind: look for kind, look in order.items() if kind in used}
    return {name: order.get(kinds.get(name, ""), (GREY, "o")) for name in graph}, legend


def _say(name: object) -> str:
    return " ".join(str(name).split())[:60]


def _clean(value: object) -> str:
    return str(value).translate(dict.fromkeys(map(ord, _INVALID))).encode("utf-8", "replace").decode("utf-8")


def _plain(value: object) -> Any:
    """Return a value of a type that GraphML knows; missing ones as empty text."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value)
    return "" if value is None or value is pd.NA or value is pd.NaT else _clean(value)


def _networkx(purpose: str) -> Any:
    try:
        import networkx
    except ImportError:
        raise need_extra("networkx", "networks", purpose) from None
    return networkx
