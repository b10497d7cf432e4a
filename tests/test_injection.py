"""Nothing that somebody types is obeyed: every text field of every model, every address, every form, every file given
out. The fields, names and addresses are found by looking, so that a new one is tried without a line here."""

import csv
import functools
import inspect
import io
import itertools
import logging
import re
import zipfile

import pghistory.models
import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core import validators
from django.db import Error, models, transaction
from django.urls import reverse
from django.utils import translation
from lxml import etree

from agencies.fields import Folded, Line, Prose
from agencies.history import record
from agencies.models import LongWork, RoleReview, Succession, User
from agencies.tables.listing import harmless
from campaigns.long_exports import ACTIVITIES
from campaigns.models import ActivitySite, DifferentEvents, PlanSection
from reports.models import Reminder
from tests.addresses import arguments
from tests.matrix import ACTORS, EXPECTED
from tests.nasty_texts import COMPUTED, DATES, EVERYTHING, NUMBERS, TEXTS
from tests.test_architecture import sources

ROOMS = ("agencies", "campaigns", "reports")
# Short words of the machine, never typed as prose: codes, digests, tokens, types.
TECHNICAL = {
    "User.password", "User.username", "User.email", "Council.code", "Agency.code", "RegisterImport.source_digest",
    "RecordEntry.verb", "RecordEntry.object_type", "RecordEntry.from_state", "RecordEntry.to_state",
    "Comment.object_type", "SavedView.query", "CalendarFeed.nonce", "Notice.key", "Plan.source_digest",
    "PlanSection.import_key", "Task.import_key", "Indicator.code", "Evidence.media_type", "Evidence.sha256",
    "PlanImport.digest", "Period.code", "FormVersion.code", "FormEstimate.form", "FormEstimate.period",
    "Receipt.content", "Receipt.digest", "Reminder.token", "CouncilTarget.code", "CouncilTarget.rate",
    "WordTemplate.digest", "FormerPassword.password", "RecordLink.month", "SentForm.location", "SentForm.path",
    "Session.address", "Session.browser", "Session.reference", "Session.session_data", "Session.session_key",
    "WrongTries.browser", "WrongTries.key", "ActivitySum.code", "LongWork.kind",
}  # fmt: skip


def our_models():
    """Every model of the rooms but the tables of history."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if not issubclass(model, pghistory.models.Event):
                yield model


def typed_fields(model) -> list[models.Field]:
    return [field for field in model._meta.local_fields if isinstance(field, Line | Prose) and not field.choices]


# --- what is kept -------------------------------------------------------------------------------------------------


def test_every_text_that_people_type_is_a_line_or_prose():
    others = {
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField) and not isinstance(field, Line | Prose | Folded)
        and not field.choices
    }  # fmt: skip
    assert others - TECHNICAL == set()


@pytest.mark.parametrize(("what", "typed", "kept"), TEXTS, ids=[row[0] for row in TEXTS])
def test_what_nobody_sees_is_not_kept(what, typed, kept):
    for model in our_models():
        for field in typed_fields(model):
            stored = field.get_prep_value(typed)
            stored.encode()
            if isinstance(field, Line):
                assert "\n" not in stored and "\r" not in stored
                assert kept is None or stored == kept.replace("\n", " ")
            else:
                assert kept is None or stored == kept


def subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def test_no_form_speaks_english():
    """Every message that a form or a validator may say, ours and Django's, has Vietnamese words."""
    said = {}
    for kind in (forms.Field, *subclasses(forms.Field), *subclasses(forms.BaseForm), *subclasses(forms.BaseFormSet)):
        for messages in (getattr(kind, "default_error_messages", {}), getattr(kind, "error_messages", {})):
            said |= {f"{kind.__name__} {code}": message for code, message in messages.items()}
    said |= {
        name: kind.message for name, kind in inspect.getmembers(validators, inspect.isclass) if hasattr(kind, "message")
    }
    with translation.override("vi"):
        english = {name: str(message) for name, message in said.items() if str(message) and str(message).isascii()}
    assert english == {}


# --- what is given out --------------------------------------------------------------------------------------------


# Fields whose rows the database lets nobody change, and where their text comes from; every other one is filled.
UNFILLED = {
    "CouncilReportVersion.what": "the portal's own words",
    "Receipt.agency_name": "the agency's name on that day",
    "Receipt.handed_in_by_name": "the person's name on that day",
    "Receipt.period_label": "the portal's own words",
    "RecordEntry.actor_name": "inserted below",
    "RecordEntry.reason": "inserted below",
    "RecordEntry.summary": "inserted below",
    "Reminder.by_name": "inserted below",
    "Reminder.text": "inserted below",
    "RoleReview.by_name": "inserted below",
    "RoleReview.reason": "inserted below",
}
STARTS = "=+-@＝＋－＠"  # what a sheet takes for the beginning of a formula, also in full width


