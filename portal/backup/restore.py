"""Restoring a backup: everything is checked before, and again in the database before it counts."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import Storage
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from portal.backup.contents import LEFT_OUT, TABLES, Contents, differences, digest_statement
from portal.backup.files import copy_in, flush_folder, is_local, names_in
from portal.backup.manifest import DUMP, FILES, Manifest
from portal.backup.server import SAME_TEXT, BackupProblem, Server, find_program

_READY = "portal-restore-ready"
_SCHEMAS = (
    "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
)


def check_backup(folder: Path) -> Manifest:
    """Read a backup and compare every file with its digest. Raises BackupProblem with all that is off."""
    manifest = Manifest.read(folder)
    if problems := manifest.problems(folder):
        raise BackupProblem(
            f"Bản sao lưu {folder} không còn nguyên vẹn, nên không dùng. Chưa có gì thay đổi. Dùng bản sao lưu khác.",
            *problems,
        )
    return manifest


def restore_backup(
    *,
    server: Server,
    storage: Storage,
    folder: Path,
    at: datetime,
    overwrite: bool = False,
    say: Callable[[str], None] = lambda words: None,
) -> Manifest:
    """Put a backup back into an empty database and an empty store of files. ``at``: the time, aware.

    The database is filled in one transaction, compared with the backup's digests table by table inside it, and only
    then committed. With ``overwrite`` what is there is replaced: the old files stay beside the new ones in a folder
    of their own; the old rows are gone. Raises BackupProblem: then everything is as it was.
    """
    manifest = check_backup(folder)
    say("Bản sao lưu nguyên vẹn.")
    _refuse_newer(manifest)
    if not overwrite:
        _refuse_filled(server, storage)
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    staged = _stage_files(manifest, folder, storage, stamp)
    say(f"Tệp: {len(manifest.files)}.")
    loading = _Loading(server, folder / DUMP, manifest.roles)
    try:
        found = loading.load()
        if off := list(differences(manifest.tables, found)):
            raise BackupProblem("Dữ liệu nạp lại khác bản sao lưu nên không được ghi. Chưa có gì thay đổi.", *off)
        say(f"Cơ sở dữ liệu: {len(found)} bảng, {sum(c.rows for c in found.values())} dòng, giống bản sao lưu.")
        take_back = _exchange_files(storage, staged, stamp)
        try:
            loading.commit()
        except BackupProblem:
            take_back()
            raise
    finally:
        loading.close()
        if staged and staged.exists():
            shutil.rmtree(staged)
    return manifest


def _refuse_newer(manifest: Manifest) -> None:
    known = set()
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        known |= {f"{app}.{name}", *(f"{old_app}.{old}" for old_app, old in migration.replaces)}
    if newer := sorted(set(manifest.migrations) - known):
        raise BackupProblem(
            f"Bản sao lưu do một phiên bản mới hơn của cổng tạo ra (bước {newer[0]}). Chưa có gì thay đổi."
            " Cài đúng phiên bản đó rồi phục hồi."
        )


def _refuse_filled(server: Server, storage: Storage) -> None:
    with server.connect() as connection:
        tables = connection.execute(TABLES).fetchall()
    if tables:
        raise BackupProblem(
            f"Cơ sở dữ liệu {server.name} đã có {len(tables)} bảng. Chưa có gì thay đổi. Phục hồi vào một cơ sở dữ liệu"
            " trống; hoặc, nếu chắc chắn muốn thay dữ liệu đang có, sao lưu nó trước rồi chạy lại với --overwrite."
        )
    if any(True for _name in names_in(storage)):
        raise BackupProblem(
            "Kho tệp đã có tệp. Chưa có gì thay đổi. Phục hồi vào một kho trống, hoặc chạy lại với --overwrite"
            " (tệp cũ được giữ ở một thư mục bên cạnh)."
        )


def _stage_files(manifest: Manifest, folder: Path, storage: Storage, stamp: str) -> Path | None:
    """Copy the files beside the place where they will be; None when the storage is not a folder here."""
    if not is_local(storage):
        for name in manifest.files:
            copy_in(storage, name, folder / FILES / name)
        return None
    root = Path(storage.location)
    staged = root.with_name(f"{root.name}.phuc-hoi-{stamp}")
    staged.mkdir(parents=True, mode=0o700)
    for name in manifest.files:
        target = staged / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / FILES / name, target)
        target.chmod(storage.file_permissions_mode or 0o600)
    return staged


def _exchange_files(storage: Storage, staged: Path | None, stamp: str) -> Callable[[], None]:
    """Put the staged files in place of the present ones; a function that takes it back."""
    if staged is None:
        return lambda: None
    root = Path(storage.location)
    before = root.with_name(f"{root.name}.truoc-{stamp}")
    if root.exists():
        os.rename(root, before)
    os.rename(staged, root)
    flush_folder(root.parent)

    def take_back():
        os.rename(root, staged)
        if before.exists():
            os.rename(before, root)

    return take_back


class _Loading:
    """One psql session with one transaction, in which the dump is loaded and looked at before it is committed."""

    def __init__(self, server: Server, dump: Path, roles: list[str]):
        self._server, self._dump = server, dump
        with server.connect() as connection:
            self._schemas = [row[0] for row in connection.execute(_SCHEMAS).fetchall()]
            there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
            # Without property, as deploy/postgresql/roles.sql would have made them but for a way in.
            missing = [sql.Identifier(role) for role in roles if role not in there]
            self._roles = "".join(
                sql.SQL("CREATE ROLE {0} NOLOGIN; GRANT {0} TO CURRENT_USER;\n").format(role).as_string(connection)
                for role in missing
            )
        arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        pipe = subprocess.PIPE
        self._psql = server.start("psql", *arguments, stdin=pipe, stdout=pipe, stderr=pipe)

    def load(self) -> dict[str, Contents]:
        """Fill the database inside the open transaction; what is in it then. Raises BackupProblem."""
        drops = "".join(f"DROP SCHEMA {name} CASCADE;\n" for name in self._schemas)
        # The new schema is as initdb makes it: its owner is the database's, others may look into it.
        self._write(
            "\\o /dev/null\nBEGIN;\nSET LOCAL lock_timeout = '15s';\nSET LOCAL client_min_messages = warning;\n"
            f"{self._roles}{drops}CREATE SCHEMA public AUTHORIZATION pg_database_owner;\n"
            "GRANT USAGE ON SCHEMA public TO PUBLIC;\n"
        )
        self._pour()
        self._write(f"{SAME_TEXT}\n\\o\n{TABLES};\n\\echo {_READY}\n")
        tables = [line for line in self._read() if line]
        with self._server.connect() as connection:
            asked = [digest_statement(table).as_string(connection) for table in tables]
        self._write("".join(f"{statement};\n" for statement in asked) + f"\\echo {_READY}\n")
        found = {}
        for line in self._read():
            table, rows, digest = line.rsplit("|", 2)
            found[table] = Contents(int(rows), digest)
        return {table: contents for table, contents in found.items() if table not in LEFT_OUT}

    def commit(self) -> None:
        """Make it count. Raises BackupProblem when the server refuses at the last moment."""
        self._write(f"COMMIT;\nANALYZE;\n\\echo {_READY}\n")
        self._read()

    def close(self) -> None:
        """End the session; what was not committed is taken back by the server."""
        with suppress(BrokenPipeError):
            self._psql.stdin.close()
        self._psql.stdout.close()
        self._psql.stderr.close()
        self._psql.wait()

    def _pour(self) -> None:
        command = [find_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(self._dump)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as script:
            try:
                shutil.copyfileobj(script.stdout, self._psql.stdin, 1 << 20)
                self._psql.stdin.flush()
            except BrokenPipeError:
                script.kill()
                self._fail()
            errors = script.stderr.read().decode(errors="replace")
        if script.returncode:
            raise BackupProblem(f"pg_restore không đọc được bản sao lưu: {errors.strip()[-500:]}. Chưa có gì thay đổi.")

    def _write(self, text: str) -> None:
        try:
            self._psql.stdin.write(text.encode())
            self._psql.stdin.flush()
        except BrokenPipeError:
            self._fail()

    def _read(self) -> list[str]:
        lines = []
        for raw in self._psql.stdout:
            line = raw.decode().rstrip("\n")
            if line == _READY:
                return lines
            lines.append(line)
        return self._fail()

    def _fail(self):
        self._psql.wait()
        words = self._psql.stderr.read().decode(errors="replace").strip()[-800:]
        raise BackupProblem(
            f"Máy chủ cơ sở dữ liệu không nhận bản sao lưu: {words}. Chưa có gì thay đổi: mọi việc trong một giao dịch."
            " Tài khoản phải là chủ cơ sở dữ liệu; dừng cổng và tiến trình nền trước khi phục hồi."
        )
