"""Fragments: the body of an article as services hand it out, a piece of HTML or plain text, as paragraphs.

Captions are set apart; offers, links to other articles and "read on" at its end are left out, and the latter is
evidence that the text is cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mediakit.load.cells import unescape
from mediakit.load.cues import find_cue
from mediakit.load.markup import INLINE, HtmlBlock, html_blocks, parse_html
from mediakit.load.source import UnreadableFile

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,5000})?/?>")
_ESCAPED = re.compile(r"&lt;/?(?:p|div|br|h[1-6]|li|a|b|em|strong|img|span)\b", re.I)
_CAPTION = re.compile(r"caption|credit|wp-caption|media-?credit", re.I)
_MORE = re.compile(
    r"^\W*(?:continue reading|read (?:more|on|the (?:full|rest|whole))|keep reading|full (?:story|article)"
    r"|more\s*(?:…|\.\.\.|»|>|→)"
    r"|weiterlesen|mehr lesen|lesen sie (?:mehr|weiter)|lire (?:la suite|plus|l['’]article)|leer más|seguir leyendo"
    r"|sigue leyendo|leggi (?:tutto|di più|anche)|continua a leggere|leia mais|continue lendo|lees (?:meer|verder)"
    r"|läs (?:mer|vidare)|les (?:mer|mere|videre)|læs (?:mere|videre)|lue lisää"
    r"|czytaj (?:więcej|dalej)|читать (?:далее|полностью)"
    r"|devamını oku|続きを読む|阅读全文|閱讀全文)(?!\w).{0,100}(?<![^.]\.)$",
    re.I | re.S,
)
_MORE_INSIDE = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.)\]?|&hellip;)?\s*(?:continue reading|read more|weiterlesen|lire la suite|leer más"
    r"|seguir leyendo|leggi tutto|leia mais|lees meer|lees verder|читать далее)\s*(?:…|\.\.\.|»|›|>|→)*\s*$",
    re.I,
)
_FIRST_ON = re.compile(
    r"^(?:The post .{1,300}(?:appeared first on|first appeared on)"
    r"|This (?:article|story) (?:first )?appeared (?:first )?on)"
    r" .{1,200}$",
    re.S,
)
_OFFERS = ("paywall", "promotion", "share", "teaser", "more", "cookies", "comments")


@dataclass(frozen=True)
class Fragment:
    """Paragraphs and captions of a body, the evidence that it is cut, and the lines that are left out of the text."""

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    cut: str | None = None
    left_out: tuple[str, ...] = ()

    @property
    def text(self) -> str | None:
        """The paragraphs with blank lines between them, None where there is none."""
        return "\n\n".join(self.paragraphs) or None

    @property
    def caption(self) -> str | None:
        """The captions, a line each."""
        return "\n".join(self.captions) or None


def read_fragment(markup: object, *, plain: bool = False) -> Fragment:
    """Turn a piece of HTML, or plain text, into paragraphs.

    Parameters
    ----------
    markup : str
        Anything else counts as missing.
    plain : bool, default False
        It is known to be plain text: "<" means "less than".

    Examples
    --------
    >>> made = read_fragment('<p>One <b>two</b>.</p><figure><figcaption>A pier</figcaption></figure><a>Read more</a>')
    >>> made.text, made.captions, made.cut
    ('One two.', ('A pier',), 'ends in "Read more"')
    >>> read_fragment("One &amp; two.\\n\\nThree\\nfour.").paragraphs
    ('One & two.', 'Three four.')
    """
    if not isinstance(markup, str) or not markup.strip():
        return Fragment()
    markup = markup.encode("utf-8", "replace").decode("utf-8")
    if not plain and _ESCAPED.search(markup) and not _TAG.search(markup):
        markup = unescape(markup)  # escaped twice
    if plain or not _TAG.search(markup):
        return _without_offers(plain_paragraphs(markup if plain else unescape(markup)), [])
    try:
        tree = parse_html(f"<div>{markup}</div>")
    except UnreadableFile:
        return _without_offers(plain_paragraphs(unescape(_TAG.sub(" ", markup))), [])
    return read_tree(tree)


def read_tree(tree: Any, *, inline: frozenset[str] = INLINE) -> Fragment:
    """Turn a parsed body, its tags without prefix, into paragraphs.

    Parameters
    ----------
    tree : lxml element
    inline : tags that stand within a paragraph; all others begin one

    Examples
    --------
    >>> read_tree(parse_html("<p>One.<p>Two.")).paragraphs
    ('One.', 'Two.')
    """
    for node in [one for one in tree.iter("pre") if len(one) == 0 and "\n" in (one.text or "")]:
        node.text, *lines = node.text.strip("\n").split("\n")
        for line in lines:
            node.append(node.makeelement("br"))
            node[-1].tail = line
    labels = {node: label for node in tree.iter() if isinstance(node.tag, str) and (label := _label(node))}
    blocks = html_blocks(tree, labels, inline=inline)
    captions = [" ".join(block.text.split()) for block in blocks if block.label == "caption"]
    paragraphs = [paragraph for block in blocks if block.label is None for paragraph in _paragraphs(block)]
    return _without_offers(paragraphs, captions)


def line_of(markup: object) -> str | None:
    """Return a title or a summary in one line, without mark-up; None where it is missing.

    Examples
    --------
    >>> line_of("Peace &amp; <i>quiet</i> "), line_of(" "), line_of(None)
    ('Peace & quiet', None, None)
    """
    if not isinstance(markup, str | int | float) or isinstance(markup, bool):
        return None
    text = str(markup).encode("utf-8", "replace").decode("utf-8")
    if "&" in text or "<" in text:
        text = unescape(text)
        text = unescape(_TAG.sub(lambda found: " " if re.match(r"</?(?:br|p|div|li)\b", found[0], re.I) else "", text))
    return " ".join(text.split()) or None


def plain_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain text: between blank lines, else the lines."""
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text)
    pieces = [" ".join(piece.split()) for piece in re.split(r"\n[^\S\n]*\n", text)]
    if sum(map(bool, pieces)) == 1 and "\n" in text.strip():
        lines = [" ".join(line.split()) for line in text.strip().split("\n")]
        pieces = lines if not is_wrapped(lines) else [" ".join(lines)]
    return [piece for piece in pieces if piece]


