"""Rich Text Format: the paragraphs of a document, as news databases and word processors write it.

Pictures, embedded objects, styles, headers and footers are passed over. Text is decoded by the font's character set,
raw UTF-8 (which some programs write though RTF knows none) is recognised. Broken files give what comes before the
damage.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mediakit.load.source import UnreadableFile

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)", re.S
)
_HIDDEN = frozenset((
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"objdata", b"header", b"headerl", b"headerr",
    b"headerf", b"footer", b"footerl", b"footerr", b"footerf", b"fldinst", b"themedata", b"datastore", b"listtable",
    b"listoverridetable", b"rsidtbl", b"generator", b"bkmkstart", b"bkmkend", b"xmlnstbl", b"latentstyles", b"filetbl",
    b"revtbl", b"pgptbl", b"nonshppict", b"annotation", b"atnid", b"atnauthor", b"comment", b"xe", b"tc", b"private",
    b"colorschememapping", b"mmathPr", b"shpinst", b"panose", b"falt", b"pntext", b"pntxta", b"pntxtb", b"footnote",
))  # fmt: skip
_SYMBOLS = {
    b"emdash": "\u2014", b"endash": "\u2013", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c",
    b"rdblquote": "\u201d", b"bullet": "\u2022", b"tab": "\t", b"cell": "\t", b"line": "\n", b"emspace": " ",
    b"enspace": " ", b"qmspace": " ", b"zwj": "\u200d", b"zwnj": "\u200c", b"ltrmark": "\u200e", b"rtlmark": "\u200f",
}  # fmt: skip
_BREAKS = frozenset((b"par", b"row", b"sect", b"page", b"nestrow"))
# \fcharset -> Windows code page; 77 is Macintosh, 128 Japanese, 134 and 136 Chinese, 129 Korean
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_DEEPEST = 10_000


def is_rtf(head: bytes) -> bool:
    r"""Whether a file begins as RTF does.

    Examples
    --------
    >>> is_rtf(rb"{\rtf1\ansi Talks resume}")
    True
    """
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


def rtf_paragraphs(data: bytes) -> list[str]:
    r"""Return the paragraphs of an RTF document in order; empty ones are kept, `\line` is a line end within one.

    Raises
    ------
    UnreadableFile
        When the file is no RTF, or nests its groups beyond all measure.

    Examples
    --------
    >>> rtf_paragraphs(rb"{\rtf1\ansi\ansicpg1252 {\b Talks} resume\par They met in Z\'fcrich\u8212?twice.\par}")
    ['Talks resume', 'They met in Zürich—twice.']
    """
    if not is_rtf(data[:200]):
        raise UnreadableFile("not RTF: the file does not begin with {\\rtf")
    writer = _Writer()
    fonts: dict[int, str] = {}
    default, page, hidden, skip = "cp1252", "cp1252", False, 1
    stack: list[tuple[str, bool, int]] = []
    in_fonts, font, pending, at = 0, 0, 0, 0
    match: Callable[[bytes, int], re.Match[bytes] | None] = _TOKEN.match
    size = len(data)
    while at < size:
        found = match(data, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        word, number, code, symbol, brace, text = found.groups()
        if text is not None:
            if pending:
                text, pending = text[pending:], max(0, pending - len(text))
            if text and not hidden:
                writer.raw(text, page)
        elif code is not None:
            if pending:
                pending -= 1
            elif not hidden:
                writer.coded(int(code, 16), page)
        elif brace == b"{":
            pending = 0
            stack.append((page, hidden, skip))
            if len(stack) > _DEEPEST:
                raise UnreadableFile(f"RTF groups nested deeper than {_DEEPEST:,}")
        elif brace == b"}":
            pending = 0
            if stack:
                page, hidden, skip = stack.pop()
            if in_fonts > len(stack):
                in_fonts = 0
        elif symbol is not None:
            if symbol == b"*":
                hidden = True  # a destination that readers may pass over; none of them holds text
            elif symbol in (b"\n", b"\r") and not hidden:
                writer.end()
            elif not hidden and symbol in (b"~", b"_", b"\\", b"{", b"}"):
                writer.char({b"~": "\xa0", b"_": "\u2011"}.get(symbol) or symbol.decode("ascii"))
        elif word is not None:
            if word == b"bin":
                at += max(0, int(number or 0))
            elif word == b"u" and number is not None:
                if not hidden:
                    writer.char(_character(int(number)))
                pending = skip
            elif word == b"uc":
                skip = max(0, int(number or 1))
            elif word == b"fonttbl":
                hidden, in_fonts = True, len(stack)
            elif in_fonts:
                if word == b"f":
                    font = int(number or 0)
                elif word == b"fcharset" and int(number or 0) in _CHARSETS:
                    fonts[font] = _CHARSETS[int(number or 0)]
            elif word == b"f":
                page = fonts.get(int(number or 0), default)
            elif word == b"ansicpg":
                default = page = _code_page(number) or default
            elif word == b"mac":
                default = page = "mac_roman"
            elif word == b"plain":
                page = default
            elif word in _HIDDEN:
                hidden = True
            elif not hidden and word in _BREAKS:
                writer.end()
            elif not hidden and word in _SYMBOLS:
                writer.char(_SYMBOLS[word])
    return writer.finish()


class _Writer:
    """Collects bytes and characters into paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.pieces: list[str] = []
        self.bytes = bytearray()
        self.page = "cp1252"
        self.escaped = False

    def raw(self, text: bytes, page: str) -> None:
        if text.isascii() and not self.bytes:
            self.pieces.append(text.decode("ascii"))
            return
        if self.escaped or page != self.page:
            self.flush()
        self.page = page
        self.bytes += text

    def coded(self, byte: int, page: str) -> None:
        if page != self.page or (self.bytes and not self.escaped and not self.bytes.isascii()):
            self.flush()
        self.page, self.escaped = page, True
        self.bytes.append(byte)

    def char(self, char: str) -> None:
        self.flush()
        self.pieces.append(char)

    def flush(self) -> None:
        if not self.bytes:
            return
        data = bytes(self.bytes)
        self.bytes.clear()
        if not self.escaped:
            try:
                self.pieces.append(data.decode("utf-8"))
                return
            except UnicodeDecodeError:
                pass
        self.escaped = False
        self.pieces.append(data.decode(self.page, errors="replace"))

    def end(self) -> None:
        self.flush()
        self.paragraphs.append("".join(self.pieces))
        self.pieces.clear()

    def finish(self) -> list[str]:
        self.flush()
        if self.pieces:
            self.end()
        # Halves of characters beyond the basic plane come as two \u.
        return [
            text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALF.search(text) else text
            for text in self.paragraphs
        ]


_HALF = re.compile("[\ud800-\udfff]")


def _character(number: int) -> str:
    number = number + 65_536 if number < 0 else number
    return chr(number) if 0 < number < 0x110000 else "\ufffd"


def _code_page(number: bytes | None) -> str | None:
    name = f"cp{int(number)}" if number and int(number) > 0 else ""
    name = {"cp65001": "utf-8", "cp10000": "mac_roman"}.get(name, name)
    try:
        "".encode(name)
    except LookupError:
        return None
    return name
