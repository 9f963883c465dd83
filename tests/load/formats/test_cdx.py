"""Lists of captures: CDX, CDXJ, answers of the Wayback server; invented addresses."""

import json

import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadWarning
from mediakit.load.formats import cdx
from mediakit.load.source import Source

ELEVEN = """ CDX N b a m s k r M S V g
example,news)/harbour 20220311091500 https://news.example/harbour text/html 200 AAAA - - 1043 333 crawl.warc.gz
example,news)/harbour 20220312091500 https://news.example/harbour warc/revisit - AAAA - - 553 1864 crawl.warc.gz
example,news)/logo.png 20220312091501 https://news.example/logo.png image/png 200 BBBB - - 77 2400 crawl.warc.gz
"""
NINE = """ CDX N b a m s k r V g
news.example/harbour 20220311091500 http://www.news.example/harbour text/html 200 AAAA - 333 crawl.arc.gz
"""
CDXJ = """example,news)/harbour 20220311091500 {"url": "https://news.example/harbour", "mime": "text/html", "status": "200", "digest": "AAAA", "length": "1043", "offset": "333", "filename": "crawl.warc.gz", "languages": "eng,fra"}
example,news)/b 20220311091501 {"url": "https://news.example/b", "digest": "BBBB", "filename": "crawl.warc.gz"}
"""
ROWS = [
    ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
    ["example,news)/harbour", "20220311091500", "https://news.example/harbour", "text/html", "200", "AAAA", "1043"],
    ["example,news)/b", "20220311091501", "https://news.example/b", "warc/revisit", "-", "BBBB", "500"],
]


def load(folder, text, name="captures.txt"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def test_a_list_with_eleven_columns_gives_a_row_a_capture(tmp_path):
    articles = load(tmp_path, ELEVEN)
    found = articles.iloc[0]

    assert len(articles) == 3
    assert (found["url"], found["outlet"], found["crawl_date"]) == (
        "https://news.example/harbour",
        "news.example",
        "2022-03-11T09:15:00Z",
    )
    assert (found["mime"], found["status"], found["digest"], found["length"], found["offset"], found["archive"]) == (
        "text/html", "200", "AAAA", "1043", "333", "crawl.warc.gz",
    )  # fmt: skip
    assert articles["text"].isna().all()
    assert articles["date"].isna().all()
    assert articles["format"].unique().tolist() == ["cdx"]


def test_that_a_list_has_no_text_is_said(tmp_path):
    note = mk.read_ledger(load(tmp_path, ELEVEN)).iloc[0]["note"]

    assert "metadata only: a list of captures has no text; 1 of 3 are pages" in note


def test_a_dash_is_a_missing_value(tmp_path):
    assert load(tmp_path, ELEVEN)["status"].isna().tolist() == [False, True, False]


def test_nine_columns_and_plain_keys_are_read(tmp_path):
    assert load(tmp_path, NINE)[["url", "offset", "archive"]].values.tolist() == [
        ["http://www.news.example/harbour", "333", "crawl.arc.gz"]
    ]


def test_lists_without_a_header_are_read_by_the_number_of_columns(tmp_path):
    for text in (ELEVEN, NINE):
        assert load(tmp_path, text.split("\n", 1)[1])["url"].str.endswith("news.example/harbour")[0]


def test_another_delimiter_is_that_of_the_header(tmp_path):
    assert load(tmp_path, ELEVEN.replace(" ", "\t"))["mime"].tolist() == ["text/html", "warc/revisit", "image/png"]


def test_cdxj_has_an_object_a_line(tmp_path):
    articles = load(tmp_path, '!meta {"about": "a list"}\n' + CDXJ)

    assert articles["url"].tolist() == ["https://news.example/harbour", "https://news.example/b"]
    assert articles["language"].fillna("").tolist() == ["en", ""]
    assert articles["archive"].tolist() == ["crawl.warc.gz"] * 2


def test_an_index_may_write_an_object_with_key_and_time(tmp_path):
    lines = [
        json.dumps(
            {
                "urlkey": "example,news)/a",
                "timestamp": "20220311091500",
                "url": "https://news.example/a",
                "mime": "text/html",
            }
        )
    ] * 3

    assert load(tmp_path, "\n".join(lines))["crawl_date"].tolist() == ["2022-03-11T09:15:00Z"] * 3


def test_the_server_s_rows_are_read_with_their_header(tmp_path):
    articles = load(tmp_path, json.dumps(ROWS), "captures.json")

    assert articles["url"].tolist() == ["https://news.example/harbour", "https://news.example/b"]
    assert articles["status"].fillna("").tolist() == ["200", ""]
    assert mk.read_ledger(articles).query("part > 0")["unit"].unique().tolist() == ["row"]


def test_columns_may_be_chosen_and_a_key_for_the_next_page_follow(tmp_path):
    rows = [["timestamp", "original"], ["2022", "https://news.example/a"], [], ["example%2Cnews%29%2Fb+2022"]]

    assert load(tmp_path, json.dumps(rows))["crawl_date"].tolist() == ["2022"]


def test_a_quotation_mark_inside_a_cell_breaks_no_other_row(tmp_path):
    lines = [json.dumps(row) for row in ROWS]
    lines[1] = lines[1].replace('/harbour"', '/har"bour"')

    articles = load(tmp_path, "[" + ",\n".join(lines) + "]")

    assert articles["url"].tolist() == ['https://news.example/har"bour', "https://news.example/b"]


def test_lines_that_are_no_capture_are_told_with_the_reason(tmp_path):
    with pytest.warns(LoadWarning):
        articles = load(tmp_path, ELEVEN + "example,news)/c 20220311091500 https://news.example/c\n\n")

    ledger = mk.read_ledger(articles)
    assert len(articles) == 3
    assert ledger[ledger["kind"] == "skipped"]["note"].tolist() == ["line 5: 3 columns, the header has 11"]


def test_only_lists_of_captures_are_claimed():
    def score(text):
        return cdx.sniff(Source.of_bytes("x", text.encode()))[0]

    assert min(map(score, (ELEVEN, NINE, CDXJ, json.dumps(ROWS), ELEVEN.split("\n", 1)[1]))) > 0.9
    for text in (
        "",
        "Talks resume\nThey met.",
        '[{"url": "a"}]',
        '[["a", "b"]]',
        '{"url": "x", "text": "y"}',
        "a 20220311 b\n",
        "CDX N b a\n",
    ):
        assert score(text) == 0.0


@pytest.mark.parametrize("text", [ELEVEN, CDXJ, json.dumps(ROWS, indent=1)])
def test_damaged_lists_are_read_or_refused(tmp_path, text):
    check_mutants(tmp_path, "captures.txt", text.encode())


def test_the_real_files_give_every_capture(real_files):
    folder = real_files / "exports" / "cdx"
    lines = {file.name: file.read_text().strip().count("\n") + 1 for file in folder.glob("*.cdx*")}

    articles = mk.load_articles(folder / "*.cdx*")

    assert articles.groupby("file").size().to_dict() == {
        name: count - (name.endswith(".cdx")) for name, count in lines.items()
    }
    assert articles["url"].str.startswith("http").all()
    assert articles["crawl_date"].str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").all()
