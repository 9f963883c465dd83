"""What a web page says of itself: JSON-LD (schema.org) first, then meta tags."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import lxml.html

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Opinion|Review|LiveBlog\w*)$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")

# field -> names of meta tags (name, property or itemprop), in the order in which they are believed
_META = {
    "headline": ("og:title", "parsely-title", "sailthru.title", "twitter:title", "dc.title", "headline"),
    "byline": ("author", "parsely-author", "sailthru.author", "article:author", "byl", "dc.creator", "dcterms.creator"),
    "date": (
        "article:published_time", "og:published_time", "parsely-pub-date", "sailthru.date", "datepublished", "pubdate",
        "publishdate", "publish-date", "publication_date", "article.published", "dc.date.issued", "dcterms.created",
        "dc.date", "cxenseparse:recs:publishtime", "date",
    ),
    "outlet": ("og:site_name", "application-name", "dc.publisher", "publisher"),
    "section": ("article:section", "parsely-section", "section", "dc.subject"),
    "description": ("og:description", "description", "twitter:description"),
    "url": ("og:url",),
    "type": ("og:type",),
}  # fmt: skip


def read_metadata(tree: lxml.html.HtmlElement) -> dict[str, Any]:
    """Return what a page says of itself, as printed: headline, byline, date, outlet, section, language, url, …

    `free_access` is True or False where the page says `isAccessibleForFree`; `is_article` tells whether the page
    calls itself an article.
    """
    meta = _meta_tags(tree)
    found: dict[str, Any] = {}
    for field, names in _META.items():
        found[field] = next((meta[name] for name in names if meta.get(name)), None)
    found["is_article"] = found.pop("type") == "article"
    declared = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    found["language"] = declared or meta.get("og:locale")
    canonical = tree.xpath("string(//link[@rel='canonical'][1]/@href)")
    found["url"] = canonical if str(canonical).startswith("http") else found["url"]
    found["free_access"] = None
    found["declared_words"] = None
    found["shared_title"] = found["headline"]
    item = _own_article(tree, (found["headline"], _heading(tree)), found["url"])
    if item is not None:
        found["is_article"] = True
        found["headline"] = _text(item.get("headline")) or _text(item.get("name")) or found["headline"]
        published = item.get("datePublished")
        found["date"] = _text(str(published) if type(published) is int else published) or found["date"]
        found["byline"] = _people(item.get("author")) or found["byline"]
        found["outlet"] = _text(item.get("publisher")) or found["outlet"]
        found["section"] = _text(item.get("articleSection")) or found["section"]
        found["language"] = _text(item.get("inLanguage")) or found["language"]
        found["description"] = _text(item.get("description")) or found["description"]
        free = item.get("isAccessibleForFree")
        if free is not None:
            found["free_access"] = str(free).strip().lower() not in ("false", "http://schema.org/false", "no", "0")
        count = item.get("wordCount")
        if isinstance(count, int | str) and re.fullmatch(r"[1-9][0-9]{0,8}", str(count)):
            found["declared_words"] = int(count)
    if found["byline"]:
        found["byline"] = _clean_authors(str(found["byline"]), str(found["outlet"] or ""))
    if not found["outlet"] and found["url"]:
        found["outlet"] = urlsplit(str(found["url"])).netloc.removeprefix("www.") or None
    return found


def _meta_tags(tree: lxml.html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()
        content = " ".join((tag.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def _own_article(
    tree: lxml.html.HtmlElement, titles: tuple[str | None, ...], address: str | None
) -> dict[str, Any] | None:
    """Return the page's own article among those that it describes: by its title, by its address, else the first."""
    items = list(_articles(tree))
    wanted = {_letters(title) for title in titles if title}
    for item in items:
        if _letters(_text(item.get("headline")) or "") in wanted:
            return item
    for item in items:
        page = item.get("mainEntityOfPage")
        named = (item.get("@id"), item.get("url"), page.get("@id") if isinstance(page, dict) else page)
        if address and address in named:
            return item
    return items[0] if items else None


def _heading(tree: lxml.html.HtmlElement) -> str | None:
    return next((text for node in tree.iter("h1") if (text := " ".join(node.text_content().split()))), None)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _articles(tree: lxml.html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the article objects of the page's JSON-LD, wherever they are nested."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield from _walk(_parse(script.text or ""))


def _parse(raw: str) -> Any:
    text = raw.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(data: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [data], 0
    while waiting and seen < 2000:
        item = waiting.pop(0)
        seen += 1
        if isinstance(item, list):
            waiting[:0] = item[:200]
        elif isinstance(item, dict):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            called = any(isinstance(name, str) and _ARTICLE.search(name) for name in names)
            if called and (item.get("headline") or item.get("datePublished")):
                yield item
            inner = (item.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage"))
            waiting += [found for found in inner if isinstance(found, list | dict)]


def _text(value: Any) -> str | None:
    """Return the text of a JSON-LD value: a string, an object with a name, or the first of a list."""
    if isinstance(value, list):
        return next((text for text in map(_text, value) if text), None)
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value") or value.get("alternateName"))
    if isinstance(value, str):
        return " ".join(html.unescape(html.unescape(re.sub(r"<[^<>]{1,40}>", "", value))).split()) or None
    return None


def _people(value: Any) -> str | None:
    names = [_text(item) for item in (value if isinstance(value, list) else [value])]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _clean_authors(names: str, outlet: str) -> str | None:
    """Leave out addresses and the outlet's own name, which many pages give as the author."""
    kept = []
    for name in re.split(r"\s*(?:,|;|\|)\s*", re.sub(r"^(?:by|par|von|por)\s+", "", names.strip(), flags=re.I)):
        address = re.match(r"(?:https?:|www\.|@|/)", name) or "@" in name
        if name and not address and name.casefold() != outlet.casefold():
            kept.append(name)
    return ", ".join(dict.fromkeys(kept)) or None
