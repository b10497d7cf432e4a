"""``manage.py break_glass``: the last resort when nobody can open an account from inside the portal."""

from django.core.management.base import CommandError

from agencies.accounts import break_glass
from agencies.clock import now
from agencies.commands import CouncilsCommand
from agencies.errors import BusinessError
from agencies.imports.people_list import first_password
from agencies.models import User


class Command(CouncilsCommand):
    help = (
        "Mở khẩn cấp một tài khoản từ máy chủ: mở lại và gỡ khóa, gỡ xác thực hai bước, kết thúc mọi phiên, cấp mật "
        "khẩu dùng một lần (in ra màn hình, phải đổi ngay). Không giao vai trò nào. Ghi nhật ký kèm lý do."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--reason", required=True, help="vì sao, ai cho phép (từ 10 ký tự; ghi vào nhật ký)")

    def handle(self, *args, username, reason, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Không có tài khoản “{username}”. Chưa có gì thay đổi. Kiểm tra lại tên đăng nhập.")
        password = first_password()
        try:
            break_glass(user=user, password=password, reason=reason, now=now())
        except BusinessError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Đã mở tài khoản {user} ({username}). Việc này đã ghi nhật ký kèm lý do.")
        self.stdout.write(f"Mật khẩu dùng một lần: {password}")
        self.stdout.write("Trao tận tay; người dùng phải đổi mật khẩu và bật lại xác thực hai bước khi đăng nhập.")
