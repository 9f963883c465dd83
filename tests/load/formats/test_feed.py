"""Feeds and sitemaps: look-alikes with invented text."""

import json
import sys
import time
from pathlib import Path

import pytest
from attempts import load_written, notes
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning, MissingExtraError, NoArticlesError
from mediakit.load.terms import read_terms

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "exports" / "feeds"
NS = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
ITEM = """<item><title>Harbour of Port Bell reopens</title><link>https://ledger.example/harbour</link>
<description>&lt;p&gt;Ferries ran again on Friday.&lt;/p&gt;</description><pubDate>Fri, 11 Mar 2022 09:14:00 +0200</pubDate>
<dc:creator>Ana Ruiz</dc:creator><category>Ports</category><category>Strikes</category><guid isPermaLink="false">lg-1</guid></item>"""


def rss(*items, head="<title>Valley Ledger</title><language>en-gb</language>"):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NS}><channel>{head}{"".join(items)}</channel></rss>'
    )


def load(folder, text, name="feed.xml"):
    return load_written(folder, text, name)


def one(folder, text, name="feed.xml"):
    articles = load(folder, text, name)
    assert len(articles) == 1
    return articles.iloc[0]


def test_an_entry_has_all_its_fields(tmp_path):
    articles = load(tmp_path, rss(ITEM))

    found = articles.iloc[0]
    assert found["format"] == "feed"
    assert (found["headline"], found["text"]) == ("Harbour of Port Bell reopens", "Ferries ran again on Friday.")
    assert (found["byline"], found["outlet"], found["language"]) == ("Ana Ruiz", "Valley Ledger", "en")
    assert (f"{found['date']:%Y-%m-%d}", found["time"]) == ("2022-03-11", "09:14+0200")
    assert (found["url"], found["vendor_id"]) == ("https://ledger.example/harbour", "lg-1")
    assert read_terms(articles)["term"].tolist() == ["Ports", "Strikes"]


def test_a_summary_is_kept_as_text_and_marked_as_cut(tmp_path):
    found = one(tmp_path, rss(ITEM))

    assert found["truncated"]
    assert found["truncated_why"] == "the feed gives only a summary"


def test_the_full_content_wins_over_the_summary_which_becomes_the_standfirst(tmp_path):
    body = "<h2>At sea</h2><p>Ferries of the <b>Bell Line</b> ran on Friday.</p><p>They were full.<br><br>Nobody complained.</p>"
    item = ITEM.replace("<dc:creator>", f"<content:encoded><![CDATA[{body}]]></content:encoded><dc:creator>")

    found = one(tmp_path, rss(item))

    assert found["text"].split("\n\n") == [
        "At sea", "Ferries of the Bell Line ran on Friday.", "They were full.", "Nobody complained.",
    ]  # fmt: skip
    assert found["standfirst"] == "Ferries ran again on Friday."
    assert not found["truncated"]


def test_captions_scripts_and_links_to_other_articles_are_no_text(tmp_path):
    body = (
        "<figure><img src='a.jpg'><figcaption>The pier at dawn</figcaption></figure><script>track()</script>"
        "<p>Ferries ran.</p><p>The post <a href='x'>Harbour</a> appeared first on <a href='y'>Valley Ledger</a>.</p>"
    )

    found = one(tmp_path, rss(f"<item><title>T</title><content:encoded><![CDATA[{body}]]></content:encoded></item>"))

    assert found["text"] == "Ferries ran."
    assert found["caption"] == "The pier at dawn"
    assert not found["truncated"]


def test_read_on_at_the_end_is_evidence_of_a_cut_and_no_text(tmp_path):
    for more in ("Continue reading...", "Weiterlesen", "Lire la suite", "Read more »"):
        body = f"<p>Ferries ran.</p><p>They were full.</p> <a href='x'>{more}</a>"

        found = one(
            tmp_path, rss(f"<item><title>T</title><content:encoded><![CDATA[{body}]]></content:encoded></item>")
        )

        assert found["text"] == "Ferries ran.\n\nThey were full."
        assert found["truncated_why"].startswith("ends in")
        assert found["left_out"] == more


