"""Topic models: the stories of the sample corpus come back, the same seed gives the same model, bad input is named."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.analyses.topic_quality import match_topics, measure_coherence, measure_exclusivity
from mediakit.errors import ArticleTableError, ModelError

pytest.importorskip("sklearn", reason="needs the extra topics")
SEEDS = {
    "strike": ["strike*", "metro"], "vigil": ["vigil*"], "farm": ["farm*", "tractor*"], "sanctions": ["sanction*"],
    "pitch": ["pitch*"], "forum": ["forum*"], "border": ["border*", "mediat*"], "climate": ["climate"],
}  # fmt: skip


@pytest.fixture(scope="module")
def sample():
    articles = mk.load_articles(mk.sample_path(), progress=False)
    return mk.label_stories(articles, pd.read_csv(mk.sample_path().parent / "stories.csv"))


@pytest.fixture(scope="module")
def tokens(sample):
    return mk.tokenize(sample)


@pytest.fixture(scope="module")
def model(tokens):
    return mk.fit_topics(tokens, 8, n_seeds=20, progress=False)


def rand_index(one, other):
    from sklearn.metrics import adjusted_rand_score

    return adjusted_rand_score(list(one), list(other))


def test_eight_topics_are_the_eight_stories_of_the_sample(sample, model):
    assert rand_index(sample["story"], model.shares.argmax(axis=1)) >= 0.9
    assert model.kept > 0.8
    assert (model.table["stability"] > 0.6).all()
    assert model.table["articles"].sum() == len(sample)
    assert model.shares.sum(axis=1) == pytest.approx(1)
    assert model.table["share"].is_monotonic_decreasing


def test_seeds_name_their_topics(sample, tokens):
    model = mk.fit_topics(tokens, 8, seeds=SEEDS, n_seeds=3, progress=False)

    assert model.names == list(SEEDS)
    assert rand_index(sample["story"], model.shares.argmax(axis=1)) >= 0.9
    assert "farmers" in model.table["words"][2].split()
    fewer = mk.fit_topics(tokens, 8, seeds={"farm": ["farm*"]}, n_seeds=0)
    assert fewer.names[0] == "farm"
    assert "farmers" in fewer.table["words"][0].split()
    assert fewer.table["stability"].isna().all()
    assert np.isnan(fewer.kept)


@pytest.mark.parametrize("method", ["nmf", "lda", "gibbs"])
def test_the_same_seed_gives_the_same_model(tokens, method):
    if method == "gibbs":
        pytest.importorskip("tomotopy", reason="needs the extra tomotopy")
    one, two = (mk.fit_topics(tokens, 4, method=method, n_seeds=1, seed=3) for _ in range(2))

    assert np.array_equal(one.weights, two.weights)
    pd.testing.assert_frame_equal(one.table, two.table)
    assert np.array_equal(one.runs[0], two.runs[0], equal_nan=True)
    if method != "nmf":
        assert not np.array_equal(one.weights, mk.fit_topics(tokens, 4, method=method, n_seeds=0, seed=4).weights)


@pytest.mark.parametrize("method", ["nmf", "lda", "gibbs"])
def test_scores_of_the_same_articles_are_those_of_the_fit(sample, tokens, method):
    if method == "gibbs":
        pytest.importorskip("tomotopy", reason="needs the extra tomotopy")
    model = mk.fit_topics(tokens, 6, method=method, n_seeds=0)
    table = mk.score_topics(tokens, model)
    shares = table["share"].to_numpy().reshape(len(sample), 6)

    assert table.groupby("article_id", sort=False)["share"].sum().to_numpy() == pytest.approx(1)
    assert (shares.argmax(axis=1) == model.shares.argmax(axis=1)).mean() > 0.9
    if method == "nmf":
        assert shares == pytest.approx(model.shares, abs=0.03)


def test_a_saved_model_scores_new_articles_alike_and_holds_no_text(tmp_path, tokens, model):
    path = model.save(tmp_path / "deep" / "sample.topics")
    again = mk.load_topics(path)

    assert path.read_bytes() == model.save(tmp_path / "other.topics").read_bytes()
    pd.testing.assert_frame_equal(mk.score_topics(tokens, again), mk.score_topics(tokens, model))
    assert again.names == model.names
    assert set(zipfile.ZipFile(path).namelist()) == {"model.json", "arrays.npz"}


def test_a_broken_or_foreign_file_is_refused(tmp_path, model):
    path = model.save(tmp_path / "a.topics")
    with pytest.raises(ModelError, match="no topic model"):
        mk.load_topics(tmp_path / "nosuch.topics")
    (tmp_path / "text.topics").write_text("topics")
    with pytest.raises(ModelError, match="no topic model"):
        mk.load_topics(tmp_path / "text.topics")
    (tmp_path / "cut.topics").write_bytes(path.read_bytes()[:4000])
    with pytest.raises(ModelError):
        mk.load_topics(tmp_path / "cut.topics")
    with zipfile.ZipFile(path) as archive:
        about, arrays = json.loads(archive.read("model.json")), archive.read("arrays.npz")
    for change, message in (
        ({"version": 9}, "version 9"), ({"words": ["one"]}, "do not fit together"), ({"names": None}, "damaged"),
        ({"method": "magic"}, "do not fit together"),
    ):  # fmt: skip
        with zipfile.ZipFile(tmp_path / "changed.topics", "w") as archive:
            archive.writestr("model.json", json.dumps({**about, **change}))
            archive.writestr("arrays.npz", arrays)
        with pytest.raises(ModelError, match=message):
            mk.load_topics(tmp_path / "changed.topics")


def test_shares_of_groups_have_intervals_that_hold_the_models_own_uncertainty(sample, tokens, model):
    table = mk.count_topic_shares(tokens, model, by="outlet")
    once = mk.count_topic_shares(tokens, mk.fit_topics(tokens, 8, n_seeds=0), by="outlet")

    known = table.dropna(subset=["low"])
    assert len(known)
    assert ((known["low"] <= known["share"] + 1e-9) & (known["share"] <= known["high"] + 1e-9)).mean() > 0.95
    assert table.groupby("outlet")["share"].sum().to_numpy() == pytest.approx(1)
    assert (table["between_seeds"] > 0).any()
    width, plain = ((one["high"] - one["low"]).mean() for one in (table, once))
    assert width > plain
    assert once["note"].str.contains("fitted once").all()
    assert (known["high"] > 0.1).all()  # five to ten articles cannot tell that an outlet never writes about it
    with pytest.raises(ArticleTableError, match="not the articles"):
        mk.count_topic_shares(mk.tokenize(sample.head(20)), model)


def test_typical_articles_are_of_the_topic(sample, model):
    table = mk.find_typical(model, sample, most=2)

    assert table.groupby("topic").size().tolist() == [2] * 8
    stories = table.merge(sample[["article_id", "story"]], on="article_id").groupby("topic")["story"].nunique()
    assert stories.tolist() == [1] * 8


def test_the_choice_of_k_has_a_row_for_each_number(tokens):
    table = mk.choose_topics(tokens, [2, 8], n_seeds=3, progress=False)

    assert table["k"].tolist() == [2, 8]
    assert table["npmi"][1] > table["npmi"][0]
    assert table[["exclusivity", "stability", "kept"]].to_numpy().min() >= 0


def test_articles_without_words_have_no_share():
    texts = ["ferry port strike", "ferry port union", "treaty envoy talks", "treaty envoy summit", "", None, "snow"]
    articles = mk.make_articles([{"text": text, "position": n} for n, text in enumerate(texts)])
    model = mk.fit_topics(mk.tokenize(articles), 2, n_seeds=2)
    table = mk.score_topics(mk.tokenize(articles), model)

    assert np.isnan(model.shares[4:]).all()
    assert table["share"].isna().sum() == 6
    assert table.loc[table["share"].isna(), "note"].unique().tolist() == ["no word of the model"]


@pytest.mark.parametrize(
    ("k", "options", "message"),
    [
        (1, {}, "at least two"), (2.5, {}, "at least two"), (60, {}, "52 and"), (3, {"method": "bert"}, "method='bert'"),
        (3, {"min_articles": 60}, "no words are left"), (2, {"seeds": {"a": ["qqq"]}}, "no word of the seeds"),
        (2, {"seeds": {name: [name] for name in ("strike", "climate", "police")}}, "3 seeds"),
        (3, {"method": "lda", "seeds": {"a": ["strike"]}}, "seeds= works"), (3, {"unit": "letter"}, "unit='letter'"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(tokens, k, options, message):
    with pytest.raises(ArticleTableError, match=message):
        mk.fit_topics(tokens, k, n_seeds=0, **options)


def test_coherence_exclusivity_and_matches_by_hand():
    from scipy.sparse import csr_matrix

    counts = csr_matrix(np.array([[1, 1, 0], [2, 1, 0], [0, 0, 1], [1, 0, 1]]))
    npmi = np.log(0.5 / (0.75 * 0.5)) / -np.log(0.5)
    assert measure_coherence(counts, [np.array([0, 1]), np.array([1, 2]), np.array([0])])[:2].tolist() == pytest.approx(
        [npmi, -1]
    )
    weights = np.array([[0.5, 0.5, 0.0], [0.25, 0.0, 0.75]])
    assert measure_exclusivity(weights, [np.array([0, 1]), np.array([2])]).tolist() == pytest.approx(
        [(2 / 3 + 1) / 2, 1]
    )
    order, overlap = match_topics(weights, weights[::-1])
    assert order.tolist() == [1, 0]
    assert overlap.tolist() == [1, 1]


def test_article_tables_are_taken():
    texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 5
    articles = mk.make_articles(
        [{"text": text, "outlet": "AB"[n % 2], "desk": "XY"[n % 2], "position": n} for n, text in enumerate(texts)]
    )
    tokens = mk.tokenize(articles)
    model = mk.fit_topics(articles, 2)

    assert model.table.equals(mk.fit_topics(tokens, 2).table)
    assert mk.score_topics(articles, model).equals(mk.score_topics(tokens, model))
    assert mk.count_topic_shares(articles, model, by="desk")["desk"].tolist() == ["X", "X", "Y", "Y"]
    assert mk.choose_topics(articles, [2], n_seeds=2)["k"].tolist() == [2]
