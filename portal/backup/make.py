"""Making a backup: one snapshot of the database, then the files, then the list of everything, then its name."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.apps import apps
from django.core.files.storage import FileSystemStorage, Storage
from django.db.models import FileField

from portal.backup.contents import LEFT_OUT, contents_of
from portal.backup.files import copy_out, flush_folder, measure, names_in
from portal.backup.manifest import DUMP, FILES, MANIFEST, RECORD, Manifest
from portal.backup.server import BackupProblem, Server

UNFINISHED = ".dang-sao-luu"
ANCHORS = ("anchors.jsonl", "public.pem")  # never the private key: whoever has a backup must not be able to sign
_NAME = re.compile(r"\d{8}T\d{6}Z")
_ROLES = "SELECT DISTINCT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles) ORDER BY 1"


def make_backup(
    *,
    server: Server,
    storage: Storage,
    folder: Path,
    at: datetime,
    record: Path | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Path:
    """Back up the database and the files into a new folder under ``folder``; its path. ``at``: the time, aware.
    ``record``: the folder of the record's anchors (settings.PORTAL_RECORD_DIR).

    The anchors come first, so that the snapshot reaches every one of them. The dump and its digests are of one
    snapshot. Files are only ever added, and are copied afterwards: every file that a row of the snapshot names is
    there. The folder gets its name last, so that a backup cut short is none.
    Raises BackupProblem; what was backed up before stays.
    """
    name = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    with _alone(folder):
        if (folder / name).exists():
            raise BackupProblem(f"Đã có bản sao lưu {folder / name}. Bản đó còn nguyên. Chạy lại sau một giây.")
        work = folder / f"{UNFINISHED}-{name}"
        for left in folder.glob(f"{UNFINISHED}-*"):
            shutil.rmtree(left)  # of a backup that was cut short: this process alone holds the folder
        work.mkdir(mode=0o700)
        anchors = _anchors(record, work) if record else {}
        manifest, named = _dump(server, work / DUMP, at)
        manifest.record = anchors
        say(f"Cơ sở dữ liệu: {len(manifest.tables)} bảng, {sum(c.rows for c in manifest.tables.values())} dòng.")
        for file in names_in(storage):
            try:
                manifest.files[file] = copy_out(storage, file, work / FILES / file)
            except FileNotFoundError:  # listed, and taken back before it could be copied: a sending that failed
                if file in named:
                    raise
        say(f"Tệp: {len(manifest.files)}, {sum(value['size'] for value in manifest.files.values())} byte.")
        manifest.write(work)
        for path in [work, *(path for path in work.rglob("*") if path.is_dir())]:
            flush_folder(path)
        os.rename(work, folder / name)
        flush_folder(folder)
    if missing := sorted(named - manifest.files.keys()):
        say(f"CHÚ Ý: {len(missing)} tệp có tên trong cơ sở dữ liệu đã mất từ trước: {', '.join(missing[:5])}")
    return folder / name


def forget_old(*, folder: Path, keep: int) -> list[Path]:
    """Remove all but the ``keep`` newest backups; what was removed. A copy that somebody gave another name stays."""
    with _alone(folder):
        whole = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if _NAME.fullmatch(path.parent.name))
        old = whole[:-keep] if keep > 0 else []
        for path in old:
            shutil.rmtree(path)
    return old


@contextmanager
def _alone(folder: Path):
    """One backup at a time in a folder. Raises BackupProblem when another is at work."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".khoa").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupProblem(
                f"Một lệnh sao lưu khác đang ghi vào {folder}. Lệnh đó chạy tiếp; chờ nó xong rồi chạy lại."
            ) from error
        yield


def _anchors(record: Path, work: Path) -> dict[str, dict]:
    there = FileSystemStorage(record)
    return {name: copy_out(there, name, work / RECORD / name) for name in ANCHORS if (record / name).is_file()}


def _dump(server: Server, path: Path, at: datetime) -> tuple[Manifest, set[str]]:
    """Dump one snapshot; its list, and the files that its rows name."""
    with server.connect() as connection:
        server.refuse_other_release(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone()
        arguments = ["--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={path}"]
        arguments += [f"--exclude-table-data={table}" for table in LEFT_OUT]
        process = server.start("pg_dump", *arguments, stderr=subprocess.PIPE, text=True)
        _out, errors = process.communicate()
        if process.returncode:
            raise BackupProblem(
                f"pg_dump dừng với mã {process.returncode}: {errors.strip()[-500:]}. Dữ liệu và các bản sao lưu cũ còn"
                " nguyên. Kiểm tra chỗ trống trên đĩa, quyền của tài khoản cơ sở dữ liệu và phiên bản pg_dump."
            )
        with path.open("rb") as dump:
            os.fsync(dump.fileno())
        migrations = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
        manifest = Manifest(
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            server_version=str(connection.info.server_version),
            migrations=[row[0] for row in migrations],
            tables=contents_of(connection),
            dump=measure(path),
            roles=[row[0] for row in connection.execute(_ROLES).fetchall()],
            left_out=list(LEFT_OUT),
        )
        named = _named_files(connection)
        connection.execute("ROLLBACK")
    return manifest, named


def _named_files(connection: psycopg.Connection) -> set[str]:
    fields = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    ]
    names = set()
    for table, column in sorted(set(fields)):
        names |= {row[0] for row in connection.execute(f'SELECT "{column}" FROM "{table}"') if row[0]}
    return names
