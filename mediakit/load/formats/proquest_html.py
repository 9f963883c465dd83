"""ProQuest in HTML: saved pages, and the mails that the database sends, forwarded ones with nested parts among them.

An article begins with the anchor `DocID_…`; its labels are in bold type; the text is an element `<text>` with the
number of words, within which a whole page with `<html>` and `<body>` of its own may stand.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from email.message import Message
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.ledger import Reading
from mediakit.load.markup import HtmlBlock, element_text, html_blocks, parse_html
from mediakit.load.proquest import (
    Document,
    Unit,
    bare,
    document_number,
    find_label,
    is_footer,
    labels,
    marks,
    read_document,
)
from mediakit.load.proquest_fields import make_records
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile, decode

_ANCHOR = re.compile(r"""<a\b[^<>]{0,60}?\bname=(?:3D)?["']?DocID_""", re.I)
_BOLD = re.compile(r"<(?:strong|b)\b[^<>]{0,120}>\s*([^<>]{3,50}?)\s*:[\s\xa0]*(?:&nbsp;)*\s*</(?:strong|b)>", re.I)
_MAIL = re.compile(
    r"^(?:Received|From|Return-Path|Delivered-To|MIME-Version|Content-Type|Message-ID|X-[\w-]+|Date|Subject|To)\s*:",
    re.I,
)
_MIME = re.compile(r"^(?:Content-Type|MIME-Version)\s*:", re.I | re.M)
# Texts are whole pages within the page: at the first </html> the parser would stop.
_SHELL = re.compile(
    r"</?(?:html|head|body)(?:\s[^<>]{0,2000})?>|<title\b[^<>]{0,200}>[^<]{0,500}</title>|<meta\s[^<>]{0,500}>", re.I
)
_PICTURES = ("document_view_image", "document_view_caption", "illustration_content", "textplusgraphics")
_LAST = ("database", "modified", "copyright", "vendor_id", "url")
_FIRST = ("author", "publication_info", "abstract", "links", "full_text")


