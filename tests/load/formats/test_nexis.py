"""Nexis Uni and Lexis Advance: Word documents and RTF; look-alikes with invented text."""

import textwrap
import zipfile

import pytest
from documents import docx, rtf
from mutants import check_mutants

import mediakit as mk
from mediakit.load.terms import read_terms

NBSP = "\xa0"
TEXT = (
    "PORT BELL -- The ferry strike ended on Friday after nine days, the company said.",
    "Both sides called the agreement fair.",
)
COVER = [
    "Date and Time:" + NBSP + "Sunday, July 17, 2022 1:45:00 PM EDT", "Job Number:" + NBSP + "176000000", "Documents (2)",
    "1. The strike is over", "Client/Matter:" + NBSP + "-None-", "Search Terms:" + NBSP + "strike and ferry",
    "Search Type:" + NBSP + "Terms and Connectors", "Narrowed by:", "Content Type", "Narrowed by", "News", "-None-",
    "2. Ferries sail", "Client/Matter:" + NBSP + "-None-", "Search Terms:" + NBSP + "strike and ferry",
    "Search Type:" + NBSP + "Terms and Connectors", "Narrowed by:", "Content Type", "Narrowed by", "News", "-None-", "",
]  # fmt: skip
LABELS = {
    "en": ("Section", "Length", "Byline", "Dateline", "Highlight", "Body", "Load-Date", "End of Document", "words"),
    "de": ("Rubrik", "Länge", "Autor", "Ort", "Hervorhebung", "Text", "Ladedatum", "Ende des Dokuments", "Wörter"),
    "fr": ("Rubrique", "Longueur", "Auteur", "Lieu", "Encart", "Texte", "Date de chargement", "Fin du document", "mots"),
    "es": ("Sección", "Longitud", "Autor", "Origen", "Destacado", "Cuerpo", "Fecha de carga", "Fin del documento", "palabras"),
    "nl": ("Sectie", "Lengte", "Auteur", "Plaats", "Samenvatting", "Tekst", "Laaddatum", "Einde van document", "woorden"),
}  # fmt: skip


