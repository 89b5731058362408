"""Which passwords are taken."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

MEI = User(email="mei.tan@harbourline.example", name="Mei Tan")


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("short", id="short"),
        pytest.param("852612345678", id="a number"),
        pytest.param("483920174839201748", id="a long number"),
        pytest.param("Passw0rd12345", id="a common one, dressed up"),
        pytest.param("qwertyuiop[]", id="a keyboard row"),
        pytest.param("aaaaaaaaaaaaaaaa", id="one letter"),
        pytest.param("iloveyou2iloveyou2", id="a leaked one, twice"),
        pytest.param("mei.tan@harbourline", id="the own address"),
        pytest.param("MeiTan19800101", id="the own name and a birthday"),
        pytest.param("SmsConsole2026!", id="the product and a year"),
        pytest.param("x" * 64 + "Kb4" * 22, id="too long"),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, MEI)


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("a long enough phrase 42", id="words"),
        pytest.param("copper lantern tuesday", id="words alone"),
        pytest.param("kd8-Vq2_Lm4x", id="made by a program"),
        pytest.param("正しい馬の電池ホチキス犬と猫", id="another script"),
        pytest.param("kd8 Vq2 Lm4x" * 10 + "12345678", id="128 characters"),
    ],
)
def test_no_rule_says_how_a_password_is_made_up(password: str) -> None:
    validate_password(password, MEI)
