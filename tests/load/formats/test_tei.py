"""TEI editions of newspapers: look-alikes with invented text."""

import contextlib
import time
from pathlib import Path

import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning
from mediakit.load.terms import read_terms

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "exports" / "tei"
ISSUE = """<teiHeader><fileDesc><titleStmt><title>Bell Courier, digital edition</title><author>Editor of the edition</author></titleStmt>
<publicationStmt><date when="2018">2018</date></publicationStmt><sourceDesc><biblStruct><monogr><title level="j" type="sub">A paper for all</title>
<title level="j" xml:lang="en">Bell Courier</title><imprint><pubPlace><placeName>Port Bell</placeName></pubPlace>
<date when-custom="1328-07-30" when="1910-08-09" calendar="#cal_islamic"/><date when="1910-08-07" calendar="#cal_gregorian"/></imprint>
<biblScope unit="issue" from="12" to="12"/><biblScope unit="volume" from="3"/></monogr></biblStruct></sourceDesc></fileDesc></teiHeader>"""
BODY = """<pb n="1"/><div type="item" subtype="masthead"><p>Bell Courier, 7 August 1910</p></div>
<div type="section"><head>From <lb/>abroad</head>
<div type="item" xml:id="a1"><head>Ferries return</head><byline>By Ana Ruiz</byline><dateline>Port Bell, <date when="1910-08-05">5 August</date>.</dateline>
<p>The ferries of the <orgName>Bell Line</orgName> ran<note>Editor: not so.</note> on Fri<lb break="no"/>day.</p><pb n="2"/><p>They were full.</p></div>
<div type="article" xml:id="a2"><head>Mayor speaks</head><p>She spoke<pb n="3"/>for an hour.</p><div><head>Applause</head><p>It was loud.</p></div></div></div>
<div type="item" xml:id="a3"><p>No title here.</p></div>"""


def tei(body=BODY, header=ISSUE, attributes="", lang="en"):
    return f"""<?xml version="1.0" encoding="UTF-8"?><?xml-model href="x.rng"?><TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="{lang}" {attributes}>
    {header}<text type="issue"><body>{body}</body></text></TEI>"""


def load(folder, text, name="issue.xml"):
    path = folder / name
    path.write_text(text)
    articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def test_an_issue_gives_each_article_its_fields(tmp_path):
    articles = load(tmp_path, tei())

    assert articles["format"].unique().tolist() == ["tei"]
    assert articles["headline"].tolist()[:2] == ["Ferries return", "Mayor speaks"]
    found = articles.iloc[0]
    assert found["text"] == "The ferries of the Bell Line ran on Friday.\n\nThey were full."
    assert (found["byline"], found["place"], found["section"]) == ("Ana Ruiz", "Port Bell", "From abroad")
    assert (found["outlet"], found["issue"], found["volume"]) == ("Bell Courier", "12", "3")
    assert articles["vendor_id"].tolist() == ["a1", "a2", "a3"]
    assert articles["page"].tolist() == ["1", "2", "3"]
    assert articles["language"].tolist() == ["en"] * 3


def test_the_date_is_that_of_the_dateline_else_of_the_issue_in_our_calendar(tmp_path):
    articles = load(tmp_path, tei())

    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["1910-08-05", "1910-08-07", "1910-08-07"]


def test_a_break_of_page_parts_words_and_a_heading_within_an_article_is_text(tmp_path):
    assert load(tmp_path, tei())["text"].iloc[1] == "She spoke for an hour.\n\nApplause\n\nIt was loud."


def test_an_article_without_title_is_kept(tmp_path):
    found = load(tmp_path, tei()).iloc[2]

    assert found["text"] == "No title here."
    assert found[["headline", "byline", "section"]].isna().all()


def test_masthead_notes_and_headings_of_sections_are_in_the_ledger_and_in_no_text(tmp_path):
    ledger = mk.read_ledger(load(tmp_path, tei()))

    kinds = dict(zip(ledger["kind"], ledger["excerpt"], strict=True))
    assert (kinds["header"], kinds["metadata"], kinds["section"]) == (
        "Bell Courier, 7 August 1910",
        "Editor: not so.",
        "From abroad",
    )
    assert "unparsed" not in kinds


def test_articles_within_an_article_are_articles_of_their_own(tmp_path):
    body = """<div type="article"><head>The harbour</head><p>All about it.</p><div type="article"><head>Its past</head><p>Long.</p></div></div>
    <div type="item"><head>Language</head><div type="item"><head>Verbs</head><p>Many.</p></div></div>"""

    articles = load(tmp_path, tei(body))

    assert articles[["headline", "text"]].values.tolist() == [
        ["The harbour", "All about it."],
        ["Its past", "Long."],
        ["Verbs", "Many."],
    ]
    assert articles["section"].iloc[2] == "Language"


def test_identifiers_that_are_no_names_and_those_given_twice_do_no_harm(tmp_path):
    body = BODY.replace('xml:id="a1"', 'xml:id="1 a:b"').replace('xml:id="a3"', 'xml:id="a2"')

    articles = load(tmp_path, tei(body))

    assert len(articles) == 3
    assert articles["text"].iloc[0].endswith("They were full.")


