"""Columns of foreign tables: recognised by name, asked for by name, brought into the form of the article table."""

import pandas as pd
import pytest

from mediakit.articles import make_articles
from mediakit.errors import FormatError
from mediakit.load.cells import EXCEL_LIMIT, html_to_text, to_record
from mediakit.load.columns import flatten, match_columns, recognise_columns


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["Heading", "Newspaper", "PubDate", "Author", "Section", "Full text", "Link"],
            {"text": "Full text", "headline": "Heading", "date": "PubDate", "outlet": "Newspaper", "byline": "Author",
             "section": "Section", "url": "Link"},
        ),
        (["Titel", "Volltext", "Datum", "Zeitung"], {"text": "Volltext", "headline": "Titel", "date": "Datum", "outlet": "Zeitung"}),
        (["Titre", "Texte", "Date", "Journal"], {"text": "Texte", "headline": "Titre", "date": "Date", "outlet": "Journal"}),
        (["TITULO", "texto", "Fecha", "Medio"], {"text": "texto", "headline": "TITULO", "date": "Fecha", "outlet": "Medio"}),
        (
            ["Schlagzeile", "Blatt", "Erscheinungstag", "Volltext des Artikels"],
            {"text": "Volltext des Artikels", "headline": "Schlagzeile", "date": "Erscheinungstag", "outlet": "Blatt"},
        ),
        (
            ["Titel des Artikels", "Name der Zeitung", "Erschienen am", "Wortlaut"],
            {"text": "Wortlaut", "headline": "Titel des Artikels", "date": "Erschienen am", "outlet": "Name der Zeitung"},
        ),
        (
            ["Intitulé", "Nom du média", "Paru le", "Texte de l’article"],
            {"text": "Texte de l’article", "headline": "Intitulé", "date": "Paru le", "outlet": "Nom du média"},
        ),
        (
            ["Título de la noticia", "Medio de comunicación", "Publicado el", "Cuerpo_del_artículo"],
            {"text": "Cuerpo_del_artículo", "headline": "Título de la noticia", "date": "Publicado el",
             "outlet": "Medio de comunicación"},
        ),
        (["Titre", "Journal", "Corps de l'article"], {"text": "Corps de l'article", "headline": "Titre", "outlet": "Journal"}),
        (["Title of the article", "Text of article"], {"text": "Text of article", "headline": "Title of the article"}),
        (["Заголовок", "Текст", "Дата"], {"text": "Текст", "headline": "Заголовок", "date": "Дата"}),
        (["标题", "正文", "日期"], {"text": "正文", "headline": "标题", "date": "日期"}),
        (
            ["id", "indexed_date", "language", "media_name", "media_url", "publish_date", "title", "url"],
            {"headline": "title", "date": "publish_date", "outlet": "media_name", "language": "language", "url": "url"},
        ),
    ],
)  # fmt: skip
def test_columns_are_recognised_in_several_languages(names, expected):
    assert match_columns(names) == expected


@pytest.mark.parametrize(
    "name", ["inserted_at", "scraped_at", "indexed_date", "date_download", "seendate", "Last update date"]
)
def test_the_day_of_capture_is_not_the_day_of_publication(name):
    assert "date" not in match_columns(["title", name])


def test_earlier_names_win_and_the_rest_is_kept():
    row = {"title": "A", "content": "short", "maintext": "the whole text"}

    record = to_record(row, match_columns(row))

    assert (record["text"], record["content"]) == ("the whole text", "short")


def test_names_that_are_only_alike_are_found_where_no_known_name_is():
    assert recognise_columns(["news_title_text", "clean article text", "text_length", "Date of publication (GMT)"]) == {
        "text": "clean article text",
        "date": "Date of publication (GMT)",
    }


def test_columns_asked_for_win_over_recognised_ones():
    assert match_columns(["text", "Summary", "title"], columns={"text": "summary"}) == {
        "text": "Summary",
        "headline": "title",
    }


def test_a_column_asked_for_that_is_not_there_is_an_error_that_lists_the_columns():
    with pytest.raises(
        FormatError, match=r"no column 'Voltext' \(for 'text'\); it has Titel, Volltext\. Did you mean 'Volltext'"
    ):
        match_columns(["Titel", "Volltext"], columns={"text": "Voltext"})


def test_a_column_of_ours_that_does_not_exist_is_an_error():
    with pytest.raises(FormatError, match=r"'txt' is not a column that can be set.*Did you mean 'text'"):
        match_columns(["Volltext"], columns={"txt": "Volltext"})


def test_a_table_without_known_columns_is_an_error_that_shows_the_remedy():
    with pytest.raises(FormatError, match=r'the table has a, b\.\n.*columns=\{"text": "\.\.\."\}'):
        match_columns(["a", "b"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  One.\r\nTwo.\r\n", "One.\n\nTwo."),
        ("One\nline.\n \n\nTwo.", "One\nline.\n\nTwo."),
        (
            "<p>One &amp; <b>two</b>.</p>\n<p>Three<br/>four.</p><script>alert('x')</script>",
            "One & two.\n\nThree\nfour.",
        ),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("A <script>alert(1)</script> tag, and 3 < 4 > 2", "A <script>alert(1)</script> tag, and 3 < 4 > 2"),
        (["One.", "Two."], "One.\n\nTwo."),
        ("NA", "NA"),
        ("   ", None),
        (float("nan"), None),
        (b"bytes", "bytes"),
    ],
)
def test_texts_have_one_blank_line_between_paragraphs(cell, expected):
    assert to_record({"text": cell}, {"text": "text"})["text"] == expected


