"""LexisNexis Academic and nexis.com: text, HTML and RTF; look-alikes with invented text."""

import pandas as pd
import pytest
from documents import rtf
from mutants import check_mutants

import mediakit as mk
from mediakit.load import markup
from mediakit.load.formats import nexis_old
from mediakit.load.terms import read_terms

BODY = """The ferry strike ended on Friday after nine days, the company said in a
statement that it sent to the Harbour Post and to other newspapers.

Both sides called the agreement fair; the vice-
president of the union, who had called the pro-
and anti-strike camps together, did not speak.

The last ferry -
and the first - left at noon."""
TEXT = [
    "The ferry strike ended on Friday after nine days, the company said in a statement that it sent to the Harbour Post "
    "and to other newspapers.",
    "Both sides called the agreement fair; the vice-president of the union, who had called the pro- and anti-strike camps "
    "together, did not speak.",
    "The last ferry - and the first - left at noon.",
]
LABELS = {
    "en": ("{} of {} DOCUMENTS", "SECTION", "BYLINE", "LENGTH", "HEADLINE", "BODY", "LOAD-DATE", "LANGUAGE", "words", "ENGLISH"),
    "de": ("Dokument {} von {}", "RUBRIK", "AUTOR", "LÄNGE", "HEADLINE", "TEXT", "UPDATE", "SPRACHE", "Wörter", "DEUTSCH"),
    "fr": ("Document {} de {}", "RUBRIQUE", "AUTEUR", "LONGUEUR", "TITRE", "TEXTE", "DATE-CHARGEMENT", "LANGUE", "mots", "FRENCH"),
    "nl": ("{} of {} DOCUMENTS", "RUBRIEK", "AUTEUR", "LENGTE", "KOP", "TEKST", "UPDATE", "TAAL", "woorden", "DUTCH"),
}  # fmt: skip


def centred(*lines):
    return "\n".join(line.center(80).rstrip() for line in lines)


def nexis_com(
    number=1, total=2, language="en", date="May 7, 2013 Tuesday", title="The strike is over", edition="Final Edition"
):
    """One article as nexis.com prints it: headline without a label, copyright at the end."""
    mark, section, byline, length, _, _, loaded, spoken, unit, name = LABELS[language]
    head = centred(mark.format(number, total), "", "", "The Harbour Post", "", date, *([edition] if edition else []))
    return (
        f"{head}\n\n{title}\n\n{byline}: Ana Ruiz\n\n{section}: NEWS; Pg. 4\n\n{length}: 51 {unit}\n\n\n{BODY}\n\n"
        f"{loaded}: May 8, 2013\n\n{spoken}: {name}\n\nPUBLICATION-TYPE: Newspaper\n\n\n"
        f"{centred('Copyright 2013 Harbour Post Ltd', 'All Rights Reserved')}\n\n\n"
    )


def academic(number=1, total=2, language="en"):
    """One article as Academic prints it: copyright first, headline behind a label."""
    mark, section, byline, length, headline, body, loaded, spoken, unit, name = LABELS[language]
    head = centred(
        mark.format(number, total), "", "Copyright 2013 Harbour Post Ltd", "All Rights Reserved", "", "The Harbour Post"
    )
    return (
        f"{head}\n\n{centred('May 7, 2013 Tuesday', 'City Edition')}\n\n{section}: NEWS; Pg. 4\n\n{length}: 51 {unit}\n\n"
        f"{headline}: The strike is over;\nFerries sail again\n\n{byline}: Ana Ruiz\n\n{body}:\n\n{BODY}\n\nGRAPHIC: A ferry at dawn.\n\n"
        f"SUBJECT: STRIKES (93%); FERRIES (78%)\n\n{loaded}: May 8, 2013\n\n{spoken}: {name}\n\n\n"
    )


def load(tmp_path, text, name="nexis.txt", encoding="utf-8-sig", newline="\r\n"):
    path = tmp_path / name
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    loaded = mk.load_articles(path)
    ledger = mk.check_ledger(mk.read_ledger(loaded))
    assert "unparsed" not in set(ledger["kind"]), ledger[ledger["kind"] == "unparsed"]["excerpt"].tolist()
    return loaded


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("profile", [nexis_com, academic])
def test_both_profiles_in_every_interface_language(tmp_path, language, profile):
    articles = load(tmp_path, profile(1, 2, language) + profile(2, 2, language))

    assert len(articles) == 2
    first = articles.iloc[0]
    assert first["headline"].startswith("The strike is over")
    assert (first["outlet"], str(first["date"].date()), first["byline"]) == (
        "The Harbour Post",
        "2013-05-07",
        "Ana Ruiz",
    )
    assert (first["section"], first["page"], first["declared_words"]) == ("NEWS", "4", 51)
    assert first["text"].split("\n\n") == TEXT
    assert first["load_date"] == "May 8, 2013"


