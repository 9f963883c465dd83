"""Every figure of a report, drawn from the study's tables: SVG, PNG and alt text by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from mediakit.report.corrected import plot_corrected
from mediakit.report.figures import save_figure
from mediakit.report.findings import find_findings
from mediakit.report.intervals import plot_groups, plot_profiles
from mediakit.report.keyness import plot_keyness
from mediakit.report.matrices import plot_coverage, plot_stories
from mediakit.report.topics import plot_topic_choice, plot_topic_shares
from mediakit.report.trends import plot_trend
from mediakit.report.voices import plot_voices
from mediakit.report.wording import say_contrast, say_numbers

_MOST_GROUPS = 8  # panels of key words


def draw_figures(study: Any, folder: Path) -> dict[str, tuple[Path, str]]:
    """Draw every figure of a study as SVG and PNG; return the SVG and the alt text by name."""
    found: dict[str, tuple[Path, str]] = {}
    for name, axes, alt in _figures(study):
        found[name] = (save_figure(axes, folder / name, alt=alt)[0], alt)
        plt.close(axes.figure)  # type: ignore[arg-type]
    return found


def by_codebook(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the contrasts of topics codebook by codebook, the topics by their short names."""
    if len(rows):
        books = rows["topic"].str.split(": ", n=1, expand=True)
        for book in dict.fromkeys(books[0]):
            yield book, rows[books[0] == book].assign(topic=books.loc[books[0] == book, 1])


def _figures(study: Any) -> Iterator[tuple[str, Axes, str]]:
    tables, by = study.tables, study.settings["by"]
    yield (
        "coverage",
        plot_coverage(study.articles, by=by),
        f"Number of articles per {by} and month; {len(study.articles)} in all.",
    )
    for name in ("sentiment_by_outlet", "sentiment_within_story"):
        if name in tables:
            yield name, plot_groups(tables[name]), f"{say_contrast(tables[name])}. {say_numbers(tables[name])}"
    if "sentiment_by_month" in tables:
        alt = f"Mean sentiment by {by} and month; the values are in the table sentiment_by_month."
        yield "sentiment_by_month", plot_trend(tables["sentiment_by_month"]), alt
    if "corrected_by_outlet" in tables:
        axes = plot_corrected(tables["corrected_by_outlet"])
        said = " ".join(axes.figure.texts[0].get_text().split())
        yield "corrected_by_outlet", axes, f"{said}; all values are in the table corrected_by_outlet."
    if "sentiment" in tables and len(tables["sentiment"]["story"].dropna().unique()) > 1:
        alt = f"Mean sentiment of every {by} in every story; the values are in the table sentiment."
        yield "stories", plot_stories(tables["sentiment"], by=by), alt
    if len(tables["stance_by_outlet"]):
        finding = find_findings(study)[1]
        axes = plot_profiles(
            tables["stance_by_outlet"], panel="target", value="stance", title=finding.sentence, columns=2
        )
        yield "stance_by_outlet", axes, f"{finding.sentence}. {finding.numbers}"
    for book, rows in by_codebook(tables["topics_by_outlet"]):
        title = f"How often the words of the {book} codebook occur, by {by}"
        axes = plot_profiles(rows, panel="topic", value="per_1000", title=title)
        yield f"topics_{book}", axes, f"{title}; the values are in the table topics_by_outlet."
    if "keyness" in tables:
        yield from _key_words(study)
    if "topic_model" in tables:
        yield from _topic_model(study)
    if "voices_by_outlet" in tables and tables["voices_by_outlet"]["share"].notna().any():
        alt = f"Share of the quotations of each type of source, by {by}; the values are in the table voices_by_outlet."
        yield "voices_by_outlet", plot_voices(tables["voices_by_outlet"], by=by, count="quotes"), alt


def _key_words(study: Any) -> Iterator[tuple[str, Axes, str]]:
    """Draw the key words of the groups with most articles."""
    rows, by = study.tables["keyness"], study.settings["by"]
    sizes = study.articles[by].astype("str").value_counts()
    largest = sorted(rows["target"].unique(), key=lambda name: (-sizes[name], name))[:_MOST_GROUPS]
    shown = rows[rows["target"].isin(largest)]
    if (shown["z"] > 0).any():
        axes = plot_keyness(shown, most=7)
        finding = " ".join(axes.figure.texts[0].get_text().split())
        yield "keyness", axes, f"{finding}; the words and their intervals are in the table keyness."


def _topic_model(study: Any) -> Iterator[tuple[str, Axes, str]]:
    tables, by = study.tables, study.settings["by"]
    choice = tables["topic_choice"]
    k = int(choice.loc[choice["chosen"], "k"].iloc[0])
    alt = f"Coherence, exclusivity and stability of models with {choice['k'].min()} to {choice['k'].max()} topics; "
    yield "topic_choice", plot_topic_choice(choice, chosen=k), f"{alt}{k} were chosen; see the table topic_choice."
    shares = tables.get("topic_shares_by_outlet")
    if shares is not None and shares["share"].notna().any():
        axes = plot_topic_shares(shares, by=by)
        finding = " ".join(axes.figure.texts[0].get_text().split())
        yield "topic_shares_by_outlet", axes, f"{finding}; the shares are in the table topic_shares_by_outlet."
