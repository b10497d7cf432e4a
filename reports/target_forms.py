"""The form of a target that the council is held to."""

from django import forms

from agencies.errors import Incomplete
from agencies.forms import DayField, LineField, SeenForm
from agencies.workflow import check_reason
from campaigns.forms import CHOICE_ERRORS, ProseField
from campaigns.target_forms import GoalField, direction_field
from reports.models import CouncilTarget
from reports.rates import RATES


class CouncilTargetForm(SeenForm):
    """A target of the council: what is divided by what, how much is to be reached, and from when to when."""

    code = forms.SlugField(
        label="Mã",
        max_length=12,
        help_text="Ví dụ: CT01. Mã không đổi được về sau.",
        error_messages={"required": "Không được để trống.", "invalid": "Mã chỉ gồm chữ không dấu, số và gạch nối."},
    )
    name = LineField(label="Chỉ tiêu", max_length=200)
    source = LineField(label="Văn bản quy định", max_length=200)
    rate = forms.ChoiceField(
        label="Cách tính",
        required=False,
        choices=[("", "— Cổng không tính —"), *((rate.id, f"{rate.name}: {rate.formula}") for rate in RATES)],
        error_messages=CHOICE_ERRORS,
    )
    direction = direction_field()
    value = GoalField(label="Phải đạt", help_text="Ghi số theo đơn vị của cách tính, ví dụ 85 cho 85%.")
    valid_from = DayField(label="Áp dụng từ ngày", required=False, help_text="Để trống: mọi kỳ đến ngày hết áp dụng.")
    valid_to = DayField(label="Đến ngày", required=False, help_text="Ngày cuối để đạt. Để trống: yêu cầu thường xuyên.")
    note = ProseField(label="Ghi chú", required=False, rows=2, max_length=500)
    reason = ProseField(label="Lý do điều chỉnh (từ 10 ký tự)", rows=2, help_text="Lý do nằm trong nhật ký.")

    def __init__(self, *args, target: CouncilTarget | None = None, **kwargs):
        if target is not None:
            kwargs["initial"] = {name: getattr(target, name) for name in self.base_fields if hasattr(target, name)}
        super().__init__(*args, **kwargs)
        for name in ("reason",) if target is None else ("code",):
            del self.fields[name]
        self.remember(target is not None)

    def clean_reason(self):
        try:
            return check_reason(self.cleaned_data["reason"])
        except Incomplete as error:
            raise forms.ValidationError(error.messages) from error
