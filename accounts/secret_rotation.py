"""Encrypts stored secrets anew under the newest SECRET_KEY, so that earlier ones read nothing more.

What is found here is every `EncryptedTextField` of every app, and the secrets of second steps. Rows
that are under the newest key already are left alone, so that a run which was stopped can simply be
started again, and a value that changes meanwhile is never written over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import transaction
from django.db.models import Model, TextField
from django.db.models.functions import Cast

from accounts.models.encrypted import EncryptedTextField, decrypt, encrypt, is_newest

BLOCK = 500
"""Rows read at once; each changed row is a transaction of its own, so nobody waits long."""
# Where allauth keeps what our adapter encrypts (accounts/adapter.py).
SECOND_STEP_SECRETS = ("secret", "seed")


@dataclass(slots=True)
class Rotated:
    """What became of the secrets in one place, such as accounts.ApiKey.secret_key."""

    place: str
    renewed: int = 0
    newest: int = 0
    # Ids of rows that no key reads.
    unreadable: list[int] = field(default_factory=list)


def encrypted_fields() -> Iterator[tuple[type[Model], EncryptedTextField]]:
    """Yield every field that is encrypted at rest, each with the model whose table it is in."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            for one in model._meta.local_fields:
                if isinstance(one, EncryptedTextField):
                    yield model, one


def rotate() -> Iterator[Rotated]:
    """Encrypt everything anew, place by place; yield what became of each."""
    for model, one in encrypted_fields():
        yield _rotate_field(model, one)
    yield _rotate_second_steps()


def _rotate_field(model: type[Model], one: EncryptedTextField) -> Rotated:
    done = Rotated(f"{model._meta.label}.{one.name}")
    # As text the column is what the database holds; as itself it would be decrypted.
    rows = model._base_manager.annotate(stored=Cast(one.name, TextField()))
    held = rows.exclude(stored=None).exclude(stored="").order_by("pk")
    after: Any = 0
    while block := list(held.filter(pk__gt=after).values_list("pk", "stored")[:BLOCK]):
        after = block[-1][0]
        for pk, stored in block:
            if is_newest(stored):
                done.newest += 1
                continue
            try:
                secret = decrypt(stored)
            except InvalidToken:
                done.unreadable.append(pk)
                continue
            # Somebody may have stored another secret since: that one is under the newest key.
            done.renewed += rows.filter(pk=pk, stored=stored).update(**{one.name: secret})
    return done


def _rotate_second_steps() -> Rotated:
    done = Rotated("second steps")
    after = 0
    while block := list(
        Authenticator.objects.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:BLOCK]
    ):
        after = block[-1]
        for pk in block:
            _rotate_second_step(pk, done)
    return done


@transaction.atomic
def _rotate_second_step(pk: int, done: Rotated) -> None:
    """Encrypt the secrets of one second step anew; its row is locked meanwhile."""
    step = Authenticator.objects.select_for_update(no_key=True).filter(pk=pk).first()
    held = (
        {} if step is None else {n: step.data[n] for n in SECOND_STEP_SECRETS if step.data.get(n)}
    )
    older = {name: token for name, token in held.items() if not is_newest(token)}
    done.newest += len(held) - len(older)
    if step is None or not older:
        return
    try:
        step.data |= {name: encrypt(decrypt(token)) for name, token in older.items()}
    except InvalidToken:
        done.unreadable.append(pk)
        return
    step.save(update_fields=["data"])
    done.renewed += len(older)
