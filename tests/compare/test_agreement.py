"""Agreement of coders: published worked examples, other implementations, and what a careless sheet holds."""

import numpy as np
import pandas as pd
import pytest
from nltk.metrics.agreement import AnnotationTask

from mediakit import count_confusions, find_disagreements, score_agreement
from mediakit.errors import ArticleTableError, ColumnError

# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example C: four coders, twelve units, missing codes.
PUBLISHED = {
    "A": "1 2 3 3 2 1 4 1 2 . . .", "B": "1 2 3 3 2 2 4 1 2 5 . 3", "C": ". 3 3 3 2 3 4 2 2 5 1 .", "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}  # fmt: skip


def published():
    rows = [
        (unit, coder, int(code))
        for coder, line in PUBLISHED.items()
        for unit, code in enumerate(line.split())
        if code != "."
    ]
    return pd.DataFrame(rows, columns=["unit", "coder", "code"])


def random_codings(seed, coders=3, units=40, values=4, missing=0.2, noise=0.4):
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, values + 1, units)
    rows = [
        (unit, f"C{coder}", int(rng.integers(1, values + 1)) if rng.random() < noise else int(truth[unit]))
        for unit in range(units) for coder in range(coders) if rng.random() >= missing
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "coder", "code"])


def value(table, measure, scope="all", of=""):
    return table[(table["measure"] == measure) & (table["scope"] == scope) & (table["of"] == of)]["value"].iloc[0]


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_the_published_example(level, alpha):
    table = score_agreement(published(), level=level, n_resamples=0)

    assert value(table, "alpha") == pytest.approx(alpha, abs=5e-4)
    assert table["units"].iloc[0] == 11  # one unit has a single code
    assert table["coders"].iloc[0] == 4
    assert table["codings"].iloc[0] == 40


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_equals_the_krippendorff_package(seed, level):
    krippendorff = pytest.importorskip("krippendorff", reason="not installed")
    codings = random_codings(seed)
    matrix = codings.pivot_table(index="coder", columns="unit", values="code").to_numpy()
    expected = krippendorff.alpha(reliability_data=matrix, level_of_measurement=level)

    assert value(score_agreement(codings, level=level, n_resamples=0), "alpha") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_nominal_coefficients_equal_nltks(seed):
    codings = random_codings(seed, missing=0.0)
    task = AnnotationTask([(row.coder, row.unit, row.code) for row in codings.itertuples()])
    table = score_agreement(codings, n_resamples=0)

    assert value(table, "alpha") == pytest.approx(task.alpha(), abs=1e-9)
    assert value(table, "percent") == pytest.approx(task.avg_Ao(), abs=1e-9)
    assert value(table, "kappa", "pair", "C0, C1") == pytest.approx(task.kappa_pairwise("C0", "C1"), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_kappas_equal_statsmodels_and_scikit_learn(seed):
    codings = random_codings(seed, missing=0.0)
    wide = codings.pivot_table(index="unit", columns="coder", values="code")
    table = score_agreement(codings, n_resamples=0)
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater", reason="not installed")
    counts, _ = inter_rater.aggregate_raters(wide.to_numpy())
    assert value(table, "kappa") == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-9)
    metrics = pytest.importorskip("sklearn.metrics", reason="not installed")
    assert value(table, "kappa", "pair", "C0, C2") == pytest.approx(
        metrics.cohen_kappa_score(wide["C0"], wide["C2"]), abs=1e-9
    )


def test_ac1_of_a_worked_example():
    # Gwet 2008: two coders, 125 units: 118 yes-yes, 5 and 2 divided, none no-no. AC1 .9408.
    codes = [("+", "+")] * 118 + [("+", "-")] * 5 + [("-", "+")] * 2
    rows = [(unit, coder, code) for unit, pair in enumerate(codes) for coder, code in zip("AB", pair, strict=True)]
    table = score_agreement(pd.DataFrame(rows, columns=["unit", "coder", "code"]), n_resamples=0)

    assert value(table, "ac1") == pytest.approx(0.9408, abs=5e-4)
    assert value(table, "kappa", "pair", "A, B") == pytest.approx(-0.0234, abs=5e-4)
    assert value(table, "percent") == pytest.approx(118 / 125)


