"""manage.py check_integrity."""

from django.core.management.base import CommandError

from agencies.commands import CouncilsCommand
from reports.integrity import CHECKS, problems


class Command(CouncilsCommand):
    help = "Kiểm tra sự thống nhất: vai trò và quyền, tình trạng nhiệm vụ, tổng số, tệp. Mã thoát 1 khi có sai lệch."

    def add_arguments(self, parser):
        parser.add_argument("--deep", action="store_true", help="Đọc lại toàn bộ từng tệp và so mã băm (lâu hơn).")

    def handle(self, *args, **options):
        found = list(problems(deep=options["deep"]))
        for problem in found:
            self.stdout.write(problem)
        if found:
            raise CommandError(f"Có {len(found)} sai lệch.")
        self.stdout.write(f"Không có sai lệch ({', '.join(name for name, _check in CHECKS)}).")
