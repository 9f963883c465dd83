"""GDELT: its tables and its search; look-alikes with invented values."""

import json
import zipfile

import pytest
from attempts import kinds, load_written, notes
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning
from mediakit.load.formats import gdelt, gdelt_doc
from mediakit.load.gdelt import columns
from mediakit.load.source import Source
from mediakit.load.terms import read_terms

EVENT = {
    "GLOBALEVENTID": "410412347", "SQLDATE": "20140218", "MonthYear": "201402", "Year": "2014", "FractionDate": "2014.1315", "Actor1Code": "GOV",
    "Actor1Name": "MINISTER", "Actor1Type1Code": "GOV", "Actor2Name": "FERRYMEN", "IsRootEvent": "1", "EventCode": "043", "EventBaseCode": "043", "EventRootCode": "04",
    "QuadClass": "1", "GoldsteinScale": "2.8", "NumMentions": "5", "NumSources": "1", "NumArticles": "5", "AvgTone": "-4.47",
    "ActionGeo_Type": "4", "ActionGeo_FullName": "Port Bell, Valley", "ActionGeo_CountryCode": "VA", "ActionGeo_Lat": "-30.3", "ActionGeo_Long": "25.3",
    "DATEADDED": "20150218230000", "SOURCEURL": "https://www.valley.example/harbour",
}  # fmt: skip
MENTION = {
    "GLOBALEVENTID": "410412347", "EventTimeDate": "20140218000000", "MentionTimeDate": "20150218230000", "MentionType": "1", "MentionSourceName": "valley.example",
    "MentionIdentifier": "https://valley.example/harbour", "SentenceID": "3", "Actor1CharOffset": "-1", "Confidence": "50", "MentionDocLen": "6665",
    "MentionDocTone": "-4.4", "MentionDocTranslationInfo": "srclc:ces;eng:Moses 2.1.1",
}  # fmt: skip
GKG = {
    "GKGRECORDID": "20190218230000-T7", "DATE": "20190218230000", "SourceCollectionIdentifier": "1", "SourceCommonName": "valley.example",
    "DocumentIdentifier": "https://valley.example/harbour", "Themes": "STRIKE;PORT;", "V2Themes": "STRIKE,120;PORT,12;STRIKE,300;",
    "Locations": "1#Valley#VA#VA#1#2#VA", "V2Locations": "4#Port Bell, Valley#VA#VA01#77#1.5#2.5#-99#120;1#Valley#VA#VA##1#2#VA#300",
    "Persons": "ana ruiz", "V2Persons": "Ana Ruiz,12;Ana Ruiz,90", "V2Organizations": "Ferry, Port And Co,33", "V2Tone": "-1.5,2,3,5,20,0,120",
    "GCAM": "wc:473,c1.1:1", "SharingImage": "https://valley.example/a.jpg", "Quotations": "104|26||you are full , stop#200|10|said|never",
    "TranslationInfo": "srclc:ces;eng:Moses 2.1.1",
    "Extras": "<PAGE_AUTHORS>Ana Ruiz aruiz@valley.example;Tom Lee</PAGE_AUTHORS><PAGE_PRECISEPUBTIMESTAMP>20190217091400</PAGE_PRECISEPUBTIMESTAMP><PAGE_TITLE>Harbour &#x2013; reopens &amp; more</PAGE_TITLE>",
}  # fmt: skip
GKG1 = {
    "DATE": "20140218", "NUMARTS": "2", "THEMES": "STRIKE;PORT", "LOCATIONS": "1#Valley#VA#VA#1#2#VA", "PERSONS": "ana ruiz", "ORGANIZATIONS": "ferry co",
    "TONE": "-1.5,2,3,5,20,0", "CAMEOEVENTIDS": "1,2", "SOURCES": "valley.example;pier.example",
    "SOURCEURLS": "https://valley.example/harbour<UDIV>https://pier.example/b",
}  # fmt: skip


def line(kind, cells, drop=0):
    names = columns(kind)
    return "\t".join(cells.get(name, "") for name in names[: len(names) - drop])


def load(folder, text, name="20150218230000.gkg.csv"):
    return load_written(folder, text, name)


