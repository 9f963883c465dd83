"""Saved web pages: the article's text by trafilatura, its fields from what the page says of itself.

Text and fields are read, never run: no script is executed, no link is followed, no entity is fetched. The ledger counts
the page's visible characters: what a reader would see with menus, captions and links to other articles.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

from mediakit.load.cues import find_cue
from mediakit.load.dates import find_date_line, read_date
from mediakit.load.jsonld import read_metadata
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.signatures import find_page_byline
from mediakit.load.source import Source, UnreadableFile

_LEAST_TITLE = 4  # words of a title for sharing that can be the headline
_CUT = ("…", "...")
LEAST_WORDS = 25  # of text, for a page that does not call itself an article
_SHORT = 2_000  # characters; in longer texts trafilatura finds the paragraphs itself
_HTML = re.compile(r"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]", re.I)
_TAG = re.compile(r"</?(?:div|p|span|a|h[1-6]|ul|li|table|meta|script)[\s>/]", re.I)
_SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "option", "math", "canvas",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
))  # fmt: skip
# words in a class or id -> kind, when the text is not part of the body
_CLASSES = (
    ("caption", re.compile(r"caption|credit|legende|bildunter", re.I)),
    ("byline", re.compile(r"byline|author|autor|auteur", re.I)),
    ("standfirst", re.compile(
        r"standfirst|subtitle|sub-?head(?:line)?|\bdek\b|\bdeck\b|chapo|chapeau|\blede\b|teaser-?text-?lead|strapline"
        r"|article-?summary|entradilla|vorspann", re.I)),
    ("promotion", re.compile(r"newsletter|subscri|promo|paywall|donat|signup|sign-up", re.I)),
    ("teaser", re.compile(
        r"related|recommend|most-?read|popular|teaser|trending|more-?(?:from|on|stories)|read-?(?:more|next)|outbrain"
        r"|taboola", re.I)),
    ("boilerplate", re.compile(
        r"cookie|consent|\bnav|menu|share|social|comment|footer|breadcrumb|sidebar|banner|\bads?\b|advert", re.I)),
)  # fmt: skip
_TAGS = {
    "figcaption": "caption", "nav": "boilerplate", "footer": "boilerplate", "header": "boilerplate",
    "aside": "teaser", "form": "promotion",
}  # fmt: skip
_BY = re.compile(r"^(?:by|par|von|por)\s+", re.I)


def sniff(source: Source) -> Sniffed:
    """Score a file as a web page by its tags."""
    sample = source.sample
    if _HTML.search(sample[:4096]):
        return (0.95, "HTML") if "<" in sample[:200] else (0.6, "HTML after other text")
    tags = len(_TAG.findall(sample[:20_000]))
    return (0.5, f"{tags} HTML tags") if tags >= 12 and sample.lstrip().startswith("<") else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read a saved web page as one article, or none."""
    text = source.text
    tree = _parse(text)
    metadata = read_metadata(tree)
    body = _extract(text)
    blocks = list(_blocks(tree))
    words = len(body.split())
    body = _without_offers(_split_at_blocks(body, blocks), blocks)
    if words < LEAST_WORDS and not (metadata["is_article"] and words > 0):
        length = _length(blocks)
        excerpt = blocks[0].text if blocks else ""
        parts = [Part("unparsed", 0, length, None, "no article found on the page", excerpt)] if length else []
        return Reading([], parts, "visible character", length, notes=["no article found on the page"])
    record = _record(tree, metadata, body, text, source)
    parts, lost, tail = _parts(blocks, record["text"], record)
    after = tail if record["text"] else blocks
    notice = next((block.text for block in after if (cue := find_cue(block.text)) is not None and cue.truncates), None)
    # Publishers mark whole sites as paid; a text as long as the page says it is has not been cut.
    whole = metadata["declared_words"] is not None and len(record["text"].split()) >= 0.9 * metadata["declared_words"]
    if metadata["free_access"] is False and not whole:
        record["truncated"], record["truncated_why"] = True, "the page says isAccessibleForFree: false"
    elif notice:
        record["truncated"], record["truncated_why"] = True, f'notice after the text: "{notice[:90]}"'
    notes = [f"{lost} paragraphs of the text not found among the visible text"] if lost else []
    return Reading([record], parts, "visible character", _length(blocks), notes=notes)


def _parse(text: str) -> lxml.html.HtmlElement:
    # Unclosed tags nest: without huge_tree, libxml2 stops in silence at 256 levels, and the article below is lost.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, AssertionError) as error:
        raise UnreadableFile(f"not readable as HTML: {error}") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableFile("the page nests its tags deeper than 2,048 levels; what is below them cannot be read")
    return tree


