"""Actors: countries, organisations, a study's own, acronyms that articles define, names from elsewhere, co-mentions."""

import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import mediakit as mk
from mediakit.analyses.actors import count_actors, count_comentions, find_actors, spacy_names, wilson_interval
from mediakit.errors import ArticleTableError, LexiconError, MissingExtraError
from mediakit.lexicons.actors import load_actors


def articles_with(*texts, **columns):
    return mk.make_articles(
        [{"text": text, **{key: values[n] for key, values in columns.items()}} for n, text in enumerate(texts)]
    )


def mentioned(*texts, **options):
    found = find_actors(articles_with(*texts), **options)
    return list(zip(found["actor"], found["mention"], strict=True))


def test_countries_by_name_people_and_capital():
    assert mentioned("Kazakh envoys flew to Moscow; China waited, and so did the Swiss.") == [
        ("Kazakhstan", "Kazakh"), ("Russia", "Moscow"), ("China", "China"), ("Switzerland", "Swiss"),
    ]  # fmt: skip
    assert mentioned("Envoys flew to Moscow.", capitals=False) == []


def test_capitals_of_words_matter():
    assert mentioned("They ate turkey and gave us a chile; the polish was thin.") == []
    assert mentioned("The US gave us time. The U.S. waited.") == [("United States", "US"), ("United States", "U.S.")]


def test_the_longest_name_counts():
    assert mentioned("South Korea and North Korea spoke; the UN Security Council did not.") == [
        ("South Korea", "South Korea"), ("North Korea", "North Korea"), ("UN Security Council", "UN Security Council"),
    ]  # fmt: skip


def test_a_country_behind_a_first_name_is_a_surname():
    assert mentioned("Rep. Orla Jordan spoke. In Jordan nobody did.") == [("Jordan", "Jordan")]


def test_an_acronym_counts_in_the_article_that_defines_it(tmp_path):
    (tmp_path / "actors.toml").write_text('[[actor]]\nname = "Harbour Union of Lissmar"\ntype = "society"\n', "utf-8")
    actors = load_actors(tmp_path / "actors.toml")
    table = articles_with(
        "The Harbour Union of Lissmar (HUL) met. HUL said no. A HULK sank.", "HUL is not defined here."
    )

    found = find_actors(table, actors)

    assert found["mention"].tolist() == ["Harbour Union of Lissmar", "HUL", "HUL"]
    assert found["kind"].tolist() == ["name", "acronym", "acronym"]
    assert "defined at 30" in found["reason"][2]
    assert len(find_actors(table, actors, acronyms=False)) == 1


def test_an_actor_of_the_study_takes_its_name_from_the_built_in_ones(tmp_path):
    (tmp_path / "actors.toml").write_text(
        '[[actor]]\nname = "Georgia (US state)"\naliases = ["Georgia"]\ncountry = "US"\n', "utf-8"
    )

    assert find_actors(articles_with("Georgia votes."), load_actors(tmp_path / "actors.toml"))["country"].tolist() == [
        "US"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[actor]]\naliases = ['x']\n", "actor 1 has no name"),
        ("[[actor]]\nname = 'A'\ncolour = 'red'\n", "unknown key 'colour'"),
        ("[[actor]]\nname = 'A'\naliases = 'x'\n", "aliases must be a list"),
        ("[[actor]]\nname = 'A'\n[[actor]]\nname = 'B'\naliases = ['A']\n", "is a name of A and of B"),
        ("[[actor]]\nname = 'A'\npatterns = ['*']\n", "A: "),
        ("[[actor]\n", "actors.toml: "),
        ("x = 1\n", "no actors"),
    ],
)  # fmt: skip
def test_a_broken_actor_file_says_where(tmp_path, text, message):
    (tmp_path / "actors.toml").write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=message):
        load_actors(tmp_path / "actors.toml")


def test_a_missing_file_and_a_table_without_patterns():
    with pytest.raises(LexiconError, match="no such file"):
        load_actors("nowhere.toml")
    with pytest.raises(LexiconError, match="no column 'pattern'"):
        find_actors(articles_with("x"), pd.DataFrame({"actor": ["A"]}))


def test_every_built_in_name_is_one_actors():
    actors = load_actors()
    owners = actors.groupby("pattern")["actor"].nunique()

    assert owners.max() == 1, owners[owners > 1].index.tolist()
    assert actors.query("type == 'country'")["country"].nunique() > 190
    for name in ("CICA", "OSCE", "CSTO", "SCO", "CIS", "NATO"):
        assert (actors["pattern"] == f"={name}").sum() == 1


def test_names_from_a_spacy_pipeline():
    spacy = pytest.importorskip("spacy", reason="spaCy is an extra that users bring")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "PERSON", "pattern": "Ana Ruiz"}, {"label": "GPE", "pattern": "Lissmar"}]
    )

    found = find_actors(articles_with("Ana Ruiz left Lissmar for China."), names=spacy_names(nlp))

    assert found[["actor", "type"]].values.tolist() == [["Ana Ruiz", "person"], ["China", "country"]]


class _Entity:
    def __init__(self, start, end, label):
        self.start_char, self.end_char, self.label_ = start, end, label


class _Pipeline:
    """What spacy_names needs of a pipeline."""

    def pipe(self, texts, batch_size):
        for text in texts:
            at = text.find("Ana Ruiz")
            yield type("Document", (), {"ents": [_Entity(at, at + 8, "PERSON")] if at >= 0 else []})


def test_names_from_anything_like_a_pipeline():
    found = find_actors(articles_with("Ana Ruiz left for China.", "Nobody."), names=spacy_names(_Pipeline()))

    assert found[["actor", "type", "reason"]].values.tolist()[0] == ["Ana Ruiz", "person", "given by names="]


