"""The portal as it runs: gunicorn, the job worker, and people who send forms to it."""

import http.client
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client

from tests.faults.cluster import children, kill

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Answer:
    """What came back: ``status`` 0 when nothing did."""

    status: int = 0
    body: bytes = b""
    location: str = ""

    @property
    def acknowledged(self) -> bool:
        """The portal said that it is done; being shown the way to the sign-in page says nothing of the kind."""
        return self.status == 302 and not self.location.startswith("/dang-nhap/")


class Visitor:
    """Somebody signed in, sending forms as a browser does."""

    def __init__(self, port: int, user):
        self.port, self._user, self.token = port, user, secrets.token_hex(16)
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a session."""
        self.client = client = Client()
        client.force_login(self._user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={self.token}"

    def post(self, path: str, fields: dict, files: dict[str, tuple[str, bytes]] | None = None) -> Answer:
        """Send a form; an Answer without status when the line broke."""
        given = {"csrfmiddlewaretoken": self.token} | fields
        if files is None:
            body = urllib.parse.urlencode(given, doseq=True).encode()
            kind = "application/x-www-form-urlencoded"
        else:
            body, kind = _multipart(given, files)
        return self._ask("POST", path, body, {"Content-Type": kind})

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None, {})

    def _ask(self, method, path, body, headers) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            line.request(method, path, body, headers | {"Cookie": self.cookie})
            answer = line.getresponse()
            return Answer(answer.status, answer.read(), answer.getheader("Location") or "")
        except (OSError, http.client.HTTPException):
            return Answer()
        finally:
            line.close()

    def later(self, path: str, fields: dict, files=None) -> "Sending":
        """Send a form on a thread of its own."""
        return Sending(lambda: self.post(path, fields, files))


class Sending(threading.Thread):
    """A form on its way."""

    def __init__(self, send):
        super().__init__()
        self._send, self._answer = send, Answer()
        self.start()

    def run(self):
        self._answer = self._send()

    def answer(self) -> Answer:
        """Wait for what comes back."""
        self.join()
        return self._answer


def _multipart(fields: dict, files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    mark, parts = secrets.token_hex(12), []
    for name, value in fields.items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, (file, content) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


class Web:
    """gunicorn with one worker process of four threads, so that a kill meets the request under way."""

    def __init__(self, largest_file: int | None = None, application: str = "portal.wsgi", **environment: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = ["gunicorn", application, "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"]
        command += ["--no-control-socket", "--log-level", "critical", "--timeout", "300"]
        self._log = (settings.DATA_DIR / "web.log").open("ab")
        self.process = _start(command, self._log, environment, largest_file)
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        for _try in range(6000):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
            try:
                line.request("GET", "/static/none.css")
                line.getresponse().read()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                line.close()
        raise RuntimeError("the web server does not answer")

    def kill_worker(self) -> None:
        """kill -9 of the process that answers; gunicorn starts another."""
        for pid in children(self.process.pid):
            kill(pid)

    def stop(self) -> None:
        """In the end."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self._log.close()


class Worker:
    """The job worker."""

    def __init__(self, **environment: str):
        self._log = (settings.DATA_DIR / "worker.log").open("ab")
        self.process = _start(["django", "procrastinate", "worker"], self._log, environment, None)

    def kill(self) -> None:
        """kill -9."""
        kill(self.process.pid)
        self.process.wait()
        self._log.close()


def _start(module: list[str], log, environment: dict, largest_file: int | None) -> subprocess.Popen:
    def limit():
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))

    return subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log, preexec_fn=limit,
    )  # fmt: skip
