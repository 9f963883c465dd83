"""ProQuest: text files, HTML pages and mails; look-alikes with invented text."""

import quopri
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import openpyxl
import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning
from mediakit.load.formats import proquest, proquest_html
from mediakit.load.proquest import find_label
from mediakit.load.source import Source
from mediakit.load.terms import read_terms

RULE = "_" * 60
LINK = (
    "https://resolver.example/openurl?institution=X&amp;genre=article&amp;atitle=Harbour+reopens%3A+Ferries+return"
    "&amp;title=Valley+News+%28Online%29&amp;issn=&amp;date=2022-03-11&amp;jtitle=Valley+News+%28Online%29&amp;rft_id=info:doi/"
)
BODY = (
    "The harbour of Port Bell reopened on Friday after a strike of nine days, the ferry company said.",
    "Spoiler alert: nobody won.",
    "Subject: none, said the clerk, and closed the file.",
    "Twitter: @portbell",
    "Ferries will run every hour until the end of the month, and every two hours after that.",
)
WORDS = {
    "en": ("Author", "Publication info", "Abstract", "Links", "Full text", "Subject", "Title", "Publication title", "First page", "Publication year", "Publication date", "Section", "Publisher", "Place of publication", "Source type", "Language of publication", "Document type", "ProQuest document ID", "Document URL", "Copyright", "Last updated", "Database"),
    "de": ("Autor", "Publikationsinfo", "Zusammenfassung", "Links", "Volltext", "Thema", "Titel", "Titel der Publikation", "Seiten", "Erscheinungsjahr", "Publikationsdatum", "Bereich", "Herausgeber", "Verlagsort", "Quellentyp", "Publikationssprache", "Dokumententyp", "ProQuest-Dokument-ID", "Dokument-URL", "Copyright", "Zuletzt aktualisiert", "Datenbank"),
    "fr": ("Auteur", "Informations de publication", "Résumé", "Liens", "Texte intégral", "Sujet", "Titre", "Titre de la publication", "Pages", "Année de publication", "Date de publication", "Section", "Éditeur", "Lieu de publication", "Type de source", "Langue de publication", "Type de document", "ID du document ProQuest", "URL du document", "Copyright", "Dernière mise à jour", "Base de données"),
    "es": ("Autor", "Información de publicación", "Resumen", "Enlaces", "Texto completo", "Materia", "Título", "Título de publicación", "Páginas", "Año de publicación", "Fecha de publicación", "Sección", "Editorial", "Lugar de publicación", "Tipo de fuente", "Idioma de la publicación", "Tipo de documento", "ID del documento de ProQuest", "URL del documento", "Copyright", "Última actualización", "Base de datos"),
    "it": ("Autore", "Informazioni sulla pubblicazione", "Riassunto", "Link", "Testo completo", "Soggetto", "Titolo", "Titolo pubblicazione", "Pagine", "Anno di pubblicazione", "Data di pubblicazione", "Sezione", "Casa editrice", "Luogo di pubblicazione", "Tipo di fonte", "Lingua di pubblicazione", "Tipo di documento", "ID documento ProQuest", "URL documento", "Copyright", "Ultimo aggiornamento", "Database"),
    "pt": ("Autor", "Informações da publicação", "Resumo", "Links", "Texto completo", "Assunto", "Título", "Título da publicação", "Páginas", "Ano de publicação", "Data de publicação", "Seção", "Editora", "Local de publicação", "Tipo de fonte", "Idioma de publicação", "Tipo de documento", "ID do documento ProQuest", "URL do documento", "Copyright", "Última atualização", "Base de dados"),
}  # fmt: skip


