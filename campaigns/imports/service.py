"""The doors of the import: ``plan_preview`` reads a file and writes nothing, ``import_plan`` stores all or nothing."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from agencies.clock import local_day
from agencies.errors import NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Agency, Council
from agencies.permissions import Perm, can
from agencies.tables.problems import BadFile, ImportRefused, Problem
from agencies.vietnamese import clean
from campaigns import workflow
from campaigns.imports.checks import file_errors, file_warnings, kept
from campaigns.imports.corrections import NONE, Corrections
from campaigns.imports.encoding import refuse_old_encoding
from campaigns.imports.header import PlanHeader, read_header
from campaigns.imports.hierarchy import Outline, SectionRow, outline_of
from campaigns.imports.matching import AgencyMatcher
from campaigns.imports.party_guess import PartyGuess, guess_parties
from campaigns.imports.reading import read_annex
from campaigns.imports.resources import ReadTask, TaskResource
from campaigns.imports.tables import TaskTable, task_tables
from campaigns.imports.undo import remember, rows_of
from campaigns.models import Plan, PlanImport, PlanSection
from campaigns.parties import set_party_roles


@dataclass(frozen=True)
class Preview:
    """What an import of the file would do. ``plan`` is the one it would add to, None when it would make a new one."""

    header: PlanHeader
    filename: str
    digest: str
    sections: tuple[SectionRow, ...]
    tasks: tuple[ReadTask, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    plan: Plan | None
    outline: Outline = field(repr=False)
    matcher: AgencyMatcher | None = field(repr=False, default=None)
    sections_changed: int = 0
    tables: tuple[TaskTable, ...] = ()
    parties: tuple[PartyGuess, ...] = ()
    corrections: Corrections = NONE
    kind: str = ""  # of the file: docx, xlsx

    def count(self, outcome: str) -> int:
        """How many tasks have this outcome: new, changed, unchanged or error."""
        return sum(task.outcome == outcome for task in self.tasks)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is stored already, exactly so."""
        return self.plan is not None and not self.sections_changed and self.count("unchanged") == len(self.tasks)


@dataclass(frozen=True)
class ImportResult:
    """What an import did: the plan and how many tasks it made, changed and left alone."""

    plan: Plan
    preview: Preview
    new: int
    changed: int
    unchanged: int
    done: PlanImport | None = None

    @property
    def summary(self) -> str:
        """One sentence for people."""
        if self.preview.changes_nothing:
            return f"Không có gì thay đổi: cả {self.unchanged} nhiệm vụ đã có trong kế hoạch."
        return (
            f"Đã nhập {self.new} nhiệm vụ mới, cập nhật {self.changed}, giữ nguyên {self.unchanged} "
            f"vào kế hoạch {self.plan.number or self.plan.title}."
        )


def plan_preview(
    *,
    council: Council,
    content: bytes,
    filename: str,
    number: str = "",
    title: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    corrections: Corrections = NONE,
    today: date,
) -> Preview:
    """Read the file, match it with the council's agencies and plans, and say what would happen. Writes nothing.

    ``number``, ``title`` and the dates win over what the file says, and ``corrections`` over everything. Raises BadFile
    when the file as a whole cannot be read, WrongState when it belongs to a plan that takes no more tasks; row errors
    are in the preview.
    """
    annex = read_annex(content, filename)
    refuse_old_encoding(annex)
    tables, unread = task_tables(annex, corrections)
    digest = hashlib.sha256(content).hexdigest()
    found = read_header(annex, tables)
    header = replace(
        found,
        number=clean(number)[:80] or found.number,
        title=clean(title)[:400] or found.title,
        starts_on=starts_on or found.starts_on,
        ends_on=ends_on or found.ends_on,
    )
    if said := corrections.header:
        header = replace(
            header,
            number=said.number,
            kind=said.kind,
            signed_on=said.signed_on,
            title=said.title or header.title,
            starts_on=said.starts_on or header.starts_on,
            ends_on=said.ends_on or header.ends_on,
        )
    outline = outline_of(tables, corrections)
    errors, warnings = file_errors(tables, outline), file_warnings(tables, unread, outline)
    plan = _existing_plan(council, header, digest)
    if plan is not None:
        header = replace(
            header, title=plan.title, starts_on=plan.starts_on, ends_on=plan.ends_on, number=plan.number, kind=plan.kind
        )
    else:
        header = _complete(header, filename, today, errors, warnings)
    if not outline.tasks and not any(table.missing for table in tables) and not corrections.rows:
        raise BadFile("Bảng có tiêu đề nhưng không có dòng nhiệm vụ nào. Hãy điền nhiệm vụ rồi chọn lại.")
    span = (header.starts_on, header.ends_on)
    if None in span or span[0] > span[1]:
        span = (date(today.year, 1, 1), date(today.year, 12, 31))  # only to show the rows; the error stops the import
    matcher = _matcher(council, span[0], corrections)
    resource = TaskResource(
        plan=plan or Plan(council=council, starts_on=span[0], ends_on=span[1]), matcher=matcher, corrections=corrections
    )
    resource.load(outline.tasks, dry_run=True)
    missing = {(table.name, column.value) for table in tables for column in table.missing}
    for task in resource.read:
        # One sentence says that the column is missing; the same for each of its cells would only hide the rest.
        task.errors = [error for error in task.errors if (error.sheet, error.column) not in missing]
        errors += task.errors
        warnings += task.warnings
    if not outline.tasks and not errors:
        errors.append(Problem("Không còn hàng nào là nhiệm vụ.", fix="Xem lại những hàng đã chọn “Bỏ qua”, “Tên mục”."))
    changed_sections = 0
    if plan is not None:
        changed_sections = _changed_sections(plan, outline)
        warnings += kept(plan, outline)
    return Preview(
        header,
        filename,
        digest,
        tuple(outline.sections),
        tuple(resource.read),
        tuple(errors),
        tuple(warnings),
        plan,
        outline,
        matcher,
        changed_sections,
        tuple(tables),
        guess_parties(plan, header, resource.read, matcher, corrections),
        corrections,
        annex.kind,
    )


