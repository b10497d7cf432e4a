"""PgBouncer in transaction mode before a PostgreSQL server, as production has it (deploy/pgbouncer/pgbouncer.ini)."""

import configparser
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg

INI = Path(__file__).resolve().parents[1] / "deploy" / "pgbouncer" / "pgbouncer.ini"
PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
MISSING = "no pgbouncer on this machine: apt-get install pgbouncer"


class Pooler:
    """One PgBouncer on 127.0.0.1, with the settings of deploy/ except for where things are and who may come."""

    def __init__(self, place: Path, databases: dict[str, dict], port: int | None = None, **settings):
        """``databases``: name → {host, port, dbname, user} of the server behind; ``settings`` override the file's."""
        self.place, self.settings = place, settings
        place.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port or 0))
            self.port = probe.getsockname()[1]
        self.owner = {"user": "pgserver"} if os.geteuid() == 0 else {}  # it refuses to run as root
        self.databases = databases
        self._write()
        if self.owner:
            for path in (place, place / "pgbouncer.ini"):
                shutil.chown(path, "pgserver")
        self.process = subprocess.Popen([PROGRAM, "-q", str(place / "pgbouncer.ini")], **self.owner)
        self._until_it_answers()

    def point(self, **databases: dict) -> None:
        """Send these databases to other servers from now on; sessions with the former ones are given up."""
        self.databases |= databases
        self._write()
        self.console("RELOAD")

    def console(self, command: str) -> list[tuple]:
        """A command of its administrator, and what it answers."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, dbname="pgbouncer", user="postgres", autocommit=True,
            cursor_factory=psycopg.ClientCursor,
        ) as line:  # fmt: skip
            cursor = line.execute(command)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """In the end."""
        self.process.send_signal(signal.SIGTERM if self.process.poll() is None else 0)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _write(self) -> None:
        given = configparser.RawConfigParser(comment_prefixes=(";",))
        given.read(INI, encoding="utf-8")
        ours = dict(given["pgbouncer"]) | {
            "listen_addr": "127.0.0.1", "listen_port": self.port, "unix_socket_dir": "", "auth_type": "any",
            "admin_users": "postgres", "logfile": self.place / "log", "pidfile": self.place / "pid",
        } | self.settings  # fmt: skip
        ours.pop("auth_file", None)
        lines = ["[databases]"]
        for name, behind in self.databases.items():
            lines.append(f"{name} = " + " ".join(f"{key}={value}" for key, value in behind.items()))
        lines += ["[pgbouncer]", *(f"{key} = {value}" for key, value in ours.items())]
        new = self.place / "pgbouncer.ini"
        new.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _until_it_answers(self) -> None:
        for _try in range(200):
            try:
                self.console("SHOW VERSION")
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError((self.place / "log").read_text() if (self.place / "log").exists() else "no pgbouncer")
