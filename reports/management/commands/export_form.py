"""manage.py export_form COUNCIL FORM PERIOD --output FILE.xlsx."""

from pathlib import Path

from django.core.management.base import CommandError

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.errors import BusinessError
from agencies.models import Council
from reports.exports.form_excel import FormFrame, form_excel
from reports.forms_catalogue.definition import CALENDARS
from reports.forms_filled import filled_form
from reports.statistics_calendar import DEFAULT_REPORTER, REPORTERS


class Command(CouncilsCommand):
    help = "Xuất biểu thống kê của một hội đồng ra Excel theo mẫu của Bộ: 09e, 10c, tt20-pbgdpl, tt20-hgcs…"

    def add_arguments(self, parser):
        parser.add_argument("council", help="mã hội đồng, ví dụ can-tho")
        parser.add_argument("form", help="mã biểu, ví dụ 09e")
        parser.add_argument("period", help="kỳ: 2024, 2024-6t; theo lịch hành chính cả 2024-q2, 2024-9t")
        parser.add_argument(
            "--calendar", choices=list(CALENDARS), default="", help="lịch; mặc định thong-ke, kỳ quý là hanh-chinh"
        )
        parser.add_argument("--so-bo", action="store_true", help="bản sơ bộ: thực tế đến ngày chốt, còn lại ước tính")
        parser.add_argument(
            "--khoan",
            choices=list(REPORTERS),
            default=DEFAULT_REPORTER,
            help="loại đơn vị báo cáo theo TT 03/2019: bản sơ bộ năm thực tế đến 30/11 (1-2) hoặc 31/10 (3-12)",
        )
        parser.add_argument("--output", required=True, help="tệp .xlsx ghi ra")

    def handle(self, *args, council, form, period, output, **options):
        found = Council.objects.filter(code=council).select_related("standing_agency").first()
        if found is None:
            raise CommandError(f"Không có hội đồng “{council}”.")
        try:
            filled = filled_form(
                found,
                form,
                period,
                today=clock.today(),
                calendar=options["calendar"],
                preliminary=options["so_bo"],
                reporter=options["khoan"],
            )
        except BusinessError as error:
            raise CommandError(" ".join(error.messages)) from error
        content = form_excel(filled.value, FormFrame.of(found, filled, today=clock.today()))
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror}.") from error
        for finding in filled.value.findings:
            kind = "Lỗi" if finding.is_error else "Cần xem"
            self.stderr.write(f"{kind}: {finding.row}: {finding.message}")
        value = filled.value
        self.stderr.write(
            f"Đã ghi {output} ({len(content):,} byte): biểu {value.form.form_code}, ".replace(",", ".", 1)
            + f"{value.figures.period_label}, {value.calendar_label.casefold()}."
        )
