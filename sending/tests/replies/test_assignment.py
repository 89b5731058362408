"""Whose a reply is: never somebody's who did not send the message that it answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization, SmsApplication
from accounts.tests.factories import make_originator
from sending.lifecycle import TaskState
from sending.models import ApiMessage, AssignedBy, InboundMessage, InboundSegment, Message
from sending.replies import assignment
from sending.tests.factories import make_gateway, make_sender, make_task
from sending.tests.replies.handsets import (
    NUMBER,
    SHORT_CODE,
    answer,
    came,
    pdus,
    put_together,
    sent_message,
)

pytestmark = pytest.mark.django_db


def assigned(gateway, destination=SHORT_CODE, source=NUMBER[1:]):
    return assignment.assign(gateway.pk, source, destination, timezone.now())


def test_the_originator_decides_before_the_newest_message(gateway):
    wanted = sent_message(gateway=gateway)
    sent_message(gateway=gateway, originator="4848")
    found = assigned(gateway)
    assert (found.message.pk, found.by) == (wanted.pk, AssignedBy.ORIGINATOR)


def test_of_two_organizations_with_one_originator_the_newest_message_decides(gateway):
    sent_message(gateway=gateway)
    newest = sent_message(gateway=gateway)
    assert assigned(gateway).message.organization_id == newest.organization_id


def test_without_its_originator_the_newest_message_through_the_gateway_decides(gateway):
    wanted = sent_message(gateway=gateway)
    sent_message(gateway=make_gateway(), originator="4848")
    found = assigned(gateway, destination="12345")
    assert (found.message.pk, found.by) == (wanted.pk, AssignedBy.NEWEST)
    assert assigned(gateway, destination="").message.pk == wanted.pk


def test_carriers_bring_replies_over_a_bind_of_their_own(gateway):
    wanted = sent_message(gateway=gateway)
    receiver = make_gateway()
    assert assigned(receiver).message.pk == wanted.pk
    assert assigned(receiver, destination="12345") is None


@pytest.mark.parametrize(
    ("originator", "destination"),
    [("+447700900123", "447700900123"), ("+447700900123", "00447700900123"), ("Shop", "SHOP")],
)
def test_originators_are_compared_however_they_are_written(gateway, originator, destination):
    sent_message(gateway=gateway, originator=originator)
    assert assigned(gateway, destination).by is AssignedBy.ORIGINATOR


def test_where_the_task_has_no_originator_the_application_or_the_gateway_has(gateway):
    message = sent_message(gateway=gateway, originator="")
    assert assignment.originators_of([message]) == ["Harbourline"]
    make_originator(Organization.objects.get(pk=message.organization_id), "7777")
    SmsApplication.objects.filter(pk=message.application_id).update(originator="7777")
    assert assignment.originators_of([message]) == ["7777"]
    Message.objects.filter(pk=message.pk).update(task_id=None)
    ApiMessage.objects.create(
        message_id=message.pk,
        organization_id=message.organization_id,
        application_id=message.application_id,
        api_key_id=0,
        originator="8888",
    )
    message.refresh_from_db()
    assert assignment.originators_of([message]) == ["8888"]


def test_what_was_never_sent_or_came_later_is_not_answered(gateway):
    make_task(make_sender(), TaskState.SENDING, numbers=[NUMBER], originator=SHORT_CODE)
    assert assigned(gateway) is None
    message = sent_message(gateway=gateway)
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() + timedelta(hours=1))
    assert assigned(gateway) is None


@pytest.mark.parametrize(
    "source", ["", "Brand", "12345", "1" * 16, "+44 77 00", "４４７４００５５５７３７"]
)
def test_what_is_no_number_belongs_to_nobody(gateway, source):
    sent_message(gateway=gateway)
    assert assigned(gateway, source=source) is None


@pytest.mark.django_db(transaction=True)
def test_what_belongs_to_nobody_stays_for_operators(gateway):
    message = sent_message(gateway=gateway)
    came(gateway, pdus("STOP", source="+85251239999"))
    put_together()
    put_together()
    assert not InboundMessage.objects.exists()
    segment = InboundSegment.objects.get()
    assert (segment.unassigned_at is not None, segment.due_at) == (True, None)
    answer(message, "mine")
    other = sent_message(gateway=gateway, number="+85251238888")
    answer(other, "theirs")
    seen = InboundMessage.objects.for_organization(
        Organization.objects.get(pk=message.organization_id)
    )
    assert [reply.text for reply in seen] == ["mine"]
