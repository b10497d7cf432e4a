"""Forms of the shell: the filters of the record."""

from django import forms

from agencies.models import Agency, RecordEntry


class RecordFilter(forms.Form):
    """The filters of the record, kept in the address."""

    tu = forms.DateField(label="Từ ngày", required=False, widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}))
    den = forms.DateField(label="Đến ngày", required=False, widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}))
    q = forms.CharField(label="Việc, người hoặc lý do", required=False, max_length=200)
    loai = forms.ChoiceField(label="Loại", required=False, choices=[("", "Tất cả"), *RecordEntry.Kind.choices])
    nguoi = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)  # from elsewhere
    agency = forms.ModelChoiceField(Agency.objects.none(), label="Cơ quan", required=False, empty_label="Tất cả")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        for name in ("tu", "den"):
            self.fields[name].error_messages["invalid"] = "Ngày ghi theo dạng ngày/tháng/năm, ví dụ 03/04/2024."

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("tu") and cleaned.get("den") and cleaned["tu"] > cleaned["den"]:
            self.add_error("den", "“Đến ngày” phải bằng hoặc sau “Từ ngày”.")
        return cleaned
