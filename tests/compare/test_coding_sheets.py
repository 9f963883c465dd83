"""Sheets for coders: blind, shuffled, safe; read back as spreadsheet programs and people leave them."""

import contextlib
import csv
import datetime
import io
import tempfile
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediakit import read_codings, sample_for_coding, score_agreement, write_coding_sheets
from mediakit.errors import ArticleTableError, ColumnError, LoadError, MeasureWarning

openpyxl = pytest.importorskip("openpyxl", reason="the extra xlsx is not installed")

BOOK = {"negative": "The news is bad.", "neutral": "Neither.", "positive": "The news is good."}


@pytest.fixture
def sample():
    texts = [
        "=cmd|' /C calc'!A0",
        "It’s “fine”.\n\nReally.",
        "+1 and more",
        "@you",
        "-5 degrees",
        "Naïve café 日本",
        "Plain.",
        "Plain too.",
    ]
    table = pd.DataFrame({
        "article_id": [f"a{number}" for number in range(8)], "headline": ["=1+1", *["Head"] * 7], "text": texts,
        "outlet": ["North", "South"] * 4, "score": range(1, 9),
    })  # fmt: skip
    return sample_for_coding(table, 8, by="outlet", weights="score", overlap=4)


@pytest.fixture
def folder(sample, tmp_path):
    write_coding_sheets(sample, tmp_path, codebook=BOOK)
    return tmp_path


