"""A mixed model beside the resampling answer: group effects with a random effect of story, day or article."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mediakit.errors import ArticleTableError, need_extra


def add_mixed_model(
    result: pd.DataFrame, used: pd.DataFrame, value: str, by: str, cluster: str, confidence: float
) -> pd.DataFrame:
    """Add what a linear mixed model says of each row of `compare_groups`, and say where the two disagree.

    The model has a mean for each group and a random intercept for each cluster, fitted by restricted maximum likelihood
    (statsmodels' MixedLM; Wald intervals).

    Returns
    -------
    DataFrame with the columns model_estimate, model_low, model_high
    """
    try:
        from statsmodels.regression.mixed_linear_model import MixedLM
    except ImportError:
        raise need_extra("statsmodels", "models", 'compare_groups(model="mixed")') from None
    names = sorted(used[by].unique())
    code = pd.Index(names).get_indexer(used[by])
    if used[cluster].nunique() < 2:
        raise ArticleTableError(f'model="mixed" needs several levels of {cluster!r}; there is one.')
    dummies = np.eye(len(names))[code]
    trouble = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            fitted = MixedLM(used[value].to_numpy(), dummies, groups=used[cluster].to_numpy()).fit(reml=True)
        except (np.linalg.LinAlgError, ValueError) as error:
            fitted, trouble = None, f"the mixed model could not be fitted: {error}"
    if fitted is not None and (not fitted.converged or any("converge" in str(one.message).lower() for one in caught)):
        trouble = "the mixed model did not converge"
    rows, notes = [], []
    for row in result.itertuples():
        if fitted is None:
            rows.append((np.nan, np.nan, np.nan))
            notes.append(trouble)
            continue
        weights = _weights(str(row.kind), str(row.group), str(row.versus), names)
        estimate = float(weights @ fitted.fe_params)
        spread = fitted.cov_params()[: len(names), : len(names)]
        half = float(stats.norm.ppf((1 + confidence) / 2) * np.sqrt(weights @ spread @ weights))
        rows.append((estimate, estimate - half, estimate + half))
        notes.append("; ".join(filter(None, (trouble, _disagreement(row, estimate, half)))))
    result = result.copy()
    result[["model_estimate", "model_low", "model_high"]] = rows
    result["note"] = ["; ".join(filter(None, pair)) for pair in zip(result["note"], notes, strict=True)]
    return result.astype({"note": "str"})


def _weights(kind: str, group: str, versus: str, names: list[str]) -> np.ndarray:
    weights = (np.array(names) == group).astype(np.float64)
    if kind == "mean":
        return weights
    if versus in names:
        return weights - (np.array(names) == versus)
    return weights - (1 - weights) / (len(names) - 1)


def _disagreement(row: Any, estimate: float, half: float) -> str:
    """Say where one answer excludes zero and the other does not, or their estimates are far apart."""
    low, high, value = (float(getattr(row, name)) for name in ("low", "high", "estimate"))
    if np.isnan(low):
        return ""
    if row.kind == "difference" and ((low > 0 or high < 0) != (abs(estimate) > half)):
        return "the mixed model disagrees on whether there is a difference"
    if abs(value - estimate) > max(half, (high - low) / 2):
        return "the mixed model's estimate is outside the interval"
    return ""
