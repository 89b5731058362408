"""Who must have a second step, how the organization says so, and what is told by mail."""

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.core import mail as outbox
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.templatetags.audit import audit_sentence
from accounts.tests.factories import (
    PASSWORD,
    give_second_step,
    log_in,
    make_member,
    make_organization,
    make_reviewer,
    make_user,
)
from accounts.tests.test_login import code_of

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/2fa/"


@pytest.fixture(autouse=True)
def forget_earlier_attempts():
    from django.core.cache import cache

    cache.clear()


def test_staff_who_sign_in_with_a_password_alone_see_no_administration(client):
    make_reviewer(email="rita@example.com", password=PASSWORD)
    client.post(reverse("account_login"), {"login": "rita@example.com", "password": PASSWORD})
    for page in (reverse("admin:index"), reverse("admin:review_desk"), reverse("metrics"), "/"):
        assert client.get(page).url == SET_UP


def test_the_demo_lets_staff_in_without_one_and_says_so(client, settings):
    settings.STAFF_NEED_SECOND_STEP = False
    settings.MODE = "demo"
    client.force_login(make_reviewer())
    assert client.get(reverse("admin:review_desk")).status_code == 200
    assert "staff can sign in without a second step" in Client().get(reverse("account_login")).text


def test_a_part_of_a_page_leads_the_whole_page_away(client):
    client.force_login(make_reviewer())
    answer = client.get(reverse("admin:review_desk"), headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == SET_UP


def switch(client, *, on, step="any"):
    form = {"step": step if on else "none"}
    return client.post(reverse("accounts:second_step"), form, follow=True)


def give_passkey(user):
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}}
    )


def signed_in_by(client, user, kind):
    """Write down that a second step of this kind was used in the session, as allauth does."""
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, "mfa", type=kind)
    request.session.save()


@pytest.mark.parametrize(
    ("own", "used", "led_to"),
    [
        ((), "", SET_UP),
        (("totp",), "totp", SET_UP),
        (("webauthn",), "", "/accounts/2fa/webauthn/reauthenticate/?next=%2Ftasks%2F"),
        (("totp", "webauthn"), "totp", "/accounts/2fa/webauthn/reauthenticate/?next=%2Ftasks%2F"),
        (
            ("webauthn",),
            "recovery_codes",
            "/accounts/2fa/webauthn/reauthenticate/?next=%2Ftasks%2F",
        ),
        (("totp", "webauthn"), "webauthn", None),
    ],
)
def test_where_a_passkey_is_required_nothing_else_lets_in(client, own, used, led_to):
    member = make_member(Role.SENDER, make_organization(needs_second_step=True, needs_passkey=True))
    if "totp" in own:
        give_second_step(member.user)
    if "webauthn" in own:
        give_passkey(member.user)
    log_in(client, member)
    signed_in_by(client, member.user, used)
    assert client.get("/tasks/").headers.get("Location") == led_to
    # The way to one, and away, stays open.
    assert client.get(SET_UP).status_code == 200
    if led_to == SET_UP:
        assert "requires a passkey to sign in" in client.get(SET_UP).text


def test_an_owner_requires_passkeys_only_with_one_of_their_own(client):
    owner = make_member(Role.OWNER)
    give_second_step(owner.user)
    assert (
        "Add a passkey for yourself first."
        in switch(confirmed(client, owner), on=True, step="passkey").text
    )
    give_passkey(owner.user)
    client.post(reverse("accounts:second_step"), {"step": "passkey"})
    owner.organization.refresh_from_db()
    assert (owner.organization.needs_second_step, owner.organization.needs_passkey) == (True, True)
    # The very next page asks for it.
    assert "reauthenticate" in client.get("/").url
    signed_in_by(client, owner.user, "webauthn")
    assert client.get("/").status_code == 200
    assert "A passkey is required" in client.get(reverse("accounts:settings")).text
    entry = AuditEntry.objects.for_organization(owner.organization).latest("pk")
    assert audit_sentence(entry) == "Passkey required for members"


