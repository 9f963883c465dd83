"""Groups: means equal pandas, intervals a plain derivation, effects other packages; nothing odd stops the comparison."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mediakit import compare_groups
from mediakit.compare.inside import StoryDesign
from mediakit.compare.resampling import UnitDesign, adjust
from mediakit.errors import ArticleTableError, ColumnError


def table_of(**groups):
    """One row per value; the group is the outlet."""
    return pd.DataFrame(
        [(name, float(value)) for name, values in groups.items() for value in values], columns=["outlet", "tone"]
    )


def stories(rows):
    """Rows such as "s1 A 2" are story, outlet and tone."""
    frame = pd.DataFrame([row.split() for row in rows], columns=["story", "outlet", "tone"])
    return frame.astype({"tone": "float64"})


def row_of(result, kind, group):
    return result[(result["kind"] == kind) & (result["group"] == group)].iloc[0]


@pytest.fixture(scope="module")
def skewed():
    random = np.random.default_rng(11)
    return table_of(A=random.exponential(1, 40), B=random.normal(1.5, 0.5, 25), C=-random.exponential(2, 30))


def test_means_and_counts_equal_pandas(skewed):
    result = compare_groups(skewed, "tone").query("kind == 'mean'").set_index("group")
    expected = skewed.groupby("outlet")["tone"].agg(["mean", "size"])

    assert result["estimate"].sort_index().tolist() == pytest.approx(expected["mean"].tolist())
    assert result["n"].sort_index().tolist() == expected["size"].tolist()
    assert result["estimate"].is_monotonic_decreasing


def test_a_difference_is_with_the_mean_of_the_other_groups_each_weighing_the_same():
    result = compare_groups(table_of(A=[1, 1, 1, 1, 1, 1], B=[2, 3, 4], C=[6, 8, 10]), "tone")

    assert row_of(result, "difference", "A")["estimate"] == pytest.approx(1 - (3 + 8) / 2)
    assert row_of(result, "difference", "C")["estimate"] == pytest.approx(8 - (1 + 3) / 2)
    assert row_of(result, "difference", "C")[["versus", "n", "n_versus"]].tolist() == ["the others", 3, 9]


@pytest.mark.parametrize("group", ["A", "B", "C"])
def test_resampled_means_are_spread_as_those_of_scipy(skewed, group):
    sample = skewed.loc[skewed["outlet"] == group, "tone"].to_numpy()
    expected = stats.bootstrap((sample,), np.mean, method="percentile", n_resamples=9999, rng=1)
    means, errors = UnitDesign({group: sample}, 9999, 0.95, 0).drawn(group)

    assert means.std(ddof=1) == pytest.approx(expected.standard_error, rel=0.03)
    low, high = np.quantile(means, [0.025, 0.975])
    assert (low, high) == pytest.approx(tuple(expected.confidence_interval), abs=0.05 * (high - low))
    assert np.sqrt(errors.mean()) == pytest.approx(sample.std(ddof=1) / np.sqrt(len(sample)), rel=0.05)


@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_the_studentised_interval_of_a_difference_by_a_plain_derivation(skewed, confidence):
    one, other = (skewed.loc[skewed["outlet"] == name, "tone"].to_numpy() for name in ("A", "C"))
    random = np.random.default_rng(2)

    def error(x, y):
        return np.sqrt(x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y))

    difference = one.mean() - other.mean()
    t = []
    for _ in range(9999):
        x, y = random.choice(one, len(one)), random.choice(other, len(other))
        t.append((x.mean() - y.mean() - difference) / error(x, y))
    low, high = np.quantile(t, [(1 - confidence) / 2, (1 + confidence) / 2])
    even = np.quantile(np.abs(t), confidence)
    low, high = (low - even) / 2, (high + even) / 2  # the middle between equal tails and a symmetric interval
    expected = difference - high * error(one, other), difference - low * error(one, other)
    both = skewed[skewed["outlet"] != "B"]
    row = row_of(compare_groups(both, "tone", n_resamples=9999, confidence=confidence), "difference", "A")

    assert (row["low"], row["high"]) == pytest.approx(expected, abs=0.03 * (expected[1] - expected[0]))


def test_shares_have_wilsons_interval_and_newcombes():
    # Newcombe 1998, table II, example a: 56 of 70 and 48 of 80; method 10 gives .0524 to .3339.
    result = compare_groups(table_of(A=[1] * 56 + [0] * 14, B=[1] * 48 + [0] * 32), "tone")
    row = row_of(result, "difference", "A")

    assert (row["estimate"], row["low"], row["high"]) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    wilson = stats.binomtest(56, 70).proportion_ci(method="wilson")
    assert row_of(result, "mean", "A")[["low", "high"]].tolist() == pytest.approx([wilson.low, wilson.high])


def test_clusters_are_resampled_whole():
    random = np.random.default_rng(3)
    story = np.repeat(np.arange(60), 10)
    table = pd.DataFrame({
        "outlet": np.where(np.arange(600) % 2, "A", "B"), "story": story,
        "tone": random.normal(0, 1, 60)[story] + random.normal(0, 0.3, 600),
    })  # fmt: skip
    nested = table.assign(outlet=np.where(story % 2, "A", "B"))

    def width(data, name, **options):
        row = row_of(compare_groups(data, "tone", **options), name, "A")
        return row["high"] - row["low"]

    assert width(nested, "mean", cluster="story") > 2 * width(nested, "mean")
    assert width(nested, "difference", cluster="story") > 2 * width(nested, "difference")
    # Outlets that share their stories differ less than their means do.
    assert width(table, "difference", cluster="story") < 0.7 * width(table, "difference")
    plain = compare_groups(nested, "tone")
    assert row_of(compare_groups(nested, "tone", cluster="story"), "mean", "A")["estimate"] == pytest.approx(
        row_of(plain, "mean", "A")["estimate"]
    )


def test_weights_give_the_ratio_of_totals():
    random = np.random.default_rng(4)
    words = random.integers(100, 900, 80)
    hits = random.poisson(words * 0.004)
    table = pd.DataFrame({"outlet": ["A", "B"] * 40, "rate": 1000 * hits / words, "words": words})
    result = compare_groups(table, "rate", weights="words")

    for name, rows in table.assign(hits=hits).groupby("outlet"):
        row = row_of(result, "mean", name)
        assert row["estimate"] == pytest.approx(1000 * rows["hits"].sum() / rows["words"].sum())
        assert row["low"] < row["estimate"] < row["high"]
    with pytest.raises(ArticleTableError, match="negative weights"):
        compare_groups(table.assign(words=-1), "rate", weights="words")


def test_pairs_and_adjusted_chance():
    random = np.random.default_rng(6)
    table = table_of(**{name: random.normal(shift, 1, 30) for name, shift in zip("ABCD", (0, 0, 0, 2), strict=True)})
    result = compare_groups(table, "tone", contrasts="pairs").query("kind == 'difference'")

    assert len(result) == 6
    with_d = result[(result["group"] == "D") | (result["versus"] == "D")]
    assert (with_d["p_adjusted"] < 0.01).all()
    assert (result["p_adjusted"] >= result["p"]).all()
    rest = result[(result["group"] != "D") & (result["versus"] != "D")]
    assert (rest["p_adjusted"] > 0.05).all()


@pytest.mark.parametrize("correction", ["holm", "bonferroni", "fdr_bh"])
def test_corrections_equal_statsmodels(correction):
    multitest = pytest.importorskip("statsmodels.stats.multitest", reason="not installed")
    p = np.array([0.01, 0.04, np.nan, 0.03, 0.005, 0.5, 0.04])
    known = ~np.isnan(p)
    expected = multitest.multipletests(p[known], method=correction)[1]

    assert adjust(p, correction)[known].tolist() == pytest.approx(expected.tolist(), abs=1e-12)
    assert np.isnan(adjust(p, correction)[2])


def test_chance_by_hand_and_under_the_null():
    # Two groups of three: 20 ways to label, 2 of them as far apart as 1 2 3 against 7 8 9.
    row = row_of(compare_groups(table_of(A=[1, 2, 3], B=[7, 8, 9]), "tone", n_resamples=20_000), "difference", "A")
    assert row["p"] == pytest.approx(0.1, abs=0.01)
    random = np.random.default_rng(8)
    found = [
        compare_groups(table_of(A=random.exponential(1, 12), B=random.exponential(1, 25)), "tone", n_resamples=300)["p"].iloc[-1]
        for _ in range(120)
    ]  # fmt: skip
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_effect_sizes_equal_pingouin_and_a_plain_count(skewed):
    one, other = (skewed.loc[skewed["outlet"] == name, "tone"].to_numpy() for name in ("A", "B"))
    row = row_of(compare_groups(skewed[skewed["outlet"] != "C"], "tone"), "difference", "A")
    plain = np.mean([np.sign(x - y) for x in one for y in other])

    assert row["cliff"] == pytest.approx(plain, abs=1e-12)
    assert row["cliff_low"] < row["cliff"] < row["cliff_high"] <= 1
    assert row["effect_low"] < row["effect"] < row["effect_high"]
    pingouin = pytest.importorskip("pingouin", reason="not installed")
    assert row["effect"] == pytest.approx(pingouin.compute_effsize(one, other, eftype="hedges"), abs=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"contrasts": "all"}, "contrasts='all'"), ({"correction": "magic"}, "correction='magic'"),
        ({"within": "story", "cluster": "day"}, "no cluster= or weights="), ({"cluster": "tone"}, "another column"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_are_named(skewed, options, message):
    with pytest.raises(ArticleTableError, match=message):
        compare_groups(skewed.assign(story="s", day="d"), "tone", **options)


def stories_of(seed, outlets=("A", "B", "C")):
    random = np.random.default_rng(seed)
    story = random.integers(0, 40, 300)
    outlet = random.integers(0, len(outlets), 300)
    tone = random.normal(0, 1, 40)[story] + 0.4 * outlet + random.normal(0, 1, 300)
    return pd.DataFrame({"outlet": np.array(outlets)[outlet], "story": story, "tone": tone})


def test_the_mixed_model_is_statsmodels_own():
    smf = pytest.importorskip("statsmodels.formula.api", reason="needs the extra models")
    table = stories_of(1, ("A", "B"))
    result = compare_groups(table, "tone", cluster="story", model="mixed")
    fitted = smf.mixedlm("tone ~ C(outlet)", table, groups=table["story"]).fit()
    row = row_of(result, "difference", "B")

    assert row["model_estimate"] == pytest.approx(fitted.fe_params.iloc[1], abs=1e-4)
    assert [row["model_low"], row["model_high"]] == pytest.approx(fitted.conf_int().iloc[1].tolist(), abs=1e-3)
    # Resampling takes group means as they are; the model weighs stories by what they tell.
    assert row["low"] < row["model_estimate"] < row["high"]


def test_a_mixed_model_needs_clusters_and_says_where_it_disagrees():
    pytest.importorskip("statsmodels", reason="needs the extra models")
    table = stories_of(2)
    with pytest.raises(ArticleTableError, match="it needs cluster="):
        compare_groups(table, "tone", model="mixed")
    with pytest.raises(ArticleTableError, match='there is "mixed"'):
        compare_groups(table, "tone", model="gee", cluster="story")
    with pytest.raises(ArticleTableError, match="there is one"):
        compare_groups(table.assign(story=1), "tone", model="mixed", cluster="story")
    # Outlet A writes long series on sad stories: its mean is low, its effect inside stories is none.
    random = np.random.default_rng(3)
    story = np.repeat(np.arange(20), 12)
    sad = story < 10
    outlet = np.where(random.random(240) < np.where(sad, 0.8, 0.2), "A", "B")
    chosen = pd.DataFrame(
        {"outlet": outlet, "story": story, "tone": np.where(sad, -2.0, 2.0) + random.normal(0, 0.3, 240)}
    )
    result = compare_groups(chosen, "tone", cluster="story", model="mixed")
    assert result["note"].str.contains("the mixed model").any()


def test_three_hundred_groups():
    random = np.random.default_rng(1)
    table = pd.DataFrame({"outlet": np.repeat([f"g{n}" for n in range(300)], 5), "tone": random.normal(0, 1, 1500)})

    assert len(compare_groups(table, "tone", n_resamples=200)) == 600
    with pytest.raises(ArticleTableError, match="300 groups have too many pairs"):
        compare_groups(table, "tone", contrasts="pairs", n_resamples=200)


def test_nineteen_of_twenty_intervals_hold_the_true_mean():
    random = np.random.default_rng(5)
    table = table_of(**{f"g{n}": random.normal(0, 1, 40) for n in range(200)})

    means = compare_groups(table, "tone", n_resamples=500).query("kind == 'mean'")

    assert 0.90 <= ((means["low"] <= 0) & (means["high"] >= 0)).mean() <= 0.98


def test_hedges_g_by_hand():
    result = compare_groups(table_of(A=[1, 2, 3, 4, 5], B=[3, 4, 5, 6, 7, 8, 9]), "tone")

    pooled = np.sqrt((4 * 2.5 + 6 * (28 / 6)) / 10)  # sums of squares 10 and 28, ten degrees of freedom
    correction = 1 - 3 / (4 * 10 - 1)
    assert row_of(result, "difference", "B")["effect"] == pytest.approx(3 / pooled * correction)
    assert row_of(result, "difference", "A")["effect"] == pytest.approx(-3 / pooled * correction)
    assert result.query("kind == 'mean'")["effect"].isna().all()


def test_the_same_seed_gives_the_same_table_byte_by_byte(skewed, tmp_path):
    for name in ("one", "two"):
        compare_groups(skewed, "tone", seed=3).to_csv(tmp_path / name, index=False)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    other = compare_groups(skewed, "tone", seed=4)
    assert other["low"].tolist() != compare_groups(skewed, "tone", seed=3)["low"].tolist()
    assert other["estimate"].tolist() == compare_groups(skewed, "tone", seed=3)["estimate"].tolist()


def test_the_order_of_the_rows_is_irrelevant(skewed):
    shuffled = skewed.sample(frac=1, random_state=1)

    pd.testing.assert_frame_equal(compare_groups(shuffled, "tone"), compare_groups(skewed, "tone"))


def test_an_interval_does_not_depend_on_which_other_groups_are_there(skewed):
    whole = compare_groups(skewed, "tone")
    alone = compare_groups(skewed[skewed["outlet"] == "A"], "tone")

    pd.testing.assert_series_equal(row_of(whole, "mean", "A"), row_of(alone, "mean", "A"), check_names=False)
    assert alone["kind"].tolist() == ["mean"]


def test_the_table_given_is_unchanged(skewed):
    before = skewed.copy(deep=True)

    compare_groups(skewed, "tone")

    pd.testing.assert_frame_equal(skewed, before)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(2, 12), min_size=3, max_size=8), min_size=1, max_size=4),  # 0 and 1 are shares
    st.floats(3, 9),
    st.floats(0.5, 4),
)
def test_moving_and_stretching_the_values_moves_and_stretches_the_intervals(groups, shift, scale):
    table = table_of(**{f"g{n}": values for n, values in enumerate(groups)})
    plain = compare_groups(table, "tone", n_resamples=200)

    moved = compare_groups(table.assign(tone=table["tone"] * scale + shift), "tone", n_resamples=200)

    merged = plain.merge(moved, on=["kind", "group"], suffixes=("", "_moved"))
    offset = np.where(merged["kind"] == "mean", shift, 0.0)
    for column in ("estimate", "low", "high"):
        assert np.allclose(merged[column] * scale + offset, merged[f"{column}_moved"], atol=1e-6)
    assert (plain["low"] <= plain["high"]).all()


# --- what is odd becomes a note


def rates(seed, *sizes, zeros=0.5):
    """Rates of outlets of so many articles, many of which have none."""
    random = np.random.default_rng(seed)
    values = {
        name: random.exponential(9, n) * (random.random(n) >= zeros) for name, n in zip("ABCD", sizes, strict=False)
    }
    return table_of(**values).rename(columns={"tone": "per_1000"})


@pytest.mark.parametrize("options", [{}, {"cluster": "day"}, {"weights": "words"}])
@pytest.mark.parametrize("seed", range(6))
def test_the_interval_of_a_rate_is_never_below_zero(options, seed):
    table = rates(seed, 3, 5, 8, 20)
    table = table.assign(day=np.arange(len(table)) // 2, words=100.0 + 50 * (np.arange(len(table)) % 7))

    means = compare_groups(table, "per_1000", n_resamples=500, **options).query("kind == 'mean'").dropna(subset=["low"])

    assert (means["low"] >= 0).all()
    assert (means["low"] <= means["estimate"]).all()
    assert (means["estimate"] <= means["high"]).all()


def test_the_rate_of_few_articles_by_hand():
    table = table_of(A=[0.0, 0.0, 5.0, 88.0]).rename(columns={"tone": "per_1000"})
    mean, error = 23.25, np.std([0, 0, 5, 88], ddof=1) / 2
    half = stats.t.ppf(0.975, 3) * error / (2 * np.sqrt(mean))

    row = compare_groups(table, "per_1000").iloc[0]

    assert row["low"] == 0  # the interval of the root reaches below zero
    assert row["high"] == pytest.approx((np.sqrt(mean) + half) ** 2)
    assert compare_groups(table, "per_1000", positive=False).iloc[0]["low"] < 0


def test_one_article_with_hits_among_eight_by_hand():
    table = table_of(A=[0.0] * 7 + [8.0]).rename(columns={"tone": "hits"})

    row = compare_groups(table, "hits").iloc[0]

    factor = np.exp(stats.t.ppf(0.975, 7) * 1.0)  # the error is as large as the mean
    assert [row["low"], row["high"]] == pytest.approx([1 / factor, factor])
    assert row["note"] == "Student's t: few values above zero"


def test_the_interval_of_a_rate_by_a_plain_derivation():
    table = rates(1, 30, 40, zeros=0.2)
    values = table.loc[table["outlet"] == "A", "per_1000"].to_numpy()
    random = np.random.default_rng(5)
    drawn = values[random.integers(0, 30, (20_000, 30))]
    means, errors = drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / np.sqrt(30)
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(30)
    t = (np.log(means) - np.log(mean)) / (errors / means)
    even = np.quantile(np.abs(t), 0.95)
    low, high = (np.quantile(t, 0.025) - even) / 2, (np.quantile(t, 0.975) + even) / 2

    row = row_of(compare_groups(table, "per_1000", n_resamples=20_000), "mean", "A")

    expected = [mean * np.exp(-high * error / mean), mean * np.exp(-low * error / mean)]
    assert [row["low"], row["high"]] == pytest.approx(expected, rel=0.02)


def test_far_from_zero_the_floor_changes_little_and_differences_not_at_all():
    random = np.random.default_rng(4)
    table = table_of(A=random.normal(500, 60, 40), B=random.normal(650, 90, 50)).rename(columns={"tone": "words"})

    floored, plain = (compare_groups(table, "words", positive=positive) for positive in (None, False))

    assert floored[["low", "high"]].to_numpy() == pytest.approx(plain[["low", "high"]].to_numpy(), rel=0.01)
    pd.testing.assert_frame_equal(floored.query("kind == 'difference'"), plain.query("kind == 'difference'"))


@pytest.mark.parametrize("n", [4, 8, 20])
def test_nineteen_of_twenty_intervals_of_rates_hold_the_true_mean(n):
    held = []
    for seed in range(150):
        row = compare_groups(rates(seed, n, zeros=0.4), "per_1000", n_resamples=400).iloc[0]
        held += [] if row["estimate"] == 0 else [row["low"] <= 9 * 0.6 <= row["high"]]

    assert np.mean(held) > 0.87


def test_a_floor_that_values_break_is_refused():
    assert compare_groups(table_of(A=[1.0, 2, 30]), "tone").iloc[0]["low"] < 0  # a tone may be negative
    assert compare_groups(table_of(A=[1.0, 2, 30]), "tone", positive=True).iloc[0]["low"] >= 0
    with pytest.raises(ArticleTableError, match="positive=True: 1 values of 'tone' are below zero"):
        compare_groups(table_of(A=[-1.0, 2, 30]), "tone", positive=True)


def test_one_or_two_articles_have_a_mean_but_no_interval():
    result = compare_groups(table_of(A=[1, 2, 3], B=[4], C=[5, 7]), "tone")

    assert row_of(result, "mean", "B")[["n", "estimate", "note"]].tolist() == [1, 4.0, "no interval: 1 article in B"]
    assert row_of(result, "mean", "C")[["n", "estimate", "note"]].tolist() == [2, 6.0, "no interval: 2 articles in C"]
    assert np.isnan(row_of(result, "mean", "B")[["low", "high"]].astype(float)).all()
    assert row_of(result, "difference", "A")["note"] == "no interval: 1 article in B"
    assert np.isnan(row_of(result, "difference", "B")["effect"])
    assert row_of(result, "mean", "A")["note"] == "Student's t: fewer than 6 articles in a group"


def test_equal_values_have_an_interval_of_no_width_and_a_note():
    result = compare_groups(table_of(A=[0.1] * 3, B=[0.1] * 7), "tone")

    assert result["note"].unique().tolist() == ["all values are equal"]
    assert np.allclose(result["low"], [0.1, 0.1, 0, 0])
    assert result["low"].tolist() == result["high"].tolist()
    assert result["effect"].isna().all()


def test_missing_and_infinite_values_and_missing_groups_are_left_out_and_counted():
    table = table_of(A=[1, 2, 3, np.nan, np.inf], B=[4, 5, 6, -np.inf])
    table.loc[len(table)] = [None, 7.0]

    result = compare_groups(table, "tone")

    assert row_of(result, "mean", "A")[["n", "estimate"]].tolist() == [3, 2.0]
    assert row_of(result, "mean", "B")[["n", "estimate"]].tolist() == [3, 5.0]
    assert result["note"].str.contains("4 rows left out").all()


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "int8", "float32", "int64[pyarrow]"])
def test_any_numeric_type_will_do(dtype):
    table = table_of(A=[1, 2, 3], B=[4, 5, 6]).astype({"tone": dtype})
    if dtype in ("Int64", "Float64", "int64[pyarrow]"):
        table.loc[0, "tone"] = pd.NA

    means = compare_groups(table, "tone").query("kind == 'mean'")

    assert means["estimate"].tolist()[0] == 5.0
    assert means["n"].tolist()[0] == 3


def test_a_share_of_true_values_can_be_compared():
    table = pd.DataFrame({"outlet": list("AAAB"), "cut": [True, False, False, True]})

    assert row_of(compare_groups(table, "cut"), "mean", "A")["estimate"] == pytest.approx(1 / 3)


def test_groups_may_be_numbers_dates_or_categories():
    years = pd.DataFrame({"year": [2024] * 3 + [2025] * 3, "tone": [1, 2, 3, 4, 5, 6]})

    for by in (years["year"], years["year"].astype("category"), pd.to_datetime(years["year"].astype(str))):
        result = compare_groups(years.assign(year=by), "tone", by="year")
        assert row_of(result, "mean", by.astype("str").iloc[0])["estimate"] == 2
    assert row_of(compare_groups(years, "tone", by="year", reference=2024), "difference", "2025")["estimate"] == 3
    assert row_of(compare_groups(years, "tone", by="year", reference="2024"), "difference", "2025")["versus"] == "2024"


# --- reference


def test_with_a_reference_every_other_group_is_contrasted_with_it():
    result = compare_groups(table_of(A=[1, 2, 3], B=[4, 5, 6], C=[7, 8, 10]), "tone", reference="A").query(
        "kind == 'difference'"
    )

    assert result["group"].tolist() == ["C", "B"]
    assert result["versus"].unique().tolist() == ["A"]
    assert result["estimate"].tolist() == pytest.approx([25 / 3 - 2, 3])
    assert result["n_versus"].tolist() == [3, 3]


def test_a_contrast_of_two_turns_its_sign_with_the_reference(skewed):
    both = skewed[skewed["outlet"] != "C"]
    one = row_of(compare_groups(both, "tone", reference="B"), "difference", "A")
    other = row_of(compare_groups(both, "tone", reference="A"), "difference", "B")

    assert one["estimate"] == pytest.approx(-other["estimate"])
    assert one["low"] == pytest.approx(-other["high"])
    assert one["effect"] == pytest.approx(-other["effect"])


# --- within

BALANCED = stories(["s1 A 1", "s1 B 3", "s2 A 2", "s2 B 6", "s3 A 5", "s3 B 5"])


def test_inside_three_stories_counted_by_hand():
    result = compare_groups(BALANCED, "tone", within="story")

    # Distances from the story's mean: B +1, +2, 0; A the reverse.
    assert row_of(result, "mean", "B")["estimate"] == pytest.approx(1)
    assert row_of(result, "mean", "A")["estimate"] == pytest.approx(-1)
    difference = row_of(result, "difference", "B")
    assert difference["estimate"] == pytest.approx(2)
    assert difference[["n", "n_versus"]].tolist() == [3, 3]


def test_the_interval_inside_stories_is_that_of_the_mean_of_the_paired_differences():
    random = np.random.default_rng(2)
    base, gap = random.normal(0, 3, 20), random.exponential(1, 20)
    table = pd.DataFrame(
        {"story": [f"s{n}" for n in range(20)] * 2, "outlet": ["A"] * 20 + ["B"] * 20, "tone": [*(base + gap), *base]}
    )
    expected = compare_groups(pd.DataFrame({"outlet": "gap", "tone": gap}), "tone", n_resamples=9999).iloc[0]

    row = row_of(compare_groups(table, "tone", within="story", n_resamples=9999), "difference", "A")

    assert row["estimate"] == pytest.approx(gap.mean())
    width = expected["high"] - expected["low"]
    assert [row["low"], row["high"]] == pytest.approx([expected["low"], expected["high"]], abs=0.04 * width)


def test_with_few_stories_the_paired_interval_is_students():
    gap = np.array([1.0, 2, 4, 3])
    rows = [f"s{n} {name} {value}" for n, one in enumerate(gap) for name, value in (("A", 10 * n + one), ("B", 10 * n))]
    expected = stats.ttest_1samp(gap, 0).confidence_interval()

    row = row_of(compare_groups(stories(rows), "tone", within="story"), "difference", "A")

    assert [row["low"], row["high"]] == pytest.approx([expected.low, expected.high])
    assert row["note"] == "Student's t: fewer than 6 story shared"


def test_the_error_inside_stories_is_the_cluster_robust_one_of_a_regression_with_dummies():
    linear = pytest.importorskip("statsmodels.regression.linear_model", reason="needs the extra models")
    random = np.random.default_rng(7)
    rows = [(f"s{n}", name, random.exponential(1)) for n in range(40) for name in "ABC" if random.random() < 0.7]
    table = pd.DataFrame(rows, columns=["story", "outlet", "tone"])
    kept = table[table.groupby("story")["outlet"].transform("nunique") > 1]
    cells = kept.pivot_table(index="story", columns="outlet", values="tone").to_numpy()
    design = StoryDesign(cells, list("ABC"), np.array([[1.0, -1.0, 0.0]]), "story", 100, 0.95, 0)
    dummies = pd.get_dummies(kept["story"]).astype(float)
    x = np.column_stack([dummies, kept["outlet"] == "A", kept["outlet"] == "B"]).astype(float)
    fitted = linear.OLS(kept["tone"].to_numpy(), x).fit()
    robust = fitted.get_robustcov_results("cluster", groups=pd.factorize(kept["story"])[0], use_correction=False)
    difference = np.zeros(x.shape[1])
    difference[-2:] = 1, -1
    stories_ = len(cells)
    error = np.sqrt(difference @ robust.cov_params() @ difference * stories_ / (stories_ - 1))

    assert design.values[0] == pytest.approx(difference @ robust.params)
    assert design.errors[0] == pytest.approx(error)


def test_several_articles_of_an_outlet_on_a_story_weigh_as_one():
    doubled = pd.concat([BALANCED, stories(["s1 A 0", "s1 A 2"])])

    result = compare_groups(doubled, "tone", within="story")

    assert row_of(result, "difference", "B")["estimate"] == pytest.approx(2)
    assert row_of(result, "difference", "B")["n_versus"] == 5


def test_stories_of_a_single_group_drop_out_and_are_counted():
    more = pd.concat([BALANCED, stories(["s4 A 100", "s4 A 90", "s5 B -100"])])

    result = compare_groups(more, "tone", within="story")

    assert result["estimate"].tolist() == pytest.approx(
        compare_groups(BALANCED, "tone", within="story")["estimate"].tolist()
    )
    assert result["note"].unique().tolist() == ["Student's t: fewer than 6 story shared; 3 rows left out"]


def test_the_choice_of_stories_does_not_pass_for_a_difference():
    # A reports the sad stories, B the glad ones; on the one they share, both are alike.
    table = stories(
        ["sad1 A -9", "sad1 C -9", "sad2 A -8", "sad2 C -8", "mid A 0", "mid B 0", "mid C 0", "glad B 9", "glad C 9"]
    )

    apart = row_of(compare_groups(table, "tone", reference="B"), "difference", "A")
    inside = row_of(compare_groups(table, "tone", within="story", reference="B"), "difference", "A")

    assert apart["estimate"] < -9
    assert inside["estimate"] == pytest.approx(0)


def test_outlets_that_share_no_story_are_compared_through_a_third():
    # Outlets add 2, 1 and 0 to every story; A and C never meet.
    table = stories(["s1 A 7", "s1 B 6", "s2 B -3", "s2 C -4"])

    result = compare_groups(table, "tone", within="story", reference="C")

    assert row_of(result, "difference", "A")["estimate"] == pytest.approx(2)
    assert row_of(result, "difference", "B")["estimate"] == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_stories_outlets_choose_their_effects_are_recovered(data):
    effects = data.draw(st.lists(st.integers(-9, 9), min_size=2, max_size=5))
    names = [f"o{k}" for k in range(len(effects))]
    covered = [data.draw(st.sets(st.sampled_from(names), min_size=1)) for _ in range(6)] + [
        set(pair) for pair in itertools.pairwise(names)
    ]
    rows = [
        (f"s{n}", name, 10.0 * n**2 + effects[names.index(name)])
        for n, chosen in enumerate(covered)
        for name in sorted(chosen)
    ]
    table = pd.DataFrame(rows, columns=["story", "outlet", "tone"])

    means = (
        compare_groups(table, "tone", within="story", n_resamples=100)
        .query("kind == 'mean'")
        .set_index("group")["estimate"]
    )

    assert means[names].tolist() == pytest.approx((np.array(effects) - np.mean(effects)).tolist(), abs=1e-6)


def test_outlets_not_linked_by_any_story_get_a_note():
    result = compare_groups(stories(["s1 A 1", "s1 B 2", "s2 C 3", "s2 D 4"]), "tone", within="story")

    assert result["estimate"].isna().all()
    assert result["note"].unique().tolist() == ["no estimate: some groups are not linked by any shared story"]


def test_two_shared_stories_are_too_few_for_an_interval():
    result = compare_groups(BALANCED[BALANCED["story"] != "s3"], "tone", within="story")

    assert result["note"].unique().tolist() == ["no interval: 2 story shared"]
    assert result["low"].isna().all()


def test_inside_stories_seed_order_and_repetition_are_as_for_articles():
    shuffled = BALANCED.sample(frac=1, random_state=3)

    pd.testing.assert_frame_equal(
        compare_groups(shuffled, "tone", within="story"), compare_groups(BALANCED, "tone", within="story")
    )


# --- messages


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"by": "outlets"}, ColumnError, r"no column 'outlets'; it has outlet, tone, word\. Did you mean 'outlet'\?"),
        ({"value": "tones"}, ColumnError, r"Did you mean 'tone'\?"),
        ({"within": "story"}, ColumnError, "no column 'story'"),
        ({"value": "word"}, ArticleTableError, "the column 'word' must be numeric; found str"),
        ({"by": "tone"}, ArticleTableError, "each argument must name another column; found 'tone', 'tone'"),
        ({"within": "outlet"}, ArticleTableError, "each argument must name another column"),
        ({"reference": "Z"}, ArticleTableError, "reference='Z' is not a group; there is A, B"),
        ({"confidence": 95}, ArticleTableError, "confidence=95 must lie between 0 and 1"),
        ({"n_resamples": 10}, ArticleTableError, "n_resamples=10 is too few"),
    ],
)
def test_what_is_wrong_is_said(options, error, message):
    table = table_of(A=[1, 2, 3], B=[4, 5, 6]).assign(word="x")

    with pytest.raises(error, match=message):
        compare_groups(table, **{"value": "tone", **options})


def test_nothing_to_compare_is_said():
    with pytest.raises(ArticleTableError, match="no row has both 'tone' and 'outlet'"):
        compare_groups(table_of(A=[np.nan, np.inf]), "tone")
    with pytest.raises(ArticleTableError, match="no row has both"):
        compare_groups(table_of().astype({"tone": "float64"}), "tone")
    with pytest.raises(ArticleTableError, match="no level of 'story' is shared by two groups of 'outlet'"):
        compare_groups(stories(["s1 A 1", "s2 B 2"]), "tone", within="story")
    with pytest.raises(ArticleTableError, match="reference='C' shares no level of 'story'"):
        compare_groups(pd.concat([BALANCED, stories(["s9 C 1"])]), "tone", within="story", reference="C")
