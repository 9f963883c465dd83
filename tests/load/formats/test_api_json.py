"""Answers of NewsAPI, The Guardian and the New York Times: look-alikes with invented text."""

import copy
import json
from pathlib import Path

import pytest
from attempts import notes
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning
from mediakit.load.terms import read_terms

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "exports" / "api_json"
NEWSAPI = {
    "status": "ok", "totalResults": 38,
    "articles": [
        {
            "source": {"id": None, "name": "Valley News"}, "author": "Ana Ruiz", "title": "Ferries return - Valley News",
            "description": "The harbour reopened.", "url": "https://valley.example/1", "urlToImage": None,
            "publishedAt": "2022-03-11T04:18:00Z",
            "content": "Ferries ran on Friday, the B&amp;L company said.\r\nThey were full of passengers who had wait… [+1210 chars]",
        },
        {
            "source": {"id": "bell", "name": "Bell Courier"}, "author": None, "title": "Mayor speaks", "description": None,
            "url": "https://bell.example/2", "urlToImage": None, "publishedAt": "2022-03-12T05:00:00Z", "content": None,
        },
    ],
}  # fmt: skip
GUARDIAN = {
    "response": {
        "status": "ok", "total": 1320, "startIndex": 1, "pageSize": 2, "currentPage": 1,
        "results": [
            {
                "id": "world/2022/mar/11/ferries", "type": "article", "sectionId": "world", "sectionName": "World news",
                "webPublicationDate": "2022-03-11T18:39:25Z", "webTitle": "Ferries return", "webUrl": "https://g.example/ferries",
                "apiUrl": "https://api.example/ferries", "isHosted": False, "pillarName": "News",
                "fields": {
                    "trailText": "The harbour <br>reopened", "byline": "Ana Ruiz in Port Bell", "wordcount": "6",
                    "body": "<p>Ferries ran.</p><figure><img><figcaption>A pier</figcaption></figure><p>They were full.</p>",
                    "bodyText": "Ferries ran. They were full.",
                },
                "tags": [
                    {"id": "profile/ana", "type": "contributor", "webTitle": "Ana Ruiz"},
                    {"id": "world/ports", "type": "keyword", "webTitle": "Ports"},
                ],
            },
            {
                "id": "world/2022/mar/12/live", "type": "liveblog", "sectionName": "World news", "webUrl": "https://g.example/live",
                "webPublicationDate": "2022-03-12T08:00:00Z", "webTitle": "Harbour: live", "apiUrl": "https://api.example/live",
                "fields": {"trailText": "Follow <strong>it</strong> here"},
                "tags": [{"id": "profile/tom", "type": "contributor", "webTitle": "Tom Lee"}],
            },
        ],
    }
}  # fmt: skip
NYT = {
    "status": "OK",
    "response": {
        "meta": {"hits": 2},
        "docs": [
            {
                "_id": "535f", "web_url": "https://nyt.example/1", "snippet": "The bridge was", "abstract": "A bridge closes for repairs.",
                "lead_paragraph": "The bridge was closed today.", "headline": {"main": "Bridge Closes", "kicker": "City"},
                "byline": {"original": "By ANA RUIZ", "person": []}, "pub_date": "1964-08-04T00:00:00Z", "print_page": "A3",
                "section_name": "New York", "news_desk": "Metro", "word_count": "500", "document_type": "article",
                "type_of_material": "News", "source": "The New York Times",
                "keywords": [{"name": "subject", "value": "Bridges", "rank": "1"}],
            },
            {
                "_id": "nyt://article/1", "uri": "nyt://article/1", "web_url": "https://nyt.example/2", "snippet": "", "abstract": "",
                "lead_paragraph": None, "headline": {"main": "Late City Notes", "print_headline": "Notes"}, "byline": [],
                "pub_date": "2010-05-06T04:00:00+0000", "word_count": 12, "document_type": "article", "news_desk": None,
                "multimedia": {"default": {}}, "keywords": None,
            },
        ],
    },
}  # fmt: skip


def load(folder, data, name="answer.json"):
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def test_newsapi_cuts_its_texts_and_says_by_how_much(tmp_path):
    articles = load(tmp_path, NEWSAPI)

    found = articles.iloc[0]
    assert found["format"] == "newsapi"
    assert found["text"] == "Ferries ran on Friday, the B&L company said.\n\nThey were full of passengers who had wait"
    assert (found["truncated"], found["truncated_why"]) == (True, 'interface cut mark "[+1210 chars]"')
    assert (found["outlet"], found["byline"], found["standfirst"]) == (
        "Valley News",
        "Ana Ruiz",
        "The harbour reopened.",
    )
    assert f"{found['date']:%Y-%m-%d} {found['time']}" == "2022-03-11 04:18Z"
    assert "2 of the 38 results" in notes(articles)


