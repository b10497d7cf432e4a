"""The offline workbook: what the portal exports it reads again without change, and every change is seen and applied."""

import io
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agencies.vietnamese import nfc
from campaigns.activities import record_activity
from campaigns.models import Task
from reports import workflow
from reports.entry import save_figures, save_line, save_narrative
from reports.models import ProgressReport, ReportFigure, ReportLine
from reports.opening import open_period
from reports.sheet import load_sheet
from reports.workbook.compare import compare
from reports.workbook.fields import FIGURES, GUIDE, LONGEST_CELL, TASKS, WORDS, canonical
from reports.workbook.filled import find_cells
from reports.workbook.grid import read_grids
from reports.workbook.keys import SHEET
from reports.workbook.problems import Preview
from reports.workbook.upload import preview_upload
from tests.reports.workbook_files import Book, exported, resaved, rezipped_by_libreoffice, text
from tests.world import fill_in

pytestmark = pytest.mark.django_db


def compared(world, content, code="b") -> Preview:
    """The comparison alone, whatever state the report is in."""
    preview = Preview("tep.xlsx", "workbook")
    compare(find_cells(read_grids(content, "tep.xlsx")), load_sheet(world.report(code)), {}, world.now, preview)
    return preview


def nothing_in(preview) -> bool:
    return preview.changes_nothing and not preview.notes


def deltas(preview):
    return [
        (unit.kind, unit.name, cell.label, cell.before, cell.after) for unit in preview.units for cell in unit.cells
    ]


def led(world, code="b") -> ReportLine:
    return ReportLine.objects.get(report=world.report(code), task=world.tasks[{"b": 1, "stp": 2, "a": 0}[code]])


# --- the file itself ----------------------------------------------------------------------------------------------


def test_what_is_in_the_file_and_what_may_be_edited(world):
    fill_in(world, "b", world.people["officer_b"])
    book = openpyxl.load_workbook(io.BytesIO(exported(world.report("b"), world.now)))
    assert book.sheetnames == [TASKS, FIGURES, WORDS, GUIDE, SHEET]
    assert book[SHEET].sheet_state == "veryHidden"
    unlocked = {}
    for name in (TASKS, FIGURES, WORDS, GUIDE):
        sheet = book[name]
        assert sheet.protection.sheet and sheet.column_dimensions["A"].hidden and sheet.freeze_panes
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.print_title_rows and sheet["B2"].font.name == "Times New Roman"
        unlocked[name] = {cell.column_letter for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {TASKS: set("HIJKLMNO"), FIGURES: set("GH"), WORDS: {"C"}, GUIDE: set()}
    found = Book(exported(world.report("b"), world.now))
    line = led(world)
    assert found.line(line.pk, "percent").value == 50 and found.line(line.pk, "percent").data_type == "n"
    assert found.line(line.pk, "new_expected_on").value.date() == date(2024, 7, 31)
    assert found.figure("PB10").value == 12 and found.line(line.pk, "result").number_format == "@"
    rules = found.sheet(TASKS).data_validations.dataValidation
    assert any(rule.type == "list" and "Hoàn thành" in rule.formula1 for rule in rules)


def test_last_periods_accepted_result_stands_beside_the_line(world):
    officer = world.people["officer_b"]
    fill_in(world, "b", officer)
    before = world.report("b")
    workflow.submit_report(report=before, by=officer, now=world.now)
    workflow.accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)
    period, _new = open_period(council=world.council, code="2024-q3", by=None, now=world.now)
    report = ProgressReport.objects.select_related("agency__council", "period__council").get(
        period=period, agency=world.agencies["b"]
    )
    sheet = Book(exported(report, world.now)).sheet(TASKS)
    told = [cell for cell in sheet["G"] if "Đã tổ chức 02 cuộc" in str(cell.value)]
    assert told and all(cell.protection.locked for cell in told)
    assert [cell.value[:20] for cell in told] == ["Đã tổ chức 02 cuộc t", "Đang thực hiện, 50%."]
    assert sheet[told[0].coordinate].font.color.rgb == "FF7F7F7F"


# --- back without a change ----------------------------------------------------------------------------------------


def _empty(world):
    pass


def _filled(world):
    fill_in(world, "b", world.people["officer_b"])


def _submitted(world):
    _filled(world)
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now)


def _accepted(world):
    _submitted(world)
    workflow.accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)


def _returned(world):
    _accepted(world)
    reason = "Đề nghị bổ sung số liệu."
    workflow.return_report(report=world.report("b"), by=world.people["secretary"], now=world.now, reason=reason)


def _locked(world):
    _accepted(world)
    workflow.lock_period(
        period=world.period, by=world.people["secretary"], now=world.now, reason="Chốt theo chỉ đạo của Hội đồng"
    )


def _awaiting(world):
    fill_in(world, "a", world.people["officer_a"])
    workflow.submit_report(report=world.report("a"), by=world.people["officer_a"], now=world.now)


