"""Tables as files: same bytes, and no cell that a spreadsheet would run."""

import csv
import io

import pandas as pd
import pytest

import mediakit as mk


@pytest.mark.parametrize("cell", ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_begins_like_a_command_is_text(tmp_path, cell):
    path = mk.write_table(pd.DataFrame({"text": [cell], cell: [1]}), tmp_path / "t.csv")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[1][0].startswith("'")
    assert rows[0][1].startswith("'")


def test_numbers_and_dates_stay_numbers_and_dates(tmp_path):
    table = pd.DataFrame({"n": [-1], "x": [-0.5], "date": pd.to_datetime(["2025-02-03"]), "missing": [None]})
    path = mk.write_table(table, tmp_path / "t.csv")
    assert path.read_text("utf-8-sig").splitlines()[1] == "-1,-0.500000,2025-02-03,"


def test_the_table_itself_is_not_changed(tmp_path):
    table = pd.DataFrame({"text": ["=x"]})
    mk.write_table(table, tmp_path / "t.csv")
    assert table.loc[0, "text"] == "=x"