def article(number=1, language="en", body=BODY, replace=(), colon=":", drop=(), first="", **values):
    """One article as ProQuest prints it: blocks with a blank line between, some replaced or dropped."""
    printed = {
        "Author": "Ruiz, Ana; Lee, Tom J", "Publication info": "Valley News ; Valley, Ont. [Valley, Ont]. 11 Mar 2022: A.1.",
        "Abstract": "None available.", "Links": LINK, "Full text": "\r\n".join(body),
        "Subject": "Strikes; Ports & harbors", "Title": "Harbour reopens: Ferries return: \xa0 Ferries return",
        "Publication title": "Valley News; Valley, Ont.", "First page": "A.1", "Publication year": "2022",
        "Publication date": "Mar 11, 2022", "Section": "News", "Publisher": "Example Press", "Place of publication": "Valley, Ont.",
        "Source type": "Newspaper", "Language of publication": "English", "Document type": "News",
        "ProQuest document ID": f"26372678{number:02}",
        "Document URL": f"https://proxy.example/login?url=https://www.proquest.com/newspapers/harbour/docview/26372678{number:02}/se-2?accountid=15090",
        "Copyright": "Copyright 2022 Example Press. All Rights Reserved.", "Last updated": "2022-03-12",
        "Database": "Example Newsstream",
    } | {name.replace("_", " "): value for name, value in values.items()}  # fmt: skip
    blocks = [RULE, *([first] if first else []), "Harbour reopens: Ferries return"]
    for name, label in zip(WORDS["en"], WORDS[language], strict=True):
        if name not in drop:
            blocks.append(f"{label}{colon} {printed[name]}")
        if name == "Publication info":
            blocks.append(printed["Document URL"])
    text = "\r\n\r\n".join(blocks) + "\r\n\r\n"
    for old, new in replace:
        assert old in text
        text = text.replace(old, new)
    return text


FOOTER = f"{RULE}\r\n\r\nContact us at: http://about.proquest.com/go/contact\r\nDatabase copyright © 2022 ProQuest LLC. All rights reserved.\r\nTerms and Conditions: https://www.proquest.com/info/termsAndConditions"


def load(folder, text, name="export.txt", **options):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    articles = mk.load_articles(path, **options)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def kinds(articles):
    return mk.read_ledger(articles).query("part > 0")["kind"].tolist()


def test_an_article_has_all_its_fields(tmp_path):
    articles = load(tmp_path, article() + FOOTER)

    one = articles.iloc[0]
    assert one["format"] == "proquest"
    assert one["headline"] == "Harbour reopens: Ferries return"
    assert one["outlet"] == "Valley News"
    assert (f"{one['date']:%Y-%m-%d}", one["date_raw"]) == ("2022-03-11", "Mar 11, 2022")
    assert (one["byline"], one["section"], one["page"]) == ("Ana Ruiz, Tom J Lee", "News", "A.1")
    assert one["text"] == "\n\n".join(BODY)
    assert one["url"] == "https://www.proquest.com/newspapers/harbour/docview/2637267801/se-2"
    assert (one["vendor_id"], one["modified"], one["language"]) == ("2637267801", "2022-03-12", "en")
    assert (one["database"], one["source_type"], one["publication_place"]) == (
        "Example Newsstream",
        "Newspaper",
        "Valley, Ont.",
    )
    assert read_terms(articles)["term"].tolist() == ["Strikes", "Ports & harbors"]
    assert "description" not in articles.columns
    assert "unparsed" not in kinds(articles)
    assert not one["truncated"]


def test_lines_of_the_text_that_look_like_labels_stay_in_the_text(tmp_path):
    body = ("One.", "Title: the old one", "Location: the pier", "Publication date: never", "Answer: no", "Two.")

    articles = load(tmp_path, article(body=body) + FOOTER)

    assert articles["text"].item().split("\n\n") == list(body)
    assert articles["outlet"].item() == "Valley News"


def test_paragraphs_with_blank_lines_between_that_look_like_labels_stay_in_the_text(tmp_path):
    body = (
        "One.\r\n\r\nSubject: the harbour, again.\r\n\r\nTwo is a sentence.\r\n\r\nPeople: they came.\r\n\r\nThree.",
    )

    articles = load(tmp_path, article(body=body) + FOOTER)

    assert articles["text"].item().split("\n\n")[1::2] == ["Subject: the harbour, again.", "People: they came."]
    assert read_terms(articles)["term"].tolist() == ["Strikes", "Ports & harbors"]


