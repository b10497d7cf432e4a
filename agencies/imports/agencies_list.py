"""Import of a council's list of agencies: new ones are entered, known ones amended, through the register's verbs."""

from datetime import date, datetime, timedelta

from agencies import register
from agencies.errors import NotAllowed
from agencies.imports import values
from agencies.imports.lists import ListFile, read_list
from agencies.imports.running import Cells, Change, ListResult, RowProblem, RowResult, run_list
from agencies.models import Agency, Council, User
from agencies.permissions import Perm, can
from agencies.tables.listing import Column
from agencies.vietnamese import fold_words

# Field → how its heading is written; the first way is the one that our own files use.
HEADINGS = {
    "name": ("Tên cơ quan", "Tên đơn vị", "Cơ quan", "Cơ quan, đơn vị", "Tên cơ quan, đơn vị", "Đơn vị"),
    "code": ("Mã", "Mã cơ quan", "Mã đơn vị"),
    "short_name": ("Tên ngắn", "Tên gọi tắt", "Tên viết gọn"),
    "aliases": ("Tên gọi khác", "Tên khác", "Cách viết khác"),
    "abbreviation": ("Ký hiệu", "Viết tắt", "Chữ viết tắt"),
    "parent": ("Trực thuộc", "Cơ quan chủ quản", "Đơn vị chủ quản"),
    "protocol_order": ("Thứ tự", "Thứ tự xếp", "Thứ tự ưu tiên"),
    "valid_from": ("Từ ngày", "Thành lập ngày", "Ngày thành lập", "Hiệu lực từ"),
    "valid_to": ("Đến ngày", "Kết thúc ngày", "Hiệu lực đến"),
    "requires_approval": ("Lãnh đạo duyệt", "Cần lãnh đạo duyệt", "Phải duyệt"),
    "ignored": ("Tình trạng",),
}
COLUMNS = [
    Column("Mã", lambda agency: agency.code, 14),
    Column("Tên cơ quan", lambda agency: agency.name, 46),
    Column("Tên ngắn", lambda agency: agency.short_name, 26),
    Column("Tên gọi khác", lambda agency: "; ".join(agency.aliases), 30),
    Column("Ký hiệu", lambda agency: agency.abbreviation, 12),
    Column("Trực thuộc", lambda agency: agency.parent.code if agency.parent else "", 14),
    Column("Thứ tự", lambda agency: agency.protocol_order, 9),
    Column("Từ ngày", lambda agency: agency.valid_from, 12),
    Column("Đến ngày", lambda agency: agency.valid_to, 12),
    Column("Lãnh đạo duyệt", lambda agency: agency.requires_approval, 12),
]
_LABELS = {name: ways[0] for name, ways in HEADINGS.items()}


def read_agencies(content: bytes, filename: str) -> ListFile:
    """The list of agencies in a file. Raises BadFile."""
    return read_list(content, filename, HEADINGS, required="name")


def run_agencies(
    *, council: Council, file: ListFile, by: User | None, now: datetime, today: date, keep: bool
) -> ListResult:
    """Enter and amend the agencies of a list; with ``keep`` False only look. An empty cell keeps what is stored.

    Raises NotAllowed, or ImportRefused when any row is wrong: then nothing is written.
    """
    if by is not None and not can(by, Perm.MANAGE_AGENCIES, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được nhập danh sách cơ quan.")
    known = {agency.code: agency for agency in council.agencies.select_related("council", "parent")}
    seen: dict[int, int] = {}

    def enter(result: RowResult) -> None:
        row, cells = result.row, Cells(result.row)
        name = cells.read(values.required, "name", "tên cơ quan", most=200)
        given = _given(cells)
        cells.finish()
        agency = _known(known, row, name)
        if agency is None:
            agency = register.create_agency(
                council=council,
                name=name,
                short_name=given.pop("short_name", "") or name,
                code=values.line(row, "code", most=40).casefold(),
                valid_from=given.pop("valid_from", None) or date(today.year, 1, 1),
                by=by,
                now=now,
                **given,
            )
            result.outcome = "new"
            known[agency.code] = agency
        elif _taken_back(agency):
            register.amend_agency(agency=agency, by=by, now=now, **({"valid_to": None} | given | {"name": name}))
            result.outcome = "new"
        else:
            _amend(result, agency, given | {"name": name}, by, now)
        if agency.pk in seen:
            raise RowProblem("name", f"Trùng với dòng {seen[agency.pk]}.", "Hãy bỏ một trong hai dòng.")
        seen[agency.pk], result.pk = row.number, agency.pk

    def place(result: RowResult) -> None:
        names = {fold_words(way): agency for agency in known.values() for way in _ways(agency)}
        parent = values.one_of(result.row, "parent", names, "cơ quan")
        if parent is not None and result.pk is not None:
            agency = Agency.objects.select_related("council", "parent").get(pk=result.pk)
            _amend(result, agency, {"parent": parent}, by, now)

    return run_list(file, label="name", steps=(enter, place), keep=keep)


def _given(cells: Cells) -> dict:
    """What a row says of an agency, its name and parent aside; empty cells say nothing."""
    aliases = cells.row.get("aliases").replace("\n", ";").split(";")
    given = {
        "short_name": cells.read(values.line, "short_name", most=80),
        "abbreviation": cells.read(values.line, "abbreviation", most=30),
        "aliases": [part.strip() for part in aliases if part.strip()],
        "protocol_order": cells.read(values.whole_number, "protocol_order", most=9999),
        "valid_from": cells.read(values.day, "valid_from"),
        "valid_to": cells.read(values.day, "valid_to"),
        "requires_approval": cells.read(values.yes_or_no, "requires_approval"),
    }
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def _ways(agency: Agency) -> list[str]:
    return [agency.code, agency.name, agency.short_name, agency.abbreviation, *agency.aliases]


def _known(known: dict[str, Agency], row, name: str) -> Agency | None:
    """The agency that a row speaks of: by its code, else by its exact name, diacritics and case aside."""
    code = values.line(row, "code", most=40).casefold()
    if code:
        return known.get(code)
    same = [
        agency
        for agency in known.values()
        if fold_words(agency.name) == fold_words(name) and (agency.valid_to is None or _taken_back(agency))
    ]
    return same[0] if len(same) == 1 else None


def _taken_back(agency: Agency) -> bool:
    """Whether an import that was undone had entered it: it ended on its first day, and is entered anew."""
    return agency.valid_to == agency.valid_from + timedelta(days=1)


def _amend(result: RowResult, agency: Agency, wanted: dict, by, now: datetime) -> None:
    changed = {name: value for name, value in wanted.items() if getattr(agency, name) != value}
    if not changed:
        return
    before = {name: getattr(agency, name) for name in changed}
    result.before |= {name: as_json(value) for name, value in before.items()}
    result.after |= {name: as_json(value) for name, value in changed.items()}
    register.amend_agency(agency=agency, by=by, now=now, **changed)
    result.changes += [Change(_LABELS[name], _words(before[name]), _words(value)) for name, value in changed.items()]
    if result.outcome == "unchanged":
        result.outcome = "changed"


def as_json(value):
    """A field's value as JSON."""
    if isinstance(value, Agency):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def _words(value) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "; ".join(value) if isinstance(value, list) else str(value or "—")
