"""A classifier from codes: it learns, its figures come from texts left out, it is saved without texts."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.analyses.topic_classifier import _trust
from mediakit.errors import ArticleTableError, MeasureWarning, ModelError
from mediakit.lexicons.codebooks import Category, Codebook

pytest.importorskip("sklearn", reason="needs the extra topics")
PARTS = {
    "protest": (["strike", "march", "picket", "rally"], ["workers", "students", "streets", "banners"]),
    "diplomacy": (["envoy", "talks", "treaty", "summit"], ["ministers", "embassy", "Geneva", "capital"]),
    "weather": (["storm", "flood", "snow", "heat"], ["coast", "valley", "rivers", "night"]),
}


def coded(n, seed=0, noise=0.0):
    rng = np.random.default_rng(seed)
    texts, codes = [], []
    for _ in range(n):
        code = rng.choice(list(PARTS))
        one, two = PARTS[code]
        filler = rng.choice(["today", "again", "here", "later", "soon", "the", "of", "in"], 6)
        texts.append(" ".join([rng.choice(one), *filler, rng.choice(two)]))
        codes.append(str(rng.choice(list(PARTS)) if rng.random() < noise else code))
    return texts, codes


def row(table, name):
    return table[table["class"] == name].iloc[0]


def test_it_learns_and_says_how_well():
    model = mk.fit_topic_classifier(*coded(120))
    texts, codes = coded(60, seed=9)

    assert (mk.classify_topics(texts, model)["topic"] == codes).mean() > 0.95
    everything = row(model.figures, "all")
    assert everything["f1"] > 0.9
    assert everything["f1_low"] <= everything["f1"] <= everything["f1_high"]
    assert model.figures["n"].tolist()[-2:] == [120, 120]
    assert model.predicted["right"].mean() == pytest.approx(everything["recall"])
    assert model.curve["n"].is_monotonic_increasing
    assert model.curve["f1"].iloc[-1] == pytest.approx(everything["f1"])


def test_figures_come_from_texts_left_out():
    texts, _ = coded(90)
    codes = np.random.default_rng(1).choice(["a", "b"], 90)
    model = mk.fit_topic_classifier(texts, codes)

    assert row(model.figures, "all")["f1"] < 0.7  # nothing can be learned
    assert (
        mk.classify_topics(texts, model)["topic"] == codes
    ).mean() > 0.75  # though the texts can be learned by heart


def test_figures_by_hand():
    model = mk.fit_topic_classifier(*coded(60, noise=0.3), n_resamples=0)
    table = model.predicted
    mine = table[table["code"] == "weather"]
    taken = table[table["predicted"] == "weather"]
    precision, recall = (taken["code"] == "weather").mean(), (mine["predicted"] == "weather").mean()

    found = row(model.figures, "weather")
    assert (found["precision"], found["recall"]) == (pytest.approx(precision), pytest.approx(recall))
    assert found["f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert np.isnan(found["f1_low"])


def test_a_codebook_helps_where_codes_are_few():
    book = mk.load_codebook("event_types")
    drawn = {"EARTH": ["earthquake", "landslide", "tsunami", "flood", "typhoon", "drought"],
             "CRIME": ["smuggling", "robbery", "bribery", "cocaine", "counterfeit notes", "ransomware"]}  # fmt: skip
    texts = [
        f"News of a {word} came in {place}." for place in ("May", "June") for words in drawn.values() for word in words
    ]
    codes = [name for _ in range(2) for name, words in drawn.items() for _ in words]
    keep = [n for n in range(24) if n < 12]
    texts, codes = [texts[n] for n in keep], [codes[n] for n in keep]
    options = {"n_resamples": 0, "word_vectors": False}
    plain = mk.fit_topic_classifier(texts, codes, **options)
    helped = mk.fit_topic_classifier(texts, codes, codebook=book, **options)
    with_vectors = mk.fit_topic_classifier(texts, codes, n_resamples=0)

    assert row(helped.figures, "all")["f1"] > 0.9
    assert row(plain.figures, "all")["f1"] < 0.7 < row(with_vectors.figures, "all")["f1"]


def test_words_a_codebook_has_from_one_text_can_be_left_out():
    things = [f"thing{letter}" for letter in "abcdefghijklmnop"]
    categories = Category("ONE", tuple(things[:8])), Category("TWO", tuple(things[8:]))
    book = Codebook("by heart", "1", "en", "", "", categories)
    texts, codes = [f"Of {thing} it tells." for thing in things], ["ONE"] * 8 + ["TWO"] * 8
    options = {"codebook": book, "word_vectors": False, "n_resamples": 0}
    by_heart = mk.fit_topic_classifier(texts, codes, **options)
    honest = mk.fit_topic_classifier(texts, codes, own_matches=False, **options)
    twice = mk.fit_topic_classifier(texts * 2, codes * 2, own_matches=False, **options)

    assert row(by_heart.figures, "all")["f1"] == 1.0  # the codebook was written from these very texts
    assert row(honest.figures, "all")["f1"] < 0.8
    assert row(twice.figures, "all")["f1"] == 1.0  # every word in two texts


def test_the_fewer_the_codes_the_more_the_codebook_weighs():
    few, many = _trust(50, 30), _trust(400, 30)

    assert few > 2 * many
    assert _trust(400, 5) > many
    assert {_trust(10, 2), _trust(10**9, 30)} == {2.0, 0.25}


def test_more_classes_than_half_of_the_texts_raise_no_warning_of_another_library():
    texts = [f"{word} again" for word in ("strike", "envoy", "storm", "march", "flood", "talks")] * 2
    with pytest.warns(MeasureWarning) as caught:
        mk.fit_topic_classifier(texts, ["a", "b", "c", "d", "e", "f"] * 2, n_resamples=0)

    assert {type(one.message) for one in caught} == {MeasureWarning}


def test_vectors_know_words_that_no_coded_text_has():
    strike, flood = ("The strike at the ferry goes on.", "The flood in the valley goes on.")
    model = mk.fit_topic_classifier([strike, flood] * 10, ["protest", "disaster"] * 10, n_resamples=0)

    found = mk.classify_topics(["A walkout of dockers.", "An earthquake and a landslide."], model)

    assert found["topic"].tolist() == ["protest", "disaster"]


def test_vectors_are_english_only():
    texts = ["La grève continue au port.", "Les envoyés négocient encore."] * 10
    model = mk.fit_topic_classifier(texts, ["a", "b"] * 10, language="fr", n_resamples=0)

    assert model.vectors == ""
    assert mk.classify_topics(texts[:2], model)["topic"].tolist() == ["a", "b"]


def test_the_same_seed_gives_the_same_classifier():
    one, two = (mk.fit_topic_classifier(*coded(60, noise=0.2), seed=4, n_resamples=50) for _ in range(2))

    assert np.array_equal(one.weights, two.weights)
    pd.testing.assert_frame_equal(one.figures, two.figures)
    pd.testing.assert_frame_equal(one.curve, two.curve)


def test_saved_and_loaded_it_answers_alike_and_holds_no_text(tmp_path):
    texts, codes = coded(60)
    model = mk.fit_topic_classifier(texts, codes, codebook=mk.load_codebook("protest"), n_resamples=20)
    path = model.save(tmp_path / "deep" / "own.classifier")
    again = mk.load_topic_classifier(path)

    assert path.read_bytes() == model.save(tmp_path / "other").read_bytes()
    pd.testing.assert_frame_equal(mk.classify_topics(texts, again), mk.classify_topics(texts, model))
    pd.testing.assert_frame_equal(again.figures, model.figures)
    assert again.codebook == model.codebook
    with zipfile.ZipFile(path) as archive:
        assert texts[0] not in archive.read("model.json").decode()


def test_a_broken_or_foreign_file_is_refused(tmp_path):
    path = mk.fit_topic_classifier(*coded(30), n_resamples=0).save(tmp_path / "a")
    with pytest.raises(ModelError, match="no topic classifier"):
        mk.load_topic_classifier(tmp_path / "nosuch")
    (tmp_path / "cut").write_bytes(path.read_bytes()[:500])
    with pytest.raises(ModelError, match="no topic classifier"):
        mk.load_topic_classifier(tmp_path / "cut")
    with zipfile.ZipFile(path) as archive:
        about, arrays = json.loads(archive.read("model.json")), archive.read("arrays.npz")
    for change, message in (
        ({"version": 0}, "version 0"),
        ({"classes": ["one"]}, "do not fit"),
        ({"codebook": 3}, "damaged"),
        ({"vectors": "others"}, "another version"),
    ):
        with zipfile.ZipFile(tmp_path / "changed", "w") as archive:
            archive.writestr("model.json", json.dumps({**about, **change}))
            archive.writestr("arrays.npz", arrays)
        with pytest.raises(ModelError, match=message):
            mk.load_topic_classifier(tmp_path / "changed")


def test_articles_empty_texts_and_missing_codes():
    texts, codes = coded(40)
    articles = mk.make_articles([{"text": text, "position": n} for n, text in enumerate([*texts, "left out", ""])])
    model = mk.fit_topic_classifier(articles, [*codes, None, "  "])
    found = mk.classify_topics(articles, model)

    assert len(model.predicted) == 40
    assert found["article_id"].tolist() == articles["article_id"].tolist()
    assert pd.isna(found["topic"].iloc[-1])
    assert found["note"].iloc[-1] == "no text"
    assert found["chance"].dropna().between(0, 1).all()
    assert len(mk.classify_topics([], model)) == 0


def test_bad_codes_are_named():
    texts, codes = coded(30)
    for given, answers, message in (
        (texts[:9], codes[:9], "9 coded texts are too few"), (texts, ["a"] * 30, "all codes are 'a'"),
        (texts, codes[:20], "30 texts and 20 codes"), ("one text", codes, "one string"), (texts, [None] * 30, "0 coded texts"),
    ):  # fmt: skip
        with pytest.raises(ArticleTableError, match=message):
            mk.fit_topic_classifier(given, answers)
    with pytest.warns(MeasureWarning, match="fewer than 5 texts, rough figures: rare"):
        model = mk.fit_topic_classifier([*texts, "odd word"], [*codes, "rare"], n_resamples=0)
    assert row(model.figures, "rare")["n"] == 1
