"""One period, six faces: page, leader's page, JSON, Word, Excel and the statistical forms agree to the unit."""

import io
import json
import re
from datetime import date
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.core.management import call_command

from agencies import clock
from agencies.models import Succession
from agencies.register import found_successor
from campaigns.workflow import hand_over_task
from reports.opening import refresh_period
from tests.quarters import accept, opened
from tests.world import add_task

pytestmark = pytest.mark.django_db

# quarter → figures of Công an, and of Ban Dân tộc or, from Quý III on, the Sở that it was renamed into
FIGURES = {
    "2024-q1": ({"PB01": 11, "PB02": 1503, "PB05": 70, "PB05a": 70, "PB08": 8}, {"PB01": 2, "PB02": 41, "PB08": 3}),
    "2024-q2": ({"PB01": 20, "PB02": 2750, "PB10": 12, "PB10a": 12, "PB08": 9}, {"PB01": 4, "PB02": 96, "PB08": 3}),
    "2024-q3": ({"PB01": 7, "PB02": 612, "PB03": 1, "PB04": 250, "PB08": 9}, {"PB01": 5, "PB02": 133, "PB08": 4}),
    "2024-q4": ({"PB01": 31, "PB02": 4096, "PB07": 17, "PB08": 12}, {"PB01": 6, "PB02": 158, "PB08": 5}),
}
# period → what it must say: flows added up, the stock of its last quarter, of the agency there is by then
WANTED = {
    "2024-q2": {"PB01": 24, "PB02": 2846, "PB05": 0, "PB08": 12, "PB10": 12, "PB03": 0},
    "2024-6t": {"PB01": 37, "PB02": 4390, "PB05": 70, "PB08": 12, "PB10": 12, "PB03": 0},
    "2024": {"PB01": 86, "PB02": 9389, "PB05": 70, "PB08": 17, "PB10": 12, "PB03": 1},
}
# form → its columns, by the code printed above them
FORMS = {
    "09e": {"1": "PB08", "3": "PB01", "4": "PB02", "5": "PB03", "7": "PB05", "9": "PB10"},
    "tt20-pbgdpl": {"1": "PB01", "2": "PB02", "3": "PB03", "5": "PB05"},
}


@pytest.fixture
def year(world):
    """Four quarters of two agencies, one of which is renamed after the second."""
    add_task(world, world.plan, 9, "c", title="Tuyên truyền vùng đồng bào dân tộc Khmer")
    second = "c"
    for code, (first, other) in FIGURES.items():
        if code == "2024-q3":
            new = found_successor(
                predecessors=[world.agencies["c"]], kind=Succession.Kind.RENAME, on=date(2024, 6, 15), by=None,
                now=world.now, name="Sở Dân tộc và Tôn giáo thành phố", short_name="Sở DT&TG", code="sdttg",
            )  # fmt: skip
            for task in world.plan.tasks.filter(number="9."):
                hand_over_task(
                    task=task, to=new, by=None, now=world.now, on=date(2024, 6, 15), reason="Đổi tên cơ quan"
                )
            second = "sdttg"
        period = opened(world, code)
        refresh_period(period=period, by=None, now=clock.at(period.starts_on))  # the task came after Quý II was opened
        accept(period, "a", **first)
        accept(period, second, **other)
    return world


def figures_of_json(code, tmp_path):
    path = tmp_path / "bc.json"
    call_command("export_report", "can-tho", code, format="json", output=str(path), stderr=io.StringIO())
    said = json.loads(path.read_text())
    return {row["code"]: row["value"] for row in said["indicators"]}, {
        row["code"]: row["name"] for row in said["indicators"]
    }


def number(text: str) -> Decimal | None:
    text = text.strip().removesuffix("(*)").strip()
    return None if text in ("", "—", "-") else Decimal(text.replace(".", "").replace(",", "."))


def figures_of_page(client, code):
    page = client.get(f"/tong-hop/{code}/").content.decode()
    rows = re.findall(r'<tr><td>([A-Z]{2}\d+\w*)</td>.*?<td class="num"><a [^>]*>([^<]*)</a>', page, re.S)
    return {indicator: number(text) for indicator, text in rows}


