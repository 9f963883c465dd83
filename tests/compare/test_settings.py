"""Settings: every combination once, failures listed, and a figure that can be read."""

import numpy as np
import pandas as pd
import pytest

from mediakit import compare_groups, compare_settings, plot_settings
from mediakit.errors import ArticleTableError, ColumnError


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    made = pd.DataFrame(
        {"outlet": np.repeat(["A", "B", "C"], 40), "tone": rng.normal(0, 1, 120), "copy": rng.random(120) < 0.2}
    )
    made["tone"] += np.where(made["outlet"] == "A", 0.8, 0.0)
    return made.assign(own=made["tone"] + rng.normal(0, 0.2, 120), cut=rng.random(120) < 0.1)


def choices(table):
    return {
        "copies": {"in": None, "out": ~table["copy"]}, "cut texts": {"in": None, "out": ~table["cut"]},
        "measure": {"vader": "tone", "own": "own"},
    }  # fmt: skip


def test_every_combination_is_there_and_is_the_same_contrast(table):
    found = compare_settings(table, choices(table), n_resamples=200)

    assert len(found) == 8 * 3
    assert not found["failed"].any()
    assert found.groupby("group")["setting"].nunique().tolist() == [8, 8, 8]
    row = found[
        (found["copies"] == "out")
        & (found["cut texts"] == "in")
        & (found["measure"] == "own")
        & (found["group"] == "A")
    ].iloc[0]
    plain = (
        compare_groups(table[~table["copy"]], "own", n_resamples=200, correction="none")
        .query("kind == 'difference' and group == 'A'")
        .iloc[0]
    )
    assert row[["n", "estimate", "low", "high", "p"]].tolist() == plain[["n", "estimate", "low", "high", "p"]].tolist()
    pd.testing.assert_frame_equal(found, compare_settings(table, choices(table), n_resamples=200))


def test_one_group_and_a_reference(table):
    found = compare_settings(table, choices(table), group="A", reference="B", n_resamples=200)

    assert found["group"].unique().tolist() == ["A"]
    assert found["versus"].unique().tolist() == ["B"]
    assert found["estimate"].is_monotonic_increasing


def test_settings_that_fail_are_listed(table):
    picked = {"rows": {"all": None, "one outlet": table["outlet"] == "A", "none": np.zeros(120, dtype=bool)}}
    found = compare_settings(table, picked, value="tone", group="A", n_resamples=200)

    assert found["failed"].tolist() == [False, True, True]
    assert found[found["failed"]]["note"].str.len().gt(5).all()
    plot_settings(found).figure.canvas.draw()


def test_bad_choices_are_named(table):
    for given, options, message in (
        ({}, {"value": "tone"}, "is empty"), ({"a": {}}, {"value": "tone"}, "needs options"), ({"a": {"in": None}}, {}, "value= is needed"),
        ({"a": {"in": np.ones(5, dtype=bool)}}, {"value": "tone"}, "each of the 120 rows"),
        ({"a": {"in": np.ones(120)}}, {"value": "tone"}, "each of the 120 rows"),
        ({"a": {"x": "tone", "y": None}}, {}, "mixes"), ({"a": {"x": "tone"}, "b": {"y": "own"}}, {}, "two choices"),
        ({f"c{n}": {"in": None, "out": ~table["copy"]} for n in range(12)}, {"value": "tone"}, "4,096 combinations"),
    ):  # fmt: skip
        with pytest.raises(ArticleTableError, match=message):
            compare_settings(table, given, **options)
    with pytest.raises(ColumnError, match="nosuch"):
        compare_settings(table, {"a": {"x": "nosuch"}})


def test_the_curve_is_in_order_and_names_the_finding(table):
    found = compare_settings(table, choices(table), n_resamples=200)
    upper = plot_settings(found, group="A")

    assert "A lies above the others under all 8 settings" in upper.figure.texts[0].get_text()
    heights = upper.collections[-1].get_offsets()[:, 1]
    assert (np.diff(heights) >= 0).all()
    labels = [tick.get_text() for tick in upper.figure.axes[1].get_yticklabels()]
    assert labels == ["copies: in", "copies: out", "cut texts: in", "cut texts: out", "measure: vader", "measure: own"]
    with pytest.raises(ArticleTableError, match="3 groups need group="):
        plot_settings(found)
    with pytest.raises(ArticleTableError, match="nothing to show"):
        plot_settings(found, group="Z")
    with pytest.raises(ArticleTableError, match="which columns are choices"):
        plot_settings(pd.DataFrame(found.to_dict("records")))
