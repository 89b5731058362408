"""The audit trail: nobody changes it unseen, not even with the database in hand."""

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from accounts import trail_check
from accounts.append_only import REFUSAL, TABLE, drop_triggers
from accounts.models import AuditChain, AuditEntry, Organization
from accounts.tests.factories import make_organization, make_user
from accounts.trail_check import Anchor, Broken, verify

pytestmark = pytest.mark.django_db


def record(organization: Organization | None = None, **details: Any) -> AuditEntry:
    return AuditEntry.record(action="x.y", subject="z", organization=organization, **details)


def tampered(statement: str, *parameters: Any) -> None:
    """Do to the table what only an owner of the database can."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(TABLE), parameters)


# --- Append only ----------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'a.b'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_trail(statement: str) -> None:
    entry = record()
    with (
        pytest.raises(DatabaseError, match=REFUSAL),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(TABLE))
    assert AuditEntry.objects.get() == entry


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Only PostgreSQL has TRUNCATE.")
def test_the_database_refuses_to_empty_the_trail() -> None:
    with (
        pytest.raises(DatabaseError, match=REFUSAL),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {TABLE} CASCADE")


def test_an_organization_does_not_take_its_trail_along() -> None:
    organization = make_organization()
    record(organization)
    with pytest.raises(ProtectedError):
        organization.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_the_guard_is_there_again_after_tables_were_emptied(time: int) -> None:
    """Both runs begin with empty tables, so the first one's entry was flushed."""
    assert not AuditEntry.objects.exists()
    record()
    with pytest.raises(DatabaseError, match=REFUSAL):
        AuditEntry.objects.all().delete()


# --- Chains ---------------------------------------------------------------------------------------


def test_each_organization_has_a_chain_of_its_own() -> None:
    one, other = make_organization(), make_organization()
    for organization in (one, other, None, one, one):
        record(organization)
    assert [(end.chain, end.position) for end in verify()] == [
        (0, 1),
        (one.pk, 3),
        (other.pk, 1),
    ]


@pytest.mark.parametrize(
    "details",
    [
        {"before": ["HK"], "after": []},
        {"nested": {"b": 1, "a": None, "flag": True}},
        {"text": "雨 \\ \" ' \u2028 \t", "large": 2**70},
        {"ratio": 0.1, "round": 1e16, "whole": 2.0},
        {"pair": (1, 2)},
    ],
)
def test_details_come_back_as_they_were_sealed(details: dict[str, Any]) -> None:
    record(None, **details)
    assert verify()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {} SET action = 'a.b' WHERE position = 2",
        "UPDATE {} SET subject = 'other' WHERE position = 2",
        "UPDATE {} SET actor_id = NULL WHERE position = 2",
        "UPDATE {} SET person_id = NULL WHERE position = 2",
        "UPDATE {} SET at = '2020-01-01 00:00:00' WHERE position = 2",
        "UPDATE {} SET details = '{{}}' WHERE position = 2",
        "DELETE FROM {} WHERE position = 2",
    ],
)
def test_a_change_behind_the_guards_back_is_found(change: str) -> None:
    person = make_user()
    for number in range(3):
        record(None, number=number, actor=person, person=person)
    tampered(change)
    with pytest.raises(Broken, match="Entry 2 of the console's chain"):
        verify()


def test_an_entry_moved_to_another_organization_is_found() -> None:
    one, other = make_organization(), make_organization()
    record(one)
    tampered("UPDATE {} SET organization_id = %s", other.pk)
    with pytest.raises(Broken):
        verify()


def test_a_chain_made_anew_without_the_key_is_found(settings: Any) -> None:
    record()
    settings.SECRET_KEY, real = "somebody else's idea of the key" * 3, settings.SECRET_KEY
    drop_triggers(connection)
    AuditEntry.objects.all().delete()
    AuditChain.objects.all().delete()
    record()
    assert verify()
    settings.SECRET_KEY = real
    with pytest.raises(Broken, match="Entry 1"):
        verify()


def test_entries_under_an_earlier_key_hold(settings: Any) -> None:
    record()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key" * 10
    record()
    assert verify()


def test_entries_cut_off_the_end_are_found() -> None:
    for _ in range(3):
        record()
    tampered("DELETE FROM {} WHERE position = 3")
    with pytest.raises(Broken, match="after entry 2"):
        verify()


def test_a_cut_that_hides_itself_is_found_by_an_anchor() -> None:
    entries = [record() for _ in range(3)]
    anchor = Anchor(0, 3, entries[2].seal)
    assert verify([anchor])
    tampered("DELETE FROM {} WHERE position = 3")
    AuditChain.objects.update(length=2, seal=entries[1].seal)
    assert verify()
    with pytest.raises(Broken, match="Entry 3 of the console's chain is missing"):
        verify([anchor])


def test_a_long_chain_is_read_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_check, "CHUNK", 2)
    for _ in range(5):
        record()
    assert verify()[0].position == 5


def test_the_command_says_where_the_chains_end() -> None:
    last = [record() for _ in range(2)][1]
    out = StringIO()
    call_command("verify_trail", stdout=out)
    assert out.getvalue().splitlines()[0] == f"0:2:{last.seal}"
    call_command("verify_trail", anchor=[f"0:2:{last.seal}"], stdout=out)


@pytest.mark.parametrize("anchor", ["", "0:1", "x:1:abc", "0:9:abc", "0:1:abc"])
def test_the_command_fails_for_what_does_not_fit(anchor: str) -> None:
    record()
    with pytest.raises(CommandError):
        call_command("verify_trail", anchor=[anchor])


@pytest.mark.django_db(transaction=True)
def test_two_acts_at_the_same_moment_make_no_fork() -> None:
    """Both first entries of a new chain, then more, from several connections at once."""
    start, failed = threading.Barrier(4), []

    def act() -> None:
        try:
            start.wait()
            for _ in range(5):
                with transaction.atomic():
                    record()
        except Exception as error:  # noqa: BLE001 - shown by the assertion below.
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    (end,) = verify()
    assert end.position == 20


# --- From before the seals ------------------------------------------------------------------------


def test_the_migration_seals_what_was_there() -> None:
    from importlib import import_module

    from django.apps import apps

    migration = import_module("accounts.migrations.0007_sealed_trail")
    organization = make_organization()
    for number in range(5):
        record(organization if number % 2 else None, number=number, ratio=0.5)
    AuditEntry.record(
        action="suppression.removed", subject="+85251230000", organization=organization
    )
    drop_triggers(connection)
    removed = AuditEntry.objects.filter(action="suppression.removed")
    removed.update(subject="+85251230000")
    AuditEntry.objects.update(seal="")
    AuditChain.objects.all().delete()
    migration.CHUNK = 2
    migration.seal_entries(apps, connection.SchemaEditorClass(connection))
    assert [end.position for end in verify()] == [3, 3]
    assert removed.get().subject == "+852******00"


def test_no_entry_holds_a_number() -> None:
    """Nothing is ever erased from the trail, whatever people have called their tasks."""
    entry = AuditEntry.record(
        action="send_task.sent",
        subject="7 Call +44 7700 900123",
        organization=None,
        reason="of 07700900123",
        ways=["07700-900123"],
        network="203.0.113.0/24",
        messages=447700900123,
    )
    entry.refresh_from_db()
    assert entry.subject == "7 Call +44 7*** ****23"
    assert entry.details == {
        "reason": "of 077******23",
        "ways": ["077**-****23"],
        "network": "203.0.113.0/24",
        "messages": 447700900123,
    }