def test_labels_that_lost_a_space_are_recognised(tmp_path):
    replaced = (
        ("ProQuest document ID:", "ProQuestdocument ID:"),
        ("Place of publication:", "Placeof publication:"),
        ("Document type:", "Documenttype:"),
    )

    articles = load(tmp_path, article(replace=replaced) + FOOTER)

    assert articles["vendor_id"].item() == "2637267801"
    assert articles["document_type"].item() == "News"
    assert articles["text"].item().endswith("after that.")
    assert find_label("Placeof publication: Valley") == ("publication_place", "Placeof publication", "Valley")


def test_spaces_in_values_are_mended_by_what_the_rest_of_the_file_prints(tmp_path):
    broken = article(
        3, Publication_title="Val ley News; Valley, Ont.", Source_type="Newspape r", Database="Example Newsstr eam",
        Publication_date="Mar 1 1, 2 022", ProQuest_document_ID="26372 67803", Last_updated="2022-03- 12",
    )  # fmt: skip

    articles = load(tmp_path, article(1) + article(2) + broken + FOOTER)

    assert articles["outlet"].unique().tolist() == ["Valley News"]
    assert articles["source_type"].unique().tolist() == ["Newspaper"]
    assert articles["database"].unique().tolist() == ["Example Newsstream"]
    assert articles["date"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2022-03-11"]
    assert articles["vendor_id"].tolist()[2] == "2637267803"
    assert articles["modified"].unique().tolist() == ["2022-03-12"]


def test_a_single_value_is_mended_by_the_link_that_repeats_it(tmp_path):
    articles = load(
        tmp_path,
        article(
            Publication_title="Valley Ne ws (Online); Valley",
            Publication_date="Ma r 11, 2022",
            drop=("Publication info",),
        )
        + FOOTER,
    )

    assert articles["outlet"].item() == "Valley News (Online)"
    assert articles["date_raw"].item() == "Mar 11, 2022"


def test_a_title_broken_by_a_space_is_spaced_like_the_second_title(tmp_path):
    text = article(
        Title="Harbour reopens: Ferries return",
        replace=(("\r\n\r\nHarbour reopens: Ferries return\r\n", "\r\n\r\nHarbour reop ens: Ferries return\r\n"),),
    )

    assert load(tmp_path, text + FOOTER)["headline"].item() == "Harbour reopens: Ferries return"


@pytest.mark.parametrize("language", list(WORDS))
def test_labels_in_six_languages(tmp_path, language):
    dates = {
        "de": "11. März 2022",
        "fr": "11 mars 2022",
        "es": "11 de marzo de 2022",
        "it": "11 marzo 2022",
        "pt": "11 de março de 2022",
    }
    colon = "\xa0:" if language == "fr" else ":"

    articles = load(
        tmp_path,
        article(language=language, colon=colon, Publication_date=dates.get(language, "Mar 11, 2022")) * 2 + FOOTER,
    )

    assert len(articles) == 2
    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["byline"]) == (
        "Harbour reopens: Ferries return",
        "Valley News",
        "Ana Ruiz, Tom J Lee",
    )
    assert f"{one['date']:%Y-%m-%d}" == "2022-03-11"
    assert one["text"] == "\n\n".join(BODY)
    assert (one["vendor_id"], one["page"], one["section"], one["modified"]) == (
        "2637267801",
        "A.1",
        "News",
        "2022-03-12",
    )
    assert "unparsed" not in kinds(articles)


