"""Saved filters of lists: what is kept, who may use and change them, and that none widens what its reader may see."""

from urllib.parse import parse_qs

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agencies.errors import BusinessError, Incomplete, NotAllowed
from agencies.models import RecordEntry, SavedView
from agencies.saved_views import LISTS, MOST, filters_in, remove_view, rename_view, restore_view, save_view
from campaigns.filters import ActivityFilter, IndicatorFilter, PlanFilter, TaskFilter
from portal.forms import RecordFilter
from reports.filters import ReportFilter

TASKS = SavedView.List.TASKS


def keep(world, who="officer_a", name="Quá hạn", query="han=qua-han", **more):
    given = {"list_name": TASKS, "name": name, "query": query} | more
    return save_view(by=world.people[who], now=world.now, **given)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("list_name", "form", "more"),
    [
        ("ke-hoach", PlanFilter, ()),
        ("nhiem-vu", TaskFilter, ()),
        ("hoat-dong", ActivityFilter, ("xem",)),
        ("bao-cao", ReportFilter, ()),
        ("chi-tieu", IndicatorFilter, ()),
        ("nhat-ky", RecordFilter, ()),
    ],
)
def test_the_known_filters_are_those_of_the_form(world, list_name, form, more):
    fields = form({}, user=world.people["secretary"]).fields
    assert set(LISTS[list_name].filters) == {name.replace("_", "-") for name in fields} | set(more)
    assert set(LISTS) == set(SavedView.List)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("han=qua-han&page=3&xuat=xlsx", "han=qua-han"),
        ("q=&han=", ""),
        ("next=//evil.example&q=hoa+giai", "q=hoa+giai"),
        ("han=qua-han&q=a", "q=a&han=qua-han"),
        ("q=Ho%CC%80a", "q=H%C3%B2a"),
        ("q=a%00b", "q=ab"),
        ("%00", ""),
    ],
)
def test_only_filters_of_the_list_are_kept(query, kept):
    assert filters_in(TASKS, query) == kept


@given(st.text(max_size=80))
def test_whatever_is_sent_becomes_known_filters_once(query):
    kept = filters_in(TASKS, query)
    assert filters_in(TASKS, kept) == kept
    assert set(parse_qs(kept)) <= set(LISTS[TASKS].filters)


@pytest.mark.django_db
def test_saving_again_under_a_name_replaces(world):
    first = keep(world)
    again = keep(world, query="han=sap-den-han", name="  Quá   hạn ")
    assert (again.pk, again.query) == (first.pk, "han=sap-den-han")
    assert SavedView.objects.count() == 1 and not RecordEntry.objects.filter(verb="save_view").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "error"),
    [({"name": " "}, Incomplete), ({"name": "x" * 61}, Incomplete), ({"query": "page=2"}, Incomplete)],
)
def test_what_is_not_kept(world, more, error):
    with pytest.raises(error):
        keep(world, **more)


@pytest.mark.django_db
def test_at_most_so_many(world):
    for number in range(MOST):
        keep(world, name=f"Bộ lọc {number}")
    keep(world, name="Bộ lọc 3")
    with pytest.raises(BusinessError):
        keep(world, name="Một bộ lọc nữa")


@pytest.mark.django_db
def test_who_sees_a_shared_view(world):
    a, council = world.agencies["a"], world.council
    keep(world, name="Riêng")
    keep(world, name="Của Công an", agency=a)
    keep(world, who="secretary", name="Của Hội đồng", council=council)

    def seen(who):
        return set(SavedView.objects.visible_to(world.people[who]).values_list("name", flat=True))

    assert seen("officer_a") == {"Riêng", "Của Công an", "Của Hội đồng"}
    assert seen("approver_a") == {"Của Công an", "Của Hội đồng"}
    assert seen("officer_b") == {"Của Hội đồng"}
    assert seen("other_secretary") == seen("outsider") == seen("inactive") == set()
    assert RecordEntry.objects.filter(verb="save_view").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "shared"),
    [("officer_a", {"agency": "b"}), ("officer_a", {"agency": "x"}), ("officer_a", {"council": True})],
)
def test_one_shares_only_where_one_has_a_role(world, who, shared):
    scope = {"council": world.council} if "council" in shared else {"agency": world.agencies[shared["agency"]]}
    with pytest.raises(NotAllowed):
        keep(world, who=who, **scope)


