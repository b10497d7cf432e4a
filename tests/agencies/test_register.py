"""Entering and amending agencies, and recording who follows whom, on the pages and through the verbs."""

from datetime import date

import pytest
from django.urls import reverse

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.models import Agency, RecordEntry, Succession
from agencies.permissions import Perm, can, forget_grants
from agencies.register import amend_agency, create_agency, has_past

NOW = clock.at(date(2024, 6, 10))
KNL = {"name": "Sở Khoa học và Công nghệ", "short_name": "Sở KH&CN", "valid_from": date(2020, 1, 1)}


def create(world, **more) -> Agency:
    return create_agency(**KNL | {"council": world.council, "by": world.people["secretary"], "now": NOW} | more)


def test_entering_an_agency(world):
    agency = create(world, name="  Sở  Khoa học\u00a0và Công nghệ ", aliases=["Sở KHCN", " Sở KHCN ", ""])
    assert (agency.name, agency.code, agency.aliases) == ("Sở Khoa học và Công nghệ", "so-kh-cn", ["Sở KHCN"])
    line = RecordEntry.objects.get(verb="create_agency")
    assert (line.agency, line.council, line.actor) == (agency, world.council, world.people["secretary"])


@pytest.mark.parametrize("who", ["administrator", "leader", "officer_a", "other_secretary", "outsider", "inactive"])
def test_only_the_secretary_keeps_the_list(world, who):
    with pytest.raises(NotAllowed):
        create(world, by=world.people[who])
    with pytest.raises(NotAllowed):
        amend_agency(agency=world.agencies["c"], by=world.people[who], now=NOW, abbreviation="X")


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"name": " "}, Incomplete, "tên đầy đủ"),
        ({"short_name": ""}, Incomplete, "tên ngắn"),
        ({"short_name": "—"}, Incomplete, "Nhập mã"),
        ({"valid_to": date(2020, 1, 1)}, WrongState, "phải sau ngày bắt đầu"),
        ({"code": "stp"}, WrongState, "Mã “stp” đã có"),
        ({"name": "CÔNG AN THÀNH PHỐ"}, WrongState, "trong cùng thời gian"),
        ({"parent": "x"}, WrongState, "cùng hội đồng"),
    ],
)
def test_what_does_not_fit_is_not_entered(world, facts, error, words):
    if "parent" in facts:
        facts = {"parent": world.agencies["x"]}
    count = Agency.objects.count()
    with pytest.raises(error, match=words):
        create(world, **facts)
    assert Agency.objects.count() == count


def test_the_same_name_at_another_time_is_another_agency(world):
    first = create(world, valid_to=date(2022, 1, 1))
    second = create(world, valid_from=date(2022, 1, 1))
    assert (first.code, second.code) == ("so-kh-cn", "so-kh-cn-2022")


def test_amending_and_amending_again(world):
    c = world.agencies["c"]
    facts = {"aliases": ["BDT"], "abbreviation": "BDT", "requires_approval": True, "protocol_order": 7}
    amended = amend_agency(agency=c, by=world.people["secretary"], now=NOW, **facts)
    assert {name: getattr(amended, name) for name in facts} == facts
    line = RecordEntry.objects.get(verb="amend_agency")
    assert "tên gọi khác" in line.summary and "thứ tự" in line.summary
    amend_agency(agency=c, by=world.people["secretary"], now=NOW, **facts)
    assert RecordEntry.objects.filter(verb="amend_agency").count() == 1
    with pytest.raises(TypeError):
        amend_agency(agency=c, by=None, now=NOW, code="khac")


def test_no_renaming_once_there_is_a_past(world):
    a, c = world.agencies["a"], world.agencies["c"]
    assert has_past(a) and not has_past(c)
    for change in ({"name": "Công an tỉnh"}, {"short_name": "CA"}):
        with pytest.raises(WrongState, match="Sắp xếp tổ chức"):
            amend_agency(agency=a, by=None, now=NOW, **change, abbreviation="CATP")
    a.refresh_from_db()
    assert (a.name, a.short_name, a.abbreviation) == ("Công an thành phố", "Công an", "")
    # Spelling may be put right; and an agency that has done nothing yet may still be called otherwise.
    assert amend_agency(agency=a, by=None, now=NOW, name="Công An thành phố").name == "Công An thành phố"
    assert amend_agency(agency=c, by=None, now=NOW, name="Ban Tôn giáo").name == "Ban Tôn giáo"


