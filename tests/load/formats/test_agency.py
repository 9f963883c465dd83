"""Formats of news agencies: NewsML-G2, NewsML 1, NITF, ninjs, IPTC 7901; look-alikes with invented text."""

import contextlib
import copy
import json
import time
import warnings
from pathlib import Path

import pytest
from attempts import load_written, notes
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning, NoArticlesError
from mediakit.load.terms import read_terms

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "exports"
NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def load(folder, text, name="item.xml"):
    return load_written(folder, text, name)


def one(folder, text, name="item.xml"):
    articles = load(folder, text, name)
    assert len(articles) == 1
    return articles.iloc[0]


def day(found):
    return f"{found['date']:%Y-%m-%d}"


# --- NITF


def nitf(body="<p>Ferries of <org>Bell Line</org> ran in <location>Port Bell</location> on <chron>Friday</chron>.</p><p>They were full.</p>",
         hedline="<hl1>Ferries return</hl1><hl2>Nine days of strike end</hl2>", docdata="", pubdata="", status="usable", head="", before=""):  # fmt: skip
    return f"""<?xml version="1.0" encoding="UTF-8"?>{before}<nitf><head><title>1 PORTS Ferries</title>{head}
    <tobject><tobject.subject tobject.subject.refnum="04015000" tobject.subject.type="Transport"/></tobject>
    <docdata management-status="{status}"><doc-id id-string="x.1" regsrc="AAP"/><urgency ed-urg="4"/><date.issue norm="20220311T043001+0100"/>
    {docdata}<doc.copyright holder="Australian Associated Press" year="2022"/><key-list><keyword key="ports"/></key-list></docdata>{pubdata}</head>
    <body><body.head><hedline>{hedline}</hedline><byline>By ANA RUIZ<byttl>Transport Writer</byttl></byline>
    <dateline><location>PORT BELL</location></dateline><abstract><p>Ferries of Bell Line ran</p></abstract></body.head>
    <body.content>{body}</body.content><body.end><tagline>Tom Lee helped.</tagline></body.end></body></nitf>"""


def test_nitf_has_all_its_fields(tmp_path):
    articles = load(tmp_path, nitf())

    found = articles.iloc[0]
    assert (found["format"], found["headline"], found["standfirst"]) == (
        "nitf",
        "Ferries return",
        "Nine days of strike end",
    )
    assert found["text"] == "Ferries of Bell Line ran in Port Bell on Friday.\n\nThey were full."
    assert (found["byline"], found["byline_title"], found["place"]) == ("ANA RUIZ", "Transport Writer", "PORT BELL")
    assert (found["outlet"], found["agency"], found["vendor_id"]) == ("Australian Associated Press", "AAP", "x.1")
    assert (day(found), found["time"], found["status"], found["urgency"]) == ("2022-03-11", "04:30+0100", "usable", "4")
    assert found["tagline"] == "Tom Lee helped."
    assert read_terms(articles)[["scheme", "term", "code"]].values.tolist()[0] == ["subject", "Transport", "04015000"]


def test_nitf_without_hl1_takes_the_title(tmp_path):
    assert one(tmp_path, nitf(hedline=""))["headline"] == "1 PORTS Ferries"


def test_lines_of_the_wire_broken_within_a_paragraph_are_joined(tmp_path):
    body = (
        "<p>   PORT BELL, Nov 6 AFP - The Bell Line has announced that its <br />ferries will run again from Friday after nine days of "
        "<br />strike.</p><p>   AFP xy</p>"
    )

    found = one(tmp_path, nitf(body=body).replace("<dateline><location>PORT BELL</location></dateline>", ""))

    assert (
        found["text"]
        == "The Bell Line has announced that its ferries will run again from Friday after nine days of strike."
    )
    assert (found["place"], found["signoff"]) == ("PORT BELL", "AFP xy")


def test_the_last_line_of_a_wire_is_a_sign_off(tmp_path):
    for last in ("ends", "aa/bb/cc", "AAP RTV xy"):
        found = one(tmp_path, nitf(body=f"<p>Ferries ran.</p><p>{last}</p>"))

        assert (found["text"], found["signoff"]) == ("Ferries ran.", last)


def test_dates_of_nitf_dialects_are_read(tmp_path):
    for norm in ("20220311", "20220311T043001", "20220311T043001Z", "2022-03-11T04:30:01+01:00"):
        assert day(one(tmp_path, nitf().replace("20220311T043001+0100", norm))) == "2022-03-11"


def test_embargo_and_cancelled_items_are_kept_with_their_state(tmp_path):
    release = '<date.release norm="20220312T000100+0100"/>'

    assert one(tmp_path, nitf(status="embargoed", docdata=release))["embargo"] == "20220312T000100+0100"
    assert one(tmp_path, nitf(status="canceled"))["status"] == "canceled"


