"""Receipts: one per hand-in, numbered without gaps, and able to show later that the content is that one."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from agencies import clock
from agencies.errors import NotAllowed
from reports import workflow
from reports.entry import save_line
from reports.models import Receipt
from reports.receipts import changed_since, give_receipt, is_intact
from tests.world import fill_in

pytestmark = pytest.mark.django_db


def handed_in(world, code="b"):
    officer = world.people[f"officer_{code}"]
    report = fill_in(world, code, officer)
    return workflow.submit_report(report=report, by=officer, now=world.now)


def test_handing_in_gives_one_numbered_receipt(world):
    report = handed_in(world)
    workflow.submit_report(report=report, by=world.people["officer_b"], now=world.now)  # a double click
    receipt = report.receipts.get()
    assert (receipt.number, receipt.agency_name, receipt.period_label, receipt.handed_in_by_name) == (
        "BN-001/2024", "Hội Liên hiệp Phụ nữ thành phố", "Quý II/2024", str(world.people["officer_b"]),
    )  # fmt: skip
    assert receipt.handed_in_at == world.now and is_intact(receipt) and changed_since(receipt) == []
    said = json.loads(receipt.content)
    assert said["figures"]["PB08"]["value"] == "10" and len(said["lines"]) == report.lines.count()


def test_with_an_approver_the_receipt_comes_when_the_report_leaves_the_agency(world):
    report = handed_in(world, "a")
    assert report.state == "awaiting" and not report.receipts.exists()
    report = workflow.approve_report(report=report, by=world.people["approver_a"], now=world.now)
    assert report.receipts.get().handed_in_by == world.people["approver_a"]


def test_a_returned_report_gets_a_second_receipt_and_the_first_tells_what_changed(world):
    report = handed_in(world)
    first = report.receipts.get()
    report = workflow.return_report(
        report=report, by=world.people["secretary"], now=world.now, reason="Bổ sung kết quả nhiệm vụ 2"
    )
    line = report.lines.get(role="lead")
    save_line(
        line=line, by=world.people["officer_b"], now=world.now, version=line.version, status="in_progress", percent=60,
        result="Đã tổ chức 03 lớp.", difficulty=line.difficulty, new_expected_on=line.new_expected_on,
    )  # fmt: skip
    assert changed_since(first) == ["sửa nhiệm vụ 2. Hòa giải ở cơ sở: tập huấn hòa giải viên"]
    report = workflow.submit_report(report=report, by=world.people["officer_b"], now=world.now)
    assert [receipt.number for receipt in report.receipts.all()] == ["BN-002/2024", "BN-001/2024"]
    assert changed_since(report.receipts.first()) == [] and changed_since(first)


def test_a_receipt_cannot_be_changed_even_by_raw_sql(world):
    receipt = handed_in(world).receipts.get()
    for statement in (
        "UPDATE reports_receipt SET content = 'x' WHERE id = %s",
        "DELETE FROM reports_receipt WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [receipt.pk])
    receipt.content += " "
    assert not is_intact(receipt)


def test_the_page_shows_the_receipt_and_the_file_has_the_digest(world, sign_in):
    receipt = handed_in(world).receipts.get()
    officer = sign_in(world.people["officer_b"])
    page = officer.get(f"/bien-nhan/{receipt.pk}/").content.decode()
    assert "BN-001/2024" in page and "đúng là" in page and receipt.digest_in_groups in page
    file = officer.get(f"/bien-nhan/{receipt.pk}/noi-dung.json").content
    assert hashlib.sha256(file).hexdigest() == receipt.digest
    assert "BN-001/2024" in officer.get("/bao-cao/2024-q2/b/").content.decode()
    assert sign_in(world.people["officer_a"]).get(f"/bien-nhan/{receipt.pk}/").status_code == 404


def test_nobody_else_hands_in(world):
    with pytest.raises(NotAllowed):
        workflow.submit_report(report=world.report("b"), by=world.people["officer_a"], now=world.now)
    assert not Receipt.objects.exists()


def test_numbers_start_anew_each_year(world):
    report = world.report("b")
    days = [clock.at(world.today), clock.at(world.today.replace(year=2025)), clock.at(world.today.replace(year=2025))]
    assert [give_receipt(report=report, by=None, now=now).number for now in days] == [
        "BN-001/2024", "BN-001/2025", "BN-002/2025",
    ]  # fmt: skip
