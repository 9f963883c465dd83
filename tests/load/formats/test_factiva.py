"""Factiva: HTML in both layouts, text, RTF, XML; look-alikes with invented text."""

import pytest
from documents import docx, rtf
from mutants import check_mutants

import mediakit as mk
from mediakit.load.factiva import find_identifier, is_word_count, name_heading
from mediakit.load.terms import read_terms

TEXT = (
    "Der Streik der Fähren endete am Freitag nach neun Tagen, sagte die Reederei.",
    "Beide Seiten nannten die Einigung gerecht.",
)
WORDS = {
    "en": ("words", "9 January 2017", "German", "Document"), "de": ("Wörter", "9 Januar 2017", "Deutsch", "Dokument"),
    "fr": ("mots", "9 janvier 2017", "Allemand", "Document"), "es": ("palabras", "9 enero 2017", "Alemán", "Documento"),
    "it": ("parole", "9 gennaio 2017", "Tedesco", "Documento"), "zh": ("字", "2017 年 1 月 9 日", "德文", "文件"),
}  # fmt: skip


def identifier(number):
    return f"HAFEN000201701{9 + number // 10:02d}ed19{number:05d}"


def display(
    number=1, language="de", section="Politik", author="Ana Ruiz", time=None, edition=None, page="4", volume=None,
    publisher="Hafenpost Verlag GmbH", extra="", hit="Streik", place=None,
):  # fmt: skip
    """One article in the layout for reading."""
    unit, date, spoken, document = WORDS[language]
    below = [date, time, "Hafenpost", "HAFEN", edition, page, volume, spoken, "(c) 2017 Hafenpost Verlag GmbH"]
    parts = [
        "<p>&nbsp;</p>", *([f"<div>{section}</div>"] if section else []),
        f'<div id="hd"><span class="deHeadline"><b>{number}) Der </b><b class="hit">{hit}</b><b> ist\nzu Ende</b></span></div>',
        *([f'<div class="author">{author}</div>'] if author else []), *([f"<div>{place}</div>"] if place else []),
        f"<div>1.285 {unit}</div>", *(f"<div>{line}</div>" for line in below if line), "<p></p>",
        *(f'<p class="articleParagraph dearticleParagraph">{text.replace("Freitag", "<b>Frei</b>tag")}</p>' for text in TEXT), extra,
        *([f"<p>{publisher}</p>"] if publisher else []), f"<p>{document} {identifier(number)}</p>",
    ]  # fmt: skip
    return f'<div id="article-{identifier(number)}" class="article"><div class="article deArticle">{"".join(parts)}</div></div>'


def indexed(number=1, **fields):
    """One article in the layout with indexing."""
    rows = {
        "SE": "Politik", "HD": "Der <span class='hit'>Streik</span> ist zu Ende", "BY": "Ana Ruiz; aruiz@hafen.example", "WC": "1,285 words",
        "PD": "9 January 2017", "ET": "17:04", "SN": "Hafenpost", "SC": "HAFEN", "ED": "E", "PG": "5", "VOL": "241", "LA": "German",
        "CY": "(c) 2017 Hafenpost", "LP": f"<p>{TEXT[0]}</p>", "TD": f"<p>{TEXT[1]}</p>",
        "NS": "gcat : Political News | gstrk : Strikes", "RE": "gfr : Germany", "IPD": "Fähre | Streik", "PUB": "Hafenpost GmbH",
        "AN": f"Document {identifier(number)}",
    } | fields  # fmt: skip
    cells = "".join(
        f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{text}</td></tr>' for code, text in rows.items() if text
    )
    return f'<div class="article deArticle"><table>{cells}</table><br></div>'


def page(*articles, head="", tail="<div>Search Summary</div><table><tr><td>Text</td><td>strike*</td></tr></table>"):
    return (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/><title>Factiva</title>'
        f'{head}</head><body><div class="carryOverOpen" id="contentLeft">{"".join(articles)}</div>{tail}'
        "<div>© 2017 Factiva, Inc. All rights reserved.</div></body></html>"
    )


