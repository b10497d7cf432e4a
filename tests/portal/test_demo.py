"""The demo world: complete, consistent with itself, safe to repeat. Built once for the module and rolled back.

Each test's own transaction lies inside the module's, so what a test writes is undone too.
"""

import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.test import override_settings

from agencies.clock import at
from agencies.history import timeline
from agencies.journal.guards import missing_guards
from agencies.models import Membership, Notice, RecordEntry, Role, User
from agencies.permissions import drift
from campaigns.models import Activity, ActivityFigure, ActivitySite, Evidence, Indicator, Plan, Target, Task
from portal.demo import councils, deeds, figures, plans_past, texts, tien_giang, words
from portal.demo.build import AGENCIES, COUNCIL_NUMBER, SECOND_QUARTER, build
from portal.demo.deeds import DEEDS
from portal.demo.diary import planned
from portal.demo.files import pdf, picture, word
from portal.demo.logins import DEMO_LOGINS, DEMO_PASSWORD, PEOPLE
from portal.demo.plans_front import FRONT
from portal.demo.plans_order import ORDER
from portal.demo.plans_school import SCHOOL
from portal.demo.plans_service import SERVICE
from portal.demo.plans_women import WOMEN
from portal.demo.reset import empty_database, remove_files
from portal.demo.world import DAY
from reports.calendars import parse_period
from reports.carry import tasks_out_of_step
from reports.consolidation import consolidate
from reports.facts import activity_totals
from reports.integrity import activities_that_do_not_add_up, events_counted_twice_or_never
from reports.models import CouncilReport, Holiday, Period, ProgressReport, Reminder, ReportLine
from reports.rules import check
from reports.sheet import load_sheet

FIVE = (FRONT, SCHOOL, ORDER, WOMEN, SERVICE)
ALL_PLANS = (*FIVE, plans_past.OLD, plans_past.YOUTH_OLD, plans_past.DRAFT, plans_past.CANCELLED, tien_giang.PLAN)
pytestmark = pytest.mark.django_db
QUARTERS = ("2023-q2", "2023-q3", "2023-q4", "2024-q1", "2024-q2")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, built in a transaction that is undone after the module."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    files = tmp_path_factory.mktemp("demo-files")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=files, PASSWORD_HASHERS=quick, PORTAL_DEMO=True),
        transaction.atomic(),
    ):
        assert connection.settings_dict["NAME"].startswith("test_")
        world = build()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the commit would check
        yield world
        transaction.set_rollback(True)


# --- the content, without a database --------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", ALL_PLANS, ids=lambda plan: plan.key)
def test_plans_are_signed_and_carried_by_their_parties(plan):
    codes = [row.code for row in plan.tasks]
    assert len(codes) == len(set(codes))
    for row in plan.tasks:
        assert row.lead in plan.parties, row
        assert set(row.supporting) <= set(plan.parties) - {row.lead}, row
        assert row.tag in texts.SUPPORT, row
        assert row.due is None or plan.starts_on <= row.due <= plan.ends_on, row


def test_the_five_plans_cover_the_nine_partners_and_say_what_is_assumed():
    partners = [code for plan in FIVE for code in plan.parties if code != "stp"]
    assert sorted(partners) == sorted(set(AGENCIES) - {"stp"})
    for plan in FIVE:
        assert 12 <= len(plan.tasks) <= 20 and plan.signed_on == date(2024, 2, 29)
        assert plan.parties[0] == "stp" and "giả định" in plan.note


@pytest.mark.parametrize("plan", FIVE, ids=lambda plan: plan.key)
def test_what_is_said_fits_the_quarter(plan):
    for row in plan.tasks:
        for code, said in row.said.items():
            assert said.text.strip(), (row.code, code)
            if said.on:
                assert said.percent == 100 and date.fromisoformat(said.on) in parse_period(code), (row.code, code)
                assert date.fromisoformat(said.on) < DAY
            assert (said.percent == 100) == bool(said.on), (row.code, code)


