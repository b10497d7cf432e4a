"""The council's report lives with the data: edits survive, changed sentences are marked, saves can be read again."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse, reverse_lazy
from docx import Document

from agencies.errors import Incomplete, NotAllowed, StaleVersion
from reports import workflow
from reports.consolidation import consolidate
from reports.document import document_parts, newest_report, value_of
from reports.drafting import draft_sentences
from reports.edits import headings, shown_on_page
from reports.entry import save_figures
from reports.issuing import Settlement, issue_report, own_entries, save_council_report
from reports.models import CouncilReport, CouncilReportVersion, Period
from tests.world import fill_in

URL = {"code": "2024-q2"}


def accept(world, code, **figures):
    """The agency's report, filled in, handed in and accepted."""
    officer = world.people[f"officer_{code}"]
    fill_in(world, code, officer)
    correct(world, code, **figures)
    report = workflow.submit_report(report=world.report(code), by=officer, now=world.now)
    if report.state == "awaiting":
        report = workflow.approve_report(report=report, by=world.people["approver_a"], now=world.now)
    return workflow.accept_report(report=report, by=world.people["secretary"], now=world.now)


def correct(world, code, **figures):
    """Figures typed by hand, with the reason that they need."""
    report = world.report(code)
    values = {name: (Decimal(value), "Đã rà soát theo sổ theo dõi") for name, value in figures.items()}
    save_figures(
        report=report, by=world.people[f"officer_{code}"], now=world.now, version=report.version, values=values
    )


def again(world, code, **figures):
    """Returned by the secretariat and handed in again with other figures."""
    officer, secretary = world.people[f"officer_{code}"], world.people["secretary"]
    workflow.return_report(report=world.report(code), by=secretary, now=world.now, reason="Rà soát lại số liệu giúp")
    correct(world, code, **figures)
    workflow.submit_report(report=world.report(code), by=officer, now=world.now)
    return workflow.accept_report(report=world.report(code), by=secretary, now=world.now)


@pytest.fixture
def ready(world):
    """All reports accepted: LHPN told of 5 sessions and 200 people, the Sở of 3 and 90."""
    accept(world, "a", PB01=0, PB02=0)
    accept(world, "b", PB01=5, PB02=200, PB03=1, PB04=40)
    accept(world, "stp", PB01=3, PB02=90)
    return world


def shown(world):
    """Value, draft and texts as the page has them."""
    value = consolidate(Period.objects.get(pk=world.period.pk), as_of=world.today)
    draft = draft_sentences(value)
    return value, draft, headings(own_entries(newest_report(world.period)), draft, value)


def save(world, by="secretary", version="now", **more):
    """Save the texts as the page shows them, with the given ones instead."""
    value, draft, texts = shown(world)
    report = newest_report(world.period)
    known = report.version if report and report.state == "draft" else None
    given = {key: more.pop(key) for key in list(more) if key in draft}
    return save_council_report(
        period=world.period,
        by=world.people[by],
        now=world.now,
        version=known if version == "now" else version,
        narrative={key: one.text for key, one in texts.items()} | given,
        signing="vice",
        addressee="Ủy ban nhân dân thành phố Cần Thơ",
        recipients=["Thành viên Hội đồng"],
        **more,
    )


def test_an_edited_heading_is_marked_not_overwritten_the_others_follow(ready):
    own = shown(ready)[2]["education"].text.replace("các cơ quan, đơn vị đã", "toàn thành phố đã") + " Nền nếp hơn."
    assert "toàn thành phố đã tổ chức 08 cuộc" in own
    save(ready, education=own)
    assert shown(ready)[2]["education"].marks == ()
    again(ready, "b", PB01=9, PB03=2)
    texts = shown(ready)[2]
    assert texts["education"].text == own  # not a letter changed
    (mark, *_others) = texts["education"].marks
    assert "08 cuộc" in mark.before and "12 cuộc" in mark.after
    assert own[slice(*mark.span)].startswith("Trong Quý II/2024") and "toàn thành phố" in own[slice(*mark.span)]
    assert [(row.code, row.before, row.after) for row in mark.figures] == [("PB01", "8", "12")]
    assert "02 cuộc thi" in texts["contests"].text and not texts["contests"].own


