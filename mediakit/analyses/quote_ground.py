"""What the search for speakers stands on: words, mentions, quoted stretches of a batch of articles, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.mentions import Mentions, read_mentions
from mediakit.analyses.quote_marks import Stretch, find_stretches
from mediakit.analyses.word_classes import LINE, Reading
from mediakit.text.tokens import Tokens, tokenize

_WIDE = 1 << 34  # more characters than any article has


@dataclass(frozen=True)
class Stretches:
    """Quoted stretches of a list of articles, in order; every array has one value per stretch."""

    article: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    first: NDArray[np.int64]  # first and last token
    last: NDArray[np.int64]
    paragraph: NDArray[np.int64]
    closed: NDArray[np.bool_]
    continues: NDArray[np.bool_]
    mark: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True)
class Ground:
    """A batch of articles read.

    Attributes
    ----------
    texts : tuple of str
    reading, mentions
        See the modules word_classes and mentions.
    stretches : Stretches
    quoted : array of bool, one per token
        Whether it stands inside a stretch.
    paragraph : array of int64, one per token
        Number of the paragraph over all the articles.
    inside : array of bool, one per mention
        Whether it stands inside a stretch.
    """

    texts: tuple[str, ...]
    reading: Reading
    mentions: Mentions
    stretches: Stretches
    quoted: NDArray[np.bool_]
    paragraph: NDArray[np.int64]
    inside: NDArray[np.bool_]


def read_ground(articles: pd.DataFrame) -> Ground:
    """Read the words, mentions and stretches of articles.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> ground = read_ground(make_articles([{"text": "“We won,” Lee said.", "language": "en"}]))
    >>> ground.quoted.tolist(), ground.inside.tolist()
    ([True, True, False, False], [True, False])
    """
    tokens = tokenize(articles, progress=False)
    found = [find_stretches(text) for text in tokens.texts]
    return lay_ground(tokens, found)


def lay_ground(tokens: Tokens, found: Sequence[Sequence[Stretch]]) -> Ground:
    """Bring together the words and the stretches that were found in each article."""
    reading = Reading(tokens)
    mentions = read_mentions(reading)
    paragraph = np.cumsum(reading.gap == ord(LINE), dtype=np.int64) - 1
    flat = [stretch for stretches in found for stretch in stretches]
    article = np.repeat(np.arange(len(found), dtype=np.int64), [len(stretches) for stretches in found])
    start = np.array([stretch.start for stretch in flat], dtype=np.int64)
    end = np.array([stretch.end for stretch in flat], dtype=np.int64)
    place = tokens.article.astype(np.int64) * _WIDE + tokens.start
    first = np.searchsorted(place, article * _WIDE + start)
    # Where marks stand inside a word, the word counts as quoted.
    first = np.minimum(first, np.searchsorted(place, (article + 1) * _WIDE) - 1)
    last = np.maximum(np.searchsorted(place, article * _WIDE + end) - 1, first)
    change = np.zeros(len(tokens) + 1, dtype=np.int32)
    np.add.at(change, first, 1)
    np.add.at(change, np.maximum(last + 1, first), -1)
    quoted = np.cumsum(change)[:-1] > 0
    at = np.clip(first, 0, max(len(paragraph) - 1, 0))
    stretches = Stretches(
        article, start, end, first, last, paragraph[at] if len(paragraph) else at,
        np.array([stretch.closed for stretch in flat], dtype=np.bool_),
        np.array([stretch.continues for stretch in flat], dtype=np.bool_),
        tuple(stretch.mark for stretch in flat),
    )  # fmt: skip
    inside = quoted[mentions.last] if len(mentions) else np.zeros(0, dtype=np.bool_)
    return Ground(tokens.texts, reading, mentions, stretches, quoted, paragraph, inside)
