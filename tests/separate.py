"""A database of its own for a test that commits, copies, breaks or upgrades one: on the server of the other tests."""

import os
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from portal.backup.server import Server

_TESTS: dict[str, str] = {}  # the name of the tests' own database


@contextmanager
def own_database(label: str, *, like_tests: bool = True):
    """A new database, used by Django's default connection until the end; dropped then. Gives its Server.

    ``like_tests``: with the tables and catalogues of the test database; else empty. Needs django_db_setup.
    """
    before = connection.settings_dict["NAME"]
    assert before.startswith("test_"), "the test module needs the mark django_db"
    usual = _TESTS.setdefault("name", before)  # these may stand inside each other
    name = f"{usual}_{label}"
    connections.close_all()
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    if like_tests:
        _send_away(usual)
    _administer("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", name, usual if like_tests else "template0")
    connection.settings_dict["NAME"] = name
    try:
        yield Server.of(connection.settings_dict)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
        _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def url_of(server: Server) -> str:
    """DATABASE_URL for a process of its own that is to work on this database."""
    parts = connection.settings_dict
    host = quote(parts["HOST"], safe="")
    user = quote(parts["USER"], safe="")
    port = f"&port={parts['PORT']}" if parts["PORT"] else ""
    return f"postgresql://{user}:{quote(parts['PASSWORD'] or '')}@/{server.name}?host={host}{port}"


def environment(server: Server, data_dir, **more: str) -> dict[str, str]:
    """The environment of such a process: its files in ``data_dir``, real time, no demo."""
    return os.environ | {
        "DATABASE_URL": url_of(server),
        "PORTAL_DATA_DIR": str(data_dir),
        "PORTAL_DEMO": "0",
        "PORTAL_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        **more,
    }


def _send_away(name: str) -> None:
    """A template must have no visitor: the threads of a test server that has stopped leave their sessions behind."""
    with _administrator() as admin:
        admin.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [name])


def _administer(statement: str, *names: str) -> None:
    with _administrator() as admin:
        admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _administrator() -> psycopg.Connection:
    usual = connection.settings_dict
    server = Server.of(usual | {"NAME": "postgres"})
    secret = {"password": server.password} if server.password else {}
    return psycopg.connect(server.conninfo, autocommit=True, **secret)
