"""Whom the quarter's verbs tell, and in which words. Called inside their transactions, so that what is taken back is
told to nobody."""

from datetime import datetime

from django.urls import reverse

from agencies.comments import path_of
from agencies.models import Comment, Notice, Role, User
from agencies.notices import holders, holders_by_agency, notify, settle, take_back
from reports.models import Period, ProgressReport

AGENCY_PEOPLE = (Role.LIAISON, Role.APPROVER)


def report_path(report: ProgressReport) -> str:
    """Where the report is read."""
    return reverse("report-detail", kwargs={"code": report.period.code, "agency": report.agency.code})


def _key(verb: str, report: ProgressReport) -> str:
    # Each hand-in, return and acceptance makes a new version: the same one is told once, the next one again.
    return f"{verb}:{report.pk}:{report.version}"


def tell_opened(*, period: Period, by: User | None, now: datetime) -> None:
    """A period has been opened: every officer is told once, of all the agencies they report for."""
    agencies = {report.agency_id: report.agency for report in period.reports.select_related("agency__council")}
    names: dict[int, list[str]] = {}
    people: dict[int, User] = {}
    for agency, officers in holders_by_agency(roles=[Role.LIAISON], agencies=agencies.values()).items():
        for person in officers:
            people[person.pk] = person
            names.setdefault(person.pk, []).append(str(agencies[agency]))
    dates = f"số liệu từ {period.starts_on:%d/%m/%Y} đến {period.ends_on:%d/%m/%Y}"
    for pk, person in people.items():
        notify(
            to=[person],
            kind=Notice.Kind.OPENED,
            text=f"Đã mở kỳ báo cáo {period} cho {', '.join(sorted(names[pk]))}: {dates}, "
            f"hạn nộp {period.agency_due_on:%d/%m/%Y}.",
            now=now,
            path=reverse("my-work"),
            by=by,
            scope=period.council,
            key=f"opened:{period.pk}",
        )


def _nothing_owed(report: ProgressReport, now: datetime) -> None:
    """The agency has done its part: reminders and returns stop waiting in its bells, unless it owes another period."""
    owing = (ProgressReport.State.DRAFT, ProgressReport.State.RETURNED)
    others = ProgressReport.objects.filter(agency=report.agency_id, state__in=owing, period__state=Period.State.OPEN)
    if not others.exclude(pk=report.pk).exists():
        settle(kinds=[Notice.Kind.REMINDER, Notice.Kind.RETURNED], now=now, scope=report.agency)


def tell_approval_asked(*, report: ProgressReport, by: User | None, now: datetime) -> None:
    """The agency's approvers: a report waits for them."""
    _nothing_owed(report, now)
    notify(
        to=holders(roles=[Role.APPROVER], agency=report.agency),
        kind=Notice.Kind.APPROVAL,
        text=f"Báo cáo {report.period} của {report.agency} đang chờ bạn duyệt; "
        f"hạn nộp {report.period.agency_due_on:%d/%m/%Y}.",
        now=now,
        path=report_path(report),
        by=by,
        scope=report.agency,
        key=_key("approval", report),
    )


def tell_handed_in(*, report: ProgressReport, by: User | None, now: datetime) -> None:
    """The secretariat: a report has come."""
    _nothing_owed(report, now)
    settle(kinds=[Notice.Kind.APPROVAL], now=now, scope=report.period.council, path=report_path(report))
    notify(
        to=holders(roles=[Role.SECRETARY], council=report.period.council),
        kind=Notice.Kind.HANDED_IN,
        text=f"{report.agency} đã nộp báo cáo {report.period}, chờ tiếp nhận.",
        now=now,
        path=report_path(report),
        by=by,
        scope=report.period.council,
        key=_key("handed_in", report),
    )


def tell_returned(*, report: ProgressReport, by: User | None, now: datetime, reason: str) -> None:
    """The agency: its report came back, with the reason. Its approvers too, unless they sent it back themselves."""
    settle(
        kinds=[Notice.Kind.APPROVAL, Notice.Kind.HANDED_IN],
        now=now,
        scope=report.period.council,
        path=report_path(report),
    )
    people = holders(roles=AGENCY_PEOPLE, agency=report.agency)
    _told_by_the_return(report, by, reason, people)
    notify(
        to=people,
        kind=Notice.Kind.RETURNED,
        text=f"Báo cáo {report.period} của {report.agency} bị trả lại. Lý do: {reason}",
        now=now,
        path=report_path(report),
        by=by,
        scope=report.agency,
        key=_key("returned", report),
    )


def _told_by_the_return(report: ProgressReport, by: User | None, reason: str, people: list[User]) -> None:
    """Comments that the reason repeats: who has not read of them yet reads the return alone."""
    said = " ".join(reason.split())
    paths = [
        path_of(row, report)
        for row in Comment.objects.about(report).waiting().filter(author=by)
        if " ".join(row.text.split()) in said
    ]
    kinds = (Notice.Kind.COMMENT, Notice.Kind.MENTION)
    unread = Notice.objects.filter(sender=by, recipient__in=people, kind__in=kinds, read_at__isnull=True)
    unread.filter(path__in=paths).delete()


def tell_accepted(*, report: ProgressReport, by: User | None, now: datetime) -> None:
    """The agency's officers: the report has been accepted."""
    settle(kinds=[Notice.Kind.HANDED_IN], now=now, scope=report.period.council, path=report_path(report))
    notify(
        to=holders(roles=[Role.LIAISON], agency=report.agency),
        kind=Notice.Kind.ACCEPTED,
        text=f"Báo cáo {report.period} của {report.agency} đã được Thư ký Hội đồng tiếp nhận.",
        now=now,
        path=report_path(report),
        by=by,
        scope=report.agency,
        key=_key("accepted", report),
    )


def tell_not_accepted_after_all(*, report: ProgressReport, accepted_as: int, by: User | None, now: datetime) -> None:
    """An acceptance was undone: who has not read of it never does, who has is told.

    ``accepted_as`` is the version under which the acceptance was told.
    """
    told = take_back(key=f"accepted:{report.pk}:{accepted_as}")
    notify(
        to=[person for person in holders(roles=[Role.LIAISON], agency=report.agency) if person.pk in told],
        kind=Notice.Kind.HANDED_IN,
        text=f"Việc tiếp nhận báo cáo {report.period} của {report.agency} đã được hoàn tác; báo cáo đang chờ rà soát.",
        now=now,
        path=report_path(report),
        by=by,
        scope=report.agency,
        key=_key("undone", report),
    )
