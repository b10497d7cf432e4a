"""What is taken off can be put back: withdrawn activities, files; each with a line on the record."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.errors import NotAllowed
from agencies.models import RecordEntry
from campaigns.activities import record_activity, restore_activity, withdraw_activity
from campaigns.evidence import remove_evidence, restore_evidence, store_evidence
from campaigns.models import Activity, Evidence, Indicator, Target
from campaigns.targets import set_target
from portal.demo.files import pdf

PDF = pdf("a")
ONE_BY_ONE = {"Accept": "application/json"}


def deed(world, code="a", title="Nói chuyện chuyên đề tại Trường A") -> Activity:
    return record_activity(
        agency=world.agencies[code], by=world.people[f"officer_{code}"], now=world.now, title=title,
        held_on=world.today, tasks=[world.tasks[0]], figures={"PB02": 50},
    )  # fmt: skip


def a_file(world, name="bien-ban.pdf", **subject) -> Evidence:
    who = {"agency": world.agencies["a"], "by": world.people["officer_a"], "now": world.now}
    return store_evidence(name=name, content=PDF, **who, **subject)


def test_a_restored_activity_counts_again_and_is_found_again_as_one_event(world):
    officer, later = world.people["officer_a"], deed(world)
    other = deed(world, "b")
    assert other.same_as_id == later.pk
    withdraw_activity(activity=later, by=officer, now=world.now, reason="Ghi nhầm hoạt động")
    other.refresh_from_db()
    assert other.same_as_id is None
    for _twice in range(2):
        restored = restore_activity(activity=later, by=officer, now=world.now)
    other.refresh_from_db()
    assert restored.withdrawn_at is None and other.same_as_id == later.pk
    assert RecordEntry.objects.filter(verb="restore_activity").count() == 1


@pytest.mark.parametrize("who", ["officer_b", "approver_a", "viewer_a_officer_b", "secretary", "officer_x"])
def test_only_the_agency_s_officer_takes_off_and_puts_back(world, who):
    activity, file = deed(world), a_file(world, task=world.tasks[0])
    withdraw_activity(activity=activity, by=world.people["officer_a"], now=world.now, reason="Ghi nhầm hoạt động")
    by = {"by": world.people[who], "now": world.now}
    with pytest.raises(NotAllowed):
        restore_activity(activity=activity, **by)
    with pytest.raises(NotAllowed):
        remove_evidence(evidence=file, **by)
    with pytest.raises(NotAllowed):
        restore_evidence(evidence=file, **by)
    file.refresh_from_db()
    assert file.removed_at is None


@pytest.mark.parametrize("subject", ["task", "activity"])
def test_a_file_taken_off_leaves_the_list_and_comes_back(world, sign_in, subject):
    shown = world.tasks[0] if subject == "task" else deed(world)
    page = f"/nhiem-vu/{shown.pk}/" if subject == "task" else f"/hoat-dong/{shown.pk}/"
    file, client = a_file(world, **{subject: shown}), sign_in(world.people["officer_a"])
    assert f'action="/minh-chung/{file.pk}/go/"' in client.get(page).content.decode()
    assert "/go/" not in sign_in(world.people["secretary"]).get(page).content.decode()
    told = client.post(f"/minh-chung/{file.pk}/go/", follow=True).content.decode()
    assert "Đã gỡ tệp" in told and told.count(f'action="/minh-chung/{file.pk}/khoi-phuc/"') == 2  # notice and list
    seen = sign_in(world.people["secretary"]).get(page)
    assert seen.context["files"] == [] and seen.context["removed_files"] == []
    # The file itself is still there for those who follow an older address.
    assert b"".join(client.get(f"/minh-chung/{file.pk}/").streaming_content) == PDF
    client.post(f"/minh-chung/{file.pk}/khoi-phuc/")
    assert [row.pk for row in client.get(page).context["files"]] == [file.pk]
    verbs = RecordEntry.objects.filter(object_type="campaigns.evidence", object_id=file.pk).order_by("pk")
    assert [row.verb for row in verbs] == ["store_evidence", "remove_evidence", "download", "restore_evidence"]


def test_the_same_file_sent_again_comes_back(world):
    file = a_file(world, task=world.tasks[0])
    remove_evidence(evidence=file, by=world.people["officer_a"], now=world.now)
    again = a_file(world, task=world.tasks[0])
    assert again.pk == file.pk and again.removed_at is None and Evidence.objects.count() == 1


def test_a_report_keeps_the_file_it_names(world, sign_in):
    from reports.entry import attach_evidence

    file, line = a_file(world, task=world.tasks[0]), world.report("a").lines.get(task=world.tasks[0])
    attach_evidence(line=line, evidence=file, by=world.people["officer_a"], now=world.now)
    told = sign_in(world.people["officer_a"]).post(f"/minh-chung/{file.pk}/go/", follow=True).content.decode()
    assert "Báo cáo đã dẫn tệp này vẫn giữ tệp" in told and list(line.evidence.all()) == [file]


def test_each_file_sent_by_itself_is_answered_by_the_list_or_the_reason(world, sign_in):
    client, activity = sign_in(world.people["officer_a"]), deed(world)
    url = f"/hoat-dong/{activity.pk}/minh-chung/"

    def send(name, content, url=url):
        return client.post(url, {"files": SimpleUploadedFile(name, content)}, headers=ONE_BY_ONE)

    kept = send("bien-ban.pdf", PDF)
    assert kept.status_code == 200 and "bien-ban.pdf" in kept.json()["list"]
    refused = send("a.pdf", b"MZ")
    assert refused.status_code == 422 and "không phải là .pdf" in refused.json()["errors"][0]
    assert client.post(url, headers=ONE_BY_ONE).json() == {"errors": ["Hãy chọn ít nhất một tệp."]}
    assert "Đã lưu" not in client.get("/hoat-dong/").content.decode()  # no notice left for the next page
    assert send("a.pdf", PDF, f"/nhiem-vu/{world.tasks[0].pk}/minh-chung/").status_code == 200
    withdraw_activity(activity=activity, by=world.people["officer_a"], now=world.now, reason="Ghi nhầm hoạt động")
    gone = send("b.pdf", PDF)
    assert gone.status_code == 409 and "đã được rút" in gone.json()["errors"][0]


def test_the_secretary_takes_the_signed_text_off_and_puts_it_back(world, sign_in):
    client, keeper = sign_in(world.people["secretary"]), world.council.standing_agency
    file = store_evidence(
        agency=keeper, by=world.people["secretary"], now=world.now, name="ke-hoach.pdf", content=PDF, plan=world.plan
    )
    page = f"/ke-hoach/{world.plan.pk}/"
    assert client.post(f"/minh-chung/{file.pk}/go/").url == page
    assert client.get(page).context["files"] == []
    client.post(f"/minh-chung/{file.pk}/khoi-phuc/")
    assert client.get(page).context["files"] == [Evidence.objects.get()]


def test_a_target_taken_back_is_set_again_by_its_notice(world, sign_in):
    indicator, client = Indicator.objects.get(code="PB10"), sign_in(world.people["secretary"])
    kept = {"task": world.tasks[0], "indicator": indicator, "year": 2024}
    value, reason = Decimal("1234.5"), "Theo kế hoạch đã ký"
    target = set_target(plan=world.plan, by=None, now=world.now, value=value, direction="gt", reason=reason, **kept)
    gone = client.post(
        f"/ke-hoach/{world.plan.pk}/chi-tieu/{target.pk}/bo/", {"reason": "Bỏ nhầm chỉ tiêu này"}, follow=True
    )
    assert not Target.objects.exists()
    notice = gone.content.decode().split('id="notices"')[1].split("page-head")[0]
    fields = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', notice))
    assert client.post(f"/ke-hoach/{world.plan.pk}/chi-tieu/", fields).status_code == 302
    again = Target.objects.get(plan=world.plan, **kept)
    assert (again.value, again.direction) == (value, "gt")
