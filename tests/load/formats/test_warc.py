"""Web archives: WARC, ARC and WET, whole and broken; look-alikes with invented pages."""

import bz2
import gzip
import json
import tracemalloc

import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadWarning
from mediakit.load.formats import warc
from mediakit.load.reading import read_source
from mediakit.load.registry import Options
from mediakit.load.source import Source, UnreadableFile

BODY = (
    "The harbour of Port Bell reopened on Friday after a strike of nine days, the ferry company said in a statement to reporters.",
    "Ferries will run every hour until the end of the month, and every two hours after that, until the union and the owners agree.",
)


def html(title="Harbour reopens", body=BODY, head="", date="2022-03-11"):
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{date}">{head}</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>'
    )


def record(kind, payload=b"", *, length=None, version="1.0", end="\r\n", **fields):
    payload = payload.encode() if isinstance(payload, str) else payload
    known = {
        "WARC-Type": kind, "WARC-Target-URI": "https://news.example/harbour", "WARC-Date": "2022-04-01T10:00:00Z",
        "WARC-Record-ID": "<urn:uuid:1>", "Content-Type": "application/http; msgtype=response",
    }  # fmt: skip
    known |= {name.replace("_", "-"): value for name, value in fields.items()}
    known["Content-Length"] = len(payload) if length is None else length
    lines = [f"WARC/{version}", *(f"{name}: {value}" for name, value in known.items() if value is not None), "", ""]
    return end.join(lines).encode() + payload + 2 * end.encode()


def answer(body, status="200 OK", kind="text/html; charset=utf-8", **fields):
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else [])]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def response(title="Harbour reopens", **fields):
    return record("response", answer(html(title)), **fields)


def load(folder, data, name="crawl.warc", warns=False):
    path = folder / name
    path.write_bytes(data)
    if warns:
        with pytest.warns(LoadWarning):
            articles = mk.load_articles(path)
    else:
        articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def notes(articles):
    return mk.read_ledger(articles).query("part > 0")["note"].tolist()


INFO = record("warcinfo", "software: invented/1.0\r\n", WARC_Target_URI=None, Content_Type="application/warc-fields")


def test_a_page_is_an_article_with_the_address_of_its_record(tmp_path):
    found = load(tmp_path, INFO + response()).iloc[0]

    assert (found["headline"], found["text"]) == ("Harbour reopens", "\n\n".join(BODY))
    assert (found["url"], found["outlet"], found["format"]) == ("https://news.example/harbour", "news.example", "warc")
    assert (str(found["date"].date()), found["crawl_date"]) == ("2022-03-11", "2022-04-01T10:00:00Z")


def test_the_day_of_the_crawl_is_never_the_day_of_publication(tmp_path):
    page = html().replace("article:published_time", "nothing")

    found = load(tmp_path, record("response", answer(page, Date="Fri, 01 Apr 2022 10:00:00 GMT"))).iloc[0]

    assert found["crawl_date"] == "2022-04-01T10:00:00Z"
    assert str(found["date"]) == "NaT"


@pytest.mark.parametrize("way", ["plain", "gzip by record", "gzip as a whole", "bzip2"])
def test_packing_makes_no_difference(tmp_path, way):
    records = [INFO, response("One"), response("Two"), response("Three")]
    data = {
        "plain": b"".join(records), "gzip by record": b"".join(map(gzip.compress, records)),
        "gzip as a whole": gzip.compress(b"".join(records)), "bzip2": bz2.compress(b"".join(records)),
    }[way]  # fmt: skip

    articles = load(tmp_path, data, "crawl.bin")

    assert articles["headline"].tolist() == ["One", "Two", "Three"]
    assert articles["file"].tolist() == ["crawl.bin"] * 3


