"""A study: everything in order, from files to contrasts, with what is needed to run it again.

`run_study` computes every table of the report from a folder; `write_report` writes tables, figures, page, notebook and
provenance. The command `mediakit report` is these two calls.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.compare.validated import read_coded_sample
from mediakit.corpus.duplicates import find_duplicates, label_duplicates
from mediakit.corpus.stories import label_stories, read_stories
from mediakit.errors import ArticleTableError, MeasureWarning, require_columns
from mediakit.lexicons.codebooks import load_codebook
from mediakit.lexicons.targets import load_targets
from mediakit.load.loader import Paths, find_files, load_articles
from mediakit.measures import CODEBOOKS, measure_study
from mediakit.progress import progress_bar
from mediakit.report.tables import hash_file, write_table
from mediakit.report.versions import describe_versions
from mediakit.sample import sample_codings, sample_path, sample_stories


@dataclass
class Study:
    """A finished study: the articles, every table by name, the settings that made them, and the files they came from.

    ``study["sentiment_by_outlet"]`` returns a table; `study.tables` lists them.
    """

    articles: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    settings: dict[str, Any]
    inputs: pd.DataFrame
    call: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            raise KeyError(f"no table {name!r}; there is {', '.join(self.tables)}")
        return self.tables[name]

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.tables)

    def __repr__(self) -> str:
        groups = self.articles[self.settings["by"]].nunique()
        names = ", ".join(self.tables)
        by = self.settings["by"]
        return f"Study: {len(self.articles)} articles, {groups} groups by {by}, {len(self.tables)} tables: {names}"


def run_study(
    path: Paths | None = None,
    *,
    by: str = "outlet",
    targets: str | Path | Mapping[str, Sequence[str]] = "default",
    stories: str | Path | pd.DataFrame | None = None,
    outlet: str | Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    codings: str | Path | None = None,
    n_resamples: int = 2000,
    seed: int = 0,
    progress: bool | None = None,
) -> Study:
    """Load articles, measure them, and compare groups: every table of the report.

    Parameters
    ----------
    path : path, glob pattern or list of these, optional
        See `load_articles`. Default: the sample corpus, with its hand-coded stories.
    by : str, default "outlet"
        The column that splits the articles.
    targets : mapping, path or "default"
        What stance is measured toward; see `load_targets`.
    stories : path of a CSV file or DataFrame, optional
        Hand codes of the story of each article; default: found with `find_stories`.
    outlet, columns
        As in `load_articles`.
    codings : path of a folder, optional
        Filled coding sheets, with the sample they were written from (`sample.parquet` or `sample.csv`, as
        `sample_for_coding` returned it): sentiment is set against them, and its shares by group are corrected. Codes
        are "negative", "positive", … or numbers from -1 to 1. Default: none; for the sample corpus its example codings.
    n_resamples, seed
        As in `compare_groups`.
    progress : bool, optional
        Show progress. Default: only for long work.

    Returns
    -------
    Study

    Warns
    -----
    MeasureWarning
        When a group is lost as a whole, since none of its articles has a text.

    Raises
    ------
    LoadError
        When nothing could be loaded.
    ColumnError
        When `by` is not a column of the articles.
    ArticleTableError
        When codings are of other articles, or cannot be compared with sentiment.

    Examples
    --------
    >>> import mediakit as mk
    >>> study = mk.run_study(n_resamples=200)
    >>> len(study.articles)
    52
    """
    sample = path is None
    coded = sample_codings() if sample and codings is None else codings
    if coded is not None:
        read_coded_sample(coded)  # what is missing is said before the long work
    told = read_stories(stories) if isinstance(stories, str | Path) else stories
    source: Paths = sample_path() if path is None else path
    articles = load_articles(source, outlet=outlet, columns=columns, progress=progress)
    require_columns(articles, [by], "the article table")
    notes: list[str] = []
    if articles[by].isna().all():
        notes.append(
            f"No article has a known {by}, so nothing is compared: name it with outlet=, "
            "or in corpus.toml beside the files."
        )
        articles = articles.assign(**{by: "(not known)"})
    notes += _lost_groups(articles, by)
    duplicates = find_duplicates(articles)
    articles = label_duplicates(articles, duplicates)
    articles = label_stories(articles, sample_stories() if sample and stories is None else told)
    settings = {
        "path": "the sample corpus"
        if sample
        else [str(item) for item in source]
        if isinstance(source, list | tuple)
        else str(source),
        "by": by,
        "targets": load_targets(targets),
        "stories": "coded by hand" if stories is not None or sample else "found by similarity",
        "codings": "none" if coded is None else "the example codings" if codings is None else str(codings),
        "codebooks": [f"{name} {load_codebook(name).version}" for name in CODEBOOKS],
        "n_resamples": n_resamples,
        "seed": seed,
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MeasureWarning)
        tables = dict(measure_study(articles, duplicates, by, targets, coded, n_resamples, seed, progress))
    for item in caught:
        if issubclass(item.category, MeasureWarning):
            notes.append(str(item.message))
        else:  # not ours to keep
            warnings.warn_explicit(item.message, item.category, item.filename, item.lineno)
    call = {
        "path": path,
        "by": by,
        "targets": targets,
        "stories": None if isinstance(stories, pd.DataFrame) else stories,
        "outlet": outlet,
        "columns": columns,
        "codings": codings,
        "n_resamples": n_resamples,
        "seed": seed,
    }
    return Study(articles, tables, settings, _describe_inputs(source), call, list(dict.fromkeys(notes)))


def _lost_groups(articles: pd.DataFrame, by: str) -> list[str]:
    """Say which groups have articles and no text, where others have some."""
    has_text = articles["text"].notna().groupby(articles[by].astype("str")).agg(["any", "size"])
    lost = has_text[~has_text["any"]]
    if lost.empty or not has_text["any"].any():
        return []
    named = ", ".join(f"{name} ({count} article{'' if count == 1 else 's'})" for name, count in lost["size"].items())
    note = f"Without any text, so left out of every comparison: {named}. What was read of the files is in the ledger."
    warnings.warn(note, MeasureWarning, stacklevel=3)
    return [note]


def write_report(study: Study, out: str | Path, *, notebook: bool = True, progress: bool | None = None) -> Path:
    """Write a study as a page, tables, figures, an executed notebook and a record of how it was made.

    Parameters
    ----------
    study : Study
        From `run_study`.
    out : path of a folder; made if it is not there
        Gets `report.html`, `report.ipynb`, `tables/*.csv`, `figures/*.svg` and `.png`, `provenance.json`.
    notebook : bool, default True
        Also write and execute the notebook. It computes every table anew and compares it with the files; execution
        needs the extra `lab`, without which the notebook is written unexecuted.
    progress : bool, optional
        Show progress. Default: always.

    Returns
    -------
    Path
        Of `report.html`.

    Examples
    --------
    >>> import mediakit as mk, tempfile
    >>> page = mk.write_report(mk.run_study(n_resamples=200), tempfile.mkdtemp(), notebook=False, progress=False)
    >>> page.name
    'report.html'
    """
    from mediakit.report.gallery import draw_figures
    from mediakit.report.notebook import write_notebook
    from mediakit.report.page import write_page

    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    steps = ["tables", "figures", "page", *(["notebook"] if notebook else [])]
    page = folder / "report.html"
    for step in progress_bar(steps, "Writing", show=True if progress is None else progress, unit="step"):
        if step == "tables":
            for name, table in study.tables.items():
                write_table(table, folder / "tables" / f"{name}.csv")
            _write_provenance(study, folder)
        elif step == "figures":
            figures = draw_figures(study, folder / "figures")
        elif step == "page":
            write_page(study, figures, page)
        else:
            write_notebook(study.call, folder / "report.ipynb")
    return page


def check_report(study: Study, out: str | Path) -> str:
    """Compare the tables of a study with those written before, byte by byte, and say how many are equal.

    Raises
    ------
    ArticleTableError
        Naming the tables that differ.
    """
    import tempfile

    folder = Path(out) / "tables"
    differing = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, table in study.tables.items():
            fresh = write_table(table, Path(scratch) / f"{name}.csv")
            if not (folder / fresh.name).is_file() or fresh.read_bytes() != (folder / fresh.name).read_bytes():
                differing.append(name)
    if differing:
        raise ArticleTableError(
            f"these tables differ from the files: {', '.join(differing)}. Did the input or a package version change?"
        )
    return f"All {len(study.tables)} tables are equal to the files, byte by byte."


def _describe_inputs(source: Paths) -> pd.DataFrame:
    """Name, size and hash of every input file."""
    rows = [(name, file.stat().st_size, hash_file(file)) for name, file in find_files(source)]
    return pd.DataFrame(rows, columns=["file", "bytes", "sha256"])


def _hash_codings(study: Study) -> dict[str, str]:
    """Name and hash of the sheets, the codebook and the sample that estimates were corrected with."""
    if study.settings["codings"] == "none":
        return {}
    folder = Path(study.call["codings"] or sample_codings())
    return {file.name: hash_file(file) for file in sorted(folder.iterdir()) if file.is_file()}


def _write_provenance(study: Study, folder: Path) -> None:
    record = {
        "settings": study.settings,
        "versions": describe_versions(),
        "notes": study.notes,
        "inputs": study.inputs.to_dict("records"),
        "codings": _hash_codings(study),
        "tables": {name: hash_file(folder / "tables" / f"{name}.csv") for name in study.tables},
    }
    text = json.dumps(record, indent=2, ensure_ascii=False, sort_keys=False)
    (folder / "provenance.json").write_text(text + "\n", encoding="utf-8", newline="\n")
