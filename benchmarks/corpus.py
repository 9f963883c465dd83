"""The texts, sentences and word lists that the text engine is measured on."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pandas as pd

from mediakit import load_articles, make_articles, sample_path
from mediakit.lexicons.codebooks import Category, Codebook

ENOUGH_WORDS = 600_000
CATEGORIES, WORDS, WILDCARDS, PHRASES = 20, 150, 90, 60
SEED = 2016


@dataclass(frozen=True)
class Corpus:
    """An article table, where it comes from, and a codebook drawn from its words."""

    origin: str
    articles: pd.DataFrame
    codebook: Codebook

    @cached_property
    def texts(self) -> list[str]:
        return self.articles["text"].tolist()

    def part(self, step: int) -> Corpus:
        """Return every so-many-th article."""
        return replace(self, articles=self.articles[::step].reset_index(drop=True))


def load_corpus(folder: Path) -> Corpus:
    """Load the PolNeAR articles, or repeat the sample corpus until there are as many words."""
    paths = sorted((folder / "polnear").glob("*/text/*.txt"))
    if paths:
        origin = "news articles of PolNeAR (Newell et al. 2018)"
        records = [{"text": path.read_text("utf-8"), **_named(path), "position": n} for n, path in enumerate(paths)]
        articles = make_articles(records)
    else:
        origin = (
            "articles: the English part of the sample corpus, repeated. Repeated texts have few distinct words for "
            "their length, which flatters mediakit"
        )
        sample = load_articles(sample_path())
        sample = sample[sample["text"].notna() & (sample["language"] == "en")]
        times = -(-ENOUGH_WORDS // int(sample["words"].sum()))
        articles = pd.concat([sample] * times, ignore_index=True)
        articles["article_id"] = pd.Series([f"{n:016x}" for n in range(len(articles))], dtype="str")
    return Corpus(origin, articles, _draw_codebook(articles["text"].tolist()))


def _named(path: Path) -> dict[str, str]:
    outlet, date, _ = path.stem.split("_", 2)
    return {"outlet": outlet, "date": date, "language": "en"}


def _draw_codebook(texts: list[str]) -> Codebook:
    """Draw words, beginnings of words and phrases of two words at random from what the texts hold."""
    words: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    for text in texts:
        for run in re.findall(r"[a-z]+(?: [a-z]+)*", text.lower()):
            parts = run.split()
            words.update(parts)
            phrases.update(f"{one} {two}" for one, two in pairwise(parts) if len(one) > 2 and len(two) > 2)
    draw = random.Random(SEED)
    usual = sorted(word for word, count in words.items() if len(word) > 3 and count >= 5)
    whole = draw.sample(usual, WORDS)
    long = draw.sample([word for word in usual if len(word) > 6], 3 * WILDCARDS)
    wild = list(dict.fromkeys(word[: draw.randint(5, len(word) - 1)] + "*" for word in long))[:WILDCARDS]
    pairs = draw.sample(sorted(phrase for phrase, count in phrases.items() if count >= 3), PHRASES)
    patterns = [*whole, *wild, *pairs]
    draw.shuffle(patterns)
    categories = tuple(Category(f"category_{n}", tuple(patterns[n::CATEGORIES])) for n in range(CATEGORIES))
    return Codebook("drawn", "1", "en", "drawn at random", "none", categories)


def load_gold_paragraphs(folder: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each set of paragraphs whose sentences are known: its name and its paragraphs as lists of sentences."""
    for path in sorted((folder / "sentences").glob("*.jsonl")):
        yield path.stem, [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def load_hard_cases() -> list[tuple[str, str, list[str]]]:
    """Return language, text and sentences of every case in tests/text/hard_sentences.jsonl."""
    path = Path(__file__).parent.parent / "tests" / "text" / "hard_sentences.jsonl"
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [(case["language"], case.get("joined", " ".join(case["sentences"])), case["sentences"]) for case in cases]


def load_rated_sentences(folder: Path) -> list[str]:
    """Return the sentences that people rated for the VADER paper: tweets, reviews, editorials."""
    found = []
    for path in sorted((folder / "vader_gold").glob("*.txt")):
        lines = path.read_text("utf-8", errors="replace").split("\n")
        found += [line.rpartition("\t")[2] for line in lines if "\t" in line]
    return found


def make_sentences(number: int) -> list[str]:
    """Make nonsense of everything that VADER has a rule for: its words, marks, capitals, emoji, idioms, odd space."""
    from vaderSentiment import vaderSentiment as vader

    analyzer = vader.SentimentIntensityAnalyzer()
    lexicon, emojis = list(analyzer.lexicon), list(analyzer.emojis)
    special = list(vader.SPECIAL_CASES) + [phrase for phrase in vader.BOOSTER_DICT if " " in phrase]
    boosters, negations = list(vader.BOOSTER_DICT), list(vader.NEGATE)
    plain = _words(
        "the a talks it was is envoy police of to he said kind this that so not very at all and I U.S. x 7 -"
    )
    named = _words(
        "but BUT But but no No nor or least never so this without doubt kind of at very never so without doubt"
    )
    named += ["kind of", "at least", "very least", "never so", "never this", "without a doubt", "without doubt"]
    kinds = [(lexicon, 6), (plain, 6), (boosters, 3), (negations, 3), (named, 4), (special, 1), (emojis, 1)]
    lists, weights = [words for words, _ in kinds], [weight for _, weight in kinds]
    before = [""] * 20 + ["(", '"', "“", "'", "*", "#", "..."]
    after = [""] * 20 + [",", ".", "!", "!!!", "?", "??", "?????", "?!", ")", '"', "”", "'s", "n't", "…", "!!!!!!"]
    spaces = [" "] * 20 + ["  ", "\t", "\n", "\u00a0", "\u2003", "\u3000", "\x1c", "\x85", "\r\n", "\u200b", "", " - "]
    draw = random.Random(SEED)
    sentences = []
    for _ in range(number):
        loud = draw.random() < 0.1
        parts = [draw.choice(spaces[-12:]) if draw.random() < 0.05 else ""]
        for _ in range(draw.choice((0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30))):
            word = draw.choice(draw.choices(lists, weights)[0])
            case = draw.random()
            word = word.upper() if loud or case < 0.1 else word.capitalize() if case < 0.2 else word
            parts += [draw.choice(before), word, draw.choice(after), draw.choice(spaces)]
        sentences.append("".join(parts))
    return sentences


def _words(listed: str) -> list[str]:
    return listed.split()
