"""Shares and rates of groups of articles, with intervals that come from how they vary between articles.

A share of all quotations, or a rate per 1,000 words, is a ratio of two totals. Its interval leaves each article out in
turn (jackknife, Student's t; Efron & Tibshirani 1993, chapter 11), so that one long article counts once. It does so on
the scale of the interval: the linearised variance (Cochran 1977, chapter 6) is too small where few articles hold most
hits. Student's t has the degrees of freedom that the fourth powers of the changes leave to their variance
(Satterthwaite 1946): where two of a hundred articles hold most hits, few. The interval of a share is never wider than
Wilson's would be if each article were one case, weighted by its things: articles cannot vary more. How often the
intervals hold the truth is in benchmarks/TOPICS.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_ARTICLES = 5  # fewer give no interval
_LEAST_SHARE = 0.2  # of one article about a topic; less tells nothing of how shares vary
_Z2 = 3.8414588  # square of the normal quantile for 95%


def ratio_interval(
    part: Floats, whole: Floats, *, share: bool = True, cases: float | None = None
) -> tuple[float, float, float, str]:
    """Return a ratio of two totals with its 95% interval, and why the interval is missing.

    Parameters
    ----------
    part, whole : one value per article
    share : bool, default True
        Whether the ratio lies between 0 and 1 (interval on the logit scale); else it is a rate above 0 (log scale).
    cases : number of things counted, optional
        For a share of 0 or 1 and a rate of 0, whose variance between articles is 0: Wilson's bound, or the largest
        Poisson rate that gives nothing with a chance of 2.5%. Default: the sum of `whole`. For shares not more than so
        many articles of equal size would be: nothing tells whether the things of an article go together.

    Examples
    --------
    >>> values = ratio_interval(np.array([2.0, 0, 1, 3, 0, 2]), np.array([10.0, 8, 9, 12, 7, 10]))
    >>> [round(value, 3) for value in values[:3]]
    [0.143, 0.067, 0.279]
    """
    used = whole > 0
    part, whole = part[used].astype(np.float64), whole[used].astype(np.float64)
    n = len(whole)
    if not n:
        return np.nan, np.nan, np.nan, "nothing was counted"
    total = float(whole.sum())
    ratio = float(part.sum() / total)
    if n < LEAST_ARTICLES:
        return ratio, np.nan, np.nan, f"{n} articles: too few for an interval"
    alike = total**2 / float((whole**2).sum())  # how many articles of equal size tell as much
    if ratio == 0 or (share and ratio == 1):
        counted = float(total if cases is None else cases)
        if share:
            counted = min(counted, alike)
        bound = _Z2 / (counted + _Z2) if share else 3.6888795 / counted
        return (ratio, 0.0, bound, "") if ratio == 0 else (ratio, 1 - bound, 1.0, "")
    # Half a case more, so that the rest is never nothing.
    changes = _leave_out(part, whole, 0.5, share)
    half = _half_width(changes, float(freedom_of((changes**2).sum(), (changes**4).sum(), n)))
    if not share:
        return ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), ""
    ends, widest = _around(ratio, half), _wilson(ratio, alike, squared=_t_squared(n))
    return ratio, max(ends[0], widest[0]), min(ends[1], widest[1]), ""


def mean_share_interval(shares: Floats, extra: float = 0.0) -> tuple[float, float, float]:
    """Return the mean of shares, one for each of at least five articles, with its 95% interval.

    Never wider than Wilson's interval for so many articles, as no shares vary more than those of 0 and 1; and as wide
    as that where less than a fifth of an article is about a topic, or about anything else: how they vary then tells
    nothing.

    Parameters
    ----------
    shares : values from 0 to 1
    extra : standard error of the mean that does not come from the articles

    Examples
    --------
    >>> [round(value, 2) for value in mean_share_interval(np.array([0.9, 0.1, 0.8, 0.0, 0.2, 0.4]))]
    [0.4, 0.13, 0.75]
    """
    n, mean = len(shares), float(shares.mean())
    low, high = _wilson(mean, n, extra)
    if min(mean, 1 - mean) * n >= _LEAST_SHARE:
        more = 0.1  # of an article, so that the rest is never nothing; its effect on the slope is taken back
        slope = mean * (1 - mean) * (1 / (mean + more / n) + 1 / (1 - mean + more / n))
        error = _half_width(_leave_out(shares, np.ones(n), more, True), n - 1) / slope
        ends = _around(mean, float(np.hypot(error, np.sqrt(_Z2) * extra / (mean * (1 - mean)))))
        low, high = max(low, ends[0]), min(high, ends[1])
    return mean, min(low, mean), max(high, mean)


def freedom_of(squares: Floats | float, fourths: Floats | float, n: int) -> Floats | float:
    """Return the degrees of freedom of a variance, from the sums of the squares and the fourth powers of n deviations.

    Twice the square of the variance over its own variance (Satterthwaite 1946, doi 10.2307/3002019), less one.
    """
    return np.clip(2 * squares**2 / np.maximum(fourths - squares**2 / n, 1e-300) - 1, 1.0, n - 1.0)


def _leave_out(part: Floats, whole: Floats, more: float, share: bool) -> Floats:
    """Return how the logit of a share, or the logarithm of a rate, changes when each article is left out."""
    left, rest = part.sum() - part + more, whole.sum() - whole
    apart = np.log(left / (rest - left + 2 * more)) if share else np.log(left / rest)
    return np.asarray(apart - apart.mean())


def _half_width(changes: Floats, freedom: float) -> float:
    """Return half the width of the interval: the jackknife's standard error times Student's t."""
    from scipy.stats import t

    n = len(changes)
    return float(t.ppf(0.975, freedom) * np.sqrt((n - 1) / n * (changes**2).sum()))


def _t_squared(n: int) -> float:
    """Return the square of Student's quantile for 95% and n articles."""
    from scipy.stats import t

    return float(t.ppf(0.975, n - 1) ** 2)


def _wilson(share: float, n: float, extra: float = 0.0, *, squared: float = _Z2) -> tuple[float, float]:
    """Return Wilson's interval for n cases, and an error that does not come from them."""
    middle, scale = (share + squared / (2 * n)) / (1 + squared / n), 1 / (1 + squared / n)
    half = scale * float(np.sqrt(squared * (max(share * (1 - share), 0.0) / n + squared / (4 * n * n) + extra**2)))
    return max(0.0, middle - half), min(1.0, middle + half)


def _around(share: float, half: float) -> tuple[float, float]:
    """Return the ends of an interval on the logit scale."""
    middle = np.log(share / (1 - share))
    return float(1 / (1 + np.exp(half - middle))), float(1 / (1 + np.exp(-middle - half)))