def test_newspaper_archives_name_outlet_page_and_date_and_print_the_lead_twice(tmp_path):
    pubdata = '<pubdata name="The Bell Courier" date.publication="19870102T000000" position.section="A" item-length="9" unit-of-measure="word"/>'
    body = '<block class="lead_paragraph"><p>Ferries ran.</p></block><block class="full_text"><p>Ferries ran.</p><p>They were full.</p></block>'

    found = one(tmp_path, nitf(body=body, pubdata=pubdata, head='<meta name="print_page_number" content="3"/>'))

    assert (found["outlet"], day(found), found["section"], found["page"]) == (
        "The Bell Courier",
        "1987-01-02",
        "A",
        "3",
    )
    assert found["text"] == "Ferries ran.\n\nThey were full."
    assert found["declared_words"] == 9


def test_pictures_within_an_article_leave_their_caption(tmp_path):
    media = '<media media-type="image"><media-reference source="a.jpg"/><media-caption>A pier</media-caption><media-producer>Quint</media-producer></media>'

    found = one(tmp_path, nitf(body=f"<p>Ferries ran.</p>{media}<p>They were full.</p>"))

    assert (found["text"], found["caption"]) == ("Ferries ran.\n\nThey were full.", "A pier")


def test_several_documents_in_one_file_are_all_read(tmp_path):
    articles = load(tmp_path, nitf() + nitf(hedline="<hl1>Mayor speaks</hl1>"))

    assert articles["headline"].tolist() == ["Ferries return", "Mayor speaks"]


def test_a_document_type_is_not_fetched_and_bytes_in_the_declared_encoding_are_read(tmp_path):
    text = nitf(before='<!DOCTYPE nitf SYSTEM "../dtd/nitf-3-2.dtd">', body="<p>It cost £66.</p>").replace(
        "UTF-8", "iso-8859-1"
    )

    assert one(tmp_path, text.encode("iso-8859-1"))["text"] == "It cost £66."


# --- NewsML-G2


def g2(content='<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body><h1>Ferries return</h1><p>Ferries ran.</p><p>They were full.</p></body></html></inlineXML>',
       kind="text", status="usable", version="2", guid="urn:newsml:bell.example:1", headline="<headline>Ferries return</headline>", extra=""):  # fmt: skip
    return f"""<newsItem {NAR} guid="{guid}" version="{version}" standard="NewsML-G2" xml:lang="it">
    <rightsInfo><copyrightHolder><name>Bell Agency</name></copyrightHolder><usageTerms>Not for Mars</usageTerms></rightsInfo>
    <itemMeta><itemClass qcode="ninat:{kind}"/><provider qcode="nprov:ANSA"/><versionCreated>2022-03-12T08:22:28+00:00</versionCreated>
    <firstCreated>2022-03-11T08:00:00+00:00</firstCreated><embargoed>2022-03-13T00:00:00Z</embargoed><pubStatus qcode="stat:{status}"/>
    <edNote>With picture</edNote></itemMeta><contentMeta><urgency>3</urgency><located qcode="geo:1"><name>Roma</name></located>
    <dateline>ANSA - ROMA, 03 FEB -</dateline><by>Ana Ruiz</by><language tag="it"/>
    <subject type="cpnat:person" qcode="ap:1" relevance="40"/><subject qcode="medtop:2"><name xml:lang="en">ports</name><name xml:lang="it">porti</name></subject>
    <slugline>Ports-Ferries</slugline>{headline}{extra}</contentMeta><assert qcode="ap:1"><name>Mara Quint</name></assert>
    <contentSet>{content}</contentSet></newsItem>"""


def message(*items):
    return f'<?xml version="1.0"?><newsMessage {NAR}><header><sender>ANSA</sender></header><itemSet>{"".join(items)}</itemSet></newsMessage>'


def test_newsml_g2_has_all_its_fields(tmp_path):
    articles = load(tmp_path, message(g2()))

    found = articles.iloc[0]
    assert (found["format"], found["headline"], found["text"]) == (
        "newsml",
        "Ferries return",
        "Ferries ran.\n\nThey were full.",
    )
    assert (found["outlet"], found["agency"], found["byline"], found["place"]) == ("ANSA", "ANSA", "Ana Ruiz", "ROMA")
    assert (day(found), found["time"], found["first_created"]) == (
        "2022-03-12",
        "08:22+00:00",
        "2022-03-11T08:00:00+00:00",
    )
    assert (found["version"], found["status"], found["embargo"]) == ("2", "usable", "2022-03-13T00:00:00Z")
    assert (found["vendor_id"], found["urgency"], found["slug"]) == ("urn:newsml:bell.example:1", "3", "Ports-Ferries")
    assert (found["ed_note"], found["usage_terms"], found["language"]) == ("With picture", "Not for Mars", "it")
    assert read_terms(articles)[["scheme", "term", "relevance"]].values.tolist()[0] == ["person", "Mara Quint", 40.0]
    assert read_terms(articles)["term"].tolist()[1] == "porti"


def test_a_bare_item_is_read_as_one_in_a_message(tmp_path):
    assert one(tmp_path, g2())["text"] == "Ferries ran.\n\nThey were full."