def test_a_headline_over_two_lines_and_the_subject_terms(tmp_path):
    articles = load(tmp_path, academic())

    assert articles["headline"][0] == "The strike is over; Ferries sail again"
    assert articles["edition"][0] == "City Edition"
    assert read_terms(articles)["term"].tolist() == ["STRIKES", "FERRIES"]
    assert articles["graphic"][0] == "A ferry at dawn."


def test_the_cover_tells_how_many_articles_there_should_be(tmp_path):
    cover = (
        "Download Request: Select Items: 1-2\nTime Of Request: Tuesday, May 14, 2013 10:00:00 EST\nTerms: (ferry)\n\n\n"
    )
    articles = load(tmp_path, cover + nexis_com(1) + nexis_com(2))

    assert "declared 2, read 2: equal" in mk.read_ledger(articles)["note"].tolist()
    with pytest.warns(mk.LoadWarning, match="another number"):
        load(tmp_path, cover + nexis_com(1))


def test_one_document_and_numbers_that_make_no_sense(tmp_path):
    assert len(load(tmp_path, nexis_com(1, 1).replace("DOCUMENTS", "DOCUMENT"))) == 1
    articles = load(tmp_path, nexis_com(1, 62) + nexis_com(234, 456, "de"))
    assert len(articles) == 2
    assert "leaves out" in mk.read_ledger(articles)["note"][0]


def test_a_single_article_without_any_marker_is_the_whole_file(tmp_path):
    articles = load(tmp_path, nexis_com().split("\n", 1)[1])

    assert articles["format"].tolist() == ["nexis-txt"]
    assert articles["headline"].tolist() == ["The strike is over"]


def test_a_headline_with_a_colon_is_no_label(tmp_path):
    assert (
        load(tmp_path, nexis_com(title="Opinion: The strike is over"))["headline"][0] == "Opinion: The strike is over"
    )


def test_digits_of_the_headline_are_no_date(tmp_path):
    first = load(tmp_path, nexis_com(title="What May 1, 1999 and 24 June 2002 meant")).iloc[0]

    assert first["headline"] == "What May 1, 1999 and 24 June 2002 meant"
    assert str(first["date"].date()) == "2013-05-07"


def test_a_date_with_a_clock_time_and_two_printed_dates(tmp_path):
    first = load(tmp_path, nexis_com(date="December 30, 2008 Tuesday 6:10 PM  EST", edition="")).iloc[0]
    assert (str(first["date"].date()), first["time"]) == ("2008-12-30", "18:10 EST")

    first = load(tmp_path, nexis_com(date="24. September 2002", edition="September 24, 2002", language="de")).iloc[0]
    assert (str(first["date"].date()), first["headline"]) == ("2002-09-24", "The strike is over")


def test_the_error_text_of_the_database_is_no_article(tmp_path):
    broken = (
        centred("2 of 3 DOCUMENTS")
        + "\n\nWe are sorry but there is an error in this document and it is not possible to display it.\n\n\n"
    )
    with pytest.warns(mk.LoadWarning, match="error message"):
        articles = load(tmp_path, nexis_com(1, 3) + broken + nexis_com(3, 3))

    assert len(articles) == 2
    assert "error message" in " ".join(mk.read_ledger(articles).query("kind == 'skipped'")["note"])


