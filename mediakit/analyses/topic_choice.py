"""How many topics: a default for those who have not yet read the articles, and the reason for it."""

from __future__ import annotations

import pandas as pd

LEAST_ARTICLES = 20  # fewer have no topics worth a model
LEAST_KEPT = 0.8  # share of articles that keep their topic
MANY = 2000  # articles up to which all are used to choose


def numbers_to_try(articles: int) -> list[int]:
    """Return numbers of topics that so many articles can bear, at most a quarter of their number.

    Examples
    --------
    >>> numbers_to_try(52), numbers_to_try(24), numbers_to_try(5000)
    ([4, 5, 6, 7, 8, 9, 10, 11, 12], [4, 5, 6], [5, 8, 12, 16, 20, 30])
    """
    if articles <= 200:
        return list(range(4, max(5, min(12, articles // 4)) + 1))
    return [5, 8, 12, 16, 20, 30]


def pick_number(choice: pd.DataFrame) -> int:
    """Return the number with the most coherent and exclusive topics among those whose articles keep their topic.

    The product of coherence and exclusivity, as either alone can be had for nothing: few broad topics are coherent,
    many that share their words are not exclusive. Where no number keeps 80% of the articles, the one that keeps most.

    Parameters
    ----------
    choice : DataFrame
        From `choose_topics`.

    Examples
    --------
    >>> pick_number(pd.DataFrame({"k": [4, 5], "npmi": [0.2, 0.9], "exclusivity": [0.9, 0.9], "kept": [0.9, 0.5]}))
    4
    """
    steady = choice[choice["kept"] >= LEAST_KEPT]
    if steady.empty:
        return int(choice.loc[choice["kept"].fillna(0.0).idxmax(), "k"])
    return int(steady.loc[(steady["npmi"].clip(lower=0) * steady["exclusivity"]).idxmax(), "k"])