@pytest.mark.parametrize(
    "content",
    [
        '<inlineXML><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><byline>By Tom Lee</byline></body.head><body.content><p>Ferries ran.</p><p>They were full.</p></body.content></body></nitf></inlineXML>',
        "<inlineXML>&lt;p&gt;Ferries ran.&lt;/p&gt;&lt;p&gt;They were full.&lt;/p&gt;</inlineXML>",
        "<inlineXML><![CDATA[<html><body><p>Ferries ran.</p><p>They were full.</p></body></html>]]></inlineXML>",
        '<inlineData contenttype="text/plain">Ferries ran.\n\nThey were full.</inlineData>',
        '<inlineXML><html><body><p xmlns="">Ferries ran.</p><p>They were full.</p>11 22 03 ABC01 XYXY</body></html></inlineXML>',
        '<inlineXML><x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:body><x:p>Ferries ran.</x:p><x:p>They were full.</x:p></x:body></x:html></inlineXML>',
    ],
)
def test_bodies_of_newsml_g2_come_in_many_forms(tmp_path, content):
    assert one(tmp_path, g2(content=content))["text"] == "Ferries ran.\n\nThey were full."


def test_codes_of_the_desk_are_kept_beside_the_text(tmp_path):
    content = "<inlineXML><html><body><p>Ferries ran.</p>11 22 03 ABC01 XYXY</body></html></inlineXML>"

    assert one(tmp_path, g2(content=content))["left_out"] == "11 22 03 ABC01 XYXY"


def test_cancelled_and_withheld_items_are_kept_with_their_state(tmp_path):
    articles = load(tmp_path, message(g2(status="canceled"), g2(status="withheld", guid="b"), g2(guid="c")))

    assert articles["status"].tolist() == ["canceled", "withheld", "usable"]


def test_versions_of_an_item_share_its_identifier_and_are_counted(tmp_path):
    articles = load(tmp_path, message(g2(version="1"), g2(version="2")))

    assert articles["version"].tolist() == ["1", "2"]
    assert "1 items are further versions of others" in notes(articles)


def test_pictures_and_packages_are_named_and_no_articles(tmp_path):
    package = f"""<packageItem {NAR} guid="p"><itemMeta><itemClass qcode="ninat:composite"/></itemMeta><contentMeta><headline>Top stories</headline></contentMeta>
    <groupSet><group><itemRef residref="a"/><itemRef residref="b"/></group></groupSet></packageItem>"""
    picture = g2(kind="picture", content='<remoteContent href="a.jpg"/>')

    with pytest.warns(LoadWarning, match="2 rows were left out"):
        articles = load(tmp_path, message(g2(), package, picture))

    assert len(articles) == 1
    assert "item 1: a package that points to 2 items and holds no text of its own" in notes(articles)
    assert "item 2: a picture, not a text" in notes(articles)


def test_a_file_with_a_picture_only_holds_no_article(tmp_path):
    with pytest.raises(NoArticlesError):
        load(tmp_path, g2(kind="picture", content=""))


def test_an_item_of_text_without_text_keeps_its_headline(tmp_path):
    found = one(tmp_path, g2(content="<inlineXML><!-- empty --></inlineXML>"))

    assert found["headline"] == "Ferries return"
    assert found[["text"]].isna().all()


def test_a_second_headline_is_the_standfirst(tmp_path):
    assert one(tmp_path, g2(extra='<headline role="hld:subHeadline">Nine days</headline>'))["standfirst"] == "Nine days"


def test_a_broken_item_of_a_message_costs_only_itself(tmp_path):
    broken = g2(guid="b").replace("</contentMeta>", "").replace("They were", "They & <were")

    articles = load(tmp_path, message(g2(), broken, g2(guid="c")))

    assert articles["vendor_id"].tolist() == ["urn:newsml:bell.example:1", "b", "c"]
    assert articles["text"].iloc[2] == "Ferries ran.\n\nThey were full."


def test_dpa_s_page_has_keywords_above_the_text_and_the_author_in_a_note(tmp_path):
    content = """<inlineXML wordcount="9"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body><header><ul><li>Häfen</li></ul>
    <p class="genre">Extra</p><h1>Fähren fahren</h1></header><section class="main dpatextgenre-7"><p><span class="dateline">London <span class="credit">(dpa)</span>
    - </span>Die Fähren fahren wieder.</p><h2>Voll</h2><p>Sie waren voll.</p></section><footer><p>Kontakt</p></footer></body></html></inlineXML>"""
    text = g2(
        content=content,
        headline="<headline>Fähren fahren</headline><creditline>dpa</creditline><creator><name>quint.mara</name></creator>",
    )
    text = text.replace("<by>Ana Ruiz</by>", "").replace(
        "<dateline>ANSA - ROMA, 03 FEB -</dateline>", "<dateline>London (dpa) - </dateline>"
    )
    text = text.replace(
        "<edNote>",
        '<edNote role="r:notepad">Alles</edNote><edNote role="r:dpacontacts">Autor/in: Tom Lee (London), tom@dpa.example</edNote><edNote>',
    )

    found = one(tmp_path, text.replace('xml:lang="it"', 'xml:lang="de"'))

    assert found["text"] == "Die Fähren fahren wieder.\n\nVoll\n\nSie waren voll."
    assert (found["byline"], found["place"], found["agency"], found["ed_note"]) == (
        "Tom Lee",
        "London",
        "dpa",
        "With picture",
    )
    assert found["declared_words"] == 9