def is_wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph that was broken at a fixed width.

    Examples
    --------
    >>> is_wrapped(["The ferry company said on Friday that the harbour of", "Port Bell would stay closed for days."])
    True
    >>> is_wrapped(["Roses are red,", "violets are blue."])
    False
    """
    full = lines[:-1]
    if not full or max(map(len, full)) > 90 or min(map(len, full)) < 40:
        return False
    return sum(line.rstrip().endswith((".", "!", "?", ":")) for line in full) <= 0.4 * len(full)


def _paragraphs(block: HtmlBlock) -> list[str]:
    """Return the paragraphs of a block: <br><br> parts them, the ends of wrapped lines do not."""
    if "\n" not in block.text:
        return [block.text]
    found = []
    for piece in re.split(r"\n{2,}", block.text):
        lines = [line for line in piece.split("\n") if line]
        if lines:
            found.append(" ".join(lines) if is_wrapped(lines) else "\n".join(lines))
    return found


def _label(node: Any) -> str | None:
    """Tell the captions of pictures, and what else stands around a picture, from the text."""
    if node.tag in ("media", "media-producer", "media-object"):
        return "medium"
    if node.tag in ("figcaption", "caption", "media-caption"):
        return "caption"
    if node.tag == "figure":
        return "caption" if node.find(".//img") is not None or node.find(".//figcaption") is not None else None
    name = node.get("class") or ""
    named = _CAPTION.search(name) if node.tag in ("p", "div") else "caption" in name if node.tag == "span" else False
    return "caption" if named else None


def _without_offers(paragraphs: list[str], captions: list[str]) -> Fragment:
    """Leave out what invites to read on, to pay, or to read something else."""
    kept: list[str] = []
    out: list[str] = []
    cut = None
    for paragraph in paragraphs:
        if len(paragraph) < 400 and _FIRST_ON.match(paragraph):
            out.append(paragraph)
            continue
        cue = find_cue(paragraph) if len(paragraph) < 200 else None
        if len(paragraph) < 200 and _MORE.match(paragraph):
            cut = f'ends in "{paragraph[:60]}"'
            out.append(paragraph)
        elif cue is not None and cue.group in _OFFERS and len(paragraph.split()) <= 22:
            cut = f'notice in the text: "{paragraph[:80]}"' if cue.truncates else cut
            out.append(paragraph)
        else:
            kept.append(paragraph)
            cut = cut if cut is None or cut.startswith("notice") else None  # text follows: a link to something else
    if kept and (found := _MORE_INSIDE.search(kept[-1][-200:])):
        kept[-1] = kept[-1][: len(kept[-1]) - len(found[0])].rstrip()
        cut = f'ends in "{found[0].strip()}"'
        kept = [paragraph for paragraph in kept if paragraph]
        out.append(found[0].strip())
    return Fragment(tuple(kept), tuple(dict.fromkeys(caption for caption in captions if caption)), cut, tuple(out))
