"""Words that belong together: next to each other (collocations), or in the same sentence or article (co-occurrence)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.codebook_hits import find_hits
from mediakit.analyses.topics import as_codebook, as_tokens, check_voice
from mediakit.analyses.word_counts import forms_of, is_countable
from mediakit.errors import ArticleTableError
from mediakit.lexicons.codebooks import Codebook
from mediakit.load.languages import is_function_word
from mediakit.text.patterns import normal_form
from mediakit.text.tokens import Tokens

# name here -> the function of nltk.metrics.BigramAssocMeasures
MEASURES = {
    "g2": "likelihood_ratio", "pmi": "pmi", "t": "student_t", "chi2": "chi_sq", "dice": "dice", "jaccard": "jaccard",
    "mi3": "mi_like", "poisson": "poisson_stirling", "npmi": "",
}  # fmt: skip
PLACES = ("sentence", "paragraph", "article")


def find_collocations(
    tokens: Tokens | pd.DataFrame,
    word: str | None = None,
    *,
    measure: str = "g2",
    window: int = 1,
    min_count: int = 3,
    min_articles: int = 2,
    function_words: bool = False,
    voice: str = "all",
) -> pd.DataFrame:
    """Find words that stand near each other more often than by chance.

    Parameters
    ----------
    tokens : Tokens or DataFrame
        From `tokenize`, or an article table.
    word : str, optional
        Only the collocates of this word. Default: all pairs.
    measure : str, default "g2"
        "g2" (log-likelihood ratio), "pmi", "npmi" (normalised, -1 to 1), "t", "chi2", "dice", "jaccard", "mi3",
        "poisson"; all but npmi are nltk's association measures.
    window : int, default 1
        How many words behind the first the second may stand, in the same sentence; 1 is next to it.
    min_count, min_articles : int, default 3 and 2
        Leave out pairs that occur less often, or in fewer articles.
    function_words : bool, default False
        Whether pairs with words such as "the" are returned.
    voice : {"all", "outlet", "quoted"}
        Which words are read.

    Returns
    -------
    DataFrame, one row per pair in order of the text, the highest score first
        first, second : str, normal forms; hits : int; articles : int; count_first, count_second : int
        expected : float, hits by chance; score : float

    Raises
    ------
    ArticleTableError
        When `measure` is unknown or `window` is less than 1.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["Tear gas drifted over the square.", "They fired tear gas.", "Tear gas and rain fell."]
    >>> rows = [{"text": text, "position": n} for n, text in enumerate(texts)]
    >>> find_collocations(tokenize(make_articles(rows)))[["first", "second", "hits"]].values.tolist()
    [['tear', 'gas', 3]]
    """
    check_voice(voice)
    tokens = as_tokens(tokens)
    if measure not in MEASURES:
        raise ArticleTableError(f"measure={measure!r} is not known; there is {', '.join(MEASURES)}.")
    if window < 1:
        raise ArticleTableError(f"window={window}: the second word stands at least one word behind the first.")
    forms, form_of_term = forms_of(tokens)
    shown = [is_countable(form) and (function_words or not is_function_word(form)) for form in forms]
    usable = np.array(shown, np.bool_)
    form = form_of_term[tokens.term]
    read = np.ones(len(form), np.bool_) if voice == "all" else tokens.quoted == (voice == "quoted")
    first, second = _pairs(tokens, read, window)
    keep = usable[form[first]] & usable[form[second]]
    if word is not None:
        wanted = np.array([one == normal_form(word) for one in forms], np.bool_)
        keep &= wanted[form[first]] | wanted[form[second]]
    total = len(first)  # places where a pair can stand
    in_first, in_second = (np.bincount(form[side], minlength=len(forms)) for side in (first, second))
    first, second = first[keep], second[keep]
    code, number, hits = np.unique(form[first] * len(forms) + form[second], return_inverse=True, return_counts=True)
    seen = np.unique(number * max(1, len(tokens.texts)) + tokens.article[first])
    articles = np.bincount(seen // max(1, len(tokens.texts)), minlength=len(code))
    kept = np.flatnonzero((hits >= min_count) & (articles >= min_articles))
    one, other = code[kept] // max(1, len(forms)), code[kept] % max(1, len(forms))
    score = [
        _associate(measure, int(n), int(a), int(b), total)
        for n, a, b in zip(hits[kept], in_first[one], in_second[other], strict=True)
    ]
    table = pd.DataFrame({
        "first": [forms[at] for at in one], "second": [forms[at] for at in other], "hits": hits[kept],
        "articles": articles[kept], "count_first": in_first[one], "count_second": in_second[other],
        "expected": in_first[one] * in_second[other] / max(1, total), "score": np.array(score, dtype=np.float64),
    }).astype({"first": "str", "second": "str"})  # fmt: skip
    return table.sort_values(
        ["score", "first", "second"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def _pairs(tokens: Tokens, read: NDArray[np.bool_], window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the second token of every pair in a sentence, up to `window` words apart."""
    sentence, size = tokens.sentence, len(read)
    heads, tails = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, min(window, size - 1) + 1):
        same = sentence[: size - step] == sentence[step:]
        head = np.flatnonzero(same & read[: size - step] & read[step:])
        heads.append(head)
        tails.append(head + step)
    return np.concatenate(heads), np.concatenate(tails)


