"""Checks of a codebook: patterns that find nothing, the same twice, too much, or what another category finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.codebook_hits import Hits, find_hits
from mediakit.analyses.topics import as_codebook, as_tokens
from mediakit.lexicons.codebooks import Category, Codebook, Rule
from mediakit.text.patterns import Pattern, compile_pattern, normal_form, wild_match
from mediakit.text.tokens import Tokens

COLUMNS = ["problem", "category", "pattern", "other_category", "other_pattern", "hits", "shared", "note"]
PROBLEMS = ("never counts", "repeated", "broad", "unmet", "dead", "shared")
SHORTEST = 3  # letters before a star, where a pattern is not called broad
FEWEST = 10  # hits from which the share of a pattern can be judged

Row = tuple[object, ...]


def check_codebook(
    codebook: Codebook | str | Path, tokens: Tokens | pd.DataFrame | None = None, *, most: float = 0.01
) -> pd.DataFrame:
    """Look for patterns of a codebook that do not what they should.

    Parameters
    ----------
    codebook : Codebook, or the name or path of one
        From `load_codebook`.
    tokens : Tokens or DataFrame, optional
        From `tokenize`, or an article table: articles of the kind that the codebook is for. Without them only the
        patterns themselves are compared. Articles that are known to be in another language than the codebook are not
        looked at.
    most : float, default 0.01
        Share of all words from which a pattern is called broad.

    Returns
    -------
    DataFrame, one row per problem, the gravest first
        problem : str
            "never counts": what must stand near must not stand near, or all of it is excluded;
            "repeated": another pattern of the category finds all that it finds;
            "broad": fewer than three letters before a star, or more than `most` of all words and ten hits;
            "unmet": it occurs in the articles, but its conditions or an exclusion let nothing pass;
            "dead": it does not occur in the articles;
            "shared": a pattern of another category finds the same words.
        category, pattern : str
            With the pattern's conditions.
        other_category, other_pattern : str
            What it repeats or shares; "" where there is none.
        hits : Int64
            Occurrences in the articles; of "never counts" and "unmet" those before the conditions. NA without tokens.
        shared : Int64
            How many of these overlap an occurrence of the other pattern. NA without tokens.
        note : str

    Notes
    -----
    That categories share words can be meant: "riot police" may stand for police and for riot.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> book = Codebook("own", "1", "en", "", "", (Category("riot", ("riot", "riot*")), Category("law", ("riot act",))))
    >>> tokens = tokenize(make_articles([{"text": "He read the riot act to rioters."}]))
    >>> check_codebook(book, tokens)[["problem", "pattern", "other_pattern", "hits", "shared"]].values.tolist()
    [['repeated', 'riot', 'riot*', 1, 1], ['shared', 'riot', 'riot act', 1, 1], ['shared', 'riot*', 'riot act', 2, 1]]
    """
    codebook = as_codebook(codebook)
    tokens = None if tokens is None else as_tokens(tokens)
    rules = [rule for category in codebook.categories for rule in category.every_rule()]
    owner = [category for category in codebook.categories for _ in category.every_rule()]
    compiled = [compile_pattern(rule.pattern) for rule in rules]
    measured = None if tokens is None else _Measured(tokens, codebook, rules)
    rows = [*_never(rules, owner, compiled, measured), *_broad(rules, owner, measured, most)]
    if measured is not None:
        rows += [
            ("dead", owner[n].name, str(rule), "", "", 0, pd.NA, "it does not occur in the articles")
            for n, rule in enumerate(rules)
            if not measured.raw[n]
        ]
    rows += _pairs(rules, owner, compiled, measured)
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"hits": "Int64", "shared": "Int64"})
    order = table["problem"].map(PROBLEMS.index).astype("int64")
    table = table.assign(_order=order, _shared=-table["shared"].fillna(0))
    return table.sort_values(["_order", "_shared"], kind="stable", ignore_index=True)[COLUMNS]


class _Measured:
    """What the articles say of every rule: occurrences, those that count, and those that two categories share."""

    def __init__(self, tokens: Tokens, codebook: Codebook, rules: list[Rule]) -> None:
        language = tokens.articles.get("language", pd.Series(pd.NA, tokens.articles.index, dtype="str"))
        foreign = (language.notna() & (language != codebook.language)).to_numpy(dtype=np.bool_)
        found = find_hits(tokens, codebook, nested=True)
        found = found.select(~foreign[tokens.article[found.first]])
        self.counted = np.bincount(found.rule, minlength=len(rules))
        asked = {str(number): [rule.pattern] for number, rule in enumerate(rules)}
        raw = tokens.matches(asked, nested=True)
        self.raw = np.bincount(raw.label[~foreign[tokens.article[raw.first]]], minlength=len(rules))
        self.words = int((~foreign[tokens.article]).sum())
        self.shared = _count_shared(found)


def _count_shared(found: Hits) -> dict[tuple[int, int], int]:
    """Count, for two rules, the places where their hits overlap."""
    width = found.last - found.first + 1
    hit: NDArray[np.int64] = np.repeat(np.arange(len(found)), width)
    token = found.first[hit] + np.arange(len(hit)) - np.repeat(np.cumsum(width) - width, width)
    places = pd.DataFrame({"token": token, "hit": hit})
    pairs = places.merge(places, on="token")
    pairs = pairs[pairs["hit_x"] < pairs["hit_y"]].drop_duplicates(["hit_x", "hit_y"])
    left, right = found.rule[pairs["hit_x"]], found.rule[pairs["hit_y"]]
    both = pd.DataFrame({"one": np.minimum(left, right), "two": np.maximum(left, right)})
    return {(int(one), int(two)): int(n) for (one, two), n in both.value_counts().items()}


def _never(
    rules: list[Rule], owner: list[Category], compiled: list[Pattern], measured: _Measured | None
) -> Iterator[Row]:
    """Give the patterns that can never count, or do not in the articles."""
    for number, rule in enumerate(rules):
        note = _contradiction(rule, owner[number], compiled[number])
        raw = pd.NA if measured is None else int(measured.raw[number])
        if note:
            yield "never counts", owner[number].name, str(rule), "", "", raw, pd.NA, note
        elif measured is not None and measured.raw[number] and not measured.counted[number]:
            note = "its conditions hold nowhere" if rule.near or rule.unless else "it stands in excluded phrases only"
            yield "unmet", owner[number].name, str(rule), "", "", raw, pd.NA, note


def _contradiction(rule: Rule, category: Category, pattern: Pattern) -> str:
    for written in category.exclude:
        if _is_inside(pattern, compile_pattern(written)):
            return f"{written!r} is excluded from its category"
    unless = [compile_pattern(written) for written in rule.unless]
    near = [compile_pattern(written) for written in rule.near]
    if near and all(any(_is_inside(one, other) for other in unless) for one in near):
        return "what must stand near it must not stand near it"
    return ""


def _broad(rules: list[Rule], owner: list[Category], measured: _Measured | None, most: float) -> Iterator[Row]:
    for number, rule in enumerate(rules):
        hits = pd.NA if measured is None else int(measured.counted[number])
        share = 0.0 if measured is None else measured.counted[number] / max(1, measured.words)
        name = owner[number].name
        if any("*" in word and len(word.strip("*")) < SHORTEST for word in rule.pattern.lstrip("=").split()):
            yield "broad", name, str(rule), "", "", hits, pd.NA, f"a star beside fewer than {SHORTEST} letters"
        elif measured is not None and share > most and measured.counted[number] >= FEWEST:
            yield "broad", name, str(rule), "", "", hits, pd.NA, f"{share:.1%} of all words"


def _pairs(
    rules: list[Rule], owner: list[Category], compiled: list[Pattern], measured: _Measured | None
) -> Iterator[Row]:
    """Give the pairs of which one finds what the other finds, and those that meet in the articles."""
    alike = set(_alike(compiled))
    pairs = {(one, two) for one, two in alike if owner[one] is owner[two] and _adds_nothing(rules[one], rules[two])}
    seen = set[tuple[int, int]]()
    for one, two in sorted(pairs):
        if (two, one) in seen:
            continue
        seen.add((one, two))
        yield _row("repeated", one, two, rules, owner, measured, "the other finds all that it finds")
    meeting = {pair for pair in (measured.shared if measured else ()) if owner[pair[0]] is not owner[pair[1]]}
    known = {(min(pair), max(pair)) for pair in alike if owner[pair[0]] is not owner[pair[1]]}
    for one, two in sorted(known | meeting):
        note = "one finds all that the other finds" if (one, two) in known else "they meet in the articles"
        yield _row("shared", one, two, rules, owner, measured, note)


def _row(
    problem: str, one: int, two: int, rules: list[Rule], owner: list[Category], measured: _Measured | None, note: str
) -> Row:
    hits, shared = (
        (pd.NA, pd.NA)
        if measured is None
        else (int(measured.counted[one]), measured.shared.get((min(one, two), max(one, two)), 0))
    )
    return problem, owner[one].name, str(rules[one]), owner[two].name, str(rules[two]), hits, shared, note


def _adds_nothing(one: Rule, two: Rule) -> bool:
    """Whether the conditions of the second pass all that those of the first pass."""
    free = not two.near and not two.unless
    return free or (one.near, one.unless, one.within, one.side) == (two.near, two.unless, two.within, two.side)


def _alike(compiled: list[Pattern]) -> Iterator[tuple[int, int]]:
    """Give the pairs of which the second finds every word that the first finds."""
    by_words = defaultdict(list)
    for number, pattern in enumerate(compiled):
        by_words[_plain(pattern)].append(number)
    for two, pattern in enumerate(compiled):
        if any("*" in word for word in pattern.words):
            inside = (one for one, other in enumerate(compiled) if one != two and _is_inside(other, pattern))
        else:
            inside = (one for one in by_words[_plain(pattern)] if one != two and _is_inside(compiled[one], pattern))
        yield from ((one, two) for one in inside)


def _plain(pattern: Pattern) -> tuple[str, ...]:
    return tuple(map(normal_form, pattern.words)) if pattern.exact else pattern.words


def _is_inside(one: Pattern, two: Pattern) -> bool:
    """Whether the second pattern finds every word that the first finds; a star is met by a star only."""
    if len(one.words) != len(two.words) or (two.exact and not one.exact):
        return False
    words = one.words if two.exact else _plain(one)
    return all(wild_match(wanted, word) for wanted, word in zip(two.words, words, strict=True))