def test_a_long_description_in_many_paragraphs_is_a_whole_article(tmp_path):
    body = "".join(f"<p>{'The ferry ran every hour of the day. ' * 12}</p>" for _ in range(5))

    found = one(tmp_path, rss(f"<item><title>T</title><description><![CDATA[{body}]]></description></item>"))

    assert not found["truncated"]


def test_content_that_only_repeats_the_summary_is_cut(tmp_path):
    item = (
        "<item><title>T</title><description>Ferries ran again.</description>"
        "<content:encoded>&lt;p&gt;Ferries ran again.&lt;/p&gt;</content:encoded></item>"
    )

    assert one(tmp_path, rss(item))["truncated_why"] == "the feed gives only a summary, twice"


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Seg, 24 Set 2018 10:00:00 -0300", "2018-09-24"),
        ("mar., 01 févr. 2022 08:00:00 +0100", "2022-02-01"),
        ("Di, 08 Mär 2022 08:00:00 +0100", "2022-03-08"),
        ("03 Apr 02 1500 GMT", "2002-04-03"),
        ("2022-03-11T23:59:00-05:00", "2022-03-11"),
    ],
)
def test_localized_dates_and_years_of_two_digits_are_read_as_printed(tmp_path, printed, day):
    found = one(
        tmp_path, rss(f"<item><title>T</title><description>D.</description><pubDate>{printed}</pubDate></item>")
    )

    assert f"{found['date']:%Y-%m-%d}" == day


def test_the_order_of_content_and_summary_does_not_matter(tmp_path):
    pieces = (
        "<description>In short.</description>",
        "<content:encoded>&lt;p&gt;One of many.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content:encoded>",
    )

    for inside in (pieces, pieces[::-1]):
        found = one(tmp_path, rss(f"<item><title>T</title>{''.join(inside)}</item>"))

        assert (found["text"], found["standfirst"]) == ("One of many.\n\nTwo.", "In short.")


def test_an_entry_without_date_has_none_and_does_not_take_the_feed_s(tmp_path):
    head = "<title>Ledger</title><pubDate>Fri, 11 Mar 2022 09:14:00 GMT</pubDate>"

    assert one(tmp_path, rss("<item><title>T</title></item>", head=head))[["date", "date_raw"]].isna().all()


def test_the_address_behind_feedburner_is_taken(tmp_path):
    item = (
        "<item><title>T</title><link>http://feedproxy.example/~r/x</link>"
        "<feedburner:origLink>https://ledger.example/a</feedburner:origLink></item>"
    )

    assert one(tmp_path, rss(item))["url"] == "https://ledger.example/a"


def test_the_source_of_a_collection_is_the_outlet_and_leaves_the_title(tmp_path):
    item = '<item><title>Ferries return - Bell Courier</title><source url="https://courier.example">Bell Courier</source></item>'

    found = one(tmp_path, rss(item))

    assert (found["headline"], found["outlet"], found["feed"]) == ("Ferries return", "Bell Courier", "Valley Ledger")


def test_noreply_is_no_author_and_a_credit_as_author_is_one(tmp_path):
    items = (
        "<item><title>A</title><author>noreply@blog.example (Ana Ruiz)</author></item>",
        "<item><title>B</title><author>noreply@blog.example</author></item>",
        '<item><title>C</title><media:credit role="author">Tom Lee</media:credit></item>',
        '<item><title>D</title><media:credit role="photographer">Mara Quint</media:credit></item>',
    )

    byline = load(tmp_path, rss(*items))["byline"]

    assert byline.iloc[[0, 2]].tolist() == ["Ana Ruiz", "Tom Lee"]
    assert byline.iloc[[1, 3]].isna().all()


def test_entries_lack_title_date_or_link_and_an_empty_one_is_named(tmp_path):
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US"><title>Ledger</title>'
        "<entry><id>tag:ledger.example,2020:1</id></entry><entry><author></author></entry>"
        "<entry><summary>Ferries ran.</summary></entry></feed>"
    )

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, atom)

    assert articles["vendor_id"].tolist()[0] == "tag:ledger.example,2020:1"
    assert articles[["headline", "url", "date"]].isna().all(axis=None)
    assert "entry 1: neither title nor text" in notes(articles)


