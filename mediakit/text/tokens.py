"""One store of words for every analysis: numbers into a vocabulary, with the exact place of each word in its text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.articles import check_articles, context_of
from mediakit.progress import progress_bar
from mediakit.text.patterns import Pattern, compile_patterns, find_words, normal_form

Scalar = TypeVar("Scalar", bound=np.generic)

# What may stand between two words of a phrase: white space without a blank line, or a hyphen.
_JOINED = re.compile(r"(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*|[-‐‑–])")


@dataclass(frozen=True)
class Tokens:
    """The words of a corpus as parallel, read-only arrays.

    Attributes
    ----------
    articles : DataFrame, one row per article
        `article_id` and the context columns (outlet, date, …).
    texts : tuple of str, one per article
    terms : tuple of str
        The distinct words as printed.
    article, term, start, end : arrays, one value per token
        Index of the article; index into `terms`; characters in the article's text.
    joined : array of bool, one value per token
        Whether only a space or a hyphen separates the token from the one before.
    """

    articles: pd.DataFrame
    texts: tuple[str, ...]
    terms: tuple[str, ...]
    article: NDArray[np.int32]
    term: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    joined: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.term)

    def __repr__(self) -> str:
        return f"Tokens: {len(self):,} tokens of {len(self.terms):,} terms in {len(self.texts):,} articles"

    @cached_property
    def normal(self) -> tuple[str, ...]:
        """The normal form of every term (composed Unicode, no case, straight apostrophes)."""
        return tuple(normal_form(term) for term in self.terms)

    def per_article(self, values: NDArray[np.generic] | None = None) -> NDArray[np.float64]:
        """Total per-token values by article; without values, count the tokens."""
        weights = None if values is None else np.asarray(values, dtype=np.float64)
        return np.bincount(self.article, weights=weights, minlength=len(self.texts)).astype(np.float64)

    def per_token(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Spread per-term values over the occurrences."""
        return np.asarray(values)[self.term]

    def find(
        self, patterns: str | Sequence[str] | Mapping[str, str | Sequence[str]], *, nested: bool = False
    ) -> pd.DataFrame:
        """Find every occurrence of patterns.

        Parameters
        ----------
        patterns : mapping of label to patterns, or sequence of patterns, or one pattern
            See `mediakit.text.patterns` for what a pattern means. In a sequence each pattern is its own label.
        nested : bool, default False
            Whether a match inside a longer match of the same label counts as well.

        Returns
        -------
        DataFrame, one row per occurrence, by label, article and place
            label, pattern : str
            article_id : str; article : int, index of the article
            start, end : int, characters in the article's text
        """
        if isinstance(patterns, str):
            patterns = [patterns]
        groups = patterns if isinstance(patterns, Mapping) else {written: [written] for written in patterns}
        frames = []
        for label, written in groups.items():
            several = [written] if isinstance(written, str) else written
            spans = [self._find_one(pattern) for pattern in compile_patterns(several)]
            found = pd.concat(spans, ignore_index=True) if spans else self._no_matches()
            if not nested:
                found = _drop_nested(found)
            frames.append(found.sort_values(["first", "last", "pattern"], kind="stable").assign(label=label))
        table = pd.concat(frames, ignore_index=True) if frames else self._no_matches().assign(label="")
        first, last = table["first"].to_numpy(dtype=np.int64), table["last"].to_numpy(dtype=np.int64)
        owner = self.article[first].astype(np.int64)
        return pd.DataFrame(
            {
                "label": table["label"].astype("str"), "pattern": table["pattern"].astype("str"),
                "article_id": self.articles["article_id"].to_numpy()[owner], "article": owner,
                "start": self.start[first].astype(np.int64), "end": self.end[last].astype(np.int64),
            }
        ).astype({"article_id": "str"})  # fmt: skip

    def _find_one(self, pattern: Pattern) -> pd.DataFrame:
        at = np.flatnonzero(self._is(pattern, 0)[self.term])
        for step in range(1, len(pattern.words)):
            at = at[at + step < len(self.term)]
            follows = at + step
            same = self.joined[follows] & (self.article[follows] == self.article[at])
            at = at[same & self._is(pattern, step)[self.term[follows]]]
        return pd.DataFrame({"pattern": pattern.written, "first": at, "last": at + len(pattern.words) - 1})

    def _is(self, pattern: Pattern, index: int) -> NDArray[np.bool_]:
        """Ask the vocabulary, not the text: which distinct words does this word of the pattern match?"""
        found = np.zeros(len(self.terms), dtype=np.bool_)
        beginning = normal_form(pattern.words[index].partition("*")[0])
        forms, terms = self._alphabet
        for at in range(bisect_left(forms, beginning), len(forms)):
            if not forms[at].startswith(beginning):
                break
            found[terms[at]] = pattern.matches(index, self.terms[terms[at]], forms[at])
        return found

    @cached_property
    def _alphabet(self) -> tuple[list[str], list[int]]:
        """The normal forms in order, and the term of each: words with one beginning stand together."""
        terms = sorted(range(len(self.normal)), key=self.normal.__getitem__)
        return [self.normal[term] for term in terms], terms

    def _no_matches(self) -> pd.DataFrame:
        nowhere = np.array([], dtype=np.int64)
        return pd.DataFrame({"pattern": pd.Series([], dtype="str"), "first": nowhere, "last": nowhere})

    def to_frame(self) -> pd.DataFrame:
        """Return the tokens as a table, one row per token: article_id, token (as printed), start, end."""
        terms = np.array(self.terms, dtype=object)
        return pd.DataFrame(
            {
                "article_id": self.articles["article_id"].to_numpy()[self.article], "token": terms[self.term],
                "start": self.start, "end": self.end,
            }
        ).astype({"article_id": "str", "token": "str"})  # fmt: skip


