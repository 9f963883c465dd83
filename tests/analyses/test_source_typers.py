"""A function or a transformers model of somebody's own as the method of `find_sources`."""

import numpy as np
import pandas as pd
import pytest

import mediakit as mk
from mediakit.analyses.source_typers import GIVEN, _cut
from mediakit.errors import ArticleTableError, MissingExtraError, ModelError

TEXT = "“No,” said Ana Ruiz, a professor of law. A witness said “yes”. Police said “perhaps”."
TABLE = mk.make_articles([{"text": TEXT, "language": "en"}])
QUOTES = mk.find_quotes(TABLE, progress=False)


def answer(**columns):
    """Return a function that gives every source the same probabilities, and what it was asked."""
    asked = []

    def typer(texts, spans):
        asked.extend(text[start:end] for text, (start, end) in zip(texts, spans, strict=True))
        return pd.DataFrame(columns, index=range(100, 100 + len(texts)))

    return typer, asked


def test_a_function_sees_article_and_place_and_its_types_stand():
    typer, asked = answer(celebrity=0.7, other=0.3, named=0.2)

    found = mk.find_sources(TABLE, QUOTES, method=typer)

    assert asked == ["Ana Ruiz", "A witness", "Police"]
    assert found["source_type"].tolist() == ["celebrity"] * 3
    assert found["reason"].tolist() == [GIVEN] * 3
    assert found["confidence"].tolist() == [0.7] * 3
    assert not found["named"].any()


def test_each_source_gets_its_own_row_of_the_answer():
    def typer(texts, spans):
        return pd.DataFrame({"expert": [1.0, 0, 0], "citizen": [0, 1.0, 0], "police": [0, 0, 1.0]})

    found = mk.find_sources(TABLE, QUOTES, method=typer)

    assert found["source_type"].tolist() == ["expert", "citizen", "police"]
    assert found["named"].tolist() == mk.find_sources(TABLE, QUOTES, method="rules")["named"].tolist()


def test_a_row_of_nan_leaves_what_the_rules_say():
    def typer(texts, spans):
        return pd.DataFrame({"media": [np.nan, 1.0, 1.0]})

    found, ruled = (mk.find_sources(TABLE, QUOTES, method=how) for how in (typer, "rules"))

    assert found.iloc[0]["source_type"] == ruled.iloc[0]["source_type"] == "expert"
    assert found.iloc[0]["reason"] == ruled.iloc[0]["reason"]
    assert np.isnan(found.iloc[0]["confidence"])
    assert found["source_type"].tolist()[1:] == ["media", "media"]


def test_what_is_less_probable_than_least_is_unknown():
    typer, _ = answer(expert=0.4, citizen=0.35, unknown=0.25)

    kept, unsure = (mk.find_sources(TABLE, QUOTES, method=typer, least=least) for least in (0.4, 0.41))

    assert kept["source_type"].tolist() == ["expert"] * 3
    assert unsure["source_type"].tolist() == ["unknown"] * 3
    assert unsure["reason"].tolist() == [f"{GIVEN}: not sure of expert"] * 3
    assert unsure["confidence"].tolist() == [0.25] * 3


def test_it_is_asked_of_every_language():
    table = mk.make_articles([{"text": "«Non», a dit Ana Ruiz, professeure de droit.", "language": "fr"}])
    typer, asked = answer(citizen=1.0)

    found = mk.find_sources(table, mk.find_quotes(table, progress=False), method=typer)

    assert asked
    assert found["source_type"].tolist() == ["citizen"]


