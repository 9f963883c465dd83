"""Units drawn for coding: chances counted over many draws, unbiased estimates, joining back, bad input."""

import numpy as np
import pandas as pd
import pytest

from mediakit import apply_codings, correct_groups, find_sentences, sample_for_coding
from mediakit.compare.coding import _chances, draw
from mediakit.errors import ArticleTableError, ColumnError, MeasureWarning


def articles(n=12, **columns):
    return pd.DataFrame({
        "article_id": [f"a{number:03}" for number in range(n)], "headline": "Head", "text": [f"Text {number}." for number in range(n)],
        "outlet": ["North", "South", "South"] * (n // 3), **columns,
    })  # fmt: skip


def test_simple_draw_by_stratum():
    drawn = sample_for_coding(articles(), 4, by="outlet")

    assert drawn["stratum"].tolist() == ["North", "North", "South", "South"]
    assert drawn["probability"].tolist() == [0.5, 0.5, 0.25, 0.25]
    assert drawn["coders"].unique().tolist() == ["A, B"]
    assert list(drawn) == ["unit", "article_id", "headline", "text", "outlet", "stratum", "probability", "coders"]


def test_proportional_allocation_follows_size():
    assert sample_for_coding(articles(), 6, by="outlet", allocation="proportional")["outlet"].value_counts().to_dict() == {"South": 4, "North": 2}  # fmt: skip


def test_a_small_stratum_is_taken_whole_and_the_others_get_the_rest():
    table = articles(12)
    table.loc[:, "outlet"] = ["Small"] * 2 + ["Large"] * 10
    drawn = sample_for_coding(table, 8, by="outlet")

    assert drawn["outlet"].value_counts().to_dict() == {"Large": 6, "Small": 2}
    assert drawn.groupby("outlet")["probability"].first().to_dict() == {"Large": pytest.approx(0.6), "Small": 1.0}


def test_more_than_there_is_takes_all_and_says_so():
    with pytest.warns(MeasureWarning, match="n=20, but there are 12 units"):
        drawn = sample_for_coding(articles(), 20)
    assert len(drawn) == 12
    assert drawn["probability"].tolist() == [1.0] * 12


def test_every_unit_is_drawn_as_often_as_its_chance_says():
    """5,000 draws; unequal weights, one unit certain, strata whose parts are no whole numbers."""
    table = pd.DataFrame(
        {"stratum": ["a"] * 4 + ["b"] * 7 + ["c"] * 2, "w": [1.0, 2, 3, 50, 1, 1, 2, 2, 5, 5, 0.5, 1, 1]}
    )
    chances = _chances(table, "w", 7, "equal")
    assert chances.sum() == pytest.approx(7)
    assert chances.max() == 1.0
    strata = table["stratum"].to_numpy(dtype="str")
    times = np.zeros(len(table))
    for seed in range(5000):
        at = draw(chances, strata, np.random.default_rng(seed))
        assert len(set(at.tolist())) == len(at) == 7
        times[at] += 1
    error = np.sqrt(chances * (1 - chances) / 5000)
    assert (np.abs(times / 5000 - chances) <= 4.2 * error + 1e-12).all()


def test_the_recorded_chance_is_that_of_the_draw():
    table = articles(12, weight=np.arange(1.0, 13.0))
    times, recorded = dict.fromkeys(table["article_id"], 0), {}
    for seed in range(200):
        drawn = sample_for_coding(table, 5, by="outlet", weights="weight", seed=seed)
        for row in drawn.itertuples():
            times[row.article_id] += 1
            assert recorded.setdefault(row.article_id, row.probability) == pytest.approx(row.probability, abs=1e-12)
    for name, count in times.items():
        chance = recorded[name]
        assert abs(count / 200 - chance) < 4.2 * np.sqrt(chance * (1 - chance) / 200) + 1e-9


def population(n=900):
    rng = np.random.default_rng(7)
    outlet = np.repeat(["North", "South", "West"], n // 3)
    truth = rng.random(n) < np.where(outlet == "North", 0.5, np.where(outlet == "South", 0.3, 0.2))
    wrong = rng.random(n) < np.where(outlet == "North", 0.3, 0.1)
    table = pd.DataFrame({"article_id": [f"a{number}" for number in range(n)], "text": [f"T{number}" for number in range(n)],
                          "outlet": outlet, "says": (truth ^ wrong).astype(float), "is": truth.astype(float)})  # fmt: skip
    return table.assign(weight=0.5 + 2 * table["says"])


def test_corrected_means_are_unbiased_with_the_recorded_chances_and_biased_without():
    table = population()
    wanted = table.groupby("outlet")["is"].mean()
    found, plain = [], []
    for seed in range(50):
        drawn = sample_for_coding(table, 180, by="outlet", weights="weight", coders="A", seed=seed)
        codes = pd.DataFrame({"unit": drawn["unit"], "coder": "A", "code": drawn["article_id"].map(table.set_index("article_id")["is"])})  # fmt: skip
        joined = apply_codings(table, drawn, codes)
        result = correct_groups(joined, "says", truth="truth", probability="probability", calibrate=False)
        found.append(result[result["kind"] == "mean"].set_index("group")["estimate"])
        plain.append(joined.groupby("outlet")["truth"].mean())
    found, plain = pd.DataFrame(found), pd.DataFrame(plain)
    error = found.std() / np.sqrt(len(found))
    assert ((found.mean() - wanted).abs() < 3.5 * error).all()
    assert ((plain.mean() - wanted).abs() > 3.5 * plain.std() / np.sqrt(len(plain))).any()


def test_order_of_rows_is_irrelevant_and_the_seed_decides():
    table = articles(30)
    one = sample_for_coding(table, 9, by="outlet", seed=3)

    pd.testing.assert_frame_equal(one, sample_for_coding(table.sample(frac=1, random_state=1), 9, by="outlet", seed=3))
    assert set(one["unit"]) != set(sample_for_coding(table, 9, by="outlet", seed=4)["unit"])


def test_overlap_goes_to_all_and_the_rest_is_dealt_out():
    drawn = sample_for_coding(articles(60), 40, by="outlet", coders=("Ana", "Ben", "Cy"), overlap=10)
    counts = drawn["coders"].value_counts().to_dict()

    assert counts.pop("Ana, Ben, Cy") == 10
    assert counts == {"Ana": 10, "Ben": 10, "Cy": 10}
    shared = drawn[drawn["coders"] == "Ana, Ben, Cy"]["outlet"].value_counts().to_dict()
    assert shared == {"North": 5, "South": 5}
    assert (sample_for_coding(articles(60), 40, overlap=0.25)["coders"] == "A, B").sum() == 10
    assert "A, B" not in set(sample_for_coding(articles(60), 40, overlap=0)["coders"])


def test_sentences_and_quotations_come_with_their_paragraph():
    from mediakit import make_articles

    table = make_articles([{"text": "One is here. “Two is there,” said Ana Bell.\n\nThree.", "language": "en", "outlet": "North"}])  # fmt: skip
    drawn = sample_for_coding(table, 3, units="sentence").sort_values("start")
    assert drawn["text"].tolist() == ["One is here.", "“Two is there,” said Ana Bell.", "Three."]
    assert drawn["context"].tolist() == ["One is here. “Two is there,” said Ana Bell."] * 2 + ["Three."]
    quotes = sample_for_coding(table, 1, units="quote")
    assert quotes["text"].tolist() == ["Two is there,"]
    assert quotes["outlet"].tolist() == ["North"]


def test_the_sentences_of_a_table_are_the_units_of_the_articles(sample_articles):
    sentences = find_sentences(sample_articles)
    rows = sample_for_coding(sentences, 25, units="row")
    drawn = sample_for_coding(sample_articles, 25, units="sentence")
    assert rows["unit"].tolist() == drawn["unit"].tolist()


def test_weights_keep_their_stratum_and_missing_groups_are_one():
    table = articles(12, weight=[1.0] * 12)
    table.loc[0, "outlet"] = None
    drawn = sample_for_coding(table, 12, by=["outlet", "headline"], weights="weight")
    assert "(missing) | Head" in set(drawn["stratum"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n must be"), ({"n": 2.5}, "n must be"), ({"units": "word"}, "units='word'"), ({"allocation": "x"}, "allocation='x'"),
        ({"coders": ()}, "coders need"), ({"coders": ("A", "a")}, "coders need"), ({"coders": ("A/B",)}, "coders need"),
        ({"coders": ("A, B",)}, "coders need"), ({"overlap": -1}, "overlap must"), ({"overlap": float("nan")}, "overlap must"),
        ({"weights": "zero"}, "above 0 in every row; 1 are not, the first is 0.0"), ({"weights": "negative"}, "the first is -1.0"),
        ({"weights": "missing"}, "the first is nan"), ({"weights": "headline"}, "must be numeric"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(options, message):
    ones = [1.0] * 11
    table = articles(12, zero=[0.0, *ones], negative=[-1.0, *ones], missing=[np.nan, *ones])
    with pytest.raises(ArticleTableError, match=message):
        sample_for_coding(table, **{"n": 3, **options})


def test_bad_tables_are_named():
    with pytest.raises(ColumnError, match="Did you mean 'outlet'"):
        sample_for_coding(articles(), 3, by="outlets")
    with pytest.raises(ArticleTableError, match="cannot be told apart"):
        sample_for_coding(pd.DataFrame({"text": ["One.", "One."]}), 1, units="row")
    with pytest.raises(ArticleTableError, match="no article to draw from"):
        sample_for_coding(articles().assign(text=" "), 1)


def codes_for(drawn, codes):
    return pd.DataFrame({"unit": drawn["unit"], "coder": "A", "code": codes})


def test_codes_join_with_their_numbers_and_what_was_settled():
    table = articles(3)
    drawn = sample_for_coding(table, 3)
    codings = pd.concat([codes_for(drawn, ["bad", "bad", "good"]), codes_for(drawn, ["bad", "good", "good"]).assign(coder="B")])  # fmt: skip
    numbers = {"bad": -1, "good": 1}
    joined = apply_codings(table, drawn, codings, values=numbers).set_index("article_id").loc[drawn["article_id"]]
    settled = apply_codings(table, drawn, codings, values=numbers, resolved={drawn["unit"][1]: "good"})

    assert joined["truth"].tolist() == [-1, 0, 1]
    assert joined["code"].isna().tolist() == [False, True, False]
    assert settled.set_index("article_id").loc[drawn["article_id"], "truth"].tolist() == [-1, 1, 1]
    assert settled.index.equals(table.index)


def test_units_without_a_code_lower_the_chance_of_their_stratum():
    table = articles(12)
    drawn = sample_for_coding(table, 8, by="outlet")
    codings = codes_for(drawn, [1.0, None, 0, 1, 1, 1, 1, 1])
    with pytest.warns(MeasureWarning, match="1 of 8 drawn units have no code"):
        joined = apply_codings(table, drawn, codings)
    coded = joined.dropna(subset=["truth"]).groupby("outlet")["probability"].first()

    assert coded["North"] == pytest.approx(0.75)
    assert coded["South"] == pytest.approx(0.5)


def test_chances_of_undrawn_units_are_those_of_the_draw_or_their_mean():
    table = articles(12, weight=np.arange(1.0, 13))
    drawn = sample_for_coding(table, 4, by="outlet", weights="weight")
    joined = apply_codings(table, drawn, codes_for(drawn, 1.0))
    assert joined["probability"].sum() == pytest.approx(4)
    loose = drawn.copy()
    loose.attrs = {}
    other = apply_codings(table, loose, codes_for(drawn, 1.0))
    assert other["probability"].between(0, 1, inclusive="right").all()


def test_codes_that_do_not_fit_are_named():
    table = articles(3)
    drawn = sample_for_coding(table, 3)
    codings = codes_for(drawn, ["bad", "bad", "good"])
    with pytest.raises(ArticleTableError, match="'bad' is no number"):
        apply_codings(table, drawn, codings)
    with pytest.raises(ArticleTableError, match="no number for the code 'good'"):
        apply_codings(table, drawn, codings, values={"bad": 1})
    with pytest.raises(ArticleTableError, match="no unit has the code 'ugly'; there is bad, good"):
        apply_codings(table, drawn, codings, values="ugly")
    with pytest.raises(ArticleTableError, match="not in the sample"):
        apply_codings(table, drawn, codings, values="bad", resolved={"u0": "bad"})
    with pytest.raises(ArticleTableError, match="none of the drawn units"):
        apply_codings(articles(3, article_id=["x", "y", "z"]), drawn, codings, values="bad")


def test_a_saved_sample_joins_as_the_one_in_memory(tmp_path):
    table = articles(12, weight=np.arange(1.0, 13), start=0, end=5)
    drawn = sample_for_coding(table, 4, by="outlet", units="row", weights="weight")
    drawn.to_parquet(tmp_path / "drawn.parquet")
    drawn.to_csv(tmp_path / "drawn.csv", index=False)
    wanted = apply_codings(table, drawn, codes_for(drawn, 1.0))

    pd.testing.assert_frame_equal(wanted, apply_codings(table, pd.read_parquet(tmp_path / "drawn.parquet"), codes_for(drawn, 1.0)))  # fmt: skip
    from_csv = apply_codings(table, pd.read_csv(tmp_path / "drawn.csv"), codes_for(drawn, 1.0))
    pd.testing.assert_series_equal(wanted["truth"], from_csv["truth"])
    numbers = drawn.assign(article_id=range(4))
    with pytest.raises(ArticleTableError, match="none of the drawn units"):
        apply_codings(table, numbers, codes_for(drawn, 1.0))
