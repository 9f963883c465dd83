"""Validity of a tool: figures of scikit-learn and SciPy, differences between outlets, what a table may hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mediakit import score_validity
from mediakit.errors import ArticleTableError, ColumnError


def row(table, measure, of="", group="all"):
    return table[(table["measure"] == measure) & (table["of"] == of) & (table["group"] == group)].iloc[0]


def coded(seed=0, n=300):
    rng = np.random.default_rng(seed)
    codes = rng.choice(["neg", "neu", "pos"], n, p=[0.3, 0.5, 0.2])
    says = np.where(rng.random(n) < 0.7, codes, rng.choice(["neg", "neu", "pos"], n))
    return pd.DataFrame(
        {"says": says, "code": codes, "outlet": rng.choice(["A", "B"], n), "chance": rng.uniform(0.1, 0.9, n)}
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_categories_equal_scikit_learn(weighted):
    metrics = pytest.importorskip("sklearn.metrics", reason="not installed")
    table = coded()
    weight = 1 / table["chance"] if weighted else None
    found = score_validity(table, "says", truth="code", probability="chance" if weighted else None, n_resamples=50)
    names = ["neg", "neu", "pos"]
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        table["code"], table["says"], labels=names, sample_weight=weight
    )
    for number, name in enumerate(names):
        values = [row(found, measure, name)["value"] for measure in ("precision", "recall", "f1")]
        assert values == pytest.approx([precision[number], recall[number], f1[number]], abs=1e-12)
    assert row(found, "accuracy")["value"] == pytest.approx(
        metrics.accuracy_score(table["code"], table["says"], sample_weight=weight)
    )
    assert row(found, "f1_macro")["value"] == pytest.approx(f1.mean())


def test_numbers_equal_scipy():
    rng = np.random.default_rng(1)
    codes = rng.normal(0, 1, 200)
    table = pd.DataFrame({"score": 0.5 * codes + rng.normal(0.3, 0.5, 200), "code": codes})
    found = score_validity(table, "score", truth="code")
    error = table["score"] - table["code"]

    assert row(found, "pearson")["value"] == pytest.approx(stats.pearsonr(table["score"], codes)[0])
    assert row(found, "spearman")["value"] == pytest.approx(stats.spearmanr(table["score"], codes)[0])
    assert row(found, "bias")["value"] == pytest.approx(error.mean())
    assert row(found, "mae")["value"] == pytest.approx(error.abs().mean())
    assert row(found, "rmse")["value"] == pytest.approx(np.sqrt((error**2).mean()))
    assert ((found["low"] < found["value"]) & (found["value"] < found["high"])).all()
    low, high = stats.pearsonr(table["score"], codes).confidence_interval()
    assert row(found, "pearson")["low"] == pytest.approx(low, abs=0.03)
    assert row(found, "pearson")["high"] == pytest.approx(high, abs=0.03)


def test_chances_by_hand_and_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics", reason="not installed")
    rng = np.random.default_rng(2)
    chance = rng.random(400).round(2)
    table = pd.DataFrame({"chance": chance, "code": (rng.random(400) < chance).astype(int)})
    found = score_validity(table, "chance", truth="code", chance=True)

    assert row(found, "auc")["value"] == pytest.approx(metrics.roc_auc_score(table["code"], chance))
    assert row(found, "brier")["value"] == pytest.approx(metrics.brier_score_loss(table["code"], chance))
    parts = table.assign(bin=np.minimum((chance * 5).astype(int), 4)).groupby("bin")
    expected = (parts.size() / 400 * (parts["chance"].mean() - parts["code"].mean()).abs()).sum()
    assert row(found, "calibration_error")["value"] == pytest.approx(expected)
    assert row(found, "calibration_error")["value"] < 0.1
    over = score_validity(table.assign(chance=chance**3), "chance", truth="code", chance=True)
    assert row(over, "calibration_error")["value"] > 0.15


def test_an_error_that_differs_between_outlets_is_found_and_an_even_one_is_not():
    rng = np.random.default_rng(3)
    codes = rng.random(1200) < 0.4
    outlet = np.repeat(["A", "B"], 600)
    uneven = np.where(outlet == "A", rng.random(1200) < 0.02, rng.random(1200) < 0.35)
    table = pd.DataFrame({"says": (codes | uneven).astype(int), "code": codes.astype(int), "outlet": outlet})
    found = score_validity(table, "says", truth="code", by="outlet")
    precision = row(found, "precision", "1", "B")

    assert precision["difference"] == pytest.approx(precision["value"] - row(found, "precision", "1", "A")["value"])
    assert precision["difference_high"] < 0
    even = score_validity(coded(4, 1200), "says", truth="code", by="outlet", seed=1)
    accuracy = row(even, "accuracy", group="A")
    assert accuracy["difference_low"] < 0 < accuracy["difference_high"]
    assert np.isnan(row(even, "accuracy")["difference"])


def test_codes_written_otherwise_are_the_same_code():
    table = pd.DataFrame({"says": [1.0, 0.0, 1.0, 0.0] * 4, "code": [True, False, True, True] * 4})
    found = score_validity(table, "says", truth="code")

    assert row(found, "accuracy")["value"] == 0.75
    assert set(found["of"]) == {"", "0", "1"}
    text = pd.DataFrame({"says": [" yes", "no"] * 6, "code": ["yes", "no "] * 6})
    assert row(score_validity(text, "says", truth="code"), "accuracy")["value"] == 1.0


def test_few_codes_missing_classes_and_uncoded_rows_are_said():
    table = coded(5, 60)
    table.loc[40:, "code"] = None
    table.loc[:5, "outlet"] = "C"
    found = score_validity(table, "says", truth="code", by="outlet")

    assert row(found, "accuracy")["n"] == 40
    few = row(found, "accuracy", group="C")
    assert few["n"] == 6
    assert "too few" in few["note"]
    assert np.isnan(few["low"])
    never = pd.DataFrame({"says": ["a"] * 12, "code": ["a"] * 11 + ["b"]})
    unsaid = row(score_validity(never, "says", truth="code"), "precision", "b")
    assert np.isnan(unsaid["value"])
    assert "not defined" in unsaid["note"]
    same = pd.DataFrame({"score": [2.5] * 12, "code": np.arange(12.0)})
    assert np.isnan(row(score_validity(same, "score", truth="code"), "pearson")["value"])


def test_the_same_seed_gives_the_same_table():
    one, two = (score_validity(coded(), "says", truth="code", by="outlet", seed=2) for _ in range(2))

    pd.testing.assert_frame_equal(one, two)


def test_bad_input_is_named():
    table = coded()
    for change, options, message in (
        ({"code": None}, {}, "nothing to validate"), ({}, {"by": "code"}, "another column"),
        ({"chance": 0.0}, {"probability": "chance"}, "above 0"), ({}, {"chance": True}, "must be numeric"),
        ({"says": 2.0, "code": 1}, {"chance": True}, "between 0 and 1"), ({"says": np.inf, "code": 3.0}, {}, "must be finite"),
        ({"says": [str(n) for n in range(300)]}, {}, "classes are no categories"),
    ):  # fmt: skip
        with pytest.raises(ArticleTableError, match=message):
            score_validity(table.assign(**change), "says", truth="code", **options)
    with pytest.raises(ColumnError, match="truths"):
        score_validity(table, "says", truth="truths")
