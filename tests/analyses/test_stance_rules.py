"""Stance by rules: the part that the target plays decides."""

import pytest

from mediakit import score_mentions
from mediakit.analyses.stance_mentions import mark_target
from mediakit.analyses.stance_rules import judge
from mediakit.analyses.stance_words import masked_words


def rules(text, target):
    start = text.index(target)
    return score_mentions([text], [(start, start + len(target))], method="rules").iloc[0]


@pytest.mark.parametrize(
    ("text", "target", "code"),
    [
        ("Envoys welcomed the proposal on Monday.", "proposal", "favour"),
        ("The proposal was welcomed by the envoys.", "proposal", "favour"),
        ("The plan is doomed to fail.", "plan", "against"),
        ("The plan is not realistic.", "plan", "against"),
        ("The minister lied to the house.", "minister", "against"),
        ("The minister did not lie to the house.", "minister", "favour"),
        ("The council met the union on Monday.", "union", "neutral"),
        ("The talks collapsed.", "talks", "against"),
        ("Residents rejected the plan.", "plan", "against"),
    ],
)
def test_who_does_what_decides(text, target, code):
    assert rules(text, target)["code"] == code


def test_the_words_that_decided_are_named():
    assert rules("The plan was never welcomed.", "plan")["words"] == "never welcomed -0.80"


def test_what_another_does_counts_only_by_its_tone():
    assert judge(["<target>", "lied", "."], 0)[1] == [("lied", -1.0)]
    assert judge(["<target>", "met", "<name>", "who", "lied", "."], 0)[1] == [("lied", -0.16)]


def test_a_clause_ends_the_search():
    words = ["the", "<target>", "met", "them", ";", "the", "mob", "rioted"]

    assert judge(words, 1)[0] == 0.0


def test_no_text_and_no_target_are_notes():
    found = score_mentions(["Fine.", None, "Fine."], [(0, 99), (0, 1), None], method="rules")

    assert found["note"].tolist() == ["no target", "no text", "no target"]
    assert found["stance"].isna().all()


def test_masked_names_of_the_target_are_told_from_others():
    text = "Ann Berg spoke. Berg and Omar Reed left, said Ann’s aide."
    words, place = masked_words(text, 0, 8, {"spoke", "and", "left", "said", "aide"})

    assert words == [
        "<target>",
        "spoke",
        ".",
        "<same>",
        "and",
        "<name>",
        "left",
        ",",
        "said",
        "<same>",
        "'s",
        "aide",
        ".",
    ]
    assert place == 0


def test_far_words_are_left_out():
    text = " ".join(["word"] * 200) + " it " + " ".join(["more"] * 200)
    words, place = masked_words(text, 1000, 1002, {"word", "more"})

    assert len(words) == 97
    assert words[place] == "<target>"


def test_a_possessive_pronoun_is_a_genitive():
    assert masked_words("They took his car.", 10, 13, {"they", "took", "car"})[0] == [
        "they",
        "took",
        "<target>",
        "'s",
        "car",
        ".",
    ]


def test_the_target_is_marked():
    assert mark_target("We met.", 0, 2) == "⟨We⟩ met."
