"""Coreference: which mentions in an article mean the same person or body, each link with its reason."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.entities import REASONS
from mediakit.analyses.linker import Linker
from mediakit.analyses.links import Links
from mediakit.analyses.mentions import Mentions, mentions_frame, read_mentions
from mediakit.analyses.word_classes import Reading
from mediakit.articles import check_articles
from mediakit.text.pieces import as_column
from mediakit.text.tokens import tokenize

_WIDE = 1 << 34  # more characters than any article has


def find_chains(articles: pd.DataFrame) -> pd.DataFrame:
    """Find which mentions mean the same person or body, within each article.

    Parameters
    ----------
    articles : DataFrame, one row per article

    Returns
    -------
    DataFrame, one row per mention, in order
        The columns of `find_mentions`, and
        chain : int, counted per article; mentions with the same number mean the same
        name : the fullest name of the chain in the article, or the mention itself where it has none
        reason : "first mention", "same name", "part of a name", "title or role", "pronoun", "acronym", "one letter" or
            "no antecedent"
        owner : for a role such as "his campaign" the fullest name of whom "his" means; else missing

    Notes
    -----
    Rules, in this order: names by their words (with initials, short forms, acronyms); roles by the titles and
    appositions of names; pronouns by gender, number, distance and the subject of the sentence. English.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "Mayor Helen Bell spoke first. Bell said she was glad. The mayor left."
    >>> found = find_chains(make_articles([{"text": text, "language": "en"}]))
    >>> found[["text", "name", "reason"]].values.tolist()
    [['Helen Bell', 'Helen Bell', 'first mention'], ['Bell', 'Helen Bell', 'part of a name'],
     ['she', 'Helen Bell', 'pronoun'], ['The mayor', 'Helen Bell', 'title or role']]
    """
    check_articles(articles, need=("article_id", "text"))
    tokens = tokenize(articles, progress=False)
    mentions = read_mentions(Reading(tokens))
    links = link_mentions(mentions)
    table = mentions_frame(mentions)
    table["chain"] = links.number(mentions.article)
    table["name"] = as_column(links.names(mentions))
    table["reason"] = as_column([REASONS[reason] for reason in links.reason.tolist()])
    table["owner"] = pd.Series(links.owners(mentions), dtype="str")
    return table


def link_mentions(
    mentions: Mentions,
    quoted: NDArray[np.bool_] | None = None,
    speaking: NDArray[np.bool_] | None = None,
    reported: NDArray[np.bool_] | None = None,
) -> Links:
    """Link mentions within each article.

    Parameters
    ----------
    mentions : Mentions
    quoted : array of bool, one per mention, optional
        Which stand inside a quotation; what is outside rarely refers to them.
    speaking : array of bool, one per mention, optional
        Which are speakers of a quotation; pronouns tend to mean whoever spoke last.
    reported : array of bool, one per mention, optional
        Which stand in what somebody says, as `find_reported` tells; "he added" rarely means one of them.
    """
    return Linker(mentions, quoted, speaking, reported).link()


def find_reported(mentions: Mentions, spans: Iterable[tuple[int, int, int]]) -> NDArray[np.bool_]:
    """Return which mentions end in one of the spans: (number of the article, first character, end).

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "Omar Reed said Helen Lee had left."
    >>> mentions = read_mentions(Reading(tokenize(make_articles([{"text": text, "language": "en"}]))))
    >>> find_reported(mentions, [(0, 15, 33)]).tolist()
    [False, True]
    """
    given = np.array(list(spans), dtype=np.int64).reshape(-1, 3)
    tokens = mentions.reading.tokens
    place = tokens.article[mentions.last].astype(np.int64) * _WIDE + tokens.start[mentions.last]
    change = np.zeros(len(mentions) + 1, dtype=np.int64)
    np.add.at(change, np.searchsorted(place, given[:, 0] * _WIDE + given[:, 1]), 1)
    np.add.at(change, np.searchsorted(place, given[:, 0] * _WIDE + given[:, 2]), -1)
    return np.cumsum(change)[:-1] > 0
