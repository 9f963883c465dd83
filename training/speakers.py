"""Train the model for quotes on PolNeAR and write mediakit/models/speakers.npz.

    python training/speakers.py [FOLDER]

FOLDER holds PolNeAR 1.0 (default: ../shared/data/polnear); only its part `train` is read. The texts are not
distributed with mediakit. Needs scikit-learn. Prints cross-validated figures (four folds by article): the words are
scored by models that have not seen the article, and so are the pairs.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.polnear import load, rows_of, score, score_attributions, to_articles  # noqa: E402
from mediakit.analyses.quote_answers import answer  # noqa: E402
from mediakit.analyses.quote_features import Facts, Pairs, find_pairs, stack  # noqa: E402
from mediakit.analyses.quote_ground import Ground, read_ground  # noqa: E402
from mediakit.analyses.quote_reports import ReportModel, Reports  # noqa: E402
from mediakit.analyses.quote_support import Support  # noqa: E402
from mediakit.analyses.quote_words import TARGETS, WordModel, active_features  # noqa: E402
from mediakit.analyses.quotes import tabulate  # noqa: E402
from mediakit.analyses.speaker_model import (  # noqa: E402
    Ranked,
    SpeakerModel,
    speaker_columns,
    speech_columns,
    write_model,
)
from training.reports import train_reports  # noqa: E402
from training.trees import train_ranking, train_trees  # noqa: E402

FOLDS = 4
LEAST = 12  # occurrences of a word that is known by itself
WORDS = {"source": {"C": 0.3, "max_iter": 80}, "cue": {"C": 0.3, "max_iter": 80}, "content": {"C": 0.1, "max_iter": 40}}
SPEAKER = {"rounds": 300, "rate": 0.08, "leaves": 16, "least": 40, "ridge": 5.0, "share": 0.3, "seed": 0}
SPEECH = {
    "max_iter": 300, "learning_rate": 0.04, "max_leaf_nodes": 12, "min_samples_leaf": 25, "l2_regularization": 3.0,
    "early_stopping": False, "random_state": 0, "max_features": 0.4,
}  # fmt: skip
_WIDE = 1 << 34


def main(folder: str = "") -> None:
    """Train, print cross-validated figures, write the model."""
    where = Path(folder) if folder else HERE.parent.parent / "shared" / "data" / "polnear"
    if not (where / "train").is_dir():
        sys.exit(f"{where}/train is not there: PolNeAR is not distributed with mediakit; give its folder.")
    docs = load(where / "train")
    ground = read_ground(to_articles(docs))
    # Articles of one outlet on one story may repeat each other, but none is in two folds.
    fold = np.random.default_rng(0).permutation(len(docs)) % FOLDS
    vocabulary = frequent_words(ground)
    words, chances = train_words(ground, docs, vocabulary, fold)
    active = active_features(ground, words.vocabulary)
    reporting, reports = train_reports(ground, docs, chances, active, words.vocabulary, fold)
    finish(ground, docs, words, chances, reporting, reports, fold)


def finish(
    ground: Ground,
    docs: dict[str, Any],
    words: WordModel,
    chances: np.ndarray,
    reporting: ReportModel,
    reports: Reports,
    fold: np.ndarray,
) -> None:
    """Train the trees on what the models of words and of reports find, print figures, write the model."""
    support = Support(ground, reports)
    pairs = find_pairs(ground)
    speaks, is_speech, usable = label(ground, docs, pairs)
    facts = Facts(ground, chances)
    of_stretch = facts.stretches()
    of_pair = speaker_columns(facts, support, pairs, of_stretch)
    stretch_fold = fold[ground.stretches.article]
    speaker, score_of = train_ranking(
        stack(of_pair), speaks, pairs.stretch, stretch_fold[pairs.stretch], usable[pairs.stretch], SPEAKER
    )
    chance = pairs.shares(score_of)
    of_speech = speech_columns(facts, support, pairs, of_stretch, score_of)
    speech, speech_chance = train_trees(
        stack(of_speech), is_speech, stretch_fold, np.ones(len(is_speech), dtype=np.bool_), SPEECH
    )
    print("cross-validated, by threshold:")
    for threshold in np.arange(0.3, 0.8, 0.05):
        table = predict(ground, docs, pairs, score_of, speech_chance > threshold)
        print(f"{threshold:.2f}", {name: round(value, 2) for name, value in score(docs, table).items()})
    best = pairs.best(score_of)
    ranked = Ranked(
        np.where(best >= 0, np.append(pairs.mention, -1)[best], -1),
        np.where(best >= 0, np.append(chance, 0.0)[best], 0.0), speech_chance, chances, reports,
    )  # fmt: skip
    table = tabulate(ground, answer(ground, ranked, english=[True] * len(docs)), list(docs))
    print("as find_quotes returns it:", {name: round(value, 2) for name, value in score(docs, rows_of(table)).items()})
    for name, value in score_attributions(docs, table).items():
        print(f"{name}: {value:.1f}")
    model = SpeakerModel(words, reporting, speaker, tuple(of_pair), speech, tuple(of_speech))
    write_model(model, HERE.parent / "mediakit" / "models" / "speakers.npz")


def frequent_words(ground: Ground) -> tuple[str, ...]:
    """Return the words that are printed small at least `LEAST` times, and oftener than with a capital: no names."""
    reading = ground.reading
    capital = np.isin(reading.kind, np.frombuffer(b"NIAJBYC", dtype=np.uint8))
    counts = [np.bincount(reading.tokens.term[mask], minlength=len(reading.lower)) for mask in (~capital, capital)]
    small, big = Counter[str](), Counter[str]()
    for word, low, high in zip(reading.lower, *(one.tolist() for one in counts), strict=True):
        small[word] += low
        big[word] += high
    return tuple(sorted(word for word, n in small.items() if n >= LEAST and big[word] < n and "\n" not in word))


def train_words(
    ground: Ground, docs: dict[str, Any], vocabulary: tuple[str, ...], fold: np.ndarray
) -> tuple[WordModel, np.ndarray]:
    """Train the linear model; return it, and the chances of each word by models that have not seen its article."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    active, total = active_features(ground, {word: code for code, word in enumerate(vocabulary)})
    rows = csr_matrix(
        (np.ones(active.size, dtype=np.float32), active.ravel(), np.arange(0, active.size + 1, active.shape[1])),
        shape=(len(active), total),
    )
    tokens = ground.reading.tokens
    place = tokens.article.astype(np.int64) * _WIDE + tokens.start
    marked = np.zeros((len(tokens), len(TARGETS)), dtype=np.bool_)
    for number, (_, attributions) in enumerate(docs.values()):
        for attribution in attributions:
            for column, part in enumerate(("Source", "Cue", "Content")):
                for start, end in attribution[part]:
                    first, last = np.searchsorted(place, [number * _WIDE + start, number * _WIDE + end])
                    marked[first:last, column] = True
    of_token = fold[tokens.article]
    chances = np.zeros(marked.shape)
    weights, bias = np.zeros((total, len(TARGETS)), dtype=np.float32), np.zeros(len(TARGETS))
    for column, target in enumerate(TARGETS):
        for number in range(FOLDS):
            model = LogisticRegression(tol=2e-5, **WORDS[target])
            model.fit(rows[of_token != number], marked[of_token != number, column])
            chances[of_token == number, column] = model.predict_proba(rows[of_token == number])[:, 1]
        model = LogisticRegression(tol=2e-5, **WORDS[target]).fit(rows, marked[:, column])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
        print("words:", target, flush=True)
    return WordModel(vocabulary, weights, bias), chances


