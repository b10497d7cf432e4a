"""Saving one line of a report: the verb and the whole request, against a bare UPDATE of the same row.

The bare UPDATE has no trigger, no rule, no permission and no history. In a world of the bench's own both are committed;
in somebody else's everything is taken back, and the deferred checks of a commit are run at once instead.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection

from agencies import clock, wall
from campaigns.models import Task
from reports.entry import save_line
from reports.models import ReportLine
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.pages import signed_in
from tests.bench.site import Site
from tests.bench.statements import captured

_UPDATE = """UPDATE reports_reportline SET status = %s, percent = %s, result = %s, edited_at = %s, edited_by_id = %s,
version = version + 1 WHERE id = %s AND version = %s"""
_numbers = count(1)


def text_of(number: int) -> str:
    """Something new to say, of the length that people write."""
    return f"Đã tổ chức {number} buổi tuyên truyền tại các phường, xã; có 350 lượt người dự, phát 1.200 tờ gấp. " * 2


def measures(site: Site) -> Iterator[Measure]:
    """The verb, then the request with the form."""
    line, bare_line = site.line, site.report.lines.exclude(pk=site.line.pk).order_by("pk").first()
    with _kept(site):
        yield from _measures(site, line, bare_line, signed_in(site.officer))


def _measures(site: Site, line: ReportLine, bare_line: ReportLine, client) -> Iterator[Measure]:
    def verb():
        # The wall as the request puts it up; the version is what the form carried.
        with wall.for_person(site.officer.pk):
            saved = save_line(line=line, by=site.officer, now=clock.now(), version=_Now.version, **_values(line))
        _settle(site)
        return saved.result.strip()

    def request():
        return _post(client, site, line, {})

    def on_desk():
        return _post(client, site, line, {"HX-Request": "true", "HX-Target": f"viec-{line.pk}"})

    def bare():
        said = text_of(next(_numbers))
        status, percent = ("in_progress", 50) if bare_line.is_lead else ("", None)
        values = (status, percent, said, clock.now(), site.officer.pk, bare_line.pk, _Now.version)
        with connection.connection.cursor() as cursor:
            cursor.execute(_UPDATE, values)
            assert cursor.rowcount == 1
        return said.strip()

    floors = (
        Side("update", bare, lambda: _turn(site, bare_line, triggers=False)),
        Side("update with triggers", bare, lambda: _turn(site, bare_line)),
    )
    how = "committed" if site.own else "in a transaction taken back: no flush to disk on either side"
    for name, call in (("the verb", verb), ("the request", request), ("the request on the desk", on_desk)):
        around = _around(site, line)
        yield Measure(
            f"save a line, {name}",
            "saving",
            (Side(OURS, call, around, queries=_queries(call, around)), *floors),
            (Goal(6, f"{name} ÷ a bare UPDATE", "update", at_most=4),),
            _says_something_new,
            note=how,
        )


class _Now:
    """The version of the line whose turn it is, as the form that is sent would carry it."""

    version = 1


def _around(site: Site, line: ReportLine):
    return lambda: _turn(site, line)


@contextmanager
def _kept(site: Site):
    if site.own:
        yield
        return
    with rolled_back():
        yield


@contextmanager
def _turn(site: Site, line: ReportLine, triggers: bool = True):
    """A turn on that line; afterwards the row must hold what was said."""
    with _kept(site):
        _Now.version = ReportLine.objects.values_list("version", flat=True).get(pk=line.pk)
        if not triggers:
            _triggers("replica")
        try:
            yield
        finally:
            if not triggers:
                _triggers("origin")
        after = ReportLine.objects.values_list("version", flat=True).get(pk=line.pk)
        assert after == _Now.version + 1, f"line {line.pk} was not saved: version {after}, was {_Now.version}"


def _triggers(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {role}")


def _settle(site: Site) -> None:
    if not site.own:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _values(line: ReportLine) -> dict:
    said = {"result": text_of(next(_numbers))}
    return said | ({"status": str(Task.Status.IN_PROGRESS), "percent": 50} if line.is_lead else {})


def _post(client, site: Site, line: ReportLine, headers: dict) -> str:
    values = _values(line)
    address = site.address("report-line", agency=site.agency.code, pk=line.pk)
    answer = client.post(address, values | {"version": _Now.version}, headers=headers)
    assert answer.status_code in (200, 302), f"{address}: {answer.status_code}"
    _settle(site)
    return values["result"].strip()


def _queries(call: Callable, around) -> int:
    with around(), captured() as statements:
        call()
    return len(statements)


def _says_something_new(answers) -> None:
    """That each turn moved the row's version on by one is asked in ``_turn``; here, that they wrote as much."""
    lengths = {len(said) // 10 for said in answers.values()}
    assert len(lengths) == 1, answers