def test_atom_has_its_content_links_and_dates(tmp_path):
    atom = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Ledger</title><entry>
    <title type="html">Peace &amp;amp; quiet</title><link rel="self" href="https://ledger.example/self"/>
    <link rel="alternate" href="https://ledger.example/a"/><id>urn:1</id><author><name>Ana Ruiz</name></author>
    <author><name>Tom Lee</name></author><published>2022-03-11T09:14:00Z</published><updated>2022-03-12T01:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"""

    found = one(tmp_path, atom)

    assert (found["headline"], found["byline"], found["url"]) == (
        "Peace & quiet",
        "Ana Ruiz, Tom Lee",
        "https://ledger.example/a",
    )
    assert (f"{found['date']:%Y-%m-%d}", found["modified"]) == ("2022-03-11", "2022-03-12T01:00:00Z")
    assert found["text"] == "One.\n\nTwo."


def test_rss_1_0_and_0_92_are_read(tmp_path):
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Ledger</title><items/></channel>
    <item rdf:about="https://ledger.example/1"><title>One</title><link>https://ledger.example/1</link><dc:date>2020-05-04</dc:date></item>
    <item rdf:about="https://ledger.example/2"><title>Two</title><link>https://ledger.example/2</link></item></rdf:RDF>"""
    old = '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="0.92"><channel><title>Café</title><item><description>Zoë came.</description></item></channel></rss>'

    articles = load(tmp_path, rdf)

    assert articles["headline"].tolist() == ["One", "Two"]
    assert f"{articles['date'].iloc[0]:%Y-%m-%d}" == "2020-05-04"
    assert one(tmp_path, old.encode("iso-8859-1"))["outlet"] == "Café"


def test_a_broken_entry_costs_only_itself(tmp_path):
    broken = "<item><title>AT&T & <b>rest</title><description>Half <![CDATA[open</description></item>"
    other = ITEM.replace("Harbour", "Airport")

    articles = load(tmp_path, rss(ITEM, broken, other))

    assert articles["headline"].tolist()[0].startswith("Harbour")
    assert articles["headline"].tolist()[-1].startswith("Airport")
    assert "the XML is broken" in notes(articles)


def test_a_feed_that_breaks_off_says_so(tmp_path):
    whole = rss(ITEM, ITEM.replace("Harbour", "Airport"))

    articles = load(tmp_path, whole[: whole.rindex("Ferries ran") + 8])

    assert len(articles) == 2
    assert articles["truncated_why"].iloc[1] == "the file breaks off within this entry"


def test_prefixes_that_nobody_declared_and_names_of_characters_are_mended(tmp_path):
    text = (
        "<rss><channel><title>Caf&eacute;&nbsp;News</title><item><title>A</title><dc:creator>Ana Ruiz</dc:creator>"
        "<content:encoded>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content:encoded></item></channel></rss>"
    )

    found = one(tmp_path, text)

    assert (found["outlet"], found["byline"], found["text"]) == ("Café News", "Ana Ruiz", "One.\n\nTwo.")


def test_entities_that_a_feed_defines_are_never_expanded(tmp_path):
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>'

    with pytest.raises(LoadError, match="hostile"):
        load(tmp_path, bomb)


def test_json_feeds_are_read(tmp_path):
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Valley Ledger", "language": "en",
        "items": [
            {"id": "1", "url": "https://ledger.example/1", "title": "One", "content_html": "<p>A.</p><p>B.</p>",
             "summary": "In short.", "date_published": "2022-03-11T09:14:00-05:00", "authors": [{"name": "Ana Ruiz"}], "tags": ["ports"]},
            {"id": 2, "content_text": "1 < 2, they said.\n\nEnd.", "author": {"name": "Tom Lee"}},
            "no object",
        ],
    }  # fmt: skip

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, json.dumps(feed), "feed.json")

    assert articles["text"].tolist() == ["A.\n\nB.", "1 < 2, they said.\n\nEnd."]
    assert articles["byline"].tolist() == ["Ana Ruiz", "Tom Lee"]
    assert (articles["standfirst"].iloc[0], articles["outlet"].iloc[1]) == ("In short.", "Valley Ledger")


def test_a_json_feed_cut_off_keeps_its_sound_items(tmp_path):
    text = '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"One"},{"id":"2","title":"Tw'

    with pytest.warns(LoadWarning, match="left out"):
        assert load(tmp_path, text, "feed.json")["headline"].tolist() == ["One"]


