"""A demo on loopback for what looks at it from outside: pictures of its pages, attacks on it."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TRIES = 600  # a second apart: the first time the demo is built, which takes about a minute


@contextmanager
def served(*, log: Path | None = None, **env: str) -> Iterator[str]:
    """The address of a demo that answers; it ends with the block. ``env``: settings besides; ``log``: what it prints.

    It works on the demo's own data, never on those of DATABASE_URL. Raises RuntimeError when it does not come up.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    out = log.open("wb") if log else None
    server = subprocess.Popen(command, cwd=ROOT, env=given | {"PORTAL_DEMO": "1"} | env, stdout=out, stderr=out)
    try:
        yield _answering(f"http://127.0.0.1:{port}", server, log)
    finally:
        server.terminate()
        server.wait()
        if out:
            out.close()


def _answering(base: str, server: subprocess.Popen, log: Path | None) -> str:
    for _try in range(_TRIES):
        try:
            urllib.request.urlopen(f"{base}/dang-nhap/", timeout=5).close()
            return base
        except (urllib.error.URLError, OSError):
            try:
                server.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
            break
    said = log.read_text(encoding="utf-8")[-2000:] if log else ""
    raise RuntimeError(f"the demo's server ended or did not answer {said}".strip())
