"""Topics: patterns of a codebook, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from mediakit import count_topics, find_topics, find_uncovered, load_codebook, make_articles, show_evidence, tokenize
from mediakit.errors import ArticleTableError, LexiconError, MeasureWarning
from mediakit.lexicons.codebooks import Category, Codebook

BOOK = Codebook(
    name="own", version="1", language="en", citation="", validation="",
    categories=(Category("force", ("riot police", "police", "tear gas")), Category("riot", ("riot*",)), Category("peace", ("peace",))),
)  # fmt: skip
TEXT = "Riot police met rioters. The police fired tear gas: a riot!"  # 11 words


def articles_with(*texts, language="en", **more):
    return make_articles([{"text": text, "language": language, "position": n, **more} for n, text in enumerate(texts)])


def test_hits_and_rates_counted_by_hand():
    table = count_topics(tokenize(articles_with(TEXT)), BOOK)

    assert table["category"].tolist() == ["force", "riot", "peace"]
    assert table["hits"].tolist() == [3, 3, 0]
    assert table["tokens"].tolist() == [11, 11, 11]
    assert table["per_1000"].tolist() == pytest.approx([3000 / 11, 3000 / 11, 0])
    assert table["present"].tolist() == [1.0, 1.0, 0.0]
    assert table["codebook"].unique().tolist() == ["own"]
    assert table["note"].unique().tolist() == [""]


def test_rows_are_articles_by_categories_with_the_columns_of_the_article():
    table = count_topics(tokenize(articles_with("peace", "riot riot", outlet="A")), BOOK)

    assert table[["outlet", "category", "hits"]].values.tolist() == [
        ["A", "force", 0], ["A", "riot", 0], ["A", "peace", 1], ["A", "force", 0], ["A", "riot", 2], ["A", "peace", 0],
    ]  # fmt: skip


def test_an_article_without_words_is_missing_not_zero():
    table = count_topics(tokenize(articles_with(None, "…", "peace")), BOOK)

    assert table["hits"].tolist() == [0] * 8 + [1]
    assert table["per_1000"].isna().tolist() == [True] * 6 + [False] * 3
    assert table["present"].isna().tolist() == [True] * 6 + [False] * 3
    assert table["note"].tolist() == ["no text"] * 6 + [""] * 3


def test_an_article_in_another_language_than_the_codebook_is_missing_with_one_warning():
    tokens = tokenize(
        make_articles([{"text": "La riot police.", "language": "fr"}, {"text": "police", "language": None}])
    )

    with pytest.warns(MeasureWarning, match=r"1 of 2 articles are not in the codebook's language \(en\)") as caught:
        table = count_topics(tokens, BOOK)

    assert len(caught) == 1
    assert table["hits"].tolist() == [0, 0, 0, 1, 0, 0]
    assert table["per_1000"].isna().tolist() == [True] * 3 + [False] * 3
    assert table["note"].tolist() == ["another language than the codebook (en)"] * 3 + [""] * 3
    assert find_topics(tokens, BOOK)["match"].tolist() == ["police"]


def test_every_match_is_shown_with_exact_offsets_and_its_surroundings():
    table = articles_with("No news.", TEXT)
    found = find_topics(tokenize(table), BOOK, window=5)

    assert found[["category", "match"]].values.tolist() == [
        ["force", "Riot police"], ["force", "police"], ["force", "tear gas"], ["riot", "Riot"], ["riot", "rioters"], ["riot", "riot"],
    ]  # fmt: skip
    assert set(found["article_id"]) == {table["article_id"][1]}
    for row in found.itertuples():
        assert TEXT[row.start : row.end] == row.match
        assert TEXT[max(0, row.start - 5) : row.end + 5] == row.left + row.match + row.right
    assert found["left"].iloc[0] == ""
    assert found["right"].iloc[-1] == "!"


def test_matches_add_up_to_the_hits():
    book = load_codebook("protest")
    tokens = tokenize(articles_with(TEXT, "Strikers marched and chanted; two arrests.", None))

    hits = count_topics(tokens, book).groupby("category")["hits"].sum()

    matches = find_topics(tokens, book).groupby("category").size().reindex(hits.index, fill_value=0)
    assert matches.tolist() == hits.tolist()


def test_articles_counted_together_equal_each_counted_alone():
    table = articles_with(TEXT, "peace", "riot, peace", outlet="A")

    together = count_topics(tokenize(table), BOOK)

    alone = pd.concat([count_topics(tokenize(table.iloc[[n]]), BOOK) for n in range(3)], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


def test_a_corpus_without_articles_gives_tables_with_the_same_columns():
    empty, full = tokenize(articles_with()), tokenize(articles_with(TEXT))

    for count in (count_topics, find_topics):
        assert len(count(empty, BOOK)) == 0
        assert list(count(empty, BOOK).columns) == list(count(full, BOOK).columns)
    assert np.issubdtype(count_topics(empty, BOOK)["hits"].dtype, np.integer)


def test_the_voices_of_outlet_and_sources_add_up_to_all():
    articles = make_articles([
        {"text": "Protesters marched. “We will protest until dawn, and protest again,” she said. Riot police waited.", "language": "en"},
        {"text": "Nobody spoke of a protest.", "language": "en"},
    ])  # fmt: skip
    tokens, codebook = tokenize(articles), load_codebook("protest")
    parts = {voice: count_topics(tokens, codebook, voice=voice) for voice in ("all", "outlet", "quoted")}

    assert (parts["outlet"]["hits"] + parts["quoted"]["hits"]).tolist() == parts["all"]["hits"].tolist()
    assert (parts["outlet"]["tokens"] + parts["quoted"]["tokens"]).tolist() == parts["all"]["tokens"].tolist()
    quoted = parts["quoted"].query("hits > 0")
    assert quoted[["category", "hits", "tokens"]].values.tolist() == [["demonstration", 2, 8]]
    assert parts["quoted"]["note"].tolist()[-1] == "no words of this voice"
    assert np.isnan(parts["quoted"]["per_1000"].tolist()[-1])


def test_the_evidence_shows_the_words_of_the_voice_only():
    articles = make_articles([{"text": "A protest began. “No protest will help us,” he said.", "language": "en"}])
    table = count_topics(tokenize(articles), load_codebook("protest"), voice="quoted")
    shown = show_evidence(table, articles["article_id"][0])

    assert len(shown) == 1


def test_an_unknown_voice_is_refused():
    with pytest.raises(ArticleTableError, match="there is all, outlet, quoted"):
        count_topics(tokenize(make_articles([{"text": "x"}])), load_codebook("protest"), voice="source")


def test_an_article_table_and_the_name_of_a_codebook_are_taken():
    table = articles_with(TEXT, "Riot police waited.")
    tokens, book = tokenize(table), load_codebook("protest")

    pd.testing.assert_frame_equal(count_topics(table, "protest"), count_topics(tokens, book))
    pd.testing.assert_frame_equal(find_topics(table, "protest"), find_topics(tokens, book))
    pd.testing.assert_frame_equal(find_uncovered(table, "protest"), find_uncovered(tokens, book))


def test_groups_may_be_any_column_of_an_article_table():
    table = articles_with("riot", "riot", "peace").assign(year=[2020, 2021, 2021])

    counted = count_topics(table, BOOK, by="year")

    assert counted.loc[counted["category"] == "riot", ["year", "hits", "n"]].values.tolist() == [
        [2020, 1, 1],
        [2021, 1, 2],
    ]


def test_arguments_that_are_neither_tokens_nor_a_codebook_are_named():
    tokens = tokenize(articles_with(TEXT))
    for call in (count_topics, find_topics, find_uncovered):
        with pytest.raises(ArticleTableError, match=r"tokens must be what tokenize\(articles\) returns.*; found str"):
            call("protest", BOOK)
        with pytest.raises(LexiconError, match=r"codebook must be what load_codebook returns.*; found dict"):
            call(tokens, {"riot": ["riot*"]})
        with pytest.raises(LexiconError, match="no codebook 'protests': there is diplomacy"):
            call(tokens, "protests")