def test_an_export_of_wordpress_holds_posts_and_other_things(tmp_path):
    wp = 'xmlns:wp="http://wordpress.org/export/1.2/"'
    item = "<item><title>{0}</title><content:encoded><![CDATA[One.\n\nTwo.]]></content:encoded><wp:post_type>{1}</wp:post_type><wp:status>{2}</wp:status></item>"
    text = rss(
        item.format("A", "post", "publish"),
        item.format("B", "attachment", "inherit"),
        item.format("C", "post", "draft"),
    )

    with pytest.warns(LoadWarning, match="1 rows were left out"):
        articles = load(tmp_path, text.replace("<rss ", f"<rss {wp} "))

    assert articles["headline"].tolist() == ["A", "C"]
    assert articles["status"].tolist() == ["publish", "draft"]
    assert articles["text"].tolist() == ["One.\n\nTwo."] * 2
    assert "entry 1: WordPress calls it attachment" in notes(articles)


def test_a_feed_without_entries_is_no_article(tmp_path):
    with pytest.raises(NoArticlesError):
        load(tmp_path, rss())


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://ledger.example/1</loc><news:news><news:publication><news:name>Valley Ledger</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2022-03-11T09:14:00+02:00</news:publication_date>
<news:title>Harbour reopens</news:title><news:keywords>ports, strikes</news:keywords></news:news>
<image:image><image:loc>https://ledger.example/1.jpg</image:loc><image:title>A pier</image:title></image:image></url>
<url><loc>https://ledger.example/about</loc></url></urlset>"""


def test_sitemaps_for_news_give_titles_dates_and_addresses(tmp_path):
    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, SITEMAP)

    found = articles.iloc[0]
    assert (found["headline"], found["outlet"], found["url"]) == (
        "Harbour reopens",
        "Valley Ledger",
        "https://ledger.example/1",
    )
    assert (f"{found['date']:%Y-%m-%d}", found["language"]) == ("2022-03-11", "en")
    assert read_terms(articles)["term"].tolist() == ["ports", "strikes"]
    assert "entry 1: an address without a title" in notes(articles)


def test_a_plain_sitemap_holds_addresses_only(tmp_path):
    plain = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://ledger.example/1</loc></url></urlset>"

    with pytest.raises(LoadError, match="1 addresses only"):
        load(tmp_path, plain)
    with pytest.raises(LoadError, match="index of 1 sitemaps"):
        load(tmp_path, "<sitemapindex><sitemap><loc>https://ledger.example/s.xml</loc></sitemap></sitemapindex>")


def test_without_feedparser_the_message_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "feedparser", None)

    with pytest.raises(MissingExtraError, match="feeds"):
        load(tmp_path, rss(ITEM))


def test_damaged_feeds_never_raise_anything_else(tmp_path):
    check_mutants(tmp_path, "feed.xml", rss(ITEM, ITEM, ITEM).encode())
    check_mutants(tmp_path, "sitemap.xml", SITEMAP.encode())


@pytest.mark.parametrize(
    "piece", ["<item>", "<![CDATA[", "<item><description><![CDATA[", "&amp;lt;p", "<a ", "</item>", "<item><title>&x;"]
)
def test_hostile_feeds_take_no_time(tmp_path, piece):
    path = tmp_path / "feed.xml"
    path.write_text("<rss><channel>" + piece * (200_000 // len(piece)))
    begun = time.process_time()

    try:
        mk.load_articles(path)
    except (LoadError, NoArticlesError):
        pass
    except LoadWarning:
        pass

    assert time.process_time() - begun < 5


@pytest.mark.skipif(not REAL.is_dir(), reason="the real export files are not here")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("rssparser_content-encoded.rss", 7), ("rssparser_guardian.rss", 55), ("rssparser_heraldsun.rss", 2), ("rssparser_missing-fields.atom", 1),
        ("rssparser_rss-1.rss", 69), ("trafilatura_feed.json", 25), ("trafilatura_feed1.atom", 2), ("trafilatura_feed2.rss", 1),
    ],
)  # fmt: skip
def test_real_feeds_give_all_their_entries(name, count):
    articles = mk.load_articles(REAL / name)

    mk.check_ledger(mk.read_ledger(articles))
    assert len(articles) == count