def test_activities_serve_tasks_that_their_agency_has():
    plans = {plan.key: {row.code: row for row in plan.tasks} for plan in FIVE}
    for agency, kinds in DEEDS.items():
        for deed in kinds:
            if deed.task:
                key, code = deed.task.split("/")
                row = plans[key][code]
                assert agency in (row.lead, *row.supporting), deed


@pytest.mark.parametrize("agency", AGENCIES)
def test_activities_are_the_same_in_every_build_and_in_their_days(agency):
    for quarter in QUARTERS:
        rows, span = planned(agency, quarter, date(2024, 6, 9)), parse_period(quarter)
        assert rows == planned(agency, quarter, date(2024, 6, 9))
        assert all(row.day in span and row.day <= date(2024, 6, 9) for row in rows)
        if quarter in ("2024-q1", "2024-q2"):
            assert 6 <= len(rows) <= 12


@pytest.mark.parametrize("quarter", QUARTERS)
def test_typed_figures_add_up(quarter):
    """Rules V12, V14, V15, V16."""
    for agency in AGENCIES:
        got = figures.reported(quarter, agency)
        assert got["PB08a"] <= got["PB08"] and got["PB09a"] <= got["PB09"]
    hg = {code: int(value) for code, value in figures.reported(quarter, "stp").items() if code.startswith("HG")}
    assert hg["HG02"] == hg["HG03"] + hg["HG04"] == hg["HG05"] + hg["HG06"]
    assert hg["HG02"] >= 3 * hg["HG01"] and hg["HG04"] >= hg["HG01"] and max(hg["HG07"], hg["HG08"]) <= hg["HG02"]
    assert hg["HG11"] == hg["HG12"] + hg["HG13"] + hg["HG14"] == hg["HG15"] + hg["HG19"] + hg["HG20"] + hg["HG21"]
    assert hg["HG15"] == hg["HG16"] + hg["HG17"] + hg["HG18"]
    assert all(hg[part] <= hg[whole] for part, whole in (("HG16", "HG12"), ("HG17", "HG13"), ("HG18", "HG14")))


def _strings(value):
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(key)
            yield from _strings(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _strings(item)


def test_all_text_is_nfc_and_tidy():
    content = (ALL_PLANS, DEEDS, texts.SUPPORT, words.WORDS, words.COUNCIL_WORDS, PEOPLE, councils.CAN_THO_AGENCIES)
    for text in _strings((content, deeds.__doc__)):
        assert text == unicodedata.normalize("NFC", text)
        assert "  " not in text or text == deeds.__doc__, text
        assert not re.search(r"\bhoà\b|\bTODO\b", text), text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([], ""),
        (
            [("quận Ninh Kiều", {"PB01": 1, "PB02": 150}), ("huyện Cờ Đỏ", {"PB01": 1, "PB02": 200})],
            "Đã tổ chức 02 cuộc tại quận Ninh Kiều và huyện Cờ Đỏ, thu hút 350 lượt người tham dự.",
        ),
        ([("", {"PB03": 1, "PB04": 3412})], "Đã tổ chức 01 cuộc thi tìm hiểu pháp luật với 3.412 lượt người dự thi."),
        ([("", {"TH01": 2, "TH02": 190})], "Đã tổ chức 02 lớp tập huấn cho 190 lượt người."),
        ([("", {"PB06": 12}), ("", {"PB07": 24})], "Đã phát sóng 12 lần. Đã đăng 24 tin, bài."),
    ],
)
def test_sentences_count(facts, sentence):
    assert texts.counted(facts) == sentence


def test_files_are_real_and_repeatable():
    assert picture("a") == picture("a") != picture("b")
    assert picture("a").startswith(b"\x89PNG") and pdf("Biên bản").startswith(b"%PDF-") and word(["x"])[:2] == b"PK"


# --- the world as built ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "field", "states"),
    [
        (Plan, "state", Plan.State),
        (Task, "status", Task.Status),
        (ProgressReport, "state", ProgressReport.State),
        (Period, "state", Period.State),
        (CouncilReport, "state", CouncilReport.State),
        (Membership, "role", [role for role in Role if role != Role.VIEWER]),
    ],
)
def test_something_in_every_state(demo, model, field, states):
    there = set(model.objects.values_list(field, flat=True))
    assert {str(state) for state in states} <= there


@pytest.mark.parametrize("username", [username for username, _who in DEMO_LOGINS])
def test_every_login_can_sign_in(demo, username):
    user = authenticate(username=username, password=DEMO_PASSWORD)
    assert user is not None and user.memberships.count() == 1


def test_the_password_meets_the_rules(demo):
    from django.contrib.auth.password_validation import validate_password

    secretary = User.objects.get(username="thuky")
    secretary.pk = None  # who has it already may not choose it again
    validate_password(DEMO_PASSWORD, secretary)
    classes = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    assert all(any(map(kind, DEMO_PASSWORD)) for kind in classes)


def test_permissions_and_tasks_are_in_step(demo):
    assert list(drift()) == []
    assert tasks_out_of_step() == []


def test_second_quarter_stands_as_told(demo):
    period = Period.objects.get(council=demo.council, code="2024-q2")
    told = {course.agency: course.ends for course in SECOND_QUARTER}
    assert dict(period.reports.values_list("agency__code", "state")) == told
    returned = period.reports.get(state="returned")
    assert len(returned.return_reason) > 10 and returned.returned_at.date() < DAY
    value = consolidate(period, as_of=DAY)
    assert value.totals.overdue and value.totals.due_soon and value.totals.done and value.totals.suspended
    late = [row for row in value.tasks if row.state == "overdue" and row.reported]
    assert late and all(row.difficulty and row.new_expected_on for row in late)