def test_the_name_of_a_pipeline_is_no_pipeline(monkeypatch):
    monkeypatch.setattr("mediakit.analyses.actors.find_spec", lambda name: "there")
    with pytest.raises(ArticleTableError, match=r"nlp must be a loaded pipeline, .*; found str"):
        spacy_names("en_core_web_sm")
    monkeypatch.setattr("mediakit.analyses.actors.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="spacy"):
        spacy_names("en_core_web_sm")


def test_places_outside_the_text_are_refused():
    def wrong(articles):
        return pd.DataFrame({"article_id": articles["article_id"], "start": 3, "end": 999, "label": "person"})

    with pytest.raises(ArticleTableError, match="in no text"):
        find_actors(articles_with("short"), names=wrong)


def test_counts_by_outlet_with_intervals():
    table = articles_with("China met Russia.", "China. China!", "Nothing.", outlet=["A", "A", "B"])
    counted = count_actors(find_actors(table), table)

    first = counted.iloc[0]
    assert (first["outlet"], first["actor"], first["n"], first["articles"], first["mentions"]) == (
        "A",
        "China",
        2,
        2,
        3,
    )
    assert (first["share"], first["per_article"]) == (1.0, 1.5)
    assert 0 < first["low"] < 1 == first["high"]
    by_country = count_actors(find_actors(table), table, by=None, of="country")
    assert by_country["n"].unique().tolist() == [3]


def test_the_interval_is_that_of_scipy():
    for hits, n in ((0, 7), (3, 9), (9, 9)):
        expected = binomtest(hits, n).proportion_ci(method="wilson")
        low, high = wilson_interval(np.array([hits]), np.array([n]))
        assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_co_mentions_by_article_paragraph_and_sentence():
    table = articles_with("China met Russia. India waited.\n\nChina left.", "China met India.")
    mentions = find_actors(table)

    by_article = count_comentions(mentions)
    assert by_article[["source", "target", "weight"]].values.tolist() == [
        ["China", "India", 2],
        ["China", "Russia", 1],
        ["India", "Russia", 1],
    ]
    by_sentence = count_comentions(mentions, table, within="sentence")
    assert by_sentence[["source", "target", "weight"]].values.tolist() == [
        ["China", "India", 1],
        ["China", "Russia", 1],
    ]
    assert len(count_comentions(mentions, table, within="paragraph")) == 3
    with pytest.raises(ArticleTableError, match="needs the articles"):
        count_comentions(mentions, within="sentence")
    with pytest.raises(ArticleTableError, match="not article"):
        count_comentions(mentions, table, within="chapter")


def test_empty_texts_and_other_scripts_give_no_mention():
    assert find_actors(articles_with("", "   ", "مرحبا بالعالم", "中国会见俄罗斯")).empty
    assert find_actors(mk.make_articles([{"headline": "x"}])).empty


def test_the_order_of_articles_changes_nothing():
    table = articles_with("China met Russia.", "India waited for Kazakh envoys.")
    one, other = find_actors(table), find_actors(table.iloc[::-1].reset_index(drop=True))

    assert sorted(one.itertuples(index=False)) == sorted(other.itertuples(index=False))


def test_the_mentions_of_the_real_capture(real_files):
    articles = mk.load_articles(real_files / "captures")
    found = set(find_actors(articles)["actor"])

    assert {
        "Conference on Interaction and Confidence-Building Measures in Asia", "Shanghai Cooperation Organization", "NATO",
        "Organization for Security and Co-operation in Europe", "Collective Security Treaty Organization", "Kazakhstan",
        "Commonwealth of Independent States",
    } <= found  # fmt: skip


def test_a_long_article_takes_no_long_time():
    table = articles_with("The Union of Harbour Towns (UHT) met China and Russia in Moscow. UHT left. " * 4000)
    start = time.process_time()
    found = find_actors(table)

    assert len(found) >= 12_000
    assert time.process_time() - start < 20


def test_the_file_of_a_study_is_loaded(tmp_path):
    (tmp_path / "study.toml").write_text('[[actor]]\nname = "Dock Union"\n', encoding="utf-8")

    assert mentioned("The Dock Union left.", actors=tmp_path / "study.toml") == [("Dock Union", "Dock Union")]
    with pytest.raises(LexiconError, match=r"nope.toml: no such file"):
        mentioned("x", actors="nope.toml")


def test_arguments_of_another_kind_are_named():
    table = articles_with("China met Russia.")
    with pytest.raises(LexiconError, match=r"actors must be what load_actors returns, .*; found list"):
        find_actors(table, ["China"])
    with pytest.raises(ArticleTableError, match=r"names must be a function .*; found str"):
        find_actors(table, names="en_core_web_sm")
    with pytest.raises(ArticleTableError, match=r"tokens must be .*; found DataFrame"):
        find_actors(table, tokens=table)


def test_fewer_articles_count_fewer_mentions():
    table = articles_with("China met Russia. India met Russia.", "China met India.")
    mentions = find_actors(table)

    for within in ("article", "paragraph", "sentence"):
        fewer = count_comentions(mentions, table.tail(1), within=within)
        assert fewer.values.tolist() == [["China", "India", 1, 1.0, 1.0]]
        assert count_comentions(mentions, table.head(0), within=within).empty
    with pytest.raises(ArticleTableError, match="has mentions but no text"):
        count_comentions(mentions, table.assign(text=None), within="sentence")


def test_counts_over_all_begin_with_the_actor():
    table = articles_with("China met Russia.", "China.", outlet=["A", "B"])

    counted = count_actors(find_actors(table), table, by=None)

    assert counted.iloc[:, :4].values.tolist() == [["China", 2, 2, 2], ["Russia", 2, 1, 1]]
    assert list(counted.columns[:2]) == ["actor", "n"]
