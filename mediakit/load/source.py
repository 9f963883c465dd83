"""One input file: its bytes, and its text with the encoding it was found to have.

Encodings are tried in a fixed order, so that the same bytes always give the same text: byte order mark, the encoding
the file declares (HTML, XML), UTF-8, UTF-8 with a few broken bytes, Windows-1252, statistical detection.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from mediakit.load.zipped import BROKEN_ZIP, Entry, read_directory

SNIFFED_BYTES = 65_536
LONGEST_LINE = 5_000_000  # characters; no article is longer, and measures would take minutes on one such sentence

_MAGIC = (
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"), (b"\x1f\x8b", "a gzip archive"), (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"), (b"\xd0\xcf\x11\xe0", "an old Office document"), (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"), (b"RIFF", "a sound, picture or film"), (b"OggS", "a sound or film"),
    (b"SQLite format 3", "a SQLite database"),
)  # fmt: skip
_CONTROLS = bytes(byte for byte in range(32) if byte not in (9, 10, 11, 12, 13, 27))
_CONTAINERS = (b"PAR1", b"PK\x03\x04")  # Parquet; zip, which .xlsx and .docx files are
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset\s*=|encoding\s*=)\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)


class UnreadableFile(ValueError):
    """Raised by readers for a file they cannot read; the message becomes the reason in the ledger."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file, the encoding that gave it, and what had to be mended on the way."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


