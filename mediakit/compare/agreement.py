"""Agreement of coders: do several people who code the same texts give them the same codes?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.errors import ArticleTableError, require_columns

Floats = NDArray[np.float64]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
_LEAST = 5  # units below which no interval is given
_CHUNK = 8_000_000  # numbers held at once


def score_agreement(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    level: str = "nominal",
    n_resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Score how far coders agree: Krippendorff's alpha and the older coefficients, overall, by code and by pair.

    Parameters
    ----------
    codings : DataFrame, one row per unit and coder
        Missing codes are left out; a unit needs two codes to count.
    unit, coder, code : columns
    level : {"nominal", "ordinal", "interval", "ratio"}, default "nominal"
        How far apart two codes are: all alike, by rank, by difference, by ratio. All but nominal need numbers.
    n_resamples : int, default 1000
        Of units, for the intervals; 0 leaves them out.
    confidence : float, default 0.95
    seed : int, default 0

    Returns
    -------
    DataFrame, one row per coefficient
        scope : "all", "code" (one code against all others), or "pair" (two coders)
        of : the code, or the coders
        measure : "alpha" (Krippendorff 2011), "percent" (share of agreeing pairs of codes, 0 to 1), "kappa" (Fleiss
            1971; for a pair Cohen 1960), "ac1" (Gwet 2008)
        value : float, 1 is perfect, 0 is chance (percent: 0 is none); low, high : its interval over units
        units, coders, codings : int, what it rests on
        note : why something is missing

    Raises
    ------
    ArticleTableError
        When a coder gave a unit two codes, no unit has two codes, `level` is unknown, or codes are no numbers where
        they must be.

    Notes
    -----
    Alpha takes any number of coders and missing codes. Kappa and AC1 are for nominal codes: the chance of a code is its
    share of all codings (Fleiss, generalised to unequal numbers of coders) or, in AC1, that of blind agreement.
    Where nearly all codes are alike, alpha and kappa are low although coders nearly always agree; AC1 is not (Gwet
    2008): report the shares of the codes with it. Common advice: draw conclusions from alpha of at least .80, tentative
    ones from .667 (Krippendorff 2004).

    Examples
    --------
    >>> codings = pd.DataFrame({"unit": [1, 1, 2, 2, 3, 3, 4, 4], "coder": ["A", "B"] * 4,
    ...                         "code": ["yes", "yes", "no", "no", "yes", "no", "no", "no"]})
    >>> table = score_agreement(codings, n_resamples=0)
    >>> table[table["scope"] == "all"].set_index("measure")["value"].round(3).to_dict()
    {'alpha': 0.533, 'percent': 0.75, 'kappa': 0.467, 'ac1': 0.529}
    """
    if level not in LEVELS:
        raise ArticleTableError(f"level={level!r} is not known; there is {', '.join(LEVELS)}.")
    coded = _read(codings, unit, coder, code, level)
    rows = _score("all", "", coded, coded.counts, level, n_resamples, confidence, seed, kappa=_fleiss)
    if level == "nominal" and len(coded.values) > 2:
        for number, name in enumerate(coded.values):
            other = coded.counts.sum(axis=1) - coded.counts[:, number]
            counts = np.stack([coded.counts[:, number], other], axis=1)
            rows += _score("code", str(name), coded, counts, level, n_resamples, confidence, seed, kappa=_fleiss)
    if len(coded.coders) > 2:
        for one, other in combinations(range(len(coded.coders)), 2):
            pair = coded.pair(one, other)
            of = f"{coded.coders[one]}, {coded.coders[other]}"
            if len(pair.counts):
                rows += _score("pair", of, pair, pair.counts, level, n_resamples, confidence, seed, kappa=_cohen)
    elif len(coded.coders) == 2:
        rows += _score(
            "pair", ", ".join(coded.coders), coded, coded.counts, level, n_resamples, confidence, seed, kappa=_cohen
        )
    columns = ["scope", "of", "measure", "value", "low", "high", "units", "coders", "codings", "note"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("scope", "of", "measure", "note"), "str"))


def find_disagreements(
    codings: pd.DataFrame, *, unit: str = "unit", coder: str = "coder", code: str = "code"
) -> pd.DataFrame:
    """List the units on which coders disagree, to be talked over.

    Returns
    -------
    DataFrame, one row per such unit, the most divided first: unit, a column for each coder, codes (distinct), majority
        (missing where there is none)

    Examples
    --------
    >>> codings = pd.DataFrame({"unit": [1, 1, 2, 2], "coder": ["A", "B"] * 2, "code": ["yes", "yes", "no", "yes"]})
    >>> find_disagreements(codings)[["unit", "A", "B"]].values.tolist()
    [[2, 'no', 'yes']]
    """
    used = _clean(codings, unit, coder, code)
    wide = used.set_index([unit, coder])[code].unstack(coder)  # noqa: PD010
    distinct = wide.nunique(axis="columns")
    found = wide[distinct > 1].copy()
    majority = []
    for _, row in found.iterrows():
        counted = row.dropna().value_counts()
        majority.append(counted.index[0] if len(counted) == 1 or counted.iloc[0] > counted.iloc[1] else None)
    found["codes"], found["majority"] = distinct[distinct > 1], majority
    return found.sort_values("codes", ascending=False, kind="stable").reset_index().rename_axis(columns=None)


