"""Europresse: pages of articles as its database saves them, from the layout of 2013 (tables) to that of 2023.

Every article ends with the number of its document, as in `news·20231018·PJ·302989477051`; the day in it is the day
of publication. What stands beside the article (where else it was printed, pictures, the licence) is told apart by the
names of classes, which are data (`europresse.toml`), so that the language of the interface makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import lxml.etree

from mediakit.load.blocks import Blocks
from mediakit.load.europresse import NUMBER, classes, read_fields, words
from mediakit.load.ledger import Part, Reading
from mediakit.load.markup import HtmlBlock, cut_html, element_text, html_blocks, parse_html
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile

_CLASS = r"""(?:class|id)\s*=\s*(?:"[^"<>]{0,200}|'[^'<>]{0,200}|)\b"""
_OUTLET = re.compile(_CLASS + r"DocPublicationName\b", re.I)
_REST = re.compile(
    _CLASS + r"(?:DocHeader|titreArticleVisu|docOcurrContainer|DocText|publiC[-_]lblNodoc)\b"
    r"|[-.]europresse[-.]|cedrom-sni",
    re.I,
)
_BODY = re.compile(r"<body(?:\s[^<>]{0,2000})?>", re.I)
_LOST = re.compile(r"(?<=</article>)\s{0,50}(?=<header)", re.I)  # where an article has lost its first tag
_ARTICLE = re.compile(r"<article[\s>]", re.I)
# Where the end of such an element is missing, the articles below are part of it.
_RAW = re.compile(r"</?(?:style|script|title|textarea|noscript|iframe|select|svg)\b[^<>]{0,500}>", re.I)
_END = re.compile(r"</body\s*>", re.I)
_NAMES = {
    "outlet": "outlet", "header": "date", "headline": "headline", "title": "headline", "standfirst": "standfirst",
    "kicker": "section", "rubric": "section", "byline": "byline", "text": "text", "link": "metadata",
    "also": "metadata", "also_day": "metadata", "also_outlet": "metadata", "picture": "caption", "note": "metadata",
    "related": "teaser", "legal": "copyright", "certificate": "copyright", "number": "metadata", "label": "metadata",
}  # fmt: skip
_HOLDER = "licence of this copy; the holder is left out"
# Parts beside the article, and the parts that they can hold.
_BESIDE: dict[str, tuple[str, ...]] = {
    "also": ("also_day", "also_outlet"), "also_day": (), "also_outlet": (), "picture": (), "related": (), "number": (),
    "note": ("picture", "related"), "legal": ("certificate", "number"), "certificate": ("number",),
}  # fmt: skip
_Place = tuple[int, str]  # article, part
_PLAIN = frozenset(("mark", "em", "b", "i", "br", "strong", "sup", "sub"))  # say nothing about the part, inside a text


def sniff(source: Source) -> Sniffed:
    """Recognise a page of Europresse by the names of its classes."""
    sample = source.sample
    if "docpublicationname" not in source.small_sample:  # ten times as fast as the pattern
        return 0.0, ""
    if _OUTLET.search(sample) and _REST.search(sample):
        return 1.0, "classes of Europresse's pages"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a page of Europresse: one article a document, in the order of the page."""
    text = _LOST.sub("<article>", _in_one(source.take_text()))
    marked = Blocks([])
    records: list[dict[str, Any]] = []
    for piece in cut_html(text, _ARTICLE):
        _read_piece(piece, marked, records)
    del text
    if not records:
        raise UnreadableFile("a page with the marks of Europresse, but without any article")
    reading = marked.reading(records, notes=_notes(records))
    reading.parts = [_without_holder(part) for part in reading.parts]
    return reading


def _read_piece(text: str, marked: Blocks, records: list[dict[str, Any]]) -> None:
    """Read the articles of a page, or of a piece of it, behind those that were read before."""
    tree = parse_html(text, plain=True)
    if len(_ARTICLE.findall(text)) > sum(1 for _ in tree.iter("article")):
        tree = parse_html(_RAW.sub(" ", text), plain=True)
    if "data-cfemail" in text:
        _restore_addresses(tree)
    nodes = list(tree.iter())  # keeps them in memory, so that the walks do not make each of them anew
    blocks = html_blocks(tree, dict(_places(tree)))
    del nodes
    found: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        if block.label is not None and block.label[0] >= 0:
            found.setdefault(block.label[0], []).append(index)
    first = len(marked)
    marked.add([block.text for block in blocks])
    for parts in _documents(blocks, found):
        record, marks = _read_article(parts)
        if record["headline"] is None and record["text"] is None:
            indexes = [first + index for index, _, _ in parts]
            marked.mark(indexes, "skipped", None, f"document {record.get('vendor_id') or 'without number'}: no article")
            continue
        for index, kind, note in marks:
            marked.mark(first + index, kind, len(records), note)
        records.append(record)
    for index, block in enumerate(blocks, start=first):
        if marked.marks[index] is None and (block.label is None or block.label[0] < 0):
            marked.mark(index, "boilerplate", None, "outside the articles")


