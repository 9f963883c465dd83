"""Saved web pages: fields from what the page says, text from what it shows, every visible character accounted for."""

import json
import logging

import pytest

from mediakit.load.formats import page
from mediakit.load.registry import Options
from mediakit.load.source import Source, UnreadableFile

SENTENCES = [
    f"<p>The council said on Monday that ferry number {n} would sail again once the crews had been paid.</p>"
    for n in range(8)
]
BODY = "".join(SENTENCES)


def linked_data(**fields):
    data = {
        "@type": "NewsArticle",
        "headline": "Ferries sail again",
        "datePublished": "2025-02-14T23:30:00-05:00",
        **fields,
    }
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def saved(tmp_path, body, head="", name="page.html"):
    file = tmp_path / name
    content = f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    file.write_text(content, encoding="utf-8")
    return Source(file, name)


def read(tmp_path, body, head=""):
    return page.READER.read(saved(tmp_path, body, head), Options())


def tiles(reading):
    ends = [0, *(part.end for part in reading.parts)]
    return [part.start for part in reading.parts] == ends[:-1] and ends[-1] == reading.length


def test_fields_come_from_linked_data_and_the_day_stays_as_printed(tmp_path):
    head = linked_data(
        author=[{"name": "Ana Ruiz"}, "Tom Lee"], publisher={"name": "Harbour Post"}, articleSection="Travel"
    )

    article = read(tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}</article>", head).articles[0]

    assert article["headline"] == "Ferries sail again"
    assert article["byline"] == "Ana Ruiz, Tom Lee"
    assert (article["outlet"], article["section"], article["language"]) == ("Harbour Post", "Travel", "en")
    assert str(article["date"].date()) == "2025-02-14"
    assert article["date_raw"] == "2025-02-14T23:30:00-05:00"
    assert len(article["text"].split("\n\n")) == 8


@pytest.mark.parametrize("between", ["", "\n  "])
@pytest.mark.parametrize("paragraphs", [2, 3])
def test_a_short_page_keeps_its_paragraphs_and_leaves_headline_and_byline_out(tmp_path, between, paragraphs):
    text = [
        "After nine days the strike of the ferry crews is over.",
        "“It is a victory for all of us,” Helen Bell said.",
        "Ferries sail again on Monday.",
    ][:paragraphs]
    printed = ["<h1>A fair offer at last</h1>", '<p class="byline">By Jane Roe</p>', "<span>12</span>"]
    printed += [f"<p>{paragraph}</p>" for paragraph in text]

    reading = read(tmp_path, f"<article>{between.join(printed)}</article><p>Contact</p>")

    assert reading.articles[0]["headline"] == "A fair offer at last"
    assert reading.articles[0]["byline"] == "Jane Roe"
    assert reading.articles[0]["text"].split("\n\n") == text
    assert [part.kind for part in reading.parts][:2] == ["headline", "byline"]
    assert "text" in [part.kind for part in reading.parts]
    assert tiles(reading)


def test_broken_linked_data_is_passed_over(tmp_path):
    head = (
        '<script type="application/ld+json">{oops</script><script type="application/ld+json">'
        + "[" * 50_000
        + "</script>"
    )
    head += '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Fish &amp; ships",}</script>'

    article = read(tmp_path, f"<article><h1>Fish &amp; ships</h1>{BODY}</article>", head).articles[0]

    assert article["headline"] == "Fish & ships"


def test_authors_that_are_addresses_or_the_outlet_are_left_out(tmp_path):
    head = linked_data(
        author=["https://post.example/staff", "Harbour Post", {"name": "Tom Lee"}], publisher={"name": "Harbour Post"}
    )

    assert (
        read(tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}</article>", head).articles[0]["byline"] == "Tom Lee"
    )


