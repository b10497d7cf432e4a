"""The portal's own processes: web nodes and job workers, each with a folder of its own, started anew when they end."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "failover-metrics"


def run(environment: dict[str, str], *arguments: str) -> None:
    """A management command; raises with what it said when it fails."""
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=os.environ | environment,
                          capture_output=True, text=True)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stdout[-1500:]}{done.stderr[-3000:]}")


class Process:
    """One process that is started again five seconds after it ends, as systemd does (deploy/systemd)."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path):
        self._command, self._environment, self._log = command, os.environ | environment, log.open("ab")
        self.name, self.starts, self._wanted = log.stem, 0, True
        self._start()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    def _start(self) -> None:
        self.starts += 1
        self.process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log
        )

    def _keep(self) -> None:
        while self._wanted:
            if self.process.poll() is not None:
                time.sleep(5)
                if self._wanted:
                    self._start()
            time.sleep(0.2)

    def stop(self) -> None:
        """In the end."""
        self._wanted = False
        self._watch.join()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()


class Node(Process):
    """One web machine: gunicorn as in production, on a port of loopback instead of nginx's socket."""

    def __init__(self, port: int, environment: dict[str, str], log: Path, workers: int):
        self.port = port
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "deploy/gunicorn.conf.py"]
        super().__init__([*command, "--bind", f"127.0.0.1:{port}", "--workers", str(workers)], environment, log)

    def wait(self) -> None:
        """Until it answers."""
        for _try in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/dang-nhap/", timeout=10).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the web node on {self.port} does not answer")

    def reads(self) -> dict[str, int]:
        """Where its heavy pages were read so far, or why not from the standby."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/suc-khoe/so-lieu/", headers={"Authorization": f"Bearer {SECRET}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        found = re.findall(r'portal_standby_reads_total\{answer="(\w+)"\} (\d+)', text)
        return {name: int(number) for name, number in found}
