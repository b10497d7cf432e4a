"""Forms of a plan's targets: what is to be reached, by whom and when."""

from decimal import Decimal

from django import forms

from agencies.vietnamese import show_number
from campaigns.forms import CHOICE_ERRORS, CHOOSE, REQUIRED, AmendmentForm, reason_field
from campaigns.models import Indicator, Plan, Target, Task
from campaigns.targets import target_years


class GoalField(forms.DecimalField):
    """A number to reach, as people type it: '1.234' or '12,5'; a percentage is typed without its sign (rule V29)."""

    def __init__(self, **kwargs):
        messages = {
            "required": REQUIRED,
            "invalid": "Chỉ ghi số, ví dụ 1.234 hoặc 12,5; không ghi dấu phần trăm.",
            "max_digits": "Số quá lớn.",
            "max_whole_digits": "Số quá lớn.",
            "max_decimal_places": "Tối đa 3 chữ số thập phân.",
        }
        widget = forms.TextInput({"inputmode": "decimal", "class": "num", "size": 10, "autocomplete": "off"})
        kwargs = {"label": "Chỉ tiêu", "widget": widget, "error_messages": messages, **kwargs}
        super().__init__(max_digits=16, decimal_places=3, localize=True, **kwargs)

    def prepare_value(self, value):
        """A stored number as it is written here; what somebody typed stays as typed."""
        return show_number(value) if isinstance(value, Decimal) else value


class _TaskChoice(forms.ModelChoiceField):
    def label_from_instance(self, task):
        title = f"{task.place} {task.title}".strip()
        return title if len(title) <= 110 else f"{title[:109]}…"


def direction_field() -> forms.ChoiceField:
    """How a value is held against its target."""
    words = {"gte": "≥ (ít nhất bằng)", "gt": "> (lớn hơn)"}
    return forms.ChoiceField(
        label="So sánh",
        choices=[(value, words[value]) for value in Target.Direction.values],
        initial=Target.Direction.AT_LEAST,
        error_messages=CHOICE_ERRORS,
    )


class NewTargetForm(AmendmentForm):
    """A target that the plan does not have yet."""

    task = _TaskChoice(
        Task.objects.none(),
        label="Nhiệm vụ",
        required=False,
        empty_label="— Cả kế hoạch —",
        error_messages=CHOICE_ERRORS,
    )
    indicator = forms.ModelChoiceField(
        Indicator.objects.select_related("parent"),
        label="Chỉ tiêu thống kê",
        empty_label=CHOOSE,
        error_messages=CHOICE_ERRORS,
    )
    year = forms.TypedChoiceField(
        label="Năm", required=False, coerce=int, empty_value=None, error_messages=CHOICE_ERRORS
    )
    direction = direction_field()
    value = GoalField(label="Số phải đạt", help_text="Theo đơn vị tính của chỉ tiêu thống kê.")

    def __init__(self, *args, plan: Plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        tasks = plan.tasks.exclude(status=Task.Status.CANCELLED).select_related("section")
        self.fields["task"].queryset = tasks.order_by("sort_order", "pk")
        self.fields["indicator"].label_from_instance = lambda row: f"{row.code} · {row.full_name} ({row.unit.lower()})"
        years = [(year, f"Năm {year}") for year in target_years(plan)]
        self.fields["year"].choices = [("", "Cả thời gian của kế hoạch"), *years]
        if reason := reason_field(plan):
            self.fields["reason"] = reason
        self.remember(False)

    def clean(self):
        data = super().clean()
        same = {name: data.get(name) for name in ("task", "indicator", "year")}
        if data.get("indicator") and not self.errors and Target.objects.filter(plan=self.plan, **same).exists():
            self.add_error("indicator", "Đã có chỉ tiêu này, cùng nhiệm vụ và cùng năm; hãy bấm Sửa ở bảng.")
        return data


class TargetForm(AmendmentForm):
    """A target's number; what it counts, for whom and when stays."""

    direction = direction_field()
    value = GoalField(label="Số phải đạt")

    def __init__(self, *args, target: Target, **kwargs):
        kwargs["initial"] = {"direction": target.direction, "value": target.value}
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = f"Đơn vị tính: {target.indicator.unit.lower()}."
        if reason := reason_field(target.plan):
            self.fields["reason"] = reason
        self.remember(True)
