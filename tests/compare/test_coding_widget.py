"""Coding one unit at a time: saved after each decision, taken up again, taken back; the display, without a browser."""

import pandas as pd
import pytest

from mediakit import code_units, read_codings
from mediakit.compare.coding_widget import CodingSession, show_unit
from mediakit.errors import ArticleTableError, LoadError

CODES = ["bad", "good"]


def sample(n=4):
    return pd.DataFrame({
        "unit": [f"u{number}" for number in range(n)], "headline": "<b>Head</b>", "text": [f"Text <{number}>." for number in range(n)],
        "context": [f"Before. Text <{number}>. After." for number in range(n)], "coders": ["A, B"] * (n - 1) + ["B"],
        "outlet": "North & Co",
    })  # fmt: skip


def session(path, **options):
    return CodingSession(sample(), CODES, path, **{"coder": "A", **options})


def test_every_decision_is_in_the_file_at_once_and_is_taken_up_again(tmp_path):
    path = tmp_path / "new folder" / "coding_A.csv"
    one = session(path)
    first = one.unit["unit"]
    one.decide("good", "=sure, “really”")
    assert [file.name for file in path.parent.iterdir()] == ["coding_A.csv"]
    again = session(path)

    assert again.done == 1
    assert again.unit["unit"] == one.unit["unit"] != first
    assert again.decided[first] == ("good", "=sure, “really”")
    for _ in range(2):
        again.decide("bad")
    assert again.unit is None
    assert "All 3 units are coded" in show_unit(again)
    codings = read_codings(path, sample().assign(coders=["A"] * 3 + [None]).dropna(), codes=CODES)
    assert codings["code"].tolist().count("bad") == 2
    assert codings.set_index("unit").loc[first, "comment"] == "=sure, “really”"


def test_skipped_units_come_back_at_the_end(tmp_path):
    one = session(tmp_path / "c.csv")
    order = one.units["unit"].tolist()
    one.skip("unclear")
    assert one.unit["unit"] == order[1]
    one.decide("bad")
    one.decide("bad")
    assert one.unit["unit"] == order[0]
    assert one.comment == "unclear"
    one.skip()
    assert one.unit["unit"] == order[0]


def test_back_changes_a_code_and_undo_takes_it_away(tmp_path):
    one = session(tmp_path / "c.csv")
    order = one.units["unit"].tolist()
    one.decide("bad", "hm")
    one.back()
    assert one.unit["unit"] == order[0]
    assert "Coded: bad" in show_unit(one)
    one.decide("good")
    assert one.decided == {order[0]: ("good", "")}
    one.decide("bad", "kept")
    one.undo()
    assert (one.unit["unit"], one.comment, one.done) == (order[1], "kept", 1)
    assert session(tmp_path / "c.csv").done == 1
    one.undo()
    one.undo()
    one.back()
    assert one.done == 0


def test_a_file_that_cannot_be_written_leaves_the_state_as_it_was(tmp_path):
    (tmp_path / "folder").write_text("no folder")
    one = session(tmp_path / "c.csv")
    one.path = tmp_path / "folder" / "c.csv"
    with pytest.raises(OSError, match="folder"):
        one.decide("good")
    assert (one.done, one.at) == (0, 0)


def test_text_is_escaped_and_blind(tmp_path):
    page = show_unit(session(tmp_path / "c.csv"))
    assert "<mark>Text &lt;" in page
    assert "&lt;b&gt;Head" in page
    assert "North" not in page
    assert "outlet: North &amp; Co" in show_unit(session(tmp_path / "c.csv"), ["outlet"])


def test_what_does_not_fit_is_named(tmp_path):
    path = tmp_path / "c.csv"
    session(path).decide("good")
    with pytest.raises(ArticleTableError, match=r"coder 'A' for unit .* not among the units of coder 'B'"):
        session(path, coder="B")
    with pytest.raises(ArticleTableError, match="'good', which is not among codes="):
        CodingSession(sample(), ["x", "y"], path, coder="A")
    with pytest.raises(ArticleTableError, match="coder 'Z' has no unit in the sample; its coders are A, B"):
        session(path, coder="Z")
    with pytest.raises(ArticleTableError, match="'ugly' is not a code"):
        session(path).decide("ugly")
    for codes in (["a"], "ab", ["a", "a"]):
        with pytest.raises(ArticleTableError, match="two or more different codes"):
            CodingSession(sample(), codes, path, coder="A")
    path.write_text("name\n")
    with pytest.raises(LoadError, match="no file of codings"):
        session(path)


def test_buttons_and_keys_do_the_same(tmp_path):
    pytest.importorskip("ipywidgets", reason="the extra lab is not installed")
    path = tmp_path / "c.csv"
    box = code_units(sample(), {"bad": "Bad news.", "good": "Good news."}, path, coder="A")
    top, unit, buttons, below, problem = box.children
    bar, status = top.children
    key, comment, skip, back, undo = below.children

    assert [(one.description, one.tooltip) for one in buttons.children] == [("1  bad", "Bad news."), ("2  good", "Good news.")]  # fmt: skip
    before = unit.value
    comment.value = "a note"
    buttons.children[1].click()
    assert (bar.value, status.value, comment.value) == (1, "1 of 3 coded", "")
    assert unit.value != before
    key.value = "1"
    assert (bar.value, key.value) == (2, "")
    key.value = "u"
    assert bar.value == 1
    key.value = "7"
    skip.click()
    back.click()
    undo.click()
    assert bar.value == 0
    assert unit.value == before
    for _ in range(3):
        key.value = "2"
    assert all(one.disabled for one in buttons.children)
    key.value = "1"
    assert problem.value == ""
    path.unlink()
    path.mkdir()
    undo.click()
    assert "Not saved" in problem.value
