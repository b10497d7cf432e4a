"""What search finds first, in every kind, for every person; and that marking changes nothing but the marks."""

import html
import re

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.models import User
from agencies.search_words import asked
from agencies.vietnamese import fold, fold_words, nfc
from campaigns.activities import record_activity
from campaigns.evidence import store_evidence
from campaigns.models import Task
from portal.demo.files import picture
from portal.marking import excerpt, marked
from portal.search import search_for
from reports.models import ProgressReport, ReportLine
from tests.world import add_task, fill_in

VIETNAMESE = st.text(st.sampled_from("aăâeêioôơuưyđAĐ hngtc.,-<&1 àảãáạằệữ\u0300\u0323"), max_size=40)


def hits(user, query, label):
    group = next(group for group in search_for(user, query).groups if group.label == label)
    return [re.sub(r"</?mark>", "", str(hit.title)) for hit in group.hits]


# --- marking ------------------------------------------------------------------------------------------------------


@given(st.one_of(VIETNAMESE, st.text(max_size=40)), st.one_of(VIETNAMESE, st.text(max_size=10)))
def test_marking_never_changes_the_text(text, query):
    shown = marked(text, asked(query))
    assert html.unescape(re.sub(r"</?mark>", "", shown)) == nfc(text)
    assert not re.search(r"<(?!/?mark>)", shown)
    assert shown.count("<mark>") == shown.count("</mark>")


@given(VIETNAMESE, VIETNAMESE)
def test_what_is_marked_holds_the_words_and_every_word_is_marked(text, query):
    words = asked(query)
    pieces = [fold(html.unescape(piece)) for piece in re.findall("<mark>(.*?)</mark>", marked(text, words), re.S)]
    assert all(any(word in piece for word in words) for piece in pieces)
    present = [word for word in words if word in fold_words(text).split()]
    assert all(any(word in piece for piece in pieces) for word in present)


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("An ninh, toàn ban", "an", "<mark>An</mark> ninh, toàn ban"),
        ("Kế hoạch hòa giải", "hoa", "Kế hoạch <mark>hòa</mark> giải"),
        ("Kế hoạch", "hoa", "Kế <mark>hoạ</mark>ch"),
        ("toàn ban", "an", "to<mark>àn</mark> b<mark>an</mark>"),
        ("01/KHPH-STP", "khph-stp", "01/<mark>KHPH</mark>-<mark>STP</mark>"),
        ("q\u0323\u0307 x", "q", "<mark>q\u0323\u0307</mark> x"),
    ],
)
def test_the_best_places_are_marked(text, query, shown):
    assert marked(text, asked(query)) == shown


def test_an_excerpt_is_cut_at_words_and_only_where_the_title_does_not_say_it():
    text = "Đã tổ chức nhiều buổi. " * 20 + "Đối thoại với thanh niên về ma túy. " + "Kết quả tốt. " * 30
    part = excerpt(marked("Tuyên truyền", ["doi"]), text, ["doi", "thoai"])
    assert part.startswith("…") and part.endswith("…") and "<mark>Đối</mark> <mark>thoại</mark>" in part
    assert excerpt(marked("Đối thoại", ["doi", "thoai"]), text, ["doi", "thoai"]) == ""


# --- the database's words -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(VIETNAMESE, VIETNAMESE)
def test_the_database_folds_as_the_portal_does(title, body):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme, weights FROM unnest(portal_search_words(%s, %s, false))", [nfc(title), nfc(body)]
        )
        found = {lexeme: set(weights) for lexeme, weights in cursor.fetchall()}
    assert {word for word, weights in found.items() if "A" in weights} == set(fold_words(title).split())
    assert {word for word, weights in found.items() if "C" in weights} == set(fold_words(body).split())


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "   ", "'; DROP TABLE x; --", ":*&|!<->()", "\\'", "x" * 5000, "từ " * 9000])
def test_any_text_can_be_kept_and_asked(world, text):
    task = add_task(world, world.plan, 50, "a", title=text or "không")
    Task.objects.filter(pk=task.pk).update(folded=text)
    search_for(world.people["secretary"], text[:200])


# --- what comes first ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "titles", "expected"),
    [
        # whole words before beginnings before insides
        ("an", ["Ban công", "Anh em", "Giữ an ninh"], ["Giữ an ninh", "Anh em", "Ban công"]),
        ("luat gia", ["Luật giao thông", "Hội luật gia"], ["Hội luật gia", "Luật giao thông"]),
        # a title that begins with the words, then one that holds them together, then the rest
        ("cuoc thi", ["Thi cuộc", "Tổ chức cuộc thi", "Cuộc thi"], ["Cuộc thi", "Tổ chức cuộc thi", "Thi cuộc"]),
        # every word must be there
        ("nghi le", ["Nghi thức", "Nghi lễ", "Lễ"], ["Nghi lễ"]),
        # the same word with other tones is the same word
        ("bàn", ["Bán hàng", "Bạn đọc"], ["Bán hàng", "Bạn đọc"]),
    ],
)
def test_ranking_of_titles(world, query, titles, expected):
    Task.objects.filter(plan=world.plan).update(title="…", folded="", number="", note="")
    for number, title in enumerate(titles, 60):
        add_task(world, world.plan, number, "c", title=title, timing_text="…")
    found = [re.sub(r"^\d+\. ", "", title) for title in hits(world.people["secretary"], query, "Nhiệm vụ")]
    assert found == expected


