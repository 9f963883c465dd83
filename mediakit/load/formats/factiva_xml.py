"""Factiva in XML, as the older interfaces for programs deliver it: one element `article` for each."""

from __future__ import annotations

from typing import Any

from mediakit.load.factiva import language_code
from mediakit.load.fields import read_time
from mediakit.load.ledger import Part, Reading
from mediakit.load.markup import element_text, parse_xml
from mediakit.load.nexis import read_length
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.terms import Term, join_terms

_TEXT = ("leadParagraph", "tailParagraphs")
_TERMS = {
    "region": "place", "newsSubject": "subject", "industry": "industry", "company": "company", "descField": "keyword",
}  # fmt: skip
_MARKS = ("ppsarticle", "ppsArticleResponse", "global.factiva.com", "accessionNo")


def sniff(source: Source) -> Sniffed:
    """Recognise XML from Factiva by its element names."""
    sample = source.sample[:20_000]
    if not sample.lstrip("\ufeff \r\n\t").startswith("<") or "<html" in sample[:500].lower():
        return 0.0, ""
    found = [mark for mark in _MARKS if mark in sample]
    return (0.99, f"elements of Factiva ({', '.join(found)})") if len(found) >= 2 else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read XML from Factiva."""
    tree = parse_xml(source.data if source.encoding is None else source.text)
    nodes = [node for node in tree.iter() if _name(node) == "article" and node.find(".//{*}headline") is not None]
    nodes = nodes or [node for node in tree.iter() if _name(node) == "article"]
    if not nodes:
        raise UnreadableFile("XML from Factiva without an article in it")
    reading = Reading(unit="record", length=len(nodes))
    declared = next((node.get("count") for node in tree.iter() if _name(node).lower() == "ppsarticleresultset"), None)
    reading.declared = int(declared) if declared and declared.isdigit() else None
    for number, node in enumerate(nodes):
        record = _read_article(node)
        if record["headline"] or record["text"]:
            shown = str(record["headline"] or record["text"])[:80]
            reading.parts.append(Part("article", number, number + 1, len(reading.articles), "", shown))
            reading.articles.append(record)
        else:
            why = f"record {number}: neither headline nor text ({element_text(node)[:60]})"
            reading.parts.append(Part("skipped", number, number + 1, None, why))
    return reading


def _read_article(node: Any) -> dict[str, Any]:
    moment = _first(node, "publicationDate") or ""
    text = [words for name in _TEXT for part in _all(node, name) for words in _paragraphs(part)]
    terms: list[Term] = []
    for name, scheme in _TERMS.items():
        for found in _all(node, name):
            label = _first(found, "name") or element_text(found)
            if label:
                terms.append((scheme, label, found.get("code"), None))
    return {
        "headline": _first(node, "headline"),
        "text": "\n\n".join(text) or None,
        "outlet": _first(node, "sourceName"),
        "byline": _first(node, "byline"),
        "credit": _first(node, "credit"),
        "date_raw": moment or None,
        "time": read_time(moment),
        "section": _first(node, "sectionName") or _first(node, "columnName"),
        "edition": _first(node, "edition"),
        "page": _first(node, "pages") or _first(node, "page"),
        "volume": _first(node, "volume"),
        "language": language_code(_first(node, "baseLanguage")),
        "declared_words": read_length(_first(node, "wordCount") or ""),
        "vendor_id": _first(node, "accessionNo"),
        "source_code": _first(node, "sourceCode"),
        "publisher": _first(node, "publisherName"),
        "notes": _first(node, "notes"),
        "correction": _first(node, "corrections"),
        "graphic": _first(node, "artWork"),
        "terms": join_terms(terms),
    }


def _paragraphs(node: Any) -> list[str]:
    found = [element_text(paragraph) for paragraph in _all(node, "paragraph")]
    return [text for text in found or [element_text(node)] if text]


def _first(node: Any, name: str) -> str | None:
    return next((text for found in _all(node, name) if (text := element_text(found))), None)


def _all(node: Any, name: str) -> list[Any]:
    return [found for found in node.iter() if found is not node and _name(found) == name]


def _name(node: Any) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


READER = Reader("factiva-xml", sniff, read, "Factiva, XML")