def label(ground: Ground, docs: dict[str, Any], pairs: Pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which pairs are right, which stretches are speech, and for which a right pair exists."""
    stretches, mentions = ground.stretches, ground.mentions
    attributions = [found for _, found in docs.values()]
    speaks, is_speech, usable = np.zeros(len(pairs.stretch)), np.zeros(len(stretches)), np.zeros(len(stretches), bool)
    starts, ends = mentions.start.tolist(), mentions.end.tolist()
    for q, (article, start, end) in enumerate(
        zip(stretches.article.tolist(), stretches.start.tolist(), stretches.end.tolist(), strict=True)
    ):
        over = []
        for one in attributions[article]:
            shared = sum(max(0, min(end, right) - max(start, left)) for left, right in one["Content"])
            if shared:
                over.append((shared, one["Source"]))
        if not over:
            continue
        is_speech[q] = 1
        most = max(shared for shared, _ in over)
        sources = [span for shared, spans in over if shared >= most / 2 for span in spans]
        for pair in range(pairs.bounds[q], pairs.bounds[q + 1]):
            mention = pairs.mention[pair]
            if any(min(ends[mention], right) > max(starts[mention], left) for left, right in sources):
                speaks[pair] = usable[q] = 1
    return speaks, is_speech, usable


def predict(
    ground: Ground, docs: dict[str, Any], pairs: Pairs, chance: np.ndarray, keep: np.ndarray
) -> dict[str, list[tuple[int, int, int | None, int | None]]]:
    """Return the rows to be scored."""
    best = pairs.best(chance)
    names = list(docs)
    stretches, mentions = ground.stretches, ground.mentions
    found: dict[str, list[tuple[int, int, int | None, int | None]]] = {}
    for q in np.flatnonzero(keep).tolist():
        speaker = (None, None)
        if best[q] >= 0:
            mention = pairs.mention[best[q]]
            speaker = (int(mentions.start[mention]), int(mentions.end[mention]))
        row = (int(stretches.start[q]), int(stretches.end[q]), *speaker)
        found.setdefault(names[stretches.article[q]], []).append(row)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
