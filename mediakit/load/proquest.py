"""What all exports of ProQuest share: labels in many languages, and the order of the fields around a text.

ProQuest's programs break lines at about the eightieth column and join them again, and now and then a space gets lost or
added there ("Placeof publication"). Labels are therefore compared without spaces.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from mediakit.load.dates import find_date_span

_LABEL = re.compile(r"^\s*([^\W\d_][^:：\n]{0,59}?)\s*[:：]\s*(.*)$", re.S)
_URL = re.compile(r"^\s*https?\s*:\s*//\S+(?:\s+\S+){0,3}\s*$", re.I)
_PROXY = re.compile(r"^https?://[^?#]{1,200}\?(?:q?url|target)=(?=https?(?::|%3A))", re.I)
_CAPTION = re.compile(
    r"^(?:CAPTIONS?|Captions?|CREDITS?|Credits?|PHOTO(?:S|\(S\))?|GRAPHIC|ILLUSTRATION)\s*:|^Illustrations?$"
)
_CREDIT = re.compile(r"^(?:CREDITS?|Credits?)\s*:\s*")
_CORRECTION = re.compile(r"^(?:CORRECTION|Correction|CORRECTED|Berichtigung|Rectificatif|Corrección)\s*:\s*\S")
_COPYRIGHT = re.compile(r"^\(?(?:copyright|\(c\)|©)\s.{0,200}$", re.I)
_FOOTER = re.compile(r"about\.proquest\.com|ProQuest LLC|proquest\.com/info/terms|pqissupportcontact", re.I)

# Fields that stand below the text and nowhere else; they tell where the text ends.
_BELOW = frozenset((
    "publication_title", "publication_date", "publication_year", "publisher", "source_type", "document_type",
    "language", "vendor_id", "url", "modified", "database",
))  # fmt: skip
_ABOVE = frozenset(("author", "publication_info", "abstract", "links", "full_text"))
_KIND = {
    "author": "byline", "abstract": "standfirst", "title": "repeated headline", "publication_title": "outlet",
    "publication_date": "date", "section": "section", "dateline": "place", "copyright": "copyright",
    "credit": "byline",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A paragraph or a group of lines: its blocks, their texts, its label, and what follows the label."""

    blocks: tuple[int, ...]
    lines: tuple[str, ...]
    field: str | None = None
    value: str = ""

    @property
    def text(self) -> str:
        """All lines as one."""
        return " ".join(" ".join(self.lines).split())


@dataclass
class Document:
    """One article as printed: its fields, its text, and what each of its blocks is."""

    fields: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    marks: list[tuple[tuple[int, ...], str, str]] = field(default_factory=list)  # blocks, kind, note
    number: int | None = None
    begins: bool = False  # has a part above the text
    has_text: bool = False
    ends: bool = False  # has the fields below the text

    def add(self, name: str, value: str) -> None:
        """Keep a value; several under one label are joined."""
        value = value.strip()
        if name.startswith("terms:"):
            self.terms.append((name.removeprefix("terms:"), value))
        elif value:
            self.fields[name] = f"{self.fields[name]} {value}" if name in self.fields else value


def find_label(text: str) -> tuple[str, str, str] | None:
    """Split "Placeof publication: Toronto" into the field it means, the label as printed and the rest.

    Examples
    --------
    >>> find_label("ProQuest documentID: 2637393178"), find_label("Answer: no")
    (('vendor_id', 'ProQuest documentID', '2637393178'), None)
    """
    found = _LABEL.match(text)
    if not found:
        return None
    meaning = labels().get(bare(found[1]))
    return (meaning, found[1], found[2].strip()) if meaning else None


def read_document(units: Sequence[Unit]) -> Document:
    """Assign the units of one article: what stands above the text, the text, and the fields below it."""
    found = Document()
    start = next((index for index, unit in enumerate(units) if unit.field == "full_text"), None)
    tail = _find_tail(units, 0 if start is None else start + 1)
    _read_head(found, units[: tail if start is None else start])
    if start is not None:
        found.begins = found.has_text = True
        _read_text(found, units[start:tail])
    _read_tail(found, units[tail:])
    return found


def _find_tail(units: Sequence[Unit], first: int) -> int:
    """Return where the fields below the text begin."""
    anchor = next(
        (
            index for index in range(first, len(units))
            if units[index].field in _BELOW
            and sum(unit.field is not None for unit in units[index + 1 : index + 4]) >= min(2, len(units) - index - 1)
        ),
        None,
    )  # fmt: skip
    last = len(units) if anchor is None else anchor
    start, seen = last, {unit.field for unit in units[last:] if unit.field}
    for index in range(last - 1, first - 1, -1):
        meaning = units[index].field
        if meaning is None or meaning in seen or meaning in _ABOVE:
            break
        seen.add(meaning)
        start = index
    return start


def _read_head(found: Document, units: Sequence[Unit]) -> None:
    """Read title, author, publication line, address and abstract."""
    current: str | None = None
    for unit in units:
        text = unit.text
        if not text:
            continue
        numbered = document_number(text)
        if numbered and "headline" not in found.fields:
            found.number = numbered
            found.marks.append((unit.blocks, "header", "number of the document"))
        elif _URL.match(text) or bare(text) in marks("link"):
            found.begins = True
            found.fields.setdefault("address", bare_url(text) if "//" in text else "")
            found.marks.append((unit.blocks, "metadata", ""))
            current = None if current != "links" else current
        elif unit.field is not None and ("headline" in found.fields or unit.field in _ABOVE or unit.field == "title"):
            found.begins = found.begins or unit.field in _ABOVE
            current = unit.field
            found.add(current, unit.value)
            found.marks.append((unit.blocks, _KIND.get(current, "metadata"), "" if current != "title" else "label"))
        elif current is not None:
            found.add(current, text)
            found.marks.append((unit.blocks, _KIND.get(current, "metadata"), ""))
        elif "headline" not in found.fields:
            found.fields["headline"] = text
            found.marks.append((unit.blocks, "headline", ""))
        elif re.search(r"\[[^\]]+\]", text) or find_date_span(text):  # author, outlet and date in one line, no label
            found.add("publication_info", text)
            found.marks.append((unit.blocks, "metadata", "publication info"))
        else:
            found.fields["headline"] += f" {text}"
            found.marks.append((unit.blocks, "headline", ""))


