"""What is said of a password that may not be used."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from agencies.models import User

PERSON = User(username="nguyen.thi.moi", full_name="Trần Quang Vinh", email="phobien.phapluat@example.vn")
SHORT = "Mật khẩu cần từ 14 ký tự (đang có {})."
COMMON = "Mật khẩu này quá phổ biến, dễ đoán."
ONESELF = "Mật khẩu quá giống tên đăng nhập hoặc họ tên."
LOWER, UPPER, DIGIT, OTHER = "chữ thường", "chữ hoa", "chữ số", "ký tự khác (dấu cách, dấu câu, @, #…)"


def missing(*classes: str) -> str:
    return f"Mật khẩu còn thiếu {', '.join(classes)}."


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", [SHORT.format(0), missing(LOWER, UPPER, DIGIT, OTHER)]),
        ("Mười3-ký-tự!!", [SHORT.format(13)]),
        ("password", [SHORT.format(8), COMMON, missing(UPPER, DIGIT, OTHER)]),
        ("123456", [SHORT.format(6), COMMON, missing(LOWER, UPPER, OTHER)]),
        ("19450902193002", [missing(LOWER, UPPER, OTHER)]),
        ("Nguyen.Thi.Moi1", [ONESELF]),
        ("Trần Quang Vinh 1", [ONESELF]),
        ("phobien.phapluat", [ONESELF, missing(UPPER, DIGIT)]),
        ("sông Hậu chảy qua Ninh Kiều", [missing(DIGIT)]),
        ("Sông Hậu chảy qua 1 bến Ninh Kiều", []),
    ],
)
def test_each_rule_speaks_for_itself(password, said):
    try:
        validate_password(password, PERSON)
    except ValidationError as error:
        assert sorted(error.messages) == sorted(said)
    else:
        assert said == []


def test_the_rules_are_explained_in_vietnamese():
    texts = password_validators_help_texts()
    assert len(texts) == 5 and "14 ký tự" in " ".join(texts)
    assert not any(word in " ".join(texts) for word in ("password", "Your"))