def test_ap_writes_headline_for_hedline_and_draws_rules(tmp_path):
    content = """<inlineXML><nitf><body><body.head><headline><hl1>Ferries return</hl1></headline></body.head><body.content><block>
    <p>PORT BELL, Pa. (AP) _ Ferries ran.</p><p>_____</p><p>Ana Ruiz wrote this.</p></block></body.content></body></nitf></inlineXML>"""
    text = g2(content=content, headline="").replace("ANSA - ROMA, 03 FEB -", "PORT BELL, Pa.")

    found = one(tmp_path, text)

    assert (found["headline"], found["text"], found["place"]) == (
        "Ferries return",
        "Ferries ran.\n\nAna Ruiz wrote this.",
        "PORT BELL",
    )


def test_reuters_writes_bodies_without_paragraphs_and_times_for_datelines(tmp_path):
    text = g2(content="<inlineXML><html><body>Ferries ran.\n  Twice.\n\n   They were full.\n</body></html></inlineXML>")
    text = text.replace("ANSA - ROMA, 03 FEB -", "2018-01-03 20:13:08\nGMT+00:00").replace(
        'qcode="nprov:ANSA"', 'literal="reuters.com"'
    )

    found = one(tmp_path, text.replace("<urgency>3</urgency>", '<urgency>3</urgency><infoSource literal="Reuters"/>'))

    assert (found["text"], found["place"], found["agency"]) == (
        "Ferries ran. Twice.\n\nThey were full.",
        "Roma",
        "Reuters",
    )


def test_preformatted_lines_stay_lines(tmp_path):
    assert (
        one(tmp_path, nitf(body="<pre>Bell v Valley\nBell: Ruiz, Lee.\n\nQuint.\n</pre>"))["text"]
        == "Bell v Valley\nBell: Ruiz, Lee.\n\nQuint."
    )


def test_stt_escapes_characters_twice_and_leaves_fields_empty(tmp_path):
    text = g2(
        content="<inlineXML><html><body><p>It&amp;#39;s full.</p><p/><p>\n<h3>Rest</h3>\n</p></body></html></inlineXML>"
    )
    text = text.replace("<by>Ana Ruiz</by>", "<by/><creditline>STT–</creditline>")

    found = one(tmp_path, text)

    assert (found["text"], found["credit"], found["agency"]) == ("It's full.\n\nRest", "STT", "STT")
    assert found[["byline"]].isna().all()


def test_efe_signs_by_initials_and_dates_the_first_sentence(tmp_path):
    text = nitf(
        hedline="<hl1>Ferries return</hl1><hl2>PORTS</hl2>", body="<p>Port Bell, Jan 2 (EFE).- Ferries ran.</p>"
    )
    text = text.replace("By ANA RUIZ<byttl>Transport Writer</byttl>", "xx/yy").replace(
        "<location>PORT BELL</location>", '<story.date norm="20170102T222800+0000">20170102T222800+0000</story.date>'
    )

    found = one(
        tmp_path,
        text.replace("<nitf>", '<nitf baselang="es-ES">').replace(
            "<abstract><p>Ferries of Bell Line ran</p></abstract>", ""
        ),
    )

    assert (found["text"], found["place"], found["signoff"]) == ("Ferries ran.", "Port Bell", "xx/yy")
    assert found[["byline", "standfirst"]].isna().all()


def test_ntb_s_embedded_boxes_are_no_text(tmp_path):
    body = '<p class="lead" lead="true">Fergene går igjen.</p><hl2>Påstand</hl2><p class="txt-ind">De var fulle.</p><p>&lt;div id="x"&gt;&lt;/div&gt;&lt;script src="y"&gt;&lt;/script&gt;</p>'
    text = nitf(
        body=body, pubdata='<pubdata date.publication="20220311T144527" item-length="0" unit-of-measure="character"/>'
    )

    found = one(
        tmp_path, text.replace("tobject>", "tobject>").replace("<tobject>", '<tobject tobject.type="Innenriks">')
    )

    assert found["text"] == "Fergene går igjen.\n\nPåstand\n\nDe var fulle."
    assert (found["section"], day(found)) == ("Innenriks", "2022-03-11")


# --- Ritzau

RITZAU = """<?xml version="1.0"?><XMLNewsQueuedResponse xmlns="http://x.example/"><XMLNewsQueuedResult><ListOfRBNews xmlns=""><RBNews><NewsID>r-1</NewsID>
<PublishDate>2022-03-11T17:32:18.397</PublishDate><strapline>NU/HAVN</strapline><headline>Færger sejler igen</headline><subtitle>Strejken slut</subtitle><town>Port Bell</town>
<origin>/ritzau/</origin><section>Udland</section><version>1</version><format>Print</format><content>&lt;p&gt;Færgerne sejler.&lt;/p&gt;&lt;p&gt;De var fulde. /ritzau/&lt;/p&gt;</content>
<Priority>3</Priority><IPTCList xmlns:a="http://y.example/"><a:int>15000000</a:int></IPTCList><Annuleret>false</Annuleret><byLine>Mara Quint</byLine></RBNews>
<RBNews><NewsID>r-2</NewsID><PublishDate>2022-03-12T17:32:18</PublishDate><headline xmlns:i="http://z.example/" i:nil="true"/><content>&lt;p&gt;Et flash.&lt;/p&gt;</content><Annuleret>true</Annuleret></RBNews>
</ListOfRBNews></XMLNewsQueuedResult></XMLNewsQueuedResponse>"""


