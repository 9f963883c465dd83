"""Keyness: the words that set one group of articles apart from others, and how sure that is.

Counts of words alone cannot tell: one long article about a ferry makes "ferry" a key word of its outlet. So the chance
is that of articles (or stories), not of words: labels are exchanged between articles, and intervals come from
leaving articles out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.log_ratios import log_ratio, log_ratio_interval
from mediakit.analyses.topics import as_tokens, check_voice
from mediakit.analyses.word_counts import WordCounts, count_words
from mediakit.errors import ArticleTableError, require_columns
from mediakit.progress import progress_bar
from mediakit.text.tokens import Tokens

Floats = NDArray[np.float64]
PRIOR = 500.0  # words that the Dirichlet prior is worth, spread as in all texts
_RARE = 10  # exchanges; where fewer reach the observed value, p comes from the tail of a normal curve
_BLOCK = 2_000_000  # cells of a table of exchanges that is held at a time


def score_keyness(
    tokens: Tokens | pd.DataFrame,
    *,
    by: str = "outlet",
    target: str | None = None,
    reference: str | pd.DataFrame | None = None,
    unit: str = "word",
    voice: str = "all",
    within: str | None = None,
    cluster: str | None = None,
    function_words: bool = True,
    min_count: int = 5,
    min_articles: int = 3,
    prior: float = PRIOR,
    n_permutations: int = 1000,
    seed: int = 0,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Score every word by how much more often one group of articles uses it than the others.

    Parameters
    ----------
    tokens : Tokens, or DataFrame with one row per article
        From `tokenize`; an article table is tokenized first.
    by : column of the articles, default "outlet"
    target : str, optional
        The group of interest. Default: each group against the rest.
    reference : str or DataFrame, optional
        Another group, or a table of frequencies with the columns word and hits (of another corpus). Default: all
        other articles.
    unit : {"word", "phrase"}
        "phrase" adds sequences of two or three words that belong together.
    voice : {"all", "outlet", "quoted"}
        All words, the outlet's own (outside quotation marks), or quoted ones.
    within : column of the articles, optional
        Exchange labels only between articles that agree in it, as in the same story or month.
    cluster : column of the articles, optional
        Whole clusters, as stories, instead of articles are what the interval takes as independent.
    function_words : bool, default True
        Whether words such as "the" are scored.
    min_count, min_articles : int, default 5 and 3
        Leave out words that occur less often in target and reference together, or in fewer articles.
    prior : float, default 500
        Words that the Dirichlet prior of the log-odds is worth, spread over words as in target and reference together.
    n_permutations : int, default 1000
        0 leaves p out.
    seed : int, default 0

    Returns
    -------
    DataFrame, one row per target and word, by target and falling z
        target, reference, word : str
        hits, hits_reference : int; per_1000, per_1000_reference : float, per 1,000 words
        articles, articles_reference : int, with the word; share_difference : float, -1 to 1, of the shares of articles
        log_ratio : float, binary logarithm of the ratio of rates (half a hit added to each; Hardie 2014): 1 is twice as
            often; low, high : its 95% interval over articles or clusters (jackknife); NaN with fewer than five on a
            side
        log_odds, z : float, log-odds ratio with informative Dirichlet prior, and by its standard error (Monroe,
            Colaresi & Quinn 2008)
        g2, chi2 : float, log-likelihood ratio (Dunning 1993) and Pearson's chi-squared of the two-by-two table,
            negative where the reference has the word more often
        dp, juilland : float, how unevenly (Gries 2008; 0 even, 1 all in one article) and how evenly (Juilland's D; 1
            even) the target's articles share the hits
        p : float, two-sided, from exchanging the labels of articles; q : adjusted for all words of the target
            (Benjamini & Hochberg)
        note : why something is missing

    Raises
    ------
    ArticleTableError
        When there are fewer than two groups, a group is not there or has no words, an argument is unknown, or
        `tokens` is neither tokens nor an article table.

    Notes
    -----
    The permutation statistic is the signed root of G², which grows with the target's hits also where the reference has
    none. A word of a single article cannot have a small p, however often it occurs. Where fewer than ten exchanges
    reach the observed value, p is taken from a normal curve with the mean and deviation of the exchanged values (never
    below the chance that all articles with the word fall to one side), because a count of 1,000 exchanges cannot tell
    one word in ten thousand. With `within`, p is the count, not smaller than 1 in `n_permutations`.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = [("A", "strike chaos again"), ("B", "strike talks again")] * 6
    >>> rows = [{"text": text, "outlet": outlet, "position": n} for n, (outlet, text) in enumerate(texts)]
    >>> table = score_keyness(tokenize(make_articles(rows)), target="A", seed=1)
    >>> table[["word", "hits", "hits_reference"]].values.tolist()
    [['chaos', 6, 0], ['again', 6, 6], ['strike', 6, 6], ['talks', 0, 6]]
    >>> table["p"].round(2).tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    check_voice(voice)
    tokens = as_tokens(tokens, by, within, cluster)
    articles = tokens.articles
    require_columns(articles, [by, *(name for name in (within, cluster) if name)], "the article table")
    # Groups are compared as text, so that years and other numbers name them as well.
    target = None if target is None else str(target)
    reference = reference if reference is None or isinstance(reference, pd.DataFrame) else str(reference)
    words = count_words(tokens, unit=unit, voice=voice, function_words=function_words, min_count=1, min_articles=1)
    group = articles[by].astype("str")
    usable = (group.notna() & (words.sizes > 0)).to_numpy()
    names = sorted(group[usable].unique().tolist())
    targets = _targets(names, target, reference, by)
    strata = _codes(articles[within]) if within else np.zeros(len(group), dtype=np.int64)
    units = _codes(articles[cluster]) if cluster else np.arange(len(group))
    found = []
    for name in progress_bar(
        targets, "Keyness", show=progress, unit="group", least=1 if len(tokens) > 300_000 else 1000
    ):
        mine = usable & (group == name).to_numpy()
        if isinstance(reference, pd.DataFrame):
            pair = _against_table(words, mine, reference, min_count, min_articles)
        else:
            other = usable & ((group == reference) if reference is not None else (group != name)).to_numpy()
            pair = _against_articles(words, mine, other, min_count, min_articles)
        table = _score(pair, prior)
        generator = np.random.default_rng([seed, *name.encode()])
        table["p"] = _permute(pair, strata, n_permutations, generator) if pair.labelled else np.nan
        middle = table["log_ratio"].to_numpy()
        table["low"], table["high"] = log_ratio_interval(
            pair.counts, pair.sizes, pair.target, units[pair.rows], middle, outside=not pair.labelled
        )
        versus = "table of frequencies" if isinstance(reference, pd.DataFrame) else reference or "all others"
        table.insert(0, "target", name)
        table.insert(1, "reference", versus)
        table["q"] = _adjusted(table["p"].to_numpy())
        table["note"] = _note(pair, n_permutations)
        found.append(table.sort_values(["z", "word"], ascending=[False, True], kind="stable"))
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(_COLUMNS))
    table = table[list(_COLUMNS)].astype({"target": "str", "reference": "str", "word": "str", "note": "str"})
    table.attrs["keyness"] = {"by": by, "unit": unit, "voice": voice, "confidence": 0.95}
    return table


_COLUMNS = (
    "target", "reference", "word", "hits", "hits_reference", "per_1000", "per_1000_reference", "articles",
    "articles_reference", "share_difference", "log_ratio", "low", "high", "log_odds", "z", "g2", "chi2", "dp",
    "juilland", "p", "q", "note",
)  # fmt: skip


@dataclass
class _Pair:
    """Target and reference: the words scored, their counts by article, and the totals."""

    words: NDArray[Any]
    counts: Any  # sparse, articles of both by words
    sizes: Floats  # words of each article
    rows: NDArray[np.int64]  # the articles' numbers in the corpus
    target: NDArray[np.bool_]  # which of them are the target's
    outside: Floats | None  # counts of a table of frequencies
    outside_size: float

    @property
    def labelled(self) -> bool:
        """Whether the reference is made of articles, so that labels can be exchanged."""
        return self.outside is None


def _targets(names: list[str], target: str | None, reference: object, by: str) -> list[str]:
    for name, what in ((target, "target"), (reference, "reference")):
        if isinstance(name, str) and name not in names:
            raise ArticleTableError(
                f"{what}={name!r} is no group with words in {by!r}; there is {', '.join(names[:20])}."
            )
    if target is not None and isinstance(reference, str) and target == reference:
        raise ArticleTableError(f"target and reference are the same group, {target!r}.")
    if not names or (len(names) < 2 and not isinstance(reference, pd.DataFrame)):
        raise ArticleTableError(f"keyness compares groups; {by!r} has {len(names)} with words.")
    spared = reference if isinstance(reference, str) else None
    return [target] if target is not None else [name for name in names if name != spared]


def _codes(column: pd.Series) -> NDArray[np.int64]:
    """Number the values; each missing one is a value of its own."""
    codes = pd.factorize(column)[0].astype(np.int64)
    missing = codes < 0
    codes[missing] = codes.max(initial=0) + 1 + np.arange(int(missing.sum()))
    return codes


def _against_articles(
    words: WordCounts, mine: NDArray[np.bool_], other: NDArray[np.bool_], min_count: int, min_articles: int
) -> _Pair:
    rows = np.flatnonzero(mine | other)
    counts = words.counts[rows].tocsc()
    total = np.asarray(counts.sum(axis=0)).ravel()
    spread = np.diff(counts.indptr)
    kept = np.flatnonzero((total >= max(1, min_count)) & (spread >= max(1, min_articles)))
    sizes = words.sizes[rows].astype(np.float64)
    return _Pair(words.words[kept], counts[:, kept].tocsr(), sizes, rows, mine[rows], None, 0.0)


def _against_table(
    words: WordCounts, mine: NDArray[np.bool_], table: pd.DataFrame, min_count: int, min_articles: int
) -> _Pair:
    require_columns(table, ["word", "hits"], "the table of frequencies")
    known = table.groupby(table["word"].astype("str").str.casefold())["hits"].sum()
    rows = np.flatnonzero(mine)
    counts = words.counts[rows].tocsc()
    outside = known.reindex(words.words.astype(str)).fillna(0.0).to_numpy(np.float64)
    total = np.asarray(counts.sum(axis=0)).ravel()
    kept = np.flatnonzero((total + outside >= max(1, min_count)) & (np.diff(counts.indptr) >= max(1, min_articles)))
    sizes = words.sizes[rows].astype(np.float64)
    size = float(known.sum())
    if not size > 0:
        raise ArticleTableError("the table of frequencies counts no word.")
    return _Pair(words.words[kept], counts[:, kept].tocsr(), sizes, rows, mine[rows], outside[kept], size)


def _score(pair: _Pair, prior: float) -> pd.DataFrame:
    """Return all that can be said from the totals, and of how the articles share them."""
    mine = pair.counts[pair.target]
    a = np.asarray(mine.sum(axis=0)).ravel().astype(np.float64)
    n = float(pair.sizes[pair.target].sum())
    in_target = mine.getnnz(axis=0)
    if pair.outside is None:
        other = pair.counts[~pair.target]
        b, m = np.asarray(other.sum(axis=0)).ravel().astype(np.float64), float(pair.sizes[~pair.target].sum())
        in_other, others = other.getnnz(axis=0), int((~pair.target).sum())
    else:
        b, m, in_other, others = pair.outside, pair.outside_size, np.zeros(len(a)), 0
    share = in_target / max(1, int(pair.target.sum()))
    ratio, z = log_odds(a, b, n, m, prior * (a + b) / (n + m), prior)
    g2, chi2 = _tests(a, b, n, m)
    dp, juilland = _dispersion(mine, pair.sizes[pair.target], a)
    return pd.DataFrame({
        "word": pair.words, "hits": a.astype(np.int64), "hits_reference": b.astype(np.int64),
        "per_1000": 1000 * a / n, "per_1000_reference": 1000 * b / m, "articles": in_target.astype(np.int64),
        "articles_reference": in_other.astype(np.int64),
        "share_difference": share - in_other / others if others else np.nan,
        "log_ratio": log_ratio(a, b, n, m), "log_odds": ratio, "z": z, "g2": g2, "chi2": chi2, "dp": dp,
        "juilland": juilland,
    })  # fmt: skip


def log_odds(a: Floats, b: Floats, n: Any, m: Any, weight: Floats, prior: float) -> tuple[Floats, Floats]:
    """Return the log-odds ratio with Dirichlet prior and its z (Monroe et al. 2008, equations 16 and 20)."""
    one, other = a + weight, b + weight
    delta = np.log(one / (n + prior - one)) - np.log(other / (m + prior - other))
    return delta, delta / np.sqrt(1 / one + 1 / other)


def _tests(a: Floats, b: Floats, n: float, m: float) -> tuple[Floats, Floats]:
    """Return signed G² and chi² of the table [[a, n - a], [b, m - b]]."""
    total = n + m
    observed = np.array([a, b, n - a, m - b])
    expected = np.array([n * (a + b), m * (a + b), n * (total - a - b), m * (total - a - b)]) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(observed > 0, observed * np.log(observed / expected), 0.0)
        chi = np.where(expected > 0, (observed - expected) ** 2 / expected, 0.0)
    sign = np.where(a / n >= b / m, 1.0, -1.0)
    return sign * np.maximum(2 * parts.sum(axis=0), 0.0), sign * chi.sum(axis=0)


def _dispersion(counts: Any, sizes: Floats, hits: Floats) -> tuple[Floats, Floats]:
    """Return Gries' DP (0 even, 1 in one article) and Juilland's D (1 even) over articles."""
    columns = counts.tocsc()
    column = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
    expected = (sizes / sizes.sum())[columns.indices]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = columns.data / hits[column]
        dp = 0.5 * (1 + np.bincount(column, np.abs(share - expected) - expected, minlength=len(hits)))
        rate = columns.data / sizes[columns.indices]
        n = len(sizes)
        mean = np.bincount(column, rate, minlength=len(hits)) / n
        spread = np.sqrt(np.maximum(np.bincount(column, rate**2, minlength=len(hits)) / n - mean**2, 0))
        juilland = 1 - spread / mean / np.sqrt(n - 1) if n > 1 else np.full(len(hits), np.nan)
    nothing = hits == 0
    return np.where(nothing, np.nan, dp), np.where(nothing, np.nan, juilland)


def _permute(pair: _Pair, strata: NDArray[np.int64], times: int, generator: np.random.Generator) -> Floats:
    """Return the share of exchanges of labels (within strata) after which a word sets the groups as far apart."""
    words = len(pair.words)
    if not times or not words or pair.target.all() or not pair.target.any():
        return np.full(words, np.nan)
    labels = _exchange(pair.target, strata[pair.rows], times, generator)
    n = labels.astype(np.float64).T @ pair.sizes
    total, size = np.asarray(pair.counts.sum(axis=0)).ravel().astype(np.float64), float(pair.sizes.sum())
    a = np.asarray(pair.counts[pair.target].sum(axis=0)).ravel().astype(np.float64)
    n_real = float(pair.sizes[pair.target].sum())
    real = _apart(a, total, n_real / size)
    above = np.zeros(words, dtype=np.int64)
    middle, spread = np.zeros(words), np.zeros(words)
    by_word = pair.counts.T.tocsr().astype(np.float32)
    step = max(1, _BLOCK // times)
    for at in range(0, words, step):
        block = slice(at, at + step)
        hits = (by_word[block] @ labels).astype(np.float64)
        values = _apart(hits, total[block, None], n[None, :] / size)
        # What is equal but for rounding is as large: words that all articles share alike.
        above[block] = (np.abs(values) >= np.abs(real[block, None]) * (1 - 1e-9) - 1e-6).sum(axis=1)
        middle[block], spread[block] = values.mean(axis=1), values.std(axis=1)
    counted = (1 + above) / (1 + times)
    if len(np.unique(strata[pair.rows])) > 1:
        return counted
    return np.where(above < _RARE, np.minimum(_tail(pair, real, middle, spread), (1 + _RARE) / (1 + times)), counted)


def _apart(hits: Floats, total: Floats, share: Any) -> Floats:
    """Return the signed root of G² of a word: it grows with the target's hits, also where the reference has none.

    z does not: a prior that is worth less than a hit makes 8 hits against none less sure than 8 against one.
    """
    from scipy.special import xlogy

    expected, rest = total * share, total - hits
    ratio = np.maximum(xlogy(hits, hits / expected) + xlogy(rest, rest / (total - expected)), 0.0)
    return np.asarray(np.sign(hits - expected) * np.sqrt(2 * ratio), dtype=np.float64)


def _tail(pair: _Pair, real: Floats, middle: Floats, spread: Floats) -> Floats:
    """Return p where so few exchanges reach what is observed that counting them is too coarse for thousands of words.

    The normal tail with the mean and the deviation of the exchanged values, but never less than the chance that all
    articles with the word fall to one side.
    """
    from scipy.special import gammaln
    from scipy.stats import norm

    articles, target = len(pair.target), int(pair.target.sum())
    holding = pair.counts.getnnz(axis=0)
    side = np.where(real >= 0, target, articles - target)
    possible = holding <= side
    ways = gammaln(np.maximum(articles - holding, 0) + 1) - gammaln(np.maximum(side - holding, 0) + 1)
    least = np.exp(ways + gammaln(side + 1) - gammaln(articles + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        normal = 2 * norm.sf(np.abs(real - middle) / spread)
    return np.minimum(np.maximum(np.nan_to_num(normal, nan=1.0), np.where(possible, 2 * least, 0.0)), 1.0)


def _exchange(
    target: NDArray[np.bool_], strata: NDArray[np.int64], times: int, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Return labels, articles by exchanges, each with as many of the target in every stratum as there are."""
    labels = np.empty((len(target), times), dtype=np.float32)
    order = np.argsort(strata, kind="stable")
    bounds = np.flatnonzero(np.diff(strata[order], prepend=-1, append=-1) != 0)
    for start, end in pairwise(bounds.tolist()):
        rows = order[start:end]
        given = np.repeat(target[rows].astype(np.float32)[:, None], times, axis=1)
        labels[rows] = generator.permuted(given, axis=0) if 0 < target[rows].sum() < len(rows) else given
    return labels


def _adjusted(p: Floats) -> Floats:
    from scipy.stats import false_discovery_control

    known = ~np.isnan(p)
    adjusted = np.full(len(p), np.nan)
    if known.any():
        adjusted[known] = false_discovery_control(p[known])
    return adjusted


def _note(pair: _Pair, n_permutations: int) -> str:
    notes = []
    if not pair.labelled:
        notes.append("no p: the reference has no articles whose labels could be exchanged")
    elif n_permutations and min(int(pair.target.sum()), int((~pair.target).sum())) < 5:
        notes.append("fewer than five articles in a group: p and interval say little")
    return "; ".join(notes)
