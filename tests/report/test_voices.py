"""The figure of who speaks."""

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError, ColumnError
from tests.report.test_figures import overlaps


def table(*rows):
    return pd.DataFrame(rows, columns=["outlet", "source_type", "n", "total", "number", "share", "low", "high"])


VOICES = table(
    ("A", "police", 9, 20.0, 15.0, 0.75, 0.6, 0.9), ("A", "expert", 9, 20.0, 5.0, 0.25, 0.1, 0.4),
    ("B", "police", 8, 20.0, 4.0, 0.20, 0.1, 0.3), ("B", "protester", 8, 20.0, 16.0, 0.80, 0.7, 0.9),
)  # fmt: skip


def head_and_measure(axes):
    return [" ".join(text.get_text().split()) for text in axes.figure.texts[:2]]


def shares(kinds, of="source_type", groups=("A",), by="outlet", n=6):
    """A table in which the first kind has most and the last least, in every group."""
    weights = np.arange(len(kinds), 0, -1)
    rows = [
        (group, kind, n, float(weights.sum()), float(weight), weight / weights.sum(), 0.0, 0.9)
        for group in groups
        for kind, weight in zip(kinds, weights, strict=True)
    ]
    return pd.DataFrame(rows, columns=[by, of, "n", "total", "number", "share", "low", "high"])


def test_the_title_says_where_an_outlet_stands_apart():
    axes = mk.plot_voices(VOICES, count="quotes")
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
    assert head_and_measure(mk.plot_voices(few)) == [
        "Nobody is cited more than police and military",
        "Share of voice, 40 in all, by type of source; grey line: all outlets together.",
    ]
    some = VOICES.assign(low=[0.6, 0.1, np.nan, np.nan])
    assert "95% interval over articles, none below 5 articles;" in head_and_measure(mk.plot_voices(some))[1]


def test_nothing_to_show_says_so():
    with pytest.raises(ArticleTableError, match="nobody is quoted"):
        mk.plot_voices(VOICES.head(0))
    with pytest.raises(ColumnError):
        mk.plot_voices(VOICES.drop(columns="share"))


def test_hostile_names_are_text():
    mk.plot_voices(VOICES.replace({"A": "<script>$x$</script>", "police": "$\\frac{1}{0}$"})).figure.canvas.draw()


def test_every_type_of_source_has_a_row():
    from mediakit.analyses.source_types import TYPES

    axes = mk.plot_voices(shares(TYPES, groups=("A", "B")))

    assert [label.get_text() for label in axes.get_yticklabels()] == list(TYPES)[::-1]
    assert " most " not in head_and_measure(axes)[1]


def test_rows_that_are_cut_are_counted():
    axes = mk.plot_voices(shares([f"Source {k}" for k in range(57)], of="source"), of="source", count="quotes")

    assert [label.get_text() for label in axes.get_yticklabels()][::-1] == [f"Source {k}" for k in range(10)]
    # (57 + 56 + … + 48) / (57 + 56 + … + 1) = 525 / 1653
    assert "the 10 most quoted of 57 sources, with 32% together;" in head_and_measure(axes)[1]
    countries = mk.plot_voices(
        shares([f"C{k}" for k in range(11)], of="country"), of="country", count="sources", most=1
    )
    assert "the 1 most cited of 11 countries, with 17% of all;" in head_and_measure(countries)[1]
    types = mk.plot_voices(shares(["police", "expert", "media"]), most=2)
    assert "the 2 most cited of 3 types of source, with 83% together;" in head_and_measure(types)[1]
    with pytest.raises(ArticleTableError, match="most=0"):
        mk.plot_voices(VOICES, most=0)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("quotes", "Share of 3 quotations by type of source;"),
        ("quoted_words", "Share of 3 quoted words by type of source;"),
        ("indirect", "Share of 3 indirect attributions by type of source;"),
        ("attributions", "Share of 3 attributions by type of source;"),
        ("sources", "Share of 3 sources, each once an article, by type of source;"),
        (None, "Share of voice, 3 in all, by type of source;"),
    ],
)
def test_the_measure_is_what_was_counted(count, words):
    table = shares(["police", "expert"])

    assert head_and_measure(mk.plot_voices(table, count=count))[1].startswith(words)
    table.attrs["voices"] = {"count": count}
    assert head_and_measure(mk.plot_voices(table))[1].startswith(words)


