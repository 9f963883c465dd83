"""A study: everything in order, from files to contrasts, with what is needed to run it again.

`run_study` computes every table of the report from a folder; `write_report` writes tables, figures, page, notebook and
provenance. The command `mediakit report` is these two calls.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mediakit.analyses.keyness import score_keyness
from mediakit.analyses.quotes import find_quotes
from mediakit.analyses.sentiment import score_sentiment
from mediakit.analyses.sentiment_checks import check_length
from mediakit.analyses.sources import count_voices, find_sources
from mediakit.analyses.stance import score_stance
from mediakit.analyses.topic_choice import LEAST_ARTICLES, MANY, numbers_to_try, pick_number
from mediakit.analyses.topic_models import choose_topics, count_topic_shares, find_typical, fit_topics
from mediakit.analyses.topics import count_topics
from mediakit.compare.groups import compare_groups
from mediakit.compare.periods import compare_periods
from mediakit.compare.validated import read_coded_sample, validate_with_codings
from mediakit.corpus.duplicates import find_duplicates, label_duplicates
from mediakit.corpus.stories import label_stories
from mediakit.errors import ArticleTableError, MeasureWarning, require_columns
from mediakit.lexicons.codebooks import load_codebook
from mediakit.lexicons.targets import load_targets
from mediakit.load.ledger import read_ledger
from mediakit.load.loader import Paths, find_files, load_articles
from mediakit.progress import progress_bar
from mediakit.report.tables import hash_file, write_table
from mediakit.report.versions import describe_versions
from mediakit.sample import sample_codings, sample_path, sample_stories
from mediakit.text.tokens import Tokens, tokenize

CODEBOOKS = ("protest", "diplomacy")
_KEY_ARTICLES = 5  # articles that a group needs for key words of its own
_TOPIC_SEEDS = 10
_TEXT_FREE = (
    "article_id",
    "outlet",
    "date",
    "headline",
    "byline",
    "language",
    "section",
    "story",
    "words",
    "truncated",
    "truncated_why",
    "duplicate_of",
    "duplicate_kind",
    "format",
    "file",
    "position",
)


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
    duplicates = find_duplicates(articles)
    articles = label_duplicates(articles, duplicates)
    articles = label_stories(articles, sample_stories() if sample and stories is None else stories)
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
        tables = dict(_measure(articles, duplicates, by, targets, coded, n_resamples, seed, progress))
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


def _measure(
    articles: pd.DataFrame,
    duplicates: pd.DataFrame,
    by: str,
    targets: Any,
    codings: str | Path | None,
    n_resamples: int,
    seed: int,
    progress: bool | None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables by name, in the order of the report."""
    options: dict[str, Any] = {"by": by, "n_resamples": n_resamples, "seed": seed}
    ledger = read_ledger(articles)
    yield "articles", articles[[name for name in _TEXT_FREE if name in articles.columns]]
    yield "ledger", ledger.drop(columns="excerpt")
    yield "duplicates", duplicates
    tokens = tokenize(articles, progress=progress)
    sentences = score_sentiment(articles, unit="sentence", tokens=tokens)
    sentiment = _with(score_sentiment(articles, tokens=tokens), articles, by)
    yield "sentiment", sentiment
    if sentiment["sentiment"].notna().any() and sentiment[by].notna().any():
        yield "sentiment_by_outlet", compare_groups(sentiment, "sentiment", **options)
        with contextlib.suppress(ArticleTableError):  # no story is shared; the page says so
            yield "sentiment_within_story", compare_groups(sentiment, "sentiment", within="story", **options)
        yield "length_check", check_length(sentiment, by=by)
        yield "robustness", _robustness(sentiment, options)
        if (sentiment["date"].notna() & sentiment["sentiment"].notna()).any():
            yield "sentiment_by_month", compare_periods(sentiment, "sentiment", **options)
        yield "extreme_sentences", _extremes(sentences, articles, by)
    if codings is not None:
        drawn = sentences if "start" in read_coded_sample(codings) else sentiment
        units = _coded_units(drawn, articles, by)
        yield from validate_with_codings(units, codings, by=by, n_resamples=min(n_resamples, 1000), seed=seed)
    stance = _with(score_stance(articles, targets, tokens=tokens), articles, by)
    yield "stance", stance.drop(columns="evidence")
    yield "stance_by_outlet", _per_level(stance, "target", "stance", options)
    yield "stance_evidence", _stance_evidence(stance, by)
    topics = pd.concat([count_topics(tokens, load_codebook(name)) for name in CODEBOOKS], ignore_index=True)
    topics = _with(topics, articles, by)
    yield "topics", topics
    named = topics.assign(topic=topics["codebook"] + ": " + topics["category"])
    yield "topics_by_outlet", _per_level(named, "topic", "per_1000", options)
    yield from _measure_voices(articles, tokens, options, progress)
    mine = tokens.select(_main_language(articles))
    yield from _measure_words(mine, by, seed, progress)
    if find_spec("sklearn") is not None:  # the extra topics
        yield from _measure_topic_model(articles, mine, by, seed, progress)


