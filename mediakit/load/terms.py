"""Subject terms that databases and agencies give their articles, as a long table on request.

Readers keep them in one text column, a line each, so that they survive CSV and Parquet; they are the vendor's, made by
machine or by indexers, and no substitute for a codebook.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mediakit.errors import require_columns

Term = tuple[str, str, str | None, float | int | None]  # scheme, term, code, relevance in percent


def join_terms(terms: Iterable[Term]) -> str | None:
    """Return the terms as the text that the column `terms` holds.

    Examples
    --------
    >>> join_terms([("subject", "PROTESTS", None, 93), ("person", "A. RUIZ", "X1", None)])
    'subject\\tPROTESTS\\t\\t93\\nperson\\tA. RUIZ\\tX1\\t'
    """
    lines = []
    for scheme, term, code, relevance in terms:
        cells = ("" if cell is None else " ".join(str(cell).split()) for cell in (scheme, term, code, relevance))
        lines.append("\t".join(cells))
    return "\n".join(dict.fromkeys(lines)) or None


def read_terms(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the subject terms that databases gave the articles.

    Parameters
    ----------
    articles : DataFrame, one row per article
        As `load_articles` returns it.

    Returns
    -------
    DataFrame, one row per article and term, in the order of the articles
        article_id
        scheme : what kind of term, such as subject, person, organization, place, industry
        term : as printed
        code : the vendor's code, where it gives one
        relevance : per cent, where the vendor gives one

    Examples
    --------
    >>> import mediakit as mk
    >>> articles = mk.make_articles([{"text": "They met.", "terms": "subject\\tPROTESTS\\t\\t93"}])
    >>> mk.read_terms(articles)[["scheme", "term", "relevance"]].values.tolist()
    [['subject', 'PROTESTS', 93.0]]
    """
    require_columns(articles, ["article_id"], "the article table")
    rows = []
    if "terms" in articles.columns:
        known = articles.loc[articles["terms"].notna(), ["article_id", "terms"]]
        for identifier, terms in zip(known["article_id"], known["terms"], strict=True):
            for line in str(terms).split("\n"):
                cells = [cell or None for cell in (line.split("\t") + [""] * 4)[:4]]
                rows.append((identifier, *cells))
    table = pd.DataFrame(rows, columns=["article_id", "scheme", "term", "code", "relevance"])
    table["relevance"] = pd.to_numeric(table["relevance"], errors="coerce").astype("float64")
    for column in ("article_id", "scheme", "term", "code"):
        table[column] = table[column].astype("str")
    return table
