"""An agency with very many tasks: its desk and its report come in pages, and every place is still reached."""

import re

import pytest
from django.urls import reverse

from reports import line_pages
from reports.line_pages import line_page
from reports.models import ReportLine
from reports.opening import refresh_period
from reports.views import desk, report
from tests.world import add_task

pytestmark = pytest.mark.django_db
PLACE = {"code": "2024-q2", "agency": "a"}


@pytest.fixture
def many(world, monkeypatch):
    """Agency a with two dozen tasks more, where a page holds ten lines and a group of the desk five."""
    for number in range(10, 34):
        add_task(world, world.plan, number, "a", title=f"Tuyên truyền pháp luật đợt {number}")
    refresh_period(period=world.period, by=None, now=world.now)
    monkeypatch.setattr(desk, "ROWS", 5)
    monkeypatch.setattr(line_pages.line_page, "__kwdefaults__", {"asked": "", "line": "", "size": 10})
    return world


def shown(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="beside[^"]*" id="dong-(\d+)"', html)]


def test_every_line_stands_on_one_page_in_the_order_of_the_report(many, sign_in):
    client, url = sign_in(many.people["secretary"]), reverse("report-detail", kwargs=PLACE)
    whole = ReportLine.objects.filter(report=many.report("a"))
    pages = [shown(client.get(url, {"trang": number}).content.decode()) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, len(whole) - 20]
    assert sorted(pk for page in pages for pk in page) == sorted(whole.values_list("pk", flat=True))
    last = pages[2][-1]
    assert shown(client.get(url, {"dong": last}).content.decode()) == pages[2]
    for nonsense in ("0", "99", "-1", "²", "x", ""):
        assert shown(client.get(url, {"trang": nonsense}).content.decode()) in pages


def test_what_deserves_a_look_leads_to_its_page(many, sign_in):
    client, url = sign_in(many.people["secretary"]), reverse("report-detail", kwargs=PLACE)
    first = client.get(url)
    for place, address in first.context["places"]:
        if place.anchor.startswith("dong-"):
            page = client.get(url + address.partition("#")[0]).content.decode()
            assert f'id="{place.anchor}"' in page and address.endswith(f"#{place.anchor}")


def test_very_many_places_to_look_at_are_named_in_part(many, sign_in, monkeypatch):
    url = reverse("report-detail", kwargs=PLACE)
    client = sign_in(many.people["secretary"])
    whole = client.get(url).context["review"].places
    assert len(whole) > 2 and client.get(url).context["more_places"] == 0
    monkeypatch.setattr(report, "PLACES", 2)
    page = client.get(url)
    assert [place for place, _address in page.context["places"]] == whole[:2]
    assert f"và <b>{len(whole) - 2}</b> chỗ khác" in page.content.decode()


def test_a_usual_report_is_one_page_without_links_to_others(world, sign_in):
    page = sign_in(world.people["secretary"]).get(reverse("report-detail", kwargs=PLACE)).content.decode()
    assert "Các trang nhiệm vụ" not in page and "data-pages" not in page


def test_line_page_of_nothing():
    assert (line_page([]).number, line_page([]).count, line_page([]).plans) == (1, 1, [])


def test_a_long_group_of_the_desk_is_cut_and_read_through(many, sign_in):
    client, url = sign_in(many.people["officer_a"]), reverse("my-work")
    found = client.get(url)
    ((own, groups),) = found.context["desks"]
    long = max(groups, key=lambda group: group.total)
    assert (len(long.rows), long.more) == (5, long.total - 5)
    assert f'href="?nhom={long.name}#{long.name}"' in found.content.decode()
    seen = []
    for number in range(1, -(-long.total // 5) + 1):
        page = client.get(url, {"nhom": long.name, "page": number})
        seen += [line.pk for group in page.context["desks"][0][1] if group.name == long.name for line in group.rows]
    assert sorted(seen) == sorted(line.pk for key, *_, rows in own.groups if key == long.key for line in rows)


def test_the_counts_of_the_desk_are_of_everything(many, sign_in):
    found = sign_in(many.people["officer_a"]).get(reverse("my-work"))
    ((own, groups),) = found.context["desks"]
    assert {key: count for key, _label, _state, count in own.counts} == {group.key: group.total for group in groups}
