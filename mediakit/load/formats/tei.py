"""TEI: editions of newspapers and magazines, an issue a file, and single articles.

An article is a division of type item, article and the like, or one without such divisions in it; where articles stand
inside an article, each is one. Page and line breaks are no text, and what an editor adds is none of the article's.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.elements import LANG, find, find_all, find_root, parse_document, string
from mediakit.load.ledger import Reading
from mediakit.load.markup import INLINE, HtmlBlock, html_blocks
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.tei_header import day_of, read_header
from mediakit.load.terms import join_terms
from mediakit.load.wire import place_of

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DIVS = ("div", *(f"div{n}" for n in range(8)))
_DIV_TAG = re.compile(r"<(?:\w{1,20}:)?div[0-7]?[\s>/]")
_INLINE = INLINE | frozenset((
    "hi", "persName", "placeName", "orgName", "name", "rs", "date", "num", "title", "foreign", "emph", "said", "term",
    "gloss", "mentioned", "soCalled", "ref", "ptr", "seg", "w", "pc", "c", "g", "choice", "sic", "corr", "orig", "reg",
    "abbr", "expan", "unclear", "supplied", "add", "gap", "anchor", "forename", "surname", "roleName", "addName",
    "genName", "nameLink", "geogName", "settlement", "country", "region", "measure", "idno", "bibl", "author", "editor",
    "biblScope", "publisher", "pubPlace", "distinct", "quote", "subst", "damage", "handShift", "space", "ex", "am", "l",
    "milestone", "pb", "cb", "lb", "gb", "link", "head-part",
))  # fmt: skip
_BREAKS = ("lb", "pb", "cb", "gb", "milestone")
_NO_TEXT = {"note": "metadata", "fw": "boilerplate", "figDesc": "caption", "figure": "caption", "teiHeader": "metadata"}
_TEXT_TAGS = frozenset(
    ("p", "ab", "lg", "l", "list", "table", "q", "quote", "sp", "opener", "closer", "salute", "cit", "said", "u")
)

_PARAGRAPHS = ("p", "ab", "lg", "head", "heading", "item", "cell")

Label = tuple[str, int | None, str]  # kind in the ledger, number of the article, note


def sniff(source: Source) -> Sniffed:
    """Recognise TEI by its root element."""
    if "<" not in source.sample[:400]:
        return 0.0, ""
    root, _ = find_root(source.sample)
    return (1.0, "the root of TEI") if root in ("TEI", "teiCorpus", "TEI.2", "tei") else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read TEI, one article a division."""
    text = source.text
    tree, sound = parse_document(text)
    notes = []
    if not sound:
        written, found = len(_DIV_TAG.findall(text)), sum(1 for _ in tree.iter(*_DIVS))
        notes.append("the XML is not well-formed; it was read on after each mistake")
        if found < written:
            notes.append(f"{written - found} of {written} divisions are lost in broken XML")
    articles: list[tuple[Any, Any]] = []
    labels: dict[Any, Label] = {}
    empty = 0
    for document in [tree] if tree.tag != "teiCorpus" else list(tree.iter("TEI", "TEI.2")):
        body = find(document, "text")
        if body is not None:
            _prepare(body)
            empty += _label(body, articles, labels, document)
    bodies = [document for document in tree.iter("text") if next(document.iterancestors("text"), None) is None]
    blocks_found = [block for body in bodies for block in html_blocks(body, labels, inline=_INLINE)]
    if not blocks_found:
        raise UnreadableFile(
            f"TEI without any text: {len(articles) + empty} articles, of which it holds page breaks only"
        )
    blocks = Blocks([block.text for block in blocks_found])
    texts: list[list[str]] = [[] for _ in articles]
    for index, block in enumerate(blocks_found):
        kind, number, note = block.label or ("unparsed", None, "outside the articles")
        if kind == "text" and number is not None:
            texts[number].append(block.text)
        blocks.mark(index, kind, number, note)
    records, kept = _records(articles, texts, blocks_found, labels)
    for index, (kind, number, note) in enumerate(filter(None, blocks.marks)):  # all are marked
        if number is not None and number not in kept:
            blocks.mark(index, "skipped", None, "an article without title and text")
        elif number is not None:
            blocks.mark(index, kind, kept[number], note)
    if empty:
        notes.append(f"{empty} articles of which the file holds no text")
    return blocks.reading(records, notes=notes)


