"""A demo on loopback for the attackers alone: data, server and sessions that nobody else uses."""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def served(data: Path, log: Path) -> Iterator[str]:
    """The address of a demo that answers; it ends with the block. Raises RuntimeError when it does not come up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {"PORTAL_DEMO": "1", "PORTAL_DATA_DIR": str(data)}
    env.pop("DATABASE_URL", None)  # never somebody's real data
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=env, stdout=out, stderr=out
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", server, log)
        finally:
            server.terminate()
            server.wait()


def _answering(base: str, server: subprocess.Popen, log: Path) -> str:
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{base}/dang-nhap/", timeout=5).close()
            return base
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise RuntimeError(f"the demo did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def session_of(base: str, username: str, password: str) -> str:
    """The cookies of somebody signed in through the form, as one header value."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{base}/dang-nhap/").read().decode()
    fields = {"csrfmiddlewaretoken": _TOKEN.search(page)[1], "username": username, "password": password}
    fields["login"] = username  # whichever name the form has
    browser.open(f"{base}/dang-nhap/", urllib.parse.urlencode(fields).encode()).close()
    home = browser.open(f"{base}/").geturl()
    if "/dang-nhap/" in home:
        raise RuntimeError(f"{username} could not sign in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
