"""The statements of a request, captured once: to be replayed bare, and to find the queries that cost most."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
_ROOMS = tuple(f"{ROOT / room}/" for room in ("agencies", "campaigns", "reports", "portal"))
_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Statement:
    """One statement as it went to the database: what it gave back, how long it took, and which function of ours asked."""

    sql: str
    params: Any
    rows: int
    seconds: float
    asked_by: str


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """The statements that Django sends inside, without the bookkeeping of transactions."""
    told: list[Statement] = []

    def wrapper(execute, sql, params, many, context):
        begun = perf_counter()
        result = execute(sql, params, many, context)
        if not str(sql).startswith(_BOOKKEEPING):
            seconds = perf_counter() - begun
            told.append(Statement(str(sql), params, context["cursor"].rowcount, seconds, _asked_by()))
        return result

    with connection.execute_wrapper(wrapper):
        yield told


def _asked_by() -> str:
    """The innermost function of ours on the stack: 'reports.sheet.load_sheet'; '' for Django's own."""
    frame = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_ROOMS) and "/council_wall/" not in path:
            module = path.removeprefix(f"{ROOT}/").removesuffix(".py").replace("/", ".")
            return (
                f"{module}.{frame.f_code.co_qualname if hasattr(frame.f_code, 'co_qualname') else frame.f_code.co_name}"
            )
        frame = frame.f_back
    return ""


def replay(statements: list[Statement]) -> Callable[[], list[int]]:
    """A function that sends the statements through psycopg alone and fetches every row; it returns how many each gave."""

    def send() -> list[int]:
        given = []
        with connection.connection.cursor() as cursor:
            for one in statements:
                cursor.execute(one.sql, one.params)
                given.append(len(cursor.fetchall()) if cursor.description else cursor.rowcount)
        return given

    return send
