"""Restoring a backup: everything is checked before, and again in the database before it counts."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.core.files.storage import FileSystemStorage, Storage
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from portal.backup.contents import LEFT_OUT, TABLES, Contents, differences, digest_statement
from portal.backup.files import copy_in, copy_out, flush_folder, is_local, names_in
from portal.backup.manifest import DUMP, FILES, RECORD, Manifest
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
    record: Path | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Manifest:
    """Put a backup back into an empty database and an empty store of files. ``at``: the time, aware.

    The database is filled in one transaction, compared with the backup's digests table by table inside it, and only
    then committed. With ``overwrite`` what is there is replaced: the old files stay beside the new ones in a folder
    of their own; the old rows are gone. The record's anchors go into a folder of their own under ``record``
    (settings.PORTAL_RECORD_DIR), never over those that are there. Raises BackupProblem, in words, with what became of
    all. Whatever else ends it (Ctrl-C too): rows and files are both as they were, or both the backup's.
    """
    manifest = check_backup(folder)
    say("Bản sao lưu nguyên vẹn.")
    _refuse_newer(manifest)
    if not overwrite:
        _refuse_filled(server, storage)
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    files, loading = _Files(storage, stamp), None
    try:
        files.stage(manifest, folder / FILES)
        say(f"Tệp: {len(manifest.files)}.")
        loading = _Loading(server, folder / DUMP, manifest.roles)
        found = loading.load()
        if off := list(differences(manifest.tables, found)):
            raise BackupProblem("Dữ liệu nạp lại khác bản sao lưu nên không được ghi. Chưa có gì thay đổi.", *off)
        say(f"Cơ sở dữ liệu: {len(found)} bảng, {sum(c.rows for c in found.values())} dòng, giống bản sao lưu.")
        files.exchange()
        loading.commit()
    except BaseException as error:
        if loading is None or not loading.committed():
            files.take_back()
            raise
        # The answer was lost but the deed was done: rows and files are the backup's.
        if not isinstance(error, BackupProblem):
            raise
    finally:
        if loading is not None:
            loading.close()
        files.tidy()
    if problem := _analyze(server):
        say(f"ANALYZE chưa chạy được ({problem}): cổng chậm lúc đầu, PostgreSQL tự làm lại sau.")
    if record and manifest.record:
        say(f"Mốc nhật ký của bản sao lưu: {_put_anchors(manifest, folder / RECORD, record, stamp)}")
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


class _Files:
    """The backup's files on their way in: beside the store, then in its place; taken back when the rows stay away."""

    def __init__(self, storage: Storage, stamp: str):
        self._storage, self._added, self._moves = storage, [], []
        self._root = Path(storage.location) if is_local(storage) else None
        if self._root:
            self._staged = self._root.with_name(f"{self._root.name}.phuc-hoi-{stamp}")
            self._before = self._root.with_name(f"{self._root.name}.truoc-{stamp}")

    def stage(self, manifest: Manifest, source: Path) -> None:
        """Copy everything to where it can be exchanged in one step; into a bucket, where there is none, for good."""
        if self._root is None:
            for name, wanted in manifest.files.items():
                if copy_in(self._storage, name, source / name, wanted):
                    self._added.append(name)
            return
        self._staged.mkdir(parents=True, mode=0o700)
        given = FileSystemStorage(source)
        for name, wanted in manifest.files.items():
            if copy_out(given, name, self._staged / name) != wanted:
                raise BackupProblem(f"Tệp {name} chép ra không giống bản sao lưu. Chưa có gì thay đổi. Kiểm tra đĩa.")
            (self._staged / name).chmod(self._storage.file_permissions_mode or 0o600)
        for path in [self._staged, *(path for path in self._staged.rglob("*") if path.is_dir())]:
            flush_folder(path)

    def exchange(self) -> None:
        """Put them in place of the present ones, which stay beside."""
        if self._root:
            if self._root.exists():
                self._move(self._root, self._before)
            self._move(self._staged, self._root)
            flush_folder(self._root.parent)

    def _move(self, where: Path, to: Path) -> None:
        self._moves.append((where, to))  # noted first: what was noted and not done is seen by looking
        os.rename(where, to)

    def take_back(self) -> None:
        """As it was before."""
        for name in self._added:
            self._storage.delete(name)
        for where, to in reversed(self._moves):
            if to.exists() and not where.exists():
                os.rename(to, where)

    def tidy(self) -> None:
        """Remove what was staged and is not in use."""
        if self._root and self._staged.exists():
            shutil.rmtree(self._staged)


def _analyze(server: Server) -> str:
    """Let the server count its rows anew, which makes queries quick and changes nothing; why not, '' when it could."""
    try:
        with server.connect() as connection:
            connection.execute("ANALYZE")
    except psycopg.Error as error:
        return type(error).__name__
    return ""


def _put_anchors(manifest: Manifest, source: Path, record: Path, stamp: str) -> Path:
    """Beside the present ones: those are the later word about what the record has been."""
    beside = record / f"phuc-hoi-{stamp}"
    record.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = FileSystemStorage(source)
    for name in manifest.record:
        copy_out(given, name, beside / name)
    return beside


class _Loading:
    """One psql session with one transaction, in which the dump is loaded and looked at before it is committed."""

    def __init__(self, server: Server, dump: Path, roles: list[str]):
        self._server, self._dump, self._transaction = server, dump, ""
        self._asked_to_commit = False
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
        self._write(f"SELECT pg_current_xact_id();\n\\echo {_READY}\n")
        (self._transaction,) = self._read()
        with self._server.connect() as connection:
            asked = [digest_statement(table).as_string(connection) for table in tables]
        self._write("".join(f"{statement};\n" for statement in asked) + f"\\echo {_READY}\n")
        found = {}
        for line in self._read():
            table, rows, digest = line.rsplit("|", 2)
            found[table] = Contents(int(rows), digest)
        return {table: contents for table, contents in found.items() if table not in LEFT_OUT}

    def commit(self) -> None:
        """Make it count. Raises BackupProblem when the server refuses, or does not answer, at the last moment."""
        self._asked_to_commit = True
        self._write(f"COMMIT;\n\\echo {_READY}\n")
        self._read()

    def committed(self) -> bool:
        """Whether it counts, asked of the server on another connection, however this session ended.

        Raises BackupProblem when the server does not say: then nobody here knows.
        """
        self.close()
        if not self._asked_to_commit:
            return False
        status = ""
        with suppress(psycopg.Error):
            for _try in range(600):
                with self._server.connect() as asking:
                    (status,) = asking.execute("SELECT pg_xact_status(%s::xid8)", [self._transaction]).fetchone()
                if status != "in progress":
                    return status == "committed"
                time.sleep(0.1)  # the session ends a moment after its program
        raise BackupProblem(
            "Máy chủ cơ sở dữ liệu không trả lời lúc ghi, nên chưa biết đã ghi hay chưa. Tệp đang có là của bản sao"
            " lưu, tệp cũ (nếu có) ở thư mục “….truoc-…” bên cạnh. Khởi động lại PostgreSQL rồi chạy lại lệnh này với"
            " --overwrite."
        )

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
