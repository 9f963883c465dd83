"""The figure of who speaks."""

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError, ColumnError


def table(*rows):
    return pd.DataFrame(rows, columns=["outlet", "source_type", "n", "total", "number", "share", "low", "high"])


VOICES = table(
    ("A", "police", 9, 20.0, 15.0, 0.75, 0.6, 0.9), ("A", "expert", 9, 20.0, 5.0, 0.25, 0.1, 0.4),
    ("B", "police", 8, 20.0, 4.0, 0.20, 0.1, 0.3), ("B", "protester", 8, 20.0, 16.0, 0.80, 0.7, 0.9),
)  # fmt: skip


def test_the_title_says_where_an_outlet_stands_apart():
    axes = mk.plot_voices(VOICES)
    head = axes.figure.texts[0].get_text().replace("\n", " ")

    assert head in (
        "A quotes police and military more than the others do",
        "B quotes protesters more than the others do",
    )
    assert "40 quotations" in axes.figure.texts[1].get_text()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["expert", "protester", "police"]


def test_one_outlet_goes_into_the_axes_of_the_user():
    import matplotlib.pyplot as plt

    _, axes = plt.subplots()
    assert mk.plot_voices(VOICES[VOICES["outlet"] == "A"], ax=axes) is axes
    with pytest.raises(ArticleTableError, match="figure of their own"):
        mk.plot_voices(VOICES, ax=axes)


def test_missing_intervals_draw_the_dot_alone():
    few = VOICES.assign(low=np.nan, high=np.nan)
    assert "are quoted most" in mk.plot_voices(few).figure.texts[0].get_text()


def test_nothing_to_show_says_so():
    with pytest.raises(ArticleTableError, match="nobody is quoted"):
        mk.plot_voices(VOICES.head(0))
    with pytest.raises(ColumnError):
        mk.plot_voices(VOICES.drop(columns="share"))


def test_hostile_names_are_text():
    mk.plot_voices(VOICES.replace({"A": "<script>$x$</script>", "police": "$\\frac{1}{0}$"})).figure.canvas.draw()
