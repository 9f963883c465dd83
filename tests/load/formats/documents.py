"""Small documents made in tests: Word files from paragraphs, RTF from lines."""

import io
import zipfile
from xml.sax.saxutils import escape

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(paragraphs, *, compression=zipfile.ZIP_DEFLATED):
    """A Word document; "\\n" within a paragraph is a line break, "|" parts a paragraph into runs."""
    written = []
    for paragraph in paragraphs:
        runs = []
        for run in paragraph.split("|"):
            pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in run.split("\n"))
            runs.append(f"<w:r>{pieces}</w:r>")
        written.append(f"<w:p>{''.join(runs)}</w:p>" if paragraph else "<w:p/>")
    document = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{"".join(written)}</w:body></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", document)
    return file.getvalue()


def rtf(lines, *, encoding="cp1252", raw=False):
    """RTF with one paragraph a line; `raw` writes letters beyond ASCII as UTF-8 bytes, as some programs do."""
    out = [b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Times;}}\n"]
    for line in lines:
        text = line.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\n", "\\line ")
        if raw:
            out.append(text.encode("utf-8"))
        else:
            for sign in text:
                if sign.isascii():
                    out.append(sign.encode())
                elif (byte := sign.encode(encoding, "ignore")) and len(byte) == 1:
                    out.append(b"\\'%02x" % byte[0])
                else:
                    out.append(b"\\u%d?" % ord(sign))
        out.append(b"\\par\n")
    return b"".join(out) + b"}"
