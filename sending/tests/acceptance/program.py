"""A program that may send, and what became of its messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Organization
from accounts.tests.factories import make_api_key
from sending.acceptance.messages import accept_messages
from sending.acceptance.request import AcceptedMessage, Door, RefusedMessage, WantedMessage
from sending.models import Counter, DailyUse
from sending.models.counter import NEVER_LEAVE
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
from templates_app.tests.factories import approved_template

AT = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
# The same moment in Hong Kong.
HOUR, DAY = 2026112301, 20261123
REQUEST_ID = "2c8a7d1e-7d0c-4d0a-9f5a-0a1b2c3d4e5f"


class Program:
    """A program of an organization that may send, with an approved text of each kind."""

    def __init__(self, **organization: Any) -> None:
        given = {"time_zone": "Asia/Hong_Kong", "daily_segment_limit": 1000} | organization
        self.member = make_sender(**given)
        self.organization: Organization = self.member.organization
        self.application = default_application(self.organization)
        self.gateway = make_gateway()
        self.prices = make_prices()
        # In force for tests that turn the clock back, too.
        type(self.prices).objects.update(valid_from=AT - timedelta(days=400))
        self.plain = approved_template(self.organization, PLAIN_BODY, SmsType.NOTIFICATION)
        self.code = approved_template(self.organization, CODE_BODY, SmsType.OTP)
        self.key = make_api_key(self.application)

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


def uses() -> dict[tuple[int, int, int, str], tuple[int, int]]:
    """What the rows of DailyUse say, of every organization."""
    rows = DailyUse.objects.values_list(
        "organization_id", "day", "application_id", "country", "segments", "messages"
    )
    return {tuple(key): (segments, messages) for *key, segments, messages in rows if messages}


def recounted() -> dict[tuple[int, int, int, str], tuple[int, int]]:
    """What the rows of DailyUse must say, by the counters."""
    found: dict[tuple[int, int, int, str], list[int]] = {}
    rows = Counter.objects.exclude(state__in=NEVER_LEAVE).filter(hour__gt=0)
    for row in rows:
        for limit in ((0, ""), (row.application_id, ""), (row.application_id, row.country)):
            taken = found.setdefault((row.organization_id, row.hour // 100, *limit), [0, 0])
            taken[0] += row.segments
            taken[1] += row.messages
    return {key: (segments, messages) for key, (segments, messages) in found.items() if messages}
