"""BibTeX and BibLaTeX: references as Zotero, ProQuest and others export them. Needs the extra `refs` (bibtexparser)."""

from __future__ import annotations

import logging
import re
from typing import Any

from mediakit.errors import need_extra
from mediakit.load.blocks import Blocks
from mediakit.load.ledger import Reading
from mediakit.load.proquest import bare_url
from mediakit.load.references import describe, make_reference, natural_name
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile

_ENTRY = re.compile(
    r"^\ufeff?[ \t]*@(?:article|online|misc|book|inproceedings|incollection|inbook|newspaper|webpage|electronic|www"
    r"|periodical|techreport|report|unpublished|phdthesis|mastersthesis|thesis|proceedings|booklet|collection|dataset|video|audio)\s*[{(]"
    r"\s*[^\s,={}()]{0,200}\s*,",
    re.I | re.M,
)
_FIELD = re.compile(r"""^[ \t]*[A-Za-z_+-]{2,30}\s*=\s*[{"\d A-Za-z]""", re.M)
_OUTLETS = (
    "journaltitle",
    "journal",
    "newspaper",
    "maintitle",
    "booktitle",
    "howpublished",
    "organization",
    "eprinttype",
)
# Names that the package babel has for variants; the plain names of languages are known elsewhere.
_BABEL = {
    **dict.fromkeys(("american", "australian", "british", "canadian", "newzealand", "ukenglish", "usenglish"), "en"),
    **dict.fromkeys(("ngerman", "austrian", "naustrian", "swissgerman", "nswissgerman"), "de"),
    **dict.fromkeys(("canadien", "acadian", "francais"), "fr"),
    **dict.fromkeys(("brazilian", "brazil", "portuges"), "pt"),
    "mexican": "es", "nynorsk": "no", "norsk": "no",
}  # fmt: skip
_SPLIT = re.compile(r"\s+and\s+", re.I)


def sniff(source: Source) -> Sniffed:
    """Recognise BibTeX by an entry and the fields in it."""
    sample = source.sample[:30_000]
    if "@" not in sample or sample.lstrip("\ufeff \r\n")[:1] in "<{[":
        return 0.0, ""
    found = _ENTRY.search(sample)
    if not found or found.start() > 20_000 or not _FIELD.search(sample.replace(",", ",\n"), found.start()):
        return 0.0, ""
    return 0.99, "BibTeX entries"


def read(source: Source, options: Options) -> Reading:
    """Read BibTeX, one article an entry."""
    try:
        import bibtexparser
        from bibtexparser import model
    except ImportError:
        raise need_extra("bibtexparser", "refs", "Reading BibTeX files") from None
    text = source.text
    logger = logging.getLogger("bibtexparser")
    quiet, logger.disabled = logger.disabled, True  # what it warns of goes into the ledger
    splitter = logging.getLogger("bibtexparser.splitter")
    silent, splitter.disabled = splitter.disabled, True
    try:
        library = bibtexparser.parse_string(text)
    except RecursionError:
        raise UnreadableFile("BibTeX nested too deeply") from None
    except Exception as error:  # noqa: BLE001 the parser asks its users to report what it did not foresee
        raise UnreadableFile(f"broken BibTeX: {type(error).__name__}: {error}") from None
    finally:
        logger.disabled, splitter.disabled = quiet, silent
    pieces: list[str] = []
    marks: list[tuple[int, str, int | None, str]] = []
    records: list[dict[str, Any]] = []
    at = 0
    for block in library.blocks:
        raw = block.raw or ""
        start = text.find(raw, at) if raw else -1
        if start < 0:
            continue
        if start > at:
            pieces.append(text[at:start])
        at = start + len(raw)
        pieces.append(raw)
        kind, note, record = _read_block(block, model)
        position = None
        if record is not None:
            position = len(records)
            records.append(record)
        marks.append((len(pieces) - 1, kind, position, note))
    if at < len(text):
        pieces.append(text[at:])
    blocks = Blocks(pieces, unit="character", joint=0)
    for index, kind, position, note in marks:
        blocks.mark(index, kind, position, note)
    return blocks.reading(records, notes=describe(records))


def _read_block(block: Any, model: Any) -> tuple[str, str, dict[str, Any] | None]:
    """Return what a block is, a note, and the record of an entry."""
    note = ""
    if isinstance(block, model.String | model.Preamble):
        return "header", "abbreviation" if isinstance(block, model.String) else "preamble", None
    if isinstance(block, model.ExplicitComment | model.ImplicitComment):
        return "header", "comment", None
    if isinstance(block, model.ParsingFailedBlock):
        inner = getattr(block, "ignore_error_block", None)
        reason = " ".join(str(getattr(block.error, "abort_reason", "") or block.error or "broken").split())
        if not isinstance(inner, model.Entry):
            return "skipped", f"line {(block.start_line or 0) + 1}: {reason[:200]}", None
        block, note = inner, reason.split(". Note")[0][:200]
    fields: dict[str, str] = {}
    for one in block.fields:
        fields.setdefault(str(one.key).casefold(), str(one.value))
    record = _make_record(str(block.entry_type), str(block.key), fields)
    if not record["headline"]:
        return "skipped", f"line {(block.start_line or 0) + 1}: neither title nor text", None
    return "article", note or ("" if record["text"] else "without text"), record


