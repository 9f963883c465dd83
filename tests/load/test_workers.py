"""Several processes give the table and the ledger that one gives."""

import warnings

import pandas as pd
import pytest

import mediakit as mk
from mediakit.errors import LoadError
from mediakit.load import loader


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(loader, "_LEAST_SHARE", 150)
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text(f"Headline {number}\n\nThe council met {number} times and agreed.\n")
    (tmp_path / "twice.csv").write_text("title,text,day\nTalks,They met.,2025-03-01\nTalks,They met.,03/04/2025\n")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "empty.txt").write_bytes(b"")
    return tmp_path


def load(folder, workers):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mk.load_articles(folder, workers=workers, progress=False)


def test_workers_do_not_change_table_or_ledger(folder):
    one, two = load(folder, 1), load(folder, 2)

    assert len(loader._share_out(mk.load.loader.find_files(folder), 2)) > 2
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(mk.read_ledger(one), mk.read_ledger(two))
    mk.check_ledger(mk.read_ledger(two))
    assert len(one) == 11


def test_the_ledger_names_the_articles_of_every_share(folder):
    articles = load(folder, 2)

    owned = mk.read_ledger(articles).query("kind == 'headline'")
    files = dict(zip(articles["article_id"], articles["file"], strict=True))
    assert len(owned) >= 9
    assert [files[owner] for owner in owned["article_id"]] == owned["file"].tolist()


def test_an_error_of_a_worker_reaches_the_caller(folder):
    with pytest.raises(mk.errors.FormatError, match="nosuch"):
        mk.load_articles(folder, columns={"text": "nosuch"}, format="table", workers=2, progress=False)


@pytest.mark.parametrize("workers", [0, -3])
def test_no_worker_is_an_error(folder, workers):
    with pytest.raises(LoadError, match="at least one"):
        mk.load_articles(folder, workers=workers)
    with pytest.raises(LoadError, match="at least one"):
        mk.load_in_parts(folder, folder / "out", workers=workers)


def test_readers_of_the_caller_are_known_to_one_worker_only(folder, monkeypatch):
    from mediakit.load import registry, workers

    monkeypatch.setitem(registry._added, "mine", registry.Reader("mine", lambda _: (0.0, ""), lambda *_: None))
    assert workers.worker_count(4) == 1
