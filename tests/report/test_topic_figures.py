"""Figures of topic models: panels, sentences, names that fit, and what cannot be drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mediakit import plot_topic_choice, plot_topic_shares
from mediakit.errors import ArticleTableError, ColumnError

CHOICE = pd.DataFrame({
    "k": [6, 4, 5], "npmi": [0.3, 0.1, 0.4], "exclusivity": [0.9, 0.8, 0.7], "stability": [0.5, 0.9, 0.8],
    "kept": [0.6, 0.9, 0.8],
})  # fmt: skip


def shares(groups=("A", "B"), topics=("ferry, port, strike", "summit, treaty, envoy")):
    rows = [
        {
            "outlet": group,
            "topic": number,
            "name": name,
            "n": 10,
            "share": value,
            "low": value - 0.1,
            "high": value + 0.1,
        }
        for at, group in enumerate(groups)
        for number, (name, value) in enumerate(zip(topics, (0.8, 0.2) if at == 0 else (0.4, 0.6), strict=True))
    ]
    return pd.DataFrame(rows)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_four_panels_in_order_of_k_with_the_best_filled():
    first = plot_topic_choice(CHOICE, chosen=5)
    panels = [panel for panel in first.figure.axes if panel.get_visible()]

    assert len(panels) == 4
    line = next(line for line in first.lines if len(line.get_xdata()) == 3)
    assert list(line.get_xdata()) == [4, 5, 6]
    assert list(first.lines[-1].get_xdata()) == [5]
    assert "With 5 topics, 80% of the articles" in first.figure.texts[0].get_text()
    assert "5 topics, the number chosen" in first.figure.texts[1].get_text().replace("\n", " ")


def test_what_was_not_measured_has_no_panel():
    first = plot_topic_choice(CHOICE.assign(stability=np.nan, kept=np.nan))

    titles = [panel.get_title(loc="left") for panel in first.figure.axes if panel.get_visible()]
    assert titles == ["Coherence (NPMI)", "Exclusivity"]
    assert "With 4 topics, 90%" in plot_topic_choice(CHOICE).figure.texts[0].get_text()
    assert "With 5 topics" in first.figure.texts[0].get_text()


def test_the_title_says_which_group_stands_apart():
    first = plot_topic_shares(shares())

    assert first.figure.texts[0].get_text().replace("\n", " ") in (
        "A writes more about “ferry, port, strike” than all outlets together",
        "B writes more about “summit, treaty, envoy” than all outlets together",
        "A writes less about “summit, treaty, envoy” than all outlets together",
        "B writes less about “ferry, port, strike” than all outlets together",
    )
    assert first.get_title(loc="left") == "A (10)"
    assert "20 articles" in first.figure.texts[1].get_text()


def test_few_articles_draw_the_dot_alone():
    first = plot_topic_shares(shares().assign(low=np.nan, high=np.nan))
    assert "The largest topic is" in first.figure.texts[0].get_text()


def test_names_of_topics_do_not_lie_on_each_other():
    topics = ("very long words, otherwise unheard of, in this place", "another rather long name, really, it is")
    first = plot_topic_shares(shares(("A", "B", "C", "D"), topics))
    first.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in first.get_yticklabels()]

    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_two_topics_of_one_name_are_two_rows():
    assert len(plot_topic_shares(shares(topics=("talks", "talks"))).get_yticklabels()) == 2


def test_axes_of_ones_own_hostile_names_and_what_cannot_be_shown():
    _, ax = plt.subplots()
    one = shares(("$x$",), ("$\\frac{1}{0}$", "<b>"))
    assert plot_topic_shares(one, ax=ax) is ax
    ax.figure.canvas.draw()
    with pytest.raises(ArticleTableError, match="2 groups need"):
        plot_topic_shares(shares(), ax=ax)
    with pytest.raises(ArticleTableError, match="nothing to show"):
        plot_topic_shares(shares().head(0))
    with pytest.raises(ArticleTableError, match="nothing to show"):
        plot_topic_choice(CHOICE.head(0))
    with pytest.raises(ColumnError, match="npmi"):
        plot_topic_choice(CHOICE.drop(columns="npmi"))
    with pytest.raises(ColumnError, match="share"):
        plot_topic_shares(shares().drop(columns="share"))
