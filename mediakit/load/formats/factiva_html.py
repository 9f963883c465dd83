"""Factiva in HTML, in both layouts: for reading (no labels, an order), and with indexing (a table of field codes)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.factiva import codes, find_identifier, is_rights, kind_of, name_heading, read_codes
from mediakit.load.ledger import Reading
from mediakit.load.markup import HtmlBlock, element_text, html_blocks, parse_html
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source

_ARTICLE = re.compile(r"""class\s*=\s*["'](?:[^"']*\s)?article\s+[a-z]{2,6}Article\b""")
_FACTIVA = ("articleparagraph", "carryoveropen", "factiva, inc", '<td class="index', "<td class=index", ">factiva<")
_CODE_CELL = re.compile(r"<(?:b|td|p|span)[^>]*>\s*(?:<b>)?\s*(?:&nbsp;)?\s*(?:HD|SN|WC|PD|AN)\s*(?:&nbsp;)?\s*</")
_CLASS = re.compile(r"^([a-z]{2})[a-z]*Article$")
# Pages of about 2010 do not tell the language by a class.
_OLD = re.compile(r"""<div[^>]{0,200}\bclass\s*=\s*["']article["'].{0,2000}?<div\s+id\s*=\s*["']hd["']""", re.S)
_NUMBER = re.compile(r"[\d\s./-]{4,40}")
_SENTENCE = re.compile(r"""[.!?…]["”’»)]*$""")
_LONGEST_PUBLISHER = 90  # characters
_LONGEST_NAME = 80

Label = tuple[int, str | None]  # article, field code (None for a part of the reading layout that its place tells)
_TEASER: Label = (-1, None)


def sniff(source: Source) -> Sniffed:
    """Recognise HTML from Factiva by the classes of its articles, or by its field codes."""
    sample = source.sample
    if "<" not in sample[:2000] or not any(sign in source.small_sample for sign in _FACTIVA):
        return (0.99, "articles of Factiva") if _late(source) else (0.0, "")
    if _ARTICLE.search(sample) or _OLD.search(sample) or len(_CODE_CELL.findall(sample)) >= 4 or _late(source):
        return 0.99, "articles of Factiva"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read HTML from Factiva."""
    tree = parse_html(source.text, plain=True)
    nodes = _articles(tree)
    labels: dict[Any, Label] = {}
    for number, node in enumerate(nodes):
        _label(node, number, labels)
    for node in _teasers(tree):
        labels.setdefault(node, _TEASER)
    found = html_blocks(tree, labels)
    blocks = Blocks([block.text for block in found])
    owned: list[list[int]] = [[] for _ in nodes]
    for index, block in enumerate(found):
        if block.label is not None and block.label is not _TEASER:
            owned[block.label[0]].append(index)
    articles: list[dict[str, Any]] = []
    seen: dict[str, str | None] = {}
    for index, block in enumerate(found):
        if block.label is _TEASER:
            name = next((above.get("data-accno") for above in _above(block.node) if above.get("data-accno")), None)
            why = "headline and first words only, the article is not in the file"
            blocks.mark(index, "skipped", None, f"{name or 'an article'}: {why}")
    for node, mine in zip(nodes, owned, strict=True):
        record = _read_article(node, found, mine, blocks, len(articles))
        if record is None:
            continue
        key, text = record.get("vendor_id"), record.get("text")
        if key and seen.get(key, "") == text and key in seen:
            blocks.mark(mine, "duplicate", None, f"{key} once more")
            continue
        if key:
            seen[key] = text
        record["language"] = record.get("language") or _language(node)
        articles.append(record)
    _mark_page(blocks, found, owned)
    return blocks.reading(articles)


def _late(source: Source) -> bool:
    """Whether articles begin behind what a browser wrote in front of them, scripts and styles."""
    if len(source.sample) < 40_000 or "<" not in source.sample[:2000] or "activa" not in source.sample:
        return False
    return bool(_ARTICLE.search(source.text[:2_000_000]))


def _articles(tree: Any) -> list[Any]:
    """Return the elements that hold one article each, in reading order."""
    found = [node for node in tree.iter("div") if _language(node) is not None]
    if found:
        return found
    plain = [node for node in tree.iter("div") if _classed(node, "article") and node.find(".//*[@id='hd']") is not None]
    if plain:
        inner = {above for node in plain for above in _above(node) if above is not node}
        return [node for node in plain if node not in inner]
    # Without the classes, as after a mail program: every table with Factiva's codes is an article.
    tables = []
    for table in tree.iter("table"):
        known = {_code(row[0]) for row in table.iter("tr") if len(row) >= 2}
        if len(known & {"HD", "SN", "PD", "WC", "AN", "LP", "TD"}) >= 3 and table.find(".//table") is None:
            tables.append(table)
    return tables


def _teasers(tree: Any) -> list[Any]:
    """Return the rows that name articles without their text, which Factiva lists between the others."""
    rows = (row for row in tree.iter("tr") if row.get("data-accno"))
    return [row for row in rows if row.find(".//*[@class='leadFields']") is not None]


def _above(node: Any) -> Iterator[Any]:
    while node is not None:
        yield node
        node = node.getparent()


def _label(node: Any, number: int, labels: dict[Any, Label]) -> None:
    labels[node] = (number, None)
    for row in node.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        code = _code(cells[0]) if len(cells) >= 2 else None
        if code is not None:
            labels[cells[0]] = (number, f"label {code}")
            for cell in cells[1:]:
                labels[cell] = (number, code)


def _code(cell: Any) -> str | None:
    text = element_text(cell)
    return text if len(text) <= 3 and text in codes() else None


def _read_article(
    node: Any, found: list[HtmlBlock], mine: list[int], blocks: Blocks, position: int
) -> dict[str, Any] | None:
    fields: dict[str, list[str]] = {}
    coded = {found[index].label[1] for index in mine} - {None}
    if len(coded) >= 4:
        for index in mine:
            code = found[index].label[1]
            if code is None:
                continue  # unmarked: shows as unparsed
            if code.startswith("label "):
                blocks.mark(index, "header", position)
            else:
                fields.setdefault(code, []).append(found[index].text)
                blocks.mark(index, kind_of(code), position, "" if kind_of(code) != "metadata" else code)
    else:
        _read_display(node, found, mine, blocks, position, fields)
    if not fields.get("HD") and not fields.get("LP") and not fields.get("TD"):
        blocks.mark(mine, "unparsed", None, "an article of Factiva with neither headline nor text")
        return None
    return read_codes(fields, collapsed=True)


def _read_display(
    node: Any, found: list[HtmlBlock], mine: list[int], blocks: Blocks, position: int, fields: dict[str, list[str]]
) -> None:
    """Read the layout for reading: its divisions are the heading, its paragraphs the text, publisher and identifier."""
    heading: list[int] = []
    body: list[int] = []
    for index in mine:
        child = _child(found[index].node, node)
        if child is not None:
            paragraph = child.tag in ("p", "pre") or _classed(child, "articleParagraph")
        else:  # text without an element of its own: the outlet's name as a link, or a text that nothing marks
            paragraph = bool(body) or len(found[index].text) > _LONGEST_NAME or _ended(heading, found)
        (body if paragraph and heading else heading).append(index)
    headline = next((at for at, index in enumerate(heading) if _is(found[index].node, node, "hd")), None)
    byline = next((at for at, index in enumerate(heading) if _is(found[index].node, node, "author")), None)
    named = name_heading([found[index].text for index in heading], headline, byline)
    for index, code in zip(heading, named, strict=True):
        if code is None:
            continue
        fields.setdefault(code, []).append(found[index].text)
        blocks.mark(index, kind_of(code), position, "" if kind_of(code) != "metadata" else code)
    if body:
        number = find_identifier(found[body[-1]].text)
        if number is not None:
            last = body.pop()
            fields["AN"] = [number]
            blocks.mark(last, "metadata", position, "AN")
            if len(body) > 1 and _is_publisher(found[body[-1]], found[body[-2]]):
                last = body.pop()
                code = "CY" if is_rights(found[last].text) else "PUB"
                fields.setdefault(code, []).append(found[last].text)
                blocks.mark(last, kind_of(code), position, "" if code == "CY" else code)
                if (
                    len(body) > 1
                    and _NUMBER.fullmatch(found[body[-1]].text)
                    and not _classed(found[body[-1]].node, "articleParagraph")
                ):
                    blocks.mark(body.pop(), "metadata", position, "RF")  # the publisher's own number
    fields["TD"] = [found[index].text for index in body]
    blocks.mark(body, "text", position)


def _ended(heading: list[int], found: list[HtmlBlock]) -> bool:
    """Whether the last line of a heading has come, which is the copyright."""
    return bool(heading) and is_rights(found[heading[-1]].text)


def _is_publisher(block: HtmlBlock, before: HtmlBlock) -> bool:
    """Whether the paragraph above the identifier names the publisher: it has no class and is no sentence."""
    if "articleParagraph" in (block.node.get("class") or "") or len(block.text) > _LONGEST_PUBLISHER:
        return False
    classed = "articleParagraph" in (before.node.get("class") or "")
    return classed or not _SENTENCE.search(block.text) or len(block.text.split()) <= 6


def _child(node: Any, top: Any) -> Any:
    """Return the child of `top` that `node` is in, or None for text that stands in `top` itself."""
    while node is not None and node is not top:
        parent = node.getparent()
        if parent is top:
            return node
        node = parent
    return None


def _is(node: Any, top: Any, name: str) -> bool:
    child = _child(node, top)
    return child is not None and (child.get("id") == name or _classed(child, name))


def _classed(node: Any, name: str) -> bool:
    return name in (node.get("class") or "").split()


def _language(node: Any) -> str | None:
    classes = node.get("class")
    if classes is None or "Article" not in classes:
        return None
    names = (_CLASS.match(name) for name in classes.split())
    return next((found[1] for found in names if found), None)


def _mark_page(blocks: Blocks, found: list[HtmlBlock], owned: list[list[int]]) -> None:
    """Mark what stands around the articles; an identifier out there would be an article that was not recognised."""
    taken = [index for mine in owned for index in mine]
    if not taken:
        return
    first, last = min(taken), max(taken)
    for index in blocks.unmarked(0, len(blocks)):
        outside = found[index].label is None and (index < first or index > last)
        if outside and find_identifier(found[index].text) is None:
            blocks.mark(index, "header", None, "page around the articles, search summary")


READER = Reader("factiva-html", sniff, read, "Factiva, HTML in both layouts")
