"""What the models of source types learn from: sources typed by hand, and further mentions of persons and bodies.

Typed by hand: `sources.tsv`, `sources_learned.tsv` and the part `learned` of `sources_world.tsv` in tests/gold;
mentions typed as if they were cited: `sources_mentions.tsv`. Further mentions, not typed: names, bodies and roles in
PolNeAR's part `train` and in the English news of the exports. The sets that are kept apart
(`sources_second.tsv`, `sources_third.tsv`, `sources_fourth.tsv`, the rest of `sources_world.tsv`) are never read here.
"""

from __future__ import annotations

import hashlib
import random
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from benchmarks.polnear import load
from benchmarks.sources import GOLD, name_of, world_texts
from mediakit import load_articles, make_articles
from mediakit.analyses.coreference import find_chains
from mediakit.analyses.mentions import find_mentions
from mediakit.analyses.source_evidence import Evidence, gather_evidence
from mediakit.analyses.source_types import SourceType, load_source_types, type_source
from training.stance_data import SHARED

FOLDS, LEFT = 5, 0
MENTIONS, AGAIN = 25, 0.3  # of an article; how many of those printed like one before
AT_ONCE = 200  # articles
NO_TEXTS = ("cdx", "gdelt_doc_api", "gdelt_tables", "zotero_refs", "tei")  # formats that hold none, or none in English
SHORTEST, LONGEST = 900, 40_000  # characters of an article
NAMES = 8  # mentions of a person whose name is no sign
COMMON, OF_PERSONS = 5, 0.3  # times a word occurs; share of those with a capital that are in persons' names


@dataclass(frozen=True)
class Source:
    """A source: its place, what is known of it, what the rules say, and its codes where it has any."""

    article: str
    start: int
    end: int
    evidence: Evidence
    rules: SourceType
    type: str = ""
    named: bool = False
    read: bool = False  # whether its errors were read while the rules were written


def fold_of(article: str) -> int:
    """Return the fold of an article, by a hash of its name."""
    return int(hashlib.sha1(article.encode()).hexdigest(), 16) % FOLDS


def split(sources: Sequence[Source]) -> tuple[list[Source], list[Source]]:
    """Return the sources to learn from, and those of the articles left out."""
    return (
        [one for one in sources if fold_of(one.article) != LEFT],
        [one for one in sources if fold_of(one.article) == LEFT],
    )


def read_coded() -> list[Source]:
    """Read the sources that were typed by hand for learning."""
    found = []
    for part, file in (("train", "sources_learned.tsv"), ("dev", "sources.tsv")):
        gold = pd.read_csv(GOLD / file, sep="\t")
        texts = {name: text for name, (text, _) in load(SHARED / "polnear" / part).items()}
        unread = (
            gold["sample"].isin(["second coder", "passage alone", "rest"])
            if "sample" in gold
            else pd.Series(False, index=gold.index)
        )
        found += describe(gold[~unread], texts, read=True) + describe(gold[unread], texts)
    gold = pd.read_csv(GOLD / "sources_world.tsv", sep="\t")
    gold = gold[gold["part"] == "learned"]
    return found + describe(gold, world_texts(SHARED, gold))


def read_typed_mentions() -> list[Source]:
    """Read the mentions of persons and bodies that were typed by hand as if they were cited where they stand."""
    rows = pd.read_csv(GOLD / "sources_mentions.tsv", sep="\t", dtype={"article": "str"})
    texts = {name: text for name, (text, _) in load(SHARED / "polnear" / "train").items()}
    exports = english_exports()
    texts |= dict(zip(exports["article_id"], exports["text"], strict=True))
    marks = {name: hashlib.sha1(texts[name].encode()).hexdigest()[:10] for name in rows["article"].unique()}
    if not rows["article"].map(marks).eq(rows["text_sha1"]).all():
        raise SystemExit("sources_mentions.tsv was coded on other texts.")
    return describe(rows, texts)