def fill(folder, name, codes, *, save=None):
    """Fill in a workbook as a coder does: a code for each unit, or the one code for all."""
    workbook = openpyxl.load_workbook(folder / f"coding_{name}.xlsx")
    sheet = workbook["units"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        unit = row[header.index("unit")].value
        row[header.index("code")].value = codes if isinstance(codes, str) else codes.get(unit, "neutral")
    workbook.save(save or folder / f"coding_{name}.xlsx")
    return workbook


def read_quietly(paths, sample, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MeasureWarning)
        return read_codings(paths, sample, **options)


def rows_of(folder, name):
    return list(csv.reader(io.StringIO((folder / f"coding_{name}.csv").read_text("utf-8-sig"))))


def units_of(sample, name):
    return {row.unit for row in sample.itertuples() if name in row.coders.split(", ")}


def test_sheets_are_blind_and_in_another_order_for_each_coder(folder, sample):
    both = {}
    for name in ("A", "B"):
        header, *rows = rows_of(folder, name)
        assert header == ["unit", "headline", "text", "code", "comment", "coder"]
        assert "North" not in str(rows)
        assert {row[0] for row in rows} == units_of(sample, name)
        shared = set(sample[sample["coders"] == "A, B"]["unit"])
        both[name] = [row[0] for row in rows if row[0] in shared]
    assert sorted(both["A"]) == sorted(both["B"])
    assert both["A"] != both["B"]


def test_the_workbook_has_lists_to_choose_from_a_codebook_and_a_frozen_header(folder):
    workbook = openpyxl.load_workbook(folder / "coding_A.xlsx")
    sheet = workbook["units"]

    assert sheet.freeze_panes == "A2"
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == [f"D2:D{sheet.max_row}"]
    assert sheet.data_validations.dataValidation[0].formula1 == "codebook!$A$2:$A$4"
    assert [cell.value for cell in workbook["codebook"]["A"]] == ["code", *BOOK]
    assert sheet["C2"].alignment.wrap_text
    assert sheet["D2"].number_format == "@"


def test_no_cell_is_a_formula(folder):
    for name in ("A", "B"):
        sheet = openpyxl.load_workbook(folder / f"coding_{name}.xlsx")["units"]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        assert not [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "n" and cell.value]
        cells = [cell for row in rows_of(folder, name) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    every = [cell for name in "AB" for row in rows_of(folder, name) for cell in row]
    assert "'=cmd|' /C calc'!A0" in every


def test_filled_workbooks_are_read_and_can_be_scored(folder, sample):
    fill(folder, "A", "negative")
    fill(folder, "B", {sample["unit"][0]: "positive"})
    codings = read_codings(folder, sample)

    assert list(codings) == ["unit", "coder", "code", "comment", "file", "row", "note"]
    assert len(codings) == 12
    assert (codings["note"] == "").all()
    assert set(codings["file"]) == {"coding_A.xlsx", "coding_B.xlsx"}  # the empty CSV files are passed over
    assert codings.set_index(["unit", "coder"]).loc[(sample["unit"][1], "A" if "A" in sample["coders"][1] else "B"), "row"] > 1  # fmt: skip
    assert len(score_agreement(codings, n_resamples=0))


def test_what_spreadsheet_programs_do_to_a_csv_file_is_harmless(folder, sample, tmp_path):
    fill(folder, "B", "neutral")
    header, *rows = rows_of(folder, "A")
    rows = [[*row[:3], "negative", "sure", "A", "lunch"] for row in reversed(rows)]
    table = [[*header, "my column"], *rows, [""] * 7]
    for encoding, mark, start in (
        ("cp1252", ";", ""), ("utf-16", "\t", ""), ("utf-8", ",", ""), ("utf-8-sig", ";", "sep=;\r\n"), ("mac-roman", ";", ""),
    ):  # fmt: skip
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=mark).writerows(table)
        (folder / "coding_A.csv").write_bytes((start + out.getvalue()).encode(encoding, "replace"))
        codings = read_quietly(folder, sample)
        mine = codings[codings["coder"] == "A"]
        assert mine["code"].tolist() == ["negative"] * len(rows), encoding
        assert mine["my column"].tolist() == ["lunch"] * len(rows)
        assert mine["comment"].tolist() == ["sure"] * len(rows)
        if encoding != "mac-roman":  # which nobody can tell from cp1252: there the texts look changed
            assert (codings["note"] == "").all(), codings["note"].tolist()


def test_a_typo_is_named_with_its_place_and_the_nearest_code(folder, sample):
    unit = sample[sample["coders"] == "A, B"]["unit"].iloc[0]
    fill(folder, "A", {unit: "negatve"})
    fill(folder, "B", {unit: " Positive"})
    with pytest.warns(MeasureWarning, match=r"1 of 12 codings .* unknown code \(1: coding_A.xlsx row \d"):
        codings = read_codings(folder, sample)
    found = codings[codings["unit"] == unit].set_index("coder")

    assert found.loc["A", "note"] == "unknown code 'negatve'; did you mean 'negative'?"
    assert pd.isna(found.loc["A", "code"])
    assert found.loc["B", "code"] == "positive"


def test_codes_that_became_days_and_numbers(tmp_path):
    sample = pd.DataFrame({"unit": list("uvwxyz"), "text": list("abcdef"), "coders": "A"})
    workbook = openpyxl.Workbook()
    workbook.active.append(["unit", "code"])
    days = [datetime.datetime(2026, 2, 1), datetime.datetime(2026, 3, 1), 1.0, "1,0", "02. Jan", "3. Mrz"]
    for unit, day in zip("uvwxyz", days, strict=True):
        workbook.active.append([unit, day])
    workbook.save(tmp_path / "coding_A.xlsx")
    found = read_quietly(tmp_path, sample, codes=["1-2", "1-3", "1", "x"])

    assert found["code"].tolist()[:5] == ["1-2", "1-3", "1", "1", "1-2"]
    assert pd.isna(found["code"][5])
    assert found["note"].str.startswith("read from the day").tolist() == [True, True, False, False, True, False]
    unsure = read_quietly(tmp_path, sample, codes=["1-2", "2-1"])
    assert unsure["note"][0] == "the day '2026-02-01 00:00:00' may be '1-2' or '2-1'"
    assert pd.isna(unsure["code"][0])


def test_rows_that_are_missing_doubled_or_strange_are_told(folder, sample):
    fill(folder, "B", "neutral")
    header, *rows = rows_of(folder, "A")
    rows = [[*row[:3], "negative", *row[4:]] for row in rows]
    lost, twice, contrary, changed, empty = rows[0], rows[1], rows[2], rows[3], rows[4]
    changed[2] += " And more."
    empty[3] = ""
    rows = [*rows[1:], twice, [*contrary[:3], "positive", *contrary[4:]], ["u000", "", "?", "neutral", "", "A"], ["", "", "?", "x", "", "A"]]  # fmt: skip
    with (folder / "coding_A.csv").open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    with pytest.warns(MeasureWarning, match="The column note says it of each"):
        codings = read_codings(folder, sample)
    mine = codings[codings["coder"] == "A"].set_index("unit")

    assert mine.loc[lost[0], "note"] == "no row"
    assert pd.isna(mine.loc[lost[0], "row"])
    assert mine.loc[twice[0], "note"] == "again in row 7"
    assert mine.loc[twice[0], "code"] == "negative"
    assert mine.loc[contrary[0], "note"] == "coded twice: 'negative' here, 'positive' in coding_A.csv, row 8"
    assert pd.isna(mine.loc[contrary[0], "code"])
    assert mine.loc[changed[0], ["note", "code"]].tolist() == ["the text was changed", "negative"]
    assert mine.loc[empty[0], "note"] == "no code"
    assert mine.loc["u000", "note"] == "unknown unit 'u000'"
    assert "row without a unit" in codings["note"].tolist()
    assert not codings.dropna(subset=["unit"]).duplicated(["unit", "coder"]).any()


def test_one_column_sorted_alone_is_noticed(folder, sample):
    fill(folder, "B", "neutral")
    header, *rows = rows_of(folder, "A")
    units = sorted((row[0] for row in rows), reverse=True)
    rows = [[unit, *row[1:3], "negative", "", "A"] for unit, row in zip(units, rows, strict=True)]
    with (folder / "coding_A.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    found = read_quietly(folder, sample).query("coder == 'A'")
    moved = found["note"].str.startswith("text of another unit")
    assert moved.sum() >= 4
    assert found.loc[moved, "code"].isna().all()


def test_a_workbook_and_its_csv_file_with_different_codes(folder, sample):
    fill(folder, "B", "neutral")
    fill(folder, "A", "negative")
    header, *rows = rows_of(folder, "A")
    with (folder / "coding_A.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *([*row[:3], "positive" if at == 0 else "negative", *row[4:]] for at, row in enumerate(rows))])  # fmt: skip
    notes = read_quietly(folder, sample)["note"]
    assert notes[notes != ""].str.startswith("coded twice: 'positive' here").tolist() == [True]


def test_empty_sheets_and_files_saved_once_more(folder, sample):
    fill(folder, "A", "negative", save=folder / "coding_A (final).xlsx")
    with pytest.warns(MeasureWarning, match="no code"):
        codings = read_codings(folder, sample)
    assert codings[codings["coder"] == "A"]["file"].unique().tolist() == ["coding_A (final).xlsx"]
    assert codings[codings["coder"] == "B"]["code"].isna().all()
    assert len(codings) == 12


def test_a_coder_without_a_sheet(folder, sample):
    fill(folder, "A", "negative")
    with pytest.warns(MeasureWarning, match="no sheet of this coder"):
        codings = read_codings(folder / "coding_A.xlsx", sample)
    assert len(codings) == 12


def test_sheets_that_cannot_be_read_are_named(folder, sample, tmp_path):
    with pytest.raises(LoadError, match="does not exist"):
        read_codings(tmp_path / "none.csv", sample)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(LoadError, match="no coding sheet"):
        read_codings(empty, sample)
    broken = empty / "coding_A.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(LoadError, match="cannot be read as a workbook"):
        read_codings(broken, sample)
    broken.write_text("name,colour\nx,red\n")
    with pytest.raises(ArticleTableError, match="no columns unit and code; its first row is 'name', 'colour'"):
        read_codings(broken, sample)
    broken.write_text("unit,code,code\nx,red,red\n")
    with pytest.raises(ArticleTableError, match="two columns of the same name"):
        read_codings(broken, sample)
    stranger = empty / "coding_Zoe.csv"
    stranger.write_text("unit,code\nx,red\n")
    with pytest.raises(ArticleTableError, match="coder 'Zoe' is not in the sample; there is A, B"):
        read_codings(stranger, sample)
    broken.write_bytes(b"")
    with pytest.raises(ArticleTableError, match="no columns unit and code; its first row is empty"):
        read_codings(broken, sample)


def test_sheets_are_never_written_over_unasked(folder, sample):
    with pytest.raises(ArticleTableError, match=r"coding_A.xlsx is there already"):
        write_coding_sheets(sample, folder, codebook=BOOK)
    write_coding_sheets(sample, folder, codes=[1, 2, 3], overwrite=True, show=["outlet"])
    sheet = openpyxl.load_workbook(folder / "coding_A.xlsx")
    assert sheet["codebook"]["A2"].value == 1
    assert sheet["units"]["D1"].value == "outlet"


def test_codes_and_columns_that_do_not_fit_are_named(sample, tmp_path):
    for options, message in (
        ({}, "two or more different codes; found none"), ({"codes": ["a", "A"]}, "different codes; found 'a', 'A'"),
        ({"codes": "ab"}, "codes must be a list"), ({"codes": ["a", "b"], "codebook": {"c": "d"}}, "'c', which is not among"),
        ({"codes": ["a", "b"], "show": ["text"]}, "every sheet has"),
    ):  # fmt: skip
        with pytest.raises(ArticleTableError, match=message):
            write_coding_sheets(sample, tmp_path, **options)
    with pytest.raises(ColumnError, match="no column 'definition'"):
        write_coding_sheets(sample, tmp_path, codebook=pd.DataFrame({"code": ["a"]}))
    with pytest.raises(ColumnError, match="no column 'score'"):
        write_coding_sheets(sample, tmp_path, codebook=BOOK, show=["score"])


def test_long_texts_and_control_characters(tmp_path):
    table = pd.DataFrame({"article_id": ["a", "b"], "text": ["x" * 40_000, "bell\x07 and more"]})
    sample = sample_for_coding(table, 2, coders=["A"])
    with pytest.warns(MeasureWarning, match="longer than a cell: 1"):
        write_coding_sheets(sample, tmp_path, codes=["yes", "no"])
    fill(tmp_path, "A", "yes")
    codings = read_codings(tmp_path, sample)
    assert codings["code"].tolist() == ["yes", "yes"]
    assert (codings["note"] == "").all()


def test_the_example_codings_fit_the_sample_corpus():
    import mediakit as mk

    articles = mk.label_duplicates(mk.load_articles(mk.sample_path()))
    articles = articles[articles["duplicate_of"].isna() & (articles["language"] == "en")]
    sentences = mk.find_sentences(articles).merge(articles[["article_id", "outlet", "headline"]], on="article_id")
    drawn = sample_for_coding(sentences, 150, by="outlet", units="row", overlap=60)
    codings = read_codings(mk.sample_codings(), drawn)

    assert len(codings) == 210
    assert (codings["note"] == "").all()
    agreement = score_agreement(codings, n_resamples=0)
    alpha = agreement[(agreement["scope"] == "all") & (agreement["measure"] == "alpha")]["value"].iloc[0]
    assert 0.6 < alpha < 0.8


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), min_size=1, max_size=6), st.sampled_from([".xlsx", ".csv"]))  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_comes_back_unchanged(texts, ending):
    sample = pd.DataFrame({"unit": [f"u{number}" for number in range(len(texts))], "text": texts, "coders": "A"})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_coding_sheets(sample, folder, codes=["yes", "no"])
        if ending == ".xlsx":
            fill(folder, "A", "yes")
        else:
            header, *rows = rows_of(folder, "A")
            with (folder / "coding_A.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([header, *([*row[:2], "yes", *row[3:]] for row in rows)])
        codings = read_codings(folder / f"coding_A{ending}", sample)
    assert codings["code"].tolist() == ["yes"] * len(texts)
    assert set(codings["note"]) == {""}


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"unit,code\nu1,yes\n", b"unit;code\r\n", b"PK\x03\x04", b"\xff\xfe"]),
)
@settings(max_examples=150, deadline=None)
def test_no_file_breaks_the_reader(data, start):
    sample = pd.DataFrame({"unit": ["u1"], "text": ["One."], "coders": "A"})
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "coding_A.csv"
        path.write_bytes(start + data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MeasureWarning)
            with contextlib.suppress(ArticleTableError, LoadError):
                assert len(read_codings(path, sample)) >= 1
