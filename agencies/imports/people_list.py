"""Import of a council's list of people: accounts are opened with their first role, particulars amended."""

import secrets
import string
from dataclasses import dataclass
from datetime import date, datetime

from agencies import accounts, membership
from agencies.errors import NotAllowed
from agencies.imports import values
from agencies.imports.lists import ListFile, read_list
from agencies.imports.running import Cells, Change, ListResult, RowProblem, RowResult, run_list
from agencies.models import AGENCY_ROLES, Council, Membership, Role, User
from agencies.permissions import Perm, can
from agencies.tables.listing import Column
from agencies.vietnamese import fold_words

HEADINGS = {
    "full_name": ("Họ và tên", "Họ tên", "Người dùng", "Cán bộ"),
    "username": ("Tên đăng nhập", "Tài khoản"),
    "position": ("Chức vụ", "Chức danh"),
    "agency": ("Cơ quan", "Cơ quan, đơn vị", "Đơn vị", "Đơn vị công tác", "Mã cơ quan"),
    "role": ("Vai trò", "Vai trò trên Cổng"),
    "phone": ("Điện thoại", "Số điện thoại", "Di động"),
    "email": ("Thư điện tử", "Email", "E-mail", "Thư công vụ"),
    "joined_on": ("Từ ngày", "Giao từ ngày"),
    "ignored": ("Tình trạng",),
}
COLUMNS = [
    Column("Họ và tên", lambda member: member.user.full_name, 28),
    Column("Tên đăng nhập", lambda member: member.user.username, 20),
    Column("Chức vụ", lambda member: member.user.position, 26),
    Column("Cơ quan", lambda member: member.agency.code if member.agency else "", 14),
    Column("Vai trò", lambda member: member.get_role_display(), 22),
    Column("Điện thoại", lambda member: member.user.phone, 16),
    Column("Thư điện tử", lambda member: member.user.email, 28),
    Column("Từ ngày", lambda member: member.joined_on, 12),
]
_PARTICULARS = {"full_name": "Họ và tên", "position": "Chức vụ", "phone": "Điện thoại", "email": "Thư điện tử"}
_ALPHABET = string.ascii_letters.translate({ord(c): None for c in "lIO"}) + "23456789"
_SIGNS = "@#%+="


@dataclass(frozen=True)
class FirstPassword:
    """A password that the portal made for a new account; shown once and kept nowhere."""

    full_name: str
    username: str
    password: str


def read_people(content: bytes, filename: str) -> ListFile:
    """The list of people in a file. Raises BadFile."""
    return read_list(content, filename, HEADINGS, required="full_name")


def run_people(
    *, council: Council, file: ListFile, by: User | None, now: datetime, today: date, keep: bool
) -> tuple[ListResult, list[FirstPassword]]:
    """Open the accounts of a list and give the roles in it; with ``keep`` False only look. Repeating changes nothing.

    Returns the result and the first password of every new account. Raises NotAllowed, or ImportRefused when any row
    is wrong: then nothing is written.
    """
    if by is not None and not can(by, Perm.MANAGE_ACCOUNTS, council):
        raise NotAllowed("Chỉ quản trị hệ thống được nhập danh sách người dùng.")
    names: dict[str, object] = {}
    for agency in council.agencies.in_force(today):
        for way in (agency.code, agency.name, agency.short_name, agency.abbreviation, *agency.aliases):
            if way:
                names.setdefault(fold_words(way), agency)
    roles = {fold_words(role.label): role for role in Role} | {role.value: role for role in Role}
    made: list[FirstPassword] = []

    def enter(result: RowResult) -> None:
        row, cells = result.row, Cells(result.row)
        full_name = cells.read(values.required, "full_name", "họ và tên", most=120)
        role = cells.read(values.one_of, "role", roles, "vai trò")
        agency = cells.read(values.one_of, "agency", names, "cơ quan")
        if not row.get("role"):
            cells.wrong("role", "Thiếu vai trò.", f"Ghi một trong: {', '.join(role.label for role in Role)}.")
        if role in AGENCY_ROLES and not row.get("agency"):
            cells.wrong("agency", "Thiếu cơ quan.", f"Vai trò “{role.label}” cần tên hoặc mã cơ quan.")
        details = {
            "position": cells.read(values.line, "position", most=120),
            "phone": cells.read(values.line, "phone", most=30),
            "email": cells.read(values.email, "email"),
        }
        on = cells.read(values.day, "joined_on") or today
        cells.finish()
        scope = agency if role in AGENCY_ROLES else council
        user = _known(row, council, full_name, scope)
        if user is None:
            username, password = _username(row, full_name), first_password()
            user = membership.open_account(
                scope=scope, role=role, on=on, username=username, full_name=full_name, password=password,
                by=by, now=now, **details,
            )  # fmt: skip
            made.append(FirstPassword(full_name, username, password))
            result.changes = [
                Change("Tên đăng nhập", "", username),
                Change("Vai trò", "", f"{role.label} · {scope}"),
                Change("Từ ngày", "", f"{on:%d/%m/%Y}"),
            ]
            result.outcome = "new"
        else:
            _amend(result, user, {"full_name": full_name} | details, by, now)
            held = Membership.objects.filter(user=user, role=role, left_on__isnull=True)
            here = held.filter(agency=agency) if role in AGENCY_ROLES else held.filter(council=council)
            if not here.exists():
                member = membership.join(user=user, scope=scope, role=role, by=by, now=now, on=on)
                result.before["membership"] = member.pk
                result.changes.append(Change("Vai trò", "—", f"{role.label} · {scope}"))
                result.outcome = "changed"
        result.pk = user.pk

    return run_list(file, label="full_name", steps=(enter,), keep=keep), made


