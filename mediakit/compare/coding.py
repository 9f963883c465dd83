"""Coding by hand: units drawn with known chances for people to code, and their codes joined back to the measures.

A chance that is known for every unit is what lets `correct_groups` mend an estimate without a bias; so the sampler
records it, and rare cases may be drawn more often.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError, MeasureWarning, require_columns

Floats = NDArray[np.float64]
UNITS = ("article", "sentence", "quote", "row")
ALLOCATIONS = ("equal", "proportional")
_KEYS = ("article_id", "start", "end")
_MISSING = "(missing)"


def sample_for_coding(
    table: pd.DataFrame,
    n: int,
    *,
    by: str | Sequence[str] | None = None,
    units: str = "article",
    weights: str | None = None,
    allocation: str = "equal",
    coders: Sequence[str] = ("A", "B"),
    overlap: float = 50,
    text: str = "text",
    seed: int = 0,
) -> pd.DataFrame:
    """Draw units for coding by hand, each with a known chance.

    Parameters
    ----------
    table : DataFrame
        Articles; for units="row" a table whose rows are the units, such as the sentences with a tool's scores.
    n : int
        Units to draw; all of them when there are fewer.
    by : column or columns, optional
        Strata, each of which gets its part of `n`. One that is smaller is drawn whole, and the others get the rest.
    units : {"article", "sentence", "quote", "row"}, default "article"
    weights : column, optional
        Numbers above 0; inside a stratum the chance is in proportion to them. To draw high scores more often, give the
        score plus a constant.
    allocation : {"equal", "proportional"}, default "equal"
        How `n` is shared out: alike, which is best for comparing strata, or by their size, which is best for the whole.
    coders : names, default ("A", "B")
    overlap : int or share, default 50
        Units that every coder gets, to score their agreement: a number, or below 1 a share. The others are dealt out.
    text : str, default "text"
        The column to be read.
    seed : int, default 0

    Returns
    -------
    DataFrame, one row per drawn unit
        unit : str, a hash of origin, place and text, the same on every run
        article_id, start, end : where it comes from, as far as the table tells
        headline, text, context : str, to be read; context is the paragraph around a sentence or quotation
        outlet, and the columns of `by`
        stratum : str
        probability : float, the chance with which it was drawn, above 0 and at most 1
        coders : str, whom it goes to

    Raises
    ------
    ArticleTableError
        When weights are missing, 0 or negative (such units could never be drawn), when coders have no name or the same,
        or when units have no text or are the same twice.

    Notes
    -----
    Systematic sampling in proportion to size, from a random order inside each stratum (Madow 1949; Särndal, Swensson &
    Wretman 1992, 3.6): the size of the sample is `n` exactly, and so is the chance of each unit. Rows may come in any
    order.

    Examples
    --------
    >>> table = pd.DataFrame({"article_id": list("abcdef"), "text": ["1.", "2.", "3.", "4.", "5.", "6."],
    ...                       "outlet": ["North"] * 4 + ["South"] * 2})
    >>> drawn = sample_for_coding(table, 4, by="outlet")
    >>> drawn[["outlet", "probability", "coders"]].values.tolist()
    [['North', 0.5, 'A, B'], ['North', 0.5, 'A, B'], ['South', 1.0, 'A, B'], ['South', 1.0, 'A, B']]
    """
    names = _check(n, units, allocation, coders, overlap)
    strata = [] if by is None else [by] if isinstance(by, str) else list(by)
    found = _units(table, units, text, [*strata, *([weights] if weights else [])])
    if found.empty:
        raise ArticleTableError(f"there is no {units} to draw from; the table has {len(table)} rows.")
    if n > len(found):
        warnings.warn(
            f"n={n}, but there are {len(found)} units: all are taken, each with chance 1.", MeasureWarning, stacklevel=2
        )
    found["stratum"] = _strata(found, strata)
    found["probability"] = _chances(found, weights, min(n, len(found)), allocation)
    found = found.sort_values(["stratum", "unit"], kind="stable", ignore_index=True)
    generator = np.random.default_rng(seed)
    at = draw(found["probability"].to_numpy(), found["stratum"].to_numpy(dtype="str"), generator)
    drawn = found.iloc[at].reset_index(drop=True)
    if units in ("sentence", "quote"):
        whole = table.set_index("article_id")[text].reindex(drawn["article_id"])
        places = zip(whole, drawn["start"], drawn["end"], strict=True)
        drawn["context"] = [_paragraph(str(one), int(start), int(end)) for one, start, end in places]
    shared = len(drawn) * overlap if 0 < overlap < 1 else overlap
    drawn["coders"] = _deal(drawn["stratum"], min(round(shared), len(drawn)), names, generator)
    keep = [
        "unit", *(name for name in _KEYS if name in drawn), "headline", "text", "context", "outlet", *strata, "stratum",
        "probability", "coders",
    ]  # fmt: skip
    result = drawn[[name for name in dict.fromkeys(keep) if name in drawn]].reset_index(drop=True)
    result.attrs["coding"] = {
        "n": min(n, len(found)), "of": len(found), "by": strata, "weights": weights, "units": units, "text": text,
        "allocation": allocation, "coders": names, "seed": seed,
    }  # fmt: skip
    return result


def apply_codings(
    table: pd.DataFrame,
    sample: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    values: str | Mapping[Any, float] | None = None,
    resolved: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Join codes to the units that a tool measured, for `correct_groups` and for scoring the tool.

    Parameters
    ----------
    table : DataFrame, one row per unit, drawn or not
        With the columns that place a unit: article_id; for sentences and quotations start and end as well.
    sample : DataFrame
        From `sample_for_coding`.
    codings : DataFrame, one row per unit and coder
        From `read_codings`: unit, coder, code.
    values : a code, or a mapping of codes to numbers, optional
        "negative" asks whether that is the code (1 or 0); {"negative": -1, "neutral": 0, "positive": 1} gives each its
        number. Default: codes are numbers.
    resolved : mapping of unit to code, optional
        What coders who disagreed settled on; it takes the place of their codes.

    Returns
    -------
    DataFrame, the rows of `table`, with
        unit, code : of drawn units; code is missing where coders disagree and nothing was settled
        truth : float, the mean number of its codes, missing where there is none
        probability : float; of units that were not drawn it enters no estimate

    Raises
    ------
    ArticleTableError
        When a code has no number, or no drawn unit is in the table.

    Notes
    -----
    Drawn units without a code count as missing by chance within their stratum: the chances of the stratum are
    multiplied by the coded share, and a warning says how many they are.

    Examples
    --------
    >>> table = pd.DataFrame({"article_id": list("abcd"), "text": ["One.", "Two.", "Three.", "Four."]})
    >>> drawn = sample_for_coding(table, 2)
    >>> codings = pd.DataFrame({"unit": drawn["unit"], "coder": "A", "code": ["yes", "no"]})
    >>> joined = apply_codings(table, drawn, codings, values="yes")
    >>> int(joined["truth"].sum()), joined["probability"].tolist()
    (1, [0.5, 0.5, 0.5, 0.5])
    """
    require_columns(sample, ["unit", "stratum", "probability"], "the sample")
    require_columns(codings, ["unit", "code"], "the table of codings")
    keys = [name for name in _KEYS if name in sample]
    if not keys:
        raise ArticleTableError("the sample does not tell where its units come from: it lacks article_id.")
    require_columns(table, keys)
    if sample.duplicated("unit").any() or sample.duplicated(keys).any():
        raise ArticleTableError("a unit is in the sample twice.")
    codes = codings.loc[codings["code"].notna() & codings["unit"].isin(sample["unit"]), ["unit", "code"]]
    if resolved:
        unknown = set(resolved) - set(sample["unit"])
        if unknown:
            raise ArticleTableError(f"resolved= has the unit {min(unknown)!r}, which is not in the sample.")
        settled = pd.DataFrame({"unit": list(resolved), "code": list(resolved.values())})
        codes = pd.concat([codes[~codes["unit"].isin(settled["unit"])], settled], ignore_index=True)
    codes = codes.assign(number=_numbers(codes["code"], values))
    grouped = codes.groupby("unit", sort=False)
    per_unit = grouped.agg(truth=("number", "mean"), distinct=("code", "nunique"), code=("code", "first"))
    per_unit["code"] = per_unit["code"].where(per_unit["distinct"] == 1)
    drawn = sample[[*keys, "unit", "stratum", "probability"]].merge(
        per_unit[["code", "truth"]].reset_index(), on="unit", how="left"
    )
    for name in keys:  # a sample read from CSV may have numbers where the table has text
        if drawn[name].dtype != table[name].dtype:
            drawn[name] = drawn[name].astype("str" if pd.api.types.is_string_dtype(table[name]) else table[name].dtype)
    coded = drawn["truth"].notna()
    if not coded.all():
        drawn["probability"] *= coded.groupby(drawn["stratum"]).transform("mean").where(lambda share: share > 0, 1.0)
        warnings.warn(
            f"{int((~coded).sum())} of {len(drawn)} drawn units have no code; they count as missing by chance.",
            MeasureWarning,
            stacklevel=2,
        )
    clash = [name for name in ("unit", "code", "truth", "probability", "stratum") if name in table.columns]
    result = table.drop(columns=clash).merge(drawn, on=keys, how="left", validate="many_to_one")
    result.index = table.index
    if not result["unit"].notna().any():
        raise ArticleTableError("none of the drawn units is in the table; is it the table that was sampled from?")
    others = result["unit"].isna()
    result.loc[others, "probability"] = _chances_of_others(table, sample)[others.to_numpy()]
    return result.drop(columns="stratum")


