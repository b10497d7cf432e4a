"""The forty nastiest inputs as a table of what each gets, worked out by asking the portal itself."""

from django import forms
from django.template import Context, Template
from django.utils.html import escape

from agencies.fields import Line, Prose
from agencies.files.kinds import check_file
from agencies.files.receiving import safe_name
from agencies.files.virus import RefusedFile
from agencies.forms import DayField
from agencies.tables.listing import harmless
from campaigns.count_field import CountField
from portal.ics import text as ics_text
from tests.nasty_files import FILES
from tests.nasty_texts import DATES, NUMBERS, TEXTS

# Near relations of others in the list; they are tried all the same (tests/agencies/test_nasty_files.py).
_LEFT_OUT = {
    "trang HTML đổi đuôi thành .jpg", "PDF có JavaScript", "PNG rộng 0 điểm ảnh", "JPG 65.000 × 65.000 điểm ảnh",
    "Word có macro đổi tên phần thành chữ hoa", "tệp nén thường đổi đuôi thành .docx", "tệp trống",
    "PNG nối thêm tệp nén ở cuối", "Word lấy ảnh từ máy lạ (lộ việc mở tệp)", "PDF đính tệp khác bên trong",
    "Excel đổi đuôi thành .docx", "ảnh SVG có mã chạy", "PDF có lệnh mở chương trình", "Excel nối với tệp khác",
    "Word đặt mật khẩu", "Word có tệp khác nối ở đầu", "PDF bị cắt cụt giữa chừng", "Word có macro (vbaProject.bin)", "nửa cặp surrogate", "hàng trăm dấu chồng lên một chữ (Zalgo)",
    "chữ Kirin giống chữ La-tinh", "biểu tượng cảm xúc ngoài BMP",
}  # fmt: skip
_FORMULA = "=HYPERLINK(\"http://x\";cmd|'/C calc'!A0)"
_SCRIPT, _TEMPLATE, _HEADER = "<script>alert(1)</script>", "{{ 99991*7 }}", "a.pdf\r\nSet-Cookie: x=1"


def _refusal(name: str, content: bytes) -> str:
    try:
        return f"nhận ({check_file(name, content)})"
    except RefusedFile as error:
        return "Từ chối: " + " ".join(error.messages)


def _answer(field: forms.Field, typed: str) -> str:
    try:
        return f"Nhận là {field.clean(typed)}"
    except forms.ValidationError as error:
        return "Từ chối: " + " ".join(error.messages)


def _kept(typed: str) -> str:
    line, prose = Line().get_prep_value(typed), Prose().get_prep_value(typed)
    if len(prose) > 30:
        return "Lưu đúng như gõ, không làm hỏng trang hay tệp nào"
    return f"Lưu “{line}”" + (f"; ô nhiều dòng giữ {prose.count(chr(10)) + 1} dòng" if prose != line else "")


def table() -> list[tuple[str, str, str]]:
    """(kind, what it is, what it gets), forty rows."""
    rows = [
        ("Tệp", what, _refusal(safe_name(name), content))
        for what, name, content, _said in FILES
        if what not in _LEFT_OUT
    ]
    rows += [("Chữ", what, _kept(typed)) for what, typed, _expected in TEXTS if what not in _LEFT_OUT]
    rows += [("Số", f"{what}: {typed[:12]}", _answer(CountField(), typed)) for what, typed in NUMBERS[:4]]
    rows += [("Ngày", f"{what}: {typed}", _answer(DayField(), typed)) for what, typed in DATES[:4]]
    shown = Template("{{ typed }}").render(Context({"typed": _TEMPLATE}))
    rows += [
        ("Chèn", f"công thức {_FORMULA[:12]}… vào ô rồi xuất Excel, CSV", f"Ô chữ: {harmless(_FORMULA)[:13]}…"),
        ("Chèn", f"HTML {_SCRIPT}", f"Hiện nguyên chữ: {escape(_SCRIPT)}; CSP không cho chạy mã trong trang"),
        ("Chèn", f"mẫu Jinja/Django {_TEMPLATE}", f"Hiện nguyên chữ {shown} ở trang, Word, Excel"),
        ("Chèn", "tên tệp có xuống dòng để thêm tiêu đề HTTP", f"Tên lưu: {safe_name(_HEADER)}"),
        ("Chèn", "xuống dòng để thêm sự kiện vào lịch ICS", f"Một dòng: {ics_text('Họp' + chr(10) + 'BEGIN:VEVENT')}"),
    ]
    return rows


def as_markdown() -> str:
    """The page docs/nasty-inputs.md."""
    head = (
        "# Bốn mươi đầu vào xấu nhất và điều mỗi cái nhận được\n\n"
        "Bảng này do kiểm thử `tests/test_nasty_table.py` viết ra từ chính câu trả lời của cổng; chạy lại bằng "
        "`UPDATE_NASTY=1`. Các tệp được dựng từng byte trong `tests/nasty_files.py`, chữ và số trong "
        "`tests/nasty_texts.py`; `tests/test_injection.py` gõ chúng vào mọi ô, mọi địa chỉ, mọi tệp xuất.\n\n"
        "| # | Loại | Đầu vào | Cổng trả lời |\n|---|---|---|---|\n"
    )

    def cell(text: str) -> str:
        shown = "".join(f"U+{ord(char):04X}" if char in "\u202e\x00" else char for char in text)
        return shown.replace("|", "\\|").replace("<", "&lt;").replace("\r", "␍").replace("\n", "␊")

    body = "".join(f"| {n} | {' | '.join(map(cell, row))} |\n" for n, row in enumerate(table(), 1))
    return head + body