def load(tmp_path, text, name="Factiva.html", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    articles = mk.load_articles(path)
    ledger = mk.check_ledger(mk.read_ledger(articles))
    assert "unparsed" not in set(ledger["kind"]), ledger[ledger["kind"] == "unparsed"]["excerpt"].tolist()
    return articles


@pytest.mark.parametrize("language", WORDS)
def test_the_layout_for_reading_in_every_interface_language(tmp_path, language):
    articles = load(tmp_path, page(display(1, language), display(2, language)))

    assert len(articles) == 2
    first = articles.iloc[0]
    assert (first["headline"], first["outlet"], first["byline"]) == ("Der Streik ist zu Ende", "Hafenpost", "Ana Ruiz")
    assert (str(first["date"].date()), first["section"], first["page"], first["language"]) == (
        "2017-01-09",
        "Politik",
        "4",
        "de",
    )
    assert (first["declared_words"], first["source_code"], first["vendor_id"]) == (1285, "HAFEN", identifier(1))
    assert first["text"] == "\n\n".join(TEXT)
    assert first["publisher"] == "Hafenpost Verlag GmbH"


def test_lines_that_may_be_absent_or_there(tmp_path):
    first = load(tmp_path, page(display(section=None, author=None, page=None))).iloc[0]
    assert (first["outlet"], first["date"].year) == ("Hafenpost", 2017)
    assert first[["section", "byline"]].isna().all()

    first = load(tmp_path, page(display(time="17:04", edition="1; National", page="17", volume="31"))).iloc[0]
    assert (first["time"], first["edition"], first["page"], first["volume"]) == ("17:04", "1; National", "17", "31")

    first = load(tmp_path, page(display(place="Special to the Hafenpost"))).iloc[0]
    assert (first["headline"], first["outlet"]) == ("Der Streik ist zu Ende", "Hafenpost")


def test_paragraphs_without_a_class_are_text_and_the_publisher_is_not(tmp_path):
    caption = "<p>Am Hafen. Die Fähren liegen seit neun Tagen fest.</p>"
    first = load(tmp_path, page(display(extra=caption))).iloc[0]
    assert first["text"].endswith("Die Fähren liegen seit neun Tagen fest.")

    first = load(tmp_path, page(display(publisher=None))).iloc[0]
    assert first["text"] == "\n\n".join(TEXT)


def test_an_article_that_is_saved_twice_is_read_once_and_said(tmp_path):
    articles = load(tmp_path, page(display(1), display(2), display(1)))

    assert len(articles) == 2
    assert mk.read_ledger(articles).query("kind == 'duplicate'")["note"].tolist() == [f"{identifier(1)} once more"]


def test_identifiers_are_kept_whole(tmp_path):
    articles = load(tmp_path, page(display(1), display(11)))

    assert articles["vendor_id"].is_unique
    assert articles["vendor_id"].str.len().tolist() == [25, 25]


def test_articles_behind_long_scripts_are_found(tmp_path):
    assert len(load(tmp_path, page(display(), head=f"<script>{'x = 1;' * 20_000}</script>"))) == 1


def test_a_page_that_says_utf8_and_is_not(tmp_path):
    first = load(tmp_path, page(display()), encoding="cp1252").iloc[0]

    assert first["text"] == "\n\n".join(TEXT)
    assert first["declared_words"] == 1285


def test_pages_of_2010_have_no_classes_for_the_language(tmp_path):
    def old(number):
        body = "".join(f"<p>\n{text}\n</p>" for text in TEXT)
        return (
            f'<div id="lastArticle" class="article"><p>\n<div id="hd"><b>\nThe strike is over {number}.\n</b>\n</div><div>\nBy ANA RUIZ.\n</div>\n'
            '<div>310 words</div><div>29 December 1999</div><span class="colorLinks">Harbour Post</span><div>HAFEN</div><div>43</div>'
            f"<div>English</div><div>(c) 1999 Harbour Ltd</div>\n</p>{body}<p>\n(c) Harbour Ltd, 1999.\n</p>"
            f"<p>Document {identifier(number).lower()}</p></div><br/>"
        )

    articles = load(tmp_path, page(old(1), old(2)).replace("carryOverOpen", "x"))

    assert articles["format"].tolist() == ["factiva-html"] * 2
    assert articles["headline"].tolist() == ["The strike is over 1.", "The strike is over 2."]
    first = articles.iloc[0]
    assert (first["outlet"], first["source_code"], first["page"]) == ("Harbour Post", "HAFEN", "43")
    assert first["byline"].startswith("ANA RUIZ")
    assert first["text"] == "\n\n".join(TEXT)


def test_articles_of_which_only_the_first_words_are_there_are_said_to_be_left_out(tmp_path):
    listed = (
        f'<div id="carryOver"><div id="carryOverHeadlines"><table class="headlines"><tr class="headline" data-accno="{identifier(7)}">'
        '<td><b class="printheadline enHeadline">Ferries sail</b><div class="leadFields"><a href="x">A Blog</a>, 9 January 2017, '
        '239 words, (English)</div><div class="snippet ensnippet">The ferries sailed at noon....</div></td></tr></table></div></div>'
    )

    with pytest.warns(mk.LoadWarning, match="the article is not in the file"):
        articles = load(tmp_path, page(display(1), listed, display(2)))

    assert len(articles) == 2
    ledger = mk.read_ledger(articles)
    assert ledger[ledger["kind"] == "skipped"]["note"].item().startswith(identifier(7))


def test_a_number_above_the_publisher_is_no_text(tmp_path):
    assert load(tmp_path, page(display(extra="<p>3089611</p>")))["text"].item() == "\n\n".join(TEXT)


def test_a_clock_time_in_the_place_of_the_page(tmp_path):
    first = load(tmp_path, page(display(edition="ONLINE", page="09:14:07", volume="0"))).iloc[0]

    assert (first["time"], first.get("page")) == ("09:14", None)


def test_a_number_behind_the_author_is_no_name(tmp_path):
    assert load(tmp_path, page(indexed(BY="Ana Ruiz; 0")))["byline"].item() == "Ana Ruiz"


def test_the_layout_with_indexing(tmp_path):
    articles = load(tmp_path, page(indexed(1), indexed(2, SE="", BY="", ET="")))

    first = articles.iloc[0]
    assert (first["headline"], first["outlet"], first["time"]) == ("Der Streik ist zu Ende", "Hafenpost", "17:04")
    assert (str(first["date"].date()), first["edition"], first["page"], first["volume"]) == (
        "2017-01-09",
        "E",
        "5",
        "241",
    )
    assert first["text"] == "\n\n".join(TEXT)
    terms = read_terms(articles.head(1))
    rows = set(terms[["scheme", "code", "term"]].fillna("").itertuples(index=False, name=None))
    assert {("subject", "gstrk", "Strikes"), ("place", "gfr", "Germany"), ("keyword", "", "Fähre")} <= rows


def test_the_layout_with_indexing_without_its_classes(tmp_path):
    text = page(indexed(1), indexed(2)).replace(' class="article deArticle"', "").replace(' class="index"', "")

    assert load(tmp_path, text)["vendor_id"].tolist() == [identifier(1), identifier(2)]


def coded(number=1, language="English", star="", wrap=False):
    """One article as text with field codes."""
    mark = (lambda code: f"*{code}* \t") if star else (lambda code: f" {code}\t")
    lead = (
        "The ferry strike ended on\nFriday after a *strike* of nine\ndays, the vice-\npresident said."
        if wrap
        else TEXT[0]
    )
    lines = [
        mark("SE") + "World", mark("HD") + "The strike is over", mark("BY") + "Ana Ruiz", mark("WC") + "132 words", mark("PD") + "9 January 2017",
        mark("ET") + "21:13", mark("SN") + "Harbour News", mark("SC") + "HAFEN", mark("LA") + language, mark("CY") + "(c) 2017 Harbour", "",
        mark("LP") + ("\n\n\t\n\n" if star else "") + lead, "", mark("TD") + "IN THE END nobody spoke.", "", "SN is not a code here.", "",
        mark("NS") + "gstrk : Strikes", mark("AN") + f"Document {identifier(number)}", "", "",
    ]  # fmt: skip
    return "\n".join(lines)


def test_text_with_field_codes(tmp_path):
    articles = load(tmp_path, "\ufeff\n \n" + coded(1) + "\n" + coded(2), name="factiva.txt")

    assert articles["vendor_id"].tolist() == [identifier(1), identifier(2)]
    first = articles.iloc[0]
    assert (first["headline"], first["outlet"], first["byline"]) == ("The strike is over", "Harbour News", "Ana Ruiz")
    assert first["text"].split("\n\n") == [TEXT[0], "IN THE END nobody spoke.", "SN is not a code here."]


def test_a_page_saved_as_text_by_a_browser(tmp_path):
    text = (
        "Skip to main content <#Page>\n\n\n  Dow Jones Factiva\n\n"
        + coded(1, star="*", wrap=True)
        + coded(2, star="*", wrap=True)
    )
    articles = load(tmp_path, text + "\n*Search Summary*\n\nText\tstrike\n", name="saved.html")

    assert articles["format"].unique().tolist() == ["factiva-txt"]
    assert articles["text"][0].split("\n\n")[0] == (
        "The ferry strike ended on Friday after a strike of nine days, the vice-president said."
    )


DISPLAYED = [
    "Der Streik ist zu Ende", "526 Wörter", "21 Januar 2026", "00:08", "Hafenpost", "HAFEN", "Deutsch", "(c) 2026 Hafenpost", "",
    TEXT[0], "", TEXT[1], "", "Hafenpost Verlag GmbH", "", f"Dokument {identifier(1)}", "",
]  # fmt: skip


@pytest.mark.parametrize("raw", [False, True])
def test_rtf_in_the_layout_for_reading(tmp_path, raw):
    second = [line.replace(identifier(1), identifier(2)).replace("Ende", "Ende gegangen") for line in DISPLAYED]
    articles = load(tmp_path, rtf([*DISPLAYED, *second], raw=raw), name="factiva.rtf")

    assert articles["headline"].tolist() == ["Der Streik ist zu Ende", "Der Streik ist zu Ende gegangen"]
    first = articles.iloc[0]
    assert (first["outlet"], str(first["date"].date()), first["time"], first["language"]) == (
        "Hafenpost",
        "2026-01-21",
        "00:08",
        "de",
    )
    assert first["text"] == "\n\n".join(TEXT)
    assert first["publisher"] == "Hafenpost Verlag GmbH"


LISTED = [
    "Der Streik ist zu Ende 2", "Hafenpost, 21 Januar 2026, 526 Wörter, Ana Ruiz, (Deutsch)", "",
    "Der Streik ist zu Ende gegangen.........3", "Hafenpost, 21 Januar 2026, 526 Wörter, (Deutsch)", "",
]  # fmt: skip


@pytest.mark.parametrize("name", ["factiva.rtf", "factiva.docx", "factiva.txt"])
def test_a_list_of_the_articles_on_the_first_page_is_no_section_of_the_first(tmp_path, name):
    second = [line.replace(identifier(1), identifier(2)).replace("Ende", "Ende gegangen") for line in DISPLAYED]
    lines = [*LISTED, *DISPLAYED, *second]
    whole = {"rtf": lambda: rtf(lines), "docx": lambda: docx(lines), "txt": lambda: "\n".join(lines)}[
        name[-4:].strip(".")
    ]()

    articles = load(tmp_path, whole, name=name)

    assert articles["headline"].tolist() == ["Der Streik ist zu Ende", "Der Streik ist zu Ende gegangen"]
    assert articles["text"].tolist() == ["\n\n".join(TEXT)] * 2
    assert articles["section"].isna().all()


def test_text_of_pages_with_a_line_on_top_of_each(tmp_path):
    top = "Page {} of 3 © 2026 Factiva, Inc. All rights reserved."
    heading = [
        "Der Streik ist zu Ende",
        "Von Ana Ruiz",
        "526 Wörter",
        "21 Januar 2026",
        "Hafenpost",
        "HAFPST",
        "Deutsch",
        "(c) 2026 Hafenpost",
    ]
    body = [
        "Der Streik der Fähren endete am Freitag nach neun Tagen, teilte das Unternehmen in einer Erklärung mit, die es der",
        top.format(2).replace(" ", ""),
        "Hafenpost und anderen Zeitungen schickte.",
        "Beide Seiten nannten die Einigung fair.",
    ]  # fmt: skip
    articles = load(
        tmp_path, "\n".join([top.format(1), *heading, *body, f"Dokument {identifier(1)}"]), name="pages.txt"
    )

    first = articles.iloc[0]
    assert (first["headline"], first["byline"]) == ("Der Streik ist zu Ende", "Ana Ruiz")
    assert first["text"].split("\n\n") == [f"{body[0]} {body[2]}", body[3]]


def test_rtf_with_indexing(tmp_path):
    lines = [
        "HD\tThe strike is over",
        "WC\t132 words",
        "PD\t9 January 2017",
        "SN\tHarbour News",
        "LP",
        TEXT[0],
        "TD",
        TEXT[1],
        f"AN\tDocument {identifier(1)}",
    ]
    first = load(tmp_path, rtf(lines), name="factiva.rtf").iloc[0]

    assert (first["headline"], first["outlet"], first["vendor_id"]) == (
        "The strike is over",
        "Harbour News",
        identifier(1),
    )
    assert first["text"].split("\n\n") == list(TEXT)


XML = f"""\ufeff<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0">
<ppsarticleResultSet count="2"><ppsarticle><article><accessionNo>{identifier(1)}</accessionNo><baseLanguage>EN</baseLanguage>
<headline><paragraph><hlt>Strike</hlt> is over</paragraph></headline><byline>By Ana Ruiz</byline>
<leadParagraph><paragraph>The ferry <hlt>strike</hlt> ended.</paragraph></leadParagraph>
<publicationDate><dateTime>2012-01-09T01:35:58Z</dateTime></publicationDate><sourceName>Harbour News</sourceName>
<region code="usa"><name>United States</name></region><tailParagraphs><paragraph>Nobody spoke.</paragraph><paragraph>They sailed.</paragraph>
</tailParagraphs><wordCount>7</wordCount></article></ppsarticle><ppsarticle><article><accessionNo>{identifier(2)}</accessionNo>
<headline><paragraph>Ferries sail</paragraph></headline><leadParagraph><paragraph>At noon.</paragraph></leadParagraph>
<publicationDate><date>2012-01-10</date></publicationDate></article></ppsarticle></ppsarticleResultSet></ppsArticleResponse></PPSResponse>"""


def test_xml(tmp_path):
    articles = load(tmp_path, XML, name="factiva.xml")

    first = articles.iloc[0]
    assert (first["headline"], first["byline"], first["outlet"]) == ("Strike is over", "Ana Ruiz", "Harbour News")
    assert (str(first["date"].date()), first["time"], first["language"]) == ("2012-01-09", "01:35Z", "en")
    assert first["text"] == "The ferry strike ended.\n\nNobody spoke.\n\nThey sailed."
    assert "declared 2, read 2: equal" in mk.read_ledger(articles)["note"].tolist()
    assert read_terms(articles)["code"].tolist() == ["usa"]


def test_xml_that_is_cut_keeps_what_is_there(tmp_path):
    cut = XML[: XML.index("<headline><paragraph>Ferries")]
    with pytest.warns(mk.LoadWarning):
        articles = load(tmp_path, cut, name="factiva.xml")

    assert articles["headline"].tolist() == ["Strike is over"]


def test_entities_of_the_file_are_refused(tmp_path):
    hostile = XML.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>', 1)
    with pytest.raises(mk.LoadError, match="defines entities"):
        load(tmp_path, hostile, name="factiva.xml")


def test_word_counts_and_identifiers_are_told_from_prose():
    assert [is_word_count(line) for line in ("877 words", "1 285 mots", "877字", "12 words were spoken", "words")] == [
        True
    ] * 3 + [False] * 2
    assert find_identifier("Dokument " + identifier(1)) == identifier(1)
    assert find_identifier("The code was " + identifier(1)) is None


def test_the_heading_is_named_by_its_place_where_nothing_marks_the_headline():
    lines = [
        "Talks resume after a long night",
        "Ana Ruiz",
        "358 words",
        "2 June 2006",
        "The Ledger",
        "LEDG",
        "English",
        "(c) 2006",
    ]

    assert name_heading(lines) == ["HD", "BY", "WC", "PD", "SN", "SC", "LA", "CY"]
    lines[1] = "Special to The Ledger"
    assert name_heading(lines)[:2] == ["HD", "CR"]


@pytest.mark.parametrize("name", ["f.html", "i.html", "f.txt", "f.rtf", "f.xml"])
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name):
    whole = {
        "f.html": page(display(1), display(2)).encode(), "i.html": page(indexed(1), indexed(2)).encode(),
        "f.txt": (coded(1) + coded(2)).encode(), "f.rtf": rtf(DISPLAYED * 2), "f.xml": XML.encode(),
    }[name]  # fmt: skip
    check_mutants(tmp_path, name, whole, count=50)
