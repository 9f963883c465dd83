"""Classifiers of Hugging Face transformers that a user has, as functions of texts and the places in question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ModelError, need_extra
from mediakit.progress import progress_bar

Span: TypeAlias = tuple[int, int]
MARKS = ("pair", "brackets", "mask")


def load_classifier(
    model: str | Path,
    *,
    tokenizer: str | Path | None,
    mark: str,
    batch_size: int,
    device: str | None,
    download: bool,
    progress: bool | None,
    what: str,
    who: str,
) -> tuple[Any, Callable[[Sequence[str], Sequence[Span]], NDArray[np.float64]]]:
    """Return the configuration of a classifier, and a function that gives the probabilities of its outputs.

    `what` is told by the progress bar, `who` is the public function that needs the extra.

    Raises
    ------
    MissingExtraError
        Without transformers and PyTorch.
    ModelError
        When the model cannot be loaded, or `mark` is not known.
    """
    if mark not in MARKS:
        raise ModelError(f'mark={mark!r} is not known; there is "pair", "brackets" and "mask".')
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError:
        raise need_extra("transformers (with PyTorch)", "transformers", who) from None
    try:
        only = {"local_files_only": not download}
        loaded: Any = AutoModelForSequenceClassification.from_pretrained(str(model), **only)
        reader: Any = AutoTokenizer.from_pretrained(str(tokenizer or model), **only)
    except (OSError, ValueError, ImportError) as error:
        told = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"the model {str(model)!r} cannot be loaded: {told}") from None
    where = device or ("cuda" if torch.cuda.is_available() else "cpu")
    loaded = loaded.to(where).eval()

    def classify(texts: Sequence[str], spans: Sequence[Span]) -> NDArray[np.float64]:
        chances = np.zeros((len(texts), int(loaded.config.num_labels)))
        for at in progress_bar(range(0, len(texts), batch_size), what, show=progress, unit="batch", least=20):
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
            chances[at : at + batch_size] = torch.softmax(raw, dim=1).numpy()
        return chances

    return loaded.config, classify


def name_outputs(config: Any, labels: Sequence[str] | None) -> list[str]:
    """Return what the outputs of a classifier are called, in order: as given, or as its configuration says."""
    known = dict(getattr(config, "id2label", None) or {})
    return list(labels) if labels is not None else [str(known[number]) for number in sorted(known)]


def _show(text: str, span: Span, mark: str, mask: str | None) -> tuple[str, str]:
    start, end = span
    if mark == "pair":
        return text, text[start:end]
    inside = f"⟨{text[start:end]}⟩" if mark == "brackets" else (mask or "[MASK]")
    return f"{text[:start]}{inside}{text[end:]}", ""
