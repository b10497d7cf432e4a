"""A form that creates something does so once, whatever is pressed twice."""

import re
import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from agencies.clock import instant
from agencies.models import Agency, Membership, SentForm, User
from agencies.once import ALREADY, KEPT, forget_old_forms
from campaigns.models import Plan

pytestmark = pytest.mark.django_db
AGENCY = {
    "name": "Sở Y tế thành phố", "short_name": "Sở Y tế", "code": "yte", "kind": "department", "level": "province",
    "protocol_order": "9", "valid_from": "01/01/2024",
}  # fmt: skip

PLAN = {"kind": "plan", "title": "Kế hoạch mới", "starts_on": "01/01/2024", "ends_on": "31/12/2024"}


def key_in(page: str) -> str:
    (key,) = set(re.findall(r'name="form_key" value="([0-9a-f-]{36})"', page))
    return key


def fields_of(client, url: str, **typed) -> dict:
    """What the page would send: its own values, with other ones typed into some boxes, and its key."""
    answer = client.get(url)
    form = answer.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in shown.items() if value not in (None, False)}
    return given | typed | {"form_key": key_in(answer.content.decode())}


CASES = {
    "agency-create": ("secretary", AGENCY, lambda: Agency.objects.count()),
    "plan-create": (
        "secretary",
        PLAN | {"number": "77/KHPH"},
        lambda: Plan.objects.count(),
    ),
    "account-create": (
        "administrator",
        {
            "username": "nguoi.moi",
            "full_name": "Nguyễn Thị Mới",
            "role": "liaison",
            "joined_on": "01/06/2024",
            "password": "Mot-Cau-Dai-De-Nho-2024!",
        },
        lambda: (User.objects.count(), Membership.objects.count()),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sent_twice_is_done_once(world, sign_in, name):
    who, typed, count = CASES[name]
    client = sign_in(world.people[who])
    url = reverse(name, args=[world.agencies["b"].pk] if name == "account-create" else [])
    parties = {"parties": [world.agencies["a"].pk]} if name == "plan-create" else {}
    data, before = fields_of(client, url, **typed, **parties), count()
    first = client.post(url, data)
    assert count() != before, first.context and first.context["form"].errors
    after = count()
    second = client.post(url, data)
    assert count() == after
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert [str(message) for message in get_messages(second.wsgi_request)][-1] == ALREADY
    assert client.post(url, data | {"form_key": str(uuid.uuid4())}).status_code in (409, 422)  # a new form is read


def test_a_refused_form_can_be_put_right_and_sent_with_the_same_key(world, sign_in):
    client, url = sign_in(world.people["secretary"]), reverse("agency-create")
    data = fields_of(client, url, **AGENCY)
    assert client.post(url, data | {"name": ""}).status_code == 422
    assert client.post(url, data).status_code == 302 and Agency.objects.filter(code="yte").count() == 1


def test_a_key_is_one_persons_and_one_addresss(world, sign_in):
    url = reverse("plan-create")
    ours = [world.agencies["a"].pk, world.agencies["b"].pk]
    mine, theirs = sign_in(world.people["secretary"]), sign_in(world.people["other_secretary"])
    data = fields_of(mine, url, number="78/KHPH", parties=ours, **PLAN)
    assert mine.post(url, data).status_code == 302
    before = Plan.objects.count()
    copied = fields_of(theirs, url, number="78/KHPH", parties=[world.agencies["x"].pk], **PLAN)
    assert theirs.post(url, copied | {"form_key": data["form_key"]}).status_code == 302
    assert Plan.objects.count() == before + 1
    other = fields_of(mine, reverse("agency-create"), **AGENCY) | {"form_key": data["form_key"]}
    assert mine.post(reverse("agency-create"), other).status_code == 302 and Agency.objects.filter(code="yte").exists()


@pytest.mark.parametrize("key", ["", "abc", "\x00", "x" * 4000, "{6f9619ff-8b86-4d11-b42d-00c04fc964ff}"])
def test_a_strange_key_harms_nothing(world, sign_in, key):
    client, url = sign_in(world.people["secretary"]), reverse("agency-create")
    assert client.post(url, fields_of(client, url, **AGENCY) | {"form_key": key}).status_code == 302
    assert Agency.objects.filter(code="yte").count() == 1


def test_keys_are_forgotten_after_some_days(world, sign_in):
    secretary = world.people["secretary"]
    old = {"path": "/x/", "location": "/y/", "at": instant() - KEPT * 2}
    SentForm.objects.create(user=secretary, key=uuid.uuid4(), **old)
    client, url = sign_in(secretary), reverse("agency-create")
    assert client.post(url, fields_of(client, url, **AGENCY)).status_code == 302
    assert SentForm.objects.filter(user=secretary).count() == 1
    # of somebody who sends nothing more
    SentForm.objects.create(user=world.people["leader"], key=uuid.uuid4(), **old)
    assert forget_old_forms(instant()) == 1 and SentForm.objects.get().user == secretary
