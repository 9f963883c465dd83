"""Checks of a sentiment score: does it depend on the length of the article, and on the choice of the lexicon?"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.errors import ArticleTableError, require_columns

SMALL = 0.2  # correlations between -0.2 and +0.2 explain less than 4% of the variance
FEWEST = 5  # articles


def check_length(
    scores: pd.DataFrame, articles: pd.DataFrame | None = None, *, value: str = "sentiment", by: str = "outlet"
) -> pd.DataFrame:
    """Check whether a score depends on the length of the article within outlets.

    A score that grows with length makes outlets differ that only differ in length. Correlated are the score and the
    logarithm of the number of words, for every outlet, and over all outlets after the outlets' means are taken out.

    Parameters
    ----------
    scores : DataFrame, one row per article
        From `score_sentiment` or another measure.
    articles : DataFrame, optional
        Where `scores` lacks the columns `words` or `by`.
    value : str, default "sentiment"
    by : str, default "outlet"

    Returns
    -------
    DataFrame, one row for all outlets together ("within all") and one per outlet
        group : str; n : int, articles
        correlation : float from -1 to +1; low, high : its 95% interval (Fisher's z; for "within all" with one degree
        of freedom less for each outlet after the first); NaN below five articles, or where nothing varies
        verdict : what the interval says, in words

    Raises
    ------
    ColumnError
        When `value`, `words` or `by` is missing.

    Examples
    --------
    >>> scores = pd.DataFrame({"outlet": "A", "words": [100, 200, 400, 800, 1600], "sentiment": [1, 2, 3, 4, 5.0]})
    >>> check_length(scores)[["group", "correlation", "verdict"]].values.tolist()[0]
    ['within all', 1.0, 'depends on length: longer articles score higher']
    """
    table = scores
    if articles is not None:
        lacking = [name for name in ("words", by) if name not in scores.columns and name in articles.columns]
        table = scores.merge(articles[["article_id", *lacking]], on="article_id", how="left")
    require_columns(table, [value, "words", by], "the table of scores")
    if "lexicon" in table.columns and len(set(table["lexicon"])) > 1:
        raise ArticleTableError(
            "the scores are of several lexicons: check one, as scores.query('lexicon == \"vader\"')."
        )
    usable = table[table[value].notna() & (table["words"] > 0) & table[by].notna()]
    length = np.log(usable["words"].to_numpy(dtype=np.float64))
    score = usable[value].to_numpy(dtype=np.float64)
    names, group = np.unique(usable[by].astype(str).to_numpy(dtype=object), return_inverse=True)
    within = (_centred(score, group), _centred(length, group))
    rows = [("within all", len(usable), *_correlate(*within, lost=max(0, len(names) - 1)))]
    for number, name in enumerate(names):
        mine = group == number
        rows.append((str(name), int(mine.sum()), *_correlate(score[mine], length[mine])))
    result = pd.DataFrame(rows, columns=["group", "n", "correlation", "low", "high"])
    result["verdict"] = [_judge(row) for row in result.itertuples()]
    return result.astype({"group": "str", "verdict": "str"})


def compare_lexicons(scores: pd.DataFrame, *, value: str = "sentiment") -> pd.DataFrame:
    """Compare lexicons over the same articles: how far do their scores agree?

    Parameters
    ----------
    scores : DataFrame, one row per article and lexicon
        From ``score_sentiment(articles, lexicon=[...])``.
    value : str, default "sentiment"

    Returns
    -------
    DataFrame, one row per pair of lexicons
        lexicon, other : str; n : int, articles scored by both
        correlation : float, Pearson's; low, high : its 95% interval (Fisher's z)
        rank_correlation : float, Spearman's
        same_sign : float from 0 to 1, share of articles in which both are positive, both negative or both 0

    Raises
    ------
    ArticleTableError
        When there are fewer than two lexicons.

    Examples
    --------
    >>> from mediakit import load_lexicon, make_articles, score_sentiment
    >>> texts = ["A good day.", "A bad day.", "A good, good day. A war.", "A war.", "Nothing."]
    >>> table = make_articles([{"text": text, "language": "en"} for text in texts])
    >>> scores = score_sentiment(table, lexicon=["vader", load_lexicon({"good": 1, "bad": -1}, name="mine")])
    >>> compare_lexicons(scores)[["lexicon", "other", "n", "correlation"]].round(2).values.tolist()
    [['vader', 'mine', 5, 0.83]]
    """
    require_columns(scores, ["article_id", "lexicon", value], "the table of scores")
    names = list(dict.fromkeys(scores["lexicon"]))
    if len(names) < 2:
        raise ArticleTableError("give score_sentiment two lexicons or more, as lexicon=['vader', 'my_list.csv'].")
    wide = scores.set_index(["article_id", "lexicon"])[value].unstack("lexicon")  # noqa: PD010
    rows = []
    for one, other in combinations(names, 2):
        both = wide[[one, other]].dropna()
        a, b = both[one].to_numpy(dtype=np.float64), both[other].to_numpy(dtype=np.float64)
        ranks = _correlate(both[one].rank().to_numpy(), both[other].rank().to_numpy())[0]
        same = float((np.sign(a) == np.sign(b)).mean()) if len(both) else np.nan
        rows.append((one, other, len(both), *_correlate(a, b), ranks, same))
    columns = ["lexicon", "other", "n", "correlation", "low", "high", "rank_correlation", "same_sign"]
    return pd.DataFrame(rows, columns=columns).astype({"lexicon": "str", "other": "str"})


def _centred(values: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.float64]:
    if not len(values):
        return values
    return values - (np.bincount(group, weights=values) / np.bincount(group))[group]


def _correlate(a: NDArray[np.float64], b: NDArray[np.float64], *, lost: int = 0) -> tuple[float, float, float]:
    """Return Pearson's correlation and its interval by Fisher's z, with `lost` degrees of freedom fewer."""
    if len(a) < FEWEST or np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12:
        return np.nan, np.nan, np.nan
    r = float(np.clip(np.corrcoef(a, b)[0, 1], -1, 1))
    free = len(a) - lost - 3
    if free < 1:
        return r, np.nan, np.nan
    if 1 - abs(r) < 1e-12:
        return r, r, r
    reach = 1.959963984540054 / np.sqrt(free)
    return r, float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach))


def _judge(row: object) -> str:
    low, high, r = row.low, row.high, row.correlation  # type: ignore[attr-defined]
    if np.isnan(r) or np.isnan(low):
        return "cannot tell: too few articles, or nothing varies"
    if low > 0 or high < 0:
        direction = "higher" if r > 0 else "lower"
        strength = "on length" if max(abs(low), abs(high)) > SMALL else "slightly"
        return f"depends {strength}: longer articles score {direction}"
    if low > -SMALL and high < SMALL:
        return f"no dependence beyond a correlation of {SMALL:g}"
    return "cannot tell: the interval is too wide"
