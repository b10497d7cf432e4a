"""Is this a sound .docx or .xlsx that does nothing by itself: no macro, no embedded object, nothing from outside?

A hyperlink that a person presses is no danger and stays allowed when it leads to a page or an address; everything that
the program opens by itself (a template, a picture, a linked workbook, a data source) may lie in the file only.
"""

import io
import re
import zipfile

from agencies.tables.package import Package, open_package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_PRESSED = {"http", "https", "mailto", "tel"}  # where a hyperlink may lead
_FETCHING_FIELDS = re.compile(rb"DDEAUTO|DDE\s|INCLUDEPICTURE|INCLUDETEXT", re.IGNORECASE)
# A field's words may lie in several runs, and any prefix may stand for Word's namespace.
_FIELD_WORDS = re.compile(rb"<(?:\w+:)?instrText[^>]*>([^<]*)|\w+:instr=[\"']([^\"']*)")
_ACTS = {
    "oleObject": "có đối tượng nhúng (OLE). Hãy xóa đối tượng đó, hoặc thay bằng ảnh hay bảng, rồi gửi.",
    "control": "có điều khiển ActiveX. Hãy xóa các nút, ô điều khiển đó rồi gửi.",
    "aFChunk": "có tài liệu khác ghép bên trong (altChunk). Hãy chép nội dung sang tệp mới rồi gửi.",
    "vbaProject": "có macro nên không được nhận. Hãy lưu lại thành tệp không có macro.",
    "xlMacrosheet": "có macro kiểu cũ (Excel 4.0) nên không được nhận. Hãy lưu lại thành tệp không có macro.",
    "attachedTemplate": "dùng mẫu (template) lấy từ nơi khác. Hãy chép nội dung sang tệp mới rồi gửi.",
    "externalLinkPath": "nối với tệp Excel khác. Hãy chọn Dữ liệu › Sửa liên kết › Ngắt liên kết, lưu rồi gửi.",
    "externalLink": "nối với tệp Excel khác. Hãy chọn Dữ liệu › Sửa liên kết › Ngắt liên kết, lưu rồi gửi.",
    "connections": "tự lấy dữ liệu từ nguồn ngoài. Hãy xóa kết nối dữ liệu, lưu rồi gửi.",
}
_OUTSIDE = "tự lấy nội dung từ nơi khác ({}). Hãy chèn thẳng nội dung đó vào tệp rồi gửi."
_DOUBLE = "có nội dung loại khác ghép vào nên không được nhận. Hãy mở tệp, lưu thành tệp mới rồi gửi."


def fault_of_office(content: bytes, name: str) -> str:
    """What is wrong with the file and what to do, to be said after its name; '' for a plain sound one.

    Raises BadFile, with whole sentences, for what is no sound package at all.
    """
    package = open_package(content, name)
    # An Office program writes a zip from the first byte to the last, without a comment; a second file hides around it.
    if package.begins or not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06":
        return _DOUBLE
    if len(package.names) != package.count or any(part.startswith("/") or ".." in part for part in package.names):
        return _DOUBLE
    for part in sorted(package.names):
        if fault := _fault_of_part(package, part):
            return fault
    return ""


def _fault_of_part(package: Package, part: str) -> str:
    folded = part.casefold()
    if "/activex/" in folded:
        return _ACTS["control"]
    if "/macrosheets/" in folded:
        return _ACTS["xlMacrosheet"]
    if folded.endswith(("vbaproject.bin", "vbadata.xml")):
        return _ACTS["vbaProject"]
    raw = package.bytes(part)
    if raw.startswith(_OLE) or raw.startswith(b"MZ"):
        return _ACTS["oleObject"]
    if raw.startswith(b"PK\x03\x04"):
        return _fault_of_inner(raw)
    if folded.endswith(".rels"):
        return _fault_of_relations(package, part)
    words = b"".join(run + simple for run, simple in _FIELD_WORDS.findall(raw.replace(b"\0", b"")))
    if _FETCHING_FIELDS.search(words):
        return (
            "có trường tự lấy nội dung từ nơi khác (DDE, INCLUDE). "
            "Hãy bấm Ctrl+A rồi Ctrl+Shift+F9 để biến trường thành chữ, lưu rồi gửi."
        )
    return ""


def _fault_of_inner(raw: bytes) -> str:
    """A chart's workbook lies in the file as a package of its own; it may have no macro and no third one inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [name.casefold() for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return _DOUBLE
    if any(name.endswith("vbaproject.bin") or "/embeddings/" in name for name in names):
        return _ACTS["vbaProject"]
    return "" if "[content_types].xml" in names else _DOUBLE


def _fault_of_relations(package: Package, part: str) -> str:
    for row in package.xml(part).iter(_RELATION):
        kind, target = row.get("Type", "").rsplit("/", 1)[-1], row.get("Target", "")
        outside = row.get("TargetMode", "Internal").strip().casefold() != "internal"
        if kind in _ACTS and (outside or kind != "attachedTemplate"):
            return _ACTS[kind]
        scheme = _SCHEME.match(target)
        if kind == "hyperlink":
            bad = target.strip().startswith(("//", "\\\\")) or (scheme and scheme[1].casefold() not in _PRESSED)
            if bad and not target.startswith("#"):
                return f"có liên kết mở tệp hay chương trình trên máy ({target.strip()[:60]}). Hãy xóa liên kết đó."
        elif outside or scheme or target.strip().startswith(("//", "\\\\")):
            return _OUTSIDE.format(target.strip()[:60])
    return ""
