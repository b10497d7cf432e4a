"""What must agree although no constraint can say it: each check yields one sentence per thing that is off."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Count, F, Q, Sum

from agencies import clock, permissions
from agencies.files.storing import StorageFails, changed_at, content_of, exists, size_of, walk
from campaigns import activity_sums
from campaigns.activity_figures import SUMS
from campaigns.models import EVIDENCE_FOLDER, Activity, ActivityFigure, Evidence, Task
from reports.calendars import parse_period
from reports.carry import tasks_out_of_step
from reports.freezing import parts_apart, thaw
from reports.models import CouncilReport, Period
from reports.rules.totals import total_rows_add_up
from reports.values import Consolidation


def tasks_without_one_lead() -> Iterator[str]:
    """Rule V01: every task has exactly one lead agency."""
    leads = Count("assignments", filter=Q(assignments__role="lead", assignments__date_to__isnull=True))
    for task in Task.objects.annotate(leads=leads).exclude(leads=1):
        yield f"Nhiệm vụ số {task.pk} có {task.leads} đơn vị chủ trì: {task}"


def tasks_apart_from_reports() -> Iterator[str]:
    """A task's state follows the last accepted report of its lead."""
    for task in tasks_out_of_step():
        yield f"Tình trạng nhiệm vụ số {task.pk} khác báo cáo đã tiếp nhận gần nhất: {task}"


def periods_apart_from_rule() -> Iterator[str]:
    """Rule V05: the days of a period are those of its calendar."""
    dates = Period.objects.only("code", "starts_on", "ends_on", "council__code")  # not the frozen values
    for period in dates.select_related("council"):
        span = parse_period(period.code)
        if (span.starts_on, span.ends_on) != (period.starts_on, period.ends_on):
            yield f"{period.council.code} {period.code}: ngày của kỳ khác với quy định."


def frozen_totals_that_do_not_add_up() -> Iterator[str]:
    """Rule V18: the total rows of a frozen value are the sums of what stands under them."""
    for name, value in _frozen_values():
        for problem in total_rows_add_up(value):
            yield f"Số liệu đóng băng của {name} cộng không khớp: {problem}"


def frozen_parts_that_disagree() -> Iterator[str]:
    """What stands beside a frozen value for the pages that do not read all of it is what the value itself says."""
    for period in Period.objects.filter(frozen__isnull=False).select_related("council", "frozen").iterator(1):
        if apart := parts_apart(period.frozen):
            yield f"Số liệu đóng băng của kỳ {period.council.code} {period.code} không khớp nhau: {', '.join(apart)}"


def _frozen_values() -> Iterator[tuple[str, Consolidation]]:
    """What each frozen value is called, and the value; one at a time, for that of a province fills megabytes."""
    for period in Period.objects.filter(frozen__isnull=False).select_related("council", "frozen").iterator(1):
        yield f"kỳ {period.council.code} {period.code}", thaw(period.frozen)
    for report in CouncilReport.objects.filter(frozen__isnull=False).iterator(1):
        yield f"báo cáo phát hành số {report.number}", Consolidation.from_json(report.frozen)


def events_counted_twice_or_never() -> Iterator[str]:
    """Rule V26: an activity counted with another's stands beside one that counts itself, of its day and council."""
    shared = Activity.objects.filter(same_as__isnull=False).select_related("agency", "same_as__agency")
    off = (
        Q(same_as__same_as__isnull=False)
        | Q(same_as__withdrawn_at__isnull=False)
        | ~Q(same_as__held_on=F("held_on"))
        | ~Q(same_as__agency__council=F("agency__council"))
        | Q(same_as__agency=F("agency"))
    )
    for activity in shared.filter(off):
        yield f"Hoạt động số {activity.pk} được tính nhầm ở hoạt động số {activity.same_as_id}: {activity}"


def activities_that_do_not_add_up() -> Iterator[str]:
    """Rules V10, V11 at the source: the totals that an activity carries are the sums of their parts."""
    figures = ActivityFigure.objects.filter(activity__withdrawn_at__isnull=True)
    for whole, parts in SUMS:
        sums = figures.filter(indicator__code__in=(whole, *parts)).order_by().values("activity")
        apart = sums.annotate(
            total=Sum("value", filter=Q(indicator__code=whole), default=0),
            summed=Sum("value", filter=Q(indicator__code__in=parts), default=0),
        ).exclude(total=F("summed"))
        for row in apart:
            yield f"Hoạt động số {row['activity']}: {whole} khác tổng các phần."


_UNDER_WAY = timedelta(hours=1)  # a file is stored before its row is committed; no sending takes that long


def files_missing_or_left_over() -> Iterator[str]:
    """Every evidence row has its file, with the same length; every file has a row, unless it came just now.

    Raises StorageFails when the store does not answer.
    """
    stored, known = set(walk(EVIDENCE_FOLDER)), set()
    for evidence in Evidence.objects.order_by("pk").iterator(500):
        known.add(evidence.file.name)
        try:
            there = evidence.file.name in stored or exists(evidence.file.name)
            size = size_of(evidence.file.name) if there else None
        except FileNotFoundError:
            size = None
        if size is None:
            yield f"Thiếu tệp của minh chứng số {evidence.pk}: {evidence.original_name}"
        elif size != evidence.size:
            yield f"Tệp của minh chứng số {evidence.pk} đã bị thay đổi: {evidence.original_name}"
    before = clock.instant() - _UNDER_WAY
    for name in sorted(stored - known):
        if not _came_after(name, before) and not Evidence.objects.filter(file=name).exists():
            yield f"Tệp không thuộc minh chứng nào: {name}"


def _came_after(name: str, moment) -> bool:
    try:
        return changed_at(name) > moment
    except FileNotFoundError:  # its sending was refused in the meantime
        return True


def files_altered() -> Iterator[str]:
    """Every evidence file read whole: the digest is the one of the day it was sent. Long on a large store."""
    for evidence in Evidence.objects.order_by("pk").iterator(500):
        try:
            digest = hashlib.sha256(content_of(evidence.file.name)).hexdigest()
        except (FileNotFoundError, StorageFails):
            yield f"Không đọc được tệp của minh chứng số {evidence.pk}: {evidence.original_name}"
        else:
            if digest != evidence.sha256:
                yield f"Nội dung tệp của minh chứng số {evidence.pk} khác lúc gửi: {evidence.original_name}"


CHECKS: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("vai trò và quyền", permissions.drift),
    ("đơn vị chủ trì", tasks_without_one_lead),
    ("tình trạng nhiệm vụ", tasks_apart_from_reports),
    ("ngày của kỳ", periods_apart_from_rule),
    ("hoạt động ghi trùng", events_counted_twice_or_never),
    ("số liệu hoạt động", activities_that_do_not_add_up),
    ("tổng hoạt động theo tháng", activity_sums.apart_from_activities),
    ("tổng số đã đóng băng", frozen_totals_that_do_not_add_up),
    ("phần của số liệu đóng băng", frozen_parts_that_disagree),
    ("tệp minh chứng", files_missing_or_left_over),
)


# What takes long, and is asked only when somebody wants to know it.
DEEP: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (("nội dung tệp minh chứng", files_altered),)


def problems(*, deep: bool = False) -> Iterator[str]:
    """Everything that is off, in words; nothing when all is well. ``deep`` also reads every file."""
    for name, check in (*CHECKS, *(DEEP if deep else ())):
        for problem in check():
            yield f"[{name}] {problem}"
