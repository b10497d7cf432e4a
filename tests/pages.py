"""Every page of the portal for every kind of person, found from the URLconf through the matrix of tests/matrix.py.

A new address is in the matrix (tests/test_access.py sees to it), and so every test over all pages has it at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.addresses import arguments
from tests.matrix import ACTORS, EXPECTED

# One of each kind of person; the others of the matrix see the same pages with other objects.
ROLES = ("anonymous", "outsider", "officer_a", "approver_a", "secretary", "leader", "administrator")

# Pages that only show with something asked for, or that stand for a refusal: name → address.
ASKED = {
    "search, found": "/tim-kiem/?q=tuyen+truyen",
    "search, nothing": "/tim-kiem/?q=zzzz",
    "task-list, nothing": "/nhiem-vu/?q=zzzz",
    "record, nothing": "/nhat-ky/?q=zzzz",
    "agency-list, nothing": "/co-quan/?q=zzzz",
    "error 404": "/khong-co-trang-nay/",
    "error 405": "/co-chu/",
}
_SECRET = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|<p class="request-id.*?</p>|name="form_key" value="[^"]*"'
)
_MAIN = re.compile(r"<main\b.*</main>", re.S)


@dataclass(frozen=True)
class Page:
    """One page as one role gets it."""

    name: str
    role: str
    url: str
    status: int
    html: str
    policy: str

    @property
    def body(self) -> str:
        """What this page has of its own, without the frame and without the tokens of one answer."""
        own = _MAIN.search(self.html)
        return _SECRET.sub("", own[0] if own and "/quan-tri/" not in self.url else self.html)

    def __str__(self) -> str:
        return f"{self.name} ({self.url}) as {self.role}"


def _admin_addresses(world) -> dict[str, str]:
    """The administrators' site: its front page, and every list, form and confirmation of every registered model."""
    found = {"admin:index": reverse("admin:index")}
    for model, registered in admin.site._registry.items():
        where = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        first = world.people["officer_a"] if model._meta.model_name == "user" else model.objects.first()
        for what, args in {
            "changelist": [],
            "add": [],
            "change": [first],
            "delete": [first],
            "history": [first],
        }.items():
            if None not in args:
                found[f"{where}_{what}"] = reverse(f"{where}_{what}", args=[row.pk for row in args])
        if model._meta.model_name == "user":
            found["admin:password"] = reverse("admin:auth_user_password_change", args=[first.pk])
        assert registered.has_module_permission
    return found


def pages_of(role: str, client: Client, world, objects: dict) -> Iterator[Page]:
    """Every HTML page that a person of this role opens with GET; redirects and files are left out."""
    column = ACTORS.index(role)
    addresses = {
        name: reverse(name, kwargs=arguments(name, objects))
        for name, (method, statuses) in EXPECTED.items()
        if method == "GET" and statuses.split()[column] == "200"
    }
    addresses |= ASKED
    if role == "administrator":
        addresses |= _admin_addresses(world)
    refused = next(
        (name for name, row in EXPECTED.items() if row[0] == "GET" and row[1].split()[column] == "403"), None
    )
    if refused:
        addresses["error 403"] = reverse(refused, kwargs=arguments(refused, objects))
    for name, url in addresses.items():
        answer = client.get(url)
        if answer.status_code // 100 == 3 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        html = b"".join(answer) if answer.streaming else answer.content
        yield Page(name, role, url, answer.status_code, html.decode(), answer.get("Content-Security-Policy", ""))


def distinct(pages: list[Page]) -> list[Page]:
    """The pages without those whose own part is word for word that of another role's; each role keeps its first."""
    seen, roles, kept = set(), set(), []
    for page in pages:
        if page.body not in seen or page.role not in roles:
            kept.append(page)
        seen.add(page.body)
        roles.add(page.role)
    return kept


__all__ = ["ASKED", "ROLES", "NoReverseMatch", "Page", "distinct", "pages_of"]
