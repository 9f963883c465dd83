"""Discourse networks: statements belong to who speaks, and agreement is counted by target."""

import pandas as pd
import pytest

from mediakit import count_congruence, find_statements, make_articles, score_speakers, to_dna
from mediakit.errors import ArticleTableError, MeasureWarning

TARGETS = {"proposal": ["proposal*"], "union": ["union"]}
TEXT = (
    "“We welcome the proposal,” said Helen Bell, the mayor. The union was criticised.\n\n"
    "“The proposal is a farce. The union is right,” said Omar Reed."
)


def statements(text=TEXT, **more):
    table = make_articles([{"text": text, "language": "en", "outlet": "A", "date": "2024-05-02"}])
    return find_statements(table, TARGETS, method="rules", **more)


def said(*rows):
    return pd.DataFrame(rows, columns=["speaker", "target", "code"])


def test_what_a_speaker_says_is_the_speakers_and_what_the_outlet_says_is_not():
    found = statements()

    assert found[["speaker", "target", "code"]].values.tolist() == [
        ["Helen Bell", "proposal", "favour"],
        ["Omar Reed", "proposal", "against"],
        ["Omar Reed", "union", "favour"],
    ]
    assert found["outlet"].unique().tolist() == ["A"]
    assert [TEXT[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == ["proposal", "proposal", "union"]


def test_nobody_takes_a_stance_on_himself():
    table = make_articles([{"text": "“Helen Bell is right,” said Helen Bell, the mayor.", "language": "en"}])

    assert find_statements(table, {"Bell": ["helen bell"]}, method="rules").empty


def test_a_corpus_without_statements_is_an_empty_table_with_the_same_columns():
    table = make_articles([{"text": "Rain fell on the union.", "language": "en", "outlet": "A", "date": "2024-05-02"}])
    with pytest.warns(MeasureWarning):
        empty = find_statements(table, TARGETS, method="rules")

    assert empty.empty
    assert list(empty.columns) == list(statements().columns)


def test_speakers_have_a_mean_by_target_with_its_company():
    table = score_speakers(statements(), by="outlet")

    assert table[["outlet", "speaker", "target", "n", "n_favour", "n_against"]].values.tolist() == [
        ["A", "Helen Bell", "proposal", 1, 1, 0],
        ["A", "Omar Reed", "proposal", 1, 0, 1],
        ["A", "Omar Reed", "union", 1, 1, 0],
    ]
    assert table["se"].isna().all()
    assert table["evidence"].str.contains("⟨").all()


def test_congruence_and_conflict_counted_by_hand():
    table = said(
        ("Ann", "tax", "favour"), ("Ann", "toll", "against"), ("Ann", "wall", "favour"),
        ("Bo", "tax", "favour"), ("Bo", "toll", "favour"),
        ("Cy", "toll", "against"), ("Cy", "tax", "neutral"), ("Cy", "wall", "unsure"),
    )  # fmt: skip

    edges = count_congruence(table).set_index(["source", "target"])

    assert edges.loc[("Ann", "Bo")].tolist() == [1, 1, 0, 0.0]
    assert edges.loc[("Ann", "Cy")].tolist() == [1, 0, 1, 0.5]  # one of the mean of three and one
    assert edges.loc[("Bo", "Cy")].tolist() == [0, 1, -1, pytest.approx(-1 / 1.5)]


def test_saying_it_twice_does_not_count_twice():
    once = said(("Ann", "tax", "favour"), ("Bo", "tax", "favour"))

    pd.testing.assert_frame_equal(count_congruence(pd.concat([once, once])), count_congruence(once))


def test_periods_and_groups_have_networks_of_their_own():
    table = said(*[(name, "tax", "favour") for name in ("Ann", "Bo", "Ann", "Bo")])
    table = table.assign(date=pd.to_datetime(["2024-01-01", "2024-01-09", "2024-02-01", None]), outlet="A")

    with pytest.warns(MeasureWarning, match="1 statements without a date"):
        edges = count_congruence(table, by="outlet", period="M")

    assert edges[["outlet", "period", "source", "target"]].values.tolist() == [["A", "2024-01", "Ann", "Bo"]]
    with pytest.raises(ArticleTableError, match="no span of time"):
        count_congruence(table, period="fortnight")


def test_no_statement_is_a_network_without_edges():
    assert count_congruence(said()).empty


def test_the_table_for_discourse_network_analyzer():
    table = to_dna(statements())

    assert table[["ID", "person", "concept", "agreement"]].values.tolist() == [
        [1, "Helen Bell", "proposal", 1],
        [2, "Omar Reed", "proposal", 0],
        [3, "Omar Reed", "union", 1],
    ]
