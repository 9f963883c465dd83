"""Sitemaps for news: titles, dates and addresses, no text. Plain sitemaps list addresses and hold no article."""

from __future__ import annotations

import re
from typing import Any

from mediakit.load.elements import attribute, find, find_root, local, parse_items, string
from mediakit.load.fields import read_time
from mediakit.load.gdelt import host_of
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.terms import join_terms

_SHOWN = 3  # addresses named in the reason


def sniff(source: Source) -> Sniffed:
    """Recognise a sitemap by its root element."""
    if "<" not in source.sample[:200]:
        return 0.0, ""
    root, _ = find_root(source.sample)
    return (1.0, "the root of a sitemap") if root in ("urlset", "sitemapindex") else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read a sitemap for news, one article an address that has a title."""
    text = source.text
    items = parse_items(text, ("url", "sitemap"))
    if local(items.tree) == "sitemapindex":
        raise UnreadableFile(
            f"an index of {len(items.elements)} sitemaps: it holds addresses of sitemaps only, no article"
        )
    reading = Reading(unit="record", length=len(items.elements))
    for number, element in enumerate(items.elements):
        record = None if element is None else _make_record(element)
        if record is not None:
            part = Part("article", number, number + 1, len(reading.articles), "without text", record["headline"])
            reading.articles.append(record)
        else:
            shown = "" if element is None else string(element, "loc") or ""
            why = "lost in broken XML" if element is None else "an address without a title"
            part = Part("skipped", number, number + 1, None, f"entry {number}: {why}", shown)
        reading.parts.append(part)
    if not reading.articles:
        first = ", ".join(part.excerpt for part in reading.parts[:_SHOWN] if part.excerpt)
        held = f"a sitemap that holds {len(items.elements)} addresses only, no titles and no texts"
        raise UnreadableFile(f"{held} (first: {first or 'none'})")
    reading.notes.append("metadata only: a sitemap gives no text")
    if not items.sound:
        reading.notes.append("the XML is broken; its entries were read one by one")
    return reading


def _make_record(element: Any) -> dict[str, Any] | None:
    news = find(element, "news")
    headline = string(news, "title")
    if headline is None:
        return None
    raw = string(news, "publication_date")
    address = string(element, "loc")
    terms = [
        ("keyword", word.strip(), None, None)
        for word in re.split(r"[,;]", string(news, "keywords") or "")
        if word.strip()
    ]
    terms += [("genre", word.strip(), None, None) for word in (string(news, "genres") or "").split(",") if word.strip()]
    terms += [
        ("stock", word.strip(), None, None) for word in (string(news, "stock_tickers") or "").split(",") if word.strip()
    ]
    record = {
        "headline": headline,
        "text": None,
        "outlet": string(news, "publication/name") or host_of(address),
        "language": string(news, "publication/language"),
        "date_raw": raw,
        "time": read_time(raw),
        "modified": string(element, "lastmod"),
        "url": address or attribute(element, "link", "href"),
        "terms": join_terms(terms),
        "access": string(news, "access"),
        "image": string(element, "image/loc"),
    }
    return {name: value for name, value in record.items() if value is not None or name == "text"}


READER = Reader("sitemap", sniff, read, "sitemap for news")
