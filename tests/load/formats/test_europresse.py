"""Europresse: pages in the layouts of 2013, 2014, 2021 and 2023; look-alikes with invented text."""

import pandas as pd
import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.load import markup
from mediakit.load.europresse import read_header
from mediakit.load.formats import europresse
from mediakit.load.source import Source

BODY = (
    "Le port de Sainte-Odile a rouvert vendredi après neuf jours de grève, selon la compagnie des bacs.",
    "« Nous n'avons rien gagné », dit une habitante, qui attend le premier bateau sur le quai.",
    "Les bacs partiront toutes les heures jusqu'à la fin du mois, puis toutes les deux heures.",
)
CSS = "<style>.DocText{font-size:12px}.titreArticleVisu{font-weight:bold}</style>"


def article(
    number=1, *, outlet="La Vigie du Port (site web)", header="Région, vendredi 11 mars 2022 - 17:00 UTC +0100 455 mots, p. 7",
    title="Le port de Sainte-Odile rouvre", above="", kicker="", below="", byline="", lead="", body=BODY, inside="",
    aside="", day="20220311", code="VDP", note="Certificat émis le <b>7 avril 2022</b> à <b>UNIVERSITE-INVENTEE</b> à des fins",
    rights="© 2022 La Vigie du Port. Tous droits réservés.", foot="Le présent document est protégé par les lois.",
):  # fmt: skip
    """One article in the layout of 2023."""
    paragraphs = "".join(f"<p>{paragraph} </p> " for paragraph in body)
    return f"""<article>
    <header><div class="icon-logo-container"></div>
    <img class="sm-margin-bottom" src="https://proxy.example/Docviewer.aspx?DocName=x.gif" /><span class="" sourcecode="{code}"></span>
<div class="rdp__DocPublicationName"><span class="DocPublicationName">
        {outlet}   </span></div>
<div class="rdp__DocHeader"><span class="DocHeader">
        {header}</span></div>{above}
<div class="titreArticle">{kicker}
    <p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}</p>{below}
</div>{byline}{lead}
    </header>
    <section><div class="DocText clearfix"><div class='docOcurrContainer' style="">{paragraphs}{inside}</div></div></section>
    <aside>{aside}</aside>
    <footer><a name="complement"></a><div id="entityList"></div>
    <div class="Doc-LegalInfo"><small>{rights}</small>&nbsp;&nbsp;<small>{foot}</small></div>
<div id="divPubliC" class="rdp__certificat"><div class="rdp__public-cert publiC-certificate">
        <div class="publiC_lblCertificatIssuedTo">{note}</div><br/></div>
    <div class="publiC-lblNodoc">news&#183;{day}&#183;{code}&#183;30151{number}&#215;20</div></div></footer>
</article>"""


def page(*articles):
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"/><title></title>{CSS}</head>\n<body>{"".join(articles)}</body></html>'


def old_article(
    title="Le port de <span style='color:red'>Sainte</span>-Odile rouvre",
    above="",
    author="Ana Ruiz<br>",
    day="20121004",
):
    """One article in the layout of 2013."""
    return f"""<table style="table-layout: fixed;" border="0"><tr><td style="TEXT-ALIGN: justify"><table id="tbHeaderImages"><tr>
<td id="celPublication"><img src="http://www.example/Docviewer.aspx"><br></td><td id="celPdf"></td></tr></table><span
class="DocPublicationName">La Vigie, no. 5968</span><br><span class="DocHeader">Éditorial, </span><span class="DocHeader">jeudi
</span><span class="DocHeader">4 octobre 2012</span><span class="DocHeader">, p. 03</span><br><br>{above}<span
class="TitreArticleVisu">{title}</span><br><br>{author}<p></p>{BODY[0]}<font style="font-weight:bold;"> Suite.</font><p></p>{BODY[1]}<p></p>
<b><i>© 2012 La Vigie. Tous droits réservés.</i></b><p></p>Numéro de document : news·{day}·PO·20400<br><br><br><table bgcolor="#ffffff">
<tr><td align="center"><img src="x.gif" alt="Certificat PubliC">news·{day}·PO·20400</td></tr><tr><td>Ce certificat est émis à
<b>Université Inventée</b> à des fins de visualisation.</td></tr><tr><td class="txtCertificat">Le présent document est protégé.</td></tr>
</table></td></tr></table><p><br><br>"""


