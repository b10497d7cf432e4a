"""Half-years, nine months and years: the same numbers as their quarters, across renamings and mergers."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from agencies import clock
from agencies.errors import Incomplete, WrongState
from agencies.models import Succession
from agencies.register import found_successor
from campaigns.workflow import hand_over_task
from reports import workflow
from reports.calendars import parse_period
from reports.comparison import Handover, comparability
from reports.consolidation import consolidate
from reports.integrity import problems
from reports.models import Period, ProgressReport, ReportFigure
from reports.opening import refresh_period
from reports.values import Consolidation
from tests.quarters import accept, opened
from tests.world import add_task

pytestmark = pytest.mark.django_db


def value_of(world, code: str) -> Consolidation:
    period = Period.objects.select_related("council__standing_agency").get(council=world.council, code=code)
    return consolidate(period, as_of=period.ends_on)


def test_opening_a_quarter_opens_the_longer_ones_once(world):
    def codes():
        return sorted(Period.objects.filter(council=world.council).values_list("code", flat=True))

    assert codes() == ["2024", "2024-6t", "2024-9t", "2024-q2"]
    opened(world, "2024-q3")
    opened(world, "2024-q3")
    assert codes() == ["2024", "2024-6t", "2024-6tc", "2024-9t", "2024-q2", "2024-q3"]
    half = Period.objects.get(council=world.council, code="2024-6t")
    assert (half.starts_on, half.ends_on, half.agency_due_on) == (
        date(2023, 12, 15), date(2024, 6, 14), date(2024, 6, 17),
    )  # fmt: skip


def test_agencies_report_by_quarter_only(world):
    half = Period.objects.get(council=world.council, code="2024-6t")
    with pytest.raises(DatabaseError, match="by quarter only"), transaction.atomic():
        ProgressReport.objects.create(period=half, agency=world.agencies["a"])
    with pytest.raises(WrongState, match="cộng từ các quý"):
        refresh_period(period=half, by=None, now=world.now)


@pytest.mark.parametrize(
    ("code", "flow", "stock"),
    [("2024-6t", 30, 9), ("2024-6tc", 120, 12), ("2024-9t", 70, 11), ("2024", 150, 12)],
)
def test_flows_are_added_and_stocks_taken_at_the_end(world, code, flow, stock):
    quarters = {"2024-q1": (10, 8), "2024-q2": (20, 9), "2024-q3": (40, 11), "2024-q4": (80, 12)}
    for quarter, (events, people) in quarters.items():
        accept(opened(world, quarter), "a", PB01=events, PB08=people)
    value = value_of(world, code)
    assert (value.indicator("PB01").value, value.indicator("PB08").value) == (flow, stock)
    parts = [value_of(world, part) for part in quarters if parse_period(part).label in value.period.part_labels]
    assert sum(part.indicator("PB01").value for part in parts) == flow
    assert Consolidation.from_json(value.to_json()) == value


def test_an_agency_renamed_in_between_counts_once_and_keeps_its_past(world):
    add_task(world, world.plan, 9, "c", title="Tuyên truyền vùng đồng bào dân tộc Khmer")
    for code in ("2024-q1", "2024-q2"):
        period = opened(world, code)
        refresh_period(period=period, by=None, now=world.now)
        accept(period, "c", PB01=5, PB08=7)
    new = found_successor(
        predecessors=[world.agencies["c"]], kind=Succession.Kind.RENAME, on=date(2024, 6, 15), by=None, now=world.now,
        name="Sở Dân tộc và Tôn giáo thành phố", short_name="Sở Dân tộc và Tôn giáo", code="sdttg",
    )  # fmt: skip
    for task in world.plan.tasks.filter(number="9."):
        hand_over_task(task=task, to=new, by=None, now=world.now, on=date(2024, 6, 15), reason="Đổi tên cơ quan")
    accept(opened(world, "2024-q3"), "sdttg", PB01=6, PB08=4)
    value = value_of(world, "2024-9t")
    assert {row.agency: row.value for row in value.indicator("PB01").by_agency} == {"c": 10, "sdttg": 6}
    # The stock of nine months is that of the agency there is at their end, not of both.
    assert {row.agency: row.value for row in value.indicator("PB08").by_agency} == {"sdttg": 4}
    assert [row.code for row in value.agencies if row.code in ("c", "sdttg")] == ["c", "sdttg"]
    assert value.agency("c").name == "Ban Dân tộc thành phố"
    assert value.indicator("PB01").previous_note == ""  # a renaming is no merger
    task = next(task for task in value.tasks if task.number == "9.")
    assert task.lead == "sdttg"


def test_every_task_counts_once_in_its_latest_state(world):
    for code in ("2024-q1", "2024-q2", "2024-q3"):
        opened(world, code)
    value = value_of(world, "2024-9t")
    assert len({task.id for task in value.tasks}) == len(value.tasks) == value.totals.tasks
    assert value.totals == sum((row.counts for row in value.agencies), type(value.totals)())


def test_missing_quarters_and_reports_are_named(world):
    accept(opened(world, "2024-q2"), "a", PB01=3)
    opened(world, "2024-q1")
    value = value_of(world, "2024-6t")
    assert value.agency("a").missing_parts == ("Quý I/2024",)
    assert value.agency("a").report_state_label == "1/2 quý đã tiếp nhận"
    assert "a" in [row.code for row in value.missing]
    assert len(value.notes) == 1 and "tính một lần" in value.notes[0]
    assert value_of(world, "2024-9t").notes[1:] == (
        "Chưa mở kỳ Quý III/2024: số liệu chỉ gồm Quý I/2024, Quý II/2024.",
    )  # fmt: skip


def test_words_keep_their_quarter_and_plans_for_the_next_are_the_last(world):
    for code in ("2024-q1", "2024-q2"):
        accept(opened(world, code), "a", words=f"Ban hành kế hoạch trong {code}.")
        ProgressReport.objects.filter(period__code=code, agency__code="a").update(next_steps=f"Việc sau {code}.")
    value = value_of(world, "2024-6t")
    assert [(words.period_label, words.text) for words in value.words_under("direction")] == [
        ("Quý I/2024", "Ban hành kế hoạch trong 2024-q1."),
        ("Quý II/2024", "Ban hành kế hoạch trong 2024-q2."),
    ]
    assert [words.text for words in value.words_under("next_steps")] == ["Việc sau 2024-q2."]


def test_comparison_with_the_same_months_of_the_year_before(world):
    for code, events in (("2023-q1", 1), ("2023-q2", 2), ("2024-q1", 5), ("2024-q2", 7)):
        period = opened(world, code)
        world.plan.starts_on = date(2023, 1, 1)
        world.plan.save()
        refresh_period(period=period, by=None, now=world.now)
        ProgressReport.objects.get_or_create(period=period, agency=world.agencies["a"])
        for report in ProgressReport.objects.filter(period=period, agency=world.agencies["a"], figures=None):
            row = ReportFigure.objects.select_related("indicator").filter(indicator__code="PB01").first()
            ReportFigure.objects.create(report=report, indicator=row.indicator)
        accept(period, "a", PB01=events)
    row = value_of(world, "2024-6t").indicator("PB01")
    assert (row.value, row.last_year, row.previous) == (12, 3, 3)


def test_a_locked_year_is_frozen_and_holds_its_quarters(world):
    secretary = world.people["secretary"]
    for code in ("2024-q1", "2024-q2"):
        period = opened(world, code)
        accept(period, "a", PB01=4)
    half = Period.objects.get(council=world.council, code="2024-6t")
    now = clock.at(date(2024, 6, 20))
    with pytest.raises(Incomplete, match="hãy khóa Quý I/2024, Quý II/2024 trước"):
        workflow.lock_period(period=half, by=secretary, now=now)
    for period in half.quarters():
        workflow.lock_period(period=period, by=secretary, now=now, reason="Các cơ quan khác xin lùi sang kỳ sau")
    half = workflow.lock_period(period=half, by=secretary, now=now)
    assert half.frozen.totals and value_of(world, "2024-6t").period.locked
    quarter = half.quarters().first()
    with pytest.raises(Incomplete, match="6 tháng đầu năm 2024 đã khóa"):
        workflow.reopen_period(period=quarter, by=secretary, now=now, reason="Sửa số liệu sai")
    workflow.reopen_period(period=half, by=secretary, now=now, reason="Sửa số liệu sai của quý")
    assert workflow.reopen_period(period=quarter, by=secretary, now=now, reason="Sửa số liệu sai").state == "open"
    assert [problem for problem in problems() if "đóng băng" in problem or "kỳ" in problem.split("]")[0]] == []


def handover(kind: str, on: date, *, within: bool = True) -> Handover:
    return Handover("cu", "moi", ("Cơ quan cũ", "Cơ quan mới"), kind, on, within)


@pytest.mark.parametrize(
    ("change", "compared", "said"),
    [
        (handover("rename", date(2024, 4, 1)), True, ""),
        (handover("merge", date(2024, 4, 1)), True, "(*) Số liệu Quý I/2024 là của các cơ quan trước khi sắp xếp"),
        (handover("split", date(2024, 4, 1)), True, "Cơ quan cũ → Cơ quan mới từ ngày 01/04/2024"),
        (handover("transfer", date(2024, 4, 1)), True, ""),
        (handover("merge", date(2024, 4, 1), within=False), False, "Không so sánh với Quý I/2024"),
        (handover("merge", date(2024, 6, 14)), True, "(*)"),
        (handover("merge", date(2024, 6, 15)), True, ""),  # after the period
        (handover("merge", date(2023, 12, 15)), True, ""),  # before both: the merged agency reports in both
    ],
)
def test_what_a_reorganisation_does_to_a_comparison(change, compared, said):
    answer, note = comparability(parse_period("2024-q2"), parse_period("2024-q1"), [change])
    assert answer is compared and (said in note if said else note == "")


def test_a_board_of_half_a_year_leads_to_its_consolidation(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    assert secretary.get("/dieu-phoi/2024-6t/").url == "/tong-hop/2024-6t/"
    for path in ("/tong-hop/2024-6t/", "/tong-hop/2024/", "/tong-quan/2024-9t/", "/bao-cao/2024-6t/"):
        assert secretary.get(path).status_code == 200, path
    assert secretary.get("/dieu-phoi/").url == "/dieu-phoi/2024-q2/"


def test_a_year_of_which_only_a_part_is_known_is_not_compared(world):
    quarter = opened(world, "2023-q2")
    ProgressReport.objects.create(period=quarter, agency=world.agencies["a"])
    report = quarter.reports.get()
    for row in ReportFigure.objects.filter(report=world.report("a")).select_related("indicator"):
        ReportFigure.objects.create(report=report, indicator=row.indicator)
    accept(quarter, "a", PB01=5, PB08=6)
    accept(opened(world, "2024-q1"), "a", PB01=7, PB08=8)
    accept(opened(world, "2024-q2"), "a", PB01=9, PB08=10)
    value = value_of(world, "2024-6t")
    flow, stock = value.indicator("PB01"), value.indicator("PB08")
    assert (flow.last_year, stock.last_year) == (None, 6)  # the stock at the end of the half-year is known
    assert value.comparison_notes == ("Không so sánh với 6 tháng đầu năm 2023: chưa có số liệu Quý I/2023.",)
