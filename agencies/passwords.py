"""The rules of a password, said in Vietnamese: Django judges, the words are ours. Figures: agencies/signin_rules.py.

Django's own Vietnamese catalogue leaves several of these sentences in English.
"""

from datetime import datetime

from django.contrib.auth import password_validation as rules
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from agencies import signin_rules
from agencies.models import FormerPassword, User

# In words: what a password must have at least one of each.
CLASSES = (
    ("chữ thường", str.islower),
    ("chữ hoa", str.isupper),
    ("chữ số", str.isdigit),
    ("ký tự khác (dấu cách, dấu câu, @, #…)", lambda letter: not letter.isalnum()),
)
HELP = (
    f"Ít nhất {signin_rules.MIN_LENGTH} ký tự (từ {signin_rules.MIN_LENGTH_WITH_SECOND_FACTOR} ký tự nếu đã bật xác "
    "thực hai bước), gồm chữ thường, chữ hoa, chữ số và ký tự khác; không phổ biến, không giống tên của bạn, không "
    f"trùng {signin_rules.REMEMBERED_PASSWORDS} mật khẩu gần nhất. Một câu dài dễ nhớ, có số và dấu câu, là "
    "mật khẩu tốt."
)


class LongEnough:
    """A least number of characters, fewer for somebody with a second factor; says how many there are."""

    def validate(self, password, user=None):
        if len(password) < signin_rules.MIN_LENGTH and len(password) < (least := signin_rules.min_length(user)):
            raise ValidationError(
                f"Mật khẩu cần từ {least} ký tự (đang có {len(password)}).", code="password_too_short"
            )

    def get_help_text(self):
        return f"Mật khẩu cần từ {signin_rules.MIN_LENGTH} ký tự."


class FourClasses:
    """Small and capital letters, digits and something else; the letters may be Vietnamese."""

    def validate(self, password, user=None):
        missing = [name for name, belongs in CLASSES if not any(map(belongs, password))]
        if missing:
            raise ValidationError(f"Mật khẩu còn thiếu {', '.join(missing)}.", code="password_without_class")

    def get_help_text(self):
        return "Mật khẩu gồm chữ thường, chữ hoa, chữ số và ký tự khác."


class NotCommon(rules.CommonPasswordValidator):
    """Not one of the twenty thousand passwords that are tried first."""

    def get_error_message(self):
        return "Mật khẩu này quá phổ biến, dễ đoán."

    def get_help_text(self):
        return "Không dùng mật khẩu phổ biến, dễ đoán."


class NotOneself(rules.UserAttributeSimilarityValidator):
    """Not one's own user name, full name or address."""

    def __init__(self, user_attributes=("username", "full_name", "email"), **options):
        super().__init__(user_attributes, **options)

    def get_error_message(self):
        return "Mật khẩu quá giống tên đăng nhập hoặc họ tên."

    def get_help_text(self):
        return "Không đặt mật khẩu giống tên đăng nhập hoặc họ tên."


class NotRecent:
    """None of the person's last ten passwords, the present one included."""

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        former = FormerPassword.objects.filter(user_id=user.pk).values_list("password", flat=True)
        stored = [user.password, *former[: signin_rules.REMEMBERED_PASSWORDS - 1]]
        if any(check_password(password, one) for one in stored):
            raise ValidationError(
                f"Mật khẩu này đã dùng trong {signin_rules.REMEMBERED_PASSWORDS} lần gần đây.", code="password_recent"
            )

    def get_help_text(self):
        return f"Không dùng lại {signin_rules.REMEMBERED_PASSWORDS} mật khẩu gần nhất."


def replace_password(*, user: User, password: str, now: datetime, must_change: bool) -> None:
    """Store a new password and remember the one it replaces. Only inside a verb that has checked and records it."""
    if user.has_usable_password():
        FormerPassword.objects.create(user=user, password=user.password, replaced_at=now)
        kept = FormerPassword.objects.filter(user=user).values("pk")[: signin_rules.REMEMBERED_PASSWORDS]
        FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = must_change, now
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
