"""Hits of a codebook: conditions, exclusions and overlap, counted by hand and by a plain second way."""

import random

import pytest

from mediakit import count_topics, find_topics, find_uncovered, load_codebook, make_articles, tokenize
from mediakit.analyses.codebook_hits import find_hits
from mediakit.errors import ArticleTableError, ColumnError, LexiconError
from mediakit.lexicons.codebooks import Category, Codebook, Rule


def book(*categories):
    return Codebook("own", "1", "en", "", "", tuple(categories))


def tokens_of(*texts, **more):
    return tokenize(
        make_articles([{"text": text, "language": "en", "position": n, **more} for n, text in enumerate(texts)])
    )


def printed(tokens, codebook, **options):
    return find_topics(tokens, codebook, **options)["match"].tolist()


def test_near_counts_words_on_both_sides_and_stops_at_the_article():
    clash = book(Category("force", (), rules=(Rule("clash*", ("police",), within=3),)))

    assert printed(tokens_of("Police and students clashed"), clash) == ["clashed"]
    assert printed(tokens_of("They clashed with the police"), clash) == ["clashed"]
    assert printed(tokens_of("Police and two groups later clashed"), clash) == []
    assert printed(tokens_of("They clashed", "Police came"), clash) == []


def test_near_in_the_sentence_and_unless():
    force = Category(
        "force", (), rules=(Rule("clash*", ("police",), within=0), Rule("fired", unless=("boss*",), within=3))
    )

    assert printed(tokens_of("Clashes went on for hours while the old riot police watched"), book(force)) == ["Clashes"]
    assert printed(tokens_of("Clashes went on. Police watched."), book(force)) == []
    assert printed(tokens_of("They fired. It was the boss who, many days later, fired him."), book(force)) == [
        "fired",
        "fired",
    ]
    assert printed(tokens_of("The boss fired him"), book(force)) == []


def test_a_word_is_not_near_itself_and_an_overlap_is_not_near():
    odd = book(Category("a", (), rules=(Rule("riot police", ("police",), within=5),)))

    assert printed(tokens_of("Riot police came"), odd) == []
    assert printed(tokens_of("Riot police came after police"), odd) == ["Riot police"]


def test_a_match_inside_an_excluded_phrase_does_not_count():
    union = book(Category("union", ("union*",), exclude=("european union", "union station")))

    assert printed(tokens_of("The European Union met unions at Union Station"), union) == ["unions"]


def test_overlapping_categories_count_in_each_or_in_the_longest():
    two = book(Category("police", ("police", "riot police")), Category("riot", ("riot*",)))
    tokens = tokens_of("Riot police met rioters")

    assert count_topics(tokens, two)["hits"].tolist() == [1, 2]
    assert count_topics(tokens, two, overlap="longest")["hits"].tolist() == [1, 1]
    with pytest.raises(ArticleTableError, match="overlap='all'"):
        count_topics(tokens, two, overlap="all")


def test_weights_are_summed_and_shares_of_sentences_counted():
    heavy = book(Category("force", ("police",), rules=(Rule("tear gas", weight=2.5),)))
    table = count_topics(tokens_of("Police fired tear gas. Police left. It rained. It rained more."), heavy)

    assert table[["hits", "weighted", "sentences"]].values.tolist() == [[3, 4.5, 0.5]]


def test_groups_get_totals_with_intervals_that_hold_the_rate():
    tokens = tokenize(make_articles([
        {"text": "riot " * (n % 3) + "peace and quiet here", "outlet": "AB"[n % 2], "language": "en", "position": n}
        for n in range(14)
    ]))  # fmt: skip
    table = count_topics(tokens, book(Category("riot", ("riot",)), Category("none", ("unseen",))), by="outlet")

    riot = table[table["category"] == "riot"]
    assert table["outlet"].tolist() == ["A", "A", "B", "B"]
    assert table["n"].unique().tolist() == [7]
    assert riot["per_1000"].tolist() == pytest.approx(
        [1000 * h / t for h, t in zip(riot["hits"], riot["tokens"], strict=True)]
    )
    for name in ("per_1000", "articles", "sentences"):
        assert (riot[f"{name}_low"] < riot[name]).all()
        assert (riot[name] < riot[f"{name}_high"]).all()
    none = table[table["category"] == "none"]
    assert none["per_1000"].tolist() == [0, 0]
    assert (none["per_1000_high"] > 0).all()
    with pytest.raises(ColumnError, match="paper"):
        count_topics(tokens, book(Category("riot", ("riot",))), by="paper")


