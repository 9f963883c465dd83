"""The notebooks run from top to bottom in a fresh kernel, and show what they promise."""

import json
import shutil

import pytest

pytest.importorskip("nbclient", reason="the extra lab is not installed")


def run(project, tmp_path, name):
    from mediakit.report.notebook import execute_notebook

    shutil.copy(project / "notebooks" / name, tmp_path / name)
    notebook = json.loads((tmp_path / name).read_text("utf-8"))
    done = execute_notebook(notebook, tmp_path)
    return [output for cell in done["cells"] for output in cell.get("outputs", [])]


def test_the_notebook_on_loading_shows_articles_and_ledger(project, tmp_path):
    outputs = run(project, tmp_path, "01_load.ipynb")
    text = json.dumps(outputs)
    assert "paywall" in text
    assert "capital-dispatch.csv" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 1


def test_the_notebook_on_comparing_shows_intervals_and_evidence(project, tmp_path):
    outputs = run(project, tmp_path, "02_compare.ipynb")
    text = json.dumps(outputs)
    assert "Daily Beacon" in text
    assert "hedges" in text.lower() or "effect" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 6


def test_the_notebook_on_sentiment_shows_the_checks_and_the_words_behind_the_extremes(project, tmp_path):
    outputs = run(project, tmp_path, "03_sentiment.ipynb")
    text = json.dumps(outputs)
    assert "within all" in text
    assert "conflict words" in text
    assert "mk-evidence" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3


def test_the_notebook_on_topics_shows_frames_key_words_and_a_model(project, tmp_path):
    outputs = run(project, tmp_path, "04_topics_and_frames.ipynb")
    text = json.dumps(outputs)
    assert "per_1000_low" in text
    assert "furious" in text
    assert "of the articles keep their topic" in text
    assert "transport_strike" in text
    assert "mk-evidence" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 6


def test_the_notebook_on_who_speaks_shows_shares_verbs_and_the_trail(project, tmp_path):
    outputs = run(project, tmp_path, "05_who_speaks.ipynb")
    text = json.dumps(outputs)
    assert "source_type" in text
    assert "without copies" in text
    assert "reason" in text
    assert "Daily Beacon" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2


def test_the_notebook_on_validation_goes_from_the_sample_to_the_corrected_contrast(project, tmp_path):
    outputs = run(project, tmp_path, "06_validate.ipynb")
    text = json.dumps(outputs)
    assert "alpha" in text
    assert "f1" in text
    assert "difference_low" in text
    assert "estimate" in text
    assert "People" in text
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 1


def test_the_notebook_on_stance_shows_the_model_the_rules_and_the_speakers(project, tmp_path):
    outputs = run(project, tmp_path, "07_stance.ipynb")
    text = json.dumps(outputs)
    assert "favour" in text
    assert "congruence" in text
    assert "mk-evidence" in text
    assert "source_type" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2


def test_a_failing_cell_is_reported_with_its_error(tmp_path):
    from mediakit.report.notebook import NotebookError, build_notebook, execute_notebook

    notebook = build_notebook({"path": None, "by": "no_such_column"}, tmp_path)
    with pytest.raises(NotebookError, match="no column 'no_such_column'"):
        execute_notebook(notebook, tmp_path)
