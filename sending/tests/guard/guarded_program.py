"""A program whose guard has seen some days: it knows what is usual."""

from datetime import datetime, timedelta
from typing import Any

from sending.acceptance.request import WantedMessage
from sending.guard.conversions import ConversionSource, converted
from sending.guard.rules.names import Dimension, GuardMode, Rule
from sending.models import (
    ApiMessage,
    GuardCounter,
    GuardEvent,
    GuardRuleSetting,
    GuardSettings,
)
from sending.tests.acceptance.program import AT, Program

HOUR = timedelta(hours=1)


class GuardedProgram(Program):
    """A program that sends codes to Hong Kong, of which 70 % are usually entered."""

    def __init__(self, **organization: Any) -> None:
        super().__init__(**organization)
        self.knows_usual()
        self.limit(repeat_seconds=0)

    def knows_usual(self, sent: int = 1_000, verified: int = 700, hours: int = 1) -> None:
        """Let these hours of yesterday have been usual."""
        for back in range(hours):
            self._knows_hour(AT - timedelta(days=1) - back * HOUR, sent, verified)

    def _knows_hour(self, at: datetime, sent: int, verified: int) -> None:
        minute = int(at.timestamp() // 3600) * 60
        for dimension, bucket in (
            (Dimension.COUNTRY_HOUR, "HK"),
            (Dimension.ORGANIZATION_HOUR, ""),
        ):
            GuardCounter.objects.create(
                organization_id=self.organization.pk,
                dimension=dimension.value,
                bucket=bucket,
                minute=minute,
                sent=sent,
                verified=verified,
            )

    def is_small(self) -> None:
        """Let its busiest hour have had six codes that were entered, of eight."""
        GuardCounter.objects.all().delete()
        self.knows_usual(8, 6, hours=8)

    def sets(self, rule: Rule, mode: GuardMode, **thresholds: int) -> None:
        GuardRuleSetting.objects.update_or_create(
            organization=self.organization,
            rule=rule.value,
            defaults={"mode": mode.value, "thresholds": thresholds},
        )

    def caps(self, **caps: int) -> None:
        GuardSettings.objects.filter(organization=self.organization).update(**caps)

    def ask(self, number: str, at: datetime = AT, **fields: Any) -> Any:
        """Ask for one code; return the answer."""
        (answer,) = self.send(self.wants_code_of(number, **fields), at=at)
        return answer

    def wants_code_of(self, number: str, **fields: Any) -> WantedMessage:
        given = {"text_template_id": self.code.pk, "values": ("482913", "5")} | fields
        return WantedMessage(number, **given)

    def enter(self, message_id: int, at: datetime = AT) -> int:
        """Report that the code of a message was entered."""
        return converted(self.organization.pk, [message_id], at, ConversionSource.REPORT)


def events() -> list[GuardEvent]:
    return list(GuardEvent.objects.order_by("pk"))


def converted_of(message_id: int) -> datetime | None:
    return ApiMessage.objects.get(pk=message_id).converted_at
