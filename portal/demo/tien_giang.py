"""Tiền Giang: a second council on the same installation, its story told to 12/07/2024 whatever the demo's day is.

The conference of 11/07/2024 (training in skills of legal education, to carry out Quyết định số 315/QĐ-TTg) is public
knowledge; its sites, attendance and everything else here are invented.
"""

from datetime import date
from decimal import Decimal

from agencies.clock import at
from campaigns.activities import record_activity
from campaigns.models import Task
from portal.demo.agreements import sign_plan
from portal.demo.councils import TIEN_GIANG_SITES
from portal.demo.pieces import PlanText, section, task
from portal.demo.plans_front import BASES
from portal.demo.subjects import groups_of, topics_of
from portal.demo.texts import counted
from portal.demo.world import World, dice
from reports import entry
from reports import workflow as report_verbs
from reports.models import ProgressReport
from reports.opening import open_period

CONFERENCE_DAY = date(2024, 7, 11)
CONFERENCE = "Hội nghị tập huấn kỹ năng, nghiệp vụ phổ biến, giáo dục pháp luật"

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.
PLAN = PlanText(
    key="tg",
    number="01/KHPH-STP-UBMTTQVN-HLHPN",
    title="Kế hoạch phối hợp thực hiện công tác phổ biến, giáo dục pháp luật, hòa giải ở cơ sở năm 2024 tỉnh Tiền "
          "Giang",
    parties=("stp", "mttq", "phunu"),
    signed_on=date(2024, 2, 6),
    starts_on=date(2024, 2, 6),
    ends_on=date(2024, 12, 31),
    legal_bases=BASES[:3],
    note="Dữ liệu minh họa: văn bản này không có thật.",
    sections=(
        section(
            "I.", "CÔNG TÁC CHỈ ĐẠO",
            task("C-02", "1.", "Tham mưu văn bản hướng dẫn, đôn đốc công tác phổ biến, giáo dục pháp luật", "stp", "",
                 "Thường xuyên", "ongoing", "Văn bản", "doc"),
            task("C-01", "2.", "Ban hành kế hoạch của Mặt trận Tổ quốc thực hiện nội dung phối hợp", "mttq", "stp",
                 "Trước ngày 31/5/2024", "2024-05-31", "Kế hoạch", "doc"),
        ),
        section(
            "II.", "PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT VÀ HÒA GIẢI Ở CƠ SỞ",
            task("C-03", "1.", "Phổ biến các luật mới ban hành cho cán bộ, Nhân dân", "stp", "mttq phunu",
                 "Hằng quý", "quarterly", "Cuộc; lượt người", "talk"),
            task("C-07", "2.", CONFERENCE, "stp", "mttq phunu",
                 "Ngày 11/7/2024", "2024-07-11", "Hội nghị; đại biểu tham dự", "train"),
            task("MT-05", "3.", "Rà soát, kiện toàn tổ hòa giải ở cơ sở", "stp", "mttq",
                 "Trước ngày 30/6/2024", "2024-06-30", "Tổ hòa giải được kiện toàn", "check"),
            task("PN-13", "4.", "Phổ biến Luật Phòng, chống bạo lực gia đình cho hội viên phụ nữ", "phunu", "stp",
                 "Hằng quý", "quarterly", "Cuộc; lượt người", "talk"),
            task("MT-01", "5.", "Vận động Nhân dân chấp hành pháp luật ở khu dân cư", "mttq", "stp",
                 "Thường xuyên", "ongoing", "Cuộc; lượt người", "talk"),
            task("C-05", "6.", "Hưởng ứng Ngày Pháp luật Việt Nam 09/11", "stp", "mttq phunu",
                 "Tháng 11/2024", "2024-11-30", "Hoạt động", "talk"),
        ),
    ),
)

# day, title, place, figures, task
TALKS = (
    (date(2024, 4, 9), "Hội nghị phổ biến Luật Đất đai, Luật Nhà ở", "Hội trường Sở Tư pháp, thành phố Mỹ Tho",
     {"PB01": 1, "PB02": 168, "PB02n": 71, "PB10a": Decimal("38.5")}, "C-03"),
    (date(2024, 4, 25), "Phổ biến pháp luật cho Nhân dân xã Tam Hiệp", "xã Tam Hiệp, huyện Châu Thành",
     {"PB01": 1, "PB02": 94, "PB02n": 43, "PB05": 94, "PB05a": 94, "PB10a": 21}, "C-03"),
    (date(2024, 5, 16), "Phổ biến pháp luật về lao động cho công nhân", "khu công nghiệp Tân Hương, huyện Châu Thành",
     {"PB01": 1, "PB02": 210, "PB02n": 132, "PB10a": Decimal("34.5")}, "C-03"),
    (date(2024, 5, 30), "Đăng tin, bài trên Trang thông tin điện tử Sở Tư pháp", "", {"PB07": 16}, ""),
    (date(2024, 6, 6), "Tập huấn nghiệp vụ hòa giải ở cơ sở", "thành phố Gò Công",
     {"TH01": 1, "TH02": 85, "TH03": 82, "PB10a": 54}, "MT-05"),
)
# fmt: on

