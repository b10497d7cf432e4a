"""Wrong guesses are corrected in the preview, survive a reload, and are part of what is confirmed."""

import io
import json
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agencies import clock
from agencies.models import Council, RecordEntry, Role
from campaigns.imports.columns import Column
from campaigns.imports.corrections import SECTION, SKIP, TASK, Corrections, HeaderFix, RowFix
from campaigns.imports.service import import_plan, plan_preview
from campaigns.models import Plan, PlanParty, Task
from tests.annexes import HEADINGS, docx, one_row, xlsx
from tests.annexes_broken import BROKEN
from tests.annexes_shapes import council_of_cantho
from tests.world import make_person

TODAY = date(2024, 3, 1)
NOW = clock.at(TODAY)
PREVIEW = "plan-import-preview"


@pytest.fixture
def council(db, settings) -> Council:
    settings.PORTAL_TODAY = TODAY
    return council_of_cantho()


@pytest.fixture
def client(council, sign_in):
    return sign_in(make_person("thu-ky", (council, Role.SECRETARY)))


def upload(client, content, name="phu-luc.docx") -> str:
    response = client.post(reverse("plan-import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()[:3000]
    return response.url


def save(client, url: str, **posted):
    """Post corrections, follow to the page that shows them."""
    response = client.post(reverse(PREVIEW), {"tep": url.split("tep=")[1], "viec": "luu"} | posted)
    assert response.status_code == 302, response.content.decode()[:6000]
    assert response.url == url
    return client.get(url).content.decode()


def confirm(client, url: str):
    return client.post(reverse(PREVIEW), {"tep": url.split("tep=")[1], "viec": "nhap"})


def row(key: str, **fields) -> dict:
    return {"hang": key} | {f"h{key}-{name}": value for name, value in fields.items()}


def test_a_name_is_explained_once_for_every_row(council, client):
    rows = [
        one_row(lead="Sở Y tế"),
        one_row(number="2", title="B", lead="STP", supporting="Sở Y tế; Tổ công tác 06"),
        one_row(number="3", title="C", lead="Hội LHPN", supporting="Tổ công tác 06"),
    ]
    url = upload(client, docx(rows=rows))
    text = client.get(url).content.decode()
    assert '“Sở Y tế” <span class="muted small">(2 ô)' in text
    told = {

        "ten-0": "noi-vu", "ten-0-chu": "so y te",
        "ten-1": "-", "ten-1-chu": "to cong tac 06",
    }  # fmt: skip
    text = save(client, url, **told)
    assert "lỗi: chưa nhập được" not in text and "Nhập kế hoạch" in text
    assert "“Sở Y tế” <span" in text, "what was explained stays to be changed"
    assert confirm(client, url).status_code == 302
    plan = Plan.objects.get()
    agencies = [[a.agency.code for a in task.assignments.all()] for task in plan.tasks.all()]
    assert agencies == [["noi-vu"], ["stp", "noi-vu"], ["phu-nu"]]
    assert plan.tasks.get(number="3").supporting_text == "Tổ công tác 06"


def test_an_unknown_lead_with_va_is_explained_as_one_name_and_words_for_many_are_given_to_nobody(council, client):
    council.agencies.filter(code="stp").update(aliases=["Sở TP"])
    rows = [one_row(lead="Sở Văn hoá và Du lịch", supporting="Các sở, ban, ngành liên quan")]
    url = upload(client, docx(rows=rows))
    text = client.get(url).content.decode()
    assert text.count('-chu"') == 1 and "“Sở Văn hoá và Du lịch” <span" in text
    text = save(client, url, **{"ten-0": "noi-vu", "ten-0-chu": "so van hoa va du lich"})
    assert "“Các sở, ban, ngành liên quan” không chỉ rõ cơ quan nào; được giữ nguyên văn, không giao cho ai." in text
    assert confirm(client, url).status_code == 302
    task = Task.objects.get()
    assert [a.agency.code for a in task.assignments.all()] == ["noi-vu"]
    assert task.supporting_text == "Các sở, ban, ngành liên quan"


def test_a_row_is_corrected_and_the_signed_words_stay(council, client):
    rows = [
        one_row(lead="STP và CATP", supporting="Hội Luật gia"),
        one_row(number="2", title="Sơ kết", timing="Đầu quý III"),
        one_row(number="3", title="Thừa", lead="Ai đó", timing="lúc nào đó"),
    ]
    url = upload(client, docx(rows=rows))
    text = save(client, url, **row("0:2", kind=TASK, lead="Công an thành phố"))
    assert 'id="id_h0:2-lead"' not in text, "a row that is right is not opened again"
    text = save(
        client, url, **row("0:3", kind=TASK, due_date="15/08/2024", recurrence="", starts_on=""),
    )  # fmt: skip
    text = save(client, url, **row("0:4", kind=SKIP))
    assert "bỏ qua theo yêu cầu" in text and text.count("Đã sửa") == 2
    assert confirm(client, url).status_code == 302
    one, two = Task.objects.order_by("sort_order")
    assert [a.agency.code for a in one.assignments.all()] == ["cong-an", "luat-gia"]
    assert (two.timing_text, two.due_date, two.recurrence) == ("Đầu quý III", date(2024, 8, 15), "")
    entry = RecordEntry.objects.get(verb="import_plan")
    assert "sửa khi xem trước: 3 hàng" in entry.summary


def test_an_open_row_shows_what_was_read_and_can_be_put_back(council, client):
    url = upload(client, docx(rows=[one_row(supporting="CATP, các đơn vị liên quan", timing="Hằng quý")]))
    text = client.get(f"{url}&sua=0:2").content.decode()
    assert 'name="h0:2-lead" value="Sở Tư pháp"' in text
    assert "Công an thành phố; các đơn vị liên quan" in text
    same = {"kind": TASK, "lead": "Sở Tư pháp", "supporting": "Công an thành phố; các đơn vị liên quan"}
    text = save(client, url, **row("0:2", **same, recurrence="quarterly", due_date="", starts_on=""))
    assert "Không có chỉnh sửa nào mới" in text and "Đã sửa" not in text
    text = save(client, url, **row("0:2", **same | {"lead": "Sở Nội vụ"}, recurrence="yearly"))
    assert "Sở Nội vụ" in text and "Hằng năm" in text and "Đã sửa" in text
    text = save(client, url, **row("0:2", kind=TASK, reset="on"))
    assert "Đã sửa" not in text and "Hằng năm" not in text.split("card-rows")[-1]


def test_a_correction_that_is_wrong_itself_is_shown_as_an_error(council, client):
    url = upload(client, docx(rows=[one_row(lead="Sở Y tế"), one_row(number="2", title="B", timing="sớm")]))
    text = save(client, url, **row("0:2", kind=TASK, lead="Sở Ngoại vụ"))
    assert "Không biết cơ quan “Sở Ngoại vụ”" in text and 'value="Sở Ngoại vụ"' in text
    typed = row("0:3", kind=TASK, due_date="31/02/2024", recurrence="")
    response = client.post(reverse(PREVIEW), {"tep": url.split("tep=")[1], "viec": "luu"} | typed)
    assert response.status_code == 422
    text = response.content.decode()
    assert "Ngày không đúng" in text and 'value="31/02/2024"' in text
    assert "1 lỗi" not in client.get(url).content.decode()


def test_a_section_becomes_a_task_and_a_task_a_section(council, client):
    rows = [
        ["I", "CHUNG", "", "", "", "", ""],
        one_row(number="1", title="Tên mục viết nhầm cột", lead="STP", timing="Hằng quý"),
        ["2", "Kiểm tra chéo", "", "", "", "", ""],
        one_row(number="3", title="Việc ba"),
    ]
    url = upload(client, docx(rows=rows))
    save(client, url, **row("0:3", kind=SECTION))
    text = save(client, url, **row("0:4", kind=TASK))
    assert "Thiếu cơ quan chủ trì" in text
    text = save(client, url, **row("0:4", kind=TASK, lead="STP", recurrence="yearly"))
    assert "Nhập kế hoạch" in text
    assert confirm(client, url).status_code == 302
    plan = Plan.objects.get()
    assert [s.title for s in plan.sections.all()] == ["CHUNG", "Tên mục viết nhầm cột"]
    assert [(t.title, t.recurrence) for t in plan.tasks.all()] == [("Kiểm tra chéo", "yearly"), ("Việc ba", "")]


def test_a_row_passed_over_can_be_read_after_all(council, client):
    rows = [one_row(), ["", "Tổng cộng", "", "", "", "1", ""], one_row(number="2", title="Hai")]
    url = upload(client, docx(rows=rows))
    assert "dòng tổng cộng" in client.get(url).content.decode()
    save(client, url, **row("0:3", kind=TASK))
    text = save(client, url, **row("0:3", kind=TASK, lead="STP", recurrence="ongoing"))
    assert "Nhập kế hoạch" in text and "dòng tổng cộng" not in text


def test_a_column_taken_wrongly_is_chosen_again(council, client):
    headings = ["STT", "Nội dung", "Ai làm", "Cùng làm", "Bao giờ", "Sản phẩm", "Ghi chú"]
    url = upload(client, docx(rows=[one_row(supporting="CATP")], headings=headings))
    text = client.get(url).content.decode()
    assert "thiếu cột “Chủ trì”, “Thời gian”" in text and "<details open>" in text
    text = save(client, url, **{"cot-0-2": "LEAD", "cot-0-4": "TIMING"})
    assert "Nhập kế hoạch" in text and "Cùng làm: CATP" in text
    text = save(client, url, **{"cot-0-3": "SUPPORTING"})
    assert "Cùng làm: CATP" not in text
    assert confirm(client, url).status_code == 302
    task = Task.objects.get()
    assert [a.agency.code for a in task.assignments.all()] == ["stp", "cong-an"]


def test_two_columns_change_places(council, client):
    headings = ["STT", "Nội dung", "Cơ quan phối hợp", "Cơ quan chủ trì", "Thời gian", "Sản phẩm", "Ghi chú"]
    url = upload(client, docx(rows=[one_row(supporting="CATP")], headings=headings))  # headings typed the wrong way
    save(client, url, **{"cot-0-2": "LEAD", "cot-0-3": "SUPPORTING"})
    assert confirm(client, url).status_code == 302
    assert [a.agency.code for a in Task.objects.get().assignments.all()] == ["stp", "cong-an"]


def test_the_plans_own_facts_and_its_parties(council, client):
    rows = [one_row(lead="STP", supporting="CATP"), one_row(number="2", title="B", lead="Thành đoàn")]
    url = upload(client, docx(rows=rows, before=()))
    facts = {"number": "11/KHPH-STP-HLG", "title": "Kế hoạch đã sửa", "kind": "programme", "signed_on": "01/02/2024",
             "starts_on": "01/02/2024", "ends_on": "31/12/2025"}  # fmt: skip
    text = save(client, url, **{"ke-hoach": "1"} | {f"kh-{name}": value for name, value in facts.items()})
    assert "11/KHPH-STP-HLG" in text and "01/02/2024 – 31/12/2025, ký ngày 01/02/2024" in text
    save(client, url, **{"ben-thanh-doan": "participant", "ben-cong-an": "signatory", "ben-dan-toc": "signatory"})
    text = save(client, url, **{"ben-dan-toc": ""})
    done = confirm(client, url)
    plan = Plan.objects.get()
    assert (plan.number, plan.title, plan.kind) == ("11/KHPH-STP-HLG", "Kế hoạch đã sửa", "programme")
    assert (plan.signed_on, plan.starts_on, plan.ends_on) == (date(2024, 2, 1), date(2024, 2, 1), date(2025, 12, 31))
    assert dict(plan.parties.values_list("agency__code", "role")) == {
        "stp": "signatory",
        "cong-an": "signatory",
        "luat-gia": "signatory",
        "thanh-doan": "participant",
    }
    text = client.get(done.url).content.decode()
    signed, taking_part = re.search(
        r"Các bên ký kết</dt>(.*?)Tham gia thực hiện</dt>(.*?)</dd>", text, re.DOTALL
    ).groups()
    assert "Hội Luật gia" in signed and "Thành đoàn" not in signed
    assert "Thành đoàn" in taking_part
    for typed in ({"title": ""}, {"ends_on": "01/01/2024"}, {"starts_on": "mai"}):
        second = upload(client, docx(rows=rows, before=("Số: 12/KH", "KẾ HOẠCH phối hợp năm 2024")))
        posted = {"tep": second.split("tep=")[1], "ke-hoach": "1"} | {f"kh-{n}": v for n, v in (facts | typed).items()}
        assert client.post(reverse(PREVIEW), posted).status_code == 422
    assert Plan.objects.count() == 1


def test_confirming_with_unsaved_corrections_shows_them_first(council, client):
    url = upload(client, docx(rows=[one_row()]))
    posted = {"tep": url.split("tep=")[1], "viec": "nhap", "ben-cong-an": "signatory"}
    assert client.post(reverse(PREVIEW), posted).url == url
    assert "Hãy xem lại rồi bấm" in client.get(url).content.decode()
    assert Plan.objects.count() == 0
    assert confirm(client, url).status_code == 302
    assert Plan.objects.count() == 1


def test_the_facts_are_read_from_the_file_again(council, client):
    existing = import_plan(council=council, content=docx(rows=[one_row()]), filename="a.docx", by=None, now=NOW).plan
    url = upload(client, docx(rows=[one_row()], before=("Số: 99/KH", "KẾ HOẠCH phối hợp giai đoạn 2024 - 2025")))
    facts = {"number": existing.number, "title": "A", "kind": "plan", "starts_on": "01/01/2024"}
    text = save(client, url, **{"ke-hoach": "1", "kh-ends_on": "31/12/2025"} | {f"kh-{n}": v for n, v in facts.items()})
    assert "kế hoạch đang có" in text and 'name="kh-title"' not in text
    text = save(client, url, **{"bo-ke-hoach": "1"})
    assert "99/KH" in text and "kế hoạch mới" in text


def test_columns_can_be_saved_before_the_dates_are_known(council, client):
    headings = ["STT", "Nội dung", "Ai làm", "Cùng làm", "Bao giờ", "Sản phẩm", "Ghi chú"]
    url = upload(client, xlsx(rows=[one_row(timing="Hằng quý")], headings=headings), "a.xlsx")
    assert "2 lỗi" in client.get(url).content.decode()
    shown = {"ke-hoach": "1", "kh-number": "", "kh-title": "a", "kh-kind": "plan", "kh-starts_on": "", "kh-ends_on": ""}
    text = save(client, url, **shown | {"cot-0-2": "LEAD", "cot-0-4": "TIMING"})
    assert "1 lỗi" in text and "từ ngày nào đến ngày nào" in text
    text = save(client, url, **shown | {"kh-starts_on": "01/01/2024", "kh-ends_on": "31/12/2024"})
    assert "Nhập kế hoạch" in text


def test_the_same_file_chosen_again_is_read_with_the_same_corrections(council, client):
    content = docx(rows=[one_row(lead="Sở Y tế")])
    url = upload(client, content)
    save(client, url, **{"ten-0": "noi-vu", "ten-0-chu": "so y te"})
    confirm(client, url)
    text = client.get(upload(client, content)).content.decode()
    assert "các chỉnh sửa của lần đó được dùng lại" in text and "nhập lại không thay đổi gì" in text


def test_a_file_that_is_refused_as_a_whole_is_handed_back_too(council, client):
    page = client.post(reverse("plan-import"), {"file": SimpleUploadedFile("a.xlsx", BROKEN["VNI"].build())})
    assert page.status_code == 422
    link = re.search(r'href="([^"]*ghi-chu-loi[^"]*)"', page.content.decode())[1]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(link).streaming_content)))
    assert "VNI Windows" in book.active["B2"].comment.text and "Unikey" in book.active["B3"].comment.text
    assert client.get(link.replace("ghi-chu-loi", "xem-truoc")).url == reverse("plan-import")
    page = client.post(reverse("plan-import"), {"file": SimpleUploadedFile("a.docx", BROKEN["macro"].build())})
    assert page.status_code == 422 and "ghi-chu-loi" not in page.content.decode()


