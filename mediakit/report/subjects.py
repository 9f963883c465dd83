"""The sections of the report page on key words and on the topics that were found in the articles themselves."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mediakit.report.html import Markup, join, table, tag
from mediakit.report.keyness import ALPHA
from mediakit.report.parts import Figures, find_words, show_figure
from mediakit.report.wording import count_of

_LEAST, _MOST = 3, 8  # words of a group in a table; beyond the least only those with a small p


def show_keyness(study: Any, figures: Figures) -> Markup:
    """Return the section on the words and phrases that set groups apart."""
    by, keyness = study.settings["by"], study.tables["keyness"]
    sure = int((keyness["q"] < ALPHA).sum())
    told = f"{count_of(keyness['word'].nunique(), 'word')} scored in {count_of(keyness['target'].nunique(), by)}; "
    told += f"{sure:,} times a word is more or less frequent with an adjusted p below {ALPHA:g}."
    parts: list[object] = [
        tag("p", find_words("keyness", "about")),
        tag("p", told, _left_out(study)),
        show_figure(figures, "keyness", find_words("keyness", "figure")),
        _key_words(keyness, by, find_words("keyness", "words")),
    ]
    phrases = study.tables["keyness_phrases"]
    if (phrases["z"] > 0).any():
        parts += [tag("h3", "Phrases"), _key_words(phrases, by, find_words("keyness", "phrases"))]
    return join(parts)


def _key_words(rows: pd.DataFrame, by: str, caption: str) -> Markup:
    ordered = rows[rows["z"] > 0].sort_values(
        ["target", "q", "z", "word"], ascending=[True, True, False, True], kind="stable"
    )
    place = ordered.groupby("target", sort=True).cumcount()
    shown = ordered[(place < _LEAST) | ((ordered["q"] < ALPHA) & (place < _MOST))]
    ends = zip(shown["log_ratio"], shown["low"], shown["high"], strict=True)
    shown = shown.assign(times=[_times(*row) for row in ends], adjusted=[_chance(q) for q in shown["q"]])
    columns = {
        "target": by.capitalize(), "word": "Word", "hits": "Hits", "articles": "Articles",
        "hits_reference": "Hits elsewhere", "times": "Times as often", "adjusted": "Adjusted p",
    }  # fmt: skip
    return table(shown, columns, caption=caption, most=200)


def _times(middle: float, low: float, high: float) -> str:
    interval = f" [{_ratio(low)}, {_ratio(high)}]" if low == low else ""
    return f"{_ratio(middle)}{interval}"


def _ratio(power: float) -> str:
    value = 2.0**power
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _chance(q: float) -> str:
    return "–" if q != q else "< 0.001" if q < 0.001 else f"{q:.3f}" if q < 0.1 else f"{q:.2f}"


def show_topic_model(study: Any, figures: Figures) -> Markup:
    """Return the section on the topics of a model: how their number was chosen, their words, who writes about them."""
    by, tables = study.settings["by"], study.tables
    model, choice, examples = tables["topic_model"], tables["topic_choice"], tables["topic_examples"]
    chosen = choice[choice["chosen"]].iloc[0]
    told = (
        f"{int(chosen['k'])} topics, chosen among {', '.join(map(str, choice['k']))}: {find_words('subjects', 'rule')} "
        f"When the model begins from other seeds, {100 * chosen['kept']:.0f}% of the articles keep their largest "
        f"topic, and on average {100 * chosen['stability']:.0f}% of the words of a topic come back."
    )
    shares = [
        tag("h3", f"Who writes about what, by {by}"),
        show_figure(figures, "topic_shares_by_outlet", find_words("subjects", "shares")),
    ]
    return join([
        tag("p", find_words("subjects", "about")),
        tag("p", told, _left_out(study)),
        show_figure(figures, "topic_choice", find_words("subjects", "choice")),
        table(
            model,
            {
                "name": "Suggested name", "words": "Words", "articles": "Articles", "npmi": "Coherence",
                "exclusivity": "Exclusivity", "stability": "Stability",
            },
            caption=find_words("subjects", "topics"),
            wide=["words"],
        ),
        *(shares if "topic_shares_by_outlet" in figures else []),
        tag("h3", "Typical articles"),
        table(
            examples.assign(share=[f"{100 * value:.0f}%" for value in examples["share"]]),
            {"name": "Suggested name", "headline": "Headline", by: by.capitalize(), "share": "Share"},
            caption=find_words("subjects", "examples"),
            wide=["headline"],
        ),
    ])  # fmt: skip


def _left_out(study: Any) -> str:
    """Say how many articles are in another language than most."""
    languages = study.articles["language"]
    other = int((languages.notna() & (languages != languages.mode().get(0))).sum())
    return f" {count_of(other, 'article')} in another language than most left out." if other else ""
