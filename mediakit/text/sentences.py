"""Sentences, with their place in the printed text; a paragraph break always ends one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from mediakit.articles import check_articles

_PARAGRAPH = re.compile(r"[^\n]+")
# sentencex 1.0 panics on "A\u00a0.": an initial, a space of several bytes, a point. One space for one keeps offsets.
_ODD_SPACE = re.compile(r"[^\S\n\r\t ]")


def find_sentences(articles: pd.DataFrame, *, column: str = "text") -> pd.DataFrame:
    """Split texts into sentences.

    Parameters
    ----------
    articles : DataFrame, one row per article
    column : str, default "text"
        The column to split; "headline" is the other usual choice.

    Returns
    -------
    DataFrame, one row per sentence, in order
        article_id
        paragraph, sentence : int, counted from 0 within the article
        start, end : int, characters of the column's text, so that ``text[start:end]`` is the sentence
        text : the sentence, without white space around it

    Notes
    -----
    Sentence ends are found by sentencex (Wikimedia), by the rules of the article's language.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "Mr. Lee spoke. Nobody listened.", "language": "en"}])
    >>> find_sentences(table)["text"].tolist()
    ['Mr. Lee spoke.', 'Nobody listened.']
    """
    check_articles(articles, need=("article_id", column))
    languages = articles["language"] if "language" in articles.columns else pd.Series([None] * len(articles))
    rows: list[tuple[str, int, int, int, int, str]] = []
    for identifier, text, language in zip(articles["article_id"], articles[column], languages, strict=True):
        if isinstance(text, str):
            code = language if isinstance(language, str) else "en"
            for number, (paragraph, start, end) in enumerate(split_sentences(text, code)):
                rows.append((identifier, paragraph, number, start, end, text[start:end]))
    table = pd.DataFrame.from_records(rows, columns=["article_id", "paragraph", "sentence", "start", "end", "text"])
    numbers = ["paragraph", "sentence", "start", "end"]
    table[numbers] = table[numbers].astype("int64")
    table[["article_id", "text"]] = table[["article_id", "text"]].astype("str")
    return table


def split_sentences(text: str, language: str = "en") -> Iterator[tuple[int, int, int]]:
    """Yield paragraph number, start and end of each sentence of one text.

    Examples
    --------
    >>> list(split_sentences("One. Two.\\n\\nThree."))
    [(0, 0, 4), (0, 5, 9), (1, 11, 17)]
    """
    import sentencex

    for number, match in enumerate(_PARAGRAPH.finditer(text)):
        at = match.start()
        for piece in sentencex.segment(language, _ODD_SPACE.sub(" ", match.group())):
            body = piece.strip()
            if body:
                start = at + piece.index(body)
                yield number, start, start + len(body)
            at += len(piece)
