"""One-time passwords are sent for as long as their texts say, whoever sends them."""

from datetime import timedelta

import pytest
import time_machine

from accounts.tests.factories import make_active_organization
from sending.acceptance.validity import in_units, validity_rule
from sending.delivery.queue import expiry
from sending.delivery.queue.claims import claim
from sending.models import Batch
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.factories import a_number, make_gateway, make_messages, make_sender
from sending.tests.program_factories import make_program_messages
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
NAMED = "Your code is {1}, valid for 5 minutes."
BY_VARIABLE = "Your code is {1} (valid for {2} minutes)."
SILENT = "Your code is {1}."


def version(body: str, kind: SmsType = SmsType.OTP):
    return approved_template(make_active_organization(), body, kind).approved


@pytest.mark.parametrize(
    ("body", "kind", "default", "most"),
    [
        (NAMED, SmsType.OTP, 5, 5),
        ("Ihr Code {1} gilt 2 Stunden.", SmsType.OTP, 120, 120),
        (BY_VARIABLE, SmsType.OTP, 60, 60),
        (SILENT, SmsType.OTP, 15, 720),
        (NAMED, SmsType.NOTIFICATION, 1440, 4320),
    ],
)
def test_a_text_template_has_its_own_validity(body, kind, default, most):
    rule = validity_rule(version(body, kind))
    assert (rule.default, rule.most) == (default, most)
    assert default in rule.choices
    assert max(rule.choices) <= most


def test_minutes_that_were_set_go_before_those_of_the_text():
    silent = version(SILENT)
    silent.validity_minutes = 3
    rule = validity_rule(silent)
    assert (rule.default, rule.most, rule.choices) == (3, 3, [1, 2, 3])
    silent.sms_type = SmsType.NOTIFICATION.value
    assert validity_rule(silent).default == 1440


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (90, "90 minutes"),
        (60, "1 hour"),
        (1440, "24 hours"),
        (4320, "3 days"),
    ],
)
def test_minutes_in_the_unit_people_would_choose(minutes, words):
    assert in_units(minutes) == words


@pytest.mark.parametrize(
    ("body", "values", "minutes", "seconds"),
    [
        (NAMED, ["1234"], None, 300),
        (BY_VARIABLE, ["1234", "10"], None, 600),
        (SILENT, ["1234"], None, 15 * 60),
        (SILENT, ["1234"], 3, 180),
        (SILENT, ["1234"], 30, 1800),
        # Nothing outlives what its text promises.
        (BY_VARIABLE, ["1234", "10"], 30, 600),
        (BY_VARIABLE, ["1234", "10"], 3, 180),
    ],
)
def test_the_code_of_a_program_is_valid_as_its_template_says(body, values, minutes, seconds):
    gateway = make_gateway()
    organization = make_active_organization()
    template = approved_template(organization, body, SmsType.OTP)
    template.versions.update(validity_minutes=minutes)
    (message,) = make_program_messages(
        organization, [a_number(1)], template=template, values=values
    )
    Batch.objects.create(
        organization_id=organization.pk,
        application_id=message.application_id,
        gateway=gateway,
        lane="OTP",
        due_at=message.created_at,
        ids=[message.pk],
    )
    end = message.created_at + timedelta(seconds=seconds)
    with time_machine.travel(end - timedelta(seconds=30), tick=False):
        assert expiry.expire_late() == 0
        (item,) = claim(gateway, "journal-1", 10).outgoing
    assert item.requests[0].validity_seconds == 30


def test_what_a_gateway_never_took_expires_when_its_text_says_so():
    gateway = make_gateway(mode="stopped")
    organization = make_active_organization()
    for body, values in ((NAMED, ["1"]), (BY_VARIABLE, ["1", "30"])):
        template = approved_template(organization, body, SmsType.OTP)
        (message,) = make_program_messages(
            organization, [a_number(len(values))], template=template, values=values
        )
        Batch.objects.create(
            organization_id=organization.pk,
            application_id=message.application_id,
            gateway=gateway,
            lane="OTP",
            due_at=message.created_at,
            ids=[message.pk],
        )
    for minutes, expired in ((4, 0), (5, 1), (16, 0), (29, 0), (31, 1)):
        later = message.created_at + timedelta(minutes=minutes, seconds=1)
        with time_machine.travel(later, tick=False):
            assert expiry.expire_late() == expired, minutes
    assert not Batch.objects.exists()


def test_the_codes_of_a_task_end_with_the_task_or_with_their_text():
    gateway = make_gateway()
    member = make_sender()
    template = approved_template(member.organization, BY_VARIABLE, SmsType.OTP)
    task = a_sending_task(
        3,
        member=member,
        gateway=gateway,
        template_version=template.approved,
        values=[["1", "5"], ["2", "10"], ["3", "45"]],
        lane="OTP",
        validity_minutes=20,
    )
    with time_machine.travel(task.sent_at + timedelta(minutes=7), tick=False):
        claimed = claim(gateway, "journal-1", 10).outgoing
    assert [item.requests[0].validity_seconds for item in claimed] == [3 * 60, 13 * 60]
    assert [message.state for message in make_messages(task)] == [
        "EXPIRED",
        "SUBMITTING",
        "SUBMITTING",
    ]