def hash_unit(*parts: object) -> str:
    """Return the name of a unit; it begins with a letter, so that no spreadsheet takes it for a number.

    Examples
    --------
    >>> hash_unit("f42ff7281a870c35", 0, 218, "One.")
    'uaab06f7e4f9f'
    """
    return "u" + hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:12]


def draw(chances: Floats, strata: NDArray[Any], generator: np.random.Generator) -> NDArray[np.int64]:
    """Return the drawn positions, in order: systematic sampling from a random order inside each stratum.

    Examples
    --------
    >>> draw(np.array([1.0, 0.5, 0.5]), np.array(["A", "B", "B"]), np.random.default_rng(0)).tolist()
    [0, 1]
    """
    certain = chances >= 1 - 1e-12
    rest = np.flatnonzero(~certain)
    order = rest[np.lexsort((generator.random(len(rest)), strata[rest]))]
    summed = np.cumsum(chances[order])
    start = generator.random()
    if len(order):
        summed[-1] = round(summed[-1])
    steps = np.floor(np.concatenate([[0.0], summed]) + start)
    return np.sort(np.concatenate([np.flatnonzero(certain), order[np.diff(steps) > 0]])).astype(np.int64)


def _check(n: int, units: str, allocation: str, coders: Sequence[str], overlap: float) -> list[str]:
    if units not in UNITS:
        raise ArticleTableError(f"units={units!r} is not known; there is {', '.join(UNITS)}.")
    if allocation not in ALLOCATIONS:
        raise ArticleTableError(f"allocation={allocation!r} is not known; there is {', '.join(ALLOCATIONS)}.")
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise ArticleTableError(f"n must be a whole number of 1 or more; found {n!r}.")
    names = [coders] if isinstance(coders, str) else [str(name) for name in coders]
    wrong = [name for name in names if not name.strip() or any(sign in name for sign in ',;/\\:*?"<>|')]
    if not names or wrong or len({name.casefold() for name in names}) < len(names):
        raise ArticleTableError(
            f"coders need different names that can be part of a file's name; found {', '.join(map(repr, names))}."
        )
    if not overlap >= 0:
        raise ArticleTableError(f"overlap must be 0 or more; found {overlap!r}.")
    return names


