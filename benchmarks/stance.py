"""How well stance toward targets is scored, how fast, and how sentiment lexicons agree with people on news.

    python -m benchmarks.stance [FOLDER] [--editorials]

FOLDER holds the data (default: ../shared/data): NewsMTSC's parts `dev-rw` and `dev-mt`, which the model has not seen.
With --editorials also the Times editorials of Hutto & Gilbert (odd numbers), from which nothing was learned. The
figures are written to the section "Stance and sentiment of news" of benchmarks/ACCURACY.md.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from benchmarks.quotes import write_section
from benchmarks.timing import table
from mediakit import score_mentions, score_sentences
from mediakit.analyses.sentiment_network import load_sentiment_model
from mediakit.analyses.stance_model import CODES

HERE = Path(__file__).parent
POLARITY = {2.0: 0, 4.0: 1, 6.0: 2}
PARTS = ("dev-rw", "dev-mt")
Coded = tuple[list[str], list[tuple[int, int]], np.ndarray, list[str]]


def main(*arguments: str) -> None:
    """Print the figures and write them to the page."""
    given = [one for one in arguments if not one.startswith("--")]
    where = Path(given[0]) if given else HERE.parent.parent / "shared" / "data"
    if not (where / "newsmtsc").is_dir():
        sys.exit(f"{where}/newsmtsc is not there: NewsMTSC is not distributed with mediakit; give the folder of data.")
    text = "\n".join(report(where, editorials="--editorials" in arguments))
    print(text)
    write_section("Stance and sentiment of news", text)


def load(where: Path, part: str) -> Coded:
    """Return sentences, spans of the targets, codes and the targets' names."""
    texts, spans, codes, names = [], [], [], []
    with (where / "newsmtsc" / f"{part}.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for target in row["targets"]:
                texts.append(row["sentence_normalized"])
                spans.append((target["from"], target["to"]))
                codes.append(POLARITY[target["polarity"]])
                names.append(target["mention"])
    return texts, spans, np.array(codes), names


def measure(y: np.ndarray, found: pd.DataFrame) -> dict[str, float]:
    """Return macro-F1, accuracy, accuracy at half coverage, calibration error, and what it is by chance alone.

    `luck` is the probability that it is at least as large by chance alone.
    """
    chances = found[list(CODES)].to_numpy()
    if np.isnan(chances).any():
        best = np.array([CODES.index(code) for code in found["code"]])
        right = float((best == y).mean())
        return {
            "f1": macro_f1(y, best),
            "right": right,
            "half": np.nan,
            "error": np.nan,
            "chance": np.nan,
            "luck": np.nan,
        }
    best, top = chances.argmax(1), chances.max(1)
    sure = np.argsort(-top, kind="stable")[: len(y) // 2]
    generator = np.random.default_rng(0)
    draws = np.array([calibration_error(generator.random(len(top)) < top, top) for _ in range(2000)])
    error = calibration_error(best == y, top)
    return {
        "f1": macro_f1(y, best), "right": float((best == y).mean()), "half": float((best == y)[sure].mean()),
        "error": error, "chance": float(draws.mean()), "luck": float((draws >= error).mean()),
    }  # fmt: skip


def calibration_error(right: np.ndarray, top: np.ndarray) -> float:
    """Return the mean distance of confidence and share right, over ten bins of confidence by their size."""
    bins = np.minimum((top * 10).astype(int), 9)
    return float(
        sum(abs(right[bins == k].mean() - top[bins == k].mean()) * (bins == k).mean() for k in np.unique(bins))
    )


def macro_f1(y: np.ndarray, best: np.ndarray) -> float:
    """Return the mean F1 of the three codes."""
    return float(np.mean(f1_by_code(y, best)))


def f1_by_code(y: np.ndarray, best: np.ndarray) -> list[float]:
    """Return the F1 of each of three codes."""
    return [2 * ((y == k) & (best == k)).sum() / max(1, (y == k).sum() + (best == k).sum()) for k in range(3)]


def by_actor(names: list[str], y: np.ndarray, stance: np.ndarray, least: int = 8) -> tuple[int, float]:
    """Return how many names are mentioned often enough, and how their mean stance correlates with the codes'."""
    rows: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        rows[name].append(at)
    kept = [some for some in rows.values() if len(some) >= least]
    if len(kept) < 3:
        return len(kept), np.nan
    return len(kept), float(
        np.corrcoef([y[some].mean() for some in kept], [stance[some].mean() for some in kept])[0, 1]
    )


def swap_names(coded: Coded, seed: int = 0) -> float:
    """Exchange the targets of sentences at random; return the mean change of the score."""
    texts, spans, _, names = coded
    rows = [at for at, name in enumerate(names) if name[0].isupper() and len(name) > 3][:1000]
    others = np.random.default_rng(seed).permutation(rows)
    swapped, moved = [], []
    for row, other in zip(rows, others.tolist(), strict=True):
        (start, end), name = spans[row], names[other]
        swapped.append(texts[row][:start] + name + texts[row][end:])
        moved.append((start, start + len(name)))
    before = score_mentions([texts[row] for row in rows], [spans[row] for row in rows], progress=False)["stance"]
    after = score_mentions(swapped, moved, progress=False)["stance"]
    return float((before - after).abs().mean())


def report(where: Path, *, editorials: bool) -> list[str]:
    """Return the lines of the section."""
    parts = {part: load(where, part) for part in PARTS}
    rows = []
    for method in ("model", "rules", "vader"):
        score_mentions(["Police praised Anna Berg."], [(15, 24)], method=method, progress=False)  # loads
        for part, (texts, spans, y, _) in parts.items():
            begun = time.process_time()
            found = score_mentions(texts, spans, method=method, progress=False)
            taken = time.process_time() - begun
            figures = measure(y, found)
            shown = [
                f"{100 * figures[name]:.1f}" if figures[name] == figures[name] else ""
                for name in ("f1", "right", "half")
            ]
            errors = [f"{figures[name]:.3f}" if figures[name] == figures[name] else "" for name in ("error", "chance")]
            rows.append([f"`{method}`", part, str(len(y)), *shown, *errors, f"{len(y) / taken:,.0f}"])
    heads = ["method", "part", "mentions", "macro F1", "right", "right at half"]
    heads += ["calibration error", "by chance", "a second"]
    texts, spans, y, names = ([one for part in PARTS for one in parts[part][at]] for at in range(4))
    found = score_mentions(texts, spans, progress=False)
    chances, at = found[list(CODES)].to_numpy(), 0
    lean, luck = [], []
    for part in PARTS:
        rows_ = slice(at, at := at + len(parts[part][2]))
        right = chances[rows_].argmax(1) == np.array(y)[rows_]
        more, error = right.mean() - chances[rows_].max(1).mean(), right.std() / np.sqrt(len(right))
        lean.append(f"{part} {more:+.3f} (standard error {error:.3f})")
        luck.append(f"{part} {measure(np.array(y)[rows_], found.iloc[rows_])['luck']:.2f}")
    both = measure(np.array(y), found)
    luck.append(f"both {both['luck']:.2f}")
    count, r = by_actor(names, np.array(y, dtype=float), found["stance"].to_numpy())
    many = (texts * 12)[:6000], (spans * 12)[:6000]
    score_mentions(*many, progress=False)
    begun = time.process_time()
    score_mentions(*many, progress=False)
    speed = 6000 / (time.process_time() - begun)
    swapped = swap_names((texts, spans, np.array(y), names))
    lines = [
        "Stance toward a target, English: sentences of US political news coded by people (NewsMTSC, Hamborg & Donnay",
        "2021; against, neutral, favour), in percent. `dev-rw` was drawn as news is, `dev-mt` are sentences with",
        "several targets. The model has learned from the part `train`, and was chosen on a fifth of it",
        "(docs/models/stance.md).",
        "Right at half: of the surer half of the mentions. By chance: the mean calibration error, in ten bins of",
        "confidence, of a model whose confidence is exactly right, with so many mentions. Written by",
        "`python -m benchmarks.stance`.",
        "",
        *table({name: "left" if name in ("method", "part") else "right" for name in heads}, rows),
        "",
        f"Both parts together, {len(y)} mentions: macro F1 {100 * both['f1']:.1f},",
        f"calibration error {both['error']:.3f} ({both['chance']:.3f} by chance).",
        f"Share right less mean confidence: {', '.join(lean)}.",
        f"Probability of at least this calibration error where confidence is exactly right: {', '.join(luck)}.",
        f"Mean stance of {count} names with at least eight mentions against the mean of their codes: r = {r:.2f}.",
        f"Names exchanged in sentences of both parts: the score changes by {swapped:.4f} on average.",
        f"{speed:,.0f} mentions a second on one core, words that decided included.",
    ]
    lines += sentiment_of_sentences(parts)
    return lines + (sentiment_of_editorials(where) if editorials else [])


MEASURES = ("vader", "news", "news_network")


def rate(texts: list[str], measure: str) -> np.ndarray:
    """Return the sentiment of sentences by a measure of `score_sentiment`."""
    if measure == "news_network":
        return load_sentiment_model().rate(texts)
    return score_sentences(texts, lexicon=measure)["compound"].to_numpy()


def sentiment_of_sentences(parts: dict[str, Coded]) -> list[str]:
    """Return the lines on sentences of NewsMTSC: how measures correlate with the mean code of a sentence's targets."""
    given: dict[str, list[int]] = defaultdict(list)
    for texts, _, codes, _ in parts.values():
        for text, code in zip(texts, codes.tolist(), strict=True):
            given[text].append(code)
    texts = list(given)
    y = [float(np.mean(codes)) for codes in given.values()]
    rows = []
    for measure in MEASURES:
        many = [f"{text} {number}" for number in range(5) for text in texts]
        rate(texts[:10], measure)
        begun = time.process_time()
        rate(many, measure)
        speed = len(many) / (time.process_time() - begun)
        rows.append([f"`{measure}`", f"{np.corrcoef(rate(texts, measure), y)[0, 1]:.3f}", f"{speed:,.0f}"])
    return [
        "",
        f"Sentiment of the {len(texts)} sentences of both parts against the mean code of their targets; nothing",
        "was learned from them.",
        "",
        *table({"lexicon": "left", "r": "right", "sentences a second": "right"}, rows),
    ]


def sentiment_of_editorials(where: Path) -> list[str]:
    """Return the lines on the Times editorials: correlation by sentence and article, F1 as in the paper."""
    rated = pd.read_csv(
        where / "vader_gold" / "nytEditorialSnippets_GroundTruth_odd.txt",
        sep="\t", names=["id", "rating", "text"], quoting=3, encoding="utf-8", encoding_errors="replace",
    )  # fmt: skip
    article = rated["id"].astype("str").str.split("_").str[0]
    rows = []
    for lexicon in MEASURES:
        score = pd.Series(rate(rated["text"].tolist(), lexicon))
        means = pd.DataFrame({"a": article, "x": score, "y": rated["rating"]}).groupby("a").mean()
        by_article = np.corrcoef(means["x"], means["y"])[0, 1]
        rows.append(
            [
                f"`{lexicon}`",
                f"{np.corrcoef(score, rated['rating'])[0, 1]:.3f}",
                f"{weighted_f1(rated['rating'], score):.3f}",
                f"{by_article:.3f}",
            ]
        )
    return [
        "",
        f"Sentiment: {len(rated):,} sentences of {article.nunique()} New York Times editorials, rated by people (Hutto",
        "& Gilbert 2014, odd numbers); nothing was learned from them. Weighted F1: positive, neutral, negative, cut at",
        "±0.05 of the scale",
        "from -1 to 1, for ratings as for scores, as in the paper.",
        "",
        *table({"lexicon": "left", "r, sentence": "right", "weighted F1": "right", "r, article": "right"}, rows),
    ]


def weighted_f1(rating: pd.Series, score: pd.Series) -> float:
    """Return F1 weighted by class, with the cuts of the paper."""
    y, best = (np.where(values >= 0.05, 2, np.where(values <= -0.05, 0, 1)) for values in (rating, score))
    f1 = f1_by_code(y, best)
    return float(sum(value * (y == k).mean() for k, value in enumerate(f1)))


if __name__ == "__main__":
    main(*sys.argv[1:])
