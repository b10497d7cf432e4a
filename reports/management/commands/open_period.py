"""manage.py open_period COUNCIL PERIOD."""

from django.core.management.base import CommandError

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.errors import BusinessError
from agencies.models import Council
from reports.models import ReportLine
from reports.opening import open_period


class Command(CouncilsCommand):
    help = "Mở kỳ báo cáo của một hội đồng; mở lần nữa không thay đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("council", help="mã hội đồng, ví dụ can-tho")
        parser.add_argument("period", help="kỳ, ví dụ 2024-q3")

    def handle(self, *args, council, period, **options):
        found = Council.objects.filter(code=council).select_related("standing_agency").first()
        if found is None:
            raise CommandError(f"Không có hội đồng “{council}”.")
        try:
            row, opened = open_period(council=found, code=period, by=None, now=clock.now())
        except BusinessError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not opened:
            self.stdout.write(f"{row} của {found} đã mở từ {row.opened_at:%d/%m/%Y}; không có gì thay đổi.")
            return
        reports = row.reports.count()
        lines = ReportLine.objects.filter(report__period=row).count()
        self.stdout.write(
            f"Đã mở {row} của {found}: {reports} báo cáo, {lines} dòng nhiệm vụ; hạn nộp {row.agency_due_on:%d/%m/%Y}."
        )
