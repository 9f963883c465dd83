"""Learn the valences of the lexicon for news and write mediakit/lexicons/lexicons_data/news.csv.

    python training/news_lexicon.py RATINGS WORDS

From texts that people rated (tweets, Amazon and film reviews; Hutto & Gilbert 2014), news sentences whose targets
people coded (NewsMTSC's part `train`: the mean over a sentence's targets), and news sentences as a network rates them
that learned from the reviews (training/stance.py writes RATINGS and WORDS: tab-separated files of rating and sentence,
rating and word). Ridge regression over VADER's rules: how much each word adds to a sentence's sum, drawn toward a share
of VADER's own valence and of what the network says of the word alone. Names are left out. The Times editorials are
never read.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator, cg

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mediakit.analyses.stance_model import load_stance_model  # noqa: E402
from mediakit.analyses.vader import score_sentences, straighten, weigh_words  # noqa: E402
from mediakit.analyses.vader_words import bare_word  # noqa: E402
from mediakit.lexicons.sentiment_lexicons import load_lexicon  # noqa: E402
from mediakit.text.pieces import read_pieces  # noqa: E402
from training.stance_data import coded, rated, rated_parts  # noqa: E402

OUT = HERE.parent / "mediakit" / "lexicons" / "lexicons_data" / "news.csv"
LEAST = 3  # occurrences of a word that is learned
WEIGHT = {"tweets": 1.0, "amazonReviewSnippets": 1.0, "movieReviewSnippets": 0.5, "NewsMTSC": 4.0, "news": 2.0}
HELD = 20.0  # how strongly valences are held to where they begin
OF_VADER, OF_NETWORK = 0.2, 0.5  # shares of VADER's valence and of the network's rating of a word: where they begin
POLAR = 1.5  # rating of a sentence whose targets are all coded positive
SMALLEST = 0.05  # of a valence that is kept
_BASE = 2.0


def main(ratings: str, words_file: str) -> None:
    """Learn, print cross-validated correlations, write the lexicon."""
    texts, y, part = gather(Path(ratings))
    prior = load_lexicon("vader").weighted()
    alone = rate_words(Path(words_file))
    words = candidates(texts, prior)
    X = features(texts, words)
    target = aim(y)
    rows = np.array([int(hashlib.sha1(text.encode()).hexdigest(), 16) % 5 for text in texts])
    weight = np.array([WEIGHT[name] for name in part])
    before = score_sentences(texts)["compound"].to_numpy()
    after = np.zeros(len(texts))
    start = np.array([OF_VADER * prior.get(word, 0.0) + OF_NETWORK * alone.get(word, 0.0) for word in words])
    for fold in range(5):
        learned = fit(X[rows != fold], target[rows != fold], weight[rows != fold], start)
        kept = dict(zip(words, prune(learned), strict=True))
        after[rows == fold] = score_sentences([texts[n] for n in np.flatnonzero(rows == fold)], lexicon=kept)[
            "compound"
        ]
    for name in WEIGHT:
        mine = np.array([one == name for one in part])
        if mine.any():
            print(f"{name:22} n {mine.sum():6,}  r VADER {np.corrcoef(y[mine], before[mine])[0, 1]:.3f}"
                  f"  cross-validated {np.corrcoef(y[mine], after[mine])[0, 1]:.3f}")  # fmt: skip
    final = prune(fit(X, target, weight, start))
    write(dict(zip(words, final, strict=True)), prior)


def gather(ratings: Path) -> tuple[list[str], np.ndarray, list[str]]:
    """Return texts, ratings from -4 to 4 and the part each comes from."""
    texts = [straighten(text) for text, _ in rated()]
    y = [rating for _, rating in rated()]
    part = list(rated_parts())
    polarity: dict[str, list[int]] = defaultdict(list)
    for mention in coded("train"):
        polarity[mention.text].append(mention.code - 1)
    for text, several in polarity.items():
        texts.append(straighten(text))
        y.append(POLAR * float(np.mean(several)))
        part.append("NewsMTSC")
    for line in ratings.read_text("utf-8").splitlines():
        rating, _, text = line.partition("\t")
        texts.append(straighten(text))
        y.append(float(rating))
        part.append("news")
    return texts, np.array(y), part


def rate_words(path: Path) -> dict[str, float]:
    """Return what the network says of each word alone, less what it says of the middle one."""
    rows = [line.partition("\t") for line in path.read_text("utf-8").splitlines()]
    middle = float(np.median([float(rating) for rating, _, _ in rows]))
    return {word: float(rating) - middle for rating, _, word in rows}


def candidates(texts: list[str], prior: dict[str, float]) -> list[str]:
    """Return the words to learn: VADER's, and others that are frequent enough and no names, in small letters."""
    count = Counter(bare_word(piece).lower() for text in texts for piece in text.split())
    from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE

    never = {*BOOSTER_DICT, *NEGATE, "no", "but", "so", "this", "at", "very", "or", "nor", "never", "without", "of"}
    ordinary = load_stance_model().network.ordinary
    plain = [
        word
        for word, n in count.items()
        if n >= LEAST and word.isascii() and all(part.isalpha() and part in ordinary for part in word.split("-"))
    ]
    return sorted({*(word for word in plain if len(word) > 2), *prior} - never)


def features(texts: list[str], words: list[str]) -> csr_matrix:
    """Return sentences × words: how often each word counts, turned by negation and lifted by boosters."""
    number = {word: at for at, word in enumerate(words)}
    pieces = read_pieces(texts)
    place, sentence, value = weigh_words(pieces.distinct, pieces.code, pieces.first, dict.fromkeys(words, _BASE))
    vocabulary = [bare_word(piece).lower() for piece in pieces.distinct.cast("string").to_pylist()]
    column = [number[vocabulary[code]] for code in pieces.code[place].tolist()]
    return csr_matrix((value / _BASE, (sentence, column)), shape=(len(texts), len(words)))


def aim(y: np.ndarray) -> np.ndarray:
    """Return the sum of valences that VADER's formula turns into each rating."""
    share = np.clip(y / 4, -0.85, 0.85)
    return np.sqrt(15) * share / np.sqrt(1 - share**2)


def fit(X: csr_matrix, target: np.ndarray, weight: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return valences by weighted ridge regression, drawn toward `start`."""
    scaled = X.multiply(weight[:, None]).tocsr()
    middle = np.average(target, weights=weight)
    right = scaled.T @ (target - middle - X @ start)
    size = X.shape[1]
    operator = LinearOperator((size, size), matvec=lambda w: scaled.T @ (X @ w) + HELD * w)
    change, _ = cg(operator, right, rtol=1e-6, maxiter=500)
    return np.clip(start + change, -4, 4)


def prune(values: np.ndarray) -> np.ndarray:
    """Set small valences to zero."""
    return np.where(np.abs(values) >= SMALLEST, np.round(values, 2), 0.0)


def write(learned: dict[str, float], prior: dict[str, float]) -> None:
    """Write the lexicon with VADER's valence beside each."""
    rows = [f"{word},{value:g},{prior.get(word, '')}" for word, value in sorted(learned.items()) if value]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("pattern,weight,vader\n" + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows):,} words, {sum(word not in prior for word in learned if learned[word]):,} of them not VADER's")


if __name__ == "__main__":
    main(*sys.argv[1:])
