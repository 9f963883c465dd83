"""How well quotes and their speakers are found, and how fast.

    python -m benchmarks.quotes [FOLDER]

FOLDER holds PolNeAR (default: ../shared/data/polnear); its part `dev` is scored. The figures are
written to the section "Quotes" of benchmarks/ACCURACY.md; `benchmarks.sources` has those on names.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pandas as pd

from benchmarks.polnear import Docs, load, overlap, rows_of, score, score_attributions, to_articles
from benchmarks.timing import table
from mediakit import find_quotes
from mediakit.analyses.quote_answers import LEAST

HERE = Path(__file__).parent
PAGE = HERE / "ACCURACY.md"
PARTS = (", precision", ", recall", "")
_TITLE = re.compile(
    r"^(?:the|a|an|mr\.?|mrs\.?|ms\.?|dr\.?|sen\.?|rep\.?|gov\.?|president|former|vice|secretary|mayor)\s+",
    re.IGNORECASE,
)


def main(folder: str = "") -> None:
    """Print the figures and write them to the page."""
    where = Path(folder) if folder else HERE.parent.parent / "shared" / "data" / "polnear"
    if not (where / "dev").is_dir():
        sys.exit(f"{where}/dev is not there: PolNeAR is not distributed with mediakit; give its folder.")
    text = report(load(where / "dev"))
    print(text)
    write_section("Quotes", text)


def report(docs: Docs) -> str:
    """Return the section."""
    articles = to_articles(docs)
    rows = []
    for method in ("model", "rules"):
        taken = []
        for _ in range(4):  # the first reads the model
            begun = time.process_time()
            quotes = find_quotes(articles, method=method, progress=False)
            taken.append(time.process_time() - begun)
        minute = 60 * len(articles) / min(taken)
        found = score(docs, rows_of(quotes))
        figures = [found["precision"], found["recall"], found["direct"], found["both"], exact_heads(docs, quotes)]
        rows.append([f"`{method}`", *(f"{figure:.1f}" for figure in figures), f"{minute:,.0f}"])
    heading = ["method", "precision", "recall", "speaker, direct", "speaker, both", "head words", "a minute"]
    measured = attributions(docs)
    lines = [
        f"Direct and mixed quotations in {len(docs)} news articles (PolNeAR 1.0, part `dev`), in percent. The model",
        "was not trained on them. Speaker: the span found overlaps the gold source, of all gold ones with a source.",
        "Head words: it is the gold source or the name in it, titles and articles aside, out of rows with the right",
        "speaker. Written by `python -m benchmarks.quotes`; articles of about 740 words a minute of processor time,",
        "the best of four runs, reported words included.",
        "",
        *table({name: "right" if name != "method" else "left" for name in heading}, rows),
        "",
        *measured,
    ]
    return "\n".join(lines)


def attributions(docs: Docs) -> list[str]:
    """Return the lines on all attributions: direct, mixed, and indirect."""
    shown = {
        "content, exact": "content", "source, exact": "source", "content and source, exact": "both",
        "letters of contents": "content letters", "letters of sources": "source letters",
    }  # fmt: skip
    rows = []
    for least in (LEAST, 0.2):
        quotes = find_quotes(to_articles(docs), least=least, progress=False)
        found = score_attributions(docs, quotes)
        strict = score_attributions(docs, quotes, to_the_character=True)
        rows += [
            [f"{least:.1f}", label, *(f"{found[f'{name}{part}']:.1f}" for part in PARTS), f"{strict[name]:.1f}"]
            for label, name in shown.items()
        ]
    heading = dict.fromkeys(("least", "measure", "precision", "recall", "F1", "F1, to the character"), "right")
    heading["measure"] = "left"
    return [
        "All attributions, direct, mixed and indirect, in percent. Exact: the spans are those of a gold attribution,",
        "marks and spaces at their edges aside; in the last column with them. Letters: letters and digits that stand",
        "in any content or source. Words reported without quotation marks from a confidence of 0.3 on, the default,",
        "and from 0.2 on (`least=`). In news of many countries, of which 455 such rows were read, 94 of the 108",
        "between the two were wrong.",
        "",
        *table(heading, rows),
    ]


def exact_heads(docs: Docs, quotes: pd.DataFrame) -> float:
    """Return the percentage of right speakers whose span is the source or the name in the source, to the letter."""
    right = total = 0
    for name, rows in rows_of(quotes).items():
        text, found = docs[name]
        for row in rows:
            if row[2] is None:
                continue
            spans = [s for one in found if any(overlap(row[:2], c) for c in one["Content"]) for s in one["Source"]]
            spans = [span for span in spans if overlap(row[2:], span)]
            if spans:
                total += 1
                heads = {head for span in spans for head in _heads(text[span[0] : span[1]])}
                right += _plain(text[row[2] : row[3]]) in heads
    return 100 * right / max(total, 1)


def _heads(source: str) -> set[str]:
    """Return the ways to write the head of a source: whole, up to the first comma, its last run of capitals."""
    short = re.split(r",|\s[-–—(]|\b(?:who|of|in|from|at|for|with)\b", source)[0]
    runs = re.findall(r"(?:[A-Z][\w.’'-]*)(?:\s(?:(?:de|van|von|al|bin)\s)?[A-Z][\w.’'-]*)*", short)
    return {_plain(text) for text in (source, short, *runs[-1:]) if text} | {
        _plain(" ".join(runs[-1].split()[-n:])) for n in (2, 3) if runs
    }


def _plain(text: str) -> str:
    text = re.sub(r"['’]s?$", "", text.strip(" ,.'’\"“”"))
    while (shorter := _TITLE.sub("", text)) != text:
        text = shorter
    return text.lower()


def write_section(heading: str, text: str, page: Path = PAGE) -> None:
    """Write one section of a page and leave the others as they are."""
    old = page.read_text("utf-8") if page.is_file() else "# Accuracy\n\nAgainst texts marked by people.\n"
    parts = re.split(r"(?m)^(?=## )", old)
    mine = f"## {heading}\n\n{text.rstrip()}\n"
    at = next((n for n, part in enumerate(parts) if part.startswith(f"## {heading}\n")), None)
    if at is None:
        parts = [*(part.rstrip() + "\n\n" for part in parts), mine]
    else:
        parts[at] = mine + ("\n" if at + 1 < len(parts) else "")
    page.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
