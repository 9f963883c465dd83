"""What a zip archive holds, and one entry of it: Word documents have hundreds of entries of which one is read.

The directory of an archive is read in one go where it is as all programs write it; everything else is left to Python's
`zipfile`, which knows the old, the large and the damaged ones.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from typing import BinaryIO, NamedTuple

# What the zip library raises for broken archives; unknown features are RuntimeErrors.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError, RuntimeError)

_ENTRY = struct.Struct("<4s2xBx2H4x3L3H8xL")  # as APPNOTE.TXT 4.3.12 has it, without what is not needed
_END = struct.Struct("<4s4H2LH")  # 4.3.16
_LOCATOR = 20  # bytes before the end that say where the end of a large archive is
_NEWEST = 63  # the version of the format that `zipfile` can read
_LARGE = 0xFFFFFFFF


class Entry(NamedTuple):
    """One entry of an archive, as its directory describes it."""

    filename: str
    flag_bits: int
    compress_type: int
    crc: int
    compress_size: int
    file_size: int
    header_offset: int


def read_directory(file: BinaryIO) -> dict[str, Entry]:
    """Return the entries of a zip archive by name.

    Raises
    ------
    BadZipFile, or another of BROKEN_ZIP
        When the directory is damaged.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> with zipfile.ZipFile(file, "w") as archive:
    ...     archive.writestr("word/document.xml", "<w:document/>")
    >>> [(name, entry.file_size) for name, entry in read_directory(file).items()]
    [('word/document.xml', 13)]
    """
    found = _read_plain(file)
    if found is not None:
        return found
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        return {
            item.filename: Entry(
                item.filename, item.flag_bits, item.compress_type, item.CRC,
                item.compress_size, item.file_size, item.header_offset,
            )
            for item in archive.infolist()
        }  # fmt: skip


def _read_plain(file: BinaryIO) -> dict[str, Entry] | None:
    """Read a directory that lies right before the end of the file; None where anything about it is unusual."""
    size = file.seek(0, os.SEEK_END)
    if size < _END.size + _LOCATOR:
        return None
    file.seek(size - _END.size - _LOCATOR)
    tail = file.read()
    mark, disk, first_disk, _, _, length, start, comment = _END.unpack(tail[_LOCATOR:])
    unusual = mark != b"PK\x05\x06" or comment or disk or first_disk or tail.startswith(b"PK\x06\x07")
    if unusual or start + length + _END.size != size:
        return None
    file.seek(start)
    directory = file.read(length)
    found: dict[str, Entry] = {}
    at = 0
    while at < length:
        if at + _ENTRY.size > length:
            return None
        fields = _ENTRY.unpack_from(directory, at)
        mark, needed, flags, method, crc, packed, unpacked, name_length, extra, remark, offset = fields
        at += _ENTRY.size
        name = directory[at : at + name_length].decode("latin-1")
        at += name_length + remark
        plain = name.isascii() and "\0" not in name and "\\" not in name
        if mark != b"PK\x01\x02" or extra or not plain or needed > _NEWEST or _LARGE in (packed, unpacked, offset):
            return None
        found[name] = Entry(name, flags, method, crc, packed, unpacked, offset)
    return found if at == length else None


def read_entry(file: BinaryIO, item: Entry) -> bytes:
    """Read one entry of a zip archive whose directory is known.

    Raises
    ------
    BadZipFile
        When the entry is damaged, encrypted, or packed in a way other than zip's own.
    """
    file.seek(item.header_offset)
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04" or item.flag_bits & 1:
        raise zipfile.BadZipFile("damaged or encrypted entry")
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    packed = file.read(item.compress_size)
    if item.compress_type == zipfile.ZIP_STORED:
        data = packed
    elif item.compress_type == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-15).decompress(packed, item.file_size + 1)
    else:
        raise zipfile.BadZipFile(f"compression method {item.compress_type}")
    if len(data) != item.file_size or zlib.crc32(data) != item.crc:
        raise zipfile.BadZipFile(f"bad CRC-32 for {item.filename!r}")
    return data