_TYPED = {
    "PB08": 34, "PB08a": 25, "PB09": 0, "PB09a": 0,
    "HG01": 1012, "HG02": 6421, "HG03": 4780, "HG04": 1641, "HG05": 164, "HG06": 6257, "HG07": 6, "HG08": 2210,
    "HG11": 318, "HG12": 142, "HG13": 49, "HG14": 127, "HG15": 271, "HG16": 118, "HG17": 41, "HG18": 112,
    "HG19": 33, "HG20": 6, "HG21": 8,
    "DA01": 11, "DA01a": 9, "DA02": 987, "DA03": 96, "DA04": 3120, "DA05": 42, "DA05a": 38,
}  # fmt: skip

# task → (status, percent, text); {done} counts the recorded activities
_SAID = {
    "C-02": (
        Task.Status.IN_PROGRESS,
        45,
        "Đã ban hành công văn hướng dẫn Quý II và triển khai Quyết định số 315/QĐ-TTg.",
    ),
    "C-03": (Task.Status.DONE, 100, "{done}"),
    "C-07": (
        Task.Status.IN_PROGRESS,
        40,
        "Đã xây dựng kế hoạch, tài liệu và danh sách điểm cầu; tổ chức ngày 11/7/2024.",
    ),
    "MT-05": (Task.Status.IN_PROGRESS, 70, "{done} Các huyện đang hoàn tất quyết định công nhận hòa giải viên."),
    "C-05": (Task.Status.NOT_STARTED, 0, "Chưa đến thời gian thực hiện."),
}


def build_tien_giang(world: World) -> None:
    """One plan, Quý II/2024 open with the standing agency's report accepted, and the conference of 11/07/2024."""
    world.people = {"stp": world.people["tg.stp"]}
    stp, by = world.agencies["stp"], world.liaison("stp")
    sign_plan(world, PLAN, at(date(2024, 2, 7)))
    period, _opened = open_period(
        council=world.council, code="2024-q2", by=world.secretary, now=at(date(2024, 3, 20), 8, 45)
    )
    for day, title, place, figures, code in TALKS:
        tasks = [world.tasks[f"tg/{code}"]] if code else []
        record_activity(
            agency=stp,
            by=by,
            now=at(day, 16, 30),
            title=title,
            held_on=day,
            place=place,
            figures=figures,
            tasks=tasks,
            target_groups=groups_of(title),
            topics=topics_of(title),
        )
    report = ProgressReport.objects.select_related("period__council", "agency").get(period=period, agency=stp)
    _fill_in(world, report)
    report.refresh_from_db()
    report = report_verbs.submit_report(report=report, by=by, now=at(date(2024, 6, 17), 10, 20))
    report_verbs.accept_report(report=report, by=world.secretary, now=at(date(2024, 6, 18), 9, 0))
    hold_conference(world)


def _fill_in(world: World, report: ProgressReport) -> None:
    by, now = world.liaison("stp"), at(date(2024, 6, 17), 8, 30)
    for line in report.lines.select_related("task"):
        text = world.texts[line.task_id]
        if line.is_lead:
            status, percent, said = _SAID[text.code]
            facts = [
                (place.rpartition(", ")[2], figures) for _d, _t, place, figures, code in TALKS if code == text.code
            ]
            result = said.replace("{done}", counted(facts)).strip()
            done = date(2024, 6, 6) if status == Task.Status.DONE else None
            entry.save_line(
                line=line,
                by=by,
                now=now,
                version=line.version,
                status=status,
                percent=percent,
                result=result,
                completed_on=done,
                no_evidence_reason="Danh sách đại biểu lưu tại Phòng Phổ biến, giáo dục pháp luật." if done else "",
            )
        else:
            entry.save_line(line=line, by=by, now=now, version=line.version, result="Đã cử báo cáo viên tham gia.")
    report.refresh_from_db()
    values = {code: (Decimal(value), "") for code, value in _TYPED.items()}
    report = entry.save_figures(report=report, by=by, now=now, version=report.version, values=values)
    entry.save_narrative(
        report=report,
        by=by,
        now=now,
        version=report.version,
        direction="Hướng dẫn triển khai Quyết định số 315/QĐ-TTg ngày 17/4/2024; đôn đốc kiện toàn tổ hòa giải.",
        next_steps="Tổ chức hội nghị tập huấn kỹ năng, nghiệp vụ phổ biến, giáo dục pháp luật ngày 11/7/2024.",
    )


def hold_conference(world: World) -> None:
    """The conference as an activity of Quý III/2024: one main site and a site in every district, town and city."""
    rng = dice("conference")
    sites = [("Điểm cầu chính: Sở Tư pháp", False, 62)]
    sites += [(f"Điểm cầu {name}", True, rng.randint(24, 48)) for name in TIEN_GIANG_SITES]
    people = sum(attendance for _name, _online, attendance in sites)
    record_activity(
        agency=world.agencies["stp"],
        by=world.liaison("stp"),
        now=at(date(2024, 7, 12), 9, 0),
        title=CONFERENCE,
        held_on=CONFERENCE_DAY,
        place="Sở Tư pháp, thành phố Mỹ Tho và các điểm cầu trực tuyến",
        content="Triển khai Quyết định số 315/QĐ-TTg; kỹ năng phổ biến, giáo dục pháp luật; kỹ năng hòa giải ở cơ "
        "sở; "
        "ứng dụng công nghệ thông tin; nhân rộng mô hình hiệu quả.",
        tasks=[world.tasks["tg/C-07"]],
        topics=["Hòa giải ở cơ sở", "Kỹ năng phổ biến, giáo dục pháp luật"],
        figures={"TH01": 1, "TH02": people, "TH03": round(people * 0.6), "PB10b": 42},
        sites=sites,
    )