def test_a_record_of_the_knowledge_graph(tmp_path):
    articles = load(
        tmp_path,
        line("gkg2", GKG)
        + "\n"
        + line("gkg2", GKG | {"GKGRECORDID": "20190218230000-8", "TranslationInfo": "", "Extras": ""})
        + "\n",
    )

    one, two = articles.iloc[0], articles.iloc[1]
    assert (one["format"], one["headline"], one["byline"]) == ("gdelt", "Harbour – reopens & more", "Ana Ruiz, Tom Lee")
    assert (one["outlet"], one["url"], one["vendor_id"]) == (
        "valley.example",
        "https://valley.example/harbour",
        "20190218230000-T7",
    )
    assert (f"{one['date']:%Y-%m-%d}", one["time"], one["date_kind"], one["load_date"]) == (
        "2019-02-17",
        "09:14Z",
        "published",
        "20190218230000",
    )
    assert (f"{two['date']:%Y-%m-%d}", two["date_kind"]) == ("2019-02-18", "seen")
    assert articles["language"].tolist() == ["cs", "en"]
    assert articles["declared_words"].tolist() == [473, 473]
    assert one["quotations"] == "you are full , stop\nnever"
    assert one["tone"] == -1.5
    assert articles["headline"].isna().tolist() == [False, True]
    assert articles["text"].isna().all()
    assert not articles["truncated"].any()
    terms = read_terms(articles[:1])
    assert terms[["scheme", "term"]].values.tolist() == [
        ["theme", "STRIKE"],
        ["theme", "PORT"],
        ["person", "Ana Ruiz"],
        ["organization", "Ferry, Port And Co"],
        ["place", "Port Bell, Valley"],
        ["place", "Valley"],
    ]
    assert terms["code"].tolist()[-2:] == ["VA01", "VA"]
    assert "GDELT gives no text" in notes(articles)


def test_titles_in_character_data_and_a_citation_that_is_no_address(tmp_path):
    extras = "<PAGE_TITLE><![CDATA[Ferries return]]></PAGE_TITLE>"
    cited = {
        "SourceCollectionIdentifier": "2",
        "SourceCommonName": "BBC Monitoring",
        "DocumentIdentifier": "Valley website/BBC Monitoring/(c) BBC",
    }

    articles = load(tmp_path, line("gkg2", GKG | cited | {"Extras": extras}) + "\n")

    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["citation"]) == (
        "Ferries return",
        "BBC Monitoring",
        "Valley website/BBC Monitoring/(c) BBC",
    )
    assert articles["url"].isna().all()


def test_the_old_knowledge_graph_has_several_documents_a_line_and_a_header(tmp_path):
    text = "\t".join(columns("gkg1")) + "\n" + line("gkg1", GKG1) + "\n"

    articles = load(tmp_path, text)

    assert articles["url"].tolist() == ["https://valley.example/harbour", "https://pier.example/b"]
    assert articles["outlet"].tolist() == ["valley.example", "pier.example"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2014-02-18"] * 2
    assert kinds(articles) == ["header", "article"]
    assert read_terms(articles)["term"].tolist()[:5] == ["STRIKE", "PORT", "ana ruiz", "ferry co", "Valley"]
    assert load(tmp_path, line("gkg1", GKG1) + "\n")["url"].nunique() == 2


def test_mentions_have_a_row_each(tmp_path):
    articles = load(
        tmp_path,
        line("mentions", MENTION)
        + "\n"
        + line("mentions", MENTION | {"SentenceID": "9", "MentionDocTranslationInfo": ""})
        + "\n",
    )

    assert articles["url"].tolist() == ["https://valley.example/harbour"] * 2
    assert articles["outlet"].tolist() == ["valley.example"] * 2
    assert articles["language"].tolist() == ["cs", "en"]
    assert articles["event_id"].tolist() == ["410412347"] * 2
    assert articles["sentence_number"].tolist() == [3, 9]
    assert (articles["date_kind"].iloc[0], articles["event_date"].iloc[0]) == ("seen", "2014-02-18")
    assert "1 different addresses" in notes(articles)


@pytest.mark.parametrize("kind", ["events1", "events2"])
def test_events_have_the_address_of_their_source(tmp_path, kind):
    articles = load(tmp_path, line(kind, EVENT) + "\n")

    one = articles.iloc[0]
    assert (one["url"], one["outlet"], one["vendor_id"]) == (
        "https://www.valley.example/harbour",
        "valley.example",
        "410412347",
    )
    assert (f"{one['date']:%Y-%m-%d}", one["event_date"], one["date_kind"]) == ("2015-02-18", "2014-02-18", "seen")
    assert (one["actor1_name"], one["event_code"], one["goldstein"], one["action_place"]) == (
        "MINISTER",
        "043",
        2.8,
        "Port Bell, Valley",
    )
    assert (one["action_lat"], one["num_articles"]) == (-30.3, 5)


def test_lines_with_and_without_an_address_stand_in_one_file(tmp_path):
    articles = load(tmp_path, line("events1", EVENT) + "\n" + line("events1", EVENT, drop=1) + "\n")

    assert articles["url"].isna().tolist() == [False, True]
    assert articles["vendor_id"].tolist() == ["410412347"] * 2


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_exports_of_bigquery_have_a_header_in_lower_case(tmp_path, delimiter):
    names = ["gkgrecordid", "date", "sourcecommonname", "documentidentifier", "v2themes", "v2tone", "extras"]
    known = dict(
        zip(
            names,
            ["GKGRECORDID", "DATE", "SourceCommonName", "DocumentIdentifier", "V2Themes", "V2Tone", "Extras"],
            strict=True,
        )
    )
    cells = [GKG[known[name]] for name in names]
    cells = ['"' + cell.replace('"', '""') + '"' if delimiter in cell else cell for cell in cells]

    articles = load(tmp_path, "\ufeff" + delimiter.join(names) + "\r\n" + delimiter.join(cells) + "\r\n", "bq.csv")

    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["tone"]) == ("Harbour – reopens & more", "valley.example", -1.5)
    assert kinds(articles) == ["header", "article"]


