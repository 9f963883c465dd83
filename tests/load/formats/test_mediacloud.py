"""Media Cloud: tables and JSON of its search and its interfaces; look-alikes with invented text."""

import json

import pytest
from attempts import load_written as load
from attempts import notes
from mutants import check_mutants

import mediakit as mk
from mediakit.errors import LoadError, LoadWarning
from mediakit.load.formats import mediacloud
from mediakit.load.source import Source
from mediakit.load.terms import read_terms

CSV = """id,indexed_date,language,media_name,media_url,publish_date,title,url
{0}1,2026-05-07 15:40:11.593717+00:00,en,valley.example,valley.example,2026-05-05,"Harbour reopens, ferries return",https://valley.example/a
{0}2,2026-05-07 15:40:11.593717+00:00,es,puerto.example,puerto.example,2026-05-08,El puerto abre,https://puerto.example/b
""".format("0f" * 31 + "0")
LEGACY = """stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url,date_is_reliable,inlink_count
1357,2018-03-11 09:14:33,Harbour reopens,https://valley.example/a,en,False,"ports, strikes",7,Valley News,https://valley.example,True,3
1358,undateable,Ferries return,https://valley.example/b,en,True,,7,Valley News,https://valley.example,False,0
1359,2018-03-12 00:00:00,On the pier,https://valley.example/c,,False,,7,,https://valley.example,True,1
"""
STORY = {
    "stories_id": 27456, "media_id": 1144, "title": "Harbour reopens", "url": "https://valley.example/a", "guid": "https://valley.example/?p=1",
    "description": "<p>A summary of <b>it</b>.</p>\n", "language": "en", "publish_date": "2010-11-24 04:05:00", "collect_date": "2010-11-25 15:33:39",
    "story_text": " \t\tThe harbour reopened.   Ferries   ran. ", "story_tags": [{"tag": "ports", "tag_set": "nyt_labels", "tags_id": 12}, 99],
    "story_sentences": [{"sentence": "The harbour reopened.", "sentence_number": 0}],
}  # fmt: skip
SENTENCES = [
    {"stories_id": 5, "story_sentences_id": "1", "sentence_number": 1, "sentence": "Ferries ran.", "language": "en", "publish_date": "2014-03-01T00:45:10Z", "media_id": 7},
    {"stories_id": 5, "story_sentences_id": "2", "sentence_number": 0, "sentence": "The harbour reopened.", "language": "en", "publish_date": "2014-03-01T00:45:10Z", "media_id": 7},
    {"stories_id": 6, "story_sentences_id": "3", "sentence_number": 0, "sentence": "Another story.", "language": "en", "publish_date": "2014-03-02T00:45:10Z", "media_id": 7},
]  # fmt: skip


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_table_of_the_search(tmp_path, mark):
    articles = load(tmp_path, mark + CSV, "mc-onlinenews-mediacloud-20260507-content.csv")

    one = articles.iloc[0]
    assert (one["format"], len(articles)) == ("mediacloud", 2)
    assert (one["headline"], one["outlet"]) == ("Harbour reopens, ferries return", "valley.example")
    assert (f"{one['date']:%Y-%m-%d}", one["load_date"]) == ("2026-05-05", "2026-05-07 15:40:11.593717+00:00")
    assert len(one["vendor_id"]) == 64
    assert articles["language"].tolist() == ["en", "es"]
    assert articles["text"].isna().all()
    assert "no text for 2 of 2 stories" in notes(articles)


