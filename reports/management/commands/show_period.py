"""manage.py show_period PERIOD [--calendar hanh-chinh|thong-ke]."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from reports.calendars import deadlines, parse_period
from reports.forms_catalogue.definition import CALENDARS
from reports.models import Holiday
from reports.statistics_calendar import REPORTERS, StatisticsSpan, estimated_from, parse_statistics


class Command(BaseCommand):
    help = (
        "In ngày bắt đầu, ngày chốt số liệu và các hạn của một kỳ: lịch hành chính (NĐ 09/2019/NĐ-CP Điều 8, 12) hoặc "
        "lịch thống kê (TT 03/2019/TT-BTP)."
    )

    def add_arguments(self, parser):
        parser.add_argument("period", help="kỳ: 2024-q3, 2024-6t, 2024-9t hoặc 2024")
        parser.add_argument("--calendar", choices=list(CALENDARS), default="hanh-chinh", help="lịch")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *args, period, calendar, **options):
        try:
            span = parse_statistics(period) if calendar == "thong-ke" else parse_period(period)
        except ValueError as error:
            raise CommandError(str(error)) from error
        lines = _statistics(span) if calendar == "thong-ke" else _administrative(span)
        if options["json"]:
            days = {key: _plain(value) for key, _label, value in lines}
            plain = {"period": span.code, "label": span.label, "calendar": calendar} | days
            self.stdout.write(json.dumps(plain, ensure_ascii=False))
            return
        for _key, label, value in lines:
            shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else value
            self.stdout.write(f"{label}: {shown or 'chưa rõ'}")
        self.stdout.write(f"Kỳ: {span.label} ({span.code}), {CALENDARS[calendar].casefold()}")


def _administrative(span) -> list[tuple[str, str, date]]:
    due = deadlines(span.ends_on, Holiday.calendar())
    return [
        ("start", "Từ ngày", span.starts_on),
        ("cutoff", "Chốt số liệu hết ngày", span.ends_on),
        ("agency_due", "Hạn nộp của cơ quan", due.agency),
        ("secretariat_due", "Hạn của Thư ký", due.secretariat),
        ("leader_due", "Hạn trình Lãnh đạo", due.leader),
    ]


def _statistics(span: StatisticsSpan) -> list[tuple[str, str, date | str | None]]:
    # The sources give no deadline for agencies or leaders; the secretariat's is that of the provincial form.
    until, others = span.actual_until(), span.actual_until("3-12")
    commune, commune_official = span.commune_dues
    lines = [
        ("start", "Từ ngày", span.starts_on),
        ("cutoff", "Đến hết ngày", span.ends_on),
        ("agency_due", "Hạn nộp của cơ quan", None),
        ("secretariat_due", "Hạn gửi biểu cấp tỉnh", span.preliminary_due),
        ("leader_due", "Hạn trình Lãnh đạo", None),
        ("actual_until", "Bản sơ bộ: thực tế đến hết ngày", until),
        ("estimated_from", "Bản sơ bộ: ước tính từ ngày", estimated_from(until)),
    ]
    if span.kind == "year":
        kind = f"Bản sơ bộ của đơn vị báo cáo {REPORTERS['3-12']}"
        lines += [
            ("actual_until_others", f"{kind}: thực tế đến hết ngày", others),
            ("estimated_from_others", f"{kind}: ước tính từ ngày", estimated_from(others)),
            ("official_due", "Hạn gửi biểu năm chính thức", span.official_due),
        ]
    lines += [("commune_due", "Hạn biểu cấp xã", commune)]
    if span.kind == "year":
        lines += [("commune_official_due", "Hạn biểu cấp xã, năm chính thức", commune_official)]
    return [*lines, ("source", "Nguồn", span.regime.source)]


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value
