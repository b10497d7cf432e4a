"""What the people of Cần Thơ said about reports and tasks in Quý II/2024, with the verbs."""

from datetime import date

from agencies import comments
from agencies.clock import at
from portal.demo.quarters import report_of
from portal.demo.world import World
from reports.models import Period, ProgressReport


def tell(world: World, period: Period) -> None:
    """The secretariat's remarks on two reports, what their agencies answered, and a question about a shared task."""
    returned, waiting = report_of(world, period, "noivu"), report_of(world, period, "phunu")
    secretary, noivu, phunu = world.secretary, world.liaison("noivu"), world.liaison("phunu")
    training = comments.comment(
        obj=returned,
        by=secretary,
        now=at(date(2024, 6, 6), 8, 50),
        anchor="so-lieu-TH02",
        text="Số lượt người dự lớp bồi dưỡng chưa khớp với danh sách gửi kèm. @noivu kiểm tra lại giúp.",
    )
    comments.comment(
        obj=returned,
        by=secretary,
        now=at(date(2024, 6, 6), 8, 55),
        anchor=_line(returned, "II.1."),
        text="Nhiệm vụ quá hạn: cần nêu phần việc còn lại và ngày dự kiến hoàn thành.",
    )
    comments.comment(
        obj=returned,
        by=noivu,
        now=at(date(2024, 6, 7), 10, 15),
        parent=training,
        text="Danh sách đã gửi là của ngày đầu; chúng tôi đang gộp danh sách ngày thứ hai.",
    )
    formal = comments.comment(
        obj=returned,
        by=secretary,
        now=at(date(2024, 6, 6), 9, 0),
        anchor="danh-gia-proposals",
        text="Kiến nghị nên ghi rõ cơ quan được kiến nghị.",
    )
    comments.resolve(comment=formal, by=noivu, now=at(date(2024, 6, 7), 10, 20))
    gift = comments.comment(
        obj=waiting,
        by=secretary,
        now=at(date(2024, 6, 7), 16, 5),
        anchor="so-lieu-PB10c",
        text="Nguồn hỗ trợ khác tăng nhiều so với Quý I. Đơn vị cho biết nguồn nào hỗ trợ?",
    )
    comments.comment(
        obj=waiting,
        by=phunu,
        now=at(date(2024, 6, 7), 16, 40),
        parent=gift,
        text="Dạ, một doanh nghiệp tài trợ hội thi trong tháng 5; quyết định tiếp nhận gửi trong tuần này.",
    )
    schools, youth = world.liaison("gddt"), world.liaison("thanhdoan")
    task = world.tasks["school/TD-01"]
    question = comments.comment(
        obj=task,
        by=youth,
        now=at(date(2024, 6, 4), 9, 10),
        text=f"@{schools.username} cho xin danh sách trường đăng ký đợt tháng 9 để Thành đoàn bố trí báo cáo viên.",
    )
    comments.comment(
        obj=task,
        by=schools,
        now=at(date(2024, 6, 4), 14, 30),
        parent=question,
        text="Sở sẽ gửi danh sách sau khi các trường tổng kết năm học, trước ngày 20/6.",
    )


def _line(report: ProgressReport, place: str) -> str:
    """The place of the first line of a task with that number."""
    lines = report.lines.select_related("task__section").order_by("role", "task__plan__number", "task__sort_order")
    return next(f"dong-{line.pk}" for line in lines if line.task.place == place)