def test_captions_and_credits_are_no_text_and_a_credit_is_the_byline_where_no_author_is_named(tmp_path):
    body = (
        "One.",
        "Two.",
        "",
        "CAPTION: The pier on Friday.",
        "CREDIT: Mara Quint Valley News OPINION Mara Quint writes on ports.",
    )

    articles = load(tmp_path, article(body=body, drop=("Author",)) + FOOTER)

    assert articles["text"].item() == "One.\n\nTwo."
    assert articles["byline"].item() == "Mara Quint"
    assert articles["caption"].item() == "The pier on Friday."


@pytest.mark.parametrize(
    ("credit", "byline", "agency"),
    [
        ("Mara Quint Political Reporter", "Mara Quint", None),
        ("Mara Quint and Tom Lee Contributors", "Mara Quint and Tom Lee", None),
        ("Mara Quint Ottawa Bureau With files from Tom Lee", "Mara Quint", None),
        ("Mara Quint The Associated Press", "Mara Quint", "AP"),
    ],
)
def test_offices_and_agencies_behind_a_credited_name(tmp_path, credit, byline, agency):
    first = load(tmp_path, article(body=("One.", "Two.", f"CREDIT: {credit}"), drop=("Author",)) + FOOTER).iloc[0]

    assert first["byline"] == byline
    assert first.get("agency") == agency


def test_a_credit_in_a_paragraph_of_its_own_is_the_byline(tmp_path):
    body = ("One.", "Two.", "CAPTION: The pier on Friday.", "", "CREDIT: Mara Quint")

    first = load(tmp_path, article(body=body, drop=("Author",)) + FOOTER).iloc[0]

    assert (first["byline"], first["text"]) == ("Mara Quint", "One.\n\nTwo.")


def test_a_credit_line_without_a_name_gives_no_byline(tmp_path):
    articles = load(tmp_path, article(body=("One.", "CREDIT: ;"), drop=("Author",)) + FOOTER)

    assert articles["byline"].isna().item()
    assert articles["text"].item() == "One."


def test_web_editions_have_a_publication_line_with_a_date_only_and_the_link_before_the_abstract(tmp_path):
    articles = load(
        tmp_path,
        article(Publication_info="Mar 11, 2022.", Publication_title="Valley", Source_type="Blog, Podcast, or Website")
        + FOOTER,
    )

    assert articles["outlet"].item() == "Valley"
    assert articles["source_type"].item() == "Blog, Podcast, or Website"


def test_the_publication_line_serves_where_the_fields_below_are_missing(tmp_path):
    articles = load(tmp_path, article(drop=("Publication title", "Publication date", "First page", "Links")) + FOOTER)

    one = articles.iloc[0]
    assert (one["outlet"], one["date_raw"], one["page"]) == ("Valley News", "11 Mar 2022", "A.1")


def test_document_numbers_declare_how_many_there_are(tmp_path):
    text = article(1, first="Document 1 of 2") + article(2, first="Document 2 of 2") + FOOTER

    articles = load(tmp_path, text)

    assert len(articles) == 2
    assert articles["headline"].unique().tolist() == ["Harbour reopens: Ferries return"]
    assert "declared 2, read 2: equal" in mk.read_ledger(articles)["note"].tolist()


def test_a_file_that_lacks_documents_is_reported(tmp_path):
    with pytest.warns(LoadWarning, match="declare another number"):
        articles = load(tmp_path, article(1, first="Document 1 of 500") + FOOTER)

    assert len(articles) == 1


def test_cover_list_of_titles_and_bibliography_are_header(tmp_path):
    cover = f"{RULE}\r\n\r\nReport Information from ProQuest\r\nMarch 12 2022 09:14\r\n\r\n{RULE}\r\n\r\nTable of contents\r\n\r\n1. Harbour reopens: Ferries return\r\n\r\n"
    after = f"{RULE}\r\n\r\nBibliography\r\n\r\nRuiz, A. (2022). Harbour reopens. Valley News.\r\n\r\n"

    articles = load(tmp_path, cover + article() + after + FOOTER)

    assert len(articles) == 1
    assert "unparsed" not in kinds(articles)
    assert kinds(articles)[0] == "header"