def _associate(measure: str, together: int, first: int, second: int, total: int) -> float:
    if measure == "npmi":
        share = together / total
        return 1.0 if share == 1 else float(np.log(share * total * total / (first * second)) / -np.log(share))
    from nltk.metrics import BigramAssocMeasures

    return float(getattr(BigramAssocMeasures, MEASURES[measure])(together, (first, second), total))


def count_cooccurrence(
    tokens: Tokens | pd.DataFrame,
    patterns: Codebook | Mapping[str, Sequence[str]] | Sequence[str],
    *,
    within: str | int = "sentence",
    least: int = 1,
    voice: str = "all",
) -> pd.DataFrame:
    """Count how often categories or words occur together: the edges of a network.

    Parameters
    ----------
    tokens : Tokens or DataFrame
        From `tokenize`, or an article table.
    patterns : Codebook or the name of one, mapping of labels to patterns, or patterns
        What may occur together.
    within : {"sentence", "paragraph", "article"} or int, default "sentence"
        Where both must be; a number is the distance in words (at most so many between them).
    least : int, default 1
        Only pairs that occur together so often.
    voice : {"all", "outlet", "quoted"}

    Returns
    -------
    DataFrame, one row per pair, the most frequent first; `plot_network` and `write_graphml` take it
        source, target : labels, in alphabetical order
        weight : int, units (sentences, …) in which both are; with a distance, occurrences of the source near the target
        articles : int, articles with such a unit
        expected : float, units to be expected if they were independent; lift : weight / expected;
        npmi : float, -1 to 1; these three are NaN with a distance

    Raises
    ------
    ArticleTableError
        When `within` is unknown.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> tokens = tokenize(make_articles([{"text": "Police met protesters. Police left. Protesters sang."}]))
    >>> count_cooccurrence(tokens, ["police", "protest*"])[["source", "target", "weight"]].values.tolist()
    [['police', 'protest*', 1]]
    """
    check_voice(voice)
    distance = within if isinstance(within, int) and not isinstance(within, bool) else None
    if (distance is None and within not in PLACES) or (distance is not None and distance < 0):
        raise ArticleTableError(f"within={within!r} is not known; there is {', '.join(PLACES)}, or a number of words.")
    tokens = as_tokens(tokens)
    if isinstance(patterns, Codebook | str):
        hits = find_hits(tokens, as_codebook(patterns))
        labels, label, first = hits.categories, hits.category, hits.first
        last = hits.last
    else:
        found = tokens.matches(patterns)
        labels, label, first, last = found.labels, found.label.astype(np.int64), found.first, found.last
    if voice != "all":
        keep = tokens.quoted[first] == (voice == "quoted")
        label, first, last = label[keep], first[keep], last[keep]
    if distance is not None:
        return _near(tokens, labels, label, first, last, distance, least)
    unit, total = _units(tokens, first, str(within))
    pairs = np.unique(np.stack([unit, label], axis=1), axis=0) if len(label) else np.zeros((0, 2), np.int64)
    from scipy.sparse import csr_matrix

    there = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(max(1, total), max(1, len(labels))))
    together = np.asarray((there.T @ there).todense())
    owner = np.zeros(max(1, total), np.int64)
    owner[unit] = tokens.article[first]
    articles = np.asarray((_of_articles(there, owner)).todense()) if len(pairs) else together
    rows = []
    alone = np.diag(together)
    for a in range(len(labels)):
        for b in range(len(labels)):
            if labels[a] < labels[b] and together[a, b] >= max(1, least):
                expected = alone[a] * alone[b] / total
                share = together[a, b] / total
                npmi = 1.0 if share == 1 else np.log(together[a, b] / expected) / -np.log(share)
                rows.append(
                    (
                        labels[a],
                        labels[b],
                        int(together[a, b]),
                        int(articles[a, b]),
                        expected,
                        together[a, b] / expected,
                        npmi,
                    )
                )
    return _edges(rows)


