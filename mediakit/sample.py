"""The sample corpus: 52 invented articles in the formats that researchers receive."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd


def sample_path() -> Path:
    """Return the folder of the sample corpus, in a clone as well as in an installed package.

    Examples
    --------
    >>> sorted(item.name for item in sample_path().iterdir())[:2]
    ['capital-dispatch.csv', 'captures']
    """
    return _data() / "sample"


def sample_stories() -> pd.DataFrame:
    """Return which article of the sample corpus tells which of its eight stories, coded by hand.

    Returns
    -------
    DataFrame, one row per article
        outlet, headline, story

    Examples
    --------
    >>> sample_stories()["story"].nunique()
    8
    """
    return pd.read_csv(_data() / "stories.csv", dtype="str", keep_default_na=False)


def sample_codings() -> Path:
    """Return the folder of the example codings: sentences of the sample corpus, coded for their tone by two people.

    Read them with `read_codings`; the notebook `06_validate` does.

    Examples
    --------
    >>> sorted(item.name for item in sample_codings().iterdir())
    ['codebook.csv', 'coding_A.csv', 'coding_B.csv', 'sample.csv']
    """
    return _data() / "coding"


def _data() -> Path:
    inside = Path(str(files("mediakit"))) / "sample_data"
    return inside if inside.is_dir() else Path(str(files("mediakit"))).parent / "data"
