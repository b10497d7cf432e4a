"""Builders of real .docx and .xlsx annexes for tests: letterhead, table, merged section rows, signatures."""

import io
import zipfile

import xlsxwriter
from docx import Document

HEADINGS = [
    "STT",
    "Nội dung công việc",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Thời gian hoàn thành",
    "Sản phẩm",
    "Ghi chú",
]
LETTERHEAD = (
    "Số: 02/KHPH-STP-UBMTTQVN",
    "Cần Thơ, ngày 29 tháng 02 năm 2024",
    "KẾ HOẠCH",
    "Phối hợp thực hiện công tác phổ biến, giáo dục pháp luật, hòa giải ở cơ sở giai đoạn 2024 - 2025",
    "Căn cứ Luật Phổ biến, giáo dục pháp luật ngày 20 tháng 6 năm 2012;",
    "Căn cứ Kế hoạch số 01/KH-UBND ngày 03 tháng 01 năm 2024 của Ủy ban nhân dân thành phố Cần Thơ;",
    "I. MỤC ĐÍCH, YÊU CẦU",
    "Căn cứ tình hình thực tế, các bên số hóa tài liệu.",
)
# A full-width row is a string; None is a blank row.
REAL_ROWS = [
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
    ["1", "Ban hành kế hoạch thực hiện hằng năm", "STP", "UB MTTQ", "Quý I hằng năm", "Kế hoạch", ""],
    ["2", "Sơ kết, tổng kết", "Sở Tư pháp", "Các bên ký kết", "Trước ngày 15/11/2024", "Báo cáo", "Gửi Hội đồng"],
    "II. CÔNG TÁC TUYÊN TRUYỀN",
    ["1.", "Phổ biến pháp luật", "", "", "", "", ""],
    [
        "a)",
        "Tuyên truyền phòng, chống ma túy",
        "CATP",
        "Thành đoàn;\nSở GD&ĐT và Hội LHPN",
        "Quý II–III/2024",
        "Cuộc/lượt người",
        "",
    ],
    [
        "b)",
        "Hưởng ứng Ngày Pháp luật",
        "Ủy ban MTTQVN thành phố",
        "Sở Tư pháp, các cơ quan, đơn vị liên quan",
        "Từ 10/10 đến 09/11/2024",
        "Hội nghị",
        "",
    ],
    ["", "Tổng cộng", "", "", "", "4 nhiệm vụ", ""],
]


def docx(rows=REAL_ROWS, headings=HEADINGS, before=LETTERHEAD, tables=1) -> bytes:
    """A signed document: letterhead, legal bases, the annex table, a signature table after it."""
    document = Document()
    for line in before:
        document.add_paragraph(line)
    for _ in range(tables):
        table = document.add_table(rows=1, cols=len(headings))
        for cell, text in zip(table.rows[0].cells, headings, strict=True):
            cell.text = text
        for row in rows:
            cells = table.add_row().cells
            if isinstance(row, str):
                cells[0].merge(cells[-1]).text = row
                continue
            for cell, text in zip(cells, row or [""] * len(headings), strict=True):
                cell.text = text
    signatures = document.add_table(rows=1, cols=2)
    signatures.cell(0, 0).text, signatures.cell(0, 1).text = "GIÁM ĐỐC SỞ TƯ PHÁP", "TM. BAN THƯỜNG TRỰC"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(rows=REAL_ROWS, headings=HEADINGS, before=(), after=(), sheet="Phụ lục", formulas=None) -> bytes:
    """A workbook with one sheet; ``formulas`` is {address: formula}."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    at = 0
    for line in before:
        page.write(at, 0, line)
        at += 1
    for row in [headings, *rows, *after]:
        if isinstance(row, str):
            page.merge_range(at, 0, at, len(headings) - 1, row)
        elif row is not None:
            for column, value in enumerate(row):
                page.write(at, column, value)
        at += 1
    for address, formula in (formulas or {}).items():
        page.write_formula(address, formula, None, 7)
    book.close()
    return out.getvalue()


def rezip(content: bytes, *, drop=(), add=None, change=None) -> bytes:
    """The same package with parts left out, added, or changed by a function bytes → bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                body = old.read(name)
                new.writestr(name, change[name](body) if change and name in change else body)
        for name, body in (add or {}).items():
            new.writestr(name, body)
    return out.getvalue()


def one_row(
    lead="STP", supporting="", timing="Quý II/2024", number="1", title="Tập huấn hòa giải viên", output="", note=""
):
    """One task row in the order of HEADINGS."""
    return [number, title, lead, supporting, timing, output, note]