@pytest.fixture
def infested(world, objects):
    """The world with EVERYTHING in each text that anybody may type, as far as the database takes it."""
    _rows_of_every_kind(world, objects)
    unfilled, start = set(), itertools.cycle(STARTS)
    for model in our_models():
        for field in typed_fields(model):
            unique = field.unique or any(field.name in getattr(rule, "fields", ()) for rule in model._meta.constraints)
            # NFC and dropped signs only shorten a text.
            text = f"{next(start)}{EVERYTHING[1:]}"[: (field.max_length or 500) - (8 if unique else 0)]
            rows = model._default_manager.order_by("pk")
            together = not unique and _filled(rows, field, text)
            # One row that a rule of the database refuses, as it should, does not spare the others.
            one_by_one = [
                _filled(rows.filter(pk=row), field, f"{text}{row}" if unique else text)
                for row in (() if together else rows.values_list("pk", flat=True))
            ]
            if not together and not any(one_by_one):
                unfilled.add(f"{model.__name__}.{field.name}")
    assert unfilled == set(UNFILLED)
    return objects


def _rows_of_every_kind(world, objects) -> None:
    """What the world and its objects have no row of; in what is insert only, EVERYTHING at once."""
    officer, now, a, b = world.people["officer_a"], world.now, world.agencies["a"], world.agencies["b"]
    by = {"by": officer, "by_name": EVERYTHING[:120]}
    ActivitySite.objects.create(activity_id=objects["activity"], name="Điểm cầu")
    PlanSection.objects.create(plan=world.plan, number="I", path="I", title="Mục", import_key="I")
    first, second = sorted((objects["activity"], objects["double"]))
    DifferentEvents.objects.create(first_id=first, second_id=second, reason="Khác", said_by=officer, said_at=now)
    Succession.objects.create(predecessor=b, successor=a, kind="merge", effective_on=world.today)
    Reminder.objects.create(period=world.period, agency=a, at=now, on=world.today, text=EVERYTHING, told=1, **by)
    RoleReview.objects.create(member_id=objects["member"], outcome="kept", at=now, reason=EVERYTHING, **by)
    failed = {"kind": ACTIVITIES, "state": "failed", "error": "Dừng", "ended_at": now, "parameters": {"format": "csv"}}
    LongWork.objects.create(title="Danh sách", ordered_by=officer, ordered_at=now, **failed)
    actor = User(pk=officer.pk, full_name=EVERYTHING[:100])
    record(by=actor, now=now, verb="save_task", obj=world.tasks[3], summary=EVERYTHING[:250], reason=EVERYTHING)


def _filled(rows, field, text: str) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.order_by().update(**{field.name: text}))
    except Error:
        return False


def harm_in(answer) -> list[str]:
    """What of EVERYTHING is obeyed in an answer."""
    kind = answer.get("Content-Type", "").partition(";")[0]
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found = [f"header {name}" for name, value in answer.items() if "FAKE" in name or "\n" in value or "\r" in value]
    if kind == "text/html" and b"<script>alert" in content:
        found.append("script")
    if kind == "text/html" and b"<img src=x" in content:
        found.append("handler")
    if COMPUTED.encode() in content:
        found.append("computed")
    if kind == "text/csv":
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        found += [f"cell {cell[:20]}" for row in rows for cell in row if re.match(r"[=+@＝＋＠\t\r]|[-－]\D", cell)]
    if kind == "text/calendar":
        lines = content.decode().replace("\r\n ", "").split("\r\n")
        found += [line for line in lines if line.startswith("FAKE") or re.search(r"[\x00-\x08\n\r\x0b-\x1f]", line)]
        found += ["events"] if lines.count("BEGIN:VEVENT") != lines.count("END:VEVENT") else []
    if content.startswith(b"PK"):
        found += harm_in_package(content)
    return found


