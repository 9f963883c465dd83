"""Stance by a model of Hugging Face transformers that the user has: a classifier of sentence and target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.analyses.stance_clauses import Span
from mediakit.analyses.stance_model import CODES
from mediakit.analyses.transformers_models import load_classifier, name_outputs
from mediakit.errors import ModelError

# What the labels of published models are called, in small letters.
_NAMES = {
    "against": "against", "negative": "against", "neg": "against", "con": "against", "oppose": "against",
    "neutral": "neutral", "none": "neutral", "neu": "neutral", "observing": "neutral",
    "favour": "favour", "favor": "favour", "positive": "favour", "pos": "favour", "pro": "favour", "support": "favour",
}  # fmt: skip


def transformers_stance(
    model: str | Path,
    *,
    tokenizer: str | Path | None = None,
    labels: Sequence[str] | None = None,
    mark: str = "pair",
    batch_size: int = 32,
    device: str | None = None,
    download: bool = False,
    progress: bool | None = None,
) -> Callable[[Sequence[str], Sequence[Span]], pd.DataFrame]:
    """Return a function that scores stance with a transformers model; give it as `method=` to `score_stance`.

    Parameters
    ----------
    model : name or path of a sequence classifier
        A folder, or a name that is in the local cache.
    tokenizer : name or path, default as `model`
    labels : three of "against", "neutral", "favour", optional
        What the model's outputs mean, in order; needed where its configuration does not say.
    mark : {"pair", "brackets", "mask"}, default "pair"
        How the target is shown: as a second text beside the sentence; between ⟨ and ⟩; or by the mask token in its
        place, so that the model cannot know who is meant.
    batch_size : int, default 32
    device : str, optional
        As PyTorch names it, "cuda" or "cpu". Default: a graphics processor where there is one.
    download : bool, default False
        Whether a name that is not in the cache may be fetched.
    progress : bool, optional

    Returns
    -------
    callable of texts and spans, which returns a DataFrame with against, neutral and favour

    Raises
    ------
    MissingExtraError
        Without transformers and PyTorch, the extra `transformers`.
    ModelError
        When the model cannot be loaded, has not three outputs, or their meaning is not known.

    Examples
    --------
    >>> transformers_stance("no/such-model")  # doctest: +SKIP
    Traceback (most recent call last):
    mediakit.errors.ModelError: the model 'no/such-model' cannot be loaded: ...
    """
    config, classify = load_classifier(
        model, tokenizer=tokenizer, mark=mark, batch_size=batch_size, device=device, download=download,
        progress=progress, what="stance", who="transformers_stance",
    )  # fmt: skip
    order = _order(config, labels, str(model))

    def score(texts: Sequence[str], spans: Sequence[Span]) -> pd.DataFrame:
        return pd.DataFrame(classify(texts, spans)[:, order], columns=list(CODES))

    return score


def _order(config: Any, labels: Sequence[str] | None, model: str) -> list[int]:
    """Return which output is against, which neutral and which favour."""
    names = name_outputs(config, labels)
    meant = [_NAMES.get(name.lower().strip(), "") for name in names]
    if len(names) != len(CODES) or getattr(config, "num_labels", len(CODES)) != len(CODES):
        raise ModelError(
            f"the model {model!r} has {getattr(config, 'num_labels', len(names))} outputs; needed are three."
        )
    if sorted(meant) != sorted(CODES):
        raise ModelError(
            f"the outputs of the model {model!r} are called {', '.join(names)}: say what they mean with "
            'labels=["against", "neutral", "favour"], in the order of the outputs.'
        )
    return [meant.index(code) for code in CODES]
