"""The whole path: from files to a report, the same on every run, with and without the notebook."""

import json
import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

import mediakit as mk
from mediakit.cli import main
from mediakit.errors import ArticleTableError, ColumnError


@pytest.fixture(scope="module")
def report(tmp_path_factory, sample_study):
    folder = tmp_path_factory.mktemp("report")
    mk.write_report(sample_study, folder, progress=False)
    return folder


def test_a_report_has_page_tables_figures_notebook_and_provenance(report, sample_study):
    assert (report / "report.html").is_file()
    assert {path.stem for path in (report / "tables").glob("*.csv")} == set(sample_study.tables)
    svg, png = ({path.stem for path in (report / "figures").glob(f"*.{kind}")} for kind in ("svg", "png"))
    assert svg == png
    assert len(svg) == 13
    record = json.loads((report / "provenance.json").read_text("utf-8"))
    assert record["settings"]["seed"] == 0
    assert len(record["inputs"]) == sum(path.is_file() for path in mk.sample_path().rglob("*"))
    assert all(len(item["sha256"]) == 64 for item in record["inputs"])
    assert set(record["codings"]) == {"codebook.csv", "coding_A.csv", "coding_B.csv", "sample.csv"}


def test_the_notebook_was_executed_and_found_the_same_numbers(report):
    cells = json.loads((report / "report.ipynb").read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    last = json.dumps(code[-1]["outputs"])
    assert "tables are equal to the files, byte by byte" in last
    assert sum("image/png" in json.dumps(cell["outputs"]) for cell in code) == 6


def test_running_twice_gives_the_same_bytes(tmp_path, report):
    mk.write_report(mk.run_study(n_resamples=300), tmp_path, notebook=False, progress=False)
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) > 25
    for file in files:
        assert (tmp_path / file).read_bytes() == (report / file).read_bytes(), file


def test_the_hash_seed_of_python_changes_nothing(tmp_path, report):
    code = f"""
import mediakit as mk
study = mk.run_study(n_resamples=300)
for name, table in study.tables.items():
    mk.write_table(table, r'{tmp_path}/' + name + '.csv')
"""
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, env=environment, capture_output=True)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (report / "tables" / file.name).read_bytes(), file.name


def test_a_changed_table_is_noticed(tmp_path, report, sample_study):
    shutil.copytree(report / "tables", tmp_path / "tables")
    assert "equal" in mk.check_report(sample_study, tmp_path)
    (tmp_path / "tables" / "stance.csv").write_text("x\n", encoding="utf-8")
    with pytest.raises(ArticleTableError, match="differ from the files: stance"):
        mk.check_report(sample_study, tmp_path)


def test_the_expected_contrast_is_found(sample_study):
    contrast = sample_study["sentiment_by_outlet"].query("kind == 'difference'").set_index("group")
    assert contrast.loc["Daily Beacon", "high"] < 0
    assert contrast.loc["Capital Dispatch", "low"] > 0


def test_the_report_says_who_speaks_without_the_words_that_were_quoted(report, sample_study):
    page = (report / "report.html").read_text("utf-8")
    assert "Who is quoted most" in page
    assert "Without copies, no share moves by more than" in page
    assert "Irina Calder" in page
    shares = sample_study["voices_by_outlet"].groupby("outlet")["share"].sum()
    assert shares.round(9).eq(1).all()
    header = (report / "tables" / "quotes.csv").read_text("utf-8").splitlines()[0]
    assert "quote" not in header.split(",")


def test_the_report_shows_key_words_and_a_topic_model(report, sample_study):
    page = (report / "report.html").read_text("utf-8")
    assert "Which words set outlets apart" in page
    assert "8 topics, chosen among 4, 5, 6, 7, 8, 9, 10, 11, 12" in page
    assert "2 articles in another language than most left out" in page
    keyness = sample_study["keyness"].set_index(["target", "word"])
    assert keyness.loc[("Daily Beacon", "last"), "q"] < 0.05
    assert sample_study["keyness_phrases"]["word"].str.contains(" ").all()
    assert sample_study["topic_model"]["articles"].sum() == 50
    assert sample_study["topic_shares_by_outlet"].groupby("outlet")["share"].sum().round(9).eq(1).all()
    assert sample_study["topic_examples"]["headline"].notna().all()


def test_without_the_extra_there_is_no_topic_model(monkeypatch, tmp_path):
    from mediakit import measures

    monkeypatch.setattr(measures, "find_spec", lambda name: None)
    done = mk.run_study(n_resamples=200)
    page = mk.write_report(done, tmp_path, notebook=False, progress=False)
    assert "topic_model" not in done.tables
    assert "keyness" in done.tables
    assert "What the articles are about" not in page.read_text("utf-8")


def test_an_article_that_quotes_nobody_says_so(tmp_path):
    (tmp_path / "in").mkdir()
    text = "Roads closed\n\nThe road to the port was closed on Monday. It will be open again on Friday.\n"
    (tmp_path / "in" / "a_2025-01-02_x.txt").write_text(text, encoding="utf-8")
    mk.write_report(mk.run_study(tmp_path / "in"), tmp_path / "out", notebook=False, progress=False)
    assert "Nobody is quoted" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_study_names_its_tables(sample_study):
    assert "52 articles" in repr(sample_study)
    with pytest.raises(KeyError, match="there is articles, ledger"):
        sample_study["nothing"]


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ColumnError, match=r"no column 'outlets'.*Did you mean 'outlet'"):
        mk.run_study(by="outlets")


