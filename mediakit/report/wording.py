"""Findings in words: the sentence above a figure, in its alt text and in the summary, made from the table alone."""

from __future__ import annotations

import pandas as pd

CHANCE = 0.05  # adjusted p up to which a difference is claimed

# value column -> (what it is called, higher, lower, unit)
_MEASURES = {
    "sentiment": ("Sentiment", "more positive", "more negative", "mean VADER score of the sentences, −1 to +1"),
    "headline_sentiment": ("Headline sentiment", "more positive", "more negative", "VADER score, −1 to +1"),
    "log_ratio": ("Tone of words", "more positive", "more negative", "log ratio of positive to negative words"),
    "stance": ("Stance", "more favourable", "less favourable", "mean over mentions, −1 against to +1 for"),
    "per_1000": ("Frequency", "higher", "lower", "hits per 1,000 words"),
    "present": ("Share of articles", "higher", "lower", "share of articles, 0 to 1"),
    "words": ("Length", "longer", "shorter", "words"),
}

SIGNED = frozenset(("sentiment", "headline_sentiment", "log_ratio", "stance"))  # on both sides of zero


_RANGES = {"sentiment": (-1.0, 1.0), "headline_sentiment": (-1.0, 1.0), "stance": (-1.0, 1.0), "present": (0.0, 1.0)}


def range_of(value: str) -> tuple[float, float]:
    """Return the least and the greatest that a measure can be."""
    return _RANGES.get(value, (-float("inf"), float("inf")))


def name_measure(value: str) -> tuple[str, str, str, str]:
    """Return what a measure is called, the words for higher and lower, and its unit."""
    return _MEASURES.get(value, (value.replace("_", " ").capitalize(), "higher", "lower", value.replace("_", " ")))


def number(value: float, digits: int = 2, *, signed: bool = False) -> str:
    """Write a number with a true minus sign.

    Examples
    --------
    >>> number(-0.256), number(0.5, signed=True)
    ('−0.26', '+0.50')
    """
    if pd.isna(value):
        return "–"
    rounded = round(float(value), digits) + 0.0  # no negative zero
    return format(rounded, f"{'+' if signed else ''}.{digits}f").replace("-", "−")


def interval(low: float, high: float, digits: int = 2, *, signed: bool = False) -> str:
    """Write an interval in brackets; a dash where there is none."""
    if pd.isna(low) or pd.isna(high):
        return "no interval"
    return f"[{number(low, digits, signed=signed)}, {number(high, digits, signed=signed)}]"


def strongest(contrast: pd.DataFrame) -> pd.Series | None:
    """Return the contrast furthest from zero whose interval excludes it and whose adjusted p is small, or None."""
    rows = contrast[(contrast["kind"] == "difference") & ((contrast["low"] > 0) | (contrast["high"] < 0))]
    if "p_adjusted" in rows:
        rows = rows[~(rows["p_adjusted"] > CHANCE)]
    return None if rows.empty else rows.loc[rows["estimate"].abs().idxmax()]


def say_contrast(contrast: pd.DataFrame, *, subject: str | None = None) -> str:
    """Return the finding of a contrast as a sentence without numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> from mediakit import compare_groups
    >>> table = pd.DataFrame({"outlet": list("AAAAABBBBB"), "sentiment": [1.0, 2, 3, 4, 5, 8, 9, 10, 11, 12]})
    >>> say_contrast(compare_groups(table, "sentiment"))
    'Sentiment is more positive at B than at the others'
    """
    settings = contrast.attrs.get("compare", {})
    name, higher, lower, _ = name_measure(str(settings.get("value", "value")))
    what = subject or name
    row = strongest(contrast)
    inside = f" inside the same {settings['within']}" if settings.get("within") else ""
    if not (contrast["kind"] == "difference").any():
        return f"{what} of one group: there is no other to compare it with"
    if row is None:
        return f"{what}: no group differs clearly from the others{inside}"
    versus = "the others" if row["versus"] == "the others" else row["versus"]
    return f"{what} is {higher if row['estimate'] > 0 else lower} at {row['group']} than at {versus}{inside}"


def say_numbers(contrast: pd.DataFrame) -> str:
    """Return the strongest contrast's numbers: difference, interval, effect size, n."""
    row = strongest(contrast)
    settings = contrast.attrs.get("compare", {})
    confidence = f"{100 * float(settings.get('confidence', 0.95)):.0f}%"
    if row is None:
        rows = contrast[contrast["kind"] == "difference"]
        if rows.empty:
            mean = contrast.iloc[0]
            span = interval(mean["low"], mean["high"], signed=True)
            estimate = number(mean["estimate"], 2, signed=True)
            return f"Mean {estimate} over {count_of(mean['n'], 'article')}, {confidence} interval: {span}."
        row = rows.loc[rows["estimate"].abs().idxmax()]
    digits = 2 if abs(row["estimate"]) < 10 else 1
    return (
        f"Difference {number(row['estimate'], digits, signed=True)}, {confidence} interval "
        f"{interval(row['low'], row['high'], digits, signed=True)}, Hedges' g {number(row['effect'], 2, signed=True)}; "
        f"{row['group']}: {row['n']} articles, {row['versus']}: {row['n_versus']}."
    )


def say_period(period: str) -> str:
    """Return the word for a calendar unit of pandas."""
    return {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}.get(period, "period")


def count_of(number: int, word: str) -> str:
    """Write a number with its word in the right form.

    Examples
    --------
    >>> count_of(1, "article"), count_of(2, "article")
    ('1 article', '2 articles')
    """
    return f"{number} {word if number == 1 else plural_of(word)}"


def plural_of(word: str) -> str:
    """Return several of a thing that a column is named after.

    Examples
    --------
    >>> plural_of("outlet"), plural_of("story"), plural_of("day"), plural_of("class")
    ('outlets', 'stories', 'days', 'classes')
    """
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def sentence_case(text: str) -> str:
    """Return the text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