def test_ritzau_s_items_are_read(tmp_path):
    articles = load(tmp_path, RITZAU)

    found = articles.iloc[0]
    assert (found["format"], found["headline"], found["text"]) == (
        "ritzau",
        "Færger sejler igen",
        "Færgerne sejler.\n\nDe var fulde.",
    )
    assert (found["byline"], found["place"], found["section"], found["outlet"]) == (
        "Mara Quint",
        "Port Bell",
        "Udland",
        "Ritzau",
    )
    assert (day(found), found["time"], found["standfirst"]) == ("2022-03-11", "17:32", "Strejken slut")
    assert articles["status"].tolist() == ["usable", "canceled"]
    assert read_terms(articles)["code"].tolist() == ["15000000"]


# --- NewsML 1


def newsml1(
    data="<nitf><body><body.content><p>Ferries ran.</p><p>aa/bb</p></body.content></body></nitf>",
    media="Text",
    more="",
    status="Usable",
):
    return f"""<?xml version="1.0"?><NewsML Version="1.2"><Catalog Href="http://x.example/c.xml"/><NewsEnvelope><DateAndTime>20220311T135006Z</DateAndTime>
    <NewsService FormalName="DGTE"/></NewsEnvelope><NewsItem xml:lang="fr"><Identification><NewsIdentifier><ProviderId>afp.com</ProviderId><DateId>20220311T135002Z</DateId>
    <NewsItemId>TX-1</NewsItemId><RevisionId PreviousRevision="0" Update="N">3</RevisionId><PublicIdentifier>urn:newsml:afp.com:20220311:TX-1:3</PublicIdentifier>
    </NewsIdentifier></Identification><NewsManagement><FirstCreated>20220311T134951+0000</FirstCreated><ThisRevisionCreated>20220311T134951+0000</ThisRevisionCreated>
    <Status FormalName="{status}"/><Urgency FormalName="4"/></NewsManagement><NewsComponent><NewsLines><DateLine>PORT BELL, Mar 11, 2022 (AFP) -</DateLine>
    <HeadLine>Ferries return</HeadLine><SubHeadLine>Nine days of strike end</SubHeadLine><ByLine>By Ana Ruiz</ByLine><SlugLine>Ports</SlugLine></NewsLines>
    <AdministrativeMetadata><Provider><Party FormalName="AFP"/></Provider></AdministrativeMetadata><DescriptiveMetadata><Language FormalName="EN"/>
    <SubjectCode><Subject FormalName="04000000"/></SubjectCode><Property FormalName="Keyword" Value="ports"/></DescriptiveMetadata>
    <ContentItem><MediaType FormalName="{media}"/><Characteristics><Property FormalName="Words" Value="2"/></Characteristics><DataContent>{data}</DataContent></ContentItem>{more}
    </NewsComponent></NewsItem></NewsML>"""


def test_newsml_1_has_all_its_fields(tmp_path):
    articles = load(tmp_path, newsml1())

    found = articles.iloc[0]
    assert (found["format"], found["headline"], found["text"], found["signoff"]) == (
        "newsml",
        "Ferries return",
        "Ferries ran.",
        "aa/bb",
    )
    assert (found["outlet"], found["agency"], found["byline"], found["place"]) == (
        "AFP",
        "AFP",
        "Ana Ruiz",
        "PORT BELL",
    )
    assert (day(found), found["time"], found["language"]) == ("2022-03-11", "13:49+0000", "en")
    assert (found["vendor_id"], found["version"], found["status"]) == (
        "urn:newsml:afp.com:20220311:TX-1:3",
        "3",
        "usable",
    )
    assert (found["standfirst"], found["slug"]) == ("Nine days of strike end", "Ports")
    assert read_terms(articles)["term"].tolist() == ["04000000", "ports"]


@pytest.mark.parametrize(
    "data",
    [
        "<![CDATA[<P>Ferries ran.</P>\n<P>They were full.</P>\n<P> </P>\n<P>© Bell Agency. All rights.</P>]]>",
        "<p>Ferries ran.</p><p>They were full.</p>",
        "Ferries ran.\n\nThey were full.",
    ],
)
def test_bodies_of_newsml_1_come_in_many_forms(tmp_path, data):
    assert one(tmp_path, newsml1(data=data))["text"] == "Ferries ran.\n\nThey were full."


def test_newsml_1_with_a_picture_beside_the_text_is_one_article(tmp_path):
    picture = '<NewsComponent><Role FormalName="Picture"/><ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem></NewsComponent>'

    assert one(tmp_path, newsml1(more=picture))["text"] == "Ferries ran."


def test_newsml_1_with_several_headlines_is_several_articles(tmp_path):
    second = """<NewsComponent><NewsLines><HeadLine>Mayor speaks</HeadLine></NewsLines><ContentItem><MediaType FormalName="Text"/>
    <DataContent><p>She spoke.</p></DataContent></ContentItem></NewsComponent>"""

    articles = load(tmp_path, newsml1(more=second))

    assert articles[["headline", "text"]].values.tolist() == [
        ["Ferries return", "Ferries ran."],
        ["Mayor speaks", "She spoke."],
    ]


