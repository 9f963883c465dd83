"""Fit the signs of source types and write mediakit/models/source_types.npz.

    python training/source_types.py [--check]

The weights of signs are fitted to the sources that were typed by hand, to mentions typed as if they were cited where
they stand, and to what the reader (training/source_reader.py) says of further mentions (training/source_data.py). At
first they are fitted without the fifth of the articles that the reader has not seen: the figures on it are printed, of
rules, signs, reader and of reader and signs together, and settings are chosen there. Then they are fitted to all and
written; with --check they are not. Takes an hour of one core; the texts are in ../shared/data and not part of mediakit.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.sources import macro_f1  # noqa: E402
from mediakit.analyses.source_model import SourceModel, mix, write_source_model  # noqa: E402
from mediakit.analyses.source_reader import load_source_reader  # noqa: E402
from mediakit.analyses.source_reading import read_signs  # noqa: E402
from mediakit.analyses.source_types import TYPES  # noqa: E402
from training.source_data import (  # noqa: E402
    LEFT,
    Source,
    find_names,
    fold_of,
    read_coded,
    read_mentions,
    read_typed_mentions,
    split,
)

FILE = HERE.parent / "mediakit" / "models" / "source_types.npz"
PENALTY, TRUST = 0.33, 1.0
MENTIONED, ANSWERED = 0.5, 0.3  # weights of mentions typed as if cited, and of those that the reader typed
ANSWERS = 10_000  # mentions that the reader is asked about
OF_RULES = ("rule:", "why:", "named:")
RARE = 3  # sources that a sign needs
SHARES = (0.5, 0.6, 0.7, 0.8)  # of the reader
SEED = 1
Part = tuple[Sequence[Source], np.ndarray, float]  # sources, probabilities of types and of being named, weight


def main(check: str = "") -> None:
    """Fit; print figures on the part left out; write the signs."""
    coded, typed, names = read_coded(), read_typed_mentions(), find_names()
    known = {(one.evidence.text, one.start) for one in typed}
    mentions = [one for one in read_mentions() if (one.evidence.text, one.start) not in known]
    random.Random(SEED).shuffle(mentions)
    del mentions[ANSWERS:]
    most, left = split(coded)
    unseen = {one.evidence.text for one in left}  # an article of the exports has another name among the mentions
    answers = read(mentions)
    print(f"{len(coded):,} sources and {len(typed):,} mentions by hand, {len(mentions):,} by the reader", flush=True)

    def seen(sources: Sequence[Source]) -> list[int]:
        return [
            row for row, one in enumerate(sources) if fold_of(one.article) != LEFT and one.evidence.text not in unseen
        ]

    some, more = seen(typed), seen(mentions)
    own = [typed[row] for row in some]
    parts = ((most, codes(most), 1.0), (own, codes(own), MENTIONED))
    answered = ([mentions[row] for row in more], answers[more], ANSWERED)
    by_reader = read(left)
    by_signs = chances(weigh_signs(parts, names), left)
    show("signs, by hand alone", left, by_signs)
    by_signs = chances(weigh_signs((*parts, answered), names), left)
    ruled = [np.append([kind == one.rules.type for kind in TYPES], one.rules.named) for one in left]
    for who, what in (("rules", np.array(ruled, dtype=float)), ("signs", by_signs), ("reader", by_reader)):
        show(who, left, what)
    said = log_odds(by_reader)
    for share in SHARES:
        both = [np.append(*mix(row[:-1], row[-1], one, share)) for row, one in zip(by_signs, said, strict=True)]
        show(f"both, reader {share}", left, np.array(both))
    if not check:
        everything = ((coded, codes(coded), 1.0), (typed, codes(typed), MENTIONED), (mentions, answers, ANSWERED))
        model = weigh_signs(everything, names)
        print(f"{len(model.number):,} signs: {write_source_model(model, FILE)}")


def read(sources: Sequence[Source]) -> np.ndarray:
    """Return what the reader says: probabilities of types and of being named."""
    reader = load_source_reader()
    found = np.zeros((len(sources), len(TYPES) + 1))
    for row, one in enumerate(sources):
        found[row] = reader.read(reader.pieces_of(one.evidence, one.start, one.end))
    return soften(found)


def codes(sources: Sequence[Source]) -> np.ndarray:
    """Return codes as probabilities: one column per type, the last of being named."""
    return np.array([[*(float(kind == one.type) for kind in TYPES), float(one.named)] for one in sources])


def chances(model: SourceModel, sources: Sequence[Source]) -> np.ndarray:
    """Return what signs say: probabilities of types and of being named."""
    return np.array([np.append(*model.chances(one.evidence, one.rules)) for one in sources])


def log_odds(chances: np.ndarray) -> np.ndarray:
    """Return logs of the probabilities of types, and the log-odds of being named."""
    chances = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.hstack([np.log(chances[:, :-1]), np.log(chances[:, -1:] / (1 - chances[:, -1:]))])


def soften(found: np.ndarray) -> np.ndarray:
    """Turn log-odds into probabilities: one column per type, the last of being named."""
    types = np.exp(found[:, :-1] - found[:, :-1].max(axis=1, keepdims=True))
    return np.hstack([types / types.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-found[:, -1:]))])


def hidden(sign: str, source: Source) -> bool:
    """Whether a sign is what the rules say of a source that was read while they were written."""
    return source.read and sign.startswith(OF_RULES)


def weigh_signs(parts: Sequence[Part], names: set[str]) -> SourceModel:
    """Fit the weights of signs: the least cross-entropy and sum of squared weights.

    The rules say nothing about sources that were read while they were written: there they are better than elsewhere.
    """
    sources = [one for part, _, _ in parts for one in part]
    signs = [
        {sign: value for sign, value in read_signs(one.evidence, one.rules).items() if not hidden(sign, one)}
        for one in sources
    ]
    count = Counter(sign for mine in signs for sign in mine)
    kept = sorted(sign for sign, n in count.items() if n >= RARE and not names & set(re.findall(r"[^\W\d_]+", sign)))
    number = {sign: row for row, sign in enumerate(kept)}
    cells = [
        (row, number[sign], value) for row, mine in enumerate(signs) for sign, value in mine.items() if sign in number
    ]
    rows, columns, values = zip(*cells, strict=True)
    x = csr_matrix((values, (rows, columns)), shape=(len(signs), len(kept)))
    weight = np.concatenate([np.full(len(part), value) for part, _, value in parts])
    wanted = np.vstack([given for _, given, _ in parts])
    types = _fit(x, wanted[:, :-1], weight)
    named = _fit(x, np.hstack([1 - wanted[:, -1:], wanted[:, -1:]]), weight)
    for kind, name in enumerate(TYPES):  # the rules know bodies by name that occur once or never here
        if name != "unknown" and f"rule:{name}" in number:
            types[number[f"rule:{name}"], kind] += TRUST
    weights = np.hstack([types[:-1], named[:-1, 1:] - named[:-1, :1]])
    bias = np.append(types[-1], named[-1, 1] - named[-1, 0])
    return SourceModel(number, weights, bias)


def _fit(x: csr_matrix, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return weights, one row per sign and one for the bias, one column per answer."""
    n, kinds = x.shape[1], y.shape[1]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(n + 1, kinds)
        found = x @ w[:-1] + w[-1]
        found -= found.max(axis=1, keepdims=True)
        logs = found - np.log(np.exp(found).sum(axis=1, keepdims=True))
        total = -float((weight[:, None] * y * logs).sum()) + PENALTY / 2 * float((w[:-1] ** 2).sum())
        slope = weight[:, None] * (np.exp(logs) - y)
        return total, np.vstack([x.T @ slope + PENALTY * w[:-1], slope.sum(axis=0)]).ravel()

    found = minimize(loss, np.zeros((n + 1) * kinds), jac=True, method="L-BFGS-B", options={"maxiter": 250})
    return np.asarray(found.x.reshape(n + 1, kinds))


def show(who: str, left: Sequence[Source], found: np.ndarray) -> None:
    """Print the figures on sources that were not seen, of PolNeAR and of the world's news."""
    for where, world in (("PolNeAR", False), ("world", True)):
        rows = [row for row, one in enumerate(left) if ("/" in one.article) == world]
        typed = pd.DataFrame(
            {"gold": [left[row].type for row in rows], "type": [TYPES[found[row, :-1].argmax()] for row in rows]}
        )
        named = np.mean([(found[row, -1] > 0.5) == left[row].named for row in rows])
        right = (typed["gold"] == typed["type"]).mean()
        print(
            f"{who}, {where}, {len(rows)}: right {right:.3f}, macro F1 {macro_f1(typed):.3f}, named {named:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