def test_newsapi_s_title_loses_the_outlet_at_its_end(tmp_path):
    assert load(tmp_path, NEWSAPI)["headline"].tolist() == ["Ferries return", "Mayor speaks"]


def test_newsapi_without_content_has_no_text(tmp_path):
    found = load(tmp_path, NEWSAPI).iloc[1]

    assert found[["text", "byline", "standfirst"]].isna().all()
    assert found["truncated_why"] == "the service gave no text"


def test_newsapi_s_removed_items_are_named(tmp_path):
    data = copy.deepcopy(NEWSAPI)
    data["articles"][0].update(title="[Removed]", content="[Removed]", description="[Removed]")

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, data)

    assert len(articles) == 1
    assert "item 0: the service took the article down" in notes(articles)


def test_services_that_answer_like_newsapi_mark_the_cut_without_a_plus(tmp_path):
    item = {
        "title": "Ferries return", "description": "D.", "content": "Ferries ran... [2394 chars]", "url": "https://v.example",
        "image": "https://v.example/1.jpg", "publishedAt": "2022-03-11T04:18:00Z", "source": {"name": "Valley", "url": "https://v.example"},
    }  # fmt: skip

    found = load(tmp_path, {"totalArticles": 1, "articles": [item]}).iloc[0]

    assert (found["text"], found["truncated"], found["image"]) == ("Ferries ran", True, "https://v.example/1.jpg")


def test_a_table_of_own_columns_is_not_taken_for_newsapi(tmp_path):
    rows = [
        {
            "title": "A",
            "author": "Ana",
            "content": "One.",
            "description": "x",
            "source": "Bell",
            "publishedAt": "2022-03-11",
        }
    ]

    assert load(tmp_path, rows)["format"].item() == "json"


def test_the_guardian_s_body_has_its_paragraphs(tmp_path):
    articles = load(tmp_path, GUARDIAN)

    found = articles.iloc[0]
    assert (found["format"], found["outlet"], found["language"]) == ("guardian", "The Guardian", "en")
    assert found["text"] == "Ferries ran.\n\nThey were full."
    assert (found["caption"], found["byline"], found["section"]) == ("A pier", "Ana Ruiz in Port Bell", "World news")
    assert found["standfirst"] == "The harbour reopened"
    assert (found["kind"], found["pillar"], found["url"]) == ("article", "News", "https://g.example/ferries")
    assert not found["truncated"]
    assert read_terms(articles)["term"].tolist() == ["Ports"]


def test_the_guardian_gives_fields_only_where_asked(tmp_path):
    found = load(tmp_path, GUARDIAN).iloc[1]

    assert found["text"] is None or found[["text"]].isna().all()
    assert (found["kind"], found["byline"], found["standfirst"]) == ("liveblog", "Tom Lee", "Follow it here")
    assert "has to be asked for" in found["truncated_why"]


def test_a_single_item_of_the_guardian_is_read(tmp_path):
    single = {"response": {"status": "ok", "total": 1, "content": GUARDIAN["response"]["results"][0]}}

    assert load(tmp_path, single)["headline"].tolist() == ["Ferries return"]


def test_the_guardian_s_plain_text_serves_where_there_is_no_body(tmp_path):
    data = copy.deepcopy(GUARDIAN)
    del data["response"]["results"][0]["fields"]["body"]

    assert load(tmp_path, data)["text"].iloc[0] == "Ferries ran. They were full."


def test_the_new_york_times_gives_a_lead_paragraph_only(tmp_path):
    articles = load(tmp_path, NYT)

    found = articles.iloc[0]
    assert (found["format"], found["headline"], found["byline"]) == ("nytimes", "Bridge Closes", "ANA RUIZ")
    assert (found["text"], found["standfirst"]) == ("The bridge was closed today.", "A bridge closes for repairs.")
    assert found["truncated_why"] == "the service gives only the lead paragraph of an article of 500 words"
    assert (found["section"], found["page"], found["news_desk"]) == ("New York", "A3", "Metro")
    assert (f"{found['date']:%Y-%m-%d}", found["vendor_id"]) == ("1964-08-04", "535f")
    assert read_terms(articles)[["scheme", "term"]].values.tolist() == [["subject", "Bridges"]]


def test_the_new_york_times_leaves_fields_empty_in_many_ways(tmp_path):
    found = load(tmp_path, NYT).iloc[1]

    assert found[["text", "byline", "standfirst", "section"]].isna().all()
    assert (found["headline"], found["outlet"]) == ("Late City Notes", "The New York Times")
    assert f"{found['date']:%Y-%m-%d}" == "2010-05-06"
    assert found["truncated"]