def _extract(text: str) -> str:
    """Return the body that trafilatura finds, its paragraphs separated by blank lines."""
    import trafilatura

    try:
        with _quiet("trafilatura"):
            # Its own parser would stop at 256 levels.
            tree = _parse(text)
            body = trafilatura.extract(
                tree, include_comments=False, include_tables=False, include_formatting=False, deduplicate=False
            )
    except (lxml.etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(f"trafilatura could not read the page: {type(error).__name__}: {error}") from None
    lines = [re.sub(r"^-\s+", "", line).strip() for line in (body or "").split("\n")]
    return "\n\n".join(line for line in lines if line)


def _split_at_blocks(body: str, blocks: list[_Block]) -> str:
    """Give a short text its paragraphs back: of a few lines trafilatura makes one, headline and byline among them."""
    if len(body) > _SHORT:
        return body
    spelt = [(letters, block) for block in blocks if (letters := _letters(block.text))]
    whole = {letters for letters, _ in spelt}
    split = []
    for paragraph in body.split("\n\n"):
        left, taken = _letters(paragraph), []
        for letters, block in spelt if left not in whole else ():
            if left.startswith(letters):
                left = left[len(letters) :]
                taken.append(block)
        if left or len(taken) < 2:
            split.append(paragraph)
            continue
        above = ("headline", "byline", "caption", "promotion", "teaser")
        # What has no letters, such as the number of shares, is no paragraph.
        kept = [one.text for one in taken if not (one.own and one.kind in above) and any(map(str.isalpha, one.text))]
        split += kept or [one.text for one in taken]
    return "\n\n".join(split)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _record(
    tree: lxml.html.HtmlElement, metadata: dict[str, Any], body: str, text: str, source: Source
) -> dict[str, Any]:
    headings = (" ".join(node.text_content().split()) for node in tree.iter("h1"))
    heading = next((printed for printed in headings if printed), None)
    headline = _headline(heading, metadata["headline"], metadata["shared_title"])
    standfirst = _standfirst(tree)
    byline = find_page_byline(tree, metadata["byline"], outlet=metadata["outlet"], url=metadata["url"], body=body)
    raw = metadata["date"]
    date = read_date(raw)
    if date is None:
        date, raw = _printed_date(text)
    body = _without_header(body, (headline, metadata["headline"], heading, standfirst, metadata["section"], byline))
    return {
        "headline": headline, "standfirst": standfirst, "text": body, "byline": byline, "outlet": metadata["outlet"],
        "date": date, "date_raw": raw, "language": metadata["language"], "section": metadata["section"],
        "url": metadata["url"], "description": metadata["description"], "free_access": metadata["free_access"],
    }  # fmt: skip


def _headline(printed: str | None, tagged: str | None, shared: str | None) -> str | None:
    """Choose among the heading on the page, the title in the tags and the one for sharing: what two of them agree on.

    A title that is wholly inside the others, without kicker or addition, is the headline itself.
    """
    if not printed or not tagged:
        return printed or tagged or shared
    forms = _words(printed), _words(tagged), _words(shared or "")
    if forms[0] == forms[1] and shared and len(forms[2].split()) >= _LEAST_TITLE and not shared.rstrip().endswith(_CUT):
        return shared if f" {forms[2]} " in f" {forms[0]} " and forms[2] != forms[0] else printed
    if forms[0] in forms[1] or forms[0] == forms[2]:
        return printed  # "Title | Outlet" in the tags, the title alone on the page
    return tagged


def _standfirst(tree: lxml.html.HtmlElement) -> str | None:
    """Return the first paragraph marked as a standfirst, below the headline and in no box beside the article."""
    below = tree.find(".//h1") is None
    for node in tree.iter("h1", "p", "h2"):
        if node.tag == "h1":
            below = True
        elif below and _CLASSES[2][1].search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            if any(above.tag in ("aside", "nav", "footer") for above in node.iterancestors()):
                continue
            text = " ".join(node.text_content().split())
            if text:
                return text
    return None


def _without_header(body: str, fields: tuple[str | None, ...]) -> str:
    """Leave out what the extraction took along: header lines above the text, offers and links inside it."""
    above = {_words(field) for field in fields if field}
    paragraphs = body.split("\n\n")
    while len(paragraphs) > 1:
        first = paragraphs[0]
        cue = find_cue(first) if len(first) < 300 else None
        header = _words(_BY.sub("", first)) in above or find_date_line(first) is not None
        if not header and (cue is None or cue.kind not in ("byline", "section", "caption", "boilerplate")):
            break
        del paragraphs[0]
    kept = []
    for paragraph in paragraphs:
        cue = find_cue(paragraph) if len(paragraph) < 300 else None
        if cue is not None and cue.group in ("paywall", "promotion", "share", "teaser", "more", "cookies", "comments"):
            sentence = len(paragraph.split()) > 22 and cue.group not in ("paywall", "cookies")
            if not sentence:
                continue
        kept.append(paragraph)
    return "\n\n".join(kept)


def _without_offers(body: str, blocks: list[_Block]) -> str:
    """Leave out short paragraphs that the page itself marks as an offer or a link to other articles."""
    offers = (block.text for block in blocks if block.own and block.kind in ("promotion", "teaser"))
    marked = {_words(offer) for offer in offers if len(offer.split()) <= 20}
    paragraphs = body.split("\n\n")
    kept = [paragraph for paragraph in paragraphs if _words(paragraph) not in marked]
    # Some sites mark the whole text so; then the marks say nothing.
    return "\n\n".join(kept) if sum(map(len, kept)) >= 0.8 * sum(map(len, paragraphs)) else body


def _printed_date(text: str) -> tuple[Any, str | None]:
    """Ask htmldate for a date that the tags do not give."""
    from htmldate import find_date

    try:
        with _quiet("htmldate"):
            found = find_date(text, original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    except (lxml.etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError):
        return None, None
    return read_date(found), found


@dataclass(frozen=True)
class _Block:
    text: str
    kind: str
    own: bool  # the kind is that of the block's own tag, not of a box around it


def _blocks(tree: lxml.html.HtmlElement) -> Iterator[_Block]:
    """Walk the page in reading order and yield its blocks of visible text, each with the kind its tags suggest."""
    kinds = ["boilerplate"]
    skipped = 0
    buffer: list[str] = []
    inside_article = 0

    def flush() -> Iterator[_Block]:
        text = " ".join("".join(buffer).split())
        buffer.clear()
        if text:
            yield _Block(text, kinds[-1], len(kinds) > 1 and kinds[-1] != kinds[-2])

    for event, node in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        block = tag not in _INLINE
        if event == "start":
            if tag in _SKIPPED or skipped:
                skipped += 1
                continue
            if block:
                yield from flush()
                inside_article += tag in ("article", "main")
                kinds.append(_kind_of(node, tag, kinds[-1], inside_article > 0))
            buffer.append(node.text or "")
        else:
            if skipped:
                skipped -= 1
                if not skipped and node.tail:
                    buffer.append(node.tail)
                continue
            if block:
                yield from flush()
                kinds.pop()
                inside_article -= tag in ("article", "main")
            buffer.append(node.tail or "")
    yield from flush()


def _kind_of(node: Any, tag: str, above: str, inside_article: bool) -> str:
    if tag == "h1":
        return "headline"
    if above in ("caption", "teaser", "promotion") or (above == "byline" and tag != "p"):
        return above
    if tag in _TAGS and not (tag == "header" and inside_article):
        return _TAGS[tag]
    name = f"{node.get('class') or ''} {node.get('id') or ''}"
    if name.strip():
        for kind, pattern in _CLASSES:
            if pattern.search(name):
                return kind
    return above


def _parts(blocks: list[_Block], body: str, record: dict[str, Any]) -> tuple[list[Part], int, list[_Block]]:
    """Assign every visible block; return the parts, the number of paragraphs not found, the blocks after the text."""
    whole = _words(body)
    paragraphs = {_words(paragraph) for paragraph in body.split("\n\n")}
    headline, standfirst = _words(record["headline"] or ""), _words(record["standfirst"] or "")
    parts: list[Part] = []
    found: set[str] = set()
    at, headline_seen, last_text = 0, False, -1
    for index, block in enumerate(blocks):
        form = _words(block.text)
        own: int | None = 0
        if form and form == headline:
            kind, headline_seen = ("repeated headline" if headline_seen else "headline"), True
        elif form and form == standfirst:
            kind = "standfirst"
        elif form in paragraphs or (len(form) > 20 and form in whole):
            kind, last_text = "text", index
            found.add(form)
        elif find_date_line(block.text):
            kind = "date"
        else:
            cue = find_cue(block.text)
            kind = block.kind if block.kind not in ("headline", "standfirst") else "boilerplate"
            kind = cue.kind if cue is not None and kind == "boilerplate" else kind
            own = 0 if kind in ("byline", "caption") else None
        end = at + len(block.text) + (1 if index + 1 < len(blocks) else 0)
        if parts and (parts[-1].kind, parts[-1].position) == (kind, own):
            parts[-1] = Part(kind, parts[-1].start, end, own, "", parts[-1].excerpt)
        else:
            parts.append(Part(kind, at, end, own, "", block.text))
        at = end
    joined = "\n".join(sorted(found))
    lost = sum(
        1 for paragraph in paragraphs - found
        if paragraph and paragraph not in joined and not any(form in paragraph for form in found if form)
    )  # fmt: skip
    return parts, lost, blocks[last_text + 1 : last_text + 9] if last_text >= 0 else []


def _length(blocks: list[_Block]) -> int:
    return sum(len(block.text) for block in blocks) + max(0, len(blocks) - 1)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a library's log messages from the user for a moment; what matters is in the ledger."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


READER = Reader("page", sniff, read, "saved web page (HTML)")