HTML = """<HTML><HEAD><META DOCUMENTS="2"><STYLE>.c1 {text-align: center} .c4 {color: red}</STYLE></HEAD><BODY>
<A NAME="DOC_ID_0_0"></A><!-- Hide XML section from browser
<DOC NUMBER=1>
<DOCFULL> -->
<DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">1 of 2 DOCUMENTS</SPAN></P></DIV>
<DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">Le Quotidien du Port</SPAN></P></DIV>
<DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c4">7</SPAN><SPAN CLASS="c2"> mai 2013 mardi</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c7">La </SPAN><SPAN CLASS="c4">gr&egrave;ve</SPAN><SPAN CLASS="c7"> est finie</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">AUTEUR: </SPAN><SPAN CLASS="c2">Ana Ruiz</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">RUBRIQUE: </SPAN><SPAN CLASS="c2">UNE; Pg. 3</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">LONGUEUR: </SPAN><SPAN CLASS="c2">10 mots</SPAN></P></DIV>
<BR><DIV CLASS="c5"><P CLASS="c9"><SPAN CLASS="c2">Les bateaux&nbsp;sont re</SPAN><SPAN CLASS="c4">partis</SPAN><SPAN CLASS="c2"> vendredi.</SPAN></P>
<P CLASS="c9"><SPAN CLASS="c2">Le syndicat se dit content.</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">SOCIETE: </SPAN><SPAN CLASS="c2">FERRIES SA (85%)</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">DATE-CHARGEMENT: </SPAN><SPAN CLASS="c2">8 mai 2013</SPAN></P></DIV>
<DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">Copyright 2013 Le Quotidien du Port</SPAN><BR><SPAN CLASS="c2">Tous droits réservés</SPAN></P></DIV>
<!-- Hide XML section from browser
</DOCFULL>
</DOC> -->
<A NAME="DOC_ID_0_1"></A><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">2 of 2 DOCUMENTS</SPAN></P></DIV>
<DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">The Harbour Post</SPAN></P></DIV>
<DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">May 8, 2013 Wednesday</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c7">Ferries sail</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">LENGTH: </SPAN><SPAN CLASS="c2">5 words</SPAN></P></DIV>
<DIV CLASS="c5"><P CLASS="c9"><SPAN CLASS="c2">They sailed at noon.</SPAN></P></DIV>
</BODY></HTML>"""


def test_html_with_class_numbers_of_its_own(tmp_path):
    articles = load(tmp_path, HTML, name="nexis.html", encoding="utf-8")

    assert articles["headline"].tolist() == ["La grève est finie", "Ferries sail"]
    first = articles.iloc[0]
    assert first["text"] == "Les bateaux sont repartis vendredi.\n\nLe syndicat se dit content."
    assert (first["outlet"], str(first["date"].date()), first["byline"]) == (
        "Le Quotidien du Port",
        "2013-05-07",
        "Ana Ruiz",
    )
    assert (first["section"], first["page"]) == ("UNE", "3")
    assert "declared 2, read 2: equal" in mk.read_ledger(articles)["note"].tolist()
    assert read_terms(articles)["scheme"].tolist() == ["company"]


def test_a_long_page_is_parsed_in_pieces_with_the_same_result(tmp_path, monkeypatch):
    head, rest = HTML.split("<BODY>")
    head = head.replace('DOCUMENTS="2"', 'DOCUMENTS="10"')
    page = f"{head}<BODY>{rest.removesuffix('</BODY></HTML>') * 5}</BODY></HTML>"
    whole = load(tmp_path, page, name="nexis.html", encoding="utf-8")
    monkeypatch.setattr(markup, "PIECE", 3000)
    pieces = load(tmp_path, page, name="nexis.html", encoding="utf-8")

    assert len(list(markup.cut_html(page, nexis_old._DOCUMENT))) > 2
    assert whole["headline"].tolist() == ["La grève est finie", "Ferries sail"] * 5
    pd.testing.assert_frame_equal(whole, pieces)
    pd.testing.assert_frame_equal(mk.read_ledger(whole), mk.read_ledger(pieces))


def test_html_in_another_encoding_than_it_declares(tmp_path):
    page = HTML.replace("<HEAD>", '<HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">')
    articles = load(tmp_path, page, name="nexis.html", encoding="cp1252")

    assert "Tous droits réservés" in " ".join(mk.read_ledger(articles)["excerpt"])


@pytest.mark.parametrize("name", ["nexis.RTF", "nexis.DOC"])
def test_rtf_whatever_it_is_called(tmp_path, name):
    lines = (nexis_com(1) + nexis_com(2)).split("\n")
    joined = [line.strip() for line in lines]
    (tmp_path / name).write_bytes(
        rtf(joined).replace(b"\\deff0", b"\\deff0{\\header The strike is over The Harbour Post}")
    )
    articles = mk.load_articles(tmp_path / name)

    mk.check_ledger(mk.read_ledger(articles))
    assert articles["format"].tolist() == ["nexis-old-rtf"] * 2
    assert articles["headline"].tolist() == ["The strike is over"] * 2
    assert articles["outlet"].unique().tolist() == ["The Harbour Post"]


