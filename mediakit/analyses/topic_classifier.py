"""A classifier from few codes: it learns a researcher's categories from texts coded by hand.

Words alone need thousands of coded texts. With the scores of a codebook as features a hundred codes are enough to
learn where the codebook is right, and how far; vectors of words bring what is known of words that no coded text has.
Every figure comes from texts that were not learned from.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.cross_validation import chances_of, deal_folds, draw_curve, fit_classes, tabulate_figures
from mediakit.analyses.events import find_shared, weigh_hits
from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.topic_fits import align_counts
from mediakit.analyses.word_counts import WordCounts, count_words
from mediakit.analyses.word_vectors import LANGUAGES, text_vectors, vector_size, vectors_mark
from mediakit.articles import check_articles, make_articles
from mediakit.errors import ArticleTableError, MeasureWarning, ModelError
from mediakit.lexicons.codebooks import Codebook, book_of_json, book_to_json
from mediakit.text.sentences import languages_of
from mediakit.text.tokens import Tokens, tokenize

Floats = NDArray[np.float64]
Texts: TypeAlias = "Sequence[str | None] | pd.Series | pd.DataFrame"
_KIND, _VERSION = "topic classifier", 3
_STRENGTH = 20.0  # inverse of the penalty of logistic regression
_BOOK, _LEAST_BOOK, _MOST_BOOK = 145.0, 0.25, 2.0  # see _trust
_LEAST_CODES = 10  # texts


@dataclass(frozen=True)
class TopicClassifier:
    """A fitted classifier.

    Attributes
    ----------
    classes : list of str
    figures : DataFrame, one row per class and one for "all" (weighted by class size) and "macro" (each class alike)
        class; n (coded texts); precision, recall, f1 : float, 0 to 1, cross-validated; f1_low, f1_high : 95% interval
        over texts
    curve : DataFrame, one row per number of coded texts
        n; f1 : weighted, cross-validated; low, high : 95% interval over texts. Whether it still rises says whether more
        codes are worth it.
    predicted : DataFrame, one row per coded text: code, predicted (when it was left out), right
    """

    classes: list[str]
    words: NDArray[Any]
    idf: Floats
    weights: Floats
    bias: Floats
    codebook: Codebook | None
    language: str
    vectors: str  # which vectors of words were learned with, "" for none
    figures: pd.DataFrame
    curve: pd.DataFrame
    predicted: pd.DataFrame = field(repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the classifier as arrays and JSON (no pickled objects, no texts)."""
        about = {
            "classes": self.classes, "words": self.words.tolist(), "language": self.language,
            "vectors": self.vectors, "codebook": None if self.codebook is None else book_to_json(self.codebook),
            "figures": self.figures.to_dict("records"), "curve": self.curve.to_dict("records"),
        }  # fmt: skip
        arrays = {"idf": self.idf, "weights": self.weights, "bias": self.bias}
        return write_model(path, _KIND, _VERSION, about, arrays)