def test_few_articles_give_no_interval_but_a_note():
    table = count_topics(tokens_of("riot", "peace", outlet="A"), book(Category("riot", ("riot",))), by="outlet")

    assert table["per_1000_low"].isna().all()
    assert "too few" in table["note"][0]


def test_uncovered_words_and_coverage():
    table = find_uncovered(
        tokens_of("Riot police came. The ferry left. The ferry sank."), book(Category("riot", ("riot",)))
    )

    assert table[["word", "hits", "articles"]].values.tolist() == [["ferry", 2, 1], ["left", 1, 1], ["sank", 1, 1]]
    assert table.attrs["coverage"] == {
        "words": pytest.approx(1 / 9),
        "sentences": pytest.approx(1 / 3),
        "articles": 1.0,
    }
    assert len(find_uncovered(tokens_of("", None), book(Category("riot", ("riot",))))) == 0


def plain_hits(words, bounds, category):
    """The same by looking at every word, for patterns of one word each."""
    found = set()
    for rule in category.every_rule():
        for at, word in enumerate(words):
            if word != rule.pattern:
                continue
            start, end = next((a, b) for a, b in bounds if a <= at < b)
            around = [words[i] for i in range(max(start, at - rule.within), min(end, at + rule.within + 1)) if i != at]
            if rule.near and not set(rule.near) & set(around):
                continue
            if set(rule.unless) & set(around):
                continue
            found.add(at)
    return found


@pytest.mark.parametrize("seed", range(30))
def test_conditions_agree_with_a_plain_second_way(seed):
    rng = random.Random(seed)
    texts = [" ".join(rng.choice("abcdef") for _ in range(rng.randint(1, 30))) for _ in range(4)]
    words, bounds = [], []
    for text in texts:
        bounds.append((len(words), len(words) + len(text.split())))
        words += text.split()
    rules = tuple(
        Rule(rng.choice("abc"), tuple(rng.sample("bcdef", rng.randint(0, 2))), tuple(rng.sample("def", rng.randint(0, 1))), rng.randint(1, 5))
        for _ in range(4)
    )  # fmt: skip
    category = Category("x", (), rules=rules)
    found = find_hits(tokens_of(*texts), book(category))

    assert set(found.first.tolist()) == plain_hits(words, bounds, category)


BROKEN = [
    ('patterns = [{ near = ["a"] }]', r"own.toml: category 'x': the pattern '\?' needs match"),
    ('patterns = [{ match = "a", within = -1 }]', r"'a': within must be a number of words"),
    ('patterns = [{ match = "a", weight = true }]', r"'a': weight must be a number"),
    ('patterns = [{ match = "a", close = ["b"] }]', r"unknown key 'close'"),
    ('patterns = [{ match = "a", near = [1] }]', r"'a': near must be a list"),
    ('patterns = [{ match = "*" }]', r"category 'x': the pattern '\*'"),
    ('patterns = [{ match = "a", near = ["*"] }]', r"category 'x': the pattern '\*'"),
    ('patterns = ["a"]\nexclude = 3', r"exclude must be a list"),
]


@pytest.mark.parametrize(("entry", "message"), BROKEN)
def test_a_broken_condition_is_named(tmp_path, entry, message):
    path = tmp_path / "own.toml"
    path.write_text(f"[categories.x]\n{entry}\n")
    with pytest.raises(LexiconError, match=message):
        load_codebook(path)


def test_conditions_are_read_from_toml_and_shown(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        '[categories.x]\nexample = "They clashed."\nexclude = ["clash of views"]\n'
        'patterns = ["riot*", { match = "clash*", near = ["police"], within = 7, weight = 2 }]\n'
    )
    made = load_codebook(path)

    assert made.categories[0].patterns == ("riot*",)
    assert made.to_frame()["patterns"][0] == "riot*, clash* [near police within 7 words] [weight 2]"
    assert made.patterns() == {"x": ["riot*", "clash*"]}
    assert printed(tokens_of("Police saw a clash of views, then clashes"), made) == ["clashes"]