def test_a_correction_that_leads_to_a_closed_plan_is_not_kept(council, client):
    closed = import_plan(council=council, content=docx(rows=[one_row()]), filename="a.docx", by=None, now=NOW).plan
    Plan.objects.filter(pk=closed.pk).update(state=Plan.State.COMPLETED)
    url = upload(client, docx(rows=[one_row()], before=("Số: 99/KH", "KẾ HOẠCH phối hợp giai đoạn 2024 - 2025")))
    facts = {"number": closed.number, "title": "A", "kind": "plan", "starts_on": "01/01/2024", "ends_on": "31/12/2025"}
    posted = {"tep": url.split("tep=")[1], "ke-hoach": "1"} | {f"kh-{n}": v for n, v in facts.items()}
    response = client.post(reverse(PREVIEW), posted)
    assert response.status_code == 422 and "Đã kết thúc" in response.content.decode()
    assert "99/KH" in client.get(url).content.decode()


def test_nonsense_posted_by_hand_changes_nothing(council, client):
    url = upload(client, docx(rows=[one_row()]))
    nonsense = {"cot-0-1": "DROP", "cot-9-9": "LEAD", "ten-0": "stp", "ten-0-chu": "x", "ben-stp": "king",
                "ben-x": "signatory", "hang": ["9:9", "x", "0:2"], "h0:2-kind": "x"}  # fmt: skip
    response = client.post(reverse(PREVIEW), {"tep": url.split("tep=")[1], "viec": "luu"} | nonsense)
    assert response.status_code == 422  # what the row is must be one of three
    del nonsense["h0:2-kind"], nonsense["hang"]
    assert "Không có chỉnh sửa nào mới" in save(client, url, **nonsense)


