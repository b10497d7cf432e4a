"""Queries per page: the committed count, and the same count for one row as for fifty."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.comments import comment
from agencies.long_work.orders import cancel
from campaigns.activities import record_activity
from campaigns.long_exports import order_export
from campaigns.models import Activity
from reports.opening import refresh_period
from tests.world import a_template, add_task, fill_in

BASELINE = Path(__file__).with_name("query_counts.json")
UPDATE = os.environ.get("UPDATE_QUERY_COUNTS") == "1"
PERIOD, REPORT = {"code": "2024-q2"}, {"code": "2024-q2", "agency": "a"}

# page → (who looks, address, arguments)
PAGES = {
    "my-work": ("officer_a", "my-work", {}),
    "plan-list": ("officer_a", "plan-list", {}),
    "plan-detail": ("officer_a", "plan-detail", "plan"),
    "plan-targets": ("secretary", "plan-targets", "plan"),
    "indicator-list": ("officer_a", "indicator-list", {}),
    "target-list": ("officer_a", "target-list", {}),
    "task-list": ("officer_a", "task-list", {}),
    "task-list, secretary": ("secretary", "task-list", {}),
    "task-detail": ("officer_a", "task-detail", "task"),
    "activity-list": ("officer_a", "activity-list", {}),
    "activity-detail": ("officer_a", "activity-detail", "activity"),
    "activity-create": ("officer_a", "activity-create", {}),
    "report-source": ("officer_a", "report-source", REPORT | {"indicator": "PB02"}),
    "consolidation-source": ("secretary", "consolidation-source", PERIOD | {"indicator": "PB02"}),
    "board-doubles": ("secretary", "board-doubles", PERIOD),
    "report-list": ("secretary", "report-list", PERIOD),
    "report-detail": ("officer_a", "report-detail", REPORT),
    "report-detail, secretary": ("secretary", "report-detail", REPORT),
    "report-figures": ("officer_a", "report-figures", REPORT),
    "rules": ("officer_a", "rules", {}),
    "board": ("secretary", "board", PERIOD),
    "consolidation": ("secretary", "consolidation", PERIOD),
    "consolidation-versions": ("secretary", "consolidation-versions", PERIOD),
    "report-workbook": ("officer_a", "report-workbook", REPORT),
    "template-list": ("secretary", "template-list", {}),
    "summary": ("leader", "summary-period", PERIOD),
    "form-list": ("secretary", "form-list", {}),
    "form-fill, statistics": ("secretary", "form-fill", {"form": "09e", "code": "2024"}),
    "form-fill, quarter": ("secretary", "form-fill", {"form": "09e", "code": "2024-q2"}),
    "board-remind": ("secretary", "board-remind", PERIOD),
    "notice-list": ("officer_a", "notice-list", {}),
    "work-list": ("officer_a", "work-list", {}),
    "agency-list": ("secretary", "agency-list", {}),
    "search": ("officer_a", "search", {}),
    "account-register": ("administrator", "account-register", {}),
    "account-review": ("secretary", "account-review", {}),
    "agency-detail": ("secretary", "agency-detail", "agency"),
    "agency-handover": ("officer_a", "agency-handover", "agency"),
    "person-preview": ("secretary", "person-preview", "person"),
    "why, report": ("officer_a", "why", "why report"),
    "why, task": ("officer_a", "why", "why task"),
    "why, plan": ("secretary", "why", "why plan"),
    "why, period": ("secretary", "why", "why period"),
    "record": ("secretary", "record", {}),
    "calendar": ("secretary", "calendar", {}),
}


def queries_of(client, url: str) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as context:
        response = client.get(url, {"q": "tuyen truyen"} if "tim-kiem" in url else {})
    assert response.status_code == 200, url
    return len(context), "\n".join(query["sql"][:160] for query in context.captured_queries)


def count_all(world, sign_in) -> dict[str, tuple[int, str]]:
    arguments = {"plan": {"pk": world.plan.pk}, "task": {"pk": world.tasks[0].pk}}
    arguments["activity"] = {"pk": Activity.objects.filter(agency__code="a").order_by("pk").first().pk}
    arguments |= {"agency": {"pk": world.agencies["a"].pk}, "person": {"pk": world.people["officer_a"].pk}}
    asked = {"report": ("bao-cao", world.report("a").pk), "task": ("nhiem-vu", world.tasks[0].pk)}
    asked |= {"plan": ("ke-hoach", world.plan.pk), "period": ("ky", world.period.pk)}
    arguments |= {f"why {name}": {"kind": kind, "pk": pk} for name, (kind, pk) in asked.items()}
    counts = {}
    for page, (who, name, kwargs) in PAGES.items():
        url = reverse(name, kwargs=arguments[kwargs] if isinstance(kwargs, str) else kwargs)
        client = sign_in(world.people[who])
        client.get(url)  # content types and the like are read once per process
        counts[page] = queries_of(client, url)
    return counts


def _talk(world, number: int) -> None:
    """A remark and its answer about the task, about the report and at one of its lines."""
    report = world.report("a")
    anchor = f"dong-{report.lines.order_by('pk')[0].pk}"
    for obj, place in ((world.tasks[0], ""), (report, ""), (report, anchor)):
        said = comment(obj=obj, by=world.people["secretary"], now=world.now, text=f"Ý kiến số {number}", anchor=place)
        comment(obj=obj, by=world.people["officer_a"], now=world.now, text=f"Trả lời {number}", parent=said)


def _record(world, number: int) -> None:
    """The same event recorded by the lead and by its supporting agency (rule V26)."""
    for code in "ab":
        record_activity(
            agency=world.agencies[code],
            by=world.people[f"officer_{code}"],
            now=world.now,
            title=f"Buổi tuyên truyền {number}",
            held_on=world.today,
            tasks=[world.tasks[0]],
            figures={"PB01": 1, "PB02": 30},
            sites=[("Điểm cầu 1", True, 10), ("Điểm cầu 2", False, 20)],
        )


def _order(world, number: int) -> None:
    """A long work of the officer, cancelled at once: only so many may be under way."""
    officer = world.people["officer_a"]
    work = order_export(query=f"q={number}", file_format="csv", count=1, by=officer, now=world.now)
    cancel(work=work, by=officer, now=world.now)


@pytest.mark.django_db
def test_queries_do_not_grow_with_rows(world, sign_in):
    _record(world, 4)
    _talk(world, 4)
    _order(world, 4)
    a_template(world)
    few = count_all(world, sign_in)
    for number in range(5, 55):
        add_task(world, world.plan, number, "a", "b", title=f"Tuyên truyền pháp luật đợt {number}")
        _record(world, number)
    for number in range(5, 20):
        _talk(world, number)
        _order(world, number)
    for version in range(2, 10):
        a_template(world, version)
    refresh_period(period=world.period, by=None, now=world.now)
    fill_in(world, "a", world.people["officer_a"])
    many = count_all(world, sign_in)
    grown = {page: (few[page][0], many[page][0]) for page in PAGES if many[page][0] > few[page][0]}
    assert grown == {}, "\n\n".join(f"{page}\n{many[page][1]}" for page in grown)
    counts = {page: many[page][0] for page in PAGES}
    if UPDATE:
        BASELINE.write_text(json.dumps(counts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    committed = json.loads(BASELINE.read_text(encoding="utf-8"))
    changed = {page: (committed.get(page), count) for page, count in counts.items() if committed.get(page) != count}
    assert changed == {}, "\n\n".join(f"{page}\n{many[page][1]}" for page in changed)