def _of_articles(there: Any, owner: NDArray[np.int64]) -> Any:
    """Return the number of articles with a unit that holds both."""
    from scipy.sparse import csr_matrix

    entries = there.tocoo()
    size = there.shape[1]
    joined = pd.DataFrame({"unit": entries.row, "label": entries.col})
    both = joined.merge(joined, on="unit", suffixes=("", "_2"))
    keys = np.unique(np.stack([owner[both["unit"]], both["label"], both["label_2"]], axis=1), axis=0)
    return csr_matrix((np.ones(len(keys)), (keys[:, 1], keys[:, 2])), shape=(size, size))


def _units(tokens: Tokens, first: NDArray[np.int64], within: str) -> tuple[NDArray[np.int64], int]:
    """Return the number of the unit of each match, and how many units there are."""
    if within == "article":
        return tokens.article[first].astype(np.int64), len(tokens.texts)
    if within == "sentence":
        return tokens.sentence[first].astype(np.int64), int(tokens.sentence[-1]) + 1 if len(tokens) else 0
    breaks = np.zeros(len(tokens), np.bool_)
    for number, text in enumerate(tokens.texts):
        span = slice(*np.searchsorted(tokens.article, (number, number + 1)))
        starts = tokens.start[span]
        at = text.find("\n\n")
        while at >= 0 and len(starts):
            begin = int(np.searchsorted(starts, at))
            if begin < len(starts):
                breaks[span.start + begin] = True
            at = text.find("\n\n", at + 2)
        if len(starts):
            breaks[span.start] = True
    paragraph = np.cumsum(breaks) - 1
    return paragraph[first].astype(np.int64), int(breaks.sum())


def _near(
    tokens: Tokens, labels: list[str], label: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64],
    distance: int, least: int,
) -> pd.DataFrame:  # fmt: skip
    """Count occurrences of one label with another at most `distance` words away, in the same article."""
    rows = []
    places = [(np.sort(first[label == n]), np.sort(last[label == n])) for n in range(len(labels))]
    for a in range(len(labels)):
        for b in range(len(labels)):
            if labels[a] >= labels[b] or not len(places[a][0]) or not len(places[b][0]):
                continue
            starts, ends = places[a]
            behind = np.searchsorted(places[b][0], ends, side="right")
            before = np.searchsorted(places[b][1], starts, side="left") - 1
            near = np.zeros(len(starts), np.bool_)
            ok = behind < len(places[b][0])
            other = places[b][0][np.minimum(behind, len(places[b][0]) - 1)]
            near |= ok & (other - ends - 1 <= distance) & (tokens.article[other] == tokens.article[ends])
            other = places[b][1][np.maximum(before, 0)]
            near |= (before >= 0) & (starts - other - 1 <= distance) & (tokens.article[other] == tokens.article[starts])
            if int(near.sum()) >= max(1, least):
                articles = len(np.unique(tokens.article[starts[near]]))
                rows.append((labels[a], labels[b], int(near.sum()), articles, np.nan, np.nan, np.nan))
    return _edges(rows)


def _edges(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = ["source", "target", "weight", "articles", "expected", "lift", "npmi"]
    table = pd.DataFrame(rows, columns=columns).astype({"source": "str", "target": "str", "weight": "int64"})
    return table.sort_values(
        ["weight", "source", "target"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
