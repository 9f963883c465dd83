"""Collocations by nltk's measures, co-occurrence by hand and by a plain second way."""

import random

import numpy as np
import pytest
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

from mediakit import count_cooccurrence, find_collocations, load_codebook, make_articles, plot_network, tokenize
from mediakit.errors import ArticleTableError

TEXTS = [
    "Tear gas drifted over the square. Riot police left.",
    "They fired tear gas at the riot police.",
    "Gas prices rose; tear down.",
]


def tokens_of(*texts):
    rows = [{"text": text, "position": n, "language": "en"} for n, text in enumerate(texts)]
    return tokenize(make_articles(rows), progress=False)


def test_pairs_next_to_each_other_by_hand():
    table = find_collocations(tokens_of(*TEXTS), min_count=2)

    assert table[["first", "second", "hits", "articles", "count_first", "count_second"]].values.tolist() == [
        ["tear", "gas", 2, 2, 3, 2], ["riot", "police", 2, 2, 2, 2],
    ][::-1]  # fmt: skip


@pytest.mark.parametrize("measure", ["g2", "pmi", "t", "chi2", "dice", "jaccard", "mi3", "poisson"])
def test_scores_are_nltks(measure):
    rng = random.Random(1)
    words = [rng.choice(["alfa", "bravo", "cargo", "delta"]) for _ in range(300)]
    table = find_collocations(tokens_of(" ".join(words)), measure=measure, min_count=1, min_articles=1)
    names = {
        "g2": "likelihood_ratio",
        "t": "student_t",
        "chi2": "chi_sq",
        "mi3": "mi_like",
        "poisson": "poisson_stirling",
    }
    function = getattr(BigramAssocMeasures, names.get(measure, measure))
    total = len(words) - 1
    first, second = words[:-1], words[1:]
    for row in table.itertuples():
        assert row.hits == sum(pair == (row.first, row.second) for pair in zip(first, second, strict=True))
        expected = function(row.hits, (first.count(row.first), second.count(row.second)), total)
        assert row.score == pytest.approx(expected, rel=1e-9)
    finder = BigramCollocationFinder.from_words(words)
    best = [pair for pair, _ in finder.score_ngrams(function)][:3]
    assert len(set(best) & {(row.first, row.second) for row in table.head(5).itertuples()}) >= 2


def test_npmi_is_one_for_words_that_only_stand_together():
    table = find_collocations(
        tokens_of("tear gas. other words. tear gas. more signs"), measure="npmi", min_count=2, min_articles=1
    )

    assert table["score"].tolist() == [1.0]


def test_windows_one_word_and_sentences():
    tokens = tokens_of("Police on horses fired gas. Gas burned.", "Police then fired gas.")
    near = find_collocations(tokens, "Police", window=3, min_count=1, min_articles=1)

    assert set(zip(near["first"], near["second"], strict=True)) == {
        ("police", "horses"),
        ("police", "fired"),
        ("police", "gas"),
    }
    assert near.set_index("second")["hits"].to_dict() == {"horses": 1, "fired": 2, "gas": 1}
    assert "gas gas" not in {f"{a} {b}" for a, b in zip(near["first"], near["second"], strict=True)}


def test_voices_and_bad_arguments():
    tokens = tokens_of("“We want tear gas banned today,” she said. Riot police left.")
    quoted = find_collocations(tokens, min_count=1, min_articles=1, voice="quoted")
    own = find_collocations(tokens, min_count=1, min_articles=1, voice="outlet")

    assert "tear" in set(quoted["first"])
    assert "riot" not in set(quoted["first"])
    assert "riot" in set(own["first"])
    for options, message in (
        ({"measure": "z"}, "measure='z'"),
        ({"window": 0}, "window=0"),
        ({"voice": "x"}, "voice='x'"),
    ):
        with pytest.raises(ArticleTableError, match=message):
            find_collocations(tokens, **options)


def test_nothing_gives_an_empty_table():
    for texts in ((), ("",), (None,), ("one",)):
        assert len(find_collocations(tokens_of(*texts), min_count=1)) == 0
        assert len(count_cooccurrence(tokens_of(*texts), ["one", "two"])) == 0
    assert len(count_cooccurrence(tokens_of("one two"), [])) == 0


def test_cooccurrence_in_sentences_paragraphs_and_articles_by_hand():
    tokens = tokens_of("Police met protesters. Police left.\n\nProtesters sang.", "Police.\n\nProtesters.", "Rain.")
    patterns = {"police": ["police"], "protest": ["protest*"]}

    def weights(within):
        return count_cooccurrence(tokens, patterns, within=within).iloc[0]

    sentence, paragraph, article = (weights(within) for within in ("sentence", "paragraph", "article"))
    assert (sentence["weight"], sentence["articles"]) == (1, 1)
    assert sentence["expected"] == pytest.approx(3 * 3 / 6)
    assert (paragraph["weight"], paragraph["expected"]) == (1, pytest.approx(2 * 3 / 5))
    assert (article["weight"], article["articles"], article["lift"]) == (2, 2, pytest.approx(2 / (2 * 2 / 3)))
    assert sentence["npmi"] == pytest.approx(np.log(1 / 1.5) / -np.log(1 / 6))


def test_cooccurrence_at_a_distance_agrees_with_a_plain_second_way():
    rng = random.Random(5)
    for distance in (0, 1, 3):
        texts = [" ".join(rng.choice("abcdefgh") + "x" for _ in range(rng.randint(1, 25))) for _ in range(6)]
        table = count_cooccurrence(tokens_of(*texts), ["ax", "bx"], within=distance)
        plain = 0
        for text in texts:
            words = text.split()
            plain += sum(
                word == "ax"
                and any(words[j] == "bx" for j in range(max(0, i - distance - 1), min(len(words), i + distance + 2)))
                for i, word in enumerate(words)
            )
        assert (table["weight"].tolist() or [0])[0] == plain


def test_a_codebook_gives_a_network_that_can_be_drawn():
    tokens = tokens_of(
        "Riot police fired tear gas at a march of strikers.", "A march and a strike blocked roads. Riot police came."
    )
    edges = count_cooccurrence(tokens, load_codebook("protest"), within="article")

    assert len(edges) > 2
    assert (edges["source"] < edges["target"]).all()
    plot_network(edges).figure.canvas.draw()
    for within in ("page", -1, True):
        with pytest.raises(ArticleTableError, match="within="):
            count_cooccurrence(tokens, ["a"], within=within)


def test_article_tables_and_names_of_codebooks_are_taken():
    articles = make_articles([{"text": "Police met protesters. Police left. Protesters sang."}] * 2)
    tokens = tokenize(articles)

    for given in (articles, tokens):
        found = count_cooccurrence(given, ["police", "protest*"])
        assert found[["source", "target", "weight"]].values.tolist() == [["police", "protest*", 2]]
        assert find_collocations(given, min_count=1, min_articles=1)["first"].tolist()
        assert set(count_cooccurrence(given, "protest").columns) == set(found.columns)
    with pytest.raises(ArticleTableError, match="tokenize"):
        find_collocations("police")
