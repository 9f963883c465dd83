"""Bad input: whatever a table holds, each comparison gives a note in the row or an error that says where."""

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError

EVENTS = {"strike": "2025-02-10"}


def articles(groups=3, n=40, seed=0):
    random = np.random.default_rng(seed)
    size = groups * n
    truth = random.integers(0, 2, size).astype(float)
    return pd.DataFrame({
        "outlet": np.tile([f"o{k}" for k in range(groups)], n), "tone": np.where(random.random(size) < 0.2, 1 - truth, truth),
        "truth": np.where(random.random(size) < 0.6, truth, np.nan), "story": [f"s{k // groups % 25}" for k in range(size)],
        "date": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(size) % 80, unit="D"), "words": random.integers(50, 900, size),
    })  # fmt: skip


FAST = {"n_resamples": 100}
COMPARISONS = {
    "articles": lambda t: mk.compare_groups(t, "tone", **FAST),
    "clusters": lambda t: mk.compare_groups(t, "tone", cluster="story", **FAST),
    "within": lambda t: mk.compare_groups(t, "tone", within="story", **FAST),
    "weights": lambda t: mk.compare_groups(t, "tone", weights="words", **FAST),
    "periods": lambda t: mk.compare_periods(t, "tone", **FAST),
    "events": lambda t: mk.compare_periods(t, "tone", events=EVENTS, n_placebo=30, **FAST),
    "design": lambda t: mk.correct_groups(t, "tone", truth="truth"),
    "ppi": lambda t: mk.correct_groups(t, "tone", truth="truth", method="ppi"),
    "confusion": lambda t: mk.correct_groups(t, "tone", truth="truth", method="confusion"),
    "clustered correction": lambda t: mk.correct_groups(t, "tone", truth="truth", cluster="story"),
    "validity": lambda t: mk.score_validity(t, "tone", truth="truth", **FAST),
}


@pytest.fixture(params=COMPARISONS)
def compare(request):
    return COMPARISONS[request.param]


def value_of(found):
    return "estimate" if "estimate" in found else "value"


def interval_or_note(found):
    """Every row without an interval says why, and no number is infinite."""
    numbers = found.select_dtypes("number")
    assert not np.isinf(numbers.to_numpy(float)).any()
    lacking = found["low"].isna() | found["high"].isna()
    assert (found.loc[lacking, "note"] != "").all(), found[lacking]
    whole = found[~lacking]
    assert (whole["low"] <= whole[value_of(found)] + 1e-9).all()
    assert (whole[value_of(found)] <= whole["high"] + 1e-9).all()


def test_one_article_in_a_group(compare):
    table = articles()
    lone = table.head(1).assign(outlet="lone", truth=np.nan)
    interval_or_note(compare(pd.concat([table, lone], ignore_index=True)))


def test_a_constant_value(compare):
    interval_or_note(compare(articles().assign(tone=1.0)))
    interval_or_note(compare(articles().assign(tone=0.0, truth=0.0)))


def test_infinite_values_count_as_missing(compare):
    table = articles()
    odd = table.copy()
    odd.loc[[3, 50], "tone"] = [np.inf, -np.inf]
    found = compare(odd)
    interval_or_note(found)
    expected = compare(table.drop([3, 50]))
    assert found[value_of(found)].tolist() == pytest.approx(
        expected[value_of(expected)].tolist(), nan_ok=True, abs=0.05
    )


def test_a_missing_label_of_the_group_leaves_the_row_out(compare):
    table = articles()
    table.loc[[1, 2], "outlet"] = None
    found = compare(table)
    interval_or_note(found)
    assert not {"None", "nan", "<NA>"} & set(found.get("group", pd.Series(dtype="str")))


def test_all_values_missing_is_an_error_that_names_the_column(compare):
    with pytest.raises(ArticleTableError, match=r"tone|truth"):
        compare(articles().assign(tone=np.nan))


@pytest.mark.parametrize("name", ["articles", "periods", "design", "ppi"])
def test_three_hundred_groups(name):
    interval_or_note(COMPARISONS[name](articles(300, 4).assign(date=pd.Timestamp("2025-01-01"))))


@pytest.mark.parametrize("name", ["clusters", "weights"])
def test_three_hundred_groups_are_too_many_to_resample_together(name):
    with pytest.raises(ArticleTableError, match="300 groups are too many to resample together"):
        COMPARISONS[name](articles(300, 4))
