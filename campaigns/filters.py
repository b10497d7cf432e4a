"""What narrows the lists of plans, tasks and activities. All of it stands in the address."""

from django import forms

from agencies.forms import DayField, LineField
from agencies.models import Agency
from agencies.vietnamese import fold
from campaigns.models import Activity, Assignment, Indicator, Plan, Task

_NOT_OFFERED = "Lựa chọn này không có trong danh sách của bạn; đang bỏ qua điều kiện này."
_CHOICE_ERRORS = {"invalid_choice": _NOT_OFFERED}


class PlanChoice(forms.ModelChoiceField):
    """A plan in a list of choices: its number first, its title cut short."""

    def label_from_instance(self, plan):
        title = plan.title if len(plan.title) <= 70 else f"{plan.title[:69]}…"
        return f"{plan.number or 'Chưa có số'} · {title}"


class ListFilter(forms.Form):
    """The filters of one list. A wrong value is told and left out; the others still narrow it.

    ``ignored``: (label, value) of choices that are not offered, for ``campaigns/_ignored.html``.
    """

    def __init__(self, data, *, user=None):
        super().__init__(data)
        if user is not None:
            self.narrow(user)
        self.is_valid()
        # A choice nobody offered comes from an address, not from a box: told once above the row of boxes.
        wrong = [
            name for name, errors in self.errors.as_data().items() if any(e.code == "invalid_choice" for e in errors)
        ]
        self.ignored = [(self[name].label, self.data.get(self.add_prefix(name), "")) for name in wrong]
        for name in wrong:
            del self.errors[name]

    def narrow(self, user) -> None:
        """Offer only what the person may see."""

    def add_prefix(self, field_name):
        """Addresses read ?trang-thai=, as elsewhere in the portal."""
        return super().add_prefix(field_name.replace("_", "-"))

    def get(self, name: str):
        """The value that is asked for; None when there is none or it is wrong."""
        return self.cleaned_data.get(name) or None

    @property
    def prefixed(self) -> set[str]:
        """The names of the filters as they stand in the address."""
        return {self.add_prefix(name) for name in self.fields}

    @property
    def is_used(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.cleaned_data.values())


def search_box(label: str) -> LineField:
    """A box for words, with or without diacritics."""
    widget = forms.TextInput(attrs={"type": "search", "placeholder": "Không cần dấu"})
    return LineField(label=label, required=False, max_length=200, widget=widget)


def pick(label: str, model, field=forms.ModelChoiceField):
    """One of the rows that the form's ``narrow`` offers, or all."""
    return field(model.objects.none(), label=label, required=False, empty_label="Tất cả", error_messages=_CHOICE_ERRORS)


def choose(label: str, choices) -> forms.ChoiceField:
    """One of a few words, or all."""
    return forms.ChoiceField(
        label=label, choices=[("", "Tất cả"), *choices], required=False, error_messages=_CHOICE_ERRORS
    )


class PlanFilter(ListFilter):
    """Plans by words and state."""

    q = search_box("Tìm theo số, trích yếu")
    trang_thai = choose("Trạng thái", Plan.State.choices)


class TaskFilter(ListFilter):
    """Tasks by words, plan, agency and its role, status and due date."""

    OVERDUE, DUE_SOON = "qua-han", "sap-den-han"

    q = search_box("Tìm nhiệm vụ")
    ke_hoach = pick("Kế hoạch", Plan, PlanChoice)
    co_quan = pick("Cơ quan chủ trì, phối hợp", Agency)
    vai_tro = choose("Vai trò của cơ quan", Assignment.Role.choices)
    tinh_trang = choose("Tình trạng", Task.Status.choices)
    han = choose("Hạn", [(OVERDUE, "Quá hạn"), (DUE_SOON, "Đến hạn trong 15 ngày")])

    def narrow(self, user):
        self.fields["ke_hoach"].queryset = Plan.objects.visible_to(user)
        self.fields["co_quan"].queryset = Agency.objects.visible_to(user)


class ActivityFilter(ListFilter):
    """Activities by words, agency, form, target group, task and days."""

    q = search_box("Tìm hoạt động")
    co_quan = pick("Cơ quan", Agency)
    hinh_thuc = choose("Hình thức", Activity.Form.choices)
    doi_tuong = choose("Đối tượng đặc thù", Activity.TargetGroup.choices)
    tu = DayField(label="Từ ngày", required=False)
    den = DayField(label="Đến ngày", required=False)
    da_rut = forms.BooleanField(label="Hiện cả hoạt động đã rút", required=False)
    # Comes from a task's page, not from a list of a thousand choices.
    nhiem_vu = pick("Nhiệm vụ", Task)
    nhiem_vu.widget = forms.HiddenInput()

    def narrow(self, user):
        self.fields["co_quan"].queryset = Agency.objects.visible_to(user)
        self.fields["nhiem_vu"].queryset = Task.objects.visible_to(user).select_related("plan")

    def clean(self):
        data = super().clean()
        if data.get("tu") and data.get("den") and data["tu"] > data["den"]:
            self.add_error("den", "“Đến ngày” phải bằng hoặc sau “Từ ngày”; đang bỏ qua điều kiện này.")
        return data


class IndicatorFilter(ListFilter):
    """The catalogue of indicators by words, group, who reports and where the figures come from."""

    FROM_ACTIVITIES, ENTERED = "hoat-dong", "nhap"

    q = search_box("Tìm theo mã, tên")
    nhom = choose("Nhóm", [])
    ai_bao_cao = choose("Ai báo cáo", Indicator.Reporter.choices)
    nguon = choose("Nguồn số liệu", [(FROM_ACTIVITIES, "Từ hoạt động đã ghi"), (ENTERED, "Nhập theo kỳ")])

    def narrow(self, user):
        """Offer the groups that the catalogue has."""
        names = Indicator.objects.order_by("sort_order").values_list("group", flat=True)
        self.fields["nhom"].choices = [("", "Tất cả"), *((name, name) for name in dict.fromkeys(names))]

    def keeps(self, row: Indicator) -> bool:
        """Whether the filters let an indicator (with its parent) through."""
        words = fold(self.get("q") or "").split()
        text = fold(f"{row.code} {row.full_name} {row.form_column}")
        source = self.FROM_ACTIVITIES if row.from_activities else self.ENTERED
        return (
            all(word in text for word in words)
            and self.get("nhom") in (None, row.group)
            and self.get("ai_bao_cao") in (None, row.reported_by)
            and self.get("nguon") in (None, source)
        )
