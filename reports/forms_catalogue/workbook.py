"""A form's definition as an Excel workbook that the secretariat downloads, edits and uploads again."""

import io
from collections.abc import Collection, Sequence

from agencies.tables.excel import column_letters, read_workbook
from agencies.tables.package import EXCEL, open_package
from agencies.tables.problems import BadFile
from agencies.tables.sheets import TextWorkbook
from agencies.tables.source import SourceTable
from agencies.vietnamese import clean, fold
from reports.forms_catalogue.definition import CALENDARS, HOLDS, SEVERITIES, SUBJECTS, Form
from reports.forms_catalogue.draft import Cell, Draft, Problem

FONT = "Times New Roman"
_HEAD = (
    ("code", "Mã", "Chữ thường không dấu, số, gạch nối; dùng trong địa chỉ, ví dụ 04a"),
    ("form_code", "Ký hiệu biểu", "Như in trên biểu, ví dụ 09e/BTP/PBGDPL"),
    ("title", "Tên biểu", ""),
    ("circular", "Văn bản ban hành", "Ví dụ: Thông tư số 17/2025/TT-BTP ngày 24/10/2025"),
    ("subject", "Nội dung", f"Một trong: {' · '.join(SUBJECTS.values())}"),
    ("calendar", "Lịch", f"Một trong: {' · '.join(CALENDARS.values())}"),
    ("effective_from", "Áp dụng từ ngày", "ngày/tháng/năm"),
    ("effective_to", "Áp dụng đến hết ngày", "ngày/tháng/năm; để trống nếu còn hiệu lực"),
    ("receiver", "Đơn vị nhận báo cáo", "Ví dụ: Bộ Tư pháp"),
    ("source", "Nguồn", "Đọc danh mục cột ở đâu, trang nào"),
    ("notes", "Ghi chú in dưới biểu", "Mỗi dòng một ghi chú (Alt+Enter để xuống dòng)"),
)
_LISTS = {
    "rows": ("Dòng", (("code", "Mã dòng", 10), ("label", "Tên dòng", 60), ("holds", "Lấy số liệu của", 28),
                      ("listed", "Liệt kê từng cơ quan", 20))),
    "columns": ("Cột", (("code", "Mã cột", 10), ("level1", "Tiêu đề cấp 1", 34), ("level2", "Tiêu đề cấp 2", 34),
                        ("level3", "Tiêu đề cấp 3", 30), ("unit", "Đơn vị tính", 16), ("indicators", "Chỉ tiêu", 16))),
    "rules": ("Quy tắc", (("rule", "Quy tắc", 50), ("severity", "Mức", 12), ("source", "Nguồn", 50))),
}  # fmt: skip
_HINTS = {
    "rows": f"Lấy số liệu của: {' · '.join(HOLDS.values())}. Liệt kê: có · không.",
    "columns": "Chỉ tiêu: mã ở trang “Chỉ tiêu”, cộng nhiều mã bằng dấu +; để trống nếu cổng không thu số liệu.",
    "rules": "(5) = (6) + (7) · (2) ≤ (1) · (2) ≥ 3 × (1) · (3) = 0 → (4) = 0. "
    f"Mức: {' · '.join(SEVERITIES.values())}.",
}


