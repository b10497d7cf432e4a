"""The story of Cần Thơ, told with the verbs from January 2022 to the demo's day, and its beginning: who is there."""

from datetime import date, datetime, timedelta

from django.db import transaction

from agencies.clock import at
from agencies.models import Council
from campaigns import workflow as plan_verbs
from portal.demo import chasing, diary, quarters, talk
from portal.demo.agreements import draft_plan, import_signed_plan, sign_plan
from portal.demo.councils import CAN_THO, TIEN_GIANG
from portal.demo.people import found_all
from portal.demo.plans_front import FRONT
from portal.demo.plans_order import ORDER
from portal.demo.plans_past import CANCELLED, DRAFT, OLD, YOUTH_OLD
from portal.demo.plans_school import SCHOOL
from portal.demo.plans_service import SERVICE
from portal.demo.plans_women import WOMEN
from portal.demo.quarters import Course
from portal.demo.texts import FIRST_RETURN_REASON, RETURN_REASON
from portal.demo.tien_giang import build_tien_giang
from portal.demo.words import ADDRESSEE, COUNCIL_WORDS, RECIPIENTS
from portal.demo.world import World
from reports import entry, issuing
from reports import workflow as report_verbs
from reports.models import CouncilReport, Period
from reports.opening import open_period

AGENCIES = ("stp", "mttq", "congan", "thanhdoan", "phunu", "gddt", "noivu", "dantoc", "atgt", "luatgia")
COUNCIL_NUMBER = "41/BC-HĐPH"

# How far each agency is when 10/06/2024, a Monday, begins: something in every state, nothing done later.
SECOND_QUARTER = (
    Course("noivu", date(2024, 6, 4), "returned"),
    Course("dantoc", date(2024, 6, 5), "accepted"),
    Course("gddt", date(2024, 6, 5), "accepted"),
    Course("atgt", date(2024, 6, 6), "accepted"),
    Course("phunu", date(2024, 6, 7), "submitted"),
    Course("thanhdoan", date(2024, 6, 7), "accepted"),
    Course("mttq", date(2024, 6, 7), "awaiting"),
    Course("stp", date(2024, 6, 7), "draft", share=80),
    Course("congan", date(2024, 6, 7), "draft", share=55, figures=False),
    Course("luatgia", date(2024, 6, 7), "draft", share=0, figures=False, words=False),
)
# Those who handed in Quý I after the deadline of 15/3/2024.
LATE = {"atgt": date(2024, 3, 18)}


def is_built() -> bool:
    """Whether the demo's councils are already there."""
    return Council.objects.filter(code__in=[CAN_THO.code, TIEN_GIANG.code]).exists()


@transaction.atomic
def build() -> World:
    """Build both councils in one transaction: all of it or nothing. Returns Cần Thơ's world."""
    councils, agencies, people = found_all()
    world = World(councils["can-tho"], agencies["can-tho"], people, people["thuky"])
    _the_years_before(world)
    _first_quarter(world)
    _second_quarter(world)
    build_tien_giang(World(councils["tien-giang"], agencies["tien-giang"], people, people["tg.thuky"]))
    chasing.everybody_reads(at(date(2024, 6, 7), 7, 45))
    return world


def _the_years_before(world: World) -> None:
    """Two older programmes; three quarters of 2023 reported, accepted and locked, so that there is a trend."""
    sign_plan(world, YOUTH_OLD, at(date(2022, 1, 10)))
    sign_plan(world, OLD, at(date(2022, 1, 20)))
    for code, opened in (("2023-q2", date(2023, 4, 3)), ("2023-q3", date(2023, 7, 3)), ("2023-q4", date(2023, 10, 2))):
        period = _open(world, code, opened)
        day = period.ends_on + timedelta(days=1)
        for agency in AGENCIES:
            diary.record_quarter(world, agency, code, period.ends_on)
        _all_hand_in(world, period, {agency: day for agency in AGENCIES})
        _lock(world, period, day + timedelta(days=6))
    plan_verbs.complete_plan(
        plan=world.plans["old"],
        by=world.secretary,
        now=at(date(2024, 1, 9)),
        reason="Hết giai đoạn 2022 - 2023; đã tổng kết chương trình phối hợp.",
    )


def _open(world: World, code: str, day: date) -> Period:
    period, _opened = open_period(council=world.council, code=code, by=world.secretary, now=at(day, 8, 30))
    return period


def _all_hand_in(world: World, period: Period, days: dict[str, date], accepted: date | None = None) -> None:
    for agency, day in sorted(days.items(), key=lambda item: (item[1], AGENCIES.index(item[0]))):
        quarters.hand_in(world, period, Course(agency, day, "accepted"))
        quarters.accept(world, period, agency, at(accepted or max(days.values()) + timedelta(days=1), 9, 15))


def _lock(world: World, period: Period, day: date) -> None:
    report_verbs.lock_period(period=period, by=world.secretary, now=at(day, 16, 0))
    period.refresh_from_db()


