"""One store of words for every analysis: numbers into a vocabulary, with the exact place of each word in its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, LexiconError
from mediakit.text.matches import Matches, find_matches
from mediakit.text.patterns import find_words, normal_form
from mediakit.text.pieces import GLUED, PARAGRAPH, Pieces, as_column, as_strings, to_strings
from mediakit.text.quotations import mark_quoted_places
from mediakit.text.sentences import Segments, languages_of, segment_texts, texts_of

Scalar = TypeVar("Scalar", bound=np.generic)
Patterns = str | Sequence[str] | Mapping[str, str | Sequence[str]]

_SURROGATE = re.compile("[\ud800-\udfff]")
_HYPHENS = "-‐‑–"
_EDGES = ".,;:!?\"'()[]“”‘’"  # what most often stands around a word


@dataclass(frozen=True, repr=False)
class Tokens:
    """The words of a corpus as parallel, read-only arrays over a vocabulary.

    Attributes
    ----------
    articles : DataFrame, one row per article
        `article_id` and the context columns (outlet, date, …).
    texts : tuple of str, one per article
    terms : tuple of str
        The distinct words as printed; `normal` holds their normal forms.
    article, sentence, term, start, end : arrays of int32, one value per token
        Index of the article; index of the sentence, which is the row of `find_sentences`; index into `terms`;
        characters in the article's text, so that ``texts[article][start:end]`` is the token.
    joined : array of bool, one value per token
        Whether only a space or a hyphen separates the token from the one before.
    segments : Segments
        The same texts as white-space pieces and sentences.
    """

    articles: pd.DataFrame
    texts: tuple[str, ...]
    terms: tuple[str, ...]
    article: NDArray[np.int32]
    sentence: NDArray[np.int32]
    term: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    joined: NDArray[np.bool_]
    segments: Segments = field(repr=False)

    def __len__(self) -> int:
        return len(self.term)

    def __repr__(self) -> str:
        return f"Tokens: {len(self):,} tokens of {len(self.terms):,} terms in {len(self.texts):,} articles"

    @cached_property
    def normal(self) -> tuple[str, ...]:
        """The normal form of every term (composed Unicode, no case, straight apostrophes)."""
        return tuple([normal_form(term) for term in self.terms])

    @cached_property
    def quoted(self) -> NDArray[np.bool_]:
        """Whether each token stands inside a quotation of at least three words, in double or in single marks.

        What counts as a quotation is said in `mediakit.text.quotations`.

        Examples
        --------
        >>> from mediakit import make_articles
        >>> tokens = tokenize(make_articles([{"text": "He said: “We will stay here.” A “riot” began."}]))
        >>> [token for token, inside in zip(tokens.to_frame()["token"], tokens.quoted) if inside]
        ['We', 'will', 'stay', 'here']
        """
        return _frozen(mark_quoted_places(self.texts, self.article, self.start))

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each term occurs."""
        return np.bincount(self.term, minlength=len(self.terms))

    @cached_property
    def terms_by_form(self) -> dict[str, list[int]]:
        """The terms of every normal form; a genitive stands under its word as well ("Kyiv's" under "kyiv")."""
        found: dict[str, list[int]] = {}
        for term, form in enumerate(self.normal):
            found.setdefault(form, []).append(term)
            if form[-2:] == "'s":
                found.setdefault(form[:-2], []).append(term)
        return found

    @cached_property
    def alphabet(self) -> list[str]:
        """The normal forms in order, so that words with one beginning stand together."""
        return sorted(self.terms_by_form)

    def per_article(self, values: NDArray[np.generic] | None = None) -> NDArray[np.float64]:
        """Total per-token values by article; without values, count the tokens.

        Examples
        --------
        >>> from mediakit import make_articles
        >>> tokens = tokenize(make_articles([{"text": "one two two"}, {"text": "two"}]))
        >>> tokens.per_article(tokens.per_token(np.array([0, 1]))).tolist()
        [2.0, 1.0]
        """
        weights = None if values is None else np.asarray(values, dtype=np.float64)
        return np.bincount(self.article, weights=weights, minlength=len(self.texts)).astype(np.float64)

    def per_token(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Spread per-term values over the occurrences."""
        return np.asarray(values)[self.term]

    def select(self, articles: Iterable[str] | NDArray[np.bool_] | pd.Series) -> Tokens:
        """Return the tokens of some articles, in the same order; terms keep their numbers.

        Parameters
        ----------
        articles : one bool per article, or the identifiers of the wanted articles

        Examples
        --------
        >>> from mediakit import make_articles
        >>> table = make_articles([{"text": "one two", "outlet": "A"}, {"text": "two", "outlet": "B"}])
        >>> tokens = tokenize(table)
        >>> tokens.select(table["outlet"] == "B").to_frame()["token"].tolist()
        ['two']
        """
        keep = self._wanted(articles)
        tokens = keep[self.article]
        numbers = np.cumsum(keep, dtype=np.int32) - 1
        pieces, begins = self.segments.pieces, self.segments.begins
        sentences = keep[self.segments.article]
        kept = np.repeat(keep, np.diff(pieces.first))
        first = np.concatenate([[0], np.cumsum(np.diff(pieces.first)[keep])])
        part = replace(pieces, code=pieces.code[kept], start=pieces.start[kept], gap=pieces.gap[kept], first=first)
        renumbered = np.cumsum(sentences, dtype=np.int32) - 1
        return replace(
            self,
            articles=self.articles[keep].reset_index(drop=True),
            texts=tuple([text for text, wanted in zip(self.texts, keep.tolist(), strict=True) if wanted]),
            article=_frozen(numbers[self.article[tokens]]),
            sentence=_frozen(renumbered[self.sentence[tokens]]),
            term=_frozen(self.term[tokens]),
            start=_frozen(self.start[tokens]),
            end=_frozen(self.end[tokens]),
            joined=_frozen(self.joined[tokens]),
            segments=Segments(part, _frozen(begins[kept])),
        )

    def _wanted(self, articles: Iterable[str] | NDArray[np.bool_] | pd.Series) -> NDArray[np.bool_]:
        values = np.asarray(list(articles) if not isinstance(articles, np.ndarray | pd.Series) else articles)
        if values.dtype == np.bool_:
            if len(values) != len(self.texts):
                raise ArticleTableError(f"select needs one bool per article ({len(self.texts)}); found {len(values)}.")
            return values
        wanted = set(map(str, values.tolist()))
        unknown = sorted(wanted - set(self.articles["article_id"]))
        if unknown:
            raise ArticleTableError(f"no article has the article_id {unknown[0]!r}.")
        return self.articles["article_id"].isin(wanted).to_numpy(dtype=np.bool_)

    def find(self, patterns: Patterns, *, nested: bool = False) -> pd.DataFrame:
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

        Raises
        ------
        LexiconError
            When a pattern is empty, holds no word, or has more than five stars in a word.
        """
        found = self.matches(patterns, nested=nested)
        owner = self.article[found.first].astype(np.int64)
        return pd.DataFrame(
            {
                "label": _spread(found.labels, found.label), "pattern": _spread(found.patterns, found.pattern),
                "article_id": self.articles["article_id"].take(owner).reset_index(drop=True), "article": owner,
                "start": self.start[found.first].astype(np.int64), "end": self.end[found.last].astype(np.int64),
            }
        ).astype({"article_id": "str"})  # fmt: skip

    def matches(self, patterns: Patterns, *, nested: bool = False) -> Matches:
        """Find every occurrence of patterns, as arrays: label, pattern, first and last token."""
        if isinstance(patterns, str):
            patterns = [patterns]
        if not isinstance(patterns, Mapping | Sequence):
            raise LexiconError(
                f"patterns are a string, several, or label -> patterns; found {type(patterns).__name__}."
            )
        groups = patterns if isinstance(patterns, Mapping) else {written: [written] for written in patterns}
        several = {label: [written] if isinstance(written, str) else list(written) for label, written in groups.items()}
        return find_matches(self, several, nested=nested)

    def sentences(self) -> pd.DataFrame:
        """Return the sentences, one row each, as `find_sentences` does."""
        return self.segments.to_frame(self.articles["article_id"].tolist(), self.texts)

    def to_frame(self) -> pd.DataFrame:
        """Return the tokens as a table, one row per token: article_id, sentence, token (as printed), start, end."""
        number = self.segments.number[self.sentence] if len(self) else np.zeros(0, dtype=np.int64)
        return pd.DataFrame(
            {
                "article_id": self.articles["article_id"].take(self.article).reset_index(drop=True),
                "sentence": number, "token": _spread(self.terms, self.term),
                "start": self.start.astype(np.int64), "end": self.end.astype(np.int64),
            }
        ).astype({"article_id": "str"})  # fmt: skip


def tokenize(articles: pd.DataFrame, *, column: str = "text", progress: bool | None = None) -> Tokens:
    """Split texts into sentences and words, once for every analysis.

    Parameters
    ----------
    articles : DataFrame, one row per article
    column : str, default "text"
    progress : bool, optional
        Show a progress bar. Default: for more than 30 million characters.

    Returns
    -------
    Tokens

    Notes
    -----
    Millions of words a second on one core (benchmarks/RESULTS.md): texts are cut at white space, the distinct pieces
    numbered, and only these split into words.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> tokens = tokenize(make_articles([{"text": "Protesters met the Security Council."}]))
    >>> tokens.find(["protest*", "security council"])["start"].tolist()
    [0, 19]
    """
    check_articles(articles, need=("article_id", column))
    texts = texts_of(articles, column)
    segments = segment_texts(texts, languages_of(articles), progress=progress)
    pieces = segments.pieces
    words = _words_of(pieces)
    counts = words.count[pieces.code]
    begin = np.cumsum(counts, dtype=np.int32)
    bounds = np.append(0, begin)[pieces.first]
    begin -= counts
    total = int(bounds[-1])
    # Which of the words of the distinct pieces each token is.
    where = np.arange(total, dtype=np.int32)
    where += np.repeat(words.first[pieces.code] - begin, counts)
    joined = words.joined[where]
    # The first word of a piece is joined to the last of the piece before, where neither has a mark between.
    meet = words.leads[pieces.code]
    meet[1:] &= words.trails[pieces.code[:-1]] & (pieces.gap[1:] > GLUED) & (pieces.gap[1:] < PARAGRAPH)
    meet[:1] = False
    has_words = counts > 0
    joined[begin[has_words]] = meet[has_words]
    del begin, meet, has_words
    start = np.repeat(pieces.start, counts)
    start += words.start[where]
    sentence = np.repeat(segments.per_piece(), counts)
    del counts
    end = words.length[where]
    end += start
    pieces.__dict__.pop("vocabulary", None)  # the Arrow array holds the same strings in less room
    return Tokens(
        context_of(articles),
        texts,
        words.terms,
        article=_frozen(np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(bounds))),
        sentence=_frozen(sentence),
        term=_frozen(words.term[where]),
        start=_frozen(start),
        end=_frozen(end),
        joined=_frozen(joined),
        segments=segments,
    )