def test_columns_in_another_order_an_index_and_semicolons_do_no_harm(tmp_path):
    rows = [
        line.split(",", 7) for line in CSV.replace("Harbour reopens, ferries return", "Harbour reopens").splitlines()
    ]
    text = "\n".join(
        ";".join(["" if number == 0 else str(number - 1), *reversed(row)]) for number, row in enumerate(rows)
    )

    articles = load(tmp_path, text, "saved.csv")

    assert articles["format"].unique().tolist() == ["mediacloud"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-05-05", "2026-05-08"]


def test_the_table_of_the_old_topics(tmp_path):
    articles = load(tmp_path, LEGACY, "stories.csv")

    assert articles["vendor_id"].tolist() == ["1357", "1358", "1359"]
    assert articles["outlet"].tolist() == ["Valley News", "Valley News", "https://valley.example"]
    assert articles["date"].isna().tolist() == [False, True, False]
    assert articles["date_raw"].isna().tolist() == [False, True, False]
    assert articles["time"].fillna("").tolist() == ["09:14", "", ""]
    assert articles["ap_syndicated"].tolist() == ["False", "True", "False"]
    assert "1 stories that Media Cloud could not date" in notes(articles)
    assert "unread date" not in mk.read_ledger(articles)["kind"].tolist()


def test_a_row_that_is_broken_costs_that_row(tmp_path):
    with pytest.warns(LoadWarning, match="left out"):
        articles = load(
            tmp_path,
            LEGACY + "1360,2018-03-12\n" + LEGACY.splitlines()[1].replace("1357", "1361") + "\n",
            "stories.csv",
        )

    assert articles["vendor_id"].tolist() == ["1357", "1358", "1359", "1361"]


@pytest.mark.parametrize("wrap", [lambda story: story, lambda story: [story], lambda story: {"stories": [story]}])
def test_a_story_of_the_second_version(tmp_path, wrap):
    articles = load(tmp_path, json.dumps(wrap(STORY), indent=1), "story.json")

    one = articles.iloc[0]
    assert (one["headline"], one["text"]) == ("Harbour reopens", "The harbour reopened. Ferries ran.")
    assert (f"{one['date']:%Y-%m-%d}", one["time"], one["load_date"]) == ("2010-11-24", "04:05", "2010-11-25 15:33:39")
    assert (one["vendor_id"], one["description"]) == ("27456", "A summary of it.")
    assert read_terms(articles)[["scheme", "term", "code"]].values.tolist() == [["nyt_labels", "ports", "12"]]
    assert "story_sentences" not in articles.columns


def test_a_story_without_text_has_its_sentences(tmp_path):
    story = {name: value for name, value in STORY.items() if name != "story_text"} | {"story_sentences": SENTENCES[:2]}

    assert load(tmp_path, json.dumps([story]), "story.json")["text"].item() == "The harbour reopened. Ferries ran."


@pytest.mark.parametrize("whole", [SENTENCES, {"5": SENTENCES[:2], "6": SENTENCES[2:]}])
def test_sentences_are_put_together_by_story(tmp_path, whole):
    articles = load(tmp_path, json.dumps(whole), "sentences.json")

    assert articles["text"].tolist() == ["The harbour reopened. Ferries ran.", "Another story."]
    assert articles["vendor_id"].tolist() == ["5", "6"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2014-03-01", "2014-03-02"]


NEW = {"id": "ab12", "indexed_date": "2026-05-07T15:40:11", "language": "en", "media_name": "valley.example", "media_url": "valley.example", "publish_date": "2026-05-05", "title": "Harbour reopens", "url": "https://valley.example/a"}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([NEW]),
        json.dumps({"stories": [NEW], "pagination_token": "x"}),
        json.dumps({"pagination_token": None, "stories": [NEW]}),
        json.dumps(NEW) + "\n" + json.dumps(NEW | {"id": "ab13"}) + "\n",
    ],
    ids=["list", "object", "token first", "lines"],
)
def test_the_story_list_of_the_fourth_version(tmp_path, text):
    articles = load(tmp_path, text, "stories.json")

    one = articles.iloc[0]
    assert (one["format"], one["vendor_id"], one["outlet"], one["load_date"]) == (
        "mediacloud",
        "ab12",
        "valley.example",
        "2026-05-07T15:40:11",
    )
    assert f"{one['date']:%Y-%m-%d}" == "2026-05-05"


