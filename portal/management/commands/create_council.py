"""``manage.py create_council``: a council and its first administrator, who does the rest on the pages."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies.clock import now, today
from agencies.errors import BusinessError
from agencies.imports.people_list import first_password
from agencies.membership import open_account
from agencies.models import Council, Role
from portal.council_wall.install import acts_as_owner


class Command(BaseCommand):
    help = (
        "Lập một hội đồng và tài khoản quản trị đầu tiên của nó (in mật khẩu dùng một lần; phải đổi ngay và bật xác "
        "thực hai bước). Chạy bằng chủ cơ sở dữ liệu (owner.env). Người và cơ quan thì nhập trên trang."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", help="mã không dấu, có trong địa chỉ và lệnh, ví dụ can-tho")
        parser.add_argument("--name", required=True, help="tên đầy đủ của hội đồng")
        parser.add_argument("--short-name", required=True, help="ví dụ: thành phố Cần Thơ")
        parser.add_argument("--place", required=True, help="địa danh ghi trên văn bản, ví dụ: Cần Thơ")
        parser.add_argument("--parent-body", required=True, help="cơ quan chủ quản, ví dụ: Ủy ban nhân dân thành phố …")
        parser.add_argument("--admin", required=True, help="tên đăng nhập của quản trị hệ thống đầu tiên")
        parser.add_argument("--admin-name", required=True, help="họ tên người đó")

    def handle(self, *args, code, admin, admin_name, **options):
        if not acts_as_owner():
            raise CommandError(
                "Tài khoản cơ sở dữ liệu này đứng sau bức tường giữa các hội đồng nên không lập được hội đồng mới."
                " Chưa có gì thay đổi. Chạy lại bằng chủ cơ sở dữ liệu (/etc/portal/owner.env; docs/operate.md)."
            )
        words = {name: options[name] for name in ("name", "short_name", "place", "parent_body")}
        council, password = Council(code=code, **words), first_password()
        try:
            with transaction.atomic():
                council.full_clean()
                council.save()
                open_account(
                    scope=council,
                    role=Role.ADMINISTRATOR,
                    on=today(),
                    username=admin,
                    full_name=admin_name,
                    password=password,
                    by=None,
                    now=now(),
                )
        except (BusinessError, ValidationError) as error:
            raise CommandError(f"{' '.join(error.messages)} Chưa có gì thay đổi.") from error
        self.stdout.write(f"Đã lập hội đồng “{council}” ({code}) và tài khoản quản trị {admin}.")
        self.stdout.write(f"Mật khẩu dùng một lần: {password}")
        self.stdout.write("Trao tận tay; người đó đổi mật khẩu, bật xác thực hai bước rồi mở tài khoản cho Thư ký.")
