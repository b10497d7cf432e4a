"""The Excel annexes and the JSON, opened again: typed cells, the same numbers, inert text."""

import dataclasses
import io
import json
import math
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from reports.drafting import partial_sentence
from reports.exports.excel import LONGEST, excel_report, inert
from reports.exports.plain import plain_report
from reports.values import Counts
from tests.reports.test_drafting import complete
from tests.reports.values_sample import empty, sample

HEAD, FIRST = 5, 6  # rows as Excel numbers them
STATES = ("tasks", "done", "on_track", "due_soon", "overdue", "suspended")
NAMES = ["Tổng hợp", "Cơ quan × kế hoạch", "Số liệu", "Chỉ tiêu", "Nhiệm vụ", "Ý kiến"]


def opened(value=None, *, data_only=False):
    return load_workbook(io.BytesIO(excel_report(value or sample())), data_only=data_only)


@pytest.fixture(scope="module")
def book():
    return opened()


@pytest.fixture(scope="module")
def shown():
    return opened(data_only=True)


def column_of(sheet, head):
    return next(cell.column for cell in sheet[HEAD] if cell.value == head)


def test_sheets_and_page_layout(book):
    assert book.sheetnames == [*NAMES, "Biểu đồ"]
    for sheet in (book[name] for name in NAMES):
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, int(sheet.page_setup.fitToHeight)) == (1, 0)
        assert sheet.print_title_rows
        assert sheet.freeze_panes
        assert "&P/&N" in sheet.oddFooter.center.text or "&[Page]" in sheet.oddFooter.center.text
        head = sheet.cell(HEAD, 1)
        assert head.font.name == "Times New Roman" and head.font.size == 12 and head.font.bold
        assert head.fill.fgColor.rgb.endswith("DDE6F0") and head.border.left.style == "thin"
        if sheet.title != "Cơ quan × kế hoạch":
            assert sheet.auto_filter.ref


def test_totals_equal_the_value(book, shown):
    value = sample()
    last = FIRST + len(value.agencies)
    for offset, state in enumerate(STATES):
        wanted = getattr(value.totals, state)
        cell = book["Tổng hợp"].cell(last, 6 + offset)
        assert cell.value == f"=SUM({cell.column_letter}{FIRST}:{cell.column_letter}{last - 1})"
        assert shown["Tổng hợp"].cell(last, 6 + offset).value == wanted
        assert sum(shown["Tổng hợp"].cell(row, 6 + offset).value for row in range(FIRST, last)) == wanted


def test_totals_that_the_rows_do_not_make_up_are_written_as_they_are():
    value = dataclasses.replace(sample(), totals=Counts(99, 99))
    sheet = opened(value)["Tổng hợp"]
    assert sheet.cell(FIRST + len(value.agencies), 6).value == 99


def test_matrix_of_agencies_and_plans(shown):
    value, sheet = sample(), shown["Cơ quan × kế hoạch"]
    for row, agency in enumerate(value.agencies, 7):
        for index, plan in enumerate(value.plans):
            counts = value.cell(agency.code, plan.id)
            cells = [sheet.cell(row, 3 + 3 * index + offset).value for offset in range(3)]
            assert cells == [counts.tasks, counts.done, counts.overdue]
    last = 7 + len(value.agencies)
    right = 3 + 3 * len(value.plans)
    totals = value.totals
    assert [sheet.cell(last, right + offset).value for offset in range(3)] == [
        totals.tasks,
        totals.done,
        totals.overdue,
    ]


def test_figures_are_numbers_and_unknown_is_blank(shown):
    value, sheet = sample(), shown["Số liệu"]
    total = column_of(sheet, "Tổng số Quý II/2024")
    for row, indicator in enumerate(value.indicators, FIRST):
        assert sheet.cell(row, 1).value == indicator.code
        found = sheet.cell(row, total).value
        assert found is None if indicator.value is None else found == pytest.approx(float(indicator.value))
    row = FIRST + [item.code for item in value.indicators].index("PB01")
    assert sheet.cell(row, column_of(sheet, "Sở Nội vụ")).value == 0
    assert sheet.cell(row, column_of(sheet, "Ban Dân tộc")).value is None
    assert sheet.cell(row, total).number_format == "#,##0"
    assert sheet.cell(row, total + 2).number_format == "0.0%"


