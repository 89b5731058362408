"""`manage.py erase_number` and `export_number`: for the whole installation."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import AuditEntry
from sending.lifecycle import MessageState
from sending.models import Message
from sending.models.number_digest import number_digest
from sending.tests.factories import make_sender
from sending.tests.retention.numbers import NUMBER, numbers_of, over

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_command_erases_in_all_organizations_and_says_so(member, capsys):
    over(member)
    over(make_sender(), MessageState.SUBMITTED)
    call_command("erase_number", "0044 7400 987123", yes=True)
    printed = capsys.readouterr().out
    assert "1 messages are on their way" in printed
    Message.objects.update(state="DELIVERED")
    call_command("erase_number", NUMBER, yes=True)
    printed = capsys.readouterr().out
    assert "messages: 2" in printed
    assert number_digest(NUMBER) in printed
    assert not Message.objects.filter(msisdn=NUMBER).exists()


def test_the_command_asks_first(member, monkeypatch, capsys):
    task = over(member)
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    call_command("erase_number", NUMBER)
    assert numbers_of(task)[0] == NUMBER
    assert "Nothing was erased" in capsys.readouterr().out


def test_what_is_no_number_is_refused(db):
    with pytest.raises(CommandError, match="7 to 15 digits"):
        call_command("erase_number", "12", yes=True)


def test_the_command_exports_and_the_trail_says_so(member, capsys):
    over(member)
    call_command("export_number", NUMBER)
    assert '"number": "+447400987123"' in capsys.readouterr().out
    assert AuditEntry.objects.get(action="number.exported").subject == number_digest(NUMBER)
