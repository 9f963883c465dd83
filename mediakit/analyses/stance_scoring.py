"""How mentions are scored: by the model, by rules, by VADER's clause score, or by a function of the user."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.sentiment import THRESHOLD, is_too_long
from mediakit.analyses.stance_clauses import Span, score_clauses
from mediakit.analyses.stance_model import CODES, StanceModel, load_stance_model
from mediakit.analyses.stance_rules import RULES_THRESHOLD, judge
from mediakit.analyses.stance_words import SPECIAL
from mediakit.errors import ArticleTableError
from mediakit.progress import progress_bar

# What scores mentions: a name, or a function of texts and spans that returns against, neutral and favour.
Scorer: TypeAlias = "str | Callable[[Sequence[str], Sequence[Span]], Any]"
Marked: TypeAlias = list[tuple[int, int, float]]

METHODS = ("model", "rules", "vader")
UNSURE = "unsure"
CONFIDENCE = 0.5
_BATCH = 2048  # mentions between two steps of the progress bar
_TOLD = 3  # words that are named as having decided
_LEAST = 0.05  # in log-odds; a word that adds less is not named


def name_several(names: Sequence[str]) -> str:
    """Return names as a list to read: "a", "b" and "c"."""
    return ", ".join(f'"{name}"' for name in names[:-1]) + f' and "{names[-1]}"'


def check_method(method: Scorer) -> None:
    """Raise `ArticleTableError` unless the method is known or a function."""
    if not callable(method) and method not in METHODS:
        raise ArticleTableError(
            f"method={method!r} is not known; there is {name_several(METHODS)}, or a function of texts and spans."
        )


def score_spans(
    texts: list[str],
    spans: list[Span],
    others: list[list[Span]] | None,
    method: Scorer,
    confidence: float,
    progress: bool | None,
) -> tuple[pd.DataFrame, list[list[tuple[int, int, float]]]]:
    """Return one row per mention, and the words of each that carry weight, by characters of its text."""
    n = len(texts)
    chances = np.full((n, len(CODES)), np.nan)
    words = [""] * n
    marks: list[Marked] = [[] for _ in range(n)]
    if method == "vader":
        stance, clauses = score_clauses(texts, spans, others)
        marks = [[(left, right, score)] for (left, right), score in zip(clauses, stance.tolist(), strict=True)]
        return _tabulate(stance, chances, words, confidence, THRESHOLD), marks
    if callable(method):
        chances = _ask(method, texts, spans)
        return _tabulate(chances[:, 2] - chances[:, 0], chances, words, confidence, THRESHOLD), marks
    model = load_stance_model()
    stance = np.full(n, np.nan)
    for at in progress_bar(range(0, n, _BATCH), "stance", show=progress, unit="batch", least=5):
        some = list(zip(texts[at : at + _BATCH], spans[at : at + _BATCH], strict=True))
        read = {at + row: words_of(model, text, span) for row, (text, span) in enumerate(some)}
        known = {row: one for row, one in read.items() if one is not None}
        if method == "rules":
            for row, one in known.items():
                stance[row], found = judge(*one)
                words[row] = _tell(found)
        elif known:
            rows = list(known)
            answer = model.read(list(known.values()), weigh=True)
            chances[rows] = answer.chances.astype(np.float64).round(6)
            stance[rows] = chances[rows, 2] - chances[rows, 0]
            assert answer.weights is not None
            for (row, one), weight in zip(known.items(), answer.weights, strict=True):
                words[row] = _tell(_heaviest(one[0], weight))
    return _tabulate(stance, chances, words, confidence, RULES_THRESHOLD), marks


def words_of(model: StanceModel, text: str, span: Span) -> tuple[list[str], int] | None:
    """Return the masked words around a mention; None for a table or a list, which is no sentence."""
    return None if is_too_long(text) else model.words_of(text, *span)


def _heaviest(words: Sequence[str], weight: NDArray[np.float32]) -> list[tuple[str, float]]:
    told = [
        (word, float(value))
        for word, value in zip(words, weight, strict=False)
        if word[0].isalpha() and word not in SPECIAL
    ]
    told = [(word, value) for word, value in told if abs(value) >= _LEAST]
    return sorted(told, key=lambda one: -abs(one[1]))[:_TOLD]


def _tell(found: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{word} {value:+.2f}" for word, value in found)


def _ask(
    method: Callable[[Sequence[str], Sequence[Span]], Any], texts: list[str], spans: list[Span]
) -> NDArray[np.float64]:
    """Ask a function for probabilities, and check what it returns."""
    if not texts:
        return np.zeros((0, len(CODES)))
    given = method(texts, spans)
    if isinstance(given, pd.DataFrame) and set(CODES) <= set(given.columns):
        given = given[list(CODES)]
    try:
        chances = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArticleTableError(f"the method returned no numbers: {error}") from None
    if chances.shape != (len(texts), len(CODES)):
        raise ArticleTableError(
            f"the method returned a table of shape {chances.shape}; needed is one row for each of the {len(texts)} "
            f"texts, with the probabilities of {name_several(CODES)}."
        )
    known = np.isfinite(chances.sum(axis=1))
    if (chances[known] < -1e-6).any() or (np.abs(chances[known].sum(axis=1) - 1) > 1e-3).any():
        raise ArticleTableError("the method returned values that are no probabilities: each row must sum to 1.")
    return chances


def _tabulate(
    stance: NDArray[np.float64], chances: NDArray[np.float64], words: list[str], confidence: float, edge: float
) -> pd.DataFrame:
    soft = np.isfinite(chances.sum(axis=1))
    best = np.where(soft[:, None], chances, 0.0).argmax(axis=1)
    signs = np.where(stance >= edge, 2, np.where(stance <= -edge, 0, 1))
    codes = np.array([*CODES, UNSURE, ""], dtype=object)
    highest = np.where(soft, chances[np.arange(len(best)), best], np.nan)
    number = np.where(soft, np.where(highest >= confidence, best, 3), signs)
    number = np.where(np.isnan(stance), 4, number)
    code = pd.Series(codes[number], dtype="str").mask(np.isnan(stance))
    table = pd.DataFrame({"stance": stance})
    table = table.assign(**{name: chances[:, at] for at, name in enumerate(CODES)}, code=code, confidence=highest)
    note = np.where(np.isnan(stance), "no sentence that can be scored", "")
    return table.assign(words=pd.Series(words, dtype="str"), note=pd.Series(note, dtype="str"))