def test_a_story_list_with_text_keeps_it(tmp_path):
    articles = load(tmp_path, json.dumps([NEW | {"text": "The harbour reopened.\n\nFerries ran."}]), "stories.json")

    assert articles["text"].item() == "The harbour reopened.\n\nFerries ran."
    assert "no text" not in notes(articles)


def test_the_wayback_provider(tmp_path):
    story = {
        "title": "Harbour reopens",
        "publication_date": "2022-02-11",
        "capture_time": "2022-03-04T03:53:49Z",
        "language": "en",
        "domain": "valley.example",
        "url": "https://valley.example/a",
        "original_capture_url": "https://archive.example/1id_/x",
        "archive_playback_url": "https://archive.example/1/x",
        "article_url": "https://archive.example/api",
    }

    articles = load(tmp_path, json.dumps([story]), "wayback.json")

    one = articles.iloc[0]
    assert (one["outlet"], one["url"], one["load_date"]) == (
        "valley.example",
        "https://valley.example/a",
        "2022-03-04T03:53:49Z",
    )
    assert f"{one['date']:%Y-%m-%d}" == "2022-02-11"


def test_a_cut_list_gives_the_stories_before_the_cut(tmp_path):
    with pytest.warns(LoadWarning, match="left out"):
        articles = load(tmp_path, json.dumps([NEW] * 3, indent=1)[:-60], "stories.json")

    assert len(articles) == 2


def test_other_tables_and_lists_are_left_to_other_readers(tmp_path):
    for name, text in {
        "a.csv": "id,title,url,publish_date,media_name\n1,A,b,2020-01-01,C\n",
        "b.json": json.dumps([{"title": "A", "url": "b", "publish_date": "2020-01-01", "text": "c"}]),
        "c.json": json.dumps([{"term": "port", "count": 3, "stem": "port"}]),
        "d.txt": "A story of a wire. stories_id, title, url\n\nText.",
    }.items():
        (tmp_path / name).write_text(text)
        assert mediacloud.READER.sniff(Source(tmp_path / name, name))[0] == 0.0


def test_a_list_that_holds_no_story_is_an_error(tmp_path):
    with pytest.raises(LoadError):
        load(tmp_path, '{"stories_id": 1, "media_id": 2, "guid": "x", "title": ', "story.json")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", CSV * 2),
        ("b.csv", LEGACY),
        ("c.json", json.dumps([STORY] * 3, indent=1)),
        ("d.json", json.dumps({"5": SENTENCES[:2], "6": SENTENCES[2:]})),
        ("e.json", json.dumps({"stories": [NEW] * 4})),
    ],
)
def test_no_damage_to_a_file_escapes_as_another_error(tmp_path, name, text):
    check_mutants(tmp_path, name, text.encode())


def test_the_real_files_are_read(real_files):
    folder = real_files / "exports" / "mediacloud"
    articles = mk.load_articles(
        [
            folder / name
            for name in (
                "apiclient_sentences_by_story_1.json",
                "apiclient_story_27456565.json",
                "khahnmad_kentucky.json",
                "apiclient_sample_story_ap.txt",
                "khahnmad_scraped_text.json",
            )
        ]
    )

    counts = articles.groupby("file").size()
    assert counts.to_dict() == {
        "apiclient_sentences_by_story_1.json": 1,
        "apiclient_story_27456565.json": 1,
        "khahnmad_kentucky.json": 5,
        "apiclient_sample_story_ap.txt": 1,
        "khahnmad_scraped_text.json": 8,
    }
    assert set(articles["format"]) == {"mediacloud", "text", "json"}
    wayback = articles[articles["file"] == "khahnmad_kentucky.json"]
    assert wayback[["headline", "outlet", "date", "url", "load_date"]].notna().all().all()
    assert articles.loc[articles["file"] == "apiclient_story_27456565.json", "text"].notna().all()
    mk.check_ledger(mk.read_ledger(articles))
