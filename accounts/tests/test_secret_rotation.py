"""Every stored secret is encrypted anew under the newest key, and still says what it said."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils import timezone

from accounts import secret_rotation
from accounts.models import ApiKey
from accounts.models.encrypted import EncryptedTextField, decrypt, is_newest
from accounts.secret_rotation import encrypted_fields
from accounts.tests.factories import (
    give_second_step,
    make_api_key,
    make_application,
    make_organization,
    make_user,
)
from sending.models import IdempotentRequest
from sending.tests.factories import make_gateway

pytestmark = pytest.mark.django_db
OLD, NEW = "old" * 20, "new" * 20


@pytest.fixture
def keys(settings):
    """Set SECRET_KEY and its fallbacks."""

    def set_to(key, *fallbacks):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, list(fallbacks)

    set_to(OLD)
    return set_to


def stored() -> dict[str, str]:
    """Return every encrypted value as the database holds it."""
    found = {}
    with connection.cursor() as cursor:
        for model, field in encrypted_fields():
            cursor.execute(f"SELECT id, {field.column} FROM {model._meta.db_table}")
            for pk, token in cursor.fetchall():
                if token:
                    found[f"{model._meta.label}.{field.name}:{pk}"] = token
    return found


def make_one_of_each():
    """Give a value to every encrypted field that there is."""
    application = make_application(make_organization(), callback_secret="signs")
    make_api_key(application, secret_key="shh", second_key="psst")
    gateway = make_gateway()
    for field in gateway._meta.local_fields:
        if isinstance(field, EncryptedTextField):
            setattr(gateway, field.name, f"a {field.name}")
    gateway.save()
    now = timezone.now()
    IdempotentRequest.objects.create(
        organization_id=application.organization_id,
        application_id=application.pk,
        claim=uuid4(),
        claimed_at=now,
        answer="{}",
        created_at=now,
    )
    give_second_step(make_user())


def test_every_encrypted_field_is_found():
    """What looks like a secret in a model is encrypted, and what is encrypted is rotated."""
    found = {f"{model._meta.label}.{field.name}" for model, field in encrypted_fields()}
    everywhere = {
        f"{field.model._meta.concrete_model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    }
    assert found == everywhere
    assert {"accounts.ApiKey.secret_key", "accounts.SmsApplication.callback_secret",
            "sending.Gateway.password", "sending.Gateway.tls_key"} <= found  # fmt: skip
    # Columns of text with such a name that are no secrets to read again.
    public_or_hashed = {
        *("accounts.User.password", "accounts.ApiKey.secret_id"),
        *("sending.SmppAccount.password", "sending.SmppAccount.earlier_password"),
    }
    words = ("secret", "password", "private_key", "signature_key")
    plain = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"accounts", "templates_app", "sending"}
        and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, EncryptedTextField)
        and any(word in field.name for word in words)
        and not field.name.endswith("_hash")
    }
    assert plain <= public_or_hashed


def test_afterwards_the_old_key_reads_nothing(keys, capsys):
    make_one_of_each()
    before = {place: decrypt(token) for place, token in stored().items()}
    assert {place.partition(":")[0] for place in before} == {
        f"{model._meta.label}.{field.name}" for model, field in encrypted_fields()
    }, "make_one_of_each must fill every field"
    keys(NEW, OLD)
    call_command("rotate_secrets")
    said = capsys.readouterr().out
    assert "accounts.ApiKey.secret_key: 1 renewed, 0 already" in said
    assert "second steps: 1 renewed" in said
    keys(NEW)
    assert {place: decrypt(token) for place, token in stored().items()} == before
    assert all(map(is_newest, stored().values()))
    assert ApiKey.objects.get().secret_key == "shh"


def test_it_can_be_started_again_and_leaves_what_is_done(keys, capsys, monkeypatch):
    monkeypatch.setattr(secret_rotation, "BLOCK", 2)
    application = make_application(make_organization())
    made = [make_api_key(application, secret_key=f"secret {n}") for n in range(7)]
    keys(NEW, OLD)
    again = made[3]
    again.secret_key = "renewed by hand"
    again.save()
    untouched = stored()[f"accounts.ApiKey.secret_key:{again.pk}"]
    call_command("rotate_secrets")
    assert "accounts.ApiKey.secret_key: 6 renewed, 1 already" in capsys.readouterr().out
    after = stored()
    assert after[f"accounts.ApiKey.secret_key:{again.pk}"] == untouched
    call_command("rotate_secrets")
    assert "accounts.ApiKey.secret_key: 0 renewed, 7 already" in capsys.readouterr().out
    assert stored() == after


def test_a_secret_that_changes_meanwhile_is_not_written_over(keys, monkeypatch):
    key = make_api_key(make_application(make_organization()), secret_key="old one")
    keys(NEW, OLD)

    def change_first(token):
        ApiKey.objects.filter(pk=key.pk).update(secret_key="changed by somebody")
        return decrypt(token)

    monkeypatch.setattr(secret_rotation, "decrypt", change_first)
    call_command("rotate_secrets")
    assert ApiKey.objects.get().secret_key == "changed by somebody"


def test_what_no_key_reads_is_named_and_the_rest_is_done(keys, capsys):
    application = make_application(make_organization())
    lost = make_api_key(application, secret_key="lost")
    keys(NEW)
    make_api_key(application, secret_key="fine")
    third = "third" * 12
    keys(third, NEW)
    with pytest.raises(CommandError) as raised:
        call_command("rotate_secrets")
    assert f"accounts.ApiKey.secret_key, row {lost.pk}" in str(raised.value)
    assert (
        "accounts.ApiKey.secret_key: 1 renewed, 0 already under the newest key, 1 unreadable"
        in (capsys.readouterr().out)
    )
