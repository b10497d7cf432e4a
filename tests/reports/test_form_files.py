"""The ministry's Excel, opened again: layout, formulas with their values, and the command that writes it."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from reports.consolidation import consolidate
from reports.exports.form_excel import FormFrame, form_excel
from reports.form_versions import save_estimates
from reports.forms_catalogue.filling import empty_form
from reports.forms_catalogue.loader import catalogue
from reports.forms_filled import file_name, filled_form
from reports.models import Period
from tests.reports.statistics_world import did, reported
from tests.world import make_agency

pytestmark = pytest.mark.django_db
FORMS = {form.code: form for form in catalogue()}
TODAY = date(2025, 6, 1)
KNOWN = ["09e", "10c", "tt20-pbgdpl", "tt20-hgcs"]


@pytest.fixture
def facts(world):
    """Four quarters with activities at the borders, accepted reports of three agencies, one report outstanding."""
    for day, people in (
        ("2023-12-20", 30),
        ("2024-02-01", 40),
        ("2024-05-31", 50),
        ("2024-06-20", 60),
        ("2024-12-20", 70),
    ):
        did(world, "b", day, PB01=1, PB02=people)
    reported(
        world,
        "b",
        "2024-q1",
        PB01=2,
        PB02=75,
        PB03=0,
        PB04=0,
        PB05=9,
        PB05a=5,
        PB05b=4,
        PB05c=0,
        PB05i=2,
        PB08=6,
        PB08a=3,
        PB10="7.5",
        PB10a=5,
        PB10b="2.5",
        PB10c=0,
    )
    reported(world, "stp", "2024-q1", PB01=3, PB02=90, PB08=9, PB08a=9, PB10=10, PB10a=10, PB10b=0, PB10c=0, HG01=10, HG02=31, HG03=20, HG04=11,
             HG05=1, HG06=30, HG07=2, HG08=5, HG11=12, HG12=5, HG13=4, HG14=3, HG15=9, HG16=4, HG17=3, HG18=2, HG19=2, HG20=1, HG21=0)  # fmt: skip
    reported(
        world,
        "stp",
        "2024-q3",
        PB01=1,
        PB02=20,
        HG01=10,
        HG02=29,
        HG03=20,
        HG04=9,
        HG11=8,
        HG12=8,
        HG13=0,
        HG14=0,
        HG15=8,
        HG16=8,
        HG17=0,
        HG18=0,
        HG19=0,
        HG20=0,
        HG21=0,
    )
    reported(world, "a", "2024-q2", PB01=4, PB02=160, PB08=8, PB08a=2)
    reported(world, "a", "2024-q1", state="submitted", PB01=100)
    return world


def made(world, code, period, **more):
    filled = filled_form(world.council, code, period, today=TODAY, **more)
    content = form_excel(filled.value, FormFrame.of(world.council, filled, today=TODAY))
    return filled.value, *(
        load_workbook(io.BytesIO(content), data_only=data_only).active for data_only in (False, True)
    )


def place_of_codes(sheet) -> int:
    """The row of the column codes: A, 1, 2…"""
    return next(row for row in range(1, 40) if sheet.cell(row, 1).value == "A" and sheet.cell(row, 2).value == "1")


def computed(sheet, shown, text: str):
    """What a formula of this kind of sheet comes to: a sum of ranges and cells, or one cell."""
    text = text.removeprefix("=").removeprefix("SUM(").removesuffix(")")
    cells = []
    for part in text.split(","):
        span = sheet[part]
        cells += [cell for row in span for cell in row] if isinstance(span, tuple) else [span]
    values = [shown[cell.coordinate].value for cell in cells]
    return sum(value for value in values if isinstance(value, int | float))


@pytest.mark.parametrize(
    ("period", "more"),
    [
        ("2024", {}),
        ("2024-6t", {}),
        ("2024", {"preliminary": True}),
        ("2024-6t", {"preliminary": True, "reporter": "3-12"}),
        ("2024-q1", {"calendar": "hanh-chinh"}),
        ("2024-6t", {"calendar": "hanh-chinh"}),
        ("2024-9t", {}),
        ("2024", {"calendar": "hanh-chinh"}),
    ],
)
def test_the_four_forms_at_each_calendar(facts, period, more):
    for code in KNOWN:
        value, sheet, shown = made(facts, code, period, **more)
        head = place_of_codes(sheet)
        codes = [sheet.cell(head, column).value for column in range(1, len(value.form.columns) + 2)]
        assert codes == ["A", *(column.code for column in value.form.columns)]
        for number, row in enumerate(value.rows, head + 1):
            assert sheet.cell(number, 1).value == row.label
            for at, figure in enumerate(row.values, 2):
                _same(sheet.cell(number, at), shown.cell(number, at).value, figure, sheet, shown)
        at = next((n for n, figure in enumerate(value.total.values) if figure is not None), None)
        if value.total.parts and at is not None:
            assert re.fullmatch(r"=SUM\(.+\)", sheet.cell(head + 1, at + 2).value)


def _same(cell, cached, figure, sheet, shown):
    if figure is None:
        assert cached in (None, "chưa nhập"), cell.coordinate
        return
    assert Decimal(str(cached)) == figure, cell.coordinate
    if isinstance(cell.value, str) and cell.value.startswith("="):
        assert computed(sheet, shown, cell.value) == pytest.approx(float(figure)), cell.value


@pytest.mark.parametrize("code", KNOWN)
def test_the_ministrys_layout(facts, code):
    value, sheet, _shown = made(facts, code, "2024")
    assert sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # One page wide; one page high as well only when it is a little longer than that (the file then leaves it out).
    assert (sheet.page_setup.fitToWidth or 1) == 1 and sheet.page_setup.fitToHeight in (None, 0, "0")
    head = place_of_codes(sheet)
    assert sheet.print_title_rows == f"$7:${head}" and sheet.freeze_panes == f"B{head + 1}"
    box = sheet["A1"].value
    assert value.form.form_code in box and value.form.circular in box
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for wanted in ("Đơn vị báo cáo:\nSở Tư pháp thành phố", value.form.title.upper(), "Kỳ báo cáo: Năm 2024",
                   "(từ ngày 01 tháng 01 năm 2024 đến ngày 31 tháng 12 năm 2024)", "Người lập biểu", "Người kiểm tra",
                   "GIÁM ĐỐC", "(ký, đóng dấu)", facts.council.name.upper()):  # fmt: skip
        assert any(wanted in text for text in texts), wanted
    fonts = {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert fonts == {"Times New Roman"}
    merged = {str(span) for span in sheet.merged_cells.ranges}
    assert "A1:A5" in merged and f"A7:A{head - 1}" in merged
    for at, column in enumerate(value.form.columns, 2):
        above = [sheet.cell(row, at).value for row in range(7, head)]
        assert column.path[-1] in above and above[-1] == column.unit


def test_a_form_a_little_longer_than_a_page_is_made_to_fit_and_a_long_one_is_not(facts):
    def high(agencies: range):
        for number in agencies:
            code = f"cq{number}"
            facts.agencies[code] = make_agency(facts.council, code, f"Cơ quan số {number}", code, 50)
            did(facts, code, "2024-02-01", PB01=1)
        _value, sheet, _shown = made(facts, "09e", "2024")
        assert sheet.print_area.startswith("'Biểu 09e-BTP-PBGDPL'!$A$1:$M$")
        return sheet.page_setup.fitToHeight

    assert high(range(9)) is None  # the default: one page
    assert int(high(range(9, 40))) == 0


def test_the_numbers_of_a_year_on_both_calendars(facts):
    value, _sheet, _shown = made(facts, "09e", "2024")
    # b: activities of 2024 (40+50+60+70) and Quý I beyond its diary (75 - 70); stp 90 + 20; a 160
    assert value.value("TS", "4") == 220 + 5 + 110 + 160
    assert value.value("TS", "1") == 6 + 9 + 8 and value.value("TS", "9") == Decimal("17.5")
    other, _sheet, _shown = made(facts, "09e", "2024", calendar="hanh-chinh")
    year = consolidate(Period.objects.get(council=facts.council, code="2024"), as_of=TODAY)
    assert other.value("TS", "4") == year.indicator("PB02").value == 75 + 110 + 160
    notes = " ".join(other.notes)
    assert "Công an thành phố" in notes and "lịch hành chính" in notes


def test_tt20_sets_the_standing_agency_apart(facts):
    value, sheet, shown = made(facts, "tt20-pbgdpl", "2024")
    assert [row.label for row in value.rows if row.level == 0] == [
        "Tổng số", "1. Kết quả tại Sở Tư pháp", "2. Kết quả tại địa bàn huyện",
        "3. Kết quả tại các sở, ban, ngành, đoàn thể cấp tỉnh",
    ]  # fmt: skip
    assert (value.value("1", "2"), value.value("2", "2"), value.value("3", "2")) == (110, None, 220 + 5 + 160)
    head = place_of_codes(sheet)
    assert sheet.cell(head + 1, 3).value == f"=SUM(C{head + 2}:C{head + 4})"
    assert sheet.cell(head + 4, 3).value == f"=SUM(C{head + 5}:C{head + 6})"
    assert shown.cell(head + 1, 3).value == 495 and shown.cell(head + 3, 3).value is None
    assert "địa bàn huyện" in " ".join(value.notes)


def test_missing_is_empty_and_zero_is_zero(facts):
    value, _sheet, shown = made(facts, "09e", "2024")
    head = place_of_codes(shown)
    row = next(n for n in range(head + 1, head + 9) if shown.cell(n, 1).value == "Hội Liên hiệp Phụ nữ thành phố")
    police = next(n for n in range(head + 1, head + 9) if shown.cell(n, 1).value == "Công an thành phố")
    assert shown.cell(row, 6).value == 0 and shown.cell(police, 6).value is None
    assert value.value("TS", "5") == 0


def test_a_preliminary_form_never_invents_an_estimate(facts):
    value, sheet, shown = made(facts, "09e", "2024", preliminary=True)
    assert "Ước tính: chưa nhập." in value.notes
    head = place_of_codes(sheet)
    rows = {shown.cell(n, 1).value: n for n in range(head + 1, head + 12)}
    estimate, both = rows["Ước tính từ 01/12/2024 đến 31/12/2024"], rows["Cộng cả kỳ (thực tế và ước tính)"]
    assert shown.cell(estimate, 5).value == "chưa nhập" and shown.cell(both, 5).value is None
    assert shown.cell(estimate, 2).value is None and shown.cell(both, 2).value == value.value("TS", "1")
    save_estimates(
        council=facts.council, form=FORMS["09e"], period="2024", actual_until=date(2024, 11, 30),
        allowed=["3", "4"], values={"3": Decimal(2), "4": Decimal(80)}, version=0, by=None, now=facts.now,
    )  # fmt: skip
    value, sheet, shown = made(facts, "09e", "2024", preliminary=True)
    actual = value.value("TS", "4")
    assert (shown.cell(estimate, 5).value, shown.cell(both, 5).value) == (80, actual + 80)
    assert sheet.cell(both, 5).value == f"=SUM(E{both - 2}:E{both - 1})"
    assert shown.cell(estimate, 6).value == "chưa nhập" and shown.cell(both, 6).value is None
    assert any(note.startswith("Ước tính: chưa nhập ở cột (5)") for note in value.notes)
    # The other kind of reporter has another last actual day, and estimates of its own.
    other, *_sheets = made(facts, "09e", "2024", preliminary=True, reporter="3-12")
    assert "Ước tính: chưa nhập." in other.notes


def test_a_total_that_the_rows_do_not_make_up_is_written_as_it_is(facts):
    filled = filled_form(facts.council, "09e", "2024-q1", today=TODAY, calendar="hanh-chinh")
    figures = filled.value.figures
    object.__setattr__(figures, "totals", dict(figures.totals) | {"PB01": Decimal(99)})
    from reports.forms_catalogue.filling import fill

    value = fill(FORMS["09e"], figures)
    content = form_excel(value, FormFrame.of(facts.council, filled, today=TODAY))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.cell(place_of_codes(sheet) + 1, 4).value == 99
    assert any("khác tổng" in note for note in value.notes)


def test_text_never_becomes_a_formula(facts):
    facts.agencies["b"].name = "=HYPERLINK(1)"
    facts.agencies["b"].save()
    _value, sheet, _shown = made(facts, "09e", "2024")
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)")
    assert cell.data_type == "s" and cell.quotePrefix


def test_the_empty_form_is_drawn_for_every_known_form():
    for form in FORMS.values():
        if form.is_known:
            value = empty_form(form)
            assert all(figure is None for row in value.rows for figure in row.values)


# --- the command --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["09e", "tt20-hgcs"])
def test_the_command_writes_the_file(facts, code, tmp_path, settings):
    settings.PORTAL_TODAY = TODAY
    target = tmp_path / "bieu.xlsx"
    call_command("export_form", "can-tho", code, "2024", "--output", str(target))
    sheet = load_workbook(target, data_only=True).active
    value = filled_form(facts.council, code, "2024", today=TODAY).value
    head = place_of_codes(sheet)
    assert [sheet.cell(head + 1, at).value for at in range(2, len(value.form.columns) + 2)] == [
        None if figure is None else pytest.approx(float(figure)) for figure in value.total.values
    ]
    preliminary = tmp_path / "so-bo.xlsx"
    call_command("export_form", "can-tho", code, "2024", "--so-bo", "--khoan", "3-12", "--output", str(preliminary))
    assert "31/10/2024" in str([c.value for row in load_workbook(preliminary).active.iter_rows() for c in row])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ha-noi", "09e", "2024"], "Không có hội đồng “ha-noi”"),
        (["can-tho", "99x", "2024"], "Không có biểu “99x”. Các biểu hiện có: "),
        (["can-tho", "09e", "2024-q1", "--calendar", "thong-ke"], "Lịch thống kê không có kỳ quý"),
        (["can-tho", "09e", "2024-9t", "--calendar", "thong-ke"], "Lịch thống kê không có kỳ 9 tháng"),
        (["can-tho", "09e", "2023-q2"], "chưa mở Quý II năm 2023"),
        (["can-tho", "09e", "quý 2"], "Không hiểu kỳ"),
        (["can-tho", "09e", "2024-q2", "--so-bo"], "Bản sơ bộ chỉ có ở lịch thống kê"),
        (["can-tho", "09e", "2024-6tc", "--so-bo"], "chưa rõ ngày chốt"),
        (["can-tho", "04a", "2026"], "Chưa có danh mục cột của TT 17/2025/TT-BTP"),
        (["can-tho", "04c", "2024"], "Chưa có danh mục cột của TT 17/2025/TT-BTP"),
        (["can-tho", "09e", "2025"], "Chưa có danh mục cột của TT 17/2025/TT-BTP"),
        (["can-tho", "10c", "2026"], "Chưa có danh mục cột của TT 17/2025/TT-BTP"),
        (["can-tho", "tt20-hgcs", "2026"], "Chưa có danh mục cột của TT 17/2025/TT-BTP"),
    ],
)
def test_the_command_refuses_in_words(world, arguments, said, tmp_path):
    target = tmp_path / "bieu.xlsx"
    with pytest.raises(CommandError) as error:
        call_command("export_form", *arguments, "--output", str(target))
    assert said in str(error.value) and not target.exists()


def test_the_command_says_when_it_cannot_write(facts, tmp_path):
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        call_command("export_form", "can-tho", "09e", "2024", "--output", str(tmp_path / "khong-co" / "x.xlsx"))


def test_a_form_out_of_its_time_says_so(facts):
    value = filled_form(facts.council, "tt20-pbgdpl", "2024", today=TODAY).value
    assert "kỳ này nội dung trên theo biểu 09e/BTP/PBGDPL. Bản này chỉ để đối chiếu." in value.notes[0]
    value = filled_form(facts.council, "09e", "2018", today=TODAY).value
    assert "PBGDPL cấp tỉnh (TT 20/2013)" in value.notes[0]
    value = filled_form(facts.council, "09e", "2024", today=TODAY).value
    assert "đối chiếu" not in " ".join(value.notes)


def test_file_names(facts):
    filled = filled_form(facts.council, "09e", "2024", today=TODAY, preliminary=True)
    assert file_name(facts.council, filled.value.form, filled.value) == "Bieu_09e_can-tho_2024_so-bo.xlsx"
