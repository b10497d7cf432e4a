"""What was recorded for a task need not be written again: its list and one ready sentence on the line's form."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.activities import record_activity
from campaigns.models import Activity, Indicator
from reports.deeds import deeds_sentence
from reports.models import ReportLine

pytestmark = pytest.mark.django_db


def deed(day: str, place: str = "", title: str = "Nói chuyện pháp luật") -> Activity:
    return Activity(title=title, held_on=date.fromisoformat(day), place=place)


@pytest.mark.parametrize(
    ("figures", "deeds", "sentence"),
    [
        ({}, [], ""),
        (
            {"PB01": 2, "PB02": 1250, "PB02n": 600},
            [deed("2024-04-05", "quận Bình Thủy"), deed("2024-05-12", "quận Ninh Kiều")],
            "Đã tổ chức 02 cuộc phổ biến pháp luật (1.250 lượt người tham dự) tại quận Bình Thủy và quận Ninh Kiều, "
            "các ngày 05/4 và 12/5/2024.",
        ),
        (
            {"TH01": 1, "TH02": 45, "PB05": 1622, "PB07": 0},
            [deed("2024-04-05")],
            "Đã tổ chức 01 lớp tập huấn, bồi dưỡng (45 lượt người được tập huấn), ngày 05/4/2024. "
            "Tổng số tài liệu phát hành miễn phí: 1.622 bản.",
        ),
        ({}, [deed("2024-04-05", "xã Trung An")], "Đã tổ chức hoạt động “Nói chuyện pháp luật” tại xã Trung An, ngày 05/4/2024."),
        (
            {"PB01": 5},
            [deed(f"2024-0{month}-01", f"ấp {month}") for month in range(1, 6)],
            "Đã tổ chức 05 cuộc phổ biến pháp luật tại 05 địa điểm, từ ngày 01/1 đến ngày 01/5/2024.",
        ),
        (
            {"PB01": 2},
            [deed("2023-12-20"), deed("2024-01-03")],
            "Đã tổ chức 02 cuộc phổ biến pháp luật, các ngày 20/12/2023 và 03/1/2024.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_of_what_was_done(world, figures, deeds, sentence):
    rows = {row.code: row for row in Indicator.objects.filter(code__in=figures)}
    assert deeds_sentence({rows[code]: Decimal(value) for code, value in figures.items()}, deeds) == sentence


@pytest.fixture
def line(world) -> ReportLine:
    """B's line with two talks for its task in the period, one before it, one withdrawn, one of A, one counted with A's."""
    line = ReportLine.objects.get(report=world.report("b"), task=world.tasks[1])
    b, officer = world.agencies["b"], world.people["officer_b"]

    def record(title, day, agency=b, by=officer, **figures):
        return record_activity(
            agency=agency, by=by, now=world.now, title=title, held_on=date.fromisoformat(day), tasks=[line.task],
            place="quận Ô Môn", figures=figures,
        )  # fmt: skip

    record("Trong kỳ", "2024-04-05", PB01=1, PB02=100)
    record("Cũng trong kỳ", "2024-05-06", PB01=1, PB02=80)
    record("Kỳ trước", "2024-03-01", PB01=1, PB02=70)
    gone = record("Ghi nhầm", "2024-04-07", PB01=1, PB02=60)
    Activity.objects.filter(pk=gone.pk).update(withdrawn_at=world.now)
    theirs = record_activity(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title="Của cơ quan khác",
        held_on=date(2024, 6, 9), figures={"PB01": 1},
    )  # fmt: skip
    shared = record("Chung với cơ quan A", "2024-06-09", PB01=1, PB02=50)
    Activity.objects.filter(pk=shared.pk).update(same_as=theirs, same_as_at=world.now)
    return line


def test_the_form_shows_the_periods_activities_and_copies_the_sentence(world, sign_in, line):
    url = reverse("report-line", kwargs={"code": "2024-q2", "agency": "b", "pk": line.pk})
    officer = sign_in(world.people["officer_b"])
    page = officer.get(url).content.decode()
    sentence = (
        "Đã tổ chức 02 cuộc phổ biến pháp luật (180 lượt người tham dự) tại quận Ô Môn, các ngày 05/4 và 06/5/2024."
    )
    assert sentence in page and "Đã ghi 3 hoạt động trong kỳ" in page and "tính ở bản ghi của" in page
    assert not any(title in page for title in ("Kỳ trước</a>", "Ghi nhầm", "Của cơ quan khác"))
    typed = {"version": line.version, "result": "Đang gõ", "difficulty": "", "proposal": "", "status": "in_progress"}
    copied = officer.post(url, typed | {"percent": "50", "chep": "hoat-dong"}).content.decode()
    assert f"Đang gõ\n{sentence}</textarea>" in copied
    line.refresh_from_db()
    assert line.result == ""
