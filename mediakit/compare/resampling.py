"""Intervals and chances by resampling: studentised bootstrap over units or clusters, permutation of labels.

Percentile and BCa intervals are too narrow for skewed scores in small groups; the studentised bootstrap divides each
resampled difference by its own standard error, and holds its level from about twenty units on (Efron & Tibshirani
1993, chapter 12; Hall 1992, doi 10.1007/978-1-4612-4384-7). Of its two forms, that with equal tails follows the
skewness of the values, which twenty of them tell badly, and misses differences of skewed scores; the symmetric one
(Hall 1988, doi 10.1111/j.2517-6161.1988.tb01707.x) takes no side, and misses single skewed means. Ends are the middle
between the two: the asymmetry that the resamples show, shrunk by half.

What cannot be negative, such as counts, rates and lengths, has the interval of a group's mean on the scale of
logarithms (Efron & Tibshirani 1993, section 12.6: studentised bootstrap of a transformed parameter); with fewer than
six units Student's on that of square roots, which evens the variance of counts (Bartlett 1936, doi 10.2307/2983678), as
on that of logarithms it would reach to many times the mean. So it lies above zero, and holds the truth more often where
few units hold most of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
LEAST = 3  # units or clusters below which no interval is given
_STUDENT = "Student's t: fewer than 6 articles in a group"
SMALL = 6  # units below which an interval is Student's, as resamples of so few are too alike
_CHUNK = 4_000_000  # numbers held at once
MOST_EXCHANGED = 100_000_000  # units times permutations; beyond, chance comes from the resamples


def named_generator(seed: int, name: str) -> np.random.Generator:
    """Return a stream of random numbers of its own for every name, so that no result depends on its neighbours."""
    return np.random.default_rng([seed, *name.encode("utf-8", "surrogatepass")])


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval, the p of a bootstrap test, and a note."""

    value: float
    low: float
    high: float
    p: float = float("nan")
    note: str = ""


