"""Delimited text, Parquet and Excel: one article a row, and no row lost in silence."""

import builtins
import contextlib
import csv
import datetime
import random
import warnings
from pathlib import Path

import pandas as pd
import pytest

import mediakit as mk
from mediakit.articles import make_articles
from mediakit.errors import FormatError, LoadWarning, MissingExtraError
from mediakit.load.dateline import split_dateline
from mediakit.load.formats.parquet import READER as PARQUET
from mediakit.load.formats.table import READER as TABLE
from mediakit.load.formats.workbook import READER as XLSX
from mediakit.load.ledger import Reading
from mediakit.load.registry import Options
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

PROJECT = Path(__file__).parents[2]


def source_of(folder, content, name="articles.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(path, name)


def read(folder, content, name="articles.csv", reader=TABLE, **columns) -> Reading:
    reading = reader.read(source_of(folder, content, name), Options(columns=columns))
    assert_tiled(reading)
    return reading


def assert_tiled(reading):
    assert [part.start for part in reading.parts] == list(range(reading.length))
    assert [part.end for part in reading.parts] == list(range(1, reading.length + 1))
    positions = [part.position for part in reading.parts if part.kind == "article"]
    assert positions == list(range(len(reading.articles)))


def score(folder, content, name="articles.csv", reader=TABLE):
    return reader.sniff(source_of(folder, content, name))[0]


def kinds(reading):
    return [part.kind for part in reading.parts]


def headlines(reading):
    return [article["headline"] for article in reading.articles]


# --- the sample corpus, and what is easy


def test_the_sample_table_agrees_with_the_gold_table():
    gold = pd.read_csv(PROJECT / "tests/gold/sample_articles.csv", keep_default_na=False)
    gold = gold[gold["file"] == "capital-dispatch.csv"].sort_values("position")
    source = Source(PROJECT / "data/sample/capital-dispatch.csv", "capital-dispatch.csv")

    reading = TABLE.read(source, Options())

    assert_tiled(reading)
    assert TABLE.sniff(source)[0] >= 0.9
    assert kinds(reading) == ["header"] + ["article"] * 9
    assert headlines(reading) == gold["headline"].tolist() == [part.excerpt for part in reading.parts[1:]]
    assert [article["byline"] for article in reading.articles] == gold["byline"].tolist()
    assert [article["outlet"] for article in reading.articles] == gold["outlet_in_file"].tolist()
    assert ["" if a["date"] is None else f"{a['date']:%Y-%m-%d}" for a in reading.articles] == gold["date"].tolist()
    for article, first, last in zip(reading.articles, gold["first_words"], gold["last_words"], strict=True):
        _, _, skipped = split_dateline(article["text"])
        assert " ".join(article["text"][skipped:].split()).startswith(first)
        assert " ".join(article["text"].split()).endswith(last)


def test_semicolons_in_windows_1252_from_excel(tmp_path):
    content = (
        "Titel;Volltext;Datum;Zeitung\r\nZoë sagt „nein“;„Ja“, sagt sie;03/04/2025;Tag\r\nÜ;Text;25/04/2025;Tag\r\n"
    )

    reading = read(tmp_path, content.encode("cp1252"))

    assert headlines(reading) == ["Zoë sagt „nein“", "Ü"]
    assert reading.articles[0]["date"] == pd.Timestamp("2025-04-03")  # 25/04 shows that the day comes first
    assert score(tmp_path, content.encode("cp1252")) >= 0.9


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_table_that_csv_writes_is_read_back(tmp_path, delimiter):
    draw = random.Random(7)
    pieces = ["a", "b c", ",", ";", "\t", "|", '"', "\n", "\n\n", "“x”", "'", "=cmd()", "é"]
    rows = [["".join(draw.choices(pieces, k=draw.randint(1, 12))) + "z" for _ in range(3)] for _ in range(60)]
    path = tmp_path / "random.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([["title", "text", "note"], *rows])

    reading = TABLE.read(Source(path, "random.csv"), Options())

    assert_tiled(reading)
    assert kinds(reading) == ["header"] + ["article"] * 60
    assert [article["note"] for article in reading.articles] == [row[2] for row in rows]
    assert headlines(reading) == [" ".join(row[0].split()) for row in rows]
    assert csv.field_size_limit() == 131_072


def test_the_column_for_the_text_can_be_named(tmp_path):
    reading = read(tmp_path, "a,b\none,two\n", text="b")

    assert reading.articles == [{"text": "two", "a": "one"}]


def test_a_table_nobody_can_guess_names_the_file_its_columns_and_the_remedy(tmp_path):
    with pytest.raises(FormatError, match=r'articles\.csv: no column.*the table has a, b\.\n.*columns=\{"text"'):
        read(tmp_path, "a,b\n1,2\n")


def test_milliseconds_since_1970_are_dates(tmp_path):
    reading = read(tmp_path, "title,publish_date\nA,1739404800000\n")

    assert reading.articles[0]["date"] == pd.Timestamp("2025-02-13")


# --- rows that are not as they should be


def test_a_row_with_another_number_of_cells_is_left_out_with_its_line(tmp_path):
    rows = [f'H{n},"text\n{n}",x' for n in range(1, 8)]
    rows[6] = "H7,only two"

    reading = read(tmp_path, "title,text,note\n" + "\n".join(rows) + "\nH8,t,,,\nH9,t,x,surplus\n")

    assert headlines(reading) == [f"H{n}" for n in (1, 2, 3, 4, 5, 6, 8)]
    assert reading.parts[7].note == "row 7 (line 14) has 2 cells, the header has 3"
    assert reading.parts[9].note == "row 9 (line 16) has 4 cells, the header has 3"


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file(tmp_path):
    reading = read(tmp_path, 'title,text,note\nA,"x, y",1\nB,"open,2\nC,plain,3\nD,plain,4\n')

    assert headlines(reading) == ["A", "C", "D"]
    assert reading.parts[2].note.startswith("row 2 (line 3): a quotation mark is opened and never closed")
    assert reading.notes == ["rows with broken quotation marks: 1, the first on line 3"]


def test_a_quotation_mark_closed_by_the_next_row_does_not_merge_two_articles(tmp_path):
    reading = read(tmp_path, 'title,text,note\nA,"x",1\nB,"open,2\nC,"fine",3\nD,"fine",4\n')

    assert headlines(reading) == ["A", "C", "D"]
    assert "line 3" in reading.parts[2].note


def test_a_file_that_was_cut_within_a_text_loses_that_row_only(tmp_path):
    reading = read(tmp_path, 'title,text\nA,"x"\nB,"first paragraph\n\nsecond par')

    assert kinds(reading) == ["header", "article", "skipped"]
    assert "cut here" in reading.parts[2].note


def test_rows_without_text_and_headline_are_left_out_and_headlines_alone_are_articles(tmp_path):
    reading = read(tmp_path, "title,text,url\nA,,u1\n,,u2\n,,\n\nB,t,u3\ntitle,text,url\n")

    assert kinds(reading) == ["header", "article", "skipped", "boilerplate", "boilerplate", "article", "header"]
    assert reading.articles[0]["text"] is None
    assert reading.parts[2].note == "neither text nor headline"


def test_index_columns_are_dropped_and_repeated_names_are_numbered(tmp_path):
    reading = read(tmp_path, "Unnamed: 0,,title,title,text\n0,1,A,B,t\n1,2,C,D,t\n")

    assert [set(article) for article in reading.articles] == [{"headline", "text", "title_2"}] * 2
    assert reading.notes == ["column names that occur twice: title; later ones are numbered"]


def test_a_nameless_column_that_says_something_is_kept(tmp_path):
    assert read(tmp_path, "title,,text\nA,left wing,t\n").articles[0]["column_2"] == "left wing"


def test_lines_above_the_column_names_are_found(tmp_path):
    reading = read(tmp_path, "sep=;\nExport of 3 March\n\ntitle;text\nA;B\n")

    assert kinds(reading) == ["header", "header", "boilerplate", "header", "article"]


def test_spaces_after_the_delimiter_do_not_hide_quotation_marks(tmp_path):
    assert read(tmp_path, 'title, text, note\nA, "b, c", d\n').articles == [
        {"headline": "A", "text": "b, c", "note": "d"}
    ]


def test_code_in_cells_stays_text(tmp_path):
    reading = read(tmp_path, "title,text\n=cmd|'/C calc'!A0,<script>alert(1)</script> was printed\n@SUM(1),-2+3\n")

    table = make_articles(reading.articles)

    assert table["headline"].tolist() == ["=cmd|'/C calc'!A0", "@SUM(1)"]
    assert table["text"].tolist() == ["<script>alert(1)</script> was printed", "-2+3"]


def test_nul_bytes_and_broken_bytes_do_not_stop_the_reading(tmp_path):
    reading = read(
        tmp_path, b"title,text\nA\0B," + b"\xc3\xa9 fine " * 20 + b"\nC,bad \xff byte \xc3\xa9\xc3\xa9\xc3\xa9\n"
    )

    assert headlines(reading) == ["A B", "C"]


def test_a_cell_longer_than_any_article_is_left_out(tmp_path):
    reading = read(tmp_path, f"title,text\nA,{'x' * (LONGEST_LINE + 1)}\nB,{'y' * 200_000}\n")

    assert kinds(reading) == ["header", "skipped", "article"]


# --- recognising


@pytest.mark.parametrize(
    "content",
    [
        "Well, this is prose, I said.\nThen, there was nothing, but text, here.\nThe end, my friend, is here, now.\n"
        * 5,
        "By Ana Ruiz, Geneva\nThe talks, which began on Monday, go on.\n",
        "<!doctype html><html><p>title,text</p>\n<p>a,b</p></html>",
        '{"title": "A", "text": "B"}\n{"title": "C", "text": "D"}\n',
        '[{"title": "A", "text": "B"}]',
        "Home | News | Sport\nWeather | Text | Date\nA long text without bars.\nAnother one.\n",
        "title\nA\nB\n",
        "   \n",
    ],
)
def test_prose_and_other_formats_are_not_claimed(tmp_path, content):
    assert score(tmp_path, content) == 0


def test_even_rows_without_known_names_are_claimed_with_less_confidence(tmp_path):
    assert score(tmp_path, "aa;bb;cc\n" + "1;2;3\n" * 6) == 0.5
    assert score(tmp_path, "aa;datum;cc\n" + "1;2;3\n" * 6) == 0.9


@pytest.mark.parametrize("name", ["a.csv", "a.TSV", "a.tab"])
@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n",
        "kol1;Spalte zwei\n" + "x;y\n" * 3,
        "Feld A\tFeld B\nEin Satz, noch einer.\tZwei.\n",
        'wert, anzahl\n"Eins, zwei", 2\n',
        "a,b\n" + "1,2\n" * 39 + "1,2,3\n",
    ],
)
def test_the_extension_makes_a_table_of_even_rows_without_known_names(tmp_path, name, content):
    assert score(tmp_path, content, name) == 0.5
    assert score(tmp_path, content, "a.txt") == 0


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n",
        "a,b\n" + "1,2\n" * 9 + "1,2,3\n",
        "Protest in Paris, police say\nThe march began on Monday, the ministry said.\n",
        "By Ana Ruiz, Geneva\nThe talks began on Monday, the ministry said.\nThey go on, it added.\n",
        "GENEVA, Monday. The talks began.\nThey go on, it said.\n",
        "The council voted, and left,then came back.\nNobody spoke, and left,it is said.\n",
        "Dear reader,\nthis is prose,\n",
    ],
)
def test_neither_prose_nor_ragged_rows_are_a_table_for_their_extension_alone(tmp_path, content):
    assert score(tmp_path, content, "a.csv") == 0


