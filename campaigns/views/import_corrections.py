"""What a person corrects in the preview of an import: forms filled with what was read, and what they change."""

from dataclasses import dataclass, fields, replace

from django import forms

from agencies.forms import REQUIRED, DayField, LineField
from agencies.tables.problems import Problem
from agencies.vietnamese import clean
from campaigns.imports.columns import Column
from campaigns.imports.corrections import AS_NOTE, IGNORED, NOBODY, SECTION, SKIP, TASK, Corrections, HeaderFix, RowFix
from campaigns.imports.matching import UNKNOWN
from campaigns.imports.resources import ReadTask
from campaigns.imports.service import Preview
from campaigns.models import Plan, PlanParty, Task

MOST_ROWS, MOST_NAMES = 40, 30  # what is asked at once; the rest waits for the next round
_MEANINGS = [(column.name, column.value) for column in Column]
_MEANINGS += [(AS_NOTE, "Chép vào ghi chú"), (IGNORED, "Không đọc")]
_KINDS = [(TASK, "Nhiệm vụ"), (SECTION, "Tên mục"), (SKIP, "Bỏ qua hàng này")]
_EITHER = [(PlanParty.Role.SIGNATORY, "Ký kết"), (PlanParty.Role.PARTICIPANT, "Chỉ tham gia thực hiện")]
NAMES_NOBODY = "-"  # "this name means no agency in particular"
_FIELDS_OF = {
    Column.LEAD: ("lead", "supporting"),  # a second lead moves over
    Column.SUPPORTING: ("supporting",),
    Column.TIMING: ("due_date", "recurrence", "starts_on"),
}


class HeaderForm(forms.Form):
    """The plan's own facts. A span left empty is read from the file, or asked for by the preview."""

    use_required_attribute = False  # a field inside a closed part of the page must not hold the form back

    number = LineField(label="Số, ký hiệu", max_length=80, required=False)
    title = LineField(label="Trích yếu", max_length=400, required=False)
    kind = forms.ChoiceField(label="Loại", choices=Plan.Kind.choices)
    signed_on = DayField(label="Ngày ký", required=False)
    starts_on = DayField(label="Thực hiện từ ngày", required=False)
    ends_on = DayField(label="Đến ngày", required=False)

    def clean(self):
        data = super().clean()
        if "title" in self.changed_data and not data.get("title"):
            self.add_error("title", REQUIRED)
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "Ngày kết thúc phải bằng hoặc sau ngày bắt đầu.")
        return data


