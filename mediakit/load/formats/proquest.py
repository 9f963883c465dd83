"""ProQuest text files: one to five hundred articles, a line of underscores before each.

An article has a title without label, author, publication line, address, abstract and links, then "Full text:" with a
line a paragraph, then some twenty labelled fields with blank lines between. Labels count only above and below the text,
so that a line such as "Subject: none" within it stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mediakit.load.blocks import Blocks
from mediakit.load.ledger import Reading
from mediakit.load.proquest import (
    Document,
    Unit,
    find_label,
    is_cover,
    is_footer,
    labels,
    read_document,
)
from mediakit.load.proquest_fields import make_records
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_RULE = re.compile(r"^\s{0,3}_{20,}\s*$")
_LABELLED = re.compile(r"^[ \t]{0,3}([^\W\d_][^:：\n]{2,44}?)[ \t\xa0]{0,2}[:：]", re.M)
_SNIFFED = 60_000


def sniff(source: Source) -> Sniffed:
    """Recognise a text file from ProQuest by its labels at the beginning of lines."""
    sample = source.sample[:_SNIFFED]
    head = sample.lstrip("\ufeff \r\n")
    if head[:1] in "<{[" or "proquest" not in sample.casefold() or "<strong>" in sample:
        return 0.0, ""
    known = labels()
    found = {known.get("".join(label.split()).casefold()) for label in _LABELLED.findall(sample)} - {None}
    telling = found & {
        "publication_info",
        "full_text",
        "vendor_id",
        "url",
        "publication_title",
        "source_type",
        "modified",
    }
    ruled = bool(re.search(r"^_{20,}\s*$", head, re.M))
    if ruled and len(telling) >= 2 and len(found) >= 3:
        return 1.0, f"a line of underscores and {len(found)} of ProQuest's labels"
    if len(telling) >= 4 and len(found) >= 8:
        return 0.98, f"{len(found)} of ProQuest's labels"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a text file from ProQuest."""
    blocks = Blocks(_LINE.findall(source.take_text()), unit="character", joint=0)
    documents: list[Document] = []
    notes: list[str] = []
    pending: tuple[int, int] | None = None
    chunks = list(_chunks(blocks.texts))
    for number, (start, end) in enumerate(chunks):
        if pending is not None:
            start, pending = pending[0], None
        units = list(_units(blocks.texts, start, end))
        if not units:
            continue
        document = read_document(units)
        last = number == len(chunks) - 1
        if document.has_text and not document.ends and not last and _goes_on(blocks.texts, *chunks[number + 1]):
            pending = (start, end)  # a line of underscores within the text
            continue
        text = "".join(line for line in blocks.texts[start:end] if not _RULE.match(line))
        lost = blocks.unmarked(start, end)
        if not (document.ends or document.has_text) and is_footer(text):
            blocks.mark(lost, "boilerplate", None, "footer")
        elif not (document.ends or document.has_text) and is_cover(text):
            blocks.mark(lost, "header", None, "cover, list of titles or bibliography")
        elif not (document.ends or document.begins) or not (document.fields or document.paragraphs):
            blocks.mark(lost, "unparsed", None, "no article found: none of ProQuest's labels")
        else:
            _mark(blocks, document, len(documents), start, end)
            document.marks.clear()  # the blocks know them now
            documents.append(document)
    records = make_records(documents)
    if documents and not documents[-1].ends:
        records[-1]["truncated"] = True
        records[-1]["truncated_why"] = "the file ends before the article does"
    numbers = [document.number for document in documents if document.number]
    without = sum(record["text"] is None for record in records)
    if without:
        notes.append(f"{without} articles without text")
    return blocks.reading(records, declared=max(numbers) if numbers else None, notes=notes)


def _mark(blocks: Blocks, document: Document, position: int, start: int, end: int) -> None:
    for indexes, kind, note in document.marks:
        blocks.mark(indexes, kind, position, note)
    for index in range(start, end):  # the rule within a text that it cuts in two
        if blocks.marks[index] is None and _RULE.match(blocks.texts[index]):
            blocks.mark(index, "header")


def _chunks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that begin with a line of underscores; the first may begin without."""
    rules = [index for index, line in enumerate(lines) if _RULE.match(line)]
    starts = rules if rules and rules[0] == 0 else [0, *rules]
    yield from zip(starts, [*starts[1:], len(lines)], strict=True)


def _goes_on(lines: list[str], start: int, end: int) -> bool:
    """Whether a stretch is the rest of the article before it: the fields below a text, and nothing above one."""
    following = read_document(list(_units(lines, start, end)))
    return following.ends and not following.begins and not following.has_text and following.number is None


def _units(lines: list[str], start: int, end: int) -> Iterator[Unit]:
    """Yield groups of lines between blank ones; where labelled lines follow each other directly, each is its own."""
    group: list[int] = []
    for index in range(start, end + 1):
        if index < end and lines[index].strip() and not _RULE.match(lines[index]):
            group.append(index)
            continue
        if group:
            yield from _split(group, lines)
        group = []


def _split(group: list[int], lines: list[str]) -> Iterator[Unit]:
    found = [find_label(lines[index]) for index in group]
    dense = sum(label is not None for label in found) >= max(4, 0.7 * len(group))
    starts = [0, *(number for number, label in enumerate(found) if label and number)] if dense else [0]
    inner = next((number for number, label in enumerate(found) if label and label[0] == "full_text"), 0)
    if inner and not dense:  # the label of the text directly below another field
        starts = [0, inner]
    for number, stop in zip(starts, [*starts[1:], len(group)], strict=True):
        members = group[number:stop]
        label = found[number]
        texts = tuple(lines[index].strip() for index in members)
        yield Unit(tuple(members), texts, label[0] if label else None, label[2] if label else "")


READER = Reader("proquest", sniff, read, "ProQuest, text file")