def _known(row, council: Council, full_name: str, scope) -> User | None:
    """The account that a row speaks of: by its user name, else by the person's name in the same agency."""
    people = membership.people_of(council)
    if username := values.line(row, "username", most=150):
        found = User.objects.filter(username__iexact=username).first()
        if found is not None and not people.filter(pk=found.pk).exists():
            raise RowProblem("username", f"Tên đăng nhập “{username}” đã có người dùng.", "Hãy chọn tên khác.")
        if found is not None and fold_words(found.full_name) != fold_words(full_name):
            raise RowProblem(
                "username",
                f"Tên đăng nhập “{username}” là của {found.full_name}, không phải {full_name}.",
                "Nếu là người khác, hãy để trống ô này; nếu một người đổi họ tên, hãy sửa ở trang Quản trị.",
            )
        return found
    place = {"memberships__council": scope} if isinstance(scope, Council) else {"memberships__agency": scope}
    same = [user for user in people.filter(**place).distinct() if fold_words(user.full_name) == fold_words(full_name)]
    return same[0] if len(same) == 1 else None


def _username(row, full_name: str) -> str:
    """The name to sign in with: as given, else made of the person's name: 'Nguyễn Thị Bích Ngân' → 'ngan.ntb'."""
    if given := values.line(row, "username", most=150):
        username = User.normalize_username(given)
        if not all(letter.isalnum() or letter in "@.+-_" for letter in username):
            raise RowProblem(
                "username", f"“{given}” không dùng làm tên đăng nhập được.", "Chỉ dùng chữ, số và . - _ @ +"
            )
        return username
    words = fold_words(full_name).split() or ["nguoidung"]
    stem = words[-1] + ("." + "".join(word[0] for word in words[:-1]) if len(words) > 1 else "")
    name, number = stem, 1
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{stem}{number}"
    return name


def first_password() -> str:
    """Sixteen characters of four classes, without letters that look alike on paper."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    letters += [
        secrets.choice("ABCDEFGH"),
        secrets.choice("abcdefgh"),
        secrets.choice("23456789"),
        secrets.choice(_SIGNS),
    ]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def _amend(result: RowResult, user: User, wanted: dict, by, now: datetime) -> None:
    changed = {name: value for name, value in wanted.items() if value and getattr(user, name) != value}
    if not changed or by is None:
        return
    result.before |= {name: getattr(user, name) for name in changed}
    result.after |= changed
    result.changes += [Change(_PARTICULARS[name], getattr(user, name) or "—", value) for name, value in changed.items()]
    accounts.amend_person(user=user, by=by, now=now, **changed)
    result.outcome = "changed"
