"""Events: windows by hand, a jump that is found, dates without an event, statsmodels' robust errors."""

import numpy as np
import pandas as pd
import pytest

from mediakit import compare_events
from mediakit.compare.events import newey_west
from mediakit.errors import ArticleTableError, ColumnError


def series(seed=0, jump=0.0, days=300, groups=("A",), at=150):
    rng = np.random.default_rng(seed)
    rows = []
    for group in groups:
        for day in range(days):
            shared = rng.normal(0, 0.3)
            rows += [
                (
                    pd.Timestamp("2025-01-01") + pd.Timedelta(days=day),
                    group,
                    shared + rng.normal(0, 1) + jump * (day >= at),
                )
                for _ in range(3)
            ]
    return pd.DataFrame(rows, columns=["date", "outlet", "tone"])


EVENT = {"blockade": "2025-05-31"}  # day 150


def test_windows_and_difference_by_hand():
    table = pd.DataFrame({"date": pd.to_datetime(["2025-01-01", "2025-01-08", "2025-01-09", "2025-01-10", "2025-01-11", "2025-01-13"]),
                          "outlet": "A", "tone": [9.0, 1.0, 3.0, 5.0, 7.0, 9.0]})  # fmt: skip
    row = compare_events(table, "tone", {"strike": "2025-01-10"}, days=2).iloc[0]

    assert (row["before"], row["after"]) == (2, 2)  # the 8th and 9th; the 10th and 11th
    assert row["difference"] == 6 - 2
    assert "too few" in row["note"]


def test_a_jump_is_found_and_no_jump_is_not():
    found = compare_events(series(1, jump=1.0, groups=("A", "B")), "tone", EVENT)

    assert found["group"].tolist() == ["A", "B"]
    assert (found["low"] > 0.3).all()
    assert (found["level_low"] > 0).all()
    assert (found["p_placebo"] < 0.02).all()
    none = compare_events(series(2), "tone", EVENT).iloc[0]
    assert none["low"] < 0 < none["high"]
    assert none["level_low"] < 0 < none["level_high"]
    assert none["p_placebo"] > 0.05


def test_a_change_of_trend_is_a_slope_and_no_jump():
    table = series(3)
    day = (table["date"] - pd.Timestamp("2025-05-31")).dt.days
    table["tone"] += np.maximum(day, 0) * 0.1
    row = compare_events(table, "tone", EVENT).iloc[0]

    assert row["slope_low"] < 0.1 < row["slope_high"]
    assert row["slope_low"] > 0
    assert row["level_low"] < 0 < row["level_high"]


def test_dates_without_an_event_keep_away_from_all_events():
    table = series(4, jump=3.0)
    both = compare_events(table, "tone", {"first": "2025-05-31", "second": "2025-08-01"}, n_placebo=1000)

    assert both["event"].tolist() == ["first", "second"]
    # Of days 30 to 269, those within 30 days of day 150 or 212 are left out.
    assert both["placebo_dates"].unique().tolist() == [240 - 61 - 61]
    assert both["p_placebo"].iloc[0] == pytest.approx(1 / (1 + 118))
    short = compare_events(table.head(190), "tone", {"first": "2025-02-01"}, days=25)
    assert "too few to compare with" in short["note"].iloc[0]
    assert np.isnan(short["p_placebo"].iloc[0])


def test_coverage_of_the_difference_with_days_that_hang_together():
    held = []
    for seed in range(80):
        row = compare_events(
            series(seed, days=61, at=30), "tone", {"x": "2025-01-31"}, n_resamples=400, n_placebo=0
        ).iloc[0]
        held.append(row["low"] <= 0 <= row["high"])
    assert np.mean(held) > 0.87


def test_robust_errors_equal_statsmodels():
    linear = pytest.importorskip("statsmodels.regression.linear_model", reason="needs the extra models")
    rng = np.random.default_rng(0)
    design = np.stack([np.ones(60), np.arange(60.0), np.arange(60) > 30], axis=1)
    noise = np.convolve(rng.normal(0, 1, 64), np.ones(5) / 5, "valid")
    outcome, weights = design @ [1.0, 0.1, 2.0] + noise, rng.integers(1, 9, 60).astype(float)
    fitted = linear.WLS(outcome, design, weights=weights).fit(cov_type="HAC", cov_kwds={"maxlags": 3})
    beta, spread = newey_west(design, outcome, weights, lags=3)

    assert beta.tolist() == pytest.approx(fitted.params.tolist(), abs=1e-9)
    assert np.allclose(spread, fitted.cov_params(), atol=1e-9)


def test_empty_windows_odd_events_and_bad_tables_are_said():
    table = series(5, days=60)
    found = compare_events(
        table, "tone", pd.DataFrame({"date": ["2024-01-01", "2025-03-01"], "label": ["early", "late"]})
    )
    assert "no article in the window" in found["note"].iloc[0]
    assert np.isnan(found["difference"].iloc[0])
    for events, options, message in (
        ({"x": "soon"}, {}, "'x' has no date"), ({}, {}, "no events"), (EVENT, {"days": 1}, "at least two days"),
    ):  # fmt: skip
        with pytest.raises(ArticleTableError, match=message):
            compare_events(table, "tone", events, **options)
    with pytest.raises(ArticleTableError, match="must hold dates"):
        compare_events(table.assign(date="2025-01-01"), "tone", EVENT)
    with pytest.raises(ColumnError, match="label"):
        compare_events(table, "tone", pd.DataFrame({"date": ["2025-01-01"]}))
    with pytest.raises(ArticleTableError, match="nothing to compare"):
        compare_events(table.assign(tone=np.nan), "tone", EVENT)


def test_the_same_seed_gives_the_same_table():
    one, two = (compare_events(series(6), "tone", EVENT, seed=3) for _ in range(2))

    pd.testing.assert_frame_equal(one, two)
