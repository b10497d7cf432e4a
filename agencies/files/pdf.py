"""Is this a sound PDF that only shows pages?

Evidence must open for everybody in ten years, print, and let a virus scanner look inside. So a PDF that is locked in
any way (a password to open it or an owner's password that forbids printing) is refused, and so is one that runs,
fetches, embeds or starts something. Names may be written with #xx and may lie in packed object streams: both are read.
"""

import re
import zlib

from agencies.files.doubles import looks_like_another

MAX_UNPACKED = 64 * 1024 * 1024  # of all packed object streams together; a thousand-page PDF has about 5 MB
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_STREAM = re.compile(rb">>\s*stream\r?\n")
_ACTS = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|GoToE|GoToR|XFA)(?=[\s/<>\[\]()]|$)"
)
_ACTS_IN_WORDS = {
    b"JavaScript": "có mã chạy kèm (JavaScript)",
    b"Launch": "có lệnh mở chương trình khác",
    b"EmbeddedFile": "có tệp khác đính bên trong",
    b"EmbeddedFiles": "có tệp khác đính bên trong",
    b"RichMedia": "có nội dung đa phương tiện nhúng",
    b"Rendition": "có nội dung đa phương tiện nhúng",
    b"SubmitForm": "có biểu mẫu tự gửi dữ liệu đi nơi khác",
    b"ImportData": "có biểu mẫu tự lấy dữ liệu từ tệp khác",
    b"GoToE": "có liên kết tới tệp khác",
    b"GoToR": "có liên kết tới tệp khác",
    b"XFA": "có biểu mẫu động (XFA)",
}
_PRINT_ANEW = "Hãy mở tệp, chọn In › “Microsoft Print to PDF” (hoặc “Lưu dưới dạng PDF”) rồi gửi tệp mới."


def fault_of_pdf(content: bytes) -> str:
    """What is wrong with the file and what to do, to be said after its name; '' for a plain sound PDF."""
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content or not re.search(rb"\d\s+\d+\s+obj\b", content):
        return "bị hỏng hoặc bị cắt cụt. Hãy mở tệp, lưu lại rồi gửi."
    if looks_like_another(content) or len(content[end + 5 :].strip(b"\0\t\n\f\r ")) > 1024:
        return f"có nội dung loại khác ghép vào nên không được nhận. {_PRINT_ANEW}"
    if _LOCKED.search(_plain_names(content)):
        return f"được đặt mật khẩu hoặc khóa quyền nên không quét, in hay lưu lâu dài được. {_PRINT_ANEW}"
    try:
        pieces = [content, *_packed_objects(content)]
    except ValueError:
        return f"có cấu trúc nén bất thường nên không được nhận. {_PRINT_ANEW}"
    for piece in pieces:
        if found := _ACTS.search(_plain_names(piece)):
            return f"{_ACTS_IN_WORDS[found[1]]} nên không được nhận. {_PRINT_ANEW}"
    return ""


def _plain_names(piece: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), piece)


def _packed_objects(content: bytes):
    """The contents of the object streams. ValueError for a packing that no usual program writes, or too much of it."""
    left = MAX_UNPACKED
    for found in _STREAM.finditer(content):
        start = content.rfind(b"obj", max(0, found.start() - 4096), found.start())
        header = _plain_names(content[start if start >= 0 else max(0, found.start() - 4096) : found.start()])
        if b"/ObjStm" not in header or b"/Filter" not in header:
            continue
        if re.search(rb"/(LZW|ASCII|RunLength|Crypt)", header):
            raise ValueError
        unpacking = zlib.decompressobj()
        try:
            piece = unpacking.decompress(content[found.end() :], left)
        except zlib.error as error:
            raise ValueError from error
        left -= len(piece)
        if left <= 0:
            raise ValueError
        yield piece
