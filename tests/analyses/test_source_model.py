"""The trained model of source types: what it reads, how it decides, and which files it refuses."""

import numpy as np
import pytest

import mediakit as mk
from mediakit.analyses.recurrent import LONGEST
from mediakit.analyses.source_evidence import Evidence, gather_evidence
from mediakit.analyses.source_model import (
    SourceModel,
    Told,
    load_source_model,
    mix,
    read_source_model,
    type_sources,
    write_source_model,
)
from mediakit.analyses.source_network import load_source_network, read_source_network, write_source_network
from mediakit.analyses.source_reading import read_signs
from mediakit.analyses.source_types import TYPES, SourceType, load_source_types, type_source
from mediakit.analyses.source_words import source_words
from mediakit.errors import ArticleTableError, ModelError

UNTOLD = SourceType("unknown", True, "nothing tells")


def small(weights: dict[str, dict[str, float]]) -> SourceModel:
    """A model of a few signs."""
    table = np.zeros((len(weights), len(TYPES) + 1))
    for row, of in enumerate(weights.values()):
        for kind, value in of.items():
            table[row, TYPES.index(kind)] = value
    return SourceModel({sign: row for row, sign in enumerate(weights)}, table, np.zeros(len(TYPES) + 1))


def sources_of(text: str, **options) -> dict[str, str]:
    articles = mk.make_articles([{"text": text, "language": options.pop("language", "en")}])
    found = mk.find_sources(articles, mk.find_quotes(articles, progress=False), **options)
    return dict(zip(found["source"], found["source_type"], strict=True))


def test_signs_are_the_words_at_a_source_and_never_a_persons_name():
    text = (
        "The plan was called unsafe. “No,” said Ana Ruiz, climate spokeswoman for Harbour Watch. Ruiz (Lissmar) left."
    )
    start = text.index("Ana Ruiz")
    signs = read_signs(gather_evidence(text, start, start + 8), UNTOLD)

    assert {"behind:spokeswoman", "bracket:lissmar", "right before:said", "rule:unknown:person"} <= set(signs)
    assert not any("ruiz" in sign or sign.endswith(":ana") for sign in signs)


def test_the_name_of_a_body_is_a_sign():
    signs = read_signs(Evidence("the Harbour Tribune", (), "Harbour Tribune"), UNTOLD)

    assert {"name:tribune", "last:tribune", "kind:body"} <= set(signs)


def test_where_rules_and_model_agree_the_reason_of_the_rules_stands():
    evidence, verdict = Evidence("Police", ("Police",)), SourceType("police", False, "police")

    found, chance = small({"rule:police": {"police": 3}}).type(evidence, verdict)

    assert found.reason == "police"
    assert chance == pytest.approx(np.exp(3) / (np.exp(3) + 13))


def test_else_the_words_that_weighed_most_are_the_reason():
    evidence = Evidence("Ana Ruiz", ("harbour pilot of the union",), "Ana Ruiz")
    model = small(
        {"role:pilot": {"company": 2}, "role:union": {"society": 1, "company": 0.5}, "kind:person": {"company": 9}}
    )

    assert model.type(evidence, UNTOLD)[0] == SourceType("company", False, "learned: pilot, union")


def test_the_rules_stand_against_a_model_that_is_not_sure():
    evidence, verdict = Evidence("Police", ("Police",)), SourceType("police", False, "police")
    model = small({"kind:phrase": {"citizen": 2.0}})

    assert model.type(evidence, verdict)[0].type == "police"
    assert small({"kind:phrase": {"citizen": 9.0}}).type(evidence, verdict)[0].type == "citizen"


def test_the_rules_stand_for_listed_bodies_and_for_sources_without_a_name():
    model = small({"kind:phrase": {"citizen": 9.0}, "kind:body": {"government": 9.0}})
    source = Evidence("a diplomatic source", ("a diplomatic source",))

    assert model.type(source, SourceType("diplomat", False, "diplomatic"))[0].type == "diplomat"
    assert model.type(source, UNTOLD)[0].type == "citizen"
    assert (
        model.type(Evidence("OSCE", (), "OSCE"), SourceType("international", True, "OSCE"))[0].type == "international"
    )
    assert model.type(Evidence("OSCE", (), "OSCE"), SourceType("media", True, "OSCE"))[0].type == "government"


def test_what_is_not_probable_enough_is_unknown():
    evidence, model = Evidence("Somebody", ("Somebody",)), small({"kind:phrase": {"citizen": 2.0}})  # 0.36

    assert model.type(evidence, UNTOLD, 0.3)[0].type == "citizen"
    assert model.type(evidence, UNTOLD, 0.4)[0].type == "unknown"
    assert model.type(evidence, UNTOLD, 0.4)[0].reason.startswith("not sure of citizen")


def test_a_model_comes_back_from_its_file_the_same(tmp_path):
    model = load_source_model()
    again = read_source_model(write_source_model(model, tmp_path / "model.npz"))

    assert list(again.number) == list(model.number)
    assert np.array_equal(again.weights, model.weights)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: SourceModel(m.number, m.weights[:-1], m.bias), "do not fit"),
        (lambda m: SourceModel(m.number, m.weights * np.nan, m.bias), "do not fit"),
        (lambda m: SourceModel(m.number, m.weights, m.bias[:-1]), "do not fit"),
    ],
)
def test_a_damaged_model_is_refused(tmp_path, change, told):
    path = write_source_model(change(small({"rule:police": {"police": 3}})), tmp_path / "model.npz")

    with pytest.raises(ModelError, match=told):
        read_source_model(path)


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "model.npz").write_bytes(b"no model")

    with pytest.raises(ModelError, match=r"model\.npz"):
        read_source_model(tmp_path / "model.npz")