def test_changes_are_told_only_when_all_reports_are_in(shown):
    row = FIRST + [item.code for item in sample().indicators].index("PB01")
    full, partial = opened(complete(), data_only=True)["Số liệu"], shown["Số liệu"]
    total = column_of(full, "Tổng số Quý II/2024")
    earlier = [61, pytest.approx(8 / 61), 60, pytest.approx(9 / 60)]
    assert [full.cell(row, total + at).value for at in range(1, 5)] == earlier
    assert [partial.cell(row, total + at).value for at in range(1, 5)] == [61, None, 60, None]
    assert partial_sentence(sample()) in partial.cell(partial.max_row, 1).value
    assert "chưa so sánh" not in full.cell(full.max_row, 1).value


@pytest.mark.parametrize("name", NAMES)
def test_words_above_and_below_a_table_make_its_page_no_wider(name):
    agencies = tuple(dataclasses.replace(row, report_state="draft", name=row.name * 4) for row in sample().agencies)
    sheet = opened(dataclasses.replace(sample(), agencies=agencies))[name]
    last = sheet.max_column
    area = sheet.print_area.rpartition("!")[2].replace("$", "")
    assert area == f"A1:{get_column_letter(last)}{sheet.max_row}"
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    for row in (1, 2, 3):
        assert f"A{row}:{get_column_letter(last)}{row}" in merged and sheet.cell(row, 1).alignment.wrap_text
    width = sum(sheet.column_dimensions[get_column_letter(at)].width or 0 for at in range(1, last + 1))
    lines = math.ceil(len(sheet.cell(3, 1).value) / (1.5 * max(width, 100)))
    assert sheet.row_dimensions[3].height >= 15 * max(lines, 2)
    for row in range(FIRST, sheet.max_row + 1):
        words = sheet.cell(row, 1).value
        if isinstance(words, str) and len(words) > 20:
            assert f"A{row}:{get_column_letter(last)}{row}" in merged


def test_targets_and_rates_are_numbers_with_their_formula(shown):
    value, sheet = sample(), shown["Chỉ tiêu"]
    rows = [
        [cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST, max_row=FIRST + len(value.targets) - 1)
    ]
    assert [(row[1], row[6], row[13]) for row in rows] == [
        ("T5", "≥", "Đạt"),
        ("T7", "≥", "Đang thực hiện"),
        ("T8", ">", "Chưa có số liệu"),
        ("PB02", "≥", "Chưa đạt"),
        ("TH01", "≥", "Đang thực hiện"),
    ]
    settled = rows[1]
    assert settled[7:13] == [0.85, pytest.approx(356 / 621), "%", 356, 621, pytest.approx(356 / 621 / 0.85)]
    assert settled[14].startswith("Hòa giải thành ÷ tổng số vụ việc tiếp nhận")
    assert rows[2][8] is None and rows[2][12] is None  # unknown is blank, not 0
    assert rows[3][3:6] == [value.targets[3].source, "2024", datetime(2024, 12, 14)]
    assert rows[3][7:9] == [6000, 5120] and rows[4][2] == "=Số lớp tập huấn"
    first = FIRST + len(value.targets) + 2  # an empty row and the heading between
    rates = {sheet.cell(row, 3).value: row for row in range(first - 1, first + len(value.rates))}
    for rate in value.rates:
        row = rates[rate.rate.name]
        assert sheet.cell(row, 9).value == pytest.approx(float(rate.value / (100 if rate.rate.unit == "%" else 1)))
        assert sheet.cell(row, 15).value.lower() == rate.rate.formula.lower()