def test_every_record_has_a_row_with_the_reason(tmp_path):
    data = b"".join([
        INFO, record("request", "GET / HTTP/1.1\r\n\r\n"), response(),
        record("revisit", answer(""), WARC_Refers_To_Target_URI="https://news.example/a", WARC_Refers_To_Date="2022-03-30T00:00:00Z"),
        record("response", answer("", "301 Moved", Location="https://news.example/new")),
        record("response", answer(html(), "404 Not Found")),
        record("response", answer(b"\x89PNG\r\n", kind="image/png")),
        record("response", answer("")),
        record("response", "3 news.example IN A 10.0.0.1", Content_Type="text/dns"),
        record("metadata", "fetchTimeMs: 3", Content_Type="application/warc-fields"),
        record("resource", "a,b", Content_Type="text/csv"),
        record("unheard-of", "x"),
    ])  # fmt: skip

    articles = load(tmp_path, data, warns=True)

    assert len(articles) == 1
    assert notes(articles) == [
        "warcinfo", "request", "utf-8", "record 4: revisit: the same as before https://news.example/a 2022-03-30T00:00:00Z",
        "record 5: redirect 301 to https://news.example/new", "record 6: the server answered with status 404",
        "record 7: image/png, no page", "record 8: empty page", "record 9: response of the type text/dns, not from a web server",
        "metadata", "record 11: resource of the type text/csv, no page", "record 12: record of kind 'unheard-of'",
    ]  # fmt: skip


def test_the_charset_of_the_server_wins_over_that_of_the_page(tmp_path):
    page = html("Žena řekla", head='<meta charset="utf-8">').encode("cp1250")

    found = load(tmp_path, record("response", answer(page, kind="text/html; charset=windows-1250"))).iloc[0]

    assert found["headline"] == "Žena řekla"


def test_a_charset_that_the_bytes_are_not_in_is_not_believed(tmp_path):
    page = html(
        "Žena řekla", body=("Žena řekla, že přístav je otevřený. " * 20,), head='<meta charset="windows-1250">'
    ).encode("cp1250")

    for charset in ("utf-8", "unheard-of"):
        found = load(tmp_path, record("response", answer(page, kind=f"text/html; charset={charset}"))).iloc[0]

        assert found["headline"] == "Žena řekla"


def test_latin_1_of_a_server_is_not_believed_where_the_page_is_utf_8(tmp_path):
    utf8 = record("response", answer(html("L'été à Port Bell"), kind="text/html; charset=ISO-8859-1"))
    latin = record(
        "response", answer(html("L'été à Port Bell").encode("latin-1"), kind="text/html; charset=ISO-8859-1")
    )

    assert load(tmp_path, utf8 + latin)["headline"].tolist() == ["L'été à Port Bell"] * 2


def test_chunks_are_joined_and_packed_pages_unpacked(tmp_path):
    packed = gzip.compress(html().encode())
    chunks = b"".join(
        f"{len(packed[at : at + 100]):x}\r\n".encode() + packed[at : at + 100] + b"\r\n"
        for at in range(0, len(packed), 100)
    )
    body = answer(chunks + b"0\r\n\r\n", Transfer_Encoding="chunked", Content_Encoding="gzip")

    assert load(tmp_path, record("response", body))["text"][0] == "\n\n".join(BODY)


def test_a_wrong_chunk_is_no_end(tmp_path):
    body = answer(html(), Transfer_Encoding="chunked")

    assert load(tmp_path, record("response", body))["headline"][0] == "Harbour reopens"


def test_a_page_that_the_crawler_cut_is_said_to_be_cut(tmp_path):
    articles = load(
        tmp_path, response(WARC_Truncated="length") + record("response", answer(html(), "206 Partial Content"))
    )

    assert articles["truncated"].tolist() == [True, True]
    assert articles["truncated_why"].tolist() == [
        "the crawler cut the page (length)", "the server sent a part of the page (status 206)",
    ]  # fmt: skip


def test_resources_are_read_by_their_type(tmp_path):
    data = record("resource", html(), Content_Type="text/html") + record(
        "resource", "A title\r\nA text.", Content_Type="text/plain; charset=utf-8"
    )

    assert load(tmp_path, data)["headline"].tolist() == ["Harbour reopens", "A title"]


def test_texts_of_a_crawl_have_the_first_line_as_title(tmp_path):
    text = "Harbour reopens\nHome\nThe harbour reopened.\n\nFerries run again."
    data = (
        INFO
        + record("conversion", text, Content_Type="text/plain", WARC_Identified_Content_Language="eng,fra")
        + record("conversion", "Only a line.", Content_Type="text/plain")
    )

    articles = load(tmp_path, gzip.compress(data), "crawl.warc.wet.gz")

    assert articles["headline"].fillna("").tolist() == ["Harbour reopens", ""]
    assert articles["text"].tolist() == ["Home\n\nThe harbour reopened.\n\nFerries run again.", "Only a line."]
    assert articles["language"][0] == "en"
    assert articles["url"].notna().all()


