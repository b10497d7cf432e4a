"""The leaders' page: every number opens the list that it counts, and equals the exported one."""

import io
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from django.urls import reverse

from agencies import clock
from agencies.models import Role, Succession
from agencies.register import found_successor
from reports.consolidation import consolidate
from reports.exports.excel import excel_report
from reports.models import Period
from reports.standing import counts_by_lead
from reports.values import Counts
from reports.views.period_choice import period_choice
from tests.quarters import accept, opened
from tests.reports.leaders_world import with_every_state
from tests.world import make_council, make_person

pytestmark = pytest.mark.django_db
URL = "/tong-quan/2024-q2/"


class Links(HTMLParser):
    """The links of a page with class, address and words; rows and sayings of its list."""

    def __init__(self, page: str):
        super().__init__()
        self.links, self.rows, self.styled = [], 0, []
        self._open, self._depth, self._in_body = None, 0, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "style" in given or any(name.startswith("on") for name in given):
            self.styled.append((tag, given))
        if tag == "a":
            self._open = [given.get("class", "").split(), given.get("href", ""), ""]
        if tag == "tbody":
            self._in_body = True
        if (tag == "tr" and self._in_body) or (tag == "article" and "said" in given.get("class", "")):
            self.rows += 1
        if tag == "td" and "colspan" in given and self._in_body:
            self.rows -= 1  # 'Không có nhiệm vụ nào.'

    def handle_endtag(self, tag):
        if tag == "a" and self._open:
            self.links.append(tuple(self._open))
            self._open = None
        if tag == "tbody":
            self._in_body = False

    def handle_data(self, data):
        if self._open:
            self._open[2] += data


def page_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    page = answer.content.decode()
    listed = page[page.index('id="danh-sach"') :] if 'id="danh-sach"' in page else ""
    return answer, page, Links(listed.split("</section>")[0]).rows


def promised(words: str) -> int | None:
    """How many rows a link promises: the whole of '2/5', else the first number that names no period."""
    words = re.sub(r"Quý [IV]+/\d{4}|năm \d{4}", "", words)
    part = re.search(r"(\d+)/(\d+)", words)
    found = part[2] if part else (re.search(r"\d+", words) or [None])[0]
    return None if found is None else int(found)


@pytest.fixture
def leader(world, sign_in):
    with_every_state(world)
    return sign_in(world.people["leader"])


@pytest.mark.parametrize("path", [URL, f"{URL}?xem=co-quan", f"{URL}?so-voi=2024-q1", "/tong-quan/2024-6t/"])
def test_every_number_opens_the_list_that_it_counts(leader, path):
    _answer, page, _rows = page_of(leader, path)
    links = [link for link in Links(page).links if "n" in link[0]]
    assert len(links) >= 10
    opened_already = {}
    for _classes, address, words in links:
        there = address if address.startswith("/") else path.split("?")[0] + address
        if there not in opened_already:
            opened_already[there] = page_of(leader, there)
        answer, _page, rows = opened_already[there]
        assert rows == promised(words), (words, there, rows)
        if part := re.search(r"(\d+)/\d+(?:.*▲(\d+))?", words, re.S):
            listed = answer.context.get("page")
            if "summary_tasks" in answer.templates[0].name:
                assert sum(task.state == "done" for task in listed) == int(part[1])
                assert sum(task.state == "overdue" for task in listed) == int(part[2] or 0)


def test_the_page_the_list_of_agencies_and_the_excel_file_say_the_same(world, leader):
    value = consolidate(Period.objects.get(pk=world.period.pk), as_of=world.today)
    assert {state: getattr(value.totals, state) for state in ("done", "on_track", "due_soon", "overdue", "suspended")} == {
        "done": 1, "on_track": 1, "due_soon": 2, "overdue": 1, "suspended": 1,
    }  # fmt: skip
    page = leader.get(URL).content.decode()
    shown = {key: int(re.search(rf'id="so-{key}">(\d+)<', page)[1]) for key in ("tasks", "done", "overdue")}
    sheet = openpyxl.load_workbook(io.BytesIO(excel_report(value)), data_only=True)["Tổng hợp"]
    rows = {
        row[1]: [int(cell) for cell in row[5:11]]
        for row in sheet.iter_rows(values_only=True)
        if row[1] and str(row[5]).isdecimal()
    }
    agencies = Links(leader.get(f"{URL}?xem=co-quan").content.decode().split('id="danh-sach"')[1])
    of_page, name = {}, None
    for classes, _address, words in agencies.links:
        if "n" in classes and name:
            of_page[name].append(int(words))
        elif words in rows:
            name, of_page[words] = words, []
    assert of_page == {row.name: rows[row.name] for row in value.agencies}
    assert sum(counts[0] for counts in of_page.values()) == shown["tasks"]
    assert sum(counts[1] for counts in of_page.values()) == shown["done"]
    assert sum(counts[4] for counts in of_page.values()) == shown["overdue"]


