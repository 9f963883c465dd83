"""Broken, empty, huge and hostile input: it is named, the rest loads, nothing is lost in silence."""

import warnings

import pandas as pd
import pytest

import mediakit as mk
from mediakit.cli import main
from mediakit.errors import FormatError, LoadError, LoadWarning, NoArticlesError

GOOD = "Trucks cross the border\n\nThe trucks crossed the border on Monday, and the drivers were glad to be on their way again after nine days."


def reason(articles, name):
    ledger = mk.read_ledger(articles)
    return ledger.loc[(ledger["file"] == name) & (ledger["part"] == 0), ["kind", "note"]].iloc[0].tolist()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


def load(folder):
    with pytest.warns(LoadWarning) as caught:
        articles = mk.load_articles(folder)
    assert len(caught) == 1
    return articles, str(caught[0].message)


def test_a_missing_path_is_named():
    with pytest.raises(LoadError, match=r"nowhere: no such file or folder"):
        mk.load_articles("nowhere")


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(LoadError, match="the folder is empty"):
        mk.load_articles(tmp_path)


def test_an_empty_list_is_said():
    with pytest.raises(LoadError, match="the list is empty"):
        mk.load_articles([])


def test_a_pattern_without_a_match_is_named(tmp_path):
    with pytest.raises(LoadError, match="no file matches"):
        mk.load_articles(str(tmp_path / "*.txt"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty (0 bytes)"),
        (b" \n\n\t ", "only white space"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "a PNG picture"),
        (bytes(range(256)) * 40, "a binary file"),
        (b"%PDF-1.7 something", "a PDF document"),
        (b"word " * 1_300_000, "a single line of"),
    ],
    ids=["empty", "blank", "picture", "binary", "pdf", "endless line"],
)
def test_a_bad_file_is_listed_with_its_reason_and_the_others_load(folder, content, words):
    (folder / "bad.txt").write_bytes(content)
    articles, message = load(folder)
    assert articles["file"].tolist() == ["good.txt"]
    kind, note = reason(articles, "bad.txt")
    assert kind == "unreadable"
    assert words in note
    assert "bad.txt" in message
    assert "read_ledger" in message


def test_fifty_megabytes_in_one_line_are_refused_quickly(folder):
    (folder / "endless.txt").write_bytes(b"x" * 50_000_000)
    articles, _ = load(folder)
    assert "a single line of" in reason(articles, "endless.txt")[1]


def test_invalid_utf8_is_replaced_and_its_place_is_said(tmp_path):
    broken = GOOD.replace("glad", "glàd dès là-bas être où").encode() + b" \xff The end of it."
    (tmp_path / "broken.txt").write_bytes(broken)
    articles = mk.load_articles(tmp_path)
    kind, note = reason(articles, "broken.txt")
    assert kind == "file"
    assert f"1 invalid bytes replaced by U+FFFD, the first at byte {broken.index(0xFF)}" in note
    assert "glàd" in articles.loc[0, "text"]


def test_nul_bytes_become_spaces_and_are_counted(tmp_path):
    (tmp_path / "nul.txt").write_bytes(GOOD.replace("glad", "gl\0ad").encode())
    articles = mk.load_articles(tmp_path)
    assert "1 NUL characters read as spaces" in reason(articles, "nul.txt")[1]
    assert "\0" not in articles.loc[0, "text"]


def test_a_page_without_an_article_is_kept_as_unparsed(folder):
    (folder / "empty.html").write_text(
        "<!DOCTYPE html><html><body><nav>Home News</nav></body></html>", encoding="utf-8"
    )
    articles = mk.load_articles(folder)
    ledger = mk.read_ledger(articles)
    assert "no article found on the page" in reason(articles, "empty.html")[1]
    assert ledger.loc[(ledger["file"] == "empty.html") & (ledger["part"] == 1), "kind"].tolist() == ["unparsed"]


