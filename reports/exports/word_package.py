"""Is this a Word document that may be opened, and does it carry anything that acts by itself?

Content decides, never the name. Two questions: ``open_word`` refuses what is no sound .docx (or is one with macros, or
a bomb); ``active_content`` lists what a template may not carry. Every refusal says what the file is and what to do.
"""

import io
import re
import zipfile
import zlib

from lxml import etree

from agencies.errors import BusinessError
from agencies.tables.package import MACRO_PARTS, OLE
from reports.exports.word_package_fields import reaching_fields

MAIN_PART = "word/document.xml"
# A report with charts unpacks to about 3 MB, a template to less than one.
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 2000

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Attributes by which a drawing of the old kind (VML) or an SVG image fetches something, whatever the relations say.
_FETCHING = {"src", "href", "althref"}
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.\-]*:|//|\\\\)", re.IGNORECASE)
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class NotWord(BusinessError):
    """A file that is not a Word document the portal can open."""

    status = 422


class WordPackage:
    """The opened parts of a .docx, XML read with entities and network switched off."""

    def __init__(self, content: bytes, archive: zipfile.ZipFile):
        self.content, self._archive = content, archive
        self.names = frozenset(archive.namelist())

    def bytes(self, name: str) -> bytes:
        """One part as it is. Raises KeyError for a name that is not there."""
        return self._archive.read(name)

    def is_xml(self, name: str) -> bool:
        """Whether a part is XML by its name or by its content: what Word reads does not depend on the name."""
        if name.casefold().endswith((".xml", ".rels", ".svg")):
            return True
        with self._archive.open(name) as part:
            beginning = part.read(64)
        return beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or beginning.lstrip(_BLANK).startswith(b"<")

    def xml(self, name: str):
        """The root element of a part. Raises NotWord when it is missing or is not well-formed XML."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self._archive.read(name), parser)
        except (KeyError, etree.XMLSyntaxError) as error:
            raise NotWord(_DAMAGED) from error

    def relations(self, part: str = MAIN_PART) -> dict[str, tuple[str, str, bool]]:
        """Relationship id → (kind, target, whether it points outside the file) of a part."""
        folder, _, name = part.rpartition("/")
        known = f"{folder}/_rels/{name}.rels".removeprefix("/")
        if known not in self.names:
            return {}
        return {
            row.get("Id", ""): (
                row.get("Type", "").rsplit("/", 1)[-1],
                row.get("Target", ""),
                row.get("TargetMode") == "External",
            )
            for row in self.xml(known).iter(_RELATION)
        }

    def target(self, part: str, target: str) -> str:
        """The name of a part to which another one refers."""
        if target.startswith("/"):
            return target[1:]
        steps = part.split("/")[:-1]
        for step in target.split("/"):
            steps = steps[:-1] if step == ".." else steps if step == "." else [*steps, step]
        return "/".join(steps)


_DAMAGED = "Tệp bị hỏng nên không đọc được. Hãy mở tệp bằng Word, lưu lại dạng .docx rồi chọn lại."
_MACRO = "Tệp có macro (chương trình chạy kèm) nên không được nhận. Hãy lưu thành .docx không có macro rồi chọn lại."


def open_word(content: bytes) -> WordPackage:
    """The package in the bytes. Raises NotWord, in words, for everything that is not a sound .docx without macros."""
    _refuse_other_formats(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
        unpacked = sum(info.file_size for info in infos)
        dense = unpacked > 1024 * 1024 and unpacked > MAX_RATIO * len(content)
        if unpacked > MAX_UNPACKED_BYTES or dense or len(infos) > MAX_PARTS:
            raise NotWord(
                f"Tệp bung ra tới {unpacked // 1048576} MB, bất thường với một văn bản Word nên không được mở. "
                "Hãy chép nội dung sang một tệp mới rồi chọn lại."
            )
        if len({info.filename for info in infos}) != len(infos):
            raise NotWord(_DAMAGED)
        # Reads every part and compares its checksum: what is declared smaller than it is does not pass.
        if archive.testzip() is not None:
            raise NotWord(_DAMAGED)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise NotWord(_DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:  # an unknown packing, or a password
        raise NotWord("Tệp được đặt mật khẩu hoặc nén theo cách lạ. Hãy bỏ mật khẩu, lưu lại rồi chọn lại.") from error
    package = WordPackage(content, archive)
    _refuse_other_packages(package)
    if package.xml(MAIN_PART).find(f"{_W}body") is None:
        raise NotWord("Tệp Word không có phần nội dung. Hãy mở bằng Word, lưu lại dạng .docx rồi chọn lại.")
    return package


def _refuse_other_formats(content: bytes) -> None:
    if not content:
        raise NotWord("Tệp rỗng (0 byte). Hãy kiểm tra rồi chọn lại.")
    if content.startswith(b"PK"):
        return
    if content.startswith(b"%PDF"):
        raise NotWord("Đây là tệp PDF, không phải văn bản Word. Hãy chọn tệp .docx.")
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise NotWord("Tệp được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu rồi chọn lại.")
        raise NotWord("Đây là tệp Word định dạng cũ (.doc). Hãy mở tệp, chọn Lưu thành (Save As) .docx rồi chọn lại.")
    if content.startswith(b"{\\rtf"):
        raise NotWord("Đây là tệp RTF. Hãy mở bằng Word, lưu thành .docx rồi chọn lại.")
    raise NotWord("Tệp không phải văn bản Word (.docx). Hãy chọn lại đúng tệp.")


def _refuse_other_packages(package: WordPackage) -> None:
    types = package.bytes("[Content_Types].xml") if "[Content_Types].xml" in package.names else b""
    if not types or MAIN_PART not in package.names:
        kind = "bảng tính Excel" if "xl/workbook.xml" in package.names else "một gói nén khác"
        raise NotWord(f"Bên trong tệp là {kind}, không phải văn bản Word (.docx). Hãy chọn lại đúng tệp.")
    for kind, target, _outside in package.relations("").values():
        if kind == "officeDocument" and package.target("", target) != MAIN_PART:
            raise NotWord(_DAMAGED)  # Word would open another part than the one that is checked
    if any(name.casefold().endswith(MACRO_PARTS) for name in package.names):
        raise NotWord(_MACRO)
    if b"macroEnabled" in types:
        raise NotWord(_MACRO)
    for name in package.names:
        if package.is_xml(name) and _DOCTYPE.search(package.bytes(name)[:65536].replace(b"\0", b"")):
            raise NotWord(
                "Tệp có khai báo XML không an toàn (DOCTYPE), tệp Word thật không có. "
                "Hãy chép nội dung sang một tệp mới rồi chọn lại."
            )


def active_content(package: WordPackage) -> list[str]:
    """What the document carries that acts or fetches by itself, in words; nothing for a plain document."""
    found = []
    names = {name.casefold() for name in package.names}
    if any("/activex/" in f"/{name}" for name in names):
        found.append("Tệp có điều khiển ActiveX. Hãy xóa các nút, ô điều khiển đó.")
    if any(name.endswith(".bin") and "/embeddings/" in name for name in names):
        found.append("Tệp có đối tượng nhúng (OLE). Hãy xóa đối tượng đó, hoặc thay bằng chữ, bảng hoặc ảnh.")
    for name in sorted(package.names):
        if name.casefold().endswith(".rels"):
            found += _outside(package, name)
        elif package.is_xml(name):
            found += _in_part(package, name)
    return list(dict.fromkeys(found))


def _in_part(package: WordPackage, name: str) -> list[str]:
    found = []
    root = package.xml(name)
    for element in root.iter(f"{_W}object", f"{_W}altChunk", f"{_W}control", f"{_W}mailMerge"):
        kind = {
            "object": "đối tượng nhúng (OLE)",
            "altChunk": "tài liệu ghép (altChunk)",
            "mailMerge": "trộn thư (mail merge) với tệp dữ liệu ngoài",
        }
        words = kind.get(etree.QName(element).localname, "điều khiển ActiveX")
        found.append(f"Tệp có {words}. Hãy xóa hoặc thay bằng chữ, bảng, ảnh.")
    found += reaching_fields(root)
    if not name.startswith(("customXml/", "docProps/")):  # data that Word keeps and never follows
        found += _fetching(root)
    return found


def _fetching(root) -> list[str]:
    """Attributes that name a file or an address; a place in the same part (#…) and a relation's id do not."""
    found = []
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            local = name.rpartition("}")[2].casefold()
            if local in _FETCHING and not name.startswith(_R) and value and not value.startswith(("#", "data:image/")):
                found.append(f"Tệp có ảnh hoặc liên kết lấy từ ngoài: {value[:80]}. Hãy chèn thẳng nội dung vào tệp.")
    return found


def _outside(package: WordPackage, name: str) -> list[str]:
    found = []
    for row in package.xml(name).iter(_RELATION):
        kind = row.get("Type", "").rsplit("/", 1)[-1]
        outside = row.get("TargetMode", "Internal").strip().casefold() != "internal"
        if outside or _ELSEWHERE.match(row.get("Target", "")):
            words = {"image": "ảnh lấy từ ngoài", "attachedTemplate": "mẫu (template) đính từ ngoài"}
            target = row.get("Target", "")[:80]
            told = words.get(kind, "liên kết ra ngoài")
            found.append(f"Tệp có {told}: {target}. Hãy bỏ liên kết, chèn thẳng nội dung vào tệp.")
        elif kind in ("oleObject", "control", "aFChunk", "vbaProject"):
            found.append("Tệp có đối tượng nhúng (OLE). Hãy xóa đối tượng đó, hoặc thay bằng chữ, bảng hoặc ảnh.")
    return found
