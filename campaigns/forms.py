"""Forms of plans, tasks, activities and evidence. Each takes the person and offers only what that person may use."""

import uuid

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max

from agencies.errors import Incomplete
from agencies.files.kinds import ACCEPT
from agencies.files.receiving import received
from agencies.files.virus import RefusedFile
from agencies.forms import CHOOSE, REQUIRED, DayField, LineField, SeenForm
from agencies.models import Agency, Council
from agencies.permissions import Perm, grants_of
from agencies.tables.problems import CellError
from agencies.vietnamese import clean
from agencies.workflow import check_reason
from campaigns.checks import outside_plan
from campaigns.count_field import CountField
from campaigns.imports.timing import read_timing
from campaigns.models import Assignment, Plan, PlanParty, PlanSection, Task

_NOT_OFFERED = "Lựa chọn này không có trong danh sách của bạn. Hãy chọn lại."
CHOICE_ERRORS = {
    "required": REQUIRED,
    "invalid_choice": _NOT_OFFERED,
    "invalid_pk_value": _NOT_OFFERED,
    "invalid_list": _NOT_OFFERED,
}


class ProseField(forms.CharField):
    """A longer text; browsers send line ends as CR LF, they are kept as LF."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def __init__(self, *, rows: int = 3, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows})
        too_long = "Dài quá %(limit_value)d ký tự (đang là %(show_value)d); hãy rút gọn hoặc đính kèm thành tệp."
        messages = {"required": REQUIRED, "max_length": too_long}
        super().__init__(**{"widget": widget, "max_length": 60_000, "error_messages": messages, **kwargs})


def _one(label: str, empty_label: str | None = CHOOSE, **kwargs) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Agency.objects.none(), label=label, empty_label=empty_label, error_messages=CHOICE_ERRORS, **kwargs
    )


def _some(label: str, **kwargs) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=label,
        required=False,
        error_messages=CHOICE_ERRORS,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


def reason_field(plan: Plan | None) -> ProseField | None:
    """The field for the reason of a change; None while the plan is a draft, for then none is asked."""
    if plan is None or plan.state == Plan.State.DRAFT:
        return None
    return ProseField(
        label="Lý do điều chỉnh",
        rows=2,
        help_text="Kế hoạch đã ký: ghi lý do (từ 10 ký tự), kèm số văn bản điều chỉnh nếu có. Lý do nằm trong nhật ký.",
    )


class AmendmentForm(SeenForm):
    """A form that asks for a reason once the plan is signed (domain.md §8.1)."""

    def clean_reason(self):
        try:
            return check_reason(self.cleaned_data["reason"])
        except Incomplete as error:
            raise ValidationError(error.messages) from error


class PlanForm(AmendmentForm):
    """The facts of a plan."""

    council = forms.ModelChoiceField(
        Council.objects.none(), label="Hội đồng", empty_label=CHOOSE, error_messages=CHOICE_ERRORS
    )
    number = LineField(label="Số, ký hiệu", max_length=80, required=False, help_text="Ví dụ: 01/KHPH-STP-CA")
    title = LineField(label="Trích yếu", max_length=400)
    kind = forms.ChoiceField(label="Loại", choices=Plan.Kind.choices, error_messages=CHOICE_ERRORS)
    signed_on = DayField(label="Ngày ký", required=False)
    starts_on = DayField(label="Thực hiện từ ngày")
    ends_on = DayField(label="Đến ngày")
    parties = _some("Các bên ký kết", help_text="Cơ quan chỉ phối hợp thực hiện nhiệm vụ thì không cần chọn.")
    legal_bases = ProseField(label="Căn cứ", required=False, rows=4, help_text="Mỗi dòng một căn cứ.")
    note = ProseField(label="Ghi chú", required=False)

    def __init__(self, *args, user, plan: Plan | None = None, **kwargs):
        councils = Council.objects.filter(pk__in=grants_of(user).councils(Perm.MANAGE_PLANS))
        if plan is not None:
            councils = councils.filter(pk=plan.council_id)
            kwargs["initial"] = {name: getattr(plan, name) for name in self.base_fields if hasattr(plan, name)} | {
                "legal_bases": "\n".join(plan.legal_bases),
                "parties": [party.agency_id for party in plan.parties.all() if party.role == PlanParty.Role.SIGNATORY],
            }
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils
        self.fields["parties"].queryset = Agency.objects.filter(council__in=councils)
        found = list(councils[:2])
        if len(found) == 1:
            self.fields["council"].initial = self.initial["council"] = found[0].pk
            self.fields["council"].widget = self.fields["council"].hidden_widget()
        if reason := reason_field(plan):
            self.fields["reason"] = reason
        self.remember(plan is not None)

    def clean_legal_bases(self):
        lines = [clean(line) for line in self.cleaned_data["legal_bases"].splitlines()]
        if long := [line for line in lines if len(line) > 500]:
            raise ValidationError(f"Mỗi căn cứ dài không quá 500 ký tự: “{long[0][:60]}…”.")
        return [line for line in lines if line]

    def clean(self):
        data = super().clean()
        start, end, council = data.get("starts_on"), data.get("ends_on"), data.get("council")
        if start and end and end < start:
            self.add_error("ends_on", "Ngày kết thúc phải bằng hoặc sau ngày bắt đầu.")
        if council and any(agency.council_id != council.pk for agency in data.get("parties", ())):
            self.add_error("parties", f"Có bên không thuộc {council}.")
        return data

    def changes(self) -> dict:
        """What was changed on the page, and only that: another person's change of another fact is left alone."""
        return {
            name: self.cleaned_data[name] for name in self.changed_data if name not in {"council", "reason", "seen"}
        }


