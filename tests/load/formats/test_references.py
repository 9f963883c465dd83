"""References: RIS, BibTeX and JSON of reference managers; look-alikes with invented text."""

import json

import pytest
from attempts import kinds, notes
from attempts import load_written as load
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning, MissingExtraError, NoArticlesError
from mediakit.load.formats import bibtex, csl, ris
from mediakit.load.source import Source
from mediakit.load.terms import read_terms

LONG = "The harbour of Port Bell reopened on Friday, and the ferries ran again until midnight. " * 20


# --- RIS

PROQUEST = """TY  - NEWS
T1  - Harbour reopens: [Late Edition]
AN  - 263726780
AB  - A summary.
JF  - Valley News
AU  - Ruiz, Ana
AU  - Lee, Tom J.
Y1  - 2022/03/11/
PY  - 2022
DA  - 2022 Mar 11
SP  - A.1
CY  - Valley, Ont.
PB  - Example Press
KW  - Strikes
KW  - 0612:Ports
UR  - https://www.proquest.com/newspapers/harbour/docview/263726780/se-2?accountid=1234
L2  - https://resolver.example/?x=1
LA  - English
DB  - Example Newsstream
N1  - Copyright - Copyright 2022 Example Press
N1  - Last updated - 2022-03-12
ER  -
"""
ZOTERO = """TY  - NEWS
TI  - Harbour reopens
AU  - Ruiz, Ana
T2  - Valley News
DA  - 2022/03/11/
PY  - 2022
SE  - News
SP  - 3
EP  - 4
ET  - Late
LA  - en
UR  - https://valley.example/harbour
Y2  - 2022/05/01/
KW  - Strikes
AB  - One line
of a summary
ER  -"""
ZOTERO += " \n\n"
ENDNOTE = """TY  - NEWS
AU  - Example Press
DA  - March 11
M1  - 3
PY  - 2022
TI  - Harbour reopens
T2  - Valley News
UR  - https://valley.example/harbour
ID  - 17
ER  -
"""  # fmt: skip


def test_ris_of_proquest(tmp_path):
    articles = load(tmp_path, PROQUEST, "export.ris")

    one = articles.iloc[0]
    assert (one["format"], one["item_type"]) == ("ris", "NEWS")
    assert (one["headline"], one["outlet"], one["byline"]) == (
        "Harbour reopens: [Late Edition]",
        "Valley News",
        "Ana Ruiz, Tom J. Lee",
    )
    assert (f"{one['date']:%Y-%m-%d}", one["date_raw"]) == ("2022-03-11", "2022 Mar 11")
    assert (one["page"], one["language"], one["vendor_id"], one["modified"]) == ("A.1", "en", "263726780", "2022-03-12")
    assert one["url"] == "https://www.proquest.com/newspapers/harbour/docview/263726780/se-2"
    assert one["copyright"] == "Copyright 2022 Example Press"
    assert one["description"] == "A summary."
    assert articles["text"].isna().all()
    assert "1 of 1 without text" in notes(articles)
    assert read_terms(articles)[["term", "code"]].fillna("").values.tolist() == [["Strikes", ""], ["Ports", "0612"]]
    assert "unparsed" not in kinds(articles)


def test_ris_of_zotero_has_section_and_pages_and_lines_that_go_on(tmp_path):
    articles = load(tmp_path, ZOTERO, "export.ris")

    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["section"], one["page"], one["edition"]) == (
        "Harbour reopens",
        "Valley News",
        "News",
        "3-4",
        "Late",
    )
    assert one["description"] == "One line of a summary"
    assert (one["accessed"], f"{one['date']:%Y-%m-%d}") == ("2022/05/01/", "2022-03-11")


def test_ris_of_endnote_has_day_and_year_in_two_fields(tmp_path):
    articles = load(tmp_path, ENDNOTE, "export.ris")

    assert f"{articles['date'].item():%Y-%m-%d}" == "2022-03-11"
    assert articles["byline"].item() == "Example Press"


def test_a_record_without_its_last_line_is_kept_and_a_byte_order_mark_does_no_harm(tmp_path):
    articles = load(tmp_path, "\ufeff" + PROQUEST.replace("ER  -\n", "") + ZOTERO.replace("\n", "\r\n"), "export.ris")

    assert articles["headline"].tolist() == ["Harbour reopens: [Late Edition]", "Harbour reopens"]
    assert "1 records without the line that ends them" in notes(articles)