def write_definition(form: Form, indicators: Collection) -> bytes:
    """The definition as .xlsx bytes. ``indicators`` (code, name, unit, nature in words) fill the look-up sheet."""
    out = io.BytesIO()
    with TextWorkbook(out, font=FONT, size=12) as book:
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "top"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
        hint = book.add_format({"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Biểu")
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 2, 60)
        for row, (name, label, words) in enumerate(_HEAD):
            sheet.write_string(row, 0, label, head)
            sheet.write_string(row, 1, _head_text(form, name), cell)
            sheet.write_string(row, 2, words, hint)
        for kind, (title, columns) in _LISTS.items():
            sheet = book.add_worksheet(title)
            for column, (_name, label, width) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, label, head)
            sheet.set_column(len(columns), len(columns), 60)
            sheet.write_string(0, len(columns), _HINTS[kind], hint)
            sheet.freeze_panes(1, 0)
            lines = _lines(form, kind)
            for row, texts in enumerate(lines, 1):
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, text, cell)
        sheet = book.add_worksheet("Chỉ tiêu")
        for column, (label, width) in enumerate((("Mã", 10), ("Chỉ tiêu", 60), ("Đơn vị tính", 16), ("Tính chất", 16))):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, head)
        for row, texts in enumerate(indicators, 1):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, str(text), cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _head_text(form: Form, name: str) -> str:
    value = getattr(form, name)
    if name in ("effective_from", "effective_to"):
        return f"{value:%d/%m/%Y}" if value else ""
    if name == "notes":
        return "\n".join(value)
    return {"subject": SUBJECTS, "calendar": CALENDARS}.get(name, {}).get(value, value)


def _lines(form: Form, kind: str) -> list[Sequence[str]]:
    if kind == "rows":
        return [(row.code, row.label, HOLDS[row.holds], "có" if row.listed else "không") for row in form.rows]
    if kind == "columns":
        return [
            (column.code, *[*column.path, "", "", ""][:3], column.unit, " + ".join(column.indicators))
            for column in form.columns
        ]
    return [(rule.text, SEVERITIES[rule.severity], rule.source) for rule in form.rules]


def read_definition(content: bytes, filename: str) -> tuple[Draft, list[Problem]]:
    """What an uploaded workbook says, with the address of every cell, and what its shape lacks.

    Raises BadFile, in words, for what is no sound .xlsx.
    """
    package = open_package(content, filename)
    if package.kind != EXCEL:
        raise BadFile("Định nghĩa biểu là bảng tính Excel (.xlsx). Hãy tải định nghĩa có sẵn về, sửa rồi chọn lại.")
    tables = {fold(table.name): table for table in read_workbook(package).tables}
    draft, problems = Draft(), []

    def table_of(title: str) -> SourceTable | None:
        found = tables.get(fold(f"Trang tính “{title}”"))
        if found is None:
            problems.append(Problem("Tệp", f"Thiếu trang “{title}”, hoặc trang trống."))
        else:
            formulas = found.formulas[:20]
            problems.extend(Problem(_at(title, address), "Ô có công thức; hãy ghi giá trị.") for address in formulas)
        return found

    if (head := table_of("Biểu")) is not None:
        names = {fold(label): name for name, label, _words in _HEAD}
        for row in head.rows:
            label = clean(row.cells[0]) if row.cells else ""
            if (name := names.get(fold(label))) is not None:
                text = row.cells[1] if len(row.cells) > 1 else ""
                draft.head[name] = Cell(text, _at("Biểu", f"B{row.number}"))
            elif label:
                problems.append(Problem(_at("Biểu", f"A{row.number}"), f"Không hiểu mục “{label[:60]}”."))
    for kind, (title, columns) in _LISTS.items():
        if (table := table_of(title)) is not None:
            getattr(draft, kind).extend(_read_list(title, columns, table, problems))
    return draft, problems


def _at(title: str, address: str) -> str:
    return f"Trang “{title}”, ô {address}"


def _read_list(title: str, columns, table: SourceTable, problems: list[Problem]) -> list[dict[str, Cell]]:
    heads, *rest = table.rows
    places = {fold(text): at for at, text in reversed(list(enumerate(heads.cells)))}
    found = {name: places.get(fold(label)) for name, label, _width in columns}
    if missing := [label for name, label, _width in columns if found[name] is None]:
        problems.append(Problem(_at(title, f"A{heads.number}"), f"Dòng đầu thiếu cột: {', '.join(missing)}."))
        return []
    lines = []
    for row in rest:
        cells = {
            name: Cell(row.cells[at] if at < len(row.cells) else "", _at(title, f"{column_letters(at)}{row.number}"))
            for name, at in found.items()
        }
        if any(cell.text for cell in cells.values()):
            lines.append(cells)
    return lines
