"""What describes a source, and the body that it belongs to."""

from __future__ import annotations

import pytest

import mediakit as mk
from mediakit.analyses.source_description import best_description, describe
from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_organisation import find_author, find_organisation


def sources_of(text):
    articles = mk.make_articles([{"text": text, "language": "en"}])
    return mk.find_sources(articles, mk.find_quotes(articles, progress=False), progress=False)


def first_of(text, column):
    value = sources_of(text)[column].iloc[0]
    return None if value != value else value


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("According to Ruiz, after the long phase of talks, the council should enter a new one. “No,” Ruiz said.", None),
        ("Finance Minister Ana Ruiz in the port tonight said: “We pay.”", "Finance Minister"),
        ("“We pay,” said Prime Minister Ana Ruiz, a feminist.", "Prime Minister"),
        ("“We pay,” said chief medical officer Dr. Ana Ruiz.", "chief medical officer"),
        ("Epidemiologist Ana Ruiz of Lissmar University told the council: “We pay.”", "Epidemiologist"),
        ("The plan is an endorsement of Harbour Chief Ana Ruiz. “We pay,” said Ruiz.", "Harbour Chief"),
        ("It was time to overturn District Judge Ana Ruiz’s ruling. “We pay,” said Ruiz.", "District Judge"),
        ("According to the Harbour Safety Agency (HSA), “nobody was there”.", None),
        ("“We pay,” said Ana Ruiz, a teacher who defends the port because it has given “work” to many.",
         "a teacher who defends the port"),
    ],
)  # fmt: skip
def test_a_description_is_a_phrase_about_the_source(text, description):
    assert first_of(text, "description") == description


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("“No,” said Ana Ruiz, the European Commission president.", "European Commission"),
        ("“No,” said Ana Ruiz, managing director of emissions broker Harbour Markets.", "Harbour Markets"),
        ("“No,” said Ana Ruiz of ESA’s strategy department.", "ESA"),
        ("“No,” said Ana Ruiz, author of Ports in Space: The Great Leap.", None),
        ("“No,” said General Ana Ruiz, who was killed at the battle of Lissmar Bay on November 30.", None),
        ("A study by the Harbour Institute for Peace found that nobody was there.", "Harbour Institute for Peace"),
        ("“No,” said Union Minister Ana Ruiz.", None),
        ("“No,” said Ofgem’s Ana Ruiz.", None),
    ],
)  # fmt: skip
def test_the_body_is_told_beside_the_name_or_made_the_document(text, organisation):
    assert first_of(text, "organisation") == organisation


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("“No,” said Ana Ruiz, author of Ports: China in Space.", None),
        ("“No,” said Ana Ruiz, a China scholar with the Harbour Institute in Boston.", None),
        ("The Kremlin said that the port was full.", "RU"),
        ("“No,” said Taoiseach Ana Ruiz.", "IE"),
        ("Taiwan’s Harbour Chips grew. “No,” said Harbour Chips spokeswoman Ana Ruiz.", "TW"),
        ("“No,” said Ana Ruiz, who warns of French retaliation on the talks.", None),
        ("Peru is dry. Peru has mines. Peru has a port. The prime minister said that it was full.", "PE"),
        ("Peru is dry. Peru has mines. Peru has a port. The Ontario government said that it was full.", None),
        ("Peru is dry. Chile has mines. Peru has a port. The prime minister said that it was full.", None),
    ],
)
def test_the_country_of_a_source_is_its_own(text, country):
    assert first_of(text, "country") == country


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("A transit chief said that the port was full.", False),
        ("Over 40 villagers said that the port was full.", False),
        ("These Liberals said that the port was full.", False),
        ("A spokesman for the Port Union said that the port was full.", True),
    ],
)
def test_people_of_whom_no_name_is_told_are_not_named(text, named):
    assert first_of(text, "named") == named


@pytest.mark.parametrize(
    "text", ["", " ", "Ana Ruiz " * 3000, "Port of Ana and the " * 2000, "A" * 20_000, "a study by the " * 2000]
)
def test_the_author_of_a_document_is_looked_for_in_endless_texts(text):
    assert find_author(Evidence("Ana Ruiz", body="Ana Ruiz", text=text)) is None
    assert find_author(Evidence("the study", text=text)) is None


def test_whose_somebody_is_describes_nobody():
    ana = Evidence("Ana Ruiz", ("The Harbour Tribune’s",), "Ana Ruiz")

    assert best_description(ana, describe(ana)) == ""
    assert find_organisation(ana, describe(ana)) == "The Harbour Tribune"


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        ("Labour MP for Lissmar Central", None), ("from Plymouth", None), ("from the OSCE", "OSCE"),
        ("Farmers' League chief", "Farmers' League"), ("Lissmar Women’s Council director", "Lissmar Women’s Council"),
        ("an economist from Harbour Economics", "Harbour Economics"),
        ("director of US Central Command in Tampa", "US Central Command"),
    ],
)  # fmt: skip
def test_where_somebody_sits_or_comes_from_is_no_organisation(role, organisation):
    assert find_organisation(Evidence("Ana Ruiz", body="Ana Ruiz"), [role]) == organisation
