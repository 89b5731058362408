"""The pages on which an organization applies and sees the answer."""

import pytest
from django.urls import reverse

from accounts.actions import decide_activation
from accounts.models import ServiceActivation
from accounts.queries import current_activation, may_send
from accounts.roles import Role
from accounts.tests.factories import log_in, make_activation, make_member, make_reviewer

pytestmark = pytest.mark.django_db

FORM = {
    "legal_name": "Harbourline Ltd",
    "country": "HK",
    "website": "harbourline.example",
    "purpose": "Order notices to customers who gave us their number.",
    "monthly_messages": "8000",
}
REASONS = [{"code": "OTHER", "field": "purpose", "advice": "Say who receives it."}]


def test_from_application_to_rejection_to_approval(client):
    owner = make_member(Role.OWNER)
    log_in(client, owner)
    page = client.get(reverse("accounts:activation")).content.decode()
    assert "Apply for activation" in page
    page = client.post(reverse("accounts:activation_apply"), FORM, follow=True).content.decode()
    assert "Pending review" in page
    first = current_activation(owner.organization)
    decide_activation(
        activation=first, reviewer=make_reviewer(), approve=False, reasons=REASONS, note="Soon."
    )
    page = " ".join(client.get(reverse("accounts:activation")).content.decode().split())
    assert "What you will send, and to whom</strong>: Say who receives it." in page
    assert "Soon." in page
    again = client.get(reverse("accounts:activation_apply"))
    assert again.context["form"]["purpose"].value() == FORM["purpose"]
    client.post(reverse("accounts:activation_apply"), FORM)
    second = current_activation(owner.organization)
    decide_activation(activation=second, reviewer=make_reviewer(), approve=True)
    page = client.get(reverse("accounts:activation")).content.decode()
    assert "can send messages" in page
    assert "Earlier applications" in page
    assert may_send(owner.organization)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", ""),
        ("country", ""),
        ("purpose", "SMS"),
        ("purpose", "x" * 2001),
        ("monthly_messages", "0"),
        ("monthly_messages", "many"),
        ("website", "http://"),
    ],
)
def test_bad_input_is_explained_and_kept(client, field, value):
    log_in(client, make_member(Role.OWNER))
    page = client.post(reverse("accounts:activation_apply"), {**FORM, field: value})
    assert field in page.context["form"].errors
    assert not ServiceActivation.objects.exists()
    kept = "purpose" if field != "purpose" else "legal_name"
    assert FORM[kept] in page.content.decode()


def test_while_one_is_open_there_is_no_second(client):
    owner = make_member(Role.OWNER)
    make_activation(owner.organization)
    log_in(client, owner)
    assert client.get(reverse("accounts:activation_apply")).url == reverse("accounts:activation")
    client.post(reverse("accounts:activation_apply"), FORM)
    assert ServiceActivation.objects.count() == 1


def test_a_decision_by_ones_own_organization_is_named(client):
    owner = make_member(Role.OWNER, user=make_reviewer())
    activation = make_activation(owner.organization)
    decide_activation(activation=activation, reviewer=owner.user, approve=True)
    page = log_in(client, owner).get(reverse("accounts:activation")).content.decode()
    assert "by a member of the organization" in page


def test_a_reason_without_advice_reads_as_words(client):
    owner = make_member(Role.OWNER)
    decide_activation(
        activation=make_activation(owner.organization),
        reviewer=make_reviewer(),
        approve=False,
        reasons=[{"code": "WEBSITE_UNREACHABLE", "field": "", "advice": ""}],
    )
    page = log_in(client, owner).get(reverse("accounts:activation")).content.decode()
    assert "<li> Website unreachable </li>" in " ".join(page.split())


def test_it_hides_what_is_not_yours(client):
    other = make_member(Role.OWNER)
    make_activation(other.organization, legal_name="Somebody Else Ltd")
    page = log_in(client, make_member(Role.OWNER)).get(reverse("accounts:activation"))
    assert "Somebody Else Ltd" not in page.content.decode()
