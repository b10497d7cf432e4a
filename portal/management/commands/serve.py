"""manage.py serve: everything `make run` does after the set-up."""

import ctypes
import os
import signal
import socket
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from agencies.models import Council


class Command(BaseCommand):
    help = "Chuẩn bị cơ sở dữ liệu, nạp dữ liệu minh họa khi còn trống, rồi phục vụ trang web. Ctrl-C để dừng."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="cổng, mặc định 8000")
        parser.add_argument("--workers", type=int, default=2, help="số tiến trình phục vụ")

    def handle(self, *args, port, workers, **options):
        _refuse_taken_port(port)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.PORTAL_DEMO and not Council.objects.exists():
            self.stdout.write("Đang dựng dữ liệu minh họa…")
            self.stdout.flush()
            call_command("demo", stdout=self.stdout)
        self._introduce(port)
        sys.exit(_serve(port, workers))

    def _introduce(self, port: int) -> None:
        self.stdout.write(f"\nCổng phối hợp PBGDPL: http://127.0.0.1:{port}\n")
        if settings.PORTAL_DEMO:
            from portal.demo.logins import DEMO_LOGINS, DEMO_PASSWORD

            self.stdout.write(f"Dữ liệu minh họa, hôm nay là {settings.PORTAL_TODAY:%d/%m/%Y}.")
            self.stdout.write(f"Mật khẩu chung: {DEMO_PASSWORD}")
            for username, who in DEMO_LOGINS:
                self.stdout.write(f"  {username:18} {who}")
        self.stdout.write("\nCtrl-C để dừng.")
        self.stdout.flush()


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Cổng {port} đang có chương trình khác dùng. Chạy lại với PORT=8001.") from error


def _end_with_parent() -> None:
    """In the child, on Linux: when this command is killed outright the server ends too and frees the port."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _serve(port: int, workers: int) -> int:
    """Run gunicorn and one job worker until told to stop; the embedded database, if any, stops after them."""
    server = ["gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    server += ["--workers", str(workers), "--threads", "4", "--no-control-socket"]
    running: list[subprocess.Popen] = []

    def stop(_number, _frame):
        for process in running:
            if process.poll() is None:
                process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    running.append(_start(server))
    running.append(_start(["django", "procrastinate", "worker"]))
    code = running[0].wait()
    stop(None, None)  # the server ended by itself: the worker goes too
    try:
        running[1].wait(timeout=20)
    except subprocess.TimeoutExpired:
        running[1].kill()  # its transaction is taken back; agencies.tasks.take_up_stalled does the job later
    return 0 if code in (0, -signal.SIGTERM) else 1


def _start(module: list[str]) -> subprocess.Popen:
    """Start a Python module in a session of its own: Ctrl-C reaches us alone, and we stop it before the database."""
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        env=os.environ.copy(),
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )
