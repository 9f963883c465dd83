"""Encodings: the same bytes always give the same text, and the ledger says how."""

import pytest

from mediakit.load.source import Source, UnreadableFile, decode, mend_mojibake

TEXT = "Zoë said: “no deal” – 40 € for Łukasz? "


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (("Zoë said “no”").encode(), "utf-8"),
        (("Zoë said “no”").encode("utf-8-sig"), "utf-8-sig"),
        (("Zoë said “no”").encode("utf-16"), "utf-16"),
        (("Zoë said “no” and went").encode("utf-16-le"), "utf-16-le"),
        (("Zoë said “no”").encode("cp1252"), "cp1252"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?><p>' + "Łukasz ma źrebię".encode("iso-8859-2"), "iso-8859-2"),
    ],
)
def test_the_encoding_is_recognised(data, encoding):
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert "Zoë said “no”" in decoded.text or "Łukasz ma źrebię" in decoded.text


def test_a_cyrillic_file_is_not_taken_for_western():
    text = "Министр сказал, что переговоры начнутся в понедельник. " * 20
    assert decode(text.encode("cp1251")).text == text


def test_an_encoding_that_was_asked_for_is_used():
    assert decode("Łukasz".encode("cp1250"), encoding="cp1250").text == "Łukasz"


def test_an_unknown_encoding_is_named():
    with pytest.raises(UnreadableFile, match="unknown encoding 'klingon'"):
        decode(b"x", encoding="klingon")


def test_mojibake_is_mended_line_by_line_and_counted():
    pytest.importorskip("ftfy", reason="the extra mojibake is not installed")
    decoded = decode("All is well.\nHe said â€œnoâ€\u009d.\n".encode())
    mended = mend_mojibake(decoded)
    assert mended.text == "All is well.\nHe said “no”.\n"
    assert mended.notes == ("mojibake mended with ftfy in 1 lines, the first is line 2",)


def test_good_text_is_left_alone_by_mending():
    pytest.importorskip("ftfy", reason="the extra mojibake is not installed")
    decoded = decode("“Curly” ﬁligree – ½ Ａ\n".encode())
    assert mend_mojibake(decoded) is decoded


def test_a_declared_encoding_that_does_not_exist_is_ignored(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(b'<html><meta charset="x-made-up">caf\xe9</html>')
    assert Source(path, path.name).decoded.encoding == "cp1252"
