"""Articles by words: how often each article has each word or phrase, as a sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ArticleTableError
from mediakit.load.languages import is_function_word
from mediakit.text.tokens import Tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

UNITS = ("word", "phrase")
_LONGEST = 3  # words of a phrase


@dataclass(frozen=True)
class WordCounts:
    """Counts of words (normal forms) or phrases by article.

    Attributes
    ----------
    words : array of str, one per column
    counts : sparse matrix of int64, articles by words
    sizes : words of each article that count, whether or not they have a column
    """

    words: NDArray[Any]
    counts: csr_matrix
    sizes: NDArray[np.int64]


def count_words(
    tokens: Tokens,
    *,
    unit: str = "word",
    voice: str = "all",
    function_words: bool = True,
    min_count: int = 1,
    min_articles: int = 1,
) -> WordCounts:
    """Count words or phrases in every article.

    Parameters
    ----------
    unit : {"word", "phrase"}
        "phrase" adds sequences of two or three words that stand next to each other more often than by chance.
    voice : {"all", "outlet", "quoted"}
        Count all words, those outside quotation marks, or those inside.
    function_words : bool
        Whether words such as "the" have columns.
    min_count, min_articles : int
        A word is left out that occurs less often, or in fewer articles.
    """
    if unit not in UNITS:
        raise ArticleTableError(f"unit={unit!r} is not known; there is {', '.join(UNITS)}.")
    keep = np.ones(len(tokens), dtype=np.bool_) if voice == "all" else tokens.quoted == (voice == "quoted")
    forms, form_of_term = forms_of(tokens)
    named = np.array([is_countable(form) for form in forms], dtype=np.bool_)
    content = named & ~np.array([is_function_word(form) for form in forms], dtype=np.bool_)
    wanted = named if function_words else content
    form = form_of_term[tokens.term]
    sizes = np.bincount(tokens.article[keep], minlength=len(tokens.texts)).astype(np.int64)
    used = keep & wanted[form]
    article, column = tokens.article[used].astype(np.int64), form[used]
    words = list(forms)
    if unit == "phrase":
        places, code, phrases = _find_phrases(tokens, form, keep & named[form], content, forms, max(2, min_count))
        article = np.concatenate([article, tokens.article[places].astype(np.int64)])
        column = np.concatenate([column, code + len(words)])
        words += phrases
    return _matrix(article, column, words, sizes, min_count, min_articles)


def _matrix(
    article: NDArray[np.int64],
    column: NDArray[np.int64],
    words: list[str],
    sizes: NDArray[np.int64],
    min_count: int,
    min_articles: int,
) -> WordCounts:
    from scipy.sparse import csr_matrix

    shape = (len(sizes), max(1, len(words)))
    counts = csr_matrix((np.ones(len(article), dtype=np.int64), (article, column)), shape=shape)
    total = np.asarray(counts.sum(axis=0)).ravel()
    spread = np.bincount(counts.indices, minlength=shape[1])
    names = np.array([*words, ""][: shape[1]], dtype=object)
    kept = np.flatnonzero((total >= max(1, min_count)) & (spread >= max(1, min_articles)))
    kept = kept[np.argsort(names[kept].astype(str), kind="stable")]
    return WordCounts(names[kept], counts[:, kept].tocsr(), sizes)


def forms_of(tokens: Tokens) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct normal forms without the genitive's 's, and the form of every term."""
    number: dict[str, int] = {}
    of_term = [number.setdefault(normal.removesuffix("'s"), len(number)) for normal in tokens.normal]
    return list(number), np.array(of_term, dtype=np.int64)


def is_countable(form: str) -> bool:
    """Whether a form is a word of at least two signs with a letter."""
    return any(char.isalpha() for char in form) and len(form) > 1


def _find_phrases(
    tokens: Tokens,
    form: NDArray[np.int64],
    keep: NDArray[np.bool_],
    content: NDArray[np.bool_],
    forms: list[str],
    least: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Return first token and number of every phrase, and the phrases.

    A phrase begins and ends with a content word, occurs `least` times, and has a normalised pointwise mutual
    information (Bouma 2009) of at least 0.3 between its first words and its last.
    """
    places: list[NDArray[np.int64]] = []
    codes: list[NDArray[np.int64]] = []
    phrases: list[str] = []
    n = max(1, int(keep.sum()))
    count = np.bincount(form[keep], minlength=len(forms))
    head = np.flatnonzero(keep)  # the sequences that are extended
    label, times = form[head], count.copy()
    names: list[str] = list(forms)
    for length in range(2, _LONGEST + 1):
        behind = head + length - 1
        inside = behind < len(form)
        head, label, behind = head[inside], label[inside], behind[inside]
        good = tokens.joined[behind] & keep[behind] & (tokens.sentence[behind] == tokens.sentence[head])
        head, label, behind = head[good], label[good], behind[good]
        if not len(head):
            break
        pairs, number, hits = np.unique(label * len(forms) + form[behind], return_inverse=True, return_counts=True)
        first, last = pairs // len(forms), pairs % len(forms)
        joint = hits / n
        with np.errstate(divide="ignore", invalid="ignore"):
            npmi = np.log(joint / (times[first] / n * count[last] / n)) / -np.log(joint)
        enough = hits >= least
        texts = [f"{names[a]} {forms[b]}" if ok else "" for a, b, ok in zip(first, last, enough, strict=True)]
        begins = content[form[head]][np.unique(number, return_index=True)[1]]
        chosen = enough & (npmi >= 0.3) & begins & content[last]
        new = np.full(len(pairs), -1)
        new[chosen] = np.arange(len(phrases), len(phrases) + int(chosen.sum()))
        phrases += [text for text, ok in zip(texts, chosen, strict=True) if ok]
        taken = new[number] >= 0
        places.append(head[taken])
        codes.append(new[number][taken])
        rest = enough[number]
        head, label, names, times = head[rest], number[rest], texts, hits
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *places]), np.concatenate([nothing, *codes]), phrases