def test_poems_keep_their_lines_and_corrections_replace_what_was_printed(tmp_path):
    body = "<div type='article'><head>A song</head><lg><l>Waves come,</l><l>waves go.</l></lg><p>By <choice><sic>Anna</sic><corr>Ana</corr></choice> <del>Rosa</del>Ruiz.</p></div>"

    assert load(tmp_path, tei(body))["text"].item() == "Waves come,\nwaves go.\n\nBy Ana Ruiz."


def test_a_signature_is_the_byline(tmp_path):
    body = "<div type='letter'><head>To the editor</head><p>I wrote.</p><closer>Yours, <signed>Mara Quint</signed></closer></div>"

    found = load(tmp_path, tei(body)).iloc[0]

    assert (found["byline"], found["kind"]) == ("Mara Quint", "letter")


def test_divisions_without_type_are_articles_of_an_issue(tmp_path):
    articles = load(tmp_path, tei("<div><head>One</head><p>A.</p></div><div><head>Two</head><p>B.</p></div>"))

    assert articles["headline"].tolist() == ["One", "Two"]


def test_prefixes_and_numbered_divisions_are_read(tmp_path):
    text = '<tei:TEI xmlns:tei="http://www.tei-c.org/ns/1.0"><tei:text><tei:body><tei:div1 type="article"><tei:head>One</tei:head><tei:p>A.</tei:p></tei:div1></tei:body></tei:text></tei:TEI>'

    assert load(tmp_path, text)[["headline", "text"]].values.tolist() == [["One", "A."]]


def test_a_single_article_takes_its_fields_from_the_header(tmp_path):
    header = """<teiHeader><fileDesc><titleStmt><title type="main">Ferries return</title><author>Ana Ruiz</author></titleStmt>
    <publicationStmt><publisher>Bell Courier</publisher></publicationStmt><sourceDesc><biblFull><publicationStmt><publisher>Bell Courier</publisher>
    <ptr type="URL" target="https://courier.example/1"/><date>2022-03-11</date></publicationStmt></biblFull></sourceDesc></fileDesc>
    <profileDesc><abstract><p>In short.</p></abstract><textClass><keywords><term>ports</term></keywords></textClass></profileDesc></teiHeader>"""
    body = '<div type="entry"><p>Ferries ran.</p></div><div type="comments"><p>First!</p></div>'

    articles = load(tmp_path, tei(body, header).replace(' type="issue"', ""))

    found = articles.iloc[0]
    assert len(articles) == 1
    assert (found["headline"], found["byline"], found["text"]) == ("Ferries return", "Ana Ruiz", "Ferries ran.")
    assert (found["outlet"], found["url"], found["standfirst"]) == (
        "Bell Courier",
        "https://courier.example/1",
        "In short.",
    )
    assert f"{found['date']:%Y-%m-%d}" == "2022-03-11"
    assert read_terms(articles)["term"].tolist() == ["ports"]


def test_a_corpus_of_several_texts_is_read(tmp_path):
    inner = tei("<div type='article'><head>One</head><p>A.</p></div>").split("?>")[-1]

    articles = load(
        tmp_path, f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">{inner}{inner.replace("One", "Two")}</teiCorpus>'
    )

    assert articles["headline"].tolist() == ["One", "Two"]


def test_a_skeleton_of_page_breaks_says_that_it_holds_no_text(tmp_path):
    with pytest.raises(LoadError, match="TEI without any text: 1 articles"):
        load(tmp_path, tei('<div type="item"/><pb n="2"/>'))


def test_an_article_without_text_among_others_is_counted(tmp_path):
    ledger = mk.read_ledger(load(tmp_path, tei(f'<div type="item"/>{BODY}')))

    assert "1 articles of which the file holds no text" in ledger["note"].iloc[0]


def test_damaged_editions_never_raise_anything_else(tmp_path):
    check_mutants(tmp_path, "issue.xml", tei().encode())


@pytest.mark.parametrize(
    "piece", ["<div>", "<div type='article'>", "<div type='item'><p>a</p>", "<lb/>a", "<note>", "<l>a</l>"]
)
def test_hostile_editions_take_no_time(tmp_path, piece):
    path = tmp_path / "issue.xml"
    path.write_text("<TEI><text><body>" + piece * (200_000 // len(piece)))
    begun = time.process_time()

    with contextlib.suppress(LoadError, LoadWarning):
        mk.load_articles(path)

    assert time.process_time() - begun < 5


@pytest.mark.skipif(not REAL.is_dir(), reason="the real export files are not here")
def test_a_real_issue_gives_its_articles():
    articles = mk.load_articles(REAL / "oclc_644997575-i_1.TEIP5.xml")

    mk.check_ledger(mk.read_ledger(articles))
    assert len(articles) == 8
    assert articles["headline"].notna().all()
    assert articles["date"].dt.strftime("%Y-%m-%d").unique().tolist() == ["1910-08-07"]
