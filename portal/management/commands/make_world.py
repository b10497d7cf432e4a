"""``manage.py make_world S|M|L``: a world of that size, for trying out and measuring."""

from dataclasses import replace

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from agencies.models import Council
from portal.demo.logins import DEMO_PASSWORD
from portal.demo.reset import remove_files
from portal.worlds import build, engine
from portal.worlds.places import PROVINCES
from portal.worlds.sizes import SIZES, TODAY


class Command(BaseCommand):
    help = (
        "Dựng một thế giới giả để thử và đo: S một thành phố, M một tỉnh có cấp xã, L cả nước. Ngày của thế giới là "
        f"{TODAY:%d/%m/%Y}: chạy cổng với PORTAL_TODAY={TODAY.isoformat()}. Cùng --seed thì cùng dữ liệu."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "size", choices=list(SIZES), help="; ".join(f"{s.name}: {s.in_words}" for s in SIZES.values())
        )
        parser.add_argument("--seed", type=int, default=1, help="hạt giống, mặc định 1")
        parser.add_argument("--reset", action="store_true", help="xóa TOÀN BỘ dữ liệu và tệp trước khi dựng")

        parser.add_argument(
            "--finish", action="store_true", help="làm nốt L bị dừng giữa chừng sau khi chép: chỉ mục, tổng, khóa kỳ"
        )
        parser.add_argument("--processes", type=int, help="số tiến trình dựng L, mặc định 2")

    def handle(self, *args, size, seed, reset, processes, finish, **options):
        if not settings.PORTAL_DEMO:
            raise CommandError(
                "Hệ thống này không ở chế độ minh họa nên không dựng dữ liệu giả. Chưa có gì thay đổi. "
                "Nếu đúng là máy thử, hãy đặt PORTAL_DEMO=1 rồi chạy lại."
            )
        call_command("migrate", verbosity=0)
        if finish:
            self._finish(SIZES[size])
            return
        if Council.objects.exists() and not reset:
            raise CommandError(
                "Cơ sở dữ liệu đã có hội đồng. Chưa có gì thay đổi. Muốn xóa hết để dựng lại: thêm --reset."
            )
        if not engine.acts_as_superuser():
            raise CommandError(
                "Dựng thế giới cần tài khoản quản trị PostgreSQL (superuser) để cho trigger nghỉ trong lúc chép. Chưa "
                "có gì thay đổi. Dùng máy chủ đi kèm (không đặt DATABASE_URL), hoặc đặt DATABASE_URL của tài khoản đó."
            )
        wanted = SIZES[size]
        if processes and wanted.processes > 1:
            wanted = replace(wanted, processes=max(2, processes))
        build.build(wanted, seed=seed, reset=reset, say=self._say)
        if reset:
            remove_files()
        if wanted.processes == 1:
            engine.analyze(vacuum=True)
        self._introduce(wanted)

    def _finish(self, size) -> None:
        if why := "Chỉ L làm nốt được." if size.processes == 1 else build.unfinished(size):
            raise CommandError(f"{why} Chưa có gì thay đổi. Dựng lại từ đầu: thêm --reset.")
        build.finish(size, say=self._say)
        self._introduce(size)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _introduce(self, size) -> None:
        self.stdout.write(self.style.SUCCESS(f"Đã dựng thế giới {size.name}: {size.in_words}."))
        self.stdout.write(f"Ngày: PORTAL_TODAY={TODAY.isoformat()}. Mật khẩu của mọi tài khoản: {DEMO_PASSWORD}")
        for slug, name, _city in PROVINCES[: min(3, size.councils)]:
            self.stdout.write(f"  {name}: {slug}.thuky, {slug}.lanhdao, {slug}.congan, {slug}.congan.duyet …")