def test_rules_and_actors_of_ones_own_stand_against_it(tmp_path):
    typer, asked = answer(celebrity=1.0)
    file = tmp_path / "own.toml"
    file.write_text('[[rule]]\ntype = "society"\nlooks = "role"\nany = ["witness"]\n', encoding="utf-8")
    actors = pd.DataFrame({"actor": ["Ana Ruiz"], "type": ["opposition"], "pattern": ["Ana Ruiz"], "country": ["MEX"]})

    found = mk.find_sources(TABLE, QUOTES, method=typer, rules=mk.load_source_types(file), actors=actors)

    assert found["source_type"].tolist() == ["opposition", "society", "celebrity"]
    assert found["country"].tolist()[0] == "MEX"
    assert "A witness" not in asked


def test_without_sources_nothing_is_asked():
    def typer(texts, spans):
        raise AssertionError("asked")

    table = mk.make_articles([{"text": "It rained.", "language": "en"}])

    assert mk.find_sources(table, mk.find_quotes(table, progress=False), method=typer).empty


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([[1.0]] * 3, "returned list; needed is a DataFrame"),
        (pd.DataFrame(index=range(3)), "has no columns"),
        (pd.DataFrame({"expert": [1.0] * 3, "dentist": [0.0] * 3}), "has columns expert, dentist; needed are types"),
        (pd.DataFrame({"named": [1.0] * 3}), "has columns named; needed are types"),
        (pd.DataFrame([[0.5, 0.5]] * 3, columns=["expert", "expert"]), "each once"),
        (pd.DataFrame({"expert": [1.0] * 2}), "2 rows for 3 sources"),
        (pd.DataFrame({"expert": [0.9] * 3}), "must sum to 1"),
        (pd.DataFrame({"expert": [1.5] * 3, "media": [-0.5] * 3}), "must sum to 1"),
        (pd.DataFrame({"expert": [np.inf] * 3}), "must sum to 1"),
        (pd.DataFrame({"expert": ["yes"] * 3}), "no numbers"),
        (pd.DataFrame({"expert": [1.0] * 3, "named": [2.0] * 3}), "not between 0 and 1"),
    ],
)
def test_what_is_no_answer_is_refused(given, told):
    with pytest.raises(ArticleTableError, match=told):
        mk.find_sources(TABLE, QUOTES, method=lambda texts, spans: given)


@pytest.mark.parametrize("start", [0, 3, 700, 1500, 2993])
def test_a_passage_is_cut_between_words_and_holds_the_source(start):
    text = " ".join(f"w{number:04}" for number in range(500))
    passage, (left, right) = _cut(text, start, start + 5)

    assert passage[left:right] == text[start : start + 5]
    assert len(passage) <= 1205
    assert passage in text
    edge = text.index(passage)
    assert edge == 0 or text[edge - 1] == " "
    assert edge + len(passage) == len(text) or text[edge + len(passage)] == " "


@pytest.mark.parametrize("start", [0, 1000, 4990])
def test_a_passage_without_spaces_is_cut_anyhow(start):
    passage, (left, right) = _cut("文" * 5000, start, start + 10)

    assert right - left == 10
    assert len(passage) <= 1210


def test_without_the_library_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtraError, match=r"mediakit-research\[transformers\]"):
        mk.transformers_sources("any")


def test_a_transformers_model_types_sources(tiny):
    folder = tiny(["Police", "expert", "citizen"])
    one, many = (mk.transformers_sources(folder, batch_size=size, device="cpu") for size in (1, 8))

    found, again = (mk.find_sources(TABLE, QUOTES, method=how, least=0.0) for how in (one, many))

    pd.testing.assert_frame_equal(found, again)
    assert set(found["source_type"]) <= {"police", "expert", "citizen"}
    assert (found["confidence"] > 1 / 3).all()


def test_outputs_without_a_meaning_are_refused(tiny):
    folder = tiny(["LABEL_0", "LABEL_1"])
    for labels in (None, ["expert"], ["expert", "expert"], ["expert", "dentist"]):
        with pytest.raises(ModelError, match="say what they mean"):
            mk.transformers_sources(folder, labels=labels)

    assert callable(mk.transformers_sources(folder, labels=["expert", "media"], device="cpu"))