def test_keeping_and_taking_a_changed_sentence(ready):
    own = shown(ready)[2]["education"].text + " Nền nếp hơn."
    save(ready, education=own)
    again(ready, "b", PB01=9)
    first = shown(ready)[2]["education"].marks[0]
    save(ready, settled=Settlement("education", first.key, take=False))
    texts = shown(ready)[2]["education"]
    assert texts.text == own and first.key not in {mark.key for mark in texts.marks}
    again(ready, "b", PB01=10)  # what was kept is marked anew when the figure moves on
    mark = next(mark for mark in shown(ready)[2]["education"].marks if mark.key == first.key)
    assert [(row.before, row.after) for row in mark.figures] == [("12", "13")]
    save(ready, settled=Settlement("education", mark.key, take=True))
    texts = shown(ready)[2]["education"]
    assert mark.after in texts.text and texts.text.endswith("Nền nếp hơn.")
    assert CouncilReportVersion.objects.first().what == "Lấy câu mới ở mục II.1"
    save(ready, settled=Settlement("education", mark.key, take=True))  # a second click
    assert shown(ready)[2]["education"].text == texts.text


def test_all_marks_of_a_heading_are_kept_in_one_click(ready):
    own = "Thư ký viết lại toàn bộ mục này."
    save(ready, education=own)
    again(ready, "b", PB01=9, PB02=300)
    assert len(shown(ready)[2]["education"].marks) > 1  # what cannot be found in the text is marked all the same
    save(ready, settled=Settlement("education", "*", take=False))
    texts = shown(ready)[2]["education"]
    assert (texts.text, texts.marks) == (own, ())


def test_a_heading_brought_back_to_the_draft_follows_the_data_again(ready):
    save(ready, education=shown(ready)[2]["education"].text.replace("08 cuộc", "tám cuộc"))
    again(ready, "b", PB01=9)
    while marks := shown(ready)[2]["education"].marks:
        save(ready, settled=Settlement("education", marks[0].key, take=True))
    assert CouncilReport.objects.get().narrative == {}


def test_what_stood_on_the_page_is_what_a_text_was_written_from(ready):
    """The figures move between opening the page and saving it."""
    value, draft, texts = shown(ready)
    carried = {key: shown_on_page(sentences, value) for key, sentences in draft.items()}
    opened = {key: one.text for key, one in texts.items()}
    again(ready, "b", PB01=9, PB03=2)
    save(ready, **opened | {"education": opened["education"] + " Nền nếp hơn."}, shown=carried)
    report = CouncilReport.objects.get()
    assert set(report.narrative) == {"education"}  # contests were not edited, so they follow
    assert [row.after for row in shown(ready)[2]["education"].marks[0].figures] == ["12"]


def test_every_save_can_be_read_again_and_compared(ready, sign_in):
    save(ready, strengths="Ưu điểm thứ nhất.")
    before = CouncilReportVersion.objects.get()
    again(ready, "b", PB01=9)
    save(ready, strengths="Ưu điểm thứ hai.")
    client = sign_in(ready.people["secretary"])
    listed = client.get(reverse("consolidation-versions", kwargs=URL)).content.decode()
    assert "Bản 1, lần 1" in listed and "Bản 1, lần 2" in listed and "Người secretary" in listed
    one = client.get(reverse("consolidation-version", kwargs=URL | {"edition": 1, "version": 1})).content.decode()
    assert "Ưu điểm thứ nhất." in one and "08 cuộc" in one and "12 cuộc" not in one
    page = client.get(reverse("consolidation-compare", kwargs=URL), {"tu": "1.2", "den": "1.1"})
    assert {row.code: (row.before, row.after) for _, row in page.context["figures"]} == {"PB01": ("8", "12")}
    assert [row.key for row in page.context["texts"]] == ["education", "strengths"]
    text = page.content.decode()
    assert "[bỏ: </span>nhất.<" in text and "[thêm: </span>hai.<" in text
    for odd in ({}, {"tu": "1.1", "den": "9.9"}, {"tu": "1.1", "den": "x"}, {"tu": "1.1", "den": "1.99999999999"}):
        assert client.get(reverse("consolidation-compare", kwargs=URL), odd).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        CouncilReportVersion.objects.filter(pk=before.pk).update(what="sửa")
    with pytest.raises(DatabaseError), transaction.atomic():
        before.delete()


def issue(world, number="15/BC-HĐPH", **more):
    return issue_report(
        period=world.period,
        by=world.people["secretary"],
        now=world.now,
        number=number,
        issued_on=more.pop("issued_on", world.today),
        **more,
    )


