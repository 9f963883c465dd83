"""Keyness: figures of worked tables, of scipy, and of a plain second way; chance of articles and not of words."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, kstest

from mediakit import make_articles, score_keyness, tokenize
from mediakit.analyses.keyness import _tests, log_odds
from mediakit.errors import ArticleTableError, ColumnError


def corpus(rows, **more):
    """Articles from (outlet, text) pairs."""
    return tokenize(make_articles([
        {"text": text, "outlet": outlet, "position": n, "language": "en", **{k: v[n] for k, v in more.items()}}
        for n, (outlet, text) in enumerate(rows)
    ]), progress=False)  # fmt: skip


def random_corpus(seed, articles=40, words=60, length=80):
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, words + 1)
    names = np.array([f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(words)])
    texts = [" ".join(names[rng.choice(words, size=length + n % 7, p=share / share.sum())]) for n in range(articles)]
    return [("AB"[n % 2], text) for n, text in enumerate(texts)]


def row_of(table, word):
    return table[table["word"] == word].iloc[0]


def test_g2_and_chi2_of_a_worked_example():
    # Rayson & Garside 2000, section 3: cells 52 and 57 of corpora of 8,100 and 10,000 would be laborious; a small table.
    g2, chi2 = _tests(np.array([10.0]), np.array([5.0]), 100.0, 200.0)
    expected = 2 * (10 * math.log(10 / 5) + 5 * math.log(5 / 10) + 90 * math.log(90 / 95) + 195 * math.log(195 / 190))
    assert g2[0] == pytest.approx(expected, abs=1e-9)
    assert chi2[0] == pytest.approx((10 - 5) ** 2 / 5 + (5 - 10) ** 2 / 10 + 25 / 95 + 25 / 190, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_g2_and_chi2_equal_scipy(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 50, 30).astype(float), rng.integers(1, 50, 30).astype(float)
    g2, chi2 = _tests(a, b, 900.0, 1300.0)
    for number in range(30):
        table = [[a[number], 900 - a[number]], [b[number], 1300 - b[number]]]
        assert abs(chi2[number]) == pytest.approx(chi2_contingency(table, correction=False)[0], abs=1e-6)
        likelihood = chi2_contingency(table, correction=False, lambda_="log-likelihood")[0]
        assert abs(g2[number]) == pytest.approx(likelihood, abs=1e-6)
        assert (g2[number] >= 0) == (a[number] / 900 >= b[number] / 1300)


def testlog_odds_with_prior_of_a_worked_example():
    delta, z = log_odds(np.array([8.0]), np.array([2.0]), 100, 100, np.array([25.0]), 500.0)
    expected = math.log(33 / (600 - 33)) - math.log(27 / (600 - 27))
    assert delta[0] == pytest.approx(expected, abs=1e-12)
    assert z[0] == pytest.approx(expected / math.sqrt(1 / 33 + 1 / 27), abs=1e-12)


def test_counts_rates_shares_and_dispersion_by_hand():
    tokens = corpus([("A", "strike strike port"), ("A", "port talks"), ("B", "talks talks strike port the")])
    table = score_keyness(tokens, target="A", min_count=1, min_articles=1, n_permutations=0)
    strike = row_of(table, "strike")

    assert (strike["hits"], strike["hits_reference"], strike["articles"], strike["articles_reference"]) == (2, 1, 1, 1)
    assert (strike["per_1000"], strike["per_1000_reference"]) == (400.0, 200.0)
    assert strike["share_difference"] == -0.5
    assert strike["log_ratio"] == pytest.approx(math.log2((2.5 / 5) / (1.5 / 5)))
    assert strike["dp"] == pytest.approx(0.4)  # all in the article that has 60% of the words
    assert row_of(table, "port")["dp"] == pytest.approx(0.5 * (abs(0.5 - 0.6) + abs(0.5 - 0.4)))
    rates = np.array([1 / 3, 1 / 2])
    assert row_of(table, "port")["juilland"] == pytest.approx(1 - rates.std() / rates.mean())
    assert math.isnan(row_of(table, "the")["dp"])
    assert table["p"].isna().all()
    assert table["low"].isna().all()


def test_one_long_article_does_not_make_its_word_key():
    rows = [*random_corpus(3), ("A", "ferry " * 5000), ("A", "ferry left"), ("B", "ferry came")]
    table = score_keyness(corpus(rows), target="A", n_permutations=500, seed=2)
    ferry = row_of(table, "ferry")

    assert ferry["g2"] > 1000  # counted by words it is the most certain of all
    assert ferry["p"] > 0.3
    assert ferry["q"] > 0.05


def test_a_word_that_most_articles_of_a_group_use_is_key():
    rows = [
        (outlet, text + (" chaos" if outlet == "A" and n % 8 else ""))
        for n, (outlet, text) in enumerate(random_corpus(4))
    ]
    table = score_keyness(corpus(rows), n_permutations=500, seed=2)

    assert "chaos" in table[table["target"] == "A"]["word"].tolist()[:3]
    assert row_of(table[table["target"] == "A"], "chaos")["q"] < 0.05
    assert row_of(table[table["target"] == "A"], "chaos")["low"] > 0
    both = table.set_index("word").query("target == 'B'").loc["chaos"]
    assert both["z"] < 0
    assert both["p"] < 0.05


def test_p_is_uniform_when_nothing_differs():
    found = []
    for seed in range(12):
        table = score_keyness(corpus(random_corpus(100 + seed)), target="A", n_permutations=400, seed=seed)
        found += table.loc[table["hits"] + table["hits_reference"] > 100, "p"].tolist()
    assert len(found) > 60
    assert kstest(found, "uniform").pvalue > 0.01


def test_small_p_agree_with_many_more_exchanges():
    rows = [
        (outlet, text + (" chaos" if (n % 4 == 0) == (outlet == "A") else ""))
        for n, (outlet, text) in enumerate(random_corpus(6))
    ]
    few = score_keyness(corpus(rows), target="A", n_permutations=300, min_count=1)
    many = score_keyness(corpus(rows), target="A", n_permutations=60_000, min_count=1, seed=9)
    both = few.merge(many, on="word")
    rare = both[(both["p_x"] < 0.03) & (both["p_y"] > 3e-4)]

    assert len(rare) > 2
    assert (np.abs(np.log(rare["p_x"] / rare["p_y"])) < np.log(4)).all()


def test_a_word_that_the_reference_never_has_is_at_least_as_sure_as_one_it_has_once():
    rows = [("A", "never once here")] * 8 + [("B", "other here")] * 40 + [("B", "once here")]
    table = score_keyness(corpus(rows), target="A", min_count=1)

    assert row_of(table, "never")["p"] < row_of(table, "once")["p"] < 1e-5


def test_labels_are_exchanged_within_strata_only():
    # In every month either all articles have the word, or none: the outlet says nothing once the month is known.
    rows = [("A" if n < 20 else "B", "snow storm here" if n < 20 else "sun shine here") for n in range(40)]
    month = ["1" if n < 18 else "2" if n >= 22 else "3" for n in range(40)]
    rows[19], rows[21] = ("B", rows[19][1]), ("A", rows[21][1])
    free = score_keyness(corpus(rows), target="A", n_permutations=300)
    tokens = corpus(rows, section=month)
    inside = score_keyness(tokens, target="A", within="section", n_permutations=300)

    assert row_of(free, "snow")["p"] < 0.01
    assert row_of(inside, "snow")["p"] > 0.2


def test_intervals_are_wider_when_stories_are_left_out_whole():
    rng = np.random.default_rng(0)
    rows, story = [], []
    for number in range(60):
        has = rng.random() < 0.4
        for _ in range(3):
            rows.append(("AB"[number % 2], "port news today" + (" strike" if has else "")))
            story.append(str(number))
    tokens = corpus(rows, section=story)
    plain = row_of(score_keyness(tokens, target="A", n_permutations=0), "strike")
    whole = row_of(score_keyness(tokens, target="A", cluster="section", n_permutations=0), "strike")

    assert plain["low"] < plain["log_ratio"] < plain["high"]
    assert (whole["high"] - whole["low"]) > 1.3 * (plain["high"] - plain["low"])


def test_the_same_seed_gives_the_same_table():
    tokens = corpus(random_corpus(5))
    one, two = (score_keyness(tokens, n_permutations=99, seed=7) for _ in range(2))

    pd.testing.assert_frame_equal(one, two)
    assert not score_keyness(tokens, n_permutations=99, seed=8)["p"].equals(one["p"])


def test_a_table_of_frequencies_as_reference():
    tokens = corpus([("A", f"strike strike port {word}") for word in ("one", "two", "six", "ten", "few", "big")])
    table = score_keyness(tokens, reference=pd.DataFrame({"word": ["Strike", "port", "talks"], "hits": [10, 500, 490]}))

    assert table["reference"].unique().tolist() == ["table of frequencies"]
    assert row_of(table, "strike")["hits_reference"] == 10
    assert row_of(table, "strike")["per_1000_reference"] == 10.0
    assert table["p"].isna().all()
    assert table["note"].str.contains("no p").all()
    assert row_of(table, "strike")["low"] > 0
    with pytest.raises(ColumnError, match="hits"):
        score_keyness(tokens, reference=pd.DataFrame({"word": ["a"]}))
    with pytest.raises(ArticleTableError, match="counts no word"):
        score_keyness(tokens, reference=pd.DataFrame({"word": ["a"], "hits": [0]}))


def test_phrases_and_voices():
    rows = [("A", f"The tear gas of day {n} hung there. “We want peace now,” she said.") for n in range(8)]
    rows += [("B", f"They sold gas on day {n}. “We want war now,” he said.") for n in range(8)]
    tokens = corpus(rows)
    phrases = score_keyness(tokens, target="A", unit="phrase", n_permutations=0)
    quoted = score_keyness(tokens, target="A", voice="quoted", n_permutations=0)
    own = score_keyness(tokens, target="A", voice="outlet", n_permutations=0)

    assert row_of(phrases, "tear gas")["hits"] == 8
    assert "the tear" not in set(phrases["word"])
    assert set(quoted["word"]) == {"we", "want", "peace", "now", "war"}
    assert "peace" not in set(own["word"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "C"}, "target='C' is no group"), ({"reference": "C"}, "reference='C' is no group"),
        ({"target": "A", "reference": "A"}, "same group"), ({"unit": "letter"}, "unit='letter'"),
        ({"voice": "loud"}, "voice='loud'"), ({"by": "language"}, "'language' has 1 with words"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(options, message):
    with pytest.raises(ArticleTableError, match=message):
        score_keyness(corpus(random_corpus(1, articles=6)), **options)


def test_one_group_one_article_and_no_words():
    with pytest.raises(ArticleTableError, match="compares groups"):
        score_keyness(corpus([("A", "one text here")]))
    with pytest.raises(ColumnError, match="paper"):
        score_keyness(corpus(random_corpus(1)), by="paper")
    few = score_keyness(corpus([("A", "strike here"), ("B", "talks here")]), min_count=1, min_articles=1)
    assert few["note"].str.contains("fewer than five").all()
    assert few["low"].isna().all()
    none = score_keyness(corpus(random_corpus(1)), min_count=10_000)
    assert len(none) == 0
    assert none["p"].dtype == float
    with pytest.raises(ArticleTableError, match="compares groups"):
        score_keyness(corpus([("A", ""), ("B", None)]))


def test_an_article_table_is_tokenized_first():
    rows = [
        {"text": text, "outlet": name, "position": n} for n, (name, text) in enumerate(random_corpus(1, articles=12))
    ]
    table = make_articles(rows).assign(year=[2020, 2021] * 6)

    options = {"n_permutations": 20, "min_count": 1}
    pd.testing.assert_frame_equal(score_keyness(table, **options), score_keyness(tokenize(table), **options))
    by_year = score_keyness(table, by="year", target=2020, reference=2021, **options)
    assert by_year["target"].unique().tolist() == ["2020"]
    pd.testing.assert_series_equal(by_year["z"], score_keyness(table, target="A", **options)["z"])


def test_what_is_no_table_and_a_number_that_is_no_group_are_named():
    with pytest.raises(ArticleTableError, match="or an article table; found str"):
        score_keyness("articles.csv")
    with pytest.raises(ArticleTableError, match="target='3' is no group with words in 'outlet'; there is A, B"):
        score_keyness(corpus(random_corpus(1)), target=3)