def test_newsml_1_of_a_picture_is_named(tmp_path):
    path = tmp_path / "both"
    path.mkdir()
    (path / "a.xml").write_text(newsml1())
    (path / "b.xml").write_text(newsml1(data="", media="Photo"))

    with pytest.warns(LoadWarning, match="left out"):
        articles = mk.load_articles(path)

    assert "no text but Photo" in notes(articles)


# --- ninjs

NINJS1 = {
    "uri": "http://ninjs.bell.example/1", "type": "text", "version": "2", "versioncreated": "2022-03-11T10:37:00Z", "firstcreated": "2022-03-10T10:37:00Z",
    "byline": "Ana Ruiz", "headline": "Ferries return", "body_text": "Ferries ran. They were full.", "body_html": "<p>Ferries ran.</p><p>They were full.</p>",
    "located": "Port Bell", "language": "en", "urgency": 3, "usageterms": "Not for Mars", "pubstatus": "usable", "source": "AAP", "description_text": "Strike ends",
    "subject": [{"code": "04015000", "name": "transport"}], "person": [{"name": "Mara Quint", "rel": "about"}], "embargoed": "2022-03-12T00:00:00Z",
}  # fmt: skip
NINJS3 = {
    "uri": "urn:newsml:dpa.example:1", "standard": {"name": "ninjs", "version": "3.0"}, "type": "text", "versioncreated": "2022-03-11T10:37:00+01:00",
    "pubstatus": "canceled", "language": "de", "headlines": [{"role": "subheadline", "value": "Neun Tage Streik"}, {"role": "main", "value": "Fähren fahren wieder"}],
    "bodies": [
        {"role": "teaser", "contenttype": "text/plain", "value": "Kurz"},
        {"role": "main", "contenttype": "text/html", "value": "<p>Die Fähren fahren wieder.</p><p>Sie waren voll.</p>"},
    ],
    "subjects": [{"name": "Verkehr", "uri": "medtop:1"}], "infosources": [{"name": "dpa"}], "rightsinfo": {"usageterms": "Nicht für den Mars"},
    "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": "Streik endet"}],
}  # fmt: skip


def test_ninjs_1_has_all_its_fields_and_the_paragraphs_of_the_marked_up_body(tmp_path):
    articles = load(tmp_path, json.dumps(NINJS1), "item.json")

    found = articles.iloc[0]
    assert (found["format"], found["headline"], found["text"]) == (
        "ninjs",
        "Ferries return",
        "Ferries ran.\n\nThey were full.",
    )
    assert (found["byline"], found["place"], found["outlet"], found["standfirst"]) == (
        "Ana Ruiz",
        "Port Bell",
        "AAP",
        "Strike ends",
    )
    assert (day(found), found["time"], found["version"], found["status"]) == ("2022-03-11", "10:37Z", "2", "usable")
    assert (found["embargo"], found["usage_terms"], found["vendor_id"]) == (
        "2022-03-12T00:00:00Z",
        "Not for Mars",
        NINJS1["uri"],
    )
    assert read_terms(articles)["term"].tolist() == ["transport", "Mara Quint"]


def test_ninjs_3_has_lists_of_headlines_and_bodies(tmp_path):
    articles = load(tmp_path, json.dumps(NINJS3), "item.json")

    found = articles.iloc[0]
    assert (found["format"], found["headline"]) == ("ninjs", "Fähren fahren wieder")
    assert found["text"] == "Die Fähren fahren wieder.\n\nSie waren voll."
    assert (found["status"], found["outlet"], found["standfirst"]) == ("canceled", "dpa", "Streik endet")
    assert found["usage_terms"] == "Nicht für den Mars"
    assert read_terms(articles)["term"].tolist() == ["Verkehr", "dpa"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([NINJS1, NINJS3]),
        json.dumps(NINJS1) + "\n" + json.dumps(NINJS3) + "\n",
        json.dumps(NINJS1, indent=1) + "\n" + json.dumps(NINJS3, indent=1),
        json.dumps({"total": 2, "item": [NINJS1, NINJS3]}),
        json.dumps({"data": {"items": [{"meta": {"score": 1}, "item": NINJS1}, {"item": NINJS3}]}}),
    ],
)
def test_ninjs_comes_in_lists_lines_and_answers(tmp_path, text):
    assert load(tmp_path, text, "items.json")["headline"].tolist() == ["Ferries return", "Fähren fahren wieder"]


