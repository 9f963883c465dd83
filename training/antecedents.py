"""Learn the weights by which a pronoun finds whom it means.

    python -m training.antecedents [FOLDER]

FOLDER holds PolNeAR (default: ../shared/data/polnear); the pronouns and roles of tests/gold/speakers_learned.tsv, from
its part `train`, are learned from (what each means was coded by hand). Prints how often the right candidate is chosen,
cross-validated over articles, and writes mediakit/analyses/antecedents.toml.

Model: conditional logit. A candidate's chance grows with the exponential of a sum of weights; the sum of squared
weights, measured from hand-set ones, is kept small.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.polnear import load, to_articles
from benchmarks.sources import find_said
from mediakit.analyses.antecedents import (
    PAIR,
    PROMINENCE,
    check_weights,
    choose_antecedent,
    load_weights,
    weigh_candidates,
)
from mediakit.analyses.entities import Entity
from mediakit.analyses.linker import Linker
from mediakit.analyses.quote_ground import Ground, read_ground

HERE = Path(__file__).parent
GOLD = HERE.parent / "tests" / "gold" / "speakers_learned.tsv"
APART = GOLD.with_name("speakers_fifth.tsv")
FILE = HERE.parent / "mediakit" / "analyses" / "antecedents.toml"
NAMES = (*PROMINENCE, *PAIR)
FOLDS = 10
PULL = 0.4  # of the weights toward where they begin
# Where learning begins; set by hand.
BEGIN = {
    "speaks": 1.0, "cue": 1.0, "verb": 0.3, "first": 0.5, "object": -0.5, "owner": -0.3, "titled": 0.2, "pronoun": 0.3,
    "role": 0.0, "body": 0.0, "lone": 0.0, "opens": 0.3, "told_by": 0.3, "apposed": 0.2,
    "reported": 0.0, "told_of": -0.5, "both_told_of": 0.0,
    "same_first": 0.5, "named_after": -1.5, "named_quoted": -1.5,
    "same_sentence": 0.0, "same_sentence_owner": 0.5, "next_sentence": 0.5,
    "sentences": -0.7, "other_paragraph": -0.5, "crossed": -0.1, "quoted": -1.5, "both_quoted": 0.0, "spoke": 1.5,
    "spoke_silent": 0.3, "spoke_here": 0.3, "opens_here": 0.3, "spoke_role": 0.5, "owners": 0.0, "chain": 0.7,
    "chain_here": 0.3, "frequency": 0.5, "sex": 2.0, "person": 0.8, "open": -1.0, "sex_role": -0.7,
    "many": 1.0, "many_body": -0.5, "many_person": -2.0, "thing": 0.5,
    "thing_open": -1.5, "anybody": 0.5, "frequency_role": 0.5,
}  # fmt: skip
UNITS = [{name: float(name == one) for name in PAIR} for one in PAIR]


@dataclass
class Case:
    """One pronoun: its article, a row of signs per candidate, and which candidates are right."""

    article: int
    mention: int
    rows: np.ndarray
    right: np.ndarray


class _Watcher(Linker):
    """A linker that notes the candidates of each pronoun it is asked about."""

    def watch(self, weights: dict[str, float], wanted: set[int]) -> dict[int, tuple[np.ndarray, list[Entity]]]:
        self.weights = weights
        self.prominence = (self.signs @ np.array([weights[name] for name in PROMINENCE])).tolist()
        self.wanted = wanted
        self.seen: dict[int, tuple[np.ndarray, list[Entity]]] = {}
        self.link()
        return self.seen

    def _choose(self, i, asked, recent):  # type: ignore[no-untyped-def]
        rows, entities = [], []
        if i in self.wanted:
            per_unit = [list(weigh_candidates(asked, reversed(recent.values()), unit)) for unit in UNITS]
            for found in zip(*per_unit, strict=True):  # whom a word may mean does not depend on the weights
                row = found[0][0]
                rows.append([*self.signs[row.place], *(fit + pair for _, fit, pair in found)])
                entities.append(row.entity)
        if rows:
            self.seen[i] = (np.array(rows), entities)
        return choose_antecedent(asked, reversed(recent.values()), self.weights)


def main(folder: str = "") -> None:
    """Learn, print cross-validated figures, write the weights."""
    where = Path(folder) if folder else HERE.parent.parent / "shared" / "data" / "polnear"
    if not (where / "train").is_dir():
        sys.exit(f"{where}/train is not there: PolNeAR is not distributed with mediakit; give its folder.")
    with GOLD.open(encoding="utf-8", newline="") as file:
        gold = list(csv.DictReader(file, delimiter="\t"))
    with APART.open(encoding="utf-8", newline="") as file:
        apart = {row["article"] for row in csv.DictReader(file, delimiter="\t")}
    gold = [row for row in gold if row["article"] not in apart]
    docs = load(where / "train")
    names = sorted({row["article"] for row in gold})
    articles = to_articles({name: docs[name] for name in names})
    ground = read_ground(articles)
    said = find_said(articles, ground.mentions)
    weights = dict(BEGIN)
    for turn in range(4):
        cases = find_cases(ground, names, gold, said, weights)
        print(f"turn {turn}: {len(cases)} pronouns with a right candidate, {first_right(cases, weights):.1%} chosen")
        weights = learn(cases)
    fold = np.random.default_rng(0).permutation(len(names)) % FOLDS
    right = 0.0
    for number in range(FOLDS):
        mine = [case for case in cases if fold[case.article] == number]
        if mine:
            right += len(mine) * first_right(mine, learn([case for case in cases if fold[case.article] != number]))
    print(f"all: {first_right(cases, weights):.1%}; cross-validated over articles: {right / len(cases):.1%}")
    write(weights)


def find_cases(
    ground: Ground,
    names: list[str],
    gold: list[dict[str, str]],
    said: tuple[np.ndarray, np.ndarray],
    weights: dict[str, float],
) -> list[Case]:
    """Return the candidates of each coded pronoun, as the linker sees them with these weights."""
    mentions = ground.mentions
    asked: dict[int, dict[str, str]] = {}
    for row in gold:
        here = mentions.article == names.index(row["article"])
        hits = np.flatnonzero(here & (mentions.start < int(row["end"])) & (mentions.end > int(row["start"])))
        if len(hits):
            asked[int(hits[-1])] = row
    linker = _Watcher(mentions, ground.inside, *said)
    seen = linker.watch(weights, set(asked))
    cases = []
    for i, (rows, entities) in seen.items():
        article = int(mentions.article[i])
        text, keys = ground.texts[article], asked[i]["name"].split("; ")
        printed = [text[mentions.start[one.best] : mentions.end[one.best]] for one in entities]
        right = np.array([any(_means(name, key) for key in keys) for name in printed])
        if right.any() and not right.all():
            cases.append(Case(article, i, rows, right))
    return cases


def _means(name: str, key: str) -> bool:
    """Whether a name holds all the words of the coded one, or the other way round."""
    one, other = set(name.lower().split()), set(key.lower().split())
    return one <= other or other <= one


def learn(cases: list[Case]) -> dict[str, float]:
    """Return the weights with the least loss."""
    from scipy.optimize import minimize

    begin = np.array([BEGIN[name] for name in NAMES])

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PULL * float(((values - begin) ** 2).sum()), 2 * PULL * (values - begin)
        for case in cases:
            score = case.rows @ values
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            good = chance[case.right].sum()
            total -= float(np.log(good))
            slope -= case.rows.T @ (np.where(case.right, chance / good, 0) - chance)
        return total, slope

    found = minimize(loss, begin, jac=True, method="L-BFGS-B")
    return dict(zip(NAMES, found.x.tolist(), strict=True))


def first_right(cases: list[Case], weights: dict[str, float]) -> float:
    """Return the share of cases whose best candidate is right."""
    values = np.array([weights[name] for name in NAMES])
    return float(np.mean([case.right[int(np.argmax(case.rows @ values))] for case in cases]))


def write(weights: dict[str, float]) -> None:
    """Write the weights with their origin."""
    lines = [
        "# Written for mediakit by training/antecedents.py: learned from pronouns and roles of PolNeAR, part `train`,",
        "# coded by hand (tests/gold/speakers_learned.tsv). What a weight multiplies: antecedents.py beside this file.",
        "# Licence: MIT, as the project.",
        "",
        "[weights]",
        *(f"{name} = {value:.3f}" for name, value in check_weights(weights).items()),
    ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_weights.cache_clear()


if __name__ == "__main__":
    main(*sys.argv[1:])
