"""STOP suppresses, START ends it, and both are confirmed where the organization wants it."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Organization
from sending.delivery.queue import claims
from sending.models import (
    ApiMessage,
    Batch,
    Gateway,
    InboundMessage,
    InboundSegment,
    Message,
    ReplyConfirmation,
    ReplySettings,
    Suppression,
)
from sending.models.number_digest import MARK
from sending.replies import confirmation
from sending.tests.factories import a_number, make_gateway
from sending.tests.replies.handsets import NUMBER, SHORT_CODE, answer, came, pdus, sent_message
from templates_app.models import SmsType, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
GOODBYE, WELCOME = "You get no more texts from Harbourline.", "You get our texts again."


@pytest.fixture
def message(gateway):
    return sent_message(gateway=gateway)


@pytest.fixture
def confirms(message):
    """The organization answers STOP and START."""
    organization = Organization.objects.get(pk=message.organization_id)
    kind = SmsType.NOTIFICATION
    ReplySettings.objects.create(
        organization=organization,
        stop_template=approved_template(organization, GOODBYE, kind, name="Goodbye"),
        start_template=approved_template(organization, WELCOME, kind, name="Welcome"),
    )
    return organization


def suppressed(message):
    return Suppression.objects.suppressed(message.organization_id, [message.msisdn])


def confirmations():
    bodies = dict(TextTemplateVersion.objects.values_list("pk", "body"))
    messages = Message.objects.filter(task_id=None).order_by("pk")
    return [bodies[each.text_template_version_id] for each in messages]


def test_stop_suppresses_and_says_why(message):
    answer(message, "Stop sending me these")
    row = Suppression.objects.get()
    assert (row.organization_id, row.msisdn) == (message.organization_id, NUMBER)
    assert row.reason.startswith("Replied STOP on 20")
    entry = AuditEntry.objects.get(action="suppression.added")
    assert (entry.organization_id, entry.actor, entry.details) == (
        message.organization_id,
        None,
        {"by": "reply"},
    )
    assert NUMBER not in entry.subject
    reply = InboundMessage.objects.get()
    assert (reply.keyword, reply.said_stop) == ("STOP", True)


def test_stop_again_changes_nothing(message):
    answer(message, "STOP")
    answer(message, "stop!")
    assert Suppression.objects.count() == 1
    assert AuditEntry.objects.filter(action="suppression.added").count() == 1


def test_stop_of_an_erased_number_keeps_its_digest(message):
    row = Suppression.objects.create(organization_id=message.organization_id, msisdn=NUMBER)
    row.erase()
    answer(message, "STOP")
    assert Suppression.objects.get().msisdn.startswith(MARK)


@pytest.mark.parametrize("is_erased", [False, True])
def test_start_takes_the_number_off_the_list(message, is_erased):
    row = Suppression.objects.create(organization_id=message.organization_id, msisdn=NUMBER)
    if is_erased:
        row.erase()
    other = sent_message(number=a_number(2))
    Suppression.objects.create(organization_id=other.organization_id, msisdn=NUMBER)
    answer(message, "START")
    assert not suppressed(message)
    assert Suppression.objects.filter(organization_id=other.organization_id).exists()
    assert AuditEntry.objects.get(action="suppression.removed").details == {"by": "reply"}


def test_help_is_only_flagged(message, confirms):
    answer(message, "HELP")
    assert InboundMessage.objects.get().keyword == "HELP"
    assert not Suppression.objects.exists()
    assert confirmations() == []


def test_a_conversation_said_stop_until_it_says_start(message):
    for text, said_stop in (("STOP", True), ("thanks", True), ("START", False), ("hi", False)):
        answer(message, text)
        assert InboundMessage.objects.get(is_newest=True).said_stop is said_stop


def test_nothing_is_confirmed_unless_somebody_chose_it(message):
    answer(message, "STOP")
    answer(message, "START")
    assert confirmations() == []


def test_stop_and_start_are_confirmed_once_a_day(message, confirms):
    answer(message, "STOP")
    assert confirmations() == [GOODBYE]
    assert suppressed(message)
    for text in ("STOP", "START", "STOP"):
        answer(message, text)
    assert confirmations() == [GOODBYE]
    ReplyConfirmation.objects.update(at="2026-01-01T00:00Z")
    answer(message, "START")
    assert confirmations() == [GOODBYE, WELCOME]


def test_the_confirmation_goes_out_although_the_number_is_suppressed(message, confirms, gateway):
    answer(message, "STOP")
    claimed = claims.claim(gateway, "journal", 10)
    (outgoing,) = claimed.outgoing
    assert outgoing.requests[0].destination == NUMBER
    # From the originator that was answered.
    assert ApiMessage.objects.get().originator == SHORT_CODE
    assert ReplyConfirmation.objects.get().message_id == outgoing.key.message_id
    # Anything else does not.
    confirmed = Message.objects.get(pk=outgoing.key.message_id)
    Message.objects.filter(pk=confirmed.pk).update(state="QUEUED")
    ReplyConfirmation.objects.all().delete()
    Batch.objects.update(owner="")
    assert claims.claim(gateway, "journal", 10).outgoing == []
    assert Message.objects.get(pk=confirmed.pk).state == "BLOCKED"


def test_a_text_that_is_no_longer_approved_is_not_sent(message, confirms):
    TextTemplateVersion.objects.filter(body=GOODBYE).update(state=ReviewState.WITHDRAWN.value)
    answer(message, "STOP")
    assert confirmations() == []
    assert suppressed(message)


def test_a_suspended_organization_confirms_nothing_and_still_obeys(message, confirms):
    Organization.objects.filter(pk=confirms.pk).update(suspended_at="2026-01-01T00:00Z")
    answer(message, "STOP")
    assert confirmations() == []
    assert suppressed(message)


def test_what_is_known_of_confirmations_leaves_after_days(message, confirms):
    answer(message, "STOP")
    assert NUMBER not in ReplyConfirmation.objects.get().number_digest
    assert confirmation.forget() == 0
    ReplyConfirmation.objects.update(at="2026-01-01T00:00Z")
    assert confirmation.forget() == 1


def test_a_stopped_number_of_one_organization_is_not_one_of_another(message):
    other = sent_message(gateway=make_gateway(), originator="4848")
    answer(message, "STOP")
    assert suppressed(message)
    assert not suppressed(other)


def test_what_cannot_be_confirmed_at_all_waits_and_delays_nobody_else(
    message, confirms, monkeypatch
):
    """Here: something that nobody has thought of."""
    other = sent_message(gateway=make_gateway(), number=a_number(2), originator="4848")

    def fail(*_args):
        raise LookupError("nobody has thought of it")

    monkeypatch.setattr(confirmation, "accept_messages", fail)
    came(Gateway.objects.get(pk=message.gateway_id), pdus("STOP", source=message.msisdn))
    answer(other, "Yes please", destination="4848")
    assert InboundMessage.objects.get().organization_id == other.organization_id
    assert InboundSegment.objects.get().due_at > timezone.now()


def test_a_secret_of_callbacks_that_no_key_reads_keeps_no_confirmation_back(message, confirms):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_smsapplication SET callback_secret = %s WHERE id = %s",
            ["gAAAA-of-a-lost-key", message.application_id],
        )
    answer(message, "STOP")
    assert len(confirmations()) == 1
