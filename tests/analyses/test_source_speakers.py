"""Speakers of whom a piece was found, or too much: the person behind a body and an office."""

from __future__ import annotations

import pytest

import mediakit as mk
from mediakit.analyses.source_documents import document_authors
from mediakit.analyses.source_speakers import Speaker, mend_speaker


def sources_of(text):
    articles = mk.make_articles([{"text": text, "language": "en"}])
    return mk.find_sources(articles, mk.find_quotes(articles, progress=False), progress=False)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“No,” said ESA astronaut Ana Ruiz at the time.", "Ana Ruiz"),
        ("“No,” said Harbour president and chief executive Ana Ruiz.", "Ana Ruiz"),
        ("“No,” said President of the Port Consensus Centre Dr Omar Reed.", "Omar Reed"),
        ("Director of the National Port Council Ana Ruiz says the port is full.", "Ana Ruiz"),
        ("Deputy Minister for Environment, Forest and Climate Change Ana Ruiz said the port was full.", "Ana Ruiz"),
        ("The Department of Justice on Thursday said the port was full.", "Department of Justice"),
    ],
)
def test_who_speaks_is_found_whole(text, source):
    assert sources_of(text)["source"].tolist() == [source]


@pytest.mark.parametrize(
    ("text", "found", "cue", "mended"),
    [
        ("Bank of Lissmar lead economist Emil “Jun” Reed said no.", "Bank of Lissmar", "said", "Emil “Jun” Reed"),
        ("Reed reports:\n\n“Nobody.”", "Reed reports", None, "Reed"),
        ("It robbed people of their purchasing power, harbour investors said.",
         "their purchasing power, harbour investors", "said", "harbour investors"),
        ("Harbour Tribune’s Ana Ruiz said no.", "Harbour Tribune", "said", "Ana Ruiz"),
        ("A survey by economists Ana Ruiz and Omar Reed said no.", "A survey", "said", None),
        ("The council told reporter Ana Ruiz that it would pay.", "The council", "told", None),
    ],
)  # fmt: skip
def test_the_person_behind_a_body_speaks_and_what_stands_before_does_not(text, found, cue, mended):
    at = text.index(found)
    place = (text.index(cue), text.index(cue) + len(cue)) if cue else None
    speaker = Speaker(at, at + len(found), None)

    assert mend_speaker(text, speaker, place).name == mended


@pytest.mark.parametrize(
    "text",
    [
        "It seems that nobody was at the port. The council closed it.",
        "On spot visits, it has been found that the port is empty.",
        "Two weeks ago this led to the view that the port is empty.",
        "Finance Minister Ana Ruiz has been called “Minister of Everything” by many.",
        "Omar Reed, who was praised for his work at the port, left on Monday.",
        "One of the plans is a project called “Port Outlaws,” which will begin on Monday.",
        "The Harbour Tribune asked the council for details of the sale.",
        "I can tell you that the port is “safe”.",
    ],
)
def test_nobody_says_what_only_seems_so_or_is_done_to_somebody(text):
    assert sources_of(text).empty


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Two people briefed on the talks said that the port would close.", "Two people briefed on the talks"),
        ("An October 2017 study by the Harbour Commission on Ports and Health found that the port was full.",
         "An October 2017 study by the Harbour Commission on Ports and Health"),
        ("The law was opposed by young politicians, who said “it made no sense”.", "young politicians"),
        ("According to a report released by the Harbour Institute, the port is full.",
         "a report released by the Harbour Institute"),
        ("WHO said that the port was full.", "WHO"),
    ],
)  # fmt: skip
def test_phrases_without_a_name_are_whole(text, source):
    assert sources_of(text)["source"].tolist() == [source]


@pytest.mark.parametrize(
    "text", ["Ruiz", "Ruiz:", "Ruiz of", "of Ruiz, ", "Ruiz’s " * 40, "Ruiz of A " + "A and " * 60]
)
def test_ends_of_texts_and_endless_runs_change_nothing(text):
    speaker = Speaker(text.index("Ruiz"), text.index("Ruiz") + 4, "Ruiz")

    assert mend_speaker(text, speaker, None) == speaker
    assert mend_speaker(text, speaker, (len(text), len(text))).start == speaker.start


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("Harmon Sachs sold its port. Harmon said that it was full.", ["Harmon Sachs"]),
        ("The High Court met. The HC said that the port was full.", ["High Court"]),
        ("Prime Minister Theresa May also said that the port was full.", ["Theresa May"]),
        ("“No,” said Omar Reed of the Port Union. A statement from the Port Union said that the port was full. "
         "Omar Reed left.", ["Omar Reed", "A statement from the Port Union"]),
    ],
)  # fmt: skip
def test_short_forms_are_the_name_in_full(text, sources):
    assert sources_of(text)["source"].tolist() == sources


@pytest.mark.parametrize(
    ("names", "ends", "text", "authors"),
    [
        (["Port Union", "a statement"], [14, 60], "The Port Union said no. The Port Union said in a statement that all was well.",
         ["Port Union", "Port Union"]),
        (["Port Union", "its figures"], [14, 40], "The Port Union said no. Its figures show it.", ["Port Union", "Port Union"]),
        (["Ana Ruiz", "a study"], [8, 20], "Ana Ruiz said no. A study says yes.", ["Ana Ruiz", "a study"]),
        ([], [], "", []),
    ],
)  # fmt: skip
def test_a_statement_is_of_those_who_gave_it_out(names, ends, text, authors):
    assert document_authors(names, names, ends, text) == authors
