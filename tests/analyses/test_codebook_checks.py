"""check_codebook: each problem made on purpose, and the counts by hand."""

import random
from itertools import combinations, product

import pandas as pd
import pytest

from mediakit import check_codebook, load_codebook, make_articles, tokenize
from mediakit.errors import LexiconError
from mediakit.lexicons.codebooks import Category, Codebook, Rule


def book(*categories):
    return Codebook("own", "1", "en", "", "", tuple(categories))


def tokens_of(*texts, language="en"):
    return tokenize(
        make_articles([{"text": text, "language": language, "position": n} for n, text in enumerate(texts)])
    )


def problems(table, *columns):
    return table[["problem", *(columns or ("pattern",))]].values.tolist()


def test_a_sound_codebook_gives_an_empty_table_with_its_columns():
    table = check_codebook(book(Category("riot", ("riot*",)), Category("police", ("police",))))

    assert table.columns.tolist() == [
        "problem", "category", "pattern", "other_category", "other_pattern", "hits", "shared", "note"
    ]  # fmt: skip
    assert len(table) == 0


def test_a_pattern_within_another_of_its_category_is_repeated():
    table = check_codebook(book(Category("riot", ("riot", "riot*", "*ing rioters", "throwing rioters", "mob"))))

    assert problems(table, "pattern", "other_pattern") == [
        ["repeated", "riot", "riot*"],
        ["repeated", "throwing rioters", "*ing rioters"],
    ]
    assert table["hits"].isna().all()


def test_of_two_ways_to_write_the_same_one_is_reported():
    assert len(check_codebook(book(Category("a", ("Sit-in", "sit in"))))) == 1
    assert len(check_codebook(book(Category("a", ("=US", "=us"))))) == 0
    assert problems(check_codebook(book(Category("a", ("=US", "us"))))) == [["repeated", "=US"]]


def test_a_condition_is_in_vain_where_the_plain_pattern_stands():
    clash = Rule("clash", ("police",))

    assert problems(check_codebook(book(Category("a", ("clash*",), rules=(clash,))))) == [
        ["repeated", "clash [near police within 8 words]"]
    ]
    narrow = Rule("clash*", ("crowd",))
    assert len(check_codebook(book(Category("a", (), rules=(clash, narrow))))) == 0
    assert len(check_codebook(book(Category("a", (), rules=(clash, Rule("clash*", ("police",))))))) == 1


def test_a_condition_that_forbids_what_it_needs_never_counts():
    odd = Rule("clash", ("police", "riot police"), ("poli*", "riot police"))
    table = check_codebook(book(Category("a", ("union", "mob"), rules=(odd,), exclude=("union*",))))

    assert table["problem"].tolist() == ["never counts", "never counts"]
    assert table["note"].tolist() == [
        "'union*' is excluded from its category",
        "what must stand near it must not stand near it",
    ]


def test_dead_and_unmet_are_told_apart():
    category = Category("a", ("mob", "union"), rules=(Rule("clash*", ("police",)),), exclude=("union station",))
    table = check_codebook(book(category), tokens_of("Clashes at Union Station.", "They clashed again."))

    assert problems(table, "pattern", "hits", "note") == [
        ["unmet", "union", 1, "it stands in excluded phrases only"],
        ["unmet", "clash* [near police within 8 words]", 2, "its conditions hold nowhere"],
        ["dead", "mob", 0, "it does not occur in the articles"],
    ]


def test_a_star_beside_few_letters_and_a_word_everywhere_are_broad():
    assert problems(check_codebook(book(Category("a", ("ri*", "the *n rioters", "mob*"))))) == [
        ["broad", "ri*"],
        ["broad", "the *n rioters"],
    ]
    tokens = tokens_of("said " * 10 + "word " * 90)
    assert check_codebook(book(Category("a", ("said",))), tokens)["note"].tolist() == ["10.0% of all words"]
    assert len(check_codebook(book(Category("a", ("said",))), tokens, most=0.1)) == 0


