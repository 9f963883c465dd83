"""The section of the report page on who is quoted, and on the outlet's own words beside the quoted ones."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mediakit.report.html import Markup, join, table, tag
from mediakit.report.parts import Figures, find_words, show_figure
from mediakit.report.wording import count_of

_MOST_SOURCES = 20
_MOST_GROUPS = 6  # columns of the table of shares


def show_speakers(study: Any, figures: Figures) -> Markup:
    """Return the section: shares of voice, who is quoted most, and the sentiment of both voices."""
    tables, by = study.tables, study.settings["by"]
    quotes, sources = tables["quotes"], tables["sources"]
    if sources.empty:
        return join([tag("p", find_words("voices", "none"))])
    spoken = quotes[quotes["kind"].isin(["direct", "mixed"])].drop_duplicates(["article_id", "attribution"])
    told = (
        f"{count_of(len(spoken), 'attribution')} found, {int(sources['quotes'].sum()):,} with a speaker: "
        f"{count_of(len(sources), 'source')}, {int((~sources['named']).sum())} of them not named."
    )
    parts: list[object] = [
        tag("p", find_words("voices", "about")),
        tag("p", told),
        show_figure(figures, "voices_by_outlet", find_words("voices", "figure")),
        _shares(study, by),
        tag("h3", "Who is quoted most"),
        _most_quoted(study, by),
    ]
    voices = tables["sentiment_by_voice"]
    if len(voices):
        parts += [tag("h3", "The outlet’s own words, and the words it quotes"), tag("p", find_words("voices", "two"))]
        parts.append(_two_voices(voices, by))
    return join(parts)


def _shares(study: Any, by: str) -> Markup:
    """Show the shares: a row for each type and a column for each group while the groups are few, a list otherwise."""
    shares = study.tables["voices_by_outlet"]
    caption = f"{find_words('voices', 'shares')} {_copies(study, by)}".strip()
    if shares[by].nunique() > _MOST_GROUPS:
        columns = {
            by: by.capitalize(), "source_type": "Type of source", "number": "Quotations", "share": "Share",
            "low": "Low", "high": "High",
        }  # fmt: skip
        return table(shares.assign(number=shares["number"].astype("int64")), columns, caption=caption, most=200)
    order = shares.groupby("source_type")["number"].sum().sort_values(ascending=False, kind="stable").index
    told = shares.assign(
        told=[_percent(*row) for row in zip(shares["share"], shares["low"], shares["high"], strict=True)]
    )
    wide = told.pivot_table(index="source_type", columns=by, values="told", aggfunc="first").reindex(order).fillna("0%")
    wide = wide.reset_index(names="Type of source")
    return table(wide, {str(name): str(name) for name in wide.columns}, caption=caption)


def _copies(study: Any, by: str) -> str:
    """Say how far the shares move when copies are left out."""
    if "voices_without_copies" not in study.tables:
        return ""
    keys = [by, "source_type"]
    without = study.tables["voices_without_copies"].set_index(keys)["share"]
    whole = study.tables["voices_by_outlet"].set_index(keys)["share"]
    moved = (without.reindex(whole.index).fillna(0.0) - whole).abs()
    return f"Without copies, no share moves by more than {100 * moved.max():.0f} percentage points."


def _percent(share: float, low: float, high: float) -> str:
    interval = f"\u00a0[{100 * low:.0f},\u00a0{100 * high:.0f}]" if low == low else ""
    return f"{100 * share:.0f}%{interval}"


def _most_quoted(study: Any, by: str) -> Markup:
    sources = study.tables["sources"].merge(study.articles[["article_id", by]], on="article_id", how="left")
    named = sources[sources["named"]]
    grouped = named.groupby("source", sort=True)
    listed = grouped.agg(
        source_type=("source_type", "first"),
        quotes=("quotes", "sum"),
        quoted_words=("quoted_words", "sum"),
        articles=("article_id", "nunique"),
        groups=(by, "nunique"),
    ).reset_index()
    listed = listed.sort_values(["quotes", "quoted_words", "source"], ascending=[False, False, True], kind="stable")
    columns = {
        "source": "Source", "source_type": "Type", "quotes": "Quotations", "quoted_words": "Words quoted",
        "articles": "Articles", "groups": f"{by.capitalize()}s",
    }  # fmt: skip
    return table(listed.head(_MOST_SOURCES), columns, caption=find_words("voices", "most"))


def _two_voices(voices: pd.DataFrame, by: str) -> Markup:
    means = voices[voices["kind"] == "mean"]
    columns = {
        "group": by.capitalize(), "voice": "Voice", "n": "Articles", "estimate": "Sentiment", "low": "Low",
        "high": "High",
    }  # fmt: skip
    rows = means.sort_values(["group", "voice"], kind="stable")
    return table(rows, columns, caption=find_words("voices", "sentiment"), signed=["estimate", "low", "high"], most=200)