def article(
    title=("The strike is over",), outlet=("The Harbour Post",), date="May 7, 2023 Sunday", language="en", text=TEXT,
    copyright=("Copyright 2023 Harbour Post Ltd All Rights Reserved",), edition=(), header=None, tail=(), body=True,
    end=True, words=None,
):  # fmt: skip
    """The paragraphs of one article as Nexis orders them."""
    section, length, byline, _, highlight, mark, loaded, last, unit = LABELS[language]
    count = words or max(1, sum(map(len, text)) // 6)
    if header is None:
        header = [
            f"{section}:{NBSP}NEWS; Pg. A4", f"{length}:{NBSP}{count} {unit}", f"{byline}:{NBSP}Ana Ruiz",
            f"{highlight}:{NBSP}Nine days without a boat",
        ]  # fmt: skip
    lines = [
        "",
        *title,
        *outlet,
        date,
        *edition,
        "",
        *(f"\n{line}" if n == 0 else line for n, line in enumerate(copyright)),
        "\n",
    ]
    lines += [*header, *([mark] if body else []), "", *text, *tail]
    lines += [f"\n{loaded}:{NBSP}May 9, 2023", "", *([f"\n{last}"] if end else []), ""]
    return lines


def load(tmp_path, *articles, cover=(), name="Files (2).DOCX", **options):
    path = tmp_path / name
    path.write_bytes(docx([*cover, *(line for one in articles for line in one)]))
    loaded = mk.load_articles(path, **options)
    ledger = mk.check_ledger(mk.read_ledger(loaded))
    assert "unparsed" not in set(ledger["kind"]), ledger[ledger["kind"] == "unparsed"]["excerpt"].tolist()
    return loaded


def test_two_articles_with_a_cover(tmp_path):
    articles = load(tmp_path, article(), article(title=("Ferries sail",), date="May 8, 2023 Monday"), cover=COVER)

    assert articles["headline"].tolist() == ["The strike is over", "Ferries sail"]
    assert articles["outlet"].unique().tolist() == ["The Harbour Post"]
    assert articles["date"].dt.day.tolist() == [7, 8]
    first = articles.iloc[0]
    assert (first["byline"], first["section"], first["page"]) == ("Ana Ruiz", "NEWS", "A4")
    assert (first["standfirst"], first["place"]) == ("Nine days without a boat", "PORT BELL")
    assert first["text"].startswith("The ferry strike ended")
    assert (first["load_date"], bool(first["truncated"])) == ("May 9, 2023", False)
    assert "declared 2, read 2: equal" in mk.read_ledger(articles)["note"].tolist()


def test_without_a_cover_the_first_article_is_not_lost(tmp_path):
    assert len(load(tmp_path, article(), article(), article())) == 3


def test_a_cover_that_promises_more_than_the_file_holds_is_said(tmp_path):
    with pytest.warns(mk.LoadWarning, match="another number of articles"):
        articles = load(tmp_path, article(), cover=COVER)

    assert "declared 2, read 1: DIFFERENT: +1 articles not read" in mk.read_ledger(articles)["note"].tolist()


@pytest.mark.parametrize("language", LABELS)
def test_labels_of_every_interface_language(tmp_path, language):
    first = load(tmp_path, article(language=language), article(language=language)).iloc[0]

    assert (first["headline"], first["outlet"], first["byline"]) == (
        "The strike is over",
        "The Harbour Post",
        "Ana Ruiz",
    )
    assert (first["section"], first["page"], first["load_date"]) == ("NEWS", "A4", "May 9, 2023")
    assert first["declared_words"] == sum(map(len, TEXT)) // 6
    assert first["standfirst"] == "Nine days without a boat"


@pytest.mark.parametrize(
    ("printed", "day", "time", "edition"),
    [
        ("May 7, 2023 Sunday", "2023-05-07", None, None),
        ("October 26, 2021", "2021-10-26", None, None),
        ("May 1, 2021 Saturday 12:06 AM EST", "2021-05-01", "00:06 EST", None),
        ("January 10, 2018 Wednesday 10:36 EST", "2018-01-10", "10:36 EST", None),
        ("November 5, 2002 Tuesday Final Edition", "2002-11-05", None, "Final Edition"),
        ("January 12, 2005 Wednesday, Final Edition", "2005-01-12", None, "Final Edition"),
        ("May 2, 2002, Thursday,, FINAL EDITION", "2002-05-02", None, "FINAL EDITION"),
        ("June 20, 2003 Friday,  Late Edition - Final", "2003-06-20", None, "Late Edition - Final"),
        ("Donnerstag 11. Mai 2023", "2023-05-11", None, None),
        ("Mittwoch 3.Mai 2023", "2023-05-03", None, None),
        ("vendredi 30 août 2013 13:25 GMT", "2013-08-30", "13:25 GMT", None),
        ("Mercredi 5 Juin 2013 1:05 PM GMT", "2013-06-05", "13:05 GMT", None),
        ("2 de marzo de 2019 sábado", "2019-03-02", None, None),
        ("4 maart 2020 woensdag", "2020-03-04", None, None),
        ("12 marca 2021", "2021-03-12", None, None),
    ],
)  # fmt: skip
def test_date_lines(tmp_path, printed, day, time, edition):
    first = load(tmp_path, article(date=printed)).iloc[0]

    assert str(first["date"].date()) == day
    assert (first["time"] if isinstance(first.get("time"), str) else None) == time
    assert (first["edition"] if isinstance(first.get("edition"), str) else None) == edition
    assert first["headline"] == "The strike is over"


def test_digits_of_the_headline_are_no_date(tmp_path):
    title = ("Ferries of 11 May 2019 and 24 June 2020", "remembered in 2021")
    first = load(tmp_path, article(title=title)).iloc[0]

    assert first["headline"] == "Ferries of 11 May 2019 and 24 June 2020 remembered in 2021"
    assert str(first["date"].date()) == "2023-05-07"
    assert first["outlet"] == "The Harbour Post"


def test_the_outlet_is_found_below_a_title_of_several_lines(tmp_path):
    first = load(tmp_path, article(title=("\nThe strike", "is over,", "says the company"))).iloc[0]

    assert (first["headline"], first["outlet"]) == ("The strike is over, says the company", "The Harbour Post")


def test_a_brand_in_brackets_is_not_the_outlet(tmp_path):
    first = load(tmp_path, article(outlet=("The Harbour Post", "(Green)"))).iloc[0]

    assert (first["outlet"], first["brand"]) == ("The Harbour Post", "Green")


def test_edition_lines_and_appended_corrections(tmp_path):
    first = load(tmp_path, article(edition=("2ª Ed. Barna Edición", "Correction Appended"))).iloc[0]

    assert (first["edition"], first["corrected"]) == ("2ª Ed. Barna Edición", True)
    second = load(tmp_path, article(title=("The strike is over - Correction Appended",))).iloc[0]
    assert (second["headline"], second["corrected"]) == ("The strike is over", True)


def test_the_word_copyright_in_the_text_does_not_begin_an_article(tmp_path):
    text = (
        *TEXT,
        "Copyright law was not discussed.",
        "Copyright 1999 by nobody at all, he joked, and the room laughed.",
        "The end came.",
    )
    articles = load(tmp_path, article(text=text), article())

    assert len(articles) == 2
    assert "Copyright 1999 by nobody" in articles["text"][0]


def test_a_licence_of_several_paragraphs_is_no_text(tmp_path):
    rights = (
        "Copyright 2023 Harbour Post Ltd All Rights Reserved",
        "Licence to reproduce is granted to subscribers only.",
    )
    first = load(tmp_path, article(copyright=rights)).iloc[0]

    assert first["text"].startswith("The ferry strike")


@pytest.mark.parametrize("joint", ["\n", "\n\n", "wrapped"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_that_was_made_from_a_document(tmp_path, joint, newline):
    paragraphs = [*COVER, *article(), *article(title=("A half-", "day's work"), date="May 8, 2023 Monday")]
    flat = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    if joint == "wrapped":
        flat = ["\n".join(textwrap.wrap(line, 72)) for line in flat]
    path = tmp_path / "Files (2).txt"
    path.write_bytes(("\n" if joint == "\n" else "\n\n").join(flat).replace("\n", newline).encode())
    whole = load(tmp_path, article(), article(title=("A half-", "day's work"), date="May 8, 2023 Monday"), cover=COVER)

    articles = mk.load_articles(path)

    ledger = mk.check_ledger(mk.read_ledger(articles))
    assert "unparsed" not in set(ledger["kind"])
    assert articles["format"].tolist() == ["nexis-text"] * 2
    for column in ("headline", "outlet", "date", "byline", "section", "page", "standfirst", "text", "load_date"):
        assert articles[column].tolist() == whole[column].tolist(), column


def test_text_of_other_origin_is_not_taken_for_that_of_nexis(tmp_path):
    (tmp_path / "notes.txt").write_text("Minutes of the board\n\nSection: 4\n\nThe end of document 7 is missing.\n")

    assert mk.detect_format(tmp_path / "notes.txt").set_index("format")["score"]["nexis-text"] == 0


def test_the_programme_of_a_transcript_is_no_edition(tmp_path):
    first = load(tmp_path, article(edition=("SHOW: THE HARBOUR HOUR 7:00 PM EST",))).iloc[0]

    assert first["programme"] == "THE HARBOUR HOUR 7:00 PM EST"


def test_blank_lines_inside_an_article_do_not_end_it(tmp_path):
    text = (TEXT[0], "", "", "", TEXT[1], "", "", "A third paragraph followed two blank lines.")
    articles = load(tmp_path, article(text=text), article())

    assert len(articles) == 2
    assert articles["text"][0].count("\n\n") == 2


def test_paragraphs_broken_around_hits_are_joined(tmp_path):
    text = ("The council called the", "strike an |injustice", "and left. Nobody spoke.")
    first = load(tmp_path, article(text=text)).iloc[0]

    assert first["text"] == "The council called the strike an injustice and left. Nobody spoke."


def test_abstract_before_the_full_text_is_not_counted_twice(tmp_path):
    text = ("ABSTRACT", "Nine days of strike ended.", "FULL TEXT", *TEXT)
    first = load(tmp_path, article(text=text, header=[f"Length:{NBSP}40 words"])).iloc[0]

    assert first["standfirst"] == "Nine days of strike ended."
    assert first["text"].startswith("The ferry strike")


def test_graphics_notes_and_corrections_are_not_text(tmp_path):
    tail = [
        "\nGraphic",
        "",
        "A ferry at dawn. (Photograph by K. Holm)",
        "\nCorrection",
        "",
        "An earlier version misspelled a name.",
    ]
    articles = load(tmp_path, article(text=(*TEXT, "Link to Image"), tail=tail))

    first = articles.iloc[0]
    assert first["text"].endswith("called the agreement fair.")
    assert first["graphic"].startswith("A ferry at dawn")
    assert first["correction"] == "An earlier version misspelled a name."
    assert {"caption", "correction"} <= set(mk.read_ledger(articles)["kind"])


def test_subject_terms_become_a_long_table(tmp_path):
    tail = [
        "\nClassification", "", f"Language:{NBSP}ENGLISH", f"Publication-Type:{NBSP}Newspaper",
        f"Subject:{NBSP}STRIKES (93%); FERRIES (78%)", f"Geographic:{NBSP}PORT BELL (90%)", f"Person:{NBSP}A. RUIZ (51%)",
    ]  # fmt: skip
    articles = load(tmp_path, article(tail=tail))

    terms = read_terms(articles)
    assert terms[["scheme", "term", "relevance"]].values.tolist() == [
        ["subject", "STRIKES", 93.0], ["subject", "FERRIES", 78.0], ["place", "PORT BELL", 90.0], ["person", "A. RUIZ", 51.0],
    ]  # fmt: skip
    assert articles["publication_type"][0] == "Newspaper"


def test_a_missing_body_mark_loses_nothing(tmp_path):
    first = load(tmp_path, article(body=False)).iloc[0]

    assert first["text"].startswith("The ferry strike ended")
    assert first["byline"] == "Ana Ruiz"


def test_the_author_named_in_the_first_paragraph(tmp_path):
    first = load(tmp_path, article(text=("By Horst Emmerling", *TEXT), header=[f"Length:{NBSP}40 words"])).iloc[0]

    assert first["byline"] == "Horst Emmerling"
    assert first["text"].startswith("The ferry strike ended")


def test_an_article_that_the_file_cuts_is_kept_and_said_to_be_cut(tmp_path):
    articles = load(tmp_path, article(), article(end=False))

    assert len(articles) == 2
    assert articles["truncated"].tolist() == [False, True]
    assert "the file ends before" in articles["truncated_why"][1]


def test_far_fewer_words_than_declared_are_evidence_of_a_cut(tmp_path):
    first = load(tmp_path, article(words=900)).iloc[0]

    assert first["truncated"]
    assert "900 declared" in first["truncated_why"]


def test_documents_that_are_no_news_are_kept(tmp_path):
    bill = [
        "", "2021 Bill Text CA A.B. 12", "California Bill Text", "December 16, 2020, Filed", "", "Reporter", "2021 CA A.B. 12",
        "The people do enact as follows.", "", "\nEnd of Document", "",
    ]  # fmt: skip
    path = tmp_path / "bills.docx"
    path.write_bytes(docx([*bill, *article()]))
    articles = mk.load_articles(path)

    mk.check_ledger(mk.read_ledger(articles))
    assert len(articles) == 2


def test_a_zip_of_single_documents(tmp_path):
    with zipfile.ZipFile(tmp_path / "Files (2).zip", "w") as archive:
        archive.writestr("one.DOCX", docx(article()))
        archive.writestr("two.DOCX", docx(article(title=("Ferries sail",))))
    articles = mk.load_articles(tmp_path / "Files (2).zip")

    assert articles["headline"].tolist() == ["The strike is over", "Ferries sail"]
    assert set(articles["format"]) == {"nexis-docx"}


@pytest.mark.parametrize("raw", [False, True])
def test_rtf_with_escapes_or_raw_bytes(tmp_path, raw):
    lines = [
        line.strip("\n")
        for line in article(title=("Der Streik ist zu Ende: „Endlich“",), language="de", date="11. Mai 2023")
    ]
    (tmp_path / "nexis.RTF").write_bytes(rtf(lines, raw=raw))
    articles = mk.load_articles(tmp_path / "nexis.RTF")

    mk.check_ledger(mk.read_ledger(articles))
    first = articles.iloc[0]
    assert (first["format"], first["headline"]) == ("nexis-rtf", "Der Streik ist zu Ende: „Endlich“")
    assert (first["outlet"], str(first["date"].date()), first["byline"]) == (
        "The Harbour Post",
        "2023-05-11",
        "Ana Ruiz",
    )


def test_lock_files_and_empty_documents_are_rows_in_the_ledger(tmp_path):
    (tmp_path / "~$Files.docx").write_bytes(b"\x05owner")
    (tmp_path / "empty.docx").write_bytes(docx(["", ""]))
    (tmp_path / "cut.docx").write_bytes(docx(article())[:400])
    (tmp_path / "good.docx").write_bytes(docx(article()))
    with pytest.warns(mk.LoadWarning, match="2 of 4 files could not be read"):
        articles = mk.load_articles(tmp_path)

    kinds = mk.read_ledger(articles).query("part == 0").set_index("file")["kind"].to_dict()
    assert kinds == {
        "cut.docx": "unreadable",
        "empty.docx": "unreadable",
        "good.docx": "file",
        "~$Files.docx": "skipped",
    }


def test_a_document_that_unpacks_without_measure_is_not_opened(tmp_path):
    (tmp_path / "bomb.docx").write_bytes(docx(["x" * 60_000_000]))
    with pytest.raises(mk.LoadError, match=r"unpacks to|no reader"):
        mk.load_articles(tmp_path / "bomb.docx")


def test_entities_of_the_document_are_not_expanded(tmp_path):
    lines = article()
    data = docx(lines)
    path = tmp_path / "hostile.docx"
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("word/document.xml", "")
    import io

    inner = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    hostile = inner.replace("?>", '?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1).replace(
        "The ferry", "&a;The ferry"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", hostile)
    first = mk.load_articles(path).iloc[0]

    assert "root:" not in first["text"]


@pytest.mark.parametrize("kind", ["docx", "rtf"])
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, kind):
    lines = [*COVER, *article(), *article(language="de")]
    whole = docx(lines, compression=zipfile.ZIP_STORED) if kind == "docx" else rtf([line.strip("\n") for line in lines])
    check_mutants(tmp_path, f"n.{kind}", whole, count=60)
