"""Sentiment lexicons: the published formats give the same table; a broken file says where it is broken."""

import dataclasses
import sys
import time

import pandas as pd
import pytest
import yaml

from mediakit.errors import LexiconError, MeasureWarning, MissingExtraError
from mediakit.lexicons import lexicon_files
from mediakit.lexicons.sentiment_lexicons import Lexicon, load_lexicon
from mediakit.text.patterns import compile_pattern

LIWC = "%\n1\tposemo\n02\tnegemo\n3\tbody\n%\nblim*\t1\ngrauk\t2\t03\nvor sint\t2\n"
YAML = """
# a comment
positive:
  - blim*
  - no
negative: ["grauk", "*ful", "not blim*"]
"""


@pytest.fixture
def written(tmp_path):
    def write(content, name="moral.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def rows(lexicon):
    """Entries as plain tuples, None where there is no category."""
    return [(p, w, c if isinstance(c, str) else None) for p, w, c in lexicon.to_frame().itertuples(index=False)]


# VADER


def test_the_vader_table_has_the_weights_that_vader_itself_uses():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = load_lexicon("vader")
    exact = SentimentIntensityAnalyzer().lexicon

    assert vader.weighted() == {word: exact[word] for word in vader.weighted()}
    assert (vader.name, vader.language) == ("vader", "en")
    assert "10.1609/icwsm.v8i1.14550" in vader.citation
    left_out = set(exact) - set(vader.entries["pattern"])
    assert not any(word.isalpha() for word in left_out)
    assert {":3", "8)", ":-D", "o_O", "0:03"} <= left_out


def test_no_vader_entry_finds_a_single_letter_or_digit_that_was_part_of_an_emoticon():
    for pattern in load_lexicon("vader").entries["pattern"]:
        compiled = compile_pattern(pattern)
        assert max(map(len, compiled.words)) > 1 or pattern.isalpha(), pattern
        assert not compiled.exact


def test_vader_says_how_many_emoticons_are_left_out(written):
    path = written(":3\t2.3\t1.0\t[2, 3]\nblim\t1.5\t0.5\t[1, 2]\n( '}{' )\t1.6\t0.6\t[1, 2]\n", "own.txt")

    lexicon = load_lexicon(path)

    assert rows(lexicon) == [("blim", 1.5, None)]
    assert lexicon.note == "2 emoticons are not among the entries."


def test_a_word_that_vader_lists_twice_has_the_later_weight_as_in_vader(written):
    path = written("blim\t1\t0\t[1]\nblim\t-1\t0\t[-1]\n", "own.txt")

    assert load_lexicon(path).weighted() == {"blim": -1.0}


def test_vader_is_english():
    with pytest.raises(LexiconError, match="is English; language='de' does not fit"):
        load_lexicon("vader", language="de")


# What a lexicon is


def test_a_lexicon_introduces_itself():
    lexicon = load_lexicon({"blim": 3.4, "grauk": -3.9}, name="tiny")

    assert repr(lexicon) == "Lexicon tiny: 2 entries, en, weights -3.9 to 3.4"
    assert len(lexicon) == 2
    assert repr(load_lexicon("vader")).startswith("Lexicon vader: 7,2")


def test_a_lexicon_is_returned_as_it_is_and_its_table_is_a_copy():
    lexicon = load_lexicon({"blim": 1})
    table = lexicon.to_frame()
    table.loc[0, "weight"] = 9

    assert load_lexicon(lexicon) is lexicon
    assert lexicon.weighted() == {"blim": 1.0}
    with pytest.raises(dataclasses.FrozenInstanceError):
        lexicon.name = "other"


def test_the_columns_have_the_same_types_whatever_the_source(written):
    sources = [{"blim": 1}, {"pos": ["blim"]}, pd.DataFrame({"word": ["blim"], "score": [1]}), written("blim,1")]
    for source in [*sources, "vader"]:
        types = load_lexicon(source).entries.dtypes
        assert types.index.tolist() == ["pattern", "weight", "category"]
        assert types.astype(str).tolist() == ["str", "float64", "str"]


def test_a_pattern_in_two_categories_weighs_their_sum_and_weight_0_is_left_out():
    lexicon = load_lexicon({"a": ["blim", "grauk"], "b": ["blim"], "c": ["vor"]}, weights={"a": 1, "b": 0.5})

    assert rows(lexicon) == [("blim", 1, "a"), ("grauk", 1, "a"), ("blim", 0.5, "b"), ("vor", 0, "c")]
    assert lexicon.weighted() == {"blim": 1.5, "grauk": 1.0}


def test_name_language_and_citation_are_kept(written):
    lexicon = load_lexicon(written("blim;1"), language="de", citation="Lee 2020")

    assert (lexicon.name, lexicon.language, lexicon.citation) == ("moral", "de", "Lee 2020")
    assert load_lexicon(written("blim;1"), name="mine").name == "mine"


# Tables


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("pattern,weight,category\nblim*,1.5,joy\nvor sint,-2,\n", "moral.csv"),
        ("blim*,1.5,joy\nvor sint,-2\n", "moral.csv"),
        ("\ufeffword;score;category\r\nblim*;1,5;joy\r\nvor sint;−2;;;\r\n", "moral.csv"),
        ("blim*\t1,5\tjoy\nvor sint\t-2", "moral.tsv"),
        ("# of mine\n\nTerm\tValence\tCategory\nblim*\t+1.50\tjoy\n# more\nvor sint\t-2e0\t\n", "moral.txt"),
        ('"","category","token","value"\n"1","joy","blim*",1.5\n"2","","vor sint",-2\n', "moral.csv"),
        ("blim*\t1.5\rvor sint\t-2", "moral"),
        ('"blim*", 1.5, joy\n"vor sint", -2', "moral.csv"),
    ],
)
def test_a_table_is_read_with_any_separator_header_or_none(written, content, name):
    lexicon = load_lexicon(written(content, name))

    joy = "joy" if "joy" in content else None
    assert rows(lexicon) == [("blim*", 1.5, joy), ("vor sint", -2.0, None)]