def _make_record(kind: str, key: str, fields: dict[str, str]) -> dict[str, Any]:
    subtype = plain(fields.get("entrysubtype"))
    title = ": ".join(filter(None, (plain(fields.get("title")), plain(fields.get("subtitle"))))) or None
    year, month, day = (plain(fields.get(name)) for name in ("year", "month", "day"))
    month = re.sub(r"[#\"~\s]+", " ", month).strip() if month else None
    named = f"{day} {month} {year}" if day and month and not month.isdigit() and not re.search(r"\d", month) else None
    if month and year and re.search(r"\d", month) and not month.isdigit():  # month = jul # "~4"
        named = f"{month} {year}"
    numeric = (
        "-".join(part.zfill(2) for part in (year, month, day) if part) if month and month.isdigit() and year else None
    )
    url = (fields.get("url") or "").strip("{}<> ").replace("\\", "") or None
    tongue = plain(fields.get("langid") or fields.get("language")) or ""
    words = re.split(r"[,;]", plain(fields.get("keywords")) or "")
    names = [_name(name) for name in _SPLIT.split(_joined(fields.get("author") or ""))]
    return make_reference(
        item_type=f"{kind}/{subtype}" if subtype else kind,
        title=title,
        names=[name for name in names if name and name.casefold() != "others"],
        dates=[plain(fields.get("date")), named, numeric, f"{month} {year}" if month and year else None, year],
        abstract=latex_text(fields.get("abstract")),
        keywords=[("keyword", word.strip(), None, None) for word in words if word.strip()],
        outlet=next(
            (plain(fields.get(name)) for name in _OUTLETS if name in fields and "\\url" not in fields[name]), None
        ),
        section=plain(fields.get("journalsubtitle") or fields.get("section")),
        page=(plain(fields.get("pages")) or "").replace("--", "-"),
        edition=plain(fields.get("edition")),
        publication_place=plain(fields.get("location") or fields.get("address")),
        publisher=plain(fields.get("publisher")),
        url=(bare_url(url) if "proquest" in url else url) if url else None,
        language=_BABEL.get(tongue.casefold(), tongue) or None,
        vendor_id=key or None,
        doi=plain(fields.get("doi")),
        issn=plain(fields.get("issn")),
        accessed=plain(fields.get("urldate")),
        notes=plain(fields.get("note")),
        issue=", ".join(filter(None, (plain(fields.get("volume")), plain(fields.get("number"))))) or None,
    )


def _joined(text: str) -> str:
    """Hide "and" within braces: {Example Press and Sons} is one name."""
    return re.sub(r"\{([^{}]*)\}", lambda found: "{" + re.sub(r"\s+and\s+", " \ue000 ", found[1]) + "}", text)


def _name(text: str) -> str:
    whole = re.fullmatch(r"\s*\{.*\}\s*", text, re.S) is not None
    name = (plain(text) or "").replace("\ue000", "and")
    extended = re.findall(r"(family|given|prefix|suffix)\s*=\s*\"?([^,\"]+)", name)
    if extended:  # {family=Ruiz, given=Ana}
        parts = dict(extended)
        return " ".join(parts[part].strip() for part in ("given", "prefix", "family") if part in parts)
    return name if whole else natural_name(name)


def plain(text: str | None) -> str | None:
    """Return a field on one line, without TeX's commands and braces."""
    found = latex_text(text)
    return " ".join(found.split()) or None if found else None


def latex_text(text: str | None) -> str | None:
    r"""Turn TeX's accents and commands into characters and take the braces off.

    Examples
    --------
    >>> latex_text(r"{{USA}} and \'{e}t{\'e}: 10% \& more")
    'USA and été: 10% & more'
    """
    if not text or not text.strip():
        return None
    if "\\" in text:
        from pylatexenc.latex2text import LatexNodes2Text

        # A bare % would begin a comment and take the rest along; a bare $ would begin a formula.
        safe = re.sub(r"(?<!\\)([%$#&_^])", r"\\\1", text[:200_000])
        try:
            text = LatexNodes2Text(math_mode="verbatim", keep_comments=True).latex_to_text(safe) + text[200_000:]
        except Exception:  # noqa: BLE001 broken TeX stays as it is
            text = text.replace("\\", "")
    return re.sub(r"[{}]", "", text).replace("~", " ").strip() or None


READER = Reader("bibtex", sniff, read, "BibTeX and BibLaTeX")