def test_a_preamble_above_the_first_record_is_header(tmp_path):
    articles = load(
        tmp_path,
        'Provider: Example\nDatabase: Newsstream\nContent:text/plain; charset="UTF-8"\n\n\n' + PROQUEST,
        "export.ris",
    )

    assert kinds(articles)[0] == "header"
    assert "unparsed" not in kinds(articles)


def test_a_long_abstract_of_a_news_item_is_its_text_and_that_of_a_book_is_not(tmp_path):
    text = PROQUEST.replace("A summary.", LONG) + PROQUEST.replace("A summary.", LONG).replace(
        "TY  - NEWS", "TY  - BOOK"
    )

    articles = load(tmp_path, text, "export.ris")

    assert articles["text"].notna().tolist() == [True, False]
    assert articles["text"].iloc[0] == " ".join(LONG.split())
    assert articles["description"].isna().tolist() == [True, False]
    assert articles["item_type"].tolist() == ["NEWS", "BOOK"]
    assert kinds(articles).count("text") == 1


def test_paragraphs_of_a_full_text_are_kept(tmp_path):
    articles = load(tmp_path, ZOTERO.replace("One line\nof a summary", f"{LONG}\n\n{LONG}"), "export.ris")

    assert articles["text"].item().count("\n\n") == 1


def test_a_year_alone_is_no_date(tmp_path):
    articles = load(tmp_path, ZOTERO.replace("DA  - 2022/03/11/", "DA  - 2022///"), "export.ris")

    assert articles["date"].isna().item()
    assert articles["date_raw"].item() == "2022"
    assert "unread date" in mk.read_ledger(articles)["kind"].tolist()


def test_a_record_with_neither_title_nor_text_is_reported(tmp_path):
    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, ZOTERO + "TY  - NEWS\nAU  - Ruiz, Ana\nER  - \n", "export.ris")

    assert len(articles) == 1


# --- BibTeX

BIBTEX = r"""% made by hand
@string{vn = "Valley News"}

@article{ruiz2022,
  entrysubtype = {newspaper},
  title = {Harbour reopens in {{Port Bell}}: 10% \& more of \'{e}t{\'e}},
  author = {Ruiz, Ana and {Example Press and Sons} and Tom Lee},
  date = {2022-03-11},
  journaltitle = {Valley News},
  journalsubtitle = {Business},
  pages = {12--13},
  url = {https://valley.example/a%20b_c},
  langid = {australian},
  keywords = {strikes, ports},
}

@misc{lee2014, title = "On the pier", author = "Lee, Tom", journal = vn # " Online", year = 2014, month = jul, day = 4}
@online{quint2015, title={Ferries}, date={2015-07-04~}, abstract={Costs of $5 and $10.}}
@article{edtf, title={A span}, date={2014-07}}
@book{book, title={A book}, year={2001}}
"""


def test_bibtex_and_biblatex(tmp_path):
    articles = load(tmp_path, BIBTEX, "library.bib")

    one, two, three = (articles.iloc[number] for number in range(3))
    assert (one["format"], one["item_type"]) == ("bibtex", "article/newspaper")
    assert one["headline"] == "Harbour reopens in Port Bell: 10% & more of été"
    assert one["byline"] == "Ana Ruiz, Example Press and Sons, Tom Lee"
    assert (one["outlet"], one["section"], one["page"], one["vendor_id"]) == (
        "Valley News",
        "Business",
        "12-13",
        "ruiz2022",
    )
    assert (one["url"], one["language"]) == ("https://valley.example/a%20b_c", "en")
    assert read_terms(articles)["term"].tolist() == ["strikes", "ports"]
    assert two["headline"] == "On the pier"
    assert f"{two['date']:%Y-%m-%d}" == "2014-07-04"
    assert three["description"] == "Costs of $5 and $10."
    assert f"{three['date']:%Y-%m-%d}" == "2015-07-04"
    assert articles["item_type"].tolist() == ["article/newspaper", "misc", "online", "article", "book"]
    assert articles["date"].isna().tolist() == [False, False, False, True, True]
    assert set(kinds(articles)) == {"header", "article"}


def test_a_broken_entry_is_reported_and_those_around_it_load(tmp_path):
    text = "@article{a1, title={One}, journal={V}}\n@article{a2, title={Two\n@article{a3, title={Three}, journal={V}}\n"

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, text, "library.bib")

    assert articles["headline"].tolist() == ["One", "Three"]
    skipped = mk.read_ledger(articles).query("kind == 'skipped'")
    assert skipped["note"].item().startswith("line 2: ")


