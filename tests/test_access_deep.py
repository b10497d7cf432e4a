"""The matrix of tests/test_access.py in depth: whom an address refuses, it refuses by every method, in every format and
in every state of the report, the period and the plan; a verb is open over the web exactly where the tables say so.

Generated from the URLconf, the matrix and the transition tables: a new address or verb is tried without a line here.
"""

import itertools
import logging
import os
from collections import Counter
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.urls import reverse

from agencies.permissions import can
from campaigns.models import Plan
from campaigns.workflow import PLAN_TRANSITIONS
from reports.consolidation import consolidate
from reports.form_versions import TRANSITIONS as FORM_TRANSITIONS
from reports.freezing import freeze
from reports.models import FormVersion, Period, ProgressReport
from reports.workflow import PERIOD_TRANSITIONS, REPORT_TRANSITIONS
from tests.addresses import arguments, every_view
from tests.matrix import ACTORS, EXPECTED

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORMATS = ({}, {"HTTP_HX_REQUEST": "true"}, {"HTTP_ACCEPT": "application/json"})
ALL_WAYS = tuple(itertools.product(METHODS, FORMATS))
# In the suite each of the two methods that pages use, a fragment and a script's question, and the others in turn: every
# address meets every method, with one person or another. EVERY_WAY=1 tries each person with all of them (minutes).
EVERY_WAY = bool(os.environ.get("EVERY_WAY"))
USUAL_WAYS = (("GET", FORMATS[1]), ("POST", FORMATS[0]), ("POST", FORMATS[2]))
IN_TURN = tuple(way for way in ALL_WAYS if way not in USUAL_WAYS)
REFUSED = {403, 404, 405}
# Of somebody without a session nothing is told but where to sign in; what a form had typed is given back by a page.
ASKED_TO_SIGN_IN = REFUSED | {204, 302, 401}
# A session says that it is used, and forms say that they were sent; neither is anybody's business data.
OWN_TRACES = ("agencies_session", "agencies_sentform")
PUBLIC = {name for name, _route, view in every_view() if view.access_rule["public"]}


def denied():
    """(address, actor) wherever the matrix refuses."""
    for name, (_method, statuses) in EXPECTED.items():
        for actor, status in zip(ACTORS, statuses.split(), strict=True):
            outside = actor in {"anonymous", "inactive"} and name not in PUBLIC
            if outside or status in {"403", "404"}:
                yield name, actor


def ask(client, method: str, url: str, body: str = "", **headers):
    """(answer, statements that wrote business data) of one request, whose effects are taken back."""
    wrote: list[str] = []

    # Not Django's log of queries: that one keeps the last 9,000 of a test and counts nothing after them.
    def heard(execute, sql, params, many, context):
        if str(sql).startswith(("INSERT", "UPDATE", "DELETE")) and not any(own in str(sql) for own in OWN_TRACES):
            wrote.append(str(sql))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(heard):
        response = client.generic(method, url, body, "application/x-www-form-urlencoded", **headers)
        transaction.set_rollback(True)
    return response, wrote


def refused(response, actor: str) -> bool:
    """Whether the answer gives nothing away."""
    if actor not in {"anonymous", "inactive"}:
        return response.status_code in REFUSED
    page = response.status_code in {200, 409} and b'name="password"' in response.content
    notice = response.headers.get("HX-Retarget") == "#notices"  # where to sign in, beside what was typed
    return response.status_code in ASKED_TO_SIGN_IN or page or notice


pytestmark = pytest.mark.usefixtures("nobody_is_away")


