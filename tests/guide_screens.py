"""The screens that the user guide speaks of: who looks, and how one gets there by the guide's own steps."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from agencies import clock
from campaigns.models import Task
from reports.workflow import approve_report, submit_report
from tests.world import World, fill_in

# What a person reads to find their way: headings, buttons, links that look like buttons, labels, the navigation.
WORDS = "h1, h2, h3, button, a.btn, summary, label, legend, th, .nav a, .card-title, .kpi-label, caption"
_READ = """selector => Array.from(document.querySelectorAll(selector))
  .filter(node => node.getClientRects().length && !node.closest('[hidden]'))
  .map(node => node.innerText)"""


@dataclass(frozen=True)
class Screen:
    """``go`` brings the person's page to the screen, pressing what the guide says to press."""

    user: str
    go: Callable[[Page, World], None]


def words_on(page: Page) -> list[str]:
    """What stands on the screen to find one's way by; figures are '0', so that data do not matter."""
    found = set()
    for text in page.evaluate(_READ, WORDS):
        line = " ".join("".join("0" if letter.isdigit() else letter for letter in text).split())
        if line:
            found.add(line)
    return sorted(found)


def _open(path: str) -> Callable[[Page, World], None]:
    return lambda page, world: page.goto(path.format(**_places(world)))


def _places(world: World) -> dict:
    return {
        "line": world.report("a").lines.order_by("pk").first().pk,
        "a": world.agencies["a"].pk,
        "b": world.agencies["b"].pk,
        "officer_a": world.people["officer_a"].pk,
    }


def _from_desk(page: Page, world: World) -> None:
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Mở báo cáo").first.click()
    expect(page.locator("h1")).to_contain_text("Báo cáo")


def _filled(page: Page, world: World) -> None:
    fill_in(world, "a", world.people["officer_a"])
    _from_desk(page, world)


def _handed_up(page: Page, world: World) -> None:
    """Press what the guide says: the report goes to the agency's approver."""
    _from_desk(page, world)
    page.get_by_role("button", name="Trình lãnh đạo duyệt").first.click()
    expect(page.locator("#notices")).to_contain_text("Đã trình lãnh đạo đơn vị duyệt.")


def _handed_in(page: Page, world: World) -> None:
    report, now = world.report("a"), clock.at(world.today)
    if report.state == "draft":
        submit_report(report=report, by=world.people["officer_a"], now=now)
    if report.state == "awaiting":
        approve_report(report=report, by=world.people["approver_a"], now=now)
    page.goto("/bao-cao/2024-q2/a/")


# The test world's people and tasks under names fit for a picture; all invented.
_NAMES = {
    "officer_a": "Trương Hoài Nam",
    "approver_a": "Đặng Văn Hải",
    "viewer_a_officer_b": "Trần Thị Mỹ Lệ",
    "officer_b": "Phan Thị Kim Oanh",
    "officer_c": "Thạch Thị Sa Rương",
    "officer_stp": "Phạm Minh Tuấn",
    "secretary": "Nguyễn Thị Bích Ngân",
    "leader": "Trần Quốc Thái",
    "administrator": "Lâm Hoàng Duy",
    "inactive": "Mai Văn Lộc",
}
_TASKS = {
    "Nhiệm vụ số 2": "Phổ biến Luật Bình đẳng giới cho hội viên phụ nữ",
    "Nhiệm vụ số 3": "Tổ chức phiên tòa giả định tại các trường trung học phổ thông",
    "Nhiệm vụ số 4": "Tập huấn kỹ năng cho báo cáo viên pháp luật cấp huyện",
}


def dressed(world: World) -> World:
    """The world with names of people and tasks as they might be."""
    for username, name in _NAMES.items():
        person = world.people[username]
        person.full_name = name
        person.save(update_fields=["full_name"])
    for task in Task.objects.filter(title__in=_TASKS):
        task.title = _TASKS[task.title]
        task.save(update_fields=["title"])
    return world


# In this order: one quarter as it goes by, so that each finds what the one before left.
SCREENS: dict[str, Screen] = {
    "viec-cua-toi": Screen("officer_a", _open("/viec-cua-toi/")),
    "cap-nhat": Screen("officer_a", _open("/bao-cao/2024-q2/a/dong/{line}/")),
    "ghi-hoat-dong": Screen("officer_a", _open("/hoat-dong/them/")),
    "nhap-hoat-dong": Screen("officer_a", _open("/hoat-dong/nhap/")),
    "xuat-du-lieu": Screen("secretary", _open("/dieu-phoi/xuat-du-lieu/")),
    "so-lieu": Screen("officer_a", _open("/bao-cao/2024-q2/a/so-lieu/")),
    "nhap-phu-luc": Screen("secretary", _open("/ke-hoach/nhap/")),
    "bao-cao": Screen("officer_a", _filled),
    "da-trinh": Screen("officer_a", _handed_up),
    "duyet": Screen("approver_a", _from_desk),
    "ra-soat": Screen("secretary", _handed_in),
    "dieu-phoi": Screen("secretary", _open("/dieu-phoi/2024-q2/")),
    "tong-hop": Screen("secretary", _open("/tong-hop/2024-q2/")),
    "tong-quan": Screen("leader", _open("/tong-quan/2024-q2/")),
    "xem-nhu": Screen("secretary", _open("/co-quan/nguoi/{officer_a}/xem-nhu/")),
    "co-quan-thu-ky": Screen("secretary", _open("/co-quan/{a}/")),
    "co-quan": Screen("administrator", _open("/co-quan/{a}/")),
    "nguoi-dung": Screen("administrator", _open("/co-quan/nguoi-dung/")),
    "ban-giao": Screen("officer_a", _open("/co-quan/{a}/ban-giao/")),
}
