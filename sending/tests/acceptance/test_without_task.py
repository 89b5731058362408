"""Messages without a task, on their way to their end: whoever asks tasks knows them too."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.factories import make_operator, make_originator
from sending.delivery import in_doubt, suspension
from sending.delivery.attempt import Attempt
from sending.delivery.queue import expiry, failover
from sending.delivery.queue.cancellation import finish_cancelling
from sending.delivery.queue.claims import claim, to_hand_back
from sending.delivery.sender import results
from sending.delivery.sender.prefetch import Prefetch
from sending.lifecycle import MessageState
from sending.message_history import histories_of
from sending.models import (
    ApiMessage,
    Batch,
    Gateway,
    Message,
    NumberUse,
    Route,
    Suppression,
)
from sending.models.stepping import step
from sending.operations.queries.suspension import waiting
from sending.retention import leftovers, messages, number_erasure, number_export
from sending.tests.acceptance.program import REQUEST_ID, Program, codes, recounted, uses
from sending.tests.factories import a_number, make_gateway

pytestmark = pytest.mark.django_db


def now_sent(program: Program, *wanted):
    """Send now; messages are as old as the clock says."""
    answers = program.send(*(wanted or [program.wants()]), at=timezone.now())
    assert codes(answers) == ["ACCEPTED"] * len(answers)
    return [answer.message_id for answer in answers]


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def not_sent(item):
    """What a sender writes of a message that it hands back."""
    attempt = Attempt(key=item.key, segments=item.segments, before=item.before, answers=())
    return results.Finished(
        organization_id=item.organization_id,
        task_id=item.task_id,
        lane=item.lane,
        batch_id=item.batch_id,
        attempt=attempt,
        at=timezone.now(),
    )


def hand_back(program, prefetch, taken):
    done = [not_sent(item) for item in taken]
    closed = prefetch.would_close([(i.batch_id, i.key.message_id) for i in taken])
    results.write(program.gateway, done, closed)


def test_one_claim_takes_the_small_batches_of_many_requests():
    program = Program()
    ids = [now_sent(program, program.wants(a_number(at)))[0] for at in range(30)]
    code = now_sent(program, program.wants_code(a_number(50)))
    claimed = claim(program.gateway, "journal-1", 100)
    assert [item.key.message_id for item in claimed.outgoing] == [*code, *ids]
    assert {item.application_id for item in claimed.outgoing} == {program.application.pk}
    assert len(claimed.open) == 31


def test_a_split_batch_still_knows_its_application():
    program = Program()
    ids = now_sent(program, *(program.wants(a_number(at)) for at in range(3)))
    assert len(claim(program.gateway, "journal-1", 2).outgoing) == 2
    rest = Batch.objects.get(owner="")
    assert (rest.ids, rest.application_id) == (ids[2:], program.application.pk)


@pytest.mark.parametrize(
    ("asked", "of_application", "shown"),
    [("Lumen", "Oak", "Lumen"), ("", "Oak", "Oak"), ("", "", "Harbourline")],
)
def test_the_sender_shown_is_the_message_s_the_application_s_or_the_gateway_s(
    asked, of_application, shown
):
    program = Program()
    for address in filter(None, (asked, of_application)):
        make_originator(program.organization, address)
    program.limit(originator=of_application)
    now_sent(program, program.wants(originator=asked), program.wants(a_number(1)))
    first, second = claim(program.gateway, "journal-1", 10).outgoing
    assert first.requests[0].source_addr == shown
    assert second.requests[0].source_addr == (of_application or "Harbourline")


def test_a_number_suppressed_meanwhile_is_blocked_and_given_back_to_the_limit():
    program = Program()
    now_sent(program, program.wants(), program.wants(a_number(1)))
    Suppression.objects.create(organization=program.organization, msisdn=a_number(0))
    claim(program.gateway, "journal-1", 10)
    assert states() == ["BLOCKED", "SUBMITTING"]
    assert uses() == recounted()


# --- Time


@pytest.mark.parametrize("claims", [True, False])
def test_a_code_is_useful_for_a_quarter_of_an_hour_and_other_texts_for_a_day(claims):
    program = Program()
    with time_machine.travel(timezone.now() - timedelta(minutes=16)):
        now_sent(program, program.wants_code(), program.wants())
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        now_sent(program, program.wants(a_number(1)))
    now_sent(program, program.wants_code(a_number(2)))
    if claims:
        claimed = claim(program.gateway, "journal-1", 10)
        assert 0 < claimed.outgoing[0].requests[0].validity_seconds <= 15 * 60
    else:
        assert expiry.expire_late() == 2
    expected = {"OTP": ["EXPIRED", "SUBMITTING"], "API": ["EXPIRED", "SUBMITTING"]}
    for lane, ends in expected.items():
        found = Message.objects.filter(lane=lane).values_list("state", flat=True)
        assert sorted(found) == (ends if claims else ["EXPIRED", "QUEUED"])
    assert Batch.objects.count() == 2


def test_only_what_is_too_late_leaves_a_batch_that_was_put_together():
    program = Program()
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        (old,) = now_sent(program)
    (new,) = now_sent(program, program.wants(a_number(1)))
    Batch.objects.all().delete()
    Batch.objects.cut(
        [old, new],
        organization_id=program.organization.pk,
        application_id=program.application.pk,
        gateway_id=program.gateway.pk,
        lane="API",
        due_at=timezone.now() - timedelta(hours=25),
    )
    assert expiry.expire_late() == 1
    assert Batch.objects.get().ids == [new]


def test_receipts_that_never_come_are_given_up(settings):
    settings.RECEIPT_WAIT_HOURS = 72
    program = Program()
    for hours in (73, 71):
        with time_machine.travel(timezone.now() - timedelta(hours=hours)):
            (pk,) = now_sent(program, program.wants(a_number(hours)))
            step(MessageState.SUBMITTING, [pk])
            step(MessageState.SUBMITTED, [pk])
    assert expiry.give_up_receipts() == 1
    assert states() == ["UNKNOWN", "SUBMITTED"]
    assert expiry.give_up_receipts() == 0


# --- Suspension


@pytest.mark.parametrize("of_application", [True, False])
def test_what_is_suspended_is_not_claimed_and_handed_back(of_application):
    program = Program()
    now_sent(program)
    prefetch = Prefetch()
    prefetch.add(claim(program.gateway, "journal-1", 10))
    now_sent(program, program.wants(a_number(1)))
    subject = program.application if of_application else program.organization
    type(subject).objects.filter(pk=subject.pk).update(suspended_at=timezone.now())
    assert not claim(program.gateway, "journal-1", 10).open
    assert prefetch.applications() == {program.application.pk}
    stopped = to_hand_back(program.gateway, prefetch.tasks(), prefetch.applications())
    assert stopped == (set(), {program.application.pk})
    assert len(prefetch.take_out(stopped)) == 1


@pytest.mark.parametrize("of_application", [True, False])
@pytest.mark.parametrize("cancels", [True, False])
def test_a_suspension_cancels_or_keeps_what_programs_have_queued(of_application, cancels):
    program, other = Program(), Program()
    now_sent(program)
    now_sent(other)
    prefetch = Prefetch()
    now_sent(program, program.wants_code(a_number(1)))
    prefetch.add(claim(program.gateway, "journal-1", 1))
    subject = program.application if of_application else program.organization
    assert waiting(subject).messages == 1
    suspension.stop(subject, make_operator().pk, cancels=cancels)
    assert finish_cancelling() == int(cancels)
    hand_back(program, prefetch, prefetch.take_out())
    of_subject = Message.objects.filter(organization_id=program.organization.pk)
    state = "CANCELLED" if cancels else "QUEUED"
    assert set(of_subject.values_list("state", flat=True)) == {state}
    assert Message.objects.get(organization_id=other.organization.pk).state == "QUEUED"
    assert Batch.objects.exclude(due_at=None).count() == (1 if cancels else 3)
    assert uses() == recounted()


def test_what_goes_back_into_the_queue_stays_with_its_application():
    program = Program()
    now_sent(program)
    prefetch = Prefetch()
    prefetch.add(claim(program.gateway, "journal-1", 10))
    hand_back(program, prefetch, prefetch.take_out())
    assert Batch.objects.get().application_id == program.application.pk


# --- Other ways


def test_failover_takes_messages_of_programs_with_it():
    program = Program()
    other = make_gateway()
    Route.objects.create(prefix="", country="", order=2, gateway=other)
    now_sent(program)
    Gateway.objects.filter(pk=program.gateway.pk).update(mode=Gateway.Mode.STOPPED)
    assert failover.Failover().move_waiting() == 1
    batch = Batch.objects.get()
    assert (batch.gateway_id, batch.application_id) == (other.pk, program.application.pk)


def test_a_person_may_send_a_message_in_doubt_again():
    program = Program()
    (pk,) = now_sent(program)
    Batch.objects.all().delete()
    for state in (MessageState.SUBMITTING, MessageState.IN_DOUBT):
        step(state, [pk])
    in_doubt.send_again(Message.objects.get())
    assert states() == ["QUEUED"]
    assert Batch.objects.get().application_id == program.application.pk


def test_its_history_names_application_and_request():
    program = Program()
    now_sent(program)
    (history,) = histories_of(Message.objects.all())
    assert not history.unsent
    name = program.application.name
    asked = f"Asked for by the application “{name}”, request {REQUEST_ID}"
    assert history.lines[0].sentence == asked


# --- Retention


def deliver(ids):
    for state in (MessageState.SUBMITTING, MessageState.SUBMITTED, MessageState.DELIVERED):
        step(state, ids)


def test_numbers_texts_and_contexts_go_after_their_days(settings):
    settings.KEEP_MESSAGES_DAYS = 90
    program = Program()
    for days in (91, 89):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            wanted = program.wants(a_number(days), session_context="order of Ms Lee")
            deliver(now_sent(program, wanted))
    assert messages.erase_due() == 1
    old, new = Message.objects.order_by("pk")
    assert (old.msisdn, old.variables) == ("", "")
    assert new.msisdn == a_number(89)
    contexts = ApiMessage.objects.order_by("message_id").values_list("session_context", flat=True)
    assert list(contexts) == ["", "order of Ms Lee"]
    assert messages.erase_due() == 0


def test_a_code_that_never_came_to_an_end_is_erased_after_a_day():
    program = Program()
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        _queued, submitted = now_sent(
            program, program.wants_code(), program.wants_code(a_number(1))
        )
        step(MessageState.SUBMITTING, [submitted])
        step(MessageState.SUBMITTED, [submitted])
    now_sent(program, program.wants_code(a_number(2)))
    assert messages.erase_one_time_passwords() == 2
    assert states() == ["EXPIRED", "SUBMITTED", "QUEUED"]
    variables = Message.objects.order_by("pk").values_list("variables", flat=True)
    assert list(variables) == ["", "", '["482913", "5"]']


def test_what_frequency_limits_ask_no_more_is_deleted():
    program = Program()
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        now_sent(program)
    now_sent(program, program.wants(a_number(1)))
    leftovers.delete_due()
    assert NumberUse.objects.count() == 1


def test_one_number_is_exported_and_erased_with_what_the_program_said():
    program = Program()
    make_originator(program.organization, "Lumen")
    wanted = program.wants(session_context="order of Ms Lee", originator="Lumen")
    now_sent(program, wanted)
    (known,) = number_export.export(a_number(0), program.organization)["messages"]
    assert (known["session_context"], known["originator"]) == ("order of Ms Lee", "Lumen")
    erasure = number_erasure.request(
        msisdn=a_number(0), organization=program.organization, actor=None
    )
    assert number_erasure.run(erasure.pk)
    assert states() == ["CANCELLED"]
    assert Message.objects.get().msisdn == ""
    assert ApiMessage.objects.get().session_context == ""
    assert uses() == recounted() == {}
