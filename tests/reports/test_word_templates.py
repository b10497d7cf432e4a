"""The council's own Word template: uploaded, versioned, used, taken back; nothing is replaced when refused."""

import io
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document

from agencies.errors import Incomplete, NotAllowed
from agencies.history import timeline
from agencies.models import RecordEntry
from reports.exports.word_template import council_report_template
from reports.issuing import issue_report, save_council_report
from reports.models import CouncilReport, WordTemplate
from reports.word_templates import activate_template, active_template, install_template, use_builtin_template
from tests.reports import nd30_mutations as m
from tests.reports.test_word_template_check import text_of, with_paragraph

pytestmark = pytest.mark.django_db
OWN = with_paragraph("Mẫu riêng của Hội đồng, {{ label }}.")


def install(world, content=None, name="mau.docx", who="secretary", council=None):
    return install_template(
        council=council or world.council,
        by=world.people[who],
        now=world.now,
        name=name,
        content=content or OWN,
    )


def upload(client, content: bytes, name="mau.docx"):
    return client.post(reverse("template-list"), {"file": SimpleUploadedFile(name, content)})


def exported(client) -> str:
    response = client.get(reverse("consolidation-word", kwargs={"code": "2024-q2"}))
    assert response.status_code == 200
    return text_of(response.content)


def test_an_uploaded_template_makes_the_reports_from_then_on(world, sign_in):
    client = sign_in(world.people["secretary"])
    assert "Mẫu riêng" not in exported(client)
    assert upload(client, OWN).status_code == 302
    assert "Mẫu riêng của Hội đồng, Quý II/2024." in exported(client)
    template = WordTemplate.objects.get()
    assert (template.version, template.is_active, template.name) == (1, True, "mau.docx")
    assert template.uploaded_by == world.people["secretary"] and len(template.digest) == 64
    page = client.get(reverse("template-list")).content.decode()
    assert "Phiên bản 1" in page and "Dùng lại mẫu có sẵn" in page
    assert client.post(reverse("template-reset")).status_code == 302
    assert "Mẫu riêng" not in exported(client)
    assert client.post(reverse("template-use", kwargs={"pk": template.pk})).status_code == 302
    assert "Mẫu riêng" in exported(client)


