"""Quick ways of reading give what the plain ones give, also on input that nobody has seen."""

import gc
import html
import io
import re
import zipfile

import lxml.etree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.articles import count_separated
from mediakit.load.blocks import Blocks
from mediakit.load.docx import docx_paragraphs
from mediakit.load.ledger import Part
from mediakit.load.markup import INLINE, SKIPPED, html_blocks, parse_html
from mediakit.load.nexis import COPYRIGHT, starts_rights
from mediakit.load.source import Source
from mediakit.load.workers import young_garbage_only
from mediakit.load.zipped import BROKEN_ZIP, _read_plain, read_directory

BLANKS = [chr(code) for code in range(0x110000) if chr(code).isspace()]
TAGS = ("div", "p", "b", "span", "br", "script", "table", "tr", "td", "svg", "a", "li", "x-own")


@given(st.text(st.sampled_from([*BLANKS, "a", "é", "“", "😀", "\ud800", "\x1b", "\u200b"]), max_size=20))
def test_words_are_counted_as_split_counts_them(text):
    assert count_separated(text) == len(text.split())


@given(st.lists(st.tuples(st.sampled_from(["open", "close", "text"]), st.sampled_from(TAGS), st.integers(0, 5))))
def test_blocks_are_those_of_a_walk_that_looks_at_everything(steps):
    texts = (" ", "\n", "They  met.", "\xa0", "Talks", " resume ")
    source = "".join(
        texts[number] if kind == "text" else f"</{tag}>" if kind == "close" else f"<{tag} class=c{number}>"
        for kind, tag, number in steps
    )
    tree = parse_html(f"<html><body>{source}.")
    labels = {node: node.get("class") for node in tree.iter("p", "b", "td")}

    found = [(block.text, block.node, block.label) for block in html_blocks(tree, labels)]

    assert found == list(blocks_by_descent(tree, labels))


def blocks_by_descent(tree, labels):
    """Collect the text of each block by going down the tree, with nothing skipped before it is seen."""
    pieces = []  # text, block, label

    def descend(node, block, label):
        if node.tag in SKIPPED:
            return
        if node.tag != "br" and (node.tag not in INLINE or node in labels):
            block, label = node, labels.get(node, label)
            pieces.append((None, block, label))
        pieces.append(("\n" if node.tag == "br" else re.sub(r"\s", " ", node.text or ""), block, label))
        for child in node:
            descend(child, block, label)
            if child.tag != "br" and (child.tag not in INLINE or child in labels) and child.tag not in SKIPPED:
                pieces.append((None, block, label))
            pieces.append((re.sub(r"\s", " ", child.tail or ""), block, label))

    descend(tree, tree, labels.get(tree))
    held = []
    for text, block, label in [*pieces, (None, None, None)]:
        if text is not None:
            held.append((text, block, label))
            continue
        joined = "".join(piece for piece, _, _ in held)
        lines = "\n".join(" ".join(line.split()) for line in joined.split("\n")).strip("\n")
        if lines.strip():
            yield lines, held[0][1], held[0][2]
        held = []


@given(st.lists(st.tuples(st.sampled_from(["", "Talks & more", "<w:p> in a text", "a\nb", "\ttab"]), st.booleans())))
def test_paragraphs_of_word_are_those_of_a_tree(paragraphs):
    document = _word("".join(_paragraph(text, spaced) for text, spaced in paragraphs))

    assert docx_paragraphs(_docx(document)) == paragraphs_of_tree(document)


@pytest.mark.parametrize(
    "inside",
    [
        '<w:p/><w:p w:rsidR="1"/><w:p><w:r><w:t/></w:r></w:p>',
        "<w:p><w:pPr><w:pStyle/></w:pPr><w:r><w:tab/><w:t>a</w:t><w:cr/><w:t>b</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>",
    ],
)
def test_empty_paragraphs_and_signs_of_word_are_those_of_a_tree(inside):
    document = _word(inside)

    assert docx_paragraphs(_docx(document)) == paragraphs_of_tree(document)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<w:p><w:r><w:t>lost its end<w:p><w:r><w:t>They met.</w:t></w:r></w:p>", ["lost its endThey met."]),
        ("<w:p><w:r><w:t>Talks</w:t></w:r></w:p><w:p><w:r><w:t>cut o", ["Talks", "cut o"]),
        ("<w:r><w:t>lost its start</w:t></w:r></w:p><w:p/>", ["lost its start", ""]),
    ],
)
def test_nothing_of_a_damaged_document_is_lost(inside, expected):
    document = _word(inside).removesuffix("</w:body></w:document>")

    assert docx_paragraphs(_docx(document)) == expected


def test_a_text_box_is_read_beside_the_paragraph_it_stands_in():
    box = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
    inside = f"<w:p><w:r><w:t>before</w:t><w:pict>{box}</w:pict><w:t>after</w:t></w:r></w:p>"

    assert docx_paragraphs(_docx(_word(inside))) == ["before", "box", "after"]


