"""``manage.py import_plan``: a signed annex (.docx, .xlsx) → a plan with its tasks, all of it or nothing."""

import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.errors import BusinessError
from agencies.models import Council
from agencies.tables.problems import Problem
from campaigns.imports.marking import with_comments
from campaigns.imports.service import Preview, import_plan, plan_preview


class Command(CouncilsCommand):
    help = (
        "Nhập phụ lục phân công nhiệm vụ của một kế hoạch phối hợp từ tệp Word (.docx) hoặc Excel (.xlsx). "
        "Nhập trọn tệp hoặc không nhập gì; nhập lại cùng một tệp không thay đổi gì."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp .docx hoặc .xlsx")
        parser.add_argument("--council", required=True, metavar="MÃ", help="mã hội đồng, ví dụ can-tho")
        parser.add_argument("--number", default="", help="số, ký hiệu kế hoạch, ví dụ 01/KHPH-STP-CATP")
        parser.add_argument("--title", default="", help="trích yếu; không ghi thì lấy trong tệp")
        parser.add_argument("--from", dest="starts_on", metavar="YYYY-MM-DD", help="ngày bắt đầu kế hoạch")
        parser.add_argument("--to", dest="ends_on", metavar="YYYY-MM-DD", help="ngày kết thúc kế hoạch")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc và kiểm tra, không ghi gì")
        parser.add_argument(
            "--errors-to", metavar="FILE", help="ghi lại chính tệp đó với mỗi lỗi là một ghi chú tại ô của nó"
        )
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON ra stdout")

    def handle(self, *args, **options):
        try:
            preview, done = self._run(options)
        except BusinessError as error:
            problems = getattr(error, "problems", ()) or [Problem(message) for message in error.messages]
            self._hand_back(options, problems)
            if not options["json"]:
                raise CommandError("\n".join(error.messages)) from error
            self._print_json(None, problems)
            raise CommandError(error.messages[0]) from error
        if options["json"]:
            self._print_json(preview, preview.errors)
        else:
            for problem in preview.warnings:
                self.stdout.write(f"Cảnh báo: {problem.sentence}")
        if preview.errors:
            self._hand_back(options, preview.errors)
            lines = [f"Chưa nhập gì: tệp có {len(preview.errors)} lỗi."]
            if not options["json"]:
                lines += [f"Lỗi: {problem.sentence}" for problem in preview.errors]
            raise CommandError("\n".join(lines))
        if not options["json"]:
            self.stdout.write(done)

    def _hand_back(self, options, problems) -> None:
        """The person's file with its errors as comments; a file refused as unsafe is not handed back."""
        path, out = Path(options["file"]), options["errors_to"]
        if not out or not path.is_file() or path.stat().st_size > settings.PORTAL_MAX_UPLOAD_BYTES:
            return
        try:
            marked, _kind = with_comments(path.read_bytes(), path.name, problems)
            Path(out).write_bytes(marked)
        except BusinessError:
            self.stderr.write("Không trả lại tệp có ghi chú: tệp không mở được an toàn.")
        except OSError as error:
            raise CommandError(f"Không ghi được “{out}”: {error.strerror}.") from error
        else:
            self.stderr.write(f"Tệp có ghi chú lỗi: {out}")

    def _run(self, options) -> tuple[Preview, str]:
        council = Council.objects.filter(code=options["council"]).first()
        if council is None:
            known = ", ".join(Council.objects.values_list("code", flat=True)) or "chưa có hội đồng nào"
            raise BusinessError(f"Không có hội đồng mã “{options['council']}” (hiện có: {known}).")
        path, cap = Path(options["file"]), settings.PORTAL_MAX_UPLOAD_BYTES
        try:
            with path.open("rb") as file:
                content = file.read(cap + 1)  # one byte more than allowed is enough to know
            if len(content) > cap:
                size = path.stat().st_size / 1024 / 1024
                raise BusinessError(
                    f"Tệp nặng {size:.1f} MB, vượt mức {cap / 1024 / 1024:.0f} MB.".replace(".", ",", 1)
                )
        except OSError as error:
            raise BusinessError(f"Không mở được tệp “{path}”: {error.strerror}.") from error
        given = {
            "council": council,
            "content": content,
            "filename": path.name,
            "number": options["number"],
            "title": options["title"],
            "starts_on": _day(options["starts_on"]),
            "ends_on": _day(options["ends_on"]),
        }
        preview = plan_preview(**given, today=clock.today())
        if preview.errors:
            return preview, ""
        if options["dry_run"]:
            return preview, (
                f"Kiểm tra xong, chưa ghi gì: {preview.count('new')} nhiệm vụ mới, "
                f"{preview.count('changed')} cập nhật, "
                f"{preview.count('unchanged')} giữ nguyên."
            )
        result = import_plan(**given, by=None, now=clock.now())
        return result.preview, result.summary

    def _print_json(self, preview: Preview | None, errors) -> None:
        warnings = preview.warnings if preview else ()
        answer = {
            "plan": _plan(preview) if preview else None,
            "tasks": [_task(preview, task) for task in preview.tasks] if preview else [],
            "errors": [_problem(problem) for problem in errors],
            "warnings": [_problem(problem) for problem in warnings],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BusinessError(f"Ngày “{text}” không đúng; viết năm-tháng-ngày, ví dụ 2024-01-31.") from error


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plan(preview: Preview) -> dict:
    header = preview.header
    return {
        "number": header.number,
        "title": header.title,
        "starts_on": _iso(header.starts_on),
        "ends_on": _iso(header.ends_on),
    }


def _task(preview: Preview, task) -> dict:
    source, timing = task.source, task.timing
    return {
        "number": source.number,
        "section": preview.outline.path(source.section_key),
        "title": source.title,
        "lead": task.lead.code if task.lead else None,
        "supporting": [agency.code for agency in task.supporting],
        "supporting_text": source.supporting,
        "timing_text": source.timing,
        "due_date": _iso(timing.due_date) if timing else None,
        "recurrence": timing.recurrence if timing else "",
        "output": source.output,
    }


def _problem(problem: Problem) -> dict:
    place = {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "cell": problem.cell}
    return place | {"value": problem.value, "message": problem.advice}