def test_an_article_without_full_text_is_kept_with_its_abstract(tmp_path):
    articles = load(
        tmp_path, article(drop=("Full text",), Abstract="The harbour opened. [...] Ferries ran.") + article(2) + FOOTER
    )

    assert articles["text"].isna().tolist() == [True, False]
    assert articles["description"].iloc[0] == "The harbour opened. [...] Ferries ran."
    assert articles["headline"].iloc[0] == "Harbour reopens: Ferries return"
    assert articles["outlet"].iloc[0] == "Valley News"


def test_a_full_text_that_is_not_available_is_no_text(tmp_path):
    articles = load(tmp_path, article(body=("Not available.",)) + article(2) + FOOTER)

    assert articles["text"].isna().tolist() == [True, False]


def test_a_line_of_underscores_within_the_text_does_not_cut_the_article(tmp_path):
    articles = load(tmp_path, article(body=("One.", "", RULE, "", "Two.")) + article(2) + FOOTER)

    assert len(articles) == 2
    assert articles["text"].iloc[0] == "One.\n\nTwo."
    assert articles["section"].iloc[0] == "News"


def test_a_cut_file_gives_the_articles_before_the_cut(tmp_path):
    text = article(1) + article(2)

    articles = load(tmp_path, text[: text.rindex("until the end")])

    assert len(articles) == 2
    assert articles["truncated"].tolist() == [False, True]
    assert "before the article does" in articles["truncated_why"].iloc[1]


def test_something_else_between_the_rules_is_unparsed_and_not_an_article(tmp_path):
    articles = load(tmp_path, article(1) + f"{RULE}\r\n\r\nSome words that are nothing.\r\n\r\n" + article(2) + FOOTER)

    assert len(articles) == 2
    assert "unparsed" in kinds(articles)


def test_line_feeds_alone_a_byte_order_mark_and_missing_blank_lines_between_the_fields(tmp_path):
    above, below = article().replace("\r\n", "\n").split("Subject: Strikes")
    dense = ("Subject: Strikes" + below).replace("\n\n", "\n")

    articles = load(tmp_path, "\ufeff" + above + dense + "\n" + FOOTER.replace("\r\n", "\n"))

    assert articles["text"].item() == "\n\n".join(BODY)
    assert articles["section"].item() == "News"
    assert articles["date_raw"].item() == "Mar 11, 2022"


def test_a_note_in_brackets_behind_the_title_is_the_edition_or_the_desk(tmp_path):
    first = article(
        1, replace=(("Harbour reopens: Ferries return\r\n", "Harbour reopens: [Early Edition]\r\n"),), drop=("Title",)
    )
    second = article(
        2, replace=(("Harbour reopens: Ferries return\r\n", "Harbour reopens: [Foreign Desk]\r\n"),), drop=("Title",)
    )

    articles = load(tmp_path, first + second + FOOTER)

    assert articles["headline"].tolist() == ["Harbour reopens"] * 2
    assert articles["edition"].iloc[0] == "Early Edition"
    assert articles["desk"].iloc[1] == "Foreign Desk"


def test_companies_and_business_terms_are_told_apart(tmp_path):
    extra = "Business indexing term: Subject: Strikes Ports & harbors\r\n\r\nCompany / organization: Name: Ferry Corp; Ticker: FRY; NAICS: 483114, 483212; Name: Port Council\r\n\r\nPeople: Quint, Mara\r\n\r\nTitle:"

    articles = load(tmp_path, article(replace=(("Title:", extra),)) + FOOTER)

    terms = read_terms(articles).set_index("scheme")
    assert terms.loc["business", "term"].tolist() == ["Strikes", "Ports & harbors"]
    assert terms.loc["organization", "term"].tolist() == ["Ferry Corp", "Port Council"]
    assert terms.loc["organization", "code"].iloc[0] == "Ticker FRY, NAICS 483114, 483212"
    assert terms.loc["person", "term"] == "Quint, Mara"


# --- HTML and mail


