"""Is the portal well: each thing it stands on is asked, cheaply, and answers in words for its administrators."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from portal.backup.manifest import MANIFEST

LATE_JOB = timedelta(minutes=15)  # a job that could have begun; the worker is off, or far behind
LEAST_FREE = 0.05  # of the disk
OLD_BACKUP = timedelta(hours=26)  # a daily timer, and time for it to run


@dataclass(frozen=True)
class Finding:
    """One thing the portal stands on."""

    name: str
    well: bool
    words: str
    value: float | None = None  # what is measured, in ``unit``
    unit: str = ""


def database(now: datetime) -> Finding:
    """Whether it answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return Finding("database", True, f"Trả lời; {size / 2**20:.0f} MB.", size, "bytes")


def migrations(now: datetime) -> Finding:
    """Whether the tables are those of this release."""
    global _steps
    if _steps is None:
        loader = MigrationLoader(None)
        _steps = {key for key in loader.graph.nodes if key[0] in loader.migrated_apps}
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = _steps - set(cursor.fetchall())
    words = f"Thiếu {len(missing)} bước: chạy manage.py migrate." if missing else "Đúng phiên bản."
    return Finding("migrations", not missing, words, len(missing), "steps")


_steps: set[tuple[str, str]] | None = None

_WAITING = """
    SELECT count(*) FILTER (WHERE j.status = 'todo'), count(*) FILTER (WHERE j.status = 'failed'),
           coalesce(extract(epoch FROM clock_timestamp() - min(coalesce(j.scheduled_at, e.at))
             FILTER (WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) <= clock_timestamp())), 0)
    FROM procrastinate_jobs j
    LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events e WHERE e.job_id = j.id) e ON true
    WHERE j.status IN ('todo', 'failed')
"""


def queue(now: datetime) -> Finding:
    """How long the oldest job that could begin has been waiting."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        waiting, failed, seconds = cursor.fetchone()
    late = seconds > LATE_JOB.total_seconds()
    words = f"{waiting} việc chờ, {failed} việc hỏng; việc chờ lâu nhất {seconds / 60:.0f} phút."
    if late:
        words += " Kiểm tra tiến trình nền (portal-worker)."
    return Finding("queue", not late, words, float(seconds), "seconds")


def disk(now: datetime) -> Finding:
    """Room for files and temporary files."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    part = usage.free / usage.total
    return Finding("disk", part >= LEAST_FREE, f"Còn {usage.free / 2**30:.1f} GB ({part:.0%}).", usage.free, "bytes")


def backup(now: datetime) -> Finding:
    """The newest whole backup, where PORTAL_BACKUP_DIR says where they are."""
    if not settings.PORTAL_BACKUP_DIR:
        return Finding("backup", True, "Không theo dõi (chưa đặt PORTAL_BACKUP_DIR).")
    found = [path.stat().st_mtime for path in Path(settings.PORTAL_BACKUP_DIR).glob(f"2*/{MANIFEST}")]
    age = now.timestamp() - max(found) if found else None
    if age is None:
        return Finding("backup", False, "Chưa có bản sao lưu nào.")
    words = f"Bản mới nhất cách đây {age / 3600:.0f} giờ."
    return Finding("backup", age <= OLD_BACKUP.total_seconds(), words, age, "seconds")


def timed(now: datetime) -> Finding:
    """Whether what runs by the timers of deploy/systemd ended well: each that did not leaves a file until it does."""
    folder = Path(settings.DATA_DIR) / "failed"
    failed = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    words = "Không có việc nào hỏng."
    if failed:
        words = f"Lần chạy gần nhất không xong: {', '.join(failed)}. Xem journalctl -u <tên> và docs/operate.md."
    return Finding("timed", not failed, words, len(failed), "failed")


ASKED: tuple[Callable[[datetime], Finding], ...] = (database, migrations, queue, disk, backup, timed)
NAMES = {
    "database": "Cơ sở dữ liệu",
    "migrations": "Phiên bản bảng",
    "queue": "Hàng đợi",
    "disk": "Đĩa",
    "backup": "Sao lưu",
    "timed": "Việc định kỳ",
}


def examine(now: datetime) -> list[Finding]:
    """Ask everything; what cannot answer is not well. ``now``: the real instant."""
    found = []
    for ask in ASKED:
        try:
            found.append(ask(now))
        except (Error, OSError) as error:
            found.append(Finding(ask.__name__, False, f"Không trả lời ({type(error).__name__})."))
    return found
