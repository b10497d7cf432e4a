"""manage.py check_integrity."""

from django.core.management.base import CommandError

from agencies.commands import CouncilsCommand
from reports.integrity import CHECKS, problems


class Command(CouncilsCommand):
    help = "Kiểm tra sự thống nhất: vai trò và quyền, tình trạng nhiệm vụ, tổng số, tệp. Mã thoát 1 khi có sai lệch."

    def add_arguments(self, parser):
        parser.add_argument("--deep", action="store_true", help="Đọc lại toàn bộ từng tệp và so mã băm (lâu hơn).")

    def handle(self, *args, **options):
        count = 0
        for problem in problems(deep=options["deep"]):
            self.stdout.write(problem)
            count += 1
        if count:
            raise CommandError(f"Có {count} sai lệch.")
        self.stdout.write(f"Không có sai lệch ({', '.join(name for name, _check in CHECKS)}).")
