"""Events: which type of event a text tells of first, by a codebook whose patterns carry weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.codebook_hits import Hits, find_hits
from mediakit.articles import check_articles, make_articles
from mediakit.errors import ArticleTableError
from mediakit.lexicons.codebooks import Codebook, load_codebook
from mediakit.text.tokens import Tokens, tokenize

LATER = 0.7  # what a match behind the first sentence counts; the first tells the news


def classify_events(
    texts: Sequence[str | None] | pd.Series | pd.DataFrame,
    codebook: Codebook | str = "event_types",
    *,
    sentences: int | None = None,
    none: str = "OTHER",
) -> pd.DataFrame:
    """Say for every text which one of a codebook's types it tells of.

    Parameters
    ----------
    texts : sequence of str, or article table
        Of articles the text is read. The shipped codebook was made for one or two sentences about one event.
    codebook : Codebook or name, default "event_types"
        30 types of protest, diplomacy, violence, crime and disaster (`list_codebooks`).
    sentences : int, optional
        Read only so many sentences of each text. Default: all.
    none : str, default "OTHER"
        The type of texts in which nothing is found.

    Returns
    -------
    DataFrame, one row per text, in their order
        article_id, where articles were given
        event : the type with the highest score
        score : float, sum of the weights of the patterns that were found, each once; behind the first sentence a match
            counts 0.7 of its weight
        second : the type with the next score; margin : float, by how much the first leads
        words : the words that decided, as printed
        note : why nothing was found

    Raises
    ------
    ArticleTableError
        When `sentences` is less than 1, or `texts` is a single string.

    Notes
    -----
    Of types with the same score the one that the codebook names first is taken, so special types come before general
    ones. Figures on texts coded by people are in benchmarks/ACCURACY.md; `fit_topic_classifier` learns from codes.

    Examples
    --------
    >>> found = classify_events(["Police fired tear gas to disperse a march.", "Norway expelled two envoys."])
    >>> found["event"].tolist()
    ['PROTEST_WITH_INTER', 'DIPLO']
    """
    if isinstance(texts, str):
        raise ArticleTableError("texts must be several texts, as a list or a column; found one string.")
    if sentences is not None and sentences < 1:
        raise ArticleTableError(f"sentences={sentences}: at least one must be read.")
    book = load_codebook(codebook) if isinstance(codebook, str) else codebook
    given = isinstance(texts, pd.DataFrame)
    articles = check_articles(texts) if isinstance(texts, pd.DataFrame) else _as_articles(texts, book.language)
    tokens = tokenize(articles, progress=False)
    hits, weight = weigh_hits(tokens, book, sentences=sentences)
    score = np.zeros((len(tokens.texts), len(hits.categories)))
    owner = tokens.article[hits.first]
    np.add.at(score, (owner, hits.category), weight)
    rows = np.arange(len(score))
    best = score.argmax(axis=1)
    rest = score.copy()
    rest[rows, best] = -np.inf
    second = rest.argmax(axis=1)
    found = score.max(axis=1, initial=0) > 0
    names = np.array(hits.categories, dtype=object)
    read = tokens.per_article() > 0
    next_score = np.maximum(score[rows, second], 0.0)
    table = pd.DataFrame({
        "event": pd.Series(np.where(found, names[best], none), dtype="str"),
        "score": np.where(found, score[rows, best], 0.0),
        "second": pd.Series(np.where(found & (next_score > 0), names[second], None), dtype="str"),
        "margin": np.where(found, score[rows, best] - next_score, 0.0),
        "words": pd.Series(_words(tokens, hits, best), dtype="str"),
        "note": pd.Series(np.where(found, "", np.where(read, "no pattern found", "no text")), dtype="str"),
    })  # fmt: skip
    if given:
        table.insert(0, "article_id", articles["article_id"].reset_index(drop=True))
    return table


def weigh_hits(tokens: Tokens, book: Codebook, *, sentences: int | None = None) -> tuple[Hits, NDArray[np.float64]]:
    """Return the hits of a codebook, each pattern once a text where it weighs most, and their weights."""
    hits = find_hits(tokens, book, nested=True)
    starts = np.searchsorted(tokens.article, np.arange(len(tokens.texts)))
    begins = np.append(tokens.sentence, 0)[starts]  # a text without words has no hits
    number = tokens.sentence[hits.first] - begins[tokens.article[hits.first]]
    if sentences is not None:
        hits, number = hits.select(number < sentences), number[number < sentences]
    weight = hits.weight * np.where(number == 0, 1.0, LATER)
    key = tokens.article[hits.first].astype(np.int64) * max(1, len(hits.rules)) + hits.rule
    order = np.lexsort((hits.first, -weight, key))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = key[order][1:] != key[order][:-1]
    keep = np.zeros(len(order), dtype=np.bool_)
    keep[order[new]] = True
    return hits.select(keep), weight[keep]


def find_shared(tokens: Tokens, hits: Hits) -> NDArray[np.bool_]:
    """Return which hits have a wording that the same pattern finds in another of these texts, too.

    A wording that one text alone has may have come into the codebook from this very text. What a codebook that was
    written while the texts were read does without such wordings is an estimate of what it does on new texts.
    """
    owner = tokens.article[hits.first].tolist()
    places = zip(
        hits.rule.tolist(), owner, tokens.start[hits.first].tolist(), tokens.end[hits.last].tolist(), strict=True
    )
    wordings = [(rule, tokens.texts[text][left:right].lower()) for rule, text, left, right in places]
    texts = Counter(wording for wording, _ in set(zip(wordings, owner, strict=True)))
    return np.array([texts[wording] > 1 for wording in wordings], dtype=np.bool_)


def _as_articles(texts: Sequence[str | None] | pd.Series, language: str) -> pd.DataFrame:
    cells = [None if text is None or text != text else str(text) for text in texts]
    return make_articles({"text": text, "position": n, "language": language} for n, text in enumerate(cells))


def _words(tokens: Tokens, hits: Hits, best: NDArray[np.int64]) -> list[str]:
    """Return for every text the matches of the type that was chosen, in order and once."""
    found: list[dict[str, None]] = [{} for _ in tokens.texts]
    owner = tokens.article[hits.first]
    mine = np.flatnonzero(hits.category == best[owner]) if len(hits) else np.zeros(0, dtype=np.int64)
    for at in mine[np.lexsort((hits.last[mine], hits.first[mine]))].tolist():
        text = tokens.texts[owner[at]]
        found[owner[at]][" ".join(text[tokens.start[hits.first[at]] : tokens.end[hits.last[at]]].split())] = None
    return ["; ".join(words) for words in found]