def load(folder, text, name="export.HTML", encoding="utf-8", **options):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    articles = mk.load_articles(path, **options)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def test_a_long_page_is_parsed_in_pieces_with_the_same_result(tmp_path, monkeypatch):
    made = page(*(article(number, title=f"Le port rouvre {number} fois") for number in range(1, 8)), "<p>Fin</p>")
    whole = load(tmp_path, made)
    monkeypatch.setattr(markup, "PIECE", 3000)
    pieces = load(tmp_path, made)

    assert len(list(markup.cut_html(made, europresse._ARTICLE))) > 2
    assert len(whole) == 7
    pd.testing.assert_frame_equal(whole, pieces)
    pd.testing.assert_frame_equal(mk.read_ledger(whole), mk.read_ledger(pieces))


def parts(articles, *kinds):
    ledger = mk.read_ledger(articles).query("part > 0")
    return ledger[ledger["kind"].isin(kinds)]["excerpt"].tolist()


def test_an_article_of_2023_has_all_its_fields(tmp_path):
    whole = article(
        above="<div><p>Mer ; Ports</p></div>", kicker="<p class='sm-margin-bottomNews'>L'entretien</p>",
        below='<p class="sm-margin-TopNews rdp__subtitle">Neuf jours de grève.</p>',
        byline="<p class='sm-margin-bottomNews'>Ruiz, Ana</p>", lead="<b><p> La grève est finie. </p></b>",
    )  # fmt: skip

    found = load(tmp_path, page(whole)).iloc[0]

    assert found["headline"] == "Le port de Sainte-Odile rouvre"
    assert found["text"] == "\n\n".join(BODY)
    assert (found["outlet"], found["section"], found["page"]) == ("La Vigie du Port (site web)", "Région", "7")
    assert (str(found["date"].date()), found["date_raw"], found["time"]) == ("2022-03-11", "11 mars 2022", "17:00+0100")
    assert (found["rubric"], found["kicker"], found["byline"]) == ("Mer ; Ports", "L'entretien", "Ruiz, Ana")
    assert found["standfirst"] == "Neuf jours de grève.\nLa grève est finie."
    assert (found["vendor_id"], found["declared_words"]) == ("news·20220311·VDP·301511×20", 455)
    assert found["copyright"] == "© 2022 La Vigie du Port. Tous droits réservés."
    assert (found["language"], found["truncated"], found["format"]) == ("fr", True, "europresse")
    assert found["truncated_why"] == "50 words read, 455 declared"


def test_every_article_is_a_row_in_the_order_of_the_page(tmp_path):
    articles = load(tmp_path, page(*(article(number, title=f"Titre {number}") for number in range(30))))

    assert articles["headline"].tolist() == [f"Titre {number}" for number in range(30)]
    assert parts(articles, "unparsed") == []


def test_the_layout_of_2021_puts_authors_in_a_box_and_the_lead_in_bold_type(tmp_path):
    whole = article(
        kicker="<p class='sm-margin-bottom'><mark>Energ</mark>ie</p>", byline='<div class="docAuthors">Ana RUIZ</div>',
        lead='<b><p><em style="font-weight:bold;">Même amputé, le port vit.</em></p></b>',
    )  # fmt: skip

    found = load(tmp_path, " " + page(whole, article(2, lead="<b><p><em>Un port</em></p></b>")))

    assert found["byline"].tolist()[0] == "Ana RUIZ"
    assert found["byline"].isna()[1]
    assert found["standfirst"].tolist() == ["Même amputé, le port vit.", "Un port"]
    assert found["kicker"][0] == "Energie"


def test_a_title_may_have_the_class_of_great_titles(tmp_path):
    text = (
        article()
        .replace("sm-margin-TopNews titreArticleVisu rdp__articletitle", "grandTitre")
        .replace('<div class="titreArticle">', "<div>")
    )

    assert load(tmp_path, page(text))["headline"].item() == "Le port de Sainte-Odile rouvre"