def test_no_circle_of_parents(world):
    a, b, c = (world.agencies[code] for code in "abc")
    b = amend_agency(agency=b, by=None, now=NOW, parent=a)
    c = amend_agency(agency=c, by=None, now=NOW, parent=b)
    for parent in (a, b, c):
        with pytest.raises(WrongState, match="trực thuộc"):
            amend_agency(agency=a, by=None, now=NOW, parent=parent)


def form(**more) -> dict:
    return {
        "kind": "rename",
        "effective_on": "01/03/2025",
        "document_number": "12/NQ-HĐND",
        "new_name": "Sở Dân tộc và Tôn giáo",
        "new_short_name": "Sở DT&TG",
        "hand_over_people": "on",
    } | more


# --- pages --------------------------------------------------------------------------------------------------------


def facts(world, **more) -> dict:
    return {
        "council": world.council.pk,
        "name": "Sở Khoa học và Công nghệ",
        "short_name": "Sở KH&CN",
        "aliases": "Sở KHCN\n\n Sở Khoa học ",
        "valid_from": "03/04/2020",
        "protocol_order": "12",
    } | more


def test_the_page_to_enter_an_agency(world, sign_in):
    client = sign_in(world.people["secretary"])
    response = client.post(reverse("agency-create"), facts(world, parent=world.agencies["a"].pk), follow=True)
    agency = Agency.objects.get(code="so-kh-cn")
    assert response.redirect_chain[0][0] == reverse("agency-detail", args=[agency.pk])
    # 03/04 is the third of April.
    assert (agency.valid_from, agency.parent) == (date(2020, 4, 3), world.agencies["a"])
    assert agency.aliases == ["Sở KHCN", "Sở Khoa học"] and not agency.requires_approval


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Không được để trống"),
        ({"code": "có dấu"}, "Mã chỉ gồm"),
        ({"code": "stp"}, "Mã “stp” đã có"),
        ({"valid_from": "2020"}, "dd/mm/yyyy"),
        ({"valid_to": "03/04/2020"}, "phải sau ngày bắt đầu"),
        ({"aliases": "x" * 201}, "không quá 200"),
        ({"protocol_order": "-1"}, "lớn hơn hoặc bằng"),
        ({"name": "Công an thành phố"}, "trong cùng thời gian"),
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_the_rest(world, sign_in, changed, words):
    count = Agency.objects.count()
    response = sign_in(world.people["secretary"]).post(reverse("agency-create"), facts(world, **changed))
    page = response.content.decode()
    assert response.status_code in {409, 422} and words in page
    assert 'value="Sở KH&amp;CN"' in page and Agency.objects.count() == count


@pytest.mark.parametrize("field", ["council", "parent"])
def test_another_councils_cannot_be_chosen(world, sign_in, field):
    theirs = {"council": world.other_council.pk, "parent": world.agencies["x"].pk}
    response = sign_in(world.people["secretary"]).post(reverse("agency-create"), facts(world, **{field: theirs[field]}))
    assert response.status_code == 422 and not Agency.objects.filter(code="so-kh-cn").exists()


def test_the_page_to_amend(world, sign_in):
    client, a = sign_in(world.people["secretary"]), world.agencies["a"]
    url = reverse("agency-edit", args=[a.pk])
    page = client.get(url).content.decode()
    assert 'value="01/01/2004"' in page and "chỉ sửa được lỗi chính tả" in page and 'name="code"' not in page
    same = {"name": a.name, "short_name": a.short_name, "valid_from": "01/01/2004", "protocol_order": "2"}
    # Somebody else sets another fact while the page is open: it stays.
    Agency.objects.filter(pk=a.pk).update(requires_approval=True, abbreviation="")
    response = client.post(url, same | {"aliases": "CATP\nCông an TP", "requires_approval": "on"})
    assert response.status_code == 302
    a.refresh_from_db()
    assert (a.aliases, a.requires_approval, a.folded) == (
        ["CATP", "Công an TP"],
        True,
        "cong an thanh pho cong an a catp cong an tp",
    )
    refused = client.post(url, same | {"name": "Công an tỉnh", "requires_approval": "on", "aliases": "CATP"})
    page = refused.content.decode()
    assert refused.status_code == 409 and "Sắp xếp tổ chức" in page and 'value="Công an tỉnh"' in page