def page_article(
    number=1,
    body=BODY,
    pictures="",
    words=70,
    bold="strong",
    title=("Harbour reopens: Ferries return",),
    language="en",
    nested=False,
    malformed=False,
):
    label = dict(zip(WORDS["en"], WORDS[language], strict=True))
    text = "".join(f"<p>{line}</p>              " for line in body)
    inner = (
        f'<html><head><meta name="V" content="x"><title></title></head><body>{pictures}{text}</body></html>'
        if nested
        else text
    )
    inner = f"html&gt;{inner.removeprefix('<html>')}" if malformed else inner
    abstract = f"<{bold}>{label['Abstract']}:  </{bold}>" + ("<body>" if malformed else "")
    below = {
        "Subject": "Strikes; Ports &amp; harbors", "Publication title": "Valley News,  Late Edition; Valley, Ont.", "First page": "AA.2",
        "Publication year": "2022", "Publication date": "Mar 11, 2022", "Section": "News", "Publisher": "Example Press",
        "Place of publication": "Valley, Ont.", "Source type": "Newspapers", "Language of publication": "English", "Document type": "News",
        "ProQuest document ID": f"2514399{number:02}", "Document URL": f'<a href="https://search.proquest.com/docview/2514399{number:02}?accountid=1">https://search.proquest.com/docview/2514399{number:02}?accountid=1</a>',
        "Copyright": "(Copyright (c) 2022 Example Press)", "Last updated": "2022-03-12", "Database": "Example Dailies",
    }  # fmt: skip
    fields = "".join(
        f'<p style="margin:0"><{bold}>{label[name]}: </{bold}>{value}</p>\n' for name, value in below.items()
    )
    return (
        f'<div style="margin-bottom:20px"><a name="DocID_MSTAR_2514399{number:02}"></a><p></p>\n'
        + "".join(f'<p style="font-size:11pt;font-weight:bold;">{line}</p>' for line in title)
        + f"<p><{bold}>{label['Author']}:  </{bold}>Ruiz, Ana</p>"
        f'<p><a href="https://search.proquest.com/docview/2514399{number:02}?accountid=1">ProQuest document link</a></p>'
        f"<p>{abstract}</p><p>A summary of it.</p><p>{'</body>' if malformed else ''}</p>"
        f'<div><{bold}>{label["Links"]}: </{bold}><a href="http://resolver.example/?x=1">Get it</a></div>'
        f'<p><{bold}>{label["Full text"]}: </{bold}><Text WordCount="{words}" HTMLContent="true">{inner}</Text></p>{fields}</div>\n'
    )


def page(
    *articles,
    before="<table><tr><td>All documents are reproduced with permission.</td></tr></table><div>Someone sent you the following:</div><p>Email 4 of 5</p>",
):
    return f'<!DOCTYPE html><html><head><title>ProQuest Export</title></head><body>{before}{"".join(articles)}<div class="copyright">Copyright 2022 ProQuest LLC. All rights reserved.</div></body></html>'


def test_a_page_gives_its_articles_and_the_declared_words(tmp_path):
    articles = load(tmp_path, page(page_article(1), page_article(2)), "export.html")

    assert articles["format"].unique().tolist() == ["proquest-html"]
    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["edition"]) == (
        "Harbour reopens: Ferries return",
        "Valley News",
        "Late Edition",
    )
    assert (one["byline"], one["page"], one["section"]) == ("Ana Ruiz", "AA.2", "News")
    assert one["text"] == "\n\n".join(BODY)
    assert (one["declared_words"], one["description"]) == (70, "A summary of it.")
    assert articles["vendor_id"].tolist() == ["251439901", "251439902"]
    assert one["url"] == "https://search.proquest.com/docview/251439901"
    assert "unparsed" not in kinds(articles)


