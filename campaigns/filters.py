"""What narrows the lists of plans, tasks and activities. All of it stands in the address."""

from django import forms

from agencies.forms import DayField, LineField
from agencies.models import Agency
from campaigns.models import Activity, Assignment, Plan, Task

_NOT_OFFERED = "Lựa chọn này không có trong danh sách của bạn; đang bỏ qua điều kiện này."
_CHOICE_ERRORS = {"invalid_choice": _NOT_OFFERED}


class PlanChoice(forms.ModelChoiceField):
    """A plan in a list of choices: its number first, its title cut short."""

    def label_from_instance(self, plan):
        title = plan.title if len(plan.title) <= 70 else f"{plan.title[:69]}…"
        return f"{plan.number or 'Chưa có số'} · {title}"


class _Filter(forms.Form):
    """A wrong value is told beside its field and left out; the others still narrow the list."""

    def __init__(self, data, *, user=None):
        super().__init__(data)
        if user is not None:
            self.narrow(user)
        self.is_valid()

    def narrow(self, user) -> None:
        """Offer only what the person may see."""

    def add_prefix(self, field_name):
        """Addresses read ?trang-thai=, as elsewhere in the portal."""
        return super().add_prefix(field_name.replace("_", "-"))

    def get(self, name: str):
        """The value that is asked for; None when there is none or it is wrong."""
        return self.cleaned_data.get(name) or None

    @property
    def is_used(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.cleaned_data.values())


def _search(label: str) -> LineField:
    widget = forms.TextInput(attrs={"type": "search", "placeholder": "Không cần dấu"})
    return LineField(label=label, required=False, max_length=200, widget=widget)


def _pick(label: str, model, field=forms.ModelChoiceField):
    return field(model.objects.none(), label=label, required=False, empty_label="Tất cả", error_messages=_CHOICE_ERRORS)


def _choose(label: str, choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", "Tất cả"), *choices], required=False, error_messages=_CHOICE_ERRORS
    )


class PlanFilter(_Filter):
    """Plans by words and state."""

    q = _search("Tìm theo số, trích yếu")
    trang_thai = _choose("Trạng thái", Plan.State.choices)


class TaskFilter(_Filter):
    """Tasks by words, plan, agency and its role, status and due date."""

    OVERDUE, DUE_SOON = "qua-han", "sap-den-han"

    q = _search("Tìm nhiệm vụ")
    ke_hoach = _pick("Kế hoạch", Plan, PlanChoice)
    co_quan = _pick("Cơ quan chủ trì, phối hợp", Agency)
    vai_tro = _choose("Vai trò của cơ quan", Assignment.Role.choices)
    tinh_trang = _choose("Tình trạng", Task.Status.choices)
    han = _choose("Hạn", [(OVERDUE, "Quá hạn"), (DUE_SOON, "Đến hạn trong 15 ngày")])

    def narrow(self, user):
        self.fields["ke_hoach"].queryset = Plan.objects.visible_to(user)
        self.fields["co_quan"].queryset = Agency.objects.visible_to(user)


class ActivityFilter(_Filter):
    """Activities by words, agency, form, target group, task and days."""

    q = _search("Tìm hoạt động")
    co_quan = _pick("Cơ quan", Agency)
    hinh_thuc = _choose("Hình thức", Activity.Form.choices)
    doi_tuong = _choose("Đối tượng đặc thù", Activity.TargetGroup.choices)
    tu = DayField(label="Từ ngày", required=False)
    den = DayField(label="Đến ngày", required=False)
    da_rut = forms.BooleanField(label="Hiện cả hoạt động đã rút", required=False)
    # Comes from a task's page, not from a list of a thousand choices.
    nhiem_vu = _pick("Nhiệm vụ", Task)
    nhiem_vu.widget = forms.HiddenInput()

    def narrow(self, user):
        self.fields["co_quan"].queryset = Agency.objects.visible_to(user)
        self.fields["nhiem_vu"].queryset = Task.objects.visible_to(user).select_related("plan")

    def clean(self):
        data = super().clean()
        if data.get("tu") and data.get("den") and data["tu"] > data["den"]:
            self.add_error("den", "“Đến ngày” phải bằng hoặc sau “Từ ngày”; đang bỏ qua điều kiện này.")
        return data