def test_events_with_commas_in_quotation_marks(tmp_path):
    names = columns("events2")
    row = ",".join(f'"{EVENT.get(name, "")}"' if "," in EVENT.get(name, "") else EVENT.get(name, "") for name in names)

    articles = load(tmp_path, ",".join(name.lower() for name in names) + "\n" + row + "\n", "bq.csv")

    assert articles["action_place"].item() == "Port Bell, Valley"


def test_a_stray_tab_and_broken_bytes_cost_their_lines(tmp_path):
    good = line("gkg2", GKG).encode()
    text = b"\n".join([good, good + b"\tmore", good.replace(b"Ana", b"An\xff"), b"", good[:200], good]) + b"\n"

    with pytest.warns(LoadWarning, match="3 rows were left out"):
        articles = load(tmp_path, text)

    assert kinds(articles) == ["article", "skipped", "skipped", "boilerplate", "skipped", "article"]
    skipped = mk.read_ledger(articles).query("kind == 'skipped'")["note"].tolist()
    assert skipped[0].startswith("line 2: 28 fields")
    assert "no UTF-8" in skipped[1]


def test_a_file_in_its_archive_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "20190218230000.gkg.csv.zip", "w") as archive:
        archive.writestr("20190218230000.gkg.csv", line("gkg2", GKG) + "\n")

    assert mk.load_articles(tmp_path / "20190218230000.gkg.csv.zip")["headline"].item() == "Harbour – reopens & more"


def test_a_list_of_codes_in_an_unknown_language_stays_as_it_is(tmp_path):
    articles = load(
        tmp_path, line("gkg2", GKG | {"TranslationInfo": "", "GKGRECORDID": "20190218230000-T9", "Extras": ""}) + "\n"
    )

    assert articles["language"].isna().all()


# --- the search

ITEM = {
    "url": "https://valley.example/harbour",
    "url_mobile": "",
    "title": "Harbour , reopened . Ferries",
    "seendate": "20240615T170000Z",
    "socialimage": "https://valley.example/a.jpg",
    "domain": "valley.example",
    "language": "Malayalam",
    "sourcecountry": "India",
}


def test_a_list_of_the_search(tmp_path):
    articles = load(tmp_path, json.dumps({"articles": [ITEM, ITEM | {"title": ""}]}), "artlist.json")

    one = articles.iloc[0]
    assert (one["format"], one["headline"], one["outlet"], one["language"]) == (
        "gdelt-doc",
        "Harbour, reopened. Ferries",
        "valley.example",
        "ml",
    )
    assert (f"{one['date']:%Y-%m-%d}", one["date_kind"], one["load_date"]) == ("2024-06-15", "seen", "20240615T170000Z")
    assert (one["country"], one["image"]) == ("India", "https://valley.example/a.jpg")
    assert articles["headline"].isna().tolist() == [False, True]
    assert "GDELT gives no text" in notes(articles)


