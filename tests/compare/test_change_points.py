"""Change points: a jump whose date is known, none in noise, intervals, ruptures' own answer, what is missing said."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError, ColumnError, MissingExtraError

needs_ruptures = pytest.mark.skipif(
    importlib.util.find_spec("ruptures") is None, reason="ruptures is not installed (extra changepoints)"
)
START = pd.Timestamp("2025-01-06")  # a Monday


def weekly(seed=0, jumps=(), weeks=60, group="A", each=4):
    random = np.random.default_rng(seed)
    dates = START + pd.to_timedelta(7 * np.repeat(np.arange(weeks), each), unit="D")
    tone = random.normal(0, 1, weeks * each)
    for at, size in jumps:
        tone[at * each :] += size
    return pd.DataFrame({"date": dates, "outlet": group, "tone": tone})


def test_the_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ruptures", None)
    with pytest.raises(MissingExtraError, match=r"find_change_points needs the library ruptures[^[]*\[changepoints\]"):
        mk.find_change_points(weekly(), "tone")


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        ({}, {"period": "H"}, ArticleTableError, "period='H' is not known"),
        ({}, {"penalty": 0}, ArticleTableError, "penalty=0 must be above 0"),
        ({}, {"by": "outlets"}, ColumnError, r"Did you mean 'outlet'\?"),
        ({"date": "March"}, {}, ArticleTableError, "must hold dates"),
        ({"tone": np.nan}, {}, ArticleTableError, "no trend to show"),
    ],
)
def test_what_is_wrong_is_said(change, options, error, message):
    with pytest.raises(error, match=message):
        mk.find_change_points(weekly().assign(**change), "tone", **options)


@needs_ruptures
def test_a_jump_is_found_in_its_week_with_means_and_intervals():
    table = pd.concat([weekly(1, ((30, 1.5),)), weekly(2, group="B")])
    found = mk.find_change_points(table, "tone")

    assert found["group"].tolist() == ["A", "B"]
    row = found.iloc[0]
    assert row["date_low"] <= START + pd.Timedelta(weeks=30) <= row["date_high"]
    assert abs((row["date"] - START).days - 210) <= 14
    mine = table[table["outlet"] == "A"]
    earlier = mine["date"] < row["date"]
    assert (row["n_before"], row["n_after"]) == (earlier.sum(), (~earlier).sum())
    assert row["before"] == pytest.approx(mine.loc[earlier, "tone"].mean())
    assert row["estimate"] == pytest.approx(row["after"] - row["before"])
    assert row["low"] < 1.5 < row["high"]
    assert found["note"].tolist() == ["", "no change point"]
    assert pd.isna(found["date"].iloc[1])


@needs_ruptures
def test_two_jumps_and_the_answer_of_ruptures_itself():
    import ruptures

    table = weekly(3, ((20, 2.0), (40, -3.0)))
    means = table.groupby("date")["tone"].mean().to_numpy()
    found = mk.find_change_points(table, "tone", penalty=12)
    steps = np.diff(means)
    variance = (np.median(np.abs(steps)) / 0.6745) ** 2 / 2
    # Every week has four articles, so that the weights only scale the squares.
    own = ruptures.Pelt(model="l2", min_size=3, jump=1).fit(means).predict(pen=12 * variance)[:-1]

    assert ((found["date"] - START).dt.days // 7).tolist() == own
    assert len(own) == 2


@needs_ruptures
def test_no_change_is_found_in_noise_in_nine_of_ten_series_or_more():
    found = [mk.find_change_points(weekly(seed), "tone", n_resamples=100)["date"].notna().any() for seed in range(60)]
    assert np.mean(found) < 0.1


@needs_ruptures
def test_odd_series_have_a_note():
    table = pd.concat(
        [weekly(1, group="A").assign(tone=2.0), weekly(1, weeks=5, group="B"), weekly(1, weeks=1, each=1, group="C")]
    )
    found = mk.find_change_points(table, "tone")

    assert found["note"].tolist() == [
        "no change point",
        "5 weeks with articles: too few to look for a change",
        "1 week with articles: too few to look for a change",
    ]
    step = weekly(1).assign(tone=lambda t: (t["date"] >= START + pd.Timedelta(weeks=30)) * 5.0)
    row = mk.find_change_points(step, "tone").iloc[0]
    assert (row["before"], row["after"]) == (0, 5)
    assert row["date"] == START + pd.Timedelta(weeks=30)


@needs_ruptures
def test_the_same_seed_the_order_of_rows_and_a_unit_do_not_change_it():
    table = weekly(1, ((30, 1.5),))
    one = mk.find_change_points(table, "tone", seed=2)

    pd.testing.assert_frame_equal(one, mk.find_change_points(table.sample(frac=1, random_state=1), "tone", seed=2))
    tenfold = mk.find_change_points(table.assign(tone=10 * table["tone"] + 3), "tone", seed=2)
    assert tenfold["date"].tolist() == one["date"].tolist()
    assert tenfold["low"].tolist() == pytest.approx((10 * one["low"]).tolist())
