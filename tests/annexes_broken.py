"""Ten broken annexes, each with the report that a person must get: where it is, what is wrong."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter

from tests.annexes import HEADINGS, docx, one_row, rezip, xlsx

TITLE = ("KẾ HOẠCH phối hợp phổ biến, giáo dục pháp luật giai đoạn 2024 - 2025",)
# The same sentence in the two old encodings, as it looks when it is read as Unicode.
TCVN3 = "TËp huÊn kü n¨ng phæ biÕn, gi¸o dôc ph¸p luËt cho ®éi ngò hßa gi¶i viªn ë c¬ së"
VNI = "Taäp huaán kyõ naêng phoå bieán, giaùo duïc phaùp luaät cho ñoäi nguõ hoøa giaûi vieân ôû cô sôû"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@dataclass(frozen=True)
class Broken:
    """A file and what must be said of it: (sheet or table, cell, words of the message), in the order of the file."""

    filename: str
    build: Callable[[], bytes]
    said: tuple[tuple[str, str, str], ...]
    opens: bool = True  # whether the file itself can be handed back with comments


def sheet(rows, **more) -> bytes:
    """A workbook whose heading stands in row 2, below the plan's title."""
    return xlsx(rows=rows, before=TITLE, **more)


def error_cells() -> bytes:
    """A sheet where Excel shows #REF! and #N/A, and a numbering made by formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Phụ lục")
    page.write(0, 0, TITLE[0])
    page.write_row(1, 0, HEADINGS)
    for at in range(3):
        page.write_row(2 + at, 1, [f"Việc {at + 1}", "STP", "", "Hằng quý"])
        page.write_formula(2 + at, 0, "=ROW()-2", None, at + 1)
    page.write_formula("C4", "=Sheet9!A1", None, "#REF!")
    page.write_formula("E5", "=NA()", None, "#N/A")
    book.close()
    return out.getvalue()


BROKEN: dict[str, Broken] = {
    "two leads": Broken(
        "hai-chu-tri.xlsx",
        lambda: sheet([one_row(), one_row(number="2", title="Kiểm tra", lead="Sở Tư pháp, Công an thành phố")]),
        (("Trang tính “Phụ lục”", "C4", "Ô chủ trì có 2 cơ quan: Sở Tư pháp và Công an thành phố"),),
    ),
    "unknown agency": Broken(
        "la-co-quan.docx",
        lambda: docx(
            rows=[one_row(supporting="Sở Y tế; Hội Nông dân"), one_row(number="2", title="B", lead="Sở Y tế")]
        ),
        (
            ("Bảng 1", "D2", "Không biết cơ quan “Sở Y tế”"),
            ("Bảng 1", "D2", "Không biết cơ quan “Hội Nông dân”"),
            ("Bảng 1", "C3", "Không biết cơ quan “Sở Y tế”"),
        ),
    ),
    "no header": Broken(
        "khong-tieu-de.xlsx",
        lambda: xlsx(rows=[["1", "Tập huấn hòa giải viên", "STP", "Hằng quý"]], headings=["", "", "", ""]),
        (("Trang tính “Phụ lục”", "A2", "Không tìm thấy dòng tiêu đề"),),
    ),
    "TCVN3": Broken(
        "tcvn3.docx",
        lambda: docx(rows=[one_row(title=TCVN3), one_row(number="2", title=TCVN3)]),
        (("Bảng 1", "B2", "TCVN3 (ABC)"), ("Bảng 1", "B3", "TCVN3 (ABC)")),
    ),
    "VNI": Broken(
        "vni.xlsx",
        lambda: xlsx(rows=[one_row(title=VNI), one_row(number="2", title=VNI)]),
        (("Trang tính “Phụ lục”", "B2", "VNI Windows"), ("Trang tính “Phụ lục”", "B3", "VNI Windows")),
    ),
    "impossible date": Broken(
        "ngay-sai.xlsx",
        lambda: sheet([one_row(timing="Trước ngày 31/11/2024"), one_row(number="2", title="B", timing="Quý V/2024")]),
        (
            ("Trang tính “Phụ lục”", "E3", "Ngày 31/11/2024"),
            ("Trang tính “Phụ lục”", "E4", "một năm chỉ có bốn quý"),
        ),
    ),
    "typed twice": Broken(
        "trung-so.xlsx",
        lambda: sheet([one_row(), one_row(number="2", title="Kiểm tra"), one_row()]),
        (("Trang tính “Phụ lục”", "A5", "lặp lại nguyên văn hàng 3"),),
    ),
    "macro": Broken(
        "macro.docx",
        lambda: rezip(docx(), add={"word/vbaProject.bin": b"x"}),
        (("", "", "có chứa macro"),),
        opens=False,
    ),
    "bomb": Broken(
        "bom.xlsx",
        lambda: rezip(xlsx(), add={"xl/media/image1.bmp": b"\0" * 60_000_000}),
        (("", "", "bất thường"),),
        opens=False,
    ),
    "renamed": Broken("doi-duoi.docx", lambda: xlsx(), (("", "", "bên trong là bảng tính Excel"),), opens=False),
    "empty table": Broken("bang-rong.docx", lambda: docx(rows=[]), (("Bảng 1", "A1", "không có dòng nhiệm vụ nào"),)),
    "encrypted": Broken(
        "mat-khau.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        (("", "", "được đặt mật khẩu"),),
        opens=False,
    ),
    "error cells": Broken(
        "o-loi.xlsx",
        error_cells,
        (
            ("Trang tính “Phụ lục”", "C4", "Ô C4 báo lỗi #REF!"),
            ("Trang tính “Phụ lục”", "E5", "Ô E5 báo lỗi #N/A"),
            ("Trang tính “Phụ lục”", "A3", "Các ô A3:A5 chứa công thức"),
        ),
    ),
}
