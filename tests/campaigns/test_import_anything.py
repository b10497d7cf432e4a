"""Whatever stands in a table: it is read, or refused in words; no row of it is lost without being listed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.tables.problems import BadFile
from agencies.tables.source import Annex, SourceRow, SourceTable
from campaigns.imports.checks import file_errors, file_warnings
from campaigns.imports.corrections import SECTION, SKIP, TASK, Corrections, RowFix
from campaigns.imports.hierarchy import outline_of
from campaigns.imports.tables import task_tables

WORDS = st.sampled_from(
    [
        "",
        "",
        "STT",
        "Nội dung",
        "Chủ trì",
        "Phối hợp",
        "Thời gian",
        "Bắt đầu",
        "Hoàn thành",
        "Kinh phí",
        "I.",
        "1",
        "a)",
    ]
    + ["-", "nt", '"', "(1)", "Tổng cộng", "STP", "Công an; MTTQ", "Hằng quý", "15/11/2024", "Quý II/2024", "Nơi nhận:"]
    + ["Tập huấn hòa giải viên", "II.2.1 Hội thi", "KT. GIÁM ĐỐC", "Cơ quan", "Tiến độ", "TËp huÊn ®éi ngò"]
)
ROW = st.lists(WORDS, min_size=1, max_size=7)
HEADING = st.permutations(["STT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Kinh phí"])
HIDDEN = st.frozensets(st.integers(min_value=0, max_value=7), max_size=3)
FIXES = st.dictionaries(
    st.builds("{}:{}".format, st.integers(0, 2), st.integers(1, 12)),
    st.builds(RowFix, kind=st.sampled_from([TASK, SECTION, SKIP])),
    max_size=4,
)
CHOICES = st.dictionaries(
    st.sampled_from("012"),
    st.dictionaries(st.sampled_from("0123456"), st.sampled_from(["LEAD", "TIMING", "TITLE", "note", "ignored"])),
    max_size=2,
)


@st.composite
def annexes(draw) -> Annex:
    """Up to three tables or sheets; most have a heading somewhere."""
    is_sheet, tables = draw(st.booleans()), []
    for number in range(draw(st.integers(1, 3))):
        rows = draw(st.lists(ROW, max_size=8))
        if draw(st.booleans()) or not tables:
            rows.insert(draw(st.integers(0, min(2, len(rows)))), draw(HEADING))
        rows = tuple(SourceRow(at, tuple(row)) for at, row in enumerate(rows, 1))
        hidden = draw(HIDDEN)
        name = f"Trang tính “{number}”" if is_sheet else f"Bảng {number + 1}"
        tables.append(SourceTable(name, rows, ("A3", "C2"), is_sheet, (("C4", "#REF!"),), hidden, hidden))
    return Annex("xlsx" if is_sheet else "docx", tuple(tables))


@settings(max_examples=300, deadline=None)
@given(annexes(), FIXES, CHOICES)
def test_any_table_is_read_or_refused_and_no_row_is_lost(annex, fixes, choices):
    corrections = Corrections(rows=fixes, columns=choices)
    try:
        tables, unread = task_tables(annex, corrections)
    except BadFile as error:
        assert error.problems and all(problem.message for problem in error.problems)
        return
    outline = outline_of(tables, corrections)
    listed = sorted(row.key for row in (*outline.tasks, *outline.sections, *outline.passed_over))
    assert listed == sorted(f"{t.index}:{row.number}" for t in tables for row in t.rows if not row.blank)
    assert len({task.import_key for task in outline.tasks}) == len(outline.tasks)
    assert len({section.import_key for section in outline.sections}) == len(outline.sections)
    for task in outline.tasks:
        outline.path(task.section_key)
    for problem in (*file_errors(tables, outline), *file_warnings(tables, unread, outline)):
        assert problem.message and problem.where
    for table in tables:
        for row in table.rows:  # what stands in a column that is not ours goes to the note
            note = "\n".join(table.extras(row))
            ours = set(table.at.values()) | {g.index for g in table.columns if g.meaning == "ignored"}
            assert all(text in note for at, text in enumerate(row.cells) if text and at not in ours)
