"""The embedded server's register of users survives users that were killed."""

import json
import os
import subprocess
import sys

import pytest

from portal.embedded import forget_dead_users, parse_database_url


def test_dead_users_are_struck_off(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    register = tmp_path / "users.json"
    register.write_text(json.dumps([os.getpid(), gone.pid]))
    forget_dead_users(register)
    assert json.loads(register.read_text()) == [os.getpid()]
    forget_dead_users(tmp_path / "none.json")  # a first start has no register


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("postgresql://u:p%40ss@db.example/portal", "db.example", "portal"),
        ("postgresql://postgres:@/portal?host=/tmp/so%20cket", "/tmp/so cket", "portal"),
    ],
)
def test_addresses(url, host, name):
    settings = parse_database_url(url)
    assert (settings["HOST"], settings["NAME"], settings["OPTIONS"]) == (host, name, {})


def test_only_postgresql_is_taken():
    with pytest.raises(ValueError, match="postgresql"):
        parse_database_url("sqlite:///x.db")
