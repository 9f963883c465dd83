"""Safe parsers for HTML and XML, and the blocks of text that a reader of a page sees.

Nothing is fetched, no entity is expanded, no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import lxml.etree
import lxml.html

from mediakit.load.source import UnreadableFile

SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "option", "math", "canvas",
))  # fmt: skip
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_SPACE = re.compile(r"[^\S\n]+")
PIECE = 1_000_000  # characters of a page that are parsed at once, where it can be cut
_BREAK = "\ue000"  # stands for <br> until white space is collapsed; from the private use area


def parse_html(text: str, *, plain: bool = False) -> Any:
    """Parse HTML, however broken. `plain`: elements without the methods of lxml.html, which are found in half the time.

    Raises
    ------
    UnreadableFile
        When there is nothing to parse, or tags are nested deeper than the parser can follow.
    """
    # Unclosed tags nest: without huge_tree, libxml2 stops in silence at 256 levels, and the article below is lost.
    kind: Any = lxml.etree.HTMLParser if plain else lxml.html.HTMLParser
    parser = kind(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, AssertionError) as error:
        raise UnreadableFile(f"not readable as HTML: {error}") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableFile("the page nests its tags deeper than 2,048 levels; what is below them cannot be read")
    return tree


def cut_html(text: str, before: re.Pattern[str], *, size: int | None = None) -> Iterator[str]:
    """Yield a long page in pieces that begin where an article does, as its tree takes ten times its length.

    `size`: characters of a piece at least, default `PIECE`.

    Examples
    --------
    >>> list(cut_html("<p>a<article>b<article>c", re.compile("<article"), size=2))
    ['<p>a', '<article>b', '<article>c']
    """
    start, least = 0, PIECE if size is None else size
    while (found := before.search(text, start + least)) is not None:
        yield text[start : found.start()]
        start = found.start()
    yield text[start:] if start else text


def parse_xml(data: bytes | str, *, recover: bool = True) -> lxml.etree._Element:
    """Parse XML without fetching a document type or expanding any entity that the file defines itself.

    Parameters
    ----------
    data : bytes as in the file, or text
    recover : bool, default True
        Read on after mistakes, as archives make them; what had to be skipped is lost, so count what you expect.

    Raises
    ------
    UnreadableFile
        When nothing can be parsed, the file defines entities, or tags are nested too deeply.
    """
    if isinstance(data, str):
        data = re.sub(r"^\s*<\?xml[^>]*\?>", "", data.lstrip("\ufeff")).encode("utf-8", "replace")
    if b"<!ENTITY" in data[:65_536] or b"<!entity" in data[:65_536]:
        raise UnreadableFile("the XML defines entities of its own; such files are not read (they can be hostile)")
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=recover,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        tree = lxml.etree.fromstring(data.lstrip(), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UnreadableFile(f"broken XML: {error}") from None
    if tree is None:
        raise UnreadableFile("broken XML: nothing in it can be read")
    return tree


class HtmlBlock(NamedTuple):
    """A block of visible text: its element, and the label of the nearest labelled element around it (or its own)."""

    text: str
    node: Any
    label: Any = None


def html_blocks(
    tree: Any, labels: Mapping[Any, Any] | None = None, *, inline: frozenset[str] = INLINE
) -> list[HtmlBlock]:
    """Return the blocks of visible text in reading order; white space collapsed, <br> kept as a line end.

    Parameters
    ----------
    tree : lxml element
    labels : mapping of elements to labels, optional
        A block gets the label of its nearest labelled ancestor. A labelled element begins a block of its own even
        where its tag is an inline one.

    Examples
    --------
    >>> tree = parse_html("<div><h1>Talks  resume</h1><p>They <b>met</b>.<br>Twice.</p></div>")
    >>> [(block.text, block.label) for block in html_blocks(tree, {tree.find(".//h1"): "headline"})]
    [('Talks resume', 'headline'), ('They met.\\nTwice.', None)]
    """
    labels = labels or {}
    role_of, label_of = _roles(inline).get, labels.get
    found: list[HtmlBlock] = []
    buffer: list[str] = []
    above, label = tree, label_of(tree)  # the block that is open
    stack: list[tuple[Any, Any]] = []  # those around it
    walk = lxml.etree.iterwalk(tree, events=("start", "end"))

    def flush() -> None:
        text = one_line(buffer[0] if len(buffer) == 1 else "".join(buffer))
        buffer.clear()
        if _BREAK in text:
            text = "\n".join(line.strip() for line in text.split(_BREAK)).strip("\n")
        if text:
            found.append(HtmlBlock(text, above, label))

    for event, node in walk:
        if event == "start":
            role = role_of(node.tag)
            if role is None or (role == "inline" and node in labels):
                if buffer:
                    flush()
                stack.append((above, label))
                above, label = node, label_of(node, label)
            elif role == "break":
                buffer.append(_BREAK)
            elif role == "skipped":
                walk.skip_subtree()
                continue
            text = node.text
        else:
            if above is node and stack:
                if buffer:
                    flush()
                above, label = stack.pop()
            text = None if node is tree else node.tail
        if text and (buffer or not text.isspace()):  # white space at the beginning of a block is dropped anyway
            buffer.append(text)
    if buffer:
        flush()
    return found


@cache
def _roles(inline: frozenset[str]) -> dict[Any, str]:
    """Return what tags are that begin no block: a break, part of a line, or nothing that is seen."""
    return {**dict.fromkeys(inline, "inline"), "br": "break", **dict.fromkeys(SKIPPED, "skipped")}


def one_line(text: str) -> str:
    """Return a text with each white space as one blank, none at its ends.

    Examples
    --------
    >>> one_line(" Talks\\n  resume "), one_line("Talks resume")
    ('Talks resume', 'Talks resume')
    """
    # What can be printed holds no white space but blanks; to ask is three times as fast as to split and join.
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def element_text(node: Any) -> str:
    """Return the text of an element with white space collapsed; empty for None."""
    return "" if node is None else " ".join("".join(node.itertext()).split())
