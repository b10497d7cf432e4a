"""Đôn đốc in the demo's story: what the timetable sent, what the secretary sent by hand, what people have seen."""

from datetime import date, datetime

from agencies.clock import at
from agencies.models import User
from agencies.notices import mark_read
from portal.demo.world import World
from reports.models import Period
from reports.reminders import remind, remind_automatically

EARLY = (
    "Đề nghị quý cơ quan cập nhật tiến độ các nhiệm vụ được giao chủ trì trong Quý II/2024, "
    "tránh dồn vào những ngày cuối kỳ."
)
AGAIN = (
    "Còn một tuần là đến ngày chốt số liệu Quý II/2024. Đề nghị quý cơ quan khẩn trương nhập kết quả, số liệu; "
    "có vướng mắc xin trao đổi với Thư ký Hội đồng."
)


def by_timetable(*days: date) -> None:
    """What the job queue sent at 07:30 on those days."""
    for day in days:
        remind_automatically(today=day, now=at(day, 7, 30))


def by_hand(world: World, period: Period, day: date, agencies: tuple[str, ...], text: str) -> None:
    """The secretary's own reminder."""
    chosen = [world.agencies[agency].pk for agency in agencies]
    remind(period=period, agencies=chosen, by=world.secretary, now=at(day, 8, 10), text=text)


def everybody_reads(now: datetime) -> None:
    """People open their notices as they come in; only those of the last days are still waiting."""
    for user in User.objects.filter(notices__at__lt=now).distinct().order_by("pk"):
        mark_read(user=user, now=now, notices=user.notices.filter(at__lt=now).values_list("pk", flat=True))
