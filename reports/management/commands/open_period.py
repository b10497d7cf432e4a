"""manage.py open_period COUNCIL PERIOD, or --all-councils PERIOD."""

import time

from django.core.management.base import CommandError

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.errors import BusinessError
from agencies.long_work import orders, running
from agencies.models import Council, LongWork
from reports.models import ReportLine
from reports.opening import open_period
from reports.opening_everywhere import OPEN, order_opening


class Command(CouncilsCommand):
    help = "Mở kỳ báo cáo của một hội đồng, hoặc của mọi hội đồng; mở lần nữa không thay đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("council", nargs="?", help="mã hội đồng, ví dụ can-tho")
        parser.add_argument("period", help="kỳ, ví dụ 2024-q3")
        parser.add_argument(
            "--all-councils", action="store_true", help="mọi hội đồng; bị ngắt giữa chừng thì chạy lại là làm tiếp"
        )
        parser.add_argument("--stop", action="store_true", help="dừng việc mở cho mọi hội đồng sau hội đồng đang làm")

    def handle(self, *args, council, period, all_councils, stop, **options):
        if all_councils == bool(council):
            raise CommandError("Nêu mã hội đồng, hoặc --all-councils.")
        try:
            if stop:
                self._stop(period)
            elif all_councils:
                self._everywhere(period)
            else:
                self._one(council, period)
        except BusinessError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _one(self, council, period):
        found = Council.objects.filter(code=council).select_related("standing_agency").first()
        if found is None:
            raise CommandError(f"Không có hội đồng “{council}”.")
        row, opened = open_period(council=found, code=period, by=None, now=clock.now())
        if not opened:
            self.stdout.write(f"{row} của {found} đã mở từ {row.opened_at:%d/%m/%Y}; không có gì thay đổi.")
            return
        reports = row.reports.count()
        lines = ReportLine.objects.filter(report__period=row).count()
        self.stdout.write(
            f"Đã mở {row} của {found}: {reports} báo cáo, {lines} dòng nhiệm vụ; hạn nộp {row.agency_due_on:%d/%m/%Y}."
        )

    def _everywhere(self, period):
        """Here and now, beside a worker that may have taken it up already: whoever holds it does the next council."""
        work = order_opening(code=period, now=clock.now())
        self.stdout.write(f"{work} (việc số {work.pk}).")
        while work.is_under_way:
            if not running.do_piece(work=work.pk, turn=work.turn, now=clock.now()):
                time.sleep(0.2)  # the worker is at it
            before, work = work.rows_done, LongWork.objects.get(pk=work.pk)
            if work.rows_done != before:
                self.stdout.write(f"{work.rows_done}/{work.rows_total} hội đồng")
        if work.state != LongWork.State.DONE:
            raise CommandError(f"{work.get_state_display()}. {work.error} Chạy lại lệnh này là làm tiếp.")
        self.stdout.write(work.outcome)
        if work.position["failed"]:
            raise CommandError("Có hội đồng chưa mở được; xem nhật ký máy chủ, rồi chạy lại.")

    def _stop(self, period):
        works = list(LongWork.objects.filter(kind=OPEN, parameters__period=period, state__in=LongWork.UNDER_WAY))
        for work in works:
            orders.cancel(work=work, by=None, now=clock.now())
            self.stdout.write(f"Đã dừng: {work}. Chạy lại --all-councils là làm tiếp.")
        if not works:
            self.stdout.write("Không có việc nào đang làm.")
