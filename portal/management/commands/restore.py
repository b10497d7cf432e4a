"""manage.py restore DIR."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from agencies.clock import instant
from agencies.errors import BusinessError
from portal.backup.contents import sequences_behind
from portal.backup.restore import check_backup, restore_backup
from portal.backup.server import Server, in_words


class Command(BaseCommand):
    help = (
        "Phục hồi một bản sao lưu vào cơ sở dữ liệu và kho tệp trống, so từng bảng và từng tệp với lúc sao lưu."
        " Không giống thì không ghi gì. Rồi chạy migrate. Sau đó: manage.py check_integrity."
    )
    requires_system_checks = []  # the database may be empty

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", type=Path, help="thư mục của một bản sao lưu")
        parser.add_argument("--check", action="store_true", help="chỉ xem bản sao lưu còn nguyên vẹn không")
        parser.add_argument(
            "--overwrite", action="store_true", help="THAY dữ liệu đang có (tệp cũ được giữ ở thư mục bên cạnh)"
        )

    def handle(self, *args, folder, check, overwrite, **options):
        server = Server.of(settings.DATABASES["default"])
        try:
            if check:
                manifest = check_backup(folder)
                self.stdout.write(f"Bản sao lưu lúc {manifest.made_at} nguyên vẹn: {len(manifest.files)} tệp.")
                return
            manifest = restore_backup(
                server=server,
                storage=default_storage,
                folder=folder,
                at=instant(),
                overwrite=overwrite,
                record=Path(settings.PORTAL_RECORD_DIR),
                say=self.stdout.write,
            )
        except (BusinessError, OSError, psycopg.Error) as error:
            raise CommandError(in_words(error, "Chưa có gì thay đổi.")) from error
        # Privileges are not in a backup (the other server's people are its own); migrate gives them anew, and brings
        # a backup of an earlier release forward.
        try:
            call_command("migrate", verbosity=0)
            with server.connect() as connection:
                behind = sequences_behind(connection)
        except (Error, psycopg.Error) as error:
            kept = "Dữ liệu và tệp đã phục hồi xong; chỉ còn chạy manage.py migrate bằng chủ cơ sở dữ liệu."
            raise CommandError(in_words(error.__cause__ or error, kept)) from error
        if behind:
            raise CommandError(f"Đã phục hồi, nhưng số thứ tự kế tiếp bị lùi ở: {', '.join(behind)}.")
        self.stdout.write(f"Đã phục hồi bản sao lưu lúc {manifest.made_at}. Mọi người đăng nhập lại.")
