"""A few of each fault of ``make faults``, on a server of its own (the campaign itself does fifty of each)."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.separate import own_database

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def test_nothing_acknowledged_is_gone(django_db_setup, django_db_blocker, tmp_path):
    dump = tmp_path / "migrated.dump"
    with django_db_blocker.unblock(), own_database("faults") as server:
        process = server.start("pg_dump", "--format=custom", "--no-owner", f"--file={dump}")
        assert process.wait() == 0
    command = [sys.executable, "-m", "tests.faults", "--few", "--times", "1", "--seed", "7", "--dump", str(dump)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:]
    assert "Nothing acknowledged is gone." in done.stdout and done.stdout.count("check_integrity is clean") == 7