def test_two_entries_of_one_key_are_both_kept(tmp_path):
    articles = load(tmp_path, "@article{a, title={One}, title={Other}}\n@article{a, title={Two}}\n", "library.bib")

    assert articles["headline"].tolist() == ["One", "Two"]


def test_the_missing_library_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "bibtexparser", None)

    with pytest.raises(MissingExtraError, match="refs"):
        load(tmp_path, BIBTEX, "library.bib")


# --- JSON

ITEM = {
    "key": "ABCD1234", "itemType": "newspaperArticle", "title": "Harbour reopens",
    "creators": [{"firstName": "Ana", "lastName": "Ruiz", "creatorType": "author"}, {"name": "Example Press", "creatorType": "author"}, {"lastName": "Editor", "creatorType": "editor"}],
    "publicationTitle": "Valley News", "date": "2022-03-11T09:14:33.123456Z", "section": "News", "pages": "3", "place": "Valley",
    "edition": "Late", "language": "en-US", "url": "https://valley.example/harbour", "abstractNote": "A summary.",
    "tags": [{"tag": "Strikes"}, "Ports"], "accessDate": "CURRENT_TIMESTAMP", "dateAdded": "2022-05-01T10:00:00Z", "attachments": [],
}  # fmt: skip


def test_items_of_zotero(tmp_path):
    articles = load(tmp_path, json.dumps([ITEM, ITEM | {"itemType": "book", "title": "A book"}]), "export.json")

    one = articles.iloc[0]
    assert (one["format"], one["headline"], one["outlet"], one["byline"]) == (
        "csl",
        "Harbour reopens",
        "Valley News",
        "Ana Ruiz, Example Press",
    )
    assert (f"{one['date']:%Y-%m-%d}", one["time"]) == ("2022-03-11", "09:14Z")
    assert (one["section"], one["page"], one["edition"], one["publication_place"], one["language"]) == (
        "News",
        "3",
        "Late",
        "Valley",
        "en",
    )
    assert (one["vendor_id"], one["load_date"], one["description"]) == (
        "ABCD1234",
        "2022-05-01T10:00:00Z",
        "A summary.",
    )
    assert "accessed" not in articles.columns
    assert read_terms(articles)["term"].tolist()[:2] == ["Strikes", "Ports"]
    assert articles["item_type"].tolist() == ["newspaperArticle", "book"]
    assert "2 of 2 without text" in notes(articles)


def test_attachments_and_notes_are_parts_of_the_ledger_and_no_articles(tmp_path):
    items = [
        ITEM,
        {"itemType": "attachment", "title": "Snapshot"},
        {"itemType": "note", "note": "<p>Read it.</p>"},
        ITEM,
    ]

    articles = load(tmp_path, json.dumps(items), "export.json")

    assert len(articles) == 2
    assert kinds(articles) == ["article", "metadata", "metadata", "article"]


def test_the_envelope_of_the_api_is_opened(tmp_path):
    items = [
        {
            "key": "ABCD1234",
            "version": 7,
            "library": {"id": 1},
            "data": {name: value for name, value in ITEM.items() if name != "key"},
        }
    ]

    articles = load(tmp_path, json.dumps(items), "items.json")

    assert (articles["headline"].item(), articles["vendor_id"].item()) == ("Harbour reopens", "ABCD1234")


@pytest.mark.parametrize(
    ("kind", "field", "outlet"),
    [
        ("webpage", "websiteTitle", "Valley Site"),
        ("blogPost", "blogTitle", "Pier Blog"),
        ("magazineArticle", "publicationTitle", "Weekly"),
    ],
)
def test_web_pages_blogs_and_magazines_name_their_outlet_elsewhere(tmp_path, kind, field, outlet):
    item = {name: value for name, value in ITEM.items() if name != "publicationTitle"} | {
        "itemType": kind,
        field: outlet,
    }

    assert load(tmp_path, json.dumps([item]), "export.json")["outlet"].item() == outlet


