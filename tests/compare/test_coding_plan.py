"""How many units to code: textbook numbers, and intervals of real samples that have the planned width."""

import math

import numpy as np
import pandas as pd
import pytest

from mediakit import correct_groups, plan_coding
from mediakit.errors import ArticleTableError


def test_codes_alone_need_what_the_textbook_says():
    # 1.96² · .5 · .5 / .05² = 384.1
    plan = plan_coding(0.1, share=0.5)
    assert plan["coded"].tolist() == [385]
    assert plan["method"].tolist() == ["codes alone"]
    # (2 · 1.96 · 2 / 1)² = 61.5
    assert plan_coding(1, sd=2)["coded"].tolist() == [62]


def test_a_perfect_tool_needs_the_least_and_a_useless_one_saves_nothing():
    perfect = plan_coding(0.1, share=0.3, units=1000, correlation=1.0)
    useless = plan_coding(0.1, share=0.3, units=100_000_000, correlation=0.0)

    assert perfect["coded"].tolist() == [323, 10]
    assert "least" in perfect["note"][1]
    assert useless["coded"][0] == useless["coded"][1]


def test_accuracy_is_turned_into_a_correlation():
    rng = np.random.default_rng(0)
    truth = rng.random(200_000) < 0.3
    tool = np.where(truth, rng.random(200_000) < 0.8, rng.random(200_000) < 0.1)
    r = np.corrcoef(truth, tool)[0, 1]
    by_rates = plan_coding(0.1, share=0.3, units=3000, accuracy=(0.8, 0.9))
    by_correlation = plan_coding(0.1, share=0.3, units=3000, correlation=float(r))
    assert abs(by_rates["coded"][1] - by_correlation["coded"][1]) <= 3


def test_real_intervals_have_the_planned_width():
    plan = plan_coding(0.12, share=0.3, units=2000, groups=3, accuracy=(0.85, 0.9)).set_index(["method", "estimate"])
    for estimate, kind in (("group", "mean"), ("difference", "difference")):
        row = plan.loc[("with the tool", estimate)]
        widths = []
        for seed in range(15):
            rng = np.random.default_rng(seed)
            truth = (rng.random(6000) < 0.3).astype(float)
            tool = np.where(truth == 1, rng.random(6000) < 0.85, rng.random(6000) < 0.1).astype(float)
            coded = rng.random(6000) < row["chance"]
            table = pd.DataFrame({"outlet": np.repeat(["A", "B", "C"], 2000), "says": tool, "code": np.where(coded, truth, np.nan)})  # fmt: skip
            found = correct_groups(table.assign(chance=row["chance"]), "says", truth="code", probability="chance")
            found = found[found["kind"] == kind]
            widths += (found["high"] - found["low"]).tolist()
        assert np.mean(widths) == pytest.approx(0.12, rel=0.06)
    assert (plan["in_all"] == 3 * plan["coded"]).all()


def test_what_cannot_be_had_is_said():
    plan = plan_coding(0.01, share=0.5, units=100, accuracy=0.9)
    assert plan["coded"].isna().all()
    assert plan["note"].str.startswith("all 100 units").all()
    assert plan["width"].tolist() == [pytest.approx(2 * 1.96 * math.sqrt(0.25 / 100), rel=1e-3)] * 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give share= .*or sd="), ({"share": 0.3, "sd": 1}, "give share="), ({"share": 0}, "share must be above 0 and below 1"),
        ({"sd": -1}, "sd must be above 0"), ({"share": 0.3, "units": 1}, "units must be"), ({"share": 0.3, "groups": 1.5}, "groups must be"),
        ({"sd": 1, "accuracy": 0.9}, "accuracy= goes with share="), ({"share": 0.3, "accuracy": 1.2}, "accuracy must be"),
        ({"share": 0.3, "correlation": 2}, "correlation must be"), ({"share": 0.3, "width": 0}, "width must be"),
        ({"share": 0.3, "confidence": 1}, "confidence must be"), ({"share": 0.3, "accuracy": (0.9,)}, "accuracy must be"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(options, message):
    with pytest.raises(ArticleTableError, match=message):
        plan_coding(**{"width": 0.1, **options})
