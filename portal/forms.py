"""Forms of the shell: signing in, one's password, the filters of the record."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from agencies.models import Agency, RecordEntry


class SignInForm(AuthenticationForm):
    """One answer for a wrong name, a wrong password and a closed account: it tells nobody which accounts exist."""

    WRONG = (
        "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản không còn dùng được. Hãy kiểm tra phím Caps Lock và"
        " bộ gõ tiếng Việt rồi thử lại; nếu vẫn không được, liên hệ quản trị hệ thống của hội đồng."
    )
    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["username"].error_messages["required"] = "Nhập tên đăng nhập."
        self.fields["password"].label = "Mật khẩu"
        self.fields["password"].error_messages["required"] = "Nhập mật khẩu."


class OwnPasswordForm(PasswordChangeForm):
    """Change one's own password."""

    error_messages = {
        "password_incorrect": "Mật khẩu hiện tại không đúng. Hãy nhập lại.",
        "password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau. Hãy nhập lại.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mật khẩu hiện tại"
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields["new_password1"].help_text = (
            "Ít nhất 14 ký tự, không chỉ gồm chữ số, không phổ biến, không giống tên của bạn."
            " Một câu dài dễ nhớ là mật khẩu tốt."
        )
        self.fields["new_password2"].label = "Nhập lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""


class RecordFilter(forms.Form):
    """The filters of the record, kept in the address."""

    tu = forms.DateField(label="Từ ngày", required=False, widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}))
    den = forms.DateField(label="Đến ngày", required=False, widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}))
    q = forms.CharField(label="Việc, người hoặc lý do", required=False, max_length=200)
    loai = forms.ChoiceField(label="Loại", required=False, choices=[("", "Tất cả"), *RecordEntry.Kind.choices])
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
