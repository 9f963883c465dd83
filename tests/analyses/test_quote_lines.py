"""Transcripts and posts read aloud: speech that is printed without quotation marks."""

import pytest

from mediakit import find_quotes, make_articles
from mediakit.analyses.quote_lines import find_unmarked

TALK = (
    "Helen Bell met Omar Reed on the radio.\n\nBELL: We go to the bridge now.\n\nREED: Where to, “the bridge”?\n\n"
    "BELL: To the bridge.\n\nREED: Fine, then we go."
)


def quotes_of(text, language="en", **more):
    return find_quotes(make_articles([{"text": text, "language": language}]), **more)


def said_in(text):
    return [text[found.start : found.end] for found in find_unmarked(text)]


@pytest.mark.parametrize("method", ["model", "rules"])
def test_the_lines_of_a_transcript_are_direct_speech_of_their_labels(method):
    quotes = quotes_of(TALK, method=method, indirect=False)

    assert quotes["quote"].tolist() == [
        "We go to the bridge now.", "Where to, “the bridge”?", "To the bridge.", "Fine, then we go."
    ]  # fmt: skip
    assert quotes["kind"].tolist() == ["direct"] * 4
    assert quotes["speaker"].str.casefold().tolist() == ["bell", "reed"] * 2
    assert quotes["attribution"].tolist() == [0, 1, 2, 3]


def test_a_post_read_aloud_runs_to_the_end_of_its_paragraph():
    text = "On Monday Omar Reed tweeted: The bridge is open again. Come and see.\n\nNobody came."

    quotes = quotes_of(text)

    assert quotes[["kind", "speaker", "cue", "quote"]].values.tolist() == [
        ["direct", "Omar Reed", "tweeted", "The bridge is open again. Come and see."]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Bell: We go now.\n\nThe others stayed.",  # one label, once
        "Bell: We go.\n\nBell: We stay.",  # nobody answers
        "Updated: today\n\nRelated: more\n\nUpdated: now\n\nRelated: less",
        "Bell: 547.\n\nReed: 46.\n\nBell: 2,316.\n\nReed: 1,547.",
        "Age: 38.\n\nBorn: in Harlow.\n\nAge: 51.\n\nBorn: in Lissmar.",  # facts
        "City Link: http://a.b?c\n\nBlog Link: http://d\n\nCity Link: http://a.b?e\n\nBlog Link: http://f",
        "Q: Why?\n\nA: Because.\n\nQ: Really?\n\nA: Yes.",
        "Reed tweeted: “The bridge is open.”",
        "Reed tweeted that the bridge is open: a first.",
        "Reed tweeted:",
        ":", "Bell:", "", "10:30 10:40",
    ],
)  # fmt: skip
def test_what_is_no_speech_without_marks(text):
    assert said_in(text) == []


def test_quotations_in_a_transcript_keep_their_own_rows_where_the_line_opens_with_a_mark():
    text = 'BELL: "We go."\n\nREED: Where to?\n\nBELL: To the bridge.\n\nREED: Fine.'

    assert said_in(text) == ["Where to?", "To the bridge.", "Fine."]
    assert quotes_of(text, method="rules")["quote"].tolist() == ["We go.", "Where to?", "To the bridge.", "Fine."]


def test_other_languages_are_left_alone():
    assert len(quotes_of(TALK.replace("“the bridge”", "dort"), "de")) == 0


def test_a_transcript_in_quotation_marks_is_read_by_its_labels():
    talk = '"BELL: We go now.\n\n"REED: Where to?\n\n"BELL: To the bridge.\n\n"REED: Fine."'

    assert said_in(talk) == ["We go now.", "Where to?", "To the bridge.", "Fine."]
    quotes = quotes_of(f"Helen Bell met Omar Reed.\n\n{talk}", indirect=False)
    assert quotes["speaker"].str.casefold().tolist() == ["bell", "reed"] * 2


ROUND = "\n\nBELL: Do we go?\n\nREED: We do.\n\nBELL: When?\n\nREED: Now."


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("REED: We go to the house of\n\nCommons now.", "We go to the house of\n\nCommons now."),
        ("REED: We go.\n\nI told my friends, and we agreed.", "We go.\n\nI told my friends, and we agreed."),
        ("REED: We vote for the\n\nNDP.\n\nIt is late.", "We vote for the\n\nNDP.\n\nIt is late."),
        ("REED: We go.\n\n[END OF TAPE]\n\nThe others stayed where they were.", "We go."),
        ("REED: We go.\n\n(Music)\n\nThe others stayed where they were.", "We go."),
        ("REED: We go.\n\n***\n\nThe others stayed where they were.", "We go."),
        ("REED: We go.\n\nBRIDGE REMAINS CLOSED\n\nThe others stayed.", "We go."),
        ("REED: We go.\n\nThe morning in Harlow\n\nThe others stayed.", "We go."),
        ("REED: We go.\n\n“No,” said Ana Ruiz.", "We go."),
        ("REED: We go.\n\nNote: they talked by telephone.", "We go."),
        ("REED: We go." + "\n\nIt went on and on." * 13, "We go."),  # the article, not a turn
    ],
)
def test_a_turn_goes_on_over_empty_lines_to_the_next_label_or_to_what_is_none_of_it(turn, said):
    assert said_in(turn + ROUND) == [said, "Do we go?", "We do.", "When?", "Now."]


def test_behind_the_last_label_only_a_broken_line_goes_on():
    before, after = "They met on Monday.", "\n\nThe two never met again."

    assert said_in(f"{before}{ROUND}{after}")[-1] == "Now."
    assert said_in(f"{before}{ROUND[:-1]} with\n\nHelen.{after}")[-1] == "Now with\n\nHelen."


def test_a_text_that_opens_with_a_label_is_talk_to_its_end():
    assert said_in(f"{ROUND.strip()}\n\nI will miss it.\n\n© Harbour Radio")[-1] == "Now.\n\nI will miss it."


def test_a_headline_behind_a_name_is_no_turn():
    assert said_in(f"HELEN BELL: How Lissmar Lost Its Harbour\n\nThey met on Monday.{ROUND}")[0] == "Do we go?"


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("OMAR REED [Harbour Minister]", "OMAR REED"),
        ("ANA RUIZ [Pilot]", "ANA RUIZ"),  # speaks once, with her role
        ("OMAR REED (by telephone)", "OMAR REED"),
        ("HELEN BELL", "HELEN BELL"),  # whose surname is a label further on
    ],
)
def test_the_first_label_may_hold_the_full_name_and_a_role(label, speaker):
    quotes = quotes_of(f"{label}: Good morning, and welcome to the bridge.{ROUND}", indirect=False)

    assert quotes["quote"][0] == "Good morning, and welcome to the bridge."
    assert quotes["speaker"][0].casefold() == speaker.casefold()


def test_initials_belong_to_the_full_name_before_them():
    talk = "Omar Reed: Shall we?\n\nHelen Bell: Yes.\n\nOR: When?\n\nHB: I go now.\n\nOR: Why?\n\nHB: Must I say?"

    assert said_in(talk) == ["Shall we?", "Yes.", "When?", "I go now.", "Why?", "Must I say?"]


def test_long_lines_of_blanks_are_read_at_once():
    assert said_in("REED: We" + " " * 100_000 + "go." + ROUND)[1:] == ["Do we go?", "We do.", "When?", "Now."]
    assert said_in("REED: We go.\n" + " " * 100_000 + "\nI go." + ROUND)[0].startswith("We go.")