def test_an_adjusted_edition_says_what_it_replaces_and_why(ready, sign_in):
    save(ready, strengths="Ưu điểm do Thư ký viết.")
    issued = issue(ready)
    frozen = document_parts(ready.period, value_of(ready.period, issued, as_of=ready.today), issued)
    again(ready, "b", PB01=9)
    texts = shown(ready)[2]
    assert texts["strengths"].text == "Ưu điểm do Thư ký viết."  # a new edition starts from the secretariat's words
    save(ready)
    draft = newest_report(ready.period)
    assert (draft.edition, set(draft.narrative)) == (2, {"strengths"})
    for reason in ("", "ngắn quá"):
        with pytest.raises(Incomplete, match="lý do điều chỉnh"):
            issue(ready, "16/BC-HĐPH", adjustment=reason)
    with pytest.raises(Incomplete, match="báo cáo được thay thế"):
        issue(
            ready, "16/BC-HĐPH", adjustment="Hội LHPN báo cáo lại", issued_on=ready.today - timedelta(days=1)
        )  # fmt: skip
    adjusted = issue(ready, "16/BC-HĐPH", adjustment="Hội LHPN báo cáo lại số cuộc tuyên truyền.")
    parts = document_parts(ready.period, value_of(ready.period, adjusted, as_of=ready.today), adjusted)
    opening = parts["narrative"]["direction"].split("\n")[0]
    assert opening.startswith(
        "Báo cáo này điều chỉnh, thay thế Báo cáo số 15/BC-HĐPH ngày 10 tháng 6 năm 2024 của Hội đồng phối hợp"
    )
    assert "Lý do điều chỉnh: Hội LHPN báo cáo lại số cuộc tuyên truyền." in opening
    assert "từ 8 cuộc thành 12 cuộc" in opening and "tại mục II.1." in opening
    first = CouncilReport.objects.get(edition=1)
    assert document_parts(ready.period, value_of(ready.period, first, as_of=ready.today), first) == frozen
    again(ready, "b", PB01=20)
    adjusted.refresh_from_db()
    value = value_of(ready.period, adjusted, as_of=ready.today)
    assert document_parts(ready.period, value, adjusted)["narrative"] == parts["narrative"]
    page = sign_in(ready.people["secretary"]).get(
        reverse("consolidation-compare", kwargs=URL), {"tu": "1.2", "den": "2.2"}
    )
    assert page.context["adjusts"] == opening and "In trong bản điều chỉnh" in page.content.decode()


def test_the_database_refuses_an_adjusted_edition_without_a_reason(ready):
    save(ready)
    issue(ready)
    save(ready)
    with pytest.raises(DatabaseError, match="says_why"), transaction.atomic():
        CouncilReport.objects.filter(edition=2).update(
            state="issued", number="16", issued_on=ready.today, issued_at=ready.now, frozen={}
        )


def test_only_the_secretariat_writes_and_stale_saves_are_refused(ready):
    for who in ("officer_a", "leader", "administrator", "other_secretary"):
        with pytest.raises(NotAllowed):
            save(ready, by=who)
    save(ready)
    with pytest.raises(StaleVersion):
        save(ready, version=None)
    assert CouncilReportVersion.objects.count() == 1


def test_a_text_is_kept_in_nfc_without_what_the_database_cannot_hold(ready):
    save(ready, strengths="Nê\u0300n nếp\x00 tốt\r\nDòng hai  ")
    assert CouncilReport.objects.get().narrative["strengths"]["text"] == "Nền nếp tốt\nDòng hai"


def test_the_page_shows_sources_and_marks_and_takes_a_sentence_in_one_click(ready, sign_in):
    client = sign_in(ready.people["secretary"])
    url = reverse("consolidation", kwargs=URL)
    page = client.get(url)
    text = page.content.decode()
    assert f'href="{reverse("report-detail", kwargs=URL | {"agency": "b"})}#so-lieu"' in text
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, data | {"h_education": data["h_education"] + " Nền nếp hơn."}).status_code == 302
    again(ready, "b", PB01=9)
    page = client.get(url)
    (shown_heading,) = [one for one in page.context["headings"] if one.marks]
    assert shown_heading.heading.key == "education"
    text = page.content.decode()
    assert "<mark>" in text and "Lấy câu mới" in text and "Giữ nguyên" in text and "Nền nếp hơn." in text
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    key = f"education|{shown_heading.marks[0].mark.key}"
    answer = client.post(url, data | {"h_budget": "Kinh phí gõ dở.", "lay": key})
    assert answer.status_code == 302 and answer["Location"].endswith("#muc-education")
    narrative = CouncilReport.objects.get().narrative
    assert "12 cuộc" in narrative["education"]["text"] and "Nền nếp hơn." in narrative["education"]["text"]
    assert narrative["budget"]["text"] == "Kinh phí gõ dở."  # typed beside it, saved with it


