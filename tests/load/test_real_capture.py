"""The first real input: two articles of a subscription site in one file, as a researcher copied them."""

import pytest

import mediakit as mk

NAME = "000_238ffe8123fd285c.txt"


@pytest.fixture(scope="module")
def loaded(real_files):
    return mk.load_articles(real_files / "captures" / NAME)


def test_the_file_gives_exactly_two_articles(loaded):
    assert loaded["headline"].tolist() == [
        "Nazarbayev looms large in Kazakhstan",
        'Chinese Students\' "Absurd" Protest Against COVID Lockdowns: Public Crawling',
    ]
    assert loaded["format"].tolist() == ["capture", "capture"]


def test_the_first_article_is_whole(loaded):
    article = loaded.iloc[0]
    assert article["byline"] == "Elena Chernenko"
    assert article["place"] == "ASTANA"
    assert article["text"].startswith("Earlier this month")
    assert article["text"].endswith("“not realistic.”")
    assert "Doomed to fail?" in article["text"].split("\n\n")
    assert article["text"].count("\n\n") == 13
    assert article["language"] == "en"


def test_the_second_article_keeps_its_standfirst_apart(loaded):
    article = loaded.iloc[1]
    assert article["byline"] == "Shuyue Chen"
    assert article["standfirst"].startswith("While street demonstrations have spread in China")
    assert article["standfirst"].endswith("doing to their mental state.")
    assert article["text"].startswith("Since last Friday")
    assert article["text"].endswith("have been padlock sealed.")
    assert article["text"].count("\n\n") == 4


def test_both_are_truncated_with_their_reason(loaded):
    assert loaded["truncated"].tolist() == [True, True]
    assert "reached your limit" in loaded["truncated_why"][0]
    assert "Keep reading" in loaded["truncated_why"][1]


@pytest.mark.parametrize(
    "line",
    [
        "subscri",
        "free trial",
        "newsletter",
        "Screenshot of",
        "The latest",
        "Keep reading",
        "limit of free",
        "unlimited access",
        "Exclusive coverage",
        "Insights from",
    ],
)
def test_no_line_of_the_page_is_in_a_text(loaded, line):
    assert not loaded["text"].str.contains(line, case=False, regex=False).any()


def test_no_headline_is_in_a_text(loaded):
    for headline in loaded["headline"]:
        assert not loaded["text"].str.contains(headline, regex=False).any()


def test_the_ledger_adds_up_and_names_every_part(loaded):
    ledger = mk.check_ledger(mk.read_ledger(loaded))
    kinds = set(ledger["kind"])
    assert {
        "text",
        "headline",
        "repeated headline",
        "standfirst",
        "byline",
        "caption",
        "paywall",
        "promotion",
        "teaser",
    } <= kinds
    assert "unparsed" not in kinds
