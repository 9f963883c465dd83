"""Events: windows by hand, a jump that is found, dates without an event, statsmodels' robust errors."""

import numpy as np
import pandas as pd
import pytest

from mediakit import compare_periods
from mediakit.compare.interrupted import fit_interrupted, newey_west, small_sample
from mediakit.errors import ArticleTableError, ColumnError, LoadError


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


def events_of(table, events=EVENT, kind=None, **options):
    """The rows of events, of one kind or of all."""
    found = compare_periods(table, "tone", events=events, **{"n_resamples": 400, **options}).query("kind != 'mean'")
    return found if kind is None else found[found["kind"] == kind].reset_index(drop=True)


def test_windows_and_difference_by_hand():
    table = pd.DataFrame({"date": pd.to_datetime(["2025-01-01", "2025-01-08", "2025-01-09", "2025-01-10", "2025-01-11", "2025-01-13"]),
                          "outlet": "A", "tone": [9.0, 1.0, 3.0, 5.0, 7.0, 9.0]})  # fmt: skip
    row = events_of(table, {"strike": "2025-01-10"}, "difference", days=2).iloc[0]

    assert (row["n_versus"], row["n"]) == (2, 2)  # the 8th and 9th; the 10th and 11th
    assert row["estimate"] == 6 - 2
    assert "too few" in row["note"]
    assert "no interval: 2 days before" in row["note"]


def test_one_table_holds_the_trend_and_below_it_the_events():
    table = series(1, groups=("A", "B"))
    plain, found = compare_periods(table, "tone"), compare_periods(table, "tone", events=EVENT)

    means = found[found["kind"] == "mean"]
    pd.testing.assert_frame_equal(means[plain.columns], plain, check_dtype=False)
    rest = found.iloc[len(means) :]
    assert rest[["group", "kind"]].values.tolist() == [
        [group, kind] for group in "AB" for kind in ("difference", "level", "slope")
    ]
    assert (rest["event"] == "blockade").all()
    assert (rest["start"] == pd.Timestamp("2025-05-31")).all()


def test_a_jump_is_found_and_no_jump_is_not():
    found = events_of(series(1, jump=1.0, groups=("A", "B")))

    assert (found[found["kind"] == "difference"]["low"] > 0.3).all()
    assert (found[found["kind"] == "difference"]["p"] < 0.02).all()
    assert (found[found["kind"] == "level"]["low"] > 0).all()
    none = events_of(series(2)).set_index("kind")
    assert (none["low"] < 0).all()
    assert (none["high"] > 0).all()
    assert (none["p"] > 0.05).all()


def test_a_change_of_trend_is_a_slope_and_no_jump():
    table = series(3)
    day = (table["date"] - pd.Timestamp("2025-05-31")).dt.days
    table["tone"] += np.maximum(day, 0) * 0.1
    found = events_of(table).set_index("kind")

    assert 0 < found.loc["slope", "low"] < 0.1 < found.loc["slope", "high"]
    assert found.loc["level", "low"] < 0 < found.loc["level", "high"]


def test_dates_without_an_event_keep_away_from_all_events():
    table = series(4, jump=3.0)
    both = events_of(table, {"second": "2025-08-01", "first": "2025-05-31"}, "difference", n_placebo=1000)

    assert both["event"].tolist() == ["first", "second"]
    # Of days 30 to 269, those within 30 days of day 150 or 212 are left out.
    assert both["placebo_dates"].unique().tolist() == [240 - 61 - 61]
    assert both["p"].iloc[0] == pytest.approx(1 / (1 + 118))
    short = events_of(table.head(190), {"first": "2025-02-01"}, "difference", days=25)
    assert "too few to compare with" in short["note"].iloc[0]
    assert np.isnan(short["p"].iloc[0])


