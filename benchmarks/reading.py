"""How well pages and copied page text are read, against gold text: token F1, and the rates of right fields.

    python -m benchmarks.reading [FOLDER]

FOLDER holds the real pages (default: ../shared/data/exports); without it the script says so and ends. The result is
written to benchmarks/READING.md.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import trafilatura

from mediakit.load.formats import capture, page
from mediakit.load.registry import Options, Reader
from mediakit.load.source import Source, UnreadableFile

HERE = Path(__file__).parent
WORD = re.compile(r"\w+")


def token_scores(found: str, gold: str) -> tuple[float, float, float]:
    """Return F1, precision and recall over word occurrences."""
    one, other = Counter(WORD.findall(found.casefold())), Counter(WORD.findall(gold.casefold()))
    shared = sum((one & other).values())
    precision, recall = shared / max(1, one.total()), shared / max(1, other.total())
    return (2 * precision * recall / (precision + recall) if shared else 0.0), precision, recall


def read_with(reader: Reader, content: bytes, suffix: str) -> list[dict]:
    """Read bytes as a file; an unreadable one gives no article."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"page{suffix}"
        path.write_bytes(content)
        try:
            return reader.read(Source(path, path.name), Options()).articles
        except UnreadableFile:
            return []


def text_of(articles: list[dict]) -> str:
    return "\n\n".join(article.get("text") or "" for article in articles)


def plain(content: bytes) -> str:
    return trafilatura.extract(content) or ""


def same_options(content: bytes) -> str:
    """What trafilatura gives with the options that mediakit sets; the rest of the margin is ours."""
    return trafilatura.extract(content, include_comments=False, include_tables=False, include_formatting=False) or ""


def mean_row(name: str, scores: list[tuple[float, float, float]]) -> str:
    means = [100 * sum(score[k] for score in scores) / len(scores) for k in range(3)]
    return f"| {name} | {len(scores)} | {means[0]:.1f} | {means[1]:.1f} | {means[2]:.1f} |"


def captures(folder: Path) -> list[str]:
    pages = folder / "web_html" / "scrapinghub" / "dev"
    rows = ["| source | pages | token F1 | precision | recall |", "| --- | ---: | ---: | ---: | ---: |"]
    html: list[tuple[float, float, float]] = []
    alike: list[tuple[float, float, float]] = []
    for name, what in (("inscriptis", "text with line breaks"), ("beautifulsoup", "the whole page in one line")):
        data = json.loads((folder / "text_captures" / f"scrapinghub_{name}_dev.json").read_text("utf-8"))
        scores = []
        for key, item in data.items():
            articles = read_with(capture.READER, item["pageText"].encode(), ".txt")
            scores.append(token_scores(text_of(articles), item["goldBody"]))
            if name == "inscriptis":
                content = gzip.decompress((pages / f"{key}.html.gz").read_bytes())
                html.append(token_scores(plain(content), item["goldBody"]))
                alike.append(token_scores(same_options(content), item["goldBody"]))
        rows.append(mean_row(f"mediakit `capture`, {what} ({name})", scores))
    rows.append(mean_row("trafilatura on the same pages' HTML, without comments and tables", alike))
    return [*rows, mean_row("plain trafilatura on the same pages' HTML", html)]


def web_pages(folder: Path) -> list[str]:
    rows = [
        "| gold set | reader | pages | token F1 | precision | recall |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    fields = []
    scrapinghub = folder / "web_html" / "scrapinghub" / "dev"
    gold = json.loads((scrapinghub / "ground-truth.json").read_text("utf-8"))
    sets = {
        "scrapinghub (by people)": [
            (gzip.decompress((scrapinghub / f"{key}.html.gz").read_bytes()), item["articleBody"], None)
            for key, item in sorted(gold.items())
        ]
    }
    fundus = []
    for path in sorted((folder / "web_html" / "fundus" / "dev").glob("*.gold.json")):
        record = json.loads(path.read_text("utf-8"))["gold"]
        body = record["body"] or {}
        text = " ".join(
            [
                *body.get("summary", []),
                *(
                    part
                    for section in body.get("sections", [])
                    for part in [*section["headline"], *section["paragraphs"]]
                ),
            ]
        )
        fundus.append(
            (gzip.decompress((path.parent / path.name.replace(".gold.json", ".html.gz")).read_bytes()), text, record)
        )
    sets["fundus (reviewed parser output)"] = fundus
    for name, items in sets.items():
        ours, theirs, alike = [], [], []
        for content, text, record in items:
            articles = read_with(page.READER, content, ".html")
            ours.append(
                token_scores(
                    " ".join([*(str(a.get("standfirst") or "") for a in articles if record), text_of(articles)]), text
                )
            )
            theirs.append(token_scores(plain(content), text))
            alike.append(token_scores(same_options(content), text))
            if record:
                fields.append((record, articles[0] if articles else {}))
        rows += [
            mean_row(f"{name} | mediakit `page`", ours),
            mean_row(f"{name} | trafilatura, options as in mediakit", alike),
            mean_row(f"{name} | plain trafilatura", theirs),
        ]
    return [*rows, "", *field_rates(fields)]


def field_rates(pairs: list[tuple[dict, dict]]) -> list[str]:
    def bare(text: object) -> str:
        return " ".join(WORD.findall(str(text or "").casefold()))

    title = [bare(found.get("headline")) == bare(gold.get("title")) for gold, found in pairs if gold.get("title")]
    date = [
        str(found.get("date"))[:10] == str(gold.get("publishing_date"))[:10]
        for gold, found in pairs
        if gold.get("publishing_date")
    ]
    first = [bare(gold["authors"][0]) in bare(found.get("byline")) for gold, found in pairs if gold.get("authors")]
    rates = (("headline equal", title), ("date equal", date), ("first author in byline", first))
    return [
        "| field (fundus) | pages | right |",
        "| --- | ---: | ---: |",
        *(f"| {name} | {len(hits)} | {100 * sum(hits) / len(hits):.1f}% |" for name, hits in rates),
    ]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "shared" / "data" / "exports"
    if not folder.is_dir():
        print(f"{folder.name}: the folder of real pages is not here; nothing measured.")
        return
    lines = [
        "# How well pages are read", "",
        "Written by `python -m benchmarks.reading`. Token F1 over word occurrences, averaged over pages.",
        "The rules were written with these pages at hand, so these are figures of a development set: expect less",
        "on other sites.", "",
        "## Copied page text", "", *captures(folder), "", "## Saved web pages", "", *web_pages(folder), "",
    ]  # fmt: skip
    (HERE / "READING.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