def fit_topic_classifier(
    texts: Texts,
    codes: Sequence[str] | pd.Series,
    *,
    codebook: Codebook | None = None,
    own_matches: bool = True,
    word_vectors: bool = True,
    language: str = "en",
    n_folds: int = 5,
    n_resamples: int = 1000,
    seed: int = 0,
) -> TopicClassifier:
    """Learn categories from texts coded by hand.

    Parameters
    ----------
    texts : sequence of str, or article table
    codes : sequence of str, one per text
        One category each. Texts without a code are left out.
    codebook : Codebook, optional
        Its scores are features beside the words; the fewer the codes, the more they weigh.
    own_matches : bool, default True
        Whether what the codebook finds in one of the coded texts only counts. Say False when the codebook was written
        or changed while these very texts were read: such words may be in it for one of them, and the figures would be
        too good.
    word_vectors : bool, default True
        For English texts: the mean of the vectors of a text's words as features, so that words which no coded text has
        tell something, too.
    language : ISO 639-1 code, default "en"
        Of texts that are no article table.
    n_folds : int, default 5
        Parts of the cross-validation.
    n_resamples : int, default 1000
        For the intervals.
    seed : int, default 0

    Returns
    -------
    TopicClassifier

    Raises
    ------
    MissingExtraError
        Without scikit-learn, the extra `topics`.
    ArticleTableError
        When there are fewer than ten coded texts, only one class, or texts and codes differ in number.

    Warns
    -----
    MeasureWarning
        When a class has fewer texts than folds: its figures are rough.

    Notes
    -----
    Logistic regression (L2) on tf-idf of words and pairs of words, on vectors of words, and on the scores of the
    codebook. How much those weigh depends on how many codes there are for how many classes: with few codes the
    codebook knows more than the words do, with many it would drown them.

    Examples
    --------
    >>> texts = ["The ferry strike goes on.", "Envoys met for talks."] * 10
    >>> model = fit_topic_classifier(texts, ["protest", "diplomacy"] * 10)
    >>> classify_topics(["Another strike at the ferry.", "Talks of envoys."], model)["topic"].tolist()
    ['protest', 'diplomacy']
    """
    tokens, answers = _coded(texts, codes, language)
    classes, y = np.unique(answers, return_inverse=True)
    sizes = np.bincount(y)
    if len(y) < _LEAST_CODES:
        raise ArticleTableError(f"{len(y)} coded texts are too few to learn from; at least {_LEAST_CODES} are needed.")
    if len(classes) < 2:
        raise ArticleTableError(f"all codes are {str(classes[0])!r}: a classifier needs two classes.")
    small = [str(name) for name, size in zip(classes, sizes, strict=True) if size < n_folds]
    if small:
        told = f"{', '.join(small[:5])}{', …' if len(small) > 5 else ''}"
        warnings.warn(f"classes with fewer than {n_folds} texts, rough figures: {told}.", MeasureWarning, stacklevel=2)
    counts = count_words(tokens, unit="phrase", function_words=True, min_count=2)
    vectors = vectors_mark() if word_vectors and set(languages_of(tokens.articles)) & set(LANGUAGES) else ""
    scores = _Scores(_codebook_scores(tokens, codebook, own_matches=own_matches), _vectors(tokens, vectors))
    generator = np.random.default_rng(seed)
    folds = deal_folds(y, max(2, n_folds), generator)
    found = _cross_validate(counts, scores, y, len(classes), folds, None, generator)
    figures = tabulate_figures(y, found, classes, n_resamples, seed)

    def find(share: float, generator: np.random.Generator) -> NDArray[np.int64]:
        return _cross_validate(counts, scores, y, len(classes), folds, share, generator)

    curve = draw_curve(y, found, len(classes), len(np.unique(folds)), find, n_resamples, seed)
    idf = _idf(counts.counts)
    weights, bias = _fit(counts.counts, idf, scores, y, len(classes))
    predicted = pd.DataFrame({"code": classes[y], "predicted": classes[found], "right": y == found})
    predicted = predicted.astype({"code": "str", "predicted": "str"})
    return TopicClassifier(
        [str(name) for name in classes],
        counts.words,
        idf,
        weights,
        bias,
        codebook,
        language,
        vectors,
        figures,
        curve,
        predicted,
    )


