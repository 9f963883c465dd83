"""What a pattern means, and that no pattern is slow."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_pattern, compile_patterns, find_words, normal_form


def words_of(text):
    return [text[start:end] for start, end in find_words(text)]


def is_word(pattern, word):
    compiled = compile_pattern(pattern)
    assert len(compiled.words) == 1
    return compiled.matches(0, word, normal_form(word))


def test_words_keep_inner_apostrophes_and_the_points_of_an_abbreviation():
    assert words_of("The U.S. didn't, ‘she’ said: O’Neill's 38,000 cafés.") == [
        "The", "U.S.", "didn't", "she", "said", "O’Neill's", "38", "000", "cafés",
    ]  # fmt: skip


def test_a_letter_with_a_separate_accent_is_one_letter():
    decomposed = unicodedata.normalize("NFD", "les cafés du président")

    assert [normal_form(word) for word in words_of(decomposed)] == ["les", "cafés", "du", "président"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Didn’t", "didn't"), ("STRASSE", "straße"), ("e\u0301", "É"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("oʼneill", "O'Neill")],
)
def test_spellings_that_mean_the_same_word_have_one_normal_form(one, other):
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        ("strike", ["strike", "STRIKE", "strike's", "Strike’s"], ["strikes", "striker", "struck"]),
        ("protest*", ["protest", "Protesters", "protest's"], ["aprotest", "Protes"]),
        ("*ism", ["racism", "ism", "Racism’s"], ["racist", "isms"]),
        ("wom*n", ["woman", "women", "womn", "woman's"], ["womb"]),
        ("a*b*c", ["abc", "axbxc", "abbc"], ["acb", "ab"]),
        ("*war*", ["war", "postwar", "warring", "awards"], ["wa"]),
        ("a*a", ["aa", "aba"], ["a", "ab"]),
        ("=US", ["US", "US's", "US’s"], ["us", "Us", "U.S."]),
        ("=Turk*", ["Turkey", "Turkish"], ["turkey"]),
        ("U.S.", ["U.S.", "u.s."], ["US"]),
        ("didn’t", ["didn't", "DIDN’T"], ["didn"]),
        ("communiqué*", ["communique\u0301s", "COMMUNIQUÉ"], ["communique"]),
    ],
)
def test_a_pattern_finds_these_words_and_not_those(pattern, found, not_found):
    assert [word for word in found if not is_word(pattern, word)] == []
    assert [word for word in not_found if is_word(pattern, word)] == []


@given(st.text(alphabet="ab", max_size=12), st.text(alphabet="ab*", min_size=1, max_size=8))
def test_stars_match_as_a_regular_expression_does(word, pattern):
    import re

    if not word or not pattern.strip("*") or pattern.count("*") > 5:
        return
    expected = re.fullmatch(pattern.replace("*", ".*"), word) is not None

    assert is_word(pattern, word) == expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "pattern '' holds no word"),
        ("   ", "holds no word"),
        ("=", "pattern '=' holds no word"),
        ("!?", "holds no word"),
        ("*", "holds no word"),
        ("protest *", "'protest \\*' has a word that matches everything"),
        ("a*b*c*d*e*f*g", "more than five stars"),
    ],
)
def test_a_broken_pattern_is_named_with_what_is_wrong(pattern, message):
    with pytest.raises(LexiconError, match=message):
        compile_pattern(pattern)


def test_repeated_patterns_are_compiled_once_and_in_order():
    assert [pattern.written for pattern in compile_patterns(["b", "a", "b"])] == ["b", "a"]


def test_many_stars_on_a_long_word_are_quick():
    word = "a" * 100_000
    started = time.process_time()

    assert not is_word("a*a*a*a*a*b", word)
    assert is_word("a*a*a*a*a*a", word)

    assert time.process_time() - started < 1


def test_words_of_a_long_hostile_text_are_found_quickly():
    started = time.process_time()

    for text in ("a." * 200_000, "a'" * 200_000, "'" * 400_000, "e\u0301" * 200_000, " " * 400_000):
        find_words(text)

    assert time.process_time() - started < 3