def test_the_layout_of_2014_names_the_outlet_twice_and_dates_in_english(tmp_path):
    text = page(
        """<article><header><div class="sm-margin-bottom"><span class="DocPublicationName">Le Journal du Phare</span>
        <span class="DocPublicationName">Journal Phare</span><span sourcecode="JP" class=""></span></div>
        <div class="sm-margin-bottom"> <span class="DocHeader">December 24, 2000</span> </div>
        <div class="titreArticle"> <div class="titreArticleVisu">Le phare</div> </div><div>Tom Lee</div></header>
        <section><div class="DocText"> <p>Le gardien est parti.</p></div></section><aside> </aside><footer>
        <div id="divPubliC"><div><span id="PubliC_lblNodoc">web·20001224·JP·123451234_12345123344</span></div></div></footer></article>"""
    )

    found = load(tmp_path, text).iloc[0]

    assert (found["outlet"], found["headline"], found["byline"]) == ("Le Journal du Phare", "Le phare", "Tom Lee")
    assert (str(found["date"].date()), found["date_raw"]) == ("2000-12-24", "December 24, 2000")
    assert (found["text"], found["vendor_id"]) == ("Le gardien est parti.", "web·20001224·JP·123451234_12345123344")


def test_the_layout_of_2013_is_read_from_tables_in_latin_1(tmp_path):
    head = '<html xmlns:n1="http://www.cedrom-sni.com/schema/newsv1.xsd"><head><META http-equiv="Content-Type" content="text/html; charset=ISO-8859-1"></head><body><form id="frmSave"><input type="button" value="Sauvegarder"></form>'
    text = head + old_article() + old_article("Autre titre", above="Surtitre<br>", author="") + "</body></html>"

    articles = load(tmp_path, text, encoding="latin-1")
    ledger = mk.read_ledger(articles)

    assert articles["headline"].tolist() == ["Le port de Sainte-Odile rouvre", "Autre titre"]
    assert articles["text"].tolist() == [f"{BODY[0]} Suite.\n\n{BODY[1]}"] * 2
    assert articles["byline"].fillna("").tolist() == ["Ana Ruiz", ""]
    assert articles["kicker"].fillna("").tolist() == ["", "Surtitre"]
    assert articles[["outlet", "issue", "section", "page"]].values.tolist()[0] == [
        "La Vigie",
        "no. 5968",
        "Éditorial",
        "03",
    ]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2012-10-04"] * 2
    assert articles["vendor_id"].tolist() == ["news·20121004·PO·20400"] * 2
    assert not ledger["excerpt"].str.contains("Université").any()


def test_the_date_is_that_of_the_number_where_the_page_prints_another(tmp_path):
    found = load(tmp_path, page(article(header="lundi 14 mars 2022 300 mots"))).iloc[0]

    assert (str(found["date"].date()), found["date_raw"]) == ("2022-03-11", "14 mars 2022")


def test_without_a_day_in_the_number_the_printed_date_is_read(tmp_path):
    found = load(tmp_path, page(article(header="mardi 1er mars 2022", day="20229999"))).iloc[0]

    assert str(found["date"].date()) == "2022-03-01"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Journal de 7H;, mardi 9 janvier 2007 295 mots, p. 7", ("Journal de 7H", "9 janvier 2007", None, 295, "7")),
        ("mardi 1er mars 2022 84 mots", ("", "1er mars 2022", None, 84, None)),
        ("lundi 23 octobre 2023 - 11:49:55 -0000 1455 mots", ("", "23 octobre 2023", "11:49-0000", 1455, None)),
        ("samedi 20 novembre 2021 - 12:41:12 GMT 757 mots", ("", "20 novembre 2021", "12:41 GMT", 757, None)),
        ("mercredi 18 octobre 2023 - 14:23 UTC +02:00 784 mots", ("", "18 octobre 2023", "14:23+02:00", 784, None)),
        ("Actu | france, dimanche 22 octobre 2023 1267 mots, p. LYON8,OGML8,VALS8", ("Actu | france", "22 octobre 2023", None, 1267, "LYON8,OGML8,VALS8")),
        ("France, dimanche 6 novembre 2022 1281 mots, p. DOF Actu Ille_8", ("France", "6 novembre 2022", None, 1281, "DOF Actu Ille_8")),
        ("Sports, Monday, October 23, 2023 - 11:49:55 -0000 1,455 words, p. B12", ("Sports", "October 23, 2023", "11:49-0000", 1455, "B12")),
        ("Deportes, lunes, 23 de octubre de 2023 455 palabras, p. 7", ("Deportes", "23 de octubre de 2023", None, 455, "7")),
        ("December 24, 2000", ("", "December 24, 2000", None, None, None)),
    ],
)  # fmt: skip
def test_the_line_above_the_headline_is_split_in_three_languages(header, expected):
    fields = read_header(header, None)

    assert tuple(fields.get(name) for name in ("section", "date_raw", "time", "declared_words", "page")) == expected