def test_a_table_written_and_read_again_is_the_same(written):
    lexicon = load_lexicon({"pos": ["blim*", "o'blim", "=BLIM"], "neg": ["NA", "null", "vor, sint", 'a "quoted" one']})
    for name, separator in (("own.csv", ","), ("own.tsv", "\t"), ("own.txt", ";")):
        again = load_lexicon(written(lexicon.to_frame().to_csv(index=False, sep=separator), name))
        pd.testing.assert_frame_equal(again.entries, lexicon.entries)


def test_a_data_frame_is_read_by_its_column_names_and_stays_as_it_is():
    table = pd.DataFrame(
        {"score": [1, -2.5], "Word": ["blim", "grauk"], "n": [3, 4], "category": ["joy", None]}, index=[7, 7]
    )
    before = table.copy()

    assert rows(load_lexicon(table)) == [("blim", 1, "joy"), ("grauk", -2.5, None)]
    pd.testing.assert_frame_equal(table, before)


def test_a_pattern_that_begins_with_a_hash_is_read_in_quotes(written):
    assert load_lexicon(written('#blim,1\n"#grauk",-1')).weighted() == {"#grauk": -1.0}


def test_the_same_entry_twice_is_one(written):
    path = written("vor sint,1\nblim,2\nVor-Sint,1.0\n")

    assert load_lexicon(path).weighted() == {"vor sint": 1.0, "blim": 2.0}


