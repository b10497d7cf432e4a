"""manage.py bench_wall: what the wall between councils costs a page, measured side by side."""

import statistics
from pathlib import Path
from time import perf_counter, process_time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings

from agencies import wall
from agencies.models import Membership, Role
from reports.models import ProgressReport

WALL = "portal.council_wall.middleware.CouncilWall"


def _spent() -> float:
    """Seconds of processor that this process and its database session have used: a busy machine does not change them.

    Where the database's process cannot be looked at (another machine, no Linux), seconds of the clock.
    """
    session = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if not session.exists():
        return perf_counter()
    return process_time() + int(session.read_text().split()[0]) / 1e9


class Command(BaseCommand):
    help = (
        "Đo mỗi trang có và không có bức tường giữa các hội đồng (docs/decisions/0017), xen kẽ trong một lần chạy, "
        "trên dữ liệu đang có; in thời gian bộ xử lý và tỷ lệ. Mọi thứ được hoàn lại."
    )

    def add_arguments(self, parser):
        parser.add_argument("--times", type=int, default=15, help="số lần đo mỗi trang, mỗi cách")

    def handle(self, *args, times, **options):
        plain = settings.STORAGES | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        }
        with transaction.atomic(), override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
            self._measure(times)
            transaction.set_rollback(True)

    def _measure(self, times: int) -> None:
        walled = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
        bare = [name for name in walled if name != WALL]
        ratios = []
        self.stdout.write(f"{'trang':58}{'không tường':>14}{'có tường':>12}{'tỷ lệ':>8}   ({times} lần, ms bộ xử lý)")
        for person, path in self._pages():
            sides = []
            for middleware in (bare, walled):
                with override_settings(MIDDLEWARE=middleware):
                    client = Client()
                    client.force_login(person)
                    answer = client.get(path)  # the first one reads templates and code
                    if answer.status_code != 200:
                        break
                    sides.append((middleware, client, []))
            if len(sides) < 2:
                self.stdout.write(f"{path:58} trả lời {answer.status_code}, không đo")
                continue
            for turn in range(times):
                for middleware, client, spent in sides if turn % 2 else reversed(sides):
                    with override_settings(MIDDLEWARE=middleware):
                        begun = _spent()
                        client.get(path)
                        spent.append(_spent() - begun)
            without, with_wall = (statistics.mean(spent) * 1000 for _middleware, _client, spent in sides)
            ratios.append(with_wall / without)
            where = f"{person.username} {path}"
            self.stdout.write(f"{where:58}{without:14.1f}{with_wall:12.1f}{with_wall / without:8.2f}")
        if ratios:
            self.stdout.write(f"Tỷ lệ: trung vị {statistics.median(ratios):.2f}, cao nhất {max(ratios):.2f}")
        self.stdout.write(f"Dựng và hạ tường một lần: {self._alone():.2f} ms")

    def _alone(self) -> float:
        spent = []
        for _turn in range(200):
            begun = _spent()
            with wall.for_person(1):
                pass
            spent.append(_spent() - begun)
        return statistics.mean(spent) * 1000

    def _pages(self):
        """The heavy pages of a secretary and of an officer, on the newest period that agencies reported in."""
        secretary = Membership.objects.filter(role=Role.SECRETARY, left_on=None).order_by("pk").first()
        report = (
            ProgressReport.objects.filter(period__council=secretary.council, agency__memberships__role=Role.LIAISON)
            .order_by("-period__starts_on", "agency__protocol_order")
            .select_related("period", "agency")
            .first()
        )
        code, agency = report.period.code, report.agency
        officer = agency.memberships.filter(role=Role.LIAISON, left_on=None).first().user
        whole = ("/nhiem-vu/", "/hoat-dong/", "/ke-hoach/", "/nhat-ky/", "/tim-kiem/?q=tuyen+truyen")
        for path in (*whole, *(f"/{page}/{code}/" for page in ("bao-cao", "dieu-phoi", "tong-hop", "tong-quan"))):
            yield secretary.user, path
        own = ("/viec-cua-toi/", "/nhiem-vu/", "/lich/", "/tim-kiem/?q=ma+tuy")
        for path in (*own, f"/bao-cao/{code}/{agency.code}/"):
            yield officer, path
