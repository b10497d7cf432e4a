"""Files of every kind, sound and nasty, built byte by byte."""

import io
import struct
import zipfile
import zlib

import xlsxwriter

from portal.demo.files import pdf, picture, word

PDF, PNG, DOCX = pdf("BIEN BAN"), picture("a"), word(["Biên bản"])
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def jpeg(width: int = 8, height: int = 8, behind: bytes = b"") -> bytes:
    """The markers of a JPEG of that size, and something behind its end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    head = b"\xff\xd8" + _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return head + _segment(0xC0, frame) + _segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x00" * 8 + b"\xff\xd9" + behind


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


JPG = jpeg()


def zipped(parts: dict[str, bytes | str], packing=zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def office(base: bytes, parts: dict[str, bytes | str]) -> bytes:
    """A sound Office file with further or other parts."""
    return zipped(parts_of(base) | parts)


def relations(*rows: tuple[str, str, bool]) -> str:
    """A part of relations: (kind, target, whether it leads out of the file)."""
    outward = {True: ' TargetMode="External"', False: ""}
    told = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"{outward[outside]}/>'
        for n, (kind, target, outside) in enumerate(rows)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{told}</Relationships>'


def xlsx() -> bytes:
    """A sound workbook with one sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Trang 1").write(0, 0, "Số liệu")
    return buffer.getvalue()


XLSX = xlsx()


def pdf_with(*, objects: str = "", trailer: str = "", tail: bytes = b"", head: bytes = b"") -> bytes:
    """A sound PDF with further objects, words in its trailer, bytes after its first line or behind its end."""
    body = PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n" + head, 1)
    body = body.replace(b"trailer << ", f"{objects}trailer << {trailer}".encode(), 1)
    return body + tail


def packed_pdf(objects: bytes, *, head: str = "/Filter /FlateDecode", end: str = ">>", times: int = 1) -> bytes:
    """A PDF whose further objects lie packed in an object stream; ``head`` stands in its dictionary, before ``end``."""
    packed = objects
    for _ in range(times):
        packed = zlib.compress(packed, 9)
    begins = f"9 0 obj\n<< /Type /ObjStm /N 1 /First 4 {head} /Length {len(packed)} {end}\nstream\n".encode()
    return PDF.replace(b"trailer << ", begins + packed + b"\nendstream\nendobj\ntrailer << ", 1)
