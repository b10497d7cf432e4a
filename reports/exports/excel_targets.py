"""The targets and the rates as a sheet of the workbook: exact values as numbers, the formula in words beside them."""

from decimal import Decimal

from reports.goals import SIGNS, TargetRow

_COLUMNS = (
    ("STT", 6),
    ("Mã", 9),
    ("Chỉ tiêu", 40),
    ("Của (văn bản, kế hoạch, nhiệm vụ)", 34),
    ("Năm", 8),
    ("Hạn đạt", 12),
    ("So sánh", 8),
    ("Phải đạt", 12),
    ("Đã đạt", 12),
    ("Đơn vị tính", 14),
    ("Tử số", 10),
    ("Mẫu số", 10),
    ("So với chỉ tiêu", 11),
    ("Tình trạng", 16),
    ("Cách tính", 46),
)


def targets_sheet(sheets) -> None:
    """Write the sheet 'Chỉ tiêu': every target with what was reached, then the period's own rates.

    ``sheets`` is the workbook being written (reports/exports/excel.py).
    """
    value = sheets.value
    sheet = sheets.sheet("Chỉ tiêu", "MỨC ĐẠT CHỈ TIÊU", [width for _, width in _COLUMNS])
    head, first = 4, 5
    sheets.head(sheet, head, [name for name, _ in _COLUMNS], last=head + len(value.targets))
    sheet.freeze_panes(first, 3)
    for row, target in enumerate(value.targets, first):
        sheets.number(sheet, row, 0, row - head, align="center", indent=0)
        texts = {
            1: target.code,
            2: target.name,
            3: _owner(target),
            9: target.unit,
            13: target.state_label,
            14: ". ".join(filter(None, (_begun(target.formula), target.note))),
        }
        for column, text in texts.items():
            sheets.text(sheet, row, column, text)
        sheets.date(sheet, row, 5, target.until)
        sheets.text(sheet, row, 4, str(target.year or ""), align="center")
        sheets.text(sheet, row, 6, SIGNS[target.direction], align="center")
        _amount(sheets, sheet, row, 7, target.target, target)
        _amount(sheets, sheet, row, 8, target.achieved, target)
        sheets.number(sheet, row, 10, target.numerator)
        sheets.number(sheet, row, 11, target.denominator)
        _share(sheets, sheet, row, 12, target.percent)
    _rates(sheets, sheet, first + len(value.targets) + 1)


def _owner(target: TargetRow) -> str:
    task = f", nhiệm vụ {target.place} {target.task_title}" if target.task else ""
    return f"{target.source}{task}"


def _begun(formula: str) -> str:
    return formula[:1].upper() + formula[1:]


def _amount(sheets, sheet, row: int, column: int, amount: Decimal | None, target: TargetRow) -> None:
    if target.unit == "%":
        _share(sheets, sheet, row, column, amount)
    else:
        sheets.number(sheet, row, column, amount, target.decimals if target.scope == "plan" else 2)


def _share(sheets, sheet, row: int, column: int, amount: Decimal | None) -> None:
    """A percentage with a second decimal where there is one: 99,98% is not shown as 100%."""
    form = sheets.cell(num_format="0.0#%", align="right", indent=1)
    if amount is None:
        sheet.write_blank(row, column, None, form)
    else:
        sheet.write_number(row, column, amount / 100, form)


def _rates(sheets, sheet, top: int) -> None:
    label = f"Tỷ lệ của {sheets.value.period.label} (chỉ tính báo cáo đã tiếp nhận)"
    sheets.note(sheet, top, label, bold=True)
    for row, found in enumerate(sheets.value.rates, top + 1):
        rate = found.rate
        for column in range(len(_COLUMNS)):
            sheets.text(sheet, row, column, "")
        sheets.number(sheet, row, 0, row - top, align="center", indent=0)
        sheets.text(sheet, row, 2, rate.name)
        if rate.unit == "%":
            _share(sheets, sheet, row, 8, found.value)
        else:
            sheets.number(sheet, row, 8, found.value, 2)
        sheets.text(sheet, row, 9, rate.unit)
        sheets.number(sheet, row, 10, found.numerator)
        sheets.number(sheet, row, 11, found.denominator)
        sheets.text(sheet, row, 14, _begun(rate.formula))
    note = "Ô trống: chưa có số liệu hoặc mẫu số bằng 0."
    sheets.note(sheet, top + 1 + len(sheets.value.rates), note, italic=True)
