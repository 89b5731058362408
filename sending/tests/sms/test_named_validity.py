"""What a text says about how long it is valid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.named_validity import MOST_MINUTES, named_minutes

TEXTS = [
    ("Your code is 123456, valid for 5 minutes.", 5),
    ("Your code is 123456 (valid for 10 min).", 10),
    ("12-minute code: 123456", 12),
    ("It expires in 1 hour.", 60),
    ("Ask again after 2 minutes; valid for 15 minutes.", 15),
    ("Minutes: 5", 5),
    ("Votre code est 123456, valable 10 minutes.", 10),
    ("Ihr Code 123456 gilt 2 Stunden.", 120),
    ("Il codice scade tra 30 minuti.", 30),
    ("Su código vence en 5 minutos.", 5),
    ("De code is 10 minuten geldig.", 10),
    ("Kod jest ważny 5 minut.", 5),
    ("Код действует 10 минут", 10),
    ("您的验证码是123456，5分钟内有效。", 5),
    ("驗證碼 123456 於 10 分鐘內有效", 10),
    ("認証コード：123456（有効期限：10分）", 10),
    ("인증번호 123456 (3분 내 입력)", 3),
    ("رمز التحقق 123456 صالح لمدة ٥ دقائق", 5),
    ("आपका कोड १० मिनट के लिए मान्य है", 10),
    ("รหัส 123456 ใช้ได้ 5 นาที", 5),
    ("Kodunuz 5 dakika geçerlidir", 5),
    ("Your code is 123456.", None),
    ("Order 5 minor parts", None),
    ("Valid for 0 minutes", None),
    ("Valid for 9999 hours", MOST_MINUTES),
    ("{1} is your code (valid for {2} minutes)", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "minutes"), TEXTS)
def test_it_reads_the_time_that_a_text_names(text: str, minutes: int | None):
    assert named_minutes(text) == minutes


@given(st.text())
def test_it_is_bounded_whatever_the_text(text: str):
    minutes = named_minutes(text)
    assert minutes is None or 1 <= minutes <= MOST_MINUTES
