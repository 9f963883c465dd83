"""Stories: which articles report the same event. Comparing outlets inside a story sets the choice of events aside.

Single-pass clustering, as in Allan (ed.) 2002, Topic Detection and Tracking (Kluwer): articles are taken in order of
date, and each joins the most similar story of the days before, or begins a new one. How similar a story is, is the mean
cosine of tf-idf weighted words with its articles. The mean, not the cosine with their centre: a centre comes nearer to
everything as a story grows, and in a corpus on one subject it swallows the rest.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError, LoadError, MeasureWarning, require_columns
from mediakit.load.languages import is_function_word
from mediakit.text.tokens import Tokens, tokenize


def find_stories(articles: pd.DataFrame, *, days: int = 7, similarity: float = 0.1) -> pd.DataFrame:
    """Group articles that report the same event.

    Parameters
    ----------
    articles : DataFrame, one row per article
    days : int, default 7
        A story gets no new article after so many days without one. Undated articles may join any story.
    similarity : float from 0 to 1, default 0.1
        Mean cosine with the story's articles of those days from which an article joins it. Raise it when different
        events end up in one story, lower it when one event is split.

    Returns
    -------
    DataFrame, one row per article, in the order of `articles`
        article_id
        story : str, the three words that are most peculiar to the story
        similarity : float from 0 to 1, mean cosine with the story's articles when it joined; 1 for the first article

    Examples
    --------
    >>> from mediakit import make_articles
    >>> texts = ["Farmers block the port with tractors.", "Angry farmers block the port.", "Envoys sign a ceasefire."]
    >>> find_stories(make_articles([{"text": text} for text in texts]))["story"].nunique()
    2
    """
    check_articles(articles, need=("article_id", "text"))
    if days < 1 or not 0 < similarity < 1:
        raise ArticleTableError(f"days={days} must be at least 1 and similarity={similarity} between 0 and 1.")
    whole = articles.assign(text=_with_headline(articles))
    tokens = tokenize(whole)
    weights, words = _weights(tokens)
    if "date" in articles.columns:
        dates = articles["date"].reset_index(drop=True)
    else:
        dates = pd.Series(pd.NaT, index=range(len(articles)))
    order = dates.argsort(kind="stable").to_numpy()  # undated articles come last
    weights = weights[order]
    dates = dates.iloc[order].reset_index(drop=True)
    # From which article on the stories are open: the first of the days before; all of them for an undated article.
    opens = np.where(dates.isna(), 0, dates.searchsorted(dates - pd.Timedelta(days=days)))
    member = np.zeros(len(articles), dtype=np.int64)
    joined = np.ones(len(articles))
    count = 0
    for at, first in enumerate(opens):
        near = np.zeros(count)
        if at > first:
            cosines = weights[first:at] @ weights[[at]].toarray().ravel()
            size = np.bincount(member[first:at], minlength=count)
            near = np.bincount(member[first:at], weights=cosines, minlength=count) / np.maximum(size, 1)
        best = int(np.argmax(near)) if count else 0
        if count and near[best] >= similarity:
            member[at], joined[at] = best, min(near[best], 1.0)
        else:
            member[at] = count
            count += 1
    ones = np.ones(len(order))
    gather = sparse.csr_array((ones, (member, np.arange(len(order)))), shape=(count, len(order)))
    names = _name_stories(gather @ weights, words)
    # Back from the order of time to the order of the articles.
    place = np.argsort(order)
    member, joined = member[place], joined[place]
    labels = [names[k] for k in member]
    identifiers = articles["article_id"].to_numpy()
    table = pd.DataFrame({"article_id": identifiers, "story": labels, "similarity": joined.round(4)})
    return table.astype({"article_id": "str", "story": "str"})


def label_stories(articles: pd.DataFrame, stories: pd.DataFrame | str | Path | None = None) -> pd.DataFrame:
    """Return the articles with the column `story`.

    Parameters
    ----------
    articles : DataFrame, one row per article
    stories : DataFrame or path of a CSV file, optional
        Hand codes with a column `story`, matched by `article_id`, or by `headline` (and `outlet`, if it is there).
        Default: found with `find_stories`.

    Raises
    ------
    ColumnError
        When there is nothing to match by.
    ArticleTableError
        When one article has two different codes, or `stories` is no table.
    LoadError
        When the CSV file is not there or cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> from mediakit import make_articles
    >>> codes = pd.DataFrame({"headline": ["Port shut"], "story": ["blockade"]})
    >>> label_stories(make_articles([{"headline": "Port shut", "text": "…"}]), codes)["story"].tolist()
    ['blockade']
    """
    if stories is None:
        codes, keys = find_stories(articles), ["article_id"]
    else:
        codes = read_stories(stories) if isinstance(stories, str | Path) else stories
        if not isinstance(codes, pd.DataFrame):
            raise ArticleTableError(
                f"stories must be a table or the path of a CSV file, with the column story; found "
                f"{type(codes).__name__}."
            )
        require_columns(codes, ["story"], "the table of stories")
        if "article_id" in codes.columns:
            keys = ["article_id"]
        else:
            require_columns(codes, ["headline"], "the table of stories")
            keys = ["headline", *(["outlet"] if "outlet" in codes.columns else [])]
    check_articles(articles, need=keys)
    # A missing headline is no name to match by: pandas would match it with every other missing one.
    codes = codes[[*keys, "story"]].dropna().astype(dict.fromkeys(keys, "str")).drop_duplicates()
    twice = codes[codes.duplicated(keys, keep=False)]
    if len(twice):
        raise ArticleTableError(f"the table of stories gives two stories to one article: {twice[keys[0]].iloc[0]!r}.")
    labelled = articles.drop(columns="story", errors="ignore").merge(codes, on=keys, how="left")
    if len(codes) and labelled["story"].isna().all():
        warnings.warn(
            f"no article has one of the {len(codes)} hand codes: compare the columns {', '.join(keys)}.",
            MeasureWarning,
            stacklevel=2,
        )
    labelled.attrs = dict(articles.attrs)
    return labelled


def read_stories(path: str | Path) -> pd.DataFrame:
    """Read hand codes of stories from a CSV file.

    Raises
    ------
    LoadError
        When there is no such file, or it cannot be read.
    """
    try:
        return pd.read_csv(path, dtype="str", keep_default_na=False)
    except FileNotFoundError:
        raise LoadError(f"{path}: no such file. It should be a CSV file with hand codes of stories.") from None
    except (OSError, ValueError) as error:  # a folder; not decodable, empty, broken rows
        raise LoadError(f"{path}: cannot be read as a CSV file with hand codes of stories: {error}") from None


def _with_headline(articles: pd.DataFrame) -> list[str]:
    headlines = articles["headline"] if "headline" in articles.columns else [None] * len(articles)
    texts = articles["text"]
    parts = zip(headlines, texts, strict=True)
    return ["\n\n".join(part for part in pair if isinstance(part, str)) for pair in parts]


def _weights(tokens: Tokens) -> tuple[sparse.csr_array, list[str]]:
    """Return tf-idf weights (1 + log tf, BM25's idf, unit length) over normal forms of three letters and more."""
    forms: dict[str, int] = {}
    stems = (form.removesuffix("'s") for form in tokens.normal)
    column = np.array([forms.setdefault(stem, len(forms)) for stem in stems], dtype=np.int64)
    shape = (len(tokens.texts), max(1, len(forms)))
    counts = sparse.csr_array((np.ones(len(tokens)), (tokens.article, column[tokens.term])), shape=shape)
    counts.sum_duplicates()
    words = list(forms) or [""]
    spread = np.bincount(counts.indices, minlength=shape[1])
    useful = np.array([len(word) >= 3 and re.search(r"[^\W\d_]", word) is not None for word in words])
    # This idf (Robertson & Zaragoza 2009) stays above zero for a word that every article has.
    idf = np.where(useful, np.log1p((shape[0] - spread + 0.5) / (spread + 0.5)), 0.0)
    weights = counts.copy()
    weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
    norms = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ weights), words


def _name_stories(centres: sparse.csr_array, words: list[str]) -> list[str]:
    names: list[str] = []
    times: Counter[str] = Counter()
    for number in range(centres.shape[0]):
        inside = slice(centres.indptr[number], centres.indptr[number + 1])
        weighted = zip(centres.data[inside].round(9).tolist(), centres.indices[inside].tolist(), strict=True)
        # Of words of equal weight, the first in the alphabet: the order of the articles must not matter.
        ranked = sorted((-weight, words[k]) for weight, k in weighted if weight > 0)
        top = [pair for pair in ranked if not is_function_word(pair[1])][:3] or ranked[:3]
        name = " ".join(word for _, word in top) or "no words"
        times[name] += 1
        names.append(name if times[name] == 1 else f"{name} {times[name]}")
    return names
