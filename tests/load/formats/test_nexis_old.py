"""LexisNexis Academic and nexis.com: text, HTML and RTF; look-alikes with invented text."""

import pytest
from documents import rtf
from mutants import check_mutants

import mediakit as mk
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


@pytest.mark.parametrize("name", ["n.txt", "n.html", "n.rtf"])
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name):
    whole = {
        "n.txt": (nexis_com() + academic(2)).encode(), "n.html": HTML.encode(),
        "n.rtf": rtf([line.strip() for line in (nexis_com() + academic(2)).split("\n")]),
    }[name]  # fmt: skip
    check_mutants(tmp_path, name, whole, count=50)
