"""A study's sentiment set against hand codes: agreement of the coders, errors by group, corrected shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.compare.agreement import score_agreement
from mediakit.compare.coding import apply_codings
from mediakit.compare.coding_reading import SAMPLE, read_codings
from mediakit.compare.correction import correct_groups
from mediakit.compare.validity import score_validity
from mediakit.errors import ArticleTableError, LoadError, require_columns

TONES = {"negative": -1, "positive": 1}  # codes whose share can be measured, and their sign
THRESHOLD = 0.05  # of VADER, either side of 0


def read_coded_sample(folder: str | Path) -> pd.DataFrame:
    """Read the sample that lies beside filled sheets, `sample.parquet` or `sample.csv`.

    Parameters
    ----------
    folder : path of a folder

    Returns
    -------
    DataFrame, as `sample_for_coding` made it

    Raises
    ------
    LoadError
        When the folder, or a sample in it, is not there or cannot be read.

    Examples
    --------
    >>> import mediakit as mk
    >>> len(read_coded_sample(mk.sample_codings()))
    150
    """
    place = Path(folder)
    files = [place / f"{SAMPLE}{ending}" for ending in (".parquet", ".csv")]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise LoadError(
            f"{folder} holds no sample.parquet or sample.csv. Save what sample_for_coding returned beside the filled "
            "sheets: it tells where the units come from and with which chance they were drawn."
        )
    try:
        sample = (
            pd.read_parquet(file)
            if file.suffix == ".parquet"
            else pd.read_csv(file, encoding="utf-8-sig", dtype={"unit": "str", "article_id": "str", "coders": "str"})
        )
    except (ValueError, OSError) as error:
        raise LoadError(f"{file} cannot be read: {error}") from error
    require_columns(sample, ["unit", "article_id", "stratum", "probability", "coders"], f"the sample {file.name}")
    return sample


def validate_with_codings(
    units: pd.DataFrame, folder: str | Path, *, by: str = "outlet", n_resamples: int = 1000, seed: int = 0
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Set the sentiment of units against hand codes, and correct the shares or means of groups with them.

    Parameters
    ----------
    units : DataFrame, one row per article or sentence, as they were drawn
        article_id, for sentences start and end, sentiment, and the column `by`.
    folder : path
        Filled sheets (see `read_codings`) and the sample they were written from, as `sample.parquet` or `sample.csv`.
    by : str, default "outlet"
    n_resamples, seed
        For the intervals of agreement and errors.

    Yields
    ------
    name and table
        coding_agreement : from `score_agreement`, where units were coded by two or more
        coding_errors : from `score_validity`, by group
        corrected_by_outlet : from `correct_groups`, design-based, the units of an article kept together; its column
            `measure` says what is compared

    Raises
    ------
    LoadError
        When there are no sheets, or no sample beside them.
    ArticleTableError
        When the codes are neither tones ("negative", "positive") nor numbers from -1 to 1, or the sample is of other
        articles.

    Notes
    -----
    With the code "negative" (else "positive") the share of such units is compared; a unit is measured as negative at a
    sentiment of -0.05 or less. Where all codes are numbers, means are.
    """
    sample = read_coded_sample(folder)
    codings = read_codings(folder, sample)
    kind = "sentences" if "start" in sample else "articles"
    name, measured, values = _measure(codings["code"].dropna(), units["sentiment"])
    measure = "mean sentiment" if values is None else f"share of {name} {kind}"
    table = units.assign(**{name: measured}).dropna(subset=["sentiment", by]).reset_index(drop=True)
    joined = apply_codings(table, sample, codings, values=values)
    per_unit = codings.dropna(subset=["code"]).groupby("unit")["coder"].nunique()
    if (per_unit > 1).any():
        level = "interval" if values is None else "nominal"
        yield "coding_agreement", score_agreement(codings, level=level, n_resamples=n_resamples, seed=seed)
    options: dict[str, Any] = {"by": by, "truth": "truth", "probability": "probability"}
    yield "coding_errors", score_validity(joined, name, **options, n_resamples=n_resamples, seed=seed)
    corrected = correct_groups(joined, name, **options, cluster="article_id" if kind == "sentences" else None)
    corrected.insert(0, "measure", measure)
    yield "corrected_by_outlet", corrected


def _measure(codes: pd.Series, sentiment: pd.Series) -> tuple[str, pd.Series, str | None]:
    """Return the name of the tool's values, these, and the code whose share is compared."""
    found = set(codes.str.casefold())
    for tone, sign in TONES.items():
        if tone in found:
            code = codes[codes.str.casefold() == tone].iloc[0]
            return tone, (sign * sentiment >= THRESHOLD).astype("float64"), str(code)
    numbers = pd.to_numeric(codes, errors="coerce")
    if len(codes) and numbers.between(-1, 1).all():
        return "sentiment", sentiment, None
    there = ", ".join(sorted(codes.astype("str").unique())[:8]) or "none"
    raise ArticleTableError(
        f"the codes are {there}; the report compares them with sentiment, so they must be negative (and positive, "
        "neutral, …) or numbers from -1 to 1. For other measures see apply_codings and correct_groups."
    )
