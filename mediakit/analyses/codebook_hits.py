"""Where a codebook's categories occur: patterns, their conditions and exclusions, in one pass over the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediakit.lexicons.codebooks import Codebook, Rule
from mediakit.text.matches import Matches, without_nested
from mediakit.text.tokens import Tokens

Places = tuple[NDArray[np.int64], NDArray[np.int64]]  # first and last token of each match, sorted by the first


@dataclass(frozen=True)
class Hits:
    """Occurrences of categories, by category and place: parallel arrays, and what the first two number."""

    categories: list[str]
    rules: list[Rule]
    category: NDArray[np.int64]
    rule: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    @property
    def weight(self) -> NDArray[np.float64]:
        """The weight of each occurrence."""
        return np.array([rule.weight for rule in self.rules] or [1.0])[self.rule]

    def select(self, keep: NDArray[np.bool_]) -> Hits:
        """Return those that are marked."""
        kept = (array[keep] for array in (self.category, self.rule, self.first, self.last))
        return Hits(self.categories, self.rules, *kept)


def find_hits(tokens: Tokens, codebook: Codebook, *, overlap: str = "each", nested: bool = False) -> Hits:
    """Find every occurrence of a codebook's categories.

    Parameters
    ----------
    overlap : {"each", "longest"}, default "each"
        Whether words count in each category that matches them, or only in the one with the longest match there (of
        equal ones in that which the codebook names first).
    nested : bool, default False
        Whether a match inside a longer match of the same category counts as well.
    """
    names = [category.name for category in codebook.categories]
    rules = [rule for category in codebook.categories for rule in category.every_rule()]
    owner = np.array([n for n, category in enumerate(codebook.categories) for _ in category.every_rule()], np.int64)
    asked: dict[str, Sequence[str]] = {f"rule {n}": [rule.pattern] for n, rule in enumerate(rules)}
    for number, rule in enumerate(rules):
        asked.update({f"near {number}": rule.near} if rule.near else {})
        asked.update({f"unless {number}": rule.unless} if rule.unless else {})
    for number, category in enumerate(codebook.categories):
        asked.update({f"exclude {number}": category.exclude} if category.exclude else {})
    found = _by_label(tokens.matches(asked, nested=True))
    parts: list[tuple[int, Places]] = []
    for number, rule in enumerate(rules):
        if f"rule {number}" in found:
            places = _kept(tokens, rule, number, found)
            parts.append((number, _outside(places, found.get(f"exclude {owner[number]}"))))
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Hits(names, rules, nothing, nothing, nothing, nothing)
    rule_of = np.concatenate([np.full(len(places[0]), number) for number, places in parts])
    first, last = (np.concatenate([places[at] for _, places in parts]) for at in (0, 1))
    category_of = owner[rule_of]
    label = category_of if overlap == "each" else np.zeros(len(category_of), dtype=np.int64)
    if not nested or overlap == "longest":
        keep = without_nested(label, rule_of, first, last, len(tokens))
        category_of, rule_of, first, last = (array[keep] for array in (category_of, rule_of, first, last))
    order = np.lexsort((rule_of, last, first, category_of))
    return Hits(names, rules, *(array[order] for array in (category_of, rule_of, first, last)))


def _by_label(found: Matches) -> Mapping[str, Places]:
    """Return the places of every label that occurs, by first token."""
    order = np.lexsort((found.last, found.first, found.label))
    label = found.label[order]
    bounds = np.searchsorted(label, np.arange(len(found.labels) + 1))
    return {
        name: (found.first[order[start:end]], found.last[order[start:end]])
        for name, start, end in zip(found.labels, bounds[:-1], bounds[1:], strict=True)
        if end > start
    }


def _kept(tokens: Tokens, rule: Rule, number: int, found: Mapping[str, Places]) -> Places:
    """Return the matches of a rule's pattern for which its conditions hold."""
    first, last = found[f"rule {number}"]
    keep = np.ones(len(first), dtype=np.bool_)
    if rule.near:
        keep &= _is_near(tokens, first, last, found.get(f"near {number}"), rule.within, rule.side)
    if rule.unless:
        keep &= ~_is_near(tokens, first, last, found.get(f"unless {number}"), rule.within)
    return first[keep], last[keep]


def _is_near(
    tokens: Tokens,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    other: Places | None,
    within: int,
    side: str = "both",
) -> NDArray[np.bool_]:
    """Whether another match stands before or behind, without an overlap, so near and in the same article."""
    if other is None or not len(first):
        return np.zeros(len(first), dtype=np.bool_)
    starts, ends = other[0], np.sort(other[1])
    by_end = other[0][np.argsort(other[1], kind="stable")]
    group = tokens.sentence if within == 0 else tokens.article
    reach = within or len(tokens)
    at = np.searchsorted(starts, last, side="right")  # the next that begins behind
    behind = np.minimum(at, len(starts) - 1)
    near = (
        (side != "before")
        & (at < len(starts))
        & (starts[behind] - last <= reach)
        & (group[starts[behind]] == group[last])
    )
    at = np.searchsorted(ends, first, side="left") - 1  # the last that ends before
    before = np.maximum(at, 0)
    near |= (side != "behind") & (at >= 0) & (first - ends[before] <= reach) & (group[by_end[before]] == group[first])
    return near


def _outside(places: Sequence[NDArray[np.int64]], exclude: Places | None) -> Places:
    """Return the matches that are not inside an excluded phrase."""
    first, last = places
    if exclude is None or not len(first):
        return first, last
    reach = np.maximum.accumulate(exclude[1])
    at = np.searchsorted(exclude[0], first, side="right") - 1
    inside = (at >= 0) & (reach[np.maximum(at, 0)] >= last)
    return first[~inside], last[~inside]
