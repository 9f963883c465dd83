"""Comparison inside stories: group and story effects fitted together, stories resampled whole.

Outlets that chose other stories are not compared by their choice. With `value = story + group` fitted by least
squares, a group's effect is its mean distance from the mean of the story where every group covers every story.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mediakit.compare.resampling import LEAST, MOST_EXCHANGED, SMALL, Interval, is_nothing, named_generator, studentised

Floats = NDArray[np.float64]
_CHUNK = 2_000_000  # numbers held at once


class StoryDesign:
    """Groups compared inside stories.

    `cells`: one row per story, one column per group, NaN where it is not covered; `contrasts`: one row of weights of
    groups per question, by the number of which its answers are called.
    """

    def __init__(
        self, cells: Floats, names: list[str], contrasts: Floats, within: str, n_resamples: int, confidence: float,
        seed: int,
    ) -> None:  # fmt: skip
        self.names, self.contrasts, self.within = names, contrasts, within
        self.n_resamples, self.confidence, self.seed = n_resamples, confidence, seed
        self.there = np.isfinite(cells).astype(np.float64)
        self.size = np.maximum(self.there.sum(axis=1), 1.0)
        self.stories = self.there.sum(axis=0).astype(np.int64)
        filled = np.where(self.there > 0, cells, 0.0)
        self.cells = filled
        self.distance = np.where(self.there > 0, filled - (filled.sum(axis=1) / self.size)[:, None], 0.0)
        effects, values, errors = self._fit(np.ones((1, len(cells))), self.distance[None])
        self.effects, self.values, self.errors = effects[0], values[0], errors[0]
        self.linked = bool(np.isfinite(self.effects).all())

    def _fit(self, weights: Floats, distance: Floats) -> tuple[Floats, Floats, Floats]:
        """Return for each replicate the group effects, summing to 0, the contrasts, and their errors over stories.

        `weights` (1 or replicates by stories) says how often each story counts; `distance` (1 or replicates by stories
        by groups) are the cells less the mean of their story. NaN for a group that is in none of the stories that
        count, and for all where the stories do not link the groups.
        """
        there = self.there
        counts = weights @ there
        # Normal equations with the stories eliminated: a weighted graph Laplacian of groups that meet in stories.
        laplacian = -(there.T * (weights / self.size)[:, None, :]) @ there
        every = np.arange(len(self.names))
        laplacian[:, every, every] += counts
        roots, vectors = np.linalg.eigh(laplacian)
        solid = roots > 1e-9 * np.maximum(roots[:, -1:], 1.0)
        turned = np.divide(1.0, roots, out=np.zeros_like(roots), where=solid)
        inverse = (vectors * turned[:, None, :]) @ vectors.transpose(0, 2, 1)
        right = weights @ distance[0] if len(distance) == 1 else (weights[:, None, :] @ distance)[:, 0]
        effects = (inverse @ right[:, :, None])[:, :, 0]
        expected = there * (effects[:, None, :] - ((effects @ there.T) / self.size)[:, :, None])
        pull = (distance - expected) @ (inverse @ self.contrasts.T)  # of each story on the contrasts
        total = weights.sum(axis=1)
        scale = (total / np.maximum(total - 1, 1.0))[:, None]
        errors = np.sqrt(scale * (weights[:, None, :] @ pull**2)[:, 0])
        present = counts > 0
        apart = solid.sum(axis=1) != present.sum(axis=1) - 1  # one zero root: the graph is in one piece
        missing = apart[:, None] | ~present
        lacking = (missing.astype(np.float64) @ (self.contrasts != 0).T) > 0
        values = np.where(lacking, np.nan, effects @ self.contrasts.T)
        return np.where(missing, np.nan, effects), values, np.where(lacking, np.nan, errors)

    def _chunks(self) -> list[slice]:
        """Return slices of the resamples that fit into memory."""
        widest = max(len(self.names), len(self.contrasts))
        step = max(1, _CHUNK // max(len(self.there) * widest, len(self.names) ** 2))
        return [slice(at, min(at + step, self.n_resamples)) for at in range(0, self.n_resamples, step)]

    @cached_property
    def drawn(self) -> tuple[Floats, Floats]:
        """Contrasts of resampled stories and their errors, NaN where those do not link the groups."""
        stories = len(self.there)
        picks = named_generator(self.seed, f"within {self.within}").integers(0, stories, (self.n_resamples, stories))
        parts = []
        for rows in self._chunks():
            times = np.stack([np.bincount(pick, minlength=stories) for pick in picks[rows]]).astype(np.float64)
            parts.append(self._fit(times, self.distance[None]))
        return np.concatenate([part[1] for part in parts]), np.concatenate([part[2] for part in parts])

    @cached_property
    def exchanged(self) -> Floats:
        """Studentised contrasts after the values were exchanged inside each story."""
        generator = named_generator(self.seed, f"exchange {self.within}")
        order = np.argsort(self.there == 0, axis=1, kind="stable")[None]
        parts = []
        for rows in self._chunks():
            keys = np.where(self.there > 0, generator.random((rows.stop - rows.start, *self.there.shape)), 2.0)
            # Sorted by their keys, the cells that are there come first; they go back to the places of such cells.
            mixed = np.zeros(keys.shape)
            taken = np.take_along_axis(self.distance[None], np.argsort(keys, axis=2), axis=2)
            np.put_along_axis(mixed, np.broadcast_to(order, keys.shape), taken, axis=2)
            _, values, errors = self._fit(np.ones((1, len(self.there))), mixed)
            parts.append(_studentise(values, errors, self.cells))
        return np.concatenate(parts)

    def interval(self, number: int) -> Interval:
        """Return a contrast with its interval."""
        on = self.contrasts[number] != 0
        if not self.linked:
            note = f"no estimate: some groups are not linked by any shared {self.within}"
            return Interval(np.nan, np.nan, np.nan, note=note)
        value, error = float(self.values[number]), float(self.errors[number])
        least = int(self.stories[on].min())
        if least < LEAST:
            return Interval(value, np.nan, np.nan, note=f"no interval: {least} {self.within} shared")
        if is_nothing(error, self.cells):
            return Interval(value, value, value, note="all values are equal")
        if least < SMALL:
            half = float(stats.t.ppf((1 + self.confidence) / 2, least - 1)) * error
            note = f"Student's t: fewer than {SMALL} {self.within} shared"
            return Interval(value, value - half, value + half, note=note)
        values, errors = (part[:, number] for part in self.drawn)
        kept = np.isfinite(values) & np.isfinite(errors)
        return studentised(value, error, values[kept] - value, errors[kept], self.confidence)

    def chance(self, number: int) -> float:
        """Return how often a studentised contrast is as large when values are exchanged inside stories.

        NaN with too many stories, as in `permute_labels`.
        """
        if not self.linked or self.there.size * self.n_resamples > MOST_EXCHANGED:
            return np.nan
        real = _studentise(self.values, self.errors, self.cells)[number]
        t = self.exchanged[:, number]
        return float((1 + (t >= real * (1 - 1e-9) - 1e-12).sum()) / (1 + len(t)))

    def beside_story(self, name: str) -> Floats:
        """Return the values of a group less the effects of their stories."""
        effects = self.effects if self.linked else np.zeros(len(self.names))
        k = self.names.index(name)
        story = ((self.cells - effects) * self.there).sum(axis=1) / self.size
        return np.asarray((self.cells[:, k] - story)[self.there[:, k] > 0])


def _studentise(difference: Floats, error: Floats, values: Floats) -> Floats:
    """Return how many standard errors a difference is long; infinite where it has no error."""
    tiny = 1e-12 * (1 + np.abs(values).max())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error > tiny, np.abs(difference) / error, np.where(np.abs(difference) > tiny, np.inf, 0.0))