def sniff(source: Source) -> Sniffed:
    """Recognise HTML from ProQuest by its anchors, or by labels in bold type; and mails that hold it."""
    sample = source.sample
    if "proquest" not in source.small_sample:
        return 0.0, ""
    if is_mail(sample):
        return 0.99, "a mail from ProQuest"
    if "<" not in sample[:2000]:
        return 0.0, ""
    if _ANCHOR.search(sample):
        return 1.0, "anchors of ProQuest documents"
    known = labels()
    found = {known.get(bare(label)) for label in _BOLD.findall(sample)} - {None}
    if len(found) >= 4 and found & {"full_text", "vendor_id", "publication_info", "publication_title"}:
        return 0.99, f"{len(found)} of ProQuest's labels in bold type"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read HTML from ProQuest, or a mail that holds it."""
    if not is_mail(source.sample):
        blocks, documents, words = _read_page(source.text)
        return _reading([("", "", blocks)], documents, words, [])
    message = email.message_from_bytes(source.data, policy=email.policy.compat32)
    parts: list[tuple[str, str, list[HtmlBlock] | str]] = [("header", "header of the mail", _header(message))]
    documents, words, notes = [], [], []
    at, wanted = 1, 0
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        text = _decoded(part)
        if kind == "text/html" and ("proquest" in text.casefold()):
            found, documents_here, words_here = _read_page(text, offset=at)
            if documents_here:
                parts.append(("", "", found))
                documents += documents_here
                words += words_here
                at += len(found)
                wanted += 1
                continue
        name = str(part.get_filename() or kind)
        shown = text if kind.startswith("text/") and text.strip() else f"[{name}]"
        twice = kind == "text/plain" and "proquest" in text.casefold()
        parts.append(
            ("duplicate" if twice else "boilerplate", "plain text of the mail" if twice else f"part {name}", shown)
        )
        at += 1
    if not documents:
        raise UnreadableFile("a mail without any article in HTML; save ProQuest's mail itself, with its attachments")
    if wanted > 1:
        notes.append(f"{wanted} parts of the mail hold articles")
    return _reading(parts, documents, words, notes)


def is_mail(sample: str) -> bool:
    """Whether a text begins like a mail in its raw form."""
    head = sample[:20_000].lstrip("\ufeff\r\n ")
    return bool(_MAIL.match(head)) and bool(_MIME.search(head))


def _reading(
    parts: Sequence[tuple[str, str, Any]], documents: Sequence[Document], words: Sequence[int | None], notes: list[str]
) -> Reading:
    """Put the blocks of all parts together."""
    texts: list[str] = []
    fixed: list[tuple[int, str, str]] = []
    for kind, note, content in parts:
        if kind:
            fixed.append((len(texts), kind, note))
            texts.append(content)
        else:
            texts += [block.text for block in content]
    blocks = Blocks(texts)
    for index, kind, note in fixed:
        blocks.mark(index, kind, None, note)
    records = make_records(documents)
    for position, (document, count) in enumerate(zip(documents, words, strict=True)):
        for indexes, kind, note in document.marks:
            blocks.mark(indexes, kind, position, note)
        if count:
            records[position]["declared_words"] = count
    if not records:
        raise UnreadableFile("HTML that names ProQuest, but holds none of its articles")
    first = min((indexes[0] for document in documents for indexes, _, _ in document.marks if indexes), default=0)
    for index in range(len(texts)):
        if blocks.marks[index] is None and index < first:
            blocks.mark(index, "header", None, "above the first article")
        elif blocks.marks[index] is None and is_footer(texts[index]):
            blocks.mark(index, "boilerplate", None, "footer")
    without = sum(record["text"] is None for record in records)
    return blocks.reading(records, notes=[*notes, f"{without} articles without text"] if without else notes)


def _read_page(text: str, offset: int = 0) -> tuple[list[HtmlBlock], list[Document], list[int | None]]:
    """Return the blocks of a page, its articles (blocks counted from `offset`), and how many words each declares."""
    tree = parse_html(_SHELL.sub(" ", text))
    named: dict[Any, Any] = {}
    counts: list[int | None] = []
    loose: list[int | None] = []
    for node in tree.iter():
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag == "a" and str(node.get("name", "")).startswith("DocID_"):
            node.text = f"{node.get('name')} {node.text or ''}".strip()
            named[node] = "document"
            counts.append(None)
        elif tag == "text":
            number = re.sub(r"\D", "", node.get("wordcount") or "")
            loose.append(int(number) if 0 < len(number) < 8 else None)
            if counts and counts[-1] is None:
                counts[-1] = loose[-1]
        elif any(mark in str(node.get("class") or "").casefold() for mark in _PICTURES):
            named[node] = "picture"
    blocks = html_blocks(tree, named)
    bold = sum(_bold_label(block) is not None for block in blocks) >= 4
    units = [_unit(block, index + offset, bold) for index, block in enumerate(blocks)]
    starts = [index for index, block in enumerate(blocks) if block.label == "document"] or _find_starts(units)
    documents: list[Document] = []
    for start, end in zip(starts, [*starts[1:], len(units)][: len(starts)], strict=True):
        anchored = blocks[start].label == "document"
        inside = range(start + anchored, end)
        document = read_document(
            [units[index] for index in inside if blocks[index].label != "picture" and not _is_rest(blocks[index])]
        )
        if anchored:
            document.fields.setdefault("vendor_id", re.sub(r"\D", "", blocks[start].text.split()[0]))
            document.marks.append((units[start].blocks, "header", "anchor of the document"))
        document.marks += [
            (units[index].blocks, "boilerplate", "rest of a tag") for index in inside if _is_rest(blocks[index])
        ]
        for unit in (units[index] for index in inside if blocks[index].label == "picture"):
            if bare(unit.text) != "enlargethisimage.":
                document.add("caption", unit.text)
            document.marks.append((unit.blocks, "caption", ""))
        documents.append(document)
    if len(counts) != len(documents):
        counts = loose if len(loose) == len(documents) else [None] * len(documents)
    return blocks, documents, counts


def _is_rest(block: HtmlBlock) -> bool:
    """Whether a block is a tag that lost its first character: "html>"."""
    return len(block.text) < 8 and block.text in ("html>", "body>", "p>")


def _unit(block: HtmlBlock, index: int, bold: bool) -> Unit:
    label = _bold_label(block) if bold else find_label(block.text)
    text = block.text
    if bare(text) in marks("link"):
        link = next((node.get("href") for node in block.node.iter("a") if node.get("href")), None)
        text = link or text
    return Unit((index,), (text,), label[0] if label else None, label[2] if label else "")


def _bold_label(block: HtmlBlock) -> tuple[str, str, str] | None:
    """Return the label that a block begins with in bold type."""
    node = next(block.node.iter("strong", "b"), None)
    words = element_text(node)
    if not words or not block.text.startswith(words) or (words == block.text and not words.endswith((":", "："))):
        return None
    found = find_label(words if words.endswith((":", "：")) else f"{words}:")
    return (found[0], found[1], block.text[len(words) :].strip()) if found else None


def _find_starts(units: Sequence[Unit]) -> list[int]:
    """Return where articles begin in pages without anchors: at the title above the first labels."""
    starts: list[int] = []
    below = True
    for index, unit in enumerate(units):
        if unit.field in _FIRST and below:
            title = index - 1
            while (
                title > 0
                and units[title].field is None
                and units[title - 1].field is None
                and len(units[title].text) > 300
            ):
                title -= 1
            if title > 0 and document_number(units[title - 1].text):
                title -= 1
            starts.append(max(title, 0))
            below = False
        elif unit.field in _LAST:
            below = True
    return starts


def _header(message: Message) -> str:
    """Name the fields of a mail's header; addresses of people stay out of the ledger."""
    return f"[{', '.join(dict.fromkeys(str(name) for name in message))}]"


def _decoded(part: Message) -> str:
    """Return the text of a part, however wrong its declaration."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = str(part.get_param("charset") or "") or None
    try:
        return decode(data, encoding=charset).text.replace("\r\n", "\n") if data else ""
    except UnreadableFile:
        return decode(data).text


READER = Reader("proquest-html", sniff, read, "ProQuest, HTML page or mail")