def test_the_sentence_tells_the_state_and_with_reports_missing_no_number_tells_a_change(leader):
    page = leader.get(URL).content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page[page.index('id="tom-tat">') + 13 :].split("</p>")[0]))
    assert words == "2/4 cơ quan đã nộp báo cáo, 2 đã được tiếp nhận; 1 nhiệm vụ quá hạn; 2 nhiệm vụ sắp đến hạn."
    text = re.sub(r"<[^>]+>", " ", page)
    assert "Quý I/2024: " in text and "tăng" not in text and "giảm" not in text and "không đổi" not in text
    assert page.count("Chưa so sánh với Quý I/2024 vì Quý II/2024 còn 2 báo cáo chưa được tiếp nhận") == 1
    assert "chậm 26 ngày" in text and "Đơn vị chưa có báo cáo kỳ này." in text
    assert "Đề nghị Sở Tư pháp cấp thêm tài liệu." in text and "Tổ phụ nữ với pháp luật" in text
    assert "cập nhật lúc" in text


def test_with_every_report_accepted_the_four_numbers_tell_their_change(world, leader):
    before = Period.objects.get(council=world.council, code="2024-q1")
    accept(world.period, "a")
    accept(world.period, "stp")
    accept(before, "b")
    accept(before, "stp")
    page = leader.get(URL).context["page"]
    assert page.uncompared == ""
    then = consolidate(before, as_of=world.today).totals
    for number in page.numbers:
        less = number.value - getattr(then, number.state)
        assert number.change == (f"tăng {less}" if less > 0 else f"giảm {-less}" if less else "không đổi")


def test_a_leader_is_led_only_to_pages_that_open(leader):
    seen, todo = set(), [URL, f"{URL}?xem=co-quan", f"{URL}?xem=chi-tieu", f"{URL}?xem=y-kien", f"{URL}?so-lieu=PB01"]
    for start in todo:
        page = leader.get(start).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        for _classes, address, _words in Links(main).links:
            there = (address if address.startswith("/") else start.split("?")[0] + address).split("#")[0]
            if there not in seen:
                seen.add(there)
                assert leader.get(there).status_code in (200, 302), (start, there)
    assert len(seen) > 25


def test_the_secretary_finds_the_way_to_the_work(world, sign_in):
    page = sign_in(world.people["secretary"]).get(URL).content.decode()
    assert reverse("consolidation", args=["2024-q2"]) in page and reverse("board", args=["2024-q2"]) in page


def test_no_element_is_styled_or_scripted_in_place(leader):
    for path in (URL, f"{URL}?xem=co-quan", f"{URL}?so-voi=2024-q1"):
        assert Links(leader.get(path).content.decode()).styled == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("so-voi=2024-q3", 404), ("so-voi=2024", 404), ("so-voi=2024-q2", 404), ("so-voi=x%00", 404), ("so-lieu=XX", 404),
     ("so-voi=2024-q1", 200), ("co-quan=khong-co", 200), ("tinh-trang=x&ke-hoach=abc", 200), ("xem=y-kien", 200),
     ("hoi-dong=tien-giang", 404), ("hoi-dong=can-tho&xem=mo-hinh", 200)],
)  # fmt: skip
def test_odd_addresses(leader, query, status):
    assert leader.get(f"{URL}?{query}").status_code == status


