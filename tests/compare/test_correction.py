"""Correction by hand codes: other derivations, coverage where the tool errs differently by outlet, bad input."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mediakit import correct_groups
from mediakit.errors import ArticleTableError, ColumnError


def coded(seed=0, n=1200, share=0.2, weighted=False):
    """A share that a tool gets wrong, in each outlet in another way; the true shares are .3, .4 and .2."""
    rng = np.random.default_rng(seed)
    group = np.repeat(["A", "B", "C"], n // 3)
    part = np.repeat([0, 1, 2], n // 3)
    truth = rng.random(n) < np.array([0.3, 0.4, 0.2])[part]
    chance_of_error = np.where(truth, np.array([0.3, 0.05, 0.2])[part], np.array([0.05, 0.25, 0.1])[part])
    tool = (truth ^ (rng.random(n) < chance_of_error)).astype(float)
    probability = np.where(tool == 1, 1.5 * share, 0.7 * share) if weighted else np.full(n, share)
    drawn = rng.random(n) < probability
    return pd.DataFrame({
        "outlet": group, "says": tool, "code": np.where(drawn, truth.astype(float), np.nan), "chance": probability,
        "story": rng.integers(0, 60, n),
    })  # fmt: skip


def mean_of(found, group):
    return found[(found["kind"] == "mean") & (found["group"] == group)].iloc[0]


def test_design_based_means_equal_a_plain_derivation():
    table = coded(weighted=True)
    found = correct_groups(table, "says", truth="code", probability="chance", calibrate=False)
    for group, rows in table.groupby("outlet"):
        outcome = [
            row.says + ((row.code - row.says) / row.chance if row.code == row.code else 0.0)
            for row in rows.itertuples()
        ]
        mean = sum(outcome) / len(outcome)
        error = (sum((one - mean) ** 2 for one in outcome) / (len(outcome) - 1) / len(outcome)) ** 0.5
        half = stats.t.ppf(0.975, len(outcome) - 1) * error
        row = mean_of(found, group)
        assert row["estimate"] == pytest.approx(mean, abs=1e-12)
        assert (row["low"], row["high"]) == (pytest.approx(mean - half, abs=1e-9), pytest.approx(mean + half, abs=1e-9))
        assert row["raw"] == pytest.approx(rows["says"].mean())
        coded_rows = rows.dropna(subset=["code"])
        assert row["hand"] == pytest.approx(np.average(coded_rows["code"], weights=1 / coded_rows["chance"]))


def test_prediction_powered_means_equal_ppi_python():
    ppi = pytest.importorskip("ppi_py", reason="not installed")
    table = coded(3)
    found = correct_groups(table, "says", truth="code", method="ppi")
    for group, rows in table.groupby("outlet"):
        hand = rows.dropna(subset=["code"])
        free = rows[rows["code"].isna()]
        parts = [part.to_numpy() for part in (hand["code"], hand["says"], free["says"])]
        row = mean_of(found, group)
        assert row["estimate"] == pytest.approx(np.ravel(ppi.ppi_mean_pointestimate(*parts, lam=1))[0], abs=1e-9)
        low, high = (np.ravel(edge)[0] for edge in ppi.ppi_mean_ci(*parts, alpha=0.05, lam=1))
        assert (row["high"] - row["low"]) / (high - low) == pytest.approx(1, abs=0.02)  # t instead of the normal curve


def test_prediction_powered_mean_by_hand():
    table = pd.DataFrame({"outlet": "A", "says": [1.0, 0, 1, 1, 0] * 6, "code": [1.0, 0, 0, np.nan, np.nan] * 6})
    row = mean_of(correct_groups(table, "says", truth="code", method="ppi"), "A")

    assert row["estimate"] == pytest.approx(0.5 - 1 / 3)
    assert row["raw"] == pytest.approx(0.6)
    assert row["hand"] == pytest.approx(1 / 3)
    assert (row["n"], row["coded"]) == (30, 18)


def test_turned_share_by_hand():
    # 100 units, 40 said yes; of 20 coded: sensitivity 8/10, specificity 9/10, so (.4 + .9 - 1) / (.8 + .9 - 1).
    code = [1.0] * 8 + [0.0] + [np.nan] * 31 + [1.0] * 2 + [0.0] * 9 + [np.nan] * 49
    table = pd.DataFrame({"outlet": "A", "says": [1.0] * 40 + [0.0] * 60, "code": code})
    row = mean_of(correct_groups(table, "says", truth="code", method="confusion"), "A")

    assert row["estimate"] == pytest.approx(0.3 / 0.7)
    assert row["low"] < row["estimate"] < row["high"]


@pytest.mark.parametrize(
    ("method", "weighted"), [("design", False), ("design", True), ("ppi", False), ("confusion", True)]
)
def test_corrected_differences_cover_the_truth_where_raw_ones_do_not(method, weighted):
    truth = {"A": 0.3, "B": 0.4, "C": 0.2}
    covered, raw, narrower, number = 0, 0, 0.0, 0
    for seed in range(60):
        options = {} if method == "ppi" else {"probability": "chance"}
        found = correct_groups(
            coded(seed, weighted=weighted), "says", truth="code", method=method, n_resamples=300, **options
        )
        for row in found[found["kind"] == "difference"].itertuples():
            wanted = truth[row.group] - sum(value for name, value in truth.items() if name != row.group) / 2
            covered += row.low <= wanted <= row.high
            raw += row.raw_low <= wanted <= row.raw_high
            narrower += (row.high - row.low) / (row.hand_high - row.hand_low)
            number += 1
    assert covered / number > 0.9
    assert raw / number < 0.5
    if method != "confusion":
        assert narrower / number < 1


def test_calibration_narrows_and_does_not_bias():
    rng = np.random.default_rng(0)
    truth = rng.gamma(1, 1, 2000)
    table = pd.DataFrame({"outlet": "A", "says": 5 - truth + rng.normal(0, 0.3, 2000)})  # the wrong way round
    table["code"] = np.where(rng.random(2000) < 0.1, truth, np.nan)
    with_it, without = (
        mean_of(correct_groups(table, "says", truth="code", calibrate=flag), "A") for flag in (True, False)
    )

    assert with_it["high"] - with_it["low"] < 0.6 * (without["high"] - without["low"])
    assert with_it["low"] < truth.mean() < with_it["high"]


def test_clusters_widen_the_interval():
    rng = np.random.default_rng(1)
    story = np.repeat(np.arange(80), 12)
    truth = (rng.random(960) < np.repeat(rng.beta(0.5, 0.5, 80), 12)).astype(float)
    table = pd.DataFrame(
        {"outlet": "A", "says": truth, "code": np.where(rng.random(960) < 0.4, truth, np.nan), "story": story}
    )
    plain, whole = (mean_of(correct_groups(table, "says", truth="code", cluster=name), "A") for name in (None, "story"))

    assert plain["estimate"] == pytest.approx(whole["estimate"], abs=0.02)
    assert whole["high"] - whole["low"] > 1.8 * (plain["high"] - plain["low"])


def test_contrasts_with_a_reference_and_the_same_seed():
    table = coded(2)
    found = correct_groups(table, "says", truth="code", reference="B", seed=3)

    assert found[found["kind"] == "difference"]["group"].tolist() == ["A", "C"]
    assert found[found["kind"] == "difference"]["versus"].unique().tolist() == ["B"]
    pd.testing.assert_frame_equal(found, correct_groups(table, "says", truth="code", reference="B", seed=3))
    one = correct_groups(table[table["outlet"] == "A"], "says", truth="code")
    assert one["kind"].tolist() == ["mean"]


def test_few_codes_and_odd_rows_are_said():
    table = coded(0)
    few = table.copy()
    few.loc[few["outlet"] == "C", "code"] = np.nan
    found = correct_groups(few, "says", truth="code")

    assert np.isnan(mean_of(found, "C")["estimate"])
    assert "C: 0 coded units are too few" in mean_of(found, "C")["note"]
    assert not np.isnan(mean_of(found, "A")["estimate"])
    assert not np.isnan(mean_of(found, "C")["raw"])
    odd = table.copy()
    odd.loc[:3, "says"] = [np.nan, np.inf, -np.inf, 1.0]
    assert "3 rows left out" in correct_groups(odd, "says", truth="code")["note"][0]
    same = table.assign(says=1.0)
    assert (
        "no better than chance" in mean_of(correct_groups(same, "says", truth="code", method="confusion"), "A")["note"]
    )
    uneven = correct_groups(coded(weighted=True), "says", truth="code", probability="chance", method="ppi")
    assert uneven["note"].str.contains("chances differ").all()


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"chance": 0.0}, {"probability": "chance"}, "above 0 and at most 1"), ({"code": np.nan}, {}, "no row has a code"),
        ({"says": "yes"}, {}, "must be numeric"), ({}, {"method": "magic"}, "method='magic'"),
        ({"says": 0.5}, {"method": "confusion"}, "must be 0 or 1"), ({}, {"reference": "Z"}, "reference='Z'"),
        ({"outlet": None}, {}, "nothing to correct"), ({}, {"by": "says"}, "another column"),
    ],
)  # fmt: skip
def test_bad_input_is_named(change, options, message):
    with pytest.raises(ArticleTableError, match=message):
        correct_groups(coded().assign(**change), "says", truth="code", **options)
    with pytest.raises(ColumnError, match="truths"):
        correct_groups(coded(), "says", truth="truths")