def test_the_model_sees_what_no_rule_says():
    text = "“No,” said Ana Ruiz, climate and air quality spokeswoman for the Harbour Alliance in Lissmar."

    assert sources_of(text)["Ana Ruiz"] == "society"


def test_somebodys_own_rules_stand(tmp_path):
    (tmp_path / "types.toml").write_text(
        '[[rule]]\ntype = "company"\nlooks = "role"\nany = ["harbour pilot*"]\n', "utf-8"
    )
    text = "“No,” said Ana Ruiz, a harbour pilot. “Yes,” said Police Chief Omar Reed."
    rules = load_source_types(tmp_path / "types.toml")

    assert sources_of(text, rules=rules) == {"Ana Ruiz": "company", "Omar Reed": "police"}


def test_the_rules_alone():
    text = "“No,” said Ana Ruiz, climate and air quality spokeswoman for the Harbour Alliance in Lissmar."
    start = text.index("Ana Ruiz")
    alone = type_source(gather_evidence(text, start, start + 8), load_source_types())

    assert sources_of(text, method="rules")["Ana Ruiz"] == alone.type


def test_the_rules_need_no_model(monkeypatch):
    monkeypatch.setattr("mediakit.analyses.source_model.load_source_model", lambda: pytest.fail("the model is read"))

    assert sources_of("“No,” said Police Chief Omar Reed.", method="rules") == {"Omar Reed": "police"}


def test_other_languages_get_the_rules():
    text = "« Non », a déclaré Ana Ruiz, porte-parole du ministère de l’Intérieur."

    assert sources_of(text, language="fr") == sources_of(text, language="fr", method="rules")


def test_a_least_that_is_no_probability_is_refused():
    with pytest.raises(ArticleTableError, match="least=35 is not between 0 and 1"):
        sources_of("“No,” said Ana Ruiz.", least=35)


def test_an_unknown_method_is_refused():
    with pytest.raises(ArticleTableError, match="'magic' is not model, reader or rules"):
        sources_of("“No,” said Ana Ruiz.", method="magic")


ORDINARY = {"talks", "failed", "envoy", "harbour", "tribune", "the", "port"}


def test_the_network_reads_titles_and_places_but_no_persons_name():
    text = "Talks failed. Envoy Ana Ruiz left. " + "The port was shut. " * 10 + "Ruiz, of the Harbour Tribune, wrote."
    at = text.index("Ana Ruiz")
    evidence = gather_evidence(text, at - 6, at + 8, name="Ana Ruiz")
    words, place = source_words(evidence, at - 6, at + 8, ORDINARY)

    assert words[:3] == ["<person>", ":envoy", "|"]
    assert words[place] == "<target>"
    assert words.count("<same>") == 1
    assert "tribune" in words
    assert not {"ruiz", "ana", ":ana", ":ruiz"} & set(words)


def test_the_words_of_a_body_are_read_and_long_passages_are_cut():
    text = "The Harbour Tribune " + "said that the port was shut and " * 100
    evidence = Evidence("The Harbour Tribune", (), "Harbour Tribune", text=text)
    words, place = source_words(evidence, 0, 19, ORDINARY)

    assert words[:3] == [":harbour", ":tribune", "|"]
    assert place == 3
    assert len(words) <= LONGEST


@pytest.mark.parametrize("text", ["", "x", "“”", "\u202eruiz\u202c said", "1 2 3", "Ä" * 5000])
def test_odd_sources_are_read_without_complaint(text):
    network = load_source_network()
    evidence = Evidence(text, (), None, text=text)
    found = network.read([network.words_of(evidence, 0, len(text))])

    assert found.shape == (1, len(TYPES) + 1)
    assert np.exp(found[0, :-1]).sum() == pytest.approx(1, abs=1e-5)


def test_a_source_is_typed_the_same_alone_and_among_others():
    text = "“No,” said Ana Ruiz, a professor of law. The mayor of Lissmar said yes. Police declined to comment."
    spans = [(text.index(one), text.index(one) + len(one)) for one in ("Ana Ruiz", "The mayor of Lissmar", "Police")]
    told = [Told(gather_evidence(text, *span), UNTOLD, *span) for span in spans]

    together = type_sources(told * 70)

    assert together[:3] == [found for one in told for found in type_sources([one])]
    assert together[-3:] == together[:3]


def test_signs_and_network_are_weighed_against_each_other():
    signs, read = np.full(14, 0.01), np.full(15, np.log(0.01))
    signs[2], read[2], read[-1] = 0.87, np.log(0.87), 2.0
    both, named = mix(signs, 0.5, read)
    read[2], read[5] = np.log(0.01), np.log(0.87)
    split, _ = mix(signs, 0.5, read)

    assert both.argmax() == 2
    assert both.sum() == pytest.approx(1)
    assert 0.5 < named < 1 / (1 + np.exp(-2))
    assert set(split.argsort()[-2:]) == {2, 5}
    assert split[2] < both[2]


def test_a_network_comes_back_from_its_file_the_same_and_another_file_is_refused(tmp_path):
    network = load_source_network()
    path = write_source_network(network, tmp_path / "network.npz")
    sentence = network.words_of(Evidence("Police", text="Police said no."), 0, 6)

    assert np.array_equal(read_source_network(path).read([sentence]), network.read([sentence]))
    with pytest.raises(ModelError, match="is no network of source types"):
        read_source_network(write_source_model(small({"rule:police": {"police": 3}}), tmp_path / "other.npz"))