def typed_on(client, **changed):
    """What the page of the council's report sends, with other text in some boxes."""
    form = client.get(reverse("consolidation", kwargs=URL)).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changed


CLERK = {"number": "15/BC-HĐPH", "issued_on": "10/06/2024", "phat-hanh": "1"}
ISSUE = reverse_lazy("consolidation-issue", kwargs=URL)


def test_issuing_saves_and_freezes_what_was_typed(ready, sign_in):
    save(ready)
    client = sign_in(ready.people["secretary"])
    data = typed_on(client, h_strengths="Gõ rồi bấm Phát hành ngay.") | CLERK
    assert client.post(ISSUE, data).status_code == 302
    report = CouncilReport.objects.get()
    assert (report.state, report.number) == ("issued", "15/BC-HĐPH")
    assert report.narrative["strengths"]["text"] == "Gõ rồi bấm Phát hành ngay."
    assert client.post(ISSUE, data).status_code == 302  # a second click
    assert client.post(ISSUE, data | {"h_strengths": "Chữ khác."}).status_code == 409  # not one: other words
    assert CouncilReport.objects.get() == report


@pytest.mark.parametrize(
    "wrong", [{"number": ""}, {"number": "BC/15"}, {"issued_on": "10/07/2024"}, {"issued_on": "x"}]
)
def test_a_refused_issue_keeps_the_draft_as_typed_and_says_so_on_top(ready, sign_in, wrong):
    save(ready)
    client = sign_in(ready.people["secretary"])
    answer = client.post(ISSUE, typed_on(client, h_strengths="Gõ dở khi phát hành.") | CLERK | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count("Gõ dở khi phát hành.") == 1
    top = page[: page.index('id="tien-do"')]
    assert "autofocus" in top and "Chưa phát hành được. Lời văn đã lưu" in top and 'href="#phat-hanh"' in top
    report = CouncilReport.objects.get()
    assert (report.state, report.narrative["strengths"]["text"]) == ("draft", "Gõ dở khi phát hành.")
    again = {name: answer.context["form"][name].value() or "" for name in answer.context["form"].fields}
    assert client.post(ISSUE, again | CLERK).status_code == 302  # the refused page can be sent again as it is
    assert CouncilReport.objects.get().narrative["strengths"]["text"] == "Gõ dở khi phát hành."


def test_a_stale_page_neither_saves_nor_issues(ready, sign_in):
    save(ready)
    client = sign_in(ready.people["secretary"])
    data = typed_on(client, h_strengths="Của tôi.") | CLERK
    save(ready, strengths="Của người khác.")
    answer = client.post(ISSUE, data)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("Của tôi.", "Của người khác.", "Người khác vừa lưu"))
    report = CouncilReport.objects.get()
    assert (report.state, report.narrative["strengths"]["text"]) == ("draft", "Của người khác.")


def test_the_clerks_number_waits_while_the_draft_is_saved(ready, sign_in):
    client, url = sign_in(ready.people["secretary"]), reverse("consolidation", kwargs=URL)
    client.post(url, typed_on(client))
    client.post(url, typed_on(client) | {"number": "27/BC-HĐPH", "issued_on": "09/06/2024"})
    form = client.get(url).context["issue_form"]
    assert (form["number"].value(), form["issued_on"].value()) == ("27/BC-HĐPH", "09/06/2024")
    client.post(ISSUE, typed_on(client) | {"number": "27/BC-HĐPH", "issued_on": "09/06/2024"})
    client.post(url, typed_on(client))
    assert client.get(url).context["issue_form"]["number"].value() is None


