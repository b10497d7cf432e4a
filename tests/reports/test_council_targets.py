"""The targets a council is held to: the decision's for everybody, a council's own figures, and the pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.errors import Incomplete, NotAllowed
from agencies.models import RecordEntry, User
from reports.models import CouncilTarget
from reports.rates import RATE_BY_ID
from reports.targets import (
    DECISION_TARGETS,
    effective,
    remove_council_target,
    set_council_target,
    sync_council_targets,
)

pytestmark = pytest.mark.django_db
WHY = "Ủy ban nhân dân thành phố giao mức cao hơn"


def fields_of(row: CouncilTarget) -> dict:
    names = ("name", "source", "rate", "direction", "value", "valid_from", "valid_to", "note")
    return {name: getattr(row, name) for name in names}


def change(world, code="T7", **changes) -> CouncilTarget:
    council = changes.pop("council", world.council)
    by_code = {row.code: row for row in effective(CouncilTarget.objects.of(council.pk))}
    base = fields_of(by_code[code]) if code in by_code else {}
    who = {"by": world.people["secretary"], "now": world.now, "reason": WHY}
    return set_council_target(council=council, code=code, **(base | who | changes))


def goals(council) -> dict[str, Decimal]:
    return {row.code: row.value for row in effective(CouncilTarget.objects.of(council.pk))}


def test_every_council_starts_from_the_decision(world):
    for council in (world.council, world.other_council):
        assert goals(council) == {row[0]: Decimal(row[6]) for row in DECISION_TARGETS}
    rows = {row.code: row for row in CouncilTarget.objects.filter(council=None)}
    assert [code for code, row in rows.items() if not row.rate] == ["T1", "T9"]
    assert all(row.note for row in rows.values() if not row.rate)
    assert all(row.unit == RATE_BY_ID[row.rate].unit for row in rows.values() if row.rate)
    assert {code for code, row in rows.items() if row.direction == "gt"} == {"T8"}


def test_a_councils_own_figure_is_its_alone_and_survives_a_migrate(world):
    change(world, value=88)
    change(world, "T10", name="Chỉ tiêu mười", source="KH 25", rate="mediators_trained", value=40)
    CouncilTarget.objects.filter(council=None, code="T5").update(value=1)
    sync_council_targets()
    assert goals(world.council)["T7"] == 88 and goals(world.other_council)["T7"] == 85
    assert list(goals(world.council))[-2:] == ["T9", "T10"] and "T10" not in goals(world.other_council)
    assert goals(world.council)["T5"] == 10


def test_taking_it_back_brings_the_decision_back(world):
    change(world, value=88)
    for _click in range(2):
        remove_council_target(council=world.council, code="T7", by=world.people["secretary"], now=world.now, reason=WHY)
    assert goals(world.council)["T7"] == 85
    told = list(
        RecordEntry.objects.filter(verb__contains="council_target").order_by("pk").values_list("summary", flat=True)
    )
    assert told == [
        "Đặt chỉ tiêu T7 · Tỷ lệ hòa giải thành: ≥ 88% (trước là ≥ 85%)",
        "Bỏ chỉ tiêu riêng T7 · Tỷ lệ hòa giải thành: ≥ 88%",
    ]


def test_the_same_again_changes_nothing(world):
    change(world)  # the decision's own figures
    assert not CouncilTarget.objects.exclude(council=None).exists()
    change(world, value=88)
    change(world, value=88)
    assert RecordEntry.objects.filter(verb="set_council_target").count() == 1


def test_only_the_councils_secretary_decides(world):
    for who in (
        "officer_a",
        "officer_stp",
        "approver_a",
        "leader",
        "administrator",
        "other_secretary",
        "outsider",
        "inactive",
    ):
        by = User.objects.get(username=who)
        with pytest.raises(NotAllowed):
            change(world, by=by, value=1)
        with pytest.raises(NotAllowed):
            remove_council_target(council=world.council, code="T7", by=by, now=world.now, reason=WHY)
    assert goals(world.council)["T7"] == 85


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": 0}, "lớn hơn 0"),
        ({"value": 101}, "không quá 100"),
        ({"direction": "lt"}, "≥ hoặc >"),
        ({"rate": "nothing"}, "cách tính"),
        ({"name": " "}, "tên"),
        ({"valid_from": date(2031, 1, 1)}, "hết áp dụng"),
        ({"value": 88, "reason": "vì thế"}, "10 ký tự"),
    ],
)
def test_what_is_no_target_is_refused_in_words(world, changes, said):
    with pytest.raises(Incomplete, match=said):
        change(world, **changes)
    assert not CouncilTarget.objects.exclude(council=None).exists()


def test_the_pages(world, sign_in):
    client = sign_in(world.people["secretary"])
    page = client.get(reverse("target-list")).content.decode()
    assert "chỉ tiêu lịch sử" not in page  # on 10/6/2024 the district level is still there
    assert "≥ 85%" in page and "&gt; 90%" in page and "≥ 1 người/100 tổ" in page
    assert "Hòa giải thành ÷ tổng số vụ việc tiếp nhận" in page
    edit = reverse("target-edit", args=["T7"])
    shown = client.get(edit).context["form"]
    data = {name: shown[name].value() or "" for name in shown.fields} | {
        "valid_from": "17/04/2024",
        "valid_to": "31/12/2030",
    }
    assert client.post(edit, data | {"value": "87,5", "reason": "ngắn"}).status_code == 422
    assert client.post(edit, data | {"value": "87,5", "reason": WHY}).status_code == 302
    own = CouncilTarget.objects.get(council=world.council)
    assert (own.code, own.value, own.valid_to) == ("T7", Decimal("87.5"), date(2030, 12, 31))
    page = client.get(reverse("target-list")).content.decode()
    assert "≥ 87,5%" in page and "mức riêng của Hội đồng" in page
    stale = client.post(edit, data | {"value": "60", "reason": WHY})
    assert stale.status_code == 422 and "Người khác vừa sửa" in stale.content.decode()
    assert client.post(reverse("target-remove", args=["T7"]), {"reason": WHY}).status_code == 302
    assert not CouncilTarget.objects.filter(council=world.council).exists()


def test_adding_one_and_its_code_being_taken(world, sign_in):
    client, url = sign_in(world.people["secretary"]), reverse("target-create")
    data = {
        "code": "CT01",
        "name": "Hòa giải viên được bồi dưỡng",
        "source": "KH 25/KH-UBND",
        "rate": "mediators_trained",
    }
    data |= {"direction": "gte", "value": "60"}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 409
    assert client.post(url, data | {"code": "T7"}).status_code == 409
    assert CouncilTarget.objects.get(code="CT01").council == world.council
    assert sign_in(world.people["other_secretary"]).get(reverse("target-edit", args=["CT01"])).status_code == 404


def test_everybody_who_works_reads_and_a_past_target_says_so(world, sign_in, settings):
    settings.PORTAL_TODAY = date(2025, 8, 1)
    for who in ("officer_a", "leader"):
        page = sign_in(world.people[who]).get(reverse("target-list")).content.decode()
        assert "chỉ tiêu lịch sử" in page and reverse("target-edit", args=["T7"]) not in page


def test_targets_and_rates_stand_on_the_pages_of_a_period(world, sign_in):
    page = sign_in(world.people["secretary"]).get(reverse("consolidation", args=["2024-q2"])).content.decode()
    assert "Tỷ lệ hòa giải thành trên số vụ việc tiếp nhận" in page and "≥ 85%" in page
    assert "Hòa giải thành ÷ (hòa giải thành + hòa giải không thành)" in page
    summary = sign_in(world.people["leader"]).get(reverse("summary-period", args=["2024-q2"])).content.decode()
    assert 'id="chi-tieu"' in summary and "Chưa có số liệu" in summary
