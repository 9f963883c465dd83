"""Quotations: what stands between marks is found, whatever the marks; the outlet's own words stay its own."""

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.text.pieces import read_pieces
from mediakit.text.quotations import find_quotations, mark_quoted

# Marks of every kind, with the signs that stand around them.
printed = st.text(alphabet="“”„«»「」『』\"'`’(), .\n\u00a0aé5", max_size=60)


def quoted_in(text):
    """The quotations of a text, as printed."""
    return [text[start:end] for start, end in find_quotations(text)]


def marked_in(*texts):
    """The pieces that are marked, as printed, text by text."""
    pieces = read_pieces(texts)
    marked = mark_quoted(texts, pieces)
    return [
        [pieces.vocabulary[pieces.code[piece]] for piece in range(first, last) if marked[piece]]
        for first, last in zip(pieces.first, pieces.first[1:], strict=False)
    ]


# Where quotations are


@pytest.mark.parametrize(
    "quotation",
    [
        "“We object to this.”",
        '"We object to this."',
        "«Nous refusons cela»",
        "«\u00a0Nous refusons cela\u00a0»",
        "»Wir lehnen das ab«",
        "„Wir lehnen das ab“",
        "„Nie zgadzamy się”",
        "''We object to this.''",
        "``We object to this.''",
        "「反対です」",
        "『反対です』",
    ],
)
def test_a_quotation_is_found_with_its_marks(quotation):
    assert quoted_in(f"She said: {quotation} Then he left.") == [quotation]
    assert quoted_in(f"({quotation}), she said.") == [quotation]
    assert quoted_in(quotation) == [quotation]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "She left.", "It’s the ‘workers’ strike’, isn't it?", "the 'end'"])
def test_a_text_without_marks_has_no_quotations(text):
    assert quoted_in(text) == []


def test_several_quotations_are_found_in_order():
    assert quoted_in('“One,” he said, “two.” "Three," she said; «quatre».') == [
        "“One,”",
        "“two.”",
        '"Three,"',
        "«quatre»",
    ]
    assert quoted_in("“One.”“Two.”") == ["“One.”", "“Two.”"]


def test_a_mark_that_is_not_closed_quotes_to_the_end_of_its_paragraph():
    assert quoted_in("He said: “We object. We stay.\nThen he left.") == ["“We object. We stay."]
    assert quoted_in('He said: "We object.\n\nThen he left.') == ['"We object.']
    assert quoted_in("He said: „Wir bleiben.") == ["„Wir bleiben."]


def test_a_quotation_over_several_paragraphs_begins_anew_in_each():
    text = "“We object.\n\n“We stay here.\n\n“We do not leave,” he said."

    assert quoted_in(text) == ["“We object.", "“We stay here.", "“We do not leave,”"]
    assert quoted_in(text.translate({ord("“"): '"', ord("”"): '"'})) == [
        '"We object.',
        '"We stay here.',
        '"We do not leave,"',
    ]


@pytest.mark.parametrize(
    "quotation",
    [
        '“They shouted "no" at us.”',
        '"They shouted “no” at us."',
        "“They shouted ‘no’ at us.”",
        "„Sie riefen »nein« und ‚nie‘.“",
        "«Они кричали „нет“ нам»",
        "« Ils ont crié “non” hier »",
        "\"They shouted ''no'' at us.\"",
        "“They shouted „nein“ at us.”",
    ],
)
def test_other_marks_inside_a_quotation_belong_to_it(quotation):
    assert quoted_in(f"She said: {quotation} Then he left.") == [quotation]


@pytest.mark.parametrize(
    "text",
    [
        "We object.” Then he left.",
        'We object." Then he left.',
        "Wir bleiben.“ Dann ging er.",
        "Nous refusons» a-t-il dit.",
        "We object.'' Then he left.",
        'A 12" knife (or 9", he said) of 5\'10" and 6"',
        "反対です」",
    ],
)
def test_a_lone_mark_that_can_only_close_quotes_nothing(text):
    assert quoted_in(text) == []


