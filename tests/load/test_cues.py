"""Cues: the quick way to find the phrase of a line gives what trying every phrase in turn gives."""

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.load.cues import LONGEST, Cue, _match, _phrase_pattern, find_cue

DATA = tomllib.loads(files("mediakit.load").joinpath("cues.toml").read_text("utf-8"))
PHRASES = [
    (name, phrase)
    for name, group in DATA.items()
    for phrases in group.values()
    if isinstance(phrases, list)
    for phrase in phrases
]
PATTERNS = {
    name: re.compile("|".join(_phrase_pattern(phrase) for group, phrase in PHRASES if group == name), re.IGNORECASE)
    for name in DATA
}


def match_by_trying_all(line):
    for name, group in DATA.items():
        found = PATTERNS[name].search(line) if line.count(" ") + 1 <= group["most_words"] else None
        if found:
            return Cue(
                name, group["kind"], found.group().strip(), group.get("truncates", False), group.get("ends", False)
            )
    return None


def printed(phrase):
    return phrase.removeprefix("^").removesuffix("$").replace("*", "some words")


pieces = st.one_of(
    st.sampled_from([printed(phrase) for _, phrase in PHRASES]),
    st.sampled_from(["The union said", " ", "x", "2", "(", ")", ".", "/", "_", "ſ", "İ", "ı", "K", "é", "\n", "·"]),
)
lines = st.builds(
    lambda parts, joint, change: change(joint.join(parts)),
    st.lists(pieces, max_size=5),
    st.sampled_from(["", " "]),
    st.sampled_from([str, str.upper, str.title, lambda text: text.replace("s", "ſ").replace("i", "İ")]),
)


@given(lines)
def test_the_index_of_words_gives_what_trying_every_phrase_gives(line):
    assert _match(line) == match_by_trying_all(line)


def test_every_phrase_is_found_where_it_stands():
    for group, phrase in PHRASES:
        line = printed(phrase)
        assert re.search(_phrase_pattern(phrase), line, re.IGNORECASE), phrase
        assert _match(line) == match_by_trying_all(line), phrase
        assert _match(line) is not None or line.count(" ") >= DATA[group]["most_words"], phrase


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ("• Share this article", "share"),
        ("Facebook  Twitter  Copy link", "share"),
        ("(Marta Ruiz / Harbour Agency)", "caption"),
        ("“Subscribe to read,” the union’s leader said, and the crowd laughed.", None),
        ("Subscribe to read " + "x" * LONGEST, None),
        ("", None),
    ],
)
def test_buttons_credits_speech_and_long_texts_are_told_apart(line, group):
    cue = find_cue(line)

    assert (cue.group if cue else None) == group
