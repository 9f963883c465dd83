"""XML elements by their names without prefix, and the items of an XML list, also of one that is broken.

Where a file is not well-formed, each of its items is read for itself, so that a mistake costs the item it stands in and
not those behind it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mediakit.load.markup import parse_xml
from mediakit.load.source import UnreadableFile

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9.-]{0,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_START = re.compile(r"<(?:(?P<prefix>[\w.-]{1,40}):)?(?P<name>[A-Za-z_][\w.-]{0,60})(?=[\s/>])")
_PREFIX = re.compile(
    r"</?([A-Za-z_][\w.-]{0,30}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,30}):[A-Za-z_][\w.-]{0,40}\s*=\s*[\"']"
)
_XML_OWN = ("amp", "lt", "gt", "quot", "apos")
# Namespaces that careless programs use without declaring them.
_KNOWN = {
    "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/", "atom": "http://www.w3.org/2005/Atom",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}  # fmt: skip


@dataclass
class Items:
    """The items of a file in order, None for one that is lost; the tree around them; whether the file is whole."""

    tree: Any
    elements: list[Any] = field(default_factory=list)
    sound: bool = True
    broken_off: bool = False


def find_root(sample: str) -> tuple[str, str]:
    """Return the name of the root element without its prefix, and its start tag; two empty strings if there is none.

    Examples
    --------
    >>> find_root('<?xml version="1.0"?><!-- a < b --><!DOCTYPE rss [<!ELEMENT rss ANY>]><rss version="2.0"><channel>')
    ('rss', '<rss version="2.0">')
    >>> find_root("<tei:TEI xmlns:tei='x'>")[0], find_root("They met.")
    ('TEI', ('', ''))
    """
    at = _prolog_end(sample)
    found = _START.match(sample, at)
    if not found:
        return "", ""
    end = sample.find(">", at)
    return found["name"], sample[at : end + 1] if 0 <= end - at < 20_000 else sample[at : at + 20_000]


def parse_items(text: str, names: Sequence[str]) -> Items:
    """Return the elements of these names in a file, wherever they stand; in a broken file each is read for itself.

    Parameters
    ----------
    text : the file
    names : names of elements without prefix, such as "item"; what they hold must not hold others of them

    Raises
    ------
    UnreadableFile
        When the file defines entities, or nothing in it can be read.

    Examples
    --------
    >>> items = parse_items("<list><item>One</item><item>T<b>wo</item><item>Three", ["item"])
    >>> [element_string(item) for item in items.elements], items.sound, items.broken_off
    (['One', 'Two', 'Three'], False, True)
    """
    text = _clean(text)
    try:
        tree = parse_xml(text, recover=False)
    except UnreadableFile as error:
        if "entities" in str(error):
            raise
    else:
        return Items(tree, [node for node in tree.iter() if local(node) in names])
    root, start = find_root(text)
    if not root:
        raise UnreadableFile("broken XML: it does not begin with an element")
    text = _BARE.sub("&amp;", text)
    root, start = find_root(text)
    declared = _with_namespaces(start, text)
    spans = _spans(text, names)
    at = _prolog_end(text)
    head = parse_xml(declared + text[at + len(start) : spans[0][0] if spans else len(text)], recover=True)
    closing = re.compile(rf"</(?:[\w.-]+:)?{re.escape(root)}\s*>\s*$")
    items = Items(head, sound=False, broken_off=closing.search(text[-200:]) is None)
    for first, last in spans:
        try:
            node = parse_xml(f"{declared}{text[first:last]}</{_qualified(start)}>", recover=True)
            items.elements.append(next((one for one in node.iterdescendants() if local(one) in names), None))
        except UnreadableFile:
            items.elements.append(None)
    return items


def parse_document(text: str) -> tuple[Any, bool]:
    """Return the root element of a file, its tags without prefix, and whether the file is well-formed.

    Raises
    ------
    UnreadableFile
        When the file defines entities, or nothing in it can be read.

    Examples
    --------
    >>> parse_document('<x:a xmlns:x="y"><x:b>AT&T</x:b>')[0][0].tag
    'b'
    """
    text = _clean(text)
    try:
        tree, sound = parse_xml(text, recover=False), True
    except UnreadableFile as error:
        if "entities" in str(error):
            raise
        text = _BARE.sub("&amp;", text)
        _, start = find_root(text)
        if start:
            at = _prolog_end(text)
            text = _with_namespaces(start, text) + text[at + len(start) :]
        tree, sound = parse_xml(text, recover=True), False
    return bare_tags(tree), sound


def bare_tags(tree: Any) -> Any:
    """Take the namespaces off the tags of a tree, in place."""
    for node in tree.iter():
        if isinstance(node.tag, str) and (node.tag.startswith("{") or ":" in node.tag):
            node.tag = local(node)
    return tree


def local(node: Any) -> str:
    """Return the name of an element without namespace or prefix; empty for comments and the like."""
    tag = node.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1] if isinstance(tag, str) else ""


def find(node: Any, path: str) -> Any:
    """Return the first element at a path of bare names ("contentMeta/headline"), or None.

    Examples
    --------
    >>> find(parse_xml("<a><b/><b><c>1</c></b></a>"), "b/c").text
    '1'
    """
    return next(find_all(node, path), None)


def find_all(node: Any, path: str) -> Iterator[Any]:
    """Yield the elements at a path of bare names; "*" stands for any name, a leading "//" for any depth."""
    if node is None:
        return
    if path.startswith("//"):
        first, _, rest = path[2:].partition("/")
        found: Iterable[Any] = (one for one in node.iter() if one is not node and local(one) == first)
    else:
        first, _, rest = path.partition("/")
        found = (one for one in node if local(one) == first or first == "*")
    for one in found:
        if rest:
            yield from find_all(one, rest)
        else:
            yield one


def string(node: Any, path: str = "") -> str | None:
    """Return the text of an element, or of the first at a path that has any, in one line; None where there is none.

    Examples
    --------
    >>> string(parse_xml("<a><b/><b> x\\n y</b></a>"), "b")
    'x y'
    """
    if path:
        return next((text for one in find_all(node, path) if (text := element_string(one))), None)
    return element_string(node)


def element_string(node: Any) -> str | None:
    """Return the text of an element in one line, or None."""
    return None if node is None else " ".join("".join(node.itertext()).split()) or None


def attribute(node: Any, path: str, name: str) -> str | None:
    """Return an attribute of the first element at a path that has it, or None."""
    for one in find_all(node, path) if path else (node,):
        value = None if one is None else one.get(name)
        if value and value.strip():
            return " ".join(value.split())
    return None


def _clean(text: str) -> str:
    """Take out what no XML may hold, and write the names of characters as characters."""
    text = _CONTROL.sub(" ", text)
    if "&" not in text:
        return text
    return _NAMED.sub(lambda found: found[0] if found[1] in _XML_OWN else _character(found), text)


def _character(found: re.Match[str]) -> str:
    made = html.unescape(found[0])
    return made if made != found[0] and not set(made) & set("<>&") else found[0]


def _prolog_end(text: str) -> int:
    """Return where the root element begins: behind declarations, comments and the document type."""
    at = 1 if text.startswith("\ufeff") else 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if text.startswith("<?", at):
            end = text.find("?>", at)
            at = len(text) if end < 0 else end + 2
        elif text.startswith("<!--", at):
            end = text.find("-->", at)
            at = len(text) if end < 0 else end + 3
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end, inner = text.find(">", at), text.find("[", at)
            if 0 <= inner < end:
                end = text.find("]", inner)
                end = text.find(">", end) if end >= 0 else -1
            at = len(text) if end < 0 else end + 1
        else:
            return at


def _qualified(start: str) -> str:
    found = _START.match(start)
    return start[1 : found.end()] if found else "root"


def _with_namespaces(start: str, text: str) -> str:
    """Return the start tag of the root with a namespace for every prefix that the file uses undeclared."""
    used = {name for pair in _PREFIX.findall(text) for name in pair if name}
    missing = [name for name in sorted(used) if name not in ("xml", "xmlns") and f"xmlns:{name}" not in text]
    added = "".join(f' xmlns:{name}="{_KNOWN.get(name, f"urn:{name}")}"' for name in missing[:100])
    opened = start[:-1].rstrip("/") if start.endswith(">") else start
    return f"{opened}{added}>"


def _spans(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the items begin and end, as far as their tags show it."""
    either = "|".join(map(re.escape, names))
    token = re.compile(rf"<!\[CDATA\[|<!--|<(?:[\w.-]{{1,40}}:)?(?:{either})(?=[\s>/])")
    end_tag = re.compile(rf"</(?:[\w.-]{{1,40}}:)?(?:{either})\s*>")
    starts: list[int] = []
    at = 0
    open_ended: set[str] = set()
    while found := token.search(text, at):
        at = found.end()
        mark = {"<![CDATA[": "]]>", "<!--": "-->"}.get(found[0])
        if mark is None:
            starts.append(found.start())
        elif mark not in open_ended:
            end = text.find(mark, at)
            following = end_tag.search(text, at, end) if end >= 0 else None
            if end < 0:
                open_ended.add(mark)
            elif following is None or not token.search(text, following.end(), end):
                at = end + 3  # else its end is lost, and it would swallow the items behind it
    spans = []
    for first, limit in zip(starts, [*starts[1:], len(text)], strict=True):
        ends = [found.end() for found in end_tag.finditer(text, first, limit)]
        spans.append((first, ends[-1] if ends else limit))
    return spans