def test_loading_one_such_file_says_which_columns_there_are_and_how_to_name_them(tmp_path):
    (tmp_path / "a.csv").write_text("kopf,inhalt_lang\nA,Der ganze Artikel.\n", encoding="utf-8")

    with pytest.raises(FormatError, match=r'the table has kopf, inhalt_lang\.\n.*columns=\{"text"'):
        mk.load_articles(tmp_path / "a.csv")

    named = mk.load_articles(tmp_path / "a.csv", columns={"headline": "kopf", "text": "inhalt_lang"})
    assert named["text"].tolist() == ["Der ganze Artikel."]


STORY = "Die Fähren fahren ab Montag wieder, sagte die Ministerin am Abend, weil der Streik nach neun Tagen endet. " * 3
UNKNOWN = "".join(f"Fähre {n};Der Morgen;{n}.3.2025;{STORY}\n" for n in range(1, 8))


def test_a_table_whose_texts_are_in_an_unknown_column_is_named_in_a_warning(tmp_path):
    (tmp_path / "morgen.csv").write_text(f"Schlagzeile;Blatt;Erscheinungstag;Abdruck\n{UNKNOWN}", "utf-8")
    (tmp_path / "post.csv").write_text(f"title,outlet,text\nFerry,Post,{STORY.replace(',', '')}\n", "utf-8")

    with pytest.warns(
        LoadWarning, match='a table was read without any text .*morgen.csv: .*columns={"text": "Abdruck"}'
    ):
        articles = mk.load_articles(tmp_path)
    with pytest.warns(LoadWarning, match="Schlagzeile, Blatt, Erscheinungstag, Abdruck"):
        mk.load_in_parts(tmp_path, tmp_path / "out")
    named = mk.load_articles([tmp_path / "morgen.csv", tmp_path / "post.csv"], columns={"text": "Abdruck"})

    assert (articles["words"] > 0).sum() == 1
    assert (named["words"] > 0).all()
    assert "as it lacks 'Abdruck' (for 'text')" in mk.read_ledger(named).query("kind == 'file'")["note"].iloc[1]


