"""The person's own file handed back: each error and each open question as a comment on its cell, the rest untouched."""

import io

from openpyxl import load_workbook
from openpyxl.comments import Comment

from agencies.tables.problems import BadFile
from reports.workbook.problems import Preview

_AUTHOR = "Cổng PBGDPL"
_WIDTH, _LINE, _LETTERS = 320, 18, 42


def marked_copy(content: bytes, preview: Preview) -> bytes:
    """The .xlsx with comments where the preview found something; an own comment of the cell stays above ours.

    ``content`` has passed reports.workbook.grid.read_grids. Raises BadFile when it cannot be written again.
    """
    try:
        book = load_workbook(io.BytesIO(content))
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
        raise BadFile("Không ghi chú được vào tệp này. Hãy sửa theo danh sách lỗi trên trang.") from error
    for (sheet, cell), texts in _by_cell(preview).items():
        if sheet not in book.sheetnames:
            continue
        target = book[sheet][cell or "A1"]
        text = "\n".join(texts)
        if target.comment is not None:
            text = f"{target.comment.text}\n\n{text}"
        lines = sum(1 + len(line) // _LETTERS for line in text.split("\n"))
        target.comment = Comment(text, _AUTHOR, width=_WIDTH, height=_LINE * (lines + 1))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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