def test_shared_words_are_counted_by_place():
    two = book(Category("police", ("riot police", "police")), Category("riot", ("riot*", "mob")))
    table = check_codebook(two, tokens_of("Riot police met rioters.", "Riot police, a mob, and a riot."))

    assert problems(table, "pattern", "other_category", "other_pattern", "hits", "shared") == [
        ["shared", "riot police", "riot", "riot*", 2, 2]
    ]


def test_shared_patterns_are_named_without_articles_and_where_they_do_not_occur():
    two = book(Category("a", ("riot",)), Category("b", ("riot*", "mob")))

    assert check_codebook(two)["shared"].isna().all()
    table = check_codebook(two, tokens_of("A mob."))
    assert problems(table, "pattern", "shared")[-1] == ["shared", "riot", 0]


def test_articles_in_another_language_are_not_looked_at():
    table = check_codebook(book(Category("a", ("riot",))), tokens_of("riot", language="fr"))

    assert table["problem"].tolist() == ["dead"]


@pytest.mark.parametrize("texts", [(), ("",)])
def test_no_text_gives_only_dead_patterns(texts):
    tokens = tokenize(make_articles([{"text": text, "language": "en"} for text in texts])) if texts else tokens_of("")
    table = check_codebook(load_codebook("protest"), tokens)

    assert set(table["problem"]) <= {"dead", "repeated"}
    assert table["hits"].fillna(0).eq(0).all()


def test_shares_agree_with_a_plain_second_way():
    texts = ["riot police and police riot", "police police riot riot", "a riot"]
    two = book(Category("a", ("riot police", "police")), Category("b", ("police riot", "riot")))
    table = check_codebook(two, tokens_of(*texts)).set_index(["pattern", "other_pattern"])["shared"]

    places = []
    for number, text in enumerate(texts):
        words = text.split()
        for category, patterns in (("a", ("riot police", "police")), ("b", ("police riot", "riot"))):
            for pattern in patterns:
                size = len(pattern.split())
                for at in range(len(words) - size + 1):
                    if words[at : at + size] == pattern.split():
                        places.append((category, pattern, number, set(range(at, at + size))))
    wanted: dict = {}
    for one in places:
        for two_ in places:
            if one[0] == "a" and two_[0] == "b" and one[2] == two_[2] and one[3] & two_[3]:
                wanted[one[1], two_[1]] = wanted.get((one[1], two_[1]), 0) + 1
    assert table.to_dict() == wanted


def test_repeated_means_that_the_other_finds_the_same_words_and_the_rest_is_told_apart_by_some_word():
    rng = random.Random(1)
    texts = ["".join(letters) for size in range(1, 8) for letters in product("ab", repeat=size)]
    tokens = tokens_of(*texts)
    patterns = list({"aab" + "".join(rng.choice("ab*") for _ in range(rng.randint(0, 3))) for _ in range(40)})
    table = check_codebook(book(Category("x", tuple(patterns))))
    found = {pattern: set(tokens.find({"x": [pattern]})["article_id"]) for pattern in patterns}
    repeated = {frozenset(pair) for pair in table[table["problem"] == "repeated"][["pattern", "other_pattern"]].values}

    assert len(repeated) > 20
    for one, two in combinations(patterns, 2):
        inside = found[one] <= found[two] or found[two] <= found[one]
        assert (frozenset((one, two)) in repeated) == inside, (one, two)


def test_a_pattern_that_matches_everything_is_refused_before():
    with pytest.raises(LexiconError, match="has a word that matches everything"):
        check_codebook(book(Category("a", ("a *",))))


def test_the_codebook_stays_as_it_is():
    given = book(Category("a", ("riot", "riot*")))
    assert isinstance(check_codebook(given), pd.DataFrame)
    assert given == book(Category("a", ("riot", "riot*")))


def test_the_name_of_a_codebook_and_an_article_table_are_taken():
    articles = make_articles([{"text": "Police used tear gas at the rally.", "language": "en"}])

    assert check_codebook("protest", articles).equals(check_codebook(load_codebook("protest"), tokenize(articles)))
