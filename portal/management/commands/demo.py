"""``manage.py demo``: build the demo world once; ``--reset`` empties everything first."""

import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.demo.build import build, is_built
from portal.demo.logins import DEMO_LOGINS, DEMO_PASSWORD
from portal.demo.reset import empty_database, remove_files


class Command(BaseCommand):
    help = (
        "Dựng dữ liệu minh họa: hội đồng Cần Thơ (đến ngày 10/06/2024) và Tiền Giang. Chạy lại không đổi gì. "
        "Ngày trong băng minh họa (PORTAL_TODAY) chỉ chi phối Cần Thơ; chuyện của Tiền Giang kể đến 12/07/2024, "
        "ngày sau hội nghị tập huấn 11/07/2024. Đơn vị nào ký chung kế hoạch nào là giả định."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="xóa TOÀN BỘ dữ liệu và tệp trước khi dựng (chỉ khi PORTAL_DEMO bật)"
        )

    def handle(self, *args, **options):
        if not settings.PORTAL_DEMO:
            raise CommandError(
                "Hệ thống này không ở chế độ minh họa nên không dựng dữ liệu mẫu. Chưa có gì thay đổi. "
                "Nếu đúng là máy thử, hãy đặt PORTAL_DEMO=1 rồi chạy lại."
            )
        call_command("migrate", verbosity=0)  # on a machine where nothing has run yet there are no tables
        if is_built() and not options["reset"]:
            self.stdout.write("Dữ liệu minh họa đã có sẵn; không thay đổi gì. Muốn dựng lại: manage.py demo --reset")
            self._say_logins()
            return
        started = time.monotonic()
        # One transaction: a build that is killed or fails leaves the old data as it was.
        with transaction.atomic():
            if options["reset"]:
                empty_database()
            build()
        if options["reset"]:
            remove_files()
        self.stdout.write(self.style.SUCCESS(f"Đã dựng dữ liệu minh họa trong {time.monotonic() - started:.0f} giây."))
        self._say_logins()

    def _say_logins(self) -> None:
        self.stdout.write(f"\nMật khẩu của mọi tài khoản: {DEMO_PASSWORD}\n")
        width = max(len(username) for username, _who in DEMO_LOGINS)
        for username, who in DEMO_LOGINS:
            self.stdout.write(f"  {username:<{width}}  {who}")