def test_the_errors_are_downloaded_in_the_persons_own_file(council, client):
    url = upload(client, xlsx(rows=[one_row(lead="Sở Y tế")], before=("KẾ HOẠCH phối hợp năm 2024",)), "Phụ lục 1.xlsx")
    text = client.get(url).content.decode()
    link = re.search(r'href="([^"]*ghi-chu-loi[^"]*)"', text)[1]
    response = client.get(link)
    assert (
        "filename*=utf-8''Ph%E1%BB%A5%20l%E1%BB%A5c%201%20%28ghi%20ch%C3%BA%20l%E1%BB%97i%29.xlsx"
        in response["Content-Disposition"]
    )
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert "Không biết cơ quan “Sở Y tế”" in book.active["C3"].comment.text
    save(client, url, **row("0:3", kind=TASK, lead="STP"))
    assert client.get(link).url == url, "nothing is wrong any more"
    assert client.get(reverse("plan-import-errors")).url == reverse("plan-import")


def test_the_page_stays_small_with_many_wrong_rows(council, client):
    rows = [one_row(number=str(n), title=f"Việc {n}", lead=f"Sở số {n % 7}", timing="sớm") for n in range(1, 121)]
    text = client.get(upload(client, docx(rows=rows))).content.decode()
    assert text.count('name="hang"') == 40 and text.count('-chu"') == 7
    assert "240 lỗi" in text


