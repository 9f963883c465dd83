"""Codebooks of other programs: the small files are written as the programs write them; round trips lose nothing."""

import random
import warnings

import pytest

from mediakit import count_topics, list_codebooks, load_codebook, make_articles, tokenize, write_codebook
from mediakit.errors import LexiconError, MeasureWarning, MissingExtraError
from mediakit.lexicons.codebooks import Category, Codebook, Rule

SUFFIXES = (".yaml", ".yml", ".dic", ".lc3", ".cat")

LIWC = "%\n01\tstrike (Work stops)\n02\tmarch\n%\n\npicket*\t01\nwalk out\t01\nrally\t02\nbanner*\t01\t02\n"
QUANTEDA = 'protest:\n  strike: [picket*, walk out]\n  march:\n    - rally\n    - "no"\nriot: mob\n'
LEXICODER = "+A STRIKE\npicket*\n walk out \n\n+MARCH\nrally\n"
WORDSTAT = "PROTEST\n\tSTRIKE\n\t\tPICKET* (1)\n\t\tWALK_OUT (2)\n\tMARCH\n\t\tRALLY (1)\nRIOT\n   \tMOB (1)\n"


def book(*categories):
    return Codebook("own", "", "en", "", "", tuple(categories))


@pytest.fixture
def written(tmp_path):
    def write(content, name):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_a_liwc_dictionary_is_read(written):
    made = load_codebook(written(LIWC, "mine.dic"))

    assert made.patterns() == {"strike": ["picket*", "walk out", "banner*"], "march": ["rally", "banner*"]}
    assert made.categories[0].definition == "Work stops"
    assert (made.name, made.language, made.validation) == ("mine", "en", "not validated")


def test_levels_of_a_liwc_dictionary_are_parents(written):
    text = "%\n1\taffect\n\t2\tposemo\n\t3\tnegemo\n%\nglad\t1\t2\nsad\t1\t3\n"

    assert load_codebook(written(text, "a.dic")).patterns() == {
        "affect": ["glad", "sad"],
        "affect/posemo": ["glad"],
        "affect/negemo": ["sad"],
    }


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "A.YML"])
def test_a_quanteda_dictionary_is_read_with_parents_and_words_that_yaml_would_turn(written, name):
    made = load_codebook(written(QUANTEDA, name), language="de")

    assert made.language == "de"
    assert made.patterns() == {
        "protest/strike": ["picket*", "walk out"],
        "protest/march": ["rally", "no"],
        "riot": ["mob"],
    }


def test_yaml_gives_weights_and_the_own_patterns_of_a_parent(written):
    made = load_codebook(written("a:\n  __: [x]\n  b: {mob: 2.5, riot: 1}\n", "a.yaml"))

    assert made.patterns() == {"a": ["x"], "a/b": ["riot", "mob"]}
    assert made.categories[1].rules == (Rule("mob", weight=2.5),)


def test_a_lexicoder_dictionary_is_read(written):
    made = load_codebook(written(LEXICODER, "a.lc3"))

    assert made.patterns() == {"A STRIKE": ["picket*", "walk out"], "MARCH": ["rally"]}


def test_a_wordstat_dictionary_is_read_with_levels_weights_and_underscores(written):
    made = load_codebook(written(WORDSTAT, "a.cat"))

    assert made.patterns() == {
        "PROTEST/STRIKE": ["PICKET*", "WALK OUT"],
        "PROTEST/MARCH": ["RALLY"],
        "RIOT": ["MOB"],
    }
    assert made.categories[0].rules == (Rule("WALK OUT", weight=2.0),)


