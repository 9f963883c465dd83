"""The page on hand codes: do coders agree, where is the measure off, what is left of a contrast."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mediakit.report.html import Markup, join, table, tag
from mediakit.report.parts import Figures, find_words, show_figure
from mediakit.report.wording import count_of, interval, number, sentence_case

_FIRM, _TENTATIVE = 0.8, 0.667  # alpha, Krippendorff (2004)


def say_validation(study: Any) -> str:
    """Say in a sentence what hand codes leave of the differences."""
    rows = study.tables["corrected_by_outlet"]
    contrasts = rows[rows["kind"] == "difference"]
    means = rows[rows["kind"] == "mean"]
    measure = str(rows["measure"].iloc[0])
    whose = " made for the example" if study.settings["codings"] == "the example codings" else ""
    told = f"The {measure} was set against {count_of(int(means['coded'].sum()), 'hand-coded unit')}{whose}: "
    usable = contrasts.dropna(subset=["low"])
    if usable.empty:
        return f"{told}too few to correct a difference."
    raw = (usable["raw_low"] > 0) | (usable["raw_high"] < 0)
    kept = (usable["low"] > 0) | (usable["high"] < 0)
    turned = kept & raw & ((usable["raw"] > 0) != (usable["estimate"] > 0))
    told += f"{int(raw.sum())} of {len(usable)} differences exclude zero as measured, {int(kept.sum())} once corrected"
    return f"{told}, {int((raw & kept & ~turned).sum())} both times."


def show_validation(study: Any, figures: Figures) -> Markup:
    """Return the section on hand codes."""
    by, tables = study.settings["by"], study.tables
    corrected = tables["corrected_by_outlet"]
    example = study.settings["codings"] == "the example codings"
    return join(
        [
            tag("p", find_words("validation", "about")),
            *([tag("p", find_words("validation", "example"), cls="warn")] if example else []),
            tag("p", tag("strong", say_validation(study))),
            show_figure(figures, "corrected_by_outlet", find_words("validation", "figure")),
            _contrasts(corrected, by),
            tag("h3", "Do the coders agree?"),
            _agreement(tables.get("coding_agreement")),
            tag("h3", f"Is the measure off by as much at each {by}?"),
            _errors(tables["coding_errors"], by),
        ]
    )


def _contrasts(corrected: pd.DataFrame, by: str) -> Markup:
    rows = corrected[corrected["kind"] == "difference"]
    ends = [
        [_with_interval(*row) for row in zip(rows[middle], rows[low], rows[high], strict=True)]
        for middle, low, high in (("raw", "raw_low", "raw_high"), ("estimate", "low", "high"))
    ]
    columns = {
        "group": by.capitalize(), "n": "Measured", "coded": "Coded", "as_measured": "As measured",
        "as_corrected": "Corrected",
    }  # fmt: skip
    if (rows["note"] != "").any():
        columns["note"] = "Note"
    versus = f" Difference from {rows['versus'].iloc[0]}." if len(rows) else ""
    caption = f"{sentence_case(str(corrected['measure'].iloc[0]))}, with 95% intervals.{versus}"
    return table(rows.assign(as_measured=ends[0], as_corrected=ends[1]), columns, caption=caption)


def _with_interval(middle: float, low: float, high: float) -> str:
    return "–" if middle != middle else f"{number(middle, 2, signed=True)} {interval(low, high, 2, signed=True)}"


def _agreement(rows: pd.DataFrame | None) -> Markup:
    alpha = None if rows is None else rows[(rows["scope"] == "all") & (rows["measure"] == "alpha")]
    if alpha is None or alpha.empty or alpha["value"].isna().all():
        return tag("p", find_words("validation", "one_coder"))
    row = alpha.iloc[0]
    value = row["value"]
    level = (
        "enough for firm" if value >= _FIRM else "enough for tentative" if value >= _TENTATIVE else "too low for any"
    )
    told = (
        f"Krippendorff’s alpha is {number(value, 2)} {interval(row['low'], row['high'], 2)} over "
        f"{count_of(int(row['units']), 'unit')} that several people coded: {level} conclusions "
    )
    return tag("p", told, "(0.80 is asked for firm, 0.667 for tentative ones).")


def _errors(rows: pd.DataFrame, by: str) -> Markup:
    biases = rows[rows["measure"] == "bias"]
    groups = biases[biases["group"] != "all"]
    known = groups.dropna(subset=["difference_low"])
    apart = known[(known["difference_low"] > 0) | (known["difference_high"] < 0)]
    verdict = (
        f"At {', '.join(map(str, apart['group']))} the measure errs otherwise than elsewhere, so the raw comparison is "
        "biased there."
        if len(apart)
        else find_words("validation", "alike")
    )
    columns = {"group": by.capitalize(), "n": "Coded", "value": "Measured minus coded", "low": "Low", "high": "High"}
    return join([
        tag("p", verdict),
        table(
            biases.replace({"group": {"all": "All"}}), columns, caption=find_words("validation", "errors"),
            signed=["value", "low", "high"],
        ),
    ])  # fmt: skip
