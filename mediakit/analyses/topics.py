"""Topics by codebook: how often the patterns of each category occur, and where."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from mediakit.analyses.evidence import EvidenceTag, Marks
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.lexicons.codebooks import Codebook
from mediakit.text.tokens import Tokens

_BREAKS = str.maketrans("\n\r\t", "   ")


VOICES = ("all", "outlet", "quoted")


def count_topics(tokens: Tokens, codebook: Codebook, *, voice: str = "all") -> pd.DataFrame:
    """Count the categories of a codebook in every article.

    Parameters
    ----------
    tokens : Tokens
        From `tokenize`.
    codebook : Codebook
        From `load_codebook`.
    voice : {"all", "outlet", "quoted"}, default "all"
        Which words count: all, those outside quotation marks, or those inside (quotations of three words or more).

    Returns
    -------
    DataFrame, one row per article and category
        article_id, and the columns outlet, date, story, … that the articles have
        codebook, category : str
        hits : int, occurrences; a match inside a longer match of the same category counts once
        tokens : int, words of the article, of that voice
        per_1000 : float, hits per 1,000 words; NaN for an article without words, or in another language
        present : float, 1.0 when there is a hit, else 0.0 (its mean is a share of articles)
        note : why a value is missing

    Warns
    -----
    MeasureWarning
        When articles are in another language than the codebook.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize, load_codebook
    >>> tokens = tokenize(make_articles([{"text": "Riot police met protesters.", "language": "en"}]))
    >>> table = count_topics(tokens, load_codebook("protest"))
    >>> table.loc[table["hits"] > 0, ["category", "hits"]].values.tolist()
    [['demonstration', 1], ['riot', 1], ['police_force', 1]]
    """
    check_voice(voice)
    found = tokens.matches(codebook.patterns())
    names = [category.name for category in codebook.categories]
    cells = tokens.article[found.first].astype(np.int64) * len(names) + found.label
    words = tokens.per_article()
    if voice != "all":
        spoken = tokens.quoted == (voice == "quoted")
        cells = cells[spoken[found.first]]
        words = tokens.per_article(spoken)
    counts = np.bincount(cells, minlength=len(tokens.texts) * len(names))
    foreign = _foreign(tokens, codebook)
    table = tokens.articles.assign(codebook=codebook.name).merge(pd.DataFrame({"category": names}), how="cross")
    size = np.repeat(words, len(names))
    other = np.repeat(foreign, len(names))
    missing = (size == 0) | other
    hits = counts
    table["hits"] = np.where(other, 0, hits)
    table["tokens"] = size.astype("int64")
    table["per_1000"] = np.where(missing, np.nan, 1000.0 * hits / np.maximum(size, 1))
    table["present"] = np.where(missing, np.nan, (hits > 0).astype(float))
    foreign_note = f"another language than the codebook ({codebook.language})"
    nothing = "no text" if voice == "all" else "no words of this voice"
    note = np.where(other, foreign_note, np.where(size == 0, nothing, ""))
    table["note"] = pd.Series(note, dtype="str")
    if foreign.any():
        warnings.warn(
            f"{int(foreign.sum())} of {len(foreign)} articles are not in the codebook's language "
            f"({codebook.language}): NaN.",
            MeasureWarning,
            stacklevel=2,
        )
    table.attrs["evidence"] = EvidenceTag("topics", partial(_explain, tokens=tokens, codebook=codebook, voice=voice))
    return table


def check_voice(voice: str) -> None:
    """Raise an error when a voice is not known."""
    if voice not in VOICES:
        raise ArticleTableError(f"voice={voice!r} is not known; there is {', '.join(VOICES)}.")


def _explain(article_id: str, *, tokens: Tokens, codebook: Codebook, voice: str) -> pd.DataFrame:
    """Return the matches in one article, each in its sentence; see `show_evidence`."""
    mine = tokens.select([article_id])
    found = mine.matches(codebook.patterns())
    if voice != "all":
        keep = mine.quoted[found.first] == (voice == "quoted")
        kept = {name: getattr(found, name)[keep] for name in ("label", "pattern", "first", "last")}
        found = replace(found, **kept)
    segments = mine.segments
    rows = []
    marks: dict[int, list[tuple[int, int, float]]] = {}
    places = (found.label, mine.start[found.first], mine.end[found.last], mine.sentence[found.first])
    for label, start, end, sentence in zip(*(place.tolist() for place in places), strict=True):
        left, right = int(segments.start[sentence]), max(end, int(segments.end[sentence]))
        text = mine.texts[0]
        marks.setdefault(start, []).append((start - left, end - left, 1.0))
        rows.append((article_id, found.labels[label], start, end, 1.0, text[left:right], text[start:end]))
    table = pd.DataFrame(rows, columns=["article_id", "category", "start", "end", "weight", "text", "words"])
    table.attrs = {"marks": Marks(marks)}
    return table


def find_topics(tokens: Tokens, codebook: Codebook, *, window: int = 45) -> pd.DataFrame:
    """Show every match of a codebook with the words around it.

    Parameters
    ----------
    tokens : Tokens
    codebook : Codebook
    window : int, default 45
        Characters shown on either side, with line breaks as spaces; a wide table cell is cut at 50.

    Returns
    -------
    DataFrame, one row per match
        article_id, category, pattern, start, end (characters in the article's text), left, match, right

    Examples
    --------
    >>> from mediakit import make_articles, tokenize, load_codebook
    >>> tokens = tokenize(make_articles([{"text": "Riot police waited.", "language": "en"}]))
    >>> find_topics(tokens, load_codebook("protest"))["match"].tolist()
    ['Riot', 'Riot police']
    """
    found = tokens.find(codebook.patterns()).rename(columns={"label": "category"})
    foreign = _foreign(tokens, codebook)
    found = found[~foreign[found["article"].to_numpy()]].reset_index(drop=True)
    texts = [tokens.texts[number] for number in found["article"]]
    spans = list(zip(texts, found["start"], found["end"], strict=True))
    found["left"] = [_one_line(text[max(0, start - window) : start]) for text, start, _ in spans]
    found["match"] = [text[start:end] for text, start, end in spans]
    found["right"] = [_one_line(text[end : end + window]) for text, _, end in spans]
    found = found.astype(dict.fromkeys(("left", "match", "right"), "str"))
    return found[["article_id", "category", "pattern", "start", "end", "left", "match", "right"]]


def _one_line(text: str) -> str:
    return text.translate(_BREAKS)


def _foreign(tokens: Tokens, codebook: Codebook) -> np.ndarray:
    """Which articles are known to be in another language than the codebook."""
    if "language" not in tokens.articles.columns:
        return np.zeros(len(tokens.texts), dtype=bool)
    language = tokens.articles["language"]
    return (language.notna() & (language != codebook.language)).to_numpy()
