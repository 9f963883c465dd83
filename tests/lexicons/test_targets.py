"""Targets: shipped, given as a mapping, or read from a file."""

import pytest

from mediakit.errors import LexiconError
from mediakit.lexicons.targets import load_targets


def test_the_shipped_targets_load():
    targets = load_targets()

    assert list(targets) == ["protesters", "police", "government", "negotiations"]
    assert targets == load_targets("default")
    assert all(patterns and len(set(patterns)) == len(patterns) for patterns in targets.values())


def test_a_mapping_may_hold_lists_tuples_and_single_patterns():
    given = {"police": "police*", "forum": ("=CICA", "security forum")}

    assert load_targets(given) == {"police": ["police*"], "forum": ["=CICA", "security forum"]}
    assert given == {"police": "police*", "forum": ("=CICA", "security forum")}


def test_a_file_of_ones_own_is_read_in_its_order(tmp_path):
    path = tmp_path / "actors.toml"
    path.write_text('[targets]\nzed = ["zed*"]\n"the forum" = ["security forum", "=CICA"]\n', encoding="utf-8")

    for given in (path, str(path)):
        assert list(load_targets(given).items()) == [("zed", ["zed*"]), ("the forum", ["security forum", "=CICA"])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[targets", r"actors\.toml: Expected"),
        (b"\xff\xfe", r"actors\.toml: .*utf-8"),
        ("", r"actors\.toml: no targets"),
        ("police = ['police']", r"actors\.toml: no targets.*file with \[targets\]"),
        ("targets = ['police']", r"actors\.toml: no targets"),
        ("[targets]\npolice = []", r"actors\.toml: the target 'police' needs a list of patterns"),
        ("[targets]\npolice = 3", r"actors\.toml: the target 'police' needs a list of patterns"),
        ("[targets]\npolice = ['police', 3]", r"actors\.toml: the target 'police' needs a list of patterns"),
        ("[targets]\npolice = ['police', '...']", r"actors\.toml: target 'police': the pattern '\.\.\.' holds no word"),
    ],
)
def test_a_broken_file_is_named_with_target_and_pattern(tmp_path, content, message):
    path = tmp_path / "actors.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)

    with pytest.raises(LexiconError, match=message):
        load_targets(path)


@pytest.mark.parametrize(
    "given", [{}, {"police": []}, {"police": None}, {"police": [None]}, {"police": ["*"]}, ["police"], None]
)
def test_a_broken_mapping_is_refused(given):
    with pytest.raises(LexiconError, match="target"):
        load_targets(given)


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(LexiconError, match=r"polices: no such file.*a mapping, or \"default\""):
        load_targets("polices")