def _records(
    articles: list[tuple[Any, Any]], texts: list[list[str]], found: list[HtmlBlock], labels: dict[Any, Label]
) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """Return the records, and the place that each article has among them."""
    lines: dict[int, dict[str, list[str]]] = {}
    for block in found:
        if block.label and block.label[1] is not None:
            lines.setdefault(block.label[1], {}).setdefault(block.label[0], []).append(block.text)
    records: list[dict[str, Any]] = []
    kept: dict[int, int] = {}
    headers: dict[Any, dict[str, Any]] = {}
    count = Counter(document for _, document in articles)
    for number, (node, document) in enumerate(articles):
        if document not in headers:
            headers[document] = read_header(document)
        header = headers[document]
        printed = lines.get(number, {})
        text = "\n\n".join(texts[number]) or None
        headline = " ".join(printed.get("headline", [])) or None
        alone = count[document] == 1
        if headline is None and alone:
            headline = header.get("title")
        if not (headline or text):
            continue
        byline = ", ".join(printed.get("byline", [])) or (header.get("author") if alone else None)
        stands = [child for child in node if child.tag in ("dateline", "docDate", "opener")]
        date = next(filter(None, map(day_of, stands)), None) or node.get("when") or header.get("date_raw")
        record = {
            "headline": headline,
            "standfirst": header.get("abstract") if alone else None,
            "text": text,
            "byline": byline,
            "outlet": header.get("outlet"),
            "date_raw": date,
            "language": _language(node) or header.get("language"),
            "section": _section(node, labels),
            "page": node.get("page"),
            "place": place_of(" ".join(printed.get("place", []))),
            "url": header.get("url") if alone else None,
            "vendor_id": node.get(_ID) or node.get("id"),
            "kind": node.get("subtype") or node.get("type"),
            "issue": header.get("issue"),
            "volume": header.get("volume"),
            "publication_place": header.get("publication_place"),
            "continued_in": node.get("next"),
            "continues": node.get("prev"),
            "terms": join_terms(header.get("terms", [])) if alone else None,
        }  # fmt: skip
        kept[number] = len(records)
        records.append({name: value for name, value in record.items() if value is not None or name == "text"})
    return records, kept


def _prepare(body: Any) -> None:
    """Take out breaks and rejected readings, end each line of a poem, note on which page a division begins."""
    printed = [node for node in body.iter("pb") if node.get("ed") in (None, "print")]
    counted = set(printed or body.iter("pb"))
    page = None
    for node in list(body.iter()):
        tag = node.tag
        if tag in _DIVS:
            first = node[0] if len(node) and not (node.text or "").strip() else None
            here = first.get("n") if first is not None and first in counted else page
            if here:
                node.set("page", here)
        elif node in counted:
            page = node.get("n") or page
        if tag == "head":
            node.tag = "heading"  # in HTML a head is not shown
        elif tag in _BREAKS:
            _blank(node, joined=node.get("break") == "no")
        elif tag in ("sic", "orig", "abbr", "am") and node.getparent() is not None:
            if node.getparent().tag == "choice" and any(
                other.tag in ("corr", "reg", "expan", "ex") for other in node.getparent()
            ):
                _blank(node, joined=True)
        elif tag == "del":
            _blank(node, joined=True)
        elif tag in _NO_TEXT:
            _set_apart(node)
        elif tag == "l" and node.getnext() is not None and node.getnext().tag == "l":
            node.append(node.makeelement("br"))
        elif tag == "code":
            node.tag = "hi"


def _blank(node: Any, *, joined: bool) -> None:
    """Empty an element; what stands on both sides becomes one word where it is joined."""
    if joined and node.tag in _BREAKS:
        before, parent = node.getprevious(), node.getparent()
        if before is not None:
            before.tail = _without_hyphen(before.tail)
        elif parent is not None:
            parent.text = _without_hyphen(parent.text)
        node.tail = (node.tail or "").lstrip()
    tail = node.tail
    node.clear()
    node.tag, node.tail = "hi", tail
    node.text = "" if joined else " "


def _without_hyphen(text: str | None) -> str:
    bare = (text or "").rstrip()
    return bare[:-1] if bare.endswith(("-", "¬", "⸗", "=")) else bare


def _set_apart(node: Any) -> None:
    """Move a note out of the paragraph that it stands in, so that it does not part it."""
    anchor = next((above for above in node.iterancestors() if above.tag in _PARAGRAPHS), None)
    parent = node.getparent()
    if anchor is None or parent is None or anchor.getparent() is None:
        return
    stand_in = node.makeelement("hi")
    stand_in.tail, node.tail = node.tail, None
    parent.replace(node, stand_in)
    anchor.addnext(node)


