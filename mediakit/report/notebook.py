"""The notebook beside a report: the same study as cells that can be read, changed and run again.

It computes every table from the input files and ends by comparing them with the report's tables, byte by byte.
"""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

from mediakit.errors import MediakitError, ReportWarning, need_extra

TIMEOUT = 3600  # seconds for one cell


class NotebookError(MediakitError, RuntimeError):
    """A cell of a notebook failed; the message holds its error."""


def write_notebook(call: dict[str, Any], path: Path) -> bool:
    """Write the notebook of a report and execute it where the notebook tools are installed.

    Parameters
    ----------
    call : dict
        Arguments of `run_study` by name; only values that can be written as Python literals.
    path : Path
        In the folder of the report.

    Returns
    -------
    bool
        Whether it was executed; if not, a warning names the extra that brings the tools.
    """
    notebook = build_notebook(call, path.parent)
    executed = True
    try:
        notebook = execute_notebook(notebook, path.parent)
    except ImportError as error:
        warnings.warn(f"report.ipynb was written but not executed: {error}", ReportWarning, stacklevel=2)
        executed = False
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return executed


def build_notebook(call: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the notebook of a report as a dictionary (nbformat 4.5), without outputs."""
    arguments = {
        name: _portable(value, folder) if name in ("path", "targets", "stories", "codings") else value
        for name, value in call.items()
    }
    parameters = "\n".join(f"{name} = {value!r}" for name, value in arguments.items())
    passed = ", ".join(name if name == "path" else f"{name}={name}" for name in arguments)
    cells: list[tuple[str, str]] = [
        (
            "markdown",
            "# Report, step by step\n\nRun all cells to compute the report again from the input files. "
            "Change the parameters to try something else.",
        ),
        ("code", f"# Parameters\n{parameters}"),
        ("code", f"import mediakit as mk\n\nstudy = mk.run_study({passed})\nstudy"),
        ("markdown", "## Articles, and what became of every file"),
        (
            "code",
            "columns = [by, 'date', 'headline', 'words', 'story']\nstudy.articles[[*dict.fromkeys(columns)]].head(9)",
        ),
        (
            "code",
            "ledger = mk.read_ledger(study.articles)\nmk.check_ledger(ledger).query('part == 0')[['file', 'note']]",
        ),
        ("markdown", "## Sentiment by group, with intervals"),
        ("code", "if 'sentiment_by_outlet' in study.tables:\n    mk.plot_groups(study['sentiment_by_outlet'])"),
        ("code", "study.tables.get('sentiment_by_outlet')"),
        ("markdown", "## Inside the same stories"),
        ("code", "if 'sentiment_within_story' in study.tables:\n    mk.plot_groups(study['sentiment_within_story'])"),
        ("code", "if 'sentiment_by_month' in study.tables:\n    mk.plot_trend(study['sentiment_by_month'])"),
        ("markdown", "## Set against hand codes"),
        (
            "code",
            "if 'corrected_by_outlet' in study.tables:\n    mk.plot_corrected(study['corrected_by_outlet'])",
        ),
        ("code", "study.tables.get('corrected_by_outlet')"),
        ("markdown", "## Stance and topics"),
        ("code", "study['stance_by_outlet'].query(\"kind == 'mean'\").head(30)"),
        ("code", "study['topics_by_outlet'].query(\"kind == 'difference' and (low > 0 or high < 0)\").head(30)"),
        ("markdown", "## Which words set groups apart, and what the articles are about"),
        ("code", "if 'keyness' in study.tables:\n    mk.plot_keyness(study['keyness'], most=7)"),
        ("code", "study.tables.get('topic_model')"),
        ("markdown", "## Who speaks"),
        (
            "code",
            "voices = study['voices_by_outlet']\nif voices['share'].notna().any():\n"
            "    mk.plot_voices(voices, by=by, count='quotes')",
        ),
        ("code", "study['sources'].head(30)"),
        ("markdown", "## The sentences behind the extremes"),
        ("code", "study.tables.get('extreme_sentences')"),
        ("markdown", "## Are these the numbers of the report?"),
        ("code", "mk.check_report(study, '.')"),
    ]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "cells": [_cell(number, kind, source) for number, (kind, source) in enumerate(cells)],
    }


def execute_notebook(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run a notebook's cells in a fresh kernel and return it with its outputs.

    Parameters
    ----------
    notebook : dict, nbformat 4
    folder : Path
        The kernel's working directory.

    Raises
    ------
    MissingExtraError
        When the notebook tools (extra `lab`) are not installed.
    NotebookError
        When a cell fails.
    """
    try:
        import ipykernel  # noqa: F401  the kernel itself
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
        from traitlets.config import Config
    except ImportError:
        raise need_extra("nbclient", "lab", "Executing the notebook") from None
    # Without this, the kernel prints a warning about its transport at every start.
    config = Config({"KernelManager": {"transport_encryption": "auto"}})
    loaded = nbformat.reads(json.dumps(notebook), as_version=4)
    client = NotebookClient(
        loaded,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": os.fspath(folder)}},
        record_timing=False,
        config=config,
    )
    try:
        # Figures belong into the notebook, whatever the calling process does with its own.
        client.execute(env={name: value for name, value in os.environ.items() if name != "MPLBACKEND"})
    except CellExecutionError as error:
        raise NotebookError(f"a cell of the notebook failed: {error.ename}: {error.evalue}") from None
    for cell in loaded["cells"]:
        # progress bars go to stderr and hold timings
        cell["outputs"] = (
            [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
            if cell["cell_type"] == "code"
            else []
        )
        if cell["cell_type"] != "code":
            del cell["outputs"]
    result: dict[str, Any] = json.loads(nbformat.writes(loaded))
    result["metadata"] = notebook["metadata"]
    return result


def _portable(value: Any, folder: Path) -> Any:
    """Write a path relative to the notebook, so that report and data can move together."""
    if isinstance(value, list | tuple):
        return [_portable(item, folder) for item in value]
    if not isinstance(value, str | os.PathLike) or value == "default":
        return value
    try:
        return Path(os.path.relpath(value, folder)).as_posix()
    except ValueError:  # another drive on Windows
        return os.path.abspath(value)


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"id": f"cell-{number:02d}", "cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
        if source.startswith("# Parameters"):
            cell["metadata"] = {"tags": ["parameters"]}
    return cell
