"""Small real files for the demo: a picture, a PDF, a Word document. The same input gives the same bytes."""

import io
import struct
import zipfile
import zlib
from random import Random
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 240, 160


def picture(seed: str) -> bytes:
    """A PNG: a stage, a banner and rows of heads, in colours that depend on the seed."""
    rng = Random(seed)
    wall, floor, heads = ((rng.randint(150, 235), rng.randint(150, 235), rng.randint(150, 235)) for _ in range(3))
    filter_none = b"\x00"
    banner_row = [wall] * 30 + [(180, 30, 40)] * (_WIDTH - 60) + [wall] * 30
    rows = []
    for y in range(_HEIGHT):
        if y < 80:
            colours = banner_row if 20 <= y < 48 else [wall] * _WIDTH
        else:
            height = ((y - 80) % 26 - 13) ** 2
            colours = [heads if (x - 12) ** 2 + height < 64 else floor for x in range(24)] * (_WIDTH // 24)
        rows.append(filter_none + b"".join(map(bytes, colours)))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf(*lines: str) -> bytes:
    """A PDF of one A4 page with lines of plain ASCII (the built-in fonts have no Vietnamese letters)."""
    text = "BT /F1 13 Tf 72 770 Td 18 TL " + " ".join(f"({_ascii(line)}) Tj T*" for line in lines) + " ET"
    stream = text.encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def _ascii(line: str) -> str:
    from agencies.vietnamese import fold

    return fold(line).upper().encode("ascii", "replace").decode().replace("\\", "/").replace("(", "[").replace(")", "]")


_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(paragraphs: list[str], table: list[list[str]] | None = None) -> bytes:
    """A .docx with paragraphs and, after them, one table."""
    body = "".join(_paragraph(text) for text in paragraphs)
    if table:
        rows = (
            "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in table
        )
        grid = "<w:gridCol/>" * len(table[0])
        body += f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>" + _paragraph("")
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2024, 2, 29, 9, 0, 0)), content.encode())
    return buffer.getvalue()


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
