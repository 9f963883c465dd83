"""Texts for the stance model: coded mentions, rated reviews and tweets, and mentions without a code.

All files are read from ../shared/data, which is not distributed with mediakit: NewsMTSC (Hamborg & Donnay 2021, MIT),
the ratings of Hutto & Gilbert (2014) but for the editorials, PolNeAR (of its part `dev` nothing but the texts), the
news exports and CASE 2021's snippets.
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
_MORE_THINGS = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Ss]ome|[Mm]any|[Oo]ur|[Mm]y)"
    r" (?:[a-z]+ )?[a-z]{4,}\b"
)
_MORE_PRONOUNS = re.compile(r"\b(?:I|[Ww]e|[Hh]e|[Ss]he|[Ii]t|[Tt]hey|me|us|him|them|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)\b")
_EXPORTS = ("lexisnexis_html", "lexisnexis_docx", "lexisnexis_txt", "factiva_html")
_MORE_EXPORTS = ("csv_dumps", "proquest_txt", "web_html", "json_dumps", "mediacloud", "newsml_nitf")


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
    """Return English news texts: PolNeAR's part `train` and exports."""
    return polnear("train") + _exported(_EXPORTS)


def more_news() -> list[str]:
    """Return further ones: PolNeAR's part `dev`, more exports, and CASE 2021's snippets."""
    lines = (SHARED / "case2021" / "task2_odd.tsv").read_text("utf-8").split("\n")[1:]
    snippets = [line.split("\t")[1] for line in lines if line.count("\t") == 2]
    return polnear("dev") + _exported(_MORE_EXPORTS) + snippets


def polnear(part: str) -> list[str]:
    """Return the texts of a part of PolNeAR, `train` or `dev`."""
    return [path.read_text("utf-8") for path in sorted((SHARED / "polnear" / part / "text").glob("*.txt"))]


def _exported(names: tuple[str, ...]) -> list[str]:
    folders = [SHARED / "exports" / name for name in names]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        articles = mk.load_articles([folder for folder in folders if folder.is_dir()], progress=False)
    english = articles[articles["language"].eq("en").fillna(False)]
    return sorted(set(english["text"].dropna()))


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


def remaining(texts: list[str], taken: set[tuple[str, int]], ordinary: set[str], seed: int = 1) -> list[Mention]:
    """Return all remaining names of each sentence, and two more things and a pronoun drawn at random."""
    generator = np.random.default_rng(seed)
    found = []
    for text in texts:
        names, things, pronouns = (
            [m for m in pattern.finditer(text) if (text, m.start()) not in taken]
            for pattern in (_NAME, _MORE_THINGS, _MORE_PRONOUNS)
        )
        chosen = [m for m in names if m.start() or " " in m[0] or m[0].lower() not in ordinary]
        chosen += [things[at] for at in generator.permutation(len(things))[:2]]
        chosen += [pronouns[at] for at in generator.permutation(len(pronouns))[:1]]
        once = {m.start(): m.end() for m in reversed(chosen)}  # of two that begin alike the first
        found += [Mention(text, start, end, -1, text) for start, end in reversed(once.items())]
    return found


__all__ = [
    "Mention",
    "coded",
    "count_cases",
    "further",
    "masked_words",
    "more_news",
    "news",
    "ordinary_words",
    "polnear",
    "rated",
    "rated_parts",
    "remaining",
    "sentences",
    "uncoded",
]