def test_outlet_number_and_edition_are_told_apart(tmp_path):
    editions = "Edition de l'Ouest ; Edition de l'Est"
    outlets = [
        "Lib&#233;ration du Port, no. 7990  <br />1e EDITION", f"Le Progr&#232;s (Odile) <br />{editions}",
        "Le Phare (site web) - Le Phare", "AFP - Journal Internet", "La Vigie, nº 412", "20 Minutes",
    ]  # fmt: skip

    articles = load(tmp_path, page(*(article(number, outlet=outlet) for number, outlet in enumerate(outlets))))

    assert articles["outlet"].tolist() == [
        "Libération du Port", "Le Progrès (Odile)", "Le Phare (site web) - Le Phare", "AFP - Journal Internet", "La Vigie", "20 Minutes",
    ]  # fmt: skip
    assert articles["edition"].fillna("").tolist()[:3] == ["1e EDITION", editions, ""]
    assert articles["issue"].fillna("").tolist() == ["no. 7990", "", "", "", "nº 412", ""]


def test_highlights_are_joined_without_stray_spaces(tmp_path):
    whole = article(
        title="<mark>Thomas</mark> <mark> Lee</mark>, l'<mark>énerg</mark>ie et <mark> AVEC</mark> <mark> lui</mark>",
        body=("<mark> Thomas</mark> <mark>Lee</mark> parle d'<mark>énerg</mark>ie.",),
    )

    found = load(tmp_path, page(whole)).iloc[0]

    assert found["headline"] == "Thomas Lee, l'énergie et AVEC lui"
    assert found["text"] == "Thomas Lee parle d'énergie."


def test_the_link_to_the_outlet_s_own_page_is_the_url_and_not_text(tmp_path):
    for phrase in (
        "Cet article est paru dans La Vigie",
        "This article appeared in The Beacon",
        "Este artículo apareció en El Faro",
    ):
        link = f'<a href="https://vigie.example/2022/03/port" target="_blank"> {phrase}</a> <p />'
        found = load(tmp_path, page(article(inside=link))).iloc[0]

        assert found["url"] == "https://vigie.example/2022/03/port"
        assert found["text"] == "\n\n".join(BODY)


def test_links_inside_the_text_stay_text(tmp_path):
    body = ('Le port de <a target="_blank" href="http://vigie.example/odile"> Sainte-Odile </a> a rouvert.',)

    found = load(tmp_path, page(article(body=body)))

    assert found["text"][0] == "Le port de Sainte-Odile a rouvert."
    assert "url" not in found or found["url"].isna().all()


def test_an_article_that_is_not_hosted_is_kept_and_said_to_be_cut(tmp_path):
    snippet = """<article><header><div class='sm-margin-bottom'><span class="DocPublicationName">Portail (site web r&#233;f.) - P</span>
    <span sourcecode="WP" class=""></span></div><div class='sm-margin-bottom'><span class="DocHeader">16 mars 2022 1173 mots</span></div>
    <div class='titreArticle'><div class="titreArticleVisu">Le port rouvre</div></div></header><section><div class="DocText clearfix">
    <p>{0}<a href="https://portail.example/a%20b" target="_blank"> Voir l&#39;article</a> </p>
    <p class="link-not-hosted">Ce document r&#233;f&#233;rence un lien URL de site non h&#233;berg&#233;.</p></div></section><footer>
    <div class="publiC-lblNodoc">web&#183;20220316&#183;WP&#183;1072_99</div></footer></article>"""

    articles = load(tmp_path, page(snippet.format("Le port a rouvert... "), snippet.format("")))

    assert articles["text"].fillna("").tolist() == ["Le port a rouvert...", ""]
    assert articles["truncated"].tolist() == [True, True]
    assert articles["truncated_why"].unique().tolist() == ["the database has a link and no more than the first lines"]
    assert articles["url"].unique().tolist() == ["https://portail.example/a%20b"]
    assert "Ce document référence" in " ".join(parts(articles, "metadata"))