def test_what_old_programs_get_is_not_read_twice():
    alternate = "<mc:Choice><w:t>new</w:t></mc:Choice><mc:Fallback><w:t>old</w:t></mc:Fallback>"
    inside = f"<w:p><w:r><mc:AlternateContent>{alternate}</mc:AlternateContent></w:r></w:p>"

    assert docx_paragraphs(_docx(_word(inside))) == ["new"]


def _paragraph(text, spaced):
    attribute = ' xml:space="preserve"' if spaced else ""
    runs = html.escape(text).replace("\n", f"</w:t><w:br/><w:t{attribute}>").replace("\t", "</w:t><w:tab/><w:t>")
    return f'<w:p w:rsidR="00"><w:r><w:rPr><w:b/></w:rPr><w:t{attribute}>{runs}</w:t></w:r></w:p>'


def _word(inside):
    names = 'xmlns:w="http://w" xmlns:mc="http://mc"'
    return f"<?xml version='1.0'?><w:document {names}><w:body>{inside}</w:body></w:document>"


def _docx(document):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    return Source.of_bytes("talks.docx", packed.getvalue())


def paragraphs_of_tree(document):
    signs = {"br": "\n", "cr": "\n", "tab": "\t"}
    tree = lxml.etree.fromstring(document.encode())
    return [
        "".join(
            (node.text or "") if node.tag == "{http://w}t" else signs.get(node.tag.removeprefix("{http://w}"), "")
            for node in paragraph.iter()
        )
        for paragraph in tree.iter("{http://w}p")
    ]


def _packed(names, comment=b""):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, name * 9)
        archive.comment = comment
    return packed.getvalue()


def directory_or_none(read, data):
    try:
        return read(io.BytesIO(data))
    except BROKEN_ZIP:
        return None


def directory_of_library(file):
    with zipfile.ZipFile(file) as archive:
        return {
            item.filename: (item.flag_bits, item.compress_type, item.CRC, item.compress_size, item.file_size,
                            item.header_offset)
            for item in archive.infolist()
        }  # fmt: skip


@pytest.mark.parametrize("names", [["word/document.xml", "a.png"], ["Zürich.txt", "a"], []])
@pytest.mark.parametrize("comment", [b"", b"a remark"])
@given(damage=st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=3)), max_size=2))
def test_the_directory_of_an_archive_is_that_of_the_library(names, comment, damage):
    data = bytearray(_packed(names, comment))
    for place, inserted in damage:
        start = max(0, len(data) - place)
        data[start : start + len(inserted)] = inserted

    found = directory_or_none(read_directory, bytes(data))

    assert (found and {name: entry[1:] for name, entry in found.items()}) == directory_or_none(
        directory_of_library, bytes(data)
    )


def test_an_archive_as_programs_write_it_needs_no_library():
    data = _packed(["word/document.xml", "word/media/picture.png"])

    assert list(_read_plain(io.BytesIO(data))) == ["word/document.xml", "word/media/picture.png"]
    assert _read_plain(io.BytesIO(data + b"x")) is None
    assert _read_plain(io.BytesIO(b"PK")) is None


@given(st.lists(st.sampled_from([*BLANKS, *"©(cCaAtTuU)", "opyright 2025", "ll rights reserved"]), max_size=6))
def test_lines_of_rights_are_known_by_their_first_sign(pieces):
    text = "".join(pieces)

    assert starts_rights(text) == bool(COPYRIGHT.match(text))


@given(
    st.lists(st.tuples(st.sampled_from(["", " ", "Talks", "They met. "]), st.sampled_from([None, "text", "header"]))),
    st.sampled_from([0, 1]),
)
def test_parts_of_blocks_are_those_that_are_joined_one_by_one(marked, joint):
    blocks = Blocks([text for text, _ in marked], joint=joint)
    for index, (_, kind) in enumerate(marked):
        if kind is not None:
            blocks.mark(index, kind, 0)

    assert blocks.parts() == parts_one_by_one(marked, joint)


def parts_one_by_one(marked, joint):
    pieces = []  # kind, position, note, start, end, excerpt
    at = 0
    for index, (text, kind) in enumerate(marked):
        end = at + len(text) + (joint if index < len(marked) - 1 else 0)
        own = (kind, 0, "") if kind else ("unparsed", None, "")
        if kind is None and not text.strip():
            if not pieces:
                pieces.append([("boilerplate", None, "blank"), 0, end, ""])
        elif end > at and (not pieces or pieces[-1][0] != own):
            pieces.append([own, at if pieces else 0, end, text.strip()])
        at = end
        if pieces:
            pieces[-1][2] = at
    return [Part(kind, start, end, position, note, excerpt) for (kind, position, note), start, end, excerpt in pieces]


def test_the_garbage_collector_runs_again_after_a_load_that_failed():
    seen = []

    def load():
        with young_garbage_only() as clear:
            seen.append(gc.isenabled())
            clear()
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        load()

    assert seen == [False]
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with young_garbage_only():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
