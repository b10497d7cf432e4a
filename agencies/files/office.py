"""Is this a sound .docx or .xlsx that does nothing by itself: no macro, no embedded object, nothing from outside?

A hyperlink that a person presses is no danger and stays allowed when it leads to a page or an address; everything that
the program opens by itself (a template, a picture, a linked workbook, a data source) may lie in the file only.
"""

import re

from lxml import etree

from agencies.tables.package import MACRO_PARTS, OLE, Package, open_package
from agencies.tables.problems import BadFile

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_PRESSED = {"http", "https", "mailto", "tel"}  # where a hyperlink may lead
_FETCHING_FIELDS = re.compile(r"DDEAUTO|DDE\s|^\s*DDE\b|INCLUDEPICTURE|INCLUDETEXT", re.IGNORECASE | re.MULTILINE)
_FIELD_NAMES = re.compile(rb"nstrText|instr\s*=|fldChar")
_ENCODING = re.compile(rb"[^<]{0,8}<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
_USUAL_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii"}
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
_INNER = "có tệp khác nhúng bên trong không kiểm tra được. Hãy xóa tệp nhúng đó, hoặc thay bằng ảnh hay bảng, rồi gửi."


def fault_of_office(content: bytes, name: str, *, inner: bool = False) -> str:
    """What is wrong with the file and what to do, to be said after its name; '' for a plain sound one.

    ``inner`` is a file that lies in another one: it may have no third one inside.

    Raises BadFile, with whole sentences, for what is no sound package at all.
    """
    package = open_package(content, name)
    # An Office program writes a zip from the first byte to the last, without a comment; a second file hides around it.
    if package.begins or not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06":
        return _DOUBLE
    if len(package.names) != package.count or any(part.startswith("/") or ".." in part for part in package.names):
        return _DOUBLE
    for part in sorted(package.names):
        if fault := _fault_of_part(package, part, inner):
            return fault
    return ""


def _fault_of_part(package: Package, part: str, inner: bool) -> str:
    folded = part.casefold()
    if "/activex/" in folded:
        return _ACTS["control"]
    if "/macrosheets/" in folded:
        return _ACTS["xlMacrosheet"]
    if folded.endswith(MACRO_PARTS):
        return _ACTS["vbaProject"]
    raw = package.bytes(part)
    if raw.startswith(OLE) or raw.startswith(b"MZ"):
        return _ACTS["oleObject"]
    if raw.startswith(b"PK\x03\x04"):
        return _INNER if inner else _fault_of_inner(raw, part)
    if folded.endswith(".rels"):
        return _fault_of_relations(package, part)
    if _FETCHING_FIELDS.search(_field_words(raw)):
        return (
            "có trường tự lấy nội dung từ nơi khác (DDE, INCLUDE). "
            "Hãy bấm Ctrl+A rồi Ctrl+Shift+F9 để biến trường thành chữ, lưu rồi gửi."
        )
    return ""


def _field_words(raw: bytes) -> str:
    """What the fields of a part ask for, a line each, read as XML: in any encoding, notation and number of runs."""
    plain = raw.replace(b"\0", b"")
    declared = _ENCODING.match(plain)
    unusual = declared is not None and declared[1].lower() not in _USUAL_ENCODINGS
    # Names are written letter by letter: a part without these has no field. Most parts are large and have none.
    if not (unusual or _FIELD_NAMES.search(plain)):
        return ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        return plain.decode("latin-1")  # no program reads it as a document; what stands in it is looked at as it is
    words, in_code = [], []  # of the open fields, the innermost last: is this still its code, and not its result
    for element in root.iter(etree.Element):
        kind = etree.QName(element).localname
        if kind in {"instrText", "delInstrText"} or (kind in {"t", "delText"} and in_code and in_code[-1]):
            words.append(element.xpath("string()"))
        elif kind == "fldChar":
            words.append("\n")
            mark = next((told for name, told in element.attrib.items() if name.endswith("fldCharType")), "")
            if mark != "begin" and in_code:
                in_code.pop()
            if mark != "end":
                in_code.append(mark == "begin")
        words += [f"\n{told}\n" for name, told in element.attrib.items() if etree.QName(name).localname == "instr"]
    return "".join(words)


def _fault_of_inner(raw: bytes, part: str) -> str:
    """A chart's workbook lies in the file as a package of its own, and is looked at as one that is sent by itself."""
    try:
        return fault_of_office(raw, part.rsplit("/", 1)[-1], inner=True)
    except BadFile:
        return _INNER


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