def _nothing_happened(world):
    report = world.report("b")
    save_narrative(
        report=report, by=world.people["officer_b"], now=world.now, version=report.version, nothing_to_report=True
    )


def _corrected(world):
    officer = world.people["officer_b"]
    record_activity(
        agency=world.agencies["b"], by=officer, now=world.now, title="Buổi nói chuyện", held_on=world.today,
        figures={"PB01": 1, "PB02": 45},
    )  # fmt: skip
    report = world.report("b")
    save_figures(
        report=report, by=officer, now=world.now, version=report.version,
        values={"PB02": (Decimal(1234), "Đếm lại theo danh sách ký"), "PB10": (Decimal("1234.5"), "Theo quyết toán")},
    )  # fmt: skip


def _every_status(world):
    for code, status, percent in (("b", "done", 100), ("stp", "on_hold", 30), ("a", "not_started", 0)):
        line = led(world, code)
        save_line(
            line=line, by=world.people[f"officer_{code}"], now=world.now, version=line.version, status=status,
            percent=percent, result="Xong.", no_evidence_reason="Không lập văn bản riêng", completed_on=date(2024, 5, 2),
        )  # fmt: skip
    # The secretariat cancels a task: the line keeps what no agency may choose.
    ReportLine.objects.filter(report=world.report("a"), task=world.tasks[3]).update(status=Task.Status.CANCELLED)


STATES = (
    _empty,
    _filled,
    _submitted,
    _accepted,
    _returned,
    _locked,
    _awaiting,
    _nothing_happened,
    _corrected,
    _every_status,
)


@pytest.mark.parametrize("prepare", STATES, ids=lambda prepare: prepare.__name__.strip("_"))
def test_the_export_comes_back_without_a_change(world, prepare):
    prepare(world)
    for code in ("stp", "a", "b"):
        content = exported(world.report(code), world.now + timedelta(hours=1))
        for variant in (content, resaved(content)):
            preview = compared(world, variant, code)
            assert nothing_in(preview), (code, deltas(preview), preview.problems, preview.notes)


def test_saved_again_by_libreoffice_it_comes_back_without_a_change(world, tmp_path):
    _every_status(world)
    _corrected(world)
    report = world.report("b")
    save_narrative(
        report=report, by=world.people["officer_b"], now=world.now, version=report.version,
        causes="- Kinh phí chậm;\n\n  = Cán bộ kiêm nhiệm", proposals="_x0041_ & <b> “ngoặc” \u2028 dòng",
    )  # fmt: skip
    content = rezipped_by_libreoffice(exported(world.report("b"), world.now), tmp_path)
    preview = compared(world, content)
    assert nothing_in(preview), (deltas(preview), preview.problems, preview.notes)


HARD_TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"\t\r\n\x0b&<>_x05F aăâđểộự0\u0301\u0323\u00a0\u200b\ufeff😀"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=60,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(HARD_TEXTS, HARD_TEXTS, st.sampled_from(["", "=", "-", "+1+1", "@SUM(A1)", '=HYPERLINK("x")', "#NAME?"]))
@example("_x0041_", "a\r\nb", "=")
@example("e\u0302\u0301", " \n", "'")
def test_any_text_comes_back_without_a_change(world, first, second, start):
    report = world.report("b")
    told = save_narrative(
        report=report, by=world.people["officer_b"], now=world.now, version=report.version, causes=start + first
    )
    line = led(world)
    line = save_line(
        line=line, by=world.people["officer_b"], now=world.now, version=line.version, status="in_progress", percent=5,
        result=second + start, no_evidence_reason=first[:300],
    )  # fmt: skip
    content = exported(world.report("b"), world.now)
    for variant in (content, resaved(content)):
        preview = compared(world, variant)
        assert nothing_in(preview), (told.causes, line.result, deltas(preview), preview.problems)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))[WORDS].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.decimals(min_value=0, max_value=Decimal("9999999999999.999"), places=3, allow_nan=False),
    st.integers(min_value=0, max_value=9_999_999_999_999),
)
@example(Decimal("9999999999999.999"), 9_999_999_999_999)
def test_any_number_comes_back_without_a_change(world, money, count):
    for code, value in (("PB10", money), ("PB08", Decimal(count))):
        ReportFigure.objects.filter(report=world.report("b"), indicator__code=code).update(value=value)
    content = exported(world.report("b"), world.now)
    for variant in (content, resaved(content)):
        preview = compared(world, variant)
        assert nothing_in(preview), (deltas(preview), preview.problems)


@pytest.mark.parametrize("letters", [LONGEST_CELL - 1, LONGEST_CELL, LONGEST_CELL + 1, 59_000])
def test_a_text_longer_than_a_cell_is_not_lost_and_not_edited_there(world, letters):
    whole = "đ" * letters
    report = world.report("b")
    save_narrative(report=report, by=world.people["officer_b"], now=world.now, version=report.version, causes=whole)
    content = exported(world.report("b"), world.now)
    assert nothing_in(compared(world, content))
    book = Book(content)
    locked = book.word("causes").protection.locked
    assert locked == (letters > LONGEST_CELL)
    text(book.word("causes"), "ngắn")
    preview = compared(world, book.content)
    if locked:
        assert ["dài quá một ô" in problem.reason for problem in preview.problems] == [True] and not preview.units
    else:
        assert deltas(preview)[0][3:] == (whole, "ngắn")