@pytest.fixture(autouse=True)
def _no_log_of_refusals():
    """Thousands of them are meant; each would be logged with its traceback."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def clients(world, sign_in):
    return {actor: sign_in(world.people.get(actor)) for actor in ACTORS}


def address(name: str, objects: dict) -> str:
    return reverse(name, kwargs=arguments(name, objects))


@pytest.mark.django_db
def test_what_a_request_writes_is_heard(objects, clients):
    url = address("activity-create", objects)
    typed = {
        "agency": str(objects["agency"]),
        "held_on": "03/06/2024",
        "form": "school",
        "place": "Trường",
        "figure-PB02": "9",
    }
    assert ask(clients["officer_a"], "GET", url)[1] == []
    assert ask(clients["officer_a"], "POST", url, body=urlencode(typed))[1]


@pytest.mark.django_db
def test_whom_an_address_refuses_it_refuses_by_every_method_and_in_every_format(objects, clients):
    wrong, tried = [], 0
    for at, (name, actor) in enumerate(denied()):
        url = address(name, objects)
        for method, headers in ALL_WAYS if EVERY_WAY else (*USUAL_WAYS, IN_TURN[at % len(IN_TURN)]):
            response, wrote = ask(clients[actor], method, url, **headers)
            tried += 1
            if wrote or not refused(response, actor):
                wrong.append((name, actor, method, headers, response.status_code, wrote[:1]))
    print(f"\n{tried} requests of people whom the address refuses, {len(wrong)} answered otherwise")
    assert not wrong, "\n".join(map(str, wrong))


def states():
    """(what, model, state) of everything with a transition table."""
    yield from (("report", ProgressReport, state) for state in ProgressReport.State.values)
    yield from (("period", Period, state) for state in Period.State.values)
    yield from (("plan", Plan, state) for state in Plan.State.values)


def put(world, model, state: str) -> None:
    """Everything of the model in that state, with what its row says then; triggers stand aside for the test."""
    officer, facts = world.people["officer_a"], {"state": state}
    if model is ProgressReport:
        facts |= {
            "submitted_at": world.now,
            "submitted_by": officer,
            "accepted_at": world.now,
            "return_reason": "Lý do",
            "returned_at": world.now,
        }
    elif model is Period:
        facts |= {"locked_at": world.now if state == "locked" else None, "frozen": None}
    elif model is Plan:
        facts["superseded_by"] = world.plan if state == "superseded" else None
    elif model is FormVersion:
        facts |= {"confirmed_at": world.now, "retired_at": world.now, "retire_reason": "Lý do đủ dài"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        if model is Period and state == "locked":  # each has a frozen value of its own
            for period in Period.objects.all():
                frozen = freeze(consolidate(world.period, as_of=world.today), council_id=period.council_id)
                Period.objects.filter(pk=period.pk).update(**facts | {"frozen": frozen})
        else:
            model.objects.update(**facts)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "model", "state"), list(states()))
def test_whom_an_address_refuses_it_refuses_in_every_state(world, objects, clients, what, model, state):
    put(world, model, state)
    wrong, tried, turn = [], 0, [state for _what, _model, state in states()].index(state)
    for at, (name, actor) in enumerate(denied()):
        url = address(name, objects)
        if actor in {"anonymous", "inactive"} or not any(
            part in name for part in (what, "line", "consolidation", "board")
        ):
            continue
        for method in ("GET", "POST") if EVERY_WAY else (("GET", "POST")[(at + turn) % 2],):
            response, wrote = ask(clients[actor], method, url)
            tried += 1
            if wrote or not refused(response, actor):
                wrong.append((name, actor, method, response.status_code, wrote[:1]))
    print(f"\n{what} {state}: {tried} requests, {len(wrong)} answered otherwise")
    assert tried > 50 and not wrong, "\n".join(map(str, wrong))


def verbs():
    """(address, row of a transition table, what it moves)."""
    yield from (("report-transition", row, lambda world, objects: world.report("a")) for row in REPORT_TRANSITIONS)
    lock, reopen = PERIOD_TRANSITIONS
    yield "period-lock", lock, lambda world, objects: world.period
    yield "period-reopen", reopen, lambda world, objects: world.period
    yield from (("plan-transition", row, lambda world, objects: world.plan) for row in PLAN_TRANSITIONS)
    form = lambda world, objects: FormVersion.objects.get(pk=objects["form_version"])  # noqa: E731
    yield from (("form-version-transition", row, form) for row in FORM_TRANSITIONS)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row", "find"), list(verbs()), ids=lambda value: getattr(value, "name", ""))
def test_a_verb_is_done_only_by_those_and_in_those_states_that_its_table_names(
    world, objects, clients, name, row, find
):
    obj = find(world, objects)
    named = arguments(name, objects)
    url = reverse(name, kwargs=named | {"verb": row.slug} if "verb" in named else named)
    wrong, answers, moved = [], Counter(), 0
    for state in type(obj).State.values:
        put(world, type(obj), state)
        for actor in ACTORS:
            with transaction.atomic():
                response = clients[actor].post(url, {"reason": "Lý do đủ dài để ghi vào nhật ký", "ly_do": "x"})
                now = type(obj).objects.get(pk=obj.pk).state
                transaction.set_rollback(True)
            answers[response.status_code] += 1
            moved += now != state
            may = (
                actor in world.people
                and world.people[actor].is_active
                and can(world.people[actor], row.perm, obj.permission_scope)
            )
            if now != state and not (may and state in row.sources):
                wrong.append((actor, state, "moved it to", now))
            # A period's code in an address means the quarter of one's own council.
            asked_own = name.startswith("period-") and actor == "other_secretary"
            if not (may or asked_own or response.status_code in REFUSED or actor in {"anonymous", "inactive"}):
                wrong.append((actor, state, "was not refused", response.status_code))
    print(f"\n{row.name}: {dict(answers)}, moved {moved} times")
    assert not wrong, "\n".join(map(str, wrong))
