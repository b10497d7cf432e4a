"""One cell → one value: a status, a percentage, a day, a text, a figure. What cannot be read says why.

Nothing is guessed: '1.234' is asked about, '-' is asked about, a formula without a stored result is refused.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from agencies.vietnamese import clean, fold_words, show_number
from campaigns.models import Task
from reports.workbook import fields
from reports.workbook.grid import Grid
from reports.workbook.problems import CellError, CellQuestion, short

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_WHOLE = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}(?:([. ,\u00a0])\d{3})(?:\1\d{3})*")
_COMMA = re.compile(r"\d+,\d+")
_NEGATIVE = re.compile(r"[-−–]\s*[\d.,]+|\([\d.,]+\)")
_DASHES = {"-", "–", "—", "−", "--", "x", "X"}
_STATUS = {fold_words(str(status.label)): status.value for status in Task.Status}
_FLAGS = {"co": True, "x": True, "khong": False}
# The figure's column holds sixteen digits, three of them decimals.
_LARGEST = Decimal(10) ** 13


def read_cell(grid: Grid, row: int, column: int, kind: str) -> object:
    """The value of a cell of a kind (reports.workbook.fields.Field.kind). Raises CellError or CellQuestion."""
    place = (row, column)
    if told := (grid.errors or {}).get(place):
        raise CellError(f"Ô có lỗi {told}.", "Hãy gõ thẳng nội dung vào ô.")
    if place in grid.unknown:
        raise CellError(
            "Ô có công thức chưa có kết quả.", "Hãy mở tệp bằng Excel, lưu lại, hoặc gõ thẳng nội dung vào ô."
        )
    value = grid.value(row, column)
    if isinstance(value, str) and not value.strip():
        return None if kind in ("percent", "day", "figure") else ""
    if kind == "percent":
        return _percent(value, shown_as_percent=place in grid.percents)
    if kind == "figure" and place in grid.percents:
        raise CellError("Ô đang ở dạng phần trăm.", "Hãy đổi về dạng số và ghi số liệu.")
    return {"status": _status, "day": _day, "flag": _flag, "figure": read_figure}.get(kind, _prose(kind))(value)


def _prose(kind: str):
    def read(value: object) -> str:
        if isinstance(value, bool):
            return fields.YES if value else fields.NO
        if isinstance(value, float):
            return show_number(Decimal(f"{value:.15g}"))
        if isinstance(value, datetime | date):
            return f"{value:%d/%m/%Y}"
        return fields.tidy(kind, str(value))

    return read


def _status(value: object) -> str:
    found = _STATUS.get(fold_words(str(value)))
    if found is None:
        choices = ", ".join(str(status.label) for status in Task.Status if status != Task.Status.CANCELLED)
        raise CellError(f"“{short(value)}” không phải là tình trạng.", f"Chọn một trong: {choices}.")
    return found


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    found = _FLAGS.get(fold_words(str(value)))
    if found is None:
        raise CellError(f"“{short(value)}” không phải là Có hay Không.", "Chọn Có hoặc Không.")
    return found


def _percent(value: object, *, shown_as_percent: bool) -> int:
    text = clean(value).removesuffix("%").strip() if isinstance(value, str) else None
    if text is not None and _WHOLE.fullmatch(text):
        value = int(text) if len(text) < 9 else 999
    elif isinstance(value, float | int) and not isinstance(value, bool) and not _is_no_number(value):
        value = round(value * 100, 6) if shown_as_percent else value
        if value != int(value):
            raise CellError(f"“{short(value)}” không phải là số nguyên.", "Ghi số nguyên từ 0 đến 100, ví dụ 50.")
    else:
        raise CellError(f"“{short(value)}” không phải là tỷ lệ.", "Ghi số nguyên từ 0 đến 100, không kèm chữ.")
    if not 0 <= value <= 100:
        raise CellError(f"{short(value)} nằm ngoài 0–100.", "Ghi số nguyên từ 0 đến 100.")
    return int(value)


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise CellError(f"“{short(value)}” là một con số, không phải ngày.", "Viết ngày/tháng/năm, ví dụ 03/04/2026.")
    match = _DAY.fullmatch(clean(value))
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except (TypeError, ValueError) as error:
        reason = f"Không có ngày “{short(value)}”." if match else f"“{short(value)}” không phải là ngày."
        raise CellError(reason, "Viết ngày/tháng/năm, ví dụ 03/04/2026.") from error


def read_figure(value: object) -> Decimal | None:
    """A figure as typed; None for an empty cell. Raises CellError, or CellQuestion for '1.234' and '-'."""
    if isinstance(value, bool | date | time | timedelta) or _is_no_number(value):
        raise CellError(f"“{short(value)}” không phải là số.", "Ghi bằng chữ số, ví dụ 1234.")
    if not isinstance(value, str):
        return _checked(Decimal(f"{value:.15g}"))
    text = clean(value)
    if not text:
        return None
    if text in _DASHES:
        raise CellQuestion(Decimal(0), f"Ô ghi “{text}”: có phải là 0 (không phát sinh)?")
    if _WHOLE.fullmatch(text):
        return _checked(Decimal(text))
    if _GROUPED.fullmatch(text):
        meaning = _checked(Decimal(re.sub(r"\D", "", text)))
        raise CellQuestion(meaning, f"Ô ghi “{text}” dạng chữ: có phải là {show_number(meaning)}, tức {meaning}?")
    if _COMMA.fullmatch(text):
        return _checked(Decimal(text.replace(",", ".")))
    if _NEGATIVE.fullmatch(text):
        raise CellError(f"“{short(text)}” là số âm; số liệu không được âm (V09).", "Ghi 0 hoặc số dương.")
    raise CellError(f"“{short(text)}” không phải là số.", "Chỉ ghi chữ số, không kèm chữ hay đơn vị, ví dụ 1234.")


def _is_no_number(value: object) -> bool:
    """NaN and infinity, which a damaged file may hold where a number belongs."""
    return isinstance(value, float) and not math.isfinite(value)


def _checked(value: Decimal) -> Decimal:
    if value < 0:
        raise CellError(f"{show_number(value)} là số âm; số liệu không được âm (V09).", "Ghi 0 hoặc số dương.")
    return value


def check_decimals(value: Decimal, decimals: int) -> None:
    """Refuse what the indicator cannot hold: too large, too many decimals (V09).

    1,234 for a count is asked about: it may be 1.234 typed into an Excel that reads the dot as a decimal point.
    """
    if value >= _LARGEST:
        raise CellError("Số quá lớn.", "Hãy kiểm tra lại số chữ số.")
    if value == round(value, decimals):
        return
    thousand = value * 1000
    if decimals == 0 and value < 1000 and thousand == int(thousand):
        text = f"Ô ghi {show_number(value)}: có phải là {show_number(thousand)}, tức {int(thousand)}?"
        raise CellQuestion(thousand, text)
    kind = "số nguyên" if decimals == 0 else f"số có tối đa {decimals} chữ số thập phân"
    raise CellError(f"{show_number(value)} không phải là {kind} (V09).", "Hãy làm tròn theo số liệu gốc.")
