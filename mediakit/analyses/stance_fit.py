"""Stance from your own codes: what the model has read around a target, weighed anew by a researcher's sentences.

The network that comes with mediakit was trained on US political news. A few hundred codes of one's own show how well
it does on one's own texts, and adapt its last step to them.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.cross_validation import chances_of, deal_folds, draw_curve, fit_classes, tabulate_figures
from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.stance_clauses import Span
from mediakit.analyses.stance_model import CODES, Read, load_stance_model
from mediakit.errors import ArticleTableError, MeasureWarning, ModelError, require_columns

Floats = NDArray[np.float64]
_KIND, _VERSION = "fitted stance", 1
_STRENGTH = 0.003  # inverse of the penalty: few codes must not undo what many have taught
_LEAST_CODES = 30


@dataclass(frozen=True)
class FittedStance:
    """A stance model fitted to a researcher's codes; give it as `method=` to `score_stance` and `score_mentions`.

    Attributes
    ----------
    figures : DataFrame, one row per code, one for "all" (weighted by size) and one for "macro" (each code alike)
        class; n; precision, recall, f1 : float from 0 to 1, cross-validated; f1_low, f1_high : 95% interval
    before : DataFrame
        The same figures for the model that comes with mediakit, on the same sentences: whether fitting helps.
    curve : DataFrame, one row per number of coded sentences
        n; f1 : macro, cross-validated; low, high. Whether it still rises says whether more codes are worth it.
    predicted : DataFrame, one row per coded sentence: code, predicted (when it was left out), right
    """

    weights: Floats
    bias: Floats
    mean: Floats
    scale: Floats
    figures: pd.DataFrame
    before: pd.DataFrame
    curve: pd.DataFrame
    predicted: pd.DataFrame = field(repr=False)

    def __call__(self, texts: Sequence[str], spans: Sequence[Span]) -> pd.DataFrame:
        """Return the probabilities of against, neutral and favour, one row per text."""
        features = (_features(_read(texts, spans)) - self.mean) / self.scale
        return pd.DataFrame(chances_of(features, self.weights, self.bias).round(6), columns=list(CODES))

    def save(self, path: str | Path) -> Path:
        """Write the fitted model as arrays and JSON (no pickled objects, no texts)."""
        tables = {name: getattr(self, name).to_dict("records") for name in ("figures", "before", "curve")}
        arrays = {name: getattr(self, name) for name in ("weights", "bias", "mean", "scale")}
        return write_model(path, _KIND, _VERSION, {**tables, "base": _base()}, arrays)


def fit_stance(
    texts: Sequence[str] | pd.DataFrame,
    spans: Sequence[Span] | None = None,
    codes: Sequence[str] | None = None,
    *,
    n_folds: int = 5,
    n_resamples: int = 1000,
    seed: int = 0,
) -> FittedStance:
    """Learn stance from sentences coded by hand.

    Parameters
    ----------
    texts : sequence of str, or DataFrame
        Sentences, in English; or a table of coded sentences with the columns text, start, end and code.
    spans : sequence of (start, end)
        Characters of the target in each.
    codes : sequence of {"against", "neutral", "favour"}
    n_folds : int, default 5
        Parts of the cross-validation. Copies of one sentence are never split between parts.
    n_resamples : int, default 1000
        For the intervals, over sentences.
    seed : int, default 0

    Returns
    -------
    FittedStance

    Raises
    ------
    MissingExtraError
        Without scikit-learn, the extra `topics`.
    ArticleTableError
        When there are fewer than thirty sentences, only one code, an unknown code, a span outside its sentence, or
        lists of different lengths.

    Warns
    -----
    MeasureWarning
        When a code has fewer sentences than there are parts: its figures are rough.

    Notes
    -----
    Logistic regression (L2) on what the network has read around the target and on its own log-odds.

    Examples
    --------
    >>> texts = ["The mayor praised the union.", "The mayor attacked the union.", "The mayor met the union."] * 20
    >>> model = fit_stance(texts, [(s.index("union"), s.index("union") + 5) for s in texts],
    ...                    ["favour", "against", "neutral"] * 20, n_resamples=0)
    >>> model(["The envoy praised the union."], [(22, 27)]).idxmax(axis=1).tolist()
    ['favour']
    """
    if isinstance(texts, pd.DataFrame):
        if spans is not None or codes is not None:
            raise ArticleTableError("a table of coded sentences has the spans and codes already; give it alone.")
        require_columns(texts, ["text", "start", "end", "code"], "the table of coded sentences")
        table, texts = texts, texts["text"].tolist()
        spans = [(int(start), int(end)) for start, end in zip(table["start"], table["end"], strict=True)]
        codes = table["code"].tolist()
    elif spans is None or codes is None:
        raise ArticleTableError("give texts, spans and codes, or a table with the columns text, start, end and code.")
    y = _check(texts, spans, codes)
    sizes = np.bincount(y, minlength=len(CODES))
    small = [code for code, size in zip(CODES, sizes, strict=True) if 0 < size < n_folds]
    if small:
        told = f"codes with fewer than {n_folds} sentences, rough figures: {', '.join(small)}."
        warnings.warn(told, MeasureWarning, stacklevel=2)
    read = _read(texts, spans)
    features = _features(read)
    folds = _group_folds(texts, y, max(2, n_folds), np.random.default_rng(seed))
    found = _cross_validate(features, y, folds)

    def find(share: float, generator: np.random.Generator) -> NDArray[np.int64]:
        return _cross_validate(features, y, folds, share, generator)

    kinds = np.array(CODES)
    before = tabulate_figures(y, read.chances.argmax(axis=1).astype(np.int64), kinds, n_resamples, seed)
    curve = draw_curve(y, found, len(CODES), len(np.unique(folds)), find, n_resamples, seed, average="macro")
    mean, scale = _standard(features)
    weights, bias = fit_classes((features - mean) / scale, y, len(CODES), _STRENGTH, "Fitting stance")
    predicted = pd.DataFrame({"code": kinds[y], "predicted": kinds[found], "right": y == found})
    return FittedStance(
        weights, bias, mean, scale, tabulate_figures(y, found, kinds, n_resamples, seed), before, curve,
        predicted.astype({"code": "str", "predicted": "str"}),
    )  # fmt: skip


def load_fitted_stance(path: str | Path) -> FittedStance:
    """Load a model that `FittedStance.save` wrote.

    Raises
    ------
    ModelError
        When the file is no such model, damaged, of another version, or was fitted to another network than this
        mediakit has.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> texts = ["They praised the union.", "They attacked the union."] * 20
    >>> model = fit_stance(texts, [(s.index("union"), s.index("union") + 5) for s in texts],
    ...                    ["favour", "against"] * 20, n_resamples=0)
    >>> load_fitted_stance(model.save(pathlib.Path(tempfile.mkdtemp()) / "mine.stance")).figures["n"].tolist()
    [20, 0, 20, 40, 40]
    """
    name = Path(path).name
    with read_model(path, _KIND, _VERSION) as (about, held):
        if about["base"] != _base():
            raise ModelError(f"{name} was fitted to another network than this mediakit has. Fit it anew.")
        weights, bias, mean, scale = (held[key] for key in ("weights", "bias", "mean", "scale"))
        wide = load_stance_model().network.width + len(CODES)
        fits = weights.shape == (len(CODES), wide) and mean.shape == scale.shape == (wide,) and bias.shape == (3,)
        if not fits or not all(np.isfinite(part).all() for part in (weights, bias, mean, scale)):
            raise ModelError(f"{name}: the weights of the fitted stance do not fit together.")
        figures, before, curve = (pd.DataFrame(about[key]) for key in ("figures", "before", "curve"))
    return FittedStance(
        weights, bias, mean, scale, figures, before, curve, pd.DataFrame({"code": [], "predicted": [], "right": []})
    )


def _base() -> str:
    return str(load_stance_model().network.about.get("fingerprint", ""))


def _check(texts: Sequence[str], spans: Sequence[Span], codes: Sequence[str]) -> NDArray[np.int64]:
    if not len(texts) == len(spans) == len(codes):
        raise ArticleTableError(
            f"{len(texts)} texts, {len(spans)} spans and {len(codes)} codes: there must be one of each per sentence."
        )
    if len(texts) < _LEAST_CODES:
        raise ArticleTableError(f"{len(texts)} coded sentences are too few to learn from; {_LEAST_CODES} are needed.")
    for number, (text, span, code) in enumerate(zip(texts, spans, codes, strict=True)):
        if code not in CODES:
            raise ArticleTableError(f"sentence {number}: the code {code!r} is not one of {', '.join(CODES)}.")
        if not isinstance(text, str) or not 0 <= span[0] < span[1] <= len(text):
            raise ArticleTableError(f"sentence {number}: the span {span!r} lies outside the text.")
    if len(set(codes)) < 2:
        raise ArticleTableError(f"all codes are {codes[0]!r}: there is nothing to tell apart.")
    return np.array([CODES.index(code) for code in codes], dtype=np.int64)


def _read(texts: Sequence[str], spans: Sequence[Span]) -> Read:
    model = load_stance_model()
    return model.read([model.words_of(text, *span) for text, span in zip(texts, spans, strict=True)])


def _features(read: Read) -> Floats:
    chances = np.clip(read.chances.astype(np.float64), 1e-4, 1)
    return np.hstack([read.state.astype(np.float64), 4 * np.log(chances)])  # its own answer weighs more than one value


def _standard(features: Floats) -> tuple[Floats, Floats]:
    return features.mean(axis=0), np.maximum(features.std(axis=0), 1e-3)


def _group_folds(
    texts: Sequence[str], y: NDArray[np.int64], n_folds: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Deal out distinct sentences, each with all its copies and targets."""
    number = {text: at for at, text in reversed(list(enumerate(texts)))}
    first = np.array([number[text] for text in texts])
    distinct = np.unique(first)
    if len(distinct) < n_folds:  # few sentences, often repeated: every row by itself
        return deal_folds(y, n_folds, generator)
    fold = dict(zip(distinct.tolist(), deal_folds(y[distinct], n_folds, generator).tolist(), strict=True))
    return np.array([fold[at] for at in first.tolist()], dtype=np.int64)


def _cross_validate(
    features: Floats,
    y: NDArray[np.int64],
    folds: NDArray[np.int64],
    share: float = 1.0,
    generator: np.random.Generator | None = None,
) -> NDArray[np.int64]:
    """Return what each sentence is taken for by a model that has not seen it, but all others or a share of them."""
    found = np.zeros(len(y), dtype=np.int64)
    for fold in np.unique(folds):
        rows, left = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if generator is not None and share < 1:
            rows = np.sort(generator.choice(rows, max(2, round(share * len(rows))), replace=False))
        mean, scale = _standard(features[rows])
        weights, bias = fit_classes((features[rows] - mean) / scale, y[rows], len(CODES), _STRENGTH, "Fitting stance")
        found[left] = chances_of((features[left] - mean) / scale, weights, bias).argmax(axis=1)
    return found
