"""manage.py export_report COUNCIL PERIOD --format docx|xlsx|json --output FILE."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from reports.document import document_parts, newest_report, value_of
from reports.exports.excel import excel_report
from reports.exports.plain import plain_report
from reports.exports.word import word_report
from reports.models import Period


class Command(BaseCommand):
    help = "Xuất báo cáo của Hội đồng một kỳ: Word, Excel hoặc JSON, cùng một bộ số liệu."

    def add_arguments(self, parser):
        parser.add_argument("council", help="mã hội đồng, ví dụ can-tho")
        parser.add_argument("period", help="kỳ đã mở, ví dụ 2024-q2")
        parser.add_argument("--format", choices=["docx", "xlsx", "json"], required=True, help="định dạng tệp")
        parser.add_argument("--output", required=True, help="tệp ghi ra; '-' là màn hình (chỉ với json)")

    def handle(self, *args, council, period, output, **options):
        found = (
            Period.objects.filter(council__code=council, code=period).select_related("council__standing_agency").first()
        )
        if found is None:
            raise CommandError(f"Hội đồng “{council}” chưa mở kỳ “{period}”.")
        report = newest_report(found)
        value = value_of(found, report, as_of=clock.today())
        if options["format"] == "docx":
            content = word_report(value, **document_parts(found, value, report))
        elif options["format"] == "xlsx":
            content = excel_report(value)
        else:
            content = json.dumps(plain_report(value), ensure_ascii=False, indent=2).encode()
        if output == "-":
            if options["format"] != "json":
                raise CommandError("Chỉ định dạng json in được ra màn hình.")
            self.stdout.write(content.decode())
            return
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror}.") from error
        self.stderr.write(f"Đã ghi {output} ({len(content):,} byte).".replace(",", "."))
