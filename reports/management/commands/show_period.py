"""manage.py show_period PERIOD."""

import json

from django.core.management.base import BaseCommand, CommandError

from reports.calendars import deadlines, parse_period
from reports.models import Holiday


class Command(BaseCommand):
    help = "In ngày bắt đầu, ngày chốt số liệu và các hạn của một kỳ (NĐ 09/2019/NĐ-CP Điều 8, 12)."

    def add_arguments(self, parser):
        parser.add_argument("period", help="kỳ: 2024-q3, 2024-6t, 2024-9t hoặc 2024")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *args, period, **options):
        try:
            span = parse_period(period)
        except ValueError as error:
            raise CommandError(str(error)) from error
        due = deadlines(span.ends_on, Holiday.calendar())
        if options["json"]:
            days = {"start": span.starts_on, "cutoff": span.ends_on, "agency_due": due.agency}
            days |= {"secretariat_due": due.secretariat, "leader_due": due.leader}
            plain = {name: day.isoformat() for name, day in days.items()}
            self.stdout.write(json.dumps({"period": span.code, "label": span.label} | plain, ensure_ascii=False))
            return
        for label, day in (
            ("Từ ngày", span.starts_on),
            ("Chốt số liệu hết ngày", span.ends_on),
            ("Hạn nộp của cơ quan", due.agency),
            ("Hạn của Thư ký", due.secretariat),
            ("Hạn trình Lãnh đạo", due.leader),
        ):
            self.stdout.write(f"{label}: {day:%d/%m/%Y}")
        self.stdout.write(f"Kỳ: {span.label} ({span.code})")
