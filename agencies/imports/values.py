"""Cells of a list as values: dates, yes or no, whole numbers, choices. What is wrong is told with how to mend it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agencies.imports.lists import ListRow
from agencies.imports.running import RowProblem
from agencies.vietnamese import clean, fold_words

_YES, _NO = {"co", "x", "yes", "true", "1", "dung"}, {"khong", "no", "false", "0", "sai"}
_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


def line(row: ListRow, name: str, *, most: int) -> str:
    """One line of text of at most that many letters."""
    text = clean(row.get(name))
    if len(text) > most:
        raise RowProblem(name, f"Dài {len(text)} ký tự, tối đa {most}.", "Hãy viết gọn lại.")
    return text


def required(row: ListRow, name: str, what: str, *, most: int) -> str:
    """As ``line``, but never empty."""
    text = line(row, name, most=most)
    if not text:
        raise RowProblem(name, f"Thiếu {what}.", "Hãy điền vào ô này.")
    return text


def written_day(text: str) -> date | None:
    """The day that a cell says, day first or as ISO 8601; None when it says none, or one of no sensible year."""
    for form in _DAYS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 1900 <= found.year <= 2200:
            return found
    return None


def day(row: ListRow, name: str) -> date | None:
    """A date written day first; None for an empty cell."""
    text = clean(row.get(name))
    if not text:
        return None
    if found := written_day(text):
        return found
    raise RowProblem(name, f"“{text}” không phải là ngày.", "Ghi dạng ngày/tháng/năm, ví dụ 01/03/2025.")


def yes_or_no(row: ListRow, name: str) -> bool | None:
    """Có/Không, x, 1/0; None for an empty cell."""
    word = fold_words(row.get(name))
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise RowProblem(name, f"“{row.get(name)}” không rõ là có hay không.", "Ghi “Có” hoặc “Không”.")


def whole_number(row: ListRow, name: str, *, most: int) -> int | None:
    """A whole number from 0 to ``most``; None for an empty cell."""
    text = clean(row.get(name))
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 12) or int(text) > most:
        raise RowProblem(name, f"“{text}” không phải số nguyên từ 0 đến {most}.", "Ghi một số, ví dụ 5.")
    return int(text)


def one_of(row: ListRow, name: str, choices: Mapping[str, object], what: str):
    """The choice whose folded name stands in the cell; None for an empty cell."""
    text = clean(row.get(name))
    if not text:
        return None
    if (key := fold_words(text)) in choices:
        return choices[key]
    raise RowProblem(name, f"Không có {what} “{text}”.", "Ghi đúng mã hoặc tên như trên trang Cơ quan.")


def email(row: ListRow, name: str) -> str:
    """An e-mail address, '' for an empty cell."""
    text = line(row, name, most=254)
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise RowProblem(name, f"“{text}” không phải địa chỉ thư điện tử.", "Ví dụ: ten@cantho.gov.vn.") from error
    return text
