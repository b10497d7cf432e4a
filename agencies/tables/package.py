"""Is this really a Word or Excel file, and is it safe to open? Magic bytes, then a look inside the zip.

An extension proves nothing and a renamed zip passes for .docx with most libraries, so every refusal here has its own
sentence: the person learns what the file is and what to do.
"""

import io
import re
import zipfile

from django.conf import settings
from lxml import etree

from agencies.tables.problems import BadFile

WORD, EXCEL = "docx", "xlsx"
_MAIN_PART = {WORD: "word/document.xml", EXCEL: "xl/workbook.xml"}
_SPOKEN = {WORD: "văn bản Word (.docx)", EXCEL: "bảng tính Excel (.xlsx)"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")  # how the names of macro parts end, in small letters
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)

# A signed annex unpacks to a few MB; these caps are far above any real one and far below what harms a server.
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_RATIO = 200  # unpacked bytes per packed byte, asked of the whole package once it is larger than a MB
MAX_PARTS = 3000


class Package:
    """An opened .docx or .xlsx: its kind and its parts, read with the entities of XML switched off."""

    def __init__(self, kind: str, archive: zipfile.ZipFile, content: bytes):
        self.kind, self.content = kind, content
        self._archive = archive
        # Where the first part begins: later than byte 0 when something else stands in front.
        self.begins = min((info.header_offset for info in archive.infolist()), default=0)
        self.names, self.count = frozenset(archive.namelist()), len(archive.infolist())

    def bytes(self, name: str) -> bytes:
        """One part as it is. Raises KeyError for a name that is not there."""
        return self._archive.read(name)

    def pieces(self, name: str):
        """One part unpacked piece by piece. Raises KeyError for a name that is not there."""
        with self._archive.open(name) as part:
            while piece := part.read(1 << 20):
                yield piece

    def xml(self, name: str):
        """The root element of a part. Raises BadFile when it is missing or is not well-formed XML."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self._archive.read(name), parser)
        except (KeyError, etree.XMLSyntaxError) as error:
            raise BadFile(_damaged()) from error


def open_package(content: bytes, filename: str, *, unpacked: int = MAX_UNPACKED_BYTES) -> Package:
    """The package in the bytes. Raises BadFile, in words, for everything that is not a sound .docx or .xlsx.

    ``unpacked``: how many bytes it may unpack to.
    """
    refuse_too_big(content)
    if not content:
        raise BadFile("Tệp rỗng (0 byte). Hãy kiểm tra lại tệp rồi chọn lại.")
    _refuse_other_formats(content, filename)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _refuse_bombs(archive, len(content), unpacked)
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise BadFile(_ENCRYPTED)
        # Reads every part and compares its checksum: what is declared smaller than it is does not pass.
        if archive.testzip() is not None:
            raise BadFile(_damaged())
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadFile(_damaged()) from error
    except Exception as error:  # zlib.error and kin, raised by bytes that only look like a zip
        if isinstance(error, BadFile):
            raise
        raise BadFile(_damaged()) from error
    return Package(_kind(archive, filename), archive, content)


_ENCRYPTED = (
    "Tệp được đặt mật khẩu nên không đọc được. Hãy mở tệp, bỏ mật khẩu (Tệp › Thông tin › Bảo vệ), lưu rồi chọn lại."
)


def refuse_too_big(content: bytes) -> None:
    """Raise BadFile for more bytes than an upload may have (``PORTAL_MAX_UPLOAD_BYTES``)."""
    cap = settings.PORTAL_MAX_UPLOAD_BYTES
    if len(content) > cap:
        raise BadFile(
            f"Tệp nặng {_megabytes(len(content))} MB, vượt mức {_megabytes(cap)} MB. "
            "Hãy bỏ ảnh quét trong tệp hoặc chỉ giữ lại phần cần nạp rồi chọn lại."
        )


def _refuse_other_formats(content: bytes, filename: str) -> None:
    if content.startswith(b"PK"):
        return
    if content.startswith(b"%PDF"):
        raise BadFile(
            "Đây là tệp PDF, không đọc được bảng trong đó. "
            "Hãy dùng chính tệp Word (.docx) hoặc Excel (.xlsx) đã in ra bản ký."
        )
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise BadFile(_ENCRYPTED)
        raise BadFile(
            "Đây là tệp Word/Excel định dạng cũ (.doc, .xls). "
            "Hãy mở tệp, chọn Lưu thành (Save As) .docx hoặc .xlsx rồi chọn lại."
        )
    if content.startswith(b"{\\rtf"):
        raise BadFile("Đây là tệp RTF. Hãy mở bằng Word, lưu thành .docx rồi chọn lại.")
    raise BadFile(f"Tệp “{filename}” không phải là Word hay Excel. Cổng chỉ nhận tệp .docx hoặc .xlsx.")


def _refuse_bombs(archive: zipfile.ZipFile, packed: int, most: int) -> None:
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    too_dense = unpacked > 1024 * 1024 and unpacked > MAX_RATIO * packed
    if unpacked > most or too_dense or len(infos) > MAX_PARTS:
        raise BadFile(
            f"Tệp bung ra tới {_megabytes(unpacked)} MB, bất thường so với một tệp nhập nên không được mở. "
            "Hãy chép nội dung sang một tệp mới rồi chọn lại."
        )


def _kind(archive: zipfile.ZipFile, filename: str) -> str:
    names = set(archive.namelist())
    content_types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    found = [kind for kind, part in _MAIN_PART.items() if part in names]
    if not content_types or len(found) != 1:
        raise BadFile(
            f"Tệp “{filename}” là một gói nén, bên trong không phải văn bản Word hay bảng tính Excel. "
            "Hãy giải nén và chọn đúng tệp .docx hoặc .xlsx."
        )
    if any(name.casefold().endswith(MACRO_PARTS) for name in names) or b"macroEnabled" in content_types:
        raise BadFile(
            "Tệp có chứa macro (chương trình chạy kèm) nên không được nhận. "
            "Hãy lưu thành .docx hoặc .xlsx không có macro rồi chọn lại."
        )
    for name in names:
        if name.endswith((".xml", ".rels")) and _DOCTYPE.search(_beginning(archive, name).replace(b"\0", b"")):
            raise BadFile(
                "Tệp có khai báo XML không an toàn (DOCTYPE), tệp Word/Excel thật không có. "
                "Hãy chép nội dung sang một tệp mới rồi chọn lại."
            )
    kind, extension = found[0], filename.rsplit(".", 1)[-1].casefold() if "." in filename else ""
    if extension in _MAIN_PART and extension != kind:
        raise BadFile(
            f"Tệp mang đuôi .{extension} nhưng bên trong là {_SPOKEN[kind]}. Hãy đổi đuôi tệp cho đúng rồi chọn lại."
        )
    if extension and extension not in _MAIN_PART:
        raise BadFile(f"Tệp mang đuôi .{extension}; cổng chỉ nhận .docx và .xlsx. Hãy lưu thành một trong hai dạng đó.")
    return kind


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(65536)


def _damaged() -> str:
    return "Tệp bị hỏng nên không đọc được. Hãy mở tệp bằng Word/Excel, lưu lại rồi chọn lại."


def _megabytes(size: int) -> str:
    """Size in MB with a decimal comma: 1572864 → '1,5'."""
    return f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0")