def test_numbers_unlike_the_data_are_shown_and_must_be_looked_at_before_issue(ready, sign_in):
    save(ready)
    client = sign_in(ready.people["secretary"])
    data = typed_on(client)
    wrong = data["h_education"].replace("08 cuộc", "37 cuộc")
    answer = client.post(ISSUE, data | CLERK | {"h_education": wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and CouncilReport.objects.get().state == "draft"
    assert "khác số liệu ở mục II.1" in page and page.count("Số trong lời văn khác số liệu") == 2
    assert "số liệu là <b>8</b>, lời văn ghi <b>37</b>" in page and "Tôi đã kiểm tra" in page
    ticked = {"checked": answer.context["odd_token"]}
    other = wrong.replace("37 cuộc", "38 cuộc")  # a tick is good for what was on the page only
    assert client.post(ISSUE, typed_on(client, h_education=other) | CLERK | ticked).status_code == 422
    assert client.post(ISSUE, typed_on(client, h_education=wrong) | CLERK | ticked).status_code == 302
    assert "37 cuộc" in CouncilReport.objects.get().narrative["education"]["text"]


def test_a_text_with_the_numbers_of_the_data_is_issued_without_asking(ready, sign_in):
    save(ready, education=shown(ready)[2]["education"].text.replace("các cơ quan, đơn vị đã", "toàn thành phố đã"))
    client = sign_in(ready.people["secretary"])
    assert "Tôi đã kiểm tra" not in client.get(reverse("consolidation", kwargs=URL)).content.decode()
    assert client.post(ISSUE, typed_on(client) | CLERK).status_code == 302


def test_an_adjusted_edition_marks_its_reason_and_is_compared_with_the_issued_one(ready, sign_in):
    save(ready)
    issue(ready)
    for text in ("Sửa lần một.", "Sửa lần hai."):
        save(ready, strengths=text)
    client = sign_in(ready.people["secretary"])
    page = client.get(reverse("consolidation", kwargs=URL))
    assert page.context["issue_form"].fields["adjustment"].required
    listed = client.get(reverse("consolidation-versions", kwargs=URL)).context["preselected"]
    assert (listed.report.edition, listed.version) == (1, 2)


def test_a_first_edition_is_compared_with_the_save_before(ready, sign_in):
    client, url = sign_in(ready.people["secretary"]), reverse("consolidation-versions", kwargs=URL)
    assert client.get(url).context["preselected"] is None
    for text, version in (("Một.", 1), ("Hai.", 1), ("Ba.", 2)):
        save(ready, strengths=text)
        assert client.get(url).context["preselected"].version == version


def test_a_forged_note_of_what_stood_on_the_page_is_not_believed(ready, sign_in):
    client, url = sign_in(ready.people["secretary"]), reverse("consolidation", kwargs=URL)
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, data | {"drafted": data["drafted"][:-3] + "AAA", "h_budget": "Khác."}).status_code == 302
    assert CouncilReport.objects.get().narrative["budget"]["basis"][0]["key"] == "kinh-phi"


@pytest.mark.parametrize(("wish", "named"), [("word", "BaoCao_"), ("excel", "PhuLuc_")])
def test_a_file_wished_for_comes_after_the_save_with_what_was_typed(ready, sign_in, wish, named):
    client, url = sign_in(ready.people["secretary"]), "/tong-hop/2024-q2/"
    answer = client.post(url, typed_on(client, h_direction="Gõ rồi xuất ngay.") | {"xuat": wish})
    assert (answer.status_code, answer["Location"]) == (302, f"{url}?tai={wish}")
    assert CouncilReport.objects.get().narrative["direction"]["text"] == "Gõ rồi xuất ngay."
    page = client.get(answer["Location"]).content.decode()
    link = re.search(r'Đã lưu dự thảo.*?<a href="([^"]+)" data-download>', page)[1]
    file = client.get(link)
    assert named in file["Content-Disposition"]
    if wish == "word":
        assert "Gõ rồi xuất ngay." in "\n".join(part.text for part in Document(io.BytesIO(file.content)).paragraphs)
    assert "data-download" not in client.get(answer["Location"]).content.decode()  # once only


def test_a_stale_page_gets_no_file_and_an_unknown_wish_is_a_save(ready, sign_in):
    client, url = sign_in(ready.people["secretary"]), "/tong-hop/2024-q2/"
    stale = typed_on(client, h_direction="Của tôi.")
    assert client.post(url, typed_on(client, h_direction="Của người khác.") | {"xuat": "pdf"})["Location"] == url
    answer = client.post(url, stale | {"xuat": "word"})
    assert answer.status_code == 409 and "Của tôi." in answer.content.decode()
