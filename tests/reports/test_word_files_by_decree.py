"""Every Word file that the portal can make passes the checker of NĐ 30/2020 Phụ lục I."""

import dataclasses
import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports.consolidation import consolidate
from reports.exports.nd30.rules import check, errors
from reports.exports.word_template_check import preview
from reports.models import CouncilReport, Period
from tests.reports import nd30_mutations as m
from tests.reports.values_sample import empty, sample
from tests.reports.word_samples import report
from tests.world import fill_in

LONG = "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc " * 2


def period(code: str, label: str, following: str, before: str, last_year: str):
    value = sample()
    part = dataclasses.replace(
        value.period,
        code=code,
        label=label,
        long_label=label,
        next_label=following,
        previous_label=before,
        last_year_label=last_year,
    )
    noted = tuple(
        dataclasses.replace(row, previous_note="(*) Số liệu trước khi sắp xếp tổ chức.") for row in value.indicators
    )
    return dataclasses.replace(value, period=part, indicators=noted, notes=("Chưa mở kỳ Quý I/2024.",))


def long_names():
    value = sample()
    agencies = tuple(
        dataclasses.replace(row, name=LONG.strip(), short_name=LONG[:80].strip()) for row in value.agencies
    )
    tasks = tuple(dataclasses.replace(row, title=LONG * 3, result=LONG * 8, lead_name=LONG) for row in value.tasks)
    return dataclasses.replace(value, agencies=agencies, tasks=tasks)


def council(**changes):
    value = sample()
    return dataclasses.replace(value, council=dataclasses.replace(value.council, **changes))


def one_agency():
    value = sample()
    rows = tuple(dataclasses.replace(row, by_agency=row.by_agency[:1]) for row in value.indicators)
    return dataclasses.replace(value, agencies=value.agencies[:1], indicators=rows)


FILES = {
    "draft signed by the vice chair": lambda: report(),
    "draft signed by the chair": lambda: report(signing="chair"),
    "issued by the council, chair": lambda: report(signing="chair", issued=True),
    "issued by the council, vice chair": lambda: report(signing="vice", issued=True, number="5"),
    "issued by the Sở, director": lambda: report(signing="director", issued=True),
    "issued by the Sở, deputy": lambda: report(signing="deputy", issued=True, signer="ThS. Trần Thị Phó"),
    "draft of the Sở, no name known": lambda: report(signing="deputy"),
    "Sở of another name": lambda: report(council(standing_agency="Sở Tư pháp tỉnh Đắk Lắk"), signing="director"),
    "no standing agency named": lambda: report(
        council(standing_agency="", standing_agency_abbreviation=""), signing="director"
    ),
    "six months": lambda: report(
        period("2024-6t", "6 tháng đầu năm 2024", "6 tháng cuối năm 2024", "6 tháng cuối năm 2023", "6 tháng đầu năm 2023")
    ),
    "nine months": lambda: report(period("2024-9t", "9 tháng năm 2024", "Năm 2024", "6 tháng đầu năm 2024", "9 tháng năm 2023")),
    "year": lambda: report(period("2024", "Năm 2024", "Năm 2025", "Năm 2023", "Năm 2023")),
    "empty": lambda: report(empty(), narrative={}, addressee="", recipients=[]),
    "without charts": lambda: report(one_agency()),
    "long names": lambda: report(long_names()),
    "council without names": lambda: report(council(chair_name="", standing_vice_chair_name="")),
    "province with a long name": lambda: report(
        council(parent_body="Ủy ban nhân dân thành phố Hồ Chí Minh", place="Thành phố Hồ Chí Minh")
    ),
    "January, first day": lambda: report(issued=True, number="007", issued_on=date(2025, 1, 1)),
    "own words": lambda: report(
        narrative={"education": "1. Việc thứ nhất\n- Gạch đầu dòng\na) Điểm a\nVIẾT HOA CẢ DÒNG", "next_steps": LONG}
    ),
    "recipients in many manners": lambda: report(recipients=["như trên", "- Sở Tư pháp;", "lưu VT, HĐPH, 03 bản"]),
    "trial of the built-in template": lambda: preview(None),
    "trial, final": lambda: preview(None, draft=False),
}  # fmt: skip


@pytest.mark.parametrize("make", FILES.values(), ids=FILES)
def test_every_kind_of_report_is_by_the_decree(make):
    assert [str(finding) for finding in errors(check(make()))] == []


def on_disk(tmp_path, content: bytes) -> str:
    path = tmp_path / "van-ban.docx"
    path.write_bytes(content)
    return str(path)