def test_a_ragged_csv_loses_only_its_bad_row_and_says_which(tmp_path):
    good = "\n".join(f"Headline {k},Text number {k} of the file is here.,Ledger" for k in range(1, 6))
    (tmp_path / "ragged.csv").write_text(
        f"title,text,outlet\n{good}\nonly one cell\nHeadline 7,Text number 7 is here.,Ledger\n", encoding="utf-8"
    )
    with pytest.warns(LoadWarning, match=r"1 rows were left out \(first: ragged.csv, row 6"):
        articles = mk.load_articles(tmp_path)
    assert len(articles) == 6


def test_a_broken_line_of_jsonl_is_named_and_the_rest_loads(tmp_path):
    lines = [f'{{"title": "Headline {k}", "text": "Text number {k} is here."}}' for k in range(1, 11)]
    lines[6] = '{"title": "Headline 7", "text": '
    (tmp_path / "dump.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.warns(LoadWarning, match="line 7"):
        articles = mk.load_articles(tmp_path)
    assert len(articles) == 9


def test_a_table_whose_columns_nobody_knows_lists_them(tmp_path):
    (tmp_path / "odd.csv").write_text("alpha,beta\n" + "some words here,more words there\n" * 5, encoding="utf-8")
    with pytest.raises(FormatError, match=r"(?s)alpha.*beta.*columns="):
        mk.load_articles(tmp_path / "odd.csv", format="table")


def test_an_unknown_format_lists_the_known_ones(folder):
    with pytest.raises(FormatError, match=r"there is .*capture"):
        mk.load_articles(folder, format="nexus")


def test_only_unreadable_files_are_an_error_that_lists_them(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.png").write_bytes(b"\x89PNG" + bytes(200))
    with pytest.raises(LoadError, match=r"(?s)a.txt: the file is empty.*b.png: not text"):
        mk.load_articles(tmp_path)


def test_files_without_any_article_are_an_error(tmp_path):
    (tmp_path / "page.html").write_text("<html><body><nav>Home</nav></body></html>", encoding="utf-8")
    with pytest.raises(NoArticlesError, match=r"page\.html: no article in it"):
        mk.load_articles(tmp_path)


def test_hidden_and_lock_files_are_skipped_and_listed(folder):
    (folder / ".hidden.txt").write_text(GOOD, encoding="utf-8")
    (folder / "~$lock.docx").write_bytes(b"\x05user")
    articles = mk.load_articles(folder)
    assert len(articles) == 1
    assert reason(articles, ".hidden.txt")[0] == "skipped"
    assert reason(articles, "~$lock.docx")[0] == "skipped"


def test_a_broken_settings_file_is_named(folder):
    (folder / "corpus.toml").write_text("[outlets\n", encoding="utf-8")
    with pytest.raises(LoadError, match=r"corpus\.toml"):
        mk.load_articles(folder)


def test_hostile_text_stays_text(tmp_path):
    hostile = "<script>alert(1)</script> =cmd() $x_1$ *bold* \\textbf{x} happened on Monday when the two sides met again in the hall."
    (tmp_path / "hostile.txt").write_text(f"=HYPERLINK(1)\n\n{hostile}", encoding="utf-8")
    articles = mk.load_articles(tmp_path)
    assert articles.loc[0, "text"] == hostile
    assert articles.loc[0, "headline"] == "=HYPERLINK(1)"


def test_deeply_nested_html_neither_hangs_nor_stops_the_rest(folder):
    (folder / "deep.html").write_text(
        "<html><body>" + "<div>" * 100_000 + "Deep." + "</div>" * 100_000 + "</body></html>", encoding="utf-8"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LoadWarning)
        articles = mk.load_articles(folder)
    assert "good.txt" in set(articles["file"])
    assert len(mk.read_ledger(articles).query("file == 'deep.html'")) >= 1


def test_the_command_ends_with_1_only_where_nothing_was_loaded(folder, tmp_path, capsys):
    (folder / "bad.txt").write_bytes(b"")
    assert main(["load", str(folder), "--out", str(tmp_path / "out" / "a.parquet")]) == 0
    assert "1 of 2 files could not be read" in capsys.readouterr().err
    assert main(["load", str(tmp_path / "missing"), "--out", str(tmp_path / "b.parquet")]) == 1
    assert "missing: no such file" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["a.csv", "parts"])
def test_the_command_takes_names_of_columns(tmp_path, out):
    (tmp_path / "echo.csv").write_text(
        "Schlagzeile;Blatt;Datum;Abdruck\nEins;Echo;2024-05-01;Der Streik begann.\n", "utf-8"
    )
    given = ["load", str(tmp_path / "echo.csv"), "--out", str(tmp_path / out), "--columns", "text=Abdruck"]

    assert main([*given, "--columns", "headline=Schlagzeile"]) == 0
    found = pd.read_csv(tmp_path / out) if out == "a.csv" else pd.read_parquet(tmp_path / out / "articles")
    assert found[["headline", "text"]].values.tolist() == [["Eins", "Der Streik begann."]]
    assert main([*given[:-1], "Abdruck"]) == 2


def test_the_command_ends_with_2_for_wrong_use(folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["repport"])
    assert stopped.value.code == 2
    assert main(["load", str(folder), "--out", str(tmp_path / "a.docx")]) == 2
    assert "must be .parquet, .csv or .jsonl" in capsys.readouterr().err


def test_one_article_may_be_undated_and_without_outlet(folder):
    articles = mk.load_articles(folder)
    assert pd.isna(articles.loc[0, "date"])
    assert pd.isna(articles.loc[0, "outlet"])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (None, "found NoneType"),
        ([5], "found int"),
        ("", 'write "." for the folder'),
        ({"a": "b"}, "found dict"),
        (pd.DataFrame({"text": ["x"]}), r"found a DataFrame. Build articles of it with mediakit.make_articles\(\)"),
    ],
)
def test_what_is_no_path_is_named(path, words, tmp_path):
    with pytest.raises(LoadError, match=words):
        mk.load_articles(path)
    with pytest.raises(LoadError, match=words):
        mk.load_in_parts(path, tmp_path / "out")


