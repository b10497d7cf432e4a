"""Seeing as a person sees: by the same functions, only for those who manage, never in the person's name."""

import pytest
from django.urls import reverse

from agencies.membership import join
from agencies.models import RecordEntry, Role
from agencies.permissions import Perm, grants_of
from campaigns.models import Task
from portal.preview import councils_in_common, seen_by
from reports.models import ProgressReport


def page(sign_in, reader, person):
    return sign_in(reader).get(reverse("person-preview", args=[person.pk]))


@pytest.mark.django_db
def test_the_numbers_are_the_persons_own(world, sign_in):
    officer, secretary = world.people["officer_a"], world.people["secretary"]
    seen = seen_by(
        officer, reader=secretary, councils=councils_in_common(secretary, officer), today=world.today
    )  # fmt: skip
    numbers = dict(seen.numbers)
    fresh = type(officer).objects.get(pk=officer.pk)
    assert numbers["Nhiệm vụ"] == Task.objects.visible_to(fresh).count() > 0
    assert numbers["Báo cáo"] == ProgressReport.objects.visible_to(fresh).count() == 1
    assert [place.url_name for place in seen.menu][0] == "my-work"
    assert ("Trình, nộp báo cáo", "Công an") in seen.deeds
    desk = seen.desks[0]
    assert sum(count for _state, _label, count in desk.groups) == world.report("a").lines.count()
    assert desk.actions == ["Trình lãnh đạo duyệt"]
    text = page(sign_in, secretary, officer).content.decode()
    assert "không làm được gì thay" in text and "Công an thành phố" in text


@pytest.mark.django_db
def test_an_administrator_sees_roles_and_menu_but_no_business(world, sign_in):
    text = page(sign_in, world.people["administrator"], world.people["officer_a"]).content.decode()
    assert "quản trị hệ thống không xem dữ liệu nghiệp vụ" in text and "Trên trang Việc của tôi" not in text
    assert "Cán bộ đầu mối" in text


@pytest.mark.django_db
def test_another_councils_part_of_the_same_person_is_left_out(world, sign_in):
    """Somebody who also works in Tiền Giang: Cần Thơ's secretary sees Cần Thơ's part alone, menu included."""
    officer, now = world.people["officer_c"], world.now
    join(user=officer, scope=world.agencies["x"], role=Role.LIAISON, by=None, now=now, on=world.today)
    join(user=officer, scope=world.other_council, role=Role.LEADER, by=None, now=now, on=world.today)
    secretary = world.people["secretary"]
    text = page(sign_in, secretary, officer).content.decode()
    assert "Tiền Giang" not in text
    seen = seen_by(
        type(officer).objects.get(pk=officer.pk), reader=secretary, councils=frozenset({world.council.pk}),
        today=world.today,
    )  # fmt: skip
    assert "summary" not in [place.url_name for place in seen.menu]
    assert all(not words.startswith("Xem tổng quan") for words, _where in seen.deeds)
    assert dict(seen.numbers)["Báo cáo"] == 0
    # The person's own rights are as they were.
    assert grants_of(type(officer).objects.get(pk=officer.pk)).holds(Perm.VIEW_SUMMARY)


@pytest.mark.django_db
def test_nothing_is_written_and_nobody_changes_identity(world, sign_in):
    client = sign_in(world.people["secretary"])
    url = reverse("person-preview", args=[world.people["officer_a"].pk])
    before = RecordEntry.objects.count()
    assert client.get(url).context["user"] == world.people["secretary"]
    assert client.post(url).status_code == 405
    assert client.session["_auth_user_id"] == str(world.people["secretary"].pk)
    assert RecordEntry.objects.count() == before


@pytest.mark.django_db
def test_strangers_are_not_found(world, sign_in):
    assert page(sign_in, world.people["secretary"], world.people["officer_x"]).status_code == 404
    assert sign_in(world.people["secretary"]).get(reverse("person-preview", args=[10**9])).status_code == 404


@pytest.mark.django_db
def test_a_closed_account_sees_nothing(world, sign_in):
    text = page(sign_in, world.people["secretary"], world.people["inactive"]).content.decode()
    assert "Tài khoản đã đóng" in text and "Không có quyền nào" in text


@pytest.mark.django_db
def test_the_agencys_page_leads_there_for_those_who_may(world, sign_in):
    officer = world.people["officer_a"]
    detail, preview = reverse("agency-detail", args=[world.agencies["a"].pk]), f"/co-quan/nguoi/{officer.pk}/xem-nhu/"
    assert preview in sign_in(world.people["secretary"]).get(detail).content.decode()
    assert preview in sign_in(world.people["administrator"]).get(detail).content.decode()
    assert preview not in sign_in(officer).get(detail).content.decode()
    assert preview in sign_in(world.people["administrator"]).get(reverse("people-list")).content.decode()
