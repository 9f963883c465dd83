"""Web archives as a stream of records: WARC and ARC, plain or packed, found even where their neighbours are broken.

A record says how many bytes it holds. Where that number is wrong, the file is cut, or packing is damaged, the next line
that can only begin a record decides where to read on, so that a broken record costs itself and nothing else. No more
than one record is held in memory.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

LARGEST_RECORD = 50_000_000  # bytes; no page is larger
LARGEST_RATIO = 300  # times its packed size: more is no archive of pages, but a file made to fill the memory
_BLOCK = 65_536
_STEP = 16_384
_LONGEST_HEADER = 200_000
_MOST_DAMAGES = 10_000  # places where packing is broken, before the rest is given up
_GZIP = b"\x1f\x8b\x08"
_DAMAGE = bytes(b"\r\n" * 2)  # stands where bytes could not be unpacked
_ARC = (  # address, host, date, type, five further cells in the second version, length
    rb"[a-zA-Z][\w+.-]{1,12}:[^\r\n]{0,4000}? \d{1,3}(?:\.\d{1,3}){3} \d{8,14} [^\r\n ]{1,100}"
    rb"(?: [^\r\n ]{1,4000}){0,6} \d{1,15}"
)
_STARTS = re.compile(rb"(?:\A|(?<=\n))(?:WARC/\d\.\d+[ \t]*\r?\n|" + _ARC + rb"\r?\n)")
_BLANK = re.compile(rb"[\r\n]*")
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n")


@dataclass
class Record:
    """One record: the fields of its header by name in lower case, its bytes, and what is wrong with it."""

    kind: str
    fields: dict[str, str]
    payload: bytes
    trouble: str = ""
    broken: bool = False  # nothing in it can be read
    cut: bool = False  # a part of it is missing


class _Stop(Exception):
    """Raised where the rest of a file is not read; the message is the reason."""


@dataclass
class _Bytes:
    """The unpacked bytes of a file, of which no more is held than was asked for."""

    chunks: Iterator[bytes]
    buffer: bytearray = field(default_factory=bytearray)
    ended: bool = False
    stopped: str = ""  # why the rest of the file is not read
    damages: int = 0  # places met where packing is broken, not yet told of

    def fill(self, length: int) -> bool:
        """Hold so many bytes, or say that the file ends before."""
        while len(self.buffer) < length and not self.ended:
            try:
                chunk = next(self.chunks)
                self.damages += chunk is _DAMAGE
                self.buffer += chunk
            except StopIteration:
                self.ended = True
            except _Stop as reason:
                self.ended, self.stopped = True, str(reason)
        return len(self.buffer) >= length

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        self.fill(length)
        taken = bytes(self.buffer[:length])
        del self.buffer[:length]
        return taken

    def skip(self, length: int) -> None:
        """Pass over bytes without holding them."""
        while length > 0:
            step = min(length, _BLOCK * 16)
            self.fill(step)
            if not self.buffer:
                return
            step = min(step, len(self.buffer))
            del self.buffer[:step]
            length -= step

    def skip_blank(self, least: int = 0) -> int:
        """Return where, from a place on, the first byte stands that is no line end."""
        at = least
        while self.fill(at + 1):
            at = _BLANK.match(self.buffer, at).end()  # type: ignore[union-attr]
            if at < len(self.buffer):
                break
        return at

    def starts(self, at: int) -> bool:
        """Whether a record begins at a place."""
        self.fill(at + 5_000)
        return _STARTS.match(bytes(self.buffer[at : at + 5_000])) is not None

    def until_start(self) -> bytes:
        """Take all up to the line that begins the next record; what is beyond the largest record is not returned."""
        kept = bytearray()
        while True:
            self.fill(_BLOCK * 16)
            found = _STARTS.search(self.buffer, 1)
            end = found.start() if found else len(self.buffer) if self.ended else max(0, len(self.buffer) - 5_000)
            if len(kept) < LARGEST_RECORD:
                kept += self.buffer[:end]
            del self.buffer[:end]
            if found or self.ended:
                return bytes(kept)


def read_records(file: BinaryIO, size: int) -> Iterator[Record]:
    """Yield the records of a web archive, whole and broken ones.

    Parameters
    ----------
    file : open file
    size : length of the file in bytes

    Examples
    --------
    >>> import io
    >>> data = b"WARC/1.0\\r\\nWARC-Type: resource\\r\\nContent-Length: 5\\r\\n\\r\\nTalks\\r\\n\\r\\n"
    >>> [(record.kind, record.payload) for record in read_records(io.BytesIO(data + data), 2 * len(data))]
    [('resource', b'Talks'), ('resource', b'Talks')]
    """
    data = _Bytes(unpack(file, size))
    while True:
        data.skip(data.skip_blank())
        more = data.fill(1)
        while data.damages:
            data.damages -= 1
            yield Record("", {}, b"", "packing is damaged near here; what could not be unpacked is lost", broken=True)
        if not more:
            if data.stopped:
                yield Record("", {}, b"", data.stopped, broken=True)
            return
        if not data.starts(0):
            rest = data.until_start()
            yield Record("", {}, rest[:400], "no record begins here", broken=True)
            continue
        fields, length, header = _header(data)
        if length is None:
            rest = data.until_start()
            yield Record(fields.get("warc-type", ""), fields, rest[:400], "the header has no length", broken=True)
            continue
        data.skip(header)
        yield _record(data, fields, length)


def _record(data: _Bytes, fields: dict[str, str], length: int) -> Record:
    """Take the bytes of a record, and decide whether the length it declares is right."""
    kind = fields["warc-type"]
    held = min(length, LARGEST_RECORD)
    whole = data.fill(held)
    if length > LARGEST_RECORD and whole and _STARTS.search(data.buffer, 0, held) is None:
        data.take(held)
        data.skip(length - held)
        return Record(
            kind, fields, b"", f"{length:,} bytes; records of more than {LARGEST_RECORD:,} are not read", True
        )
    if whole and held == length:
        after = data.skip_blank(held)
        if not data.fill(after + 1) or data.starts(after):
            return Record(kind, fields, data.take(held))
        if data.buffer.startswith(b"\r\n\r\n", held) and _STARTS.search(data.buffer, 1, held) is None:
            return Record(kind, fields, data.take(held))  # whole; what follows is no record
    data.fill(held + 5_000)  # the declared length may end within the line that begins the next record
    inside = _STARTS.search(data.buffer, 1, held + 5_000)
    if inside is not None:
        payload = data.take(inside.start())
    else:
        payload = data.take(held)
        if not whole:
            trouble = f"the file ends after {len(payload):,} of {length:,} bytes"
            return Record(kind, fields, payload, trouble, cut=True)
        payload += data.until_start()
    missing = length - len(payload)
    trouble = f"{len(payload):,} bytes where {length:,} were declared"
    return Record(kind, fields, payload.rstrip(b"\r\n"), trouble, cut=missing > max(64, length // 50))


def _header(data: _Bytes) -> tuple[dict[str, str], int | None, int]:
    """Return the fields of the header, the length declared, and how many bytes the header itself has."""
    data.fill(_BLOCK)
    if not data.buffer.startswith(b"WARC/"):
        line = bytes(data.buffer[: data.buffer.index(b"\n") + 1])
        return _arc_fields(line.decode("utf-8", "replace").strip()), int(line.split()[-1]), len(line)
    end = None
    for limit in (_BLOCK, _LONGEST_HEADER):
        data.fill(limit)
        end = _HEADER_END.search(data.buffer, 0, limit)
        if end is not None:
            break
    if end is None:
        return {}, None, 0
    fields: dict[str, str] = {}
    name = ""
    for printed in bytes(data.buffer[: end.start()]).decode("utf-8", "replace").splitlines()[1:]:
        if printed[:1] in (" ", "\t") and name:
            fields[name] += f" {printed.strip()}"
        elif ":" in printed:
            name, value = (piece.strip() for piece in printed.split(":", 1))
            name = name.casefold()
            fields.setdefault(name, value)
    fields.setdefault("warc-type", "")
    number = fields.get("content-length", "")
    return fields, int(number) if re.fullmatch(r"[0-9]{1,15}", number) else None, end.end()


def _arc_fields(line: str) -> dict[str, str]:
    """Return the fields of a record of the older format, whose header is a line: address, host, date, type, length."""
    cells = line.split(" ")
    at = next(
        (n for n in range(len(cells) - 3, 1, -1) if re.fullmatch(r"\d{8,14}", cells[n]) and "." in cells[n - 1]), 2
    )
    address, date = " ".join(cells[: at - 1]), cells[at]
    kind = "warcinfo" if address.startswith("filedesc:") else "response"
    digits = (*date[:4], "-", *date[4:6], "-", *date[6:8])
    clock = f"T{date[8:10]}:{date[10:12]}:{date[12:14]}Z" if len(date) == 14 else ""
    fields = {"warc-type": kind, "warc-target-uri": address, "warc-date": "".join(digits) + clock}
    return {**fields, "content-type": cells[at + 1]}


def unpack(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the bytes of a file unpacked, member by member; a member that is damaged does not end the file.

    Examples
    --------
    >>> import gzip, io
    >>> packed = gzip.compress(b"one ") + gzip.compress(b"two")
    >>> b"".join(unpack(io.BytesIO(packed), len(packed)))
    b'one two'
    """
    first = file.read(_BLOCK)
    if first.startswith(_GZIP[:2]):
        yield from _bounded(_members(file, first), size)
        return
    if first.startswith((b"BZh", b"\xfd7zXZ\x00")):
        file.seek(0)
        with bz2.open(file) if first.startswith(b"BZh") else lzma.open(file) as opened:
            yield from _bounded(_blocks(opened), size)
        return
    while first:
        yield first
        first = file.read(_BLOCK)


