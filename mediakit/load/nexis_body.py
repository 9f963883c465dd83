"""The text of a Nexis article, and the blocks below it: graphics, corrections, subject terms, load date."""

from __future__ import annotations

import re
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.lines import join_wrapped
from mediakit.load.markup import one_line
from mediakit.load.nexis import bare_field, bare_line, find_label, is_rights_line, marks, name_language, split_terms
from mediakit.load.signatures import printed_byline
from mediakit.load.terms import Term, join_terms

_ENDS = re.compile(r"""[.!?…:;"”’»)\]]\s*$""")
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyzßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ")  # with which no sentence begins
_TAIL = frozenset(("graphic", "notes", "correction", "classification"))


def find_tail(texts: list[str], body: int, end: int) -> int:
    """Return the index of the first paragraph after the text: a block of its own, or the load date."""
    for index in range(body, end):
        text = texts[index]
        if not text or (len(text) >= 40 and ":" not in (text[:40] if len(text) > 400 else text)):
            continue
        found = find_label(text)
        if found is not None and found[0] == "load_date" and re.search(r"\d{4}", found[2]):
            return index
        alone = index + 1 >= end or not texts[index + 1].strip()
        if alone and len(text) < 40 and bare_field(text) in _TAIL:
            return index
    return end


def read_tail(blocks: Blocks, tail: int, end: int, position: int, article: dict[str, Any]) -> None:
    """Read the blocks below the text into the article, and mark them."""
    terms: list[Term] = []
    held: dict[str, list[str]] = {}
    field: str | None = None
    for index in range(tail, end):
        text = blocks.texts[index]
        if not text.strip():
            continue
        name = bare_field(text) if len(text) < 40 else None
        if name in _TAIL and (index + 1 >= end or not blocks.texts[index + 1].strip()):
            field = name
            blocks.mark(index, "header", position)
            continue
        found = find_label(text)
        if found is not None and found[0].startswith("terms:"):
            terms += split_terms(found[0].removeprefix("terms:"), found[2])
            blocks.mark(index, "metadata", position)
        elif found is not None and found[0] in ("load_date", "language", "publication_type", "journal_code"):
            article[found[0]] = " ".join(found[2].split()) or None
            blocks.mark(index, "metadata", position)
        elif field in ("graphic", "correction", "notes"):
            held.setdefault(field, []).append(" ".join(text.split()))
            blocks.mark(index, "caption" if field == "graphic" else "correction", position, field)
        elif field == "classification" or (found is not None and len(found[2]) < 400):
            blocks.mark(index, "metadata", position)
        # What fits nowhere stays unmarked, and shows as unparsed.
    for name, lines in held.items():
        article[name] = "\n\n".join(lines)
    article["language"] = name_language(article.get("language"))
    article["terms"] = join_terms(terms)


def read_text(blocks: Blocks, body: int, tail: int, position: int, article: dict[str, Any]) -> str | None:
    """Join the paragraphs of the text; take out links to pictures, the abstract and copyright lines at its ends."""
    texts = blocks.texts
    rest = [index for index in range(body, tail) if texts[index].strip()]
    if rest and bare_line(texts[rest[0]]) in marks("abstract"):
        full = next(
            (number for number, index in enumerate(rest) if bare_line(texts[index]) in marks("full_text")), None
        )
        if full is not None:
            abstract = " ".join(" ".join(texts[index].split()) for index in rest[1:full])
            article["standfirst"] = article.get("standfirst") or abstract or None
            blocks.mark(rest[: full + 1], "standfirst", position)
            rest = rest[full + 1 :]
    edges = {index for index in rest[:1] if is_rights_line(texts[index])}
    for index in reversed(rest):
        if not is_rights_line(texts[index]):
            break
        edges.add(index)
    if rest and not article.get("byline") and (name := printed_byline(texts[rest[0]])) and len(rest) > 1:
        article["byline"] = name
        blocks.mark(rest.pop(0), "byline", position)
    paragraphs: list[str] = []
    links = marks("links")
    longest = max(map(len, links))
    joined: list[int] = []
    for index in rest:
        line = one_line(texts[index]) if blocks.joint else join_blocks(blocks, [index])
        if index in edges:
            blocks.mark(index, "copyright", position)
        elif len(line) <= longest and line.casefold() in links:
            blocks.mark(index, "caption", position)
        else:
            joined.append(index)
            # Nexis breaks paragraphs around quotations and hits.
            if paragraphs and line[:1] in _SMALL and not _ENDS.search(paragraphs[-1]):
                paragraphs[-1] += f" {line}"
            else:
                paragraphs.append(line)
    blocks.mark(joined, "text", position)
    return "\n\n".join(paragraphs) or None


def join_blocks(blocks: Blocks, indexes: list[int]) -> str:
    """Return blocks as one line; in text that was wrapped a hyphen at the end of a line belongs to its word."""
    if blocks.joint and len(indexes) == 1:
        return one_line(blocks.texts[indexes[0]])
    if blocks.joint:
        return " ".join(" ".join(blocks.texts[index] for index in indexes).split())
    return " ".join(join_wrapped(blocks.texts[index].splitlines()) for index in indexes)
