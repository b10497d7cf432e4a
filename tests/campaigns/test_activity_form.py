"""The short form of an activity: what is folded, what is told beside which field, what is never lost."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest

from campaigns.activity_form import MORE_SITES
from campaigns.models import Activity
from tests.world import fill_in

NEW = "/hoat-dong/them/"


def typed(world, **changes) -> dict:
    fields = {
        "agency": world.agencies["a"].pk,
        "form_key": str(uuid.uuid4()),
        "title": "Tuyên truyền tại khu công nghiệp",
        "held_on": "03/04/2024",
        "form": "direct",
    }
    return fields | changes


def figures_of(activity) -> dict[str, Decimal]:
    return {row.indicator.code: row.value for row in activity.figures.select_related("indicator")}


def test_everything_about_an_activity_is_recorded_once(world, sign_in):
    client = sign_in(world.people["officer_a"])
    sent = typed(
        world,
        **{
            "target_groups": ["disabled", "workers"],
            "topics": "lao dong; An toàn lao động",
            "figure-PB02n": "30",
            "figure-PB05a": "120",
            "figure-PB05b": "30",
            "figure-PB07": "2",
            "figure-PB10a": "12,5",
            "figure-PB10c": "1000",
            "site-0-name": "Nhà máy 1",
            "site-0-attendance": "80",
            "site-1-name": "Nhà máy 2",
            "site-1-online": "on",
            "site-1-attendance": "40",
        },
    )
    assert client.post(NEW, sent).status_code == 302
    activity = Activity.objects.get()
    assert activity.target_groups == ["workers", "disabled"]  # in the order of the articles
    assert activity.topics == ["Lao động", "An toàn lao động"]
    assert figures_of(activity) == {
        "PB01": 1, "PB02": 120, "PB02n": 30, "PB05": 150, "PB05a": 120, "PB05b": 30, "PB07": 2,
        "PB10": Decimal("1012.5"), "PB10a": Decimal("12.5"), "PB10c": 1000,
    }  # fmt: skip
    page = client.get(f"/hoat-dong/{activity.pk}/").content.decode()
    assert "Điều 18" in page and "An toàn lao động" in page and "1.012,5" in page
    edit = client.get(f"/hoat-dong/{activity.pk}/sua/").content.decode()
    assert 'value="12,5"' in edit and 'value="Lao động; An toàn lao động"' in edit
    assert re.search(r'value="workers"[^>]*checked', edit)


def test_topics_and_groups_find_the_activity_again(world, sign_in):
    client = sign_in(world.people["officer_a"])
    client.post(NEW, typed(world, topics="Phòng, chống ma túy", target_groups=["workers"]))
    client.post(NEW, typed(world, title="Buổi khác"))
    for query, rows in (
        ("?q=phong+chong+ma+tuy", 1),
        ("?doi-tuong=workers", 1),
        ("?doi-tuong=victims", 0),
        ("?doi-tuong=x", 2),
    ):
        assert len(client.get(f"/hoat-dong/{query}").context["page"]) == rows, query


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"held_on": "11/06/2024"}, "held_on", "chưa đến"),
        ({"held_on": "01/01/2003"}, "held_on", "không tồn tại"),
        ({"figure-PB02": "10", "figure-PB02n": "11"}, "figure-PB02n", "lớn hơn PB02"),
        ({"figure-PB02": "10", "figure-PB02d": "11"}, "figure-PB02d", "lớn hơn PB02"),
        ({"figure-PB02": "mười"}, "figure-PB02", "không phải là số nguyên"),
        ({"figure-PB02": "-1"}, "figure-PB02", "không được âm"),
        ({"figure-PB05": "9", "figure-PB05a": "8"}, "figure-PB05", "tổng PB05a + PB05b + PB05c"),
        ({"figure-PB10a": "12.5"}, "figure-PB10a", "ghi bằng dấu phẩy"),
        ({"figure-PB10": "5"}, "figure-PB10", "chia ra"),
        ({"figure-PB01": "0", "figure-PB02": "5"}, "figure-PB01", "V13"),
        ({"figure-PB02": "9", "site-0-name": "A", "site-0-attendance": "10"}, "figure-PB02", "cộng được 10"),
        ({"site-0-name": "A", "site-0-attendance": "nhiều"}, "site-0-attendance", "không phải là số nguyên"),
        ({"topics": "; ".join("abcdefghijklm")}, "topics", "nhiều nhất"),
        ({"target_groups": ["x"]}, "target_groups", "không có trong danh sách"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(world, sign_in, changes, field, said):
    answer = sign_in(world.people["officer_a"]).post(NEW, typed(world, content="Giữ câu này", **changes))
    form = answer.context["form"]
    assert answer.status_code == 422 and list(form.errors) == [field] and said in form.errors[field][0]
    text = answer.content.decode()
    assert "Giữ câu này" in text and 'details class="more" open' in text and not Activity.objects.exists()
    for name, value in changes.items():
        assert isinstance(value, list) or f'name="{name}" value="{value}"' in text


def test_the_common_case_stays_short(world, sign_in):
    client = sign_in(world.people["officer_a"])
    page = client.get(NEW).content.decode()
    assert '<details class="more"><summary>' in page
    before = page[: page.index('<details class="more">')]
    shown = re.findall(r'name="([^"]+)"', before[before.index("data-keep") :])
    assert {"title", "held_on", "form", "place", "figure-PB02", "tasks", "tep"} <= set(shown)
    assert ">Số người dự<" in before and "(PB02)" not in before and 'title="Chỉ tiêu PB02' in before
    assert not {"content", "target_groups", "topics", "figure-PB01", "figure-PB10a", "site-0-name"} & set(shown)
    # Typed in the open part only: what is folded stays folded when the form comes back.
    assert '<details class="more"><summary>' in client.post(NEW, typed(world, title="")).content.decode()


def test_more_rows_for_sites_keep_what_was_typed_and_save_nothing(world, sign_in):
    client = sign_in(world.people["officer_a"])
    answer = client.post(
        NEW, typed(world, **{MORE_SITES: "1", "title": "", "site-2-name": "Nơi ba", "figure-PB02": "x"})
    )
    text = answer.content.decode()
    assert answer.status_code == 200 and 'name="site-7-name"' in text and 'name="site-8-name"' not in text
    assert 'value="Nơi ba"' in text and 'name="figure-PB02" value="x"' in text and "alert-error" not in text
    assert not Activity.objects.exists()
    client.post(NEW, typed(world))
    url = f"/hoat-dong/{Activity.objects.get().pk}/sua/"
    answer = client.post(url, typed(world, version=1, **{MORE_SITES: "1", "site-0-name": "Nơi một"}))
    assert answer.status_code == 200 and 'value="Nơi một"' in answer.content.decode()
    assert Activity.objects.get().version == 1


def test_what_was_done_before_is_offered_again(world, sign_in):
    client = sign_in(world.people["officer_a"])
    client.post(NEW, typed(world, topics="Đất đai", target_groups=["workers"], **{"figure-PB02": "40"}))
    activity = Activity.objects.get()
    assert f'href="{NEW}?lap-lai={activity.pk}"' in client.get(NEW).content.decode()
    page = client.get(f"{NEW}?lap-lai={activity.pk}").content.decode()
    assert 'value="Đất đai"' in page and re.search(r'value="workers"[^>]*checked', page)
    assert 'name="figure-PB02" value' not in page
    assert "Ghi lại như lần trước" not in sign_in(world.people["officer_b"]).get(NEW).content.decode()


def test_a_day_outside_the_open_period_is_saved_with_a_warning(world, sign_in):
    """Rule V07: the future is refused; another period, a locked one or a report that has left are told."""
    from reports import workflow
    from reports.opening import open_period

    client = sign_in(world.people["officer_a"])

    def told(**changes) -> list[str]:
        answer = client.post(NEW, typed(world, **changes), follow=True)
        return [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]

    assert told() == []
    (outside,) = told(held_on="01/02/2024")
    assert "không thuộc kỳ báo cáo nào đã mở" in outside
    officer = world.people["officer_a"]
    workflow.submit_report(report=fill_in(world, "a", officer), by=officer, now=world.now)
    (late,) = told(held_on="04/04/2024")
    assert "Chờ lãnh đạo đơn vị duyệt" in late and "không đổi" in late
    old = open_period(council=world.council, code="2024-q1", by=None, now=world.now)[0]
    workflow.lock_period(period=old, by=world.people["secretary"], now=world.now, reason="Chốt số liệu kỳ trước")
    (locked,) = told(held_on="02/02/2024")
    assert "đã khóa" in locked and Activity.objects.filter(held_on=date(2024, 2, 2)).exists()


def test_the_same_activity_again_is_asked_about(world, sign_in):
    officer = sign_in(world.people["officer_a"])
    typed = {
        "title": "Nói chuyện về phòng, chống ma túy",
        "held_on": "22/05/2024",
        "form": "direct",
        "place": "Trường A",
    }
    typed["agency"] = world.agencies["a"].pk
    assert officer.post("/hoat-dong/them/", typed | {"form_key": str(uuid.uuid4())}).status_code == 302
    again = typed | {"title": "nói chuyện về phòng chống ma túy", "form_key": str(uuid.uuid4())}
    answer = officer.post("/hoat-dong/them/", again)
    assert answer.status_code == 422 and "đã ghi hoạt động này" in answer.content.decode()
    assert Activity.objects.filter(agency=world.agencies["a"]).count() == 1
    assert officer.post("/hoat-dong/them/", again | {"van-ghi": "1"}).status_code == 302
    assert Activity.objects.filter(agency=world.agencies["a"]).count() == 2
