"""How often the type of a source is right, whether it is named, and how well definitions of acronyms are found.

    python -m benchmarks.sources [FOLDER]

FOLDER holds `polnear` and `exports` (default: ../shared/data). Compared with tests/gold/sources.tsv and
tests/gold/acronyms.tsv. The figures are written to the sections "Source types" and "Acronyms" of
benchmarks/ACCURACY.md.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.quotes import write_section
from benchmarks.timing import table
from mediakit import load_articles
from mediakit.analyses.acronyms import define_acronyms
from mediakit.analyses.source_evidence import gather_evidence
from mediakit.analyses.source_types import TYPES, load_source_types, type_source

HERE = Path(__file__).parent
GOLD = HERE.parent / "tests" / "gold"


def main(folder: str = "") -> None:
    """Print the figures and write them to the page."""
    where = Path(folder) if folder else HERE.parent.parent / "shared" / "data"
    for name in ("polnear", "exports"):
        if not (where / name).is_dir():
            sys.exit(f"{where / name} is not there: these texts are not distributed with mediakit; give their folder.")
    for heading, text in (("Source types", report_types(where)), ("Acronyms", report_acronyms(where))):
        print(text)
        write_section(heading, text)


def report_types(folder: Path) -> str:
    """Return the section on the types of sources."""
    typed = type_gold(folder)
    halves = {"looked at while the rules were written": typed[~typed["held_out"]], "held out": typed[typed["held_out"]]}
    rows = [
        [
            name,
            f"{len(part)}",
            f"{100 * (part['gold'] == part['type']).mean():.0f}",
            f"{macro_f1(part):.2f}",
            f"{100 * (part['gold_named'] == part['named']).mean():.1f}",
        ]
        for name, part in halves.items()
    ]
    columns = {"articles": "left", **dict.fromkeys(("sources", "type right, %", "macro F1", "named right, %"), "right")}
    lines = [
        f"{len(typed)} sources of PolNeAR’s part `dev`, typed by one coder in two passes (tests/gold/README.md).",
        "Articles were divided by a hash of their names. The place of the source is given, and only what the article",
        "says around it is used: these are figures of the rules, not of `find_quotes`. Written by",
        "`python -m benchmarks.sources`.",
        "",
        *table(columns, rows),
        "",
        "F1 by type, both halves:",
        "",
        *table(
            {"type": "left", "sources": "right", "F1": "right"},
            [[kind, str(int((typed["gold"] == kind).sum())), f"{score:.2f}"] for kind, score in f1(typed).items()],
        ),
    ]
    return "\n".join(lines)


def report_acronyms(folder: Path) -> str:
    """Return the section on definitions of acronyms."""
    wanted, found = find_definitions(folder)
    right = len(found & wanted)
    lines = [
        "Definitions such as “Organization of Important States (OIS)” in 210 articles of the exports:",
        f"{len(wanted)} by hand, {len(found)} found.",
        f"Precision {100 * right / len(found):.1f}%, recall {100 * right / len(wanted):.1f}%.",
        "The rules were written while some of these articles were read. Written by `python -m benchmarks.sources`.",
    ]
    return "\n".join(lines)


def type_gold(folder: Path) -> pd.DataFrame:
    """Return every hand-typed source with the type found, and whether its article was held out."""
    rules = load_source_types()
    gold = pd.read_csv(GOLD / "sources.tsv", sep="\t")
    texts = {
        name: (folder / "polnear" / "dev" / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        for name in gold["article"].unique()
    }
    rows = []
    for row in gold.itertuples():
        printed = re.search(r"\d{4}-\d\d-\d\d", str(row.article))
        day = pd.Timestamp(printed[0]).date() if printed else None
        found = type_source(gather_evidence(texts[str(row.article)], int(row.start), int(row.end)), rules, date=day)
        held_out = int(hashlib.sha256(str(row.article).encode()).hexdigest(), 16) % 2 == 1
        rows.append((row.final, found.type, row.final_named == "named", found.named, held_out))
    return pd.DataFrame(rows, columns=["gold", "type", "gold_named", "named", "held_out"])


def f1(typed: pd.DataFrame) -> dict[str, float]:
    """Return the F1 of every type that the hand codes have."""
    right = {kind: int(((typed["gold"] == kind) & (typed["type"] == kind)).sum()) for kind in TYPES}
    either = {kind: int((typed["gold"] == kind).sum() + (typed["type"] == kind).sum()) for kind in TYPES}
    return {kind: 2 * right[kind] / either[kind] for kind in TYPES if (typed["gold"] == kind).any()}


def macro_f1(typed: pd.DataFrame) -> float:
    """Return the mean F1 over types."""
    return float(np.mean(list(f1(typed).values())))


def find_definitions(folder: Path) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """Return article and place of the acronyms defined in the exports, by hand and as found."""
    gold = pd.read_csv(GOLD / "acronyms.tsv", sep="\t", keep_default_na=False)
    read = pd.read_csv(GOLD / "acronym_articles.tsv", sep="\t")
    exports = read[read["set"] == "exports"]
    mine = gold[(gold["set"] == "exports") & (gold["is_definition"].astype(str) == "1")]
    wanted = {(str(row.article), int(str(row.acronym_start))) for row in mine.itertuples()}
    found = set()
    for name, articles in exports.groupby(exports["article"].str.split("#").str[0]):
        texts = load_articles(folder / "exports" / str(name), progress=False)["text"]
        for article in articles["article"]:
            text = texts.iloc[int(article.split("#")[1])]
            found |= {(article, short) for (short, _), _ in define_acronyms(text)}
    return wanted, found


if __name__ == "__main__":
    main(*sys.argv[1:])