def test_a_whole_page_within_the_text_and_malformed_tags_do_no_harm(tmp_path):
    pictures = '<div><a name="1"></a><div class="document_view_image"><a href="x" class="sr-only">Enlarge this image.</a><div class="document_view_caption"><p>The pier.</p></div></div></div>'

    articles = load(
        tmp_path,
        page(page_article(1, nested=True, malformed=True, pictures=pictures), page_article(2, nested=True)),
        "export.html",
    )

    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2
    assert articles["caption"].iloc[0] == "The pier."
    assert articles["section"].tolist() == ["News"] * 2
    assert "unparsed" not in kinds(articles)


def test_the_newer_layout_with_a_line_of_authors_and_outlet_below_the_title(tmp_path):
    cited = '<span class="scholUnivAuthors">Ruiz, Ana.\u2009\n</span><span class="newspaperArticle"><strong>Valley News</strong><strong>, Late Edition; Valley</strong> [Valley].&nbsp;11 Mar 2022.</span>'

    articles = load(tmp_path, page(page_article(1, title=("Harbour reopens: Ferries return", cited))), "export.html")

    assert articles["headline"].item() == "Harbour reopens: Ferries return"
    assert articles["text"].item() == "\n\n".join(BODY)


@pytest.mark.parametrize("language", list(WORDS))
def test_pages_in_six_languages(tmp_path, language):
    articles = load(tmp_path, page(page_article(1, language=language)), "export.html")

    one = articles.iloc[0]
    assert (one["outlet"], one["byline"], one["section"], one["vendor_id"]) == (
        "Valley News",
        "Ana Ruiz",
        "News",
        "251439901",
    )
    assert one["text"] == "\n\n".join(BODY)


def test_pages_without_anchors_are_split_at_the_titles(tmp_path):
    text = (
        page(page_article(1, bold="b"), page_article(2, bold="b"))
        .replace('<a name="DocID_MSTAR_251439901"></a>', "")
        .replace('<a name="DocID_MSTAR_251439902"></a>', "")
    )

    articles = load(tmp_path, text, "printed.html")

    assert articles["headline"].tolist() == ["Harbour reopens: Ferries return"] * 2
    assert articles["vendor_id"].tolist() == ["251439901", "251439902"]


def test_the_number_of_the_next_document_is_no_field_of_the_one_above(tmp_path):
    text = page(page_article(1), page_article(2))
    for number in (1, 2):
        text = text.replace(f'<a name="DocID_MSTAR_25143990{number}"></a>', f"<p>Document {number} of 2</p>")

    articles = load(tmp_path, text, "printed.html")

    assert articles["headline"].tolist() == ["Harbour reopens: Ferries return"] * 2
    assert not articles["database"].str.contains("Document").any()
    assert articles["declared_words"].tolist() == [70, 70]


def mail(html, *, forwarded=False, plain="Here they are.\n"):
    inner = MIMEMultipart("mixed")
    page_part = MIMEText("x", "html", "utf-8")
    page_part.replace_header("Content-Transfer-Encoding", "quoted-printable")
    page_part.set_payload(quopri.encodestring(html.encode()).decode())
    inner.attach(page_part)
    inner.attach(MIMEApplication(b"%PDF-1.4 nothing", "pdf", name="note.pdf"))
    if forwarded:
        outer = MIMEMultipart("alternative")
        outer.attach(MIMEText(f"{plain}\n> Your ProQuest Research\n", "plain", "utf-8"))
        outer.attach(inner)
        inner = outer
    inner["Subject"] = "Your ProQuest Research"
    inner["From"] = "noreply@proquest.example"
    return b"Received: by mail.example; Sun, 5 Jul 2020 01:02:03 -0400\n" + inner.as_bytes()


@pytest.mark.parametrize("forwarded", [False, True])
def test_a_mail_is_read_and_each_of_its_parts_is_accounted_for(tmp_path, forwarded):
    articles = load(
        tmp_path, mail(page(page_article(1), page_article(2, nested=True)), forwarded=forwarded), "research.eml"
    )

    assert articles["headline"].tolist() == ["Harbour reopens: Ferries return"] * 2
    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2
    found = kinds(articles)
    assert found[0] == "header"
    assert found[-1] == "boilerplate"
    assert ("duplicate" in found) == forwarded
    assert "unparsed" not in found


