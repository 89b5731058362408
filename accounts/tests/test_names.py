"""Names are plain text, and stay that in mails to strangers."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import invite
from accounts.forms import NewPersonForm, OrganizationForm
from accounts.login_forms import SignupForm
from accounts.mail import invitation_mail
from accounts.models import Organization, User
from accounts.names import in_mail, validate_name
from accounts.roles import Role
from accounts.tests.factories import make_member, make_organization, make_user

BAD = [
    pytest.param("Harbour\nBcc: all@example.com", id="line feed"),
    pytest.param("Harbour\r\nline", id="line end"),
    pytest.param("Harbour\u2028line", id="line separator"),
    pytest.param("Harbour\x1b[31m", id="escape"),
    pytest.param("Harbour\u202eltd", id="turned around"),
    pytest.param("Win: https://evil.example", id="link"),
    pytest.param("Win at www.evil.example", id="link without scheme"),
    pytest.param("Win at evil.example/prize", id="path"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_every_form_and_model_refuses_it(name: str) -> None:
    with pytest.raises(ValidationError):
        Organization(name=name).full_clean()
    with pytest.raises(ValidationError):
        User(email="a@example.com", name=name).full_clean(exclude=["password"])
    assert "name" in OrganizationForm({"name": name, "time_zone": "UTC"}).errors
    assert "name" in NewPersonForm({"name": name}, email="a@example.com").errors
    assert "name" in SignupForm({"name": name}).errors


@pytest.mark.parametrize(
    "name", ["Booking.com B.V.", "J.R. Müller-O’Neil", "招商局", "A/S Nordisk", "Ünal & Söhne (HK)"]
)
def test_real_names_are_taken(name: str) -> None:
    validate_name(name)


@pytest.mark.django_db
def test_an_invitation_carries_no_link_but_its_own() -> None:
    # Rows of earlier versions have whatever was entered.
    organization = make_organization(name="Free prize: http://evil.example/win\r\nBcc: x@y.example")
    owner = make_member(Role.OWNER, organization, make_user(name="Claim at evil.example now"))
    invitation, token = invite(actor=owner, email="new@example.com", role=Role.VIEWER)
    mail = invitation_mail(invitation, token)
    for text in (mail.subject, mail.text):
        assert "evil.example" not in text
        assert "\nBcc" not in text
    assert mail.text.count("://") == 1


@given(st.text())
def test_whatever_the_name_a_mail_shows_one_line_without_a_link(name: str) -> None:
    shown = in_mail(name)
    assert len(shown.splitlines()) <= 1
    assert "://" not in shown
