"""RIS: references as ProQuest, Zotero, EndNote and others export them, a tag of two characters before each field.

The reader is our own, so that every line is accounted for: files lack the line that ends a record, break long fields
over lines, and begin with a byte order mark.
"""

from __future__ import annotations

import re
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.ledger import Reading
from mediakit.load.proquest import bare_url, find_label
from mediakit.load.references import describe, make_reference, natural_name
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source
from mediakit.load.terms import Term

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_TAG = re.compile(r"^\ufeff?[ \t]{0,3}([A-Z][A-Z0-9])[ \t]{1,2}-(?:[ \t](.*)|[ \t]*)$", re.S)
_BEGIN = re.compile(r"^\ufeff?[ \t]{0,3}TY[ \t]{1,2}-[ \t]?[A-Z]{2,12}[ \t]*\r?$", re.M)
_PREAMBLE = re.compile(r"^\ufeff?\s*(?:Provider|Database|Content|Export(?:ed)?|Date|Source)\b.{0,80}[:=]", re.I)
_DATES = ("DA", "Y1", "PY", "YR")
_OUTLETS = ("JF", "T2", "JO", "JA", "J1", "J2", "BT", "C3", "T3")
_TITLES = ("T1", "TI", "CT")
_KINDS = {
    "TY": "header", "ER": "header", **dict.fromkeys(_TITLES, "headline"), "AU": "byline", "A1": "byline",
    "SE": "section",
    **dict.fromkeys(_DATES, "date"), **dict.fromkeys(_OUTLETS, "outlet"), "AB": "standfirst", "N2": "standfirst",
}  # fmt: skip
# Notes that ProQuest labels in the language of its interface: "N1  - Last updated - 2022-03-10".
_LABELLED = re.compile(r"^([^\W\d_][^-–]{2,60}?)\s+[-–]\s+(.+)$", re.S)


def sniff(source: Source) -> Sniffed:
    """Recognise RIS by a line with the tag TY and further tags."""
    sample = source.sample[:20_000]
    begins = _BEGIN.search(sample)
    if not begins or len(sample[: begins.start()].strip()) > 2_000 or sample.lstrip("\ufeff \r\n")[:1] in "<{[":
        return 0.0, ""
    tags = sum(bool(_TAG.match(line)) for line in sample[begins.start() :].split("\n")[:30])
    return (1.0, f"RIS: {tags} tags in the first lines") if tags > 1 else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read RIS, one article a record."""
    blocks = Blocks(_LINE.findall(source.text), unit="character", joint=0)
    records: list[dict[str, Any]] = []
    notes: list[str] = []
    current: list[tuple[str, list[int], list[str]]] = []  # tag, lines, values
    unended = 0
    for index, line in enumerate([*blocks.texts, ""]):
        last = index == len(blocks.texts)
        found = None if last else _TAG.match(line.rstrip("\r\n"))
        tag = found[1] if found else None
        if current and (last or tag == "TY"):
            unended += 1
            _finish(blocks, current, records, "no line ends the record")
            current = []
        if last:
            break
        if tag == "ER":
            _finish(blocks, [*current, ("ER", [index], [""])], records, "")
            current = []
        elif found and tag:
            current.append((tag, [index], [(found[2] or "").strip()]))
        elif current:
            current[-1][1].append(index)
            current[-1][2].append(line.strip())
        elif line.strip() and (_PREAMBLE.match(line) or not records):
            blocks.mark(index, "header", None, "above the first record")
    if unended:
        notes.append(f"{unended} records without the line that ends them")
    return blocks.reading(records, notes=[*describe(records), *notes])


def _finish(
    blocks: Blocks, lines: list[tuple[str, list[int], list[str]]], records: list[dict[str, Any]], note: str
) -> None:
    """Turn the lines of a record into an article, and mark them."""
    every = [index for _, indexes, _ in lines for index in indexes]
    values: dict[str, list[str]] = {}
    for tag, _, parts in lines:
        text = "\n".join(parts).strip()
        if text:
            values.setdefault(tag, []).append(text)
    if not values:
        blocks.mark(every, "header", None, "an empty record")
        return
    record = _make_record(values)
    if not (record["headline"] or record["text"]):
        shown = "neither title nor text"
        blocks.mark(every, "skipped", None, f"line {every[0] + 1}: {shown}")
        return
    position = len(records)
    for tag, indexes, parts in lines:
        kind = _KINDS.get(tag, "metadata")
        if (
            tag in ("AB", "N2")
            and record["text"]
            and " ".join(" ".join(parts).split()) == " ".join(record["text"].split())
        ):
            kind = "text"
        elif tag == "N1" and re.match(r"copyright|©", " ".join(parts), re.I):
            kind = "copyright"
        about = note if tag == "TY" else "attachment" if tag in ("L1", "L2", "L3", "L4") else ""
        blocks.mark([index for index in indexes if blocks.texts[index].strip()], kind, position, about)
    records.append(record)


def _make_record(values: dict[str, list[str]]) -> dict[str, Any]:
    def first(*tags: str) -> str | None:
        return next((values[tag][0] for tag in tags if tag in values), None)

    notes, extra = [], {}
    for text in values.get("N1", []):
        labelled = _LABELLED.match(text)
        label = find_label(f"{labelled[1]}:") if labelled else None
        if labelled and label and label[0] in ("copyright", "modified"):
            extra[label[0]] = labelled[2]
        else:
            notes.append(text)
    pages = "-".join(dict.fromkeys(filter(None, (first("SP"), first("EP"))))) or None
    abstracts = sorted((*values.get("AB", []), *values.get("N2", [])), key=len, reverse=True)
    outlet = next((tag for tag in _OUTLETS if tag in values), None)
    url = first("UR", "LK")
    return make_reference(
        item_type=first("TY"),
        title=first(*_TITLES)
        or (first("BT") if outlet != "BT" else None)
        or first("T2" if outlet != "T2" else "ST", "ST"),
        names=[natural_name(name) for name in (values.get("AU") or values.get("A1") or [])],
        dates=[text for tag in _DATES for text in values.get(tag, [])],
        abstract=abstracts[0] if abstracts else None,
        keywords=_keywords(values.get("KW", [])),
        outlet=values[outlet][0] if outlet else None,
        section=first("SE"),
        page=pages,
        edition=first("ET"),
        publication_place=first("CY", "PP"),
        publisher=first("PB"),
        url=(bare_url(url) if "proquest" in url else url) if url else None,
        language=first("LA"),
        vendor_id=first("AN", "ID"),
        accessed=first("Y2"),
        database=first("DB", "DP"),
        issue=", ".join(filter(None, (first("VL"), first("IS")))) or None,
        issn=first("SN"),
        doi=first("DO"),
        modified=extra.get("modified"),
        copyright=extra.get("copyright"),
        notes="; ".join(notes) or None,
    )


def _keywords(values: list[str]) -> list[Term]:
    """Return the keywords; several in one field stand on lines of their own, or between semicolons."""
    terms: list[Term] = []
    for value in values:
        for part in re.split(r"[\n;]", value):
            coded = re.match(r"\s*(\d{3,6}):\s*(.+)", part)
            if part.strip():
                terms.append(("keyword", coded[2] if coded else part, coded[1] if coded else None, None))
    return terms


READER = Reader("ris", sniff, read, "RIS: references from ProQuest, Zotero, EndNote and others")