def test_decomposed_text_is_the_same_text(world):
    report = world.report("b")
    whole = "Hòa giải ở cơ sở: bồi dưỡng"
    save_narrative(report=report, by=world.people["officer_b"], now=world.now, version=report.version, causes=whole)
    book = Book(exported(world.report("b"), world.now))
    text(book.word("causes"), unicodedata.normalize("NFD", whole))
    assert nothing_in(compared(world, book.content))
    text(book.word("causes"), unicodedata.normalize("NFD", whole + " hòa giải viên"))
    (unit,) = compared(world, book.content).units
    assert nfc(unit.values["causes"]) == unit.values["causes"] == whole + " hòa giải viên"


# --- moved about --------------------------------------------------------------------------------------------------


def _blank_rows_and_columns(book):
    for sheet in book.worksheets:
        if sheet.title != SHEET:
            sheet.insert_rows(3, 2)
            sheet.insert_rows(8)
            sheet.insert_cols(1)
            sheet.insert_cols(5)


def _other_order(book):
    for name in (TASKS, FIGURES, WORDS):
        sheet = book[name]
        keyed = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith("#")]
        values = [[cell.value for cell in sheet[row]] for row in keyed]
        for row, moved in zip(keyed, reversed(values), strict=True):
            for column, value in enumerate(moved, 1):
                sheet.cell(row, column).value = value


def _other_columns(book):
    for name in (TASKS, FIGURES):
        sheet = book[name]
        for row in sheet.iter_rows():
            values = [cell.value for cell in row]
            for cell, value in zip(row, [values[0], *reversed(values[1:])], strict=True):
                cell.value = value


def _renamed(book):
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Trang {number} đã đổi tên"
    book._sheets.reverse()


@pytest.mark.parametrize("move", [_blank_rows_and_columns, _other_order, _other_columns, _renamed])
def test_rows_and_columns_may_be_moved(world, move):
    fill_in(world, "b", world.people["officer_b"])
    content = exported(world.report("b"), world.now)
    line = led(world)
    for typed in (False, True):
        book = Book(content)
        if typed:
            text(book.line(line.pk, "result"), "=Kết quả mới")
            book.figure("PB08").value = 11
            text(book.word("causes"), "Lời mới")
        move(book.book)
        for name in (TASKS, FIGURES, WORDS):
            if name in book.book.sheetnames:
                for row in book.sheet(name).iter_rows():
                    for cell in row:
                        if cell.data_type == "f":
                            text(cell, str(cell.value))
        preview = compared(world, book.content)
        assert preview.problems == [] and preview.notes == []
        assert [delta[3:] for delta in deltas(preview)] == (
            [("Đã tổ chức 02 cuộc tuyên truyền.", "=Kết quả mới"), ("10", "11"), ("", "Lời mới")] if typed else []
        )


def test_deleted_rows_columns_and_sheets_change_nothing(world):
    fill_in(world, "b", world.people["officer_b"])
    book = Book(exported(world.report("b"), world.now))
    sheet, row = book.rows[f"#dong:{led(world).pk}"]
    sheet.delete_rows(row)
    book.sheet(TASKS).delete_cols(13)
    del book.book[WORDS]
    preview = compared(world, book.content)
    assert preview.changes_nothing
    assert len(preview.notes) == 3 and any("Đề xuất, kiến nghị" in note for note in preview.notes)


def test_a_copied_row_is_named(world):
    book = Book(exported(world.report("b"), world.now))
    sheet, row = book.rows["#so-lieu:PB08"]
    for column in range(1, 9):
        sheet.cell(60, column).value = sheet.cell(row, column).value
    (problem,) = compared(world, book.content).problems
    assert problem.cell == "B60" and "trùng" in problem.reason


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("prose", "a\r\nb ", "a\nb"),
        ("line", "a  b\n", "a b"),
        ("prose", "e\u0302\u0301", "ế"),
        ("figure", Decimal("12.500"), Decimal("12.5")),
        ("figure", Decimal("9999999999999.999"), Decimal("10000000000000")),
        ("percent", None, ""),
    ],
)
def test_two_spellings_of_one_content_compare_equal(kind, one, other):
    assert canonical(kind, one) == canonical(kind, other)


def test_zero_is_not_empty():
    assert canonical("figure", Decimal(0)) != canonical("figure", None)


def test_preview_refuses_nothing_of_its_own_export(world):
    preview = preview_upload(
        report=world.report("b"), content=exported(world.report("b"), world.now), filename="a.xlsx", now=world.now
    )
    assert nothing_in(preview) and preview.source == "workbook"
