"""What staff with bad intentions try in the administration, and what superusers leave behind."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import AuditEntry, Member, ServiceActivation, User
from accounts.tests.factories import (
    PASSWORD,
    log_in,
    make_activation,
    make_application,
    make_member,
    make_operator,
    make_organization,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db
TAKEN = {"password1": "taken over now!", "password2": "taken over now!", "usable_password": "true"}
INLINE = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
OF_APPLICATION = {
    "repeat_seconds": "30",
    **{
        f"{prefix}-{which}_FORMS": "0"
        for prefix in ("countries", "api_keys")
        for which in ("TOTAL", "INITIAL")
    },
}
MAKERS = {"operator": make_operator, "reviewer": make_reviewer}


@pytest.fixture(params=MAKERS)
def staff(request, client: Client) -> User:
    """Somebody of each group of staff, who is signed in."""
    person = MAKERS[request.param]()
    log_in(client, person)
    return person


def change(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


VICTIMS = {
    "reviewer": make_reviewer,
    "operator": make_operator,
    "customer": lambda **fields: make_member(user=make_user(**fields)).user,
    "superuser": lambda **fields: make_user(is_staff=True, is_superuser=True, **fields),
}


@pytest.mark.parametrize("victim", VICTIMS)
def test_nobody_of_staff_sets_a_password_and_signs_in_with_it(
    client: Client, staff: User, victim: str
) -> None:
    person = VICTIMS[victim](password=PASSWORD)
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, TAKEN).status_code == 403
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    thief = Client()
    form = {"login": person.email, "password": TAKEN["password1"]}
    thief.post(reverse("account_login"), form)
    assert "_auth_user_id" not in thief.session


def test_staff_do_not_set_their_own_password_without_the_old_one(
    client: Client, staff: User
) -> None:
    address = reverse("admin:auth_user_password_change", args=[staff.pk])
    assert client.post(address, TAKEN).status_code == 403
    own = client.post(reverse("admin:password_change"), TAKEN)
    assert own.url == reverse("account_change_password")


@pytest.mark.parametrize(
    "more",
    [
        {"is_superuser": "on"},
        {"is_staff": "on"},
        {"groups": "all"},
        {"email": "thief@example.com"},
        {"name": "Another"},
        {"is_active": ""},
    ],
    ids=lambda more: next(iter(more)),
)
@pytest.mark.parametrize("whom", ["themselves", "reviewer", "customer"])
def test_staff_change_no_account(client: Client, staff: User, whom: str, more: dict) -> None:
    person = staff if whom == "themselves" else VICTIMS[whom]()
    if more.get("groups"):
        more = {"groups": list(Group.objects.values_list("pk", flat=True))}
    before = User.objects.filter(pk=person.pk).values().get(), set(person.groups.all())
    form = {"email": person.email, "name": person.name, "is_active": "on", "is_staff": "on"}
    assert client.post(change(person), form | INLINE | more).status_code == 403
    person.refresh_from_db()
    assert (User.objects.filter(pk=person.pk).values().get(), set(person.groups.all())) == before


def test_staff_make_no_account(client: Client, staff: User) -> None:
    form = {"email": "puppet@example.com", "name": "Puppet"} | TAKEN | INLINE
    assert client.post(reverse("admin:accounts_user_add"), form).status_code == 403
    assert not User.objects.filter(email="puppet@example.com").exists()


def test_staff_do_not_join_an_organization(client: Client, staff: User) -> None:
    organization = make_organization(name="Harbourline")
    owner = make_member(organization=organization)
    row = {
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-0-organization": organization.pk,
        "members-0-user": staff.pk,
        "members-0-role": "OWNER",
    }
    form = {"name": "Harbourline", "time_zone": "UTC", "daily_segment_limit": "1000"}
    client.post(reverse("admin:accounts_organization_change", args=[organization.pk]), form | row)
    direct = {"organization": organization.pk, "user": staff.pk, "role": "OWNER"}
    assert client.post(reverse("admin:accounts_member_add"), direct).status_code == 403
    place = reverse("admin:accounts_member_change", args=[owner.pk])
    assert client.post(place, direct).status_code == 403
    inline = {key.replace("members", "memberships"): value for key, value in row.items()}
    assert client.post(change(staff), form | inline).status_code == 403
    assert [member.user for member in Member.objects.all()] == [owner.user]


def test_staff_do_not_unmake_members(client: Client, staff: User) -> None:
    owner = make_member()
    page = reverse("admin:accounts_member_delete", args=[owner.pk])
    assert client.post(page, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [owner.pk], "post": "yes"}
    client.post(reverse("admin:accounts_member_changelist"), chosen)
    assert Member.objects.filter(pk=owner.pk).exists()


def test_staff_take_nobodys_second_step(client: Client, staff: User) -> None:
    step = Authenticator.objects.create(user=make_user(), type="totp", data={})
    page = reverse("admin:mfa_authenticator_delete", args=[step.pk])
    assert client.post(page, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [step.pk], "post": "yes"}
    assert client.post(reverse("admin:mfa_authenticator_changelist"), chosen).status_code == 403
    assert Authenticator.objects.exists()


@pytest.mark.parametrize(
    "model",
    ["auth_group", "auth_permission", "account_emailaddress", "account_emailconfirmation",
     "sessions_session", "accounts_invitation"],
)  # fmt: skip
def test_what_staff_could_climb_on_has_no_page_at_all(model: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{model}_changelist")


def test_an_operator_does_not_decide_as_a_reviewer(client: Client) -> None:
    log_in(client, make_operator())
    activation = make_activation(make_organization())
    assert client.get(reverse("admin:review_desk")).status_code == 403
    page = reverse("admin:review_item", args=["activation", activation.pk])
    assert client.post(page, {"decision": "approve", "note": ""}).status_code == 403
    assert ServiceActivation.objects.get().state == "PENDING"


def test_an_operator_does_not_move_an_application_to_another_organization(client: Client) -> None:
    log_in(client, make_operator())
    application = make_application(make_organization())
    form = OF_APPLICATION | {"name": "Moved", "organization": make_organization().pk}
    page = reverse("admin:accounts_smsapplication_change", args=[application.pk])
    client.post(page, form)
    before = application.organization
    application.refresh_from_db()
    assert (application.name, application.organization) == ("Moved", before)


def test_a_permission_from_elsewhere_does_not_open_accounts(client: Client) -> None:
    """A group that somebody made by hand gives no way to passwords either."""
    from django.contrib.auth.models import Permission

    person = make_operator()
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    victim = make_user()
    log_in(client, person)
    password = reverse("admin:auth_user_password_change", args=[victim.pk])
    for address in (password, change(victim), reverse("admin:accounts_user_add")):
        assert client.post(address, TAKEN).status_code == 403


# --- Superusers may, and leave a trace ------------------------------------------------------------


@pytest.fixture
def root(client: Client) -> User:
    person = make_user(is_staff=True, is_superuser=True, name="Root")
    log_in(client, person)
    return person


@pytest.fixture
def mails(send_mail_at_once, django_capture_on_commit_callbacks):
    """Return what runs a request and returns {address: text} of the mails it caused."""

    def after(request) -> dict[str, str]:
        del outbox.outbox[:]
        with django_capture_on_commit_callbacks(execute=True):
            assert request().status_code == 302
        return {one.to[0]: f"{one.subject}\n{one.body}" for one in outbox.outbox}

    return after


def user_form(person: User, **more: object) -> dict:
    form = {"email": person.email, "name": person.name, "is_active": "on"}
    return form | INLINE | more


def test_a_password_set_by_a_superuser_is_in_every_trail_and_told(client, root, mails) -> None:
    member = make_member()
    other = make_member(user=member.user)
    address = reverse("admin:auth_user_password_change", args=[member.user_id])
    told = mails(lambda: client.post(address, TAKEN))
    for organization in (member.organization, other.organization):
        entry = AuditEntry.objects.for_organization(organization).get()
        assert (entry.action, entry.person, entry.actor) == ("user.changed", member.user, root)
        assert entry.details == {"fields": ["password"]}
        log_in(client, make_member(organization=organization))
        assert "Account changed (password)" in client.get(reverse("accounts:audit_trail")).text
    assert list(told) == [member.user.email]
    assert "Your account was changed" in told[member.user.email]
    assert "Account changed (password)" in told[member.user.email]
    assert "Root" in told[member.user.email]
    assert TAKEN["password1"] not in told[member.user.email]


def test_a_password_that_is_switched_off_is_told_too(client, root, mails) -> None:
    person = make_user(password=PASSWORD)
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    off = {"usable_password": "false", "unset-password": "1"}
    assert "(password)" in mails(lambda: client.post(address, off))[person.email]
    assert AuditEntry.objects.get(person=person).details == {"fields": ["password"]}


def test_a_form_that_changes_nothing_is_told_to_nobody(client, root, mails) -> None:
    person = make_user()
    assert mails(lambda: client.post(change(person), user_form(person))) == {}
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"is_staff": "on"}, "Staff status"),
        ({"is_superuser": "on"}, "Superuser status"),
        ({"is_active": ""}, "Active"),
        ({"name": "Another"}, "Name"),
        ({"groups": "all"}, "Groups"),
    ],
)
def test_a_changed_account_is_in_the_persons_trail_and_told(
    client, root, mails, more: dict, field: str
) -> None:
    person = make_user()
    if more.get("groups"):
        more = {"groups": list(Group.objects.values_list("pk", flat=True))}
    told = mails(lambda: client.post(change(person), user_form(person, **more)))
    entry = AuditEntry.objects.get(person=person)
    assert (entry.action, entry.actor, entry.organization) == ("user.changed", root, None)
    assert (entry.details, entry.subject) == ({"fields": [field]}, "")
    assert list(told) == [person.email]
    assert field in told[person.email]


def test_both_addresses_are_told_of_a_new_one(client, root, mails) -> None:
    person = make_user(email="before@example.com")
    EmailAddress.objects.create(user=person, email="before@example.com", verified=True)
    form = user_form(person, email="after@example.com")
    told = mails(lambda: client.post(change(person), form))
    assert set(told) == {"before@example.com", "after@example.com"}
    assert "no longer sign in with before@example.com" in told["before@example.com"]
    assert not EmailAddress.objects.exists()


def test_a_new_account_is_told_of(client, root, mails) -> None:
    form = {"email": "new@example.com", "name": "New", "usable_password": "false"} | INLINE
    told = mails(lambda: client.post(reverse("admin:accounts_user_add"), form))
    assert AuditEntry.objects.get(action="user.added").person.email == "new@example.com"
    assert "Account created" in told["new@example.com"]


@pytest.mark.parametrize("by", ["page", "action"])
def test_a_second_step_that_is_removed_is_in_the_trail_and_told(client, root, mails, by) -> None:
    member = make_member()
    step = Authenticator.objects.create(user=member.user, type="totp", data={})
    if by == "page":
        address, form = reverse("admin:mfa_authenticator_delete", args=[step.pk]), {}
    else:
        address = reverse("admin:mfa_authenticator_changelist")
        form = {"action": "delete_selected", "_selected_action": [step.pk]}
    told = mails(lambda: client.post(address, form | {"post": "yes"}))
    entry = AuditEntry.objects.for_organization(member.organization).get()
    assert (entry.action, entry.person) == ("authenticator.deleted", member.user)
    assert entry.subject == str(step)
    assert "Second step removed" in told[member.user.email]


def test_an_organization_that_staff_changed_is_told_to_its_owners(client, mails) -> None:
    owner = make_member(organization=make_organization(name="Harbourline"))
    make_member("VIEWER", owner.organization)
    gone = make_member("OWNER", owner.organization, make_user(is_active=False))
    operator = make_operator()
    log_in(client, operator)
    form = {"name": "Harbourline", "time_zone": "UTC", "daily_segment_limit": "5000"}
    form |= {"members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0"}
    page = reverse("admin:accounts_organization_change", args=[owner.organization_id])
    told = mails(lambda: client.post(page, form))
    entry = AuditEntry.objects.for_organization(owner.organization).get()
    assert (entry.action, entry.actor) == ("organization.changed", operator)
    assert list(told) == [owner.user.email]
    assert gone.user.email not in told
    for words in ("Harbourline was changed", "Settings changed (Segments a day)", "/audit"):
        assert words in told[owner.user.email]


@pytest.mark.parametrize("act", ["added", "changed"])
def test_an_application_that_staff_touched_is_in_its_organizations_trail(client, mails, act):
    owner = make_member()
    log_in(client, make_operator())
    form = OF_APPLICATION | {"name": "Shop", "organization": owner.organization_id}
    if act == "added":
        page = reverse("admin:accounts_smsapplication_add")
    else:
        application = make_application(owner.organization)
        page = reverse("admin:accounts_smsapplication_change", args=[application.pk])
    told = mails(lambda: client.post(page, form))
    entry = AuditEntry.objects.for_organization(owner.organization).get()
    assert entry.action == f"smsapplication.{act}"
    assert list(told) == [owner.user.email]
