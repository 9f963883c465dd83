"""Sentences, with their place in the printed text; a line break always ends one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.articles import check_articles
from mediakit.load.languages import UNKNOWN, read_code, tell_language
from mediakit.text.pieces import LINE, Pieces, as_column, cut_pieces, read_pieces
from mediakit.text.sentence_ends import find_starts, load_rules

_LINE = re.compile(r"[^\n]+")
# sentencex 1.0 panics on "A\u00a0.": an initial, a space of several bytes, a point. One space for one keeps offsets.
_ODD_SPACE = re.compile(r"[^\S\n\r\t ]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def find_sentences(articles: pd.DataFrame, *, column: str = "text") -> pd.DataFrame:
    """Split texts into sentences, by the rules of each article's language.

    Parameters
    ----------
    articles : DataFrame, one row per article
        One without a known language is read in that of its text, or as English where that does not show.
    column : str, default "text"
        The column to split; "headline" is the other usual choice. A headline is never part of the text.

    Returns
    -------
    DataFrame, one row per sentence, in order
        article_id
        paragraph, sentence : int, counted from 0 within the article
        start, end : int, characters of the column's text, so that ``text[start:end]`` is the sentence
        text : the sentence, without white space around it

    Notes
    -----
    English, French, German, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian, Chinese and Japanese have
    rules of their own (`mediakit/text/sentence_ends.toml`); other languages are split by sentencex (Wikimedia). The
    sentences of a quotation are sentences; “Why now?” she asked. is one. Against sentences marked by people (Universal
    Dependencies, English Web Treebank, weblogs) the ends inside paragraphs agree with F1 97.0, where nltk's Punkt
    reaches 93.9; see benchmarks/RESULTS.md.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "Sen. Lee (D-Va.) spoke. “I object. It is late,” he said.", "language": "en"}])
    >>> find_sentences(table)["text"].tolist()
    ['Sen. Lee (D-Va.) spoke.', '“I object.', 'It is late,” he said.']
    """
    check_articles(articles, need=("article_id", column))
    texts = texts_of(articles, column)
    return segment_texts(texts, languages_of(articles)).to_frame(articles["article_id"].tolist(), texts)


def split_sentences(text: str, language: str = "en") -> Iterator[tuple[int, int, int]]:
    """Yield paragraph number, start and end of each sentence of one text.

    Examples
    --------
    >>> list(split_sentences("One. Two.\\n\\nThree."))
    [(0, 0, 4), (0, 5, 9), (1, 11, 17)]
    """
    found = segment_texts([text], [language])
    yield from zip(found.paragraph.tolist(), found.start.tolist(), found.end.tolist(), strict=True)


def texts_of(articles: pd.DataFrame, column: str = "text") -> tuple[str, ...]:
    """Return a column as strings; what is missing, or is no text, as an empty one."""
    return tuple(text if isinstance(text, str) else "" for text in articles[column].tolist())


def languages_of(articles: pd.DataFrame) -> list[str]:
    """Return the language of each article: the one it is known to have, else the one that its text shows.

    A text that shows none passes for English, unless something speaks against it: then its language is "und". See
    `mediakit.load.languages.tell_language`.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> languages_of(make_articles([{"text": "A good day."}, {"text": "نعم"}, {"text": "Ja.", "language": "de-AT"}]))
    ['en', 'und', 'de']
    """
    printed = articles["language"].tolist() if "language" in articles.columns else [None] * len(articles)
    codes = {one: read_code(one) or one for one in printed if isinstance(one, str)}
    known = [codes[one] if isinstance(one, str) else "" for one in printed]
    if all(known):
        return known
    whole = [""] * len(articles)
    for column in ("text", "headline"):
        if column in articles.columns:
            whole = [text or other for text, other in zip(whole, texts_of(articles, column), strict=True)]
    return [one or tell_language(text) for one, text in zip(known, whole, strict=True)]


@dataclass(frozen=True)
class Segments:
    """Texts cut into pieces and sentences; every array but `begins` has one value per sentence."""

    pieces: Pieces
    begins: NDArray[np.bool_]

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The first piece of each sentence, and one more: the number of pieces."""
        return np.append(np.flatnonzero(self.begins), len(self.pieces))

    @cached_property
    def article(self) -> NDArray[np.int32]:
        """Index of the text."""
        counts = np.diff(np.searchsorted(self.first[:-1], self.pieces.first))
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def start(self) -> NDArray[np.int32]:
        """First character in the text."""
        return self.pieces.start[self.first[:-1]]

    @cached_property
    def end(self) -> NDArray[np.int32]:
        """One past the last character."""
        last = self.first[1:] - 1
        return self.pieces.start[last] + self.pieces.length[self.pieces.code[last]]

    @cached_property
    def number(self) -> NDArray[np.int64]:
        """Which sentence of its text, from 0."""
        return _count_within(np.ones(len(self), dtype=np.int64), self.article)

    @cached_property
    def paragraph(self) -> NDArray[np.int64]:
        """Which line of its text, from 0."""
        return _count_within((self.pieces.gap[self.first[:-1]] >= LINE).astype(np.int64), self.article)

    def __len__(self) -> int:
        return len(self.first) - 1

    def per_piece(self) -> NDArray[np.int32]:
        """Which sentence each piece belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.first))

    def to_frame(self, identifiers: Sequence[str], texts: Sequence[str]) -> pd.DataFrame:
        """Return one row per sentence, as `find_sentences`."""
        places = zip(self.article.tolist(), self.start.tolist(), self.end.tolist(), strict=True)
        names = pd.Series(identifiers, dtype="str").take(self.article).reset_index(drop=True)
        return pd.DataFrame(
            {
                "article_id": names, "paragraph": self.paragraph, "sentence": self.number,
                "start": self.start.astype(np.int64), "end": self.end.astype(np.int64),
                "text": as_column([texts[number][start:end] for number, start, end in places]),
            }
        )  # fmt: skip


def segment_texts(texts: Sequence[str], languages: Sequence[str], *, progress: bool | None = None) -> Segments:
    """Cut texts into pieces and sentences; those of unknown languages by the rules of English."""
    languages = ["en" if language == UNKNOWN else language for language in languages]
    pieces, begins = find_starts(read_pieces(texts, progress=progress), languages)
    known = load_rules()
    others = [number for number, language in enumerate(languages) if language not in known]
    cuts: dict[int, list[int]] = {}
    for number in others:
        first, last = pieces.first[number], pieces.first[number + 1]
        starts = pieces.start[first:last]
        for place in _starts_by_sentencex(texts[number], languages[number]):
            piece = int(np.searchsorted(starts, place, side="right")) - 1
            if starts[piece] == place:
                begins[first + piece] = True
            elif texts[number][place - 1] != ".":  # not inside "U.S."
                cuts.setdefault(int(first) + piece, []).append(place - int(starts[piece]))
    if cuts:
        repeats = np.ones(len(pieces), dtype=np.int64)
        repeats[list(cuts)] += [len(places) for places in cuts.values()]
        # Every part after the first begins a sentence.
        marked = np.ones(int(repeats.sum()), dtype=np.bool_)
        marked[np.cumsum(repeats) - repeats] = begins
        pieces, begins = cut_pieces(pieces, cuts), marked
    begins.flags.writeable = False
    return Segments(pieces, begins)


def _starts_by_sentencex(text: str, language: str) -> Iterator[int]:
    import sentencex

    readable = _SURROGATE.sub("\ufffd", _ODD_SPACE.sub(" ", text))
    for match in _LINE.finditer(readable):
        at = match.start()
        for piece in sentencex.segment(language, match.group()):
            body = piece.strip()
            if body:
                yield at + piece.index(body)
            at += len(piece)


def _count_within(steps: NDArray[np.int64], owner: NDArray[np.int32]) -> NDArray[np.int64]:
    """Number rows from 0 within their owner, one further at each step; the first row of an owner is a step."""
    if not len(steps):
        return steps
    total = np.cumsum(steps)
    begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    return total - np.repeat(total[begins], np.diff(np.append(begins, len(owner))))