@dataclass
class Source:
    """One input file, read once and only when asked for.

    `name` is the path relative to the folder that was loaded, with forward slashes; it goes into tables and messages.
    """

    path: Path
    name: str
    encoding: str | None = None
    mend: bool = False
    kept: bool = False  # the bytes are no file of their own

    @classmethod
    def of_bytes(cls, name: str, data: bytes, *, encoding: str | None = None, mend: bool = False) -> Source:
        """Make a source of bytes that are no file of their own, such as a file inside an archive.

        Examples
        --------
        >>> Source.of_bytes("press.zip/talks.txt", b"Talks resume").text
        'Talks resume'
        """
        made = cls(Path(name), name, encoding, mend, kept=True)
        made.__dict__.update(data=data, head=data[:SNIFFED_BYTES], size=len(data))
        return made

    def open(self) -> BinaryIO:
        """Open the bytes for reading piece by piece."""
        return io.BytesIO(self.data) if "data" in self.__dict__ else self.path.open("rb")

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The entries of a zip archive (.docx and .xlsx are such) by name; none for other files and broken archives."""
        if not self.head.startswith(b"PK\x03\x04"):
            return {}
        try:
            with self.open() as file:
                return read_directory(file)
        except BROKEN_ZIP:
            return {}

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.path.read_bytes()

    @cached_property
    def head(self) -> bytes:
        """The first 64 kB, for sniffing."""
        with self.path.open("rb") as file:
            return file.read(SNIFFED_BYTES)

    @cached_property
    def size(self) -> int:
        """Length in bytes."""
        return self.path.stat().st_size

    @property
    def suffix(self) -> str:
        """The extension in lower case; a hint only, content decides."""
        return self.path.suffix.lower()

    @cached_property
    def binary(self) -> str | None:
        """What kind of binary file this is, or None for text (and for containers that a reader may open)."""
        if any(self.head.startswith(mark) for mark, _ in _BOMS):
            return None
        if self.head.startswith(_CONTAINERS):
            return None
        for magic, kind in _MAGIC:
            if self.head.startswith(magic):
                return kind
        # Control characters other than tab, line ends, form feed and escape do not occur in text; a few NULs do.
        controls = len(self.head) - len(self.head.translate(None, _CONTROLS))
        if _utf16_without_mark(self.head):
            return None
        return "a binary file" if self.head and controls / len(self.head) > 0.02 else None

    @cached_property
    def decoded(self) -> Decoded:
        """The text of the file.

        Raises
        ------
        UnreadableFile
            When the file is empty, binary, or not text in the encoding that was demanded.
        """
        if self.size == 0:
            raise UnreadableFile("the file is empty (0 bytes)")
        if self.binary or self.head.startswith(_CONTAINERS):
            raise UnreadableFile(f"not text: {self.binary or 'a zip or Parquet file'}")
        decoded = decode(self.data, encoding=self.encoding)
        if not self.kept:
            del self.__dict__["data"]  # the file itself can be read again
        if not decoded.text or decoded.text.isspace():
            raise UnreadableFile("the file holds only white space")
        return mend_mojibake(decoded) if self.mend else decoded

    @property
    def text(self) -> str:
        """The text of the file (see `decoded`)."""
        return self.decoded.text

    def take_text(self) -> str:
        """Return the text and let go of it, so that a reader which cuts it up does not hold a large file twice."""
        decoded = self.decoded
        self.__dict__["taken"] = Decoded("", decoded.encoding, decoded.notes)
        del self.__dict__["decoded"]
        return decoded.text

    @property
    def decoding(self) -> Decoded | None:
        """How the text was decoded (its `text` may be gone, see `take_text`); None when nobody asked for it."""
        return self.__dict__.get("decoded") or self.__dict__.get("taken")

    @cached_property
    def sample(self) -> str:
        """The beginning of the text, for sniffing; empty for a binary or empty file and for containers."""
        if self.binary or not self.head or self.head.startswith(_CONTAINERS):
            return ""
        head = self.head
        if len(head) == SNIFFED_BYTES:  # cut at a line's end, so as not to halve a character; else after a blank or tag
            end = head.rfind(b"\n") + 1
            if end < SNIFFED_BYTES // 2:
                end = max(end, head.rfind(b" ") + 1, head.rfind(b">") + 1)
            head = head[:end] or head
        return decode(head, encoding=self.encoding).text

    @cached_property
    def small_sample(self) -> str:
        """The same in lower case, for words that several readers look for."""
        return self.sample.lower()


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """Turn bytes into text, saying which encoding was used and what was mended.

    Parameters
    ----------
    data : bytes
    encoding : name of an encoding, optional
        Use this one and no other; bytes that do not fit become U+FFFD and are counted in the notes.

    Returns
    -------
    Decoded

    Examples
    --------
    >>> decode("Zoë said “no”".encode("cp1252")).encoding
    'cp1252'
    """
    if encoding is not None:
        try:
            text = data.decode(encoding, errors="replace")
        except LookupError:
            raise UnreadableFile(f"unknown encoding {encoding!r}") from None
        return _without_nuls(text, encoding, _replaced(text))
    for mark, name in _BOMS:
        if data.startswith(mark):
            text = data.decode(name, errors="replace")
            return _without_nuls(text, name, _replaced(text))
    if _utf16_without_mark(data[:SNIFFED_BYTES]):
        name = "utf-16-le" if data[1::2][:500].count(0) > data[::2][:500].count(0) else "utf-16-be"
        text = data.decode(name, errors="replace")
        return _without_nuls(text, name, (*_replaced(text), "no byte order mark"))
    try:
        return _without_nuls(data.decode("utf-8"), "utf-8", ())
    except UnicodeDecodeError as error:
        broken = error.start
    declared = _declared_encoding(data[:4096])
    if declared and declared not in ("utf-8", "utf8"):
        try:
            return _without_nuls(data.decode(declared), declared, ())
        except (UnicodeDecodeError, LookupError):
            pass
    text = data.decode("utf-8", errors="replace")
    bad, beyond = text.count("\ufffd"), sum(1 for char in text if char > "\x7f")
    if beyond > 4 * bad:  # mostly good UTF-8 with some damage, not another encoding
        return _without_nuls(text, "utf-8", (f"{bad} invalid bytes replaced by U+FFFD, the first at byte {broken}",))
    high = sum(1 for byte in data[:SNIFFED_BYTES] if byte > 0x7F) / max(1, len(data[:SNIFFED_BYTES]))
    if high < 0.2 or len(data) < 100:  # western text has few accents; more high bytes mean another alphabet
        try:
            return _without_nuls(data.decode("cp1252"), "cp1252", ())
        except UnicodeDecodeError:
            pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SNIFFED_BYTES]).best()
    name = best.encoding if best else "cp1252"
    text = data.decode(name, errors="replace")
    return _without_nuls(text, name, (*_replaced(text), "encoding guessed from the bytes"))


def mend_mojibake(decoded: Decoded) -> Decoded:
    """Mend text that was decoded wrongly before it was saved ("â€œ" for a quotation mark), with ftfy.

    The notes say how many lines changed. Needs the extra `mojibake`.
    """
    try:
        import ftfy
    except ImportError:
        from mediakit.errors import need_extra

        raise need_extra("ftfy", "mojibake", "Mending mojibake (mend=True)") from None
    # Only the encoding is mended: quotes, line ends and widths stay as printed.
    options = ftfy.TextFixerConfig(
        uncurl_quotes=False, fix_line_breaks=False, fix_character_width=False, fix_latin_ligatures=False,
        unescape_html=False, remove_control_chars=False, remove_terminal_escapes=False, normalization=None,
    )  # fmt: skip
    lines = decoded.text.splitlines(keepends=True)
    mended = [ftfy.fix_encoding(line, options) for line in lines]
    changed = [number for number, (old, new) in enumerate(zip(lines, mended, strict=True), start=1) if old != new]
    if not changed:
        return decoded
    note = f"mojibake mended with ftfy in {len(changed)} lines, the first is line {changed[0]}"
    return Decoded("".join(mended), decoded.encoding, (*decoded.notes, note))


def _without_nuls(text: str, encoding: str, notes: tuple[str, ...]) -> Decoded:
    nuls = text.count("\0")
    if nuls:  # a space keeps every offset where it was
        notes = (*notes, f"{nuls} NUL characters read as spaces, the first at character {text.index(chr(0))}")
        text = text.replace("\0", " ")
    return Decoded(text, encoding, notes)


def _replaced(text: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    return (f"{count} characters could not be decoded, the first at {text.index(chr(0xFFFD))}",) if count else ()


def _declared_encoding(head: bytes) -> str | None:
    found = _DECLARED.search(head)
    return found.group(1).decode("ascii", "ignore").lower() if found else None


def _utf16_without_mark(head: bytes) -> bool:
    even, odd = head[:4000:2], head[1:4000:2]
    if len(odd) < 8:
        return False
    shares = even.count(0) / len(even), odd.count(0) / len(odd)
    return max(shares) > 0.4 and min(shares) < 0.05
