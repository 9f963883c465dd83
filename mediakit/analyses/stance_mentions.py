"""Where targets are mentioned: the characters, the sentence around them, and whose voice it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.stance_rules import load_rules
from mediakit.text.matches import without_nested
from mediakit.text.tokens import Tokens

VOICES = ("all", "outlet", "quoted")
COLUMNS = ("article_id", "target", "mention", "start", "end", "quoted", "sentence_start", "evidence")


def find_mentions(
    tokens: Tokens, targets: Mapping[str, Sequence[str]], wanted: NDArray[np.bool_], voice: str = "all"
) -> pd.DataFrame:
    """Find each mention of a target in the wanted articles.

    A mention inside a longer mention of another target is none ("Peace" in "Peace Forum"), nor is one that begins
    another name ("New York" in "New York Times"; the words that make it one are in stance_rules.toml).

    Returns
    -------
    DataFrame, one row per mention, by target and place
        article_id, target; mention : the words found; start, end : characters in the article's text
        quoted : bool, whether it stands inside quotation marks
        sentence_start : int, first character of its sentence; evidence : the sentence
    """
    found = tokens.matches(targets)
    kept = wanted[tokens.article[found.first]] & _outermost(found.first, found.last, len(tokens))
    kept &= ~_begins_a_name(tokens, found.last)
    quoted = tokens.quoted[found.first]
    if voice != "all":
        kept &= quoted == (voice == "quoted")
    first, last, label, quoted = found.first[kept], found.last[kept], found.label[kept], quoted[kept]
    segments, names = tokens.segments, tokens.articles["article_id"].tolist()
    # A phrase may run over the end of a line, and so over two sentences.
    left, right = segments.start[tokens.sentence[first]], segments.end[tokens.sentence[last]]
    columns = (tokens.article[first], label, tokens.start[first], tokens.end[last], quoted, left, right)
    rows = [
        (names[article], found.labels[target], text[start:end], start, end, inside, begin, text[begin:stop])
        for article, target, start, end, inside, begin, stop in zip(*(c.tolist() for c in columns), strict=True)
        for text in (tokens.texts[article],)
    ]
    table = pd.DataFrame.from_records(rows, columns=list(COLUMNS))
    kinds = dict.fromkeys(("start", "end", "sentence_start"), "int64") | {"quoted": "bool"}
    return table.astype({**kinds, **dict.fromkeys(("article_id", "target", "mention", "evidence"), "str")})


def _outermost(first: NDArray[np.int64], last: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Mark the matches that are not part of a longer match, of whatever target; equal ones all stay."""
    if not len(first):
        return np.zeros(0, dtype=np.bool_)
    nothing = np.zeros(len(first), dtype=np.int64)
    outer = without_nested(nothing, nothing, first, last, size)
    wide = max(1, size) + 1
    return np.isin(first * wide + last, first[outer] * wide + last[outer])


def _begins_a_name(tokens: Tokens, last: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the matches whose last word, printed with a capital, goes on in a word that makes another name of it."""
    heads = load_rules().name_heads
    head = np.array([term in heads for term in tokens.terms] or [False], dtype=np.bool_)
    capital = np.array([term[:1].isupper() for term in tokens.terms] or [False], dtype=np.bool_)
    follows = np.minimum(last + 1, max(0, len(tokens) - 1))
    if not len(tokens):
        return np.zeros(len(last), dtype=np.bool_)
    goes_on = (last + 1 < len(tokens)) & tokens.joined[follows] & (tokens.article[follows] == tokens.article[last])
    return np.asarray(goes_on & capital[tokens.term[last]] & head[tokens.term[follows]], dtype=np.bool_)


def mark_target(sentence: str, start: int, end: int) -> str:
    """Return a sentence with the target marked.

    Examples
    --------
    >>> mark_target("The mayor praised the students.", 22, 30)
    'The mayor praised the ⟨students⟩.'
    """
    return f"{sentence[:start]}⟨{sentence[start:end]}⟩{sentence[end:]}"