def test_a_codebook_of_another_program_counts_like_its_own(written):
    tokens = tokenize(make_articles([{"text": "Pickets walk out. A rally.", "language": "en"}]))
    for content, name in ((LIWC, "a.dic"), (QUANTEDA, "a.yaml"), (LEXICODER, "a.lc3"), (WORDSTAT, "a.cat")):
        assert count_topics(tokens, load_codebook(written(content, name)))["hits"].tolist()[:2] == [2, 1]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (
            "%\n1\ta\n%\nglad\t1\n:)\t1\nlike\t(02 134)1/464\n",
            "a.dic",
            r"a\.dic: left out.*: 2 conditional entries or emoticons; the first is line 5, ':\)",
        ),
        ("%\n1\ta\n2\tb\n%\nglad\t1\n", "a.dic", "category 'b', which has no patterns"),
        ("a: ['z??', riot]", "a.yaml", r"a\.yaml: left out.*line 1, 'z\?\?'"),
        ("+a\nriot\nlaw & order\n=US\n", "a.lc3", r"left out.*line 3, 'law & order'; line 4, '=US'"),
        ("A\n\tRIOT (1)\n\t@NEAR [RIOT NEAR MOB /C 5] (1)\n", "a.cat", "left out.*line 3, '@NEAR"),
        ("A\n\tRIOT (1)\nB\n", "a.cat", "category 'B', which has no patterns"),
    ],
)
def test_what_no_pattern_can_say_is_named(written, content, name, told):
    with pytest.warns(MeasureWarning, match=told):
        made = load_codebook(written(content, name))

    assert len(made.categories) == 1
    assert len(made.categories[0].patterns) == 1


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("glad\t1\n", "a.dic", r"a\.dic, line 1: a LIWC dictionary begins"),
        ("%\n1\ta\n%\nglad\t7\n", "a.dic", r"a\.dic, line 4: .*no category '7'"),
        ("%\n1\ta\n2\ta\n%\nglad\t1\n", "a.dic", r"a\.dic, line 3: .*'a' stands twice"),
        ("%\n1\ta\n%\n", "a.dic", "no category with patterns|no patterns"),
        ("a: [x]\na: [y]\n", "a.yaml", r"a\.yaml, line 2: .*'a' stands twice"),
        ("a: [x, [y]]\n", "a.yaml", r"a\.yaml, line 1: 'a' has a list within"),
        ("a: [*b]\n", "a.yaml", r"a\.yaml, line 1: .*quotes around what begins with a star"),
        ("a: [x\nb: [y]\n", "a.yaml", r"a\.yaml, line 2"),
        ("good: 1\n", "a.yaml", r"a\.yaml, line 1: patterns with weights, but no category"),
        ("- a\n- b\n", "a.yaml", r"a\.yaml, line 1: .*categories with lists"),
        ("[a]: [x]\n", "a.yaml", r"a\.yaml, line 1: a category needs a name"),
        ("# nothing\n", "a.yaml", r"a\.yaml: no category"),
        ("a:\n  - 'x'\n  - \x01\n", "a.yaml", r"a\.yaml, line 3: YAML does not allow"),
        ("a: " + "[" * 5000, "a.yaml", "more than 20 levels"),
        ("riot\n+a\nmob\n", "a.lc3", r"a\.lc3, line 1: 'riot' – a pattern before"),
        ("+a\nmob\n+\nriot\n", "a.lc3", r"a\.lc3, line 3: .*needs a name"),
        ("+a\nmob\n+a\nriot\n", "a.lc3", r"a\.lc3, line 3: .*'a' stands twice"),
        ("+a\nmob\n*\n", "a.lc3", r"a\.lc3, line 3: the pattern '\*' (holds no word|has a word that matches everything)"),
        ("+a\nmob\nthe *\n", "a.lc3", r"a\.lc3, line 3: the pattern 'the \*' has a word that matches everything"),
        ("RIOT (1)\n", "a.cat", r"a\.cat, line 1: .*outside a category"),
        ("A\n\t\tRIOT (1)\n", "a.cat", r"a\.cat, line 2: .*2 tabs, but only 1"),
        ("A\n\tX (1)\nA\n\tY (1)\n", "a.cat", r"a\.cat, line 3: .*'A' stands twice"),
        ("A\n\tX (1)\n\tX (2)\n", "a.cat", r"a\.cat, line 3: 'X' stands in 'A' with two weights"),
        (b"+a\nfa\xe7ade\n", "a.lc3", r"a\.lc3, line 2: the byte 0xe7 is not UTF-8"),
        ("  \n", "a.cat", r"a\.cat is empty"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_its_line(written, content, name, message):
    path = written(content, name)
    with pytest.raises(LexiconError, match=message):
        load_codebook(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(LexiconError, match=r"no codebook .*none\.cat': there is .* or give the path of a file"):
        load_codebook(tmp_path / "none.cat")
    (tmp_path / "odd.dic").mkdir()
    with pytest.raises(LexiconError, match="is a folder"):
        load_codebook(tmp_path / "odd.dic")


def test_yaml_needs_its_library(written, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"mediakit-research\[yaml\]"):
        load_codebook(written("a: [x]", "a.yaml"))


@pytest.mark.parametrize("name", list_codebooks()["codebook"].tolist())
def test_toml_holds_everything(tmp_path, name):
    given = load_codebook(name)

    assert load_codebook(write_codebook(given, tmp_path / "copy.toml")) == given


def test_toml_holds_odd_names_quotes_and_signs(tmp_path):
    given = Codebook("o\"d\\d", "1", "fr", "a\nb\t\x7f\x01", "é ’", (
        Category("a b/c.d", ("l'été", "=US"), 'He said "no".', exclude=("x y",),
                 rules=(Rule("q", ("r",), (), 0, -1.5, "before"), Rule("s", ("r",), (), 0, -1.5, "before"), Rule("t", weight=1e-7))),
        Category("only", (), rules=(Rule("u", unless=("v",)),)),
    ), "misses")  # fmt: skip

    assert load_codebook(write_codebook(given, tmp_path / "odd.toml")) == given


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("seed", range(5))
def test_patterns_survive_the_way_there_and_back(tmp_path, suffix, seed):
    rng = random.Random(seed)
    words = [
        "riot",
        "no",
        "on",
        "null",
        "l'été",
        "sit-in",
        "security council",
        "protest*",
        "24-hour",
        "U.S.",
        "true",
        "ärger",
    ]
    names = ["a", "a/b", "a/b/c", "Über uns", "d/e", "yes", "1", "b"]
    given = book(*(Category(name, tuple(rng.sample(words, rng.randint(1, 6)))) for name in rng.sample(names, 6)))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        back = load_codebook(write_codebook(given, tmp_path / f"own{suffix}"))

    assert {k: set(v) for k, v in back.patterns().items()} == {k: set(v) for k, v in given.patterns().items()}
    assert back.name == "own"


def test_whole_weights_survive_in_wordstat(tmp_path):
    given = book(Category("a", ("riot",), rules=(Rule("mob", weight=3.0),)))

    assert load_codebook(write_codebook(given, tmp_path / "a.cat")).categories == given.categories


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_a_format_cannot_hold_is_left_out_and_named(tmp_path, suffix):
    given = book(
        Category(
            "a",
            ("riot", "=US"),
            "Def.",
            rules=(Rule("clash*", ("police",)), Rule("mob", weight=1.5)),
            exclude=("riot act",),
        ),
        Category("b", (), rules=(Rule("x", ("y",)),)),
    )
    with pytest.warns(MeasureWarning) as told:
        back = load_codebook(write_codebook(given, tmp_path / f"a{suffix}"))

    assert back.patterns() == {"a": ["riot"]}
    message = str(told[0].message)
    assert "definitions, exclusions: not written" in message
    assert (
        "4 patterns are left out: a: =US; a: clash* [near police within 8 words]; a: mob [weight 1.5]; b: x" in message
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_simplify_writes_the_patterns_without_their_conditions_and_says_so(tmp_path, suffix):
    given = book(Category("a", ("=US",), rules=(Rule("clash*", ("police",)), Rule("mob", weight=1.5))))
    with pytest.warns(MeasureWarning, match="3 patterns are written without what the format lacks"):
        back = load_codebook(write_codebook(given, tmp_path / f"a{suffix}", simplify=True))

    assert set(back.patterns()["a"]) == {"US", "clash*", "mob"}


def test_a_pattern_over_two_lines_stays_one(tmp_path):
    back = load_codebook(write_codebook(book(Category("a", ("tear\ngas", "sit  in"))), tmp_path / "a.lc3"))

    assert back.patterns() == {"a": ["tear gas", "sit in"]}


def test_liwc_has_stars_at_the_end_only(tmp_path):
    with pytest.warns(MeasureWarning, match=r"1 patterns are left out: a: \*ism"):
        back = load_codebook(write_codebook(book(Category("a", ("*ism", "riot*"))), tmp_path / "a.dic"))

    assert back.patterns() == {"a": ["riot*"]}


@pytest.mark.parametrize(
    ("given", "name", "message"),
    [
        (book(Category("a", ("x",))), "a.txt", r"a\.txt: a codebook is written as \.toml, \.yaml"),
        (book(Category("a (b)", ("x",))), "a.dic", r"a\.dic: LIWC would read the category 'a \(b\)'"),
        (book(Category("a (1)", ("x",))), "a.cat", r"a\.cat: a category 'a \(1\)' would be read as a pattern"),
        (book(Category("a//b", ("x",))), "a.yaml", r"'a//b' cannot be written"),
        (book(Category("a\nb", ("x",))), "a.lc3", "cannot be written"),
        (
            book(Category("a", (), rules=(Rule("x", ("y",)),))),
            "a.lc3",
            r"nothing of 'own' can be written as \.lc3: a: x",
        ),
    ],
)
def test_what_cannot_be_written_is_an_error_and_leaves_no_file(tmp_path, given, name, message):
    with pytest.raises(LexiconError, match=message):
        write_codebook(given, tmp_path / name)

    assert list(tmp_path.iterdir()) == []
