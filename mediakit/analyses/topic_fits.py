"""Fitting topic models: what is factorised, where it begins, and the shares of topics in articles."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.keyness import PRIOR, log_odds
from mediakit.analyses.topic_quality import Floats
from mediakit.analyses.word_counts import WordCounts
from mediakit.errors import ArticleTableError, need_extra
from mediakit.lexicons.codebooks import Codebook
from mediakit.text.patterns import compile_pattern, wild_match

_ROUNDS = {"nmf": 300, "lda": 20, "gibbs": 1000}


def usable_words(counts: WordCounts, max_share: float, most_words: int) -> WordCounts:
    """Return the counts without words in too large a share of the articles, and the commonest of the rest."""
    columns = counts.counts.tocsc()
    spread = np.diff(columns.indptr)
    total = np.asarray(columns.sum(axis=0)).ravel()
    keep = np.flatnonzero(spread <= max(2, max_share * columns.shape[0]))
    if len(keep) > most_words:
        keep = np.sort(keep[np.argsort(-total[keep], kind="stable")[:most_words]])
    return WordCounts(counts.words[keep], columns[:, keep].tocsr(), counts.sizes)


def check_size(k: int, articles: int, words: int, max_share: float) -> None:
    """Raise where so many topics cannot be found."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 2:
        raise ArticleTableError(f"k={k!r}: a model has at least two topics.")
    if not words:
        raise ArticleTableError(f"no words are left: all are in one article only, or in more than {max_share:.0%}.")
    if k > articles or k > words:
        raise ArticleTableError(f"k={k} topics need as many articles and words; there are {articles} and {words}.")


def weigh_words(counts: Any, method: str) -> tuple[Any, Floats | None]:
    """Return what is factorised: tf-idf of length 1 for NMF, counts for LDA."""
    if method != "nmf":
        return counts.astype(np.float64), None
    n = counts.shape[0]
    idf = np.log((1 + n) / (1 + np.bincount(counts.indices, minlength=counts.shape[1]))) + 1
    return _tf_idf(counts, idf), idf


def _tf_idf(counts: Any, idf: Floats) -> Any:
    made = counts.astype(np.float64).tocsr(copy=True)
    made.data = (1 + np.log(made.data)) * idf[made.indices]
    length = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    made.data /= np.repeat(np.maximum(length, 1e-12), np.diff(made.indptr))
    return made


def fit_once(
    matrix: Any, k: int, method: str, seed: int, *, random: bool, wanted: dict[str, NDArray[np.int64]]
) -> tuple[Floats, Floats]:
    """Return topics by words and articles by topics, rows summing to 1."""
    if method == "gibbs":
        return _sample(matrix, k, seed, wanted)
    try:
        from sklearn.decomposition import NMF, LatentDirichletAllocation
        from sklearn.exceptions import ConvergenceWarning
    except ImportError:
        raise need_extra("scikit-learn", "topics", "A topic model") from None
    rounds = _ROUNDS[method]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits do not matter for topics
        if method == "lda":
            model: Any = LatentDirichletAllocation(
                k, learning_method="batch", max_iter=rounds, max_doc_update_iter=15, random_state=seed
            )
            inside = model.fit_transform(matrix)
        else:
            model = NMF(k, init="random" if random else "nndsvda", random_state=seed, max_iter=rounds, tol=1e-4)
            with np.errstate(invalid="ignore"):  # the error of a perfect fit is rounded below 0
                inside = model.fit_transform(matrix)
                if wanted:
                    start = _guide(inside, model.components_, wanted)
                    model = NMF(k, init="custom", max_iter=rounds, tol=1e-4)
                    inside = model.fit_transform(matrix, W=start[0], H=start[1])
    topics = model.components_
    if method == "nmf":  # the scale of a topic is arbitrary: share it out so that articles can be compared
        inside = inside * topics.sum(axis=1)
    return rows_to_one(topics), rows_to_one(inside)


def _sample(matrix: Any, k: int, seed: int, wanted: dict[str, NDArray[np.int64]]) -> tuple[Floats, Floats]:
    """Fit LDA by collapsed Gibbs sampling with tomotopy; seed words have a larger prior in their topic."""
    try:
        import tomotopy
    except ImportError:
        raise need_extra("tomotopy", "tomotopy", 'A topic model with method="gibbs"') from None
    model = tomotopy.LDAModel(k=k, alpha=50 / k, eta=0.01, seed=seed)
    names = [str(column) for column in range(matrix.shape[1])]
    for row in range(matrix.shape[0]):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        columns = np.repeat(matrix.indices[start:end], matrix.data[start:end].astype(np.int64))
        model.add_doc([names[column] for column in columns])
    for number, columns in enumerate(wanted.values()):
        for column in columns.tolist():
            model.set_word_prior(names[column], [1.0 if topic == number else 1e-4 for topic in range(k)])
    model.train(_ROUNDS["gibbs"], workers=1)  # one, so that a seed always gives the same model
    place = np.array([int(name) for name in model.used_vocabs])
    topics = np.zeros((k, matrix.shape[1]))
    topics[:, place] = [model.get_topic_word_dist(topic) for topic in range(k)]
    return rows_to_one(topics), np.array([doc.get_topic_dist() for doc in model.docs], dtype=np.float64)