class TaskForm(AmendmentForm):
    """One task of a plan: as written in the signed text, and what was understood of its timing."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    number = LineField(label="Số thứ tự", max_length=30, required=False, help_text="Như văn bản, ví dụ: 2.1 hoặc a)")
    title = ProseField(label="Nội dung nhiệm vụ")
    section = forms.ModelChoiceField(
        PlanSection.objects.none(),
        label="Thuộc mục",
        required=False,
        empty_label="— Không thuộc mục nào —",
        error_messages=CHOICE_ERRORS,
    )
    lead = _one("Cơ quan chủ trì")
    supporting = _some("Cơ quan phối hợp")
    supporting_text = ProseField(label="Cơ quan phối hợp (như văn bản)", required=False, rows=2)
    timing_text = LineField(label="Thời gian (như văn bản)", max_length=300, required=False)
    recurrence = forms.ChoiceField(
        label="Chu kỳ",
        choices=Task.Recurrence.choices,
        required=False,
        help_text="Để “Một lần” và trống hai ngày thì cổng tự đọc từ thời gian như văn bản.",
        error_messages=CHOICE_ERRORS,
    )
    starts_on = DayField(label="Bắt đầu", required=False)
    due_date = DayField(label="Hạn hoàn thành", required=False)
    expected_output = ProseField(label="Sản phẩm, kết quả", required=False, rows=2)
    note = ProseField(label="Ghi chú", required=False, rows=2)
    sort_order = CountField(label="Thứ tự trong kế hoạch", limit=1_000_000, asks=False, help_text="Số nhỏ đứng trước.")

    def __init__(self, *args, plan: Plan, task: Task | None = None, **kwargs):
        self.plan = plan
        if task is not None:
            current = list(task.assignments.current())
            kwargs["initial"] = {name: getattr(task, name) for name in self.base_fields if hasattr(task, name)} | {
                "section": task.section_id,
                "lead": next((row.agency_id for row in current if row.role == Assignment.Role.LEAD), None),
                "supporting": [row.agency_id for row in current if row.role == Assignment.Role.SUPPORTING],
            }
        else:
            last = plan.tasks.aggregate(last=Max("sort_order"))["last"] or 0
            kwargs["initial"] = {"form_key": uuid.uuid4(), "sort_order": last + 10}
        super().__init__(*args, **kwargs)
        if task is not None:
            del self.fields["form_key"]
        agencies = Agency.objects.filter(council=plan.council_id)
        self.fields["lead"].queryset = self.fields["supporting"].queryset = agencies
        self.fields["section"].queryset = plan.sections.all()
        if reason := reason_field(plan):
            self.fields["reason"] = reason
        self.remember(task is not None)

    def clean_sort_order(self):
        return self.cleaned_data["sort_order"] or 0

    def clean(self):
        data = super().clean()
        if data.get("lead") and data["lead"] in (data.get("supporting") or ()):
            self.add_error("supporting", f"{data['lead']} đã chủ trì; một nhiệm vụ chỉ có một đơn vị chủ trì (V01).")
        unsaid = not (data.get("recurrence") or data.get("starts_on") or data.get("due_date"))
        if not self.errors and unsaid and data["timing_text"] and "timing_text" in self.changed_data:
            self._read_timing(data)
        start, due = data.get("starts_on"), data.get("due_date")
        if start and due and due < start:
            self.add_error("due_date", "Hạn hoàn thành phải bằng hoặc sau ngày bắt đầu.")
        elif (day := outside_plan(self.plan, start, due)) and not (data.get("note") or "").strip():
            span = f"{self.plan.starts_on:%d/%m/%Y} – {self.plan.ends_on:%d/%m/%Y}"
            self.add_error(
                "due_date" if day == due else "starts_on",
                f"Ngày {day:%d/%m/%Y} ngoài thời gian của kế hoạch ({span}) (V03). Nếu văn bản đã ký ghi như vậy, "
                "hãy nêu ở mục Ghi chú rồi lưu lại.",
            )
        return data

    def _read_timing(self, data) -> None:
        plan = self.plan
        try:
            timing = read_timing(data["timing_text"], plan_starts=plan.starts_on, plan_ends=plan.ends_on)
        except CellError as error:
            said = " ".join(f"{message} {fix}" for message, fix in error.found)
            self.add_error("timing_text", f"{said} Hoặc giữ nguyên văn và tự chọn chu kỳ, ghi hạn ở bên dưới.")
        else:
            data["starts_on"], data["due_date"] = timing.starts_on, timing.due_date
            data["recurrence"] = timing.recurrence

    def values(self) -> dict:
        """The arguments of ``save_task`` that the page decides."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once; the value is a list."""

    def clean(self, data, initial=None):
        uploads = [upload for upload in (data if isinstance(data, (list, tuple)) else [data]) if upload]
        if not uploads:
            raise ValidationError("Hãy chọn ít nhất một tệp.")
        try:
            return received(uploads)
        except RefusedFile as error:
            raise ValidationError(error.messages) from error


class FilesForm(forms.Form):
    """Files, and the agency whose files they are when the person could mean several."""

    files = FilesField(
        label="Chọn tệp",
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=f"PDF, Word, Excel, ảnh PNG, JPG; mỗi tệp không quá {settings.PORTAL_MAX_UPLOAD_BYTES // 1048576} "
        f"MB, mỗi lần nhiều nhất {settings.PORTAL_MAX_FILES} tệp.",
    )

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.agencies = list(agencies)
        if len(self.agencies) > 1:
            self.fields["agency"] = _one("Của cơ quan", empty_label=None)
            self.fields["agency"].queryset = Agency.objects.filter(pk__in=[agency.pk for agency in self.agencies])

    @property
    def owner(self) -> Agency:
        """The agency whose files they are."""
        return self.cleaned_data["agency"] if "agency" in self.fields else self.agencies[0]
