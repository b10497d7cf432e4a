"""The person's own file handed back: each error and each open question as a comment on its cell, the rest untouched."""

from agencies.tables.marking import UNWRITABLE, mark_workbook
from agencies.tables.problems import BadFile
from reports.workbook.problems import Preview


def marked_copy(content: bytes, preview: Preview) -> bytes:
    """The .xlsx with comments where the preview found something.

    ``content`` has passed reports.workbook.grid.read_grids. Raises BadFile when it cannot be written again.
    """
    try:
        return mark_workbook(content, {place: "\n".join(texts) for place, texts in _by_cell(preview).items()})
    except UNWRITABLE as error:
        raise BadFile("Không ghi chú được vào tệp này. Hãy sửa theo danh sách lỗi trên trang.") from error


def _by_cell(preview: Preview) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for problem in preview.problems:
        label = f"{problem.label}: " if problem.label else ""
        text = f"LỖI. {label}{problem.reason} {problem.fix}".strip()
        found.setdefault((problem.sheet, problem.cell), []).append(text)
    for question in preview.questions:
        if question.open and question.sheet:
            found.setdefault((question.sheet, question.cell), []).append(f"CẦN XÁC NHẬN. {question.text}")
    return found


def has_marks(preview: Preview) -> bool:
    """Whether the copy would say anything."""
    return bool(_by_cell(preview))