def test_ninjs_of_many_hands_is_read(tmp_path):
    camel = {"uri": "urn:1", "versionCreated": "2022-03-11T16:02:28+02:00", "pubStatus": "usable", "copyrightHolder": "dpa", "by": "Von Mara Quint, dpa",
             "headlines": [{"role": "main", "value": "Fähren"}], "bodies": [{"role": "html", "contentType": "text/html", "value": '<section class="main"><p>Eins.</p><p>Zwei.</p></section>'}]}  # fmt: skip
    early = {"uri": "urn:2", "type": "text", "versioncreated": "2022-03-11T10:37:00Z", "located": "Bell", "profile": "text-only",
             "headline": [{"name": "main", "text": "Ferries"}], "body": [{"name": "text", "value": "One. Two."}, {"name": "xhtml", "value": "<p>One.</p><p>Two.</p>"}]}  # fmt: skip
    boxed = {**camel, "uri": "urn:3", "bodies": [
        {"role": "text", "contentType": "text/plain", "value": "Fähren\nHafen TT\nEins.\nZwei."},
        {"role": "html5", "contentType": "text/html", "value": '<article><h1>Fähren</h1><div class="dat">Hafen TT</div><div class="bodytext"><p>Eins.</p><p>Zwei.</p></div></article>'},
        {"role": "ttnitf", "contentType": "application/xml", "value": "<TTNITF><BODY><P>Eins.</P></BODY></TTNITF>"},
    ]}  # fmt: skip
    inner = "<?xml version='1.0'?><nitf><body><body.content><block><p>One.</p></block><block><p>Two.</p></block></body.content></body></nitf>"
    nested = {
        **early,
        "uri": "urn:4",
        "body": [],
        "bodies": [{"role": "nitf", "contentType": "text/vnd.IPTC.NITF", "value": inner}],
    }

    articles = load(tmp_path, json.dumps([camel, early, boxed, nested]), "items.json")

    assert articles["text"].tolist() == ["Eins.\n\nZwei.", "One.\n\nTwo.", "Eins.\n\nZwei.", "One.\n\nTwo."]
    assert articles["headline"].tolist() == ["Fähren", "Ferries", "Fähren", "Ferries"]
    assert (articles["byline"].iloc[0], articles["agency"].iloc[0], articles["status"].iloc[0]) == (
        "Mara Quint",
        "dpa",
        "usable",
    )


def test_a_broken_line_or_item_of_ninjs_costs_only_itself(tmp_path):
    line = json.dumps(NINJS1)

    with pytest.warns(LoadWarning, match="left out"):
        assert len(load(tmp_path, f"{line}\n{line[:90]}}}\n{line}", "items.jsonl")) == 2
    with pytest.warns(LoadWarning, match="left out"):
        assert len(load(tmp_path, f"[{line},{line[:200]}", "items.json")) == 1


def test_ninjs_pictures_and_packages_are_named(tmp_path):
    picture = {
        "uri": "a",
        "type": "picture",
        "versioncreated": "2022-03-11T10:37:00Z",
        "headline": "A pier",
        "renditions": {},
        "pubstatus": "usable",
    }
    package = {**picture, "type": "composite", "associations": {"one": {}, "two": {}}}

    with pytest.warns(LoadWarning, match="2 rows were left out"):
        articles = load(tmp_path, json.dumps([NINJS1, picture, package]), "items.json")

    assert "item 1: a picture, not a text" in notes(articles)
    assert "item 2: a composite of 2 items, not a text" in notes(articles)


def test_values_of_any_type_in_ninjs_are_borne(tmp_path):
    for item in (NINJS1, NINJS3):
        for key in item:
            for wrong in (7, [], [[1]], {"a": {}}, None, [None], ["x", {"role": 3, "value": []}]):
                path = tmp_path / "item.json"
                path.write_text(json.dumps({**copy.deepcopy(item), key: wrong}))
                try:
                    mk.check_ledger(mk.read_ledger(mk.load_articles(path, format="ninjs")))
                except LoadError:
                    continue


# --- IPTC 7901

WIRE = (
    "\x01abc042 3 i 98 xyzab   dpa 017\r\n\n\nPorts-ferries/\r\n\x02Ferries return to Port Bell after\r\nnine days of strike =\r\nBy Ana Ruiz, dpa =\r\n\r\n"
    "   Port Bell (dpa) - The ferries of the Bell Line ran again on Friday\r\nafter a strike of nine days,\r\nthe company said.\r\n\r\n"
    "   They were full.\r\n   Nobody complained.\r\n\r\n# dpa NOTEBOOK\r\n\r\n* * * *\r\nThe following information is not for publication\r\n- Editing by: Tom Lee\r\n\r\n"
    "dpa aa bbb ccc\r\n\r\n\x03051420 GMT Nov 13 \r\n\x7f\n\x04"
)  # fmt: skip


def test_wire_text_has_all_its_fields(tmp_path):
    articles = load(tmp_path, WIRE, "wire.txt")

    found = articles.iloc[0]
    assert (found["format"], found["headline"]) == ("iptc7901", "Ferries return to Port Bell after nine days of strike")
    assert found["text"].split("\n\n") == [
        "The ferries of the Bell Line ran again on Friday after a strike of nine days, the company said.", "They were full.", "Nobody complained.",
    ]  # fmt: skip
    assert (found["byline"], found["outlet"], found["agency"], found["place"]) == (
        "Ana Ruiz",
        "dpa",
        "dpa",
        "Port Bell",
    )
    assert (day(found), found["date_raw"], found["time"]) == ("2013-11-05", "051420 GMT Nov 13", "14:20 GMT")
    assert (found["vendor_id"], found["category"], found["slug"], found["signoff"]) == (
        "abc042",
        "i",
        "Ports-ferries",
        "dpa aa bbb ccc",
    )