def test_an_owner_requires_it_and_members_without_it_are_led_to_it(client):
    owner = make_member(Role.OWNER, make_organization(name="Harbourline Ltd"))
    sender = log_in(Client(), make_member(Role.SENDER, owner.organization))
    secured = make_member(Role.SENDER, owner.organization)
    give_second_step(owner.user)
    give_second_step(secured.user)
    assert "Settings saved." in switch(confirmed(client, owner), on=True).text
    assert sender.get("/").url == SET_UP
    assert "Harbourline Ltd requires a second step to sign in." in sender.get(SET_UP).text
    assert log_in(Client(), secured).get("/").status_code == 200
    switch(client, on=False)
    assert sender.get("/").status_code == 200
    entries = AuditEntry.objects.for_organization(owner.organization).order_by("id")
    assert [audit_sentence(entry) for entry in entries] == [
        "Second step required for members",
        "Second step no longer required",
    ]


def confirmed(client, member):
    """Log a member in who has just entered the password again."""
    member.user.set_password(PASSWORD)
    member.user.save()
    log_in(client, member)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_nobody_locks_themselves_out(client):
    owner = make_member(Role.OWNER)
    page = switch(log_in(client, owner), on=True).text
    assert "Set up a second step for yourself first." in page
    owner.organization.refresh_from_db()
    assert not owner.organization.needs_second_step


def test_another_organization_does_not_ask_for_it(client):
    strict = make_organization(needs_second_step=True)
    person = make_user()
    make_member(Role.OWNER, strict, person)
    free = make_member(Role.OWNER, user=person)
    assert log_in(client, free).get("/").status_code == 200
    client.post(reverse("accounts:switch", args=[strict.pk]))
    assert client.get("/").url == SET_UP
    client.post(reverse("accounts:switch", args=[free.organization_id]))
    assert client.get("/").status_code == 200


def test_owners_see_who_has_none(client):
    owner = make_member(Role.OWNER)
    give_second_step(owner.user)
    log_in(client, owner)
    assert "No second step" not in client.get(reverse("accounts:members")).text
    sender = make_member(Role.SENDER, owner.organization)
    assert "No second step" in client.get(reverse("accounts:members")).text
    assert sender.user.email in client.get(reverse("accounts:second_step")).text


def test_setting_one_up_ends_sessions_begun_without_it_and_is_told_by_mail(
    client, send_mail_at_once, django_capture_on_commit_callbacks
):
    member = make_member(user=make_user(email="mei@example.com", password=PASSWORD))
    stolen = log_in(Client(), member)
    stolen.get("/")
    confirmed(client, member).get("/")
    log_in(stolen, member).get("/")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.get("/").status_code == 200
    assert stolen.get("/").status_code == 302
    assert "Two-step sign-in is on" in [mail.subject for mail in outbox.outbox]


CHANGES = [
    ("account_email", {"action_add": "", "email": "new@example.com"}),
    ("mfa_activate_totp", {"code": "000000"}),
    ("mfa_add_webauthn", {"credential": "{}"}),
    ("mfa_generate_recovery_codes", {}),
    ("accounts:second_step", {"step": "any"}),
    ("accounts:send_approval", {"when": "always"}),
    ("accounts:member_invite", {"email": "new@example.com", "role": "OWNER"}),
    ("accounts:member_role", {"role": "OWNER"}),
    ("accounts:member_rights", {"numbers": "whole"}),
    ("accounts:member_remove", {}),
]


@pytest.mark.parametrize(("name", "form"), CHANGES)
def test_a_session_alone_changes_nobody_s_way_in(client, name, form):
    owner = make_member(Role.OWNER, user=make_user(email="mei@example.com", password=PASSWORD))
    other = make_member(Role.SENDER, owner.organization)
    if name == "mfa_generate_recovery_codes":
        give_second_step(owner.user)
    log_in(client, owner)
    argument = [other.pk] if name.startswith("accounts:member_r") else []
    answer = client.post(reverse(name, args=argument), form)
    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_what_was_asked_for_is_done_once_the_password_was_entered(client):
    owner = make_member(Role.OWNER, user=make_user(email="mei@example.com", password=PASSWORD))
    other = make_member(Role.SENDER, owner.organization)
    log_in(client, owner)
    where = client.post(reverse("accounts:member_role", args=[other.pk]), {"role": "ADMIN"}).url
    other.refresh_from_db()
    assert other.role == "SENDER"
    client.post(where, {"password": PASSWORD})
    other.refresh_from_db()
    assert other.role == "ADMIN"


@pytest.mark.parametrize(
    "answer",
    [
        "[" * 100_000,
        "9" * 5_000,
        "[5]",
        '{"id": 5, "response": {"clientDataJSON": 5}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "NQ"}}',
    ],
)
def test_what_is_no_answer_of_a_passkey_signs_nobody_in(client, answer):
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    refused = client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert refused["Location"] == reverse("account_login")
