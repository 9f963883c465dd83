"""What each mention of an article means, as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.mentions import Mentions


@dataclass(frozen=True)
class Links:
    """What each mention means; arrays with one value per mention.

    Attributes
    ----------
    entity : array of int64
        Mentions with the same number mean the same; no number is used in two articles.
    best : array of int64
        The mention that prints the fullest name of the entity.
    reason : array of int8
        Index into REASONS.
    gender : array of int8
        Of the entity, index into GENDERS.
    count : array of int32
        Named mentions of the entity in the article.
    possessor : array of int64
        For a role behind "his", "her", "its" or "their": the mention that names best whom that means; else -1.
    second, third : array of int64
        Where "they" means two or three persons named together: the mentions that name the others best; else -1.
    """

    entity: NDArray[np.int64]
    best: NDArray[np.int64]
    reason: NDArray[np.int8]
    gender: NDArray[np.int8]
    count: NDArray[np.int32]
    possessor: NDArray[np.int64]
    second: NDArray[np.int64]
    third: NDArray[np.int64]

    def number(self, article: NDArray[np.int32]) -> NDArray[np.int64]:
        """Number the entities from 0 within each article."""
        if not len(self.entity):
            return self.entity
        begins = np.flatnonzero(np.append(True, article[1:] != article[:-1]))
        least = np.minimum.reduceat(self.entity, begins)
        return self.entity - np.repeat(least, np.diff(np.append(begins, len(article))))

    def names(self, mentions: Mentions) -> list[str]:
        """Return the fullest name of each mention; of two named together "Lee and Reed"."""
        printed = (_printed(mentions, which) for which in (self.best, self.second, self.third))
        return [join_names(names) for names in zip(*printed, strict=True)]

    def owners(self, mentions: Mentions) -> list[str | None]:
        """Return for "his campaign" whose it is: the fullest name of whom "his" means; None for other mentions."""
        return _printed(mentions, self.possessor)


def join_names(names: Iterable[str | None]) -> str:
    """Return names as one text.

    Examples
    --------
    >>> join_names(["Lee", "Reed", None]), join_names(["Lee", "Reed", "Venn"])
    ('Lee and Reed', 'Lee, Reed and Venn')
    """
    known = [name for name in names if name]
    return " and ".join([*([", ".join(known[:-1])] if known[:-1] else []), *known[-1:]])


def _printed(mentions: Mentions, which: NDArray[np.int64]) -> list[str | None]:
    texts = mentions.reading.tokens.texts
    places = zip(
        mentions.article.tolist(), which.tolist(), mentions.start[which].tolist(), mentions.end[which].tolist(),
        strict=True,
    )  # fmt: skip
    return [texts[a][s:e] if known >= 0 else None for a, known, s, e in places]
