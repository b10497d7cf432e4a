"""manage.py backup DIR."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from agencies.clock import instant
from agencies.errors import BusinessError
from portal.backup.make import forget_old, make_backup
from portal.backup.server import Server, in_words


class Command(BaseCommand):
    help = (
        "Sao lưu cơ sở dữ liệu và tệp vào một thư mục con mới của DIR, tên là giờ UTC. Cổng vẫn chạy bình thường."
        " PORTAL_SECRET_KEY và khóa riêng của nhật ký (PORTAL_RECORD_KEY) không nằm trong đó: giữ riêng."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", type=Path, help="nơi giữ các bản sao lưu")
        parser.add_argument("--keep", type=int, default=0, help="chỉ giữ chừng này bản mới nhất (0: giữ tất cả)")

    def handle(self, *args, folder, keep, **options):
        server = Server.of(settings.DATABASES["default"])
        try:
            made = make_backup(
                server=server,
                storage=default_storage,
                folder=folder,
                at=instant(),
                record=Path(settings.PORTAL_RECORD_DIR),
                say=self.stdout.write,
            )
            removed = forget_old(folder=folder, keep=keep)
        except (BusinessError, OSError, psycopg.Error) as error:
            raise CommandError(in_words(error, "Dữ liệu và các bản sao lưu đã có còn nguyên.")) from error
        for old in removed:
            self.stdout.write(f"Đã bỏ bản cũ {old.name}.")
        self.stdout.write(f"Đã sao lưu: {made}")