@pytest.mark.parametrize(
    "markup", ["<p>" + "<div>" * 50_000 + "end", "<p>end" + "<!--" * 50_000, "<p>end<script>" * 20_000, "<p>end<![foo["]
)
def test_hostile_markup_neither_crashes_nor_swallows_the_text(markup):
    assert "end" in html_to_text(markup)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("By Ana Ruiz", "Ana Ruiz"),
        (["By Ana Ruiz", "Tom Lee", None], "Ana Ruiz, Tom Lee"),
        ("['Ana Ruiz', \"Tom O'Lee\"]", "Ana Ruiz, Tom O'Lee"),
        ('["Ana Ruiz"]', "Ana Ruiz"),
        ([{"firstName": "Ana", "lastName": "Ruiz"}, {"name": "Concord"}], "Ana Ruiz, Concord"),
        ("[]", None),
        ("None", None),
        ("[broken", "[broken"),
        ("[" * 5000 + "]" * 5000, "[" * 5000 + "]" * 5000),
    ],
)
def test_authors_become_one_line(cell, expected):
    assert to_record({"authors": cell}, {"byline": "authors"})["byline"] == expected


def test_words_that_look_missing_are_text_in_headlines_and_missing_elsewhere():
    row = {"title": "None", "text": "null", "source": "NA", "section": "nan", "extra": "NaN", "other": "NA"}

    record = to_record(row, match_columns(row))

    assert (record["headline"], record["text"], record["outlet"]) == ("None", "null", "NA")
    assert (record["section"], record["extra"], record["other"]) == (None, None, "NA")


@pytest.mark.parametrize(
    ("cell", "day_first", "day", "raw"),
    [
        ("12 février 2025", None, "2025-02-12", "12 février 2025"),
        ("03/04/2025", None, None, "03/04/2025"),
        ("03/04/2025", True, "2025-04-03", "03/04/2025"),
        (1739404800000, None, "2025-02-13", "1739404800000"),
        (1739404800000.0, None, "2025-02-13", "1739404800000"),
        (pd.Timestamp("2025-02-13 23:30", tz="UTC"), None, "2025-02-13", "2025-02-13 23:30:00+00:00"),
        (pd.Timestamp("2025-02-13").date(), None, "2025-02-13", "2025-02-13"),
        (pd.NaT, None, None, None),
        ("undateable", None, None, "undateable"),
    ],
)
def test_dates_are_read_and_kept_as_printed(cell, day_first, day, raw):
    record = to_record({"date": cell}, {"date": "date"}, day_first=day_first)

    assert record["date"] == (None if day is None else pd.Timestamp(day))
    assert record["date_raw"] == raw


def test_inner_objects_come_up_one_level():
    row = {"source": {"id": None, "name": "Ledger"}, "title": "A", "tags": ["x", {"y": 1}]}

    record = to_record(row, match_columns(flatten(row)))

    assert record["outlet"] == "Ledger"
    assert record["tags"] == '["x", {"y": 1}]'


def test_further_columns_keep_their_names_unless_these_are_ours():
    row = {"headline": "A", "text": "B", "words": "9", "position": 4, "format": "x", "page": "A4"}

    record = to_record(row, match_columns(row))

    assert {"words_raw": "9", "position_raw": 4, "format_raw": "x", "page": "A4"}.items() <= record.items()
    assert make_articles([record])["words"].tolist() == [1]


def test_only_identifiers_of_our_own_form_are_taken_over():
    mapping = match_columns(["article_id", "title"])

    assert to_record({"article_id": "00c0ffee00c0ffee", "title": "A"}, mapping)["article_id"] == "00c0ffee00c0ffee"
    assert to_record({"article_id": "17", "title": "A"}, mapping)["article_id_raw"] == "17"


def test_a_snippet_that_repeats_the_text_is_no_standfirst():
    row = {
        "title": "A",
        "text": "PARIS — The talks began on Monday and go on.",
        "description": "The talks began on Monday…",
    }

    record = to_record(row, match_columns(row))

    assert record.get("standfirst") is None
    assert record["description"] == "The talks began on Monday…"


def test_a_cell_at_the_limit_of_spreadsheets_is_known_to_be_cut():
    record = to_record({"text": "x" * EXCEL_LIMIT}, {"text": "text"})

    assert record["truncated"] is True
    assert "32,767" in record["truncated_why"]


@pytest.mark.parametrize(
    ("cell", "expected"), [("False", False), ("True", True), (None, False), (True, True), ("", False)]
)
def test_truth_values_are_read_from_words(cell, expected):
    assert (
        to_record({"text": "x", "truncated": cell}, {"text": "text", "truncated": "truncated"})["truncated"] is expected
    )


def test_lone_surrogates_do_not_reach_the_table():
    record = to_record({"title": "a \ud83d b", "x": "\ud83d\ude00"}, {"headline": "title"})

    assert record == {"headline": "a \ufffd b", "x": "\U0001f600"}