def test_an_answer_with_wrong_escapes_and_one_that_is_cut(tmp_path):
    text = json.dumps({"articles": [ITEM, ITEM | {"title": "SLIP"}, ITEM]}, indent=1).replace("SLIP", r"It\'s \d open")

    articles = load(tmp_path, text, "artlist.json")

    assert articles["headline"].tolist()[1] == r"It\'s \d open"
    with pytest.warns(LoadWarning, match="left out"):
        assert len(load(tmp_path, text[:-100], "artlist.json")) == 2


def test_the_search_as_csv(tmp_path):
    articles = load(
        tmp_path,
        '\ufeffURL,MobileURL,Date,Title\nhttps://valley.example/a,,2024-06-15 17:00:00,"Harbour , reopened"\n',
        "artlist.csv",
    )

    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["date_kind"]) == ("Harbour, reopened", "valley.example", "seen")
    assert f"{one['date']:%Y-%m-%d}" == "2024-06-15"


def test_sentences_of_the_context_search_are_kept(tmp_path):
    articles = load(
        tmp_path, json.dumps({"articles": [ITEM | {"sentence": "The harbour reopened.", "isquote": 0}]}), "context.json"
    )

    assert articles["sentence"].item() == "The harbour reopened."


@pytest.mark.parametrize(
    "message",
    [
        "Please limit requests to one every 5 seconds or contact somebody.",
        "One or more of your keywords were too short, too long or too common: (locationcc:br)",
        "The specified phrase is too short.",
        "Queries containing OR'd terms must be surrounded by ().",
    ],
)
def test_a_message_of_the_service_is_no_article(tmp_path, message):
    with pytest.raises(LoadError, match="message of GDELT's service: "):
        load(tmp_path, f"\n{message}\n", "artlist.json")


def test_other_files_are_left_to_other_readers(tmp_path):
    for name, text in {
        "a.csv": "id,title,text\n1,A,B\n",
        "b.tsv": "\t".join(map(str, range(27))) + "\n",
        "c.txt": "Please limit requests, said the minister.\n\nThe talks of Friday failed.",
        "d.json": json.dumps({"articles": [{"title": "A", "url": "b", "publishedAt": "2020-01-01"}]}),
        "e.csv": "name,type,description\nGLOBALEVENTID,INTEGER,Unique\nSQLDATE,INTEGER,Date\n",
    }.items():
        (tmp_path / name).write_text(text)
        source = Source(tmp_path / name, name)
        assert (gdelt.READER.sniff(source)[0], gdelt_doc.READER.sniff(source)[0]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.csv", "\n".join([line("gkg2", GKG)] * 4)), ("h.csv", "\t".join(columns("gkg1")) + "\n" + line("gkg1", GKG1)),
        ("m.csv", "\n".join([line("mentions", MENTION)] * 4)), ("e.csv", "\n".join([line("events2", EVENT)] * 4)),
        ("a.json", json.dumps({"articles": [ITEM] * 4})),
    ],
)  # fmt: skip
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name, text):
    check_mutants(tmp_path, name, text.encode())


def test_the_real_files_give_every_record(real_files):
    folder = real_files / "exports"
    counts = {
        "sparkgdelt_events.csv": 100,
        "sparkgdelt_events1.csv": 100,
        "sparkgdelt_gkg.csv": 100,
        "sparkgdelt_mentions.csv": 100,
        "mentionssamp.csv": 1635,
        "reed_events.csv": 710,
    }
    articles = mk.load_articles([folder / "gdelt_tables" / name for name in counts])

    assert articles.groupby("file").size().to_dict() == counts
    assert articles["format"].eq("gdelt").all()
    assert articles["date"].notna().all()
    assert articles["date"].dt.year.between(2013, 2020).all()
    with_address = articles[articles["url"].notna()]
    assert with_address["outlet"].notna().all()
    assert len(with_address) > 0.85 * len(articles)
    mk.check_ledger(mk.read_ledger(articles))
    with pytest.warns(LoadWarning, match="2 of 4 files"):
        answers = mk.load_articles(folder / "gdelt_doc_api")
    assert (answers["format"] == "gdelt-doc").sum() == 4
