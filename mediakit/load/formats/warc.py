"""Web archives: WARC, ARC and the texts that crawls make of them (WET), read record by record in flat memory.

A page in an archive is read as a saved page is; its address is that of the record, and the day of the crawl is kept
apart (`crawl_date`), as it is not the day of publication. Every record has a row in the ledger, with the reason where
it is no article: requests, pages met before, redirects, errors, pictures.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

from mediakit.errors import need_extra
from mediakit.load.formats import page
from mediakit.load.gdelt import host_of
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.warc import LARGEST_RECORD, Record, read_records, unpack

RECORDS_IN_BATCH = 500
_BEGINNINGS = (b"WARC/0.", b"WARC/1.", b"filedesc:")
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
# What browsers read under a name, where the name says less than pages use.
_WIDER = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
_INDEXER = "application/x.mediacloud-indexer+json"
_INDEXED = (  # column, its name in the metadata of the index
    ("headline", "article_title"), ("text", "text_content"), ("date_raw", "publication_date"), ("language", "language"),
)  # fmt: skip


def sniff(source: Source) -> Sniffed:
    """Recognise a web archive by its first record, packed or not."""
    head = source.head[:65_536].lstrip(b"\xef\xbb\xbf\r\n")
    if head.startswith(_PACKED):
        try:
            head = next(unpack(io.BytesIO(head), len(head)), b"").lstrip(b"\r\n")
        except (OSError, EOFError, ValueError, zlib.error):
            return 0.0, ""
    if head.startswith(_BEGINNINGS):
        return 1.0, "records of a web archive"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read a web archive: an article a page, and a part of the ledger a record."""
    whole = Reading(unit="record")
    for reading in batches(source, options):
        before = len(whole.articles)
        whole.articles += reading.articles
        whole.parts += [
            part if part.position is None else Part(
                part.kind, part.start, part.end, part.position + before, part.note, part.excerpt
            )
            for part in reading.parts
        ]  # fmt: skip
        whole.length = reading.length
        whole.notes = reading.notes
    return whole


def batches(source: Source, options: Options) -> Iterator[Reading]:
    """Yield the articles of a web archive, some hundred records at a time."""
    try:
        import warcio  # noqa: F401
    except ImportError:
        raise need_extra("warcio", "warc", "Reading web archives") from None
    reading = Reading(unit="record")
    number = -1
    with source.open() as file:
        for number, record in enumerate(read_records(file, source.size)):
            indexed = record.kind == "metadata" and record.fields.get("content-type", "").startswith(_INDEXER)
            if len(reading.parts) >= RECORDS_IN_BATCH and not indexed:
                yield reading
                reading = Reading(unit="record")
            reading.length = number + 1
            article, note = None, ""
            if indexed and not record.broken:
                article, note = _add_index(record, reading)
            elif not record.broken:
                article, note = _read_record(record, options)
            address = record.fields.get("warc-target-uri", "").strip("<>")
            if article is not None:
                _describe(article, record, address)
                shown = str(article.get("headline") or address)
                note = "; ".join(filter(None, (note, record.trouble)))
                reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, shown))
                reading.articles.append(article)
            elif not record.broken and record.kind in ("warcinfo", "request", "metadata"):
                reading.parts.append(Part("metadata", number, number + 1, None, note or record.kind, address))
            else:
                reason = "; ".join(filter(None, (note, record.trouble)))
                shown = address or record.payload[:80].decode("utf-8", "replace")
                reading.parts.append(Part("skipped", number, number + 1, None, f"record {number + 1}: {reason}", shown))
    if number < 0:
        raise UnreadableFile("a web archive without any record")
    yield reading


def _describe(article: dict[str, Any], record: Record, address: str) -> None:
    """Add what the archive says of a page: its address, when it was crawled, whether it is whole."""
    if address:
        if article.get("url") not in (None, address):
            article["canonical_url"] = article["url"]
        article["url"] = address
        article["outlet"] = article.get("outlet") or host_of(address)
    article["crawl_date"] = record.fields.get("warc-date")
    article["record_id"] = record.fields.get("warc-record-id", "").strip("<>") or None
    languages = record.fields.get("warc-identified-content-language", "")
    if languages and not article.get("language"):
        article["language"] = languages.split(",")[0].strip()
    cut = record.fields.get("warc-truncated")
    if cut or record.cut:
        article["truncated"] = True
        article["truncated_why"] = f"the crawler cut the page ({cut})" if cut else f"damaged record: {record.trouble}"


def _read_record(record: Record, options: Options) -> tuple[dict[str, Any] | None, str]:
    """Return the article in a record, or why there is none."""
    declared = record.fields.get("content-type", "")
    if record.kind == "response":
        return _read_response(record, options)
    if record.kind in ("resource", "conversion"):
        if _is_html(declared, record.payload):
            return _read_page(record.payload, declared, options)
        if declared.split(";")[0].strip().casefold() in ("text/plain", "text/plaintext"):
            return _read_text(record.payload, declared)
        return None, f"{record.kind} of the type {declared or 'unknown'}, no page"
    if record.kind == "revisit":
        other = record.fields.get("warc-refers-to-target-uri") or record.fields.get("warc-refers-to") or ""
        when = record.fields.get("warc-refers-to-date") or ""
        return None, " ".join(f"revisit: the same as before {other} {when}".split())
    return None, record.kind if record.kind in (
        "warcinfo",
        "request",
        "metadata",
    ) else f"record of kind {record.kind!r}"


