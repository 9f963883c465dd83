"""Text files that hold one article each: headline on top, then the text. Nothing of the text is left out.

The first lines are read as headline, byline and date where they look like these; all the rest is text. A file name of
the form `outlet_2025-02-12_slug.txt` gives outlet and date.
"""

from __future__ import annotations

import re

from mediakit.load.dates import find_date_line, read_date
from mediakit.load.filename import read_filename
from mediakit.load.header import clean_byline, is_byline
from mediakit.load.ledger import Part, Reading
from mediakit.load.lines import Line, split_lines
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile

_MARKUP = re.compile(r"^\s*(?:<!doctype|<html|<\?xml|[{\[]\s*[\"{])", re.I)


def sniff(source: Source) -> Sniffed:
    """Score a file as one article in plain text: words, and no mark-up."""
    sample = source.sample
    if not sample.strip():
        return 0.0, ""
    if _MARKUP.match(sample):
        return 0.05, "text, though it begins like HTML, XML or JSON"
    letters = sum(char.isalpha() or char.isspace() for char in sample[:5000]) / len(sample[:5000])
    return (0.4, "plain text") if letters > 0.6 else (0.1, "text with few letters")


def read(source: Source, options: Options) -> Reading:
    """Read a text file as one article."""
    text = source.text
    if max((len(line) for line in text.splitlines()), default=0) > LONGEST_LINE:
        raise UnreadableFile(f"a single line of more than {LONGEST_LINE:,} characters; no article is that long")
    lines = split_lines(text)
    kinds = _header_kinds(lines)
    body = [index for index in range(len(lines)) if index not in kinds]
    named = read_filename(source.name)
    article = {kind: _field(lines, kinds, kind) for kind in ("headline", "byline", "date_raw")}
    date = read_date(article["date_raw"]) if article["date_raw"] else None
    content = _paragraphs([lines[index] for index in body], text)
    record = {
        **article, "text": content, "outlet": named.outlet,
        "date": date if date is not None else named.date, "date_raw": article["date_raw"] or named.date_raw,
    }  # fmt: skip
    parts: list[Part] = []
    starts = [0, *(line.start for line in lines[1:]), len(text)]
    for index, line in enumerate(lines):
        kind = {"date_raw": "date"}.get(kinds.get(index, "text"), kinds.get(index, "text"))
        if parts and parts[-1].kind == kind:
            parts[-1] = Part(kind, parts[-1].start, starts[index + 1], 0, "", parts[-1].excerpt)
        else:
            parts.append(Part(kind, starts[index], starts[index + 1], 0, "", line.text))
    if not content:
        whole = Part("unparsed", 0, len(text), None, "a headline without a text", lines[0].text)
        return Reading([], [whole], "character", len(text))
    return Reading([record], parts, "character", len(text))


def _header_kinds(lines: list[Line]) -> dict[int, str]:
    """Say which of the first lines are headline, byline and date: index -> field."""
    kinds: dict[int, str] = {}
    if len(lines) < 2:
        return kinds
    first = lines[0]
    # A headline stands alone: short, no full stop, and the text begins after it.
    if first.words <= 30 and not first.text.endswith((".", ",", ";")):
        kinds[0] = "headline"
    for index in range(len(kinds), min(len(lines) - 1, len(kinds) + 3)):
        line = lines[index]
        signed = line.signed and line.words <= 12 and not line.ends_sentence
        bare = index == 1 and 0 in kinds and is_byline(line) and 2 <= line.words <= 5 and not line.ends_sentence
        if (signed or bare) and "byline" not in kinds.values():
            kinds[index] = "byline"
        elif find_date_line(line.text) and "date_raw" not in kinds.values():
            kinds[index] = "date_raw"
        else:
            break
    return kinds


def _field(lines: list[Line], kinds: dict[int, str], kind: str) -> str | None:
    found = next((lines[index].text for index, name in kinds.items() if name == kind), None)
    if found is None:
        return None
    if kind == "byline":
        return clean_byline(found)
    return (find_date_line(found) or found) if kind == "date_raw" else found.lstrip("# ").strip()


def _paragraphs(body: list[Line], text: str) -> str:
    """Join wrapped lines; a blank line ends a paragraph, or every line does where there are none."""
    if not body:
        return ""
    inner = [line for line in body[1:] if not line.blank_before]
    # Hard-wrapped text: most lines follow another directly, and full lines are of about one length.
    full = sorted(len(line.text) for line in body)[-max(1, len(body) // 2) :]
    even = full[0] >= 40 and full[-1] <= 130 and full[-1] - full[0] <= 40
    wrapped = len(inner) > 0.5 * (len(body) - 1) and len(body) > 3 and even
    paragraphs = [body[0].text]
    for line in body[1:]:
        if wrapped and not line.blank_before:
            paragraphs[-1] += " " + line.text
        else:
            paragraphs.append(line.text)
    return "\n\n".join(paragraphs)


READER = Reader("text", sniff, read, "plain text, one article in a file")
