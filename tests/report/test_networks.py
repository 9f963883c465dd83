"""Networks as figures and as GraphML."""

import os
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError, ColumnError

EDGES = pd.DataFrame({
    "source": ["China", "China", "India", "Kazakhstan"], "target": ["India", "Russia", "Russia", "Russia"],
    "weight": [5, 3, 1, 2], "stance": [0.5, -0.5, 0.0, -1.0],
})  # fmt: skip
NODES = pd.DataFrame({"actor": ["China", "India", "Russia", "Kazakhstan"], "type": ["country"] * 3 + ["host"]})


def test_graphml_holds_every_edge_and_attribute(tmp_path):
    import networkx

    path = mk.write_graphml(EDGES, tmp_path / "deep" / "net.graphml", nodes=NODES)
    graph = networkx.read_graphml(path)

    assert graph.number_of_edges() == 4
    assert graph["China"]["India"] == {"weight": 5, "stance": 0.5}
    assert graph.nodes["Kazakhstan"] == {"type": "host"}
    assert not graph.is_directed()
    assert networkx.read_graphml(mk.write_graphml(EDGES, path, directed=True)).is_directed()


def test_the_same_file_on_every_run(tmp_path):
    one = mk.write_graphml(EDGES, tmp_path / "a.graphml", nodes=NODES).read_bytes()
    other = mk.write_graphml(EDGES, tmp_path / "b.graphml", nodes=NODES).read_bytes()

    assert one == other


def test_hostile_names_stay_text(tmp_path):
    import networkx

    edges = pd.DataFrame({"source": ["<script>alert(1)</script>\x00"], "target": ["$x$ & y"], "weight": [1]})
    graph = networkx.read_graphml(mk.write_graphml(edges, tmp_path / "net.graphml"))

    assert "<script>alert(1)</script>" in graph.nodes
    mk.plot_network(edges)


def test_a_missing_value_is_empty(tmp_path):
    import networkx

    nodes = pd.DataFrame({"actor": ["China"], "type": [None]})
    assert networkx.read_graphml(mk.write_graphml(EDGES, tmp_path / "n.graphml", nodes=nodes)).nodes["China"] == {
        "type": ""
    }


def test_labels_cover_no_other_label():
    names = [f"Actor number {number}" for number in range(14)]
    edges = pd.DataFrame({"source": names[:-1], "target": names[1:], "weight": 1})
    axes = mk.plot_network(edges, nodes=pd.DataFrame({"actor": names, "type": "t"}), colour="type")
    renderer = axes.figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in axes.texts]

    assert {text.get_text() for text in axes.texts} == {*names, "● t"}
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_more_kinds_than_colours_differ_by_shape():
    names = [f"Actor {number:02}" for number in range(10)]
    edges = pd.DataFrame({"source": names[:-1], "target": names[1:], "weight": 1})
    kinds = pd.DataFrame({"actor": names, "type": [f"kind {number}" for number in range(10)]})
    axes = mk.plot_network(edges, nodes=kinds, colour="type")
    legend = [(text.get_text()[0], text.get_color()) for text in axes.texts if "kind" in text.get_text()]

    assert len(set(legend)) == 10
    assert {sign for sign, _ in legend} == {"●", "■"}


def test_the_layout_is_the_same_for_a_seed():
    def places(seed):
        axes = mk.plot_network(EDGES, seed=seed)
        found = [tuple(dots.get_offsets()[0]) for dots in axes.collections]
        plt.close("all")
        return found

    assert places(1) == places(1)
    assert places(1) != places(2)


def test_signed_edges_and_too_many_actors():
    mk.plot_network(EDGES, signed="stance")
    many = pd.DataFrame({"source": ["hub"] * 60, "target": [f"a{n}" for n in range(60)], "weight": range(60)})
    axes = mk.plot_network(many)

    assert len(axes.texts) == 40
    assert "40 of 61 actors" in "".join(text.get_text() for text in axes.figure.texts)


def test_an_empty_network_and_a_missing_column_say_so():
    with pytest.raises(ArticleTableError, match="no edge"):
        mk.plot_network(EDGES.head(0))
    with pytest.raises(ColumnError):
        mk.plot_network(EDGES, signed="sign")
    with pytest.raises(ColumnError):
        mk.write_graphml(EDGES.drop(columns="target"), "x.graphml")


def test_parts_that_are_not_joined_lie_side_by_side_with_dots_apart():
    edges = pd.DataFrame({"source": list("abcdefghxyp"), "target": list("bcdaghefyzq"), "weight": range(1, 12)})
    axes = mk.plot_network(edges)
    spots = np.array([dots.get_offsets()[0] for dots in axes.collections])

    gaps = np.linalg.norm(spots[:, None] - spots, axis=2) + np.eye(len(spots))
    assert gaps.min() > 0.5


def test_the_layout_is_the_same_in_every_process():
    code = (
        "import pandas as pd, mediakit as mk; e = pd.DataFrame({'source': list('abcx'), 'target': list('bcay')});"
        "print([c.get_offsets()[0].round(6).tolist() for c in mk.plot_network(e).collections])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "agg"},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip

    assert len(runs) == 1


def test_counts_over_all_articles_become_attributes_of_their_actors(tmp_path):
    import networkx

    articles = mk.make_articles([{"text": "China met Russia.", "outlet": "A"}, {"text": "China.", "outlet": "B"}])
    mentions = mk.find_actors(articles)
    edges = mk.count_comentions(mentions, articles)
    path = mk.write_graphml(edges, tmp_path / "n.graphml", nodes=mk.count_actors(mentions, articles, by=None))
    graph = networkx.read_graphml(path)

    assert {name: told["mentions"] for name, told in graph.nodes(data=True)} == {"China": 2, "Russia": 1}
    with pytest.raises(ArticleTableError, match="one row per actor; 1 have more, the first is 'China'"):
        mk.write_graphml(edges, path, nodes=mk.count_actors(mentions, articles))


def test_the_names_of_nodes_may_stand_in_any_column(tmp_path):
    import networkx

    turned = NODES[["type", "actor"]]
    graph = networkx.read_graphml(mk.write_graphml(EDGES, tmp_path / "n.graphml", nodes=turned))

    assert graph.nodes["Kazakhstan"] == {"type": "host"}
    assert set(graph) == {"China", "India", "Russia", "Kazakhstan"}


def test_colours_without_their_table_say_what_is_missing():
    with pytest.raises(ArticleTableError, match=r"colour='type' is a column of nodes=, which is missing"):
        mk.plot_network(EDGES, colour="type")
    with pytest.raises(ColumnError, match="the table of nodes has no column 'kind'"):
        mk.plot_network(EDGES, nodes=NODES, colour="kind")
    with pytest.raises(
        ArticleTableError, match="no column with names of the edges, such as 'China'; it has name, type"
    ):
        mk.plot_network(EDGES, nodes=pd.DataFrame({"name": ["Norway"], "type": ["country"]}), colour="type")


def test_actors_without_a_kind_are_grey_and_said_to_be():
    axes = mk.plot_network(EDGES, nodes=NODES.head(2), colour="type")

    assert {"● country", "● not known"} <= {text.get_text() for text in axes.texts}