def _documents(blocks: Sequence[HtmlBlock], found: dict[int, list[int]]) -> Iterator[list[tuple[int, HtmlBlock, str]]]:
    """Yield the blocks of each article: where a tag was lost, an outlet after the end of one begins another."""
    for indexes in found.values():
        document: list[tuple[int, HtmlBlock, str]] = []
        ended = False
        for index in indexes:
            part = blocks[index].label[1]
            if part == "outlet" and ended:
                yield document
                document, ended = [], False
            document.append((index, blocks[index], part))
            ended |= part in ("number", "legal", "certificate")
        yield document


def _in_one(text: str) -> str:
    """Make one page of several that were put together in one file, where a parser would stop after the first."""
    first, *pages = _BODY.split(text)
    if len(pages) < 2:
        return text
    for number, page in enumerate(pages[:-1]):
        body, *head = _END.split(page, maxsplit=1)
        if head and "<article" not in head[0].casefold():
            pages[number] = body
    return f"{first}<body>{' '.join(pages)}"


def _restore_addresses(tree: Any) -> None:
    """Write mail addresses as the newspaper printed them; a proxy on the way had put a code in their place."""
    for node in tree.iter("span", "a"):
        code = node.get("data-cfemail") or ""
        if re.fullmatch(r"(?:[0-9a-fA-F]{2}){4,150}", code):
            key, *rest = bytes.fromhex(code)
            for inner in list(node):
                node.remove(inner)
            node.text = bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


def _notes(records: Sequence[dict[str, Any]]) -> list[str]:
    without = sum(record["text"] is None for record in records)
    undated = sum(record.get("date") is None for record in records)
    notes = [f"{without} articles without text"] if without else []
    return notes + ([f"{undated} articles without a day in the number of the document"] if undated else [])


def _without_holder(part: Part) -> Part:
    """Keep who holds the licence out of the ledger."""
    return Part(part.kind, part.start, part.end, part.position, part.note) if part.note == _HOLDER else part


def _places(tree: Any) -> Iterator[tuple[Any, _Place]]:
    """Yield the elements that begin an article or a part of one, with their place."""
    containers = _containers(tree)
    stack: list[_Place] = [(-1, "")]
    titled: set[int] = set()
    for event, node in lxml.etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            stack.pop()
            continue
        number, part = stack[-1]
        if part == "text" and node.tag in _PLAIN:
            stack.append(stack[-1])
            continue
        if node in containers:
            number, part = containers[node], "loose"
        elif number >= 0 and part in _BESIDE:
            inner = _named(node)
            part = inner if inner in _BESIDE[part] else part
        elif number >= 0:
            part = _part(node, part, number in titled)
            if part == "headline":
                titled.add(number)
        # Each line of the small print is a block of its own, as one of them names the holder of the licence.
        if (number, part) != stack[-1] or (part == "legal" and node.tag == "small"):
            yield node, (number, part)
        stack.append((number, part))


def _part(node: Any, above: str, titled: bool) -> str:
    """Return the part of an article that an element is, given the part around it."""
    tag = node.tag if isinstance(node.tag, str) else ""
    named = _named(node)
    if above == "text":
        if tag == "a" and _leads_to_article(node):
            return "link"
        if tag == "table" and any(_named(inner) in ("number", "certificate") for inner in node.iter()):
            return "certificate"
        return named if named == "link" or named in _BESIDE else above
    if named == "kicker":
        inside = above in ("title", "headline")
        outlet = next(node.iter("span"), None) if tag == "div" else None
        if outlet is not None and not inside:  # the layout of 2014 puts outlet and date into such a box
            return above
        return "kicker" if inside or not titled else "byline"
    if named:
        return named
    if tag == "header":
        return "head"
    if tag == "section":
        return "text"
    if tag == "aside":
        return "note"
    if tag == "footer":
        return "legal"
    if above == "head" and tag == "b" and titled:
        return "standfirst"
    if above == "loose" and tag == "table" and (titled or NUMBER.search(element_text(node))) and _is_certificate(node):
        return "certificate"
    return above


def _is_certificate(node: Any) -> bool:
    """Whether a table of the layout of 2013 is the licence below an article."""
    text = element_text(node)
    return len(text) < 2_000 and bool(NUMBER.search(text))


def _leads_to_article(node: Any) -> bool:
    address = str(node.get("href") or "")
    return address.startswith("http") and element_text(node).casefold().startswith(words()["link"])


