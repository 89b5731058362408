"""Keys: who is told, how many there may be, and when one ends."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from accounts.actions import api_keys as actions
from accounts.actions import create_key, edit_key, revoke_key, rotate_key
from accounts.errors import Conflict
from accounts.models import ApiKey, AuditEntry
from accounts.roles import Role
from accounts.tests.factories import make_api_key, make_application, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_member(Role.OWNER)


@pytest.fixture
def application(owner):
    return make_application(owner.organization, name="Shop")


def usable(application):
    return list(ApiKey.objects.filter(application=application).usable())


def test_a_key_is_recorded_without_its_secret_and_owners_are_told(
    owner, application, send_mail_at_once, django_capture_on_commit_callbacks
):
    other = make_member(Role.OWNER, owner.organization)
    make_member(Role.ADMIN, owner.organization)
    with django_capture_on_commit_callbacks(execute=True):
        key = create_key(
            application=application,
            actor=owner.user,
            name="till",
            allowed_networks=["192.0.2.0/24"],
        )
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject) == ("api_key.created", "till, Shop")
    assert entry.details == {"secret_id": key.secret_id, "networks": ["192.0.2.0/24"]}
    assert {m.to[0] for m in outbox.outbox} == {owner.user.email, other.user.email}
    for mail in outbox.outbox:
        assert key.secret_id in mail.body
        assert "192.0.2.0/24" in mail.body
        assert key.secret_key not in mail.subject + mail.body


def test_the_secret_lies_encrypted(owner, application):
    from django.db import connection

    key = create_key(application=application, actor=owner.user, name="till", allowed_networks=[])
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret_key FROM accounts_apikey")
        (stored,) = cursor.fetchone()
    assert len(key.secret_key) == 32
    assert key.secret_key not in stored
    assert ApiKey.objects.get().secret_key == key.secret_key


def test_two_keys_work_side_by_side_until_the_hour(owner, application):
    old = make_api_key(application, name="till", allowed_networks=["192.0.2.0/24"])
    new = rotate_key(key=old, actor=owner.user, hours=24)
    assert (new.name, new.allowed_networks) == ("till", ["192.0.2.0/24"])
    assert (new.secret_id, new.secret_key) != (old.secret_id, old.secret_key)
    assert usable(application) == [old, new]
    old.refresh_from_db()
    assert old.is_usable
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1), tick=False):
        assert usable(application) == [new]
        assert not old.is_usable
        assert new.is_usable


def test_no_overlap_ends_the_old_key_at_once(owner, application):
    old = make_api_key(application)
    new = rotate_key(key=old, actor=owner.user, hours=0)
    assert usable(application) == [new]
    assert not old.is_usable


def test_a_key_is_replaced_once(owner, application):
    old = make_api_key(application)
    rotate_key(key=old, actor=owner.user, hours=24)
    with pytest.raises(Conflict):
        rotate_key(key=old, actor=owner.user, hours=168)
    assert len(usable(application)) == 2


def test_a_revoked_key_ends_and_is_not_replaced(owner, application):
    key = make_api_key(application)
    revoke_key(key=key, actor=owner.user)
    assert usable(application) == []
    assert list(ApiKey.objects.all().ended()) == [key]
    for act in (lambda: revoke_key(key=key, actor=owner.user),
                lambda: rotate_key(key=key, actor=owner.user, hours=1)):  # fmt: skip
        with pytest.raises(Conflict):
            act()
    assert ApiKey.objects.count() == 1


def test_there_is_a_most_of_keys_that_work(owner, application, monkeypatch):
    monkeypatch.setattr(actions, "MOST_KEYS", 2)
    first = make_api_key(application)
    make_api_key(application)
    with pytest.raises(Conflict):
        create_key(application=application, actor=owner.user, name="", allowed_networks=[])
    with pytest.raises(Conflict):
        rotate_key(key=first, actor=owner.user, hours=1)
    revoke_key(key=first, actor=owner.user)
    create_key(application=application, actor=owner.user, name="", allowed_networks=[])


def test_only_a_change_is_written_down(owner, application):
    key = make_api_key(application, name="till", allowed_networks=["192.0.2.1/32"])
    edit_key(key=key, actor=owner.user, name="till", allowed_networks=["192.0.2.1/32"])
    assert not AuditEntry.objects.exists()
    edit_key(key=key, actor=owner.user, name="till", allowed_networks=["192.0.2.2/32"])
    assert AuditEntry.objects.get().details["networks"] == ["192.0.2.2/32"]