@pytest.mark.parametrize(("order", "date"), [("dmy", "2014-07-04"), ("mdy", "2014-04-07"), ("ymd", None)])
def test_better_bibtex_says_how_its_dates_are_ordered(tmp_path, order, date):
    whole = {"config": {"label": "BetterBibTeX JSON", "localeDateOrder": order}, "items": [ITEM | {"date": "4/7/2014"}]}

    articles = load(tmp_path, json.dumps(whole, indent=2), "library.json")

    assert articles["date_raw"].item() == "4/7/2014"
    assert (f"{articles['date'].item():%Y-%m-%d}" if date else None) == date


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2022, 3, 11]]}, "2022-03-11"),
        ({"date-parts": [["2022", "3", "11"]]}, "2022-03-11"),
        ({"raw": "11 March 2022"}, "2022-03-11"),
        ({"date-parts": [[2022]]}, None),
        ("2022-03-11", "2022-03-11"),
    ],
)
def test_csl_json(tmp_path, issued, date):
    item = {
        "id": "http://zotero.example/items/ABCD", "type": "article-newspaper", "title": "Harbour <i>reopens</i>", "container-title": "Valley News", "section": "News",
        "author": [{"family": "Ruiz", "given": "Ana"}, {"literal": "Example Press"}, {"family": "Berg", "given": "Eva", "non-dropping-particle": "van den"}],
        "issued": issued, "page": "3", "URL": "https://valley.example/harbour", "publisher-place": "Valley", "language": "en",
    }  # fmt: skip

    articles = load(tmp_path, json.dumps([item]), "export.json")

    one = articles.iloc[0]
    assert (one["headline"], one["outlet"], one["byline"]) == (
        "Harbour reopens",
        "Valley News",
        "Ana Ruiz, Example Press, Eva van den Berg",
    )
    assert (one["item_type"], one["vendor_id"]) == ("article-newspaper", "http://zotero.example/items/ABCD")
    assert (None if articles["date"].isna().item() else f"{one['date']:%Y-%m-%d}") == date


def test_a_cut_file_gives_the_items_before_the_cut(tmp_path):
    text = json.dumps([ITEM] * 3, indent=1)

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, text[:-300], "export.json")

    assert len(articles) == 2
    assert kinds(articles) == ["article", "article", "skipped"]


def test_damage_in_the_middle_costs_one_item(tmp_path):
    text = json.dumps([ITEM | {"title": f"No. {number}"} for number in range(5)], indent=1).replace('"No. 2"', '"No. 2')

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, text, "export.json")

    assert articles["headline"].tolist() == ["No. 0", "No. 1", "No. 3", "No. 4"]


def test_a_list_without_references_is_not_claimed(tmp_path):
    for name, text in {
        "a.json": '[{"title": "A", "text": "B", "type": "article"}]',
        "b.ris": "TY for nothing",
        "c.bib": "mail@example and = {",
        "d.txt": "He wrote\n@article{\nand left.",
    }.items():
        source = Source(tmp_path / name, name)
        (tmp_path / name).write_text(text)
        assert [module.READER.sniff(source)[0] for module in (ris, bibtex, csl)] == [0.0, 0.0, 0.0]


def test_only_notes_are_no_articles(tmp_path):
    with pytest.raises(NoArticlesError):
        load(tmp_path, json.dumps([{"itemType": "note", "note": "x", "dateAdded": "2022-01-01"}]), "export.json")
    with pytest.raises(LoadError, match="broken JSON"):
        load(tmp_path, '[{"itemType": "note", "dateAdded": "2022', "export.json")


@pytest.mark.parametrize(
    ("name", "text"),
    [("e.ris", PROQUEST + ZOTERO + ENDNOTE), ("l.bib", BIBTEX), ("z.json", json.dumps([ITEM] * 4, indent=1))],
)
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name, text):
    check_mutants(tmp_path, name, text.encode())


def test_the_real_files_give_every_reference(real_files):
    folder = real_files / "exports"
    zotero = mk.load_articles(folder / "zotero_refs")
    proquest = mk.load_articles(
        [folder / "proquest_ris" / name for name in ("abi_inform_proquest_ris.ris", "abi_inform_proquest_bib.bib")]
    )

    counts = zotero.groupby("file").size()
    assert counts["zotero_newspaperArticle_dev.json"] == 160
    assert counts["gargantext_zotero-12.ris"] == 12
    assert counts.drop(["zotero_newspaperArticle_dev.json", "gargantext_zotero-12.ris", "SOURCE.txt"]).eq(1).all()
    assert len(proquest) == 4
    news = zotero[zotero["item_type"].eq("newspaperArticle") | zotero["item_type"].eq("article/newspaper")]
    assert news["headline"].notna().all()
    assert news["outlet"].notna().mean() > 0.97
    assert news["date"].notna().sum() >= news["date_raw"].notna().sum() - 3
    assert not mk.read_ledger(zotero)["kind"].eq("unparsed").any()
    mk.check_ledger(mk.read_ledger(zotero))
    mk.check_ledger(mk.read_ledger(proquest))
