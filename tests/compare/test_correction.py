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


def plain_mean(rows, scale=1.0):
    """Mean, error and number of coded units of the design-based estimator, unit by unit."""
    outcome = [
        scale * (row.says + ((row.code - row.says) / row.chance if row.code == row.code else 0.0))
        for row in rows.itertuples()
    ]
    mean, units = sum(outcome) / len(outcome), int(rows["code"].notna().sum())
    variance = sum((one - mean) ** 2 for one in outcome) / len(outcome) ** 2
    return mean, (variance * units / (units - 1)) ** 0.5, units


def test_design_based_means_of_scores_equal_a_plain_derivation():
    table = coded(weighted=True)
    scores = table.assign(says=5 * table["says"], code=5 * table["code"])
    found = correct_groups(scores, "says", truth="code", probability="chance", calibrate=False)
    for group, rows in table.groupby("outlet"):
        mean, error, units = plain_mean(rows, 5.0)
        half = stats.t.ppf(0.975, units - 1) * error
        row = mean_of(found, group)
        assert row["estimate"] == pytest.approx(mean, abs=1e-12)
        assert (row["low"], row["high"]) == (pytest.approx(mean - half, abs=1e-9), pytest.approx(mean + half, abs=1e-9))
        assert row["raw"] == pytest.approx(5 * rows["says"].mean())
        coded_rows = rows.dropna(subset=["code"])
        assert row["hand"] == pytest.approx(5 * np.average(coded_rows["code"], weights=1 / coded_rows["chance"]))
    parts = [plain_mean(rows, 5.0) for _, rows in table.groupby("outlet")]
    weights = np.array([1, -0.5, -0.5])
    half = stats.t.ppf(0.975, sum(part[2] for part in parts) - 3) * np.sqrt(
        weights**2 @ [part[1] ** 2 for part in parts]
    )
    row = found[(found["kind"] == "difference") & (found["group"] == "A")].iloc[0]
    assert row["estimate"] == pytest.approx(weights @ [part[0] for part in parts])
    assert (row["high"] - row["low"]) / 2 == pytest.approx(half)


def wilson(share, units, t):
    middle = (share + t**2 / (2 * units)) / (1 + t**2 / units)
    half = t / (1 + t**2 / units) * np.sqrt(share * (1 - share) / units + t**2 / (4 * units**2))
    return middle - half, middle + half


def test_a_corrected_share_has_wilsons_interval_of_the_units_its_error_is_worth():
    table = coded(weighted=True)
    found = correct_groups(table, "says", truth="code", probability="chance", calibrate=False, reference="B")
    shares = {}
    for group, rows in table.groupby("outlet"):
        mean, error, units = plain_mean(rows)
        expected = wilson(mean, mean * (1 - mean) / error**2, stats.t.ppf(0.975, units - 1))
        row = mean_of(found, group)
        assert (row["low"], row["high"]) == pytest.approx(expected)
        shares[group] = mean, *expected
    (one, low, high), (other, other_low, other_high) = shares["A"], shares["B"]
    row = found[(found["kind"] == "difference") & (found["group"] == "A")].iloc[0]
    assert row["estimate"] == pytest.approx(one - other)
    assert row["low"] == pytest.approx(one - other - np.hypot(one - low, other_high - other))
    assert row["high"] == pytest.approx(one - other + np.hypot(high - one, other - other_low))


def test_intervals_of_shares_keep_their_range():
    code = np.where(np.arange(300) % 10 == 0, 0.0, np.nan)  # 30 coded, all no
    says = np.where(np.arange(300) % 50 == 3, 1.0, 0.0)
    table = pd.DataFrame({"outlet": np.repeat(["A", "B", "C"], 100), "says": says, "code": code})
    table.loc[table["outlet"] == "C", ["says", "code"]] = 1 - table.loc[table["outlet"] == "C", ["says", "code"]]
    for method in ("design", "ppi"):
        found = correct_groups(table, "says", truth="code", method=method, reference="C")
        for name in ("A", "B", "C"):
            row = mean_of(found, name)
            assert 0 <= row["low"] <= row["estimate"] <= row["high"] <= 1
            assert row["high"] - row["low"] > 0.05
        apart = found[found["kind"] == "difference"]
        assert (apart["low"] >= -1).all()
        assert (apart["high"] < -0.4).all()
    # Two false alarms among ten coded units that were drawn with small chance: the plain estimate is below 0.
    few = pd.DataFrame({"outlet": "A", "says": [1.0] * 6 + [0.0] * 94, "code": [0.0] * 2 + [np.nan] * 4 + [0.0] * 10 + [np.nan] * 84, "chance": 0.1})  # fmt: skip
    row = mean_of(correct_groups(few, "says", truth="code", probability="chance", calibrate=False), "A")
    assert row["estimate"] == 0
    assert row["low"] == 0
    assert "estimate -0.140 brought to the range" in row["note"]


def test_a_share_of_ten_in_fifty_has_wilsons_own_interval():
    table = pd.DataFrame({"outlet": "A", "says": [0.0, 1.0] * 25, "code": [1.0] * 10 + [0.0] * 40})
    row = mean_of(correct_groups(table, "says", truth="code"), "A")

    assert (row["hand_low"], row["hand_high"]) == pytest.approx(wilson(0.2, 50, stats.t.ppf(0.975, 49)))
    assert row["estimate"] == pytest.approx(0.2)


