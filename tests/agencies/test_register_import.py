"""Lists of agencies and people from Excel and CSV: one pass for all errors, all or nothing, and the way back."""

import csv
import io
import re
from datetime import date

import openpyxl
import pytest
from django.contrib.auth.password_validation import validate_password

from agencies.errors import BusinessError, NotAllowed, WrongState
from agencies.imports.confirmed import import_register, look, undo_import, used_since
from agencies.imports.people_list import first_password
from agencies.models import Agency, Membership, RegisterImport, User
from agencies.tables.problems import BadFile, ImportRefused

pytestmark = pytest.mark.django_db

AGENCIES = [
    ["DANH SÁCH CƠ QUAN THAM GIA"],
    [],
    ["STT", "Tên cơ quan, đơn vị", "Tên gọi tắt", "Mã", "Trực thuộc", "Thứ tự", "Từ ngày", "Lãnh đạo duyệt", "Ghi chú"],
    [1, "Hội Nông dân thành phố", "Hội Nông dân", "hnd", "", 20, "01/01/2024", "x", "mới"],
    [],
    [2, "Chi hội Nông dân cơ quan", "Chi hội ND", "", "Hội Nông dân", "", "", "Không", ""],
    [3, "Công an thành phố", "Công an", "a", "", 2, "", "Có", ""],
]
PEOPLE = [
    ["Họ và tên", "Tên đăng nhập", "Chức vụ", "Đơn vị", "Vai trò", "Email"],
    ["Nguyễn Thị Bích Ngân", "", "Chuyên viên", "Công an thành phố", "Cán bộ đầu mối", "ngan@cantho.gov.vn"],
    ["Trần Văn Bình", "binh.tv", "Trưởng phòng", "hội lhpn", "Lãnh đạo đơn vị", ""],
]


