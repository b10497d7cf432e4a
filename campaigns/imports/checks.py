"""What is wrong or odd beyond a single cell: formulas, errors of Excel, hidden columns, repeated numbers, headings."""

from itertools import groupby

from agencies.tables.problems import Problem
from agencies.tables.source import column_letters, place_of
from agencies.vietnamese import fold_words
from campaigns.imports.columns import Column
from campaigns.imports.corrections import AS_NOTE, IGNORED
from campaigns.imports.encoding import cell_problems
from campaigns.imports.hierarchy import BULLET, PLAIN, Outline, TaskRow, rank_of
from campaigns.imports.tables import TaskTable, missing_columns
from campaigns.models import Plan, Task

_LONGEST_SECTION_TITLE = 500
_LONGEST_NOTE_SHOWN = 60


def file_errors(tables: list[TaskTable], outline: Outline) -> list[Problem]:
    """Errors of the tables and of the headings among their rows."""
    read = {(row.sheet, row.row) for row in (*outline.tasks, *outline.sections)}
    errors = []
    for table in tables:
        if problem := missing_columns(table):
            errors.append(problem)
        rows = [row for row in table.rows if (table.name, row.number) in read]
        errors += cell_problems(table.name, rows)
        errors += _broken_cells(table, read)
        errors += _formulas(table, read)
    return errors + _section_errors(outline) + _typed_twice(outline)


def file_warnings(tables: list[TaskTable], unread: list[str], outline: Outline) -> list[Problem]:
    """What is odd but does not stop the import."""
    if any(table.missing for table in tables):
        return []  # until the columns are chosen everything below would be odd
    warnings = [
        Problem(f"{name} không có dòng tiêu đề của bảng nhiệm vụ nên không được đọc.", sheet=name) for name in unread
    ]
    for table in tables:
        warnings += _columns(table)
        warnings += _hidden_rows(table, outline)
        if table.continues:
            what = f"Bảng này không có dòng tiêu đề; được đọc tiếp theo các cột của {table.continues}."
            warnings.append(Problem(what, table.name))
    return warnings + _section_warnings(outline) + _same_numbers(outline)


def kept(plan: Plan, outline: Outline) -> list[Problem]:
    """Tasks of the portal that the file no longer has: an import never deletes."""
    keys = {task.import_key for task in outline.tasks}
    tasks = Task.objects.filter(plan=plan).exclude(import_key__in=keys).order_by("sort_order", "pk")
    return [
        Problem(
            f"Nhiệm vụ “{task}” có trong cổng nhưng không có trong tệp; được giữ nguyên.",
            fix="Nếu không còn thực hiện, hãy hủy nhiệm vụ trong cổng kèm lý do.",
        )
        for task in tasks
    ]


# --- cells of Excel --------------------------------------------------------------------------------------------------


def _is_read(table: TaskTable, address: str, read: set) -> bool:
    row, column = place_of(address)
    return (table.name, row) in read and (column in table.at.values() or column in table.extra)


def _name_of(table: TaskTable, column: int) -> str:
    ours = next((name.value for name, index in table.at.items() if index == column), "")
    return ours or table.extra.get(column, "")


def _broken_cells(table: TaskTable, read: set) -> list[Problem]:
    found = []
    for address, value in table.source.broken:
        if _is_read(table, address, read):
            row, column = place_of(address)
            message = f"Ô {address} báo lỗi {value} của Excel, không có giá trị để đọc."
            fix = "Gõ lại nội dung thật của ô rồi lưu tệp."
            found.append(Problem(message, table.name, row, _name_of(table, column), value, fix, address))
    return found


def _formulas(table: TaskTable, read: set) -> list[Problem]:
    """One problem for each run of formulas down a column; a cell that shows an error has been spoken of."""
    broken = dict(table.source.broken)
    cells = [place_of(a) for a in table.source.formulas if a not in broken and _is_read(table, a, read)]
    found = []
    by_column = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    for (column, _run), group in groupby(enumerate(by_column), key=lambda pair: (pair[1][1], pair[1][0] - pair[0])):
        rows = [row for _at, (row, _column) in group]
        letter = column_letters(column)
        first, last = f"{letter}{rows[0]}", f"{letter}{rows[-1]}"
        where = f"Ô {first} chứa" if first == last else f"Các ô {first}:{last} chứa"
        fix = "Hãy sao chép các ô đó, dán lại dạng giá trị (Paste Values) rồi lưu tệp."
        message = f"{where} công thức, không phải giá trị."
        found.append(Problem(message, table.name, rows[0], _name_of(table, column), first, fix, first))
    return found


