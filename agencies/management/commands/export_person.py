"""Everything held about one person, to be handed to them: `manage.py export_person <username> out.json`."""

import json
import os
from pathlib import Path

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.erasure import personal_data
from agencies.models import User


class Command(CouncilsCommand):
    help = "Xuất mọi dữ liệu cá nhân cổng giữ về một người ra tệp .json, theo đề nghị của người đó."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("path", type=Path)

    def handle(self, *args, username, path, **options):
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Không có tài khoản “{username}”. Chưa ghi tệp nào; hãy kiểm tra tên đăng nhập.")
        with transaction.atomic():  # a file that could not be written is not on the record either
            data = personal_data(person=person, by=None, now=clock.now())
            text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except OSError as error:
                raise CommandError(
                    f"Không tạo được tệp {path} (đã có, hoặc không ghi được). Hãy chọn tên khác."
                ) from error
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
            except BaseException:
                path.unlink()
                raise
        self.stdout.write(f"Đã ghi dữ liệu cá nhân của {person} vào {path}.")
