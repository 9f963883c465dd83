"""How much more often one group uses each word than another, with an interval over articles or whole stories.

A word that few articles use often varies far more between articles than between words, and a percentile bootstrap over
some dozen articles is too narrow for it: its 95% held the truth in 85 to 94 of 100 cases of a simulation. Leaving each
article out in turn (jackknife; Efron & Tibshirani 1993, chapter 11) on the logarithmic scale, with Student's t and as
many degrees of freedom as the word leaves (see `mediakit.analyses.ratios`), needs no chance, and costs as much as there
are words in articles (benchmarks/TOPICS.md).

The jackknife's variance of a logarithm is somewhat too large, which makes up for the skewness of a rare word's rate.
Where both sides are about as uncertain, their skewness cancels, and the variance of the linear terms (infinitesimal
jackknife, the same book) is enough: the more so, the more alike the two variances and the more articles there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.ratios import freedom_of

Floats = NDArray[np.float64]
LEAST_UNITS = 5  # articles or clusters of a side; fewer give no interval
_MANY = 40  # units of a side from which skewness fades
_LN2 = float(np.log(2))


def log_ratio(a: Floats, b: Floats, n: Any, m: Any) -> Floats:
    """Return the binary logarithm of the ratio of two rates, half a hit added to each (Hardie 2014)."""
    return np.log2((a + 0.5) / n) - np.log2((b + 0.5) / m)


def log_ratio_interval(
    counts: Any, sizes: Floats, target: NDArray[np.bool_], units: NDArray[np.int64], middle: Floats, *, outside: bool
) -> tuple[Floats, Floats]:
    """Return the 95% interval of the log ratio of every word.

    Parameters
    ----------
    counts : sparse matrix, articles by words
    sizes : words of each article
    target : which articles are the target's; the others are the reference
    units : the unit that each article belongs to, itself or its story; what is left out at once. A story that both
        sides report is left out of both.
    middle : the log ratios
    outside : bool
        Whether the reference is a table of frequencies, taken as known.
    """
    from scipy.stats import t

    missing = np.full(len(middle), np.nan)
    ours = _leave_out(counts, sizes, np.flatnonzero(target), units)
    if ours is None:
        return missing, missing.copy()
    spread, freedom = ours.variance, ours.freedom
    if not outside:
        theirs = _leave_out(counts, sizes, np.flatnonzero(~target), units)
        if theirs is None:
            return missing, missing.copy()
        both = np.maximum(ours.variance + theirs.variance, 1e-300)
        strict = np.clip(_MANY / min(len(ours.names), len(theirs.names)), 0.4, 2.0)
        alike = (2 * np.minimum(ours.variance, theirs.variance) / both) ** strict
        one, other = (side.variance + alike * (side.linear - side.variance) for side in (ours, theirs))
        apart = one + other
        parts = one**2 / ours.freedom + other**2 / theirs.freedom
        most = len(np.union1d(ours.names, theirs.names)) - 1
        freedom = np.minimum(apart**2 / np.maximum(parts, 1e-300), most)  # Welch 1947
        spread = np.maximum(apart - 2 * _together(ours, theirs), 0.0)
    half = t.ppf(0.975, np.maximum(freedom, 1.0)) * np.sqrt(spread)
    return middle - half, middle + half


@dataclass
class _Side:
    """How the logarithm of the rates of one side moves when each unit is left out: change = moved - length - middle."""

    names: NDArray[np.int64]  # the units
    moved: Any  # sparse, units by words, from the hits that go
    length: Floats  # of each unit, from the words that go
    middle: Floats  # of each word, the mean change
    variance: Floats  # of each word
    linear: Floats  # its variance by the linear terms
    freedom: Floats  # of each variance
    used: NDArray[np.bool_]  # words with hits


def _leave_out(counts: Any, sizes: Floats, rows: NDArray[np.int64], units: NDArray[np.int64]) -> _Side | None:
    from scipy.sparse import csr_matrix

    names, number = np.unique(units[rows], return_inverse=True)
    n = len(names)
    if n < LEAST_UNITS:
        return None
    join = csr_matrix((np.ones(len(rows)), (number, np.arange(len(rows)))), shape=(n, len(rows)))
    hits = (join @ counts[rows].astype(np.float64)).tocsr()
    total = np.asarray(hits.sum(axis=0)).ravel() + 0.5
    words = np.bincount(number, weights=sizes[rows], minlength=n)
    length = np.log2(1 - words / words.sum())
    moved = hits.copy()
    moved.data = np.log2(1 - hits.data / total[hits.indices])
    sums = np.asarray(moved.sum(axis=0)).ravel()
    middle = sums / n - length.mean()
    squares = np.asarray(moved.multiply(moved).sum(axis=0)).ravel() - 2 * (moved.T @ length) + (length**2).sum()
    variance = np.maximum((n - 1) / n * (squares - n * middle**2), 0.0)
    used = total > 0.5
    weight = words / words.sum()
    share = hits.copy()
    share.data = hits.data / total[hits.indices]
    apart = np.asarray(share.multiply(share).sum(axis=0)).ravel() - 2 * (share.T @ weight) + (weight**2).sum()
    away = (np.asarray(share.sum(axis=0)).ravel() - 1) / n
    linear = np.maximum(n / (n - 1) * (apart - n * away**2), 0.0) / _LN2**2
    # Without a hit nothing changes when an article is left out: as uncertain as half a Poisson count.
    variance, linear = (np.where(used, one, 1 / (0.5 * _LN2**2)) for one in (variance, linear))
    freedom = np.asarray(freedom_of(squares - n * middle**2, _fourths(moved, length, middle), n))
    return _Side(names, moved, length, middle, variance, linear, np.where(used, freedom, n - 1.0), used)


def _fourths(moved: Any, length: Floats, middle: Floats) -> Floats:
    """Return for each word the sum of the fourth powers of its changes."""
    n, rest = len(length), length[:, None] ** np.arange(5)
    # Where a unit has none of the word: length + middle, to the fourth power, by the binomial theorem.
    powers = sum(k * rest[:, 4 - j].sum() * middle**j for j, k in enumerate((1, 4, 6, 4, 1)))
    row = np.repeat(np.arange(n), np.diff(moved.indptr))
    without = length[row] + middle[moved.indices]
    more = (moved.data - without) ** 4 - without**4
    return np.asarray(np.maximum(powers + np.bincount(moved.indices, more, len(middle)), 0.0))


def _together(ours: _Side, theirs: _Side) -> Floats:
    """Return the covariance that comes from units on both sides."""
    _, mine, other = np.intersect1d(ours.names, theirs.names, return_indices=True)
    if not len(mine):
        return np.zeros(len(ours.middle))
    one, two = ours.moved[mine], theirs.moved[other]
    a, b = ours.length[mine], theirs.length[other]
    sum_one, sum_two = np.asarray(one.sum(axis=0)).ravel(), np.asarray(two.sum(axis=0)).ravel()
    found = np.asarray(one.multiply(two).sum(axis=0)).ravel()
    found = found - one.T @ b - theirs.middle * sum_one - two.T @ a - ours.middle * sum_two
    found += (a * b).sum() + ours.middle * b.sum() + theirs.middle * a.sum() + len(mine) * ours.middle * theirs.middle
    n, m = len(ours.names), len(theirs.names)
    return np.where(ours.used & theirs.used, np.sqrt((n - 1) / n * (m - 1) / m) * found, 0.0)
