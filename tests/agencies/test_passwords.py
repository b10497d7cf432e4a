"""What is said of a password that may not be used."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from agencies.models import User

PERSON = User(username="nguyen.thi.moi", full_name="Trần Quang Vinh", email="phobien.phapluat@example.vn")
SHORT = "Mật khẩu cần từ 14 ký tự (đang có {})."
COMMON = "Mật khẩu này quá phổ biến, dễ đoán."
DIGITS = "Mật khẩu không được chỉ gồm chữ số."
ONESELF = "Mật khẩu quá giống tên đăng nhập hoặc họ tên."


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", [SHORT.format(0)]),
        ("mườiba-ký-tự!", [SHORT.format(13)]),
        ("password", [SHORT.format(8), COMMON]),
        ("123456", [SHORT.format(6), COMMON, DIGITS]),
        ("19450902193002", [DIGITS]),
        ("nguyen.thi.moi", [ONESELF]),
        ("Nguyen.Thi.Moi1", [ONESELF]),
        ("trần quang vinh", [ONESELF]),
        ("phobien.phapluat", [ONESELF]),
        ("sông Hậu chảy qua Ninh Kiều", []),
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
    assert len(texts) == 4 and "14 ký tự" in " ".join(texts)
    assert not any(word in " ".join(texts) for word in ("password", "Your"))
