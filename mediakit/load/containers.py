"""Archives: the files inside zip, gzip, bzip2, xz and tar, read from memory one after the other.

Nothing is written to disk, so a name inside an archive is a label and never a path. Archives that unpack to far more
than they hold, that are encrypted, or that lie inside too many others are named in the ledger and not opened.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from mediakit.load.source import Source, UnreadableFile
from mediakit.load.zipped import BROKEN_ZIP

LARGEST_FILE = 1_000_000_000  # bytes that one file in an archive may unpack to
LARGEST_ARCHIVE = 20_000_000_000  # bytes that all files of an archive may unpack to
LARGEST_RATIO = 200  # times its packed size, once it is more than a few megabytes; text packs 3 to 15 times
_SMALL = 20_000_000
_DEEPEST = 3  # archives in archives
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/container.xml")  # documents that are zip archives themselves
_PACKED: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
_BROKEN = (*BROKEN_ZIP, tarfile.TarError, lzma.LZMAError, zlib.error)
_STREAMED = (b"WARC/", b"filedesc:")  # web archives, which are read record by record

Member = Source | tuple[str, str]  # a file inside, or the name of one that is not read and the reason


def is_archive(source: Source) -> bool:
    """Whether a file is an archive of files (and not a document in a zip file, or a web archive).

    Examples
    --------
    >>> import gzip
    >>> is_archive(Source.of_bytes("page.html.gz", gzip.compress(b"<html>")))
    True
    >>> is_archive(Source.of_bytes("page.html", b"<html>"))
    False
    """
    if source.head.startswith(b"PK\x03\x04"):
        return bool(source.entries) and not any(name in source.entries for name in _OFFICE)
    if _is_tar(source.head):
        return True
    return _packer(source) is not None and not _first_bytes(source).startswith(_STREAMED)


def open_archive(source: Source, *, depth: int = 1) -> Iterator[Member]:
    """Yield the files of an archive in the order of their names, and what had to be left closed with the reason.

    Raises
    ------
    UnreadableFile
        When the archive itself cannot be read.
    """
    if depth > _DEEPEST:
        raise UnreadableFile(f"an archive inside {_DEEPEST} others; unpack it and load the folder")
    if source.head.startswith(b"PK\x03\x04"):
        members = _zipped(source)
    elif _is_tar(source.head):
        members = _tarred(io.BytesIO(source.data), source)
    else:
        members = _packed(source)
    for member in members:
        if isinstance(member, Source) and is_archive(member):
            try:
                yield from open_archive(member, depth=depth + 1)
            except UnreadableFile as error:
                yield member.name, str(error)
        else:
            yield member


def _zipped(source: Source) -> Iterator[Member]:
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            total = 0
            for item in sorted(archive.infolist(), key=lambda item: item.filename):
                if item.is_dir():
                    continue
                name = f"{source.name}/{item.filename}"
                total += item.file_size
                reason = _refuse(item.filename, item.file_size, item.compress_size, total)
                if item.flag_bits & 1:
                    reason = "encrypted; unpack the archive with its password and load the folder"
                if reason:
                    yield name, reason
                    continue
                try:
                    with archive.open(item) as opened:
                        data = _bounded(opened.read(item.file_size + 1), item.file_size)
                except _BROKEN as error:
                    yield name, f"damaged in the archive: {error}"
                    continue
                yield _member(source, name, data)
    except BROKEN_ZIP as error:
        raise UnreadableFile(f"a broken zip archive: {error}") from None


def _tarred(file: io.BytesIO, source: Source) -> Iterator[Member]:
    total = 0
    try:
        with tarfile.open(fileobj=file) as archive:
            items = sorted((item for item in archive.getmembers() if not item.isdir()), key=lambda item: item.name)
            for item in items:
                name = f"{source.name}/{item.name}"
                total += item.size
                reason = _refuse(item.name, item.size, item.size, total)
                if not item.isfile():
                    reason = "not a plain file (a link or a device); not followed"
                if reason:
                    yield name, reason
                    continue
                opened = archive.extractfile(item)
                yield _member(source, name, opened.read() if opened else b"")
    except _BROKEN as error:
        raise UnreadableFile(f"a broken tar archive: {error}") from None


def _packed(source: Source) -> Iterator[Member]:
    packer = _packer(source)
    limit = min(LARGEST_FILE, max(_SMALL, LARGEST_RATIO * source.size))
    try:
        with source.open() as file, packer(file) as opened:
            data = opened.read(limit + 1)
    except _BROKEN as error:
        raise UnreadableFile(f"a broken archive: {error}") from None
    if len(data) > limit:
        raise UnreadableFile(f"unpacks to more than {limit:,} bytes, {limit // max(1, source.size)} times its size")
    if _is_tar(data[:512]):
        yield from _tarred(io.BytesIO(data), source)
    else:
        yield _member(source, source.name, data)


def _member(source: Source, name: str, data: bytes) -> Source:
    inner = name.removesuffix(".gz").removesuffix(".bz2").removesuffix(".xz")
    made = Source.of_bytes(name, data, encoding=source.encoding, mend=source.mend)
    made.path = type(made.path)(inner)
    return made


def _bounded(data: bytes, declared: int) -> bytes:
    if len(data) > declared:
        raise ValueError("longer than the archive says")
    return data


def _refuse(name: str, size: int, packed: int, total: int) -> str:
    if PurePosixPath(name.replace("\\", "/")).is_absolute() or ".." in name.replace("\\", "/").split("/"):
        return "its name points outside the archive"
    if ":" in name.split("/")[0] and len(name.split(":")[0]) == 1:
        return "its name points outside the archive"
    if size > LARGEST_FILE:
        return f"unpacks to {size:,} bytes; more than {LARGEST_FILE:,} are not read from an archive"
    if size > _SMALL and size > LARGEST_RATIO * max(1, packed):
        return f"unpacks to {size // max(1, packed):,} times its size, as no text does"
    return f"the archive unpacks to more than {LARGEST_ARCHIVE:,} bytes" if total > LARGEST_ARCHIVE else ""


def _packer(source: Source) -> Any:
    """Return the function that opens a packed file, or None."""
    return next((packer for magic, packer in _PACKED.items() if source.head.startswith(magic)), None)


def _first_bytes(source: Source) -> bytes:
    packer = _packer(source)
    try:
        with source.open() as file, packer(file) as opened:
            return bytes(opened.read(64))
    except _BROKEN:
        return b""


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"
