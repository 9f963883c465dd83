"""Types of sources by a model that the user has: any function of texts and places, or a transformers classifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_types import TYPES, SourceType
from mediakit.analyses.transformers_models import Span, load_classifier, name_outputs
from mediakit.errors import ArticleTableError, ModelError

Typer: TypeAlias = Callable[[Sequence[str], Sequence[Span]], Any]
GIVEN = "the given model"  # the reason of its types
_REACH = 600  # characters on each side of a source that a transformers model is shown


def ask_typer(
    typer: Typer, sources: Sequence[tuple[Evidence, SourceType, int, int]], least: float
) -> list[tuple[SourceType, float]]:
    """Return the type of each source, and how probable it is, as a function says that somebody gave.

    Parameters
    ----------
    typer : function of texts of articles and of places of sources in them
        It returns a DataFrame, one row per source, with the probabilities of types in columns of their names: any of
        the fourteen of docs/source_types.md, those left out have none. A row of NaN leaves what the rules say. In a
        column `named`, if there is one, the probability that the article says who the source is.
    sources : as `mediakit.analyses.source_model.Told`
    least : float
        A type less probable is unknown.

    Raises
    ------
    ArticleTableError
        When what the function returns is no such table.

    Examples
    --------
    >>> def guess(texts, spans):
    ...     return pd.DataFrame({"expert": 0.8, "citizen": 0.2}, index=range(len(texts)))
    >>> evidence = Evidence("Ana Ruiz", text="“No,” said Ana Ruiz.")
    >>> ask_typer(guess, [(evidence, SourceType("unknown", True, "nothing tells"), 11, 19)], 0.35)
    [(SourceType(type='expert', named=True, reason='the given model'), 0.8)]
    """
    if not sources:
        return []
    given = typer([one[0].text for one in sources], [(one[2], one[3]) for one in sources])
    chances, named = _check(given, len(sources))
    found = []
    for (_, verdict, _, _), row, told in zip(sources, chances, named.tolist(), strict=True):
        says = verdict.named if np.isnan(told) else told > 0.5
        if np.isnan(row).all():
            found.append((SourceType(verdict.type, says, verdict.reason), np.nan))
            continue
        best = int(row.argmax())
        if row[best] < least and TYPES[best] != "unknown":
            unsure = SourceType("unknown", says, f"{GIVEN}: not sure of {TYPES[best]}")
            found.append((unsure, float(row[TYPES.index("unknown")])))
        else:
            found.append((SourceType(TYPES[best], says, GIVEN), float(row[best])))
    return found


def _check(given: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities of `TYPES` and of being named, one row per source, from what a function returned."""
    if not isinstance(given, pd.DataFrame):
        raise ArticleTableError(
            f"the method returned {type(given).__name__}; needed is a DataFrame with types of sources."
        )
    kinds = [kind for kind in TYPES if kind in given.columns]
    other = [str(name) for name in given.columns if name not in (*TYPES, "named")]
    if not kinds or other or given.columns.duplicated().any():
        told = f"has columns {', '.join(map(str, given.columns))}" if len(given.columns) else "has no columns"
        raise ArticleTableError(
            f"the table that the method returned {told}; needed are types of sources, each once: {', '.join(TYPES)}; "
            "and, if wanted, named."
        )
    if len(given) != n:
        raise ArticleTableError(f"the method returned {len(given)} rows for {n} sources; needed is one for each.")
    chances, named = np.zeros((n, len(TYPES))), np.full(n, np.nan)
    try:
        chances[:, [TYPES.index(kind) for kind in kinds]] = given[kinds].to_numpy(dtype=np.float64, na_value=np.nan)
        if "named" in given.columns:
            named = given["named"].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ArticleTableError(f"the method returned values that are no numbers: {error}") from None
    missing = np.isnan(chances).any(axis=1)
    known = chances[~missing]
    if not np.isfinite(known).all() or (known < -1e-6).any() or (np.abs(known.sum(axis=1) - 1) > 1e-3).any():
        raise ArticleTableError(
            "the method returned values that are no probabilities: the types of a row must sum to 1."
        )
    told = named[~np.isnan(named)]
    if ((told < 0) | (told > 1)).any():
        raise ArticleTableError("the method returned values of named that are not between 0 and 1.")
    chances[missing] = np.nan
    return chances, named


def transformers_sources(
    model: str | Path,
    *,
    tokenizer: str | Path | None = None,
    labels: Sequence[str] | None = None,
    mark: str = "pair",
    batch_size: int = 32,
    device: str | None = None,
    download: bool = False,
    progress: bool | None = None,
) -> Typer:
    """Return a function that types sources with a transformers model; give it as `method=` to `find_sources`.

    Parameters
    ----------
    model : name or path of a sequence classifier
        A folder, or a name that is in the local cache.
    tokenizer : name or path, default as `model`
    labels : names of types of sources, optional
        What the model's outputs mean, in order (see docs/source_types.md); needed where its configuration does not say.
    mark : {"pair", "brackets", "mask"}, default "pair"
        How the source is shown: as a second text beside the passage; between ⟨ and ⟩; or by the mask token in its
        place, so that the model cannot know who it is.
    batch_size : int, default 32
    device : str, optional
        As PyTorch names it, "cuda" or "cpu". Default: a graphics processor where there is one.
    download : bool, default False
        Whether a name that is not in the cache may be fetched.
    progress : bool, optional

    Returns
    -------
    callable of texts and spans, which returns a DataFrame with one column per type that the model knows

    Raises
    ------
    MissingExtraError
        Without transformers and PyTorch, the extra `transformers`.
    ModelError
        When the model cannot be loaded, or the meaning of its outputs is not known.

    Notes
    -----
    The model is shown the passage where the source first speaks, 600 characters to each side, cut between words.

    Examples
    --------
    >>> transformers_sources("no/such-model")  # doctest: +SKIP
    Traceback (most recent call last):
    mediakit.errors.ModelError: the model 'no/such-model' cannot be loaded: ...
    """
    config, classify = load_classifier(
        model, tokenizer=tokenizer, mark=mark, batch_size=batch_size, device=device, download=download,
        progress=progress, what="sources", who="transformers_sources",
    )  # fmt: skip
    names = [name.lower().strip() for name in name_outputs(config, labels)]
    if len(names) != config.num_labels or len(set(names)) != len(names) or not set(names) <= set(TYPES):
        raise ModelError(
            f"the {config.num_labels} outputs of the model {str(model)!r} are called {', '.join(names)}: say what they "
            f"mean with labels=, in the order of the outputs, each one of {', '.join(TYPES)}."
        )

    def score(texts: Sequence[str], spans: Sequence[Span]) -> pd.DataFrame:
        passages = [_cut(text, *span) for text, span in zip(texts, spans, strict=True)]
        return pd.DataFrame(classify([one for one, _ in passages], [place for _, place in passages]), columns=names)

    return score


def _cut(text: str, start: int, end: int) -> tuple[str, Span]:
    """Return what stands around a place, cut between words, and the place in it."""
    left, right = max(0, start - _REACH), min(len(text), end + _REACH)
    if left:
        left = (
            min((at for at in (text.find(" ", left, start), text.find("\n", left, start)) if at >= 0), default=left - 1)
            + 1
        )
    if right < len(text):
        right = max(text.rfind(" ", end, right), text.rfind("\n", end, right))
        right = right if right >= 0 else min(len(text), end + _REACH)
    return text[left:right], (start - left, end - left)
