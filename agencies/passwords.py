"""The rules of a password, said in Vietnamese: Django judges, the words are ours.

Django's own Vietnamese catalogue leaves several of these sentences in English.
"""

from django.contrib.auth import password_validation as rules
from django.core.exceptions import ValidationError


class LongEnough(rules.MinimumLengthValidator):
    """A least number of characters; says how many there are."""

    def validate(self, password, user=None):
        if len(password) < self.min_length:
            raise ValidationError(
                f"Mật khẩu cần từ {self.min_length} ký tự (đang có {len(password)}).", code="password_too_short"
            )

    def get_help_text(self):
        return f"Mật khẩu cần từ {self.min_length} ký tự."


class NotCommon(rules.CommonPasswordValidator):
    """Not one of the twenty thousand passwords that are tried first."""

    def get_error_message(self):
        return "Mật khẩu này quá phổ biến, dễ đoán."

    def get_help_text(self):
        return "Không dùng mật khẩu phổ biến, dễ đoán."


class NotOnlyDigits(rules.NumericPasswordValidator):
    """Not digits alone."""

    def get_error_message(self):
        return "Mật khẩu không được chỉ gồm chữ số."

    def get_help_text(self):
        return self.get_error_message()


class NotOneself(rules.UserAttributeSimilarityValidator):
    """Not one's own user name, full name or address."""

    def __init__(self, user_attributes=("username", "full_name", "email"), **options):
        super().__init__(user_attributes, **options)

    def get_error_message(self):
        return "Mật khẩu quá giống tên đăng nhập hoặc họ tên."

    def get_help_text(self):
        return "Không đặt mật khẩu giống tên đăng nhập hoặc họ tên."