def test_tasks_carry_real_dates_and_whole_numbers(shown):
    value, sheet = sample(), shown["Nhiệm vụ"]
    due, percent = column_of(sheet, "Hạn"), column_of(sheet, "%")
    for row, task in enumerate(value.tasks, FIRST):
        cell = sheet.cell(row, due)
        assert cell.value == (datetime.combine(task.due_on, datetime.min.time()) if task.due_on else None)
        assert cell.number_format == "dd/mm/yyyy"
        assert sheet.cell(row, percent).value == task.percent
        assert sheet.cell(row, column_of(sheet, "Tiến độ")).value == task.state_label
    assert sheet.auto_filter.ref.endswith(str(HEAD + len(value.tasks)))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")',
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        " =1+1",
        "{=A1}",
        "http://example.org",
        "0123",
        "=1",
    ],
)
def test_what_people_type_stays_text(text):
    value = sample()
    value = dataclasses.replace(value, words=(dataclasses.replace(value.words[0], text=text),))
    cell = opened(value)["Ý kiến"].cell(FIRST, 4)
    assert cell.data_type == "s" and cell.value == text
    assert cell.hyperlink is None
    assert bool(cell.style and cell.quotePrefix) is not inert(text)


def test_control_characters_and_very_long_text():
    value = sample()
    words = (
        dataclasses.replace(value.words[0], text="a\x00\x0bb"),
        dataclasses.replace(value.words[0], text="x" * 50_000),
    )
    sheet = opened(dataclasses.replace(value, words=words))["Ý kiến"]
    assert sheet.cell(FIRST, 4).value == "ab"
    assert sheet.cell(FIRST + 1, 4).value == "x" * LONGEST + " […]"


def test_agencies_words_under_their_heading(shown):
    sheet = shown["Ý kiến"]
    assert [sheet.cell(FIRST, column).value for column in (2, 3)] == ["Công tác chỉ đạo, triển khai", "Sở Tư pháp"]
    assert sheet.max_row == HEAD + len(sample().words)


def test_empty_data_still_makes_a_workbook():
    book = opened(empty(), data_only=True)
    assert book.sheetnames == NAMES
    assert book["Tổng hợp"].cell(FIRST, 6).value == 0


def test_plain_report_has_the_same_numbers():
    value = sample()
    data = json.loads(json.dumps(plain_report(value)))
    assert (data["council"], data["period"], data["as_of"]) == ("can-tho", "2024-q2", "2024-06-20")
    assert data["totals"] == dataclasses.asdict(value.totals)
    for state in STATES:
        assert sum(agency[state] for agency in data["agencies"]) == data["totals"][state]
        assert sum(plan[state] for plan in data["plans"]) == data["totals"][state]
    figures = {row["code"]: row["value"] for row in data["indicators"]}
    assert figures["PB01"] == 69 and isinstance(figures["PB01"], int)
    assert figures["PB10"] == 656.8 and isinstance(figures["PB10"], float)
    assert figures["PB05c"] is None and figures["HG21"] == 0
    stp = data["agencies"][0]
    assert (stp["code"], stp["report_state"], stp["handed_in_on"], stp["on_time"]) == (
        "stp",
        "accepted",
        "2024-06-14",
        True,
    )
    assert data["missing"] == ["bdt", "doan", "atgt"]
    assert [(row["code"], row["state"]) for row in data["targets"]][:3] == [
        ("T5", "met"),
        ("T7", "running"),
        ("T8", "none"),
    ]
    assert data["targets"][1]["achieved"] == pytest.approx(100 * 356 / 621) and data["targets"][2]["achieved"] is None
    rates = {row["id"]: row for row in data["rates"]}
    assert rates["settled_of_received"]["value"] == pytest.approx(100 * 186 / 323)
    assert rates["settled_of_decided"]["formula"] == "hòa giải thành ÷ (hòa giải thành + hòa giải không thành)"
    assert len(data["tasks"]) == len(value.tasks)
    assert data["tasks"][2]["due_on"] == date(2024, 5, 31).isoformat()


def test_plain_report_of_nothing():
    data = plain_report(empty())
    assert data["agencies"] == data["plans"] == data["indicators"] == data["tasks"] == []
    assert data["totals"]["tasks"] == 0