def test_paths_may_come_one_by_one(folder):
    assert len(mk.load_articles(path for path in [folder / "good.txt"])) == 1


@pytest.mark.parametrize("columns", [["text"], "text", {"text": 5}, 5])
def test_columns_that_map_no_names_are_refused(folder, columns):
    for load_them in (mk.load_articles, lambda path, **options: mk.load_in_parts(path, folder / "out", **options)):
        with pytest.raises(FormatError, match=r'columns must say .* as \{"text": "Volltext"\}; found'):
            load_them(folder / "good.txt", columns=columns)


@pytest.mark.parametrize("outlet", [["Echo"], 5, {"good.txt": 5}])
def test_outlets_that_are_no_names_are_refused(folder, outlet):
    with pytest.raises(FormatError, match="outlet must be one name"):
        mk.load_articles(folder, outlet=outlet)


def test_workers_are_a_number(folder):
    with pytest.raises(LoadError, match="workers='2' must be a whole number"):
        mk.load_articles(folder, workers="2")


@pytest.mark.parametrize("name", ["table", "csv", "CSV", ".tsv"])
def test_delimited_text_goes_by_the_endings_of_its_files(tmp_path, name):
    (tmp_path / "press.csv").write_text("headline,text\nTalks,Talks resume.\n", encoding="utf-8")

    assert mk.load_articles(tmp_path, format=name)["format"].tolist() == ["table"]


def test_a_format_that_is_no_reader_brings_the_readers_for_it(folder):
    with pytest.raises(FormatError, match="Did you mean 'xlsx'"):
        mk.load_articles(folder, format="Excel")
    with pytest.raises(FormatError, match=r"there is .*, page, .*\n    Did you mean .*'page'"):
        mk.load_articles(folder, format="html")


@pytest.mark.parametrize(
    ("path", "words"), [("nope", "nope: no such file"), (".", "a folder"), (None, "found NoneType")]
)
def test_the_format_of_no_file_is_not_asked_for(path, words):
    with pytest.raises(LoadError, match=words):
        mk.detect_format(path)