def test_events_come_from_a_table_a_mapping_or_a_file(tmp_path):
    table = series(1)
    file = tmp_path / "events.csv"
    expected = events_of(table)
    for text in ("date,label\n2025-05-31,blockade\n", "\ufefflabel;date;who\nblockade;2025-05-31;x\n"):
        file.write_text(text, encoding="utf-8")
        pd.testing.assert_frame_equal(events_of(table, file), expected)
        pd.testing.assert_frame_equal(events_of(table, str(file)), expected)
    frame = pd.DataFrame({"date": [pd.Timestamp("2025-05-31 18:00")], "label": ["blockade"]})
    pd.testing.assert_frame_equal(events_of(table, frame), expected)
    with pytest.raises(LoadError, match=r"none\.csv cannot be read"):
        events_of(table, tmp_path / "none.csv")
    file.write_text("date,label\n31/05/2025,blockade\n", encoding="utf-8")
    with pytest.raises(ArticleTableError, match=r"'31/05/2025' in row 1 of the file of events events\.csv"):
        events_of(table, file)
    file.write_text("", encoding="utf-8")
    with pytest.raises(LoadError, match="two columns, date and label"):
        events_of(table, file)


@pytest.mark.parametrize("joint", [0.0, 0.6])
def test_intervals_of_a_jump_hold_it_where_days_hang_together(joint):
    held = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        day = [0.0]
        for step in random.normal(0, np.sqrt(1 - joint**2), 60):
            day.append(joint * day[-1] + step)
        for row in fit_interrupted(np.arange(60), np.array(day[1:]), 30, 0.95).values():
            held.append(row["low"] <= 0 <= row["high"])
    assert np.mean(held) > 0.88


def test_with_independent_errors_few_lags_need_little_correction():
    design = np.stack([np.ones(400), np.arange(400) % 2], axis=1).astype(float)
    outcome = np.random.default_rng(1).normal(0, 1, 400)
    scale, freedom = small_sample(design, outcome, np.ones(400), np.arange(400))

    assert scale[0] == pytest.approx(1, abs=0.1)
    assert freedom[0] > 50


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
    found = events_of(table, pd.DataFrame({"date": ["2024-01-01", "2025-03-01"], "label": ["early", "late"]}))
    assert "no article in the window" in found["note"].iloc[0]
    assert np.isnan(found["estimate"].iloc[0])
    for events, options, message in (
        ({"x": "soon"}, {}, "'x' has no date"), ({}, {}, "the table of events is empty"),
        (EVENT, {"days": 1}, "at least two days"), ({"x": "03/04/2025"}, {}, "'x' has no date"),
        (pd.DataFrame({"date": ["2025-03-01"], "label": [None]}), {}, "row 1 of the table of events has no label"),
        (pd.DataFrame({"date": ["2025-03-01"] * 2, "label": ["x"] * 2}), {}, "'x' is listed twice"),
    ):  # fmt: skip
        with pytest.raises(ArticleTableError, match=message):
            events_of(table, events, **options)
    with pytest.raises(ArticleTableError, match="must hold dates"):
        events_of(table.assign(date="2025-01-01"))
    with pytest.raises(ColumnError, match="label"):
        events_of(table, pd.DataFrame({"date": ["2025-01-01"]}))


def test_odd_values_leave_a_note_and_no_warning():
    table = series(6, days=80, at=40)
    constant = events_of(table.assign(tone=1.0), {"x": "2025-02-10"})
    assert constant["estimate"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    one = pd.concat([table, table.head(1).assign(outlet="lone")])
    rows = events_of(one, {"x": "2025-02-10"}).query("group == 'lone'")
    assert rows["note"].str.contains("no article in the window").all()
    infinite = table.assign(tone=table["tone"].where(table.index % 5 > 0, np.inf))
    assert np.isfinite(events_of(infinite, {"x": "2025-02-10"})["estimate"]).all()


def test_the_same_seed_gives_the_same_table_in_any_order_of_rows():
    table = series(6, groups=("A", "B"))
    one = events_of(table, seed=3)

    pd.testing.assert_frame_equal(one, events_of(table, seed=3))
    pd.testing.assert_frame_equal(one, events_of(table.sample(frac=1, random_state=1), seed=3))
