"""Stance from a researcher's codes: it learns, its figures come from sentences left out, it is saved without texts."""

import zipfile

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import ArticleTableError, ColumnError, MeasureWarning, ModelError

pytest.importorskip("sklearn", reason="needs the extra topics")
FRAMES = {
    "favour": ["{} praised the union for its fair plan.", "{} said the union was right.", "{} thanked the union."],
    "against": ["{} attacked the union for its bad plan.", "{} said the union lied.", "{} condemned the union."],
    "neutral": ["{} met the union on Monday.", "{} said the union had an office.", "{} wrote to the union."],
}
PEOPLE = ["The mayor", "A clerk", "Drivers", "The court", "Farmers", "A teacher", "The board", "Nurses"]


def coded(n, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.choice(list(FRAMES), n).tolist()
    texts = [rng.choice(FRAMES[code]).format(rng.choice(PEOPLE)) for code in codes]
    return texts, [(text.index("union"), text.index("union") + 5) for text in texts], codes


def row(table, name):
    return table[table["class"] == name].iloc[0]


def test_it_learns_and_says_how_well_and_whether_it_helps():
    texts, spans, codes = coded(150)
    model = mk.fit_stance(texts, spans, codes, n_resamples=200)

    macro = row(model.figures, "macro")
    assert macro["f1"] > 0.9
    assert macro["f1_low"] <= macro["f1"] <= macro["f1_high"]
    assert model.before["n"].tolist() == model.figures["n"].tolist()
    assert model.curve["n"].is_monotonic_increasing
    assert model.curve["f1"].iloc[-1] == pytest.approx(macro["f1"])


def test_it_is_a_method_of_score_mentions():
    model = mk.fit_stance(*coded(150), n_resamples=0)
    texts, spans, codes = coded(40, seed=5)

    found = mk.score_mentions(texts, spans, method=model)

    assert (found["code"] == codes).mean() > 0.85
    assert np.allclose(found[["against", "neutral", "favour"]].sum(axis=1), 1, atol=1e-5)


def test_a_table_of_coded_sentences_will_do():
    texts, spans, codes = coded(60)
    table = pd.DataFrame({"text": texts, "start": [a for a, _ in spans], "end": [b for _, b in spans], "code": codes})

    one, two = mk.fit_stance(table, n_resamples=0), mk.fit_stance(texts, spans, codes, n_resamples=0)

    assert one.figures.equals(two.figures)
    with pytest.raises(ColumnError, match="no column 'code'"):
        mk.fit_stance(table.drop(columns="code"))
    with pytest.raises(ArticleTableError, match="give it alone"):
        mk.fit_stance(table, spans)
    with pytest.raises(ArticleTableError, match="or a table with the columns"):
        mk.fit_stance(texts)


def test_codes_without_meaning_cannot_be_learned():
    rng = np.random.default_rng(3)
    names = [f"{a} met {b}." for a in ("The mayor", "A clerk", "Nurses", "Drivers") for b in "abcdefghijklmnop"]
    codes = rng.choice(["against", "neutral", "favour"], len(names)).tolist()

    model = mk.fit_stance(names, [(0, 3)] * len(names), codes, n_resamples=0)

    assert row(model.figures, "macro")["f1"] < 0.6


def test_it_is_the_same_after_saving_and_holds_no_text(tmp_path):
    model = mk.fit_stance(*coded(90), n_resamples=10)
    path = model.save(tmp_path / "mine.stance")
    texts, spans, _ = coded(20, seed=2)

    again = mk.load_fitted_stance(path)

    assert again(texts, spans).equals(model(texts, spans))
    with zipfile.ZipFile(path) as archive:
        assert b"union" not in archive.read("model.json")


@pytest.mark.parametrize("damage", ["cut", "other", "empty"])
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = tmp_path / "mine.stance"
    data = mk.fit_stance(*coded(60), n_resamples=0).save(path).read_bytes()
    path.write_bytes({"cut": data[: len(data) // 2], "other": b"PK" + data[2:100], "empty": b""}[damage])

    with pytest.raises(ModelError, match=r"mine\.stance"):
        mk.load_fitted_stance(path)


def test_what_is_wrong_is_said():
    texts, spans, codes = coded(40)
    with pytest.raises(ArticleTableError, match="there must be one of each"):
        mk.fit_stance(texts, spans[:-1], codes)
    with pytest.raises(ArticleTableError, match="3 coded sentences are too few"):
        mk.fit_stance(texts[:3], spans[:3], codes[:3])
    with pytest.raises(ArticleTableError, match="sentence 0: the code 'pro' is not one of"):
        mk.fit_stance(texts, spans, ["pro"] * 40)
    with pytest.raises(ArticleTableError, match="sentence 0: the span"):
        mk.fit_stance(texts, [(0, 999)] * 40, codes)
    with pytest.raises(ArticleTableError, match="all codes are 'neutral'"):
        mk.fit_stance(texts, spans, ["neutral"] * 40)
    with pytest.warns(MeasureWarning, match="fewer than 5 sentences, rough figures: against"):
        mk.fit_stance(texts, spans, ["against", *["neutral", "favour"] * 19, "favour"], n_resamples=0)
