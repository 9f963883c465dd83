"""JSON lines and JSON documents: a broken line costs that line, and says where it broke."""

import json
from pathlib import Path

import pandas as pd
import pytest

from mediakit.articles import make_articles
from mediakit.errors import FormatError
from mediakit.load.dateline import split_dateline
from mediakit.load.formats.jsonl import READERS
from mediakit.load.registry import Options
from mediakit.load.source import Source, UnreadableFile

LINES, DOCUMENT = READERS
PROJECT = Path(__file__).parents[2]


def source_of(folder, content, name="articles.jsonl"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(path, name)


def read(folder, content, reader=LINES, **columns):
    reading = reader.read(source_of(folder, content), Options(columns=columns))
    assert [(part.start, part.end) for part in reading.parts] == [(n, n + 1) for n in range(reading.length)]
    assert [part.position for part in reading.parts if part.kind == "article"] == list(range(len(reading.articles)))
    return reading


def kinds(reading):
    return [part.kind for part in reading.parts]


def scores(folder, content):
    source = source_of(folder, content)
    return LINES.sniff(source)[0], DOCUMENT.sniff(source)[0]


def line(number, **more):
    return json.dumps({"title": f"H{number}", "text": f"Text {number}.", **more})


# --- JSON lines


def test_the_sample_lines_agree_with_the_gold_table():
    gold = pd.read_csv(PROJECT / "tests/gold/sample_articles.csv", keep_default_na=False)
    gold = gold[gold["file"] == "northgate-ledger.jsonl"].sort_values("position")
    source = Source(PROJECT / "data/sample/northgate-ledger.jsonl", "northgate-ledger.jsonl")

    reading = LINES.read(source, Options())

    assert LINES.sniff(source)[0] > DOCUMENT.sniff(source)[0]
    assert (reading.unit, reading.length, kinds(reading)) == ("line", 9, ["article"] * 9)
    assert [part.excerpt for part in reading.parts] == gold["headline"].tolist()
    assert [article["headline"] for article in reading.articles] == gold["headline"].tolist()
    assert [article["byline"] for article in reading.articles] == gold["byline"].tolist()
    assert [article["outlet"] for article in reading.articles] == gold["outlet_in_file"].tolist()
    assert [f"{article['date']:%Y-%m-%d}" for article in reading.articles] == gold["date"].tolist()
    assert not any(article.get("standfirst") for article in reading.articles)
    for article, first in zip(reading.articles, gold["first_words"], strict=True):
        _, _, skipped = split_dateline(article["text"])
        assert " ".join(article["text"][skipped:].split()).startswith(first)


def test_a_broken_line_7_is_left_out_with_the_column_of_the_error(tmp_path):
    content = "\n".join([*map(line, range(1, 7)), '{"title": "H7", "text": oops}', line(8)]) + "\n"

    reading = read(tmp_path, content)

    assert kinds(reading) == ["article"] * 6 + ["skipped", "article"]
    assert reading.parts[6].note == "line 7: Expecting value at column 25"
    assert [article["headline"] for article in reading.articles] == ["H1", "H2", "H3", "H4", "H5", "H6", "H8"]


def test_byte_order_mark_windows_line_ends_blank_lines_and_nan(tmp_path):
    content = "\ufeff" + line(1) + "\r\n\r\n" + '{"title": "H2", "text": NaN, "n": NaN}' + "\r\n"

    reading = read(tmp_path, content)

    assert kinds(reading) == ["article", "boilerplate", "article"]
    assert reading.parts[1].note == "blank line"
    assert reading.articles[1] == {"text": None, "headline": "H2", "n": None}


def test_line_separators_within_a_string_do_not_end_the_line(tmp_path):
    reading = read(tmp_path, '{"title": "A", "text": "One.\u2028Two.\x85Three."}\n' + line(2))

    assert kinds(reading) == ["article", "article"]
    assert reading.articles[0]["text"].startswith("One.\n\nTwo.")


def test_lines_that_hold_no_object_are_left_out(tmp_path):
    reading = read(tmp_path, "\n".join([line(1), "[1]", "null", '"x"', "3", "true", '{"url": "u"}']))

    assert [part.note for part in reading.parts[1:]] == [
        "line 2: a list, not an object", "line 3: null, not an object", "line 4: a text, not an object",
        "line 5: a number, not an object", "line 6: a truth value, not an object", "neither text nor headline",
    ]  # fmt: skip


def test_hostile_lines_cost_themselves_only(tmp_path):
    hostile = [
        '{"title": "deep", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"title": "objects", "x": ' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}",
        '{"title": "huge", "x": ' + "9" * 5000 + "}",
        '{"title": "long", "text": "' + "x" * 5_000_001 + '"}',
    ]

    reading = read(tmp_path, "\n".join([line(1), *hostile, line(2, text="<script>alert(1)</script>", title="=cmd()")]))

    assert kinds(reading) == ["article", "skipped", "skipped", "skipped", "skipped", "article"]
    assert "nested too deeply" in reading.parts[1].note
    assert (reading.articles[1]["headline"], reading.articles[1]["text"]) == ("=cmd()", "<script>alert(1)</script>")


def test_nesting_just_short_of_the_limit_never_crashes(tmp_path):
    for depth in range(300, 1100, 50):
        reading = read(tmp_path, line(1) + '\n{"title": "deep", "x": ' + "[" * depth + "]" * depth + "}")
        assert kinds(reading)[0] == "article"


def test_nul_bytes_and_lone_surrogates_do_not_stop_the_reading(tmp_path):
    reading = read(tmp_path, line(1, text="x " * 100).encode() + b"\n" + b'{"title": "a\0b \\ud83d", "text": "t"}')

    assert reading.articles[1]["headline"] == "a b \ufffd"