def check_tokens(tokens: Tokens, articles: pd.DataFrame) -> None:
    """Raise an error when tokens are not those of the articles, in the same order."""
    if tokens.articles["article_id"].tolist() != articles["article_id"].tolist():
        raise ArticleTableError("the tokens are of other articles: make them with tokenize(articles).")


@dataclass(frozen=True)
class _Words:
    """The words of the distinct pieces: three arrays by piece, four by word, one after the other."""

    terms: tuple[str, ...]
    count: NDArray[np.int32]
    first: NDArray[np.int32]
    leads: NDArray[np.bool_]
    trails: NDArray[np.bool_]
    term: NDArray[np.int32]
    start: NDArray[np.int32]
    length: NDArray[np.int32]
    joined: NDArray[np.bool_]


def _words_of(pieces: Pieces) -> _Words:
    """Split every distinct piece into words; most are one word, with or without marks around it."""
    distinct = pieces.distinct
    if not pa.types.is_large_string(distinct.type):  # half characters: marks to every rule
        distinct = pa.array([_SURROGATE.sub("\ufffd", piece) for piece in pieces.vocabulary], type=pa.large_string())
    right = pc.utf8_ltrim(distinct, characters=_EDGES)
    core = pc.utf8_rtrim(right, characters=_EDGES)
    size, length = pieces.length, pc.utf8_length(core).to_numpy()
    lead = size - pc.utf8_length(right).to_numpy()
    words = core.to_pylist()
    hard = np.flatnonzero(~pc.ascii_is_alnum(core).to_numpy(zero_copy_only=False))
    count = np.ones(len(size), dtype=np.int32)
    leads, trails = lead == 0, lead + length == size
    # The hard ones are split by the rule, and their words put where the piece stood.
    starts: list[int] = []
    joins: list[bool] = []
    where: list[int] = []
    gone = 0
    found: list[str] = []
    vocabulary = pieces.vocabulary
    for place in hard.tolist():
        found += words[gone:place]
        gone = place + 1
        piece = vocabulary[place]
        spans = find_words(piece)
        count[place] = len(spans)
        leads[place] = bool(spans) and spans[0][0] == 0
        trails[place] = bool(spans) and spans[-1][1] == len(piece)
        last = -1
        for left, stop in spans:
            where.append(len(found))
            found.append(piece[left:stop])
            starts.append(left)
            joins.append(last > 0 and left - last == 1 and piece[last] in _HYPHENS)
            last = stop
    found += words[gone:]
    first = np.cumsum(count, dtype=np.int32) - count
    start = np.zeros(len(found), dtype=np.int32)
    easy = np.ones(len(size), dtype=np.bool_)
    easy[hard] = False
    start[first[easy]] = lead[easy]
    start[where] = starts
    joined = np.zeros(len(found), dtype=np.bool_)
    joined[where] = joins
    coded = as_strings(found).dictionary_encode()
    term = coded.indices.to_numpy().astype(np.int32, copy=False)
    terms = to_strings(coded.dictionary)
    lengths = np.fromiter(map(len, terms), dtype=np.int32, count=len(terms))
    return _Words(tuple(terms), count, first, leads, trails, term, start, lengths[term], joined)


def _frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    array.flags.writeable = False
    return array


def _spread(names: Sequence[str], codes: NDArray[Any]) -> pd.Series:
    """Spread names over codes, without making a string for each row."""
    return as_column(list(names)).take(codes).reset_index(drop=True)
