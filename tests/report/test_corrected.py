"""The figure of raw and corrected means: every number is printed, hollow and filled, and gaps are said."""

import numpy as np
import pandas as pd
import pytest

from mediakit import correct_groups, plot_corrected
from mediakit.errors import ColumnError


def corrected(few=False):
    rng = np.random.default_rng(0)
    truth = rng.random(300) < 0.4
    table = pd.DataFrame({"outlet": np.repeat(["A $x$", "B", "C"], 100), "negative": (truth | (rng.random(300) < 0.2)).astype(float)})  # fmt: skip
    table["code"] = np.where(rng.random(300) < 0.4, truth.astype(float), np.nan)
    if few:
        table.loc[table["outlet"] == "C", "code"] = np.nan
    return correct_groups(table, "negative", truth="code")


def test_raw_is_hollow_corrected_is_filled_and_both_are_printed():
    table = corrected()
    axes = plot_corrected(table)
    marks = [line for line in axes.lines if line.get_marker() != "None" and len(line.get_xdata()) == 1]

    assert [float(line.get_xdata()[0]) for line in marks] == pytest.approx(table[["raw", "estimate"]].to_numpy().ravel().tolist())  # fmt: skip
    assert [line.get_markerfacecolor() == "white" for line in marks] == [True, False] * 6
    printed = [text.get_text() for text in axes.texts]
    assert sum("[" in text for text in printed) == 12
    assert "difference from the others" in printed
    assert axes.get_xlabel() == "Negative"
    assert "rises" in axes.figure.texts[0].get_text() or "falls" in axes.figure.texts[0].get_text()


def test_a_group_that_could_not_be_corrected_says_so():
    axes = plot_corrected(corrected(few=True), title="Mine", unit="share")
    assert "too few codes" in [text.get_text() for text in axes.texts]
    assert axes.get_xlabel() == "share"
    assert axes.figure.texts[0].get_text() == "Mine"
    nothing = corrected(few=True).assign(estimate=np.nan, low=np.nan, high=np.nan)
    assert "too few hand codes" in plot_corrected(nothing).figure.texts[0].get_text()


def test_it_draws_in_given_axes_and_refuses_other_tables():
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert plot_corrected(corrected(), ax=ax) is ax
    with pytest.raises(ColumnError, match="the table of corrections has no column 'raw'"):
        plot_corrected(corrected().drop(columns="raw"))