def test_what_was_counted_must_be_known():
    from mediakit.analyses.sources import COUNTS
    from mediakit.report.voices import _COUNTED

    assert set(_COUNTED) == set(COUNTS)
    with pytest.raises(ArticleTableError, match="count='words' is not known; there is quotes, quoted_words"):
        mk.plot_voices(VOICES, count="words")


@pytest.mark.parametrize(
    ("of", "kinds", "head", "split", "rows"),
    [
        ("source", ["Carl Voss", "Ana Ruiz"], "Carl Voss", "by source;", ["Ana Ruiz", "Carl Voss"]),
        ("named", [True, False], "named sources", "by whether the source is named;", ["not named", "named"]),
        ("named", [False, True], "sources without a name", "by whether the source is named;", ["named", "not named"]),
        ("country", ["KZ", "RU"], "sources from KZ", "by country of the source;", ["RU", "KZ"]),
        ("source_type", ["police", "media"], "police and military", "by type of source;", ["media", "police"]),
    ],
)
def test_sources_names_and_countries_have_words_of_their_own(of, kinds, head, split, rows):
    axes = mk.plot_voices(shares(kinds, of=of), of=of, count="quotes")

    assert head_and_measure(axes)[0] == f"Nobody is quoted more than {head}"
    assert split in head_and_measure(axes)[1]
    assert [label.get_text() for label in axes.get_yticklabels()] == rows


def test_equal_shares_have_no_first():
    even = shares(["a", "b", "c"], of="source").assign(number=2.0, share=1 / 3)

    assert head_and_measure(mk.plot_voices(even, of="source", count="quotes"))[0] == "All 3 sources are quoted alike"
    two = even.assign(number=[3.0, 3.0, 0.0])
    assert head_and_measure(mk.plot_voices(two, of="source"))[0] == "Nobody is cited more than a and b"


def test_groups_that_are_no_outlets_and_single_articles_are_said_right():
    stories = VOICES.rename(columns={"outlet": "story"}).replace({"A": "port_strike", "B": "truce"})
    axes = mk.plot_voices(stories, by="story", count="quotes")
    head, measure = head_and_measure(axes)

    assert head in (
        "Police and military: quoted more in port strike than in the other stories",
        "Protesters: quoted more in truce than in the other stories",
    )
    assert "grey line: all stories together;" in measure
    assert axes.get_title(loc="left") == "port strike"
    one = mk.plot_voices(VOICES[VOICES["outlet"] == "A"].assign(n=1))
    assert [text.get_text() for text in one.texts] == ["n = 1 article"]
    assert "grey line" not in head_and_measure(one)[1]


def test_dots_at_zero_are_whole():
    axes = mk.plot_voices(shares(["police", "expert"]).assign(share=[1.0, 0.0], high=[1.0, 0.5]))
    axes.figure.canvas.draw()
    dots = [line for line in axes.lines if line.get_marker() == "o"]

    assert min(float(line.get_xdata()[0]) for line in dots) == 0.0
    left = axes.transData.transform((0, 0))[0] - axes.get_window_extent().x0
    assert left > (6.5 / 2 + 0.75) * axes.figure.dpi / 72  # half a marker and its edge
    assert not any(line.get_clip_on() for line in dots)


LONG = [f"The deputy undersecretary for trade relations of the western province number {k}" for k in range(14)]


@pytest.mark.parametrize(
    "table",
    [
        shares([f"type {k}" for k in range(14)], groups=[f"The Long-Named Courier of the Western Province {k}" for k in "ABCDE"]),
        shares(LONG, groups=("A", "B")), shares(LONG), shares(["police"]), shares(["police", "expert"], groups=list("ABCD"), n=1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", ["source_type", "source"])
def test_labels_do_not_overlap(table, of):
    axes = mk.plot_voices(table.rename(columns={"source_type": of}), of=of)

    assert overlaps(axes.figure) == []
