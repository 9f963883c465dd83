"""Boosted trees at work: the sum of the values of the leaves, with NumPy alone.

Each tree of at most 64 leaves is a row of bits, one per leaf, from left to right. A node whose condition fails rules
out the leaves on its left; the first leaf that no node has ruled out is where a row ends (Lucchese et al. 2015,
"QuickScorer", SIGIR, 73-82). The bits that remain are worked out once for each interval between
the thresholds of a feature, and for each combination of the intervals of several features with few of them: a row
costs one look-up per group of features for all the trees together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ModelError

_ROWS = 256  # rows at a time; bounds the memory, changes no result
_LEAVES = 64
_COMBINED = 512  # intervals of a group of features; more take longer to look up than they save


@dataclass(frozen=True)
class Forest:
    """Boosted trees as parallel arrays, one value per node; the trees follow each other.

    Attributes
    ----------
    feature : array of int16
        Column that a node compares; -1 for a leaf.
    threshold : array of float64
        A row goes left where its value is at most this.
    left, right : array of int32
        The nodes that follow, counted within all the arrays.
    value : array of float64
        What a leaf adds to the sum.
    root : array of int32, one value per tree
        Its first node.
    base : float
        What the sum starts from.

    Examples
    --------
    >>> forest = Forest(np.array([0, -1, -1]), np.array([0.5, 0, 0]), np.array([1, 0, 0]), np.array([2, 0, 0]),
    ...                 np.array([0, -1.0, 1.0]), np.array([0]), 0.25)
    >>> forest.raw(np.array([[0.0], [1.0]])).tolist()
    [-0.75, 1.25]
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    root: NDArray[np.int32]
    base: float

    def raw(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the leaves for each row: the log-odds of a classifier."""
        tables = self._tables
        found = np.full(len(rows), self.base)
        columns = np.ascontiguousarray(rows.T)
        places = [group.place(columns) for group in tables.groups]
        size = min(_ROWS, len(rows))
        alive: NDArray[Any] = np.empty((size, len(self.root)), dtype=tables.dtype)
        other = np.empty_like(alive)
        for begin in range(0, len(rows), _ROWS):
            here = slice(begin, min(begin + _ROWS, len(rows)))
            left, more = alive[: here.stop - begin], other[: here.stop - begin]
            left.fill(np.iinfo(tables.dtype).max)
            for group, place in zip(tables.groups, places, strict=True):
                # mode="clip" writes to `out` without a copy; every place is one of the table.
                left &= np.take(group.bits, place[here], axis=0, out=more, mode="clip")
            found[here] += tables.leaves(left).sum(axis=1)
        return found

    def chance(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability that a classifier gives each row.

        Examples
        --------
        >>> one = np.array([0])
        >>> Forest(one - 1, one, one, one, one, one, 0.0).chance(np.zeros((1, 1))).tolist()
        [0.5]
        """
        return 1 / (1 + np.exp(-self.raw(rows)))

    def arrays(self) -> dict[str, NDArray]:
        """Return the arrays by name, to be written to a file."""
        return {
            "feature": self.feature.astype(np.int16), "threshold": self.threshold, "left": self.left.astype(np.int32),
            "right": self.right.astype(np.int32), "value": self.value, "root": self.root.astype(np.int32),
            "base": np.array([self.base]),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray], columns: int) -> Forest:
        """Build a forest from arrays by name; raise `ModelError` when they cannot be one of `columns` features."""
        try:
            feature, threshold, left, right, value, root = (
                np.asarray(arrays[name]) for name in ("feature", "threshold", "left", "right", "value", "root")
            )
            base = float(arrays["base"][0])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ModelError(f"trees lack an array or hold no numbers ({error}).") from None
        size = len(feature)
        inner = feature >= 0
        if (
            any(len(one) != size for one in (threshold, left, right, value))
            or feature.max(initial=-1) >= columns
            or root.min(initial=0) < 0
            or root.max(initial=-1) >= size
            # Children stand behind their parents, so that no walk runs in a circle.
            or (left[inner] <= np.flatnonzero(inner)).any()
            or (right[inner] <= np.flatnonzero(inner)).any()
            or max(left.max(initial=0), right.max(initial=0)) >= max(size, 1)
            or not np.isfinite(value).all()
        ):
            raise ModelError("trees whose arrays do not fit together.")
        return cls(feature, threshold, left, right, value, root, base)

    @cached_property
    def _tables(self) -> _Tables:
        feature, threshold = self.feature.tolist(), self.threshold.tolist()
        left, right, value = self.left.tolist(), self.right.tolist(), self.value.tolist()
        values: list[float] = []
        offsets, nodes = [], []
        most = 0
        for tree, root in enumerate(self.root.tolist()):
            offsets.append(len(values))
            # Leaves are numbered from left to right: (node, is it entered the second time).
            stack: list[tuple[int, int]] = [(root, -1)]
            while stack:
                node, begun = stack.pop()
                if begun >= 0:  # everything on its left has been numbered
                    nodes.append((feature[node], threshold[node], tree, begun, len(values) - offsets[-1]))
                    stack.append((right[node], -1))
                elif feature[node] < 0:
                    values.append(value[node])
                else:
                    stack.append((node, len(values) - offsets[-1]))
                    stack.append((left[node], -1))
            most = max(most, len(values) - offsets[-1])
        if most > _LEAVES:
            raise ModelError(f"a tree has {most} leaves; at most {_LEAVES} can be read.")
        dtype = np.uint16 if most <= 16 else np.uint32 if most <= 32 else np.uint64
        full = np.iinfo(dtype).max
        cuts: dict[int, NDArray[np.float64]] = {}
        bits: dict[int, NDArray] = {}
        for column in sorted({node[0] for node in nodes}):
            mine = [node for node in nodes if node[0] == column]
            cuts[column] = np.unique([node[1] for node in mine])
            table = np.full((len(cuts[column]) + 1, len(self.root)), full, dtype=dtype)
            for _, cut, tree, begin, end in mine:
                mask = full ^ (((1 << (end - begin)) - 1) << begin)
                table[np.searchsorted(cuts[column], cut) + 1, tree] &= dtype(mask)
            bits[column] = np.bitwise_and.accumulate(table, axis=0)
        flat = np.zeros((len(self.root), most))
        for tree, (begin, end) in enumerate(pairwise([*offsets, len(values)])):
            flat[tree, : end - begin] = values[begin:end]
        return _Tables(_combine(cuts, bits), flat.ravel(), most, dtype)