class UnitDesign:
    """Groups of independent units: each group is resampled by itself."""

    def __init__(
        self, samples: Mapping[str, Floats], n_resamples: int, confidence: float, seed: int, *, floored: bool = False
    ) -> None:
        self.floored = floored  # values cannot be below zero
        self.samples = {name: np.sort(sample) for name, sample in samples.items()}
        self.n_resamples, self.confidence, self.seed = n_resamples, confidence, seed
        self.means = {name: float(sample.mean()) for name, sample in self.samples.items()}
        self.errors = {
            name: float(sample.var(ddof=1)) / len(sample) if len(sample) > 1 else np.nan
            for name, sample in self.samples.items()
        }
        both = {value for sample in self.samples.values() for value in (sample[0], sample[-1])}
        self.binary = both == {0.0, 1.0} and all(np.isin(sample, (0.0, 1.0)).all() for sample in self.samples.values())
        self._drawn: dict[str, tuple[Floats, Floats]] = {}

    def drawn(self, name: str) -> tuple[Floats, Floats]:
        """Return the means of resamples of a group, and the squared standard errors."""
        if name not in self._drawn:
            sample, generator = self.samples[name], named_generator(self.seed, name)
            n = len(sample)
            means, errors = np.empty(self.n_resamples), np.empty(self.n_resamples)
            step = max(1, _CHUNK // n)
            for first in range(0, self.n_resamples, step):
                rows = slice(first, min(first + step, self.n_resamples))
                picked = sample[generator.integers(0, n, size=(rows.stop - rows.start, n))]
                means[rows] = picked.mean(axis=1)
                errors[rows] = picked.var(axis=1, ddof=1) / n
            self._drawn[name] = means, errors
        return self._drawn[name]

    def interval(self, weights: Mapping[str, float]) -> Interval:
        """Return a weighted sum of group means with its interval."""
        value = sum(weight * self.means[name] for name, weight in weights.items())
        sizes = {name: len(self.samples[name]) for name in weights}
        smallest = min(sizes, key=lambda name: sizes[name])
        if sizes[smallest] < LEAST:
            return Interval(
                value, np.nan, np.nan, note=f"no interval: {count_of(sizes[smallest], 'article')} in {smallest}"
            )
        if self.binary:
            return self._shares(weights, value)
        alike = all(is_nothing(float(np.ptp(self.samples[name])), self.samples[name]) for name in weights)
        if alike:
            return Interval(value, value, value, note="all values are equal")
        error = float(np.sqrt(sum(weight**2 * self.errors[name] for name, weight in weights.items())))
        alone = self.floored and list(weights.values()) == [1.0]
        if sizes[smallest] < SMALL:
            return self._roots(value, error, sizes[smallest]) if alone else self._welch(weights, value, error)
        if alone:
            means, variances = self.drawn(smallest)
            return above_zero(value, error, means, np.sqrt(variances), self.confidence, sizes[smallest] - 1)
        shift = sum(weight * (self.drawn(name)[0] - self.means[name]) for name, weight in weights.items())
        errors = np.sqrt(sum(weight**2 * self.drawn(name)[1] for name, weight in weights.items()))
        return studentised(value, error, np.asarray(shift), np.asarray(errors), self.confidence)

    def _welch(self, weights: Mapping[str, float], value: float, error: float) -> Interval:
        """Return Student's interval with Satterthwaite's degrees of freedom."""
        parts = [(weight**2 * self.errors[name], len(self.samples[name]) - 1) for name, weight in weights.items()]
        freedom = sum(part for part, _ in parts) ** 2 / sum(part**2 / free for part, free in parts if part > 0)
        half = float(stats.t.ppf((1 + self.confidence) / 2, freedom)) * error
        p = float(2 * stats.t.sf(abs(value) / error, freedom))
        return Interval(value, value - half, value + half, p, _STUDENT)

    def _roots(self, value: float, error: float, n: int) -> Interval:
        """Return Student's interval of a mean above zero, on the scale of square roots."""
        root = float(np.sqrt(value))
        half = float(stats.t.ppf((1 + self.confidence) / 2, n - 1)) * error / (2 * root)
        return Interval(value, max(root - half, 0.0) ** 2, (root + half) ** 2, note=_STUDENT)

    def _shares(self, weights: Mapping[str, float], value: float) -> Interval:
        """Return Wilson's interval of a share, and Newcombe's (1998) of differences of shares."""
        z = float(stats.norm.ppf((1 + self.confidence) / 2))
        below = above = 0.0
        for name, weight in weights.items():
            share, n = self.means[name], len(self.samples[name])
            middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
            half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
            low, high = middle - half, middle + half
            edges = (share - low, high - share) if weight > 0 else (high - share, share - low)
            below, above = below + (weight * edges[0]) ** 2, above + (weight * edges[1]) ** 2
        pooled = sum(weight**2 * self.errors[name] for name, weight in weights.items())
        p = float(2 * stats.norm.sf(abs(value) / np.sqrt(pooled))) if pooled > 0 else np.nan
        return Interval(value, value - float(np.sqrt(below)), value + float(np.sqrt(above)), p)


class ClusterDesign:
    """Groups whose units come in clusters (stories, days), also in several groups: clusters are resampled whole."""

    def __init__(
        self, group: NDArray[np.int64], cluster: NDArray[np.int64], value: Floats, names: list[str], n_resamples: int,
        confidence: float, seed: int, weight: Floats | None = None, *, floored: bool = False,
    ) -> None:  # fmt: skip
        self.floored = floored
        self.names, self.n_resamples, self.confidence, self.seed = names, n_resamples, confidence, seed
        _, number = np.unique(cluster, return_inverse=True)
        self.size = int(number.max()) + 1 if len(number) else 0
        cell = number * len(names) + group
        weight = np.ones(len(value)) if weight is None else weight
        shape = (self.size, len(names))
        self.sums = np.bincount(cell, weight * value, minlength=self.size * len(names)).reshape(shape)
        self.counts = np.bincount(cell, weight, minlength=self.size * len(names)).reshape(shape)
        self.clusters = (self.counts > 0).sum(axis=0)
        self.means = self.sums.sum(axis=0) / self.counts.sum(axis=0)

    @cached_property
    def moments(self) -> tuple[Floats, Floats, Floats]:
        """Resampled sums and counts of groups, and the second moments of clusters, for every resample."""
        both = np.hstack([self.sums, self.counts])
        wide = both.shape[1]
        upper = np.triu_indices(wide)
        squares = both[:, upper[0]] * both[:, upper[1]]
        generator = named_generator(self.seed, "clusters")
        totals, seconds = np.empty((self.n_resamples, wide)), np.empty((self.n_resamples, len(upper[0])))
        step = max(1, _CHUNK // max(1, self.size))
        for first in range(0, self.n_resamples, step):
            rows = slice(first, min(first + step, self.n_resamples))
            drawn = np.empty((rows.stop - rows.start, self.size))
            for at in range(len(drawn)):
                drawn[at] = np.bincount(generator.integers(0, self.size, self.size), minlength=self.size)
            totals[rows], seconds[rows] = drawn @ both, drawn @ squares
        full = np.empty((self.n_resamples, wide, wide))
        full[:, upper[0], upper[1]] = full[:, upper[1], upper[0]] = seconds
        groups = len(self.names)
        return totals[:, :groups], totals[:, groups:], full

    def interval(self, weights: Mapping[str, float]) -> Interval:
        """Return a weighted sum of group means with its interval."""
        w = np.array([weights.get(name, 0.0) for name in self.names])
        used = w != 0
        value = float(w[used] @ self.means[used])
        least = int(self.clusters[used].min())
        if least < LEAST:
            where = [name for name, on in zip(self.names, used, strict=True) if on][int(np.argmin(self.clusters[used]))]
            return Interval(value, np.nan, np.nan, note=f"no interval: {count_of(least, 'cluster')} in {where}")
        total = self.counts.sum(axis=0)
        scale = np.where(used, w / np.where(total > 0, total, 1.0), 0.0)
        pull = (self.sums - np.where(used, self.means, 0.0) * self.counts) @ scale
        correction = self.size / (self.size - 1)
        error = float(np.sqrt(correction * (pull**2).sum()))
        if error <= 1e-12 * (1 + abs(value)):
            return Interval(value, value, value, note="all values are equal")
        sums, counts, seconds = self.moments
        with np.errstate(divide="ignore", invalid="ignore"):
            means = sums / counts
            parts = np.where(used, w / counts, 0.0)
            coefficients = np.hstack([parts, np.where(used, -parts * means, 0.0)])
            shift = np.where(used, w * (means - self.means), 0.0).sum(axis=1)
            errors = np.sqrt(
                np.maximum(correction * np.einsum("ri,rij,rj->r", coefficients, seconds, coefficients), 0.0)
            )
        kept = np.isfinite(shift) & np.isfinite(errors)  # a group may be in no cluster that was drawn
        if self.floored and w[used].tolist() == [1.0]:
            return above_zero(value, error, value + shift[kept], errors[kept], self.confidence, least - 1)
        return studentised(value, error, shift[kept], errors[kept], self.confidence)


def studentised(
    value: float, error: float, shift: Floats, errors: Floats, confidence: float, *, percentile: bool = True
) -> Interval:
    """Return the interval from resampled distances and their standard errors.

    Where resamples are too alike, their percentiles serve, or with ``percentile=False`` there is none.

    Each end lies in the middle between that of equal tails and the symmetric one. With twenty exponential values these
    cover a mean in 94.1 and 93.2%, a difference from the mean of two other groups in 92.8 and 95.1%, their middle in
    94.2 and 94.4% (simulations of 3,000 to 6,000 samples); with hundreds of values all three are one.
    """
    none = errors <= 1e-9 * error
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(
            none, np.where(np.abs(shift) <= 1e-12 * (1 + abs(value)), 0.0, np.sign(shift) * np.inf), shift / errors
        )
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    low, high = np.quantile(t, tails, method="inverted_cdf")
    even = np.quantile(np.abs(t), confidence, method="inverted_cdf")
    low, high = (low - even) / 2, (high + even) / 2
    p = float((1 + (np.abs(t) >= abs(value) / error).sum()) / (1 + len(t)))
    if not np.isfinite((low, high)).all():
        if not percentile:
            return Interval(value, np.nan, np.nan, p)
        edges = np.quantile(value + shift, tails)
        return Interval(value, float(edges[0]), float(edges[1]), p, "resamples are too alike: percentile interval")
    return Interval(value, value - float(high) * error, value - float(low) * error, p)


def above_zero(value: float, error: float, means: Floats, errors: Floats, confidence: float, freedom: int) -> Interval:
    """Return the interval of a mean of values above zero from resampled means and their errors, by their logarithms.

    Where a resample is likely to hold nothing but zeros, Student's on the same scale. Of 8, 12 and 20 articles, 60% of
    which have nothing, it holds the truth in 92, 92 and 95%, where the same without logarithms does in 84, 88 and 96%;
    of so many exponential values, both do so alike (simulations of 1,000 samples).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        shift, spread = np.log(means / value), np.where(means > 0, errors / means, 1.0)
    # A mean of nothing is infinitely far below.
    found = studentised(0.0, error / value, shift, spread, confidence, percentile=False)
    if np.isnan(found.low):
        half = float(stats.t.ppf((1 + confidence) / 2, freedom)) * error / value
        found = Interval(0.0, -half, half, note="Student's t: few values above zero")
    return Interval(value, float(value * np.exp(found.low)), float(value * np.exp(found.high)), note=found.note)


def permute_labels(
    value: Floats, group: NDArray[np.int64], contrasts: Floats, cluster: NDArray[np.int64] | None, times: int, seed: int
) -> Floats:
    """Return for every contrast (a row of weights of groups) the p of its studentised difference by exchanging labels.

    Labels go between all units; with clusters that lie in one group each, whole clusters are exchanged; with clusters
    in several groups, labels are exchanged inside clusters. NaN where there are too many units: the bootstrap's p
    serves.
    """
    groups = contrasts.shape[1]
    if len(value) * times > MOST_EXCHANGED or groups < 2:
        return np.full(len(contrasts), np.nan)
    generator = named_generator(seed, "permutation")
    weight = np.ones(len(value))
    inside: NDArray[np.int64] | None = None
    if cluster is not None:
        _, number = np.unique(cluster, return_inverse=True)
        pairs = len(np.unique(number * groups + group))
        if pairs == number.max() + 1:  # each cluster in one group: its sum and size move together
            first = np.unique(number, return_index=True)[1]
            value = np.bincount(number, value).astype(np.float64)
            weight = np.bincount(number).astype(np.float64)
            group = group[first]
        else:
            inside = number
    real = _statistics(value[None], weight[None], group, contrasts)[0]
    above = np.zeros(len(contrasts), dtype=np.int64)
    step = max(1, _CHUNK // max(1, len(value)))
    order = np.arange(len(value)) if inside is None else np.argsort(inside, kind="stable")
    for begin in range(0, times, step):
        rows = min(step, times - begin)
        if inside is None:
            mixed = generator.permuted(np.tile(order, (rows, 1)), axis=1)
        else:  # sorting random numbers plus the cluster's number mixes inside clusters only
            keys = generator.random((rows, len(value))) + inside
            mixed = np.empty((rows, len(value)), dtype=np.int64)
            mixed[:, order] = np.argsort(keys, axis=1)
        drawn = _statistics(value[mixed], weight[mixed], group, contrasts)
        above += (np.abs(drawn) >= np.abs(real) * (1 - 1e-9) - 1e-12).sum(axis=0)
    p = (1 + above) / (1 + times)
    return np.where(np.isfinite(real), p, np.nan)


def _statistics(values: Floats, weights: Floats, group: NDArray[np.int64], contrasts: Floats) -> Floats:
    """Return the studentised contrasts of each row of values: ratio means, with variances of their own by group."""
    groups = contrasts.shape[1]
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups))
    present = np.bincount(group, minlength=groups) > 0
    sums, sizes = (
        np.add.reduceat(part[:, order], np.minimum(bounds, len(group) - 1), axis=1) for part in (values, weights)
    )
    means = sums / sizes
    pulls = (values - means[:, group] * weights) ** 2
    n = np.bincount(group, minlength=groups)
    spread = np.add.reduceat(pulls[:, order], np.minimum(bounds, len(group) - 1), axis=1) / sizes**2
    spread = spread * np.where(n > 1, n / np.maximum(n - 1, 1), np.nan)
    means, spread = np.where(present, means, np.nan), np.where(present, spread, np.nan)
    used = contrasts != 0
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.stack([means[:, on] @ row[on] for row, on in zip(contrasts, used, strict=True)], axis=1)
        error = np.sqrt(
            np.stack([spread[:, on] @ row[on] ** 2 for row, on in zip(contrasts, used, strict=True)], axis=1)
        )
        return np.where(error > 0, difference / error, np.where(np.abs(difference) > 0, np.inf, 0.0))


def adjust(p: Floats, correction: str) -> Floats:
    """Return p adjusted for their number: "holm", "bonferroni", "fdr_bh", or "none"."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if not len(known):
        return adjusted
    raw = p[known]
    order = np.argsort(raw, kind="stable")
    m = len(raw)
    if correction == "holm":
        steps = np.maximum.accumulate((m - np.arange(m)) * raw[order])
    elif correction == "fdr_bh":
        steps = np.minimum.accumulate((m / np.arange(1, m + 1) * raw[order])[::-1])[::-1]
    else:
        steps = raw[order] * (m if correction == "bonferroni" else 1)
    back = np.empty(m)
    back[order] = np.minimum(steps, 1.0)
    adjusted[known] = back
    return adjusted


def hedges_g(difference: float, one: Floats, other: Floats, confidence: float) -> tuple[float, float, float]:
    """Return the difference in pooled standard deviations, corrected for small samples, with its interval.

    Hedges 1981; interval by the normal approximation of Hedges & Olkin 1985.
    """
    freedom = len(one) + len(other) - 2
    if len(one) < 2 or len(other) < 2:
        return np.nan, np.nan, np.nan
    pooled = np.sqrt(((len(one) - 1) * one.var(ddof=1) + (len(other) - 1) * other.var(ddof=1)) / freedom)
    if is_nothing(float(pooled), np.concatenate([one, other])):
        return np.nan, np.nan, np.nan
    g = float(difference / pooled * (1 - 3 / (4 * freedom - 1)))
    n, m = len(one), len(other)
    half = float(stats.norm.ppf((1 + confidence) / 2) * np.sqrt((n + m) / (n * m) + g**2 / (2 * (n + m))))
    return g, g - half, g + half


def cliffs_delta(one: Floats, other: Floats, confidence: float) -> tuple[float, float, float]:
    """Return how much oftener a value of one group is above one of the other than below, -1 to 1, with its interval.

    Cliff 1993; interval of Feng & Cliff 2004.
    """
    n, m = len(one), len(other)
    if n < 2 or m < 2:
        return np.nan, np.nan, np.nan
    below, upto = np.searchsorted(np.sort(other), one, "left"), np.searchsorted(np.sort(other), one, "right")
    by_one = (below - (m - upto)) / m
    below, upto = np.searchsorted(np.sort(one), other, "left"), np.searchsorted(np.sort(one), other, "right")
    by_other = ((n - upto) - below) / n
    delta = float(by_one.mean())
    ties = float((upto - below).sum())
    squares = n * m - ties  # of single comparisons, each 1 but for ties
    spread = (
        m**2 * ((by_one - delta) ** 2).sum() + n**2 * ((by_other - delta) ** 2).sum() - (squares - n * m * delta**2)
    )
    variance = max(float(spread / (n * m * (n - 1) * (m - 1))), (1 - delta**2) / (n * m - 1))
    z = float(stats.norm.ppf((1 + confidence) / 2))
    width = z * np.sqrt(variance) * np.sqrt((1 - delta**2) ** 2 + z**2 * variance)
    below_one = 1 - delta**2 + z**2 * variance
    if below_one <= 0:
        return delta, delta, delta
    low, high = (delta - delta**3 - width) / below_one, (delta - delta**3 + width) / below_one
    return delta, float(max(low, -1.0)), float(min(high, 1.0))


def is_nothing(spread: float, values: Floats) -> bool:
    """Whether a spread of values is but the rounding of their last binary digits."""
    return bool(spread <= 1e-12 * (1 + np.abs(values).max()))


def count_of(number: int, noun: str) -> str:
    """Return "1 article", "2 articles"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