def count_confusions(
    codings: pd.DataFrame, *, unit: str = "unit", coder: str = "coder", code: str = "code"
) -> pd.DataFrame:
    """Count which codes are given where another coder gave which.

    Returns
    -------
    DataFrame, one row per pair of different codes, the most frequent first
        code, other : str; units : int, in which both were given; share : float, of the units where either was given
        twice or with another code

    Examples
    --------
    >>> codings = pd.DataFrame({"unit": [1, 1, 2, 2], "coder": ["A", "B"] * 2, "code": ["yes", "yes", "no", "yes"]})
    >>> count_confusions(codings).values.tolist()
    [['no', 'yes', 1, 0.5]]
    """
    coded = _read(codings, unit, coder, code, "nominal")
    there = coded.counts > 0
    rows = []
    for one, other in combinations(range(len(coded.values)), 2):
        both = int((there[:, one] & there[:, other]).sum())
        if both:
            either = int((there[:, one] | there[:, other]).sum())
            rows.append((str(coded.values[one]), str(coded.values[other]), both, both / either))
    table = pd.DataFrame(rows, columns=["code", "other", "units", "share"])
    return table.sort_values(
        ["units", "code", "other"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


@dataclass(frozen=True)
class _Coded:
    """Codes by unit and coder: a matrix of value numbers (-1 missing), and how often each unit has each value."""

    units: list[Any]
    coders: list[str]
    values: list[Any]
    matrix: NDArray[np.int64]
    counts: Floats

    def pair(self, one: int, other: int) -> _Coded:
        """Return the units that both of two coders coded."""
        matrix = self.matrix[:, [one, other]]
        kept = np.flatnonzero((matrix >= 0).all(axis=1))
        return _Coded(
            [self.units[n] for n in kept], [self.coders[one], self.coders[other]], self.values, matrix[kept],
            _count(matrix[kept], len(self.values)),
        )  # fmt: skip


def _clean(codings: pd.DataFrame, unit: str, coder: str, code: str) -> pd.DataFrame:
    require_columns(codings, [unit, coder, code], "the table of codings")
    used = codings[[unit, coder, code]].dropna().copy()
    used[coder] = used[coder].astype("str")
    twice = used.duplicated([unit, coder])
    if twice.any():
        first = used[twice].iloc[0]
        raise ArticleTableError(f"coder {first[coder]!r} gave unit {first[unit]!r} more than one code.")
    return used


def _read(codings: pd.DataFrame, unit: str, coder: str, code: str, level: str) -> _Coded:
    used = _clean(codings, unit, coder, code)
    used = used[used.groupby(unit)[code].transform("size") > 1]
    if used.empty:
        raise ArticleTableError("no unit has codes of two coders: nothing to compare.")
    if level != "nominal":
        numbers = pd.to_numeric(used[code], errors="coerce")
        if numbers.isna().any() or np.isinf(numbers).any():
            wrong = used.loc[numbers.isna() | np.isinf(numbers), code].iloc[0]
            raise ArticleTableError(f'level="{level}" needs numbers; found the code {wrong!r}.')
        if level == "ratio" and (numbers < 0).any():
            raise ArticleTableError('level="ratio" needs codes of 0 or more.')
        used = used.assign(**{code: numbers.astype("float64")})
    else:
        used = used.assign(**{code: used[code].astype("str")})
    units, coders = sorted(used[unit].unique(), key=str), sorted(used[coder].unique())
    values = sorted(used[code].unique())
    row, column = pd.Index(units).get_indexer(used[unit]), pd.Index(coders).get_indexer(used[coder])
    matrix = np.full((len(units), len(coders)), -1, dtype=np.int64)
    matrix[row, column] = pd.Index(values).get_indexer(used[code])
    return _Coded(list(units), list(coders), list(values), matrix, _count(matrix, len(values)))


def _count(matrix: NDArray[np.int64], values: int) -> Floats:
    counts = np.zeros((len(matrix), values))
    for column in matrix.T:
        there = column >= 0
        counts[np.flatnonzero(there), column[there]] += 1
    return counts


def _score(
    scope: str, of: str, coded: _Coded, counts: Floats, level: str, n_resamples: int, confidence: float, seed: int,
    *, kappa: Any,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Return the rows of one scope: alpha always, the nominal coefficients where codes have no order."""
    values = [0, 1] if scope == "code" else coded.values
    measures: dict[str, Any] = {"alpha": lambda weights: _alpha(counts, values, level, weights)}
    if level == "nominal":
        measures |= {"percent": lambda weights: _percent(counts, weights)}
        measures |= {
            "kappa": lambda weights: kappa(coded, counts, weights),
            "ac1": lambda weights: _ac1(counts, weights),
        }
    units = len(counts)
    weights = np.ones((1, units))
    drawn = _draw(units, n_resamples, seed) if n_resamples and units >= _LEAST else None
    size = int(counts.sum())
    used = int((coded.matrix >= 0).any(axis=0).sum())
    rows = []
    for name, measure in measures.items():
        value, low, high, note = float(measure(weights)[0]), np.nan, np.nan, ""
        if np.isnan(value):
            note = "all codes are alike: nothing to agree on beyond chance"
        elif drawn is None:
            note = f"{units} units: too few for an interval" if n_resamples else ""
        else:
            step = max(1, _CHUNK // max(1, units * counts.shape[1]))
            found = np.concatenate([measure(drawn[at : at + step]) for at in range(0, len(drawn), step)])
            found = found[np.isfinite(found)]
            if len(found):
                low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
        rows.append((scope, of, name, value, float(low), float(high), units, used, size, note))
    return rows


def _draw(units: int, n_resamples: int, seed: int) -> Floats:
    """Return how often each unit is in each resample."""
    generator = np.random.default_rng([seed, units])
    return generator.multinomial(units, np.full(units, 1 / units), size=n_resamples).astype(np.float64)


def _alpha(counts: Floats, values: list[Any], level: str, weights: Floats) -> Floats:
    """Return Krippendorff's alpha for each row of weights of units (Krippendorff 2011, section D)."""
    size = counts.sum(axis=1)
    used = size > 1
    counts, size, weights = counts[used], size[used], weights[:, used]
    together = counts[:, :, None] * counts[:, None, :]
    together[:, np.arange(counts.shape[1]), np.arange(counts.shape[1])] -= counts
    together /= (size - 1)[:, None, None]
    coincidences = np.tensordot(weights, together, axes=(1, 0))
    marginals = coincidences.sum(axis=2)
    total = marginals.sum(axis=1)
    distance = _distances(values, level, marginals)
    seen = (coincidences * distance).sum(axis=(1, 2))
    by_chance = (marginals[:, :, None] * marginals[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by_chance > 0, 1 - (total - 1) * seen / by_chance, np.nan)


def _distances(values: list[Any], level: str, marginals: Floats) -> Floats:
    """Return the squared distance of every two values; for ranks it depends on how often values are used."""
    if level == "nominal":
        return (1.0 - np.eye(len(values)))[None]
    if level == "ordinal":
        reach = np.cumsum(marginals, axis=1)
        middle = reach - marginals / 2
        return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2, dtype=np.float64)
    number = np.array(values, dtype=np.float64)
    apart = number[:, None] - number[None, :]
    if level == "interval":
        return np.asarray(apart**2)[None]
    total = number[:, None] + number[None, :]
    return (np.where(total != 0, apart / np.where(total != 0, total, 1.0), 0.0) ** 2)[None]


def _percent(counts: Floats, weights: Floats) -> Floats:
    """Return the mean over units of the share of agreeing pairs of codes."""
    return np.asarray(weights @ _agreeing(counts) / weights.sum(axis=1))


def _agreeing(counts: Floats) -> Floats:
    size = counts.sum(axis=1)
    return np.asarray((counts * (counts - 1)).sum(axis=1) / (size * (size - 1)))


def _fleiss(coded: _Coded, counts: Floats, weights: Floats) -> Floats:
    """Return Fleiss' kappa; the chance of a code is its share of all codings."""
    del coded
    seen = _percent(counts, weights)
    share = weights @ counts
    share /= share.sum(axis=1, keepdims=True)
    return _beyond_chance(seen, (share**2).sum(axis=1))


def _cohen(coded: _Coded, counts: Floats, weights: Floats) -> Floats:
    """Return Cohen's kappa of two coders, each with shares of codes of their own."""
    seen = _percent(counts, weights)
    size = counts.shape[1]
    one, other = (np.eye(size)[coded.matrix[:, column]] for column in (0, 1))
    total = weights.sum(axis=1, keepdims=True)
    return _beyond_chance(seen, ((weights @ one / total) * (weights @ other / total)).sum(axis=1))


def _ac1(counts: Floats, weights: Floats) -> Floats:
    """Return Gwet's AC1."""
    seen = _percent(counts, weights)
    share = weights @ (counts / counts.sum(axis=1, keepdims=True)) / weights.sum(axis=1, keepdims=True)
    size = counts.shape[1]
    chance = (share * (1 - share)).sum(axis=1) / max(1, size - 1)
    return _beyond_chance(seen, chance)


def _beyond_chance(seen: Floats, chance: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance < 1 - 1e-12, (seen - chance) / (1 - chance), np.nan)
