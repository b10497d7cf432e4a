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
# What ends a name: white space, of which NUL is one, or the first sign of something else, of which % is one.
_END = rb"(?=[\s\0%{}/<>\[\]()]|$)"
_LOCKED = re.compile(rb"/Encrypt" + _END)
# Every program writes the head of an object stream this plainly: no text, no remark, no dictionary inside it.
_PLAIN_HEAD = re.compile(rb"obj[\s\0]*<<([^<>()%]*)>>[\s\0]*stream\r?\n")
_PACKED = re.compile(rb"/ObjStm" + _END)
_FIRST = re.compile(rb"/First[\s\0]+\d+(?![\d.])(?![\s\0]+\d+[\s\0]+R)")  # a number: of no other stream
_NAMES = re.compile(rb"/([^\s\0%{}/<>\[\]()]*)")
_HEAD_NAMES = {b"Type", b"ObjStm", b"N", b"First", b"Length", b"Extends", b"Filter", b"FlateDecode"}
_ONE_FILTER = re.compile(rb"/Filter[\s\0]*(?:/FlateDecode|\[[\s\0]*/FlateDecode[\s\0]*\])" + _END)
_ACTS = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|GoToE|GoToR|XFA)" + _END
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
    """The contents of the object streams. ValueError for a packing that no usual program writes, or too much of it.

    Whatever is called an object stream, or has the first object's place as one has, must have been looked into.
    """
    left, seen, whole = MAX_UNPACKED, [0, 0], memoryview(content)
    for found in _PLAIN_HEAD.finditer(content):
        head = _plain_names(found[1])
        here = [len(_PACKED.findall(head)), len(_FIRST.findall(head))]
        if not any(here):
            continue
        seen = [sum(pair) for pair in zip(seen, here, strict=True)]
        names = _NAMES.findall(head)
        if set(names) - _HEAD_NAMES or len(names) != len(set(names)):
            raise ValueError
        if b"Filter" not in names:
            continue  # not packed: read with the rest
        if not _ONE_FILTER.search(head):
            raise ValueError
        unpacking = zlib.decompressobj()
        try:
            piece = unpacking.decompress(whole[found.end() :], left)
        except zlib.error as error:
            raise ValueError from error
        left -= len(piece)
        if left <= 0:
            raise ValueError
        yield piece
    plain = _plain_names(content)
    if seen != [len(_PACKED.findall(plain)), len(_FIRST.findall(plain))]:
        raise ValueError