def test_a_mail_without_articles_is_unreadable(tmp_path):
    with pytest.raises(LoadError, match="without any article"):
        load(tmp_path, mail("<html><body>Thank you for using ProQuest.</body></html>"), "research.eml")


def test_other_files_are_left_to_other_readers(tmp_path):
    for name, text in {
        "a.txt": "Talks resume\n\nThe database of ProQuest was down.\nTitle: none\n",
        "b.html": "<html><body><h1>ProQuest</h1><p>A page on a database.</p></body></html>",
        "c.json": '{"title": "ProQuest", "text": "x"}',
        "d.eml": "From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHello.\n",
    }.items():
        (tmp_path / name).write_text(text)
        source = Source(tmp_path / name, name)
        assert proquest.READER.sniff(source)[0] == 0.0
        assert proquest_html.READER.sniff(source)[0] == 0.0


def test_the_workbook_of_proquest_is_read_by_its_columns(tmp_path):
    book = openpyxl.Workbook()
    names = [
        "Title",
        "Abstract",
        "StoreId",
        "ArticleType",
        "AlternateTitle",
        "Authors",
        "companies",
        "copyright",
        "documentType",
        "entryDate",
        "issn",
        "language",
        "pages",
        "pubdate",
        "pubtitle",
        "startPage",
        "subjects",
        "year",
        "DocumentURL",
        "FindACopy",
        "Database",
    ]
    book.active.append(names)
    row = dict.fromkeys(names) | {
        "Title": "Harbour reopens",
        "Authors": "Ruiz, Ana",
        "pubtitle": "Valley News",
        "pubdate": "Mar 11, 2022",
        "StoreId": "2637267801",
        "DocumentURL": "https://www.proquest.com/docview/2637267801",
        "language": "English",
    }
    book.active.append([row[name] for name in names])
    book.save(tmp_path / "ProQuestDocuments.xlsx")

    articles = mk.load_articles(tmp_path / "ProQuestDocuments.xlsx")

    one = articles.iloc[0]
    assert (one["headline"], one["byline"], one["outlet"]) == ("Harbour reopens", "Ruiz, Ana", "Valley News")
    assert f"{one['date']:%Y-%m-%d}" == "2022-03-11"
    assert one["url"].endswith("2637267801")


@pytest.mark.parametrize("name", ["export.txt", "export.html", "research.eml"])
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name):
    if name.endswith("txt"):
        whole = (article(1) + article(2) + FOOTER).encode()
    else:
        whole = page(page_article(1), page_article(2, nested=True)).encode()
        whole = mail(whole.decode(), forwarded=True) if name.endswith("eml") else whole
    check_mutants(tmp_path, name, whole)


def test_the_real_files_give_every_article(real_files):
    folder = real_files / "exports"
    star = mk.load_articles(folder / "proquest_txt" / "kiss_star_first80.txt")
    page_ = mk.load_articles(folder / "proquest_html" / "*.html")

    assert (len(star), star["format"].unique().tolist()) == (80, ["proquest"])
    assert star["headline"].notna().all()
    assert star["text"].notna().all()
    assert star["date"].dt.year.eq(2022).all()
    assert star["vendor_id"].str.fullmatch(r"26\d{8}").all()
    assert star["outlet"].value_counts().to_dict() == {"Toronto": 42, "Toronto Star": 38}
    assert star["database"].nunique() == 2
    assert not mk.read_ledger(star)["kind"].eq("unparsed").any()
    assert page_["format"].tolist() == ["proquest-html"]
    assert abs(page_["words"].item() - page_["declared_words"].item()) < 0.05 * 239
    mk.check_ledger(mk.read_ledger(star))
    mk.check_ledger(mk.read_ledger(page_))