def test_two_quarters_side_by_side(world, leader):
    accept(world.period, "a", PB01=20, PB02=2750)
    accept(world.period, "stp")
    for code in ("b", "stp"):
        accept(Period.objects.get(council=world.council, code="2024-q1"), code, PB01=2)
    pairs = leader.get(f"{URL}?so-voi=2024-q1").context["pairs"]
    before = consolidate(Period.objects.get(council=world.council, code="2024-q1"), as_of=world.today)
    assert {pair.key: pair.then for pair in pairs.states} == {
        key: getattr(before.totals, key) for key in ("tasks", "done", "on_track", "due_soon", "overdue")
    }
    figures = {pair.key: (pair.now, pair.then, pair.change) for pair in pairs.figures}
    assert figures["PB01"] == (44, 15, "+29") and figures["PB02"] == (5596, 1503, "+4.093")
    assert pairs.notes == ()
    turned = leader.get("/tong-quan/2024-q1/?so-voi=2024-q2").context["pairs"]
    assert {pair.key: pair.change for pair in turned.figures}["PB01"] == "−29"


def test_with_reports_missing_no_change_is_claimed(leader):
    pairs = leader.get(f"{URL}?so-voi=2024-q1").context["pairs"]
    assert {pair.change for pair in (*pairs.states, *pairs.figures)} == {"—"}
    assert all(pair.then is not None for pair in pairs.states)
    assert any("Quý II/2024 còn 2 báo cáo" in note for note in pairs.notes)
    assert next(pair for pair in pairs.figures if pair.key == "PB01").then == 11


@pytest.mark.parametrize("kind", [Succession.Kind.MERGE, Succession.Kind.TRANSFER])
def test_across_a_merger_the_other_side_is_marked_across_councils_suppressed(world, leader, kind):
    if kind == Succession.Kind.MERGE:
        found_successor(
            predecessors=[world.agencies["b"], world.agencies["c"]], kind=kind, on=clock.at(world.today).date(), by=None,
            now=world.now, name="Sở Dân tộc và Phụ nữ", short_name="Sở DT&PN", code="sdtpn",
        )  # fmt: skip
    else:
        Succession.objects.create(
            predecessor=world.agencies["c"], successor=world.agencies["x"], kind=kind, effective_on=world.today
        )
    pairs = leader.get(f"{URL}?so-voi=2024-q1").context["pairs"]
    marked = kind == Succession.Kind.MERGE
    assert {pair.marked for pair in pairs.states} == {marked}
    assert {pair.then is None for pair in pairs.states} == {not marked}
    assert any("trước khi sắp xếp tổ chức" in note if marked else "khác địa bàn" in note for note in pairs.notes)


def test_the_choice_of_periods_names_every_year_and_every_period_of_one(world):
    opened(world, "2023-q2")
    opened(world, "2023-q4")
    periods = list(Period.objects.filter(council=world.council).order_by("-starts_on"))
    choice = period_choice(Period.objects.get(pk=world.period.pk), periods, "summary-period")
    assert [(one.label, one.url, one.current) for one in choice.years] == [
        ("2024", "/tong-quan/2024-q2/", True), ("2023", "/tong-quan/2023-q2/", False),
    ]  # fmt: skip
    assert [one.label for one in choice.periods] == ["Quý II", "6 tháng đầu", "9 tháng", "Cả năm"]
    first = Period.objects.get(council=world.council, code="2023-q4")
    assert [one.label for one in period_choice(first, periods, "summary-period").periods] == [
        "Quý II", "Quý IV", "6 tháng đầu", "9 tháng", "6 tháng cuối", "Cả năm",
    ]  # fmt: skip


def test_without_any_period_the_page_says_what_comes_next(world, sign_in):
    new = make_council("moi", "tỉnh Mới")
    leader, secretary = make_person("lanhdao.moi", (new, Role.LEADER)), make_person("thuky.moi", (new, Role.SECRETARY))
    assert "Khi Thư ký Hội đồng mở kỳ đầu tiên" in sign_in(leader).get("/tong-quan/").content.decode()
    assert reverse("period-open") in sign_in(secretary).get("/tong-quan/").content.decode()


def test_counting_open_quarters_is_consolidating_them(world):
    with_every_state(world)
    opened(world, "2024-q3")
    quarters = list(Period.objects.filter(council=world.council).quarters())
    counted = counts_by_lead(quarters, as_of=world.today)
    assert len(quarters) == 3
    for period in quarters:
        value = consolidate(period, as_of=world.today)
        assert sum(counted[period.pk].values(), Counts()) == value.totals
        assert {code: counts for (code, _name), counts in counted[period.pk].items()} == {
            row.code: row.counts for row in value.agencies if row.counts != Counts()
        }