def test_a_lone_mark_does_not_turn_what_is_quoted_round():
    assert quoted_in('We object." He left. "We stay," she said. "We do."') == ['"We stay,"', '"We do."']
    assert quoted_in("„Er sagte „nein“ zu uns.“ Dann ging er.") == ["„Er sagte „nein“"]


def test_a_mark_after_a_bracket_dash_or_apostrophe_opens():
    assert quoted_in('l\'« Europe » ("yes") –"no"– said:"Maybe"') == ["« Europe »", '"yes"', '"no"', '"Maybe"']


@given(st.one_of(printed, st.text(max_size=60)))
def test_quotations_of_random_text_are_in_order_inside_it_and_apart(text):
    found = find_quotations(text)

    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert not any("\n" in text[start:end] for start, end in found)
    assert all(re.match(r"''|``|[“„«»「『\"]", text[start:]) for start, _ in found)


@given(st.lists(printed, max_size=4))
def test_paragraphs_have_the_quotations_that_each_has_alone(paragraphs):
    lines = "\n".join(paragraphs).split("\n")

    assert quoted_in("\n".join(lines)) == [quotation for line in lines for quotation in quoted_in(line)]


# Which pieces are quoted


def test_the_pieces_of_a_quotation_are_marked_with_the_signs_around_it():
    assert marked_in("She said (“We object to this.”), then he left.") == [["(“We", "object", "to", "this.”),"]]
    assert marked_in("— «\u00a0Nous refusons cela\u00a0», dit-il.") == [["«", "Nous", "refusons", "cela", "»,"]]


def test_a_word_that_runs_into_a_quotation_is_not_part_of_it():
    assert marked_in("He said:“We object to this.” Then") == [["object", "to", "this.”"]]


@pytest.mark.parametrize(
    "text",
    [
        "the “so-called experts” left",
        "a « oui » and « un début »",
        'their "peace" – " – – – " –',
        "“ Tea & crackers ”",
        "“”",
    ],
)
def test_fewer_than_three_words_are_the_outlets_own(text):
    assert quoted_in(text)
    assert marked_in(text) == [[]]


def test_three_words_are_a_quotation():
    assert marked_in("It is “not our war” now.") == [["“not", "our", "war”"]]
    assert marked_in("« pas notre guerre »") == [["«", "pas", "notre", "guerre", "»"]]


def test_every_text_has_its_own_quotations():
    texts = ["He left. “We object to this.", "He said no.", "", "“We stay here,” she said."]

    assert marked_in(*texts) == [["“We", "object", "to", "this."], [], [], ["“We", "stay", "here,”"]]
    assert mark_quoted([], read_pieces([])).tolist() == []


@given(st.lists(printed, max_size=4))
def test_the_pieces_marked_are_those_a_slow_look_finds(texts):
    expected = []
    for text in texts:
        spans = [span for span in find_quotations(text) if sum(map(has_word, text[slice(*span)].split())) >= 3]
        expected += [
            any(start - 1 <= match.start() < end for start, end in spans) for match in re.finditer(r"\S+", text)
        ]

    assert mark_quoted(texts, read_pieces(texts)).tolist() == expected


def has_word(piece):
    return any(sign.isalnum() for sign in piece)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("“We object to this,” he said. " * 2_500, 10_000),
        ('"We object to this," he said. ' * 2_500, 10_000),
        ("“We object to this. " * 5_000, 20_000),
        ("“We object to this.\n" * 5_000, 20_000),
        ("“ " * 5_000, 0),
        ('"' * 5_000, 0),
        ("'" * 10_000, 0),
        ('a" ' * 5_000, 0),
        ('"' + "-" * 200_000, 0),
        ('"' + "- " * 200_000, 0),
        ('"' + "a" * 200_000, 0),
    ],
    ids=itertools.count(),
)
def test_five_thousand_marks_are_read_quickly(text, marked):
    pieces = read_pieces([text])
    started = time.process_time()

    found = mark_quoted([text], pieces)

    assert time.process_time() - started < 0.5
    assert found.sum() == marked
