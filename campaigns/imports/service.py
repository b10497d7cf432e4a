"""The doors of the import: ``plan_preview`` reads a file and writes nothing, ``import_plan`` stores all or nothing."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from agencies.clock import local_day
from agencies.errors import NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Agency, Council
from agencies.permissions import Perm, can
from agencies.vietnamese import clean
from campaigns import workflow
from campaigns.imports.columns import TaskTable, task_tables
from campaigns.imports.header import PlanHeader, read_header
from campaigns.imports.hierarchy import Outline, SectionRow, outline_of
from campaigns.imports.matching import AgencyMatcher
from campaigns.imports.problems import BadFile, ImportRefused, Problem
from campaigns.imports.reading import Annex, read_annex
from campaigns.imports.resources import ReadTask, TaskResource
from campaigns.models import Plan, PlanSection, Task

# Letters that Vietnamese in Unicode never uses and text in the old TCVN3 encoding is full of (rule V28).
_OLD_ENCODING = re.compile("[µ¸¶·¹¨»¾¼½Æ©®ªÐ«¬¦§]")
_LONGEST_SECTION_TITLE = 500


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
    today: date,
) -> Preview:
    """Read the file, match it with the council's agencies and plans, and say what would happen. Writes nothing.

    ``number``, ``title`` and the dates win over what the file says. Raises BadFile when the file as a whole cannot be
    read, WrongState when it belongs to a plan that takes no more tasks; row errors are in the preview.
    """
    annex = read_annex(content, filename)
    _refuse_old_encoding(annex)
    tables, unread = task_tables(annex)
    digest = hashlib.sha256(content).hexdigest()
    found = read_header(annex, tables)
    header = replace(
        found,
        number=clean(number)[:80] or found.number,
        title=clean(title)[:400] or found.title,
        starts_on=starts_on or found.starts_on,
        ends_on=ends_on or found.ends_on,
    )
    errors = [problem for table in tables for problem in _formula_errors(table)]
    warnings = [
        Problem(f"{name} không có dòng tiêu đề của bảng nhiệm vụ nên không được đọc.", sheet=name) for name in unread
    ]
    plan = _existing_plan(council, header, digest)
    if plan is not None:
        header = replace(
            header, title=plan.title, starts_on=plan.starts_on, ends_on=plan.ends_on, number=plan.number, kind=plan.kind
        )
    else:
        header = _complete(header, filename, today, errors, warnings)
    outline = outline_of(tables)
    if not outline.tasks:
        raise BadFile("Bảng có tiêu đề nhưng không có dòng nhiệm vụ nào. Hãy điền nhiệm vụ rồi chọn lại.")
    span = (header.starts_on, header.ends_on)
    if None in span or span[0] > span[1]:
        span = (date(today.year, 1, 1), date(today.year, 12, 31))  # only to show the rows; the error stops the import
    matcher = _matcher(council, span[0])
    resource = TaskResource(plan=plan or Plan(council=council, starts_on=span[0], ends_on=span[1]), matcher=matcher)
    resource.load(outline.tasks, dry_run=True)
    for task in resource.read:
        errors += task.errors
        warnings += task.warnings
    errors += _section_errors(outline)
    warnings += _section_warnings(outline)
    changed_sections = 0
    if plan is not None:
        changed_sections = _changed_sections(plan, outline)
        warnings += _kept(plan, outline)
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
    )


def import_plan(
    *,
    council: Council,
    content: bytes,
    filename: str,
    number: str = "",
    title: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    by,
    now: datetime,
) -> ImportResult:
    """Store the plan and all tasks of the file, or nothing. The same file again changes nothing.

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
            today=local_day(now),
        )
        if preview.errors:
            raise ImportRefused(preview.errors, preview)
        counts = {name: preview.count(name) for name in ("new", "changed", "unchanged")}
        plan = preview.plan or _new_plan(council, preview, by, now)
        result = ImportResult(plan, preview, **counts)
        if preview.changes_nothing:
            return result
        sections = _save_sections(plan, preview.outline, by, now)
        resource = TaskResource(plan=plan, matcher=preview.matcher, by=by, now=now)
        resource.load(preview.outline.tasks, sections, dry_run=False)
        record(
            by=by,
            now=now,
            verb="import_plan",
            obj=plan,
            summary=f"Nhập phụ lục “{filename}”: {counts['new']} nhiệm vụ mới, {counts['changed']} cập nhật, "
            f"{counts['unchanged']} giữ nguyên",
        )
    return result


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


def _matcher(council: Council, day: date) -> AgencyMatcher:
    """Names of the agencies that exist on the day, and of the others only to say that they do not."""
    in_force, others = [], []
    for agency in Agency.objects.filter(council=council):
        (in_force if agency.exists_on(day) else others).append(agency)
    return AgencyMatcher(in_force, place=council.place, others=others)


# --- sections and warnings -------------------------------------------------------------------------------------------


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


def _section_errors(outline: Outline) -> list[Problem]:
    return [
        Problem(
            f"Tên mục dài {len(row.title)} ký tự, quá {_LONGEST_SECTION_TITLE}, hoặc số thứ tự quá 30.",
            row.sheet,
            row.row,
            "Nội dung",
            row.title,
            "Dòng này không có cơ quan chủ trì và thời gian nên được hiểu là tên mục; nếu là nhiệm vụ, hãy điền đủ.",
        )
        for row in outline.sections
        if len(row.title) > _LONGEST_SECTION_TITLE or len(row.number) > 30
    ]


def _section_warnings(outline: Outline) -> list[Problem]:
    return [
        Problem(
            f"Mục “{row.heading}” không có nhiệm vụ nào.",
            row.sheet,
            row.row,
            "Nội dung",
            row.title,
            "Nếu đây là nhiệm vụ, hãy điền cơ quan chủ trì và thời gian.",
        )
        for row in outline.empty_sections()
    ]


def _kept(plan: Plan, outline: Outline) -> list[Problem]:
    """Tasks of the portal that the file no longer has: an import never deletes."""
    keys = {task.import_key for task in outline.tasks}
    tasks = Task.objects.filter(plan=plan).exclude(import_key__in=keys).order_by("sort_order", "pk")
    return [
        Problem(
            f"Nhiệm vụ “{task}” có trong cổng nhưng không có trong tệp; được giữ nguyên.",
            fix="Nếu không còn thực hiện, hãy hủy nhiệm vụ trong cổng kèm lý do.",
        )
        for task in tasks
    ]


def _formula_errors(table: TaskTable) -> list[Problem]:
    if not table.formulas:
        return []
    shown = ", ".join(table.formulas[:20]) + ("…" if len(table.formulas) > 20 else "")
    return [
        Problem(
            f"Ô {shown} chứa công thức, không phải giá trị.",
            sheet=table.name,
            value=shown,
            fix="Hãy sao chép các ô đó, dán lại dạng giá trị (Paste Values) rồi lưu tệp.",
        )
    ]


def _refuse_old_encoding(annex: Annex) -> None:
    text = "".join(line.text for line in annex.lines)
    if len(_OLD_ENCODING.findall(text)) > max(5, len(text) // 100):
        raise BadFile(
            "Chữ trong tệp ở bảng mã cũ (TCVN3, phông .VnTime) nên không đọc được tiếng Việt. "
            "Hãy chuyển tệp sang Unicode (Times New Roman) rồi chọn lại."
        )
