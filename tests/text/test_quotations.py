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
printed = st.text(alphabet="“”„«»「」『』\"'`‘’‚(), .\n\u00a0aénsS5", max_size=60)
unmixed = st.text(alphabet='“”„«»「」『』"`’(), .\n\u00a0aé5', max_size=60)


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
        "‘We object to this.’",
        "'We object to this.'",
        "‚Wir lehnen das ab‘",
        "‘It’s the workers’ day.’",
        "'It's the workers' day.'",
        "‘We love rock ’n’ roll.’",
        "‘£20m was wasted.’",
        "‘90 per cent of us object.’",
        "‘...and we stay.’",
        "‘[We] object to this.’",
    ],
)
def test_a_quotation_is_found_with_its_marks(quotation):
    assert quoted_in(f"She said: {quotation} Then he left.") == [quotation]
    assert quoted_in(f"({quotation}), she said.") == [quotation]
    assert quoted_in(quotation) == [quotation]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "She left.", "It’s late, isn't it?"])
def test_a_text_without_marks_has_no_quotations(text):
    assert quoted_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "In the ’90s, or the '80s, the workers’ union met the bosses' club.",
        "rock ’n’ roll, rock 'n' roll; 'tis all for 'em, ’cause 'twas so in ‘90s clothes.",
        "The spirit of '68 and the rebels' songs.",
        "Marx' books, Jesus’ words, goin' home, the top o' the hill.",
        "The workers’ and the nurses’ unions’ offices.",
        "al-‘Abadi, ‘Abd al-Rahman and Hawai‘i; the boys’ club.",
        "A 6' man, 5'10\" tall, and the boys' 6\" ruler.",
        "A 'mark that nothing closes. A second line: it's theirs.",
    ],
)
@pytest.mark.parametrize("around", ["{}", "{}\n\n{}", "({})"])
def test_an_apostrophe_quotes_nothing(text, around):
    assert quoted_in(around.format(text, text)) == []


def test_an_apostrophe_that_ends_a_word_closes_only_where_nothing_else_does():
    assert quoted_in("‘We back the workers’ union,’ he said. ‘We do.’") == ["‘We back the workers’ union,’", "‘We do.’"]
    assert quoted_in("the ‘riots’ that the ‘rebels’ made in the workers’ club") == ["‘riots’", "‘rebels’"]
    assert quoted_in("'We are all in' the coach said. 'We are.'") == ["'We are all in'", "'We are.'"]


def test_a_quotation_in_single_marks_over_several_paragraphs_begins_anew_in_each():
    text = "‘We back the workers’ union.\n\n‘We stay here.\n\n‘We do not leave,’ he said.\n\n‘Odd: he left."

    assert quoted_in(text) == ["‘We back the workers’ union.", "‘We stay here.", "‘We do not leave,’"]
    assert quoted_in(text.translate({ord("‘"): "'", ord("’"): "'"})) == [
        "'We back the workers' union.",
        "'We stay here.",
        "'We do not leave,'",
    ]


def test_a_quotation_closed_by_another_kind_of_mark_ends_there():
    assert quoted_in('“We object," he said. “We stay.” He left.') == ['“We object,"', "“We stay.”"]
    assert quoted_in('"We object,” he said. "We stay." He left.') == ['"We object,”', '"We stay."']
    assert quoted_in('„Wir bleiben", sagte er. Dann ging er.') == ['„Wir bleiben"']
    assert quoted_in("“We object,“ he said. He left.") == ["“We object,“"]
    assert quoted_in('“A 12" knife was found,” he said.') == ['“A 12" knife was found,”']
    assert quoted_in('"ADAMS: Well, “The Wall” wrote on.\nHe left.') == ['"ADAMS: Well, “The Wall” wrote on.']


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
        "‘They shouted “no” at us.’",
        "‘They shouted ‘no’ at us.’",
        "'They shouted \"no\" at us.'",
        "‘“No,” they shouted.’",
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
    assert all(re.match(r"''|``|[“„«»「『\"'‘‚]", text[start:]) for start, _ in found)


@given(st.lists(unmixed, max_size=4))
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


@pytest.mark.parametrize(
    "text",
    [
        "the ‘so-called experts’ left",
        "her ‘peace’, the 'new order'",
        "He wrote ‘The Long Road to Freedom’ and 'War and the Sea'.",
        "‘’",
    ],
)
def test_terms_and_titles_in_single_marks_are_the_outlets_own(text):
    assert marked_in(text) == [[]]


def test_speech_in_single_marks_is_quoted_even_if_it_begins_with_capitals():
    assert marked_in("‘No justice, no peace’, they cried.") == [["‘No", "justice,", "no", "peace’,"]]
    assert marked_in("(‘We Want Freedom!’) he wrote.") == [["(‘We", "Want", "Freedom!’)"]]


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
        spans = [span for span in spans if not is_named(text[slice(*span)])]
        expected += [
            any(start - 1 <= match.start() < end for start, end in spans) for match in re.finditer(r"\S+", text)
        ]

    assert mark_quoted(texts, read_pieces(texts)).tolist() == expected


def is_named(span):
    """Whether single marks stand around capitalised words only, with no sign of a sentence."""
    words = re.findall(r"[^\W_]+", span)
    single = span[0] in "'‘‚" and span[:2] != "''"
    return single and not set(span) & set(".,") and words[0][0] == "S" and not any(word[0] in "énas" for word in words)


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
        ("‘We object to this,’ he said. " * 2_500, 10_000),
        ("‘a " * 5_000, 0),
        ("‘as’ " * 5_000, 0),
        ("‘a as’ as’ " * 5_000, 0),
        ("‘a ‘a’ " * 5_000, 0),
        ("'a \"a " * 5_000, 0),
        ('“a" ' * 5_000 + "”", 0),
        ('“ "a a" ' * 5_000, 15_000),
        ("‘a\n" * 5_000, 0),
        ("‘" + "a" * 200_000, 0),
        ("'a" + "s' a" * 5_000, 0),
    ],
    ids=itertools.count(),
)
def test_five_thousand_marks_are_read_quickly(text, marked):
    pieces = read_pieces([text])
    started = time.process_time()

    found = mark_quoted([text], pieces)

    assert time.process_time() - started < 0.5
    assert found.sum() == marked