@pytest.mark.parametrize(("calibrate", "weight"), [(True, None), (False, 1)])
def test_prediction_powered_means_equal_ppi_python(calibrate, weight):
    ppi = pytest.importorskip("ppi_py", reason="not installed")
    table = coded(3)
    scores = table.assign(says=2 * table["says"], code=2 * table["code"])  # no shares: a Wald interval
    found = correct_groups(scores, "says", truth="code", method="ppi", calibrate=calibrate)
    for group, rows in scores.groupby("outlet"):
        hand = rows.dropna(subset=["code"])
        free = rows[rows["code"].isna()]
        parts = [part.to_numpy() for part in (hand["code"], hand["says"], free["says"])]
        row = mean_of(found, group)
        assert row["estimate"] == pytest.approx(np.ravel(ppi.ppi_mean_pointestimate(*parts, lam=weight))[0], abs=1e-9)
        low, high = (np.ravel(edge)[0] for edge in ppi.ppi_mean_ci(*parts, alpha=0.05, lam=weight))
        # Student's t of the coded units instead of the normal curve, and their variance with one degree less.
        inflated = stats.t.ppf(0.975, len(hand) - 1) / stats.norm.ppf(0.975) * np.sqrt(len(hand) / (len(hand) - 1))
        assert (row["high"] - row["low"]) / (high - low) == pytest.approx(inflated, abs=1e-6)


def test_prediction_powered_mean_by_hand():
    table = pd.DataFrame({"outlet": "A", "says": [1.0, 0, 1, 1, 0] * 6, "code": [1.0, 0, 0, np.nan, np.nan] * 6})
    row = mean_of(correct_groups(table, "says", truth="code", method="ppi", calibrate=False), "A")

    assert row["estimate"] == pytest.approx(0.5 - 1 / 3)
    assert row["raw"] == pytest.approx(0.6)
    assert row["hand"] == pytest.approx(1 / 3)
    assert (row["n"], row["coded"]) == (30, 18)


def test_a_confusion_matrix_by_hand():
    # 100 units, 40 said yes; of the coded, 8 of 9 called yes are, and 2 of 11 called no.
    code = [1.0] * 8 + [0.0] + [np.nan] * 31 + [1.0] * 2 + [0.0] * 9 + [np.nan] * 49
    table = pd.DataFrame({"outlet": "A", "says": [1.0] * 40 + [0.0] * 60, "code": code})
    row = mean_of(correct_groups(table, "says", truth="code", method="confusion"), "A")

    assert row["estimate"] == pytest.approx(0.4 * 8 / 9 + 0.6 * 2 / 11)
    assert row["low"] < row["estimate"] < row["high"]
    none = table.assign(code=table["code"].where(table["says"] == 0).fillna(pd.Series([np.nan] * 100)))
    assert (
        "no unit is coded of those that the tool calls yes"
        in mean_of(correct_groups(none, "says", truth="code", method="confusion"), "A")["note"]
    )


def test_the_confusion_matrix_is_the_best_mixture_of_hand_codes_and_rates_turned_round():
    table = coded(5).query("outlet == 'A'")
    row = mean_of(correct_groups(table, "says", truth="code", method="confusion"), "A")
    hand = table.dropna(subset=["code"])
    sensitivity = hand.loc[hand["code"] == 1, "says"].mean()
    specificity = 1 - hand.loc[hand["code"] == 0, "says"].mean()
    turned = (table["says"].mean() + specificity - 1) / (sensitivity + specificity - 1)
    slope = np.cov(hand["code"], hand["says"])[0, 1] / hand["says"].var()  # of the codes on what the tool says
    weight = slope * (sensitivity + specificity - 1)

    assert 0 < weight < 1
    assert row["estimate"] == pytest.approx(weight * turned + (1 - weight) * hand["code"].mean())


@pytest.mark.parametrize(
    ("method", "weighted"), [("design", False), ("design", True), ("ppi", False), ("confusion", True)]
)
def test_corrected_differences_cover_the_truth_where_raw_ones_do_not(method, weighted):
    truth = {"A": 0.3, "B": 0.4, "C": 0.2}
    covered, raw, narrower, number = 0, 0, 0.0, 0
    for seed in range(60):
        options = {} if method == "ppi" else {"probability": "chance"}
        found = correct_groups(coded(seed, weighted=weighted), "says", truth="code", method=method, **options)
        for row in found[found["kind"] == "difference"].itertuples():
            wanted = truth[row.group] - sum(value for name, value in truth.items() if name != row.group) / 2
            covered += row.low <= wanted <= row.high
            raw += row.raw_low <= wanted <= row.raw_high
            narrower += (row.high - row.low) / (row.hand_high - row.hand_low)
            number += 1
    assert covered / number > 0.9
    assert raw / number < 0.5
    assert narrower / number < 0.9


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
    useless = mean_of(correct_groups(same, "says", truth="code", method="confusion"), "A")  # the tool always says yes
    assert (useless["estimate"], useless["low"]) == pytest.approx((useless["hand"], useless["hand_low"]))
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
