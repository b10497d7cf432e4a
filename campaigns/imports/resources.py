"""The django-import-export resource that reads the rows of an annex into tasks.

A dry run reads and compares but writes nothing; the real run stores each row through the verb ``save_task``. Errors
are collected for every cell of every row, so that one look at the preview shows all of them.
"""

from dataclasses import dataclass, field
from datetime import datetime

import tablib
from import_export import fields, resources, widgets
from import_export.results import RowResult

from agencies.models import Agency
from agencies.tables.problems import CellError, Problem
from campaigns import workflow
from campaigns.imports.columns import Column
from campaigns.imports.corrections import NONE, Corrections, RowFix
from campaigns.imports.ditto import is_ditto
from campaigns.imports.hierarchy import TaskRow
from campaigns.imports.matching import AgencyMatcher, Supporting
from campaigns.imports.timing import Timing, read_timing
from campaigns.models import Assignment, Plan, PlanSection, Task

_COLUMNS = (
    Column.NUMBER, Column.TITLE, Column.LEAD, Column.SUPPORTING, Column.TIMING, Column.OUTPUT, Column.NOTE,
)  # fmt: skip
HEADERS = ("import_key", "section_key", "sort_order", "sheet", "row", *(column.value for column in _COLUMNS))


class TextWidget(widgets.Widget):
    """Text of limited length, asked for when ``required``."""

    def __init__(self, name: str, longest: int, required: str = ""):
        super().__init__()
        self.name, self.longest, self.required = name, longest, required

    def clean(self, value, row=None, **kwargs):
        if self.required and not value:
            raise CellError((self.required, "Điền vào ô này, hoặc chọn “Bỏ qua” cho hàng."))
        if len(value) > self.longest:
            raise CellError(
                (f"{self.name} dài {len(value)} ký tự, quá {self.longest}.", "Rút gọn trong tệp rồi nhập lại.")
            )
        return value


class LeadWidget(widgets.Widget):
    """A name → the one agency that leads."""

    def __init__(self, matcher: AgencyMatcher):
        super().__init__()
        self.matcher = matcher

    def clean(self, value, row=None, **kwargs):
        _refuse_ditto(value)
        return self.matcher.lead(value)


class SupportingWidget(LeadWidget):
    """A cell of names → the agencies that support, and the words that name nobody in particular."""

    def clean(self, value, row=None, **kwargs):
        _refuse_ditto(value)
        return self.matcher.supporting(value)


class TimingWidget(widgets.Widget):
    """A timing as written → dates or a recurrence, within the plan's span."""

    def __init__(self, plan: Plan):
        super().__init__()
        self.plan = plan

    def clean(self, value, row=None, **kwargs):
        _refuse_ditto(value)
        return read_timing(value, plan_starts=self.plan.starts_on, plan_ends=self.plan.ends_on)


def _refuse_ditto(value: str) -> None:
    if is_ditto(value):
        raise CellError((f"Ô ghi “{value}” (như trên) nhưng phía trên không có gì để chép.", "Ghi đủ nội dung vào ô."))


@dataclass
class ReadTask:
    """One task row as understood: what could not be read is None and has an error."""

    source: TaskRow
    lead: Agency | None = None
    supporting: tuple[Agency, ...] = ()
    collective: tuple[str, ...] = ()
    timing: Timing | None = None
    outcome: str = "error"  # new, changed, unchanged, error
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    fix: RowFix = field(default_factory=RowFix)

    def problem(self, message: str, column: str, value: str, fix: str = "") -> Problem:
        """A problem of one cell of this row."""
        source = self.source
        return Problem(message, source.sheet, source.row, str(column), value, fix, source.cell(column))


