"""The three findings of a report: one on sentiment, one on stance, one on topics, each with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mediakit.report.wording import count_of, interval, name_measure, number, say_contrast, say_numbers


@dataclass(frozen=True)
class Finding:
    """A sentence, its numbers, and the section of the page that holds the evidence."""

    sentence: str
    numbers: str
    anchor: str


def find_findings(study: Any) -> list[Finding]:
    """Return three findings of a study, made from its tables.

    Examples
    --------
    >>> import mediakit as mk
    >>> [finding.anchor for finding in find_findings(mk.run_study(n_resamples=200))]
    ['sentiment', 'stance', 'topics']
    """
    tables = study.tables
    return [
        _sentiment(tables.get("sentiment_by_outlet"), tables.get("sentiment_within_story")),
        _strongest(tables["stance_by_outlet"], "target", "stance", "Stance toward {level}", "stance"),
        _strongest(tables["topics_by_outlet"], "topic", "per_1000", "Use of {level} words", "topics"),
    ]


def _sentiment(contrast: pd.DataFrame | None, inside: pd.DataFrame | None) -> Finding:
    if contrast is None:
        return Finding("Sentiment could not be measured", "No article is in a language of the lexicon.", "sentiment")
    numbers = say_numbers(contrast)
    if not (contrast["kind"] == "difference").any():
        mean = contrast.iloc[0]
        tone = "negative" if mean["estimate"] <= -0.05 else "positive" if mean["estimate"] >= 0.05 else "neutral"
        return Finding(f"On average the wording is {tone}", numbers, "sentiment")
    if inside is not None:
        numbers += f" Inside the same stories: {_lower_first(say_numbers(inside).split(';')[0])}."
    return Finding(say_contrast(contrast), numbers, "sentiment")


def _strongest(table: pd.DataFrame, level: str, value: str, subject: str, anchor: str) -> Finding:
    """Pick the contrast of greatest effect among all levels, and say among how many it was picked."""
    name, higher, lower, _ = name_measure(value)
    rows = table[table["kind"] == "difference"] if len(table) else table
    if len(table) and not len(rows):
        return _level(table, level, value, subject, anchor)
    clear = rows[(rows["low"] > 0) | (rows["high"] < 0)] if len(rows) else rows
    if not len(clear):
        return Finding(
            f"{name}: no group differs clearly from the others",
            f"None of {len(rows)} contrasts has an interval that excludes zero.",
            anchor,
        )
    row = clear.loc[clear["effect"].abs().idxmax()]
    what = subject.format(level=str(row[level]).split(": ")[-1].replace("_", " "))
    sentence = f"{what} is {higher if row['estimate'] > 0 else lower} at {row['group']} than at {row['versus']}"
    numbers = (
        f"Difference {number(row['estimate'], 2, signed=True)}, "
        f"95% interval {interval(row['low'], row['high'], signed=True)}, "
        f"Hedges' g {number(row['effect'], 2, signed=True)}; "
        f"{row['group']}: {row['n']} articles, {row['versus']}: {row['n_versus']}. "
        f"The strongest of {len(rows)} contrasts, {len(clear)} of which exclude zero."
    )
    return Finding(sentence, numbers, anchor)


def _level(table: pd.DataFrame, level: str, value: str, subject: str, anchor: str) -> Finding:
    """With one group there is nothing to compare: name the target or topic that stands out."""
    _, _, _, unit = name_measure(value)
    row = table.loc[table["estimate"].abs().idxmax()]
    what = subject.format(level=str(row[level]).split(": ")[-1].replace("_", " "))
    rank = "furthest from neutral" if value == "stance" else "most frequent"
    mean = number(row["estimate"], 2, signed=value == "stance")
    numbers = f"Mean {mean} ({unit}) over {count_of(row['n'], 'article')}."
    return Finding(f"{what} is the {rank} of {count_of(table[level].nunique(), level)}", numbers, anchor)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
