"""How many units to code: for an interval of a wanted width, from codes alone or with a tool's measures."""

from __future__ import annotations

import math

import pandas as pd
from scipy import stats

from mediakit.compare.correction import LEAST_CODED
from mediakit.errors import ArticleTableError


def plan_coding(
    width: float,
    *,
    share: float | None = None,
    sd: float | None = None,
    units: int | None = None,
    groups: int = 1,
    accuracy: float | tuple[float, float] | None = None,
    correlation: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Plan how many units people must code for intervals of a given width.

    Parameters
    ----------
    width : float
        Of the whole interval, in the unit of the code: 0.1 is plus or minus five percentage points.
    share : float, optional
        Of units with the code, as far as one knows; 0.5 asks for the most. Give this or `sd`.
    sd : float, optional
        For a mean: the standard deviation of the codes.
    units : int, optional
        Units of each group that the tool measures. Default: without end.
    groups : int, default 1
        Groups that are compared.
    accuracy : float or (sensitivity, specificity), optional
        For a share: how often the tool is right, in units with the code and in those without.
    correlation : float, optional
        Of the tool's value and the code, instead of `accuracy`.
    confidence : float, default 0.95

    Returns
    -------
    DataFrame, one row per way and estimate
        method : "codes alone", and "with the tool" (`correct_groups`, method "design")
        estimate : "group", and for several groups "difference" (from the mean of the others)
        coded : Int64, units to code in each group; in_all : Int64, in all groups
        chance : float, of a unit to be drawn
        width : float, of the interval that this number gives
        note : str, why there is none, or what to mind

    Raises
    ------
    ArticleTableError
        When arguments are out of range, or contradict each other.

    Notes
    -----
    With codes alone the variance of a group's mean is S²/n. With the tool it is S²/N + (1/π - 1)(1 - r²)S²/N, the
    variance of the design-based estimator with calibrated values (Egami et al. 2023), N units measured, π = n/N of them
    coded, r their correlation with the codes. Units are taken as independent: sentences of one article are not, and
    need more. With fewer than 10 coded units a group is not corrected.

    Examples
    --------
    >>> plan = plan_coding(0.1, share=0.3, units=2000, accuracy=0.9)
    >>> plan[["method", "coded", "chance"]].round(2).values.tolist()
    [['codes alone', 323, 0.16], ['with the tool', 144, 0.07]]
    """
    variance, left = _check(width, share, sd, units, groups, accuracy, correlation, confidence)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    rows = []
    for estimate, times in [("group", 1.0), *([("difference", 1 + 1 / (groups - 1))] if groups > 1 else [])]:
        wanted = (width / 2 / z) ** 2 / times / variance  # of the mean of one group, in units of S²
        for method, unexplained in [("codes alone", None), *([("with the tool", left)] if left is not None else [])]:
            coded, reached, note = _solve(wanted, unexplained, units)
            rows.append({
                "method": method, "estimate": estimate, "coded": coded,
                "in_all": None if coded is None else coded * groups,
                "chance": math.nan if coded is None or units is None else coded / units,
                "width": 2 * z * math.sqrt(reached * times * variance), "note": note,
            })  # fmt: skip
    return pd.DataFrame(rows).astype(
        {"coded": "Int64", "in_all": "Int64", "method": "str", "estimate": "str", "note": "str"}
    )


def _check(
    width: float, share: float | None, sd: float | None, units: int | None, groups: int,
    accuracy: float | tuple[float, float] | None, correlation: float | None, confidence: float,
) -> tuple[float, float | None]:  # fmt: skip
    """Return the variance of the codes, and the part of it that the tool leaves open."""
    if (share is None) == (sd is None):
        raise ArticleTableError("give share= for a share, or sd= for a mean.")
    if accuracy is not None and (correlation is not None or share is None):
        raise ArticleTableError("accuracy= goes with share= and without correlation=.")
    for name, value, low, high in (
        ("width", width, 0, math.inf), ("share", share, 0, 1), ("sd", sd, 0, math.inf),
        ("confidence", confidence, 0, 1),
    ):  # fmt: skip
        if value is not None and not low < value < high:
            raise ArticleTableError(
                f"{name} must be above {low}{f' and below {high}' if high == 1 else ''}; found {value!r}."
            )
    for name, number, least in (("units", units, 2), ("groups", groups, 1)):
        if number is not None and (number != int(number) or number < least):
            raise ArticleTableError(f"{name} must be a whole number of {least} or more; found {number!r}.")
    variance = sd**2 if sd is not None else share * (1 - share) if share is not None else 0.0
    if correlation is not None:
        if not -1 <= correlation <= 1:
            raise ArticleTableError(f"correlation must be from -1 to 1; found {correlation!r}.")
        return variance, 1 - correlation**2
    if accuracy is None or share is None:
        return variance, None
    rates = accuracy if isinstance(accuracy, tuple | list) else (accuracy, accuracy)
    if len(rates) != 2 or not all(0 <= rate <= 1 for rate in rates):
        raise ArticleTableError(f"accuracy must be from 0 to 1, or (sensitivity, specificity); found {accuracy!r}.")
    said = share * rates[0] + (1 - share) * (1 - rates[1])
    spread = said * (1 - said) * variance
    return variance, 1 - (share * rates[0] - share * said) ** 2 / spread if spread > 0 else 1.0


def _solve(wanted: float, left: float | None, units: int | None) -> tuple[int | None, float, str]:
    """Return the units to code for a variance, the variance that these give, and a note."""
    if left is None or units is None:
        part = 1.0 if left is None else left
        coded = max(math.ceil(part / wanted - 1e-9), 2)
        if units is not None and coded > units:
            return None, 1 / units, f"all {units} units give the width in this row at best"
    elif wanted * units < 1:
        return None, 1 / units, f"all {units} units give the width in this row at best"
    else:
        coded = min(max(math.ceil(left * units / (wanted * units - 1 + left) - 1e-9), 2), units)
        part = left
    note = "" if left is None else f"{LEAST_CODED} is the least that is corrected with" if coded < LEAST_CODED else ""
    coded = coded if left is None else min(max(coded, LEAST_CODED), units or coded + LEAST_CODED)
    if left is None or units is None:
        return coded, part / coded, note
    return coded, 1 / units + (units / coded - 1) * part / units, note