def harm_in_package(content: bytes) -> list[str]:
    """What is obeyed in a Word or Excel file; every part is well-formed."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            if name.endswith((".xml", ".rels")):
                etree.fromstring(raw)
            if re.search(rb"<(?:\w+:)?(f|instrText|formula)[^>]*>[^<]*(cmd|HYPERLINK\(&quot;http|evil)", raw):
                found.append(f"formula in {name}")
            if COMPUTED.encode() in raw:
                found.append(f"computed in {name}")
            if name.endswith(".rels") and b"evil.example" in raw:
                found.append(f"link in {name}")
            if name.startswith("xl/externalLinks") or raw.startswith(b"PK"):
                found += [name] if name.startswith("xl/externalLinks") else harm_in_package(raw)
    return found


def may(who: str, name: str) -> bool:
    """Whether this person is not refused at that address; a refusal reads nothing and is the same for all."""
    return EXPECTED[name][1].split()[ACTORS.index(who)] not in {"403", "404"}


@pytest.mark.parametrize("who", ["secretary", "officer_a"])
def test_every_page_and_file_says_it_and_obeys_nothing(world, infested, sign_in, who):
    client, wrong, kinds = sign_in(world.people[who]), {}, set()
    client.raise_request_exception = False
    for name in EXPECTED:
        if EXPECTED[name][0] != "GET" or not (who == "secretary" or may(who, name)):
            continue
        url = reverse(name, kwargs=arguments(name, infested))
        for asked in (
            ("", "?xuat=xlsx", "?xuat=csv") if name.endswith(("-list", "record", "board", "my-work")) else ("",)
        ):
            answer = client.get(url + asked)
            kinds.add(answer.get("Content-Type", "").partition(";")[0].rpartition(".")[2])
            harm = harm_in(answer) + (["crash"] if answer.status_code >= 500 else [])
            if harm:
                wrong[url + asked] = harm
    assert wrong == {}
    assert {"text/html", "text/csv", "text/calendar", "sheet", "document"} <= kinds | (
        {"document"} if who != "secretary" else set()
    )


@pytest.mark.parametrize("start", list("=+-@") + ["\t=", "\r=", "\n=", "＝", "＋", "－", "＠"])
def test_no_text_becomes_a_formula(start):
    assert not re.match(r"\s*[=+\-@＝＋－＠]", harmless(f"{start}cmd|' /C calc'!A0"))


# --- what is asked ------------------------------------------------------------------------------------------------

_ASKED = re.compile(r"""(?:GET|POST|data)\.get(?:list)?\(\s*["']([^"']+)["']|(?:GET|POST|data)\[["']([^"']+)["']\]""")


@functools.cache
def names_asked() -> list[str]:
    """Every name by which a view or a form reads something sent: from the sources and from the forms themselves."""
    found = {name for path in sources() for pair in _ASKED.findall(path.read_text()) for name in pair if name}
    for kind in subclasses(forms.BaseForm):
        if kind.__module__.split(".")[0] in (*ROOMS, "portal"):
            found |= set(kind.base_fields)
    return sorted(found - {"csrfmiddlewaretoken"})


VALUES = [
    EVERYTHING.replace("\ud800", ""),
    "\x00",
    *(typed for _what, typed in NUMBERS[:5]),
    *(typed for _what, typed in DATES[1:5]),
    "[]",
    "{}",
]


def _together(at: int) -> dict[str, str]:
    """Each name with a value of its own; the values move on from one asking to the next."""
    return {name: VALUES[(at + n) % len(VALUES)] for n, name in enumerate(names_asked())}


def test_no_address_breaks_at_what_it_is_asked(world, objects, sign_in):
    clients, wrong = {who: sign_in(world.people[who]) for who in ("secretary", "officer_a")}, {}
    assert {"q", "xuat", "page", "title", "reason"} <= set(names_asked())
    for name, (method, _statuses) in EXPECTED.items():
        if method == "GET":
            url = reverse(name, kwargs=arguments(name, objects))
            client = clients["officer_a" if may("officer_a", name) and not may("secretary", name) else "secretary"]
            client.raise_request_exception = False
            answer = client.get(url, _together(0))
            if answer.status_code >= 500 or harm_in(answer):
                wrong[name] = answer.status_code, harm_in(answer)
    assert wrong == {}


@pytest.mark.parametrize("who", ["secretary", "officer_a"])
def test_no_form_breaks_at_what_it_is_sent(world, objects, sign_in, who):
    client, wrong = sign_in(world.people[who]), {}
    client.raise_request_exception = False
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    for name in EXPECTED:
        if not may(who, name) and (who == "officer_a" or may("officer_a", name)):
            continue  # the other one asks
        url = reverse(name, kwargs=arguments(name, objects))
        with transaction.atomic():
            answer = client.post(url, _together(0 if who == "secretary" else 1))
            told = answer.content if not answer.streaming else b""
            if answer.status_code >= 500 or b"Null characters" in told or harm_in(answer):
                wrong[name] = answer.status_code
            transaction.set_rollback(True)
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie  # signed out or anew: taken back with the rest
    assert client.get(reverse("session-list")).status_code == 200 and wrong == {}


# --- what is written down -----------------------------------------------------------------------------------------


def test_nobody_writes_a_line_into_the_log(world, sign_in, caplog):
    client, lie = sign_in(world.people["officer_a"]), "\r\nINFO root: admin signed in\x1b[2J"
    with caplog.at_level(logging.DEBUG):
        client.get("/khong-co/%0d%0aINFO root: admin signed in%1b[2J/")
        client.get("/tim-kiem/", {"q": lie}, headers={"user-agent": lie, "referer": lie, "x-request-id": lie})
        client.post("/dang-nhap/", {"username": lie, "password": lie})
    formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    ours = [line for line in caplog.records if line.name.split(".")[0] in ("django", "portal", "root")]
    for told in ours:
        line = formatter.format(told).split("Traceback")[0]
        assert "\n" not in line and "\r" not in line and "\x1b" not in line, line
    assert ours