def _read_response(record: Record, options: Options) -> tuple[dict[str, Any] | None, str]:
    """Read the page in an answer of a server; the charset of its header wins over the page's own."""
    if not record.payload.startswith(b"HTTP/"):
        if _HTML.search(record.payload[:4096]):
            return _read_page(record.payload, "", options)
        return None, f"response of the type {record.fields.get('content-type') or 'unknown'}, not from a web server"
    fields, status, body, trouble = _unwrap(record.payload)
    if trouble:
        return None, trouble
    if status.startswith("3"):
        return None, f"redirect {status} to {fields.get('location', 'nowhere')[:300]}"
    if not status.startswith("2"):
        return None, f"the server answered with status {status or 'unknown'}"
    declared = fields.get("content-type", "")
    if not body.strip():
        return None, "empty page"
    if not _is_html(declared, body):
        return None, f"{declared.split(';')[0].strip() or 'content of unknown type'}, no page"
    article, note = _read_page(body, declared, options)
    if article is not None and status == "206":
        article["truncated"], article["truncated_why"] = True, "the server sent a part of the page (status 206)"
    return article, note


def _unwrap(payload: bytes) -> tuple[dict[str, str], str, bytes, str]:
    """Return header fields, status and body of an answer, its chunks joined and unpacked; or what is wrong."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeadersParser

    stream = io.BytesIO(payload)
    try:
        head = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
        fields = {str(name).casefold(): str(value) for name, value in head.headers}
        rest = payload[stream.tell() :]
        status = head.statusline.split(" ")[0] if head.statusline else ""
        opened = ArcWarcRecord("warc", "response", None, io.BytesIO(rest), head, "", len(rest)).content_stream()
        pieces: list[bytes] = []
        total = 0
        while total <= LARGEST_RECORD and (piece := opened.read(65_536)):
            pieces.append(piece)
            total += len(piece)
    except Exception as error:  # noqa: BLE001  (the library raises bare exceptions of its own for broken answers)
        return {}, "", b"", f"broken answer of a server: {type(error).__name__}: {error}"
    if total > LARGEST_RECORD:
        return fields, status, b"", f"unpacks to more than {LARGEST_RECORD:,} bytes"
    body = b"".join(pieces)
    packed = fields.get("content-encoding", "").casefold().strip()
    if packed in ("br", "zstd") and body and sum(byte < 9 for byte in body[:1000]) > 5:
        return fields, status, b"", f"packed with {packed}, which cannot be unpacked here"
    return fields, status, body, ""


def _is_html(declared: str, body: bytes) -> bool:
    kind = declared.split(";")[0].strip().casefold()
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    known = kind not in (
        "",
        "unk",
        "no-type",
        "application/octet-stream",
        "application/unknown",
        "text/xml",
        "application/xml",
    )
    return not known and _HTML.search(body[:4096]) is not None


def _charset(declared: str, body: bytes) -> str | None:
    """Return the encoding that the header declares, where the bytes are in it."""
    found = _CHARSET.search(declared)
    if found is None:
        return None
    name = found[1].casefold()
    name = _WIDER.get(name, name)
    if name == "cp1252" and not body.isascii() and _is_utf8(body):
        return "utf-8"  # servers send Latin-1 unasked; no text in it is UTF-8 by accident
    try:
        broken = body.decode(name, "replace").count("\ufffd")
    except (LookupError, ValueError):
        return None
    return name if broken <= max(2, len(body) // 1000) else None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_page(body: bytes, declared: str, options: Options) -> tuple[dict[str, Any] | None, str]:
    source = Source.of_bytes("page.html", body, encoding=_charset(declared, body))
    try:
        reading = page.read(source, options)
    except UnreadableFile as error:
        return None, str(error)
    if not reading.articles:
        return None, "; ".join(reading.notes) or "no article found on the page"
    return reading.articles[0], "; ".join([source.decoded.encoding, *source.decoded.notes, *reading.notes])


def _read_text(body: bytes, declared: str) -> tuple[dict[str, Any] | None, str]:
    """Read a page that the crawl made a text of: the first line is its title, every line a paragraph."""
    source = Source.of_bytes("page.txt", body, encoding=_charset(declared, body))
    try:
        lines = [line.strip() for line in source.text.splitlines() if line.strip()]
    except UnreadableFile as error:
        return None, str(error)
    title = lines[0] if len(lines) > 1 and len(lines[0]) <= 300 else None
    text = "\n\n".join(lines[1:] if title else lines)
    return {"headline": title, "text": text}, "text made by the crawl; the first line is taken for the title"


def _add_index(record: Record, reading: Reading) -> tuple[dict[str, Any] | None, str]:
    """Take over what an index knew of the page before; where that page gave no article, make one of it."""
    try:
        found = json.loads(record.payload)
    except (ValueError, RecursionError):
        return None, "metadata of an index, broken"
    content = found.get("content_metadata") if isinstance(found, dict) else None
    if not isinstance(content, dict):
        return None, "metadata of an index, without content"
    cells = {column: content[name] for column, name in _INDEXED if isinstance(content.get(name), str) and content[name]}
    address = record.fields.get("warc-target-uri", "").strip("<>")
    before = next((part for part in reversed(reading.parts) if part.kind != "metadata"), None)
    last = reading.articles[-1] if before is not None and before.position is not None else None
    if last is not None and last.get("url") in (address, content.get("original_url"), content.get("url")):
        if "date_raw" in cells:
            last.pop("date", None)
        last.update(cells)
        return None, f"metadata of an index: {', '.join(cells)} of the page before"
    if not cells.get("text"):
        return None, "metadata of an index, without text"
    domain = content.get("canonical_domain")
    return {**cells, "outlet": domain if isinstance(domain, str) else None}, "text of an index"


READER = Reader("warc", sniff, read, "web archive (WARC, ARC, WET)", batches)
