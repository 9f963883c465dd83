"""Intervals from the pull of every unit on an estimate: over clusters, and inside 0 to 1 for shares.

A Wald interval of a share can leave the range that shares have. Here a share has Wilson's interval with the number of
units that its error is worth (Franco et al. 2019, doi 10.1093/jssam/smy019), and a difference of shares takes its ends
from those of its parts (Zou & Donner 2008, doi 10.1002/sim.3095), so that both keep the range.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
LEAST_CLUSTERS = 3


@dataclass(frozen=True)
class Estimate:
    """A mean with the pull of every unit on it, NaN where it cannot be given."""

    value: float
    pull: Floats
    cluster: NDArray[np.int64]
    told: NDArray[np.bool_]  # the units that it was learned from
    share: bool = False  # whether it lies between 0 and 1
    note: str = ""

    @cached_property
    def clusters(self) -> int:
        """How many clusters it was learned from."""
        return len(np.unique(self.cluster[self.told]))


def combine(parts: list[tuple[float, Estimate]], covariance: Floats, confidence: float) -> tuple[float, float, float]:
    """Return a weighted sum of estimates with its interval, from their covariance (see `covariance_of`).

    Student's t has as many clusters as the estimates were learned from.
    """
    weights = np.array([weight for weight, _ in parts])
    values = np.array([part.value for _, part in parts])
    shares = all(part.share for _, part in parts)
    if shares:
        values = np.clip(values, 0.0, 1.0)
    value = float(weights @ values)
    clusters = np.array([part.clusters for _, part in parts])
    if np.isnan(value) or clusters.sum() < LEAST_CLUSTERS or (shares and clusters.min() < 2):
        return value, np.nan, np.nan
    if not shares:
        error = float(np.sqrt(max(weights @ covariance @ weights, 0.0)))
        half = float(stats.t.ppf((1 + confidence) / 2, max(int(clusters.sum()) - len(parts), 1))) * error
        return value, value - half, value + half
    errors = np.sqrt(np.diag(covariance))
    t = stats.t.ppf((1 + confidence) / 2, np.maximum(clusters - 1, 1))
    ends = [
        share_interval(float(mean), float(error), int(part.told.sum()), float(quantile))
        for mean, error, (_, part), quantile in zip(values, errors, parts, t, strict=True)
    ]
    below, above = values - np.array([low for low, _ in ends]), np.array([high for _, high in ends]) - values
    with np.errstate(divide="ignore", invalid="ignore"):
        together = np.nan_to_num(covariance / np.outer(errors, errors), posinf=0.0, neginf=0.0)
    np.fill_diagonal(together, 1.0)
    down = weights * np.where(weights > 0, below, above)
    up = weights * np.where(weights > 0, above, below)
    low = value - float(np.sqrt(max(down @ together @ down, 0.0)))
    high = value + float(np.sqrt(max(up @ together @ up, 0.0)))
    least, most = float(weights[weights < 0].sum()), float(weights[weights > 0].sum())
    return value, max(low, least), min(high, most)


def covariance_of(parts: list[Estimate]) -> Floats:
    """Return the covariance of estimates over clusters that are drawn whole, and may lie in several of them."""
    number = np.unique(np.concatenate([part.cluster for part in parts]), return_inverse=True)[1]
    sums, first = np.zeros((len(parts), int(number.max()) + 1)), 0
    for row, part in zip(sums, parts, strict=True):
        last = first + len(part.pull)
        row += np.bincount(number[first:last], part.pull, minlength=len(row))
        first = last
    clusters = np.array([part.clusters for part in parts])
    scale = np.sqrt(clusters / np.maximum(clusters - 1, 1))
    return np.asarray((sums @ sums.T) * np.outer(scale, scale))


def share_interval(share: float, error: float, units: int, quantile: float) -> tuple[float, float]:
    """Return Wilson's interval of a share with the number of units that its standard error is worth.

    Near 0 and 1 an error tells little of that number; then that of a share two steps further in does, up to `units`.

    Examples
    --------
    >>> low, high = share_interval(0.2, (0.2 * 0.8 / 50) ** 0.5, 50, 1.96)  # Wilson's own, of 10 in 50
    >>> round(low, 3), round(high, 3)
    (0.112, 0.33)
    """
    inside = (share * units + 2) / (units + 4)
    worth, guarded = (
        part * (1 - part) / error**2 if error > 1e-9 else float("inf") for part in (share, inside)
    )  # fmt: skip
    n = max(worth, min(units, guarded)) if np.isfinite(worth) else float(units)
    middle = (share + quantile**2 / (2 * n)) / (1 + quantile**2 / n)
    half = quantile / (1 + quantile**2 / n) * np.sqrt(share * (1 - share) / n + quantile**2 / (4 * n**2))
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)