def classify_topics(texts: Texts, model: TopicClassifier) -> pd.DataFrame:
    """Say which of the learned categories each text belongs to.

    Returns
    -------
    DataFrame, one row per text, in their order
        article_id, where articles were given
        topic : str; chance : float, 0 to 1, as the model estimates it; second : the next likely category
        note : why a value is missing

    Examples
    --------
    >>> model = fit_topic_classifier(["The ferry strike goes on.", "Envoys met for talks."] * 10, ["a", "b"] * 10)
    >>> classify_topics([None, "A strike."], model)["topic"].tolist()
    [nan, 'a']
    """
    given = isinstance(texts, pd.DataFrame)
    tokens = tokenize(_as_articles(texts, model.language), progress=False)
    counts = align_counts(count_words(tokens, unit="phrase", min_count=1), model.words)
    scores = _Scores(_codebook_scores(tokens, model.codebook), _vectors(tokens, model.vectors))
    chance = chances_of(_features(counts, model.idf, scores), model.weights, model.bias)
    order = np.argsort(-chance, axis=1, kind="stable")
    empty = tokens.per_article() == 0
    names = np.array([*model.classes, None], dtype=object)
    rows = np.arange(len(chance))
    table = pd.DataFrame({
        "topic": pd.Series(names[np.where(empty, -1, order[:, 0])], dtype="str"),
        "chance": np.where(empty, np.nan, chance[rows, order[:, 0]]),
        "second": pd.Series(names[np.where(empty, -1, order[:, 1])], dtype="str"),
        "note": pd.Series(np.where(empty, "no text", ""), dtype="str"),
    })  # fmt: skip
    if given:
        table.insert(0, "article_id", tokens.articles["article_id"].reset_index(drop=True))
    return table


def load_topic_classifier(path: str | Path) -> TopicClassifier:
    """Load a classifier that `TopicClassifier.save` wrote.

    Raises
    ------
    ModelError
        When the file is no such classifier, damaged, or of another version.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> model = fit_topic_classifier(["The ferry strike goes on.", "Envoys met for talks."] * 10, ["a", "b"] * 10)
    >>> load_topic_classifier(model.save(pathlib.Path(tempfile.mkdtemp()) / "two.classifier")).classes
    ['a', 'b']
    """
    name = Path(path).name
    with read_model(path, _KIND, _VERSION) as (about, held):
        idf, weights, bias = (held[key] for key in ("idf", "weights", "bias"))
        words, classes = np.array(about["words"], dtype=object), list(map(str, about["classes"]))
        book = None if about["codebook"] is None else book_of_json(about["codebook"], name)
        vectors = str(about["vectors"])
        if vectors not in ("", vectors_mark()):
            raise ModelError(f"{name} was learned with the word vectors of another version of mediakit; fit it anew.")
        wide = len(words) + (0 if book is None else 2 * len(book.categories)) + (vector_size() if vectors else 0)
        if weights.shape != (len(classes), wide) or idf.shape != (len(words),) or bias.shape != (len(classes),):
            raise ModelError(f"{name}: classes, words and weights of the classifier do not fit together.")
        figures, curve, language = pd.DataFrame(about["figures"]), pd.DataFrame(about["curve"]), str(about["language"])
    nothing = pd.DataFrame({"code": [], "predicted": [], "right": []})
    return TopicClassifier(classes, words, idf, weights, bias, book, language, vectors, figures, curve, nothing)


def _as_articles(texts: Texts, language: str) -> pd.DataFrame:
    if isinstance(texts, pd.DataFrame):
        return check_articles(texts)
    if isinstance(texts, str):
        raise ArticleTableError("texts must be several texts, as a list or a column; found one string.")
    cells = [None if text is None or text != text else str(text) for text in texts]
    return make_articles({"text": text, "position": n, "language": language} for n, text in enumerate(cells))


def _coded(texts: Texts, codes: Sequence[str] | pd.Series, language: str) -> tuple[Tokens, NDArray[Any]]:
    articles = _as_articles(texts, language)
    answers = pd.Series(list(codes), dtype="object")
    if len(answers) != len(articles):
        raise ArticleTableError(
            f"{len(articles)} texts and {len(answers)} codes: there must be one code for each text."
        )
    known = answers.notna() & (answers.astype("str").str.strip() != "")
    tokens = tokenize(articles[known.to_numpy()].reset_index(drop=True), progress=False)
    return tokens, answers[known].astype("str").str.strip().to_numpy(dtype=object).astype(str)