def test_texts_saved_with_other_line_ends_keep_their_records(tmp_path):
    """Lengths then are those of the file before it was changed."""
    texts = [f"Título {number}\r\nEl año {number}, según la alcaldesa.\r\n" for number in range(4)]
    data = b"".join(record("conversion", text, Content_Type="text/plain") for text in texts).replace(b"\r\n", b"\n")

    articles = load(tmp_path, data, "sample.warc.wet.txt")

    assert articles["headline"].tolist() == [f"Título {number}" for number in range(4)]
    assert not articles["truncated"].any()


@pytest.mark.parametrize("length", [3, 10, 150, 5_000, 10**14])
def test_a_wrong_length_costs_no_other_record(tmp_path, length):
    data = response("One") + response("Two", length=length) + response("Three") + response("Four")

    articles = load(tmp_path, data)

    assert articles["headline"].tolist() == ["One", "Two", "Three", "Four"]
    assert any("were declared" in note for note in notes(articles))


def test_a_record_without_length_costs_itself(tmp_path):
    data = response("One") + response("Two", length="many") + response("Three")

    articles = load(tmp_path, data, warns=True)

    assert articles["headline"].tolist() == ["One", "Three"]
    assert "record 2: the header has no length" in notes(articles)


def test_garbage_between_records_is_passed_over_and_said_so(tmp_path):
    articles = load(tmp_path, response("One") + b"\x00\x01garbage" * 50 + b"\r\n" + response("Two"), warns=True)

    assert articles["headline"].tolist() == ["One", "Two"]
    assert notes(articles)[1] == "record 2: no record begins here"


def test_a_clipped_archive_gives_what_is_there(tmp_path):
    data = response("One") + response("Two")[:-100]

    articles = load(tmp_path, data)

    assert articles["headline"].tolist() == ["One", "Two"]
    assert articles["truncated"].tolist() == [False, True]
    assert articles["truncated_why"][1].startswith("damaged record: the file ends after")
    assert (
        load(tmp_path, gzip.compress(response("One")) + gzip.compress(response("Two"))[:-60])["headline"].tolist()[0]
        == "One"
    )