def describe(rows: pd.DataFrame, texts: dict[str, str], *, read: bool = False) -> list[Source]:
    """Gather the evidence of sources; `rows` has article, start, end, and codes where there are any."""
    rules = load_source_types()
    names = list(dict.fromkeys(rows["article"]))
    articles = make_articles([{"article_id": name, "text": texts[name], "language": "en"} for name in names])
    chains = dict(tuple(find_chains(articles).groupby("article_id", sort=False)))
    coded = "final" in rows
    kinds, named = (rows["final"], rows["final_named"]) if coded else ([""] * len(rows), [""] * len(rows))
    found = []
    for article, start, end, kind, told in zip(rows["article"], rows["start"], rows["end"], kinds, named, strict=True):
        name = name_of(texts[article], start, end, chains.get(article))
        evidence = gather_evidence(texts[article], start, end, name=name)
        printed = re.search(r"\d{4}-\d\d-\d\d", article)
        date = pd.Timestamp(printed[0]).date() if printed else None
        verdict = type_source(evidence, rules, date=date)
        found.append(Source(article, start, end, evidence, verdict, kind, told == "named", read))
    return found


def read_mentions() -> list[Source]:
    """Read further mentions of persons and bodies: names and roles, at most 25 an article, in random order."""
    texts = {name: text for name, (text, _) in load(SHARED / "polnear" / "train").items()}
    exports = english_exports()
    coded = pd.read_csv(GOLD / "sources_world.tsv", sep="\t")
    apart = set(coded.loc[coded["part"] == "kept apart", "text_sha1"])
    texts |= {
        name: text
        for name, text in zip(exports["article_id"], exports["text"], strict=True)
        if hashlib.sha1(text.encode()).hexdigest()[:10] not in apart
    }
    generator, rows = random.Random(9), []
    for name, mine in _mentions(texts):
        spans, seen, kept = list(zip(mine["start"], mine["end"], strict=True)), set(), 0
        generator.shuffle(spans)
        for start, end in spans:
            printed = texts[name][start:end].lower()
            if printed in seen and generator.random() < 1 - AGAIN:
                continue
            seen.add(printed)
            rows.append((name, int(start), int(end)))
            kept += 1
            if kept == MENTIONS:
                break
    return describe(pd.DataFrame(rows, columns=["article", "start", "end"]), texts)


def _mentions(texts: dict[str, str]) -> Iterable[tuple[str, pd.DataFrame]]:
    """Yield each article with its names, bodies and roles."""
    names = list(texts)
    for at in range(0, len(names), AT_ONCE):
        some = [{"article_id": name, "text": texts[name], "language": "en"} for name in names[at : at + AT_ONCE]]
        found = find_mentions(make_articles(some))
        found = found[found["kind"].isin(["name", "body", "role"])]
        yield from ((str(name), mine) for name, mine in found.groupby("article_id", sort=False))


def english_exports() -> pd.DataFrame:
    """Return the English articles of the exports, copies left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folders = [
            path for path in sorted((SHARED / "exports").iterdir()) if path.is_dir() and path.name not in NO_TEXTS
        ]
        table = pd.concat([load_articles(folder, progress=False) for folder in folders], ignore_index=True)
    table = table[table["text"].notna() & table["language"].eq("en").fillna(False)]
    table = table[table["text"].str.len().between(SHORTEST, LONGEST)].drop_duplicates("article_id")
    return table[~table["text"].str.slice(100, 260).duplicated()].reset_index(drop=True)


def find_names() -> set[str]:
    """Return words of persons' names in PolNeAR: who they are changes, and is nothing to learn."""
    docs = load(SHARED / "polnear" / "train")
    mentions = find_mentions(
        make_articles([{"article_id": name, "text": text, "language": "en"} for name, (text, _) in docs.items()])
    )
    persons = mentions[(mentions["kind"] == "name") & mentions["gender"].isin(["m", "f"])]
    count = Counter(word.lower() for text in persons["text"] for word in re.findall(r"[^\W\d_]+", text))
    texts = " ".join(text for text, _ in docs.values())
    small = Counter(re.findall(r"\b[a-z]+\b", texts))
    return {word for word, n in count.items() if n >= NAMES and small[word] < n}


def find_ordinary(texts: Iterable[str]) -> set[str]:
    """Return the words that are read as they are: common ones that are not mostly persons' names."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    different = sorted(set(texts))
    for text in different:
        for word in re.findall(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*", text):
            (capital if word[0].isupper() else small)[word.lower().replace("’", "'")] += 1
    for _, mine in _mentions({str(number): text for number, text in enumerate(different)}):
        named = mine[(mine["kind"] == "name") & mine["gender"].isin(["m", "f"])]
        persons.update(word.lower() for text in named["text"] for word in re.findall(r"[^\W\d_]+", text))
    return {
        word
        for word, n in (small + capital).items()
        if n >= COMMON and not (persons[word] >= OF_PERSONS * capital[word] and persons[word] > 2 * small[word])
    }