def _label(body: Any, articles: list[tuple[Any, Any]], labels: dict[Any, Label], document: Any) -> int:
    """Find the articles of a text and label its elements; return how many articles hold nothing."""
    divisions = list(body.iter(*_DIVS))
    sorts = {node: _sort(node) for node in divisions}
    holding: set[Any] = set()  # divisions with articles in them
    for node in divisions:
        if sorts[node] == "article":
            for above in node.iterancestors(*_DIVS):
                if above in holding:
                    break
                holding.add(above)
    for part in body.iter("front", "back"):
        labels[part] = ("header", None, "matter before or behind the articles")
    chosen: list[Any] = []
    inside: dict[Any, bool] = {}
    empty = 0
    for node in divisions if _is_issue(body, sorts, document) else []:
        above = next(node.iterancestors(*_DIVS), None)
        inside[node] = above is not None and (inside[above] or (above in labels and labels[above][0] == "text"))
        sort = sorts[node]
        if sort == "skipped":
            labels[node] = ("header", None, "masthead, contents or the like")
        elif _is_article(node, sort, node in holding, inside[node]):
            if _says_nothing(node):
                empty += 1
                continue
            labels[node] = ("text", len(articles) + len(chosen), "")
            chosen.append(node)
        elif not inside[node]:
            labels[node] = ("unparsed", None, "text of a section, outside its articles")
            for heading in node.iterchildren("heading"):
                labels[heading] = ("section", None, "heading of a section")
    if not chosen and not empty:
        whole = find(body, "body")
        whole = whole if whole is not None else body
        for node in divisions:
            if sorts[node] == "skipped":
                labels[node] = ("boilerplate", None, "comments, contents or the like")
        labels[whole] = ("text", len(articles), "")
        chosen.append(whole)
    for number, node in enumerate(chosen, start=len(articles)):
        _label_inside(node, number, labels)
    articles += [(node, document) for node in chosen]
    return empty


def _is_issue(body: Any, sorts: dict[Any, str], document: Any) -> bool:
    """Whether a text holds several articles, rather than one that is divided."""
    if any(sort in ("article", "container") for sort in sorts.values()):
        return True
    if (body.get("type") or "").lower() in ("issue", "newspaper", "magazine", "edition"):
        return True
    levels = {one.get("level") for part in find_all(document, "teiHeader/fileDesc") for one in part.iter("title")}
    return bool(levels & {"j", "s"}) and "a" not in levels and len(sorts) > 1


def _is_article(node: Any, sort: str, holding: bool, inside: bool) -> bool:
    if sort == "article":
        return not holding or _own_text(node)
    if holding or inside:
        return False
    parts = [child for child in node.iterchildren(*_DIVS) if find(child, "heading") is not None]
    if sort == "container" and parts:
        return False
    return _own_text(node) or len(parts) < 2


def _own_text(node: Any) -> bool:
    """Whether a division says something itself, beside its heading and the divisions in it."""
    return any(child.tag in _TEXT_TAGS and not _says_nothing(child) for child in node)


def _says_nothing(node: Any) -> bool:
    return not any(text.strip() for text in node.itertext())


def _sort(node: Any) -> str:
    """Return what a division is: article, container, skipped, or an empty text where its type does not tell."""
    known = _types()
    subtype, kind = (node.get("subtype") or "").lower(), (node.get("type") or "").lower()
    return "skipped" if known.get(subtype) == "skipped" else known.get(kind, known.get(subtype, ""))


def _label_inside(node: Any, number: int, labels: dict[Any, Label]) -> None:
    """Label the headings, bylines and datelines of an article, and what in it is not its text."""
    said = False
    for child in node:
        if child.tag == "heading" and not said:
            labels[child] = ("headline", number, "")
        elif child.tag in ("byline", "docAuthor"):
            labels[child] = ("byline", number, "")
        elif child.tag in ("dateline", "docDate"):
            labels[child] = ("place", number, "")
        elif child.tag in _TEXT_TAGS - {"salute", "opener"} or child.tag in _DIVS:
            said = True
        if child.tag in ("opener", "closer", "head", "heading"):
            for inner in child.iter("dateline", "signed", "byline"):
                labels.setdefault(inner, ("place" if inner.tag == "dateline" else "byline", number, ""))
    for inner in node.iter(*_NO_TEXT):
        if inner is not node and inner not in labels:
            labels[inner] = (_NO_TEXT[inner.tag], number, "editor's note" if inner.tag == "note" else "")


def _section(node: Any, labels: dict[Any, Label]) -> str | None:
    """Return the heading of the section that an article stands in."""
    for above in node.iterancestors(*_DIVS):
        if above in labels and labels[above][0] == "unparsed" and (text := string(above, "heading")):
            return text
    return None


def _language(node: Any) -> str | None:
    for one in (node, *node.iterancestors()):
        if one.get(LANG):
            return str(one.get(LANG))
    return None


@cache
def _types() -> dict[str, str]:
    data = tomllib.loads(files("mediakit.load.formats").joinpath("tei.toml").read_text("utf-8"))["types"]
    return {name: sort for sort, names in data.items() for name in names.split()}


READER = Reader("tei", sniff, read, "TEI, editions of newspapers and magazines")