def test_every_line_of_the_wire_is_accounted_for_and_notes_to_editors_are_no_text(tmp_path):
    ledger = mk.read_ledger(load(tmp_path, WIRE, "wire.txt"))

    assert "unparsed" not in ledger["kind"].tolist()
    assert (
        ledger.query("note == 'notes to editors, not for publication'")["excerpt"].iloc[0].startswith("# dpa NOTEBOOK")
    )


def test_several_messages_in_one_file_are_all_read(tmp_path):
    second = WIRE.replace("abc042", "abc043").replace("Ferries return", "Buses return")

    assert load(tmp_path, WIRE + second, "wire.txt")["vendor_id"].tolist() == ["abc042", "abc043"]


def test_titles_without_sign_of_their_end_states_and_bylines_are_told_apart(tmp_path):
    text = (
        "abc0007 2 i 64  dpa 0031\n\nPort Bell/ferries/\nREFILE\n1ST LEAD\nFerries return to the harbour\nBy Ana Ruiz, The Bell Courier =\n\n"
        "Port Bell (tca/dpa) - The ferries of the Bell Line ran again on\nFriday.\n\nThey were full, said the company on the following\nday.\n\n"
        "# Notebook\n\n## Note to editors\n- adds company\n\n## Editorial contacts\n- Reporting by: Tom Lee in Vienna\n\ndpa dd eee\n\n071055 GMT Nov 18\n\n"
    )

    found = one(tmp_path, text, "wire.txt")

    assert (found["headline"], found["byline"], found["ed_note"]) == (
        "Ferries return to the harbour",
        "Ana Ruiz, The Bell Courier",
        "REFILE 1ST LEAD",
    )
    assert (
        found["text"]
        == "The ferries of the Bell Line ran again on Friday.\n\nThey were full, said the company on the following day."
    )
    assert (found["outlet"], found["place"], day(found), found["signoff"]) == (
        "dpa",
        "Port Bell",
        "2018-11-07",
        "dpa dd eee",
    )


def test_german_in_seven_bits_is_read(tmp_path):
    text = (
        "bdt0123 4 wi 98 dpa 0456\r\n\r\nVerkehr/H{fen/\r\nF{hren fahren wieder =\r\n\r\n   Port Bell (dpa) - Die F{hren fahren wieder, f}r alle. Das sagte\r\n"
        "die Gesellschaft am Freitag gegen}ber der dpa.\r\n\r\ndpa ab yyzz\r\n111137 Mrz 22\r\n"
    )

    found = one(tmp_path, text, "wire.txt")

    assert found["headline"] == "Fähren fahren wieder"
    assert (
        found["text"] == "Die Fähren fahren wieder, für alle. Das sagte die Gesellschaft am Freitag gegenüber der dpa."
    )
    assert (day(found), found["slug"]) == ("2022-03-11", "Verkehr/Häfen")


# --- damage


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("nitf.xml", nitf()), ("g2.xml", message(g2(), g2(guid="b"))), ("newsml1.xml", newsml1()),
        ("ritzau.xml", RITZAU), ("wire.txt", WIRE),
        ("a.json", json.dumps([NINJS1, NINJS3], indent=1)), ("b.json", json.dumps(NINJS1) + "\n" + json.dumps(NINJS3)),
    ],
)  # fmt: skip
def test_damaged_items_never_raise_anything_else(tmp_path, name, whole):
    check_mutants(tmp_path, name, whole.encode())


@pytest.mark.parametrize(
    "text",
    [
        "<nitf>" * 30_000, "<nitf><body><body.content>" + "<block>" * 30_000, f"<newsMessage {NAR}>" + "<newsItem>" * 20_000,
        "<NewsML><NewsItem>" + "<NewsComponent>" * 20_000, "aaa001 4 i 1\n" + "dpa ab\n\n" * 30_000, "aaa001 4 i 1\nA =\n" * 20_000, "[" * 100_000 + '"body_text"',
    ],
)  # fmt: skip
def test_hostile_files_take_no_time(tmp_path, text):
    path = tmp_path / "item"
    path.write_text(text)
    begun = time.process_time()

    with contextlib.suppress(LoadError, LoadWarning):
        mk.load_articles(path)

    assert time.process_time() - begun < 5


def test_entities_that_an_item_defines_are_never_expanded(tmp_path):
    with pytest.raises(LoadError, match="hostile"):
        load(tmp_path, nitf(before='<!DOCTYPE nitf [<!ENTITY a "aaaa">]>', body="<p>&a;</p>"))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real export files are not here")
@pytest.mark.parametrize("folder", ["newsml_nitf", "ninjs", "iptc7901"])
def test_real_items_are_read(folder):
    files = [path for path in sorted((REAL / folder).iterdir()) if path.name != "SOURCE.txt"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LoadWarning)  # pictures and packages
        articles = mk.load_articles(files)

    mk.check_ledger(mk.read_ledger(articles))
    assert articles["headline"].notna().all()
    assert articles["date"].notna().all()
    assert len(articles) == {"newsml_nitf": 13, "ninjs": 5, "iptc7901": 1}[folder]