# --- columns and rows ------------------------------------------------------------------------------------------------


def _columns(table: TaskTable) -> list[Problem]:
    warnings = []
    for guess in table.columns:
        name = guess.heading[:_LONGEST_NOTE_SHOWN] or f"Cột {guess.letter}"
        cell = f"{guess.letter}{table.heading_row}"
        if guess.meaning == AS_NOTE and guess.sample:
            what = f"Cổng không có cột “{name}”; nội dung được chép vào ghi chú của nhiệm vụ: “{name}: {guess.sample}”."
        elif guess.hidden and guess.meaning == IGNORED:
            what = f"Cột {guess.letter} “{name}” đang ẩn trong tệp nên không được đọc."
        elif guess.hidden:
            what = f"Cột {guess.letter} “{name}” đang ẩn trong tệp nhưng được đọc vì không có cột nào khác thay."
        else:
            continue
        fix = "Nếu không đúng, hãy chọn lại ở mục “Cột nào là gì”."
        warnings.append(Problem(what, table.name, table.heading_row, fix=fix, cell=cell))
    return warnings


def _hidden_rows(table: TaskTable, outline: Outline) -> list[Problem]:
    rows = [t for t in outline.tasks if t.sheet == table.name and t.row in table.source.hidden_rows]
    return [
        Problem(
            "Hàng này đang ẩn (hoặc bị lọc) trong tệp nhưng vẫn được đọc.",
            task.sheet,
            task.row,
            fix="Chọn “Bỏ qua” cho hàng nếu không nhập.",
            cell=task.cell(Column.TITLE),
        )
        for task in rows
    ]


def _section_errors(outline: Outline) -> list[Problem]:
    return [
        Problem(
            f"Tên mục dài {len(row.title)} ký tự, quá {_LONGEST_SECTION_TITLE}, hoặc số thứ tự quá 30.",
            row.sheet,
            row.row,
            "Nội dung",
            row.title,
            "Hàng này không có cơ quan chủ trì và thời gian nên được hiểu là tên mục; nếu là nhiệm vụ, hãy điền đủ.",
            row.cell,
        )
        for row in outline.sections
        if len(row.title) > _LONGEST_SECTION_TITLE or len(row.number) > 30
    ]


def _section_warnings(outline: Outline) -> list[Problem]:
    return [
        Problem(
            f"Mục “{row.heading}” không có nhiệm vụ nào.",
            row.sheet,
            row.row,
            "Nội dung",
            row.title,
            "Nếu đây là nhiệm vụ, hãy điền cơ quan chủ trì và thời gian.",
            row.cell,
        )
        for row in outline.empty_sections()
    ]


# --- numbers ---------------------------------------------------------------------------------------------------------


def _typed_twice(outline: Outline) -> list[Problem]:
    """A row that says exactly what an earlier one says: pasted twice."""
    seen: dict[tuple, TaskRow] = {}
    errors = []
    for task in outline.tasks:
        words = (task.number, task.title, task.lead, task.timing)
        same = (task.section_key, *(fold_words(text) for text in words))
        first = seen.setdefault(same, task)
        if first is not task and fold_words(task.title):
            message = f"Nhiệm vụ lặp lại nguyên văn hàng {first.row}{_of_sheet(first, task)}."
            errors.append(_of(task, message, "Xóa một trong hai hàng, hoặc chọn “Bỏ qua” cho hàng này."))
    return errors


def _same_numbers(outline: Outline) -> list[Problem]:
    """Two different tasks of one heading under the same number: kept as signed, but said."""
    seen: dict[tuple, TaskRow] = {}
    warnings = []
    for task in outline.tasks:
        if not task.number or rank_of(task.number)[0] in {BULLET, PLAIN}:
            continue
        first = seen.setdefault((task.section_key, fold_words(task.number)), task)
        if first is not task and fold_words(first.title) != fold_words(task.title):
            message = f"Số thứ tự “{task.number}” trùng với hàng {first.row}{_of_sheet(first, task)} trong cùng mục."
            warnings.append(_of(task, message, "Số được giữ nguyên như văn bản; sửa trong tệp nếu là gõ nhầm."))
    return warnings


def _of(task: TaskRow, message: str, fix: str) -> Problem:
    column = Column.NUMBER.value
    return Problem(message, task.sheet, task.row, column, task.number, fix, task.cell(column))


def _of_sheet(first: TaskRow, task: TaskRow) -> str:
    return f" của {first.sheet}" if first.sheet != task.sheet else ""
