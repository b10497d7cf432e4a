"""A figure shows the activities it comes from: they add up, and what does not count says why."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.activities import record_activity, withdraw_activity
from campaigns.models import Activity
from reports import workflow
from reports.entry import save_figures
from reports.facts import activity_totals, source_activities, totals_by_days
from reports.integrity import activities_that_do_not_add_up, events_counted_twice_or_never
from tests.world import fill_in

DAY = date(2024, 5, 20)


def deed(world, code="b", **changes) -> Activity:
    fields = {"title": "Nói chuyện", "held_on": DAY, "figures": {"PB01": 1, "PB02": 30}, "now": world.now}
    return record_activity(agency=world.agencies[code], by=world.people[f"officer_{code}"], **(fields | changes))


def url_of(code="b", indicator="PB02"):
    return reverse("report-source", kwargs={"code": "2024-q2", "agency": code, "indicator": indicator})


def shown(client, **place) -> tuple[list, Decimal, Decimal]:
    """((title, value, counts) rows, the sum of those that count, of those that do not)."""
    context = client.get(url_of(**place)).context
    rows = [(source.activity.title, source.value, source.counts) for source, _moved in context["sources"]]
    return rows, context["counted"], context["left_out"]


def test_the_sources_add_up_to_the_figure(world, sign_in):
    deed(world, title="Trong kỳ 1", held_on=date(2024, 3, 15))
    deed(world, title="Trong kỳ 2", held_on=date(2024, 6, 10), figures={"PB02": 12})
    deed(world, title="Ngoài kỳ", held_on=date(2024, 3, 14))
    deed(world, title="Không có chỉ tiêu", figures={"PB07": 3})
    deed(world, "a", title="Của cơ quan khác")
    gone = deed(world, title="Đã rút", figures={"PB02": 7})
    withdraw_activity(activity=gone, by=world.people["officer_b"], now=world.now, reason="Ghi nhầm hai lần")
    same = {"title": "Tuyên truyền phòng, chống ma túy", "place": "Trường A", "tasks": [world.tasks[0]]}
    deed(world, "a", **same)
    deed(world, figures={"PB02": 500}, **same)
    client = sign_in(world.people["officer_b"])
    rows, counted, left_out = shown(client)
    assert [row[0] for row in rows] == ["Trong kỳ 1", "Đã rút", same["title"], "Trong kỳ 2"]
    assert (counted, left_out) == (42, 507)
    agency = world.agencies["b"].pk
    assert counted == activity_totals([agency], world.period.span)[agency]["PB02"]
    text = client.get(url_of()).content.decode()
    assert "Ghi nhầm hai lần" in text and "đã tính ở hoạt động của Công an" in text and "Ngoài kỳ" not in text


def test_a_corrected_figure_stands_beside_its_sources(world, sign_in):
    deed(world)
    report = world.report("b")
    values = {"PB02": (Decimal(45), "Thiếu một điểm cầu chưa ghi")}
    save_figures(report=report, by=world.people["officer_b"], now=world.now, version=report.version, values=values)
    text = sign_in(world.people["secretary"]).get(url_of()).content.decode()
    assert "Thiếu một điểm cầu chưa ghi" in text and ">45<" in text and 'id="cong">30<' in text


def test_what_happens_after_hand_in_is_told_apart(world, sign_in):
    before, gone = deed(world, title="Trước khi nộp"), deed(world, title="Rút sau khi nộp")
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    later = world.now + timedelta(hours=2)
    deed(world, title="Ghi sau khi nộp", figures={"PB02": 5}, now=later)
    withdraw_activity(activity=gone, by=officer, now=later, reason="Buổi này không diễn ra")
    context = sign_in(officer).get(url_of()).context
    assert context["row"].value == 60 and context["counted"] == 35 and context["apart"]
    assert {source.activity.title: moved for source, moved in context["sources"]} == {
        "Trước khi nộp": "",
        "Rút sau khi nộp": "rút sau khi nộp",
        "Ghi sau khi nộp": "ghi sau khi nộp",
    }
    assert before.pk


@pytest.mark.parametrize(("indicator", "status"), [("PB02", 200), ("PB08", 200), ("HG01", 404), ("XX", 404)])
def test_only_the_report_s_own_indicators(world, sign_in, indicator, status):
    answer = sign_in(world.people["officer_b"]).get(url_of(indicator=indicator))
    assert answer.status_code == status
    if indicator == "PB08":
        assert "tự nhập" in answer.content.decode()


def test_the_pages_lead_to_the_sources(world, sign_in):
    deed(world)
    link = f'href="{url_of()}"'
    officer = sign_in(world.people["officer_b"])
    for name in ("report-detail", "report-figures"):
        assert link in officer.get(reverse(name, kwargs={"code": "2024-q2", "agency": "b"})).content.decode(), name
    secretary = sign_in(world.people["secretary"])
    council = reverse("consolidation-source", kwargs={"code": "2024-q2", "indicator": "PB02"})
    assert f'href="{council}"' in secretary.get(reverse("consolidation", kwargs={"code": "2024-q2"})).content.decode()
    assert link in secretary.get(council).content.decode()
    assert secretary.get(council.replace("PB02", "XX")).status_code == 404


def test_the_council_s_figure_by_agency(world, sign_in):
    deed(world)
    officer, secretary = world.people["officer_b"], world.people["secretary"]
    report = workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    workflow.accept_report(report=report, by=secretary, now=world.now)
    url = reverse("consolidation-source", kwargs={"code": "2024-q2", "indicator": "PB02"})
    context = sign_in(secretary).get(url).context
    rows = {agency.code: (figure, counts) for agency, figure, counts, _reports in context["agencies"]}
    assert rows["b"] == (30, True) and rows["a"] == (None, False) and context["row"].value == 30
    # The year is made of its quarters; its figures lead to theirs.
    page = sign_in(secretary).get(url.replace("2024-q2", "2024"))
    assert page.context["row"].value == 30 and f'href="{url_of()}"' in page.content.decode()


def test_money_is_added_up_from_activities(world, sign_in):
    deed(world, figures={"PB10a": Decimal("12.5")})
    deed(world, figures={"PB10a": Decimal("0.4"), "PB10b": Decimal(20)})
    officer = sign_in(world.people["officer_b"])
    page = officer.get(reverse("report-figures", kwargs={"code": "2024-q2", "agency": "b"})).content.decode()
    assert 'name="v_PB10" value="32,9"' in page and 'name="v_PB10a" value="12,9"' in page
    assert shown(officer, indicator="PB10")[1] == Decimal("32.9")


# --- totals over any days ---------------------------------------------------------------------------------------------


def test_many_spans_and_agencies_in_one_query(world):
    for code, day, people in (("a", 1, 10), ("a", 14, 20), ("b", 14, 40), ("b", 30, 80)):
        deed(world, code, held_on=date(2024, 5, day), figures={"PB02": people}, title=f"Buổi {code}{day}")
    a, b = world.agencies["a"].pk, world.agencies["b"].pk
    spans = [
        (date(2024, 5, 1), date(2024, 5, 31)),
        (date(2024, 5, 14), date(2024, 5, 14)),
        (date(2024, 1, 1), date(2024, 5, 1)),
        (date(2025, 1, 1), date(2025, 12, 31)),
    ]
    with CaptureQueriesContext(connection) as captured:
        month, day, spring, never = totals_by_days([a, b], spans)
    assert len(captured) == 1 and totals_by_days([a], []) == []
    assert (month[a]["PB02"], month[b]["PB02"]) == (30, 120)
    assert (day[a]["PB02"], day[b]["PB02"]) == (20, 40)
    assert spring[a]["PB02"] == 10 and b not in spring and never == {}


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_of_a_span_add_up_to_it(world, data):
    """Adding days is adding spans, wherever the year is cut; and the sources are what is added."""
    if not Activity.objects.exists():
        for number in range(12):
            deed(
                world,
                title=f"Buổi {number}",
                held_on=date(2024, 3, 10) + timedelta(days=7 * number),
                figures={"PB02": 2**number},
            )
    agency, first = world.agencies["b"].pk, date(2024, 3, 1)
    cuts = sorted(data.draw(st.sets(st.integers(1, 100), min_size=1, max_size=6)))
    edges = [0, *cuts, 101]
    spans = [(first + timedelta(days=a), first + timedelta(days=b - 1)) for a, b in zip(edges, edges[1:], strict=False)]
    whole = (spans[0][0], spans[-1][1])
    *parts, total = totals_by_days([agency], [*spans, whole])
    assert sum(part[agency].get("PB02", 0) for part in parts if agency in part) == total[agency]["PB02"]
    assert sum(source.value for source in source_activities(agency, whole, "PB02")) == total[agency]["PB02"]


def test_sums_use_the_index_made_for_them(world):
    """Among a council's many activities, those of some agencies and days are found without reading the others."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = Activity.objects.counted().filter(agency=world.agencies["b"], held_on__range=(DAY, DAY)).order_by()
        plan = rows.values("pk").explain()
    assert "activity_that_counts" in plan or "activity_by_agency_and_day" in plan


# --- the check --------------------------------------------------------------------------------------------------------


def test_the_integrity_check_finds_what_is_off(world):
    same = {"title": "Tuyên truyền phòng, chống ma túy", "place": "Trường A", "tasks": [world.tasks[0]]}
    head, double = deed(world, "a", **same), deed(world, figures={"PB05a": 3}, **same)
    assert [*events_counted_twice_or_never(), *activities_that_do_not_add_up()] == []
    Activity.objects.filter(pk=head.pk).update(withdrawn_at=world.now)
    double.figures.filter(indicator__code="PB05").update(value=4)
    assert [str(double.pk) in text for text in events_counted_twice_or_never()] == [True]
    (text,) = activities_that_do_not_add_up()
    assert "PB05" in text
