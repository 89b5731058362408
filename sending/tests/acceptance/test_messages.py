"""Messages of programs: what is accepted, with every row it needs, and what is refused and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import ApiKey, Organization
from sending.acceptance.messages import accept_messages
from sending.acceptance.request import (
    AcceptedMessage,
    Door,
    RefusedMessage,
    WantedMessage,
)
from sending.models import (
    ApiMessage,
    Batch,
    Counter,
    DailyUse,
    Message,
    MessageNumber,
    NumberUse,
)
from sending.tests.factories import (
    CODE_BODY,
    PLAIN_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
)
from templates_app.models import SmsType
from templates_app.tests.factories import (
    approved_template,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
REQUEST_ID = "2c8a7d1e-7d0c-4d0a-9f5a-0a1b2c3d4e5f"


class Program:
    """A program of an organization that may send, with an approved text of each kind."""

    def __init__(self, **organization: Any) -> None:
        given = {"time_zone": "Asia/Hong_Kong", "daily_segment_limit": 1000} | organization
        self.organization: Organization = make_sender(**given).organization
        self.application = default_application(self.organization)
        self.gateway = make_gateway()
        self.prices = make_prices()
        self.plain = approved_template(self.organization, PLAIN_BODY, SmsType.NOTIFICATION)
        self.code = approved_template(self.organization, CODE_BODY, SmsType.OTP)
        self.key = ApiKey.objects.create(
            organization=self.organization, application=self.application
        )

    @property
    def door(self) -> Door:
        return Door(self.organization.pk, self.application.pk, self.key.pk, REQUEST_ID)

    def wants(self, number: str = a_number(0), **fields: Any) -> WantedMessage:
        return WantedMessage(number, **{"text_template_id": self.plain.pk} | fields)

    def wants_code(self, number: str = a_number(0), code: str = "482913") -> WantedMessage:
        return self.wants(number, text_template_id=self.code.pk, values=(code, "5"))

    def limit(self, **fields: Any) -> None:
        type(self.application).objects.filter(pk=self.application.pk).update(**fields)

    def send(self, *wanted: WantedMessage, **options: Any) -> list[Any]:
        return accept_messages(self.door, wanted, **{"at": AT} | options)


def codes(answers: list[AcceptedMessage | RefusedMessage]) -> list[str]:
    return [getattr(answer, "code", "ACCEPTED") for answer in answers]


def test_an_accepted_message_has_every_row_it_needs():
    program = Program()
    wanted = program.wants(session_context="order 7", originator="Lumen")
    (answer,) = program.send(wanted)
    message = Message.objects.get()
    assert answer == AcceptedMessage(message.pk, a_number(0), "HK", 1, 48_000, "USD", 0, "API")
    assert (message.task_id, message.state, message.accepted_hour) == (None, "QUEUED", 2026112301)
    assert (message.created_at, message.gateway_id) == (AT, program.gateway.pk)
    assert message.text_template_version_id == program.plain.approved_id
    batch = Batch.objects.get()
    assert (batch.ids, batch.due_at, batch.lane, batch.task_id) == ([message.pk], AT, "API", None)
    number = MessageNumber.objects.get()
    assert (number.msisdn, number.message_id) == (a_number(0), message.pk)
    of_program = ApiMessage.objects.get(message_id=message.pk)
    assert (of_program.session_context, of_program.originator) == ("order 7", "Lumen")
    assert (of_program.request_id, of_program.api_key_id) == (REQUEST_ID, program.key.pk)
    counters = Counter.objects.for_organization(program.organization)
    assert list(counters.of_day(2026112301).sums("hour")) == [(2026112301, "QUEUED", 1, 1, 48_000)]
    uses = DailyUse.objects.values_list("application_id", "country", "day", "segments", "messages")
    own = program.application.pk
    assert sorted(uses) == [
        (0, "", 20261123, 1, 1),
        (own, "", 20261123, 1, 1),
        (own, "HK", 20261123, 1, 1),
    ]
    use = NumberUse.objects.get()
    assert (use.last_at, use.in_day) == (AT, 1)
    assert "51230000" not in f"{use.number_digest}{use.text_digest}"


def test_one_time_passwords_go_first():
    program = Program()
    (answer,) = program.send(program.wants_code())
    assert answer.lane == "OTP"
    assert Batch.objects.get().lane == "OTP"
    assert Message.objects.get().variables == '["482913", "5"]'