def test_format_overrules_suffix_and_content(written):
    path = written("blim\t1\t0\t[1]\n", "own.lex")

    assert load_lexicon(path, format="vader").weighted() == {"blim": 1.0}
    with pytest.raises(LexiconError, match=r"own\.lex, line 1: .* – 4 cells"):
        load_lexicon(path, format="csv")
    with pytest.raises(LexiconError, match=r"own\.dat: the format of '\.dat' is not known\. Give format="):
        load_lexicon(written("blim,1", "own.dat"))
    with pytest.raises(LexiconError, match=r"format='cvs' is not known.*Did you mean 'csv'\?"):
        load_lexicon(path, format="cvs")


# LIWC


def test_a_liwc_dictionary_has_one_entry_per_pattern_and_category(written):
    lexicon = load_lexicon(written(LIWC, "own.dic"))

    assert rows(lexicon) == [
        ("blim*", 1, "posemo"),
        ("grauk", -1, "negemo"),
        ("grauk", 0, "body"),
        ("vor sint", -1, "negemo"),
    ]
    assert lexicon.weighted() == {"blim*": 1.0, "grauk": -1.0, "vor sint": -1.0}


@pytest.mark.parametrize(
    "content",
    [
        "%\r\n1  posemo (Positive)\r\n\t2\tnegemo@NegativeEmotions\r\n%\r\n\r\nblim*     1\r\nvor sint  2 \r\n",
        "\ufeff%\n01\tposemo\n02\tnegemo\n%\nblim*\t\t01\t\nvor sint\t\t2",
    ],
)
def test_a_liwc_dictionary_may_have_spaces_zeros_and_descriptions(written, content):
    assert rows(load_lexicon(written(content, "own.dic"))) == [("blim*", 1, "posemo"), ("vor sint", -1, "negemo")]


def test_conditional_entries_and_emoticons_of_liwc_are_left_out_with_one_warning(written):
    path = written(LIWC + "zirp\t(02 134)1/2\t2\nzirp*(a)\t1\nkind <of>\t1\n:3\t1\n(:\t1\n", "own.dic")

    with pytest.warns(
        MeasureWarning, match=r"^own\.dic: 5 conditional entries or emoticons .* line 9, 'zirp"
    ) as caught:
        lexicon = load_lexicon(path)

    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert len(lexicon) == 4
    assert lexicon.note.startswith("5 conditional")


def test_abbreviations_and_numbers_of_liwc_are_no_emoticons(written):
    path = written("%\n1\tpos\n%\nu.s.\t1\n24\t1\ni'm\t1\nblim-vor\t1\n", "own.dic")

    assert list(load_lexicon(path).weighted()) == ["u.s.", "24", "i'm", "blim-vor"]


def test_a_liwc_file_is_known_by_its_first_line(written):
    assert len(load_lexicon(written(LIWC, "own.txt"))) == 4


# YAML


def test_a_yaml_dictionary_is_read_and_no_stays_a_word(written):
    lexicon = load_lexicon(written(YAML, "own.yml"))

    assert rows(lexicon) == [
        ("blim*", 1, "positive"), ("no", 1, "positive"),
        ("grauk", -1, "negative"), ("*ful", -1, "negative"), ("not blim*", -1, "negative"),
    ]  # fmt: skip


def test_nested_categories_are_named_from_the_top_and_weighed_by_full_name_or_last_part(written):
    path = written("care:\n  virtue: [blim]\n  vice: [grauk]\nloyal:\n  virtue: [vor]\n  vice: [sint]\n", "own.yaml")

    lexicon = load_lexicon(path, weights={"loyal.virtue": 3, "virtue": 1, "vice": -1})

    assert rows(lexicon) == [
        ("blim", 1, "care.virtue"),
        ("grauk", -1, "care.vice"),
        ("vor", 3, "loyal.virtue"),
        ("sint", -1, "loyal.vice"),
    ]


def test_a_yaml_file_may_give_a_weight_to_each_pattern(written):
    plain = written("blim*: 1.5\ngrauk: -2\n", "plain.yaml")
    nested = written("joy:\n  blim*: 1.5\nfear:\n  grauk: -2\n", "nested.yaml")

    assert rows(load_lexicon(plain)) == [("blim*", 1.5, None), ("grauk", -2, None)]
    assert rows(load_lexicon(nested)) == [("blim*", 1.5, "joy"), ("grauk", -2, "fear")]