@dataclass(frozen=True)
class _Scores:
    """The features beside the words, one row per text: those of the codebook, and vectors of words."""

    book: Floats
    vectors: Floats

    def __getitem__(self, rows: NDArray[np.int64]) -> _Scores:
        return _Scores(self.book[rows], self.vectors[rows])


def _vectors(tokens: Tokens, mark: str) -> Floats:
    return text_vectors(tokens) if mark else np.zeros((len(tokens.texts), 0))


def _codebook_scores(tokens: Tokens, codebook: Codebook | None, *, own_matches: bool = True) -> Floats:
    """Return for each text the score of every category, damped, and whether it is the highest."""
    if codebook is None:
        return np.zeros((len(tokens.texts), 0))
    hits, weight = weigh_hits(tokens, codebook)
    if not own_matches:
        shared = find_shared(tokens, hits)
        hits, weight = hits.select(shared), weight[shared]
    score = np.zeros((len(tokens.texts), len(hits.categories)))
    np.add.at(score, (tokens.article[hits.first], hits.category), weight)
    first = np.zeros_like(score)
    found = score.max(axis=1, initial=0) > 0
    first[found, score[found].argmax(axis=1)] = 1.0
    return np.hstack([np.log1p(np.maximum(score, 0.0)), first])


def _trust(texts: int, classes: int) -> float:
    """Return by how much the scores of a codebook are stretched; a feature that is larger is shrunk less.

    Found on CASE 2021 (30 types made 5 and 2 as well, 46 to 407 texts), without each text's own matches: what is best
    falls with the texts, and with the classes. With two to five classes nearly any stretch from 0.6 up does alike.
    """
    return float(np.clip(_BOOK / (texts**0.75 * classes**0.5), _LEAST_BOOK, _MOST_BOOK))


def _idf(counts: Any) -> Floats:
    n = counts.shape[0]
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + n) / (1 + spread)) + 1, dtype=np.float64)


def _fit(counts: Any, idf: Floats, scores: _Scores, y: NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """Return weights and bias, for features in which the scores of the codebook are not stretched."""
    trust = _trust(len(y), len(np.unique(y)))
    stretched = _Scores(trust * scores.book, scores.vectors)
    weights, bias = fit_classes(_features(counts, idf, stretched), y, classes, _STRENGTH, "A classifier")
    words = counts.shape[1]
    weights[:, words : words + scores.book.shape[1]] *= trust
    return weights, bias


def _features(counts: Any, idf: Floats, scores: _Scores) -> Any:
    from scipy.sparse import csr_matrix, hstack

    made = counts.astype(np.float64).tocsr(copy=True)
    made.data = (1 + np.log(made.data)) * idf[made.indices]
    length = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    made.data /= np.repeat(np.maximum(length, 1e-12), np.diff(made.indptr))
    return hstack([made, csr_matrix(scores.book), csr_matrix(scores.vectors)]).tocsr()


def _cross_validate(
    counts: WordCounts, scores: _Scores, y: NDArray[np.int64], classes: int, folds: NDArray[np.int64],
    share: float | None, generator: np.random.Generator,
) -> NDArray[np.int64]:  # fmt: skip
    """Return what each text is taken for by a model that has not seen it, but all others or a share of them."""
    found = np.zeros(len(y), dtype=np.int64)
    for fold in np.unique(folds):
        rows = np.flatnonzero(folds != fold)
        if share is not None and share < 1:
            rows = np.sort(generator.choice(rows, max(2, round(share * len(rows))), replace=False))
        left = np.flatnonzero(folds == fold)
        idf = _idf(counts.counts[rows])
        weights, bias = _fit(counts.counts[rows], idf, scores[rows], y[rows], classes)
        found[left] = chances_of(_features(counts.counts[left], idf, scores[left]), weights, bias).argmax(axis=1)
    return found
