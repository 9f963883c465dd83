"""Stance by a model of Hugging Face transformers that the user has: a classifier of sentence and target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mediakit.analyses.stance_clauses import Span
from mediakit.analyses.stance_model import CODES
from mediakit.errors import ModelError, need_extra
from mediakit.progress import progress_bar

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
    if mark not in ("pair", "brackets", "mask"):
        raise ModelError(f'mark={mark!r} is not known; there is "pair", "brackets" and "mask".')
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError:
        raise need_extra("transformers (with PyTorch)", "transformers", "transformers_stance") from None
    try:
        only = {"local_files_only": not download}
        loaded: Any = AutoModelForSequenceClassification.from_pretrained(str(model), **only)
        reader: Any = AutoTokenizer.from_pretrained(str(tokenizer or model), **only)
    except (OSError, ValueError, ImportError) as error:
        told = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"the model {str(model)!r} cannot be loaded: {told}") from None
    order = _order(loaded.config, labels, str(model))
    where = device or ("cuda" if torch.cuda.is_available() else "cpu")
    loaded = loaded.to(where).eval()

    def score(texts: Sequence[str], spans: Sequence[Span]) -> pd.DataFrame:
        chances = np.zeros((len(texts), len(CODES)))
        for at in progress_bar(range(0, len(texts), batch_size), "stance", show=progress, unit="batch", least=20):
            some = [
                _show(*one, mark, reader.mask_token)
                for one in zip(texts[at : at + batch_size], spans[at : at + batch_size], strict=True)
            ]
            first, second = [one for one, _ in some], [two for _, two in some]
            given = reader(
                first, second if mark == "pair" else None, padding=True, truncation="longest_first", return_tensors="pt"
            ).to(where)
            with torch.no_grad():
                raw = loaded(**given).logits.float().cpu()
            chances[at : at + batch_size] = torch.softmax(raw, dim=1).numpy()[:, order]
        return pd.DataFrame(chances, columns=list(CODES))

    return score


def _show(text: str, span: Span, mark: str, mask: str | None) -> tuple[str, str]:
    start, end = span
    if mark == "pair":
        return text, text[start:end]
    inside = f"⟨{text[start:end]}⟩" if mark == "brackets" else (mask or "[MASK]")
    return f"{text[:start]}{inside}{text[end:]}", ""


def _order(config: Any, labels: Sequence[str] | None, model: str) -> list[int]:
    """Return which output is against, which neutral and which favour."""
    known = dict(getattr(config, "id2label", None) or {})
    names = list(labels) if labels is not None else [str(known[number]) for number in sorted(known)]
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