@pytest.mark.django_db
def test_titles_before_texts_and_ones_own_before_others(world):
    add_task(world, world.plan, 61, "b", title="Nội dung một", expected_output="Sổ tay pháp luật")
    add_task(world, world.plan, 62, "b", title="Sổ tay pháp luật hai")
    add_task(world, world.plan, 63, "b", "a", title="Sổ tay pháp luật ba")
    secretary, officer = world.people["secretary"], world.people["officer_a"]
    both = world.people["viewer_a_officer_b"]
    assert hits(secretary, "so tay", "Nhiệm vụ") == [
        "62. Sổ tay pháp luật hai",
        "63. Sổ tay pháp luật ba",
        "61. Nội dung một",
    ]
    assert hits(officer, "so tay", "Nhiệm vụ") == ["63. Sổ tay pháp luật ba"]
    assert len(hits(both, "so tay", "Nhiệm vụ")) == 3


# --- every kind ---------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(world):
    """Something to be found in every kind, all of agency A."""
    officer, agency = world.people["officer_a"], world.agencies["a"]
    fill_in(world, "a", officer)
    line = world.report("a").lines.get(task=world.tasks[3])
    line.result = "Phát hành cẩm nang an toàn mạng."
    line.save()
    ProgressReport.objects.filter(pk=world.report("a").pk).update(proposals="Đề nghị cấp cẩm nang bổ sung.")
    given = {"by": officer, "now": world.now}
    record_activity(agency=agency, title="Giới thiệu cẩm nang", held_on=world.today, figures={}, **given)
    store_evidence(agency=agency, name="Cẩm nang 2024.png", content=picture("a"), **given)
    add_task(world, world.plan, 64, "a", title="Biên soạn cẩm nang")
    return world


@pytest.mark.django_db
def test_every_kind_is_found_and_leads_to_its_page(filled, sign_in):
    officer = filled.people["officer_a"]
    found = {group.label: group for group in search_for(officer, "cam nang").shown_groups}
    assert set(found) == {"Nhiệm vụ", "Hoạt động", "Báo cáo", "Văn bản, minh chứng"}
    assert found["Báo cáo"].total == 2
    told = " ".join(str(hit.excerpt) for hit in found["Báo cáo"].hits)
    assert "<mark>cẩm</mark> <mark>nang</mark> an toàn mạng" in told and "cấp <mark>cẩm</mark>" in told
    client = sign_in(officer)
    for group in found.values():
        for hit in group.hits:
            assert client.get(hit.url).status_code == 200, hit.url
    for query, label in (
        ("luot nguoi", "Chỉ tiêu"),
        ("01/KHPH", "Kế hoạch"),
        ("officer_a", "Người"),
        ("cong an", "Cơ quan"),
    ):
        hit = next(group for group in search_for(officer, query).groups if group.label == label).hits[0]
        assert client.get(hit.url).status_code == 200, hit.url


@pytest.mark.django_db
def test_nobody_finds_another_agencys_or_councils(filled):
    people = filled.people | {"inactive": User.objects.get(username="inactive")}
    for who in ("officer_b", "officer_c", "officer_x", "other_secretary", "administrator", "outsider", "inactive"):
        labels = {group.label for group in search_for(people[who], "cam nang").shown_groups}
        assert labels == set(), who
    for who in ("secretary", "leader", "approver_a", "viewer_a_officer_b"):
        assert search_for(people[who], "cam nang").total == 5, who


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "query", "seen"),
    [
        ("officer_a", "Nguoi", {"officer_a", "approver_a", "viewer_a_officer_b"}),
        ("administrator", "approver", {"approver_a"}),
        ("other_secretary", "Nguoi", {"officer_x", "other_secretary"}),
        ("outsider", "Nguoi", set()),
    ],
)
def test_people_are_found_by_those_who_read_their_list(world, who, query, seen):
    found = {title.removeprefix("Người ") for title in hits(world.people[who], query, "Người")}
    expected = seen | ({"secretary", "leader", "administrator", "inactive"} if who == "officer_a" else set())
    assert found == expected


@pytest.mark.django_db
def test_the_open_period_comes_first(filled):
    report = filled.report("a")
    line = ReportLine.objects.filter(report=report).exclude(task=filled.tasks[3]).first()
    line.result = "Cẩm nang của dòng khác"
    line.save()
    first = search_for(filled.people["secretary"], "cam nang").groups[3]
    assert all("Quý II/2024" in hit.title for hit in first.hits) and first.total == 3


@pytest.mark.django_db
def test_htmx_gets_the_results_alone_and_a_browser_the_page(world, sign_in):
    client = sign_in(world.people["secretary"])
    part = client.get(reverse("search"), {"q": "hoa giai"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="find-count"' in part and "<mark>Hòa</mark>" in part
    whole = client.get(reverse("search"), {"q": "hoa giai"}).content.decode()
    assert whole.count('id="find-count"') == 1 and "kết quả cho “hoa giai”" in whole