def test_yaml_is_read_as_pyyaml_reads_it(written):
    content = {
        "positive": [f"bl{i}*" for i in range(50)],
        "deep": {"negative": ["vor 'sint", 'a "b"', "ünt: er", "# x", "- y"]},
    }
    for style in (None, True, False):
        text = yaml.safe_dump(content, default_flow_style=style, allow_unicode=True)
        entries = load_lexicon(written(text, "own.yaml")).entries
        found = entries.groupby("category", sort=False)["pattern"].apply(list).to_dict()
        loaded = yaml.safe_load(text)
        assert found == {"positive": loaded["positive"], "deep.negative": loaded["deep"]["negative"]}


def test_an_entry_with_very_many_numbers_is_read_in_one_go(written):
    for sign in ("\t", " "):
        started = time.process_time()
        assert len(load_lexicon(written("%\n1\tpos\n%\nblim" + f"{sign}1" * 20_000, "own.dic"))) == 1
        assert time.process_time() - started < 1


def test_without_pyyaml_the_extra_is_named(written, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)

    with pytest.raises(MissingExtraError, match=r"PyYAML.*\n.*\[yaml\]"):
        load_lexicon(written(YAML, "own.yaml"))


def test_a_bomb_of_aliases_and_deep_nests_are_refused_at_once(written):
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    started = time.process_time()

    with pytest.raises(LexiconError, match=r"bomb\.yaml, line 2: '\*a' – YAML needs quotes"):
        load_lexicon(written(bomb, "bomb.yaml"))
    with pytest.raises(LexiconError, match=r"deep\.yaml, line 1: more than 20 levels"):
        load_lexicon(written("{a: " * 100_000, "deep.yaml"))
    with pytest.raises(LexiconError, match=r"deep\.yaml, line 1: a lexicon has categories with lists"):
        load_lexicon(written("a: " + "[" * 100_000, "deep.yaml"))
    with pytest.raises(LexiconError, match=r"code\.yaml, line 1: .*the weight 'x' is not a number"):
        load_lexicon(written("a: !!python/object/apply:os.system x", "code.yaml"))
    assert time.process_time() - started < 1


# Weights of categories


@pytest.mark.parametrize("name", ["positive", "POS", "posemo", "emo_pos", "tone_pos", "Positiv", "neg_negative"])
def test_categories_with_positive_names_weigh_plus_one(name):
    assert load_lexicon({name: ["blim"], "body": ["vor"]}).weighted() == {"blim": 1.0}


@pytest.mark.parametrize("name", ["negative", "NEG", "negemo", "emo_neg", "tone_neg", "Negativ", "neg_positive"])
def test_categories_with_negative_names_weigh_minus_one(name):
    assert load_lexicon({name: ["blim"], "body": ["vor"]}).weighted() == {"blim": -1.0}


def test_liwc_22_counts_a_word_of_tone_and_emotion_once():
    lexicon = load_lexicon(
        {"tone_pos": ["blim", "vor"], "emo_pos": ["blim"], "tone_neg": ["grauk"], "emo_neg": ["grauk"]}
    )

    assert len(lexicon) == 5
    assert lexicon.weighted() == {"blim": 1.0, "vor": 1.0, "grauk": -1.0}


