"""Texts for the stance model: coded mentions, rated reviews and tweets, and mentions without a code.

All files are read from ../shared/data, which is not distributed with mediakit: NewsMTSC (Hamborg & Donnay 2021, MIT),
the ratings of Hutto & Gilbert (2014) but for the editorials, PolNeAR's part `train` and the news exports.
"""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import mediakit as mk
from mediakit.analyses.stance_words import masked_words
from mediakit.text.sentences import split_sentences

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
POLARITY = {2.0: 0, 4.0: 1, 6.0: 2}  # against, neutral, favour
RATED = ("tweets", "amazonReviewSnippets", "movieReviewSnippets")  # never the Times editorials
_WORD = re.compile(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*")
_NAME = re.compile(r"[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]*\.?|of|the|al|de|van|bin))* [A-Z][\w’'-]+|[A-Z][\w’'-]+")
_THING = re.compile(r"\b[Tt]he (?:[a-z]+ )?[a-z]{4,}\b")
_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]im|[Tt]hey|[Tt]hem)\b")


@dataclass(frozen=True)
class Mention:
    """A sentence and the characters of a target in it; code 0 against, 1 neutral, 2 favour, -1 not coded."""

    text: str
    start: int
    end: int
    code: int
    group: str  # sentences of one group are never split between folds


def coded(name: str) -> list[Mention]:
    """Read a part of NewsMTSC: "train", "dev-rw" or "dev-mt"."""
    found = []
    with (SHARED / "newsmtsc" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for target in row["targets"]:
                text = row["sentence_normalized"]
                found.append(Mention(text, target["from"], target["to"], POLARITY[target["polarity"]], text))
    return found


def _rated_lines() -> list[tuple[str, str, float]]:
    found = []
    for name in RATED:
        path = SHARED / "vader_gold" / f"{name}_GroundTruth.txt"
        for line in path.read_text("utf-8", errors="replace").split("\n"):
            parts = line.rstrip("\r").split("\t")
            if len(parts) == 3:
                found.append((name, parts[2].replace("&amp;", "&").replace("''", '"'), float(parts[1])))
    return found


def rated() -> list[tuple[str, float]]:
    """Read texts with the mean rating that people gave them, from -4 to 4."""
    return [(text, rating) for _, text, rating in _rated_lines()]


def rated_parts() -> list[str]:
    """Return for each text of `rated` the file that it comes from."""
    return [name for name, _, _ in _rated_lines()]


def news() -> list[str]:
    """Return English news texts: PolNeAR's part `train`, the exports, and CASE 2021's snippets."""
    texts = [path.read_text("utf-8") for path in sorted((SHARED / "polnear" / "train" / "text").glob("*.txt"))]
    folders = [SHARED / "exports" / f for f in ("lexisnexis_html", "lexisnexis_docx", "lexisnexis_txt", "factiva_html")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        articles = mk.load_articles([folder for folder in folders if folder.is_dir()], progress=False)
    english = articles[articles["language"].eq("en").fillna(False)]
    texts += sorted(set(english["text"].dropna()))
    return texts


def sentences(texts: list[str]) -> list[str]:
    """Split texts into sentences; each distinct sentence once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for _, start, end in split_sentences(text):
            sentence = " ".join(text[start:end].split())
            if 6 <= sentence.count(" ") <= 70:
                found[sentence] = None
    return list(found)


def count_cases(texts: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Count each word in lower case: how often printed small, how often with a capital within a sentence."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        words = _WORD.findall(text)
        small.update(word.replace("’", "'") for word in words if word[0].islower())
        capital.update(word.lower().replace("’", "'") for word in words[1:] if word[0].isupper() and not word.isupper())
    return small, capital


def ordinary_words(small: Counter[str], capital: Counter[str]) -> set[str]:
    """Return the words that are no names: printed small at least twice, and in a fifth of the places that tell."""
    return {word for word, n in small.items() if n >= 2 and n >= 0.2 * (n + capital[word])}


def uncoded(texts: list[str], taken: set[tuple[str, int]]) -> list[Mention]:
    """Return up to two names and one pronoun of each sentence as mentions without a code."""
    found = []
    for text in texts:
        names = [m for m in _NAME.finditer(text) if m.start() > 0 or " " in m[0]]
        pronouns = list(_PRONOUN.finditer(text))
        # The first and the last name: the furthest apart, so the likeliest to differ.
        chosen = ([names[0]] if names else []) + ([names[-1]] if len(names) > 1 else []) + pronouns[:1]
        found += [Mention(text, m.start(), m.end(), -1, text) for m in chosen if (text, m.start()) not in taken]
    return found


def further(texts: list[str], taken: set[tuple[str, int]], seed: int = 0) -> list[Mention]:
    """Return one more name and one thing ("the new law") of each sentence, where it has any, drawn at random."""
    generator = np.random.default_rng(seed)
    found = []
    for text in texts:
        names = [m for m in _NAME.finditer(text) if (m.start() > 0 or " " in m[0]) and (text, m.start()) not in taken]
        things = list(_THING.finditer(text))
        for several in (names, things):
            found += [
                Mention(text, several[at].start(), several[at].end(), -1, text)
                for at in generator.permutation(len(several))[:1]
            ]
    return found


__all__ = [
    "Mention",
    "coded",
    "count_cases",
    "further",
    "masked_words",
    "news",
    "ordinary_words",
    "rated",
    "rated_parts",
    "sentences",
    "uncoded",
]
