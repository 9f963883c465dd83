"""Where patterns occur: every pattern is asked of the vocabulary, then all of them of the text at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mediakit.text.patterns import Pattern, compile_pattern, exact_form, normal_form, wild_match

if TYPE_CHECKING:
    from mediakit.text.tokens import Tokens


@dataclass(frozen=True)
class Matches:
    """Occurrences of patterns, by label and place: four parallel arrays, and the names that the first two number."""

    labels: list[str]
    patterns: list[str]
    label: NDArray[np.int32]
    pattern: NDArray[np.int32]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)


def find_matches(tokens: Tokens, groups: Mapping[str, Sequence[str]], *, nested: bool) -> Matches:
    """Find the patterns of several labels; see `Tokens.find`."""
    labels, written, compiled, owner = list(groups), [], [], []
    for number, several in enumerate(groups.values()):
        for pattern in dict.fromkeys(several):
            written.append(pattern)
            compiled.append(compile_pattern(pattern))
            owner.append(number)
    which, first = _find_all(tokens, compiled)
    width = np.array([len(pattern.words) for pattern in compiled] or [1], dtype=np.int64)[which]
    label = np.array(owner or [0], dtype=np.int64)[which]
    last = first + width - 1
    keep = np.arange(len(first)) if nested else without_nested(label, which, first, last, len(tokens))
    order = keep[np.lexsort((which[keep], last[keep], first[keep], label[keep]))]
    label, which, first, last = (array[order] for array in (label, which, first, last))
    return Matches(labels, written, label.astype(np.int32), which.astype(np.int32), first, last)


def without_nested(
    label: NDArray[np.int64], which: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Return the numbers of the matches that lie in no longer match of the same label, by label and place.

    Of equal ones the pattern that was given first stays. `size`: tokens in the text.
    """
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    place = label.astype(np.int64) * max(1, size) + first
    # Of matches that begin together the longest comes first, of equal ones the pattern that was given first.
    order = np.lexsort((which, -last, place))
    reach = place[order] + (last - first)[order]
    inside = np.zeros(len(order), dtype=np.bool_)
    inside[1:] = reach[1:] <= np.maximum.accumulate(reach)[:-1]
    return order[~inside]


def _find_all(tokens: Tokens, patterns: Sequence[Pattern]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return number of the pattern and first token of every occurrence of every pattern."""
    vocabulary = _Vocabulary(tokens)
    slots = [[vocabulary.terms_of(pattern, step) for step in range(len(pattern.words))] for pattern in patterns]
    # Each pattern is looked for by its rarest word.
    anchors = [int(np.argmin([tokens.counts[terms].sum() for terms in steps])) for steps in slots]
    wanted = [steps[anchor] for steps, anchor in zip(slots, anchors, strict=True)]
    nothing = np.zeros(0, dtype=np.int64)
    if not sum(map(len, wanted)):
        return nothing, nothing
    term = np.concatenate(wanted)
    owner = np.repeat(np.arange(len(wanted)), [len(terms) for terms in wanted])
    order = np.argsort(term, kind="stable")
    term, owner = term[order], owner[order]
    bounds = np.searchsorted(term, np.arange(len(tokens.terms) + 1))
    several = np.diff(bounds)
    at = np.flatnonzero((several > 0)[tokens.term])
    repeats = several[tokens.term[at]]
    steps = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    which = owner[np.repeat(bounds[tokens.term[at]], repeats) + steps]
    first = np.repeat(at, repeats) - np.array(anchors)[which]
    return _check_phrases(tokens, slots, which, first)


def _check_phrases(
    tokens: Tokens, slots: list[list[NDArray[np.int64]]], which: NDArray[np.int64], first: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep the places where every word of the pattern stands, each joined to the one before."""
    lengths = np.array([len(steps) for steps in slots])
    keep = (first >= 0) & (first + lengths[which] <= len(tokens))
    which, first = which[keep], first[keep]
    size = len(tokens.terms)
    for step in range(int(lengths.max())):
        open_ = lengths[which] > step
        phrase = open_ & (lengths[which] > 1)
        if not phrase.any():
            break
        keys = [number * size + steps[step] for number, steps in enumerate(slots) if len(steps) > max(1, step)]
        allowed = np.sort(np.concatenate(keys))
        here = first[phrase] + step
        key = which[phrase] * size + tokens.term[here]
        found = np.searchsorted(allowed, key)
        good = allowed[np.minimum(found, len(allowed) - 1)] == key if len(allowed) else np.zeros(len(key), np.bool_)
        if step:
            good &= tokens.joined[here]
        keep = np.ones(len(which), dtype=np.bool_)
        keep[phrase] = good
        which, first = which[keep], first[keep]
    return which, first


class _Vocabulary:
    """The distinct words by their normal form, with and without the genitive's 's."""

    def __init__(self, tokens: Tokens) -> None:
        self._terms = tokens.terms
        self._of_form = tokens.terms_by_form
        self._tokens = tokens

    def terms_of(self, pattern: Pattern, step: int) -> NDArray[np.int64]:
        """Return the terms that this word of the pattern matches."""
        wanted = pattern.words[step]
        beginning = wanted.partition("*")[0]
        if pattern.exact:
            beginning = normal_form(beginning)
        if "*" not in wanted:
            terms = self._of_form.get(beginning, [])
        else:
            forms = self._tokens.alphabet
            terms = []
            for at in range(bisect_left(forms, beginning), len(forms)):
                form = forms[at]
                if not form.startswith(beginning):
                    break
                if pattern.exact or wild_match(wanted, form):
                    terms.extend(self._of_form[form])
            terms = sorted(set(terms))
        if pattern.exact:
            terms = [term for term in terms if self._is_exact(wanted, self._terms[term])]
        return np.array(terms, dtype=np.int64)

    def _is_exact(self, wanted: str, term: str) -> bool:
        form = exact_form(term)
        return wild_match(wanted, form) or wild_match(wanted, form.removesuffix("'s"))