def test_a_column_that_none_of_several_tables_has_is_named_in_a_warning(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("title,text\nFerry,The ferries sail again.\n", "utf-8")

    with pytest.warns(LoadWarning, match="no table has the column 'Abdruck'"):
        mk.load_articles(tmp_path, columns={"text": "Abdruck"})
    with pytest.raises(FormatError, match="no column 'Abdruck'"):
        mk.load_articles(tmp_path / "a.csv", columns={"text": "Abdruck"})


@pytest.mark.parametrize("last", ["note", "keywords", "summary"])
def test_short_cells_and_summaries_are_no_texts_that_were_missed(tmp_path, last):
    cell = STORY if last == "summary" else "ferries; strike; ministers"
    (tmp_path / "a.csv").write_text(f"title,{last}\n" + f'Ferry,"{cell}"\n' * 5, "utf-8")

    assert len(mk.load_articles(tmp_path / "a.csv")) == 5


def test_ragged_rows_and_web_pages_in_cells_do_not_hide_a_table(tmp_path):
    content = "title,text,url\n" + 'A,"<html><body><p>x, y</p></body></html>",u\n' * 4 + "B,short\n"

    assert score(tmp_path, content) > 0.95


# --- Parquet


def test_parquet_gives_what_the_same_table_gives_as_csv(tmp_path):
    table = pd.DataFrame(
        {"headline": ["A", "B"], "text": ["One.\nTwo.", None], "pub_date": ["2025-01-02", "1 May 2025"]}
    )
    table.to_parquet(tmp_path / "t.parquet", index=False)
    table.to_csv(tmp_path / "t.csv", index=False)

    one = PARQUET.read(Source(tmp_path / "t.parquet", "t.parquet"), Options())
    other = TABLE.read(Source(tmp_path / "t.csv", "t.csv"), Options())

    assert_tiled(one)
    assert one.articles == other.articles
    assert [part.start for part in one.parts] == [part.start for part in other.parts]


def test_parquet_lists_inner_objects_and_times_are_read(tmp_path):
    table = pd.DataFrame(
        {
            "title": ["A", "B"], "authors": [["Ana Ruiz", "By Tom Lee"], []], "source": [{"name": "Ledger"}] * 2,
            "published_at": pd.to_datetime(["2025-02-12 23:30", None]).tz_localize("Europe/Madrid"),
        },
        index=[7, 9],
    )  # fmt: skip
    table.to_parquet(tmp_path / "t.parquet")
    source = Source(tmp_path / "t.parquet", "t.parquet")

    reading = PARQUET.read(source, Options())

    assert (PARQUET.sniff(source)[0], TABLE.sniff(source)[0], source.binary, source.sample) == (1, 0, None, "")
    assert [article["byline"] for article in reading.articles] == ["Ana Ruiz, Tom Lee", None]
    assert [article["date"] for article in reading.articles] == [pd.Timestamp("2025-02-12"), None]
    assert set(reading.articles[0]) == {"headline", "byline", "outlet", "date", "date_raw"}


def test_a_broken_parquet_file_says_why(tmp_path):
    pd.DataFrame({"title": ["A"]}).to_parquet(tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()

    with pytest.raises(UnreadableFile, match=r"a broken Parquet file: .+"):
        read(tmp_path, whole[:-20], "cut.parquet", PARQUET)


# --- Excel


def workbook(folder, name="articles.xlsx"):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Codes"
    book.active.append(["code", "meaning"])
    sheet = book.create_sheet("Artikel")
    sheet.append(["Export of 3 March"])
    sheet.append([])
    sheet.append(["Titel", "Volltext", "Datum", None, "Seite"])
    sheet.append(["=cmd()", "One._x000D_\nTwo.", datetime.datetime(2025, 3, 4), None, 4])
    sheet.append(["NA", "None", "5. März 2025"])
    sheet.append([None, None, None, None, "A4"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(folder / name)
    return Source(folder / name, name)


def test_the_first_sheet_with_articles_is_read_and_the_others_are_named(tmp_path):
    source = workbook(tmp_path)

    reading = XLSX.read(source, Options())

    assert_tiled(reading)
    assert (XLSX.sniff(source)[0], TABLE.sniff(source)[0], source.binary) == (1, 0, None)
    assert kinds(reading) == ["header", "boilerplate", "header", "article", "article", "skipped"]
    assert headlines(reading) == ["=cmd()", "NA"]
    assert [article["text"] for article in reading.articles] == ["One.\n\nTwo.", "None"]
    assert [article["date"] for article in reading.articles] == [pd.Timestamp("2025-03-04"), pd.Timestamp("2025-03-05")]
    assert reading.notes == ["only the sheet 'Artikel' was read, not 'Codes' (1 row)"]


def test_a_broken_workbook_says_why(tmp_path):
    whole = workbook(tmp_path).data

    for cut in (10, 1000, len(whole) - 30):
        with pytest.raises(UnreadableFile, match="a broken Excel workbook: BadZipFile"):
            read(tmp_path, whole[:cut], "cut.xlsx", XLSX)
    assert score(tmp_path, whole[:1000], "cut.xlsx", XLSX) > 0.5


def test_random_damage_to_a_workbook_is_an_unreadable_file_and_no_crash(tmp_path):
    whole = workbook(tmp_path).data
    draw = random.Random(3)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(draw.choice((1, 3, 30))):
            damaged[draw.randrange(4, len(whole))] = draw.randrange(256)
        source = source_of(tmp_path, bytes(damaged), "damaged.xlsx")
        XLSX.sniff(source)
        with contextlib.suppress(UnreadableFile, FormatError):
            assert_tiled(XLSX.read(source, Options()))


def test_other_zip_files_are_not_claimed(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert XLSX.sniff(Source(tmp_path / "a.docx", "a.docx"))[0] == 0.0


def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch):
    source = workbook(tmp_path)
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"mediakit-research\[xlsx\]"):
        XLSX.read(source, Options())