def _read_text(found: Document, units: Sequence[Unit]) -> None:
    """Read the text; captions and credits at its end, corrections and copyright lines are no part of it."""
    lines: list[tuple[tuple[int, ...], str]] = []
    for number, unit in enumerate(units):
        for position, (index, line) in enumerate(zip(unit.blocks, unit.lines, strict=True)):
            text = unit.value if number == position == 0 else line
            if number == position == 0 and not text.strip():
                found.marks.append(((index,), "metadata", "label of the text"))
            elif text.strip():
                lines.append(((index,), text.strip()))
    if len(lines) == 1 and bare(lines[0][1].rstrip(".")) in marks("none"):
        found.marks.append((lines[0][0], "metadata", "no text"))
        return
    end = next(
        (index for index, (_, text) in enumerate(lines) if _CAPTION.match(text) and _nearly(lines, index)), len(lines)
    )
    for index, (block, text) in enumerate(lines[:end]):
        if _CORRECTION.match(text) and index in (0, end - 1):
            found.add("correction", text.split(":", 1)[1])
            found.marks.append((block, "correction", ""))
        elif index == end - 1 > 0 and _COPYRIGHT.match(text):
            found.add("copyright_line", text)
            found.marks.append((block, "copyright", ""))
        else:
            found.paragraphs += [" ".join(part.split()) for part in text.split("\n") if part.strip()]
            found.marks.append((block, "text", ""))
    for block, text in lines[end:]:
        credit = _CREDIT.match(text)
        found.add("credit" if credit else "caption", text[credit.end() :] if credit else _CAPTION.sub("", text))
        found.marks.append((block, "byline" if credit else "caption", ""))


def _nearly(lines: Sequence[tuple[tuple[int, ...], str]], index: int) -> bool:
    """Whether a caption stands near the end: below it are credits, captions and hardly a line more."""
    rest = [text for _, text in lines[index:]]
    return index > 0 and sum(not _CAPTION.match(text) for text in rest) <= 2 + sum(
        bool(_CAPTION.match(text)) for text in rest
    )


def _read_tail(found: Document, units: Sequence[Unit]) -> None:
    current: str | None = None
    for unit in units:
        if not unit.text:
            continue
        if unit.field is None and _FOOTER.search(unit.text):
            found.marks.append((unit.blocks, "boilerplate", "footer"))
            current = None
            continue
        current = unit.field or current
        if current is None:
            continue
        found.ends = found.ends or current in _BELOW
        value = unit.value if unit.field else unit.text
        found.add(current, value + "".join(f"\n{line}" for line in unit.lines[1:]) if unit.field else value)
        found.marks.append((unit.blocks, _KIND.get(current, "metadata"), ""))


def bare_url(text: str) -> str:
    """Return an address without spaces, the library's proxy before it and the number of its account.

    Examples
    --------
    >>> bare_url("htt ps://proxy.example/login?url=https://www.proquest.com/docview/12345/se-2?accountid=15090")
    'https://www.proquest.com/docview/12345/se-2'
    """
    address = unspaced(text)
    address = _PROXY.sub("", address)
    address = re.sub(r"([?&])accountid=\d+(?:&|$)", r"\1", address).rstrip("?&")
    return address if "://" in address else ""


def is_footer(text: str) -> bool:
    """Whether a text is what ProQuest prints below the last article."""
    return bool(_FOOTER.search(text))


def is_cover(text: str) -> bool:
    """Whether a text begins like the cover, the table of contents or the bibliography that some exports have."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return bare(first.rstrip(":")) in marks("cover")


def bare(text: str) -> str:
    """Return a label in the form in which labels are compared: no spaces, no case."""
    return unspaced(text).casefold()


@cache
def labels() -> dict[str, str]:
    """Return bare label -> field; "terms:subject" and the like for subject terms."""
    data = _data()
    terms = {bare(label): f"terms:{scheme}" for scheme, names in data["terms"].items() for label in names}
    return {**terms, **{bare(label): meaning for meaning, names in data["labels"].items() for label in names}}


@cache
def marks(name: str) -> frozenset[str]:
    """Return the fixed texts of one kind, bare."""
    return frozenset(map(bare, _data()["marks"][name]))


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("mediakit.load.formats").joinpath("proquest.toml").read_text("utf-8"))


@cache
def _numbered() -> re.Pattern[str]:
    words, of = (
        "|".join(map(re.escape, sorted(_data()["marks"][name], key=len, reverse=True))) for name in ("number", "of")
    )
    return re.compile(rf"\s*(?:{words})\s*\d+\s*(?:{of})\s*(\d{{1,6}})\s*", re.I)


def document_number(text: str) -> int | None:
    """Return how many documents "Document 3 of 500" declares."""
    found = _numbered().fullmatch(text) if len(text) < 60 else None
    return int(found[1]) if found else None


def unspaced(text: str) -> str:
    """Return a text without any white space."""
    return "".join(text.split())
