"""One contrast under every defensible setting: does the answer hang on copies, cut texts, lexicon or unit?

A result that holds under one choice only is a result of that choice (Steegen, Tuerlinckx, Gelman & Vanpaemel 2016:
multiverse analysis; Simonsohn, Simmons & Nelson 2020: specification curve).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from mediakit.compare.groups import compare_groups
from mediakit.errors import ArticleTableError, require_columns
from mediakit.progress import progress_bar

Option: TypeAlias = "str | pd.Series | np.ndarray | None"
_MOST = 2000  # settings; more cannot be read, and take hours


def compare_settings(
    table: pd.DataFrame,
    choices: Mapping[str, Mapping[str, Option]],
    *,
    value: str | None = None,
    by: str = "outlet",
    group: str | None = None,
    reference: str | None = None,
    cluster: str | None = None,
    n_resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Make the same contrast under every combination of choices.

    Parameters
    ----------
    table : DataFrame, one row per unit
    choices : mapping of choices to options
        An option is a mask of the rows to keep (an array or column of true and false, or None for all rows), or the
        name of a column with another measure. As ``{"copies": {"in": None, "out": table["duplicate_of"].isna()},
        "measure": {"vader": "sentiment", "own": "tone"}}``.
    value : column, optional
        The measure where no choice names one.
    by : column of groups, default "outlet"
    group : str, optional
        Only this group's contrast. Default: every group's.
    reference : str, optional
        Contrast with this group. Default: with the mean of the others.
    cluster, n_resamples, confidence, seed
        As in `compare_groups`.
    progress : bool, optional
        Show a bar. Default: with more than 50 combinations.

    Returns
    -------
    DataFrame, one row per combination and group, by group and estimate
        setting : int, the combination, from 0; a column for each choice with the option's name
        group, versus, n, n_versus, estimate, low, high, effect, p : as in `compare_groups`
        failed : bool, and note : why there is no estimate, or why an interval is missing

    Raises
    ------
    ArticleTableError
        When a choice has no options, masks have another length than the table, two choices name measures, or there are
        more than 2,000 combinations.

    Notes
    -----
    The p of single settings do not add up: they come from the same articles. Read the share of settings with the same
    sign, and which choice moves the estimate (`plot_settings`).

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": list("AB") * 10, "tone": [1.0, 2.0] * 10, "copy": [False] * 16 + [True] * 4})
    >>> found = compare_settings(table, {"copies": {"in": None, "out": ~table["copy"]}}, value="tone", group="B")
    >>> found[["copies", "n", "estimate"]].values.tolist()
    [['in', 10, 1.0], ['out', 8, 1.0]]
    """
    measured = _check(table, choices, value, by)
    names = list(choices)
    combinations = list(product(*(choices[name] for name in names)))
    if len(combinations) > _MOST:
        raise ArticleTableError(f"{len(combinations):,} combinations are more than {_MOST:,}: leave out choices.")
    rows: list[dict[str, Any]] = []
    for number, picked in enumerate(progress_bar(combinations, "Settings", show=progress, unit="setting", least=50)):
        about = dict(zip(names, picked, strict=True))
        keep, column = np.ones(len(table), dtype=np.bool_), value
        for name, option in about.items():
            given = choices[name][option]
            if name == measured:
                column = str(given)
            elif given is not None:
                keep &= np.asarray(given, dtype=np.bool_)
        rows += _contrast(
            table[keep], column, by, group, reference, number, about, cluster=cluster, n_resamples=n_resamples,
            confidence=confidence, seed=seed,
        )  # fmt: skip
    columns = [
        "setting",
        *names,
        "group",
        "versus",
        "n",
        "n_versus",
        "estimate",
        "low",
        "high",
        "effect",
        "p",
        "failed",
        "note",
    ]
    found = pd.DataFrame(rows, columns=columns)
    found = found.astype({**dict.fromkeys((*names, "group", "versus", "note"), "str"), "failed": "bool"})
    found = found.sort_values(["group", "failed", "estimate", "setting"], kind="stable", ignore_index=True)
    about_choices = {name: list(choices[name]) for name in names}
    found.attrs["settings"] = {"choices": about_choices, "by": by, "confidence": confidence}
    return found


def _contrast(
    table: pd.DataFrame, value: str | None, by: str, group: str | None, reference: str | None, number: int,
    about: dict[str, str], **options: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    try:
        found = compare_groups(table, str(value), by=by, reference=reference, correction="none", **options)
    except ArticleTableError as error:
        return [{**about, "setting": number, "group": group or "", "versus": "", "failed": True, "note": str(error)}]
    found = found[found["kind"] == "difference"]
    if group is not None:
        found = found[found["group"] == group]
    if found.empty:
        note = "the group is not there" if group is not None else "one group only"
        return [{**about, "setting": number, "group": group or "", "versus": "", "failed": True, "note": note}]
    kept = ["group", "versus", "n", "n_versus", "estimate", "low", "high", "effect", "p", "note"]
    return [{**about, "setting": number, "failed": False, **row} for row in found[kept].to_dict("records")]


def _check(table: pd.DataFrame, choices: Mapping[str, Mapping[str, Option]], value: str | None, by: str) -> str | None:
    """Return the choice whose options are columns."""
    require_columns(table, [by, *([value] if value else [])])
    if not choices:
        raise ArticleTableError("choices= is empty: there is nothing to vary.")
    measured = []
    for name, options in choices.items():
        if not isinstance(options, Mapping) or not options:
            raise ArticleTableError(f'the choice {name!r} needs options, as {{"in": None, "out": mask}}.')
        columns = [option for option in options.values() if isinstance(option, str)]
        if columns:
            if len(columns) < len(options):
                raise ArticleTableError(f"the choice {name!r} mixes columns and masks.")
            require_columns(table, columns)
            measured.append(name)
            continue
        for label, mask in options.items():
            if mask is not None and (len(mask) != len(table) or not pd.api.types.is_bool_dtype(np.asarray(mask))):
                told = f"{name}={label}: a mask has a true or false for each of the {len(table)} rows"
                raise ArticleTableError(f"{told}.")
    if len(measured) > 1:
        raise ArticleTableError(f"two choices name measures: {', '.join(measured)}; put them into one.")
    if not measured and value is None:
        raise ArticleTableError("value= is needed where no choice names measures.")
    return measured[0] if measured else None
