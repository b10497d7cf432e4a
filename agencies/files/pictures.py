"""Is this a sound PNG or JPEG, of a size that a browser can show, and nothing besides?"""

import struct
import zlib

from agencies.files.doubles import looks_like_another

MAX_SIDE = 30_000  # pixels; an A4 page at 600 dots per inch has 7,016
MAX_PIXELS = 100_000_000  # a browser needs 4 bytes for each
_BROKEN = "bị hỏng hoặc bị cắt cụt. Hãy mở ảnh, lưu lại (hoặc chụp lại) rồi gửi."
_DOUBLE = "có nội dung loại khác ghép vào nên không được nhận. Hãy mở ảnh, lưu thành tệp mới rồi gửi."
# Start-of-frame markers carry the size; C4, C8 and CC in the same range mean something else.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD9)}


def fault_of_png(content: bytes) -> str:
    """What is wrong with the picture and what to do, to be said after its name; '' for a sound one."""
    if looks_like_another(content) or b"%PDF-" in content[:1024]:
        return _DOUBLE
    try:
        width, height = _png_size(content)
    except (struct.error, ValueError):
        return _BROKEN
    at = 8
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        at += 12 + length
        if kind == b"IEND":
            return _size_fault(width, height) or (_DOUBLE if content[at:].strip(b"\0\r\n ") else "")
    return _BROKEN


def _png_size(content: bytes) -> tuple[int, int]:
    length, kind = struct.unpack_from(">I4s", content, 8)
    (checksum,) = struct.unpack_from(">I", content, 29)
    if length != 13 or kind != b"IHDR" or zlib.crc32(content[12:29]) != checksum:
        raise ValueError
    return struct.unpack_from(">II", content, 16)


def fault_of_jpeg(content: bytes) -> str:
    """What is wrong with the picture and what to do, to be said after its name; '' for a sound one.

    Phones write a film or a second picture behind the first one; that is allowed, an archive or a page is not.
    """
    if looks_like_another(content) or b"%PDF-" in content[:1024]:
        return _DOUBLE
    try:
        width, height = _jpeg_size(content)
    except (struct.error, ValueError, IndexError):
        return _BROKEN
    return _size_fault(width, height) or ("" if b"\xff\xd9" in content else _BROKEN)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            if length < 2 or marker in (0xDA, 0xD9):
                raise ValueError  # the picture itself begins before its size was told
            at += 2 + length


def _size_fault(width: int, height: int) -> str:
    if not width or not height:
        return _BROKEN
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        return (
            f"có kích thước bất thường ({width} × {height} điểm ảnh) nên không được nhận. "
            "Hãy thu nhỏ ảnh (mỗi cạnh dưới 10.000 điểm ảnh là đủ để in) rồi gửi."
        )
    return ""
