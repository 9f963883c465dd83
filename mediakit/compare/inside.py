"""Comparison inside stories: group and story effects fitted together, stories resampled whole.

Outlets that chose other stories are not compared by their choice. With `value = story + group` fitted by least
squares, a group's effect is its mean distance from the mean of the story where every group covers every story.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mediakit.compare.resampling import LEAST, SMALL, Interval, is_nothing, named_generator, studentised

Floats = NDArray[np.float64]
_Fit = tuple[Floats, Floats] | None


class StoryDesign:
    """Groups compared inside stories. `cells`: one row per story, one column per group, NaN where it is not covered."""

    def __init__(
        self, cells: Floats, names: list[str], within: str, n_resamples: int, confidence: float, seed: int
    ) -> None:
        self.names, self.within = names, within
        self.n_resamples, self.confidence, self.seed = n_resamples, confidence, seed
        self.there = np.isfinite(cells).astype(np.float64)
        self.size = np.maximum(self.there.sum(axis=1), 1.0)
        self.stories = self.there.sum(axis=0).astype(np.int64)
        filled = np.where(self.there > 0, cells, 0.0)
        self.cells = filled
        self.distance = self._from_story(filled)
        fitted = self._fit(np.ones(len(cells)), self.distance)
        self.linked = fitted is not None
        self.effects = np.full(len(names), np.nan) if fitted is None else fitted[0]
        self.spread = np.full((len(names), len(names)), np.nan) if fitted is None else fitted[1]

    def _from_story(self, filled: Floats) -> Floats:
        """Return the distances of the cells from the mean of their story, 0 where a group does not cover it."""
        return np.where(self.there > 0, filled - (filled.sum(axis=1) / self.size)[:, None], 0.0)

    def _fit(self, weights: Floats, distance: Floats) -> _Fit:
        """Return the group effects, summing to 0, and their covariance over whole stories; None where not linked.

        `weights` says how often each story counts. NaN for a group that is in none of these stories.
        """
        present = (weights @ self.there) > 0
        there, apart = self.there[:, present], distance[:, present]
        # Normal equations with the stories eliminated: a weighted graph Laplacian of groups that meet in stories.
        laplacian = np.diag(weights @ there) - (there.T * (weights / self.size)) @ there
        roots, vectors = np.linalg.eigh(laplacian)
        solid = roots > 1e-9 * max(roots[-1], 1.0)
        if solid.sum() != len(roots) - 1:  # one zero root: the graph is in one piece
            return None
        inverse = (vectors[:, solid] / roots[solid]) @ vectors[:, solid].T
        found = inverse @ (weights @ apart)
        expected = there * (found - ((there @ found) / self.size)[:, None])
        residual = (apart - expected) @ inverse  # the pull of each story on the effects
        total = weights.sum()
        covariance = total / max(total - 1, 1.0) * (residual.T * weights) @ residual
        if present.all():
            return found, covariance
        effects, spread = np.full(len(present), np.nan), np.full((len(present), len(present)), np.nan)
        effects[present] = found
        spread[np.ix_(present, present)] = covariance
        return effects, spread

    @cached_property
    def drawn(self) -> tuple[Floats, Floats]:
        """Effects and covariances of resampled stories, NaN where those do not link the groups."""
        groups, stories = len(self.names), len(self.there)
        effects = np.full((self.n_resamples, groups), np.nan)
        spreads = np.full((self.n_resamples, groups, groups), np.nan)
        picks = named_generator(self.seed, f"within {self.within}").integers(0, stories, (self.n_resamples, stories))
        for number, pick in enumerate(picks):
            fitted = self._fit(np.bincount(pick, minlength=stories).astype(np.float64), self.distance)
            if fitted is not None:
                effects[number], spreads[number] = fitted
        return effects, spreads

    @cached_property
    def exchanged(self) -> tuple[Floats, Floats]:
        """Effects and covariances after the values were exchanged inside each story."""
        groups, stories = len(self.names), len(self.there)
        effects = np.full((self.n_resamples, groups), np.nan)
        spreads = np.full((self.n_resamples, groups, groups), np.nan)
        generator, ones = named_generator(self.seed, f"exchange {self.within}"), np.ones(stories)
        order = np.argsort(self.there == 0, axis=1, kind="stable")
        for number in range(self.n_resamples):
            keys = np.where(self.there > 0, generator.random(self.there.shape), 2.0)
            mixed = np.zeros(self.there.shape)
            taken = np.take_along_axis(self.cells, np.argsort(keys, axis=1), axis=1)
            np.put_along_axis(mixed, order, taken, axis=1)
            fitted = self._fit(ones, self._from_story(mixed))
            if fitted is not None:
                effects[number], spreads[number] = fitted
        return effects, spreads

    def interval(self, weights: Mapping[str, float]) -> Interval:
        """Return a weighted sum of group effects with its interval."""
        w = np.array([weights.get(name, 0.0) for name in self.names])
        on = w != 0
        if not self.linked:
            note = f"no estimate: some groups are not linked by any shared {self.within}"
            return Interval(np.nan, np.nan, np.nan, note=note)
        value = float(self.effects[on] @ w[on])
        least = int(self.stories[on].min())
        if least < LEAST:
            return Interval(value, np.nan, np.nan, note=f"no interval: {least} {self.within} shared")
        error = float(_error(self.spread, w, on))
        if is_nothing(error, self.cells):
            return Interval(value, value, value, note="all values are equal")
        if least < SMALL:
            half = float(stats.t.ppf((1 + self.confidence) / 2, least - 1)) * error
            return Interval(
                value, value - half, value + half, note=f"Student's t: fewer than {SMALL} {self.within} shared"
            )
        effects, spreads = self.drawn
        shift, errors = (effects[:, on] - self.effects[on]) @ w[on], _error(spreads, w, on)
        kept = np.isfinite(shift) & np.isfinite(errors)
        return studentised(value, error, shift[kept], errors[kept], self.confidence)

    def chance(self, weights: Mapping[str, float]) -> float:
        """Return how often a studentised difference is as large when values are exchanged inside stories."""
        if not self.linked:
            return np.nan
        w = np.array([weights.get(name, 0.0) for name in self.names])
        on = w != 0
        real = _studentise(self.effects[None, on] @ w[on], _error(self.spread[None], w, on), self.cells)[0]
        effects, spreads = self.exchanged
        t = _studentise(effects[:, on] @ w[on], _error(spreads, w, on), self.cells)
        t = t[~np.isnan(t)]
        return float((1 + (t >= real * (1 - 1e-9) - 1e-12).sum()) / (1 + len(t)))

    def beside_story(self, name: str) -> Floats:
        """Return the values of a group less the effects of their stories."""
        effects = self.effects if self.linked else np.zeros(len(self.names))
        k = self.names.index(name)
        story = ((self.cells - effects) * self.there).sum(axis=1) / self.size
        return np.asarray((self.cells[:, k] - story)[self.there[:, k] > 0])


def _error(spread: Floats, w: Floats, on: NDArray[np.bool_]) -> Floats:
    """Return the standard error of a contrast, of one covariance or of many."""
    part = spread[..., on, :][..., on]
    return np.asarray(np.sqrt(np.maximum(np.einsum("...ij,i,j->...", part, w[on], w[on]), 0.0)))


def _studentise(difference: Floats, error: Floats, values: Floats) -> Floats:
    """Return how many standard errors a difference is long; infinite where it has no error."""
    tiny = 1e-12 * (1 + np.abs(values).max())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error > tiny, np.abs(difference) / error, np.where(np.abs(difference) > tiny, np.inf, 0.0))
