"""How much memory a piece of work takes at most, in a child process of its own."""

import ctypes
import gc
import os
import resource
import signal
import traceback
from collections.abc import Callable

from django.db import connections


def peak_mb(work: Callable[[], object]) -> float:
    """MB that ``work`` takes at most, beyond what the process holds when it begins. Raises RuntimeError if it fails.

    The child has a database session of its own: what this process has not committed it does not see.
    """
    gc.collect()
    _give_back()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(600)  # whatever it waits for: it ends
        os.write(writing, _in_child(work))
        os._exit(0)  # no farewell: the database server and the files are the parent's
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read().decode()
    os.waitpid(child, 0)
    if not told.replace(".", "").isdigit():
        raise RuntimeError(told or "the child process was killed")
    return float(told)


def _in_child(work: Callable[[], object]) -> bytes:
    try:
        for connection in connections.all(initialized_only=True):
            connection.inherited = connection.connection  # kept alive: closing it would close the parent's
            connection.connection, connection.in_atomic_block, connection.savepoint_ids = None, False, []
            connection.needs_rollback, connection.atomic_blocks, connection.run_on_commit = False, [], []
            connection.portal_wall = None
        _touch_once()
        before = _peak_kb()
        work()
        return f"{max(0, _peak_kb() - before) / 1024:.1f}".encode()
    except BaseException:
        return traceback.format_exc().encode()


def _touch_once() -> None:
    """Open the session first: its own memory is nobody's work."""
    for connection in connections.all(initialized_only=True):
        connection.ensure_connection()


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _give_back() -> None:
    """Return freed memory to the system, so that work cannot hide in it (glibc only)."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        pass
