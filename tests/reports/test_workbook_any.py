"""Whatever is typed into the workbook: it is read, named or asked about; once applied, the same file changes nothing."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import clock
from agencies.tables import shelf
from reports.rules import check
from reports.workbook.upload import apply_upload, preview_upload
from tests.reports.test_workbook_round import led
from tests.reports.workbook_files import Book, exported
from tests.world import fill_in

pytestmark = pytest.mark.django_db

TYPED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**14),
    st.integers(0, 130),
    st.floats(0, 2000, allow_nan=False).map(lambda value: round(value, 3)),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.datetimes(datetime(2023, 1, 1), datetime(2025, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(
        ["", " ", "-", "0", "12", "1.234", "12,5", "50%", "03/04/2024", "31/02/2024", "Hoàn thành", "hoan thanh",
         "Đang thực hiện", "Chưa thực hiện", "Tạm dừng", "Đã hủy", "Có", "không", "Lý do", "Đã tổ chức\n02 cuộc"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)  # fmt: skip
PLACES = [
    *(("line", name) for name in ("status", "percent", "completed_on", "result", "difficulty", "new_expected_on")),
    ("line", "no_evidence_reason"), ("supporting", "result"), ("figure", "PB02"), ("reason", "PB02"),
    ("figure", "PB08"), ("figure", "PB10"), ("word", "causes"), ("word", "nothing_to_report"),
]  # fmt: skip


def type_in(book: Book, world, place, value) -> None:
    kind, name = place
    if kind in ("line", "supporting"):
        line = led(world) if kind == "line" else world.report("b").lines.get(role="supporting")
        cell = book.line(line.pk, name)
    else:
        cell = (
            {"figure": book.figure, "word": book.word}[kind](name) if kind != "reason" else book.figure(name, "reason")
        )
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


@pytest.mark.parametrize("filled", [False, True])
def test_anything_typed_is_taken_once_or_named(world, filled):
    if filled:
        fill_in(world, "b", world.people["officer_b"])
    content = exported(world.report("b"), world.now)
    officer = world.people["officer_b"]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(PLACES), TYPED, min_size=1, max_size=5), st.sampled_from(["co", "bo"]))
    def run(typed, answer):
        book = Book(content)
        for place, value in typed.items():
            type_in(book, world, place, value)
        changed = book.content
        source = {"content": changed, "filename": "tep.xlsx", "now": world.now}
        with transaction.atomic():
            seen = preview_upload(report=world.report("b"), **source)
            answers = {question.key: answer for question in seen.questions}
            seen = preview_upload(report=world.report("b"), answers=answers, **source)
            check(seen.result, world.today)
            assert not seen.open_questions
            if seen.problems:
                cells = {f"{place}" for place in typed}
                assert len(seen.problems) <= 2 * len(cells)
            else:
                apply_upload(
                    report=world.report("b"), by=officer, fingerprint=seen.fingerprint, answers=answers, **source
                )
                again = preview_upload(report=world.report("b"), answers=answers, **source)
                assert again.changes_nothing, [(unit.key, unit.cells) for unit in again.units]
                fresh = exported(world.report("b"), world.now)
                new = preview_upload(report=world.report("b"), content=fresh, filename="a.xlsx", now=world.now)
                assert new.changes_nothing and new.problems == []
            transaction.set_rollback(True)

    run()


def test_a_days_old_upload_is_removed(rf, settings, world):
    request = rf.get("/")
    request.user, request.session = world.people["officer_b"], {}
    token = shelf.put(request=request, place="x", content=b"PK", about={"report": 1}, now=world.now)
    assert shelf.content(token) == b"PK" and shelf.about(request=request, place="x", token=token)["report"] == 1
    assert shelf.about(request=request, place="y", token=token) is None
    path = settings.MEDIA_ROOT / "nhap-tam" / token[:8] / f"{token}.tep"
    assert path.stat().st_mode & 0o777 == 0o600
    shelf.put(
        request=request, place="x", content=b"PK", about={}, now=clock.instant() + shelf.KEEP + timedelta(hours=1)
    )
    assert not path.exists() and shelf.about(request=request, place="x", token=token) is None