def test_a_damaged_packed_record_costs_no_other(tmp_path):
    packed = [gzip.compress(response(f"Number {number}")) for number in range(5)]
    broken = bytearray(packed[2])
    broken[len(broken) // 3 : len(broken) // 3 + 8] = b"\x00" * 8

    articles = load(tmp_path, b"".join([*packed[:2], bytes(broken), *packed[3:]]), "crawl.warc.gz", warns=True)

    assert {"Number 0", "Number 1", "Number 3", "Number 4"} <= set(articles["headline"])
    assert any("packing is damaged near here" in note for note in notes(articles))


def test_addresses_with_spaces_and_angle_brackets_are_kept(tmp_path):
    data = response(WARC_Target_URI="<https://news.example/a b>") + response(WARC_Target_URI="https://news.example/a b")

    assert load(tmp_path, data)["url"].tolist() == ["https://news.example/a b"] * 2


@pytest.mark.parametrize("version", [1, 2])
def test_the_older_format_is_read_too(tmp_path, version):
    def old(address, payload, kind="text/html"):
        cells = f"{address} 10.0.0.1 20140216050221 {kind}" + (" 200 AAAA - 0 x.arc" if version == 2 else "")
        return f"{cells} {len(payload)}\n".encode() + payload + b"\n"

    first = f"{version} 0 Invented\nURL IP-address Archive-date Content-type Archive-length\n\n".encode()
    data = (
        old("filedesc://crawl.arc", first, "text/plain")
        + old("http://news.example/a b", answer(html("One")))
        + old("http://news.example/2", answer(html("Two")))
    )

    for packed in (data, gzip.compress(data)):
        articles = load(tmp_path, packed, "crawl.arc.gz")

        assert articles["headline"].tolist() == ["One", "Two"]
        assert articles["url"].tolist() == ["http://news.example/a b", "http://news.example/2"]
        assert articles["crawl_date"].tolist() == ["2014-02-16T05:02:21Z"] * 2


def test_metadata_of_an_index_belongs_to_the_page_before(tmp_path):
    content = {
        "article_title": "Harbour opens",
        "text_content": "The harbour opened.",
        "publication_date": "2022-03-10",
        "language": "en",
    }
    index = record(
        "metadata", json.dumps({"content_metadata": content}), Content_Type="application/x.mediacloud-indexer+json"
    )

    articles = load(tmp_path, response() + index + record("response", answer("<html></html>")) + index, warns=True)

    assert articles["headline"].tolist() == ["Harbour opens", "Harbour opens"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2022-03-10"] * 2


def test_a_broken_answer_of_a_server_costs_itself(tmp_path):
    data = (
        record("response", b"HTTP/1.1")
        + record("response", answer(b"\x1f\x8bnope", Content_Encoding="gzip"))
        + response("Three")
    )

    articles = load(tmp_path, data, warns=True)

    assert articles["headline"].tolist() == ["Three"]
    assert len(notes(articles)) == 3


def test_batches_follow_on_one_another_in_flat_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(warc, "RECORDS_IN_BATCH", 40)
    filler = record("response", answer(b"\x00" * 100_000, kind="image/png"))
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(gzip.compress(filler, 1) * 300 + gzip.compress(response()))

    tracemalloc.start()
    readings = list(warc.batches(Source(path, path.name), Options()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    parts = [part for reading in readings for part in reading.parts]
    assert [part.start for part in parts] == list(range(301))
    assert len(readings) == 8
    assert len(readings[-1].articles) == 1
    assert peak < 12_000_000  # of 30 million bytes unpacked


def test_reading_in_batches_gives_the_same_as_reading_at_once(tmp_path, monkeypatch):
    path = tmp_path / "crawl.warc"
    path.write_bytes(INFO + b"".join(response(f"Number {number}") for number in range(9)))
    whole = mk.load_articles(path)
    monkeypatch.setattr(warc, "RECORDS_IN_BATCH", 4)

    readings = [reading for _, reading, _ in read_source(Source(path, path.name), None, Options(), batched=True)]

    assert [reading.before for reading in readings] == [0, 3, 7]
    assert [article["headline"] for reading in readings for article in reading.articles] == whole["headline"].tolist()


def test_an_archive_without_records_is_refused():
    with pytest.raises(UnreadableFile, match="without any record"):
        warc.read(Source.of_bytes("crawl.warc", b"\r\n" * 2_000_000), Options())


def test_an_archive_that_unpacks_beyond_reason_is_not_followed(tmp_path):
    bomb = gzip.compress(record("response", answer(b" " * 60_000_000, kind="image/png")))

    articles = load(tmp_path, gzip.compress(response()) + bomb, "crawl.warc.gz", warns=True)

    assert len(articles) == 1
    assert any("not read" in note for note in notes(articles))


def test_only_web_archives_are_claimed():
    def score(data):
        return warc.sniff(Source.of_bytes("x", data))[0]

    assert (
        score(INFO)
        == score(gzip.compress(INFO))
        == score(b"filedesc://x.arc 0.0.0.0 20140216050221 text/plain 5\n")
        == 1.0
    )
    assert (
        score(b"WARCRAFT/ is a game")
        == score(gzip.compress(b"<html>"))
        == score(b"\x1f\x8b\x08broken")
        == score(b"")
        == 0.0
    )


@pytest.mark.parametrize("packed", [False, True])
def test_damaged_archives_are_read_or_refused(tmp_path, packed):
    records = [
        INFO,
        response("One"),
        record("conversion", "A title\nA text.", Content_Type="text/plain"),
        response("Two"),
    ]

    check_mutants(
        tmp_path, "crawl.warc", b"".join(map(gzip.compress, records)) if packed else b"".join(records), count=60
    )


def test_the_real_files_give_every_page(real_files):
    folder = real_files / "exports"
    expected = {
        "resiliparse_warcfile.warc.gz": 15, "warcio_example-iana.org-chunked.warc": 1, "warcio_example-resource.warc.gz": 1,
        "warcio_example.arc.gz": 1, "warcio_example.warc": 1, "warcio_example.warc.gz": 1,
    }  # fmt: skip

    with pytest.warns(LoadWarning):
        articles = mk.load_articles(folder / "warc" / "*arc*")
    texts = mk.load_articles(folder / "text_captures" / "ccnet_sample.warc.wet.txt")

    assert articles.groupby("file").size().to_dict() == expected
    assert articles["url"].notna().all()
    assert articles["crawl_date"].notna().all()
    assert texts["language"].tolist() == ["en", "zh", "ru"]
