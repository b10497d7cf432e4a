"""manage.py send_reminders [--date] [--dry-run]."""

from datetime import date

from django.core.management.base import CommandError

from agencies import clock
from agencies.commands import CouncilsCommand
from reports import reminders


class Command(CouncilsCommand):
    help = (
        "Gửi đôn đốc tự động của một ngày (T-7, T-3, T-1, T+1), như tiến trình nền làm lúc 7:30; "
        "chạy lần nữa không gửi thêm gì."
    )

    def add_arguments(self, parser):
        parser.add_argument("--date", help="ngày YYYY-MM-DD, mặc định hôm nay")
        parser.add_argument("--dry-run", action="store_true", help="chỉ liệt kê, không gửi")

    def handle(self, *args, dry_run, **options):
        try:
            today = date.fromisoformat(options["date"]) if options["date"] else clock.today()
        except ValueError as error:
            raise CommandError(f"Không hiểu ngày “{options['date']}”. Viết như 2024-06-10.") from error
        if dry_run:
            rows = [
                (row.report.agency, row.report.period, step, len(row.people))
                for row, step in reminders.due_today(today)
            ]
        else:
            now = clock.now() if today == clock.today() else clock.at(today, 7, 30)
            sent = reminders.remind_automatically(today=today, now=now)
            rows = [(row.agency, row.period, row.step, row.told) for row in sent]
        for agency, period, step, told in rows:
            self.stdout.write(f"{step}  {period}  {agency}: {told} người nhận")
        what = "sẽ được đôn đốc" if dry_run else "đã được đôn đốc"
        self.stdout.write(f"Ngày {today:%d/%m/%Y}: {len(rows)} cơ quan {what}.")
