"""The offline workbook: what the portal exports it reads again without change, and every change is seen and applied."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from agencies import clock
from agencies.errors import StaleVersion, WrongState
from agencies.models import RecordEntry
from campaigns.activities import record_activity
from campaigns.models import Task
from reports import workflow
from reports.entry import save_figures, save_line, save_narrative
from reports.models import ProgressReport, ReportLine
from reports.sheet import load_sheet
from reports.workbook.compare import compare
from reports.workbook.filled import find_cells
from reports.workbook.grid import read_grids
from reports.workbook.keys import WorkbookRefused
from reports.workbook.problems import Preview
from reports.workbook.upload import UploadRefused, apply_upload, preview_upload
from tests.reports.workbook_files import Book, exported, text
from tests.world import fill_in

pytestmark = pytest.mark.django_db


def look(world, content, code="b", answers=None, now=None):
    return preview_upload(
        report=world.report(code), content=content, filename="tep.xlsx", now=now or world.now, answers=answers
    )


def apply(world, content, preview, code="b", answers=None, by=None, now=None):
    return apply_upload(
        report=world.report(code), by=by or world.people[f"officer_{code}"], now=now or world.now, content=content,
        filename="tep.xlsx", fingerprint=preview.fingerprint, answers=answers,
    )  # fmt: skip


def changes(preview):
    return [
        (unit.kind, unit.name, cell.label, cell.before, cell.after) for unit in preview.units for cell in unit.cells
    ]


def lead(world, code="b"):
    return ReportLine.objects.get(report=world.report(code), role="lead", task__plan=world.plan, task=world.tasks[1])


def test_the_export_comes_back_without_a_change(world):
    for code in ("stp", "a", "b", "c"):
        if not ProgressReport.objects.filter(agency=world.agencies[code], period=world.period).exists():
            continue
        preview = look(world, exported(world.report(code), world.now), code)
        assert preview.changes_nothing and preview.notes == [], (code, preview.notes, preview.problems)


def test_edit(world):
    line = lead(world)
    book = Book(exported(world.report("b"), world.now))
    book.line(line.pk, "status").value = "Đang thực hiện"
    book.line(line.pk, "percent").value = 60
    text(book.line(line.pk, "result"), "=Đã tổ chức 02 lớp")
    book.line(line.pk, "new_expected_on").value = date(2024, 7, 31)
    book.figure("PB08").value = 12
    text(book.word("causes"), "Kinh phí chậm.")
    content = book.content
    preview = look(world, content)
    print(preview.problems, preview.notes)
    print(changes(preview))
    done = apply(world, content, preview)
    print(done.sentence)
    again = look(world, content)
    assert again.changes_nothing, changes(again)