def test_columns_that_mix_types_can_be_saved(tmp_path):
    lines = [line(1, n=1, when=1739404800000), line(2, n="two"), line(3, n=2**70, tags=["a"]), line(4, n=None)]

    table = make_articles(read(tmp_path, "\n".join(lines)).articles)
    table.to_parquet(tmp_path / "out.parquet")

    assert table["n"].iloc[:3].tolist() == ["1", "two", str(2**70)]


def test_milliseconds_since_1970_are_dates(tmp_path):
    assert read(tmp_path, line(1, publish_date=1739404800000)).articles[0]["date"] == pd.Timestamp("2025-02-13")


def test_the_column_for_the_text_can_be_named_and_unknown_ones_are_an_error(tmp_path):
    assert read(tmp_path, '{"a": "one", "b": {"c": "two"}}', text="b.c").articles == [{"text": "two", "a": "one"}]
    with pytest.raises(FormatError, match=r"articles\.jsonl: no column was recognised .* the table has a, b\."):
        read(tmp_path, '{"a": 1, "b": 2}\n{"a": 3}\n')


# --- JSON documents


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"status": "ok", "articles": [{"source": {"id": None, "name": "Ledger"}, "author": "By A B", "title": "T &amp; U",
                                           "publishedAt": "2025-01-02T03:04:05Z", "content": "Cut… [+12 chars]"}]},
            {"headline": "T & U", "outlet": "Ledger", "byline": "A B", "text": "Cut… [+12 chars]"},
        ),
        (
            {"response": {"status": "ok", "results": [{"webTitle": "H", "webPublicationDate": "2025-01-02T03:04:05Z",
                                                       "sectionName": "World", "fields": {"bodyText": "One.", "byline": "C"}}]}},
            {"headline": "H", "section": "World", "text": "One.", "byline": "C"},
        ),
        (
            {"response": {"docs": [{"headline": {"main": "H"}, "byline": {"original": "By X Y"}, "pub_date": "2025-01-02"}]}},
            {"headline": "H", "byline": "X Y"},
        ),
        ({"title": "H", "maintext": "One.", "date_publish": "2025-01-02 10:00:00", "authors": ["A B"]}, {"text": "One.", "byline": "A B"}),
        ({"title": {"0": "H"}, "text": {"0": "One."}, "date": {"0": "2025-01-02"}}, {"headline": "H", "text": "One."}),
        ([{"title": "H", "text": "One.", "date": "2025-01-02"}], {"headline": "H", "text": "One."}),
    ],
)  # fmt: skip
def test_answers_of_services_and_saved_tables_are_read(tmp_path, document, expected):
    for text in (json.dumps(document), json.dumps(document, indent=2)):
        source = source_of(tmp_path, text)
        reader = max(READERS, key=lambda one: one.sniff(source)[0])

        reading = reader.read(source, Options())

        assert expected.items() <= reading.articles[0].items()
        assert reading.articles[0]["date"] == pd.Timestamp("2025-01-02")
        assert len(reading.parts) == reading.length == 1


def test_items_that_are_no_objects_are_left_out(tmp_path):
    reading = read(tmp_path, '[{"title": "A"}, 3, "x", {"title": "B"}]', DOCUMENT)

    assert (reading.unit, kinds(reading)) == ("row", ["article", "skipped", "skipped", "article"])
    assert reading.parts[1].note == "item 1: a number, not an object"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"title": "A"},\n3,', "broken JSON: Expecting value at line 2 column 3"),
        ('{"title": "A", "x": ' + "[" * 100_000, "broken JSON: nested too deeply"),
        ('{"status": "error", "code": 3}', "JSON without a list of articles: an object with status, code"),
        ("{}", "JSON without a list of articles: an empty object"),
        ("3", "JSON without a list of articles: a number"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(tmp_path, content, reason):
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, content, DOCUMENT)
    assert str(caught.value) == reason


def test_an_empty_list_is_no_article_and_no_error(tmp_path):
    assert read(tmp_path, '{"articles": []}', DOCUMENT).articles == []


# --- recognising


@pytest.mark.parametrize(
    ("content", "best"),
    [
        (line(1) + "\n" + line(2), "lines"),
        (line(1), "lines"),
        (line(1) + "\n{broken\n" + line(2), "lines"),
        (line(1, text="x" * 100_000) + "\n" + line(2), "lines"),
        ('{"articles": [' + line(1) + "]}", "document"),
        ('{"articles": [' + ",".join(line(n, more="x" * 2000) for n in range(60)) + "]}", "document"),
        ("[" + line(1) + ",\n" + line(2) + "]", "document"),
        ('{\n  "title": "A",\n  "maintext": "B"\n}', "document"),
        ("{In brackets} this is prose.\nAnd more.", None),
        ("title,text\nA,B\n", None),
        ("[1] A footnote, and then prose.", None),
        ("", None),
    ],
)
def test_lines_and_documents_are_told_apart(tmp_path, content, best):
    lines, document = scores(tmp_path, content)

    assert {"lines": lines > document, "document": document > lines, None: lines == document == 0}[best]


def test_a_value_nested_beyond_reason_neither_stops_the_line_nor_the_file(tmp_path):
    deep = "[" * 900 + "1" + "]" * 900
    lines = [
        f'{{"title": "A {k}", "text": "Words of the text {k}.", "authors": {deep}, "extra": {deep}}}' for k in range(3)
    ]
    (tmp_path / "deep.jsonl").write_text("\n".join(lines), encoding="utf-8")

    reading = READERS[0].read(Source(tmp_path / "deep.jsonl", "deep.jsonl"), Options())

    assert [article["headline"] for article in reading.articles] == ["A 0", "A 1", "A 2"]