def test_another_column_can_split_the_articles(tmp_path, capsys):
    study = mk.run_study(by="language", n_resamples=200)
    assert set(study["sentiment_by_outlet"]["group"]) == {"en"}
    mk.write_report(study, tmp_path, notebook=False, progress=False)


def test_one_article_alone_makes_a_report(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a_2025-01-02_x.txt").write_text(
        "A headline\n\nThe police arrested two protesters on Monday. It was a bad day.", encoding="utf-8"
    )
    study = mk.run_study(tmp_path / "in", n_resamples=200)
    page = mk.write_report(study, tmp_path / "out", notebook=False, progress=False)
    assert "no interval" in page.read_text("utf-8") or "nothing to compare" in page.read_text("utf-8")


def test_articles_in_another_language_only_make_a_report_that_says_so(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"a_2025-01-0{number + 1}_x.txt").write_text(
            f"Un titre de journal {number}\n\nLes deux gouvernements se sont mis d’accord lundi pour ouvrir le passage aux vivres, et les chauffeurs ont applaudi dans la ville.",
            encoding="utf-8",
        )
    study = mk.run_study(tmp_path / "in", n_resamples=200)
    page = mk.write_report(study, tmp_path / "out", notebook=False, progress=False)
    assert "Sentiment could not be measured" in page.read_text("utf-8")


def test_articles_without_outlet_say_what_to_do(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "plain.txt").write_text(
        "A headline\n\nThe police arrested two protesters on Monday. It was a bad day.", encoding="utf-8"
    )
    study = mk.run_study(tmp_path / "in", n_resamples=200)
    mk.write_report(study, tmp_path / "out", notebook=False, progress=False)
    named = mk.run_study(tmp_path / "in", outlet="The Echo", n_resamples=200)
    assert named.articles["outlet"].tolist() == ["The Echo"]


def test_the_command_prints_where_the_report_lies_and_three_findings(tmp_path, capsys):
    assert main(["report", "--out", str(tmp_path / "r"), "--resamples", "200", "--no-notebook"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Report: ")
    assert [line[:2] for line in lines[1::2]] == ["1.", "2.", "3."]


def test_an_outlet_without_any_text_is_named_and_its_column_can_be(tmp_path, capsys):
    story = "The ferries sail again on Monday, said the minister in the evening, and she was glad of it. " * 4
    rows = {
        name: "".join(f"Ferry {n};{name};{n}.3.2025;{story}{n}\n" for n in range(1, 4)) for name in ("Post", "Echo")
    }
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "post.csv").write_text(f"title;outlet;date;text\n{rows['Post']}", "utf-8")
    (tmp_path / "in" / "echo.csv").write_text(f"Schlagzeile;Blatt;Datum;Abdruck\n{rows['Echo']}", "utf-8")
    command = ["report", str(tmp_path / "in"), "--out", str(tmp_path / "r"), "--resamples", "100", "--no-notebook"]

    assert main(command) == 0
    told = capsys.readouterr().err
    assert 'columns={"text": "Abdruck"}' in told
    assert "Without any text, so left out of every comparison: Echo (3 articles)." in told
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "Without any text, so left out of every comparison: Echo (3 articles)." in page

    assert main([*command, "--columns", "text=Abdruck"]) == 0
    assert "Without any text" not in capsys.readouterr().err
    assert main([*command, "--columns", "Abdruck"]) == 2


def test_the_command_reads_the_real_capture(real_files, tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mediakit",
            "report",
            str(real_files / "captures"),
            "--out",
            str(tmp_path / "x"),
            "--no-notebook",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "x" / "tables" / "articles.csv", encoding="utf-8-sig")
    assert table["byline"].tolist() == ["Elena Chernenko", "Shuyue Chen"]


@pytest.mark.parametrize("command", ["report", "load", "detect"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert command in capsys.readouterr().out


def test_a_report_works_in_a_folder_with_spaces_and_accents(tmp_path):
    source = tmp_path / "mes données" / "à lire"
    shutil.copytree(mk.sample_path() / "text", source)
    page = mk.write_report(
        mk.run_study(source, n_resamples=200), tmp_path / "mon rapport", notebook=False, progress=False
    )
    assert page.is_file()


def test_a_warning_that_is_not_about_measures_reaches_the_user(monkeypatch):
    import warnings

    from mediakit import study

    def noisy(*args, **kwargs):
        warnings.warn("something else", FutureWarning, stacklevel=2)
        return iter(())

    monkeypatch.setattr(study, "measure_study", noisy)
    with pytest.warns(FutureWarning, match="something else"):
        mk.run_study(n_resamples=200)


def test_the_command_names_files_that_are_not_there_or_cannot_be_written(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    short = ["--resamples", "200", "--no-notebook"]

    assert main(["report", "--stories", "nope.csv", *short]) == 1
    assert capsys.readouterr().err.startswith("mediakit: nope.csv: no such file.")
    assert main(["detect", "nope.csv"]) == 1
    assert capsys.readouterr().err == "mediakit: nope.csv: no such file.\n"
    raw = str(mk.sample_path() / "northgate-ledger.jsonl")
    assert main(["load", raw, "--out", str(tmp_path / "taken" / "x.csv")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("mediakit: ")
    assert "taken" in told
    assert "Traceback" not in told
