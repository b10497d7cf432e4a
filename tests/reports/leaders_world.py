"""Worlds for the leaders' page: a quarter with tasks in every state, and a council of thirty agencies."""

from datetime import date

from agencies import clock
from agencies.membership import join
from agencies.models import Role
from campaigns.workflow import create_plan
from reports.models import Period, ProgressReport, ReportLine
from reports.opening import put_plan_in_force, refresh_period
from tests.quarters import accept, opened
from tests.world import World, add_task, make_agency

LONG = (
    "Phải chờ hướng dẫn nội dung trọng tâm và thống nhất nguồn kinh phí với các đơn vị phối hợp; trùng thời gian ôn "
    "thi tốt nghiệp trung học phổ thông nên phải lùi lớp tập huấn sang tháng sau, một số xã chưa cử được người dự. "
)


def say(period: Period, task, **what) -> None:
    """What the lead's line of a task says in a period."""
    ReportLine.objects.filter(report__period=period, task=task, role="lead").update(**what)


def with_every_state(world: World) -> None:
    """Quý I locked in figures only, Quý II with a done, an on-track, a due-soon, an overdue and a suspended task."""
    before = opened(world, "2024-q1")
    first, second, third, fourth = world.tasks
    add_task(world, world.plan, 5, "b", title="Biên soạn tài liệu hỏi đáp")
    add_task(world, world.plan, 6, "c", title="Tuyên truyền vùng đồng bào dân tộc Khmer")
    refresh_period(period=world.period, by=None, now=world.now)
    fifth, sixth = world.plan.tasks.filter(number__in=("5.", "6.")).order_by("number")
    say(before, first, status="done", percent=100, completed_on=date(2024, 2, 1))
    say(before, fourth, status="in_progress", percent=30)
    accept(before, "a", PB01=11, PB02=1503)
    say(world.period, second, status="done", percent=100, completed_on=date(2024, 5, 2), result="Đã tập huấn 3 lớp.")
    say(world.period, fifth, status="on_hold", percent=10)
    say(world.period, sixth, status="in_progress", percent=40, proposal="Đề nghị bố trí phiên dịch tiếng Khmer.")
    accept(world.period, "b", PB01=4, PB02=96)
    accept(world.period, "c", PB01=20, PB02=2750)
    ProgressReport.objects.filter(period=world.period, agency__code="b").update(
        proposals="Đề nghị Sở Tư pháp cấp thêm tài liệu.", highlights="Mô hình “Tổ phụ nữ với pháp luật”."
    )
    ProgressReport.objects.filter(period=world.period, agency__code="c").update(difficulties="Thiếu phiên dịch.")


def thirty_agencies(world: World, many: int = 30) -> None:
    """Thirty agencies with five plans, long names and long words, many of them late."""
    codes = []
    for number in range(many):
        code = f"dv{number:02}"
        name = f"Ủy ban nhân dân huyện Vĩnh Thạnh Đông Thuận số {number}"
        world.agencies[code] = make_agency(
            world.council, code, name, f"UBND huyện Vĩnh Thạnh Đông {number}", 10 + number
        )
        codes.append(code)
    officer = world.people["officer_a"]
    for code in codes:
        join(user=officer, scope=world.agencies[code], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    late = date(2024, 4, 30)
    for number in range(5):
        plan = create_plan(
            council=world.council, by=None, now=clock.at(date(2024, 2, 29)), number=f"0{number}/KHPH-STP-UBMTTQVN-HLG",
            title="Kế hoạch phối hợp giai đoạn 2024 - 2025", signed_on=date(2024, 2, 29), starts_on=date(2024, 1, 1),
            ends_on=date(2025, 12, 31), legal_bases=["Luật số 14/2012/QH13"],
            parties=[world.agencies[code] for code in codes],
        )  # fmt: skip
        for at, code in enumerate(codes):
            if (at + number) % 3:
                continue
            timing = {"recurrence": "", "timing_text": "Trước 30/4/2024", "due_date": late} if at % 2 == 0 else {}
            add_task(world, plan, 100 + at, code, title=f"Tổ chức tuyên truyền, {LONG[:120].lower()}", **timing)
        put_plan_in_force(plan=plan, by=None, now=clock.at(date(2024, 3, 16)))
    refresh_period(period=world.period, by=None, now=world.now)
    led = ReportLine.objects.filter(report__period=world.period, role="lead")
    led.update(status="in_progress", percent=50, result=LONG, difficulty=LONG, proposal=LONG)
    for code in codes:
        accept(world.period, code, PB01=3, PB02=150)
    ProgressReport.objects.filter(period=world.period).update(proposals=LONG, highlights=LONG, difficulties=LONG)
