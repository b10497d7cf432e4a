"""The person's own file handed back with every error as a comment on its cell; otherwise as it was."""

import io
from collections import defaultdict
from collections.abc import Callable

from agencies.tables.excel import refuse_huge_merges
from agencies.tables.package import EXCEL, WORD, open_package
from agencies.tables.problems import SHEET, BadFile, Problem

AUTHOR = "Cổng PBGDPL"
MEDIA_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_COMMENT = 2000
# (content, (sheet or table, cell) → text) → the marked file.
Marker = Callable[[bytes, dict[tuple[str, str], str]], bytes]
UNWRITABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, SyntaxError)


def with_comments(content: bytes, filename: str, problems, *, mark_document: Marker | None = None) -> tuple[bytes, str]:
    """The same file with a comment at each problem, and its kind (docx, xlsx).

    A problem without a place is put at the very beginning. Values and formulas are not touched. Raises BadFile for a
    file that is not a sound .docx or .xlsx (nothing is written into a file that was refused as unsafe) and for one that
    cannot be written again. Whoever reads Word files says how they are marked (``mark_document``).
    """
    kind = open_package(content, filename).kind
    notes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for problem in problems:
        notes[problem.sheet, problem.cell].append(comment_of(problem))
    mark = mark_workbook if kind == EXCEL else mark_document
    texts = {place: "\n\n".join(found)[:_LONGEST_COMMENT] for place, found in notes.items()}
    try:
        return mark(content, texts), kind
    except UNWRITABLE as error:  # a file that reads well may still hold what these libraries cannot write again
        raise BadFile(
            "Không ghi được ghi chú vào tệp này; các lỗi vẫn có đủ trên trang. "
            "Hãy mở tệp bằng Word/Excel, lưu lại rồi chọn lại nếu cần bản có ghi chú."
        ) from error


def comment_of(problem: Problem) -> str:
    """'LỖI: Thiếu cơ quan chủ trì. / CÁCH SỬA: …'."""
    return f"LỖI: {problem.message}" + (f"\nCÁCH SỬA: {problem.fix}" if problem.fix else "")


def marked_name(filename: str) -> str:
    """'phu-luc.xlsx' → 'phu-luc (ghi chú lỗi).xlsx'."""
    stem, dot, ending = filename.rpartition(".")
    return f"{stem} (ghi chú lỗi){dot}{ending}" if dot else f"{filename} (ghi chú lỗi)"


def mark_workbook(content: bytes, notes: dict[tuple[str, str], str]) -> bytes:
    """The .xlsx with a comment at each place: (sheet, 'C5') → text; a comment that was there stays above ours.

    A sheet is named by its title or as problems name it; a place in no sheet of the file goes to the first visible one.
    """
    import openpyxl
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment

    refuse_huge_merges(open_package(content, "tep.xlsx"))  # openpyxl keeps an object for every merged cell
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    sheets = {f"{SHEET} “{sheet.title}”": sheet for sheet in book.worksheets}
    sheets |= {sheet.title: sheet for sheet in book.worksheets}
    for (name, address), text in notes.items():
        sheet = sheets.get(name) or next(s for s in book.worksheets if s.sheet_state == "visible")
        cell = sheet[address or "A1"]
        if isinstance(cell, MergedCell):  # only the first cell of a merged range can carry a comment
            cell = next(sheet.cell(r.min_row, r.min_col) for r in sheet.merged_cells.ranges if address in r)
        text = f"{cell.comment.text}\n\n{text}" if cell.comment else text
        lines = sum(1 + len(line) // 45 for line in text.split("\n"))
        cell.comment = Comment(text, AUTHOR, height=min(60 + 18 * lines, 480), width=340)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