def _first_quarter(world: World) -> None:
    """Five plans signed on 29/02/2024; Quý I handed in (one returned once, one late), locked, the report issued."""
    for text in (FRONT, SCHOOL, ORDER, WOMEN):
        sign_plan(world, text, at(date(2024, 3, 1), 8, 15))
    import_signed_plan(world, SERVICE, at(date(2024, 3, 1), 9, 0))
    plan_verbs.supersede_plan(
        plan=world.plans["youth-old"],
        successor=world.plans["school"],
        by=world.secretary,
        now=at(date(2024, 3, 1), 9, 30),
        reason="Được thay thế bằng kế hoạch phối hợp ký ngày 29/02/2024.",
    )
    period = _open(world, "2024-q1", date(2024, 3, 4))
    for agency in AGENCIES:
        done = diary.record_quarter(world, agency, period.code, period.ends_on)
        if agency == "mttq":
            diary.record_by_mistake(world, agency, next(row for row in done if row.figures.get("PB01")))
    chasing.by_timetable(date(2024, 3, 8), date(2024, 3, 12), date(2024, 3, 14))
    _returned_once(world, period, Course("luatgia", date(2024, 3, 14), "accepted"))
    accepted = max(LATE.values()) + timedelta(days=1)
    in_time = {agency: date(2024, 3, 15) for agency in AGENCIES if agency not in {"luatgia", *LATE}}
    _all_hand_in(world, period, in_time, accepted)
    chasing.by_timetable(date(2024, 3, 18))
    _all_hand_in(world, period, LATE, accepted)
    _lock(world, period, date(2024, 3, 21))
    _issue(world, period)
    cancel = next(row for row in SERVICE.tasks if row.code == "NV-11")
    plan_verbs.cancel_task(
        task=world.tasks[f"service/{cancel.code}"],
        by=world.secretary,
        now=at(date(2024, 3, 22), 10, 0),
        reason="Hai đơn vị thống nhất lồng ghép vào nhiệm vụ khác của ngành Nội vụ.",
    )


def _returned_once(world: World, period: Period, course: Course) -> None:
    """Handed in, returned with a reason, completed and handed in again the next day."""
    quarters.hand_in(world, period, course)
    quarters.send_back(world, period, course.agency, at(course.day, 16, 40), FIRST_RETURN_REASON)
    report, by = quarters.report_of(world, period, course.agency), world.liaison(course.agency)
    next_day = course.day + timedelta(days=1)
    entry.save_narrative(
        report=report,
        by=by,
        now=at(next_day, 8, 20),
        version=report.version,
        causes=report.causes + " Nhiều hội viên đồng thời tham gia tổ chức khác ở địa phương.",
    )
    report = quarters.report_of(world, period, course.agency)
    report_verbs.submit_report(report=report, by=by, now=at(next_day, 8, 45))
    quarters.accept(world, period, course.agency, at(next_day, 10, 0))


def _issue(world: World, period: Period) -> None:
    """The council's report of a locked quarter, drafted and issued with the number that the clerk gave."""
    _draft_council_report(world, period, at(date(2024, 3, 21), 16, 30))
    issuing.issue_report(
        period=period,
        by=world.secretary,
        now=at(date(2024, 3, 22), 15, 30),
        number=COUNCIL_NUMBER,
        issued_on=date(2024, 3, 22),
    )


def _draft_council_report(world: World, period: Period, now: datetime) -> None:
    issuing.save_council_report(
        period=period,
        by=world.secretary,
        now=now,
        version=None,
        narrative=COUNCIL_WORDS[period.code],
        signing=CouncilReport.Signing.STANDING_VICE_CHAIR,
        addressee=ADDRESSEE,
        recipients=RECIPIENTS,
    )


def _second_quarter(world: World) -> None:
    """Quý II/2024 as it stands on 10/06/2024, four days before its cut-off."""
    period = _open(world, "2024-q2", date(2024, 3, 25))
    draft_plan(world, DRAFT, at(date(2024, 5, 20), 10, 0))
    draft_plan(world, CANCELLED, at(date(2024, 4, 16), 9, 0))
    plan_verbs.cancel_plan(
        plan=world.plans["cancelled"],
        by=world.secretary,
        now=at(date(2024, 4, 23), 14, 0),
        reason="Nội dung đã có trong kế hoạch phối hợp với Sở Nội vụ.",
    )
    for course in SECOND_QUARTER:
        diary.record_quarter(world, course.agency, period.code, course.day - timedelta(days=1))
    diary.record_for_the_lead(world, "thanhdoan", "gddt", "school/TD-01", period.code, date(2024, 6, 3))
    chasing.by_hand(world, period, date(2024, 6, 3), ("congan", "luatgia"), chasing.EARLY)
    for course in SECOND_QUARTER:
        if course.agency == "phunu":
            chasing.by_hand(world, period, date(2024, 6, 7), ("stp", "congan", "luatgia"), chasing.AGAIN)
        quarters.hand_in(world, period, course)
        if course.ends == "returned":
            quarters.send_back(world, period, course.agency, at(course.day + timedelta(days=2), 9, 5), RETURN_REASON)
        elif course.ends == "accepted":
            quarters.accept(world, period, course.agency, at(max(course.day, date(2024, 6, 7)), 17, 0))
    talk.tell(world, period)
    _draft_council_report(world, period, at(date(2024, 6, 7), 17, 30))