def figures_of_summary(client, code, names):
    page = client.get(f"/tong-quan/{code}/").content.decode()
    table = page[page.index("Số liệu chính") :]
    rows = re.findall(r'<th scope="row">([^<]+)<span.*?<td class="num"><a [^>]*>([^<]*)</a></td>', table, re.S)
    shown = {name.strip(): number(text) for name, text in rows}
    return {
        indicator: shown[name] for indicator, name in names.items() if name in shown and not indicator[-1].isalpha()
    }


def figures_of_word(code, tmp_path, names):
    path = tmp_path / "bc.docx"
    call_command("export_report", "can-tho", code, format="docx", output=str(path), stderr=io.StringIO())
    found = {}
    for table in docx.Document(str(path)).tables:
        heads = [cell.text.strip() for cell in table.rows[0].cells]
        if heads[:3] == ["STT", "Chỉ tiêu", "Đơn vị tính"]:
            for row in table.rows[1:]:
                cells = [cell.text.strip() for cell in row.cells]
                found.setdefault(cells[1], number(cells[3]) if re.fullmatch(r"[\d.,—-]*", cells[3]) else None)
    return {
        indicator: found[name] for indicator, name in names.items() if name in found and not indicator[-1].isalpha()
    }


def figures_of_excel(code, tmp_path):
    path = tmp_path / "bc.xlsx"
    call_command("export_report", "can-tho", code, format="xlsx", output=str(path), stderr=io.StringIO())
    sheet = openpyxl.load_workbook(path, data_only=True)["Số liệu"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in rows if row[0] == "Mã")
    at = next(index for index, text in enumerate(head) if str(text).startswith("Tổng số"))
    return {row[0]: row[at] for row in rows if re.fullmatch(r"[A-Z]{2}\d+\w*", str(row[0] or ""))}


def figures_of_form(form, code, tmp_path):
    path = tmp_path / f"{form}.xlsx"
    call_command(
        "export_form", "can-tho", form, code, "--calendar", "hanh-chinh", output=str(path), stderr=io.StringIO()
    )
    sheet = openpyxl.load_workbook(path, data_only=True).active
    rows = [["" if cell is None else str(cell).strip() for cell in row] for row in sheet.iter_rows(values_only=True)]
    codes = next(row for row in rows if "(1)" in row or row[:2] == ["A", "1"] or ("A" in row and "1" in row))
    total = next(
        row for row in rows if any(cell.startswith("Tổng số") for cell in row[:2]) and any(map(str.isdecimal, row[2:]))
    )
    return {
        FORMS[form][column.strip("()")]: Decimal(total[at] or 0)
        for at, column in enumerate(codes)
        if column.strip("()") in FORMS[form]
    }


@pytest.mark.parametrize("code", WANTED)
def test_every_face_of_a_period_says_the_same(year, sign_in, tmp_path, code):
    secretary = sign_in(year.people["secretary"])
    wanted = WANTED[code]
    figures, names = figures_of_json(code, tmp_path)
    faces = {
        "json": figures,
        "page": figures_of_page(secretary, code),
        "leader": figures_of_summary(secretary, code, names),
        "word": figures_of_word(code, tmp_path, names),
        "excel": figures_of_excel(code, tmp_path),
    }
    for face, said in faces.items():
        assert {key: said[key] for key in wanted} == wanted, face
    for form, columns in FORMS.items():
        assert figures_of_form(form, code, tmp_path) == {key: wanted[key] for key in columns.values()}, form


def test_the_renamed_agency_stands_under_both_its_names(year, tmp_path):
    path = tmp_path / "bc.json"
    call_command("export_report", "can-tho", "2024", format="json", output=str(path), stderr=io.StringIO())
    said = json.loads(path.read_text())
    row = next(row for row in said["indicators"] if row["code"] == "PB01")
    assert row["by_agency"] == {"a": 69, "c": 6, "sdttg": 11}
    names = {agency["code"]: agency["name"] for agency in said["agencies"]}
    assert (names["c"], names["sdttg"]) == ("Ban Dân tộc thành phố", "Sở Dân tộc và Tôn giáo thành phố")
