"""What a text is about, as one vector: the mean of the vectors of its words, those of the stance model.

Words that are used alike have like vectors, so that a classifier that has learned "strike" knows something of "walkout"
(Mikolov et al. 2013, arXiv 1310.4546). The vectors come from a small transformer (docs/models/stance.md). English.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.stance_model import load_stance_model
from mediakit.analyses.stance_words import SPECIAL
from mediakit.analyses.word_counts import count_words
from mediakit.text.sentences import languages_of
from mediakit.text.tokens import Tokens

LANGUAGES = ("en",)


def text_vectors(tokens: Tokens) -> NDArray[np.float64]:
    """Return a vector of length 1 for each text; zeros without a known word, or in another language.

    Function words do not count; a word that occurs more than once counts by the logarithm.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["The strike goes on.", "The walkout goes on.", "The flood goes on."]
    >>> table = make_articles({"text": text, "language": "en", "position": n} for n, text in enumerate(texts))
    >>> strike, walkout, flood = text_vectors(tokenize(table))
    >>> bool(strike @ walkout > strike @ flood)
    True
    """
    network = load_stance_model().network
    counts = count_words(tokens, function_words=False)
    number = np.array([network.number.get(str(word), 0) for word in counts.words], dtype=np.int64)
    known = np.flatnonzero(number >= len(SPECIAL))
    english = np.array([language in LANGUAGES for language in languages_of(tokens.articles)], dtype=np.float64)
    some = counts.counts.astype(np.float64).tocsr()[:, known]
    some.data = (1 + np.log(some.data)) * np.repeat(english, np.diff(some.indptr))
    vectors = np.asarray(some @ network.arrays["embedding"][number[known]].astype(np.float64))
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def vectors_mark() -> str:
    """Return by what the vectors can be told from those of another version."""
    return str(load_stance_model().network.about.get("fingerprint", ""))


def vector_size() -> int:
    """Return how many numbers a vector has."""
    return int(load_stance_model().network.arrays["embedding"].shape[1])