def corrections_before(council: Council, content: bytes) -> Corrections:
    """What was corrected the last time that this very file was imported; none for a new one."""
    digest = hashlib.sha256(content).hexdigest()
    last = PlanImport.objects.filter(council=council, digest=digest).order_by("-pk").first()
    return Corrections.from_json(last.corrections) if last else NONE


def import_plan(
    *,
    council: Council,
    content: bytes,
    filename: str,
    number: str = "",
    title: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    corrections: Corrections = NONE,
    by,
    now: datetime,
) -> ImportResult:
    """Store the plan and all tasks of the file as corrected, or nothing. The same again changes nothing.

    A new plan begins as a draft. Into a plan in force tasks are added and updated, never deleted. Raises NotAllowed,
    BadFile, WrongState, or ImportRefused with every error of every row.
    """
    if by is not None and not can(by, Perm.MANAGE_PLANS, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được lập, nhập và điều chỉnh kế hoạch.")
    with acting(by=by, verb="import_plan"):
        # One import at a time per council: a double click finds the plan that the first click made.
        council = Council.objects.select_for_update(of=("self",), no_key=True).get(pk=council.pk)
        preview = plan_preview(
            council=council,
            content=content,
            filename=filename,
            number=number,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            corrections=corrections,
            today=local_day(now),
        )
        if preview.errors:
            raise ImportRefused(preview.errors, preview)
        counts = {name: preview.count(name) for name in ("new", "changed", "unchanged")}
        if preview.changes_nothing:
            return ImportResult(preview.plan, preview, **counts)
        before = rows_of(preview.plan)
        plan = preview.plan or _new_plan(council, preview, by, now)
        sections = _save_sections(plan, preview.outline, by, now)
        resource = TaskResource(plan=plan, matcher=preview.matcher, by=by, now=now, corrections=corrections)
        resource.load(preview.outline.tasks, sections, dry_run=False)
        if plan.state == Plan.State.DRAFT:
            set_party_roles(plan=plan, by=by, now=now, roles={p.agency: p.role for p in preview.parties if p.role})
        record(
            by=by,
            now=now,
            verb="import_plan",
            obj=plan,
            summary=f"Nhập phụ lục “{filename}”: {counts['new']} nhiệm vụ mới, {counts['changed']} cập nhật, "
            f"{counts['unchanged']} giữ nguyên{_corrected(corrections)}",
        )
        done = remember(
            plan=plan,
            before=before,
            by=by,
            now=now,
            file_name=filename,
            digest=preview.digest,
            corrections=corrections.as_json(),
        )
    return ImportResult(plan, preview, **counts, done=done)


def _corrected(corrections: Corrections) -> str:
    """', sửa 3 hàng và 1 tên cơ quan khi xem trước', for the record."""
    parts = [f"{len(corrections.rows)} hàng" if corrections.rows else ""]
    parts.append(f"{len(corrections.names)} tên cơ quan" if corrections.names else "")
    parts.append("cột" if any(corrections.columns.values()) else "")
    said = ", ".join(part for part in parts if part)
    return f"; sửa khi xem trước: {said}" if said else ""


# --- the plan --------------------------------------------------------------------------------------------------------


def _existing_plan(council: Council, header: PlanHeader, digest: str) -> Plan | None:
    """The plan this file was or should be imported into: the same number and first year, else the very same file."""
    plans = Plan.objects.filter(council=council).exclude(state=Plan.State.CANCELLED)
    plan = None
    if header.number:
        same = list(plans.filter(number__iexact=header.number))
        year = header.starts_on.year if header.starts_on else None
        plan = next((p for p in same if p.starts_on.year == year), None)
        if plan is None and len(same) == 1 and (year is None or same[0].starts_on.year <= year <= same[0].ends_on.year):
            plan = same[0]
    if plan is None:
        unnumbered = plans.filter(source_digest=digest)
        plan = (unnumbered.filter(number="") if header.number else unnumbered).order_by("pk").first()
    if plan is not None and plan.state not in {Plan.State.DRAFT, Plan.State.ACTIVE}:
        raise WrongState(
            f"Kế hoạch {plan} đang ở trạng thái “{plan.get_state_display()}” nên không nhập thêm được. "
            "Chưa ghi gì; nếu là kế hoạch mới, hãy nhập số, ký hiệu khác."
        )
    return plan


def _complete(header: PlanHeader, filename: str, today: date, errors: list, warnings: list) -> PlanHeader:
    """Fill in or ask for what a new plan cannot do without."""
    if not header.title:
        name = clean(filename.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ").replace("-", " "))
        header = replace(header, title=f"Kế hoạch phối hợp {header.number}" if header.number else name[:400])
        warnings.append(
            Problem(
                f"Trong tệp không thấy trích yếu của kế hoạch, tạm lấy “{header.title}”.",
                fix="Ghi trích yếu khi nhập hoặc sửa sau trong trang kế hoạch.",
            )
        )
    if header.starts_on is None or header.ends_on is None:
        errors.append(
            Problem(
                "Không biết kế hoạch thực hiện từ ngày nào đến ngày nào: trong tệp không có năm.",
                fix="Điền “Từ ngày” và “Đến ngày” của kế hoạch rồi xem lại.",
            )
        )
    elif header.starts_on > header.ends_on:
        errors.append(
            Problem(
                f"Ngày kết thúc {header.ends_on:%d/%m/%Y} trước ngày bắt đầu {header.starts_on:%d/%m/%Y}.",
                fix="Sửa “Từ ngày” và “Đến ngày” của kế hoạch.",
            )
        )
    if header.signed_on and header.signed_on > today:
        warnings.append(Problem(f"Ngày ký {header.signed_on:%d/%m/%Y} trong tệp ở sau ngày hôm nay."))
    return header


def _new_plan(council: Council, preview: Preview, by, now: datetime) -> Plan:
    header = preview.header
    return workflow.create_plan(
        council=council,
        by=by,
        now=now,
        number=header.number,
        title=header.title,
        kind=header.kind,
        starts_on=header.starts_on,
        ends_on=header.ends_on,
        signed_on=header.signed_on,
        legal_bases=header.legal_bases,
        source_name=preview.filename[:255],
        source_digest=preview.digest,
    )


def _matcher(council: Council, day: date, corrections: Corrections) -> AgencyMatcher:
    """Names of the agencies that exist on the day, and of the others only to say that they do not."""
    in_force, others = [], []
    for agency in Agency.objects.filter(council=council):
        (in_force if agency.exists_on(day) else others).append(agency)
    by_code = {agency.code: agency for agency in in_force}
    given = {name: by_code.get(code) for name, code in corrections.names.items() if not code or code in by_code}
    return AgencyMatcher(in_force, place=council.place, others=others, given=given)


# --- sections -------------------------------------------------------------------------------------------


def _save_sections(plan: Plan, outline: Outline, by, now: datetime) -> dict[str, PlanSection]:
    saved: dict[str, PlanSection] = {}
    for row in outline.sections:  # parents come before their children
        saved[row.import_key] = workflow.save_section(
            plan=plan,
            by=by,
            now=now,
            import_key=row.import_key,
            number=row.number,
            title=row.title,
            parent=saved.get(row.parent_key),
            sort_order=row.sort_order,
        )
    return saved


def _changed_sections(plan: Plan, outline: Outline) -> int:
    stored = {
        key: (number, title, parent or "", order)
        for key, number, title, parent, order in PlanSection.objects.filter(plan=plan).values_list(
            "import_key", "number", "title", "parent__import_key", "sort_order"
        )
    }
    rows = outline.sections
    return sum(stored.get(row.import_key) != (row.number, row.title, row.parent_key, row.sort_order) for row in rows)