def test_meta_tags_serve_where_linked_data_is_missing(tmp_path):
    head = (
        '<meta property="og:title" content="Ferries sail again"><meta property="article:published_time" content="2025-02-14">'
        '<meta property="og:site_name" content="Harbour Post"><meta name="author" content="By Ana Ruiz">'
    )

    article = read(tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}</article>", head).articles[0]

    assert (article["outlet"], article["byline"], str(article["date"].date())) == (
        "Harbour Post",
        "Ana Ruiz",
        "2025-02-14",
    )


def test_visible_parts_tile_the_page_and_menus_are_not_text(tmp_path):
    menu, credit = (
        "<nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav>",
        "<figure><figcaption>A ferry. Photo: K. Holm</figcaption></figure>",
    )

    reading = read(
        tmp_path,
        f"{menu}<article><h1>Ferries sail again</h1>{credit}{BODY}</article><footer>About us</footer>",
        linked_data(),
    )

    kinds = {part.excerpt[:9]: part.kind for part in reading.parts}
    assert tiles(reading)
    assert (kinds["Home Spor"], kinds["Ferries s"], kinds["A ferry. "], kinds["About us"]) == (
        "boilerplate",
        "headline",
        "caption",
        "boilerplate",
    )
    assert "Photo" not in reading.articles[0]["text"]


@pytest.mark.parametrize("free", [False, "False", "false"])
def test_a_page_that_says_it_is_not_free_counts_as_cut(tmp_path, free):
    article = read(
        tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}</article>", linked_data(isAccessibleForFree=free)
    ).articles[0]

    assert (article["truncated"], article["free_access"]) == (True, False)
    assert article["truncated_why"] == "the page says isAccessibleForFree: false"


def test_a_page_without_an_article_says_so(tmp_path):
    reading = read(tmp_path, "<p>Welcome to our site.</p>")

    assert reading.articles == []
    assert [(part.kind, part.note) for part in reading.parts] == [("unparsed", "no article found on the page")]
    assert tiles(reading)


def test_script_in_the_text_stays_text_and_scripts_are_not_read(tmp_path):
    quoted = "<p>Somebody wrote &lt;script&gt;alert(1)&lt;/script&gt; on the wall of the harbour office, the council said on Monday.</p>"

    text = read(tmp_path, f"<article><h1>Ferries</h1>{BODY}{quoted}<script>alert(2)</script></article>").articles[0][
        "text"
    ]

    assert "<script>alert(1)</script>" in text
    assert "alert(2)" not in text