def test_a_refused_template_replaces_nothing_and_says_why(world, sign_in):
    client = sign_in(world.people["secretary"])
    install(world)
    response = upload(client, with_paragraph("{{ subjekt }}", "{{ ''.__class__ }}"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Không có biến “subjekt”. Có phải “subject”?" in page and "Chưa thay đổi gì" in page
    assert WordTemplate.objects.count() == 1 and "Mẫu riêng" in exported(client)


@pytest.mark.parametrize("content, told", [(b"", "rỗng"), (b"%PDF-1.7", "PDF"), (b"PK\x03\x04x", "hỏng")])
def test_what_is_no_word_file_is_refused_on_the_page(world, sign_in, content, told):
    response = upload(sign_in(world.people["secretary"]), content)
    assert response.status_code == 422 and told in response.content.decode()
    assert not WordTemplate.objects.exists()


def test_nothing_chosen_is_told(world, sign_in):
    response = sign_in(world.people["secretary"]).post(reverse("template-list"), {})
    assert response.status_code == 422 and "Hãy chọn tệp mẫu." in response.content.decode()


def test_versions_count_up_and_only_one_is_in_use(world):
    first, second = install(world), install(world, with_paragraph("Bản hai"))
    first.refresh_from_db()
    assert (first.version, first.is_active, second.version, second.is_active) == (1, False, 2, True)
    again = install(world)  # the very file of the first version
    assert again.pk == first.pk and WordTemplate.objects.count() == 2
    assert WordTemplate.objects.get(is_active=True).pk == first.pk


def test_verbs_are_safe_to_repeat_and_on_the_record(world):
    template = install(world)
    install(world)
    activate_template(template=template, by=world.people["secretary"], now=world.now)
    assert timeline(template).count() == 1
    for _ in range(2):
        use_builtin_template(council=world.council, by=world.people["secretary"], now=world.now)
    assert active_template(world.council) is None
    assert [entry.summary for entry in timeline(template)] == [
        "Dùng lại mẫu có sẵn của cổng, thôi dùng mẫu phiên bản 1",
        "Dùng Mẫu phiên bản 1 (mau.docx) cho báo cáo của Hội đồng",
    ]
    assert RecordEntry.objects.filter(council=world.council, object_type="reports.wordtemplate").count() == 2


@pytest.mark.parametrize("who", ["leader", "officer_a", "administrator", "other_secretary"])
def test_only_the_councils_secretary_changes_its_template(world, who):
    template = install(world)
    with pytest.raises(NotAllowed):
        install(world, with_paragraph("khác"), who=who)
    with pytest.raises(NotAllowed):
        activate_template(template=template, by=world.people[who], now=world.now)
    with pytest.raises(NotAllowed):
        use_builtin_template(council=world.council, by=world.people[who], now=world.now)
    assert active_template(world.council) is not None


def test_each_council_has_its_own(world, sign_in):
    install(world)
    assert active_template(world.other_council) is None
    other = sign_in(world.people["other_secretary"])
    assert "mau.docx" not in other.get(reverse("template-list")).content.decode()
    assert other.get(reverse("template-list") + "?hoi-dong=can-tho").status_code == 404
    assert other.get(reverse("template-list") + "?hoi-dong=../x").status_code == 404


def test_warnings_against_the_decree_are_kept_and_shown(world, sign_in):
    install(world, m.edited(council_report_template(), m.font("{{ subject }}", size=16)))
    page = sign_in(world.people["secretary"]).get(reverse("template-list")).content.decode()
    assert "L18 Lỗi: Trích yếu" in page and "Cần xem lại theo Nghị định 30/2020/NĐ-CP" in page


def test_downloads_and_previews(world, sign_in):
    client = sign_in(world.people["secretary"])
    template = install(world)
    guided = client.get(reverse("template-builtin"))
    assert "HƯỚNG DẪN SỬA MẪU" in text_of(guided.content) and "{{ subject }}" in text_of(guided.content)
    assert "tỉnh Ví Dụ" in text_of(client.get(reverse("template-builtin-preview")).content)
    assert "Mẫu riêng của Hội đồng, {{ label }}." in text_of(
        client.get(reverse("template-file", kwargs={"pk": template.pk})).content
    )
    tried = client.get(reverse("template-preview", kwargs={"pk": template.pk}))
    assert "Mẫu riêng của Hội đồng, Quý II/2024." in text_of(tried.content)
    assert tried["Content-Disposition"] == 'attachment; filename="XemThu_can-tho_v1.docx"'


def test_a_name_with_a_path_or_hostile_letters_is_only_a_name(world, sign_in):
    install(world, name="..\\thu-muc/<b>mau.docx")
    page = sign_in(world.people["secretary"]).get(reverse("template-list")).content.decode()
    assert "&lt;b&gt;mau.docx" in page and "<b>mau" not in page
    assert WordTemplate.objects.get().name == "<b>mau.docx"


def test_a_template_that_fails_on_real_words_says_so(world, sign_in):
    template = install(world)
    # As if an older release had taken it: what it names is not there any more.
    WordTemplate.objects.filter(pk=template.pk).update(content=with_paragraph("{{ gone }}"))
    client = sign_in(world.people["secretary"])
    response = client.get(reverse("consolidation-word", kwargs={"code": "2024-q2"}), follow=True)
    assert response.redirect_chain and "không dùng được cho báo cáo này" in response.content.decode()


def command(tmp_path, *args):
    path = tmp_path / "ra.docx"
    err = StringIO()
    call_command("export_report", "can-tho", "2024-q2", "--format", "docx", "--output", str(path), *args, stderr=err)
    return text_of(path.read_bytes()), err.getvalue()


def test_the_command_uses_the_councils_template_or_a_given_one(world, tmp_path):
    install(world)
    assert "Mẫu riêng" in command(tmp_path)[0]
    own = tmp_path / "khac.docx"
    own.write_bytes(m.edited(with_paragraph("Mẫu khác."), m.font("BÁO CÁO", size=16)))
    text, told = command(tmp_path, "--template", str(own))
    assert "Mẫu khác." in text and "Mẫu riêng" not in text
    assert "Cần xem lại: L17 Lỗi: Tên loại" in told


@pytest.mark.parametrize(
    "content, told",
    [
        (lambda: with_paragraph("{{ subjekt }}"), "Không có biến “subjekt”"),
        (lambda: with_paragraph("{{ ''.__class__.__mro__ }}"), "phần trong của máy"),
        (lambda: with_paragraph("{% for i in range(9999999999) %}x{% endfor %}"), "gọi hàm"),
        (lambda: with_paragraph("{% for a in agencies %}"), "Thiếu thẻ đóng"),
        (lambda: b"khong phai Word", "không phải văn bản Word"),
        (lambda: m.rezipped(council_report_template(), **{"word/vbaProject.bin": b"x"}), "macro"),
    ],
)
def test_the_command_refuses_what_the_page_refuses(world, tmp_path, content, told):
    path = tmp_path / "mau.docx"
    path.write_bytes(content())
    with pytest.raises(CommandError, match=told):
        command(tmp_path, "--template", str(path))
    assert not (tmp_path / "ra.docx").exists()


def test_the_command_says_when_there_is_no_such_template(world, tmp_path):
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        command(tmp_path, "--template", str(tmp_path / "khong-co.docx"))


def drafted(world, **more) -> CouncilReport:
    return save_council_report(
        period=world.period,
        by=world.people["secretary"],
        now=world.now,
        version=None,
        narrative={},
        addressee="",
        recipients=[],
        **more,
    )


def test_the_sos_own_report_names_its_signer_and_counts_its_own_numbers(world, sign_in):
    client = sign_in(world.people["secretary"])
    drafted(world, signing="deputy", signer_name="Trần Thị Phó")
    lines = exported(client).split("\n")
    assert lines.index("KT. GIÁM ĐỐC") + 1 == lines.index("PHÓ GIÁM ĐỐC") and "Trần Thị Phó" in lines
    assert "SỞ TƯ PHÁP" in lines
    issued = {"by": world.people["secretary"], "now": world.now, "issued_on": world.today}
    reason = {"reason": "Thời hạn gửi báo cáo đã đến."}
    issue_report(period=world.period, number="15", **issued, **reason)
    assert "Số: 15/BC-STP" in exported(client)
    # The council's register is another one: 15 is free there, and taken in the Sở's own.
    reason["adjustment"] = "Đổi cơ quan ban hành."
    drafted(world, signing="vice")
    issue_report(period=world.period, number="15/BC-HĐPH", **issued, **reason)
    assert "Số: 15/BC-HĐPH" in exported(client)
    drafted(world, signing="director")
    with pytest.raises(Incomplete, match="Số 15 đã dùng"):
        issue_report(period=world.period, number="15", **issued, **reason)


def test_the_form_saves_who_signs(world, sign_in):
    client = sign_in(world.people["secretary"])
    address = reverse("consolidation", kwargs={"code": "2024-q2"})
    response = client.post(address, {"signing": "deputy", "signer_name": "Trần Thị Phó"})
    assert response.status_code == 302
    assert CouncilReport.objects.values_list("signing", "signer_name").get() == ("deputy", "Trần Thị Phó")
    assert 'value="Trần Thị Phó"' in client.get(address).content.decode()


def test_the_preview_is_a_word_file(world, sign_in):
    response = sign_in(world.people["secretary"]).get(reverse("template-builtin-preview"))
    assert Document(io.BytesIO(response.content)).core_properties.title.startswith("Báo cáo Kết quả")
