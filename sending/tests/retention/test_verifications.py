"""Numbers of verifications leave when these are over, rows when they are old."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from accounts import shared_time
from sending.lifecycle import MessageState
from sending.models import Message, Verification, VerificationAttempt
from sending.retention import verifications
from sending.retention.number_export import export
from sending.tests.factories import a_number, move
from sending.tests.retention.traces import Planted, in_tables
from sending.tests.verify.asking import Verifying, sent_codes
from sending.verify import ending

pytestmark = pytest.mark.django_db
NATIONAL = "7400555737"
NUMBER = f"+44{NATIONAL}"


@pytest.fixture
def clock():
    with time_machine.travel(shared_time.now(), tick=False) as clock:
        yield clock


def states():
    return list(Verification.objects.order_by("pk").values_list("state", "msisdn"))


def test_a_number_is_kept_while_its_verification_waits(clock):
    program = Verifying()
    program.start(NUMBER)
    program.start(a_number(1))
    program.check(sent_codes()[1], a_number(1))
    verifications.delete_due()
    assert states() == [("PENDING", NUMBER), ("APPROVED", "")]
    move(Message.objects.filter(msisdn=NUMBER), MessageState.SUBMITTED)
    clock.shift(timedelta(minutes=10))
    verifications.delete_due()
    assert states() == [("EXPIRED", ""), ("APPROVED", "")]
    # The number is known again all the same.
    assert Verification.objects.of_number(NUMBER, program.organization.pk).count() == 1
    assert Verification.objects.first().prefix == "+447400"


def test_what_never_left_has_failed(clock):
    program = Verifying()
    program.start(NUMBER)
    program.start(NUMBER)
    program.start(a_number(1))
    move(Message.objects.filter(msisdn=NUMBER), MessageState.CANCELLED)
    clock.shift(timedelta(minutes=11))
    verifications.delete_due()
    assert [state for state, _number in states()] == ["FAILED", "EXPIRED"]


def test_rows_go_with_what_is_kept_of_messages(clock, settings):
    settings.KEEP_MESSAGES_DAYS = 5
    program = Verifying()
    program.start(NUMBER)
    clock.shift(timedelta(days=4))
    program.start(NUMBER)
    verifications.delete_due()
    assert Verification.objects.count() == 2
    clock.shift(timedelta(days=2))
    verifications.delete_due()
    assert Verification.objects.count() == VerificationAttempt.objects.count() == 1


def test_a_number_that_is_to_be_forgotten_is(clock):
    program = Verifying()
    other = Verifying()
    for one in (program, other):
        one.start(NUMBER)
        ending.cancel(Verification.objects.order_by("-pk").first())
        one.start(NUMBER)
    found = export(NUMBER, program.organization)["verifications"]
    assert [row["state"] for row in found] == ["PENDING", "CANCELED"]
    assert len(export(NUMBER, None)["verifications"]) == 4
    verifications.delete_due()
    Message.objects.update(state="DELIVERED", attempt=0)
    call_command("erase_number", NUMBER, yes=True, stdout=io.StringIO())
    assert in_tables(Planted(NATIONAL)) == set()
    assert export(NUMBER, None)["verifications"] == []
    assert [state for state, _number in states()] == ["CANCELED"] * 4
    assert set(VerificationAttempt.objects.values_list("prefix", flat=True)) == {""}


def test_a_code_leaves_no_trace_when_its_message_is_over(clock, caplog):
    caplog.set_level("DEBUG")
    program = Verifying(code_length=10)
    program.start(NUMBER)
    (code,) = sent_codes()
    tables = {table for table, _column, _form in in_tables(Planted(code))}
    assert tables == {"sending_message"}
    program.check(code, NUMBER)
    move(Message.objects.all(), MessageState.DELIVERED)
    assert in_tables(Planted(code)) == set()
    assert Planted(code).forms_in(caplog.text.encode()) == []