def agency(number=1, *, clock="23:22 Central European Time", labels=("SECTION: Politics", "LENGTH: 51 words")):
    """One article as agencies have it: the headline above the date, the labels below the text."""
    return (
        f"{centred(f'{number} of 2 DOCUMENTS', '', 'Harbour Press Agency')}\n\nLEADALL: The strike is over,\nferries sail\n\n"
        f"{centred('April 20, 2003, Sunday', clock)}\n\nDATELINE: Port Bell\n\n\n{BODY}\n\n"
        + "\n\n".join((*labels, "LOAD-DATE: May 8, 2003", "LANGUAGE: ENGLISH"))
        + f"\n\n{centred('Copyright 2003 Harbour Press Agency')}\n\n"
    )


@pytest.mark.parametrize(
    "head",
    [
        ("Copyright 2013 Harbour Post Ltd", "All Rights Reserved", "The Harbour Post"),
        ("Copyright 2013 Harbour Post International Ltd., All", "Rights Reserved", "The Harbour Post"),
        ("Copyright 2013 Harbour Post Ltd", "The Harbour Post"),
    ],
)
def test_the_outlet_may_follow_the_copyright_without_a_blank_line(tmp_path, head):
    text = academic().replace(
        centred("Copyright 2013 Harbour Post Ltd", "All Rights Reserved", "", "The Harbour Post"), centred(*head)
    )

    first = load(tmp_path, text).iloc[0]

    assert (first["outlet"], str(first["date"].date())) == ("The Harbour Post", "2013-05-07")
    assert first["text"].split("\n\n") == TEXT


def test_html_with_a_logo_between_the_copyright_and_the_outlet(tmp_path):
    text = HTML.replace("<SPAN CLASS=\"c2\">Le Quotidien du Port</SPAN>", "PLACE").replace("PLACE", (
        '<SPAN CLASS="c2">Copyright 2013 Le Quotidien du Port<BR>All Rights Reserved</SPAN><BR><IMG SRC="logo"><BR>'
        '<SPAN CLASS="c2">Le Quotidien du Port</SPAN>'
    ))  # fmt: skip

    assert load(tmp_path, text, name="nexis.html")["outlet"][0] == "Le Quotidien du Port"


def test_a_headline_above_the_date_and_labels_below_the_text(tmp_path):
    articles = load(tmp_path, agency(1) + agency(2, clock="", labels=()))

    assert articles["headline"].tolist() == ["LEADALL: The strike is over, ferries sail"] * 2
    assert [text.split("\n\n") for text in articles["text"]] == [TEXT] * 2
    first = articles.iloc[0]
    assert (first["outlet"], first["time"], first["place"]) == ("Harbour Press Agency", "23:22", "Port Bell")
    assert (first["section"], first["declared_words"], first["load_date"]) == ("Politics", 51, "May 8, 2003")


def test_a_label_within_a_paragraph_does_not_end_a_text(tmp_path):
    measured = agency().replace(
        "The last ferry -", "The ferry was built in 1991 and has three decks.\nLENGTH: 19.4 metres.\nThe last ferry -"
    )

    assert "LENGTH: 19.4 metres. The last ferry" in load(tmp_path, measured)["text"].item()


def test_an_author_alone_below_the_date_and_a_summary_below_the_labels(tmp_path):
    text = (
        agency(labels=("SECTION: Politics",))
        .replace("DATELINE:", "Ana Ruiz\n\nDATELINE:")
        .replace("LANGUAGE: ENGLISH", "LANGUAGE: ENGLISH\n\nHIGHLIGHT:\n\n\nNine days without a boat.")
    )

    first = load(tmp_path, text).iloc[0]

    assert (first["byline"], first["standfirst"]) == ("Ana Ruiz", "Nine days without a boat.")


def test_a_text_without_labels_is_not_taken_for_the_headline(tmp_path):
    text = nexis_com().replace("AUTOR", "BYLINE")
    bare = "\n".join(line for line in text.split("\n") if not line.startswith(("BYLINE:", "SECTION:", "LENGTH:")))

    first = load(tmp_path, bare).iloc[0]

    assert first["headline"] == "The strike is over"
    assert first["text"].split("\n\n") == TEXT