def test_no_entity_is_fetched_from_outside(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    file = tmp_path / "page.html"
    head = f'<!DOCTYPE html [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'
    file.write_text(
        f"{head}<html><body><article><h1>&leak;</h1><p>&leak;</p>{BODY}</article></body></html>", encoding="utf-8"
    )

    reading = page.READER.read(Source(file, "page.html"), Options())

    assert "the secret" not in str(reading)


def test_the_same_page_gives_the_same_reading_and_logging_is_left_as_it_was(tmp_path):
    before = logging.getLogger("trafilatura").level
    body = f"<article><h1>Ferries sail again</h1>{BODY}</article>"

    assert read(tmp_path, body, linked_data()) == read(tmp_path, body, linked_data())
    assert logging.getLogger("trafilatura").level == before


def test_pages_are_claimed_and_prose_is_not(tmp_path):
    prose = tmp_path / "note.txt"
    prose.write_text("The council met, and a < b in the sums.", encoding="utf-8")

    assert page.READER.sniff(saved(tmp_path, BODY))[0] > 0.9
    assert page.READER.sniff(Source(prose, "note.txt"))[0] == 0


def test_an_article_below_hundreds_of_unclosed_tags_is_found(tmp_path):
    reading = read(tmp_path, "<font>" * 300 + f"<article><h1>Ferries sail again</h1>{BODY}</article>")

    assert len(reading.articles[0]["text"].split("\n\n")) == 8


def test_a_page_nested_beyond_reason_is_unreadable_and_says_why(tmp_path):
    with pytest.raises(UnreadableFile, match="2,048 levels"):
        read(tmp_path, "<div>" * 100_000 + f"<article>{BODY}</article>")


def test_the_page_is_described_by_its_own_linked_data_not_by_a_related_story(tmp_path):
    other = {"@type": "NewsArticle", "headline": "Storm at the coast", "datePublished": "2020-01-01"}
    head = f'<script type="application/ld+json">{json.dumps(other)}</script>{linked_data()}'

    article = read(tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}</article>", head).articles[0]

    assert (article["headline"], article["date"].year) == ("Ferries sail again", 2025)


def test_a_whole_text_is_not_cut_though_the_site_is_paid(tmp_path):
    head = linked_data(isAccessibleForFree=False, wordCount=150)

    article = read(tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}</article>", head).articles[0]

    assert (article.get("truncated", False), article["free_access"]) == (False, False)


def test_a_page_with_nothing_but_the_offer_counts_as_cut(tmp_path):
    offer = "<p>Subscribe to continue reading.</p><p>Already a subscriber? Log in.</p>"

    article = read(tmp_path, f"<article><h1>Ferries sail again</h1>{offer}</article>", linked_data()).articles[0]

    assert article["truncated"] is True


def test_a_subtitle_in_a_box_above_the_article_is_not_its_standfirst(tmp_path):
    box = "<div><p class='subtitle'>Storm at the coast</p></div>"

    article = read(tmp_path, f"{box}<article><h1>Ferries sail again</h1>{BODY}</article>", linked_data()).articles[0]

    assert article["standfirst"] is None


def test_the_author_on_the_page_counts_where_the_tags_name_the_site(tmp_path):
    head = linked_data(author={"name": "Harbour Post"}, publisher={"name": "Harbour Post"})
    body = (
        f"<article><h1>Ferries sail again</h1><div class='post-author'>By Ana Ruiz | 3 May 2025</div>{BODY}</article>"
    )

    assert read(tmp_path, body, head).articles[0]["byline"] == "Ana Ruiz"


def test_the_author_counts_and_not_the_editor_of_the_tags(tmp_path):
    head = linked_data(author={"name": "Tom Lee"})
    body = (
        "<article><h1>Ferries sail again</h1><div class='author-2'>Ana Ruiz</div><div>Editor: Tom Lee</div>"
        f"{BODY}</article>"
    )

    assert read(tmp_path, body, head).articles[0]["byline"] == "Ana Ruiz"


def test_a_signature_below_the_text_is_the_author_where_the_tags_name_the_site(tmp_path):
    head = linked_data(author={"name": "Harbour Post"}, publisher={"name": "Harbour Post"})

    article = read(tmp_path, f"<article><h1>Ferries sail again</h1>{BODY}<p>Ana Ruiz</p></article>", head).articles[0]

    assert article["byline"] == "Ana Ruiz"


def test_authors_of_comments_are_not_the_author(tmp_path):
    head = linked_data(author={"name": "Harbour Post"}, publisher={"name": "Harbour Post"})
    body = f"<article><h1>Ferries sail again</h1>{BODY}</article><span class='comment-author'>Nora Quill</span>"

    assert read(tmp_path, body, head).articles[0]["byline"] is None


def test_the_headline_is_what_two_of_three_titles_agree_on(tmp_path):
    printed = "<article><h1>A hundred years of the harbour</h1>" + BODY + "</article>"
    shared = '<meta property="og:title" content="A hundred years of the harbour">'

    article = read(tmp_path, printed, shared + linked_data(headline="100 years of the harbour")).articles[0]
    assert article["headline"] == "A hundred years of the harbour"

    shared = '<meta property="og:title" content="Ferries sail again to the islands">'
    printed = "<article><h1>Strike over: Ferries sail again to the islands</h1>" + BODY + "</article>"
    article = read(
        tmp_path, printed, shared + linked_data(headline="Strike over: Ferries sail again to the islands")
    ).articles[0]
    assert article["headline"] == "Ferries sail again to the islands"
