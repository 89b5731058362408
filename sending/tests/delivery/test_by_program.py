"""What programs say of their own messages: when to send them, cancelling, erasing the text."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sending.delivery import by_program
from sending.delivery.queue import expiry
from sending.delivery.queue.claims import claim
from sending.lifecycle import MessageState
from sending.models import ApiMessage, Batch, Message
from sending.models.stepping import step
from sending.retention import messages
from sending.tests.acceptance.program import Program, codes, recounted, uses
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db


def sent(program: Program, *wanted):
    answers = program.send(*wanted, at=timezone.now())
    assert codes(answers) == ["ACCEPTED"] * len(answers)
    return [answer.message_id for answer in answers]


def states(*ids):
    found = dict(Message.objects.filter(pk__in=ids).values_list("pk", "state"))
    return [found[pk] for pk in ids]


def in_(**time):
    return timezone.now() + timedelta(**time)


def test_a_scheduled_message_waits_and_its_validity_counts_from_then():
    program = Program()
    with time_machine.travel(in_(days=-3)):
        first_pk, second_pk = sent(
            program,
            program.wants(due_at=in_(days=3, seconds=1)),
            program.wants(a_number(1), due_at=in_(days=3, seconds=1), valid_until=in_(days=4)),
        )
        assert not claim(program.gateway, "journal", 10).outgoing
        assert expiry.expire_late() == 0
    with time_machine.travel(in_(seconds=30)):
        first, second = claim(program.gateway, "journal", 10).outgoing
    assert states(first_pk, second_pk) == ["SUBMITTING", "SUBMITTING"]
    for item in (first, second):
        # A day from when it was due, or until then.
        assert 86_340 < item.requests[0].validity_seconds <= 86_400


def test_a_scheduled_code_is_not_erased_before_it_is_due():
    program = Program()
    with time_machine.travel(in_(days=-3)):
        (pk,) = sent(
            program,
            program.wants(
                text_template_id=program.code.pk, values=("482913", "5"), due_at=in_(days=5)
            ),
        )
    assert messages.erase_one_time_passwords() == 0
    assert states(pk) == ["QUEUED"]
    with time_machine.travel(in_(days=2, minutes=1)):
        (item,) = claim(program.gateway, "journal", 10).outgoing
    assert 0 < item.requests[0].validity_seconds <= 300


@pytest.mark.parametrize("claims", [True, False])
def test_validity_that_the_program_says_ends_it(claims):
    program = Program()
    with time_machine.travel(in_(minutes=-10)):
        late, good = sent(
            program,
            program.wants(valid_until=in_(minutes=9)),
            program.wants(a_number(1), valid_until=in_(days=3)),
        )
    if claims:
        (item,) = claim(program.gateway, "journal", 10).outgoing
        assert item.requests[0].validity_seconds > 2 * 86_400
    else:
        assert expiry.expire_late() == 1
    assert states(late, good) == ["EXPIRED", "SUBMITTING" if claims else "QUEUED"]


def test_a_code_never_outlives_what_its_text_says():
    program = Program()
    with time_machine.travel(in_(minutes=-6)):
        code = program.wants_code()
        (pk,) = sent(
            program,
            program.wants(
                text_template_id=code.text_template_id, values=code.values, valid_until=in_(hours=9)
            ),
        )
    assert expiry.expire_late() == 1
    assert states(pk) == ["EXPIRED"]


@pytest.mark.parametrize("scheduled", [True, False])
def test_what_waits_can_be_cancelled_once_and_is_not_sent(scheduled):
    program = Program()
    due = {"due_at": in_(hours=1)} if scheduled else {}
    first, second = sent(program, program.wants(**due), program.wants(a_number(1), **due))
    assert by_program.cancel(program.application.pk, first)
    assert not by_program.cancel(program.application.pk, first)
    assert states(first, second) == ["CANCELLED", "QUEUED"]
    if scheduled:
        assert Batch.objects.get().ids == [second]
        assert by_program.cancel(program.application.pk, second)
        assert not Batch.objects.exists()
    else:
        (item,) = claim(program.gateway, "journal", 10).outgoing
        assert item.key.message_id == second
    assert uses() == recounted()


def test_what_a_sender_has_or_another_application_owns_is_not_cancelled():
    program, other = Program(), Program()
    (pk,) = sent(program, program.wants())
    assert not by_program.cancel(other.application.pk, pk)
    claim(program.gateway, "journal", 10)
    assert not by_program.cancel(program.application.pk, pk)
    assert states(pk) == ["SUBMITTING"]
    assert not by_program.cancel(program.application.pk, 1)


def test_a_text_is_erased_once_it_needs_not_be_sent_any_more():
    program, other = Program(), Program()
    (pk,) = sent(program, program.wants())
    assert not by_program.redact(program.application.pk, pk)
    assert not by_program.hide(program.application.pk, pk)
    for state in (MessageState.SUBMITTING, MessageState.SUBMITTED):
        step(state, [pk])
    assert not by_program.redact(other.application.pk, pk)
    assert by_program.redact(program.application.pk, pk)
    message = Message.objects.get()
    assert (message.variables, message.msisdn) == ("", a_number(0))
    assert message.erased_at is not None
    assert by_program.hide(program.application.pk, pk)
    assert ApiMessage.objects.get().hidden_at is not None


def test_a_conversion_is_taken_back():
    program, other = Program(), Program()
    (pk,) = sent(program, program.wants())
    ApiMessage.objects.update(converted_at=timezone.now())
    assert not by_program.note_unconverted(other.application.pk, pk)
    assert ApiMessage.objects.get().converted_at is not None
    assert by_program.note_unconverted(program.application.pk, pk)
    assert ApiMessage.objects.get().converted_at is None