def test_the_page_of_a_renaming(world, sign_in):
    old = world.agencies["c"]
    client = sign_in(world.people["secretary"])
    response = client.post(reverse("agency-succession", args=[old.pk]), form())
    new = Agency.objects.get(name="Sở Dân tộc và Tôn giáo")
    assert response["Location"] == reverse("agency-detail", args=[new.pk])
    officer = world.people["officer_c"]
    forget_grants(officer)
    assert can(officer, Perm.SUBMIT_REPORT, new)
    # The end of the old one follows from the document: it is not amended by itself.
    with pytest.raises(WrongState, match="kế thừa từ 01/03/2025"):
        amend_agency(agency=old, by=None, now=NOW, valid_to=None)
    with pytest.raises(WrongState, match="phải đang hoạt động ngày đó"):
        amend_agency(agency=new, by=None, now=NOW, valid_from=date(2025, 4, 1))


@pytest.mark.parametrize("kind", ["rename", "split"])
def test_the_secretary_is_told_which_tasks_wait(world, sign_in, kind):
    old, client = world.agencies["a"], sign_in(world.people["secretary"])
    response = client.post(reverse("agency-succession", args=[old.pk]), form(kind=kind), follow=True)
    waiting = old.assignments.filter(date_to__isnull=True).count()
    said = f"{waiting} nhiệm vụ của {old.name} chờ giao lại."
    link = f"{reverse('task-list')}?co-quan={old.pk}"
    page = response.content.decode()
    # A split ends nobody: its tasks have somebody to do them.
    assert waiting and (said in page, f'href="{link}"' in page) == (kind == "rename",) * 2
    assert client.get(link).context["page"].paginator.count == waiting


def test_the_page_of_a_merger_of_several(world, sign_in):
    b, c = world.agencies["b"], world.agencies["c"]
    data = form(kind="merge", successor=world.agencies["a"].pk, others=[c.pk], new_name="", new_short_name="")
    assert sign_in(world.people["secretary"]).post(reverse("agency-succession", args=[b.pk]), data).status_code == 302
    assert set(world.agencies["a"].origins.values_list("predecessor", flat=True)) == {b.pk, c.pk}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"new_name": "", "new_short_name": ""}, "hoặc chọn một cơ quan đã có"),
        ({"successor": "a"}, "không làm cả hai"),
        ({"successor": "x", "new_name": "", "new_short_name": ""}, "successor"),
        ({"kind": "rename", "others": "b"}, "chỉ có một cơ quan cũ"),
        ({"kind": "split", "others": "b"}, "Chỉ chọn thêm cơ quan cũ khi hợp nhất"),
        (
            {"kind": "merge", "successor": "b", "others": "b", "new_name": "", "new_short_name": ""},
            "đồng thời là cơ quan cũ",
        ),
        ({"effective_on": "01/01/1999"}, "hoạt động từ 01/01/2004"),
        ({"effective_on": ""}, "Không được để trống"),
        ({"new_code": "stp"}, "Mã “stp” đã có"),
        ({"new_name": "Công an thành phố"}, "trong cùng thời gian"),
    ],
)
def test_a_succession_that_does_not_fit_writes_nothing(world, sign_in, changed, words):
    data = form(**{k: world.agencies[v].pk if k in {"successor", "others"} else v for k, v in changed.items()})
    count = (Agency.objects.count(), RecordEntry.objects.count())
    url = reverse("agency-succession", args=[world.agencies["c"].pk])
    response = sign_in(world.people["secretary"]).post(url, data)
    page = response.content.decode()
    assert response.status_code in {409, 422} and words in page and 'value="12/NQ-HĐND"' in page
    assert (Agency.objects.count(), RecordEntry.objects.count()) == count and not Succession.objects.exists()
