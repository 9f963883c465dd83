"""Where reported words begin and end, who makes no report, and whose the report is."""

import pytest

from mediakit import find_quotes, make_articles


def quotes_of(*texts):
    return find_quotes(make_articles([{"text": text, "language": "en", "position": n} for n, text in enumerate(texts)]))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Omar Reed urged the council to repair the road before winter.", "to repair the road before winter"),
        ("Omar Reed asked Ana Ruiz whether the road was closed.", "whether the road was closed"),
        ("Omar Reed said this week that the road was closed.", "that the road was closed"),
        ("Omar Reed said the share of the harbour had risen to 47%.", "the share of the harbour had risen to 47%"),
        (
            "Omar Reed said he would write to the Lissmar Road Board (LRB).",
            "he would write to the Lissmar Road Board (LRB)",
        ),
        (
            "According to the Lissmar Health Organization (LHO), more than 37,000 people walk to work.",
            "more than 37,000 people walk to work",
        ),
        ("As per the Lissmar Health Organization, dust harms children.", "dust harms children"),
        ("Price growth remained around 4%, the analysts estimate.", "Price growth remained around 4%"),
        ("Prices rose by 3 per cent in May, the latest official figures show.", "Prices rose by 3 per cent in May"),
        (
            "The old mill will become a library, the culture minister said on Tuesday, after many years of quarrels.",
            "The old mill will become a library",
        ),
    ],
)
def test_reported_words_begin_and_end_where_they_should(text, content):
    assert content in quotes_of(text)["quote"].tolist()


@pytest.mark.parametrize(
    "text",
    [
        "I think the road will be closed for a week. The harbour is quiet.",
        "We believe that the problem of dust is not a new one. The harbour is quiet.",
        "At the same time, it seems that the harbour is losing its boats.",
        "It should be recognized that the work at the harbour was hard.",
    ],
)
def test_the_writer_and_nobody_make_no_report(text):
    assert quotes_of(text).empty


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Omar Reed, who is a keen walker and known for his love of the old harbour and all its boats, "
            "said he would look at the plan.",
            "Omar Reed",
        ),
        ("Residents of the area alleged that the whole town suffers from smoke.", "Residents"),
        ("Interview results also suggest that the harbour is clean.", "Interview results"),
        ("Warning that the water may rise, Ana Ruiz said the town should prepare.", "Ana Ruiz"),
        (
            "At its meeting in May, the bank doubled down on its guidance and said that it is ready to act.",
            "the bank",
        ),
        ("WHO studies show that tobacco taxes are the best way to reduce smoking.", "WHO studies"),
    ],
)
def test_the_source_is_found_behind_other_words(text, speaker):
    assert quotes_of(text)["speaker"].tolist()[:1] == [speaker]


def test_empty_and_hostile_texts_are_read():
    texts = ["", ",", "according to", "as per", "said", ", said", "(" * 500 + "said)", "that " * 400, "figures show"]

    assert len(quotes_of(*texts)) <= len(texts)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Omar Reed was warned by the port authority that the road would be closed for a week.", "the port authority"),
        ("Ana Ruiz was asked by journalists several times whether the bridge would be closed.", "journalists"),
        ("Omar Reed had been told that the road would be closed for a week.", None),
        ("Parliamentarians were told that the harbour had been closed for many years.", None),
        ("Omar Reed said that the road would be closed for a week.", "Omar Reed"),
        ("Ana Ruiz was quoted as saying that the road would be closed for a week.", "Ana Ruiz"),
    ],
)
def test_who_is_told_does_not_speak(text, speaker):
    quotes = quotes_of(text)

    assert [None if value != value else value for value in quotes["speaker"].tolist()] == [speaker]


def test_the_subject_of_a_passive_verb_says_no_quoted_words():
    quotes = quotes_of("Omar Reed has been called “the old man of the harbour” for many years.")

    assert quotes["speaker"].isna().all()


def test_who_asks_is_no_part_of_what_is_asked():
    quotes = quotes_of("Ana Ruiz was asked by journalists several times whether the bridge would be closed.")

    assert quotes["quote"].tolist() == ["whether the bridge would be closed"]


@pytest.mark.parametrize(
    "text",
    [
        "Omar Reed published a book on the harbour in 1998. The harbour is quiet.",
        "Ana Ruiz continues her series of walks along the harbour. The harbour is quiet.",
        "Omar Reed refused to allow the council to close the road. The harbour is quiet.",
        "The council denied Omar Reed's application to build a house at the harbour. The harbour is quiet.",
        "There is no question that the harbour will be closed for many years.",
        "The boats need help, which is to say that the harbour needs money.",
    ],
)
def test_acts_and_set_phrases_are_no_reports(text):
    assert quotes_of(text).empty


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Omar Reed wrote that the harbour was quiet.", "that the harbour was quiet"),
        ("Omar Reed refused to comment on the plan for the harbour.", "comment on the plan for the harbour"),
        ("Ana Ruiz denied that she had closed the road.", "that she had closed the road"),
        ("Ana Ruiz denied the allegations of the council.", "the allegations of the council"),
    ],
)
def test_the_same_verbs_report_where_something_is_said(text, content):
    assert any(content in quote for quote in quotes_of(text)["quote"])


def test_a_second_verb_with_its_own_that_begins_a_report_of_its_own():
    quotes = quotes_of("Omar Reed said that the road was closed and added that the bridge would be closed in May.")

    assert quotes["quote"].tolist()[0] == "that the road was closed"
    assert quotes["quote"].tolist()[1:] in ([], ["that the bridge would be closed in May"])