def xlsx(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows, delimiter=";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()


def given(world, kind, rows, **more) -> dict:
    by = world.people["secretary" if kind == "co-quan" else "administrator"]
    content = rows if isinstance(rows, bytes) else xlsx(rows)
    return {"kind": kind, "council": world.council, "content": content, "filename": "ds.xlsx", "by": by,
            "now": world.now, "today": world.today} | more  # fmt: skip


def outcomes(result):
    return [(row.row.number, row.outcome) for row in result.rows]


def test_agencies_are_entered_amended_or_left(world):
    before = Agency.objects.count()
    result = look(**given(world, "co-quan", AGENCIES))
    assert outcomes(result) == [(4, "new"), (6, "new"), (7, "unchanged")]
    assert result.file.unknown == ("Ghi chú",)
    assert Agency.objects.count() == before  # looking changes nothing
    done = import_register(**given(world, "co-quan", AGENCIES))
    added = Agency.objects.get(council=world.council, code="hnd")
    assert (added.short_name, added.requires_approval, added.protocol_order) == ("Hội Nông dân", True, 20)
    assert added.children.get().name == "Chi hội Nông dân cơ quan" and added.children.get().valid_from == date(
        2024, 1, 1
    )
    assert done.batch.done[0] == {"pk": added.pk, "outcome": "new", "before": {}, "after": {}}
    again = import_register(**given(world, "co-quan", AGENCIES))
    assert again.batch is None and Agency.objects.count() == before + 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_any_usual_delimiter(world, delimiter):
    content = as_csv(AGENCIES[2:], delimiter)
    result = look(**given(world, "co-quan", content, filename="ds.csv"))
    assert result.count("new") == 2 and not result.problems


def test_what_the_portal_exports_it_imports_without_change(world, sign_in):
    secretary, administrator = sign_in(world.people["secretary"]), sign_in(world.people["administrator"])
    for kind, client, path in (
        ("co-quan", secretary, "/co-quan/"),
        ("nguoi-dung", administrator, "/co-quan/nguoi-dung/"),
    ):
        book = client.get(path, {"xuat": "xlsx"}).content
        result = look(**given(world, kind, book))
        assert not result.problems and set(row.outcome for row in result.rows) == {"unchanged"}
        lines = b"".join(client.get(path, {"xuat": "csv"}).streaming_content)
        result = look(**given(world, kind, lines, filename="ds.csv"))
        assert not result.problems and set(row.outcome for row in result.rows) == {"unchanged"}


def test_every_error_is_told_in_one_pass_with_its_cell(world):
    rows = [
        AGENCIES[2],
        [1, "", "X", "", "", "", "", "", ""],
        [2, "Hội A", "A1", "ha", "không có", "", "", "", ""],
        [3, "Hội B", "B1", "hb", "", "hai", "", "", ""],
        [4, "Hội C", "C1", "hc", "", "", "31/02/2024", "", ""],
        [5, "Hội D", "D1", "hd", "", "", "", "tùy", ""],
        [6, "Hội E", "E1", "he", "", "", "", "", ""],
        [7, "Hội E", "E1", "he", "", "", "", "", ""],
        [8, "Công an thành phố Cần Thơ", "Công an", "a", "", "", "", "", ""],
    ]
    with pytest.raises(ImportRefused) as refused:
        import_register(**given(world, "co-quan", rows))
    cells = [(problem.cell, problem.message) for problem in refused.value.problems]
    assert [cell for cell, _message in cells] == ["B2", "F4", "G5", "H6", "B8", "B9", "E3"] or sorted(
        cell for cell, _message in cells
    ) == ["B2", "B8", "B9", "E3", "F4", "G5", "H6"]
    assert all(problem.sheet and problem.message for problem in refused.value.problems)
    assert not Agency.objects.filter(code__in=["ha", "hb", "hc", "hd", "he"]).exists()


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (b"", "ds.xlsx", "rỗng"),
        (b"%PDF-1.4", "ds.pdf", "PDF"),
        ("Tên cơ quan;Mã\nHội A;ha".encode("utf-16"), "ds.csv", "UTF-8"),
        (as_csv([["A", "B"], ["1", "2"]]), "ds.csv", "Không tìm thấy hàng tiêu đề"),
        (as_csv([["Tên cơ quan", "Mã"], ["", ""]]), "ds.csv", "không có dòng nào"),
        (xlsx([["Tên cơ quan", "Mã"]]), "ds.xlsx", "không có dòng nào"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(world, content, filename, said):
    with pytest.raises(BadFile) as refused:
        look(**given(world, "co-quan", content, filename=filename))
    assert said in " ".join(refused.value.messages)


def test_people_get_accounts_roles_and_first_passwords(world):
    done = import_register(**given(world, "nguoi-dung", PEOPLE))
    user = User.objects.get(username="ngan.ntb")
    assert user.memberships.get().agency == world.agencies["a"] and user.memberships.get().role == "liaison"
    assert [row.username for row in done.passwords] == ["ngan.ntb", "binh.tv"]
    assert user.check_password(done.passwords[0].password)
    again = import_register(**given(world, "nguoi-dung", PEOPLE))
    assert again.passwords == [] and again.batch is None


def test_particulars_and_further_roles_are_added_to_a_known_person(world):
    import_register(**given(world, "nguoi-dung", PEOPLE))
    more = [PEOPLE[0], ["Trần Văn Bình", "binh.tv", "Phó Chủ tịch", "Ban Dân tộc", "Người xem của đơn vị", "b@x.vn"]]
    done = import_register(**given(world, "nguoi-dung", more))
    user = User.objects.get(username="binh.tv")
    assert (user.position, user.email, user.memberships.count()) == ("Phó Chủ tịch", "b@x.vn", 2)
    undo_import(batch=done.batch, by=world.people["administrator"], now=world.now, today=world.today)
    user.refresh_from_db()
    assert (user.position, user.email) == ("Trưởng phòng", "")
    assert user.memberships.filter(left_on__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (["", "", "", "Công an", "Cán bộ đầu mối", ""], None),
        (["An", "", "", "Sở lạ", "Cán bộ đầu mối", ""], "D2"),
        (["An", "", "", "", "Cán bộ đầu mối", ""], "D2"),
        (["An", "", "", "Công an", "Giám đốc", ""], "E2"),
        (["An", "", "", "Công an", "", ""], "E2"),
        (["An", "tên có dấu cách", "", "Công an", "Cán bộ đầu mối", ""], "B2"),
        (["An", "", "", "Công an", "Cán bộ đầu mối", "khong-phai"], "F2"),
        (["An", "other_secretary", "", "Công an", "Cán bộ đầu mối", ""], "B2"),  # another council's person
    ],
)
def test_people_errors_point_to_the_cell(world, row, cell):
    with pytest.raises(BusinessError) as refused:
        import_register(**given(world, "nguoi-dung", [PEOPLE[0], row]))
    if cell:
        assert refused.value.problems[0].cell == cell
    assert not User.objects.filter(full_name="An").exists()


def test_who_may_import_what(world):
    for kind, who in (("co-quan", "administrator"), ("nguoi-dung", "secretary"), ("co-quan", "other_secretary")):
        with pytest.raises(NotAllowed):
            look(**given(world, kind, AGENCIES if kind == "co-quan" else PEOPLE, by=world.people[who]))


def test_an_import_of_agencies_is_undone_until_used_and_can_come_again(world):
    done = import_register(**given(world, "co-quan", AGENCIES))
    secretary = world.people["secretary"]
    undo_import(batch=done.batch, by=secretary, now=world.now, today=world.today)
    undo_import(batch=done.batch, by=secretary, now=world.now, today=world.today)  # twice is no error
    assert not world.council.agencies.in_force(world.today).filter(code="hnd").exists()
    again = import_register(**given(world, "co-quan", AGENCIES))
    agency = world.council.agencies.in_force(world.today).get(code="hnd")
    assert again.result.count("new") == 2
    import_register(
        **given(world, "nguoi-dung", [PEOPLE[0], ["Lê Văn Tám", "", "", "Hội Nông dân", "Cán bộ đầu mối", ""]])
    )
    assert used_since(again.batch) == [f"{agency} đã có người dùng."]
    with pytest.raises(WrongState, match="đã có người dùng"):
        undo_import(batch=again.batch, by=secretary, now=world.now, today=world.today)


def test_undoing_people_closes_accounts_nobody_signed_in_with(world):
    done = import_register(**given(world, "nguoi-dung", PEOPLE))
    undo_import(batch=done.batch, by=world.people["administrator"], now=world.now, today=world.today)
    assert not User.objects.get(username="binh.tv").is_active
    assert not Membership.objects.filter(user__username="binh.tv", left_on__isnull=True).exists()


def test_the_pages_from_upload_to_undo(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    upload = io.BytesIO(xlsx(AGENCIES))
    upload.name = "ds.xlsx"
    answer = secretary.post("/co-quan/nhap/co-quan/", {"council": world.council.pk, "file": upload})
    page = secretary.get(answer.url).content.decode()
    assert "Thêm mới 2, không đổi 1" in page and "Ghi chú" in page
    token = re.search(r'name="tep" value="([0-9a-f]+)"', page)[1]
    assert secretary.post("/co-quan/nhap/co-quan/xem/", {"tep": token}).url == "/co-quan/"
    assert secretary.post("/co-quan/nhap/co-quan/xem/", {"tep": token}).status_code == 302  # a second click
    batch = RegisterImport.objects.get()
    assert secretary.post(f"/co-quan/nhap/{batch.pk}/hoan-tac/").url == "/co-quan/nhap/co-quan/"
    batch.refresh_from_db()
    assert batch.undone_at is not None


def test_the_error_file_carries_the_errors_as_comments(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    upload = io.BytesIO(xlsx([AGENCIES[2], [3, "Hội B", "B1", "hb", "", "hai", "", "", ""]]))
    upload.name = "ds.xlsx"
    answer = secretary.post("/co-quan/nhap/co-quan/", {"council": world.council.pk, "file": upload})
    page = secretary.get(answer.url).content.decode()
    link = re.search(r'href="(/co-quan/nhap/co-quan/loi\.xlsx\?tep=[0-9a-f]+)"', page)[1]
    sheet = openpyxl.load_workbook(io.BytesIO(secretary.get(link).content)).active
    assert "không phải số nguyên" in sheet["F2"].comment.text and sheet["B2"].value == "Hội B"
    assert sign_in(world.people["other_secretary"]).get(link).status_code == 404


def test_first_passwords_are_shown_once(world, sign_in):
    administrator = sign_in(world.people["administrator"])
    upload = io.BytesIO(xlsx(PEOPLE))
    upload.name = "ds.xlsx"
    answer = administrator.post("/co-quan/nhap/nguoi-dung/", {"council": world.council.pk, "file": upload})
    token = answer.url.split("tep=")[1]
    page = administrator.post("/co-quan/nhap/nguoi-dung/xem/", {"tep": token}).content.decode()
    assert "chỉ hiện một lần" in page and "ngan.ntb" in page
    assert (
        "ngan.ntb"
        not in administrator.get("/co-quan/nhap/nguoi-dung/xem/", {"tep": token}, follow=True).content.decode()
    )


def test_first_passwords_follow_the_rules():
    for _ in range(50):
        password = first_password()
        validate_password(password)
        assert len(password) == 16 and len(set(password) & set("lIO01")) == 0


def test_every_error_of_a_row_is_told(world):
    row = ["An", "", "", "Sở lạ", "Giám đốc", "khong-phai"]
    with pytest.raises(ImportRefused) as refused:
        import_register(**given(world, "nguoi-dung", [[*PEOPLE[0], "Từ ngày"], [*row, "31/02/2024"]]))
    assert [problem.cell for problem in refused.value.problems] == ["E2", "D2", "F2", "G2"]


def test_a_user_name_of_somebody_else_is_no_change_of_name(world):
    import_register(**given(world, "nguoi-dung", PEOPLE))
    other = [PEOPLE[0], ["Trần Trùng", "binh.tv", "", "Công an thành phố", "Cán bộ đầu mối", ""]]
    with pytest.raises(ImportRefused, match="là của Trần Văn Bình"):
        import_register(**given(world, "nguoi-dung", other))
    assert not Membership.objects.filter(user__username="binh.tv", agency=world.agencies["a"]).exists()


@pytest.mark.parametrize("code", ["a b/c", "../x", "sở-mới", "x" * 41])
def test_a_code_that_fits_no_address_is_refused(world, code):
    with pytest.raises(ImportRefused):
        import_register(**given(world, "co-quan", [["Tên cơ quan", "Mã"], ["Sở Mới", code]]))


def test_undoing_does_not_take_away_what_was_changed_since(world):
    rows = [["Tên cơ quan", "Mã", "Ký hiệu"], ["Công an thành phố", "a", "MOT"]]
    done = import_register(**given(world, "co-quan", rows))
    Agency.objects.filter(code="a").update(abbreviation="HAI")
    with pytest.raises(WrongState, match="đã được sửa sau lần nhập"):
        undo_import(batch=done.batch, by=world.people["secretary"], now=world.now, today=world.today)


def test_a_huge_csv_is_refused_before_it_is_read(world, settings):
    for content in (b"A,B\n" + b",\n" * 20_000, ("Tên cơ quan" + "," * 5000 + "\n").encode()):
        with pytest.raises(BadFile, match="quá lớn"):
            look(**given(world, "co-quan", content, filename="ds.csv"))
    settings.PORTAL_MAX_UPLOAD_BYTES = 100
    with pytest.raises(BadFile, match="vượt mức"):
        look(**given(world, "co-quan", b"A" * 200, filename="ds.csv"))