def checked(*args) -> str:
    out = StringIO()
    call_command("check_document", *args, stdout=out)
    return out.getvalue()


def test_check_document_says_that_all_is_well(tmp_path):
    assert checked(on_disk(tmp_path, report())).startswith("Đúng thể thức: 44 quy tắc")


def test_check_document_lists_what_is_off_and_fails(tmp_path):
    path = on_disk(tmp_path, m.edited(report(), m.section(0, left_margin=25)))
    out = StringIO()
    with pytest.raises(CommandError, match="Có 1 lỗi thể thức"):
        call_command("check_document", path, stdout=out)
    assert "L03 Lỗi: Lề trang. Thấy lề trái 25 mm; cần lề trái 30–35 mm. Tại: phần (section) 1." in out.getvalue()


def test_check_document_as_json(tmp_path):
    path = on_disk(tmp_path, m.edited(report(), m.words("Đã tham mưu Hội đồng", "Đã tham mưu nhà nước")))
    told = json.loads(checked(path, "--json"))
    assert (told["errors"], told["warnings"]) == (0, 1)
    finding = told["findings"][0]
    assert (finding["rule"], finding["severity"]) == ("L44", "warning")
    assert set(finding) == {"rule", "title", "source", "severity", "found", "required", "where"}


@pytest.mark.parametrize(
    "content, told",
    [
        (b"", "rỗng"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04hong", "hỏng"),
        (m.rezipped(report(), **{"word/vbaProject.bin": b"x"}), "macro"),
    ],
)
def test_check_document_refuses_what_is_no_word_file_in_words(tmp_path, content, told):
    with pytest.raises(CommandError, match=told):
        checked(on_disk(tmp_path, content))


def test_check_document_without_a_file():
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        checked("khong-co.docx")


def exported(tmp_path, code: str, *args) -> bytes:
    path = tmp_path / "bao-cao.docx"
    call_command("export_report", "can-tho", code, "--format", "docx", "--output", str(path), *args, stderr=StringIO())
    return path.read_bytes()


@pytest.mark.django_db
def test_every_open_period_of_the_portal_exports_by_the_decree(world, tmp_path):
    fill_in(world, "a", world.people["officer_a"])
    codes = list(Period.objects.filter(council=world.council).values_list("code", flat=True))
    assert len(codes) > 1
    for code in codes:
        for issuer in ("hoi-dong", "so"):
            content = exported(tmp_path, code, "--issuer", issuer)
            assert [str(finding) for finding in errors(check(content))] == [], (code, issuer)


@pytest.mark.django_db
def test_the_issuer_chosen_on_the_command_line_changes_head_and_signature(world, tmp_path):
    from tests.reports.test_word_template_check import text_of

    text = text_of(exported(tmp_path, "2024-q2", "--issuer", "so"))
    lines = text.split("\n")
    assert "SỞ TƯ PHÁP" in lines and "GIÁM ĐỐC" in lines and "TM. HỘI ĐỒNG" not in lines
    assert "Số:        /BC-STP" in text and "- Lưu: VT, PBGDPL." in lines
    assert "của Sở Tư pháp thành phố)" in text
    text = text_of(exported(tmp_path, "2024-q2", "--issuer", "hoi-dong"))
    assert "TM. HỘI ĐỒNG" in text.split("\n") and "/BC-HĐPH" in text


@pytest.mark.django_db
def test_another_issuer_does_not_borrow_the_number_of_an_issued_report(world, tmp_path):
    from tests.reports.test_word_template_check import text_of

    value = consolidate(world.period, as_of=world.today)
    CouncilReport.objects.create(
        period=world.period,
        state="issued",
        number="15/BC-HĐPH",
        issued_on=world.today,
        issued_at=world.now,
        frozen=value.to_json(),
        signing="chair",
    )
    text = text_of(exported(tmp_path, "2024-q2", "--issuer", "so"))
    assert "Số:        /BC-STP" in text and "15/BC" not in text and "DỰ THẢO" in text
    assert "Số: 15/BC-HĐPH" in text_of(exported(tmp_path, "2024-q2", "--issuer", "hoi-dong"))


@pytest.mark.django_db
@pytest.mark.parametrize("option", [("--issuer", "so"), ("--template", "mau.docx")])
def test_what_belongs_to_word_is_refused_for_other_formats(world, tmp_path, option):
    with pytest.raises(CommandError, match="chỉ dùng với --format docx"):
        call_command(
            "export_report", "can-tho", "2024-q2", "--format", "json", "--output", str(tmp_path / "x"), *option
        )
