"""Word documents (.docx): their paragraphs, read from the XML inside without building a tree.

A tree of a hundred articles takes most of the time and memory that reading them needs, and its order of text is all
that exports of news databases hold. Entities that a document defines itself are never expanded.
"""

from __future__ import annotations

import html
import re

from mediakit.load.containers import LARGEST_FILE, LARGEST_RATIO
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.zipped import BROKEN_ZIP, read_entry

_DOCUMENT = "word/document.xml"
_TOKEN = re.compile(
    r"<(?:\w+:)?(?:t(?:\s[^<>]*)?>([^<]*)</|(br|cr|tab|noBreakHyphen)(?:\s[^<>]*)?/>|(p)(?:\s[^<>]*[^/])?>"
    r"|(p)(?:\s[^<>]*)?/>|/(?:\w+:)?(p)>)"
)
# Paragraphs that nearly all programs write, with the prefix "w" and none inside another: twice as fast, in bytes. All
# begin with the same three signs, which the search looks for before it tries any alternative, and each alternative
# with a sign of its own, by which most tags are told apart.
_ALONE = rb"(?:/>|\s[^<>]*/>)"
_USUAL = re.compile(
    rb"<w:(?:t(?:>[^<]+|\s[^<>]*>[^<]+|ab" + _ALONE + rb"|xbxContent(?=[\s/>]))|p(?=[\s/>])"
    rb"|br" + _ALONE + rb"|cr" + _ALONE + rb"|noBreakHyphen" + _ALONE + rb")"
)
_CLOSED = re.compile(rb"</w:p>")  # bytes.count() takes longer to find them
_BY_ENDS = re.compile(rb"</w:p>|<w:t(?:\s[^<>]*)?>[^<]+|<w:(?:br|cr|tab|noBreakHyphen|p)(?:\s[^<>]*)?/>")
_TAG = re.compile(rb"<w:(t|br|cr|tab|noBreakHyphen)\b[^<>]*>")
_TAG_OR_END = re.compile(rb"</?w:(t|br|cr|tab|noBreakHyphen|p)\b[^<>]*>")
_END = b"\x01"  # cannot stand in XML
_INNER = b"<w:txbxContent"  # a text box: paragraphs inside a paragraph
_START = "<w:p"
_EMPTY = re.compile(rb"<w:p(?:\s[^<>]*)?/>")
_FALLBACK = re.compile(rb"<mc:Fallback>.*?</mc:Fallback>", re.S)  # the same text again, for old programs
_ROOT = 65_536  # bytes within which the start tag of a document ends, which declares all prefixes
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "\u2011"}


def is_docx(source: Source) -> bool:
    """Whether a file is a Word document of the kind that is a zip archive."""
    return _DOCUMENT in source.entries


def docx_paragraphs(source: Source) -> list[str]:
    r"""Return the paragraphs of a Word document in order, empty ones too; a line break within one is "\n".

    Raises
    ------
    UnreadableFile
        When the archive is damaged, or unpacks to more than a document can hold.
    """
    known = source.__dict__.get("paragraphs")
    if known is None:
        known = source.__dict__["paragraphs"] = _paragraphs(_document(source))
    return list(known)


def _document(source: Source) -> bytes:
    try:
        with source.open() as file:
            # The directory of the archive was read when the names in it were: thousands of entries in some files.
            item = source.entries[_DOCUMENT]
            if item.file_size > LARGEST_FILE or item.file_size > max(
                20_000_000, LARGEST_RATIO * max(1, item.compress_size)
            ):
                raise UnreadableFile(f"a Word document that unpacks to {item.file_size:,} bytes")
            data = read_entry(file, item)
    except BROKEN_ZIP as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(f"a damaged Word document: {error}") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8")
    return _FALLBACK.sub(b"", data) if b"xmlns:mc=" in data[:_ROOT] and b"<mc:Fallback>" in data else data


def _paragraphs(document: bytes) -> list[str]:
    if b"<w:document" in document[:2000]:
        usual = _usual_paragraphs(document)
        if usual is not None:
            return usual
    found: list[str] = []
    pieces: list[str] = []
    depth = 0
    for text, sign, opened, empty, closed in _TOKEN.findall(document.decode("utf-8", "replace")):
        if text:
            pieces.append(text)
        elif closed:
            depth = max(0, depth - 1)
            found.append(_unescape("".join(pieces)))
            pieces.clear()
        elif opened:
            depth += 1
            if depth > 1 and pieces:
                found.append(_unescape("".join(pieces)))
                pieces.clear()
        elif sign:
            pieces.append(_BREAKS[sign])
        elif empty:
            found.append("")
    if pieces:
        found.append(_unescape("".join(pieces)))
    return found


def _usual_paragraphs(document: bytes) -> list[str] | None:
    """Return the paragraphs of a document without text boxes, else None."""
    joined = b"".join(_USUAL.findall(document))
    if _INNER in joined:
        return None
    for tag in (b"<w:t>", b'<w:t xml:space="preserve">'):
        joined = joined.replace(tag, b"")
    before, *found = _TAG.sub(_sign, joined).decode("utf-8", "replace").split(_START)
    open_ended = len(found) - len(_CLOSED.findall(document))
    if open_ended and open_ended != len(_EMPTY.findall(document)):
        return _paragraphs_by_ends(document)
    if before:  # text outside any paragraph
        found.insert(0, before)
    return [html.unescape(text) if "&" in text else text for text in found] if b"&" in joined else found


def _paragraphs_by_ends(document: bytes) -> list[str]:
    """Return the paragraphs of a damaged document, in which some have lost their start or end."""
    joined = _TAG_OR_END.sub(_sign, b"".join(_BY_ENDS.findall(document)))
    found = _unescape(joined.decode("utf-8", "replace")).split(_END.decode())
    if not found[-1]:
        found.pop()
    return found


def _sign(tag: re.Match[bytes]) -> bytes:
    name = tag[1].decode()
    return _END if name == "p" else _BREAKS.get(name, "").encode()


def _unescape(text: str) -> str:
    return html.unescape(text) if "&" in text else text