def _blocks(file: bz2.BZ2File | lzma.LZMAFile) -> Iterator[bytes]:
    try:
        while block := file.read(_BLOCK):
            yield block
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise _Stop(f"the packed file is damaged, its rest is not read: {error}") from None


def _bounded(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        yield chunk
        if total > 20_000_000 and total > LARGEST_RATIO * size:
            raise _Stop(f"unpacks to more than {LARGEST_RATIO} times its size, as no pages do; the rest is not read")


def _members(file: BinaryIO, block: bytes) -> Iterator[bytes]:
    """Unpack one gzip member after the other; after damage, look for the next one."""
    unpacker = zlib.decompressobj(31)
    damages = 0
    fresh = True  # no byte of this member was read
    while block:
        try:
            out = unpacker.decompress(block, _STEP)  # in small steps: what is unpacked before the damage is kept
            rest = unpacker.unconsumed_tail
            ended = unpacker.eof
        except zlib.error:
            damages += 1
            if damages > _MOST_DAMAGES:
                raise _Stop(f"packing is damaged in more than {_MOST_DAMAGES:,} places; the rest is not read") from None
            yield _DAMAGE
            out, ended = b"", True
            at = block.find(_GZIP, 1 if fresh else 0)
            rest = block[at:] if at >= 0 else b""
        else:
            if ended:
                rest = unpacker.unused_data
                at = rest.find(_GZIP)
                rest = rest[at:] if at >= 0 else b""
        if out:
            yield out
        fresh = ended
        if ended:
            unpacker = zlib.decompressobj(31)
            block = rest or _next_member(file)
        else:
            block = rest or file.read(_STEP)
    if not fresh and not unpacker.eof:
        yield unpacker.flush()


def _next_member(file: BinaryIO) -> bytes:
    """Read on to where the next member begins."""
    kept = b""
    while more := file.read(_BLOCK):
        kept += more
        at = kept.find(_GZIP)
        if at >= 0:
            return kept[at:]
        kept = kept[-2:]
    return b""