def test_codes_and_pairs_have_rows_of_their_own():
    table = score_agreement(random_codings(1, coders=3, values=3), n_resamples=0)

    assert table[table["scope"] == "code"]["of"].unique().tolist() == ["1", "2", "3"]
    assert table[table["scope"] == "pair"]["of"].unique().tolist() == ["C0, C1", "C0, C2", "C1, C2"]
    codings = random_codings(1, coders=3, values=3)
    binary = codings.assign(code=(codings["code"] == 2).map({True: "two", False: "rest"}))
    assert value(table, "alpha", "code", "2") == pytest.approx(value(score_agreement(binary, n_resamples=0), "alpha"))


def test_intervals_hold_the_value_and_the_seed_decides():
    codings = random_codings(3, units=60)
    one, two = (score_agreement(codings, seed=5) for _ in range(2))

    pd.testing.assert_frame_equal(one, two)
    assert not score_agreement(codings, seed=6)["low"].equals(one["low"])
    known = one.dropna(subset=["low"])
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    ordinal = score_agreement(codings, level="ordinal", seed=5)
    assert ordinal["measure"].unique().tolist() == ["alpha"]
    assert (ordinal["low"] < ordinal["high"]).all()


def test_the_interval_of_alpha_covers_its_value_in_a_large_population():
    population = random_codings(0, coders=2, units=4000, missing=0.0)
    truth = value(score_agreement(population, n_resamples=0), "alpha")
    rng, covered = np.random.default_rng(1), 0
    for _ in range(120):
        units = rng.choice(4000, 100, replace=False)
        table = score_agreement(population[population["unit"].isin(units)], n_resamples=300)
        row = table[(table["scope"] == "all") & (table["measure"] == "alpha")].iloc[0]
        covered += row["low"] <= truth <= row["high"]
    assert 0.88 <= covered / 120 <= 0.99


def test_all_alike_and_few_units_are_said():
    same = pd.DataFrame({"unit": [1, 1, 2, 2], "coder": ["A", "B"] * 2, "code": "yes"})
    table = score_agreement(same)

    assert np.isnan(value(table, "alpha"))
    assert "nothing to agree on" in table["note"].iloc[0]
    assert value(table, "percent") == 1.0
    mixed = same.assign(code=["yes", "yes", "no", "no"])
    assert score_agreement(mixed)["note"].str.contains("too few").all()
    assert value(score_agreement(mixed), "alpha") == 1.0


def test_careless_sheets_are_named():
    codings = random_codings(0)
    twice = pd.concat([codings, codings.head(1).assign(code=9)])
    with pytest.raises(ArticleTableError, match="more than one code"):
        score_agreement(twice)
    with pytest.raises(ArticleTableError, match="no unit has codes of two coders"):
        score_agreement(codings[codings["coder"] == "C0"])
    with pytest.raises(ArticleTableError, match="needs numbers; found the code 'high'"):
        score_agreement(codings.assign(code="high"), level="ordinal")
    with pytest.raises(ArticleTableError, match="0 or more"):
        score_agreement(codings.assign(code=-1), level="ratio")
    with pytest.raises(ArticleTableError, match="level='metric'"):
        score_agreement(codings, level="metric")
    with pytest.raises(ColumnError, match="coder"):
        score_agreement(codings.drop(columns="coder"))
    with pytest.raises(ArticleTableError, match="nothing to compare"):
        score_agreement(codings.assign(code=None))


def test_disagreements_and_confusions_by_hand():
    codings = pd.DataFrame({
        "unit": [1, 1, 1, 2, 2, 2, 3, 3], "coder": ["A", "B", "C", "A", "B", "C", "A", "B"],
        "code": ["riot", "riot", "march", "march", "march", "march", "riot", "strike"],
    })  # fmt: skip
    found = find_disagreements(codings)

    assert found["unit"].tolist() == [1, 3]
    assert found["majority"].fillna("none").tolist() == ["riot", "none"]
    assert count_confusions(codings).values.tolist() == [["march", "riot", 1, 1 / 3], ["riot", "strike", 1, 1 / 2]]
    assert len(find_disagreements(codings[codings["unit"] == 2])) == 0