def test_an_article_without_text_is_kept(tmp_path):
    articles = load(tmp_path, page(article(body=()), article(2)))

    assert articles["text"].isna().tolist() == [True, False]
    assert articles["truncated_why"][0] == "no text, 455 words declared"
    assert "1 articles without text" in mk.read_ledger(articles).iloc[0]["note"]


def test_related_documents_pictures_and_notes_stay_out_of_the_text(tmp_path):
    also = """<div class="apd-wrapper"><div class="apd-doc"><div class="apd-title"><span class="apd-label">Aussi paru dans</span></div>
    <div class="apd-sources"><table><tr><td><span class="apd-sources-date">16 mars 2022</span></td><td> - </td><td>
    <span class="source-name-APD">Le Phare</span> <span class="source-name-APD">Le Phare (site web)</span></td></tr></table></div></div></div>"""
    aside = """<div class="rdp__attachnews"><p><b>Illustration(s) : </b></p><p><div class="ImageAttach">Le quai, vendredi. </div>.
    <div class="ImageAttachFont">Ana RUIZ </div></p></div><div><b>Note(s) : </b><p>Mise à jour : 2022-03-11</p><p><em>Article(s) en relation :
    </em></p><p><a target="_blank" href="#" class="docComplementLink" name="news·20220311·X·1"">Un autre titre</a></p></div>"""

    articles = load(tmp_path, page(article(above=also, aside=aside)))
    found = articles.iloc[0]

    assert found["text"] == "\n\n".join(BODY)
    assert found["also_in"] == "Le Phare; Le Phare (site web)"
    assert found["caption"] == "Le quai, vendredi.\nAna RUIZ"
    assert found["notes"] == "Mise à jour : 2022-03-11"
    assert parts(articles, "teaser") == ["Un autre titre"]
    assert str(found["date"].date()) == "2022-03-11"


def test_who_holds_the_licence_is_nowhere_in_the_result(tmp_path):
    older = article(2, note="", foot="Ce certificat est émis à UNIVERSITE-INVENTEE à des fins personnelles.")
    english = article(3, note="", rights="Certificate issued on April 7, 2022 to UNIVERSITE-INVENTEE for personal use.")

    articles = load(tmp_path, page(article(), older, english))

    assert not articles.astype(str).apply(lambda column: column.str.contains("INVENTEE")).any().any()
    assert not mk.read_ledger(articles)["excerpt"].str.contains("INVENTEE").any()
    assert len(parts(articles, "copyright")) >= 5


def test_additional_text_that_repeats_the_lead_is_told_apart(tmp_path):
    body = (BODY[0], "[Additional Text]:", f" {BODY[0]} ", BODY[1])

    articles = load(tmp_path, page(article(body=body)))

    assert articles["text"][0] == f"{BODY[0]}\n\n{BODY[1]}"
    assert len(parts(articles, "duplicate")) == 1


def test_a_headline_that_opens_the_text_is_left_out_once(tmp_path):
    articles = load(tmp_path, page(article(body=("Le port de Sainte-Odile rouvre", *BODY))))

    assert articles["text"][0] == "\n\n".join(BODY)
    assert parts(articles, "repeated headline") == ["Le port de Sainte-Odile rouvre"]


def test_mail_addresses_that_a_proxy_hid_are_restored(tmp_path):
    code = bytes([42, *(ord(char) ^ 42 for char in "ana@vigie.example")]).hex()
    hidden = f'<a href="/cdn-cgi/l/email-protection#{code}"><span class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</span></a>'

    found = load(tmp_path, page(article(body=(f"Écrire à {hidden}.",))))

    assert found["text"][0] == "Écrire à ana@vigie.example."


