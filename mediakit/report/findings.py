"""The three findings of a report: one on sentiment, one on stance, one on topics, each with its numbers.

A difference is claimed where three things agree: its interval excludes zero, its p adjusted for the contrasts of its
target or topic is below .05, and it is among the discoveries when p is adjusted for all contrasts that it is picked
from, by their false discovery rate (Benjamini & Hochberg 1995, doi 10.1111/j.2517-6161.1995.tb02031.x). So where no
outlet differs, one report in twenty or fewer claims that one does, however many topics there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mediakit.compare.resampling import adjust
from mediakit.report.wording import CHANCE, count_of, interval, name_measure, number, say_numbers


@dataclass(frozen=True)
class Finding:
    """A sentence, its numbers, and the section of the page that holds the evidence."""

    sentence: str
    numbers: str
    anchor: str


def find_findings(study: Any) -> list[Finding]:
    """Return three findings of a study, made from its tables.

    Each says which difference is the strongest of those that its adjusted p carries, or that there is none.

    Examples
    --------
    >>> import mediakit as mk
    >>> findings = find_findings(mk.run_study(n_resamples=200))
    >>> [finding.anchor for finding in findings]
    ['sentiment', 'stance', 'topics']
    >>> findings[2].sentence
    'No outlet differs clearly from the others in the use of words of any topic'
    """
    tables, by = study.tables, study.settings["by"]
    return [
        _sentiment(tables.get("sentiment_by_outlet"), tables.get("sentiment_within_story"), by),
        _strongest(
            tables["stance_by_outlet"], "target", "stance", "Stance toward {level}", "stance toward any target", by
        ),
        _strongest(
            tables["topics_by_outlet"], "topic", "per_1000", "Use of {level} words", "the use of words of any topic", by
        ),
    ]


def _sentiment(contrast: pd.DataFrame | None, inside: pd.DataFrame | None, by: str) -> Finding:
    anchor = "sentiment"
    if contrast is None:
        return Finding("Sentiment could not be measured", "No article is in a language of the lexicon.", anchor)
    rows = contrast[contrast["kind"] == "difference"]
    if rows.empty:
        mean = contrast.iloc[0]
        tone = "negative" if mean["estimate"] <= -0.05 else "positive" if mean["estimate"] >= 0.05 else "neutral"
        return Finding(f"On average the wording is {tone}", say_numbers(contrast), anchor)
    carried = rows[_carried(rows)]
    if carried.empty:
        numbers = f"{_numbers(_largest(rows, 'estimate'))} {_count(rows, carried)}"
        return Finding(f"No {by} differs clearly from the others in sentiment", numbers, anchor)
    row = _largest(carried, "estimate")
    numbers = _numbers(row)
    same = None if inside is None else inside[_same(inside, row)]
    if same is not None and len(same):
        numbers += f" Inside the same stories: {_lower_first(_difference(same.iloc[0]))}."
    return Finding(_claim(row, "Sentiment", "sentiment"), numbers, anchor)


def _strongest(table: pd.DataFrame, level: str, value: str, subject: str, within: str, by: str) -> Finding:
    """Pick the contrast of greatest effect among all levels, and say among how many it was picked."""
    anchor = "stance" if value == "stance" else "topics"
    rows = table[table["kind"] == "difference"] if len(table) else table
    if len(table) and not len(rows):
        return _level(table, level, value, subject, anchor)
    if not len(rows):
        return Finding(f"No {by} differs clearly from the others in {within}", "There is nothing to compare.", anchor)
    carried = rows[_carried(rows)]
    if len(carried):
        row = _largest(carried, "effect")
        numbers = f"{_numbers(row)} The strongest of {_count(rows, carried)}"
        return Finding(_claim(row, _subject(row, level, subject), value), numbers, anchor)
    row = _largest(rows[_clear(rows)] if _clear(rows).any() else rows, "effect")
    numbers = f"{_count(rows, carried)} The strongest, {_lower_first(_subject(row, level, subject))}: "
    return Finding(
        f"No {by} differs clearly from the others in {within}", numbers + _lower_first(_numbers(row)), anchor
    )


def _carried(rows: pd.DataFrame) -> pd.Series:
    """Which differences may be claimed: by interval, adjusted p, and adjusted p among all rows."""
    whole = pd.Series(adjust(rows["p"].to_numpy(np.float64), "fdr_bh"), index=rows.index)
    return _clear(rows) & (rows["p_adjusted"] <= CHANCE) & (whole <= CHANCE)


def _clear(rows: pd.DataFrame) -> pd.Series:
    return (rows["low"] > 0) | (rows["high"] < 0)


def _largest(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the row furthest from zero; of nothing but missing values, the first."""
    return rows.loc[rows[column].abs().fillna(-1.0).idxmax()]


def _same(table: pd.DataFrame, row: pd.Series) -> pd.Series:
    return (table["kind"] == "difference") & (table["group"] == row["group"]) & (table["versus"] == row["versus"])


def _subject(row: pd.Series, level: str, subject: str) -> str:
    return subject.format(level=str(row[level]).split(": ")[-1].replace("_", " "))


def _claim(row: pd.Series, what: str, value: str) -> str:
    _, higher, lower, _ = name_measure(value)
    return f"{what} is {higher if row['estimate'] > 0 else lower} at {row['group']} than at {row['versus']}"


def _difference(row: pd.Series) -> str:
    digits = 2 if abs(row["estimate"]) < 10 else 1
    return (
        f"Difference {number(row['estimate'], digits, signed=True)}, "
        f"95% interval {interval(row['low'], row['high'], digits, signed=True)}, "
        f"Hedges' g {number(row['effect'], 2, signed=True)}"
    )


def _numbers(row: pd.Series) -> str:
    return (
        f"{_difference(row)}, p adjusted {_chance(row['p_adjusted'])}; "
        f"{row['group']}: {count_of(row['n'], 'article')}, {row['versus']}: {row['n_versus']}."
    )


def _chance(p: float) -> str:
    """Write a p as papers do: without the zero before the point."""
    if pd.isna(p):
        return "–"
    return "< .001" if p < 0.001 else "1" if p > 0.995 else f"{p:.{3 if p < 0.1 else 2}f}".lstrip("0")


def _count(rows: pd.DataFrame, carried: pd.DataFrame) -> str:
    """Say how many contrasts there are, how many intervals exclude zero, and how many the adjusted p carries."""
    clear = int(_clear(rows).sum())
    return (
        f"{count_of(len(rows), 'contrast')}: {'the interval' if clear == 1 else 'the intervals'} of {clear or 'none'} "
        f"{'excludes' if clear == 1 else 'exclude'} zero, {len(carried) or 'none'} "
        f"{'stands' if len(carried) == 1 else 'stand'} when p is adjusted for their number."
    )


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