def _guide(inside: Floats, topics: Floats, wanted: dict[str, NDArray[np.int64]]) -> tuple[Floats, Floats]:
    """Return where NMF goes on: each seed takes the topic that has most of its words, and these words as its own."""
    from scipy.optimize import linear_sum_assignment

    share = topics / np.maximum(topics.sum(axis=1, keepdims=True), 1e-300)
    held = np.array([share[:, columns].sum(axis=1) for columns in wanted.values()])
    _, chosen = linear_sum_assignment(-held)
    order = [*chosen.tolist(), *(topic for topic in range(len(topics)) if topic not in set(chosen.tolist()))]
    inside, topics = inside[:, order] + 1e-6, topics[order] + 1e-6
    largest = topics.max()
    for number, columns in enumerate(wanted.values()):
        topics[:, columns] = 1e-6
        topics[number, columns] = largest
    return inside, topics


def rows_to_one(values: Floats) -> Floats:
    """Return rows that sum to 1; empty ones are even."""
    total = values.sum(axis=1, keepdims=True)
    return np.where(total > 0, values / np.where(total > 0, total, 1.0), 1.0 / values.shape[1])


def spread_rows(shares: Floats, rows: NDArray[np.int64], articles: int) -> Floats:
    """Return the shares of all articles; NaN for those without words."""
    found = np.full((articles, shares.shape[1]), np.nan)
    found[rows] = shares
    return found


def align_counts(counts: WordCounts, words: NDArray[Any]) -> Any:
    """Return the counts of a model's words, in its order."""
    from scipy.sparse import csr_matrix

    column = {word: number for number, word in enumerate(words.tolist())}
    mapped = np.array([column.get(word, -1) for word in counts.words.tolist()], dtype=np.int64)
    entries = counts.counts.tocoo()
    keep = mapped[entries.col] >= 0 if len(mapped) else np.zeros(0, dtype=np.bool_)
    place = (entries.row[keep], mapped[entries.col[keep]])
    return csr_matrix((entries.data[keep], place), shape=(len(counts.sizes), len(words)))


def infer_shares(counts: Any, weights: Floats, idf: Floats | None) -> Floats:
    """Return the shares of topics in articles, with the topics held as they are (multiplicative updates)."""
    matrix = _tf_idf(counts, idf) if idf is not None else counts.astype(np.float64)
    topics, k = weights, len(weights)
    inside = np.full((matrix.shape[0], k), 1.0 / k)
    if idf is not None:
        against = np.asarray(matrix @ topics.T)
        gram = topics @ topics.T
        for _ in range(500):
            inside *= against / np.maximum(inside @ gram, 1e-12)
        return rows_to_one(inside)
    entries = matrix.tocoo()
    rows, columns, data = entries.row, entries.col, entries.data
    for _ in range(100):  # expectation-maximisation of the mixture, with the prior 1/k of the fit
        cell = inside[rows] * topics[:, columns].T
        cell *= (data / np.maximum(cell.sum(axis=1), 1e-300))[:, None]
        inside = np.full_like(inside, 1.0 / k)
        np.add.at(inside, rows, cell)
        inside = rows_to_one(inside)
    return inside


def suggest_names(counts: Any, inside: Floats, words: NDArray[Any], given: list[str]) -> list[str]:
    """Return for each topic its seed's name, or the three words that set it apart from the others (log-odds)."""
    of_topic = np.asarray(counts.T.astype(np.float64) @ inside)
    total = of_topic.sum(axis=1)
    size = float(total.sum())
    found = list(given)
    for topic in range(len(given), inside.shape[1]):
        a = of_topic[:, topic]
        n = float(a.sum())
        z = log_odds(a, total - a, n, size - n, PRIOR * total / size, PRIOR)[1]
        found.append(", ".join(words[np.argsort(-z, kind="stable")[:3]]))
    return found


def find_seed_words(
    seeds: Codebook | dict[str, list[str]], words: NDArray[Any], k: int
) -> dict[str, NDArray[np.int64]]:
    """Return the columns of the words of each seed; phrases are found where the unit is a phrase."""
    patterns = seeds.patterns() if isinstance(seeds, Codebook) else seeds
    found = {}
    for name, several in patterns.items():
        wanted = [" ".join(compile_pattern(pattern).words) for pattern in several]
        columns = [
            number for number, word in enumerate(words.tolist())
            if any(wild_match(pattern, word) for pattern in wanted)
        ]  # fmt: skip
        if columns:
            found[str(name)] = np.array(columns, dtype=np.int64)
    if not found:
        raise ArticleTableError("no word of the seeds is in the articles.")
    if len(found) > k:
        raise ArticleTableError(f"{len(found)} seeds need at least as many topics; k={k}.")
    return found
