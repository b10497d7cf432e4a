"""Ten annexes of ten shapes: every task, heading, agency and date is read and stored as it was written."""

from datetime import date

import pytest

from agencies import clock
from agencies.models import Council
from campaigns.imports.ditto import is_ditto
from campaigns.imports.service import import_plan, plan_preview
from campaigns.models import PlanParty
from tests.annexes_shapes import SHAPES, Shape, council_of_cantho

NOW = clock.at(date(2024, 3, 1))


@pytest.fixture
def council(db, settings) -> Council:
    settings.PORTAL_TODAY = date(2024, 3, 1)
    made = council_of_cantho()
    made.agencies.filter(code="luat-gia").update(aliases=["Hội LG"])
    return made


def preview_of(council, shape: Shape):
    return plan_preview(
        council=council, content=shape.build(), filename=shape.filename, today=NOW.date(), title="Kế hoạch phối hợp"
    )


@pytest.mark.parametrize("name", SHAPES)
def test_an_annex_of_this_shape_is_read_to_the_letter(council, name):
    shape = SHAPES[name]
    preview = preview_of(council, shape)
    assert [problem.sentence for problem in preview.errors] == []
    read = [
        (
            task.source.number,
            preview.outline.path(task.source.section_key),
            task.source.title,
            task.lead.code,
            tuple(agency.code for agency in task.supporting),
            task.timing.due_date,
            task.timing.recurrence,
            task.timing.starts_on,
            task.source.note,
        )
        for task in preview.tasks
    ]
    assert read == [
        (e.number, e.section, e.title, e.lead, e.supporting, e.due_date, e.recurrence, e.starts_on, e.note)
        for e in shape.tasks
    ]
    assert preview.header.number == shape.number
    assert (preview.header.starts_on.isoformat(), preview.header.ends_on.isoformat()) == shape.span


@pytest.mark.parametrize("name", SHAPES)
def test_what_was_read_is_stored_and_a_second_time_changes_nothing(council, name):
    shape = SHAPES[name]
    given = {"council": council, "content": shape.build(), "filename": shape.filename, "title": "Kế hoạch phối hợp"}
    plan = import_plan(**given, by=None, now=NOW).plan
    stored = [
        (task.number, task.title, task.due_date, task.recurrence, task.starts_on)
        for task in plan.tasks.order_by("sort_order")
    ]
    assert stored == [(e.number, e.title, e.due_date, e.recurrence, e.starts_on) for e in shape.tasks]
    signed = plan.parties.filter(role=PlanParty.Role.SIGNATORY).values_list("agency__code", flat=True)
    assert set(signed) == shape.signatories
    everyone = {e.lead for e in shape.tasks} | {code for e in shape.tasks for code in e.supporting}
    assert set(plan.parties.values_list("agency__code", flat=True)) == everyone | shape.signatories
    again = import_plan(**given, by=None, now=NOW)
    assert (again.plan, again.new, again.changed) == (plan, 0, 0)


def test_what_the_portal_does_not_read_is_said(council):
    said = [w.sentence for w in preview_of(council, SHAPES["several sheets"]).warnings]
    assert any("“Địa điểm”" in line and "chép vào ghi chú" in line and "Quận Ninh Kiều" in line for line in said)
    assert any(line.startswith("Trang tính “Hướng dẫn”") for line in said)
    said = [w.sentence for w in preview_of(council, SHAPES["hidden parts"]).warnings]
    assert any("Cột C “Chủ trì (năm trước)” đang ẩn" in line for line in said)
    assert any("ô B5" in line and "đang ẩn" in line for line in said)
    said = [w.sentence for w in preview_of(council, SHAPES["broken over pages"]).warnings]
    assert any("Bảng 3" in line and "tiếp theo các cột của Bảng 2" in line for line in said)


def test_rows_passed_over_are_listed_with_the_reason(council):
    passed = preview_of(council, SHAPES["odd order"]).outline.passed_over
    assert [(row.row, row.why) for row in passed] == [(8, "tiêu đề lặp lại"), (10, "dòng tổng cộng")]
    passed = preview_of(council, SHAPES["merged leads"]).outline.passed_over
    assert [(row.row, row.why) for row in passed] == [(14, "ở dưới bảng"), (15, "ở dưới bảng")]


@pytest.mark.parametrize("text", ["nt", "NT", "-nt-", "n/t", "Như trên", "như trên;", '"', "”", "''", '- " -', "(nt)"])
def test_ditto(text):
    assert is_ditto(text)


@pytest.mark.parametrize("text", ["", "-", "Thành đoàn", "Như trên và Sở Tư pháp", "Nhà trường", "ntn", "15/11/2024"])
def test_no_ditto(text):
    assert not is_ditto(text)