def test_programme_and_guests_of_a_transcript_are_neither_headline_nor_text(tmp_path):
    text = nexis_com().replace(
        "The strike is over\n",
        f"{centred('SHOW: THE HARBOUR HOUR 7:00 PM EST')}\n\nThe strike is over\n\nANCHORS: Tom Lee\n\nGUESTS: Mara Quint\n",
    ).replace("Both sides", "ANCHOR: Both sides")  # fmt: skip

    first = load(tmp_path, text).iloc[0]

    assert (first["headline"], first["section"]) == ("The strike is over", "NEWS")
    assert (first["programme"], first["cast"]) == ("THE HARBOUR HOUR 7:00 PM EST", "Tom Lee; Mara Quint")
    assert "ANCHOR: Both sides" in first["text"]


def test_a_notice_above_the_date_is_no_headline(tmp_path):
    text = nexis_com(title="").replace(
        "May 7, 2013 Tuesday", "May 7, 2013 Tuesday", 1
    ).replace(
        "The Harbour Post\n", "The Harbour Post\n\n  No Harbour Post material may be republished without the express written\n"
        "                   permission of the Harbour Post.\n", 1,
    )  # fmt: skip

    first = load(tmp_path, text).iloc[0]

    assert first["headline"] != first["headline"] or first["headline"] is None
    assert first["text"].split("\n\n") == TEXT


def test_a_number_with_nothing_but_a_copyright_is_said_to_be_left_out(tmp_path):
    empty = centred("2 of 3 DOCUMENTS", "", "", "Copyright 2013 Harbour Post Ltd", "All Rights Reserved")
    with pytest.warns(mk.LoadWarning, match="nothing but the copyright"):
        articles = load(tmp_path, nexis_com(1, 3) + empty + "\n\n\n" + nexis_com(3, 3))

    assert len(articles) == 2


def test_a_weekday_below_the_date_and_an_issue_behind_the_page(tmp_path):
    text = academic(language="nl").replace("May 7, 2013 Tuesday", "May 7, 2013").replace("City Edition", "dinsdag")
    text = text.replace("NEWS; Pg. 4", "S. 7 Ausg. 167")

    first = load(tmp_path, text).iloc[0]

    assert (first["page"], first["issue"]) == ("7", "167")
    assert first.get("edition") is None or first["edition"] != first["edition"]


def test_labels_of_le_monde(tmp_path):
    text = (
        academic(language="fr")
        .replace("AUTEUR:", "SIGNATURE:")
        .replace("TEXTE:", "CHAPEAU:\n\n\n\nNeuf jours sans bateau.\n\nARTICLE:\n\n")
    )

    first = load(tmp_path, text).iloc[0]

    assert (first["byline"], first["standfirst"]) == ("Ana Ruiz", "Neuf jours sans bateau.")
    assert first["text"].split("\n\n") == TEXT


def test_an_error_text_without_a_number_below_the_last_article(tmp_path):
    sorry = "\nWe are sorry but there is an error in this document and it is not possible to display it.\n"
    with pytest.warns(mk.LoadWarning, match="error message"):
        articles = load(tmp_path, nexis_com(1, 2) + sorry)

    assert articles["text"].str.split("\n\n").tolist() == [TEXT]


def test_a_column_behind_the_page_and_a_correction_behind_the_edition(tmp_path):
    text = nexis_com(edition="").replace("NEWS; Pg. 4", "Section B; Page 22, Column 2; City Desk")
    text = text.replace("7, 2013 Tuesday", "7, 2013, Tuesday, Late Edition - Final Correction Appended")

    first = load(tmp_path, text).iloc[0]

    assert (first["page"], first["section"]) == ("22", "Section B; Column 2; City Desk")
    assert (first["edition"], bool(first["corrected"])) == ("Late Edition - Final", True)


def test_french_labels_of_companies(tmp_path):
    page = HTML.replace("SOCIETE: </SPAN>", "SECTEUR-ACTIVITE: </SPAN>").replace("FERRIES SA", "SIC4482 FERRIES")
    assert load(tmp_path, page, "n.html")["terms"].iloc[0] == "industry\tSIC4482 FERRIES\t\t85"
    page = HTML.replace("SOCIETE: </SPAN>", "SYMBOLE-BOURSIER: </SPAN>")
    assert load(tmp_path, page, "n.html")["terms"].iloc[0] == "ticker\tFERRIES SA\t\t85"


@pytest.mark.parametrize("name", ["n.txt", "n.html", "n.rtf"])
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name):
    whole = {
        "n.txt": (nexis_com() + academic(2)).encode(), "n.html": HTML.encode(),
        "n.rtf": rtf([line.strip() for line in (nexis_com() + academic(2)).split("\n")]),
    }[name]  # fmt: skip
    check_mutants(tmp_path, name, whole, count=50)
