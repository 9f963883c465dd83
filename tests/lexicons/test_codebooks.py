"""Codebooks: the shipped ones are sound; a broken file says where it is broken."""

import pytest

from mediakit import list_codebooks, load_codebook, make_articles, tokenize
from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_pattern

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

    assert listed["codebook"].tolist() == ["diplomacy", "event_types", "protest"]
    for row in listed.itertuples():
        book = load_codebook(row.codebook)
        assert (book.name, book.version, len(book.categories)) == (row.codebook, row.version, row.categories)
        assert "doi 10." in book.citation
        assert book.validation
        assert all(category.definition.endswith(".") for category in book.categories)
        for category in book.categories:
            assert [compile_pattern(written).written for written in category.patterns] == list(category.patterns)
            assert len(set(category.patterns)) == len(category.patterns), f"{category.name} repeats a pattern"


@pytest.mark.parametrize("name", list_codebooks()["codebook"].tolist())
def test_every_pattern_of_a_shipped_codebook_finds_itself(name):
    for category, patterns in load_codebook(name).patterns().items():
        for pattern in patterns:
            tokens = tokenize(make_articles([{"text": f"so {pattern.strip('=').replace('*', 'x')} it is"}]))
            assert len(tokens.find({category: [pattern]})) == 1, pattern


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
    with pytest.raises(LexiconError, match=r"no codebook 'protests': there is diplomacy, event_types, protest, or give the path"):
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