@pytest.mark.parametrize(
    ("model", "council", "moments"),
    [
        (RecordEntry, "council", ["at"]),
        (ProgressReport, "period__council", ["submitted_at", "approved_at", "accepted_at", "returned_at"]),
        (ReportLine, "report__period__council", ["edited_at"]),
        (CouncilReport, "period__council", ["issued_at"]),
        (Activity, "agency__council", ["recorded_at", "withdrawn_at"]),
        (Evidence, "agency__council", ["uploaded_at"]),
        (Reminder, "period__council", ["at"]),
        (Notice, "council", ["at", "read_at"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_nothing_happens_after_the_demos_morning(demo, model, council, moments):
    """Whoever opens the demo early in the day finds nothing that is yet to come."""
    for moment in moments:
        later = {council: demo.council, f"{moment}__gte": at(DAY, 7)}
        assert list(model.objects.filter(**later)) == [], moment


def test_handed_in_reports_keep_the_rules_and_one_makes_the_reviewer_look(demo):
    warnings = []
    for report in ProgressReport.objects.select_related("period", "agency").filter(period__code="2024-q2"):
        findings = check(load_sheet(report), DAY)
        if report.state in ProgressReport.HANDED_IN_STATES:
            assert [finding.message for finding in findings if finding.is_error] == []
        warnings += [finding.rule for finding in findings if not finding.is_error]
    assert "V20" in warnings


def test_numbers_in_words_are_the_activities_numbers(demo):
    """Every count in a lead's own sentence is the sum of the activities it recorded for that task in that quarter."""
    patterns = (
        (r"Đã tổ chức (\S+) cuộc(?: tại|,)", "PB01"),
        (r"thu hút (\S+) lượt người tham dự", "PB02"),
        (r"Đã tổ chức (\S+) cuộc thi", "PB03"),
        (r"với (\S+) lượt người dự thi", "PB04"),
        (r"Đã tổ chức (\S+) lớp tập huấn", "TH01"),
        (r"Đã cấp phát, đăng tải (\S+) tài liệu", "PB05"),
        (r"Đã phát sóng (\S+) lần", "PB06"),
        (r"Đã đăng (\S+) tin, bài", "PB07"),
    )
    lines = ReportLine.objects.filter(role="lead", result__contains="Đã").select_related("report__period")
    checked = 0
    for line in lines:
        span = line.report.period.span
        for pattern, code in patterns:
            for written in re.findall(pattern, line.result):
                total = ActivityFigure.objects.filter(
                    activity__agency=line.report.agency_id,
                    activity__tasks=line.task_id,
                    activity__withdrawn_at__isnull=True,
                    activity__held_on__range=(span.starts_on, span.ends_on),
                    indicator__code=code,
                ).aggregate(total=Sum("value"))["total"]
                assert total == Decimal(written.replace(".", "")), (line.result, code)
                checked += 1
    assert checked > 80


def test_supporting_agencies_do_not_repeat_last_quarters_sentence(demo):
    said = ReportLine.objects.filter(role="supporting", report__period__council=demo.council).exclude(result="")
    for before in said.filter(report__period__code="2024-q1").exclude(result__startswith="Chưa phát sinh"):
        after = said.filter(report__period__code="2024-q2", assignment=before.assignment_id).first()
        assert after is None or after.result != before.result


def test_locked_quarters_report_what_the_activities_add_up_to(demo):
    for period in Period.objects.filter(council=demo.council, state="locked"):
        value = consolidate(period, as_of=period.ends_on)
        assert (
            len(value.accepted) == 10
            and value.indicator("PB01").value
            == (
                ActivityFigure.objects.filter(
                    activity__agency__council=demo.council,
                    activity__held_on__range=(period.starts_on, period.ends_on),
                    activity__withdrawn_at__isnull=True,
                    indicator__code="PB01",
                ).aggregate(total=Sum("value"))["total"]
            )
        )


def test_money_comes_from_the_activities(demo):
    period = demo.council.periods.get(code="2024-q2")
    for agency in AGENCIES:
        totals = activity_totals([demo.agencies[agency].pk], period.span)[demo.agencies[agency].pk]
        spent = figures.money("2024-q2", agency)
        assert {code: totals.get(code, 0) for code in spent} == spent and totals["PB10"] == sum(spent.values()), agency


def test_activities_say_for_whom_about_what_and_where(demo):
    told = Activity.objects.filter(agency__council=demo.council)
    assert told.exclude(target_groups=[]).count() > 20 and told.exclude(topics=[]).count() > 50
    (site, *_more) = ActivitySite.objects.filter(activity__in=told)
    people = site.activity.figures.get(indicator__code="PB02").value
    assert people == sum(site.activity.sites.values_list("attendance", flat=True))


def test_one_event_was_recorded_twice_and_counts_once(demo):
    (double,) = Activity.objects.filter(same_as__isnull=False)
    assert (double.agency.code, double.same_as.agency.code) == ("gddt", "thanhdoan")
    assert double.held_on == double.same_as.held_on
    assert [*events_counted_twice_or_never(), *activities_that_do_not_add_up()] == []


def test_trend_and_comparison_have_numbers(demo):
    assert set(QUARTERS) == set(demo.council.periods.quarters().values_list("code", flat=True))
    value = consolidate(demo.council.periods.get(code="2024-q2"), as_of=DAY)
    row = value.indicator("PB02")
    assert None not in (row.value, row.previous, row.last_year)


def test_first_quarter_was_issued_and_its_past_can_be_read(demo):
    report = CouncilReport.objects.get(state="issued")
    assert report.number == COUNCIL_NUMBER and report.issued_on == date(2024, 3, 22) and report.frozen
    late = ProgressReport.objects.get(period__code="2024-q1", agency__code="atgt")
    assert late.submitted_at.date() > late.period.agency_due_on
    verbs = set(
        timeline(ProgressReport.objects.get(period__code="2024-q1", agency__code="luatgia")).values_list(
            "verb", flat=True
        )
    )
    assert {"submit_report", "return_report", "accept_report", "save_narrative"} <= verbs
    assert RecordEntry.objects.filter(verb="withdraw_activity").exists()


def test_reminders_went_by_timetable_and_by_hand(demo):
    told = Reminder.objects.filter(period__council=demo.council).order_by("at", "pk")
    first = told.filter(period__code="2024-q1")
    assert [first.filter(step=step).count() for step in ("T-7", "T-3", "T-1", "T+1")] == [10, 10, 10, 1]
    assert first.get(step="T+1").agency.code == "atgt"
    by_hand = told.filter(period__code="2024-q2").values_list("agency__code", flat=True)
    assert sorted(by_hand) == ["congan", "congan", "luatgia", "luatgia", "stp"]
    # The last days' notices wait, the older ones have been seen; nobody in the demo has an e-mail address.
    officer = User.objects.get(username="congan")
    assert officer.notices.waiting().count() >= 1 and officer.notices.filter(read_at__isnull=False).exists()
    assert not Notice.objects.filter(mailed_at__isnull=False).exists()


def test_one_plan_came_from_its_signed_annex(demo):
    plan = Plan.objects.get(number=SERVICE.number)
    assert plan.source_name.endswith(".docx") and plan.source_digest
    assert list(plan.tasks.order_by("sort_order").values_list("title", flat=True)) == [
        row.title for row in SERVICE.tasks
    ]
    assert RecordEntry.objects.filter(verb="import_plan", object_id=plan.pk).exists()
    assert set(plan.parties.values_list("agency__code", flat=True)) == {"stp", "noivu"}


def test_files_and_targets_are_there(demo):
    assert set(Evidence.objects.values_list("media_type", flat=True)) >= {"application/pdf", "image/png"}
    assert Evidence.objects.filter(original_name__endswith=".docx").exists()
    assert Target.objects.count() >= 10


def test_tien_giang_held_its_conference(demo):
    conference = Activity.objects.get(title=tien_giang.CONFERENCE)
    assert conference.held_on == date(2024, 7, 11) and conference.agency.council.code == "tien-giang"
    assert conference.sites.count() == 12 and conference.tasks.get().due_date == date(2024, 7, 11)
    total = conference.figures.get(indicator__code="TH02").value
    assert total == sum(conference.sites.values_list("attendance", flat=True))
    assert not Activity.objects.filter(agency__council=demo.council, held_on__gte=DAY).exists()


# --- the command -----------------------------------------------------------------------------------------------------


def test_running_again_changes_nothing(demo, settings):
    settings.PORTAL_DEMO = True
    before, out = RecordEntry.objects.count(), StringIO()
    call_command("demo", stdout=out)
    assert RecordEntry.objects.count() == before
    assert "đã có sẵn" in out.getvalue() and DEMO_PASSWORD in out.getvalue()


@pytest.mark.parametrize("options", [{}, {"reset": True}])
def test_outside_demo_mode_it_refuses_in_words(demo, settings, options):
    settings.PORTAL_DEMO = False
    before = User.objects.count()
    with pytest.raises(CommandError, match="PORTAL_DEMO=1"):
        call_command("demo", **options)
    assert User.objects.count() == before


def test_reset_empties_business_and_keeps_the_catalogue(demo, settings, monkeypatch):
    settings.PORTAL_DEMO = True
    stray = settings.MEDIA_ROOT / "minh-chung" / "ab" / "cd"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    built = []
    monkeypatch.setattr("portal.management.commands.demo.build", lambda: built.append(Plan.objects.count()))
    call_command("demo", reset=True, stdout=StringIO())
    assert built == [0] and not User.objects.exists() and not RecordEntry.objects.exists()
    assert Indicator.objects.count() > 40 and Holiday.objects.exists()
    assert not stray.exists()


def test_emptying_brings_the_catalogue_back(demo):
    empty_database()
    assert not Plan.objects.exists()
    assert Indicator.objects.filter(code="PB01").exists() and Holiday.objects.exists()
    assert missing_guards() == []  # taken down for the emptying, and back


def test_files_of_rows_are_kept(demo, settings):
    item = Evidence.objects.first()
    path = settings.MEDIA_ROOT / item.file.name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"kept")
    other = path.with_name("other")
    other.write_bytes(b"stray")
    assert remove_files() == 1
    assert path.exists() and not other.exists()