def _named(node: Any) -> str:
    """Return the part that the class or id of an element names."""
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    if names == " ":
        return ""
    known = classes()
    found = [known[name] for name in names.casefold().split() if name in known]
    return min(found, key=lambda part: part == "kicker", default="")


def _containers(tree: Any) -> dict[Any, int]:
    """Return the element that holds each article: <article>, or in older layouts the largest that holds one outlet."""
    elements = list(tree.iter("article"))
    if elements:
        return {node: number for number, node in enumerate(elements)}
    outlets = [node for node in tree.iter("span", "div", "p", "td") if _named(node) == "outlet"]
    first = [node for before, node in zip([None, *outlets], outlets, strict=False) if not _together(before, node)]
    lines = [[node, *node.iterancestors()] for node in first]
    shared = [_shared(one, other) for one, other in pairwise(lines)]
    found: dict[Any, int] = {}
    for number, line in enumerate(lines):
        beyond = {*shared[max(0, number - 1) : number + 1]}
        inside: list[Any] = []
        for node in line:
            if node in beyond or node.tag in ("body", "html"):
                break
            inside.append(node)
        found[inside[-1] if inside else line[0]] = number
    return found


def _together(one: Any, other: Any) -> bool:
    """Whether two elements with an outlet stand in one line, as the long and the short name do."""
    return one is not None and (one.getparent() is other.getparent() and one.getnext() is other)


def _shared(one: Sequence[Any], other: Sequence[Any]) -> Any:
    """Return the lowest element that is above both."""
    above = set(one)
    return next(node for node in other if node in above)


def _read_article(parts: Sequence[tuple[int, HtmlBlock, str]]) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """Return the record of an article, and what each of its blocks is."""
    texts: dict[str, list[str]] = {}
    marks: list[tuple[int, str, str]] = []
    known = words()
    record: dict[str, Any] = {"headline": None, "text": None}
    bare = next((number for number, part in enumerate(parts) if part[2] == "headline"), None)
    paragraphs: list[str] = []
    added = not_hosted = False
    above: set[str] = set()
    joined = ""
    below = 0  # loose blocks below the headline
    for number, (index, block, part) in enumerate(parts):
        text, note = block.text, ""
        if part in ("loose", "head"):
            if bare is not None and number < bare:
                part = "kicker" if part == "loose" else "rubric"
            elif text.startswith("©"):
                part = "legal"
            elif text.casefold().startswith(known["number"]) or (NUMBER.search(text) and len(text) < 150):
                part = "number"
            elif below == 0 and "byline" not in texts and _is_byline(block, part):
                part = "byline"
            else:
                part = "text" if part == "loose" else "standfirst"
            below += bare is None or number > bare
        kind = _NAMES[part]
        if part == "text":
            heading = " ".join(texts.get("headline", ()))
            if text.rstrip(" :").casefold() in known["repeats"]:
                added, kind, note = True, "boilerplate", "what follows may be printed twice"
                above, joined = set(paragraphs), "\n".join(paragraphs)
            elif added and (text in above or (len(text) > 60 and text in joined)):
                kind, note = "duplicate", "printed above"
            elif not paragraphs and text == heading:
                kind = "repeated headline"
            else:
                paragraphs.append(text)
        elif part == "link":
            if block.node.tag == "a":
                address = " ".join(str(block.node.get("href")).split())
                note = address if len(address) < 300 else ""
                if not re.search(r"://[^/]*null$", address):
                    record["url"] = address
            else:
                not_hosted = True
                note = "the text is not in the database"
        elif part == "certificate" or (part == "legal" and any(word in text.casefold() for word in known["licence"])):
            part, note = "certificate", _HOLDER
        texts.setdefault(part, []).append(text)
        marks.append((index, kind, note))
    record["text"] = "\n\n".join(paragraphs) or None
    record.update(read_fields(texts))
    if not_hosted:
        record["truncated"], record["truncated_why"] = True, "the database has a link and no more than the first lines"
    elif record["text"] is None and record.get("declared_words"):
        record["truncated"] = True
        record["truncated_why"] = f"no text, {record['declared_words']:,} words declared"
    return record, marks


def _is_byline(block: HtmlBlock, part: str) -> bool:
    """Whether the line below a headline of the layout of 2013 is an author: a line break ends it, and <p> follows."""
    if len(block.text) > 150 or "\n" in block.text:
        return False
    if part == "head":  # the layout of 2014 has authors in a box, the lead in bold type
        return block.node.tag == "div"
    title = next((node for node in block.node.iter("span") if _named(node) == "headline"), None)
    if title is None:
        return False
    written = broken = False
    for node in title.itersiblings():
        if node.tag == "p":
            return written and broken
        written |= bool(element_text(node) or (node.tail or "").strip())
        broken = node.tag == "br" and not (node.tail or "").strip()
    return False


READER = Reader("europresse", sniff, read, "Europresse, HTML page")