def test_unknown_names_alone_open_no_rows(council, client):
    """A name is explained once above; its rows need no form of their own unless somebody asks for one."""
    rows = [one_row(number=str(n), title=f"Việc {n}", lead="Sở Y tế") for n in range(1, 4)]
    url = upload(client, docx(rows=rows))
    text = client.get(url).content.decode()
    assert 'name="hang"' not in text and "(3 ô)" in text
    assert 'value="Sở Y tế"' in client.get(f"{url}&sua=0:3").content.decode()


DAYS = st.none() | st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
WORDS = st.text(alphabet="aB1:đ –\n", max_size=6)
FIXES = st.builds(
    RowFix, kind=st.sampled_from(["", TASK, SECTION, SKIP]), lead=st.none() | WORDS, supporting=st.none() | WORDS,
    timed=st.booleans(), starts_on=DAYS, due_date=DAYS, recurrence=st.sampled_from(["", "yearly"]),
)  # fmt: skip


@given(
    st.builds(
        Corrections,
        columns=st.dictionaries(
            WORDS, st.dictionaries(WORDS, st.sampled_from(list(Column.__members__)), max_size=3), max_size=3
        ),
        names=st.dictionaries(WORDS, WORDS, max_size=3),
        rows=st.dictionaries(WORDS, FIXES, max_size=3),
        parties=st.dictionaries(WORDS, st.sampled_from(PlanParty.Role.values), max_size=3),
        header=st.none()
        | st.builds(HeaderFix, number=WORDS, title=WORDS, starts_on=DAYS, ends_on=DAYS, signed_on=DAYS),
    )
)
def test_corrections_survive_json(corrections):
    assert Corrections.from_json(json.loads(json.dumps(corrections.as_json()))) == corrections


def test_the_command_and_the_page_read_corrections_the_same(council):
    content = docx(rows=[one_row(lead="Sở Y tế")], headings=HEADINGS)
    corrections = Corrections(rows={"0:2": RowFix(lead="STP")})
    preview = plan_preview(council=council, content=content, filename="a.docx", corrections=corrections, today=TODAY)
    assert preview.errors == ()
    plan = import_plan(
        council=council, content=content, filename="a.docx", corrections=corrections, by=None, now=NOW
    ).plan
    assert plan.tasks.get().assignments.get().agency.code == "stp"