class RowForm(forms.Form):
    """One row: what it is, who leads, who supports, by when. ``only`` names the fields that are worth asking."""

    use_required_attribute = False

    kind = forms.ChoiceField(label="Hàng này là", required=False, choices=_KINDS)
    lead = LineField(
        label="Chủ trì",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": "co-quan", "autocomplete": "off"}),
    )
    supporting = LineField(
        label="Phối hợp", required=False, max_length=2000, help_text="Nhiều cơ quan cách nhau bằng dấu chấm phẩy."
    )
    due_date = DayField(label="Hạn hoàn thành", required=False)
    recurrence = forms.ChoiceField(label="Chu kỳ", required=False, choices=Task.Recurrence.choices)
    starts_on = DayField(label="Bắt đầu", required=False)
    reset = forms.BooleanField(label="Bỏ mọi chỉnh sửa của hàng này, đọc lại theo tệp", required=False)

    def __init__(self, *args, only: tuple[str, ...] | None = None, corrected: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if only is not None:
            for name in set(self.fields) - {"kind", "reset", *only}:
                del self.fields[name]
        if not corrected:
            del self.fields["reset"]


@dataclass
class OpenRow:
    """A row opened for correction: what it says, what is wrong, and the form."""

    key: str
    where: str
    text: str
    form: RowForm
    anchor: str = ""
    timing: str = ""
    problems: tuple[Problem, ...] = ()


def _is_a_name(problem: Problem, fix: RowFix) -> bool:
    """Whether the error is a name of the file that nobody knows: it is explained once, for all rows."""
    typed = fix.lead if problem.column == Column.LEAD else fix.supporting
    return typed is None and problem.message.startswith(UNKNOWN)


def _asks_for_a_look(task: ReadTask) -> bool:
    return any(not _is_a_name(problem, task.fix) for problem in task.errors)


class CorrectionForms:
    """All forms of the preview, filled with what was read. ``data`` is what a person posted, None to only show."""

    def __init__(self, preview: Preview, data=None, asked: tuple[str, ...] = ()):
        self.preview, self.data = preview, data
        header, old = preview.header, preview.corrections
        self.agencies = [party.agency for party in preview.parties]
        self.may_edit_header = preview.plan is None
        self.may_edit_parties = preview.plan is None or preview.plan.state == Plan.State.DRAFT
        initial = {name: getattr(header, name) for name in HeaderForm.base_fields}
        sent = data is not None and "ke-hoach" in data and self.may_edit_header
        self.header = HeaderForm(data if sent else None, initial=initial, prefix="kh")
        posted = data.getlist("hang")[: 2 * MOST_ROWS] if data is not None else ()
        wrong = [task.source.key for task in preview.tasks if _asks_for_a_look(task)]
        wanted = [*asked, *wrong[:MOST_ROWS], *posted]
        self.rows = [row for key in dict.fromkeys(wanted) if (row := self._row(key))]
        self.names = self._names(old)
        self._answered = self._answers()

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _row(self, key: str) -> OpenRow | None:
        corrected = key in self.preview.corrections.rows
        data = self.data if self.data is not None and key in self.data.getlist("hang") else None
        common = {"data": data, "prefix": f"h{key}", "corrected": corrected}
        for task in self.preview.tasks:
            if task.source.key == key:
                return self._task(task, common)
        for section in self.preview.sections:
            if section.key == key:
                form = RowForm(initial={"kind": SECTION}, only=(), **common)
                return OpenRow(key, f"{section.sheet}, hàng {section.row}", section.heading, form)
        for row in self.preview.outline.passed_over:
            if row.key == key:
                form = RowForm(initial={"kind": SKIP}, only=(), **common)
                return OpenRow(key, f"{row.sheet}, hàng {row.row}", row.text, form)
        return None

    def _task(self, task: ReadTask, common: dict) -> OpenRow:
        source, fix = task.source, task.fix
        initial = {"kind": TASK, "recurrence": ""}
        initial["lead"] = task.lead.short_name if task.lead else clean(source.lead if fix.lead is None else fix.lead)
        read = "; ".join([*(agency.short_name for agency in task.supporting), *task.collective])
        written = "; ".join((source.supporting if fix.supporting is None else fix.supporting).split("\n"))
        initial["supporting"] = read or written
        if task.timing:
            initial |= {name: getattr(task.timing, name) for name in ("due_date", "starts_on", "recurrence")}
        elif fix.timed:
            initial |= {name: getattr(fix, name) for name in ("due_date", "starts_on", "recurrence")}
        only, problems = None, task.errors
        if _asks_for_a_look(task):
            problems = [problem for problem in task.errors if not _is_a_name(problem, fix)]
            only = tuple(n for p in problems if p.column in _FIELDS_OF for n in _FIELDS_OF[Column(p.column)])
        form = RowForm(initial=initial, only=only, **common)
        text = f"{source.number} {source.title}".strip()
        where = f"{source.sheet}, hàng {source.row}"
        return OpenRow(source.key, where, text, form, f"hang-{source.sort_order}", source.timing, tuple(problems))

    def _names(self, old: Corrections) -> list[dict]:
        """Names that no agency answers to, and those explained before, each with how often and what is said of it."""
        matcher, rows = self.preview.matcher, []
        names = matcher.unknown | matcher.explained
        for at, (folded, (name, times)) in enumerate(list(names.items())[:MOST_NAMES]):
            answer = old.names.get(folded)
            chosen = "" if answer is None else answer or NAMES_NOBODY
            rows.append({"id": f"ten-{at}", "folded": folded, "name": name, "times": times,
                         "chosen": chosen, "near": [] if chosen else matcher.suggestions(name),
                         "places": self._places(name)})  # fmt: skip
        return rows

    def _places(self, name: str) -> list[tuple[str, int]]:
        """(anchor, row) of the first rows in which the name stands."""
        quoted = f"“{name}”"
        found = [task.source for task in self.preview.tasks if any(quoted in error.message for error in task.errors)]
        return [(f"hang-{source.sort_order}", source.row) for source in found[:5]]

    @property
    def columns(self) -> list[dict]:
        """Tables with their columns and the choice of meanings."""
        return [
            {
                "table": table,
                "guesses": [{"guess": guess, "name": f"cot-{table.index}-{guess.index}"} for guess in table.columns],
                "missing": table.missing,
            }
            for table in self.preview.tables
        ]

    meanings = _MEANINGS
    roles = _EITHER

    @property
    def parties(self) -> list:
        """Agencies that have a part in the plan."""
        return [party for party in self.preview.parties if party.role or party.has_tasks]

    @property
    def others(self) -> list:
        """Agencies that have none; they may have signed all the same."""
        return [party for party in self.preview.parties if not (party.role or party.has_tasks)]

    def speaks_of(self, error: Problem) -> bool:
        """Whether the error is answered for by an open row or by the list of unknown names."""
        return id(error) in self._answered

    def _answers(self) -> set[int]:
        """By identity: the preview's errors are the very ones of its rows."""
        names = tuple(f"“{row['name']}”" for row in self.names)
        found = {id(problem) for row in self.rows for problem in row.problems}
        return found | {
            id(problem)
            for task in self.preview.tasks
            for problem in task.errors
            if _is_a_name(problem, task.fix) and any(name in problem.message for name in names)
        }

    # --- what was posted -------------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        """Whether everything posted can be understood; the forms carry what cannot."""
        bound = [form for form in (self.header, *(row.form for row in self.rows)) if form.is_bound]
        return all([form.is_valid() for form in bound])

    def corrections(self) -> Corrections:
        """The corrections with what was posted; equal to those before when nothing was changed."""
        old = self.preview.corrections
        return Corrections(
            columns=self._columns_said(old),
            names=self._names_said(old),
            rows=self._rows_said(old),
            parties=self._parties_said(old),
            header=self._header_said(old),
        )

    def _changed(self, form: forms.Form) -> set[str]:
        """The fields that say something else than what was shown; one that was not sent says nothing."""
        return {name for name in form.changed_data if form.add_prefix(name) in self.data}

    def _columns_said(self, old: Corrections) -> dict:
        said = {table: dict(columns) for table, columns in old.columns.items()}
        known = {value for value, _label in _MEANINGS}
        for table in self.preview.tables:
            for guess in table.columns:
                value = self.data.get(f"cot-{table.index}-{guess.index}", guess.meaning)
                if value == guess.meaning or value not in known:
                    continue
                mine = said.setdefault(str(table.index), {})
                if value in Column.__members__:  # one column has one meaning: the last word wins
                    for other in [key for key, meaning in mine.items() if meaning == value]:
                        del mine[other]
                mine[str(guess.index)] = value
        return said

    def _names_said(self, old: Corrections) -> dict:
        said, codes = dict(old.names), {agency.code for agency in self.agencies}
        for row in self.names:
            value = self.data.get(row["id"]) if self.data.get(f"{row['id']}-chu") == row["folded"] else None
            if value in codes:
                said[row["folded"]] = value
            elif value == NAMES_NOBODY:
                said[row["folded"]] = NOBODY
            elif value == "":
                said.pop(row["folded"], None)
        return said

    def _rows_said(self, old: Corrections) -> dict:
        said = dict(old.rows)
        for row in self.rows:
            if not row.form.is_bound:
                continue
            data, changed = row.form.cleaned_data, self._changed(row.form)
            if data.get("reset"):
                said.pop(row.key, None)
                continue
            fix = said.get(row.key, RowFix())
            if "kind" in changed and data["kind"]:
                fix = replace(fix, kind=data["kind"])
            for name in changed & {"lead", "supporting"}:
                fix = replace(fix, **{name: data[name]})
            if changed & {"due_date", "recurrence", "starts_on"}:
                dates = {name: data.get(name) for name in ("due_date", "starts_on")}
                fix = replace(fix, timed=True, recurrence=data.get("recurrence", ""), **dates)
            if fix != RowFix():
                said[row.key] = fix
        return said

    def _parties_said(self, old: Corrections) -> dict:
        said = dict(old.parties)
        for party in self.preview.parties if self.may_edit_parties else ():
            value = self.data.get(f"ben-{party.agency.code}", party.role)
            if value != party.role and (value in PlanParty.Role.values or (value == "" and not party.has_tasks)):
                said[party.agency.code] = value
        return said

    def _header_said(self, old: Corrections) -> HeaderFix | None:
        if "bo-ke-hoach" in self.data:
            return None
        if not self.header.is_bound or not self._changed(self.header):
            return old.header
        return HeaderFix(**{field.name: self.header.cleaned_data[field.name] for field in fields(HeaderFix)})
