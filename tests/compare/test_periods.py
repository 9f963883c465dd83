"""Periods: means by group and calendar unit, in the order of time."""

import numpy as np
import pandas as pd
import pytest

from mediakit import compare_groups, compare_periods
from mediakit.errors import ArticleTableError, ColumnError

TABLE = pd.DataFrame(
    [
        ("B", "2025-03-01", 1.0), ("A", "2025-03-31", 2.0), ("A", "2025-03-02", 4.0), ("A", "2025-03-15", 9.0),
        ("A", "2025-04-01", 7.0), ("A", "2024-12-31", 5.0), ("A", None, 100.0), ("B", "2025-04-01", np.nan),
    ],
    columns=["outlet", "date", "tone"],
).astype({"date": "datetime64[us]"})  # fmt: skip


def test_months_counted_by_hand():
    result = compare_periods(TABLE, "tone")

    assert result[["group", "period", "n", "estimate"]].values.tolist() == [
        ["A", "2024-12", 1, 5.0],
        ["A", "2025-03", 3, 5.0],
        ["A", "2025-04", 1, 7.0],
        ["B", "2025-03", 1, 1.0],
    ]
    assert result["start"].dt.strftime("%Y-%m-%d").tolist() == ["2024-12-01", "2025-03-01", "2025-04-01", "2025-03-01"]
    assert result["note"].tolist() == [
        "no interval: 1 article in A",
        "Student's t: fewer than 6 articles in a group",
        "no interval: 1 article in A",
        "no interval: 1 article in B",
    ]
    assert result["low"].notna().tolist() == [False, True, False, False]
    assert result.attrs["compare"]["undated"] == 1


def test_an_interval_is_that_of_the_same_articles_compared_as_groups():
    march = TABLE[TABLE["date"].dt.month == 3]
    expected = compare_groups(march[march["outlet"] == "A"], "tone").iloc[0]

    row = compare_periods(TABLE, "tone").iloc[1]

    assert row[["low", "high"]].tolist() == expected[["low", "high"]].tolist()


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("D", ["2024-12-31", "2025-03-02", "2025-03-15", "2025-03-31", "2025-04-01"]),
        ("W", ["2024-12-30/2025-01-05", "2025-02-24/2025-03-02", "2025-03-10/2025-03-16", "2025-03-31/2025-04-06"]),
        ("M", ["2024-12", "2025-03", "2025-04"]),
        ("Q", ["2024Q4", "2025Q1", "2025Q2"]),
        ("Y", ["2024", "2025"]),
    ],
)
def test_every_calendar_unit_splits_the_articles_and_loses_none(period, names):
    result = compare_periods(TABLE, "tone", period=period).query("group == 'A'")

    assert result["period"].tolist() == names
    assert result["n"].sum() == 5
    assert (result["n"] * result["estimate"]).sum() == pytest.approx(27)


def test_infinite_values_are_left_out():
    result = compare_periods(TABLE.replace(9.0, np.inf), "tone")

    assert result.loc[result["period"] == "2025-03", ["group", "n", "estimate"]].values.tolist() == [
        ["A", 2, 3.0],
        ["B", 1, 1.0],
    ]


def test_the_order_of_the_rows_is_irrelevant_and_the_table_unchanged():
    before = TABLE.copy(deep=True)

    pd.testing.assert_frame_equal(compare_periods(TABLE.iloc[::-1], "tone"), compare_periods(TABLE, "tone"))
    pd.testing.assert_frame_equal(TABLE, before)


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        ({}, {"period": "H"}, ArticleTableError, r"period='H' is not known; there is D \(day\), W \(week\)"),
        ({}, {"by": "outlets"}, ColumnError, r"Did you mean 'outlet'\?"),
        ({"tone": "x"}, {}, ArticleTableError, "'tone' must be numeric"),
        ({"date": "March"}, {}, ArticleTableError, r"the column date must hold dates; found str.*\n.*to_datetime"),
        ({"date": pd.NaT}, {}, ArticleTableError, "no row has a date, 'tone' and 'outlet'"),
        ({}, {"confidence": 0}, ArticleTableError, "confidence=0 must lie"),
        ({}, {"n_resamples": 3}, ArticleTableError, "n_resamples=3 is too few"),
    ],
)
def test_what_is_wrong_is_said(change, options, error, message):
    with pytest.raises(error, match=message):
        compare_periods(TABLE.assign(**change), "tone", **options)


def test_the_interval_of_a_rate_is_never_below_zero():
    random = np.random.default_rng(3)
    dates = pd.date_range("2025-01-01", periods=60, freq="D")
    rates = random.exponential(9, 60) * (random.random(60) > 0.6)
    table = pd.DataFrame({"date": dates, "outlet": np.where(np.arange(60) % 6, "A", "B"), "per_1000": rates})

    floored, plain = (compare_periods(table, "per_1000", positive=positive).dropna() for positive in (None, False))

    assert (floored["low"] >= 0).all()
    assert (plain["low"] < 0).any()