def test_categories_that_say_nothing_need_weights():
    with pytest.raises(
        LexiconError, match=r"Give weights=, such as weights=\{'care': 1\}; the categories are care, harm\."
    ):
        load_lexicon({"care": ["blim"], "harm": ["grauk"]})


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"cares": 1}, r"'cares', which is no category; lexicon has care, harm\. Did you mean 'care'\?"),
        ({}, r"weights= names no category; lexicon has care, harm"),
        ({"care": float("nan")}, r"weights=, category 'care': the weight 'nan' is not a finite number"),
        ({"care": "much"}, r"weights=, category 'care': the weight 'much' is not a number"),
    ],
)
def test_broken_weights_are_named(weights, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon({"care": ["blim"], "harm": ["grauk"]}, weights=weights)


def test_a_lexicon_with_weights_of_its_own_takes_no_others(written):
    for source in ("vader", {"blim": 1}, load_lexicon({"blim": 1}), written("blim,1")):
        with pytest.raises(LexiconError, match="weights"):
            load_lexicon(source, weights={"positive": 1})


# What is broken


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("pattern,weight\nblim,1\nx,abc\n", r"moral\.csv, line 3: 'x,abc' – the weight 'abc' is not a number"),
        ("\n# c\nblim,1\n\nx,abc", r"moral\.csv, line 5: 'x,abc' – the weight 'abc' is not a number\.$"),
        ("Wort,Wert\nblim,1", r"line 1: 'Wort,Wert' – the weight 'Wert' is not a number; a header names the columns pattern, weight"),
        ("blim,\n", r"line 1: 'blim,' – the weight is missing"),
        ("blim\n", r"line 1: 'blim' – one cell; pattern and weight are separated by a comma, semicolon or tab"),
        ("blim,nan", r"line 1: .*the weight 'nan' is not a number"),
        ("blim,inf", r"line 1: .*the weight 'inf' is not a number"),
        ("blim,1e999", r"line 1: .*the weight '1e999' is not a finite number"),
        ("blim,1_0", r"line 1: .*'1_0' is not a number"),
        ("blim;1.000,5", r"line 1: .*'1\.000,5' is not a number"),
        ("blim,1,5", r"line 1: 'blim,1,5' – 3 cells where 2 are expected; a decimal comma needs another separator"),
        ("a,1,b,c", r"line 1: 'a,1,b,c' – 4 cells"),
        ("pattern,weight\nblim,1,5", r"line 2: .*3 cells where 2 are expected"),
        (",1", r"line 1: the pattern is empty"),
        ("blim,1\n*,1", r"line 2: the pattern '\*' holds no word"),
        (":),1", r"line 1: the pattern ':\)' holds no word"),
        ("blim *,1", r"line 1: the pattern 'blim \*' has a word that matches everything"),
        ("blim,1\nvor,2\nBlim,-1", r"line 3: the pattern 'Blim' has the weight -1, but 1 in line 1"),
        ('blim,1\n"vor,1\nsint,2', r"line 2: '\"vor,1' – "),
        ("word,joy\nblim,1", r"moral\.csv, line 1: no column 'weight' \(or score, valence, value\); it has word, joy"),
        ("value,n\n1,2", r"moral\.csv, line 1: no column 'pattern' \(or word, term, token\); it has value, n"),
        ("word,term,score\nblim,vor,1", r"moral\.csv, line 1: the columns word, term could each be the pattern"),
        ("# nothing\n", r"moral\.csv has no entries"),
        ("pattern,weight\n", r"moral\.csv has no entries"),
        ("", r"moral\.csv is empty"),
        ("\ufeff \n", r"moral\.csv is empty"),
        (b"blim,1\nm\xfcd,2", r"moral\.csv, line 2: the byte 0xfc is not UTF-8"),
        ("blim,1".encode("utf-16"), r"moral\.csv, line 1: the byte 0xff is not UTF-8"),
        ("blim,1".encode("utf-16-le"), r"moral\.csv, line 1: a zero byte"),
    ],
)  # fmt: skip
def test_a_broken_table_is_named_with_its_line(written, content, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon(written(content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("blim\t1", r"own\.dic, line 1: a LIWC dictionary begins with"),
        ("%\n1\tpos\nblim\t1", r"own\.dic, line 1: a LIWC dictionary begins with"),
        ("%\n1\n%\nblim\t1", r"own\.dic, line 2: '1' – a category needs a number"),
        ("%\npos\t1\n%\nblim\t1", r"own\.dic, line 2: .*a category needs a number"),
        ("%\n1\tpos\n01\tneg\n%\nblim\t1", r"own\.dic, line 3: .*the number is 'pos' already"),
        ("%\n1\tpos\n%\nblim\t1\nvor\t1\t7", r"own\.dic, line 5: 'vor\\t1\\t7' – there is no category '7'"),
        ("%\n1\tpos\n%\nblim", r"own\.dic, line 4: 'blim' – no number of a category"),
        ("%\n1\tpos\n%\n\t1", r"own\.dic, line 4: the pattern is empty"),
        ("%\n1\tpos\n%\n*\t1", r"own\.dic, line 4: the pattern '\*' holds no word"),
        ("%\n1\tpos\n%\n", r"own\.dic has no entries"),
        ("%\n1\tcare\n%\nblim\t1", r"own\.dic: no category says .*the categories are care"),
    ],
)
def test_a_broken_liwc_dictionary_is_named_with_its_line(written, content, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon(written(content, "own.dic"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("positive:\n  - *ful\n", r"own\.yaml, line 2: '\*ful' – YAML needs quotes"),
        ("positive:\n  - *ful*\n", r"own\.yaml, line 2: .*quotes around what begins with a star"),
        ("positive: [a\nnegative: [b]", r"own\.yaml, line 2: "),
        ("- a\n- b", r"own\.yaml, line 1: a lexicon has categories with lists"),
        ("blim", r"own\.yaml, line 1: 'blim' – there are no categories"),
        ("positive:\n  - [a]", r"own\.yaml, line 2: a lexicon has categories"),
        ("positive:\n  - a: 1", r"own\.yaml, line 2: a lexicon has categories"),
        ("? [a]\n: 1", r"own\.yaml, line 1: a lexicon has categories"),
        ("positive: [a]\nnegative: []", r"own\.yaml, line 2: 'negative' has no patterns"),
        ("{}", r"own\.yaml, line 1: 'the file' has no patterns"),
        ("positive:\nnegative: [a]", r"own\.yaml, line 1: 'positive: ' – the weight is missing; the patterns of a category are a list"),
        ("a: 1\nb: high", r"own\.yaml, line 2: 'b: high' – the weight 'high' is not a number"),
        ("a: 1\npositive: [b]", r"own\.yaml: the pattern 'a' \(line 1\) has a weight, 'b' \(line 2\) has none"),
        ("a: .inf", r"own\.yaml, line 1: .*'\.inf' is not a number"),
        ("a: 1\na: 2", r"own\.yaml, line 2: the pattern 'a' has the weight 2, but 1 in line 1"),
        ("positive:\n  - a\n  - '*'", r"own\.yaml, line 3: the pattern '\*' holds no word"),
        ("positive:\n  - a\n  -", r"own\.yaml, line 3: the pattern is empty"),
        ("positive:\n  - a\a", r"own\.yaml, line 2: YAML does not allow the sign '\\x07'"),
        ("# nothing", r"own\.yaml has no entries"),
    ],
)  # fmt: skip
def test_a_broken_yaml_file_is_named_with_its_line(written, content, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon(written(content, "own.yaml"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("blim\t1\t0\t[1]\nvor\n", r"own\.txt, line 2: 'vor' – the word and its mean are separated by a tab"),
        ("blim\t1\t0\t[1]\nvor\tx\t0\t[1]\n", r"own\.txt, line 2: .*the weight 'x' is not a number"),
        (":)\t1\t0\t[1]\n", r"own\.txt has no entries"),
    ],
)
def test_a_broken_vader_file_is_named_with_its_line(written, content, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon(written(content, "own.txt"))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({}, "lexicon has no entries"),
        ({"blim": "1x"}, r"lexicon, entry 1: 'blim: 1x' – the weight '1x' is not a number; the patterns of a category"),
        ({"blim": True}, r"lexicon, entry 1: .*the weight 'True' is not a number"),
        ({"blim": float("inf")}, r"lexicon, entry 1: .*'inf' is not a finite number"),
        ({"blim": 10**400}, r"lexicon, entry 1: .*is not a finite number"),
        ({"vor": 1, "blim": None}, r"lexicon, entry 2: .*'None' is not a number"),
        ({"positive": []}, r"lexicon, entry 1: the category 'positive' needs a list of patterns"),
        ({"positive": ["blim", None]}, r"lexicon, entry 1: the category 'positive' needs a list of patterns"),
        ({5: 1}, r"lexicon, entry 1: 5 is not a text"),
        (
            {"blim": 1, "positive": ["vor"]},
            r"lexicon: the pattern 'blim' \(entry 1\) has a weight, 'vor' \(entry 2\) has none",
        ),
        (pd.DataFrame({"word": ["blim", None], "score": [1, 2]}), r"lexicon, row 1: the pattern is empty"),
        (pd.DataFrame({"word": ["blim"], "score": [None]}), r"lexicon, row 0: .*the weight is missing"),
        (pd.DataFrame({"word": ["blim"], "score": [float("nan")]}), r"lexicon, row 0: .*the weight is missing"),
        (pd.DataFrame({"word": ["blim"]}), r"lexicon: no column 'weight'"),
        (pd.DataFrame({"word": [["blim"]], "score": [[1]]}), r"lexicon, row 0: .*is not a number"),
        (pd.DataFrame(), r"lexicon: no column 'pattern' .*it has none"),
        (["blim"], r"a lexicon cannot be made from list"),
        (None, r"a lexicon cannot be made from NoneType"),
    ],
)
def test_a_broken_table_in_memory_is_named_with_its_row(source, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon(source)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LexiconError, match=r"vadr: no such file\. .*Did you mean 'vader'\?"):
        load_lexicon("vadr")
    with pytest.raises(LexiconError, match=r"moral\.csv: no such file"):
        load_lexicon(tmp_path / "moral.csv")
    with pytest.raises(LexiconError, match="is a folder"):
        load_lexicon(tmp_path)
    with pytest.raises(LexiconError, match="no such file"):
        load_lexicon("a\0b")


def test_a_language_is_a_code_of_two_letters():
    with pytest.raises(LexiconError, match=r"language='English' is not a code of two letters"):
        load_lexicon({"blim": 1}, language="English")


def test_a_file_too_large_to_be_a_lexicon_is_not_read(written, monkeypatch):
    monkeypatch.setattr(lexicon_files, "LARGEST_FILE", 2_000_000)

    with pytest.raises(LexiconError, match=r"moral\.yaml has more than 2 MB"):
        load_lexicon(written("a" * 2_000_001, "moral.yaml"))


@pytest.mark.parametrize("name", ["own.csv", "own.tsv", "own.dic", "own.yaml", "own.txt"])
@pytest.mark.parametrize("piece", ["a", "1", '"', "* ", ", ", "a\u0301", ":", "a;1,"])
def test_a_huge_line_neither_hangs_nor_fills_the_message(written, name, piece):
    huge = piece * (300_000 // len(piece))
    content = {"own.dic": f"%\n1\tpos\n%\n{huge}\t1", "own.yaml": f"positive:\n- '{huge}'"}.get(
        name, f"blim\t1\n{huge}\t1"
    )
    started = time.process_time()

    with pytest.raises(LexiconError) as caught:
        load_lexicon(written(content, name))

    assert time.process_time() - started < 0.5
    assert len(str(caught.value)) < 400


def test_a_lexicon_can_be_made_by_hand_too():
    table = pd.DataFrame({"pattern": ["blim"], "weight": [1.0], "category": pd.Series([None], dtype="str")})

    assert Lexicon("own", "en", "", table).weighted() == {"blim": 1.0}
