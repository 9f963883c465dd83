"""PolNeAR (Newell et al. 2018) as the benchmarks and the training read it: articles, attributions, the measure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit import make_articles

Span = tuple[int, int]
Docs = dict[str, tuple[str, list[dict[str, list[Span]]]]]
Rows = Mapping[str, Sequence[tuple[int, int, int | None, int | None]]]


def load(folder: Path) -> Docs:
    """Return name -> text and attributions (Source, Cue, Content: spans), of the first annotator of each article."""
    docs: Docs = {}
    for file in sorted((folder / "attributions").glob("*.ann")):
        name = file.stem.rsplit("_", 1)[0]
        if name in docs:
            continue
        text = (folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        spans: dict[str, list[Span]] = {}
        found = []
        # A few records hold a line break; the rest of such a record has no tab.
        lines = [line for line in file.read_text("utf-8").split("\n") if "\t" in line]
        for line in sorted(lines, key=lambda line: not line.startswith("T")):
            if line.startswith("T"):
                number, mark = line.split("\t")[:2]
                spans[number] = [_span(part) for part in mark.split(" ", 1)[1].split(";")]
            elif line.startswith("E"):
                parts: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
                for part in line.split("\t", 1)[1].split():
                    role, number = part.split(":")
                    if (role := role.rstrip("0123456789")) in parts:
                        parts[role] += spans[number]
                found.append({role: sorted(values) for role, values in parts.items()})
        docs[name] = (text, found)
    return docs


def _span(text: str) -> Span:
    start, end = map(int, text.split())
    return start, end


def to_articles(docs: Docs) -> pd.DataFrame:
    """Return the article table; article_id is the name."""
    return make_articles([{"article_id": name, "text": text, "language": "en"} for name, (text, _) in docs.items()])


def quoted(text: str) -> list[Span]:
    """Return the spans between double quotation marks; one that is not closed runs to the end of its paragraph."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        part, offset, opened = line.group(), line.start(), None
        for i, sign in enumerate(part):
            if sign == "“" or (
                sign == '"' and opened is None and not part[i + 1 : i + 2].isspace() and i + 1 < len(part)
            ):
                opened = i + 1
            elif sign in '”"' and opened is not None:
                found.append((offset + opened, offset + i))
                opened = None
        if opened is not None and len(part) - opened > 2:
            found.append((offset + opened, offset + len(part)))
    return found


def overlap(one: Sequence[int], other: Sequence[int]) -> int:
    """Characters that two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def score(docs: Docs, predicted: Rows) -> dict[str, float]:
    """Return recall and precision of direct and mixed attributions, and the share with the right speaker, in percent.

    Recall: more than half of the quoted letters are found. Precision: a row overlaps some gold content. Speaker: that
    of the longest row overlaps a gold source span, out of all gold attributions with a source.
    """
    gold = half = hits = total = 0
    right = {"direct": 0, "mixed": 0}
    asked = {"direct": 0, "mixed": 0}
    for name, (text, found) in docs.items():
        rows = predicted.get(name, [])
        marks = quoted(text)
        total += len(rows)
        hits += sum(any(overlap(row[:2], span) for one in found for span in one["Content"]) for row in rows)
        for one in found:
            inside = [
                (max(left, start), min(end, stop))
                for left, end in one["Content"]
                for start, stop in marks
                if overlap((left, end), (start, stop))
            ]
            n, inner = (sum(_letters(text, *span) for span in spans) for spans in (one["Content"], inside))
            if not n or not inner:
                continue
            kind = "direct" if inner / n > 0.95 else "mixed"
            gold += 1
            mine = [row for row in rows if any(overlap(row[:2], span) for span in inside)]
            got = sum(
                _letters(text, max(row[0], span[0]), min(row[1], span[1]))
                for row in mine
                for span in inside
                if overlap(row[:2], span)
            )
            half += got > 0.5 * inner
            if one["Source"]:
                asked[kind] += 1
                if mine:
                    longest = max(mine, key=lambda row: row[1] - row[0])
                    right[kind] += longest[2] is not None and any(overlap(longest[2:], span) for span in one["Source"])
    return {
        "recall": 100 * half / gold, "precision": 100 * hits / max(1, total),
        "direct": 100 * right["direct"] / asked["direct"],
        "both": 100 * sum(right.values()) / sum(asked.values()),
    }  # fmt: skip


def _letters(text: str, start: int, end: int) -> int:
    return sum(char.isalnum() for char in text[start:end])


def score_attributions(docs: Docs, table: pd.DataFrame, *, to_the_character: bool = False) -> dict[str, float]:
    """Return precision, recall and F1 of all attributions, direct, mixed and indirect, in percent.

    `content` : the spans of an attribution's content are exactly those of a gold one. `source` : the spans that name
    its source are exactly those of a gold source of the article; a source that stands for several attributions counts
    once. `both` : content and source are those of one gold attribution. `content letters`, `source letters` : letters
    and digits inside any content or source. Marks and spaces at the edges of a span are not counted, unless
    `to_the_character`.
    """
    mine: dict[str, set[Any]] = {name: set() for name in _MEASURES}
    gold: dict[str, set[Any]] = {name: set() for name in _MEASURES}

    def add(found: dict[str, set[Any]], name: str, content: list[Span], source: list[Span]) -> None:
        text = docs[name][0]
        trim = (lambda span: span) if to_the_character else (lambda span: _trim(text, *span))
        contents = tuple(sorted({trim(span) for span in content}))
        sources = tuple(sorted({trim(span) for span in source}))
        found["content"].add((name, contents))
        found["both"].add((name, contents, sources))
        if sources:
            found["source"].add((name, sources))
        for what, spans in (("content letters", contents), ("source letters", sources)):
            found[what].update((name, at) for start, end in spans for at in range(start, end) if text[at].isalnum())

    for name, (_, attributions) in docs.items():
        for one in attributions:
            if one["Content"]:
                add(gold, name, one["Content"], one["Source"])
    for (name, _), rows in table[table["kind"] != "scare"].groupby(["article_id", "attribution"]):
        found = rows.dropna(subset=["source_start"])
        add(
            mine, str(name), _spans(rows, "content"), _spans(found, "source"),
        )  # fmt: skip
    figures = {}
    for what in _MEASURES:
        right = len(mine[what] & gold[what])
        figures[f"{what}, precision"] = 100 * right / max(1, len(mine[what]))
        figures[f"{what}, recall"] = 100 * right / max(1, len(gold[what]))
        figures[what] = 200 * right / max(1, len(mine[what]) + len(gold[what]))
    return figures


_MEASURES = ("content", "source", "both", "content letters", "source letters")


def _spans(rows: pd.DataFrame, what: str) -> list[Span]:
    return list(zip(rows[f"{what}_start"].astype(int), rows[f"{what}_end"].astype(int), strict=True))


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def rows_of(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the direct and mixed rows of a `find_quotes` table as `score` takes them."""
    found: dict[str, list[Any]] = {}
    for row in table[table["kind"].isin(["direct", "mixed"])].itertuples():
        missing = pd.isna(row.speaker_start)
        speaker = (None, None) if missing else (int(row.speaker_start), int(row.speaker_end))
        found.setdefault(str(row.article_id), []).append((int(row.start), int(row.end), *speaker))
    return found