@pytest.mark.parametrize(
    "headline", ["Bridge Closes", {"name": "Bridge Closes"}, {"main": None, "print_headline": "Bridge Closes"}]
)
def test_the_new_york_times_headline_is_of_several_types(tmp_path, headline):
    data = copy.deepcopy(NYT)
    data["response"]["docs"][0]["headline"] = headline

    assert load(tmp_path, data)["headline"].iloc[0] == "Bridge Closes"


@pytest.mark.parametrize(
    "byline", ["By Ana Ruiz", {"original": None, "person": [{"firstname": "Ana", "lastname": "Ruiz"}]}]
)
def test_the_new_york_times_byline_is_of_several_types(tmp_path, byline):
    data = copy.deepcopy(NYT)
    data["response"]["docs"][0]["byline"] = byline

    assert load(tmp_path, data)["byline"].iloc[0] == "Ana Ruiz"


@pytest.mark.parametrize("answer", [NEWSAPI, GUARDIAN, NYT])
def test_pages_of_one_search_in_one_file_are_all_read(tmp_path, answer):
    line = json.dumps(answer)
    for text in (f"[{line},{line}]", f"{line}\n{line}\n", f"{line}{line}"):
        assert len(load(tmp_path, text)) == 4


@pytest.mark.parametrize(
    ("answer", "path"), [(NEWSAPI, ["articles"]), (GUARDIAN, ["response", "results"]), (NYT, ["response", "docs"])]
)
def test_articles_alone_in_a_list_or_a_line_each_are_read(tmp_path, answer, path):
    items = answer
    for name in path:
        items = items[name]

    assert len(load(tmp_path, items)) == 2
    assert len(load(tmp_path, "\n".join(map(json.dumps, items)))) == 2


def test_a_broken_answer_keeps_its_sound_articles(tmp_path):
    text = json.dumps(NEWSAPI)

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, text[: text.index("Mayor speaks")])

    assert articles["headline"].tolist() == ["Ferries return"]


def test_a_broken_line_costs_only_itself(tmp_path):
    line = json.dumps(NEWSAPI)

    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, f"{line}\n{line[:-30]}\n{line}")

    assert len(articles) == 4
    assert "line 2" in notes(articles)


def test_a_message_of_the_service_is_no_article(tmp_path):
    path = tmp_path / "answer.json"
    path.write_text('{"status": "error", "code": "apiKeyInvalid", "message": "Your key is invalid."}')

    with pytest.raises(LoadError, match="Your key is invalid"):
        mk.load_articles(path, format="newsapi")


def test_further_plain_fields_are_kept(tmp_path):
    data = copy.deepcopy(NEWSAPI)
    data["articles"][0]["query"] = "harbour"

    assert load(tmp_path, data)["query"].iloc[0] == "harbour"


@pytest.mark.parametrize("answer", [NEWSAPI, GUARDIAN, NYT])
def test_damaged_answers_never_raise_anything_else(tmp_path, answer):
    check_mutants(tmp_path, "answer.json", json.dumps(answer, indent=1).encode())


@pytest.mark.parametrize("answer", [NEWSAPI, GUARDIAN, NYT])
def test_values_of_any_type_are_borne(tmp_path, answer):
    def walk(node):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            yield node, key
            if isinstance(node[key], dict | list):
                yield from walk(node[key])

    for number in range(sum(1 for _ in walk(answer))):
        for wrong in (7, [], {"a": [1]}, None, "\ud800"):
            data = copy.deepcopy(answer)
            node, key = list(walk(data))[number]
            node[key] = wrong
            path = tmp_path / "answer.json"
            path.write_text(json.dumps(data))
            try:
                mk.check_ledger(
                    mk.read_ledger(
                        mk.load_articles(path, format={"a": "newsapi", "c": "guardian", "d": "nytimes"}[_which(answer)])
                    )
                )
            except (LoadError, ValueError):
                continue
            except LoadWarning:
                continue


def _which(answer):
    return "a" if answer is NEWSAPI else "c" if answer is GUARDIAN else "d"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real export files are not here")
@pytest.mark.parametrize(
    ("name", "count"),
    [("guardian_search_uknews.json", 10), ("newsapi_topheadlines_us.json", 20), ("nyt_articlesearch_2docs.json", 2)],
)
def test_real_answers_give_all_their_articles(name, count):
    articles = mk.load_articles(REAL / name)

    mk.check_ledger(mk.read_ledger(articles))
    assert len(articles) == count
    assert articles["date"].notna().all()