def _units(table: pd.DataFrame, units: str, text: str, carried: list[str]) -> pd.DataFrame:
    """Return all units with their texts, names and the columns that the draw needs."""
    if units in ("sentence", "quote"):
        check_articles(table, need=("article_id", text))
        if units == "sentence":
            from mediakit.text.sentences import find_sentences

            pieces = find_sentences(table, column=text)[["article_id", "start", "end", "text"]]
        else:
            from mediakit.analyses.quotes import find_quotes

            pieces = find_quotes(table).rename(columns={"quote": "text"})[["article_id", "start", "end", "text"]]
        require_columns(table, carried)
        columns = [
            name
            for name in dict.fromkeys(["headline", "outlet", *carried])
            if name in table.columns and name not in pieces
        ]
        found = pieces.merge(table[["article_id", *columns]], on="article_id", how="left")
    else:
        require_columns(table, [text, *carried])
        columns = [*_KEYS, "headline", "outlet", "context", text, *carried]
        if units == "article":
            require_columns(table, ["article_id"])
            columns = [name for name in columns if name not in ("start", "end")]
        found = table[[name for name in dict.fromkeys(columns) if name in table.columns]].copy()
        found["text"] = table[text]
    found = found[found["text"].notna() & (found["text"].astype("str").str.strip() != "")].reset_index(drop=True)
    keys = [name for name in _KEYS if name in found]
    found.insert(
        0, "unit", [hash_unit(*parts) for parts in zip(*(found[name] for name in [*keys, "text"]), strict=True)]
    )
    if found["unit"].duplicated().any():
        twice = str(found.loc[found["unit"].duplicated(), "text"].iloc[0])[:60]
        raise ArticleTableError(
            f"two units cannot be told apart, as {twice!r}: units need article_id, or article_id, start and end."
        )
    return found


def _paragraph(text: str, start: int, end: int) -> str:
    first, last = text.rfind("\n\n", 0, start), text.find("\n\n", end)
    return text[first + 2 if first >= 0 else 0 : last if last >= 0 else len(text)]