class TaskResource(resources.ModelResource):
    """Tasks of one plan, found again by (plan, import_key). The plan may be unsaved in a dry run."""

    import_key = fields.Field("import_key", "import_key")
    number = fields.Field("number", Column.NUMBER.value, widget=TextWidget("Số thứ tự", 30))
    title = fields.Field("title", Column.TITLE.value, widget=TextWidget("Nội dung", 5000, "Thiếu nội dung nhiệm vụ."))
    expected_output = fields.Field("expected_output", Column.OUTPUT.value, widget=TextWidget("Sản phẩm", 5000))
    note = fields.Field("note", Column.NOTE.value, widget=TextWidget("Ghi chú", 5000))

    class Meta:
        model = Task
        fields = ("import_key", "number", "title", "lead", "supporting", "timing", "expected_output", "note")
        import_id_fields = ("import_key",)
        use_transactions = True
        skip_diff = True

    def __init__(
        self,
        *,
        plan: Plan,
        matcher: AgencyMatcher,
        by=None,
        now: datetime | None = None,
        corrections: Corrections = NONE,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.plan, self.by, self.now, self.corrections = plan, by, now, corrections
        self.fields["lead"] = fields.Field("read_lead", Column.LEAD.value, widget=LeadWidget(matcher))
        self.fields["supporting"] = fields.Field(
            "read_supporting", Column.SUPPORTING.value, widget=SupportingWidget(matcher)
        )
        self.fields["timing"] = fields.Field("read_timing", Column.TIMING.value, widget=TimingWidget(plan))
        self.read: list[ReadTask] = []
        self.stored: dict[str, Task] = {}
        self.sections: dict[str, PlanSection] = {}

    def load(self, rows: list[TaskRow], sections: dict[str, PlanSection] | None = None, *, dry_run: bool):
        """Import the rows, or only read them. Raises what a verb raised, after undoing everything."""
        self.sections = sections or {}
        self._rows = rows
        result = self.import_data(
            tablib.Dataset(*(_values(row, self.corrections.row(row.key)) for row in rows), headers=list(HEADERS)),
            dry_run=dry_run,
            use_transactions=True,
            rollback_on_validation_errors=True,
        )
        failures = [error.error for error in result.base_errors]
        failures += [error.error for row in result.rows for error in row.errors]
        if failures:
            raise failures[0]
        return result

    # --- the steps of django-import-export ---------------------------------------------------------------------------

    def before_import(self, dataset, **kwargs):
        self.read = []
        self.stored = {}
        if self.plan.pk is not None:
            tasks = Task.objects.filter(plan=self.plan).select_related("section")
            self.stored = {task.import_key: task for task in tasks}
            current = Assignment.objects.current().filter(task__plan=self.plan)
            self._assigned: dict[int, dict[int, str]] = {}
            for task_id, agency_id, role in current.values_list("task", "agency", "role"):
                self._assigned.setdefault(task_id, {})[agency_id] = role

    def before_import_row(self, row, row_number=None, **kwargs):
        source = self._rows[row_number - 1]
        self.read.append(ReadTask(source, fix=self.corrections.row(source.key)))

    def get_instance(self, instance_loader, row):
        return self.stored.get(row["import_key"])

    def init_instance(self, row=None):
        return Task(plan=self.plan if self.plan.pk else None, council_id=self.plan.council_id)

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        read = self.read[-1]
        try:
            if field.attribute == "read_timing" and read.fix.timed:
                value = _timed(read)
            else:
                value = field.clean(row, **kwargs)
        except CellError as error:
            for message, fix in error.found:
                read.errors.append(read.problem(message, field.column_name, row[field.column_name], fix))
            raise
        if isinstance(value, Timing):
            read.timing = value
        elif isinstance(value, Supporting):
            read.supporting, read.collective = value.agencies, value.collective
        elif isinstance(value, Agency):
            read.lead = value

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        self._look_again(self.read[-1])

    def _look_again(self, read: ReadTask) -> None:
        """What is odd but not wrong: the warnings of rules V01 and V03, and collective words."""

        def warn(message: str, column: Column, value: str, fix: str = "") -> None:
            read.warnings.append(read.problem(message, column, value, fix))

        if read.lead in read.supporting:
            read.supporting = tuple(agency for agency in read.supporting if agency != read.lead)
            warn(
                f"{read.lead} đã chủ trì nên được bỏ khỏi danh sách phối hợp.",
                Column.SUPPORTING,
                read.source.supporting,
            )
        if read.collective:
            warn(
                f"“{'; '.join(read.collective)}” không chỉ rõ cơ quan nào; được giữ nguyên văn, không giao cho ai.",
                Column.SUPPORTING,
                read.source.supporting,
                "Ghi tên từng cơ quan nếu muốn giao việc và nhận báo cáo.",
            )
        for day in filter(None, {read.timing.starts_on, read.timing.due_date}):
            if not self.plan.starts_on <= day <= self.plan.ends_on:
                warn(
                    f"Ngày {day:%d/%m/%Y} nằm ngoài thời gian của kế hoạch "
                    f"({self.plan.starts_on:%d/%m/%Y}–{self.plan.ends_on:%d/%m/%Y}).",
                    Column.TIMING,
                    read.timing.text,
                )
                break

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Whether the row says exactly what is stored already: importing a file twice changes nothing."""
        read = self.read[-1]
        return not import_validation_errors and instance.pk is not None and self._unchanged(instance, read)

    def _unchanged(self, task: Task, read: ReadTask) -> bool:
        wanted = self._wanted(read)
        same = all(getattr(task, name) == value for name, value in wanted.items())
        roles = {read.lead.pk: "lead"} | {agency.pk: "supporting" for agency in read.supporting}
        section = task.section.import_key if task.section else ""
        return same and section == read.source.section_key and self._assigned.get(task.pk) == roles

    @staticmethod
    def _wanted(read: ReadTask) -> dict:
        source, timing = read.source, read.timing
        return {
            "number": source.number,
            "title": source.title,
            "supporting_text": source.supporting,
            "timing_text": timing.text,
            "starts_on": timing.starts_on,
            "due_date": timing.due_date,
            "recurrence": timing.recurrence,
            "expected_output": source.output,
            "note": source.note,
            "sort_order": source.sort_order,
        }

    def save_instance(self, instance, is_create, row, dry_run=False, **kwargs):
        if dry_run:
            return
        read = self.read[-1]
        workflow.save_task(
            plan=self.plan,
            by=self.by,
            now=self.now,
            import_key=read.source.import_key,
            section=self.sections.get(read.source.section_key),
            lead=read.lead,
            supporting=read.supporting,
            **self._wanted(read),
        )

    def after_import_row(self, row, row_result, **kwargs):
        self.read[-1].outcome = {
            RowResult.IMPORT_TYPE_NEW: "new",
            RowResult.IMPORT_TYPE_UPDATE: "changed",
            RowResult.IMPORT_TYPE_SKIP: "unchanged",
        }[row_result.import_type]

    def after_import(self, dataset, result, **kwargs):
        """The verbs use the model's own sequences; there is nothing to reset."""


def _timed(read: ReadTask) -> Timing:
    """The timing as a person said it is meant, under its own words."""
    fix = read.fix
    if not fix.recurrence and fix.due_date is None:
        raise CellError(("Nhiệm vụ làm một lần cần có hạn.", "Điền hạn hoàn thành hoặc chọn chu kỳ."))
    if fix.starts_on and fix.due_date and fix.starts_on > fix.due_date:
        raise CellError((f"Hạn {fix.due_date:%d/%m/%Y} trước ngày bắt đầu {fix.starts_on:%d/%m/%Y}.", "Sửa lại ngày."))
    return Timing(read.source.timing[:300], fix.starts_on, fix.due_date, fix.recurrence)


def _values(row: TaskRow, fix: RowFix) -> tuple:
    return (
        row.import_key,
        row.section_key,
        row.sort_order,
        row.sheet,
        row.row,
        row.number,
        row.title,
        row.lead if fix.lead is None else fix.lead,
        row.supporting if fix.supporting is None else fix.supporting,
        row.timing,
        row.output,
        row.note,
    )
