"""Loading into parts: the same articles and ledger as in one table, in any order, after any interruption."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import LoadError
from mediakit.load import stream


def equal(folder, articles):
    """Whether a folder of parts holds exactly these articles and their ledger."""
    parts = pd.read_parquet(folder / "articles")
    for column in articles.columns:
        one = [None if cell is None or cell != cell else str(cell) for cell in articles[column]]
        other = [None if cell is None or cell != cell else str(cell) for cell in parts[column]]
        assert one == other, column
    return mk.read_ledger(articles).equals(mk.check_ledger(mk.read_ledger(folder)))


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(stream, "PART_BYTES", 15_000)


def test_parts_hold_what_one_table_holds(tmp_path, small_parts):
    parts = mk.load_in_parts(mk.sample_path(), tmp_path / "corpus")

    assert len(parts) > 5
    assert parts["articles"].sum() == 52
    assert equal(tmp_path / "corpus", mk.load_articles(mk.sample_path()))


def test_a_flush_within_a_part_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "_FLUSH_CHARACTERS", 5_000)
    parts = mk.load_in_parts(mk.sample_path(), tmp_path / "corpus")

    assert len(parts) == 1
    assert len(list((tmp_path / "corpus" / "articles").iterdir())) > 5
    assert equal(tmp_path / "corpus", mk.load_articles(mk.sample_path()))


def test_finished_parts_are_kept_and_changed_files_are_read_again(tmp_path, small_parts):
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in "abc":
        (raw / f"{name}.txt").write_text(f"Headline {name}\n\n" + "The council met again on Monday. " * 400)
    mk.load_in_parts(raw, tmp_path / "corpus")
    (raw / "b.txt").write_text("Another headline\n\n" + "The strike went on. " * 600)

    again = mk.load_in_parts(raw, tmp_path / "corpus")

    assert again["kept"].tolist() == [True, False, True]
    assert equal(tmp_path / "corpus", mk.load_articles(raw))


def test_other_settings_read_everything_anew(tmp_path):
    mk.load_in_parts(mk.sample_path() / "text", tmp_path / "corpus")

    assert not mk.load_in_parts(mk.sample_path() / "text", tmp_path / "corpus", language="en")["kept"].any()
    assert not mk.load_in_parts(mk.sample_path() / "text", tmp_path / "corpus", language="en", resume=False)[
        "kept"
    ].any()


def test_a_killed_run_goes_on_where_it_stopped(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(60):
        (raw / f"{number:02d}.txt").write_text(f"Headline {number}\n\n" + f"The council met {number} times. " * 200)
    code = (
        "import sys, time, mediakit as mk; from mediakit.load import stream\n"
        "stream.PART_BYTES = 5_000; plain = stream._read_part\n"
        "def slow(job):\n    time.sleep(0.03); return plain(job)\n"
        "stream._read_part = slow; mk.load_in_parts(sys.argv[1], sys.argv[2], progress=False)"
    )
    running = subprocess.Popen([sys.executable, "-c", code, str(raw), str(tmp_path / "corpus")])
    records = tmp_path / "corpus" / "parts"
    deadline = time.monotonic() + 60
    while (not records.is_dir() or len(list(records.glob("*.json"))) < 5) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    running.wait()
    with pytest.raises(LoadError, match="no ledger"):  # half a corpus does not pass for a whole one
        mk.read_ledger(tmp_path / "corpus")

    old = stream.PART_BYTES
    try:
        stream.PART_BYTES = 5_000
        parts = mk.load_in_parts(raw, tmp_path / "corpus", progress=False)
    finally:
        stream.PART_BYTES = old

    assert parts["kept"].sum() >= 5
    assert not parts["kept"].all()
    assert equal(tmp_path / "corpus", mk.load_articles(raw))


def test_workers_do_not_change_a_byte(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(1200):  # three parts of at most 500 files
        (raw / f"{number:04d}.txt").write_text(f"Headline {number}\n\nThe council met {number} times and agreed.\n")
    mk.load_in_parts(raw, tmp_path / "one", workers=1, progress=False)
    mk.load_in_parts(raw, tmp_path / "two", workers=2, progress=False)

    files = [path.relative_to(tmp_path / "one") for path in sorted((tmp_path / "one").rglob("*")) if path.is_file()]
    assert len(files) == 13
    for file in files:
        if file.suffix != ".json" or file.name == "corpus.json":
            assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_endings_that_an_outlet_shares_are_judged_over_all_parts(tmp_path, small_parts):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(6):
        body = "The council met again and spoke about the strike. " * 250 + f"Number {number} was"
        (raw / f"{number}.txt").write_text(
            f"Headline {number}\n\n{body}\n\nSubscribe now to continue reading this article\n"
        )
    mk.load_in_parts(raw, tmp_path / "corpus", format="text")

    assert pd.read_parquet(tmp_path / "corpus" / "articles")["truncated"].all()
    assert equal(tmp_path / "corpus", mk.load_articles(raw, format="text"))


def test_the_same_article_in_two_folders_gets_two_identifiers(tmp_path, small_parts):
    for folder in ("a", "b", "c"):
        (tmp_path / "raw" / folder).mkdir(parents=True)
        (tmp_path / "raw" / folder / "x.txt").write_text("Headline\n\n" + "The council met again on Monday. " * 400)
    mk.load_in_parts(tmp_path / "raw", tmp_path / "corpus")

    articles = mk.check_articles(pd.read_parquet(tmp_path / "corpus" / "articles"))
    assert articles["article_id"].str.len().tolist() == [16, 18, 18]
    assert equal(tmp_path / "corpus", mk.load_articles(tmp_path / "raw"))


def test_columns_that_only_some_files_bring_are_in_every_part(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "PART_BYTES", 50)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.csv").write_text("headline,text,mood\nOne,The council met again.,World\n")
    (raw / "b.csv").write_text("headline,text,likes\nTwo,The strike went on for days.,5\n")
    (raw / "c.csv").write_text("headline,text,likes\nThree,The strike ended in the night.,many\n")
    mk.load_in_parts(raw, tmp_path / "corpus")

    articles = pd.read_parquet(tmp_path / "corpus" / "articles")
    assert articles["mood"].tolist()[0] == "World"
    assert articles["likes"].tolist()[1:] == ["5", "many"]


def test_unreadable_files_are_rows_and_one_warning(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("Headline\n\nThe council met again on Monday and agreed on a date.\n")
    (raw / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.warns(mk.LoadWarning, match="b.png: not text: a PNG picture"):
        parts = mk.load_in_parts(raw, tmp_path / "corpus")

    assert parts["unreadable"].tolist() == [1]
    assert mk.read_ledger(tmp_path / "corpus").query("kind == 'unreadable'")["file"].tolist() == ["b.png"]


def test_a_folder_with_other_files_is_not_touched(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(LoadError, match="holds other files"):
        mk.load_in_parts(mk.sample_path(), tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["thesis.docx"]


def test_the_command_writes_a_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mediakit", "load", str(mk.sample_path()), "--out", str(tmp_path / "corpus"), "--workers", "1"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("52 articles in 1 parts")
    assert json.loads((tmp_path / "corpus" / "corpus.json").read_text("utf-8"))["articles"] == 52