def _strata(found: pd.DataFrame, by: list[str]) -> pd.Series:
    if not by:
        return pd.Series("all", index=found.index, dtype="str")
    parts = [found[name].astype("str").where(found[name].notna(), _MISSING) for name in by]
    return pd.Series([" | ".join(row) for row in zip(*parts, strict=True)], index=found.index, dtype="str")


def _chances(found: pd.DataFrame, weights: str | None, n: int, allocation: str) -> Floats:
    """Return each unit's chance; they add up to `n`."""
    size = np.ones(len(found))
    if weights is not None:
        if not pd.api.types.is_numeric_dtype(found[weights]):
            raise ArticleTableError(f"weights={weights!r} must be numeric; found {found[weights].dtype}.")
        size = found[weights].astype("float64").to_numpy()
        wrong = ~(np.isfinite(size) & (size > 0))
        if wrong.any():
            raise ArticleTableError(
                f"weights={weights!r} must be above 0 in every row; {int(wrong.sum())} are not, the first is "
                f"{size[wrong][0]}. A unit without weight could never be drawn: add a constant, or leave such rows out."
            )
    names, number = np.unique(found["stratum"].to_numpy(dtype="str"), return_inverse=True)
    counts = np.bincount(number).astype(np.float64)
    shares = _fill(np.ones(len(names)) if allocation == "equal" else counts, counts, float(n))
    chances = np.zeros(len(found))
    pieces = np.split(np.argsort(number, kind="stable"), np.cumsum(counts.astype(np.int64))[:-1])
    for inside, share in zip(pieces, shares, strict=True):
        chances[inside] = _fill(size[inside], np.ones(len(inside)), float(share))
    return chances


def _fill(shares: Floats, most: Floats, total: float) -> Floats:
    """Share out a total in proportion, no part above its most; what is left over goes to the others."""
    parts, open_ = np.zeros(len(shares)), np.ones(len(shares), dtype=np.bool_)
    while open_.any():
        left = max(total - float(parts[~open_].sum()), 0.0)
        wanted = left * shares / shares[open_].sum()
        full = open_ & (wanted >= most * (1 - 1e-12))
        if not full.any():
            parts[open_] = wanted[open_]
            break
        parts[full] = most[full]
        open_ &= ~full
    return parts


def _deal(strata: pd.Series, shared: int, names: list[str], generator: np.random.Generator) -> list[str]:
    """Give some units of every stratum to all coders, and deal out the others."""
    if len(names) == 1 or not len(strata):
        return [names[0]] * len(strata)
    everyone = set(draw(np.full(len(strata), shared / len(strata)), strata.to_numpy(dtype="str"), generator).tolist())
    whose = generator.permutation(len(names))
    dealt, result = 0, []
    for at in range(len(strata)):
        if at in everyone:
            result.append(", ".join(names))
        else:
            result.append(names[whose[dealt % len(names)]])
            dealt += 1
    return result


def _numbers(codes: pd.Series, values: str | Mapping[Any, float] | None) -> list[float]:
    if isinstance(values, str):
        if not (codes == values).any():
            there = ", ".join(sorted(codes.astype("str").unique()))
            raise ArticleTableError(f"no unit has the code {values!r}; there is {there or 'none'}.")
        return (codes == values).astype("float64").tolist()
    if values is not None:
        numbers_of = {str(code): float(number) for code, number in values.items()}  # read_codings returns text
        lacking = [code for code in codes.unique() if str(code) not in numbers_of]
        if lacking:
            raise ArticleTableError(f"values= has no number for the code {lacking[0]!r}.")
        return [numbers_of[str(code)] for code in codes]
    numbers = pd.to_numeric(codes, errors="coerce")
    if numbers.isna().any():
        raise ArticleTableError(
            f"the code {codes[numbers.isna()].iloc[0]!r} is no number; say with values= what each code counts."
        )
    return [float(number) for number in numbers]


def _chances_of_others(table: pd.DataFrame, sample: pd.DataFrame) -> Floats:
    """Return the chances again, from the columns they were made of; their mean where the table lacks these."""
    design = sample.attrs.get("coding", {})
    mean = min(1.0, float(sample["probability"].mean()))
    wanted = [*design.get("by", ["?"]), *([design["weights"]] if design.get("weights") else [])]
    if not set(wanted) <= set(table.columns) or len(table) != design.get("of"):
        return np.full(len(table), mean)
    again = table[wanted].reset_index(drop=True).assign(stratum=_strata(table.reset_index(drop=True), design["by"]))
    return _chances(again, design.get("weights"), int(design["n"]), str(design["allocation"]))
