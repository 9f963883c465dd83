"""Duplicates and shared copy: texts that repeat one another, wholly or mostly. They are labelled, never deleted.

Two texts are compared by the runs of five words they share (shingling: Broder 1997; for news, Nicholls 2019,
ijoc.org/index.php/ijoc/article/view/9904).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

import pandas as pd

from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError, require_columns

_WORD = re.compile(r"\w+")
_SHINGLE = 5
_COMMON = 200  # articles; a run of words in more of them is a standing phrase of the site


def find_duplicates(articles: pd.DataFrame, *, similarity: float = 0.6) -> pd.DataFrame:
    """Find articles that repeat the text of an earlier one: copies, later editions, wire copy run by several outlets.

    Parameters
    ----------
    articles : DataFrame, one row per article
        "Earlier" is the earlier date, then the earlier row.
    similarity : float from 0 to 1, default 0.6
        Share of the shorter text's five-word runs that the other text holds too.

    Returns
    -------
    DataFrame, one row per article that repeats another, in the order of `articles`
        article_id
        duplicate_of : article_id of the earliest article with the same text
        similarity : float from 0 to 1
        kind : "exact" (the same words), "near" (one outlet) or "shared" (another outlet: wire copy, press release)

    Raises
    ------
    ArticleTableError
        When `similarity` is not between 0 and 1.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "Talks between the two sides ended without a deal on Monday night."
    >>> table = make_articles([{"text": text, "outlet": "A"}, {"text": text, "outlet": "B"}])
    >>> find_duplicates(table)["kind"].tolist()
    ['exact']
    """
    check_articles(articles, need=("article_id", "text"))
    if not 0 < similarity <= 1:
        raise ArticleTableError(f"similarity={similarity} must lie between 0 and 1.")
    order = _earliest_first(articles)
    shingles = {row: _shingles(articles["text"].iloc[row]) for row in order}
    holders: dict[int, list[int]] = defaultdict(list)
    found: dict[int, tuple[int, float]] = {}
    for row in order:
        shared: dict[int, int] = defaultdict(int)
        for shingle in sorted(shingles[row]):
            earlier = holders[shingle]
            if len(earlier) <= _COMMON:
                for other in earlier:
                    shared[other] += 1
        best, share = None, 0.0
        for other, count in sorted(shared.items()):
            size = min(len(shingles[row]), len(shingles[other]))
            if count / size > share:
                best, share = other, count / size
        if best is not None and share >= similarity:
            found[row] = (best, share)
            continue  # copies are compared with originals only: a text sent to 300 papers is no standing phrase
        for shingle in shingles[row]:
            holders[shingle].append(row)
    outlets = [value if isinstance(value, str) else None for value in articles.get("outlet", [None] * len(articles))]
    rows = []
    for row in sorted(found):
        other, share = found[row]
        same_words = _words(articles["text"].iloc[row]) == _words(articles["text"].iloc[other])
        kind = "exact" if same_words else "near" if outlets[row] == outlets[other] else "shared"
        rows.append((articles["article_id"].iloc[row], articles["article_id"].iloc[other], round(share, 4), kind))
    table = pd.DataFrame.from_records(rows, columns=["article_id", "duplicate_of", "similarity", "kind"])
    return table.astype({"article_id": "str", "duplicate_of": "str", "similarity": "float64", "kind": "str"})


def label_duplicates(articles: pd.DataFrame, duplicates: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the articles with the columns `duplicate_of` and `duplicate_kind`, missing where a text is no copy.

    Parameters
    ----------
    articles : DataFrame, one row per article
    duplicates : DataFrame, optional
        From `find_duplicates`; found with its defaults when not given.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> label_duplicates(make_articles([{"text": "Nothing here repeats."}]))["duplicate_of"].isna().tolist()
    [True]
    """
    found = find_duplicates(articles) if duplicates is None else duplicates
    require_columns(found, ["article_id", "duplicate_of", "kind"], "the table of duplicates")
    table = articles.drop(columns=["duplicate_of", "duplicate_kind"], errors="ignore")
    labels = found[["article_id", "duplicate_of", "kind"]].rename(columns={"kind": "duplicate_kind"})
    labelled = table.merge(labels, on="article_id", how="left")
    labelled.attrs = dict(articles.attrs)
    return labelled


def _earliest_first(articles: pd.DataFrame) -> list[int]:
    if "date" not in articles.columns:
        return list(range(len(articles)))
    dates = articles["date"].reset_index(drop=True)
    return [int(row) for row in dates.sort_values(kind="stable", na_position="last").index]


def _words(text: object) -> list[str]:
    return _WORD.findall(text.casefold()) if isinstance(text, str) else []


def _shingles(text: object) -> set[int]:
    words = _words(text)
    if not words:
        return set()
    runs = [" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))]
    # Not hash(): that differs from run to run.
    return {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs}
