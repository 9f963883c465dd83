"""Figures of key words: what is drawn, labels that do not lie on each other, and what cannot be drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mediakit import plot_keyness
from mediakit.errors import ArticleTableError, ColumnError
from mediakit.report.labels import label_points


def table(targets=("A", "B"), words=14, seed=0):
    rng = np.random.default_rng(seed)
    rows = [
        {
            "target": target, "reference": "all others", "word": f"word{number}", "hits": 5 + number, "hits_reference": number,
            "per_1000": float(rng.lognormal(0, 1)), "per_1000_reference": float(rng.lognormal(0, 1)),
            "log_ratio": float(z), "low": z - 1, "high": z + 1, "z": float(z), "q": 0.01 if abs(z) > 2 else 0.5,
        }
        for target in targets for number, z in enumerate(np.linspace(4, -4, words))
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_bars_show_the_words_that_are_used_more_in_order_of_z():
    first = plot_keyness(table(), most=5)

    assert [label.get_text() for label in first.get_yticklabels()] == [f"word{n} ({5 + n})" for n in range(5)]
    assert [panel.get_title(loc="left") for panel in first.figure.axes] == ["A", "B"]
    dots = [line for line in first.lines if line.get_marker() == "o"]
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, False, False, False, True]


def test_scatter_names_key_words_of_both_sides_without_overlap():
    panel = plot_keyness(table(), kind="scatter", target="A", most=6)
    panel.figure.canvas.draw()
    labels = [text for text in panel.texts if text.get_text().startswith("word")]
    boxes = [label.get_window_extent() for label in labels]

    assert {label.get_text() for label in labels} <= {f"word{n}" for n in (0, 1, 2, 3, 10, 11, 12, 13)}
    assert len(labels) >= 6
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])


def test_labels_without_room_are_left_out():
    _, ax = plt.subplots(figsize=(2, 2))
    written = label_points(ax, [(0.5, 0.5, f"a rather long label {n}") for n in range(60)])

    assert 0 < written < 60
    assert len([text for text in ax.texts if text.get_text()]) == written


def test_one_group_in_axes_of_ones_own_and_dollar_signs():
    rows = table(("A$x$",))
    rows["word"] = [f"${word}$" for word in rows["word"]]
    _, ax = plt.subplots()

    assert plot_keyness(rows, ax=ax) is ax
    plot_keyness(rows, kind="scatter").figure.canvas.draw()


def test_words_without_p_or_interval_are_drawn():
    rows = table(("A",)).assign(q=np.nan, low=np.nan, high=np.nan)

    assert "No word is surely" in plot_keyness(rows).figure.texts[0].get_text()
    assert len(plot_keyness(rows, kind="scatter").texts) > 3


def test_what_cannot_be_shown_is_said():
    with pytest.raises(ArticleTableError, match="no word was scored"):
        plot_keyness(table().head(0))
    with pytest.raises(ArticleTableError, match="no target 'C'"):
        plot_keyness(table(), target="C")
    with pytest.raises(ArticleTableError, match="2 targets need target="):
        plot_keyness(table(), kind="scatter")
    with pytest.raises(ArticleTableError, match="kind='pie'"):
        plot_keyness(table(), kind="pie")
    with pytest.raises(ColumnError, match="log_ratio"):
        plot_keyness(table().drop(columns="log_ratio"))
