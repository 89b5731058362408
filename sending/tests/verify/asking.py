"""A program that checks numbers, and the codes that went to handsets."""

import json
from dataclasses import replace
from typing import Any

from sending.lifecycle import DoorName
from sending.models import Message, Verification
from sending.tests.acceptance.program import Program
from sending.tests.factories import a_number
from sending.verify import service_settings
from sending.verify.checking import check
from sending.verify.starting import Wish, start

NUMBER = a_number(0)


class Verifying(Program):
    """A program with a Verify service; the same text may go to a number again at once."""

    def __init__(self, **settings: Any) -> None:
        super().__init__()
        self.limit(repeat_seconds=0)
        self.service = service_settings.create(
            application=self.application, **{"friendly_name": "Harbourline"} | settings
        )

    @property
    def door(self) -> Any:
        return replace(super().door, name=DoorName.VERIFY)

    def start(self, number: str = NUMBER, **fields: Any) -> Verification:
        return start(self.service, Wish(number, **fields), self.door).verification

    def check(self, code: str, number: str = NUMBER) -> str:
        return str(check(self.service, code, msisdn=number).state)


def sent_codes() -> list[str]:
    """The codes of all messages, in their order; empty where it was erased."""
    rows = Message.objects.order_by("pk").values_list("variables", flat=True)
    return [json.loads(variables)[0] if variables else "" for variables in rows]


def wrong(code: str) -> str:
    """Another code of the same length."""
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))
