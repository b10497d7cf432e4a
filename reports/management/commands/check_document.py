"""manage.py check_document FILE.docx [--json]."""

import dataclasses
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reports.exports.nd30.rules import RULES, check, errors
from reports.exports.word_package import NotWord


class Command(BaseCommand):
    help = "Đối chiếu một văn bản Word với thể thức của NĐ 30/2020/NĐ-CP, Phụ lục I; mã thoát 1 khi có lỗi."

    def add_arguments(self, parser):
        parser.add_argument("file", help="tệp .docx")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *args, file, **options):
        try:
            findings = check(Path(file).read_bytes())
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {file}: {error.strerror}.") from error
        except NotWord as error:
            raise CommandError(" ".join(error.messages)) from error
        wrong = errors(findings)
        if options["json"]:
            told = {"file": file, "rules": len(RULES), "errors": len(wrong), "warnings": len(findings) - len(wrong)}
            told["findings"] = [dataclasses.asdict(finding) for finding in findings]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            for finding in findings:
                self.stdout.write(str(finding))
            if not findings:
                self.stdout.write(f"Đúng thể thức: {len(RULES)} quy tắc, không có lỗi.")
        if wrong:
            raise CommandError(f"Có {len(wrong)} lỗi thể thức, {len(findings) - len(wrong)} điểm cần xem lại.")
