"""A month of the record as a signed file, and the proof of one: `manage.py export_record --month 2026-10 out.jsonl`."""

from pathlib import Path

from django.core.management.base import CommandError

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.errors import BusinessError
from agencies.history import acting, record
from agencies.journal import signing
from agencies.journal.files import file_findings, write_month
from agencies.models import RecordEntry


class Command(CouncilsCommand):
    help = "Xuất nhật ký một tháng ra tệp có chữ ký Ed25519, hoặc kiểm tra một tệp như vậy."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", type=Path, help="Tệp .jsonl sẽ ghi, hoặc tệp cần kiểm tra.")
        parser.add_argument("--month", help="Tháng cần xuất, dạng 2026-10.")
        parser.add_argument("--verify", action="store_true", help="Kiểm tra tệp thay vì xuất; không cần cơ sở dữ liệu.")
        parser.add_argument(
            "--key", type=Path, help="Khóa công khai (PEM) giữ ở nơi khác; bỏ trống: khóa của cổng này."
        )
        parser.add_argument("--public-key", action="store_true", help="In khóa công khai của cổng này rồi thôi.")

    def handle(self, *args, path, month, verify, key, public_key, **options):
        try:
            if public_key:
                self.stdout.write(signing.as_pem(signing.public_key()))
            elif path is None:
                raise CommandError("Hãy ghi tên tệp, ví dụ: export_record --month 2026-10 nhat-ky-2026-10.jsonl")
            elif verify:
                self._verify(path, key)
            elif month:
                self._write(path, month)
            else:
                raise CommandError("Hãy ghi tháng cần xuất, ví dụ --month 2026-10.")
        except BusinessError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _write(self, path: Path, month: str) -> None:
        def told(count: int) -> None:
            line = f"Xuất {count} dòng nhật ký tháng {month} ra tệp đã ký {path.name}"
            record(by=None, now=clock.now(), verb="export_record", obj=None, summary=line, kind=RecordEntry.Kind.EXPORT)

        count = None
        try:
            with acting(by=None, verb="export_record"):
                count = write_month(month, path, now=clock.instant(), told=told)
        except BaseException:
            if count is not None:  # written, and then its line could not be kept
                path.unlink(missing_ok=True)
            raise
        self.stdout.write(f"Đã ghi {count} dòng nhật ký tháng {month} vào {path}.")

    def _verify(self, path: Path, key: Path | None) -> None:
        found = list(file_findings(path, signing.public_key(key)))
        for text in found:
            self.stderr.write(text)
        if found:
            raise SystemExit(1)
        self.stdout.write(f"{path}: đúng chữ ký, đủ dòng, không dòng nào bị sửa.")
