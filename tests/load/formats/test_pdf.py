"""PDF clippings and exports: documents made here, with invented text."""

import io
import time
import zlib

import pytest
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError
from mediakit.load.formats import pdf
from mediakit.load.pdf import read_pages
from mediakit.load.pdf_layout import Line, join_lines
from mediakit.load.source import Source

SENTENCES = (
    "The harbour of Port Bell reopened on Friday after a strike of nine days, the ferry company said in a statement.",
    "Ferries will run every hour until the end of the month, and every two hours after that, unless the weather turns.",
    "The union called the agreement a beginning and said that it would vote on it before the summer holidays begin.",
    "Fishermen who had waited outside the breakwater came in first, and sold what they had left on the open quay.",
)


def make_pdf(pages, *, pictures=0):
    """Write a PDF document: for each page, lines of (x, distance from the top, size, text), in bold type if asked."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    objects += [
        f"<</Type/Font/Subtype/Type1/BaseFont/Helvetica{style}/Encoding/WinAnsiEncoding>>" for style in ("", "-Bold")
    ]
    kids = []
    for lines in pages:
        drawn = []
        for x, y, size, text, *bold in lines:
            shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            drawn.append(f"BT /F{2 if bold and bold[0] else 1} {size} Tf {x} {842 - y} Td ({shown}) Tj ET")
        if pictures:
            drawn.append("q 200 0 0 200 50 500 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q")
        packed = zlib.compress("\n".join(drawn).encode("cp1252"))
        objects.append(f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n{packed.decode('latin-1')}\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>"
        )
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>"
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode()


def wrap(text, width):
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def column(x, y, lines, size=9, lead=11):
    return [(x, y + number * lead, size, line) for number, line in enumerate(lines)]


def columns(y, text, count=3, width=30):
    """Set a text in columns from a place on the page; also return how far down it goes."""
    lines = wrap(text, width)
    each = -(-len(lines) // count)
    placed = [
        entry for n in range(count) for entry in column(50 + 525 // count * n, y, lines[n * each : (n + 1) * each])
    ]
    return placed, y + each * 11


def load(folder, data, name="clippings.pdf", **options):
    path = folder / name
    path.write_bytes(data)
    articles = mk.load_articles(path, **options)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def clippings(
    count=2, *, title="Harbour number {} reopens", head="Morning Lantern 21-06-2013 (p.00{})", size=14, body_columns=3
):
    """Clippings one below the other on a page: headline, line with outlet, date and page, text in columns."""
    lines, y = [], 60
    texts = []
    for number in range(1, count + 1):
        text = " ".join(SENTENCES[number % 4 :] + SENTENCES[: number % 4])
        lines.append((50, y, size, title.format(number)))
        lines.append((50, y + 18, 9, head.format(number)))
        placed, y = columns(y + 45, text, body_columns, 90 // body_columns)
        lines += placed
        y += 50
        texts.append(text)
    return lines, texts


def test_every_clipping_is_an_article_with_outlet_date_and_page(tmp_path):
    lines, texts = clippings(3)

    articles = load(tmp_path, make_pdf([lines]))

    assert articles["headline"].tolist() == [f"Harbour number {number} reopens" for number in (1, 2, 3)]
    assert articles["outlet"].tolist() == ["Morning Lantern"] * 3
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2013-06-21"] * 3
    assert articles["page"].tolist() == ["1", "2", "3"]
    assert articles["text"].tolist() == texts
    assert articles["format"].unique().tolist() == ["pdf"]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_columns_are_read_one_after_the_other(tmp_path, count):
    lines, texts = clippings(2, body_columns=count)

    assert load(tmp_path, make_pdf([lines]))["text"].tolist() == texts


def test_a_clipping_goes_on_over_the_page(tmp_path):
    lines, texts = clippings(1)
    more, _ = columns(60, SENTENCES[0])

    articles = load(tmp_path, make_pdf([lines, more]))

    assert articles["text"].tolist() == [f"{texts[0]}\n\n{SENTENCES[0]}"] or articles["text"].tolist() == [
        f"{texts[0]} {SENTENCES[0]}"
    ]


def test_a_wrapped_headline_is_one(tmp_path):
    lines = [
        (50, 60, 14, "A headline that is far too long for one line"), (50, 77, 14, "goes on below"),
        (50, 95, 9, "Morning Lantern 21-06-2013 (p.005)"), *columns(120, " ".join(SENTENCES))[0],
    ]  # fmt: skip

    assert (
        load(tmp_path, make_pdf([lines]))["headline"][0] == "A headline that is far too long for one line goes on below"
    )


def test_hyphens_of_the_setting_are_taken_out_and_those_of_words_kept():
    def join(*texts):
        lines = [Line(text, 9, 1, 50, 150, 60 + 11 * number, 50, 150) for number, text in enumerate(texts)]
        return join_lines(lines, frozenset(("ex-minister",)))

    assert join("the govern-", "ment said") == ["the government said"]
    assert join("in Noord-", "Holland today") == ["in Noord-Holland today"]
    assert join("zon- en feest-", "dagen, in- en uit-", "voer") == ["zon- en feestdagen, in- en uitvoer"]
    assert join("op zon-", "en feestdagen") == ["op zon- en feestdagen"]
    assert join("the ex-", "minister left") == ["the ex-minister left"]
    assert join("diputados -", "ERC") == ["diputados - ERC"]
    assert join("soft\u00ad", "ware") == ["software"]


def test_index_pages_are_no_articles_and_say_how_many_there_should_be(tmp_path):
    lines, _ = clippings(3)
    index = [(50, 60, 18, "Index")] + [
        (50, 90 + 14 * number, 9, f"Harbour number {number} reopens {'.' * (60 - number)} {number}")
        for number in (1, 2, 3)
    ]

    articles = load(tmp_path, make_pdf([index, lines]))
    ledger = mk.read_ledger(articles)

    assert len(articles) == 3
    assert ledger[ledger["kind"] == "count"]["note"].tolist() == ["declared 3, read 3: equal"]
    assert ledger[ledger["note"] == "index"]["kind"].unique().tolist() == ["boilerplate"]


def test_a_headline_in_the_type_of_the_text_is_told_by_the_index(tmp_path):
    lines, _ = clippings(2, size=9)
    index = [(50, 90 + 14 * number, 9, f"Harbour number {number} reopens {'. ' * 30} {number}") for number in (1, 2)]

    assert load(tmp_path, make_pdf([index, lines]))["headline"].tolist() == [
        "Harbour number 1 reopens",
        "Harbour number 2 reopens",
    ]


def test_running_heads_and_page_numbers_are_left_out(tmp_path):
    pages = []
    for number in (1, 2, 3):
        lines, _ = clippings(2, title=f"Title {number}{{}}")
        pages.append([(50, 30, 8, "Clippings of the day"), *lines, (290, 820, 8, f"Page {number} of 3")])

    articles = load(tmp_path, make_pdf(pages))

    assert len(articles) == 6
    assert not articles["text"].str.contains("Clippings of the day|Page").any()
    assert (mk.read_ledger(articles)["note"] == "running head or page number").sum() >= 3


@pytest.mark.parametrize(
    "head",
    [
        "Morning Lantern | 21 June 2013 | p. {}", "Morning Lantern, Friday 21 June 2013, page {}", "21 juin 2013 - Morning Lantern",
        "Morning Lantern 2013-06-21 (p. {})", "Morning Lantern – 21. Juni 2013 – S. {}", "Morning Lantern · 21/06/2013",
        "Morning Lantern, June 21, 2013",
    ],
)  # fmt: skip
def test_lines_with_outlet_and_date_have_several_forms(tmp_path, head):
    lines, texts = clippings(2, head=head)

    articles = load(tmp_path, make_pdf([lines]))

    assert articles["outlet"].tolist() == ["Morning Lantern"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2013-06-21"] * 2
    assert articles["text"].tolist() == texts


def test_a_line_with_outlet_and_date_may_stand_above_the_headline(tmp_path):
    lines, texts = clippings(2, title="Morning Lantern 21-06-2013 (p.{})", head="Harbour number {} reopens", size=9)
    lines = [(x, y, 14 if text.startswith("Harbour number") else size, text) for x, y, size, text in lines]

    articles = load(tmp_path, make_pdf([lines]))

    assert articles["headline"].tolist() == ["Harbour number 1 reopens", "Harbour number 2 reopens"]
    assert articles["text"].tolist() == texts


def test_a_date_in_the_text_begins_no_article(tmp_path):
    text = " ".join((*SENTENCES, "See The Beacon, 5 May 2021, p. 3.", *SENTENCES))

    articles = load(tmp_path, make_pdf([[(50, 60, 18, "One article"), *column(50, 100, wrap(text, 90))]]))

    assert len(articles) == 1


def test_a_title_that_running_heads_repeat_is_no_running_head(tmp_path):
    pages = [[(50, 60, 20, "Harbour reopens"), *column(50, 100, wrap(" ".join(SENTENCES), 90))]]
    pages += [[(50, 40, 8, "Harbour reopens"), *column(50, 100, wrap(" ".join(SENTENCES), 90))] for _ in range(2)]

    found = load(tmp_path, make_pdf(pages))

    assert found["headline"].tolist() == ["Harbour reopens"]
    assert "Harbour reopens" not in found["text"][0]


def test_a_document_without_marks_is_one_article(tmp_path):
    lines = [
        (50, 40, 9, "The Beacon"), (50, 80, 24, "Harbour reopens"), (50, 108, 24, "after nine days"), (50, 130, 10, "By Ana Ruiz"),
        (50, 145, 10, "12 March 2022"), *column(50, 170, wrap(" ".join(SENTENCES[:2]), 80)), *column(50, 250, wrap(SENTENCES[2], 80)),
    ]  # fmt: skip

    found = load(tmp_path, make_pdf([lines])).iloc[0]

    assert found["headline"] == "Harbour reopens after nine days"
    assert (found["byline"], str(found["date"].date())) == ("Ana Ruiz", "2022-03-12")
    assert found["text"].endswith(f"{SENTENCES[0]} {SENTENCES[1]}\n\n{SENTENCES[2]}")


def test_words_are_parted_where_the_type_is_narrow(tmp_path):
    """A fixed width of spaces in points loses those of small type."""
    found = load(tmp_path, make_pdf([[(50, 60, 12, "Title"), *column(50, 90, wrap(" ".join(SENTENCES), 200), size=5)]]))

    assert found["text"][0] == " ".join(SENTENCES)


def test_documents_of_factiva_end_with_their_identifier(tmp_path):
    pages = []
    for number in (1, 2):
        heading = [
            (50, 60, 14, f"Harbour number {number}", True), (50, 77, 14, "reopens after nine days", True), (50, 95, 10, "By Ana Ruiz"), (50, 107, 10, "526 words"),
            (50, 119, 10, "21 January 2026"), (50, 131, 10, "00:08"), (50, 143, 10, "The Beacon"), (50, 155, 10, "BCON"), (50, 167, 10, "English"),
            (50, 179, 10, "Copyright 2026. The Beacon. All rights reserved."),
        ]  # fmt: skip
        text = column(50, 205, wrap(SENTENCES[0], 60)) + column(50, 260, wrap(SENTENCES[1], 60))
        foot = (50, 815, 8, f"Page {number} of 2 \xa9 2026 Factiva, Inc. All rights reserved.")
        pages.append([*heading, *text, (50, 320, 10, f"Document BCON00002026012{number}em1l0000{number}"), foot])

    articles = load(tmp_path, make_pdf(pages))

    assert articles["headline"].tolist() == [
        "Harbour number 1 reopens after nine days",
        "Harbour number 2 reopens after nine days",
    ]
    assert articles["outlet"].tolist() == ["The Beacon"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-21"] * 2
    assert articles["text"].tolist() == [f"{SENTENCES[0]}\n\n{SENTENCES[1]}"] * 2
    assert articles["vendor_id"].str.startswith("BCON").all()
    assert not articles["text"].str.contains("Factiva").any()


def test_documents_of_nexis_end_with_their_mark(tmp_path):
    pages = []
    for number in (1, 2):
        heading = [
            (50, 60, 14, f"Harbour number {number} reopens", True), (50, 80, 10, "The Beacon"), (50, 92, 10, "March 12, 2022 Saturday"),
            (50, 116, 10, "Copyright 2022 The Beacon"), (50, 128, 10, "All Rights Reserved"), (50, 150, 10, "Section: NEWS; Pg. 4"),
            (50, 162, 10, "Length: 526 words"), (50, 174, 10, "Byline: Ana Ruiz"), (50, 200, 12, "Body", True),
        ]  # fmt: skip
        text = column(50, 225, wrap(SENTENCES[0], 60)) + column(50, 280, wrap(SENTENCES[1], 60))
        tail = [(50, 330, 10, "Load-Date: March 13, 2022"), (50, 360, 10, "End of Document")]
        pages.append([*heading, *text, *tail, (450, 815, 8, f"Page {number} of 2")])

    articles = load(tmp_path, make_pdf(pages))

    assert articles["headline"].tolist() == ["Harbour number 1 reopens", "Harbour number 2 reopens"]
    assert articles["outlet"].tolist() == ["The Beacon"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2022-03-12"] * 2
    assert articles["text"].tolist() == [f"{SENTENCES[0]}\n\n{SENTENCES[1]}"] * 2
    assert articles["byline"].tolist() == ["Ana Ruiz"] * 2


def test_documents_of_the_old_lexisnexis_have_numbers(tmp_path):
    pages = []
    for number in (1, 2):
        heading = [
            (250, 60, 10, f"{number} of 2 DOCUMENTS"), (260, 90, 10, "The Beacon"), (240, 120, 10, "March 12, 2022 Saturday"),
            (50, 150, 10, f"Harbour number {number} reopens"), (50, 180, 10, "BYLINE: Ana Ruiz"), (50, 210, 10, "LENGTH: 526 words"),
        ]  # fmt: skip
        text = column(50, 240, wrap(SENTENCES[0], 60), lead=12) + column(50, 300, wrap(SENTENCES[1], 60), lead=12)
        tail = [(50, 350, 10, "LOAD-DATE: March 13, 2022"), (50, 380, 10, "LANGUAGE: ENGLISH")]
        pages.append([*heading, *text, *tail, (450, 815, 8, f"Page {number}")])

    articles = load(tmp_path, make_pdf(pages))

    assert articles["headline"].tolist() == ["Harbour number 1 reopens", "Harbour number 2 reopens"]
    assert articles["outlet"].tolist() == ["The Beacon"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2022-03-12"] * 2
    assert articles["text"].tolist() == [f"{SENTENCES[0]}\n\n{SENTENCES[1]}"] * 2


def test_an_encrypted_document_is_refused_with_the_reason(tmp_path):
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf([clippings()[0]])))
    writer.encrypt("secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)

    with pytest.raises(LoadError, match="encrypted: the PDF document needs a password"):
        load(tmp_path, made.getvalue())


def test_a_document_that_anyone_may_open_is_read_though_encrypted(tmp_path):
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf([clippings()[0]])))
    writer.encrypt("", "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)

    assert len(load(tmp_path, made.getvalue())) == 2


def test_scanned_pages_are_refused_with_the_reason(tmp_path):
    with pytest.raises(LoadError, match=r"2 pages without a text layer.*OCR"):
        load(tmp_path, make_pdf([[], []], pictures=1))


def test_scanned_pages_among_others_are_told(tmp_path):
    articles = load(tmp_path, make_pdf([clippings()[0], []]))

    assert len(articles) == 2
    assert "pages without a text layer: 2" in mk.read_ledger(articles).iloc[0]["note"]


def test_a_truncated_document_is_refused_or_said_to_be_cut(tmp_path):
    whole = make_pdf([clippings()[0]])

    with pytest.raises(LoadError, match="a PDF document, but broken"):
        load(tmp_path, whole[:400])
    try:
        note = mk.read_ledger(load(tmp_path, whole[:-300])).iloc[0]["note"]
    except LoadError as error:
        note = str(error)
    assert "the end of the file is missing" in note or "but broken" in note


def test_letters_beyond_latin_are_read(tmp_path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure = pyplot.figure(figsize=(8, 11))
        figure.text(0.1, 0.9, "Порт снова открыт", size=22)
        for number in range(6):
            figure.text(0.1, 0.8 - 0.02 * number, f"Паромы ходят каждый час, строка {number}, до конца месяца", size=10)
        made = io.BytesIO()
        figure.savefig(made, format="pdf")

    found = load(tmp_path, made.getvalue()).iloc[0]

    assert found["headline"] == "Порт снова открыт"
    assert found["text"].count("Паромы") == 6


def test_a_long_document_is_read_in_time():
    data = make_pdf([clippings(3)[0] for _ in range(40)])
    start = time.process_time()

    found = read_pages(Source.of_bytes("long.pdf", data))

    assert found.count == 40
    assert time.process_time() - start < 20


def test_only_pdf_documents_are_claimed():
    assert pdf.sniff(Source.of_bytes("x", make_pdf([[]])))[0] == 1.0
    assert pdf.sniff(Source.of_bytes("x", b"Talks resume"))[0] == 0.0


def test_damaged_documents_are_read_or_refused(tmp_path):
    check_mutants(tmp_path, "clippings.pdf", make_pdf([clippings()[0], clippings(1)[0]]), count=60)
