"""Codebooks against news snippets that people coded (CASE 2021, task 2): the figures that the codebooks give."""

import pandas as pd
import pytest

from mediakit import count_topics, load_codebook, make_articles, tokenize

FORMS = ["demonstration", "strike", "blockade", "occupation", "boycott", "petition", "vigil", "hunger_strike"]
ACTS = ["condemnation", "threat", "sanction", "statement", "expulsion"]
FORCE = ["FORCE_AGAINST_PROTEST", "PROTEST_WITH_INTER"]


@pytest.fixture(scope="module")
def snippets(real_files):
    table = pd.read_csv(real_files / "case2021" / "task2_odd.tsv", sep="\t", quoting=3, dtype="str")
    tokens = tokenize(
        make_articles([{"text": text, "language": "en", "position": n} for n, text in enumerate(table["EventSnippet"])])
    )
    return table["SubType"], tokens


@pytest.mark.parametrize(
    ("codebook", "categories", "types", "precision", "recall"),
    [
        ("protest_events", FORMS, ["PEACE_PROTEST", "VIOL_DEMONSTR", *FORCE], 0.88, 0.96),
        ("protest_events", ["riot"], ["VIOL_DEMONSTR", "MOB_VIOL"], 0.61, 0.52),
        ("protest_events", ["police_force"], FORCE, 0.55, 0.60),
        ("diplomacy", ["agreement"], ["AGREEMENT"], 0.73, 0.65),
        ("diplomacy", ACTS, ["DIPLO"], 0.31, 0.88),
    ],
)
def test_the_figures_of_the_codebook_are_those_measured(snippets, codebook, categories, types, precision, recall):
    coded, tokens = snippets
    counts = count_topics(tokens, load_codebook(codebook))
    found = counts[counts["category"].isin(categories)].groupby("article_id", sort=False)["hits"].sum() > 0
    gold = coded.isin(types).to_numpy()
    hits = found.reindex(tokens.articles["article_id"]).to_numpy()

    assert (hits & gold).sum() / hits.sum() == pytest.approx(precision, abs=0.0051)
    assert (hits & gold).sum() / gold.sum() == pytest.approx(recall, abs=0.0051)
    assert f"{precision:.2f}, " in (book := load_codebook(codebook).validation)
    assert f"{recall:.2f} (" in book
