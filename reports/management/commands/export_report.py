"""manage.py export_report COUNCIL PERIOD --format docx|xlsx|json --output FILE."""

import json
from pathlib import Path

from django.core.management.base import CommandError

from agencies import clock
from agencies.commands import CouncilsCommand
from reports.document import document_parts, newest_report, value_of
from reports.exports.excel import excel_report
from reports.exports.plain import plain_report
from reports.exports.word import TEMPLATE_FAILED, TEMPLATE_FAILS, word_report
from reports.exports.word_issuer import COUNCIL, DEPARTMENT, signing_for
from reports.exports.word_template_check import check_template
from reports.models import Period
from reports.word_templates import active_template


class Command(CouncilsCommand):
    help = "Xuất báo cáo của Hội đồng một kỳ: Word, Excel hoặc JSON, cùng một bộ số liệu."

    def add_arguments(self, parser):
        parser.add_argument("council", help="mã hội đồng, ví dụ can-tho")
        parser.add_argument("period", help="kỳ đã mở, ví dụ 2024-q2")
        parser.add_argument("--format", choices=["docx", "xlsx", "json"], required=True, help="định dạng tệp")
        parser.add_argument("--output", required=True, help="tệp ghi ra; '-' là màn hình (chỉ với json)")
        parser.add_argument("--template", help="mẫu .docx dùng thay mẫu của Hội đồng (chỉ với docx)")
        parser.add_argument(
            "--issuer",
            choices=[COUNCIL, DEPARTMENT],
            help="cơ quan ban hành: Hội đồng hoặc Sở Tư pháp (chỉ với docx; không ghi thì theo báo cáo đã lưu)",
        )

    def handle(self, *args, council, period, output, **options):
        if options["format"] != "docx" and (options["template"] or options["issuer"]):
            raise CommandError("--template và --issuer chỉ dùng với --format docx.")
        found = (
            Period.objects.filter(council__code=council, code=period).select_related("council__standing_agency").first()
        )
        if found is None:
            raise CommandError(f"Hội đồng “{council}” chưa mở kỳ “{period}”.")
        report = newest_report(found)
        value = value_of(found, report, as_of=clock.today())
        if options["format"] == "docx":
            content = self._word(found, value, report, options)
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

    def _word(self, period, value, report, options) -> bytes:
        template = self._template(options["template"]) if options["template"] else active_template(period.council)
        parts = document_parts(period, value, report)
        if options["issuer"]:
            signing = signing_for(options["issuer"], parts["signing"])
            if signing != parts["signing"]:
                # The other body numbers in a row of its own: its clerk has given no number yet.
                parts |= {"signing": signing, "signer": "", "number": "", "issued_on": None, "draft": True}
        try:
            return word_report(value, template=template, **parts)
        except TEMPLATE_FAILS as error:
            raise CommandError(TEMPLATE_FAILED) from error

    def _template(self, name: str) -> bytes:
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {name}: {error.strerror}.") from error
        checked = check_template(content)
        if checked.problems:
            raise CommandError(f"Mẫu {name} không dùng được. " + " ".join(checked.problems))
        for warning in (*checked.notes, *checked.findings):
            self.stderr.write(f"Cần xem lại: {warning}")
        return content