@pytest.mark.django_db
def test_only_the_owner_changes_it_and_removing_can_be_undone(world):
    view = keep(world, agency=world.agencies["a"])
    for act, more in ((rename_view, {"name": "Khác"}), (remove_view, {}), (restore_view, {})):
        with pytest.raises(NotAllowed):
            act(view=view, by=world.people["approver_a"], now=world.now, **more)
    owner = {"by": world.people["officer_a"], "now": world.now}
    assert rename_view(view=view, name="Trễ hạn", **owner).name == "Trễ hạn"
    remove_view(view=view, **owner)
    assert not SavedView.objects.visible_to(world.people["approver_a"]).exists()
    assert restore_view(view=view, **owner).removed_at is None
    remove_view(view=view, **owner)
    keep(world, name="Trễ hạn")
    with pytest.raises(BusinessError):
        restore_view(view=view, **owner)


@pytest.mark.django_db
def test_a_shared_view_shows_its_reader_only_their_own(world, sign_in):
    """The secretary's filter on an agency that the officer of B may not see is told and left out."""
    a = world.agencies["a"]
    keep(world, who="secretary", name="Việc của Công an", query=f"co-quan={a.pk}", council=world.council)
    page = sign_in(world.people["officer_b"]).get(reverse("task-list")).content.decode()
    assert "Việc của Công an" in page and f"?co-quan={a.pk}" in page
    opened = sign_in(world.people["officer_b"]).get(reverse("task-list"), {"co-quan": a.pk})
    assert "lựa chọn này không có trong danh sách của bạn" in opened.content.decode()
    assert {row.task.number for row in opened.context["rows"]} == {"1.", "2."}


@pytest.mark.django_db
def test_on_the_pages_from_saving_to_undoing(world, sign_in):
    client = sign_in(world.people["officer_a"])
    page = client.get(reverse("task-list"), {"han": "qua-han", "page": "1"}).content.decode()
    assert "Lưu bộ lọc này" in page and 'name="loc" value="han=qua-han"' in page
    assert "Lưu bộ lọc này" not in client.get(reverse("task-list")).content.decode()
    sent = {"danh-sach": "nhiem-vu", "loc": "han=qua-han&x=1", "ten": "Trễ"}
    saved = client.post(reverse("view-save"), sent | {"dung-chung": f"agency-{world.agencies['a'].pk}"})
    assert saved["Location"] == "/nhiem-vu/?han=qua-han"
    page = client.get(saved["Location"]).content.decode()
    assert 'href="/nhiem-vu/?han=qua-han" aria-current="true"' in page and "Lưu bộ lọc này" not in page
    view = SavedView.objects.get()
    removed = client.post(reverse("view-remove", args=[view.pk]))
    page = client.get(removed["Location"]).content.decode()
    assert "Đã bỏ bộ lọc “Trễ”" in page and reverse("view-restore", args=[view.pk]) in page
    assert (
        reverse("view-restore", args=[view.pk])
        not in sign_in(world.people["approver_a"]).get(removed["Location"]).content.decode()
    )
    client.post(reverse("view-restore", args=[view.pk]))
    view.refresh_from_db()
    assert view.removed_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"danh-sach": "khac", "loc": "q=a", "ten": "a"}, 404),
        ({"danh-sach": "nhiem-vu", "loc": "q=a", "ten": "a", "dung-chung": "agency-999999"}, 404),
        ({"danh-sach": "nhiem-vu", "loc": "q=a", "ten": "a", "dung-chung": "role-1"}, 404),
        ({"danh-sach": "nhiem-vu", "loc": "", "ten": "a"}, 302),
    ],
)
def test_odd_requests(world, sign_in, sent, status):
    answer = sign_in(world.people["officer_a"]).post(reverse("view-save"), sent)
    assert answer.status_code == status and not SavedView.objects.exists()


@pytest.mark.django_db
def test_a_kept_filter_of_reports_opens_the_newest_period(world, sign_in):
    client = sign_in(world.people["secretary"])
    opened = client.get(reverse("report-home"), {"trang-thai": "returned"})
    assert opened["Location"] == "/bao-cao/2024-q2/?trang-thai=returned"
    assert "Không có báo cáo nào khớp" in client.get(opened["Location"]).content.decode()
