"""Negations: every list can be loaded and holds each word once, in the form that texts are compared in."""

import re
import tomllib
from importlib.resources import files

import pytest

from mediakit.lexicons.negations import load_negations
from mediakit.text.tokens import normal_form

WRITTEN = tomllib.loads(files("mediakit.lexicons").joinpath("negations.toml").read_text("utf-8"))["words"]


@pytest.mark.parametrize("language", WRITTEN)
def test_every_language_has_the_words_of_its_list(language):
    words = load_negations(language)

    assert re.fullmatch("[a-z]{2}", language)
    assert len(words) >= 5
    assert words == set(WRITTEN[language].split())


@pytest.mark.parametrize("language", WRITTEN)
def test_no_word_stands_twice_in_a_list(language):
    words = WRITTEN[language].split()

    assert len(words) == len(set(words))


@pytest.mark.parametrize("language", WRITTEN)
def test_every_word_is_in_lower_case_and_in_normal_form(language):
    for word in load_negations(language):
        assert word == word.lower() == normal_form(word)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "not"),
        ("fr", "pas"),
        ("de", "kein"),
        ("es", "nunca"),
        ("it", "non"),
        ("pt", "não"),
        ("nl", "geen"),
        ("pl", "nie"),
        ("ru", "не"),
        ("uk", "ні"),
    ],
)
def test_each_language_knows_its_commonest_word(language, word):
    assert word in load_negations(language)


@pytest.mark.parametrize("language", ["xx", "", "EN", "english"])
def test_an_unknown_language_has_no_words(language):
    assert load_negations(language) == frozenset()