def test_reports_and_tweets_are_articles_too(tmp_path):
    report = """<article><header><div><p class="titreArticleVisu grandTitre">Rapports - Le port en chiffres</p></div><div><span
    class="DocTitreSousSection">Date de publication :</span> <span>11 mars 2022</span></div></header><section><div class="DocText">
    <p>Un rapport.</p></div></section><footer><div class="publiC-lblNodoc">rep&#183;20220311&#183;RP&#183;77</div></footer></article>"""
    tweet = """<article><header><span class="DocPublicationName">Gazouillis - port_odile</span><span class="DocHeader">11 mars 2022</span></header>
    <section><div class="twitter"><p>Le port rouvre !</p></div></section><footer><div class="publiC-lblNodoc">web&#183;20220311&#183;TW&#183;9</div>
    </footer></article>"""

    articles = load(tmp_path, page(article(), report, tweet))

    assert articles["headline"].fillna("").tolist()[1:] == ["Rapports - Le port en chiffres", ""]
    assert articles["text"].tolist()[1:] == ["Un rapport.", "Le port rouvre !"]
    assert articles["vendor_id"].tolist()[1:] == ["rep·20220311·RP·77", "web·20220311·TW·9"]
    assert articles["date"].dt.strftime("%d").tolist() == ["11"] * 3


def test_two_exports_in_one_file_give_the_articles_of_both(tmp_path):
    articles = load(tmp_path, page(article(1)) + "\n" + page(article(2), article(3)))

    assert articles["vendor_id"].str[-5:-3].tolist() == ["11", "12", "13"]


def test_articles_whose_end_is_missing_do_not_swallow_the_next(tmp_path):
    text = (
        page(article(1, title="Un"), article(2, title="Deux")).replace("</article>", "", 1).replace("</footer>", "", 1)
    )

    articles = load(tmp_path, text)

    assert articles["headline"].tolist() == ["Un", "Deux"]
    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2


def test_an_article_whose_tag_is_lost_is_no_part_of_the_one_before(tmp_path):
    text = page(article(1), article(2), article(3))
    at = text.index("</article>") + len("</article>")

    articles = load(tmp_path, text[:at] + text[at:].replace("<article>", "", 1))

    assert articles["vendor_id"].str[-5:-3].tolist() == ["11", "12", "13"]


def test_styles_without_an_end_do_not_swallow_the_articles(tmp_path):
    text = page(article(1), article(2), article(3)).replace("</style>", "")

    assert load(tmp_path, text)["vendor_id"].str[-5:-3].tolist() == ["11", "12", "13"]


def test_only_pages_of_europresse_are_claimed():
    def score(text):
        return europresse.sniff(Source.of_bytes("x.html", text.encode()))[0]

    assert score(page(article())) == 1.0
    assert score(old_article()) == 1.0
    assert score(page(article()).replace('"', "'")) == 1.0
    assert (
        score(
            '<html><body><div class="article enArticle"><p class="articleParagraph enarticleParagraph">DocHeader</p></div>'
        )
        == 0
    )
    assert (
        score('<A NAME="DOC_ID_0_0"></A><!-- <DOC NUMBER=1><DOCFULL> --><DIV CLASS="c0">DocPublicationName</DIV>') == 0
    )
    assert (
        score('<html><body><a name="DocID_123"></a><strong>Full text: </strong><p class="DocHeader">ProQuest</p>') == 0
    )
    assert (
        score(
            '<html><style>.DocPublicationName{}.DocHeader{}</style><article class="docheader"><h1>Talks</h1></article>'
        )
        == 0
    )
    assert score("Le nom DocPublicationName et le titre titreArticleVisu") == 0


@pytest.mark.parametrize("layout", ["2023", "2013"])
def test_damaged_pages_are_read_or_refused(tmp_path, layout):
    whole = (
        page(article(), article(2)) if layout == "2023" else f"<html><body>{old_article()}{old_article()}</body></html>"
    )

    check_mutants(tmp_path, "export.html", whole.encode(), count=60)


def test_the_real_files_give_every_article(real_files):
    folder = real_files / "exports" / "europresse_html"
    expected = {
        "gargantext_dummydocs-dante-7.html": 7,
        "temis_europresse_test1.html": 3,
        "tiresias_2021_dev.HTML": 20,
        "tiresias_2023_dev.HTML": 20,
    }

    articles = mk.load_articles(folder / "*.[hH]*")

    assert articles.groupby("file").size().to_dict() == expected
    assert articles["headline"].notna().all()
    assert articles["outlet"].notna().all()
    assert articles["date"].dt.strftime("%Y%m%d").tolist() == articles["vendor_id"].str.split("·").str[1].tolist()
    assert articles["text"].notna().all()
    assert not mk.read_ledger(articles)["kind"].eq("unparsed").any()
