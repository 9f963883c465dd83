"""Intervals of log ratios: against the definition, with stories on both sides, and how often they hold the truth."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import t

from mediakit.analyses.log_ratios import log_ratio, log_ratio_interval
from mediakit.analyses.ratios import mean_share_interval, ratio_interval


def simulated(seed, articles=(20, 100), words=40, rate=0.005, shape=1.0):
    """Counts whose rate varies between articles (gamma with this shape); both sides have the same mean rate."""
    generator = np.random.default_rng(seed)
    number = sum(articles)
    sizes = generator.lognormal(6, 0.5, number).round()
    own = generator.gamma(shape, 1 / shape, (number, words))
    counts = generator.poisson(sizes[:, None] * rate * own)
    return counts, sizes, np.arange(number) < articles[0]


def interval(counts, sizes, target, units=None):
    a, b = counts[target].sum(axis=0), counts[~target].sum(axis=0)
    middle = log_ratio(a, b, sizes[target].sum(), sizes[~target].sum())
    units = np.arange(len(sizes)) if units is None else units
    return middle, *log_ratio_interval(csr_matrix(counts), sizes, target, units, middle, outside=False)


def left_out(counts, sizes, target, units):
    """Return each side's log rate without each of its units, by the definition."""
    changes = []
    for side in (target, ~target):
        rows = []
        for unit in np.unique(units):
            keep = side & (units != unit)
            rows.append(np.log2((counts[keep].sum(axis=0) + 0.5) / sizes[keep].sum()))
        here = np.isin(np.unique(units), units[side])
        changes.append((np.array(rows), here))
    return changes


def linear_terms(counts, sizes, units):
    """Return the variance of a side's log rate by its linear terms: the share of hits less the share of words."""
    names = np.unique(units)
    hits = np.array([counts[units == unit].sum(axis=0) for unit in names]) / (counts.sum(axis=0) + 0.5)
    words = np.array([sizes[units == unit].sum() for unit in names]) / sizes.sum()
    terms = (hits - words[:, None]) / np.log(2)
    return len(names) * terms.var(axis=0, ddof=1)


@pytest.mark.parametrize("shared", [False, True])
def test_the_interval_is_that_of_the_definition(shared):
    counts, sizes, target = simulated(3, articles=(12, 18), words=6, rate=0.01)
    units = np.arange(30) % 9 if shared else np.arange(30)
    (ours, in_ours), (theirs, in_theirs) = left_out(counts, sizes, target, units)
    n, m = in_ours.sum(), in_theirs.sum()
    one = np.where(in_ours[:, None], ours - ours[in_ours].mean(axis=0), 0) * np.sqrt((n - 1) / n)
    other = np.where(in_theirs[:, None], theirs - theirs[in_theirs].mean(axis=0), 0) * np.sqrt((m - 1) / m)
    v, w = (one**2).sum(axis=0), (other**2).sum(axis=0)
    # The more alike the variances, the more those of the linear terms count.
    alike = (2 * np.minimum(v, w) / (v + w)) ** np.clip(40 / min(n, m), 0.4, 2)
    v = v + alike * (linear_terms(counts[target], sizes[target], units[target]) - v)
    w = w + alike * (linear_terms(counts[~target], sizes[~target], units[~target]) - w)
    variance = v + w - 2 * (one * other).sum(axis=0)
    f, g = (
        np.clip(
            2 * (part**2).sum(axis=0) ** 2 / ((part**4).sum(axis=0) - (part**2).sum(axis=0) ** 2 / size) - 1,
            1,
            size - 1,
        )
        for part, size in ((one, n), (other, m))
    )
    freedom = np.minimum((v + w) ** 2 / (v**2 / f + w**2 / g), len(np.unique(units)) - 1)

    middle, low, high = interval(counts, sizes, target, units)

    assert np.allclose(high - middle, t.ppf(0.975, freedom) * np.sqrt(variance))
    assert np.allclose(middle - low, high - middle)


def test_a_word_that_one_side_never_has_gets_a_wide_interval():
    counts, sizes, target = simulated(4, words=2)
    counts[~target, 1] = 0
    _, low, high = interval(counts, sizes, target)

    assert high[1] - low[1] > 8
    assert np.isfinite([low, high]).all()


def test_fewer_than_five_units_give_no_interval():
    counts, sizes, target = simulated(5, articles=(4, 30), words=2)
    assert np.isnan(interval(counts, sizes, target)[1]).all()
    counts, sizes, target = simulated(5, articles=(30, 30), words=2)
    assert np.isnan(interval(counts, sizes, target, np.arange(60) % 4)[1]).all()


@pytest.mark.parametrize("shape", [1.0, 100.0])
def test_the_interval_of_a_log_ratio_holds_the_truth_in_95_of_100_cases(shape):
    held = []
    for seed in range(60):
        _, low, high = interval(*simulated(seed, shape=shape))
        held.append(((low <= 0) & (high >= 0)).mean())

    assert 0.935 < np.mean(held) < 0.965


def test_the_interval_of_a_rate_holds_the_truth_in_95_of_100_cases():
    held = []
    for seed in range(60):
        counts, sizes, target = simulated(seed, articles=(40, 0))
        for column in counts[target].T.astype(float):
            _, low, high, _ = ratio_interval(column, sizes[target], share=False)
            held.append(low <= 0.005 <= high)

    assert 0.935 < np.mean(held) < 0.965


@pytest.mark.parametrize(("articles", "topics", "least", "most"), [(9, 8, 0.935, 0.965), (60, 8, 0.935, 0.98)])
def test_the_interval_of_a_mean_share_holds_the_truth(articles, topics, least, most):
    generator = np.random.default_rng(1)
    held = []
    for _ in range(1200):
        _, low, high = mean_share_interval(generator.dirichlet(np.full(topics, 0.2), articles)[:, 0])
        held.append(low <= 1 / topics <= high)

    assert least < np.mean(held) < most


def test_a_share_of_nothing_or_all_has_an_interval_and_more_error_widens_it():
    assert mean_share_interval(np.zeros(6))[:2] == (0.0, 0.0)
    assert 0.3 < mean_share_interval(np.zeros(6))[2] < 0.5
    assert mean_share_interval(np.ones(6))[2] == 1.0
    plain, wide = (mean_share_interval(np.array([0.9, 0.1, 0.8, 0.0, 0.2, 0.4]), extra) for extra in (0.0, 0.2))
    assert wide[1] < plain[1] < plain[2] < wide[2]