def _measure_voices(
    articles: pd.DataFrame, tokens: Tokens, options: dict[str, Any], progress: bool | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield who is quoted, the share of voice, and the sentiment of the outlet's own words and of the quoted ones."""
    by = options["by"]
    quotes = find_quotes(articles, progress=progress)
    # Shares of voice count what is quoted; what is only reported stays in the table of quotes.
    sources = find_sources(articles, quotes)
    yield "quotes", quotes.drop(columns="quote")
    yield "sources", sources
    yield "voices_by_outlet", count_voices(sources, articles, by=by)
    originals = articles[articles["duplicate_of"].isna()]
    if len(originals) < len(articles):
        yield "voices_without_copies", count_voices(sources, originals, by=by)
    voices = {"the outlet’s own words": "outlet", "quoted words": "quoted"}
    frames = [
        _with(score_sentiment(articles, tokens=tokens, voice=voice), articles, by).assign(voice=name)
        for name, voice in voices.items()
    ]
    yield "sentiment_by_voice", _per_level(pd.concat(frames, ignore_index=True), "voice", "sentiment", options)


def _main_language(articles: pd.DataFrame) -> pd.Series:
    """Which articles are in the commonest language, or in one that is not known: words of others are no finding."""
    languages = articles["language"]
    return languages.isna() | (languages == languages.mode().get(0))


def _measure_words(tokens: Tokens, by: str, seed: int, progress: bool | None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the words and phrases that set groups apart, for groups with enough articles."""
    sizes = tokens.articles.loc[tokens.per_article() > 0, by].astype("str").value_counts()
    large = sizes.index[sizes >= _KEY_ARTICLES]
    if len(large) < 2:
        return
    for name, unit in (("keyness", "word"), ("keyness_phrases", "phrase")):
        scored = score_keyness(tokens, by=by, unit=unit, function_words=False, seed=seed, progress=progress)
        shown = scored["target"].isin(large) & (scored["word"].str.contains(" ") | (unit == "word"))
        yield name, scored[shown].reset_index(drop=True)


def _measure_topic_model(
    articles: pd.DataFrame, tokens: Tokens, by: str, seed: int, progress: bool | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield a topic model of the articles: the numbers of topics tried, the topics, examples, and shares by group."""
    used = tokens.select(tokens.per_article() > 0)
    if len(used.texts) < LEAST_ARTICLES:
        return
    tried = used
    if len(used.texts) > MANY:
        drawn = np.random.default_rng(seed).permutation(len(used.texts)) < MANY
        tried = used.select(drawn)
    options: dict[str, Any] = {"n_seeds": _TOPIC_SEEDS, "seed": seed, "progress": progress}
    try:
        choice = choose_topics(tried, numbers_to_try(len(used.texts)), **options)
        model = fit_topics(used, pick_number(choice), **options)
    except ArticleTableError:  # too few words that articles share
        return
    yield "topic_choice", choice.assign(chosen=choice["k"] == model.k)
    yield "topic_model", model.table
    originals = articles[articles["duplicate_of"].isna()]
    yield "topic_examples", _with(find_typical(model, originals, most=2), articles, by)
    if used.articles[by].notna().any():
        yield "topic_shares_by_outlet", count_topic_shares(used, model, by=by)


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


def _with(table: pd.DataFrame, articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add the column `by` where it is not among those that every measure repeats."""
    return table if by in table.columns else table.merge(articles[["article_id", by]], on="article_id", how="left")


def _per_level(table: pd.DataFrame, level: str, value: str, options: dict[str, Any]) -> pd.DataFrame:
    """Compare groups once per target or category."""
    frames = []
    for name, rows in table.groupby(level, sort=False):
        usable = rows[value].notna() & rows[options["by"]].notna()
        if usable.any():
            contrast = compare_groups(rows, value, **options)
            contrast.insert(0, level, str(name))
            frames.append(contrast)
    columns = [level, "kind", "group", "versus", "n", "n_versus", "estimate", "low", "high", "effect", "note"]
    result = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    result.attrs["compare"] = {"value": value, **options, "confidence": 0.95, "within": None}
    return result


def _robustness(sentiment: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    """Compare groups under other defensible choices of articles."""
    copies = sentiment["duplicate_of"].notna()
    choices = {
        "all articles": sentiment,
        "without copies": sentiment[~copies],
        "without truncated": sentiment[~sentiment["truncated"]],
        "without copies and truncated": sentiment[~copies & ~sentiment["truncated"]],
    }
    frames = []
    for choice, rows in choices.items():
        if (rows["sentiment"].notna() & rows[options["by"]].notna()).any():
            contrast = compare_groups(rows, "sentiment", **options)
            frames.append(contrast[contrast["kind"] == "difference"].assign(choice=choice))
    table = pd.concat(frames, ignore_index=True)
    return table[["choice", *(name for name in table.columns if name not in ("choice", "kind"))]]


def _extremes(sentences: pd.DataFrame, articles: pd.DataFrame, by: str, each: int = 2) -> pd.DataFrame:
    """The most negative and most positive sentences of every group, copies left out."""
    originals = articles.loc[articles["duplicate_of"].isna(), ["article_id", by, "headline", "date"]]
    named = sentences.dropna(subset=["sentiment"]).merge(originals, on="article_id").dropna(subset=[by])
    ordered = named.sort_values([by, "sentiment", "article_id", "start"], kind="stable")
    low = ordered.groupby(by, sort=True).head(each).assign(end_of_scale="most negative")
    high = ordered.groupby(by, sort=True).tail(each).assign(end_of_scale="most positive")
    table = pd.concat([low, high]).sort_values(
        [by, "sentiment", "article_id", "start"], kind="stable", ignore_index=True
    )
    return table[[by, "end_of_scale", "sentiment", "text", "headline", "date", "article_id"]]


def _coded_units(units: pd.DataFrame, articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the units that codes are set against: of articles in a language of the lexicon, copies left out."""
    counted = articles.loc[articles["duplicate_of"].isna(), "article_id"]
    used = units[units["article_id"].isin(counted) & units["sentiment"].notna()]
    return _with(used, articles, by).reset_index(drop=True)


def _stance_evidence(stance: pd.DataFrame, by: str, each: int = 1) -> pd.DataFrame:
    """The least and most favourable article toward each target, with the sentence that shows it."""
    named = stance.dropna(subset=["stance", by]).sort_values(["target", "stance", "article_id"], kind="stable")
    low = named.groupby("target", sort=False).head(each)
    high = named.groupby("target", sort=False).tail(each)
    table = (
        pd.concat([low, high])
        .drop_duplicates(["target", "article_id"])
        .sort_values(["target", "stance"], kind="stable", ignore_index=True)
    )
    return table[["target", by, "stance", "n_mentions", "evidence", "article_id"]]


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
