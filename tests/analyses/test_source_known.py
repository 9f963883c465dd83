"""Well-known bodies and celebrities as sources."""

import pytest

from mediakit import find_quotes, find_sources, make_articles
from mediakit.analyses.source_known import find_known, load_known
from mediakit.analyses.source_types import TYPES


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Goldman Sachs", "company"), ("the Goldman Sachs Group Inc.", "company"), ("Reuters’", "media"),
        ("The New York Times", "media"), ("Amnesty International's", "society"), ("Brookings Institution", "expert"),
        ("Boko Haram", "other"), ("Meryl Streep", "celebrity"),
    ],
)  # fmt: skip
def test_names_are_known_with_article_genitive_and_form(name, kind):
    assert find_known(name)[0] == kind


@pytest.mark.parametrize("name", ["the target", "times", "economist", "Ana Ruiz", "", "Inc.", "Reuters Sachs"])
def test_other_words_are_not(name):
    assert find_known(name) is None


def test_every_name_has_one_type():
    known = load_known()

    assert set(known.values()) <= set(TYPES)
    assert len({name.casefold() for name in known}) > 0.98 * len(known)  # "RTE" and "Rte" apart, no name in two lists


def test_a_known_body_needs_no_introduction():
    text = "“We found no fault,” Reuters wrote. “We shall pay,” said Goldman Sachs. “No,” said Meryl Streep."
    articles = make_articles([{"text": text, "language": "en"}])
    found = find_sources(articles, find_quotes(articles))

    assert found[["source", "source_type"]].values.tolist() == [
        ["Reuters", "media"], ["Goldman Sachs", "company"], ["Meryl Streep", "celebrity"],
    ]  # fmt: skip
    assert found["named"].all()
    assert (found["confidence"] >= 0.95).all()


def test_whom_a_known_body_speaks_through_is_of_its_type():
    text = "“We shall pay,” said Ana Ruiz, a spokeswoman for Goldman Sachs."
    articles = make_articles([{"text": text, "language": "en"}])

    assert find_sources(articles, find_quotes(articles))["source_type"].tolist() == ["company"]
