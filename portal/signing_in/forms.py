"""Forms of signing in: the password, the second step, one's own password, and being asked once more who one is."""

import secrets

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError

from agencies import clock, locks, passwords, second_factors, sign_ins, signin_rules
from agencies.tasks import note_lock
from portal.recording import address_of
from portal.signing_in import browsers

HOURS = signin_rules.LOCKED_FOR.total_seconds() // 3600
LOCKED = (
    f"Đã sai {signin_rules.MAX_TRIES} lần liên tiếp nên việc thử tên này từ đây bị khóa {HOURS:.0f} giờ. Tài khoản, "
    "nếu có, và dữ liệu vẫn nguyên vẹn. Chờ hết giờ khóa, hoặc đề nghị quản trị hệ thống của hội đồng mở khóa ngay."
)
SLOW_DOWN = (
    "Từ mạng này vừa có quá nhiều lần đăng nhập sai nên cổng tạm chưa nhận. Không có gì thay đổi. Chờ khoảng 10 phút "
    "rồi thử lại; máy đã từng đăng nhập thành công không phải chờ."
)


class Counted:
    """Tries that are counted before they are judged (agencies/locks.py), the same for names that do not exist."""

    def judge(self, request, kind: str, name: str, right, *, instead=None):
        """What ``right()`` finds, or None; raises ValidationError when the try must not be judged.

        Then ``instead()`` is asked: the same work on something that is wrong in any case, so that neither the time nor
        the record tells whether what was given would have been right.
        """
        now, mark, address = clock.instant(), browsers.known_as(request, name), address_of(request) or ""
        key = locks.key_of(kind, name)
        slow = not mark and not locks.take_address(address=address, now=now)
        judged = not slow and locks.take_try(key=key, browser=mark, now=now)
        found = None
        if judged:
            found = right()
        elif instead is not None:
            instead()
        if slow:
            raise ValidationError(SLOW_DOWN, code="slow")
        if not judged:
            raise ValidationError(LOCKED, code="locked")
        if found:
            locks.was_right(key=key, browser=mark)
            if not mark:
                locks.give_back_address(address=address)
            return found
        if until := locks.locked_until(key=key, browser=mark, now=now):
            note_lock.defer(key=key, until=until.isoformat())
            raise ValidationError(LOCKED, code="locked")
        return None

    def judge_own_password(self, request, given: str) -> bool:
        """Whether it is the password of who is signed in; when not, the record says so."""
        user, found = request.user, None
        try:
            found = self.judge(request, locks.PASSWORD, user.username, lambda: user.check_password(given) or None)
        finally:
            if not found:
                sign_ins.own_password_wrong(request, user)
        return bool(found)


class SignInForm(Counted, AuthenticationForm):
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

    def clean(self):
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name is not None and password:
            self.user_cache = self.judge(
                self.request,
                locks.PASSWORD,
                name,
                lambda: authenticate(self.request, username=name, password=password),
                instead=lambda: authenticate(self.request, username=name, password=secrets.token_urlsafe()),
            )
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class CodeForm(Counted, forms.Form):
    """The second step: six digits of the app, or a recovery code."""

    code = forms.CharField(
        label="Mã xác thực",
        max_length=20,
        help_text="6 chữ số trên ứng dụng tạo mã, hoặc một mã dự phòng chưa dùng.",
        error_messages={"required": "Nhập mã xác thực."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
    WRONG = (
        "Mã không đúng hoặc đã dùng rồi. Bạn chưa được đăng nhập. Chờ ứng dụng hiện mã mới rồi nhập lại; nếu không còn "
        "điện thoại, dùng một mã dự phòng hoặc đề nghị quản trị hệ thống gỡ xác thực hai bước."
    )

    def __init__(self, request, user, data=None):
        super().__init__(data)
        self.request, self.user, self.factor = request, user, None

    def clean_code(self):
        code = self.cleaned_data["code"]
        self.factor = self.judge(
            self.request,
            locks.CODE,
            self.user.username,
            lambda: second_factors.use_code(user=self.user, code=code, now=clock.instant()),
        )
        if self.factor is None:
            raise ValidationError(self.WRONG)
        return code


class AppForm(forms.Form):
    """The first code of an authenticator app, which proves that it holds the key."""

    code = forms.CharField(
        label="Mã 6 chữ số trên ứng dụng",
        max_length=10,
        error_messages={"required": "Nhập mã 6 chữ số mà ứng dụng đang hiện."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(forms.Form):
    """A name by which its person tells this key from another."""

    name = forms.CharField(
        label="Tên gợi nhớ",
        max_length=60,
        initial="Máy tính cơ quan",
        error_messages={"required": "Đặt một tên gợi nhớ, ví dụ: Điện thoại của tôi."},
    )


class OwnPasswordForm(Counted, PasswordChangeForm):
    """Change one's own password. Wrong old passwords are counted like wrong tries at signing in."""

    error_messages = {
        "password_incorrect": "Mật khẩu hiện tại không đúng. Hãy nhập lại.",
        "password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau. Hãy nhập lại.",
    }

    def __init__(self, request, data=None):
        super().__init__(request.user, data)
        self.request = request
        self.fields["old_password"].label = "Mật khẩu hiện tại"
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields["new_password1"].help_text = passwords.HELP
        self.fields["new_password2"].label = "Nhập lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self):
        given = self.cleaned_data["old_password"]
        if not self.judge_own_password(self.request, given):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return given


class ConfirmForm(Counted, forms.Form):
    """The password once more, before something that would let a stranger at an open screen in for good."""

    password = forms.CharField(
        label="Mật khẩu của bạn",
        strip=False,
        error_messages={"required": "Nhập mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request, data=None):
        super().__init__(data)
        self.request = request

    def clean_password(self):
        given = self.cleaned_data["password"]
        if not self.judge_own_password(self.request, given):
            raise ValidationError("Mật khẩu không đúng. Chưa có gì thay đổi. Hãy nhập lại.")
        return given