@dataclass(frozen=True)
class _Group:
    """Features that are looked up together.

    Attributes
    ----------
    cuts : list of (column, thresholds)
    bits : array of unsigned integers, one row per combination of intervals, one column per tree
        The leaves that none of these features rules out.
    """

    cuts: list[tuple[int, NDArray[np.float64]]]
    bits: NDArray[Any]

    def place(self, columns: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the combination that each row has; `columns` has one row per feature."""
        found: NDArray[np.intp] = np.zeros(columns.shape[1], dtype=np.intp)
        for column, thresholds in self.cuts:
            # As many thresholds as are below the value have failed.
            if len(thresholds) == 1:
                failed: NDArray[Any] = ~(columns[column] <= thresholds[0])
            else:
                failed = np.searchsorted(thresholds, columns[column], side="left")
            found *= len(thresholds) + 1
            found += failed
        return found


def _combine(cuts: Mapping[int, NDArray[np.float64]], bits: Mapping[int, NDArray[Any]]) -> list[_Group]:
    """Bring features together, those with many intervals first, as long as the combinations are few."""
    sizes: list[int] = []
    members: list[list[int]] = []
    for column in sorted(cuts, key=lambda column: (-len(cuts[column]), column)):
        size = len(cuts[column]) + 1
        at = next((at for at, taken in enumerate(sizes) if taken * size <= _COMBINED), len(sizes))
        if at == len(sizes):
            sizes.append(1)
            members.append([])
        sizes[at] *= size
        members[at].append(column)
    groups = []
    for columns in members:
        table = bits[columns[0]]
        for column in columns[1:]:
            table = (table[:, None, :] & bits[column][None, :, :]).reshape(-1, table.shape[1])
        groups.append(_Group([(column, cuts[column]) for column in columns], np.ascontiguousarray(table)))
    return groups


@dataclass(frozen=True)
class _Tables:
    """What a forest looks up.

    Attributes
    ----------
    groups : list of _Group
    value : array of float64
        What each leaf adds, `most` places for every tree.
    most : int
        Leaves of the tree that has most.
    dtype : type
        Of the bits.
    """

    groups: list[_Group]
    value: NDArray[np.float64]
    most: int
    dtype: type

    def leaves(self, alive: NDArray[Any]) -> NDArray[np.float64]:
        """Return what the first leaf that is left adds: one row per row, one column per tree."""
        # A power of two as a float has its exponent in its highest bits.
        lowest = alive & (~alive + self.dtype(1))
        if self.dtype is np.uint64:
            leaf: NDArray[Any] = lowest.astype(np.float64).view(np.int64) >> 52
            leaf -= 1023
        else:
            leaf = lowest.astype(np.float32).view(np.int32) >> 23
            leaf -= 127
        leaf += np.arange(0, alive.shape[1] * self.most, self.most, dtype=leaf.dtype)
        return np.take(self.value, leaf, mode="clip")
