"""Codebooks: the shipped ones are sound; a broken file says where it is broken."""

import re

import pytest

from mediakit import check_codebook, list_codebooks, load_codebook, make_articles, tokenize
from mediakit.analyses.codebook_hits import find_hits
from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_pattern

SHIPPED = [
    "diplomacy",
    "diplomacy_es",
    "diplomacy_fr",
    "event_types",
    "generic_frames",
    "protest",
    "protest_events",
    "protest_events_es",
    "protest_events_fr",
    "protest_paradigm",
    "protest_paradigm_es",
    "protest_paradigm_fr",
    "war_peace",
]
NEW = [name for name in SHIPPED if name not in ("event_types", "protest")]

OWN = """
name = "strikes"
version = "2"
language = "de"
citation = "Lee 2020"
[categories.picket]
definition = "Workers stand at the gate."
patterns = ["Streikposten*", "Mahnwache"]
[categories.pay]
citation = "Marsh 2021"
patterns = ["Lohn*"]
"""


@pytest.fixture
def written(tmp_path):
    def write(content, name="own.toml"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_every_shipped_codebook_loads_with_its_source_and_definitions():
    listed = list_codebooks()

    assert listed["codebook"].tolist() == SHIPPED
    for row in listed.itertuples():
        book = load_codebook(row.codebook)
        assert (book.name, book.version, len(book.categories)) == (row.codebook, row.version, row.categories)
        assert re.search(r"doi 10\.|[A-Z]\w+ \d{4}", book.citation)
        assert book.validation
        assert all(category.definition.endswith(".") for category in book.categories)
        for category in book.categories:
            assert [compile_pattern(written).written for written in category.patterns] == list(category.patterns)
            assert len(set(category.patterns)) == len(category.patterns), f"{category.name} repeats a pattern"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_pattern_of_a_shipped_codebook_finds_itself(name):
    patterns = list(dict.fromkeys(one for several in load_codebook(name).patterns().values() for one in several))
    texts = [f"so {pattern.strip('=').replace('*', 'x')} it is" for pattern in patterns]
    tokens = tokenize(make_articles([{"text": text, "position": n} for n, text in enumerate(texts)]))
    found = tokens.matches({pattern: [pattern] for pattern in patterns}, nested=True)
    own = found.label[tokens.article[found.first] == found.label]

    assert own.tolist() == list(range(len(patterns)))


@pytest.mark.parametrize("name", NEW)
def test_every_category_has_an_example_that_it_finds(name):
    book = load_codebook(name)

    assert book.misses
    assert book.language == (name[-2:] if name[-3] == "_" and name[-2:] in ("fr", "es") else "en")
    for number, category in enumerate(book.categories):
        tokens = tokenize(make_articles([{"text": category.example, "language": book.language}]))
        assert number in find_hits(tokens, book).category, category.example


@pytest.mark.parametrize("name", NEW)
def test_no_pattern_of_a_shipped_codebook_is_listed_twice_or_in_vain(name):
    found = check_codebook(load_codebook(name))

    assert found[found["problem"] != "shared"].values.tolist() == []


@pytest.mark.parametrize("name", [name for name in NEW if name.endswith(("_es", "_fr"))])
def test_a_translation_has_the_categories_of_the_original(name):
    assert list(load_codebook(name).patterns()) == list(load_codebook(name[:-3]).patterns())


def test_words_that_only_look_like_protest_or_diplomacy_are_not_counted():
    texts = (
        "According to the army, an air strike hit the port in March.",
        "Several firms strike a deal. Social media erupted. Of his own accord he left.",
        "He talks. The vigilant guard met with an icy silence.",
    )
    tokens = tokenize(make_articles([{"text": text, "language": "en"} for text in texts]))

    for name in ("protest_events", "diplomacy"):
        assert len(find_hits(tokens, load_codebook(name))) == 0, name


def test_a_category_that_stands_twice_is_an_error_with_its_line(written):
    content = "[categories.a]\npatterns = ['a']\n[categories.a]\npatterns = ['b']"

    with pytest.raises(LexiconError, match=r"own\.toml: Cannot declare \('categories', 'a'\) twice \(at line 3"):
        load_codebook(written(content))


def test_a_codebook_of_ones_own_is_loaded_by_its_path(written):
    path = written(OWN)

    for given in (path, str(path)):
        book = load_codebook(given)
        assert (book.name, book.version, book.language, book.citation) == ("strikes", "2", "de", "Lee 2020")
        assert book.validation == "not validated"
        assert book.patterns() == {"picket": ["Streikposten*", "Mahnwache"], "pay": ["Lohn*"]}
        assert book.to_frame().values.tolist() == [
            ["picket", "Workers stand at the gate.", "Streikposten*, Mahnwache", ""],
            ["pay", "", "Lohn*", "Marsh 2021"],
        ]


def test_a_codebook_without_a_name_is_called_as_its_file(written):
    assert load_codebook(written('[categories.a]\npatterns = ["a"]', "wages.toml")).name == "wages"


def test_an_unknown_name_lists_the_codebooks_there_are():
    with pytest.raises(
        LexiconError, match=r"no codebook 'protests': there is diplomacy, diplomacy_es, .*, war_peace, or give the path"
    ):
        load_codebook("protests")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name = ", r"own\.toml: Invalid value"),
        (b"name = '\xff'", r"own\.toml: .*utf-8"),
        ("name = 'x'", r"own\.toml: no table \[categories\.NAME\]"),
        ("[categories]", r"own\.toml: no table"),
        ("categories = 3", r"own\.toml: no table"),
        ("[categories]\nriot = ['riot*']", r"own\.toml: category 'riot' must be a table"),
        (
            "[categories.riot]\npattern = ['riot*']",
            r"own\.toml: category 'riot' has an unknown key 'pattern'.*mean 'patterns'\?",
        ),
        (
            "citations = 'x'\n[categories.riot]\npatterns = ['riot*']",
            r"own\.toml: the codebook has an unknown key 'citations'",
        ),
        ("[categories.riot]\ndefinition = 'x'", r"own\.toml: category 'riot' needs a list of patterns"),
        ("[categories.riot]\npatterns = []", r"own\.toml: category 'riot' needs a list of patterns"),
        ("[categories.riot]\npatterns = 'riot'", r"own\.toml: category 'riot' needs a list of patterns"),
        ("[categories.riot]\npatterns = ['riot', 3]", r"own\.toml: category 'riot' needs a list of patterns"),
        ("[categories.riot]\npatterns = ['riot', '*']", r"own\.toml: category 'riot': the pattern '\*' holds no word"),
        ("[categories.riot]\npatterns = ['riot', '']", r"own\.toml: category 'riot': the pattern '' holds no word"),
    ],
)
def test_a_broken_file_is_named_with_category_and_pattern(written, content, message):
    with pytest.raises(LexiconError, match=message):
        load_codebook(written(content))


def test_a_folder_is_not_a_codebook(tmp_path):
    with pytest.raises(LexiconError, match=tmp_path.name):
        load_codebook(tmp_path)
