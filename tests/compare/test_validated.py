"""A study's sentiment set against hand codes: the same numbers as step by step, every kind of unit and code, bad input."""

import shutil

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.cli import main
from mediakit.compare.validated import read_coded_sample, validate_with_codings
from mediakit.errors import ArticleTableError, LoadError


@pytest.fixture(scope="module")
def sentences(sample_study):
    articles = sample_study.articles
    articles = articles[articles["duplicate_of"].isna() & (articles["language"] == "en")]
    scored = mk.score_sentiment(articles, unit="sentence")
    return scored.merge(articles[["article_id", "outlet", "headline"]], on="article_id")


def articles(n=60):
    table = pd.DataFrame(
        {
            "article_id": [f"a{number:02d}" for number in range(n)],
            "outlet": ["North", "South"] * (n // 2),
            "headline": "Headline",
            "text": [f"Text number {number}." for number in range(n)],
        }
    )
    table["sentiment"] = np.random.default_rng(0).uniform(-0.9, 0.9, n).round(2)
    return table


def coded(folder, table, codes, n=40):
    drawn = mk.sample_for_coding(table, n, by="outlet", units="article", coders="A", overlap=0)
    drawn.to_csv(folder / "sample.csv", index=False)
    sheet = drawn[["unit", "text"]].assign(code=[codes(name) for name in drawn["article_id"]])
    sheet.to_csv(folder / "coding_A.csv", index=False)


def test_the_shipped_sample_is_the_draw_of_the_notebook(sentences):
    drawn = mk.sample_for_coding(sentences, 150, by="outlet", units="row", overlap=60, seed=0)
    pd.testing.assert_frame_equal(read_coded_sample(mk.sample_codings()), drawn, check_dtype=False)


def test_the_tables_are_those_of_the_steps(sentences, sample_study):
    drawn = read_coded_sample(mk.sample_codings())
    codings = mk.read_codings(mk.sample_codings(), drawn)
    measured = sentences.assign(negative=(sentences["sentiment"] <= -0.05).astype(float))
    joined = mk.apply_codings(measured, drawn, codings, values="negative")
    wanted = mk.correct_groups(joined, "negative", truth="truth", probability="probability", cluster="article_id")
    found = sample_study["corrected_by_outlet"]
    assert (found["measure"] == "share of negative sentences").all()
    pd.testing.assert_frame_equal(found.drop(columns="measure"), wanted)
    alpha = sample_study["coding_agreement"].query("scope == 'all' and measure == 'alpha'")["value"].iloc[0]
    assert alpha == pytest.approx(mk.score_agreement(codings, n_resamples=0)["value"].iloc[0])
    assert set(sample_study["coding_errors"]["group"]) == {"all", *sentences["outlet"]}


def test_a_sample_may_be_parquet(tmp_path, sentences):
    shutil.copytree(mk.sample_codings(), tmp_path / "in")
    read_coded_sample(tmp_path / "in").to_parquet(tmp_path / "in" / "sample.parquet")
    (tmp_path / "in" / "sample.csv").unlink()
    one, two = (dict(validate_with_codings(sentences, place)) for place in (mk.sample_codings(), tmp_path / "in"))
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, two[name])


def test_articles_coded_as_they_are_measured_need_no_correction(tmp_path):
    table = articles()
    tone = dict(zip(table["article_id"], table["sentiment"], strict=True))
    coded(tmp_path, table, lambda name: "positive" if tone[name] >= 0.05 else "other")
    found = dict(validate_with_codings(table, tmp_path))
    assert list(found) == ["coding_errors", "corrected_by_outlet"]  # one coder: no agreement
    rows = found["corrected_by_outlet"]
    assert set(rows["measure"]) == {"share of positive articles"}
    assert rows["estimate"].to_numpy() == pytest.approx(rows["raw"].to_numpy(), abs=1e-9)


def test_codes_that_are_numbers_correct_the_mean(tmp_path):
    table = articles()
    tone = dict(zip(table["article_id"], table["sentiment"], strict=True))
    coded(tmp_path, table, lambda name: round(tone[name] / 2, 3))
    rows = dict(validate_with_codings(table, tmp_path))["corrected_by_outlet"]
    assert set(rows["measure"]) == {"mean sentiment"}
    means = rows[rows["kind"] == "mean"]
    assert means["estimate"].to_numpy() == pytest.approx(means["raw"].to_numpy() / 2, abs=0.05)


def test_other_codes_are_refused_by_name(tmp_path):
    coded(tmp_path, articles(), lambda name: "riot")
    with pytest.raises(ArticleTableError, match="the codes are riot; the report compares them with sentiment"):
        dict(validate_with_codings(articles(), tmp_path))


def test_a_sample_of_other_articles_is_refused(tmp_path):
    coded(tmp_path, articles(), lambda name: "negative")
    other = articles().assign(article_id=lambda table: "x" + table["article_id"])
    with pytest.raises(ArticleTableError, match="none of the drawn units is in the table"):
        dict(validate_with_codings(other, tmp_path))


def test_a_folder_without_sample_says_what_is_missing(tmp_path, capsys):
    shutil.copytree(mk.sample_codings(), tmp_path / "in")
    (tmp_path / "in" / "sample.csv").unlink()
    with pytest.raises(LoadError, match=r"holds no sample\.parquet or sample\.csv"):
        read_coded_sample(tmp_path / "in")
    (tmp_path / "in" / "sample.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(LoadError, match=r"sample\.parquet cannot be read"):
        read_coded_sample(tmp_path / "in")
    told = main(["report", "--codings", str(tmp_path / "none"), "--out", str(tmp_path / "r"), "--no-notebook"])
    assert told == 1
    assert "holds no sample.parquet" in capsys.readouterr().err


def test_a_report_with_codes_shows_the_corrected_contrast_and_one_without_warns(tmp_path, sample_study):
    page = mk.write_report(sample_study, tmp_path / "with", notebook=False, progress=False).read_text("utf-8")
    assert "Set against hand codes" in page
    assert "Only sentiment is set against hand codes." in page
    assert "150 hand-coded units made for the example" in page
    assert "<strong>Not validated. </strong>" not in page
    for number in range(12):
        text = f"Headline {number}\n\nThe police arrested {number} protesters on Monday. It was a bad day for all.\n"
        (tmp_path / f"{'ab'[number % 2]}_2025-01-{number + 1:02d}_x.txt").write_text(text, encoding="utf-8")
    study = mk.run_study(f"{tmp_path}/*.txt", n_resamples=200)
    page = mk.write_report(study, tmp_path / "without", notebook=False, progress=False).read_text("utf-8")
    assert "<strong>Not validated. </strong>" in page
    assert "Set against hand codes" not in page