def tokenize(articles: pd.DataFrame, *, column: str = "text", progress: bool | None = None) -> Tokens:
    """Split texts into words, once for every analysis.

    Parameters
    ----------
    articles : DataFrame, one row per article
    column : str, default "text"
    progress : bool, optional
        Show a progress bar. Default: for more than 2,000 articles.

    Returns
    -------
    Tokens

    Examples
    --------
    >>> from mediakit import make_articles
    >>> tokens = tokenize(make_articles([{"text": "Protesters met the Security Council."}]))
    >>> tokens.find(["protest*", "security council"])["start"].tolist()
    [0, 19]
    """
    check_articles(articles, need=("article_id", column))
    vocabulary: dict[str, int] = {}
    texts = tuple(text if isinstance(text, str) else "" for text in articles[column])
    article: list[int] = []
    term: list[int] = []
    start: list[int] = []
    end: list[int] = []
    joined: list[bool] = []
    for number, text in enumerate(progress_bar(texts, "Reading words", show=progress, least=2000)):
        last = -1
        for first, stop in find_words(text):
            article.append(number)
            term.append(vocabulary.setdefault(text[first:stop], len(vocabulary)))
            start.append(first)
            end.append(stop)
            joined.append(last >= 0 and _JOINED.fullmatch(text, last, first) is not None)
            last = stop
    numbers = (_frozen(article, np.int32), _frozen(term, np.int32), _frozen(start, np.int32), _frozen(end, np.int32))
    return Tokens(context_of(articles), texts, tuple(vocabulary), *numbers, _frozen(joined, np.bool_))


def _frozen(values: list[Any], kind: type[Scalar]) -> NDArray[Scalar]:
    array = np.array(values, dtype=kind)
    array.flags.writeable = False
    return array


def _drop_nested(found: pd.DataFrame) -> pd.DataFrame:
    """Drop matches that lie inside a longer match, or repeat the same place; the longest, then the first, stays."""
    if len(found) < 2:
        return found
    ordered = found.sort_values(["first", "last"], ascending=[True, False], kind="stable")
    last = ordered["last"].to_numpy(dtype=np.int64)
    inside = np.zeros(len(ordered), dtype=bool)
    inside[1:] = last[1:] <= np.maximum.accumulate(last)[:-1]
    return ordered.loc[~inside, ["pattern", "first", "last"]]
